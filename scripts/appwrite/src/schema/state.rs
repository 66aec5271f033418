//! What the handlers of the schema work on.

use std::sync::Arc;

use crate::faults::tables::Races;
use crate::schema::catalog::{self, Table};
use crate::schema::changes::Changes;
use crate::schema::column::Status;
use crate::storage::Store;
use crate::wire::{Call, Error};

pub(crate) struct Schema {
    pub(crate) store: Arc<Store>,
    pub(crate) changes: Arc<Changes>,
    pub(crate) races: Races,
}

impl Schema {
    /// The table, if the caller may know of it.
    pub(crate) fn table(&self, call: &Call, database: &str, id: &str) -> Result<Table, Error> {
        self.store
            .read(|connection| catalog::table(connection, &call.actor, database, id))
    }

    /// The table as its document in the cache has it.
    pub(crate) fn document(&self, mut table: Table) -> Table {
        if let Some(key) = self.races.stale_column(table.sequence) {
            let mut columns = table.columns.iter_mut();
            if let Some(column) = columns.find(|column| column.key == key) {
                column.status = Status::Processing;
            }
        }
        table
    }
}
