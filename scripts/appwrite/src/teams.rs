//! Teams and who belongs to them. Keys make members at once; nothing here sends an invitation.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::storage::listing::{self, Queries};
use crate::storage::records::{self, Kind};
use crate::wire::{id, parameters, Answer, Call, Error, Reply};
use crate::{clock, users, App};

/// Most roles of a member, and the longest.
const ROLES: usize = 100;
const ROLE_LENGTH: usize = 81;

/// What a list of memberships may be asked for by.
pub(crate) const MEMBERSHIP_QUERIES: Queries =
    Queries::of(&["userId", "teamId", "invited", "joined", "confirm", "roles"]);

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    let segments = call.segments();
    let ["teams", rest @ ..] = segments.as_slice() else {
        return None;
    };
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(app, call),
        ("GET", []) => list(app, call),
        ("GET", [id]) => get(app, call, id),
        ("PUT", [id]) => rename(app, call, id),
        ("DELETE", [id]) => delete(app, call, id),
        ("POST", [id, "memberships"]) => create_membership(app, call, id),
        ("GET", [id, "memberships"]) => list_memberships(app, call, id),
        ("GET", [id, "memberships", membership]) => get_membership(app, call, id, membership),
        ("PATCH", [id, "memberships", membership]) => update_membership(app, call, id, membership),
        ("DELETE", [id, "memberships", membership]) => delete_membership(app, call, id, membership),
        _ => return None,
    })
}

fn create(app: &App, call: &Call) -> Reply {
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
    app.store.write(|transaction| {
        if !records::insert(transaction, Kind::Team, "", &team)? {
            return Err(Error::new(
                409,
                "team_already_exists",
                "Team with requested ID already exists. Please choose a different ID and try again.",
            ));
        }
        // Whoever makes a team belongs to it; a key is nobody.
        if let Some(user) = call.actor.user_id() {
            add(transaction, &team, user, &roles, true)?;
        }
        Ok(Answer::json(201, known(transaction, &id)?))
    })
}

fn list(app: &App, call: &Call) -> Reply {
    call.actor.need(&["teams.read"])?;
    app.store.read(|connection| {
        let teams = records::all(connection, Kind::Team)?
            .into_iter()
            .filter(|team| is_visible(call, records::id(team)))
            .collect();
        let known = Queries::of(&["name", "total", "billingPlan"]);
        listing::answer(call, "teams", known, teams)
    })
}

fn get(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.need(&["teams.read"])?;
    app.store
        .read(|connection| Ok(Answer::json(200, visible(connection, call, id)?)))
}

fn rename(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    let name = parameters::text(&call.json()?, "name", 128)?;
    app.store.write(|transaction| {
        let mut team = known(transaction, id)?;
        team["name"] = json!(name);
        records::update(transaction, Kind::Team, &mut team)?;
        Ok(Answer::json(200, team))
    })
}

fn delete(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    app.store.write(|transaction| {
        known(transaction, id)?;
        records::delete_children(transaction, Kind::Membership, id)?;
        records::delete(transaction, Kind::Team, id)?;
        Ok(Answer::empty())
    })
}

fn known(connection: &Connection, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Team, id)?.ok_or_else(not_found)
}

fn not_found() -> Error {
    Error::new(
        404,
        "team_not_found",
        "Team with the requested ID could not be found.",
    )
}

/// Users see the teams they belong to.
fn is_visible(call: &Call, team: &str) -> bool {
    call.actor.is_key() || call.actor.roles().contains(&format!("team:{team}"))
}

fn visible(connection: &Connection, call: &Call, id: &str) -> Result<Value, Error> {
    let team = known(connection, id)?;
    if is_visible(call, id) {
        Ok(team)
    } else {
        Err(not_found())
    }
}

