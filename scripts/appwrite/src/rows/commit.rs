//! What a commit does: all staged operations in the order staged, or none of them.

use std::collections::HashSet;

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::options::Line;
use crate::rows::naming::is_older;
use crate::rows::operation::{Action, Operation};
use crate::rows::plan::Plan;
use crate::rows::row::{self, Marks, Row, Touch};
use crate::rows::{bulk, change, operators};
use crate::schema::catalog::{self, Table};
use crate::schema::structure::{self, Mode};
use crate::storage::identity;
use crate::wire::event::{Action as Happened, RowEvent, Via};
use crate::wire::parameters::{self, TABLE};
use crate::wire::{id, query, Body, Call, Error};

/// What a commit that was done leaves to be told.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) events: Vec<RowEvent>,
    /// The rows that were changed or removed, as they were, each with its table's number and its id; of those that were
    /// made, where that counts, that there was none.
    pub(crate) before: Vec<(i64, String, Option<Row>)>,
}

/// Does all operations. The events show each row as the whole commit leaves it.
pub(crate) fn replay(
    connection: &Connection,
    call: &Call,
    operations: &[Operation],
) -> Result<Done, Error> {
    let mut happened = Vec::new();
    let mut before = Vec::new();
    // Rows that this commit itself has made newer, and those that are among `before`.
    let mut touched: HashSet<(i64, String)> = HashSet::new();
    let mut kept: HashSet<(i64, String)> = HashSet::new();
    for operation in operations {
        if !operation.resolved {
            return Err(structure::invalid(
                "Missing collection attribute $collection",
            ));
        }
        let table = catalog::table(
            connection,
            &call.actor,
            &operation.database,
            &operation.table,
        )?;
        let name = |id: &str| (table.sequence, identity(call.edition.database, id));
        let key = name(&operation.row);
        let fresh = touched.contains(&key);
        for row in affected(connection, &table, operation)? {
            if kept.insert(name(&row.id)) {
                before.push((table.sequence, row.id.clone(), Some(row)));
            }
        }
        let is_made = operation.action == Action::Create && call.edition.line == Line::V2;
        if is_made && kept.insert(key.clone()) {
            before.push((table.sequence, operation.row.clone(), None));
        }
        if let Some((action, row)) = perform(connection, call, &table, operation, fresh)? {
            happened.push((table, action, row));
        }
        touched.insert(key);
    }
    let events: Result<Vec<RowEvent>, Error> = happened
        .into_iter()
        .map(|(table, action, row)| {
            let last = row::find(connection, &table, &row.id)?.unwrap_or(row);
            Ok(event(call, &table, action, &last))
        })
        .collect();
    Ok(Done {
        events: events?,
        before,
    })
}

/// The rows that an operation will change or remove, as they are.
fn affected(
    connection: &Connection,
    table: &Table,
    operation: &Operation,
) -> Result<Vec<Row>, Error> {
    let ids = match operation.action {
        Action::Create | Action::BulkCreate => Vec::new(),
        Action::Update | Action::Delete | Action::Increment | Action::Decrement => {
            vec![operation.row.clone()]
        }
        Action::Upsert => operation.data["$id"]
            .as_str()
            .map(str::to_owned)
            .into_iter()
            .collect(),
        Action::BulkUpsert => bulk_rows(&operation.data)
            .into_iter()
            .map(|(id, _)| id)
            .collect(),
        Action::BulkUpdate | Action::BulkDelete => {
            let data = operation.data.as_object().cloned().unwrap_or_default();
            return bulk::found(connection, table, &plan_of(table, &data)?);
        }
    };
    let rows = ids.iter().map(|id| row::find(connection, table, id));
    rows.filter_map(Result::transpose).collect()
}

/// The queries of a staged bulk operation.
fn plan_of(table: &Table, data: &Body) -> Result<Plan, Error> {
    Plan::of(table, &query::parse(&query::in_body(data)?)?)
}

