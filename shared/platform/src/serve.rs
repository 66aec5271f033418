//! The door: context → caller, dispatch, request, cx → reply, one log line.
//!
//! Functions are synchronous and run on a blocking thread of one shared, concurrent process, so there is one static
//! runtime and one HTTP client for all executions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use domain::ids::{ExecutionId, Id};
use domain::token::Secret;
use domain::{Code, Detail, Failure};
use openruntimes::{Context, Response};
use serde_json::{json, Map, Value};
use tokio::runtime::Runtime;

use crate::appwrite::{Appwrite, Clock, Connection};
use crate::caller::{Caller, Credentials};
use crate::config::Config;
use crate::cx::{Cx, LAST_WRITE};
use crate::panics;
use crate::request::{Input, Payload};
use crate::routes::{ignored, Answer, Routes};
use crate::sign_in;
use crate::sweep;

/// Answers one execution: the same line in every function's `main`.
pub fn serve(context: Context, routes: &Routes) -> Response {
    let began = Instant::now();
    let mut line = LogLine::new(routes.function(), &context);
    let result = panics::caught(|| {
        runtime().and_then(|runtime| runtime.block_on(answer(&context, routes, began, &mut line)))
    });
    let (status, code, body) = match result {
        Ok(answer) => (answer.status, "-", answer.body),
        Err(failure) => {
            if let Some(detail) = failure.detail() {
                context.error(format!("{}: {detail}", failure.code.as_str()));
            }
            (
                failure.code.status(),
                failure.code.as_str(),
                failure.body(line.execution.as_ref()),
            )
        }
    };
    line.write(&context, status, code, began);
    context.res.json(body, Some(status), None)
}

async fn answer(
    context: &Context,
    routes: &Routes,
    began: Instant,
    line: &mut LogLine,
) -> Result<Answer, Failure> {
    let headers = &context.req.headers;
    let presented = Credentials::from_headers(headers)?;
    line.caller = presented.kind();
    // Whoever it is, nothing of a call is read that is too large; an event's row is as large as it is.
    let input = match &presented {
        Credentials::Caller(Caller::Event { .. } | Caller::Schedule) => None,
        Credentials::Caller(Caller::User(_) | Caller::Token { .. }) | Credentials::Token(_) => {
            Some(Input::bounded(&context.req)?)
        }
    };
    let mut cx = prepare(headers, presented, routes.function(), began, line).await?;
    let answer = match input {
        Some(input) => {
            let route = routes.find(&context.req.method, &context.req.path)?;
            route.admit(&cx.caller)?;
            route.run(&mut cx, input).await?
        }
        None => hear(context, routes, cx.clone()).await?,
    };
    Ok(with_changes(answer, &cx))
}

/// Everything that a handler needs, once it is known who calls. Of a call by a token this is one look-up; nothing of
/// what the caller sent has been read until then.
async fn prepare(
    headers: &HashMap<String, String>,
    presented: Credentials,
    function: &str,
    began: Instant,
    line: &mut LogLine,
) -> Result<Cx, Failure> {
    let not_configured = |why: &'static str| {
        Failure::new(
            Code::NotConfigured,
            "The function is not set up completely. An operator finds the details in its log.",
        )
        .with_detail(Detail::new(why))
    };
    let config = Config::get(function).map_err(not_configured)?;
    let header = |name: &str| headers.get(name).map_or("", String::as_str);
    let execution = ExecutionId::parse(header("x-appwrite-execution-id"))
        .ok_or_else(|| not_configured("the platform sent no x-appwrite-execution-id"))?;
    let key = header("x-appwrite-key");
    if key.is_empty() {
        return Err(not_configured("the platform sent no x-appwrite-key"));
    }
    let rows = Arc::new(Appwrite::new(
        http_client()?.clone(),
        Connection {
            endpoint: config.endpoint.clone(),
            project: config.project.clone(),
            key: Secret::new(key),
            database: config.database.clone(),
            deadline: began + LAST_WRITE,
            clock: clock(),
        },
    ));
    line.rows = Some(rows.clone());
    let caller = match presented {
        Credentials::Caller(caller) => caller,
        Credentials::Token(token) => sign_in::by_token(&rows, &token).await?,
    };
    Ok(Cx {
        caller,
        execution,
        config,
        rows,
        dry_run: false,
        began,
        notes: line.notes.clone(),
    })
}

