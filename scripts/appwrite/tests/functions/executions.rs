//! Executions over real HTTP: what a function gets to see, and what is stored of its run.

use std::time::Duration;

use embedded_appwrite::Storage;
use serde_json::{json, Value};

use crate::world::{As, World};

#[tokio::test]
async fn a_key_runs_a_function_and_gets_its_whole_answer() {
    let world = World::new().await;
    world
        .function("echo", json!({"scopes": ["rows.read"], "timeout": 40}))
        .await;
    let body = json!({
        "path": "/echo?x=1", "method": "PUT", "body": "hello",
        "headers": {"X-My": "1", "content-type": "text/x-mine"},
    });
    let reply = world.execute(As::Key, "echo", body).await;
    let seen = World::echoed(&reply);
    assert_eq!(seen["method"], "PUT");
    assert_eq!(seen["path"], "/echo?x=1");
    assert_eq!(seen["body"], "hello");
    assert_eq!(seen["headers"]["x-my"], "1");
    assert_eq!(seen["headers"]["content-type"], "text/x-mine");
    assert_eq!(seen["headers"]["x-appwrite-trigger"], "http");
    assert_eq!(seen["headers"]["x-appwrite-user-id"], "");
    assert_eq!(
        seen["headers"]["x-appwrite-execution-id"],
        reply.body["$id"]
    );
    assert_eq!(seen["headers"]["x-open-runtimes-timeout"], "39");
    assert!(seen["headers"]["x-appwrite-event"].is_null());
    assert_eq!(reply.body["status"], "completed");
    assert_eq!(reply.body["responseStatusCode"], 200);
    let names = seen["environment"].as_array().unwrap();
    for name in [
        "APPWRITE_FUNCTION_API_ENDPOINT",
        "FROM_OPTIONS",
        "OPEN_RUNTIMES_SECRET",
    ] {
        assert!(names.contains(&json!(name)), "{name} is missing");
    }
}

#[tokio::test]
async fn a_caller_is_sent_away_while_the_function_goes_on() {
    let world = World::new().await;
    world.function("slow", json!({})).await;
    world
        .appwrite
        .set_synchronous_limit(Duration::from_millis(300));
    let reply = world
        .execute(As::Key, "slow", json!({"path": "/wait"}))
        .await;
    assert_eq!(reply.status, 408);
    assert_eq!(reply.body["type"], "function_synchronous_timeout");
    world.execute(As::Key, "slow", json!({"path": "/go"})).await;
    world.appwrite.idle().await;
    let list = world
        .call(As::Key, "GET", "/functions/slow/executions", json!(null))
        .await;
    assert_eq!(list.body["executions"][0]["status"], "failed");
    assert_eq!(list.body["executions"][0]["responseStatusCode"], 500);
}

#[tokio::test]
async fn a_caller_cannot_pass_for_the_platform() {
    let world = World::new().await;
    world.function("echo", json!({"execute": ["users"]})).await;
    let ada = world.user("ada").await;
    let body = json!({"headers": {
        "X-Appwrite-Trigger": "event",
        "X-Appwrite-User-Id": "admin",
        "X-APPWRITE-KEY": "spoofed",
        "X-Appwrite-Execution-Id": "spoofed",
        "X-Appwrite-User-Jwt": "spoofed",
        "X-Appwrite-Client-Ip": "6.6.6.6",
        "X-Appwrite-Event": "databases.d.tables.t.rows.r.create",
        "X-Appwrite-Custom": "mine",
        "Authorization": "Bearer mine",
    }});
    let reply = world.execute(As::User(&ada), "echo", body).await;
    let headers = &World::echoed(&reply)["headers"];
    assert_eq!(headers["x-appwrite-trigger"], "http");
    assert_eq!(headers["x-appwrite-user-id"], "ada");
    assert_eq!(headers["x-appwrite-execution-id"], reply.body["$id"]);
    assert_eq!(headers["x-appwrite-user-jwt"], "");
    assert_eq!(headers["x-appwrite-client-ip"], "127.0.0.1");
    let key = headers["x-appwrite-key"].as_str().unwrap();
    assert!(key.starts_with("ephemeral_"));
    let authorization = headers["authorization"].as_str().unwrap();
    assert!(authorization.starts_with("Basic "));
    // What the platform does not set on this path is the caller's.
    assert_eq!(headers["x-appwrite-custom"], "mine");
    assert_eq!(
        headers["x-appwrite-event"],
        "databases.d.tables.t.rows.r.create"
    );
}

