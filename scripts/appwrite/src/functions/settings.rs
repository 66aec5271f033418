//! Functions and their variables, as the operator sets them. Not their code, which is
//! [`crate::functions::deployments`]'s, nor the running: see [`crate::functions::executions`].

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::functions::scopes::SCOPES;
use crate::functions::state::Functions;
use crate::functions::{deployments, function, schedule, subscriptions, variables};
use crate::options::Line;
use crate::storage::{listing, records, Kind, Queries};
use crate::wire::{parameters, value, Answer, Body, Call, Error, Reply};

/// The one runtime that is served here.
const RUNTIME: &str = "rust-1.83";

/// Largest and default timeout in seconds: `_APP_FUNCTIONS_TIMEOUT` and Functions/Create.php.
const TIMEOUT: (i64, i64) = (900, 15);

/// What a self-hosted Appwrite takes when nothing is asked for: the largest that it allows.
const SPECIFICATION: &str = "s-8vcpu-8gb";

/// Most entries of `execute`, `events` and `scopes`: `APP_LIMIT_ARRAY_PARAMS_SIZE`.
const LIST: usize = 100;

/// What a list may be asked for by.
const QUERIES: Queries = Queries::of(&[
    "name",
    "enabled",
    "runtime",
    "deploymentId",
    "schedule",
    "scheduleNext",
    "schedulePrevious",
    "timeout",
    "entrypoint",
    "commands",
    "installationId",
]);

const COMMANDS_LENGTH: usize = 8_192;

pub(crate) fn route(state: &Functions, call: &Call, rest: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(state, call),
        ("GET", []) => list(state, call),
        ("GET", ["runtimes"]) => runtimes(call),
        ("GET", ["specifications"]) => specifications(call),
        ("GET", [id]) => get(state, call, id),
        ("PUT", [id]) => update(state, call, id),
        ("DELETE", [id]) => delete(state, call, id),
        ("POST", [id, "variables"]) => create_variable(state, call, id),
        ("GET", [id, "variables"]) => list_variables(state, call, id),
        ("GET", [id, "variables", variable]) => get_variable(state, call, id, variable),
        ("PUT", [id, "variables", variable]) => update_variable(state, call, id, variable),
        ("DELETE", [id, "variables", variable]) => delete_variable(state, call, id, variable),
        _ => return None,
    })
}

fn create(state: &Functions, call: &Call) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    let id = parameters::new_id(&body, "functionId")?;
    let settings = settings(&body, None, call.edition.line)?;
    let now = clock::now_text();
    let mut function = json!({
        "$id": id, "$createdAt": now, "$updatedAt": now,
        "execute": [], "name": "", "enabled": true, "live": true, "logging": true, "runtime": "",
        "deploymentRetention": 0, "deploymentId": "", "deploymentCreatedAt": "",
        "latestDeploymentId": "", "latestDeploymentCreatedAt": "", "latestDeploymentStatus": "",
        "scopes": [], "vars": [], "events": [], "schedule": "", "timeout": TIMEOUT.1, "entrypoint": "",
        "commands": "", "version": "v5", "installationId": "", "providerRepositoryId": "",
        "providerBranch": "", "providerRootDirectory": "", "providerSilentMode": false,
        "providerBranches": [], "providerPaths": [], "buildSpecification": "", "runtimeSpecification": "",
    });
    merge(&mut function, settings);
    state.store.write(|transaction| {
        if !records::insert(transaction, Kind::Function, "", &function)? {
            return Err(Error::new(
                409,
                "function_already_exists",
                "Function with the requested ID already exists. Try again with a different ID or use ID.unique() to \
                 generate a unique ID.",
            ));
        }
        Ok(Answer::json(201, function))
    })
}

/// What functions can run on; anybody may know who has no key.
fn runtimes(call: &Call) -> Reply {
    call.actor.public()?;
    let rust = json!({
        "$id": RUNTIME, "key": "rust", "name": "Rust", "version": "1.83", "base": "rust:1.83-alpine",
        "image": "openruntimes/rust:v5-1.83", "logo": "rust.png", "supports": ["x86", "arm64"],
    });
    Ok(Answer::json(200, json!({"total": 1, "runtimes": [rust]})))
}

/// Slug, processors and megabytes of everything that a function can be given: app/config/specifications.php.
const SPECIFICATIONS: [(&str, f64, u32); 9] = [
    ("s-0.5vcpu-512mb", 0.5, 512),
    ("s-1vcpu-512mb", 1.0, 512),
    ("s-1vcpu-1gb", 1.0, 1_024),
    ("s-2vcpu-2gb", 2.0, 2_048),
    ("s-2vcpu-4gb", 2.0, 4_096),
    ("s-4vcpu-4gb", 4.0, 4_096),
    ("s-4vcpu-8gb", 4.0, 8_192),
    ("s-8vcpu-4gb", 8.0, 4_096),
    (SPECIFICATION, 8.0, 8_192),
];

