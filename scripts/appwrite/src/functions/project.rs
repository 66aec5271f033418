//! What belongs to the project itself: variables that all functions get, and further API keys. Not the key that the
//! server was started with, which may do everything and has no end: see [`crate::access`].

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::functions::variables;
use crate::options::Line;
use crate::storage::{listing, records, Kind, Queries, Store};
use crate::wire::{id, parameters, value, Answer, Body, Call, Error, Reply};

/// Most scopes of a key: `APP_LIMIT_ARRAY_PARAMS_SIZE`.
const SCOPES: usize = 100;

/// What is kept here, and how it is spoken of.
struct Shelf {
    kind: Kind,
    /// Parent of the records, none of which belongs to a function.
    parent: &'static str,
    read: &'static [&'static str],
    write: &'static [&'static str],
    /// In the answer to a list.
    name: &'static str,
    queries: Queries,
    missing: fn() -> Error,
    taken: fn() -> Error,
    shown: fn(&Value) -> Value,
}

const VARIABLES: Shelf = Shelf {
    kind: Kind::Variable,
    parent: PROJECT,
    read: &["project.read"],
    write: &["project.write"],
    name: "variables",
    queries: variables::QUERIES,
    missing: variables::not_found,
    taken: variables::already_exists,
    shown: variables::shown,
};

const KEYS: Shelf = Shelf {
    kind: Kind::Key,
    parent: PROJECT,
    read: &["keys.read"],
    write: &["keys.write"],
    name: "keys",
    queries: Queries::of(&["expire", "accessedAt", "name", "scopes"]),
    missing: || Error::not_found("key_not_found", "Key"),
    taken: || {
        let message =
            "Key with the same ID already exists in this project. Try again with a different ID.";
        Error::new(409, "key_already_exists", message)
    },
    shown: shown_key,
};

/// The owner of the project's variables: no function's id.
pub(crate) const PROJECT: &str = "";

pub(crate) fn route(store: &Store, call: &Call, shelf: &str, rest: &[&str]) -> Option<Reply> {
    let shelf = match shelf {
        "variables" => &VARIABLES,
        "keys" => &KEYS,
        _ => return None,
    };
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(store, call, shelf),
        ("GET", []) => list(store, call, shelf),
        ("GET", [id]) => get(store, call, shelf, id),
        ("DELETE", [id]) => delete(store, call, shelf, id),
        _ => return None,
    })
}

fn create(store: &Store, call: &Call, shelf: &Shelf) -> Reply {
    call.actor.manage(shelf.write)?;
    let body = call.json()?;
    let record = match shelf.kind {
        // Whoever manages anything here has a key.
        Kind::Key if call.edition.line == Line::V2 => return Err(key_by_key()),
        Kind::Key => new_key(&body)?,
        _ => variables::new(&body, "project", PROJECT)?,
    };
    store.write(|transaction| {
        let others = records::children(transaction, shelf.kind, shelf.parent)?;
        let is_taken = shelf.kind == Kind::Variable
            && others.iter().any(|other| other["key"] == record["key"]);
        if is_taken || !records::insert(transaction, shelf.kind, shelf.parent, &record)? {
            return Err((shelf.taken)());
        }
        changed(transaction, shelf)?;
        Ok(Answer::json(201, (shelf.shown)(&record)))
    })
}

fn new_key(body: &Body) -> Result<Value, Error> {
    let (id, now) = (parameters::new_id(body, "keyId")?, clock::now_text());
    let expire = match parameters::sent(body, "expire") {
        None => Value::Null,
        Some(moment) => moment
            .as_str()
            .filter(|text| !text.is_empty())
            .and_then(value::date)
            .map(|moment| json!(clock::text(moment)))
            .ok_or_else(|| Error::argument("Invalid `expire` param: Value must be valid date"))?,
    };
    let random: String = (0..12).map(|_| id::unique()).collect();
    Ok(json!({
        "$id": id, "$createdAt": now, "$updatedAt": now,
        "name": parameters::text(body, "name", 128)?, "expire": expire,
        "scopes": parameters::texts(body, "scopes", SCOPES, 0, 1_024)?,
        "secret": format!("standard_{random}"), "accessedAt": null, "sdks": [],
    }))
}

/// What a key has no moment for is empty.
fn shown_key(key: &Value) -> Value {
    let mut shown = key.clone();
    for name in ["expire", "accessedAt"] {
        if shown[name].is_null() {
            shown[name] = json!("");
        }
    }
    shown
}

fn key_by_key() -> Error {
    Error::new(
        403,
        "key_creation_denied",
        "An API key cannot be created from a request authorized with an API key. Authenticate with a session instead. \
         To create a short-lived key from a server, use the ephemeral key endpoint.",
    )
}

/// Makes a key as the console does, which has a session; returns its secret.
pub(crate) fn add_key(store: &Store, settings: &Value) -> Result<String, Error> {
    let key = new_key(settings.as_object().unwrap_or(&Body::new()))?;
    store.write(
        |transaction| match records::insert(transaction, Kind::Key, PROJECT, &key)? {
            true => Ok(records::text(&key, "secret").to_owned()),
            false => Err((KEYS.taken)()),
        },
    )
}

fn list(store: &Store, call: &Call, shelf: &Shelf) -> Reply {
    call.actor.manage(shelf.read)?;
    store.read(|connection| {
        let all = records::children(connection, shelf.kind, shelf.parent)?;
        let shown = |record: &Value| Ok((shelf.shown)(record));
        listing::answer_shown(call, shelf.name, shelf.queries, all, shown)
    })
}

fn get(store: &Store, call: &Call, shelf: &Shelf, id: &str) -> Reply {
    call.actor.manage(shelf.read)?;
    store.read(|connection| {
        let record = known(connection, shelf, id)?;
        Ok(Answer::json(200, (shelf.shown)(&record)))
    })
}

fn delete(store: &Store, call: &Call, shelf: &Shelf, id: &str) -> Reply {
    call.actor.manage(shelf.write)?;
    store.write(|transaction| {
        known(transaction, shelf, id)?;
        records::delete(transaction, shelf.kind, id)?;
        changed(transaction, shelf)?;
        Ok(Answer::empty())
    })
}

fn known(connection: &Connection, shelf: &Shelf, id: &str) -> Result<Value, Error> {
    records::find(connection, shelf.kind, id)?
        .filter(|record| shelf.kind == Kind::Key || record["resourceId"] == PROJECT)
        .ok_or_else(shelf.missing)
}

/// A changed variable shows in the `live` of every function; their processes keep their environment until they start
/// again.
fn changed(connection: &Connection, shelf: &Shelf) -> Result<(), Error> {
    if shelf.kind != Kind::Variable {
        return Ok(());
    }
    for mut function in records::all(connection, Kind::Function)? {
        function["live"] = json!(false);
        records::replace(connection, Kind::Function, &function)?;
    }
    Ok(())
}
