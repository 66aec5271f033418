//! What goes wrong on the real server when several make tables at once, on request. There a table is described before
//! it exists, so that others find it taken and put columns into nothing; and a table's own document may stay in the cache
//! as it was before its newest column was there. Faults of requests are [`crate::faults`]' business, stale rows
//! [`crate::faults::reads`]'s.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::storage::folded;
use crate::wire::{Call, Error};

/// How long a table waits for the next request of somebody else: nobody may be there.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the worker says of a column whose table does not exist.
pub(crate) const NO_TABLE: &str = "Collection not found";

#[derive(Default)]
pub(crate) struct Races {
    state: Mutex<State>,
    answered: Condvar,
}

#[derive(Default)]
struct State {
    /// So many requests of others come between a table's description and the table.
    race: Option<usize>,
    /// Those that are described and do not exist, by database and id, and the requests that are still to come.
    half_made: HashMap<(String, String), usize>,
    /// How often the tables were listed meanwhile.
    lists: usize,
    is_stale: bool,
    /// The column, by the table's number, that the table's document still has as it was when it was asked for.
    documents: HashMap<i64, String>,
}

impl Races {
    pub(crate) fn set_race(&self, requests: Option<usize>) {
        let mut state = self.state();
        state.race = requests;
        state.half_made.clear();
        state.lists = 0;
        self.answered.notify_all();
    }

    /// Turning it off heals everything.
    pub(crate) fn set_stale(&self, on: bool) {
        let mut state = self.state();
        state.is_stale = on;
        state.documents.clear();
    }

    /// A table is described; to be called before anybody else can see that.
    pub(crate) fn described(&self, database: &str, table: &str) {
        let mut state = self.state();
        if let Some(requests) = state.race.filter(|requests| *requests > 0) {
            state.half_made.insert(key(database, table), requests);
        }
    }

    /// Waits until the table may exist: the others have asked, or nobody has for a while.
    pub(crate) fn wait(&self, database: &str, table: &str) {
        let key = key(database, table);
        let mut state = self.state();
        while let Some(left) = state.half_made.get(&key).copied() {
            let waited = self.answered.wait_timeout(state, PATIENCE);
            let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() && state.half_made.get(&key) == Some(&left) {
                state.half_made.remove(&key);
            }
        }
    }

    /// Whether a table is described and does not exist.
    pub(crate) fn is_half_made(&self, database: &str, table: &str) -> bool {
        self.state().half_made.contains_key(&key(database, table))
    }

    /// What is answered instead of the truth while a table is half made: its rows are not found, and every second list of
    /// the tables fails, the first one too.
    pub(crate) fn refusal(&self, call: &Call, segments: &[&str]) -> Option<Error> {
        let mut state = self.state();
        match (call.method.as_str(), segments) {
            (_, [database, "tables", table, "rows", ..])
                if state.half_made.contains_key(&key(database, table)) =>
            {
                Some(Error::missing("table_not_found", "Table", table))
            }
            ("GET", [database, "tables"]) => {
                let database = folded(database);
                let mut half_made = state.half_made.keys();
                if !half_made.any(|(of, _)| *of == database) {
                    return None;
                }
                state.lists += 1;
                let is_hit = state.lists % 2 == 1;
                is_hit.then(|| Error::unknown("tables were listed while one was half made"))
            }
            _ => None,
        }
    }

    /// A request was answered: one that named a table that is half made brings it nearer.
    pub(crate) fn answered(&self, call: &Call, segments: &[&str]) {
        if self.state().half_made.is_empty() {
            return;
        }
        let key = match segments {
            [database, "tables"] if call.method == "POST" => {
                let body = call.json().unwrap_or_default();
                let id = body.get("tableId").and_then(Value::as_str);
                key(database, id.unwrap_or_default())
            }
            [database, "tables", table, ..] => key(database, table),
            _ => return,
        };
        let mut state = self.state();
        if let Some(left) = state.half_made.get_mut(&key) {
            *left -= 1;
            if *left == 0 {
                state.half_made.remove(&key);
            }
            self.answered.notify_all();
        }
    }

    /// The description of a table was written, and its document taken out of the cache. Where a column was asked for,
    /// somebody who read just then puts it back as it was.
    pub(crate) fn written(&self, table: i64, new_column: Option<&str>) {
        let mut state = self.state();
        match new_column.filter(|_| state.is_stale) {
            Some(column) => state.documents.insert(table, column.to_owned()),
            None => state.documents.remove(&table),
        };
    }

    /// The column that the document in the cache has as it was when it was asked for.
    pub(crate) fn stale_column(&self, table: i64) -> Option<String> {
        self.state().documents.get(&table).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(database: &str, table: &str) -> (String, String) {
    (folded(database), folded(table))
}
