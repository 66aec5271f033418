//! A new column in which every row has to have a value: no row may be left without one, for no update of it would be
//! taken any more.

use project::schema;
use serde_json::{json, Value};

use crate::changes::{
    before, column, columns, described, indexes, read, refused_after, Live, HELD, PEOPLE,
};
use crate::wire::{Deed, Stop, When, Wire};
use crate::{by_hand, command, tool};

const PLACES: &str = "/tablesdb/d/tables/places";

/// Why a change of places is not made while this row is there.
const EMPTY: &str = "optional → required: row p1 has no value and could no longer be updated; give such rows one, then \
                     run this again";

/// [`before`] with a column more of `people`.
fn with_birth(required: bool) -> Value {
    let mut columns = columns();
    columns.push(column("born", "datetime", required, json!({})));
    described(json!(columns), indexes(), json!({}), &[])
}

/// [`before`] with another table, which has a name, and a slug too if `more`.
fn places(more: bool) -> Value {
    let mut columns = vec![column("name", "varchar", false, json!({"size": 20}))];
    columns.extend(more.then(|| column("slug", "varchar", true, json!({"size": 9}))));
    let places = json!({
        "$id": "places", "$permissions": [], "databaseId": "d", "name": "places", "enabled": true, "rowSecurity": false,
        "columns": columns, "indexes": [],
    });
    let mut description = before();
    description["tables"].as_array_mut().unwrap().push(places);
    description
}

async fn with_places() -> Live {
    let live = Live::new().await;
    live.takes(&places(false)).await;
    live
}

async fn add_place(live: &Live) {
    let body = json!({"rowId": "p1", "data": {"name": "here"}});
    by_hand(&live.appwrite, "POST", &format!("{PLACES}/rows"), body).await;
}

/// Fails where the row is locked.
async fn update_place(live: &Live, data: Value) {
    let path = format!("{PLACES}/rows/p1");
    by_hand(&live.appwrite, "PATCH", &path, json!({"data": data})).await;
}

/// The column of places that is to be created.
const CREATE: Stop = Stop {
    begins: &["POST /v1/tablesdb/d/tables/places/columns"],
    ..HELD
};

#[tokio::test]
async fn a_new_required_column_is_refused_where_there_are_rows_and_the_way_out_works() {
    let live = Live::new().await;
    live.refuses(
        &with_birth(true),
        "d.people.born: create datetime, required: row r1 would have no value and could no longer be updated; describe \
         the column as optional and apply, give every row a value, then describe it as required and apply again",
    )
    .await;
    live.takes(&with_birth(false)).await;
    for n in 1..=3 {
        let born = json!({"born": "2000-01-01T00:00:00.000+00:00"});
        live.patch(&format!("r{n}"), born).await;
    }
    live.takes(&with_birth(true)).await;
    live.patch("r1", json!({"name": "later"})).await;
}

#[tokio::test]
async fn a_new_required_column_is_made_where_there_is_no_row() {
    let live = with_places().await;
    live.takes(&places(true)).await;
}

#[tokio::test]
async fn a_row_that_comes_in_while_a_required_column_is_made_is_not_locked() {
    let lost = Stop {
        when: When::After,
        deed: Deed::Lose,
        ..CREATE
    };
    for stops in [vec![CREATE], vec![CREATE, lost]] {
        let live = with_places().await;
        let wire = Wire::to(&live.appwrite, stops.clone()).await;
        let told = refused_after(&live, &wire, &places(true), add_place(&live)).await;
        let expect = "slug: it is optional: row p1 has no value and could no longer be updated; give such rows one, then \
                      run this again";
        assert!(told.ends_with(expect), "{told}");
        assert_eq!(
            told.contains("cannot reach Appwrite"),
            stops.len() > 1,
            "{told}"
        );
        update_place(&live, json!({"name": "there"})).await;

        let refused = format!("d.places.slug: {EMPTY}");
        live.refuses(&places(true), &refused).await;
        update_place(&live, json!({"slug": "there"})).await;
        live.takes(&places(true)).await;
    }
}

#[tokio::test]
async fn a_row_is_not_locked_by_a_column_beside_which_another_table_fails() {
    let live = with_places().await;
    let mut description = places(true);
    // MariaDB indexes no more than 768 characters.
    let note = json!({"key": "note", "type": "key", "columns": ["note"], "orders": ["ASC"]});
    let people = &mut description["tables"][0];
    people["indexes"].as_array_mut().unwrap().push(note);
    let wire = Wire::to(&live.appwrite, [CREATE]).await;
    let told = refused_after(&live, &wire, &description, add_place(&live)).await;
    assert!(
        told.contains("d.people: cannot create the index note: "),
        "{told}"
    );
    assert!(
        told.contains("d.places: slug: it is optional: row p1 has no value"),
        "{told}"
    );
    update_place(&live, json!({"name": "there"})).await;
}

#[tokio::test]
async fn two_at_once_lock_no_row_between_them() {
    let live = with_places().await;
    let wires = [
        Wire::to(&live.appwrite, [CREATE]).await,
        Wire::to(&live.appwrite, [CREATE]).await,
    ];
    let described = read(&places(true));
    let targets = wires.each_ref().map(|wire| wire.target(&live.appwrite));
    let applied = targets
        .iter()
        .map(|target| schema::apply(target, &described));
    let (applied, ()) = tokio::join!(futures_util::future::join_all(applied), async {
        for wire in &wires {
            wire.held().await;
        }
        add_place(&live).await;
        wires.iter().for_each(Wire::let_go);
    });
    for applied in applied {
        let told = format!("{:#}", applied.unwrap_err());
        assert!(told.contains("row p1 has no value"), "{told}");
    }
    update_place(&live, json!({"name": "there"})).await;
    assert_eq!(
        live.plan(&places(true)).await,
        format!("nothing to do\ndrift: d.places.slug: {EMPTY}\n")
    );
}

#[tokio::test]
async fn a_row_that_a_killed_tool_locked_is_told_until_it_has_a_value() {
    let live = with_places().await;
    let made = Stop {
        when: When::After,
        ..CREATE
    };
    let wire = Wire::to(&live.appwrite, [CREATE, made]).await;
    let file = live.file(&places(true));
    let mut killed = command(&live.appwrite, &wire.endpoint, "apply", &file)
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    wire.held().await;
    add_place(&live).await;
    wire.let_go();
    wire.held().await;
    killed.kill().await.unwrap();
    crate::settled(&live.appwrite, PLACES).await;

    live.refuses(
        &places(true),
        "d.places.slug: row p1 has no value although the column is required, so no update of it is taken; give such rows \
         one",
    )
    .await;
    update_place(&live, json!({"slug": "there"})).await;
    assert_eq!(live.plan(&places(true)).await, "nothing to do\n");
}

#[tokio::test]
async fn whoever_locks_rows_is_told_on() {
    let live = Live::new().await;
    // As the command line tool and the console do it, without asking.
    let body = json!({"key": "born", "required": true});
    by_hand(
        &live.appwrite,
        "POST",
        &format!("{PEOPLE}/columns/datetime"),
        body,
    )
    .await;
    crate::settled(&live.appwrite, PEOPLE).await;
    let file = live.file(&with_birth(true));
    for verb in ["plan", "check", "apply"] {
        let (code, told) = tool(&live.appwrite, live.appwrite.endpoint(), verb, &file).await;
        assert_eq!(code, Some(2), "{told}");
        let drift = "drift: d.people.born: row r1 has no value although the column is required";
        assert!(told.contains(drift), "{told}");
    }
}
