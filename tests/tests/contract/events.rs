//! What functions are told of writes.

use std::sync::Arc;

use embedded_appwrite::Disorder;
use serde_json::{json, Value};

use crate::place::{equal, As, Place, TABLE};

/// A function that hears of every change of a row, and nothing else.
async fn listener(place: &Place) -> String {
    let pattern = format!("databases.*.tables.{TABLE}.rows.*");
    let function = place.echo(json!({"events": [pattern]})).await;
    place.received(&function).await;
    function
}

/// The listener goes; otherwise it would hear of every case that follows.
async fn names(place: &Place, function: &str) -> Vec<String> {
    let received = place.received(function).await;
    forget(place, function).await;
    received.iter().map(name).collect()
}

async fn forget(place: &Place, function: &str) {
    let path = format!("/functions/{function}");
    place.key("DELETE", &path, Value::Null).await.ok();
}

fn name(request: &Value) -> String {
    let name = request["headers"]["x-appwrite-event"].as_str();
    name.unwrap_or_default().to_owned()
}

pub(crate) async fn a_create_goes_out_under_the_legacy_name_and_an_update_under_the_new(
    place: Arc<Place>,
) {
    let (function, id) = (listener(&place).await, place.id("named"));
    place.create(&id, json!({})).await.ok();
    place.embedded().idle().await;
    place.patch(&id, json!({"title": "a"})).await.ok();
    place.embedded().idle().await;
    place.key("DELETE", &place.row(&id), Value::Null).await.ok();
    let run = &place.run;
    let expected = [
        format!("databases.{run}.collections.{TABLE}.documents.{id}.create"),
        format!("databases.{run}.tables.{TABLE}.rows.{id}.update"),
        format!("databases.{run}.tables.{TABLE}.rows.{id}.delete"),
    ];
    assert_eq!(names(&place, &function).await, expected);
}

pub(crate) async fn a_write_that_changes_nothing_goes_out_too(place: Arc<Place>) {
    let id = place.id("noop");
    place.create(&id, json!({"title": "a"})).await.ok();
    place.embedded().idle().await;
    let function = listener(&place).await;
    place.patch(&id, json!({"title": "a"})).await.ok();
    assert_eq!(names(&place, &function).await.len(), 1);
}

pub(crate) async fn only_a_hundred_events_of_a_bulk_go_out(place: Arc<Place>) {
    let case = place.id("bulk");
    for numbers in [0..75, 75..150] {
        let rows: Vec<Value> = numbers
            .map(|n| json!({"$id": format!("{case}-{n}"), "case": case}))
            .collect();
        place
            .key("POST", &place.rows(), json!({"rows": rows}))
            .await
            .ok();
    }
    place.embedded().idle().await;
    let function = listener(&place).await;
    let queries = [equal("case", &[&case]).to_string()];
    let body = json!({"data": {"title": "changed"}, "queries": queries});
    place.key("PATCH", &place.rows(), body).await.ok();
    assert_eq!(names(&place, &function).await.len(), 100);
}

pub(crate) async fn a_commit_sends_events_of_single_operations_only(place: Arc<Place>) {
    let (function, id, bulk) = (listener(&place).await, place.id("single"), place.id("bulk"));
    let transaction = place.transaction().await;
    let operations = json!([
        place.operation("create", &id, json!({})),
        place.operation("bulkCreate", "", json!([{"$id": bulk}])),
    ]);
    place.stage(&transaction, operations).await.ok();
    assert_eq!(place.received(&function).await.len(), 0);
    place.commit(&transaction).await.ok();
    let expected = [format!(
        "databases.{}.tables.{TABLE}.rows.{id}.create",
        place.run
    )];
    assert_eq!(names(&place, &function).await, expected);
    assert!(place.find(&bulk).await.is_some());
}

pub(crate) async fn an_event_names_the_user_who_wrote(place: Arc<Place>) {
    let user = place.user("ada").await;
    let token = place.token(&user).await;
    let function = listener(&place).await;
    let body = json!({"rowId": place.id("mine"), "data": {"title": "a"}});
    place
        .ask(As::User(&token), "POST", &place.rows(), body)
        .await
        .ok();
    place.embedded().idle().await;
    place.create(&place.id("keys"), json!({})).await.ok();
    let received = place.received(&function).await;
    forget(&place, &function).await;
    let users: Vec<&Value> = received
        .iter()
        .map(|request| &request["headers"]["x-appwrite-user-id"])
        .collect();
    assert_eq!(users, [&json!(user), &json!("")]);
    assert_eq!(
        received[0]["body"]
            .as_str()
            .map(|body| body.contains("\"title\":\"a\"")),
        Some(true)
    );
}

pub(crate) async fn events_get_lost_doubled_and_late_as_the_seed_says(place: Arc<Place>) {
    let function = listener(&place).await;
    place.embedded().set_disorder(Some(Disorder {
        seed: 4,
        lost: 20,
        doubled: 20,
        late: 30,
    }));
    place.embedded().take_log();
    for n in 0..40 {
        place
            .create(&place.id("event"), json!({"count": n}))
            .await
            .ok();
    }
    let came = names(&place, &function).await.len();
    place.embedded().set_disorder(None);
    let log = place.embedded().take_log();
    let count = |what: &str| log.iter().filter(|line| line.ends_with(what)).count();
    assert!(count("is lost") > 0 && count("comes twice") > 0 && count("comes late") > 0);
    assert_eq!(
        came,
        40 - count("is lost") + count("comes twice"),
        "{log:#?}"
    );
}
