//! The demo of invites and tokens: who gets in, who does not, and what a token opens until it is revoked.

use std::time::Duration;

use anyhow::{ensure, Context};
use domain::ids::Id;
use domain::rows::{TokenScope, WorkspaceRole};
use serde_json::{json, Value};
use world::{Answer, Reply, World};

use crate::invite::{self, Issued, NewInvite};
use crate::pat::{self, NewToken};
use crate::place::now;

const ORGANIZATION: &str = "org-tidewater";
const WORKSPACE: &str = "tidewater-sales";
const FUNCTION: &str = "invite-accept";

/// Shows both, and fails unless each answer is the right one.
pub(crate) async fn show(world: &World) -> anyhow::Result<()> {
    world.workspace(ORGANIZATION, WORKSPACE).await?;
    for person in ["ada", "ben", "cleo"] {
        world.person(person).await?;
    }
    invites(world).await?;
    tokens(world).await
}

async fn invites(world: &World) -> anyhow::Result<()> {
    println!("\nAda invites ben@example.com to the workspace {WORKSPACE}");
    let issued = invite(world, "ben", Duration::from_secs(3600)).await?;
    let preview = call(world, "ben", "/preview", &issued).await?;
    is("Ben looks at it", &preview, 200, &preview.body["status"])?;
    let stranger = call(world, "cleo", "/", &issued).await?;
    is(
        "Cleo tries it",
        &stranger,
        404,
        &stranger.body["error"]["code"],
    )?;
    let accepted = call(world, "ben", "/", &issued).await?;
    is(
        "Ben accepts",
        &accepted,
        200,
        &accepted.body["workspaceRole"],
    )?;
    let again = call(world, "ben", "/", &issued).await?;
    ensure!(
        again.body["wasMember"] == true,
        "the second click made something"
    );
    is("Ben clicks again", &again, 200, &json!("member already"))?;
    let query = json!({"method": "equal", "attribute": "workspaceId", "values": [WORKSPACE]});
    let memberships = world.rows("workspace_memberships", &[query]).await?;
    ensure!(
        memberships.len() == 1,
        "there are {} memberships",
        memberships.len()
    );

    let late = invite(world, "cleo", Duration::ZERO).await?;
    // The cron may just have run by itself, and one that follows at once has nothing to do in the same process.
    world.appwrite.kill_function(FUNCTION).await?;
    world.appwrite.tick(FUNCTION).await?;
    let row = world.find("org_invites", late.id.as_ref()).await?;
    let status = row.context("the second invite is gone")?["status"].clone();
    ensure!(
        status == "expired",
        "the cron left the second invite {status}"
    );
    println!("  {:28} expired", "The cron finds one too old");
    let refused = call(world, "cleo", "/", &late).await?;
    is(
        "Cleo comes too late",
        &refused,
        410,
        &refused.body["error"]["code"],
    )
}

async fn tokens(world: &World) -> anyhow::Result<()> {
    println!("\nAda makes a personal access token for admins' routes");
    let rows = world.client()?;
    let issued = pat::create(
        &rows,
        &NewToken {
            user: Id::parse("ada").context("ada")?,
            scopes: vec![TokenScope::Admin],
            description: "demo".to_owned(),
            expires_at: now().plus(Duration::from_secs(3600)),
        },
    )
    .await?;
    // An operator's decision: without it the platform lets nobody in who is not signed in.
    world.open("progress-recompute").await?;
    let used = recompute(world, &issued).await?;
    ensure!(
        used.status == 200,
        "the token opened nothing: {}",
        used.body
    );
    println!("  {:28} {}", "Her program recomputes", used.status);
    pat::revoke(&rows, &issued.id).await?;
    let refused = recompute(world, &issued).await?;
    let code = &refused.body["error"]["code"];
    ensure!(
        refused.status == 401,
        "the revoked token still opens: {}",
        refused.body
    );
    println!(
        "  {:28} {} {}",
        "Revoked, it tries again",
        refused.status,
        word(code)
    );
    Ok(())
}

async fn invite(world: &World, user: &str, lasts: Duration) -> anyhow::Result<Issued> {
    let new = NewInvite {
        organization: Id::parse(ORGANIZATION).context("the organisation")?,
        workspace: Id::parse(WORKSPACE),
        email: format!("{user}@example.com"),
        role: WorkspaceRole::User,
        invited_by: Id::parse("ada").context("ada")?,
        expires_at: now().plus(lasts),
    };
    invite::create(&world.client()?, &new).await
}

async fn call(world: &World, user: &str, path: &str, issued: &Issued) -> anyhow::Result<Reply> {
    let body = json!({"token": issued.token.expose()});
    world.call(FUNCTION, user, "POST", path, &body).await
}

async fn recompute(world: &World, issued: &pat::Issued) -> anyhow::Result<Answer> {
    let headers = [("x-valyourise-pat", issued.token.expose())];
    let body = json!({"workspaceId": WORKSPACE}).to_string();
    world
        .on_domain("progress-recompute", "POST", "/", &headers, &body)
        .await
}

fn is(what: &str, reply: &Reply, status: u16, told: &Value) -> anyhow::Result<()> {
    ensure!(
        reply.status == status,
        "{what}: {} instead of {status}: {}",
        reply.status,
        reply.body
    );
    println!("  {what:28} {status} {}", word(told));
    Ok(())
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}
