//! Rows, one at a time and in lists. Bulk calls stand in [`crate::rows::bulk`].

use serde_json::{json, Value};

use crate::rows::operation::Action as Staged;
use crate::rows::permissions::{self, Deed};
use crate::rows::plan::Plan;
use crate::rows::row::{self, Row, Touch};
use crate::rows::staging::{self, Wanted};
use crate::rows::state::{Place, Rows, READ, WRITE};
use crate::rows::{bulk, change, naming, overlay, search};
use crate::schema::catalog::{self, Table};
use crate::schema::structure::{self, Mode};
use crate::wire::event::{Action, RowEvent, Via};
use crate::wire::parameters::{self, ROW};
use crate::wire::{query, value, Answer, Body, Call, Error, Reply};

pub(crate) fn route(state: &Rows, call: &Call, segments: &[&str]) -> Option<Reply> {
    let [database, "tables", table, "rows", rest @ ..] = segments else {
        return None;
    };
    let place = (*database, *table);
    Some(match (call.method.as_str(), rest) {
        ("GET", []) => list(state, call, place),
        ("POST", []) => create(state, call, place),
        ("PATCH", []) => bulk::update(state, call, place),
        ("PUT", []) => bulk::upsert(state, call, place),
        ("DELETE", []) => bulk::delete(state, call, place),
        ("GET", [id]) => get(state, call, place, id),
        ("PATCH", [id]) => update(state, call, place, id),
        ("PUT", [id]) => upsert(state, call, place, id),
        ("DELETE", [id]) => delete(state, call, place, id),
        ("PATCH", [id, key, "increment"]) => add(state, call, place, id, key, 1.0),
        ("PATCH", [id, key, "decrement"]) => add(state, call, place, id, key, -1.0),
        _ => return None,
    })
}

fn list(state: &Rows, call: &Call, (database, table): Place) -> Reply {
    call.actor.need(READ)?;
    let texts = query::sent(call)?;
    state.store.read(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let plan = Plan::of(&table, &query::parse(&texts)?)?;
        let reach = permissions::reach(&call.actor, &table, Deed::Read)?;
        let rows = search::rows(connection, &table, &plan, &reach)?;
        let total = match call.parameter("total") {
            Some("0") => 0,
            _ => search::count(connection, &table, &plan, &reach)?,
        };
        let rows: Vec<Value> = rows.iter().map(|row| row.body(&table)).collect();
        let (total, rows) = match staging::seen_by(connection, call)? {
            Some(staged) => overlay::seen_all(connection, call, staged, &table, (total, rows))?,
            None => (total, rows),
        };
        Ok(Answer::json(200, json!({"total": total, "rows": rows})))
    })
}

fn get(state: &Rows, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(READ)?;
    let texts = query::sent(call)?;
    state.store.read(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let plan = Plan::of(&table, &query::parse(&texts)?)?;
        let reach = permissions::reach(&call.actor, &table, Deed::Read)?;
        let row = match state
            .stale
            .cached(table.sequence, id, plan.select.is_none())
        {
            Some(cached) => cached,
            None => row::find(connection, &table, id)?,
        };
        let row = row.filter(|row| reach.holds(row));
        let body = row.map(|mut row| {
            if let Some(keys) = &plan.select {
                row.data.retain(|key, _| keys.contains(key));
            }
            row.body(&table)
        });
        let body = match staging::seen_by(connection, call)? {
            Some(staged) => overlay::seen(connection, call, staged, &table, (id, body))?,
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
        return Err(change::missing_payload());
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

fn create(state: &Rows, call: &Call, place: Place) -> Reply {
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
        return bulk::create(state, call, place, &body);
    }
    if data.is_empty() {
        return Err(missing_data(
            "The row data is missing. Try again with row data populated.",
        ));
    }
    let id = id.ok_or_else(|| missing_data("Row ID is required when creating a single row."))?;
    if let Some(transaction) = staging::named(call, &body) {
        let permissions = permissions::given(&call.actor, permissions)?.unwrap_or_default();
        let wanted = Wanted {
            transaction,
            action: Staged::Create,
            row: &id,
            data: with_permissions(data, Some(permissions)),
        };
        let answer = staging::stage_one(state, call, place, wanted)?;
        return Ok(Answer::json(201, answer));
    }
    let (table, sent, row) = state.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, place.0, place.1)?;
        permissions::reach(&call.actor, &table, Deed::Create)?;
        let permissions = permissions::given(&call.actor, permissions)?;
        let marks = change::marks(call, &mut data, permissions);
        let data = structure::check(&table, &data, Mode::Whole)?;
        let row = row::insert(connection, &table, &id, &data, &marks)?;
        Ok((table, data, row))
    })?;
    let answer = row.created_body(&table, &sent);
    publish(state, call, &table, &row.id, Action::Create, answer.clone());
    Ok(Answer::json(201, answer))
}

