//! Staging: what a call of a row, or one of a transaction, puts down for the commit.

use std::collections::HashSet;

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock::now_text;
use crate::rows::operation::{self, Action, Operation};
use crate::rows::overlay::{self, Staged};
use crate::rows::permissions::{self, Deed};
use crate::rows::row::{self, Row};
use crate::rows::state::{Place, Rows, WRITE};
use crate::rows::transaction::{bad_request, find, not_pending, not_ready, room, stage, staged};
use crate::schema::catalog::{self, Table};
use crate::wire::{Answer, Body, Call, Error, Reply};

/// Several operations in one call.
pub(crate) fn stage_all(state: &Rows, call: &Call, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    let body = call.json()?;
    let given = operation::read(&body, call.edition.line)?;
    state.store.write(|connection| {
        let transaction = find(connection, &call.actor, id)?;
        if transaction.status != "pending" {
            return Err(not_pending());
        }
        if given.is_empty() {
            return Err(bad_request("Operations array cannot be empty"));
        }
        let mut tables: Vec<Table> = Vec::new();
        let mut created: HashSet<(String, String)> = HashSet::new();
        room(&transaction, given.len())?;
        let mut staged = Vec::new();
        for mut operation in given {
            let database = catalog::database(connection, &call.actor, &operation.database)?;
            let known = tables
                .iter()
                .find(|table| table.id == operation.table)
                .cloned();
            let table = match known {
                Some(table) => table,
                None => catalog::table(connection, &call.actor, &database.id, &operation.table)?,
            };
            operation.resolved = table.database == database.id;
            tables.push(table.clone());
            let key = (table.id.clone(), operation.row.clone());
            let needs_row = matches!(
                operation.action,
                Action::Update | Action::Delete | Action::Increment | Action::Decrement
            );
            let row = row::find(connection, &table, &operation.row)?;
            if needs_row && row.is_none() && !created.contains(&key) {
                return Err(row::not_found(&operation.row));
            }
            if matches!(operation.action, Action::Create | Action::Upsert) {
                created.insert(key);
            }
            allow(call, &table, row.as_ref(), operation.action)?;
            operation.seen = row.map(|row| row.updated);
            staged.push(operation);
        }
        let transaction = stage(connection, &transaction, &staged)?;
        Ok(Answer::json(201, transaction.body()))
    })
}

/// What a user may stage; keys everything.
fn allow(call: &Call, table: &Table, row: Option<&Row>, action: Action) -> Result<(), Error> {
    if call.actor.is_key() {
        return Ok(());
    }
    let deed = match action {
        Action::Create => Deed::Create,
        Action::Delete => Deed::Delete,
        Action::Update | Action::Upsert | Action::Increment | Action::Decrement => Deed::Update,
        Action::BulkCreate | Action::BulkUpdate | Action::BulkUpsert | Action::BulkDelete => {
            return Err(permissions::refused())
        }
    };
    match row {
        Some(row) if deed != Deed::Create => permissions::require(&call.actor, table, row, deed),
        Some(_) | None => permissions::reach(&call.actor, table, Deed::Create).map(|_| ()),
    }
}

/// What a row call with a `transactionId` wants staged.
pub(crate) struct Wanted<'a> {
    pub(crate) transaction: &'a str,
    pub(crate) action: Action,
    pub(crate) row: &'a str,
    pub(crate) data: Value,
}

/// Stages the one operation of a row call and gives the row as the transaction now sees it.
pub(crate) fn stage_one(
    state: &Rows,
    call: &Call,
    (database, table): Place,
    wanted: Wanted,
) -> Result<Value, Error> {
    state.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let transaction = find(connection, &call.actor, wanted.transaction)?;
        if transaction.status != "pending" {
            return Err(match wanted.action {
                Action::Create | Action::Update | Action::Upsert | Action::Delete => not_ready(),
                _ => not_pending(),
            });
        }
        room(&transaction, 1)?;
        let before = overlay::of(connection, staged(connection, &transaction)?, &table)?;
        let stored = row::find(connection, &table, wanted.row)?;
        let needs_row = matches!(
            wanted.action,
            Action::Update | Action::Delete | Action::Increment | Action::Decrement
        );
        let there = match before.iter().find(|(id, _)| id == wanted.row) {
            Some((_, Staged::Gone)) => false,
            Some(_) => true,
            None => stored.is_some(),
        };
        if needs_row && !there {
            return Err(row::not_found(wanted.row));
        }
        allow(call, &table, stored.as_ref(), wanted.action)?;
        let operation = Operation {
            action: wanted.action,
            database: table.database.clone(),
            table: table.id.clone(),
            row: wanted.row.to_owned(),
            data: wanted.data,
            staged: now_text(),
            seen: stored.as_ref().map(|row| row.updated.clone()),
            resolved: true,
        };
        stage(connection, &transaction, &[operation])?;
        let after = overlay::of(connection, staged(connection, &transaction)?, &table)?;
        Ok(match after.into_iter().find(|(id, _)| id == wanted.row) {
            // An upsert is shown as a new row, also where there is one.
            Some((_, Staged::New(data) | Staged::Changed(data)))
                if stored.is_none() || matches!(wanted.action, Action::Create | Action::Upsert) =>
            {
                let mut body = Body::new();
                body.insert("$id".to_owned(), json!(wanted.row));
                body.insert("$tableId".to_owned(), json!(table.id));
                body.insert("$databaseId".to_owned(), json!(table.database));
                body.extend(data);
                body.entry("$permissions").or_insert_with(|| json!([]));
                overlay::mark_as_staged(call, &mut body);
                Value::Object(body)
            }
            Some((_, Staged::New(data) | Staged::Changed(data))) => match stored {
                Some(row) => overlay::merged(row.body(&table), data),
                None => Value::Object(data),
            },
            Some((_, Staged::Gone)) | None => Value::Null,
        })
    })
}

/// What is staged in the transaction that a reading call names; an expired one still shows it.
pub(crate) fn seen_by(
    connection: &Connection,
    call: &Call,
) -> Result<Option<Vec<Operation>>, Error> {
    let empty = Body::new();
    let Some(id) = named(call, &empty) else {
        return Ok(None);
    };
    let transaction = find(connection, &call.actor, id)?;
    staged(connection, &transaction).map(Some)
}

/// The transaction that a row call is to be part of.
pub(crate) fn named<'a>(call: &'a Call, body: &'a Body) -> Option<&'a str> {
    let sent = body.get("transactionId").and_then(Value::as_str);
    sent.or_else(|| call.parameter("transactionId"))
        .filter(|id| !id.is_empty())
}
