//! Who calls, and what their scopes let them ask for. Who it is, is found out in [`crate::access`].

use crate::wire::error::Error;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    Guest,
    /// A project key or the ephemeral key of an execution; rows' permissions do not bind it.
    Key {
        /// Of which project.
        project: String,
        scopes: Scopes,
    },
    /// A user known by token or session.
    User {
        id: String,
        /// What permissions may name, such as `user:ID` or `team:ID/ROLE`.
        roles: Vec<String>,
        /// The session that was sent itself; a token made from a session does not count.
        session: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scopes {
    All,
    List(Vec<String>),
}

/// Scopes of everybody who is not signed in, of those that are asked for here: app/config/roles.php.
const GUESTS: [&str; 5] = [
    "documents.read",
    "documents.write",
    "rows.read",
    "rows.write",
    "executions.write",
];

/// Scopes of everybody who is.
const USERS: [&str; 8] = [
    "documents.read",
    "documents.write",
    "rows.read",
    "rows.write",
    "executions.read",
    "executions.write",
    "teams.read",
    "teams.write",
];

impl Actor {
    /// What permissions may name for this caller; they do not bind keys.
    pub(crate) fn roles(&self) -> Vec<String> {
        match self {
            Self::Key { .. } => Vec::new(),
            Self::Guest => vec!["any".to_owned(), "guests".to_owned()],
            Self::User { roles, .. } => roles.clone(),
        }
    }

    pub(crate) fn user_id(&self) -> Option<&str> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::Guest | Self::Key { .. } => None,
        }
    }

    pub(crate) fn is_key(&self) -> bool {
        matches!(self, Self::Key { .. })
    }

    /// Refuses everybody but keys, and keys that have none of these scopes.
    pub(crate) fn manage(&self, scopes: &[&str]) -> Result<(), Error> {
        match self {
            Self::Key { .. } => self.need(scopes),
            Self::Guest | Self::User { .. } => Err(self.lacks(scopes)),
        }
    }

    /// Refuses who has none of these scopes (a permission may go by several names). Those of guests and users are the
    /// same for all of them: it is permissions that bind them.
    pub(crate) fn need(&self, scopes: &[&str]) -> Result<(), Error> {
        let has = |held: &str| scopes.contains(&held);
        let is_enough = match self {
            Self::Key {
                scopes: Scopes::All,
                ..
            } => true,
            Self::Key {
                scopes: Scopes::List(held),
                ..
            } => held.iter().any(|held| has(held)),
            Self::Guest => GUESTS.iter().any(|held| has(held)),
            Self::User { .. } => USERS.iter().any(|held| has(held)),
        };
        if is_enough {
            Ok(())
        } else {
            Err(self.lacks(scopes))
        }
    }

    /// Refuses keys, none of which can have the scope `public`. Everybody else has it.
    pub(crate) fn public(&self) -> Result<(), Error> {
        match self {
            Self::Key { .. } => Err(self.lacks(&["public"])),
            Self::Guest | Self::User { .. } => Ok(()),
        }
    }

    /// What whoever has none of these scopes is told.
    pub(crate) fn lacks(&self, scopes: &[&str]) -> Error {
        let who = match self {
            Self::Key { project, .. } => {
                format!("app.{project}@service.localhost (role: applications)")
            }
            Self::Guest => "User (role: guests)".to_owned(),
            Self::User { .. } => "User (role: users)".to_owned(),
        };
        Error::new(
            401,
            "general_unauthorized_scope",
            format!("{who} missing scopes ({})", listed(scopes)),
        )
    }
}

/// Scopes as the message writes them.
fn listed(scopes: &[&str]) -> String {
    let names: Vec<String> = scopes.iter().map(|scope| format!("\"{scope}\"")).collect();
    format!("[{}]", names.join(","))
}