fn perform(
    connection: &Connection,
    call: &Call,
    table: &Table,
    operation: &Operation,
    fresh: bool,
) -> Result<Option<(Happened, Row)>, Error> {
    let mut data = operation.data.as_object().cloned().unwrap_or_default();
    let id = operation.row.as_str();
    let current = || row::find(connection, table, id)?.ok_or_else(|| row::not_found(id));
    let unchanged = |row: &Row| {
        let newer = row.updated > operation.staged
            || operation
                .seen
                .as_ref()
                .is_some_and(|seen| row.updated > *seen);
        if newer && !fresh {
            Err(conflict())
        } else {
            Ok(())
        }
    };
    Ok(match operation.action {
        Action::Create => {
            let marks = own_marks(call, &mut data)?;
            let (orders, _) = operators::split(&data);
            for (key, order) in &orders {
                if let Some(column) = table.column(key) {
                    operators::fits(column, order)?;
                }
            }
            if !orders.is_empty() {
                return Err(Error::unknown("an operator in a staged create"));
            }
            let data = structure::check(table, &data, Mode::Whole)?;
            let row = row::insert(connection, table, id, &data, &marks)?;
            Some((Happened::Create, row))
        }
        Action::Update => {
            let row = current()?;
            unchanged(&row)?;
            let marks = own_marks(call, &mut data)?;
            let data = change::updated(table, &row, &data)?;
            let row = row::change(connection, table, &row, &data, &marks, Touch::IfChanged)?;
            Some((Happened::Update, row))
        }
        Action::Upsert => {
            // The row's id counts only inside the data.
            let target = data
                .get("$id")
                .and_then(Value::as_str)
                .map_or_else(id::unique, str::to_owned);
            if let Some(row) = row::find(connection, table, &target)? {
                unchanged(&row)?;
            }
            let marks = own_marks(call, &mut data)?;
            change::put(connection, call, table, &target, &data, &marks)?;
            row::find(connection, table, id)?.map(|row| (Happened::Update, row))
        }
        Action::Delete => {
            let row = current()?;
            unchanged(&row)?;
            row::remove(connection, table, &row)?;
            Some((Happened::Delete, row))
        }
        Action::Increment | Action::Decrement => {
            let sign = if operation.action == Action::Increment {
                1.0
            } else {
                -1.0
            };
            let key = data.get("column").or_else(|| data.get("attribute"));
            let key = key.and_then(Value::as_str).unwrap_or_default().to_owned();
            let value = data.get("value").and_then(Value::as_f64).unwrap_or(1.0);
            let bound = data
                .get(if sign > 0.0 { "max" } else { "min" })
                .and_then(Value::as_f64);
            let row = change::increase(connection, table, &current()?, &key, sign * value, bound)?;
            Some((Happened::Update, row))
        }
        Action::BulkCreate => {
            bulk::create_all(connection, table, call, &bulk_rows(&operation.data))?;
            None
        }
        Action::BulkUpsert => {
            bulk::upsert_all(connection, table, call, &bulk_rows(&operation.data))?;
            None
        }
        Action::BulkUpdate => {
            let changes = data
                .get("data")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default();
            bulk::update_all(connection, table, call, &plan_of(table, &data)?, &changes)?;
            None
        }
        Action::BulkDelete => {
            bulk::delete_all(connection, table, &plan_of(table, &data)?)?;
            None
        }
    })
}

fn own_marks(call: &Call, data: &mut Body) -> Result<Marks, Error> {
    let permissions = parameters::permissions(data, "$permissions", TABLE)?;
    Ok(change::marks(call, data, permissions))
}

fn bulk_rows(data: &Value) -> Vec<(String, Body)> {
    let list = data.as_array().cloned().unwrap_or_default();
    list.into_iter()
        .filter_map(|row| match row {
            Value::Object(row) => {
                let id = row
                    .get("$id")
                    .and_then(Value::as_str)
                    .map_or_else(id::unique, str::to_owned);
                Some((id, row))
            }
            _ => None,
        })
        .collect()
}

/// Payloads of a commit name the table twice and leak its inner name, and leave out the database.
fn event(call: &Call, table: &Table, action: Happened, row: &Row) -> RowEvent {
    let mut payload = row.body(table);
    if let Value::Object(payload) = &mut payload {
        payload.shift_remove("$databaseId");
        payload.insert("$collectionId".to_owned(), json!(table.id));
        payload.insert("$collection".to_owned(), json!(table.inside()));
    }
    RowEvent {
        database: table.database.clone(),
        table: table.id.clone(),
        row: row.id.clone(),
        action,
        via: if is_older(call) {
            Via::Collections
        } else {
            Via::Tables
        },
        user: call.actor.user_id().map(str::to_owned),
        payload,
    }
}

/// 409 `transaction_conflict`.
pub(crate) fn conflict() -> Error {
    Error::new(
        409,
        "transaction_conflict",
        "The transaction has a conflict. Please resolve the conflict and try again.",
    )
}