#[tokio::test]
async fn what_a_caller_says_of_the_log_never_comes_to_the_function() {
    let world = World::new().await;
    world.function("echo", json!({"execute": ["any"]})).await;
    for name in [
        "X-Open-Runtimes-Log-Id",
        "x-open-runtimes-log-id",
        "X-OPEN-RUNTIMES-LOG-ID",
    ] {
        for id in ["../../outside", "/tmp/outside", "plainname"] {
            let body = json!({"headers": {name: id, "X-Mine": "mine"}});
            let reply = world.execute(As::Guest, "echo", body).await;
            let seen = World::echoed(&reply)["headers"].clone();
            let here = world
                .domain("echo", "/", &[(name, id), ("x-mine", "mine")])
                .await;
            for seen in [&seen, &here.body["headers"]] {
                assert_eq!(seen["x-mine"], "mine");
                assert_eq!(seen["x-open-runtimes-logging"], "enabled");
                assert!(seen["x-open-runtimes-log-id"].is_null(), "{seen}");
                assert!(!seen.to_string().contains(id), "{seen}");
            }
        }
    }
}

#[tokio::test]
async fn lower_case_platform_headers_are_refused_the_odd_way() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let body = json!({"headers": {"x-appwrite-event": "x"}});
    let reply = world.execute(As::Key, "echo", body).await;
    assert_eq!(reply.status, 500);
    assert_eq!(reply.body["message"], "Server Error");
    let kind = reply.body["type"].as_str().unwrap();
    assert!(kind.starts_with("Invalid headers: "));
}

#[tokio::test]
async fn only_the_roles_of_execute_may_run_a_function() {
    let world = World::new().await;
    world.function("closed", json!({})).await;
    world.function("users", json!({"execute": ["users"]})).await;
    world
        .function("team", json!({"execute": ["team:acme/owner"]}))
        .await;
    world
        .function("off", json!({"execute": ["any"], "enabled": false}))
        .await;
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    world
        .call(
            As::Key,
            "POST",
            "/teams",
            json!({"teamId": "acme", "name": "Acme"}),
        )
        .await;
    let member = json!({"userId": "ada", "roles": ["owner"]});
    world
        .call(As::Key, "POST", "/teams/acme/memberships", member)
        .await;
    for (who, function, status, kind) in [
        (As::User(&ada), "closed", 401, "user_unauthorized"),
        (As::Key, "closed", 201, ""),
        (As::Guest, "users", 401, "user_unauthorized"),
        (As::User(&bob), "users", 201, ""),
        (As::User(&bob), "team", 401, "user_unauthorized"),
        (As::User(&ada), "team", 201, ""),
        (As::User(&ada), "off", 404, "function_not_found"),
        (As::Key, "off", 201, ""),
        (As::Key, "nope", 404, "function_not_found"),
    ] {
        let reply = world.execute(who, function, json!({})).await;
        assert_eq!(reply.status, status, "{function}: {}", reply.text);
        assert_eq!(reply.body["type"].as_str().unwrap_or_default(), kind);
    }
}

#[tokio::test]
async fn an_async_execution_waits_then_completes_and_belongs_to_its_user() {
    let world = World::new().await;
    world.function("echo", json!({"execute": ["users"]})).await;
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let body = json!({"async": true, "path": "/status=404", "body": "later"});
    let reply = world.execute(As::User(&ada), "echo", body).await;
    assert_eq!(reply.status, 202);
    assert_eq!(reply.body["status"], "waiting");
    world.appwrite.idle().await;
    let path = format!(
        "/functions/echo/executions/{}",
        reply.body["$id"].as_str().unwrap()
    );
    let done = world.call(As::User(&ada), "GET", &path, json!(null)).await;
    assert_eq!(done.body["status"], "completed");
    assert_eq!(done.body["responseStatusCode"], 404);
    assert_eq!(done.body["responseBody"], "");
    let hidden = world.call(As::User(&bob), "GET", &path, json!(null)).await;
    assert_eq!(hidden.body["type"], "execution_not_found");
}

