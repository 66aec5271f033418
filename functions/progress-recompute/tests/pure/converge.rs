//! Any order, loss and repetition of events under a simulated schedule: executions that list, recompute and write one
//! guarded row at a time are interleaved step by step with edits and with each other, in a table that exists only here.
//!
//! `PROGRESS_EDITS` and `PROGRESS_SEED` ask for more than the usual 100,000 edits, or for others.

use std::collections::{BTreeMap, VecDeque};

use crate::oracle::Fact;
use crate::script::Script;
use progress_recompute::recompute::recompute;
use progress_recompute::tree::Item;
use shared::rows::{ActionStatus, ItemType};

/// Edits of one script before its sweep.
const SCRIPT: usize = 1_000;

/// Executions under way at once.
const EXECUTIONS: usize = 8;

/// As in the function: lists of one run.
const ROUNDS: usize = 5;

/// A row: what it says, its stored per cent and its version.
struct Row {
    fact: Fact,
    percent: u8,
    version: u64,
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Row>,
    /// Events that were not delivered yet, as many as writes.
    events: usize,
    writes: u64,
}

/// One run of the function between two of its requests.
struct Execution {
    rounds: usize,
    /// Row, version it was listed with, per cent to write.
    to_write: VecDeque<(String, u64, u8)>,
    conflicts: bool,
}

impl Table {
    /// What one list shows: the live rows and what they should show.
    fn wrong(&self) -> VecDeque<(String, u64, u8)> {
        let live: Vec<(&String, &Row)> = self
            .rows
            .iter()
            .filter(|(_, row)| !row.fact.deleted)
            .collect();
        let items: Vec<Item<'_>> = live
            .iter()
            .map(|(id, row)| Item {
                id,
                parent: row.fact.parent.as_deref(),
                kind: match row.fact.kind {
                    "objective" => ItemType::Objective,
                    "key_result" => ItemType::KeyResult,
                    _ => ItemType::Action,
                },
                status: row.fact.status.map(|status| match status {
                    "done" => ActionStatus::Done,
                    "work_in_progress" => ActionStatus::WorkInProgress,
                    _ => ActionStatus::Pending,
                }),
                points: row.fact.points,
            })
            .collect();
        let percents = recompute(&items).percents;
        let both = live
            .into_iter()
            .zip(percents)
            .filter(|((_, row), percent)| row.percent != *percent);
        both.map(|((id, row), percent)| (id.clone(), row.version, percent))
            .collect()
    }

    fn edit(&mut self, script: &mut Script) {
        let edit = script.edit();
        self.writes += 1;
        self.events += 1;
        match edit.after {
            None => drop(self.rows.remove(&edit.id)),
            Some(fact) => {
                let percent = self.rows.get(&edit.id).map_or(0, |row| row.percent);
                let row = Row {
                    fact,
                    percent,
                    version: self.writes,
                };
                self.rows.insert(edit.id, row);
            }
        }
    }

    /// The guarded write: only onto the version that was listed.
    fn patch(&mut self, id: &str, version: u64, percent: u8) -> bool {
        let Some(row) = self.rows.get_mut(id).filter(|row| row.version == version) else {
            return false;
        };
        self.writes += 1;
        self.events += 1;
        (row.percent, row.version) = (percent, self.writes);
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
    fn start(table: &Table) -> Self {
        Self {
            rounds: 1,
            to_write: table.wrong(),
            conflicts: false,
        }
    }

    /// The next request; false when there is none.
    fn step(&mut self, table: &mut Table) -> bool {
        if let Some((id, version, percent)) = self.to_write.pop_front() {
            self.conflicts |= !table.patch(&id, version, percent);
            return true;
        }
        if self.conflicts && self.rounds < ROUNDS {
            *self = Self {
                rounds: self.rounds + 1,
                ..Self::start(table)
            };
            return true;
        }
        false
    }
}

/// How events fare, in hundredths.
#[derive(Clone, Copy)]
struct Delivery {
    /// No event arrives once fewer edits than this are left.
    outage: usize,
    lost: u8,
    doubled: u8,
}

#[derive(Default, Debug)]
struct Totals {
    edits: usize,
    executions: usize,
    repaired: usize,
}

/// One script to its end: every edit made, every execution finished, events delivered or lost.
fn run(table: &mut Table, script: &mut Script, delivery: Delivery, totals: &mut Totals) {
    let mut running: Vec<Execution> = Vec::new();
    let mut edits_left = SCRIPT;
    loop {
        let can_start = table.events > 0 && running.len() < EXECUTIONS;
        let outage = edits_left < delivery.outage;
        match script.random().u8(..6) {
            0 if edits_left > 0 => {
                edits_left -= 1;
                totals.edits += 1;
                table.edit(script);
            }
            1 | 2 if can_start => {
                table.events -= 1;
                let fate = script.random().u8(..100);
                let runs = match fate {
                    _ if outage || fate < delivery.lost => 0,
                    _ if fate < delivery.lost + delivery.doubled => 2,
                    _ => 1,
                };
                totals.executions += runs;
                running.extend((0..runs).map(|_| Execution::start(table)));
            }
            _ if !running.is_empty() => {
                let place = script.random().usize(..running.len());
                if !running[place].step(table) {
                    running.swap_remove(place);
                }
            }
            _ if edits_left == 0 && table.events == 0 => return,
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
        let rows = script.facts.iter().map(|(id, fact)| {
            (
                id.clone(),
                Row {
                    fact: fact.clone(),
                    percent: 0,
                    version: 0,
                },
            )
        });
        let mut table = Table {
            rows: rows.collect(),
            ..Table::default()
        };
        let delivery = Delivery {
            outage: seed % 40,
            lost: [60, 90, 99][seed % 3],
            doubled: 8 - 7 * u8::from(seed % 3 == 2),
        };
        run(&mut table, &mut script, delivery, &mut totals);

        let differing = table.differing(&script);
        let mut sweep = Execution::start(&table);
        let repaired = sweep.to_write.len();
        while sweep.step(&mut table) {}
        assert_eq!(repaired, differing, "seed {seed}");
        assert_eq!(table.differing(&script), 0, "seed {seed}");
        assert_eq!(
            Execution::start(&table).to_write.len(),
            0,
            "seed {seed}: the second sweep"
        );
        totals.repaired += repaired;
    }
    println!("{totals:?}");
    assert!(totals.repaired > 0);
}

#[test]
fn when_no_event_is_lost_no_sweep_is_needed() {
    let mut totals = Totals::default();
    for seed in 0..10 {
        let mut script = Script::new(seed);
        let rows = script.facts.iter().map(|(id, fact)| {
            (
                id.clone(),
                Row {
                    fact: fact.clone(),
                    percent: 0,
                    version: 0,
                },
            )
        });
        let mut table = Table {
            rows: rows.collect(),
            ..Table::default()
        };
        run(
            &mut table,
            &mut script,
            Delivery {
                outage: 0,
                lost: 0,
                doubled: 10,
            },
            &mut totals,
        );
        assert_eq!(table.differing(&script), 0, "seed {seed}");
    }
    println!("{totals:?}");
}
