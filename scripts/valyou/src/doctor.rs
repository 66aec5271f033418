//! `valyou doctor`: looks a project over as it stands on a server, and says in words what is not as `appwrite.json` and
//! the code want it, what will go wrong because of it, and what to do. It writes nothing and mends nothing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use platform::cx::TIMEOUT;
use project::description::Function;
use project::vars::Found;
use project::{schema, vars, Description, Target};
use serde_json::Value;

use self::functions::Server;
use self::report::Report;
use self::version::Version;
use crate::place::{block_on, Place};

mod cli;
mod events;
mod functions;
mod report;
mod version;

/// Look over a project on a server: version, key, runtime, functions, variables, databases
///
/// One line for each thing: `ok`, `FAIL` with what to do, or `note`. It writes nothing. Exit code 0 only if there is no
/// `FAIL`, otherwise 2.
#[derive(clap::Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
    /// API key with the scopes databases.read, tables.read and functions.read; with rows.read it also finds rows that a
    /// required column locks, with project.read variables of the whole project
    #[arg(long, env = "APPWRITE_API_KEY", hide_env_values = true)]
    key: String,
    /// The description
    #[arg(long, default_value = "appwrite.json")]
    file: PathBuf,
}

impl Doctor {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let mut report = Report::default();
            self.look(&mut report).await;
            print!("{report}");
            Ok(if report.is_well() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            })
        })
    }

    /// What cannot be looked at because of a fault is left out.
    async fn look(&self, report: &mut Report) {
        cli::look(std::env::var_os("PATH").as_deref(), report);
        let Some(description) = read(&self.file, report) else {
            return;
        };
        let target = match self.place.target(&self.key) {
            Ok(target) => target,
            Err(error) => return report.fail(format!("{error:#}")),
        };
        let version = match server(&target, &self.place.endpoint, report).await {
            Asked::Nobody => return,
            Asked::Refused => None,
            Asked::Is(version) => Some(version),
        };
        deaf(&self.file, &description, version, report);
        runtimes(&target, &description, report).await;
        let may = key(&target, &description, report).await;
        if may.functions {
            let server = Server {
                databases: match may.databases {
                    true => databases(&target).await,
                    false => None,
                },
                variables: vars::of_project(&target).await.ok(),
                version,
            };
            let mut working = Vec::new();
            for function in &description.functions {
                match function_facts(&target, function).await {
                    Ok(facts) => {
                        let on = functions::look(function, facts.as_ref(), &server, report);
                        working.extend(on.map(|database| (function.id.as_str(), database)));
                    }
                    Err(error) => report.fail(format!("{}: {error:#}", function.id)),
                }
            }
            functions::look_together(&working, report);
        }
        if may.databases {
            tables(&target, &description, report).await;
        }
    }
}

/// The description, read as strictly as Appwrite's own tool does.
fn read(file: &Path, report: &mut Report) -> Option<Description> {
    let name = file.display();
    let description = match Description::read(file) {
        Ok(description) => description,
        Err(error) => {
            report.fail(format!("{error:#}"));
            return None;
        }
    };
    let mut faults = Vec::new();
    for function in &description.functions {
        if u64::from(function.timeout) != TIMEOUT.as_secs() {
            faults.push(format!(
                "{}: its timeout is {} s, and the code counts on {} s",
                function.id,
                function.timeout,
                TIMEOUT.as_secs()
            ));
        }
    }
    if faults.is_empty() {
        report.ok(format!(
            "{name}: {} functions, {} databases, {} tables",
            description.functions.len(),
            description.databases.len(),
            description.tables.len()
        ));
    }
    for fault in faults {
        report.fail(format!("{name}: {fault}"));
    }
    Some(description)
}

/// Events of the description that never call a function on this server.
fn deaf(file: &Path, description: &Description, version: Option<Version>, report: &mut Report) {
    for function in &description.functions {
        let deaf = (function.events.iter()).filter_map(|event| events::heard(event, version).err());
        for why in deaf {
            report.fail(format!("{}: {}: {why}", file.display(), function.id));
        }
    }
}

/// Who answers.
enum Asked {
    /// No server of Appwrite's.
    Nobody,
    /// One that does not tell its version, which does not hide the rest.
    Refused,
    Is(Version),
}

