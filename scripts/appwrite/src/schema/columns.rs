//! Columns: making, changing, removing. A new one is `processing` until [`crate::schema::changes`] has worked on it.

use serde_json::{json, Value};

use crate::clock::now_text;
use crate::faults::tables::NO_TABLE;
use crate::schema::catalog::{self, Table, WIDTH_LIMIT};
use crate::schema::column::{self, Column, Kind, Status, View};
use crate::schema::state::Schema;
use crate::schema::{indexes, structure};
use crate::storage::{listing, Queries};
use crate::wire::{parameters, value, Answer, Body, Call, Error, Reply};

const READ: &[&str] = &[
    "tables.read",
    "collections.read",
    "columns.read",
    "attributes.read",
];
/// What a list may be asked for by.
const QUERIES: Queries = Queries::of(&[
    "key", "type", "size", "required", "array", "status", "error",
]);
const WRITE: &[&str] = &[
    "tables.write",
    "collections.write",
    "columns.write",
    "attributes.write",
];

/// Longest `varchar`: what fits a row of utf8mb4 (`Varchar/Create.php`).
const VARCHAR_LIMIT: i64 = 16_381;
/// Longest `string`: `APP_DATABASE_ATTRIBUTE_STRING_MAX_LENGTH`.
const STRING_LIMIT: i64 = 1_073_741_824;
/// Most elements of an enum and their longest text.
const ELEMENTS: usize = 100;
const ELEMENT_LENGTH: usize = 255;

pub(crate) fn route(state: &Schema, call: &Call, segments: &[&str]) -> Option<Reply> {
    let [database, "tables", table, "columns", rest @ ..] = segments else {
        return None;
    };
    let place = (*database, *table);
    let kind = |name: &str| Kind::ALL.into_iter().find(|kind| kind.route() == name);
    Some(match (call.method.as_str(), rest) {
        ("GET", []) => list(state, call, place),
        ("POST", [name]) => create(state, call, place, kind(name)?),
        ("GET", [key]) => get(state, call, place, key),
        ("PATCH", [name, key]) => update(state, call, place, kind(name)?, key),
        ("DELETE", [key]) => delete(state, call, place, key),
        _ => return None,
    })
}

fn list(state: &Schema, call: &Call, (database, table): (&str, &str)) -> Reply {
    call.actor.manage(READ)?;
    let table = state.table(call, database, table)?;
    let entries = table
        .columns
        .iter()
        .map(|column| column.body(View::Listed))
        .collect();
    listing::answer(call, "columns", QUERIES, entries)
}

fn get(state: &Schema, call: &Call, (database, table): (&str, &str), key: &str) -> Reply {
    call.actor.manage(READ)?;
    let table = state.table(call, database, table)?;
    let column = &table.columns[position(&table, key)?];
    Ok(Answer::json(200, column.body(View::Single)))
}

fn create(state: &Schema, call: &Call, (database, table): (&str, &str), kind: Kind) -> Reply {
    call.actor.manage(WRITE)?;
    let body = call.json()?;
    let column = read(&body, kind)?;
    let answer = state.store.write(|connection| {
        let mut table = catalog::table(connection, &call.actor, database, table)?;
        let column = add(&mut table, column)?;
        if state.races.is_half_made(&table.database, &table.id) {
            // What the worker makes of it; the answer comes before.
            if let Some(column) = table.columns.last_mut() {
                column.status = Status::Failed;
                column.error = NO_TABLE.to_owned();
            }
        }
        catalog::save(connection, &table)?;
        state.races.written(table.sequence, Some(&column.key));
        Ok(Answer::json(202, column.body(View::Single)))
    })?;
    state.changes.ask();
    Ok(answer)
}

/// Puts a new column into its table's description, unless it is refused there.
pub(crate) fn add(table: &mut Table, column: Column) -> Result<Column, Error> {
    if table
        .columns
        .iter()
        .any(|other| other.key.eq_ignore_ascii_case(&column.key))
    {
        return Err(already_exists(&column.key));
    }
    check_default(&column)?;
    let column = Column {
        number: table.next,
        ..column
    };
    table.next += 1;
    table.columns.push(column.clone());
    if table.width() >= WIDTH_LIMIT {
        return Err(too_wide(&table.id));
    }
    Ok(column)
}

