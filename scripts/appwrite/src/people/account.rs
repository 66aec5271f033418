//! What users ask about themselves.

use serde_json::json;

use crate::access::Access;
use crate::people::user;
use crate::storage::{records, Store};
use crate::wire::{Actor, Answer, Call, Error, Reply};

/// Lifetime of a token that users make for themselves, in seconds.
const TOKEN_SECONDS: i64 = 900;

pub(crate) fn route(store: &Store, access: &Access, call: &Call, rest: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), rest) {
        ("GET", []) => get(store, call),
        ("POST", ["jwts" | "jwt"]) => create_token(access, call),
        _ => return None,
    })
}

fn get(store: &Store, call: &Call) -> Reply {
    let (id, _) = user(call)?;
    store.read(|connection| {
        let user = user::known(connection, id)?;
        let shown = records::without(&user, &["password", "hash", "hashOptions"]);
        Ok(Answer::json(200, shown))
    })
}

fn create_token(access: &Access, call: &Call) -> Reply {
    let (id, session) = user(call)?;
    let claims = json!({"userId": id, "sessionId": session.unwrap_or_default()});
    let token = access.signed(claims, TOKEN_SECONDS);
    Ok(Answer::json(201, json!({"jwt": token})))
}

/// The caller, who has to be a user.
fn user(call: &Call) -> Result<(&str, Option<&str>), Error> {
    match &call.actor {
        Actor::User { id, session, .. } => Ok((id, session.as_deref())),
        other => Err(other.lacks(&["account"])),
    }
}
