//! Executions: one run of a function each, by a caller, an event or the time. Decides what the function gets to see and
//! what is stored of it; the process is [`crate::runtime`]'s.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde_json::{json, Value};

use crate::access::Asker;
use crate::runtime::{Outcome, Request, Start};
use crate::storage::listing::{self, Queries};
use crate::storage::records::{self, Kind};
use crate::wire::event::RowEvent;
use crate::wire::parameters::{self, Body};
use crate::wire::{id, Actor, Answer, Call, Error, Headers, Reply, VERSION};
use crate::workers::Open;
use crate::{clock, deployments, functions, multipart, App};

/// Longest body and path of an execution: Executions/Create.php.
const BODY_LENGTH: usize = 10_485_760;
const PATH_LENGTH: usize = 2_048;

/// What a list may be asked for by.
const QUERIES: Queries = Queries::of(&[
    "trigger",
    "status",
    "responseStatusCode",
    "duration",
    "requestMethod",
    "requestPath",
    "deploymentId",
]);

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];

/// Most names and bytes of an execution's headers: Functions/Validator/Headers.php.
const HEADERS: usize = 100;
const HEADERS_BYTES: usize = 16_384;

/// How much longer than the function's timeout a background run may last before it counts as failed.
const BACKGROUND_GRACE: Duration = Duration::from_secs(15);

/// Headers that are stored: `FUNCTION_ALLOWLIST_HEADERS_REQUEST` and `_RESPONSE`.
const STORED_REQUEST_HEADERS: [&str; 5] = [
    "content-type",
    "agent",
    "content-length",
    "host",
    "x-appwrite-client-ip",
];
const STORED_RESPONSE_HEADERS: [&str; 2] = ["content-type", "content-length"];

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    let segments = call.segments();
    let ["functions", function, "executions", rest @ ..] = segments.as_slice() else {
        return None;
    };
    Some(match (call.method.as_str(), rest) {
        ("POST", []) => create(app, call, function),
        ("GET", []) => list(app, call, function),
        ("GET", [id]) => get(app, call, function, id),
        ("DELETE", [id]) => delete(app, call, function, id),
        _ => return None,
    })
}

/// What starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trigger {
    Http,
    Event,
    Schedule,
}

impl Trigger {
    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Event => "event",
            Self::Schedule => "schedule",
        }
    }
}

