//! Running a function once: for somebody who waits, in the background, later, or because of an event or the time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{json, Value};

use crate::clock;
use crate::functions::executions::job::{client_address, listed, Job, Trigger};
use crate::functions::executions::record::{
    conclude, insert, kept, no_deployment, too_slow, too_slow_to_wait_for, Broken, JOB,
};
use crate::functions::runtime::{Outcome, Start};
use crate::functions::state::Functions;
use crate::functions::{deployments, environment, function};
use crate::storage::{records, Kind};
use crate::wire::event::RowEvent;
use crate::wire::{Error, Headers};
use crate::workers::Open;

/// How much longer than the function's timeout a background run may last before it counts as failed.
const BACKGROUND_GRACE: Duration = Duration::from_secs(15);

/// Asks the function and waits for at most `limit`; when that is over, the function goes on all the same.
async fn ask(state: &Arc<Functions>, job: &Job, limit: Duration) -> Result<Outcome, Broken> {
    let environment = state
        .store
        .read(|connection| environment::of(state, connection, &job.function));
    let deployment = records::text(&job.function, "deploymentId");
    let start = Start {
        function: records::id(&job.function).to_owned(),
        deployment: deployment.to_owned(),
        program: deployments::program(state, deployment)
            .map_err(|error| Broken::Executor(error.to_string()))?,
        environment: environment.map_err(|error| Broken::Executor(error.message))?,
    };
    let (request, open) = (job.request(), state.workers.open());
    let shared = Arc::clone(state);
    let asked = tokio::spawn(async move {
        let outcome = shared.runtime.call(&start, request).await;
        drop(open);
        outcome
    });
    match tokio::time::timeout(limit, asked).await {
        Ok(Ok(Ok(outcome))) => Ok(outcome),
        Ok(Ok(Err(error))) => Err(Broken::Executor(format!("{error:#}"))),
        Ok(Err(error)) => Err(Broken::Executor(error.to_string())),
        Err(_) => Err(Broken::TimedOut),
    }
}

/// Runs while the caller waits, who gets the execution and what the function answered.
pub(crate) async fn wait_for(state: &Arc<Functions>, job: Job) -> Result<(Value, Vec<u8>), Error> {
    let (mut record, result) = run(state, &job).await?;
    let (mut headers, body) = match result {
        Ok(outcome) => (outcome.headers, outcome.body),
        Err(Broken::TimedOut) => return Err(too_slow_to_wait_for()),
        Err(Broken::Executor(message)) => {
            eprintln!("embedded appwrite: execution: {message}");
            (Vec::new(), Vec::new())
        }
        Err(Broken::Stopped) => (Vec::new(), Vec::new()),
    };
    headers.push(("x-appwrite-execution-id".to_owned(), job.id));
    record["responseHeaders"] = listed(&headers, None);
    Ok((record, body))
}

/// Runs a job that somebody waits for, and stores how it went.
async fn run(state: &Arc<Functions>, job: &Job) -> Result<(Value, Result<Outcome, Broken>), Error> {
    let begun = Instant::now();
    let mut record = job.record("processing");
    let result = ask(state, job, state.synchronous_limit()).await;
    conclude(
        &mut record,
        &result,
        begun.elapsed(),
        &too_slow_to_wait_for(),
    );
    insert(state, &record)?;
    Ok((record, result))
}

/// Runs a stored job when it is its turn.
pub(crate) fn start(state: Arc<Functions>, job: Job, open: Open) {
    tokio::spawn(async move {
        let turn = state.workers.turn().await;
        match begin(&state, &job.id) {
            Ok(true) => {
                background(&state, job).await;
            }
            // Deleted meanwhile.
            Ok(false) => {}
            Err(error) => report(&job.id, &error),
        }
        drop((turn, open));
    });
}

/// Notes that a stored job is under way: whatever happens now, it is not started again. False when it is gone.
fn begin(state: &Functions, id: &str) -> Result<bool, Error> {
    state.store.write(|transaction| {
        let Some(mut record) = records::find(transaction, Kind::Execution, id)? else {
            return Ok(false);
        };
        record["status"] = json!("processing");
        if let Some(object) = record.as_object_mut() {
            object.shift_remove(JOB);
        }
        records::update(transaction, Kind::Execution, &mut record)?;
        Ok(true)
    })
}

