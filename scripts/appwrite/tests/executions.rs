//! Executions over real HTTP: what a function gets to see, and what is stored of its run.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{As, World};

#[tokio::test]
async fn a_key_runs_a_function_and_gets_its_whole_answer() {
    let world = World::new().await;
    world
        .function("echo", json!({"scopes": ["rows.read"], "timeout": 40}))
        .await;
    let body = json!({
        "path": "/echo?x=1", "method": "PUT", "body": "hello",
        "headers": {"X-My": "1", "content-type": "text/x-mine"},
    });
    let reply = world.execute(As::Key, "echo", body).await;
    let seen = World::echoed(&reply);
    assert_eq!(seen["method"], "PUT");
    assert_eq!(seen["path"], "/echo?x=1");
    assert_eq!(seen["body"], "hello");
    assert_eq!(seen["headers"]["x-my"], "1");
    assert_eq!(seen["headers"]["content-type"], "text/x-mine");
    assert_eq!(seen["headers"]["x-appwrite-trigger"], "http");
    assert_eq!(seen["headers"]["x-appwrite-user-id"], "");
    assert_eq!(
        seen["headers"]["x-appwrite-execution-id"],
        reply.body["$id"]
    );
    assert_eq!(seen["headers"]["x-open-runtimes-timeout"], "39");
    assert!(seen["headers"]["x-appwrite-event"].is_null());
    assert_eq!(reply.body["status"], "completed");
    assert_eq!(reply.body["responseStatusCode"], 200);
    let names = seen["environment"].as_array().unwrap();
    for name in [
        "APPWRITE_FUNCTION_API_ENDPOINT",
        "FROM_OPTIONS",
        "OPEN_RUNTIMES_SECRET",
    ] {
        assert!(names.contains(&json!(name)), "{name} is missing");
    }
}

#[tokio::test]
async fn a_caller_is_sent_away_while_the_function_goes_on() {
    let world = World::new().await;
    world.function("slow", json!({})).await;
    world
        .appwrite
        .set_synchronous_limit(Duration::from_millis(300));
    let reply = world
        .execute(As::Key, "slow", json!({"path": "/wait"}))
        .await;
    assert_eq!(reply.status, 408);
    assert_eq!(reply.body["type"], "function_synchronous_timeout");
    world.execute(As::Key, "slow", json!({"path": "/go"})).await;
    world.appwrite.idle().await;
    let list = world
        .call(As::Key, "GET", "/functions/slow/executions", json!(null))
        .await;
    assert_eq!(list.body["executions"][0]["status"], "failed");
    assert_eq!(list.body["executions"][0]["responseStatusCode"], 500);
}
