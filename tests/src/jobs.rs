//! Jobs as tests find them: what is the same of all functions that run some when their requests go wrong, and what jobs are
//! filled with.

use std::future::Future;

use extraction::extract::Profile;
use extraction::profile::Reason;
use serde_json::Value;
use world::{Reply, World};

use crate::faults::{is_documented, Recovery, Scenario, State};
use crate::sweep;

/// The jobs of one function. Each run is about the jobs for somebody who has the run's key.
pub trait Jobs: Send + Sync + 'static {
    const FUNCTION: &'static str;
    const TABLE: &'static str;

    /// The way in of a row that is created, as [`crate::faults::check_ways_in`] names it.
    const EVENT: &'static str;

    /// A world whose crons stand still, and where the function hears of rows or does not.
    fn world(&self, with_events: bool) -> impl Future<Output = World> + Send;

    /// Makes whomever the jobs are for.
    fn prepare(&self, world: &World, key: &str) -> impl Future<Output = ()> + Send;

    /// Writes a pending job under the key, as the frontend's server would.
    fn write(&self, world: &World, key: &str) -> impl Future<Output = ()> + Send;

    /// Asks the function for a job, and waits for it.
    fn ask(&self, world: &World, key: &str) -> impl Future<Output = Reply> + Send;

    /// All jobs of the key.
    fn rows(&self, world: &World, key: &str) -> impl Future<Output = Vec<Value>> + Send;

    /// Judges the row of a job that is done.
    ///
    /// # Panics
    /// Where it does not hold what the function promises.
    fn holds(&self, row: &Value);

    /// Judges what a caller is answered whose job is done.
    ///
    /// # Panics
    /// Where it is not what the caller was promised.
    fn check_result(&self, reply: &Reply);

    /// What the rows say, and no log does.
    fn secrets(&self) -> Vec<String>;
}

/// The frontend's server writes a row.
pub struct ByEvent<J>(pub J);

/// A row was written, and its event was lost.
pub struct BySweep<J>(pub J);

/// Somebody asks, and waits for the job.
pub struct ByCall<J>(pub J);

impl<J: Jobs> Scenario for ByEvent<J> {
    type Run = String;
    const FUNCTION: &'static str = J::FUNCTION;
    const WAY_IN: &'static str = J::EVENT;
    const RECOVERIES: &'static [Recovery] = &[Recovery::Sweep];

    async fn world(&self) -> World {
        self.0.world(true).await
    }

    async fn prepare(&self, world: &World, key: &str) -> String {
        self.0.prepare(world, key).await;
        key.to_owned()
    }

    async fn start(&self, world: &World, key: &String) -> Option<Reply> {
        self.0.write(world, key).await;
        None
    }

    async fn recover(&self, world: &World, key: &String, _: Recovery) -> Option<Reply> {
        sweep_open(&self.0, world, key).await;
        None
    }

    async fn state(&self, world: &World, key: &String, _: bool) -> State {
        state_of_one(&self.0, world, key).await
    }

    fn secrets(&self, _: &String) -> Vec<String> {
        self.0.secrets()
    }
}

impl<J: Jobs> Scenario for BySweep<J> {
    type Run = String;
    const FUNCTION: &'static str = J::FUNCTION;
    const WAY_IN: &'static str = "sweep";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Sweep];
    const WAITS_ALONE: bool = true;

    async fn world(&self) -> World {
        self.0.world(false).await
    }

    async fn prepare(&self, world: &World, key: &str) -> String {
        self.0.prepare(world, key).await;
        self.0.write(world, key).await;
        world.age(J::TABLE, key).await.expect("an older job");
        key.to_owned()
    }

    async fn start(&self, world: &World, _: &String) -> Option<Reply> {
        sweep(world, J::FUNCTION).await;
        None
    }

    async fn recover(&self, world: &World, key: &String, _: Recovery) -> Option<Reply> {
        sweep_open(&self.0, world, key).await;
        None
    }

