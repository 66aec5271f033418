//! A table with rows in it is brought to another description: what is changed in place, what is refused and which way
//! out there is, and what happens when the tool dies or meets others on the way.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use embedded_appwrite::EmbeddedAppwrite;
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use project::schema::{self, Report};
use project::{Description, Target};
use serde_json::{json, Value};
use world::echo::Host;

use crate::wire::{Deed, Stop, When, Wire, ALL, WRITES};
use crate::{appwrite, by_hand, command, settled, target, tool};

pub(crate) const PEOPLE: &str = "/tablesdb/d/tables/people";

/// A server whose table `people` has the columns of [`before`] and three rows.
pub(crate) struct Live {
    pub(crate) appwrite: EmbeddedAppwrite,
    folder: tempfile::TempDir,
}

/// The columns of `people`, `table` put over its settings, and more tables.
pub(crate) fn described(columns: Value, indexes: Value, table: Value, more: &[Value]) -> Value {
    let mut people = json!({
        "$id": "people", "$permissions": ["read(\"any\")"], "databaseId": "d", "name": "people", "enabled": true,
        "rowSecurity": false, "columns": columns, "indexes": indexes,
    });
    for (name, value) in table.as_object().into_iter().flatten() {
        people[name] = value.clone();
    }
    let tables: Vec<&Value> = std::iter::once(&people).chain(more).collect();
    json!({"projectId": "p", "tablesDB": [{"$id": "d", "name": "d", "enabled": true}], "tables": tables})
}

/// A column without array and default unless `fields` says otherwise.
pub(crate) fn column(key: &str, kind: &str, required: bool, fields: Value) -> Value {
    let mut column =
        json!({"key": key, "type": kind, "required": required, "array": false, "default": null});
    for (name, value) in fields.as_object().into_iter().flatten() {
        column[name] = value.clone();
    }
    column
}

fn letters(elements: &[&str]) -> Value {
    json!({"format": "enum", "elements": elements})
}

/// As the server is before anything is changed.
pub(crate) fn columns() -> Vec<Value> {
    vec![
        column("name", "varchar", true, json!({"size": 20})),
        column("mail", "varchar", false, json!({"size": 100})),
        column("state", "string", false, letters(&["a", "b", "c"])),
        column("age", "integer", false, json!({"min": 0, "max": 100})),
        column("weight", "double", false, json!({"min": 0.5})),
        column("note", "text", false, json!({})),
        column("team", "varchar", false, json!({"size": 9, "default": "x"})),
        column("tags", "varchar", false, json!({"size": 20, "array": true})),
    ]
}

pub(crate) fn indexes() -> Value {
    json!([{"key": "mail", "type": "unique", "columns": ["mail"], "orders": ["ASC"]}])
}

pub(crate) fn before() -> Value {
    described(json!(columns()), indexes(), json!({}), &[])
}

/// [`before`] with one column replaced.
fn with(changed: Value) -> Value {
    let replaced = |column: Value| {
        if column["key"] == changed["key"] {
            changed.clone()
        } else {
            column
        }
    };
    let columns: Vec<Value> = columns().into_iter().map(replaced).collect();
    described(json!(columns), indexes(), json!({}), &[])
}

/// [`before`] with a note in every row.
pub(crate) fn with_note() -> Value {
    with(column("note", "text", true, json!({})))
}

/// Everything changed that can be, and something to create.
fn after() -> Value {
    let places = json!({
        "$id": "places", "$permissions": [], "databaseId": "d", "name": "places", "enabled": true, "rowSecurity": true,
        "columns": [column("slug", "varchar", true, json!({"size": 64}))],
        "indexes": [{"key": "slug", "type": "unique", "columns": ["slug"], "orders": ["ASC"]}],
    });
    let columns = json!([
        column("name", "varchar", true, json!({"size": 40})),
        column("mail", "varchar", false, json!({"size": 50})),
        column("state", "string", false, letters(&["d", "a", "b"])),
        column("age", "integer", true, json!({"min": 10, "max": 200})),
        column("weight", "double", false, json!({})),
        column("note", "text", true, json!({})),
        column("team", "varchar", false, json!({"size": 9, "default": "y"})),
        column("tags", "varchar", false, json!({"size": 7, "array": true})),
        column("born", "datetime", false, json!({})),
    ]);
    let indexes = json!([
        {"key": "mail", "type": "unique", "columns": ["mail"], "orders": ["ASC"]},
        {"key": "born", "type": "key", "columns": ["born", "name"], "orders": ["DESC", "ASC"]},
    ]);
    let table = json!({"rowSecurity": true, "$permissions": ["read(\"users\")"], "name": "People"});
    let mut description = described(columns, indexes, table, &[places]);
    description["tablesDB"][0]["name"] = json!("Data");
    description
}

