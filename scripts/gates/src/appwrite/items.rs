//! The rows that the recorded queries are about. They were made by a script that the recordings leave out; its rule
//! shows in the answers. Ids that no answer tells are made up.

use std::collections::BTreeMap;

use serde_json::{json, Value};

use super::recording::{text, Exchange};

/// Appwrite's own limit of rows in one call.
pub(super) const AT_ONCE: usize = 100;

const KINDS: [&str; 3] = ["objective", "key_result", "action"];
const POINTS: [&str; 11] = ["0", "1", "2", "3", "5", "8", "13", "20", "40", "?", "∞"];

/// `count` rows of `okr_items` with the ids that the exchanges know.
pub(super) fn rows(exchanges: &[Exchange], count: usize) -> Vec<Value> {
    let known = ids(exchanges);
    let id = |position: usize| {
        let made_up = || format!("00000000-0000-4000-8000-{position:012x}");
        known.get(&position).cloned().unwrap_or_else(made_up)
    };
    let row = |n: usize| {
        let kind = KINDS[n % 3];
        let is_action = n % 3 == 2;
        json!({
            "$id": id(n), "organizationId": "o1", "workspaceId": format!("w{}", n % 5), "type": kind,
            "title": format!("Item {n}"), "description": "x".repeat(50), "ownerUserId": format!("u{}", n % 20),
            "assigneeUserIds": [format!("u{}", n % 20), format!("u{}", (n + 1) % 20)],
            "parentId": (n % 3 != 0).then(|| id(n / 2)), "progressComputed": n % 101, "sortOrder": n,
            "storyPoints": is_action.then(|| POINTS[n % 11]), "actionStatus": is_action.then_some("done"),
            "deletedAt": (n % 10 == 0).then_some("2026-01-01T00:00:00.000+00:00"),
        })
    };
    (0..count).map(row).collect()
}

/// By the number in their titles; the first ids of all are those that one query lists.
fn ids(exchanges: &[Exchange]) -> BTreeMap<usize, String> {
    let mut ids = BTreeMap::new();
    let listing = exchanges
        .iter()
        .find(|exchange| exchange.case.starts_with("equal $id, 110"));
    for (position, id) in listing
        .map(listed)
        .unwrap_or_default()
        .into_iter()
        .enumerate()
    {
        ids.insert(position, id);
    }
    for exchange in exchanges {
        let rows = exchange.response["body"]["rows"].as_array();
        for row in rows.into_iter().flatten() {
            if let Some(Ok(number)) = text(row, "title").strip_prefix("Item ").map(str::parse) {
                ids.insert(number, text(row, "$id").to_owned());
            }
        }
    }
    ids
}

/// The values of an exchange's first query.
fn listed(exchange: &Exchange) -> Vec<String> {
    let path = text(&exchange.request, "path");
    let (_, query) = path.split_once('?').unwrap_or_default();
    let first = url::form_urlencoded::parse(query.as_bytes()).next();
    let query: Value = first
        .and_then(|(_, json)| serde_json::from_str(&json).ok())
        .unwrap_or_default();
    let values = query["values"].as_array().into_iter().flatten();
    values
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}
