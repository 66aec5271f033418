//! What databases, tables, columns and indexes there are: their description, kept beside the rows. Not the rows.

use rusqlite::{params, Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Varchar,
    Text,
    Mediumtext,
    Longtext,
    String,
    Enum,
    Url,
    Email,
    Ip,
    Integer,
    Bigint,
    Float,
    Boolean,
    Datetime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Processing,
    Available,
    /// Still there for rows until [`crate::schema::changes`] has taken it away.
    Deleting,
    Failed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Column {
    /// Names the SQLite column.
    pub(crate) number: u32,
    pub(crate) key: String,
    pub(crate) kind: Kind,
    pub(crate) status: Status,
    pub(crate) error: String,
    pub(crate) required: bool,
    pub(crate) array: bool,
    /// Characters of texts, bytes of integers.
    pub(crate) size: u64,
    pub(crate) default: Value,
    /// What rows get that are made without a value, where that is not what `default` says: see [`Column::filling`].
    #[serde(default)]
    pub(crate) kept_default: Option<Value>,
    pub(crate) elements: Vec<String>,
    pub(crate) min: Value,
    pub(crate) max: Value,
    pub(crate) created: String,
    pub(crate) updated: String,
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

/// Where a column is shown: operations differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// The answer to a create, the GET of one column, and columns inside their table.
    Single,
    /// In lists and after changes `encrypt` is null.
    Listed,
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

impl Kind {
    pub(crate) const ALL: [Self; 14] = [
        Self::Varchar,
        Self::Text,
        Self::Mediumtext,
        Self::Longtext,
        Self::String,
        Self::Enum,
        Self::Url,
        Self::Email,
        Self::Ip,
        Self::Integer,
        Self::Bigint,
        Self::Float,
        Self::Boolean,
        Self::Datetime,
    ];

    /// The last part of the route that makes such a column.
    pub(crate) fn route(self) -> &'static str {
        match self {
            Self::Varchar => "varchar",
            Self::Text => "text",
            Self::Mediumtext => "mediumtext",
            Self::Longtext => "longtext",
            Self::String => "string",
            Self::Enum => "enum",
            Self::Url => "url",
            Self::Email => "email",
            Self::Ip => "ip",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
        }
    }

    /// `type` in answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Float => "double",
            Self::Enum | Self::Url | Self::Email | Self::Ip => "string",
            other => other.route(),
        }
    }

    pub(crate) fn is_text(self) -> bool {
        !matches!(
            self,
            Self::Integer | Self::Bigint | Self::Float | Self::Boolean | Self::Datetime
        )
    }

    /// Characters of kinds that are not given a size.
    pub(crate) fn size(self) -> u64 {
        match self {
            Self::Text => 65_535,
            Self::Mediumtext => 16_777_215,
            Self::Longtext => 2_147_483_647,
            Self::Enum => 255,
            Self::Url => 2_000,
            Self::Email => 254,
            Self::Ip => 39,
            Self::Varchar
            | Self::String
            | Self::Integer
            | Self::Bigint
            | Self::Float
            | Self::Boolean
            | Self::Datetime => 0,
        }
    }
}

impl Column {
    /// Name of the SQLite column.
    pub(crate) fn name(&self) -> String {
        format!("c{}", self.number)
    }

    pub(crate) fn is_available(&self) -> bool {
        self.status == Status::Available
    }

    /// Whether rows have it.
    pub(crate) fn exists(&self) -> bool {
        matches!(self.status, Status::Available | Status::Deleting)
    }

    /// What a row gets that is made without a value.
    pub(crate) fn filling(&self) -> &Value {
        self.kept_default.as_ref().unwrap_or(&self.default)
    }

    /// Sets the default as an update does. Its null means "as before" to the library below, which fills the rows: only
    /// a column that becomes required really loses its default (`$default ??=` in `updateAttribute` of
    /// utopia-php/database 6.0.0).
    pub(crate) fn set_default(&mut self, default: Value) {
        let filling = match &default {
            Value::Null if self.required => Value::Null,
            Value::Null => self.filling().clone(),
            other => other.clone(),
        };
        self.kept_default = (filling != default).then_some(filling);
        self.default = default;
    }

