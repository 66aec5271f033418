//! Every function in a storm: requests of functions are refused, cut off, late and answered to nobody, processes die,
//! all at random. When it is over everything has ended, exactly once.
//!
//! `STORM_SEED` asks for another storm. A test that fails tells its seed and what happened in what order.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;

use embedded_appwrite::{Disorder, Storm};
use fastrand::Rng;
use futures_util::future::join_all;
use serde_json::{json, Value};
use tests::{world, World};
use valyou::invite::{self, Issued};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// Most sweeps until what a storm left is cleaned up: each runs one job that was begun before.
const SWEEPS: usize = JOBS + 5;

/// Acme with its owner ada and its workspace sales, in a storm.
struct Weather {
    world: World,
    seed: u64,
    log: Vec<String>,
}

impl Weather {
    async fn new(storm: Storm) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test on demand is asked for by the environment"
        )]
        let seed = std::env::var("STORM_SEED").map_or(storm.seed, |seed| seed.parse().unwrap());
        let world = world(HOST).await;
        world.organization("acme", "Acme", "ada").await.unwrap();
        world.workspace("acme", "sales").await.unwrap();
        world.appwrite.set_schedule_by_hand(true);
        world.appwrite.set_storm(Some(Storm { seed, ..storm }));
        Self {
            world,
            seed,
            log: Vec::new(),
        }
    }

    /// The storm is over; tells how it was.
    fn calm(&mut self) {
        self.world.appwrite.set_storm(None);
        self.keep();
        let count = |what: &str| self.log.iter().filter(|line| line.contains(what)).count();
        let (struck, late) = (count(" gets "), count(" is late"));
        println!(
            "storm {}: of {} requests {struck} went wrong, {} of them by a kill, and {late} were late",
            self.seed,
            count(" of "),
            count(" gets Kill"),
        );
        assert!(struck > 0 && late > 0, "there was no storm");
    }

    fn keep(&mut self) {
        self.log.extend(self.world.appwrite.take_log());
    }

    async fn tick(&self, function: &str) {
        tests::sweep(&self.world, function).await;
        self.world.appwrite.idle().await;
    }
}

impl Drop for Weather {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.keep();
            let (seed, log) = (self.seed, self.log.join("\n"));
            eprintln!("STORM_SEED={seed} was\n{log}");
        }
    }
}

const JOBS: usize = 15;

async fn jobs(world: &World) -> BTreeMap<String, Value> {
    let rows = world.rows("scrape_jobs", &[]).await.unwrap();
    rows.into_iter()
        .map(|row| (row["$id"].as_str().unwrap().to_owned(), row))
        .collect()
}

