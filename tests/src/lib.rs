//! What the tests share: the [`World`] they all live in. It is the tool's own, so demo and tests cannot drift apart.

use std::path::{Path, PathBuf};

use embedded_appwrite::{Builds, EmbeddedAppwrite, Storage};
use serde_json::json;
use valyou::world::Setup;
pub use valyou::world::{Answer, Reply, World, DATABASE};

pub use self::between::Between;

mod between;

/// A fresh world on data that goes away. `host_program` is `env!("CARGO_BIN_EXE_valyou-under-test")`, which only a test
/// of this package knows.
pub async fn world(host_program: &str) -> World {
    World::start(Setup {
        storage: Storage::Ephemeral,
        port: 0,
        host_program: PathBuf::from(host_program),
        builds: Builds::Host,
    })
    .await
    .expect("the world starts")
}

/// The file that describes databases, tables and functions.
pub fn description_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../appwrite.json")
}

/// Runs the tool as a person would, with the key of this server's project: its exit code, and what it printed, errors
/// last. `endpoint` is the server's or that of something in between. Nothing else that is installed is found.
pub async fn run_tool(
    program: &str,
    appwrite: &EmbeddedAppwrite,
    endpoint: &str,
    arguments: &[&str],
) -> (Option<i32>, String) {
    let output = tokio::process::Command::new(program)
        .args(arguments)
        .env("APPWRITE_ENDPOINT", endpoint)
        .env("APPWRITE_PROJECT_ID", appwrite.project())
        .env("APPWRITE_API_KEY", appwrite.key())
        .env("PATH", "")
        .output()
        .await
        .expect("the tool runs");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).expect("the tool prints text");
    (output.status.code(), printed)
}

/// Everything that Appwrite keeps of the executions of all functions, logs and errors too, holds none of these secrets
/// and no address of a [`World::person`].
pub async fn check_untold(world: &World, secrets: &[&str]) {
    let mut executions = 0;
    for routes in valyou::host::routes() {
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
