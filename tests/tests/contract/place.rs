//! The server that the cases are asked of, with one database, one table and users that nobody else uses.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

use embedded_appwrite::{Builds, Database, Edition, EmbeddedAppwrite, Line, Options, Storage};
use serde_json::{json, Value};
use world::echo::Host;

const PROGRAM: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// The table of all cases.
pub(crate) const TABLE: &str = "things";

/// What is asked when nothing else is said; each has a column.
const EDITIONS: [&str; 3] = ["1.9", "2", "2-postgresql"];

/// Longest wait for columns and indexes.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

pub(crate) struct Place {
    pub(crate) endpoint: String,
    pub(crate) embedded: Option<EmbeddedAppwrite>,
    /// Which Appwrite it is; nobody knows of another's server.
    pub(crate) edition: Option<Edition>,
    /// At the head of its column.
    pub(crate) name: String,
    /// Unique to this run; begins the ids of all that it makes.
    pub(crate) run: String,
    project: String,
    key: String,
    http: reqwest::Client,
    /// Of the embedded server's functions.
    host: Host,
    counter: AtomicUsize,
    users: Mutex<Vec<String>>,
    teams: Mutex<Vec<String>>,
}

#[derive(Clone, Copy)]
pub(crate) enum As<'a> {
    Key,
    Guest,
    User(&'a str),
    OtherKey(&'a str),
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    /// The error's type.
    pub(crate) fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_default().to_owned()
    }

    /// Answered well, or the test ends here.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.status < 300, "{} {}", self.status, self.text);
        self
    }

    #[track_caller]
    pub(crate) fn refused(self, status: u16, kind: &str) -> Self {
        let found = (self.status, self.kind());
        assert_eq!(found, (status, kind), "{}", self.text);
        self
    }

    /// A value of a unique column is taken; line 1.9 says of the id that it is.
    #[track_caller]
    pub(crate) fn clashed(self, place: &Place) -> Self {
        const KINDS: [&str; 2] = ["row_already_exists", "row_unique_constraint_violation"];
        let known = place.edition.map(|edition| match edition.line {
            Line::V1_9 => KINDS[0],
            Line::V2 => KINDS[1],
        });
        let kind = known.unwrap_or(match self.kind() {
            kind if kind == KINDS[1] => KINDS[1],
            _ => KINDS[0],
        });
        self.refused(409, kind)
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        self.body["rows"].as_array().cloned().unwrap_or_default()
    }
}

