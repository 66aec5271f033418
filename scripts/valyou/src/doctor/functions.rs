//! One function as it is on the server: settings, deployment, variables, each with what follows from a fault. Pure: what
//! was asked comes in.

use platform::config::{is_set, Variable, DATABASE, VARIABLES};
use project::description::Function;
use project::vars::{Found, FoundVariable};
use serde_json::Value;

use super::events::{heard, Heard};
use super::report::Report;
use super::version::Version;

/// What is to be known of the server beside the function.
pub(super) struct Server {
    /// Ids of all databases; none where nobody could tell.
    pub(super) databases: Option<Vec<String>>,
    /// What is set for all functions of the project; none where the key may not see it.
    pub(super) variables: Option<Vec<FoundVariable>>,
    /// None where it does not tell.
    pub(super) version: Option<Version>,
}

/// Looks at a function and its active deployment; the database it works on, if it says so.
pub(super) fn look(
    function: &Function,
    facts: Option<&(Found, Option<Value>)>,
    server: &Server,
    report: &mut Report,
) -> Option<String> {
    let id = &function.id;
    let Some((found, deployment)) = facts else {
        report.fail(format!(
            "{id} is not on the server; `valyou vars push` creates it, `appwrite push functions` deploys it"
        ));
        return None;
    };
    let there = &found.settings;
    let Settings { faults, larger } = settings(function, there, server.version);
    match faults.is_empty() {
        true if larger.is_empty() => report.ok(format!("{id}: its settings are as described")),
        true => report.ok(format!(
            "{id}: its settings are as described, or larger: {}",
            larger.join(", ")
        )),
        false => {
            for fault in faults {
                report.fail(format!("{id}: {fault}"));
            }
            report.note(format!(
                "{id}: `appwrite push functions` makes its settings as described"
            ));
        }
    }
    deployments(id, there, deployment.as_ref(), report);
    variables(function, found, server, report)
}

/// All functions of a deployment work on one database.
pub(super) fn look_together(working: &[(&str, String)], report: &mut Report) {
    let Some((_, first)) = working.first() else {
        return;
    };
    if working.iter().any(|(_, database)| database != first) {
        let told: Vec<String> = (working.iter())
            .map(|(function, database)| format!("{function} on {database}"))
            .collect();
        report.fail(format!(
            "the functions work on different databases: {}; set {} alike with `valyou vars push`",
            told.join(", "),
            DATABASE.name
        ));
    }
}

/// Where the settings differ.
struct Settings {
    /// Each with what follows.
    faults: Vec<String>,
    /// Specifications with more of everything than described. A self-hosted Appwrite takes the largest it allows when
    /// none is sent, as older versions of its tool do.
    larger: Vec<String>,
}

fn settings(function: &Function, there: &Value, version: Option<Version>) -> Settings {
    let described = serde_json::to_value(function).unwrap_or_default();
    let (mut faults, mut larger) = (Vec::new(), Vec::new());
    for (name, to) in described.as_object().into_iter().flatten() {
        let from = &there[name.as_str()];
        match name.as_str() {
            "execute" | "events" | "scopes" => {
                let (from, to) = (texts(from), texts(to));
                let gone = to.iter().filter(|entry| !from.contains(entry));
                let new = from.iter().filter(|entry| !to.contains(entry));
                faults.extend(gone.map(|entry| missing(name, entry, there, version)));
                faults.extend(new.map(|entry| added(name, entry, version)));
            }
            "buildSpecification" | "runtimeSpecification" if is_larger(from, to) => {
                larger.push(format!("{name} is {from}, described as {to}"));
            }
            name if from != to => {
                let follows = consequence(name, from, to);
                faults.push(format!("{name} is {from}, described as {to}: {follows}"));
            }
            _ => {}
        }
    }
    Settings { faults, larger }
}

/// Whether one specification, as `s-2vcpu-4gb`, has more than another and less of nothing.
fn is_larger(one: &Value, other: &Value) -> bool {
    let size = |specification: &Value| {
        let (processors, memory) = specification
            .as_str()?
            .strip_prefix("s-")?
            .split_once("vcpu-")?;
        let megabytes = match memory.strip_suffix("gb") {
            Some(gigabytes) => gigabytes.parse::<f64>().ok()? * 1_024.0,
            None => memory.strip_suffix("mb")?.parse().ok()?,
        };
        Some((processors.parse::<f64>().ok()?, megabytes))
    };
    match (size(one), size(other)) {
        (Some(one), Some(other)) => one != other && one.0 >= other.0 && one.1 >= other.1,
        _ => false,
    }
}

