//! `valyou doctor` over the wire: a whole project is well, and each fault is told with what follows from it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use embedded_appwrite::{Builds, Line, Storage};
use project::{schema, Description, Target};
use serde_json::{json, Value};
use tests::{by_hand, description_file, edition, run_tool, settled, world, Between, World};
use world::Setup;

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

/// Exit code and lines of the tool, asked through `endpoint` about this description.
async fn doctor(world: &World, endpoint: &str, file: &str) -> (Option<i32>, Vec<String>) {
    let arguments = ["doctor", "--file", file];
    let (code, told) = run_tool(HOST, &world.appwrite, endpoint, &arguments).await;
    (code, told.lines().map(str::to_owned).collect())
}

fn file() -> String {
    description_file().to_str().unwrap().to_owned()
}

/// The faults and notes of this world, in order; the exit code is the right one.
#[track_caller]
fn complaints((code, lines): (Option<i32>, Vec<String>)) -> Vec<String> {
    let faults = lines
        .iter()
        .filter(|line| line.starts_with("FAIL  "))
        .count();
    let end = match faults {
        0 => "all is well".to_owned(),
        1 => "1 fault".to_owned(),
        faults => format!("{faults} faults"),
    };
    assert_eq!(lines.last(), Some(&end), "{lines:#?}");
    assert_eq!(code, Some(if faults == 0 { 0 } else { 2 }), "{lines:#?}");
    let is_well = |line: &String| line.starts_with("ok    ");
    let rest = lines[..lines.len() - 1]
        .iter()
        .filter(|line| !is_well(line));
    let no_cli = "note  appwrite-cli is not on the PATH: only deploying needs it";
    let own = format!(" is Appwrite {}", version());
    rest.filter(|line| *line != no_cli && !line.contains(&own))
        .cloned()
        .collect()
}

/// What the embedded server says that it is.
fn version() -> &'static str {
    match edition().unwrap().line {
        Line::V1_9 => "1.9.6",
        Line::V2 => "2.0.0",
    }
}

/// Everything that is wrong with this world is this.
async fn check(world: &World, expect: &[&str]) {
    let told = complaints(doctor(world, world.appwrite.endpoint(), &file()).await);
    assert_eq!(told, expect, "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_project_is_well_and_nothing_is_written() {
    let world = world(HOST).await;
    let between = Between::to(&world.appwrite, &[]).await;
    let (code, lines) = doctor(&world, &between.endpoint, &file()).await;
    let deployment = |function: &str| {
        let world = &world;
        let path = format!("/functions/{function}");
        async move {
            by_hand(&world.appwrite, "GET", &path, Value::Null).await["deploymentId"]
                .as_str()
                .unwrap()
                .to_owned()
        }
    };
    let mut expect = vec![
        "note  appwrite-cli is not on the PATH: only deploying needs it".to_owned(),
        format!("ok    {}: 5 functions, 2 databases, 22 tables", file()),
    ];
    let place = format!("{} is Appwrite {}", between.endpoint, version());
    let holes = "closed security holes (tokens that outlived their session, keys and tokens that reached further than they \
                 were given, requests to private hosts); update the server";
    expect.extend(match edition().unwrap().line {
        Line::V1_9 => [
            format!("ok    {place}"),
            format!("note  {place}: releases up to 1.9.10 {holes}"),
        ],
        Line::V2 => [
            format!(
                "note  {place}: no release of 2.x was tried with these functions, only the sources of August 2026, before \
                 2.0.0"
            ),
            format!("note  {place}: releases up to 2.6.2 {holes}"),
        ],
    });
    expect.extend([
        "ok    the server has the runtime rust-1.83".to_owned(),
        "ok    the key may look at databases and functions".to_owned(),
    ]);
    for function in [
        "progress-recompute",
        "scrape-enrich",
        "invite-accept",
        "report-generate",
        "skill-map",
    ] {
        let deployment = deployment(function).await;
        expect.extend([
            format!("ok    {function}: its settings are as described"),
            format!("ok    {function}: the deployment {deployment} is active and ready"),
            format!("ok    {function}: its variables are set; it works on main_dev"),
        ]);
    }
    expect.extend([
        "ok    databases, tables, columns and indexes: nothing is missing".to_owned(),
        "all is well".to_owned(),
    ]);
    assert_eq!(lines, expect);
    assert_eq!(code, Some(0));
    assert!(between.asked() > 0);
    assert_eq!(between.written(), Vec::<String>::new());
}

/// A change to a function's settings by hand and every line that follows from it.
struct Change {
    function: &'static str,
    setting: &'static str,
    to: Value,
    expect: &'static [&'static str],
}

