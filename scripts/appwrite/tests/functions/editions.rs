//! Other lines of Appwrite and other databases: what they answer otherwise. That the functions do not mind is asked by the
//! contract, and what was recorded by the gate.

use embedded_appwrite::{Database, Edition, EmbeddedAppwrite, Line, Options, StaleReads, Storage};
use serde_json::{json, Value};

use crate::world::{options, As, Reply, World};

const TABLES: &str = "/tablesdb/d/tables";
const ROWS: &str = "/tablesdb/d/tables/t/rows";

/// With a database `d` and, made together with its columns, a table `t`.
async fn with_a_table() -> World {
    let world = World::like("2").await;
    let made = ask(
        &world,
        "POST",
        "/tablesdb",
        json!({"databaseId": "d", "name": "d"}),
    )
    .await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("ready")));
    let body = json!({
        "tableId": "t", "name": "t",
        "columns": [
            {"key": "slug", "type": "varchar", "size": 36, "required": true},
            {"key": "kind", "type": "string", "format": "enum", "elements": ["a", "b"]},
            {"key": "names", "type": "varchar", "size": 36, "array": true},
        ],
        "indexes": [{"key": "slug", "type": "unique", "attributes": ["slug"]}],
    });
    let made = ask(&world, "POST", TABLES, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let parts = ["columns", "indexes"].map(|part| made.body[part].as_array().unwrap().clone());
    assert_eq!((parts[0].len(), parts[1].len()), (3, 1));
    let mut parts = parts.iter().flatten();
    assert!(
        parts.all(|part| part["status"] == "available"),
        "{}",
        made.text
    );
    world
}

async fn ask(world: &World, method: &str, path: &str, body: Value) -> Reply {
    world.call(As::Key, method, path, body).await
}

#[track_caller]
fn refused(reply: &Reply, status: u16, kind: &str) {
    let found = (
        reply.status,
        reply.body["type"].as_str().unwrap_or_default(),
    );
    assert_eq!(found, (status, kind), "{}", reply.text);
}

#[test]
fn an_edition_is_named_by_its_line_and_database() {
    let edition = |line, database| Edition { line, database };
    for (name, expect) in [
        ("1.9", Edition::default()),
        ("2", edition(Line::V2, Database::MariaDb)),
        ("2-postgresql", edition(Line::V2, Database::PostgreSql)),
        ("1.9-postgresql", edition(Line::V1_9, Database::PostgreSql)),
    ] {
        assert_eq!(name.parse::<Edition>().unwrap(), expect, "{name}");
    }
    for wrong in ["", "3", "postgresql", "2-mysql"] {
        let told = wrong.parse::<Edition>().unwrap_err().to_string();
        assert!(told.contains("say 1.9, 2,"), "{told}");
    }
}

#[tokio::test]
async fn a_folder_stays_with_the_database_it_was_made_for() {
    let folder = tempfile::tempdir().unwrap();
    let on = |name: &str| Options {
        edition: name.parse().unwrap(),
        ..options(Storage::Folder(folder.path().to_owned()))
    };
    let first = EmbeddedAppwrite::start(on("2-postgresql")).await.unwrap();
    first.stop().await;
    let told = EmbeddedAppwrite::start(on("2"))
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(told.contains("was made as on postgresql"), "{told}");
    EmbeddedAppwrite::start(on("1.9-postgresql")).await.unwrap();
}

#[tokio::test]
async fn on_line_2_a_table_is_refused_whole_if_a_column_or_an_index_of_it_is() {
    let world = with_a_table().await;
    let column = json!({"key": "a", "type": "varchar", "size": 36});
    let table = |columns: Value, indexes: Value| json!({"tableId": "u", "name": "u", "columns": columns, "indexes": indexes});
    let index = |over: Value| json!([{"key": "a", "type": "key", "attributes": over}]);
    for (body, kind) in [
        // The name of the older routes, which the type is not.
        (
            table(json!([{"key": "a", "type": "float"}]), json!([])),
            "general_argument_invalid",
        ),
        (
            table(json!([column, column]), json!([])),
            "column_already_exists",
        ),
        (
            table(json!([column]), index(json!("a"))),
            "general_argument_invalid",
        ),
        (
            table(json!([column]), index(json!(["b"]))),
            "column_unknown",
        ),
    ] {
        let made = ask(&world, "POST", TABLES, body).await;
        assert_eq!(made.body["type"], kind, "{}", made.text);
        let there = ask(&world, "GET", &format!("{TABLES}/u"), json!(null)).await;
        refused(&there, 404, "table_not_found");
    }
}

