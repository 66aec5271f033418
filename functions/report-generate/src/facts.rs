//! What follows from a snapshot: progress, health, and whose work is where. It knows no words.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use domain::ids::ItemId;
use domain::rows::{ActionStatus, ItemType};
use okr::explain::{explain, Basis, Work};
use okr::forest::{bands, Forest};
use okr::group::is_size;
use serde::{Deserialize, Serialize};

use crate::changes::{changes, mean, Changes};
use crate::moment::{Day, Moment, DAY};
use crate::snapshot::{Item, Snapshot, Whole};

/// Everything that a report judges by; the report says so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Thresholds {
    /// Days without any change after which an objective is stale.
    pub stale_days: i64,
    /// Days ahead that count as soon.
    pub soon_days: i64,
    /// Per cent of its time by which an objective may end late at its pace before it is at risk. Its pace is judged once
    /// this much of its time has passed.
    pub late_percent: i64,
    /// Days since the last report from which on the pace since then counts as well.
    pub pace_days: i64,
    /// Points between the least and the most that unsized work leaves possible, from which on it decides.
    pub band_points: u8,
}

pub const THRESHOLDS: Thresholds = Thresholds {
    stale_days: 14,
    soon_days: 14,
    late_percent: 10,
    pace_days: 7,
    band_points: 20,
};

/// Further ahead than this no end is foretold.
const FORESEEABLE: i64 = 3 * 365 * DAY;

/// How an objective is; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Health {
    Closed,
    Overdue {
        days: i64,
    },
    /// At its pace it ends on this day, or on none that can be foretold.
    AtRisk {
        ends: Option<Day>,
    },
    /// At risk as well: it shows no progress, and so many per cent of its time are gone.
    Unmoved {
        gone: i64,
    },
    Stale {
        since: Day,
    },
    /// Between these it stands, whatever unsized work turns out to be worth.
    Unsized {
        low: u8,
        high: u8,
    },
    OnTrack,
    NotStarted,
    /// The reader sees its outline only.
    Outlined,
}

impl Health {
    /// How urgent a decision is, most urgent first; none where none is needed.
    fn urgency(self) -> Option<(u8, i64)> {
        match self {
            Self::Overdue { days } => Some((0, -days)),
            Self::AtRisk { ends } => {
                Some((1, ends.map_or(i64::MIN, |day| -day.since(Day::default()))))
            }
            Self::Unmoved { .. } => Some((1, i64::MIN)),
            Self::Stale { since } => Some((2, since.since(Day::default()))),
            Self::Unsized { low, high } => Some((3, i64::from(low) - i64::from(high))),
            Self::Closed | Self::OnTrack | Self::NotStarted | Self::Outlined => None,
        }
    }

    pub fn needs_decision(self) -> bool {
        self.urgency().is_some()
    }
}

/// A topmost objective.
#[derive(Clone, Debug)]
pub struct Objective {
    pub place: usize,
    /// Points since the last report; none if it was not compared.
    pub change: Option<i64>,
    pub health: Health,
    /// How many of its key results are done, of all. Not known to a reader from whom some may be hidden.
    pub key_results: Option<(usize, usize)>,
    /// The key results and objectives directly below it that are seen, least progress first.
    pub parts: Vec<usize>,
    /// Of an unsized objective: the action to size first.
    pub size_first: Option<usize>,
}

/// Which action to size first, in which objective, between which bounds that stands.
#[derive(Clone, Copy, Debug)]
pub struct SizeFirst {
    pub action: usize,
    pub objective: usize,
    pub low: u8,
    pub high: u8,
}

/// What one person carries, or nobody.
#[derive(Clone, Debug, Default)]
pub struct Workload {
    pub open: Vec<usize>,
    pub points: u64,
    pub overdue: usize,
    pub soon: usize,
}

