//! `valyou schema`: brings the databases of an Appwrite server to what `appwrite.json` describes. It creates what is
//! missing and never changes or deletes anything: what exists and differs is told as drift. Safe to run at any time,
//! twice, and again after a run that was cut off. Functions are deployed with Appwrite's own command line tool.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

pub use self::description::Description;
pub use self::plan::Plan;
pub use self::server::Change;
pub use self::target::Target;

pub mod description;
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
    /// Print what is missing and what differs; exit code 2 when something differs
    Plan(Options),
    /// Print the plan, then create what is missing; exit code 2 when something differs
    Apply(Options),
    /// Print what is missing and what differs; exit code 2 unless the server is as described
    Check(Options),
}

#[derive(Args)]
struct Options {
    /// Address of the server's API, ending in /v1
    #[arg(long, env = "APPWRITE_ENDPOINT")]
    endpoint: String,
    /// Id of the project
    #[arg(long, env = "APPWRITE_PROJECT_ID")]
    project: String,
    /// API key with the scopes databases, tables, columns and indexes, read and write
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
        let target = Target::new(&options.endpoint, &options.project, &options.key)?;
        let plan = plan(&target, &description).await?;
        print!("{plan}");
        let as_described = match self {
            Self::Plan(_) => plan.drift.is_empty(),
            Self::Check(_) => plan.drift.is_empty() && plan.is_complete(),
            Self::Apply(_) => {
                server::make(&target, &plan).await?;
                if !plan.is_complete() {
                    println!(
                        "created {} databases, tables, columns and indexes",
                        plan.missing()
                    );
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
    let found = server::read(target, description).await?;
    Ok(plan::plan(description, &found))
}

/// Creates what the server lacks of the description, functions aside.
pub async fn apply(target: &Target, description: &Description) -> anyhow::Result<Report> {
    let plan = plan(target, description).await?;
    server::make(target, &plan).await?;
    Ok(Report {
        created: plan.missing(),
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
        changes.push((
            function.id.clone(),
            server::make_function(target, function).await?,
        ));
    }
    Ok(changes)
}
