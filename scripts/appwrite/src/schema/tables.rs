//! Tables: name, permissions, switches. Columns and indexes are made one by one, by their own routes.

use crate::clock::now_text;
use crate::schema::catalog::{self, Table};
use crate::schema::databases::NAME_LENGTH;
use crate::schema::state::Schema;
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
        refuse_inline(&body)?;
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
        let table = catalog::create(connection, &database, table)?;
        state.races.described(&table.database, &table.id);
        Ok(table)
    })?;
    state.races.wait(&table.database, &table.id);
    Ok(Answer::json(201, table.body()))
}

/// Columns and indexes inside the call are an experimental corner of the real server that refuses most of what the
/// other routes take; here all of it is refused, with its words where it has some.
fn refuse_inline(body: &Body) -> Result<(), Error> {
    const TAKEN: &[&str] = &[
        "string", "integer", "boolean", "double", "datetime", "email", "url", "ip", "enum",
    ];
    let list = |name: &str| {
        body.get(name)
            .and_then(|value| value.as_array())
            .cloned()
            .unwrap_or_default()
    };
    for column in list("columns") {
        let key = column["key"].as_str().unwrap_or_default();
        let kind = column["type"].as_str().unwrap_or_default();
        if !TAKEN.contains(&kind) {
            return Err(Error::argument(format!(
                "Invalid type for attribute '{key}': {kind}"
            )));
        }
    }
    for (position, index) in list("indexes").iter().enumerate() {
        if !index["attributes"].is_array() {
            return Err(Error::argument(format!(
                "Index at position {position} is missing required field 'attributes' (must be an array)"
            )));
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
