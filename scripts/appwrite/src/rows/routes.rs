//! The routes of databases under both of their names: see [`crate::rows::naming`].

use crate::rows::state::Rows;
use crate::rows::{naming, single, transactions};
use crate::schema;
use crate::wire::{Call, Reply};

pub(crate) fn route(state: &Rows, call: &Call) -> Option<Reply> {
    let reply = match call.segments().as_slice() {
        ["tablesdb", rest @ ..] => modules(state, call, rest),
        ["databases", rest @ ..] => {
            let rest: Vec<&str> = rest
                .iter()
                .map(|segment| naming::newer(naming::SEGMENTS, segment))
                .collect();
            let call = Call {
                body: naming::renamed_body(&call.body),
                ..call.clone()
            };
            modules(state, &call, &rest)
                .map(|reply| reply.map(naming::older_answer).map_err(naming::older_error))
        }
        _ => None,
    };
    reply.map(|reply| reply.map(|answer| naming::formatted(call, answer)))
}

fn modules(state: &Rows, call: &Call, segments: &[&str]) -> Option<Reply> {
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
