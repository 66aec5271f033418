//! scrape-enrich over the wire: real functions in processes of their own, the embedded Appwrite, a real website.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::future::Future;
use std::sync::Arc;

use embedded_appwrite::{Fault, Requests, When};
use platform::job;
use serde_json::{json, Value};
use tests::{jobs, sweep, world, Between, Host, Reply, World, DATABASE};
use tokio::task::JoinSet;

#[path = "scrape/faults.rs"]
mod faults;
#[path = "scrape/reader.rs"]
mod reader;

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");
const FUNCTION: &str = "scrape-enrich";

/// Acme with its owner ada, its member mia, and zoe who belongs to another organisation.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.member("acme", "mia", "member").await.unwrap();
    world.organization("other", "Other", "zoe").await.unwrap();
    world
}

async fn pending(world: &World, id: &str, requester: &str, url: &str) {
    let data = json!({
        "organizationId": "acme", "requestedByUserId": requester, "sourceUrl": url, "status": "pending",
    });
    world
        .row(
            "scrape_jobs",
            id,
            data,
            &[format!("read(\"user:{requester}\")")],
        )
        .await
        .unwrap();
}

async fn ended(world: &World, id: &str) -> Value {
    world
        .watch("scrape_jobs", id, |row| row["finishedAt"].is_string())
        .await
        .unwrap()
}

