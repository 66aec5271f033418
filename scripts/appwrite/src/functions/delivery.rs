//! From a committed write to the functions that subscribed to it. Delivery is at most once, like the real one's.

use std::sync::Arc;

use serde_json::Value;

use crate::functions::executions;
use crate::functions::state::Functions;
use crate::rows::events::Queue;
use crate::storage::{records, Kind};
use crate::wire::event::RowEvent;
use crate::wire::Error;

/// Takes events from the queue until the instance stops.
pub(crate) async fn deliver(state: Arc<Functions>, mut queue: Queue) {
    while let Some((event, open)) = queue.recv().await {
        let subscribed = match subscribers(&state, &event) {
            Ok(subscribed) => subscribed,
            Err(error) => {
                eprintln!("embedded appwrite: {} is lost: {error:?}", event.name());
                continue;
            }
        };
        if subscribed.is_empty() {
            continue;
        }
        let turn = state.workers.turn().await;
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            for function in subscribed {
                // The real worker gives up on the rest of the functions when its executor fails on one.
                if !executions::on_event(&state, function, &event).await {
                    break;
                }
            }
            drop((turn, open));
        });
    }
}

/// The functions that an event starts, in the order they were made, each once.
fn subscribers(state: &Functions, event: &RowEvent) -> Result<Vec<Value>, Error> {
    let functions = state
        .store
        .read(|connection| records::all(connection, Kind::Function))?;
    let is_subscribed = |function: &Value| {
        let patterns = records::texts(function, "events");
        patterns.into_iter().any(|pattern| event.fits(pattern))
    };
    Ok(functions.into_iter().filter(is_subscribed).collect())
}
