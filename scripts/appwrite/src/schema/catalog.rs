//! What databases, tables, columns and indexes there are: their description, kept beside the rows. Not the rows.

use rusqlite::{params, Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use crate::options::{Database as Below, Edition};
use crate::schema::column::{Column, Status, View};
use crate::storage::BLIND;
use crate::wire::{Actor, Error};

pub(crate) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS databases (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE COLLATE appwrite,
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS tables (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    database INTEGER NOT NULL REFERENCES databases (sequence),
    id TEXT NOT NULL COLLATE appwrite,
    definition TEXT NOT NULL,
    UNIQUE (database, id)
);
";

/// Widest row in bytes: `getDocumentSizeLimit` of the SQL adapter.
pub(crate) const WIDTH_LIMIT: u64 = 65_535;

/// Width of the internal columns: `getAttributeWidth` of the SQL adapter for an empty table.
const WIDTH_INTERNAL: u64 = 1_067;

#[derive(Debug, Clone)]
pub(crate) struct Database {
    pub(crate) sequence: i64,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) enabled: bool,
    pub(crate) created: String,
    pub(crate) updated: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Table {
    /// Number of the SQLite table with the rows.
    #[serde(skip)]
    pub(crate) sequence: i64,
    #[serde(skip)]
    pub(crate) database: String,
    /// The two numbers that Appwrite names its own table after.
    pub(crate) numbers: (i64, i64),
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) enabled: bool,
    pub(crate) row_security: bool,
    pub(crate) permissions: Vec<String>,
    pub(crate) created: String,
    pub(crate) updated: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) indexes: Vec<Index>,
    /// Number of the next column or index: never used twice.
    pub(crate) next: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Index {
    /// Names the SQLite index.
    pub(crate) number: u32,
    pub(crate) key: String,
    /// `key`, `unique` or `fulltext`.
    pub(crate) kind: String,
    pub(crate) status: Status,
    pub(crate) error: String,
    pub(crate) columns: Vec<String>,
    pub(crate) lengths: Vec<u64>,
    pub(crate) orders: Vec<String>,
    pub(crate) created: String,
    pub(crate) updated: String,
}

/// The database, if the caller may know of it.
pub(crate) fn database(
    connection: &Connection,
    actor: &Actor,
    id: &str,
) -> Result<Database, Error> {
    let found = databases(connection, "WHERE id = ?1", [id])?
        .into_iter()
        .next();
    found
        .filter(|database| database.enabled || actor.is_key())
        .ok_or_else(|| Error::missing("database_not_found", "Database", id))
}

/// All databases, oldest first.
pub(crate) fn all_databases(connection: &Connection) -> Result<Vec<Database>, Error> {
    databases(connection, "ORDER BY sequence", [])
}

fn databases(
    connection: &Connection,
    rest: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Database>, Error> {
    let sql = format!("SELECT sequence, id, name, enabled, created, updated FROM databases {rest}");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(parameters, |row| {
        Ok(Database {
            sequence: row.get(0)?,
            id: row.get(1)?,
            name: row.get(2)?,
            enabled: row.get(3)?,
            created: row.get(4)?,
            updated: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The table, if the caller may know of it.
pub(crate) fn table(
    connection: &Connection,
    actor: &Actor,
    database_id: &str,
    id: &str,
) -> Result<Table, Error> {
    let database = database(connection, actor, database_id)?;
    tables(
        connection,
        &database,
        "AND id = ?2",
        params![database.sequence, id],
    )?
    .into_iter()
    .next()
    .filter(|table| table.enabled || actor.is_key())
    .ok_or_else(|| Error::missing("table_not_found", "Table", id))
}

/// All tables of a database, oldest first.
pub(crate) fn all_tables(
    connection: &Connection,
    database: &Database,
) -> Result<Vec<Table>, Error> {
    tables(
        connection,
        database,
        "ORDER BY sequence",
        [database.sequence],
    )
}

fn tables(
    connection: &Connection,
    database: &Database,
    rest: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Table>, Error> {
    let sql = format!("SELECT sequence, definition FROM tables WHERE database = ?1 {rest}");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(parameters, |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?))
    })?;
    let mut tables = Vec::new();
    for row in rows {
        let (sequence, definition) = row?;
        tables.push(Table {
            sequence,
            database: database.id.clone(),
            ..serde_json::from_str(&definition)
                .map_err(|error| Error::unknown(error.to_string()))?
        });
    }
    Ok(tables)
}

/// Writes a changed description.
pub(crate) fn save(connection: &Connection, table: &Table) -> Result<(), Error> {
    let definition =
        serde_json::to_string(table).map_err(|error| Error::unknown(error.to_string()))?;
    connection.execute(
        "UPDATE tables SET definition = ?1 WHERE sequence = ?2",
        params![definition, table.sequence],
    )?;
    Ok(())
}

/// A new table without columns.
pub(crate) fn create(
    connection: &Connection,
    database: &Database,
    mut table: Table,
    edition: Edition,
) -> Result<Table, Error> {
    let taken = connection
        .prepare_cached("SELECT 1 FROM tables WHERE database = ?1 AND id = ?2")?
        .query_row(params![database.sequence, table.id], |_| Ok(()))
        .optional()?;
    if taken.is_some() {
        return Err(Error::new(
            409,
            "table_already_exists",
            format!(
                "A table with the requested ID '{}' already exists. Try again with a different ID or use ID.unique() \
                 to generate a unique ID.",
                table.id
            ),
        ));
    }
    connection.execute(
        "INSERT INTO tables (database, id, definition) VALUES (?1, ?2, '')",
        params![database.sequence, table.id],
    )?;
    table.sequence = connection.last_insert_rowid();
    table.numbers = (database.sequence, table.sequence);
    connection.execute_batch(&format!(
        "CREATE TABLE {} (
            _sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            _id TEXT NOT NULL UNIQUE COLLATE appwrite,
            _created TEXT NOT NULL,
            _updated TEXT NOT NULL,
            _permissions TEXT NOT NULL
        )",
        table.rows()
    ))?;
    if edition.database == Below::PostgreSql {
        // Ids are found by their bytes there, and yet no two are made that MariaDB would take for one.
        let rows = table.rows();
        connection.execute_batch(&format!(
            "CREATE UNIQUE INDEX ids_{0} ON {rows} (_id COLLATE {BLIND})",
            table.sequence
        ))?;
    }
    save(connection, &table)?;
    Ok(table)
}

/// Takes away the description and the rows.
pub(crate) fn drop(connection: &Connection, table: &Table) -> Result<(), Error> {
    connection.execute("DELETE FROM tables WHERE sequence = ?1", [table.sequence])?;
    connection.execute_batch(&format!("DROP TABLE {}", table.rows()))?;
    Ok(())
}

impl Database {
    pub(crate) fn body(&self) -> Value {
        json!({
            "$id": self.id,
            "name": self.name,
            "$createdAt": self.created,
            "$updatedAt": self.updated,
            "enabled": self.enabled,
            "type": "tablesdb",
        })
    }
}

impl Table {
    /// Name of the SQLite table with the rows.
    pub(crate) fn rows(&self) -> String {
        format!("rows_{}", self.sequence)
    }

    /// What Appwrite calls the table inside.
    pub(crate) fn inside(&self) -> String {
        format!("database_{}_collection_{}", self.numbers.0, self.numbers.1)
    }

    /// A column that exists for rows.
    pub(crate) fn column(&self, key: &str) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.key == key && column.exists())
    }

    /// The columns that exist for rows.
    pub(crate) fn available(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.exists())
    }

    /// Bytes of a row by the rules of the SQL adapter.
    pub(crate) fn width(&self) -> u64 {
        WIDTH_INTERNAL + self.columns.iter().map(Column::width).sum::<u64>()
    }

    pub(crate) fn body(&self) -> Value {
        json!({
            "$id": self.id,
            "$createdAt": self.created,
            "$updatedAt": self.updated,
            "$permissions": self.permissions,
            "databaseId": self.database,
            "name": self.name,
            "enabled": self.enabled,
            "rowSecurity": self.row_security,
            "columns": self.columns.iter().map(|column| column.body(View::Single)).collect::<Vec<_>>(),
            "indexes": self.indexes.iter().map(|index| index.body(self)).collect::<Vec<_>>(),
            "bytesMax": WIDTH_LIMIT,
            "bytesUsed": self.width(),
        })
    }
}

impl Index {
    /// Name of the SQLite index.
    pub(crate) fn name(&self, table: &Table) -> String {
        format!("index_{}_{}", table.sequence, self.number)
    }

    pub(crate) fn is_unique(&self) -> bool {
        self.kind == "unique" && matches!(self.status, Status::Available | Status::Deleting)
    }

    pub(crate) fn body(&self, table: &Table) -> Value {
        json!({
            "$id": format!("{}_{}_{}", table.numbers.0, table.numbers.1, self.key),
            "$createdAt": self.created,
            "$updatedAt": self.updated,
            "key": self.key,
            "type": self.kind,
            "status": self.status,
            "error": self.error,
            "columns": self.columns,
            "lengths": self.lengths,
            "orders": self.orders,
        })
    }
}