/// Items are named by their place in the snapshot.
#[derive(Debug)]
pub struct Facts<'a> {
    pub snapshot: &'a Snapshot,
    /// Those that need a decision first, most urgent first; then by progress.
    pub objectives: Vec<Objective>,
    /// The mean of the topmost objectives.
    pub reached: Option<u8>,
    pub changes: Option<Changes>,
    /// Actions that are seen whole: all, and how many of them are in each state.
    pub actions: usize,
    pub done: usize,
    pub started: usize,
    /// Actions that are not done.
    pub open: Vec<usize>,
    /// Open actions past their due date, longest first.
    pub overdue: Vec<usize>,
    /// Open actions without a size.
    pub unsized_: Vec<usize>,
    pub size_first: Option<SizeFirst>,
    /// Items seen whole that are not complete.
    pub unfinished: usize,
    /// Those of them that are past their due date, longest first.
    pub late: Vec<usize>,
    /// Those of them that are due soon, next first.
    pub coming: Vec<usize>,
    /// By place in the snapshot's people; none is nobody.
    pub carried: BTreeMap<Option<usize>, Workload>,
    /// Story points of all open actions.
    pub points: u64,
    /// Items that name a parent and count nowhere above.
    pub orphans: usize,
}

impl<'a> Facts<'a> {
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let counted = snapshot.counted();
        let forest = Forest::new(&counted);
        let bands = snapshot.everything.then(|| bands(&counted));
        let changes = changes(snapshot);
        let context = Context {
            snapshot,
            last: last_changes(snapshot, &forest),
            bands: bands.as_deref(),
            then: progress_then(snapshot),
        };
        let roots = (0..snapshot.items.len()).filter(|place| {
            snapshot.items[*place].r#type == ItemType::Objective && forest.parents[*place].is_none()
        });
        let mut objectives: Vec<Objective> = roots
            .map(|place| Objective {
                place,
                change: context.change(place),
                health: context.health(place),
                key_results: None,
                parts: Vec::new(),
                size_first: None,
            })
            .collect();
        let item = |place: usize| &snapshot.items[place];
        let reached = mean(
            objectives
                .iter()
                .map(|objective| item(objective.place).progress),
        );
        objectives.sort_by_key(|objective| {
            let item = item(objective.place);
            let urgency = objective.health.urgency();
            (urgency.is_none(), urgency, item.progress, &item.id)
        });
        find_parts(snapshot, &forest, &mut objectives);
        let today = snapshot.at.day();
        let mut facts = Self {
            snapshot,
            reached,
            changes,
            objectives,
            actions: 0,
            done: 0,
            started: 0,
            open: Vec::new(),
            overdue: Vec::new(),
            unsized_: Vec::new(),
            size_first: None,
            unfinished: 0,
            late: Vec::new(),
            coming: Vec::new(),
            carried: BTreeMap::new(),
            points: 0,
            orphans: snapshot.items.iter().filter(|item| item.lost).count() + forest.orphans.len(),
        };
        for place in 0..snapshot.items.len() {
            facts.take(place, today);
        }
        let due = |place: &usize| whole(item(*place)).and_then(|whole| whole.due);
        for dated in [&mut facts.overdue, &mut facts.late, &mut facts.coming] {
            dated.sort_by_key(|place| (due(place), &item(*place).id));
        }
        facts.find_size_first(bands.as_deref());
        facts
    }

    pub fn item(&self, place: usize) -> &'a Item {
        &self.snapshot.items[place]
    }

    pub fn id(&self, place: usize) -> ItemId {
        self.item(place).id.clone()
    }

    pub fn due(&self, place: usize) -> Option<Day> {
        whole(self.item(place))
            .and_then(|whole| whole.due)
            .map(Moment::day)
    }

    /// Who an action counts for: its first assignee who takes part, otherwise its owner, otherwise nobody.
    pub fn carrier(&self, place: usize) -> Option<usize> {
        let whole = whole(self.item(place))?;
        let people = whole.assignees.iter().chain(&whole.owner);
        people
            .copied()
            .find(|person| self.snapshot.people[*person].active)
    }

    /// The owner of an item, if they take part.
    pub fn owner(&self, place: usize) -> Option<usize> {
        let owner = whole(self.item(place))?.owner;
        owner.filter(|person| self.snapshot.people[*person].active)
    }

    fn take(&mut self, place: usize, today: Day) {
        let item = self.item(place);
        let Some(whole) = whole(item) else {
            return;
        };
        let is_done = match item.r#type {
            ItemType::Action => whole.status == Some(ActionStatus::Done),
            ItemType::Objective | ItemType::KeyResult => item.progress == 100,
        };
        let days_left = whole.due.map(|due| due.day().since(today));
        let is_soon = days_left.is_some_and(|days| (0..=THRESHOLDS.soon_days).contains(&days));
        let is_late = days_left.is_some_and(|days| days < 0);
        if !is_done {
            self.unfinished += 1;
            if is_soon {
                self.coming.push(place);
            }
            if is_late {
                self.late.push(place);
            }
        }
        if item.r#type != ItemType::Action {
            return;
        }
        self.actions += 1;
        self.done += usize::from(is_done);
        self.started += usize::from(whole.status == Some(ActionStatus::WorkInProgress));
        if is_done {
            return;
        }
        let points = whole.points.as_deref().filter(|points| is_size(points));
        let size: Option<u64> = points.and_then(|points| points.parse().ok());
        self.open.push(place);
        if is_late {
            self.overdue.push(place);
        }
        if size.is_none() {
            self.unsized_.push(place);
        }
        self.points += size.unwrap_or_default();
        let carried = self.carried.entry(self.carrier(place)).or_default();
        carried.open.push(place);
        carried.points += size.unwrap_or_default();
        carried.overdue += usize::from(is_late);
        carried.soon += usize::from(is_soon);
    }

    /// Of the objective that unsized work leaves the widest open, and of each that is unsized, what to size first.
    fn find_size_first(&mut self, bands: Option<&[(u8, u8)]>) {
        let Some(bands) = bands.filter(|_| !self.unsized_.is_empty()) else {
            return;
        };
        let width = |place: usize| bands[place].1 - bands[place].0;
        let counted = self.snapshot.counted();
        let works: Vec<Work<'_>> = counted
            .iter()
            .zip(&self.snapshot.items)
            .map(|(item, shown)| Work {
                item: *item,
                title: "",
                stored: shown.progress,
            })
            .collect();
        let find = |objective: usize| {
            let band = explain(&works, objective, Basis::AllWork).band?;
            let first = band.size_first?.item_id;
            counted.iter().position(|item| item.id == first)
        };
        let widest = self.objectives.iter().map(|objective| objective.place);
        let widest = widest
            .filter(|place| width(*place) > 0)
            .max_by_key(|place| (width(*place), Reverse(*place)));
        self.size_first = widest.and_then(|objective| {
            let (low, high) = bands[objective];
            Some(SizeFirst {
                action: find(objective)?,
                objective,
                low,
                high,
            })
        });
        for objective in self.objectives.iter_mut().take(MOST_EXPLAINED) {
            if matches!(objective.health, Health::Unsized { .. }) {
                objective.size_first = find(objective.place);
            }
        }
    }
}

