//! Quotes and the words they are for, one of both or both falsified: made from the open pages, sentences and cases. What a
//! model points at with them must never be a value that the rules do not read by themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{ensure, Context};
use extraction::extract::pointed::{self, Pointers, Verdict};
use extraction::extract::{self, Profile};
use extraction::page::Page;
use extraction::profile::Field;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::data::{lines, unpacked};

/// Fewer pairs than this measure nothing.
const LEAST: usize = 10_000;

/// Sentences and addresses that are falsified: as many of each field, the first in the order of the files.
const MOST_OF_FIELD: usize = 60;

/// Bytes of a quote that a model may give.
const QUOTE: RangeInclusive<usize> = 8..=600;

#[derive(Deserialize)]
struct Line {
    org: Option<String>,
    text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Revenue,
    Staff,
    Address,
}

/// What stands somewhere and is true: the rules read the field there, and a model that quotes it is believed.
struct Truth {
    what: What,
    name: String,
    /// What stands around it.
    text: String,
    quote: String,
}

/// What is falsified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// What the model quotes.
    Quote,
    /// What the page says.
    Value,
    /// Both alike: the page says it, and the model quotes it.
    Both,
}

#[derive(Default)]
struct Count {
    pairs: usize,
    /// The quote stands on no page, or is none.
    no_quote: usize,
    /// A place that stands there states nothing, or several things.
    nothing: usize,
    /// What the page says now, which the rules read by themselves.
    agreed: usize,
    blanked: usize,
}

pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let truths = truths(folder)?;
    let mut counts: BTreeMap<(&'static str, Side), Count> = BTreeMap::new();
    let (mut kept, mut faults) = (0, 0);
    for truth in &truths {
        let page = page(&truth.name, truth.what, &truth.text);
        match point(&page, truth.what, &truth.quote) {
            (Verdict::Agreed, true) => kept += 1,
            other => println!("  not kept: {}: {other:?}", truth.quote),
        }
        for (kind, quote) in falsified(truth) {
            let text = truth.text.replacen(&truth.quote, &quote, 1);
            let other = self::page(&truth.name, truth.what, &text);
            for (side, page, quote) in [
                (Side::Quote, &page, &quote),
                (Side::Value, &other, &truth.quote),
                (Side::Both, &other, &quote),
            ] {
                let (verdict, is_rules) = point(page, truth.what, quote);
                let count = counts.entry((kind, side)).or_default();
                count.pairs += 1;
                match verdict {
                    Verdict::NotOnPage | Verdict::Unusable => count.no_quote += 1,
                    Verdict::NotStated | Verdict::Ambiguous => count.nothing += 1,
                    Verdict::Agreed => count.agreed += 1,
                    Verdict::Disagreed => count.blanked += 1,
                    Verdict::Stored => {}
                }
                if verdict == Verdict::Stored || !is_rules {
                    faults += 1;
                    println!(
                        "  {kind}, {side:?}: {quote} for {}: {verdict:?}",
                        truth.quote
                    );
                }
            }
        }
    }
    let mut all = 0;
    for ((kind, side), count) in &counts {
        all += count.pairs;
        println!(
            "{kind} in {side}: {} pairs; no quote {}, nothing said {}, read by the rules themselves {}, blanked {}",
            count.pairs, count.no_quote, count.nothing, count.agreed, count.blanked
        );
    }
    println!(
        "{} true quotes, {kept} kept; {all} falsified pairs, {faults} stored",
        truths.len()
    );
    ensure!(faults == 0, "a falsified pair was stored");
    ensure!(kept == truths.len(), "a true quote was dropped");
    ensure!(
        all >= LEAST,
        "{all} pairs are too few: the gate measures nothing"
    );
    Ok(())
}

impl Display for Side {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Quote => "quote",
            Self::Value => "value",
            Self::Both => "both",
        })
    }
}