#[tokio::test]
async fn a_dead_process_fails_its_execution_and_the_next_call_starts_another() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let died = world
        .execute(As::Key, "echo", json!({"path": "/die"}))
        .await;
    assert_eq!(died.status, 201);
    assert_eq!(died.body["status"], "failed");
    assert_eq!(died.body["responseStatusCode"], 500);
    world
        .execute(As::Key, "echo", json!({"path": "/echo"}))
        .await;
    let counted = world
        .execute(As::Key, "echo", json!({"path": "/count"}))
        .await;
    assert_eq!(counted.body["responseBody"], "2");
    assert!(world.appwrite.kill_function("echo").await.unwrap());
    assert!(!world.appwrite.kill_function("echo").await.unwrap());
    let counted = world
        .execute(As::Key, "echo", json!({"path": "/count"}))
        .await;
    assert_eq!(counted.body["responseBody"], "1");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_ends_no_other_call() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let answers = [
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nno number",
    ];
    let (waited, ()) = tokio::join!(
        world.execute(As::Key, "echo", json!({"path": "/wait"})),
        async {
            for answer in answers {
                let raw = json!({"path": "/raw", "body": answer});
                let broken = world.execute(As::Key, "echo", raw).await;
                assert_eq!(broken.status, 201, "{answer:?}: {}", broken.text);
                assert_eq!(broken.body["status"], "failed", "{answer:?}");
            }
            world.execute(As::Key, "echo", json!({"path": "/go"})).await;
        }
    );
    assert_eq!(waited.body["responseStatusCode"], 204, "{}", waited.text);
    // The same process all the time: that of one that waits, each of these, the one that goes, and this.
    let count = world
        .execute(As::Key, "echo", json!({"path": "/count"}))
        .await;
    let count: usize = count.body["responseBody"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(count, answers.len() + 3);
}

#[tokio::test]
async fn requests_to_one_function_run_at_the_same_time() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let (waited, _) = tokio::join!(
        world.execute(As::Key, "echo", json!({"path": "/wait"})),
        world.execute(As::Key, "echo", json!({"path": "/go"})),
    );
    assert_eq!(waited.body["responseStatusCode"], 204);
}

#[tokio::test]
async fn logs_are_stored_and_shown_to_keys_only() {
    let world = World::new().await;
    world.function("echo", json!({"execute": ["any"]})).await;
    let shown = world
        .execute(As::Key, "echo", json!({"path": "/log"}))
        .await;
    assert_eq!(shown.body["logs"], "all is well\n");
    assert_eq!(shown.body["errors"], "or is it\n");
    let hidden = world
        .execute(As::Guest, "echo", json!({"path": "/log"}))
        .await;
    assert_eq!(hidden.body["logs"], "");
    assert_eq!(hidden.body["errors"], "");
}

#[tokio::test]
async fn the_key_of_an_execution_has_the_scopes_of_its_function_and_no_more() {
    let world = World::new().await;
    world
        .function("reader", json!({"scopes": ["users.read"]}))
        .await;
    world.user("ada").await;
    let ask = |method: &str, path: &str| json!({"path": "/api", "body": json!({"method": method, "path": path, "body": {}}).to_string()});
    let read = world
        .execute(As::Key, "reader", ask("GET", "/users/ada"))
        .await;
    let read = World::echoed(&read);
    assert_eq!(read["body"]["$id"], "ada");
    let write = world
        .execute(As::Key, "reader", ask("DELETE", "/users/ada"))
        .await;
    let write = World::echoed(&write);
    assert_eq!(write["status"], 401);
    assert_eq!(write["body"]["type"], "general_unauthorized_scope");
    let made_up = world
        .call(
            As::OtherKey("ephemeral_x"),
            "GET",
            "/users/ada",
            json!(null),
        )
        .await;
    assert_eq!(made_up.body["type"], "project_key_expired");
}

