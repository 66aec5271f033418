//! The real server's worst trap, on request: a GET that comes while a transaction commits puts the old row back into
//! the cache, where it stays until the row is next written. There it takes a reader at the wrong moment; here every
//! commit is taken to have had one, so that a test can show that nobody decides on a GET. Lists are never stale.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::catalog::Table;
use crate::row::Row;
use crate::store::folded;

#[derive(Default)]
pub(crate) struct Stale(Mutex<Cache>);

#[derive(Default)]
struct Cache {
    on: bool,
    /// By table and id.
    rows: HashMap<(i64, String), Row>,
}

impl Stale {
    /// Turning it off heals everything.
    pub(crate) fn set(&self, on: bool) {
        *self.cache() = Cache {
            on,
            ..Cache::default()
        };
    }

    /// Rows as they were before a commit changed or removed them.
    pub(crate) fn committed(&self, before: Vec<(Table, Row)>) {
        let mut cache = self.cache();
        if cache.on {
            let rows = before
                .into_iter()
                .map(|(table, row)| (key(&table, &row.id), row));
            cache.rows.extend(rows);
        }
    }

    /// Any other write of a row heals it.
    pub(crate) fn written(&self, table: &Table, id: &str) {
        let mut cache = self.cache();
        if cache.on {
            cache.rows.remove(&key(table, id));
        }
    }

    /// The old row that a GET would be answered with.
    pub(crate) fn cached(&self, table: &Table, id: &str) -> Option<Row> {
        let cache = self.cache();
        cache
            .on
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
