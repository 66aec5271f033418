//! Functions: who may run them, what they get to see, what is kept of a run.

use std::sync::Arc;
use std::time::Duration;

use embedded_appwrite::Line;
use serde_json::{json, Value};

use crate::place::{Answer, As, Place};

/// What the function got, out of the answer to an execution.
fn got(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text("responseBody")).unwrap_or_default()
}

/// An execution as it is stored, which line 2 does a moment after its answer.
async fn stored(place: &Place, function: &str, execution: &str) -> Value {
    place.embedded().idle().await;
    let path = format!("/functions/{function}/executions/{execution}");
    place.key("GET", &path, Value::Null).await.ok().body
}

pub(crate) async fn a_run_that_was_just_made_is_found_at_the_second_look(place: Arc<Place>) {
    let function = place.echo(json!({})).await;
    for background in [false, true] {
        let run = place
            .execute(As::Key, &function, json!({"async": background}))
            .await
            .ok();
        let path = format!("/functions/{function}/executions/{}", run.text("$id"));
        let look = || place.key("GET", &path, Value::Null);
        let first = look().await;
        match place.line() {
            Line::V1_9 => assert_eq!(first.ok().text("functionId"), function),
            Line::V2 => {
                first.refused(404, "execution_not_found");
            }
        }
        let found = look().await.ok();
        assert_eq!(found.text("$id"), run.text("$id"));
        let format = [("x-appwrite-response-format", "1.9.0")];
        let asked = place.ask_with(As::Key, "GET", &path, Value::Null, &format);
        assert_eq!(asked.await.ok().text("functionId"), function);
    }
}

pub(crate) async fn a_caller_gets_the_answer_and_only_keys_see_the_logs(place: Arc<Place>) {
    let function = place.echo(json!({"execute": ["users"]})).await;
    let user = place.user("ada").await;
    let token = place.token(&user).await;
    let body = json!({"path": "/x?a=1", "method": "PUT", "body": "hi", "headers": {"X-My": "1"}});
    let run = place.execute(As::User(&token), &function, body).await.ok();
    let seen = got(&run);
    assert_eq!(
        (run.text("status"), run.text("logs")),
        ("completed".into(), "".into())
    );
    assert_eq!(
        (&seen["method"], &seen["path"], &seen["body"]),
        (&json!("PUT"), &json!("/x?a=1"), &json!("hi"))
    );
    assert_eq!(
        (
            &seen["headers"]["x-my"],
            &seen["headers"]["x-appwrite-user-id"]
        ),
        (&json!("1"), &json!(user))
    );
    let stored = stored(&place, &function, &run.text("$id")).await;
    assert_eq!(stored["logs"], "trigger=http event=None\n");
}

pub(crate) async fn an_asynchronous_run_keeps_no_body(place: Arc<Place>) {
    let function = place.echo(json!({})).await;
    let run = place
        .execute(As::Key, &function, json!({"async": true}))
        .await;
    assert_eq!((run.status, run.text("status")), (202, "waiting".into()));
    place.embedded().idle().await;
    let stored = stored(&place, &function, &run.text("$id")).await;
    assert_eq!(
        (&stored["status"], &stored["responseBody"]),
        (&json!("completed"), &json!(""))
    );
    assert_eq!(stored["responseStatusCode"], 200);
}

pub(crate) async fn only_who_may_execute_does(place: Arc<Place>) {
    let token = place.token(&place.user("ada").await).await;
    let users = place.echo(json!({"execute": ["users"]})).await;
    place
        .execute(As::User(&token), &users, json!({}))
        .await
        .ok();
    let guest = place.execute(As::Guest, &users, json!({})).await;
    guest.refused(401, "user_unauthorized");
    let nobody = place.echo(json!({"execute": []})).await;
    let refused = place.execute(As::User(&token), &nobody, json!({})).await;
    refused.refused(401, "user_unauthorized");
    place.execute(As::Key, &nobody, json!({})).await.ok();
    let missing = place.execute(As::User(&token), "nope", json!({})).await;
    missing.refused(404, "function_not_found");
}

pub(crate) async fn the_platform_wins_headers_except_the_event(place: Arc<Place>) {
    let function = place.echo(json!({"execute": ["any"]})).await;
    let event = "databases.d.tables.t.rows.r.create";
    let body = json!({"headers": {
        "X-Appwrite-Trigger": "event", "X-Appwrite-User-Id": "admin", "X-APPWRITE-KEY": "spoofed",
        "X-Appwrite-Execution-Id": "spoofed", "X-Appwrite-Client-Ip": "6.6.6.6",
        "X-Appwrite-Event": event, "X-Appwrite-Custom": "mine",
    }});
    let run = place.execute(As::Guest, &function, body).await.ok();
    let headers = &got(&run)["headers"];
    assert_eq!(
        (
            &headers["x-appwrite-trigger"],
            &headers["x-appwrite-user-id"]
        ),
        (&json!("http"), &json!(""))
    );
    assert_eq!(headers["x-appwrite-execution-id"], run.body["$id"]);
    assert_ne!(headers["x-appwrite-key"], "spoofed");
    assert_ne!(headers["x-appwrite-client-ip"], "6.6.6.6");
    assert_eq!(
        (&headers["x-appwrite-event"], &headers["x-appwrite-custom"]),
        (&json!(event), &json!("mine"))
    );
}

