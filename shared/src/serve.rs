//! The door: context → caller, dispatch, request, cx → reply, one log line.
//!
//! Functions are synchronous and run on a blocking thread of one shared, concurrent process, so there is one static
//! runtime and one HTTP client for all executions.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use openruntimes::{Context, Response};
use serde::de::DeserializeOwned;
use serde_json::{json, Map, Value};
use tokio::runtime::Runtime;

use crate::appwrite::{Appwrite, Clock, Connection};
use crate::caller::{Caller, Presented, RowEvent};
use crate::config::{Config, Secret};
use crate::cx::{Cx, LAST_WRITE};
use crate::failure::{Code, Detail, Failure};
use crate::ids::{ExecutionId, Id};
use crate::panics;
use crate::request::{Input, Payload};
use crate::rows::TokenScope;
use crate::sign_in;
use crate::sweep::{self, Swept};

type Running = Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send>>;
type Sweeping = Pin<Box<dyn Future<Output = Result<Swept, Failure>> + Send>>;
type Handler = Box<dyn Fn(Cx, Input) -> Running + Send + Sync>;

enum EventHandler {
    Plain(Box<dyn Fn(Cx, RowEvent) -> Running + Send + Sync>),
    WithPayload(Box<dyn Fn(Cx, RowEvent, Payload) -> Running + Send + Sync>),
}

/// Events of rows of one table, of one action or any.
struct Subscription {
    table: &'static str,
    action: Option<&'static str>,
    handler: EventHandler,
}

/// What a handler answers: a status below 400 and a JSON body. Everything else is a [`Failure`].
#[derive(Debug)]
pub struct Reply {
    status: u16,
    body: Value,
}

impl Reply {
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub fn created(body: Value) -> Self {
        Self { status: 201, body }
    }
}

/// A function's routes: by trigger first, then by method and path.
pub struct Routes {
    function: &'static str,
    http: Vec<Route>,
    event: Option<Subscription>,
    sweep: Option<Box<dyn Fn(Cx) -> Sweeping + Send + Sync>>,
}

/// One way in by HTTP: for signed-in users, and for their programs if it names a scope.
struct Route {
    method: &'static str,
    path: &'static str,
    scope: Option<TokenScope>,
    handler: Handler,
}

impl Routes {
    pub fn new(function: &'static str) -> Self {
        Self {
            function,
            http: Vec::new(),
            event: None,
            sweep: None,
        }
    }

