//! What follows for people's maps from the items of a workspace: what each can by completed ones, what each should by open
//! ones, and where the workspace has nobody or only one.
//!
//! **Evidence** is an item that is done (an action) or wholly reached (any other), of whoever it is assigned to, or of its
//! owner if to nobody. It counts its points, and half of them for each [`HALF_LIFE`] that has passed since it was last
//! written. **Need** is an item that is not, with all its points. **Levels** of both follow from the points by one table,
//! [`LEVELS`].

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ItemId, UserId};
use domain::rows::{ActionStatus, ItemType};
use domain::time::Timestamp;
use platform::view::{View, ViewItem, Whole};
use serde::Serialize;

use crate::documents::{read, Can, Entry, Level, Should, SkillEntry, Source, Term, MOST_ENTRIES};
use crate::matching::matches;
use crate::vocabulary::Vocabulary;
use crate::words::{self, Language};

/// Days in which evidence loses half of its weight.
pub const HALF_LIFE: u64 = 180;

/// Thousandths of points from which on a level is reached, the first for level 1: what one point is worth after two half
/// lives, then 3, 8, 21 and 55 points.
pub const LEVELS: [u64; 5] = [250, 3_000, 8_000, 21_000, 55_000];

/// Skills that one item asks for.
pub const MOST_SKILLS_OF_ITEM: usize = 3;

/// Items that an entry names; all count.
const MOST_EVIDENCE: usize = 20;

/// Terms of an organisation's own that items are searched for.
const MOST_TERMS: usize = 1_000;

const DAY: u64 = 24 * 60 * 60;

/// The organisation's own words for skills, by their first stem.
#[derive(Clone, Debug, Default)]
pub struct OwnTerms(BTreeMap<String, BTreeSet<(Vec<String>, String)>>);

impl OwnTerms {
    /// Those that members have stated or want.
    pub fn of<'a>(terms: impl Iterator<Item = &'a Term>) -> Self {
        let own: BTreeSet<&str> = terms
            .filter_map(|term| match term {
                Term::Own(term) => Some(term.as_str()),
                Term::Known(_) => None,
            })
            .collect();
        let mut by_stem = Self::default();
        for term in own.into_iter().take(MOST_TERMS) {
            let stems = words::stems(term, Language::En);
            if let Some(first) = stems.first() {
                by_stem
                    .0
                    .entry(first.clone())
                    .or_default()
                    .insert((stems, term.to_owned()));
            }
        }
        by_stem
    }

    fn find(&self, text: &str) -> Vec<Term> {
        let stems = words::stems(text, Language::En);
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for (place, stem) in stems.iter().enumerate() {
            let terms = self.0.get(stem).into_iter().flatten();
            let here = terms.filter(|(words, _)| stems[place..].starts_with(words));
            found.extend(here.map(|(_, term)| term.as_str()));
        }
        found
            .into_iter()
            .map(|term| Term::Own(term.to_owned()))
            .collect()
    }
}

/// The skills that a text asks for, the surest first; the organisation's own before those of the vocabulary.
pub fn skills_of(text: &str, own: &OwnTerms) -> Vec<Term> {
    let found = matches(
        Vocabulary::embedded(),
        text,
        words::language(text),
        MOST_SKILLS_OF_ITEM,
    );
    with_own(
        text,
        own,
        found
            .into_iter()
            .map(|found| Term::Known(found.skill))
            .collect(),
    )
}

/// The same from the vocabulary's skills, where they are known already.
pub fn with_own(text: &str, own: &OwnTerms, of_vocabulary: Vec<Term>) -> Vec<Term> {
    let mut skills = own.find(text);
    skills.extend(of_vocabulary);
    skills.truncate(MOST_SKILLS_OF_ITEM);
    skills
}

/// What an item asks for: what its text names, or else what a model proposed to the reader whose own it is.
pub fn or_proposed(named: &[Term], reader: &Member, item: &ItemId) -> Vec<Term> {
    match named {
        [] => reader.proposed(item),
        named => named.to_vec(),
    }
}

