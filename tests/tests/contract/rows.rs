//! Single rows: guards, ids, unique keys, and what is stored otherwise than it was sent.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{json, Value};

use crate::place::Place;

pub(crate) async fn of_sixteen_guarded_writers_one_wins(place: Arc<Place>) {
    let id = place.id("guarded");
    let guard = place.create(&id, json!({})).await.ok().text("$updatedAt");
    let writers =
        (0..16).map(|n| place.guarded(&id, json!({"title": format!("writer {n}")}), &guard));
    let answers = join_all(writers).await;
    let won: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(won.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.clone().refused(409, "row_update_conflict");
    }
    let row = place.find(&id).await.unwrap();
    assert_eq!(row["title"], won[0].body["title"]);
}

pub(crate) async fn of_sixteen_creates_with_one_id_one_is_made(place: Arc<Place>) {
    let id = place.id("one");
    let answers = join_all((0..16).map(|n| place.create(&id, json!({"count": n})))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "row_already_exists");
    }
}

pub(crate) async fn a_write_that_changes_nothing_keeps_the_time_but_minds_the_guard(
    place: Arc<Place>,
) {
    let id = place.id("noop");
    let old = place.create(&id, json!({"title": "a"})).await.ok();
    let now = place.patch(&id, json!({"title": "b"})).await.ok();
    let same = place.patch(&id, json!({"title": "b"})).await.ok();
    assert_eq!(same.text("$updatedAt"), now.text("$updatedAt"));
    let guarded = place
        .guarded(&id, json!({"title": "b"}), &old.text("$updatedAt"))
        .await;
    guarded.refused(409, "row_update_conflict");
}

pub(crate) async fn an_empty_guard_and_a_future_one_guard_nothing(place: Arc<Place>) {
    let id = place.id("open");
    place.create(&id, json!({})).await.ok();
    place.guarded(&id, json!({"title": "a"}), "").await.ok();
    let future = "2099-01-01T00:00:00.000+00:00";
    place.guarded(&id, json!({"title": "b"}), future).await.ok();
    let refused = place.guarded(&id, json!({}), "not a time").await;
    refused.refused(400, "general_argument_invalid");
}

pub(crate) async fn an_upsert_of_a_new_id_that_clashes_makes_no_row_and_on_mariadb_overwrites_one(
    place: Arc<Place>,
) {
    let (old, new) = (place.id("old"), place.id("new"));
    place
        .create(&old, json!({"slug": old, "title": "mine"}))
        .await
        .ok();
    let body = json!({"data": {"slug": old, "title": "theirs"}});
    let answer = place.key("PUT", &place.row(&new), body).await;
    assert_eq!(place.find(&new).await, None);
    let left = if place.is_blind(answer.status == 200) {
        assert_eq!(answer.ok().text("$id"), new);
        "theirs"
    } else {
        answer.clashed(&place);
        "mine"
    };
    assert_eq!(place.find(&old).await.unwrap()["title"], left);
}

pub(crate) async fn an_upsert_of_a_known_id_that_clashes_is_refused(place: Arc<Place>) {
    let (one, two) = (place.id("one"), place.id("two"));
    place.create(&one, json!({"slug": one})).await.ok();
    place.create(&two, json!({"slug": two})).await.ok();
    let answer = place
        .key("PUT", &place.row(&two), json!({"data": {"slug": one}}))
        .await;
    answer.clashed(&place);
}

pub(crate) async fn a_text_that_reads_as_an_operator_is_one_on_update_but_not_on_create(
    place: Arc<Place>,
) {
    let id = place.id("operator");
    let text = json!({"method": "stringConcat", "values": [" was here"]}).to_string();
    let made = place.create(&id, json!({"title": text})).await.ok();
    assert_eq!(made.body["title"], text);
    place.patch(&id, json!({"title": "Ada"})).await.ok();
    place.patch(&id, json!({"title": text})).await.ok();
    assert_eq!(place.find(&id).await.unwrap()["title"], "Ada was here");
    let wrapped = json!({"v": {"method": "stringConcat", "values": ["x"]}}).to_string();
    let kept = place.patch(&id, json!({"title": wrapped})).await.ok();
    assert_eq!(kept.body["title"], wrapped);
}