#[tokio::test]
async fn a_session_gives_the_function_a_token_that_ends_with_it() {
    let world = World::new().await;
    world.function("echo", json!({"execute": ["users"]})).await;
    world.user("ada").await;
    let session = world
        .call(As::Key, "POST", "/users/ada/sessions", json!({}))
        .await;
    let secret = session.body["secret"].as_str().unwrap();
    let reply = world.execute(As::Session(secret), "echo", json!({})).await;
    let headers = World::echoed(&reply)["headers"].clone();
    let token = headers["x-appwrite-user-jwt"].as_str().unwrap();
    let account = world
        .call(As::User(token), "GET", "/account", json!(null))
        .await;
    assert_eq!(account.body["$id"], "ada");
    world
        .call(As::Key, "DELETE", "/users/ada/sessions", json!(null))
        .await;
    let account = world
        .call(As::User(token), "GET", "/account", json!(null))
        .await;
    assert_eq!(account.status, 401);
}

#[tokio::test]
async fn a_tick_runs_a_function_as_its_cron_would() {
    let world = World::new().await;
    world
        .function("nightly", json!({"schedule": "0 3 * * *"}))
        .await;
    let id = world.appwrite.tick("nightly").await.unwrap();
    let path = format!("/functions/nightly/executions/{id}");
    let run = world.call(As::Key, "GET", &path, json!(null)).await;
    assert_eq!(run.body["trigger"], "schedule");
    assert_eq!(run.body["status"], "completed");
    assert_eq!(run.body["requestPath"], "/");
    assert!(world.appwrite.tick("nope").await.is_err());
}

#[tokio::test]
async fn changed_variables_show_with_the_next_deployment() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let has = |reply| {
        let environment = World::echoed(reply)["environment"].clone();
        environment.as_array().unwrap().contains(&json!("MINE"))
    };
    let reply = world.execute(As::Key, "echo", json!({})).await;
    assert!(!has(&reply));
    let variable = json!({"variableId": "unique()", "key": "MINE", "value": "1"});
    world
        .call(As::Key, "POST", "/functions/echo/variables", variable)
        .await;
    let reply = world.execute(As::Key, "echo", json!({})).await;
    assert!(!has(&reply));
    assert_eq!(is_live(&world).await, json!(false));
    world.appwrite.activate("echo").unwrap();
    let reply = world.execute(As::Key, "echo", json!({})).await;
    assert!(has(&reply));
    assert_eq!(is_live(&world).await, json!(true));
}

/// Whether what runs is made of the settings and variables as they are now.
async fn is_live(world: &World) -> Value {
    let function = world
        .call(As::Key, "GET", "/functions/echo", json!(null))
        .await;
    function.body["live"].clone()
}

#[tokio::test]
async fn settings_that_are_built_into_a_deployment_count_with_the_next_one() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    for (settings, live) in [
        (json!({"name": "echo", "schedule": "1 1 * * *"}), true),
        (json!({"name": "echo", "commands": "make"}), false),
        (json!({"name": "other", "commands": "make"}), false),
    ] {
        let path = "/functions/echo";
        world.call(As::Key, "PUT", path, settings).await;
        assert_eq!(is_live(&world).await, json!(live));
        world.appwrite.activate("echo").unwrap();
    }
}

#[tokio::test]
async fn anybody_may_know_what_functions_can_run_on() {
    let world = World::new().await;
    let reply = world
        .call(As::Guest, "GET", "/functions/runtimes", json!(null))
        .await;
    assert_eq!((reply.status, &reply.body["total"]), (200, &json!(1)));
    assert_eq!(reply.body["runtimes"][0]["$id"], "rust-1.83");
}

