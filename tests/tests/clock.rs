//! Clocks that differ: the server's is ahead of a function's host or behind it, or a row carries a time that is still to
//! come. Nothing is lost by it, and what can be done is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::time::Duration;

use domain::ids::Id;
use domain::rows::WorkspaceRole;
use domain::time::Timestamp;
use futures_util::future::join_all;
use serde_json::{json, Value};
use tests::{world, Reply, World};
use tokio::sync::{Mutex, MutexGuard};
use valyou::invite::{self, Issued, NewInvite};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// Rounds of a race, and callers in each.
const ROUNDS: usize = 25;
const RACERS: usize = 8;

/// The clock is one for all servers of this process, so the tests here take turns.
static TURN: Mutex<()> = Mutex::const_new(());

/// Acme with its owner bob and its workspace sales, on a server whose clock is so many seconds ahead of this machine's.
async fn acme(ahead: i64) -> (World, MutexGuard<'static, ()>) {
    let turn = TURN.lock().await;
    let world = world(HOST).await;
    world.appwrite.set_schedule_by_hand(true);
    world.appwrite.set_clock(ahead * 1000);
    world.organization("acme", "Acme", "bob").await.unwrap();
    world.workspace("acme", "sales").await.unwrap();
    world.person("bob").await.unwrap();
    (world, turn)
}

/// The time by the server's clock.
fn after(ahead: i64, seconds: i64) -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is its own caller: no cx hands it the time"
    )]
    let now = chrono::Utc::now();
    Timestamp::new(now + chrono::TimeDelta::seconds(ahead + seconds))
}

async fn invite(world: &World, user: &str, expires_at: Timestamp) -> Issued {
    let new = NewInvite {
        organization: Id::parse("acme").unwrap(),
        workspace: Id::parse("sales"),
        email: format!("{user}@example.com"),
        role: WorkspaceRole::User,
        invited_by: Id::parse("bob").unwrap(),
        expires_at,
    };
    world.person(user).await.unwrap();
    invite::create(&world.client().unwrap(), &new)
        .await
        .unwrap()
}

async fn accept(world: &World, user: &str, issued: &Issued) -> Reply {
    let body = json!({"token": issued.token.expose()});
    let reply = world.call("invite-accept", user, "POST", "/", &body).await;
    reply.unwrap()
}

async fn is_member(world: &World, user: &str) -> bool {
    let query = json!({"method": "equal", "attribute": "userId", "values": [user]});
    let of_workspace = world.rows("workspace_memberships", &[query]).await.unwrap();
    !of_workspace.is_empty() || !world.team_roles("acme", user).await.unwrap().is_empty()
}

async fn status(world: &World, issued: &Issued) -> Value {
    let row = world.find("org_invites", issued.id.as_ref()).await.unwrap();
    row.unwrap()["status"].clone()
}

/// Appwrite takes a guard that is still to come for none: sent, it would let an accept overwrite the revocation.
#[tokio::test(flavor = "multi_thread")]
async fn no_revocation_is_lost_where_the_invite_carries_a_time_to_come() {
    let (world, _turn) = acme(0).await;
    let (mut unavailable, mut revoked) = (0, 0);
    for round in 0..ROUNDS {
        let user = format!("u{round}");
        let issued = invite(&world, &user, after(0, 3600)).await;
        let to_come = json!({"$updatedAt": after(0, 50)});
        let id = issued.id.as_ref();
        world.change("org_invites", id, to_come).await.unwrap();
        let revocation = async {
            for _ in 0..round % 5 {
                status(&world, &issued).await;
            }
            let data = json!({"status": "revoked"});
            world.change("org_invites", id, data).await.unwrap();
        };
        let accepts = join_all((0..RACERS).map(|_| accept(&world, &user, &issued)));
        let (replies, ()) = tokio::join!(accepts, revocation);
        assert_eq!(status(&world, &issued).await, "revoked", "round {round}");
        assert!(!is_member(&world, &user).await, "round {round}");
        for reply in replies {
            match reply.status {
                503 => unavailable += 1,
                410 => revoked += 1,
                _ => panic!("{} {}", reply.body, reply.errors),
            }
        }
    }
    println!("{unavailable} were asked to wait, {revoked} told that it was revoked");
    assert!(unavailable > 0, "some came before the revocation");
}

/// A time of this very second is waited for, and not refused.
#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_carries_a_time_of_the_next_second_is_accepted() {
    let (world, _turn) = acme(0).await;
    let issued = invite(&world, "ada", after(0, 3600)).await;
    let soon = json!({"$updatedAt": after(0, 1)});
    let id = issued.id.as_ref();
    world.change("org_invites", id, soon).await.unwrap();
    let reply = accept(&world, "ada", &issued).await;
    assert_eq!(reply.status, 200, "{} {}", reply.body, reply.errors);
    assert_eq!(status(&world, &issued).await, "accepted");
    assert!(is_member(&world, "ada").await);
}

/// Everything works on a host whose clock is a minute and a half behind the server's, or before it, or further off.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_with_a_wrong_clock_goes_on_working() {
    for ahead in [90, -90, 4000, -4000] {
        let (world, _turn) = acme(ahead).await;
        // An invite is judged by the server's clock.
        let open = invite(&world, "ada", after(ahead, 60)).await;
        let past = invite(&world, "eve", after(ahead, -60)).await;
        let reply = accept(&world, "eve", &past).await;
        assert_eq!(
            reply.status, 410,
            "{ahead}: {} {}",
            reply.body, reply.errors
        );
        let reply = accept(&world, "ada", &open).await;
        assert_eq!(
            reply.status, 200,
            "{ahead}: {} {}",
            reply.body, reply.errors
        );
        let row = world
            .find("org_invites", open.id.as_ref())
            .await
            .unwrap()
            .unwrap();
        let accepted_at = Timestamp::parse(row["acceptedAt"].as_str().unwrap()).unwrap();
        let off = after(ahead, 0)
            .since(accepted_at)
            .max(accepted_at.since(after(ahead, 0)));
        assert!(off < Duration::from_secs(60), "{ahead}: {off:?} off");
        world.appwrite.tick("invite-accept").await.unwrap();
        assert_eq!(status(&world, &past).await, "expired", "{ahead}");

        // A job is claimed, run and ended, and one that was just begun is not taken from who runs it.
        let body = json!({"organizationId": "acme", "sourceUrl": world.site.url()});
        let reply = world
            .call("scrape-enrich", "bob", "POST", "/", &body)
            .await
            .unwrap();
        assert_eq!(
            reply.status, 201,
            "{ahead}: {} {}",
            reply.body, reply.errors
        );
        assert_eq!(reply.body["status"], "done", "{ahead}");

        // A wrong per cent is put right.
        let item = json!({
            "organizationId": "acme", "workspaceId": "sales", "type": "objective", "title": "O",
            "ownerUserId": "bob", "progressComputed": 50, "sortOrder": 1.0,
        });
        world.row("okr_items", "o1", item, &[]).await.unwrap();
        let right = |row: &Value| row["progressComputed"] == 0;
        world.watch("okr_items", "o1", right).await.unwrap();
        world.appwrite.idle().await;
        world.appwrite.set_clock(0);
    }
}
