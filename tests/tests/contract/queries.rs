//! Lists.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{json, Value};

use crate::place::{equal, query, Place};

/// So many rows of a case of their own, numbered in `count`.
async fn some(place: &Place, count: usize) -> String {
    let case = place.id("case");
    let row = |n: usize| json!({"$id": format!("{case}-{n:03}"), "case": case, "count": n, "title": "same"});
    let rows: Vec<Value> = (0..count).map(row).collect();
    let made = place
        .key("POST", &place.rows(), json!({"rows": rows}))
        .await;
    made.ok();
    case
}

fn ordered(column: &str) -> Value {
    json!({"method": "orderAsc", "attribute": column, "values": []})
}

pub(crate) async fn a_list_without_limit_has_twenty_five_rows(place: Arc<Place>) {
    let case = some(&place, 30).await;
    let list = place.list(&[equal("case", &[&case])]).await.ok();
    assert_eq!((list.rows().len(), &list.body["total"]), (25, &json!(30)));
    let all = place
        .list(&[equal("case", &[&case]), query("limit", json!([5000]))])
        .await;
    assert_eq!(all.ok().rows().len(), 30);
}

pub(crate) async fn pages_by_cursor_visit_every_row_once(place: Arc<Place>) {
    let case = some(&place, 25).await;
    let mut seen = BTreeSet::new();
    let mut cursor: Option<String> = None;
    for page in 0.. {
        assert!(page < 4, "pages do not end");
        // All titles are equal: the order is told apart by what Appwrite adds to it.
        let mut queries = vec![
            equal("case", &[&case]),
            ordered("title"),
            query("limit", json!([10])),
        ];
        queries.extend(cursor.take().map(|id| query("cursorAfter", json!([id]))));
        let rows = place.list(&queries).await.ok().rows();
        let Some(last) = rows.last() else { break };
        cursor = last["$id"].as_str().map(str::to_owned);
        for row in &rows {
            assert!(
                seen.insert(row["$id"].to_string()),
                "{} came twice",
                row["$id"]
            );
        }
    }
    assert_eq!(seen.len(), 25);
}

pub(crate) async fn a_cursor_at_a_missing_row_is_refused(place: Arc<Place>) {
    let list = place.list(&[query("cursorAfter", json!(["nope"]))]).await;
    list.refused(400, "general_cursor_not_found");
}

pub(crate) async fn a_query_is_too_long_before_it_has_too_many_values(place: Arc<Place>) {
    let ids = |count: usize| -> Vec<String> { (0..count).map(|n| format!("{n:036}")).collect() };
    let many = |ids: &[String]| json!({"method": "equal", "attribute": "$id", "values": ids});
    place.list(&[many(&ids(100))]).await.ok();
    let refused = place.list(&[many(&ids(110))]).await;
    refused.refused(400, "general_argument_invalid");
    let queries: Vec<Value> = (0..101).map(|_| query("limit", json!([1]))).collect();
    let refused = place.list(&queries).await;
    refused.refused(400, "general_argument_invalid");
}

pub(crate) async fn null_is_asked_for_by_its_own_query_and_is_not_unlike_anything(
    place: Arc<Place>,
) {
    let case = some(&place, 3).await;
    let null = json!({"method": "equal", "attribute": "slug", "values": [null]});
    place
        .list(&[null])
        .await
        .refused(400, "general_query_invalid");
    let is_null = json!({"method": "isNull", "attribute": "slug", "values": []});
    let found = place.list(&[equal("case", &[&case]), is_null]).await.ok();
    assert_eq!(found.rows().len(), 3);
    let unlike = json!({"method": "notEqual", "attribute": "slug", "values": ["x"]});
    let found = place.list(&[equal("case", &[&case]), unlike]).await.ok();
    assert_eq!(found.rows().len(), 0);
}

pub(crate) async fn a_value_outside_an_enum_finds_nothing(place: Arc<Place>) {
    let found = place.list(&[equal("kind", &["zzz"])]).await.ok();
    assert_eq!(found.rows().len(), 0);
    let unknown = place.list(&[equal("nope", &["x"])]).await;
    unknown.refused(400, "general_query_invalid");
}

pub(crate) async fn select_adds_the_internal_columns(place: Arc<Place>) {
    let case = some(&place, 1).await;
    let select = query("select", json!(["count"]));
    let rows = place
        .list(&[equal("case", &[&case]), select])
        .await
        .ok()
        .rows();
    let names: BTreeSet<&str> = rows[0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    for name in [
        "count",
        "$id",
        "$sequence",
        "$createdAt",
        "$updatedAt",
        "$permissions",
    ] {
        assert!(names.contains(name), "{name} is missing of {names:?}");
    }
    assert!(!names.contains("title"));
}

pub(crate) async fn a_list_says_what_a_get_says(place: Arc<Place>) {
    let id = place.id("both");
    place
        .create(&id, json!({"title": "a", "count": 3}))
        .await
        .ok();
    let got = place.get(&id).await.ok();
    let listed = place.find(&id).await.unwrap();
    assert_eq!(got.body, listed);
}
