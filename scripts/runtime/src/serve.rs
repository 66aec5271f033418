//! One function served natively: the contract of Open Runtimes' own Rust runtime, without a container. It starts and
//! stops nothing else, and knows neither Appwrite nor what the function does.
//!
//! This file is also the server of a function that was built from an upload: see [`crate::build`]. So it needs nothing
//! but what Appwrite's own runtime depends on, and compiles on Rust 1.83.
//!
//! Contract: <https://github.com/open-runtimes/open-runtimes/blob/main/runtimes/rust/versions/latest/src/main.rs>

use std::collections::HashMap;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use openruntimes::{Context, Logger, LoggerType};

/// What a function is to its runtime.
pub type Handler = fn(Context) -> openruntimes::Response;

type Request = hyper::Request<Incoming>;
type Response = hyper::Response<Full<Bytes>>;

/// Variables that say how to serve: see [`Options`].
pub const PORT: &str = "OPEN_RUNTIMES_PORT";
pub const SECRET: &str = "OPEN_RUNTIMES_SECRET";
pub const HEADERS: &str = "OPEN_RUNTIMES_HEADERS";

/// How to serve.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What a caller has to send as `x-open-runtimes-secret`; empty asks for nothing.
    pub secret: String,
    /// A JSON object of headers that every request gets, whatever the caller sent.
    pub headers: String,
}

/// What the program of a built function does: serves as the environment says.
pub fn main(handler: Handler) -> ExitCode {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program of its own, with no other way to be told"
    )]
    let variable = |name| std::env::var(name).unwrap_or_default();
    let options = Options {
        port: variable(PORT).parse().unwrap_or_default(),
        secret: variable(SECRET),
        headers: variable(HEADERS),
    };
    run(handler, &options).unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

/// Serves until standard input closes, so that a killed parent leaves no orphan behind. Prints `ready on
/// 127.0.0.1:PORT` when it listens.
///
/// # Errors
/// If the port is taken.
pub fn run(handler: Handler, options: &Options) -> std::io::Result<ExitCode> {
    let served = Served {
        handler,
        secret: options.secret.clone(),
        headers: enforced_headers(&options.headers),
    };
    // A panic of the function is answered and logged as an error of its execution, not printed.
    std::panic::set_hook(Box::new(|_| {}));
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(served, options.port))
}

async fn serve(served: Served, port: u16) -> std::io::Result<ExitCode> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| {
            std::io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
        })?;
    let served = Arc::new(served);
    announce(listener.local_addr()?)?;
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            let served = served.clone();
            // A connection that breaks is the caller's to notice.
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(
                TokioIo::new(stream),
                service_fn(move |request| {
                    let served = served.clone();
                    async move { Ok::<_, std::convert::Infallible>(served.answer(request).await) }
                }),
            ));
        }
    });
    tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await?;
    // Handlers still at work are cut off, like those of a container that is removed.
    std::process::exit(0)
}

fn announce(address: SocketAddr) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "ready on {address}")?;
    stdout.flush()?;
    Ok(())
}

fn enforced_headers(json: &str) -> HashMap<String, String> {
    let headers: HashMap<String, serde_json::Value> =
        serde_json::from_str(json).unwrap_or_default();
    headers
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            (name.to_lowercase(), value)
        })
        .collect()
}

/// What every request of this process shares.
struct Served {
    handler: Handler,
    secret: String,
    headers: HashMap<String, String>,
}

/// The runtime's own headers: never shown to the function, never taken from its answer.
const CONTROL: &str = "x-open-runtimes-";
/// Longer than any that the runtime makes.
const LONGEST_LOG_ID: usize = 64;
const MAX_BODY: usize = 20 * 1024 * 1024;

