//! From an upload to a program that can be asked. Not the compiling, which is [`runtime::build`].

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ::runtime::build::{build, unpack, Compiler, Order};
use serde_json::{json, Value};

use crate::functions::deployments::record::{
    archive, folder, is_complete, make_active, BUILT, COMMANDS,
};
use crate::functions::state::Functions;
use crate::options::Builds;
use crate::storage::{records, Kind};
use crate::wire::Error;

/// Characters of build logs that are kept: `APP_FUNCTION_LOG_LENGTH_LIMIT`.
const LOG_LIMIT: usize = 1_000_000;

/// Changes a deployment that is being built, and what its function shows of it. False when it was deleted meanwhile.
fn progress(
    state: &Functions,
    deployment: &str,
    change: impl FnOnce(&mut Value),
) -> Result<bool, Error> {
    state.store.write(|transaction| {
        let Some(mut stored) = records::find(transaction, Kind::Deployment, deployment)? else {
            return Ok(false);
        };
        change(&mut stored);
        records::update(transaction, Kind::Deployment, &mut stored)?;
        let id = records::text(&stored, "resourceId");
        let Some(mut function) = records::find(transaction, Kind::Function, id)? else {
            return Ok(false);
        };
        if function["latestDeploymentId"] == stored["$id"] {
            function["latestDeploymentStatus"] = stored["status"].clone();
            records::replace(transaction, Kind::Function, &function)?;
        }
        if stored["status"] == json!("ready") && stored["activate"] == json!(true) {
            function["live"] = json!(true);
            make_active(transaction, &mut function, &stored)?;
        }
        Ok(true)
    })
}

/// Builds a complete upload when it is its turn: one at a time, for each takes all processors.
pub(crate) fn start(state: &Arc<Functions>, deployment: String) {
    let (state, open) = (Arc::clone(state), state.workers.open());
    tokio::spawn(async move {
        let turn = state.building.lock().await;
        let shared = Arc::clone(&state);
        let built = tokio::task::spawn_blocking(move || run(&shared, &deployment)).await;
        if let Ok(Err(error)) = built {
            eprintln!("embedded appwrite: a build is not stored: {error:?}");
        }
        drop((turn, open));
    });
}

fn run(state: &Functions, id: &str) -> Result<(), Error> {
    let found = state.store.read(|connection| {
        let deployment = records::find(connection, Kind::Deployment, id)?;
        let Some(deployment) = deployment else {
            return Ok(None);
        };
        let function = records::find(
            connection,
            Kind::Function,
            records::text(&deployment, "resourceId"),
        )?;
        Ok(function.map(|function| (deployment, function)))
    })?;
    let Some((deployment, function)) = found else {
        return Ok(());
    };
    progress(state, id, |stored| stored["status"] = json!("processing"))?;
    let begun = Instant::now();
    let mut logs = String::new();
    let commands = match deployment[COMMANDS].as_str() {
        Some(commands) if !commands.is_empty() => commands,
        _ => records::text(&function, "commands"),
    };
    let built = match &state.options.builds {
        // The host program is what the upload would become.
        Builds::Host => Ok(deployment["sourceSize"].as_u64().unwrap_or_default()),
        Builds::Refused(reason) => Err(anyhow::anyhow!("{reason}")),
        Builds::Cargo { folder } => {
            progress(state, id, |stored| stored["status"] = json!("building"))?;
            let order = (commands, records::text(&deployment, "entrypoint"));
            compile(state, id, order, folder, &mut logs)
        }
    };
    let took = begun.elapsed().as_secs().max(1);
    progress(state, id, |stored| {
        stored["buildDuration"] = json!(took);
        match built {
            Ok(size) => {
                let source = stored["sourceSize"].as_u64().unwrap_or_default();
                stored["buildSize"] = json!(size);
                stored["totalSize"] = json!(source + size);
                stored["status"] = json!("ready");
                logs.push_str("Deployment finished.\n");
            }
            Err(error) => {
                stored["status"] = json!("failed");
                logs.push_str(&format!("{error:#}\n"));
            }
        }
        let mut from = logs.len().saturating_sub(LOG_LIMIT);
        while !logs.is_char_boundary(from) {
            from += 1;
        }
        stored["buildLogs"] = json!(logs[from..]);
    })?;
    Ok(())
}

/// Leaves the program where [`crate::functions::deployments::program`] looks for it; the size of what the platform would
/// store.
fn compile(
    state: &Functions,
    deployment: &str,
    (commands, entrypoint): (&str, &str),
    work: &Path,
    logs: &mut String,
) -> anyhow::Result<u64> {
    let order = Order {
        archive: &archive(state, deployment),
        commands,
        entrypoint,
        folder: work,
    };
    let built = build(order, &Compiler::nearest(), |line| {
        logs.push_str(line);
        logs.push('\n');
    })?;
    let size = std::fs::metadata(&built.stored)?.len();
    // As at a cold start: what the function's commands left may stand beside its program.
    unpack(
        &built.stored,
        &folder(state, deployment).join(BUILT),
        |_| {},
    )?;
    Ok(size)
}

/// Takes up the builds that a stop cut off.
pub(crate) fn resume(state: &Arc<Functions>) -> Result<(), Error> {
    let deployments = state
        .store
        .read(|connection| records::all(connection, Kind::Deployment))?;
    for deployment in deployments {
        let is_open = !matches!(records::text(&deployment, "status"), "ready" | "failed");
        if is_complete(&deployment) && is_open {
            start(state, records::id(&deployment).to_owned());
        }
    }
    Ok(())
}
