//! What a browser gets of a workspace: pages, links, positions, changes since a time, and only what its reader may see.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::time::Timestamp;
use reqwest::Method;
use serde_json::{json, Value};
use tests::{Reply, World, DATABASE};

use super::{acme, items, runs, FUNCTION};

async fn get(world: &World, user: &str, path: &str, query: &Value) -> Reply {
    let reply = world.call(FUNCTION, user, "GET", path, query).await;
    reply.unwrap()
}

async fn page(world: &World, user: &str, query: Value) -> Value {
    let reply = get(world, user, "/items", &query).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body
}

/// All pages that follow from one another.
async fn pages(world: &World, user: &str, since: Option<&str>) -> Vec<Value> {
    let mut query = json!({"workspaceId": "sales"});
    if let Some(since) = since {
        query["changedSince"] = json!(since);
    }
    let mut pages = Vec::new();
    loop {
        let page = page(world, user, query.clone()).await;
        query["after"] = page["next"].clone();
        let is_last = page["next"].is_null();
        pages.push(page);
        if is_last {
            return pages;
        }
    }
}

fn ids<'a>(list: &'a Value, name: &str) -> BTreeSet<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one[name].as_str().or(one.as_str()).unwrap())
        .collect()
}

async fn link(world: &World, id: &str, from: &str, to: &str) {
    let data = json!({"organizationId": "acme", "workspaceId": "sales", "fromItemId": from, "toItemId": to,
        "linkType": "objective_relation", "deletedAt": null});
    world.row("okr_links", id, data, &[]).await.unwrap();
}

/// Two objectives with work of mia's, of sam's below her, and of ada's, which mia may not see.
async fn board() -> World {
    let world = acme().await;
    items(
        &world,
        &[
            "o - O - - ada",
            "k o K - - mia",
            "a k A done 3 mia",
            "b k A pending 5 sam",
            "c o A pending - ada",
            "p - O - - ada",
            "d p A done 1 ada",
        ],
    )
    .await;
    for (id, from, to) in [
        ("l1", "k", "a"),
        ("l2", "k", "o"),
        ("l3", "c", "k"),
        ("l4", "p", "o"),
    ] {
        link(&world, id, from, to).await;
    }
    let placed = json!({"positionX": 12.5, "positionY": -3.0, "sortOrder": 7.0, "description": "Why we do it"});
    world.change("okr_items", "a", placed).await.unwrap();
    world.appwrite.idle().await;
    world
}