    async fn state(&self, world: &World, key: &String, _: bool) -> State {
        state_of_one(&self.0, world, key).await
    }

    fn secrets(&self, _: &String) -> Vec<String> {
        self.0.secrets()
    }
}

impl<J: Jobs> Scenario for ByCall<J> {
    type Run = String;
    const FUNCTION: &'static str = J::FUNCTION;
    const WAY_IN: &'static str = "POST /";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again, Recovery::Sweep];

    async fn world(&self) -> World {
        self.0.world(true).await
    }

    async fn prepare(&self, world: &World, key: &str) -> String {
        self.0.prepare(world, key).await;
        key.to_owned()
    }

    async fn start(&self, world: &World, key: &String) -> Option<Reply> {
        Some(self.0.ask(world, key).await)
    }

    async fn recover(&self, world: &World, key: &String, by: Recovery) -> Option<Reply> {
        let reply = match by {
            Recovery::Again => self.start(world, key).await,
            Recovery::Sweep => None,
        };
        sweep_open(&self.0, world, key).await;
        // Of a job that is under way nothing is known yet.
        reply.filter(|reply| reply.body["status"] != "running")
    }

    /// Whoever asks twice may have two, one after the other.
    async fn state(&self, world: &World, key: &String, was_cut_short: bool) -> State {
        let rows = self.0.rows(world, key).await;
        assert!(rows.len() <= 1 + usize::from(was_cut_short), "{rows:?}");
        state_of_rows(&self.0, &rows)
    }

    fn check_answer(&self, _: &String, reply: &Reply) {
        assert_eq!(reply.body["status"], "done", "{}", reply.body);
        self.0.check_result(reply);
    }

    fn secrets(&self, _: &String) -> Vec<String> {
        self.0.secrets()
    }
}

/// Brings the lease of the key's jobs to its end, if they are unfinished, and sweeps as often as it takes at most: one sweep
/// runs one job that was begun before.
async fn sweep_open<J: Jobs>(jobs: &J, world: &World, key: &str) {
    for row in jobs.rows(world, key).await {
        if is_open(&row) {
            let id = row["$id"].as_str().expect("an id");
            world.age(J::TABLE, id).await.expect("an older job");
            sweep(world, J::FUNCTION).await;
        }
    }
}

/// How far the key's only job came.
async fn state_of_one<J: Jobs>(jobs: &J, world: &World, key: &str) -> State {
    let rows = jobs.rows(world, key).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    state_of_rows(jobs, &rows)
}

/// How far jobs of one purpose came, which is done if any is. None is unfinished, or failed in words that nobody documents.
fn state_of_rows<J: Jobs>(jobs: &J, rows: &[Value]) -> State {
    let mut state = State::Untouched;
    for row in rows {
        assert!(!is_open(row), "{row}");
        if row["status"] == "done" {
            jobs.holds(row);
            state = State::Done;
        } else {
            let message = row["errorMessage"].as_str().expect("words");
            assert!(is_documented(message), "{row}");
            if state == State::Untouched {
                state = State::Failed;
            }
        }
    }
    state
}

/// How far the cancelling of a job came that was pending.
///
/// # Panics
/// Where it has ended in another way.
pub fn state_of_cancelled(row: &Value) -> State {
    if row["status"] == "pending" {
        return State::Untouched;
    }
    assert_eq!(row["status"], "failed", "{row}");
    let message = row["errorMessage"].as_str().expect("words");
    assert!(message.starts_with("cancelled: "), "{message}");
    State::Done
}

fn is_open(row: &Value) -> bool {
    matches!(row["status"].as_str(), Some("pending" | "running"))
}

/// A profile in which nothing is stated, as `scrape_jobs.prefillJson` holds it.
pub fn blank_profile() -> Value {
    let profile = Profile::blank(Reason::NotStated);
    serde_json::to_value(profile).expect("a profile is JSON")
}