impl Live {
    pub(crate) async fn new() -> Self {
        Self::on(appwrite().await, tempfile::tempdir().unwrap()).await
    }

    async fn on(appwrite: EmbeddedAppwrite, folder: tempfile::TempDir) -> Self {
        let live = Self { appwrite, folder };
        let before = read(&before());
        schema::apply(&target(&live.appwrite), &before)
            .await
            .unwrap();
        for n in 1..=3 {
            let data = json!({
                "name": format!("name {n}"), "mail": format!("{n}@example.com"), "state": "a", "age": 10 + n,
                "weight": 60.5, "note": "some", "tags": ["one", "seven77"],
            });
            live.add(&format!("r{n}"), data).await;
        }
        live
    }

    async fn add(&self, id: &str, data: Value) {
        let body = json!({"rowId": id, "data": data});
        by_hand(&self.appwrite, "POST", &format!("{PEOPLE}/rows"), body).await;
    }

    pub(crate) async fn patch(&self, id: &str, data: Value) {
        let path = format!("{PEOPLE}/rows/{id}");
        by_hand(&self.appwrite, "PATCH", &path, json!({"data": data})).await;
    }

    /// Makes many rows.
    async fn fill(&self, from: usize, to: usize) {
        const AT_ONCE: usize = 100;
        for first in (from..to).step_by(AT_ONCE) {
            let rows: Vec<Value> = (first..first + AT_ONCE)
                .map(|n| json!({"$id": format!("b{n}"), "name": "n", "note": "short"}))
                .collect();
            let path = format!("{PEOPLE}/rows");
            by_hand(&self.appwrite, "POST", &path, json!({"rows": rows})).await;
        }
    }

    pub(crate) fn file(&self, description: &Value) -> PathBuf {
        let file = self.folder.path().join("appwrite.json");
        std::fs::write(&file, description.to_string()).unwrap();
        file
    }

    pub(crate) async fn plan(&self, description: &Value) -> String {
        let description = read(description);
        let plan = schema::plan(&target(&self.appwrite), &description).await;
        plan.unwrap().to_string()
    }

    pub(crate) async fn apply(&self, description: &Value) -> anyhow::Result<Report> {
        schema::apply(&target(&self.appwrite), &read(description)).await
    }

    /// Rows as they are, times included.
    async fn rows(&self) -> Value {
        by_hand(
            &self.appwrite,
            "GET",
            &format!("{PEOPLE}/rows"),
            Value::Null,
        )
        .await
    }

    /// `description` is refused with `drift`, nothing is written, and no row is touched.
    #[track_caller]
    pub(crate) fn refuses<'a>(
        &'a self,
        description: &'a Value,
        drift: &'a str,
    ) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let rows = self.rows().await;
            let file = self.file(description);
            let wire = Wire::to(&self.appwrite, None).await;
            for verb in ["plan", "check", "apply"] {
                let (code, told) = tool(&self.appwrite, &wire.endpoint, verb, &file).await;
                assert_eq!(
                    told,
                    format!("nothing to do\ndrift: {drift}\n"),
                    "{verb} for {caller}"
                );
                assert_eq!(code, Some(2), "{verb} for {caller}");
            }
            assert_eq!(wire.written(), 0, "{caller}");
            assert_eq!(self.rows().await, rows, "{caller}");
        }
    }

    /// `description` is made without leaving anything.
    #[track_caller]
    pub(crate) fn takes<'a>(&'a self, description: &'a Value) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let report = self.apply(description).await.unwrap();
            assert!(report.drift.is_empty(), "{:?} for {caller}", report.drift);
            assert_eq!(self.plan(description).await, "nothing to do\n", "{caller}");
        }
    }
}

pub(crate) fn read(description: &Value) -> Description {
    Description::parse(&description.to_string()).unwrap()
}

