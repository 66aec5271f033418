//! The files that are asked again, each of one server.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{ensure, Context};

use super::events;
use super::player::Server;
use super::recording::{read, Exchange};

/// One file to be asked again, and of which server.
pub(super) struct Replay {
    /// Of its verdicts.
    pub(super) name: String,
    /// Of its preparation.
    pub(super) prepared: String,
    pub(super) server: Server,
    pub(super) exchanges: Vec<Exchange>,
}

/// All recordings of 1.9.6, asked of it.
pub(super) fn recorded(folder: &Path, names: &BTreeSet<String>) -> anyhow::Result<Vec<Replay>> {
    all_are_known(folder, names)?;
    let replay = |name: &String| {
        Ok(Replay {
            name: name.clone(),
            prepared: prepared(name).to_owned(),
            server: Server::default(),
            exchanges: read(folder, name)?,
        })
    };
    names.iter().map(replay).collect()
}

/// Whose preparation a recording needs.
pub(super) fn prepared(name: &str) -> &str {
    match name {
        events::RECEIVED => events::WRITES,
        _ => name,
    }
}

/// Fails when there is a recording that no verdict is given on.
pub(super) fn all_are_known(folder: &Path, names: &BTreeSet<String>) -> anyhow::Result<()> {
    let files = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for file in files {
        let path = file?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        ensure!(
            path.extension()
                .is_none_or(|extension| extension != "jsonl")
                || name.is_some_and(|name| names.contains(name)),
            "no verdict is given on {}",
            path.display()
        );
    }
    Ok(())
}
