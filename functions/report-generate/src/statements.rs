//! What a report says: typed statements, each with its figures, the items it is about and how it was computed. Markdown
//! is a rendering of these and of nothing else.

use domain::ids::ItemId;
use domain::rows::ItemType;
use serde::{Deserialize, Serialize};

use crate::changes::What;
use crate::facts::{Facts, Health, Objective, Thresholds, THRESHOLDS};
use crate::moment::{Day, Moment};
use crate::snapshot::Snapshot;

/// What is told one by one on the first screen, which has to stay one screen.
const MOST_URGENT: usize = 3;
const MOST_NAMED: usize = 2;
const MOST_DATED: usize = 1;

/// Lines of a table or list, and people to ask.
const MOST_LINES: usize = 15;
const MOST_ASKED: usize = 8;

/// What a chart shows at most, so that it can be read on a phone: objectives, key results of each, and bars of what is
/// overdue with the days that they go back. What is coming up is listed, and has a bar for every line.
const MOST_BRANCHES: usize = 5;
const MOST_LEAVES: usize = 4;
const MOST_OVERDUE: usize = 6;
const MOST_DAYS_BACK: i64 = 28;

/// Items that one statement cites.
const MOST_CITED: usize = 100;

/// One sentence, line or chart. Every text in it is what a row or an account holds: data, never Markdown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    content = "figures",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Statement {
    Title {
        workspace: String,
        from: Day,
        to: Day,
    },
    Verdict {
        reached: u8,
        change: Option<Change>,
        deciding: usize,
        /// The objectives that are seen whole; of others nobody can say whether they need a decision.
        of: usize,
        /// Those that are seen in outline.
        outlined: usize,
        worst: Vec<Worst>,
    },
    /// Otherwise there may be some that are hidden.
    NoObjective {
        everything: bool,
    },
    Urgent {
        title: String,
        progress: u8,
        due: Option<Day>,
        owner: Option<String>,
        health: Health,
        key_results: Option<KeyResults>,
        size_first: Option<String>,
    },
    /// How many of those that are not told one by one stand in the table.
    MoreUrgent {
        below: usize,
        of: usize,
    },
    Overdue {
        count: usize,
        of: usize,
        longest: Vec<DueItem>,
    },
    Nobodys {
        count: usize,
        of: usize,
        titles: Vec<String>,
    },
    Unsized {
        count: usize,
        of: usize,
        first: Option<SizeFirst>,
    },
    NothingToDecide {
        open: usize,
    },
    Difference {
        before: u8,
        now: u8,
        since: Day,
        /// Only what the reader saw both times is compared.
        both: bool,
    },
    Changed {
        what: What,
        count: usize,
        of: usize,
        title: Option<String>,
        sizes: Option<(String, String)>,
        /// What is gone was removed; otherwise it may only be out of sight.
        everything: bool,
        points: i64,
    },
    /// What hidden work, rounding and outstanding computing make up.
    Rest {
        points: i64,
        everything: bool,
    },
    NothingChanged,
    FirstReport,
    Objective {
        title: String,
        progress: u8,
        change: Option<i64>,
        owner: Option<String>,
        due: Option<Day>,
        health: Health,
    },
    MoreObjectives {
        more: usize,
        of: usize,
    },
    /// What the first objectives in the table are made of.
    Tree {
        of: usize,
        /// Otherwise some key results may be hidden.
        everything: bool,
        branches: Vec<Branch>,
    },
    States {
        of: usize,
        done: usize,
        started: usize,
        pending: usize,
    },
    Late {
        count: usize,
        of: usize,
        longest: Vec<DueItem>,
    },
    Coming {
        count: usize,
        of: usize,
        days: i64,
    },
    ComingItem {
        #[serde(flatten)]
        item: DueItem,
    },
    MoreComing {
        more: usize,
        of: usize,
    },
    /// Neither late nor coming.
    NothingDue {
        of: usize,
        days: i64,
    },
    Timeline {
        late: Vec<Deadline>,
        coming: Vec<Deadline>,
        /// So far back the chart goes.
        back_days: i64,
    },
    Carries {
        /// None: nobody.
        person: Option<String>,
        open: usize,
        of: usize,
        points: u64,
        of_points: u64,
        overdue: usize,
        soon: usize,
    },
    MoreCarry {
        people: usize,
        of_people: usize,
        open: usize,
        of: usize,
        points: u64,
        of_points: u64,
    },
    Ask {
        person: String,
        about: Vec<Worst>,
        more: Option<More>,
    },
    MoreAsk {
        more: usize,
        of: usize,
    },
    Reading {
        items: usize,
        at: Moment,
        day: Day,
        everything: bool,
        unreadable: usize,
        orphans: usize,
        thresholds: Thresholds,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub points: i64,
    pub since: Day,
    pub both: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worst {
    pub title: String,
    pub health: Health,
}

/// What is not told one by one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct More {
    pub more: usize,
    pub of: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyResults {
    pub done: usize,
    pub of: usize,
}

/// What is due, and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueItem {
    pub title: String,
    pub due: Day,
    pub who: Option<String>,
}