#[tokio::test]
async fn everything_that_can_be_is_changed_in_place_and_no_row_is_touched() {
    let live = Live::new().await;
    let rows = live.rows().await;
    let told = "change the database d: name \"d\" → \"Data\"\n\
        change the table d.people: name \"people\" → \"People\"\n\
        change who may reach the table d.people: row security off → on: what single rows permit counts, too\n\
        change who may reach the table d.people: takes read(\"any\") away\n\
        change who may reach the table d.people: gives read(\"users\")\n\
        create the column d.people.born datetime, optional\n\
        change the column d.people.name: varchar(20) → varchar(40)\n\
        change the column d.people.mail: varchar(100) → varchar(50)\n\
        change the column d.people.state: enum(a|b|c) → enum(d|a|b)\n\
        change the column d.people.age: integer(0..100) → integer(10..200)\n\
        change the column d.people.age: optional → required\n\
        change the column d.people.weight: double(0.5..) → double\n\
        change the column d.people.note: optional → required\n\
        change the column d.people.team: default \"x\" → \"y\"\n\
        change the column d.people.tags: varchar(20) → varchar(7)\n\
        create the index d.people born key on born descending, name ascending\n\
        create the table d.places with row security\n\
        create the column d.places.slug varchar(64), required\n\
        create the index d.places slug unique on slug ascending\n";
    assert_eq!(live.plan(&after()).await, told);

    let file = live.file(&after());
    let (code, printed) = tool(&live.appwrite, live.appwrite.endpoint(), "apply", &file).await;
    let done = "created 5 databases, tables, columns and indexes\nchanged 10 databases, tables and columns\n";
    assert_eq!((code, printed), (Some(0), format!("{told}{done}")));
    assert_eq!(live.plan(&after()).await, "nothing to do\n");

    let mut known = rows.clone();
    for row in known["rows"].as_array_mut().unwrap() {
        row["born"] = Value::Null;
    }
    assert_eq!(live.rows().await, known);
    live.patch(
        "r1",
        json!({"name": "another name of 26 letters", "age": 150}),
    )
    .await;
    live.add(
        "r4",
        json!({"name": "n", "age": 10, "note": "", "weight": 0.1}),
    )
    .await;
    let rows = live.rows().await;
    assert_eq!(rows["rows"][3]["team"], "y");
}

#[tokio::test]
async fn a_change_that_would_hurt_a_row_is_refused_until_no_row_is_hurt() {
    let live = Live::new().await;
    let shorter = with(column("mail", "varchar", false, json!({"size": 12})));
    live.refuses(
        &shorter,
        "d.people.mail: varchar(100) → varchar(12): row r1 holds more than 12 characters and could no longer be \
         updated; shorten such values or describe a size that holds them, then run this again",
    )
    .await;
    for n in 1..=3 {
        live.patch(&format!("r{n}"), json!({"mail": format!("{n}@example.or")}))
            .await;
    }
    live.takes(&shorter).await;

    let live = Live::new().await;
    let shorter = with(column(
        "tags",
        "varchar",
        false,
        json!({"size": 6, "array": true}),
    ));
    live.refuses(
        &shorter,
        "d.people.tags: varchar(20) → varchar(6): row r1 holds more than 6 characters and could no longer be \
         updated; shorten such values or describe a size that holds them, then run this again",
    )
    .await;

    let live = Live::new().await;
    live.patch("r2", json!({"state": "c"})).await;
    let fewer = with(column("state", "string", false, letters(&["a", "b"])));
    live.refuses(
        &fewer,
        "d.people.state: enum(a|b|c) → enum(a|b): row r2 holds one of c and could no longer be updated; change such \
         rows or go on describing the element, then run this again",
    )
    .await;
    live.patch("r2", json!({"state": "b"})).await;
    live.takes(&fewer).await;

    let live = Live::new().await;
    let narrower = with(column(
        "age",
        "integer",
        false,
        json!({"min": 12, "max": 12}),
    ));
    live.refuses(
        &narrower,
        "d.people.age: integer(0..100) → integer(12..12): row r1 holds a number below 12 and could no longer be \
         updated; change such rows or describe bounds that hold them, then run this again\n\
         drift: d.people.age: integer(0..100) → integer(12..12): row r3 holds a number above 12 and could no longer \
         be updated; change such rows or describe bounds that hold them, then run this again",
    )
    .await;
    for id in ["r1", "r3"] {
        live.patch(id, json!({"age": null})).await;
    }
    live.takes(&narrower).await;

    let live = Live::new().await;
    live.patch("r3", json!({"note": null})).await;
    let required = with_note();
    live.refuses(
        &required,
        "d.people.note: optional → required: row r3 has no value and could no longer be updated; give such rows one, \
         then run this again",
    )
    .await;
    live.patch("r3", json!({"note": ""})).await;
    live.takes(&required).await;
}

