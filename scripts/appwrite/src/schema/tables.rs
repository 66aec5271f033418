//! Tables: name, permissions, switches. Columns and indexes are made one by one, by their own routes, or on line 2 together
//! with the table.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock::now_text;
use crate::options::Line;
use crate::schema::catalog::{self, Table};
use crate::schema::column::Kind;
use crate::schema::databases::NAME_LENGTH;
use crate::schema::state::Schema;
use crate::schema::{changes, columns, indexes};
use crate::storage::{listing, Queries};
use crate::wire::parameters::{self, TABLE};
use crate::wire::{Answer, Body, Call, Error, Reply};

const READ: &[&str] = &["tables.read", "collections.read"];
const WRITE: &[&str] = &["tables.write", "collections.write"];

pub(crate) fn route(state: &Schema, call: &Call, segments: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), segments) {
        ("GET", [database, "tables"]) => list(state, call, database),
        ("POST", [database, "tables"]) => create(state, call, database),
        ("GET", [database, "tables", id]) => get(state, call, database, id),
        ("PUT", [database, "tables", id]) => update(state, call, database, id),
        ("DELETE", [database, "tables", id]) => delete(state, call, database, id),
        _ => return None,
    })
}

fn list(state: &Schema, call: &Call, database: &str) -> Reply {
    call.actor.manage(READ)?;
    let tables = state.store.read(|connection| {
        let database = catalog::database(connection, &call.actor, database)?;
        catalog::all_tables(connection, &database)
    })?;
    let known = Queries::of(&["name", "enabled", "rowSecurity", "documentSecurity"]);
    let entries = tables.iter().map(Table::body).collect();
    listing::answer(call, "tables", known, entries)
}

fn create(state: &Schema, call: &Call, database: &str) -> Reply {
    call.actor.manage(WRITE)?;
    let body = call.json()?;
    let id = parameters::new_id(&body, "tableId")?;
    let name = parameters::text(&body, "name", NAME_LENGTH)?;
    let permissions = parameters::permissions(&body, "permissions", TABLE)?.unwrap_or_default();
    let row_security = parameters::boolean(&body, "rowSecurity", false)?;
    let enabled = parameters::boolean(&body, "enabled", true)?;
    let now = now_text();
    let table = state.store.write(|connection| {
        let database = catalog::database(connection, &call.actor, database)?;
        if call.edition.line == Line::V1_9 {
            refuse_inline(&body)?;
        }
        let table = Table {
            sequence: 0,
            database: database.id.clone(),
            numbers: (0, 0),
            id,
            name,
            enabled,
            row_security,
            permissions,
            created: now.clone(),
            updated: now,
            columns: Vec::new(),
            indexes: Vec::new(),
            next: 1,
        };
        let mut table = catalog::create(connection, &database, table, call.edition)?;
        if call.edition.line == Line::V2 {
            make_inline(connection, &body, &mut table)?;
        }
        state.races.described(&table.database, &table.id);
        Ok(table)
    })?;
    state.races.wait(&table.database, &table.id);
    Ok(Answer::json(201, table.body()))
}

/// What a body lists under this name.
fn list_of(body: &Body, name: &str) -> Vec<Value> {
    let list = body.get(name).and_then(Value::as_array);
    list.cloned().unwrap_or_default()
}

fn without_columns(position: usize) -> Error {
    Error::argument(format!(
        "Index at position {position} is missing required field 'attributes' (must be an array)"
    ))
}

fn unknown_kind(key: &str, kind: &str) -> Error {
    Error::argument(format!("Invalid type for attribute '{key}': {kind}"))
}

/// Makes the columns and indexes of the call, which are there when it is answered.
fn make_inline(connection: &Connection, body: &Body, table: &mut Table) -> Result<(), Error> {
    for column in list_of(body, "columns") {
        let text = |name: &str| column[name].as_str().unwrap_or_default().to_owned();
        let (kind, format) = (text("type"), text("format"));
        let name = match (kind.as_str(), format.as_str()) {
            ("double", _) => "float",
            ("float", _) => "",
            (kind, "") => kind,
            (_, format) => format,
        };
        let known = Kind::ALL.into_iter().find(|kind| kind.route() == name);
        let known = known.ok_or_else(|| unknown_kind(&text("key"), &kind))?;
        let mut column = column.as_object().cloned().unwrap_or_default();
        column.entry("required").or_insert(json!(false));
        columns::add(table, columns::read(&column, known)?)?;
    }
    changes::columns(connection, table)?;
    for (position, index) in list_of(body, "indexes").into_iter().enumerate() {
        let mut index = index.as_object().cloned().unwrap_or_default();
        let over = index.shift_remove("attributes").filter(Value::is_array);
        index.insert(
            "columns".to_owned(),
            over.ok_or_else(|| without_columns(position))?,
        );
        let document = table.clone();
        indexes::add(table, &document, indexes::read(&index)?)?;
    }
    changes::indexes(connection, table)?;
    catalog::save(connection, table)
}

/// Columns and indexes inside the call are an experimental corner of line 1.9 that refuses most of what the other routes
/// take; here all of it is refused, with its words where it has some.
fn refuse_inline(body: &Body) -> Result<(), Error> {
    const TAKEN: &[&str] = &[
        "string", "integer", "boolean", "double", "datetime", "email", "url", "ip", "enum",
    ];
    let list = |name: &str| list_of(body, name);
    for column in list("columns") {
        let key = column["key"].as_str().unwrap_or_default();
        let kind = column["type"].as_str().unwrap_or_default();
        if !TAKEN.contains(&kind) {
            return Err(unknown_kind(key, kind));
        }
    }
    for (position, index) in list("indexes").iter().enumerate() {
        if !index["attributes"].is_array() {
            return Err(without_columns(position));
        }
    }
    if list("columns").is_empty() && list("indexes").is_empty() {
        Ok(())
    } else {
        Err(Error::argument(
            "Make columns and indexes through their own routes.",
        ))
    }
}

fn get(state: &Schema, call: &Call, database: &str, id: &str) -> Reply {
    call.actor.manage(READ)?;
    let table = state.table(call, database, id)?;
    Ok(Answer::json(200, state.document(table).body()))
}

fn update(state: &Schema, call: &Call, database: &str, id: &str) -> Reply {
    call.actor.manage(WRITE)?;
    let body = call.json()?;
    let name = parameters::optional_text(&body, "name", NAME_LENGTH)?;
    let permissions = parameters::permissions(&body, "permissions", TABLE)?;
    state.store.write(|connection| {
        let mut table = catalog::table(connection, &call.actor, database, id)?;
        table.name = name.unwrap_or(table.name);
        table.permissions = permissions.unwrap_or(table.permissions);
        table.row_security = parameters::boolean(&body, "rowSecurity", false)?;
        table.enabled = parameters::boolean(&body, "enabled", true)?;
        table.updated = now_text();
        catalog::save(connection, &table)?;
        state.races.written(table.sequence, None);
        Ok(Answer::json(200, table.body()))
    })
}

fn delete(state: &Schema, call: &Call, database: &str, id: &str) -> Reply {
    call.actor.manage(WRITE)?;
    state.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, id)?;
        catalog::drop(connection, &table)?;
        Ok(Answer::empty())
    })
}
