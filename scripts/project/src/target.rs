//! The server that a schema is applied to: one HTTP client, Appwrite's management routes, and its refusals put into
//! words that say what to do. It decides nothing about schemas.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::token::Secret;
use platform::appwrite::{Appwrite, Connection};
use platform::config::is_loopback;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{redirect, Client, ClientBuilder, Method};
use serde_json::{json, Value};
use url::Url;

/// Tries of one request that changes nothing, the first included: with doubling pauses about 3 s, long enough for a
/// restart of a proxy.
const TRIES: u32 = 5;

/// Tries of one that is answered 500: a fault that does not pass is told soon.
const TRIES_OF_A_FAULT: u32 = 2;

/// Pause before the second try; doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A subcommand is for a person who waits.
const PATIENCE: Duration = Duration::from_secs(3600);

/// One project of one Appwrite server, with a key to it.
#[derive(Clone)]
pub struct Target {
    endpoint: String,
    project: String,
    key: HeaderValue,
    client: Client,
}

/// A request as it can be sent more than once.
struct Request<'a> {
    method: Method,
    path: &'a str,
    query: &'a [(&'a str, String)],
    body: Option<&'a Value>,
    with_key: bool,
}

impl Target {
    /// `endpoint` is the address of the API, as `http://localhost/v1`.
    pub fn new(endpoint: &str, project: &str, key: &str) -> anyhow::Result<Self> {
        let (_, client) = client(endpoint)?;
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-appwrite-project",
            HeaderValue::from_str(project).context("the project id is not a header value")?,
        );
        let mut secret = HeaderValue::from_str(key)
            .ok()
            .context("the key holds characters that no key has")?;
        secret.set_sensitive(true);
        // What newer servers answer otherwise they answer to newer clients.
        headers.insert(
            "x-appwrite-response-format",
            HeaderValue::from_static("1.9.0"),
        );
        let client = client
            .default_headers(headers)
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60));
        Ok(Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            project: project.to_owned(),
            key: secret,
            client: client.build().context("cannot set up the HTTP client")?,
        })
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.read(path, &[]).await
    }

    /// What Appwrite tells everybody, and a key not: such routes have a scope that no key can have.
    pub async fn get_public(&self, path: &str) -> Result<Value, Failure> {
        self.repeat(&Request {
            with_key: false,
            ..Request::new(Method::GET, path)
        })
        .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.write(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.write(Method::PUT, path, body).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.write(Method::PATCH, path, body).await
    }

    /// A PATCH that is right however often it is carried out.
    pub async fn patch_surely(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.repeat(&Request {
            body: Some(body),
            ..Request::new(Method::PATCH, path)
        })
        .await
    }

    /// Deletes what may be gone already.
    pub async fn delete(&self, path: &str) -> Result<(), Failure> {
        match self.call(&Request::new(Method::DELETE, path)).await {
            Err(failure) if !failure.kind().ends_with("_not_found") => Err(failure),
            _ => Ok(()),
        }
    }

    /// One page of rows; nothing where the answer holds no list.
    pub async fn rows(&self, path: &str, queries: &[Value]) -> Result<Option<Vec<Value>>, Failure> {
        let queries = queries.iter().map(|query| ("queries[]", query.to_string()));
        // Counting all that match would cost as much as finding one that does.
        let total = [("total", "0".to_owned())];
        let queries: Vec<_> = queries.chain(total).collect();
        let mut answer = self.read(path, &queries).await?;
        Ok(match answer.get_mut("rows").map(Value::take) {
            Some(Value::Array(rows)) => Some(rows),
            _ => None,
        })
    }

    /// Creates what may be there already: a run that lost an answer, or one beside it, has made it, and then this is
    /// false.
    pub async fn create(&self, path: &str, body: &Value) -> Result<bool, Failure> {
        match self.post(path, body).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.kind().ends_with("_already_exists") => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// The whole list, page by page.
    pub async fn list(&self, path: &str, name: &str) -> anyhow::Result<Vec<Value>> {
        const PAGE: usize = 100;
        /// More than any list here can have: a server that gives the same page again and again is not asked for ever.
        const MOST: usize = 10_000;

        let mut all = Vec::new();
        loop {
            let limit = json!({"method": "limit", "values": [PAGE]}).to_string();
            let offset = json!({"method": "offset", "values": [all.len()]}).to_string();
            let queries = [("queries[]", limit), ("queries[]", offset)];
            let mut answer = self.read(path, &queries).await?;
            let Some(Value::Array(page)) = answer.get_mut(name).map(Value::take) else {
                anyhow::bail!("GET {path}: the answer holds no list of {name}");
            };
            let last = page.len() < PAGE;
            all.extend(page);
            if last {
                return Ok(all);
            }
            anyhow::ensure!(
                all.len() < MOST,
                "GET {path}: the list of {name} does not end"
            );
        }
    }

    async fn read(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Failure> {
        self.repeat(&Request {
            query,
            ..Request::new(Method::GET, path)
        })
        .await
    }

    async fn write(&self, method: Method, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(&Request {
            body: Some(body),
            ..Request::new(method, path)
        })
        .await
    }

    /// For what can be asked any number of times.
    async fn repeat(&self, request: &Request<'_>) -> Result<Value, Failure> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            match self.call(request).await {
                Err(failure) if tries < failure.tries() => {}
                done => return done,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            tries += 1;
        }
    }

    async fn call(&self, request: &Request<'_>) -> Result<Value, Failure> {
        let Request { method, path, .. } = request;
        let unreachable = |error: reqwest::Error| Failure::Unreachable {
            endpoint: self.endpoint.clone(),
            // Where nobody listens, and after a minute without an answer, the next try would end like the first.
            may_pass: !error.is_connect() && !error.is_timeout(),
            reason: anyhow::Error::from(error.without_url()),
        };
        let mut asked = self
            .client
            .request(method.clone(), format!("{}{path}", self.endpoint))
            .query(request.query);
        if request.with_key {
            asked = asked.header("x-appwrite-key", self.key.clone());
        }
        if let Some(body) = request.body {
            asked = asked.json(body);
        }
        let answer = asked.send().await.map_err(unreachable)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(unreachable)?;
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(answer);
        }
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Err(Failure::Refused {
            request: format!("{method} {}{path}", self.endpoint),
            project: self.project.clone(),
            status: status.as_u16(),
            kind: text("type"),
            message: text("message"),
        })
    }
}

