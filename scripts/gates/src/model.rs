//! The open pages before a model of somebody's, whatever it says: what it proposes, what is dropped and why, what is stored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{ensure, Context};
use domain::token::Secret;
use extraction::extract::pointed::Verdict;
use model::Model;
use platform::config;
use scrape_enrich::pointers;
use scrape_enrich::reader::Reader;
use serde_json::Value;
use url::Url;

use crate::data::unpacked;
use crate::injection::consent;

/// A small model on a slow machine takes its time.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

#[derive(clap::Args)]
pub(super) struct Asked {
    folder: PathBuf,
    /// Where the model is asked, before /chat/completions
    #[arg(long)]
    url: Url,
    /// What its server calls it
    #[arg(long, default_value = "model")]
    name: String,
    /// So many pages, spread over all
    #[arg(long, default_value_t = 60)]
    pages: usize,
}

#[derive(Default)]
struct Count {
    asked: usize,
    without_answer: BTreeMap<String, usize>,
    proposed: usize,
    verdicts: BTreeMap<String, usize>,
    /// Values that are neither what the rules read by themselves nor blank.
    stored: usize,
}

impl Asked {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let folder = self.folder.join("pages");
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
            .with_context(|| folder.display().to_string())?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<_>>()?;
        // Each page is there a second time without its structured data, which a model is not shown anyway.
        files.retain(|file| !file.to_string_lossy().contains(".hidden."));
        files.sort();
        let step = (files.len() / self.pages.max(1)).max(1);
        let some: Vec<PathBuf> = files.into_iter().step_by(step).take(self.pages).collect();
        tokio::runtime::Runtime::new()?.block_on(self.judge(&some))
    }

    async fn judge(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        let model = Model::new(config::ModelServer {
            url: self.url.clone(),
            key: Secret::new(""),
            name: self.name.clone(),
        });
        let mut count = Count::default();
        let began = Instant::now();
        for file in files {
            ask(&model, file, &mut count).await?;
            println!("  {}: {} quotes so far", file.display(), count.proposed);
        }
        println!(
            "{} pages in {:.0} s: {} quotes proposed, {:?}; without an answer {:?}; {} values stored that the rules do not \
             read by themselves",
            count.asked,
            began.elapsed().as_secs_f64(),
            count.proposed,
            count.verdicts,
            count.without_answer,
            count.stored
        );
        ensure!(
            count.proposed > 0,
            "it proposed nothing: that measures nothing"
        );
        ensure!(
            count.stored == 0,
            "look at the values above: each has to be true"
        );
        Ok(())
    }
}

async fn ask(model: &Model, file: &Path, count: &mut Count) -> anyhow::Result<()> {
    let url: Url = "https://www.example.com/".parse()?;
    let mut reader = Reader::here();
    reader.read(&url, &unpacked(file)?, None).await?;
    let rules = serde_json::to_value(reader.profile(url.clone()).await?.profile)?;
    let passages = reader.passages().await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let asked = pointers::point_at(model, &consent()?, &passages, deadline).await;
    count.asked += 1;
    let pointers = match asked.answer {
        Ok(pointers) => pointers,
        Err(why) => {
            *count.without_answer.entry(format!("{why:?}")).or_default() += 1;
            return Ok(());
        }
    };
    let (proposal, verdicts) = reader.pointed(url, pointers).await?;
    for verdict in verdicts.iter() {
        count.proposed += 1;
        *count.verdicts.entry(format!("{verdict:?}")).or_default() += 1;
        if verdict == Verdict::Stored {
            println!("  {}: stored", file.display());
        }
    }
    let joined = serde_json::to_value(proposal.profile)?;
    for (field, by_rules) in rules.as_object().into_iter().flatten() {
        let value = &joined[field]["value"];
        if *value != by_rules["value"] && *value != Value::Null {
            count.stored += 1;
            println!("  {}: {field} is {value}", file.display());
        }
    }
    Ok(())
}
