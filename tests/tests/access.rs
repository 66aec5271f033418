//! Who may do what: every kind of caller, every role, own, archived and foreign organisations, every route of every
//! function, over real HTTP. What is found is the table in functions/README.md.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::fmt::Write;
use std::time::Duration;

use bundle::routes;
use domain::ids::Id;
use domain::rows::{TokenScope, WorkspaceRole};
use domain::time::Timestamp;
use platform::routes::{OpenTo, Route};
use reqwest::Method;
use serde_json::{json, Value};
use tests::{check_untold, pages, world, Answer, World, DATABASE};
use valyou::invite::{self, NewInvite};
use valyou::pat::{self, Issued, NewToken};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

const SCOPES: [TokenScope; 3] = [TokenScope::Read, TokenScope::Write, TokenScope::Admin];

/// What a report asks for that nobody else does.
const OTHER_PERIOD: &str =
    r#"{"request":{"period":{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}}}"#;

/// What somebody is in an organisation; also the id of a user who is just that in acme and in old.
const ROLES: [&str; 7] = [
    "owner", "admin", "member", "ws-admin", "ws-user", "inactive", "stranger",
];

/// The caller's own live organisation, their archived one, and one that they do not belong to.
const ORGANIZATIONS: [&str; 3] = ["acme", "old", "other"];

