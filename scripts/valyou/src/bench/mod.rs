//! `valyou bench`: how much the functions take of what costs money or time. Each benchmark prints its figures; none
//! judges them.

use std::process::ExitCode;

use clap::Subcommand;

mod build;
mod cold;
mod door;
mod extract;
mod lines;
mod rollup;
mod server;

#[derive(clap::Args)]
pub(crate) struct Bench {
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
}

impl Bench {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self.which {
            Which::Build(build) => build.run()?,
            Which::Cold(cold) => cold.run()?,
            Which::Door(door) => return door.run(),
            Which::Extract(extract) => extract.run()?,
            Which::Lines(lines) => lines.run()?,
            Which::Rollup(rollup) => rollup.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
