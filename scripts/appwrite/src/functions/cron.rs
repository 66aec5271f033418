//! Functions with a cron expression, when their minute comes.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Timelike, Utc};

use crate::clock;
use crate::functions::state::Functions;
use crate::functions::{executions, schedule};
use crate::storage::{records, Kind};
use crate::wire::Error;

/// How often the clock is looked at.
const POLL: Duration = Duration::from_secs(1);

/// Starts what is due until the instance stops. A minute that passed while nothing ran is not made up for.
pub(crate) async fn run(state: Arc<Functions>) {
    let mut minute = start_of_minute(clock::now());
    loop {
        tokio::time::sleep(POLL).await;
        let now = start_of_minute(clock::now());
        if now > minute {
            minute = now;
            if state.schedule.is_by_hand() {
                continue;
            }
            for function in due(&state, now).unwrap_or_else(report) {
                let state = Arc::clone(&state);
                tokio::spawn(async move { executions::scheduled(&state, &function).await });
            }
        }
    }
}

/// Ids of the functions whose cron expression names this minute; only those that are deployed.
fn due(state: &Functions, minute: DateTime<Utc>) -> Result<Vec<String>, Error> {
    let functions = state
        .store
        .read(|connection| records::all(connection, Kind::Function))?;
    Ok(functions
        .iter()
        .filter(|function| !records::text(function, "deploymentId").is_empty())
        .filter(|function| {
            schedule::parse(records::text(function, "schedule"))
                .is_some_and(|cron| cron.is_time_matching(&minute).unwrap_or(false))
        })
        .map(|function| records::id(function).to_owned())
        .collect())
}

fn start_of_minute(time: DateTime<Utc>) -> DateTime<Utc> {
    time.with_second(0)
        .and_then(|time| time.with_nanosecond(0))
        .unwrap_or(time)
}

fn report<T>(error: Error) -> Vec<T> {
    eprintln!("embedded appwrite: schedule: {error:?}");
    Vec::new()
}
