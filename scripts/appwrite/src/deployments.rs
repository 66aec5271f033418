//! Deployments: the code of functions, from an upload to a program that can be asked. Not the compiling, which is
//! [`runtime::build`], nor the processes, which are [`crate::runtime`]'s.
//!
//! An upload is stored, built when it is its turn, and made the active one if it was to be; until then, and when the
//! build fails, the deployment before it stays active. A build that was cut off begins anew at the next start.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use ::runtime::build::{build, unpack, Compiler, Order, PROGRAM};
use multer::Multipart;
use rusqlite::Connection;
use serde_json::{json, Value};

use crate::options::Builds;
use crate::storage::listing::{self, Queries};
use crate::storage::records::{self, Kind};
use crate::wire::parameters::{self, Body};
use crate::wire::{id, Answer, Call, Error, Reply};
use crate::{clock, functions, App};

/// Largest upload: `_APP_COMPUTE_SIZE_LIMIT`.
const SIZE_LIMIT: u64 = 30_000_000;

/// Characters of build logs that are kept: `APP_FUNCTION_LOG_LENGTH_LIMIT`.
const LOG_LIMIT: usize = 1_000_000;

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

/// Where a deployment keeps which parts of it came, their sizes by where they start; never answered.
const RECEIVED: &str = "received";

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    let segments = call.segments();
    let ["functions", id, rest @ ..] = segments.as_slice() else {
        return None;
    };
    Some(match (call.method.as_str(), rest) {
        ("POST", ["deployments"]) => create(app, call, id),
        ("GET", ["deployments"]) => list(app, call, id),
        ("GET", ["deployments", deployment]) => get(app, call, id, deployment),
        ("DELETE", ["deployments", deployment]) => delete(app, call, id, deployment),
        ("PATCH", ["deployment"]) => activate(app, call, id),
        _ => return None,
    })
}

/// What a call that uploads code says.
struct Upload {
    entrypoint: Option<String>,
    commands: Option<String>,
    activate: Option<String>,
    file: Option<(String, Vec<u8>)>,
}

/// The part of the file that a call brings, and what it is a part of.
#[derive(Clone, Copy)]
struct Part {
    start: u64,
    bytes: u64,
    whole: u64,
}

fn create(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let function = app
        .store
        .read(|connection| functions::known(connection, id))?;
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
        app.store
            .read(|connection| self::known(connection, id, deployment))?;
    }
    let archive = archive(app, &deployment);
    write(&archive, part.start, &bytes).map_err(|error| Error::unknown(error.to_string()))?;
    let kind = match call.headers.get("x-sdk-language") {
        Some("cli") => "cli",
        _ => "manual",
    };
    let stored = app.store.write(|transaction| {
        let mut function = functions::known(transaction, id)?;
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
        start(&app.arc(), deployment);
    }
    Ok(Answer::json(202, shown(&stored)))
}

