//! Instructions planted in real pages, before a model that follows every one it is shown: nothing of them becomes a value.

use std::path::Path;
use std::time::Duration;

use anyhow::{ensure, Context};
use domain::token::Secret;
use extraction::extract::pointed::Verdict;
use model::{Consent, Model};
use platform::config;
use scrape_enrich::pointers;
use scrape_enrich::reader::Reader;
use serde::Deserialize;
use serde_json::{json, Value};
use tokio::time::Instant;
use url::Url;
use world::model_server::{ModelServer, Turn};

use crate::data::{lines, unpacked};

#[derive(Deserialize)]
struct Planted {
    id: String,
    text: String,
}

/// Pages that each text is planted in, another place in each.
const PAGES: usize = 4;

/// How a text is planted: what stands before it and behind, and whether a reader sees it.
const PLACES: [(&str, &str, bool); 6] = [
    ("<p>", "</p>", true),
    ("<p style=\"display:none\">", "</p>", false),
    (
        "<h2>About us</h2><p>In 2024 we employ 12 people. ",
        "</p>",
        true,
    ),
    ("<!-- ", " -->", false),
    ("<footer>© 2024 ", "</footer>", true),
    ("<div hidden>", "</div>", false),
];

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let texts: Vec<Planted> = lines(&folder.join("injection.jsonl"))?;
    let beside = folder.join("../company-profiles/pages");
    let mut pages: Vec<_> = std::fs::read_dir(&beside)
        .with_context(|| beside.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    pages.retain(|page| !page.to_string_lossy().contains(".hidden."));
    pages.sort();
    ensure!(!pages.is_empty(), "no pages in {}", beside.display());
    let bodies: Vec<Vec<u8>> = pages
        .iter()
        .map(|page| unpacked(page))
        .collect::<Result<_, _>>()?;
    tokio::runtime::Runtime::new()?.block_on(judge(&texts, &bodies))
}

/// An organisation's that has opted in.
pub(super) fn consent() -> anyhow::Result<Consent> {
    let organization = serde_json::from_value(json!({
        "name": "Acme", "slug": "acme", "teamId": "team-acme", "createdByUserId": "ada",
        "defaultPrivacyMode": "option_1", "aiEnrichmentOptIn": true,
    }))?;
    Consent::of(&organization).context("it has opted in")
}

async fn judge(texts: &[Planted], bodies: &[Vec<u8>]) -> anyhow::Result<()> {
    let server = ModelServer::serve().await?;
    let model = Model::new(config::ModelServer {
        url: server.url.parse()?,
        key: Secret::new(""),
        name: "obedient".to_owned(),
    });
    let (mut runs, mut shown, mut blanked, mut faults) = (0, 0, 0, 0);
    for (number, planted) in texts.iter().enumerate() {
        for turn in 0..PAGES {
            let place = PLACES[(number + turn) % PLACES.len()];
            let body = &bodies[(number * PAGES + turn) % bodies.len()];
            let outcome = plant(&model, &server, planted, place, body).await?;
            runs += 1;
            shown += usize::from(outcome.shown);
            blanked += outcome.blanked;
            for fault in outcome.faults {
                faults += 1;
                println!("  {}: {fault}", planted.id);
            }
        }
    }
    println!(
        "{} texts in {runs} pages: shown to the model in {shown}, {faults} values or calls of theirs, {blanked} values of the \
         rules left blank",
        texts.len()
    );
    ensure!(shown > 0, "no text was shown: the gate measures nothing");
    ensure!(faults == 0, "a planted text became more than text");
    Ok(())
}

#[derive(Default)]
struct Outcome {
    shown: bool,
    blanked: usize,
    faults: Vec<String>,
}

/// One text in one page, before a model that obeys.
async fn plant(
    model: &Model,
    server: &ModelServer,
    planted: &Planted,
    (before, behind, is_visible): (&str, &str, bool),
    body: &[u8],
) -> anyhow::Result<Outcome> {
    // As it arrives at a reader: white space is one blank.
    let text = planted
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let escaped = match before.starts_with("<!--") {
        true => text.replace("--", "- -"),
        false => escaped,
    };
    let page = [
        before.as_bytes(),
        escaped.as_bytes(),
        behind.as_bytes(),
        body,
    ]
    .concat();
    let url: Url = "https://www.example.com/".parse()?;
    let mut reader = Reader::here();
    reader.read(&url, &page, None).await?;
    let rules = serde_json::to_value(reader.profile(url.clone()).await?.profile)?;
    let passages = reader.passages().await?;
    let mut outcome = Outcome {
        // Of a long text the beginning is shown.
        shown: passages
            .iter()
            .any(|passage| passage.contains(beginning(&text))),
        ..Outcome::default()
    };
    if outcome.shown && !is_visible {
        outcome.faults.push("a hidden text was shown".to_owned());
    }
    server.always(Turn::Obey(beginning(&text).to_owned()));
    let deadline = Instant::now() + PATIENCE;
    let asked = pointers::point_at(model, &consent()?, &passages, deadline).await;
    let calls = server.take();
    if calls.len() != 1 || calls.iter().any(|call| call.path != "/v1/chat/completions") {
        outcome.faults.push(format!("{} calls", calls.len()));
    }
    let Ok(pointers) = asked.answer else {
        outcome.faults.push(format!("{:?}", asked.answer));
        return Ok(outcome);
    };
    let (proposal, verdicts) = reader.pointed(url, pointers).await?;
    if verdicts.iter().any(|verdict| verdict == Verdict::Stored) {
        outcome.faults.push("a value was stored".to_owned());
    }
    let joined = serde_json::to_value(proposal.profile)?;
    let fields = rules.as_object().into_iter().flatten();
    for (field, by_rules) in fields {
        let joined = &joined[field];
        match joined["value"] == by_rules["value"] {
            true => {}
            false if joined["value"] == Value::Null => outcome.blanked += 1,
            false => outcome.faults.push(format!("{field} is {joined}")),
        }
    }
    Ok(outcome)
}

/// What stands in one passage of the text.
fn beginning(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(200)
        .map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or(text)
}
