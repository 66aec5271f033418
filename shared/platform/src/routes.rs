//! The ways into a function: by HTTP, by event, by cron. One list, from which the door works and of which tables, types
//! and expectations are made.

use std::future::Future;
use std::pin::Pin;

use domain::rows::{Row, TokenScope};
use domain::{Code, Failure};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::{json, Value};

use crate::access::Access;
use crate::caller::{Caller, EventName};
use crate::cx::Cx;
use crate::request::{Input, Payload};
use crate::sweep::SweepOutcome;

type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;
type Run = Box<dyn for<'a> Fn(&'a mut Cx, Input) -> Running<'a> + Send + Sync>;
type Sweeping = Pin<Box<dyn Future<Output = Result<SweepOutcome<Value>, Failure>> + Send>>;

/// A status below 400 and a JSON body, as the door sends them.
#[derive(Debug)]
pub struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// What a handler answers. Everything else is a [`Failure`].
#[derive(Debug)]
pub struct Reply<T> {
    status: u16,
    body: T,
}

impl<T: Serialize> Reply<T> {
    pub fn ok(body: T) -> Self {
        Self { status: 200, body }
    }

    pub fn created(body: T) -> Self {
        Self { status: 201, body }
    }

    fn answer(self) -> Result<Answer, Failure> {
        let body = serde_json::to_value(self.body);
        Ok(Answer {
            status: self.status,
            body: body.map_err(|error| Failure::internal(error.into()))?,
        })
    }
}

/// An answer to what nobody waits for: an event that was none of ours.
pub(crate) fn ignored() -> Answer {
    Answer {
        status: 200,
        body: json!({"ignored": true}),
    }
}

/// Which callers a route takes at all; what each may do there is its [`Access`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenTo {
    /// Signed-in users only.
    Users,
    /// And their programs, by a personal access token of this scope.
    UsersAndTokens(TokenScope),
}

/// Writes of rows that a function is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Created,
    /// Whatever happened to a row.
    Written,
}

/// A row was written, says the platform. A hint of where to look, never a fact: read the row.
#[derive(Debug)]
pub struct RowEvent<R: Row> {
    pub id: R::Id,
    pub action: String,
    /// The row as it was after the event, or before a delete.
    pub payload: Payload,
}

/// What answers the calls of a route: an `async fn(Cx, A, B) -> Result<Reply<T>, Failure>`. The call is parsed into `B`,
/// which should refuse unknown fields; then `A` is checked; only then the function runs, and gets both.
pub trait Handler<A, B, T>: Copy + Send + Sync + 'static {
    /// See [`Access::WHO`].
    const WHO: &'static str;

    fn run(self, cx: &mut Cx, input: Input) -> Running<'_>;
}

impl<A, B, T, F, R> Handler<A, B, T> for F
where
    A: Access<B>,
    B: DeserializeOwned + Send + Sync + 'static,
    T: Serialize,
    F: Fn(Cx, A, B) -> R + Copy + Send + Sync + 'static,
    R: Future<Output = Result<Reply<T>, Failure>> + Send + 'static,
{
    const WHO: &'static str = A::WHO;

    fn run(self, cx: &mut Cx, input: Input) -> Running<'_> {
        Box::pin(async move {
            let (dry_run, request) = input.read()?;
            if dry_run {
                cx.dry_run = true;
                cx.rows.begin_dry_run();
            }
            let access = A::check(cx, &request).await?;
            self(cx.clone(), access, request).await?.answer()
        })
    }
}

/// A function's ways in: by trigger first, then by method and path.
pub struct Routes {
    function: &'static str,
    http: Vec<Route>,
    events: Vec<Subscription>,
    sweep: Option<Box<dyn Fn(Cx) -> Sweeping + Send + Sync>>,
}

/// One way in by HTTP.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub open_to: OpenTo,
    /// Who may, in words.
    pub who: &'static str,
    run: Run,
}

/// Rows of one table.
pub struct Subscription {
    pub table: &'static str,
    pub when: When,
    handler: Box<dyn Fn(Cx, EventName, Payload) -> Running<'static> + Send + Sync>,
}

impl Routes {
    pub fn new(function: &'static str) -> Self {
        Self {
            function,
            http: Vec::new(),
            events: Vec::new(),
            sweep: None,
        }
    }

    /// `POST path`, the request in its JSON body.
    pub fn post<A, B, T>(
        self,
        path: &'static str,
        open_to: OpenTo,
        handler: impl Handler<A, B, T>,
    ) -> Self {
        self.on("POST", path, open_to, handler)
    }

