//! What a language model may propose: skills, in words, for titles that name none by themselves.
//!
//! A model's word counts for nothing. What it says for a title is looked up as any other text is, by
//! [`matching`](crate::matching) above its floor, and is the skill that is found there or nothing. So no id comes from a
//! model, and no skill that the vocabulary does not have. What is found stays marked as proposed: it is the member's alone
//! until they confirm it, and nobody is suggested for it.

use std::collections::BTreeMap;

use domain::ids::{derived, ItemId, UserId};
use domain::time::Timestamp;
use model::schema::strict;
use model::usage::DAY;
use model::{Prompt, Usage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use crate::documents::{Term, LONGEST_TERM};
use crate::map::{Silent, Skills, Work, MOST_SKILLS_OF_ITEM};
use crate::matching::{matches, FLOOR};
use crate::vocabulary::{is_id, Vocabulary};
use crate::words;

/// What the model is told. A changed text is the next version's, in a file of its own.
pub const PROMPT: Prompt = Prompt {
    name: "skills",
    version: 1,
    text: include_str!("proposals/prompt-1.txt"),
};

/// Goes up when the same words are read differently: a stored `promptVersion` is made of it.
const READER: u32 = 1;

/// Titles of one question: with [`LONGEST_TITLE`] they fit into one question's bytes whatever their letters.
pub const MOST_TITLES: usize = 40;

/// Characters of a title that a model is shown.
const LONGEST_TITLE: usize = 120;

/// Titles of one member that are remembered, with or without proposals. No more are asked about.
const MOST_REMEMBERED: usize = 400;

/// What each numbered title needs.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Answer {
    /// One entry for each title that needs a skill.
    titles: Option<Vec<OfTitle>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OfTitle {
    /// The number before the title.
    number: Option<u64>,
    /// The skills that it needs, in words, or null.
    skills: Option<Vec<String>>,
}

/// The shape of the answer, as strict servers take it.
pub fn shape() -> Value {
    strict::<Answer>()
}

/// Changes with everything that decides what is made of a title: prompt, shape, reader and floor.
pub fn stamp() -> String {
    PROMPT.stamp(&format!("{} {FLOOR}", shape()), READER)
}

/// How often words came to which end.
pub type Verdicts = BTreeMap<Verdict, usize>;

/// What became of the words that a model proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They name a skill of the vocabulary.
    Stored,
    /// The matcher finds no skill for them above its floor.
    BelowFloor,
    /// They hold an id, or are too long.
    NotWords,
    /// Their number is that of no title.
    NoTitle,
    /// The title has as many skills as an item asks for, or this one already.
    TooMany,
}

/// How a model was asked for a member's titles, and what became of its answer: `meta.model` of what the member should.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelUse {
    #[serde(flatten)]
    usage: Usage,
    proposed: usize,
    stored: usize,
    dropped: usize,
    verdicts: Verdicts,
    #[serde(flatten)]
    pub memory: Memory,
}

impl ModelUse {
    pub fn new(usage: Usage, verdicts: Verdicts, memory: Memory) -> Self {
        let proposed = verdicts.values().sum();
        let stored = verdicts.get(&Verdict::Stored).copied().unwrap_or_default();
        Self {
            usage,
            proposed,
            stored,
            dropped: proposed - stored,
            verdicts,
            memory,
        }
    }
}

impl ModelUse {
    /// The column's `meta`.
    pub fn meta(&self) -> Value {
        json!({"model": self})
    }
}

/// What is known of earlier questions, so that no title is asked about again each night.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// When a model was last asked.
    pub asked: Option<Timestamp>,
    titles: BTreeMap<ItemId, Remembered>,
}

/// What a model proposed for one title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Stands for the title's text: of another text nothing is known.
    title: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skills: Vec<Term>,
}

