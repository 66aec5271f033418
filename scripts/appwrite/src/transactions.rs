//! Transactions: operations are staged one after another and replayed at commit, all or none. Nothing is read at
//! staging but whether the row is there, so a commit fails only for rows that changed since.

use std::collections::HashSet;

use chrono::Duration;
use rusqlite::{params, Connection};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use tokio::sync::watch;

use crate::catalog::{self, Table};
use crate::clock::{self, now_text};
use crate::overlay::{self, Staged};
use crate::permissions::{self, Deed};
use crate::row::{self, Row};
use crate::storage::listing::{self, Queries};
use crate::tablesdb::older_error;
use crate::wire::parameters::{self, Body};
use crate::wire::{id, value, Actor, Answer, Call, Error, Reply};
use crate::{commit, rows, App};

pub(crate) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS transactions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE COLLATE appwrite,
    user TEXT,
    status TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    expires TEXT NOT NULL,
    operations INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS operations (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL REFERENCES transactions (sequence),
    operation TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS operations_by_transaction ON operations (transaction_id);
";

/// Most operations of one transaction: `APP_LIMIT_DATABASE_TRANSACTION`.
const LIMIT: usize = 100;

/// Life of a transaction in seconds: default and bounds of `ttl`.
const TTL: i64 = 300;
const TTL_LEAST: i64 = 60;
const TTL_MOST: i64 = 3_600;

/// Names in the order of the real server's message.
const ACTIONS: &[(&str, Action)] = &[
    ("create", Action::Create),
    ("update", Action::Update),
    ("upsert", Action::Upsert),
    ("delete", Action::Delete),
    ("increment", Action::Increment),
    ("decrement", Action::Decrement),
    ("bulkCreate", Action::BulkCreate),
    ("bulkUpdate", Action::BulkUpdate),
    ("bulkUpsert", Action::BulkUpsert),
    ("bulkDelete", Action::BulkDelete),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Action {
    Create,
    Update,
    Upsert,
    Delete,
    Increment,
    Decrement,
    BulkCreate,
    BulkUpdate,
    BulkUpsert,
    BulkDelete,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Operation {
    pub(crate) action: Action,
    pub(crate) database: String,
    pub(crate) table: String,
    pub(crate) row: String,
    pub(crate) data: Value,
    /// When it was staged: a row that is newer at commit is a conflict.
    pub(crate) staged: String,
    /// The row's `$updatedAt` at that moment: within a millisecond the times alone would not tell.
    pub(crate) seen: Option<String>,
    /// False when the real server would look for the table in the database of another operation of the same call.
    pub(crate) resolved: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transaction {
    sequence: i64,
    id: String,
    user: Option<String>,
    /// `pending`, `committing`, `committed` or `failed`.
    status: String,
    created: String,
    updated: String,
    expires: String,
    operations: i64,
}

pub(crate) fn route(app: &App, call: &Call, segments: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), segments) {
        ("GET", ["transactions"]) => list(app, call),
        ("POST", ["transactions"]) => create(app, call),
        ("GET", ["transactions", id]) => get(app, call, id),
        ("PATCH", ["transactions", id]) => finish(app, call, id),
        ("DELETE", ["transactions", id]) => delete(app, call, id),
        ("POST", ["transactions", id, "operations"]) => {
            stage_all(app, call, id).map_err(older_error)
        }
        _ => return None,
    })
}

/// How tests keep commits in flight, as behind a lock that somebody else holds.
#[derive(Default)]
pub(crate) struct Commits(watch::Sender<bool>);

impl Commits {
    pub(crate) fn set_held(&self, on: bool) {
        self.0.send_replace(on);
    }

    /// Waits, on a thread that may, until commits go on.
    fn pass(&self) {
        let mut held = self.0.subscribe();
        // The sender lives in `self`: waiting cannot fail.
        let waiting = held.wait_for(|held| !held);
        tokio::runtime::Handle::current().block_on(waiting).ok();
    }
}

/// Fails, at a start, the commits that were under way when the last process died, and says so. Their rows are written
/// together with the word that they are, so nothing of these was. The real server leaves them `committing` for good.
pub(crate) fn resume(app: &App) -> Result<(), Error> {
    let count = app.store.write(|connection| {
        Ok(connection.execute(
            "UPDATE transactions SET status = 'failed', updated = ?1 WHERE status = 'committing'",
            [now_text()],
        )?)
    })?;
    if count > 0 {
        eprintln!(
            "embedded appwrite: {count} commits were under way at the last stop; they failed, and nothing of them was \
             written"
        );
    }
    Ok(())
}

/// Ends the time of every open transaction.
pub(crate) fn expire_all(app: &App) -> Result<(), Error> {
    app.store.write(|connection| {
        let past = clock::text(clock::now() - chrono::TimeDelta::seconds(1));
        connection.execute(
            "UPDATE transactions SET expires = ?1 WHERE status = 'pending'",
            [past],
        )?;
        Ok(())
    })
}

fn list(app: &App, call: &Call) -> Reply {
    call.actor.need(rows::READ)?;
    let transactions = app
        .store
        .read(|connection| load(connection, "WHERE 1 ORDER BY sequence", []))?;
    let mine = transactions
        .iter()
        .filter(|transaction| transaction.is_for(&call.actor));
    let known = Queries::of(&["status", "expiresAt"]);
    let entries = mine.map(Transaction::body).collect();
    listing::answer(call, "transactions", known, entries)
}

fn create(app: &App, call: &Call) -> Reply {
    call.actor.need(rows::WRITE)?;
    let body = call.json()?;
    let ttl = parameters::integer(&body, "ttl", TTL_LEAST, TTL_MOST)?.unwrap_or(TTL);
    let now = clock::now();
    app.store.write(|connection| {
        let id = id::unique();
        connection.execute(
            "INSERT INTO transactions (id, user, status, created, updated, expires, operations)
             VALUES (?1, ?2, 'pending', ?3, ?3, ?4, 0)",
            params![
                id,
                call.actor.user_id(),
                clock::text(now),
                clock::text(now + Duration::seconds(ttl))
            ],
        )?;
        Ok(Answer::json(
            201,
            find(connection, &call.actor, &id)?.body(),
        ))
    })
}

fn get(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.need(rows::READ)?;
    let transaction = app
        .store
        .read(|connection| find(connection, &call.actor, id))?;
    Ok(Answer::json(200, transaction.body()))
}

fn delete(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.need(rows::WRITE)?;
    app.store.write(|connection| {
        let transaction = find(connection, &call.actor, id)?;
        connection.execute(
            "DELETE FROM operations WHERE transaction_id = ?1",
            [transaction.sequence],
        )?;
        connection.execute(
            "DELETE FROM transactions WHERE sequence = ?1",
            [transaction.sequence],
        )?;
        Ok(Answer::empty())
    })
}

fn load(
    connection: &Connection,
    rest: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Transaction>, Error> {
    let sql = format!(
        "SELECT sequence, id, user, status, created, updated, expires, operations FROM transactions {rest}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(parameters, |row| {
        Ok(Transaction {
            sequence: row.get(0)?,
            id: row.get(1)?,
            user: row.get(2)?,
            status: row.get(3)?,
            created: row.get(4)?,
            updated: row.get(5)?,
            expires: row.get(6)?,
            operations: row.get(7)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The transaction, if it is the caller's.
fn find(connection: &Connection, actor: &Actor, id: &str) -> Result<Transaction, Error> {
    load(connection, "WHERE id = ?1", [id])?
        .into_iter()
        .find(|transaction| transaction.is_for(actor))
        .ok_or_else(|| Error::missing("transaction_not_found", "Transaction", id))
}

impl Transaction {
    fn is_for(&self, actor: &Actor) -> bool {
        actor.is_key() || (self.user.is_some() && self.user.as_deref() == actor.user_id())
    }

    fn is_expired(&self) -> bool {
        value::date(&self.expires).is_some_and(|expires| expires < clock::now())
    }

    fn body(&self) -> Value {
        json!({
            "$id": self.id,
            "$createdAt": self.created,
            "$updatedAt": self.updated,
            "status": self.status,
            "operations": self.operations,
            "expiresAt": self.expires,
        })
    }
}

/// The real code is 410, which its own error page does not know.
fn expired() -> Error {
    Error::new(500, "transaction_expired", "Server Error")
}

fn not_ready() -> Error {
    Error::new(
        400,
        "transaction_not_ready",
        "The transaction is not ready yet. Please try again later.",
    )
}

fn bad_request(message: &str) -> Error {
    Error::new(400, "general_bad_request", message)
}

fn not_pending() -> Error {
    bad_request("Invalid or non‑pending transaction")
}

/// Several operations in one call.
fn stage_all(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.need(rows::WRITE)?;
    let body = call.json()?;
    let given = operations(&body)?;
    app.store.write(|connection| {
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

fn operations(body: &Body) -> Result<Vec<Operation>, Error> {
    let invalid = |rule: String| {
        Error::argument(format!(
            "Invalid `operations` param: Value must a valid array and {rule}"
        ))
    };
    let list = match body.get("operations") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.clone(),
        Some(_) => return Err(invalid("Value must be a valid array".to_owned())),
    };
    let staged = now_text();
    list.iter()
        .map(|given| {
            let name = given["action"].as_str().unwrap_or_default();
            let known = ACTIONS.iter().find(|(known, _)| *known == name);
            let Some((_, action)) = known else {
                let names: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
                return Err(invalid(format!(
                    "Key 'action' must be one of: {}",
                    names.join(", ")
                )));
            };
            let text = |key: &str| given[key].as_str().unwrap_or_default().to_owned();
            let required =
                |key: &str| invalid(format!("Key '{key}' is required for action '{name}'"));
            let single = !name.starts_with("bulk");
            for key in ["databaseId", "tableId", "rowId"] {
                if text(key).is_empty() && (key != "rowId" || single) {
                    return Err(required(key));
                }
            }
            if given["data"].is_null() && *action != Action::Delete {
                return Err(required("data"));
            }
            Ok(Operation {
                action: *action,
                database: text("databaseId"),
                table: text("tableId"),
                row: text("rowId"),
                data: given["data"].clone(),
                staged: staged.clone(),
                seen: None,
                resolved: true,
            })
        })
        .collect()
}

fn room(transaction: &Transaction, more: usize) -> Result<(), Error> {
    if transaction.is_expired() {
        return Err(expired());
    }
    let have = transaction.operations;
    if i64::try_from(more).map_or(true, |more| have + more > LIMIT as i64) {
        return Err(Error::new(
            400,
            "transaction_limit_exceeded",
            format!(
                "Transaction already has {have} operations, adding {more} would exceed the maximum of {LIMIT}"
            ),
        ));
    }
    Ok(())
}

/// Writes operations down. The answer of a call that stages shows the old `$updatedAt`, as the real one's.
fn stage(
    connection: &Connection,
    transaction: &Transaction,
    more: &[Operation],
) -> Result<Transaction, Error> {
    for operation in more {
        let text =
            serde_json::to_string(operation).map_err(|error| Error::unknown(error.to_string()))?;
        connection.execute(
            "INSERT INTO operations (transaction_id, operation) VALUES (?1, ?2)",
            params![transaction.sequence, text],
        )?;
    }
    connection.execute(
        "UPDATE transactions SET operations = operations + ?1, updated = ?2 WHERE sequence = ?3",
        params![more.len() as i64, now_text(), transaction.sequence],
    )?;
    Ok(Transaction {
        operations: transaction.operations + more.len() as i64,
        ..transaction.clone()
    })
}

fn staged(connection: &Connection, transaction: &Transaction) -> Result<Vec<Operation>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT operation FROM operations WHERE transaction_id = ?1 ORDER BY sequence",
    )?;
    let found = statement.query_map([transaction.sequence], |row| row.get::<_, String>(0))?;
    found
        .map(|text| serde_json::from_str(&text?).map_err(|error| Error::unknown(error.to_string())))
        .collect()
}

/// Commit or rollback.
fn finish(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.need(rows::WRITE)?;
    let body = call.json()?;
    let wanted = parameters::boolean(&body, "commit", false)?;
    let rollback = parameters::boolean(&body, "rollback", false)?;
    match (wanted, rollback) {
        (false, false) => return Err(bad_request("Either commit or rollback must be true")),
        (true, true) => return Err(bad_request("Cannot commit and rollback at the same time")),
        _ => {}
    }
    let close = |connection: &Connection, status| {
        connection.execute(
            "UPDATE transactions SET status = ?1, updated = ?2 WHERE id = ?3",
            params![status, now_text(), id],
        )?;
        find(connection, &call.actor, id)
    };
    // A refusal leaves the transaction as it is; a commit that fails ends it.
    let transaction = app.store.write(|connection| {
        let transaction = find(connection, &call.actor, id)?;
        if transaction.status != "pending" {
            return Err(not_ready());
        }
        if transaction.is_expired() {
            return Err(expired());
        }
        close(connection, if rollback { "failed" } else { "committing" })
    })?;
    if rollback {
        return Ok(Answer::json(200, transaction.body()));
    }
    app.commits.pass();
    let result = app.store.write(|connection| {
        let operations = staged(connection, &transaction)?;
        let done = commit::replay(connection, call, &operations)?;
        Ok((close(connection, "committed")?, done))
    });
    match result {
        Ok((transaction, done)) => {
            app.stale.committed(done.before);
            for event in done.events {
                app.events.publish(event);
            }
            Ok(Answer::json(200, transaction.body()))
        }
        Err(error) => {
            app.store.write(|connection| close(connection, "failed"))?;
            Err(match error.kind {
                "row_already_exists" => commit::conflict(),
                _ => older_error(error),
            })
        }
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
    app: &App,
    call: &Call,
    (database, table): rows::Place,
    wanted: Wanted,
) -> Result<Value, Error> {
    app.store.write(|connection| {
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
                body.insert("$sequence".to_owned(), json!(""));
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
