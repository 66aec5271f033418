//! `valyou schema`: plans, applies or checks the tables of `appwrite.json` on an Appwrite server. How it is brought to them
//! stands in [`project::schema`].

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use project::{schema, Description};

use crate::place::{block_on, Place};

/// Plan, apply or check.
#[derive(Args)]
pub(crate) struct Schema {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Print what apply would create and change, and what it would leave (drift); write nothing
    ///
    /// Exit code 0, or 2 when there is drift: something differs that apply will not mend. 1 when the server could not
    /// be asked.
    Plan(Options),
    /// Print the plan, then create what is missing and change in place what can be changed without hurting a row
    ///
    /// Nothing that can hold anything is ever deleted. Safe to kill and to run again. Exit code 0 when the server is as described then, 2 when
    /// there is drift, 1 when something failed; what was done before a failure stays.
    Apply(Options),
    /// Print the plan and write nothing; for pipelines
    ///
    /// Exit code 0 only if the server is as described; 2 when something is to be created or changed, or drifts; 1 when
    /// the server could not be asked.
    Check(Options),
}

#[derive(Args)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// API key with the scopes databases, tables, columns and indexes, read and write; plan and check need only read.
    /// rows.read, too, where it depends on the rows whether a change or a new required column is harmless
    #[arg(long, env = "APPWRITE_API_KEY", hide_env_values = true)]
    key: String,
    /// The description
    #[arg(long, default_value = "appwrite.json")]
    file: PathBuf,
    /// Only this database instead of all that are described
    #[arg(long)]
    database: Option<String>,
}

impl Schema {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(self.verb.run())
    }
}

impl Verb {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (Self::Plan(options) | Self::Apply(options) | Self::Check(options)) = &self;
        let mut description = Description::read(&options.file)?;
        if let Some(database) = &options.database {
            description = description.limited_to(database)?;
        }
        let target = options.place.target(&options.key)?;
        let plan = schema::plan(&target, &description).await?;
        print!("{plan}");
        let as_described = match self {
            Self::Plan(_) => plan.drift.is_empty(),
            Self::Check(_) => plan.drift.is_empty() && plan.is_complete(),
            Self::Apply(_) => {
                schema::make(&target, &plan).await?;
                if plan.missing() > 0 {
                    println!(
                        "created {} databases, tables, columns and indexes",
                        plan.missing()
                    );
                }
                if plan.differing() > 0 {
                    println!("changed {} databases, tables and columns", plan.differing());
                }
                plan.drift.is_empty()
            }
        };
        Ok(if as_described {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        })
    }
}
