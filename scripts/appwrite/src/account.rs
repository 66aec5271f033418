//! What users ask about themselves.

use serde_json::json;

use crate::auth::Actor;
use crate::error::Error;
use crate::http::{Answer, Call, Reply};
use crate::{auth, records, users, App};

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
    let (id, _) = user(app, call)?;
    app.store.read(|connection| {
        let user = users::known(connection, id)?;
        let shown = records::without(&user, &["password", "hash", "hashOptions"]);
        Ok(Answer::json(200, shown))
    })
}

fn create_token(app: &App, call: &Call) -> Reply {
    let (id, session) = user(app, call)?;
    let claims = json!({"userId": id, "sessionId": session.unwrap_or_default()});
    let token = auth::signed(app, claims, TOKEN_SECONDS);
    Ok(Answer::json(201, json!({"jwt": token})))
}

/// The caller, who has to be a user.
fn user<'a>(app: &App, call: &'a Call) -> Result<(&'a str, Option<&'a str>), Error> {
    let (role, service) = match &call.actor {
        Actor::User { id, session, .. } => return Ok((id, session.as_deref())),
        Actor::Guest => ("guests", "User".to_owned()),
        Actor::Key { .. } => {
            let service = format!("app.{}@service.localhost", app.options.project);
            ("applications", service)
        }
    };
    Err(Error::new(
        401,
        "general_unauthorized_scope",
        format!("{service} (role: {role}) missing scopes ([\"account\"])"),
    ))
}