fn specifications(call: &Call) -> Reply {
    call.actor.manage(&["functions.read"])?;
    let shown: Vec<Value> = SPECIFICATIONS
        .iter()
        .map(|(slug, processors, memory)| {
            let processors = value::number(*processors);
            json!({"memory": memory, "cpus": processors, "enabled": true, "slug": slug})
        })
        .collect();
    Ok(Answer::json(
        200,
        json!({"total": shown.len(), "specifications": shown}),
    ))
}

/// What makes a deployment that was built before stand for other settings than those that are stored now.
const BUILT: [&str; 4] = ["name", "entrypoint", "commands", "runtime"];

/// A field that is left out is set back, except runtime and entrypoint: Functions/Update.php.
fn update(state: &Functions, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    state.store.write(|transaction| {
        let mut function = function::known(transaction, id)?;
        let settings = settings(&body, Some(&function), call.edition.line)?;
        let is_live = BUILT.iter().all(|name| function[name] == settings[name]);
        merge(&mut function, settings);
        function["live"] = json!(is_live);
        records::update(transaction, Kind::Function, &mut function)?;
        Ok(Answer::json(200, function::view(transaction, function)?))
    })
}

/// The settings a body asks for, with the defaults of those it leaves out.
fn settings(body: &Body, old: Option<&Value>, line: Line) -> Result<Value, Error> {
    let name = parameters::text(body, "name", 128)?;
    let runtime = match (parameters::sent(body, "runtime"), old) {
        (Some(runtime), _) if runtime == RUNTIME => RUNTIME.to_owned(),
        (None, Some(old)) => records::text(old, "runtime").to_owned(),
        (Some(_), _) => {
            return Err(Error::argument(format!(
                "Invalid `runtime` param: Value must be one of ({RUNTIME})"
            )))
        }
        (None, None) => return Err(Error::argument("Param \"runtime\" is not optional.")),
    };
    let execute = parameters::texts(body, "execute", LIST, 0, 1_024)?;
    for role in &execute {
        parameters::role(role).map_err(|rule| parameters::invalid("execute", &rule))?;
    }
    let events = parameters::texts(body, "events", LIST, 0, 1_024)?;
    if !events
        .iter()
        .all(|pattern| subscriptions::is_valid(pattern, line))
    {
        return Err(Error::argument(format!(
            "Invalid `events` param: Value must a valid array no longer than {LIST} items and Event is not valid."
        )));
    }
    let schedule = records::text(&Value::Object(body.clone()), "schedule").to_owned();
    if !schedule.is_empty() && schedule::parse(&schedule).is_none() {
        return Err(Error::argument(
            "Invalid `schedule` param: String must be a valid cron expression",
        ));
    }
    let scopes = parameters::texts(body, "scopes", LIST, 0, 1_024)?;
    if !scopes.iter().all(|scope| SCOPES.contains(&scope.as_str())) {
        return Err(Error::argument(format!(
            "Invalid `scopes` param: Value must a valid array no longer than {LIST} items and Value must be one of ({})",
            SCOPES.join(", ")
        )));
    }
    let entrypoint = match (text(body, "entrypoint", 1_028)?, old) {
        (entrypoint, Some(old)) if entrypoint.is_empty() => {
            records::text(old, "entrypoint").to_owned()
        }
        (entrypoint, _) => entrypoint,
    };
    Ok(json!({
        "name": name,
        "runtime": runtime,
        "execute": execute,
        "events": events,
        "schedule": schedule,
        "timeout": parameters::integer(body, "timeout", 1, TIMEOUT.0)?.unwrap_or(TIMEOUT.1),
        "enabled": parameters::boolean(body, "enabled", true)?,
        "logging": parameters::boolean(body, "logging", true)?,
        "entrypoint": entrypoint,
        "commands": text(body, "commands", COMMANDS_LENGTH)?,
        "scopes": scopes,
        "deploymentRetention": parameters::integer(body, "deploymentRetention", 0, 36_500)?.unwrap_or(0),
        "buildSpecification": specification(body, "buildSpecification")?,
        "runtimeSpecification": specification(body, "runtimeSpecification")?,
    }))
}

fn specification(body: &Body, name: &str) -> Result<String, Error> {
    let Some(asked) = parameters::sent(body, name) else {
        return Ok(SPECIFICATION.to_owned());
    };
    let slugs = SPECIFICATIONS.map(|(slug, ..)| slug);
    let known = slugs.iter().find(|slug| asked == **slug);
    let known = known.ok_or_else(|| {
        let slugs = slugs.join(", ");
        parameters::invalid(name, &format!("Specification must be one of: {slugs}"))
    })?;
    Ok((*known).to_owned())
}