pub(crate) async fn headers_in_lower_case_are_refused_by_a_type_that_is_no_type(place: Arc<Place>) {
    let function = place.echo(json!({"execute": ["any"]})).await;
    for name in ["x-appwrite-user-id", "X_Under"] {
        let body = json!({"headers": {name: "x"}});
        let answer = place.execute(As::Key, &function, body).await;
        assert_eq!(answer.status, 500);
        assert!(
            answer.kind().starts_with("Invalid headers: "),
            "{}",
            answer.text
        );
    }
}

pub(crate) async fn a_domain_knows_nobody(place: Arc<Place>) {
    let function = place.echo(json!({"execute": ["any"]})).await;
    let headers = [
        ("x-appwrite-user-id", "admin"),
        ("x-appwrite-event", "e"),
        ("x-appwrite-trigger", "event"),
    ];
    let answer = place.domain(&function, &headers).await.ok();
    let headers = &answer.body["headers"];
    assert_eq!(
        (
            &headers["x-appwrite-user-id"],
            &headers["x-appwrite-user-jwt"]
        ),
        (&json!(""), &json!(""))
    );
    assert_eq!(
        (&headers["x-appwrite-trigger"], &headers["x-appwrite-event"]),
        (&json!("http"), &json!("e"))
    );
    let users = place.echo(json!({"execute": ["users"]})).await;
    assert_eq!(place.domain(&users, &[]).await.status, 401);
}

pub(crate) async fn an_execution_key_does_what_its_scopes_say(place: Arc<Place>) {
    let function = place.echo(json!({"scopes": ["rows.read"]})).await;
    let run = place.execute(As::Key, &function, json!({})).await.ok();
    let key = got(&run)["headers"]["x-appwrite-key"]
        .as_str()
        .unwrap()
        .to_owned();
    let key = As::OtherKey(&key);
    // Nobody may read this row; a key reads all.
    let id = place.id("hidden");
    place.create(&id, json!({})).await.ok();
    place
        .ask(key, "GET", &place.row(&id), Value::Null)
        .await
        .ok();
    let write = place
        .ask(
            key,
            "PATCH",
            &place.row(&id),
            json!({"data": {"title": "x"}}),
        )
        .await;
    write.refused(401, "general_unauthorized_scope");
    let users = place.ask(key, "GET", "/users", Value::Null).await;
    users.refused(401, "general_unauthorized_scope");
}

pub(crate) async fn a_status_of_500_fails_and_400_completes(place: Arc<Place>) {
    let function = place.echo(json!({})).await;
    for (path, status) in [
        ("/status=404", "completed"),
        ("/status=500", "failed"),
        ("/die", "failed"),
    ] {
        let run = place
            .execute(As::Key, &function, json!({"path": path, "method": "GET"}))
            .await
            .ok();
        assert_eq!(
            (run.status, run.text("status")),
            (201, status.into()),
            "{path}"
        );
    }
}

pub(crate) async fn a_run_put_off_comes_as_the_schedule_but_with_its_user(place: Arc<Place>) {
    let function = place.echo(json!({"execute": ["users"]})).await;
    let user = place.user("ada").await;
    let token = place.token(&user).await;
    place.received(&function).await;
    let later = json!({"async": true, "body": "b", "scheduledAt": "2099-01-01T00:00:00.000+00:00"});
    let run = place.execute(As::User(&token), &function, later).await;
    assert_eq!((run.status, run.text("status")), (202, "scheduled".into()));
    place.embedded().come_due();
    let requests = place.received(&function).await;
    let headers = &requests[0]["headers"];
    assert_eq!(
        (
            &headers["x-appwrite-trigger"],
            &headers["x-appwrite-user-id"]
        ),
        (&json!("schedule"), &json!(user))
    );
    assert_eq!(requests[0]["body"], "b");
}

pub(crate) async fn the_cron_comes_as_nobody_with_nothing(place: Arc<Place>) {
    let function = place.echo(json!({"schedule": "*/5 * * * *"})).await;
    place.received(&function).await;
    place.embedded().tick(&function).await.unwrap();
    let requests = place.received(&function).await;
    let request = &requests[0];
    let headers = &request["headers"];
    assert_eq!(
        (&request["method"], &request["path"], &request["body"]),
        (&json!("POST"), &json!("/"), &json!(""))
    );
    for (name, value) in [
        ("trigger", "schedule"),
        ("user-id", ""),
        ("user-jwt", ""),
        ("event", ""),
    ] {
        assert_eq!(headers[format!("x-appwrite-{name}")], value, "{name}");
    }
    assert!(headers.get("content-type").is_none());
}

pub(crate) async fn a_caller_waits_only_so_long(place: Arc<Place>) {
    let function = place.echo(json!({})).await;
    place
        .embedded()
        .set_synchronous_limit(Duration::from_millis(100));
    let run = place
        .execute(
            As::Key,
            &function,
            json!({"path": "/sleep=30", "method": "GET"}),
        )
        .await;
    place
        .embedded()
        .set_synchronous_limit(Duration::from_secs(30));
    run.refused(408, "function_synchronous_timeout");
    let path = format!("/functions/{function}/executions");
    let list = place.key("GET", &path, Value::Null).await.ok();
    assert_eq!(list.body["executions"][0]["status"], "failed");
    place.embedded().idle().await;
}
