//! A transaction and what is staged in it, as both are stored.

use rusqlite::{params, Connection};
use serde_json::{json, Value};

use crate::clock::{self, now_text};
use crate::rows::operation::Operation;
use crate::storage::Store;
use crate::wire::{value, Actor, Error};

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

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transaction {
    pub(crate) sequence: i64,
    pub(crate) id: String,
    pub(crate) user: Option<String>,
    /// `pending`, `committing`, `committed` or `failed`.
    pub(crate) status: String,
    pub(crate) created: String,
    pub(crate) updated: String,
    pub(crate) expires: String,
    pub(crate) operations: i64,
}

/// Fails, at a start, the commits that were under way when the last process died, and says so. Their rows are written
/// together with the word that they are, so nothing of these was. The real server leaves them `committing` for good.
pub(crate) fn resume(store: &Store) -> Result<(), Error> {
    let count = store.write(|connection| {
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
pub(crate) fn expire_all(store: &Store) -> Result<(), Error> {
    store.write(|connection| {
        let past = clock::text(clock::now() - chrono::TimeDelta::seconds(1));
        connection.execute(
            "UPDATE transactions SET expires = ?1 WHERE status = 'pending'",
            [past],
        )?;
        Ok(())
    })
}

pub(crate) fn load(
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
pub(crate) fn find(connection: &Connection, actor: &Actor, id: &str) -> Result<Transaction, Error> {
    load(connection, "WHERE id = ?1", [id])?
        .into_iter()
        .find(|transaction| transaction.is_for(actor))
        .ok_or_else(|| Error::missing("transaction_not_found", "Transaction", id))
}

impl Transaction {
    pub(crate) fn is_for(&self, actor: &Actor) -> bool {
        actor.is_key() || (self.user.is_some() && self.user.as_deref() == actor.user_id())
    }

    pub(crate) fn is_expired(&self) -> bool {
        value::date(&self.expires).is_some_and(|expires| expires < clock::now())
    }

    pub(crate) fn body(&self) -> Value {
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

/// The code is 410, which the error page of line 1.9 does not know.
pub(crate) fn expired() -> Error {
    const KIND: &str = "transaction_expired";
    Error::new(500, KIND, "Server Error").since_2(Error::new(
        410,
        KIND,
        "The transaction has expired. Please create a new transaction and try again.",
    ))
}

pub(crate) fn not_ready() -> Error {
    Error::new(
        400,
        "transaction_not_ready",
        "The transaction is not ready yet. Please try again later.",
    )
}

pub(crate) fn bad_request(message: &str) -> Error {
    Error::new(400, "general_bad_request", message)
}

pub(crate) fn not_pending() -> Error {
    bad_request("Invalid or non‑pending transaction")
}

pub(crate) fn room(transaction: &Transaction, more: usize) -> Result<(), Error> {
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
pub(crate) fn stage(
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

pub(crate) fn staged(
    connection: &Connection,
    transaction: &Transaction,
) -> Result<Vec<Operation>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT operation FROM operations WHERE transaction_id = ?1 ORDER BY sequence",
    )?;
    let found = statement.query_map([transaction.sequence], |row| row.get::<_, String>(0))?;
    found
        .map(|text| serde_json::from_str(&text?).map_err(|error| Error::unknown(error.to_string())))
        .collect()
}
