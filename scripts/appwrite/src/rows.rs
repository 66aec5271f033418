//! Rows, one at a time and in lists. Bulk calls stand in [`crate::bulk`].

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::catalog::{self, Kind, Table};
use crate::permissions::{self, Deed};
use crate::plan::Plan;
use crate::row::{self, Marks, Row, Touch};
use crate::structure::{self, Mode};
use crate::transactions::{self, Action as Staged, Wanted};
use crate::wire::event::{Action, RowEvent, Via};
use crate::wire::parameters::{self, Body, ROW};
use crate::wire::{query, value, Answer, Call, Error, Reply};
use crate::{bulk, clock, operators, overlay, search, tablesdb, App};

pub(crate) const READ: &[&str] = &["rows.read", "documents.read"];
pub(crate) const WRITE: &[&str] = &["rows.write", "documents.write"];

/// Database and table of a path.
pub(crate) type Place<'a> = (&'a str, &'a str);

pub(crate) fn route(app: &App, call: &Call, segments: &[&str]) -> Option<Reply> {
    let [database, "tables", table, "rows", rest @ ..] = segments else {
        return None;
    };
    let place = (*database, *table);
    Some(match (call.method.as_str(), rest) {
        ("GET", []) => list(app, call, place),
        ("POST", []) => create(app, call, place),
        ("PATCH", []) => bulk::update(app, call, place),
        ("PUT", []) => bulk::upsert(app, call, place),
        ("DELETE", []) => bulk::delete(app, call, place),
        ("GET", [id]) => get(app, call, place, id),
        ("PATCH", [id]) => update(app, call, place, id),
        ("PUT", [id]) => upsert(app, call, place, id),
        ("DELETE", [id]) => delete(app, call, place, id),
        ("PATCH", [id, key, "increment"]) => add(app, call, place, id, key, 1.0),
        ("PATCH", [id, key, "decrement"]) => add(app, call, place, id, key, -1.0),
        _ => return None,
    })
}

fn list(app: &App, call: &Call, (database, table): Place) -> Reply {
    call.actor.need(READ)?;
    let texts = query::sent(call)?;
    app.store.read(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let plan = Plan::of(&table, &query::parse(&texts)?)?;
        let reach = permissions::reach(&call.actor, &table, Deed::Read)?;
        let rows = search::rows(connection, &table, &plan, &reach)?;
        let total = match call.parameter("total") {
            Some("0") => 0,
            _ => search::count(connection, &table, &plan, &reach)?,
        };
        let rows: Vec<Value> = rows.iter().map(|row| row.body(&table)).collect();
        let (total, rows) = match transactions::seen_by(connection, call)? {
            Some(staged) => overlay::seen_all(connection, staged, &table, total, rows)?,
            None => (total, rows),
        };
        Ok(Answer::json(200, json!({"total": total, "rows": rows})))
    })
}

fn get(app: &App, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(READ)?;
    let texts = query::sent(call)?;
    app.store.read(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let plan = Plan::of(&table, &query::parse(&texts)?)?;
        let reach = permissions::reach(&call.actor, &table, Deed::Read)?;
        let row = match app.stale.cached(&table, id, plan.select.is_none()) {
            Some(row) => Some(row),
            None => row::find(connection, &table, id)?,
        };
        let row = row.filter(|row| reach.holds(row));
        let body = row.map(|mut row| {
            if let Some(keys) = &plan.select {
                row.data.retain(|key, _| keys.contains(key));
            }
            row.body(&table)
        });
        let body = match transactions::seen_by(connection, call)? {
            Some(staged) => overlay::seen(connection, staged, &table, id, body)?,
            None => body,
        };
        Ok(Answer::json(200, body.ok_or_else(|| row::not_found(id))?))
    })
}

/// The `data` of a body: an object, or its JSON text. An array without anything is an object without anything to PHP.
fn data(body: &Body) -> Result<Body, Error> {
    let refused = || parameters::invalid("data", "Value must be a valid JSON string");
    match parameters::sent(body, "data") {
        None => Ok(Body::new()),
        Some(Value::Object(data)) => Ok(data.clone()),
        Some(Value::Array(_)) => Ok(Body::new()),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| refused()),
        Some(_) => Err(refused()),
    }
}

/// An id that a path names, as a parameter is checked.
fn path_id(id: &str) -> Result<(), Error> {
    let mut named = Body::new();
    named.insert("rowId".to_owned(), json!(id));
    parameters::id(&named, "rowId").map(|_| ())
}

/// Data and permissions of a change, of which one has to be there.
fn payload(body: &Body) -> Result<(Body, Option<Vec<String>>), Error> {
    let data = data(body)?;
    let permissions = parameters::permissions(body, "permissions", ROW)?;
    if data.is_empty() && permissions.is_none() {
        return Err(missing_payload());
    }
    Ok((data, permissions))
}

