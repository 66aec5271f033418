//! `valyou invoke` as a person types it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use serde_json::json;
use tests::{run_tool, tool, world, Between, World};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

fn invoke(world: &World, arguments: &[&str]) -> (bool, String) {
    tool(HOST, world, &[&["invoke"], arguments].concat())
}

/// Acme and an item of its workspace sales, whose admin is bob.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.workspace("acme", "sales").await.unwrap();
    world.member("acme", "bob", "member").await.unwrap();
    world
        .workspace_member("acme", "sales", "bob", "workspace_admin", true)
        .await
        .unwrap();
    let data = json!({
        "organizationId": "acme", "workspaceId": "sales", "type": "objective", "title": "Grow", "ownerUserId": "ada",
        "assigneeUserIds": [], "progressComputed": 0, "sortOrder": 1.0,
    });
    world.row("okr_items", "o", data, &[]).await.unwrap();
    world.appwrite.idle().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_status_answer_and_logs() {
    let world = acme().await;
    let asked = [
        "progress-recompute",
        "--user",
        "bob",
        "--method",
        "GET",
        "--path",
        "/explain?itemId=o",
    ];
    let (is_well, printed) = invoke(&world, &asked);
    assert!(is_well, "{printed}");
    assert!(
        printed.starts_with("GET /explain?itemId=o: 200 in "),
        "{printed}"
    );
    let answer = printed.split_once("\nanswer\n").unwrap().1;
    let (answer, logs) = answer.split_once("\nlogs\n").unwrap();
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
    assert_eq!(answer["itemId"], "o", "{answer}");
    assert!(logs.contains("caller=user status=200"), "{logs}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asynchronous_run_is_waited_for_and_shows_its_logs() {
    let world = acme().await;
    let body = json!({"workspaceId": "sales"}).to_string();
    let asked = [
        "progress-recompute",
        "--user",
        "bob",
        "--async",
        "--body",
        &body,
    ];
    let (is_well, printed) = invoke(&world, &asked);
    assert!(is_well, "{printed}");
    assert!(printed.starts_with("POST /: 200 in "), "{printed}");
    // Appwrite keeps no answer of such a run.
    assert!(!printed.contains("\nanswer\n"), "{printed}");
    assert!(printed.contains("caller=user status=200"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stored_a_moment_later_is_waited_for() {
    let world = acme().await;
    // As the sources of 2.0 answer.
    let unknown = json!({
        "message": "Execution with the requested ID could not be found.", "code": 404, "type": "execution_not_found",
        "version": "1.9.6",
    });
    let between = Between::unsteady(&world.appwrite, 404, unknown).await;
    let body = json!({"workspaceId": "sales"}).to_string();
    let asked = [
        "invoke",
        "progress-recompute",
        "--user",
        "bob",
        "--body",
        &body,
    ];
    let (code, printed) = run_tool(HOST, &world.appwrite, &between.endpoint, &asked).await;
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.starts_with("POST /: 200 in "), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_ends_with_a_failure_and_says_why() {
    let world = acme().await;
    for (arguments, told) in [
        // The key is nobody to a function.
        (
            &["progress-recompute", "--body", "{}"][..],
            "sign_in_required",
        ),
        (&["no-such-function"], "404 function_not_found"),
        (
            &["progress-recompute", "--user", "nobody"],
            "cannot act as nobody",
        ),
    ] {
        let (is_well, printed) = invoke(&world, arguments);
        assert!(!is_well && printed.contains(told), "{printed}");
    }
}
