//! Which crate may know which: functions stand on `shared/`, and nothing there stands on a function. So the vocabulary
//! compiles without network and door, and a function compiles only what it names. And which of the tools may know which,
//! and which folder of the embedded Appwrite.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tests::pages;

use crate::source::{appwrite, crates, folder_of, is_deployed, is_tool, list, metadata, text};

/// The packages under `shared/` that talk with others, wait or are told by the platform; all others there are pure.
const NOT_PURE: [&str; 2] = ["model", "platform"];

/// What pure packages may stand on beside one another: none of these talks with anybody or waits.
const PURE_STANDS_ON: [&str; 10] = [
    "chrono",
    "idna",
    "rustc-hash",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "unicode-normalization",
    "url",
    "uuid",
];

/// The modules that may name the types of the platform, beside the root of each function.
const NAMES_OPENRUNTIMES: [&str; 2] = ["shared/platform serve", "shared/platform request"];

/// The modules that may name the HTTP client, each with those below it.
const NAMES_REQWEST: [&str; 4] = [
    "functions/scrape-enrich fetch",
    "shared/model transport",
    "shared/platform appwrite",
    "shared/platform serve",
];

/// What stands in `scripts/appwrite/src`, from the bottom up: each imports only what comes before it here. The root of
/// the crate, which starts all of it, is imported by none.
const APPWRITE: [&str; 12] = [
    "clock",
    "options",
    "workers",
    "wire",
    "storage",
    "access",
    "faults",
    "schema",
    "rows",
    "functions",
    "people",
    "server",
];

/// The packages under `scripts/`, from the bottom up, each with those of them that it may know. What a person runs and
/// what measures for us know nothing of each other, and what both stand on knows neither.
const TOOLS: [(&str, &[&str]); 8] = [
    ("runtime", &[]),
    ("bundle", &[]),
    ("appwrite", &["runtime"]),
    ("project", &[]),
    ("world", &["runtime", "bundle", "appwrite", "project"]),
    ("gates", &["runtime", "appwrite", "project", "world"]),
    (
        "bench",
        &["runtime", "appwrite", "project", "world", "gates"],
    ),
    ("valyou", &["bundle", "appwrite", "project", "world"]),
];

#[test]
fn what_is_pure_stands_on_what_is_pure() {
    let metadata = metadata();
    let shared: BTreeMap<&str, &Value> = list(&metadata, "packages")
        .filter(|package| is_shared(&folder_of(package)))
        .map(|package| (text(package, "name"), package))
        .collect();
    for name in NOT_PURE {
        assert!(
            shared.contains_key(name),
            "there is no {name} under shared/: take it out of NOT_PURE"
        );
    }
    let pure = |name: &str| shared.contains_key(name) && !NOT_PURE.contains(&name);
    for (name, package) in shared.iter().filter(|(name, _)| pure(name)) {
        let built = list(package, "dependencies").filter(|dependency| dependency["kind"] != "dev");
        let others: Vec<&str> = built
            .map(|dependency| text(dependency, "name"))
            .filter(|on| !pure(on) && !PURE_STANDS_ON.contains(on))
            .collect();
        assert!(
            others.is_empty(),
            "{name} is to be pure and depends on {others:?}. Move what needs that to a crate that is not, or add a crate \
             that does no input and output of its own to PURE_STANDS_ON"
        );
    }
}

fn is_shared(folder: &str) -> bool {
    folder == "shared" || folder.starts_with("shared/")
}

#[test]
fn what_is_deployed_depends_only_on_what_is_shared() {
    let metadata = metadata();
    let folders: BTreeMap<&str, String> = list(&metadata, "packages")
        .map(|package| (text(package, "name"), folder_of(package)))
        .collect();
    for package in list(&metadata, "packages") {
        let folder = folder_of(package);
        for dependency in list(package, "dependencies") {
            let name = text(dependency, "name");
            let Some(to) = folders.get(name).filter(|_| is_deployed(&folder)) else {
                continue;
            };
            let is_own = to.starts_with(&format!("{folder}/"));
            assert!(
                is_own && folder.starts_with("functions/") || is_shared(to),
                "{folder}/Cargo.toml depends on {name} in {to}. Functions know neither one another nor the tools, and \
                 what is shared knows no function: move what both need to a crate under shared/"
            );
        }
    }
}

#[test]
fn tools_know_only_those_below_them() {
    let metadata = metadata();
    let packages = list(&metadata, "packages");
    let tools: BTreeMap<&str, (String, &Value)> = packages
        .map(|package| (text(package, "name"), (folder_of(package), package)))
        .filter(|(_, (folder, _))| is_tool(folder))
        .collect();
    let name = |folder: &str| folder.trim_start_matches("scripts/").to_owned();
    let mut found = BTreeMap::new();
    for (folder, package) in tools.values() {
        let known = list(package, "dependencies")
            .filter_map(|dependency| tools.get(text(dependency, "name")))
            .map(|(folder, _)| name(folder));
        found.insert(name(folder), known.collect::<BTreeSet<String>>());
    }
    let allowed = TOOLS.map(|(tool, known)| {
        let known = known.iter().map(|known| (*known).to_owned());
        (tool.to_owned(), known.collect())
    });
    assert_eq!(
        found,
        BTreeMap::from(allowed),
        "left: the packages under scripts/, each with those that its Cargo.toml names; right: TOOLS. Move what two need to \
         one below both, or hand it in. What nobody needs any more is taken out of TOOLS"
    );
    for (place, (tool, known)) in TOOLS.iter().enumerate() {
        let below = TOOLS[..place].iter().map(|(below, _)| below);
        let below: BTreeSet<&&str> = below.collect();
        let above: Vec<&&str> = known
            .iter()
            .filter(|known| !below.contains(known))
            .collect();
        assert!(above.is_empty(), "TOOLS: {above:?} stand above {tool}");
    }
}

