//! Any order, loss and repetition of events under a simulated schedule: executions of three processes, each with a memory
//! of its own, that look, list, recompute and write one guarded row at a time, interleaved step by step with edits and
//! with each other, in a table that exists only here. Writes may be seen long after the time they carry, the clocks of
//! servers and processes differ, and the count of a look is taken later than its rows.
//!
//! `PROGRESS_EDITS` and `PROGRESS_SEED` ask for more than the usual 100,000 edits, or for others.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use domain::time::Timestamp;
use okr::recompute::recompute;
use okr::tree::Item;
use progress_recompute::cache::{CachedState, Fingerprint, Look, LOOK};

use crate::item;
use crate::oracle::Fact;
use crate::script::{Edit, Script};

/// Edits of one script before its sweep.
const SCRIPT: usize = 1_000;

/// Executions under way at once.
const EXECUTIONS: usize = 8;

/// Processes of the function, and so memories.
const PROCESSES: usize = 3;

/// As in the function: lists of one run.
const ROUNDS: usize = 5;

/// The longest step of the schedule in milliseconds: of a busy workspace, a usual one, a quiet one.
const STEPS: [u64; 3] = [20, 400, 4_000];

/// Milliseconds, each: the longest that a write stays unseen, how far a key sets a time ahead, and by how much a clock is
/// wrong at most. The first and twice the last are less than what the memory allows for.
const UNSEEN: u64 = 50_000;
const AHEAD: u64 = 55_000;
const SKEW: u64 = 2_000;

/// A row: what it says, its stored per cent, its version, and the time that it carries.
struct Row {
    fact: Fact,
    percent: u8,
    version: u64,
    updated: u64,
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Row>,
    /// Edits that nobody sees yet, with the time they carry and the time when they are seen. Their rows are locked.
    unseen: Vec<(Edit, u64, u64)>,
    /// What the events tell that were not delivered yet.
    events: Vec<Option<Fingerprint>>,
    writes: u64,
    now: u64,
}

/// One run of the function between two of its requests.
struct Execution {
    process: usize,
    /// What is to be asked next.
    next: Step,
    rounds: usize,
    conflicts: bool,
    /// What the last list showed, each number right.
    right: Option<CachedState>,
}

enum Step {
    Look,
    /// The rows of the look, our own clock before it, and the writes until then.
    Count(Vec<(Fingerprint, Timestamp)>, Timestamp, u64),
    List,
    /// Row, version it was listed with, per cent to write.
    Write(VecDeque<(String, u64, u8)>),
}

/// What each process remembers.
type Memories = [Option<CachedState>; PROCESSES];

fn time(milliseconds: u64) -> Timestamp {
    let start = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    start.plus(Duration::from_millis(milliseconds))
}

fn fingerprint(id: &str, fact: &Fact, percent: u8) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    let Fact {
        parent,
        kind,
        status,
        points,
        ..
    } = fact;
    (id, parent, kind, status, points, percent).hash(&mut hasher);
    hasher.finish()
}

impl Table {
    /// The script's items, seen from long ago.
    fn new(script: &Script) -> Self {
        let row = |fact: &Fact| Row {
            fact: fact.clone(),
            percent: 0,
            version: 0,
            updated: 0,
        };
        let rows = script
            .facts
            .iter()
            .map(|(id, fact)| (id.clone(), row(fact)));
        Self {
            rows: rows.collect(),
            now: 3_600_000,
            ..Self::default()
        }
    }

    fn live(&self) -> impl Iterator<Item = (&String, &Row)> {
        self.rows.iter().filter(|(_, row)| !row.fact.deleted)
    }

    /// What one list shows: the rows that are wrong and what they should show, and the state in which none is.
    fn list(&self, asked: u64) -> (VecDeque<(String, u64, u8)>, Option<CachedState>) {
        let live: Vec<(&String, &Row)> = self.live().collect();
        let items: Vec<Item<'_>> = live.iter().map(|(id, row)| item(id, &row.fact)).collect();
        let percents = recompute(&items).percents;
        let right = live
            .iter()
            .zip(&percents)
            .map(|((id, row), percent)| (fingerprint(id, &row.fact, *percent), time(row.updated)));
        let known = CachedState::new(right.collect::<Vec<_>>().into_iter(), time(asked));
        let wrong = live.into_iter().zip(percents);
        let wrong = wrong.filter(|((_, row), percent)| row.percent != *percent);
        let wrong = wrong.map(|((id, row), percent)| (id.clone(), row.version, percent));
        (wrong.collect(), known)
    }

    /// The rows of a look.
    fn newest(&self) -> Vec<(Fingerprint, Timestamp)> {
        let mut live: Vec<(&String, &Row)> = self.live().collect();
        live.sort_by_key(|(_, row)| std::cmp::Reverse(row.updated));
        let newest = live.into_iter().take(LOOK);
        newest
            .map(|(id, row)| (fingerprint(id, &row.fact, row.percent), time(row.updated)))
            .collect()
    }

