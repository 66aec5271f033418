//! Every request of every way into scrape-enrich goes wrong in every way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use tests::faults::{break_every_request, check_ways_in, Recovery, Scenario, State};
use tests::jobs::{ByCall, ByEvent, BySweep, Jobs};
use world::model_server::{Turn, NOTHING};

use super::*;

const TABLE: &str = "scrape_jobs";

/// A world of organisations that ada owns, one for each run.
async fn ada() -> World {
    let world = world(HOST).await;
    world.appwrite.set_schedule_by_hand(true);
    world.user("ada", "ada").await.unwrap();
    world
}

/// The same without events.
async fn ada_without_events() -> World {
    let world = ada().await;
    world.mute(FUNCTION).await.unwrap();
    world
}

async fn organization(world: &World, key: &str) {
    let name = format!("Organisation {key}");
    world.organization(key, &name, "ada").await.unwrap();
}

/// A job of the organisation that has its name.
async fn job(world: &World, key: &str, more: Value) {
    let mut data = json!({
        "organizationId": key, "requestedByUserId": "ada", "sourceUrl": world.site.url(), "status": "pending",
    });
    for (column, value) in more.as_object().into_iter().flatten() {
        data[column] = value.clone();
    }
    let readers = ["read(\"user:ada\")".to_owned()];
    world.row(TABLE, key, data, &readers).await.unwrap();
}

async fn jobs_of(world: &World, organization: &str) -> Vec<Value> {
    let of = json!({"method": "equal", "attribute": "organizationId", "values": [organization]});
    world.rows(TABLE, &[of]).await.unwrap()
}

async fn ask(world: &World, path: &str, body: Value) -> Reply {
    let reply = world.call(FUNCTION, "ada", "POST", path, &body).await;
    reply.unwrap()
}

/// A profile of the site, by the execution that the row names.
fn holds(row: &Value) {
    let document: Value = serde_json::from_str(row["prefillJson"].as_str().unwrap()).unwrap();
    assert_eq!(document["schema"], "valyourise/profile@1", "{row}");
    assert_eq!(document["profile"]["address"]["value"]["city"], "Bristol");
    let execution = &row["functionExecutionId"];
    assert!(execution.is_string(), "{row}");
    assert_eq!(document["meta"]["functionExecutionId"], *execution);
    assert!(row["finishedAt"].is_string() && row["errorMessage"].is_null());
}

/// One organisation of ada's has the jobs of a run.
#[derive(Default)]
struct ScrapeJobs {
    /// It lets a model be asked.
    opted_in: bool,
    /// Jobs that say they were helped by one.
    with_model: Arc<AtomicUsize>,
}

impl Jobs for ScrapeJobs {
    const FUNCTION: &'static str = FUNCTION;
    const TABLE: &'static str = TABLE;
    const EVENT: &'static str = "event of scrape_jobs";

    async fn world(&self, with_events: bool) -> World {
        let world = match with_events {
            true => ada().await,
            false => ada_without_events().await,
        };
        world.model.always(Turn::Text(NOTHING.to_owned()));
        world
    }

    async fn prepare(&self, world: &World, key: &str) {
        organization(world, key).await;
        world.opt_in(key, self.opted_in).await.unwrap();
    }

    async fn write(&self, world: &World, key: &str) {
        job(world, key, json!({})).await;
    }

    async fn ask(&self, world: &World, key: &str) -> Reply {
        let request = json!({"organizationId": key, "sourceUrl": world.site.url()});
        ask(world, "/", request).await
    }

    async fn rows(&self, world: &World, key: &str) -> Vec<Value> {
        jobs_of(world, key).await
    }

    /// With a model or, where its use could not be counted, without.
    fn holds(&self, row: &Value) {
        holds(row);
        let is_with_model = row["provider"] == "127.0.0.1";
        assert!(row["provider"] == "rules" || is_with_model && self.opted_in);
        self.with_model
            .fetch_add(usize::from(is_with_model), Ordering::Relaxed);
    }

    fn check_result(&self, reply: &Reply) {
        let city = &reply.body["document"]["profile"]["address"]["value"]["city"];
        assert_eq!(city, "Bristol");
    }

    /// What the site says.
    fn secrets(&self) -> Vec<String> {
        vec!["Bristol".to_owned()]
    }
}

/// An owner copies what was found to the organisation.
struct Apply;

