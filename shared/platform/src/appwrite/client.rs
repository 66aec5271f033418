//! One execution's connection: what it knows, and one request sent, retried and read. The only place that speaks HTTP to
//! Appwrite.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use domain::time::Timestamp;
use domain::token::Secret;
use domain::Detail;
use reqwest::header::DATE;
use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::clock::Clock;
use super::error::AppwriteError;
use super::query::Query;
use super::row::{Change, Guard};
use crate::host::jitter;

/// Tries of one request, the first included: with doubling pauses about 3 s, long enough for a restart of a proxy.
const TRIES: u32 = 5;

/// Pause before the second try; doubles with each further one, and half of it is random.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Longest wait for one answer. Appwrite gives up its own database queries after 15 s.
const ANSWER: Duration = Duration::from_secs(20);

/// One execution's connection to Appwrite: one database, one key, one deadline.
#[derive(Debug)]
pub struct Appwrite {
    http: reqwest::Client,
    endpoint: Url,
    project: String,
    key: Secret,
    pub(super) database: String,
    pub(super) deadline: Instant,
    pub(super) clock: Arc<Clock>,
    /// Set: nothing is written, changes are collected here instead.
    dry_run: OnceLock<Mutex<Vec<Change>>>,
    calls: AtomicU32,
    pub(super) written: AtomicU32,
    read: AtomicU64,
}

/// Where and as whom to call.
#[derive(Clone, Debug)]
pub struct Connection {
    pub endpoint: Url,
    pub project: String,
    pub key: Secret,
    pub database: String,
    /// No request is begun after this.
    pub deadline: Instant,
    /// What is known of the server's clock; shared by all connections to it.
    pub clock: Arc<Clock>,
}

/// What came back, and after how many tries: more than one means that an earlier one may have been carried out.
pub(super) struct Sent {
    pub(super) tries: u32,
    /// When the last try began.
    pub(super) asked: Instant,
    pub(super) result: Result<Value, AppwriteError>,
}

enum Attempt {
    Answer(Result<Value, AppwriteError>),
    /// Worth another try; the words are for the log.
    Again(String),
}

impl Appwrite {
    pub fn new(http: reqwest::Client, connection: Connection) -> Self {
        Self {
            http,
            endpoint: connection.endpoint,
            project: connection.project,
            key: connection.key,
            database: connection.database,
            deadline: connection.deadline,
            clock: connection.clock,
            dry_run: OnceLock::new(),
            calls: AtomicU32::new(0),
            written: AtomicU32::new(0),
            read: AtomicU64::new(0),
        }
    }

    /// From now on nothing is written; what would have been is collected.
    pub(crate) fn begin_dry_run(&self) {
        self.dry_run.get_or_init(Mutex::default);
    }

    /// The server's time, as far as its answers tell it; this host's before the first one.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Requests sent so far, retries included.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Rows written so far.
    pub fn written(&self) -> u32 {
        self.written.load(Ordering::Relaxed)
    }

    /// Bytes of the answers that came back so far.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// What a dry run would have written, in order; none outside of a dry run.
    pub fn changes(&self) -> Option<Vec<Change>> {
        let changes = self.dry_run.get()?;
        Some(
            changes
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        )
    }

