//! What was answered stays: a process that is killed in the middle of writing loses none of it, and the next one goes
//! on where it was.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use embedded_appwrite::{Builds, EmbeddedAppwrite, Options, Storage};
use futures_util::future::join_all;
use serde_json::{json, Value};
use tests::Development;

const TOOL: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// Writes in all, and after how many answers the process is killed.
const WRITES: usize = 1000;
const KILLED_AFTER: usize = 400;

/// Starts on the existing database that are timed.
const STARTS: usize = 5;

/// Executions that are asked for at once, more than are run side by side, and the longest wait for their end.
const RUNS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(60);

/// Writers side by side.
const WRITERS: usize = 8;

/// Rows of a table that is written to by key.
struct Log(Development);

impl Log {
    async fn ask(
        &self,
        http: &reqwest::Client,
        method: &str,
        query: &str,
        body: &Value,
    ) -> Option<Value> {
        let path = format!("/tablesdb/main_dev/tables/item_activity_log/rows{query}");
        self.call(http, method, &path, body).await
    }

    async fn call(
        &self,
        http: &reqwest::Client,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Option<Value> {
        let request = http
            .request(
                method.parse().unwrap(),
                format!("{}{path}", self.0.endpoint),
            )
            .header("x-appwrite-project", &self.0.project)
            .header("x-appwrite-key", &self.0.key)
            .json(body);
        let answer = request.send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        answer.json().await.ok()
    }

    /// Whether the row of this number was answered for.
    async fn write(&self, http: &reqwest::Client, number: usize) -> bool {
        let data = json!({
            "organizationId": "o", "itemType": "action", "itemId": format!("{number}"), "actionType": "create",
            "actorUserId": "u", "requestId": format!("{number}"),
        });
        let body = json!({"rowId": format!("row-{number}"), "data": data});
        self.ask(http, "POST", "", &body).await.is_some()
    }

    /// The numbers of all rows that are there.
    async fn numbers(&self, http: &reqwest::Client) -> BTreeSet<usize> {
        let query = json!({"method": "limit", "values": [5000]}).to_string();
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let path = format!("?queries[]={query}");
        let list = self.ask(http, "GET", &path, &Value::Null).await.unwrap();
        let rows = list["rows"].as_array().unwrap().iter();
        rows.filter_map(|row| row["$id"].as_str()?.strip_prefix("row-")?.parse().ok())
            .collect()
    }
}

/// Past the harness, which keeps what passing tests print to itself.
#[expect(
    clippy::explicit_write,
    reason = "what is printed by macro is shown only when a test fails"
)]
fn tell(line: &str) {
    writeln!(std::io::stdout(), "durable: {line}").unwrap();
}

