//! progress-recompute over the wire: real events, real processes, the embedded Appwrite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "progress/board.rs"]
mod board;
#[path = "progress/converge.rs"]
mod converge;
#[path = "progress/faults.rs"]
mod faults;
#[path = "progress/memory.rs"]
mod memory;
#[expect(dead_code, reason = "only the pure tests look behind the rounding")]
#[path = "../../functions/progress-recompute/tests/pure/oracle.rs"]
mod oracle;
#[path = "../../functions/progress-recompute/tests/pure/script.rs"]
mod script;

use std::collections::{BTreeMap, HashSet};
use std::future::Future;

use embedded_appwrite::{Fault, Requests, When};
use reqwest::Method;
use serde_json::{json, Value};
use tests::{by_hand, world, Reply, Run, World, DATABASE};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");
const FUNCTION: &str = "progress-recompute";
const ITEMS: &str = "/tablesdb/main_dev/tables/okr_items/rows";

/// Acme with its workspace sales: ada owns the organisation, bob is the workspace's admin, mia a user of it, sam below
/// mia, tom not active any more; zoe belongs to another organisation.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.organization("other", "Other", "zoe").await.unwrap();
    world.workspace("acme", "sales").await.unwrap();
    for (user, role, active) in [
        ("bob", "workspace_admin", true),
        ("mia", "workspace_user", true),
        ("sam", "workspace_user", true),
        ("tom", "workspace_user", false),
    ] {
        world.member("acme", user, "member").await.unwrap();
        world
            .workspace_member("acme", "sales", user, role, active)
            .await
            .unwrap();
    }
    world
        .change(
            "workspace_memberships",
            "sales-sam",
            json!({"managerUserId": "mia"}),
        )
        .await
        .unwrap();
    world
}

/// A row of okr_items from `id parent type [status [points [owner]]]`; a dash stands for nothing.
fn row(line: &str) -> Value {
    let mut words = line
        .split_whitespace()
        .map(|word| (word != "-").then_some(word));
    let mut next = || words.next().flatten();
    let (id, parent) = (next(), next());
    let kind = match next() {
        Some("O") => "objective",
        Some("K") => "key_result",
        _ => "action",
    };
    json!({
        "$id": id, "organizationId": "acme", "workspaceId": "sales", "type": kind, "title": format!("Item {}", id.unwrap()),
        "parentId": parent, "actionStatus": next(), "storyPoints": next(), "ownerUserId": next().unwrap_or("ada"),
        "assigneeUserIds": [], "progressComputed": 0, "sortOrder": 1.0,
    })
}

/// Creates items one by one and waits for what follows.
async fn items(world: &World, lines: &[&str]) {
    for line in lines {
        let mut data = row(line);
        let id = data["$id"].take();
        data.as_object_mut().unwrap().remove("$id");
        world
            .row("okr_items", id.as_str().unwrap(), data, &[])
            .await
            .unwrap();
    }
    world.appwrite.idle().await;
}

async fn change(world: &World, id: &str, data: Value) {
    world.change("okr_items", id, data).await.unwrap();
    world.appwrite.idle().await;
}

async fn percents(world: &World) -> BTreeMap<String, i64> {
    let limit = json!({"method": "limit", "values": [5000]});
    let rows = world.rows("okr_items", &[limit]).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row["$id"].as_str().unwrap().to_owned(),
                row["progressComputed"].as_i64().unwrap(),
            )
        })
        .collect()
}

/// The per cents of these items, in this order.
async fn shown(world: &World, ids: &[&str]) -> Vec<i64> {
    let all = percents(world).await;
    ids.iter().map(|id| all[*id]).collect()
}

/// The ids of all executions, and what those say that are not among `known`.
async fn runs(world: &World, known: &HashSet<String>) -> (HashSet<String>, Vec<Run>) {
    world.runs(FUNCTION, known).await.unwrap()
}