/// Objectives whose bands are looked into: those that a report tells one by one.
const MOST_EXPLAINED: usize = 10;

fn whole(item: &Item) -> Option<&Whole> {
    item.whole.as_ref()
}

/// When anything visible in each item was last touched; none where nothing is known.
fn last_changes(snapshot: &Snapshot, forest: &Forest) -> Vec<Option<Moment>> {
    let own = |item: &Item| {
        let whole = item.whole.as_ref()?;
        Some(
            whole
                .changed
                .map_or(whole.created, |changed| changed.max(whole.created)),
        )
    };
    let mut last: Vec<Option<Moment>> = snapshot.items.iter().map(own).collect();
    let actions = (0..last.len()).filter(|place| snapshot.items[*place].r#type == ItemType::Action);
    for place in actions.chain(forest.leaves_first.iter().copied()) {
        if let Some(parent) = forest.parents[place] {
            last[parent] = last[parent].max(last[place]);
        }
    }
    last
}

/// What each compared item showed in the last report.
fn progress_then(snapshot: &Snapshot) -> HashMap<usize, u8> {
    let Some(before) = &snapshot.before else {
        return HashMap::new();
    };
    let mut then: HashMap<usize, u8> =
        (snapshot.items.iter().map(|item| item.progress).enumerate()).collect();
    for was in &before.changed {
        if let Ok(place) = snapshot.items.binary_search_by(|item| item.id.cmp(&was.id)) {
            then.insert(place, was.progress);
        }
    }
    for place in &before.new {
        then.remove(place);
    }
    then
}

/// What stands directly under each objective, and how many of its key results are done.
fn find_parts(snapshot: &Snapshot, forest: &Forest, objectives: &mut [Objective]) {
    let item = |place: &usize| &snapshot.items[*place];
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    for place in 0..snapshot.items.len() {
        if item(&place).r#type == ItemType::Action {
            continue;
        }
        if let Some(parent) = forest.parents[place] {
            below.entry(parent).or_default().push(place);
        }
    }
    for objective in objectives {
        let mut parts = below.remove(&objective.place).unwrap_or_default();
        parts.sort_by_key(|place| (item(place).progress, *place));
        let results = parts.iter().map(item);
        let results = results.filter(|item| item.r#type == ItemType::KeyResult);
        let done = results.clone().filter(|item| item.progress == 100).count();
        let of = results.count();
        objective.key_results = (snapshot.everything && of > 0).then_some((done, of));
        objective.parts = parts;
    }
}

/// What health is judged by.
struct Context<'a> {
    snapshot: &'a Snapshot,
    last: Vec<Option<Moment>>,
    bands: Option<&'a [(u8, u8)]>,
    then: HashMap<usize, u8>,
}

