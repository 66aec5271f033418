//! Functions' own domains.

use serde_json::{json, Value};

use crate::world::{As, World};

#[tokio::test]
async fn a_domain_passes_strangers_headers_on_but_sets_its_own() {
    let world = World::new().await;
    world.function("open", json!({"execute": ["any"]})).await;
    let headers = [
        ("x-appwrite-trigger", "event"),
        ("x-appwrite-user-id", "admin"),
        ("x-appwrite-event", "e1"),
        ("X-Appwrite-Event", "e2"),
        ("x-valyourise-pat", "token"),
        ("authorization", "Bearer mine"),
        ("x-forwarded-for", "6.6.6.6"),
    ];
    let reply = world.domain("open", "/hook?a=1", &headers).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.headers.contains_key("x-appwrite-execution-id"));
    assert_eq!(reply.body["path"], "/hook?a=1");
    let seen = &reply.body["headers"];
    assert_eq!(seen["host"], "open.functions.localhost");
    assert_eq!(seen["x-appwrite-trigger"], "http");
    assert_eq!(seen["x-appwrite-user-id"], "");
    assert_eq!(seen["x-appwrite-user-jwt"], "");
    assert_eq!(seen["x-appwrite-client-ip"], "6.6.6.6");
    // Not set by the platform on this path.
    assert_eq!(seen["x-appwrite-event"], "e1, e2");
    assert_eq!(seen["x-valyourise-pat"], "token");
    assert!(seen["authorization"]
        .as_str()
        .unwrap()
        .starts_with("Basic "));
    let path = "/functions/open/executions";
    let list = world.call(As::Key, "GET", path, Value::Null).await;
    assert_eq!(list.body["executions"][0]["requestPath"], "/hook?a=1");
}

#[tokio::test]
async fn a_domain_is_for_functions_that_anyone_may_run() {
    let world = World::new().await;
    world
        .function("closed", json!({"execute": ["users"]}))
        .await;
    world.function("open", json!({"execute": ["guests"]})).await;
    let keyed = [("x-appwrite-key", "made-up")];
    for (function, path, headers, status, is_page) in [
        ("closed", "/", &[] as &[_], 401, true),
        ("nope", "/", &[], 404, true),
        ("open", "/", &keyed, 403, true),
        ("open", "/status=404", &[], 404, false),
        ("open", "/status=500", &[], 500, false),
        ("open", "/go", &[], 204, false),
        ("open", "/die", &[], 500, false),
    ] {
        let reply = world.domain(function, path, headers).await;
        assert_eq!(reply.status, status, "{function}{path}");
        assert_eq!(
            reply.text.starts_with("<!DOCTYPE"),
            is_page,
            "{function}{path}"
        );
    }
}