fn texts(list: &Value) -> Vec<&str> {
    let entries = list.as_array().into_iter().flatten();
    entries.filter_map(Value::as_str).collect()
}

/// What follows when an entry of a list is not there.
fn missing(list: &str, entry: &str, there: &Value, version: Option<Version>) -> String {
    let (what, follows) = match (list, entry) {
        ("execute", "users") => ("execute role", "signed-in users get 401 from it".to_owned()),
        ("execute", _) => (
            "execute role",
            "who has it gets 401 from the function".to_owned(),
        ),
        ("events", _) => {
            let of = heard(entry, version).map_or_else(|why| why, |heard| heard.told());
            let until = match there["schedule"].as_str() {
                None | Some("") => "ever, for it has no schedule".to_owned(),
                Some(schedule) => format!("until the sweep ({schedule})"),
            };
            (
                "event",
                format!("what happens to {of} is not noticed {until}"),
            )
        }
        ("scopes", "rows.read") => ("scope", "it can read no row; every call".to_owned()),
        ("scopes", "rows.write") => (
            "scope",
            "it can store nothing; every call that changes something".to_owned(),
        ),
        ("scopes", "teams.read") => (
            "scope",
            "it cannot tell who is an admin or a member; every call that asks".to_owned(),
        ),
        ("scopes", "teams.write") => (
            "scope",
            "nobody can join a team; accepting an invite".to_owned(),
        ),
        ("scopes", "users.read") => (
            "scope",
            "it cannot look at accounts; every call by a personal access token and about an invite"
                .to_owned(),
        ),
        _ => ("scope", "what needs it".to_owned()),
    };
    match what {
        "scope" => format!("the scope {entry} is missing: {follows} fails with not_configured"),
        what => format!("the {what} {entry} is missing: {follows}"),
    }
}

/// What follows from an entry that is not described.
fn added(list: &str, entry: &str, version: Option<Version>) -> String {
    match (list, entry) {
        ("execute", "any" | "guests") => format!(
            "the execute role {entry} is not described: everybody may call it without signing in; if it is meant, for \
             personal access tokens, write it into appwrite.json"
        ),
        ("execute", _) => format!("the execute role {entry} is not described: who has it may call the function"),
        ("events", _) => match heard(entry, version) {
            Err(why) => why,
            Ok(heard) => format!(
                "the event {entry} is not described: it is called for nothing when something happens to {}",
                heard.told()
            ),
        },
        _ => format!("the scope {entry} is not described: its key opens more than it needs"),
    }
}

/// What follows when a single setting differs.
fn consequence(name: &str, from: &Value, to: &Value) -> &'static str {
    match name {
        "name" => "nothing but confusion",
        "runtime" => "Appwrite cannot change it; delete the function on the server and push it again",
        "entrypoint" | "commands" => "the next build fails, or builds something else",
        "enabled" if to == true => "users get 404 from it",
        "enabled" => "users can call it",
        "logging" => "nobody will see in its log why something failed",
        "schedule" if from == "" => "there is no sweep: what an event missed or a crash left behind stays undone",
        "schedule" => "the sweep, which does what events missed and crashes left behind, comes at other times",
        "timeout" if from.as_u64() < to.as_u64() => {
            "it is ended before it stops by itself, so that jobs are left unfinished until the sweep"
        }
        "timeout" => "an execution can still run when its job is given to another",
        "buildSpecification" => "the build may run out of memory or time, or cost more than it has to",
        "runtimeSpecification" => "it may be slower, or cost more, than it was measured to",
        _ => "it may not do what it should",
    }
}