/// An item as maps count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub item: ItemId,
    pub people: Vec<UserId>,
    pub is_done: bool,
    pub is_action: bool,
    pub points: u64,
    /// Whole days since it was last written.
    pub days: u64,
}

/// The items of a view that are seen whole, in the order of their ids.
pub fn works(view: &View, now: Timestamp) -> Vec<Work> {
    let typical = typical_points(view);
    let whole = view
        .items
        .iter()
        .filter_map(|seen| Some((seen, seen.whole.as_ref()?)));
    whole
        .map(|(seen, whole)| Work::of(seen, whole, typical, now))
        .collect()
}

impl Work {
    fn of(seen: &ViewItem, whole: &Whole, typical: u64, now: Timestamp) -> Self {
        let is_action = seen.kind == ItemType::Action;
        let is_done = match is_action {
            true => whole.status == Some(ActionStatus::Done),
            false => seen.progress == 100,
        };
        let mut people = match whole.assignees.is_empty() {
            true => whole.owner.iter().cloned().collect(),
            false => whole.assignees.clone(),
        };
        people.sort_unstable();
        people.dedup();
        Self {
            item: seen.id.clone(),
            people,
            is_done,
            is_action,
            points: points(whole).unwrap_or(typical).max(1),
            days: now.since(whole.changed.unwrap_or(whole.created)).as_secs() / DAY,
        }
    }

    pub fn is_of(&self, user: &UserId) -> bool {
        self.people.binary_search(user).is_ok()
    }
}

fn points(whole: &Whole) -> Option<u64> {
    whole
        .points
        .as_deref()
        .and_then(|points| points.parse().ok())
        .filter(|points| *points <= 100)
}

/// What an item counts that has no size: the middle one of the sizes in the workspace, the lower of two.
fn typical_points(view: &View) -> u64 {
    let whole = view.items.iter().filter_map(|seen| seen.whole.as_ref());
    let mut sizes: Vec<u64> = whole
        .filter_map(points)
        .filter(|points| *points > 0)
        .collect();
    sizes.sort_unstable();
    sizes
        .get(sizes.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(1)
}

/// What of a thousand is left after so many days: half after each half life, and in a straight line between.
pub fn left_after(days: u64) -> u64 {
    let halves = (days / HALF_LIFE).min(63);
    (1_000 >> halves) * (2 * HALF_LIFE - days % HALF_LIFE) / (2 * HALF_LIFE)
}

/// The level that so many thousandths of points reach.
pub fn level(thousandths: u64) -> Option<Level> {
    let reached = LEVELS.iter().filter(|from| thousandths >= **from).count();
    u8::try_from(reached).ok().and_then(Level::new)
}

/// What each item asks for.
pub type Skills = BTreeMap<ItemId, Vec<Term>>;

/// The skills of every item that is somebody's and that the view shows whole.
pub fn skills(view: &View, own: &OwnTerms) -> Skills {
    let whole = view.items.iter().filter(|seen| {
        let whole = seen.whole.as_ref();
        whole.is_some_and(|whole| whole.owner.is_some() || !whole.assignees.is_empty())
    });
    whole
        .map(|seen| (seen.id.clone(), skills_of(&seen.title, own)))
        .collect()
}

/// Titles that name no skill, by the items that have them.
pub type Silent = BTreeMap<ItemId, String>;

/// The titles of items that ask for nothing.
pub fn silent(view: &View, skills: &Skills) -> Silent {
    let asks = |item| skills.get(item).is_none_or(|skills| !skills.is_empty());
    let silent = view.items.iter().filter(|seen| !asks(&seen.id));
    silent
        .map(|seen| (seen.id.clone(), seen.title.clone()))
        .collect()
}

/// What a member's items say: of completed ones what the member can, of open ones what they should.
fn from_items(
    user: &UserId,
    works: &[Work],
    (skills, source): (&Skills, Source),
    done: bool,
) -> Vec<SkillEntry> {
    let mut found: BTreeMap<&Term, Vec<(u64, &ItemId)>> = BTreeMap::new();
    for work in works
        .iter()
        .filter(|work| work.is_done == done && work.is_of(user))
    {
        let left = if done { left_after(work.days) } else { 1_000 };
        for skill in skills.get(&work.item).into_iter().flatten() {
            found
                .entry(skill)
                .or_default()
                .push((work.points * left, &work.item));
        }
    }
    let mut entries: Vec<(u64, SkillEntry)> = Vec::new();
    for (skill, mut items) in found {
        items.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let all: u64 = items.iter().map(|(points, _)| points).sum();
        let evidence = items
            .into_iter()
            .take(MOST_EVIDENCE)
            .map(|(_, item)| item.clone());
        if let Some(level) = level(all) {
            let entry = SkillEntry {
                skill: skill.clone(),
                level,
                source,
                evidence: evidence.collect(),
                confirmed: false,
            };
            entries.push((all, entry));
        }
    }
    entries.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.skill.cmp(&b.1.skill)));
    entries.truncate(match source {
        Source::Model => MOST_ENTRIES / 4,
        Source::Statement | Source::Evidence => MOST_ENTRIES / 2,
    });
    entries.sort_by(|a, b| a.1.skill.cmp(&b.1.skill));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The columns as a run leaves them: what follows from items is made anew, and everything else stays. What the member has
