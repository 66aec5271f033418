//! Functions and their variables: what is to run. Not their code, which is [`crate::deployments`]'s, nor the running:
//! see [`crate::executions`].

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::storage::listing::{self, Queries};
use crate::storage::records::{self, Kind};
use crate::wire::parameters::{self, Body};
use crate::wire::{value, Answer, Call, Error, Reply};
use crate::{clock, deployments, events, project, schedule, variables, App};

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

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    let segments = call.segments();
    let ["functions", rest @ ..] = segments.as_slice() else {
        return None;
    };
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(app, call),
        ("GET", []) => list(app, call),
        ("GET", ["runtimes"]) => runtimes(call),
        ("GET", ["specifications"]) => specifications(call),
        ("GET", [id]) => get(app, call, id),
        ("PUT", [id]) => update(app, call, id),
        ("DELETE", [id]) => delete(app, call, id),
        ("POST", [id, "variables"]) => create_variable(app, call, id),
        ("GET", [id, "variables"]) => list_variables(app, call, id),
        ("GET", [id, "variables", variable]) => get_variable(app, call, id, variable),
        ("PUT", [id, "variables", variable]) => update_variable(app, call, id, variable),
        ("DELETE", [id, "variables", variable]) => delete_variable(app, call, id, variable),
        _ => return None,
    })
}

