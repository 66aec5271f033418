//! Rules of the house that the compiler cannot check.

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/pages.rs"]
mod pages;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use domain::rows::{
    size, ActionStatus, ActivityLog, EnrichmentSource, InviteStatus, ItemType, JobStatus, LinkType,
    MemberSkills, OkrItem, OkrLink, OrgInvite, Organization, PersonalAccessToken, PrivacyMode,
    Report, ReportType, RevenuePeriod, Row, ScrapeJob, TokenScope, Workspace, WorkspaceMembership,
    WorkspaceRole,
};
use serde_json::{json, Value};

const DESCRIPTION: &str = include_str!("../../appwrite.json");
const DATABASES: [&str; 2] = ["main_database", "main_dev"];

fn description() -> Value {
    serde_json::from_str(DESCRIPTION).expect("appwrite.json is JSON")
}

fn columns(database: &str, table: &str) -> BTreeMap<String, Value> {
    let description = description();
    let tables = description["tables"].as_array().expect("a list of tables");
    let found = tables
        .iter()
        .find(|t| t["$id"] == table && t["databaseId"] == database);
    let columns = found.unwrap_or_else(|| panic!("appwrite.json lacks {table} in {database}"))
        ["columns"]
        .clone();
    let columns = columns.as_array().expect("a list of columns").clone();
    columns
        .into_iter()
        .map(|column| (column["key"].as_str().expect("a key").to_owned(), column))
        .collect()
}

/// A value that a column takes, from its description alone.
fn example(column: &Value) -> Value {
    let one = match (column["type"].as_str(), column["format"].as_str()) {
        (Some("string"), Some("enum")) => column["elements"][0].clone(),
        (Some("datetime"), _) => json!("2026-01-02T03:04:05.678+00:00"),
        (Some("boolean"), _) => json!(true),
        (Some("integer"), _) => json!(7),
        (Some("double"), _) => json!(1.5),
        _ => json!("x1"),
    };
    if column["array"] == true {
        json!([one])
    } else {
        one
    }
}

/// The type reads a row that has every column and one that has only the required ones, and writes exactly the columns
/// of the description.
fn check<R: Row>() {
    for database in DATABASES {
        let columns = columns(database, R::TABLE);
        let full: Value = columns
            .iter()
            .map(|(key, column)| (key.clone(), example(column)))
            .collect();
        let read: R = serde_json::from_value(full.clone())
            .unwrap_or_else(|error| panic!("{} does not read a full row: {error}", R::TABLE));
        let written = serde_json::to_value(&read).expect("rows serialise");
        assert_eq!(written, full, "{} differs from its description", R::TABLE);

        let least: Value = columns
            .iter()
            .map(|(key, column)| {
                (
                    key.clone(),
                    if column["required"] == true {
                        example(column)
                    } else {
                        Value::Null
                    },
                )
            })
            .collect();
        serde_json::from_value::<R>(least).unwrap_or_else(|error| {
            panic!("{} demands a column that may be empty: {error}", R::TABLE)
        });
        for (key, _) in columns
            .iter()
            .filter(|(_, column)| column["required"] == true)
        {
            let mut without = full.clone();
            without[key] = Value::Null;
            assert!(
                serde_json::from_value::<R>(without).is_err(),
                "{}.{key} is required but its type takes nothing",
                R::TABLE
            );
        }
    }
}

#[test]
fn every_row_type_matches_its_table() {
    check::<Organization>();
    check::<OrgInvite>();
    check::<Workspace>();
    check::<WorkspaceMembership>();
    check::<OkrItem>();
    check::<OkrLink>();
    check::<ActivityLog>();
    check::<ScrapeJob>();
    check::<Report>();
    check::<MemberSkills>();
    check::<PersonalAccessToken>();
}

#[test]
fn every_enum_has_the_words_of_its_column() {
    let words: [(&str, &str, &[&str]); 14] = [
        ("organizations", "defaultPrivacyMode", PrivacyMode::WORDS),
        ("organizations", "revenuePeriod", RevenuePeriod::WORDS),
        (
            "organizations",
            "lastEnrichmentSource",
            EnrichmentSource::WORDS,
        ),
        ("org_invites", "status", InviteStatus::WORDS),
        ("org_invites", "workspaceRole", WorkspaceRole::WORDS),
        ("workspaces", "privacyMode", PrivacyMode::WORDS),
        ("workspace_memberships", "role", WorkspaceRole::WORDS),
        ("okr_items", "type", ItemType::WORDS),
        ("okr_items", "actionStatus", ActionStatus::WORDS),
        ("okr_links", "linkType", LinkType::WORDS),
        ("scrape_jobs", "status", JobStatus::WORDS),
        ("reports", "type", ReportType::WORDS),
        ("reports", "status", JobStatus::WORDS),
        ("pat", "scopes", TokenScope::WORDS),
    ];
    for database in DATABASES {
        for (table, column, expect) in words {
            assert_eq!(
                columns(database, table)[column]["elements"],
                json!(expect),
                "{table}.{column}"
            );
        }
    }
}

