//! What several clients that make tables at once do to each other on a real server, and how it is mended.

use embedded_appwrite::EmbeddedAppwrite;
use futures_util::future::join_all;
use project::{schema, Target};
use serde_json::{json, Value};

use crate::changes::{column, read, Live};
use crate::wire::{Deed, Stop, When, Wire, ALL};
use crate::{appwrite, by_hand, command, target, tool};

/// A database with three tables, each with an index on its newest column.
fn shop() -> Value {
    let table = |id: &str| {
        json!({
            "$id": id, "$permissions": ["read(\"any\")"], "databaseId": "d", "name": format!("The {id}"), "enabled": true,
            "rowSecurity": true,
            "columns": [
                column("name", "varchar", true, json!({"size": 20})),
                column("slug", "varchar", false, json!({"size": 20})),
            ],
            "indexes": [{"key": "slug", "type": "unique", "columns": ["slug"], "orders": ["ASC"]}],
        })
    };
    json!({
        "projectId": "p", "tablesDB": [{"$id": "d", "name": "d", "enabled": true}],
        "tables": [table("orders"), table("goods"), table("people")],
    })
}

async fn planned(target: &Target) -> String {
    let description = read(&shop());
    let plan = schema::plan(target, &description).await;
    plan.unwrap().to_string()
}

