//! What the tests share: the [`World`] they all live in. It is the tool's own, so demo and tests cannot drift apart.

use std::path::PathBuf;

use embedded_appwrite::{Builds, Storage};
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
