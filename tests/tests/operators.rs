//! Texts that Appwrite would run instead of storing them: whatever they look like to our own parser, none is written.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use serde_json::{json, Value};
use tests::jobs::blank_profile;
use tests::{world, World};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// The server's parser runs the first three and more; to ours only the first has a `method` that can be seen.
const TEXTS: [&str; 5] = [
    r#"{"method":"toggle"}"#,
    r#"{"\u006dethod":"stringConcat","values":{"0":" PWNED"} }"#,
    r#"{"n":1e999,"method":"stringConcat","values":["x"]}"#,
    "\u{feff}\u{200b} \t{\"method\":\"toggle\"}",
    "{",
];

/// A website said so: one field of a profile that is done, as `prefillJson` holds it.
fn stated(field: &str, text: &str) -> Value {
    let mut profile = blank_profile();
    let value = match field {
        "customerNames" => json!(["Bolt Inc", text]),
        "revenue" => json!({"amount": 1e6, "currency": text, "period": "year"}),
        "address" => json!({"street": "Main 1", "postalCode": null, "city": text, "country": null}),
        _ => json!(text),
    };
    profile[field] =
        json!({"value": value, "confidence": 0.7, "method": "json-ld", "evidence": []});
    json!({
        "schema": "valyourise/profile@1", "source": "https://acme.example/", "pages": [], "profile": profile,
        "meta": {"functionExecutionId": "e1", "startedAt": "2026-01-01T00:00:00.000+00:00", "attempt": 1},
    })
}

async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.mute("scrape-enrich").await.unwrap();
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn no_field_of_a_website_that_begins_with_a_brace_is_copied() {
    let world = acme().await;
    let before = world.find("organizations", "acme").await.unwrap();
    let fields = [
        "name",
        "industry",
        "website",
        "customerNames",
        "revenue",
        "address",
    ];
    for (n, text) in TEXTS.iter().enumerate() {
        for field in fields {
            let id = format!("{}-{n}", field.to_lowercase());
            let data = json!({
                "organizationId": "acme", "requestedByUserId": "ada", "sourceUrl": "https://acme.example/",
                "status": "done", "prefillJson": stated(field, text).to_string(),
            });
            world.row("scrape_jobs", &id, data, &[]).await.unwrap();
            let body = json!({"jobId": id, "fields": [field], "overwrite": [field]});
            let reply = world
                .call("scrape-enrich", "ada", "POST", "/apply", &body)
                .await;
            let reply = reply.unwrap();
            assert_eq!(
                reply.status, 200,
                "{field} {text}: {} {}",
                reply.body, reply.errors
            );
            assert_eq!(reply.body["applied"], json!([]), "{field} {text}");
            let kept = json!([{"field": field, "reason": "unusable"}]);
            assert_eq!(reply.body["kept"], kept, "{field} {text}");
        }
    }
    assert_eq!(world.find("organizations", "acme").await.unwrap(), before);
    let log = world.rows("item_activity_log", &[]).await.unwrap();
    assert_eq!(log, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tool_writes_no_text_that_begins_with_a_brace() {
    let world = acme().await;
    for text in TEXTS {
        let arguments = [
            "pat",
            "create",
            "--user",
            "ada",
            "--scopes",
            "read",
            "--description",
            text,
        ];
        let (done, told) = tests::tool(HOST, &world, &arguments);
        assert!(
            !done && told.contains("description begins with {"),
            "{told}"
        );
    }
    assert!(world.rows("pat", &[]).await.unwrap().is_empty());
}
