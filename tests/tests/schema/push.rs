//! `appwrite push tables` makes the same of a file as the tool. Its requests are made from `appwrite.json` as
//! appwrite-cli 25.1.0 sends them: recorded for varchar, text, enums and dates, read in its source for the others. What
//! was recorded is replayed and compared in the same way by `gates appwrite`.

use embedded_appwrite::EmbeddedAppwrite;
use project::schema;
use serde_json::{json, Value};

use crate::{appwrite, by_hand, description, description_file, settled, target};

const DATABASES: [&str; 2] = ["main_database", "main_dev"];

/// Every request in the shape and order in which the command line tool sends it.
async fn push(appwrite: &EmbeddedAppwrite, file: &Value) {
    let list = |value: &Value| value.as_array().cloned().unwrap();
    for database in list(&file["tablesDB"]) {
        let body = json!({"databaseId": database["$id"], "name": database["name"], "enabled": database["enabled"]});
        by_hand(appwrite, "POST", "/tablesdb", body).await;
    }
    for table in list(&file["tables"]) {
        let database = table["databaseId"].as_str().unwrap();
        let body = json!({
            "tableId": table["$id"], "name": table["name"], "permissions": table["$permissions"],
            "rowSecurity": table["rowSecurity"],
        });
        by_hand(
            appwrite,
            "POST",
            &format!("/tablesdb/{database}/tables"),
            body,
        )
        .await;
    }
    for table in list(&file["tables"]) {
        let (database, id) = (
            table["databaseId"].as_str().unwrap(),
            table["$id"].as_str().unwrap(),
        );
        let path = format!("/databases/{database}/collections/{id}");
        for column in list(&table["columns"]) {
            let format = column["format"].as_str().unwrap_or_default();
            let route = match (format, column["type"].as_str().unwrap()) {
                ("", "double") => "float",
                ("", kind) => kind,
                (format, _) => format,
            };
            let mut body = json!({});
            for name in [
                "key", "size", "elements", "min", "max", "required", "default", "array",
            ] {
                if let Some(value) = column.get(name) {
                    body[name] = value.clone();
                }
            }
            by_hand(
                appwrite,
                "POST",
                &format!("{path}/attributes/{route}"),
                body,
            )
            .await;
        }
        let settle = format!("/tablesdb/{database}/tables/{id}");
        settled(appwrite, &settle).await;
        for index in list(&table["indexes"]) {
            let body = json!({
                "key": index["key"], "type": index["type"], "attributes": index["columns"], "orders": index["orders"],
            });
            by_hand(appwrite, "POST", &format!("{path}/indexes"), body).await;
        }
        settled(appwrite, &settle).await;
    }
}

#[tokio::test]
async fn the_command_line_tool_makes_the_same_of_the_file() {
    let text = std::fs::read_to_string(description_file()).unwrap();
    let pushed = appwrite().await;
    push(&pushed, &serde_json::from_str(&text).unwrap()).await;

    let described = description();
    let plan = schema::plan(&target(&pushed), &described).await.unwrap();
    assert_eq!(plan.to_string(), "nothing to do\n");

    let applied = appwrite().await;
    schema::apply(&target(&applied), &described).await.unwrap();
    let pushed = schema::inventory(&target(&pushed), &DATABASES)
        .await
        .unwrap();
    let applied = schema::inventory(&target(&applied), &DATABASES)
        .await
        .unwrap();
    // Two databases, and of each of their tables itself, its columns and its indexes.
    let places = applied.as_object().unwrap();
    assert_eq!(places.len(), 2 + 3 * described.tables.len());
    for (place, made) in places {
        assert_eq!(pushed[place], *made, "{place}");
    }
    assert_eq!(pushed, applied);
}
