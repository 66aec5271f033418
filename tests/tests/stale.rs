//! A frontend changes rows in a transaction, and from then on every GET of them is old, as a real server's can be for a
//! day. Functions must not notice.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use embedded_appwrite::StaleReads;
use reqwest::Method;
use serde_json::{json, Value};
use tests::{sweep, world, World, DATABASE};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// Acme with its owner ada; every commit from now on has had readers.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.workspace("acme", "sales").await.unwrap();
    world.appwrite.set_stale_reads(Some(StaleReads::Every));
    world
}

/// Changes a row in a transaction of its own, and makes sure that a GET does not know of it.
async fn commit(world: &World, table: &str, id: &str, data: Value) {
    let ask = |method, path: String, body| async move {
        let answer = world.api(method, &path, body).await.unwrap();
        assert!(answer.status < 300, "{path}: {}", answer.body);
        answer.body
    };
    let row = format!("/tablesdb/{DATABASE}/tables/{table}/rows/{id}");
    let before = ask(Method::GET, row.clone(), None).await;
    let transactions = "/tablesdb/transactions".to_owned();
    let made = ask(Method::POST, transactions, Some(json!({}))).await;
    let transaction = format!("/tablesdb/transactions/{}", made["$id"].as_str().unwrap());
    let operation = json!({
        "action": "update", "databaseId": DATABASE, "tableId": table, "rowId": id, "data": data,
    });
    let body = Some(json!({"operations": [operation]}));
    ask(Method::POST, format!("{transaction}/operations"), body).await;
    ask(Method::PATCH, transaction, Some(json!({"commit": true}))).await;
    assert_eq!(ask(Method::GET, row, None).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_an_organisation_that_was_just_archived_is_refused() {
    let world = acme().await;
    let archived = json!({"archivedAt": "2026-01-01T00:00:00.000+00:00"});
    commit(&world, "organizations", "acme", archived).await;
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url()});
    let reply = world
        .call("scrape-enrich", "ada", "POST", "/", &request)
        .await
        .unwrap();
    let code = &reply.body["error"]["code"];
    assert_eq!((reply.status, code), (403, &json!("archived")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_was_just_revoked_lets_nobody_in() {
    let world = acme().await;
    world.person("mia").await.unwrap();
    let made = tests::invite(&world, "mia").await;
    let revoked = json!({"status": "revoked"});
    commit(&world, "org_invites", made.id.as_ref(), revoked).await;
    let request = json!({"token": made.token.expose()});
    let reply = world
        .call("invite-accept", "mia", "POST", "/", &request)
        .await
        .unwrap();
    let code = &reply.body["error"]["code"];
    assert_eq!((reply.status, code), (410, &json!("invite_revoked")));
    assert!(world.team_roles("acme", "mia").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_that_was_just_done_counts() {
    let world = acme().await;
    for (id, kind, parent) in [("o", "objective", None), ("a", "action", Some("o"))] {
        let data = json!({
            "organizationId": "acme", "workspaceId": "sales", "type": kind, "title": id, "parentId": parent,
            "ownerUserId": "ada", "assigneeUserIds": [], "progressComputed": 0, "sortOrder": 1.0,
        });
        world.row("okr_items", id, data, &[]).await.unwrap();
    }
    world.appwrite.idle().await;
    // Its event would have the row written, and so read right again, before anybody looks.
    world.mute("progress-recompute").await.unwrap();
    commit(&world, "okr_items", "a", json!({"actionStatus": "done"})).await;
    sweep(&world, "progress-recompute").await;
    let objective = world.find("okr_items", "o").await.unwrap().unwrap();
    assert_eq!(objective["progressComputed"], 100);
}
