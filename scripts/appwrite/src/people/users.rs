//! Users by key: making them, changing them, their sessions and tokens. Not what they may do: see [`crate::access`].

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use serde_json::{json, Value};

use crate::access::{secret_hash, Access};
use crate::clock;
use crate::people::{membership, user};
use crate::storage::{listing, records, Kind, Queries, Store};
use crate::wire::{id, parameters, Answer, Body, Call, Error, Reply};

/// Lifetime of a token that is made by key, in seconds: default and most of Users/createJWT.
const TOKEN_SECONDS: (i64, i64) = (900, 3_600);

/// What a list may be asked for by.
const QUERIES: Queries = Queries::of(&[
    "name",
    "email",
    "phone",
    "status",
    "passwordUpdate",
    "registration",
    "emailVerification",
    "phoneVerification",
    "labels",
    "impersonator",
]);

/// Lifetime of a session in days: `TOKEN_EXPIRATION_LOGIN_LONG`.
const SESSION_DAYS: i64 = 365;

pub(crate) fn route(store: &Store, access: &Access, call: &Call, rest: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(store, call),
        ("GET", []) => list(store, call),
        ("GET", [id]) => get(store, call, id),
        ("DELETE", [id]) => delete(store, call, id),
        ("PATCH", [id, "status"]) => change(store, call, id, status),
        ("PATCH", [id, "verification"]) => change(store, call, id, verification),
        ("PATCH", [id, "name"]) => change(store, call, id, name),
        ("PATCH", [id, "email"]) => change(store, call, id, email),
        ("PUT", [id, "labels"]) => change(store, call, id, labels),
        ("POST", [id, "jwts"]) => create_token(store, access, call, id),
        ("POST", [id, "sessions"]) => create_session(store, call, id),
        ("GET", [id, "sessions"]) => list_sessions(store, call, id),
        ("DELETE", [id, "sessions"]) => delete_sessions(store, call, id),
        ("DELETE", [id, "sessions", session]) => delete_session(store, call, id, session),
        ("GET", [id, "memberships"]) => memberships(store, call, id),
        _ => return None,
    })
}

fn create(store: &Store, call: &Call) -> Reply {
    call.actor.manage(&["users.write"])?;
    let body = call.json()?;
    let id = parameters::new_id(&body, "userId")?;
    let email = parameters::email(&body, "email")?;
    let phone = parameters::optional_text(&body, "phone", 16)?;
    let password = parameters::optional_text(&body, "password", 256)?;
    let name = match parameters::sent(&body, "name") {
        Some(Value::String(name)) if name.is_empty() => None,
        _ => parameters::optional_text(&body, "name", 128)?,
    };
    let user = user::new(&id, email, phone, password, &name.unwrap_or_default());
    store.write(|transaction| {
        user::insert(transaction, &user)?;
        Ok(Answer::json(201, user))
    })
}

fn list(store: &Store, call: &Call) -> Reply {
    call.actor.manage(&["users.read"])?;
    store.read(|connection| {
        let users = records::all(connection, Kind::User)?;
        listing::answer(call, "users", QUERIES, users)
    })
}

fn get(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.read"])?;
    store.read(|connection| Ok(Answer::json(200, user::known(connection, id)?)))
}

fn delete(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.write"])?;
    store.write(|transaction| {
        user::known(transaction, id)?;
        records::delete_children(transaction, Kind::Session, id)?;
        for membership in membership::of_user(transaction, id)? {
            membership::remove(transaction, &membership)?;
        }
        records::delete(transaction, Kind::User, id)?;
        Ok(Answer::empty())
    })
}

/// Applies one kind of change to a user.
fn change(
    store: &Store,
    call: &Call,
    id: &str,
    apply: fn(&Body, &mut Value) -> Result<(), Error>,
) -> Reply {
    call.actor.manage(&["users.write"])?;
    let body = call.json()?;
    store.write(|transaction| {
        let mut user = user::known(transaction, id)?;
        apply(&body, &mut user)?;
        records::update(transaction, Kind::User, &mut user)?;
        Ok(Answer::json(200, user))
    })
}

fn status(body: &Body, user: &mut Value) -> Result<(), Error> {
    user["status"] = json!(parameters::required_boolean(body, "status")?);
    Ok(())
}

fn verification(body: &Body, user: &mut Value) -> Result<(), Error> {
    user["emailVerification"] = json!(parameters::required_boolean(body, "emailVerification")?);
    Ok(())
}

fn name(body: &Body, user: &mut Value) -> Result<(), Error> {
    user["name"] = json!(parameters::text(body, "name", 128)?);
    Ok(())
}