/// Data as it is staged.
fn with_permissions(mut data: Body, permissions: Option<Vec<String>>) -> Value {
    if let Some(permissions) = permissions {
        data.insert("$permissions".to_owned(), json!(permissions));
    }
    Value::Object(data)
}

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

fn create(app: &App, call: &Call, place: Place) -> Reply {
    call.actor.need(WRITE)?;
    let body = call.json()?;
    let id = match parameters::sent(&body, "rowId") {
        Some(_) => Some(parameters::new_id(&body, "rowId")?),
        None => None,
    };
    let mut data = data(&body)?;
    let permissions = parameters::permissions(&body, "permissions", ROW)?;
    let has_rows = match parameters::sent(&body, "rows") {
        None => false,
        Some(Value::Array(rows)) => !rows.is_empty(),
        Some(_) => true,
    };
    if has_rows {
        refuse_single(call, &body, data.is_empty())?;
        return bulk::create(app, call, place, &body);
    }
    if data.is_empty() {
        return Err(missing_data(
            "The row data is missing. Try again with row data populated.",
        ));
    }
    let id = id.ok_or_else(|| missing_data("Row ID is required when creating a single row."))?;
    if let Some(transaction) = transactions::named(call, &body) {
        let permissions = permissions::given(&call.actor, permissions)?.unwrap_or_default();
        let wanted = Wanted {
            transaction,
            action: Staged::Create,
            row: &id,
            data: with_permissions(data, Some(permissions)),
        };
        let answer = transactions::stage_one(app, call, place, wanted)?;
        return Ok(Answer::json(201, answer));
    }
    let (table, sent, row) = app.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, place.0, place.1)?;
        permissions::reach(&call.actor, &table, Deed::Create)?;
        let permissions = permissions::given(&call.actor, permissions)?;
        let marks = marks(call, &mut data, permissions);
        let data = structure::check(&table, &data, Mode::Whole)?;
        let row = row::insert(connection, &table, &id, &data, &marks)?;
        Ok((table, data, row))
    })?;
    let answer = row.created_body(&table, &sent);
    publish(app, call, &table, &row.id, Action::Create, answer.clone());
    Ok(Answer::json(201, answer))
}

/// Refuses what is said of one row beside several.
fn refuse_single(call: &Call, body: &Body, is_without_data: bool) -> Result<(), Error> {
    let refused = |message: String| Err(Error::new(400, "general_bad_request", message));
    let (rows, id) = if tablesdb::is_older(call) {
        ("documents", "documentId")
    } else {
        ("rows", "rowId")
    };
    if !is_without_data {
        return refused(format!(
            "You can only send one of the following parameters: data, {rows}"
        ));
    }
    if parameters::sent(body, "rowId").is_some() {
        return refused(format!(
            "Param \"{id}\" is not allowed when creating multiple {rows}, set \"$id\" on each instead."
        ));
    }
    let permissions = parameters::sent(body, "permissions").and_then(Value::as_array);
    if permissions.is_some_and(|permissions| !permissions.is_empty()) {
        return refused(format!(
            "Param \"permissions\" is disallowed when creating multiple {rows}, set \"$permissions\" on each instead"
        ));
    }
    Ok(())
}

fn missing_data(message: &str) -> Error {
    Error::new(400, "row_missing_data", message)
}

pub(crate) fn missing_payload() -> Error {
    Error::new(
        400,
        "row_missing_payload",
        "The row data and permissions are missing. You must provide either row data or permissions to be updated.",
    )
}

/// The answer to a change of a row that is committed, which goes out as its event too.
fn written(app: &App, call: &Call, table: &Table, row: &Row, action: Action) -> Reply {
    let answer = row.body(table);
    publish(app, call, table, &row.id, action, answer.clone());
    Ok(Answer::json(200, answer))
}

/// Puts out the event of one committed write. Creates go out under the older name, whichever route was used.
pub(crate) fn publish(
    app: &App,
    call: &Call,
    table: &Table,
    id: &str,
    action: Action,
    payload: Value,
) {
    let via = if action == Action::Create || tablesdb::is_older(call) {
        Via::Collections
    } else {
        Via::Tables
    };
    app.stale.written(table, id);
    app.events.publish(RowEvent {
        database: table.database.clone(),
        table: table.id.clone(),
        row: id.to_owned(),
        action,
        via,
        user: call.actor.user_id().map(str::to_owned),
        payload: tablesdb::as_answered(call, payload),
    });
}

/// The time that the row must not be newer than.
fn guard(call: &Call) -> Result<Option<chrono::DateTime<chrono::Utc>>, Error> {
    match call.headers.get("x-appwrite-timestamp") {
        None | Some("") => Ok(None),
        Some(text) => match value::date(text) {
            Some(date) => Ok(Some(date)),
            None => Err(Error::argument("Invalid X-Appwrite-Timestamp header value")),
        },
    }
}

