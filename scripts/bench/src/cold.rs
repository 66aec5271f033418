//! Cold starts: from a function's stored build to its first answer, as the platform does it at the first execution after
//! a pause. The container is not here, and files lie in the system's cache.

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{ensure, Context};
use gates::build::KEPT;
use runtime::build::PROGRAM;

use super::build::processor_time;
use super::server::{Labelled, Quartiles, Request, Server, DATABASE};

#[derive(clap::Args)]
pub(crate) struct Cold {
    /// Stored builds that `gates build --keep FOLDER` left, as NAME=FOLDER; all are compared with the first
    #[arg(required = true)]
    builds: Vec<Labelled>,
    /// Cold starts of each function of each build
    #[arg(long, default_value = "40")]
    rounds: NonZeroUsize,
}

/// How long each part of one cold start took.
struct Start {
    unpacked: Duration,
    ready: Duration,
    answered: Duration,
    /// Of the processor, by all of it: what else the machine does lengthens the others, and hardly this.
    processor: Duration,
    /// Of this, by the program alone.
    program: Duration,
}

impl Start {
    fn whole(&self) -> Duration {
        self.unpacked + self.ready + self.answered
    }
}

impl Cold {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        println!("{} cold starts of each, in turns; ms, median", self.rounds);
        println!(
            "{:20} {:10} {:>9} {:>9} {:>7} {:>9} {:>7} {:>7} {:>7} {:>8}  × the first, paired (quartiles)",
            "function", "build", "stored", "unpacked", "ready", "answered", "all", "least", "CPU", "program"
        );
        for function in self.functions()? {
            let mut starts: Vec<Vec<Start>> = self.builds.iter().map(|_| Vec::new()).collect();
            for round in 0..self.rounds.get() {
                for place in 0..self.builds.len() {
                    // Nothing is always measured after the same.
                    let place = (place + round) % self.builds.len();
                    let (Some(build), Some(starts)) =
                        (self.builds.get(place), starts.get_mut(place))
                    else {
                        continue;
                    };
                    let start = start(&stored(&build.path, &function));
                    starts.push(start.with_context(|| format!("{function} of {}", build.name))?);
                }
            }
            self.print(&function, &starts)?;
        }
        Ok(())
    }

    /// Those that every folder has.
    fn functions(&self) -> anyhow::Result<Vec<String>> {
        let mut functions = Vec::new();
        for build in &self.builds {
            let entries = std::fs::read_dir(&build.path);
            for entry in
                entries.with_context(|| format!("{} cannot be read", build.path.display()))?
            {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if let Some(function) = name.strip_suffix(KEPT) {
                    functions.push(function.to_owned());
                }
            }
        }
        functions.sort();
        functions.dedup();
        let (everywhere, elsewhere): (Vec<_>, Vec<_>) = functions.into_iter().partition(|one| {
            let mut builds = self.builds.iter();
            builds.all(|build| stored(&build.path, one).is_file())
        });
        if !elsewhere.is_empty() {
            println!("not in every folder: {}", elsewhere.join(", "));
        }
        ensure!(
            !everywhere.is_empty(),
            "no function is in every folder; make them with: cargo run -p gates -- build --keep FOLDER"
        );
        Ok(everywhere)
    }

    fn print(&self, function: &str, starts: &[Vec<Start>]) -> anyhow::Result<()> {
        let first = starts.first().map(Vec::as_slice).unwrap_or_default();
        for (build, starts) in self.builds.iter().zip(starts) {
            let median = |of: fn(&Start) -> Duration| {
                Quartiles::of(starts.iter().map(|start| of(start).as_secs_f64() * 1e3)).median
            };
            let least = starts.iter().map(Start::whole).min().unwrap_or_default();
            let ratio = |of: fn(&Start) -> Duration| {
                let paired = starts.iter().zip(first);
                Quartiles::of(
                    paired.map(|(own, first)| of(own).as_secs_f64() / of(first).as_secs_f64()),
                )
            };
            let size = std::fs::metadata(stored(&build.path, function))?.len();
            println!(
                "{function:20} {:10} {:>6} kB {:>9.1} {:>7.1} {:>9.1} {:>7.1} {:>7.1} {:>7.1} {:>8.1}  all {}, CPU {}, program {}",
                build.name,
                size / 1_000,
                median(|start| start.unpacked),
                median(|start| start.ready),
                median(|start| start.answered),
                median(Start::whole),
                least.as_secs_f64() * 1e3,
                median(|start| start.processor),
                median(|start| start.program),
                ratio(Start::whole),
                ratio(|start| start.processor),
                ratio(|start| start.program),
            );
        }
        Ok(())
    }
}

fn stored(folder: &Path, function: &str) -> std::path::PathBuf {
    folder.join(format!("{function}{KEPT}"))
}

/// Unpacks a stored build, starts it and has it answer an event that every function ignores.
fn start(stored: &Path) -> anyhow::Result<Start> {
    let before = processor_time()?;
    let folder = tempfile::tempdir()?;
    let event = format!("databases.{DATABASE}.tables.bench.rows.bench.update");
    let request = Request::new(&[
        ("x-appwrite-trigger", "event"),
        ("x-appwrite-event", &event),
    ]);

    let began = Instant::now();
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(stored).arg("-C").arg(folder.path());
    let status = tar.stdin(Stdio::null()).status();
    let status = status.context("tar cannot be started")?;
    ensure!(status.success(), "{} cannot be unpacked", stored.display());
    let unpacked = began.elapsed();
    let between = processor_time()?;

    let mut program = Command::new(folder.path().join(PROGRAM));
    let server = Server::start(program.current_dir(folder.path()))?;
    let ready = began.elapsed();
    server.connect()?.execute(&request)?;
    let answered = began.elapsed();
    drop(server);
    let after = processor_time()?;
    Ok(Start {
        unpacked,
        ready: ready.saturating_sub(unpacked),
        answered: answered.saturating_sub(ready),
        processor: after.saturating_sub(before),
        program: after.saturating_sub(between),
    })
}
