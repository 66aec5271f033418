//! Knowing one function is knowing all: the same door, the ways in in one file, everything that decides pure.

use std::collections::BTreeSet;

use bundle::routes;

use crate::description;
use crate::source::{crates, list, Crate};

/// The modules that wait for somebody, beside the routes of each function: they fetch what a decision is made of, or
/// carry it out. All others decide, and are pure.
const WAITS: [&str; 13] = [
    "functions/invite-accept reads",
    "functions/invite-accept sweep",
    "functions/invite-accept writes",
    "functions/progress-recompute workspace",
    "functions/report-generate writer",
    "functions/scrape-enrich crawl",
    "functions/scrape-enrich fetch",
    "functions/scrape-enrich fetch::failure",
    "functions/scrape-enrich guard",
    "functions/scrape-enrich pointers",
    "functions/scrape-enrich reader",
    "functions/scrape-enrich robots",
    "functions/skill-map question",
];

/// Folder name and crate of every function.
fn functions() -> Vec<(String, Crate)> {
    let named = crates().into_iter().filter_map(|one| {
        let name = one.folder.strip_prefix("functions/")?.to_owned();
        (!name.contains('/')).then_some((name, one))
    });
    named.collect()
}

#[test]
fn the_bundle_the_description_and_the_folders_name_the_same_functions() {
    let folders: BTreeSet<String> = functions().into_iter().map(|(name, _)| name).collect();
    let listed: BTreeSet<String> = routes().map(|one| one.function().to_owned()).collect();
    assert_eq!(
        folders, listed,
        "left: folders under functions/, each of which calls itself by its name in Routes::new; right: the dependencies in \
         scripts/bundle/Cargo.toml"
    );
    let description = description();
    let described: BTreeSet<String> = list(&description, "functions")
        .map(|function| function["$id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(
        folders, described,
        "left: folders under functions/; right: the functions in appwrite.json"
    );
}

#[test]
fn every_function_has_the_same_shape() {
    for (name, one) in functions() {
        let root = &one.modules[&Vec::new()];
        let lib = code(&root.file);
        for line in [
            "pub fn main(context: Context) -> Response {",
            "    platform::serve(context, &ROUTES)",
            "pub static ROUTES: LazyLock<Routes> = LazyLock::new(|| {",
            &format!("    Routes::new(\"{name}\")"),
        ] {
            assert!(lib.contains(line), "{} lacks the line: {line}", root.file);
        }
        let begins = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
        let allowed = [
            "mod ",
            "pub mod ",
            "use ",
            "pub static ROUTES",
            "pub fn main",
        ];
        let other: Vec<&str> = lib
            .lines()
            .filter(begins)
            .filter(|line| !allowed.iter().any(|allowed| line.starts_with(allowed)))
            .collect();
        assert!(
            other.is_empty(),
            "{} is a table of contents: modules, ROUTES and main. Move the rest to a module: {other:?}",
            root.file
        );
        assert!(
            one.modules.contains_key(&vec!["routes".to_owned()]),
            "functions/{name} lacks src/routes.rs, the file of every way in"
        );
    }
}

#[test]
fn what_decides_does_not_wait() {
    let mut waiting = BTreeSet::new();
    for (_, one) in functions() {
        for (path, module) in &one.modules {
            if path.is_empty() || path[0] == "routes" {
                continue;
            }
            let text = code(&module.file);
            let waits = ["async ", ".await", "Cx"]
                .iter()
                .any(|word| text.contains(word));
            let name = format!("{} {}", one.folder, path.join("::"));
            if waits && !WAITS.contains(&name.as_str()) {
                waiting.insert(name);
            }
        }
    }
    assert!(
        waiting.is_empty(),
        "{waiting:?} wait for somebody. Hand in what they decide by, or name them in WAITS if they fetch it"
    );
}

/// What documents are called stands in one file, with their version.
#[test]
fn every_document_has_a_name_and_a_version() {
    for one in crates() {
        for module in one.modules.values() {
            let is_home = module.file == "shared/domain/src/document.rs";
            assert!(
                is_home || !code(&module.file).contains("\"valyourise/"),
                "{} spells a schema itself: make what it writes or reads a `domain::document::Document`",
                module.file
            );
        }
    }
}

/// A file without its comments and unit tests.
fn code(file: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let text = std::fs::read_to_string(format!("{root}/{file}"));
    let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.fold(String::new(), |code, line| code + line + "\n")
}