fn report(id: &str, error: &Error) {
    eprintln!("embedded appwrite: execution {id} is not run: {error:?}");
}

/// Runs a job that nobody waits for, and stores how it went. False when the executor failed, not the function.
async fn background(state: &Arc<Functions>, job: Job) -> bool {
    let begun = Instant::now();
    let limit = Duration::from_secs(job.timeout().unsigned_abs()) + BACKGROUND_GRACE;
    let result = ask(state, &job, limit).await;
    let stored = state.store.write(|transaction| {
        let known = records::find(transaction, Kind::Execution, &job.id)?;
        let is_new = known.is_none();
        let mut record = known.unwrap_or_else(|| job.record("processing"));
        conclude(&mut record, &result, begun.elapsed(), &too_slow());
        if is_new {
            let function = records::id(&job.function);
            records::insert(transaction, Kind::Execution, function, &record)?;
            return Ok(());
        }
        records::update(transaction, Kind::Execution, &mut record)
    });
    if let Err(error) = stored {
        eprintln!(
            "embedded appwrite: the end of execution {} is not stored: {error:?}",
            job.id
        );
    }
    result.is_ok()
}

/// Stores a job for later; returns its execution.
pub(crate) fn later(
    state: &Arc<Functions>,
    job: Job,
    moment: DateTime<Utc>,
) -> Result<Value, Error> {
    let mut record = job.record("scheduled");
    record["scheduledAt"] = json!(clock::text(moment));
    insert(state, &kept(&record, &job))?;
    await_moment(state, job.id, moment);
    Ok(record)
}

fn await_moment(state: &Arc<Functions>, id: String, moment: DateTime<Utc>) {
    let schedule = Arc::clone(&state.schedule);
    let expected = schedule.expect();
    let state = Arc::downgrade(state);
    tokio::spawn(async move {
        let rest = (moment - clock::now()).to_std().unwrap_or_default();
        let open = schedule.wait(rest, expected).await;
        // Gone when the instance stopped in the meantime; its next start takes it up.
        let Some(state) = state.upgrade() else { return };
        start_stored(&state, &id, open);
    });
}

/// Starts an execution that is stored with its job.
fn start_stored(state: &Arc<Functions>, id: &str, open: Option<Open>) {
    match stored_job(state, id) {
        Ok(Some(job)) => {
            let open = open.unwrap_or_else(|| state.workers.open());
            start(Arc::clone(state), job, open);
        }
        // Deleted meanwhile.
        Ok(None) => {}
        Err(error) => report(id, &error),
    }
}

/// The job of an execution that is not under way yet.
fn stored_job(state: &Functions, id: &str) -> Result<Option<Job>, Error> {
    state.store.read(|connection| {
        let Some(record) = records::find(connection, Kind::Execution, id)? else {
            return Ok(None);
        };
        let function = function::known(connection, records::text(&record, "functionId"))?;
        let user = record[JOB]["user"].as_str();
        let trigger = match records::text(&record, "trigger") {
            "http" => Trigger::Http,
            _ => Trigger::Schedule,
        };
        let mut job = Job::new(function, trigger, user);
        job.id = id.to_owned();
        job.method = records::text(&record, "requestMethod").to_owned();
        job.path = records::text(&record, "requestPath").to_owned();
        job.body = records::text(&record[JOB], "body").as_bytes().to_vec();
        job.headers = serde_json::from_value(record[JOB]["headers"].clone())
            .map_err(|error| Error::unknown(error.to_string()))?;
        let jwt = user
            .map(|user| state.access.execution_jwt(user, None, job.timeout()))
            .unwrap_or_default();
        job.set_platform(state, &jwt);
        job.set("x-appwrite-event", "");
        Ok(Some(job))
    })
}

