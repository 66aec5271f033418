//! The function that the tests run: it speaks the runtime's contract and does what its path says.
//!
//! `/echo` tells what it got, `/last` what the request before it got · `/status=N` answers N, `/binary` bytes that are no
//! text · `/die` ends the process, `/raw` the connection after its
//! body was sent as the answer's bytes · `/wait` answers after a `/go` came · `/log` logs a line of each kind · `/count` how
//! many requests came · `/api` passes its body on to Appwrite as `{"method", "path", "body"}` with the execution's key,
//! and waits at most `patience` milliseconds.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::serve::IncomingStream;
use axum::Router;
use serde_json::{json, Value};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

struct Function {
    environment: Vec<(String, String)>,
    requests: AtomicUsize,
    last: Mutex<Value>,
    gate: Semaphore,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    std::thread::spawn(|| {
        // Ends with the parent, which holds the other end.
        std::io::stdin().read_to_end(&mut Vec::new()).ok();
        std::process::exit(0);
    });
    let function = Arc::new(Function {
        environment: std::env::vars().collect(),
        requests: AtomicUsize::new(0),
        last: Mutex::new(Value::Null),
        gate: Semaphore::new(0),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ready on {}", listener.local_addr()?);
    let router = Router::new().fallback(move |request: Request| {
        let function = Arc::clone(&function);
        async move { function.answer(request).await }
    });
    let service = router.into_make_service_with_connect_info::<Wire>();
    Ok(axum::serve(listener, service).await?)
}

/// A second handle to the connection under a request.
#[derive(Clone)]
struct Wire(Option<Arc<OwnedFd>>);

impl Connected<IncomingStream<'_, TcpListener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(stream.io().as_fd().try_clone_to_owned().ok().map(Arc::new))
    }
}

impl Wire {
    fn send(&self, bytes: &[u8]) -> std::io::Result<()> {
        let socket = self.0.as_ref().ok_or(std::io::ErrorKind::NotConnected)?;
        TcpStream::from(socket.try_clone()?).write_all(bytes)
    }
}

impl Function {
    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        if header(&parts.headers, "x-open-runtimes-secret") != self.variable("OPEN_RUNTIMES_SECRET")
        {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let path = parts.uri.path();
        if let Some(status) = path.strip_prefix("/status=") {
            let status = status.parse().unwrap_or(StatusCode::BAD_REQUEST);
            return (status, json!({"status": "asked for"}).to_string()).into_response();
        }
        match path {
            "/die" => std::process::exit(1),
            "/raw" => {
                let wire = parts.extensions.get::<ConnectInfo<Wire>>();
                let sent = wire.map(|ConnectInfo(wire)| wire.send(&body));
                // What serves a connection does not outlive a panic.
                std::panic::resume_unwind(Box::new(sent.map(|sent| sent.is_ok())))
            }
            "/go" => {
                self.gate.add_permits(1);
                StatusCode::NO_CONTENT.into_response()
            }
            "/wait" => {
                if let Ok(permit) = self.gate.acquire().await {
                    permit.forget();
                }
                StatusCode::NO_CONTENT.into_response()
            }
            "/binary" => vec![0, 159, 146, 150].into_response(),
            "/log" => self.log(),
            "/last" => told(&self.last.lock().unwrap_or_else(PoisonError::into_inner)),
            "/count" => told(&json!(self.requests.load(Ordering::Relaxed))),
            "/api" => told(&self.api(&parts.headers, &body).await),
            _ => {
                // Of a name that comes twice the last counts, as in the real runtime.
                let headers: serde_json::Map<String, Value> = parts
                    .headers
                    .iter()
                    .map(|(name, value)| {
                        (
                            name.to_string(),
                            json!(String::from_utf8_lossy(value.as_bytes())),
                        )
                    })
                    .collect();
                let names: Vec<&str> = self.environment.iter().map(|(name, _)| &**name).collect();
                let echo = json!({
                    "method": parts.method.as_str(),
                    "path": parts.uri.to_string(),
                    "headers": headers,
                    "body": String::from_utf8_lossy(&body),
                    "environment": names,
                });
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                last.clone_from(&echo);
                told(&echo)
            }
        }
    }

    fn variable(&self, name: &str) -> &str {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| &**value).unwrap_or_default()
    }

    /// Logs as the runtime's logger does: one JSON object a line in files that the answer names.
    fn log(&self) -> Response {
        let folder = std::path::Path::new(self.variable("OPEN_RUNTIMES_LOGS"));
        let id = format!("log{}", self.requests.load(Ordering::Relaxed));
        for (kind, message) in [("logs", "all is well"), ("errors", "or is it")] {
            let line = format!("{}\n", json!({"message": message}));
            std::fs::write(folder.join(format!("{id}_{kind}.log")), line).ok();
        }
        ([("x-open-runtimes-log-id", id)], "logged").into_response()
    }

    async fn api(&self, headers: &HeaderMap, body: &[u8]) -> Value {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let endpoint = self.variable("APPWRITE_FUNCTION_API_ENDPOINT");
        let url = format!("{endpoint}{}", asked["path"].as_str().unwrap_or_default());
        let method = asked["method"].as_str().unwrap_or("GET").parse();
        let patience = asked["patience"].as_u64().unwrap_or(60_000);
        let answer = reqwest::Client::new()
            .request(method.unwrap_or_default(), url)
            .header(
                "x-appwrite-project",
                self.variable("APPWRITE_FUNCTION_PROJECT_ID"),
            )
            .header("x-appwrite-key", header(headers, "x-appwrite-key"))
            .json(&asked["body"])
            .timeout(Duration::from_millis(patience))
            .send()
            .await;
        match answer {
            Ok(answer) => {
                let status = answer.status().as_u16();
                match answer.text().await {
                    Ok(text) => {
                        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
                        json!({"status": status, "body": body})
                    }
                    Err(_) => json!({"status": status, "error": "the answer broke off"}),
                }
            }
            Err(error) => json!({"error": format!("{:#}", anyhow::Error::from(error))}),
        }
    }
}

fn told(value: &Value) -> Response {
    ([("content-type", "application/json")], value.to_string()).into_response()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get_all(name).iter().next_back();
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
