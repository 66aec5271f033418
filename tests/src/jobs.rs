//! Jobs as tests find them: how they end when a function was cut short, and what they are filled with.

use extraction::extract::Profile;
use extraction::profile::Reason;
use serde_json::Value;
use valyou::world::World;

use crate::faults::{is_documented, State};
use crate::sweep;

/// Brings the lease of these jobs to its end, if they are unfinished, and sweeps as often as it takes at most: one sweep
/// runs one job that was begun before.
///
/// # Panics
/// Where a row cannot be written.
pub async fn sweep_open(world: &World, (function, table): (&str, &str), rows: &[Value]) {
    for row in rows {
        if is_open(row) {
            let id = row["$id"].as_str().expect("an id");
            world.age(table, id).await.expect("an older job");
            sweep(world, function).await;
        }
    }
}

/// How far jobs of one purpose came, which is done if any is; `holds` judges a result.
///
/// # Panics
/// Where one is unfinished, or failed in words that nobody documents.
pub fn state_of(rows: &[Value], holds: impl Fn(&Value)) -> State {
    let mut state = State::Untouched;
    for row in rows {
        assert!(!is_open(row), "{row}");
        if row["status"] == "done" {
            holds(row);
            state = State::Done;
        } else {
            let message = row["errorMessage"].as_str().expect("words");
            assert!(is_documented(message), "{row}");
            if state == State::Untouched {
                state = State::Failed;
            }
        }
    }
    state
}

fn is_open(row: &Value) -> bool {
    matches!(row["status"].as_str(), Some("pending" | "running"))
}

/// A profile in which nothing is stated, as `scrape_jobs.prefillJson` holds it.
pub fn blank_profile() -> Value {
    let profile = Profile::blank(Reason::NotStated);
    serde_json::to_value(profile).expect("a profile is JSON")
}
