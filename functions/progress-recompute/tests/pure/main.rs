//! The pure core against tables, an oracle of its own, brute force and a simulated schedule.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

mod board;
mod converge;
mod explain;
mod oracle;
mod recompute;
mod script;

use domain::rows::{ActionStatus, ItemType};
use okr::tree::Item;
use oracle::Fact;

/// A fact as the core takes it.
fn item<'a>(id: &'a str, fact: &'a Fact) -> Item<'a> {
    Item {
        id,
        parent: fact.parent.as_deref(),
        kind: kind(fact.kind),
        status: fact.status.map(status),
        points: fact.points,
    }
}

fn kind(word: &str) -> ItemType {
    match word {
        "objective" => ItemType::Objective,
        "key_result" => ItemType::KeyResult,
        "action" => ItemType::Action,
        other => panic!("{other} is no type"),
    }
}

fn status(word: &str) -> ActionStatus {
    match word {
        "pending" => ActionStatus::Pending,
        "work_in_progress" => ActionStatus::WorkInProgress,
        "done" => ActionStatus::Done,
        other => panic!("{other} is no status"),
    }
}