#[tokio::test]
async fn what_appwrite_cannot_do_in_place_is_refused_and_the_way_out_works() {
    let live = Live::new().await;
    let another = "make another column instead: describe one under another key, apply, copy the values, let the \
                   program use it, then delete this one by hand";
    let kinds = [
        (
            column("age", "double", false, json!({})),
            "age: is integer(0..100), optional, described as double, optional",
        ),
        (
            column("note", "mediumtext", false, json!({})),
            "note: is text, optional, described as mediumtext, optional",
        ),
        (
            column("name", "varchar", true, json!({"size": 20, "array": true})),
            "name: is varchar(20), required, described as varchar(20)[], required",
        ),
    ];
    for (changed, words) in kinds {
        let mut description = with(changed.clone());
        // Appwrite indexes no arrays.
        description["tables"][0]["indexes"] = indexes();
        let drift =
            format!("d.people.{words}: Appwrite cannot change a column's type in place; {another}");
        live.refuses(&description, &drift).await;
    }
    let wide = with(column(
        "age",
        "integer",
        false,
        json!({"min": 0, "max": 3_000_000_000_u64}),
    ));
    let drift = format!(
        "d.people.age: integer(0..100) → integer(0..3000000000): a column made for numbers up to 2147483647 has 4 \
         bytes, and Appwrite does not widen it; {another}"
    );
    live.refuses(&wide, &drift).await;

    // Out by another column.
    let mut columns = columns();
    columns.push(column("ageNow", "double", false, json!({})));
    let both = described(json!(columns), indexes(), json!({}), &[]);
    live.takes(&both).await;
    for n in 1..=3 {
        live.patch(&format!("r{n}"), json!({"ageNow": f64::from(10 + n)}))
            .await;
    }
    by_hand(
        &live.appwrite,
        "DELETE",
        &format!("{PEOPLE}/columns/age"),
        Value::Null,
    )
    .await;
    settled(&live.appwrite, PEOPLE).await;
    columns.retain(|column| column["key"] != "age");
    live.takes(&described(json!(columns), indexes(), json!({}), &[]))
        .await;

    // Out of a default by way of required.
    let live = Live::new().await;
    let team = |required| with(column("team", "varchar", required, json!({"size": 9})));
    live.refuses(
        &team(false),
        "d.people.team: default \"x\" → null: Appwrite would show no default and go on giving the old one to new \
         rows; describe the column as required and apply, then as optional and apply again",
    )
    .await;
    live.takes(&team(true)).await;
    live.takes(&team(false)).await;
    live.add("r4", json!({"name": "n"})).await;
    assert_eq!(live.rows().await["rows"][3]["team"], Value::Null);
}

#[tokio::test]
async fn an_index_is_left_to_a_person_and_both_ways_out_work() {
    let live = Live::new().await;
    let description = |key: &str| {
        let index =
            json!([{"key": key, "type": "unique", "columns": ["mail"], "orders": ["DESC"]}]);
        described(json!(columns()), index, json!({}), &[])
    };
    live.refuses(
        &description("mail"),
        "d.people index mail: is unique on mail ascending, described as unique on mail descending: Appwrite cannot \
         change an index in place; describe it under another key, apply, and delete mail by hand once the new one is \
         there; or delete it by hand and apply again: no row is lost, but meanwhile rows can be stored that clash, \
         and then it cannot be made anew",
    )
    .await;
    let report = live.apply(&description("mail2")).await.unwrap();
    assert_eq!(report.created, 1);
    assert_eq!(report.notes, ["d.people index mail: is not described"]);
    let path = format!("{PEOPLE}/indexes/mail");
    by_hand(&live.appwrite, "DELETE", &path, Value::Null).await;
    settled(&live.appwrite, PEOPLE).await;
    assert_eq!(live.plan(&description("mail2")).await, "nothing to do\n");

    // Deleted by hand, and made anew at once although the server is still deleting.
    let live = Live::new().await;
    live.appwrite.hold_changes(true);
    by_hand(&live.appwrite, "DELETE", &path, Value::Null).await;
    let told = "wait until the server has deleted d.people index mail\n\
                create the index d.people mail unique on mail descending\n";
    assert_eq!(live.plan(&description("mail")).await, told);
    let described = description("mail");
    let (report, ()) = tokio::join!(live.apply(&described), async {
        live.appwrite.hold_changes(false);
    });
    assert_eq!(report.unwrap().created, 1);
    assert_eq!(live.plan(&description("mail")).await, "nothing to do\n");
}

