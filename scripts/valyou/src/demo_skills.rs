//! The demo of skill maps: what follows from Dora's work is hers until she confirms it, and an item finds who could take it.

use anyhow::{ensure, Context};
use serde_json::{json, Value};

use world::World;

const ORGANIZATION: &str = "org-tidewater";
const WORKSPACE: &str = "tidewater-software";
const FUNCTION: &str = "skill-map";

/// Prints Dora's map before and after she confirms it, one suggestion and why somebody else is not suggested. Fails if one
/// of them is not as it should be.
pub(crate) async fn show(world: &World) -> anyhow::Result<()> {
    make(world).await?;
    println!("\nWhat Dora can, as her work in {WORKSPACE} says");
    call(
        world,
        "dora",
        "POST",
        "/",
        json!({"workspaceId": WORKSPACE}),
    )
    .await?;
    let own = seen_by(world, "dora").await?;
    let others = seen_by(world, "emil").await?;
    told("Dora sees", &own);
    told("Emil sees", &others);
    ensure!(
        !own.is_empty() && others.is_empty(),
        "what is not confirmed is not hers alone"
    );
    call(
        world,
        "dora",
        "POST",
        "/confirm",
        json!({"workspaceId": WORKSPACE}),
    )
    .await?;
    let confirmed = seen_by(world, "emil").await?;
    told("Emil sees once Dora has confirmed it", &confirmed);
    ensure!(confirmed == own, "what is confirmed is not shown");

    let away = json!({"workspaceId": WORKSPACE, "statements": [{"skill": "debug software", "level": 4}],
        "constraints": [{"kind": "most_points", "points": 10}]});
    call(world, "emil", "PUT", "/", away).await?;
    let suggestion = call(
        world,
        "ada",
        "POST",
        "/suggest",
        json!({"itemId": "act-sensor"}),
    )
    .await?;
    println!("\nWho could take \"Debug software of the sensor\"");
    let first = suggestion["suggested"]
        .get(0)
        .context("nobody is suggested")?;
    let reason = &first["reasons"][0];
    println!(
        "  {}. {}: {} on level {}, by {}; {} points now, {} then",
        first["place"],
        word(&first["user"]),
        word(&reason["label"]),
        reason["level"],
        reason["evidence"],
        first["load"]["before"],
        first["load"]["after"]
    );
    let not = suggestion["notSuggested"].as_array().context("no list")?;
    let emil = not
        .iter()
        .find(|one| one["user"] == "emil")
        .context("Emil is left out")?;
    println!(
        "  not emil: {} {} of {}",
        word(&emil["why"]),
        emil["after"],
        emil["most"]
    );
    ensure!(
        first["user"] == "dora" && emil["why"] == "load",
        "another suggestion: {suggestion}"
    );
    Ok(())
}

async fn make(world: &World) -> anyhow::Result<()> {
    world.workspace(ORGANIZATION, WORKSPACE).await?;
    for person in ["dora", "emil"] {
        world.member(ORGANIZATION, person, "member").await?;
    }
    for (person, role) in [
        ("ada", "workspace_admin"),
        ("dora", "workspace_user"),
        ("emil", "workspace_user"),
    ] {
        world
            .workspace_member(ORGANIZATION, WORKSPACE, person, role, true)
            .await?;
    }
    for (id, title, owner, status, points) in [
        (
            "act-gauge",
            "Debug software of the gauge",
            "dora",
            "done",
            "8",
        ),
        (
            "act-sensor",
            "Debug software of the sensor",
            "ada",
            "pending",
            "5",
        ),
        (
            "act-office",
            "Move the office",
            "emil",
            "work_in_progress",
            "8",
        ),
    ] {
        let item = json!({
            "organizationId": ORGANIZATION, "workspaceId": WORKSPACE, "type": "action", "title": title,
            "ownerUserId": owner, "assigneeUserIds": [], "actionStatus": status, "storyPoints": points,
            "progressComputed": 0, "sortOrder": 0.0,
        });
        world.row("okr_items", id, item, &[]).await?;
    }
    world.appwrite.idle().await;
    Ok(())
}

async fn call(
    world: &World,
    user: &str,
    method: &str,
    path: &str,
    body: Value,
) -> anyhow::Result<Value> {
    let reply = world.call(FUNCTION, user, method, path, &body).await?;
    ensure!(reply.status == 200, "{method} {path}: {}", reply.body);
    Ok(reply.body)
}

/// What Dora can, as somebody sees it.
async fn seen_by(world: &World, reader: &str) -> anyhow::Result<Vec<String>> {
    let request = json!({"method": "GET", "path": format!("/?workspaceId={WORKSPACE}")});
    let reply = world.call_with(FUNCTION, Some(reader), request).await?;
    ensure!(reply.status == 200, "no matrix: {}", reply.body);
    let members = reply.body["members"].as_array().context("no members")?;
    let dora = members
        .iter()
        .find(|line| line["userId"] == "dora")
        .context("no Dora")?;
    let can = dora["can"].as_array().context("no list")?;
    let line = |entry: &Value| {
        format!(
            "{} {}, level {}, by {}",
            word(&entry["skill"]),
            word(&entry["label"]),
            entry["level"],
            entry["evidence"]
        )
    };
    Ok(can.iter().map(line).collect())
}

fn told(who: &str, skills: &[String]) {
    let skills = if skills.is_empty() {
        "nothing".to_owned()
    } else {
        skills.join("; ")
    };
    println!("  {who:38} {skills}");
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
