//! What the tool asks before anything else: which version this is.

use serde_json::json;

use crate::wire::{Answer, Call, Reply};

pub(crate) fn route(call: &Call) -> Option<Reply> {
    match (call.method.as_str(), call.segments().as_slice()) {
        ("GET", ["health", "version"]) => Some(version(call)),
        _ => None,
    }
}

fn version(call: &Call) -> Reply {
    call.actor.public()?;
    Ok(Answer::json(
        200,
        json!({"version": call.edition.line.version()}),
    ))
}