/// Refuses what is said of one row beside several.
fn refuse_single(call: &Call, body: &Body, is_without_data: bool) -> Result<(), Error> {
    let refused = |message: String| Err(Error::new(400, "general_bad_request", message));
    let (rows, id) = if naming::is_older(call) {
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

/// The answer to a change of a row that is committed, which goes out as its event too.
fn written(state: &Rows, call: &Call, table: &Table, row: &Row, action: Action) -> Reply {
    let answer = row.body(table);
    publish(state, call, table, &row.id, action, answer.clone());
    Ok(Answer::json(200, answer))
}

/// Puts out the event of one committed write. Creates go out under the older name, whichever route was used.
pub(crate) fn publish(
    state: &Rows,
    call: &Call,
    table: &Table,
    id: &str,
    action: Action,
    payload: Value,
) {
    let via = if action == Action::Create || naming::is_older(call) {
        Via::Collections
    } else {
        Via::Tables
    };
    state.stale.written(table.sequence, id);
    state.events.publish(RowEvent {
        database: table.database.clone(),
        table: table.id.clone(),
        row: id.to_owned(),
        action,
        via,
        user: call.actor.user_id().map(str::to_owned),
        payload: naming::as_answered(call, payload),
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

fn update(state: &Rows, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    let guard = guard(call)?;
    let body = call.json()?;
    let (mut data, permissions) = payload(&body)?;
    if let Some(transaction) = staging::named(call, &body) {
        let wanted = Wanted {
            transaction,
            action: Staged::Update,
            row: id,
            data: with_permissions(data, permissions),
        };
        let answer = staging::stage_one(state, call, (database, table), wanted)?;
        return Ok(Answer::json(200, answer));
    }
    let (table, row) = state.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let row = row::find(connection, &table, id)?.ok_or_else(|| row::not_found(id))?;
        permissions::require(&call.actor, &table, &row, Deed::Update)?;
        let permissions = match permissions {
            Some(sent) => permissions::given(&call.actor, Some(sent))?,
            None => None,
        };
        let marks = change::marks(call, &mut data, permissions);
        keep(guard, &row)?;
        let data = change::updated(&table, &row, &data)?;
        let row = row::change(connection, &table, &row, &data, &marks, Touch::IfChanged)?;
        Ok((table, row))
    })?;
    written(state, call, &table, &row, Action::Update)
}

fn upsert(state: &Rows, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    path_id(id)?;
    let body = call.json()?;
    let (mut data, permissions) = payload(&body)?;
    if let Some(transaction) = staging::named(call, &body) {
        data.insert("$id".to_owned(), json!(id));
        let wanted = Wanted {
            transaction,
            action: Staged::Upsert,
            row: id,
            data: with_permissions(data, permissions),
        };
        let answer = staging::stage_one(state, call, (database, table), wanted)?;
        return Ok(Answer::json(201, answer));
    }
    let (table, row) = state.store.write(|connection| {
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
        let marks = change::marks(call, &mut data, permissions);
        let row = change::put(connection, call, &table, id, &data, &marks)?;
        Ok((table, row))
    })?;
    written(state, call, &table, &row, Action::Upsert)
}

fn delete(state: &Rows, call: &Call, (database, table): Place, id: &str) -> Reply {
    call.actor.need(WRITE)?;
    let guard = guard(call)?;
    if let Some(transaction) = staging::named(call, &call.json()?) {
        let wanted = Wanted {
            transaction,
            action: Staged::Delete,
            row: id,
            data: Value::Null,
        };
        staging::stage_one(state, call, (database, table), wanted)?;
        return Ok(Answer::empty());
    }
    let (table, row) = state.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let row = row::find(connection, &table, id)?.ok_or_else(|| row::not_found(id))?;
        permissions::require(&call.actor, &table, &row, Deed::Delete)?;
        keep(guard, &row)?;
        row::remove(connection, &table, &row)?;
        Ok((table, row))
    })?;
    publish(
        state,
        call,
        &table,
        &row.id,
        Action::Delete,
        row.body(&table),
    );
    Ok(Answer::empty())
}

/// Increment and decrement; `sign` is 1 or -1.
fn add(
    state: &Rows,
    call: &Call,
    (database, table): Place,
    id: &str,
    key: &str,
    sign: f64,
) -> Reply {
    call.actor.need(WRITE)?;
    let body = call.json()?;
    let value = parameters::number(&body, "value")?.unwrap_or(1.0);
    let bound = parameters::number(&body, if sign > 0.0 { "max" } else { "min" })?;
    if value <= 0.0 {
        return Err(Error::argument(
            "Invalid `value` param: Value must be greater than 0",
        ));
    }
    let (table, row) = state.store.write(|connection| {
        let table = catalog::table(connection, &call.actor, database, table)?;
        let row = row::find(connection, &table, id)?.ok_or_else(change::no_column)?;
        permissions::require(&call.actor, &table, &row, Deed::Update)?;
        let row = change::increase(connection, &table, &row, key, sign * value, bound)?;
        Ok((table, row))
    })?;
    written(state, call, &table, &row, Action::Update)
}
