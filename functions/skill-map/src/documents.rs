//! What the four columns of member_skills hold: what a member can, should, wants, and under which constraints.
//!
//! People edit rows by hand, and other versions have written them. An entry that cannot be read counts for nothing, and
//! stays in the column as it is.

use std::fmt;

use domain::document::Document;
use domain::ids::{ItemId, UserId};
use domain::time::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::vocabulary::{is_id, Skill, Vocabulary};
use crate::words::Language;

/// Entries of one list that count; those after them are kept and nothing else.
pub const MOST_ENTRIES: usize = 300;

/// Characters of a term of the member's own.
pub const LONGEST_TERM: usize = 100;

/// A skill as maps name it: one of the vocabulary, or the organisation's own word for what that does not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    Known(Skill),
    Own(String),
}

/// Why a text names no skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTerm {
    /// It has the form of an id, and the vocabulary does not have it.
    UnknownId,
    Empty,
    TooLong,
}

impl Term {
    /// Reads an id of the vocabulary or a term of one's own, its blanks made single.
    ///
    /// # Errors
    /// For a text that names nothing.
    pub fn parse(text: &str) -> Result<Self, NoTerm> {
        // Before anything is made of it: it may be of any length.
        if text.len() > 8 * LONGEST_TERM {
            return Err(NoTerm::TooLong);
        }
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .collect();
        let text = words
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        if is_id(&text) {
            let known = Skill::parse(&text).filter(|skill| Vocabulary::embedded().has(*skill));
            return known.map(Self::Known).ok_or(NoTerm::UnknownId);
        }
        match text.chars().count() {
            count if count > LONGEST_TERM => Err(NoTerm::TooLong),
            _ if text.chars().any(char::is_alphanumeric) => Ok(Self::Own(text)),
            _ => Err(NoTerm::Empty),
        }
    }

    /// What people read.
    pub fn label(&self, language: Language) -> &str {
        match self {
            Self::Known(skill) => Vocabulary::embedded()
                .label(*skill, language)
                .unwrap_or_default(),
            Self::Own(term) => term,
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(skill) => skill.fmt(formatter),
            Self::Own(term) => formatter.write_str(term),
        }
    }
}

impl fmt::Display for NoTerm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownId => formatter.write_str(
                "a text such as SKILL_0000209 must be an id of the vocabulary; name the skill in words instead",
            ),
            Self::Empty => formatter.write_str("a skill has a name with at least one letter or digit"),
            Self::TooLong => write!(formatter, "a skill has a name of at most {LONGEST_TERM} characters"),
        }
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// How well or how much, from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct Level(u8);

impl Level {
    pub const ONE: Self = Self(1);
    pub const HIGHEST: u8 = 5;

    pub fn new(level: u8) -> Option<Self> {
        (1..=Self::HIGHEST).contains(&level).then_some(Self(level))
    }

    pub fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u64> for Level {
    type Error = &'static str;

    fn try_from(level: u64) -> Result<Self, Self::Error> {
        let level = u8::try_from(level).ok().and_then(Self::new);
        level.ok_or("a level is a whole number from 1 to 5")
    }
}

/// How it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The member said so.
    Statement,
    /// It follows from items.
    Evidence,
    /// A language model proposed it for titles of items that name no skill.
    Model,
}

impl Source {
    /// Made anew from items by each run, and the member's alone until they confirm it.
    pub fn is_inferred(self) -> bool {
        match self {
            Self::Statement => false,
            Self::Evidence | Self::Model => true,
        }
    }
}

/// A skill on somebody's map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillEntry {
    pub skill: Term,
    pub level: Level,
    pub source: Source,
    /// The items that it follows from, the strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<ItemId>,
    /// The member lets others see what follows from items.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
}

/// What must hold of whoever gets an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Constraint {
    Away {
        from: Timestamp,
        to: Timestamp,
    },
    /// At most so many points of open work.
    MostPoints {
        points: u32,
    },
    NotWithSkill {
        skill: Term,
    },
    NotWithItem {
        item: ItemId,
    },
    /// Only on items of one of these people.
    OnlyWith {
        users: Vec<UserId>,
    },
}

/// An entry of a list that people edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Entry<T> {
    Read(T),
    /// Not understood, and kept.
    Kept(Value),
}

/// Entries that count.
pub fn read<T>(entries: &[Entry<T>]) -> impl Iterator<Item = &T> {
    let read = entries.iter().filter_map(|entry| match entry {
        Entry::Read(entry) => Some(entry),
        Entry::Kept(_) => None,
    });
    read.take(MOST_ENTRIES)
}

/// How many entries count for nothing.
pub fn left_out<T>(entries: &[Entry<T>]) -> usize {
    entries.len() - read(entries).count()
}

macro_rules! documents {
    ($($(#[$doc:meta])* $name:ident = $schema:literal { $list:ident: $entry:ty })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            #[serde(default)]
            pub $list: Vec<Entry<$entry>>,
            /// Members that we do not know, kept.
            #[serde(flatten)]
            pub others: serde_json::Map<String, Value>,
        }

        impl Document for $name {
            const NAME: &'static str = $schema;
            const VERSION: u32 = 1;
        }
    )+};
}

documents! {
    /// The member's own statements, and what follows from completed items.
    Can = "skills-can" { skills: SkillEntry }
    /// What the member's open items need.
    Should = "skills-should" { skills: SkillEntry }
    /// The member's own only.
    Want = "skills-want" { skills: SkillEntry }
    /// The member's own only.
    Constraints = "skills-constraints" { constraints: Constraint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::document::{self, Envelope};

    #[track_caller]
    fn check(text: &str, expect: Result<&str, NoTerm>) {
        let found = Term::parse(text).map(|term| term.label(Language::En).to_owned());
        assert_eq!(found.as_deref(), expect.as_deref(), "{text}");
    }

    #[test]
    fn a_term_is_a_skill_of_the_vocabulary_or_a_word_of_ones_own() {
        check("SKILL_0000209", Ok("debug software"));
        check("SKILL_9999999", Err(NoTerm::UnknownId));
        check("SKILL_0065535", Err(NoTerm::UnknownId));
        check("skill_0000209", Err(NoTerm::UnknownId));
        check("SKILL_1", Err(NoTerm::UnknownId));
        check("  our \n\u{0} own\tway ", Ok("our own way"));
        check("", Err(NoTerm::Empty));
        check("{}", Err(NoTerm::Empty));
        check(&"x".repeat(101), Err(NoTerm::TooLong));
        check(&" ".repeat(5_000), Err(NoTerm::TooLong));
    }

    #[test]
    fn what_cannot_be_read_counts_for_nothing_and_is_kept() {
        let text = r#"{"schema":"valyourise/skills-can@1","skills":[
            {"skill":"SKILL_0000209","level":3,"source":"statement"},
            {"skill":"SKILL_0000209","level":9,"source":"statement"},
            {"skill":"SKILL_9999999","level":1,"source":"statement"},
            {"skill":"debug","level":"3","source":"statement"},
            {"skill":"debug","level":1,"source":"hearsay"}, null, 7, [], "debug"], "colour": "red"}"#;
        let can: Can = document::read(text).unwrap();
        assert_eq!((read(&can.skills).count(), left_out(&can.skills)), (1, 8));
        let again: Can = Envelope::new(&can).read().unwrap();
        assert_eq!(again, can);
        assert_eq!(again.others["colour"], "red");
        assert!(matches!(&again.skills[1], Entry::Kept(value) if value["level"] == 9));
    }
}
