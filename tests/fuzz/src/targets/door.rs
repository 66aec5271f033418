//! The door of the functions: headers, method, path, query and body of a call, up to where a handler begins.

use std::sync::{LazyLock, Once};

use domain::ids::{OrganizationId, ScrapeJobId};
use domain::rows::{ScrapeJob, TokenScope};
use domain::token::{self, Secret};
use domain::Failure;
use fastrand::Rng;
use openruntimes::{Context, Logger};
use platform::access::SignedIn;
use platform::config::DATABASE;
use platform::sweep::SweepOutcome;
use platform::{Cx, OpenTo, Reply, Routes, RowEvent, When};
use serde::Deserialize;
use serde_json::{json, Map, Value};

use super::{must, text, Target};
use crate::seeds::JSON;

/// A request to a reply.
pub(super) const DOOR: Target = Target {
    name: "door",
    cases: 3_000,
    share: 2,
    input: |random| {
        text(
            random,
            &[
                "POST / \nx-appwrite-trigger: http\nx-appwrite-user-id: u1\n\n{\"organizationId\": \"o1\", \"input\": {\"a\": [1, 2.5, \"ü\"]}, \"dryRun\": true}",
                "GET /explain jobId=j1&dryRun=1\nx-appwrite-trigger: http\nx-appwrite-user-id: u1\n\n",
                "POST /x/ \nx-appwrite-trigger: event\nx-appwrite-event: databases.main_dev.tables.scrape_jobs.rows.r1.create\n\n{\"$id\": \"r1\"}",
                "POST / \nx-appwrite-trigger: schedule\n\n",
                "POST / \nx-appwrite-trigger: http\nx-valyourise-pat: vyr_AAAA\n\n{}",
            ],
            &[
                JSON,
                &[
                    "POST", "GET", "PATCH", "/", "//", "/explain", "dryRun", "organizationId", "jobId", "http",
                    "event", "schedule", "x-appwrite-trigger: ", "x-appwrite-user-id: ", "x-appwrite-key: ",
                    "x-appwrite-execution-id: ", "tablesdb", "collections", "documents", "update", "delete", ".",
                    "\n", "\n\n", "=", "&", "{\"a\":", "[[[[[[[[", "-", "u1",
                ],
            ],
            4_096,
        )
    },
    check: check_door,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Post {
    organization_id: OrganizationId,
    input: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Get {
    job_id: ScrapeJobId,
}

static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("fuzz")
        .post("/", OpenTo::UsersAndTokens(TokenScope::Write), post)
        .get("/explain", OpenTo::Users, get)
        .event(When::Written, on_written)
        .sweep(sweep)
});

async fn post(_: Cx, _: SignedIn, post: Post) -> Result<Reply<Value>, Failure> {
    let body = json!({"id": post.organization_id, "input": post.input});
    Ok(Reply::created(body))
}

async fn get(_: Cx, _: SignedIn, get: Get) -> Result<Reply<Value>, Failure> {
    Ok(Reply::ok(json!({"id": get.job_id})))
}

async fn on_written(_: Cx, event: RowEvent<ScrapeJob>) -> Result<Option<Value>, Failure> {
    let hint: Option<Map<String, Value>> = event.payload.read();
    Ok(Some(json!({"row": event.id, "hint": hint})))
}

async fn sweep(_: Cx) -> Result<SweepOutcome<Value>, Failure> {
    Ok(SweepOutcome {
        summary: json!({"swept": true}),
        is_complete: true,
    })
}

/// What the platform sets for a deployed function. Nothing listens there.
fn configure() {
    static CONFIGURED: Once = Once::new();
    CONFIGURED.call_once(|| {
        std::env::set_var("APPWRITE_FUNCTION_API_ENDPOINT", "http://127.0.0.1:9/v1");
        std::env::set_var("APPWRITE_FUNCTION_PROJECT_ID", "fuzz");
        std::env::set_var(DATABASE.name, "main_dev");
    });
}

fn check_door(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    configure();
    let call = String::from_utf8_lossy(input);
    let (head, body) = call.split_once("\n\n").unwrap_or((&call, ""));
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let mut next = || first.next().unwrap_or_default().to_owned();
    let mut context = Context::new(Logger::new("disabled", Some("fuzz".to_owned()))?);
    context.req.method = next();
    context.req.path = next();
    let query = next();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    context.req.query = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    context.req.query_string = query;
    context.req.set_body_binary(body.as_bytes().to_vec());
    let headers = &mut context.req.headers;
    headers.insert("x-appwrite-execution-id".to_owned(), "e1".to_owned());
    headers.insert("x-appwrite-key".to_owned(), "key".to_owned());
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let presented = headers
        .get(platform::caller::TOKEN_HEADER)
        .cloned()
        .unwrap_or_default();
    if token::personal_hash(&Secret::new(presented)).is_some() {
        // A token that may be one is looked up, and nobody is there.
        return Ok(());
    }
    let response = platform::serve(context, &ROUTES);
    let body: Value = serde_json::from_slice(&response.body).map_err(|error| error.to_string())?;
    let code = body["error"]["code"].as_str();
    match response.status_code {
        200 | 201 => must(code.is_none() && body.is_object(), "a success that is none"),
        500 => must(code == Some("not_configured"), format!("500 {code:?}")),
        400..=499 => must(
            body["error"]["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "a refusal without words",
        ),
        status => Err(format!("status {status} {code:?}")),
    }
}
