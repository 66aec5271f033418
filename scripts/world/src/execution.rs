//! What an execution of a function has come to.

use serde_json::Value;

/// What a function replied to an execution.
#[derive(Clone, Debug)]
pub struct Reply {
    pub execution: String,
    pub status: u16,
    pub body: Value,
    pub logs: String,
    pub errors: String,
}

/// What one execution says of itself in its log.
#[derive(Clone, Debug)]
pub struct Run {
    pub logs: String,
    pub calls: u64,
    pub written: u64,
    /// Read from Appwrite.
    pub bytes: u64,
}

impl Run {
    pub(crate) fn read(logs: String) -> anyhow::Result<Self> {
        // 0 where it has nothing to say of it.
        let number = |name: &str| {
            let words = logs.split_whitespace();
            let mut pairs = words.filter_map(|word| word.split_once('='));
            let found = pairs.find(|(key, _)| *key == name);
            found.map_or(Ok(0), |(_, value)| value.parse())
        };
        Ok(Self {
            calls: number("calls")?,
            written: number("rows")?,
            bytes: number("bytes")?,
            logs,
        })
    }
}