/// One run to be.
#[derive(Debug, Clone)]
struct Job {
    id: String,
    function: Value,
    trigger: Trigger,
    /// Who counts as the caller.
    user: Option<String>,
    method: String,
    /// With the query.
    path: String,
    /// The caller's first, then the platform's: of two that differ in case only, the function sees the last.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Job {
    fn new(function: Value, trigger: Trigger, user: Option<&str>) -> Self {
        Self {
            id: id::unique(),
            function,
            trigger,
            user: user.map(str::to_owned),
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Replaces a header of exactly this spelling, or adds it.
    fn set(&mut self, name: &str, value: &str) {
        match self.headers.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.to_owned(),
            None => self.headers.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The headers of every trigger.
    fn set_platform(&mut self, app: &App, jwt: &str) {
        let asker = Asker {
            function: records::id(&self.function).to_owned(),
            execution: self.id.clone(),
        };
        let scopes = &self.function["scopes"];
        let key = app.access.execution_key(&asker, scopes, self.timeout());
        let (id, user) = (self.id.clone(), self.user.clone().unwrap_or_default());
        self.set("x-appwrite-execution-id", &id);
        self.set("x-appwrite-key", &key);
        self.set("x-appwrite-trigger", self.trigger.name());
        self.set("x-appwrite-user-id", &user);
        self.set("x-appwrite-user-jwt", jwt);
        self.set("x-appwrite-country-code", "");
        self.set("x-appwrite-continent-code", "");
        self.set("x-appwrite-continent-eu", "false");
    }

    fn timeout(&self) -> i64 {
        self.function["timeout"].as_i64().unwrap_or_default()
    }

    fn request(&self) -> Request {
        Request {
            method: self.method.clone(),
            path: self.path.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            timeout_seconds: self.timeout().unsigned_abs(),
            logging: self.function["logging"] == json!(true),
        }
    }

    /// The execution as stored before it runs.
    fn record(&self, status: &str) -> Value {
        let now = clock::now_text();
        let permissions: Vec<String> = self
            .user
            .iter()
            .map(|user| format!("read(\"user:{user}\")"))
            .collect();
        json!({
            "$id": self.id, "$createdAt": now, "$updatedAt": now, "$permissions": permissions,
            "functionId": self.function["$id"], "deploymentId": self.function["deploymentId"],
            "trigger": self.trigger.name(), "status": status,
            "requestMethod": self.method, "requestPath": self.path,
            "requestHeaders": listed(&self.headers, Some(&STORED_REQUEST_HEADERS)),
            "responseStatusCode": 0, "responseBody": "", "responseHeaders": [],
            "logs": "", "errors": "", "duration": 0, "scheduledAt": null,
        })
    }
}

/// Why a run has no answer.
#[derive(Debug)]
enum Broken {
    TimedOut,
    /// The process could not be asked.
    Executor(String),
    /// The server was stopped meanwhile.
    Stopped,
}

/// Headers as executions show them: a name that comes twice once, with its last value.
fn listed(headers: &[(String, String)], only: Option<&[&str]>) -> Value {
    let mut list: Vec<(&str, &str)> = Vec::new();
    for (name, value) in headers {
        if only.is_some_and(|only| !only.contains(&name.to_lowercase().as_str())) {
            continue;
        }
        match list.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => list.push((name, value)),
        }
    }
    list.iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

/// Asks the function and waits for at most `limit`; when that is over, the function goes on all the same.
async fn ask(app: &Arc<App>, job: &Job, limit: Duration) -> Result<Outcome, Broken> {
    let environment = app
        .store
        .read(|connection| functions::environment(app, connection, &job.function));
    let deployment = records::text(&job.function, "deploymentId");
    let start = Start {
        function: records::id(&job.function).to_owned(),
        deployment: deployment.to_owned(),
        program: deployments::program(app, deployment)
            .map_err(|error| Broken::Executor(error.to_string()))?,
        environment: environment.map_err(|error| Broken::Executor(error.message))?,
    };
    let (request, open) = (job.request(), app.workers.open());
    let shared = Arc::clone(app);
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

/// Writes into the record how the run ended. `slow` says what a run that took too long is told.
fn conclude(record: &mut Value, result: &Result<Outcome, Broken>, took: Duration, slow: &Error) {
    record["duration"] = json!(took.as_secs_f64());
    match result {
        Ok(outcome) => {
            let failed = outcome.status >= 500;
            record["status"] = json!(if failed { "failed" } else { "completed" });
            record["responseStatusCode"] = json!(outcome.status);
            record["responseHeaders"] = listed(&outcome.headers, Some(&STORED_RESPONSE_HEADERS));
            record["logs"] = json!(outcome.logs);
            record["errors"] = json!(outcome.errors);
        }
        Err(broken) => {
            let (message, code) = match broken {
                Broken::TimedOut => (slow.message.as_str(), slow.status),
                Broken::Executor(message) => (message.as_str(), 0),
                Broken::Stopped => ("The server was stopped while the function ran.", 0),
            };
            record["status"] = json!("failed");
            record["responseStatusCode"] = json!(500);
            // The two characters stand there in the original, too.
            record["errors"] = json!(format!("{message}\\nError Code: {code}"));
        }
    }
}

fn too_slow_to_wait_for() -> Error {
    Error::new(
        408,
        "function_synchronous_timeout",
        "Synchronous function execution timed out. Use asynchronous execution instead, or ensure the execution \
         duration doesn't exceed 30 seconds.",
    )
}

fn too_slow() -> Error {
    Error::new(
        408,
        "function_asynchronous_timeout",
        "Asynchronous function execution timed out. Ensure the execution duration doesn't exceed the configured \
         function timeout.",
    )
}

fn insert(app: &App, record: &Value) -> Result<(), Error> {
    let function = records::text(record, "functionId");
    app.store.write(|transaction| {
        records::insert(transaction, Kind::Execution, function, record)?;
        Ok(())
    })
}

fn create(app: &App, call: &Call, function: &str) -> Reply {
    call.actor.need(&["executions.write", "execution.write"])?;
    let asked = Asked::read(&call.json()?)?;
    let function = runnable(app, call, function)?;
    let user = call.actor.user_id();
    let trigger = match asked.scheduled_at {
        Some(_) => Trigger::Schedule,
        None => Trigger::Http,
    };
    let mut job = Job::new(function, trigger, user);
    job.method = asked.method;
    job.path = asked.path;
    job.body = asked.body.into_bytes();
    job.headers = asked.headers;
    let session = match &call.actor {
        Actor::User { session, .. } => session.as_deref(),
        Actor::Guest | Actor::Key { .. } => None,
    };
    let jwt = match (user, session, asked.background) {
        // Only the worker, which runs things in the background, makes a token without a session.
        (Some(user), Some(_), _) | (Some(user), None, true) => {
            app.access.execution_jwt(user, session, job.timeout())
        }
        _ => String::new(),
    };
    job.set_platform(app, &jwt);
    job.set("x-appwrite-client-ip", client_address(&call.headers));
    let app = app.arc();
    if let Some(moment) = asked.scheduled_at {
        return later(&app, job, moment);
    }
    if asked.background {
        job.set("x-appwrite-event", "");
        let record = job.record("waiting");
        insert(&app, &kept(&record, &job))?;
        let open = app.workers.open();
        start(app, job, open);
        return Ok(Answer::json(202, record));
    }
    let waiting = wait_for(&app, job);
    let (record, body) = tokio::runtime::Handle::current().block_on(waiting)?;
    let mut record = shown(record, &call.actor);
    if multipart::is_accepted(&call.headers) {
        return Ok(multipart::answer(201, &record, &body));
    }
    let text = String::from_utf8(body);
    let refused = |_| Error::unknown("the function answered bytes that are no text");
    record["responseBody"] = json!(text.map_err(refused)?);
    Ok(Answer::json(201, record))
}

/// Runs while the caller waits, who gets the execution and what the function answered.
async fn wait_for(app: &Arc<App>, job: Job) -> Result<(Value, Vec<u8>), Error> {
    let (mut record, result) = run(app, &job).await?;
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
async fn run(app: &Arc<App>, job: &Job) -> Result<(Value, Result<Outcome, Broken>), Error> {
    let begun = Instant::now();
    let mut record = job.record("processing");
    let result = ask(app, job, app.synchronous_limit()).await;
    conclude(
        &mut record,
        &result,
        begun.elapsed(),
        &too_slow_to_wait_for(),
    );
    insert(app, &record)?;
    Ok((record, result))
}

/// Runs a stored job when it is its turn.
fn start(app: Arc<App>, job: Job, open: Open) {
    tokio::spawn(async move {
        let turn = app.workers.turn().await;
        match begin(&app, &job.id) {
            Ok(true) => {
                background(&app, job).await;
            }
            // Deleted meanwhile.
            Ok(false) => {}
            Err(error) => report(&job.id, &error),
        }
        drop((turn, open));
    });
}

/// Notes that a stored job is under way: whatever happens now, it is not started again. False when it is gone.
fn begin(app: &App, id: &str) -> Result<bool, Error> {
    app.store.write(|transaction| {
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
async fn background(app: &Arc<App>, job: Job) -> bool {
    let begun = Instant::now();
    let limit = Duration::from_secs(job.timeout().unsigned_abs()) + BACKGROUND_GRACE;
    let result = ask(app, &job, limit).await;
    let stored = app.store.write(|transaction| {
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

/// Where an execution that is not under way yet keeps what it will be asked; never answered.
const JOB: &str = "job";

/// A record with all that its job needs, so that another process can do it.
fn kept(record: &Value, job: &Job) -> Value {
    let mut kept = record.clone();
    kept[JOB] = json!({
        "headers": job.headers,
        "body": String::from_utf8_lossy(&job.body),
        "user": job.user,
    });
    kept
}

/// Stores a job for later.
fn later(app: &Arc<App>, job: Job, moment: DateTime<Utc>) -> Reply {
    let mut record = job.record("scheduled");
    record["scheduledAt"] = json!(clock::text(moment));
    insert(app, &kept(&record, &job))?;
    await_moment(app, job.id, moment);
    Ok(Answer::json(202, record))
}

fn await_moment(app: &Arc<App>, id: String, moment: DateTime<Utc>) {
    let schedule = Arc::clone(&app.schedule);
    let expected = schedule.expect();
    let app = Arc::downgrade(app);
    tokio::spawn(async move {
        let rest = (moment - clock::now()).to_std().unwrap_or_default();
        let open = schedule.wait(rest, expected).await;
        // Gone when the instance stopped in the meantime; its next start takes it up.
        let Some(app) = app.upgrade() else { return };
        start_stored(&app, &id, open);
    });
}

/// Starts an execution that is stored with its job.
fn start_stored(app: &Arc<App>, id: &str, open: Option<Open>) {
    match stored_job(app, id) {
        Ok(Some(job)) => {
            let open = open.unwrap_or_else(|| app.workers.open());
            start(Arc::clone(app), job, open);
        }
        // Deleted meanwhile.
        Ok(None) => {}
        Err(error) => report(id, &error),
    }
}

/// The job of an execution that is not under way yet.
fn stored_job(app: &App, id: &str) -> Result<Option<Job>, Error> {
    app.store.read(|connection| {
        let Some(record) = records::find(connection, Kind::Execution, id)? else {
            return Ok(None);
        };
        let function = functions::known(connection, records::text(&record, "functionId"))?;
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
            .map(|user| app.access.execution_jwt(user, None, job.timeout()))
            .unwrap_or_default();
        job.set_platform(app, &jwt);
        job.set("x-appwrite-event", "");
        Ok(Some(job))
    })
}

/// Takes up, after a start, what was answered but not begun: executions that wait for their turn or their moment. What was
/// under way when the process died has failed, and is not begun again: nobody knows how far it came. The real server
/// stores that of none, and lists them as failed once their time is over.
pub(crate) fn resume(app: &Arc<App>) -> Result<(), Error> {
    app.store.write(|transaction| {
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
    let (waiting, scheduled) = app.store.read(|connection| {
        let of = |status| records::saying(connection, Kind::Execution, "status", status);
        Ok((of("waiting")?, of("scheduled")?))
    })?;
    for record in scheduled {
        let moment = DateTime::parse_from_rfc3339(records::text(&record, "scheduledAt"));
        let moment = moment.map_err(|error| Error::unknown(error.to_string()))?;
        let id = records::id(&record).to_owned();
        await_moment(app, id, moment.with_timezone(&Utc));
    }
    for record in waiting {
        start_stored(app, records::id(&record), None);
    }
    Ok(())
}

/// Runs a function as its cron expression would; returns the id of the execution.
pub(crate) async fn scheduled(app: &Arc<App>, function: &str) -> Result<String, Error> {
    let open = app.workers.open();
    let function = app
        .store
        .read(|connection| functions::known(connection, function))?;
    let turn = app.workers.turn().await;
    let mut job = Job::new(function, Trigger::Schedule, None);
    job.set_platform(app, "");
    job.set("x-appwrite-event", "");
    let id = job.id.clone();
    deployed(app, job).await;
    drop((turn, open));
    Ok(id)
}

/// Runs a function because of an event. False when the executor failed, not the function.
pub(crate) async fn on_event(app: &Arc<App>, function: Value, event: &RowEvent) -> bool {
    let mut job = Job::new(function, Trigger::Event, event.user.as_deref());
    job.set("user-agent", &format!("Appwrite/{VERSION}"));
    job.set("content-type", "application/json");
    job.set_platform(app, "");
    job.set("x-appwrite-event", &event.name());
    job.body = event.payload.to_string().into_bytes();
    deployed(app, job).await
}

/// Runs a job, or stores that its function has no deployment.
async fn deployed(app: &Arc<App>, job: Job) -> bool {
    if !records::text(&job.function, "deploymentId").is_empty() {
        return background(app, job).await;
    }
    let mut record = job.record("failed");
    record["errors"] = json!(
        "The execution could not be completed because a corresponding deployment was not found. A function deployment \
         needs to be created before it can be executed. Please create a deployment for your function and try again."
    );
    if let Err(error) = insert(app, &record) {
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

/// What goes back to whoever asked a function's domain.
pub(crate) struct DomainAnswer {
    pub(crate) execution: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The function did not answer.
    pub(crate) broken: bool,
}

/// Runs a function for a stranger, who waits.
pub(crate) async fn on_domain(
    app: &Arc<App>,
    id: &str,
    request: DomainRequest,
) -> Result<DomainAnswer, Error> {
    let function = app
        .store
        .read(|connection| records::find(connection, Kind::Function, id))?
        .filter(|function| function["enabled"] == json!(true))
        .ok_or_else(functions::not_found)?;
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
    job.set_platform(app, "");
    job.set("x-appwrite-client-ip", &address);
    let (_, result) = run(app, &job).await?;
    match result {
        Ok(outcome) => Ok(DomainAnswer {
            execution: job.id,
            status: outcome.status,
            headers: outcome.headers,
            body: outcome.body,
            broken: false,
        }),
        Err(Broken::TimedOut) => Err(too_slow_to_wait_for()),
        Err(Broken::Executor(_) | Broken::Stopped) => Ok(DomainAnswer {
            execution: job.id,
            status: 500,
            headers: Vec::new(),
            body: Vec::new(),
            broken: true,
        }),
    }
}

/// What the body of a createExecution asks for.
struct Asked {
    body: String,
    background: bool,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    scheduled_at: Option<DateTime<Utc>>,
}

impl Asked {
    fn read(body: &Body) -> Result<Self, Error> {
        let text = match parameters::sent(body, "body") {
            None => String::new(),
            Some(Value::String(text)) if text.chars().count() <= BODY_LENGTH => text.clone(),
            Some(_) => {
                return Err(Error::argument(format!(
                    "Invalid `body` param: Value must be a valid string and no longer than {BODY_LENGTH} chars"
                )))
            }
        };
        let path = parameters::optional_text(body, "path", PATH_LENGTH)?;
        let method = match parameters::sent(body, "method") {
            None => "POST",
            Some(method) => method
                .as_str()
                .filter(|method| METHODS.contains(method))
                .ok_or_else(|| {
                    let methods = METHODS.join(", ");
                    Error::argument(format!(
                        "Invalid `method` param: Value must be one of ({methods})"
                    ))
                })?,
        };
        let background = parameters::loose_boolean(body, "async")?.unwrap_or(false);
        let scheduled_at = parameters::sent(body, "scheduledAt")
            .map(|moment| moment_of(moment, background))
            .transpose()?;
        Ok(Self {
            body: text,
            background,
            method: method.to_owned(),
            path: path.unwrap_or_else(|| "/".to_owned()),
            headers: headers_of(body)?,
            scheduled_at,
        })
    }
}

fn moment_of(moment: &Value, background: bool) -> Result<DateTime<Utc>, Error> {
    let refused = |message| Error::new(400, "general_bad_request", message);
    if !background {
        return Err(refused(
            "Scheduled executions must run asynchronously. Set scheduledAt to a future date, or set async to true.",
        ));
    }
    let earliest = clock::now() + Duration::from_secs(60);
    DateTime::parse_from_rfc3339(moment.as_str().unwrap_or_default())
        .ok()
        .map(|moment| moment.with_timezone(&Utc))
        .filter(|moment| *moment >= earliest && moment.timestamp() % 60 == 0)
        .ok_or_else(|| {
            refused("Execution schedule must be a valid date, and at least 1 minute from now")
        })
}

/// The check is for lower case only, so `X-Appwrite-Event` passes; and what fails is a 500 whose type is the message.
fn headers_of(body: &Body) -> Result<Vec<(String, String)>, Error> {
    const REFUSAL: &str =
        "Invalid headers: Alphanumeric characters or hyphens only, cannot start with \
                           \"x-appwrite\", maximum 100 keys, and total size 16384.";
    let parsed = match parameters::sent(body, "headers") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(headers) => headers.clone(),
        None => Value::Null,
    };
    let headers: Vec<(String, String)> = parsed
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            (name.clone(), value)
        })
        .collect();
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    let named_well = |name: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !name.is_empty()
            && name.bytes().all(inner)
            && !name.starts_with('-')
            && !name.ends_with('-')
            && !name.starts_with("x-appwrite-")
    };
    if headers.len() > HEADERS
        || bytes >= HEADERS_BYTES
        || !headers.iter().all(|(name, _)| named_well(name))
    {
        return Err(Error::new(500, REFUSAL, "Server Error"));
    }
    Ok(headers)
}

/// The function, if this caller may run it and it can be run.
fn runnable(app: &App, call: &Call, id: &str) -> Result<Value, Error> {
    let function = app
        .store
        .read(|connection| records::find(connection, Kind::Function, id))?
        .filter(|function| call.actor.is_key() || function["enabled"] == json!(true))
        .ok_or_else(functions::not_found)?;
    if records::text(&function, "deploymentId").is_empty() {
        return Err(no_deployment());
    }
    let wanted = records::texts(&function, "execute");
    let held = call.actor.roles();
    if call.actor.is_key() || wanted.iter().any(|role| held.iter().any(|one| one == role)) {
        return Ok(function);
    }
    let message = match wanted.last() {
        None => "No permissions provided for action 'execute'".to_owned(),
        Some(last) => format!(
            "Missing \"execute\" permission for role \"{last}\". Only \"{}\" scopes are allowed and \"{}\" was given.",
            json!(held),
            json!(wanted)
        ),
    };
    Err(Error::new(401, "user_unauthorized", message))
}

fn no_deployment() -> Error {
    Error::new(
        404,
        "deployment_not_found",
        "Deployment not found. Create a deployment before trying to execute a function",
    )
}

/// The proxy's word for it, where there is one: `_APP_TRUSTED_HEADERS`.
fn client_address(headers: &Headers) -> &str {
    headers
        .get("x-forwarded-for")
        .and_then(|list| list.split(',').next())
        .map_or("127.0.0.1", str::trim)
}

fn list(app: &App, call: &Call, function: &str) -> Reply {
    call.actor.need(&["executions.read", "execution.read"])?;
    app.store.read(|connection| {
        visible_function(connection, call, function)?;
        let executions = records::children(connection, Kind::Execution, function)?
            .into_iter()
            .filter(|execution| is_visible(execution, &call.actor))
            .collect();
        let (total, page) = listing::page(call, QUERIES, executions)?;
        let page: Vec<Value> = page
            .into_iter()
            .map(|execution| shown(execution, &call.actor))
            .collect();
        Ok(Answer::json(
            200,
            json!({"total": total, "executions": page}),
        ))
    })
}

fn get(app: &App, call: &Call, function: &str, id: &str) -> Reply {
    call.actor.need(&["executions.read", "execution.read"])?;
    app.store.read(|connection| {
        visible_function(connection, call, function)?;
        let execution = known(connection, function, id)?
            .filter(|execution| is_visible(execution, &call.actor))
            .ok_or_else(not_found)?;
        Ok(Answer::json(200, shown(execution, &call.actor)))
    })
}

fn delete(app: &App, call: &Call, function: &str, id: &str) -> Reply {
    call.actor
        .manage(&["executions.write", "execution.write"])?;
    app.store.write(|transaction| {
        functions::known(transaction, function)?;
        let execution = known(transaction, function, id)?.ok_or_else(not_found)?;
        let unfinished = !matches!(
            records::text(&execution, "status"),
            "completed" | "failed" | "scheduled"
        );
        if unfinished {
            return Err(Error::new(
                400,
                "execution_in_progress",
                "Can't delete ongoing execution. Please wait for the execution to finish before deleting it.",
            ));
        }
        records::delete(transaction, Kind::Execution, id)?;
        Ok(Answer::empty())
    })
}

fn visible_function(connection: &Connection, call: &Call, id: &str) -> Result<(), Error> {
    let function = functions::known(connection, id)?;
    if call.actor.is_key() || function["enabled"] == json!(true) {
        return Ok(());
    }
    Err(functions::not_found())
}

fn known(connection: &Connection, function: &str, id: &str) -> Result<Option<Value>, Error> {
    let execution = records::find(connection, Kind::Execution, id)?;
    Ok(execution.filter(|execution| records::text(execution, "functionId") == function))
}

fn not_found() -> Error {
    Error::new(
        404,
        "execution_not_found",
        "Execution with the requested ID could not be found.",
    )
}

fn is_visible(execution: &Value, actor: &Actor) -> bool {
    let readers = records::texts(execution, "$permissions");
    actor.is_key()
        || actor
            .roles()
            .iter()
            .any(|role| readers.contains(&format!("read(\"{role}\")").as_str()))
}

/// As it is answered: logs and errors are for keys.
fn shown(execution: Value, actor: &Actor) -> Value {
    let mut shown = records::without(&execution, &[JOB]);
    if !actor.is_key() {
        shown["logs"] = json!("");
        shown["errors"] = json!("");
    }
    shown
}