fn keep(guard: Option<chrono::DateTime<chrono::Utc>>, row: &Row) -> Result<(), Error> {
    let updated = value::date(&row.updated);
    if guard.is_some_and(|guard| updated.is_some_and(|updated| updated > guard)) {
        return Err(Error::new(
            409,
            "row_update_conflict",
            "Remote row is newer than local.",
        ));
    }
    Ok(())
}

fn update(app: &App, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    let guard = guard(call)?;
    let body = call.json()?;
    let (mut data, permissions) = payload(&body)?;
    if let Some(transaction) = transactions::named(call, &body) {
        let wanted = Wanted {
            transaction,
            action: Staged::Update,
            row: id,
            data: with_permissions(data, permissions),
        };
        let answer = transactions::stage_one(app, call, (database, table), wanted)?;
        return Ok(Answer::json(200, answer));
    }
    let (table, row) = app.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let row = row::find(connection, &table, id)?.ok_or_else(|| row::not_found(id))?;
        permissions::require(&call.actor, &table, &row, Deed::Update)?;
        let permissions = match permissions {
            Some(sent) => permissions::given(&call.actor, Some(sent))?,
            None => None,
        };
        let marks = marks(call, &mut data, permissions);
        keep(guard, &row)?;
        let data = updated(&table, &row, &data)?;
        let row = row::change(connection, &table, &row, &data, &marks, Touch::IfChanged)?;
        Ok((table, row))
    })?;
    written(app, call, &table, &row, Action::Update)
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

fn upsert(app: &App, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    path_id(id)?;
    let body = call.json()?;
    let (mut data, permissions) = payload(&body)?;
    if let Some(transaction) = transactions::named(call, &body) {
        data.insert("$id".to_owned(), json!(id));
        let wanted = Wanted {
            transaction,
            action: Staged::Upsert,
            row: id,
            data: with_permissions(data, permissions),
        };
        let answer = transactions::stage_one(app, call, (database, table), wanted)?;
        return Ok(Answer::json(201, answer));
    }
    let (table, row) = app.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let old = row::find(connection, &table, id)?;
        let permissions = match &old {
            Some(old) => {
                permissions::require(&call.actor, &table, old, Deed::Update)?;
                permissions
            }
            None => {
                permissions::reach(&call.actor, &table, Deed::Create)?;
                permissions::given(&call.actor, permissions)?
            }
        };
        let marks = marks(call, &mut data, permissions);
        let row = put(connection, &table, id, &data, &marks)?;
        Ok((table, row))
    })?;
    written(app, call, &table, &row, Action::Upsert)
}

/// Upserts one row. A new id whose values clash in a unique index overwrites the row it clashes with, and the answer
/// names the id that was sent: `ON DUPLICATE KEY UPDATE` of the real server, its worst surprise, kept.
pub(crate) fn put(
    connection: &Connection,
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

fn delete(app: &App, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    let guard = guard(call)?;
    if let Some(transaction) = transactions::named(call, &call.json()?) {
        let wanted = Wanted {
            transaction,
            action: Staged::Delete,
            row: id,
            data: Value::Null,
        };
        transactions::stage_one(app, call, (database, table), wanted)?;
        return Ok(Answer::empty());
    }
    let (table, row) = app.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let row = row::find(connection, &table, id)?.ok_or_else(|| row::not_found(id))?;
        permissions::require(&call.actor, &table, &row, Deed::Delete)?;
        keep(guard, &row)?;
        row::remove(connection, &table, &row)?;
        Ok((table, row))
    })?;
    publish(app, call, &table, &row.id, Action::Delete, row.body(&table));
    Ok(Answer::empty())
}

/// Increment and decrement; `sign` is 1 or -1.
fn add(app: &App, call: &Call, (database, table): Place, id: &str, key: &str, sign: f64) -> Reply {
    call.actor.need(WRITE)?;
    let body = call.json()?;
    let value = parameters::number(&body, "value")?.unwrap_or(1.0);
    let bound = parameters::number(&body, if sign > 0.0 { "max" } else { "min" })?;
    if value <= 0.0 {
        return Err(Error::argument(
            "Invalid `value` param: Value must be greater than 0",
        ));
    }
    let (table, row) = app.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let row = row::find(connection, &table, id)?.ok_or_else(no_column)?;
        permissions::require(&call.actor, &table, &row, Deed::Update)?;
        let row = increase(connection, &table, &row, key, sign * value, bound)?;
        Ok((table, row))
    })?;
    written(app, call, &table, &row, Action::Update)
}

/// The real message has its placeholder left in.
fn no_column() -> Error {
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
