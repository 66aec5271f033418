//! report-generate over the wire: real functions in processes of their own and the embedded Appwrite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "report/faults.rs"]
mod faults;
#[path = "report/prose.rs"]
mod prose;

use std::sync::Arc;

use platform::job;
use report_generate::verify::verify;
use serde_json::{json, Value};
use tests::{jobs, sweep, tool, world, Between, Host, Reply, World, DATABASE};
use tokio::task::JoinSet;

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");
const FUNCTION: &str = "report-generate";

/// Acme's workspace sales: ada administers it, ben takes part, mia belongs to acme only, and zoe to another organisation.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.workspace("acme", "sales").await.unwrap();
    for (person, role) in [("ada", "workspace_admin"), ("ben", "workspace_user")] {
        if person != "ada" {
            world.member("acme", person, "member").await.unwrap();
        }
        world
            .workspace_member("acme", "sales", person, role, true)
            .await
            .unwrap();
    }
    world.member("acme", "mia", "member").await.unwrap();
    world.organization("other", "Other", "zoe").await.unwrap();
    world.mute("progress-recompute").await.unwrap();
    item(
        &world,
        "gauge",
        None,
        "objective",
        "ada",
        json!({"title": "Launch the gauge", "progressComputed": 50}),
    )
    .await;
    item(
        &world,
        "sell",
        Some("gauge"),
        "key_result",
        "ada",
        json!({"title": "On sale", "progressComputed": 50}),
    )
    .await;
    let test = json!({"title": "Test it", "actionStatus": "done", "storyPoints": "3", "progressComputed": 100});
    item(&world, "test", Some("sell"), "action", "ben", test).await;
    let price = json!({"title": "Price it", "actionStatus": "pending", "storyPoints": "3"});
    item(&world, "price", Some("sell"), "action", "ben", price).await;
    world
}

async fn item(world: &World, id: &str, parent: Option<&str>, kind: &str, owner: &str, more: Value) {
    let mut data = json!({
        "organizationId": "acme", "workspaceId": "sales", "type": kind, "title": id, "ownerUserId": owner,
        "assigneeUserIds": [], "parentId": parent, "progressComputed": 0, "sortOrder": 0.0,
    });
    for (column, value) in more.as_object().unwrap() {
        data[column] = value.clone();
    }
    world.row("okr_items", id, data, &[]).await.unwrap();
}

/// Many at once, a hundred in a request.
async fn items(world: &World, rows: &[Value]) {
    for rows in rows.chunks(100) {
        let path = format!("/tablesdb/{DATABASE}/tables/okr_items/rows");
        let made = world
            .api(reqwest::Method::POST, &path, Some(json!({"rows": rows})))
            .await;
        let made = made.unwrap();
        assert_eq!(made.status, 201, "{}", made.body);
    }
}

/// So many pending actions of ben's below a key result, whose names begin so.
fn actions(name: &str, count: usize, title: &str, points: &str) -> Vec<Value> {
    let action = |n: usize| {
        json!({
            "$id": format!("{name}{n:05}"), "organizationId": "acme", "workspaceId": "sales", "type": "action",
            "title": title, "ownerUserId": "ben", "assigneeUserIds": [], "parentId": "sell", "progressComputed": 0,
            "sortOrder": 0.0, "actionStatus": "pending", "storyPoints": points,
        })
    };
    (0..count).map(action).collect()
}

async fn pending(world: &World, id: &str, requester: &str) {
    let data = json!({
        "organizationId": "acme", "workspaceId": "sales", "requestedByUserId": requester, "type": "okr_summary",
        "status": "pending",
    });
    let readers = [format!("read(\"user:{requester}\")")];
    world.row("reports", id, data, &readers).await.unwrap();
}

async fn found(world: &World, id: &str) -> Value {
    world.find("reports", id).await.unwrap().unwrap()
}

async fn ended(world: &World, id: &str) -> Value {
    let is_over = |row: &Value| row["status"] == "done" || row["status"] == "failed";
    world.watch("reports", id, is_over).await.unwrap()
}

async fn call(world: &World, user: &str, path: &str, body: Value) -> Reply {
    world
        .call(FUNCTION, user, "POST", path, &body)
        .await
        .unwrap()
}

async fn ask(world: &World, user: &str) -> Reply {
    call(
        world,
        user,
        "/",
        json!({"workspaceId": "sales", "type": "okr_summary"}),
    )
    .await
}