impl Served {
    async fn answer(&self, request: Request) -> Response {
        if request.uri().path() == "/__opr/health" {
            return plain(200, "OK");
        }
        let logging = header(request.headers(), "x-open-runtimes-logging").to_owned();
        let log_id = log_id_of(request.headers());
        let Ok(logger) = Logger::new(&logging, log_id) else {
            return plain(500, "");
        };
        let response = match self.run(request, &logger).await {
            Ok(output) => {
                let log_id = if logging == "disabled" {
                    ""
                } else {
                    &logger.id
                };
                respond(output, log_id).unwrap_or_else(|error| {
                    let message = format!("Failed to build response: {error}");
                    logger.write(vec![message], LoggerType::Error, false);
                    failed(&logger)
                })
            }
            Err(refused) => refused,
        };
        logger.end();
        response
    }

    /// Runs the handler on a thread of its own. `Err` is an answer given without asking the function.
    async fn run(
        &self,
        request: Request,
        logger: &Logger,
    ) -> Result<openruntimes::Response, Response> {
        let timeout = timeout_of(request.headers()).map_err(|message| plain(500, message))?;
        if !self.secret.is_empty()
            && header(request.headers(), "x-open-runtimes-secret") != self.secret
        {
            return Err(plain(
                401,
                "Unauthorized. Provide correct \"x-open-runtimes-secret\" header.",
            ));
        }
        let context = self.context(request, logger).await?;
        let handler = self.handler;
        let (inner, log) = (context.clone(), logger.clone());
        let running = tokio::task::spawn_blocking(move || call(handler, inner, log));
        let ended = match timeout {
            // Dropping the join handle on expiry cancels nothing: the thread goes on, as on the platform.
            Some(limit) => tokio::time::timeout(limit, running).await,
            None => Ok(running.await),
        };
        let failure = match ended {
            Ok(Ok(output)) => return Ok(output),
            Ok(Err(_)) => "Task join error.",
            Err(_) => "Execution timed out.",
        };
        context.error(failure);
        Ok(context.res.text("", Some(500), None))
    }

