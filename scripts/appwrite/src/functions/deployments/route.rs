//! The routes of deployments.

use std::sync::Arc;

use serde_json::{json, Value};

use crate::functions::deployments::build::start;
use crate::functions::deployments::record::{
    announce, archive, forget, fresh, is_complete, known, make_active, shown, COMMANDS, RECEIVED,
};
use crate::functions::deployments::upload::{write, Part, Upload};
use crate::functions::function;
use crate::functions::state::Functions;
use crate::storage::{listing, records, Kind, Queries};
use crate::wire::{id, parameters, Answer, Call, Error, Reply};

/// Largest upload: `_APP_COMPUTE_SIZE_LIMIT`.
const SIZE_LIMIT: u64 = 30_000_000;

/// What a list may be asked for by.
const QUERIES: Queries = Queries {
    attributes: &[
        "buildSize",
        "sourceSize",
        "totalSize",
        "buildDuration",
        "status",
        "activate",
        "type",
    ],
    select: true,
};

pub(crate) fn route(state: &Arc<Functions>, call: &Call, id: &str, rest: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), rest) {
        ("POST", ["deployments"]) => create(state, call, id),
        ("GET", ["deployments"]) => list(state, call, id),
        ("GET", ["deployments", deployment]) => get(state, call, id, deployment),
        ("DELETE", ["deployments", deployment]) => delete(state, call, id, deployment),
        ("PATCH", ["deployment"]) => activate(state, call, id),
        _ => return None,
    })
}

fn create(state: &Arc<Functions>, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let function = state
        .store
        .read(|connection| function::known(connection, id))?;
    let upload = Upload::read(call)?;
    let activate = upload.activate()?;
    let entrypoint = match upload.entrypoint {
        Some(entrypoint) if !entrypoint.is_empty() => entrypoint,
        _ => records::text(&function, "entrypoint").to_owned(),
    };
    if entrypoint.is_empty() {
        return Err(Error::new(
            400,
            "function_entrypoint_missing",
            "Entrypoint for your Appwrite Function is missing. Please specify it when making deployment or update the \
             entrypoint under your function's \"Settings\" > \"Configuration\" > \"Entrypoint\".",
        ));
    }
    let (name, bytes) = upload.file.ok_or_else(|| {
        let message = "Empty file passed to the endpoint.";
        Error::new(400, "storage_file_empty", message)
    })?;
    if !name.ends_with(".gz") {
        return Err(Error::new(
            400,
            "storage_file_type_unsupported",
            "The given file extension is not supported.",
        ));
    }
    let part = Part::of(call.headers.get("content-range"), bytes.len() as u64)?;
    if part.whole > SIZE_LIMIT {
        return Err(Error::new(
            400,
            "storage_invalid_file_size",
            "The file size is either not valid or exceeds the maximum allowed size. Please check the file or the value \
             of the `content-length` header.",
        ));
    }
    let known = call
        .headers
        .get("x-appwrite-id")
        .filter(|_| part.start > 0)
        .map(str::to_owned);
    let deployment = known.clone().unwrap_or_else(id::unique);
    if let Some(deployment) = &known {
        state
            .store
            .read(|connection| self::known(connection, id, deployment))?;
    }
    let archive = archive(state, &deployment);
    write(&archive, part.start, &bytes).map_err(|error| Error::unknown(error.to_string()))?;
    let kind = match call.headers.get("x-sdk-language") {
        Some("cli") => "cli",
        _ => "manual",
    };
    let stored = state.store.write(|transaction| {
        let mut function = function::known(transaction, id)?;
        let mut stored = match &known {
            Some(deployment) => self::known(transaction, id, deployment)?,
            None => {
                let mut fresh = fresh(&function, &deployment, kind, &entrypoint);
                fresh["activate"] = json!(activate);
                if let Some(commands) = upload.commands {
                    fresh[COMMANDS] = json!(commands);
                }
                records::insert(transaction, Kind::Deployment, id, &fresh)?;
                fresh
            }
        };
        stored[RECEIVED][part.start.to_string()] = json!(part.bytes);
        stored["sourceSize"] = json!(part.whole);
        stored["totalSize"] = json!(part.whole);
        records::replace(transaction, Kind::Deployment, &stored)?;
        if is_complete(&stored) {
            announce(transaction, &mut function, &stored)?;
        }
        Ok(stored)
    })?;
    if is_complete(&stored) {
        start(state, deployment);
    }
    Ok(Answer::json(202, shown(&stored)))
}

/// A ready deployment that the host program serves, made the active one. Returns its id.
pub(crate) fn deploy(state: &Functions, function: &str) -> Result<String, Error> {
    let id = id::unique();
    state.store.write(|transaction| {
        let mut function = function::known(transaction, function)?;
        let entrypoint = records::text(&function, "entrypoint").to_owned();
        let mut deployment = fresh(&function, &id, "native", &entrypoint);
        deployment["status"] = json!("ready");
        let owner = records::id(&function).to_owned();
        records::insert(transaction, Kind::Deployment, &owner, &deployment)?;
        announce(transaction, &mut function, &deployment)?;
        function["live"] = json!(true);
        make_active(transaction, &mut function, &deployment)?;
        Ok(id)
    })
}

fn activate(state: &Functions, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let wanted = parameters::id(&call.json()?, "deploymentId")?;
    state.store.write(|transaction| {
        let mut function = function::known(transaction, id)?;
        let deployment = known(transaction, id, &wanted)?;
        if records::text(&deployment, "status") != "ready" {
            return Err(Error::new(
                400,
                "build_not_ready",
                "Build with the requested ID is building and not ready for execution.",
            ));
        }
        make_active(transaction, &mut function, &deployment)?;
        Ok(Answer::json(200, function::view(transaction, function)?))
    })
}

fn list(state: &Functions, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    state.store.read(|connection| {
        function::known(connection, id)?;
        let deployments = records::children(connection, Kind::Deployment, id)?;
        let shown = |deployment: &Value| Ok(shown(deployment));
        listing::answer_shown(call, "deployments", QUERIES, deployments, shown)
    })
}

fn get(state: &Functions, call: &Call, id: &str, deployment: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    state.store.read(|connection| {
        function::known(connection, id)?;
        let deployment = known(connection, id, deployment)?;
        Ok(Answer::json(200, shown(&deployment)))
    })
}

fn delete(state: &Functions, call: &Call, id: &str, deployment: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    state.store.write(|transaction| {
        let mut function = function::known(transaction, id)?;
        known(transaction, id, deployment)?;
        records::delete(transaction, Kind::Deployment, deployment)?;
        for (name, created) in [
            ("deploymentId", "deploymentCreatedAt"),
            ("latestDeploymentId", "latestDeploymentCreatedAt"),
        ] {
            if function[name] == json!(deployment) {
                function[name] = json!("");
                function[created] = json!("");
            }
        }
        records::update(transaction, Kind::Function, &mut function)
    })?;
    forget(state, deployment);
    Ok(Answer::empty())
}