fn options(folder: &Path) -> Options {
    Options {
        storage: Storage::Folder(folder.to_owned()),
        edition: world::edition().unwrap(),
        port: 0,
        project: "durable".to_owned(),
        host_program: TOOL.into(),
        builds: Builds::Host,
        environment: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_a_thousand_writes_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut first = Log(Development::start(TOOL, folder.path()));
    let pid = first.0.process.id();
    let (next, answered_count) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let writers = (0..WRITERS).map(|_| async {
        let mut answered = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= WRITES || !first.write(&http, number).await {
                return answered;
            }
            answered.push(number);
            if answered_count.fetch_add(1, Ordering::Relaxed) + 1 == KILLED_AFTER {
                kill(pid);
            }
        }
    });
    let answered: BTreeSet<usize> = join_all(writers).await.into_iter().flatten().collect();
    assert!(
        (KILLED_AFTER..WRITES).contains(&answered.len()),
        "{}",
        answered.len()
    );
    first.0.process.wait().unwrap();

    let begun = Instant::now();
    let second = Log(Development::start(TOOL, folder.path()));
    let restart = begun.elapsed();
    let found = second.numbers(&http).await;
    let lost: Vec<&usize> = answered.difference(&found).collect();
    let unanswered = found.difference(&answered).count();
    tell(&format!(
        "killed after {KILLED_AFTER} of {WRITES} writes by {WRITERS} writers: {} answered, {} lost, {unanswered} \
         there without an answer; valyou dev works again after {restart:.1?}",
        answered.len(),
        lost.len(),
    ));
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert!(unanswered <= WRITERS);

    for number in (0..WRITES).filter(|number| !found.contains(number)) {
        assert!(second.write(&http, number).await, "{number}");
    }
    assert_eq!(second.numbers(&http).await.len(), WRITES);

    let refused = Command::new(TOOL)
        .args(["dev", "--port", "0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && told.contains("running instance"),
        "{told}"
    );
    drop(second);

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let third = EmbeddedAppwrite::start(options(folder.path()))
            .await
            .unwrap();
        starts.push(begun.elapsed());
        third.stop().await;
    }
    starts.sort();
    let size = std::fs::metadata(folder.path().join("appwrite.sqlite")).unwrap();
    tell(&format!(
        "the embedded Appwrite starts on this database of {} kB in {:.1?} (median of {STARTS}; the aim is 300 ms)",
        size.len() / 1000,
        starts[STARTS / 2]
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_executions_leaves_none_of_them_open() {
    const EXECUTIONS: &str = "/functions/progress-recompute/executions";
    let folder = tempfile::tempdir().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut first = Log(Development::start(TOOL, folder.path()));
    let body = json!({"async": true, "path": "/", "body": json!({"workspaceId": "w"}).to_string()});
    let asked = (0..RUNS).map(|_| first.call(&http, "POST", EXECUTIONS, &body));
    let made = join_all(asked).await;
    let id = |made: Option<Value>| made.unwrap()["$id"].as_str().unwrap().to_owned();
    let answered: BTreeSet<String> = made.into_iter().map(id).collect();
    // The function's process is only just starting.
    kill(first.0.process.id());
    first.0.process.wait().unwrap();

    let second = Log(Development::start(TOOL, folder.path()));
    let limit = json!({"method": "limit", "values": [5000]}).to_string();
    let limit: String = url::form_urlencoded::byte_serialize(limit.as_bytes()).collect();
    let path = format!("{EXECUTIONS}?queries[]={limit}");
    let ended = async {
        loop {
            let list = second.call(&http, "GET", &path, &Value::Null).await;
            let list = list.unwrap()["executions"].as_array().unwrap().clone();
            let own = list.into_iter();
            let own = own.filter(|run| answered.contains(run["$id"].as_str().unwrap()));
            let own: Vec<Value> = own.collect();
            let is_open = |run: &Value| run["status"] == "waiting" || run["status"] == "processing";
            if !own.iter().any(is_open) {
                return own;
            }
        }
    };
    let ended = tokio::time::timeout(PATIENCE, ended).await.unwrap();
    assert_eq!(ended.len(), RUNS);
    let is_cut_off = |run: &&Value| run["errors"].to_string().contains("The server was stopped");
    let cut_off = ended.iter().filter(is_cut_off).count();
    tell(&format!(
        "killed after {RUNS} executions were answered: {cut_off} were cut off and have failed, the others have run"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_side_by_side_know_nothing_of_each_other() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let one = EmbeddedAppwrite::start(options(folders[0].path()))
        .await
        .unwrap();
    let two = EmbeddedAppwrite::start(options(folders[1].path()))
        .await
        .unwrap();
    let ask = |instance: &EmbeddedAppwrite, method: &str, path: &str, body: Value| {
        http.request(
            method.parse().unwrap(),
            format!("{}{path}", instance.endpoint()),
        )
        .header("x-appwrite-project", instance.project())
        .header("x-appwrite-key", instance.key())
        .json(&body)
        .send()
    };
    let body = json!({"databaseId": "d", "name": "d"});
    let made = ask(&one, "POST", "/tablesdb", body).await.unwrap();
    assert_eq!(made.status(), 201);
    let there = ask(&one, "GET", "/tablesdb/d", Value::Null).await.unwrap();
    let missing = ask(&two, "GET", "/tablesdb/d", Value::Null).await.unwrap();
    assert_eq!(
        (there.status().as_u16(), missing.status().as_u16()),
        (200, 404)
    );
    let same = EmbeddedAppwrite::start(options(folders[0].path())).await;
    let refused = format!("{:#}", same.err().unwrap());
    assert!(refused.contains("running instance"), "{refused}");
}

/// SIGKILL, by the one program that every system has for it.
fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(killed.unwrap().success());
}