#[tokio::test]
async fn on_line_2_nothing_is_staged_without_data_and_staged_rows_have_empty_times() {
    let world = with_a_table().await;
    let made = ask(&world, "POST", "/tablesdb/transactions", json!({})).await;
    let transaction = made.body["$id"].as_str().unwrap().to_owned();
    let path = format!("/tablesdb/transactions/{transaction}");
    let operations = format!("{path}/operations");
    let create = |data: Value| {
        let create = json!({"action": "create", "databaseId": "d", "tableId": "t", "rowId": "r", "data": data});
        json!({"operations": [create]})
    };
    let empty = ask(&world, "POST", &operations, create(json!({}))).await;
    refused(&empty, 400, "general_argument_invalid");
    let staged = ask(&world, "POST", &operations, create(json!({"slug": "a"}))).await;
    assert_eq!(staged.status, 201, "{}", staged.text);
    let row = format!("{ROWS}/r?transactionId={transaction}");
    let seen = ask(&world, "GET", &row, json!(null)).await.body;
    assert_eq!(
        (&seen["$createdAt"], &seen["$updatedAt"]),
        (&json!(""), &json!(""))
    );

    // Nobody had read it, and that it was not there stays so.
    world.appwrite.set_stale_reads(Some(StaleReads::WholeRows));
    ask(&world, "PATCH", &path, json!({"commit": true})).await;
    let row = format!("{ROWS}/r");
    refused(
        &ask(&world, "GET", &row, json!(null)).await,
        404,
        "row_not_found",
    );
    let listed = ask(&world, "GET", ROWS, json!(null)).await;
    assert_eq!(listed.body["total"], 1);
    let body = json!({"rowId": "r", "data": {"slug": "b"}});
    refused(
        &ask(&world, "POST", ROWS, body).await,
        409,
        "row_already_exists",
    );
    ask(&world, "PATCH", &row, json!({"data": {"kind": "a"}})).await;
    assert_eq!(ask(&world, "GET", &row, json!(null)).await.status, 200);
}

#[tokio::test]
async fn line_1_9_takes_an_empty_object_for_an_empty_list_and_line_2_does_not() {
    let body = json!({"rowId": "r", "data": {"slug": "a", "names": {}}});
    let newer = with_a_table().await;
    refused(
        &ask(&newer, "POST", ROWS, body).await,
        400,
        "row_invalid_structure",
    );

    let older = World::with_a_table().await;
    let table = "/tablesdb/main_dev/tables/items";
    let names = json!({"key": "names", "size": 36, "required": false, "array": true});
    ask(&older, "POST", &format!("{table}/columns/varchar"), names).await;
    older.columns_ready(table).await;
    let body = json!({"rowId": "r", "data": {"names": {}}});
    let made = ask(&older, "POST", &format!("{table}/rows"), body).await;
    assert_eq!((made.status, &made.body["names"]), (201, &json!([])));
}

#[tokio::test]
async fn on_line_2_no_key_makes_a_key_and_the_console_does() {
    let world = with_a_table().await;
    let key = json!({"keyId": "reader", "name": "reader", "scopes": ["rows.read"]});
    let made = ask(&world, "POST", "/project/keys", key.clone()).await;
    refused(&made, 403, "key_creation_denied");
    let secret = world.appwrite.add_key(&key).unwrap();
    let listed = world
        .call(As::OtherKey(&secret), "GET", ROWS, json!(null))
        .await;
    assert_eq!(listed.status, 200, "{}", listed.text);
    let more = world
        .call(As::OtherKey(&secret), "GET", TABLES, json!(null))
        .await;
    refused(&more, 401, "general_unauthorized_scope");
}

#[tokio::test]
async fn on_line_2_an_execution_says_what_it_was_run_of_in_two_ways() {
    let world = World::like("2").await;
    world.function("echo", json!({"execute": ["any"]})).await;
    let run = world.execute(As::Key, "echo", json!({})).await;
    let made = (
        &run.body["resourceId"],
        &run.body["resourceType"],
        &run.body["functionId"],
    );
    assert_eq!(made, (&json!("echo"), &json!("functions"), &Value::Null));
    // As the database writes it, on its way there.
    let created = run.body["$createdAt"].as_str().unwrap();
    assert_eq!(
        (created.len(), created.as_bytes()[10]),
        ("2026-11-27 06:51:13.765".len(), b' ')
    );
    let refusal = world.execute(As::Key, "echo", json!({"headers": []})).await;
    refused(&refusal, 400, "general_argument_invalid");
    world.appwrite.idle().await;
    let path = format!(
        "/functions/echo/executions/{}",
        run.body["$id"].as_str().unwrap()
    );
    let stored = ask(&world, "GET", &path, json!(null)).await;
    assert!(
        stored.body["$createdAt"]
            .as_str()
            .unwrap()
            .ends_with("+00:00"),
        "{}",
        stored.text
    );
}

#[tokio::test]
async fn line_2_has_no_queues_to_tell_of_any_more() {
    for (edition, status) in [("1.9", 501), ("2", 404)] {
        let world = World::like(edition).await;
        let answer = ask(&world, "GET", "/health/queue/functions", json!(null)).await;
        assert_eq!(answer.status, status, "{edition}: {}", answer.text);
    }
}
