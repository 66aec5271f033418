//! Functions: their settings, code, domains and processes, and each of their runs, by a caller, an event or the time.

pub(crate) mod cron;
pub(crate) mod delivery;
pub(crate) mod deployments;
mod environment;
pub(crate) mod executions;
mod function;
mod multipart;
mod project;
pub(crate) mod rules;
mod runtime;
mod schedule;
mod scopes;
mod settings;
mod state;
mod subscriptions;
mod variables;

use std::sync::Arc;

use crate::wire::{Call, Reply};

pub(crate) use self::project::add_key;
pub(crate) use self::runtime::Outcome;
pub(crate) use self::state::Functions;

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
