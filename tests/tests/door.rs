//! The door of every function: what a call may cost before anybody knows whose it is, and what of a fault is told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use reqwest::Method;
use serde_json::{json, Value};
use tests::faulty::{SECRET, WAYS};
use tests::{world, Reply, World};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// Most that one call may add to the memory of a function's process. The runtime itself holds five copies of a body.
const MOST_ADDED: usize = 96 << 20;

async fn call(world: &World, function: &str, path: &str, body: &str) -> Reply {
    let request = json!({"method": "POST", "path": path, "body": body});
    let reply = world.call_with(function, Some("ada"), request).await;
    reply.unwrap()
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    let found = (reply.status, reply.body["error"]["code"].as_str());
    assert_eq!(found, (status, Some(code)), "{}", reply.body);
}

/// The most memory that a function's process has held, in bytes.
fn peak(function: &str) -> usize {
    let own = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let peaks = processes.filter_map(|process| {
        let read = |name: &str| std::fs::read_to_string(process.path().join(name)).ok();
        let line = read("cmdline")?;
        let status = read("status")?;
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1).map(str::to_owned)
        };
        let is_its = line.contains(&format!("\0host\0{function}\0"));
        (is_its && field("PPid:")? == own).then(|| field("VmHWM:")?.parse::<usize>().ok())?
    });
    peaks.max().unwrap() * 1024
}

/// JSON of about this many bytes, of many values that each take much more than their text once they are parsed.
fn values(one: &str, bytes: usize) -> String {
    let many = vec![one; bytes / (one.len() + 1)].join(",");
    format!(r#"{{"token":[{many}]}}"#)
}

/// Whoever asks, with or without a token, what is sent is neither kept nor looked at before it is known to be small.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_large_call_costs_no_more_than_its_bytes() {
    let world = world(HOST).await;
    world.person("ada").await.unwrap();
    let nobody = format!("vyr_{}", "A".repeat(43));
    let token = [("x-valyourise-pat", nobody.as_str())];
    for routes in bundle::routes() {
        let function = routes.function();
        world.open(function).await.unwrap();
        refused(
            &call(&world, function, "/nowhere", "{}").await,
            404,
            "unknown_route",
        );
        let before = peak(function);
        for one in ["0", r#"{"":0}"#, "[[]]"] {
            // With its quotes escaped, about the largest that Appwrite takes.
            let body = values(one, 8 << 20);
            let reply = call(&world, function, "/", &body).await;
            refused(&reply, 413, "too_large");
            assert!(reply.logs.contains("calls=0"), "{}", reply.logs);
            let answer = world.on_domain(function, "POST", "/", &token, &body).await;
            assert_eq!(answer.unwrap().status, 413);
            let answer = world.on_domain(function, "POST", "/", &[], &body).await;
            assert_eq!(answer.unwrap().status, 401);
            // Within the limit, but of too many values to be somebody's.
            let reply = call(&world, function, "/", &values(one, 250 << 10)).await;
            refused(&reply, 413, "too_large");
        }
        let added = peak(function) - before;
        println!("{function} took {} MiB more", added >> 20);
        assert!(added < MOST_ADDED, "{function} took {} MiB", added >> 20);
    }
}

/// First who calls, then what for, and only then what is sent.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_parsed_before_the_caller_and_the_route_are_known() {
    let world = world(HOST).await;
    world.person("ada").await.unwrap();
    let nobody = format!("vyr_{}", "A".repeat(43));
    let token = [("x-valyourise-pat", nobody.as_str())];
    for routes in bundle::routes() {
        let function = routes.function();
        world.open(function).await.unwrap();
        let answer = world
            .on_domain(function, "POST", "/", &[], "{")
            .await
            .unwrap();
        assert_eq!(
            (answer.status, code(&answer.body)),
            (401, "sign_in_required")
        );
        let answer = world
            .on_domain(function, "POST", "/", &token, "{")
            .await
            .unwrap();
        assert_eq!((answer.status, code(&answer.body)), (401, "token_refused"));
        refused(
            &call(&world, function, "/nowhere", "{").await,
            404,
            "unknown_route",
        );
        refused(
            &call(&world, function, "/", "{").await,
            400,
            "invalid_request",
        );
    }
}

fn code(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_understood_as_one_object_of_known_fields() {
    let world = world(HOST).await;
    world.person("ada").await.unwrap();
    for (body, told) in [
        ("", "missing field `token`"),
        ("[]", "must be a JSON object"),
        (r#""a word""#, "must be a JSON object"),
        ("nonsense", "not JSON"),
        (r#"{"token": "a"} b"#, "not JSON"),
        (r#"{"token": "a", "token": "b"}"#, "duplicate field `token`"),
        (r#"{"token": "a", "dryRun": 1}"#, "dryRun is true or false"),
        (
            r#"{"token": "a", "dryRun": true, "dryRun": false}"#,
            "duplicate field `dryRun`",
        ),
        (r#"{"token": "a", "more": [1, 2]}"#, "unknown field `more`"),
    ] {
        let reply = call(&world, "invite-accept", "/", body).await;
        refused(&reply, 400, "invalid_request");
        let message = reply.body["error"]["message"].as_str().unwrap();
        assert!(message.contains(told), "{body}: {message}");
        assert!(!message.contains("a word"), "{message}");
    }
    let deep = format!("{{\"token\": {}", "[".repeat(5_000));
    refused(
        &call(&world, "invite-accept", "/", &deep).await,
        400,
        "invalid_request",
    );
}

/// Of a fault inside the log tells the kind and the place, never the words, which may be somebody's.
#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_told_by_its_place_and_not_in_its_words() {
    let world = world(HOST).await;
    world.person("ada").await.unwrap();
    let function = json!({
        "functionId": "faulty", "name": "faulty", "runtime": "rust-1.83", "execute": ["users"], "timeout": 120,
        "scopes": ["rows.read"],
    });
    let made = world
        .api(Method::POST, "/functions", Some(function))
        .await
        .unwrap();
    assert_eq!(made.status, 201, "{}", made.body);
    let variable =
        json!({"variableId": "unique()", "key": "APPWRITE_DATABASE_ID", "value": "main_dev"});
    let path = "/functions/faulty/variables";
    world.api(Method::POST, path, Some(variable)).await.unwrap();
    world.appwrite.activate("faulty").unwrap();
    for (how, panics) in WAYS {
        let reply = call(&world, "faulty", "/", &json!({"how": how}).to_string()).await;
        refused(&reply, 500, "internal");
        assert_eq!(reply.errors.lines().count(), 1, "{how}: {}", reply.errors);
        let place = reply.errors.contains("panicked at tests/src/faulty.rs:");
        assert_eq!(place, panics, "{how}: {}", reply.errors);
        assert!(
            reply.logs.contains("code=internal"),
            "{how}: {}",
            reply.logs
        );
    }
    world.appwrite.tick("faulty").await.unwrap();
    let kept = world
        .api(Method::GET, "/functions/faulty/executions", None)
        .await
        .unwrap();
    assert_eq!(kept.body["total"], WAYS.len() + 1);
    let kept = kept.body.to_string();
    assert!(!kept.contains(&SECRET[..12]), "{kept}");
}
