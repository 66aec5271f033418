//! `valyou schema` over the wire against the embedded Appwrite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use embedded_appwrite::{Builds, EmbeddedAppwrite, Options, Storage};
use reqwest::Method;
use serde_json::{json, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use valyou::schema::{self, Change, Description, Target};

async fn appwrite() -> EmbeddedAppwrite {
    let options = Options {
        storage: Storage::Ephemeral,
        port: 0,
        project: "valyourise".to_owned(),
        key: "a-key-with-every-scope".to_owned(),
        host_program: "no-function-runs-here".into(),
        builds: Builds::Host,
        environment: Vec::new(),
    };
    EmbeddedAppwrite::start(options).await.unwrap()
}

fn description_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../appwrite.json")
}

fn description() -> Description {
    Description::read(&description_file()).unwrap()
}

fn target(appwrite: &EmbeddedAppwrite) -> Target {
    Target::new(appwrite.endpoint(), appwrite.project(), appwrite.key()).unwrap()
}

/// Everything the description has, as `apply` counts it.
fn parts(description: &Description) -> usize {
    let of_tables = description
        .tables
        .iter()
        .map(|table| 1 + table.columns.len() + table.indexes.len());
    description.databases.len() + of_tables.sum::<usize>()
}

/// Does to the server by hand what the tool never does.
async fn by_hand(appwrite: &EmbeddedAppwrite, method: Method, path: &str, body: Value) {
    let answer = reqwest::Client::new()
        .request(
            method,
            format!("{}/tablesdb/main_dev/tables/{path}", appwrite.endpoint()),
        )
        .header("x-appwrite-project", appwrite.project())
        .header("x-appwrite-key", appwrite.key())
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(
        answer.status().is_success(),
        "{path}: {}",
        answer.text().await.unwrap()
    );
}

/// Stands between the tool and the server: keeps what was asked, and cuts every connection once `writes` requests
/// that write have gone through.
struct Wire {
    endpoint: String,
    asked: Arc<Mutex<Vec<u8>>>,
    writes: Arc<AtomicUsize>,
}

impl Wire {
    async fn to(appwrite: &EmbeddedAppwrite, writes: usize) -> Self {
        let server = appwrite
            .endpoint()
            .trim_start_matches("http://")
            .trim_end_matches("/v1")
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self {
            endpoint: format!("http://{}/v1", listener.local_addr().unwrap()),
            asked: Arc::default(),
            writes: Arc::new(AtomicUsize::new(writes)),
        };
        let (asked, writes) = (Arc::clone(&wire.asked), Arc::clone(&wire.writes));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(forward(
                    client,
                    server,
                    Arc::clone(&asked),
                    Arc::clone(&writes),
                ));
            }
        });
        wire
    }

    fn target(&self, appwrite: &EmbeddedAppwrite) -> Target {
        Target::new(&self.endpoint, appwrite.project(), appwrite.key()).unwrap()
    }

    fn written(&self) -> usize {
        let asked = self.asked.lock().unwrap();
        ["POST /v1/", "PUT /v1/", "PATCH /v1/", "DELETE /v1/"]
            .iter()
            .map(|start| count(&asked, start))
            .sum()
    }

    fn read(&self) -> usize {
        count(&self.asked.lock().unwrap(), "GET /v1/")
    }
}

fn count(bytes: &[u8], text: &str) -> usize {
    bytes
        .windows(text.len())
        .filter(|window| *window == text.as_bytes())
        .count()
}

async fn forward(
    client: TcpStream,
    server: TcpStream,
    asked: Arc<Mutex<Vec<u8>>>,
    writes: Arc<AtomicUsize>,
) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answers =
        tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        let asks = &buffer[..length];
        let left = writes.load(Ordering::SeqCst);
        let wanted = count(asks, "POST /v1/");
        if wanted > left {
            break;
        }
        writes.fetch_sub(wanted, Ordering::SeqCst);
        asked.lock().unwrap().extend(asks);
        if to_server.write_all(asks).await.is_err() {
            break;
        }
    }
    answers.abort();
}

#[tokio::test]
async fn an_empty_server_gets_everything_and_a_second_run_writes_nothing() {
    let appwrite = appwrite().await;
    let description = description();

    let plan = schema::plan(&target(&appwrite), &description)
        .await
        .unwrap();
    assert_eq!(plan.missing(), parts(&description));
    assert!(plan.drift.is_empty());

    let wire = Wire::to(&appwrite, usize::MAX).await;
    let report = schema::apply(&wire.target(&appwrite), &description)
        .await
        .unwrap();
    assert_eq!(report.created, parts(&description));
    assert_eq!(
        wire.written(),
        parts(&description),
        "each part is created by one request"
    );

    let plan = schema::plan(&target(&appwrite), &description)
        .await
        .unwrap();
    assert_eq!(plan.to_string(), "nothing to do\n");

    let wire = Wire::to(&appwrite, usize::MAX).await;
    let report = schema::apply(&wire.target(&appwrite), &description)
        .await
        .unwrap();
    assert_eq!((report.created, wire.written()), (0, 0));
    assert!(report.drift.is_empty() && report.notes.is_empty());
    assert!(wire.read() > 0);
}

