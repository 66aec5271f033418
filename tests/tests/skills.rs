//! skill-map over the wire: real functions in processes of their own and the embedded Appwrite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "skills/faults.rs"]
mod faults;

use serde_json::{json, Value};
use tests::{sweep, world, Reply, World, DATABASE};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");
const FUNCTION: &str = "skill-map";

/// Debug software.
const DEBUG: &str = "SKILL_0000209";

/// Acme's workspace sales: ada administers it, ben and cleo take part, mia belongs to acme only. Ben has debugged; the next
/// such item is nobody's yet.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.workspace("acme", "sales").await.unwrap();
    for person in ["ben", "cleo", "mia"] {
        world.member("acme", person, "member").await.unwrap();
    }
    for (person, role) in [
        ("ada", "workspace_admin"),
        ("ben", "workspace_user"),
        ("cleo", "workspace_user"),
    ] {
        world
            .workspace_member("acme", "sales", person, role, true)
            .await
            .unwrap();
    }
    world.mute("progress-recompute").await.unwrap();
    item(
        &world,
        "done",
        "ben",
        json!({"title": "Debug software of the gauge", "actionStatus": "done", "storyPoints": "8"}),
    )
    .await;
    item(
        &world,
        "next",
        "ada",
        json!({"title": "Debug software of the sensor", "storyPoints": "5"}),
    )
    .await;
    world
}

async fn item(world: &World, id: &str, owner: &str, more: Value) {
    let mut data = json!({
        "organizationId": "acme", "workspaceId": "sales", "type": "action", "title": id, "ownerUserId": owner,
        "assigneeUserIds": [], "actionStatus": "pending", "progressComputed": 0, "sortOrder": 0.0,
    });
    for (column, value) in more.as_object().unwrap() {
        data[column] = value.clone();
    }
    world.row("okr_items", id, data, &[]).await.unwrap();
}

async fn call(world: &World, user: &str, method: &str, path: &str, body: Value) -> Reply {
    world
        .call(FUNCTION, user, method, path, &body)
        .await
        .unwrap()
}

async fn refresh(world: &World) {
    let reply = call(world, "ada", "POST", "/", json!({"workspaceId": "sales"})).await;
    assert_eq!(
        (reply.status, &reply.body["maps"]),
        (200, &json!(3)),
        "{}",
        reply.body
    );
}

async fn matrix(world: &World, user: &str) -> Value {
    let request = json!({"method": "GET", "path": "/?workspaceId=sales"});
    let reply = world
        .call_with(FUNCTION, Some(user), request)
        .await
        .unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body
}

/// Somebody's skills as somebody sees them, `SKILL_0000209 3 evidence`.
async fn can(world: &World, reader: &str, of: &str) -> Vec<String> {
    let matrix = matrix(world, reader).await;
    let lines = matrix["members"].as_array().unwrap();
    let line = lines.iter().find(|line| line["userId"] == of).unwrap();
    let shown = line["can"].as_array().unwrap().iter();
    let shown = shown.map(|entry| {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        format!("{} {} {}", text("skill"), entry["level"], text("source"))
    });
    shown.collect()
}

