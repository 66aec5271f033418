//! Random edits over HTTP while four processes of the function run at once and their events are lost, doubled and
//! reordered: one sweep makes every row what the oracle says.
//!
//! `PROGRESS_EDITS` and `PROGRESS_SEED` ask for more than the usual 10,000 edits, or for others.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use embedded_appwrite::Disorder;
use reqwest::Method;
use serde_json::{json, Value};
use tests::{world, Host, World};
use tokio::sync::Notify;

use crate::oracle::{self, Fact, Facts};
use crate::script::Script;
use crate::{percents, FUNCTION, HOST, ITEMS};

/// Processes of the function, as on a platform with four executors.
const HOSTS: usize = 4;

/// Executions under way at once in each process.
const AT_ONCE: usize = 2;

/// Edits of one script before its sweep.
const SCRIPT: usize = 2_500;

/// Edits at the end of a script that no event tells of, in turn.
const OUTAGE: [usize; 3] = [0, 10, 100];

/// Rows that one bulk create takes.
const BULK: usize = 100;

/// A process of the function.
pub(crate) fn host(world: &World) -> Host {
    Host::start(HOST, FUNCTION, world, world.appwrite.endpoint())
}

/// One execution in this process, which goes well.
pub(crate) async fn execute(
    host: &Host,
    execution: &str,
    (trigger, event): (&str, &str),
    body: &Value,
) -> Value {
    let headers = [("x-appwrite-trigger", trigger), ("x-appwrite-event", event)];
    let (status, reply) = host.execute(execution, &headers, body).await;
    assert!(status < 300, "{reply}");
    reply
}

/// An event under way: its name, and the row that it carries.
type Event = (String, Value);

/// Everything that the editor and the deliverers share.
struct Shared {
    world: Arc<World>,
    workspace: String,
    /// Those under way.
    events: Mutex<Vec<Event>>,
    random: Mutex<fastrand::Rng>,
    /// Per cent of events lost.
    loss: u8,
    edits_are_over: AtomicBool,
    published: Notify,
    executions: AtomicUsize,
    as_remembered: AtomicUsize,
    written: AtomicUsize,
}

impl Shared {
    /// Takes over what was published, by edits and by the function's own writes, and decides what happens to each event
    /// on its way: nothing, or it comes once or twice.
    async fn publish(&self) {
        for line in self.world.appwrite.take_log() {
            let Some(name) = line.strip_prefix("event ") else {
                continue;
            };
            let fate = self.random.lock().unwrap().u8(..100);
            let copies = match fate {
                _ if fate < self.loss => continue,
                _ if fate < self.loss + 5 => 2,
                _ => 1,
            };
            let event = (name.to_owned(), self.payload(name).await);
            self.events
                .lock()
                .unwrap()
                .extend(std::iter::repeat_n(event, copies));
            self.published.notify_waiters();
        }
    }

    /// The row as it is after the event; of one that is gone, where it was.
    async fn payload(&self, event: &str) -> Value {
        let id = event.split('.').nth(5).unwrap();
        let query = json!({"method": "equal", "attribute": "$id", "values": [id]});
        let found = self.world.rows("okr_items", &[query]).await.unwrap();
        let gone = json!({"$id": id, "organizationId": "acme", "workspaceId": self.workspace});
        found.into_iter().next().unwrap_or(gone)
    }

    /// Any of the events under way, not the oldest.
    fn take(&self) -> Option<Event> {
        let mut events = self.events.lock().unwrap();
        let place =
            (!events.is_empty()).then(|| self.random.lock().unwrap().usize(..events.len()))?;
        Some(events.swap_remove(place))
    }

    async fn execute(&self, host: &Host, trigger: &str, event: &str, body: &Value) -> Value {
        let number = self.executions.fetch_add(1, Ordering::Relaxed);
        let execution = format!("run-{}-{number}", self.workspace);
        let reply = execute(host, &execution, (trigger, event), body).await;
        let count = |counter: &AtomicUsize, count: Option<u64>| {
            counter.fetch_add(count.unwrap_or_default() as usize, Ordering::Relaxed)
        };
        count(&self.written, reply["written"].as_u64());
        count(
            &self.as_remembered,
            reply["asRemembered"].as_bool().map(u64::from),
        );
        reply
    }

