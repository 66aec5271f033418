//! Transactions: operations are staged one after another and replayed at commit, all or none. Nothing is read at
//! staging but whether the row is there, so a commit fails only for rows that changed since.

use chrono::Duration;
use rusqlite::{params, Connection};

use crate::clock::{self, now_text};
use crate::rows::commit;
use crate::rows::naming::older_error;
use crate::rows::staging::stage_all;
use crate::rows::state::{Rows, READ, WRITE};
use crate::rows::transaction::{self, Transaction};
use crate::storage::{listing, Queries};
use crate::wire::{id, parameters, Answer, Call, Reply};

/// Life of a transaction in seconds: default and bounds of `ttl`.
const TTL: i64 = 300;
const TTL_LEAST: i64 = 60;
const TTL_MOST: i64 = 3_600;

pub(crate) fn route(state: &Rows, call: &Call, segments: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), segments) {
        ("GET", ["transactions"]) => list(state, call),
        ("POST", ["transactions"]) => create(state, call),
        ("GET", ["transactions", id]) => get(state, call, id),
        ("PATCH", ["transactions", id]) => finish(state, call, id),
        ("DELETE", ["transactions", id]) => delete(state, call, id),
        ("POST", ["transactions", id, "operations"]) => {
            stage_all(state, call, id).map_err(older_error)
        }
        _ => return None,
    })
}

fn list(state: &Rows, call: &Call) -> Reply {
    call.actor.need(READ)?;
    let transactions = state
        .store
        .read(|connection| transaction::load(connection, "WHERE 1 ORDER BY sequence", []))?;
    let mine = transactions
        .iter()
        .filter(|transaction| transaction.is_for(&call.actor));
    let known = Queries::of(&["status", "expiresAt"]);
    let entries = mine.map(Transaction::body).collect();
    listing::answer(call, "transactions", known, entries)
}

fn create(state: &Rows, call: &Call) -> Reply {
    call.actor.need(WRITE)?;
    let body = call.json()?;
    let ttl = parameters::integer(&body, "ttl", TTL_LEAST, TTL_MOST)?.unwrap_or(TTL);
    let now = clock::now();
    state.store.write(|connection| {
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
            transaction::find(connection, &call.actor, &id)?.body(),
        ))
    })
}

fn get(state: &Rows, call: &Call, id: &str) -> Reply {
    call.actor.need(READ)?;
    let transaction = state
        .store
        .read(|connection| transaction::find(connection, &call.actor, id))?;
    Ok(Answer::json(200, transaction.body()))
}

fn delete(state: &Rows, call: &Call, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    state.store.write(|connection| {
        let transaction = transaction::find(connection, &call.actor, id)?;
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

/// Commit or rollback.
fn finish(state: &Rows, call: &Call, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    let body = call.json()?;
    let wanted = parameters::boolean(&body, "commit", false)?;
    let rollback = parameters::boolean(&body, "rollback", false)?;
    match (wanted, rollback) {
        (false, false) => {
            return Err(transaction::bad_request(
                "Either commit or rollback must be true",
            ))
        }
        (true, true) => {
            return Err(transaction::bad_request(
                "Cannot commit and rollback at the same time",
            ))
        }
        _ => {}
    }
    let close = |connection: &Connection, status| {
        connection.execute(
            "UPDATE transactions SET status = ?1, updated = ?2 WHERE id = ?3",
            params![status, now_text(), id],
        )?;
        transaction::find(connection, &call.actor, id)
    };
    // A refusal leaves the transaction as it is; a commit that fails ends it.
    let transaction = state.store.write(|connection| {
        let transaction = transaction::find(connection, &call.actor, id)?;
        if transaction.status != "pending" {
            return Err(transaction::not_ready());
        }
        if transaction.is_expired() {
            return Err(transaction::expired());
        }
        close(connection, if rollback { "failed" } else { "committing" })
    })?;
    if rollback {
        return Ok(Answer::json(200, transaction.body()));
    }
    state.commits.pass();
    let result = state.store.write(|connection| {
        let operations = transaction::staged(connection, &transaction)?;
        let done = commit::replay(connection, call, &operations)?;
        Ok((close(connection, "committed")?, done))
    });
    match result {
        Ok((transaction, done)) => {
            state.stale.committed(done.before);
            for event in done.events {
                state.events.publish(event);
            }
            Ok(Answer::json(200, transaction.body()))
        }
        Err(error) => {
            state
                .store
                .write(|connection| close(connection, "failed"))?;
            Err(match error.kind {
                "row_already_exists" => commit::conflict(),
                _ => older_error(error),
            })
        }
    }
}