/// Whether every byte came, some of them perhaps twice.
fn is_complete(deployment: &Value) -> bool {
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

/// Where a deployment keeps the commands it is built with.
const COMMANDS: &str = "commands";

impl Upload {
    fn read(call: &Call) -> Result<Self, Error> {
        let content_type = call.headers.get("content-type").unwrap_or_default();
        let mut upload = Self {
            entrypoint: None,
            commands: None,
            activate: None,
            file: None,
        };
        let Ok(boundary) = multer::parse_boundary(content_type) else {
            return Ok(upload);
        };
        let body = call.body.clone();
        let body = futures_util::stream::once(async { Ok::<_, std::convert::Infallible>(body) });
        let mut form = Multipart::new(body, boundary);
        let read = async {
            while let Some(field) = form.next_field().await? {
                let name = field.name().unwrap_or_default().to_owned();
                match (name.as_str(), field.file_name().map(str::to_owned)) {
                    ("code", Some(file)) => {
                        upload.file = Some((file, field.bytes().await?.to_vec()));
                    }
                    ("entrypoint", _) => upload.entrypoint = Some(field.text().await?),
                    ("commands", _) => upload.commands = Some(field.text().await?),
                    ("activate", _) => upload.activate = Some(field.text().await?),
                    _ => {}
                }
            }
            Ok::<_, multer::Error>(())
        };
        tokio::runtime::Handle::current()
            .block_on(read)
            .map_err(|error| Error::argument(error.to_string()))?;
        Ok(upload)
    }
}

impl Upload {
    /// Whether it becomes the active one; not to say so is an error.
    fn activate(&self) -> Result<bool, Error> {
        let mut named = Body::new();
        let sent = self.activate.as_ref().map(|sent| json!(sent));
        named.extend(sent.map(|sent| ("activate".to_owned(), sent)));
        let activate = parameters::loose_boolean(&named, "activate")?;
        activate.ok_or_else(|| parameters::missing("activate"))
    }
}

impl Part {
    /// `bytes 0-5242879/6000000`; without it the file is whole.
    fn of(range: Option<&str>, bytes: u64) -> Result<Self, Error> {
        let Some(range) = range else {
            return Ok(Self {
                start: 0,
                bytes,
                whole: bytes,
            });
        };
        let parsed = || {
            let (span, whole) = range.strip_prefix("bytes ")?.split_once('/')?;
            let (start, end) = span.split_once('-')?;
            let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
            let whole = whole.parse().ok()?;
            (start <= end && end < whole).then_some(Self {
                start,
                bytes,
                whole,
            })
        };
        parsed().ok_or_else(|| {
            Error::new(
                400,
                "storage_invalid_content_range",
                "The content range is invalid. Please check the value of the `Content-Range` header.",
            )
        })
    }
}

fn write(file: &Path, start: u64, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(file)?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(bytes)
}

fn folder(app: &App, deployment: &str) -> PathBuf {
    app.store.folder().join("deployments").join(deployment)
}

fn archive(app: &App, deployment: &str) -> PathBuf {
    folder(app, deployment).join("code.tar.gz")
}

/// Where a deployment's build is unpacked.
const BUILT: &str = "built";

/// The program of a deployment that was built; none where the host program serves it.
pub(crate) fn program(app: &App, deployment: &str) -> anyhow::Result<Option<PathBuf>> {
    let program = folder(app, deployment).join(BUILT).join(PROGRAM);
    let built = Some(program).filter(|program| program.is_file());
    match &app.options.builds {
        Builds::Cargo { .. } => Ok(built),
        Builds::Refused(reason) if built.is_some() => Err(anyhow::anyhow!("{reason}")),
        Builds::Refused(_) | Builds::Host => Ok(None),
    }
}

/// A deployment as it begins.
fn fresh(function: &Value, id: &str, kind: &str, entrypoint: &str) -> Value {
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

fn shown(deployment: &Value) -> Value {
    records::without(deployment, &[RECEIVED, COMMANDS])
}

/// The function's latest deployment is this one; of those to be activated, only the latest still is.
fn announce(
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

/// Changes a deployment that is being built, and what its function shows of it. False when it was deleted meanwhile.
fn progress(app: &App, deployment: &str, change: impl FnOnce(&mut Value)) -> Result<bool, Error> {
    app.store.write(|transaction| {
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
fn start(app: &Arc<App>, deployment: String) {
    let (app, open) = (Arc::clone(app), app.workers.open());
    tokio::spawn(async move {
        let turn = app.building.lock().await;
        let shared = Arc::clone(&app);
        let built = tokio::task::spawn_blocking(move || run(&shared, &deployment)).await;
        if let Ok(Err(error)) = built {
            eprintln!("embedded appwrite: a build is not stored: {error:?}");
        }
        drop((turn, open));
    });
}

fn run(app: &App, id: &str) -> Result<(), Error> {
    let found = app.store.read(|connection| {
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
    progress(app, id, |stored| stored["status"] = json!("processing"))?;
    let begun = Instant::now();
    let mut logs = String::new();
    let commands = match deployment[COMMANDS].as_str() {
        Some(commands) if !commands.is_empty() => commands,
        _ => records::text(&function, "commands"),
    };
    let built = match &app.options.builds {
        // The host program is what the upload would become.
        Builds::Host => Ok(deployment["sourceSize"].as_u64().unwrap_or_default()),
        Builds::Refused(reason) => Err(anyhow::anyhow!("{reason}")),
        Builds::Cargo { folder } => {
            progress(app, id, |stored| stored["status"] = json!("building"))?;
            let order = (commands, records::text(&deployment, "entrypoint"));
            compile(app, id, order, folder, &mut logs)
        }
    };
    let took = begun.elapsed().as_secs().max(1);
    progress(app, id, |stored| {
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

/// Leaves the program where [`program`] looks for it; the size of what the platform would store.
fn compile(
    app: &App,
    deployment: &str,
    (commands, entrypoint): (&str, &str),
    work: &Path,
    logs: &mut String,
) -> anyhow::Result<u64> {
    let order = Order {
        archive: &archive(app, deployment),
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
    unpack(&built.stored, &folder(app, deployment).join(BUILT), |_| {})?;
    Ok(size)
}

/// Takes up the builds that a stop cut off.
pub(crate) fn resume(app: &Arc<App>) -> Result<(), Error> {
    let deployments = app
        .store
        .read(|connection| records::all(connection, Kind::Deployment))?;
    for deployment in deployments {
        let is_open = !matches!(records::text(&deployment, "status"), "ready" | "failed");
        if is_complete(&deployment) && is_open {
            start(app, records::id(&deployment).to_owned());
        }
    }
    Ok(())
}

/// A ready deployment that the host program serves, made the active one. Returns its id.
pub(crate) fn deploy(app: &App, function: &str) -> Result<String, Error> {
    let id = id::unique();
    app.store.write(|transaction| {
        let mut function = functions::known(transaction, function)?;
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

fn make_active(
    connection: &Connection,
    function: &mut Value,
    deployment: &Value,
) -> Result<(), Error> {
    function["deploymentId"] = deployment["$id"].clone();
    function["deploymentCreatedAt"] = deployment["$createdAt"].clone();
    records::update(connection, Kind::Function, function)
}

fn activate(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    let wanted = parameters::id(&call.json()?, "deploymentId")?;
    app.store.write(|transaction| {
        let mut function = functions::known(transaction, id)?;
        let deployment = known(transaction, id, &wanted)?;
        if records::text(&deployment, "status") != "ready" {
            return Err(Error::new(
                400,
                "build_not_ready",
                "Build with the requested ID is building and not ready for execution.",
            ));
        }
        make_active(transaction, &mut function, &deployment)?;
        Ok(Answer::json(200, functions::view(transaction, function)?))
    })
}

fn list(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    app.store.read(|connection| {
        functions::known(connection, id)?;
        let deployments = records::children(connection, Kind::Deployment, id)?;
        let (total, page) = listing::page(call, QUERIES, deployments)?;
        let page: Vec<Value> = page.iter().map(shown).collect();
        Ok(Answer::json(
            200,
            json!({"total": total, "deployments": page}),
        ))
    })
}

fn get(app: &App, call: &Call, id: &str, deployment: &str) -> Reply {
    call.actor.manage(&["functions.read"])?;
    app.store.read(|connection| {
        functions::known(connection, id)?;
        let deployment = known(connection, id, deployment)?;
        Ok(Answer::json(200, shown(&deployment)))
    })
}

fn delete(app: &App, call: &Call, id: &str, deployment: &str) -> Reply {
    call.actor.manage(&["functions.write"])?;
    app.store.write(|transaction| {
        let mut function = functions::known(transaction, id)?;
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
    forget(app, deployment);
    Ok(Answer::empty())
}

/// Removes the files of a deployment. A process that still runs keeps its program.
pub(crate) fn forget(app: &App, deployment: &str) {
    std::fs::remove_dir_all(folder(app, deployment)).ok();
}

fn known(connection: &Connection, function: &str, id: &str) -> Result<Value, Error> {
    records::find(connection, Kind::Deployment, id)?
        .filter(|deployment| records::text(deployment, "resourceId") == function)
        .ok_or_else(|| {
            Error::new(
                404,
                "deployment_not_found",
                "Deployment with the requested ID could not be found.",
            )
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_complete, Part};

    #[track_caller]
    fn check(range: Option<&str>, expect: Option<(u64, u64)>) {
        let found = Part::of(range, 7);
        assert_eq!(found.ok().map(|part| (part.start, part.whole)), expect);
    }

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

    #[test]
    fn a_file_comes_whole_or_in_parts() {
        check(None, Some((0, 7)));
        check(Some("bytes 0-6/20"), Some((0, 20)));
        check(Some("bytes 14-19/20"), Some((14, 20)));
        for wrong in ["bytes 6-0/20", "bytes 0-20/20", "0-6/20", "bytes 0-6", ""] {
            check(Some(wrong), None);
        }
    }
}
