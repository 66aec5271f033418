//! Every request of every way into report-generate goes wrong in every way.

use tests::faults::{break_every_request, check_ways_in, Recovery, Scenario, State};
use tests::jobs::{ByCall, ByEvent, BySweep, Jobs};

use super::*;

const TABLE: &str = "reports";

async fn acme_without_events() -> World {
    let world = acme().await;
    world.appwrite.set_schedule_by_hand(true);
    world.mute(FUNCTION).await.unwrap();
    world
}

/// Somebody who takes part in sales and has no report yet.
async fn reader(world: &World, key: &str) -> String {
    world.member("acme", key, "member").await.unwrap();
    world
        .workspace_member("acme", "sales", key, "workspace_user", true)
        .await
        .unwrap();
    key.to_owned()
}

async fn reports_of(world: &World, reader: &str) -> Vec<Value> {
    let of = json!({"method": "equal", "attribute": "requestedByUserId", "values": [reader]});
    world.rows(TABLE, &[of]).await.unwrap()
}

/// What the items are called, and no log says.
fn titles() -> Vec<String> {
    ["Launch the gauge", "Price it"].map(str::to_owned).into()
}

/// The same with a model that writes the first verdict of each reader, and is wrong about a second.
async fn with_model(world: World) -> World {
    world.opt_in("acme", true).await.unwrap();
    world.model.always(prose::sentences(&prose::TRUE));
    world
}

/// One reader has the reports of a run.
struct Reports;

impl Jobs for Reports {
    const FUNCTION: &'static str = FUNCTION;
    const TABLE: &'static str = TABLE;
    const EVENT: &'static str = "event of reports";

    async fn world(&self, with_events: bool) -> World {
        if !with_events {
            return with_model(acme_without_events().await).await;
        }
        let world = acme().await;
        world.appwrite.set_schedule_by_hand(true);
        with_model(world).await
    }

    async fn prepare(&self, world: &World, key: &str) {
        reader(world, key).await;
    }

    async fn write(&self, world: &World, key: &str) {
        pending(world, key, key).await;
    }

    async fn ask(&self, world: &World, key: &str) -> Reply {
        ask(world, key).await
    }

    async fn rows(&self, world: &World, key: &str) -> Vec<Value> {
        reports_of(world, key).await
    }

    fn holds(&self, row: &Value) {
        holds(row);
    }

    fn check_result(&self, reply: &Reply) {
        let markdown = reply.body["markdown"].as_str().unwrap();
        let is_told = markdown.contains("**50 % reached")
            || markdown.contains("**The workspace stands at 50 %");
        assert!(is_told, "{markdown}");
    }

    fn secrets(&self) -> Vec<String> {
        titles()
    }
}

/// A reader has a report proven again, which changes nothing.
struct Verify;

impl Scenario for Verify {
    type Run = Value;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /verify";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        let world = acme_without_events().await;
        let reply = ask(&world, "ben").await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        world
    }

    async fn prepare(&self, world: &World, _: &str) -> Value {
        let mut rows = reports_of(world, "ben").await;
        rows.pop().unwrap()
    }

    async fn start(&self, world: &World, row: &Value) -> Option<Reply> {
        Some(call(world, "ben", "/verify", json!({"reportId": row["$id"]})).await)
    }

    async fn recover(&self, world: &World, row: &Value, _: Recovery) -> Option<Reply> {
        self.start(world, row).await
    }

    async fn state(&self, world: &World, row: &Value, _: bool) -> State {
        assert_eq!(reports_of(world, "ben").await, std::slice::from_ref(row));
        State::Done
    }

    fn check_answer(&self, row: &Value, reply: &Reply) {
        assert_eq!(reply.body["reportId"], row["$id"]);
        assert_eq!(reply.body["holds"], true, "{}", reply.body);
    }

    fn secrets(&self, _: &Value) -> Vec<String> {
        titles()
    }
}

/// A reader gives a report up.
struct Cancel;

impl Scenario for Cancel {
    type Run = String;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /cancel";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme_without_events().await
    }

    async fn prepare(&self, world: &World, key: &str) -> String {
        let reader = reader(world, key).await;
        pending(world, key, &reader).await;
        reader
    }

    async fn start(&self, world: &World, reader: &String) -> Option<Reply> {
        Some(call(world, reader, "/cancel", json!({"jobId": reader})).await)
    }

    async fn recover(&self, world: &World, reader: &String, _: Recovery) -> Option<Reply> {
        self.start(world, reader).await
    }

    async fn state(&self, world: &World, reader: &String, _: bool) -> State {
        jobs::state_of_cancelled(&found(world, reader).await)
    }

    fn check_answer(&self, _: &String, reply: &Reply) {
        assert_eq!(reply.body["status"], "failed", "{}", reply.body);
    }
}

#[test]
fn every_way_into_the_function_has_a_scenario() {
    let scenarios = [
        ByEvent::<Reports>::WAY_IN,
        BySweep::<Reports>::WAY_IN,
        ByCall::<Reports>::WAY_IN,
        Verify::WAY_IN,
        Cancel::WAY_IN,
    ];
    check_ways_in(FUNCTION, &scenarios);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_an_event_starts_ends_whatever_request_goes_wrong() {
    break_every_request(ByEvent(Reports)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_a_sweep_finds_ends_whatever_request_goes_wrong() {
    break_every_request(BySweep(Reports)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_a_call_makes_ends_whatever_request_goes_wrong() {
    break_every_request(ByCall(Reports)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_proven_whatever_request_goes_wrong() {
    break_every_request(Verify).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_cancelled_whatever_request_goes_wrong() {
    break_every_request(Cancel).await;
}
