//! The function that the recordings' server ran: it tells what it got, and does what its path says. The real one stood
//! in two shapes, behind a stand-in that shows the raw request, and as `vf-rust` in the genuine Rust runtime.
//!
//! `/status=N`, `/empty=N`, `/big=N`, `/sleep=N` (hundredths of a second here), `/headers`, `/binary`, `/die`,
//! `/panic`, and `/key` and `/jwt`, which ask Appwrite what their body says.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{to_bytes, Body};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use axum::Router;
use serde_json::{json, Map, Value};

/// Names the file that every request is added to, one JSON object a line.
const RECEIVED: &str = "VALYOU_ECHO_RECEIVED";

/// The command by which a program serves it.
const COMMAND: &str = "echo";

/// The function in the genuine runtime.
const GENUINE: &str = "vf-rust";

/// The program that the embedded Appwrite starts as a function: `<program> host FUNCTION --port N`.
pub struct Host {
    folder: tempfile::TempDir,
}

impl Host {
    /// `program` begins its `main` with [`serve_if_asked`].
    pub fn new(program: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let host = Self { folder };
        let program = program.display();
        let script = format!("#!/bin/sh\nexec '{program}' {COMMAND} \"$2\"\n");
        std::fs::write(host.program(), script)?;
        std::fs::set_permissions(host.program(), PermissionsExt::from_mode(0o700))?;
        Ok(host)
    }

    pub fn program(&self) -> PathBuf {
        self.folder.path().join("host")
    }

    /// For `Options::environment`.
    pub fn environment(&self) -> Vec<(String, String)> {
        let received = self.received().display().to_string();
        vec![(RECEIVED.to_owned(), received)]
    }

    /// What functions were asked since the last call.
    pub fn take_received(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.received()).unwrap_or_default();
        std::fs::write(self.received(), "").ok();
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    fn received(&self) -> PathBuf {
        self.folder.path().join("received.jsonl")
    }
}

/// Serves the function until standard input closes, in a process that a [`Host`] started for that, and does nothing in
/// every other. To be called before anything else.
pub fn serve_if_asked() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next(), arguments.next()) {
        (Some(command), Some(function)) if command == COMMAND => serve(function),
        _ => Ok(()),
    }
}

fn serve(function: String) -> anyhow::Result<()> {
    std::thread::spawn(|| {
        std::io::stdin().read_to_end(&mut Vec::new()).ok();
        std::process::exit(0);
    });
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("ready on {}", listener.local_addr()?);
        let function = Arc::new(Function {
            name: function,
            requests: AtomicUsize::new(0),
        });
        let router = Router::new().fallback(move |request: Request| {
            let function = Arc::clone(&function);
            async move { function.answer(request).await }
        });
        Ok(axum::serve(listener, router).await?)
    })
}

struct Function {
    name: String,
    requests: AtomicUsize,
}

impl Function {
    async fn answer(&self, request: Request) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        let path = parts.uri.to_string();
        let is_genuine = self.name == GENUINE;
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        let log = format!("{}{count}", self.name.replace('-', ""));
        self.keep(&log, &parts.headers, parts.method.as_str(), &path, &body);