async fn map_row(world: &World, user: &str) -> Option<Value> {
    let rows = world.rows("member_skills", &[]).await.unwrap();
    rows.into_iter().find(|row| row["userId"] == user)
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    let found = (reply.status, reply.body["error"]["code"].as_str());
    assert_eq!(found, (status, Some(code)), "{}", reply.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_from_items_is_the_members_until_they_confirm_it() {
    let world = acme().await;
    refresh(&world).await;
    let inferred = format!("{DEBUG} 3 evidence");
    let has = |list: Vec<String>| list.contains(&inferred);
    assert!(has(can(&world, "ben", "ben").await));
    assert!(!has(can(&world, "cleo", "ben").await));
    assert!(!has(can(&world, "ada", "ben").await), "not an admin either");

    let ask = json!({"workspaceId": "sales", "skills": [DEBUG]});
    let reply = call(&world, "ben", "POST", "/confirm", ask.clone()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(has(can(&world, "cleo", "ben").await));
    refresh(&world).await;
    assert!(
        has(can(&world, "cleo", "ben").await),
        "a run forgets no confirmation"
    );

    let mut back = ask;
    back["confirmed"] = json!(false);
    assert_eq!(
        call(&world, "ben", "POST", "/confirm", back).await.status,
        200
    );
    assert!(!has(can(&world, "cleo", "ben").await));
    let whole = json!({"workspaceId": "sales"});
    assert_eq!(
        call(&world, "ben", "POST", "/confirm", whole).await.status,
        200
    );
    assert!(has(can(&world, "cleo", "ben").await));
    let none = json!({"workspaceId": "sales", "skills": ["SKILL_0012356"]});
    refused(
        &call(&world, "ben", "POST", "/confirm", none).await,
        400,
        "invalid_request",
    );
    let logs = world.rows("item_activity_log", &[]).await.unwrap();
    let confirmed = logs
        .iter()
        .filter(|row| row["actionType"] == "skills_confirmed");
    assert_eq!(confirmed.count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_has_a_place_or_a_reason_for_everybody_and_writes_nothing() {
    let world = acme().await;
    refresh(&world).await;
    let words = json!({"workspaceId": "sales", "statements": [{"skill": "Debug software", "level": 2}],
        "constraints": [{"kind": "most_points", "points": 4}]});
    let reply = call(&world, "cleo", "PUT", "/", words).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        reply.body["can"][0]["skill"], DEBUG,
        "a name of the vocabulary is its skill"
    );
    call(
        &world,
        "ben",
        "POST",
        "/confirm",
        json!({"workspaceId": "sales"}),
    )
    .await;
    let rows = world.rows("member_skills", &[]).await.unwrap();
    let reply = call(&world, "ada", "POST", "/suggest", json!({"itemId": "next"})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let suggested = &reply.body["suggested"];
    assert_eq!(
        (&suggested[0]["user"], suggested.as_array().unwrap().len()),
        (&json!("ben"), 1),
        "{}",
        reply.body
    );
    assert_eq!(suggested[0]["reasons"][0]["evidence"], json!(["done"]));
    assert_eq!(suggested[0]["load"], json!({"before": 0, "after": 5}));
    let why: Vec<String> = reply.body["notSuggested"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{} {}",
                one["user"].as_str().unwrap(),
                one["why"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(why, ["ada no_evidence", "cleo load"]);
    assert_eq!(reply.body["notSuggested"][1]["most"], 4);
    assert_eq!(world.rows("member_skills", &[]).await.unwrap(), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_writes_nothing_and_a_deleted_item_takes_its_evidence() {
    let world = acme().await;
    refresh(&world).await;
    let first = world.rows("member_skills", &[]).await.unwrap();
    refresh(&world).await;
    assert_eq!(world.rows("member_skills", &[]).await.unwrap(), first);
    assert!(map_row(&world, "ben").await.unwrap()["canJson"]
        .as_str()
        .unwrap()
        .contains("\"done\""));
    world
        .change(
            "okr_items",
            "done",
            json!({"deletedAt": "2026-11-27T08:00:00.000+00:00"}),
        )
        .await
        .unwrap();
    refresh(&world).await;
    assert!(!map_row(&world, "ben").await.unwrap()["canJson"]
        .as_str()
        .unwrap()
        .contains("\"done\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ours_in_a_row_is_neither_overwritten_nor_in_the_way() {
    let world = acme().await;
    let data = json!({
        "organizationId": "acme", "workspaceId": "sales", "userId": "ben", "updatedByUserId": "ben",
        "canJson": "{\"schema\": \"valyourise/skills-can@2\", \"new\": true}", "wantJson": "soon",
        "constraintsJson": "{\"schema\": \"valyourise/skills-constraints@1\", \"constraints\": [{\"kind\": \"moon\"}]}",
    });
    world
        .row("member_skills", "seed", data.clone(), &[])
        .await
        .unwrap();
    refresh(&world).await;
    let row = map_row(&world, "ben").await.unwrap();
    for column in ["canJson", "wantJson", "constraintsJson"] {
        assert_eq!(row[column], data[column]);
    }
    assert_eq!(
        world
            .rows("member_skills", &[])
            .await
            .unwrap()
            .iter()
            .filter(|row| row["userId"] == "ben")
            .count(),
        1
    );
    matrix(&world, "ben").await;
    let reply = call(
        &world,
        "ben",
        "PUT",
        "/",
        json!({"workspaceId": "sales", "want": []}),
    )
    .await;
    refused(&reply, 409, "conflict");
    let message = reply.body["error"]["message"].as_str().unwrap();
    assert!(message.contains("skills-can@2"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_words_are_refused_with_what_to_do() {
    let world = acme().await;
    let at = |from: &str, to: &str| json!([{"kind": "away", "from": from, "to": to}]);
    for (name, value) in [
        ("want", json!([{"skill": "SKILL_9999999", "level": 1}])),
        ("want", json!([{"skill": "Tea", "level": 6}])),
        ("want", json!([{"skill": "Tea", "level": 0}])),
        ("want", json!([{"skill": "", "level": 1}])),
        ("want", json!([{"skill": "x".repeat(5_000), "level": 1}])),
        (
            "want",
            json!([{"skill": "Tea", "level": 1}, {"skill": "Tea", "level": 2}]),
        ),
        (
            "want",
            json!((0..500)
                .map(|n| json!({"skill": format!("t{n}"), "level": 1}))
                .collect::<Vec<_>>()),
        ),
        (
            "statements",
            json!([{"skill": "Tea", "level": 1, "confirmed": true}]),
        ),
        ("constraints", json!([{"kind": "moon"}])),
        (
            "constraints",
            at("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z"),
        ),
        (
            "constraints",
            json!([{"kind": "most_points", "points": -1}]),
        ),
        ("colour", json!("red")),
    ] {
        let mut ask = json!({"workspaceId": "sales"});
        ask[name] = value;
        refused(
            &call(&world, "ben", "PUT", "/", ask).await,
            400,
            "invalid_request",
        );
    }
    assert!(map_row(&world, "ben").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_run_makes_every_map() {
    let world = acme().await;
    sweep(&world, FUNCTION).await;
    let text = map_row(&world, "ben").await.unwrap()["canJson"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(text.contains(DEBUG), "{text}");
    let text = map_row(&world, "ada").await.unwrap()["shouldJson"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(text.contains("next"), "{text}");
}

/// Makes rows a hundred at a time.
async fn many(world: &World, table: &str, rows: &[Value]) {
    for rows in rows.chunks(100) {
        let path = format!("/tablesdb/{DATABASE}/tables/{table}/rows");
        let made = world
            .api(reqwest::Method::POST, &path, Some(json!({"rows": rows})))
            .await
            .unwrap();
        assert_eq!(made.status, 201, "{}", made.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_members_and_three_thousand_items_are_one_execution() {
    let world = acme().await;
    let titles = [
        "Debug software of the gauge before the trade fair",
        "Raise unit test coverage of the billing module to 80 %",
        "Lagerbestand um 15 % senken",
        "Move the order database to PostgreSQL without data loss",
        "Fill eight engineering positions by September",
        "Ask everybody about the summer party",
    ];
    let items: Vec<Value> = (0..2_998)
        .map(|n| {
            json!({
                "$id": format!("item{n:05}"), "organizationId": "acme", "workspaceId": "sales", "type": "action",
                "title": format!("{} ({n})", titles[n % titles.len()]), "ownerUserId": format!("user{:03}", n % 197),
                "assigneeUserIds": [], "progressComputed": 0, "sortOrder": 0.0, "storyPoints": "3",
                "actionStatus": if n % 3 == 0 { "pending" } else { "done" },
            })
        })
        .collect();
    many(&world, "okr_items", &items).await;
    let members: Vec<Value> = (0..197)
        .map(|n| {
            json!({
                "$id": format!("member{n:03}"), "organizationId": "acme", "workspaceId": "sales",
                "userId": format!("user{n:03}"), "role": "workspace_user", "active": true,
            })
        })
        .collect();
    many(&world, "workspace_memberships", &members).await;
    for _ in 0..2 {
        let reply = call(&world, "ada", "POST", "/", json!({"workspaceId": "sales"})).await;
        assert_eq!(
            (reply.status, &reply.body["maps"]),
            (200, &json!(200)),
            "{}",
            reply.body
        );
    }
    let logs = world.logs(FUNCTION).await.unwrap();
    let told: Vec<&str> = logs
        .iter()
        .flat_map(|log| log.lines())
        .filter(|line| !line.is_empty())
        .collect();
    println!("{}", told.join("\n"));
    println!("at most {:?}", tests::most_memory(FUNCTION));
    assert!(
        told.iter()
            .any(|line| line.contains("items=3000 maps=200 changed=0")),
        "{told:?}"
    );
}
