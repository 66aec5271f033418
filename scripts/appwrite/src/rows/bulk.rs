//! Bulk calls on rows: up to a hundred rows in a body, or all rows that queries find. Keys only.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::rows::change::{self, missing_payload};
use crate::rows::permissions::Reach;
use crate::rows::plan::Plan;
use crate::rows::row::{self, Row, Touch};
use crate::rows::state::{Place, Rows, WRITE};
use crate::rows::{naming, search};
use crate::schema::catalog::{self, Table};
use crate::schema::structure::{self, Mode};
use crate::wire::event::{Action, RowEvent, Via};
use crate::wire::parameters::{self, TABLE};
use crate::wire::{id, query, Answer, Body, Call, Error, Reply};

/// Most rows in a body and in an answer: `APP_LIMIT_DATABASE_BATCH`.
const BATCH: usize = 100;

/// Refuses everybody but keys, as if there were no database.
fn keys_only(call: &Call, database: &str) -> Result<(), Error> {
    if !call.actor.is_key() {
        return Err(Error::missing("database_not_found", "Database", database));
    }
    call.actor.need(WRITE)
}

/// The rows of a body, each with its id.
fn sent(body: &Body) -> Result<Vec<(String, Body)>, Error> {
    let refused = || {
        let in_words = |element: &str| {
            Error::argument(format!(
                "Invalid `rows` param: Value must a valid array no longer than {BATCH} items and Value must be a \
                 valid JSON {element}"
            ))
        };
        in_words("string").since_2(in_words("object"))
    };
    let list = body
        .get("rows")
        .and_then(Value::as_array)
        .ok_or_else(refused)?;
    if list.len() > BATCH {
        return Err(refused());
    }
    list.iter()
        .map(|row| {
            let row = row.as_object().cloned().ok_or_else(refused)?;
            let id = row.get("$id").and_then(Value::as_str).unwrap_or("unique()");
            let id = if id == "unique()" {
                id::unique()
            } else {
                id.to_owned()
            };
            if id::is_valid(&id) {
                Ok((id, row))
            } else {
                Err(structure::invalid(&format!(
                    "Invalid \"$id\" in a row: {id}"
                )))
            }
        })
        .collect()
}

pub(crate) fn create(state: &Rows, call: &Call, (database, table): Place, body: &Body) -> Reply {
    keys_only(call, database)?;
    let sent = sent(body)?;
    if sent.is_empty() {
        return Err(Error::new(
            400,
            "row_missing_data",
            "The row data is missing. Try again with row data populated.",
        ));
    }
    write(
        state,
        call,
        (database, table),
        Action::Create,
        |connection, table| create_all(connection, table, call, &sent),
    )
}

/// Does all of it at once, or nothing; the answer has the count of all rows and the first of them.
fn write(
    state: &Rows,
    call: &Call,
    (database, table): Place,
    action: Action,
    work: impl FnOnce(&Connection, &Table) -> Result<Vec<Row>, Error>,
) -> Reply {
    let (table, rows) = state.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let rows = work(connection, &table)?;
        Ok((table, rows))
    })?;
    publish(state, call, &table, &rows, action);
    let first: Vec<Value> = rows
        .iter()
        .take(BATCH)
        .map(|row| row.body(&table))
        .collect();
    let status = if action == Action::Create { 201 } else { 200 };
    let body = json!({"total": rows.len(), "rows": first});
    Ok(Answer::json(status, body))
}

pub(crate) fn create_all(
    connection: &Connection,
    table: &Table,
    call: &Call,
    sent: &[(String, Body)],
) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (id, data) in sent {
        let mut data = data.clone();
        let permissions = parameters::permissions(&data, "$permissions", TABLE)?;
        let marks = change::marks(call, &mut data, permissions);
        let data = structure::check(table, &data, Mode::Whole)?;
        // The real message has lost the id.
        let inserted = row::insert(connection, table, id, &data, &marks);
        let row = inserted.map_err(|error| match error.kind {
            "row_already_exists" => Error {
                newer: error.newer,
                ..row::already_exists("")
            },
            _ => error,
        })?;
        rows.push(row);
    }
    Ok(rows)
}

