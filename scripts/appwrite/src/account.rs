//! What users ask about themselves.

use serde_json::json;

use crate::storage::records;
use crate::wire::{Actor, Answer, Call, Error, Reply};
use crate::{users, App};

/// Lifetime of a token that users make for themselves, in seconds.
const TOKEN_SECONDS: i64 = 900;

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    Some(match (call.method.as_str(), call.segments().as_slice()) {
        ("GET", ["account"]) => get(app, call),
        ("POST", ["account", "jwts" | "jwt"]) => create_token(app, call),
        _ => return None,
    })
}

fn get(app: &App, call: &Call) -> Reply {
    let (id, _) = user(call)?;
    app.store.read(|connection| {
        let user = users::known(connection, id)?;
        let shown = records::without(&user, &["password", "hash", "hashOptions"]);
        Ok(Answer::json(200, shown))
    })
}

fn create_token(app: &App, call: &Call) -> Reply {
    let (id, session) = user(call)?;
    let claims = json!({"userId": id, "sessionId": session.unwrap_or_default()});
    let token = app.access.signed(claims, TOKEN_SECONDS);
    Ok(Answer::json(201, json!({"jwt": token})))
}

/// The caller, who has to be a user.
fn user(call: &Call) -> Result<(&str, Option<&str>), Error> {
    match &call.actor {
        Actor::User { id, session, .. } => Ok((id, session.as_deref())),
        other => Err(other.lacks(&["account"])),
    }
}
