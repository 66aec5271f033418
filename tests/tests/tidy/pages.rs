//! What the pages say of the code is so: their tables, links, paths and commands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bundle::routes;
use clap::error::ErrorKind;
use domain::rows::TokenScope;
use platform::config::{NeededBy, Variable, VARIABLES};
use platform::{OpenTo, Routes, When};
use project::description::Function;
use project::upload;
use project::Description;
use tests::pages::{self, Page, Table};

use super::DATABASES;

fn functions() -> Vec<Function> {
    let description = Description::read(&pages::root().join("appwrite.json"));
    description.expect("appwrite.json can be read").functions
}

fn code(text: impl std::fmt::Display) -> String {
    format!("`{text}`")
}

#[test]
fn the_readme_lists_every_function() {
    let rows = routes().map(|routes| {
        let name = routes.function();
        let manifest = pages::read(&format!("functions/{name}/Cargo.toml"));
        let described = manifest.lines().find_map(|line| {
            let text = line.strip_prefix("description = \"")?;
            text.strip_suffix('"')
        });
        let described =
            described.unwrap_or_else(|| panic!("functions/{name}/Cargo.toml needs a description"));
        vec![
            format!("[{name}](functions/{name}/README.md)"),
            described.to_owned(),
        ]
    });
    let table = Table {
        head: &["function", "what it does"],
        key: 0,
        by_hand: 0,
        rows: rows.collect(),
    };
    table.check("tidy", "README.md", "functions");
}

/// A new route fails here until its line is written, and the line until it says what the route takes and does.
#[test]
fn the_page_of_a_function_lists_its_routes() {
    for routes in routes() {
        let rows = routes.http().iter().map(|route| {
            let scope = match route.open_to {
                OpenTo::Users => "none",
                OpenTo::UsersAndTokens(scope) => TokenScope::word(scope),
            };
            vec![
                code(format!("{} {}", route.method, route.path)),
                route.who.to_owned(),
                scope.to_owned(),
            ]
        });
        let table = Table {
            head: &["route", "who may", "token scope", "takes", "does"],
            key: 0,
            by_hand: 2,
            rows: rows.collect(),
        };
        let page = format!("functions/{}/README.md", routes.function());
        table.check("tidy", &page, "routes");
    }
}

/// What starts a function beside its callers: its events in words, and its cron.
fn starts(routes: &Routes, described: &[Function]) -> (Vec<String>, Option<String>) {
    let name = routes.function();
    let described = described.iter().find(|described| described.id == name);
    let described = described.unwrap_or_else(|| panic!("appwrite.json lacks {name}"));
    let mut events = Vec::new();
    let mut subscribed = BTreeSet::new();
    for event in routes.events() {
        let (word, pattern) = match event.when {
            When::Created => ("a row is created in", "rows.*.create"),
            When::Written => ("a row is written in", "rows.*"),
        };
        events.push(format!("{word} `{}`", event.table));
        for database in DATABASES {
            let table = event.table;
            subscribed.insert(format!("databases.{database}.tables.{table}.{pattern}"));
        }
    }
    assert_eq!(
        described
            .events
            .iter()
            .cloned()
            .collect::<BTreeSet<String>>(),
        subscribed,
        "appwrite.json subscribes {name} to other events (left) than its routes take (right)"
    );
    assert_eq!(
        described.schedule.is_empty(),
        !routes.has_sweep(),
        "{name} needs both a schedule in appwrite.json and a sweep in its routes, or neither"
    );
    let cron = routes.has_sweep().then(|| code(&described.schedule));
    (events, cron)
}

#[test]
fn the_page_of_the_functions_tells_what_starts_them_beside_callers() {
    let described = functions();
    let rows = routes().map(|routes| {
        let (events, cron) = starts(routes, &described);
        let or_none = |text: String| {
            if text.is_empty() {
                "none".to_owned()
            } else {
                text
            }
        };
        let name = routes.function();
        vec![
            format!("[{name}]({name}/README.md)"),
            or_none(events.join(", ")),
            or_none(cron.unwrap_or_default()),
        ]
    });
    let table = Table {
        head: &["function", "event", "cron"],
        key: 0,
        by_hand: 0,
        rows: rows.collect(),
    };
    table.check("tidy", "functions/README.md", "events and crons");
}

#[test]
fn the_page_of_a_function_tells_what_events_and_the_cron_make_it_do() {
    let described = functions();
    for routes in routes() {
        let (events, cron) = starts(routes, &described);
        let cron = cron.map(|schedule| format!("the cron {schedule}"));
        let rows = events.into_iter().chain(cron).map(|start| vec![start]);
        let rows: Vec<Vec<String>> = rows.collect();
        if rows.is_empty() {
            continue;
        }
        let table = Table {
            head: &["when", "does"],
            key: 0,
            by_hand: 1,
            rows,
        };
        let page = format!("functions/{}/README.md", routes.function());
        table.check("tidy", &page, "events and cron");
    }
}