#[tokio::test]
async fn one_database_can_be_brought_up_without_the_other() {
    let appwrite = appwrite().await;
    let only_dev = description().limited_to("main_dev").unwrap();
    schema::apply(&target(&appwrite), &only_dev).await.unwrap();

    let described = description();
    let plan = schema::plan(&target(&appwrite), &described)
        .await
        .unwrap()
        .to_string();
    assert!(
        plan.starts_with(
            "create the database main_database\ncreate the table main_database.organizations\n"
        ),
        "{plan}"
    );
    assert!(!plan.contains("main_dev"), "{plan}");
}

#[tokio::test]
async fn a_run_that_is_cut_off_again_and_again_is_resumed_until_nothing_is_left() {
    let appwrite = appwrite().await;
    let description = description().limited_to("main_dev").unwrap();
    let mut cuts = 0;
    for writes in [0, 1, 2, 5].into_iter().chain(std::iter::repeat(40)) {
        let wire = Wire::to(&appwrite, writes).await;
        match schema::apply(&wire.target(&appwrite), &description).await {
            Ok(_) => break,
            Err(error) => {
                cuts += 1;
                assert!(
                    format!("{error:#}").contains("cannot reach Appwrite"),
                    "{error:#}"
                );
                assert!(cuts < 30, "it gets no further");
            }
        }
    }
    assert!(cuts > 5, "only {cuts} cuts");
    let plan = schema::plan(&target(&appwrite), &description)
        .await
        .unwrap();
    assert_eq!(plan.to_string(), "nothing to do\n");
}

#[tokio::test]
async fn what_was_changed_by_hand_is_told_and_left_alone() {
    let appwrite = appwrite().await;
    let description = description().limited_to("main_dev").unwrap();
    schema::apply(&target(&appwrite), &description)
        .await
        .unwrap();

    let shorter = json!({"required": true, "default": null, "size": 200});
    by_hand(
        &appwrite,
        Method::PATCH,
        "okr_items/columns/varchar/title",
        shorter,
    )
    .await;
    let more = json!({"required": false, "default": null, "elements": ["pending", "work_in_progress", "done", "late"]});
    by_hand(
        &appwrite,
        Method::PATCH,
        "okr_items/columns/enum/actionStatus",
        more,
    )
    .await;
    by_hand(
        &appwrite,
        Method::DELETE,
        "okr_items/columns/positionX",
        json!({}),
    )
    .await;
    let other = json!({"key": "positionX", "required": false, "array": false});
    by_hand(&appwrite, Method::POST, "okr_items/columns/integer", other).await;
    by_hand(
        &appwrite,
        Method::POST,
        "okr_items/columns/boolean",
        json!({"key": "starred", "required": false}),
    )
    .await;
    by_hand(&appwrite, Method::DELETE, "pat/indexes/patHash", json!({})).await;
    let unique =
        json!({"key": "patHash", "type": "unique", "columns": ["patHash"], "orders": ["DESC"]});
    by_hand(&appwrite, Method::POST, "pat/indexes", unique).await;
    by_hand(
        &appwrite,
        Method::PUT,
        "reports",
        json!({"name": "reports", "permissions": [], "rowSecurity": false}),
    )
    .await;

    let told = "nothing to do\n\
        drift: main_dev.okr_items.title: is varchar(200), described as varchar(512)\n\
        drift: main_dev.okr_items.actionStatus: is enum(pending|work_in_progress|done|late), described as \
        enum(pending|work_in_progress|done)\n\
        drift: main_dev.okr_items.positionX: is integer, described as double\n\
        drift: main_dev.reports: row security is off, described as on\n\
        drift: main_dev.pat index patHash: is unique on patHash descending, described as key on patHash ascending\n\
        note: main_dev.okr_items.starred: is not described\n";
    let plan = schema::plan(&target(&appwrite), &description)
        .await
        .unwrap();
    assert_eq!(plan.to_string(), told);

    let wire = Wire::to(&appwrite, usize::MAX).await;
    let report = schema::apply(&wire.target(&appwrite), &description)
        .await
        .unwrap();
    assert_eq!(
        (report.created, report.drift.len(), wire.written()),
        (0, 5, 0)
    );
}

#[tokio::test]
async fn functions_get_all_their_settings_and_are_left_alone_afterwards() {
    let appwrite = appwrite().await;
    let mut description = description();
    let ids: Vec<String> = description
        .functions
        .iter()
        .map(|function| function.id.clone())
        .collect();
    let all = |change: Change| {
        ids.iter()
            .cloned()
            .map(|id| (id, change))
            .collect::<Vec<_>>()
    };

    assert_eq!(
        schema::apply_functions(&target(&appwrite), &description)
            .await
            .unwrap(),
        all(Change::Created)
    );
    assert_eq!(
        schema::apply_functions(&target(&appwrite), &description)
            .await
            .unwrap(),
        all(Change::Unchanged)
    );
    description
        .functions
        .iter_mut()
        .for_each(|function| function.timeout += 1);
    assert_eq!(
        schema::apply_functions(&target(&appwrite), &description)
            .await
            .unwrap(),
        all(Change::Updated)
    );
    assert_eq!(
        schema::apply_functions(&target(&appwrite), &description)
            .await
            .unwrap(),
        all(Change::Unchanged)
    );
}

