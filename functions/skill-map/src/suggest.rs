//! Who could take an item, and who could not: for every member a place with reasons, or why not.
//!
//! Constraints are hard, and looked at first. What members can decides the order; what they want only orders those who can
//! as much; among these the less loaded come first. Looking writes nothing.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::ids::{ItemId, UserId};
use domain::time::Timestamp;
use serde::Serialize;

use crate::documents::{read, Constraint, Term};
use crate::map::{Member, Work};
use crate::words::Language;

/// What a suggestion is made of. It holds what the reader sees, and nothing else.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    pub item: &'a ItemId,
    /// The skills that the item asks for.
    pub needs: &'a [Term],
    /// Everybody named on the item: its owner and whom it is assigned to.
    pub people: &'a BTreeSet<UserId>,
    pub due: Option<Timestamp>,
    pub now: Timestamp,
    /// The items that the reader sees whole, in the order of their ids.
    pub works: &'a [Work],
    pub reader: &'a UserId,
    pub language: Language,
}

/// Somebody of the workspace.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub user: UserId,
    pub name: String,
    /// Takes part in the workspace.
    pub active: bool,
    pub member: Member,
}

/// A skill that the item needs, and how well somebody has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    pub skill: Term,
    pub label: String,
    /// 0: none that is known.
    pub level: u8,
    pub wanted: bool,
    /// Items that the reader sees, from which the level follows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<ItemId>,
}

/// Open points of somebody, as far as the reader sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Load {
    pub before: u64,
    /// If they get the item.
    pub after: u64,
}

/// Why somebody is not suggested; of several reasons the first in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyNot {
    /// No active member.
    Inactive,
    /// From now until it is due.
    Away,
    /// By a constraint of theirs on the skill, the item or the people on it.
    Excluded,
    /// More open points than they take at most.
    Load { after: u64, most: u64 },
    /// Nothing is known that the item asks for.
    NoEvidence,
}

/// Somebody who is suggested, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    pub place: usize,
    pub user: UserId,
    pub name: String,
    pub reasons: Vec<Reason>,
    pub load: Load,
}

/// Somebody who is not suggested, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    pub user: UserId,
    pub name: String,
    #[serde(flatten)]
    pub why: WhyNot,
    pub load: Load,
}

/// How evenly the open points lie on those who are here: the most of one, as hundredths of the mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fairness {
    /// 100 is even; none while nobody has open work.
    pub before: Option<u64>,
    /// If the first who is suggested gets the item.
    pub after: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    pub item_id: ItemId,
    /// What the item asks for; nothing is known of an item that names no skill.
    pub needs: Vec<Need>,
    /// The points that the item counts.
    pub points: u64,
    pub suggested: Vec<Recommendation>,
    pub not_suggested: Vec<Rejection>,
    /// Highest load over mean load of those who are here.
    pub fairness: Fairness,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    pub skill: Term,
    pub label: String,
}

/// Ranks the candidates, each once.
pub fn suggest(question: &Question<'_>, candidates: &[Candidate]) -> Suggestion {
    let of_item = question
        .works
        .iter()
        .find(|work| work.item == *question.item);
    let points = of_item.map_or(1, |work| work.points);
    let mut people: Vec<&Candidate> = candidates.iter().collect();
    people.sort_by(|a, b| a.user.cmp(&b.user));
    people.dedup_by(|a, b| a.user == b.user);
    let (mut ranked, mut not_suggested, mut loads) = (Vec::new(), Vec::new(), Vec::new());
    for candidate in people {
        let before = question.load(&candidate.user);
        let has_it = of_item
            .is_some_and(|work| !work.is_done && work.is_of(&candidate.user) && work.is_action);
        let load = Load {
            before,
            after: before + if has_it { 0 } else { points },
        };
        let why = question.why_not(candidate, load);
        if !matches!(why, Some(WhyNot::Inactive | WhyNot::Away)) {
            loads.push((candidate.user.clone(), load));
        }
        match why {
            Some(why) => not_suggested.push(Rejection {
                user: candidate.user.clone(),
                name: candidate.name.clone(),
                why,
                load,
            }),
            None => {
                let reasons = question.reasons(candidate);
                let can: u64 = reasons.iter().map(|reason| u64::from(reason.level)).sum();
                let wants = reasons.iter().filter(|reason| reason.wanted).count();
                ranked.push((
                    (Reverse(can), Reverse(wants), load.after),
                    candidate,
                    reasons,
                    load,
                ));
            }
        }
    }
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.user.cmp(&b.1.user)));
    let first = ranked
        .first()
        .map(|(_, candidate, _, _)| candidate.user.clone());
    let before = fairness(loads.iter().map(|(_, load)| load.before));
    let after = first.and_then(|first| {
        fairness(loads.iter().map(|(user, load)| {
            if *user == first {
                load.after
            } else {
                load.before
            }
        }))
    });
    let suggested = ranked
        .into_iter()
        .zip(1..)
        .map(|((_, candidate, reasons, load), place)| Recommendation {
            place,
            user: candidate.user.clone(),
            name: candidate.name.clone(),
            reasons,
            load,
        });
    Suggestion {
        item_id: question.item.clone(),
        needs: question
            .needs
            .iter()
            .map(|skill| Need {
                skill: skill.clone(),
                label: skill.label(question.language).to_owned(),
            })
            .collect(),
        points,
        suggested: suggested.collect(),
        not_suggested,
        fairness: Fairness { before, after },
    }
}

