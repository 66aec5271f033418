//! invite-accept over the wire: who joins, who does not, what a crash or a race leaves behind.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "invite/faults.rs"]
mod faults;
#[path = "invite/removal.rs"]
mod removal;
#[path = "invite/several.rs"]
mod several;

use std::time::{Duration, Instant};

use domain::ids::{Id, InviteId};
use domain::rows::WorkspaceRole;
use domain::time::Timestamp;
use embedded_appwrite::{Fault, Requests, When};
use reqwest::Method;
use serde_json::{json, Value};
use tests::{check_untold, sweep, world, Reply, World, DATABASE};
use valyou::invite::{self, Issued, NewInvite};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");
const FUNCTION: &str = "invite-accept";

/// Callers that race each other.
const RACERS: usize = 64;

/// Acme with its owner bob and its workspace sales; ada and eve have accounts and belong to nothing.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "bob").await.unwrap();
    world.workspace("acme", "sales").await.unwrap();
    for person in ["ada", "eve", "bob"] {
        world.person(person).await.unwrap();
    }
    // The cron comes when a test says so.
    let path = format!("/functions/{FUNCTION}");
    let mut settings = world.api(Method::GET, &path, None).await.unwrap().body;
    settings["schedule"] = json!("");
    let answer = world.api(Method::PUT, &path, Some(settings)).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    world
}

fn after(duration: Duration) -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is its own caller: no cx hands it the time"
    )]
    Timestamp::new(chrono::Utc::now()).plus(duration)
}

fn to(user: &str) -> NewInvite {
    NewInvite {
        organization: Id::parse("acme").unwrap(),
        workspace: Id::parse("sales"),
        email: format!("{}@Example.com", user.to_uppercase()),
        role: WorkspaceRole::User,
        invited_by: Id::parse("bob").unwrap(),
        expires_at: after(Duration::from_secs(3600)),
    }
}

async fn invite(world: &World, new: &NewInvite) -> Issued {
    invite::create(&world.client().unwrap(), new).await.unwrap()
}

async fn call(world: &World, user: &str, path: &str, token: &str) -> Reply {
    world
        .call(FUNCTION, user, "POST", path, &json!({"token": token}))
        .await
        .unwrap()
}

async fn accept(world: &World, user: &str, issued: &Issued) -> Reply {
    call(world, user, "/", issued.token.expose()).await
}

async fn row(world: &World, id: &InviteId) -> Value {
    world
        .find("org_invites", id.as_ref())
        .await
        .unwrap()
        .unwrap()
}

async fn memberships(world: &World, user: &str) -> Vec<Value> {
    let query = json!({"method": "equal", "attribute": "userId", "values": [user]});
    world.rows("workspace_memberships", &[query]).await.unwrap()
}

async fn logged(world: &World, id: &InviteId) -> Vec<Value> {
    let query = json!({"method": "equal", "attribute": "itemId", "values": [id.as_ref()]});
    world.rows("item_activity_log", &[query]).await.unwrap()
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.body["error"]["code"].as_str()),
        (status, Some(code)),
        "{} {}",
        reply.body,
        reply.errors
    );
    assert_eq!(reply.body["error"]["executionId"], json!(reply.execution));
}