#[tokio::test]
async fn a_server_that_refuses_is_answered_with_what_to_do_and_never_with_the_key() {
    let appwrite = appwrite().await;
    let description = description();
    let free_port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let nobody = format!("http://{free_port}/v1");
    let elsewhere = appwrite.endpoint().replace("/v1", "/v2");
    let secret = "another-key";
    let cases = [
        (
            appwrite.endpoint(),
            appwrite.project(),
            secret,
            "the key is not a key of the project valyourise",
        ),
        (
            appwrite.endpoint(),
            "other",
            secret,
            "the server has no project other; check --project",
        ),
        (
            nobody.as_str(),
            appwrite.project(),
            secret,
            "check --endpoint and that it runs",
        ),
        (
            elsewhere.as_str(),
            appwrite.project(),
            appwrite.key(),
            "check --endpoint, which ends in /v1",
        ),
    ];
    for (endpoint, project, key, expect) in cases {
        let error = match Target::new(endpoint, project, key) {
            Ok(target) => schema::plan(&target, &description)
                .await
                .map(|plan| plan.to_string())
                .unwrap_err(),
            Err(error) => error,
        };
        let told = format!("{error:#}");
        assert!(told.contains(expect), "{told}\nwanted: {expect}");
        assert!(
            !told.contains(key) && !format!("{error:?}").contains(key),
            "{error:?}"
        );
    }
}

/// Runs the tool itself; its exit code and what it printed, errors last.
async fn tool(appwrite: &EmbeddedAppwrite, verb: &str, file: &Path) -> (Option<i32>, String) {
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_valyou-under-test"))
        .args(["schema", verb, "--database", "main_dev", "--file"])
        .arg(file)
        .env("APPWRITE_ENDPOINT", appwrite.endpoint())
        .env("APPWRITE_PROJECT_ID", appwrite.project())
        .env("APPWRITE_API_KEY", appwrite.key())
        .output()
        .await
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(printed).unwrap())
}

#[tokio::test]
async fn the_exit_code_says_whether_the_server_is_as_described() {
    let appwrite = appwrite().await;
    let file = description_file();
    let check = |told: (Option<i32>, String), code: i32, end: &str| {
        assert_eq!(told.0, Some(code), "{}", told.1);
        assert!(told.1.ends_with(end), "{}", told.1);
    };
    let last_step = "create the index main_dev.pat userId key on userId ascending\n";
    check(tool(&appwrite, "plan", &file).await, 0, last_step);
    check(tool(&appwrite, "check", &file).await, 2, last_step);
    check(
        tool(&appwrite, "apply", &file).await,
        0,
        " databases, tables, columns and indexes\n",
    );
    check(tool(&appwrite, "check", &file).await, 0, "nothing to do\n");
    check(tool(&appwrite, "apply", &file).await, 0, "nothing to do\n");

    let longer = json!({"required": true, "default": null, "size": 600});
    by_hand(
        &appwrite,
        Method::PATCH,
        "okr_items/columns/varchar/title",
        longer,
    )
    .await;
    for verb in ["plan", "check", "apply"] {
        let drift = "drift: main_dev.okr_items.title: is varchar(600), described as varchar(512)\n";
        check(tool(&appwrite, verb, &file).await, 2, drift);
    }

    let text =
        std::fs::read_to_string(&file)
            .unwrap()
            .replacen("\"rowSecurity\"", "\"rowsecurity\"", 1);
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("appwrite.json");
    std::fs::write(&wrong, text).unwrap();
    let (code, told) = tool(&appwrite, "apply", &wrong).await;
    assert_eq!(code, Some(1));
    assert!(
        told.contains("appwrite.json is not a valid description: unknown field `rowsecurity`"),
        "{told}"
    );
    assert!(told.contains(" at line "), "{told}");
}

#[test]
fn both_databases_are_described_alike() {
    let description = description();
    let of = |database: &str| {
        let mut tables = description.clone().limited_to(database).unwrap().tables;
        tables
            .iter_mut()
            .for_each(|table| table.database_id.clear());
        tables
    };
    assert_eq!(of("main_database").len(), 11);
    assert!(
        of("main_database") == of("main_dev"),
        "main_database and main_dev differ in appwrite.json"
    );
}

#[test]
fn only_what_a_requester_watches_has_row_security_and_no_table_grants_anything() {
    for table in description().tables {
        let watched = ["scrape_jobs", "reports"].contains(&table.id.as_str());
        assert_eq!(table.row_security, watched, "{}", table.place());
        assert!(table.permissions.is_empty(), "{}", table.place());
    }
}