fn create(app: &App, call: &Call) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    let id = parameters::new_id(&body, "functionId")?;
    let settings = settings(&body, None)?;
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
    app.store.write(|transaction| {
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
fn update(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    app.store.write(|transaction| {
        let mut function = known(transaction, id)?;
        let settings = settings(&body, Some(&function))?;
        let is_live = BUILT.iter().all(|name| function[name] == settings[name]);
        merge(&mut function, settings);
        function["live"] = json!(is_live);
        records::update(transaction, Kind::Function, &mut function)?;
        Ok(Answer::json(200, view(transaction, function)?))
    })
}

/// The settings a body asks for, with the defaults of those it leaves out.
fn settings(body: &Body, old: Option<&Value>) -> Result<Value, Error> {
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
    execute.iter().try_for_each(|role| check_role(role))?;
    let events = parameters::texts(body, "events", LIST, 0, 1_024)?;
    if !events.iter().all(|pattern| events::is_valid(pattern)) {
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

fn check_role(role: &str) -> Result<(), Error> {
    let kind = role.split([':', '/']).next().unwrap_or_default();
    if matches!(
        kind,
        "any" | "guests" | "users" | "user" | "team" | "member" | "label"
    ) {
        return Ok(());
    }
    Err(Error::argument(format!(
        "Invalid `execute` param: Role \"{kind}\" is not allowed. Must be one of: any, guests, users, user, team, \
         member, label."
    )))
}

fn merge(function: &mut Value, settings: Value) {
    if let (Some(function), Value::Object(settings)) = (function.as_object_mut(), settings) {
        function.extend(settings);
    }
}

fn get(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    app.store.read(|connection| {
        let function = known(connection, id)?;
        Ok(Answer::json(200, view(connection, function)?))
    })
}

fn list(app: &App, call: &Call) -> Reply {
    call.actor.manage(&["functions.read"])?;
    app.store.read(|connection| {
        let functions = records::all(connection, Kind::Function)?;
        let (total, page) = listing::page(call, QUERIES, functions)?;
        let page: Vec<Value> = page
            .into_iter()
            .map(|function| view(connection, function))
            .collect::<Result<_, _>>()?;
        Ok(Answer::json(
            200,
            json!({"total": total, "functions": page}),
        ))
    })
}

fn delete(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let deployments = app.store.write(|transaction| {
        known(transaction, id)?;
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
        deployments::forget(app, records::id(deployment));
    }
    Ok(Answer::empty())
}

pub(crate) fn known(connection: &Connection, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Function, id)?.ok_or_else(not_found)
}

pub(crate) fn is_deployed(app: &App, id: &str) -> Result<bool, Error> {
    let function = app.store.read(|connection| known(connection, id))?;
    let deployment = records::text(&function, "deploymentId");
    Ok(!deployment.is_empty() && deployments::program(app, deployment).is_ok())
}

pub(crate) fn not_found() -> Error {
    Error::new(
        404,
        "function_not_found",
        "Function with the requested ID could not be found.",
    )
}

/// As it is answered: with its variables.
pub(crate) fn view(connection: &Connection, mut function: Value) -> Result<Value, Error> {
    let own = records::children(connection, Kind::Variable, records::id(&function))?;
    function["vars"] = own.iter().map(variables::shown).collect();
    Ok(function)
}

fn create_variable(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    let variable = variables::new(&body, "function", id)?;
    app.store.write(|transaction| {
        let mut function = known(transaction, id)?;
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

fn list_variables(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    app.store.read(|connection| {
        known(connection, id)?;
        let found = records::children(connection, Kind::Variable, id)?;
        let shown: Vec<Value> = found.iter().map(variables::shown).collect();
        listing::answer(call, "variables", variables::QUERIES, shown)
    })
}

fn get_variable(app: &App, call: &Call, id: &str, variable: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    app.store.read(|connection| {
        known(connection, id)?;
        let variable = known_variable(connection, id, variable)?;
        Ok(Answer::json(200, variables::shown(&variable)))
    })
}

fn update_variable(app: &App, call: &Call, id: &str, variable: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let body = call.json()?;
    app.store.write(|transaction| {
        let mut function = known(transaction, id)?;
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

fn delete_variable(app: &App, call: &Call, id: &str, variable: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    app.store.write(|transaction| {
        let mut function = known(transaction, id)?;
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

/// The environment of the function's process: the project's variables, its own, then what the platform sets; of two,
/// the later wins.
pub(crate) fn environment(
    app: &App,
    connection: &Connection,
    function: &Value,
) -> Result<Vec<(String, String)>, Error> {
    let id = records::id(function);
    let mut environment = app.options.environment.clone();
    environment.extend(variables::environment(connection, project::PROJECT)?);
    environment.extend(variables::environment(connection, id)?);
    let deployment = records::text(function, "deploymentId");
    let platform = [
        ("APPWRITE_FUNCTION_API_ENDPOINT", app.endpoint.as_str()),
        ("APPWRITE_FUNCTION_ID", id),
        ("APPWRITE_FUNCTION_NAME", records::text(function, "name")),
        ("APPWRITE_FUNCTION_DEPLOYMENT", deployment),
        ("APPWRITE_FUNCTION_PROJECT_ID", &app.access.project),
        ("APPWRITE_FUNCTION_RUNTIME_NAME", "Rust"),
        ("APPWRITE_FUNCTION_RUNTIME_VERSION", "1.83"),
        ("APPWRITE_FUNCTION_CPUS", "1"),
        ("APPWRITE_FUNCTION_MEMORY", "512"),
        ("APPWRITE_VERSION", crate::wire::VERSION),
        ("APPWRITE_REGION", "default"),
        ("APPWRITE_DEPLOYMENT_TYPE", "native"),
        (
            "OPEN_RUNTIMES_ENTRYPOINT",
            records::text(function, "entrypoint"),
        ),
        ("OPEN_RUNTIMES_HOSTNAME", "localhost"),
        ("OPEN_RUNTIMES_CPUS", "1"),
        ("OPEN_RUNTIMES_MEMORY", "512"),
    ];
    let empty = VCS.map(|name| (name, ""));
    environment.extend(
        platform
            .into_iter()
            .chain(empty)
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    Ok(environment)
}

/// Set for every function, and empty unless it was deployed from a repository.
const VCS: [&str; 12] = [
    "APPWRITE_VCS_REPOSITORY_ID",
    "APPWRITE_VCS_REPOSITORY_NAME",
    "APPWRITE_VCS_REPOSITORY_OWNER",
    "APPWRITE_VCS_REPOSITORY_URL",
    "APPWRITE_VCS_REPOSITORY_BRANCH",
    "APPWRITE_VCS_REPOSITORY_BRANCH_URL",
    "APPWRITE_VCS_COMMIT_HASH",
    "APPWRITE_VCS_COMMIT_MESSAGE",
    "APPWRITE_VCS_COMMIT_URL",
    "APPWRITE_VCS_COMMIT_AUTHOR_NAME",
    "APPWRITE_VCS_COMMIT_AUTHOR_URL",
    "APPWRITE_VCS_ROOT_DIRECTORY",
];

/// What a key may be allowed: app/config/scopes/project.php.
const SCOPES: &[&str] = &[
    "project.read",
    "project.write",
    "keys.read",
    "keys.write",
    "platforms.read",
    "platforms.write",
    "mocks.read",
    "mocks.write",
    "policies.read",
    "policies.write",
    "project.policies.read",
    "project.policies.write",
    "templates.read",
    "templates.write",
    "oauth2.read",
    "oauth2.write",
    "users.read",
    "users.write",
    "sessions.read",
    "sessions.write",
    "teams.read",
    "teams.write",
    "databases.read",
    "databases.write",
    "tables.read",
    "tables.write",
    "columns.read",
    "columns.write",
    "indexes.read",
    "indexes.write",
    "rows.read",
    "rows.write",
    "collections.read",
    "collections.write",
    "attributes.read",
    "attributes.write",
    "documents.read",
    "documents.write",
    "buckets.read",
    "buckets.write",
    "files.read",
    "files.write",
    "tokens.read",
    "tokens.write",
    "functions.read",
    "functions.write",
    "executions.read",
    "executions.write",
    "execution.read",
    "execution.write",
    "sites.read",
    "sites.write",
    "log.read",
    "log.write",
    "providers.read",
    "providers.write",
    "topics.read",
    "topics.write",
    "subscribers.read",
    "subscribers.write",
    "targets.read",
    "targets.write",
    "messages.read",
    "messages.write",
    "rules.read",
    "rules.write",
    "webhooks.read",
    "webhooks.write",
    "locale.read",
    "avatars.read",
    "health.read",
    "assistant.read",
    "migrations.read",
    "migrations.write",
    "schedules.read",
    "schedules.write",
    "vcs.read",
    "vcs.write",
    "insights.read",
    "insights.write",
    "reports.read",
    "reports.write",
    "presences.read",
    "presences.write",
];
