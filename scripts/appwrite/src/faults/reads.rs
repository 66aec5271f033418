//! The real server's worst trap, on request: a GET that comes while a transaction commits puts the old row back into
//! the cache, where it stays until the row is next written. There it takes a reader at the wrong moment; here every
//! commit is taken to have had one, so that a test can show that nobody decides on a GET. Lists are never stale. That a
//! row was not there is put back on line 2 only.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::options::Database;
use crate::storage::identity;

/// Who reads a row while a transaction commits that changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReads {
    /// Somebody reads the whole row: a GET with `select` has an entry of its own in the cache, and stays right.
    WholeRows,
    /// Somebody reads it in every way that anybody will: every GET is stale.
    Every,
}

pub(crate) struct Stale<Row> {
    database: Database,
    cache: Mutex<Cache<Row>>,
}

struct Cache<Row> {
    reads: Option<StaleReads>,
    /// By the table's number and the id; nothing where there was none.
    rows: HashMap<(i64, String), Option<Row>>,
}

impl<Row> Cache<Row> {
    fn of(reads: Option<StaleReads>) -> Self {
        Self {
            reads,
            rows: HashMap::new(),
        }
    }
}

impl<Row: Clone> Stale<Row> {
    pub(crate) fn new(database: Database) -> Self {
        Self {
            database,
            cache: Mutex::new(Cache::of(None)),
        }
    }

    /// Turning it off heals everything.
    pub(crate) fn set(&self, reads: Option<StaleReads>) {
        *self.cache() = Cache::of(reads);
    }

    /// Rows as they were before a commit changed, removed or made them.
    pub(crate) fn committed(&self, before: Vec<(i64, String, Option<Row>)>) {
        let mut cache = self.cache();
        if cache.reads.is_some() {
            let rows = before
                .into_iter()
                .map(|(table, id, row)| (self.key(table, &id), row));
            cache.rows.extend(rows);
        }
    }

    /// Any other write of a row heals it.
    pub(crate) fn written(&self, table: i64, id: &str) {
        let mut cache = self.cache();
        if cache.reads.is_some() {
            cache.rows.remove(&self.key(table, id));
        }
    }

    /// The old row that a GET would be answered with, of the whole row or with `select`, or that there is none.
    pub(crate) fn cached(&self, table: i64, id: &str, is_whole: bool) -> Option<Option<Row>> {
        let cache = self.cache();
        let is_stale = match cache.reads? {
            StaleReads::WholeRows => is_whole,
            StaleReads::Every => true,
        };
        is_stale
            .then(|| cache.rows.get(&self.key(table, id)).cloned())
            .flatten()
    }

    fn cache(&self) -> MutexGuard<'_, Cache<Row>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, table: i64, id: &str) -> (i64, String) {
        (table, identity(self.database, id))
    }
}