/// One membership of the team, one of the workspace, one log row; or none of them.
async fn check_joined(world: &World, user: &str, id: &InviteId, joined: bool) {
    let count = usize::from(joined);
    assert_eq!(
        world.team_roles("acme", user).await.unwrap().len(),
        count,
        "{user} in the team"
    );
    let memberships = memberships(world, user).await;
    assert_eq!(memberships.len(), count, "{user} in the workspace");
    let accepted = logged(world, id).await;
    assert_eq!(accepted.len(), count, "{user} in the log");
    let row = row(world, id).await;
    assert_eq!(row["status"] == "accepted", joined, "{row}");
    if joined {
        assert_eq!(row["acceptedByUserId"], user);
        assert_eq!(memberships[0]["invitedViaInviteId"], id.as_ref());
        assert_eq!(memberships[0]["active"], true);
        assert_eq!(
            world.team_roles("acme", user).await.unwrap(),
            [json!(["member"])]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_invited_person_sees_the_invite_joins_once_and_may_click_again() {
    let world = acme().await;
    let issued = invite(&world, &to("ada")).await;
    let before = row(&world, &issued.id).await;
    assert_eq!(before["normalizedEmail"], "ada@example.com");
    assert_ne!(before["inviteTokenHash"], issued.token.expose());

    for _ in 0..2 {
        let preview = call(&world, "ada", "/preview", issued.token.expose()).await;
        assert_eq!(preview.status, 200, "{}", preview.body);
        assert_eq!(
            preview.body,
            json!({
                "organizationId": "acme", "organizationName": "Acme", "workspaceId": "sales", "workspaceName": "sales",
                "workspaceRole": "workspace_user", "email": "ADA@Example.com", "status": "pending",
                "expiresAt": before["expiresAt"],
            })
        );
    }
    assert_eq!(
        row(&world, &issued.id).await,
        before,
        "looking changes nothing"
    );
    check_joined(&world, "ada", &issued.id, false).await;

    let reply = accept(&world, "ada", &issued).await;
    assert_eq!(reply.status, 200, "{} {}", reply.body, reply.errors);
    assert_eq!(
        reply.body,
        json!({
            "organizationId": "acme", "workspaceId": "sales", "workspaceRole": "workspace_user", "status": "accepted",
            "wasMember": false,
        })
    );
    check_joined(&world, "ada", &issued.id, true).await;
    let mark = &logged(&world, &issued.id).await[0];
    assert_eq!(
        (&mark["actorUserId"], &mark["actionType"]),
        (&json!("ada"), &json!("invite_accepted"))
    );
    assert_eq!(mark["requestId"], reply.execution);
    let columns =
        |side: &str| -> Value { serde_json::from_str(mark[side].as_str().unwrap()).unwrap() };
    assert_eq!(columns("beforeJson")["columns"]["status"], "pending");
    assert_eq!(columns("afterJson")["columns"]["acceptedByUserId"], "ada");

    let accepted = row(&world, &issued.id).await;
    let again = accept(&world, "ada", &issued).await;
    assert_eq!(
        (again.status, &again.body["wasMember"]),
        (200, &json!(true)),
        "{}",
        again.body
    );
    let preview = call(&world, "ada", "/preview", issued.token.expose()).await;
    assert_eq!(preview.body["status"], "accepted");
    assert_eq!(row(&world, &issued.id).await, accepted);
    check_joined(&world, "ada", &issued.id, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_account_learns_no_more_than_from_an_unknown_token() {
    let world = acme().await;
    let issued = invite(&world, &to("ada")).await;
    let unknown = "A".repeat(43);
    for path in ["/", "/preview", "/request"] {
        let mut answers = Vec::new();
        for token in [issued.token.expose(), &unknown] {
            let reply = call(&world, "eve", path, token).await;
            refused(&reply, 404, "invite_not_for_you");
            answers.push(reply.body["error"]["message"].clone());
        }
        assert!(
            answers.iter().all(|answer| answer == &answers[0]),
            "{answers:?}"
        );
        assert_eq!(
            answers[0],
            "This link is not valid for the account you are signed in with. Sign in with the invited address or ask for \
             a new invitation."
        );
    }
    // The same in every state that the invite may be in.
    for status in ["accepted", "expired", "revoked"] {
        world
            .change("org_invites", issued.id.as_ref(), json!({"status": status}))
            .await
            .unwrap();
        refused(
            &accept(&world, "eve", &issued).await,
            404,
            "invite_not_for_you",
        );
    }
    check_joined(&world, "eve", &invite(&world, &to("ada")).await.id, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_invited_person_is_told_why_not() {
    let world = acme().await;
    world.member("acme", "mia", "admin").await.unwrap();
    world.person("mia").await.unwrap();

    let past = NewInvite {
        expires_at: after(Duration::ZERO),
        ..to("ada")
    };
    let expired = invite(&world, &past).await;
    let revoked = invite(&world, &to("ada")).await;
    invite::revoke(&world.client().unwrap(), &revoked.id)
        .await
        .unwrap();
    let used = invite(&world, &to("ada")).await;
    let data = json!({"status": "accepted", "acceptedByUserId": "ada-before", "acceptedAt": after(Duration::ZERO)});
    world
        .change("org_invites", used.id.as_ref(), data)
        .await
        .unwrap();
    let by_mia = NewInvite {
        invited_by: Id::parse("mia").unwrap(),
        ..to("ada")
    };
    let orphaned = invite(&world, &by_mia).await;
    world.leave("acme", "mia").await.unwrap();
    world.member("acme", "mia", "member").await.unwrap();
    for path in ["/", "/preview"] {
        for (issued, status, code) in [
            (&expired, 410, "invite_expired"),
            (&revoked, 410, "invite_revoked"),
            (&used, 409, "invite_used"),
            (&orphaned, 403, "inviter_not_admin"),
        ] {
            refused(
                &call(&world, "ada", path, issued.token.expose()).await,
                status,
                code,
            );
        }
    }

    // An admin of the very workspace may invite, while active.
    world
        .workspace_member("acme", "sales", "mia", "workspace_admin", true)
        .await
        .unwrap();
    assert_eq!(
        call(&world, "ada", "/preview", orphaned.token.expose())
            .await
            .status,
        200
    );
    world
        .change(
            "workspace_memberships",
            "sales-mia",
            json!({"active": false}),
        )
        .await
        .unwrap();
    refused(
        &accept(&world, "ada", &orphaned).await,
        403,
        "inviter_not_admin",
    );

    let open = invite(&world, &to("ada")).await;
    for (table, id) in [("workspaces", "sales"), ("organizations", "acme")] {
        world
            .change(table, id, json!({"archivedAt": after(Duration::ZERO)}))
            .await
            .unwrap();
        refused(&accept(&world, "ada", &open).await, 403, "archived");
        refused(
            &call(&world, "ada", "/request", open.token.expose()).await,
            403,
            "archived",
        );
        world
            .change(table, id, json!({"archivedAt": null}))
            .await
            .unwrap();
    }

    let body = json!({"emailVerification": false});
    world
        .api(Method::PATCH, "/users/ada/verification", Some(body))
        .await
        .unwrap();
    for token in [open.token.expose(), "nonsense"] {
        refused(&call(&world, "ada", "/", token).await, 403, "verify_email");
    }
    world.person("ada").await.unwrap();

    let body = json!({"token": open.token.expose(), "userId": "eve"});
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &body)
        .await
        .unwrap();
    refused(&reply, 400, "invalid_request");
    assert!(reply.body["error"]["message"]
        .as_str()
        .unwrap()
        .contains("`userId`"));
    check_joined(&world, "ada", &open.id, false).await;
    assert_eq!(accept(&world, "ada", &open).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_the_same_however_it_is_spelled() {
    let world = acme().await;
    let email = json!({"email": "anna@xn--bcher-kva.example"});
    world.person("anna").await.unwrap();
    world
        .api(Method::PATCH, "/users/anna/email", Some(email))
        .await
        .unwrap()
        .body["email"]
        .as_str()
        .unwrap();
    let body = json!({"emailVerification": true});
    world
        .api(Method::PATCH, "/users/anna/verification", Some(body))
        .await
        .unwrap();
    for (email, for_anna) in [
        (" Anna@bücher.example ", true),
        ("ANNA@BU\u{308}CHER.EXAMPLE", true),
        ("anna+1@bücher.example", false),
        ("an.na@bücher.example", false),
        ("anna@bucher.example", false),
    ] {
        let issued = invite(
            &world,
            &NewInvite {
                email: email.to_owned(),
                ..to("")
            },
        )
        .await;
        let preview = call(&world, "anna", "/preview", issued.token.expose()).await;
        assert_eq!(preview.status == 200, for_anna, "{email}: {}", preview.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_invite_is_asked_for_once_a_day() {
    let world = acme().await;
    let past = NewInvite {
        expires_at: after(Duration::ZERO),
        ..to("ada")
    };
    let issued = invite(&world, &past).await;
    for _ in 0..3 {
        let reply = call(&world, "ada", "/request", issued.token.expose()).await;
        assert_eq!(
            (reply.status, &reply.body),
            (200, &json!({"requested": true}))
        );
    }
    let log = logged(&world, &issued.id).await;
    assert_eq!(log.len(), 1);
    assert_eq!(
        (&log[0]["actionType"], &log[0]["actorUserId"]),
        (&json!("invite_requested"), &json!("ada"))
    );
    assert_eq!(
        row(&world, &issued.id).await["status"],
        "pending",
        "asking changes nothing of the invite"
    );

    let revoked = invite(&world, &to("ada")).await;
    invite::revoke(&world.client().unwrap(), &revoked.id)
        .await
        .unwrap();
    refused(
        &call(&world, "ada", "/request", revoked.token.expose()).await,
        410,
        "invite_revoked",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_belongs_already_keeps_their_role_and_who_was_removed_stays_removed() {
    let world = acme().await;
    // A member of team and workspace accepts: nothing but the invite and its mark changes.
    world.member("acme", "ada", "admin").await.unwrap();
    world
        .workspace_member("acme", "sales", "ada", "workspace_admin", true)
        .await
        .unwrap();
    let issued = invite(&world, &to("ada")).await;
    let reply = accept(&world, "ada", &issued).await;
    assert_eq!(
        reply.body["workspaceRole"], "workspace_admin",
        "{}",
        reply.body
    );
    assert_eq!(
        world.team_roles("acme", "ada").await.unwrap(),
        [json!(["admin"])]
    );
    assert_eq!(memberships(&world, "ada").await.len(), 1);
    assert_eq!(logged(&world, &issued.id).await.len(), 1);

    // Made inactive, the same link is a dead end that says so, and so is a new one.
    world
        .change(
            "workspace_memberships",
            "sales-ada",
            json!({"active": false}),
        )
        .await
        .unwrap();
    refused(
        &accept(&world, "ada", &issued).await,
        403,
        "membership_ended",
    );
    let second = invite(&world, &to("ada")).await;
    refused(
        &accept(&world, "ada", &second).await,
        403,
        "membership_ended",
    );
    assert_eq!(row(&world, &second.id).await["status"], "pending");
    sweep(&world, FUNCTION).await;
    assert_eq!(memberships(&world, "ada").await[0]["active"], false);

    // Taken out of the team and of the workspace.
    let issued = invite(&world, &to("eve")).await;
    assert_eq!(accept(&world, "eve", &issued).await.status, 200);
    world.leave("acme", "eve").await.unwrap();
    refused(
        &accept(&world, "eve", &issued).await,
        403,
        "membership_ended",
    );
    let id = memberships(&world, "eve").await[0]["$id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/tablesdb/main_dev/tables/workspace_memberships/rows/{id}");
    world.api(Method::DELETE, &path, None).await.unwrap();
    refused(
        &accept(&world, "eve", &issued).await,
        403,
        "membership_ended",
    );
    sweep(&world, FUNCTION).await;
    assert!(memberships(&world, "eve").await.is_empty());
    assert!(world.team_roles("acme", "eve").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_to_the_organisation_alone_makes_no_workspace_membership() {
    let world = acme().await;
    let issued = invite(
        &world,
        &NewInvite {
            workspace: None,
            ..to("ada")
        },
    )
    .await;
    let reply = accept(&world, "ada", &issued).await;
    assert_eq!(
        (reply.status, &reply.body["workspaceRole"]),
        (200, &Value::Null),
        "{}",
        reply.body
    );
    assert_eq!(
        world.team_roles("acme", "ada").await.unwrap(),
        [json!(["member"])]
    );
    assert!(memberships(&world, "ada").await.is_empty());
    assert_eq!(accept(&world, "ada", &issued).await.body["wasMember"], true);
    world.leave("acme", "ada").await.unwrap();
    refused(
        &accept(&world, "ada", &issued).await,
        403,
        "membership_ended",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_four_changes_and_makes_none() {
    let world = acme().await;
    let issued = invite(&world, &to("ada")).await;
    let before = row(&world, &issued.id).await;
    let body = json!({"token": issued.token.expose(), "dryRun": true});
    let reply = world
        .call(FUNCTION, "ada", "POST", "/", &body)
        .await
        .unwrap();
    let changes = reply.body["changes"].as_array().unwrap();
    let made: Vec<(&str, &str)> = changes
        .iter()
        .map(|change| {
            (
                change["action"].as_str().unwrap(),
                change["table"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        made,
        [
            ("update", "org_invites"),
            ("create", "teams/memberships"),
            ("create", "workspace_memberships"),
            ("create", "item_activity_log")
        ]
    );
    assert_eq!(row(&world, &issued.id).await, before);
    check_joined(&world, "ada", &issued.id, false).await;
    let reply = world
        .call(FUNCTION, "eve", "POST", "/", &body)
        .await
        .unwrap();
    refused(&reply, 404, "invite_not_for_you");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_invites_of_one_hash_or_to_a_workspace_that_is_not_there_let_nobody_in() {
    let world = acme().await;
    world.organization("other", "Other", "zoe").await.unwrap();
    world.workspace("other", "secret").await.unwrap();
    let issued = invite(&world, &to("ada")).await;
    for workspace in ["secret", "deleted"] {
        let data = json!({"workspaceId": workspace});
        world
            .change("org_invites", issued.id.as_ref(), data)
            .await
            .unwrap();
        let reply = accept(&world, "ada", &issued).await;
        refused(&reply, 404, "not_found");
        let reply = accept(&world, "eve", &issued).await;
        refused(&reply, 404, "invite_not_for_you");
    }
    let data = json!({"workspaceId": "sales"});
    world
        .change("org_invites", issued.id.as_ref(), data)
        .await
        .unwrap();

    // The hash column is unique: a second row of one hash cannot even be made.
    let hash = row(&world, &issued.id).await["inviteTokenHash"].clone();
    let second = invite(&world, &to("ada")).await;
    let path = format!("/tablesdb/main_dev/tables/org_invites/rows/{}", second.id);
    let twin = || {
        let data = json!({"data": {"inviteTokenHash": hash}});
        world.api(Method::PATCH, &path, Some(data))
    };
    assert_eq!(twin().await.unwrap().status, 409);

    // Where somebody has lost that index, nobody can say which of the two is meant.
    let indexes = "/tablesdb/main_dev/tables/org_invites/indexes";
    let list = world.api(Method::GET, indexes, None).await.unwrap().body;
    let list = list["indexes"].as_array().unwrap();
    let unique = list.iter().find(|index| index["type"] == "unique").unwrap();
    let index = format!("{indexes}/{}", unique["key"].as_str().unwrap());
    world.api(Method::DELETE, &index, None).await.unwrap();
    let gone = || async { world.api(Method::GET, &index, None).await.unwrap().status == 404 };
    while !gone().await {}
    assert_eq!(twin().await.unwrap().status, 200);
    for path in ["/", "/preview", "/request"] {
        let reply = call(&world, "ada", path, issued.token.expose()).await;
        refused(&reply, 404, "invite_not_for_you");
    }
    check_joined(&world, "ada", &issued.id, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_found_nowhere_afterwards() {
    let world = acme().await;
    let issued = invite(&world, &to("ada")).await;
    let token = issued.token.expose();
    for (user, path) in [
        ("eve", "/"),
        ("ada", "/preview"),
        ("ada", "/request"),
        ("ada", "/"),
        ("ada", "/nowhere"),
    ] {
        let reply = call(&world, user, path, token).await;
        assert!(!reply.body.to_string().contains(token), "{}", reply.body);
    }
    for body in [
        json!({"token": [token]}),
        json!({"token": token, "more": 1}),
        json!(token),
    ] {
        let reply = world
            .call(FUNCTION, "ada", "POST", "/", &body)
            .await
            .unwrap();
        refused(&reply, 400, "invalid_request");
        assert!(!reply.body.to_string().contains(token), "{}", reply.body);
    }
    sweep(&world, FUNCTION).await;
    for table in ["org_invites", "item_activity_log", "workspace_memberships"] {
        let rows = json!(world.rows(table, &[]).await.unwrap()).to_string();
        assert!(!rows.contains(token), "{rows}");
    }
    check_untold(&world, &[token]).await;
}

fn tool(world: &World, arguments: &[&str]) -> (bool, String) {
    tests::tool(HOST, world, arguments)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tool_invites_lists_and_revokes() {
    let world = acme().await;
    let create = |email: &'static str, by: &'static str| {
        let arguments = [
            "invite",
            "create",
            "--organization",
            "acme",
            "--workspace",
            "sales",
        ];
        let rest = [
            "--email",
            email,
            "--role",
            "admin",
            "--invited-by",
            by,
            "--page",
            "https://app.example/join",
        ];
        tool(&world, &[&arguments[..], &rest[..]].concat())
    };
    let (created, printed) = create("Ada@Example.com", "bob");
    assert!(created, "{printed}");
    let token = printed.split("https://app.example/join#").nth(1).unwrap();
    let token = token.split_whitespace().next().unwrap();
    assert_eq!(token.len(), 43);
    let (created, refusal) = create("eve@example.com", "eve");
    assert!(
        !created && refusal.contains("eve is neither an admin"),
        "{refusal}"
    );
    let (created, refusal) = create("eve", "bob");
    assert!(
        !created && refusal.contains("no e-mail address"),
        "{refusal}"
    );

    for email in ["josé@example.com", "eve@localhost"] {
        let (created, refusal) = create(email, "bob");
        assert!(
            !created && refusal.contains("no account can have"),
            "{refusal}"
        );
    }

    let list = || tool(&world, &["invite", "list", "--organization", "acme"]).1;
    let line = list();
    assert_eq!(line.lines().count(), 1);
    assert!(
        line.contains("pending")
            && line.contains("workspace_admin")
            && line.contains("Ada@Example.com"),
        "{line}"
    );
    assert!(!line.contains(token));
    let id = line.split_whitespace().next().unwrap();
    assert_eq!(
        call(&world, "ada", "/", token).await.body["workspaceRole"],
        "workspace_admin"
    );
    let (revoked, refusal) = tool(&world, &["invite", "revoke", id]);
    assert!(!revoked && refusal.contains("was accepted"), "{refusal}");
    assert!(list().contains("accepted"));
    let (created, refusal) = create("ada@example.com", "bob");
    let told = "is a member of workspace sales already, as user ada";
    assert!(!created && refusal.contains(told), "{refusal}");
    let membership = memberships(&world, "ada").await[0]["$id"].clone();
    let membership = membership.as_str().unwrap();
    let inactive = json!({"active": false});
    world
        .change("workspace_memberships", membership, inactive)
        .await
        .unwrap();
    let (created, refusal) = create("ada@example.com", "bob");
    assert!(
        !created && refusal.contains("was made inactive"),
        "{refusal}"
    );

    let (_, printed) = create("eve@example.com", "bob");
    let id = printed.split_whitespace().nth(1).unwrap();
    for _ in 0..2 {
        let (revoked, printed) = tool(&world, &["invite", "revoke", id]);
        assert!(revoked, "{printed}");
    }
    let token = printed
        .split('#')
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    refused(
        &call(&world, "eve", "/", token).await,
        410,
        "invite_revoked",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tool_makes_lists_and_revokes_tokens() {
    let world = acme().await;
    let (created, printed) = tool(
        &world,
        &[
            "pat",
            "create",
            "--user",
            "ada",
            "--scopes",
            "write,read",
            "--description",
            "laptop",
        ],
    );
    assert!(created, "{printed}");
    let token = printed
        .split_whitespace()
        .find(|word| word.starts_with("vyr_"))
        .unwrap();
    let line = tool(&world, &["pat", "list", "--user", "ada"]).1;
    assert!(
        line.contains("open") && line.contains("read,write") && line.contains("laptop"),
        "{line}"
    );
    assert!(!line.contains(token));
    let id = line.split_whitespace().next().unwrap();
    assert!(tool(&world, &["pat", "revoke", id]).0);
    assert!(tool(&world, &["pat", "list", "--user", "ada"])
        .1
        .contains("revoked"));
    let (created, refusal) = tool(
        &world,
        &[
            "pat",
            "create",
            "--user",
            "nobody",
            "--scopes",
            "read",
            "--description",
            "x",
        ],
    );
    assert!(
        !created && refusal.contains("there is no user nobody"),
        "{refusal}"
    );
    assert!(
        !tool(
            &world,
            &[
                "pat",
                "create",
                "--user",
                "ada",
                "--scopes",
                "all",
                "--description",
                "x"
            ]
        )
        .0
    );
}

/// Writes invites as they would stand there, many at once.
async fn write_invites(world: &World, organizations: &[&str], status: &str, count: usize) {
    let expires_at = after(Duration::ZERO);
    let accepted = status == "accepted";
    let row = |n: usize| {
        json!({
            "$id": format!("{status}-{n}"), "organizationId": organizations[n % organizations.len()],
            "email": "x@example.com", "normalizedEmail": "x@example.com", "inviteTokenHash": format!("{status}-{n}"),
            "status": status, "workspaceRole": "workspace_user", "invitedByUserId": "bob", "expiresAt": expires_at,
            "acceptedByUserId": accepted.then_some("ada"), "acceptedAt": accepted.then_some("2026-01-01T00:00:00.000+00:00"),
        })
    };
    let rows: Vec<Value> = (0..count).map(row).collect();
    for rows in rows.chunks(100) {
        let path = "/tablesdb/main_dev/tables/org_invites/rows";
        let answer = world
            .api(Method::POST, path, Some(json!({"rows": rows})))
            .await
            .unwrap();
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
}

/// How many invites have this status, ids in order.
async fn with_status(world: &World, status: &str) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    loop {
        let mut queries = vec![
            json!({"method": "equal", "attribute": "status", "values": [status]}),
            json!({"method": "limit", "values": [5000]}),
        ];
        if let Some(last) = found.last() {
            queries.push(json!({"method": "cursorAfter", "values": [last["$id"]]}));
        }
        let page = world.rows("org_invites", &queries).await.unwrap();
        let is_last = page.len() < 5000;
        found.extend(page);
        if is_last {
            return found;
        }
    }
}

/// 100,000 invites with VALYOU_FULL set: more than one run has time for.
#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_expires_what_is_due_page_by_page_and_goes_on_after_a_crash() {
    let world = acme().await;
    for organization in ["beta", "gamma"] {
        world
            .organization(organization, organization, "bob")
            .await
            .unwrap();
    }
    let due = if is_full() { 100_000 } else { 1_200 };
    write_invites(&world, &["acme", "beta", "gamma"], "pending", due).await;
    write_invites(&world, &["acme"], "accepted", 20).await;
    write_invites(&world, &["acme"], "revoked", 20).await;
    let open = invite(&world, &to("ada")).await;
    let untouched = (
        with_status(&world, "accepted").await,
        with_status(&world, "revoked").await,
    );

    world
        .appwrite
        .break_request(600, When::After, Fault::Kill(FUNCTION.to_owned()));
    sweep(&world, FUNCTION).await;
    let left = with_status(&world, "pending").await.len() - 1;
    assert!(
        left > 0 && left < due,
        "the first run died half-way: {left}"
    );

    let begun = Instant::now();
    let mut runs = 0;
    while with_status(&world, "pending").await.len() > 1 {
        sweep(&world, FUNCTION).await;
        runs += 1;
    }
    let rate = left as f64 / begun.elapsed().as_secs_f64();
    println!("{left} of {due} invites expired by {runs} runs after the crash: {rate:.0} rows/s");

    assert_eq!(with_status(&world, "expired").await.len(), due);
    assert_eq!(
        with_status(&world, "pending").await[0]["$id"],
        open.id.as_ref()
    );
    assert_eq!(
        (
            with_status(&world, "accepted").await,
            with_status(&world, "revoked").await
        ),
        untouched
    );

    // One log row for each organisation and run that lived to write it; they add up.
    let query =
        json!({"method": "equal", "attribute": "actionType", "values": ["invites_expired"]});
    let log = world.rows("item_activity_log", &[query]).await.unwrap();
    assert_eq!(log.len(), 3 * runs);
    let counted = |row: &Value| -> u64 {
        let after: Value = serde_json::from_str(row["afterJson"].as_str().unwrap()).unwrap();
        after["expired"].as_u64().unwrap()
    };
    // Of the eight writes under way when the first run died, some may have landed after the look at what was left.
    let counted = log.iter().map(counted).sum::<u64>() as usize;
    assert!(
        (left.saturating_sub(8)..=left).contains(&counted),
        "{counted} of {left}"
    );
    assert!(log.iter().all(|row| row["actorUserId"] == "system"));

    sweep(&world, FUNCTION).await;
    let logs = world.logs(FUNCTION).await.unwrap();
    assert!(
        logs.iter().any(|log| log.contains("rows=0")),
        "a run that finds nothing writes nothing"
    );
}

/// Appwrite confirms an invitation of its own with the roles that it was given; ours makes a member.
#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_owner_of_the_team_joins_as_a_member() {
    let world = acme().await;
    let path = "/teams/team-acme/memberships";
    let offer = json!({"userId": "ada", "roles": ["owner"], "url": "http://localhost/join"});
    let answer = world
        .api_as("bob", Method::POST, path, Some(offer))
        .await
        .unwrap();
    let confirm = &answer.body["confirm"];
    assert_eq!(
        (answer.status, confirm),
        (201, &json!(false)),
        "{}",
        answer.body
    );

    let issued = invite(&world, &to("ada")).await;
    assert_eq!(accept(&world, "ada", &issued).await.status, 200);
    check_joined(&world, "ada", &issued.id, true).await;
}

/// A membership that cannot be read may be that of somebody who was removed.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_joins_past_a_membership_that_cannot_be_read() {
    let world = acme().await;
    world
        .workspace_member("acme", "sales", "ada", "workspace_user", false)
        .await
        .unwrap();
    let nobody = json!({"managerUserId": ""});
    world
        .change("workspace_memberships", "sales-ada", nobody)
        .await
        .unwrap();
    let issued = invite(&world, &to("ada")).await;
    let reply = accept(&world, "ada", &issued).await;
    refused(&reply, 500, "internal");
    assert!(
        reply.errors.contains("workspace membership sales-ada"),
        "{}",
        reply.errors
    );
    assert_eq!(row(&world, &issued.id).await["status"], "pending");
    assert_eq!(memberships(&world, "ada").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_url_is_not_taken() {
    let world = acme().await;
    let issued = invite(&world, &to("ada")).await;
    for path in ["/preview", "/", "/request"] {
        let path = format!("{path}?token={}", issued.token.expose());
        for body in ["", "{}"] {
            let request = json!({"method": "POST", "path": path, "body": body});
            let reply = world
                .call_with(FUNCTION, Some("ada"), request)
                .await
                .unwrap();
            refused(&reply, 400, "invalid_request");
        }
    }
    assert_eq!(row(&world, &issued.id).await["status"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_cannot_be_written_keeps_no_other_from_expiring() {
    let world = acme().await;
    write_invites(&world, &["acme"], "pending", 3).await;
    let to_come = json!({"$updatedAt": "2100-01-01T00:00:00.000+00:00"});
    world
        .change("org_invites", "pending-0", to_come)
        .await
        .unwrap();
    sweep(&world, FUNCTION).await;
    assert_eq!(with_status(&world, "expired").await.len(), 2);
    assert_eq!(with_status(&world, "pending").await[0]["$id"], "pending-0");
    let logs = world.logs(FUNCTION).await.unwrap();
    let told =
        "invite pending-0 cannot be written: row pending-0 has an $updatedAt that is still to come";
    assert!(logs.iter().any(|log| log.contains(told)), "{logs:?}");
}

/// How many rounds each race has: 100 with VALYOU_FULL set, else few enough for every run of the tests.
fn rounds() -> usize {
    if is_full() {
        100
    } else {
        4
    }
}

fn is_full() -> bool {
    std::env::var_os("VALYOU_FULL").is_some()
}

/// All at once.
async fn at_once(world: &World, users: &[String], token: &str) -> Vec<Reply> {
    futures_util::future::join_all(users.iter().map(|user| call(world, user, "/", token))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_accepts_of_one_person_at_once_make_one_membership() {
    let world = acme().await;
    let begun = Instant::now();
    for round in 0..rounds() {
        let user = format!("one-{round}");
        world.person(&user).await.unwrap();
        let issued = invite(&world, &to(&user)).await;
        let users = vec![user.clone(); RACERS];
        for reply in at_once(&world, &users, issued.token.expose()).await {
            assert_eq!(reply.status, 200, "{} {}", reply.body, reply.errors);
        }
        check_joined(&world, &user, &issued.id, true).await;
    }
    println!(
        "{} rounds of {RACERS} by one person in {:?}",
        rounds(),
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_people_at_once_let_the_invited_one_in() {
    let world = acme().await;
    let mut users: Vec<String> = (0..RACERS).map(|n| format!("p{n}")).collect();
    for user in &users {
        world.person(user).await.unwrap();
    }
    let begun = Instant::now();
    for round in 0..rounds() {
        let invited = &format!("invited-{round}");
        world.person(invited).await.unwrap();
        users[0].clone_from(invited);
        let issued = invite(&world, &to(invited)).await;
        for (user, reply) in users
            .iter()
            .zip(at_once(&world, &users, issued.token.expose()).await)
        {
            if user == invited {
                assert_eq!(reply.status, 200, "{} {}", reply.body, reply.errors);
            } else {
                refused(&reply, 404, "invite_not_for_you");
            }
        }
        check_joined(&world, invited, &issued.id, true).await;
    }
    println!(
        "{} rounds of {RACERS} people in {:?}",
        rounds(),
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_accepts_against_a_revocation_end_in_one_state() {
    let world = acme().await;
    let client = world.client().unwrap();
    let begun = Instant::now();
    let mut joined = 0;
    for round in 0..rounds() {
        let user = format!("rev-{round}");
        world.person(&user).await.unwrap();
        let issued = invite(&world, &to(&user)).await;
        let users = vec![user.clone(); RACERS];
        let revoke = async {
            // Looks on for a while, differently long each round, so that either side can be first.
            for _ in 0..round % 10 {
                row(&world, &issued.id).await;
            }
            invite::revoke(&client, &issued.id).await.is_ok()
        };
        let (replies, revoked) =
            tokio::join!(at_once(&world, &users, issued.token.expose()), revoke);
        let ended = row(&world, &issued.id).await["status"].clone();
        assert_eq!(ended, if revoked { "revoked" } else { "accepted" });
        for reply in replies {
            let expect = if revoked { 410 } else { 200 };
            assert_eq!(reply.status, expect, "{} {}", reply.body, reply.errors);
        }
        check_joined(&world, &user, &issued.id, !revoked).await;
        sweep(&world, FUNCTION).await;
        check_joined(&world, &user, &issued.id, !revoked).await;
        joined += usize::from(!revoked);
    }
    println!(
        "{} rounds of {RACERS} against a revocation in {:?}: {joined} joined",
        rounds(),
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_accepts_against_the_expiry_end_in_one_state() {
    let world = acme().await;
    let begun = Instant::now();
    let mut joined = 0;
    for round in 0..rounds() {
        let user = format!("exp-{round}");
        world.person(&user).await.unwrap();
        let left = Duration::from_millis((round as u64 % 10) * 200);
        let issued = invite(
            &world,
            &NewInvite {
                expires_at: after(left),
                ..to(&user)
            },
        )
        .await;
        let users = vec![user.clone(); RACERS];
        let sweeps = async {
            while row(&world, &issued.id).await["status"] == "pending" {
                sweep(&world, FUNCTION).await;
            }
        };
        let (replies, ()) = tokio::join!(at_once(&world, &users, issued.token.expose()), sweeps);
        let accepted = row(&world, &issued.id).await["status"] == "accepted";
        // One that looked after the moment says expired, even if one that looked before it gets in a little later.
        for reply in &replies {
            assert!(
                reply.status == 410 || accepted && reply.status == 200,
                "{} {}",
                reply.body,
                reply.errors
            );
        }
        assert_eq!(replies.iter().any(|reply| reply.status == 200), accepted);
        check_joined(&world, &user, &issued.id, accepted).await;
        joined += usize::from(accepted);
    }
    println!(
        "{} rounds of {RACERS} against the expiry in {:?}: {joined} joined",
        rounds(),
        begun.elapsed()
    );
}