/// Text that may be left out or empty.
fn text(body: &Body, name: &str, longest: usize) -> Result<String, Error> {
    match parameters::sent(body, name) {
        Some(Value::String(text)) if text.is_empty() => Ok(String::new()),
        Some(_) => parameters::text(body, name, longest),
        None => Ok(String::new()),
    }
}

fn merge(function: &mut Value, settings: Value) {
    if let (Some(function), Value::Object(settings)) = (function.as_object_mut(), settings) {
        function.extend(settings);
    }
}

fn get(state: &Functions, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    state.store.read(|connection| {
        let function = function::known(connection, id)?;
        Ok(Answer::json(200, function::view(connection, function)?))
    })
}

fn list(state: &Functions, call: &Call) -> Reply {
    call.actor.manage(&["functions.read"])?;
    state.store.read(|connection| {
        let functions = records::all(connection, Kind::Function)?;
        let shown = |function: &Value| function::view(connection, function.clone());
        listing::answer_shown(call, "functions", QUERIES, functions, shown)
    })
}

fn delete(state: &Functions, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let deployments = state.store.write(|transaction| {
        function::known(transaction, id)?;
        let deployments = records::children(transaction, Kind::Deployment, id)?;
        records::delete(transaction, Kind::Function, id)?;
        for kind in [
            Kind::Variable,
            Kind::Deployment,
            Kind::Execution,
            Kind::Rule,
        ] {
            records::delete_children(transaction, kind, id)?;
        }
        Ok(deployments)
    })?;
    for deployment in &deployments {
        deployments::forget(state, records::id(deployment));
    }
    Ok(Answer::empty())
}

fn create_variable(state: &Functions, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    let variable = variables::new(&body, "function", id)?;
    state.store.write(|transaction| {
        let mut function = function::known(transaction, id)?;
        let taken = records::children(transaction, Kind::Variable, id)?
            .iter()
            .any(|other| other["key"] == variable["key"]);
        if taken || !records::insert(transaction, Kind::Variable, id, &variable)? {
            return Err(variables::already_exists());
        }
        stale(transaction, &mut function)?;
        Ok(Answer::json(201, variables::shown(&variable)))
    })
}

fn list_variables(state: &Functions, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    state.store.read(|connection| {
        function::known(connection, id)?;
        let found = records::children(connection, Kind::Variable, id)?;
        let shown: Vec<Value> = found.iter().map(variables::shown).collect();
        listing::answer(call, "variables", variables::QUERIES, shown)
    })
}

fn get_variable(state: &Functions, call: &Call, id: &str, variable: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    state.store.read(|connection| {
        function::known(connection, id)?;
        let variable = known_variable(connection, id, variable)?;
        Ok(Answer::json(200, variables::shown(&variable)))
    })
}

fn update_variable(state: &Functions, call: &Call, id: &str, variable: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    state.store.write(|transaction| {
        let mut function = function::known(transaction, id)?;
        let mut variable = known_variable(transaction, id, variable)?;
        let secret = match parameters::sent(&body, "secret") {
            Some(_) => Some(parameters::boolean(&body, "secret", false)?),
            None => None,
        };
        if secret == Some(false) && variable["secret"] == json!(true) {
            return Err(variables::cannot_unset_secret());
        }
        if let Some(key) = parameters::optional_text(&body, "key", 255)? {
            variable["key"] = json!(key);
        }
        if parameters::sent(&body, "value").is_some() {
            variable["value"] = json!(variables::value(&body)?);
        }
        if let Some(secret) = secret {
            variable["secret"] = json!(secret);
        }
        records::update(transaction, Kind::Variable, &mut variable)?;
        stale(transaction, &mut function)?;
        Ok(Answer::json(200, variables::shown(&variable)))
    })
}

fn delete_variable(state: &Functions, call: &Call, id: &str, variable: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    state.store.write(|transaction| {
        let mut function = function::known(transaction, id)?;
        known_variable(transaction, id, variable)?;
        records::delete(transaction, Kind::Variable, variable)?;
        stale(transaction, &mut function)?;
        Ok(Answer::empty())
    })
}

/// A changed variable shows in `live`; a running process keeps its environment until it starts again.
fn stale(connection: &Connection, function: &mut Value) -> Result<(), Error> {
    function["live"] = json!(false);
    records::replace(connection, Kind::Function, function)
}

fn known_variable(connection: &Connection, function: &str, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Variable, id)?
        .filter(|variable| records::text(variable, "resourceId") == function)
        .ok_or_else(variables::not_found)
}