/// The endpoint as it was given, and what builds a client that takes keys nowhere but there.
pub fn client(endpoint: &str) -> anyhow::Result<(Url, ClientBuilder)> {
    let url =
        Url::parse(endpoint).with_context(|| format!("the endpoint {endpoint:?} is not a URL"))?;
    // A redirect would carry the key to another server.
    let http = Client::builder().redirect(redirect::Policy::none());
    let http = if is_loopback(&url) {
        http.no_proxy()
    } else {
        http
    };
    Ok((url, http))
}

/// A client of the rows of one database.
pub fn rows(endpoint: &str, project: &str, key: &str, database: &str) -> anyhow::Result<Appwrite> {
    let (endpoint, http) = client(endpoint)?;
    let connection = Connection {
        endpoint,
        project: project.to_owned(),
        key: Secret::new(key),
        database: database.to_owned(),
        deadline: Instant::now() + PATIENCE,
        clock: Arc::default(),
    };
    Ok(Appwrite::new(http.build()?, connection))
}

impl<'a> Request<'a> {
    fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            query: &[],
            body: None,
            with_key: true,
        }
    }
}

/// Why a request was not done.
#[derive(Debug)]
pub enum Failure {
    Unreachable {
        endpoint: String,
        /// Asked again, it may be answered.
        may_pass: bool,
        reason: anyhow::Error,
    },
    Refused {
        request: String,
        project: String,
        status: u16,
        kind: String,
        message: String,
    },
}

impl Failure {
    /// Appwrite's name for the refusal; empty where it gave none.
    pub fn kind(&self) -> &str {
        match self {
            Self::Unreachable { .. } => "",
            Self::Refused { kind, .. } => kind,
        }
    }

    /// Appwrite itself has answered, and knows the project: other questions may be answered better.
    pub fn is_of_appwrite(&self) -> bool {
        !matches!(self.kind(), "" | "project_not_found")
    }

