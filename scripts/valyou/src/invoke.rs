//! `valyou invoke`: runs a function on any Appwrite server, the embedded one or a real one, and shows what came of it.
//! It does not start anything and deploys nothing.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{bail, Context};
use project::Target;
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
        let target = self.place.target(&self.key)?;
        let caller = match &self.user {
            Some(user) => target.of_user(user).await,
            None => Ok(target.clone()),
        };
        let caller = caller.with_context(|| {
            let user = self.user.as_deref().unwrap_or_default();
            format!("cannot act as {user}")
        })?;
        let body = json!({
            "path": self.path, "method": self.method, "body": self.body, "async": self.asynchronous,
            "headers": {"content-type": "application/json"},
        });
        let run = caller.post(&path, &body).await?;
        let id = text(&run, "$id");
        if id.is_empty() {
            bail!("the server started a run and named none; look at {path}");
        }
        let stored = ended(&target, &format!("{path}/{id}")).await?;
        print!("{}", shown(&run, &stored));
        let status = stored["responseStatusCode"].as_u64().unwrap_or_default();
        Ok(match status {
            100..=399 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }
}

/// The run as it is stored, once it has ended. Users are not shown logs; the key is.
async fn ended(target: &Target, path: &str) -> anyhow::Result<Value> {
    let begun = Instant::now();
    loop {
        let stored = match target.get(path).await {
            Err(failure)
                if failure.kind() == "execution_not_found" && begun.elapsed() < STORING =>
            {
                Value::Null
            }
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
