//! How a transaction sees rows before its commit: what is staged, laid over what is stored.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::options::Line;
use crate::rows::operation::{Action, Operation};
use crate::rows::row;
use crate::schema::catalog::Table;
use crate::wire::{value, Body, Call, Error};

/// A row as a transaction sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Staged {
    /// Only what was sent.
    New(Body),
    /// Changes to a row that is there.
    Changed(Body),
    Gone,
}

/// What the operations on single rows of a table amount to, by id in the order staged.
pub(crate) fn of(
    connection: &Connection,
    operations: Vec<Operation>,
    table: &Table,
) -> Result<Vec<(String, Staged)>, Error> {
    let mut rows: Vec<(String, Staged)> = Vec::new();
    for operation in operations {
        if operation.database != table.database || operation.table != table.id {
            continue;
        }
        let mut data = operation.data.as_object().cloned().unwrap_or_default();
        let id = operation.row;
        let at = rows.iter().position(|(known, _)| *known == id);
        let known = at.map(|at| rows[at].1.clone());
        let stored = row::find(connection, table, &id)?;
        let next = match (operation.action, known) {
            (Action::Delete, _) => Staged::Gone,
            (Action::Create, _) => Staged::New(data),
            (Action::Upsert, None) if stored.is_none() => {
                data.shift_remove("$id");
                Staged::New(data)
            }
            (Action::Update | Action::Upsert, known) => match known {
                Some(Staged::New(mut old)) => {
                    old.extend(data);
                    Staged::New(old)
                }
                Some(Staged::Changed(mut old)) => {
                    old.extend(data);
                    Staged::Changed(old)
                }
                Some(Staged::Gone) | None => Staged::Changed(data),
            },
            (Action::Increment | Action::Decrement, known) => {
                let sign = if operation.action == Action::Increment {
                    1.0
                } else {
                    -1.0
                };
                let key = data
                    .get("column")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned();
                let by = data.get("value").and_then(Value::as_f64).unwrap_or(1.0) * sign;
                let stored = stored.map(|row| row.data).unwrap_or_default();
                let (mut changed, new) = match known {
                    Some(Staged::New(old)) => (old, true),
                    Some(Staged::Changed(old)) => (old, false),
                    Some(Staged::Gone) | None => (Body::new(), false),
                };
                let value = changed
                    .get(&key)
                    .or_else(|| stored.get(&key))
                    .and_then(Value::as_f64);
                changed.insert(key, value::number(value.unwrap_or_default() + by));
                if new {
                    Staged::New(changed)
                } else {
                    Staged::Changed(changed)
                }
            }
            (
                Action::BulkCreate | Action::BulkUpdate | Action::BulkUpsert | Action::BulkDelete,
                _,
            ) => continue,
        };
        match at {
            Some(at) => rows[at].1 = next,
            None => rows.push((id, next)),
        }
    }
    Ok(rows)
}

pub(crate) fn merged(mut body: Value, data: Body) -> Value {
    if let Value::Object(body) = &mut body {
        body.extend(data);
    }
    body
}

/// The answer of a row that is only staged.
fn new_body(call: &Call, table: &Table, id: &str, data: &Body) -> Value {
    let mut body = data.clone();
    body.insert("$id".to_owned(), json!(id));
    body.insert("$databaseId".to_owned(), json!(table.database));
    body.insert("$tableId".to_owned(), json!(table.id));
    mark_as_staged(call, &mut body);
    Value::Object(body)
}

/// Appwrite's own columns of a row that is only staged: line 2 has times among them.
pub(crate) fn mark_as_staged(call: &Call, body: &mut Body) {
    body.insert("$sequence".to_owned(), json!(""));
    if call.edition.line == Line::V2 {
        for time in ["$createdAt", "$updatedAt"] {
            body.entry(time).or_insert_with(|| json!(""));
        }
    }
}

/// A row as read inside a transaction; expired ones still show theirs.
pub(crate) fn seen(
    connection: &Connection,
    call: &Call,
    operations: Vec<Operation>,
    table: &Table,
    (id, stored): (&str, Option<Value>),
) -> Result<Option<Value>, Error> {
    let staged = of(connection, operations, table)?;
    Ok(match staged.into_iter().find(|(known, _)| known == id) {
        Some((_, Staged::New(data))) => Some(new_body(call, table, id, &data)),
        Some((_, Staged::Changed(data))) => stored.map(|body| merged(body, data)),
        Some((_, Staged::Gone)) => None,
        None => stored,
    })
}

/// A list as read inside a transaction: what is staged is laid over the rows that were found, and new rows are added
/// whether the queries would find them or not.
pub(crate) fn seen_all(
    connection: &Connection,
    call: &Call,
    operations: Vec<Operation>,
    table: &Table,
    (mut total, mut rows): (i64, Vec<Value>),
) -> Result<(i64, Vec<Value>), Error> {
    for (id, staged) in of(connection, operations, table)? {
        let at = rows.iter().position(|row| row["$id"] == id.as_str());
        match (staged, at) {
            (Staged::New(data), None) => {
                rows.push(new_body(call, table, &id, &data));
                total += 1;
            }
            (Staged::Changed(data) | Staged::New(data), Some(at)) => {
                rows[at] = merged(rows[at].take(), data)
            }
            (Staged::Gone, Some(at)) => {
                rows.remove(at);
                total -= 1;
            }
            (Staged::Gone | Staged::Changed(_), None) => {}
        }
    }
    Ok((total, rows))
}
