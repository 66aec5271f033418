//! Code that is uploaded in parts, and what is left of it.

use std::path::PathBuf;

use embedded_appwrite::Storage;
use serde_json::{json, Value};

use crate::world::{As, Reply, World};

const DEPLOYMENTS: &str = "/functions/echo/deployments";

/// Uploads these bytes of a file of 20, as a further part of `deployment` unless it is the first.
async fn part(world: &World, deployment: Option<&str>, start: usize, bytes: &str) -> Reply {
    let range = format!("bytes {start}-{}/20", start + bytes.len() - 1);
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"code\"; filename=\"code.tar.gz\"\r\n\r\n{bytes}\r\n--b--\r\n"
    );
    let mut headers = vec![
        ("content-type", "multipart/form-data; boundary=b"),
        ("content-range", &range),
    ];
    headers.extend(deployment.map(|id| ("x-appwrite-id", id)));
    world.upload(DEPLOYMENTS, &headers, body).await
}

/// On a folder that can be looked into.
async fn with_a_function() -> (World, tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::on(Storage::Folder(folder.path().to_owned())).await;
    world.function("echo", json!({})).await;
    let files = folder.path().join("deployments");
    (world, folder, files)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_comes_twice_counts_once() {
    let (world, _folder, files) = with_a_function().await;
    let first = part(&world, None, 0, "0123456").await;
    assert_eq!(first.status, 202, "{}", first.text);
    let id = first.body["$id"].as_str().unwrap();
    let latest = || async {
        let function = world.call(As::Key, "GET", "/functions/echo", Value::Null);
        function.await.body["latestDeploymentId"].clone()
    };
    for (start, bytes) in [(7, "789abcd"), (7, "789abcd"), (0, "0123456")] {
        assert_eq!(part(&world, Some(id), start, bytes).await.status, 202);
        assert_ne!(latest().await, id, "the end has not come yet");
    }
    assert_eq!(part(&world, Some(id), 14, "efghij").await.status, 202);
    assert_eq!(latest().await, id);
    let stored = std::fs::read_to_string(files.join(id).join("code.tar.gz")).unwrap();
    assert_eq!(stored, "0123456789abcdefghij");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_nothing_known_leaves_nothing() {
    let (world, _folder, files) = with_a_function().await;
    let refused = part(&world, Some("../elsewhere"), 7, "789").await;
    assert_eq!(refused.body["type"], "deployment_not_found");
    assert!(!files.exists() && !files.join("../elsewhere").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_takes_its_code_and_its_domain_along() {
    let (world, _folder, files) = with_a_function().await;
    let first = part(&world, None, 0, "0123456789abcdefghij").await;
    assert!(files.join(first.body["$id"].as_str().unwrap()).exists());
    let rule = json!({"domain": "echo.functions.localhost", "functionId": "echo"});
    let made = world
        .call(As::Key, "POST", "/proxy/rules/function", rule.clone())
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let deleted = world
        .call(As::Key, "DELETE", "/functions/echo", Value::Null)
        .await;
    assert_eq!(deleted.status, 204);
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
    let rules = world
        .call(As::Key, "GET", "/proxy/rules", Value::Null)
        .await;
    assert_eq!(rules.body["total"], 0);
}
