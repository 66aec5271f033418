//! The routes of functions and of what belongs to them.

use std::sync::Arc;

use crate::functions::state::Functions;
use crate::functions::{deployments, executions, project, rules, settings};
use crate::wire::{Call, Reply};

pub(crate) fn route(state: &Arc<Functions>, call: &Call) -> Option<Reply> {
    match call.segments().as_slice() {
        ["functions", id, "executions", rest @ ..] => executions::route(state, call, id, rest),
        ["functions", id, "deployments" | "deployment", ..] => {
            deployments::route(state, call, id, &call.segments()[2..])
        }
        ["functions", rest @ ..] => settings::route(state, call, rest),
        ["project", shelf, rest @ ..] => project::route(&state.store, call, shelf, rest),
        ["proxy", "rules", rest @ ..] => rules::route(&state.store, call, rest),
        _ => None,
    }
}
