//! Jobs whose requests to Appwrite go wrong.

use std::future::Future;

use embedded_appwrite::{Fault, When};
use extraction::extract::Profile;
use extraction::profile::Reason;
use serde_json::Value;
use valyou::world::World;

use crate::sweep;

/// Runs a job for every request that it makes, and breaks that one, before and after it was carried out; where the job was
/// left unfinished, the sweep comes once its lease is over. `pending` makes a job under the given id, whose number is the
/// request's; `check` judges the row in the end. Returns how many requests were broken.
///
/// # Panics
/// Where a row is not there, or cannot be written.
pub async fn break_every_request<Making: Future<Output = ()>>(
    world: &World,
    (function, table): (&str, &str),
    fault: &Fault,
    pending: impl Fn(String) -> Making,
    check: impl Fn(&Value, usize),
) -> usize {
    let mut broken = 0;
    for when in [When::Before, When::After] {
        for nth in 1.. {
            let id =
                domain::ids::derived("test", &[&format!("{fault:?}{when:?}{nth}")]).to_string();
            world.appwrite.break_request(nth, when, fault.clone());
            pending(id.clone()).await;
            tokio::select! {
                () = world.appwrite.held() => world.appwrite.let_go(),
                () = world.appwrite.idle() => {}
            }
            world.appwrite.idle().await;
            if world.appwrite.is_fault_planned() {
                break;
            }
            broken += 1;
            let row = || async {
                let found = world.find(table, &id).await.expect("an answer");
                found.expect("the job")
            };
            if matches!(row().await["status"].as_str(), Some("pending" | "running")) {
                world.age(table, &id).await.expect("an older job");
                sweep(world, function).await;
            }
            check(&row().await, nth);
        }
    }
    broken
}

/// A profile in which nothing is stated, as `scrape_jobs.prefillJson` holds it.
pub fn blank_profile() -> Value {
    let profile = Profile::blank(Reason::NotStated);
    serde_json::to_value(profile).expect("a profile is JSON")
}