/// A changed address has yet to be verified.
fn email(body: &Body, user: &mut Value) -> Result<(), Error> {
    let email = parameters::email(body, "email")?;
    let email = email.ok_or_else(|| parameters::missing("email"))?;
    user["email"] = json!(email);
    user["emailCanonical"] = json!(email);
    user["emailVerification"] = json!(false);
    Ok(())
}

fn labels(body: &Body, user: &mut Value) -> Result<(), Error> {
    user["labels"] = json!(parameters::texts(body, "labels", 1_000, 1, 36)?);
    Ok(())
}

/// A token of a user; bound to a session only when one is named.
fn create_token(store: &Store, access: &Access, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.write"])?;
    let body = call.json()?;
    let seconds = parameters::integer(&body, "duration", 0, TOKEN_SECONDS.1)?;
    let asked = parameters::optional_text(&body, "sessionId", 36)?;
    let session = store.read(|connection| {
        user::known(connection, id)?;
        let sessions = records::children(connection, Kind::Session, id)?;
        Ok(match asked.as_deref() {
            Some("recent") => sessions.last().cloned(),
            Some(asked) => sessions
                .into_iter()
                .find(|session| records::id(session) == asked),
            None => None,
        })
    })?;
    let session = session.as_ref().map(records::id).unwrap_or_default();
    let claims = json!({"userId": id, "sessionId": session});
    let token = access.signed(claims, seconds.unwrap_or(TOKEN_SECONDS.0));
    Ok(Answer::json(201, json!({"jwt": token})))
}

fn create_session(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.write", "sessions.write"])?;
    let now = clock::now();
    let secret = id::unique() + &id::unique();
    let session = json!({
        "$id": id::unique(), "$createdAt": clock::text(now), "$updatedAt": clock::text(now),
        "userId": id, "expire": clock::text(now + chrono::Duration::days(SESSION_DAYS)),
        "provider": "server", "providerUid": "", "providerAccessToken": "",
        "providerAccessTokenExpiry": "", "providerRefreshToken": "", "ip": "127.0.0.1",
        "osCode": "", "osName": "", "osVersion": "", "clientType": "", "clientCode": "",
        "clientName": "", "clientVersion": "", "clientEngine": "", "clientEngineVersion": "",
        "deviceName": "", "deviceBrand": "", "deviceModel": "", "countryCode": "--",
        "countryName": "Unknown", "current": false, "factors": [], "secret": "", "mfaUpdatedAt": "",
        SECRET: secret_hash(&secret),
    });
    store.write(|transaction| {
        user::known(transaction, id)?;
        records::insert(transaction, Kind::Session, id, &session)?;
        let mut answer = shown(&session);
        // What an SDK sends back as its session.
        answer["secret"] = json!(STANDARD.encode(json!({"id": id, "secret": secret}).to_string()));
        Ok(Answer::json(201, answer))
    })
}

/// Where a session keeps the hash of its secret; never answered.
const SECRET: &str = "secretHash";

fn shown(session: &Value) -> Value {
    records::without(session, &[SECRET])
}

fn list_sessions(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.read", "sessions.read"])?;
    store.read(|connection| {
        user::known(connection, id)?;
        let sessions = records::children(connection, Kind::Session, id)?;
        let shown: Vec<Value> = sessions.iter().map(shown).collect();
        Ok(Answer::json(
            200,
            json!({"total": shown.len(), "sessions": shown}),
        ))
    })
}

fn delete_sessions(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.write", "sessions.write"])?;
    store.write(|transaction| {
        user::known(transaction, id)?;
        records::delete_children(transaction, Kind::Session, id)?;
        Ok(Answer::empty())
    })
}

fn delete_session(store: &Store, call: &Call, id: &str, session: &str) -> Reply {
    call.actor.manage(&["users.write", "sessions.write"])?;
    store.write(|transaction| {
        user::known(transaction, id)?;
        records::find(transaction, Kind::Session, session)?
            .filter(|session| records::text(session, "userId") == id)
            .ok_or_else(|| {
                Error::new(
                    404,
                    "user_session_not_found",
                    "The current user session could not be found.",
                )
            })?;
        records::delete(transaction, Kind::Session, session)?;
        Ok(Answer::empty())
    })
}

fn memberships(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.read"])?;
    store.read(|connection| {
        user::known(connection, id)?;
        let memberships = membership::of_user(connection, id)?;
        let shown = |membership: &Value| membership::shown(connection, membership);
        listing::answer_shown(call, "memberships", membership::QUERIES, memberships, shown)
    })
}
