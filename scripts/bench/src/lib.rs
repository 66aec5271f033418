//! `bench`: how much the functions take of what costs money or time. Each benchmark prints its figures; none
//! judges them.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use world::host::Host;

mod build;
mod cold;
mod door;
mod extract;
mod lines;
mod rollup;
mod server;

/// Measure what the functions cost in time, calls and bytes.
#[derive(Parser)]
#[command(name = "bench", version)]
struct Bench {
    #[command(subcommand)]
    which: Which,
}

#[derive(Subcommand)]
enum Which {
    /// The functions, built from nothing as Appwrite builds them: processor time and sizes
    Build(build::Build),
    /// The functions' cold starts, from the stored build to the first answer, also of several commits side by side
    Cold(cold::Cold),
    /// Executions per second through the door of every function, beside a handler that answers a constant
    Door(door::Door),
    /// Extraction: milliseconds per page, warm and first, beside html5ever's tokenizer and cheerio
    Extract(extract::Extract),
    /// Lines of Rust, by package and folder
    Lines(lines::Lines),
    /// Progress: items per second of the pure core, and what one drag and one completion cost over the wire
    Rollup(rollup::Rollup),
    #[command(hide = true)]
    Host(Host),
}

/// Runs the benchmark that the process's arguments name.
///
/// # Errors
/// Where it cannot measure.
pub fn main() -> anyhow::Result<ExitCode> {
    if let Some(ended) = extraction::process::answer_if_asked() {
        return Ok(ended);
    }
    Bench::parse().which.run()
}

/// The words that it takes.
pub fn command() -> clap::Command {
    Bench::command()
}

impl Which {
    fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Build(build) => build.run()?,
            Self::Cold(cold) => cold.run()?,
            Self::Door(door) => return door.run(),
            Self::Extract(extract) => extract.run()?,
            Self::Lines(lines) => lines.run()?,
            Self::Rollup(rollup) => rollup.run()?,
            Self::Host(host) => return host.run(&[]),
        }
        Ok(ExitCode::SUCCESS)
    }
}
