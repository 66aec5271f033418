//! The native host over real HTTP: the runtime's side of the contract, whatever the function answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, RequestBuilder};

struct Host {
    process: Child,
    origin: String,
    logs: tempfile::TempDir,
}

impl Host {
    fn start() -> Self {
        let logs = tempfile::tempdir().unwrap();
        let folder = logs.path().join("logs");
        std::fs::create_dir(&folder).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_valyou"))
            .args(["host", "scrape-enrich", "--port", "0"])
            .env("OPEN_RUNTIMES_SECRET", "secret")
            .env("OPEN_RUNTIMES_LOGS", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("ready on ").unwrap();
        Self {
            origin: format!("http://{address}"),
            process,
            logs,
        }
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let client = Client::builder().no_proxy().build().unwrap();
        client
            .post(format!("{}{path}", self.origin))
            .header("x-open-runtimes-secret", "secret")
    }

    /// A log file, from wherever this process was let write it.
    fn log(&self, id: &str) -> String {
        let name = format!("{id}_logs.log");
        let own = self.logs.path().join("logs").join(&name);
        let real = Path::new("/mnt/logs").join(&name);
        let text = std::fs::read_to_string(own);
        text.or_else(|_| std::fs::read_to_string(real)).unwrap()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Already gone where a test ended it.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[tokio::test]
async fn it_is_healthy_without_a_secret_and_runs_nothing_without_one() {
    let host = Host::start();
    let health = format!("{}/__opr/health", host.origin);
    let health = reqwest::get(health).await.unwrap();
    assert_eq!(health.text().await.unwrap(), "OK");
    let refused = reqwest::get(&host.origin).await.unwrap();
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn the_answer_names_the_log_which_holds_what_the_function_logged() {
    let host = Host::start();
    let reply = host.post("/").body("{}").send().await.unwrap();
    let content_type = reply.headers()["content-type"].to_str().unwrap();
    assert_eq!(content_type, "application/json; charset=utf-8");
    let id = reply.headers()["x-open-runtimes-log-id"].to_str().unwrap();
    assert!(host.log(id).contains("function=scrape-enrich"));
}

#[tokio::test]
async fn a_caller_may_name_the_log_or_turn_logging_off() {
    let host = Host::start();
    let id = format!("mine{}", std::process::id());
    let named = host.post("/").header("x-open-runtimes-log-id", &id);
    let named = named.send().await.unwrap();
    assert_eq!(named.headers()["x-open-runtimes-log-id"], id.as_str());
    assert!(!host.log(&id).is_empty());
    let silent = host.post("/").header("x-open-runtimes-logging", "disabled");
    let silent = silent.send().await.unwrap();
    assert_eq!(silent.headers()["x-open-runtimes-log-id"], "");
}

#[tokio::test]
async fn a_timeout_has_to_be_a_number_of_seconds() {
    let host = Host::start();
    for wrong in ["0", "-1", "soon"] {
        let request = host.post("/").header("x-open-runtimes-timeout", wrong);
        assert_eq!(request.send().await.unwrap().status(), 500, "{wrong}");
    }
}

#[tokio::test]
async fn a_body_over_twenty_megabytes_is_refused() {
    let host = Host::start();
    let body = vec![b' '; 20 * 1024 * 1024 + 1];
    let reply = host.post("/").body(body).send().await.unwrap();
    assert_eq!(reply.status(), 500);
    let text = reply.text().await.unwrap();
    assert_eq!(text, "Request body size exceeds 20MB limit.");
}

#[tokio::test]
async fn it_ends_when_its_input_closes() {
    let mut host = Host::start();
    host.process.stdin.take();
    assert!(host.process.wait().unwrap().success());
}

#[test]
fn an_unknown_function_is_answered_with_the_known_ones() {
    let output = Command::new(env!("CARGO_BIN_EXE_valyou"))
        .args(["host", "nope"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("no function \"nope\""), "{error}");
    assert!(error.contains("scrape-enrich"), "{error}");
}
