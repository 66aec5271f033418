//! `valyou vars` over the wire against the embedded Appwrite, and what a function does that lacks a variable.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;

use domain::token::Secret;
use embedded_appwrite::EmbeddedAppwrite;
use platform::config::{NeededBy, Variable};
use project::schema::{self, Change};
use project::vars;
use project::{Description, Target};
use serde_json::{json, Value};
use tests::{appwrite, by_hand, description_file, run_tool, world, Between, World};

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

const FUNCTIONS: [&str; 5] = [
    "progress-recompute",
    "scrape-enrich",
    "invite-accept",
    "report-generate",
    "skill-map",
];

/// Runs the tool with a file of this text; what it printed does not name the file's place.
async fn vars(
    appwrite: &EmbeddedAppwrite,
    endpoint: &str,
    verb: &str,
    text: &str,
) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    std::fs::write(&file, text).unwrap();
    let paths = [file, description_file()].map(|path| path.to_str().unwrap().to_owned());
    let arguments = [
        "vars",
        verb,
        "--file",
        &paths[0],
        "--description",
        &paths[1],
    ];
    let (code, printed) = run_tool(HOST, appwrite, endpoint, &arguments).await;
    (code, printed.replace(&paths[0], ".env"))
}

/// A server with nothing in between.
async fn direct(appwrite: &EmbeddedAppwrite, verb: &str, text: &str) -> (Option<i32>, String) {
    vars(appwrite, appwrite.endpoint(), verb, text).await
}

async fn variables(appwrite: &EmbeddedAppwrite, function: &str) -> Vec<Value> {
    let path = format!("/functions/{function}/variables");
    let list = by_hand(appwrite, "GET", &path, Value::Null).await;
    list["variables"].as_array().unwrap().clone()
}

