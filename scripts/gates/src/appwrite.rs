//! The embedded Appwrite answers as a real one did: every recorded exchange is asked again and compared. The recordings
//! say what was asked and answered; `preparation.json` what must be there before; `verdicts.json` which exchanges are
//! named out and why, and how many of each file were equal so far. And `appwrite push tables`, as recorded, makes the
//! same of a file as `valyou schema`. What newer servers answer otherwise is asked of line 2: see [`newer`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{ensure, Context};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::Value;
use world::echo::Host;

mod compare;
mod events;
mod items;
mod newer;
mod player;
mod preparation;
mod push;
mod recording;
mod replay;

use self::player::Player;
use self::preparation::Preparation;
use self::recording::{read, text, Exchange, Outcome};
use self::replay::Replay;

/// How far the recordings are met. The only place where an exchange may be given up, and only for these reasons.
const VERDICTS: &str = include_str!("appwrite/verdicts.json");

/// So many files are asked again at once: most of the time goes by waiting.
const AT_ONCE: usize = 4;

/// Beside the recordings' folder; they presuppose its tables.
const TABLES: &str = "schema/appwrite.config.example.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    /// So many exchanges were equal; may only rise.
    equal: usize,
    #[serde(default)]
    named_out: Vec<NamedOut>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedOut {
    /// Counted from 0.
    exchanges: BTreeSet<usize>,
    reason: Reason,
    /// What exactly.
    why: String,
}

#[derive(Clone, Copy, Deserialize)]
enum Reason {
    #[serde(rename = "outside the API we need")]
    Outside,
    #[serde(rename = "needs a second actor")]
    SecondActor,
    #[serde(rename = "needs an empty project")]
    EmptyProject,
    #[serde(rename = "MariaDB internals")]
    MariaDb,
    #[serde(rename = "PostgreSQL internals")]
    PostgreSql,
    /// The newer answer is unknown, so that an equal one is no news.
    #[serde(rename = "not asked of the newer server")]
    NotAsked,
}

/// Without `newer` the recordings are of 1.9.6; with it, its answers stand in for those of theirs that became others.
pub(super) fn run(
    folder: &Path,
    newer: Option<&Path>,
    differences: Option<&Path>,
) -> anyhow::Result<()> {
    let tables = folder.parent().unwrap_or(folder).join(TABLES);
    let tables: Value = serde_json::from_str(
        &fs::read_to_string(&tables).with_context(|| tables.display().to_string())?,
    )?;
    let text = if newer.is_some() {
        newer::VERDICTS
    } else {
        VERDICTS
    };
    let verdicts: BTreeMap<String, Verdicts> = serde_json::from_str(text)?;
    let names = verdicts.keys().cloned().collect();
    let replays = match newer {
        Some(newer) => newer::replays(folder, newer, &names)?,
        None => replay::recorded(folder, &names)?,
    };
    let preparations = preparation::all()?;
    let begun = std::time::Instant::now();
    let (outcomes, pushed) = tokio::runtime::Runtime::new()?.block_on(async {
        let outcomes = replays
            .iter()
            .map(|replay| asked_again(replay, folder, &preparations, &tables));
        let outcomes = stream::iter(outcomes).buffered(AT_ONCE);
        let outcomes: Vec<Vec<Outcome>> = outcomes.try_collect().await?;
        let host = Host::new(&std::env::current_exe()?)?;
        let pushed = match newer {
            Some(_) => None,
            None => {
                let pushes = read(folder, push::FILE)?;
                let preparation = preparations.get(push::FILE);
                Some(push::compare(&host, preparation, &tables, &pushes).await)
            }
        };
        anyhow::Ok((outcomes, pushed))
    })?;

    let mut report = String::new();
    let (mut broken, mut news) = (Vec::new(), Vec::new());
    let mut totals = [0; 5];
    println!(
        "{:<36}{:>10}{:>8}{:>11}{:>11}{:>8}",
        "file", "exchanges", "equal", "named out", "different", "pinned"
    );
    for (
        Replay {
            name, exchanges, ..
        },
        outcome,
    ) in replays.iter().zip(&outcomes)
    {
        let judged = judge(name, &verdicts[name], exchanges, outcome, &mut report);
        let row = [
            exchanges.len(),
            judged.equal,
            judged.named_out,
            judged.different,
            verdicts[name].equal,
        ];
        println!("{}", line(name, &row));
        for (total, one) in totals.iter_mut().zip(row) {
            *total += one;
        }
        broken.extend(judged.broken);
        news.extend(judged.news);
    }
    println!("{}", line("all", &totals));
    println!("replayed in {:.1} s", begun.elapsed().as_secs_f64());
    reasons(&verdicts);
    news.iter().for_each(|news| println!("{news}"));
    if let Some(path) = differences {
        fs::write(path, &report).with_context(|| path.display().to_string())?;
    }
    match pushed {
        Some(Ok(told)) => println!("{told}"),
        Some(Err(error)) => broken.push(format!("{}: {error:#}", push::FILE)),
        None => {}
    }
    ensure!(broken.is_empty(), "{}", broken.join("\n"));
    Ok(())
}

