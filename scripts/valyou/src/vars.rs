//! `valyou vars`: sets the functions' variables on an Appwrite server from a file, and tells whether they are set. It
//! never deletes one and never shows a secret. Which variables there are stands in `platform::config`; what runs already
//! keeps those that it was started with.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{bail, Context};
use clap::{Args, Subcommand};
use platform::config::{Variable, VARIABLES};
use serde_json::{json, Value};

pub use self::file::Values;
pub use self::plan::Plan;
use self::plan::{Deed, Step};
pub(crate) use self::plan::{Found, FoundVariable};
use crate::project::{block_on, Place};
use crate::schema::{make_function, Description, Target};

mod file;
mod plan;

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
        let values = file::read(&options.file)?;
        let description = Description::read(&options.description)?;
        plan::refuse(&description, VARIABLES, &values)
            .with_context(|| options.file.display().to_string())?;
        let target = options.place.target(&options.key)?;
        let plan = plan(&target, &description, VARIABLES, &values).await?;
        print!("{plan}");
        match self {
            Self::Push(_) => {
                let made = make(&target, &plan).await;
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

/// Sets these values on the functions that need them, and creates functions that are missing.
///
/// # Errors
/// Names everything that is missing or misspelt in the values at once, then without having written anything.
pub async fn push<'a>(
    target: &Target,
    description: &'a Description,
    variables: &'a [Variable],
    values: &'a Values,
) -> anyhow::Result<Plan<'a>> {
    plan::refuse(description, variables, values)?;
    let plan = plan(target, description, variables, values).await?;
    make(target, &plan).await?;
    Ok(plan)
}

/// What the server's functions lack of these values. Writes nothing.
async fn plan<'a>(
    target: &Target,
    description: &'a Description,
    variables: &'a [Variable],
    values: &'a Values,
) -> anyhow::Result<Plan<'a>> {
    let mut founds = Vec::new();
    for function in &description.functions {
        founds.push((function, found(target, &function.id).await?));
    }
    Ok(plan::plan(variables, values, &founds))
}

/// A function as it is on the server.
pub(crate) async fn found(target: &Target, function: &str) -> anyhow::Result<Option<Found>> {
    let path = format!("/functions/{function}");
    let settings = match target.get(&path).await {
        Ok(settings) => settings,
        Err(failure) if failure.kind() == "function_not_found" => return Ok(None),
        Err(failure) => return Err(failure.into()),
    };
    Ok(Some(Found {
        variables: list(target, &format!("{path}/variables")).await?,
        settings,
    }))
}

/// The variables that all functions of the project get.
pub(crate) async fn of_project(target: &Target) -> anyhow::Result<Vec<FoundVariable>> {
    list(target, "/project/variables").await
}

async fn list(target: &Target, path: &str) -> anyhow::Result<Vec<FoundVariable>> {
    let variables = target.list(path, "variables").await?;
    let variables = variables.iter().map(|variable| {
        let text = |name: &str| variable[name].as_str().unwrap_or_default().to_owned();
        FoundVariable {
            id: text("$id"),
            name: text("key"),
            value: (variable["secret"] != json!(true)).then(|| text("value")),
        }
    });
    Ok(variables.collect())
}

/// What is done before a failure stays; the next run goes on from there.
async fn make(target: &Target, plan: &Plan<'_>) -> anyhow::Result<()> {
    for steps in &plan.functions {
        let id = &steps.function.id;
        if steps.create {
            make_function(target, steps.function).await?;
        }
        for step in &steps.variables {
            let done = set(target, id, step).await;
            done.with_context(|| format!("{id}: {} cannot be set", step.variable.name))?;
        }
    }
    Ok(())
}

async fn set(target: &Target, function: &str, step: &Step<'_>) -> anyhow::Result<()> {
    let place = format!("/functions/{function}/variables");
    let name = step.variable.name;
    let variable = match &step.deed {
        Deed::Change { variable, .. } | Deed::Hide { variable } | Deed::Rewrite { variable } => {
            variable.clone()
        }
        Deed::Create => {
            let mut body = body(step);
            body["variableId"] = json!("unique()");
            body["secret"] = json!(step.variable.secret);
            if target.create(&place, &body).await? {
                return Ok(());
            }
            // Somebody else has set it meanwhile, to this or to another value.
            let there = list(target, &place).await?;
            let Some(there) = there.into_iter().find(|there| there.name == name) else {
                bail!("it was there and is gone again; run this again");
            };
            if plan::deed(step.variable, step.value.expose(), Some(&there)).is_none() {
                return Ok(());
            }
            there.id
        }
    };
    target
        .put(&format!("{place}/{variable}"), &body(step))
        .await?;
    Ok(())
}

/// Whether it is secret is said only where it is to be: what is left out stays, and Appwrite refuses to make a secret
/// open again.
fn body(step: &Step<'_>) -> Value {
    let mut body = json!({"key": step.variable.name, "value": step.value.expose()});
    if step.variable.secret {
        body["secret"] = json!(true);
    }
    body
}
