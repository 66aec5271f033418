//! The routes of executions.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::functions::executions::asked::Asked;
use crate::functions::executions::job::{client_address, Job, Trigger};
use crate::functions::executions::record::{
    formatted, insert, is_visible, kept, known, no_deployment, not_found, shown,
};
use crate::functions::executions::run::{later, start, wait_for};
use crate::functions::state::Functions;
use crate::functions::{function, multipart};
use crate::options::Line;
use crate::storage::{listing, records, Kind, Queries};
use crate::wire::{Actor, Answer, Call, Error, Reply};

/// What a list may be asked for by.
const QUERIES: Queries = Queries::of(&[
    "trigger",
    "status",
    "responseStatusCode",
    "duration",
    "requestMethod",
    "requestPath",
    "deploymentId",
]);

pub(crate) fn route(
    state: &Arc<Functions>,
    call: &Call,
    function: &str,
    rest: &[&str],
) -> Option<Reply> {
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(state, call, function),
        ("GET", []) => list(state, call, function),
        ("GET", [id]) => get(state, call, function, id),
        ("DELETE", [id]) => delete(state, call, function, id),
        _ => return None,
    })
}

fn create(state: &Arc<Functions>, call: &Call, function: &str) -> Reply {
    call.actor.need(&["executions.write", "execution.write"])?;
    let asked = Asked::read(&call.json()?, call.edition.line)?;
    let function = runnable(state, call, function)?;
    let user = call.actor.user_id();
    let trigger = match asked.scheduled_at {
        Some(_) => Trigger::Schedule,
        None => Trigger::Http,
    };
    let mut job = Job::new(function, trigger, user);
    job.method = asked.method;
    job.path = asked.path;
    job.body = asked.body.into_bytes();
    job.headers = asked.headers;
    let session = match &call.actor {
        Actor::User { session, .. } => session.as_deref(),
        Actor::Guest | Actor::Key { .. } => None,
    };
    let jwt = match (user, session, asked.background) {
        // Only the worker, which runs things in the background, makes a token without a session.
        (Some(user), Some(_), _) | (Some(user), None, true) => {
            state.access.execution_jwt(user, session, job.timeout())
        }
        _ => String::new(),
    };
    job.set_platform(state, &jwt);
    job.set("x-appwrite-client-ip", client_address(&call.headers));
    if let Some(moment) = asked.scheduled_at {
        let record = later(state, job, moment)?;
        return Ok(Answer::json(202, just_made(state, call, record)));
    }
    if asked.background {
        job.set("x-appwrite-event", "");
        let record = job.record("waiting");
        insert(state, &kept(&record, &job))?;
        let open = state.workers.open();
        start(Arc::clone(state), job, open);
        return Ok(Answer::json(202, just_made(state, call, record)));
    }
    let waiting = wait_for(state, job);
    let (record, body) = tokio::runtime::Handle::current().block_on(waiting)?;
    let mut record = just_made(state, call, shown(&record, call));
    if multipart::is_accepted(&call.headers) {
        return Ok(multipart::answer(201, &record, &body));
    }
    let text = String::from_utf8(body);
    let refused = |_| Error::unknown("the function answered bytes that are no text");
    record["responseBody"] = json!(text.map_err(refused)?);
    Ok(Answer::json(201, record))
}

/// An execution as its maker is answered. On line 2 a worker stores it, so that its times are those of a record on its way
/// there, and whoever asks for it at once does not find it.
fn just_made(state: &Functions, call: &Call, record: Value) -> Value {
    if call.edition.line == Line::V1_9 {
        return record;
    }
    state.unstored.add(records::id(&record));
    let mut record = formatted(call, record);
    for name in ["$createdAt", "$updatedAt"] {
        let time = records::text(&record, name).replacen('T', " ", 1);
        record[name] = json!(time.trim_end_matches("+00:00"));
    }
    record
}

/// The function, if this caller may run it and it can be run.
fn runnable(state: &Functions, call: &Call, id: &str) -> Result<Value, Error> {
    let function = state
        .store
        .read(|connection| records::find(connection, Kind::Function, id))?
        .filter(|function| call.actor.is_key() || function["enabled"] == json!(true))
        .ok_or_else(function::not_found)?;
    if records::text(&function, "deploymentId").is_empty() {
        return Err(no_deployment());
    }
    let wanted = records::texts(&function, "execute");
    let held = call.actor.roles();
    if call.actor.is_key() || wanted.iter().any(|role| held.iter().any(|one| one == role)) {
        return Ok(function);
    }
    let message = match wanted.last() {
        None => "No permissions provided for action 'execute'".to_owned(),
        Some(last) => format!(
            "Missing \"execute\" permission for role \"{last}\". Only \"{}\" scopes are allowed and \"{}\" was given.",
            json!(held),
            json!(wanted)
        ),
    };
    Err(Error::new(401, "user_unauthorized", message))
}

fn list(state: &Functions, call: &Call, function: &str) -> Reply {
    call.actor.need(&["executions.read", "execution.read"])?;
    state.store.read(|connection| {
        visible_function(connection, call, function)?;
        let executions = records::children(connection, Kind::Execution, function)?
            .into_iter()
            .filter(|execution| is_visible(execution, &call.actor))
            .collect();
        let shown = |execution: &Value| Ok(formatted(call, shown(execution, call)));
        listing::answer_shown(call, "executions", QUERIES, executions, shown)
    })
}

fn get(state: &Functions, call: &Call, function: &str, id: &str) -> Reply {
    call.actor.need(&["executions.read", "execution.read"])?;
    state.store.read(|connection| {
        visible_function(connection, call, function)?;
        let execution = known(connection, function, id)?
            .filter(|execution| is_visible(execution, &call.actor))
            .filter(|_| !state.unstored.take(id))
            .ok_or_else(not_found)?;
        Ok(Answer::json(200, formatted(call, shown(&execution, call))))
    })
}

fn delete(state: &Functions, call: &Call, function: &str, id: &str) -> Reply {
    call.actor
        .manage(&["executions.write", "execution.write"])?;
    state.store.write(|transaction| {
        function::known(transaction, function)?;
        let execution = known(transaction, function, id)?.ok_or_else(not_found)?;
        let unfinished = !matches!(
            records::text(&execution, "status"),
            "completed" | "failed" | "scheduled"
        );
        if unfinished {
            return Err(Error::new(
                400,
                "execution_in_progress",
                "Can't delete ongoing execution. Please wait for the execution to finish before deleting it.",
            ));
        }
        records::delete(transaction, Kind::Execution, id)?;
        Ok(Answer::empty())
    })
}

fn visible_function(connection: &Connection, call: &Call, id: &str) -> Result<(), Error> {
    let function = function::known(connection, id)?;
    if call.actor.is_key() || function["enabled"] == json!(true) {
        return Ok(());
    }
    Err(function::not_found())
}