    /// Delivers events to one process until no more can come. Each row that an execution writes makes an event again.
    async fn deliver(&self, host: &Host) {
        loop {
            // Asked for before looking, so that nothing published in between is missed.
            let waiting = self.published.notified();
            let is_last_look = self.edits_are_over.load(Ordering::SeqCst);
            let Some((event, row)) = self.take() else {
                if is_last_look {
                    return;
                }
                waiting.await;
                continue;
            };
            self.execute(host, "event", &event, &row).await;
            self.publish().await;
        }
    }
}

/// The columns of a fact, its ids made the workspace's own.
fn data(workspace: &str, fact: &Fact) -> Value {
    json!({
        "parentId": fact.parent.as_ref().map(|parent| format!("{workspace}-{parent}")),
        "actionStatus": fact.status,
        "storyPoints": fact.points,
        "deletedAt": fact.deleted.then_some("2026-01-01T00:00:00.000+00:00"),
    })
}

fn new_row(workspace: &str, fact: &Fact) -> Value {
    let mut row = data(workspace, fact);
    let fixed = json!({
        "organizationId": "acme", "workspaceId": workspace, "type": fact.kind, "title": "An item", "ownerUserId": "ada",
        "assigneeUserIds": [], "progressComputed": 0, "sortOrder": 1.0,
    });
    row.as_object_mut()
        .unwrap()
        .extend(fixed.as_object().unwrap().clone());
    row
}

async fn edit(shared: &Shared, script: &mut Script) {
    let world = &shared.world;
    let known = script.facts.len();
    let edit = script.edit();
    let id = format!("{}-{}", shared.workspace, edit.id);
    let path = format!("{ITEMS}/{id}");
    let answer = match &edit.after {
        None => world.api(Method::DELETE, &path, None).await.unwrap(),
        Some(fact) if script.facts.len() > known => {
            let body = json!({"rowId": id, "data": new_row(&shared.workspace, fact)});
            world.api(Method::POST, ITEMS, Some(body)).await.unwrap()
        }
        Some(fact) => world
            .api(
                Method::PATCH,
                &path,
                Some(json!({"data": data(&shared.workspace, fact)})),
            )
            .await
            .unwrap(),
    };
    assert!(
        answer.status < 300,
        "{edit:?}: {} {}",
        answer.status,
        answer.body
    );
}

/// Live rows that do not show what the oracle says.
async fn differing(world: &World, workspace: &str, facts: &Facts) -> usize {
    let shown = percents(world).await;
    let truth: BTreeMap<String, i64> = oracle::percents(facts);
    truth
        .iter()
        .filter(|(id, percent)| shown[&format!("{workspace}-{id}")] != **percent)
        .count()
}

fn setting(name: &str, usual: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test on demand is asked for by the environment"
    )]
    std::env::var(name)
        .ok()
        .map_or(usual, |text| text.parse().unwrap())
}

/// A world and the processes of the function.
struct Stage {
    world: Arc<World>,
    hosts: Vec<Arc<Host>>,
}

impl Stage {
    async fn new() -> Self {
        let world = Arc::new(world(HOST).await);
        world.organization("acme", "Acme", "ada").await.unwrap();
        world.mute(FUNCTION).await.unwrap();
        // The platform delivers nothing here, only tells what it would have to.
        world.appwrite.set_disorder(Some(Disorder {
            seed: 0,
            lost: 0,
            doubled: 0,
            late: 0,
        }));
        let hosts = (0..HOSTS).map(|_| Arc::new(host(&world)));
        Self {
            hosts: hosts.collect(),
            world,
        }
    }

