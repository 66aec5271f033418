//! What a member writes: statements, wants and constraints, and which of what follows from items others may see.

use std::collections::BTreeSet;

use domain::{Code, Failure};
use serde::Deserialize;

use crate::documents::{Constraint, Entry, Level, SkillEntry, Source, Term};
use crate::map::Member;
use crate::matching::ranking;
use crate::vocabulary::Vocabulary;
use crate::words::{self, Language};

/// Entries that one list of a request may have.
pub const MOST_GIVEN: usize = 200;

/// People that a constraint names.
const MOST_PEOPLE: usize = 50;

/// Skills that are looked at for the one that is called as a term says.
const MOST_CALLED: usize = 5;

/// A skill in a member's own words, and how well they can it or how much they want it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillLevel {
    pub skill: Term,
    pub level: Level,
}

/// Lists that were given, each in the place of the one before; none leaves it.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub statements: Option<Vec<SkillLevel>>,
    pub want: Option<Vec<SkillLevel>>,
    pub constraints: Option<Vec<Constraint>>,
}

/// Why a confirmation is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No item of the member's says so.
    NotOnMap(Term),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotOnMap(term) => Self::new(
                Code::InvalidRequest,
                format!("Nothing on your map follows from items for {term}. Look at your map and name a skill of it."),
            ),
        }
    }
}

impl Edit {
    /// The lists with the vocabulary's skills in the place of their names.
    ///
    /// # Errors
    /// `invalid_request` for lists that are too long, name a skill twice, or cannot hold.
    pub fn checked(mut self) -> Result<Self, Failure> {
        for (name, list) in [
            ("statements", &mut self.statements),
            ("want", &mut self.want),
        ] {
            let list = list.as_deref_mut().unwrap_or_default();
            is_short(name, list.len())?;
            let mut seen = BTreeSet::new();
            for stated in list {
                stated.skill = called(std::mem::replace(
                    &mut stated.skill,
                    Term::Own(String::new()),
                ));
                if !seen.insert(stated.skill.clone()) {
                    return Err(invalid(format!(
                        "{name} names {} twice. Name each skill once.",
                        stated.skill
                    )));
                }
            }
        }
        let constraints = self.constraints.as_deref_mut().unwrap_or_default();
        is_short("constraints", constraints.len())?;
        for constraint in constraints {
            match constraint {
                Constraint::Away { from, to } if *from > *to => {
                    return Err(invalid(
                        "An absence ends before it begins. Give a from that is not after its to.",
                    ));
                }
                Constraint::OnlyWith { users } if users.is_empty() || users.len() > MOST_PEOPLE => {
                    return Err(invalid(format!(
                        "only_with names 1 to {MOST_PEOPLE} people."
                    )));
                }
                Constraint::NotWithSkill { skill } => {
                    *skill = called(std::mem::replace(skill, Term::Own(String::new())));
                }
                Constraint::Away { .. }
                | Constraint::MostPoints { .. }
                | Constraint::NotWithItem { .. }
                | Constraint::OnlyWith { .. } => {}
            }
        }
        Ok(self)
    }
}

fn is_short(name: &str, length: usize) -> Result<(), Failure> {
    match length <= MOST_GIVEN {
        true => Ok(()),
        false => Err(invalid(format!(
            "{name} has {length} entries, and takes at most {MOST_GIVEN}. Leave some out."
        ))),
    }
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new(Code::InvalidRequest, message)
}

/// The vocabulary's skill that is called as the term says, letter by letter but for their size; else the term itself.
pub fn called(term: Term) -> Term {
    let Term::Own(text) = &term else { return term };
    let vocabulary = Vocabulary::embedded();
    let small = text.to_lowercase();
    for language in [words::language(text), Language::En, Language::De] {
        let found = ranking(vocabulary, text, language).matches;
        let named = found.into_iter().take(MOST_CALLED).find(|found| {
            let labels = [Language::En, Language::De]
                .map(|language| vocabulary.label(found.skill, language));
            labels
                .into_iter()
                .flatten()
                .any(|label| label.to_lowercase() == small)
        });
        if let Some(found) = named {
            return Term::Known(found.skill);
        }
    }
    term
}

