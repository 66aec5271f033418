//! Asks a fresh embedded Appwrite what the recordings asked the real one. What differs by nature from run to run (ids,
//! times, tokens) is learned from the answers and put into the requests that follow.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{bail, ensure, Context};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Timelike};
use embedded_appwrite::{Builds, Edition, EmbeddedAppwrite, Options, StaleReads, Storage};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, CONTENT_TYPE};
use serde_json::{json, Map, Value};
use world::echo::Host;

use super::preparation::{Preparation, Step};
use super::recording::{text, Exchange, Outcome};
use super::{compare, items};

/// The recordings' project.
pub(super) const PROJECT: &str = "verify";

/// Which server is asked, and in which format.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Server {
    pub(super) edition: Edition,
    /// `X-Appwrite-Response-Format` of every request.
    pub(super) format: Option<&'static str>,
}

pub(super) struct Player<'a> {
    pub(super) appwrite: EmbeddedAppwrite,
    pub(super) host: &'a Host,
    format: Option<&'static str>,
    http: reqwest::Client,
    preparation: &'a Preparation,
    tables: &'a Value,
    /// Whether columns and indexes stay as they are answered.
    is_held: bool,
    /// Recorded text and what stands for it now.
    words: BTreeMap<String, String>,
    tokens: BTreeMap<String, String>,
}

/// What came back.
pub(super) struct Answer {
    status: u16,
    body: Value,
}

impl<'a> Player<'a> {
    pub(super) async fn start(
        host: &'a Host,
        asked: Server,
        preparation: &'a Preparation,
        tables: &'a Value,
    ) -> anyhow::Result<Self> {
        host.take_received();
        let appwrite = server(host, asked.edition).await?;
        appwrite.set_schedule_by_hand(true);
        let http = reqwest::Client::builder()
            .no_proxy()
            .no_gzip()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let words = BTreeMap::from([("{{key}}".to_owned(), appwrite.key().to_owned())]);
        let mut player = Self {
            appwrite,
            host,
            format: asked.format,
            http,
            preparation,
            tables,
            is_held: false,
            words,
            tokens: BTreeMap::new(),
        };
        for database in &preparation.databases {
            player.database(database).await?;
        }
        if preparation.users {
            player.users().await?;
        }
        if let Some(soon) = &preparation.soon {
            player.words.insert(soon.clone(), in_five_minutes());
        }
        Ok(player)
    }

    /// The outcome of every exchange, asked in order.
    pub(super) async fn play(
        mut self,
        file: &str,
        exchanges: &[Exchange],
    ) -> anyhow::Result<Vec<Outcome>> {
        let rows = items::rows(exchanges, self.preparation.items);
        for rows in rows.chunks(items::AT_ONCE) {
            let path = "/tablesdb/main_dev/tables/okr_items/rows";
            self.made("POST", path, &json!({"rows": rows})).await?;
        }
        let mut outcomes = Vec::new();
        for (position, exchange) in exchanges.iter().enumerate() {
            outcomes.push(self.exchange(file, position, exchange).await?);
        }
        Ok(outcomes)
    }

    /// Asks one exchange and all that it presupposes.
    pub(super) async fn exchange(
        &mut self,
        file: &str,
        position: usize,
        exchange: &Exchange,
    ) -> anyhow::Result<Outcome> {
        let rules = compare::Rules {
            messages: matches!(file, "errors" | "queries"),
            newer: exchange.recorded.is_some(),
        };
        let place = || format!("before {file} {position}");
        self.prepare(position, exchange).await.with_context(place)?;
        let answer = self.ask(position, exchange).await?;
        let response = &exchange.response;
        let outcome = match answer {
            None if response["status"].as_u64().unwrap_or_default() == 0 => Vec::new(),
            None => vec!["no answer".to_owned()],
            Some(answer) => {
                for response in [Some(response), exchange.recorded.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    self.learn(&response["body"], &answer.body, true);
                }
                let recorded = (&response["status"], &response["body"]);
                compare::answers(recorded, (answer.status, &answer.body), rules)
            }
        };
        let is_upload = text(&exchange.request, "path").ends_with("/deployments");
        if self.preparation.users || is_upload {
            self.appwrite.idle().await;
        }
        Ok(outcome)
    }

