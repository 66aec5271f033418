//! A running instance and a client for it, for the tests of this crate.

use std::path::PathBuf;

use embedded_appwrite::{Builds, Edition, EmbeddedAppwrite, Options, Storage};
use serde_json::{json, Value};

/// The rows of [`World::with_a_table`].
pub(crate) const ROWS: &str = "/tablesdb/main_dev/tables/items/rows";

pub(crate) struct World {
    pub(crate) appwrite: EmbeddedAppwrite,
    client: reqwest::Client,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) text: String,
    pub(crate) headers: reqwest::header::HeaderMap,
}

/// Whose call it is.
#[derive(Clone, Copy)]
pub(crate) enum As<'a> {
    Guest,
    Key,
    /// The key of an execution, or a further one of the project.
    OtherKey(&'a str),
    User(&'a str),
    Session(&'a str),
}

pub(crate) fn options(storage: Storage) -> Options {
    Options {
        storage,
        edition: Edition::default(),
        port: 0,
        project: "test".to_owned(),
        host_program: PathBuf::from(env!("CARGO_BIN_EXE_test-function")),
        builds: Builds::Host,
        environment: vec![("FROM_OPTIONS".to_owned(), "1".to_owned())],
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(Storage::Ephemeral).await
    }

    pub(crate) async fn on(storage: Storage) -> Self {
        Self::building(storage, Builds::Host).await
    }

    /// With this said of what is uploaded.
    pub(crate) async fn building(storage: Storage, builds: Builds) -> Self {
        Self::started(Options {
            builds,
            ..options(storage)
        })
        .await
    }

    /// Like this Appwrite, such as `2`.
    pub(crate) async fn like(edition: &str) -> Self {
        Self::started(Options {
            edition: edition.parse().unwrap(),
            ..options(Storage::Ephemeral)
        })
        .await
    }

    async fn started(options: Options) -> Self {
        Self {
            appwrite: EmbeddedAppwrite::start(options).await.unwrap(),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// With a table `items` that has a title.
    pub(crate) async fn with_a_table() -> Self {
        let world = Self::new().await;
        for (path, body) in [
            (
                "/tablesdb",
                json!({"databaseId": "main_dev", "name": "Main"}),
            ),
            (
                "/tablesdb/main_dev/tables",
                json!({
                    "tableId": "items", "name": "Items", "rowSecurity": false,
                    "permissions": ["create(\"users\")", "read(\"users\")"],
                }),
            ),
            (
                "/tablesdb/main_dev/tables/items/columns/varchar",
                json!({"key": "title", "size": 64, "required": false}),
            ),
        ] {
            let made = world.call(As::Key, "POST", path, body).await;
            assert!(made.status < 300, "{}", made.text);
        }
        world.columns_ready("/tablesdb/main_dev/tables/items").await;
        world
    }

    pub(crate) async fn call(&self, who: As<'_>, method: &str, path: &str, body: Value) -> Reply {
        let url = format!("{}{path}", self.appwrite.endpoint());
        let request = self
            .client
            .request(method.parse().unwrap(), url)
            .header("x-appwrite-project", self.appwrite.project());
        let request = match who {
            As::Guest => request,
            As::Key => request.header("x-appwrite-key", self.appwrite.key()),
            As::OtherKey(key) => request.header("x-appwrite-key", key),
            As::User(jwt) => request.header("x-appwrite-jwt", jwt),
            As::Session(session) => request.header("x-appwrite-session", session),
        };
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        Self::reply(request).await
    }

    /// An execution whose answer is asked for as this kind, as it comes over the wire.
    pub(crate) async fn execute_for(&self, accept: &str, function: &str, body: Value) -> Vec<u8> {
        let path = format!("/functions/{function}/executions");
        let request = self
            .client
            .post(format!("{}{path}", self.appwrite.endpoint()))
            .header("x-appwrite-project", self.appwrite.project())
            .header("x-appwrite-key", self.appwrite.key())
            .header("accept", accept)
            .json(&body);
        request.send().await.unwrap().bytes().await.unwrap().into()
    }

    /// A request to a function's own domain.
    pub(crate) async fn domain(
        &self,
        function: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Reply {
        let origin = self.appwrite.endpoint().trim_end_matches("/v1");
        let mut request = self
            .client
            .post(format!("{origin}{path}"))
            .header("host", format!("{function}.functions.localhost"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::reply(request).await
    }

    /// An upload with the project's key.
    pub(crate) async fn upload(&self, path: &str, headers: &[(&str, &str)], body: String) -> Reply {
        let mut request = self
            .client
            .post(format!("{}{path}", self.appwrite.endpoint()))
            .header("x-appwrite-project", self.appwrite.project())
            .header("x-appwrite-key", self.appwrite.key())
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::reply(request).await
    }

    async fn reply(request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Reply {
            status,
            body,
            text,
            headers,
        }
    }

    /// A function that runs, with these settings.
    pub(crate) async fn function(&self, id: &str, settings: Value) -> &Self {
        let mut body =
            json!({"functionId": id, "name": id, "runtime": "rust-1.83", "entrypoint": "main.rs"});
        body.as_object_mut()
            .unwrap()
            .extend(settings.as_object().unwrap().clone());
        let made = self.call(As::Key, "POST", "/functions", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        self.appwrite.activate(id).unwrap();
        self
    }

    /// A user's token.
    pub(crate) async fn user(&self, id: &str) -> String {
        let body = json!({"userId": id, "email": format!("{id}@example.com"), "name": id});
        let made = self.call(As::Key, "POST", "/users", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/users/{id}/jwts");
        let made = self.call(As::Key, "POST", &path, json!({})).await;
        made.body["jwt"].as_str().unwrap().to_owned()
    }

    /// Waits until the columns of a table are made, which happens after they were asked for.
    pub(crate) async fn columns_ready(&self, table: &str) {
        loop {
            let columns = self
                .call(As::Key, "GET", &format!("{table}/columns"), Value::Null)
                .await;
            let columns = columns.body["columns"].as_array().unwrap().clone();
            if columns.iter().all(|column| column["status"] == "available") {
                return;
            }
        }
    }

    pub(crate) async fn execute(&self, who: As<'_>, function: &str, body: Value) -> Reply {
        let path = format!("/functions/{function}/executions");
        self.call(who, "POST", &path, body).await
    }

    /// What the echoing function was asked, out of a createExecution's answer.
    #[track_caller]
    pub(crate) fn echoed(reply: &Reply) -> Value {
        assert_eq!(reply.status, 201, "{}", reply.text);
        serde_json::from_str(reply.body["responseBody"].as_str().unwrap()).unwrap()
    }
}
