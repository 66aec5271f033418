//! What the tool asks before anything else: which version this is.

use serde_json::json;

use crate::error::VERSION;
use crate::http::{Answer, Call, Reply};
use crate::App;

pub(crate) fn route(_app: &App, call: &Call) -> Option<Reply> {
    match (call.method.as_str(), call.segments().as_slice()) {
        ("GET", ["health", "version"]) => Some(Ok(Answer::json(200, json!({"version": VERSION})))),
        _ => None,
    }
}