    /// Plays so many edits of a script in a workspace of its own, to the end of all events that they lead to.
    async fn play(
        &self,
        workspace: &str,
        script: &mut Script,
        edits: usize,
        loss: u8,
    ) -> Arc<Shared> {
        let world = &self.world;
        world.workspace("acme", workspace).await.unwrap();
        let rows: Vec<Value> = script
            .facts
            .iter()
            .map(|(id, fact)| {
                let mut row = new_row(workspace, fact);
                row["$id"] = json!(format!("{workspace}-{id}"));
                row
            })
            .collect();
        for rows in rows.chunks(BULK) {
            let answer = world
                .api(Method::POST, ITEMS, Some(json!({"rows": rows})))
                .await
                .unwrap();
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        // What was before is not part of the play.
        world.appwrite.take_log();
        let shared = Arc::new(Shared {
            world: world.clone(),
            workspace: workspace.to_owned(),
            events: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(script.random().u64(..))),
            loss,
            edits_are_over: AtomicBool::new(false),
            published: Notify::new(),
            executions: AtomicUsize::new(0),
            as_remembered: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
        });
        let deliverers: Vec<_> = self
            .hosts
            .iter()
            .flat_map(|host| std::iter::repeat_n(host.clone(), AT_ONCE))
            .map(|host| {
                let shared = shared.clone();
                tokio::spawn(async move { shared.deliver(&host).await })
            })
            .collect();
        for _ in 0..edits {
            edit(&shared, script).await;
            shared.publish().await;
        }
        shared.edits_are_over.store(true, Ordering::SeqCst);
        shared.published.notify_waiters();
        for deliverer in deliverers {
            deliverer.await.unwrap();
        }
        shared
    }
}

/// What executions did, in all workspaces of a test.
#[derive(Default, Debug)]
struct Totals {
    executions: usize,
    as_remembered: usize,
    written: usize,
    repaired: usize,
}

impl Totals {
    fn add(&mut self, shared: &Shared) {
        let of = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        self.executions += of(&shared.executions);
        self.as_remembered += of(&shared.as_remembered);
        self.written += of(&shared.written);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_converge_whatever_happens_to_the_events() {
    let (edits, first_seed) = (
        setting("PROGRESS_EDITS", 10_000),
        setting("PROGRESS_SEED", 0),
    );
    let stage = Stage::new().await;
    let mut totals = Totals::default();
    let began = Instant::now();
    for seed in first_seed..first_seed + edits.div_ceil(SCRIPT) {
        let workspace = format!("w{seed}");
        let mut script = Script::new(seed as u64);
        let loss = [88, 94, 98][seed % 3];
        let shared = stage
            .play(&workspace, &mut script, SCRIPT.min(edits), loss)
            .await;

        // An outage: nobody hears of the last edits.
        for _ in 0..OUTAGE[seed % 3] {
            edit(&shared, &mut script).await;
        }
        let wrong = differing(&stage.world, &workspace, &script.facts).await;
        // Each in a process of its own: what one has done, it does not do again.
        let sweeps = [host(&stage.world), host(&stage.world)];
        let sweep = |host: usize| shared.execute(&sweeps[host], "schedule", "", &Value::Null);
        let first = sweep(0).await;
        assert_eq!(
            first["rowsRepaired"].as_u64().unwrap() as usize,
            wrong,
            "seed {seed}: {first}"
        );
        assert_eq!(
            differing(&stage.world, &workspace, &script.facts).await,
            0,
            "seed {seed}"
        );
        let second = sweep(1).await;
        assert_eq!(
            (&second["rowsRepaired"], &second["failed"]),
            (&json!(0), &json!(0)),
            "seed {seed}: {second}"
        );
        totals.add(&shared);
        totals.repaired += wrong;
    }
    println!(
        "{edits} edits in {HOSTS} processes, {:?}: {totals:?}",
        began.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_that_lose_no_event_need_no_sweep_whatever_they_remember() {
    let stage = Stage::new().await;
    let mut totals = Totals::default();
    for seed in 0..8 {
        let workspace = format!("w{seed}");
        // Few items: an edit is likely to bring back a state that some process remembers.
        let mut script = Script::of(8, seed);
        let shared = stage.play(&workspace, &mut script, 60, 0).await;
        assert_eq!(
            differing(&stage.world, &workspace, &script.facts).await,
            0,
            "seed {seed}"
        );
        totals.add(&shared);
    }
    println!("480 edits in {HOSTS} processes: {totals:?}");
    assert!(totals.as_remembered > totals.executions / 10, "{totals:?}");
}