    /// `POST path`, its JSON body parsed into `B`; `B` should refuse unknown fields.
    pub fn post<B, F, R>(self, path: &'static str, handler: F) -> Self
    where
        B: DeserializeOwned + Send + 'static,
        F: Fn(Cx, B) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Reply, Failure>> + Send + 'static,
    {
        self.on("POST", path, handler)
    }

    /// `GET path`, its query parsed into `B`; every parameter is text.
    pub fn get<B, F, R>(self, path: &'static str, handler: F) -> Self
    where
        B: DeserializeOwned + Send + 'static,
        F: Fn(Cx, B) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Reply, Failure>> + Send + 'static,
    {
        self.on("GET", path, handler)
    }

    /// Opens the route just named to personal access tokens that have this scope. Without it a route is for signed-in
    /// users only.
    pub fn with_token(mut self, scope: TokenScope) -> Self {
        if let Some(route) = self.http.last_mut() {
            route.scope = Some(scope);
        }
        self
    }

    /// What to do when a row of `table` sees `action`; other events are ignored with one log line.
    pub fn event<F, R>(mut self, table: &'static str, action: &'static str, handler: F) -> Self
    where
        F: Fn(Cx, RowEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Reply, Failure>> + Send + 'static,
    {
        self.event = Some(Subscription {
            table,
            action: Some(action),
            handler: EventHandler::Plain(Box::new(move |cx, event| Box::pin(handler(cx, event)))),
        });
        self
    }

    /// What to do when a row of `table` sees any action. The handler also gets the event's payload: a row as it was
    /// after the event, or before a delete; a hint of where to look, never a fact.
    pub fn every_event<F, R>(mut self, table: &'static str, handler: F) -> Self
    where
        F: Fn(Cx, RowEvent, Payload) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Reply, Failure>> + Send + 'static,
    {
        self.event = Some(Subscription {
            table,
            action: None,
            handler: EventHandler::WithPayload(Box::new(move |cx, event, payload| {
                Box::pin(handler(cx, event, payload))
            })),
        });
        self
    }

    /// The cron's work, whatever path, body and headers say.
    pub fn sweep<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(Cx) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Swept, Failure>> + Send + 'static,
    {
        self.sweep = Some(Box::new(move |cx| Box::pin(handler(cx))));
        self
    }

    /// The function's name.
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// Method, path and the scope that a personal access token needs, of every HTTP route.
    pub fn list(&self) -> Vec<(&'static str, &'static str, Option<TokenScope>)> {
        self.http
            .iter()
            .map(|route| (route.method, route.path, route.scope))
            .collect()
    }

    fn on<B, F, R>(mut self, method: &'static str, path: &'static str, handler: F) -> Self
    where
        B: DeserializeOwned + Send + 'static,
        F: Fn(Cx, B) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Reply, Failure>> + Send + 'static,
    {
        let parse_and_run = move |mut cx: Cx, input: Input| -> Running {
            Box::pin(async move {
                let (dry_run, request) = input.read()?;
                if dry_run {
                    cx.dry_run = true;
                    cx.rows.begin_dry_run();
                }
                handler(cx, request).await
            })
        };
        self.http.push(Route {
            method,
            path,
            scope: None,
            handler: Box::new(parse_and_run),
        });
        self
    }

    fn find(&self, method: &str, path: &str) -> Result<&Route, Failure> {
        let path = if path.len() > 1 {
            path.trim_end_matches('/')
        } else {
            path
        };
        let routes = || {
            let list: Vec<String> = self
                .http
                .iter()
                .map(|route| format!("{} {}", route.method, route.path))
                .collect();
            list.join(", ")
        };
        let mut on_path = self.http.iter().filter(|route| route.path == path);
        if let Some(route) = on_path.clone().find(|route| route.method == method) {
            return Ok(route);
        }
        Err(if on_path.next().is_some() {
            Failure::new(
                Code::WrongMethod,
                format!("This path does not take {method}. Routes: {}.", routes()),
            )
        } else {
            Failure::new(
                Code::UnknownRoute,
                format!("There is no such path. Routes: {}.", routes()),
            )
        })
    }
}

impl Route {
    /// Users may call every route, what they may do there is the handler's; a token only what its scopes name.
    fn admit(&self, caller: &Caller) -> Result<(), Failure> {
        let Caller::Token { scopes, .. } = caller else {
            return Ok(());
        };
        let message = match self.scope {
            Some(scope) if scopes.contains(&scope) => return Ok(()),
            Some(scope) => format!(
                "The personal access token lacks the scope {}. Make one that has it.",
                scope.word()
            ),
            None => "This cannot be done with a personal access token. Sign in and call it as that user.".to_owned(),
        };
        Err(Failure::new(Code::NotAllowed, message))
    }
}

/// Answers one execution: the same line in every function's `main`.
pub fn serve(context: Context, routes: &Routes) -> Response {
    let began = Instant::now();
    let mut line = Line::new(routes.function, &context);
    let result = panics::caught(|| {
        runtime().and_then(|runtime| runtime.block_on(answer(&context, routes, began, &mut line)))
    });
    let (status, code, body) = match result {
        Ok(reply) => (reply.status, "-", reply.body),
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
    line: &mut Line,
) -> Result<Reply, Failure> {
    let headers = &context.req.headers;
    let presented = Presented::from_headers(headers)?;
    line.caller = presented.kind();
    // Whoever it is, nothing of a call is read that is too large; an event's row is as large as it is.
    let input = match &presented {
        Presented::Caller(Caller::Event { .. } | Caller::Schedule) => None,
        Presented::Caller(Caller::User(_) | Caller::Token { .. }) | Presented::Token(_) => {
            Some(Input::bounded(&context.req)?)
        }
    };
    let cx = prepare(headers, presented, routes.function, began, line).await?;
    let reply = match input {
        Some(input) => {
            let route = routes.find(&context.req.method, &context.req.path)?;
            route.admit(&cx.caller)?;
            (route.handler)(cx.clone(), input).await?
        }
        None => hear(context, routes, cx.clone()).await?,
    };
    Ok(with_changes(reply, &cx))
}

/// Everything that a handler needs, once it is known who calls. Of a call by a token this is one look-up; nothing of
/// what the caller sent has been read until then.
async fn prepare(
    headers: &HashMap<String, String>,
    presented: Presented,
    function: &str,
    began: Instant,
    line: &mut Line,
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
        Presented::Caller(caller) => caller,
        Presented::Token(token) => sign_in::by_token(&rows, &token).await?,
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
async fn hear(context: &Context, routes: &Routes, cx: Cx) -> Result<Reply, Failure> {
    let Caller::Event { event, .. } = cx.caller.clone() else {
        return match &routes.sweep {
            Some(handler) => sweep::sweep(&cx, routes.function, handler).await,
            None => Ok(Reply::ok(json!({"ignored": true}))),
        };
    };
    match &routes.event {
        Some(subscription)
            if event.database == cx.config.database
                && event.table == subscription.table
                && subscription
                    .action
                    .is_none_or(|action| event.action == action) =>
        {
            match &subscription.handler {
                EventHandler::Plain(handler) => handler(cx, event).await,
                EventHandler::WithPayload(handler) => {
                    handler(cx, event, Payload::new(context.req.body_binary())).await
                }
            }
        }
        _ => {
            cx.note(format!(
                "ignored: {} on {}.{}",
                event.action, event.database, event.table
            ));
            Ok(Reply::ok(json!({"ignored": true})))
        }
    }
}

fn with_changes(reply: Reply, cx: &Cx) -> Reply {
    match (cx.rows.changes(), reply.body) {
        (Some(changes), Value::Object(body)) => {
            let mut shown = Map::from_iter([
                ("dryRun".to_owned(), json!(true)),
                ("changes".to_owned(), json!(changes)),
            ]);
            shown.extend(body);
            Reply {
                status: 200,
                body: Value::Object(shown),
            }
        }
        (_, body) => Reply {
            status: reply.status,
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

fn http_client() -> Result<&'static reqwest::Client, Failure> {
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
struct Line {
    function: &'static str,
    execution: Option<ExecutionId>,
    caller: &'static str,
    rows: Option<Arc<Appwrite>>,
    notes: Arc<Mutex<Vec<String>>>,
}

impl Line {
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