    /// `PUT path`, otherwise the same.
    pub fn put<A, B, T>(
        self,
        path: &'static str,
        open_to: OpenTo,
        handler: impl Handler<A, B, T>,
    ) -> Self {
        self.on("PUT", path, open_to, handler)
    }

    /// `GET path`, the request in its query; every parameter is text.
    pub fn get<A, B, T>(
        self,
        path: &'static str,
        open_to: OpenTo,
        handler: impl Handler<A, B, T>,
    ) -> Self {
        self.on("GET", path, open_to, handler)
    }

    /// What to do when a row of the handler's table is written. Of several that fit the first is taken; other events are
    /// ignored with one log line. Nobody reads what it answers but who looks at the execution.
    pub fn event<E, T, F, R>(mut self, when: When, handler: F) -> Self
    where
        E: Row,
        T: Serialize,
        F: Fn(Cx, RowEvent<E>) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Option<T>, Failure>> + Send + 'static,
    {
        let run = move |cx: Cx, name: EventName, payload: Payload| -> Running<'static> {
            Box::pin(async move {
                let Some(id) = domain::ids::Id::parse(&name.row) else {
                    return Ok(ignored());
                };
                let event = RowEvent {
                    id,
                    action: name.action,
                    payload,
                };
                match handler(cx, event).await? {
                    Some(body) => Reply::ok(body).answer(),
                    None => Ok(ignored()),
                }
            })
        };
        self.events.push(Subscription {
            table: E::TABLE,
            when,
            handler: Box::new(run),
        });
        self
    }

    /// The cron's work, whatever path, body and headers say.
    pub fn sweep<T, F, R>(mut self, handler: F) -> Self
    where
        T: Serialize,
        F: Fn(Cx) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<SweepOutcome<T>, Failure>> + Send + 'static,
    {
        self.sweep = Some(Box::new(move |cx| {
            Box::pin(async move {
                let swept = handler(cx).await?;
                let summary = serde_json::to_value(swept.summary);
                Ok(SweepOutcome {
                    summary: summary.map_err(|error| Failure::internal(error.into()))?,
                    is_complete: swept.is_complete,
                })
            })
        }));
        self
    }

    /// The function's name.
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// Every way in by HTTP.
    pub fn http(&self) -> &[Route] {
        &self.http
    }

    /// Every table that the function is told of.
    pub fn events(&self) -> &[Subscription] {
        &self.events
    }

    /// Whether a cron has something to do here.
    pub fn has_sweep(&self) -> bool {
        self.sweep.is_some()
    }

    pub(crate) fn sweeping(&self, cx: Cx) -> Option<Sweeping> {
        self.sweep.as_ref().map(|sweep| sweep(cx))
    }

    fn on<A, B, T, H: Handler<A, B, T>>(
        mut self,
        method: &'static str,
        path: &'static str,
        open_to: OpenTo,
        handler: H,
    ) -> Self {
        self.http.push(Route {
            method,
            path,
            open_to,
            who: H::WHO,
            run: Box::new(move |cx, input| handler.run(cx, input)),
        });
        self
    }

    /// The route of a call.
    ///
    /// # Errors
    /// `unknown_route`, `wrong_method`, both with a list of those that there are.
    pub(crate) fn find(&self, method: &str, path: &str) -> Result<&Route, Failure> {
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
    /// Users may call every route, what they may do there is its access; a token only what its scopes name.
    pub(crate) fn admit(&self, caller: &Caller) -> Result<(), Failure> {
        let Caller::Token { scopes, .. } = caller else {
            return Ok(());
        };
        let message = match self.open_to {
            OpenTo::UsersAndTokens(scope) if scopes.contains(&scope) => return Ok(()),
            OpenTo::UsersAndTokens(scope) => format!(
                "The personal access token lacks the scope {}. Make one that has it.",
                scope.word()
            ),
            OpenTo::Users => {
                "This cannot be done with a personal access token. Sign in and call it as that user.".to_owned()
            }
        };
        Err(Failure::new(Code::NotAllowed, message))
    }

    pub(crate) async fn run(&self, cx: &mut Cx, input: Input) -> Result<Answer, Failure> {
        (self.run)(cx, input).await
    }
}

impl Subscription {
    pub(crate) fn takes(&self, event: &EventName) -> bool {
        self.table == event.table
            && match self.when {
                When::Created => event.action == "create",
                When::Written => true,
            }
    }

    pub(crate) async fn run(
        &self,
        cx: Cx,
        event: EventName,
        payload: Payload,
    ) -> Result<Answer, Failure> {
        (self.handler)(cx, event, payload).await
    }
}
