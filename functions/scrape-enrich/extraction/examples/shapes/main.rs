//! What hostile pages cost: memory and processor time of the whole reading, one child process for each.
//!
//! ```text
//! cargo run --release -p extraction --example shapes              # all shapes, each of 2 MB
//! cargo run --release -p extraction --example shapes -- --list    # their names
//! cargo run --release -p extraction --example shapes -- json      # those whose name has the word
//! cargo run --release -p extraction --example shapes -- page.html page.html.gz
//! ```
//!
//! Prints a table in Markdown and ends with 1 where a shape costs more than [`MOST_MEMORY`] or [`MOST_TIME`]. Built as
//! an example of its package, it has the features of the deployed function and no others. Linux only: it reads /proc.

use std::io::{Read, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

mod list;

use anyhow::{bail, ensure, Context, Result};
use extraction::extract;
use extraction::links::worth_reading;
use extraction::page::Page;
use extraction::proposal::Proposal;
use url::Url;

use list::{shapes, ADDRESSES};

/// What one execution may take above the idle process, in KiB: several of them fit into the smallest specification.
const MOST_MEMORY: u64 = 64 * 1024;

/// Processor time of one reading.
const MOST_TIME: Duration = Duration::from_secs(2);

/// Processor time after which a child is ended, and the row says so.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes of a page that the function reads.
const PAGE: usize = 2 * 1024 * 1024;

fn main() -> Result<ExitCode> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    match wanted.first().map(String::as_str) {
        Some("--list") => {
            for shape in shapes(PAGE) {
                println!("{}", shape.name);
            }
            return Ok(ExitCode::SUCCESS);
        }
        Some("--child") => return child().map(|()| ExitCode::SUCCESS),
        _ => {}
    }
    let (files, words): (Vec<String>, Vec<String>) = wanted
        .into_iter()
        .partition(|word| word.ends_with(".html") || word.ends_with(".html.gz"));
    println!("| shape | bytes | peak above idle, MB | processor, s | end |");
    println!("|---|---:|---:|---:|---|");
    let mut rows = 0;
    let mut broken = 0;
    let mut report = |name: &str, pages: &[Vec<u8>]| -> Result<()> {
        let cost = measure(pages)?;
        let too_much = !cost.ended || cost.memory > MOST_MEMORY || cost.time > MOST_TIME;
        rows += 1;
        broken += usize::from(too_much);
        println!(
            "| {name} | {} | {:.1} | {:.2} | {} |",
            pages.iter().map(Vec::len).sum::<usize>(),
            cost.memory as f64 / 1024.0,
            cost.time.as_secs_f64(),
            match (cost.ended, too_much) {
                (true, false) => "",
                (true, true) => "**over**",
                (false, _) => "**killed**",
            }
        );
        Ok(())
    };
    for file in &files {
        report(file.rsplit('/').next().unwrap_or(file), &[read_file(file)?])?;
    }
    for shape in shapes(PAGE) {
        let named = words.iter().any(|word| shape.name.contains(word.as_str()));
        if named || words.is_empty() && files.is_empty() {
            report(&shape.name, &shape.pages())?;
        }
    }
    println!("\n{rows} shapes, {broken} over the limit");
    Ok(ExitCode::from(u8::from(broken > 0)))
}

fn read_file(path: &str) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("{path} cannot be read"))?;
    if !path.ends_with(".gz") {
        return Ok(bytes);
    }
    let mut page = Vec::new();
    let mut unpacked = flate2::read::GzDecoder::new(bytes.as_slice());
    unpacked
        .read_to_end(&mut page)
        .with_context(|| format!("{path} cannot be unpacked"))?;
    Ok(page)
}

#[derive(Debug, Default)]
struct Cost {
    /// KiB that the process had at most, above what it had with the bytes of the pages in hand.
    memory: u64,
    /// User and system time.
    time: Duration,
    /// The child ended by itself and well.
    ended: bool,
}

/// Reads the pages in a child process. What a child cost that was ended is known from the last look at it.
fn measure(pages: &[Vec<u8>]) -> Result<Cost> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--child")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut input = child.stdin.take().context("the child has an input")?;
    input.write_all(&(pages.len() as u64).to_le_bytes())?;
    for page in pages {
        input.write_all(&(page.len() as u64).to_le_bytes())?;
        input.write_all(page)?;
    }
    drop(input);
    let mut output = child.stdout.take().context("the child has an output")?;
    let started = Instant::now();
    let mut last = Cost::default();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if let Ok(seen) = cost_of(&child.id().to_string()) {
            last = seen;
        }
        if last.time > PATIENCE || started.elapsed() > 10 * PATIENCE {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.is_some_and(|status| status.success()) {
        return Ok(last);
    }
    let mut said = String::new();
    output.read_to_string(&mut said)?;
    let mut numbers = said.split_whitespace().map(str::parse::<u64>);
    let (Some(Ok(memory)), Some(Ok(time))) = (numbers.next(), numbers.next()) else {
        bail!("the child said {said:?}");
    };
    let time = Duration::from_millis(time);
    Ok(Cost {
        memory,
        time,
        ended: true,
    })
}

/// Reads pages from standard input as the function does and says what it cost: KiB, and milliseconds.
fn child() -> Result<()> {
    let mut input = std::io::stdin().lock();
    let mut bodies = Vec::new();
    for _ in 0..number(&mut input)? {
        let mut body = vec![0; number(&mut input)?];
        input.read_exact(&mut body)?;
        bodies.push(body);
    }
    let idle = cost_of("self")?;
    let mut pages = Vec::new();
    for (body, address) in bodies.drain(..).zip(ADDRESSES) {
        pages.push(Page::new(Some(Url::parse(address)?), &body, None));
    }
    let start = pages.first().and_then(|page| page.url.clone());
    let start = start.context("a shape has a page")?;
    let links = worth_reading(&pages[0].html, &start);
    ensure!(links.len() <= ADDRESSES.len(), "one link of each kind");
    let profile = extract::profile(&pages);
    let document = serde_json::to_string(&Proposal::new(Some(start), &pages, profile))?;
    ensure!(
        document.len() < 1024 * 1024,
        "a document is small: {}",
        document.len()
    );
    let after = cost_of("self")?;
    let time = after.time - idle.time;
    println!("{} {}", after.memory - idle.memory, time.as_millis());
    Ok(())
}

fn number(input: &mut impl Read) -> Result<usize> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(usize::try_from(u64::from_le_bytes(bytes))?)
}

/// Peak memory and processor time of a process so far.
fn cost_of(process: &str) -> Result<Cost> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.context("no VmHWM in /proc")?.trim();
    let memory = peak.trim_end_matches("kB").trim().parse()?;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // Behind the name, which may have blanks: state is field 3, user and system time are 14 and 15, in hundredths.
    let (_, fields) = stat.rsplit_once(')').context("no name in /proc")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let (user, system) = (fields.get(11), fields.get(12));
    let (user, system) = user.zip(system).context("no times in /proc")?;
    let ticks = user.parse::<u64>()? + system.parse::<u64>()?;
    Ok(Cost {
        memory,
        time: Duration::from_millis(ticks * 10),
        ended: false,
    })
}
