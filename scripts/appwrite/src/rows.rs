//! Rows: reading, writing and finding them, permissions, transactions, and the routes of databases under both of their
//! names.

mod bulk;
mod change;
mod commit;
pub(crate) mod events;
mod naming;
mod operation;
mod operators;
mod overlay;
mod permissions;
mod plan;
mod row;
mod search;
mod single;
mod staging;
mod state;
pub(crate) mod transaction;
mod transactions;

use crate::schema;
use crate::wire::{Call, Reply};

pub(crate) use self::state::Rows;

pub(crate) fn route(state: &Rows, call: &Call) -> Option<Reply> {
    let reply = match call.segments().as_slice() {
        ["tablesdb", rest @ ..] => dispatch(state, call, rest),
        ["databases", rest @ ..] => {
            let rest: Vec<&str> = rest
                .iter()
                .map(|segment| naming::newer(naming::SEGMENTS, segment))
                .collect();
            let call = Call {
                body: naming::renamed_body(&call.body),
                ..call.clone()
            };
            dispatch(state, &call, &rest)
                .map(|reply| reply.map(naming::older_answer).map_err(naming::older_error))
        }
        _ => None,
    };
    reply.map(|reply| reply.map(|answer| naming::formatted(call, answer)))
}

/// By the newer names.
fn dispatch(state: &Rows, call: &Call, segments: &[&str]) -> Option<Reply> {
    if let Some(error) = state.schema.races.refusal(call, segments) {
        state.schema.races.answered(call, segments);
        return Some(Err(error));
    }
    let reply = transactions::route(state, call, segments)
        .or_else(|| single::route(state, call, segments))
        .or_else(|| schema::route(&state.schema, call, segments));
    // Who asked before the description could be seen saw nothing of the race.
    let saw_none = |reply: &Reply| matches!(reply, Err(error) if error.kind == "table_not_found");
    if !reply.as_ref().is_some_and(saw_none) {
        state.schema.races.answered(call, segments);
    }
    reply
}