        let mut answer = Response::builder()
            .header("x-open-runtimes-log-id", log)
            .header(
                "content-type",
                if is_genuine {
                    "application/json; charset=utf-8"
                } else {
                    "application/json"
                },
            );
        if is_genuine {
            let secret = variable("OPEN_RUNTIMES_SECRET");
            if first(&parts.headers, "x-open-runtimes-secret") != secret {
                let text = "Unauthorized. Provide correct \"x-open-runtimes-secret\" header.";
                return respond(answer.status(401), text);
            }
        } else {
            answer = answer.header("server", "echo");
        }
        let (word, value) = path.split_once('=').unwrap_or((&path, ""));
        let number = value.parse::<u16>();
        match (word, number) {
            ("/status", Ok(status)) => {
                let body = r#"{"error":{"code":"probe","message":"status asked for"}}"#;
                let body = if status == 204 { "" } else { body };
                respond(answer.status(status), body)
            }
            ("/empty", Ok(status)) => respond(answer.status(status), ""),
            ("/big", _) => {
                let length = value.parse().unwrap_or_default();
                respond(answer, json!({"big": "x".repeat(length)}).to_string())
            }
            ("/sleep", Ok(hundredths)) => {
                tokio::time::sleep(Duration::from_millis(u64::from(hundredths) * 10)).await;
                respond(answer, "{}")
            }
            ("/sleep" | "/panic", _) if is_genuine => respond(answer.status(500), ""),
            ("/binary", _) => {
                let bytes: Vec<u8> = (0..=u8::MAX).collect();
                respond(answer, bytes)
            }
            ("/die", _) => std::process::exit(1),
            ("/key" | "/jwt", _) => {
                respond(answer, ask(word, &parts.headers, &body).await.to_string())
            }
            _ => {
                if word == "/headers" {
                    answer = answer
                        .header("x-a", "1")
                        .header("x-a", "2")
                        .header("set-cookie", "a=1")
                        .header("set-cookie", "b=2")
                        .header("x-appwrite-foo", "bar")
                        .header("location", "/x");
                }
                let path = match is_genuine {
                    true => parts.uri.path(),
                    false => &path,
                };
                let headers = told(&parts.headers);
                let echo = json!({"method": parts.method.as_str(), "path": path, "headers": headers, "body": body});
                respond(answer, echo.to_string())
            }
        }
    }

    /// Logs what it is, as the runtime's logger does, and adds the request to what the gate reads.
    fn keep(&self, log: &str, headers: &HeaderMap, method: &str, path: &str, body: &str) {
        if first(headers, "x-open-runtimes-logging") != "disabled" {
            let told = |name| match headers.contains_key(name) {
                true => last(headers, name).to_owned(),
                false => "None".to_owned(),
            };
            let (trigger, event) = (told("x-appwrite-trigger"), told("x-appwrite-event"));
            let line = json!({"message": format!("trigger={trigger} event={event}")});
            let file = Path::new(&variable("OPEN_RUNTIMES_LOGS")).join(format!("{log}_logs.log"));
            std::fs::write(file, format!("{line}\n")).ok();
        }
        let line = json!({"function": self.name, "method": method, "path": path, "headers": told(headers), "body": body});
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(variable(RECEIVED));
        if let Ok(mut file) = file {
            file.write_all(format!("{line}\n").as_bytes()).ok();
        }
    }
}

fn respond(answer: axum::http::response::Builder, body: impl Into<Body>) -> Response<Body> {
    answer.body(body.into()).unwrap_or_default()
}

fn variable(name: &str) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "a function's process is told everything by its environment"
    )]
    std::env::var(name).unwrap_or_default()
}

fn first<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn last<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get_all(name).iter().next_back();
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Of a name that comes twice the last counts, as in the real runtime.
fn told(headers: &HeaderMap) -> Map<String, Value> {
    let told = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.to_string(), json!(value))
    };
    headers.iter().map(told).collect()
}

/// Passes `{"method", "path", "body"}` on to Appwrite, as the function or as the user.
async fn ask(word: &str, headers: &HeaderMap, body: &str) -> Value {
    let asked: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    let credential = match word {
        "/key" => ("x-appwrite-key", last(headers, "x-appwrite-key")),
        _ => ("x-appwrite-jwt", last(headers, "x-appwrite-user-jwt")),
    };
    let url = format!(
        "{}{}",
        variable("APPWRITE_FUNCTION_API_ENDPOINT"),
        text("path")
    );
    let sent = reqwest::Client::new()
        .request(text("method").parse().unwrap_or_default(), url)
        .header(
            "x-appwrite-project",
            variable("APPWRITE_FUNCTION_PROJECT_ID"),
        )
        .header(credential.0, credential.1)
        .json(&asked["body"])
        .send()
        .await;
    match sent {
        Ok(answer) => {
            let status = answer.status().as_u16();
            json!({"status": status, "body": answer.text().await.unwrap_or_default()})
        }
        Err(error) => json!({"error": error.to_string()}),
    }
}