    /// Makes what the exchange presupposes.
    pub(super) async fn prepare(
        &mut self,
        position: usize,
        exchange: &Exchange,
    ) -> anyhow::Result<()> {
        if self.preparation.settle && !self.is_held {
            self.settle().await?;
        }
        let transaction = transaction_of(&exchange.request);
        if let Some(transaction) = &transaction {
            if !self.words.contains_key(transaction) {
                let made = self
                    .made("POST", "/tablesdb/transactions", &json!({}))
                    .await?;
                let id = text(&made, "$id").to_owned();
                self.words.insert(transaction.clone(), id);
            }
        }
        let preparation = self.preparation;
        for step in preparation.before.get(&position).into_iter().flatten() {
            self.step(step, transaction.as_deref()).await?;
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step, transaction: Option<&str>) -> anyhow::Result<()> {
        if let Some(name) = &step.again {
            let preparation = self.preparation;
            let steps = preparation.steps.get(name).context("no such steps")?;
            for step in steps {
                Box::pin(self.step(step, transaction)).await?;
            }
        } else if let Some(call) = &step.call {
            let [method, path, body @ ..] = call.as_slice() else {
                bail!("a call is a method, a path and perhaps a body");
            };
            let body = body.first().unwrap_or(&Value::Null).to_string();
            for n in 0..step.times.unwrap_or(1) {
                let body = serde_json::from_str(&body.replace("{n}", &n.to_string()))?;
                let (method, path) = (
                    method.as_str().unwrap_or_default(),
                    path.as_str().unwrap_or_default(),
                );
                let made = self.made(method, path, &body).await?;
                let learned = [
                    (&step.r#as, "$id"),
                    (&step.at, "$updatedAt"),
                    (&step.secret, "secret"),
                ];
                for (word, field) in learned {
                    if let Some(word) = word {
                        self.words
                            .insert(word.clone(), text(&made, field).to_owned());
                    }
                }
            }
        } else if let Some(settings) = &step.key {
            let secret = self.appwrite.add_key(settings)?;
            self.words
                .extend(step.secret.clone().map(|word| (word, secret)));
        } else if let Some(operations) = &step.stage {
            let transaction = transaction.context("the exchange names no transaction")?;
            let path = format!("/tablesdb/transactions/{transaction}/operations");
            self.made("POST", &path, &json!({"operations": operations}))
                .await?;
        } else if let Some(on) = step.hold_commits {
            self.appwrite.set_commits_held(on);
            if !on {
                self.appwrite.idle().await;
            }
        } else if step.abandon_commit.is_some() {
            let transaction = transaction.context("the exchange names no transaction")?;
            self.abandon_commit(transaction).await?;
        } else if let Some(table) = &step.columns {
            self.columns("main_dev", table).await?;
        } else if let Some(function) = &step.activate {
            self.appwrite.activate(function)?;
        } else if let Some(function) = &step.tick {
            self.appwrite.tick(function).await?;
        } else if let Some(on) = step.hold_changes {
            self.appwrite.hold_changes(on);
            self.is_held = on;
            if !on {
                self.settle().await?;
            }
        } else if let Some(milliseconds) = step.synchronous_limit {
            self.appwrite
                .set_synchronous_limit(Duration::from_millis(milliseconds));
        } else if let Some(on) = step.stale_reads {
            // The recordings' readers read whole rows.
            self.appwrite
                .set_stale_reads(on.then_some(StaleReads::WholeRows));
        } else if step.expire.is_some() {
            self.appwrite.expire_transactions()?;
        } else if step.idle.is_some() {
            self.appwrite.idle().await;
        } else if step.come_due.is_some() {
            self.appwrite.come_due();
            self.appwrite.idle().await;
        }
        Ok(())
    }

    /// Commits as a client that goes away while the commit is in flight.
    async fn abandon_commit(&self, transaction: &str) -> anyhow::Result<()> {
        let path = format!("/tablesdb/transactions/{transaction}");
        let commit = json!({"commit": true});
        let in_flight = async {
            loop {
                let state = self.made("GET", &path, &Value::Null).await?;
                if text(&state, "status") == "committing" {
                    return anyhow::Ok(());
                }
            }
        };
        tokio::select! {
            answer = self.made("PATCH", &path, &commit) => {
                bail!("the commit was not held: {}", answer?);
            }
            begun = in_flight => begun,
        }
    }

    /// Asks what was recorded. Nothing when the connection ends without an answer.
    pub(super) async fn ask(
        &mut self,
        position: usize,
        exchange: &Exchange,
    ) -> anyhow::Result<Option<Answer>> {
        let request = &exchange.request;
        let instead = self.preparation.instead.get(&position);
        let mut headers = request["headers"].as_object().cloned().unwrap_or_default();
        for (name, value) in instead.into_iter().flat_map(|instead| &instead.headers) {
            headers.remove(name);
            if !value.is_null() {
                headers.insert(name.clone(), value.clone());
            }
        }
        let user = instead
            .and_then(|instead| instead.user.as_deref())
            .or(self.preparation.user.as_deref())
            .unwrap_or("vu1");
        let wanted = Value::Object(headers.clone()).to_string();
        if wanted.contains("{{jwt}}") {
            let token = self.token(user).await?;
            self.words.insert("{{jwt}}".to_owned(), token);
        }
        if wanted.contains("{{functionKey}}") && !self.words.contains_key("{{functionKey}}") {
            let key = self.function_key().await?;
            self.words.insert("{{functionKey}}".to_owned(), key);
        }
        let path = self.said(text(request, "path"));
        let body = match whole(&request["body"]) {
            Value::Null => None,
            Value::String(text) => Some(upload(&text, &headers).unwrap_or(self.said(&text))),
            json => Some(self.said(&json.to_string())),
        };
        let mut sent = HeaderMap::new();
        for (name, value) in &headers {
            let value = value.as_str().unwrap_or_default();
            let value = match name.as_str() {
                "X-Appwrite-Timestamp" => self.moment(value),
                _ => self.said(value),
            };
            let lower = name.to_ascii_lowercase();
            if lower == "content-length" || (lower == "host" && !value.contains("functions.")) {
                continue;
            }
            if let (Ok(name), Ok(value)) = (
                HeaderName::try_from(lower),
                HeaderValue::from_bytes(value.as_bytes()),
            ) {
                sent.append(name, value);
            }
        }
        if let Some(format) = self.format {
            let value = HeaderValue::from_static(format);
            sent.entry("x-appwrite-response-format").or_insert(value);
        }
        // The recordings' client said so without being told.
        if request["body"].is_object() && !sent.contains_key(CONTENT_TYPE) {
            sent.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        self.send(text(request, "method"), &path, sent, body).await
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: HeaderMap,
        body: Option<String>,
    ) -> anyhow::Result<Option<Answer>> {
        let origin = self.appwrite.endpoint().trim_end_matches("/v1");
        let mut request = self
            .http
            .request(method.parse()?, format!("{origin}{path}"))
            .headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let Ok(response) = request.send().await else {
            return Ok(None);
        };
        let status = response.status().as_u16();
        let Ok(bytes) = response.bytes().await else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = match text.as_str() {
            "" => Value::Null,
            _ => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        };
        Ok(Some(Answer { status, body }))
    }

    /// Asks something that must go well, with the key. `path` begins after `/v1`.
    async fn made(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let mut headers = HeaderMap::new();
        headers.insert("x-appwrite-project", HeaderValue::from_static(PROJECT));
        headers.insert(
            "x-appwrite-key",
            HeaderValue::from_str(self.appwrite.key())?,
        );
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        let path = self.said(&format!("/v1{path}"));
        let body = (!body.is_null()).then(|| self.said(&body.to_string()));
        let answer = self.send(method, &path, headers, body).await?;
        let answer = answer.with_context(|| format!("{method} {path}: no answer"))?;
        ensure!(
            answer.status < 300,
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
        Ok(answer.body)
    }

    /// With all that is known put in.
    fn said(&self, text: &str) -> String {
        let mut said = text.to_owned();
        for (recorded, now) in &self.words {
            if said.contains(recorded.as_str()) {
                said = said.replace(recorded.as_str(), now);
            }
        }
        said
    }

    /// A recorded time in any of the forms that the recordings try, moved to the moment that stands for it now.
    fn moment(&self, recorded: &str) -> String {
        const MILLISECONDS: usize = "2026-11-22T08:24:42.271".len();
        const FORM: &str = "%Y-%m-%dT%H:%M:%S%.3f";
        let moved = || {
            let (local, rest) = recorded.split_at_checked(MILLISECONDS)?;
            let naive = NaiveDateTime::parse_from_str(&local.replace(' ', "T"), FORM).ok()?;
            let zone: FixedOffset = rest
                .get(rest.len().saturating_sub("+00:00".len())..)
                .and_then(|zone| zone.parse().ok())
                .or_else(|| FixedOffset::east_opt(0))?;
            let difference = TimeDelta::seconds(zone.local_minus_utc().into());
            let known = (naive - difference).and_utc();
            let known = known.to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
            let now: DateTime<FixedOffset> = self.words.get(&known)?.parse().ok()?;
            let local = (now.naive_utc() + difference).format(FORM).to_string();
            let local = match recorded.contains('T') {
                true => local,
                false => local.replace('T', " "),
            };
            Some(format!("{local}{rest}"))
        };
        moved().unwrap_or_else(|| recorded.to_owned())
    }

    /// Takes over what the server made up.
    fn learn(&mut self, recorded: &Value, given: &Value, is_whole: bool) {
        match (recorded, given) {
            (Value::Object(recorded), Value::Object(given)) => {
                for (key, value) in recorded {
                    let Some(now) = given.get(key) else {
                        continue;
                    };
                    if let (Some(text), Some(now)) = (value.as_str(), now.as_str()) {
                        let is_id = key == "$id" && is_made_up(text);
                        let is_time =
                            is_whole && matches!(key.as_str(), "$createdAt" | "$updatedAt");
                        if is_id || is_time {
                            self.words.insert(text.to_owned(), now.to_owned());
                        }
                    } else {
                        self.learn(value, now, false);
                    }
                }
            }
            (Value::Array(recorded), Value::Array(given)) => {
                for (recorded, given) in recorded.iter().zip(given) {
                    self.learn(recorded, given, false);
                }
            }
            _ => {}
        }
    }

    async fn token(&mut self, user: &str) -> anyhow::Result<String> {
        if let Some(token) = self.tokens.get(user) {
            return Ok(token.clone());
        }
        let made = self
            .made("POST", &format!("/users/{user}/jwts"), &json!({}))
            .await?;
        let token = text(&made, "jwt").to_owned();
        self.tokens.insert(user.to_owned(), token.clone());
        Ok(token)
    }

    /// The key that a function without scopes gets.
    async fn function_key(&mut self) -> anyhow::Result<String> {
        let function = json!({"functionId": "no-scopes", "name": "no-scopes", "runtime": "rust-1.83", "entrypoint": "main.rs"});
        self.made("POST", "/functions", &function).await?;
        self.appwrite.activate("no-scopes")?;
        let run = self
            .made("POST", "/functions/no-scopes/executions", &json!({}))
            .await?;
        let echo: Value = serde_json::from_str(text(&run, "responseBody"))?;
        Ok(text(&echo["headers"], "x-appwrite-key").to_owned())
    }

    async fn users(&mut self) -> anyhow::Result<()> {
        for user in ["vu1", "vu2"] {
            let email = format!("{user}@example.com");
            let body = json!({"userId": user, "email": email, "name": user});
            self.made("POST", "/users", &body).await?;
        }
        let session = self.made("POST", "/users/vu1/sessions", &json!({})).await?;
        let secret = text(&session, "secret").to_owned();
        self.words.insert("{{session}}".to_owned(), secret);
        self.token("vu1").await?;
        Ok(())
    }

    /// Makes a database with all its tables as they are described.
    async fn database(&self, database: &str) -> anyhow::Result<()> {
        let body = json!({"databaseId": database, "name": database});
        self.made("POST", "/tablesdb", &body).await?;
        for table in described(self.tables, database) {
            let id = text(table, "$id");
            let body = json!({
                "tableId": id, "name": table["name"], "permissions": table["$permissions"],
                "rowSecurity": table["rowSecurity"], "enabled": true,
            });
            let path = format!("/tablesdb/{database}/tables");
            self.made("POST", &path, &body).await?;
            self.columns(database, id).await?;
            for index in table["indexes"].as_array().into_iter().flatten() {
                self.made("POST", &format!("{path}/{id}/indexes"), index)
                    .await?;
            }
        }
        self.settle().await
    }

    /// Makes the columns that a table lacks of its description.
    async fn columns(&self, database: &str, table: &str) -> anyhow::Result<()> {
        let path = format!("/tablesdb/{database}/tables/{table}");
        let there = self.made("GET", &path, &Value::Null).await?;
        let described = described(self.tables, database)
            .into_iter()
            .find(|described| text(described, "$id") == table)
            .with_context(|| format!("{table} is not described"))?;
        for column in described["columns"].as_array().into_iter().flatten() {
            let columns = there["columns"].as_array().into_iter().flatten();
            if columns.into_iter().any(|made| made["key"] == column["key"]) {
                continue;
            }
            let mut body: Map<String, Value> = column.as_object().cloned().unwrap_or_default();
            let kind = body.remove("type").unwrap_or_default();
            let format = body.remove("format").unwrap_or_default();
            let kind = format
                .as_str()
                .filter(|format| !format.is_empty())
                .or(kind.as_str());
            let kind = match (kind, text(column, "key")) {
                (Some("double"), _) => "float",
                // As the recordings' README says.
                (Some("mediumtext"), "description" | "errorMessage") => "text",
                (kind, _) => kind.unwrap_or_default(),
            };
            let path = format!("{path}/columns/{kind}");
            self.made("POST", &path, &Value::Object(body)).await?;
        }
        self.settle().await
    }

    /// Waits until all columns and indexes are there.
    async fn settle(&self) -> anyhow::Result<()> {
        loop {
            let databases = self.made("GET", "/tablesdb", &Value::Null).await?;
            let mut is_settled = true;
            for database in databases["databases"].as_array().into_iter().flatten() {
                let limit = "%7B%22method%22%3A%22limit%22%2C%22values%22%3A%5B100%5D%7D";
                let path = format!(
                    "/tablesdb/{}/tables?queries[]={limit}",
                    text(database, "$id")
                );
                let tables = self.made("GET", &path, &Value::Null).await?.to_string();
                is_settled &= !tables.contains(r#""status":"processing""#)
                    && !tables.contains(r#""status":"deleting""#);
            }
            if is_settled {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A server without anything.
pub(super) async fn server(host: &Host, edition: Edition) -> anyhow::Result<EmbeddedAppwrite> {
    EmbeddedAppwrite::start(Options {
        storage: Storage::Ephemeral,
        edition,
        port: 0,
        project: PROJECT.to_owned(),
        host_program: host.program(),
        builds: Builds::Host,
        environment: host.environment(),
    })
    .await
}

fn described<'a>(tables: &'a Value, database: &str) -> Vec<&'a Value> {
    let tables = tables["tables"].as_array().into_iter().flatten();
    tables
        .filter(|table| text(table, "databaseId") == database)
        .collect()
}

/// 20 hexadecimal digits.
fn is_made_up(id: &str) -> bool {
    id.len() == 20 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The id of the transaction that a request names, wherever it does.
fn transaction_of(request: &Value) -> Option<String> {
    let all = format!("{} {}", text(request, "path"), request["body"]);
    let marks = ["transactions/", "transactionId=", "\"transactionId\":\""];
    marks.iter().find_map(|mark| {
        let (_, rest) = all.split_once(mark)?;
        let id: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        is_made_up(&id).then_some(id)
    })
}

/// The form of an upload, of which the recordings tell only what was in it: either fields with their values and the
/// file's name and size, or the names alone. The file is as large as the one that was sent, and nobody opens it.
fn upload(told: &str, headers: &Map<String, Value>) -> Option<String> {
    let mut types = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let (_, boundary) = types.next()?.1.as_str()?.split_once("boundary=")?;
    let (told, bytes) = told
        .strip_prefix("multipart/form-data")?
        .strip_suffix(" bytes)")?
        .rsplit_once(" (")?;
    let bytes: usize = bytes.parse().ok()?;
    let fields = match told.strip_prefix(": ") {
        Some(fields) => fields
            .split(", ")
            .filter_map(|field| field.split_once('='))
            .collect(),
        None => vec![
            ("entrypoint", "main.rs"),
            ("commands", ""),
            ("code", "code.tar.gz"),
            ("activate", "true"),
        ],
    };
    let mut form = String::new();
    for (name, value) in fields {
        let (file, content) = match name {
            "code" => (format!("; filename=\"{value}\""), "x".repeat(bytes)),
            _ => (String::new(), value.to_owned()),
        };
        form += &format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        );
    }
    Some(form + &format!("--{boundary}--\r\n"))
}

/// What the recording cut is made whole: `x…(n characters)` is that many times the text before.
fn whole(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let cut = text.split_once("…(").and_then(|(begin, rest)| {
                let length: usize = match rest.strip_suffix(" MiB)") {
                    Some(mebibytes) => mebibytes.parse::<usize>().ok()? << 20,
                    None => rest.strip_suffix(" characters)")?.parse().ok()?,
                };
                let begin = if begin.is_empty() { "x" } else { begin };
                let count = length / begin.chars().count() + 1;
                let whole = begin.repeat(count);
                Some(whole.chars().take(length).collect::<String>())
            });
            json!(cut.unwrap_or_else(|| text.clone()))
        }
        Value::Array(values) => values.iter().map(whole).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), whole(value)))
            .collect(),
        _ => value.clone(),
    }
}

/// A full minute that an execution can be put off to, also when the replay is slow: it takes at least one from now.
fn in_five_minutes() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "a gate is its own caller: no cx hands it the time"
    )]
    let now = chrono::Utc::now();
    let then = now + TimeDelta::minutes(5);
    then.with_second(0)
        .and_then(|then| then.with_nanosecond(0))
        .unwrap_or(then)
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}
