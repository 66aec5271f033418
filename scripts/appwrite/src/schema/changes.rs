//! What the real server leaves to its workers: a new column or index exists only a moment after the answer to its
//! create, one that was deleted a moment longer, and clients have to poll for both. Here one task does it, in the order
//! asked, and again after a restart for whatever a killed process left undone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};

use crate::clock::now_text;
use crate::schema::catalog::{self, Index, Table};
use crate::schema::column::{Column, Status};
use crate::storage::Store;
use crate::wire::Error;

/// The asking end.
pub(crate) struct Changes {
    queue: UnboundedSender<()>,
    held: AtomicBool,
}

impl Changes {
    pub(crate) fn new() -> (Self, UnboundedReceiver<()>) {
        let (queue, receiver) = unbounded_channel();
        let held = AtomicBool::new(false);
        (Self { queue, held }, receiver)
    }

    /// Whether what is asked has to wait.
    pub(crate) fn hold(&self, on: bool) {
        self.held.store(on, Ordering::SeqCst);
        self.ask();
    }

    /// Says that some table has a column or an index that is to be made or taken away; to be called after the write is
    /// committed.
    pub(crate) fn ask(&self) {
        // The receiver is gone only while the instance stops; the next start works on it.
        self.queue.send(()).ok();
    }
}

/// Works until the instance stops.
pub(crate) async fn work(
    store: Arc<Store>,
    changes: Arc<Changes>,
    mut queue: UnboundedReceiver<()>,
) {
    changes.ask();
    while queue.recv().await.is_some() {
        let (store, changes) = (Arc::clone(&store), Arc::clone(&changes));
        let done = tokio::task::spawn_blocking(move || finish(&store, &changes)).await;
        if let Ok(Err(error)) = done {
            eprintln!("embedded appwrite: schema change: {error:?}");
        }
    }
}

/// Finishes whatever is begun, in one write for each table.
fn finish(store: &Store, changes: &Changes) -> Result<(), Error> {
    let open = store.read(|connection| {
        let mut open = Vec::new();
        for database in catalog::all_databases(connection)? {
            let tables = catalog::all_tables(connection, &database)?;
            open.extend(
                tables
                    .into_iter()
                    .filter(is_open)
                    .map(|table| (database.clone(), table.sequence)),
            );
        }
        Ok(open)
    })?;
    for (database, sequence) in open {
        store.write(|connection| {
            // Asked here, where no other write can come between: what was asked for after the hold stays undone.
            if changes.held.load(Ordering::SeqCst) {
                return Ok(());
            }
            let tables = catalog::all_tables(connection, &database)?;
            let Some(mut table) = tables.into_iter().find(|table| table.sequence == sequence)
            else {
                return Ok(());
            };
            take_away(connection, &mut table)?;
            columns(connection, &mut table)?;
            indexes(connection, &mut table)?;
            catalog::save(connection, &table)
        })?;
    }
    Ok(())
}

fn is_open(table: &Table) -> bool {
    let columns = table.columns.iter().map(|column| column.status);
    let indexes = table.indexes.iter().map(|index| index.status);
    columns
        .chain(indexes)
        .any(|status| matches!(status, Status::Processing | Status::Deleting))
}

/// Indexes go first: SQLite drops no column that one of them needs.
fn take_away(connection: &Connection, table: &mut Table) -> Result<(), Error> {
    let going: Vec<Column> = (table.columns.iter())
        .filter(|column| column.status == Status::Deleting)
        .cloned()
        .collect();
    for position in 0..table.indexes.len() {
        let name = table.indexes[position].name(table);
        let index = &mut table.indexes[position];
        // An index loses the column; one that had no other goes with it.
        let stays: Vec<bool> = (index.columns.iter())
            .map(|key| !going.iter().any(|column| column.key == *key))
            .collect();
        if stays.contains(&false) {
            keep(&mut index.columns, &stays);
            keep(&mut index.lengths, &stays);
            keep(&mut index.orders, &stays);
            index.status = if index.columns.is_empty() {
                Status::Deleting
            } else {
                Status::Processing
            };
        } else if index.status != Status::Deleting {
            continue;
        }
        connection.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))?;
    }
    for column in &going {
        let (rows, name) = (table.rows(), column.name());
        connection.execute_batch(&format!("ALTER TABLE {rows} DROP COLUMN {name}"))?;
    }
    (table.columns).retain(|column| column.status != Status::Deleting);
    (table.indexes).retain(|index| index.status != Status::Deleting);
    Ok(())
}

/// Those of a list that stay; it may be shorter than what is said of it.
fn keep<T>(list: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    list.retain(|_| *stays.next().unwrap_or(&true));
}

pub(crate) fn columns(connection: &Connection, table: &mut Table) -> Result<(), Error> {
    let rows = table.rows();
    for column in &mut table.columns {
        if column.status == Status::Processing {
            let (name, declaration) = (column.name(), column.declaration());
            connection.execute_batch(&format!(
                "ALTER TABLE {rows} ADD COLUMN {name} {declaration}"
            ))?;
            column.status = Status::Available;
            column.updated = now_text();
        }
    }
    Ok(())
}

pub(crate) fn indexes(connection: &Connection, table: &mut Table) -> Result<(), Error> {
    for position in 0..table.indexes.len() {
        if table.indexes[position].status != Status::Processing {
            continue;
        }
        let made = match statement(table, &table.indexes[position]) {
            Some(statement) => connection.execute_batch(&statement),
            None => Ok(()),
        };
        let index = &mut table.indexes[position];
        index.updated = now_text();
        match made {
            Ok(()) => index.status = Status::Available,
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                index.status = Status::Failed;
                index.error = "Existing rows have the same values".to_owned();
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The SQLite index; none for the kinds that are only asked for by name.
fn statement(table: &Table, index: &Index) -> Option<String> {
    let unique = match index.kind.as_str() {
        "unique" => "UNIQUE ",
        "key" => "",
        _ => return None,
    };
    let parts: Option<Vec<String>> = index
        .columns
        .iter()
        .zip(&index.lengths)
        .enumerate()
        .map(|(position, (key, length))| {
            let name = match key.as_str() {
                "$id" => "_id".to_owned(),
                "$sequence" => "_sequence".to_owned(),
                "$createdAt" => "_created".to_owned(),
                "$updatedAt" => "_updated".to_owned(),
                _ => table.column(key)?.name(),
            };
            let descending = index
                .orders
                .get(position)
                .is_some_and(|order| order.eq_ignore_ascii_case("DESC"));
            let order = if descending { " DESC" } else { "" };
            // Only uniqueness is about the prefix; a search does better with the whole.
            Some(if *length > 0 && !unique.is_empty() {
                format!("substr({name}, 1, {length}) COLLATE appwrite{order}")
            } else {
                format!("{name}{order}")
            })
        })
        .collect();
    let (name, rows) = (index.name(table), table.rows());
    let parts = parts?.join(", ");
    Some(format!(
        "CREATE {unique}INDEX IF NOT EXISTS {name} ON {rows} ({parts})"
    ))
}