impl Place {
    /// The server of the environment, else embedded ones: of the line that is asked for, or of each.
    pub(crate) async fn all() -> Vec<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test has no command line to be told the server by"
        )]
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let known = (
            variable("APPWRITE_ENDPOINT"),
            variable("APPWRITE_PROJECT_ID"),
            variable("APPWRITE_API_KEY"),
        );
        if let (Some(endpoint), Some(project), Some(key)) = known {
            return vec![Self::at(&endpoint, &project, &key).await];
        }
        let names = match variable("VALYOU_APPWRITE") {
            Some(name) => vec![name],
            None => EDITIONS.map(str::to_owned).to_vec(),
        };
        let mut places = Vec::new();
        for name in names {
            places.push(Self::of(name).await);
        }
        places
    }

    /// An embedded server.
    async fn of(name: String) -> Self {
        let edition = name.parse().unwrap();
        let host = Host::new(Path::new(PROGRAM)).unwrap();
        let embedded = embedded(&host, edition).await;
        let endpoint = embedded.endpoint().to_owned();
        let (project, key) = (embedded.project().to_owned(), embedded.key().to_owned());
        let place = Self {
            embedded: Some(embedded),
            edition: Some(edition),
            name,
            host,
            ..Self::told(&endpoint, &project, &key)
        };
        place.table().await;
        place
    }

    /// Somebody else's server.
    async fn at(endpoint: &str, project: &str, key: &str) -> Self {
        let place = Self::told(endpoint, project, key);
        place.table().await;
        place
    }

    fn told(endpoint: &str, project: &str, key: &str) -> Self {
        Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            embedded: None,
            edition: None,
            name: "there".to_owned(),
            run: format!("contract-{:x}", fastrand::u64(..)),
            project: project.to_owned(),
            key: key.to_owned(),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            host: Host::new(Path::new(PROGRAM)).unwrap(),
            counter: AtomicUsize::new(0),
            users: Mutex::default(),
            teams: Mutex::default(),
        }
    }

    /// The line of an embedded server.
    pub(crate) fn line(&self) -> Line {
        self.edition.unwrap().line
    }

    /// Whether texts are the same here that differ in case, accents or blanks behind, as on MariaDB. Of another's server
    /// only its answer tells.
    pub(crate) fn is_blind(&self, seems: bool) -> bool {
        let known = self.edition.map(|edition| edition.database);
        known.map_or(seems, |database| database == Database::MariaDb)
    }

    /// Takes away what the run made.
    pub(crate) async fn clear(&self) {
        let users = std::mem::take(&mut *self.users.lock().unwrap());
        let teams = std::mem::take(&mut *self.teams.lock().unwrap());
        let database = format!("/tablesdb/{}", self.run);
        let paths = users.iter().map(|user| format!("/users/{user}"));
        let paths = paths.chain(teams.iter().map(|team| format!("/teams/{team}")));
        for path in paths.chain([database]) {
            let gone = self.key("DELETE", &path, Value::Null).await;
            assert!(gone.status < 300, "{path} stays: {}", gone.text);
        }
    }

    pub(crate) async fn ask(&self, who: As<'_>, method: &str, path: &str, body: Value) -> Answer {
        self.ask_with(who, method, path, body, &[]).await
    }

    pub(crate) async fn ask_with(
        &self,
        who: As<'_>,
        method: &str,
        path: &str,
        body: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.endpoint))
            .header("x-appwrite-project", &self.project);
        request = match who {
            As::Key => request.header("x-appwrite-key", &self.key),
            As::Guest => request,
            As::User(token) => request.header("x-appwrite-jwt", token),
            As::OtherKey(key) => request.header("x-appwrite-key", key),
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        Self::answer(request).await
    }

    async fn answer(request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Answer { status, body, text }
    }

    pub(crate) async fn key(&self, method: &str, path: &str, body: Value) -> Answer {
        self.ask(As::Key, method, path, body).await
    }

    /// The path of the rows.
    pub(crate) fn rows(&self) -> String {
        format!("/tablesdb/{}/tables/{TABLE}/rows", self.run)
    }

    pub(crate) fn row(&self, id: &str) -> String {
        format!("{}/{id}", self.rows())
    }

    /// An id that no other case uses.
    pub(crate) fn id(&self, name: &str) -> String {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        format!("{name}{number}")
    }

    /// Appwrite makes no row without any data.
    pub(crate) async fn create(&self, id: &str, mut data: Value) -> Answer {
        if data == json!({}) {
            data = json!({"kind": "a"});
        }
        let body = json!({"rowId": id, "data": data});
        self.key("POST", &self.rows(), body).await
    }

    pub(crate) async fn patch(&self, id: &str, data: Value) -> Answer {
        self.key("PATCH", &self.row(id), json!({"data": data}))
            .await
    }

    /// A write that is only to happen if the row is no newer.
    pub(crate) async fn guarded(&self, id: &str, data: Value, guard: &str) -> Answer {
        let headers = [("x-appwrite-timestamp", guard)];
        let body = json!({"data": data});
        self.ask_with(As::Key, "PATCH", &self.row(id), body, &headers)
            .await
    }

    pub(crate) async fn get(&self, id: &str) -> Answer {
        self.key("GET", &self.row(id), Value::Null).await
    }

    pub(crate) async fn list(&self, queries: &[Value]) -> Answer {
        self.list_as(As::Key, queries).await
    }

    pub(crate) async fn list_as(&self, who: As<'_>, queries: &[Value]) -> Answer {
        let path = format!("{}?{}", self.rows(), encoded(queries));
        self.ask(who, "GET", &path, Value::Null).await
    }

    /// The row of this id, read by list: never stale.
    pub(crate) async fn find(&self, id: &str) -> Option<Value> {
        let rows = self.list(&[equal("$id", &[id])]).await.ok().rows();
        rows.into_iter().next()
    }

    pub(crate) async fn transaction(&self) -> String {
        let made = self.key("POST", "/tablesdb/transactions", json!({})).await;
        made.ok().text("$id")
    }

    pub(crate) async fn stage(&self, transaction: &str, operations: Value) -> Answer {
        let path = format!("/tablesdb/transactions/{transaction}/operations");
        self.key("POST", &path, json!({"operations": operations}))
            .await
    }

    pub(crate) async fn commit(&self, transaction: &str) -> Answer {
        let path = format!("/tablesdb/transactions/{transaction}");
        self.key("PATCH", &path, json!({"commit": true})).await
    }

    /// One operation on the table.
    pub(crate) fn operation(&self, action: &str, id: &str, data: Value) -> Value {
        let place = json!({"action": action, "databaseId": self.run, "tableId": TABLE});
        let mut operation = place;
        if !id.is_empty() {
            operation["rowId"] = json!(id);
        }
        if data == json!({}) {
            // Line 2 stages nothing without any data.
            operation["data"] = json!({"kind": "a"});
        } else if !data.is_null() {
            operation["data"] = data;
        }
        operation
    }

    /// A user who is removed in the end.
    pub(crate) async fn user(&self, name: &str) -> String {
        let id = format!("{}-{}", self.id(name), &self.run["contract-".len()..]);
        let body = json!({"userId": id, "email": format!("{id}@example.com"), "name": name});
        self.key("POST", "/users", body).await.ok();
        self.users.lock().unwrap().push(id.clone());
        id
    }

    pub(crate) async fn token(&self, user: &str) -> String {
        let made = self
            .key("POST", &format!("/users/{user}/jwts"), json!({}))
            .await;
        made.ok().text("jwt")
    }

    /// A team that is removed in the end.
    pub(crate) async fn team(&self) -> String {
        let id = format!("{}-{}", self.id("team"), &self.run["contract-".len()..]);
        let body = json!({"teamId": id, "name": id});
        self.key("POST", "/teams", body).await.ok();
        self.teams.lock().unwrap().push(id.clone());
        id
    }

    pub(crate) fn embedded(&self) -> &EmbeddedAppwrite {
        self.embedded.as_ref().unwrap()
    }

    /// A function that tells what it got; only on the embedded server.
    pub(crate) async fn echo(&self, settings: Value) -> String {
        let id = self.id("echo");
        let mut body =
            json!({"functionId": id, "name": id, "runtime": "rust-1.83", "entrypoint": "main.rs"});
        let fields = body.as_object_mut().unwrap();
        fields.extend(settings.as_object().cloned().unwrap());
        self.key("POST", "/functions", body).await.ok();
        self.embedded().activate(&id).unwrap();
        id
    }

    pub(crate) async fn execute(&self, who: As<'_>, function: &str, body: Value) -> Answer {
        let path = format!("/functions/{function}/executions");
        self.ask(who, "POST", &path, body).await
    }

    /// A request to a function's own domain.
    pub(crate) async fn domain(&self, function: &str, headers: &[(&str, &str)]) -> Answer {
        let origin = self.endpoint.trim_end_matches("/v1");
        let mut request = self
            .http
            .post(format!("{origin}/hook"))
            .header("host", format!("{function}.functions.localhost"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::answer(request).await
    }

    /// What functions got since the last call, when nothing is under way any more.
    pub(crate) async fn received(&self, function: &str) -> Vec<Value> {
        self.embedded().idle().await;
        let mut received = self.host.take_received();
        received.retain(|request| request["function"] == function);
        received
    }

    async fn table(&self) {
        let run = &self.run;
        let body = json!({"databaseId": run, "name": run});
        self.key("POST", "/tablesdb", body).await.ok();
        let body = json!({
            "tableId": TABLE, "name": TABLE, "rowSecurity": true, "permissions": [r#"create("users")"#],
        });
        let tables = format!("/tablesdb/{run}/tables");
        self.key("POST", &tables, body).await.ok();
        let table = format!("{tables}/{TABLE}");
        for (kind, body) in [
            ("varchar", json!({"key": "case", "size": 100})),
            ("varchar", json!({"key": "slug", "size": 64})),
            ("mediumtext", json!({"key": "title"})),
            ("integer", json!({"key": "count", "default": 0})),
            ("datetime", json!({"key": "when"})),
            ("enum", json!({"key": "kind", "elements": ["a", "b"]})),
        ] {
            let mut body = body;
            body["required"] = json!(false);
            let path = format!("{table}/columns/{kind}");
            self.key("POST", &path, body).await.ok();
        }
        self.settled(&table).await;
        for (kind, column) in [("unique", "slug"), ("key", "case")] {
            let body = json!({"key": column, "type": kind, "columns": [column]});
            self.key("POST", &format!("{table}/indexes"), body)
                .await
                .ok();
        }
        self.settled(&table).await;
    }

    /// Waits until the columns and indexes are made.
    pub(crate) async fn settled(&self, table: &str) {
        let begun = std::time::Instant::now();
        loop {
            let found = self.key("GET", table, Value::Null).await.ok();
            let parts = ["columns", "indexes"].into_iter().flat_map(|part| {
                let parts = found.body[part].as_array();
                parts.cloned().unwrap_or_default()
            });
            let mut parts = parts;
            if parts.all(|part| part["status"] == "available") {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{}", found.text);
            tokio::task::yield_now().await;
        }
    }
}

async fn embedded(host: &Host, edition: Edition) -> EmbeddedAppwrite {
    let started = EmbeddedAppwrite::start(Options {
        storage: Storage::Ephemeral,
        edition,
        port: 0,
        project: "contract".to_owned(),
        host_program: host.program(),
        builds: Builds::Host,
        environment: host.environment(),
    });
    let embedded = started.await.unwrap();
    embedded.set_schedule_by_hand(true);
    embedded
}

pub(crate) fn equal(column: &str, values: &[&str]) -> Value {
    json!({"method": "equal", "attribute": column, "values": values})
}

pub(crate) fn query(method: &str, values: Value) -> Value {
    json!({"method": method, "values": values})
}

fn encoded(queries: &[Value]) -> String {
    let pairs = queries.iter().map(|query| ("queries[]", query.to_string()));
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
