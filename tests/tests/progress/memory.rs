//! What a process remembers must deceive nobody: two processes whose events are handed out one by one, so that each
//! hears exactly what could leave it with a wrong memory.

use std::cell::Cell;
use std::collections::HashSet;
use std::time::Duration;

use domain::time::Timestamp;
use embedded_appwrite::{Fault, When};
use reqwest::Method;
use serde_json::{json, Value};
use tests::{world, Host, World, DATABASE};

use crate::converge::{execute, host};
use crate::{acme, change, row, runs, shown, FUNCTION, HOST, ITEMS};

/// How an event was dealt with: by a look, by a full list, and how many rows were written.
#[derive(Debug, PartialEq, Eq)]
enum Run {
    Looked,
    Settled { written: u64 },
}

struct Stage {
    world: World,
    hosts: [Host; 2],
    executions: Cell<usize>,
}

/// The first process, and the second.
const A: usize = 0;
const B: usize = 1;

impl Stage {
    /// Rows of an hour ago, and two processes that know nothing of them.
    async fn new<L: AsRef<str>>(lines: &[L]) -> Self {
        let world = world(HOST).await;
        world.organization("acme", "Acme", "ada").await.unwrap();
        for workspace in ["sales", "support"] {
            world.workspace("acme", workspace).await.unwrap();
        }
        world.mute(FUNCTION).await.unwrap();
        create(&world, lines).await;
        Self {
            hosts: [host(&world), host(&world)],
            executions: Cell::default(),
            world,
        }
    }

    /// Writes a row, of which nobody hears.
    async fn write(&self, id: &str, data: Value) {
        self.world.change("okr_items", id, data).await.unwrap();
    }

    async fn erase(&self, id: &str) {
        let path = format!("{ITEMS}/{id}");
        let gone = self.world.api(Method::DELETE, &path, None).await.unwrap();
        assert_eq!(gone.status, 204);
    }

    /// Tells a process of a row as it is now.
    async fn tell(&self, process: usize, id: &str) -> Run {
        let row = self.world.find("okr_items", id).await.unwrap();
        self.tell_of(process, id, "update", row.unwrap()).await
    }

    async fn tell_of(&self, process: usize, id: &str, action: &str, row: Value) -> Run {
        let execution = format!("run-{}", self.executions.replace(self.executions.get() + 1));
        let event = format!("databases.{DATABASE}.tables.okr_items.rows.{id}.{action}");
        let reply = execute(&self.hosts[process], &execution, ("event", &event), &row).await;
        match reply["asRemembered"] == true {
            true => Run::Looked,
            false => Run::Settled {
                written: reply["written"].as_u64().unwrap(),
            },
        }
    }

    async fn shown<const N: usize>(&self, ids: [&str; N]) -> [i64; N] {
        shown(&self.world, &ids).await.try_into().unwrap()
    }
}

/// Creates rows that were last written an hour ago.
async fn create<L: AsRef<str>>(world: &World, lines: &[L]) {
    let rows = lines.iter().map(|line| {
        let mut row = row(line.as_ref());
        row["$updatedAt"] = json!(ago(3_600));
        row
    });
    let body = json!({"rows": rows.collect::<Vec<_>>()});
    let made = world.api(Method::POST, ITEMS, Some(body)).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.body);
}

fn wrote(written: u64) -> Run {
    Run::Settled { written }
}

/// A time so long before now.
fn ago(seconds: u64) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test has no cx that hands it the time"
    )]
    let now = Timestamp::new(chrono::Utc::now());
    now.minus(Duration::from_secs(seconds)).to_string()
}

/// One done action of two, so that the key result is half done.
const HALF: [&str; 4] = ["o - O", "k o K", "q k A pending", "r k A done"];

/// The same among more rows than a look shows.
fn half_of_many() -> Vec<String> {
    let more = (0..60).map(|number| format!("a{number} k A pending 0"));
    HALF.map(String::from).into_iter().chain(more).collect()
}

/// An hour old, and one row of them just dragged.
async fn stage_of_many() -> Stage {
    let stage = Stage::new(&half_of_many()).await;
    stage.write("a59", json!({"positionX": 0.5})).await;
    stage
}

/// The same where events come to one process by themselves, all right and remembered.
async fn world_at_rest() -> World {
    let world = acme().await;
    create(&world, &half_of_many()).await;
    world.appwrite.idle().await;
    // Rows that are all of one time are too many to look at. This drag makes them old.
    change(&world, "q", json!({"positionX": 0.5})).await;
    world
}