fn create_membership(app: &App, call: &Call, id: &str) -> Reply {
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
    app.store.write(|transaction| {
        let team = known(transaction, id)?;
        if !confirm && !call.actor.roles().contains(&format!("team:{id}/owner")) {
            return Err(Error::new(
                401,
                "user_unauthorized",
                "User is not allowed to send invitations for this team",
            ));
        }
        let user = invited(transaction, user.as_deref(), email)?;
        let membership = add(transaction, &team, records::id(&user), &roles, confirm)?;
        Ok(Answer::json(201, shown(transaction, &membership)?))
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
    let user = users::new(&id::unique(), Some(email.clone()), None, None, &email);
    users::insert(connection, &user)?;
    Ok(user)
}

/// Makes a member. One user belongs to a team once, however many ask at the same time. One who was invited and is now
/// added by a key is a member with the roles of the invitation, as on the real server.
fn add(
    connection: &Connection,
    team: &Value,
    user: &str,
    roles: &[String],
    confirm: bool,
) -> Result<Value, Error> {
    let id = records::id(team);
    let there = memberships_of(connection, user)?
        .into_iter()
        .find(|membership| records::text(membership, "teamId") == id);
    match there {
        Some(mut there) if confirm && there["confirm"] == json!(false) => {
            there["confirm"] = json!(true);
            there["joined"] = json!(clock::now_text());
            records::replace(connection, Kind::Membership, &there)?;
            return Ok(there);
        }
        Some(there) if !confirm && there["confirm"] == json!(false) => return Ok(there),
        Some(_) => {
            return Err(Error::new(
                409,
                "membership_already_confirmed",
                "Membership is already confirmed.",
            ))
        }
        None => {}
    }
    let now = clock::now_text();
    let membership = json!({
        "$id": id::unique(), "$createdAt": now, "$updatedAt": now, "userId": user, "teamId": id,
        "invited": now, "joined": if confirm { now.as_str() } else { "" }, "confirm": confirm, "roles": roles,
    });
    records::insert(connection, Kind::Membership, id, &membership)?;
    if confirm {
        count(connection, id, 1)?;
    }
    Ok(membership)
}

/// Takes a member out of its team.
pub(crate) fn remove(connection: &Connection, membership: &Value) -> Result<(), Error> {
    records::delete(connection, Kind::Membership, records::id(membership))?;
    if membership["confirm"] == json!(false) {
        return Ok(());
    }
    count(connection, records::text(membership, "teamId"), -1)
}

fn count(connection: &Connection, team: &str, change: i64) -> Result<(), Error> {
    let mut team = known(connection, team)?;
    team["total"] = json!(team["total"].as_i64().unwrap_or_default() + change);
    records::replace(connection, Kind::Team, &team)
}

pub(crate) fn memberships_of(connection: &Connection, user: &str) -> Result<Vec<Value>, Error> {
    records::saying(connection, Kind::Membership, "userId", user)
}

fn list_memberships(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.need(&["teams.read"])?;
    app.store.read(|connection| {
        visible(connection, call, id)?;
        let memberships = records::children(connection, Kind::Membership, id)?;
        let (total, page) = listing::page(call, MEMBERSHIP_QUERIES, memberships)?;
        let page: Vec<Value> = page
            .iter()
            .map(|membership| seen(connection, call, membership))
            .collect::<Result<_, _>>()?;
        Ok(Answer::json(
            200,
            json!({"total": total, "memberships": page}),
        ))
    })
}

fn get_membership(app: &App, call: &Call, id: &str, membership: &str) -> Reply {
    call.actor.need(&["teams.read"])?;
    app.store.read(|connection| {
        visible(connection, call, id)?;
        let membership = known_membership(connection, id, membership)?;
        Ok(Answer::json(200, seen(connection, call, &membership)?))
    })
}

fn update_membership(app: &App, call: &Call, id: &str, membership: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    let body = call.json()?;
    if parameters::sent(&body, "roles").is_none() {
        return Err(Error::argument("Param \"roles\" is not optional."));
    }
    let roles = parameters::keys(&body, "roles", ROLES, ROLE_LENGTH)?;
    app.store.write(|transaction| {
        known(transaction, id)?;
        let mut membership = known_membership(transaction, id, membership)?;
        membership["roles"] = json!(roles);
        records::update(transaction, Kind::Membership, &mut membership)?;
        Ok(Answer::json(200, shown(transaction, &membership)?))
    })
}

fn delete_membership(app: &App, call: &Call, id: &str, membership: &str) -> Reply {
    call.actor.manage(&["teams.write"])?;
    app.store.write(|transaction| {
        let membership = records::find(transaction, Kind::Membership, membership)?;
        let membership = membership.ok_or_else(no_invitation)?;
        known(transaction, id)?;
        if records::text(&membership, "teamId") != id {
            return Err(mismatch());
        }
        remove(transaction, &membership)?;
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
        .ok_or_else(|| {
            Error::new(
                404,
                "membership_not_found",
                "Membership with the requested ID could not be found.",
            )
        })
}

/// As keys see it: with the user's and the team's names.
pub(crate) fn shown(connection: &Connection, membership: &Value) -> Result<Value, Error> {
    let user = users::known(connection, records::text(membership, "userId"))?;
    let team = known(connection, records::text(membership, "teamId"))?;
    Ok(json!({
        "$id": membership["$id"], "$createdAt": membership["$createdAt"],
        "$updatedAt": membership["$updatedAt"], "userId": membership["userId"],
        "userName": user["name"], "userEmail": user["email"], "userPhone": user["phone"],
        "teamId": membership["teamId"], "teamName": team["name"],
        "invited": membership["invited"], "joined": membership["joined"],
        "confirm": membership["confirm"], "mfa": false, "userAccessedAt": "",
        "roles": membership["roles"],
    }))
}

/// As this caller sees it: who the members are is for keys.
fn seen(connection: &Connection, call: &Call, membership: &Value) -> Result<Value, Error> {
    let mut seen = shown(connection, membership)?;
    if !call.actor.is_key() {
        for name in ["userId", "userName", "userEmail", "userPhone"] {
            seen[name] = json!("");
        }
    }
    Ok(seen)
}
