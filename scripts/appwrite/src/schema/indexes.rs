//! Indexes: making and removing. A new one is `processing` until [`crate::schema::changes`] has worked on it.

use serde_json::Value;

use crate::clock::now_text;
use crate::schema::catalog::{self, Index, Table};
use crate::schema::column::{self, Status};
use crate::schema::state::Schema;
use crate::storage::{listing, Queries};
use crate::wire::{parameters, Answer, Body, Call, Error, Reply};

const READ: &[&str] = &["tables.read", "collections.read", "indexes.read"];
const WRITE: &[&str] = &["tables.write", "collections.write", "indexes.write"];

/// Longest index in characters: `getMaxIndexLength` of the SQL adapter.
const LENGTH_LIMIT: u64 = 768;
/// MariaDB's 64 less the six that Appwrite makes itself.
const COUNT_LIMIT: usize = 58;

pub(crate) fn route(state: &Schema, call: &Call, segments: &[&str]) -> Option<Reply> {
    let [database, "tables", table, "indexes", rest @ ..] = segments else {
        return None;
    };
    let place = (*database, *table);
    Some(match (call.method.as_str(), rest) {
        ("GET", []) => list(state, call, place),
        ("POST", []) => create(state, call, place),
        ("GET", [key]) => get(state, call, place, key),
        ("DELETE", [key]) => delete(state, call, place, key),
        _ => return None,
    })
}

fn list(state: &Schema, call: &Call, (database, table): (&str, &str)) -> Reply {
    call.actor.manage(READ)?;
    let table = state.table(call, database, table)?;
    let entries = table
        .indexes
        .iter()
        .map(|index| index.body(&table))
        .collect();
    let known = Queries::of(&["key", "type", "status", "attributes", "error"]);
    listing::answer(call, "indexes", known, entries)
}

fn get(state: &Schema, call: &Call, (database, table): (&str, &str), key: &str) -> Reply {
    call.actor.manage(READ)?;
    let table = state.table(call, database, table)?;
    let index = &table.indexes[position(&table, key)?];
    Ok(Answer::json(200, index.body(&table)))
}

fn create(state: &Schema, call: &Call, (database, table): (&str, &str)) -> Reply {
    call.actor.manage(WRITE)?;
    let body = call.json()?;
    let index = read(&body)?;
    let answer = state.store.write(|connection| {
        let mut table = catalog::table(connection, &call.actor, database, table)?;
        let document = state.document(table.clone());
        let index = add(&mut table, &document, index)?;
        catalog::save(connection, &table)?;
        state.races.written(table.sequence, None);
        Ok(Answer::json(202, index.body(&table)))
    })?;
    state.changes.ask();
    Ok(answer)
}

/// Puts a new index into its table's description, unless it is refused there. `document` is the table as the cache has it.
pub(crate) fn add(table: &mut Table, document: &Table, index: Index) -> Result<Index, Error> {
    refuse_taken(table, &index)?;
    refuse_unavailable(document, &index)?;
    check(table, &index)?;
    let index = Index {
        number: table.next,
        ..index
    };
    table.next += 1;
    table.indexes.push(index.clone());
    Ok(index)
}

fn refuse_taken(table: &Table, index: &Index) -> Result<(), Error> {
    let mut others = table.indexes.iter();
    if others.any(|other| other.key.eq_ignore_ascii_case(&index.key)) {
        return Err(Error::new(
            409,
            "column_index_already_exists",
            format!(
                "Index with the requested key '{}' already exists. Try again with a different key.",
                index.key
            ),
        ));
    }
    if table.indexes.len() >= COUNT_LIMIT {
        return Err(Error::new(
            400,
            "column_index_limit_exceeded",
            format!(
                "The maximum number of indexes for table '{}' has been reached.",
                table.id
            ),
        ));
    }
    Ok(())
}

pub(crate) fn read(body: &Body) -> Result<Index, Error> {
    let key = parameters::id(body, "key")?;
    let kind = parameters::sent(body, "type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !matches!(kind, "key" | "fulltext" | "unique" | "spatial") {
        return Err(Error::argument(
            "Invalid `type` param: Value must be one of (key, fulltext, unique, spatial)",
        ));
    }
    let columns = parameters::texts(body, "columns", 100, 0, 255)?;
    let orders = parameters::texts(body, "orders", 100, 0, 255)?;
    let given = body
        .get("lengths")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let lengths = (0..columns.len())
        .map(|position| given.get(position).and_then(Value::as_u64).unwrap_or(0))
        .collect();
    let now = now_text();
    Ok(Index {
        number: 0,
        key,
        kind: kind.to_owned(),
        status: Status::Processing,
        error: String::new(),
        columns,
        lengths,
        orders,
        created: now.clone(),
        updated: now,
    })
}

/// Refuses columns that are there and not to be used yet, or no longer.
fn refuse_unavailable(table: &Table, index: &Index) -> Result<(), Error> {
    let mut columns = table.columns.iter();
    let unavailable =
        columns.find(|column| index.columns.contains(&column.key) && !column.is_available());
    unavailable.map_or(Ok(()), |column| Err(column::not_available(&column.key)))
}

/// Refuses what MariaDB could not index.
pub(crate) fn check(table: &Table, index: &Index) -> Result<(), Error> {
    let refused = |message: String| Err(Error::new(400, "column_index_invalid", message));
    let mut total = 0;
    for (key, given) in index.columns.iter().zip(&index.lengths) {
        let (length, text) = match key.as_str() {
            "$id" => (255, true),
            "$createdAt" | "$updatedAt" | "$sequence" => (1, false),
            _ => {
                let Some(column) = table.column(key) else {
                    return Err(Error::new(
                        400,
                        "column_unknown",
                        format!(
                            "The column '{key}' required for the index could not be found. Please confirm all your \
                             columns are in the available state."
                        ),
                    ));
                };
                if column.array {
                    return Err(Error::new(
                        400,
                        "index_invalid",
                        "Creating indexes on array attributes is not currently supported.",
                    ));
                }
                (column.index_length(), column.kind.is_text())
            }
        };
        if index.kind == "fulltext" && !text {
            return refused(format!(
                "Attribute \"{key}\" cannot be part of a fulltext index, must be of type string"
            ));
        }
        total += if *given > 0 { *given } else { length };
    }
    if index.columns.is_empty() {
        return refused("No attributes provided for index".to_owned());
    }
    if index.kind != "fulltext" && total > LENGTH_LIMIT {
        return refused(format!(
            "Index length is longer than the maximum: {LENGTH_LIMIT}"
        ));
    }
    Ok(())
}

fn delete(state: &Schema, call: &Call, (database, table): (&str, &str), key: &str) -> Reply {
    call.actor.manage(WRITE)?;
    state.store.write(|connection| {
        let mut table = catalog::table(connection, &call.actor, database, table)?;
        let at = position(&table, key)?;
        match table.indexes[at].status {
            Status::Available => {
                table.indexes[at].status = Status::Deleting;
                table.indexes[at].updated = now_text();
            }
            Status::Deleting => {}
            Status::Processing | Status::Failed => {
                table.indexes.remove(at);
            }
        }
        catalog::save(connection, &table)?;
        state.races.written(table.sequence, None);
        Ok(())
    })?;
    state.changes.ask();
    Ok(Answer::empty())
}

fn position(table: &Table, key: &str) -> Result<usize, Error> {
    let found = table.indexes.iter().position(|index| index.key == key);
    found.ok_or_else(|| {
        Error::new(
            404,
            "column_index_not_found",
            format!("Index with the requested key '{key}' could not be found."),
        )
    })
}