#[tokio::test]
async fn what_changes_nothing_is_looked_at_once_settled() {
    let stage = stage_of_many().await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    // The echoes of the three writes, a drag, and a change of what progress does not follow from.
    for id in ["k", "o", "r"] {
        assert_eq!(stage.tell(A, id).await, Run::Looked);
    }
    stage.write("q", json!({"positionX": 1.5})).await;
    assert_eq!(stage.tell(A, "q").await, Run::Looked);
    stage.write("q", json!({"title": "Another"})).await;
    assert_eq!(stage.tell(A, "q").await, Run::Looked);
    // Another process has to see for itself, once.
    assert_eq!(stage.tell(B, "q").await, wrote(0));
    assert_eq!(stage.tell(B, "q").await, Run::Looked);
    stage.write("q", json!({"actionStatus": "done"})).await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    assert_eq!(stage.shown(["o", "k", "q", "r"]).await, [99, 99, 100, 100]);
}

#[tokio::test]
async fn a_change_that_another_process_heard_of_and_its_way_back_deceive_nobody() {
    let stage = Stage::new(&HALF).await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    stage.write("q", json!({"actionStatus": "done"})).await;
    assert_eq!(stage.tell(B, "q").await, wrote(3));
    // Back to what A remembers, but for the parents, which B wrote.
    stage.write("q", json!({"actionStatus": "pending"})).await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    assert_eq!(stage.shown(["o", "k", "q"]).await, [50, 50, 0]);
    // B's echoes come late, and to the other one.
    assert_eq!(stage.tell(A, "k").await, Run::Looked);
    assert_eq!(stage.tell(B, "k").await, wrote(0));
}

#[tokio::test]
async fn what_is_deleted_for_good_is_missed_by_a_process_that_never_heard_of_it() {
    let stage = Stage::new(&HALF).await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    let gone = stage.world.find("okr_items", "r").await.unwrap().unwrap();
    stage.erase("r").await;
    stage
        .write("q", json!({"actionStatus": "work_in_progress"}))
        .await;
    // Half done as before: B writes the action's own row and no other.
    assert_eq!(stage.tell_of(B, "r", "delete", gone).await, wrote(1));
    assert_eq!(stage.tell(B, "q").await, Run::Looked);
    // All rows that there are as A remembers them, once the action's own is right again; one is missing.
    stage
        .write(
            "q",
            json!({"actionStatus": "pending", "progressComputed": 0}),
        )
        .await;
    assert_eq!(stage.tell(A, "q").await, wrote(2));
    assert_eq!(stage.shown(["o", "k", "q"]).await, [0, 0, 0]);
}

#[tokio::test]
async fn what_is_deleted_or_moved_away_unheard_is_missed_at_the_next_event() {
    for away in [
        json!({"deletedAt": ago(0)}),
        json!({"workspaceId": "support"}),
        json!({"organizationId": "other"}),
    ] {
        let stage = stage_of_many().await;
        assert_eq!(stage.tell(A, "q").await, wrote(3));
        stage.write("r", away.clone()).await;
        stage.write("a7", json!({"positionX": 1.5})).await;
        assert_eq!(stage.tell(A, "a7").await, wrote(2), "{away}");
        assert_eq!(stage.shown(["o", "k"]).await, [0, 0]);
    }
}

#[tokio::test]
async fn a_row_that_comes_back_or_in_unheard_is_found_at_the_next_event() {
    let stage = stage_of_many().await;
    stage.write("q", json!({"deletedAt": ago(0)})).await;
    assert_eq!(stage.tell(A, "k").await, wrote(3));
    assert_eq!(stage.shown(["o", "k"]).await, [99, 99]);
    // One comes back and another leaves: as many as before.
    stage.write("q", json!({"deletedAt": null})).await;
    stage.erase("a7").await;
    assert_eq!(stage.tell(A, "k").await, wrote(2));
    assert_eq!(stage.shown(["o", "k"]).await, [50, 50]);
}

#[tokio::test]
async fn a_change_unheard_is_found_behind_more_drags_than_a_look_shows() {
    let stage = stage_of_many().await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    stage.write("q", json!({"actionStatus": "done"})).await;
    for number in 0..40 {
        stage
            .write(&format!("a{number}"), json!({"positionX": 1.5}))
            .await;
    }
    assert_eq!(stage.tell(A, "a3").await, wrote(3));
    assert_eq!(stage.shown(["o", "k"]).await, [99, 99]);
}

