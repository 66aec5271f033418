//! A user as it is stored.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::access::secret_hash;
use crate::clock;
use crate::storage::{records, Kind};
use crate::wire::{id, Error};

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

pub(crate) fn known(connection: &Connection, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::User, id)?
        .ok_or_else(|| Error::not_found("user_not_found", "User"))
}