fn deployments(id: &str, there: &Value, active: Option<&Value>, report: &mut Report) {
    let text = |name: &str| there[name].as_str().unwrap_or_default();
    let (latest, state) = (text("latestDeploymentId"), text("latestDeploymentStatus"));
    let is_active = active.is_some_and(|active| active["status"] == "ready");
    match active {
        Some(active) if is_active => {
            let name = active["$id"].as_str().unwrap_or_default();
            if there["live"] == false {
                report.fail(format!(
                    "{id}: variables or settings were changed after the deployment {name} was made: what runs may still \
                     have the old ones; deploy again with `appwrite push functions`"
                ));
            } else {
                report.ok(format!("{id}: the deployment {name} is active and ready"));
            }
            if latest == name {
                return;
            }
        }
        Some(active) => report.fail(format!(
            "{id}: its active deployment is {}, not ready: every call fails; deploy again with `appwrite push functions`",
            active["status"]
        )),
        None => {}
    }
    let consequence = if is_active {
        "the one before it still runs"
    } else {
        "nothing runs"
    };
    let told = match state {
        _ if latest.is_empty() => {
            if active.is_none() {
                report.fail(format!(
                    "{id}: it has no deployment, so nothing runs; `appwrite push functions`"
                ));
            }
            return;
        }
        "failed" => format!(
            "{id}: its latest deployment {latest} failed to build, so {consequence}; look at the deployment's build \
             logs in the console, mend the cause and push again"
        ),
        "ready" => format!(
            "{id}: its latest deployment {latest} is ready and not active, so {consequence}; activate it in the console"
        ),
        state => format!(
            "{id}: its latest deployment {latest} is {state}, so {consequence}; run this again when it is built"
        ),
    };
    // Somebody may have gone back to an older deployment, and a build takes its time.
    if is_active && state != "failed" {
        report.note(told);
    } else {
        report.fail(told);
    }
}

/// The database that the function works on, if it says so.
fn variables(
    function: &Function,
    found: &Found,
    server: &Server,
    report: &mut Report,
) -> Option<String> {
    let id = &function.id;
    // The function's own wins.
    let all = || {
        found
            .variables
            .iter()
            .chain(server.variables.iter().flatten())
    };
    let set = |name: &str| all().find(|found| found.name == name);
    let is_missing = |variable: &&Variable| {
        let value = set(variable.name).map(|found| found.value.as_deref());
        let is_blank = value.is_none_or(|value| value.is_some_and(|value| !is_set(value)));
        variable.is_needed_by(id) && variable.is_required() && is_blank
    };
    let missing = VARIABLES.iter().filter(is_missing);
    let missing: Vec<&str> = missing.map(|variable| variable.name).collect();
    if !missing.is_empty() {
        let unless = match server.variables {
            Some(_) => "",
            None => {
                ", unless it is for the whole project, which takes the scope project.read to see"
            }
        };
        report.fail(format!(
            "{id}: not set: {}{unless}: every call fails with not_configured; `valyou vars push`",
            missing.join(", ")
        ));
        return None;
    }
    let named = set(DATABASE.name)?;
    let Some(database) = &named.value else {
        report.note(format!(
            "{id}: its variables are set; {} is secret, so nobody can tell which database it works on",
            DATABASE.name
        ));
        return None;
    };
    let mut faults = Vec::new();
    if let Some(databases) = &server.databases {
        if !databases.contains(database) {
            faults.push(format!(
                "{} is {database:?}, and the server has only {}: every call fails; set it with `valyou vars push`",
                DATABASE.name,
                databases.join(" and ")
            ));
        }
    }
    faults.extend(unheard(function, &found.settings, database, server.version));
    if faults.is_empty() {
        report.ok(format!(
            "{id}: its variables are set; it works on {database}"
        ));
    }
    for fault in faults {
        report.fail(format!("{id}: {fault}"));
    }
    Some(database.clone())
}

/// Tables that the function is described to listen to, and does not in the database it works on.
fn unheard(
    function: &Function,
    there: &Value,
    database: &str,
    version: Option<Version>,
) -> Vec<String> {
    let described = function
        .events
        .iter()
        .filter_map(|event| heard(event, version).ok());
    let mut tables: Vec<&str> = described.map(|heard| heard.table()).collect();
    tables.sort_unstable();
    tables.dedup();
    let heard: Vec<Heard<'_>> = (texts(&there["events"]).into_iter())
        .filter_map(|event| heard(event, version).ok())
        .collect();
    (tables.into_iter())
        .filter(|table| !heard.iter().any(|heard| heard.includes(database, table)))
        .map(|table| format!("it works on {database} and hears of no event of {table} there"))
        .collect()
}
