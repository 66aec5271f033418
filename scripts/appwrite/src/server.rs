//! The server: bytes to a [`Call`], the folder whose call it is, a [`Reply`] to bytes.

mod domain;
mod health;
mod hosts;
mod outside;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Instant;

use axum::body::{to_bytes, Body};
use axum::extract::{ConnectInfo, Request};
use axum::http::request::Parts;
use axum::http::{header, HeaderMap, HeaderValue, Response, StatusCode};
use axum::middleware::{self, Next};
use axum::Router;
use futures_util::stream::{self, StreamExt};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::access::Access;
use crate::faults::log::Log;
use crate::faults::requests::{End, Faults};
use crate::functions::{self, Functions};
use crate::options::{Edition, Line};
use crate::rows::{self, Rows};
use crate::schema::Schema;
use crate::storage::Store;
use crate::wire::socket::Socket;
use crate::wire::{Answer, Call, Content, Error, Headers, Reply, NO_ROUTE};
use crate::workers::Workers;
use crate::{clock, people};

use self::hosts::Asked;

/// Appwrite's ceiling for a request: `package_max_length` in app/http.php.
const BODY_LIMIT: usize = 12 * 1024 * 1024;

/// All that is served, from the store up.
pub(crate) struct Server {
    pub(crate) store: Arc<Store>,
    pub(crate) access: Arc<Access>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) rows: Rows,
    pub(crate) functions: Arc<Functions>,
    pub(crate) faults: Faults,
    pub(crate) log: Arc<Log>,
    pub(crate) workers: Arc<Workers>,
    /// Whether every request is told on standard error.
    pub(crate) request_log: AtomicBool,
}

impl Server {
    fn edition(&self) -> Edition {
        self.functions.options.edition
    }
}

/// Answers a call, on a thread of its own: whoever does may block.
async fn answer(server: Arc<Server>, call: Call) -> Reply {
    // Counts until it is done, also when whoever asked was killed meanwhile.
    let open = server.workers.open();
    tokio::task::spawn_blocking(move || {
        let reply = route(&server, &call).unwrap_or_else(|| Err(outside::refusal(&call)));
        drop(open);
        reply.map_err(|error| error.on(call.edition.line))
    })
    .await
    .unwrap_or_else(|error| Err(Error::unknown(error.to_string())))
}

/// The folder whose call it is, by the first part of its path; nothing where the path or the method is none of its.
fn route(server: &Server, call: &Call) -> Option<Reply> {
    match call.path.first()?.as_str() {
        "tablesdb" | "databases" => rows::route(&server.rows, call),
        "functions" | "project" | "proxy" => functions::route(&server.functions, call),
        "users" | "teams" | "account" => people::route(&server.store, &server.access, call),
        "health" => health::route(call),
        _ => None,
    }
}

pub(crate) fn service(server: Arc<Server>) -> Router {
    let shared = Arc::clone(&server);
    let router = Router::new().fallback(move |request: Request| {
        let server = Arc::clone(&shared);
        async move {
            let begun = Instant::now();
            let asked = format!("{} {}", request.method(), request.uri().path());
            let mut response = respond(&server, request).await;
            if let Ok(date) = HeaderValue::try_from(clock::http_date()) {
                response.headers_mut().insert(header::DATE, date);
            }
            if server.request_log.load(Ordering::Relaxed) {
                let status = response.status().as_u16();
                eprintln!("{asked} {status} {} ms", begun.elapsed().as_millis());
            }
            response
        }
    });
    let names = middleware::from_fn(move |mut request: Request, next: Next| {
        let asked = hosts::asked(&server.store, &server.functions.endpoint, &request);
        let line = server.edition().line;
        async move {
            match asked {
                Ok(asked) => {
                    request.extensions_mut().insert(asked);
                    next.run(request).await
                }
                Err(error) => write(Err(error), line),
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

async fn respond(server: &Arc<Server>, request: Request) -> Response<Body> {
    if let Some(Asked::Function(function)) = request.extensions().get::<Asked>().cloned() {
        return domain::answer(&server.functions, &function, request).await;
    }
    let line = server.edition().line;
    if let Err(error) = refuse_strange_page(request.headers()) {
        return write(Err(error), line);
    }
    let socket = request.extensions().get::<ConnectInfo<Socket>>();
    let socket = socket.map(|ConnectInfo(socket)| socket.clone());
    let end = match read(server, request).await {
        Ok(Some(call)) => faulty(server, call, socket).await,
        Ok(None) => End::Cut,
        Err(error) => End::Reply(Err(error)),
    };
    match end {
        End::Reply(reply) => return write(reply, line),
        End::Cut => {}
        End::Kill(function) => {
            if let Err(error) = server.functions.runtime.kill(&function).await {
                eprintln!("embedded appwrite: {function} was not killed: {error}");
            }
        }
    }
    // Ends the connection's task and with it the connection; no hook, no message.
    std::panic::resume_unwind(Box::new("the connection is cut"))
}

/// Answers a call; what an execution asks may go wrong.
async fn faulty(server: &Arc<Server>, call: Call, socket: Option<Socket>) -> End {
    let answer = |call| answer(Arc::clone(server), call);
    match server.access.asker(&call.headers) {
        Some(asker) => server.faults.around(asker, call, socket, answer).await,
        None => End::Reply(answer(call).await),
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
async fn read(server: &Server, request: Request) -> Result<Option<Call>, Error> {
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
    let actor = server.access.actor(&server.store, &headers)?;
    Ok(Some(Call {
        edition: server.edition(),
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
    (error.kind == NO_ROUTE).then(|| {
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><body>{}</body></html>",
            error.message
        );
        Answer::of_type(
            error.status,
            "text/html; charset=UTF-8",
            Content::Bytes(page.into()),
        )
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

fn write(reply: Reply, line: Line) -> Response<Body> {
    let answer = reply.unwrap_or_else(|error| {
        if let Some(inside) = &error.inside {
            eprintln!("embedded appwrite: {}: {inside}", error.kind);
        }
        error_page(&error).unwrap_or_else(|| Answer::json(error.status, error.body(line)))
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
