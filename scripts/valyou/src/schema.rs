//! `valyou schema`: brings the databases of an Appwrite server to what `appwrite.json` describes. It creates what is
//! missing and changes in place what Appwrite can change in place, where no row is hurt by it. It deletes nothing but
//! columns that Appwrite failed to make, which hold nothing; what stays different is told as drift, with the way out. Safe to run at any time, twice, two at once, and
//! again after a run that was cut off. Functions are deployed with Appwrite's own command line tool.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

pub use self::description::Description;
pub use self::plan::Plan;
pub(crate) use self::server::make_function;
pub use self::server::{inventory, Change};
pub use self::target::Target;
use crate::project::Place;

pub mod description;
mod in_place;
mod plan;
mod server;
mod target;

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

/// How a server stands after `apply`.
#[derive(Debug, Default)]
pub struct Report {
    /// Databases, tables, columns and indexes that were missing and are there now.
    pub created: usize,
    /// Databases, tables and columns that differed and are as described now.
    pub changed: usize,
    /// What is there but not as described, one sentence each.
    pub drift: Vec<String>,
    /// What is there and not described.
    pub notes: Vec<String>,
}

impl Schema {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.verb.run())
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
        let plan = plan(&target, &description).await?;
        print!("{plan}");
        let as_described = match self {
            Self::Plan(_) => plan.drift.is_empty(),
            Self::Check(_) => plan.drift.is_empty() && plan.is_complete(),
            Self::Apply(_) => {
                server::make(&target, &plan).await?;
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

/// What the server lacks of the description and where it differs, functions aside. Writes nothing.
pub async fn plan<'a>(target: &Target, description: &'a Description) -> anyhow::Result<Plan<'a>> {
    let mut found = server::read(target, description).await?;
    for question in plan::questions(description, &found) {
        if question.is_of_new_column() {
            server::exists(target, &question.database, &question.table).await?;
        }
        let answer = server::ask(target, &question).await?;
        found.answers.push((question, answer));
    }
    found.locked = server::locked(target, description, &found).await?;
    Ok(plan::plan(description, &found))
}

/// Creates what the server lacks of the description and changes what can be changed in place, functions aside.
pub async fn apply(target: &Target, description: &Description) -> anyhow::Result<Report> {
    let plan = plan(target, description).await?;
    server::make(target, &plan).await?;
    Ok(Report {
        created: plan.missing(),
        changed: plan.differing(),
        drift: plan.drift,
        notes: plan.notes,
    })
}

/// Creates the described functions or brings their settings to those described; their ids with what became of them.
/// Code and variables are not touched.
pub async fn apply_functions(
    target: &Target,
    description: &Description,
) -> anyhow::Result<Vec<(String, Change)>> {
    let mut changes = Vec::new();
    for function in &description.functions {
        changes.push((function.id.clone(), make_function(target, function).await?));
    }
    Ok(changes)
}