/// Reads a new column from a body; what the body cannot say yet is left empty.
pub(crate) fn read(body: &Body, kind: Kind) -> Result<Column, Error> {
    let key = parameters::id(body, "key")?;
    let elements = elements(body, kind)?;
    let (min, max) = bounds(body, kind, (&Value::Null, &Value::Null))?;
    let size = match kind {
        Kind::Varchar | Kind::String => {
            parameters::required_integer(body, "size", 1, longest(kind))?.unsigned_abs()
        }
        Kind::Integer if max.as_i64().is_some_and(|max| max <= i64::from(i32::MAX)) => 4,
        Kind::Integer => 8,
        other => other.size(),
    };
    let required = parameters::required_boolean(body, "required")?;
    let default = parameters::default(body, false)?;
    refuse_bad_date(kind, &default)?;
    let now = now_text();
    Ok(Column {
        number: 0,
        key,
        kind,
        status: Status::Processing,
        error: String::new(),
        required,
        array: parameters::boolean(body, "array", false)?,
        size,
        default,
        kept_default: None,
        elements,
        min,
        max,
        created: now.clone(),
        updated: now,
    })
}

fn longest(kind: Kind) -> i64 {
    match kind {
        Kind::Varchar => VARCHAR_LIMIT,
        _ => STRING_LIMIT,
    }
}

fn elements(body: &Body, kind: Kind) -> Result<Vec<String>, Error> {
    if kind == Kind::Enum {
        parameters::texts(body, "elements", ELEMENTS, 1, ELEMENT_LENGTH)
    } else {
        Ok(Vec::new())
    }
}

/// The least and greatest number, those before where none is sent; null for what is not a number.
fn bounds(
    body: &Body,
    kind: Kind,
    (least, most): (&Value, &Value),
) -> Result<(Value, Value), Error> {
    match kind {
        Kind::Integer | Kind::Bigint => {
            let least = least.as_i64().unwrap_or(i64::MIN);
            let most = most.as_i64().unwrap_or(i64::MAX);
            let min = parameters::integer(body, "min", i64::MIN, i64::MAX)?.unwrap_or(least);
            let max = parameters::integer(body, "max", i64::MIN, i64::MAX)?.unwrap_or(most);
            refuse_crossed(min > max)?;
            Ok((json!(min), json!(max)))
        }
        Kind::Float => {
            let least = least.as_f64().unwrap_or(f64::MIN);
            let most = most.as_f64().unwrap_or(f64::MAX);
            let min = parameters::number(body, "min")?.unwrap_or(least);
            let max = parameters::number(body, "max")?.unwrap_or(most);
            refuse_crossed(min > max)?;
            Ok((value::number(min), value::number(max)))
        }
        _ => Ok((Value::Null, Value::Null)),
    }
}

fn refuse_crossed(crossed: bool) -> Result<(), Error> {
    if crossed {
        return Err(Error::new(
            400,
            "column_value_invalid",
            "Minimum value must be lesser than maximum value",
        ));
    }
    Ok(())
}

fn refuse_bad_date(kind: Kind, default: &Value) -> Result<(), Error> {
    let is_date = || default.as_str().and_then(value::date).is_some();
    let bad = kind == Kind::Datetime && !default.is_null() && !is_date();
    if bad {
        return Err(Error::argument(format!(
            "Invalid `default` param: {} or null",
            structure::DATE_RULE
        )));
    }
    Ok(())
}

fn check_default(column: &Column) -> Result<(), Error> {
    if column.default.is_null() {
        return Ok(());
    }
    let refused = |message: &str| Err(Error::new(400, "column_default_unsupported", message));
    if column.required {
        return refused("Cannot set default value for required column");
    }
    if column.array {
        return refused("Cannot set default value for array columns");
    }
    if column.kind == Kind::Enum
        && !column
            .elements
            .iter()
            .any(|one| column.default == one.as_str())
    {
        return Err(Error::new(
            400,
            "column_value_invalid",
            "Default value not found in elements",
        ));
    }
    structure::value(column, &column.default)
        .map(|_| ())
        .map_err(|refusal| Error::new(400, "column_value_invalid", refusal.rule))
}