/// confirmed stays confirmed as long as there is evidence of it. `skills` is what titles name, `proposed` what a model
/// proposed for those of the member's that name nothing.
pub fn refresh(
    can: &Can,
    should: &Should,
    user: &UserId,
    works: &[Work],
    skills: &Skills,
    proposed: &Skills,
) -> (Can, Should) {
    let inferred = |entry: &Entry<SkillEntry>| matches!(entry, Entry::Read(entry) if entry.source.is_inferred());
    let confirmed: BTreeSet<(Source, &Term)> = can
        .skills
        .iter()
        .filter_map(|entry| match entry {
            Entry::Read(entry) if entry.source.is_inferred() && entry.confirmed => {
                Some((entry.source, &entry.skill))
            }
            Entry::Read(_) | Entry::Kept(_) => None,
        })
        .collect();
    let anew = |entries: &[Entry<SkillEntry>], done: bool| {
        let mut entries: Vec<_> = entries
            .iter()
            .filter(|entry| !inferred(entry))
            .cloned()
            .collect();
        for of_source in [(skills, Source::Evidence), (proposed, Source::Model)] {
            let from_items = from_items(user, works, of_source, done);
            entries.extend(from_items.into_iter().map(|mut entry| {
                entry.confirmed = done && confirmed.contains(&(entry.source, &entry.skill));
                Entry::Read(entry)
            }));
        }
        entries
    };
    (
        Can {
            skills: anew(&can.skills, true),
            others: can.others.clone(),
        },
        Should {
            skills: anew(&should.skills, false),
            others: should.others.clone(),
        },
    )
}

/// The member's documents, as far as they can be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    pub can: Can,
    pub should: Should,
    pub want: crate::documents::Want,
    pub constraints: crate::documents::Constraints,
}

/// A skill of somebody's as the reader may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownSkill {
    pub skill: Term,
    pub label: String,
    pub level: Level,
    pub source: Source,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<ItemId>,
    /// Items that it follows from and that the reader does not see.
    #[serde(skip_serializing_if = "is_zero")]
    pub hidden: usize,
    /// Only told to the member: whether others see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A skill that open items need more of than the member has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub skill: Term,
    pub label: String,
    pub can: u8,
    pub should: Level,
    /// The missing levels times the points of the items that need them.
    pub weight: u64,
}

/// A member's map as the reader may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownMap {
    pub can: Vec<ShownSkill>,
    pub should: Vec<ShownSkill>,
    pub want: Vec<ShownSkill>,
    pub gaps: Vec<Gap>,
    /// None for who is not the member and no admin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraints: Option<Vec<crate::documents::Constraint>>,
    /// Entries that cannot be read; told to the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<usize>,
}

