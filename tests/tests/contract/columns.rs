//! Changing columns of a table with rows in it.

use std::sync::Arc;

use serde_json::{json, Value};

use crate::place::{Answer, Place};

/// A table of one case's own.
struct Table {
    place: Arc<Place>,
    path: String,
}

impl Table {
    async fn new(place: Arc<Place>, columns: &[(&str, Value)]) -> Self {
        let id = place.id("table");
        let tables = format!("/tablesdb/{}/tables", place.run);
        let body = json!({"tableId": id, "name": id});
        place.key("POST", &tables, body).await.ok();
        let table = Self {
            path: format!("{tables}/{id}"),
            place,
        };
        for (kind, column) in columns {
            let path = format!("columns/{kind}");
            table.ask("POST", &path, column.clone()).await.ok();
        }
        table.place.settled(&table.path).await;
        table
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        let path = format!("{}/{path}", self.path);
        self.place.key(method, &path, body).await
    }

    async fn add(&self, id: &str, data: Value) -> Answer {
        let body = json!({"rowId": id, "data": data});
        self.ask("POST", "rows", body).await
    }

    async fn patch(&self, id: &str, data: Value) -> Answer {
        self.ask("PATCH", &format!("rows/{id}"), json!({"data": data}))
            .await
    }

    /// Changes the column `c`, optional and without a default unless `fields` says otherwise.
    async fn change(&self, kind: &str, fields: Value) -> Answer {
        let mut body = json!({"required": false, "default": null});
        for (name, value) in fields.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        self.ask("PATCH", &format!("columns/{kind}/c"), body).await
    }
}

pub(crate) async fn a_text_grows_in_place_and_shrinks_to_what_is_stored(place: Arc<Place>) {
    let column = json!({"key": "c", "size": 10, "required": false});
    let table = Table::new(place, &[("varchar", column)]).await;
    table.add("r", json!({"c": "12345678"})).await.ok();
    let grown = table.change("varchar", json!({"size": 20})).await.ok();
    assert_eq!(grown.body["size"], 20);
    assert_eq!(grown.body["status"], "available");
    let refused = table.change("varchar", json!({"size": 7})).await;
    refused.refused(400, "column_invalid_resize");
    table.change("varchar", json!({"size": 8})).await.ok();
    let row = table.patch("r", json!({"c": "87654321"})).await.ok();
    assert_eq!(row.body["c"], "87654321");
}

pub(crate) async fn what_is_stored_is_not_asked_by_other_changes_but_refuses_updates(
    place: Arc<Place>,
) {
    let other = json!({"key": "d", "size": 10, "required": false});
    let required = json!({"required": true});
    let cases = [
        ("varchar", json!({"size": 10}), Value::Null, required),
        (
            "enum",
            json!({"elements": ["a", "b"]}),
            json!("b"),
            json!({"elements": ["a"]}),
        ),
        ("integer", json!({}), json!(7), json!({"max": 6})),
    ];
    for (kind, fields, stored, change) in cases {
        let mut column = json!({"key": "c", "required": false});
        for (name, value) in fields.as_object().into_iter().flatten() {
            column[name] = value.clone();
        }
        let columns = [(kind, column), ("varchar", other.clone())];
        let table = Table::new(Arc::clone(&place), &columns).await;
        table.add("r", json!({"c": stored, "d": "x"})).await.ok();
        table.change(kind, change).await.ok();
        let row = table.ask("GET", "rows/r", Value::Null).await.ok();
        assert_eq!(row.body["c"], stored);
        let refused = table.patch("r", json!({"d": "y"})).await;
        refused.refused(400, "row_invalid_structure");
    }
}

pub(crate) async fn a_default_taken_away_lives_on_unless_the_column_was_required(
    place: Arc<Place>,
) {
    let column = json!({"key": "c", "size": 10, "required": false, "default": "x"});
    let other = json!({"key": "d", "size": 10, "required": false});
    let table = Table::new(place, &[("varchar", column), ("varchar", other)]).await;
    let changed = table.change("varchar", json!({})).await.ok();
    assert_eq!(changed.body["default"], Value::Null);
    let row = table.add("r1", json!({"d": "y"})).await.ok();
    assert_eq!(row.body["c"], "x");
    for required in [true, false] {
        let change = json!({"required": required});
        table.change("varchar", change).await.ok();
    }
    let row = table.add("r2", json!({"d": "y"})).await.ok();
    assert_eq!(row.body["c"], Value::Null);
}

pub(crate) async fn a_default_is_given_at_the_next_update_of_a_row(place: Arc<Place>) {
    let column = json!({"key": "c", "size": 10, "required": false});
    let other = json!({"key": "d", "size": 10, "required": false});
    let table = Table::new(place, &[("varchar", column), ("varchar", other)]).await;
    table.add("r", json!({"d": "y"})).await.ok();
    table.change("varchar", json!({"default": "x"})).await.ok();
    let row = table.ask("GET", "rows/r", Value::Null).await.ok();
    assert_eq!(row.body["c"], Value::Null);
    let row = table.patch("r", json!({"d": "z"})).await.ok();
    assert_eq!(row.body["c"], "x");
}

pub(crate) async fn bounds_that_are_not_sent_stay_and_bytes_never_grow(place: Arc<Place>) {
    let column = json!({"key": "c", "required": false, "min": 0, "max": 9});
    let table = Table::new(place, &[("integer", column)]).await;
    let changed = table.change("integer", json!({"min": 3})).await.ok();
    assert_eq!(
        (&changed.body["min"], &changed.body["max"]),
        (&json!(3), &json!(9))
    );
    let wide = json!({"max": 5_000_000_000_u64});
    table.change("integer", wide).await.ok();
    table.add("r1", json!({"c": 2_147_483_647})).await.ok();
    let refused = table.add("r2", json!({"c": 2_147_483_648_u64})).await;
    refused.refused(400, "row_invalid_structure");
}

pub(crate) async fn a_text_does_not_outgrow_its_index(place: Arc<Place>) {
    let column = json!({"key": "c", "size": 10, "required": false});
    let table = Table::new(place, &[("varchar", column)]).await;
    let index = json!({"key": "c", "type": "key", "columns": ["c"]});
    table.ask("POST", "indexes", index).await.ok();
    table.place.settled(&table.path).await;
    let refused = table.change("varchar", json!({"size": 769})).await;
    refused.refused(400, "column_index_invalid");
    table.change("varchar", json!({"size": 768})).await.ok();
}
