//! Many rows in one call.

use std::sync::Arc;

use serde_json::{json, Value};

use crate::place::{equal, Place};

/// Rows of one case.
fn rows(case: &str, numbers: std::ops::Range<usize>) -> Vec<Value> {
    numbers
        .map(|n| json!({"$id": format!("{case}-{n}"), "case": case}))
        .collect()
}

pub(crate) async fn a_bulk_create_with_a_taken_id_makes_nothing(place: Arc<Place>) {
    let case = place.id("taken");
    place.create(&format!("{case}-2"), json!({})).await.ok();
    let made = place
        .key("POST", &place.rows(), json!({"rows": rows(&case, 0..3)}))
        .await;
    made.refused(409, "row_already_exists");
    let there = place.list(&[equal("case", &[&case])]).await.ok();
    assert_eq!(there.body["total"], 0);
}

pub(crate) async fn a_bulk_answers_the_first_hundred_rows_of_all_it_changed(place: Arc<Place>) {
    let case = place.id("bulk");
    for numbers in [0..75, 75..150] {
        let body = json!({"rows": rows(&case, numbers)});
        place.key("POST", &place.rows(), body).await.ok();
    }
    let queries = [equal("case", &[&case]).to_string()];
    let body = json!({"data": {"title": "changed"}, "queries": queries});
    let changed = place.key("PATCH", &place.rows(), body).await.ok();
    assert_eq!(
        (changed.rows().len(), &changed.body["total"]),
        (100, &json!(150))
    );
    let titled = place
        .list(&[equal("case", &[&case]), equal("title", &["changed"])])
        .await;
    assert_eq!(titled.ok().body["total"], 150);
    let gone = place
        .key("DELETE", &place.rows(), json!({"queries": queries}))
        .await;
    assert_eq!(gone.ok().body["total"], 150);
}

pub(crate) async fn a_bulk_create_of_more_than_a_hundred_rows_is_refused(place: Arc<Place>) {
    let case = place.id("more");
    let made = place
        .key("POST", &place.rows(), json!({"rows": rows(&case, 0..101)}))
        .await;
    assert_eq!(made.status, 400);
    let there = place.list(&[equal("case", &[&case])]).await.ok();
    assert_eq!(there.body["total"], 0);
}
