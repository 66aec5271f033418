//! Line 2 answers as the sources of August 2026 did: they were asked what had been recorded with 1.9.6, and what they
//! answered otherwise stands beside the recordings. A file named after a recording has the new answers, each with its
//! position in it; `.format-1.9.0` says that the questions named that format, `.postgresql` that the database was
//! PostgreSQL. A file whose lines have no position is a recording of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{ensure, Context};
use embedded_appwrite::{Database, Edition, Line};
use serde::Deserialize;
use serde_json::Value;

use super::player::Server;
use super::recording::{read, Exchange};
use super::replay::{all_are_known, prepared, Replay};

/// How far the newer answers are met.
pub(super) const VERDICTS: &str = include_str!("newer.json");

const POSTGRESQL: &str = "postgresql";
const FORMAT: &str = "1.9.0";

/// What 1.9.6 answered to questions that only the newer recordings have.
const OLDER: &str = "1.9.6";

/// One line of the newer recordings.
#[derive(Deserialize)]
struct Newer {
    #[serde(default)]
    position: Option<usize>,
    response: Value,
    /// The answer of 1.9.6, where it was asked, too.
    #[serde(default)]
    response196: Value,
}

/// Everything that verdicts are given on.
pub(super) fn replays(
    recordings: &Path,
    folder: &Path,
    names: &BTreeSet<String>,
) -> anyhow::Result<Vec<Replay>> {
    all_are_known(folder, names)?;
    let replay = |name: &String| replay(recordings, folder, name).with_context(|| name.clone());
    names.iter().map(replay).collect()
}

fn replay(recordings: &Path, folder: &Path, name: &str) -> anyhow::Result<Replay> {
    let (recording, variant) = name.split_once('.').unwrap_or((name, ""));
    let format = format!("format-{FORMAT}");
    let server = Server {
        edition: Edition {
            line: match variant {
                OLDER => Line::V1_9,
                _ => Line::V2,
            },
            database: match variant {
                POSTGRESQL => Database::PostgreSql,
                _ => Database::MariaDb,
            },
        },
        format: (variant == format).then_some(FORMAT),
    };
    let is_own = lines(folder, recording)?
        .iter()
        .any(|line| line.position.is_none());
    let (prepared, exchanges) = if is_own {
        (
            format!("newer {recording}"),
            own(folder, recording, variant)?,
        )
    } else {
        let mut exchanges = read(recordings, recording)?;
        // What MariaDB answers otherwise than 1.9.6 PostgreSQL does, too, unless it is said of it.
        let base = (variant == POSTGRESQL).then_some(recording);
        for file in base.into_iter().chain([name]) {
            put(&mut exchanges, lines(folder, file)?)?;
        }
        (prepared(recording).to_owned(), exchanges)
    };
    Ok(Replay {
        name: name.to_owned(),
        prepared,
        server,
        exchanges,
    })
}

/// The lines of a file; none where nothing became another answer.
fn lines(folder: &Path, name: &str) -> anyhow::Result<Vec<Newer>> {
    let path = folder.join(format!("{name}.jsonl"));
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path)?;
    let lines = text.lines().map(serde_json::from_str);
    Ok(lines.collect::<Result<_, _>>()?)
}

fn put(exchanges: &mut [Exchange], newer: Vec<Newer>) -> anyhow::Result<()> {
    for line in newer {
        let position = line.position.context("a line has no position")?;
        let exchange = exchanges.get_mut(position).context("no such position")?;
        let recorded = std::mem::replace(&mut exchange.response, line.response);
        exchange.recorded.get_or_insert(recorded);
    }
    Ok(())
}

fn own(folder: &Path, name: &str, variant: &str) -> anyhow::Result<Vec<Exchange>> {
    let mut exchanges = read(folder, name)?;
    for exchange in &mut exchanges {
        exchange.recorded = Some(exchange.response.clone());
    }
    if variant == OLDER {
        let older = lines(folder, name)?;
        ensure!(
            older.iter().all(|line| !line.response196.is_null()),
            "1.9.6 was not asked"
        );
        for (exchange, line) in exchanges.iter_mut().zip(older) {
            exchange.response = line.response196;
        }
    }
    Ok(exchanges)
}
