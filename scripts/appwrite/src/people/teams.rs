//! Teams and who belongs to them. Keys make members at once; nothing here sends an invitation.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::people::{membership, user};
use crate::storage::{listing, records, Kind, Queries, Store};
use crate::wire::{id, parameters, Answer, Call, Error, Reply};

/// Most roles of a member, and the longest.
const ROLES: usize = 100;
const ROLE_LENGTH: usize = 81;

pub(crate) fn route(store: &Store, call: &Call, rest: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(store, call),
        ("GET", []) => list(store, call),
        ("GET", [id]) => get(store, call, id),
        ("PUT", [id]) => rename(store, call, id),
        ("DELETE", [id]) => delete(store, call, id),
        ("POST", [id, "memberships"]) => create_membership(store, call, id),
        ("GET", [id, "memberships"]) => list_memberships(store, call, id),
        ("GET", [id, "memberships", membership]) => get_membership(store, call, id, membership),
        ("PATCH", [id, "memberships", membership]) => {
            update_membership(store, call, id, membership)
        }
        ("DELETE", [id, "memberships", membership]) => {
            delete_membership(store, call, id, membership)
        }
        _ => return None,
    })
}

fn create(store: &Store, call: &Call) -> Reply {
    call.actor.need(&["teams.write"])?;
    let body = call.json()?;
    let id = parameters::new_id(&body, "teamId")?;
    let name = parameters::text(&body, "name", 128)?;
    let roles = match parameters::sent(&body, "roles") {
        Some(_) => parameters::keys(&body, "roles", ROLES, ROLE_LENGTH)?,
        None => vec!["owner".to_owned()],
    };
    let now = clock::now_text();
    let team = json!({
        "$id": id, "$createdAt": now, "$updatedAt": now, "name": name, "total": 0, "prefs": {},
    });
    store.write(|transaction| {
        if !records::insert(transaction, Kind::Team, "", &team)? {
            return Err(Error::new(
                409,
                "team_already_exists",
                "Team with requested ID already exists. Please choose a different ID and try again.",
            ));
        }
        // Whoever makes a team belongs to it; a key is nobody.
        if let Some(user) = call.actor.user_id() {
            membership::add(transaction, &team, user, &roles, true)?;
        }
        Ok(Answer::json(201, membership::known_team(transaction, &id)?))
    })
}

fn list(store: &Store, call: &Call) -> Reply {
    call.actor.need(&["teams.read"])?;
    store.read(|connection| {
        let teams = records::all(connection, Kind::Team)?
            .into_iter()
            .filter(|team| is_visible(call, records::id(team)))
            .collect();
        let known = Queries::of(&["name", "total", "billingPlan"]);
        listing::answer(call, "teams", known, teams)
    })
}

fn get(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.need(&["teams.read"])?;
    store.read(|connection| Ok(Answer::json(200, visible(connection, call, id)?)))
}

fn rename(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    let name = parameters::text(&call.json()?, "name", 128)?;
    store.write(|transaction| {
        let mut team = membership::known_team(transaction, id)?;
        team["name"] = json!(name);
        records::update(transaction, Kind::Team, &mut team)?;
        Ok(Answer::json(200, team))
    })
}

fn delete(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    store.write(|transaction| {
        membership::known_team(transaction, id)?;
        records::delete_children(transaction, Kind::Membership, id)?;
        records::delete(transaction, Kind::Team, id)?;
        Ok(Answer::empty())
    })
}

/// Users see the teams they belong to.
fn is_visible(call: &Call, team: &str) -> bool {
    call.actor.is_key() || call.actor.roles().contains(&format!("team:{team}"))
}

fn visible(connection: &Connection, call: &Call, id: &str) -> Result<Value, Error> {
    let team = membership::known_team(connection, id)?;
    if is_visible(call, id) {
        Ok(team)
    } else {
        Err(membership::no_team())
    }
}