impl Question<'_> {
    /// Open points of the actions that are somebody's.
    fn load(&self, user: &UserId) -> u64 {
        let open = self
            .works
            .iter()
            .filter(|work| work.is_action && !work.is_done && work.is_of(user));
        open.map(|work| work.points).sum()
    }

    fn why_not(&self, candidate: &Candidate, load: Load) -> Option<WhyNot> {
        if !candidate.active {
            return Some(WhyNot::Inactive);
        }
        let constraints = || read(&candidate.member.constraints.constraints);
        let until = self.due.map_or(self.now, |due| due.max(self.now));
        let is_away = |constraint: &Constraint| match constraint {
            Constraint::Away { from, to } => *from <= self.now && until <= *to,
            Constraint::MostPoints { .. }
            | Constraint::NotWithSkill { .. }
            | Constraint::NotWithItem { .. }
            | Constraint::OnlyWith { .. } => false,
        };
        if constraints().any(is_away) {
            return Some(WhyNot::Away);
        }
        let excludes = |constraint: &Constraint| match constraint {
            Constraint::NotWithSkill { skill } => self.needs.contains(skill),
            Constraint::NotWithItem { item } => item == self.item,
            Constraint::OnlyWith { users } => !users.iter().any(|user| self.people.contains(user)),
            Constraint::Away { .. } | Constraint::MostPoints { .. } => false,
        };
        if constraints().any(excludes) {
            return Some(WhyNot::Excluded);
        }
        let most = constraints().filter_map(|constraint| match constraint {
            Constraint::MostPoints { points } => Some(u64::from(*points)),
            Constraint::Away { .. }
            | Constraint::NotWithSkill { .. }
            | Constraint::NotWithItem { .. }
            | Constraint::OnlyWith { .. } => None,
        });
        if let Some(most) = most.min().filter(|most| load.after > *most) {
            return Some(WhyNot::Load {
                after: load.after,
                most,
            });
        }
        let is_known = |reason: &Reason| reason.level > 0 || reason.wanted;
        let known = self.reasons(candidate).iter().any(is_known);
        (!known).then_some(WhyNot::NoEvidence)
    }

    fn reasons(&self, candidate: &Candidate) -> Vec<Reason> {
        let own = candidate.user == *self.reader;
        let needs = self.needs.iter();
        needs
            .map(|skill| {
                let proofs = candidate.member.proofs(skill, own);
                let evidence: BTreeSet<&ItemId> =
                    proofs.flat_map(|entry| &entry.evidence).collect();
                let done = self
                    .works
                    .iter()
                    .filter(|work| work.is_done && evidence.contains(&work.item));
                Reason {
                    skill: skill.clone(),
                    label: skill.label(self.language).to_owned(),
                    level: candidate.member.can(skill, own),
                    wanted: candidate.member.wants(skill),
                    evidence: done.map(|work| work.item.clone()).collect(),
                }
            })
            .collect()
    }
}

/// The highest as hundredths of the mean.
fn fairness(loads: impl Iterator<Item = u64> + Clone) -> Option<u64> {
    let (highest, sum, count) = (
        loads.clone().max()?,
        loads.clone().sum::<u64>(),
        loads.count() as u64,
    );
    (highest * count * 100).checked_div(sum)
}
