//! Code that is uploaded in parts, and what is left of it.

use std::path::PathBuf;

use embedded_appwrite::{Builds, Storage};
use serde_json::{json, Value};

use crate::world::{As, Reply, World};

const DEPLOYMENTS: &str = "/functions/echo/deployments";

/// Uploads these bytes of a file of 20, as a further part of `deployment` unless it is the first.
async fn part(world: &World, deployment: Option<&str>, start: usize, bytes: &str) -> Reply {
    let range = format!("bytes {start}-{}/20", start + bytes.len() - 1);
    let activate = "--b\r\ncontent-disposition: form-data; name=\"activate\"\r\n\r\nfalse\r\n";
    let body = format!(
        "{activate}--b\r\ncontent-disposition: form-data; name=\"code\"; filename=\"code.tar.gz\"\r\n\r\n{bytes}\r\n--b--\r\n"
    );
    let mut headers = vec![
        ("content-type", "multipart/form-data; boundary=b"),
        ("content-range", &range),
    ];
    headers.extend(deployment.map(|id| ("x-appwrite-id", id)));
    world.upload(DEPLOYMENTS, &headers, body).await
}

/// Uploads a whole file that is to be built by these commands.
async fn whole(world: &World, commands: &str) -> Reply {
    let fields: String = [("commands", commands), ("activate", "true")]
        .map(|(name, value)| {
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .concat();
    let body = format!(
        "{fields}--b\r\ncontent-disposition: form-data; name=\"code\"; filename=\"code.tar.gz\"\r\n\r\nx\r\n--b--\r\n"
    );
    let headers = [("content-type", "multipart/form-data; boundary=b")];
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

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_upload_is_run_where_that_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let storage = || Storage::Folder(folder.path().to_owned());
    let refused = || Builds::Refused("Say the word first.".to_owned());
    let world = World::building(storage(), refused()).await;
    world.function("echo", json!({})).await;
    let before = world.call(As::Key, "GET", "/functions/echo", Value::Null);
    let before = before.await.body["deploymentId"].clone();
    let trace = folder.path().join("trace");
    let made = whole(&world, &format!("touch {}", trace.display())).await;
    assert_eq!(made.status, 202, "{}", made.text);
    world.appwrite.idle().await;
    let path = format!("{DEPLOYMENTS}/{}", made.body["$id"].as_str().unwrap());
    let failed = world.call(As::Key, "GET", &path, Value::Null).await;
    assert_eq!(failed.body["status"], "failed");
    assert_eq!(failed.body["buildLogs"], "Say the word first.\n");
    let after = world.call(As::Key, "GET", "/functions/echo", Value::Null);
    assert_eq!(after.await.body["deploymentId"], before);
    assert!(world.appwrite.is_deployed("echo").unwrap());

    // What was built when it was not refused yet.
    let program = folder.path().join("deployments");
    let program = program
        .join(before.as_str().unwrap())
        .join("built/rust_runtime");
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    std::fs::write(&program, format!("#!/bin/sh\ntouch {}\n", trace.display())).unwrap();
    world.appwrite.stop().await;
    let world = World::building(storage(), refused()).await;
    assert!(!world.appwrite.is_deployed("echo").unwrap());
    let run = world.execute(As::Key, "echo", json!({})).await;
    assert_eq!(run.body["status"], "failed", "{}", run.text);
    let errors = run.body["errors"].as_str().unwrap();
    assert!(errors.starts_with("Say the word first."), "{errors}");
    assert!(
        !world.appwrite.kill_function("echo").await.unwrap(),
        "a process runs"
    );
    assert!(!trace.exists());
    // The host program's own is no upload.
    world.appwrite.activate("echo").unwrap();
    let run = world.execute(As::Key, "echo", json!({})).await;
    assert_eq!(run.body["status"], "completed", "{}", run.text);
}