const PARTS: usize = 1 + 3 * 4;

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_into_a_fresh_project_end_at_the_same() {
    let alone = appwrite().await;
    schema::apply(&target(&alone), &read(&shop()))
        .await
        .unwrap();
    let expect = schema::inventory(&target(&alone), &["d"]).await.unwrap();
    for requests in 1..=6 {
        let appwrite = appwrite().await;
        appwrite.set_table_race(Some(requests));
        let description = read(&shop());
        let target = target(&appwrite);
        for report in join_all([0, 1].map(|_| schema::apply(&target, &description))).await {
            let report = report.unwrap_or_else(|error| panic!("{requests}: {error:#}"));
            assert!(report.drift.is_empty(), "{requests}: {:?}", report.drift);
        }
        appwrite.set_table_race(None);
        let made = schema::inventory(&target, &["d"]).await.unwrap();
        assert_eq!(made, expect, "{requests}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_being_made_is_waited_for_although_it_is_listed() {
    let appwrite = appwrite().await;
    let target = target(&appwrite);
    let database = json!({"databaseId": "d", "name": "d", "enabled": true});
    by_hand(&appwrite, "POST", "/tablesdb", database).await;
    appwrite.set_table_race(Some(12));
    let new = json!({"tableId": "orders", "name": "The orders", "permissions": ["read(\"any\")"], "rowSecurity": true});
    let (_, report) = tokio::join!(
        by_hand(&appwrite, "POST", "/tablesdb/d/tables", new),
        async {
            let description = read(&shop());
            loop {
                let plan = schema::plan(&target, &description).await.unwrap();
                if !plan.to_string().contains("create the table d.orders") {
                    break schema::apply(&target, &description).await;
                }
            }
        }
    );
    assert_eq!(report.unwrap().drift, Vec::<String>::new());
    assert_eq!(planned(&target).await, "nothing to do\n");
}

const ORDERS: &str = "/tablesdb/d/tables/orders";

/// Asks for a column of the orders as soon as they are described, which is before they exist.
async fn ask_early(appwrite: &EmbeddedAppwrite, key: &str) {
    let url = format!("{}{ORDERS}", appwrite.endpoint());
    let seen = || {
        let request = reqwest::Client::new().get(&url);
        let request = request.header("x-appwrite-project", appwrite.project());
        request.header("x-appwrite-key", appwrite.key()).send()
    };
    while !seen().await.unwrap().status().is_success() {
        tokio::task::yield_now().await;
    }
    let column = json!({"key": key, "size": 20, "required": true});
    let columns = format!("{ORDERS}/columns/varchar");
    by_hand(appwrite, "POST", &columns, column).await;
}

/// The shop's orders with this column, which the server failed to make.
async fn with_failed(live: &Live, key: &str) {
    live.appwrite.set_table_race(Some(2));
    let new = json!({"tableId": "orders", "name": "The orders", "permissions": ["read(\"any\")"], "rowSecurity": true});
    tokio::join!(
        by_hand(&live.appwrite, "POST", "/tablesdb/d/tables", new),
        ask_early(&live.appwrite, key)
    );
    live.appwrite.set_table_race(None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_somebody_else_spoils_meanwhile_is_made_anew() {
    let appwrite = appwrite().await;
    appwrite.set_table_race(Some(2));
    let (target, description) = (target(&appwrite), read(&shop()));
    let (report, ()) = tokio::join!(
        schema::apply(&target, &description),
        ask_early(&appwrite, "name")
    );
    assert_eq!(report.unwrap().created, PARTS);
    assert_eq!(planned(&target).await, "nothing to do\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_the_server_failed_to_make_is_made_anew() {
    let live = Live::new().await;
    with_failed(&live, "name").await;
    let mut description = shop();
    description["tables"].as_array_mut().unwrap().truncate(1);
    let file = live.file(&description);
    let endpoint = live.appwrite.endpoint();
    let anew = "make the column d.orders.name anew varchar(20), required: it holds nothing, Appwrite could not make it \
                (Collection not found)\n";
    let (code, told) = tool(&live.appwrite, endpoint, "check", &file).await;
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains(anew), "{told}");
    let (code, told) = tool(&live.appwrite, endpoint, "apply", &file).await;
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.ends_with("created 3 databases, tables, columns and indexes\n"),
        "{told}"
    );
    let (code, told) = tool(&live.appwrite, endpoint, "check", &file).await;
    assert_eq!(code, Some(0), "{told}");
    let row = json!({"rowId": "o1", "data": {"name": "first"}});
    by_hand(
        &live.appwrite,
        "POST",
        "/tablesdb/d/tables/orders/rows",
        row,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_is_killed_while_it_mends_is_run_again_and_ends_at_the_same() {
    let mut description = shop();
    description["tables"].as_array_mut().unwrap().truncate(1);
    let mut kills = 0;
    loop {
        let live = Live::new().await;
        with_failed(&live, "name").await;
        live.appwrite.set_stale_tables(true);
        let stop = Stop {
            begins: ALL,
            nth: kills + 1,
            when: When::Before,
            deed: Deed::Hold,
        };
        let wire = Wire::to(&live.appwrite, [stop]).await;
        let file = live.file(&description);
        let mut tool = command(&live.appwrite, &wire.endpoint, "apply", &file)
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let ended = tokio::select! {
            status = tool.wait() => Some(status.unwrap().success()),
            () = wire.held() => None,
        };
        if ended.is_none() {
            tool.kill().await.unwrap();
            let report = live.apply(&description).await;
            let report = report.unwrap_or_else(|error| panic!("{kills}: {error:#}"));
            assert_eq!(report.drift, Vec::<String>::new(), "{kills}");
            let left = live.plan(&description).await;
            assert!(left.starts_with("nothing to do\n"), "{kills}: {left}");
            kills += 1;
            continue;
        }
        assert_eq!(ended, Some(true));
        break;
    }
    println!("killed before each of {kills} requests");
    assert!(kills > 15, "{kills}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_made_although_the_server_knows_the_table_as_it_was() {
    let appwrite = appwrite().await;
    appwrite.set_stale_tables(true);
    let wire = Wire::to(&appwrite, None).await;
    let report = schema::apply(&wire.target(&appwrite), &read(&shop())).await;
    assert_eq!(report.unwrap().created, PARTS);
    // Each index is refused once, and its table written once.
    assert_eq!(wire.written(), PARTS + 3 + 3);
    appwrite.set_stale_tables(false);
    assert_eq!(
        planned(&target(&appwrite)).await,
        "nothing to do
"
    );
}

#[tokio::test]
async fn a_table_that_stays_out_of_date_is_told_with_what_to_do() {
    let appwrite = appwrite().await;
    let refused = json!({
        "message": "The requested column 'slug' is not yet available. Please try again later.", "code": 400,
        "type": "column_not_available", "version": "1.9.6",
    });
    let index = ("POST /v1/tablesdb/d/tables/orders/indexes", 400, refused);
    let between = tests::Between::to(&appwrite, &[index]).await;
    let target = Target::new(&between.endpoint, appwrite.project(), appwrite.key()).unwrap();
    let told = format!(
        "{:#}",
        schema::apply(&target, &read(&shop())).await.unwrap_err()
    );
    let expect = "d.orders: cannot create the index slug: the server lists every column of it as available, and goes on \
                  after the table was written anew; restart the server with an empty cache, then run this again";
    assert!(told.starts_with(expect), "{told}");
}
