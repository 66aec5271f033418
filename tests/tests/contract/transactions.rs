//! Transactions: what is staged, what conflicts, and how they end.

use std::sync::Arc;

use embedded_appwrite::Line;
use futures_util::future::join_all;
use serde_json::{json, Value};

use crate::place::{equal, Place};

pub(crate) async fn what_is_staged_is_seen_inside_only_until_the_commit(place: Arc<Place>) {
    let id = place.id("staged");
    let transaction = place.transaction().await;
    let create = place.operation("create", &id, json!({"title": "a"}));
    let staged = place.stage(&transaction, json!([create])).await.ok();
    assert_eq!(staged.body["operations"], 1);
    place.get(&id).await.refused(404, "row_not_found");
    let inside = format!("{}?transactionId={transaction}", place.row(&id));
    let inside = place.key("GET", &inside, Value::Null).await.ok();
    assert_eq!(
        (inside.text("title"), inside.text("$sequence")),
        ("a".into(), "".into())
    );
    let committed = place.commit(&transaction).await.ok();
    assert_eq!(committed.text("status"), "committed");
    assert_eq!(place.find(&id).await.unwrap()["title"], "a");
}

pub(crate) async fn a_commit_does_all_or_nothing(place: Arc<Place>) {
    let (new, taken) = (place.id("new"), place.id("taken"));
    place.create(&taken, json!({})).await.ok();
    let transaction = place.transaction().await;
    let operations = [&new, &taken].map(|id| place.operation("create", id, json!({})));
    place.stage(&transaction, json!(operations)).await.ok();
    place
        .commit(&transaction)
        .await
        .refused(409, "transaction_conflict");
    assert_eq!(place.find(&new).await, None);
    let path = format!("/tablesdb/transactions/{transaction}");
    let ended = place.key("GET", &path, Value::Null).await.ok();
    assert_eq!(ended.text("status"), "failed");
}

pub(crate) async fn a_conflict_is_a_write_after_the_staging_and_no_read_is_tracked(
    place: Arc<Place>,
) {
    let id = place.id("conflict");
    place.create(&id, json!({"title": "a"})).await.ok();
    let staged = place.transaction().await;
    let update = place.operation("update", &id, json!({"count": 1}));
    place.stage(&staged, json!([update])).await.ok();
    // Another column, another writer.
    place.patch(&id, json!({"title": "b"})).await.ok();
    place
        .commit(&staged)
        .await
        .refused(409, "transaction_conflict");
    assert_eq!(place.find(&id).await.unwrap()["count"], 0);
    // Read, then written by another, then staged: the other's write is lost.
    let read = place.find(&id).await.unwrap();
    place.patch(&id, json!({"title": "c"})).await.ok();
    let late = place.transaction().await;
    let update = place.operation("update", &id, json!({"title": read["title"]}));
    place.stage(&late, json!([update])).await.ok();
    place.commit(&late).await.ok();
    assert_eq!(place.find(&id).await.unwrap()["title"], "b");
}

pub(crate) async fn increments_do_not_conflict(place: Arc<Place>) {
    let id = place.id("increment");
    place.create(&id, json!({"count": 1})).await.ok();
    let transaction = place.transaction().await;
    let data = json!({"column": "count", "value": 2});
    let increment = place.operation("increment", &id, data);
    place.stage(&transaction, json!([increment])).await.ok();
    place.patch(&id, json!({"title": "meanwhile"})).await.ok();
    place.commit(&transaction).await.ok();
    let row = place.find(&id).await.unwrap();
    assert_eq!(
        (&row["count"], &row["title"]),
        (&json!(3), &json!("meanwhile"))
    );
}

