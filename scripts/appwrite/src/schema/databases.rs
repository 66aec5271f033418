//! Databases: the outermost drawer.

use rusqlite::params;
use serde_json::{json, Value};

use crate::clock::now_text;
use crate::options::Line;
use crate::schema::catalog;
use crate::storage::{listing, Queries, Store};
use crate::wire::{parameters, Answer, Call, Error, Reply};

/// Longest name: `Text(128)` in the create routes.
pub(crate) const NAME_LENGTH: usize = 128;

const READ: &[&str] = &["databases.read"];
const WRITE: &[&str] = &["databases.write"];

pub(crate) fn route(store: &Store, call: &Call, segments: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), segments) {
        ("GET", []) => list(store, call),
        ("POST", []) => create(store, call),
        ("GET", [id]) => get(store, call, id),
        ("PUT", [id]) => update(store, call, id),
        ("DELETE", [id]) => delete(store, call, id),
        _ => return None,
    })
}

/// As it is answered: line 2 tells its state.
fn shown(call: &Call, database: &catalog::Database) -> Value {
    let mut body = database.body();
    if call.edition.line == Line::V2 {
        body["status"] = json!("ready");
    }
    body
}

fn list(store: &Store, call: &Call) -> Reply {
    call.actor.manage(READ)?;
    let databases = store.read(catalog::all_databases)?;
    let entries = databases
        .iter()
        .map(|database| shown(call, database))
        .collect();
    listing::answer(call, "databases", Queries::of(&["name"]), entries)
}

fn create(store: &Store, call: &Call) -> Reply {
    call.actor.manage(WRITE)?;
    let body = call.json()?;
    let id = parameters::new_id(&body, "databaseId")?;
    let name = parameters::text(&body, "name", NAME_LENGTH)?;
    let enabled = parameters::boolean(&body, "enabled", true)?;
    let now = now_text();
    store.write(|connection| {
        let made = connection.execute(
            "INSERT INTO databases (id, name, enabled, created, updated) VALUES (?1, ?2, ?3, ?4, ?4)
             ON CONFLICT DO NOTHING",
            params![id, name, enabled, now],
        )?;
        if made == 0 {
            return Err(Error::new(
                409,
                "database_already_exists",
                format!(
                    "Database with the requested ID '{id}' already exists. Try again with a different ID or use \
                     ID.unique() to generate a unique ID."
                ),
            ));
        }
        let database = catalog::database(connection, &call.actor, &id)?;
        Ok(Answer::json(201, shown(call, &database)))
    })
}

fn get(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(READ)?;
    let database = store.read(|connection| catalog::database(connection, &call.actor, id))?;
    Ok(Answer::json(200, shown(call, &database)))
}

fn update(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(WRITE)?;
    let body = call.json()?;
    let name = parameters::optional_text(&body, "name", NAME_LENGTH)?;
    store.write(|connection| {
        let database = catalog::database(connection, &call.actor, id)?;
        let enabled = parameters::boolean(&body, "enabled", true)?;
        connection.execute(
            "UPDATE databases SET name = ?1, enabled = ?2, updated = ?3 WHERE sequence = ?4",
            params![
                name.as_ref().unwrap_or(&database.name),
                enabled,
                now_text(),
                database.sequence
            ],
        )?;
        let database = catalog::database(connection, &call.actor, id)?;
        Ok(Answer::json(200, shown(call, &database)))
    })
}

fn delete(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(WRITE)?;
    store.write(|connection| {
        let database = catalog::database(connection, &call.actor, id)?;
        for table in catalog::all_tables(connection, &database)? {
            catalog::drop(connection, &table)?;
        }
        connection.execute(
            "DELETE FROM databases WHERE sequence = ?1",
            [database.sequence],
        )?;
        Ok(Answer::empty())
    })
}