async fn job_count(world: &World) -> usize {
    world.rows("scrape_jobs", &[]).await.unwrap().len()
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.body["error"]["code"].as_str()),
        (status, Some(code)),
        "{}",
        reply.body
    );
    assert_eq!(reply.body["error"]["executionId"], json!(reply.execution));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_made_by_the_frontend_becomes_a_profile_with_evidence() {
    let world = acme().await;
    pending(&world, "job1", "ada", &world.site.url()).await;
    let row = ended(&world, "job1").await;
    assert_eq!(row["status"], "done", "{}", row["errorMessage"]);
    assert!(row["functionExecutionId"].is_string() && row["startedAt"].is_string());
    assert_eq!(
        (&row["provider"], &row["modelUsed"]),
        (&json!("rules"), &Value::Null)
    );

    let document: Value = serde_json::from_str(row["prefillJson"].as_str().unwrap()).unwrap();
    assert_eq!(document["schema"], "valyourise/profile@1");
    assert_eq!(
        document["meta"]["functionExecutionId"],
        row["functionExecutionId"]
    );
    assert_eq!(document["meta"]["attempt"], 1);
    let address = &document["profile"]["address"];
    assert_eq!(address["value"]["city"], "Bristol");
    assert_eq!(address["value"]["country"], "GB");
    assert_eq!(
        document["profile"]["employeeCount"]["value"],
        json!({"min": 84, "max": 84})
    );
    let evidence = &document["profile"]["employeeCount"]["evidence"][0];
    assert!(evidence["url"].as_str().unwrap().ends_with("/about-us"));
    assert!(evidence["quote"].as_str().unwrap().contains("84"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_starts_a_job_and_a_second_call_finds_it_ended() {
    let world = acme().await;
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url(), "input": {"from": "onboarding"}});
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &request)
        .await
        .unwrap();
    assert_eq!(
        (reply.status, &reply.body["status"]),
        (201, &json!("done")),
        "{}",
        reply.body
    );
    assert_eq!(reply.body["functionExecutionId"], json!(reply.execution));
    let id = reply.body["jobId"].as_str().unwrap();
    let row = world.find("scrape_jobs", id).await.unwrap().unwrap();
    assert_eq!(row["$permissions"], json!(["read(\"user:ada\")"]));
    assert_eq!(
        serde_json::from_str::<Value>(row["inputJson"].as_str().unwrap()).unwrap(),
        json!({"schema": "valyourise/input@1", "input": {"from": "onboarding"}})
    );

    // The create event of that row found nothing to do.
    world.appwrite.idle().await;
    assert_eq!(
        world.find("scrape_jobs", id).await.unwrap().unwrap()["$updatedAt"],
        row["$updatedAt"]
    );

    // Asking again after the end is a new job; there are never two open ones.
    let again = world
        .call(FUNCTION, "ada", "POST", "/", &request)
        .await
        .unwrap();
    assert_eq!(again.status, 201);
    assert_ne!(again.body["jobId"], reply.body["jobId"]);
    assert_eq!(job_count(&world).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calls_at_once_make_one_job() {
    let world = acme().await;
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url()});
    let call = || world.call(FUNCTION, "ada", "POST", "/", &request);
    let (a, b, c, d) = tokio::join!(call(), call(), call(), call());
    let replies = [a.unwrap(), b.unwrap(), c.unwrap(), d.unwrap()];
    let begun = replies.iter().filter(|reply| reply.status == 201).count();
    assert!(
        replies.iter().all(|reply| reply.status < 300),
        "{replies:?}"
    );
    // Calls that came after the end of the first may begin the next job; none may overlap.
    assert_eq!(job_count(&world).await, begun);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_changes_and_writes_nothing() {
    let world = acme().await;
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url(), "dryRun": true});
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &request)
        .await
        .unwrap();
    assert_eq!(
        (reply.status, &reply.body["dryRun"]),
        (200, &json!(true)),
        "{}",
        reply.body
    );
    let changes = reply.body["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!(
        (&changes[0]["action"], &changes[0]["table"]),
        (&json!("create"), &json!("scrape_jobs"))
    );
    assert_eq!(
        (&changes[1]["action"], &changes[1]["data"]["status"]),
        (&json!("update"), &json!("done"))
    );
    assert_eq!(
        reply.body["document"]["profile"]["address"]["value"]["city"],
        "Bristol"
    );
    assert_eq!(job_count(&world).await, 0);
    let refusal = world
        .call(FUNCTION, "mia", "POST", "/", &request)
        .await
        .unwrap();
    refused(&refusal, 403, "not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_owners_and_admins_come_in_and_strangers_learn_nothing() {
    let world = acme().await;
    let ask =
        |organization: &str| json!({"organizationId": organization, "sourceUrl": world.site.url()});
    refused(
        &world
            .call(FUNCTION, "mia", "POST", "/", &ask("acme"))
            .await
            .unwrap(),
        403,
        "not_allowed",
    );
    let foreign = world
        .call(FUNCTION, "zoe", "POST", "/", &ask("acme"))
        .await
        .unwrap();
    let absent = world
        .call(FUNCTION, "zoe", "POST", "/", &ask("nowhere"))
        .await
        .unwrap();
    refused(&foreign, 404, "not_found");
    refused(&absent, 404, "not_found");
    assert_eq!(
        foreign.body["error"]["message"],
        absent.body["error"]["message"]
    );

    // By key there is no user, whatever a header claims.
    let spoofed = json!({
        "method": "POST", "path": "/", "body": ask("acme").to_string(),
        "headers": {"X-Appwrite-User-Id": "ada"},
    });
    refused(
        &world.call_with(FUNCTION, None, spoofed).await.unwrap(),
        401,
        "sign_in_required",
    );
    assert_eq!(job_count(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_say_what_is_wrong() {
    let world = acme().await;
    let call = |method: &'static str, path: &'static str, body: Value| {
        let world = &world;
        async move {
            world
                .call(FUNCTION, "ada", method, path, &body)
                .await
                .unwrap()
        }
    };
    let unknown = call(
        "POST",
        "/",
        json!({"organizationId": "acme", "sourceUrl": "x.example", "url": 1}),
    )
    .await;
    refused(&unknown, 400, "invalid_request");
    assert!(unknown.body["error"]["message"]
        .as_str()
        .unwrap()
        .contains("`url`"));
    refused(&call("POST", "/", json!([1])).await, 400, "invalid_request");
    refused(
        &call(
            "POST",
            "/",
            json!({"organizationId": "-", "sourceUrl": "x"}),
        )
        .await,
        400,
        "invalid_request",
    );
    refused(
        &call(
            "POST",
            "/",
            json!({"organizationId": "acme", "sourceUrl": "ftp://x.example"}),
        )
        .await,
        422,
        "address_refused",
    );
    let lost = call("POST", "/nowhere", json!({})).await;
    refused(&lost, 404, "unknown_route");
    assert!(lost.body["error"]["message"]
        .as_str()
        .unwrap()
        .contains("POST /apply"));
    refused(&call("GET", "/apply", json!({})).await, 405, "wrong_method");
    refused(
        &call("POST", "/cancel", json!({"jobId": "nojob"})).await,
        404,
        "not_found",
    );
    refused(
        &call("POST", "/apply", json!({"jobId": "nojob"})).await,
        404,
        "not_found",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_url_longer_than_its_column_is_refused_in_words() {
    let world = acme().await;
    let site = world.site.url();
    let of = |length: usize| format!("{site}{}", "a".repeat(length - site.len()));
    // What is stored is the address in ASCII: each of these letters takes six characters.
    let wide = format!("{site}{}", "ü".repeat(400));
    for (url, code) in [
        (of(2_000), "fetch_failed"),
        (of(2_001), "address_refused"),
        (of(2_048), "address_refused"),
        (wide, "address_refused"),
    ] {
        let request = json!({"organizationId": "acme", "sourceUrl": url});
        let reply = world.call(FUNCTION, "ada", "POST", "/", &request).await;
        let reply = reply.unwrap();
        refused(&reply, 422, code);
        let message = reply.body["error"]["message"].as_str().unwrap();
        assert_eq!(message.contains("too long"), code == "address_refused");
    }
    let rows = world.rows("scrape_jobs", &[]).await.unwrap();
    let stored: Vec<usize> = rows
        .iter()
        .map(|row| row["sourceUrl"].as_str().unwrap().len())
        .collect();
    assert_eq!(stored, [2_000]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_cannot_be_done_fails_with_words_for_its_requester() {
    let world = acme().await;
    for (id, url, requester, code) in [
        (
            "private",
            "http://169.254.169.254/latest/meta-data/",
            "ada",
            "address_refused",
        ),
        (
            "missing",
            &*format!("{}no-such-page", world.site.url()),
            "ada",
            "fetch_failed",
        ),
        ("stranger", &*world.site.url(), "zoe", "not_found"),
        ("member", &*world.site.url(), "mia", "not_allowed"),
    ] {
        pending(&world, id, requester, url).await;
        let row = ended(&world, id).await;
        assert_eq!(row["status"], "failed", "{id}");
        let message = row["errorMessage"].as_str().unwrap();
        assert!(
            message.starts_with(&format!("{code}: ")) && message.ends_with('.'),
            "{id}: {message}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_organisation_gets_no_profile() {
    let world = acme().await;
    let data = json!({"data": {"archivedAt": "2026-01-01T00:00:00.000+00:00"}});
    let path = "/tablesdb/main_dev/tables/organizations/rows/acme";
    world
        .api(reqwest::Method::PATCH, path, Some(data))
        .await
        .unwrap();
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url()});
    refused(
        &world
            .call(FUNCTION, "ada", "POST", "/", &request)
            .await
            .unwrap(),
        403,
        "archived",
    );
    pending(&world, "job1", "ada", &world.site.url()).await;
    failed_as_archived(&ended(&world, "job1").await);
    assert_eq!(world.site.visits("/"), 0);
}

#[track_caller]
fn failed_as_archived(row: &Value) {
    let message = row["errorMessage"].as_str().unwrap();
    assert!(message.starts_with("archived: "), "{message}");
    assert_eq!(row["status"], "failed");
}

/// Its requester can do nothing about it any more; the sweep fails it, whether it was never begun or left behind.
#[tokio::test(flavor = "multi_thread")]
async fn open_jobs_of_an_archived_organisation_are_failed_by_the_sweep_and_cancelled_by_nobody() {
    let world = acme().await;
    let kill = Fault::Kill(FUNCTION.to_owned());
    world.appwrite.break_request(2, When::After, kill);
    pending(&world, "begun", "ada", &world.site.url()).await;
    world.appwrite.idle().await;
    let begun = world.find("scrape_jobs", "begun").await.unwrap().unwrap();
    assert_eq!(begun["status"], "running", "killed when it had the job");
    world.mute(FUNCTION).await.unwrap();
    pending(&world, "waiting", "ada", &world.site.url()).await;
    let data = json!({"archivedAt": "2026-01-01T00:00:00.000+00:00"});
    world.change("organizations", "acme", data).await.unwrap();

    let cancel = |user: &'static str, job: &'static str| {
        let request = json!({"jobId": job});
        let world = &world;
        async move {
            world
                .call(FUNCTION, user, "POST", "/cancel", &request)
                .await
                .unwrap()
        }
    };
    let absent = cancel("zoe", "nojob").await.body["error"]["message"].clone();
    for job in ["begun", "waiting"] {
        refused(&cancel("ada", job).await, 403, "archived");
        let foreign = cancel("zoe", job).await;
        refused(&foreign, 404, "not_found");
        assert_eq!(foreign.body["error"]["message"], absent);
        world.age("scrape_jobs", job).await.unwrap();
    }
    sweep(&world, FUNCTION).await;
    for job in ["begun", "waiting"] {
        failed_as_archived(&world.find("scrape_jobs", job).await.unwrap().unwrap());
        refused(&cancel("ada", job).await, 403, "archived");
    }
    assert_eq!(world.site.visits("/"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_cannot_be_written_keeps_the_sweep_from_no_other() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    for job in ["job1", "job2"] {
        pending(&world, job, "ada", &world.site.url()).await;
        world.age("scrape_jobs", job).await.unwrap();
    }
    let to_come = json!({"$updatedAt": "2100-01-01T00:00:00.000+00:00"});
    world.change("scrape_jobs", "job1", to_come).await.unwrap();
    sweep(&world, FUNCTION).await;
    assert_eq!(ended(&world, "job2").await["status"], "done");
    let left = world.find("scrape_jobs", "job1").await.unwrap().unwrap();
    assert_eq!(left["status"], "pending");
    let logs = world.logs(FUNCTION).await.unwrap();
    let told = [
        "row job1 has an $updatedAt that is still to come",
        "\"unwritable\":1",
    ];
    for words in told {
        assert!(logs.iter().any(|log| log.contains(words)), "{logs:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_fields_go_to_the_organisation_once_and_are_logged() {
    let world = acme().await;
    pending(&world, "job1", "ada", &world.site.url()).await;
    ended(&world, "job1").await;

    let apply = |user: &'static str, body: Value| {
        let world = &world;
        async move {
            world
                .call(FUNCTION, user, "POST", "/apply", &body)
                .await
                .unwrap()
        }
    };
    refused(
        &apply("zoe", json!({"jobId": "job1"})).await,
        404,
        "not_found",
    );
    refused(
        &apply("mia", json!({"jobId": "job1"})).await,
        403,
        "not_allowed",
    );
    let shown = apply(
        "ada",
        json!({"jobId": "job1", "fields": ["address"], "dryRun": true}),
    )
    .await;
    assert_eq!(
        shown.body["changes"].as_array().unwrap().len(),
        2,
        "{}",
        shown.body
    );
    let before = world.find("organizations", "acme").await.unwrap().unwrap();
    assert_eq!(before["addressCity"], Value::Null);

    let reply = apply(
        "ada",
        json!({"jobId": "job1", "fields": ["name", "address"]}),
    )
    .await;
    assert_eq!(reply.body["applied"], json!(["address"]), "{}", reply.body);
    assert_eq!(
        reply.body["kept"],
        json!([{"field": "name", "reason": "already_filled"}])
    );
    let row = world.find("organizations", "acme").await.unwrap().unwrap();
    assert_eq!(
        (&row["addressCity"], &row["addressCountry"]),
        (&json!("Bristol"), &json!("GB"))
    );
    assert_eq!(row["lastEnrichmentSource"], "ai");

    // Again: nothing to do, nothing written, nothing logged twice.
    let again = apply(
        "ada",
        json!({"jobId": "job1", "fields": ["name", "address"]}),
    )
    .await;
    assert_eq!(again.body["applied"], json!([]));
    assert_eq!(
        world.find("organizations", "acme").await.unwrap().unwrap()["$updatedAt"],
        row["$updatedAt"]
    );
    let log = world.rows("item_activity_log", &[]).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(
        (&log[0]["actorUserId"], &log[0]["requestId"]),
        (&json!("ada"), &json!(reply.execution))
    );
    let after: Value = serde_json::from_str(log[0]["afterJson"].as_str().unwrap()).unwrap();
    assert_eq!(after["columns"]["addressCity"], "Bristol");

    let overwritten = apply(
        "ada",
        json!({"jobId": "job1", "fields": [], "overwrite": ["name"]}),
    )
    .await;
    assert_eq!(
        overwritten.body["applied"],
        json!(["name"]),
        "{}",
        overwritten.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_executions_at_once_run_a_job_once() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    pending(&world, "job1", "ada", &world.site.url()).await;
    world.age("scrape_jobs", "job1").await.unwrap();
    let world = Arc::new(world);
    let mut at_once = JoinSet::new();
    for _ in 0..16 {
        let world = Arc::clone(&world);
        at_once.spawn(async move { world.appwrite.tick(FUNCTION).await });
    }
    at_once.join_all().await;
    let row = ended(&world, "job1").await;
    assert_eq!(row["status"], "done", "{}", row["errorMessage"]);
    let ran: usize = world
        .logs(FUNCTION)
        .await
        .unwrap()
        .iter()
        .filter(|log| log.contains("\"run\":1"))
        .count();
    assert_eq!(ran, 1, "one sweep ran the job, fifteen found nothing to do");
    assert_eq!(world.site.visits("/about-us"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requester_cancels_an_open_job_and_nobody_else_does() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    pending(&world, "job1", "ada", &world.site.url()).await;
    let cancel = |user: &'static str| {
        let world = &world;
        async move {
            world
                .call(FUNCTION, user, "POST", "/cancel", &json!({"jobId": "job1"}))
                .await
                .unwrap()
        }
    };
    refused(&cancel("zoe").await, 404, "not_found");
    let reply = cancel("ada").await;
    assert_eq!(
        (reply.status, &reply.body["status"]),
        (200, &json!("failed")),
        "{}",
        reply.body
    );
    let row = world.find("scrape_jobs", "job1").await.unwrap().unwrap();
    assert!(row["errorMessage"]
        .as_str()
        .unwrap()
        .starts_with("cancelled: "));
    assert_eq!(
        cancel("ada").await.status,
        200,
        "cancelling twice is cancelling once"
    );

    // It is still theirs when they do not belong to the organisation any more.
    pending(&world, "job2", "mia", &world.site.url()).await;
    world.leave("acme", "mia").await.unwrap();
    let reply = world
        .call(
            FUNCTION,
            "mia",
            "POST",
            "/cancel",
            &json!({"jobId": "job2"}),
        )
        .await
        .unwrap();
    assert_eq!(reply.body["status"], "failed", "{}", reply.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_may_have_twenty_open_jobs() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    for n in 0..20 {
        pending(
            &world,
            &format!("job{n}"),
            "ada",
            &format!("https://site{n}.example/"),
        )
        .await;
    }
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url()});
    refused(
        &world
            .call(FUNCTION, "ada", "POST", "/", &request)
            .await
            .unwrap(),
        429,
        "too_many_jobs",
    );
    let open = json!({"organizationId": "acme", "sourceUrl": "https://site3.example"});
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &open)
        .await
        .unwrap();
    assert_eq!((reply.status, &reply.body["jobId"]), (200, &json!("job3")));
}

/// Calls for so many websites of one organisation at once, of which the n-th is `call(n)`; how those ended that did before
/// the website answered anybody. The others are on their way.
async fn at_once<F>(
    world: &World,
    call: impl Fn(usize) -> F,
    refused: usize,
) -> JoinSet<(u16, Value)>
where
    F: Future<Output = (u16, Value)> + Send + 'static,
{
    world.site.hold(Some("/robots.txt"));
    let mut calls: JoinSet<(u16, Value)> = (0..AT_ONCE).map(call).collect();
    for _ in 0..refused {
        let (status, body) = calls.join_next().await.unwrap().unwrap();
        assert_eq!(
            (status, &body["error"]["code"]),
            (429, &json!("too_many_jobs")),
            "{body}"
        );
    }
    while world.site.waiting() < job::MAX_OPEN {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.site.most_waiting(), job::MAX_OPEN);
    assert_eq!(calls.len(), job::MAX_OPEN);
    calls
}

/// Lets the website answer; everybody who waits for it is done.
async fn all_done(world: &World, calls: JoinSet<(u16, Value)>) {
    world.site.hold(None);
    for (status, body) in calls.join_all().await {
        assert!((200..300).contains(&status), "{body}");
        assert_eq!(body["status"], "done", "{body}");
    }
}

const AT_ONCE: usize = 60;

/// The n-th of many websites.
fn nth_request(world: &World, n: usize, dry_run: bool) -> Value {
    let url = format!("{}?site={n}", world.site.url());
    json!({"organizationId": "acme", "sourceUrl": url, "dryRun": dry_run})
}

async fn sixty_calls_at_once(dry_run: bool) -> Arc<World> {
    let world = Arc::new(acme().await);
    let call = |n| {
        let world = Arc::clone(&world);
        async move {
            let request = nth_request(&world, n, dry_run);
            let reply = world.call(FUNCTION, "ada", "POST", "/", &request).await;
            let reply = reply.unwrap();
            (reply.status, reply.body)
        }
    };
    let calls = at_once(&world, call, AT_ONCE - job::MAX_OPEN).await;
    all_done(&world, calls).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_calls_at_once_twenty_run() {
    let world = sixty_calls_at_once(false).await;
    assert_eq!(job_count(&world).await, job::MAX_OPEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_previews_at_once_twenty_run() {
    let world = sixty_calls_at_once(true).await;
    assert_eq!(job_count(&world).await, 0);
}

/// The calls come to two processes, which know nothing of each other, and all jobs that they make are made at the same
/// moment: those that are too many see it and give way.
#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_calls_to_two_processes_at_once_twenty_run() {
    let world = Arc::new(acme().await);
    world.mute(FUNCTION).await.unwrap();
    let between = Between::to(&world.appwrite, &[]).await;
    let rows = format!("POST /v1/tablesdb/{DATABASE}/tables/scrape_jobs/rows");
    between.gather(&rows, 2 * job::MAX_OPEN);
    let hosts = [(); 2].map(|()| {
        let endpoint = &between.endpoint;
        Arc::new(Host::start(HOST, FUNCTION, &world, endpoint))
    });
    let call = |n: usize| {
        let (world, host) = (Arc::clone(&world), Arc::clone(&hosts[n % 2]));
        async move {
            let request = nth_request(&world, n, false);
            let headers = [
                ("x-appwrite-trigger", "http"),
                ("x-appwrite-user-id", "ada"),
            ];
            host.execute(&format!("call{n}"), &headers, &request).await
        }
    };
    let calls = at_once(&world, call, AT_ONCE - job::MAX_OPEN).await;
    let open = json!({"method": "equal", "attribute": "status", "values": ["running"]});
    let open = world.rows("scrape_jobs", &[open]).await.unwrap();
    assert_eq!(open.len(), job::MAX_OPEN);
    all_done(&world, calls).await;
    let failed = json!({"method": "equal", "attribute": "status", "values": ["failed"]});
    let failed = world.rows("scrape_jobs", &[failed]).await.unwrap();
    assert_eq!(failed.len(), job::MAX_OPEN, "as many gave way");
    for row in failed {
        let message = row["errorMessage"].as_str().unwrap();
        assert!(message.starts_with("too_many_jobs: "), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_others_made_wait_for_a_sweep_when_twenty_are_under_way() {
    const JOBS: usize = job::MAX_OPEN + 3;
    let world = Arc::new(acme().await);
    world.mute(FUNCTION).await.unwrap();
    let host = Arc::new(Host::start(
        HOST,
        FUNCTION,
        &world,
        world.appwrite.endpoint(),
    ));
    world.site.hold(Some("/robots.txt"));
    let mut events = JoinSet::new();
    for n in 0..JOBS {
        pending(&world, &format!("job{n}"), "ada", &world.site.url()).await;
        let host = Arc::clone(&host);
        events.spawn(async move {
            let event = format!("databases.{DATABASE}.tables.scrape_jobs.rows.job{n}.create");
            let headers = [
                ("x-appwrite-trigger", "event"),
                ("x-appwrite-event", &*event),
            ];
            host.execute(&format!("event{n}"), &headers, &Value::Null)
                .await
        });
    }
    for _ in job::MAX_OPEN..JOBS {
        let (_, reply) = events.join_next().await.unwrap().unwrap();
        assert_eq!(reply["claimed"], false, "{reply}");
    }
    while world.site.waiting() < job::MAX_OPEN {
        tokio::task::yield_now().await;
    }
    world.site.hold(None);
    events.join_all().await;
    assert_eq!(world.site.most_waiting(), job::MAX_OPEN);
    for n in 0..JOBS {
        world.age("scrape_jobs", &format!("job{n}")).await.unwrap();
    }
    sweep(&world, FUNCTION).await;
    for n in 0..JOBS {
        assert_eq!(ended(&world, &format!("job{n}")).await["status"], "done");
    }
}

/// Starts a job and waits until it has read its first page and asks for another; the call goes on.
async fn reading(world: &Arc<World>, visits: usize) -> (String, JoinSet<(u16, Value)>) {
    world.site.hold(Some("/legal-notice"));
    let caller = Arc::clone(world);
    let mut call = JoinSet::new();
    call.spawn(async move {
        let request = nth_request(&caller, visits, false);
        let reply = caller.call(FUNCTION, "ada", "POST", "/", &request).await;
        let reply = reply.unwrap();
        (reply.status, reply.body)
    });
    while world.site.visits("/legal-notice") <= visits {
        tokio::task::yield_now().await;
    }
    let open = json!({"method": "equal", "attribute": "status", "values": ["running"]});
    let open = world.rows("scrape_jobs", &[open]).await.unwrap();
    (open[0]["$id"].as_str().unwrap().to_owned(), call)
}

/// Whoever cancels, in this process or in another, the run reads no further page.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_job_stops_where_it_is() {
    let world = Arc::new(acme().await);
    for (round, here) in [true, false].into_iter().enumerate() {
        let (job, call) = reading(&world, round).await;
        if here {
            let cancel = json!({"jobId": job});
            let reply = world
                .call(FUNCTION, "ada", "POST", "/cancel", &cancel)
                .await;
            assert_eq!(reply.unwrap().status, 200);
        } else {
            // Another process: of what it cancels nobody is told.
            let cancelled = json!({"status": "failed", "errorMessage": "cancelled: .", "finishedAt": "2026-01-01T00:00:00.000+00:00"});
            world.change("scrape_jobs", &job, cancelled).await.unwrap();
        }
        // The website still does not answer.
        let ended = call.join_all().await;
        assert_eq!(
            (ended[0].0, &ended[0].1["error"]["code"]),
            (409, &json!("superseded"))
        );
        while world.site.waiting() > 0 {
            tokio::task::yield_now().await;
        }
        for page in ["/about-us", "/contact", "/customers.html", "/jobs"] {
            assert_eq!(world.site.visits(page), 0, "{page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_job_is_found_by_its_very_url() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    let url = |path: &str| format!("{}{path}", world.site.url());
    let ask = |url: String| json!({"organizationId": "acme", "sourceUrl": url});
    pending(&world, "lower", "ada", &url("about-us")).await;
    for page in 0..120 {
        let path = ["About-us", "ABOUT-US"][page % 2];
        pending(&world, &format!("upper{page}"), "ada", &url(path)).await;
        let data = json!({"status": "failed"});
        world
            .change("scrape_jobs", &format!("upper{page}"), data)
            .await
            .unwrap();
    }
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &ask(url("about-us")))
        .await;
    assert_eq!(reply.unwrap().body["jobId"], "lower");
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &ask(url("aBout-us")))
        .await;
    refused(&reply.unwrap(), 422, "fetch_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_claims_no_job_before_it_can_begin_it() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    world.site.hold(Some("/robots.txt"));
    for n in 0..5 {
        pending(&world, &format!("job{n}"), "ada", &world.site.url()).await;
        world.age("scrape_jobs", &format!("job{n}")).await.unwrap();
    }
    let state = |status: &'static str| {
        let world = &world;
        async move {
            let query = json!({"method": "equal", "attribute": "status", "values": [status]});
            world.rows("scrape_jobs", &[query]).await.unwrap().len()
        }
    };
    tokio::join!(sweep(&world, FUNCTION), async {
        while world.site.waiting() < 4 {
            tokio::task::yield_now().await;
        }
        // Four are side by side; more are not even claimed.
        assert_eq!((state("running").await, state("pending").await), (4, 1));
        world.site.hold(None);
    });
    assert_eq!(state("done").await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_before_runs_alone_and_one_such_job_in_a_sweep() {
    let world = acme().await;
    let ids: Vec<String> = (0..3).map(|n| format!("begun{n}")).collect();
    for id in &ids {
        let kill = Fault::Kill(FUNCTION.to_owned());
        world.appwrite.break_request(2, When::After, kill);
        pending(&world, id, "ada", &world.site.url()).await;
        world.appwrite.idle().await;
        let row = world.find("scrape_jobs", id).await.unwrap().unwrap();
        assert_eq!(row["status"], "running", "killed when it had the job");
    }
    world.mute(FUNCTION).await.unwrap();
    let fresh: Vec<String> = (0..3).map(|n| format!("fresh{n}")).collect();
    for id in &fresh {
        pending(&world, id, "ada", &world.site.url()).await;
    }
    for id in ids.iter().chain(&fresh) {
        world.age("scrape_jobs", id).await.unwrap();
    }
    let rows = || async {
        let all = json!({"method": "limit", "values": [100]});
        world.rows("scrape_jobs", &[all]).await.unwrap()
    };
    for sweeps in 1..=ids.len() {
        sweep(&world, FUNCTION).await;
        let rows = rows().await;
        let done = |id: &String| {
            let row = rows.iter().find(|row| row["$id"] == **id).unwrap();
            row["status"] == "done"
        };
        assert_eq!(ids.iter().filter(|id| done(id)).count(), sweeps);
        assert!(fresh.iter().all(done));
    }
    // The time of each run, from its claim to its end.
    let rows = rows().await;
    let span = |id: &String| {
        let row = rows.iter().find(|row| row["$id"] == **id).unwrap();
        let document: Value = serde_json::from_str(row["prefillJson"].as_str().unwrap()).unwrap();
        let begun = document["meta"]["startedAt"].as_str().unwrap().to_owned();
        (begun, row["finishedAt"].as_str().unwrap().to_owned())
    };
    for id in &ids {
        let (begun, ended) = span(id);
        let others = ids.iter().chain(&fresh).filter(|other| *other != id);
        for (other_begun, other_ended) in others.map(span) {
            assert!(ended <= other_begun || other_ended <= begun, "{id}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_follows_another_has_nothing_to_do() {
    let world = acme().await;
    world.appwrite.set_schedule_by_hand(true);
    world.mute(FUNCTION).await.unwrap();
    let made = |id: &'static str| {
        let world = &world;
        async move {
            pending(world, id, "ada", &world.site.url()).await;
            world.age("scrape_jobs", id).await.unwrap();
        }
    };
    let status = |id: &'static str| {
        let world = &world;
        async move {
            let row = world.find("scrape_jobs", id).await.unwrap().unwrap();
            row["status"].as_str().unwrap().to_owned()
        }
    };
    made("job1").await;
    // One that fails has not swept.
    world
        .appwrite
        .break_request(1, When::Before, Fault::Answer(401));
    world.appwrite.tick(FUNCTION).await.unwrap();
    assert_eq!(status("job1").await, "pending");
    world.appwrite.tick(FUNCTION).await.unwrap();
    assert_eq!(status("job1").await, "done");

    made("job2").await;
    for _ in 0..30 {
        world.appwrite.tick(FUNCTION).await.unwrap();
    }
    assert_eq!(status("job2").await, "pending");
    let logs = world.logs(FUNCTION).await.unwrap();
    let idle = logs
        .iter()
        .filter(|log| log.contains("sweep skipped: just_swept") && log.contains("calls=0 rows=0"));
    assert_eq!(idle.count(), 30);

    // Another process has not swept yet.
    sweep(&world, FUNCTION).await;
    assert_eq!(status("job2").await, "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_the_other_database_are_ignored() {
    let world = acme().await;
    let data = json!({
        "organizationId": "acme", "requestedByUserId": "ada", "sourceUrl": world.site.url(), "status": "pending",
    });
    let path = "/tablesdb/main_database/tables/scrape_jobs/rows";
    let made = world
        .api(
            reqwest::Method::POST,
            path,
            Some(json!({"rowId": "job1", "data": data})),
        )
        .await
        .unwrap();
    assert_eq!(made.status, 201);
    world.appwrite.idle().await;
    let rows = world.api(reqwest::Method::GET, path, None).await.unwrap();
    assert_eq!(rows.body["rows"][0]["status"], "pending");
    let logs = world.logs(FUNCTION).await.unwrap();
    assert!(
        logs.iter()
            .any(|log| log.contains("ignored: create on main_database.scrape_jobs")),
        "{logs:?}"
    );
}

/// The answer to the claim is lost: the job knows its own claim again and runs, once. The same with the result.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_knows_its_own_writes_again_when_their_answers_are_lost() {
    let world = acme().await;
    for (nth, fault) in [(1, Fault::Reset), (2, Fault::Lose), (2, Fault::Answer(500))] {
        let id = format!("own{nth}{fault:?}").replace(['(', ')'], "");
        let visits = world.site.visits("/about-us");
        let write = Requests::PatchOf("scrape_jobs").nth(nth);
        world
            .appwrite
            .break_request(write, When::After, fault.clone());
        pending(&world, &id, "ada", &world.site.url()).await;
        world.appwrite.idle().await;
        assert!(!world.appwrite.is_fault_planned());
        let row = world.find("scrape_jobs", &id).await.unwrap().unwrap();
        assert_eq!(row["status"], "done", "{fault:?} at write {nth}: {row}");
        assert_eq!(world.site.visits("/about-us"), visits + 1);
    }
}