async fn reporting_line(world: &World) {
    let data = json!({"privacyMode": "option_2"});
    world.change("workspaces", "sales", data).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_gets_items_positions_links_and_people_of_the_workspace() {
    let world = board().await;
    let page = page(&world, "mia", json!({"workspaceId": "sales"})).await;
    assert_eq!(
        ids(&page["items"], "itemId"),
        ["a", "b", "c", "d", "k", "o", "p"].into()
    );
    let items = page["items"].as_array().unwrap();
    let a = items.iter().find(|item| item["itemId"] == "a").unwrap();
    for (name, expect) in [
        ("positionX", json!(12.5)),
        ("positionY", json!(-3.0)),
        ("sortOrder", json!(7.0)),
        ("parentId", json!("k")),
        ("progress", json!(100)),
        ("actionStatus", json!("done")),
        ("ownerUserId", json!("mia")),
        ("outline", json!(false)),
        ("description", Value::Null),
    ] {
        assert_eq!(a[name], expect, "{name}");
    }
    assert_eq!(
        ids(&page["links"], "linkId"),
        ["l1", "l2", "l3", "l4"].into()
    );
    assert_eq!(page["people"]["sam"]["active"], true);
    assert_eq!(
        (&page["everything"], &page["next"]),
        (&json!(true), &Value::Null)
    );
    let card = get(&world, "mia", "/item", &json!({"itemId": "a"})).await;
    assert_eq!(card.body["description"], "Why we do it");
    assert_eq!(card.body["positionX"], 12.5);
}

/// In the reporting line the rest is an outline or not there, and so are its links, dates and people.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_more_than_they_may_see() {
    let world = board().await;
    reporting_line(&world).await;
    let page = page(&world, "mia", json!({"workspaceId": "sales"})).await;
    assert_eq!(ids(&page["items"], "itemId"), ["a", "b", "k", "o"].into());
    let items = page["items"].as_array().unwrap();
    let o = items.iter().find(|item| item["itemId"] == "o").unwrap();
    let known: BTreeSet<&str> = o.as_object().unwrap().keys().map(String::as_str).collect();
    let outline = ["itemId", "type", "title", "progress", "parentId", "outline"];
    assert_eq!(known, outline.into());
    assert_eq!(o["outline"], true);
    assert_eq!(ids(&page["links"], "linkId"), ["l1"].into());
    assert!(page["people"].get("ada").is_none(), "{}", page["people"]);
    assert_eq!(page["everything"], false);
    for (id, status) in [
        ("a", 200),
        ("o", 200),
        ("c", 404),
        ("d", 404),
        ("nothing", 404),
    ] {
        let card = get(&world, "mia", "/item", &json!({"itemId": id})).await;
        assert_eq!(card.status, status, "{id}: {}", card.body);
        if id == "o" {
            assert!(card.body.get("dueDate").is_none() && card.body["description"].is_null());
        }
    }
    let refused = get(&world, "tom", "/items", &json!({"workspaceId": "sales"})).await;
    assert_eq!(refused.status, 404, "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_sent_and_what_did_not_is_only_named() {
    let world = board().await;
    let whole = page(&world, "mia", json!({"workspaceId": "sales"})).await;
    // Rows of long ago, and a time after them: what is written while a list is made is sent twice rather than never.
    let as_of = Timestamp::parse(whole["asOf"].as_str().unwrap()).unwrap();
    let since = as_of.plus(Duration::from_secs(60)).to_string();
    let again = page(
        &world,
        "mia",
        json!({"workspaceId": "sales", "changedSince": since}),
    )
    .await;
    assert_eq!(again["items"], json!([]));
    assert_eq!(ids(&again["unchanged"], ""), ids(&whole["items"], "itemId"));
    assert_eq!(again["links"], whole["links"], "links come whole");

    let deleted = json!({"deletedAt": since});
    world.change("okr_items", "c", deleted).await.unwrap();
    world.appwrite.idle().await;
    let before = as_of.minus(Duration::from_secs(3600)).to_string();
    let all = page(
        &world,
        "mia",
        json!({"workspaceId": "sales", "changedSince": before}),
    )
    .await;
    assert_eq!(
        ids(&all["items"], "itemId"),
        ["a", "b", "d", "k", "o", "p"].into()
    );
    assert_eq!(ids(&all["links"], "linkId"), ["l1", "l2", "l4"].into());
    let later = page(
        &world,
        "mia",
        json!({"workspaceId": "sales", "changedSince": since}),
    )
    .await;
    let named: BTreeSet<&str> = ids(&later["items"], "itemId");
    let named: BTreeSet<&str> = named
        .union(&ids(&later["unchanged"], ""))
        .copied()
        .collect();
    assert_eq!(
        named,
        ["a", "b", "d", "k", "o", "p"].into(),
        "c is in no page"
    );

    // Whoever sees less is sent all of it: no time tells what they saw then.
    reporting_line(&world).await;
    let own = page(
        &world,
        "mia",
        json!({"workspaceId": "sales", "changedSince": since}),
    )
    .await;
    assert_eq!(own["unchanged"], json!([]));
    assert_eq!(ids(&own["items"], "itemId"), ["a", "b", "k", "o"].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_said() {
    let world = acme().await;
    for query in [
        json!({}),
        json!({"workspaceId": "sales", "changedSince": "yesterday"}),
        json!({"workspaceId": "sales", "after": "-"}),
        json!({"workspaceId": "sales", "limit": "5"}),
    ] {
        let reply = get(&world, "mia", "/items", &query).await;
        let code = &reply.body["error"]["code"];
        assert_eq!(
            (reply.status, code),
            (400, &json!("invalid_request")),
            "{query}"
        );
    }
}

/// 5,000 items, each in one page once; says what they cost.
#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_items_come_in_pages_within_the_platforms_limits() {
    let world = acme().await;
    world.mute(FUNCTION).await.unwrap();
    let row = |id: &str, parent: Option<&str>, kind: &str| {
        json!({"$id": id, "organizationId": "acme", "workspaceId": "sales", "type": kind,
            "title": format!("Item {id} in which something is to be reached until the end of the year"),
            "description": null, "ownerUserId": "mia", "assigneeUserIds": ["sam"], "parentId": parent,
            "dueDate": "2027-01-31T00:00:00.000+00:00", "actionStatus": "pending", "storyPoints": "3",
            "progressComputed": 0, "sortOrder": 1.0, "positionX": 10.0, "positionY": 20.0})
    };
    let mut rows = vec![row("o", None, "objective")];
    rows.extend((1..5_000).map(|n| row(&format!("a{n:04}"), Some("o"), "action")));
    for rows in rows.chunks(100) {
        let path = format!("/tablesdb/{DATABASE}/tables/okr_items/rows");
        let made = world.api(Method::POST, &path, Some(json!({"rows": rows})));
        let made = made.await.unwrap();
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let (known, _) = runs(&world, &Default::default()).await;
    let pages = pages(&world, "mia", None).await;
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for page in &pages {
        assert!(page.to_string().len() < 1024 * 1024);
        for id in ids(&page["items"], "itemId") {
            *count.entry(id).or_default() += 1;
        }
    }
    assert_eq!((count.len(), pages.len()), (5_000, 5));
    assert!(count.values().all(|times| *times == 1));
    let (_, runs) = runs(&world, &known).await;
    for (run, page) in runs.iter().zip(&pages) {
        assert!(run.calls <= 40, "{run:?}");
        println!(
            "{} calls, {} bytes read, {} sent",
            run.calls,
            run.bytes,
            page.to_string().len()
        );
    }
}
