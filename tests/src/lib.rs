//! What the tests share: the [`World`] they all live in. It is the tool's own, so demo and tests cannot drift apart.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use domain::ids::Id;
use domain::rows::WorkspaceRole;
use domain::time::Timestamp;
use domain::token::Secret;
use embedded_appwrite::{Builds, EmbeddedAppwrite, Options, Storage};
use project::{Client, Credential, Request};
use serde_json::{json, Value};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use valyou::invite::{Issued, NewInvite};
use world::Setup;
pub use world::{edition, Answer, Reply, Run, World, DATABASE};

pub use self::between::Between;
pub use self::development::Development;
pub use self::host::Host;

mod between;
mod development;
pub mod faults;
pub mod faulty;
mod host;
pub mod jobs;
pub mod pages;

/// A fresh world on data that goes away. `host_program` is `env!("CARGO_BIN_EXE_valyou-under-test")`, which only a test
/// of this package knows.
pub async fn world(host_program: &str) -> World {
    // Making eleven tables twice takes longer than most tests: it is done once, and each world has a copy.
    static TABLES: OnceCell<TempDir> = OnceCell::const_new();
    let tables = TABLES.get_or_init(|| async {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let world = world_on(Storage::Folder(folder.path().to_owned()), host_program).await;
        world.appwrite.stop().await;
        folder
    });
    let folder = tables.await.path().to_owned();
    world_on(Storage::CopyOf(folder), host_program).await
}

async fn world_on(storage: Storage, host_program: &str) -> World {
    let started = World::start(Setup {
        storage,
        port: 0,
        host_program: PathBuf::from(host_program),
        builds: Builds::Host,
    });
    started.await.expect("the world starts")
}

/// A server that has nothing yet.
pub async fn appwrite(host_program: impl Into<PathBuf>) -> EmbeddedAppwrite {
    let options = Options {
        storage: Storage::Ephemeral,
        edition: edition().expect("a known Appwrite"),
        port: 0,
        project: "valyourise".to_owned(),
        host_program: host_program.into(),
        builds: Builds::Host,
        environment: Vec::new(),
    };
    let started = EmbeddedAppwrite::start(options).await;
    started.expect("the server starts")
}

/// Does to a server by hand what the tool does not do, or not yet. `path` begins after `/v1`.
pub async fn by_hand(appwrite: &EmbeddedAppwrite, method: &str, path: &str, body: Value) -> Value {
    let client = Client::new(appwrite.endpoint(), appwrite.project()).expect("a client");
    let request = Request {
        body: (!body.is_null()).then_some(&body),
        ..Request::new(method.parse().expect("a method"), path)
    };
    let key = Credential::Key(Secret::new(appwrite.key()));
    let answer = client.ask(&request, &key, None).await;
    let answer = answer.expect("the server answers");
    assert!(answer.status < 300, "{path}: {}", answer.body);
    answer.body
}

/// Waits until no column and no index of a table is being made or deleted.
pub async fn settled(appwrite: &EmbeddedAppwrite, table: &str) {
    loop {
        let found = by_hand(appwrite, "GET", table, Value::Null).await;
        let mut parts = ["columns", "indexes"]
            .into_iter()
            .flat_map(|name| found[name].as_array().expect("a list"));
        if parts.all(|part| part["status"] == "available") {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// The file that describes databases, tables and functions.
pub fn description_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../appwrite.json")
}

/// Runs a function's cron. What its last sweep did is a process's own knowledge, and no minutes go by in a test: so
/// another deployment's process sweeps, while the one before goes on with what it has under way.
pub async fn sweep(world: &World, function: &str) {
    world.appwrite.set_schedule_by_hand(true);
    world.appwrite.activate(function).expect("a deployment");
    world.appwrite.tick(function).await.expect("a sweep");
}

/// Ada of acme invites this person to the workspace sales, for an hour.
pub async fn invite(world: &World, person: &str) -> Issued {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is its own caller: no cx hands it the time"
    )]
    let now = Timestamp::new(chrono::Utc::now());
    let new = NewInvite {
        organization: Id::parse("acme").expect("an id"),
        workspace: Id::parse("sales"),
        email: format!("{person}@example.com"),
        role: WorkspaceRole::User,
        invited_by: Id::parse("ada").expect("an id"),
        expires_at: now.plus(Duration::from_secs(3600)),
    };
    let client = world.client().expect("a client");
    valyou::invite::create(&client, &new)
        .await
        .expect("the invite is made")
}

