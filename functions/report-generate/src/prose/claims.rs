//! What can be said of a report in free words: claims, each with every figure that it needs, and which statement holds
//! which of them. What is not here nobody can say. Items and people are numbers in it, so that no words of theirs are.

use std::cmp::Ordering;

use domain::ids::ItemId;
use serde::{Deserialize, Serialize};

use crate::facts::Health;
use crate::moment::Day;
use crate::statements::{Finding, KeyResults, Statement};

/// One thing that is said. Its figures belong to one another: a sentence that exchanges two of them makes another claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "claim", rename_all = "snake_case", deny_unknown_fields)]
pub enum Claim {
    Reached {
        percent: u64,
    },
    /// More points are reached than on a day; in what could be seen both times, if only that is compared.
    More {
        points: u64,
        since: Day,
        #[serde(default)]
        both: bool,
    },
    Less {
        points: u64,
        since: Day,
        #[serde(default)]
        both: bool,
    },
    Same {
        since: Day,
        #[serde(default)]
        both: bool,
    },
    /// What was reached on a day, from which it rose.
    RoseFrom {
        percent: u64,
        since: Day,
    },
    FellFrom {
        percent: u64,
        since: Day,
    },
    /// The same without a direction.
    WasAt {
        percent: u64,
        since: Day,
    },
    NothingEarlier,
    /// Objectives that need a decision; of those that are seen whole, if there are others.
    NeedDecision {
        count: u64,
        of: u64,
        #[serde(default)]
        whole: bool,
    },
    AllNeedDecision {
        of: u64,
        #[serde(default)]
        whole: bool,
    },
    NoneNeedsDecision {
        of: u64,
        #[serde(default)]
        whole: bool,
    },
    OnlyNeedsDecision {
        #[serde(default)]
        whole: bool,
    },
    OnlyNeedsNone {
        #[serde(default)]
        whole: bool,
    },
    /// These objectives need a decision, and no others.
    AllToDecide {
        items: Vec<u64>,
    },
    /// The first of several to decide.
    MostUrgent {
        item: u64,
    },
    ToDecide {
        item: u64,
    },
    Progress {
        item: u64,
        percent: u64,
    },
    Due {
        item: u64,
        day: Day,
    },
    /// The same of one that is overdue.
    WasDue {
        item: u64,
        day: Day,
    },
    Owner {
        item: u64,
        person: u64,
    },
    NoOwner {
        item: u64,
    },
    KeyResults {
        item: u64,
        done: u64,
        of: u64,
    },
    NoKeyResult {
        item: u64,
        of: u64,
    },
    Overdue {
        item: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<u64>,
    },
    AtRisk {
        item: u64,
    },
    /// At its pace it would end on this day, which is too late.
    Ends {
        item: u64,
        day: Day,
    },
    TooSlow {
        item: u64,
    },
    /// It shows no progress, and so much of its time is gone.
    NoProgress {
        item: u64,
        percent: u64,
    },
    Unchanged {
        item: u64,
        since: Day,
    },
    Unsized {
        item: u64,
    },
    /// Where it stands, whatever work without a size turns out to be worth.
    Between {
        item: u64,
        low: u64,
        high: u64,
    },
    OnTrack {
        item: u64,
    },
    NotStarted {
        item: u64,
    },
    Finished {
        item: u64,
    },
    OverdueActions {
        count: u64,
        of: u64,
    },
    NobodysActions {
        count: u64,
        of: u64,
    },
    UnsizedActions {
        count: u64,
        of: u64,
    },
    DoneActions {
        count: u64,
        of: u64,
    },
    StartedActions {
        count: u64,
        of: u64,
    },
    PendingActions {
        count: u64,
        of: u64,
    },
    OverdueItems {
        count: u64,
        of: u64,
    },
    ComingItems {
        count: u64,
        of: u64,
        days: u64,
    },
}

/// What a verdict has to tell, if the statements hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Reached,
    Change,
    Decisions,
    /// How an objective is.
    Health(u64),
}

