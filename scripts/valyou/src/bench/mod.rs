//! `valyou bench`: how much the functions take of what costs money or time. Each benchmark prints its figures; none
//! judges them.

use std::process::ExitCode;

use clap::Subcommand;

mod build;
mod rollup;

#[derive(clap::Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    which: Which,
}

#[derive(Subcommand)]
enum Which {
    /// The functions, built from nothing as Appwrite builds them: processor time and sizes
    Build(build::Build),
    /// Progress: items per second of the pure core, and what one drag and one completion cost over the wire
    Rollup(rollup::Rollup),
}

impl Bench {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self.which {
            Which::Build(build) => build.run()?,
            Which::Rollup(rollup) => rollup.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
