//! The charts of reports in several versions of Mermaid, in a browser: each draws what it should and nothing else,
//! whatever titles hold.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::rows::{ActionStatus, ItemType, PrivacyMode};
use fastrand::Rng;
use report_generate::moment::DAY;
use report_generate::snapshot::Language;
use report_generate::statements::Statement;
use serde::Serialize;

use self::titles::{title, HOSTILE};
use self::workspace::{at, edit, random, Workspace, WrittenReport, NOW};

#[path = "../../functions/report-generate/tests/pure/titles.rs"]
mod titles;
#[expect(dead_code, reason = "the tests of report-generate use more of it")]
#[path = "../../functions/report-generate/tests/pure/workspace.rs"]
mod workspace;

const LANGUAGES: [Language; 2] = [Language::En, Language::De];

/// Objectives of a made workspace, and items of it: as many as one flowchart shows and one gantt.
const OBJECTIVES: usize = 4;
const ITEMS: usize = 20;

/// A chart and what a drawing of it has to show.
#[derive(Debug, Serialize)]
struct Chart {
    name: String,
    source: String,
    kind: &'static str,
    labels: Vec<String>,
    links: usize,
}

impl Chart {
    fn new(name: String, source: &str) -> Self {
        let mut lines = source.lines();
        let first = lines.next().unwrap();
        let kind = ["pie", "gantt", "flowchart"];
        let kind = *kind.iter().find(|kind| first.starts_with(**kind)).unwrap();
        let label = |line: &str| match kind {
            // A slice, a task, a node; what else there is has no label of a drawing's part.
            "pie" => Some(line.trim().strip_prefix('"')?.split_once('"')?.0.to_owned()),
            "gantt" => Some(line.split_once(" : ")?.0.trim().to_owned()),
            _ => {
                let (_, label) = line.split_once("[\"")?;
                Some(label.strip_suffix("\"]")?.to_owned())
            }
        };
        Self {
            name,
            kind,
            labels: lines.clone().filter_map(label).collect(),
            links: lines.filter(|line| line.contains(" --> ")).count(),
            source: source.to_owned(),
        }
    }
}

/// The charts of a page.
fn charts(name: &str, markdown: &str) -> Vec<Chart> {
    let blocks = markdown.split("\n```mermaid\n").skip(1);
    let sources = blocks.map(|block| block.split_once("\n```").unwrap().0);
    sources
        .map(|source| Chart::new(name.to_owned(), source))
        .collect()
}

/// The charts of a report. How many pieces and links each has its statements say, whatever stands in the lines.
fn charts_of(name: &str, made: &WrittenReport) -> Vec<Chart> {
    let expect: Vec<(usize, usize)> = (made.findings.iter())
        .filter_map(|finding| match &finding.statement {
            Statement::Tree { branches, .. } => {
                let leaves = branches.iter().map(|branch| branch.leaves.len()).sum();
                Some((branches.len() + leaves, leaves))
            }
            Statement::States {
                done,
                started,
                pending,
                ..
            } => {
                let counts = [done, started, pending];
                Some((counts.into_iter().filter(|count| **count > 0).count(), 0))
            }
            Statement::Timeline { late, coming, .. } => Some((late.len() + coming.len(), 0)),
            _ => None,
        })
        .filter(|(pieces, _)| *pieces > 1)
        .collect();
    let charts = charts(name, &made.markdown);
    let found: Vec<(usize, usize)> = charts
        .iter()
        .map(|chart| (chart.labels.len(), chart.links))
        .collect();
    assert_eq!(found, expect, "{name}: {}", made.markdown);
    charts
}

/// Every title by itself, once as an objective or key result and once as what is overdue or coming up.
fn of_every_title(all: &mut Vec<Chart>) {
    for (n, titles) in HOSTILE.chunks(ITEMS).enumerate() {
        let mut made = Workspace::new(&["ada"]);
        for (place, title) in titles.iter().enumerate() {
            let id = format!("i{place:02}");
            let parent = format!("i{:02}", place % OBJECTIVES);
            let item = match place < OBJECTIVES {
                true => made.add(ItemType::Objective, &id, None, title, "ada"),
                false => made.add(ItemType::KeyResult, &id, Some(&parent), title, "ada"),
            };
            let days = place as i64 - 6;
            item.columns.due_date = Some(at(NOW + days * DAY));
        }
        for (n, status) in [ActionStatus::Done, ActionStatus::Pending]
            .into_iter()
            .enumerate()
        {
            let id = format!("a{n}");
            made.action(&id, "i00", "Do it", "ada", status, Some("1"));
        }
        made.compute();
        for language in LANGUAGES {
            let report = made.report("ada", NOW, language, None);
            let charts = charts_of(&format!("titles {n}, {language:?}"), &report);
            let labels = charts.iter().map(|chart| chart.labels.len());
            assert_eq!(labels.sum::<usize>(), 2 * titles.len() + 2);
            all.extend(charts);
        }
    }
}

/// Random workspaces with titles of several parts, also very long ones.
fn of_random_titles(all: &mut Vec<Chart>) {
    let mut rng = Rng::with_seed(21);
    for round in 0..24 {
        let mut made = random(&mut rng, PrivacyMode::Open);
        edit(&mut rng, &mut made);
        for item in &mut made.items {
            item.columns.title = Some(title(&mut rng));
        }
        let report = made.report("ada", NOW + DAY, LANGUAGES[round % 2], None);
        all.extend(charts_of(&format!("random {round}"), &report));
    }
}

/// The pages that people have read.
fn of_pages(all: &mut Vec<Chart>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../functions/report-generate/tests/pure/snapshots");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        all.extend(charts(name, &std::fs::read_to_string(&file).unwrap()));
    }
}

#[test]
fn every_version_of_mermaid_in_use_draws_every_chart_as_it_is_meant_and_nothing_else() {
    let mut all = Vec::new();
    of_pages(&mut all);
    of_every_title(&mut all);
    of_random_titles(&mut all);
    for kind in ["pie", "gantt", "flowchart"] {
        let count = all.iter().filter(|chart| chart.kind == kind).count();
        assert!(count > 20, "{count} of {kind}");
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mermaid");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("charts.json");
    std::fs::write(&file, serde_json::to_vec(&all).unwrap()).unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/mermaid.mjs");
    let mut node = Command::new("node");
    let told = node.arg(program).arg(&file).current_dir(&folder).output();
    let told = match told {
        Ok(output) => {
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{complaint}");
            String::from_utf8(output.stdout).unwrap()
        }
        Err(_) => "skipped: Node is not on this machine\n".to_owned(),
    };
    // Past the harness, which keeps what a test prints to itself.
    if told.contains("skipped: ") {
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        return;
    }
    print!("{told}");
    assert_eq!(told.matches("holds: ").count(), 4, "{told}");
}