/// The `meta` of the column, as far as it is read again.
#[derive(Deserialize)]
struct Meta {
    model: Stamped,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stamped {
    prompt_version: String,
    #[serde(flatten)]
    memory: Memory,
}

impl Memory {
    /// Whether the member's titles may be asked about: once a day.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.asked.is_none_or(|asked| now.since(asked) >= DAY)
    }

    /// What a column's `meta` remembers. Nothing, if it was made by another prompt or reader or cannot be read.
    pub fn read(meta: &Value) -> Self {
        let read = Meta::deserialize(meta);
        let known = read
            .ok()
            .filter(|meta| meta.model.prompt_version == stamp());
        known.map(|meta| meta.model.memory).unwrap_or_default()
    }

    /// The skills that were proposed for titles that are still the same and still name none. Only skills of the vocabulary:
    /// a word of somebody's own comes from no model.
    pub fn skills(&self, silent: &Silent) -> Skills {
        let known = silent.iter().filter_map(|(item, title)| {
            let known = self.known(item, title)?;
            let mut skills = known.skills.clone();
            skills.retain(|term| matches!(term, Term::Known(_)));
            skills.truncate(MOST_SKILLS_OF_ITEM);
            (!skills.is_empty()).then(|| (item.clone(), skills))
        });
        known.collect()
    }

    /// The titles of a member's own items that a model is to be asked about, the latest items first.
    pub fn unknown(&self, user: &UserId, works: &[Work], silent: &Silent) -> Vec<(ItemId, String)> {
        let own = works.iter().rev().filter(|work| work.is_of(user));
        let titles = own.filter_map(|work| silent.get_key_value(&work.item));
        let unknown = titles.filter(|(item, title)| {
            title.chars().any(char::is_alphabetic) && self.known(item, title).is_none()
        });
        let known = silent
            .iter()
            .filter(|(item, title)| self.known(item, title).is_some());
        let room = MOST_REMEMBERED.saturating_sub(known.count());
        unknown
            .take(MOST_TITLES.min(room))
            .map(|(item, title)| (item.clone(), title.clone()))
            .collect()
    }

    fn known(&self, item: &ItemId, title: &str) -> Option<&Remembered> {
        let remembered = self.titles.get(item);
        remembered.filter(|remembered| remembered.title == fingerprint(title))
    }

    /// The same with what was asked about now and what became of it. What is gone is forgotten.
    #[must_use]
    pub fn with(
        &self,
        now: Timestamp,
        silent: &Silent,
        asked: &[(ItemId, String)],
        mut skills: Skills,
    ) -> Self {
        let mut titles = self.titles.clone();
        titles.retain(|item, known| {
            let title = silent.get(item);
            title.is_some_and(|title| known.title == fingerprint(title))
        });
        for (item, title) in asked {
            let remembered = Remembered {
                title: fingerprint(title),
                skills: skills.remove(item).unwrap_or_default(),
            };
            titles.insert(item.clone(), remembered);
        }
        Self {
            asked: Some(now),
            titles,
        }
    }

    /// The same after a question that had no answer: only when it was.
    #[must_use]
    pub fn without_answer(&self, now: Timestamp) -> Self {
        Self {
            asked: Some(now),
            titles: self.titles.clone(),
        }
    }
}

fn fingerprint(title: &str) -> String {
    derived("title", &[title]).to_string()
}

/// The titles as a model is shown them, each behind its number from 1 on.
pub fn passages(titles: &[(ItemId, String)]) -> Vec<String> {
    let shown = titles.iter().zip(1..).map(|((_, title), number)| {
        let title: String = title.chars().take(LONGEST_TITLE).collect();
        format!("{number}: {title}")
    });
    shown.collect()
}

