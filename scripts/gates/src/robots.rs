//! robots.txt files of well-known sites answer as two other parsers agree they do.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{ensure, Context};
use scrape_enrich::robots::{Robots, AGENT};
use serde::Deserialize;
use url::Url;

/// One line of robots.jsonl: a file and what it says to us.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    id: String,
    file: String,
    user_agent: String,
    crawl_delay: Option<f64>,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    url: Url,
    allowed: bool,
    /// The other parsers do not agree; counted, not judged.
    #[serde(default)]
    disputed: bool,
}

pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let (mut agreed, mut judged, mut disputed) = (0, 0, 0);
    let mut missed = Vec::new();
    let list = folder.join("robots.jsonl");
    let text = fs::read_to_string(&list).with_context(|| list.display().to_string())?;
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).with_context(|| list.display().to_string())?;
        ensure!(case.user_agent == AGENT, "{}: another agent", case.id);
        let file = folder.join(&case.file);
        let robots = Robots::parse(&fs::read(&file).with_context(|| file.display().to_string())?);
        if robots.crawl_delay() != case.crawl_delay.map(Duration::from_secs_f64) {
            missed.push(format!(
                "{} crawl delay {:?}",
                case.id,
                robots.crawl_delay()
            ));
        }
        for check in case.checks {
            let same = robots.allows(&check.url) == check.allowed;
            if check.disputed {
                disputed += 1;
                println!(
                    "robots: disputed {} {} {}",
                    case.id,
                    check.url,
                    if same { "same" } else { "other" }
                );
                continue;
            }
            judged += 1;
            if same {
                agreed += 1;
            } else {
                missed.push(format!("{} {}", case.id, check.url));
            }
        }
    }
    println!("robots: {agreed} of {judged} answers agree, {disputed} disputed left out");
    ensure!(missed.is_empty(), "other answers: {}", missed.join(", "));
    ensure!(judged > 0, "no cases");
    Ok(())
}
