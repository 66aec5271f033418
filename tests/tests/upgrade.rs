//! A newer version is deployed while the older one is at work: nothing of what is under way is lost, and what comes next
//! is the newer one's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use embedded_appwrite::{Fault, Requests, When};
use serde_json::{json, Value};
use tests::jobs::blank_profile;
use tests::{world, World};

const FUNCTION: &str = "scrape-enrich";

/// Requests that a job makes from its claim to its end, as the test of faults counts them too.
const REQUESTS: usize = 5;

async fn acme() -> World {
    let world = world(env!("CARGO_BIN_EXE_valyou-under-test")).await;
    world.appwrite.set_schedule_by_hand(true);
    world.organization("acme", "Acme", "ada").await.unwrap();
    world
}

async fn pending(world: &World, id: &str) {
    let data = json!({
        "organizationId": "acme", "requestedByUserId": "ada", "sourceUrl": world.site.url(), "status": "pending",
    });
    world.row("scrape_jobs", id, data, &[]).await.unwrap();
}

async fn deployment_of(world: &World, execution: &Value) -> Value {
    let path = format!(
        "/functions/{FUNCTION}/executions/{}",
        execution.as_str().unwrap()
    );
    let execution = world.api(reqwest::Method::GET, &path, None).await.unwrap();
    execution.body["deploymentId"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_under_way_is_ended_by_the_version_that_began_it() {
    let world = acme().await;
    for nth in 1..=REQUESTS {
        for when in [When::Before, When::After] {
            let older = world.appwrite.activate(FUNCTION).unwrap();
            let held = format!("held-{nth}-{when:?}");
            world
                .appwrite
                .break_request(Requests::Any.nth(nth), when, Fault::Hold);
            pending(&world, &held).await;
            world.appwrite.held().await;

            let newer = world.appwrite.activate(FUNCTION).unwrap();
            let next = format!("next-{nth}-{when:?}");
            pending(&world, &next).await;
            let ended = |row: &Value| row["finishedAt"].is_string();
            let next = world.watch("scrape_jobs", &next, ended).await.unwrap();
            assert_eq!(next["status"], "done", "{}", next["errorMessage"]);
            let open = world.find("scrape_jobs", &held).await.unwrap().unwrap();
            let is_last_written = nth == REQUESTS && when == When::After;
            assert_eq!(open["finishedAt"].is_string(), is_last_written, "{open}");

            world.appwrite.let_go();
            let held = world.watch("scrape_jobs", &held, ended).await.unwrap();
            assert_eq!(held["status"], "done", "{}", held["errorMessage"]);
            world.appwrite.idle().await;
            let by = deployment_of(&world, &held["functionExecutionId"]).await;
            assert_eq!(by, json!(older));
            let by = deployment_of(&world, &next["functionExecutionId"]).await;
            assert_eq!(by, json!(newer));
        }
    }
    let all = [json!({"method": "limit", "values": [100]})];
    let jobs = world.rows("scrape_jobs", &all).await.unwrap();
    assert_eq!(jobs.len(), 4 * REQUESTS);
    println!("{} deployments under way, no job lost", 2 * REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_of_an_older_version_is_applied_and_one_of_a_newer_version_says_so() {
    let world = acme().await;
    let mut profile = blank_profile();
    profile["industry"] = json!({
        "value": "Anvils", "confidence": 0.7, "method": "meta",
        "evidence": [{"url": world.site.url(), "quote": "Anvils", "start": 0, "end": 6}],
    });
    // The first version as it was written to the letter, with what only later readers might miss.
    let document = |version: u32| {
        json!({
            "schema": format!("valyourise/profile@{version}"), "source": world.site.url(), "pages": [],
            "profile": profile,
            "meta": {"functionExecutionId": "e1", "startedAt": "2026-01-01T00:00:00.000+00:00", "attempt": 1},
        })
        .to_string()
    };
    for (id, version) in [("older", 1), ("newer", 2)] {
        let data = json!({
            "organizationId": "acme", "requestedByUserId": "ada", "sourceUrl": world.site.url(), "status": "done",
            "prefillJson": document(version),
        });
        world.row("scrape_jobs", id, data, &[]).await.unwrap();
    }
    let apply = |id: &'static str| json!({"jobId": id});
    let newer = apply("newer");
    let reply = world.call(FUNCTION, "ada", "POST", "/apply", &newer).await;
    let reply = reply.unwrap();
    assert_eq!(reply.status, 409, "{}", reply.body);
    let message = reply.body["error"]["message"].as_str().unwrap();
    assert!(message.contains("valyourise/profile@2"), "{message}");

    let older = apply("older");
    let reply = world.call(FUNCTION, "ada", "POST", "/apply", &older).await;
    let reply = reply.unwrap();
    assert_eq!(reply.body["applied"], json!(["industry"]), "{}", reply.body);
}
