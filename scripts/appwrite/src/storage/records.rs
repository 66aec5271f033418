//! Users, teams, functions, executions and the like: one JSON object each, in the order they were made. Not rows: those
//! have columns, indexes and tables of their own.

use rusqlite::{params, Connection, OptionalExtension};
use serde_json::{json, Value};

use crate::clock;
use crate::wire::Error;

pub(crate) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS records (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL COLLATE appwrite,
    parent TEXT NOT NULL COLLATE appwrite,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS records_by_parent ON records (kind, parent);
CREATE INDEX IF NOT EXISTS records_by_user ON records (kind, json_extract(body, '$.userId'));
CREATE INDEX IF NOT EXISTS records_by_email ON records (kind, json_extract(body, '$.email'));
CREATE INDEX IF NOT EXISTS records_by_phone ON records (kind, json_extract(body, '$.phone'));
CREATE INDEX IF NOT EXISTS records_by_status ON records (kind, json_extract(body, '$.status'));
";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    /// Parent: its user.
    Session,
    Team,
    /// Parent: its team.
    Membership,
    Function,
    /// Parent: its function, as of the next two; none for a variable of the project.
    Variable,
    Deployment,
    Execution,
    Key,
    /// Parent: its function.
    Rule,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Session => "session",
            Self::Team => "team",
            Self::Membership => "membership",
            Self::Function => "function",
            Self::Variable => "variable",
            Self::Deployment => "deployment",
            Self::Execution => "execution",
            Self::Key => "key",
            Self::Rule => "rule",
        }
    }
}

pub(crate) fn find(connection: &Connection, kind: Kind, id: &str) -> Result<Option<Value>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM records WHERE kind = ?1 AND id = ?2")?;
    let body: Option<String> = statement
        .query_row(params![kind.name(), id], |row| row.get(0))
        .optional()?;
    body.map(|body| parsed(&body)).transpose()
}

/// All of one kind, oldest first.
pub(crate) fn all(connection: &Connection, kind: Kind) -> Result<Vec<Value>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM records WHERE kind = ?1 ORDER BY sequence")?;
    let bodies = statement.query_map(params![kind.name()], |row| row.get::<_, String>(0))?;
    bodies.map(|body| parsed(&body?)).collect()
}

/// Those of one parent, oldest first.
pub(crate) fn children(
    connection: &Connection,
    kind: Kind,
    parent: &str,
) -> Result<Vec<Value>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM records WHERE kind = ?1 AND parent = ?2 ORDER BY sequence",
    )?;
    let bodies =
        statement.query_map(params![kind.name(), parent], |row| row.get::<_, String>(0))?;
    bodies.map(|body| parsed(&body?)).collect()
}

/// Those that say exactly this, oldest first. Quick for `userId`, `email`, `phone` and `status`, which are indexed.
pub(crate) fn saying(
    connection: &Connection,
    kind: Kind,
    name: &'static str,
    value: &str,
) -> Result<Vec<Value>, Error> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT body FROM records WHERE kind = ?1 AND json_extract(body, '$.{name}') = ?2 \
         ORDER BY sequence"
    ))?;
    let bodies = statement.query_map(params![kind.name(), value], |row| row.get::<_, String>(0))?;
    bodies.map(|body| parsed(&body?)).collect()
}

/// Adds a record under its `$id`; false when that id is taken.
pub(crate) fn insert(
    connection: &Connection,
    kind: Kind,
    parent: &str,
    body: &Value,
) -> Result<bool, Error> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO records (kind, id, parent, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )?;
    let added = statement.execute(params![kind.name(), id(body), parent, body.to_string()])?;
    Ok(added == 1)
}

/// Replaces a record by its `$id`, as it is given.
pub(crate) fn replace(connection: &Connection, kind: Kind, body: &Value) -> Result<(), Error> {
    let mut statement =
        connection.prepare_cached("UPDATE records SET body = ?3 WHERE kind = ?1 AND id = ?2")?;
    statement.execute(params![kind.name(), id(body), body.to_string()])?;
    Ok(())
}

/// Replaces a record that was changed, with a new `$updatedAt`.
pub(crate) fn update(connection: &Connection, kind: Kind, body: &mut Value) -> Result<(), Error> {
    body["$updatedAt"] = json!(clock::now_text());
    replace(connection, kind, body)
}

pub(crate) fn delete(connection: &Connection, kind: Kind, id: &str) -> Result<bool, Error> {
    let mut statement =
        connection.prepare_cached("DELETE FROM records WHERE kind = ?1 AND id = ?2")?;
    Ok(statement.execute(params![kind.name(), id])? == 1)
}

pub(crate) fn delete_children(
    connection: &Connection,
    kind: Kind,
    parent: &str,
) -> Result<(), Error> {
    let mut statement =
        connection.prepare_cached("DELETE FROM records WHERE kind = ?1 AND parent = ?2")?;
    statement.execute(params![kind.name(), parent])?;
    Ok(())
}

/// A text of a record, empty where it has none.
pub(crate) fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_default()
}

/// A list of texts of a record.
pub(crate) fn texts<'a>(record: &'a Value, name: &str) -> Vec<&'a str> {
    record[name]
        .as_array()
        .map(|list| list.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}

pub(crate) fn id(record: &Value) -> &str {
    text(record, "$id")
}

/// A copy without the named keys, for an answer that leaves them out.
pub(crate) fn without(record: &Value, names: &[&str]) -> Value {
    let mut copy = record.clone();
    if let Some(object) = copy.as_object_mut() {
        // Not `remove`: that moves the last key into the gap.
        names.iter().for_each(|name| {
            object.shift_remove(*name);
        });
    }
    copy
}

fn parsed(body: &str) -> Result<Value, Error> {
    serde_json::from_str(body).map_err(|error| Error::unknown(error.to_string()))
}
