//! Users by key: making them, changing them, their sessions and tokens. Not what they may do: see [`crate::access::caller`].

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use rusqlite::Connection;
use serde_json::{json, Value};

use crate::access::secret_hash;
use crate::storage::listing::{self, Queries};
use crate::storage::records::{self, Kind};
use crate::wire::parameters::{self, Body};
use crate::wire::{id, Answer, Call, Error, Reply};
use crate::{clock, teams, App};

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

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    let segments = call.segments();
    let ["users", rest @ ..] = segments.as_slice() else {
        return None;
    };
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(app, call),
        ("GET", []) => list(app, call),
        ("GET", [id]) => get(app, call, id),
        ("DELETE", [id]) => delete(app, call, id),
        ("PATCH", [id, "status"]) => change(app, call, id, status),
        ("PATCH", [id, "verification"]) => change(app, call, id, verification),
        ("PATCH", [id, "name"]) => change(app, call, id, name),
        ("PATCH", [id, "email"]) => change(app, call, id, email),
        ("PUT", [id, "labels"]) => change(app, call, id, labels),
        ("POST", [id, "jwts"]) => create_token(app, call, id),
        ("POST", [id, "sessions"]) => create_session(app, call, id),
        ("GET", [id, "sessions"]) => list_sessions(app, call, id),
        ("DELETE", [id, "sessions"]) => delete_sessions(app, call, id),
        ("DELETE", [id, "sessions", session]) => delete_session(app, call, id, session),
        ("GET", [id, "memberships"]) => memberships(app, call, id),
        _ => return None,
    })
}

fn create(app: &App, call: &Call) -> Reply {
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
    let user = new(&id, email, phone, password, &name.unwrap_or_default());
    app.store.write(|transaction| {
        insert(transaction, &user)?;
        Ok(Answer::json(201, user))
    })
}

/// A user as stored and as keys see it.
pub(crate) fn new(
    id: &str,
    email: Option<String>,
    phone: Option<String>,
    password: Option<String>,
    name: &str,
) -> Value {
    let now = clock::now_text();
    let known = email.as_ref().map(|_| true);
    let target = match (&email, &phone) {
        (Some(email), _) => Some(("email", email)),
        (None, Some(phone)) => Some(("sms", phone)),
        (None, None) => None,
    };
    let targets: Vec<Value> = target
        .map(|(kind, identifier)| {
            json!({
                "$id": id::unique(), "$createdAt": now, "$updatedAt": now, "name": "", "userId": id,
                "providerId": null, "providerType": kind, "identifier": identifier, "expired": false,
            })
        })
        .into_iter()
        .collect();
    json!({
        "$id": id, "$createdAt": now, "$updatedAt": now, "name": name,
        // Nobody signs in with a password here: it is not kept beyond the proof that one was set.
        "password": password.as_deref().map(secret_hash),
        "hash": "argon2",
        "hashOptions": {"type": "argon2", "memory_cost": 65536, "time_cost": 4, "threads": 3},
        "registration": now, "status": true, "labels": [],
        "passwordUpdate": password.map(|_| now.clone()).unwrap_or_default(),
        "email": email.clone().unwrap_or_default(), "phone": phone.unwrap_or_default(),
        "emailVerification": false, "emailCanonical": email,
        "emailIsFree": known.map(|_| false), "emailIsDisposable": known.map(|_| false),
        "emailIsCorporate": known, "emailIsCanonical": known,
        "phoneVerification": false, "mfa": false, "prefs": {}, "targets": targets, "accessedAt": "",
        "impersonator": false, "impersonatorUserId": null,
    })
}

/// Adds a user whose id, mail and phone nobody has.
pub(crate) fn insert(connection: &Connection, user: &Value) -> Result<(), Error> {
    let mut clash = false;
    for name in ["email", "phone"] {
        let value = records::text(user, name);
        clash |=
            !value.is_empty() && !records::saying(connection, Kind::User, name, value)?.is_empty();
    }
    if clash || !records::insert(connection, Kind::User, "", user)? {
        return Err(Error::new(
            409,
            "user_already_exists",
            "A user with the same id, email, or phone already exists in this project.",
        ));
    }
    Ok(())
}

fn list(app: &App, call: &Call) -> Reply {
    call.actor.manage(&["users.read"])?;
    app.store.read(|connection| {
        let users = records::all(connection, Kind::User)?;
        listing::answer(call, "users", QUERIES, users)
    })
}

fn get(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.read"])?;
    app.store
        .read(|connection| Ok(Answer::json(200, known(connection, id)?)))
}

fn delete(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.write"])?;
    app.store.write(|transaction| {
        known(transaction, id)?;
        records::delete_children(transaction, Kind::Session, id)?;
        for membership in teams::memberships_of(transaction, id)? {
            teams::remove(transaction, &membership)?;
        }
        records::delete(transaction, Kind::User, id)?;
        Ok(Answer::empty())
    })
}

pub(crate) fn known(connection: &Connection, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::User, id)?.ok_or_else(|| {
        Error::new(
            404,
            "user_not_found",
            "User with the requested ID could not be found.",
        )
    })
}

/// Applies one kind of change to a user.
fn change(
    app: &App,
    call: &Call,
    id: &str,
    apply: fn(&Body, &mut Value) -> Result<(), Error>,
) -> Reply {
    call.actor.manage(&["users.write"])?;
    let body = call.json()?;
    app.store.write(|transaction| {
        let mut user = known(transaction, id)?;
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
fn create_token(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.write"])?;
    let body = call.json()?;
    let seconds = parameters::integer(&body, "duration", 0, TOKEN_SECONDS.1)?;
    let asked = parameters::optional_text(&body, "sessionId", 36)?;
    let session = app.store.read(|connection| {
        known(connection, id)?;
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
    let token = app
        .access
        .signed(claims, seconds.unwrap_or(TOKEN_SECONDS.0));
    Ok(Answer::json(201, json!({"jwt": token})))
}

fn create_session(app: &App, call: &Call, id: &str) -> Reply {
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
    app.store.write(|transaction| {
        known(transaction, id)?;
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

fn list_sessions(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.read", "sessions.read"])?;
    app.store.read(|connection| {
        known(connection, id)?;
        let sessions = records::children(connection, Kind::Session, id)?;
        let shown: Vec<Value> = sessions.iter().map(shown).collect();
        Ok(Answer::json(
            200,
            json!({"total": shown.len(), "sessions": shown}),
        ))
    })
}

fn delete_sessions(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.write", "sessions.write"])?;
    app.store.write(|transaction| {
        known(transaction, id)?;
        records::delete_children(transaction, Kind::Session, id)?;
        Ok(Answer::empty())
    })
}

fn delete_session(app: &App, call: &Call, id: &str, session: &str) -> Reply {
    call.actor.manage(&["users.write", "sessions.write"])?;
    app.store.write(|transaction| {
        known(transaction, id)?;
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

fn memberships(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["users.read"])?;
    app.store.read(|connection| {
        known(connection, id)?;
        let memberships = teams::memberships_of(connection, id)?;
        let (total, page) = listing::page(call, teams::MEMBERSHIP_QUERIES, memberships)?;
        let page: Vec<Value> = page
            .iter()
            .map(|membership| teams::shown(connection, membership))
            .collect::<Result<_, _>>()?;
        Ok(Answer::json(
            200,
            json!({"total": total, "memberships": page}),
        ))
    })
}