pub(crate) fn update(state: &Rows, call: &Call, (database, table): Place) -> Reply {
    keys_only(call, database)?;
    let body = call.json()?;
    let queries = query::parse(&query::in_body(&body)?)?;
    let data = body
        .get("data")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if data.is_empty() {
        return Err(missing_payload());
    }
    write(
        state,
        call,
        (database, table),
        Action::Update,
        |connection, table| {
            let plan = Plan::of(table, &queries)?;
            update_all(connection, table, call, &plan, &data)
        },
    )
}

pub(crate) fn update_all(
    connection: &Connection,
    table: &Table,
    call: &Call,
    plan: &Plan,
    data: &Body,
) -> Result<Vec<Row>, Error> {
    let mut data = data.clone();
    let permissions = parameters::permissions(&data, "$permissions", TABLE)?;
    let marks = change::marks(call, &mut data, permissions);
    // Also when no row is found.
    change::changed(table, None, &data, Mode::Partial)?;
    found(connection, table, plan)?
        .iter()
        .map(|row| {
            let data = change::changed(table, Some(row), &data, Mode::Partial)?;
            row::change(connection, table, row, &data, &marks, Touch::Always)
        })
        .collect()
}

/// All rows that queries find, unless they set a limit.
pub(crate) fn found(
    connection: &Connection,
    table: &Table,
    plan: &Plan,
) -> Result<Vec<Row>, Error> {
    let plan = Plan {
        select: None,
        limit: Some(plan.limit.unwrap_or(i64::MAX)),
        ..plan.clone()
    };
    search::rows(connection, table, &plan, &Reach::All)
}

pub(crate) fn upsert(state: &Rows, call: &Call, (database, table): Place) -> Reply {
    keys_only(call, database)?;
    let sent = sent(&call.json()?)?;
    write(
        state,
        call,
        (database, table),
        Action::Upsert,
        |connection, table| upsert_all(connection, table, call, &sent),
    )
}

pub(crate) fn upsert_all(
    connection: &Connection,
    table: &Table,
    call: &Call,
    sent: &[(String, Body)],
) -> Result<Vec<Row>, Error> {
    sent.iter()
        .map(|(id, data)| {
            let mut data = data.clone();
            let permissions = parameters::permissions(&data, "$permissions", TABLE)?;
            let marks = change::marks(call, &mut data, permissions);
            change::put(connection, call, table, id, &data, &marks)
        })
        .collect()
}

pub(crate) fn delete(state: &Rows, call: &Call, (database, table): Place) -> Reply {
    keys_only(call, database)?;
    let body = call.json()?;
    let queries = query::parse(&query::in_body(&body)?)?;
    write(
        state,
        call,
        (database, table),
        Action::Delete,
        |connection, table| {
            let plan = Plan::of(table, &queries)?;
            delete_all(connection, table, &plan)
        },
    )
}

pub(crate) fn delete_all(
    connection: &Connection,
    table: &Table,
    plan: &Plan,
) -> Result<Vec<Row>, Error> {
    let rows = found(connection, table, plan)?;
    for row in &rows {
        row::remove(connection, table, row)?;
    }
    Ok(rows)
}

/// Events go out for the first rows only, under the older name, and all but creates leak the inner name of the table.
fn publish(state: &Rows, call: &Call, table: &Table, rows: &[Row], action: Action) {
    for row in rows {
        state.stale.written(table.sequence, &row.id);
    }
    for row in rows.iter().take(BATCH) {
        let mut payload = row.body(table);
        if action != Action::Create {
            payload["$collection"] = json!(table.inside());
        }
        state.events.publish(RowEvent {
            database: table.database.clone(),
            table: table.id.clone(),
            row: row.id.clone(),
            action,
            via: Via::Collections,
            user: call.actor.user_id().map(str::to_owned),
            payload: naming::as_answered(call, payload),
        });
    }
}