/// The report is done and says what follows from its own snapshot.
#[track_caller]
fn holds(row: &Value) {
    assert_eq!(row["status"], "done", "{}", row["errorMessage"]);
    let text = |column: &str| row[column].as_str().unwrap().to_owned();
    let (input, output) = (text("inputSnapshotJson"), text("outputJson"));
    let verified = verify(&input, &output, &text("outputMarkdown"));
    assert!(verified.is_ok(), "{verified:?}");
    let meta = |text: &str| serde_json::from_str::<Value>(text).unwrap()["meta"].clone();
    // What a model did is told beside the statements.
    let mut made = meta(&output);
    made.as_object_mut().unwrap().remove("model");
    assert_eq!(meta(&input), made);
    assert!(meta(&input)["functionExecutionId"].is_string());
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    let found = (reply.status, reply.body["error"]["code"].as_str());
    assert_eq!(found, (status, Some(code)), "{}", reply.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_made_by_the_frontend_becomes_a_report_that_proves_itself() {
    let world = acme().await;
    pending(&world, "report1", "ada").await;
    let row = ended(&world, "report1").await;
    holds(&row);
    let markdown = row["outputMarkdown"].as_str().unwrap();
    assert!(markdown.contains("**50 % reached. "), "{markdown}");
    assert!(markdown.contains("Launch the gauge"), "{markdown}");
    let reply = call(&world, "ada", "/verify", json!({"reportId": "report1"})).await;
    assert_eq!(
        (reply.status, &reply.body["holds"]),
        (200, &json!(true)),
        "{}",
        reply.body
    );

    let forged = markdown.replace("50 %", "60 %");
    world
        .change("reports", "report1", json!({"outputMarkdown": forged}))
        .await
        .unwrap();
    let reply = call(&world, "ada", "/verify", json!({"reportId": "report1"})).await;
    assert_eq!(reply.body["holds"], false);
    assert_eq!(
        reply.body["doubt"],
        "Line 3 of the Markdown is not the rendering of the statements."
    );
    refused(
        &call(&world, "ben", "/verify", json!({"reportId": "report1"})).await,
        404,
        "not_found",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tool_proves_a_stored_report_without_a_server() {
    let world = acme().await;
    pending(&world, "report1", "ada").await;
    let row = ended(&world, "report1").await;
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, value: &Value| {
        let file = folder.path().join(name);
        std::fs::write(&file, value.to_string()).unwrap();
        tool(HOST, &world, &["verify", file.to_str().unwrap()])
    };
    let (holds, told) = check("row.json", &row);
    assert!(
        holds && told.contains("statements follow from the snapshot"),
        "{told}"
    );
    let documents = json!({
        "snapshot": row["inputSnapshotJson"], "output": row["outputJson"], "markdown": row["outputMarkdown"],
    });
    assert!(check("documents.json", &documents).0);
    let mut forged = row.clone();
    forged["outputJson"] = json!(row["outputJson"].as_str().unwrap().replace(":50", ":51"));
    let (holds, told) = check("forged.json", &forged);
    assert!(
        !holds && told.contains("does not follow from the snapshot"),
        "{told}"
    );
    forged = row.clone();
    forged["requestedByUserId"] = json!("ben");
    let (holds, told) = check("foreign.json", &forged);
    assert!(
        !holds && told.contains("another workspace or reader"),
        "{told}"
    );
    let (holds, told) = check("none.json", &json!({"colour": "red"}));
    assert!(
        !holds && told.contains("neither a row of reports nor"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_report_tells_what_changed_since_the_readers_first() {
    let world = acme().await;
    let first = ask(&world, "ben").await;
    assert_eq!(
        (first.status, &first.body["status"]),
        (201, &json!("done")),
        "{}",
        first.body
    );
    assert!(first.body["markdown"]
        .as_str()
        .unwrap()
        .contains("no earlier report"));
    // Somebody else's report is none of ben's.
    ask(&world, "ada").await;
    for (id, data) in [
        (
            "price",
            json!({"actionStatus": "work_in_progress", "progressComputed": 50}),
        ),
        ("sell", json!({"progressComputed": 75})),
        ("gauge", json!({"progressComputed": 75})),
    ] {
        world.change("okr_items", id, data).await.unwrap();
    }
    let body = json!({"workspaceId": "sales", "type": "okr_summary", "language": "de"});
    let second = call(&world, "ben", "/", body).await;
    assert_eq!(second.status, 201, "{}", second.body);
    let id = second.body["reportId"].as_str().unwrap();
    assert_ne!(first.body["reportId"], second.body["reportId"]);
    let row = found(&world, id).await;
    holds(&row);
    let markdown = row["outputMarkdown"].as_str().unwrap();
    assert!(
        markdown.contains("| +25 | „Price it“ begonnen |"),
        "{markdown}"
    );
    assert!(
        markdown.contains("75 % erreicht, 25 Punkte mehr als am"),
        "{markdown}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_gets_no_report() {
    let world = acme().await;
    refused(&ask(&world, "zoe").await, 404, "not_found");
    refused(&ask(&world, "mia").await, 404, "not_found");
    let period = |from: &str, to: &str| json!({"workspaceId": "sales", "type": "okr_summary", "period": {"from": from, "to": to}});
    let past = period("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    refused(
        &call(&world, "ben", "/", past).await,
        400,
        "invalid_request",
    );
    let unknown = json!({"workspaceId": "sales", "type": "okr_summary", "colour": "red"});
    let reply = call(&world, "ben", "/", unknown).await;
    refused(&reply, 400, "invalid_request");
    assert!(reply.body.to_string().contains("colour"), "{}", reply.body);

    // What a row asks for that is not understood, and a row that names somebody who may not.
    let data = json!({
        "organizationId": "acme", "workspaceId": "sales", "requestedByUserId": "ben", "type": "okr_summary",
        "status": "pending", "outputJson": r#"{"request": {"language": "fr"}}"#,
    });
    world.row("reports", "report0", data, &[]).await.unwrap();
    let row = ended(&world, "report0").await;
    assert!(
        row["errorMessage"]
            .as_str()
            .unwrap()
            .starts_with("invalid_request: "),
        "{row}"
    );
    pending(&world, "report1", "mia").await;
    let row = ended(&world, "report1").await;
    assert!(
        row["errorMessage"]
            .as_str()
            .unwrap()
            .starts_with("not_found: "),
        "{row}"
    );
    assert_eq!(world.rows("reports", &[]).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_report_and_writes_nothing() {
    let world = acme().await;
    let body = json!({"workspaceId": "sales", "type": "okr_summary", "dryRun": true});
    let reply = call(&world, "ben", "/", body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.body["changes"].as_array().unwrap().len(), 2);
    assert!(reply.body["markdown"]
        .as_str()
        .unwrap()
        .contains("50 % reached"));
    assert!(world.rows("reports", &[]).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_report_is_returned_instead_of_a_second_and_can_be_cancelled() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    pending(&world, "report1", "ben").await;
    let reply = ask(&world, "ben").await;
    assert_eq!(
        (reply.status, &reply.body["reportId"]),
        (200, &json!("report1")),
        "{}",
        reply.body
    );
    let cancel = json!({"jobId": "report1"});
    refused(
        &call(&world, "ada", "/cancel", cancel.clone()).await,
        404,
        "not_found",
    );
    let reply = call(&world, "ben", "/cancel", cancel.clone()).await;
    assert_eq!(reply.body["status"], "failed", "{}", reply.body);
    assert_eq!(call(&world, "ben", "/cancel", cancel).await.status, 200);
    let row = found(&world, "report1").await;
    assert!(row["errorMessage"]
        .as_str()
        .unwrap()
        .starts_with("cancelled: "));
    refused(
        &call(&world, "ben", "/verify", json!({"reportId": "report1"})).await,
        409,
        "conflict",
    );
    assert_eq!(
        ask(&world, "ben").await.status,
        201,
        "what was cancelled is not in the way"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_writes_what_was_missed() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    pending(&world, "report1", "ben").await;
    sweep(&world, FUNCTION).await;
    assert_eq!(found(&world, "report1").await["status"], "pending");
    world.age("reports", "report1").await.unwrap();
    sweep(&world, FUNCTION).await;
    holds(&found(&world, "report1").await);
}

/// Sixteen sweeps find one missed report; one writes it.
#[tokio::test(flavor = "multi_thread")]
async fn sixteen_executions_at_once_write_a_report_once() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    pending(&world, "report1", "ben").await;
    world.age("reports", "report1").await.unwrap();
    let world = Arc::new(world);
    let mut at_once = JoinSet::new();
    for _ in 0..16 {
        let world = Arc::clone(&world);
        at_once.spawn(async move { world.appwrite.tick(FUNCTION).await });
    }
    at_once.join_all().await;
    holds(&found(&world, "report1").await);
    let logs = world.logs(FUNCTION).await.unwrap();
    let ran = logs.iter().filter(|log| log.contains("\"run\":1")).count();
    assert_eq!(
        ran, 1,
        "one sweep wrote the report, fifteen found nothing to do"
    );
}

/// 5,000 items in one execution; says what they cost.
#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_items_are_one_execution() {
    let world = acme().await;
    let mut rows = Vec::new();
    for n in 0..4_996 {
        let (kind, parent) = match n {
            0..100 => ("objective", None),
            100..600 => ("key_result", Some(format!("item{:05}", n % 100))),
            _ => ("action", Some(format!("item{:05}", 100 + n % 500))),
        };
        let is_action = kind == "action";
        rows.push(json!({
            "$id": format!("item{n:05}"), "organizationId": "acme", "workspaceId": "sales", "type": kind,
            "title": format!("Item {n} of a workspace that has grown for some years"), "ownerUserId": "ben",
            "assigneeUserIds": ["ada"], "parentId": parent, "progressComputed": 0, "sortOrder": 0.0,
            "dueDate": "2027-01-01T00:00:00.000+00:00",
            "actionStatus": is_action.then_some("pending"), "storyPoints": is_action.then_some("3"),
        }));
    }
    items(&world, &rows).await;
    let reply = ask(&world, "ben").await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let first = found(&world, reply.body["reportId"].as_str().unwrap()).await;
    holds(&first);
    // The second is compared with the first.
    for n in 600..1_600 {
        let done = json!({"actionStatus": "done", "progressComputed": 100});
        world
            .change("okr_items", &format!("item{n:05}"), done)
            .await
            .unwrap();
    }
    let reply = ask(&world, "ben").await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let second = found(&world, reply.body["reportId"].as_str().unwrap()).await;
    holds(&second);
    let logs = world.logs(FUNCTION).await.unwrap();
    let told: Vec<&str> = logs
        .iter()
        .flat_map(|log| log.lines())
        .filter(|line| !line.is_empty())
        .collect();
    println!("{}", told.join("\n"));
    println!(
        "at most {}",
        tests::most_memory(FUNCTION)
            .unwrap_or_else(|| "as much memory as nobody tells here".to_owned())
    );
    assert!(
        told.iter().any(|line| line.contains("items=5000")),
        "{told:?}"
    );
}

/// The report that was just asked for, and what it tells of changes: points, how many, and of which item.
async fn changes_of(world: &World, reply: &Reply) -> (Value, Vec<(i64, u64, Value)>) {
    assert_eq!(reply.status, 201, "{}", reply.body);
    let row = found(world, reply.body["reportId"].as_str().unwrap()).await;
    holds(&row);
    let output: Value = serde_json::from_str(row["outputJson"].as_str().unwrap()).unwrap();
    let statements = output["statements"].as_array().unwrap();
    let of_kind = |kind: &str| {
        let of_kind = statements.iter().filter(move |said| said["kind"] == kind);
        of_kind.map(|said| &said["figures"]).collect::<Vec<_>>()
    };
    let difference = of_kind("difference")[0];
    let points = |figures: &Value| figures["points"].as_i64().unwrap();
    let told = of_kind("changed").into_iter().map(|changed| {
        let count = changed["count"].as_u64().unwrap();
        (points(changed), count, changed["title"].clone())
    });
    let told: Vec<_> = told.collect();
    let rest: i64 = of_kind("rest").into_iter().map(points).sum();
    let sum: i64 = told.iter().map(|(points, ..)| points).sum();
    let shown = |name: &str| difference[name].as_i64().unwrap();
    assert_eq!(sum + rest, shown("now") - shown("before"));
    (row, told)
}

/// Up to 2,000 changes are worked out one by one, so that a large one has its name; with more of them kinds are told. What
/// weighs nothing comes along to make them many.
#[tokio::test(flavor = "multi_thread")]
async fn more_than_two_thousand_changes_are_told_kind_by_kind_and_add_up() {
    let world = acme().await;
    assert_eq!(ask(&world, "ben").await.status, 201);
    let show = |progress: i64| {
        let world = &world;
        async move {
            for id in ["sell", "gauge"] {
                let data = json!({"progressComputed": progress});
                world.change("okr_items", id, data).await.unwrap();
            }
        }
    };

    items(&world, &actions("first", 1_999, "Weighs nothing", "0")).await;
    let done = json!({"actionStatus": "done", "progressComputed": 100});
    world.change("okr_items", "price", done).await.unwrap();
    show(99).await;
    let (_, told) = changes_of(&world, &ask(&world, "ben").await).await;
    let named: Vec<_> = told.iter().filter(|told| told.2 == "Price it").collect();
    assert_eq!(named.len(), 1, "{told:?}");
    assert!(named[0].0 >= 49, "{told:?}");
    assert!(told
        .iter()
        .any(|told| (told.1, &told.2) == (1_999, &Value::Null)));

    items(&world, &actions("second", 2_000, "Weighs nothing", "0")).await;
    let reopened = json!({"actionStatus": "pending", "progressComputed": 0});
    world.change("okr_items", "price", reopened).await.unwrap();
    show(50).await;
    let (row, told) = changes_of(&world, &ask(&world, "ben").await).await;
    let counts: Vec<(i64, u64)> = told
        .iter()
        .map(|(points, count, _)| (*points, *count))
        .collect();
    assert_eq!(counts, [(-50, 1), (0, 2_000)], "{told:?}");
    assert!(told.iter().all(|told| told.2 == Value::Null), "{told:?}");
    let markdown = row["outputMarkdown"].as_str().unwrap();
    assert!(
        markdown.contains("| −50 | 1 of 2001 changes: reopened |"),
        "{markdown}"
    );
}

/// Titles as long as the column takes, of the largest characters there are.
#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_whose_snapshot_is_too_large_to_keep_is_refused_and_a_smaller_one_is_not() {
    const MEBIBYTE: usize = 1024 * 1024;
    let world = acme().await;
    let title = "\u{10348}".repeat(512);
    items(&world, &actions("first", 2_700, &title, "3")).await;
    let reply = ask(&world, "ben").await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let row = found(&world, reply.body["reportId"].as_str().unwrap()).await;
    holds(&row);
    let size = row["inputSnapshotJson"].as_str().unwrap().len();
    assert!((5 * MEBIBYTE..6 * MEBIBYTE).contains(&size), "{size} bytes");

    items(&world, &actions("second", 500, &title, "3")).await;
    let reply = ask(&world, "ben").await;
    refused(&reply, 413, "too_large");
    let failed = json!({"method": "equal", "attribute": "status", "values": ["failed"]});
    let failed = world.rows("reports", &[failed]).await.unwrap();
    assert_eq!(failed.len(), 1);
    let message = failed[0]["errorMessage"].as_str().unwrap();
    assert!(
        message.starts_with("too_large: ") && message.contains("split it"),
        "{message}"
    );
    assert_eq!(failed[0]["outputMarkdown"], Value::Null);
}

/// Twenty reports of an organisation are under way, held in the middle of being made; the twenty-first call is refused, and
/// all others end well.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_one_reports_at_once_twenty_are_written() {
    let world = Arc::new(acme().await);
    world.mute(FUNCTION).await.unwrap();
    let people: Vec<String> = (0..=job::MAX_OPEN).map(|n| format!("person{n}")).collect();
    for person in &people {
        world.member("acme", person, "member").await.unwrap();
        let joined = world.workspace_member("acme", "sales", person, "workspace_user", true);
        joined.await.unwrap();
    }
    let between = Between::to(&world.appwrite, &[]).await;
    let path = format!("/tablesdb/{DATABASE}/tables/reports/rows");
    // The last of them is this test's own.
    between.gather(&format!("POST /v1{path}"), job::MAX_OPEN + 1);
    let host = Arc::new(Host::start(HOST, FUNCTION, &world, &between.endpoint));
    let mut calls = JoinSet::new();
    for person in people {
        let host = Arc::clone(&host);
        calls.spawn(async move {
            let headers = [
                ("x-appwrite-trigger", "http"),
                ("x-appwrite-user-id", &person),
            ];
            let request = json!({"workspaceId": "sales", "type": "okr_summary"});
            host.execute(&format!("call-{person}"), &headers, &request)
                .await
        });
    }
    let (status, body) = calls.join_next().await.unwrap().unwrap();
    assert_eq!(
        (status, &body["error"]["code"]),
        (429, &json!("too_many_jobs")),
        "{body}"
    );
    assert!(
        world.rows("reports", &[]).await.unwrap().is_empty(),
        "all others are held"
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let released = client
        .post(format!("{}{path}", between.endpoint))
        .send()
        .await
        .unwrap();
    assert!(released.status().is_client_error());
    for (status, body) in calls.join_all().await {
        assert_eq!(status, 201, "{body}");
    }
    let rows = world.rows("reports", &[]).await.unwrap();
    assert_eq!(rows.len(), job::MAX_OPEN);
    rows.iter().for_each(holds);
}

/// What others have made and nobody has begun counts, until it is cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn with_twenty_reports_open_a_twenty_first_is_refused_until_one_is_cancelled() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    for n in 0..job::MAX_OPEN {
        pending(&world, &format!("report{n}"), "ben").await;
    }
    refused(&ask(&world, "ada").await, 429, "too_many_jobs");
    assert_eq!(
        ask(&world, "ben").await.status,
        200,
        "one of the twenty is this one"
    );
    let cancelled = call(&world, "ben", "/cancel", json!({"jobId": "report7"})).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.body);
    let reply = ask(&world, "ada").await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(
        world.rows("reports", &[]).await.unwrap().len(),
        job::MAX_OPEN + 1
    );
}
