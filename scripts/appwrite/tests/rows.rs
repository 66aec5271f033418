//! Databases, tables and rows over real HTTP: what clients of the real server rely on, and what surprises them there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::{Path, PathBuf};

use embedded_appwrite::{Builds, Edition, EmbeddedAppwrite, Options, StaleReads, Storage};
use reqwest::header::HeaderMap;
use serde_json::{json, Value};

const ROWS: &str = "/tablesdb/main/tables/books/rows";

/// An instance and a client with its key.
struct Shelf {
    appwrite: EmbeddedAppwrite,
    client: reqwest::Client,
}

/// The same instance as a user sees it.
struct User<'a> {
    endpoint: &'a str,
    client: reqwest::Client,
}

fn options(storage: Storage) -> Options {
    Options {
        storage,
        edition: Edition::default(),
        port: 0,
        project: "test".to_owned(),
        host_program: PathBuf::from("no-functions-here"),
        builds: Builds::Host,
        environment: Vec::new(),
    }
}

impl Shelf {
    async fn start(storage: Storage) -> Self {
        let appwrite = EmbeddedAppwrite::start(options(storage)).await.unwrap();
        let client = client("x-appwrite-key", appwrite.key());
        Self { appwrite, client }
    }

    /// With the table `books`, unique by title.
    async fn new() -> Self {
        let shelf = Self::start(Storage::Ephemeral).await;
        shelf.books().await;
        shelf
    }

    async fn books(&self) {
        let made = |(status, body): (u16, Value)| assert!(status < 300, "{body}");
        let tables = "/tablesdb/main/tables";
        made(
            self.send(
                "POST",
                "/tablesdb",
                json!({"databaseId": "main", "name": "Main"}),
            )
            .await,
        );
        made(
            self.send("POST", tables, json!({"tableId": "books", "name": "Books"}))
                .await,
        );
        for (kind, column) in [
            (
                "varchar",
                json!({"key": "title", "size": 40, "required": true}),
            ),
            (
                "integer",
                json!({"key": "pages", "required": false, "min": 1, "max": 5000}),
            ),
            ("float", json!({"key": "weight", "required": false})),
            (
                "enum",
                json!({"key": "state", "elements": ["new", "old"], "required": false, "default": "new"}),
            ),
            ("datetime", json!({"key": "printed", "required": false})),
            ("mediumtext", json!({"key": "notes", "required": false})),
            (
                "varchar",
                json!({"key": "authors", "size": 40, "required": false, "array": true}),
            ),
        ] {
            made(
                self.send("POST", &format!("{tables}/books/columns/{kind}"), column)
                    .await,
            );
        }
        self.settled().await;
        let index = json!({"key": "by_title", "type": "unique", "columns": ["title"]});
        made(
            self.send("POST", &format!("{tables}/books/indexes"), index)
                .await,
        );
        self.settled().await;
    }

    /// Polls as a client of the real server has to.
    async fn settled(&self) {
        loop {
            let (_, table) = self.get("/tablesdb/main/tables/books").await;
            let parts = ["columns", "indexes"].map(|name| table[name].as_array().unwrap().clone());
            if parts
                .concat()
                .iter()
                .all(|part| part["status"] == "available")
            {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.guarded(method, path, body, "").await
    }

    async fn guarded(&self, method: &str, path: &str, body: Value, guard: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.appwrite.endpoint());
        send(&self.client, method, url, body, guard).await
    }

    async fn user(&self, id: &str) -> User<'_> {
        let user = json!({"userId": id, "email": format!("{id}@example.com"), "name": id});
        self.send("POST", "/users", user).await;
        let (status, token) = self
            .send("POST", &format!("/users/{id}/jwts"), json!({}))
            .await;
        assert_eq!(status, 201, "{token}");
        User {
            endpoint: self.appwrite.endpoint(),
            client: client("x-appwrite-jwt", token["jwt"].as_str().unwrap()),
        }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, Value::Null).await
    }

    async fn add(&self, id: &str, data: Value) -> (u16, Value) {
        self.send("POST", ROWS, json!({"rowId": id, "data": data}))
            .await
    }

    async fn list(&self, queries: &[Value]) -> (u16, Value) {
        let mut url = url::Url::parse("http://host/").unwrap();
        for query in queries {
            url.query_pairs_mut()
                .append_pair("queries[]", &query.to_string());
        }
        self.get(&format!("{ROWS}?{}", url.query().unwrap_or_default()))
            .await
    }

    async fn titles(&self, queries: &[Value]) -> Vec<String> {
        let (status, body) = self.list(queries).await;
        assert_eq!(status, 200, "{body}");
        let rows = body["rows"].as_array().unwrap();
        rows.iter()
            .map(|row| row["title"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl User<'_> {
    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        send(
            &self.client,
            method,
            format!("{}{path}", self.endpoint),
            body,
            "",
        )
        .await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, Value::Null).await
    }

    async fn add(&self, id: &str, data: Value) -> (u16, Value) {
        self.send("POST", ROWS, json!({"rowId": id, "data": data}))
            .await
    }
}

