//! What a write makes of a row: the values that are stored, and the row that takes them. Who may write is decided
//! before.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::options::Database;
use crate::rows::operators;
use crate::rows::row::{self, Marks, Row, Touch};
use crate::schema::catalog::Table;
use crate::schema::column::Kind;
use crate::schema::structure::{self, Mode};
use crate::wire::{value, Body, Call, Error};

/// Takes what is Appwrite's own out of sent data. Times may be set by keys only.
pub(crate) fn marks(call: &Call, data: &mut Body, permissions: Option<Vec<String>>) -> Marks {
    let mut time = |key: &str| {
        let value = data.shift_remove(key)?;
        let text = value.as_str()?;
        let date = value::date(text).filter(|_| !text.is_empty())?;
        call.actor.is_key().then(|| clock::text(date))
    };
    let (created, updated) = (time("$createdAt"), time("$updatedAt"));
    for key in [
        "$id",
        "$sequence",
        "$databaseId",
        "$tableId",
        "$collectionId",
        "$permissions",
    ] {
        data.shift_remove(key);
    }
    Marks {
        permissions,
        created,
        updated,
    }
}

pub(crate) fn missing_payload() -> Error {
    Error::new(
        400,
        "row_missing_payload",
        "The row data and permissions are missing. You must provide either row data or permissions to be updated.",
    )
}

/// What an update makes of a row. Old and new are looked at together: a column that has no value gets its default, and
/// a value that was stored under other rules refuses every update (`updateDocument` of utopia-php/database 6.0.0).
pub(crate) fn updated(table: &Table, row: &Row, data: &Body) -> Result<Body, Error> {
    let mut data = changed(table, Some(row), data, Mode::Partial)?;
    let mut whole = row.data.clone();
    whole.extend(data.clone());
    for column in table.available().filter(|column| !column.array) {
        let filling = column.filling();
        let value = whole.entry(column.key.clone()).or_insert(Value::Null);
        if value.is_null() && !filling.is_null() {
            value.clone_from(filling);
            data.insert(column.key.clone(), filling.clone());
        }
    }
    structure::check(table, &whole, Mode::Whole)?;
    Ok(data)
}

/// Checks sent data in which values may be operators on those of the row.
pub(crate) fn changed(
    table: &Table,
    row: Option<&Row>,
    data: &Body,
    mode: Mode,
) -> Result<Body, Error> {
    let (operators, plain) = operators::split(data);
    let mut checked = if operators.is_empty() {
        structure::check(table, &plain, mode)?
    } else {
        // A required column counts as sent when an operator is.
        let mut probe = plain.clone();
        for (key, operator) in &operators {
            let column = table
                .column(key)
                .ok_or_else(|| structure::invalid(&format!("Unknown attribute: \"{key}\"")))?;
            let current = row
                .and_then(|row| row.data.get(key))
                .cloned()
                .unwrap_or_default();
            operators::fits(column, operator)?;
            if column.required {
                probe.insert(key.clone(), current);
            }
        }
        let mut checked = structure::check(table, &probe, mode)?;
        checked.retain(|key, _| plain.contains_key(key));
        checked
    };
    for (key, operator) in &operators {
        if let Some(column) = table.column(key) {
            let current = row
                .and_then(|row| row.data.get(key))
                .cloned()
                .unwrap_or_default();
            checked.insert(key.clone(), operators::apply(column, operator, &current)?);
        }
    }
    Ok(checked)
}

/// Upserts one row. On MariaDB a new id whose values clash in a unique index overwrites the row it clashes with, and the
/// answer names the id that was sent: `ON DUPLICATE KEY UPDATE` of the real server, its worst surprise, kept. PostgreSQL
/// refuses it.
pub(crate) fn put(
    connection: &Connection,
    call: &Call,
    table: &Table,
    id: &str,
    data: &Body,
    marks: &Marks,
) -> Result<Row, Error> {
    let old = row::find(connection, table, id)?;
    let data = changed(table, old.as_ref(), data, Mode::Whole)?;
    if let Some(old) = old {
        return row::change(connection, table, &old, &data, marks, Touch::IfChanged);
    }
    let Some(victim) = row::clashing(connection, table, &data)? else {
        return row::insert(connection, table, id, &data, marks);
    };
    if call.edition.database == Database::PostgreSql {
        return Err(row::clash(id));
    }
    let mut all = data.clone();
    for column in table.available() {
        let empty = if column.array {
            json!([])
        } else {
            column.filling().clone()
        };
        all.entry(column.key.clone()).or_insert(empty);
    }
    let marks = Marks {
        permissions: Some(marks.permissions.clone().unwrap_or_default()),
        ..marks.clone()
    };
    let row = row::change(connection, table, &victim, &all, &marks, Touch::Always)?;
    Ok(Row {
        id: id.to_owned(),
        created: row.updated.clone(),
        ..row
    })
}

/// The real message has its placeholder left in.
pub(crate) fn no_column() -> Error {
    Error::new(
        404,
        "column_not_found",
        "Column with the requested key '%s' could not be found.",
    )
}

/// Adds to a number, which may not pass `bound` (the most when adding, the least when taking away).
pub(crate) fn increase(
    connection: &Connection,
    table: &Table,
    row: &Row,
    key: &str,
    by: f64,
    bound: Option<f64>,
) -> Result<Row, Error> {
    let column = table.column(key).ok_or_else(no_column)?;
    if !matches!(column.kind, Kind::Integer | Kind::Bigint | Kind::Float) || column.array {
        return Err(Error::new(
            400,
            "attribute_type_invalid",
            "Attribute must be an integer or float and can not be an array.",
        ));
    }
    let sum = row
        .data
        .get(key)
        .and_then(Value::as_f64)
        .unwrap_or_default()
        + by;
    if let Some(bound) = bound {
        let word = if by > 0.0 { "maximum" } else { "minimum" };
        let verb = if by > 0.0 { "exceeds" } else { "goes below" };
        if (by > 0.0 && sum > bound) || (by < 0.0 && sum < bound) {
            return Err(Error::new(
                400,
                "column_limit_exceeded",
                format!("Attribute value {verb} {word} limit: {bound}"),
            ));
        }
    }
    let mut data = Body::new();
    data.insert(key.to_owned(), value::number(sum));
    row::change(
        connection,
        table,
        row,
        &data,
        &Marks::default(),
        Touch::Always,
    )
}
