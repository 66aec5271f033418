//! Random edits over HTTP while four processes of the function run at once and their events are lost, doubled and
//! reordered: one sweep makes every row what the oracle says.
//!
//! `PROGRESS_EDITS` and `PROGRESS_SEED` ask for more than the usual 10,000 edits, or for others.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use reqwest::Method;
use serde_json::{json, Value};
use tests::{world, World, DATABASE};
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

/// The function, served natively; dies with this value.
struct Host {
    child: Child,
    address: String,
}

impl Host {
    fn start(world: &World) -> Self {
        let mut child = Command::new(HOST)
            .args(["host", FUNCTION])
            .env("APPWRITE_FUNCTION_API_ENDPOINT", world.appwrite.endpoint())
            .env("APPWRITE_FUNCTION_PROJECT_ID", world.appwrite.project())
            .env("APPWRITE_DATABASE_ID", DATABASE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("ready on ").unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Everything that the editor and the deliverers share.
struct Shared {
    http: reqwest::Client,
    key: String,
    workspace: String,
    /// One entry for each event under way: the row it is about.
    events: Mutex<Vec<String>>,
    random: Mutex<fastrand::Rng>,
    /// Per cent of events lost.
    loss: u8,
    edits_are_over: AtomicBool,
    published: Notify,
    executions: AtomicUsize,
    written: AtomicUsize,
}

impl Shared {
    /// What happens to an event on its way: nothing, or it comes once or twice.
    fn publish(&self, row: &str) {
        let fate = self.random.lock().unwrap().u8(..100);
        let copies = match fate {
            _ if fate < self.loss => 0,
            _ if fate < self.loss + 5 => 2,
            _ => 1,
        };
        self.events
            .lock()
            .unwrap()
            .extend(std::iter::repeat_n(row.to_owned(), copies));
        self.published.notify_waiters();
    }

    /// Any of the events under way, not the oldest.
    fn take(&self) -> Option<String> {
        let mut events = self.events.lock().unwrap();
        let place =
            (!events.is_empty()).then(|| self.random.lock().unwrap().usize(..events.len()))?;
        Some(events.swap_remove(place))
    }

    async fn execute(&self, host: &str, trigger: &str, event: &str, body: &Value) -> Value {
        let number = self.executions.fetch_add(1, Ordering::Relaxed);
        let request = self
            .http
            .post(format!("http://{host}/"))
            .header("x-open-runtimes-logging", "disabled")
            .header("x-appwrite-trigger", trigger)
            .header("x-appwrite-event", event)
            .header(
                "x-appwrite-execution-id",
                format!("run-{}-{number}", self.workspace),
            )
            .header("x-appwrite-key", &self.key)
            .json(body);
        let response = request.send().await.unwrap();
        let status = response.status();
        let reply: Value = response.json().await.unwrap();
        assert!(status.is_success(), "{reply}");
        reply
    }

    /// Delivers events to one process until no more can come. Each row that an execution writes makes an event again.
    async fn deliver(&self, host: &str) {
        let spellings = ["tables.okr_items.rows", "collections.okr_items.documents"];
        loop {
            // Asked for before looking, so that nothing published in between is missed.
            let waiting = self.published.notified();
            let is_last_look = self.edits_are_over.load(Ordering::SeqCst);
            let Some(row) = self.take() else {
                if is_last_look {
                    return;
                }
                waiting.await;
                continue;
            };
            let spelling = spellings[row.len() % 2];
            let event = format!("databases.{DATABASE}.{spelling}.{row}.update");
            let payload =
                json!({"$id": row, "organizationId": "acme", "workspaceId": self.workspace});
            let reply = self.execute(host, "event", &event, &payload).await;
            let written = reply["written"].as_u64().unwrap_or_default() as usize;
            self.written.fetch_add(written, Ordering::Relaxed);
            (0..written).for_each(|_| self.publish(&row));
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

async fn edit(world: &World, shared: &Shared, script: &mut Script) {
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
    shared.publish(&id);
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

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_converge_whatever_happens_to_the_events() {
    let (edits, first_seed) = (
        setting("PROGRESS_EDITS", 10_000),
        setting("PROGRESS_SEED", 0),
    );
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.mute(FUNCTION).await.unwrap();
    let hosts: Vec<Host> = (0..HOSTS).map(|_| Host::start(&world)).collect();
    let (mut executions, mut written, mut repaired) = (0, 0, 0);
    let began = Instant::now();
    for seed in first_seed..first_seed + edits.div_ceil(SCRIPT) {
        let workspace = format!("w{seed}");
        world.workspace("acme", &workspace).await.unwrap();
        let mut script = Script::new(seed as u64);
        let rows: Vec<Value> = script
            .facts
            .iter()
            .map(|(id, fact)| {
                let mut row = new_row(&workspace, fact);
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
        let shared = Arc::new(Shared {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            key: world.appwrite.key().to_owned(),
            workspace: workspace.clone(),
            events: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(script.random().u64(..))),
            loss: [85, 93, 98][seed % 3],
            edits_are_over: AtomicBool::new(false),
            published: Notify::new(),
            executions: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
        });
        let deliverers: Vec<_> = hosts
            .iter()
            .flat_map(|host| std::iter::repeat_n(host.address.clone(), AT_ONCE))
            .map(|address| {
                let shared = shared.clone();
                tokio::spawn(async move { shared.deliver(&address).await })
            })
            .collect();
        for _ in 0..SCRIPT.min(edits) {
            edit(&world, &shared, &mut script).await;
        }
        shared.edits_are_over.store(true, Ordering::SeqCst);
        shared.published.notify_waiters();
        for deliverer in deliverers {
            deliverer.await.unwrap();
        }

        // An outage: nobody hears of the last edits.
        for _ in 0..OUTAGE[seed % 3] {
            edit(&world, &shared, &mut script).await;
        }
        let wrong = differing(&world, &workspace, &script.facts).await;
        let first = shared
            .execute(&hosts[0].address, "schedule", "", &Value::Null)
            .await;
        assert_eq!(
            first["rowsRepaired"].as_u64().unwrap() as usize,
            wrong,
            "seed {seed}: {first}"
        );
        assert_eq!(
            differing(&world, &workspace, &script.facts).await,
            0,
            "seed {seed}"
        );
        let second = shared
            .execute(&hosts[1].address, "schedule", "", &Value::Null)
            .await;
        assert_eq!(
            (&second["rowsRepaired"], &second["failed"]),
            (&json!(0), &json!(0)),
            "seed {seed}: {second}"
        );
        executions += shared.executions.load(Ordering::Relaxed);
        written += shared.written.load(Ordering::Relaxed);
        repaired += wrong;
    }
    println!(
        "{edits} edits, {executions} executions in {HOSTS} processes, {written} rows written by events, {repaired} repaired by sweeps, {:?}",
        began.elapsed()
    );
}
