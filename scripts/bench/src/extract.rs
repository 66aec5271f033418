//! Extraction: what a page costs in a process that has read pages before and in a fresh one, beside html5ever's
//! tokenizer alone and cheerio, which JavaScript reads pages with. All read the same pages in the same run. Beside the time,
//! how much is allocated.

use std::cell::Cell;
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{ensure, Context};
use extraction::extract;
use extraction::page::Page;
use flate2::read::GzDecoder;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use stats_alloc::INSTRUMENTED_SYSTEM;

use super::server::Quartiles;

#[derive(clap::Args)]
pub(crate) struct Extract {
    /// Folder of pages, `.html` or `.html.gz`
    folder: PathBuf,
    /// Rounds over all pages
    #[arg(long, default_value = "5")]
    rounds: NonZeroUsize,
    /// Folder where `npm install cheerio` was run; without it nothing is compared with cheerio
    #[arg(long)]
    cheerio: Option<PathBuf>,
    /// Reads the first page only, once, and prints the nanoseconds
    #[arg(long, hide = true)]
    first: bool,
}

/// Pages that are read in fresh processes: a process for each costs more than the page.
const FIRST: usize = 20;

/// Reads pages from standard input, a length before each, and prints how long that took in milliseconds: once to get
/// warm, then as often as is asked.
const CHEERIO: &str = r#"
const cheerio = require("cheerio");
const input = require("fs").readFileSync(0);
const pages = [];
for (let at = 0; at < input.length;) {
  const length = input.readUInt32LE(at);
  pages.push(input.toString("utf8", at + 4, at + 4 + length));
  at += 4 + length;
}
for (let round = 0; round <= Number(process.argv[1]); round += 1) {
  const began = process.hrtime.bigint();
  for (const page of pages) cheerio.load(page).text();
  if (round > 0) console.log(Number(process.hrtime.bigint() - began) / 1e6);
}
"#;

impl Extract {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let files = files(&self.folder)?;
        if self.first {
            let page = read(files.first().context("the folder has no page")?)?;
            println!("{}", time(&page).as_nanos());
            return Ok(());
        }
        let pages: Vec<Page> = files
            .iter()
            .map(|file| read(file))
            .collect::<Result<_, _>>()?;
        let bytes: usize = pages.iter().map(|page| page.html.len()).sum();
        println!("{} pages, {} kB", pages.len(), bytes / 1_000);
        let rounds = self.rounds.get();
        let of_all = |read: fn(&Page) -> Duration| {
            let round = |_| pages.iter().map(read).sum::<Duration>().as_secs_f64() * 1e3;
            pages.iter().map(read).for_each(drop);
            (0..rounds).map(round).collect::<Vec<f64>>()
        };
        let tokenized = of_all(tokenize);
        let warm = of_all(time);
        let cheerio = self
            .cheerio
            .as_ref()
            .map(|folder| cheerio(folder, &pages, rounds));
        let cheerio = cheerio.transpose()?;
        let before = INSTRUMENTED_SYSTEM.stats().bytes_allocated;
        pages.iter().map(time).for_each(drop);
        let allocated = INSTRUMENTED_SYSTEM.stats().bytes_allocated - before;
        let count = pages.len() as f64;
        let per_page =
            |rounds: &[f64]| Quartiles::of(rounds.iter().map(|round| round / count)).median;
        let (tokenizer, extraction) = (per_page(&tokenized), per_page(&warm));
        println!("ms per page, median of {rounds} rounds");
        println!("  html5ever's tokenizer alone  {tokenizer:8.3}");
        println!(
            "  extraction, warm             {extraction:8.3}  {:.1} × the tokenizer",
            extraction / tokenizer
        );
        println!(
            "  of memory, warm              {:8.1} bytes allocated for each of a page",
            allocated as f64 / bytes as f64
        );
        if let Some(cheerio) = cheerio.as_deref().map(per_page) {
            println!(
                "  cheerio, load and text       {cheerio:8.3}  {:.1} × the extraction",
                cheerio / extraction
            );
        }
        let first = files
            .iter()
            .take(FIRST)
            .map(|file| first(file))
            .collect::<Result<Vec<f64>, _>>()?;
        let few = pages
            .iter()
            .take(FIRST)
            .map(|page| time(page).as_secs_f64() * 1e3);
        let (first, again) = (Quartiles::of(first).median, Quartiles::of(few).median);
        println!(
            "  extraction, first            {first:8.3}  {:.1} × the same {FIRST} pages warm",
            first / again
        );
        Ok(())
    }
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let entries = std::fs::read_dir(folder);
    let entries = entries.with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if name.ends_with(".html") || name.ends_with(".html.gz") {
            files.push(path);
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "{} has no page", folder.display());
    Ok(files)
}

fn read(file: &Path) -> anyhow::Result<Page> {
    let stored = std::fs::read(file).with_context(|| format!("cannot open {}", file.display()))?;
    let mut body = Vec::new();
    if file.extension().is_some_and(|ending| ending == "gz") {
        GzDecoder::new(stored.as_slice()).read_to_end(&mut body)?;
    } else {
        body = stored;
    }
    Ok(Page::new(None, &body, None))
}

fn time(page: &Page) -> Duration {
    let began = Instant::now();
    extract::profile(std::slice::from_ref(page));
    began.elapsed()
}

/// A page in a process of its own, by itself: what its start costs is not counted.
fn first(file: &Path) -> anyhow::Result<f64> {
    let mut process = Command::new(std::env::current_exe()?);
    let output = process.args(["extract", "--first"]).arg(file).output()?;
    ensure!(
        output.status.success(),
        "a page cannot be read in a process of its own"
    );
    let nanoseconds: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(nanoseconds / 1e6)
}

/// All tokens of a page, counted and thrown away.
fn tokenize(page: &Page) -> Duration {
    struct Count(Cell<usize>);
    impl TokenSink for Count {
        type Handle = ();
        fn process_token(&self, _: Token, _: u64) -> TokenSinkResult<()> {
            self.0.set(self.0.get() + 1);
            TokenSinkResult::Continue
        }
    }
    let began = Instant::now();
    let tokenizer = Tokenizer::new(Count(Cell::new(0)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&page.html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    began.elapsed()
}

fn cheerio(folder: &Path, pages: &[Page], rounds: usize) -> anyhow::Result<Vec<f64>> {
    let mut node = Command::new("node");
    node.args(["-e", CHEERIO, &rounds.to_string()]);
    node.env("NODE_PATH", folder.join("node_modules"));
    let mut node = node
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("node cannot be started")?;
    {
        let mut input = node.stdin.take().context("node takes no input")?;
        for page in pages {
            let length = u32::try_from(page.html.len())?;
            input.write_all(&length.to_le_bytes())?;
            input.write_all(page.html.as_bytes())?;
        }
    }
    let output = node.wait_with_output()?;
    ensure!(
        output.status.success(),
        "cheerio failed; run `npm install cheerio` in {}",
        folder.display()
    );
    let lines = String::from_utf8(output.stdout)?;
    lines.lines().map(|line| Ok(line.parse()?)).collect()
}