/// What is due, as a chart shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    pub title: String,
    pub due: Day,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizeFirst {
    pub title: String,
    pub objective: String,
    pub low: u8,
    pub high: u8,
}

/// An objective with the key results and objectives directly below it: some, of so many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub title: String,
    pub progress: u8,
    pub of: usize,
    pub leaves: Vec<Leaf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    pub title: String,
    pub progress: u8,
    /// Otherwise a key result.
    pub is_objective: bool,
}

/// A part of the report, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Top,
    Decide,
    Changes,
    Objectives,
    Due,
    Carriers,
    Ask,
    Reading,
}

/// A statement with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    #[serde(flatten)]
    pub statement: Statement,
    pub items: Vec<ItemId>,
    pub formula: &'static str,
}

/// Everything that the report of a snapshot says, in order.
pub fn statements(snapshot: &Snapshot) -> Vec<Finding> {
    let mut draft = Draft {
        facts: Facts::new(snapshot),
        findings: Vec::new(),
    };
    draft.top();
    draft.decide();
    draft.changes();
    draft.objectives();
    draft.due();
    draft.carriers();
    draft.ask();
    draft.reading();
    draft.findings
}

struct Draft<'a> {
    facts: Facts<'a>,
    findings: Vec<Finding>,
}

impl Draft<'_> {
    fn say(&mut self, statement: Statement, mut items: Vec<ItemId>) {
        items.truncate(MOST_CITED);
        self.findings.push(Finding {
            formula: statement.formula(),
            statement,
            items,
        });
    }

    fn ids(&self, places: &[usize]) -> Vec<ItemId> {
        places.iter().map(|place| self.facts.id(*place)).collect()
    }

    fn title(&self, place: usize) -> String {
        self.facts.item(place).title.clone()
    }

    fn name(&self, person: usize) -> String {
        self.facts.snapshot.people[person].name.clone()
    }

    fn worst(&self, objective: &Objective) -> Worst {
        Worst {
            title: self.title(objective.place),
            health: objective.health,
        }
    }

    fn urgent(&self) -> Vec<Objective> {
        let objectives = self.facts.objectives.iter();
        let urgent = objectives.filter(|objective| objective.health.needs_decision());
        urgent.cloned().collect()
    }

    fn top(&mut self) {
        let snapshot = self.facts.snapshot;
        let title = Statement::Title {
            workspace: snapshot.workspace.clone(),
            from: snapshot.from.day(),
            to: snapshot.at.day(),
        };
        self.say(title, Vec::new());
        let Some(reached) = self.facts.reached else {
            let everything = snapshot.everything;
            self.say(Statement::NoObjective { everything }, Vec::new());
            return;
        };
        let urgent = self.urgent();
        let changes = self.facts.changes.as_ref();
        let places: Vec<usize> = self
            .facts
            .objectives
            .iter()
            .map(|objective| objective.place)
            .collect();
        // All of two; of more the first, since those to decide follow right below.
        let named = if urgent.len() <= MOST_NAMED {
            MOST_NAMED
        } else {
            1
        };
        let outlined = places
            .iter()
            .filter(|place| self.facts.item(**place).whole.is_none());
        let outlined = outlined.count();
        let verdict = Statement::Verdict {
            reached,
            change: changes.map(|changes| Change {
                points: i64::from(changes.now) - i64::from(changes.before),
                since: changes.since.day(),
                both: changes.both,
            }),
            deciding: urgent.len(),
            of: places.len() - outlined,
            outlined,
            worst: urgent
                .iter()
                .take(named)
                .map(|urgent| self.worst(urgent))
                .collect(),
        };
        self.say(verdict, self.ids(&places));
    }

    fn decide(&mut self) {
        let before = self.findings.len();
        let urgent = self.urgent();
        for objective in urgent.iter().take(MOST_URGENT) {
            let place = objective.place;
            let key_results = objective.key_results;
            let statement = Statement::Urgent {
                title: self.title(place),
                progress: self.facts.item(place).progress,
                due: self.facts.due(place),
                owner: self.facts.owner(place).map(|owner| self.name(owner)),
                health: objective.health,
                key_results: key_results.map(|(done, of)| KeyResults { done, of }),
                size_first: objective.size_first.map(|action| self.title(action)),
            };
            let mut about = vec![place];
            about.extend(objective.size_first);
            self.say(statement, self.ids(&about));
        }
        if urgent.len() > MOST_URGENT {
            let places: Vec<usize> = urgent.iter().map(|urgent| urgent.place).collect();
            let more = Statement::MoreUrgent {
                below: urgent.len().min(MOST_LINES) - MOST_URGENT,
                of: urgent.len() - MOST_URGENT,
            };
            self.say(more, self.ids(&places[MOST_URGENT..]));
        }
        let of = self.facts.open.len();
        let overdue = self.facts.overdue.clone();
        if !overdue.is_empty() {
            let statement = Statement::Overdue {
                count: overdue.len(),
                of,
                longest: self.due_items(&overdue, MOST_DATED),
            };
            self.say(statement, self.ids(&overdue));
        }
        let nobodys = self.facts.carried.get(&None);
        if let Some(places) = nobodys.map(|nobodys| nobodys.open.clone()) {
            let titles = places.iter().take(MOST_NAMED);
            let statement = Statement::Nobodys {
                count: places.len(),
                of,
                titles: titles.map(|place| self.title(*place)).collect(),
            };
            self.say(statement, self.ids(&places));
        }
        let without_size = self.facts.unsized_.clone();
        if !without_size.is_empty() {
            let first = self.facts.size_first;
            // The first of the urgent ones may have said so already.
            let shown = urgent.iter().take(MOST_URGENT);
            let is_said = shown
                .filter_map(|urgent| urgent.size_first)
                .any(|action| first.is_some_and(|first| first.action == action));
            let first = first.filter(|_| !is_said).map(|first| SizeFirst {
                title: self.title(first.action),
                objective: self.title(first.objective),
                low: first.low,
                high: first.high,
            });
            let statement = Statement::Unsized {
                count: without_size.len(),
                of,
                first,
            };
            self.say(statement, self.ids(&without_size));
        }
        if self.findings.len() == before && !self.facts.objectives.is_empty() {
            self.say(Statement::NothingToDecide { open: of }, Vec::new());
        }
    }

    fn changes(&mut self) {
        let Some(changes) = self.facts.changes.clone() else {
            if self.facts.reached.is_some() {
                self.say(Statement::FirstReport, Vec::new());
            }
            return;
        };
        let difference = Statement::Difference {
            before: changes.before,
            now: changes.now,
            since: changes.since.day(),
            both: changes.both,
        };
        let objectives: Vec<usize> = self
            .facts
            .objectives
            .iter()
            .map(|objective| objective.place)
            .collect();
        self.say(difference, self.ids(&objectives));
        if changes.parts.is_empty() && changes.rest.is_none() {
            self.say(Statement::NothingChanged, Vec::new());
        }
        let everything = self.facts.snapshot.everything && !changes.both;
        let of = changes.parts.iter().map(|part| part.items.len()).sum();
        for part in changes.parts {
            let statement = Statement::Changed {
                what: part.what,
                count: part.items.len(),
                of,
                title: part.title,
                sizes: part.sizes,
                everything,
                points: part.points,
            };
            self.say(statement, part.items);
        }
        if let Some(points) = changes.rest {
            self.say(Statement::Rest { points, everything }, Vec::new());
        }
    }

    fn objectives(&mut self) {
        let objectives = self.facts.objectives.clone();
        for objective in objectives.iter().take(MOST_LINES) {
            let place = objective.place;
            let statement = Statement::Objective {
                title: self.title(place),
                progress: self.facts.item(place).progress,
                change: objective.change,
                owner: self.facts.owner(place).map(|owner| self.name(owner)),
                due: self.facts.due(place),
                health: objective.health,
            };
            self.say(statement, self.ids(&[place]));
        }
        if objectives.len() > MOST_LINES {
            let more: Vec<usize> = objectives[MOST_LINES..]
                .iter()
                .map(|objective| objective.place)
                .collect();
            let statement = Statement::MoreObjectives {
                more: more.len(),
                of: objectives.len(),
            };
            self.say(statement, self.ids(&more));
        }
        self.tree();
        let (of, done, started) = (self.facts.actions, self.facts.done, self.facts.started);
        if of > 0 {
            let statement = Statement::States {
                of,
                done,
                started,
                pending: of - done - started,
            };
            self.say(statement, Vec::new());
        }
    }

    fn tree(&mut self) {
        let (mut branches, mut about) = (Vec::new(), Vec::new());
        let objectives = self.facts.objectives.iter();
        let objectives = objectives.filter(|objective| !objective.parts.is_empty());
        for objective in objectives.take(MOST_BRANCHES) {
            let shown = &objective.parts[..objective.parts.len().min(MOST_LEAVES)];
            about.push(objective.place);
            about.extend(shown);
            branches.push(Branch {
                title: self.title(objective.place),
                progress: self.facts.item(objective.place).progress,
                of: objective.parts.len(),
                leaves: shown
                    .iter()
                    .map(|place| Leaf {
                        title: self.title(*place),
                        progress: self.facts.item(*place).progress,
                        is_objective: self.facts.item(*place).r#type == ItemType::Objective,
                    })
                    .collect(),
            });
        }
        if !branches.is_empty() {
            let statement = Statement::Tree {
                of: self.facts.objectives.len(),
                everything: self.facts.snapshot.everything,
                branches,
            };
            self.say(statement, self.ids(&about));
        }
    }

    fn due(&mut self) {
        let of = self.facts.unfinished;
        if of == 0 {
            return;
        }
        let (late, coming) = (self.facts.late.clone(), self.facts.coming.clone());
        let days = THRESHOLDS.soon_days;
        if late.is_empty() && coming.is_empty() {
            self.say(Statement::NothingDue { of, days }, Vec::new());
            return;
        }
        let statement = Statement::Late {
            count: late.len(),
            of,
            longest: self.due_items(&late, MOST_OVERDUE),
        };
        self.say(statement, self.ids(&late));
        // Where everything is late nothing can come.
        if late.len() < of {
            let count = coming.len();
            self.say(Statement::Coming { count, of, days }, self.ids(&coming));
        }
        for place in coming.iter().take(MOST_LINES) {
            if let Some(item) = self.due_item(*place) {
                self.say(Statement::ComingItem { item }, self.ids(&[*place]));
            }
        }
        if coming.len() > MOST_LINES {
            let more = Statement::MoreComing {
                more: coming.len() - MOST_LINES,
                of: coming.len(),
            };
            self.say(more, self.ids(&coming[MOST_LINES..]));
        }
        let bars = [
            &late[..late.len().min(MOST_OVERDUE)],
            &coming[..coming.len().min(MOST_LINES)],
        ];
        if bars.concat().len() > 1 {
            let deadlines = |places: &[usize]| {
                let items = self.due_items(places, places.len()).into_iter();
                items
                    .map(|DueItem { title, due, .. }| Deadline { title, due })
                    .collect()
            };
            let timeline = Statement::Timeline {
                late: deadlines(bars[0]),
                coming: deadlines(bars[1]),
                back_days: MOST_DAYS_BACK,
            };
            self.say(timeline, self.ids(&bars.concat()));
        }
    }

    /// The first of them, with the day and whose it is.
    fn due_items(&self, places: &[usize], most: usize) -> Vec<DueItem> {
        let places = places.iter().take(most);
        places.filter_map(|place| self.due_item(*place)).collect()
    }

    fn due_item(&self, place: usize) -> Option<DueItem> {
        Some(DueItem {
            title: self.title(place),
            due: self.facts.due(place)?,
            who: self.facts.carrier(place).map(|person| self.name(person)),
        })
    }

    fn carriers(&mut self) {
        let (of, of_points) = (self.facts.open.len(), self.facts.points);
        let mut carried: Vec<_> = self.facts.carried.clone().into_iter().collect();
        carried.sort_by_key(|(person, carried)| {
            let most = std::cmp::Reverse((carried.points, carried.open.len()));
            (person.is_none(), most, *person)
        });
        // Nobody comes last and is always told.
        let has_nobody = carried.last().is_some_and(|(person, _)| person.is_none());
        let nobody = if has_nobody { carried.pop() } else { None };
        let of_people = carried.len();
        let rest = carried.split_off(carried.len().min(MOST_LINES));
        for (person, carried) in carried.into_iter().chain(nobody) {
            let statement = Statement::Carries {
                person: person.map(|person| self.name(person)),
                open: carried.open.len(),
                of,
                points: carried.points,
                of_points,
                overdue: carried.overdue,
                soon: carried.soon,
            };
            self.say(statement, self.ids(&carried.open));
        }
        if !rest.is_empty() {
            let statement = Statement::MoreCarry {
                people: rest.len(),
                of_people,
                open: rest.iter().map(|(_, carried)| carried.open.len()).sum(),
                of,
                points: rest.iter().map(|(_, carried)| carried.points).sum(),
                of_points,
            };
            self.say(statement, Vec::new());
        }
    }

    fn ask(&mut self) {
        let mut about: Vec<(usize, Vec<Objective>)> = Vec::new();
        for objective in self.urgent() {
            let Some(owner) = self.facts.owner(objective.place) else {
                continue;
            };
            // Nobody has to ask themselves.
            if self.facts.snapshot.people[owner].id == self.facts.snapshot.reader {
                continue;
            }
            match about.iter_mut().find(|(person, _)| *person == owner) {
                Some((_, objectives)) => objectives.push(objective),
                None => about.push((owner, vec![objective])),
            }
        }
        let of = about.len();
        let rest = about.split_off(of.min(MOST_ASKED));
        for (person, objectives) in about {
            let places: Vec<usize> = objectives.iter().map(|objective| objective.place).collect();
            let statement = Statement::Ask {
                person: self.name(person),
                about: objectives
                    .iter()
                    .take(MOST_NAMED)
                    .map(|objective| self.worst(objective))
                    .collect(),
                more: (objectives.len() > MOST_NAMED).then(|| More {
                    more: objectives.len() - MOST_NAMED,
                    of: objectives.len(),
                }),
            };
            self.say(statement, self.ids(&places));
        }
        if !rest.is_empty() {
            let more = rest.iter().flat_map(|(_, objectives)| objectives);
            let places: Vec<usize> = more.map(|objective| objective.place).collect();
            let more = rest.len();
            self.say(Statement::MoreAsk { more, of }, self.ids(&places));
        }
    }

    fn reading(&mut self) {
        let snapshot = self.facts.snapshot;
        let statement = Statement::Reading {
            items: snapshot.items.len(),
            at: snapshot.at,
            day: snapshot.at.day(),
            everything: snapshot.everything,
            unreadable: snapshot.unreadable,
            orphans: self.facts.orphans,
            thresholds: THRESHOLDS,
        };
        self.say(statement, Vec::new());
    }
}