/// What the platform does by itself: an event or the cron.
async fn hear(context: &Context, routes: &Routes, cx: Cx) -> Result<Answer, Failure> {
    let Caller::Event { event, .. } = cx.caller.clone() else {
        return match routes.sweeping(cx.clone()) {
            Some(work) => {
                let body = sweep::sweep(&cx, routes.function(), work).await?;
                Ok(Answer { status: 200, body })
            }
            None => Ok(ignored()),
        };
    };
    let is_ours = event.database == cx.config.database;
    let mut subscriptions = routes.events().iter().filter(|_| is_ours);
    match subscriptions.find(|subscription| subscription.takes(&event)) {
        Some(subscription) => {
            let payload = Payload::new(context.req.body_binary());
            subscription.run(cx, event, payload).await
        }
        None => {
            cx.note(format!(
                "ignored: {} on {}.{}",
                event.action, event.database, event.table
            ));
            Ok(ignored())
        }
    }
}

fn with_changes(answer: Answer, cx: &Cx) -> Answer {
    match (cx.rows.changes(), answer.body) {
        (Some(changes), Value::Object(body)) => {
            let mut shown = Map::from_iter([
                ("dryRun".to_owned(), json!(true)),
                ("changes".to_owned(), json!(changes)),
            ]);
            shown.extend(body);
            Answer {
                status: 200,
                body: Value::Object(shown),
            }
        }
        (_, body) => Answer {
            status: answer.status,
            body,
        },
    }
}

fn runtime() -> Result<&'static Runtime, Failure> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let build = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .ok()
    };
    RUNTIME
        .get_or_init(build)
        .as_ref()
        .ok_or_else(|| Failure::internal(Detail::new("no runtime can be started")))
}

/// The one HTTP client of a function: no proxy, no redirect, certificates compiled in.
///
/// # Errors
/// If none can be made.
pub fn http_client() -> Result<&'static reqwest::Client, Failure> {
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    let build = || {
        let builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        builder.build().ok()
    };
    CLIENT
        .get_or_init(build)
        .as_ref()
        .ok_or_else(|| Failure::internal(Detail::new("no HTTP client can be made")))
}

/// What this process knows of the server's clock.
fn clock() -> Arc<Clock> {
    static CLOCK: OnceLock<Arc<Clock>> = OnceLock::new();
    CLOCK.get_or_init(Arc::default).clone()
}

/// The one log line of an execution: counts and codes, never bodies, e-mail addresses or tokens.
struct LogLine {
    function: &'static str,
    execution: Option<ExecutionId>,
    caller: &'static str,
    rows: Option<Arc<Appwrite>>,
    notes: Arc<Mutex<Vec<String>>>,
}

impl LogLine {
    fn new(function: &'static str, context: &Context) -> Self {
        let execution = context.req.headers.get("x-appwrite-execution-id");
        Self {
            function,
            execution: execution.and_then(|id| ExecutionId::parse(id)),
            caller: "nobody",
            rows: None,
            notes: Arc::default(),
        }
    }

    fn write(&self, context: &Context, status: u16, code: &str, began: Instant) {
        let (calls, written) = match &self.rows {
            Some(rows) => (rows.calls(), rows.written()),
            None => (0, 0),
        };
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        for note in notes.iter() {
            context.log(note.as_str());
        }
        let execution = self.execution.as_ref().map_or("-", AsRef::as_ref);
        context.log(format!(
            "function={} execution={execution} caller={} status={status} code={code} ms={} calls={calls} rows={written}",
            self.function,
            self.caller,
            began.elapsed().as_millis(),
        ));
    }
}