    /// How often a request that changes nothing is worth being sent.
    fn tries(&self) -> u32 {
        match self {
            Self::Unreachable { may_pass: true, .. } => TRIES,
            Self::Refused {
                status: 429 | 502..=504,
                ..
            } => TRIES,
            Self::Refused { status: 500, .. } => TRIES_OF_A_FAULT,
            Self::Unreachable { .. } | Self::Refused { .. } => 1,
        }
    }

    /// The scope that the key lacks, where that is why.
    pub fn missing_scope(&self) -> Option<String> {
        match self {
            Self::Refused { kind, message, .. } if kind == "general_unauthorized_scope" => {
                Some(missing_scopes(message))
            }
            Self::Refused { .. } | Self::Unreachable { .. } => None,
        }
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (request, project, status, kind, message) = match self {
            Self::Unreachable {
                endpoint, reason, ..
            } => {
                return write!(f, "cannot reach Appwrite at {endpoint}: {reason:#}; check --endpoint and that it runs");
            }
            Self::Refused {
                request,
                project,
                status,
                kind,
                message,
            } => (request, project, status, kind, message),
        };
        match kind.as_str() {
            "general_unauthorized_scope" => write!(
                f,
                "the key lacks {} for {request}; give it the scopes databases, tables, columns and indexes, read and \
                 write, and for functions functions.read and functions.write",
                missing_scopes(message)
            ),
            "user_unauthorized" => write!(f, "the key is not a key of the project {project}; check --key and --project"),
            "project_key_expired" => write!(f, "the key has expired; make another one and check --key"),
            "project_not_found" => write!(f, "the server has no project {project}; check --project"),
            "" if (502..=504).contains(status) => write!(
                f,
                "{request}: {status} of what stands before Appwrite; see that Appwrite runs behind it, then run this again"
            ),
            "" => write!(
                f,
                "{request}: {status} without an error of Appwrite's; check --endpoint, which ends in /v1, and that the \
                 server is Appwrite 1.9.5 or newer"
            ),
            kind => match what_to_do(kind) {
                None => write!(f, "{request}: {status} {kind}: {message}"),
                Some(advice) => {
                    let message = message.trim_end_matches('.');
                    write!(f, "{request}: {status} {kind}: {message}; {advice}")
                }
            },
        }
    }
}

/// Where the server's own words do not say.
fn what_to_do(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "column_limit_exceeded" => {
            "the rows would be too wide: describe smaller sizes, or text instead of varchar"
        }
        "column_index_invalid" => {
            "an index cannot hold it: describe a smaller size or an index without it"
        }
        _ => return None,
    })
}

/// `… missing scopes (["tables.read","collections.read"])`: one of them is enough.
fn missing_scopes(message: &str) -> String {
    let scopes: Vec<String> = (message
        .split_once("missing scopes (")
        .and_then(|(_, rest)| rest.strip_suffix(')')))
    .and_then(|scopes| serde_json::from_str(scopes).ok())
    .unwrap_or_default();
    if scopes.is_empty() {
        "a scope".to_owned()
    } else {
        format!("the scope {}", scopes.join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    /// What a person reads when Appwrite refuses with `kind` and `message`.
    #[track_caller]
    fn check(kind: &str, message: &str, expect: &str) {
        let refused = Failure::Refused {
            request: "GET http://localhost/v1/tablesdb".to_owned(),
            project: "acme".to_owned(),
            status: 401,
            kind: kind.to_owned(),
            message: message.to_owned(),
        };
        let told = refused.to_string();
        assert!(told.starts_with(expect), "{told}\nwanted: {expect}");
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        check(
            "general_unauthorized_scope",
            r#"app.acme@service.localhost (role: applications) missing scopes (["tables.read","collections.read"])"#,
            "the key lacks the scope tables.read or collections.read for GET http://localhost/v1/tablesdb; give it",
        );
        check(
            "general_unauthorized_scope",
            "worded otherwise",
            "the key lacks a scope for GET",
        );
        check(
            "user_unauthorized",
            "",
            "the key is not a key of the project acme",
        );
        check(
            "project_key_expired",
            "",
            "the key has expired; make another one",
        );
        check("", "", "GET http://localhost/v1/tablesdb: 401 without an error of Appwrite's; check --endpoint");
        check(
            "column_limit_exceeded",
            "Too wide.",
            "GET http://localhost/v1/tablesdb: 401 column_limit_exceeded: Too wide; the rows would be too wide",
        );
    }
}
