//! `valyou enrich`: a proposed company profile from a website, a saved page or standard input, without any server.

use std::fmt::Display;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, ensure, Context};
use domain::document::Versioned;
use extraction::extract;
use extraction::page::Page;
use extraction::profile::{Address, EmployeeCount, Field, Method, Period, Reason, Revenue};
use extraction::proposal::Proposal;
use flate2::read::MultiGzDecoder;
use scrape_enrich::crawl::{self, Budget, Unread};
use scrape_enrich::fetch::{Fetcher, Limits};
use scrape_enrich::guard::{self, DevelopmentHosts, Guard, Resolver};
use scrape_enrich::reader::Reader;
use url::Url;

/// Longer pages are not read: the fetcher's own limit is far below.
const LARGEST: u64 = 64 * 1024 * 1024;

#[derive(clap::Args)]
pub(crate) struct Enrich {
    /// A saved page (.html or .html.gz), `-` for standard input, or the address of a website (https://…)
    source: String,
    /// Where a saved page came from; default: its canonical link, else its og:url
    #[arg(long)]
    url: Option<Url>,
    /// Print the document that a job row would hold
    #[arg(long)]
    json: bool,
}

impl Enrich {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let document = if self.source.contains("://") {
            ensure!(
                self.url.is_none(),
                "--url says where a saved page came from; a website says so itself"
            );
            from_website(&self.source)?
        } else {
            from_saved_page(&self.source, self.url)?
        };
        if self.json {
            let document = Versioned::new(document);
            println!("{}", serde_json::to_string_pretty(&document)?);
        } else {
            print!("{}", table(&document));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads the website as the function does: only public addresses, robots.txt obeyed, a few pages.
fn from_website(address: &str) -> anyhow::Result<Proposal> {
    let start = guard::parse(address).map_err(|refusal| anyhow!("{refusal}"))?;
    let guard = Guard::new(Resolver::System, DevelopmentHosts::default());
    let fetcher = Fetcher::new(guard, Limits::default());
    let budget = Budget::default();
    let deadline = tokio::time::Instant::now() + budget.time;
    let mut reader = Reader::new()?;
    let read = async {
        crawl::read_site(&start, &fetcher, &mut reader, budget, deadline).await?;
        let document = reader.profile(start.clone()).await;
        document.map_err(Unread::Unreadable)
    };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?
        .block_on(read)
        .map_err(|unread| anyhow!("{unread}"))
}

fn from_saved_page(source: &str, url: Option<Url>) -> anyhow::Result<Proposal> {
    let mut page = Page::new(url, &read(source)?, None);
    if page.url.is_none() {
        page.url = page.document().address();
    }
    let pages = [page];
    let profile = extract::profile(&pages);
    Ok(Proposal::new(pages[0].url.clone(), &pages, profile))
}

fn read(source: &str) -> anyhow::Result<Vec<u8>> {
    let mut raw = Vec::new();
    if source == "-" {
        ensure!(
            !std::io::stdin().is_terminal(),
            "standard input is a terminal: pipe a page into it or name a file"
        );
        std::io::stdin()
            .take(LARGEST + 1)
            .read_to_end(&mut raw)
            .context("cannot read standard input")?;
    } else {
        let path: PathBuf = Path::new(source).to_owned();
        let about = std::fs::metadata(&path).with_context(|| {
            format!("cannot read {source}; for a website write https://{source}")
        })?;
        ensure!(
            !about.is_dir(),
            "{source} is a directory: name one saved page"
        );
        std::fs::File::open(&path)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut raw))
            .with_context(|| format!("cannot read {source}"))?;
    }
    if raw.starts_with(&[0x1f, 0x8b]) {
        let packed = std::mem::take(&mut raw);
        MultiGzDecoder::new(packed.as_slice())
            .take(LARGEST + 1)
            .read_to_end(&mut raw)
            .with_context(|| format!("{source} looks like gzip but cannot be unpacked"))?;
    }
    ensure!(
        raw.len() as u64 <= LARGEST,
        "{source} is larger than {} MiB",
        LARGEST >> 20
    );
    ensure!(
        !raw.iter().all(u8::is_ascii_whitespace),
        "{source} is empty"
    );
    ensure!(is_markup(&raw), "{source} is not an HTML page");
    Ok(raw)
}

/// HTML in a byte encoding has a tag and no zero bytes; in UTF-16 it begins with a byte order mark.
fn is_markup(body: &[u8]) -> bool {
    if body.starts_with(&[0xfe, 0xff]) || body.starts_with(&[0xff, 0xfe]) {
        return true;
    }
    let head = &body[..body.len().min(64 * 1024)];
    !head.contains(&0)
        && head.windows(2).any(|pair| {
            pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || b"!/?".contains(&pair[1]))
        })
}

pub(crate) fn table(document: &Proposal) -> String {
    let profile = &document.profile;
    let mut out = String::new();
    if let Some(source) = &document.source {
        out.push_str(&format!("{source}\n\n"));
    }
    out.push_str(&row("name", &profile.name, Clone::clone));
    out.push_str(&row("industry", &profile.industry, Clone::clone));
    out.push_str(&row("website", &profile.website, Clone::clone));
    out.push_str(&row("customers", &profile.customer_names, |names| {
        names.join(", ")
    }));
    out.push_str(&row("revenue", &profile.revenue, revenue));
    out.push_str(&row("employees", &profile.employee_count, employees));
    out.push_str(&row("address", &profile.address, address));
    out
}

fn row<T>(name: &str, field: &Field<T>, show: impl Fn(&T) -> String) -> String {
    match field {
        Field::Blank(blank) => format!("{name:10} -  ({})\n", reason(blank.blank)),
        Field::Stated(stated) => {
            let value = printable(show(&stated.value));
            let method = method(stated.method);
            let mut out = format!(
                "{name:10} {value}  ({:.0} %, {method})\n",
                stated.confidence * 100.0
            );
            for evidence in stated.evidence.iter().take(8) {
                let quote: String = evidence.quote.chars().take(160).collect();
                out.push_str(&format!(
                    "{:10}   “{}” at {}\n",
                    "",
                    printable(quote),
                    evidence.start
                ));
            }
            out
        }
    }
}

/// A page must not be able to send control sequences to the terminal.
fn printable(text: impl Display) -> String {
    text.to_string()
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

fn revenue(revenue: &Revenue) -> String {
    let period = match revenue.period {
        Period::Year => "year",
        Period::Quarter => "quarter",
        Period::Month => "month",
    };
    format!("{} {} a {period}", revenue.amount, revenue.currency)
}

fn employees(count: &EmployeeCount) -> String {
    match (count.min, count.max) {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => String::new(),
    }
}

fn address(address: &Address) -> String {
    [
        &address.street,
        &address.postal_code,
        &address.city,
        &address.country,
    ]
    .into_iter()
    .flatten()
    .map(String::as_str)
    .collect::<Vec<_>>()
    .join(", ")
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NotStated => "the pages do not say it",
        Reason::Ambiguous => "the pages say several things that cannot all be true",
        Reason::JsOnly => "the page shows next to nothing without running its scripts",
        Reason::Robots => "robots.txt asks not to read the page",
        Reason::Parked => "the domain shows a placeholder",
        Reason::FetchFailed => "no page could be fetched",
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::JsonLd => "JSON-LD",
        Method::Microdata => "microdata",
        Method::Meta => "meta",
        Method::Imprint => "imprint",
        Method::Text => "text",
        Method::Model => "model",
    }
}