fn create_membership(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.need(&["teams.write"])?;
    let body = call.json()?;
    if parameters::sent(&body, "roles").is_none() {
        return Err(Error::argument("Param \"roles\" is not optional."));
    }
    let roles = parameters::keys(&body, "roles", ROLES, ROLE_LENGTH)?;
    let email = parameters::email(&body, "email")?;
    let user = parameters::optional_text(&body, "userId", 36)?;
    if !call.actor.is_key() && parameters::sent(&body, "url").is_none() {
        return Err(Error::argument("URL is required"));
    }
    // An owner's stays unconfirmed until the invited person follows the link of a mail, which is not sent here.
    let confirm = call.actor.is_key();
    store.write(|transaction| {
        let team = membership::known_team(transaction, id)?;
        if !confirm && !call.actor.roles().contains(&format!("team:{id}/owner")) {
            return Err(Error::new(
                401,
                "user_unauthorized",
                "User is not allowed to send invitations for this team",
            ));
        }
        let user = invited(transaction, user.as_deref(), email)?;
        let membership = membership::add(transaction, &team, records::id(&user), &roles, confirm)?;
        Ok(Answer::json(
            201,
            membership::shown(transaction, &membership)?,
        ))
    })
}

/// The user that is meant; one made anew for an address that nobody has.
fn invited(
    connection: &Connection,
    id: Option<&str>,
    email: Option<String>,
) -> Result<Value, Error> {
    if let Some(id) = id {
        let user = records::find(connection, Kind::User, id)?.ok_or_else(|| {
            Error::new(
                404,
                "user_not_found",
                "User with given userId doesn't exist.",
            )
        })?;
        if email.is_some_and(|email| email != records::text(&user, "email")) {
            return Err(Error::new(
                409,
                "user_already_exists",
                "Given userId and email doesn't match",
            ));
        }
        return Ok(user);
    }
    let email = email
        .ok_or_else(|| Error::argument("At least one of userId, email, or phone is required"))?;
    let mut known = records::saying(connection, Kind::User, "email", &email)?;
    if let Some(user) = known.pop() {
        return Ok(user);
    }
    let user = user::new(&id::unique(), Some(email.clone()), None, None, &email);
    user::insert(connection, &user)?;
    Ok(user)
}

fn list_memberships(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.need(&["teams.read"])?;
    store.read(|connection| {
        visible(connection, call, id)?;
        let memberships = records::children(connection, Kind::Membership, id)?;
        let shown = |membership: &Value| seen(connection, call, membership);
        listing::answer_shown(call, "memberships", membership::QUERIES, memberships, shown)
    })
}

fn get_membership(store: &Store, call: &Call, id: &str, membership: &str) -> Reply {
    call.actor.need(&["teams.read"])?;
    store.read(|connection| {
        visible(connection, call, id)?;
        let membership = known_membership(connection, id, membership)?;
        Ok(Answer::json(200, seen(connection, call, &membership)?))
    })
}

fn update_membership(store: &Store, call: &Call, id: &str, membership: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    let body = call.json()?;
    if parameters::sent(&body, "roles").is_none() {
        return Err(Error::argument("Param \"roles\" is not optional."));
    }
    let roles = parameters::keys(&body, "roles", ROLES, ROLE_LENGTH)?;
    store.write(|transaction| {
        membership::known_team(transaction, id)?;
        let mut membership = known_membership(transaction, id, membership)?;
        membership["roles"] = json!(roles);
        records::update(transaction, Kind::Membership, &mut membership)?;
        Ok(Answer::json(
            200,
            membership::shown(transaction, &membership)?,
        ))
    })
}

fn delete_membership(store: &Store, call: &Call, id: &str, membership: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    store.write(|transaction| {
        let membership = records::find(transaction, Kind::Membership, membership)?;
        let membership = membership.ok_or_else(no_invitation)?;
        membership::known_team(transaction, id)?;
        if records::text(&membership, "teamId") != id {
            return Err(mismatch());
        }
        membership::remove(transaction, &membership)?;
        Ok(Answer::empty())
    })
}

/// What a DELETE of a membership that is not there is told, whether or not anybody was invited.
fn no_invitation() -> Error {
    let message = "The requested team invitation could not be found.";
    Error::new(404, "team_invite_not_found", message)
}

fn mismatch() -> Error {
    let message = "The membership ID does not belong to the team ID.";
    Error::new(404, "team_membership_mismatch", message)
}

fn known_membership(connection: &Connection, team: &str, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Membership, id)?
        .filter(|membership| records::text(membership, "teamId") == team)
        .ok_or_else(|| Error::not_found("membership_not_found", "Membership"))
}

/// As this caller sees it: who the members are is for keys.
fn seen(connection: &Connection, call: &Call, membership: &Value) -> Result<Value, Error> {
    let mut seen = membership::shown(connection, membership)?;
    if !call.actor.is_key() {
        for name in ["userId", "userName", "userEmail", "userPhone"] {
            seen[name] = json!("");
        }
    }
    Ok(seen)
}