#[test]
fn only_these_modules_name_the_platform_and_the_client() {
    let mut found = BTreeMap::from([
        ("openruntimes", BTreeSet::new()),
        ("reqwest", BTreeSet::new()),
    ]);
    let mut allowed = BTreeMap::from([
        ("openruntimes", NAMES_OPENRUNTIMES.to_vec()),
        ("reqwest", NAMES_REQWEST.to_vec()),
    ]);
    let crates = crates();
    for one in &crates {
        if one.folder.starts_with("functions/") && one.folder.matches('/').count() == 1 {
            let roots = allowed.get_mut("openruntimes");
            roots.expect("the name").push(&one.folder);
        }
        for (path, module) in &one.modules {
            for (name, found) in &mut found {
                let named = |path: &Vec<String>| path.first().is_some_and(|first| first == name);
                if module.paths.iter().any(named) {
                    let module = format!("{} {}", one.folder, path.join("::"));
                    found.insert(module.trim_end().to_owned());
                }
            }
        }
    }
    for (name, found) in &found {
        let allowed = &allowed[name];
        let is_in = |module: &str, allowed: &str| {
            let below = module.strip_prefix(allowed);
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let others: Vec<&String> = found
            .iter()
            .filter(|module| !allowed.iter().any(|allowed| is_in(module, allowed)))
            .collect();
        assert!(
            others.is_empty(),
            "{name} is named in {others:?}. Only these know it: {allowed:?}. Ask one of them, or hand in what it gives"
        );
        let unused: Vec<&&str> = allowed
            .iter()
            .filter(|allowed| !found.iter().any(|module| is_in(module, allowed)))
            .collect();
        assert!(
            unused.is_empty(),
            "{name} is no more named in {unused:?}: take these out of the list"
        );
    }
}

/// Whatever is named in a manifest is compiled at every deployment.
#[test]
fn every_crate_that_is_compiled_is_named_in_the_code() {
    let crates = crates();
    let metadata = metadata();
    let mut unused = Vec::new();
    for package in list(&metadata, "packages") {
        let folder = folder_of(package);
        if !is_deployed(&folder) {
            continue;
        }
        let named: BTreeSet<&String> = crates
            .iter()
            .filter(|one| one.folder == folder)
            .flat_map(|one| one.modules.values())
            .flat_map(|module| module.paths.iter().filter_map(|path| path.first()))
            .collect();
        for dependency in list(package, "dependencies").filter(|one| one["kind"] != "dev") {
            let name = dependency["rename"].as_str();
            let name = name.unwrap_or_else(|| text(dependency, "name"));
            if !named.contains(&name.replace('-', "_")) {
                unused.push(format!("{folder}/Cargo.toml: {name}"));
            }
        }
    }
    assert!(
        unused.is_empty(),
        "None of the code names these; take them out, or make them dev-dependencies where tests do: {unused:#?}"
    );
}

#[test]
fn the_folders_of_the_embedded_appwrite_import_only_those_below() {
    let library = appwrite();
    let layer = |path: &[String]| {
        APPWRITE
            .iter()
            .position(|name| path.first().is_some_and(|first| first == name))
    };
    let mut against = Vec::new();
    for (path, module) in library.modules.iter().filter(|(path, _)| !path.is_empty()) {
        let own = layer(path);
        let own = own.unwrap_or_else(|| {
            panic!(
                "{} stands in no layer: move it into a folder, or name its own in APPWRITE",
                module.file
            )
        });
        for named in &module.paths {
            let Some(to) = library.leads_to(path, named) else {
                continue;
            };
            if layer(to).is_none_or(|to| to > own) {
                against.push(format!("{} names {}", module.file, named.join("::")));
            }
        }
    }
    assert!(
        against.is_empty(),
        "These import what lies above them: {against:#?}\nFrom the bottom up there are {APPWRITE:?}, and then the root. \
         Move what both need to the lower one, or hand in what it is to work on: the store, a value, a closure"
    );
    let unused: Vec<&&str> = APPWRITE
        .iter()
        .filter(|name| !library.modules.contains_key(&vec![(**name).to_owned()]))
        .collect();
    assert!(
        unused.is_empty(),
        "There is no {unused:?} any more: take it out of APPWRITE"
    );
}

#[test]
fn the_page_of_the_embedded_appwrite_tells_what_each_layer_is_for() {
    let page = pages::read("scripts/appwrite/README.md");
    let table = page
        .split("| folder | what it is for |")
        .nth(1)
        .unwrap_or_default();
    let rows = table
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    let told: Vec<&str> = cells
        .flat_map(|cell| cell.split(", "))
        .map(|name| name.trim_matches('`').trim_end_matches(".rs"))
        .collect();
    assert_eq!(
        told, APPWRITE,
        "left: the table of folders in scripts/appwrite/README.md; right: APPWRITE"
    );
}
