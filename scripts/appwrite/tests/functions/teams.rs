//! Users, teams and who may see what of them.

use std::sync::Arc;

use serde_json::{json, Value};
use tokio::task::JoinSet;

use crate::world::{As, World};

const MEMBERSHIPS: &str = "/teams/acme/memberships";

async fn world_with_a_team() -> World {
    let world = World::new().await;
    let team = json!({"teamId": "acme", "name": "Acme"});
    let made = world.call(As::Key, "POST", "/teams", team).await;
    assert_eq!(made.status, 201, "{}", made.text);
    world
}

#[tokio::test]
async fn of_sixteen_who_add_the_same_member_one_does() {
    let world = world_with_a_team().await;
    world.user("ada").await;
    let body = json!({"userId": "ada", "roles": ["member"]});
    let world = Arc::new(world);
    let mut tries = JoinSet::new();
    for _ in 0..16 {
        let (world, body) = (Arc::clone(&world), body.clone());
        tries.spawn(async move { world.call(As::Key, "POST", MEMBERSHIPS, body).await });
    }
    let mut made = 0;
    while let Some(reply) = tries.join_next().await {
        let reply = reply.unwrap();
        match reply.status {
            201 => made += 1,
            _ => assert_eq!(reply.body["type"], "membership_already_confirmed"),
        }
    }
    assert_eq!(made, 1);
    let team = world.call(As::Key, "GET", "/teams/acme", Value::Null).await;
    assert_eq!(team.body["total"], 1);
}

#[tokio::test]
async fn members_do_not_see_who_the_others_are_and_strangers_see_nothing() {
    let world = world_with_a_team().await;
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let body = json!({"userId": "ada", "roles": ["owner"]});
    world.call(As::Key, "POST", MEMBERSHIPS, body).await;
    let all = world.call(As::Key, "GET", MEMBERSHIPS, Value::Null).await;
    assert_eq!(all.body["memberships"][0]["userEmail"], "ada@example.com");
    let seen = world
        .call(As::User(&ada), "GET", MEMBERSHIPS, Value::Null)
        .await;
    assert_eq!(seen.body["memberships"][0]["userId"], "");
    assert_eq!(seen.body["memberships"][0]["roles"], json!(["owner"]));
    let hidden = world
        .call(As::User(&bob), "GET", MEMBERSHIPS, Value::Null)
        .await;
    assert_eq!(hidden.body["type"], "team_not_found");
}

#[tokio::test]
async fn memberships_are_found_by_user_confirmation_and_role() {
    let world = world_with_a_team().await;
    for (user, role) in [("ada", "owner"), ("bob", "member")] {
        world.user(user).await;
        let body = json!({"userId": user, "roles": [role]});
        world.call(As::Key, "POST", MEMBERSHIPS, body).await;
    }
    for (query, expect) in [
        (
            json!({"method": "equal", "attribute": "userId", "values": ["bob"]}),
            1,
        ),
        (
            json!({"method": "equal", "attribute": "userId", "values": ["eve"]}),
            0,
        ),
        (
            json!({"method": "equal", "attribute": "confirm", "values": [true]}),
            2,
        ),
        (
            json!({"method": "contains", "attribute": "roles", "values": ["owner"]}),
            1,
        ),
        (json!({"method": "limit", "values": [1]}), 2),
    ] {
        let mut path = url::Url::parse("http://unused").unwrap();
        path.query_pairs_mut()
            .append_pair("queries[]", &query.to_string());
        let path = format!("{MEMBERSHIPS}?{}", path.query().unwrap());
        let found = world.call(As::Key, "GET", &path, Value::Null).await;
        assert_eq!(found.body["total"], expect, "{query}: {}", found.text);
    }
}

#[tokio::test]
async fn a_blocked_user_is_nobody() {
    let world = World::new().await;
    let ada = world.user("ada").await;
    let account = world
        .call(As::User(&ada), "GET", "/account", Value::Null)
        .await;
    assert_eq!(account.body["email"], "ada@example.com");
    assert!(account.body["password"].is_null());
    let status = json!({"status": false});
    world
        .call(As::Key, "PATCH", "/users/ada/status", status)
        .await;
    let account = world
        .call(As::User(&ada), "GET", "/account", Value::Null)
        .await;
    assert_eq!(account.status, 403);
    assert_eq!(account.body["type"], "user_blocked");
}

#[tokio::test]
async fn only_keys_manage_users() {
    let world = World::new().await;
    let ada = world.user("ada").await;
    for who in [As::Guest, As::User(&ada)] {
        let reply = world.call(who, "GET", "/users/ada", Value::Null).await;
        assert_eq!(reply.status, 401);
        assert_eq!(reply.body["type"], "general_unauthorized_scope");
    }
}

#[tokio::test]
async fn a_deleted_user_leaves_the_teams() {
    let world = world_with_a_team().await;
    world.user("ada").await;
    let body = json!({"userId": "ada", "roles": ["owner"]});
    world.call(As::Key, "POST", MEMBERSHIPS, body).await;
    world
        .call(As::Key, "DELETE", "/users/ada", Value::Null)
        .await;
    let team = world.call(As::Key, "GET", "/teams/acme", Value::Null).await;
    assert_eq!(team.body["total"], 0);
}