async fn server(target: &Target, endpoint: &str, report: &mut Report) -> Asked {
    let answer = match target.get_public("/health/version").await {
        Ok(answer) => answer,
        Err(failure) => {
            report.fail(failure.to_string());
            return match failure.is_of_appwrite() {
                true => Asked::Refused,
                false => Asked::Nobody,
            };
        }
    };
    let told = answer["version"].as_str().unwrap_or_default();
    let Some(version) = Version::read(told) else {
        report.fail(format!(
            "{endpoint} does not say which Appwrite it is; check --endpoint"
        ));
        return Asked::Nobody;
    };
    version.look(&format!("{endpoint} is Appwrite {told}"), report);
    Asked::Is(version)
}

async fn runtimes(target: &Target, description: &Description, report: &mut Report) {
    let answer = match target.get_public("/functions/runtimes").await {
        Ok(answer) => answer,
        Err(failure) => return report.fail(failure.to_string()),
    };
    let there: Vec<&str> = (answer["runtimes"].as_array().into_iter().flatten())
        .filter_map(|runtime| runtime["$id"].as_str())
        .collect();
    let mut wanted: Vec<&str> = (description.functions.iter())
        .map(|function| function.runtime.as_str())
        .collect();
    wanted.dedup();
    for runtime in wanted {
        if there.contains(&runtime) {
            report.ok(format!("the server has the runtime {runtime}"));
        } else {
            report.fail(format!(
                "the server does not have the runtime {runtime}: no function can be built; add it to \
                 _APP_FUNCTIONS_RUNTIMES in the server's .env and restart it"
            ));
        }
    }
}

/// What the key opens.
struct May {
    databases: bool,
    functions: bool,
}

/// Asks for one of everything, so that all scopes that are missing are told at once. `tables.read` opens columns and
/// indexes, too.
async fn key(target: &Target, description: &Description, report: &mut Report) -> May {
    let database = description.databases.first();
    let database = database.map_or("none", |database| &database.id);
    let mut may = May {
        databases: true,
        functions: true,
    };
    let (mut missing, mut faults) = (Vec::new(), Vec::new());
    for path in [
        "/tablesdb".to_owned(),
        format!("/tablesdb/{database}/tables"),
        "/functions".to_owned(),
    ] {
        let Err(failure) = target.get(&path).await else {
            continue;
        };
        match failure.missing_scope() {
            Some(scope) => missing.push(scope),
            // That there is nothing yet is for others to tell.
            None if failure.kind() == "database_not_found" => continue,
            None => faults.push(failure.to_string()),
        }
        match path.as_str() {
            "/functions" => may.functions = false,
            _ => may.databases = false,
        }
    }
    // Where it is the same with all of them it is told once.
    faults.dedup();
    for fault in &faults {
        report.fail(fault);
    }
    if !faults.is_empty() {
        return may;
    }
    if missing.is_empty() {
        report.ok("the key may look at databases and functions");
    } else {
        report.fail(format!(
            "the key lacks {}; what needs it was not looked at",
            missing.join(" and ")
        ));
    }
    may
}

/// Ids of all databases; none if they cannot be listed, which is told with the tables.
async fn databases(target: &Target) -> Option<Vec<String>> {
    let databases = target.list("/tablesdb", "databases").await.ok()?;
    let ids = databases
        .iter()
        .filter_map(|database| database["$id"].as_str());
    Some(ids.map(str::to_owned).collect())
}

async fn function_facts(
    target: &Target,
    function: &Function,
) -> anyhow::Result<Option<(Found, Option<Value>)>> {
    let Some(found) = vars::found(target, &function.id).await? else {
        return Ok(None);
    };
    let deployment = match found.settings["deploymentId"].as_str() {
        None | Some("") => None,
        Some(id) => {
            let path = format!("/functions/{}/deployments/{id}", function.id);
            match target.get(&path).await {
                Ok(deployment) => Some(deployment),
                Err(failure) if failure.kind() == "deployment_not_found" => None,
                Err(failure) => return Err(failure.into()),
            }
        }
    };
    Ok(Some((found, deployment)))
}

/// In the words of `valyou schema plan`.
async fn tables(target: &Target, description: &Description, report: &mut Report) {
    let plan = match schema::plan(target, description).await {
        Ok(plan) => plan.to_string(),
        Err(error) => return report.fail(format!("{error:#}")),
    };
    for line in plan.lines() {
        if let Some(drift) = line.strip_prefix("drift: ") {
            report.fail(drift);
        } else if let Some(note) = line.strip_prefix("note: ") {
            report.note(note);
        } else if line == "nothing to do" {
            report.ok("databases, tables, columns and indexes: nothing is missing");
        } else {
            report.fail(format!("`valyou schema apply` has to {line}"));
        }
    }
}