/// What becomes of an answer: the skills of each title, and how often which words were dropped.
pub fn judge(answer: Answer, titles: &[(ItemId, String)]) -> (Skills, Verdicts) {
    let mut verdicts: Verdicts = BTreeMap::new();
    let mut of_titles: Vec<OfItem> = titles.iter().map(|_| OfItem::default()).collect();
    for of_title in answer.titles.unwrap_or_default() {
        let place = of_title.number.and_then(|number| number.checked_sub(1));
        let place = place.and_then(|place| usize::try_from(place).ok());
        for said in of_title.skills.unwrap_or_default() {
            let title =
                place.and_then(|place| Some((titles.get(place)?, of_titles.get_mut(place)?)));
            let verdict = match title {
                Some(((_, title), of_item)) => of_item.judge(&said, title),
                None => Verdict::NoTitle,
            };
            *verdicts.entry(verdict).or_default() += 1;
        }
    }
    let skills = titles.iter().zip(of_titles);
    let skills = skills.filter(|(_, of_item)| !of_item.skills.is_empty());
    let skills = skills.map(|((item, _), of_item)| (item.clone(), of_item.skills));
    (skills.collect(), verdicts)
}

/// What was proposed for one title so far.
#[derive(Default)]
struct OfItem {
    skills: Vec<Term>,
    /// Words that were looked up, whatever was found: that takes a moment, and an answer may hold any number.
    looked_up: usize,
}

impl OfItem {
    /// Adds the skill that words name, if they do.
    fn judge(&mut self, said: &str, title: &str) -> Verdict {
        let is_id = |word: &str| is_id(word.trim_matches(|c: char| !c.is_alphanumeric()));
        if said.len() > 4 * LONGEST_TERM || said.split_whitespace().any(is_id) {
            return Verdict::NotWords;
        }
        if self.looked_up >= MOST_SKILLS_OF_ITEM {
            return Verdict::TooMany;
        }
        self.looked_up += 1;
        // A few words rarely tell their language; they are to be in the title's.
        let language = words::language(&format!("{title} {said}"));
        let best = matches(Vocabulary::embedded(), said, language, 1);
        let Some(best) = best.first() else {
            return Verdict::BelowFloor;
        };
        let term = Term::Known(best.skill);
        if self.skills.contains(&term) {
            return Verdict::TooMany;
        }
        self.skills.push(term);
        Verdict::Stored
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every version of the prompt that was ever deployed, and its hash.
    const VERSIONS: [(u32, &str); 1] = [(
        1,
        "f0ead2c0b7cf3bf7393e3369c7e1d771e012768e889e8b9608fad4b70c8fb2b9",
    )];

    #[test]
    fn the_prompts_text_is_that_of_its_version() {
        PROMPT.check_version(&VERSIONS);
    }

    #[test]
    fn what_was_made_by_another_prompt_or_cannot_be_read_is_not_remembered() {
        let of = |version: &str, titles: Value| {
            let model = json!({"promptVersion": version, "asked": "2026-11-27T08:00:00.000+00:00", "titles": titles});
            Memory::read(&json!({"model": model}))
        };
        let title = json!({"title": fingerprint("Ask Anna"), "skills": ["SKILL_0000209"]});
        let item: ItemId = domain::ids::Id::parse("i1").unwrap();
        let silent: Silent = [(item.clone(), "Ask Anna".to_owned())].into();
        let skills = of(&stamp(), json!({"i1": title})).skills(&silent);
        assert_eq!(skills[&item].len(), 1);
        assert_eq!(of("skills@0-x", json!({"i1": title})), Memory::default());
        let unknown = json!({"title": fingerprint("Ask Anna"), "skills": ["SKILL_9999999"]});
        assert_eq!(of(&stamp(), json!({"i1": unknown})), Memory::default());
        let own = json!({"title": fingerprint("Ask Anna"), "skills": ["Quillwork"]});
        assert!(of(&stamp(), json!({"i1": own})).skills(&silent).is_empty());
        let other: Silent = [(item, "Ask Ben".to_owned())].into();
        assert!(of(&stamp(), json!({"i1": title})).skills(&other).is_empty());
        for meta in [
            json!(null),
            json!([]),
            json!({"model": 1}),
            json!({"other": {}}),
        ] {
            assert_eq!(Memory::read(&meta), Memory::default());
        }
    }
}