impl Claim {
    /// What of a verdict it tells.
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Reached { .. } => Some(Topic::Reached),
            Self::More { .. }
            | Self::Less { .. }
            | Self::Same { .. }
            | Self::RoseFrom { .. }
            | Self::FellFrom { .. }
            | Self::WasAt { .. } => Some(Topic::Change),
            Self::NeedDecision { .. }
            | Self::AllNeedDecision { .. }
            | Self::NoneNeedsDecision { .. }
            | Self::OnlyNeedsDecision { .. }
            | Self::OnlyNeedsNone { .. } => Some(Topic::Decisions),
            Self::Overdue { item, .. }
            | Self::AtRisk { item }
            | Self::Ends { item, .. }
            | Self::TooSlow { item }
            | Self::NoProgress { item, .. }
            | Self::Unchanged { item, .. }
            | Self::Unsized { item }
            | Self::Between { item, .. }
            | Self::OnTrack { item }
            | Self::NotStarted { item }
            | Self::Finished { item } => Some(Topic::Health(*item)),
            Self::NothingEarlier
            | Self::AllToDecide { .. }
            | Self::MostUrgent { .. }
            | Self::ToDecide { .. }
            | Self::Progress { .. }
            | Self::Due { .. }
            | Self::WasDue { .. }
            | Self::Owner { .. }
            | Self::NoOwner { .. }
            | Self::KeyResults { .. }
            | Self::NoKeyResult { .. }
            | Self::OverdueActions { .. }
            | Self::NobodysActions { .. }
            | Self::UnsizedActions { .. }
            | Self::DoneActions { .. }
            | Self::StartedActions { .. }
            | Self::PendingActions { .. }
            | Self::OverdueItems { .. }
            | Self::ComingItems { .. } => None,
        }
    }
}

/// What a statement holds of what can be claimed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Support {
    /// The place of the statement in the report, counted from 1.
    #[serde(rename = "statement")]
    pub place: usize,
    pub claims: Vec<Claim>,
}

/// Everything that can be claimed of a report.
#[derive(Clone, Debug, Default)]
pub struct Supports {
    /// Statements that hold nothing of it are not there.
    pub statements: Vec<Support>,
    /// What a verdict has to tell.
    pub topics: Vec<Topic>,
    /// T1 and so on: objectives, by their title.
    pub titles: Vec<String>,
    /// P1 and so on.
    pub people: Vec<String>,
    items: Vec<ItemId>,
}

impl Supports {
    pub fn new(findings: &[Finding]) -> Self {
        let mut supports = Self::default();
        for (finding, place) in findings.iter().zip(1..) {
            let claims = supports.of(finding);
            if !claims.is_empty() {
                supports.statements.push(Support { place, claims });
            }
        }
        supports
    }