pub(crate) async fn of_two_that_create_one_id_one_commits(place: Arc<Place>) {
    let id = place.id("proof");
    let commits = (0..8).map(|n| {
        let (place, id) = (&place, &id);
        async move {
            let transaction = place.transaction().await;
            let create = place.operation("create", id, json!({"count": n}));
            place.stage(&transaction, json!([create])).await.ok();
            (n, place.commit(&transaction).await)
        }
    });
    let ended = join_all(commits).await;
    let won: Vec<_> = ended
        .iter()
        .filter(|(_, answer)| answer.status == 200)
        .collect();
    assert_eq!(won.len(), 1);
    assert_eq!(place.find(&id).await.unwrap()["count"], won[0].0);
    for (_, answer) in ended.iter().filter(|(_, answer)| answer.status != 200) {
        answer.clone().refused(409, "transaction_conflict");
    }
}

pub(crate) async fn a_hundred_operations_are_the_most(place: Arc<Place>) {
    let transaction = place.transaction().await;
    let create = |_| place.operation("create", &place.id("many"), json!({}));
    let hundred: Vec<Value> = (0..100).map(create).collect();
    place.stage(&transaction, json!(hundred)).await.ok();
    let more = place.stage(&transaction, json!([create(0)])).await;
    more.refused(400, "transaction_limit_exceeded");
    place.commit(&transaction).await.ok();
}

pub(crate) async fn a_staged_upsert_does_not_mind_its_row_id(place: Arc<Place>) {
    let (id, case) = (place.id("upsert"), place.id("case"));
    let transaction = place.transaction().await;
    let upsert = place.operation("upsert", &id, json!({"case": case}));
    place.stage(&transaction, json!([upsert])).await.ok();
    place.commit(&transaction).await.ok();
    assert_eq!(place.find(&id).await, None);
    let made = place.list(&[equal("case", &[&case])]).await.ok().rows();
    assert_eq!(made.len(), 1, "a row of another id is there");
}

pub(crate) async fn a_staged_unique_id_stays_as_it_is(place: Arc<Place>) {
    let transaction = place.transaction().await;
    let create = place.operation("create", "unique()", json!({}));
    place.stage(&transaction, json!([create])).await.ok();
    place.commit(&transaction).await.ok();
    assert!(place.find("unique()").await.is_some());
}

pub(crate) async fn a_staged_create_takes_a_text_for_an_operator(place: Arc<Place>) {
    let id = place.id("hijack");
    let text = json!({"method": "stringConcat", "values": ["x"]}).to_string();
    let transaction = place.transaction().await;
    let create = place.operation("create", &id, json!({"title": text}));
    place.stage(&transaction, json!([create])).await.ok();
    place
        .commit(&transaction)
        .await
        .refused(500, "general_unknown");
    assert_eq!(place.find(&id).await, None);
}

pub(crate) async fn a_finished_transaction_takes_nothing_more(place: Arc<Place>) {
    let committed = place.transaction().await;
    place.commit(&committed).await.ok();
    place
        .commit(&committed)
        .await
        .refused(400, "transaction_not_ready");
    let rolled_back = place.transaction().await;
    let path = format!("/tablesdb/transactions/{rolled_back}");
    let ended = place
        .key("PATCH", &path, json!({"rollback": true}))
        .await
        .ok();
    assert_eq!(ended.text("status"), "failed");
    let create = place.operation("create", &place.id("late"), json!({}));
    let late = place.stage(&rolled_back, json!([create])).await;
    late.refused(400, "general_bad_request");
    place
        .commit("nope")
        .await
        .refused(404, "transaction_not_found");
}

pub(crate) async fn a_transaction_whose_time_is_over_says_so_by_type(place: Arc<Place>) {
    let transaction = place.transaction().await;
    let create = place.operation("create", &place.id("expired"), json!({}));
    place
        .stage(&transaction, json!([create.clone()]))
        .await
        .ok();
    place.embedded().expire_transactions().unwrap();
    let path = format!("/tablesdb/transactions/{transaction}");
    let status = match place.line() {
        Line::V1_9 => 500,
        Line::V2 => 410,
    };
    let back = json!({"rollback": true});
    for late in [
        place.commit(&transaction).await,
        place.stage(&transaction, json!([create])).await,
        place.key("PATCH", &path, back).await,
    ] {
        late.refused(status, "transaction_expired");
    }
    let seen = place.key("GET", &path, Value::Null).await.ok();
    assert_eq!(seen.text("status"), "pending");
}
