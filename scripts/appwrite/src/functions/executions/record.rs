//! An execution as it is stored and shown.

use std::time::Duration;

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::functions::executions::job::{listed, Job};
use crate::functions::runtime::Outcome;
use crate::functions::state::Functions;
use crate::options::Line;
use crate::storage::{records, Kind};
use crate::wire::{Actor, Call, Error};

/// Headers of an answer that are stored: `FUNCTION_ALLOWLIST_HEADERS_RESPONSE`.
const STORED_RESPONSE_HEADERS: [&str; 2] = ["content-type", "content-length"];

/// Why a run has no answer.
#[derive(Debug)]
pub(crate) enum Broken {
    TimedOut,
    /// The process could not be asked.
    Executor(String),
    /// The server was stopped meanwhile.
    Stopped,
}

/// Writes into the record how the run ended. `slow` says what a run that took too long is told.
pub(crate) fn conclude(
    record: &mut Value,
    result: &Result<Outcome, Broken>,
    took: Duration,
    slow: &Error,
) {
    record["duration"] = json!(took.as_secs_f64());
    match result {
        Ok(outcome) => {
            let failed = outcome.status >= 500;
            record["status"] = json!(if failed { "failed" } else { "completed" });
            record["responseStatusCode"] = json!(outcome.status);
            record["responseHeaders"] = listed(&outcome.headers, Some(&STORED_RESPONSE_HEADERS));
            record["logs"] = json!(outcome.logs);
            record["errors"] = json!(outcome.errors);
        }
        Err(broken) => {
            let (message, code) = match broken {
                Broken::TimedOut => (slow.message.as_str(), slow.status),
                Broken::Executor(message) => (message.as_str(), 0),
                Broken::Stopped => ("The server was stopped while the function ran.", 0),
            };
            record["status"] = json!("failed");
            record["responseStatusCode"] = json!(500);
            // The two characters stand there in the original, too.
            record["errors"] = json!(format!("{message}\\nError Code: {code}"));
        }
    }
}

pub(crate) fn too_slow_to_wait_for() -> Error {
    Error::new(
        408,
        "function_synchronous_timeout",
        "Synchronous function execution timed out. Use asynchronous execution instead, or ensure the execution \
         duration doesn't exceed 30 seconds.",
    )
}

pub(crate) fn too_slow() -> Error {
    Error::new(
        408,
        "function_asynchronous_timeout",
        "Asynchronous function execution timed out. Ensure the execution duration doesn't exceed the configured \
         function timeout.",
    )
}

pub(crate) fn insert(state: &Functions, record: &Value) -> Result<(), Error> {
    let function = records::text(record, "functionId");
    state.store.write(|transaction| {
        records::insert(transaction, Kind::Execution, function, record)?;
        Ok(())
    })
}

/// Where an execution that is not under way yet keeps what it will be asked; never answered.
pub(crate) const JOB: &str = "job";

/// A record with all that its job needs, so that another process can do it.
pub(crate) fn kept(record: &Value, job: &Job) -> Value {
    let mut kept = record.clone();
    kept[JOB] = json!({
        "headers": job.headers,
        "body": String::from_utf8_lossy(&job.body),
        "user": job.user,
    });
    kept
}

pub(crate) fn known(
    connection: &Connection,
    function: &str,
    id: &str,
) -> Result<Option<Value>, Error> {
    let execution = records::find(connection, Kind::Execution, id)?;
    Ok(execution.filter(|execution| records::text(execution, "functionId") == function))
}

pub(crate) fn not_found() -> Error {
    Error::not_found("execution_not_found", "Execution")
}

pub(crate) fn is_visible(execution: &Value, actor: &Actor) -> bool {
    let readers = records::texts(execution, "$permissions");
    actor.is_key()
        || actor
            .roles()
            .iter()
            .any(|role| readers.contains(&format!("read(\"{role}\")").as_str()))
}

/// As it is answered: logs and errors are for keys.
pub(crate) fn shown(execution: &Value, call: &Call) -> Value {
    let mut shown = records::without(execution, &[JOB]);
    if !call.actor.is_key() {
        shown["logs"] = json!("");
        shown["errors"] = json!("");
    }
    shown
}

/// In the format that is asked for: line 2 says of any resource what it was run of, unless it is asked in an older one.
pub(crate) fn formatted(call: &Call, mut execution: Value) -> Value {
    let is_older = call.edition.line == Line::V1_9 || call.wants_format_before((2, 0));
    if let (false, Value::Object(fields)) = (is_older, &mut execution) {
        let function = fields.shift_remove("functionId").unwrap_or_default();
        fields.insert("resourceId".to_owned(), function);
        fields.insert("resourceType".to_owned(), json!("functions"));
    }
    execution
}

pub(crate) fn no_deployment() -> Error {
    Error::new(
        404,
        "deployment_not_found",
        "Deployment not found. Create a deployment before trying to execute a function",
    )
}