    /// A time as a server tells it.
    fn server_time(&self, script: &mut Script) -> u64 {
        self.now - SKEW + script.random().u64(..=2 * SKEW)
    }

    fn edit(&mut self, script: &mut Script) {
        let edit = script.edit();
        let updated = match script.random().u8(..40) {
            // A key says when; beyond this the client refuses the row.
            0 => self.now + AHEAD,
            _ => self.server_time(script),
        };
        // A row is locked until its last write is seen.
        while let Some(place) = self
            .unseen
            .iter()
            .position(|(other, ..)| other.id == edit.id)
        {
            let (other, updated, _) = self.unseen.swap_remove(place);
            self.see(other, updated);
        }
        match script.random().u8(..4) {
            0 => {
                let seen = self.now + script.random().u64(..UNSEEN);
                self.unseen.push((edit, updated, seen));
            }
            _ => self.see(edit, updated),
        }
    }

    /// Makes a write visible, and its event.
    fn see(&mut self, edit: Edit, updated: u64) {
        self.writes += 1;
        let Some(fact) = edit.after else {
            self.rows.remove(&edit.id);
            self.events.push(None);
            return;
        };
        let percent = self.rows.get(&edit.id).map_or(0, |row| row.percent);
        let told = (!fact.deleted).then(|| fingerprint(&edit.id, &fact, percent));
        self.events.push(told);
        let version = self.writes;
        let row = Row {
            fact,
            percent,
            version,
            updated,
        };
        self.rows.insert(edit.id, row);
    }

    fn pass(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        while let Some(place) = self.unseen.iter().position(|(.., seen)| *seen <= self.now) {
            let (edit, updated, _) = self.unseen.swap_remove(place);
            self.see(edit, updated);
        }
    }

    /// The guarded write: only onto the version that was listed.
    fn patch(&mut self, id: &str, version: u64, percent: u8, updated: u64) -> bool {
        let is_locked = self.unseen.iter().any(|(edit, ..)| edit.id == id);
        let listed = |row: &&mut Row| row.version == version && !is_locked;
        let Some(row) = self.rows.get_mut(id).filter(listed) else {
            return false;
        };
        self.writes += 1;
        (row.percent, row.version, row.updated) = (percent, self.writes, updated);
        let told = (!row.fact.deleted).then(|| fingerprint(id, &row.fact, percent));
        self.events.push(told);
        true
    }

    /// Rows that do not show what the oracle says.
    fn differing(&self, script: &Script) -> usize {
        let truth = crate::oracle::percents(&script.facts);
        truth
            .iter()
            .filter(|(id, percent)| i64::from(self.rows[*id].percent) != **percent)
            .count()
    }
}

impl Execution {
    fn start(process: usize, next: Step) -> Self {
        Self {
            process,
            next,
            rounds: 0,
            conflicts: false,
            right: None,
        }
    }

    /// For an event that tells this.
    fn of_event(process: usize, told: Option<Fingerprint>, memories: &Memories) -> Self {
        let as_known = memories[process]
            .as_ref()
            .is_some_and(|known| told.is_some_and(|told| known.has(told)));
        Self::start(process, if as_known { Step::Look } else { Step::List })
    }

    /// The next request; false when there is none.
    fn step(
        &mut self,
        table: &mut Table,
        memories: &mut Memories,
        script: &mut Script,
        totals: &mut Totals,
    ) -> bool {
        // Processes' own clocks are wrong too, each always by the same.
        let asked = table.now + [0, SKEW, 2 * SKEW][self.process] - SKEW;
        let memory = &mut memories[self.process];
        match &mut self.next {
            Step::Look => {
                totals.looks += 1;
                self.next = Step::Count(table.newest(), time(asked), table.writes);
            }
            Step::Count(rows, asked, writes) => {
                let look = Look {
                    rows: std::mem::take(rows),
                    live: table.live().count(),
                    asked: *asked,
                };
                let seen = memory.as_ref().and_then(|known| known.seen(&look));
                if seen.is_some() {
                    totals.as_known += 1;
                    *memory = seen;
                    // Between rows and count somebody may have written, whose own event is still to come.
                    let is_right = table.writes != *writes || table.list(0).0.is_empty();
                    assert!(is_right, "a look is deceived");
                    return false;
                }
                self.next = Step::List;
            }
            Step::List => {
                totals.lists += 1;
                let (wrong, right) = table.list(asked);
                self.next = Step::Write(wrong);
                (self.rounds, self.conflicts, self.right) = (self.rounds + 1, false, right);
            }
            Step::Write(wrong) => match wrong.pop_front() {
                Some((id, version, percent)) => {
                    let updated = table.server_time(script);
                    self.conflicts |= !table.patch(&id, version, percent, updated);
                }
                None if self.conflicts && self.rounds < ROUNDS => self.next = Step::List,
                None => {
                    if !self.conflicts {
                        *memory = self.right.take();
                    }
                    return false;
                }
            },
        }
        true
    }
}

