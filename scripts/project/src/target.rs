//! The server that a schema is applied to: one HTTP client, Appwrite's management routes, and its refusals put into
//! words that say what to do. It decides nothing about schemas.

use std::fmt;
use std::time::Duration;

use anyhow::Context;
use domain::token::Secret;
use reqwest::header::HeaderValue;
use reqwest::Method;
use serde_json::{json, Value};

use crate::client::{Answer, Client, Credential, Request};

/// Tries of one request that changes nothing, the first included: with doubling pauses about 3 s, long enough for a
/// restart of a proxy.
const TRIES: u32 = 5;

/// Tries of one that is answered 500: a fault that does not pass is told soon.
const TRIES_OF_A_FAULT: u32 = 2;

/// Pause before the second try; doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// One project of one Appwrite server, with a key to it. What changes nothing is asked again where that may help, and a
/// refusal says what to do.
#[derive(Clone)]
pub struct Target {
    client: Client,
    credential: Credential,
}

impl Target {
    /// `endpoint` is the address of the API, as `http://localhost/v1`.
    pub fn new(endpoint: &str, project: &str, key: &str) -> anyhow::Result<Self> {
        HeaderValue::from_str(project).context("the project id is not a header value")?;
        HeaderValue::from_str(key)
            .ok()
            .context("the key holds characters that no key has")?;
        Ok(Self {
            client: Client::new(endpoint, project)?,
            credential: Credential::Key(Secret::new(key)),
        })
    }

    /// The same project as one of its users, who need not be there.
    pub async fn of_user(&self, user: &str) -> Result<Self, Failure> {
        let made = self
            .post(&format!("/users/{user}/jwts"), &json!({}))
            .await?;
        let token = made["jwt"].as_str().unwrap_or_default();
        Ok(Self {
            client: self.client.clone(),
            credential: Credential::User(Secret::new(token)),
        })
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.read(path, &[]).await
    }

    /// What Appwrite tells everybody, and a key not: such routes have a scope that no key can have.
    pub async fn get_public(&self, path: &str) -> Result<Value, Failure> {
        self.repeat(&Request::new(Method::GET, path), &Credential::Nobody)
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
        let request = Request {
            body: Some(body),
            ..Request::new(Method::PATCH, path)
        };
        self.repeat(&request, &self.credential).await
    }

    /// Deletes what may be gone already.
    pub async fn delete(&self, path: &str) -> Result<(), Failure> {
        match self
            .call(&Request::new(Method::DELETE, path), &self.credential)
            .await
        {
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
        let request = Request {
            query,
            ..Request::new(Method::GET, path)
        };
        self.repeat(&request, &self.credential).await
    }

    async fn write(&self, method: Method, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = Request {
            body: Some(body),
            ..Request::new(method, path)
        };
        self.call(&request, &self.credential).await
    }

    /// For what can be asked any number of times.
    async fn repeat(
        &self,
        request: &Request<'_>,
        credential: &Credential,
    ) -> Result<Value, Failure> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            match self.call(request, credential).await {
                Err(failure) if tries < failure.tries() => {}
                done => return done,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            tries += 1;
        }
    }

    async fn call(&self, request: &Request<'_>, credential: &Credential) -> Result<Value, Failure> {
        let asked = self.client.ask(request, credential, Some(PATIENCE)).await;
        let Answer { status, body } = asked.map_err(|error| Failure::Unreachable {
            endpoint: self.client.endpoint().to_owned(),
            // Where nobody listens, and after a minute without an answer, the next try would end like the first.
            may_pass: !error.is_connect() && !error.is_timeout(),
            reason: anyhow::Error::from(error.without_url()),
        })?;
        if (200..300).contains(&status) {
            return Ok(body);
        }
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Err(Failure::Refused {
            request: format!(
                "{} {}{}",
                request.method,
                self.client.endpoint(),
                request.path
            ),
            project: self.client.project().to_owned(),
            status,
            kind: text("type"),
            message: text("message"),
        })
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
                "the key lacks {} for {request}; give it all scopes that --help names at --key",
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
