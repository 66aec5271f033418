//! The API of an Appwrite server for one project: asked as whoever is said each time, answers as they come.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::token::Secret;
use platform::appwrite::{Appwrite, Connection};
use platform::config::is_loopback;
use reqwest::{redirect, ClientBuilder, Method};
use serde_json::Value;
use url::Url;

/// What the rows' client is used for is for a person who waits.
const PATIENCE: Duration = Duration::from_secs(3600);

/// One project of one server.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: String,
    project: String,
    http: reqwest::Client,
}

/// As whom something is asked.
#[derive(Clone, Debug)]
pub enum Credential {
    Nobody,
    Key(Secret),
    /// A user's token, as Appwrite makes it for a key.
    User(Secret),
}

/// A request, which can be sent more than once.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub method: Method,
    /// Begins after `/v1`.
    pub path: &'a str,
    pub query: &'a [(&'a str, String)],
    pub body: Option<&'a Value>,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Null where it is no JSON.
    pub body: Value,
}

impl Client {
    /// `endpoint` is the address of the API, as `http://localhost/v1`.
    pub fn new(endpoint: &str, project: &str) -> anyhow::Result<Self> {
        let (_, http) = http(endpoint)?;
        let http = http.connect_timeout(Duration::from_secs(10));
        Ok(Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            project: project.to_owned(),
            http: http.build().context("cannot set up the HTTP client")?,
        })
    }

    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub fn project(&self) -> &str {
        &self.project
    }

    /// Sends a request and waits for the whole answer, whatever its status; not for ever, if it is said for how long.
    pub async fn ask(
        &self,
        request: &Request<'_>,
        credential: &Credential,
        patience: Option<Duration>,
    ) -> reqwest::Result<Answer> {
        let url = format!("{}{}", self.endpoint, request.path);
        let mut asked = self
            .http
            .request(request.method.clone(), url)
            .query(request.query)
            .header("x-appwrite-project", &self.project)
            // What newer servers answer otherwise they answer to newer clients.
            .header("x-appwrite-response-format", "1.9.0");
        asked = match credential {
            Credential::Nobody => asked,
            Credential::Key(key) => asked.header("x-appwrite-key", key.expose()),
            Credential::User(token) => asked.header("x-appwrite-jwt", token.expose()),
        };
        if let Some(body) = request.body {
            asked = asked.json(body);
        }
        if let Some(patience) = patience {
            asked = asked.timeout(patience);
        }
        let answer = asked.send().await?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await?;
        Ok(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        })
    }
}

impl<'a> Request<'a> {
    pub fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            query: &[],
            body: None,
        }
    }
}

/// The endpoint as it was given, and what builds a client that takes keys nowhere but there.
fn http(endpoint: &str) -> anyhow::Result<(Url, ClientBuilder)> {
    let url =
        Url::parse(endpoint).with_context(|| format!("the endpoint {endpoint:?} is not a URL"))?;
    // A redirect would carry the key to another server.
    let http = reqwest::Client::builder().redirect(redirect::Policy::none());
    let http = if is_loopback(&url) {
        http.no_proxy()
    } else {
        http
    };
    Ok((url, http))
}

/// The functions' own client, on the rows of one database.
pub fn rows(endpoint: &str, project: &str, key: &str, database: &str) -> anyhow::Result<Appwrite> {
    let (endpoint, http) = http(endpoint)?;
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
