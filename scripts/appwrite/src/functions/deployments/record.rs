//! A deployment as it is stored and shown, and its files.

use std::path::PathBuf;

use ::runtime::build::PROGRAM;
use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::functions::function;
use crate::functions::state::Functions;
use crate::options::Builds;
use crate::storage::{records, Kind};
use crate::wire::Error;

/// Where a deployment keeps which parts of it came, their sizes by where they start; never answered.
pub(crate) const RECEIVED: &str = "received";

/// Where a deployment keeps the commands it is built with.
pub(crate) const COMMANDS: &str = "commands";

/// Whether every byte came, some of them perhaps twice.
pub(crate) fn is_complete(deployment: &Value) -> bool {
    let parts = deployment[RECEIVED].as_object().into_iter().flatten();
    let mut parts: Vec<(u64, u64)> = parts
        .filter_map(|(start, bytes)| Some((start.parse().ok()?, bytes.as_u64()?)))
        .collect();
    parts.sort_unstable();
    let whole = parts.iter().fold(0, |end: u64, (start, bytes)| {
        if *start > end {
            end
        } else {
            end.max(start + bytes)
        }
    });
    Some(whole) >= deployment["sourceSize"].as_u64()
}

pub(crate) fn folder(state: &Functions, deployment: &str) -> PathBuf {
    state.store.folder().join("deployments").join(deployment)
}

pub(crate) fn archive(state: &Functions, deployment: &str) -> PathBuf {
    folder(state, deployment).join("code.tar.gz")
}

/// Where a deployment's build is unpacked.
pub(crate) const BUILT: &str = "built";

/// The program of a deployment that was built; none where the host program serves it.
pub(crate) fn program(state: &Functions, deployment: &str) -> anyhow::Result<Option<PathBuf>> {
    let program = folder(state, deployment).join(BUILT).join(PROGRAM);
    let built = Some(program).filter(|program| program.is_file());
    match &state.options.builds {
        Builds::Cargo { .. } => Ok(built),
        Builds::Refused(reason) if built.is_some() => Err(anyhow::anyhow!("{reason}")),
        Builds::Refused(_) | Builds::Host => Ok(None),
    }
}

/// A deployment as it begins.
pub(crate) fn fresh(function: &Value, id: &str, kind: &str, entrypoint: &str) -> Value {
    let now = clock::now_text();
    json!({
        "$id": id, "$createdAt": now, "$updatedAt": now, "type": kind,
        "resourceId": records::id(function), "resourceType": "functions",
        "entrypoint": entrypoint, "sourceSize": 0, "buildSize": 0, "totalSize": 0,
        "buildId": "", "activate": true, "screenshotLight": "", "screenshotDark": "",
        "status": "waiting", "buildLogs": "", "buildDuration": 0,
        "providerRepositoryName": "", "providerRepositoryOwner": "", "providerRepositoryUrl": "",
        "providerCommitHash": "", "providerCommitAuthorUrl": "", "providerCommitAuthor": "",
        "providerCommitMessage": "", "providerCommitUrl": "", "providerBranch": "",
        "providerBranchUrl": "",
    })
}

pub(crate) fn shown(deployment: &Value) -> Value {
    records::without(deployment, &[RECEIVED, COMMANDS])
}

/// The function's latest deployment is this one; of those to be activated, only the latest still is.
pub(crate) fn announce(
    connection: &Connection,
    function: &mut Value,
    deployment: &Value,
) -> Result<(), Error> {
    function["latestDeploymentId"] = deployment["$id"].clone();
    function["latestDeploymentCreatedAt"] = deployment["$createdAt"].clone();
    function["latestDeploymentStatus"] = deployment["status"].clone();
    records::replace(connection, Kind::Function, function)?;
    if deployment["activate"] != json!(true) {
        return Ok(());
    }
    for mut other in records::children(connection, Kind::Deployment, records::id(function))? {
        if other["$id"] != deployment["$id"] && other["activate"] == json!(true) {
            other["activate"] = json!(false);
            records::replace(connection, Kind::Deployment, &other)?;
        }
    }
    Ok(())
}

pub(crate) fn make_active(
    connection: &Connection,
    function: &mut Value,
    deployment: &Value,
) -> Result<(), Error> {
    function["deploymentId"] = deployment["$id"].clone();
    function["deploymentCreatedAt"] = deployment["$createdAt"].clone();
    records::update(connection, Kind::Function, function)
}

pub(crate) fn is_deployed(state: &Functions, id: &str) -> Result<bool, Error> {
    let function = state
        .store
        .read(|connection| function::known(connection, id))?;
    let deployment = records::text(&function, "deploymentId");
    Ok(!deployment.is_empty() && program(state, deployment).is_ok())
}

/// Removes the files of a deployment. A process that still runs keeps its program.
pub(crate) fn forget(state: &Functions, deployment: &str) {
    std::fs::remove_dir_all(folder(state, deployment)).ok();
}

pub(crate) fn known(connection: &Connection, function: &str, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Deployment, id)?
        .filter(|deployment| records::text(deployment, "resourceId") == function)
        .ok_or_else(|| Error::not_found("deployment_not_found", "Deployment"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_complete;

    #[test]
    fn a_file_is_complete_when_no_byte_is_missing() {
        let is_complete = |received| is_complete(&json!({"received": received, "sourceSize": 20}));
        assert!(is_complete(json!({"0": 20})));
        assert!(is_complete(json!({"14": 6, "7": 7, "0": 7})));
        assert!(is_complete(json!({"0": 10, "5": 15})));
        assert!(!is_complete(json!({"0": 10, "5": 10})));
        assert!(!is_complete(json!({"0": 10, "11": 10})));
        assert!(!is_complete(json!({})));
    }
}
