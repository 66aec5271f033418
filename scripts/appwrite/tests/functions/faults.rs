//! Requests of functions that go wrong on the wire: which ones, how, and what their sender sees of it.

use embedded_appwrite::{Fault, Nth, Requests, Storm, When};
use serde_json::{json, Value};

use crate::world::{As, World, ROWS};

/// How long the function waits for an answer that does not come.
const PATIENCE: u64 = 300;

async fn world() -> World {
    let world = World::with_a_table().await;
    let scopes = json!({"scopes": ["rows.read", "rows.write"], "timeout": 60});
    world.function("asker", scopes).await;
    world
}

/// What a function sees when it asks this.
async fn ask(world: &World, method: &str, path: &str, body: Value) -> Value {
    let asked = json!({"method": method, "path": path, "body": body, "patience": PATIENCE});
    let body = json!({"path": "/api", "body": asked.to_string()});
    World::echoed(&world.execute(As::Key, "asker", body).await)
}

async fn create(world: &World, id: &str) -> Value {
    let row = json!({"rowId": id, "data": {"title": "t"}});
    ask(world, "POST", ROWS, row).await
}

async fn count(world: &World) -> Value {
    world.call(As::Key, "GET", ROWS, json!(null)).await.body["total"].clone()
}

#[tokio::test]
async fn every_fault_is_what_it_is_called_on_the_wire() {
    let world = world().await;
    let (mut rows, mut row) = (0, 0);
    for (fault, seen) in [
        (Fault::Answer(503), "\"status\":503"),
        (Fault::Answer(429), "general_rate_limit_exceeded"),
        (Fault::Garble, "Welcome"),
        (Fault::BreakOff, "the answer broke off"),
        (Fault::Lose, "connection closed before message completed"),
        (Fault::Reset, "Connection reset by peer"),
        (Fault::TimeOut, "operation timed out"),
    ] {
        for when in [When::Before, When::After] {
            let planned = Requests::CreateOf("items").nth(1);
            world.appwrite.break_request(planned, when, fault.clone());
            row += 1;
            let got = create(&world, &format!("r{row}")).await.to_string();
            assert!(got.contains(seen), "{fault:?} {when:?}: {got}");
            world.appwrite.idle().await;
            rows += usize::from(when == When::After);
            assert_eq!(count(&world).await, rows, "{fault:?} {when:?}");
        }
    }
}

#[tokio::test]
async fn a_fault_strikes_the_nth_request_of_its_kind_and_no_other() {
    let world = world().await;
    let planned = Requests::PatchOf("items").nth(2);
    world
        .appwrite
        .break_request(planned, When::Before, Fault::Answer(500));
    create(&world, "r1").await;
    let mut statuses = Vec::new();
    for n in 0..3 {
        let change = json!({"data": {"title": format!("t{n}")}});
        let patched = ask(&world, "PATCH", &format!("{ROWS}/r1"), change).await;
        let listed = ask(&world, "GET", ROWS, json!(null)).await;
        statuses.push((patched["status"].clone(), listed["status"].clone()));
    }
    let expect = [200, 500, 200].map(|status| (json!(status), json!(200)));
    assert_eq!(statuses, expect);
    // Keys are spared.
    world
        .appwrite
        .break_request(1, When::Before, Fault::Answer(500));
    assert_eq!(count(&world).await, 1);
    assert!(world.appwrite.is_fault_planned());
}

/// The next execution is one that has asked nothing before, and only its requests are counted.
#[tokio::test]
async fn a_fault_of_the_next_execution_strikes_no_other() {
    let world = world().await;
    world
        .function("other", json!({"scopes": ["rows.read"]}))
        .await;
    let plan = |nth| {
        let which = Requests::Any.nth(nth).of_next_execution("asker");
        world
            .appwrite
            .break_request(which, When::Before, Fault::Answer(500));
    };
    // Each execution asks once, so that no execution's second request is ever asked.
    plan(2);
    for id in ["r1", "r2", "r3"] {
        create(&world, id).await;
    }
    assert!(world.appwrite.is_fault_planned());
    plan(1);
    let asked = json!({"method": "GET", "path": ROWS, "patience": PATIENCE});
    let body = json!({"path": "/api", "body": asked.to_string()});
    let of_other = World::echoed(&world.execute(As::Key, "other", body).await);
    assert_eq!(of_other["status"], 200, "{of_other}");
    assert!(world.appwrite.is_fault_planned());
    assert_eq!(create(&world, "r4").await["status"], 500);
    assert_eq!(count(&world).await, 3);
}

#[tokio::test]
async fn the_log_tells_who_asked_what_when_and_what_became_of_it() {
    let world = world().await;
    let which = Nth::from(2);
    world
        .appwrite
        .break_request(which, When::After, Fault::Lose);
    for id in ["r1", "r2"] {
        create(&world, id).await;
    }
    let log = world.appwrite.take_log();
    let log: Vec<&str> = log
        .iter()
        .filter(|line| line.starts_with("request "))
        .map(String::as_str)
        .collect();
    let executions = world
        .call(As::Key, "GET", "/functions/asker/executions", json!(null))
        .await;
    let asked = |n: usize| {
        let execution = executions.body["executions"][n - 1]["$id"].as_str();
        let execution = execution.unwrap();
        format!("request {n} of asker {execution}: POST {ROWS}")
    };
    assert_eq!(
        log,
        [
            asked(1).as_str(),
            "request 1 is answered 201",
            asked(2).as_str(),
            "request 2 is answered 201",
            "request 2 gets Lose instead",
        ]
    );
}

/// What becomes of each of 60 requests one after another, by kind.
async fn weather(seed: u64) -> [Vec<String>; 2] {
    let world = world().await;
    world.appwrite.set_storm(Some(Storm {
        seed,
        refused: 20,
        cut: 20,
        timed_out: 2,
        late: 10,
        killed: 5,
    }));
    for n in 0..30 {
        for (method, body) in [
            (
                "POST",
                json!({"rowId": format!("r{n}"), "data": {"title": "t"}}),
            ),
            ("GET", json!(null)),
        ] {
            let asked = json!({"method": method, "path": ROWS, "body": body, "patience": PATIENCE});
            let body = json!({"path": "/api", "body": asked.to_string()});
            world.execute(As::Key, "asker", body).await;
            world.appwrite.idle().await;
        }
    }
    world.appwrite.set_storm(None);
    let log = world.appwrite.take_log();
    ["POST", "GET"].map(|method| {
        let asked = format!(": {method} ");
        log.iter()
            .filter(|line| line.contains(&asked))
            .flat_map(|line| {
                let number = line.split(' ').nth(1).unwrap();
                let of_it = format!("request {number} ");
                log.iter().filter_map(move |line| {
                    let rest = line.strip_prefix(&of_it)?;
                    (!rest.starts_with("of ")).then(|| rest.to_owned())
                })
            })
            .collect()
    })
}

#[tokio::test]
async fn a_storm_of_the_same_seed_does_the_same_to_every_kind_of_request() {
    let (first, again, other) = tokio::join!(weather(3), weather(3), weather(4));
    assert_eq!(first, again);
    assert_ne!(first, other);
    for what in ["Answer(5", "Answer(429)", "Lose", "Reset", "late"] {
        let all = first.concat();
        assert!(
            all.iter().any(|line| line.contains(what)),
            "no {what}: {all:?}"
        );
    }
}
