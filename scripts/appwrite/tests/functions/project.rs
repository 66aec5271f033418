//! Variables and keys of the project, and what of the API is not here.

use std::os::unix::fs::PermissionsExt;

use embedded_appwrite::Storage;
use serde_json::{json, Value};

use crate::world::{As, World, ROWS};

async fn key(world: &World, id: &str, scopes: Value, expire: Value) -> String {
    let body = json!({"keyId": id, "name": id, "scopes": scopes, "expire": expire});
    let made = world.call(As::Key, "POST", "/project/keys", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.body["secret"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_further_key_does_what_its_scopes_say_until_its_end() {
    let world = World::with_a_table().await;
    let reader = key(&world, "reader", json!(["rows.read"]), json!(null)).await;
    let future = json!("2099-01-01T00:00:00.000+00:00");
    let lasting = key(&world, "lasting", json!(["rows.read"]), future).await;
    let past = json!("2020-01-01T00:00:00.000+00:00");
    let ended = key(&world, "ended", json!(["rows.read"]), past).await;
    for (key, method, status, kind) in [
        (&*reader, "GET", 200, ""),
        (&*lasting, "GET", 200, ""),
        (&*reader, "DELETE", 401, "general_unauthorized_scope"),
        (&*ended, "GET", 401, "project_key_expired"),
        ("standard_nope", "GET", 401, "user_unauthorized"),
    ] {
        let answer = world
            .call(As::OtherKey(key), method, ROWS, json!(null))
            .await;
        let found = answer.body["type"].as_str().unwrap_or_default();
        assert_eq!((answer.status, found), (status, kind), "{}", answer.text);
    }
    let gone = world
        .call(As::Key, "DELETE", "/project/keys/reader", json!(null))
        .await;
    assert_eq!(gone.status, 204);
    let refused = world
        .call(As::OtherKey(&reader), "GET", ROWS, json!(null))
        .await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn a_variable_of_the_project_reaches_every_function_and_a_secret_stays_one() {
    let world = World::new().await;
    for (key, value, secret) in [("SHARED", "s", false), ("HIDDEN", "h", true)] {
        let body = json!({"variableId": key, "key": key, "value": value, "secret": secret});
        let made = world
            .call(As::Key, "POST", "/project/variables", body)
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let again = json!({"variableId": "unique()", "key": "SHARED", "value": "x"});
    let again = world
        .call(As::Key, "POST", "/project/variables", again)
        .await;
    assert_eq!(again.body["type"], "variable_already_exists");
    let list = world
        .call(As::Key, "GET", "/project/variables", json!(null))
        .await;
    let values: Vec<&Value> = list.body["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variable| &variable["value"])
        .collect();
    assert_eq!(values, ["s", ""]);
    for function in ["one", "two"] {
        world.function(function, json!({})).await;
        let reply = world.execute(As::Key, function, json!({})).await;
        let names = World::echoed(&reply)["environment"].clone();
        for name in ["SHARED", "HIDDEN"] {
            assert!(names.as_array().unwrap().contains(&json!(name)), "{names}");
        }
    }
    // It is no function's own.
    let own = "/functions/one/variables/SHARED";
    let own = world.call(As::Key, "GET", own, json!(null)).await;
    assert_eq!(own.body["type"], "variable_not_found");
}

#[tokio::test]
async fn users_and_guests_have_no_say_in_the_project() {
    let world = World::new().await;
    let ada = world.user("ada").await;
    for path in ["/project/keys", "/project/variables"] {
        for who in [As::Guest, As::User(&ada)] {
            let answer = world.call(who, "GET", path, json!(null)).await;
            assert_eq!(answer.body["type"], "general_unauthorized_scope");
        }
    }
}

#[tokio::test]
async fn what_is_not_here_is_refused_as_such_in_appwrites_own_form() {
    let world = World::new().await;
    for (method, path) in [
        ("POST", "/storage/buckets"),
        ("GET", "/users/ada/prefs"),
        ("PUT", "/project/variables/v1"),
        ("POST", "/tablesdb/main/tables/items/columns/relationship"),
    ] {
        let answer = world.call(As::Key, method, path, json!(null)).await;
        let body = &answer.body;
        let found = (answer.status, &body["code"], &body["type"]);
        let expect = (501, &json!(501), &json!("general_not_implemented"));
        assert_eq!(found, expect, "{path}: {}", answer.text);
        let told = body["message"].as_str().unwrap();
        assert!(told.contains(&format!("{method} /v1{path}")), "{told}");
        assert_eq!(body["version"], "1.9.6");
    }
}

#[tokio::test]
async fn every_server_has_a_key_of_its_own_and_takes_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let storage = || Storage::Folder(folder.path().to_owned());
    let (one, two) = (World::new().await, World::on(storage()).await);
    let keys = [&one, &two].map(|world| world.appwrite.key().to_owned());
    assert_ne!(keys[0], keys[1]);
    let users = |world, key| async move {
        let reply = World::call(world, As::OtherKey(key), "GET", "/users", Value::Null);
        reply.await.status
    };
    for key in [
        "local-development-key",
        "secret-key",
        "test",
        "standard_",
        &keys[1][..keys[1].len() - 1],
    ] {
        assert_eq!(users(&one, key).await, 401, "{key}");
        assert_eq!(users(&two, key).await, 401, "{key}");
    }
    assert_eq!(users(&one, &keys[1]).await, 401);
    assert_eq!(users(&one, &keys[0]).await, 200);
    assert_eq!(users(&two, &keys[1]).await, 200);
    two.appwrite.stop().await;
    let again = World::on(storage()).await;
    assert_eq!(again.appwrite.key(), keys[1]);
    // Who could read the database could sign what opens as much.
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name == "key" || name.starts_with("appwrite.sqlite") {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            kept.push((name, mode));
        }
    }
    assert!(kept.len() >= 2, "{kept:?}");
    assert!(kept.iter().all(|(_, mode)| *mode == 0o600), "{kept:?}");
}