#[tokio::test]
async fn a_commit_seen_long_after_its_time_is_found_at_the_next_event() {
    let stage = stage_of_many().await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    for number in 0..40 {
        stage
            .write(&format!("a{number}"), json!({"positionX": 1.5}))
            .await;
    }
    // More rows were written than a look shows: a list, and from then on they are known.
    assert_eq!(stage.tell(A, "a3").await, wrote(0));
    // Older than all of them.
    let late = json!({"actionStatus": "done", "$updatedAt": ago(50)});
    stage.write("q", late).await;
    assert_eq!(stage.tell(A, "a3").await, wrote(3));
    assert_eq!(stage.shown(["o", "k"]).await, [99, 99]);
}

#[tokio::test]
async fn a_key_that_writes_a_time_long_past_is_heard_by_its_event_and_found_by_the_sweep() {
    let stage = stage_of_many().await;
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    stage
        .write(
            "q",
            json!({"actionStatus": "done", "$updatedAt": ago(7_200)}),
        )
        .await;
    // Out of sight of whoever hears of something else.
    assert_eq!(stage.tell(A, "a3").await, Run::Looked);
    assert_eq!(stage.tell(A, "q").await, wrote(3));
    assert_eq!(stage.shown(["o", "k"]).await, [99, 99]);

    stage
        .write(
            "q",
            json!({"actionStatus": "pending", "$updatedAt": ago(7_200)}),
        )
        .await;
    assert_eq!(stage.tell(A, "a3").await, Run::Looked);
    let swept = execute(&stage.hosts[A], "sweep", ("schedule", ""), &Value::Null).await;
    assert_eq!(swept["rowsRepaired"], 3, "{swept}");
    assert_eq!(stage.shown(["o", "k"]).await, [50, 50]);
    // The sweep refreshed what is remembered.
    assert_eq!(stage.tell(A, "q").await, Run::Looked);
}

#[tokio::test]
async fn a_late_event_that_shows_its_row_as_it_was_is_settled_and_changes_nothing() {
    let stage = Stage::new(&HALF).await;
    let before = stage.world.find("okr_items", "q").await.unwrap().unwrap();
    stage.write("q", json!({"actionStatus": "done"})).await;
    assert_eq!(stage.tell(A, "q").await, wrote(4));
    assert_eq!(stage.tell_of(A, "q", "update", before).await, wrote(0));
    assert_eq!(stage.shown(["o", "k", "q"]).await, [100, 100, 100]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drag_costs_one_list_of_few_rows_and_a_completion_one_of_all() {
    let world = world_at_rest().await;
    let (known, _) = runs(&world, &HashSet::new()).await;
    change(&world, "q", json!({"positionX": 7.5})).await;
    let (known, drag) = runs(&world, &known).await;
    let costs = |runs: &[crate::Run]| {
        let sum = |of: fn(&crate::Run) -> u64| runs.iter().map(of).sum::<u64>();
        (
            sum(|run| run.calls),
            sum(|run| run.written),
            sum(|run| run.bytes),
        )
    };
    let (calls, written, look) = costs(&drag);
    assert_eq!((drag.len(), calls, written), (1, 1, 0), "{drag:?}");

    change(&world, "q", json!({"actionStatus": "done"})).await;
    assert_eq!(shown(&world, &["o", "k", "q"]).await, [99, 99, 100]);
    let (_, completion) = runs(&world, &known).await;
    let (calls, written, bytes) = costs(&completion);
    assert_eq!((completion.len(), written), (4, 3), "{completion:?}");
    // A list, three writes, and at most a look for each of them: fewer where echoes came together.
    assert!((5..=7).contains(&calls), "{completion:?}");
    let all = look * half_of_many().len() as u64 / 32;
    assert!(
        look < all * 2 / 3 && bytes < all * 5 / 4 + 3 * look,
        "{look} {bytes} of {all}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_others_join_looks_for_what_their_events_tell_too() {
    let world = world_at_rest().await;
    // While one run is held at its look, drags wait for the next one; with them comes a change that no look shows.
    world.appwrite.break_request(1, When::Before, Fault::Hold);
    let write = |id: &'static str, data: Value| world.change("okr_items", id, data);
    write("q", json!({"positionX": 1.5})).await.unwrap();
    world.appwrite.held().await;
    for drag in 0..6 {
        write("q", json!({"positionX": drag})).await.unwrap();
        if drag == 3 {
            let unseen = json!({"actionStatus": "pending", "$updatedAt": ago(7_200)});
            write("r", unseen).await.unwrap();
        }
    }
    world.appwrite.let_go();
    world.appwrite.idle().await;
    assert_eq!(shown(&world, &["o", "k", "r"]).await, [0, 0, 0]);
}