/// The map with the lists that were given. Entries that cannot be read stay.
pub fn write(member: &Member, edit: &Edit) -> Member {
    let mut after = member.clone();
    if let Some(statements) = &edit.statements {
        replace(&mut after.can.skills, statements, |entry| {
            entry.source == Source::Statement
        });
    }
    if let Some(want) = &edit.want {
        replace(&mut after.want.skills, want, |_| true);
    }
    if let Some(constraints) = &edit.constraints {
        after
            .constraints
            .constraints
            .retain(|entry| matches!(entry, Entry::Kept(_)));
        let new = constraints.iter().cloned().map(Entry::Read);
        after.constraints.constraints.splice(0..0, new);
    }
    after
}

fn replace(
    entries: &mut Vec<Entry<SkillEntry>>,
    stated: &[SkillLevel],
    is_replaced: impl Fn(&SkillEntry) -> bool,
) {
    entries.retain(|entry| match entry {
        Entry::Read(entry) => !is_replaced(entry),
        Entry::Kept(_) => true,
    });
    let new = stated.iter().map(|stated| {
        Entry::Read(SkillEntry {
            skill: stated.skill.clone(),
            level: stated.level,
            source: Source::Statement,
            evidence: Vec::new(),
            confirmed: false,
        })
    });
    entries.splice(0..0, new);
}

/// The map with what follows from items confirmed or taken back: all of it as it is now, or these skills.
///
/// # Errors
/// For a skill that no item speaks for.
pub fn confirm(
    member: &Member,
    skills: Option<&[Term]>,
    confirmed: bool,
) -> Result<Member, Refusal> {
    let mut after = member.clone();
    let inferred = |entries: &mut Vec<Entry<SkillEntry>>, skill: Option<&Term>| {
        let mut found = false;
        for entry in entries {
            if let Entry::Read(entry) = entry {
                if entry.source.is_inferred() && skill.is_none_or(|skill| *skill == entry.skill) {
                    entry.confirmed = confirmed;
                    found = true;
                }
            }
        }
        found
    };
    match skills {
        None => {
            inferred(&mut after.can.skills, None);
        }
        Some(skills) => {
            for skill in skills {
                if !inferred(&mut after.can.skills, Some(skill)) {
                    return Err(Refusal::NotOnMap(skill.clone()));
                }
            }
        }
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(called(Term::parse(text).unwrap()).to_string(), expect);
    }

    #[test]
    fn a_term_that_is_called_as_a_skill_is_that_skill() {
        check("Debug Software", "SKILL_0000209");
        check("kubernetes", "SKILL_0012356");
        check("Funkgeräte bedienen", "SKILL_0000116");
        check("Zephyr boards", "Zephyr boards");
        check("debug", "debug");
    }

    #[test]
    fn a_list_that_cannot_hold_is_refused_with_what_to_do() {
        let stated = |skill: &str| SkillLevel {
            skill: Term::parse(skill).unwrap(),
            level: Level::ONE,
        };
        let of = |want: Vec<SkillLevel>| Edit {
            want: Some(want),
            ..Edit::default()
        };
        let twice = of(vec![stated("debug software"), stated("SKILL_0000209")]).checked();
        assert_eq!(twice.unwrap_err().code, Code::InvalidRequest);
        let many = (0..=MOST_GIVEN)
            .map(|n| stated(&format!("term {n}")))
            .collect();
        assert_eq!(of(many).checked().unwrap_err().code, Code::InvalidRequest);
        assert!(of(vec![stated("debug software"), stated("Tea")])
            .checked()
            .is_ok());
    }
}
