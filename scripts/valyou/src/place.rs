//! One project of one Appwrite server as the tool's subcommands work on it: through the functions' own client, with a
//! key, as the frontend's server would. Time, ids and random bytes enter the tool here, and its work is run here.

use std::future::Future;
use std::time::Duration;

use anyhow::{anyhow, Context};
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine;
use domain::ids::Id;
use domain::time::Timestamp;
use platform::appwrite::Appwrite;
use project::Target;
use uuid::Uuid;

/// Where to work.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// Address of the server's API, ending in /v1
    #[arg(long, env = "APPWRITE_ENDPOINT")]
    pub(crate) endpoint: String,
    /// Id of the project
    #[arg(long, env = "APPWRITE_PROJECT_ID")]
    pub(crate) project: String,
}

impl Place {
    pub(crate) fn target(&self, key: &str) -> anyhow::Result<Target> {
        Target::new(&self.endpoint, &self.project, key)
    }
}

/// Where to work, and the key to it.
#[derive(clap::Args)]
pub(crate) struct Project {
    #[command(flatten)]
    place: Place,
    /// API key with the scopes rows.read, rows.write, users.read and teams.read
    #[arg(long, env = "APPWRITE_API_KEY", hide_env_values = true)]
    key: String,
    /// The database that the deployment works on
    #[arg(long, env = "APPWRITE_DATABASE_ID")]
    database: String,
}

impl Project {
    pub(crate) fn rows(&self) -> anyhow::Result<Appwrite> {
        project::rows(
            &self.place.endpoint,
            &self.place.project,
            &self.key,
            &self.database,
        )
    }
}

/// Runs a subcommand's work to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// An id as somebody typed it: the value parser of every argument that is one.
pub(crate) fn id<I: Id>(text: &str) -> anyhow::Result<I> {
    I::parse(text).with_context(|| format!("{text:?} is no id"))
}

/// 32 bytes of the operating system's randomness as base64url without padding: 43 characters.
pub(crate) fn random_text() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow!("the operating system gives no random bytes: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the tool is its own caller: no cx hands it the time"
    )]
    Timestamp::new(chrono::Utc::now())
}

pub(crate) fn new_id<I: From<Uuid>>() -> I {
    #[expect(
        clippy::disallowed_methods,
        reason = "the tool is its own caller: no cx hands it ids"
    )]
    Uuid::now_v7().into()
}

pub(crate) fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 24 * 60 * 60)
}