/// Names and values of all variables of a function.
async fn set(appwrite: &EmbeddedAppwrite, function: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (variables(appwrite, function).await.iter())
        .map(|variable| (text(&variable["key"]), text(&variable["value"])))
        .collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn a_first_push_makes_the_functions_without_code_and_a_second_changes_nothing() {
    let appwrite = appwrite(HOST).await;
    let file =
        "APPWRITE_DATABASE_ID=main_dev\nVALYOURISE_DEVELOPMENT_HOSTS='127.0.0.1:1'\nOTHER=x\n";
    let wanted = "\
create the function progress-recompute without code
progress-recompute: set APPWRITE_DATABASE_ID to \"main_dev\"
create the function scrape-enrich without code
scrape-enrich: set APPWRITE_DATABASE_ID to \"main_dev\"
scrape-enrich: set VALYOURISE_DEVELOPMENT_HOSTS to \"127.0.0.1:1\"
create the function invite-accept without code
invite-accept: set APPWRITE_DATABASE_ID to \"main_dev\"
create the function report-generate without code
report-generate: set APPWRITE_DATABASE_ID to \"main_dev\"
create the function skill-map without code
skill-map: set APPWRITE_DATABASE_ID to \"main_dev\"
note: the functions have no variable OTHER; not set
";
    for (verb, code) in [("check", 2), ("push", 0)] {
        assert_eq!(
            direct(&appwrite, verb, file).await,
            (Some(code), wanted.to_owned())
        );
    }

    let between = Between::to(&appwrite, &[]).await;
    for verb in ["push", "check"] {
        let told = vars(&appwrite, &between.endpoint, verb, file).await;
        let nothing = "nothing to do\nnote: the functions have no variable OTHER; not set\n";
        assert_eq!(told, (Some(0), nothing.to_owned()));
    }
    assert!(between.asked() > 0);
    assert_eq!(between.written(), Vec::<String>::new());

    let database = pair("APPWRITE_DATABASE_ID", "main_dev");
    let hosts = pair("VALYOURISE_DEVELOPMENT_HOSTS", "127.0.0.1:1");
    for function in FUNCTIONS {
        let mut expect = vec![database.clone()];
        expect.extend((function == "scrape-enrich").then(|| hosts.clone()));
        assert_eq!(set(&appwrite, function).await, expect, "{function}");
        let path = format!("/functions/{function}");
        let made = by_hand(&appwrite, "GET", &path, Value::Null).await;
        assert_eq!(made["deploymentId"], "");
    }
    let target = Target::new(appwrite.endpoint(), appwrite.project(), appwrite.key()).unwrap();
    let description = Description::read(&description_file()).unwrap();
    let changes = schema::apply_functions(&target, &description)
        .await
        .unwrap();
    for (function, change) in changes {
        assert_eq!(change, Change::Unchanged, "{function}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_differs_is_changed_and_what_runs_has_to_be_deployed_again() {
    let world = world(HOST).await;
    let appwrite = &world.appwrite;
    let place = "/functions/invite-accept/variables";
    let other = json!({"variableId": "unique()", "key": "RUSTFLAGS", "value": "-C debuginfo=0"});
    by_hand(appwrite, "POST", place, other).await;
    let own = &variables(appwrite, "invite-accept").await[0];
    let path = format!("{place}/{}", own["$id"].as_str().unwrap());
    by_hand(appwrite, "PUT", &path, json!({"value": "main_database"})).await;

    let file = "APPWRITE_DATABASE_ID=main_dev\n";
    let difference = "\
invite-accept: change APPWRITE_DATABASE_ID: \"main_database\" → \"main_dev\"
note: invite-accept: RUSTFLAGS is set on the server and is none of its variables; left as it is
";
    assert_eq!(
        direct(appwrite, "check", file).await,
        (Some(2), difference.to_owned())
    );

    let between = Between::to(appwrite, &[]).await;
    let (code, told) = vars(appwrite, &between.endpoint, "push", file).await;
    let again = "invite-accept: what runs keeps the old values until it has been idle for long, and what a cron calls \
                 often never is: deploy again with `appwrite push functions`\n";
    assert_eq!((code, told), (Some(0), format!("{difference}{again}")));
    assert_eq!(between.written(), [format!("PUT /v1{path}")]);
    assert_eq!(
        set(appwrite, "invite-accept").await,
        [
            pair("APPWRITE_DATABASE_ID", "main_dev"),
            pair("RUSTFLAGS", "")
        ]
    );
    let (code, told) = direct(appwrite, "check", file).await;
    assert_eq!(code, Some(0), "{told}");
}

#[tokio::test]
async fn a_file_that_is_not_right_is_refused_before_anything_is_asked() {
    let appwrite = appwrite(HOST).await;
    let between = Between::to(&appwrite, &[]).await;
    let missing = "valyou: .env: APPWRITE_DATABASE_ID is missing: the one database that the deployment works on: \
                   main_database in production, main_dev elsewhere (needed by all functions)";
    let cases = [
        ("", format!("{missing}\n")),
        ("APPWRITE_DATABASE_ID=\n", format!("{missing}\n")),
        (
            "APPWRITE_DATABSE_ID=hush\nVALYOURISE_HOSTS=hush\nAPPWRITE_API_KEY=hush\n",
            format!(
                "{missing}; APPWRITE_DATABSE_ID is no variable of the functions; did you mean APPWRITE_DATABASE_ID?; \
                 VALYOURISE_HOSTS is no variable of the functions; take it out\n"
            ),
        ),
        (
            "APPWRITE_DATABASE_ID=main_dev\nKEY=hush hush\n",
            "valyou: .env: line 2: only a comment may stand behind a value; one with blanks or quotes in it stands \
             between single quotes\n"
                .to_owned(),
        ),
        (
            "KEY=\"hu$h\"\n",
            "valyou: .env: line 1: between double quotes a $, \\ or ` means something else; put the value between single \
             quotes\n"
                .to_owned(),
        ),
        (
            "APPWRITE_DATABASE_ID=main_devel\n",
            "valyou: .env: APPWRITE_DATABASE_ID is \"main_devel\", and appwrite.json describes only main_database and \
             main_dev\n"
                .to_owned(),
        ),
    ];
    for (file, expect) in cases {
        for verb in ["push", "check"] {
            let told = vars(&appwrite, &between.endpoint, verb, file).await;
            assert_eq!(told, (Some(1), expect.clone()));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let wide = folder.path().join("wide");
    std::fs::write(&wide, b"\xff\xfeA\0=\0x\0").unwrap();
    let wide = wide.to_str().unwrap();
    let arguments = ["vars", "push", "--file", wide];
    let told = run_tool(HOST, &appwrite, &between.endpoint, &arguments).await;
    let expect = format!("valyou: {wide} is not text in UTF-8; save it as that\n");
    assert_eq!(told, (Some(1), expect));
    let arguments = ["vars", "push", "--file", "/no/such/file"];
    let (code, told) = run_tool(HOST, &appwrite, &between.endpoint, &arguments).await;
    assert_eq!(code, Some(1));
    assert!(
        told.contains("cannot read /no/such/file; copy .env.example to it"),
        "{told}"
    );
    assert_eq!(between.asked(), 0);
}

const LISTED: [Variable; 2] = [
    Variable {
        name: "PLAIN_VALUE",
        needed_by: NeededBy::All,
        default: None,
        secret: false,
        meaning: "plain",
        example: "",
    },
    Variable {
        name: "SECRET_VALUE",
        needed_by: NeededBy::Only(&["scrape-enrich"]),
        default: None,
        secret: true,
        meaning: "secret",
        example: "",
    },
];

#[tokio::test]
async fn a_secret_is_stored_as_one_written_again_every_time_and_shown_nowhere() {
    const HUSH: &str = "very-secret-value";

    let appwrite = appwrite(HOST).await;
    let target = Target::new(appwrite.endpoint(), appwrite.project(), appwrite.key()).unwrap();
    let description = Description::read(&description_file()).unwrap();
    let values = [("PLAIN_VALUE", "a"), ("SECRET_VALUE", HUSH)];
    let values: vars::Values = (values.into_iter())
        .map(|(name, value)| (name.to_owned(), Secret::new(value)))
        .collect();
    let path = "/functions/scrape-enrich/variables";
    for expect in [
        "scrape-enrich: set SECRET_VALUE, secret\n",
        "scrape-enrich: write SECRET_VALUE again: it is secret, so nobody can tell whether it differs\n",
        "scrape-enrich: set SECRET_VALUE and make it secret: everybody with access to the project could read it\n",
    ] {
        if expect.contains("make it secret") {
            let hidden = &variables(&appwrite, "scrape-enrich").await[1];
            let id = hidden["$id"].as_str().unwrap();
            by_hand(&appwrite, "DELETE", &format!("{path}/{id}"), Value::Null).await;
            let open = json!({"variableId": "unique()", "key": "SECRET_VALUE", "value": HUSH, "secret": false});
            by_hand(&appwrite, "POST", path, open).await;
        }
        let plan = vars::push(&target, &description, &LISTED, &values).await.unwrap();
        assert!(plan.to_string().contains(expect), "{plan}");
        assert!(!format!("{plan} {plan:?}").contains(HUSH), "{plan:?}");
        let stored = variables(&appwrite, "scrape-enrich").await;
        assert_eq!(stored[0]["secret"], false);
        assert_eq!(stored[1]["secret"], true);
        assert!(!json!(stored).to_string().contains(HUSH));
        assert_eq!(variables(&appwrite, "invite-accept").await.len(), 1);
    }
}

/// Somebody has set it in the console, where secret is the default.
#[tokio::test]
async fn what_is_secret_on_the_server_stays_so_and_counts_as_set() {
    let appwrite = appwrite(HOST).await;
    let file = "APPWRITE_DATABASE_ID=main_dev\n";
    assert_eq!(direct(&appwrite, "push", file).await.0, Some(0));
    let place = "/functions/scrape-enrich/variables";
    let own = &variables(&appwrite, "scrape-enrich").await[0];
    let path = format!("{place}/{}", own["$id"].as_str().unwrap());
    by_hand(&appwrite, "PUT", &path, json!({"secret": true})).await;

    let again = "scrape-enrich: write APPWRITE_DATABASE_ID again: it is secret, so nobody can tell whether it differs\n";
    for verb in ["check", "push", "check"] {
        assert_eq!(
            direct(&appwrite, verb, file).await,
            (Some(0), again.to_owned())
        );
    }
    assert_eq!(
        variables(&appwrite, "scrape-enrich").await[0]["secret"],
        true
    );
}

/// To one that comes second nothing is set yet when it looks.
#[tokio::test]
async fn of_two_at_once_the_second_finds_what_the_first_has_set() {
    let appwrite = appwrite(HOST).await;
    let target = Target::new(appwrite.endpoint(), appwrite.project(), appwrite.key()).unwrap();
    let description = Description::read(&description_file()).unwrap();
    let path = "/functions/scrape-enrich/variables";
    let values = |plain: &str| -> vars::Values {
        let values = [("PLAIN_VALUE", plain), ("SECRET_VALUE", "hush")];
        let secret = |(name, value): (&str, &str)| (name.to_owned(), Secret::new(value));
        values.map(secret).into_iter().collect()
    };
    let first = values("a");
    vars::push(&target, &description, &LISTED, &first)
        .await
        .unwrap();
    // Somebody has hidden one in the console: it stays so.
    let hidden = &variables(&appwrite, "invite-accept").await[0];
    let hidden = format!(
        "/functions/invite-accept/variables/{}",
        hidden["$id"].as_str().unwrap()
    );
    by_hand(&appwrite, "PUT", &hidden, json!({"secret": true})).await;
    for plain in ["a", "b"] {
        let nothing = json!({"total": 0, "variables": []});
        let between = Between::unsteady(&appwrite, 200, nothing).await;
        let target = Target::new(&between.endpoint, appwrite.project(), appwrite.key()).unwrap();
        let values = values(plain);
        let plan = vars::push(&target, &description, &LISTED, &values)
            .await
            .unwrap();
        assert!(
            plan.to_string()
                .contains("scrape-enrich: set SECRET_VALUE, secret\n"),
            "{plan}"
        );
        let posted = between
            .written()
            .iter()
            .filter(|asked| asked.starts_with("POST "))
            .count();
        assert_eq!(posted, 6, "{:?}", between.written());
        assert_eq!(
            set(&appwrite, "scrape-enrich").await,
            [pair("PLAIN_VALUE", plain), pair("SECRET_VALUE", "")]
        );
        assert_eq!(
            variables(&appwrite, "scrape-enrich").await[1]["secret"],
            true
        );
        assert_eq!(
            set(&appwrite, "progress-recompute").await,
            [pair("PLAIN_VALUE", plain)]
        );
        assert_eq!(
            by_hand(&appwrite, "GET", path, Value::Null).await["total"],
            2
        );
        let hidden = by_hand(&appwrite, "GET", &hidden, Value::Null).await;
        assert_eq!(hidden["secret"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_answer_it_is_said_what_to_deploy_and_the_next_push_goes_on() {
    let world = world(HOST).await;
    let appwrite = &world.appwrite;
    let own = &variables(appwrite, "scrape-enrich").await[0];
    let path = format!(
        "/functions/scrape-enrich/variables/{}",
        own["$id"].as_str().unwrap()
    );
    let file = "APPWRITE_DATABASE_ID=main_database\n";
    let between = Between::losing(appwrite, &format!("PUT /v1{path}")).await;
    let (code, told) = vars(appwrite, &between.endpoint, "push", file).await;
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("deploy again with `appwrite push functions`\n"),
        "{told}"
    );
    assert!(
        told.contains("valyou: scrape-enrich: APPWRITE_DATABASE_ID cannot be set: "),
        "{told}"
    );
    let (code, told) = direct(appwrite, "push", file).await;
    assert_eq!(code, Some(0), "{told}");
    // It was set although nobody learned of it.
    assert!(!told.contains("scrape-enrich: change"), "{told}");
    for function in FUNCTIONS {
        let expect = pair("APPWRITE_DATABASE_ID", "main_database");
        assert_eq!(set(appwrite, function).await, [expect]);
    }

    // And where the first answer of all is lost, to the making of a function.
    let appwrite = tests::appwrite(HOST).await;
    let between = Between::losing(&appwrite, "POST /v1/functions").await;
    let (code, told) = vars(&appwrite, &between.endpoint, "push", file).await;
    assert_eq!(code, Some(1), "{told}");
    assert_eq!(direct(&appwrite, "push", file).await.0, Some(0));
    for function in FUNCTIONS {
        assert_eq!(set(&appwrite, function).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_without_its_variable_says_so_to_the_operator_and_answers_not_configured() {
    let world = world(HOST).await;
    world.user("ada", "Ada").await.unwrap();
    let appwrite = &world.appwrite;
    for function in FUNCTIONS {
        for variable in variables(appwrite, function).await {
            let id = variable["$id"].as_str().unwrap();
            let path = format!("/functions/{function}/variables/{id}");
            by_hand(appwrite, "DELETE", &path, Value::Null).await;
        }
        // What runs has what it was started with; a new deployment has not.
        appwrite.activate(function).unwrap();
        check_unconfigured(&world, function).await;
    }

    let (code, told) = direct(appwrite, "push", "APPWRITE_DATABASE_ID=main_dev\n").await;
    assert_eq!(code, Some(0), "{told}");
    for function in FUNCTIONS {
        check_unconfigured(&world, function).await;
        appwrite.activate(function).unwrap();
        let reply = world
            .call(function, "ada", "POST", "/", &json!({}))
            .await
            .unwrap();
        assert_eq!(reply.body["error"]["code"], "invalid_request", "{function}");
    }
}

async fn check_unconfigured(world: &World, function: &str) {
    let reply = world
        .call(function, "ada", "POST", "/", &json!({}))
        .await
        .unwrap();
    assert_eq!(reply.status, 500, "{function}");
    assert_eq!(reply.body["error"]["code"], "not_configured");
    assert!(!reply.body.to_string().contains("APPWRITE_DATABASE_ID"));
    assert!(
        reply.errors.contains(
            "not_configured: The function's variables are incomplete: APPWRITE_DATABASE_ID is not set. Set them with \
             `valyou vars push` and deploy it again."
        ),
        "{}",
        reply.errors
    );
}

#[test]
fn the_example_file_can_be_pushed_as_it_is() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.env.example");
    let text = std::fs::read_to_string(example).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let appwrite = appwrite(HOST).await;
        let (code, told) = direct(&appwrite, "push", &text).await;
        assert_eq!(code, Some(0), "{told}");
    });
}