#[test]
fn every_size_is_that_of_its_column() {
    for database in DATABASES {
        for (table, column, size) in size::ALL {
            assert_eq!(
                columns(database, table)[*column]["size"],
                json!(size),
                "domain::rows::size: make {table}.{column} what appwrite.json says"
            );
        }
    }
}

#[test]
fn both_databases_are_described_alike() {
    let description = description();
    let of = |database: &str| -> Vec<Value> {
        let tables = description["tables"]
            .as_array()
            .expect("a list of tables")
            .iter();
        let own = tables
            .filter(|table| table["databaseId"] == database)
            .cloned();
        own.map(|mut table| {
            table["databaseId"] = Value::Null;
            table
        })
        .collect()
    };
    assert_eq!(of("main_database").len(), 11);
    assert_eq!(of("main_database"), of("main_dev"));
}

/// The platform stops a function at the timeout of the file; the code stops itself before that.
#[test]
fn functions_stop_themselves_before_the_platform_does() {
    use platform::cx::{LAST_WRITE, STOP_AFTER, TIMEOUT};

    assert!(STOP_AFTER < LAST_WRITE && LAST_WRITE < TIMEOUT);
    assert!(TIMEOUT.as_secs() + 60 <= platform::job::LEASE.as_secs());
    for function in description()["functions"]
        .as_array()
        .expect("a list of functions")
    {
        assert_eq!(
            function["timeout"],
            TIMEOUT.as_secs(),
            "in appwrite.json give {} the timeout that platform::cx::TIMEOUT says, or change that",
            function["$id"]
        );
    }
}

/// What a package does in a build follows from its features, and cargo adds up those that all packages of a build ask
/// for. The tools have crates that ask for more engines of regular expressions than the function would; so the function
/// asks for them, too, or its tests and the gates would measure another program than is deployed.
#[test]
fn the_tools_read_pages_with_the_engines_of_the_deployed_function() {
    let deployed = engines(&["--package", "extraction", "--edges", "normal"]);
    for build in [
        ["--package", "valyou", "--edges", "normal"].as_slice(),
        &["--package", "gates", "--edges", "normal"],
        &["--workspace", "--edges", "normal,dev"],
    ] {
        assert_eq!(
            engines(build),
            deployed,
            "{build:?} is built with other features: add them to the workspace's `regex`"
        );
    }
}

/// The crates that regular expressions are made of, with their features.
fn engines(build: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    const NAMES: [&str; 5] = [
        "aho-corasick",
        "memchr",
        "regex",
        "regex-automata",
        "regex-syntax",
    ];
    let mut engines = BTreeMap::new();
    for (package, features) in compiled(build) {
        let name = package.split(' ').next().unwrap_or_default();
        if NAMES.contains(&name) {
            // These stand for others that are named as well.
            let gathers = |feature: &str| ["", "default", "nfa", "perf"].contains(&feature);
            let features = features.split(',').filter(|feature| !gathers(feature));
            engines.insert(package, features.map(str::to_owned).collect());
        }
    }
    assert!(engines.len() >= 4, "cargo tree {build:?}: {engines:?}");
    engines
}

/// Cargo compiles a crate again where another build asks other features of it, and then all that stands on it: everything
/// of ours, if it is a crate as low as the one of numbers.
#[test]
fn tests_tool_gates_and_benchmarks_share_what_they_compile() {
    let tests = compiled(&["--workspace", "--edges", "normal,dev"]);
    for build in [
        ["--workspace", "--edges", "normal"].as_slice(),
        &["--package", "gates", "--edges", "normal"],
        &["--package", "bench", "--edges", "normal"],
    ] {
        let own = compiled(build);
        let again: Vec<_> = own.difference(&tests).collect();
        assert!(
            again.is_empty(),
            "{build:?} compiles again what tests have compiled: {again:#?}. Ask the same features of them wherever they are \
             named, or in scripts/world/Cargo.toml, on which all of these stand"
        );
    }
}

/// Every crate of a build, with the features that it is compiled with.
fn compiled(build: &[&str]) -> BTreeSet<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked"])
        .args(["--prefix", "none", "--format", "{p};{f}"])
        .args(build)
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree {build:?}: {said}");
    let crates = String::from_utf8(output.stdout).expect("cargo speaks UTF-8");
    // What stands below a crate is told once, and a mark the next time.
    let lines = crates.lines().map(|line| line.trim_end_matches(" (*)"));
    let crates = lines.filter_map(|line| line.split_once(';'));
    crates
        .map(|(package, features)| (package.to_owned(), features.to_owned()))
        .collect()
}