impl Scenario for Apply {
    type Run = String;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /apply";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        ada_without_events().await
    }

    async fn prepare(&self, world: &World, key: &str) -> String {
        organization(world, key).await;
        let mut profile = jobs::blank_profile();
        profile["industry"] = json!({
            "value": "Anvils", "confidence": 0.7, "method": "meta",
            "evidence": [{"url": world.site.url(), "quote": "Anvils", "start": 0, "end": 6}],
        });
        let document = json!({
            "schema": "valyourise/profile@1", "source": world.site.url(), "pages": [], "profile": profile,
            "meta": {"functionExecutionId": "e1", "startedAt": "2026-01-01T00:00:00.000+00:00", "attempt": 1},
        });
        let done = json!({"status": "done", "prefillJson": document.to_string()});
        job(world, key, done).await;
        key.to_owned()
    }

    async fn start(&self, world: &World, key: &String) -> Option<Reply> {
        Some(ask(world, "/apply", json!({"jobId": key})).await)
    }

    async fn recover(&self, world: &World, key: &String, _: Recovery) -> Option<Reply> {
        self.start(world, key).await
    }

    async fn state(&self, world: &World, key: &String, was_cut_short: bool) -> State {
        let row = world.find("organizations", key).await.unwrap().unwrap();
        let of = json!({"method": "equal", "attribute": "itemId", "values": [key]});
        let logged = world.rows("item_activity_log", &[of]).await.unwrap().len();
        if row["industry"].is_null() {
            assert_eq!((logged, &row["lastEnrichedAt"]), (0, &Value::Null));
            return State::Untouched;
        }
        assert_eq!(row["industry"], "Anvils");
        assert_eq!(row["lastEnrichmentSource"], "ai");
        assert!(logged == 1 || logged == 0 && was_cut_short, "{logged}");
        State::Done
    }

    fn check_answer(&self, key: &String, reply: &Reply) {
        assert_eq!(reply.body["organizationId"], *key, "{}", reply.body);
        let same = json!({"field": "industry", "reason": "same"});
        let kept = reply.body["kept"].as_array().unwrap();
        assert_eq!(
            reply.body["applied"] == json!(["industry"]),
            !kept.contains(&same)
        );
    }

    fn secrets(&self, _: &String) -> Vec<String> {
        vec!["Anvils".to_owned()]
    }
}

/// Its requester gives a job up.
struct Cancel;

impl Scenario for Cancel {
    type Run = String;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /cancel";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        ada_without_events().await
    }

    async fn prepare(&self, world: &World, key: &str) -> String {
        organization(world, key).await;
        job(world, key, json!({})).await;
        key.to_owned()
    }

    async fn start(&self, world: &World, key: &String) -> Option<Reply> {
        Some(ask(world, "/cancel", json!({"jobId": key})).await)
    }

    async fn recover(&self, world: &World, key: &String, _: Recovery) -> Option<Reply> {
        self.start(world, key).await
    }

    async fn state(&self, world: &World, key: &String, _: bool) -> State {
        let row = world.find(TABLE, key).await.unwrap().unwrap();
        let state = jobs::state_of_cancelled(&row);
        assert!(state == State::Untouched || row["finishedAt"].is_string());
        state
    }

    fn check_answer(&self, key: &String, reply: &Reply) {
        let told = (&reply.body["jobId"], &reply.body["status"]);
        assert_eq!(told, (&json!(key), &json!("failed")), "{}", reply.body);
    }
}

#[test]
fn every_way_into_the_function_has_a_scenario() {
    let scenarios = [
        ByEvent::<ScrapeJobs>::WAY_IN,
        BySweep::<ScrapeJobs>::WAY_IN,
        ByCall::<ScrapeJobs>::WAY_IN,
        Apply::WAY_IN,
        Cancel::WAY_IN,
    ];
    check_ways_in(FUNCTION, &scenarios);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_a_call_makes_ends_whatever_request_goes_wrong() {
    break_every_request(ByCall(ScrapeJobs::default())).await;
}

/// Each way in with a model, which makes one request more and those of without.
async fn break_every_request_with_model<S: Scenario>(scenario: impl FnOnce(ScrapeJobs) -> S) {
    let with_model = Arc::new(AtomicUsize::new(0));
    let jobs = ScrapeJobs {
        opted_in: true,
        with_model: Arc::clone(&with_model),
    };
    let broken = break_every_request(scenario(jobs)).await;
    let all: usize = broken.by_way.values().sum();
    let with_model = with_model.load(Ordering::Relaxed);
    println!("with a model {with_model} of {all}");
    assert!(2 * with_model > all, "{with_model} of {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_with_a_model_that_an_event_starts_ends_whatever_request_goes_wrong() {
    break_every_request_with_model(ByEvent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_with_a_model_that_a_sweep_finds_ends_whatever_request_goes_wrong() {
    break_every_request_with_model(BySweep).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_with_a_model_that_a_call_makes_ends_whatever_request_goes_wrong() {
    break_every_request_with_model(ByCall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_applied_once_whatever_request_goes_wrong() {
    break_every_request(Apply).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_cancelled_whatever_request_goes_wrong() {
    break_every_request(Cancel).await;
}