    fn of(&mut self, finding: &Finding) -> Vec<Claim> {
        // A verdict names its objectives in the order of its items; others are about their first.
        let mut items = finding.items.iter();
        match &finding.statement {
            Statement::Verdict {
                reached,
                change,
                deciding,
                of,
                outlined,
                worst,
            } => {
                self.topics.push(Topic::Reached);
                let mut claims = vec![Claim::Reached {
                    percent: u64::from(*reached),
                }];
                if let Some(change) = change {
                    self.topics.push(Topic::Change);
                    let (points, since, both) =
                        (change.points.unsigned_abs(), change.since, change.both);
                    claims.push(match change.points {
                        0 => Claim::Same { since, both },
                        1.. => Claim::More {
                            points,
                            since,
                            both,
                        },
                        _ => Claim::Less {
                            points,
                            since,
                            both,
                        },
                    });
                }
                let (of, count) = (*of as u64, *deciding as u64);
                let decisions = decisions(count, of, *outlined > 0);
                if !decisions.is_empty() {
                    self.topics.push(Topic::Decisions);
                    claims.extend(decisions);
                }
                let named: Vec<u64> = worst
                    .iter()
                    .zip(&mut items)
                    .map(|(worst, id)| self.item(id, &worst.title))
                    .collect();
                for (worst, item) in worst.iter().zip(&named) {
                    self.topics.push(Topic::Health(*item));
                    claims.extend(health(*item, worst.health));
                }
                if let (Some(first), 2..) = (named.first(), deciding) {
                    claims.push(Claim::MostUrgent { item: *first });
                }
                if *deciding > 0 && named.len() == *deciding {
                    let mut items = named;
                    items.sort_unstable();
                    claims.push(Claim::AllToDecide { items });
                }
                claims
            }
            Statement::Urgent {
                title,
                progress,
                due,
                owner,
                health,
                key_results,
                size_first: _,
            } => {
                let Some(id) = items.next() else {
                    return Vec::new();
                };
                let item = self.item(id, title);
                let mut claims = self.of_item(item, *progress, *due, owner.as_ref(), *health);
                if let Some(KeyResults { done, of }) = key_results {
                    let of = *of as u64;
                    claims.push(match *done as u64 {
                        0 => Claim::NoKeyResult { item, of },
                        done => Claim::KeyResults { item, done, of },
                    });
                }
                claims
            }
            Statement::Objective {
                title,
                progress,
                change: _,
                owner,
                due,
                health,
            } => {
                let Some(id) = items.next() else {
                    return Vec::new();
                };
                let item = self.item(id, title);
                self.of_item(item, *progress, *due, owner.as_ref(), *health)
            }
            Statement::Difference {
                before,
                now,
                since,
                both: false,
            } => {
                let (percent, since) = (u64::from(*before), *since);
                let mut claims = vec![Claim::WasAt { percent, since }];
                match before.cmp(now) {
                    Ordering::Less => claims.push(Claim::RoseFrom { percent, since }),
                    Ordering::Equal => {}
                    Ordering::Greater => claims.push(Claim::FellFrom { percent, since }),
                }
                claims
            }
            Statement::FirstReport => vec![Claim::NothingEarlier],
            Statement::Overdue { count, of, .. } => vec![Claim::OverdueActions {
                count: *count as u64,
                of: *of as u64,
            }],
            Statement::Nobodys { count, of, .. } => vec![Claim::NobodysActions {
                count: *count as u64,
                of: *of as u64,
            }],
            Statement::Unsized { count, of, .. } => vec![Claim::UnsizedActions {
                count: *count as u64,
                of: *of as u64,
            }],
            Statement::States {
                of,
                done,
                started,
                pending,
            } => {
                let of = *of as u64;
                let [done, started, pending] = [*done as u64, *started as u64, *pending as u64];
                vec![
                    Claim::DoneActions { count: done, of },
                    Claim::StartedActions { count: started, of },
                    Claim::PendingActions { count: pending, of },
                ]
            }
            Statement::Late { count, of, .. } => vec![Claim::OverdueItems {
                count: *count as u64,
                of: *of as u64,
            }],
            Statement::Coming { count, of, days } => vec![Claim::ComingItems {
                count: *count as u64,
                of: *of as u64,
                days: days.unsigned_abs(),
            }],
            // A difference in what could be seen both times is none of all that is reached.
            Statement::Difference { both: true, .. }
            | Statement::Title { .. }
            | Statement::NoObjective { .. }
            | Statement::MoreUrgent { .. }
            | Statement::NothingToDecide { .. }
            | Statement::Changed { .. }
            | Statement::Rest { .. }
            | Statement::NothingChanged
            | Statement::MoreObjectives { .. }
            | Statement::Tree { .. }
            | Statement::ComingItem { .. }
            | Statement::MoreComing { .. }
            | Statement::NothingDue { .. }
            | Statement::Timeline { .. }
            | Statement::Carries { .. }
            | Statement::MoreCarry { .. }
            | Statement::Ask { .. }
            | Statement::MoreAsk { .. }
            | Statement::Reading { .. } => Vec::new(),
        }
    }

