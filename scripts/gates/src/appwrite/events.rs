//! What functions are told when rows change: `events-writes` is asked again, and what its functions get for each write
//! is compared with `events-received`.

use serde_json::Value;

use super::compare;
use super::player::Player;
use super::recording::{text, Exchange, Outcome};

pub(super) const WRITES: &str = "events-writes";
pub(super) const RECEIVED: &str = "events-received";

/// Stands in the note where a write triggered nothing.
const NOTHING: &str = "nothing was triggered";

/// The outcome of every line of `events-received`.
pub(super) async fn received(
    mut player: Player<'_>,
    writes: &[Exchange],
    lines: &[Exchange],
) -> anyhow::Result<Vec<Outcome>> {
    let mut got: Vec<(usize, Value)> = Vec::new();
    player.appwrite.idle().await;
    player.host.take_received();
    for (position, write) in writes.iter().enumerate() {
        player.prepare(position, write).await?;
        player.appwrite.idle().await;
        // What the preparation triggers belongs to nothing, except what it staged: that triggers nothing.
        player.host.take_received();
        player.ask(position, write).await?;
        player.appwrite.idle().await;
        for request in player.host.take_received() {
            got.push((position, request));
        }
    }
    player.appwrite.tick("vf-cron").await?;
    player.appwrite.idle().await;
    for request in player.host.take_received() {
        got.push((writes.len(), request));
    }

    let mut outcomes = Vec::new();
    for line in lines {
        let write = writes.iter().position(|write| {
            write.case == line.case && (line.note.contains(NOTHING) || write.note == line.note)
        });
        // The cron comes after the writes; a line about staging alone has no write of its own.
        let write = match (write, line.case.as_str()) {
            (Some(write), _) => Some(write),
            (None, "cron") => Some(writes.len()),
            (None, _) => None,
        };
        if line.request.is_null() {
            let told = got.iter().filter(|(position, _)| Some(*position) == write);
            outcomes.push(match told.count() {
                0 => Vec::new(),
                count => vec![format!("{count} requests to functions, not none")],
            });
            continue;
        }
        let event = text(&line.request["headers"], "x-appwrite-event");
        let function = line.function.as_deref().unwrap_or_default();
        let found = got.iter().position(|(position, request)| {
            Some(*position) == write
                && text(request, "function") == function
                && text(&request["headers"], "x-appwrite-event") == event
        });
        outcomes.push(match found {
            Some(found) => compare::requests(&line.request, &got.remove(found).1),
            None => vec![format!("{function} was not told of {event}")],
        });
    }
    // Only writes that the recording is about may trigger only what it lists.
    for (position, request) in got {
        let case = writes.get(position).map(|write| write.case.as_str());
        let heard = ["vf-rows", "vf-docs", "vf-cron"].contains(&text(&request, "function"));
        let line = lines.iter().position(|line| {
            Some(line.case.as_str()) == case && !case.is_some_and(|case| case.contains("150"))
        });
        if let (true, Some(line)) = (heard, line) {
            let function = text(&request, "function");
            outcomes[line].push(format!("{function} was told of more: {request:.200}"));
        }
    }
    Ok(outcomes)
}
