//! One operation of a transaction, as it is staged and as a commit does it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::now_text;
use crate::options::Line;
use crate::wire::{Body, Error};

/// Names in the order of the real server's message.
const ACTIONS: &[(&str, Action)] = &[
    ("create", Action::Create),
    ("update", Action::Update),
    ("upsert", Action::Upsert),
    ("delete", Action::Delete),
    ("increment", Action::Increment),
    ("decrement", Action::Decrement),
    ("bulkCreate", Action::BulkCreate),
    ("bulkUpdate", Action::BulkUpdate),
    ("bulkUpsert", Action::BulkUpsert),
    ("bulkDelete", Action::BulkDelete),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Action {
    Create,
    Update,
    Upsert,
    Delete,
    Increment,
    Decrement,
    BulkCreate,
    BulkUpdate,
    BulkUpsert,
    BulkDelete,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Operation {
    pub(crate) action: Action,
    pub(crate) database: String,
    pub(crate) table: String,
    pub(crate) row: String,
    pub(crate) data: Value,
    /// When it was staged: a row that is newer at commit is a conflict.
    pub(crate) staged: String,
    /// The row's `$updatedAt` at that moment: within a millisecond the times alone would not tell.
    pub(crate) seen: Option<String>,
    /// False when the real server would look for the table in the database of another operation of the same call.
    pub(crate) resolved: bool,
}

/// The operations of a body, staged now.
pub(crate) fn read(body: &Body, line: Line) -> Result<Vec<Operation>, Error> {
    let invalid = |rule: String| {
        Error::argument(format!(
            "Invalid `operations` param: Value must a valid array and {rule}"
        ))
    };
    let list = match body.get("operations") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.clone(),
        Some(_) => return Err(invalid("Value must be a valid array".to_owned())),
    };
    let staged = now_text();
    list.iter()
        .map(|given| {
            let name = given["action"].as_str().unwrap_or_default();
            let known = ACTIONS.iter().find(|(known, _)| *known == name);
            let Some((_, action)) = known else {
                let names: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
                return Err(invalid(format!(
                    "Key 'action' must be one of: {}",
                    names.join(", ")
                )));
            };
            let text = |key: &str| given[key].as_str().unwrap_or_default().to_owned();
            let required =
                |key: &str| invalid(format!("Key '{key}' is required for action '{name}'"));
            let single = !name.starts_with("bulk");
            for key in ["databaseId", "tableId", "rowId"] {
                if text(key).is_empty() && (key != "rowId" || single) {
                    return Err(required(key));
                }
            }
            if given["data"].is_null() && *action != Action::Delete {
                return Err(required("data"));
            }
            let is_empty = |data: &Value| data.as_object().is_some_and(Map::is_empty);
            if line == Line::V2 && is_empty(&given["data"]) {
                return Err(invalid("Key 'data' must be an array".to_owned()));
            }
            Ok(Operation {
                action: *action,
                database: text("databaseId"),
                table: text("tableId"),
                row: text("rowId"),
                data: given["data"].clone(),
                staged: staged.clone(),
                seen: None,
                resolved: true,
            })
        })
        .collect()
}