#[test]
fn the_page_of_the_functions_lists_every_failure_code() {
    let codes = domain::Code::ALL.iter();
    let mut rows: Vec<Vec<String>> = codes
        .map(|each| vec![each.status().to_string(), code(each.as_str())])
        .collect();
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    let table = Table {
        head: &["status", "code", "when"],
        key: 1,
        by_hand: 1,
        rows,
    };
    table.check("tidy", "functions/README.md", "failures");
}

#[test]
fn the_page_for_operators_and_the_example_file_list_every_variable() {
    let mut rows = Vec::new();
    let mut example = "\
# Variables of the functions. Copy this file to .env, fill it in, then: cargo run -q -- vars push
# A value with more in it than letters, digits and _-.,:/@%+= stands between single quotes.
"
    .to_owned();
    let described: BTreeSet<String> = functions().into_iter().map(|each| each.id).collect();
    for variable in VARIABLES {
        let Variable {
            name,
            needed_by,
            meaning,
            ..
        } = variable;
        if let NeededBy::Only(functions) = needed_by {
            assert!(
                functions.iter().all(|name| described.contains(*name)),
                "platform::config: {name} is needed by a function that appwrite.json does not have"
            );
        }
        let default = match variable.default {
            None => "none".to_owned(),
            Some("") => "empty".to_owned(),
            Some(default) => code(default),
        };
        let secret = if variable.secret { "yes" } else { "no" };
        rows.push(vec![
            code(name),
            needed_by.to_string(),
            default,
            secret.to_owned(),
            (*meaning).to_owned(),
        ]);
        let (optional, sign) = if variable.is_required() {
            ("", "")
        } else {
            (", may be left out", "# ")
        };
        let value = variable.example;
        example +=
            &format!("\n# {meaning}\n# needed by {needed_by}{optional}\n{sign}{name}={value}\n");
    }
    let table = Table {
        head: &["variable", "needed by", "default", "secret", "what it is"],
        key: 0,
        by_hand: 0,
        rows,
    };
    table.check("tidy", "scripts/README.md", "variables");
    pages::check_file("tidy", ".env.example", &example);
}

#[test]
fn the_page_for_operators_explains_every_scope() {
    let functions = functions();
    let mut having: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for function in &functions {
        for scope in &function.scopes {
            having.entry(scope).or_default().push(&function.id);
        }
    }
    let rows = having.into_iter().map(|(scope, mut having)| {
        having.sort_unstable();
        let having = match having.len() == functions.len() {
            true => "all functions".to_owned(),
            false => having.join(", "),
        };
        vec![code(scope), having]
    });
    let table = Table {
        head: &["scope", "functions", "why"],
        key: 0,
        by_hand: 1,
        rows: rows.collect(),
    };
    table.check("tidy", "scripts/README.md", "scopes");
}

#[test]
fn the_page_for_operators_lists_every_command() {
    let tool = valyou::command();
    let commands = tool
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let rows = commands.map(|command| {
        let about = command.get_about().map(ToString::to_string);
        vec![
            code(format!("valyou {}", command.get_name())),
            about.unwrap_or_default(),
        ]
    });
    let table = Table {
        head: &["command", "what it does"],
        key: 0,
        by_hand: 0,
        rows: rows.collect(),
    };
    table.check("tidy", "scripts/README.md", "commands");
}

/// A page is no part of a program, and whoever mends a sentence has not changed a function.
#[test]
fn no_upload_has_a_page_in_it() {
    for function in functions() {
        let files = upload::files(&pages::root(), &function).expect("the upload is listed");
        let page = files
            .iter()
            .find(|file| file.extension() == Some("md".as_ref()));
        assert_eq!(
            page, None,
            "leave pages out in the `ignore` of {} in appwrite.json",
            function.id
        );
    }
}