#[tokio::test]
async fn an_execution_for_later_waits_and_can_be_taken_back() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let moment = "2099-01-01T00:00:00.000+00:00";
    for (body, status) in [
        (json!({"scheduledAt": moment, "async": false}), 400),
        (
            json!({"scheduledAt": "2020-01-01T00:00:00.000+00:00", "async": true}),
            400,
        ),
        (
            json!({"scheduledAt": moment, "async": true, "path": "/echo"}),
            202,
        ),
    ] {
        let reply = world.execute(As::Key, "echo", body).await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
    let list = "/functions/echo/executions";
    let waiting = world.call(As::Key, "GET", list, json!(null)).await;
    let waiting = &waiting.body["executions"][0];
    assert_eq!(waiting["status"], "scheduled");
    assert_eq!(waiting["trigger"], "schedule");
    let path = format!("{list}/{}", waiting["$id"].as_str().unwrap());
    assert_eq!(
        world
            .call(As::Key, "DELETE", &path, json!(null))
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn functions_users_and_their_tokens_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::Folder(folder.path().to_owned());
    let world = World::on(storage.clone()).await;
    world.function("echo", json!({"execute": ["users"]})).await;
    let ada = world.user("ada").await;
    world.execute(As::User(&ada), "echo", json!({})).await;
    world.appwrite.stop().await;
    let world = World::on(storage).await;
    let reply = world.execute(As::User(&ada), "echo", json!({})).await;
    assert_eq!(
        World::echoed(&reply)["headers"]["x-appwrite-user-id"],
        "ada"
    );
    let list = "/functions/echo/executions";
    let list = world.call(As::User(&ada), "GET", list, json!(null)).await;
    assert_eq!(list.body["total"], 2);
}

#[tokio::test]
async fn what_waits_for_its_moment_has_run_once_its_moment_was_made_to_come() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let later = json!({"scheduledAt": "2099-01-01T00:00:00.000+00:00", "async": true});
    for _ in 0..20 {
        let made = world.execute(As::Key, "echo", later.clone()).await;
        world.appwrite.come_due();
        world.appwrite.idle().await;
        let path = format!(
            "/functions/echo/executions/{}",
            made.body["$id"].as_str().unwrap()
        );
        let ran = world.call(As::Key, "GET", &path, json!(null)).await;
        assert_eq!(ran.body["status"], "completed", "{}", ran.text);
    }
}

#[tokio::test]
async fn an_execution_that_was_not_begun_runs_after_a_kill_and_any_other_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::Folder(folder.path().to_owned());
    let world = World::on(storage).await;
    world.function("echo", json!({})).await;
    // As many as run at a time, and one more, which has to wait for its turn.
    let mut asked = Vec::new();
    for path in ["/wait"; 8].into_iter().chain(["/status=201"]) {
        let body = json!({"async": true, "path": path});
        let made = world.execute(As::Key, "echo", body).await;
        assert_eq!(made.status, 202, "{}", made.text);
        asked.push(made.body["$id"].as_str().unwrap().to_owned());
    }
    let under_way = json!({"method": "equal", "attribute": "status", "values": ["processing"]});
    let query: String =
        url::form_urlencoded::byte_serialize(under_way.to_string().as_bytes()).collect();
    let list = format!("/functions/echo/executions?queries[]={query}");
    while world.call(As::Key, "GET", &list, json!(null)).await.body["total"] != 8 {}
    // As a kill leaves it: nobody tells what became of what was under way.
    let killed = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), killed.path().join(file.file_name())).unwrap();
    }
    drop(world);

    let world = World::on(Storage::Folder(killed.path().to_owned())).await;
    world.appwrite.idle().await;
    let mut found = Vec::new();
    for id in &asked {
        let path = format!("/functions/echo/executions/{id}");
        found.push(world.call(As::Key, "GET", &path, json!(null)).await);
    }
    let (last, others) = found.split_last().unwrap();
    assert_eq!(last.body["status"], "completed");
    for cut_off in others {
        let body = &cut_off.body;
        assert_eq!(
            (&body["status"], &body["responseStatusCode"]),
            (&json!("failed"), &json!(500))
        );
        let errors = body["errors"].as_str().unwrap();
        assert!(errors.starts_with("The server was stopped"), "{errors}");
    }
    let count = json!({"path": "/count"});
    let count = world.execute(As::Key, "echo", count).await;
    assert_eq!(count.body["responseBody"], "2");
}

#[tokio::test]
async fn an_answer_that_is_no_text_comes_as_multipart_where_that_is_asked_for() {
    let world = World::new().await;
    world.function("echo", json!({})).await;
    let binary = json!({"path": "/binary"});
    let refused = world.execute(As::Key, "echo", binary.clone()).await;
    assert_eq!(
        (refused.status, &refused.body["type"]),
        (500, &json!("general_unknown"))
    );
    let answer = world
        .execute_for("multipart/form-data", "echo", binary)
        .await;
    let part = [
        b"Content-Disposition: form-data; name=\"responseBody\"\r\n\r\n".as_slice(),
        &[0, 159, 146, 150],
        b"\r\n--",
    ]
    .concat();
    let has_part = answer.windows(part.len()).any(|window| window == part);
    assert!(has_part, "{}", String::from_utf8_lossy(&answer));
}
