//! A whole ValYouRise on this machine: embedded Appwrite, both databases, the functions in processes of their own, and
//! a demo company website. The development environment, the demo, the tests and the benchmarks all live in it.

pub mod model_server;
mod people;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{bail, Context};
use domain::time::Timestamp;
use domain::token::Secret;
use embedded_appwrite::{Builds, Edition, EmbeddedAppwrite, Options, Storage};
use platform::config::VARIABLES;
use reqwest::Method;
use serde_json::{json, Value};

use self::model_server::ModelServer;
use crate::schema::{self, Description, Target};
use crate::site::Site;
use crate::vars;

/// The database that the functions of a world work on.
pub const DATABASE: &str = "main_dev";

/// The one project of a world.
pub const PROJECT: &str = "valyourise";

/// Longest wait for something that happens on its own, such as an event's execution.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is in `appwrite.json`, the only description of databases, tables and functions.
const DESCRIPTION: &str = include_str!("../../../appwrite.json");

/// How to start a [`World`].
#[derive(Debug)]
pub struct Setup {
    pub storage: Storage,
    /// Port of the embedded Appwrite; 0 takes any free one.
    pub port: u16,
    /// The program that serves functions: this tool.
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
    http: reqwest::Client,
}

/// An answer of the embedded Appwrite.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// What a function replied to an execution.
#[derive(Clone, Debug)]
pub struct Reply {
    pub execution: String,
    pub status: u16,
    pub body: Value,
    pub logs: String,
    pub errors: String,
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
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self {
            appwrite,
            site,
            model,
            http,
        })
    }

    /// Calls the embedded Appwrite with the project's key. `path` begins after `/v1`.
    pub async fn api(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Answer> {
        let credential = ("x-appwrite-key", self.appwrite.key());
        self.request(method, path, body, credential).await
    }

    /// Calls the embedded Appwrite as this user.
    pub async fn api_as(
        &self,
        user: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Answer> {
        let jwt = self.jwt(user).await?;
        self.request(method, path, body, ("x-appwrite-jwt", &jwt))
            .await
    }

    /// Makes a user, unless it exists.
    pub async fn user(&self, id: &str, name: &str) -> anyhow::Result<()> {
        let email = format!("{id}@example.com");
        let body = json!({"userId": id, "name": name, "email": email, "password": "correct-horse-battery"});
        let answer = self.api(Method::POST, "/users", Some(body)).await?;
        answer.made(&format!("user {id}"))
    }

    /// Makes an organisation with its team, and its owner a confirmed member of that, unless it exists.
    pub async fn organization(&self, id: &str, name: &str, owner: &str) -> anyhow::Result<()> {
        self.user(owner, owner).await?;
        let team = format!("team-{id}");
        let answer = self
            .api(
                Method::POST,
                "/teams",
                Some(json!({"teamId": team, "name": name})),
            )
            .await?;
        answer.made(&format!("team {team}"))?;
        self.member(id, owner, "owner").await?;
        let data = json!({
            "name": name, "slug": id, "teamId": team, "createdByUserId": owner,
            "defaultPrivacyMode": "option_1", "aiEnrichmentOptIn": false,
        });
        self.row("organizations", id, data, &[]).await
    }

    /// Sets whether an organisation lets a model be asked.
    pub async fn opt_in(&self, organization: &str, opted_in: bool) -> anyhow::Result<()> {
        let path = format!("/tablesdb/{DATABASE}/tables/organizations/rows/{organization}");
        let body = json!({"data": {"aiEnrichmentOptIn": opted_in}});
        let answer = self.api(Method::PATCH, &path, Some(body)).await?;
        answer.made("the organisation's consent")
    }

    /// Makes a user a confirmed member of an organisation's team.
    pub async fn member(&self, organization: &str, user: &str, role: &str) -> anyhow::Result<()> {
        self.user(user, user).await?;
        let path = format!("/teams/team-{organization}/memberships");
        let answer = self
            .api(
                Method::POST,
                &path,
                Some(json!({"userId": user, "roles": [role]})),
            )
            .await?;
        answer.made(&format!("{user}'s membership"))
    }

    /// Creates a row as the frontend's server would, unless its id is taken.
    pub async fn row(
        &self,
        table: &str,
        id: &str,
        data: Value,
        permissions: &[String],
    ) -> anyhow::Result<()> {
        let path = format!("/tablesdb/{DATABASE}/tables/{table}/rows");
        let body = json!({"rowId": id, "data": data, "permissions": permissions});
        let answer = self.api(Method::POST, &path, Some(body)).await?;
        answer.made(&format!("row {id} of {table}"))
    }

    /// The row of this id, read by list.
    pub async fn find(&self, table: &str, id: &str) -> anyhow::Result<Option<Value>> {
        let query = json!({"method": "equal", "attribute": "$id", "values": [id]});
        Ok(self.rows(table, &[query]).await?.into_iter().next())
    }

    /// Rows of a table; Appwrite's default limit of 25 applies unless a query says otherwise.
    pub async fn rows(&self, table: &str, queries: &[Value]) -> anyhow::Result<Vec<Value>> {
        let mut path = format!("/tablesdb/{DATABASE}/tables/{table}/rows?");
        path.extend(queries.iter().map(|query| {
            let text: String =
                url::form_urlencoded::byte_serialize(query.to_string().as_bytes()).collect();
            format!("queries[]={text}&")
        }));
        let answer = self.api(Method::GET, &path, None).await?;
        match answer.body.get("rows") {
            Some(Value::Array(rows)) => Ok(rows.clone()),
            _ => bail!("list of {table}: {} {}", answer.status, answer.body),
        }
    }

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

    /// Waits until the row satisfies `is_there`; every state it was seen in goes through it.
    pub async fn watch(
        &self,
        table: &str,
        id: &str,
        mut is_there: impl FnMut(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let begun = tokio::time::Instant::now();
        loop {
            if let Some(row) = self.find(table, id).await? {
                if is_there(&row) {
                    return Ok(row);
                }
            }
            if begun.elapsed() > PATIENCE {
                bail!(
                    "row {id} of {table} did not get there within {} s",
                    PATIENCE.as_secs()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Takes a function's events away, so that only calls and sweeps reach it.
    pub async fn mute(&self, function: &str) -> anyhow::Result<()> {
        let path = format!("/functions/{function}");
        let mut settings = self.api(Method::GET, &path, None).await?.body;
        settings["events"] = json!([]);
        let answer = self.api(Method::PUT, &path, Some(settings)).await?;
        answer.made("the function's settings")
    }

    /// Makes a job look an hour old, its lease over: what a sweep takes for missed or left behind.
    pub async fn age(&self, table: &str, id: &str) -> anyhow::Result<()> {
        let row = self
            .find(table, id)
            .await?
            .context("there is no such job")?;
        #[expect(
            clippy::disallowed_methods,
            reason = "a world is its own caller: no cx hands it the time"
        )]
        let long_ago = Timestamp::new(chrono::Utc::now()).minus(Duration::from_secs(3600));
        let mut data = json!({"$createdAt": long_ago});
        // The column that records a job's claim.
        for column in ["prefillJson", "inputSnapshotJson"] {
            let claim: Option<Value> = row[column]
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok());
            if let Some(mut claim) = claim {
                claim["meta"]["startedAt"] = json!(long_ago);
                data[column] = json!(claim.to_string());
            }
        }
        let path = format!("/tablesdb/{DATABASE}/tables/{table}/rows/{id}");
        let answer = self
            .api(Method::PATCH, &path, Some(json!({"data": data})))
            .await?;
        answer.made("the job's age")
    }

    /// The logs of a function's executions, one text each.
    pub async fn logs(&self, function: &str) -> anyhow::Result<Vec<String>> {
        let limit: String =
            url::form_urlencoded::byte_serialize(br#"{"method":"limit","values":[100]}"#).collect();
        let path = format!("/functions/{function}/executions?queries[]={limit}");
        let list = self.api(Method::GET, &path, None).await?.body;
        let executions = list["executions"]
            .as_array()
            .context("no list of executions")?;
        Ok(executions
            .iter()
            .map(|execution| execution["logs"].as_str().unwrap_or_default().to_owned())
            .collect())
    }

    async fn jwt(&self, user: &str) -> anyhow::Result<String> {
        let answer = self
            .api(
                Method::POST,
                &format!("/users/{user}/jwts"),
                Some(json!({})),
            )
            .await?;
        match answer.body.get("jwt").and_then(Value::as_str) {
            Some(jwt) => Ok(jwt.to_owned()),
            None => bail!("no token for {user}: {} {}", answer.status, answer.body),
        }
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        credential: (&str, &str),
    ) -> anyhow::Result<Answer> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.appwrite.endpoint()))
            .header("x-appwrite-project", PROJECT)
            .header(credential.0, credential.1);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text)?
        };
        Ok(Answer { status, body })
    }
}

impl Answer {
    /// Created now or there already.
    fn made(&self, what: &str) -> anyhow::Result<()> {
        if self.status < 300 || self.status == 409 {
            return Ok(());
        }
        bail!("{what} cannot be made: {} {}", self.status, self.body)
    }
}
