//! Who is calling. Not what they may do: that is asked where it is done.

use crate::error::Error;
use crate::http::Headers;
use crate::App;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    Guest,
    /// A project key or the ephemeral key of an execution; rows' permissions do not bind it.
    Key {
        scopes: Scopes,
    },
    /// A user known by token.
    User {
        id: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scopes {
    All,
    List(Vec<String>),
}

/// Decides from the headers of a call.
pub(crate) fn actor(app: &App, headers: &Headers) -> Result<Actor, Error> {
    let project = headers.get("x-appwrite-project").unwrap_or_default();
    let key = headers.get("x-appwrite-key").unwrap_or_default();
    let token = headers.get("x-appwrite-jwt").unwrap_or_default();
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
    if project != app.options.project {
        return Err(Error::new(
            404,
            "project_not_found",
            "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project header \
             to ensure the correct project ID is being used.",
        ));
    }
    if let Some(token) = key.strip_prefix("ephemeral_") {
        return execution(app, token);
    }
    if !key.is_empty() {
        if key == app.options.key {
            return Ok(Actor::Key {
                scopes: Scopes::All,
            });
        }
        return Err(Error::new(
            401,
            "user_unauthorized",
            "The current user is not authorized to perform the requested action.",
        ));
    }
    if !token.is_empty() {
        return user(app, token);
    }
    Ok(Actor::Guest)
}

/// The key that an execution got: a signed token that names the function's scopes.
fn execution(_app: &App, _token: &str) -> Result<Actor, Error> {
    Err(Error::new(
        401,
        "user_unauthorized",
        "The current user is not authorized to perform the requested action.",
    ))
}

/// The token of a user.
fn user(_app: &App, _token: &str) -> Result<Actor, Error> {
    Err(Error::new(
        401,
        "user_jwt_invalid",
        "Failed to verify JWT. Invalid token: Incomplete segments",
    ))
}

impl Actor {
    pub(crate) fn is_key(&self) -> bool {
        matches!(self, Self::Key { .. })
    }

    /// Refuses everybody but keys, and keys that have none of these scopes.
    pub(crate) fn manage(&self, app: &App, scopes: &[&str]) -> Result<(), Error> {
        let role = match self {
            Self::Key { .. } => return self.need(app, scopes),
            Self::Guest => "guests",
            Self::User { .. } => "users",
        };
        Err(Error::new(
            401,
            "general_unauthorized_scope",
            format!("User (role: {role}) missing scopes ({})", listed(scopes)),
        ))
    }

    /// Refuses keys that have none of these scopes (a permission may go by several names). Guests and users pass:
    /// permissions bind them.
    pub(crate) fn need(&self, app: &App, scopes: &[&str]) -> Result<(), Error> {
        match self {
            Self::Key {
                scopes: Scopes::List(held),
            } if !held.iter().any(|one| scopes.contains(&one.as_str())) => {
                let names: Vec<String> =
                    scopes.iter().map(|scope| format!("\"{scope}\"")).collect();
                Err(Error::new(
                    401,
                    "general_unauthorized_scope",
                    format!(
                        "app.{}@service.localhost (role: applications) missing scopes ({})",
                        app.options.project,
                        listed(scopes)
                    ),
                ))
            }
            Self::Key { .. } | Self::Guest | Self::User { .. } => Ok(()),
        }
    }
}

/// Scopes as the message writes them.
fn listed(scopes: &[&str]) -> String {
    let names: Vec<String> = scopes.iter().map(|scope| format!("\"{scope}\"")).collect();
    format!("[{}]", names.join(","))
}