/// Who looks at a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    Oneself,
    Admin,
    Member,
}

/// What of a member's map others, or the member, may see. Others see of what follows from completed items what the member
/// has confirmed, its level as it is, and those of its items that they see themselves. What open items need is shown as
/// far as its items are.
pub fn show(member: &Member, works: &[Work], looks: Looks, language: Language) -> ShownMap {
    let own = looks == Looks::Oneself;
    let place = |item: &ItemId| works.binary_search_by(|work| work.item.cmp(item)).ok();
    let shown = |entry: &SkillEntry, is_seen: &dyn Fn(&Work) -> bool| {
        let seen = entry
            .evidence
            .iter()
            .filter(|item| place(item).is_some_and(|place| is_seen(&works[place])));
        let evidence: Vec<ItemId> = seen.cloned().collect();
        ShownSkill {
            skill: entry.skill.clone(),
            label: entry.skill.label(language).to_owned(),
            level: entry.level,
            source: entry.source,
            hidden: entry.evidence.len() - evidence.len(),
            evidence,
            confirmed: (own && entry.source.is_inferred()).then_some(entry.confirmed),
        }
    };
    let can = read(&member.can.skills).filter(|entry| own || entry.is_shown());
    let can: Vec<ShownSkill> = can
        .map(|entry| shown(entry, &|work| work.is_done))
        .collect();
    let mut gaps = Vec::new();
    let mut should = Vec::new();
    for entry in read(&member.should.skills) {
        // A model was shown all of the member's own titles: what it said follows from more than the reader may see.
        if entry.source == Source::Model && !own {
            continue;
        }
        let mut entry = shown(entry, &|work| !work.is_done);
        // What is hidden here was confirmed by nobody.
        entry.hidden = 0;
        entry.confirmed = None;
        let points: u64 = entry
            .evidence
            .iter()
            .filter_map(place)
            .map(|place| works[place].points)
            .sum();
        let Some(needed) = level(points * 1_000) else {
            continue;
        };
        entry.level = needed;
        let known = can.iter().filter(|known| known.skill == entry.skill);
        let known = known.map(|known| known.level.number()).max().unwrap_or(0);
        if needed.number() > known {
            gaps.push(Gap {
                skill: entry.skill.clone(),
                label: entry.label.clone(),
                can: known,
                should: needed,
                weight: u64::from(needed.number() - known) * points,
            });
        }
        should.push(entry);
    }
    gaps.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.skill.cmp(&b.skill)));
    ShownMap {
        can,
        should,
        want: read(&member.want.skills)
            .map(|entry| shown(entry, &|_| false))
            .collect(),
        gaps,
        constraints: (looks != Looks::Member)
            .then(|| read(&member.constraints.constraints).cloned().collect()),
        unreadable: own.then(|| member.unreadable()),
    }
}

impl SkillEntry {
    /// Whether others may see it: the member has said or confirmed it.
    pub fn is_shown(&self) -> bool {
        match self.source {
            Source::Statement => true,
            Source::Evidence | Source::Model => self.confirmed,
        }
    }
}

impl Member {
    fn unreadable(&self) -> usize {
        use crate::documents::left_out;
        left_out(&self.can.skills)
            + left_out(&self.should.skills)
            + left_out(&self.want.skills)
            + left_out(&self.constraints.constraints)
    }

