//! What functions find in their environment, set by the operator: for one function, or for all of a project. The routes
//! are those of [`crate::functions::settings`] and [`crate::functions::project`].

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::storage::{records, Kind, Queries};
use crate::wire::{parameters, Body, Error};

/// Longest value of a variable.
const VALUE_LENGTH: usize = 8_192;

/// What a list may be asked for by.
pub(crate) const QUERIES: Queries = Queries::of(&["key", "resourceType", "resourceId", "secret"]);

/// A variable of a function, or of the project, as a body asks for it.
pub(crate) fn new(body: &Body, kind: &str, owner: &str) -> Result<Value, Error> {
    let (id, now) = (parameters::new_id(body, "variableId")?, clock::now_text());
    Ok(json!({
        "$id": id, "$createdAt": now, "$updatedAt": now,
        "key": parameters::text(body, "key", 255)?, "value": value(body)?,
        "secret": parameters::boolean(body, "secret", true)?,
        "resourceType": kind, "resourceId": owner,
    }))
}

/// The value may be empty, but has to be there.
pub(crate) fn value(body: &Body) -> Result<String, Error> {
    match parameters::sent(body, "value") {
        Some(Value::String(text)) if text.is_empty() => Ok(String::new()),
        Some(_) | None => parameters::text(body, "value", VALUE_LENGTH),
    }
}

/// As it is answered: the value of a secret one is never given back.
pub(crate) fn shown(variable: &Value) -> Value {
    let mut shown = variable.clone();
    if variable["secret"] == json!(true) {
        shown["value"] = json!("");
    }
    shown
}

/// Names and values of those that belong to a function, or to the project.
pub(crate) fn environment(
    connection: &Connection,
    owner: &str,
) -> Result<Vec<(String, String)>, Error> {
    let variables = records::children(connection, Kind::Variable, owner)?;
    let text = |variable: &Value, name| records::text(variable, name).to_owned();
    Ok(variables
        .iter()
        .map(|variable| (text(variable, "key"), text(variable, "value")))
        .collect())
}

pub(crate) fn not_found() -> Error {
    Error::not_found("variable_not_found", "Variable")
}

pub(crate) fn already_exists() -> Error {
    let message =
        "Variable with the same ID already exists in this project. Try again with a different ID.";
    Error::new(409, "variable_already_exists", message)
}

pub(crate) fn cannot_unset_secret() -> Error {
    let message =
        "Secret variables cannot be marked as non-secret. Please re-create the variable if this is your intention.";
    Error::new(400, "variable_cannot_unset_secret", message)
}
