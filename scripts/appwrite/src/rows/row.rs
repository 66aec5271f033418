//! One row in SQLite: reading, inserting, changing, removing. What may be done by whom is decided before.

use chrono::Duration;
use rusqlite::types::{Value as Bound, ValueRef};
use rusqlite::{params_from_iter, Connection, ErrorCode, OptionalExtension};
use serde_json::{json, Value};

use crate::clock::{self, now_text};
use crate::schema::catalog::Table;
use crate::schema::column::{Column, Kind};
use crate::wire::{value, Body, Error};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) sequence: i64,
    pub(crate) id: String,
    pub(crate) created: String,
    pub(crate) updated: String,
    pub(crate) permissions: Vec<String>,
    /// Columns in the order of the table.
    pub(crate) data: Body,
}

/// What a writer sets beside the columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Marks {
    pub(crate) permissions: Option<Vec<String>>,
    /// Keys may set the times.
    pub(crate) created: Option<String>,
    pub(crate) updated: Option<String>,
}

/// The internal columns that every reading statement begins with.
const INTERNAL: &str = "_sequence, _id, _created, _updated, _permissions";

/// `SELECT … FROM …` of these columns.
pub(crate) fn select(table: &Table, columns: &[&Column]) -> String {
    let mut names = INTERNAL.to_owned();
    for column in columns {
        names.push_str(", ");
        names.push_str(&column.name());
    }
    format!("SELECT {names} FROM {}", table.rows())
}

/// Reads a row of a statement made by [`select`].
pub(crate) fn decode(row: &rusqlite::Row, columns: &[&Column]) -> rusqlite::Result<Row> {
    let permissions: String = row.get(4)?;
    let mut data = Body::new();
    for (position, column) in columns.iter().enumerate() {
        data.insert(
            column.key.clone(),
            shown(column, row.get_ref(5 + position)?),
        );
    }
    Ok(Row {
        sequence: row.get(0)?,
        id: row.get(1)?,
        created: row.get(2)?,
        updated: row.get(3)?,
        permissions: serde_json::from_str(&permissions).unwrap_or_default(),
        data,
    })
}

/// A value of SQLite as the column's answer.
fn shown(column: &Column, value: ValueRef) -> Value {
    match value {
        ValueRef::Null if column.array => json!([]),
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) if column.kind == Kind::Boolean => json!(number != 0),
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => value::number(number),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            if column.array {
                serde_json::from_str(&text).unwrap_or_default()
            } else {
                json!(text)
            }
        }
        ValueRef::Blob(_) => Value::Null,
    }
}

/// A checked value as SQLite keeps it.
fn stored(column: &Column, value: &Value) -> Bound {
    match value {
        Value::Null => Bound::Null,
        Value::Bool(value) => Bound::Integer(i64::from(*value)),
        Value::Number(number) if column.kind == Kind::Float => {
            number.as_f64().map_or(Bound::Null, Bound::Real)
        }
        Value::Number(number) => number.as_i64().map_or(Bound::Null, Bound::Integer),
        Value::String(text) => Bound::Text(text.clone()),
        Value::Array(_) | Value::Object(_) => Bound::Text(value.to_string()),
    }
}

/// The row with this id, compared as the database compares.
pub(crate) fn find(connection: &Connection, table: &Table, id: &str) -> Result<Option<Row>, Error> {
    let columns: Vec<&Column> = table.available().collect();
    let sql = format!("{} WHERE _id = ?1", select(table, &columns));
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement
        .query_row([id], |row| decode(row, &columns))
        .optional()?)
}

/// 404 `row_not_found`.
pub(crate) fn not_found(id: &str) -> Error {
    Error::missing("row_not_found", "Row", id)
}

/// 409 `row_already_exists`: the id is taken.
pub(crate) fn already_exists(id: &str) -> Error {
    Error::new(
        409,
        "row_already_exists",
        format!(
            "Row with the requested ID '{id}' already exists. Try again with a different ID or use ID.unique() to \
             generate a unique ID."
        ),
    )
}

/// The same for a unique index, which line 2 tells from a taken id.
pub(crate) fn clash(id: &str) -> Error {
    already_exists(id).since_2(Error::new(
        409,
        "row_unique_constraint_violation",
        "Row violates a unique column constraint. Try again with different value(s).",
    ))
}

/// What a write is refused with that SQLite refused, because of an id or a unique index for the most part.
fn refusal(table: &Table, id: &str, error: rusqlite::Error) -> Error {
    if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return error.into();
    }
    let is_id = error.to_string().contains(&format!("{}._id", table.rows()));
    if is_id {
        already_exists(id)
    } else {
        clash(id)
    }
}

/// Inserts checked data; columns that are not in it get their defaults.
pub(crate) fn insert(
    connection: &Connection,
    table: &Table,
    id: &str,
    data: &Body,
    marks: &Marks,
) -> Result<Row, Error> {
    let now = now_text();
    let row = Row {
        sequence: 0,
        id: id.to_owned(),
        created: marks.created.clone().unwrap_or_else(|| now.clone()),
        updated: marks.updated.clone().unwrap_or(now),
        permissions: marks.permissions.clone().unwrap_or_default(),
        data: with_defaults(table, data),
    };
    let mut names = "_id, _created, _updated, _permissions".to_owned();
    let mut values = vec![
        Bound::Text(row.id.clone()),
        Bound::Text(row.created.clone()),
        Bound::Text(row.updated.clone()),
        Bound::Text(json!(row.permissions).to_string()),
    ];
    for column in table.available() {
        names.push_str(", ");
        names.push_str(&column.name());
        values.push(stored(column, &row.data[&column.key]));
    }
    let places = vec!["?"; values.len()].join(", ");
    let sql = format!("INSERT INTO {} ({names}) VALUES ({places})", table.rows());
    let mut statement = connection.prepare_cached(&sql)?;
    match statement.insert(params_from_iter(values)) {
        Ok(sequence) => Ok(Row { sequence, ..row }),
        Err(error) => Err(refusal(table, id, error)),
    }
}

