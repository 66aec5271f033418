//! From a written row to the functions that subscribed to it.

use serde_json::{json, Value};

use crate::world::{As, World, ROWS};

async fn runs(world: &World, function: &str) -> Vec<Value> {
    let path = format!("/functions/{function}/executions");
    let list = world.call(As::Key, "GET", &path, json!(null)).await;
    list.body["executions"].as_array().unwrap().clone()
}

/// What the functions of these tests were told last.
async fn told(world: &World, function: &str) -> Value {
    let reply = world
        .execute(As::Key, function, json!({"path": "/last"}))
        .await;
    World::echoed(&reply)
}

#[tokio::test]
async fn a_created_row_reaches_the_functions_that_hear_of_it() {
    let world = World::with_a_table().await;
    let all = json!({"events": ["databases.*.tables.items.rows.*"], "scopes": ["rows.read"]});
    world.function("all", all).await;
    let deletes = json!({"events": ["databases.*.tables.items.rows.*.delete"]});
    world.function("deletes", deletes).await;
    let both = json!({"events": ["databases.*.collections.items.documents.*.create", "databases.*.tables.items.rows.*"]});
    world.function("both", both).await;
    let row = json!({"rowId": "r1", "data": {"title": "t"}});
    let made = world.call(As::Key, "POST", ROWS, row).await;
    assert_eq!(made.status, 201, "{}", made.text);
    world.appwrite.idle().await;
    let heard = runs(&world, "all").await;
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0]["trigger"], "event");
    assert_eq!(heard[0]["status"], "completed");
    assert_eq!(runs(&world, "deletes").await.len(), 0);
    assert_eq!(
        runs(&world, "both").await.len(),
        1,
        "several patterns, one run"
    );
    let told = told(&world, "all").await;
    assert_eq!(told["method"], "POST");
    assert_eq!(told["path"], "/");
    let headers = &told["headers"];
    assert_eq!(headers["x-appwrite-trigger"], "event");
    assert_eq!(
        headers["x-appwrite-event"],
        "databases.main_dev.collections.items.documents.r1.create"
    );
    assert_eq!(headers["x-appwrite-user-id"], "");
    assert_eq!(headers["user-agent"], "Appwrite/1.9.6");
    assert_eq!(headers["content-type"], "application/json");
    let row: Value = serde_json::from_str(told["body"].as_str().unwrap()).unwrap();
    assert_eq!(row["$id"], "r1");
    assert_eq!(row["title"], "t");
    assert_eq!(row["$databaseId"], "main_dev");
}

#[tokio::test]
async fn a_user_who_writes_is_named_to_the_function() {
    let world = World::with_a_table().await;
    let all = json!({"events": ["databases.*.tables.items.rows.*"]});
    world.function("all", all).await;
    let ada = world.user("ada").await;
    let row = json!({"rowId": "r1", "data": {"title": "t"}});
    let made = world.call(As::User(&ada), "POST", ROWS, row).await;
    assert_eq!(made.status, 201, "{}", made.text);
    world.appwrite.idle().await;
    assert_eq!(
        told(&world, "all").await["headers"]["x-appwrite-user-id"],
        "ada"
    );
}

#[tokio::test]
async fn a_refused_write_is_no_event() {
    let world = World::with_a_table().await;
    let all = json!({"events": ["databases.*.tables.items.rows.*"]});
    world.function("all", all).await;
    let row = json!({"rowId": "r1", "data": {"title": "t"}});
    world.call(As::Key, "POST", ROWS, row.clone()).await;
    let again = world.call(As::Key, "POST", ROWS, row).await;
    assert_eq!(again.status, 409);
    world.appwrite.idle().await;
    assert_eq!(runs(&world, "all").await.len(), 1);
}

#[tokio::test]
async fn more_events_than_places_are_all_heard() {
    let world = World::with_a_table().await;
    let all = json!({"events": ["databases.*.tables.items.rows.*"]});
    world.function("all", all).await;
    for number in 0..20 {
        let row = json!({"rowId": format!("r{number}"), "data": {"title": "t"}});
        world.call(As::Key, "POST", ROWS, row).await;
    }
    world.appwrite.idle().await;
    let path = "/functions/all/executions";
    let list = world.call(As::Key, "GET", path, json!(null)).await;
    assert_eq!(list.body["total"], 20);
}

#[tokio::test]
async fn an_event_for_a_function_without_deployment_is_a_failed_execution() {
    let world = World::with_a_table().await;
    let body = json!({
        "functionId": "bare", "name": "bare", "runtime": "rust-1.83",
        "events": ["databases.*.tables.items.rows.*"],
    });
    world.call(As::Key, "POST", "/functions", body).await;
    let row = json!({"rowId": "r1", "data": {"title": "t"}});
    world.call(As::Key, "POST", ROWS, row).await;
    world.appwrite.idle().await;
    assert_eq!(runs(&world, "bare").await[0]["status"], "failed");
}