fn client(name: &'static str, value: &str) -> reqwest::Client {
    let mut headers = HeaderMap::new();
    headers.insert("x-appwrite-project", "test".parse().unwrap());
    headers.insert(name, value.parse().unwrap());
    reqwest::Client::builder()
        .no_proxy()
        .default_headers(headers)
        .build()
        .unwrap()
}

async fn send(
    client: &reqwest::Client,
    method: &str,
    url: String,
    body: Value,
    guard: &str,
) -> (u16, Value) {
    let mut request = client.request(method.parse().unwrap(), url);
    if !guard.is_empty() {
        request = request.header("x-appwrite-timestamp", guard);
    }
    if !body.is_null() {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

#[track_caller]
fn refused((status, body): (u16, Value), wanted: u16, kind: &str) {
    assert_eq!(
        (status, body["type"].as_str()),
        (wanted, Some(kind)),
        "{body}"
    );
    assert_eq!(body["code"], wanted);
    assert_eq!(body["version"], "1.9.6");
}

fn equal(attribute: &str, values: Value) -> Value {
    json!({"method": "equal", "attribute": attribute, "values": values})
}

#[tokio::test]
async fn a_new_column_is_processing_and_available_a_moment_later() {
    let shelf = Shelf::new().await;
    let column = json!({"key": "isbn", "size": 13, "required": false});
    let (status, made) = shelf
        .send(
            "POST",
            "/tablesdb/main/tables/books/columns/varchar",
            column,
        )
        .await;
    assert_eq!((status, made["status"].as_str()), (202, Some("processing")));
    shelf.settled().await;
    let (_, column) = shelf.get("/tablesdb/main/tables/books/columns/isbn").await;
    assert_eq!(column["status"], "available");
}

#[tokio::test]
async fn a_table_is_described_before_it_exists_and_spoils_a_column_that_comes_between() {
    let shelf = Shelf::start(Storage::Ephemeral).await;
    let database = json!({"databaseId": "main", "name": "Main"});
    assert_eq!(shelf.send("POST", "/tablesdb", database).await.0, 201);
    // Its description is seen, its name is found taken, its rows are asked for, and a column.
    shelf.appwrite.set_table_race(Some(4));
    let (tables, table) = ("/tablesdb/main/tables", "/tablesdb/main/tables/films");
    let new = || json!({"tableId": "films", "name": "Films"});
    let column = |key| json!({"key": key, "size": 40, "required": true});
    let meanwhile = async {
        while shelf.get(table).await.0 == 404 {
            tokio::task::yield_now().await;
        }
        refused(shelf.get(tables).await, 500, "general_unknown");
        assert_eq!(shelf.get(tables).await.1["total"], 1);
        refused(
            shelf.send("POST", tables, new()).await,
            409,
            "table_already_exists",
        );
        let rows = shelf.get(&format!("{table}/rows")).await;
        refused(rows, 404, "table_not_found");
        let columns = format!("{table}/columns/varchar");
        shelf.send("POST", &columns, column("early")).await
    };
    let (made, early) = tokio::join!(shelf.send("POST", tables, new()), meanwhile);
    assert_eq!((made.0, early.0), (201, 202), "{} {}", made.1, early.1);
    assert_eq!(early.1["status"], "processing");

    let early = format!("{table}/columns/early");
    let (_, failed) = shelf.get(&early).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["error"], "Collection not found");
    assert_eq!(shelf.get(&format!("{table}/rows")).await.0, 200);
    let index = json!({"key": "by_early", "type": "key", "columns": ["early"]});
    let refusal = shelf.send("POST", &format!("{table}/indexes"), index).await;
    refused(refusal, 400, "column_not_available");
    // Nobody else asks any more: it can be made anew, and so can other tables.
    assert_eq!(shelf.send("DELETE", &early, json!({})).await.0, 204);
    let columns = format!("{table}/columns/varchar");
    let (status, again) = shelf.send("POST", &columns, column("early")).await;
    assert_eq!(status, 202, "{again}");
    while shelf.get(&early).await.1["status"] != "available" {
        tokio::task::yield_now().await;
    }
    let other = json!({"tableId": "games", "name": "Games"});
    assert_eq!(shelf.send("POST", tables, other).await.0, 201);
}

#[tokio::test]
async fn a_stale_document_of_a_table_refuses_an_index_until_the_table_is_written() {
    let shelf = Shelf::new().await;
    shelf.appwrite.set_stale_tables(true);
    let (table, column) = (
        "/tablesdb/main/tables/books",
        "/tablesdb/main/tables/books/columns",
    );
    let new = json!({"key": "shelf", "required": false});
    let (status, made) = shelf.send("POST", &format!("{column}/integer"), new).await;
    assert_eq!(status, 202, "{made}");
    while shelf.get(&format!("{column}/shelf")).await.1["status"] != "available" {
        tokio::task::yield_now().await;
    }
    let index = |column| json!({"key": format!("by_{column}"), "type": "key", "columns": [column]});
    let path = format!("{table}/indexes");
    for _ in 0..2 {
        let refusal = shelf.send("POST", &path, index("shelf")).await;
        refused(refusal, 400, "column_not_available");
    }
    let (_, document) = shelf.get(table).await;
    let states = document["columns"].as_array().unwrap().iter();
    let stale: Vec<&Value> = states.filter(|one| one["status"] == "processing").collect();
    assert_eq!(stale.len(), 1);
    assert_eq!(stale[0]["key"], "shelf");

    let itself = json!({"name": "Books", "permissions": [], "rowSecurity": false, "enabled": true});
    let (status, written) = shelf.send("PUT", table, itself).await;
    assert_eq!(status, 200, "{written}");
    let (status, made) = shelf.send("POST", &path, index("shelf")).await;
    assert_eq!(status, 202, "{made}");
    shelf.settled().await;
}

#[tokio::test]
async fn columns_that_do_not_fit_a_row_and_indexes_that_are_too_long_are_refused() {
    let shelf = Shelf::new().await;
    let columns = "/tablesdb/main/tables/books/columns/varchar";
    let wide = json!({"key": "wide", "size": 16_381, "required": false});
    refused(
        shelf.send("POST", columns, wide).await,
        400,
        "column_limit_exceeded",
    );
    let indexes = "/tablesdb/main/tables/books/indexes";
    let long = json!({"key": "long", "type": "key", "columns": ["notes"]});
    refused(
        shelf.send("POST", indexes, long).await,
        400,
        "column_index_invalid",
    );
    let array = json!({"key": "array", "type": "key", "columns": ["authors"]});
    refused(
        shelf.send("POST", indexes, array).await,
        400,
        "index_invalid",
    );
    let unknown = json!({"key": "unknown", "type": "key", "columns": ["nothing"]});
    refused(
        shelf.send("POST", indexes, unknown).await,
        400,
        "column_unknown",
    );
}

#[tokio::test]
async fn a_created_row_has_its_defaults_and_nulls_and_an_empty_array() {
    let shelf = Shelf::new().await;
    let (status, row) = shelf
        .add("one", json!({"title": "One", "weight": 2.0}))
        .await;
    assert_eq!(status, 201, "{row}");
    assert_eq!(row["state"], "new");
    assert_eq!(row["pages"], Value::Null);
    assert_eq!(row["authors"], json!([]));
    assert_eq!(row["weight"].to_string(), "2");
    assert_eq!(
        (&row["$sequence"], &row["$permissions"]),
        (&json!("1"), &json!([]))
    );
    assert_eq!(
        (&row["$databaseId"], &row["$tableId"]),
        (&json!("main"), &json!("books"))
    );
    let (_, read) = shelf.get(&format!("{ROWS}/one")).await;
    assert_eq!(read, row);
}

#[tokio::test]
async fn values_that_do_not_fit_are_refused_by_name() {
    let shelf = Shelf::new().await;
    for (data, rule) in [
        (json!({"pages": 5}), "Missing required attribute \"title\""),
        (json!({"title": "a", "colour": 1}), "Unknown attribute: \"colour\""),
        (
            json!({"title": "a".repeat(41)}),
            "Attribute \"title\" has invalid type. Value must be a valid string and no longer than 40 chars",
        ),
        (
            json!({"title": "a", "pages": 5001}),
            "Attribute \"pages\" has invalid format. Value must be a valid range between 1 and 5,000",
        ),
        (
            json!({"title": "a", "state": "torn"}),
            "Attribute \"state\" has invalid format. Value must be one of (new, old)",
        ),
        (json!({"title": "a", "authors": "b"}), "Attribute \"authors\" must be an array"),
    ] {
        let reply = shelf.add("bad", data).await;
        assert_eq!(reply.1["message"], format!("Invalid document structure: {rule}"));
        refused(reply, 400, "row_invalid_structure");
    }
}

#[tokio::test]
async fn ids_and_unique_values_clash_whatever_their_case_accents_and_trailing_blanks() {
    let shelf = Shelf::new().await;
    shelf.add("Emma", json!({"title": "Père Goriot"})).await;
    for (id, title) in [
        ("eMMA", "other"),
        ("x", "pere goriot"),
        ("x", "PÈRE GORIOT  "),
    ] {
        refused(
            shelf.add(id, json!({"title": title})).await,
            409,
            "row_already_exists",
        );
    }
    assert_eq!(shelf.get(&format!("{ROWS}/EMMA")).await.0, 200);
    assert_eq!(
        shelf
            .titles(&[equal("title", json!(["PERE goriot"]))])
            .await,
        ["Père Goriot"]
    );
}

#[tokio::test]
async fn of_two_writers_with_the_same_guard_one_wins() {
    let shelf = Shelf::new().await;
    let (_, row) = shelf.add("one", json!({"title": "One"})).await;
    let guard = row["$updatedAt"].as_str().unwrap();
    let path = format!("{ROWS}/one");
    let first = shelf
        .guarded("PATCH", &path, json!({"data": {"pages": 1}}), guard)
        .await;
    assert_eq!(first.0, 200, "{}", first.1);
    assert_ne!(first.1["$updatedAt"], row["$updatedAt"]);
    let second = shelf
        .guarded("PATCH", &path, json!({"data": {"pages": 2}}), guard)
        .await;
    refused(second, 409, "row_update_conflict");
    refused(
        shelf.guarded("DELETE", &path, Value::Null, guard).await,
        409,
        "row_update_conflict",
    );
    let garbage = shelf
        .guarded("PATCH", &path, json!({"data": {"pages": 2}}), "soon-ish")
        .await;
    refused(garbage, 400, "general_argument_invalid");
}

#[tokio::test]
async fn of_many_claims_made_at_once_one_wins() {
    let shelf = Shelf::new().await;
    for round in 0..10 {
        let id = format!("job{round}");
        let (_, row) = shelf.add(&id, json!({"title": id})).await;
        let guard = row["$updatedAt"].as_str().unwrap();
        let claims = (0..16).map(|writer| {
            let url = format!("{}{ROWS}/{id}", shelf.appwrite.endpoint());
            let body = json!({"data": {"notes": format!("writer {writer}")}});
            let request = shelf
                .client
                .patch(url)
                .header("x-appwrite-timestamp", guard);
            tokio::spawn(request.json(&body).send())
        });
        let mut won = 0;
        for claim in claims.collect::<Vec<_>>() {
            won += usize::from(claim.await.unwrap().unwrap().status() == 200);
        }
        assert_eq!(won, 1);
    }
}

#[tokio::test]
async fn a_change_that_changes_nothing_keeps_the_time() {
    let shelf = Shelf::new().await;
    let (_, row) = shelf
        .add("one", json!({"title": "One", "authors": ["a"]}))
        .await;
    let same = json!({"data": {"title": "One", "authors": ["a"]}});
    let (_, after) = shelf.send("PATCH", &format!("{ROWS}/one"), same).await;
    assert_eq!(after["$updatedAt"], row["$updatedAt"]);
}

#[tokio::test]
async fn an_empty_date_is_stored_as_now() {
    let shelf = Shelf::new().await;
    let (_, row) = shelf
        .add("one", json!({"title": "One", "printed": ""}))
        .await;
    assert_eq!(
        row["printed"].as_str().map(|text| &text[..10]),
        row["$createdAt"].as_str().map(|text| &text[..10])
    );
}

#[tokio::test]
async fn text_that_parses_to_an_operator_is_run_on_update_but_not_on_create() {
    let shelf = Shelf::new().await;
    let order = r#"{"method":"stringConcat","values":["!"]}"#;
    let (_, row) = shelf
        .add("one", json!({"title": "One", "notes": order}))
        .await;
    assert_eq!(row["notes"], order);
    let (_, row) = shelf
        .send(
            "PATCH",
            &format!("{ROWS}/one"),
            json!({"data": {"title": order}}),
        )
        .await;
    assert_eq!(row["title"], "One!");
    let wrong = json!({"data": {"notes": r#"{"method":"increment"}"#}});
    refused(
        shelf.send("PATCH", &format!("{ROWS}/one"), wrong).await,
        400,
        "row_invalid_structure",
    );
}

#[tokio::test]
async fn an_upsert_with_a_new_id_overwrites_the_row_it_clashes_with() {
    let shelf = Shelf::new().await;
    shelf.add("one", json!({"title": "One", "pages": 5})).await;
    let (status, row) = shelf
        .send(
            "PUT",
            &format!("{ROWS}/two"),
            json!({"data": {"title": "one"}}),
        )
        .await;
    assert_eq!((status, row["$id"].as_str()), (200, Some("two")));
    refused(
        shelf.get(&format!("{ROWS}/two")).await,
        404,
        "row_not_found",
    );
    let (_, one) = shelf.get(&format!("{ROWS}/one")).await;
    assert_eq!(
        (&one["title"], &one["pages"]),
        (&json!("one"), &Value::Null)
    );
}

#[tokio::test]
async fn queries_filter_order_and_page() {
    let shelf = Shelf::new().await;
    for (id, title, pages, authors) in [
        ("a", "Alpha", json!(10), json!(["x", "y"])),
        ("b", "Beta", json!(20), json!(["y"])),
        ("c", "Gamma", json!(30), json!([])),
        ("d", "Delta", Value::Null, json!(["z"])),
    ] {
        shelf
            .add(
                id,
                json!({"title": title, "pages": pages, "authors": authors}),
            )
            .await;
    }
    let order = |method: &str, key: &str| json!({"method": method, "attribute": key});
    let limit = |count: u32| json!({"method": "limit", "values": [count]});
    let at_least = json!({"method": "greaterThanEqual", "attribute": "pages", "values": [20]});
    assert_eq!(
        shelf.titles(std::slice::from_ref(&at_least)).await,
        ["Beta", "Gamma"]
    );
    let either = json!({"method": "or", "values": [at_least, equal("title", json!(["alpha"]))]});
    assert_eq!(
        shelf.titles(&[either, order("orderDesc", "pages")]).await,
        ["Gamma", "Beta", "Alpha"]
    );
    let holds = json!({"method": "contains", "attribute": "authors", "values": ["x", "z"]});
    assert_eq!(shelf.titles(&[holds]).await, ["Alpha", "Delta"]);
    let other = json!({"method": "notEqual", "attribute": "pages", "values": [10]});
    assert_eq!(shelf.titles(&[other]).await, ["Beta", "Gamma"]);
    let starts = json!({"method": "startsWith", "attribute": "title", "values": ["dEl"]});
    assert_eq!(shelf.titles(&[starts]).await, ["Delta"]);
    assert_eq!(
        shelf.titles(&[order("orderAsc", "pages"), limit(1)]).await,
        ["Delta"]
    );
    let after = json!({"method": "cursorAfter", "values": ["b"]});
    assert_eq!(shelf.titles(&[after, limit(1)]).await, ["Gamma"]);
    let before = json!({"method": "cursorBefore", "values": ["c"]});
    assert_eq!(shelf.titles(&[before, limit(1)]).await, ["Beta"]);
    let (_, some) = shelf
        .list(&[json!({"method": "select", "values": ["pages"]}), limit(1)])
        .await;
    let keys: Vec<&String> = some["rows"][0].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "pages",
            "$id",
            "$sequence",
            "$createdAt",
            "$updatedAt",
            "$permissions",
            "$databaseId",
            "$tableId"
        ]
    );
    assert_eq!(some["total"], 4);
}

#[tokio::test]
async fn queries_that_make_no_sense_are_refused() {
    let shelf = Shelf::new().await;
    for query in [
        equal("nothing", json!(["x"])),
        equal("authors", json!(["x"])),
        equal("pages", json!(["ten"])),
        equal("title", json!([])),
        json!({"method": "limit", "values": [0]}),
        json!({"method": "like", "attribute": "title", "values": ["x"]}),
        json!({"method": "search", "attribute": "title", "values": ["x"]}),
    ] {
        refused(shelf.list(&[query]).await, 400, "general_query_invalid");
    }
    let cursor = json!({"method": "cursorAfter", "values": ["nobody"]});
    refused(shelf.list(&[cursor]).await, 400, "general_cursor_not_found");
    let long = equal("title", json!(["x".repeat(4_100)]));
    refused(shelf.list(&[long]).await, 400, "general_argument_invalid");
}

#[tokio::test]
async fn bulk_calls_do_all_or_nothing() {
    let shelf = Shelf::new().await;
    shelf.add("taken", json!({"title": "Taken"})).await;
    let rows = json!({"rows": [{"$id": "n1", "title": "N1"}, {"$id": "taken", "title": "N2"}]});
    refused(
        shelf.send("POST", ROWS, rows).await,
        409,
        "row_already_exists",
    );
    refused(shelf.get(&format!("{ROWS}/n1")).await, 404, "row_not_found");
    let rows: Vec<Value> = (0..100)
        .map(|n| json!({"$id": format!("n{n}"), "title": format!("N{n}")}))
        .collect();
    assert_eq!(shelf.send("POST", ROWS, json!({"rows": rows})).await.0, 201);
    let query = json!({"method": "startsWith", "attribute": "title", "values": ["N1"]}).to_string();
    let (_, changed) = shelf
        .send(
            "PATCH",
            ROWS,
            json!({"data": {"pages": 7}, "queries": [query]}),
        )
        .await;
    assert_eq!(changed["total"], 11);
    let (_, gone) = shelf.send("DELETE", ROWS, json!({"queries": []})).await;
    assert_eq!(
        (&gone["total"], gone["rows"].as_array().map(Vec::len)),
        (&json!(101), Some(100))
    );
}

#[tokio::test]
async fn increments_stop_at_their_limit() {
    let shelf = Shelf::new().await;
    shelf.add("one", json!({"title": "One", "pages": 5})).await;
    let path = format!("{ROWS}/one/pages/increment");
    let (_, row) = shelf
        .send("PATCH", &path, json!({"value": 4, "max": 10}))
        .await;
    assert_eq!(row["pages"], 9);
    refused(
        shelf
            .send("PATCH", &path, json!({"value": 4, "max": 10}))
            .await,
        400,
        "column_limit_exceeded",
    );
    let missing = format!("{ROWS}/two/pages/increment");
    refused(
        shelf.send("PATCH", &missing, json!({"value": 1})).await,
        404,
        "column_not_found",
    );
}

impl Shelf {
    async fn transaction(&self, operations: &[(&str, &str, Value)]) -> String {
        let (_, made) = self.send("POST", "/tablesdb/transactions", json!({})).await;
        let path = format!("/tablesdb/transactions/{}", made["$id"].as_str().unwrap());
        let operations: Vec<Value> = operations
            .iter()
            .map(|(action, row, data)| {
                json!({"action": action, "databaseId": "main", "tableId": "books", "rowId": row, "data": data})
            })
            .collect();
        let body = json!({"operations": operations});
        let (status, staged) = self.send("POST", &format!("{path}/operations"), body).await;
        assert_eq!(status, 201, "{staged}");
        path
    }
}

#[tokio::test]
async fn a_transaction_shows_its_rows_to_itself_and_to_all_after_the_commit() {
    let shelf = Shelf::new().await;
    shelf.add("one", json!({"title": "One"})).await;
    let transaction = shelf
        .transaction(&[
            ("create", "two", json!({"title": "Two"})),
            ("update", "one", json!({"pages": 3})),
        ])
        .await;
    let id = transaction.rsplit('/').next().unwrap();
    refused(
        shelf.get(&format!("{ROWS}/two")).await,
        404,
        "row_not_found",
    );
    let (_, staged) = shelf.get(&format!("{ROWS}/two?transactionId={id}")).await;
    assert_eq!(
        (&staged["title"], &staged["$sequence"]),
        (&json!("Two"), &json!(""))
    );
    let (status, done) = shelf
        .send("PATCH", &transaction, json!({"commit": true}))
        .await;
    assert_eq!((status, done["status"].as_str()), (200, Some("committed")));
    assert_eq!(shelf.get(&format!("{ROWS}/one")).await.1["pages"], 3);
    assert_eq!(shelf.get(&format!("{ROWS}/two")).await.0, 200);
    refused(
        shelf
            .send("PATCH", &transaction, json!({"commit": true}))
            .await,
        400,
        "transaction_not_ready",
    );
}

#[tokio::test]
async fn a_commit_fails_as_a_whole_when_a_row_changed_since_staging() {
    let shelf = Shelf::new().await;
    shelf.add("one", json!({"title": "One"})).await;
    let transaction = shelf
        .transaction(&[
            ("create", "two", json!({"title": "Two"})),
            ("update", "one", json!({"pages": 3})),
        ])
        .await;
    shelf
        .send(
            "PATCH",
            &format!("{ROWS}/one"),
            json!({"data": {"pages": 4}}),
        )
        .await;
    refused(
        shelf
            .send("PATCH", &transaction, json!({"commit": true}))
            .await,
        409,
        "transaction_conflict",
    );
    refused(
        shelf.get(&format!("{ROWS}/two")).await,
        404,
        "row_not_found",
    );
    assert_eq!(shelf.get(&transaction).await.1["status"], "failed");
}

#[tokio::test]
async fn a_commit_in_flight_is_seen_by_nobody_and_goes_on_without_its_client() {
    let shelf = Shelf::new().await;
    let create = ("create", "one", json!({"title": "One"}));
    let transaction = shelf.transaction(&[create]).await;
    shelf.appwrite.set_commits_held(true);
    let commit = json!({"commit": true});
    let in_flight = async { while shelf.get(&transaction).await.1["status"] != "committing" {} };
    tokio::select! {
        answer = shelf.send("PATCH", &transaction, commit.clone()) => panic!("{answer:?}"),
        () = in_flight => {}
    }
    let row = format!("{ROWS}/one");
    refused(shelf.get(&row).await, 404, "row_not_found");
    let again = shelf.send("PATCH", &transaction, commit).await;
    refused(again, 400, "transaction_not_ready");
    shelf.appwrite.set_commits_held(false);
    shelf.appwrite.idle().await;
    assert_eq!(shelf.get(&transaction).await.1["status"], "committed");
    assert_eq!(shelf.get(&row).await.1["title"], "One");
}

/// Every way to GET the row `one`: whole, with a selection, by the older route.
const GETS: [&str; 3] = [
    "/tablesdb/main/tables/books/rows/one",
    "/tablesdb/main/tables/books/rows/one?queries[]=%7B%22method%22%3A%22select%22%2C%22values%22%3A%5B%22pages%22%5D%7D",
    "/databases/main/collections/books/documents/one",
];

/// What the GETs say of the row's pages, which is nothing where it is gone.
async fn pages(shelf: &Shelf) -> [Value; 3] {
    let mut pages = [const { Value::Null }; 3];
    for (pages, path) in pages.iter_mut().zip(GETS) {
        *pages = shelf.get(path).await.1["pages"].clone();
    }
    pages
}

#[tokio::test]
async fn every_get_stays_old_after_any_commit_until_the_row_is_written() {
    let whole = json!({"title": "One", "pages": 3});
    for (action, row, data) in [
        ("update", "one", json!({"pages": 3})),
        ("delete", "one", json!(null)),
        ("increment", "one", json!({"column": "pages", "value": 2})),
        (
            "upsert",
            "one",
            json!({"$id": "one", "title": "One", "pages": 3}),
        ),
        ("bulkUpdate", "", json!({"data": {"pages": 3}})),
        (
            "bulkUpsert",
            "",
            json!([{"$id": "one", "title": "One", "pages": 3}]),
        ),
        ("bulkDelete", "", json!({"queries": []})),
    ] {
        let shelf = Shelf::new().await;
        let one = json!({"title": "One", "pages": 1});
        let (_, stored) = shelf.add("one", one).await;
        shelf.appwrite.set_stale_reads(Some(StaleReads::Every));
        let transaction = shelf.transaction(&[(action, row, data)]).await;
        let commit = json!({"commit": true});
        let (status, committed) = shelf.send("PATCH", &transaction, commit).await;
        assert_eq!(status, 200, "{action}: {committed}");

        let old = [1, 1, 1].map(|pages| json!(pages));
        assert_eq!(pages(&shelf).await, old, "{action}");
        let (_, list) = shelf.list(&[equal("$id", json!(["one"]))]).await;
        let is_gone = action.to_lowercase().contains("delete");
        let listed = if is_gone { Value::Null } else { json!(3) };
        assert_eq!(list["rows"][0]["pages"], listed, "{action}");

        // A refused write heals nothing.
        let guard = stored["$updatedAt"].as_str().unwrap();
        let change = json!({"data": {"notes": "x"}});
        let (status, _) = shelf.guarded("PATCH", GETS[0], change, guard).await;
        assert_eq!(status, if is_gone { 404 } else { 409 }, "{action}");
        assert_eq!(pages(&shelf).await, old, "{action}");

        let healed = shelf.send("PUT", GETS[0], json!({"data": whole})).await;
        assert_eq!(healed.0, 200, "{action}: {}", healed.1);
        assert_eq!(pages(&shelf).await, [3, 3, 3], "{action}");
    }
}

#[tokio::test]
async fn any_write_outside_of_a_transaction_heals_a_stale_row() {
    let all = json!({"data": {"notes": "x"}, "queries": []});
    for (method, path, body) in [
        ("PATCH", GETS[0], json!({"data": {"notes": "x"}})),
        ("PATCH", GETS[0], json!({"data": {"pages": 3}})),
        ("PATCH", ROWS, all),
        ("PATCH", GETS[2], json!({"data": {"notes": "x"}})),
        (
            "PATCH",
            "/tablesdb/main/tables/books/rows/one/pages/increment",
            json!({"value": 1}),
        ),
        ("DELETE", GETS[0], json!({})),
    ] {
        let shelf = Shelf::new().await;
        shelf.add("one", json!({"title": "One", "pages": 1})).await;
        shelf.appwrite.set_stale_reads(Some(StaleReads::Every));
        let change = ("update", "one", json!({"pages": 3}));
        let transaction = shelf.transaction(&[change]).await;
        let commit = json!({"commit": true});
        shelf.send("PATCH", &transaction, commit).await;
        let (status, answer) = shelf.send(method, path, body).await;
        assert!(status < 300, "{method} {path}: {answer}");
        let (_, list) = shelf.list(&[equal("$id", json!(["one"]))]).await;
        let listed = list["rows"][0]["pages"].clone();
        let expect = [&listed, &listed, &listed].map(Clone::clone);
        assert_eq!(pages(&shelf).await, expect, "{method} {path}");
    }
}

#[tokio::test]
async fn a_get_with_a_selection_is_right_where_only_whole_rows_were_read() {
    let shelf = Shelf::new().await;
    shelf.add("one", json!({"title": "One", "pages": 1})).await;
    shelf.appwrite.set_stale_reads(Some(StaleReads::WholeRows));
    let change = ("update", "one", json!({"pages": 3}));
    let transaction = shelf.transaction(&[change]).await;
    let commit = json!({"commit": true});
    shelf.send("PATCH", &transaction, commit).await;
    assert_eq!(pages(&shelf).await, [1, 3, 1]);
}

#[tokio::test]
async fn of_many_commits_that_create_the_same_row_one_wins() {
    let shelf = Shelf::new().await;
    let mut commits = Vec::new();
    for number in 0..16 {
        let staged = [(
            "create",
            "same",
            json!({"title": format!("Title {number}")}),
        )];
        commits.push(shelf.transaction(&staged).await);
    }
    let sent = commits.iter().map(|path| {
        let url = format!("{}{path}", shelf.appwrite.endpoint());
        tokio::spawn(
            shelf
                .client
                .patch(url)
                .json(&json!({"commit": true}))
                .send(),
        )
    });
    let mut won = 0;
    for answer in sent.collect::<Vec<_>>() {
        won += usize::from(answer.await.unwrap().unwrap().status() == 200);
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn a_user_reads_only_rows_that_name_the_user() {
    let shelf = Shelf::new().await;
    let table = json!({"name": "Books", "rowSecurity": true});
    shelf
        .send("PUT", "/tablesdb/main/tables/books", table)
        .await;
    for (id, permissions) in [
        ("hers", json!(["read(\"user:ada\")"])),
        ("nobodys", json!([])),
    ] {
        let row = json!({"rowId": id, "data": {"title": id}, "permissions": permissions});
        shelf.send("POST", ROWS, row).await;
    }
    let ada = shelf.user("ada").await;
    let (_, list) = ada.get(ROWS).await;
    assert_eq!(
        (&list["total"], &list["rows"][0]["$id"]),
        (&json!(1), &json!("hers"))
    );
    refused(
        ada.get(&format!("{ROWS}/nobodys")).await,
        404,
        "row_not_found",
    );
    let change = json!({"data": {"pages": 1}});
    refused(
        ada.send("PATCH", &format!("{ROWS}/hers"), change.clone())
            .await,
        401,
        "user_unauthorized",
    );
    refused(
        ada.send("PATCH", &format!("{ROWS}/nobodys"), change).await,
        404,
        "row_not_found",
    );
    refused(
        ada.add("new", json!({"title": "New"})).await,
        401,
        "user_unauthorized",
    );
    refused(
        ada.get("/tablesdb/main/tables").await,
        401,
        "general_unauthorized_scope",
    );
}

#[tokio::test]
async fn a_user_who_may_create_owns_what_is_created() {
    let shelf = Shelf::new().await;
    let table = json!({"name": "Books", "rowSecurity": true, "permissions": ["create(\"users\")"]});
    shelf
        .send("PUT", "/tablesdb/main/tables/books", table)
        .await;
    let ada = shelf.user("ada").await;
    let (status, row) = ada.add("hers", json!({"title": "Hers"})).await;
    assert_eq!(status, 201, "{row}");
    let own = ["read", "update", "delete"].map(|deed| format!("{deed}(\"user:ada\")"));
    assert_eq!(row["$permissions"], json!(own));
    let (status, _) = ada
        .send("DELETE", &format!("{ROWS}/hers"), Value::Null)
        .await;
    assert_eq!(status, 204);
    let foreign =
        json!({"rowId": "x", "data": {"title": "X"}, "permissions": ["read(\"user:bob\")"]});
    refused(
        ada.send("POST", ROWS, foreign).await,
        401,
        "user_unauthorized",
    );
}

#[tokio::test]
async fn the_older_routes_say_the_same_in_older_words() {
    let shelf = Shelf::new().await;
    let documents = "/databases/main/collections/books/documents";
    let (status, made) = shelf
        .send(
            "POST",
            documents,
            json!({"documentId": "one", "data": {"title": "One"}}),
        )
        .await;
    assert_eq!(
        (status, made["$collectionId"].as_str()),
        (201, Some("books"))
    );
    assert_eq!(shelf.get(documents).await.1["documents"][0]["$id"], "one");
    refused(
        shelf.get(&format!("{documents}/two")).await,
        404,
        "document_not_found",
    );
    let (_, listed) = shelf
        .get("/databases/main/collections/books/attributes")
        .await;
    assert_eq!(listed["attributes"][0]["key"], "title");
}

/// The files as a killed process leaves them: copied while the instance is running.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[tokio::test]
async fn rows_outlive_the_instance_and_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::start(Storage::Folder(folder.path().to_owned())).await;
    shelf.books().await;
    shelf.add("one", json!({"title": "One"})).await;
    let killed = tempfile::tempdir().unwrap();
    copy(folder.path(), killed.path());
    shelf.appwrite.stop().await;
    for folder in [folder.path(), killed.path()] {
        let shelf = Shelf::start(Storage::Folder(folder.to_owned())).await;
        assert_eq!(shelf.get(&format!("{ROWS}/one")).await.1["title"], "One");
    }
}

#[tokio::test]
async fn a_copy_has_what_was_there_and_goes_its_own_way() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::start(Storage::Folder(folder.path().to_owned())).await;
    shelf.books().await;
    shelf.add("one", json!({"title": "One"})).await;
    // Of an instance that runs.
    let copy = Shelf::start(Storage::CopyOf(folder.path().to_owned())).await;
    assert_eq!(copy.get(&format!("{ROWS}/one")).await.1["title"], "One");
    copy.add("two", json!({"title": "Two"})).await;
    shelf.add("three", json!({"title": "Three"})).await;
    for (shelf, has, has_not) in [(&copy, "two", "three"), (&shelf, "three", "two")] {
        assert_eq!(shelf.get(&format!("{ROWS}/{has}")).await.0, 200);
        assert_eq!(shelf.get(&format!("{ROWS}/{has_not}")).await.0, 404);
    }
}

#[tokio::test]
async fn a_copy_of_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(Storage::CopyOf(folder.path().to_owned()));
    let error = EmbeddedAppwrite::start(options).await.err().unwrap();
    assert!(error.to_string().contains("cannot be copied"), "{error}");
}

#[tokio::test]
async fn a_commit_that_a_kill_cut_off_has_failed_and_written_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::start(Storage::Folder(folder.path().to_owned())).await;
    shelf.books().await;
    let create = ("create", "one", json!({"title": "One"}));
    let cut_off = shelf.transaction(&[create]).await;
    let two = ("create", "two", json!({"title": "Two"}));
    let open = shelf.transaction(&[two]).await;
    shelf.appwrite.set_commits_held(true);
    let killed = tempfile::tempdir().unwrap();
    let commit = json!({"commit": true});
    let in_flight = async { while shelf.get(&cut_off).await.1["status"] != "committing" {} };
    tokio::select! {
        answer = shelf.send("PATCH", &cut_off, commit.clone()) => panic!("{answer:?}"),
        () = in_flight => copy(folder.path(), killed.path()),
    }
    let after = Shelf::start(Storage::Folder(killed.path().to_owned())).await;
    assert_eq!(after.get(&cut_off).await.1["status"], "failed");
    assert_eq!(after.get(&open).await.1["status"], "pending");
    refused(
        after.get(&format!("{ROWS}/one")).await,
        404,
        "row_not_found",
    );
    let again = after.send("PATCH", &cut_off, commit).await;
    refused(again, 400, "transaction_not_ready");
    let (status, made) = after.add("one", json!({"title": "One"})).await;
    assert_eq!(status, 201, "{made}");
}

#[tokio::test]
async fn a_folder_serves_one_instance_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::Folder(folder.path().to_owned());
    let first = EmbeddedAppwrite::start(options(storage.clone()))
        .await
        .unwrap();
    let refusal = EmbeddedAppwrite::start(options(storage.clone()))
        .await
        .err()
        .unwrap();
    assert!(
        refusal
            .to_string()
            .contains("in use by another running instance"),
        "{refusal}"
    );
    let port = first
        .endpoint()
        .split([':', '/'])
        .nth(4)
        .unwrap()
        .parse()
        .unwrap();
    let taken = Options {
        port,
        ..options(Storage::Ephemeral)
    };
    let refusal = EmbeddedAppwrite::start(taken).await.err().unwrap();
    assert!(
        refusal.to_string().contains("cannot listen on"),
        "{refusal}"
    );
    first.stop().await;
    EmbeddedAppwrite::start(options(storage)).await.unwrap();
}
