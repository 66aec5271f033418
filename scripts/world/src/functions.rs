//! Functions of a world: called, looked at and set otherwise.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::bail;
use reqwest::Method;
use serde_json::{json, Value};
use url::Url;

use crate::execution::{Reply, Run};
use crate::{check, Answer, World, PATIENCE};

impl World {
    /// Calls a function as a user would, through the executions API, and waits for its reply.
    pub async fn call(
        &self,
        function: &str,
        user: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<Reply> {
        self.call_with(
            function,
            Some(user),
            json!({"method": method, "path": path, "body": body.to_string()}),
        )
        .await
    }

    /// Calls a function with an execution request of the caller's own making; no user means the project's key.
    pub async fn call_with(
        &self,
        function: &str,
        user: Option<&str>,
        request: Value,
    ) -> anyhow::Result<Reply> {
        let path = format!("/functions/{function}/executions");
        let answer = match user {
            Some(user) => {
                self.api_as(user, Method::POST, &path, Some(request))
                    .await?
            }
            None => self.api(Method::POST, &path, Some(request)).await?,
        };
        let text = |name: &str| {
            answer
                .body
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let execution = text("$id");
        if execution.is_empty() {
            bail!(
                "{function} was not called: {} {}",
                answer.status,
                answer.body
            );
        }
        // Users do not see logs; the key does.
        let stored = self.stored(&format!("{path}/{execution}")).await?;
        let stored_text = |name: &str| {
            stored
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Ok(Reply {
            execution,
            status: answer.body["responseStatusCode"]
                .as_u64()
                .unwrap_or_default()
                .try_into()?,
            body: serde_json::from_str(&text("responseBody")).unwrap_or_default(),
            logs: stored_text("logs"),
            errors: stored_text("errors"),
        })
    }

    /// An execution as it is stored, which line 2 does a moment after its answer.
    async fn stored(&self, path: &str) -> anyhow::Result<Value> {
        let begun = tokio::time::Instant::now();
        loop {
            let answer = self.api(Method::GET, path, None).await?;
            if answer.status == 200 || begun.elapsed() > PATIENCE {
                return Ok(answer.body);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Calls a function on its own domain, where the platform knows nobody. An empty body is sent as none.
    pub async fn on_domain(
        &self,
        function: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> anyhow::Result<Answer> {
        let mut url = Url::parse(self.appwrite.endpoint())?;
        url.set_path("");
        let url = format!("{}{path}", url.as_str().trim_end_matches('/'));
        let mut request = self
            .http
            .request(method.parse()?, url)
            .header("host", format!("{function}.functions.localhost"))
            .header("content-type", "application/json")
            .body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        // Appwrite's own refusals are pages.
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, body })
    }

    /// All executions of a function that are stored, the newest first.
    pub async fn executions(&self, function: &str) -> anyhow::Result<Vec<Value>> {
        let all = json!({"method": "limit", "values": [1_000_000]});
        let path = format!("/functions/{function}/executions");
        self.list(&path, "executions", &[all]).await
    }

    /// The logs of a function's executions, one text each.
    pub async fn logs(&self, function: &str) -> anyhow::Result<Vec<String>> {
        let executions = self.executions(function).await?;
        let logs = executions.iter().map(|one| one["logs"].as_str());
        Ok(logs
            .map(|logs| logs.unwrap_or_default().to_owned())
            .collect())
    }

    /// The ids of all executions of a function, and what those say that are not among `known`.
    pub async fn runs(
        &self,
        function: &str,
        known: &HashSet<String>,
    ) -> anyhow::Result<(HashSet<String>, Vec<Run>)> {
        let (mut ids, mut runs) = (HashSet::new(), Vec::new());
        for execution in self.executions(function).await? {
            let text = |name: &str| execution[name].as_str().unwrap_or_default().to_owned();
            if !known.contains(&text("$id")) {
                runs.push(Run::read(text("logs"))?);
            }
            ids.insert(text("$id"));
        }
        Ok((ids, runs))
    }

    /// Takes a function's events away, so that only calls and sweeps reach it.
    pub async fn mute(&self, function: &str) -> anyhow::Result<()> {
        self.set(function, "events", json!([])).await
    }

    /// Lets anybody execute a function, as an operator does who turns personal access tokens on.
    pub async fn open(&self, function: &str) -> anyhow::Result<()> {
        self.set(function, "execute", json!(["any"])).await
    }

    async fn set(&self, function: &str, setting: &str, value: Value) -> anyhow::Result<()> {
        let path = format!("/functions/{function}");
        let mut settings = self.api(Method::GET, &path, None).await?.body;
        settings[setting] = value;
        let answer = self.api(Method::PUT, &path, Some(settings)).await?;
        check(&answer, "the function's settings")
    }
}