/// One route, asked about things of one kind.
struct Line {
    function: &'static str,
    method: &'static str,
    path: &'static str,
    what: &'static str,
    /// The request about things of an organisation by somebody in a role.
    ask: fn(&Scene, &str, &str) -> Value,
    /// For each of [`ORGANIZATIONS`] what each of [`ROLES`] gets: ok, no (403 not_allowed), none (404, exactly as for
    /// things that do not exist), or the code of the refusal.
    expect: [&'static str; 3],
}

const EVERYBODY_OK: &str = "ok ok ok ok ok ok ok";
const EVERYBODY_NONE: &str = "none none none none none none none";
const ORGANIZATION_ADMINS: [&str; 3] = [
    "ok ok no no no no none",
    "archived archived no no no no none",
    EVERYBODY_NONE,
];

const WORKSPACE_MEMBERS: [&str; 3] = [
    "no no none ok ok none none",
    "archived archived none archived archived none none",
    EVERYBODY_NONE,
];

const LINES: &[Line] = &[
    Line {
        function: "scrape-enrich",
        method: "POST",
        path: "/",
        what: "an organisation",
        ask: |_, organization, _| json!({"organizationId": organization, "sourceUrl": format!("https://{organization}.example/")}),
        expect: ORGANIZATION_ADMINS,
    },
    Line {
        function: "scrape-enrich",
        method: "POST",
        path: "/apply",
        what: "a job of an organisation",
        ask: |_, organization, _| json!({"jobId": format!("{organization}-done")}),
        expect: ORGANIZATION_ADMINS,
    },
    Line {
        function: "scrape-enrich",
        method: "POST",
        path: "/cancel",
        what: "the caller's own job",
        ask: |_, organization, role| json!({"jobId": format!("{organization}-{role}")}),
        expect: [EVERYBODY_OK, EVERYBODY_ARCHIVED, EVERYBODY_OK],
    },
    Line {
        function: "scrape-enrich",
        method: "POST",
        path: "/cancel",
        what: "somebody else's job",
        ask: |_, organization, _| json!({"jobId": format!("{organization}-done")}),
        expect: [EVERYBODY_NONE, EVERYBODY_NONE, EVERYBODY_NONE],
    },
    Line {
        function: "progress-recompute",
        method: "POST",
        path: "/",
        what: "a workspace",
        ask: |_, organization, _| json!({"workspaceId": format!("{organization}-ws")}),
        expect: [
            "ok ok none ok no none none",
            "archived archived none archived archived none none",
            EVERYBODY_NONE,
        ],
    },
    Line {
        function: "progress-recompute",
        method: "GET",
        path: "/explain",
        what: "an item",
        ask: |_, organization, _| json!({"itemId": format!("{organization}-item")}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "progress-recompute",
        method: "GET",
        path: "/items",
        what: "a workspace",
        ask: |_, organization, _| json!({"workspaceId": format!("{organization}-ws")}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "progress-recompute",
        method: "GET",
        path: "/item",
        what: "an item",
        ask: |_, organization, _| json!({"itemId": format!("{organization}-item")}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "report-generate",
        method: "POST",
        path: "/",
        what: "a workspace",
        ask: |_, organization, _| json!({"workspaceId": format!("{organization}-ws"), "type": "okr_summary"}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "report-generate",
        method: "POST",
        path: "/verify",
        what: "the caller's own report",
        ask: |_, organization, role| json!({"reportId": format!("{organization}-{role}-done")}),
        expect: [EVERYBODY_OK, EVERYBODY_ARCHIVED, EVERYBODY_OK],
    },
    Line {
        function: "report-generate",
        method: "POST",
        path: "/verify",
        what: "somebody else's report",
        ask: |_, organization, _| json!({"reportId": format!("{organization}-boss-done")}),
        expect: [EVERYBODY_NONE, EVERYBODY_NONE, EVERYBODY_NONE],
    },
    Line {
        function: "report-generate",
        method: "POST",
        path: "/cancel",
        what: "the caller's own report",
        ask: |_, organization, role| json!({"jobId": format!("{organization}-{role}-open")}),
        expect: [EVERYBODY_OK, EVERYBODY_ARCHIVED, EVERYBODY_OK],
    },
    Line {
        function: "report-generate",
        method: "POST",
        path: "/cancel",
        what: "somebody else's report",
        ask: |_, organization, _| json!({"jobId": format!("{organization}-boss-done")}),
        expect: [EVERYBODY_NONE, EVERYBODY_NONE, EVERYBODY_NONE],
    },
    Line {
        function: "skill-map",
        method: "POST",
        path: "/",
        what: "a workspace",
        ask: |_, organization, _| json!({"workspaceId": format!("{organization}-ws")}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "skill-map",
        method: "GET",
        path: "/",
        what: "a workspace",
        ask: |_, organization, _| json!({"workspaceId": format!("{organization}-ws")}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "skill-map",
        method: "POST",
        path: "/suggest",
        what: "an item",
        ask: |_, organization, _| json!({"itemId": format!("{organization}-item")}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "skill-map",
        method: "PUT",
        path: "/",
        what: "the caller's own map in a workspace",
        ask: |_, organization, _| json!({"workspaceId": format!("{organization}-ws"), "want": []}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "skill-map",
        method: "POST",
        path: "/confirm",
        what: "the caller's own map in a workspace",
        ask: |_, organization, _| json!({"workspaceId": format!("{organization}-ws")}),
        expect: WORKSPACE_MEMBERS,
    },
    Line {
        function: "invite-accept",
        method: "POST",
        path: "/preview",
        what: "an invite to the caller",
        ask: |scene, organization, role| scene.invite(organization, role),
        expect: INVITED,
    },
    Line {
        function: "invite-accept",
        method: "POST",
        path: "/",
        what: "an invite to the caller",
        ask: |scene, organization, role| scene.invite(organization, role),
        expect: INVITED,
    },
    Line {
        function: "invite-accept",
        method: "POST",
        path: "/request",
        what: "an invite to the caller",
        ask: |scene, organization, role| scene.invite(organization, role),
        expect: [EVERYBODY_OK, EVERYBODY_ARCHIVED, EVERYBODY_OK],
    },
    Line {
        function: "invite-accept",
        method: "POST",
        path: "/preview",
        what: "somebody else's invite",
        ask: |scene, organization, _| scene.invite(organization, "nobody"),
        expect: [EVERYBODY_NONE, EVERYBODY_NONE, EVERYBODY_NONE],
    },
    Line {
        function: "invite-accept",
        method: "POST",
        path: "/",
        what: "somebody else's invite",
        ask: |scene, organization, _| scene.invite(organization, "nobody"),
        expect: [EVERYBODY_NONE, EVERYBODY_NONE, EVERYBODY_NONE],
    },
    Line {
        function: "invite-accept",
        method: "POST",
        path: "/request",
        what: "somebody else's invite",
        ask: |scene, organization, _| scene.invite(organization, "nobody"),
        expect: [EVERYBODY_NONE, EVERYBODY_NONE, EVERYBODY_NONE],
    },
];

const EVERYBODY_ARCHIVED: &str = "archived archived archived archived archived archived archived";
const INVITED: [&str; 3] = [
    "ok ok ok ok ok membership_ended ok",
    EVERYBODY_ARCHIVED,
    EVERYBODY_OK,
];

/// The world of the matrix, with what cannot be asked for again: tokens.
struct Scene {
    world: World,
    /// Of invites, by organisation and invited user.
    invites: Vec<(&'static str, String, String)>,
    /// By user and scope.
    tokens: Vec<(&'static str, TokenScope, String)>,
}

fn now() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is its own caller: no cx hands it the time"
    )]
    Timestamp::new(chrono::Utc::now())
}

fn in_an_hour() -> Timestamp {
    now().plus(Duration::from_secs(3600))
}

async fn token(world: &World, user: &str, scopes: &[TokenScope]) -> Issued {
    let new = NewToken {
        user: Id::parse(user).unwrap(),
        scopes: scopes.to_vec(),
        description: "a test".to_owned(),
        expires_at: in_an_hour(),
    };
    pat::create(&world.client().unwrap(), &new).await.unwrap()
}

/// Lets anybody execute the function, and nothing start it by itself.
async fn settle(world: &World, function: &str) {
    let path = format!("/functions/{function}");
    let mut settings = world.api(Method::GET, &path, None).await.unwrap().body;
    settings["execute"] = json!(["any"]);
    settings["events"] = json!([]);
    settings["schedule"] = json!("");
    let answer = world.api(Method::PUT, &path, Some(settings)).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
}

impl Scene {
    async fn new() -> Self {
        let world = world(HOST).await;
        for role in ROLES {
            world.person(role).await.unwrap();
        }
        let mut scene = Self {
            world,
            invites: Vec::new(),
            tokens: Vec::new(),
        };
        let prefill = scene.prefill().await;
        for function in routes() {
            settle(&scene.world, function.function()).await;
        }
        for organization in ORGANIZATIONS {
            scene.organization(organization, &prefill).await;
        }
        let archived = json!({"archivedAt": now()});
        scene
            .world
            .change("organizations", "old", archived)
            .await
            .unwrap();
        for role in ROLES {
            for scope in SCOPES {
                let issued = token(&scene.world, role, &[scope]).await;
                scene
                    .tokens
                    .push((role, scope, issued.token.expose().to_owned()));
            }
        }
        scene
    }

    /// What a finished job holds, made by a real one.
    async fn prefill(&self) -> Value {
        let world = &self.world;
        world.organization("model", "Model", "boss").await.unwrap();
        let ask = json!({"organizationId": "model", "sourceUrl": world.site.url()});
        let reply = world
            .call("scrape-enrich", "boss", "POST", "/", &ask)
            .await
            .unwrap();
        assert_eq!(reply.status, 201, "{}", reply.body);
        let job = reply.body["jobId"].as_str().unwrap();
        world.find("scrape_jobs", job).await.unwrap().unwrap()["prefillJson"].clone()
    }

    async fn organization(&mut self, organization: &'static str, prefill: &Value) {
        let world = &self.world;
        world
            .organization(organization, organization, "boss")
            .await
            .unwrap();
        let workspace = format!("{organization}-ws");
        world.workspace(organization, &workspace).await.unwrap();
        let item = json!({
            "organizationId": organization, "workspaceId": workspace, "type": "objective", "title": "Grow",
            "ownerUserId": "boss", "assigneeUserIds": [], "progressComputed": 0, "sortOrder": 0.0,
        });
        world
            .row("okr_items", &format!("{organization}-item"), item, &[])
            .await
            .unwrap();
        let job = |requester: &str, status: &str| {
            json!({
                "organizationId": organization, "requestedByUserId": requester, "status": status,
                "sourceUrl": format!("https://{organization}.example/"),
                "prefillJson": if status == "done" { prefill.clone() } else { Value::Null },
            })
        };
        world
            .row(
                "scrape_jobs",
                &format!("{organization}-done"),
                job("boss", "done"),
                &[],
            )
            .await
            .unwrap();
        let report = |requester: &str, status: &str| {
            json!({
                "organizationId": organization, "workspaceId": workspace, "requestedByUserId": requester,
                "type": "okr_summary", "status": status,
            })
        };
        for user in ROLES.into_iter().chain(["boss"]) {
            for (name, status) in [("done", "done"), ("open", "running")] {
                // Of another period than is asked for, so that it is not in the way.
                let mut report = report(user, status);
                report["outputJson"] = json!(OTHER_PERIOD);
                let id = format!("{organization}-{user}-{name}");
                world.row("reports", &id, report, &[]).await.unwrap();
            }
        }
        for role in ROLES {
            if organization != "other" {
                self.join(organization, &workspace, role).await;
            }
            world
                .row(
                    "scrape_jobs",
                    &format!("{organization}-{role}"),
                    job(role, "pending"),
                    &[],
                )
                .await
                .unwrap();
        }
        for user in ROLES.into_iter().chain(["nobody"]) {
            let new = NewInvite {
                organization: Id::parse(organization).unwrap(),
                workspace: Id::parse(&workspace),
                email: format!("{user}@example.com"),
                role: WorkspaceRole::User,
                invited_by: Id::parse("boss").unwrap(),
                expires_at: in_an_hour(),
            };
            let issued = invite::create(&world.client().unwrap(), &new)
                .await
                .unwrap();
            self.invites.push((
                organization,
                user.to_owned(),
                issued.token.expose().to_owned(),
            ));
        }
    }

    async fn join(&self, organization: &str, workspace: &str, role: &str) {
        let world = &self.world;
        let team = match role {
            "owner" => "owner",
            "admin" => "admin",
            "stranger" => return,
            _ => "member",
        };
        world.member(organization, role, team).await.unwrap();
        let (in_workspace, active) = match role {
            "ws-admin" => ("workspace_admin", true),
            "ws-user" => ("workspace_user", true),
            "inactive" => ("workspace_admin", false),
            _ => return,
        };
        world
            .workspace_member(organization, workspace, role, in_workspace, active)
            .await
            .unwrap();
    }

    /// The request body about an invite; one of an organisation that does not exist has a token that nobody made.
    fn invite(&self, organization: &str, user: &str) -> Value {
        let of = |(known, invited, _): &&(&'static str, String, String)| {
            *known == organization && invited == user
        };
        let token = self
            .invites
            .iter()
            .find(of)
            .map_or("A".repeat(43), |(_, _, token)| token.clone());
        json!({"token": token})
    }

    fn token(&self, user: &str, scope: TokenScope) -> &str {
        let of = |(known, held, _): &&(&'static str, TokenScope, String)| {
            *known == user && *held == scope
        };
        self.tokens
            .iter()
            .find(of)
            .map(|(_, _, token)| token.as_str())
            .unwrap()
    }

    /// Every token, without what personal ones begin with.
    fn secrets(&self) -> Vec<&str> {
        let invites = self.invites.iter().map(|(_, _, token)| token.as_str());
        let tokens = self.tokens.iter().map(|(_, _, token)| &token[4..]);
        invites.chain(tokens).collect()
    }

    async fn as_user(&self, line: &Line, role: &str, organization: &str) -> Answer {
        let (path, body) = line.request(self, organization, role);
        let request = json!({"method": line.method, "path": path, "body": body});
        let reply = self
            .world
            .call_with(line.function, Some(role), request)
            .await
            .unwrap();
        Answer {
            status: reply.status,
            body: reply.body,
        }
    }

    async fn by_token(&self, line: &Line, token: &str, role: &str, organization: &str) -> Answer {
        let (path, body) = line.request(self, organization, role);
        let headers = [("x-valyourise-pat", token)];
        self.world
            .on_domain(line.function, line.method, &path, &headers, &body)
            .await
            .unwrap()
    }
}

impl Line {
    fn scope(&self) -> Option<TokenScope> {
        let routes = routes().find(|routes| routes.function() == self.function);
        let mut http = routes.unwrap().http().iter();
        let route = http.find(|route| (route.method, route.path) == (self.method, self.path));
        let route = route
            .unwrap_or_else(|| panic!("{} has no {} {}", self.function, self.method, self.path));
        match route.open_to {
            OpenTo::Users => None,
            OpenTo::UsersAndTokens(scope) => Some(scope),
        }
    }

    /// Path and body. Changing routes are asked for a dry run, which needs the rights of the real thing.
    fn request(&self, scene: &Scene, organization: &str, role: &str) -> (String, String) {
        self.sent(scene, organization, role, true)
    }

    fn sent(&self, scene: &Scene, organization: &str, role: &str, dry: bool) -> (String, String) {
        let mut ask = (self.ask)(scene, organization, role);
        if self.method == "GET" {
            let parameters = ask.as_object().unwrap().iter();
            let query: Vec<String> = parameters
                .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
                .collect();
            return (format!("{}?{}", self.path, query.join("&")), String::new());
        }
        if dry {
            ask["dryRun"] = json!(true);
        }
        (self.path.to_owned(), ask.to_string())
    }

    fn expect(&self, organization: usize, role: usize) -> &'static str {
        self.expect[organization].split(' ').nth(role).unwrap()
    }
}

/// What an answer comes to, in the words of [`Line::expect`].
fn word(answer: &Answer) -> String {
    match (answer.status, answer.body["error"]["code"].as_str()) {
        (200..=399, None) => "ok".to_owned(),
        (403, Some("not_allowed")) => "no".to_owned(),
        (404, Some("not_found" | "invite_not_for_you")) => "none".to_owned(),
        (_, Some(code)) => code.to_owned(),
        (status, None) => format!("{status} {}", answer.body),
    }
}

fn message(answer: &Answer) -> &Value {
    &answer.body["error"]["message"]
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_exactly_what_the_matrix_says() {
    let scene = Scene::new().await;
    let mut cells = 0;
    let mut wrong = Vec::new();
    let mut check = |what: String, answer: &Answer, expect: &str| {
        cells += 1;
        let found = word(answer);
        if found != expect {
            wrong.push(format!(
                "{what}: {found} instead of {expect}: {}",
                answer.body
            ));
        }
    };
    for line in LINES {
        let name = format!(
            "{} {} {}, {}",
            line.function, line.method, line.path, line.what
        );
        let scope = line.scope();
        for (o, organization) in ORGANIZATIONS.into_iter().enumerate() {
            for (r, role) in ROLES.into_iter().enumerate() {
                let expect = line.expect(o, r);
                let answer = scene.as_user(line, role, organization).await;
                check(
                    format!("{name} of {organization} by {role}"),
                    &answer,
                    expect,
                );
                if expect == "none" {
                    let absent = scene.as_user(line, role, "absent").await;
                    assert_eq!(
                        message(&answer),
                        message(&absent),
                        "{name}: {role} can tell that it exists"
                    );
                }
                for held in SCOPES {
                    let expect = if scope == Some(held) { expect } else { "no" };
                    let token = scene.token(role, held);
                    let answer = scene.by_token(line, token, role, organization).await;
                    check(
                        format!("{name} of {organization} by {role}'s token for {held:?}"),
                        &answer,
                        expect,
                    );
                }
            }
            // Nobody, and nobody who says that they are somebody.
            let (path, body) = line.request(&scene, organization, "owner");
            for headers in [
                vec![],
                vec![("x-appwrite-user-id", "owner")],
                vec![("X-Appwrite-User-Id", "owner")],
            ] {
                let answer = scene
                    .world
                    .on_domain(line.function, line.method, &path, &headers, &body)
                    .await
                    .unwrap();
                check(
                    format!("{name} of {organization} by {headers:?}"),
                    &answer,
                    "sign_in_required",
                );
            }
            let request = json!({
                "method": line.method, "path": path, "body": body, "headers": {"X-Appwrite-User-Id": "owner"},
            });
            let reply = scene
                .world
                .call_with(line.function, None, request)
                .await
                .unwrap();
            let answer = Answer {
                status: reply.status,
                body: reply.body,
            };
            check(
                format!("{name} of {organization} by key"),
                &answer,
                "sign_in_required",
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cells} cells are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    println!("{cells} cells, {} lines of the matrix", LINES.len());
    check_untold(&scene.world, &scene.secrets()).await;
    pages::check("access", "functions/README.md", "access matrix", &matrix());
    let asked = format!("{cells} calls over HTTP");
    pages::check(
        "access",
        "tests/README.md",
        "calls of the access matrix",
        &asked,
    );
}

/// The matrix as functions/README.md shows it; it is only made after every cell of it was found to be so.
fn matrix() -> String {
    let mut table = String::from("| function | route | about | organisation | token scope |");
    for role in ROLES {
        write!(table, " {role} |").unwrap();
    }
    table.push_str("\n|---|---|---|---|---|");
    table.push_str(&"---|".repeat(ROLES.len()));
    for line in LINES {
        let scope = line.scope().map_or("none", TokenScope::word);
        for (o, organization) in ["own", "own, archived", "foreign"].into_iter().enumerate() {
            write!(
                table,
                "\n| {} | `{} {}` | {} | {organization} | {scope} |",
                line.function, line.method, line.path, line.what
            )
            .unwrap();
            for r in 0..ROLES.len() {
                let word = match line.expect(o, r) {
                    "ok" => "✓",
                    "no" => "403",
                    "none" => "404",
                    code => code,
                };
                write!(table, " {word} |").unwrap();
            }
        }
    }
    table
}

#[test]
fn every_route_of_every_function_has_a_line() {
    let description: Value = serde_json::from_str(include_str!("../../appwrite.json")).unwrap();
    for described in description["functions"].as_array().unwrap() {
        assert!(
            routes().any(|routes| described["$id"] == routes.function()),
            "the tool's host does not serve {}",
            described["$id"]
        );
    }
    for routes in routes() {
        for Route { method, path, .. } in routes.http() {
            let has_line = LINES.iter().any(|line| {
                (line.function, line.method, line.path) == (routes.function(), *method, *path)
            });
            assert!(
                has_line,
                "say in LINES of tests/tests/access.rs who may {method} {path} of {}",
                routes.function()
            );
        }
    }
}

/// A job of acme's owner, and the world it waits in.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.person("ada").await.unwrap();
    world.person("eve").await.unwrap();
    settle(&world, "scrape-enrich").await;
    settle(&world, "invite-accept").await;
    let job = json!({
        "organizationId": "acme", "requestedByUserId": "ada", "sourceUrl": world.site.url(), "status": "pending",
    });
    world.row("scrape_jobs", "job1", job, &[]).await.unwrap();
    world
}

/// `POST /cancel` of ada's job, dry: what a good token of hers may do.
async fn cancel(world: &World, token: &str) -> Answer {
    let headers = [("x-valyourise-pat", token)];
    let body = json!({"jobId": "job1", "dryRun": true}).to_string();
    world
        .on_domain("scrape-enrich", "POST", "/cancel", &headers, &body)
        .await
        .unwrap()
}

async fn change(world: &World, issued: &Issued, data: Value) {
    world.change("pat", issued.id.as_ref(), data).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_until_the_moment_it_should_not() {
    let world = acme().await;
    let issued = token(&world, "ada", &[TokenScope::Write]).await;
    let secret = issued.token.expose();
    assert!(secret.starts_with("vyr_") && secret.len() == 47);
    let row = world
        .find("pat", issued.id.as_ref())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row["lastUsedAt"], Value::Null);
    let good = cancel(&world, secret).await;
    assert_eq!(
        (good.status, &good.body["dryRun"]),
        (200, &json!(true)),
        "{}",
        good.body
    );
    assert_eq!(
        good.body["changes"].as_array().unwrap().len(),
        1,
        "its own use is no change of the request's"
    );
    let row = world
        .find("pat", issued.id.as_ref())
        .await
        .unwrap()
        .unwrap();
    assert!(
        row["lastUsedAt"].is_string(),
        "also a dry run tells that somebody uses the token"
    );
    change(&world, &issued, json!({"lastUsedAt": null})).await;

    // The use is noted at most once a minute.
    let use_it = || world.on_domain("scrape-enrich", "POST", "/cancel", &[], "{}");
    assert_eq!(word(&use_it().await.unwrap()), "sign_in_required");
    let real = |body: &str| {
        let (world, body) = (&world, body.to_owned());
        async move {
            let headers = [("x-valyourise-pat", secret)];
            world
                .on_domain("scrape-enrich", "POST", "/cancel", &headers, &body)
                .await
                .unwrap()
        }
    };
    assert_eq!(word(&real(r#"{"jobId":"nojob"}"#).await), "none");
    let first = world
        .find("pat", issued.id.as_ref())
        .await
        .unwrap()
        .unwrap();
    assert!(first["lastUsedAt"].is_string());
    real(r#"{"jobId":"nojob"}"#).await;
    assert_eq!(
        world
            .find("pat", issued.id.as_ref())
            .await
            .unwrap()
            .unwrap(),
        first
    );
    let two_minutes_ago = now().minus(Duration::from_secs(120));
    change(&world, &issued, json!({"lastUsedAt": two_minutes_ago})).await;
    real(r#"{"jobId":"nojob"}"#).await;
    let later = world
        .find("pat", issued.id.as_ref())
        .await
        .unwrap()
        .unwrap();
    assert!(later["lastUsedAt"].as_str() > first["lastUsedAt"].as_str());

    // Each of these ends it at the next request, and undoing it brings it back.
    let status = |status: bool| {
        world.api(
            Method::PATCH,
            "/users/ada/status",
            Some(json!({"status": status})),
        )
    };
    status(false).await.unwrap();
    assert_eq!(word(&cancel(&world, secret).await), "token_refused");
    status(true).await.unwrap();
    assert_eq!(word(&cancel(&world, secret).await), "ok");
    change(&world, &issued, json!({"expiresAt": now()})).await;
    assert_eq!(word(&cancel(&world, secret).await), "token_refused");
    change(&world, &issued, json!({"expiresAt": in_an_hour()})).await;
    assert_eq!(word(&cancel(&world, secret).await), "ok");
    change(&world, &issued, json!({"scopes": ["read", "admin"]})).await;
    assert_eq!(word(&cancel(&world, secret).await), "no");
    change(&world, &issued, json!({"scopes": ["write"]})).await;
    let twin = token(&world, "eve", &[TokenScope::Write]).await;
    change(&world, &twin, json!({"patHash": later["patHash"]})).await;
    assert_eq!(
        word(&cancel(&world, secret).await),
        "token_refused",
        "two rows of one hash"
    );
    change(&world, &twin, json!({"patHash": "0"})).await;
    assert_eq!(word(&cancel(&world, secret).await), "ok");
    pat::revoke(&world.client().unwrap(), &issued.id)
        .await
        .unwrap();
    assert_eq!(word(&cancel(&world, secret).await), "token_refused");
    world.api(Method::DELETE, "/users/ada", None).await.unwrap();
    let orphan = token(&world, "eve", &[TokenScope::Write]).await;
    world.api(Method::DELETE, "/users/eve", None).await.unwrap();
    assert_eq!(
        word(&cancel(&world, orphan.token.expose()).await),
        "token_refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_is_refused_without_a_look() {
    let world = acme().await;
    let issued = token(&world, "ada", &[TokenScope::Write]).await;
    let secret = issued.token.expose();
    let shouted = secret.to_uppercase();
    let twice = format!("{secret}, {secret}");
    for text in [
        "vyr_",
        "vyr_short",
        &secret[4..],
        &shouted,
        &twice,
        "Bearer x",
    ] {
        assert_eq!(word(&cancel(&world, text).await), "token_refused", "{text}");
    }
    let unknown = format!("vyr_{}", "A".repeat(43));
    assert_eq!(word(&cancel(&world, &unknown).await), "token_refused");
    let logs = world.logs("scrape-enrich").await.unwrap();
    let refused = logs.iter().filter(|log| log.contains("code=token_refused"));
    assert_eq!(
        refused
            .clone()
            .filter(|log| log.contains("calls=0"))
            .count(),
        6
    );
    assert_eq!(
        refused
            .filter(|log| log.contains("caller=token") && log.contains("calls=1"))
            .count(),
        1
    );

    // Where the platform says who calls, a token beside it is a contradiction.
    let request = json!({
        "method": "POST", "path": "/cancel", "body": r#"{"jobId":"job1"}"#, "headers": {"X-ValYouRise-PAT": secret},
    });
    let reply = world
        .call_with("scrape-enrich", Some("ada"), request)
        .await
        .unwrap();
    assert_eq!(
        (reply.status, &reply.body["error"]["code"]),
        (400, &json!("invalid_request"))
    );

    // Nobody's token opens an invite.
    let headers = [("x-valyourise-pat", secret)];
    for path in ["/", "/preview", "/request"] {
        let body = json!({"token": "A".repeat(43)}).to_string();
        let answer = world
            .on_domain("invite-accept", "POST", path, &headers, &body)
            .await
            .unwrap();
        assert_eq!(word(&answer), "no");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_found_nowhere_afterwards() {
    let world = acme().await;
    let issued = token(&world, "ada", &[TokenScope::Write]).await;
    let secret = issued.token.expose();
    for path in ["/cancel", "/apply", "/nowhere"] {
        let headers = [("x-valyourise-pat", secret)];
        let answer = world
            .on_domain("scrape-enrich", "POST", path, &headers, "not json")
            .await
            .unwrap();
        assert!(!answer.body.to_string().contains(secret), "{}", answer.body);
    }
    cancel(&world, secret).await;
    let rows = json!(world.rows("pat", &[]).await.unwrap()).to_string();
    assert!(!rows.contains(&secret[4..]), "{rows}");
    check_untold(&world, &[&secret[4..]]).await;
}

/// Without an operator's word nobody gets as far as the function.
#[tokio::test(flavor = "multi_thread")]
async fn a_function_is_closed_to_tokens_until_an_operator_opens_it() {
    let world = world(HOST).await;
    world.person("ada").await.unwrap();
    let issued = token(&world, "ada", &SCOPES).await;
    let headers = [("x-valyourise-pat", issued.token.expose())];
    for function in routes() {
        let function = function.function();
        let answer = world
            .on_domain(function, "POST", "/", &headers, "{}")
            .await
            .unwrap();
        assert_eq!(answer.status, 401, "{}", answer.body);
        assert!(world.logs(function).await.unwrap().is_empty());
    }
}

/// What a caller might say to pass for somebody else, about the owner of acme and a job of theirs.
fn spoofs(event: &str) -> Vec<Vec<(&str, &str)>> {
    let claims = [
        ("X-Appwrite-Trigger", "event"),
        ("X-Appwrite-Trigger", "schedule"),
        ("x-ApPwRiTe-tRiGgEr", "schedule"),
        ("X-Appwrite-Event", event),
        ("X-APPWRITE-EVENT", event),
        ("X-Appwrite-User-Id", "owner"),
        ("X-APPWRITE-USER-ID", "owner"),
        ("X-Appwrite-User-Jwt", "x"),
        ("X-Appwrite-Execution-Id", "mine"),
    ];
    let mut sets: Vec<Vec<(&str, &str)>> = claims.iter().map(|claim| vec![*claim]).collect();
    let together = |trigger: &'static str| {
        let rest = [claims[3], claims[5], claims[7], claims[8]];
        std::iter::once(("X-Appwrite-Trigger", trigger))
            .chain(rest)
            .collect()
    };
    sets.extend([together("event"), together("schedule")]);
    sets
}

/// Headers that the platform sets mean nothing when a caller sends them, in any case, through either door, to any route.
#[tokio::test(flavor = "multi_thread")]
async fn spoofed_headers_change_nothing() {
    let scene = Scene::new().await;
    let world = &scene.world;
    let event = format!("databases.{DATABASE}.tables.scrape_jobs.rows.acme-owner.create");
    let before = tables(world).await;
    let mut calls = 0;
    for line in LINES {
        // What the owner may do, asked for by somebody who may not, and by nobody.
        let (path, body) = line.sent(&scene, "acme", "owner", false);
        let bare = json!({"method": line.method, "path": path, "body": body});
        for user in [Some("stranger"), None] {
            let honest = world.call_with(line.function, user, bare.clone()).await;
            let honest = honest.unwrap();
            assert!(honest.status >= 400, "{} {path}", line.function);
            for headers in spoofs(&event) {
                let sent = |name: fn(&str) -> String| {
                    let mut claiming = bare.clone();
                    let headers = headers.iter();
                    claiming["headers"] = headers
                        .map(|(claim, value)| (name(claim), json!(value)))
                        .collect();
                    world.call_with(line.function, user, claiming)
                };
                let lying = sent(str::to_owned).await.unwrap();
                assert_eq!(lying.status, honest.status, "{headers:?}");
                assert_eq!(
                    lying.body["error"]["message"], honest.body["error"]["message"],
                    "{headers:?}"
                );
                assert_eq!(lying.body["error"]["executionId"], lying.execution);
                // The platform's own answer to small letters.
                assert!(sent(str::to_lowercase).await.is_err(), "{headers:?}");
                calls += 2;
            }
        }
        for headers in spoofs(&event) {
            let lower: Vec<(String, &str)> = headers
                .iter()
                .map(|(name, value)| (name.to_lowercase(), *value))
                .collect();
            let lower: Vec<(&str, &str)> = lower
                .iter()
                .map(|(name, value)| (name.as_str(), *value))
                .collect();
            for headers in [headers.as_slice(), lower.as_slice()] {
                let answer = world
                    .on_domain(line.function, line.method, &path, headers, &body)
                    .await
                    .unwrap();
                assert_eq!(word(&answer), "sign_in_required", "{headers:?}");
                calls += 1;
            }
        }
    }
    assert_eq!(tables(world).await, before);
    println!("{calls} spoofed calls changed nothing");
    check_untold(world, &scene.secrets()).await;
}

/// What functions write, as it stands.
async fn tables(world: &World) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    for table in [
        "scrape_jobs",
        "reports",
        "org_invites",
        "item_activity_log",
        "organizations",
        "workspace_memberships",
        "okr_items",
        "pat",
    ] {
        let all = json!({"method": "limit", "values": [1000]});
        found.push(world.rows(table, &[all]).await.unwrap());
    }
    found
}

/// Anyone who may execute a function can have the cron's trigger: it does only what is due anyway.
#[tokio::test(flavor = "multi_thread")]
async fn a_faked_cron_changes_nothing_that_is_not_due() {
    let world = acme().await;
    let new = NewInvite {
        organization: Id::parse("acme").unwrap(),
        workspace: None,
        email: "eve@example.com".to_owned(),
        role: WorkspaceRole::User,
        invited_by: Id::parse("ada").unwrap(),
        expires_at: in_an_hour(),
    };
    invite::create(&world.client().unwrap(), &new)
        .await
        .unwrap();
    let before = tables(&world).await;
    for function in routes() {
        for _ in 0..3 {
            world.appwrite.tick(function.function()).await.unwrap();
        }
        let logs = world.logs(function.function()).await.unwrap();
        assert_eq!(
            logs.iter()
                .filter(|log| log.contains("caller=schedule") && log.contains("rows=0"))
                .count(),
            3
        );
    }
    assert_eq!(tables(&world).await, before);
}