    pub(super) fn record(
        &self,
        action: &'static str,
        table: &'static str,
        id: &str,
        data: &Map<String, Value>,
    ) -> bool {
        let Some(changes) = self.dry_run.get() else {
            return false;
        };
        changes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Change {
                action,
                table,
                row_id: id.to_owned(),
                data: data.clone(),
            });
        true
    }

    pub(super) async fn get(
        &self,
        path: &[&str],
        queries: &[Query],
    ) -> Result<Value, AppwriteError> {
        let url = self.url(path, queries)?;
        self.repeat(Method::GET, &url, None, None).await.result
    }

    pub(super) async fn send(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
        guard: Option<Guard>,
    ) -> Result<Sent, AppwriteError> {
        let url = self.url(path, &[])?;
        Ok(self.repeat(method, &url, body, guard).await)
    }

    fn url(&self, path: &[&str], queries: &[Query]) -> Result<Url, AppwriteError> {
        let mut url = self.endpoint.clone();
        url.path_segments_mut()
            .map_err(|()| AppwriteError::Unreachable {
                what: "the endpoint is no web address".to_owned(),
            })?
            .pop_if_empty()
            .extend(path);
        for query in queries {
            url.query_pairs_mut()
                .append_pair("queries[]", &query.to_text());
        }
        Ok(url)
    }

    async fn repeat(
        &self,
        method: Method,
        url: &Url,
        body: Option<&Value>,
        guard: Option<Guard>,
    ) -> Sent {
        let mut pause = FIRST_PAUSE;
        let mut tries = 0;
        loop {
            let asked = Instant::now();
            let Some(left) = self.deadline.checked_duration_since(asked) else {
                return Sent {
                    tries,
                    asked,
                    result: Err(AppwriteError::Deadline),
                };
            };
            tries += 1;
            let what = match self
                .attempt(method.clone(), url, body, guard, left.min(ANSWER))
                .await
            {
                Attempt::Answer(result) => {
                    return Sent {
                        tries,
                        asked,
                        result,
                    }
                }
                Attempt::Again(what) => what,
            };
            if tries == TRIES {
                return Sent {
                    tries,
                    asked,
                    result: Err(AppwriteError::Unreachable { what }),
                };
            }
            tokio::time::sleep(jitter(pause)).await;
            pause *= 2;
        }
    }

    async fn attempt(
        &self,
        method: Method,
        url: &Url,
        body: Option<&Value>,
        guard: Option<Guard>,
        wait: Duration,
    ) -> Attempt {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let mut request = self
            .http
            .request(method, url.clone())
            .timeout(wait)
            .header("x-appwrite-project", &self.project)
            .header("x-appwrite-key", self.key.expose())
            .header("x-appwrite-response-format", "1.9.0");
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(Guard(version)) = guard {
            request = request.header("x-appwrite-timestamp", version.to_string());
        }
        let asked = Instant::now();
        let broke = |error: reqwest::Error| Attempt::Again(kind_of(&error).to_owned());
        let (status, text) = match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let date = response.headers().get(DATE);
                if let Some(date) = date.and_then(|date| date.to_str().ok()) {
                    self.clock.dated(date, asked);
                }
                match response.bytes().await {
                    Ok(bytes) => (status, bytes),
                    Err(error) => return broke(error),
                }
            }
            Err(error) => return broke(error),
        };
        self.read.fetch_add(text.len() as u64, Ordering::Relaxed);
        // What was deleted is answered with nothing.
        let value = match text.is_empty() {
            true => Ok(Value::Null),
            false => serde_json::from_slice::<Value>(&text),
        };
        if (200..300).contains(&status) {
            return Attempt::Answer(value.map_err(|error| AppwriteError::Unreadable {
                what: format!("{status}: {}", Detail::from(error)),
            }));
        }
        let field = |name: &str| {
            let found = value
                .as_ref()
                .ok()
                .and_then(|value| value.get(name))
                .and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        // Now and then the type is a message.
        let is_word = |kind: &str| {
            kind.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let kind = Some(field("type")).filter(|kind| is_word(kind));
        let kind = kind.unwrap_or_else(|| "without a type".to_owned());
        let message = field("message");
        if status == 429 || status >= 500 {
            return Attempt::Again(format!("{status} {kind}"));
        }
        Attempt::Answer(Err(AppwriteError::Refused {
            status,
            kind,
            message,
            column: None,
        }))
    }
}

/// What went wrong on the way, without a foreign word.
fn kind_of(error: &reqwest::Error) -> &'static str {
    match error {
        _ if error.is_timeout() => "no answer in time",
        _ if error.is_connect() => "no connection",
        _ if error.is_body() || error.is_decode() => "the answer broke off",
        _ if error.is_builder() => "the request cannot be built",
        _ => "the connection broke",
    }
}
