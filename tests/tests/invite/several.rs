//! One person with several invites: whoever was taken out comes back by none that was made before.

use std::pin::pin;

use domain::ids::derived;

use super::*;

/// The invited person's memberships of team and workspace are all taken away.
async fn take_out(world: &World, user: &str) {
    world.leave("acme", user).await.unwrap();
    for membership in memberships(world, user).await {
        let id = membership["$id"].as_str().unwrap();
        let path = format!("/tablesdb/{DATABASE}/tables/workspace_memberships/rows/{id}");
        world.api(Method::DELETE, &path, None).await.unwrap();
    }
}

async fn check_out_of_team(world: &World, user: &str, round: &str) {
    let roles = world.team_roles("acme", user).await.unwrap();
    assert!(roles.is_empty(), "back in the team: {round}");
}

async fn check_out(world: &World, user: &str, round: &str) {
    check_out_of_team(world, user, round).await;
    let memberships = memberships(world, user).await;
    assert!(memberships.is_empty(), "back in the workspace: {round}");
}

fn to_organization(user: &str) -> NewInvite {
    NewInvite {
        workspace: None,
        ..to(user)
    }
}

fn to_workspace(user: &str, workspace: &str) -> NewInvite {
    NewInvite {
        workspace: Id::parse(workspace),
        ..to(user)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_taken_out_comes_back_by_no_older_invite_and_by_a_newer_one() {
    let world = acme().await;
    let older = invite(&world, &to("ada")).await;
    let organization = invite(&world, &to_organization("ada")).await;
    let used = invite(&world, &to("ada")).await;
    let of_eve = invite(&world, &to("eve")).await;
    assert_eq!(accept(&world, "ada", &used).await.status, 200);
    for other in [&older, &organization] {
        assert_eq!(row(&world, &other.id).await["status"], "revoked");
        let log = logged(&world, &other.id).await;
        let told = (&log[0]["actionType"], &log[0]["actorUserId"]);
        assert_eq!(
            (log.len(), told),
            (1, (&json!("invite_revoked"), &json!("ada")))
        );
        let reply = accept(&world, "ada", other).await;
        refused(&reply, 410, "invite_revoked");
        let message = reply.body["error"]["message"].as_str().unwrap();
        assert!(message.contains("you are a member already"), "{message}");
    }
    assert_eq!(row(&world, &of_eve.id).await["status"], "pending");

    take_out(&world, "ada").await;
    world.appwrite.tick(FUNCTION).await.unwrap();
    for other in [&older, &organization] {
        let reply = accept(&world, "ada", other).await;
        refused(&reply, 410, "invite_revoked");
        let message = reply.body["error"]["message"].as_str().unwrap();
        assert!(message.contains("was withdrawn"), "{message}");
    }
    refused(&accept(&world, "ada", &used).await, 403, "membership_ended");
    check_out(&world, "ada", "").await;

    let newer = invite(&world, &to("ada")).await;
    world.appwrite.tick(FUNCTION).await.unwrap();
    let reply = accept(&world, "ada", &newer).await;
    assert_eq!(reply.status, 200, "{} {}", reply.body, reply.errors);
    check_joined(&world, "ada", &newer.id, true).await;
}

/// Whatever kept it from being revoked.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_invite_that_is_still_pending_is_refused() {
    let world = acme().await;
    world.workspace("acme", "other").await.unwrap();
    let older = invite(&world, &to("ada")).await;
    let further = invite(&world, &to_workspace("ada", "other")).await;
    let used = invite(&world, &to("ada")).await;
    let to_come = json!({"$updatedAt": "2100-01-01T00:00:00.000+00:00"});
    world
        .change("org_invites", older.id.as_ref(), to_come)
        .await
        .unwrap();
    let reply = accept(&world, "ada", &used).await;
    assert_eq!(reply.status, 200, "{} {}", reply.body, reply.errors);
    for left in [&older, &further] {
        assert_eq!(row(&world, &left.id).await["status"], "pending");
    }
    // To another workspace it leads on, until the person has left the organisation.
    let preview = || call(&world, "ada", "/preview", further.token.expose());
    assert_eq!(preview().await.status, 200);
    take_out(&world, "ada").await;
    for path in ["/preview", "/"] {
        for left in [&older, &further] {
            let reply = call(&world, "ada", path, left.token.expose()).await;
            refused(&reply, 403, "membership_ended");
        }
    }
    check_out(&world, "ada", "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_to_the_organisation_replaces_none_to_a_workspace() {
    let world = acme().await;
    let further = invite(&world, &to("ada")).await;
    let used = invite(&world, &to_organization("ada")).await;
    assert_eq!(accept(&world, "ada", &used).await.status, 200);
    world.appwrite.tick(FUNCTION).await.unwrap();
    assert_eq!(accept(&world, "ada", &further).await.status, 200);
    assert_eq!(memberships(&world, "ada").await.len(), 1);
    take_out(&world, "ada").await;
    for done in [&used, &further] {
        refused(&accept(&world, "ada", done).await, 403, "membership_ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_revokes_what_is_pending_for_members_and_nothing_else() {
    let world = acme().await;
    // Members whom an admin made; of one the address is not proven.
    for user in ["ada", "una"] {
        world.member("acme", user, "member").await.unwrap();
        world
            .workspace_member("acme", "sales", user, "workspace_user", true)
            .await
            .unwrap();
    }
    // In the workspace by its row, but not in the team; inactive; and in the team alone.
    world
        .workspace_member("acme", "sales", "eve", "workspace_user", true)
        .await
        .unwrap();
    for user in ["ina", "tom"] {
        world.person(user).await.unwrap();
        world.member("acme", user, "member").await.unwrap();
    }
    world
        .workspace_member("acme", "sales", "ina", "workspace_user", false)
        .await
        .unwrap();
    let issue = |new: NewInvite| {
        let world = &world;
        async move { invite(world, &new).await.id }
    };
    let mut revoked = vec![
        issue(to("ada")).await,
        issue(to_organization("ada")).await,
        issue(to_organization("tom")).await,
    ];
    let mut pending = vec![issue(to("nobody-yet")).await];
    for user in ["una", "eve", "ina", "tom"] {
        pending.push(issue(to(user)).await);
    }
    for _ in 0..2 {
        world.appwrite.tick(FUNCTION).await.unwrap();
        for id in &revoked {
            assert_eq!(row(&world, id).await["status"], "revoked", "{id}");
            let log = logged(&world, id).await;
            assert_eq!((log.len(), &log[0]["actorUserId"]), (1, &json!("system")));
        }
        for id in &pending {
            assert_eq!(row(&world, id).await["status"], "pending", "{id}");
        }
    }
    // Whoever is taken out then is out.
    revoked.truncate(2);
    take_out(&world, "ada").await;
    world.appwrite.tick(FUNCTION).await.unwrap();
    for id in &revoked {
        assert_eq!(row(&world, id).await["status"], "revoked");
    }
}

/// Nobody is out of a workspace that they had not joined yet when they were taken out of the team: that membership gives
/// nothing without the team's.
async fn check(world: &World, user: &str, round: &str, workspace: Option<&str>) {
    match workspace {
        Some("sales") => check_out(world, user, round).await,
        Some(_) | None => check_out_of_team(world, user, round).await,
    }
}

/// One of two invites is held at each of its requests in turn while the other is accepted and an admin takes the person
/// out.
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_between_two_accepts_of_two_invites_holds() {
    let world = acme().await;
    world.workspace("acme", "other").await.unwrap();
    let mut rounds = 0;
    for workspace in [Some("sales"), Some("other"), None] {
        for when in [When::Before, When::After] {
            for nth in 1.. {
                let round = format!("{when:?} request {nth} beside {workspace:?}");
                let user = derived("user", &[&round]).to_string();
                world.person(&user).await.unwrap();
                let held = invite(&world, &to(&user)).await;
                let quick = NewInvite {
                    workspace: workspace.and_then(Id::parse),
                    ..to(&user)
                };
                let quick = invite(&world, &quick).await;
                world.appwrite.break_request(nth, when, Fault::Hold);
                let mut first = pin!(accept(&world, &user, &held));
                let is_held = tokio::select! {
                    () = world.appwrite.held() => true,
                    _ = &mut first => false,
                };
                if !is_held {
                    break;
                }
                rounds += 1;
                accept(&world, &user, &quick).await;
                take_out(&world, &user).await;
                world.appwrite.let_go();
                let reply = first.await;
                let ended = matches!(reply.status, 403 | 410);
                assert!(ended || reply.status == 200, "{round}: {}", reply.body);
                check(&world, &user, &round, workspace).await;
                for _ in 0..2 {
                    world.appwrite.tick(FUNCTION).await.unwrap();
                    for issued in [&held, &quick] {
                        let late = accept(&world, &user, issued).await;
                        assert!(matches!(late.status, 403 | 410), "{round}: {}", late.body);
                    }
                    check(&world, &user, &round, workspace).await;
                }
            }
        }
    }
    println!("{rounds} removals between two invites held");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_found_in_what_was_copied_with_it_and_asked_for_again_where_it_is_not_whole() {
    let world = acme().await;
    let issued = invite(&world, &to("ada")).await;
    let token = issued.token.expose();
    let (begin, end) = token.split_at(20);
    for copied in [
        format!(" {token}\r\n"),
        format!("\"{token}\""),
        format!("<https://app.example/join#{token}>."),
        format!("https://app.example/join?token={token}&lang=de"),
        format!("https://app.example/join#{begin}\r\n  {end}"),
    ] {
        let reply = call(&world, "ada", "/preview", &copied).await;
        assert_eq!(reply.status, 200, "{copied}: {}", reply.body);
        refused(
            &call(&world, "eve", "/preview", &copied).await,
            404,
            "invite_not_for_you",
        );
    }
    for broken in [
        "",
        "short",
        &token[1..],
        "https://app.example/join",
        "https://app.example/join#",
    ] {
        for user in ["ada", "eve"] {
            let reply = call(&world, user, "/", broken).await;
            refused(&reply, 400, "invalid_request");
            let message = reply.body["error"]["message"].as_str().unwrap();
            assert!(message.contains("not a whole invitation link"), "{message}");
        }
    }
    assert_eq!(row(&world, &issued.id).await["status"], "pending");
}
