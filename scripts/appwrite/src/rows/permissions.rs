//! What permissions let a caller do with rows. Keys are let through everywhere.

use crate::rows::row::{self, Row};
use crate::schema::catalog::Table;
use crate::wire::{Actor, Error};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Create,
    Read,
    Update,
    Delete,
}

impl Deed {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// Which rows of a table a caller may do it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    All,
    /// Rows that have one of these permissions.
    Rows(Vec<String>),
}

/// 401 `user_unauthorized`.
pub(crate) fn refused() -> Error {
    Error::new(
        401,
        "user_unauthorized",
        "The current user is not authorized to perform the requested action.",
    )
}

pub(crate) fn reach(actor: &Actor, table: &Table, deed: Deed) -> Result<Reach, Error> {
    if actor.is_key() {
        return Ok(Reach::All);
    }
    let wanted: Vec<String> = actor
        .roles()
        .iter()
        .map(|role| format!("{}(\"{role}\")", deed.name()))
        .collect();
    if table
        .permissions
        .iter()
        .any(|permission| wanted.contains(permission))
    {
        return Ok(Reach::All);
    }
    if deed == Deed::Create {
        return Err(Error::new(
            401,
            "user_unauthorized",
            "No permissions provided for action 'create'",
        ));
    }
    if table.row_security {
        return Ok(Reach::Rows(wanted));
    }
    Err(refused())
}

impl Reach {
    pub(crate) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Rows(wanted) => row
                .permissions
                .iter()
                .any(|permission| wanted.contains(permission)),
        }
    }
}

/// Refuses a change of a row: as missing when it cannot be read, else as not allowed.
pub(crate) fn require(actor: &Actor, table: &Table, row: &Row, deed: Deed) -> Result<(), Error> {
    let readable = reach(actor, table, Deed::Read).is_ok_and(|reach| reach.holds(row));
    if reach(actor, table, deed)?.holds(row) {
        Ok(())
    } else if readable {
        Err(refused())
    } else {
        Err(row::not_found(&row.id))
    }
}

/// The permissions of a row that a caller makes: a user's own, unless others are given that the user has roles for.
pub(crate) fn given(
    actor: &Actor,
    sent: Option<Vec<String>>,
) -> Result<Option<Vec<String>>, Error> {
    let Actor::User { id, .. } = actor else {
        return Ok(sent);
    };
    let Some(sent) = sent else {
        let own = ["read", "update", "delete"].map(|deed| format!("{deed}(\"user:{id}\")"));
        return Ok(Some(own.to_vec()));
    };
    let roles = actor.roles();
    let role = |permission: &String| {
        let inner = permission.split('"').nth(1).unwrap_or_default();
        roles.iter().any(|role| role == inner)
    };
    if sent.iter().all(role) {
        Ok(Some(sent))
    } else {
        Err(Error::new(
            401,
            "user_unauthorized",
            format!("Permissions must be one of: ({})", roles.join(", ")),
        ))
    }
}