/// The first PATCH waits before it reaches the server.
pub(crate) const HELD: Stop = Stop {
    begins: &["PATCH /v1/"],
    nth: 1,
    when: When::Before,
    deed: Deed::Hold,
};

/// Why `description` is not applied when something happens `meanwhile`, while the [`HELD`] change waits.
pub(crate) async fn refused_after(
    live: &Live,
    wire: &Wire,
    description: &Value,
    meanwhile: impl Future<Output = ()>,
) -> String {
    let (target, description) = (wire.target(&live.appwrite), read(description));
    let (applied, ()) = tokio::join!(schema::apply(&target, &description), async {
        wire.held().await;
        meanwhile.await;
        wire.let_go();
    });
    format!("{:#}", applied.unwrap_err())
}

#[tokio::test]
async fn a_row_that_comes_in_during_the_change_is_not_left_behind() {
    let live = Live::new().await;
    let required = with_note();
    let wire = Wire::to(&live.appwrite, [HELD]).await;
    let late = live.add("r4", json!({"name": "late"}));
    let told = refused_after(&live, &wire, &required, late).await;
    let expect = "d.people: cannot change the column note: it is as before: row r4 has no value";
    assert!(told.starts_with(expect), "{told}");
    live.patch("r4", json!({"name": "later"})).await;
    assert!(live.plan(&required).await.contains("row r4 has no value"));

    let shorter = with(column("mail", "varchar", false, json!({"size": 30})));
    let wire = Wire::to(&live.appwrite, [HELD]).await;
    let longer = live.patch("r4", json!({"mail": "x".repeat(31)}));
    let told = refused_after(&live, &wire, &shorter, longer).await;
    let expect = "d.people: cannot change the column mail: it is as before: row r4 holds more than 30 characters";
    assert!(told.starts_with(expect), "{told}");
    assert!(live
        .plan(&shorter)
        .await
        .contains("row r4 holds more than 30 characters"));
}

#[tokio::test]
async fn a_row_is_not_left_behind_by_a_change_whose_answer_is_lost() {
    let live = Live::new().await;
    let lost = Stop {
        when: When::After,
        deed: Deed::Lose,
        ..HELD
    };
    let wire = Wire::to(&live.appwrite, [HELD, lost]).await;
    let required = with_note();
    let late = live.add("r4", json!({"name": "late"}));
    let told = refused_after(&live, &wire, &required, late).await;
    let expect = "d.people: cannot change the column note: it is as before: row r4 has no value";
    assert!(told.starts_with(expect), "{told}");
    assert_eq!(wire.written(), 2, "there and back");
    live.patch("r4", json!({"name": "later"})).await;

    // Without such a row the change stands, and the next run finds it.
    live.patch("r4", json!({"note": "some"})).await;
    let wire = Wire::to(&live.appwrite, [lost]).await;
    let applied = schema::apply(&wire.target(&live.appwrite), &read(&required)).await;
    let told = format!("{:#}", applied.unwrap_err());
    assert!(told.contains("cannot reach Appwrite"), "{told}");
    assert_eq!(live.plan(&required).await, "nothing to do\n");
}