/// Runs the tool as a person would, on this world's server: whether it says that all is well, and what it printed.
pub fn tool(program: &str, world: &World, arguments: &[&str]) -> (bool, String) {
    let endpoint = world.appwrite.endpoint();
    let output = command(program, &world.appwrite, endpoint, arguments)
        .env("APPWRITE_DATABASE_ID", DATABASE)
        .output()
        .expect("the tool runs");
    (output.status.success(), printed(output))
}

/// Runs the tool with the key of this server's project: its exit code, and what it printed. `endpoint` is the server's or
/// that of something in between.
pub async fn run_tool(
    program: &str,
    appwrite: &EmbeddedAppwrite,
    endpoint: &str,
    arguments: &[&str],
) -> (Option<i32>, String) {
    let command = command(program, appwrite, endpoint, arguments);
    let output = tokio::process::Command::from(command).output().await;
    let output = output.expect("the tool runs");
    (output.status.code(), printed(output))
}

/// It finds nothing that is installed here.
fn command(
    program: &str,
    appwrite: &EmbeddedAppwrite,
    endpoint: &str,
    arguments: &[&str],
) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("APPWRITE_ENDPOINT", endpoint)
        .env("APPWRITE_PROJECT_ID", appwrite.project())
        .env("APPWRITE_API_KEY", appwrite.key())
        .env("PATH", "");
    command
}

/// Errors last.
fn printed(output: Output) -> String {
    let printed = [output.stdout, output.stderr].concat();
    String::from_utf8(printed).expect("the tool prints text")
}

/// Everything that Appwrite keeps of the executions of all functions, logs and errors too, holds none of these secrets
/// and no address of a [`World::person`].
pub async fn check_untold(world: &World, secrets: &[&str]) {
    let mut executions = 0;
    for routes in bundle::routes() {
        let all = json!({"method": "limit", "values": [1_000_000]}).to_string();
        let all: String = url::form_urlencoded::byte_serialize(all.as_bytes()).collect();
        let path = format!(
            "/functions/{}/executions?queries[]={all}",
            routes.function()
        );
        let answer = world.api(reqwest::Method::GET, &path, None).await;
        let kept = answer.expect("the executions are listed").body;
        let list = kept["executions"].as_array().expect("a list of executions");
        assert_eq!(kept["total"], list.len());
        for execution in list {
            let text = execution.to_string();
            let found = secrets.iter().find(|secret| text.contains(**secret));
            assert_eq!(found, None, "{text}");
            assert!(!text.to_lowercase().contains("@example.com"), "{text}");
        }
        executions += list.len();
    }
    assert!(executions > 0);
    println!("{executions} executions tell no secret");
}

/// The most memory that the function's process has had, where /proc tells it.
pub fn most_memory(function: &str) -> Option<String> {
    let mut processes = std::fs::read_dir("/proc").ok()?.flatten();
    processes.find_map(|process| {
        let read = |name: &str| std::fs::read_to_string(process.path().join(name)).ok();
        let (command, status) = (read("cmdline")?, read("status")?);
        let line = |name: &str| status.lines().find(|line| line.starts_with(name));
        let parent = format!("PPid:\t{}", std::process::id());
        (command.contains(function) && line("PPid:")? == parent)
            .then(|| line("VmHWM:").map(str::to_owned))?
    })
}
