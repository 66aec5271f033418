//! One run to be: what the function gets to see of who or what started it.

use serde_json::{json, Value};

use crate::access::Asker;
use crate::clock;
use crate::functions::runtime::Request;
use crate::functions::state::Functions;
use crate::storage::records;
use crate::wire::{id, Headers};

/// Headers that are stored: `FUNCTION_ALLOWLIST_HEADERS_REQUEST`.
const STORED_REQUEST_HEADERS: [&str; 5] = [
    "content-type",
    "agent",
    "content-length",
    "host",
    "x-appwrite-client-ip",
];

/// What starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    Http,
    Event,
    Schedule,
}

impl Trigger {
    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Event => "event",
            Self::Schedule => "schedule",
        }
    }
}

/// One run to be.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) function: Value,
    pub(crate) trigger: Trigger,
    /// Who counts as the caller.
    pub(crate) user: Option<String>,
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    /// The caller's first, then the platform's: of two that differ in case only, the function sees the last.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Job {
    pub(crate) fn new(function: Value, trigger: Trigger, user: Option<&str>) -> Self {
        Self {
            id: id::unique(),
            function,
            trigger,
            user: user.map(str::to_owned),
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Replaces a header of exactly this spelling, or adds it.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        match self.headers.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.to_owned(),
            None => self.headers.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The headers of every trigger.
    pub(crate) fn set_platform(&mut self, state: &Functions, jwt: &str) {
        let asker = Asker {
            function: records::id(&self.function).to_owned(),
            execution: self.id.clone(),
        };
        let scopes = &self.function["scopes"];
        let key = state.access.execution_key(&asker, scopes, self.timeout());
        let (id, user) = (self.id.clone(), self.user.clone().unwrap_or_default());
        self.set("x-appwrite-execution-id", &id);
        self.set("x-appwrite-key", &key);
        self.set("x-appwrite-trigger", self.trigger.name());
        self.set("x-appwrite-user-id", &user);
        self.set("x-appwrite-user-jwt", jwt);
        self.set("x-appwrite-country-code", "");
        self.set("x-appwrite-continent-code", "");
        self.set("x-appwrite-continent-eu", "false");
    }

    pub(crate) fn timeout(&self) -> i64 {
        self.function["timeout"].as_i64().unwrap_or_default()
    }

    pub(crate) fn request(&self) -> Request {
        Request {
            method: self.method.clone(),
            path: self.path.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            timeout_seconds: self.timeout().unsigned_abs(),
            logging: self.function["logging"] == json!(true),
        }
    }

    /// The execution as stored before it runs.
    pub(crate) fn record(&self, status: &str) -> Value {
        let now = clock::now_text();
        let permissions: Vec<String> = self
            .user
            .iter()
            .map(|user| format!("read(\"user:{user}\")"))
            .collect();
        json!({
            "$id": self.id, "$createdAt": now, "$updatedAt": now, "$permissions": permissions,
            "functionId": self.function["$id"], "deploymentId": self.function["deploymentId"],
            "trigger": self.trigger.name(), "status": status,
            "requestMethod": self.method, "requestPath": self.path,
            "requestHeaders": listed(&self.headers, Some(&STORED_REQUEST_HEADERS)),
            "responseStatusCode": 0, "responseBody": "", "responseHeaders": [],
            "logs": "", "errors": "", "duration": 0, "scheduledAt": null,
        })
    }
}

/// Headers as executions show them: a name that comes twice once, with its last value.
pub(crate) fn listed(headers: &[(String, String)], only: Option<&[&str]>) -> Value {
    let mut list: Vec<(&str, &str)> = Vec::new();
    for (name, value) in headers {
        if only.is_some_and(|only| !only.contains(&name.to_lowercase().as_str())) {
            continue;
        }
        match list.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => list.push((name, value)),
        }
    }
    list.iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

/// The proxy's word for it, where there is one: `_APP_TRUSTED_HEADERS`.
pub(crate) fn client_address(headers: &Headers) -> &str {
    headers
        .get("x-forwarded-for")
        .and_then(|list| list.split(',').next())
        .map_or("127.0.0.1", str::trim)
}
