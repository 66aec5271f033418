//! The wire: bytes to a [`Call`], a [`Reply`] to bytes, and the list of modules that are asked in turn.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{to_bytes, Body};
use axum::extract::{ConnectInfo, Request};
use axum::http::request::Parts;
use axum::http::{header, HeaderMap, HeaderValue, Response, StatusCode};
use axum::middleware::{self, Next};
use axum::Router;
use futures_util::stream::{self, StreamExt};
use serde_json::{Map, Value};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::auth::{self, Actor};
use crate::error::{Error, NO_ROUTE};
use crate::hosts::{self, Asked};
use crate::wire::Wire;
use crate::{
    account, clock, deployments, domain, executions, faults, functions, health, outside, project,
    rules, tablesdb, teams, users, App,
};

/// Appwrite's ceiling for a request: `package_max_length` in app/http.php.
const BODY_LIMIT: usize = 12 * 1024 * 1024;

/// Asked in turn for a call: `None` means "not mine". They may block: they run on a thread of their own.
const ROUTES: &[fn(&App, &Call) -> Option<Reply>] = &[
    tablesdb::route,
    executions::route,
    deployments::route,
    functions::route,
    rules::route,
    users::route,
    teams::route,
    account::route,
    project::route,
    health::route,
    outside::route,
];

/// One request, parsed as far as every module needs it.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// Path after `/v1/`, split and percent-decoded.
    pub(crate) path: Vec<String>,
    /// Decoded pairs in the order sent; see [`Call::parameter`] and [`Call::parameters`].
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
    pub(crate) actor: Actor,
}

/// Names in lower case, in the order sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Headers(pub(crate) Vec<(String, String)>);

/// What a module answers with.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Content,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    /// The content type stands in the headers.
    Bytes(Vec<u8>),
    /// The connection ends after this, in the middle of the body.
    Beginning(&'static str),
}

/// How every handler answers.
pub(crate) type Reply = Result<Answer, Error>;

/// Asks the modules.
async fn answer(app: Arc<App>, call: Call) -> Reply {
    // Counts until it is done, also when whoever asked was killed meanwhile.
    let open = app.workers.open();
    tokio::task::spawn_blocking(move || {
        let reply = ROUTES
            .iter()
            .find_map(|route| route(&app, &call))
            .unwrap_or_else(|| Err(Error::no_route()));
        drop(open);
        reply
    })
    .await
    .unwrap_or_else(|error| Err(Error::unknown(error.to_string())))
}

impl Call {
    /// A guest's, as in `GET /users/ada`.
    #[cfg(test)]
    pub(crate) fn asking(asked: &str) -> Self {
        let (method, path) = asked.split_once(" /").unwrap_or_default();
        Self {
            method: method.to_owned(),
            path: path.split('/').map(str::to_owned).collect(),
            query: Vec::new(),
            headers: Headers::default(),
            body: Vec::new(),
            actor: Actor::Guest,
        }
    }

    /// For `match (call.method.as_str(), call.segments().as_slice())`.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// A single query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A list parameter, sent as `name[]=…` or `name[0]=…`.
    pub(crate) fn parameters(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(key, _)| {
                key.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']'))
            })
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The JSON object of the body; an empty body is an empty object.
    pub(crate) fn json(&self) -> Result<Map<String, Value>, Error> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) | Err(_) => Ok(Map::new()),
        }
    }
}

impl Headers {
    /// The first value of a header, by its lower-case name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Json(body),
        }
    }

    /// 204, the answer to a DELETE.
    pub(crate) fn empty() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: Content::Empty,
        }
    }
}

pub(crate) fn service(app: Arc<App>) -> Router {
    let shared = Arc::clone(&app);
    let router = Router::new().fallback(move |request: Request| {
        let app = Arc::clone(&shared);
        async move {
            let begun = Instant::now();
            let asked = format!("{} {}", request.method(), request.uri().path());
            let mut response = respond(&app, request).await;
            if let Ok(date) = HeaderValue::try_from(clock::http_date()) {
                response.headers_mut().insert(header::DATE, date);
            }
            if app.request_log.load(Ordering::Relaxed) {
                let status = response.status().as_u16();
                eprintln!("{asked} {status} {} ms", begun.elapsed().as_millis());
            }
            response
        }
    });
    let names = middleware::from_fn(move |mut request: Request, next: Next| {
        let asked = hosts::asked(&app, &request);
        async move {
            match asked {
                Ok(asked) => {
                    request.extensions_mut().insert(asked);
                    next.run(request).await
                }
                Err(error) => write(Err(error)),
            }
        }
    });
    // The last is asked first.
    router.layer(pages()).layer(names)
}

