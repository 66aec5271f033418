//! A function as it is stored and shown.

use rusqlite::Connection;
use serde_json::Value;

use crate::functions::variables;
use crate::storage::{records, Kind};
use crate::wire::Error;

pub(crate) fn known(connection: &Connection, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Function, id)?.ok_or_else(not_found)
}

pub(crate) fn not_found() -> Error {
    Error::not_found("function_not_found", "Function")
}

/// As it is answered: with its variables.
pub(crate) fn view(connection: &Connection, mut function: Value) -> Result<Value, Error> {
    let own = records::children(connection, Kind::Variable, records::id(&function))?;
    function["vars"] = own.iter().map(variables::shown).collect();
    Ok(function)
}
