//! What `valyou dev` opens on a developer's machine, and to whom.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use tests::Development;

const TOOL: &str = env!("CARGO_BIN_EXE_valyou-under-test");

const DEPLOYMENTS: &str = "/functions/scrape-enrich/deployments";

async fn answer(request: RequestBuilder, project: &str, key: &str) -> Response {
    let request = request.header("x-appwrite-project", project);
    request.header("x-appwrite-key", key).send().await.unwrap()
}

/// An upload whose commands leave a trace.
fn upload(trace: &Path) -> String {
    let commands = format!("touch {}", trace.display());
    let fields: String = [("commands", commands.as_str()), ("activate", "true")]
        .map(|(name, value)| {
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .concat();
    format!(
        "{fields}--b\r\ncontent-disposition: form-data; name=\"code\"; filename=\"code.tar.gz\"\r\n\r\nx\r\n--b--\r\n"
    )
}

#[tokio::test]
async fn a_developers_server_is_opened_by_its_folders_key_alone_and_runs_no_upload_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let started = Development::start(TOOL, &data);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (project, endpoint) = (&started.project, &started.endpoint);

    let kept = data.join("key");
    assert_eq!(std::fs::read_to_string(&kept).unwrap().trim(), started.key);
    for (path, expect) in [(&kept, 0o600), (&data, 0o700)] {
        let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, expect, "{}", path.display());
    }
    let users = || http.get(format!("{endpoint}/users"));
    let known = answer(users(), project, "local-development-key").await;
    assert_eq!(known.status(), 401);
    assert_eq!(answer(users(), project, &started.key).await.status(), 200);
    let named = users().header("host", "evil.example:9501");
    assert_eq!(answer(named, project, &started.key).await.status(), 401);

    let trace = folder.path().join("trace");
    let request = http
        .post(format!("{endpoint}{DEPLOYMENTS}"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(upload(&trace));
    let made: Value = answer(request, project, &started.key)
        .await
        .json()
        .await
        .unwrap();
    let id = made["$id"].as_str().unwrap();
    let deployment = loop {
        let request = http.get(format!("{endpoint}{DEPLOYMENTS}/{id}"));
        let found: Value = answer(request, project, &started.key)
            .await
            .json()
            .await
            .unwrap();
        if ["ready", "failed"].contains(&found["status"].as_str().unwrap()) {
            break found;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(deployment["status"], "failed");
    let log = deployment["buildLogs"].as_str().unwrap();
    assert!(log.contains("cargo run -- dev --build-uploads"), "{log}");
    assert!(!trace.exists());
}
