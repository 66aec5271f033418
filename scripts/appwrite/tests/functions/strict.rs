//! What the real server refuses is refused here, too: a client that works here works there.

use serde_json::{json, Value};

use crate::world::{As, World, ROWS};

const FUNCTION: &str = "/functions/strict";

fn queries(queries: &[Value]) -> String {
    let mut url = url::Url::parse("http://host/").unwrap();
    for query in queries {
        url.query_pairs_mut()
            .append_pair("queries[]", &query.to_string());
    }
    format!("?{}", url.query().unwrap_or_default())
}

fn equal(attribute: &str) -> Value {
    json!({"method": "equal", "attribute": attribute, "values": ["x"]})
}

/// With a table, a team `t` of which `ada` is a member, and a function with a variable of each kind.
async fn world() -> (World, String) {
    let world = World::with_a_table().await;
    world.function("strict", json!({"execute": ["any"]})).await;
    let ada = world.user("ada").await;
    for (path, body) in [
        ("/teams", json!({"teamId": "t", "name": "T"})),
        ("/teams", json!({"teamId": "other", "name": "Other"})),
        (
            "/teams/t/memberships",
            json!({"userId": "ada", "roles": ["owner"]}),
        ),
        (
            "/functions/strict/variables",
            json!({"variableId": "secret", "key": "SECRET", "value": "x", "secret": true}),
        ),
        (
            "/functions/strict/variables",
            json!({"variableId": "open", "key": "OPEN", "value": "x", "secret": false}),
        ),
    ] {
        let made = world.call(As::Key, "POST", path, body).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }
    (world, ada)
}