#[test]
fn every_link_leads_somewhere_and_every_page_is_reached_from_the_readme() {
    let pages = pages::all();
    let mut links: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for page in &pages {
        for link in prose(page).split("](").skip(1) {
            let (link, _) = link.split_once(')').expect("a link that ends");
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = match path {
                "" => page.path.clone(),
                _ => beside(&page.path, path),
            };
            assert!(
                pages::root().join(&path).exists(),
                "{}: {link} leads nowhere",
                page.path
            );
            let target = pages.iter().find(|other| other.path == path);
            let heading = target.map_or(anchor.is_empty(), |target| {
                anchor.is_empty() || anchors(target).any(|heading| heading == anchor)
            });
            assert!(heading, "{}: {link} names no heading of {path}", page.path);
            links.entry(&page.path).or_default().push(path);
        }
    }
    let mut reached = BTreeSet::new();
    let mut next = vec!["README.md".to_owned()];
    while let Some(page) = next.pop() {
        if reached.insert(page.clone()) {
            next.extend(links.get(page.as_str()).into_iter().flatten().cloned());
        }
    }
    let lost = pages.iter().find(|page| !reached.contains(&page.path));
    let lost = lost.map(|page| &page.path);
    assert_eq!(
        lost, None,
        "link this page from README.md or from one linked there"
    );
}

/// Whatever begins with a folder of the workspace is a path in it.
#[test]
fn every_path_is_there() {
    for page in pages::all() {
        for span in spans(&page) {
            let folders = [
                ".ci/",
                ".github/",
                "functions/",
                "scripts/",
                "shared/",
                "tests/",
            ];
            let is_path = folders.iter().any(|folder| span.starts_with(folder));
            let stands_for_many = span.contains(['<', '*', ' ']);
            if is_path && !stands_for_many {
                let there = pages::root().join(&span).exists();
                assert!(there, "{}: there is no {span}", page.path);
            }
        }
    }
}

#[test]
fn every_command_is_one_that_there_is() {
    let mut checked = 0;
    for page in pages::all() {
        for command in commands(&page) {
            let words = words(&command);
            let set = |word: &&String| {
                word.split_once('=')
                    .is_some_and(|(name, _)| is_variable(name))
            };
            let variables: Vec<&String> = words.iter().take_while(set).collect();
            let rest: Vec<&str> = words[variables.len()..]
                .iter()
                .map(String::as_str)
                .collect();
            let found = match rest[..] {
                ["cargo", "test", ref rest @ ..] => {
                    check_test(rest).and_then(|()| check_variables(&variables))
                }
                ["cargo", "run", ref rest @ ..] => check_run(rest),
                [name @ ("valyou" | "gates" | "bench"), ref rest @ ..] => {
                    program(name).and_then(|program| check_words(&program, rest))
                }
                [] if !variables.is_empty() => check_variables(&variables),
                _ => continue,
            };
            checked += 1;
            if let Err(why) = found {
                panic!("{}: `{command}`: {why}", page.path);
            }
        }
    }
    assert!(checked > 0);
}

#[test]
fn the_page_of_the_tests_tells_what_every_program_asks() {
    let page = pages::read("tests/README.md");
    let programs = fs::read_dir(pages::root().join("tests/tests")).expect("the tests' folder");
    for program in programs.flatten().map(|entry| entry.path()) {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        assert!(
            page.contains(&code(&name)),
            "say in the table of programs in tests/README.md what {name} asks"
        );
    }
}

/// The page without its blocks of code.
fn prose(page: &Page) -> String {
    let pieces = page.text.split("```");
    pieces.step_by(2).collect::<Vec<&str>>().concat()
}

/// What stands between single back-ticks.
fn spans(page: &Page) -> Vec<String> {
    let prose = prose(page);
    let pieces: Vec<&str> = prose.split('`').collect();
    assert!(
        pieces.len() % 2 == 1,
        "{}: a back-tick is missing",
        page.path
    );
    let spans = pieces.into_iter().skip(1).step_by(2);
    spans
        .map(|span| span.split_whitespace().collect::<Vec<&str>>().join(" "))
        .collect()
}

/// Everything that a reader may type into a shell.
fn commands(page: &Page) -> Vec<String> {
    let mut commands = spans(page);
    for block in page.text.split("```").skip(1).step_by(2) {
        if let Some(block) = block.strip_prefix("sh\n") {
            commands.extend(block.lines().map(str::to_owned));
        }
    }
    commands
}

