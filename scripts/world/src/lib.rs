//! A whole ValYouRise on this machine: embedded Appwrite, both databases, the functions in processes of their own, and
//! a demo company website. The development environment, the demo, the tests and the benchmarks all live in it.
//!
//! - here: starting one, and its API as anybody;
//! - `people`, `rows` and `functions`: who and what is in it, and what they do;
//! - [`host`]: the processes that serve functions; [`echo`]: a function that tells what it got;
//! - [`site`] and [`model_server`]: the servers that a function asks.

pub mod echo;
mod execution;
mod functions;
pub mod host;
pub mod model_server;
mod people;
mod rows;
pub mod site;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{bail, Context};
use domain::token::Secret;
use embedded_appwrite::{Builds, Edition, EmbeddedAppwrite, Options, Storage};
use platform::config::VARIABLES;
pub use project::Answer;
use project::{schema, vars, Client, Credential, Description, Request, Target};
use reqwest::Method;
use serde_json::{json, Value};

pub use self::execution::{Reply, Run};
use self::model_server::ModelServer;
use self::site::Site;

/// The database that the functions of a world work on.
pub const DATABASE: &str = "main_dev";

/// Longest wait for something that happens on its own, such as an event's execution.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The one project of a world.
pub const PROJECT: &str = "valyourise";

/// What is in `appwrite.json`, the only description of databases, tables and functions.
const DESCRIPTION: &str = include_str!("../../../appwrite.json");

/// How to start a [`World`].
#[derive(Debug)]
pub struct Setup {
    pub storage: Storage,
    /// Port of the embedded Appwrite; 0 takes any free one.
    pub port: u16,
    /// The program that serves functions, by the words of [`host::Host`] behind `host`.
    pub host_program: PathBuf,
    /// What becomes of uploaded code.
    pub builds: Builds,
}

/// Everything, running. Dropping it stops it.
pub struct World {
    pub appwrite: EmbeddedAppwrite,
    pub site: Site,
    /// What is asked for organisations that have opted in.
    pub model: ModelServer,
    api: Client,
    /// For functions' own domains.
    http: reqwest::Client,
}

/// Which Appwrite a world has: the one that `VALYOU_APPWRITE` names, such as `2`, otherwise 1.9.
pub fn edition() -> anyhow::Result<Edition> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the whole suite of tests is told by it, which has no command line"
    )]
    let named = std::env::var("VALYOU_APPWRITE");
    named.map_or_else(|_| Ok(Edition::default()), |named| named.parse())
}

impl World {
    /// Starts everything and brings both databases and all functions to their description.
    pub async fn start(setup: Setup) -> anyhow::Result<Self> {
        let site = Site::serve()
            .await
            .context("the demo website cannot be served")?;
        let model = ModelServer::serve().await;
        let model = model.context("the scripted model cannot be served")?;
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let appwrite = EmbeddedAppwrite::start(Options {
            storage: setup.storage,
            edition: edition()?,
            port: setup.port,
            project: PROJECT.to_owned(),
            host_program: setup.host_program,
            builds: setup.builds,
            // The ports are others each time: no variables of the project's.
            environment: vec![
                variable("VALYOURISE_DEVELOPMENT_HOSTS", &site.host),
                variable("VALYOURISE_MODEL_URL", &model.url),
                variable("VALYOURISE_MODEL_KEY", model_server::KEY),
                variable("VALYOURISE_MODEL_NAME", model_server::MODEL),
            ],
        })
        .await?;
        let target = Target::new(appwrite.endpoint(), PROJECT, appwrite.key())?;
        let description = Description::parse(DESCRIPTION)?;
        let report = schema::apply(&target, &description).await?;
        if !report.drift.is_empty() {
            bail!(
                "the local database is not as appwrite.json describes it: {}. Remove the data folder to start anew.",
                report.drift.join("; ")
            );
        }
        let values = [("APPWRITE_DATABASE_ID".to_owned(), Secret::new(DATABASE))].into();
        vars::push(&target, &description, VARIABLES, &values).await?;
        for (function, _) in schema::apply_functions(&target, &description).await? {
            // What was uploaded to a folder that is kept stays active, where it may be run.
            if !appwrite.is_deployed(&function)? {
                appwrite.activate(&function)?;
            }
        }
        let api = Client::new(appwrite.endpoint(), PROJECT)?;
        Ok(Self {
            appwrite,
            site,
            model,
            api,
            http: reqwest::Client::builder().no_proxy().build()?,
        })
    }

    /// Calls the embedded Appwrite with the project's key. `path` begins after `/v1`.
    pub async fn api(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Answer> {
        self.request(method, path, body, &self.key()).await
    }

    /// Calls the embedded Appwrite as this user.
    pub async fn api_as(
        &self,
        user: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Answer> {
        let token = Credential::User(self.jwt(user).await?);
        self.request(method, path, body, &token).await
    }

    /// What a list of the API holds under this name. Appwrite's limit of 25 applies unless a query says otherwise.
    pub async fn list(
        &self,
        path: &str,
        name: &str,
        queries: &[Value],
    ) -> anyhow::Result<Vec<Value>> {
        let queries = queries.iter().map(|query| ("queries[]", query.to_string()));
        let queries: Vec<_> = queries.collect();
        let request = Request {
            query: &queries,
            ..Request::new(Method::GET, path)
        };
        let mut answer = self.api.ask(&request, &self.key(), None).await?;
        match answer.body.get_mut(name).map(Value::take) {
            Some(Value::Array(list)) => Ok(list),
            _ => bail!("GET {path}: {} {}", answer.status, answer.body),
        }
    }

    fn key(&self) -> Credential {
        Credential::Key(Secret::new(self.appwrite.key()))
    }

    /// Makes something by its POST, unless it is there.
    async fn make(&self, what: &str, path: &str, body: Value) -> anyhow::Result<()> {
        let answer = self.api(Method::POST, path, Some(body)).await?;
        check(&answer, what)
    }

    async fn jwt(&self, user: &str) -> anyhow::Result<Secret> {
        let path = format!("/users/{user}/jwts");
        let answer = self.api(Method::POST, &path, Some(json!({}))).await?;
        match answer.body.get("jwt").and_then(Value::as_str) {
            Some(jwt) => Ok(Secret::new(jwt)),
            None => bail!("no token for {user}: {} {}", answer.status, answer.body),
        }
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        credential: &Credential,
    ) -> anyhow::Result<Answer> {
        let request = Request {
            body: body.as_ref(),
            ..Request::new(method, path)
        };
        // A function is waited for as long as the server lets it run.
        Ok(self.api.ask(&request, credential, None).await?)
    }
}

/// Done now or there already.
fn check(answer: &Answer, what: &str) -> anyhow::Result<()> {
    if answer.status < 300 || answer.status == 409 {
        return Ok(());
    }
    bail!("{what} cannot be done: {} {}", answer.status, answer.body)
}