#[tokio::test]
async fn a_change_is_taken_back_although_the_answer_to_that_is_lost() {
    let live = Live::new().await;
    let lost = Stop {
        nth: 2,
        when: When::After,
        deed: Deed::Lose,
        ..HELD
    };
    let wire = Wire::to(&live.appwrite, [HELD, lost]).await;
    let required = with_note();
    let late = live.add("r4", json!({"name": "late"}));
    let told = refused_after(&live, &wire, &required, late).await;
    let expect = "d.people: cannot change the column note: it is as before: row r4 has no value";
    assert!(told.starts_with(expect), "{told}");
    assert_eq!(wire.written(), 3, "there, back, and back again");
    live.patch("r4", json!({"name": "later"})).await;
}

#[tokio::test]
async fn a_row_is_not_left_behind_by_a_change_beside_which_another_table_fails() {
    let live = Live::new().await;
    let wire = Wire::to(&live.appwrite, [HELD]).await;
    let mut description = with_note();
    let mut places = after()["tables"][1].take();
    // MariaDB indexes no more than 768 characters.
    places["columns"][0]["size"] = json!(1000);
    description["tables"].as_array_mut().unwrap().push(places);
    let told = refused_after(&live, &wire, &description, async {
        live.add("r4", json!({"name": "late"})).await;
        // Table, column and index of the other; and then its answer.
        while wire.written() < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    })
    .await;
    let expect = "d.places: cannot create the index slug: ";
    assert!(told.starts_with(expect), "{told}");
    let expect = "; d.people: cannot change the column note: it is as before: row r4 has no value";
    assert!(told.contains(expect), "{told}");
    live.patch("r4", json!({"name": "later"})).await;
}

#[tokio::test]
async fn what_cannot_be_made_is_drift_and_holds_up_nothing_else() {
    let live = Live::new().await;
    let state = json!({"key": "state", "type": "unique", "columns": ["state"], "orders": ["ASC"]});
    let clashing = described(json!(columns()), json!([state]), json!({}), &[]);
    let told = format!("{:#}", live.apply(&clashing).await.unwrap_err());
    let expect = "d.people: state: Appwrite could not make it (";
    assert!(told.starts_with(expect), "{told}");

    let mut more = after();
    let indexes = more["tables"][0]["indexes"].as_array_mut().unwrap();
    indexes.push(state);
    let file = live.file(&more);
    let (code, printed) = tool(&live.appwrite, live.appwrite.endpoint(), "apply", &file).await;
    assert_eq!(code, Some(2), "{printed}");
    let expect = "drift: d.people index state: Appwrite could not make it (";
    assert!(printed.contains(expect), "{printed}");
    let left = live.plan(&more).await;
    assert!(
        left.starts_with(&format!("nothing to do\n{expect}")),
        "{left}"
    );
}