fn changes() -> Vec<Change> {
    let change = |function, setting, to, expect| Change {
        function,
        setting,
        to,
        expect,
    };
    let (scrape, progress, invite) = ("scrape-enrich", "progress-recompute", "invite-accept");
    let created = |database| format!("databases.{database}.tables.scrape_jobs.rows.*.create");
    vec![
        change(
            invite,
            "scopes",
            json!(["rows.read", "rows.write", "teams.read", "users.read"]),
            &["the scope teams.write is missing: nobody can join a team; accepting an invite fails with not_configured"],
        ),
        change(
            scrape,
            "scopes",
            json!(["teams.read", "users.read"]),
            &[
                "the scope rows.read is missing: it can read no row; every call fails with not_configured",
                "the scope rows.write is missing: it can store nothing; every call that changes something fails with \
                 not_configured",
            ],
        ),
        change(
            invite,
            "scopes",
            json!(["rows.read", "rows.write", "teams.write"]),
            &[
                "the scope teams.read is missing: it cannot tell who is an admin or a member; every call that asks fails \
                 with not_configured",
                "the scope users.read is missing: it cannot look at accounts; every call by a personal access token and \
                 about an invite fails with not_configured",
            ],
        ),
        change(
            scrape,
            "name",
            json!("scraper"),
            &[
                "name is \"scraper\", described as \"scrape-enrich\": nothing but confusion",
                "variables or settings were changed after the deployment DEPLOYMENT was made: what runs may still have \
                 the old ones; deploy again with `appwrite push functions`",
            ],
        ),
        change(
            progress,
            "scopes",
            json!(["rows.read", "rows.write", "teams.read", "users.read", "users.write"]),
            &["the scope users.write is not described: its key opens more than it needs"],
        ),
        change(
            scrape,
            "events",
            json!([created("main_dev")]),
            &["the event databases.main_database.tables.scrape_jobs.rows.*.create is missing: what happens to scrape_jobs \
               in main_database is not noticed until the sweep (*/5 * * * *)"],
        ),
        // Appwrite takes it and never calls.
        change(
            scrape,
            "events",
            json!([created("main_database"), "databases.main_dev.tables.scrape_jobs.rows.create"]),
            &[
                "the event databases.main_dev.tables.scrape_jobs.rows.*.create is missing: what happens to scrape_jobs in \
                 main_dev is not noticed until the sweep (*/5 * * * *)",
                "the event databases.main_dev.tables.scrape_jobs.rows.create never comes: create stands where a row's id \
                 does; write databases.main_dev.tables.scrape_jobs.rows.*.create",
                "it works on main_dev and hears of no event of scrape_jobs there",
            ],
        ),
        change(
            invite,
            "events",
            json!(["databases.main_dev.tables.org_invites.rows.*"]),
            &["the event databases.main_dev.tables.org_invites.rows.* is not described: it is called for nothing when \
               something happens to org_invites in main_dev"],
        ),
        change(
            invite,
            "schedule",
            json!("0 4 * * *"),
            &["schedule is \"0 4 * * *\", described as \"*/15 * * * *\": the sweep, which does what events missed and \
               crashes left behind, comes at other times"],
        ),
        change(
            scrape,
            "schedule",
            json!(""),
            &["schedule is \"\", described as \"*/5 * * * *\": there is no sweep: what an event missed or a crash left \
               behind stays undone"],
        ),
        change(
            invite,
            "execute",
            json!(["users", "any"]),
            &["the execute role any is not described: everybody may call it without signing in; if it is meant, for \
               personal access tokens, write it into appwrite.json"],
        ),
        change(
            invite,
            "execute",
            json!(["team:acme"]),
            &[
                "the execute role users is missing: signed-in users get 401 from it",
                "the execute role team:acme is not described: who has it may call the function",
            ],
        ),
        change(
            scrape,
            "enabled",
            json!(false),
            &["enabled is false, described as true: users get 404 from it"],
        ),
        change(
            scrape,
            "logging",
            json!(false),
            &["logging is false, described as true: nobody will see in its log why something failed"],
        ),
        change(
            scrape,
            "timeout",
            json!(15),
            &["timeout is 15, described as 120: it is ended before it stops by itself, so that jobs are left unfinished \
               until the sweep"],
        ),
        change(
            scrape,
            "timeout",
            json!(900),
            &["timeout is 900, described as 120: an execution can still run when its job is given to another"],
        ),
        change(
            progress,
            "runtimeSpecification",
            json!("s-0.5vcpu-512mb"),
            &["runtimeSpecification is \"s-0.5vcpu-512mb\", described as \"s-1vcpu-512mb\": it may be slower, or cost \
               more, than it was measured to"],
        ),
        // More of everything is no fault.
        change(progress, "buildSpecification", json!("s-8vcpu-8gb"), &[]),
        change(
            progress,
            "buildSpecification",
            json!("s-1vcpu-1gb"),
            &["buildSpecification is \"s-1vcpu-1gb\", described as \"s-2vcpu-2gb\": the build may run out of memory or \
               time, or cost more than it has to"],
        ),
        change(
            progress,
            "commands",
            json!("cargo install"),
            &[
                "commands is \"cargo install\", described as \"sh scripts/stage.sh progress-recompute\": the next build \
                 fails, or builds something else",
                "variables or settings were changed after the deployment DEPLOYMENT was made: what runs may still have \
                 the old ones; deploy again with `appwrite push functions`",
            ],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_setting_that_differs_is_told_with_what_follows() {
    let world = world(HOST).await;
    let appwrite = &world.appwrite;
    let target = Target::new(appwrite.endpoint(), appwrite.project(), appwrite.key()).unwrap();
    let description = Description::read(&description_file()).unwrap();
    for Change {
        function,
        setting,
        to,
        expect,
    } in changes()
    {
        let path = format!("/functions/{function}");
        let mut settings = by_hand(&world.appwrite, "GET", &path, Value::Null).await;
        settings[setting] = to;
        let changed = by_hand(&world.appwrite, "PUT", &path, settings).await;
        let deployment = changed["deploymentId"].as_str().unwrap();
        let line = |fault: &&str| {
            format!(
                "FAIL  {function}: {}",
                fault.replace("DEPLOYMENT", deployment)
            )
        };
        let mut lines: Vec<String> = expect.iter().map(line).collect();
        // It comes behind the settings and before what is told of deployment and variables.
        let of_settings = lines.iter().filter(|line| {
            !line.contains("what runs may still") && !line.contains("hears of no event")
        });
        let of_settings = of_settings.count();
        if of_settings > 0 {
            let note = format!(
                "note  {function}: `appwrite push functions` makes its settings as described"
            );
            lines.insert(of_settings, note);
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        check(&world, &lines).await;

        schema::apply_functions(&target, &description)
            .await
            .unwrap();
        appwrite.activate(function).unwrap();
    }
    check(&world, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_or_its_deployment_that_is_missing_is_told() {
    let world = world(HOST).await;
    let path = "/functions/scrape-enrich";
    let settings = by_hand(&world.appwrite, "GET", path, Value::Null).await;
    let deployment = format!(
        "{path}/deployments/{}",
        settings["deploymentId"].as_str().unwrap()
    );
    by_hand(&world.appwrite, "DELETE", &deployment, Value::Null).await;
    check(
        &world,
        &["FAIL  scrape-enrich: it has no deployment, so nothing runs; `appwrite push functions`"],
    )
    .await;
    by_hand(&world.appwrite, "DELETE", path, Value::Null).await;
    check(
        &world,
        &["FAIL  scrape-enrich is not on the server; `valyou vars push` creates it, `appwrite push functions` deploys it"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_latest_deployment_that_does_not_run_is_told() {
    let cache = tempfile::tempdir().unwrap();
    let world = World::start(Setup {
        storage: Storage::Ephemeral,
        port: 0,
        host_program: HOST.into(),
        builds: Builds::Cargo {
            folder: cache.path().to_owned(),
        },
    })
    .await
    .unwrap();
    let function = "invite-accept";
    let path = format!("/functions/{function}");
    let runs = by_hand(&world.appwrite, "GET", &path, Value::Null).await["deploymentId"].clone();
    let uploaded = upload(&world, function).await;
    world.appwrite.idle().await;
    let broken = format!(
        "FAIL  {function}: its latest deployment {uploaded} failed to build, so the one before it still runs; look at the \
         deployment's build logs in the console, mend the cause and push again"
    );
    check(&world, &[&broken]).await;

    let deployment = format!("{path}/deployments/{}", runs.as_str().unwrap());
    by_hand(&world.appwrite, "DELETE", &deployment, Value::Null).await;
    check(
        &world,
        &[&broken.replace("the one before it still runs", "nothing runs")],
    )
    .await;

    let newer = world.appwrite.activate(function).unwrap();
    let older = world.appwrite.activate(function).unwrap();
    check(&world, &[]).await;
    let back = json!({"deploymentId": newer});
    by_hand(
        &world.appwrite,
        "PATCH",
        &format!("{path}/deployment"),
        back,
    )
    .await;
    let note = format!(
        "note  {function}: its latest deployment {older} is ready and not active, so the one before it still runs; \
         activate it in the console"
    );
    check(&world, &[&note]).await;
}

/// Uploads what is no archive; the deployment's id.
async fn upload(world: &World, function: &str) -> String {
    let part = |disposition: &str, content: &str| {
        format!("--b\r\ncontent-disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
    };
    let body = [
        part("name=\"code\"; filename=\"code.tar.gz\"", "no archive"),
        part("name=\"activate\"", "true"),
        "--b--\r\n".to_owned(),
    ];
    let url = format!(
        "{}/functions/{function}/deployments",
        world.appwrite.endpoint()
    );
    let answer = reqwest::Client::new()
        .post(url)
        .header("x-appwrite-project", world.appwrite.project())
        .header("x-appwrite-key", world.appwrite.key())
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body.concat())
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    answer["$id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_that_are_missing_or_name_the_wrong_database_are_told() {
    let world = world(HOST).await;
    let place = "/functions/progress-recompute/variables";
    let set = |value: &'static str| {
        let world = &world;
        async move {
            let there = by_hand(&world.appwrite, "GET", place, Value::Null).await;
            let id = there["variables"][0]["$id"].as_str().unwrap().to_owned();
            by_hand(
                &world.appwrite,
                "PUT",
                &format!("{place}/{id}"),
                json!({"value": value}),
            )
            .await;
            world.appwrite.activate("progress-recompute").unwrap();
            id
        }
    };
    let different = |database: &str| {
        format!(
            "FAIL  the functions work on different databases: progress-recompute on {database}, scrape-enrich on \
             main_dev, invite-accept on main_dev, report-generate on main_dev, skill-map on main_dev; set APPWRITE_DATABASE_ID alike with `valyou vars push`"
        )
    };
    set("main_databse").await;
    check(
        &world,
        &[
            "FAIL  progress-recompute: APPWRITE_DATABASE_ID is \"main_databse\", and the server has only main_database and \
             main_dev: every call fails; set it with `valyou vars push`",
            "FAIL  progress-recompute: it works on main_databse and hears of no event of okr_items there",
            &different("main_databse"),
        ],
    )
    .await;
    set("main_database").await;
    check(&world, &[&different("main_database")]).await;

    let unset = "FAIL  progress-recompute: not set: APPWRITE_DATABASE_ID: every call fails with not_configured; `valyou \
                 vars push`";
    let id = set(" ").await;
    check(&world, &[unset]).await;
    let path = format!("{place}/{id}");
    by_hand(&world.appwrite, "DELETE", &path, Value::Null).await;
    world.appwrite.activate("progress-recompute").unwrap();
    check(&world, &[unset]).await;

    // What is set for the whole project counts, if the key may see it.
    let everywhere = json!({
        "variableId": "everywhere", "key": "APPWRITE_DATABASE_ID", "value": "main_dev", "secret": false,
    });
    by_hand(&world.appwrite, "POST", "/project/variables", everywhere).await;
    for function in [
        "progress-recompute",
        "scrape-enrich",
        "invite-accept",
        "report-generate",
        "skill-map",
    ] {
        world.appwrite.activate(function).unwrap();
    }
    check(&world, &[]).await;
    let told = complaints(doctor_with(&world, &NEEDED).await);
    let unless = "not set: APPWRITE_DATABASE_ID, unless it is for the whole project, which takes the scope project.read \
                  to see:";
    assert_eq!(
        told,
        [unset.replace("not set: APPWRITE_DATABASE_ID:", unless)]
    );

    let hidden =
        json!({"variableId": "unique()", "key": "APPWRITE_DATABASE_ID", "value": "main_hidden"});
    by_hand(&world.appwrite, "POST", place, hidden).await;
    let deployment = by_hand(
        &world.appwrite,
        "GET",
        "/functions/progress-recompute",
        Value::Null,
    )
    .await["deploymentId"]
        .clone();
    let deployment = deployment.as_str().unwrap();
    let secret = "note  progress-recompute: its variables are set; APPWRITE_DATABASE_ID is secret, so nobody can tell \
                  which database it works on";
    check(
        &world,
        &[
            &format!(
                "FAIL  progress-recompute: variables or settings were changed after the deployment {deployment} was made: \
                 what runs may still have the old ones; deploy again with `appwrite push functions`"
            ),
            secret,
        ],
    )
    .await;
    world.appwrite.activate("progress-recompute").unwrap();
    check(&world, &[secret]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_differ_are_told_in_the_words_of_the_plan() {
    let world = world(HOST).await;
    let items = "/tablesdb/main_dev/tables/okr_items";
    let shorter = json!({"required": true, "default": null, "size": 500});
    let title = format!("{items}/columns/varchar/title");
    by_hand(&world.appwrite, "PATCH", &title, shorter).await;
    by_hand(
        &world.appwrite,
        "DELETE",
        "/tablesdb/main_dev/tables/pat/indexes/userId",
        Value::Null,
    )
    .await;
    let pat = "/tablesdb/main_database/tables/pat";
    let column = format!("{pat}/columns/lastUsedAt");
    by_hand(&world.appwrite, "DELETE", &column, Value::Null).await;
    settled(&world.appwrite, pat).await;
    for key in ["lastUsedAt", "extra"] {
        let integer = json!({"key": key, "required": false, "array": false});
        let path = format!("{pat}/columns/integer");
        by_hand(&world.appwrite, "POST", &path, integer).await;
    }
    settled(&world.appwrite, pat).await;
    settled(&world.appwrite, "/tablesdb/main_dev/tables/pat").await;

    let told = complaints(doctor(&world, world.appwrite.endpoint(), &file()).await);
    let [title, index, column, note] = &told[..] else {
        panic!("{told:#?}");
    };
    assert_eq!(
        title,
        "FAIL  `valyou schema apply` has to change the column main_dev.okr_items.title: varchar(500) → varchar(512)"
    );
    assert_eq!(
        index,
        "FAIL  `valyou schema apply` has to create the index main_dev.pat userId key on userId ascending"
    );
    assert!(
        column.starts_with(
            "FAIL  main_database.pat.lastUsedAt: is integer, optional, described as datetime, optional: Appwrite cannot"
        ),
        "{column}"
    );
    assert_eq!(note, "note  main_database.pat.extra: is not described");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_or_a_key_that_will_not_do_is_told() {
    let world = world(HOST).await;
    const EVERYTHING: [&str; 3] = [
        "GET /v1/tablesdb",
        "GET /v1/tablesdb/main_database/tables",
        "GET /v1/functions",
    ];

    let expired = json!({
        "message": "The project key has expired. Please generate a new key using the Appwrite console.", "code": 401,
        "type": "project_key_expired", "version": "1.9.6",
    });
    let version = |version: &str| ("GET /v1/health/version", 200, json!({"version": version}));
    let cases = [
        (
            vec![version("1.9.4"), ("GET /v1/functions/runtimes", 200, json!({"total": 0, "runtimes": []}))],
            vec![
                "FAIL  ENDPOINT is Appwrite 1.9.4: the runtime rust-1.83 came with 1.9.5; update the server",
                "FAIL  the server does not have the runtime rust-1.83: no function can be built; add it to \
                 _APP_FUNCTIONS_RUNTIMES in the server's .env and restart it",
            ],
        ),
        (
            vec![version("1.10.0")],
            vec!["note  ENDPOINT is Appwrite 1.10.0: it was not tried with these functions, only 1.9.6 was"],
        ),
        (
            vec![("GET /v1/health/version", 200, json!({"hello": "there"}))],
            vec!["FAIL  ENDPOINT does not say which Appwrite it is; check --endpoint"],
        ),
        // A route that is not there is answered with a page.
        (
            vec![("GET /v1/health/version", 404, json!("<!DOCTYPE html>"))],
            vec![
                "FAIL  GET ENDPOINT/health/version: 404 without an error of Appwrite's; check --endpoint, which ends in /v1, \
                 and that the server is Appwrite 1.9.5 or newer",
            ],
        ),
        (
            EVERYTHING.map(|asked| (asked, 401, expired.clone())).to_vec(),
            vec!["FAIL  the key has expired; make another one and check --key"],
        ),
    ];
    for (answers, expect) in cases {
        let between = Between::to(&world.appwrite, &answers).await;
        let told = complaints(doctor(&world, &between.endpoint, &file()).await);
        let expect: Vec<String> = (expect.iter())
            .map(|line| line.replace("ENDPOINT", &between.endpoint))
            .collect();
        assert_eq!(told, expect);
    }

    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/v1", free.local_addr().unwrap());
    drop(free);
    let wrong = "http://[/v1".to_owned();
    for (endpoint, expect) in [
        (nobody, "FAIL  cannot reach Appwrite at "),
        (wrong, "FAIL  the endpoint "),
    ] {
        let told = complaints(doctor(&world, &endpoint, &file()).await);
        assert!(told.len() == 1 && told[0].starts_with(expect), "{told:?}");
    }
    let endpoint = world.appwrite.endpoint();
    let runtimes = json!({"total": 1, "runtimes": [{"$id": "rust-1.83"}]});
    for (option, expect) in [
        (
            "--key=hush",
            "FAIL  the key is not a key of the project valyourise",
        ),
        ("--project=other", "FAIL  the server has no project other"),
    ] {
        let file = file();
        let arguments = ["doctor", "--file", &file, option];
        let (code, told) = run_tool(HOST, &world.appwrite, endpoint, &arguments).await;
        assert!(code == Some(2) && told.contains(expect), "{told}");
        assert!(
            !told.contains("hush") && !told.contains(world.appwrite.key()),
            "{told}"
        );
        // A server that tells everybody its version.
        let answers = [
            version("1.9.6"),
            ("GET /v1/functions/runtimes", 200, runtimes.clone()),
        ];
        let between = Between::to(&world.appwrite, &answers).await;
        let (code, told) = run_tool(HOST, &world.appwrite, &between.endpoint, &arguments).await;
        assert!(code == Some(2) && told.contains(expect), "{told}");
        assert!(told.ends_with("1 fault\n"), "{told}");
    }
}

/// `tablesdb` is what newer routes are called, and no event.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_the_newer_name_is_red_on_each_line_in_its_words() {
    let world = world(HOST).await;
    let text = std::fs::read_to_string(description_file()).unwrap();
    let mut described: Value = serde_json::from_str(&text).unwrap();
    let event = "tablesdb.main_dev.tables.okr_items.rows.*";
    described["functions"][0]["events"] = json!([event]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("appwrite.json");
    std::fs::write(&path, described.to_string()).unwrap();
    let path = path.to_str().unwrap();
    for (version, expect) in [
        (
            "1.9.10",
            "never comes: Appwrite 1.9 knows no names that begin with tablesdb; write databases.main_dev.",
        ),
        (
            "2.7.1",
            "may never come: 2.x takes names that begin with tablesdb, and its sources of August 2026 announced nothing",
        ),
    ] {
        let answers = [("GET /v1/health/version", 200, json!({"version": version}))];
        let between = Between::to(&world.appwrite, &answers).await;
        let told = complaints(doctor(&world, &between.endpoint, path).await);
        let expect = format!("FAIL  {path}: progress-recompute: the event {event} {expect}");
        assert!(
            told.iter().any(|line| line.starts_with(&expect)),
            "{told:#?}\nwanted: {expect}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_refused_is_one_line_and_hides_nothing_else() {
    let world = world(HOST).await;
    let (_, well) = doctor(&world, world.appwrite.endpoint(), &file()).await;
    let tables = "databases, tables, columns and indexes";
    // What is hidden holds these words.
    let own = format!(" is Appwrite {}", version());
    let cases = [
        ("GET /v1/health/version", own.as_str()),
        ("GET /v1/functions/runtimes", "has the runtime"),
        ("GET /v1/functions/invite-accept", "ok    invite-accept: "),
        (
            "GET /v1/functions/invite-accept/variables",
            "ok    invite-accept: ",
        ),
        ("GET /v1/tablesdb/main_dev/tables/pat/columns", tables),
        ("GET /v1/tablesdb/main_dev/tables/pat/rows", tables),
    ];
    for (asked, hidden) in cases {
        let refusal = json!({"message": "Server Error", "code": 500, "type": "general_unknown", "version": "1.9.6"});
        let between = Between::to(&world.appwrite, &[(asked, 500, refusal)]).await;
        let (code, told) = doctor(&world, &between.endpoint, &file()).await;
        let told: Vec<String> = (told.iter())
            .map(|line| line.replace(&between.endpoint, world.appwrite.endpoint()))
            .collect();
        let (faults, rest): (Vec<&String>, Vec<&String>) =
            told.iter().partition(|line| line.starts_with("FAIL"));
        let url = asked.replace("GET /v1", &format!("GET {}", world.appwrite.endpoint()));
        let expect = format!("{url}: 500 general_unknown: Server Error");
        assert!(
            faults.len() == 1 && faults[0].contains(&expect),
            "{told:#?}"
        );
        let mut left: Vec<&str> = well
            .iter()
            .map(String::as_str)
            .filter(|line| !line.contains(hidden))
            .collect();
        *left.last_mut().unwrap() = "1 fault";
        assert_eq!(rest, left, "{asked}");
        assert_eq!(code, Some(2), "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_deployment_or_a_runtime_can_come_to_is_told() {
    let world = world(HOST).await;
    let path = "/functions/invite-accept";
    let settings = by_hand(&world.appwrite, "GET", path, Value::Null).await;
    let id = settings["deploymentId"].as_str().unwrap();
    let place = format!("GET /v1{path}/deployments/{id}");
    let deployment = by_hand(
        &world.appwrite,
        "GET",
        &format!("{path}/deployments/{id}"),
        Value::Null,
    )
    .await;
    let with = |value: &Value, fields: Value| {
        let mut value = value.clone();
        for (name, field) in fields.as_object().unwrap() {
            assert!(value.get(name).is_some(), "{name}");
            value[name] = field.clone();
        }
        value
    };
    let function = |fields: Value| {
        (
            "GET /v1/functions/invite-accept",
            200,
            with(&settings, fields),
        )
    };
    let built = |status: &str| {
        (
            place.as_str(),
            200,
            with(&deployment, json!({"status": status})),
        )
    };
    let latest = |status: &str| {
        function(json!({"latestDeploymentId": "newer", "latestDeploymentStatus": status}))
    };
    let push = "`appwrite push functions`";
    let cases = [
        (
            vec![built("failed")],
            vec![format!(
                "FAIL  invite-accept: its active deployment is \"failed\", not ready: every call fails; deploy again with {push}"
            ), format!(
                "FAIL  invite-accept: its latest deployment {id} is ready and not active, so nothing runs; activate it in the \
                 console"
            )],
        ),
        (
            vec![latest("building")],
            vec!["note  invite-accept: its latest deployment newer is building, so the one before it still runs; run this again \
                  when it is built".to_owned()],
        ),
        (
            vec![latest("failed")],
            vec!["FAIL  invite-accept: its latest deployment newer failed to build, so the one before it still runs; look at the \
                  deployment's build logs in the console, mend the cause and push again".to_owned()],
        ),
        (
            vec![function(json!({"deploymentId": "", "latestDeploymentId": id, "latestDeploymentStatus": "waiting"}))],
            vec![format!(
                "FAIL  invite-accept: its latest deployment {id} is waiting, so nothing runs; run this again when it is built"
            )],
        ),
        (
            vec![function(json!({"runtime": "node-22", "entrypoint": "main.js"}))],
            vec![
                "FAIL  invite-accept: runtime is \"node-22\", described as \"rust-1.83\": Appwrite cannot change it; delete the \
                 function on the server and push it again".to_owned(),
                "FAIL  invite-accept: entrypoint is \"main.js\", described as \"handler.rs\": the next build fails, or builds \
                 something else".to_owned(),
                format!("note  invite-accept: {push} makes its settings as described"),
            ],
        ),
    ];
    for (answers, expect) in cases {
        let between = Between::to(&world.appwrite, &answers).await;
        let told = complaints(doctor(&world, &between.endpoint, &file()).await);
        assert_eq!(told, expect, "{told:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_a_column_locks_are_told() {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    let table = "/tablesdb/main_dev/tables/organizations";
    let text = std::fs::read_to_string(description_file()).unwrap();
    let mut described: Value = serde_json::from_str(&text).unwrap();
    let column =
        json!({"key": "motto", "type": "text", "required": true, "array": false, "default": null});
    for organizations in described["tables"].as_array_mut().unwrap() {
        if organizations["$id"] == "organizations" {
            organizations["columns"]
                .as_array_mut()
                .unwrap()
                .push(column.clone());
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("appwrite.json");
    std::fs::write(&path, described.to_string()).unwrap();
    let path = path.to_str().unwrap();
    let told = complaints(doctor(&world, world.appwrite.endpoint(), path).await);
    let [created, locks] = &told[..] else {
        panic!("{told:#?}");
    };
    let expect = "FAIL  `valyou schema apply` has to create the column main_database.organizations.motto text, required";
    assert_eq!(created, expect);
    let expect =
        "FAIL  main_dev.organizations.motto: create text, required: row acme would have no value";
    assert!(locks.starts_with(expect), "{locks}");

    // Another tool does it all the same.
    let motto = json!({"key": "motto", "required": true});
    by_hand(
        &world.appwrite,
        "POST",
        &format!("{table}/columns/text"),
        motto,
    )
    .await;
    settled(&world.appwrite, table).await;
    let told = complaints(doctor(&world, world.appwrite.endpoint(), path).await);
    let expect = "FAIL  main_dev.organizations.motto: row acme has no value although the column is required, so no update \
                  of it is taken; give such rows one";
    assert!(told.iter().any(|line| line == expect), "{told:#?}");
}

/// What the tool says it needs.
const NEEDED: [&str; 3] = ["databases.read", "tables.read", "functions.read"];

/// With a key that has these scopes.
async fn doctor_with(world: &World, scopes: &[&str]) -> (Option<i32>, Vec<String>) {
    let key = json!({"keyId": "unique()", "name": "doctor", "scopes": scopes});
    let (file, secret) = (file(), world.appwrite.add_key(&key).unwrap());
    let arguments = ["doctor", "--file", &file, "--key", &secret];
    let endpoint = world.appwrite.endpoint();
    let (code, told) = run_tool(HOST, &world.appwrite, endpoint, &arguments).await;
    (code, told.lines().map(str::to_owned).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scope_that_the_key_lacks_is_told_at_once() {
    let world = world(HOST).await;
    let told = complaints(doctor_with(&world, &NEEDED).await);
    assert_eq!(told, Vec::<String>::new());
    for (scopes, lacks) in [
        (&["databases.read", "tables.read"][..], "the scope functions.read"),
        (
            &["databases.read", "functions.read"],
            "the scope tables.read or collections.read",
        ),
        (
            &[],
            "the scope databases.read and the scope tables.read or collections.read and the scope functions.read",
        ),
    ] {
        let told = complaints(doctor_with(&world, scopes).await);
        let line = format!("FAIL  the key lacks {lacks}; what needs it was not looked at");
        assert_eq!(told, [line]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_description_that_will_not_do_is_told() {
    let world = world(HOST).await;
    let text = std::fs::read_to_string(description_file()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("appwrite.json");
    let path = path.to_str().unwrap();
    let mut described: Value = serde_json::from_str(&text).unwrap();
    described["functions"][1]["timeout"] = json!(60);
    described["functions"][1]["events"][0] =
        json!("databases.main_database.tables.scrape_jobs.rows.create");
    for (described, expect) in [
        (
            described.to_string(),
            vec![
                format!("FAIL  {path}: scrape-enrich: its timeout is 60 s, and the code counts on 120 s"),
                format!(
                    "FAIL  {path}: scrape-enrich: the event databases.main_database.tables.scrape_jobs.rows.create never \
                     comes: create stands where a row's id does; write \
                     databases.main_database.tables.scrape_jobs.rows.*.create"
                ),
            ],
        ),
        (
            "{".to_owned(),
            vec![format!("FAIL  {path} is not a valid description: EOF while parsing an object")],
        ),
        (
            text.replacen("\"rowSecurity\"", "\"rowsecurity\"", 1),
            vec![format!("FAIL  {path} is not a valid description: unknown field `rowsecurity`")],
        ),
    ] {
        std::fs::write(path, described).unwrap();
        let told = complaints(doctor(&world, world.appwrite.endpoint(), path).await);
        for line in expect {
            assert!(told.iter().any(|told| told.starts_with(&line)), "{told:#?}\nwanted: {line}");
        }
    }
}