pub(crate) async fn an_empty_date_is_now_and_null_is_none(place: Arc<Place>) {
    let id = place.id("date");
    let made = place.create(&id, json!({"when": ""})).await.ok();
    let (when, created) = (made.text("when"), made.text("$createdAt"));
    assert_eq!(when[..16], created[..16], "{when} is not now");
    let cleared = place.patch(&id, json!({"when": null})).await.ok();
    assert_eq!(cleared.body["when"], Value::Null);
}

pub(crate) async fn a_unique_key_is_taken_once_and_on_mariadb_in_any_case_accent_and_blanks_behind(
    place: Arc<Place>,
) {
    let name = place.id("acme");
    place.create(&name, json!({"slug": name})).await.ok();
    let same = place.create(&place.id("same"), json!({"slug": name})).await;
    same.clashed(&place);
    for slug in [
        name.to_uppercase(),
        name.replace('e', "é"),
        format!("{name} "),
    ] {
        let id = place.id("clash");
        let answer = place.create(&id, json!({"slug": slug})).await;
        if place.is_blind(answer.status == 409) {
            answer.clashed(&place);
        } else {
            answer.ok();
        }
    }
    // Null is like no other null.
    place.create(&place.id("null"), json!({})).await.ok();
    place.create(&place.id("null"), json!({})).await.ok();
}

pub(crate) async fn an_id_is_taken_in_any_case_and_on_mariadb_found_in_any(place: Arc<Place>) {
    let id = place.id("ada");
    place.create(&id, json!({})).await.ok();
    let found = place.get(&id.to_uppercase()).await;
    if place.is_blind(found.status == 200) {
        assert_eq!(found.ok().text("$id"), id);
    } else {
        found.refused(404, "row_not_found");
    }
    let again = place.create(&id.to_uppercase(), json!({})).await;
    again.refused(409, "row_already_exists");
}

pub(crate) async fn a_taken_unique_key_is_told_as_a_taken_id_and_on_line_2_as_a_clash(
    place: Arc<Place>,
) {
    let (one, two) = (place.id("first"), place.id("second"));
    place.create(&one, json!({"slug": one})).await.ok();
    let answer = place.create(&two, json!({"slug": one})).await;
    answer.clashed(&place);
    assert_eq!(place.find(&two).await, None);
}

pub(crate) async fn unknown_columns_and_missing_ones_are_refused(place: Arc<Place>) {
    let id = place.id("unknown");
    let answer = place.create(&id, json!({"nope": 1})).await;
    answer.refused(400, "row_invalid_structure");
    let answer = place.create(&id, json!({"kind": "c"})).await;
    answer.refused(400, "row_invalid_structure");
    let answer = place.create(&id, json!({"count": "many"})).await;
    answer.refused(400, "row_invalid_structure");
}

pub(crate) async fn a_key_may_set_the_times_of_a_row(place: Arc<Place>) {
    let id = place.id("times");
    place.create(&id, json!({})).await.ok();
    let past = "2020-01-01T00:00:00.000+00:00";
    let patched = place
        .patch(&id, json!({"title": "old", "$updatedAt": past}))
        .await;
    assert_eq!(patched.ok().text("$updatedAt"), past);
}

pub(crate) async fn a_missing_row_is_json_and_a_missing_route_a_page(place: Arc<Place>) {
    place.get("nope").await.refused(404, "row_not_found");
    let page = place.key("GET", "/nope", Value::Null).await;
    assert_eq!(page.status, 404);
    assert!(page.text.starts_with("<!"), "{}", page.text);
}
