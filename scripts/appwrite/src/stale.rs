//! The real server's worst trap, on request: a GET that comes while a transaction commits puts the old row back into
//! the cache, where it stays until the row is next written. There it takes a reader at the wrong moment; here every
//! commit is taken to have had one, so that a test can show that nobody decides on a GET. Lists are never stale, nor is
//! a row that was absent before.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::catalog::Table;
use crate::row::Row;
use crate::storage::folded;

/// Who reads a row while a transaction commits that changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReads {
    /// Somebody reads the whole row: a GET with `select` has an entry of its own in the cache, and stays right.
    WholeRows,
    /// Somebody reads it in every way that anybody will: every GET is stale.
    Every,
}

#[derive(Default)]
pub(crate) struct Stale(Mutex<Cache>);

#[derive(Default)]
struct Cache {
    reads: Option<StaleReads>,
    /// By table and id.
    rows: HashMap<(i64, String), Row>,
}

impl Stale {
    /// Turning it off heals everything.
    pub(crate) fn set(&self, reads: Option<StaleReads>) {
        *self.cache() = Cache {
            reads,
            ..Cache::default()
        };
    }

    /// Rows as they were before a commit changed or removed them.
    pub(crate) fn committed(&self, before: Vec<(Table, Row)>) {
        let mut cache = self.cache();
        if cache.reads.is_some() {
            let rows = before
                .into_iter()
                .map(|(table, row)| (key(&table, &row.id), row));
            cache.rows.extend(rows);
        }
    }

    /// Any other write of a row heals it.
    pub(crate) fn written(&self, table: &Table, id: &str) {
        let mut cache = self.cache();
        if cache.reads.is_some() {
            cache.rows.remove(&key(table, id));
        }
    }

    /// The old row that a GET would be answered with, of the whole row or with `select`.
    pub(crate) fn cached(&self, table: &Table, id: &str, is_whole: bool) -> Option<Row> {
        let cache = self.cache();
        let is_stale = match cache.reads? {
            StaleReads::WholeRows => is_whole,
            StaleReads::Every => true,
        };
        is_stale
            .then(|| cache.rows.get(&key(table, id)).cloned())
            .flatten()
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(table: &Table, id: &str) -> (i64, String) {
    (table.sequence, folded(id))
}
