//! Who is calling. Not what they may do: that is asked where it is done.

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use rusqlite::Connection;
use serde_json::{json, Map, Value};
use sha2::{Digest, Sha256};

use crate::access::token;
use crate::clock;
use crate::storage::{records, Kind, Store};
use crate::wire::{value, Actor, Error, Headers, Scopes};

/// What the key of an execution starts with.
const EPHEMERAL: &str = "ephemeral_";

/// How much longer than the function may run its key and its user's token last: cold starts count.
const LEEWAY_SECONDS: i64 = 60;

/// Which execution asks. Only the logs of tests say so: the real key does not tell.
pub(crate) struct Asker {
    pub(crate) function: String,
    pub(crate) execution: String,
}

/// What opens this server, and what it signs.
pub(crate) struct Access {
    /// Id of the one project.
    pub(crate) project: String,
    /// Opens everything; see [`crate::storage::key`].
    pub(crate) key: String,
    /// Signs the tokens of users and executions; the same for the life of the folder.
    pub(crate) secret: String,
}

impl Access {
    /// Decides from the headers of a call.
    pub(crate) fn actor(&self, store: &Store, headers: &Headers) -> Result<Actor, Error> {
        let sent = |name| headers.get(name).unwrap_or_default();
        let (project, key) = (sent("x-appwrite-project"), sent("x-appwrite-key"));
        if project.is_empty() {
            if !key.is_empty() {
                return Err(Error::new(
                    403,
                    "project_id_missing",
                    "When using project API key, make sure to pass x-appwrite-project header with your project ID.",
                ));
            }
            return Ok(Actor::Guest);
        }
        // The tool asks the console's own project for the version.
        if project == "console" && key.is_empty() {
            return Ok(Actor::Guest);
        }
        if project != self.project {
            return Err(Error::new(
                404,
                "project_not_found",
                "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project \
                 header to ensure the correct project ID is being used.",
            ));
        }
        if let Some(token) = key.strip_prefix(EPHEMERAL) {
            return self.execution(token);
        }
        if !key.is_empty() {
            if key == self.key {
                return Ok(Actor::Key {
                    project: project.to_owned(),
                    scopes: Scopes::All,
                });
            }
            return self.further_key(store, key);
        }
        match (sent("x-appwrite-jwt"), sent("x-appwrite-session")) {
            ("", "") => Ok(Actor::Guest),
            ("", session) => store.read(|connection| by_session(connection, session)),
            (token, "") => self.user(store, token),
            (_, _) => Err(Error::new(
                403,
                "user_jwt_and_cookie_set",
                "JWT and cookie are both set in the request. Only one is allowed.",
            )),
        }
    }

    /// The key that one execution gets: bearer of the function's scopes.
    pub(crate) fn execution_key(
        &self,
        asker: &Asker,
        scopes: &Value,
        timeout_seconds: i64,
    ) -> String {
        let claims = json!({
            "projectId": self.project, "scopes": scopes,
            "functionId": asker.function, "executionId": asker.execution,
        });
        EPHEMERAL.to_owned() + &self.signed(claims, timeout_seconds + LEEWAY_SECONDS)
    }

    /// The execution whose key was sent, if any was.
    pub(crate) fn asker(&self, headers: &Headers) -> Option<Asker> {
        let token = headers.get("x-appwrite-key")?.strip_prefix(EPHEMERAL)?;
        let claims = Value::Object(self.verified(token).ok()?);
        let text = |name| records::text(&claims, name).to_owned();
        Some(Asker {
            function: text("functionId"),
            execution: text("executionId"),
        })
    }

    /// The token that an execution gets to act as the user; without a session it cannot be ended early.
    pub(crate) fn execution_jwt(
        &self,
        user: &str,
        session: Option<&str>,
        timeout_seconds: i64,
    ) -> String {
        let claims = match session {
            Some(session) => json!({"userId": user, "sessionId": session}),
            None => json!({"userId": user}),
        };
        self.signed(claims, timeout_seconds + LEEWAY_SECONDS)
    }

    pub(crate) fn signed(&self, claims: Value, seconds: i64) -> String {
        token::sign(&self.secret, claims, clock::now().timestamp(), seconds)
    }

