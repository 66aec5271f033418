//! What pages in a browser may ask: the rules that browsers enforce by these headers.

use reqwest::{Client, Method, Response};
use serde_json::json;

use crate::world::{As, World};

async fn ask(world: &World, method: Method, origin: &str) -> Response {
    let client = Client::builder().no_proxy().build().unwrap();
    client
        .request(
            method,
            format!("{}/health/version", world.appwrite.endpoint()),
        )
        .header("origin", origin)
        .header("access-control-request-method", "PATCH")
        .header(
            "access-control-request-headers",
            "x-appwrite-project,x-appwrite-jwt",
        )
        .send()
        .await
        .unwrap()
}

fn allowed<'a>(response: &'a Response, what: &str) -> &'a str {
    let name = format!("access-control-allow-{what}");
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn pages_of_this_machine_may_ask_and_no_others() {
    let world = World::new().await;
    for origin in [
        "http://localhost:3000",
        "http://app.localhost",
        "http://127.0.0.1:5173",
        "http://[::1]",
    ] {
        let before = ask(&world, Method::OPTIONS, origin).await;
        assert!(before.status().is_success());
        assert_eq!(allowed(&before, "origin"), origin);
        assert_eq!(allowed(&before, "methods"), "PATCH");
        assert_eq!(
            allowed(&before, "headers"),
            "x-appwrite-project,x-appwrite-jwt"
        );
        let then = ask(&world, Method::GET, origin).await;
        assert_eq!(
            (then.status().as_u16(), allowed(&then, "origin")),
            (200, origin)
        );
        assert_eq!(allowed(&then, "credentials"), "true");
    }
    for origin in [
        "https://example.com",
        "http://localhost.example.com",
        "null",
    ] {
        let before = ask(&world, Method::OPTIONS, origin).await;
        assert_eq!(allowed(&before, "origin"), "");
    }
}

/// A request under this name, as any program can send it; a browser does when the name was made to lead here.
async fn under(world: &World, host: &str, method: Method, path: &str) -> Response {
    let client = Client::builder().no_proxy().build().unwrap();
    let origin = world.appwrite.endpoint().trim_end_matches("/v1");
    client
        .request(method, format!("{origin}{path}"))
        .header("host", host)
        .header("origin", "http://localhost:3000")
        .header("x-appwrite-project", world.appwrite.project())
        .header("x-appwrite-key", world.appwrite.key())
        .json(&json!({"userId": "mallory", "databaseId": "mallory", "name": "mallory"}))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_name_that_is_not_the_servers_own_opens_nothing_even_with_the_key() {
    let world = World::new().await;
    let endpoint = url::Url::parse(world.appwrite.endpoint()).unwrap();
    let port = endpoint.port().unwrap();
    for name in [
        "evil.example",
        "localhost.evil.example",
        "functions.localhost.evil.example",
        "0.0.0.0",
        "192.168.0.1",
    ] {
        for (method, path) in [
            (Method::GET, "/v1/users"),
            (Method::POST, "/v1/users"),
            (Method::POST, "/v1/tablesdb"),
            (Method::OPTIONS, "/v1/users"),
            (Method::GET, "/v1/health/version"),
            (Method::GET, "/"),
        ] {
            let host = format!("{name}:{port}");
            let refused = under(&world, &host, method.clone(), path).await;
            assert_eq!(refused.status(), 401, "{method} {path} of {host}");
            assert_eq!(allowed(&refused, "origin"), "", "{method} {path} of {host}");
            let told: serde_json::Value = refused.json().await.unwrap();
            assert_eq!(told["type"], "general_access_forbidden");
            let message = told["message"].as_str().unwrap();
            assert!(message.contains(world.appwrite.endpoint()), "{message}");
        }
    }
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "app.localhost",
        "[::1]",
    ] {
        // A forwarded port is another.
        for host in [format!("{host}:{port}"), format!("{host}:1")] {
            let users = under(&world, &host, Method::GET, "/v1/users").await;
            assert_eq!(users.status(), 200, "{host}");
            let users: serde_json::Value = users.json().await.unwrap();
            assert_eq!(users["total"], 0, "{host}");
        }
    }
}

#[tokio::test]
async fn a_functions_domain_leads_to_the_function_alone() {
    let world = World::new().await;
    world.function("open", json!({"execute": ["any"]})).await;
    let strange = under(&world, "open.example", Method::GET, "/v1/users").await;
    assert_eq!(strange.status(), 401);
    let rule = json!({"domain": "open.example", "functionId": "open"});
    let made = world.call(As::Key, "POST", "/proxy/rules/function", rule);
    assert_eq!(made.await.status, 201);
    for host in [
        "open.example",
        "open.example:1234",
        "open.functions.localhost",
    ] {
        let echoed = under(&world, host, Method::GET, "/v1/users").await;
        assert_eq!(echoed.status(), 200, "{host}");
        let echoed: serde_json::Value = echoed.json().await.unwrap();
        assert_eq!(echoed["path"], "/v1/users", "{host}");
    }
}

#[tokio::test]
async fn a_page_of_another_machine_may_do_nothing_without_a_key() {
    let world = World::new().await;
    for origin in [
        "https://example.com",
        "http://localhost.example.com",
        "null",
    ] {
        let refused = ask(&world, Method::GET, origin).await;
        assert_eq!(refused.status(), 403, "{origin}");
        let told: serde_json::Value = refused.json().await.unwrap();
        assert_eq!(told["type"], "general_unknown_origin", "{origin}");
    }
}