    /// SQLite type and collation.
    pub(crate) fn declaration(&self) -> &'static str {
        match self.kind {
            _ if self.array => "TEXT",
            Kind::Integer | Kind::Bigint | Kind::Boolean => "INTEGER",
            Kind::Float => "REAL",
            Kind::Datetime => "TEXT",
            Kind::Varchar
            | Kind::Text
            | Kind::Mediumtext
            | Kind::Longtext
            | Kind::String
            | Kind::Enum
            | Kind::Url
            | Kind::Email
            | Kind::Ip => "TEXT COLLATE appwrite",
        }
    }

    /// Bytes in a row: `getAttributeWidth` of the SQL adapter.
    pub(crate) fn width(&self) -> u64 {
        match self.kind {
            _ if self.array => 20,
            Kind::Text | Kind::Mediumtext | Kind::Longtext => 20,
            // Bytes of the first day: an update of the bounds does not move them.
            Kind::Integer => self.size,
            Kind::Bigint | Kind::Float => 8,
            Kind::Boolean => 1,
            Kind::Datetime => 7,
            Kind::Varchar | Kind::String | Kind::Enum | Kind::Url | Kind::Email | Kind::Ip => {
                match self.size {
                    size if size > 16_381 => 20,
                    size if size > 255 => 4 * size + 2,
                    size => 4 * size + 1,
                }
            }
        }
    }

    /// Its share of an index, in characters, when no length is given.
    pub(crate) fn index_length(&self) -> u64 {
        match self.kind {
            Kind::Float => 2,
            Kind::Integer | Kind::Bigint | Kind::Boolean | Kind::Datetime => 1,
            Kind::Varchar
            | Kind::Text
            | Kind::Mediumtext
            | Kind::Longtext
            | Kind::String
            | Kind::Enum
            | Kind::Url
            | Kind::Email
            | Kind::Ip => self.size,
        }
    }

    pub(crate) fn body(&self, view: View) -> Value {
        self.body_as(self.kind, view)
    }

    /// The answer of the route for `kind`, whatever this column is.
    pub(crate) fn body_as(&self, kind: Kind, view: View) -> Value {
        let mut body = Map::new();
        body.insert("key".to_owned(), json!(self.key));
        body.insert("type".to_owned(), json!(self.kind.name()));
        body.insert("status".to_owned(), json!(self.status));
        body.insert("error".to_owned(), json!(self.error));
        body.insert("required".to_owned(), json!(self.required));
        body.insert("array".to_owned(), json!(self.array));
        body.insert("$createdAt".to_owned(), json!(self.created));
        body.insert("$updatedAt".to_owned(), json!(self.updated));
        match kind {
            Kind::Varchar | Kind::String => {
                body.insert("size".to_owned(), json!(self.size));
            }
            Kind::Integer | Kind::Bigint | Kind::Float => {
                body.insert("min".to_owned(), self.min.clone());
                body.insert("max".to_owned(), self.max.clone());
            }
            Kind::Enum => {
                body.insert("elements".to_owned(), json!(self.elements));
                body.insert("format".to_owned(), json!("enum"));
            }
            Kind::Url | Kind::Email | Kind::Ip => {
                body.insert("format".to_owned(), json!(kind.route()));
            }
            Kind::Datetime => {
                body.insert("format".to_owned(), json!(""));
            }
            Kind::Text | Kind::Mediumtext | Kind::Longtext | Kind::Boolean => {}
        }
        body.insert("default".to_owned(), self.default.clone());
        if matches!(
            kind,
            Kind::Varchar | Kind::String | Kind::Text | Kind::Mediumtext | Kind::Longtext
        ) {
            let encrypt = match view {
                View::Single => Value::Bool(false),
                View::Listed => Value::Null,
            };
            body.insert("encrypt".to_owned(), encrypt);
        }
        Value::Object(body)
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

pub(crate) fn not_available(key: &str) -> Error {
    Error::new(
        400,
        "column_not_available",
        format!("The requested column '{key}' is not yet available. Please try again later."),
    )
}