#[track_caller]
fn check(what: &str, reply: &crate::world::Reply, status: u16, kind: &str) {
    let found = (reply.status, reply.body["type"].as_str());
    assert_eq!(found, (status, Some(kind)), "{what}: {}", reply.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_the_real_server_refuses_are_refused_and_change_nothing() {
    let (world, _) = world().await;
    let invalid = "general_argument_invalid";
    let row = |rest: Value| {
        let mut row = json!({"rowId": "r", "data": {"title": "x"}});
        row.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        row
    };
    let one = format!("{ROWS}/r");
    let user = |email: &str| json!({"userId": "u", "email": email});
    let function = |rest: Value| {
        let mut function = json!({"name": "strict", "runtime": "rust-1.83"});
        function
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        function
    };
    let role = json!({"userId": "ada", "roles": ["bad role!"]});
    for (method, path, body, kind) in [
        ("POST", "/users", user("nobody"), invalid),
        ("POST", "/users", user("a@b@example.com"), invalid),
        (
            "PATCH",
            "/users/ada/email",
            json!({"email": "nobody"}),
            invalid,
        ),
        (
            "POST",
            ROWS,
            row(json!({"permissions": ["create(\"users\")"]})),
            invalid,
        ),
        (
            "PUT",
            &one,
            row(json!({"permissions": ["create(\"users\")"]})),
            invalid,
        ),
        (
            "POST",
            ROWS,
            row(json!({"rows": [{"title": "y"}]})),
            "general_bad_request",
        ),
        (
            "POST",
            ROWS,
            json!({"rowId": "r", "rows": [{"title": "y"}]}),
            "general_bad_request",
        ),
        (
            "POST",
            ROWS,
            json!({"permissions": ["read(\"any\")"], "rows": [{"title": "y"}]}),
            "general_bad_request",
        ),
        ("PUT", &format!("{ROWS}/-r"), row(json!({})), invalid),
        (
            "PUT",
            &format!("{ROWS}/{}", "r".repeat(37)),
            row(json!({})),
            invalid,
        ),
        ("POST", ROWS, row(json!({"data": "title"})), invalid),
        ("PUT", &one, row(json!({"data": "title"})), invalid),
        ("PATCH", &one, row(json!({"data": 5})), invalid),
        (
            "POST",
            "/functions/strict/executions",
            json!({"async": "yes"}),
            invalid,
        ),
        (
            "POST",
            "/functions/strict/executions",
            json!({"async": 2}),
            invalid,
        ),
        (
            "PUT",
            "/functions/strict/variables/secret",
            json!({"secret": false}),
            "variable_cannot_unset_secret",
        ),
        ("POST", "/teams/other/memberships", role.clone(), invalid),
        (
            "POST",
            "/teams",
            json!({"teamId": "n", "name": "n", "roles": ["bad role!"]}),
            invalid,
        ),
        (
            "PUT",
            FUNCTION,
            function(json!({"buildSpecification": "s-huge"})),
            invalid,
        ),
        (
            "PUT",
            FUNCTION,
            function(json!({"runtimeSpecification": "s-huge"})),
            invalid,
        ),
    ] {
        let before = everything(&world).await;
        let reply = world.call(As::Key, method, path, body.clone()).await;
        check(&format!("{method} {path} {body}"), &reply, 400, kind);
        assert_eq!(everything(&world).await, before, "{method} {path} {body}");
    }
    let open = json!({"secret": true, "value": "y"});
    let path = "/functions/strict/variables/open";
    let hidden = world.call(As::Key, "PUT", path, open).await;
    assert_eq!(hidden.body["secret"], true, "{}", hidden.text);
}

/// What the refused calls would change.
async fn everything(world: &World) -> Vec<Value> {
    let mut found = Vec::new();
    for path in [
        "/users",
        ROWS,
        "/teams",
        "/teams/other/memberships",
        FUNCTION,
    ] {
        found.push(world.call(As::Key, "GET", path, Value::Null).await.body);
    }
    let executions = format!("{FUNCTION}/executions");
    found.push(
        world
            .call(As::Key, "GET", &executions, Value::Null)
            .await
            .body["total"]
            .clone(),
    );
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_asked_only_by_what_they_know() {
    let (world, ada) = world().await;
    let lists = [
        "/users",
        "/users/ada/memberships",
        "/teams",
        "/teams/t/memberships",
        "/functions",
        "/functions/strict/executions",
        "/functions/strict/deployments",
        "/functions/strict/variables",
        "/proxy/rules",
        "/project/variables",
        "/project/keys",
        "/tablesdb",
        "/tablesdb/main_dev/tables",
        "/tablesdb/main_dev/tables/items/columns",
        "/tablesdb/main_dev/tables/items/indexes",
        "/tablesdb/transactions",
    ];
    for list in lists {
        for wrong in [
            equal("nope"),
            equal(""),
            json!({"method": "orderAsc", "attribute": "nope", "values": []}),
            json!({"method": "or", "values": [equal("$id"), equal("nope")]}),
        ] {
            let path = format!("{list}{}", queries(std::slice::from_ref(&wrong)));
            let reply = world.call(As::Key, "GET", &path, Value::Null).await;
            check(&path, &reply, 400, "general_argument_invalid");
        }
        let select = json!({"method": "select", "values": ["$id"]});
        let path = format!("{list}{}", queries(&[select]));
        let status = world.call(As::Key, "GET", &path, Value::Null).await.status;
        let expect = if list.ends_with("/deployments") {
            200
        } else {
            400
        };
        assert_eq!(status, expect, "{path}");
        let known = [equal("$id"), json!({"method": "limit", "values": [1]})];
        let path = format!("{list}{}", queries(&known));
        let reply = world.call(As::Key, "GET", &path, Value::Null).await;
        assert_eq!(
            (reply.status, &reply.body["total"]),
            (200, &json!(0)),
            "{path}"
        );
    }
    for list in lists.into_iter().chain([ROWS]) {
        let path = format!("{list}?queries=x");
        let reply = world.call(As::Key, "GET", &path, Value::Null).await;
        check(&path, &reply, 400, "general_argument_invalid");
    }
    let as_member = world.call(
        As::User(&ada),
        "GET",
        "/teams/t/memberships?queries=x",
        Value::Null,
    );
    assert_eq!(as_member.await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_limits_offsets_or_cursors_the_first_counts() {
    let (world, _) = world().await;
    for id in ["a", "b", "c", "d"] {
        let body = json!({"rowId": id, "data": {"title": id}});
        assert_eq!(world.call(As::Key, "POST", ROWS, body).await.status, 201);
        let user = json!({"userId": id, "email": format!("{id}@example.com")});
        assert_eq!(
            world.call(As::Key, "POST", "/users", user).await.status,
            201
        );
    }
    let of = |method: &str, values: [Value; 2]| {
        values.map(|value| json!({"method": method, "values": [value]}))
    };
    let both = [
        of("limit", [json!(2), json!(3)]),
        of("offset", [json!(1), json!(0)]),
    ]
    .concat();
    let after = of("cursorAfter", [json!("c"), json!("a")]);
    for (list, name, skipped) in [(ROWS, "rows", 0), ("/users", "users", 1)] {
        let ids = |body: &Value| {
            let found = body[name].as_array().unwrap().iter();
            found
                .map(|one| one["$id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let all = world.call(As::Key, "GET", list, Value::Null).await;
        let all = ids(&all.body)[skipped..].to_vec();
        let path = format!("{list}{}", queries(&both));
        let page = world.call(As::Key, "GET", &path, Value::Null).await;
        // Users have one before them.
        assert_eq!(
            ids(&page.body),
            if skipped == 0 { &all[1..3] } else { &all[..2] }
        );
        let path = format!("{list}{}", queries(&after));
        let page = world.call(As::Key, "GET", &path, Value::Null).await;
        assert_eq!(ids(&page.body), ["d"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_says_whether_it_is_to_be_active() {
    let (world, _) = world().await;
    let path = format!("{FUNCTION}/deployments");
    let field = |name: &str, value: &str| {
        format!("--b\r\ncontent-disposition: form-data; name={name}\r\n\r\n{value}\r\n")
    };
    let code = field("\"code\"; filename=\"code.tar.gz\"", "x");
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    for (activate, status) in [
        (String::new(), 400),
        (field("\"activate\"", "yes"), 400),
        (field("\"activate\"", ""), 400),
        (field("\"activate\"", "false"), 202),
        (field("\"activate\"", "1"), 202),
    ] {
        let body = format!("{code}{activate}--b--\r\n");
        let reply = world.upload(&path, &headers, body).await;
        assert_eq!(reply.status, status, "{activate}: {}", reply.text);
        if status == 400 {
            check(&activate, &reply, 400, "general_argument_invalid");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_public_is_not_for_keys_and_teams_are_not_for_guests() {
    let (world, ada) = world().await;
    let unauthorized = "general_unauthorized_scope";
    let all = json!({"keyId": "all", "name": "all", "scopes": ["health.read", "functions.read"]});
    let made = world.call(As::Key, "POST", "/project/keys", all).await;
    let key = made.body["secret"].as_str().unwrap();
    for path in ["/health/version", "/functions/runtimes"] {
        for who in [As::Key, As::OtherKey(key)] {
            let reply = world.call(who, "GET", path, Value::Null).await;
            check(path, &reply, 401, unauthorized);
            let message = reply.body["message"].as_str().unwrap();
            assert!(
                message.ends_with("missing scopes ([\"public\"])"),
                "{message}"
            );
        }
        for who in [As::Guest, As::User(&ada)] {
            assert_eq!(
                world.call(who, "GET", path, Value::Null).await.status,
                200,
                "{path}"
            );
        }
    }
    let specifications = "/functions/specifications";
    let list = world
        .call(As::Key, "GET", specifications, Value::Null)
        .await;
    assert_eq!((list.status, &list.body["total"]), (200, &json!(9)));
    assert_eq!(
        list.body["specifications"][0],
        json!({"memory": 512, "cpus": 0.5, "enabled": true, "slug": "s-0.5vcpu-512mb"})
    );
    for (method, path, body) in [
        ("GET", specifications, Value::Null),
        ("GET", "/teams", Value::Null),
        ("GET", "/teams/t", Value::Null),
        ("GET", "/teams/t/memberships", Value::Null),
        ("POST", "/teams", json!({"teamId": "g", "name": "g"})),
        (
            "POST",
            "/teams/t/memberships",
            json!({"userId": "ada", "roles": ["owner"]}),
        ),
        ("GET", "/functions/strict/executions", Value::Null),
    ] {
        let reply = world.call(As::Guest, method, path, body).await;
        check(&format!("{method} {path}"), &reply, 401, unauthorized);
    }
    let run = world.execute(As::Guest, "strict", json!({})).await;
    assert_eq!(run.status, 201, "{}", run.text);
    assert_eq!(
        world
            .call(As::User(&ada), "GET", "/teams", Value::Null)
            .await
            .body["total"],
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_membership_that_is_not_there_is_an_invitation_that_is_not_there() {
    let (world, _) = world().await;
    let list = world
        .call(As::Key, "GET", "/teams/t/memberships", Value::Null)
        .await;
    let id = list.body["memberships"][0]["$id"].as_str().unwrap();
    for (path, kind) in [
        (
            "/teams/t/memberships/nobody".to_owned(),
            "team_invite_not_found",
        ),
        (
            "/teams/nowhere/memberships/nobody".to_owned(),
            "team_invite_not_found",
        ),
        (format!("/teams/nowhere/memberships/{id}"), "team_not_found"),
        (
            format!("/teams/other/memberships/{id}"),
            "team_membership_mismatch",
        ),
    ] {
        let reply = world.call(As::Key, "DELETE", &path, Value::Null).await;
        check(&path, &reply, 404, kind);
    }
    let path = format!("/teams/t/memberships/{id}");
    assert_eq!(
        world
            .call(As::Key, "DELETE", &path, Value::Null)
            .await
            .status,
        204
    );
}
