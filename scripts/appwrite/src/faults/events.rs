//! Events that go wrong on their way from the write to the functions, for tests: lost, doubled, late and so out of
//! order. The real server promises none of them against a crash at the wrong moment, a retried queue or eight workers
//! side by side. What goes wrong is drawn from a seed, in the order in which the events are published, and logged
//! beside the requests that functions make. It is the hostile world for whoever lives on events, as
//! progress-recompute does; requests go wrong in [`crate::faults`], reads in [`crate::faults::reads`].

use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::faults::log::Log;
use crate::wire::event::RowEvent;

/// How many of 100 events go which way; the rest comes as it should. An event that is late comes after others that
/// were published later, at the latest when nothing else is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disorder {
    pub seed: u64,
    pub lost: u32,
    pub doubled: u32,
    pub late: u32,
}

#[derive(Default)]
pub(crate) struct Disorderly(Mutex<Option<State>>);

struct State {
    disorder: Disorder,
    random: StdRng,
    held: Vec<RowEvent>,
}

impl Disorderly {
    /// Nothing: events come as they should again. Events that are held then are let go by the next [`Self::let_go`].
    pub(crate) fn set(&self, disorder: Option<Disorder>) {
        let mut state = self.state();
        let held = state.take().map(|state| state.held).unwrap_or_default();
        let calm = Disorder {
            seed: 0,
            lost: 0,
            doubled: 0,
            late: 0,
        };
        let disorder = match disorder {
            Some(disorder) => disorder,
            None if held.is_empty() => return,
            None => calm,
        };
        *state = Some(State {
            disorder,
            random: StdRng::seed_from_u64(disorder.seed),
            held,
        });
    }

    /// What to send now that this event is published.
    pub(crate) fn pass(&self, event: RowEvent, log: &Log) -> Vec<RowEvent> {
        let mut state = self.state();
        let Some(state) = state.as_mut() else {
            return vec![event];
        };
        let Disorder {
            lost,
            doubled,
            late,
            ..
        } = state.disorder;
        let drawn = state.random.gen_range(0..100);
        let name = event.name();
        let mut sent = Vec::new();
        if drawn < lost {
            log.add(|| format!("event {name} is lost"));
        } else if drawn < lost + doubled {
            log.add(|| format!("event {name} comes twice"));
            sent.push(event.clone());
            sent.push(event);
        } else if drawn < lost + doubled + late {
            log.add(|| format!("event {name} is held"));
            state.held.push(event);
        } else {
            log.add(|| format!("event {name}"));
            sent.push(event);
        }
        if !state.held.is_empty() && state.random.gen_ratio(1, 3) {
            sent.push(state.release(log));
        }
        sent
    }

    /// Everything that is held, in any order.
    pub(crate) fn let_go(&self, log: &Log) -> Vec<RowEvent> {
        let mut state = self.state();
        let Some(state) = state.as_mut() else {
            return Vec::new();
        };
        let count = state.held.len();
        (0..count).map(|_| state.release(log)).collect()
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// One of those that are held, of which there must be one.
    fn release(&mut self, log: &Log) -> RowEvent {
        let which = self.random.gen_range(0..self.held.len());
        let event = self.held.swap_remove(which);
        log.add(|| format!("event {} comes late", event.name()));
        event
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Disorder, Disorderly, Log};
    use crate::wire::event::{Action, RowEvent, Via};

    fn event(number: usize) -> RowEvent {
        RowEvent {
            database: "d".to_owned(),
            table: "t".to_owned(),
            row: number.to_string(),
            action: Action::Update,
            via: Via::Tables,
            user: None,
            payload: json!({}),
        }
    }

    fn order(seed: u64) -> (Vec<String>, Vec<String>) {
        let (disorderly, log) = (Disorderly::default(), Log::default());
        log.begin();
        disorderly.set(Some(Disorder {
            seed,
            lost: 10,
            doubled: 20,
            late: 40,
        }));
        let mut sent: Vec<RowEvent> = (0..100)
            .flat_map(|number| disorderly.pass(event(number), &log))
            .collect();
        sent.extend(disorderly.let_go(&log));
        (
            sent.into_iter().map(|event| event.row).collect(),
            log.take(),
        )
    }

    #[test]
    fn a_seed_makes_the_same_disorder_again() {
        assert_eq!(order(7), order(7));
        assert_ne!(order(7), order(8));
    }

    #[test]
    fn events_are_lost_doubled_and_late_but_none_is_made_up() {
        let (rows, log) = order(1);
        let count = |what: &str| log.iter().filter(|line| line.ends_with(what)).count();
        assert!(count("is lost") > 0 && count("comes twice") > 0 && count("is held") > 0);
        assert_eq!(count("comes late"), count("is held"));
        assert_eq!(rows.len(), 100 - count("is lost") + count("comes twice"));
        let numbers: Vec<usize> = rows.iter().map(|row| row.parse().unwrap()).collect();
        assert!(!numbers.is_sorted());
    }
}