/// Runs the cron and gives back what it says it did.
async fn sweep(world: &World) -> Value {
    let (known, _) = runs(world, &HashSet::new()).await;
    tests::sweep(world, FUNCTION).await;
    world.appwrite.idle().await;
    let (_, runs) = runs(world, &known).await;
    let line = runs
        .iter()
        .flat_map(|run| run.logs.lines())
        .find_map(|line| line.split_once("sweep {"));
    serde_json::from_str(&format!("{{{}", line.expect("a sweep tells what it did").1)).unwrap()
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.body["error"]["code"].as_str()),
        (status, Some(code)),
        "{}",
        reply.body
    );
}

async fn explain(world: &World, user: &str, item: &str) -> Reply {
    let request = json!({"method": "GET", "path": format!("/explain?itemId={item}")});
    world
        .call_with(FUNCTION, Some(user), request)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_action_moves_what_is_above_it_in_few_calls_and_without_a_loop() {
    let world = acme().await;
    items(
        &world,
        &[
            "o - O",
            "k o K",
            "l o K",
            "a k A pending 3",
            "b k A pending 1",
            "c l A done 2",
        ],
    )
    .await;
    assert_eq!(
        shown(&world, &["o", "k", "l", "a", "b", "c"]).await,
        [50, 0, 100, 0, 0, 100]
    );

    let (known, _) = runs(&world, &HashSet::new()).await;
    change(&world, "a", json!({"actionStatus": "done"})).await;
    assert_eq!(shown(&world, &["o", "k", "a"]).await, [88, 75, 100]);
    let (known, after) = runs(&world, &known).await;
    let written: u64 = after.iter().map(|run| run.written).sum();
    assert_eq!(written, 3, "{after:?}");
    assert!(after.len() as u64 <= 1 + written, "{after:?}");

    // A drag on the canvas: one execution, one list, no write.
    change(&world, "a", json!({"positionX": 7.5})).await;
    let (_, drag) = runs(&world, &known).await;
    assert_eq!(
        drag.iter()
            .map(|run| (run.calls, run.written))
            .collect::<Vec<_>>(),
        [(1, 0)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_edits_shares_runs_and_misses_nothing() {
    let world = acme().await;
    let mut lines = vec!["o - O".to_owned(), "k o K".to_owned()];
    lines.extend((0..40).map(|number| format!("a{number} k A pending 1")));
    items(
        &world,
        &lines.iter().map(String::as_str).collect::<Vec<_>>(),
    )
    .await;
    let (known, _) = runs(&world, &HashSet::new()).await;
    let edits = (0..40).map(|number| {
        let world = &world;
        async move {
            world
                .change(
                    "okr_items",
                    &format!("a{number}"),
                    json!({"actionStatus": "done"}),
                )
                .await
                .unwrap()
        }
    });
    futures_util::future::join_all(edits).await;
    world.appwrite.idle().await;
    assert!(percents(&world)
        .await
        .values()
        .all(|percent| *percent == 100));
    let (_, after) = runs(&world, &known).await;
    let sum = |of: fn(&Run) -> u64| after.iter().map(of).sum::<u64>();
    let (executions, written, calls) = (
        after.len() as u64,
        sum(|run| run.written),
        sum(|run| run.calls),
    );
    println!("40 edits at once: {executions} executions, {written} rows written, {calls} calls");
    assert_eq!(executions, 40 + written);
    assert!(calls < executions + written, "no list was shared");
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_deletes_and_restores_mend_every_parent() {
    let world = acme().await;
    items(
        &world,
        &[
            "o - O",
            "k o K",
            "l o K",
            "a k A done",
            "b k A pending",
            "c l A pending",
        ],
    )
    .await;
    assert_eq!(shown(&world, &["o", "k", "l"]).await, [25, 50, 0]);
    change(&world, "a", json!({"parentId": "l"})).await;
    assert_eq!(shown(&world, &["o", "k", "l"]).await, [25, 0, 50]);
    change(
        &world,
        "c",
        json!({"deletedAt": "2026-01-01T00:00:00.000+00:00"}),
    )
    .await;
    assert_eq!(shown(&world, &["o", "k", "l"]).await, [50, 0, 100]);
    change(
        &world,
        "k",
        json!({"deletedAt": "2026-01-01T00:00:00.000+00:00"}),
    )
    .await;
    assert_eq!(shown(&world, &["o", "l"]).await, [100, 100]);
    change(&world, "k", json!({"deletedAt": null})).await;
    assert_eq!(shown(&world, &["o", "k", "l"]).await, [50, 0, 100]);
    let gone = world
        .api(Method::DELETE, &format!("{ITEMS}/k"), None)
        .await
        .unwrap();
    assert_eq!(gone.status, 204);
    world.appwrite.idle().await;
    assert_eq!(shown(&world, &["o", "l", "b"]).await, [100, 100, 0]);
    // An item that moves to another workspace leaves its parent there.
    world.workspace("acme", "support").await.unwrap();
    change(&world, "a", json!({"workspaceId": "support"})).await;
    let reply = world
        .call(
            FUNCTION,
            "bob",
            "POST",
            "/",
            &json!({"workspaceId": "sales"}),
        )
        .await
        .unwrap();
    assert_eq!(
        (reply.status, &reply.body["changed"]),
        (200, &json!(2)),
        "{}",
        reply.body
    );
    assert_eq!(reply.status, 200, "{}", reply.body);
    world.appwrite.idle().await;
    assert_eq!(shown(&world, &["o", "l", "a"]).await, [0, 0, 100]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_spelling_and_kind_of_event_is_heard_and_foreign_ones_are_not() {
    let world = acme().await;
    // Bulk creates go out under the old names, upserts under one that cannot be subscribed to by itself.
    let rows = ["o - O", "k o K", "a k A done 1"].map(row);
    let answer = world
        .api(Method::POST, ITEMS, Some(json!({"rows": rows})))
        .await
        .unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    world.appwrite.idle().await;
    assert_eq!(shown(&world, &["o", "k", "a"]).await, [100, 100, 100]);
    let mut data = row("b k A pending 3");
    data.as_object_mut().unwrap().remove("$id");
    let answer = world
        .api(
            Method::PUT,
            &format!("{ITEMS}/b"),
            Some(json!({"data": data})),
        )
        .await
        .unwrap();
    assert!(answer.status < 300, "{}", answer.body);
    world.appwrite.idle().await;
    assert_eq!(shown(&world, &["o", "k", "b"]).await, [25, 25, 0]);

    let (known, _) = runs(&world, &HashSet::new()).await;
    let other = ITEMS.replace(DATABASE, "main_database");
    data["actionStatus"] = json!("done");
    let answer = world
        .api(
            Method::POST,
            &other,
            Some(json!({"rowId": "x", "data": data})),
        )
        .await
        .unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    world.appwrite.idle().await;
    let (_, foreign) = runs(&world, &known).await;
    assert_eq!(foreign.len(), 1);
    assert!(
        foreign[0].calls == 0 && foreign[0].logs.contains("ignored"),
        "{foreign:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_recompute_and_others_may_not() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    items(
        &world,
        &["o - O", "k o K", "a k A done", "lost gone K", "m k K"],
    )
    .await;
    let ask = |dry_run: bool| match dry_run {
        true => json!({"workspaceId": "sales", "dryRun": true}),
        false => json!({"workspaceId": "sales"}),
    };
    for user in ["mia", "sam"] {
        refused(
            &world
                .call(FUNCTION, user, "POST", "/", &ask(true))
                .await
                .unwrap(),
            403,
            "not_allowed",
        );
    }
    let foreign = world
        .call(FUNCTION, "zoe", "POST", "/", &ask(false))
        .await
        .unwrap();
    let absent = world
        .call(
            FUNCTION,
            "zoe",
            "POST",
            "/",
            &json!({"workspaceId": "nothing"}),
        )
        .await
        .unwrap();
    refused(&foreign, 404, "not_found");
    assert_eq!(
        foreign.body["error"]["message"],
        absent.body["error"]["message"]
    );
    refused(
        &world
            .call(FUNCTION, "tom", "POST", "/", &ask(false))
            .await
            .unwrap(),
        404,
        "not_found",
    );
    let unknown = json!({"workspaceId": "sales", "force": true});
    refused(
        &world
            .call(FUNCTION, "bob", "POST", "/", &unknown)
            .await
            .unwrap(),
        400,
        "invalid_request",
    );

    let dry = world
        .call(FUNCTION, "bob", "POST", "/", &ask(true))
        .await
        .unwrap();
    assert_eq!(
        (dry.status, dry.body["changed"].as_u64()),
        (200, Some(3)),
        "{}",
        dry.body
    );
    let patches = |reply: &Reply| {
        reply.body["changes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|change| change["action"] == "update")
            .count()
    };
    assert_eq!((patches(&dry), &dry.body["written"]), (3, &json!(0)));
    assert_eq!(shown(&world, &["o", "k", "a"]).await, [0, 0, 0]);
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &ask(false))
        .await
        .unwrap();
    assert_eq!(
        (
            reply.status,
            reply.body["changed"].as_u64(),
            reply.body["items"].as_u64()
        ),
        (200, Some(3), Some(5))
    );
    assert_eq!(
        reply.body["orphans"],
        json!([{"itemId": "lost", "why": "parent_not_here"}, {"itemId": "m", "why": "impossible_type"}])
    );
    assert_eq!(shown(&world, &["o", "k", "a"]).await, [100, 100, 100]);
    let log = world.rows("item_activity_log", &[]).await.unwrap();
    assert_eq!(
        (log.len(), &log[0]["actorUserId"], &log[0]["requestId"]),
        (1, &json!("ada"), &json!(reply.execution))
    );
    let again = world
        .call(FUNCTION, "ada", "POST", "/", &ask(false))
        .await
        .unwrap();
    assert_eq!(again.body["changed"], 0);
    assert_eq!(world.rows("item_activity_log", &[]).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_explanation_shows_what_the_reader_may_see_and_nothing_else() {
    let world = acme().await;
    items(
        &world,
        &[
            "o - O - - ada",
            "k o K - - ada",
            "a k A done 3 sam",
            "b k A pending 1 ada",
            "c k A pending 1 ada",
            "secret o K - - ada",
            "d secret A work_in_progress 5 ada",
        ],
    )
    .await;
    assert_eq!(shown(&world, &["o", "k", "secret"]).await, [55, 60, 50]);
    let open = explain(&world, "mia", "o").await;
    assert_eq!(
        (open.status, &open.body["basis"], &open.body["exact"]),
        (200, &json!("all_work"), &json!(55.0)),
        "{}",
        open.body
    );
    assert_eq!(open.body["parts"].as_array().unwrap().len(), 2);

    world
        .change("workspaces", "sales", json!({"privacyMode": "option_2"}))
        .await
        .unwrap();
    for user in ["mia", "sam"] {
        let shown = explain(&world, user, "o").await.body;
        assert_eq!(shown["basis"], "visible_work");
        let parts = shown["parts"].as_array().unwrap();
        assert_eq!(
            (parts.len(), &parts[0]["itemId"], &parts[0]["progress"]),
            (1, &json!("k"), &json!(60))
        );
        // No bounds either: hidden work may be unsized, and then the number itself would lie outside of them.
        assert_eq!(
            (&shown["hidden"], &shown["computed"], &shown["band"]),
            (&json!(-5.0), &Value::Null, &Value::Null)
        );
        assert_eq!(explain(&world, user, "k").await.body["band"], Value::Null);
        refused(&explain(&world, user, "secret").await, 404, "not_found");
    }
    let hidden = explain(&world, "mia", "secret").await;
    let absent = explain(&world, "mia", "nothing").await;
    assert_eq!(
        hidden.body["error"]["message"],
        absent.body["error"]["message"]
    );
    refused(&explain(&world, "zoe", "o").await, 404, "not_found");
    refused(&explain(&world, "tom", "o").await, 404, "not_found");
    refused(&explain(&world, "ada", "o").await, 403, "not_allowed");
    assert_eq!(
        explain(&world, "bob", "secret").await.body["basis"],
        "all_work"
    );

    // Hidden work changes, and the numbers that may be known do not: the same bytes. The events are taken away so that
    // the numbers can be held still.
    world.mute(FUNCTION).await.unwrap();
    let mut seen = Vec::new();
    for (item, data) in [
        ("c", json!({"title": "Item c"})),
        ("c", json!({"title": "Other", "storyPoints": "?"})),
        ("c", json!({"actionStatus": "done", "storyPoints": "0"})),
        ("d", json!({"parentId": "o"})),
        (
            "secret",
            json!({"deletedAt": "2026-01-01T00:00:00.000+00:00"}),
        ),
    ] {
        change(&world, item, data).await;
        seen.push([
            explain(&world, "mia", "o").await.body,
            explain(&world, "mia", "k").await.body,
        ]);
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
}

/// A key result with so many actions below it, with titles as long as the column takes.
async fn long_titles(world: &World, actions: usize) {
    let title = "\u{10348}".repeat(512);
    let lines = (0..actions).map(|number| format!("a{number} k A pending"));
    let rows = std::iter::once("k - K".to_owned())
        .chain(lines)
        .map(|line| {
            let mut row = row(&line);
            row["title"] = json!(title);
            row
        });
    let rows: Vec<Value> = rows.collect();
    for rows in rows.chunks(100) {
        let body = json!({"rows": rows});
        let made = world.api(Method::POST, ITEMS, Some(body)).await.unwrap();
        assert_eq!(made.status, 201, "{}", made.body);
    }
}

/// Titles may be long: the workspace is read in pages that fit.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_explanation_reads_stays_in_proportion_to_the_workspace() {
    const ACTIONS: usize = 400;
    /// Bytes of one item beside its title.
    const EACH: u64 = 700;
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    long_titles(&world, ACTIONS).await;
    let mut known = HashSet::new();
    for mode in ["option_1", "option_2"] {
        let data = json!({"privacyMode": mode});
        world.change("workspaces", "sales", data).await.unwrap();
        let data = json!({"ownerUserId": "mia"});
        world.change("okr_items", "a7", data).await.unwrap();
        (known, _) = runs(&world, &known).await;
        let reply = explain(&world, "mia", "a7").await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.body["title"].as_str().unwrap().chars().count(), 512);
        let (_, run) = runs(&world, &known).await;
        let most = (4 * 512 + EACH) * ACTIONS as u64;
        assert!((1..most).contains(&run[0].bytes), "{mode}: {run:?}");
    }

    // Of a whole with many parts those that count most are shown.
    let reply = explain(&world, "bob", "k").await;
    let parts = reply.body["parts"].as_array().unwrap();
    assert_eq!(
        (parts.len(), &reply.body["further"]["parts"]),
        (100, &json!(ACTIONS - 100))
    );
    for named in parts
        .iter()
        .chain([&reply.body, &reply.body["band"]["sizeFirst"]])
    {
        assert_eq!(named["title"].as_str().unwrap().chars().count(), 512);
    }
}

/// Lets `first` go so far that it waits for the list of the workspace's items, its `nth` of them; then `others` ask for
/// the same; when each has had the answers to so many lists of memberships, which come before, all go on.
async fn while_listing<T>(
    world: &World,
    nth: usize,
    first: impl Future<Output = T>,
    others: Vec<impl Future<Output = T>>,
    memberships: usize,
) -> Vec<T> {
    let list = Requests::ListOf("okr_items").nth(nth);
    world
        .appwrite
        .break_request(list, When::Before, Fault::Hold);
    let many = others.len();
    let others = async {
        world.appwrite.held().await;
        world.appwrite.take_log();
        let let_go = async {
            let (mut asked, mut answered) = (HashSet::new(), 0);
            while answered < many * memberships {
                for line in world.appwrite.take_log() {
                    let number = line.split(' ').nth(1).unwrap_or_default().to_owned();
                    if line.ends_with("/workspace_memberships/rows") {
                        asked.insert(number);
                    } else if line.contains(" is answered ") {
                        answered += usize::from(asked.contains(&number));
                    }
                }
                tokio::task::yield_now().await;
            }
            // One that comes a little later is served by a list of its own.
            for _ in 0..1_000 {
                tokio::task::yield_now().await;
            }
            world.appwrite.let_go();
        };
        let others = futures_util::future::join_all(others);
        futures_util::future::join(others, let_go).await.0
    };
    let (first, others) = futures_util::future::join(first, others).await;
    std::iter::once(first).chain(others).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn explanations_of_one_workspace_at_once_share_its_list() {
    const ACTIONS: usize = 300;
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    long_titles(&world, ACTIONS).await;
    let alone = explain(&world, "mia", "a0").await.body;
    let (known, _) = runs(&world, &HashSet::new()).await;
    let explain = || explain(&world, "mia", "a0");
    let others = (0..7).map(|_| explain()).collect();
    let replies = while_listing(&world, 2, explain(), others, 2).await;
    for reply in replies {
        assert_eq!(reply.body, alone);
    }
    let (_, runs) = runs(&world, &known).await;
    let has_listed = |run: &&Run| run.bytes > 100 * ACTIONS as u64;
    let listed = runs.iter().filter(has_listed).count();
    // The one that was under way, the one that the others share, and one for who comes while that is.
    assert!(
        (2..=3).contains(&listed),
        "{listed} of 8 have listed: {runs:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn recomputations_of_one_workspace_at_once_share_a_run_and_its_log() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    items(&world, &["o - O", "k o K", "a k A done"]).await;
    let ask = json!({"workspaceId": "sales"});
    let recompute = || async {
        let reply = world.call(FUNCTION, "bob", "POST", "/", &ask).await;
        reply.unwrap()
    };
    let others = (0..7).map(|_| recompute()).collect();
    let replies = while_listing(&world, 1, recompute(), others, 1).await;
    let mut joined = 0;
    for reply in replies {
        assert_eq!(
            (reply.status, &reply.body["items"]),
            (200, &json!(3)),
            "{}",
            reply.body
        );
        joined += usize::from(reply.body["joined"] == true);
    }
    assert!(
        (5..=6).contains(&joined),
        "{joined} of 8 shared the run of another"
    );
    assert_eq!(shown(&world, &["o", "k", "a"]).await, [100, 100, 100]);
    assert_eq!(world.rows("item_activity_log", &[]).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_repairs_what_lost_events_left_and_logs_it_once_per_workspace() {
    let world = acme().await;
    world.workspace("other", "support").await.unwrap();
    world.mute(FUNCTION).await.unwrap();
    items(
        &world,
        &["o - O", "k o K", "a k A done", "b k A work_in_progress"],
    )
    .await;
    let mut data = row("x - A done");
    data["organizationId"] = json!("other");
    data["workspaceId"] = json!("support");
    data.as_object_mut().unwrap().remove("$id");
    world.row("okr_items", "x", data, &[]).await.unwrap();

    let first = sweep(&world).await;
    assert_eq!(
        (&first["swept"], &first["drifted"], &first["rowsRepaired"]),
        (&json!(2), &json!(2), &json!(5)),
        "{first}"
    );
    assert_eq!(
        shown(&world, &["o", "k", "a", "b", "x"]).await,
        [75, 75, 100, 50, 100]
    );
    let log = world.rows("item_activity_log", &[]).await.unwrap();
    assert_eq!(log.len(), 2);
    let sales = log
        .iter()
        .find(|row| row["workspaceId"] == "sales")
        .unwrap();
    assert_eq!(
        (&sales["actorUserId"], &sales["itemType"]),
        (&json!("system"), &json!("workspace"))
    );
    let after: Value = serde_json::from_str(sales["afterJson"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&after["rows"], &after["progressComputed"]["o"]),
        (&json!(4), &json!(75))
    );

    let second = sweep(&world).await;
    assert_eq!(
        (&second["rowsRepaired"], &second["failed"]),
        (&json!(0), &json!(0)),
        "{second}"
    );
    assert_eq!(world.rows("item_activity_log", &[]).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_written_counts_and_stops_no_other() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    items(
        &world,
        &[
            "o - O - 1",
            "k o K - 1",
            "a k A done 1",
            "l o K - 1",
            "b l A done",
            "c l A pending 1",
        ],
    )
    .await;
    let ask = json!({"workspaceId": "sales"});
    let recompute = || async {
        let reply = world
            .call(FUNCTION, "bob", "POST", "/", &ask)
            .await
            .unwrap();
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body
    };
    // A key gave one row a time that is still to come, and a column does not take any more what another holds there.
    let to_come = json!({"$updatedAt": "2100-01-01T00:00:00.000+00:00"});
    change(&world, "k", to_come).await;
    let points = "/tablesdb/main_dev/tables/okr_items/columns/varchar/storyPoints";
    let required = |required: bool| json!({"required": required, "default": null, "size": 8});
    by_hand(&world.appwrite, "PATCH", points, required(true)).await;

    for written in [3, 0] {
        let body = recompute().await;
        assert_eq!(
            (&body["changed"], &body["written"], &body["unsettled"]),
            (&json!(written), &json!(written), &json!(0)),
            "{body}"
        );
        let named: Vec<&Value> = body["unwritable"].as_array().unwrap().iter().collect();
        assert_eq!((named.len(), &body["unwritableCount"]), (2, &json!(2)));
        assert_eq!(
            (&named[0]["itemId"], &named[1]["itemId"]),
            (&json!("b"), &json!("k"))
        );
        let why = |place: usize| named[place]["why"].as_str().unwrap();
        assert!(why(0).contains("row_invalid_structure"), "{}", why(0));
        assert!(why(1).contains("still to come"), "{}", why(1));
        assert_eq!(
            shown(&world, &["o", "k", "a", "l", "b", "c"]).await,
            [75, 0, 100, 50, 0, 0]
        );
    }
    let swept = sweep(&world).await;
    assert_eq!(
        (
            &swept["failed"],
            &swept["unwritable"],
            &swept["rowsRepaired"]
        ),
        (&json!(0), &json!(2), &json!(0)),
        "{swept}"
    );

    by_hand(&world.appwrite, "PATCH", points, required(false)).await;
    change(&world, "k", json!({"title": "Saved again"})).await;
    assert_eq!(recompute().await["changed"], 2);
    assert_eq!(shown(&world, &["k", "b"]).await, [100, 100]);
    let log = world.rows("item_activity_log", &[]).await.unwrap();
    assert_eq!(log.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_counts_is_explained_whoever_it_names() {
    let world = acme().await;
    items(&world, &["o - O", "k o K", "a k A done"]).await;
    world.mute(FUNCTION).await.unwrap();
    let nobody = json!({"parentId": "", "ownerUserId": "", "assigneeUserIds": [""]});
    change(&world, "o", nobody).await;
    let found = explain(&world, "mia", "o").await;
    assert_eq!(
        (found.status, &found.body["computed"]),
        (200, &json!(100)),
        "{}",
        found.body
    );
    let reporting_line = json!({"privacyMode": "option_2"});
    world
        .change("workspaces", "sales", reporting_line)
        .await
        .unwrap();
    refused(&explain(&world, "mia", "o").await, 404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_make_of_a_row_meanwhile_is_not_counted_as_repaired() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    items(&world, &["k - K", "a k A done"]).await;
    // Both are wrong. k is written, and before a is, its state is taken back, with which both were right as they were.
    let write = Requests::Like("PATCH /tablesdb/*/tables/okr_items/rows/a");
    world
        .appwrite
        .break_request(write.nth(1), When::Before, Fault::Hold);
    let ask = json!({"workspaceId": "sales"});
    let (reply, ()) = tokio::join!(world.call(FUNCTION, "bob", "POST", "/", &ask), async {
        world.appwrite.held().await;
        let pending = json!({"actionStatus": "pending"});
        world.change("okr_items", "a", pending).await.unwrap();
        world.appwrite.let_go();
    });
    let body = reply.unwrap().body;
    assert_eq!(
        (&body["changed"], &body["written"]),
        (&json!(0), &json!(2)),
        "{body}"
    );
    assert_eq!(shown(&world, &["k", "a"]).await, [0, 0]);
    assert_eq!(world.rows("item_activity_log", &[]).await.unwrap().len(), 0);
}
