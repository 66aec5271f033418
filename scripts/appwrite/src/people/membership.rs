//! Who belongs to which team, as it is stored and as keys see it.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::people::user;
use crate::storage::{records, Kind, Queries};
use crate::wire::{id, Error};

/// What a list of memberships may be asked for by.
pub(crate) const QUERIES: Queries =
    Queries::of(&["userId", "teamId", "invited", "joined", "confirm", "roles"]);

pub(crate) fn known_team(connection: &Connection, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Team, id)?.ok_or_else(no_team)
}

pub(crate) fn no_team() -> Error {
    Error::not_found("team_not_found", "Team")
}

/// Makes a member. One user belongs to a team once, however many ask at the same time. One who was invited and is now
/// added by a key is a member with the roles of the invitation, as on the real server.
pub(crate) fn add(
    connection: &Connection,
    team: &Value,
    user: &str,
    roles: &[String],
    confirm: bool,
) -> Result<Value, Error> {
    let id = records::id(team);
    let there = of_user(connection, user)?
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
    let mut team = known_team(connection, team)?;
    team["total"] = json!(team["total"].as_i64().unwrap_or_default() + change);
    records::replace(connection, Kind::Team, &team)
}

pub(crate) fn of_user(connection: &Connection, user: &str) -> Result<Vec<Value>, Error> {
    records::saying(connection, Kind::Membership, "userId", user)
}

/// As keys see it: with the user's and the team's names.
pub(crate) fn shown(connection: &Connection, membership: &Value) -> Result<Value, Error> {
    let user = user::known(connection, records::text(membership, "userId"))?;
    let team = known_team(connection, records::text(membership, "teamId"))?;
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
