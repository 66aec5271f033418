//! What the tests share: the [`World`] they all live in. It is the tool's own, so demo and tests cannot drift apart.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use embedded_appwrite::{Builds, Storage};
use serde_json::json;
use shared::ids::Id;
use shared::rows::WorkspaceRole;
use shared::time::Timestamp;
use valyou::invite::{Issued, NewInvite};
use valyou::world::Setup;
pub use valyou::world::{Answer, Reply, World, DATABASE};

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
    let output = Command::new(program)
        .args(arguments)
        .env("APPWRITE_ENDPOINT", world.appwrite.endpoint())
        .env("APPWRITE_PROJECT_ID", world.appwrite.project())
        .env("APPWRITE_API_KEY", world.appwrite.key())
        .env("APPWRITE_DATABASE_ID", DATABASE)
        .output()
        .expect("the tool runs");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).expect("the tool prints text");
    (output.status.success(), printed)
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
