//! `valyou schema` over the wire against the embedded Appwrite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;

use embedded_appwrite::EmbeddedAppwrite;
use project::schema::{self, Change};
use project::{Description, Target};
use serde_json::{json, Value};
use tests::{by_hand, description_file, settled};
use tokio::net::TcpListener;
use tokio::process::Command;

use self::wire::{Deed, Stop, When, Wire, WRITES};

#[path = "schema/changes.rs"]
mod changes;
#[path = "schema/push.rs"]
mod push;
#[path = "schema/races.rs"]
mod races;
#[path = "schema/required.rs"]
mod required;
#[path = "schema/unsteady.rs"]
mod unsteady;
#[path = "schema/wire.rs"]
mod wire;

async fn appwrite() -> EmbeddedAppwrite {
    tests::appwrite("no-function-runs-here").await
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

/// Runs the tool itself; its exit code and what it printed, errors last.
async fn tool(
    appwrite: &EmbeddedAppwrite,
    endpoint: &str,
    verb: &str,
    file: &Path,
) -> (Option<i32>, String) {
    let output = command(appwrite, endpoint, verb, file)
        .output()
        .await
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(printed).unwrap())
}

fn command(appwrite: &EmbeddedAppwrite, endpoint: &str, verb: &str, file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_valyou-under-test"));
    command
        .args(["schema", verb, "--file"])
        .arg(file)
        .env("APPWRITE_ENDPOINT", endpoint)
        .env("APPWRITE_PROJECT_ID", appwrite.project())
        .env("APPWRITE_API_KEY", appwrite.key());
    command
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

    let wire = Wire::to(&appwrite, None).await;
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

    let wire = Wire::to(&appwrite, None).await;
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
        let cut = Stop {
            begins: WRITES,
            nth: writes + 1,
            when: When::Before,
            deed: Deed::Cut,
        };
        let wire = Wire::to(&appwrite, Some(cut)).await;
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

#[tokio::test]
async fn the_exit_code_says_whether_the_server_is_as_described() {
    let appwrite = appwrite().await;
    let file = description_file();
    let check = |told: (Option<i32>, String), code: i32, end: &str| {
        assert_eq!(told.0, Some(code), "{}", told.1);
        assert!(told.1.ends_with(end), "{}", told.1);
    };
    let run = |verb: &'static str| tool(&appwrite, appwrite.endpoint(), verb, &file);
    let last_step = "create the index main_dev.pat userId key on userId ascending\n";
    check(run("plan").await, 0, last_step);
    check(run("check").await, 2, last_step);
    check(
        run("apply").await,
        0,
        " databases, tables, columns and indexes\n",
    );
    check(run("check").await, 0, "nothing to do\n");
    check(run("apply").await, 0, "nothing to do\n");

    let items = "/tablesdb/main_dev/tables/okr_items";
    let longer = json!({"required": true, "default": null, "size": 500});
    let title = format!("{items}/columns/varchar/title");
    by_hand(&appwrite, "PATCH", &title, longer.clone()).await;
    let change = "change the column main_dev.okr_items.title: varchar(500) → varchar(512)\n";
    check(run("plan").await, 0, change);
    check(run("check").await, 2, change);
    check(
        run("apply").await,
        0,
        &format!("{change}changed 1 databases, tables and columns\n"),
    );
    check(run("check").await, 0, "nothing to do\n");

    by_hand(&appwrite, "PATCH", &title, longer).await;
    let position = format!("{items}/columns/positionX");
    by_hand(&appwrite, "DELETE", &position, Value::Null).await;
    settled(&appwrite, items).await;
    let other = json!({"key": "positionX", "required": false, "array": false});
    let integer = format!("{items}/columns/integer");
    by_hand(&appwrite, "POST", &integer, other).await;
    settled(&appwrite, items).await;
    for (verb, end) in [
        ("plan", "then delete this one by hand\n"),
        ("check", "then delete this one by hand\n"),
        ("apply", "changed 1 databases, tables and columns\n"),
        ("check", "then delete this one by hand\n"),
    ] {
        let told = run(verb).await;
        let drift = "drift: main_dev.okr_items.positionX: is integer, optional, described as double, optional: ";
        assert!(told.1.contains(drift), "{}", told.1);
        check(told, 2, end);
    }

    let text =
        std::fs::read_to_string(&file)
            .unwrap()
            .replacen("\"rowSecurity\"", "\"rowsecurity\"", 1);
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("appwrite.json");
    std::fs::write(&wrong, text).unwrap();
    let (code, told) = tool(&appwrite, appwrite.endpoint(), "apply", &wrong).await;
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