/// A key with these scopes: that of a function which tells what it got.
async fn key(appwrite: &EmbeddedAppwrite, scopes: &[&str]) -> String {
    let function = json!({
        "functionId": "echo", "name": "echo", "runtime": "rust-1.83", "entrypoint": "main.rs", "scopes": scopes,
    });
    by_hand(appwrite, "POST", "/functions", function).await;
    appwrite.activate("echo").unwrap();
    let run = by_hand(appwrite, "POST", "/functions/echo/executions", json!({})).await;
    let told: Value = serde_json::from_str(run["responseBody"].as_str().unwrap()).unwrap();
    told["headers"]["x-appwrite-key"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_key_that_may_not_read_rows_does_whatever_does_not_depend_on_them() {
    let host = Host::new(Path::new(env!("CARGO_BIN_EXE_valyou-under-test"))).unwrap();
    let appwrite = tests::appwrite(host.program()).await;
    let folder = tempfile::tempdir().unwrap();
    let live = Live::on(appwrite, folder).await;
    let scopes = ["databases", "tables", "columns", "indexes"];
    let scopes = scopes.map(|scope| [format!("{scope}.read"), format!("{scope}.write")]);
    let scopes: Vec<&str> = scopes.iter().flatten().map(String::as_str).collect();
    let key = key(&live.appwrite, &scopes).await;
    let (endpoint, project) = (live.appwrite.endpoint(), live.appwrite.project());
    let target = Target::new(endpoint, project, &key).unwrap();

    let longer = with(column("name", "varchar", true, json!({"size": 40})));
    let report = schema::apply(&target, &read(&longer)).await.unwrap();
    assert_eq!((report.changed, report.drift), (1, Vec::new()));
    let report = schema::apply(&target, &read(&before())).await.unwrap();
    assert_eq!(report.changed, 0);
    assert_eq!(
        report.drift,
        ["d.people.name: varchar(40) → varchar(20): cannot tell whether a row would be hurt: the key lacks the scope \
          rows.read; give it that"]
    );
}

#[tokio::test]
async fn rows_are_looked_through_in_pages_and_not_without_end() {
    let live = Live::new().await;
    live.fill(0, 1_200).await;
    live.patch("b1199", json!({"name": "a longer name"})).await;
    let shorter = with(column("name", "varchar", true, json!({"size": 12})));
    assert!(live
        .plan(&shorter)
        .await
        .contains("row b1199 holds more than 12 characters"));
    live.patch("b1199", json!({"name": "n"})).await;
    let change = "change the column d.people.name: varchar(20) → varchar(12)\n";
    assert_eq!(live.plan(&shorter).await, change);

    live.fill(1_200, 20_100).await;
    let told = live.plan(&shorter).await;
    assert!(
        told.contains("varchar(20) → varchar(12): cannot tell whether a row would be hurt: more than 20000 rows would"),
        "{told}"
    );
    // Where the server can be asked for the rows that are hurt, their number does not matter.
    let required = with_note();
    let change = "change the column d.people.note: optional → required\n";
    assert_eq!(live.plan(&required).await, change);
}

/// All that the server says of the database.
async fn everything(appwrite: &EmbeddedAppwrite) -> Value {
    schema::inventory(&target(appwrite), &["d"]).await.unwrap()
}

/// Kills the tool at the `nth` request that begins in one of these ways, and runs it again. False when it ends before.
async fn killed_at(
    nth: usize,
    when: When,
    begins: &'static [&'static str],
    expect: &Value,
) -> bool {
    let live = Live::new().await;
    let rows = live.rows().await["rows"].take();
    let stop = Stop {
        begins,
        nth,
        when,
        deed: Deed::Hold,
    };
    let wire = Wire::to(&live.appwrite, Some(stop)).await;
    let file = live.file(&after());
    let mut tool = command(&live.appwrite, &wire.endpoint, "apply", &file)
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    tokio::select! {
        status = tool.wait() => {
            assert!(status.unwrap().success());
            return false;
        }
        () = wire.held() => {}
    }
    tool.kill().await.unwrap();

    let report = live.apply(&after()).await;
    let report = report.unwrap_or_else(|error| panic!("{when:?} {nth}: {error:#}"));
    assert!(
        report.drift.is_empty(),
        "{when:?} {nth}: {:?}",
        report.drift
    );
    let plan = live.plan(&after()).await;
    assert_eq!(plan, "nothing to do\n", "{when:?} {nth}");
    let made = everything(&live.appwrite).await;
    assert_eq!(made, *expect, "{when:?} {nth}");
    let mut left = live.rows().await["rows"].take();
    for row in left.as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("born");
    }
    assert_eq!(left, rows, "{when:?} {nth}");
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_is_killed_at_any_request_is_run_again_and_ends_at_the_same() {
    let live = Live::new().await;
    live.takes(&after()).await;
    let expect = everything(&live.appwrite).await;
    let mut kills = [0, 0];
    for (kills, (when, begins)) in kills
        .iter_mut()
        .zip([(When::Before, ALL), (When::After, WRITES)])
    {
        let runs = stream::iter(1..).map(|nth| killed_at(nth, when, begins, &expect));
        let mut runs = std::pin::pin!(runs.buffered(3));
        while runs.next().await.unwrap() {
            *kills += 1;
        }
    }
    let [before, after] = kills;
    println!("killed before each of {before} requests and after each of {after} writes");
    assert!(before > 30 && after > 12, "{before} {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_end_at_the_same() {
    let live = Live::new().await;
    live.takes(&after()).await;
    let expect = everything(&live.appwrite).await;
    for round in 0..5 {
        let live = Live::new().await;
        let file = live.file(&after());
        let runs = (0..2).map(|_| tool(&live.appwrite, live.appwrite.endpoint(), "apply", &file));
        for (code, told) in join_all(runs).await {
            assert_eq!(code, Some(0), "round {round}: {told}");
        }
        assert_eq!(live.plan(&after()).await, "nothing to do\n");
        assert_eq!(everything(&live.appwrite).await, expect);
    }
}
