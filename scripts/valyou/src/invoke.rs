//! `valyou invoke`: runs a function on any Appwrite server, the embedded one or a real one, and shows what came of it.
//! It does not start anything and deploys nothing.

use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{bail, Context};
use reqwest::Method;
use serde_json::{json, Value};

use crate::place::{block_on, Place};

/// How long an asynchronous run is waited for.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// How long a run may be unknown that was just begun: newer servers store it a moment after their answer.
const STORING: Duration = Duration::from_secs(30);

/// Run a function once and show its status, answer and logs; exit code 1 unless it answered below 400.
#[derive(clap::Args)]
pub(crate) struct Invoke {
    /// Id of the function
    function: String,
    /// Path with query
    #[arg(long, default_value = "/")]
    path: String,
    #[arg(long, default_value = "POST")]
    method: String,
    /// Body as it is to be sent, mostly JSON
    #[arg(long, default_value = "")]
    body: String,
    /// Run it as this user instead of as the key
    #[arg(long)]
    user: Option<String>,
    /// Do not wait for the answer, which is not kept then; wait until the run has ended
    #[arg(long = "async")]
    asynchronous: bool,
    #[command(flatten)]
    place: Place,
    /// API key with the scopes executions.read and executions.write, for --user also users.write
    #[arg(long, env = "APPWRITE_API_KEY", hide_env_values = true)]
    key: String,
}

impl Invoke {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(self.invoke())
    }

    async fn invoke(self) -> anyhow::Result<ExitCode> {
        let path = format!("/functions/{}/executions", self.function);
        let server = Server::new(&self.place)?;
        let body = json!({
            "path": self.path, "method": self.method, "body": self.body, "async": self.asynchronous,
            "headers": {"content-type": "application/json"},
        });
        let token = match &self.user {
            Some(user) => Some(self.token(&server, user).await?),
            None => None,
        };
        let credential = match &token {
            Some(token) => ("x-appwrite-jwt", token.as_str()),
            None => ("x-appwrite-key", self.key.as_str()),
        };
        let run = server.ask(Method::POST, &path, &body, credential).await?;
        let id = text(&run, "$id");
        if id.is_empty() {
            bail!("the server started a run and named none; look at {path}");
        }
        let stored = self.ended(&server, &format!("{path}/{id}")).await?;
        print!("{}", shown(&run, &stored));
        let status = stored["responseStatusCode"].as_u64().unwrap_or_default();
        Ok(match status {
            100..=399 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }

    /// A token of a user, who need not be there.
    async fn token(&self, server: &Server<'_>, user: &str) -> anyhow::Result<String> {
        let path = format!("/users/{user}/jwts");
        let made = server
            .ask(Method::POST, &path, &json!({}), self.own())
            .await
            .with_context(|| format!("cannot act as {user}"))?;
        Ok(text(&made, "jwt").to_owned())
    }

    /// The run as it is stored, once it has ended. Users are not shown logs; the key is.
    async fn ended(&self, server: &Server<'_>, path: &str) -> anyhow::Result<Value> {
        let begun = Instant::now();
        loop {
            let asked = server.ask(Method::GET, path, &Value::Null, self.own());
            let stored = match asked.await {
                Err(error) if is_unknown(&error) && begun.elapsed() < STORING => Value::Null,
                stored => stored?,
            };
            if matches!(text(&stored, "status"), "completed" | "failed") {
                return Ok(stored);
            }
            if begun.elapsed() > PATIENCE {
                bail!(
                    "the run is still {}; look at {path} later",
                    text(&stored, "status")
                );
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn own(&self) -> (&'static str, &str) {
        ("x-appwrite-key", &self.key)
    }
}

/// The server, with whose credential is said each time.
struct Server<'a> {
    place: &'a Place,
    http: reqwest::Client,
}

impl<'a> Server<'a> {
    fn new(place: &'a Place) -> anyhow::Result<Self> {
        let (_, http) = project::client(&place.endpoint)?;
        Ok(Self {
            place,
            http: http.build()?,
        })
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        credential: (&str, &str),
    ) -> anyhow::Result<Value> {
        let endpoint = self.place.endpoint.trim_end_matches('/');
        let mut request = self
            .http
            .request(method, format!("{endpoint}{path}"))
            .header("x-appwrite-project", &self.place.project)
            .header(credential.0, credential.1);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("{endpoint} does not answer"))?;
        let status = answer.status();
        let answer: Value = answer
            .json()
            .await
            .with_context(|| format!("{endpoint} is no Appwrite server: {status}"))?;
        if status.is_success() {
            return Ok(answer);
        }
        Err(Refusal {
            status: status.as_u16(),
            kind: text(&answer, "type").to_owned(),
            message: text(&answer, "message").to_owned(),
        }
        .into())
    }
}

/// Appwrite's own no.
#[derive(Debug)]
struct Refusal {
    status: u16,
    kind: String,
    message: String,
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.kind, self.message)
    }
}

fn is_unknown(error: &anyhow::Error) -> bool {
    let refusal = error.downcast_ref::<Refusal>();
    refusal.is_some_and(|refusal| refusal.kind == "execution_not_found")
}

/// What a person wants to know of a run: the answer stands in `run`, logs in `stored`.
fn shown(run: &Value, stored: &Value) -> String {
    let answer = text(run, "responseBody");
    let answer = match serde_json::from_str::<Value>(answer) {
        Ok(json) => format!("{json:#}"),
        Err(_) => answer.to_owned(),
    };
    let mut shown = format!(
        "{} {}: {} in {:.3} s, execution {}\n",
        text(stored, "requestMethod"),
        text(stored, "requestPath"),
        match text(stored, "status") {
            "completed" => stored["responseStatusCode"].to_string(),
            status => format!("{status} with {}", stored["responseStatusCode"]),
        },
        stored["duration"].as_f64().unwrap_or_default(),
        text(stored, "$id"),
    );
    for (title, part) in [
        ("answer", answer.as_str()),
        ("logs", text(stored, "logs")),
        ("errors", text(stored, "errors")),
    ] {
        if !part.is_empty() {
            shown.push_str(&format!("\n{title}\n"));
            for line in part.lines() {
                shown.push_str(&format!("  {line}\n"));
            }
        }
    }
    shown
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::shown;

    #[test]
    fn a_run_is_shown_with_its_answer_and_logs() {
        let run = json!({"responseBody": r#"{"a":1}"#});
        let stored = json!({
            "$id": "e1", "requestMethod": "GET", "requestPath": "/x", "status": "completed",
            "responseStatusCode": 200, "duration": 0.25, "logs": "one\ntwo\n", "errors": "",
        });
        let expect = "GET /x: 200 in 0.250 s, execution e1\n\nanswer\n  {\n    \"a\": 1\n  }\n\nlogs\n  one\n  two\n";
        assert_eq!(shown(&run, &stored), expect);
    }

    #[test]
    fn a_failed_run_says_so() {
        let stored = json!({
            "$id": "e1", "requestMethod": "POST", "requestPath": "/", "status": "failed",
            "responseStatusCode": 500, "duration": 1.0, "logs": "", "errors": "it broke",
        });
        let expect = "POST /: failed with 500 in 1.000 s, execution e1\n\nerrors\n  it broke\n";
        assert_eq!(shown(&json!({}), &stored), expect);
    }
}