    fn of_item(
        &mut self,
        item: u64,
        progress: u8,
        due: Option<Day>,
        owner: Option<&String>,
        is: Health,
    ) -> Vec<Claim> {
        let mut claims = health(item, is);
        claims.push(Claim::Progress {
            item,
            percent: u64::from(progress),
        });
        claims.extend(due.map(|day| Claim::Due { item, day }));
        let was_due = due.filter(|_| matches!(is, Health::Overdue { .. }));
        claims.extend(was_due.map(|day| Claim::WasDue { item, day }));
        let owner = match (owner, is) {
            (Some(owner), _) => Some(Claim::Owner {
                item,
                person: self.person(owner),
            }),
            // An outline, of which one that is done looks like any other, does not tell whose it is.
            (None, Health::Closed | Health::Outlined) => None,
            (
                None,
                Health::Overdue { .. }
                | Health::AtRisk { .. }
                | Health::Unmoved { .. }
                | Health::Stale { .. }
                | Health::Unsized { .. }
                | Health::OnTrack
                | Health::NotStarted,
            ) => Some(Claim::NoOwner { item }),
        };
        claims.extend(owner);
        claims
    }

    /// The number of an objective, by which T1 and so on name it.
    fn item(&mut self, id: &ItemId, title: &str) -> u64 {
        let known = self.items.iter().position(|known| known == id);
        let place = known.unwrap_or_else(|| {
            self.items.push(id.clone());
            self.titles.push(title.to_owned());
            self.items.len() - 1
        });
        place as u64 + 1
    }

    fn person(&mut self, name: &str) -> u64 {
        let known = self.people.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            self.people.push(name.to_owned());
            self.people.len() - 1
        });
        place as u64 + 1
    }
}

/// How many objectives need a decision, of those that are seen whole; of others, which are there or not, nobody can say
/// whether they need one.
fn decisions(count: u64, of: u64, whole: bool) -> Vec<Claim> {
    match (count, of) {
        (_, 0) => Vec::new(),
        (0, 1) => vec![Claim::OnlyNeedsNone { whole }],
        (_, 1) => vec![Claim::OnlyNeedsDecision { whole }],
        (0, _) => vec![Claim::NoneNeedsDecision { of, whole }],
        (_, _) if count == of => vec![
            Claim::NeedDecision { count, of, whole },
            Claim::AllNeedDecision { of, whole },
        ],
        (_, _) => vec![Claim::NeedDecision { count, of, whole }],
    }
}

/// How an objective is, and what is said of it by saying less.
fn health(item: u64, health: Health) -> Vec<Claim> {
    let mut claims = match health {
        Health::Closed => vec![Claim::Finished { item }],
        Health::Overdue { days } => vec![
            Claim::Overdue {
                item,
                days: Some(days.unsigned_abs()),
            },
            Claim::Overdue { item, days: None },
        ],
        Health::AtRisk { ends: Some(day) } => {
            vec![Claim::AtRisk { item }, Claim::Ends { item, day }]
        }
        Health::AtRisk { ends: None } => vec![Claim::AtRisk { item }, Claim::TooSlow { item }],
        Health::Unmoved { gone } => vec![
            Claim::AtRisk { item },
            Claim::NoProgress {
                item,
                percent: gone.unsigned_abs(),
            },
        ],
        Health::Stale { since } => vec![Claim::Unchanged { item, since }],
        Health::Unsized { low, high } => vec![
            Claim::Unsized { item },
            Claim::Between {
                item,
                low: u64::from(low),
                high: u64::from(high),
            },
        ],
        Health::OnTrack => vec![Claim::OnTrack { item }],
        Health::NotStarted => vec![Claim::NotStarted { item }],
        // It tells neither.
        Health::Outlined => Vec::new(),
    };
    if health.needs_decision() {
        claims.push(Claim::ToDecide { item });
    }
    claims
}