/// Takes up, after a start, what was answered but not begun: executions that wait for their turn or their moment. What
/// was under way when the process died has failed, and is not begun again: nobody knows how far it came. The real server
/// stores that of none, and lists them as failed once their time is over.
pub(crate) fn resume(state: &Arc<Functions>) -> Result<(), Error> {
    state.store.write(|transaction| {
        for mut record in records::saying(transaction, Kind::Execution, "status", "processing")? {
            conclude(
                &mut record,
                &Err(Broken::Stopped),
                Duration::ZERO,
                &too_slow(),
            );
            records::update(transaction, Kind::Execution, &mut record)?;
        }
        Ok(())
    })?;
    let (waiting, scheduled) = state.store.read(|connection| {
        let of = |status| records::saying(connection, Kind::Execution, "status", status);
        Ok((of("waiting")?, of("scheduled")?))
    })?;
    for record in scheduled {
        let moment = DateTime::parse_from_rfc3339(records::text(&record, "scheduledAt"));
        let moment = moment.map_err(|error| Error::unknown(error.to_string()))?;
        let id = records::id(&record).to_owned();
        await_moment(state, id, moment.with_timezone(&Utc));
    }
    for record in waiting {
        start_stored(state, records::id(&record), None);
    }
    Ok(())
}

/// Runs a function as its cron expression would; returns the id of the execution.
pub(crate) async fn scheduled(state: &Arc<Functions>, function: &str) -> Result<String, Error> {
    let open = state.workers.open();
    let function = state
        .store
        .read(|connection| function::known(connection, function))?;
    let turn = state.workers.turn().await;
    let mut job = Job::new(function, Trigger::Schedule, None);
    job.set_platform(state, "");
    job.set("x-appwrite-event", "");
    let id = job.id.clone();
    deployed(state, job).await;
    drop((turn, open));
    Ok(id)
}

/// Runs a function because of an event. False when the executor failed, not the function.
pub(crate) async fn on_event(state: &Arc<Functions>, function: Value, event: &RowEvent) -> bool {
    let mut job = Job::new(function, Trigger::Event, event.user.as_deref());
    let version = state.options.edition.line.version();
    job.set("user-agent", &format!("Appwrite/{version}"));
    job.set("content-type", "application/json");
    job.set_platform(state, "");
    job.set("x-appwrite-event", &event.name());
    job.body = event.payload.to_string().into_bytes();
    deployed(state, job).await
}

/// Runs a job, or stores that its function has no deployment.
async fn deployed(state: &Arc<Functions>, job: Job) -> bool {
    if !records::text(&job.function, "deploymentId").is_empty() {
        return background(state, job).await;
    }
    let mut record = job.record("failed");
    record["errors"] = json!(
        "The execution could not be completed because a corresponding deployment was not found. A function deployment \
         needs to be created before it can be executed. Please create a deployment for your function and try again."
    );
    if let Err(error) = insert(state, &record) {
        eprintln!("embedded appwrite: {error:?}");
    }
    true
}

/// A request to a function's own domain.
pub(crate) struct DomainRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case, each once.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Runs a function for a stranger, who waits. Gives the id of the execution, and no outcome where the function did not
/// answer.
pub(crate) async fn on_domain(
    state: &Arc<Functions>,
    id: &str,
    request: DomainRequest,
) -> Result<(String, Option<Outcome>), Error> {
    let function = state
        .store
        .read(|connection| records::find(connection, Kind::Function, id))?
        .filter(|function| function["enabled"] == json!(true))
        .ok_or_else(function::not_found)?;
    if records::text(&function, "deploymentId").is_empty() {
        return Err(no_deployment());
    }
    let open = ["any", "guests"];
    if !records::texts(&function, "execute")
        .iter()
        .any(|role| open.contains(role))
    {
        return Err(Error::new(
            401,
            "function_execute_permission_missing",
            "To execute function using domain, execute permissions must include \"any\" or \"guests\"",
        ));
    }
    let address = client_address(&Headers(request.headers.clone())).to_owned();
    let mut job = Job::new(function, Trigger::Http, None);
    job.method = request.method;
    job.path = request.path;
    job.headers = request.headers;
    job.body = request.body;
    job.set_platform(state, "");
    job.set("x-appwrite-client-ip", &address);
    let (_, result) = run(state, &job).await?;
    match result {
        Ok(outcome) => Ok((job.id, Some(outcome))),
        Err(Broken::TimedOut) => Err(too_slow_to_wait_for()),
        Err(Broken::Executor(_) | Broken::Stopped) => Ok((job.id, None)),
    }
}