/// The outcomes of one file, asked of a server of its own.
async fn asked_again(
    replay: &Replay,
    folder: &Path,
    preparations: &BTreeMap<String, Preparation>,
    tables: &Value,
) -> anyhow::Result<Vec<Outcome>> {
    let (host, none) = (
        Host::new(&std::env::current_exe()?)?,
        Preparation::default(),
    );
    let preparation = preparations.get(&replay.prepared).unwrap_or(&none);
    let player = Player::start(&host, replay.server, preparation, tables)
        .await
        .with_context(|| replay.name.clone())?;
    let outcomes = if replay.name == events::RECEIVED {
        let writes = read(folder, events::WRITES)?;
        events::received(player, &writes, &replay.exchanges).await
    } else {
        player.play(&replay.prepared, &replay.exchanges).await
    };
    outcomes.with_context(|| replay.name.clone())
}

fn line(file: &str, row: &[usize; 5]) -> String {
    let [exchanges, equal, named_out, different, pinned] = row;
    format!("{file:<36}{exchanges:>10}{equal:>8}{named_out:>11}{different:>11}{pinned:>8}")
}

/// Why which exchanges are named out.
fn reasons(verdicts: &BTreeMap<String, Verdicts>) {
    for (file, verdict) in verdicts {
        for named in &verdict.named_out {
            let positions: Vec<String> = named.exchanges.iter().map(usize::to_string).collect();
            let reason = match named.reason {
                Reason::Outside => "outside the API we need",
                Reason::SecondActor => "needs a second actor",
                Reason::EmptyProject => "needs an empty project",
                Reason::MariaDb => "MariaDB internals",
                Reason::PostgreSql => "PostgreSQL internals",
                Reason::NotAsked => "not asked of the newer server",
            };
            println!(
                "named out: {file} {}: {reason}: {}",
                positions.join(", "),
                named.why
            );
        }
    }
}

#[derive(Default)]
struct Judged {
    equal: usize,
    named_out: usize,
    different: usize,
    broken: Vec<String>,
    /// What has become better than the verdicts say.
    news: Vec<String>,
}

/// Counts a file's outcomes and finds what breaks the promise; tells every difference in `report`.
fn judge(
    file: &str,
    verdicts: &Verdicts,
    exchanges: &[Exchange],
    outcomes: &[Outcome],
    report: &mut String,
) -> Judged {
    let mut judged = Judged::default();
    for (position, (exchange, outcome)) in exchanges.iter().zip(outcomes).enumerate() {
        let named = verdicts
            .named_out
            .iter()
            .find(|named| named.exchanges.contains(&position));
        let mut tell = |what: &str| {
            let request = &exchange.request;
            let asked = format!("{} {}", text(request, "method"), text(request, "path"));
            let (case, note) = (&exchange.case, &exchange.note);
            // Writing to a String cannot fail.
            writeln!(
                report,
                "{file} {position} {what}| {case} | {note} | {asked:.160}"
            )
            .ok();
            for difference in outcome.iter().take(8) {
                writeln!(report, "    {difference:.400}").ok();
            }
        };
        match named {
            Some(named) => {
                judged.named_out += 1;
                if outcome.is_empty() && !matches!(named.reason, Reason::NotAsked) {
                    tell("is named out but equal ");
                    judged.news.push(format!(
                        "{file} {position} is named out but equal: no more need for \"{}\"",
                        named.why
                    ));
                }
            }
            None if outcome.is_empty() => judged.equal += 1,
            None => {
                judged.different += 1;
                tell("");
                judged
                    .broken
                    .push(format!("{file} {position}: {}", outcome.join("; ")));
            }
        }
    }
    if judged.equal < verdicts.equal {
        judged.broken.push(format!(
            "{file}: {} equal, {} before",
            judged.equal, verdicts.equal
        ));
    } else if judged.equal > verdicts.equal {
        judged.news.push(format!(
            "{file}: {} are equal, more than the {} pinned: raise the pin",
            judged.equal, verdicts.equal
        ));
    }
    judged
}