/// Brings the lease of every unfinished job to its end, then sweeps. False when there was none.
async fn sweep_jobs(weather: &Weather) -> bool {
    let jobs = jobs(&weather.world).await;
    let open = jobs.iter().filter(|(_, row)| row["finishedAt"].is_null());
    let open: Vec<&String> = open.map(|(id, _)| id).collect();
    for id in &open {
        weather.world.age("scrape_jobs", id).await.unwrap();
    }
    weather.tick("scrape-enrich").await;
    !open.is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_in_a_storm_end_done_or_failed_and_run_twice_at_most() {
    let mut weather = Weather::new(Storm {
        seed: 1,
        refused: 15,
        cut: 15,
        late: 15,
        killed: 4,
        timed_out: 0,
    })
    .await;
    let world = &weather.world;
    world.appwrite.set_disorder(Some(Disorder {
        seed: weather.seed,
        lost: 10,
        doubled: 50,
        late: 20,
    }));
    for n in 0..JOBS {
        let data = json!({
            "organizationId": "acme", "requestedByUserId": "ada", "sourceUrl": world.site.url(), "status": "pending",
        });
        world
            .row("scrape_jobs", &format!("job{n}"), data, &[])
            .await
            .unwrap();
    }
    world.appwrite.idle().await;
    world.appwrite.set_disorder(None);
    for _ in 0..3 {
        sweep_jobs(&weather).await;
    }
    weather.calm();
    let mut sweeps = 0;
    while sweep_jobs(&weather).await {
        sweeps += 1;
        assert!(sweeps < SWEEPS, "some jobs never end");
    }

    let ended = jobs(&weather.world).await;
    assert_eq!(ended.len(), JOBS);
    let (mut done, mut attempts) = (0, 0);
    for (id, row) in &ended {
        if row["status"] == "failed" {
            let message = row["errorMessage"].as_str().unwrap();
            let is_known = ["abandoned: ", "unavailable: ", "timed_out: "]
                .iter()
                .any(|code| message.starts_with(code));
            assert!(is_known, "{id}: {message}");
            attempts += 2;
            continue;
        }
        assert_eq!(row["status"], "done", "{id}");
        let document: Value = serde_json::from_str(row["prefillJson"].as_str().unwrap()).unwrap();
        assert_eq!(document["schema"], "valyourise/profile@1", "{id}");
        assert_eq!(
            document["meta"]["functionExecutionId"], row["functionExecutionId"],
            "{id}"
        );
        attempts += document["meta"]["attempt"].as_u64().unwrap() as usize;
        done += 1;
    }
    let visits = weather.world.site.visits("/about-us");
    println!("{done} of {JOBS} jobs done, the others failed; {visits} runs read the website");
    // Whoever reads it has claimed the job before: no two run one at once.
    assert!(
        done > 0 && (done..=attempts).contains(&visits),
        "{visits} visits, {attempts} claims"
    );
    weather.tick("scrape-enrich").await;
    assert_eq!(jobs(&weather.world).await, ended, "what has ended stays");
}

/// Invited people, who click twice at once, and again until they are in or the storm is over.
const PEOPLE: usize = 20;
const TOGETHER: usize = 4;

async fn invited(world: &World, person: &str) -> Issued {
    world.person(person).await.unwrap();
    tests::invite(world, person).await
}

/// Takes the invite back some time during the clicks. False when it was accepted already.
async fn revoke(world: &World, person: &str, issued: &Issued, random: u64) -> bool {
    for _ in 0..Rng::with_seed(random).usize(..200) {
        world.find("org_invites", issued.id.as_ref()).await.unwrap();
    }
    let revoked = invite::revoke(&world.client().unwrap(), &issued.id).await;
    let told = revoked.as_ref().map_err(|error| error.to_string());
    let is_late = told
        .as_ref()
        .is_err_and(|told| told.contains("was accepted"));
    assert!(told.is_ok() || is_late, "{person}: {told:?}");
    revoked.is_ok()
}

async fn click(world: &World, person: &str, issued: &Issued) -> u64 {
    let body = json!({"token": issued.token.expose()});
    let reply = world
        .call("invite-accept", person, "POST", "/", &body)
        .await
        .unwrap();
    let status = u64::from(reply.status);
    // Whoever is invited may be told to come again, never that they may not, unless the invite was taken back.
    assert!(
        status == 200 || status >= 500 || status == 409 || status == 410,
        "{person}: {} {}",
        reply.body,
        reply.errors
    );
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn people_invited_in_a_storm_join_exactly_once_or_were_uninvited() {
    let mut weather = Weather::new(Storm {
        seed: 1,
        refused: 10,
        cut: 10,
        late: 20,
        killed: 1,
        timed_out: 0,
    })
    .await;
    let (world, seed) = (&weather.world, weather.seed);
    let people: Vec<String> = (0..PEOPLE).map(|n| format!("p{n}")).collect();
    let invites = join_all(people.iter().map(|person| invited(world, person))).await;
    let mut outcomes = Vec::new();
    // A process that dies takes all with it that are under way.
    for some in (0..PEOPLE).collect::<Vec<_>>().chunks(TOGETHER) {
        let clicks = some.iter().map(|n| {
            let (person, issued) = (&people[*n], &invites[*n]);
            let random = seed + *n as u64;
            let clicks = async move {
                for _ in 0..3 {
                    let click = || click(world, person, issued);
                    let (one, other) = tokio::join!(click(), click());
                    if one == 200 || other == 200 {
                        return true;
                    }
                }
                false
            };
            let revoke =
                async move { random % 2 == 1 && revoke(world, person, issued, random).await };
            async { tokio::join!(clicks, revoke) }
        });
        outcomes.extend(join_all(clicks).await);
    }
    world.appwrite.idle().await;
    weather.tick("invite-accept").await;
    weather.calm();
    let count =
        |is: fn(&(bool, bool)) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    println!(
        "{PEOPLE} people: {} were told in the storm that they are in, {} invites were taken back",
        count(|(joined, _)| *joined),
        count(|(_, revoked)| *revoked)
    );

    let world = &weather.world;
    weather.tick("invite-accept").await;
    for (n, (joined, revoked)) in outcomes.into_iter().enumerate() {
        let (person, issued) = (&people[n], &invites[n]);
        let (status, expect) = if revoked { (410, 0) } else { (200, 1) };
        assert_eq!(click(world, person, issued).await, status, "{person}");
        assert!(!(joined && revoked), "{person} is in by a revoked invite");
        let of = |column: &str, value: &str| json!({"method": "equal", "attribute": column, "values": [value]});
        let memberships = of("userId", person);
        let memberships = world
            .rows("workspace_memberships", &[memberships])
            .await
            .unwrap();
        let log = of("itemId", issued.id.as_ref());
        let log = world.rows("item_activity_log", &[log]).await.unwrap();
        let roles = world.team_roles("acme", person).await.unwrap();
        assert_eq!(
            (memberships.len(), log.len(), roles.len()),
            (expect, expect, expect),
            "{person}"
        );
        let row = world.find("org_invites", issued.id.as_ref()).await.unwrap();
        let status = if revoked { "revoked" } else { "accepted" };
        assert_eq!(row.unwrap()["status"], status, "{person}");
    }
}

/// Key results below the one objective, and actions below each.
const RESULTS: usize = 2;
const ACTIONS: usize = 5;

/// Changes of an action's state in the storm.
const EDITS: usize = 60;

async fn item(world: &World, id: &str, kind: &str, parent: Option<&str>) {
    let data = json!({
        "organizationId": "acme", "workspaceId": "sales", "type": kind, "title": id, "parentId": parent,
        "actionStatus": (kind == "action").then_some("pending"), "ownerUserId": "ada", "assigneeUserIds": [],
        "progressComputed": 0, "sortOrder": 1.0,
    });
    world.row("okr_items", id, data, &[]).await.unwrap();
}

async fn items(world: &World) -> BTreeMap<String, (u64, String)> {
    let rows = world.rows("okr_items", &[]).await.unwrap();
    rows.iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let percent = row["progressComputed"].as_u64().unwrap();
            (text("$id"), (percent, text("$updatedAt")))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_edited_in_a_storm_is_right_after_one_sweep_in_the_calm() {
    let mut weather = Weather::new(Storm {
        seed: 1,
        refused: 20,
        cut: 15,
        late: 20,
        killed: 3,
        timed_out: 0,
    })
    .await;
    let seed = weather.seed;
    let world = &weather.world;
    item(world, "o", "objective", None).await;
    for result in 0..RESULTS {
        item(world, &format!("k{result}"), "key_result", Some("o")).await;
        for action in 0..ACTIONS {
            let parent = format!("k{result}");
            item(
                world,
                &format!("a{result}{action}"),
                "action",
                Some(&parent),
            )
            .await;
        }
    }
    world.appwrite.set_disorder(Some(Disorder {
        seed,
        lost: 10,
        doubled: 10,
        late: 20,
    }));
    let mut random = Rng::with_seed(seed);
    let mut done = [[false; ACTIONS]; RESULTS];
    for _ in 0..EDITS {
        let (result, action) = (random.usize(..RESULTS), random.usize(..ACTIONS));
        let is_done = &mut done[result][action];
        *is_done = !*is_done;
        let status = if *is_done { "done" } else { "pending" };
        let id = format!("a{result}{action}");
        let data = json!({"actionStatus": status});
        world.change("okr_items", &id, data).await.unwrap();
        // Some at once, some one after the other.
        if random.u8(..3) == 0 {
            world.appwrite.idle().await;
        }
    }
    world.appwrite.idle().await;
    world.appwrite.set_disorder(None);
    weather.calm();
    weather.tick("progress-recompute").await;

    let shown = items(&weather.world).await;
    let share = |done: &[bool]| {
        let count = done.iter().filter(|done| **done).count();
        (100 * count / done.len()) as u64
    };
    assert_eq!(shown["o"].0, share(&done.concat()), "o of {done:?}");
    for (result, actions) in done.iter().enumerate() {
        assert_eq!(shown[&format!("k{result}")].0, share(actions), "{done:?}");
        for (action, is_done) in actions.iter().enumerate() {
            let percent = shown[&format!("a{result}{action}")].0;
            assert_eq!(percent, u64::from(*is_done) * 100);
        }
    }
    weather.tick("progress-recompute").await;
    assert_eq!(items(&weather.world).await, shown, "nothing is left to do");
}