/// Which pages in a browser get to see an answer: those of this machine. What they may do is what anybody may who knows
/// as little as they: no browser has a key or a session of its own to send.
fn pages() -> CorsLayer {
    let is_local = |origin: &HeaderValue, _: &Parts| hosts::is_local_page(origin);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_local))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true)
}

async fn respond(app: &Arc<App>, request: Request) -> Response<Body> {
    if let Some(Asked::Function(function)) = request.extensions().get::<Asked>().cloned() {
        return domain::answer(app, &function, request).await;
    }
    if let Err(error) = refuse_strange_page(request.headers()) {
        return write(Err(error));
    }
    let wire = request.extensions().get::<ConnectInfo<Wire>>();
    let wire = wire.map(|ConnectInfo(wire)| wire.clone());
    let reply = match read(app, request).await {
        Ok(Some(call)) => faults::around(app, call, wire, answer).await,
        Ok(None) => None,
        Err(error) => Some(Err(error)),
    };
    match reply {
        Some(reply) => write(reply),
        // Ends the connection's task and with it the connection; no hook, no message.
        None => std::panic::resume_unwind(Box::new("the connection is cut")),
    }
}

/// A page of another machine is refused unless it has a key, which says that it is known.
fn refuse_strange_page(headers: &HeaderMap) -> Result<(), Error> {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    if hosts::is_local_page(origin) || headers.contains_key("x-appwrite-key") {
        return Ok(());
    }
    let name = String::from_utf8_lossy(origin.as_bytes());
    Err(Error::new(
        403,
        "general_unknown_origin",
        format!(
            "Invalid Origin. The embedded Appwrite serves pages of localhost only, not of {name}."
        ),
    ))
}

/// Nothing when the body is too large: the real server then ends the connection without an answer.
async fn read(app: &App, request: Request) -> Result<Option<Call>, Error> {
    let (parts, body) = request.into_parts();
    let headers = Headers(
        parts
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect(),
    );
    let path = parts
        .uri
        .path()
        .strip_prefix("/v1/")
        .ok_or_else(Error::no_route)?;
    let path = path.split('/').map(decode).collect();
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return Ok(None);
    };
    let actor = auth::actor(app, &headers)?;
    Ok(Some(Call {
        method: parts.method.as_str().to_owned(),
        path,
        query,
        headers,
        body: body.into(),
        actor,
    }))
}

/// Percent-decodes one segment; `+` stays what it is.
fn decode(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(text, _)| text.into_owned())
        .unwrap_or_default()
}

/// A missing route is answered with a page, not with JSON.
fn error_page(error: &Error) -> Option<Answer> {
    (error.kind == NO_ROUTE).then(|| Answer {
        status: error.status,
        headers: vec![(
            "content-type".to_owned(),
            "text/html; charset=UTF-8".to_owned(),
        )],
        body: Content::Bytes(
            format!(
                "<!DOCTYPE html><html lang=\"en\"><body>{}</body></html>",
                error.message
            )
            .into(),
        ),
    })
}

/// A body that fails once its beginning is on its way.
fn broken_off(beginning: &'static str) -> Body {
    let end = async {
        // What was not sent when a body fails is not sent at all.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    };
    let beginning = stream::iter([Ok(beginning)]);
    Body::from_stream(beginning.chain(stream::once(end)))
}

fn write(reply: Reply) -> Response<Body> {
    let answer = reply.unwrap_or_else(|error| {
        if let Some(inside) = &error.inside {
            eprintln!("embedded appwrite: {}: {inside}", error.kind);
        }
        error_page(&error).unwrap_or_else(|| Answer::json(error.status, error.body()))
    });
    let (content_type, body) = match answer.body {
        Content::Empty => (None, Body::empty()),
        Content::Json(value) => (
            Some("application/json; charset=UTF-8"),
            Body::from(value.to_string()),
        ),
        Content::Bytes(bytes) => (None, Body::from(bytes)),
        Content::Beginning(text) => (None, broken_off(text)),
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(content_type) = content_type {
        let value = HeaderValue::from_static(content_type);
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (
            header::HeaderName::try_from(name),
            HeaderValue::try_from(value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
