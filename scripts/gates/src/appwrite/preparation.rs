//! What must be there before an exchange can be asked again: the steps that the recordings leave out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

const PREPARATION: &str = include_str!("preparation.json");

/// By the name of a recording.
pub(super) fn all() -> anyhow::Result<BTreeMap<String, Preparation>> {
    Ok(serde_json::from_str(PREPARATION)?)
}

/// How one file is asked again.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Preparation {
    /// Databases that exist with all their tables.
    pub(super) databases: Vec<String>,
    /// So many rows of `okr_items`, which the queries are about.
    pub(super) items: usize,
    /// Whether `vu1` and `vu2` exist, and a session of `vu1`.
    pub(super) users: bool,
    /// Whose token `{{jwt}}` is; otherwise that of `vu1`.
    pub(super) user: Option<String>,
    /// A recorded time that lies ahead, and has to lie ahead again.
    pub(super) soon: Option<String>,
    /// Wait until columns and indexes are made before every exchange.
    pub(super) settle: bool,
    /// Steps with a name.
    pub(super) steps: BTreeMap<String, Vec<Step>>,
    /// What comes before an exchange, by its position counted from 0.
    pub(super) before: BTreeMap<usize, Vec<Step>>,
    /// What an exchange is asked with instead of what was recorded.
    pub(super) instead: BTreeMap<usize, Instead>,
}

/// Exactly one of these is there; `as`, `at` and `secret` tell under which recorded id, time and secret the answer is
/// known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Step {
    /// Method, path and perhaps body, asked with the key.
    pub(super) call: Option<Vec<Value>>,
    /// How often; `{n}` counts from 0.
    pub(super) times: Option<usize>,
    pub(super) r#as: Option<String>,
    pub(super) at: Option<String>,
    pub(super) secret: Option<String>,
    /// Settings of a key, as the console makes one.
    pub(super) key: Option<Value>,
    /// Operations for the transaction that the exchange names.
    pub(super) stage: Option<Vec<Value>>,
    /// Commits stay in flight, or go on.
    pub(super) hold_commits: Option<bool>,
    /// The commit of the transaction that the exchange names, not waited for once it is in flight.
    pub(super) abandon_commit: Option<bool>,
    /// The rest of a table's columns.
    pub(super) columns: Option<String>,
    /// A deployment for this function.
    pub(super) activate: Option<String>,
    /// The cron of this function.
    pub(super) tick: Option<String>,
    /// Columns and indexes stay as they are answered, or no longer.
    pub(super) hold_changes: Option<bool>,
    /// Milliseconds that a caller waits for an execution.
    pub(super) synchronous_limit: Option<u64>,
    pub(super) stale_reads: Option<bool>,
    /// Every transaction's time is over.
    pub(super) expire: Option<bool>,
    /// The moment of every execution that waits for one.
    pub(super) come_due: Option<bool>,
    /// What is under way comes to its end.
    pub(super) idle: Option<bool>,
    /// The steps of this name.
    pub(super) again: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Instead {
    /// `null` leaves a header out.
    pub(super) headers: Map<String, Value>,
    pub(super) user: Option<String>,
}