/// The words of a command as a shell tells them apart, without what is a comment.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for character in command.chars() {
        match (quote, character) {
            (None, '#') if word.is_empty() => break,
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, character) => word.push(character),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn is_variable(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// What comes behind `cargo run` is what the program takes: the tool, or that of the package that is named.
fn check_run(words: &[&str]) -> Result<(), String> {
    let mut parts = words.splitn(2, |word| *word == "--");
    let before = parts.next().unwrap_or_default();
    let package = before.iter().skip_while(|word| **word != "-p").nth(1);
    let program = program(package.unwrap_or(&"valyou"))?;
    match parts.next() {
        Some(after) => check_words(&program, after),
        None => Ok(()),
    }
}

/// A program that the pages name, by that of its package.
fn program(name: &str) -> Result<clap::Command, String> {
    match name {
        "valyou" => Ok(valyou::command()),
        "gates" => Ok(gates::command()),
        "bench" => Ok(bench::command()),
        _ => Err(format!("{name} is no program of the pages")),
    }
}

/// Whether the program takes these words. They may be too few, but none too many.
fn check_words(program: &clap::Command, words: &[&str]) -> Result<(), String> {
    // One of several stands as a|b|c.
    let mut lines = vec![vec![program.get_name()]];
    for word in words {
        let choices: Vec<&str> = word.split('|').collect();
        lines = lines
            .into_iter()
            .flat_map(|line| {
                let choices = choices.iter();
                choices.map(move |choice| [line.as_slice(), &[*choice]].concat())
            })
            .collect();
    }
    lines.iter().try_for_each(|line| {
        let error = match program.clone().try_get_matches_from(line) {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::MissingRequiredArgument => Ok(()),
            _ => Err(error.to_string()),
        }
    })
}

/// `cargo test` names a package, a program of it and a test in that.
fn check_test(words: &[&str]) -> Result<(), String> {
    let (mut package, mut program, mut filter) = (None, None, None);
    let mut rest = words.iter().take_while(|word| **word != "--");
    while let Some(word) = rest.next() {
        match *word {
            "-p" => package = rest.next(),
            "--test" => program = rest.next(),
            "--profile" => drop(rest.next()),
            flag if flag.starts_with('-') => {}
            _ => filter = Some(word),
        }
    }
    let Some(package) = package else {
        return Ok(());
    };
    let folder = folder(package).ok_or(format!("there is no package {package}"))?;
    let Some(program) = program else {
        return Ok(());
    };
    let tests = folder.join("tests");
    let main = tests.join(format!("{program}.rs"));
    let mut sources = Vec::new();
    if main.exists() {
        sources.push(main);
    }
    let modules = fs::read_dir(tests.join(program)).into_iter().flatten();
    sources.extend(modules.flatten().map(|module| module.path()));
    if sources.is_empty() {
        return Err(format!("{package} has no test program {program}"));
    }
    let Some(filter) = filter else {
        return Ok(());
    };
    let is_there = sources.iter().any(|source| {
        let module = source.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(source).unwrap_or_default();
        let mut names = text.split("fn ").skip(1).map(|rest| {
            let end = rest.find(['(', '<']).unwrap_or_default();
            &rest[..end]
        });
        module.contains(*filter) || names.any(|name| name.contains(*filter))
    });
    match is_there {
        true => Ok(()),
        false => Err(format!("{program} has no test whose name holds {filter}")),
    }
}

/// Each variable is one that a source reads.
fn check_variables(variables: &[&String]) -> Result<(), String> {
    for variable in variables {
        let (name, _) = variable.split_once('=').unwrap_or_default();
        let quoted = format!("\"{name}\"");
        let folders = ["functions", "tests"].map(|folder| pages::root().join(folder));
        if !folders.iter().any(|folder| holds(folder, &quoted)) {
            return Err(format!("no test reads {name}"));
        }
    }
    Ok(())
}

/// Whether a source under the folder holds the text.
fn holds(folder: &Path, text: &str) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| {
        let path = entry.path();
        let is_source = path.extension() == Some("rs".as_ref());
        (path.is_dir() && holds(&path, text))
            || (is_source && fs::read_to_string(&path).is_ok_and(|source| source.contains(text)))
    })
}

/// The folder of a package, by its name.
fn folder(package: &str) -> Option<PathBuf> {
    let line = format!("name = \"{package}\"\n");
    let roots = [
        "",
        "shared",
        "functions",
        "functions/scrape-enrich",
        "scripts",
        "tests",
    ];
    roots.iter().find_map(|root| {
        let entries = fs::read_dir(pages::root().join(root)).ok()?;
        let mut folders = entries.flatten().map(|entry| entry.path());
        folders.find(|folder| {
            let manifest = fs::read_to_string(folder.join("Cargo.toml"));
            manifest.is_ok_and(|manifest| manifest.contains(&line))
        })
    })
}

/// A path as it is meant on a page, from the root.
fn beside(page: &str, path: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What can stand behind a # in links to this page: its headings, as GitHub names them.
fn anchors(page: &Page) -> impl Iterator<Item = String> {
    let prose = prose(page);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let named: Vec<String> = headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|character| {
                character.is_alphanumeric() || [' ', '-', '_'].contains(character)
            });
            kept.map(|character| if character == ' ' { '-' } else { character })
                .collect()
        })
        .collect();
    named.into_iter()
}
