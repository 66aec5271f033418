//! Exchanges with a real Appwrite, as they were recorded.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

/// One line of a recording.
#[derive(Debug, Deserialize)]
pub(super) struct Exchange {
    pub(super) case: String,
    pub(super) note: String,
    /// Only in `events-received`: who got the request.
    #[serde(default)]
    pub(super) function: Option<String>,
    pub(super) request: Value,
    #[serde(default)]
    pub(super) response: Value,
    /// The answer that the requests behind it take their ids from, where `response` is a newer server's.
    #[serde(skip)]
    pub(super) recorded: Option<Value>,
}

/// What became of one exchange: what differs, nothing when it is equal.
pub(super) type Outcome = Vec<String>;

/// The exchanges of a file of the folder.
pub(super) fn read(folder: &Path, file: &str) -> anyhow::Result<Vec<Exchange>> {
    let path: PathBuf = folder.join(format!("{file}.jsonl"));
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    text.lines()
        .map(|line| serde_json::from_str(line).with_context(|| path.display().to_string()))
        .collect()
}

/// A text of a request or answer; empty where there is none.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
