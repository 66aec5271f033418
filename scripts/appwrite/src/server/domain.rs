//! Functions' own domains: they take any request to the function, whoever sends it, and pass on all of its headers.
//! Nobody is signed in there. Which domain is whose: see [`crate::server::hosts`] and [`crate::functions::rules`].

use std::sync::Arc;

use axum::body::{to_bytes, Body};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{header, HeaderName, HeaderValue, Response, StatusCode};

use crate::functions::executions::{self, DomainRequest};
use crate::functions::{Functions, Outcome};
use crate::wire::{Error, Headers};

/// The executor's ceiling for a body.
const BODY_LIMIT: usize = 20 * 1024 * 1024;

/// Of a connection, not of a message.
const HOP_BY_HOP: [&str; 3] = ["connection", "content-length", "transfer-encoding"];

pub(crate) async fn answer(
    functions: &Arc<Functions>,
    function: &str,
    request: Request,
) -> Response<Body> {
    match pass_on(functions, function, request).await {
        Ok((execution, outcome)) => passed_back(execution, outcome),
        Err(error) => page(error.status, &error.message),
    }
}

async fn pass_on(
    functions: &Arc<Functions>,
    function: &str,
    request: Request,
) -> Result<(String, Option<Outcome>), Error> {
    let (parts, body) = request.into_parts();
    let headers = joined(&parts);
    // A key that is not one is refused, though nothing is done with one that is.
    functions
        .access
        .actor(&functions.store, &Headers(headers.clone()))?;
    let body = to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|error| Error::unknown(error.to_string()))?;
    let request = DomainRequest {
        method: parts.method.as_str().to_owned(),
        path: parts
            .uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned(),
        headers,
        body: body.into(),
    };
    executions::on_domain(functions, function, request).await
}

/// Repeats of a header become one, joined with commas.
fn joined(parts: &Parts) -> Vec<(String, String)> {
    parts
        .headers
        .keys()
        .filter(|name| !HOP_BY_HOP.contains(&name.as_str()))
        .map(|name| {
            let values: Vec<_> = parts
                .headers
                .get_all(name)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .collect();
            (name.as_str().to_owned(), values.join(", "))
        })
        .collect()
}

fn passed_back(execution: String, outcome: Option<Outcome>) -> Response<Body> {
    let mut response = match outcome {
        Some(outcome) if outcome.status >= 400 && outcome.body.is_empty() => {
            page(outcome.status, "")
        }
        Some(outcome) => {
            let mut response = Response::new(Body::from(outcome.body));
            *response.status_mut() = status(outcome.status);
            for (name, value) in &outcome.headers {
                let parsed = (HeaderName::try_from(name), HeaderValue::try_from(value));
                if let (false, (Ok(name), Ok(value))) =
                    (HOP_BY_HOP.contains(&name.as_str()), parsed)
                {
                    response.headers_mut().append(name, value);
                }
            }
            response
        }
        None => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    };
    if let Ok(id) = HeaderValue::try_from(execution) {
        response.headers_mut().insert("x-appwrite-execution-id", id);
    }
    response
}

/// What a browser is shown; the real one is larger.
fn page(code: u16, message: &str) -> Response<Body> {
    let status = status(code);
    let message = message.replace('&', "&amp;").replace('<', "&lt;");
    let mut response = Response::new(Body::from(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{status}</title></head><body><h1>{status}</h1>\
         <p>{message}</p></body></html>"
    )));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=UTF-8"),
    );
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
