//! `valyou vars`: sets the functions' variables on an Appwrite server from a file, and tells whether they are set. How
//! stands in [`project::vars`].

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use platform::config::VARIABLES;
use project::{vars, Description};

use crate::place::{block_on, Place};

/// Push or check.
#[derive(Args)]
pub(crate) struct Vars {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Set the variables on the functions that need them, as the file has them
    ///
    /// A function that the server does not have yet is created as described, without code, so that the first that is
    /// ever started of it has its variables. Only what differs is written; nothing is deleted. Exit code 0 when the
    /// server is as the file then; 1 when something failed, and what was done before stays, or when the file is not
    /// right, and then nothing is written.
    Push(Options),
    /// Tell what push would do and write nothing; for pipelines
    ///
    /// Exit code 0 only if every variable of the file is set on the functions that need it, secrets to whatever; 2 when
    /// push would create or change something; 1 when the server could not be asked or the file is not right.
    Check(Options),
}

#[derive(Args)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// API key with the scopes functions.read and functions.write; check needs only the first
    #[arg(long, env = "APPWRITE_API_KEY", hide_env_values = true)]
    key: String,
    /// The file with the values, NAME=value on each line
    #[arg(long, default_value = ".env")]
    file: PathBuf,
    /// The description of the functions
    #[arg(long, default_value = "appwrite.json")]
    description: PathBuf,
}

impl Vars {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(self.verb.run())
    }
}

impl Verb {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (Self::Push(options) | Self::Check(options)) = &self;
        let values = vars::read(&options.file)?;
        let description = Description::read(&options.description)?;
        vars::refuse(&description, VARIABLES, &values)
            .with_context(|| options.file.display().to_string())?;
        let target = options.place.target(&options.key)?;
        let plan = vars::plan(&target, &description, VARIABLES, &values).await?;
        print!("{plan}");
        match self {
            Self::Push(_) => {
                let made = vars::make(&target, &plan).await;
                // Also after a failure: the next run does not know what this one has written.
                print!("{}", plan.deploy_again());
                made?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Check(_) if plan.is_as_in_the_file() => Ok(ExitCode::SUCCESS),
            Self::Check(_) => Ok(ExitCode::from(2)),
        }
    }
}