/// All columns of the table, in its order.
fn with_defaults(table: &Table, data: &Body) -> Body {
    table
        .available()
        .map(|column| {
            let value = match data.get(&column.key) {
                Some(value) if !value.is_null() => value.clone(),
                Some(_) | None if column.array => json!([]),
                Some(_) | None => column.filling().clone(),
            };
            (column.key.clone(), value)
        })
        .collect()
}

/// How a change treats one that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    /// `$updatedAt` moves only when something else does.
    IfChanged,
    Always,
}

/// Writes checked data over a row.
pub(crate) fn change(
    connection: &Connection,
    table: &Table,
    row: &Row,
    data: &Body,
    marks: &Marks,
    touch: Touch,
) -> Result<Row, Error> {
    let mut changed = row.clone();
    for (key, value) in data {
        changed.data.insert(key.clone(), value.clone());
    }
    if let Some(permissions) = &marks.permissions {
        changed.permissions.clone_from(permissions);
    }
    if let Some(created) = &marks.created {
        changed.created.clone_from(created);
    }
    if let Some(updated) = &marks.updated {
        changed.updated.clone_from(updated);
    }
    if changed == *row && touch == Touch::IfChanged {
        return Ok(changed);
    }
    if marks.updated.is_none() {
        changed.updated = later(&row.updated);
    }
    let mut names = "_id = ?, _created = ?, _updated = ?, _permissions = ?".to_owned();
    let mut values = vec![
        Bound::Text(changed.id.clone()),
        Bound::Text(changed.created.clone()),
        Bound::Text(changed.updated.clone()),
        Bound::Text(json!(changed.permissions).to_string()),
    ];
    for column in table
        .available()
        .filter(|column| data.contains_key(&column.key))
    {
        names.push_str(&format!(", {} = ?", column.name()));
        values.push(stored(column, &changed.data[&column.key]));
    }
    values.push(Bound::Integer(row.sequence));
    let sql = format!("UPDATE {} SET {names} WHERE _sequence = ?", table.rows());
    match connection
        .prepare_cached(&sql)?
        .execute(params_from_iter(values))
    {
        Ok(_) => Ok(changed),
        Err(error) => Err(refusal(table, &row.id, error)),
    }
}

/// The present, but after what the row says: the real server never writes a row twice within a millisecond, this one
/// could, and two writers with the same guard would both win.
fn later(than: &str) -> String {
    let now = clock::now();
    let than = value::date(than).filter(|than| *than < now + Duration::seconds(1));
    let next = than.map(|than| than + Duration::milliseconds(1));
    clock::text(next.map_or(now, |next| next.max(now)))
}

pub(crate) fn remove(connection: &Connection, table: &Table, row: &Row) -> Result<(), Error> {
    let sql = format!("DELETE FROM {} WHERE _sequence = ?1", table.rows());
    connection.prepare_cached(&sql)?.execute([row.sequence])?;
    Ok(())
}

/// The row that a unique index would let these values clash with.
pub(crate) fn clashing(
    connection: &Connection,
    table: &Table,
    data: &Body,
) -> Result<Option<Row>, Error> {
    for index in table.indexes.iter().filter(|index| index.is_unique()) {
        let columns: Option<Vec<&Column>> =
            index.columns.iter().map(|key| table.column(key)).collect();
        let Some(columns) = columns else {
            continue;
        };
        let values: Vec<Bound> = columns
            .iter()
            .map(|column| {
                data.get(&column.key)
                    .map_or(Bound::Null, |value| stored(column, value))
            })
            .collect();
        if values.contains(&Bound::Null) {
            continue;
        }
        let parts: Vec<String> = columns
            .iter()
            .map(|column| format!("{} = ?", column.name()))
            .collect();
        let all: Vec<&Column> = table.available().collect();
        let sql = format!("{} WHERE {}", select(table, &all), parts.join(" AND "));
        let found = connection
            .prepare_cached(&sql)?
            .query_row(params_from_iter(values), |row| decode(row, &all))
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

impl Row {
    /// The answer to a read: columns first, then what is Appwrite's own.
    pub(crate) fn body(&self, table: &Table) -> Value {
        let mut body = self.data.clone();
        body.insert("$id".to_owned(), json!(self.id));
        body.insert("$sequence".to_owned(), json!(self.sequence.to_string()));
        body.insert("$createdAt".to_owned(), json!(self.created));
        body.insert("$updatedAt".to_owned(), json!(self.updated));
        body.insert("$permissions".to_owned(), json!(self.permissions));
        body.insert("$databaseId".to_owned(), json!(table.database));
        body.insert("$tableId".to_owned(), json!(table.id));
        Value::Object(body)
    }

    /// The answer to a create: the sent columns come first.
    pub(crate) fn created_body(&self, table: &Table, sent: &Body) -> Value {
        let mut ordered = Row {
            data: Body::new(),
            ..self.clone()
        };
        let given = sent.keys().filter(|key| self.data.contains_key(*key));
        for key in given.chain(self.data.keys()) {
            ordered.data.insert(key.clone(), self.data[key].clone());
        }
        ordered.body(table)
    }
}
