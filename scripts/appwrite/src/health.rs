//! What the tool asks before anything else: which version this is.

use serde_json::json;

use crate::error::VERSION;
use crate::http::{Answer, Call, Reply};
use crate::App;

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    match (call.method.as_str(), call.segments().as_slice()) {
        ("GET", ["health", "version"]) => Some(version(app, call)),
        _ => None,
    }
}

fn version(app: &App, call: &Call) -> Reply {
    call.actor.public(app)?;
    Ok(Answer::json(200, json!({"version": VERSION})))
}