    fn verified(&self, token: &str) -> Result<Map<String, Value>, &'static str> {
        token::verify(&self.secret, token, clock::now().timestamp())
    }

    fn execution(&self, token: &str) -> Result<Actor, Error> {
        let claims = self
            .verified(token)
            .ok()
            .filter(|claims| claims.get("projectId") == Some(&json!(self.project)))
            .ok_or_else(expired)?;
        Ok(self.limited(&Value::Object(claims)))
    }

    /// Bearer of a key that was made through the API.
    fn further_key(&self, store: &Store, secret: &str) -> Result<Actor, Error> {
        let key = store
            .read(|connection| records::saying(connection, Kind::Key, "secret", secret))?
            .pop()
            .ok_or_else(unauthorized)?;
        let end = value::date(records::text(&key, "expire"));
        if key["expire"].is_string() && end.is_none_or(|end| end < clock::now()) {
            return Err(expired());
        }
        Ok(self.limited(&key))
    }

    fn limited(&self, bearer: &Value) -> Actor {
        let scopes = records::texts(bearer, "scopes");
        Actor::Key {
            project: self.project.clone(),
            scopes: Scopes::List(scopes.into_iter().map(str::to_owned).collect()),
        }
    }

    /// The user of a token. One whose session has ended, or who is gone, is nobody.
    fn user(&self, store: &Store, token: &str) -> Result<Actor, Error> {
        let claims = self.verified(token).map_err(|reason| {
            Error::new(
                401,
                "user_jwt_invalid",
                format!("Failed to verify JWT. {reason}"),
            )
        })?;
        let claims = Value::Object(claims);
        let (user, session) = (
            records::text(&claims, "userId"),
            records::text(&claims, "sessionId"),
        );
        store.read(|connection| {
            let ended = !session.is_empty()
                && records::find(connection, Kind::Session, session)?
                    .filter(|record| records::text(record, "userId") == user)
                    .is_none();
            if ended {
                return Ok(Actor::Guest);
            }
            by_id(connection, user, None)
        })
    }
}

fn expired() -> Error {
    Error::new(
        401,
        "project_key_expired",
        "The project key has expired. Please generate a new key using the Appwrite console.",
    )
}

/// The user of a session as an SDK sends it: base64 of `{"id", "secret"}`.
fn by_session(connection: &Connection, sent: &str) -> Result<Actor, Error> {
    let Some(sent) = STANDARD
        .decode(sent)
        .ok()
        .and_then(|json| serde_json::from_slice::<Value>(&json).ok())
    else {
        return Ok(Actor::Guest);
    };
    let user = records::text(&sent, "id");
    let secret = secret_hash(records::text(&sent, "secret"));
    let session = records::children(connection, Kind::Session, user)?
        .into_iter()
        .find(|session| records::text(session, "secretHash") == secret);
    match session {
        Some(session) => by_id(connection, user, Some(records::id(&session).to_owned())),
        None => Ok(Actor::Guest),
    }
}

/// How a secret is stored: never as it is.
pub(crate) fn secret_hash(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret))
}

fn by_id(connection: &Connection, id: &str, session: Option<String>) -> Result<Actor, Error> {
    let Some(user) = records::find(connection, Kind::User, id)? else {
        return Ok(Actor::Guest);
    };
    if user["status"] == json!(false) {
        return Err(Error::new(
            403,
            "user_blocked",
            "The current user has been blocked.",
        ));
    }
    Ok(Actor::User {
        id: records::id(&user).to_owned(),
        roles: roles_of(connection, &user)?,
        session,
    })
}

/// The roles that a user has in permissions: `any`, `users`, `user:ID`, each team and membership, each label.
fn roles_of(connection: &Connection, user: &Value) -> Result<Vec<String>, Error> {
    let id = records::id(user);
    let verified =
        if user["emailVerification"] == json!(true) || user["phoneVerification"] == json!(true) {
            "verified"
        } else {
            "unverified"
        };
    let mut roles = vec![
        "any".to_owned(),
        format!("user:{id}"),
        format!("user:{id}/{verified}"),
        "users".to_owned(),
        format!("users/{verified}"),
    ];
    for membership in records::saying(connection, Kind::Membership, "userId", id)? {
        if membership["confirm"] != json!(true) {
            continue;
        }
        let team = records::text(&membership, "teamId");
        roles.push(format!("team:{team}"));
        roles.push(format!("member:{}", records::id(&membership)));
        for role in records::texts(&membership, "roles") {
            roles.push(format!("team:{team}/{role}"));
        }
    }
    let labels = records::texts(user, "labels");
    roles.extend(labels.into_iter().map(|label| format!("label:{label}")));
    Ok(roles)
}

fn unauthorized() -> Error {
    Error::new(
        401,
        "user_unauthorized",
        "The current user is not authorized to perform the requested action.",
    )
}