    async fn context(&self, request: Request, logger: &Logger) -> Result<Context, Response> {
        let (parts, body) = request.into_parts();
        let body = match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return Err(plain(500, "Request body size exceeds 20MB limit."));
            }
            Err(_) => {
                logger.write(
                    vec!["Could not parse body into a string.".to_owned()],
                    LoggerType::Error,
                    false,
                );
                return Err(failed(logger));
            }
        };
        let mut context = Context::new(logger.clone());
        let request = &mut context.req;
        request.set_body_binary(body.to_vec());
        request.method = parts.method.to_string();
        request.path = parts.uri.path().to_owned();
        request.query_string = parts.uri.query().unwrap_or_default().to_owned();
        request.query = query_of(&request.query_string);
        request.scheme = match header(&parts.headers, "x-forwarded-proto") {
            "" => "http".to_owned(),
            scheme => scheme.to_owned(),
        };
        let default_port = if request.scheme == "https" { 443 } else { 80 };
        (request.host, request.port) = match header(&parts.headers, "host").split_once(':') {
            Some((host, port)) => (host.to_owned(), port.parse().unwrap_or(default_port)),
            None => (header(&parts.headers, "host").to_owned(), default_port),
        };
        let port = match request.port {
            port if port == default_port => String::new(),
            port => format!(":{port}"),
        };
        let query = match request.query_string.as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        };
        request.url = format!(
            "{}://{}{port}{}{query}",
            request.scheme, request.host, request.path
        );
        request.headers = self.headers_of(&parts.headers);
        Ok(context)
    }

    /// Names in lower case; of a name that came twice the last value counts, and of the enforced ones theirs.
    fn headers_of(&self, sent: &HeaderMap) -> HashMap<String, String> {
        let mut headers: HashMap<String, String> = sent
            .iter()
            .filter(|(name, _)| !name.as_str().starts_with(CONTROL))
            .map(|(name, value)| {
                (
                    name.to_string(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        headers.extend(self.headers.clone());
        headers
    }
}

fn call(handler: Handler, context: Context, mut logger: Logger) -> openruntimes::Response {
    logger.override_native_logs();
    let output =
        catch_unwind(AssertUnwindSafe(|| handler(context.clone()))).unwrap_or_else(|panic| {
            let message = panic
                .downcast_ref::<&str>()
                .map(|message| (*message).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "Unknown panic".to_owned());
            logger.write(vec![message], LoggerType::Error, false);
            context.res.text("", Some(500), None)
        });
    logger.revert_native_logs();
    output
}

/// What is wrong with it, otherwise.
fn timeout_of(headers: &HeaderMap) -> Result<Option<Duration>, &'static str> {
    match header(headers, "x-open-runtimes-timeout") {
        "" => Ok(None),
        seconds => match seconds.parse::<u64>() {
            Ok(seconds) if seconds > 0 => Ok(Some(Duration::from_secs(seconds))),
            _ => Err("Header \"x-open-runtimes-timeout\" must be an integer greater than 0."),
        },
    }
}

/// The logger makes a file name of it, and a caller may have sent it: what is no plain name is none. Appwrite's own
/// runtime takes any.
fn log_id_of(headers: &HeaderMap) -> Option<String> {
    let id = header(headers, "x-open-runtimes-log-id");
    let is_plain = (1..=LONGEST_LOG_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_plain.then(|| id.to_owned())
}

/// The first value of a header, or nothing: how the runtime reads its own control headers.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn query_of(query: &str) -> HashMap<String, String> {
    let decode = |text| urlencoding::decode(text).unwrap_or_default().into_owned();
    query
        .split('&')
        .filter(|_| !query.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn respond(output: openruntimes::Response, log_id: &str) -> hyper::http::Result<Response> {
    let mut headers: HashMap<String, String> = output
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), value))
        .filter(|(name, _)| !name.starts_with(CONTROL))
        .collect();
    let content_type = headers
        .remove("content-type")
        .unwrap_or_else(|| "text/plain".to_owned());
    headers.insert("content-type".to_owned(), with_charset(content_type));

    let status = if output.status_code == 0 {
        200
    } else {
        output.status_code
    };
    let mut response = hyper::Response::builder()
        .status(status)
        .header("x-open-runtimes-log-id", log_id);
    for (name, value) in &headers {
        if name == "set-cookie" {
            // A map holds one value for each name: several cookies come as lines of one.
            response = value
                .split('\n')
                .fold(response, |response, cookie| response.header(name, cookie));
        } else {
            response = response.header(name, value);
        }
    }
    response.body(Full::new(Bytes::from(output.body)))
}

fn with_charset(content_type: String) -> String {
    let lower = content_type.to_lowercase();
    if lower.starts_with("multipart/") || lower.contains("charset=") {
        content_type
    } else {
        format!("{lower}; charset=utf-8")
    }
}

/// A failure of the runtime itself: what it was stands in the log only.
fn failed(logger: &Logger) -> Response {
    let mut response = plain(500, "");
    if let Ok(id) = hyper::header::HeaderValue::from_str(&logger.id) {
        response.headers_mut().insert("x-open-runtimes-log-id", id);
    }
    response
}

fn plain(status: u16, text: &str) -> Response {
    let mut response = Response::new(Full::new(Bytes::from(text.to_owned())));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(
        hyper::header::CONTENT_TYPE,
        hyper::header::HeaderValue::from_static("text/plain"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_id_is_a_plain_name_or_none() {
        let check = |id: &str, expect: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert("x-open-runtimes-log-id", id.parse().expect("a value"));
            assert_eq!(log_id_of(&headers).as_deref(), expect, "{id}");
        };
        check("65a1f00d00c0ffee", Some("65a1f00d00c0ffee"));
        check("dev", Some("dev"));
        for id in [
            "",
            "..",
            "../../tmp/x",
            "/tmp/x",
            "a/b",
            "a\\b",
            "a b",
            "a.b",
            "a_b",
            "%2e%2e",
        ] {
            check(id, None);
        }
        check(&"a".repeat(65), None);
        assert_eq!(log_id_of(&HeaderMap::new()), None);
    }
}
