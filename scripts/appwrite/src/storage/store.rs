//! The SQLite file under everything: opening, locking, reading, writing. Not what is in it: whoever keeps
//! something there brings its own tables.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use crate::options::{Database, Storage};
use crate::storage::collation::{compare, compare_in, folded, BLIND, COLLATION};
use crate::storage::key;
use crate::wire::{id, Error};

/// What is kept of the folder itself.
const SETTINGS: &str =
    "CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)";

/// What everything is in.
const FILE: &str = "appwrite.sqlite";

/// How many idle reading connections are kept.
const READERS: usize = 4;

pub(crate) struct Store {
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    folder: PathBuf,
    file: PathBuf,
    /// Decides how texts are compared.
    database: Database,
    /// Holds the folder for this instance: an open exclusive transaction on a file of its own.
    lock: Mutex<Option<Connection>>,
    /// Removed last.
    _temporary: Option<tempfile::TempDir>,
}

impl Store {
    /// The schemas are the tables of whoever keeps something here, made when missing.
    pub(crate) fn open(
        storage: &Storage,
        database: Database,
        schemas: &[&str],
    ) -> anyhow::Result<Self> {
        let (folder, temporary) = match storage {
            Storage::Folder(folder) => (folder.clone(), None),
            Storage::Ephemeral | Storage::CopyOf(_) => {
                let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        // Whoever reads this data can sign what this server takes for its own.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let lock = lock(&folder)?;
        let file = folder.join(FILE);
        if let Storage::CopyOf(of) = storage {
            copy(&of.join(FILE), &file, database)?;
        }
        let kept = || format!("{} cannot be kept from others", file.display());
        key::private(&file).with_context(kept)?;
        for beside in ["-wal", "-shm"] {
            // Those that SQLite makes are as private as the database is.
            let beside = folder.join(format!("appwrite.sqlite{beside}"));
            if beside.exists() {
                key::private(&beside).with_context(kept)?;
            }
        }
        let writer =
            connect(&file, database).with_context(|| format!("cannot open {}", file.display()))?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        // A temporary folder has nothing to outlive; a lasting one survives a killed process, if not a power cut.
        let synchronous = if temporary.is_some() { "OFF" } else { "NORMAL" };
        writer.pragma_update(None, "synchronous", synchronous)?;
        writer.execute_batch(SETTINGS)?;
        keep_database(&writer, &folder, database)?;
        for schema in schemas {
            writer.execute_batch(schema)?;
        }
        Ok(Self {
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            folder,
            file,
            database,
            lock: Mutex::new(Some(lock)),
            _temporary: temporary,
        })
    }

    /// Where everything is kept; other files may stand beside the database.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives the folder free for another instance.
    pub(crate) fn release(&self) {
        held(&self.lock).take();
    }

    /// Runs queries on the last committed state, beside any writer.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let idle = held(&self.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect(&self.file, self.database)?,
        };
        // One transaction, so that all of the work sees one state.
        let snapshot = connection.transaction()?;
        let result = work(&snapshot);
        drop(snapshot);
        let mut readers = held(&self.readers);
        if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    /// Runs the work alone; commits when it returns Ok, else leaves everything as it was.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = held(&self.writer);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// The secret that tokens are signed with: made once per folder.
    pub(crate) fn secret(&self) -> anyhow::Result<String> {
        let connection = held(&self.writer);
        if let Some(secret) = setting(&connection, SECRET)? {
            return Ok(secret);
        }
        let secret = id::unique() + &id::unique();
        set(&connection, SECRET, &secret)?;
        Ok(secret)
    }
}

/// Names of settings.
const SECRET: &str = "secret";
const DATABASE: &str = "database";

fn setting(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let found = connection.query_row(
        "SELECT value FROM settings WHERE name = ?1",
        [name],
        |row| row.get(0),
    );
    found.optional()
}

fn set(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<usize> {
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?1, ?2)",
        [name, value],
    )
}

/// The indexes of a folder stand in the order of the database that it was made for; by another order nothing would be
/// found in them.
fn keep_database(writer: &Connection, folder: &Path, database: Database) -> anyhow::Result<()> {
    let kept = match setting(writer, DATABASE)? {
        // A folder in use that does not say it is older than the choice.
        None if setting(writer, SECRET)?.is_some() => Some(Database::MariaDb.name().to_owned()),
        kept => kept,
    };
    match kept {
        Some(kept) if kept != database.name() => anyhow::bail!(
            "the folder {} was made as on {kept} and cannot be used as on {}; take another folder",
            folder.display(),
            database.name()
        ),
        Some(_) => Ok(()),
        None => {
            set(writer, DATABASE, database.name())?;
            Ok(())
        }
    }
}

/// Copies the last committed state, whoever writes meanwhile.
fn copy(of: &Path, to: &Path, database: Database) -> anyhow::Result<()> {
    let failed = || format!("{} cannot be copied", of.display());
    let of = Connection::open_with_flags(of, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let of = of
        .and_then(|of| prepared(of, database))
        .with_context(failed)?;
    let to = to
        .to_str()
        .context("the temporary folder has no plain name")?;
    of.execute("VACUUM INTO ?1", [to]).with_context(failed)?;
    Ok(())
}

fn connect(file: &Path, database: Database) -> rusqlite::Result<Connection> {
    Connection::open(file).and_then(|opened| prepared(opened, database))
}

/// With what the tables need.
fn prepared(connection: Connection, database: Database) -> rusqlite::Result<Connection> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.create_collation(COLLATION, move |left: &str, right: &str| {
        compare_in(database, left, right)
    })?;
    connection.create_collation(BLIND, compare)?;
    connection.create_scalar_function(
        "folded",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| {
            let text: Option<String> = context.get(0)?;
            Ok(text.as_deref().map(folded))
        },
    )?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

fn lock(folder: &Path) -> anyhow::Result<Connection> {
    let file = folder.join("lock.sqlite");
    let refused = || format!("the folder {} cannot be written to", folder.display());
    let lock = Connection::open(&file).with_context(refused)?;
    lock.busy_timeout(std::time::Duration::ZERO)?;
    match lock.execute_batch("BEGIN EXCLUSIVE") {
        Ok(()) => Ok(lock),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
            anyhow::bail!(
                "the folder {} is in use by another running instance",
                folder.display()
            )
        }
        Err(error) => Err(error).with_context(refused),
    }
}

/// A panic of another thread between two statements leaves a connection usable: its transaction was rolled back.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