impl Context<'_> {
    fn change(&self, place: usize) -> Option<i64> {
        let then = self.then.get(&place)?;
        Some(i64::from(self.snapshot.items[place].progress) - i64::from(*then))
    }

    fn health(&self, place: usize) -> Health {
        let item = &self.snapshot.items[place];
        if item.progress == 100 {
            return Health::Closed;
        }
        let Some(whole) = &item.whole else {
            return Health::Outlined;
        };
        let today = self.snapshot.at.day();
        let late = whole.due.map_or(0, |due| today.since(due.day()));
        if late > 0 {
            return Health::Overdue { days: late };
        }
        if let Some(ends) = whole.due.and_then(|due| self.ends_late(place, whole, due)) {
            let gone = whole.due.map_or(0, |due| self.gone(whole, due));
            return match item.progress {
                0 => Health::Unmoved { gone },
                _ => Health::AtRisk { ends },
            };
        }
        let last = self.last[place].unwrap_or(whole.created);
        if self.snapshot.at.0 - last.0 >= THRESHOLDS.stale_days * DAY {
            return Health::Stale { since: last.day() };
        }
        match self.bands.map(|bands| bands[place]) {
            Some((low, high)) if high - low >= THRESHOLDS.band_points => {
                Health::Unsized { low, high }
            }
            _ if item.progress == 0 => Health::NotStarted,
            _ => Health::OnTrack,
        }
    }

    /// Per cent of the time from its creation to its due date.
    fn gone(&self, whole: &Whole, due: Moment) -> i64 {
        let span = (due.0 - whole.created.0).max(1);
        ((self.snapshot.at.0 - whole.created.0) * 100 / span).clamp(0, 100)
    }

    /// When it ends at its pace, if that is too late: since it was created, or since the last report if that is better.
    /// The activity log could tell no pace in between: derived progress is not logged, and to reckon it from logged edits
    /// of what is below would take edits of items that the reader may not see.
    fn ends_late(&self, place: usize, whole: &Whole, due: Moment) -> Option<Option<Day>> {
        let at = self.snapshot.at;
        let span = due.0 - whole.created.0;
        let may_be_late = span * THRESHOLDS.late_percent / 100;
        if span <= 0 || at.0 - whole.created.0 < may_be_late {
            return None;
        }
        let progress = i64::from(self.snapshot.items[place].progress);
        let end = |since: Moment, then: i64| {
            let gained = progress - then;
            let left = (gained > 0).then(|| (at.0 - since.0) * (100 - progress) / gained)?;
            (left <= FORESEEABLE).then_some(Moment(at.0 + left))
        };
        let whole_time = end(whole.created, 0);
        let before = self.snapshot.before.as_ref().map(|before| before.at);
        let before = before.filter(|before| at.0 - before.0 >= THRESHOLDS.pace_days * DAY);
        let lately = before.and_then(|before| end(before, i64::from(*self.then.get(&place)?)));
        let ends = whole_time.into_iter().chain(lately).min();
        match ends {
            Some(ends) if ends.0 <= due.0 + may_be_late => None,
            ends => Some(ends.map(Moment::day)),
        }
    }
}