/// How events fare, in hundredths.
#[derive(Clone, Copy)]
struct Delivery {
    edits: usize,
    /// No event arrives once fewer edits than this are left.
    outage: usize,
    lost: u8,
    doubled: u8,
}

#[derive(Default, Debug)]
struct Totals {
    edits: usize,
    executions: usize,
    looks: usize,
    /// Looks that were enough.
    as_known: usize,
    lists: usize,
    repaired: usize,
}

/// One script to its end: every edit made, every execution finished, events delivered or lost.
fn run(table: &mut Table, script: &mut Script, delivery: Delivery, totals: &mut Totals) {
    let mut running: Vec<Execution> = Vec::new();
    let mut memories = Memories::default();
    let mut edits_left = delivery.edits;
    let step = STEPS[script.random().usize(..STEPS.len())];
    loop {
        // Half of the steps take no time at all.
        let longest = step * script.random().u64(..2);
        let passed = script.random().u64(..=longest);
        table.pass(passed);
        let can_start = !table.events.is_empty() && running.len() < EXECUTIONS;
        let outage = edits_left < delivery.outage;
        match script.random().u8(..6) {
            0 if edits_left > 0 => {
                edits_left -= 1;
                totals.edits += 1;
                table.edit(script);
            }
            1 | 2 if can_start => {
                let event = script.random().usize(..table.events.len());
                let told = table.events.swap_remove(event);
                let fate = script.random().u8(..100);
                let runs = match fate {
                    _ if outage || fate < delivery.lost => 0,
                    _ if fate < delivery.lost + delivery.doubled => 2,
                    _ => 1,
                };
                totals.executions += runs;
                for _ in 0..runs {
                    let process = script.random().usize(..PROCESSES);
                    running.push(Execution::of_event(process, told, &memories));
                }
            }
            _ if !running.is_empty() => {
                let place = script.random().usize(..running.len());
                if !running[place].step(table, &mut memories, script, totals) {
                    running.swap_remove(place);
                }
            }
            _ if edits_left == 0 && table.events.is_empty() && table.unseen.is_empty() => return,
            _ => {}
        }
    }
}

fn setting(name: &str, usual: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test on demand is asked for by the environment"
    )]
    std::env::var(name)
        .ok()
        .map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn after_lost_doubled_and_reordered_events_one_sweep_makes_every_row_right() {
    let (edits, first_seed) = (
        setting("PROGRESS_EDITS", 100_000),
        setting("PROGRESS_SEED", 0),
    );
    let mut totals = Totals::default();
    for seed in first_seed..first_seed + edits.div_ceil(SCRIPT) {
        let mut script = Script::new(seed as u64);
        let mut table = Table::new(&script);
        let delivery = Delivery {
            edits: SCRIPT,
            outage: seed % 40,
            lost: [60, 90, 99][seed % 3],
            doubled: 8 - 7 * u8::from(seed % 3 == 2),
        };
        run(&mut table, &mut script, delivery, &mut totals);

        let differing = table.differing(&script);
        // A sweep has no use for a memory.
        let mut sweep = || {
            let before = table.writes;
            let mut execution = Execution::start(0, Step::List);
            let (mut memories, mut totals) = (Memories::default(), Totals::default());
            while execution.step(&mut table, &mut memories, &mut script, &mut totals) {}
            table.writes - before
        };
        assert_eq!(sweep() as usize, differing, "seed {seed}");
        assert_eq!(sweep(), 0, "seed {seed}: the second sweep");
        assert_eq!(table.differing(&script), 0, "seed {seed}");
        totals.repaired += differing;
    }
    println!("{totals:?}");
    assert!(totals.repaired > 0);
}

#[test]
fn when_no_event_is_lost_no_sweep_is_needed_whatever_each_process_remembers() {
    // Small trees come back to where they were before, which is what a memory could be deceived by.
    for (size, edits, seeds) in [(5, 12, 1_000), (50, 100, 100), (220, 1_000, 2)] {
        let mut totals = Totals::default();
        for seed in 0..seeds {
            let mut script = Script::of(size, seed);
            let mut table = Table::new(&script);
            let delivery = Delivery {
                edits,
                outage: 0,
                lost: 0,
                doubled: 10,
            };
            run(&mut table, &mut script, delivery, &mut totals);
            assert_eq!(table.differing(&script), 0, "{size} items, seed {seed}");
        }
        println!("{size} items: {totals:?}");
        assert!(totals.as_known > totals.looks / 4, "{totals:?}");
    }
}