fn update(
    state: &Schema,
    call: &Call,
    (database, table): (&str, &str),
    kind: Kind,
    key: &str,
) -> Reply {
    call.actor.manage(WRITE)?;
    let body = call.json()?;
    let required = parameters::required_boolean(&body, "required")?;
    let default = parameters::default(&body, true)?;
    refuse_bad_date(kind, &default)?;
    let size = parameters::integer(&body, "size", 1, longest(kind))?;
    let given_elements = elements(&body, kind)?;
    if kind == Kind::Enum && parameters::sent(&body, "elements").is_none() {
        return Err(parameters::missing("elements"));
    }
    let new_key = parameters::sent(&body, "newKey")
        .map(|_| parameters::id(&body, "newKey"))
        .transpose()?;
    state.store.write(|connection| {
        let mut table = catalog::table(connection, &call.actor, database, table)?;
        let at = position(&table, key)?;
        let inside = table.inside();
        let column = &mut table.columns[at];
        if !column.is_available() {
            return Err(column::not_available(key));
        }
        // The real server asks neither here nor later whether the route fits the column.
        let fits = column.kind == kind;
        column.required = required;
        column.set_default(default);
        if column.kind == Kind::Enum {
            if given_elements.is_empty() {
                return Err(Error::new(
                    400,
                    "column_value_invalid",
                    "Enum elements must not be empty",
                ));
            }
            column.elements = given_elements;
        }
        let mut resized = false;
        if fits {
            (column.min, column.max) = bounds(&body, kind, (&column.min, &column.max))?;
            if let (Kind::Varchar | Kind::String, Some(size)) = (kind, size) {
                // Arrays are JSON below, whatever the size of their elements.
                if !column.array {
                    let name = column.name();
                    shrink(connection, &format!("rows_{}", table.sequence), &name, size)?;
                }
                column.size = size.unsigned_abs();
                resized = true;
            }
            check_default(column)?;
        }
        column.updated = now_text();
        if table.width() >= WIDTH_LIMIT {
            return Err(too_wide(&inside));
        }
        if resized {
            for index in &table.indexes {
                indexes::check(&table, index)?;
            }
        }
        if let Some(new_key) = new_key.filter(|new_key| new_key != key) {
            if table
                .columns
                .iter()
                .any(|other| other.key.eq_ignore_ascii_case(&new_key))
            {
                return Err(already_exists(&new_key));
            }
            for name in table
                .indexes
                .iter_mut()
                .flat_map(|index| &mut index.columns)
            {
                if name == key {
                    name.clone_from(&new_key);
                }
            }
            table.columns[at].key = new_key;
        }
        catalog::save(connection, &table)?;
        state.races.written(table.sequence, None);
        Ok(Answer::json(
            200,
            table.columns[at].body_as(kind, View::Listed),
        ))
    })
}

/// Refuses a size that rows do not fit.
fn shrink(
    connection: &rusqlite::Connection,
    rows: &str,
    column: &str,
    size: i64,
) -> Result<(), Error> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {rows} WHERE length({column}) > ?1)");
    let overflows: bool = connection.query_row(&sql, [size], |row| row.get(0))?;
    if overflows {
        return Err(Error::new(
            400,
            "column_invalid_resize",
            "Existing data is too large for new size, truncate your existing data then try again.",
        ));
    }
    Ok(())
}

fn delete(state: &Schema, call: &Call, (database, table): (&str, &str), key: &str) -> Reply {
    call.actor.manage(WRITE)?;
    state.store.write(|connection| {
        let mut table = catalog::table(connection, &call.actor, database, table)?;
        let at = position(&table, key)?;
        if table.columns[at].exists() {
            table.columns[at].status = Status::Deleting;
            table.columns[at].updated = now_text();
        } else {
            table.columns.remove(at);
        }
        catalog::save(connection, &table)?;
        state.races.written(table.sequence, None);
        Ok(())
    })?;
    state.changes.ask();
    Ok(Answer::empty())
}

fn position(table: &Table, key: &str) -> Result<usize, Error> {
    let found = table.columns.iter().position(|column| column.key == key);
    found.ok_or_else(|| {
        Error::new(
            404,
            "column_not_found",
            format!("Column with the requested key '{key}' could not be found."),
        )
    })
}

fn already_exists(key: &str) -> Error {
    Error::new(
        409,
        "column_already_exists",
        format!(
            "Column with the requested key '{key}' already exists. Column keys must be unique, try again with a \
             different key."
        ),
    )
}

fn too_wide(table: &str) -> Error {
    Error::new(
        400,
        "column_limit_exceeded",
        format!("The maximum number or size of columns for table '{table}' has been reached."),
    )
}