impl Statement {
    pub fn section(&self) -> Section {
        match self {
            Self::Title { .. } | Self::Verdict { .. } | Self::NoObjective { .. } => Section::Top,
            Self::Urgent { .. }
            | Self::MoreUrgent { .. }
            | Self::Overdue { .. }
            | Self::Nobodys { .. }
            | Self::Unsized { .. }
            | Self::NothingToDecide { .. } => Section::Decide,
            Self::Difference { .. }
            | Self::Changed { .. }
            | Self::Rest { .. }
            | Self::NothingChanged
            | Self::FirstReport => Section::Changes,
            Self::Objective { .. }
            | Self::MoreObjectives { .. }
            | Self::Tree { .. }
            | Self::States { .. } => Section::Objectives,
            Self::Late { .. }
            | Self::Coming { .. }
            | Self::ComingItem { .. }
            | Self::MoreComing { .. }
            | Self::NothingDue { .. }
            | Self::Timeline { .. } => Section::Due,
            Self::Carries { .. } | Self::MoreCarry { .. } => Section::Carriers,
            Self::Ask { .. } | Self::MoreAsk { .. } => Section::Ask,
            Self::Reading { .. } => Section::Reading,
        }
    }

    /// How the figures follow from the snapshot.
    fn formula(&self) -> &'static str {
        match self {
            Self::Title { .. } => "from the last report, or 7 days before, to the time of the snapshot",
            Self::Verdict { .. } => {
                "reached = mean of the progress of the topmost objectives, half up; change = the same less what it was; \
                 objectives that need a decision, of those seen whole"
            }
            Self::NoObjective { .. } => "no item is an objective",
            Self::Urgent { .. } | Self::Objective { .. } => {
                "progress as stored; change = progress less progress in the last report; health = the first that holds"
            }
            Self::MoreUrgent { .. } => "objectives that need a decision, less those named: in the table, of all",
            Self::Overdue { .. } => "open actions whose due day is before the day of the snapshot, of all open actions",
            Self::Nobodys { .. } => {
                "open actions without an assignee or owner who takes part, of all open actions"
            }
            Self::Unsized { .. } => "open actions whose story points are no number of the scale, of all open actions",
            Self::NothingToDecide { .. } => "no objective needs a decision, no open action is overdue, nobody's or unsized",
            Self::Difference { .. } => "mean of the progress of the topmost objectives then and now, half up",
            Self::Changed { .. } => {
                "mean after this change less mean before it, changes carried out one after another; rounded so that all add up"
            }
            Self::Rest { .. } => "difference less all changes that are told",
            Self::NothingChanged => "no compared item differs",
            Self::FirstReport => "no earlier report of this reader to compare with",
            Self::MoreObjectives { .. } => "topmost objectives, less those in the table",
            Self::Tree { .. } => {
                "progress as stored, of topmost objectives and of the key results and objectives directly below them, least \
                 first"
            }
            Self::States { .. } => "actions by state",
            Self::Coming { .. } => "unfinished items due from the day of the snapshot on within these days, of all unfinished",
            Self::ComingItem { .. } => "due day as stored",
            Self::MoreComing { .. } => "items coming up, less those listed",
            Self::Late { .. } => {
                "unfinished items whose due day is before the day of the snapshot, longest first, of all unfinished"
            }
            Self::NothingDue { .. } => {
                "no unfinished item has a due day before the day of the snapshot or within these days from it on"
            }
            Self::Timeline { .. } => {
                "what is late, from its due day to the day of the snapshot; what is coming up, from that day to its due day"
            }
            Self::Carries { .. } => {
                "open actions and their story points by first assignee who takes part, otherwise owner; of all"
            }
            Self::MoreCarry { .. } => "the same of all people who are not in the table",
            Self::Ask { .. } => "owners of the objectives that need a decision, but the reader",
            Self::MoreAsk { .. } => "the same people, less those named",
            Self::Reading { .. } => "items in the snapshot",
        }
    }
}