    /// What proves to the reader that the member can this. What a model proposed proves nothing.
    pub fn proofs<'a>(
        &'a self,
        skill: &'a Term,
        own: bool,
    ) -> impl Iterator<Item = &'a SkillEntry> {
        let entries = read(&self.can.skills).filter(move |entry| entry.skill == *skill);
        entries.filter(move |entry| entry.source != Source::Model && (own || entry.is_shown()))
    }

    /// The level that the reader may know of.
    pub fn can(&self, skill: &Term, own: bool) -> u8 {
        let levels = self.proofs(skill, own).map(|entry| entry.level.number());
        levels.max().unwrap_or(0)
    }

    /// What a model proposed that an open item of the member's own needs.
    pub fn proposed(&self, item: &ItemId) -> Vec<Term> {
        let entries = read(&self.should.skills).filter(|entry| entry.source == Source::Model);
        let of_item = entries.filter(|entry| entry.evidence.contains(item));
        let skills = of_item.map(|entry| entry.skill.clone());
        skills.take(MOST_SKILLS_OF_ITEM).collect()
    }

    /// The terms that the member has told everybody.
    pub fn told(&self) -> impl Iterator<Item = &Term> {
        let stated = read(&self.can.skills).filter(|entry| entry.source == Source::Statement);
        stated
            .chain(read(&self.want.skills))
            .map(|entry| &entry.skill)
    }

    pub fn wants(&self, skill: &Term) -> bool {
        read(&self.want.skills).any(|entry| entry.skill == *skill)
    }
}

/// A skill that open work needs, and who of the workspace has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub skill: Term,
    pub label: String,
    /// Points of the open items that need it.
    pub points: u64,
    pub people: Vec<UserId>,
    pub covered: Holders,
}

/// How many people have a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holders {
    Nobody,
    OnlyOne,
    Several,
}

/// What the open items that the reader sees need, the least covered first and of those the heaviest.
pub fn coverage<'a>(
    maps: impl Iterator<Item = (&'a UserId, &'a ShownMap)> + Clone,
    works: &[Work],
    language: Language,
) -> Vec<Coverage> {
    let mut needed: BTreeMap<&Term, BTreeSet<&ItemId>> = BTreeMap::new();
    for entry in maps.clone().flat_map(|(_, map)| &map.should) {
        needed
            .entry(&entry.skill)
            .or_default()
            .extend(&entry.evidence);
    }
    let mut people: BTreeMap<&Term, BTreeSet<&UserId>> = BTreeMap::new();
    for (user, map) in maps {
        for entry in &map.can {
            people.entry(&entry.skill).or_default().insert(user);
        }
    }
    let mut coverage: Vec<Coverage> = needed
        .into_iter()
        .map(|(skill, items)| {
            let points = works
                .iter()
                .filter(|work| items.contains(&work.item))
                .map(|work| work.points);
            let people: Vec<UserId> = people
                .get(skill)
                .into_iter()
                .flatten()
                .map(|user| (*user).clone())
                .collect();
            Coverage {
                skill: skill.clone(),
                label: skill.label(language).to_owned(),
                points: points.sum(),
                covered: match people.len() {
                    0 => Holders::Nobody,
                    1 => Holders::OnlyOne,
                    _ => Holders::Several,
                },
                people,
            }
        })
        .collect();
    coverage.sort_by(|a, b| {
        (a.covered.cmp(&b.covered))
            .then(b.points.cmp(&a.points))
            .then_with(|| a.skill.cmp(&b.skill))
    });
    coverage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_halves_with_each_half_life() {
        let left: Vec<u64> = [0, 90, 180, 270, 360, 1_800, 100_000]
            .map(left_after)
            .to_vec();
        assert_eq!(left, [1_000, 750, 500, 375, 250, 0, 0]);
        assert!((0..4_000).all(|days| left_after(days) >= left_after(days + 1)));
    }

    #[test]
    fn a_level_follows_from_points() {
        let levels: Vec<u8> = [0, 249, 250, 2_999, 3_000, 8_000, 54_999, 55_000, u64::MAX]
            .map(|points| level(points).map_or(0, Level::number))
            .to_vec();
        assert_eq!(levels, [0, 0, 1, 1, 2, 3, 4, 5, 5]);
    }

    #[test]
    fn an_organisations_own_terms_are_found_as_they_stand() {
        let terms = [
            Term::Own("Zephyr boards".to_owned()),
            Term::Own("Quill".to_owned()),
        ];
        let own = OwnTerms::of(terms.iter());
        let found = |text| {
            own.find(text)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(found("Solder the Zephyr board by May"), "Zephyr boards");
        assert_eq!(found("Quills for every zephyr"), "Quill");
        assert_eq!(found("Boards and Zephyr"), "");
    }
}