/// True statements of the open sentences and cases, and of the blocks of the open pages that state something.
fn truths(folder: &Path) -> anyhow::Result<Vec<Truth>> {
    let mut sentences: Vec<(String, String)> = Vec::new();
    for file in [
        "company-facts/facts.jsonl",
        "../cases/cases.jsonl",
        "../cases/traps.jsonl",
    ] {
        for line in lines::<Line>(&folder.join(file))? {
            if let (Some(name), Some(text)) = (line.org, line.text) {
                sentences.push((name, text));
            }
        }
    }
    let pages = folder.join("company-profiles/pages");
    let mut files: Vec<_> = std::fs::read_dir(&pages)
        .with_context(|| pages.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    for file in files {
        let page = Page::new(None, &unpacked(&file)?, None);
        let profile = serde_json::to_value(extract::profile(std::slice::from_ref(&page)))?;
        let Some(name) = profile["name"]["value"].as_str() else {
            continue;
        };
        for field in ["revenue", "employeeCount", "address"] {
            let quote = profile[field]["evidence"][0]["quote"].as_str();
            sentences.extend(quote.map(|quote| (name.to_owned(), quote.to_owned())));
        }
    }
    let mut seen = BTreeSet::new();
    let mut truths: Vec<Truth> = Vec::new();
    for (name, text) in sentences {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for what in [What::Revenue, What::Staff, What::Address] {
            let is_read = by_rules(&page(&name, what, &text), what).is_some();
            let is_quote = text.chars().any(|c| c.is_ascii_digit()) && QUOTE.contains(&text.len());
            let count = truths.iter().filter(|truth| truth.what == what).count();
            if is_read && is_quote && count < MOST_OF_FIELD && seen.insert((what, text.clone())) {
                truths.push(Truth {
                    what,
                    name: name.clone(),
                    quote: text.clone(),
                    text: text.clone(),
                });
            }
        }
    }
    Ok(truths)
}

/// A page of an organisation's own that says this.
fn page(name: &str, what: What, text: &str) -> Page {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let (name, text) = (escaped(name), escaped(text));
    let said = match what {
        What::Revenue | What::Staff => format!("<h2>About us</h2><p>{text}</p>"),
        What::Address => format!("<h2>Contact</h2><address>{name}, {text}</address>"),
    };
    let html = format!("<title>{name}</title><h1>{name}</h1>{said}<footer>© {name}</footer>");
    let url = "https://www.example.com/".parse().ok();
    Page::new(url, html.as_bytes(), None)
}

/// What becomes of a quote on a page, and whether the field is what the rules read there by themselves, or blank.
fn point(page: &Page, what: What, quote: &str) -> (Verdict, bool) {
    let pages = std::slice::from_ref(page);
    let quote = Some(quote.to_owned());
    let mut pointers = Pointers::default();
    match what {
        What::Revenue => pointers.revenue = quote,
        What::Staff => pointers.employee_count = quote,
        What::Address => pointers.address = quote,
    }
    let (joined, verdicts) = pointed::profile(pages, &pointers);
    let verdict = verdicts.iter().next().unwrap_or(Verdict::Unusable);
    let joined = value(&joined, what);
    let is_rules = joined.is_none() || joined == by_rules(page, what);
    (verdict, is_rules)
}

/// What the rules read by themselves.
fn by_rules(page: &Page, what: What) -> Option<Value> {
    value(&extract::profile(std::slice::from_ref(page)), what)
}

fn value(profile: &Profile, what: What) -> Option<Value> {
    fn of<T: Serialize>(field: &Field<T>) -> Option<Value> {
        match field {
            Field::Stated(stated) => serde_json::to_value(&stated.value).ok(),
            Field::Blank(_) => None,
        }
    }
    match what {
        What::Revenue => of(&profile.revenue),
        What::Staff => of(&profile.employee_count),
        What::Address => of(&profile.address),
    }
}

/// Pairs of words, each of which becomes the other.
const SCALES: &[(&str, &str)] = &[
    ("million", "billion"),
    ("million", "thousand"),
    ("billion", "million"),
    ("Mio", "Mrd"),
    ("Millionen", "Tausend"),
    ("Mrd", "Mio"),
    ("millions", "milliards"),
    ("miljoen", "miljard"),
];

const CURRENCIES: &[&str] = &[
    "£", "€", "US$", "$", "EUR", "USD", "GBP", "CHF", "NOK", "SEK", "DKK", "Euro", "euros", "euro",
];

const WHO: &[(&str, &str)] = &[
    ("We ", "They "),
    ("we ", "our customers "),
    ("Our ", "Their "),
    ("our ", "the customer’s "),
    ("Wir ", "Unsere Kunden "),
    ("wir ", "die Kunden "),
    ("Unser", "Deren "),
    ("unser", "deren "),
    ("Nous ", "Ils "),
    ("Notre ", "Leur "),
    ("notre ", "leur "),
    ("Onze ", "Hun "),
    ("Wij ", "Zij "),
];

const NEGATIONS: &[(&str, &str)] = &[
    (" is ", " is not "),
    (" are ", " are not "),
    (" was ", " was not "),
    (" has ", " has never had "),
    (" have ", " do not have "),
    (" employs ", " does not employ "),
    (" employ ", " do not employ "),
    (" turned over ", " never turned over "),
    (" beschäftigt ", " beschäftigt nicht "),
    (" beschäftigen ", " beschäftigen keine "),
    (" erzielte ", " erzielte nie "),
    (" compte ", " ne compte pas "),
    (" with ", " without "),
    (" mit ", " ohne "),
    (" avec ", " sans "),
];

/// A quote with each change that can be made to it, by kind; each is another text than the quote.
fn falsified(truth: &Truth) -> Vec<(&'static str, String)> {
    let quote = &truth.quote;
    let mut all: Vec<(&'static str, String)> = Vec::new();
    let years: Vec<(usize, &str)> = runs(quote)
        .into_iter()
        .filter(|(_, run)| is_year(run))
        .collect();
    let figures: Vec<(usize, &str)> = runs(quote)
        .into_iter()
        .filter(|(_, run)| !is_year(run))
        .collect();
    let instead = |(start, run): (usize, &str), with: &str| {
        let (before, rest) = quote.split_at(start);
        format!("{before}{with}{}", rest.strip_prefix(run).unwrap_or(rest))
    };
    for figure in &figures {
        let run = figure.1;
        for with in [
            format!("1{run}"),
            format!("{run}0"),
            format!("9{}", run.get(1..).unwrap_or_default()),
            run.chars().rev().collect(),
            format!("{}3", run.get(..run.len() - 1).unwrap_or_default()),
            "7".to_owned(),
        ] {
            all.push(("number", instead(*figure, &with)));
        }
        for with in [
            "ninety-three",
            "dreiundneunzig",
            "quatre-vingt-treize",
            "dozens of",
            "several hundred",
        ] {
            all.push(("number word", instead(*figure, with)));
        }
        for with in [" million", " thousand", " hundred", " Tsd.", "k", " dozen"] {
            all.push(("scale", instead(*figure, &format!("{run}{with}"))));
        }
        for with in [
            format!("-{run}"),
            format!("−{run}"),
            format!("minus {run}"),
            format!("({run})"),
        ] {
            all.push(("sign", instead(*figure, &with)));
        }
        for with in [
            format!("not {run}"),
            format!("nicht {run}"),
            format!("no longer {run}"),
        ] {
            all.push(("negation", instead(*figure, &with)));
        }
    }
    for year in &years {
        for with in ["1987", "2009", "2031"] {
            all.push(("year", instead(*year, with)));
        }
        for with in ["Q1 ", "May ", "the first half of "] {
            all.push(("period", instead(*year, &format!("{with}{}", year.1))));
        }
    }
    for (kind, pairs) in [("scale", SCALES), ("company", WHO), ("negation", NEGATIONS)] {
        for (from, to) in pairs.iter().filter(|(from, _)| quote.contains(from)) {
            all.push((kind, quote.replacen(from, to, 1)));
        }
    }
    for (from, to) in [
        ("nnual", "onthly"),
        ("nnual", "uarterly"),
        ("year", "month"),
        ("Jahr", "Quartal"),
    ] {
        all.push(("period", quote.replacen(from, to, 1)));
    }
    if let Some(from) = CURRENCIES.iter().find(|currency| quote.contains(*currency)) {
        for to in CURRENCIES.iter().filter(|to| *to != from) {
            all.push(("currency", quote.replacen(from, to, 1)));
        }
    }
    for other in ["Birch Farms", "Our customer", "The group"] {
        all.push(("company", quote.replacen(&truth.name, other, 1)));
        all.push(("company", format!("{other}: {quote}")));
    }
    all.retain(|(_, changed)| changed != quote);
    all.sort_unstable();
    all.dedup();
    all
}

/// Digits in a row, and where they begin.
fn runs(text: &str) -> Vec<(usize, &str)> {
    let mut runs = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if c.is_ascii_digit() {
            let mut end = start + 1;
            while let Some((at, _)) = rest.next_if(|(_, c)| c.is_ascii_digit()) {
                end = at + 1;
            }
            runs.extend(text.get(start..end).map(|run| (start, run)));
        }
    }
    runs
}

fn is_year(run: &str) -> bool {
    run.len() == 4 && (run.starts_with("19") || run.starts_with("20"))
}
