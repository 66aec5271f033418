//! What pages in a browser may ask: the rules that browsers enforce by these headers.

use reqwest::{Client, Method, Response};

use crate::world::World;

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
