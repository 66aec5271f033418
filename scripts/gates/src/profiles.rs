//! Profiles of real company pages against two truths: what the pages' own structured data says (weak) and what a
//! person read in the visible text (gold). Quotes are proved here a second time, by other means than the extractor's.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use anyhow::ensure;
use extraction::extract;
use extraction::extract::Profile;
use extraction::page::Page;
use extraction::profile::{Field, Stated};
use scraper::{ElementRef, Html, Node};
use serde::Deserialize;
use url::Url;

use crate::calibration::Calibration;
use crate::data::{lines, unpacked};
use crate::floors::{Count, NAMED, PROFILES};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Truth {
    id: String,
    page_url: Option<Url>,
    name: Option<String>,
    legal_name: Option<String>,
    url: Option<String>,
    street: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    country: Option<String>,
    number_of_employees: Option<Range>,
    #[serde(default)]
    visible: HashSet<String>,
}

#[derive(Deserialize)]
struct Range {
    min: Option<u32>,
    max: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gold {
    id: String,
    name: String,
    legal_name: Option<String>,
    industry: Option<String>,
    #[serde(default)]
    customer_names: Vec<String>,
    #[serde(default)]
    customer_quotes: Vec<String>,
    customer_names_complete: Option<bool>,
    employees: Option<Range>,
    address: Option<GoldAddress>,
    #[serde(default)]
    absent: HashSet<String>,
    #[serde(default)]
    unclear: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GoldAddress {
    street: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
}

#[derive(Default)]
struct Tally {
    counts: BTreeMap<String, Count>,
    wrong: Vec<String>,
    missing: Vec<String>,
}

impl Tally {
    fn score(&mut self, what: &str, id: &str, found: Option<&str>, right: impl Fn(&str) -> bool) {
        let count = self.counts.entry(what.to_owned()).or_default();
        match found {
            None => {
                count.blank += 1;
                self.missing.push(format!("{what}, {id}"));
            }
            Some(found) if right(found) => count.right += 1,
            Some(found) => {
                count.wrong += 1;
                self.wrong.push(format!("{what}, {id}: {found}"));
            }
        }
    }
}

pub(super) fn run(folder: &Path, errors: bool) -> anyhow::Result<()> {
    let truths: Vec<Truth> = lines(&folder.join("truth.jsonl"))?;
    let golds: Vec<Gold> = lines(&folder.join("gold.jsonl"))?;
    let golds: HashMap<&str, &Gold> = golds.iter().map(|gold| (gold.id.as_str(), gold)).collect();
    let mut tally = Tally::default();
    let mut values: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut false_quotes = Vec::new();
    let mut named = 0;
    let mut calibration = Calibration::default();
    let mut slowest = (std::time::Duration::ZERO, String::new());
    for truth in &truths {
        for (variant, ending) in [("as collected", "html.gz"), ("text only", "hidden.html.gz")] {
            let path = folder.join("pages").join(format!("{}.{ending}", truth.id));
            let page = read(&path, truth.page_url.clone())?;
            let started = std::time::Instant::now();
            let profile = extract::profile(std::slice::from_ref(&page));
            let took = started.elapsed();
            if took > slowest.0 {
                slowest = (took, truth.id.clone());
            }
            for field in stated_fields(&profile) {
                *values.entry((variant, field)).or_default() += 1;
            }
            let raw = RawPage::new(&page.html);
            for evidence in profile.evidence() {
                if !raw.says(&evidence.quote) {
                    false_quotes.push(format!("{} ({variant}): {}", truth.id, evidence.quote));
                }
            }
            if variant == "as collected" {
                named += usize::from(truth.name.is_some() && value(&profile.name).is_some());
            }
            let gold = golds.get(truth.id.as_str());
            let read = gold.and_then(|gold| gold.address.as_ref());
            against_structured(&mut tally, variant, truth, read, &profile);
            calibrate(&mut calibration, truth, gold.copied(), &profile);
            if let Some(gold) = gold {
                against_gold(&mut tally, variant, gold, &profile);
            }
        }
    }
    println!("{} pages, each as collected and as text only", truths.len());
    println!("slowest page: {} in {:?}", slowest.1, slowest.0);
    println!("\nvalues proposed");
    for ((variant, field), count) in &values {
        println!("  {variant:14} {field:16} {count:4}");
    }
    println!("\n{:52} right wrong blank", "against the truth");
    for (what, count) in &tally.counts {
        println!(
            "  {what:50} {:5} {:5} {:5}",
            count.right, count.wrong, count.blank
        );
    }
    println!("\nwrong values");
    for line in &tally.wrong {
        println!("  {line}");
    }
    if errors {
        println!("\nmissing values");
        for line in &tally.missing {
            println!("  {line}");
        }
    }
    let with_name = truths.iter().filter(|truth| truth.name.is_some()).count();
    println!("\npages with a name, of the {with_name} whose structured data has one: {named}");
    println!(
        "quotes that do not stand on their page: {}",
        false_quotes.len()
    );
    for quote in false_quotes.iter().take(20) {
        println!("  {quote}");
    }
    calibration.check()?;
    ensure!(
        false_quotes.is_empty(),
        "{} quotes do not stand on their page",
        false_quotes.len()
    );
    ensure!(
        named * 100 >= with_name * NAMED,
        "only {named} of {with_name} pages have a name; promised are {NAMED} of a hundred"
    );
    for (what, floor) in PROFILES {
        // A folder without such truths promises nothing of them.
        match tally.counts.get(what) {
            Some(count) => floor.check(what, count)?,
            None => println!("not measured: {what}"),
        }
    }
    Ok(())
}

/// An address that a person `read` in the text is right, too: some pages show another than their structured data says.
fn against_structured(
    tally: &mut Tally,
    variant: &str,
    truth: &Truth,
    read: Option<&GoldAddress>,
    profile: &Profile,
) {
    let text_only = variant == "text only";
    let read = read.filter(|_| text_only);
    let same = |found: &str, truth: &str, part: fn(&GoldAddress) -> &Option<String>| {
        let mut known = std::iter::once(truth).chain(read.and_then(|read| part(read).as_deref()));
        known.any(|known| squeeze(found) == squeeze(known))
    };
    let counts = |field: &str| !text_only || truth.visible.contains(field);
    let id = truth.id.as_str();
    let key = |field: &str| format!("{variant}, structured truth: {field}");
    if let Some(name) = truth.name.as_ref().filter(|_| counts("name")) {
        let other = truth.legal_name.as_ref();
        tally.score(
            &key("name"),
            id,
            value(&profile.name).map(String::as_str),
            |found| same_name(found, name) || other.is_some_and(|other| same_name(found, other)),
        );
    }
    if let Some(url) = truth.url.as_ref().filter(|_| !text_only) {
        tally.score(
            &key("website"),
            id,
            value(&profile.website).map(String::as_str),
            |found| host(found) == host(url),
        );
    }
    let address = value(&profile.address);
    let pick = |part: fn(&extraction::profile::Address) -> &Option<String>| {
        address.and_then(|address| part(address).as_deref())
    };
    if let Some(street) = truth.street.as_ref().filter(|_| counts("street")) {
        tally.score(&key("street"), id, pick(|a| &a.street), |found| {
            same(found, street, |read| &read.street)
        });
    }
    if let Some(code) = truth.postal_code.as_ref().filter(|_| counts("postalCode")) {
        tally.score(&key("postalCode"), id, pick(|a| &a.postal_code), |found| {
            same(found, code, |read| &read.postal_code)
        });
    }
    if let Some(city) = truth.city.as_ref().filter(|_| counts("city")) {
        tally.score(&key("city"), id, pick(|a| &a.city), |found| {
            same(found, city, |read| &read.city)
        });
    }
    if let Some(country) = truth.country.as_ref().filter(|_| counts("country")) {
        let country = match country.as_str() {
            "USA" | "United States" => "US",
            "UK" => "GB",
            "India" => "IN",
            other => other,
        };
        tally.score(&key("country"), id, pick(|a| &a.country), |found| {
            found == country
        });
    }
    if let Some(range) = truth.number_of_employees.as_ref().filter(|_| !text_only) {
        let found = value(&profile.employee_count);
        let shown = found.map(|count| format!("{:?} to {:?}", count.min, count.max));
        tally.score(&key("employees"), id, shown.as_deref(), |_| {
            found.is_some_and(|count| count.min == range.min && count.max == range.max)
        });
    }
}

fn against_gold(tally: &mut Tally, variant: &str, gold: &Gold, profile: &Profile) {
    let id = gold.id.as_str();
    let key = |field: &str| format!("{variant}, gold: {field}");
    tally.score(
        &key("name"),
        id,
        value(&profile.name).map(String::as_str),
        |found| {
            same_name(found, &gold.name)
                || gold
                    .legal_name
                    .as_ref()
                    .is_some_and(|legal| same_name(found, legal))
        },
    );
    if let Some(industry) = &gold.industry {
        tally.score(
            &key("industry"),
            id,
            value(&profile.industry).map(String::as_str),
            |found| overlap(found, industry),
        );
    }
    let customers = value(&profile.customer_names).cloned().unwrap_or_default();
    if !gold.unclear.contains("customerNames") && !gold.absent.contains("customerNames") {
        let known = |found: &str| is_customer(gold, found);
        for found in &customers {
            tally.score(&key("customers, each found"), id, Some(found), known);
        }
        for name in &gold.customer_names {
            let found = customers.iter().find(|found| same_name(found, name));
            tally.score(
                &key("customers, each stated"),
                id,
                found.map(String::as_str),
                |_| true,
            );
        }
    }
    if let Some(address) = &gold.address {
        let found = value(&profile.address);
        let shown = found.map(|found| format!("{found:?}"));
        tally.score(&key("address, whole"), id, shown.as_deref(), |_| {
            found.is_some_and(|found| {
                // What the truth leaves out may be anything.
                let same = |one: &Option<String>, other: &Option<String>| {
                    let Some(other) = other else {
                        return true;
                    };
                    one.as_ref()
                        .is_some_and(|one| squeeze(one) == squeeze(other))
                };
                same(&found.street, &address.street)
                    && same(&found.city, &address.city)
                    && same(&found.postal_code, &address.postal_code)
            })
        });
        if let Some(postal_code) = &address.postal_code {
            let code = found.and_then(|found| found.postal_code.as_deref());
            tally.score(&key("postal code"), id, code, |found| {
                squeeze(found) == squeeze(postal_code)
            });
        }
    }
    if let Some(range) = &gold.employees {
        let found = value(&profile.employee_count);
        let shown = found.map(|count| format!("{:?} to {:?}", count.min, count.max));
        tally.score(&key("employees"), id, shown.as_deref(), |_| {
            found.is_some_and(|count| count.min == range.min)
        });
    }
    // What the visible text does not state is an error in the text-only variant; structured data may state more.
    if variant == "text only" {
        let stated = stated_fields(profile);
        for (field, ours) in [
            ("revenue", "revenue"),
            ("employees", "employeeCount"),
            ("address", "address"),
            ("customerNames", "customerNames"),
        ] {
            if gold.absent.contains(field) {
                let found = stated.contains(&ours).then(|| format!("{profile:?}"));
                let found = found.map(|_| field_text(profile, ours));
                tally.score(
                    &format!("{variant}, gold: not on the page: {field}"),
                    id,
                    found.as_deref(),
                    |_| false,
                );
            }
        }
    }
}

/// Judges each stated value of which something is known: by what a person read, or else by the structured data.
fn calibrate(calibration: &mut Calibration, truth: &Truth, gold: Option<&Gold>, profile: &Profile) {
    if let Field::Stated(name) = &profile.name {
        let known: Vec<&String> = match gold {
            Some(gold) => std::iter::once(&gold.name)
                .chain(&gold.legal_name)
                .collect(),
            None => truth.name.iter().chain(&truth.legal_name).collect(),
        };
        if !known.is_empty() {
            let right = known.iter().any(|known| same_name(&name.value, known));
            calibration.add("name", name, right);
        }
    }
    if let (Field::Stated(website), Some(url)) = (&profile.website, &truth.url) {
        calibration.add("website", website, host(&website.value) == host(url));
    }
    if let (Field::Stated(address), Some(street)) = (&profile.address, address_of(truth, gold)) {
        let same = |found: &Option<String>, known: &str| {
            found
                .as_ref()
                .is_some_and(|found| squeeze(found) == squeeze(known))
        };
        let right = |known: &[&str; 3]| {
            let found = [
                &address.value.street,
                &address.value.postal_code,
                &address.value.city,
            ];
            let mut pairs = found
                .iter()
                .zip(known)
                .filter(|(_, known)| !known.is_empty());
            pairs.all(|(found, known)| same(found, known))
        };
        calibration.add("address", address, street.iter().any(right));
    }
    if let (Field::Stated(count), Some(range)) =
        (&profile.employee_count, &truth.number_of_employees)
    {
        let right = count.value.min == range.min && count.value.max == range.max;
        calibration.add("employeeCount", count, right);
    }
    let Some(gold) = gold else {
        return;
    };
    if let (Field::Stated(industry), Some(known)) = (&profile.industry, &gold.industry) {
        calibration.add("industry", industry, overlap(&industry.value, known));
    }
    if let Field::Stated(customers) = &profile.customer_names {
        let judged = !gold.unclear.contains("customerNames");
        for name in customers.value.iter().filter(|_| judged) {
            calibration.add("customerNames", customers, is_customer(gold, name));
        }
    }
}

/// Street, post code and town as the page's truths have them; each of the truths is right.
fn address_of<'t>(truth: &'t Truth, gold: Option<&'t Gold>) -> Option<Vec<[&'t str; 3]>> {
    let part = |part: &'t Option<String>| part.as_deref().unwrap_or_default();
    let read = gold.and_then(|gold| gold.address.as_ref());
    let read = read.map(|read| [&read.street, &read.postal_code, &read.city].map(part));
    let structured = [
        part(&truth.street),
        part(&truth.postal_code),
        part(&truth.city),
    ];
    let structured = Some(structured).filter(|[street, ..]| !street.is_empty());
    let known: Vec<_> = read.into_iter().chain(structured).collect();
    (!known.is_empty()).then_some(known)
}

fn is_customer(gold: &Gold, found: &str) -> bool {
    let mut names = gold.customer_names.iter();
    names.any(|name| same_name(name, found))
        || gold.customer_names_complete == Some(false)
            && gold
                .customer_quotes
                .iter()
                .any(|quote| quote.contains(found))
}

fn field_text(profile: &Profile, field: &str) -> String {
    let document = serde_json::to_value(profile).unwrap_or_default();
    document[field]["value"].to_string()
}

fn value<T>(field: &Field<T>) -> Option<&T> {
    match field {
        Field::Stated(Stated { value, .. }) => Some(value),
        Field::Blank(_) => None,
    }
}

fn stated_fields(profile: &Profile) -> Vec<&'static str> {
    [
        ("name", value(&profile.name).is_some()),
        ("industry", value(&profile.industry).is_some()),
        ("website", value(&profile.website).is_some()),
        ("customerNames", value(&profile.customer_names).is_some()),
        ("revenue", value(&profile.revenue).is_some()),
        ("employeeCount", value(&profile.employee_count).is_some()),
        ("address", value(&profile.address).is_some()),
    ]
    .into_iter()
    .filter_map(|(field, stated)| stated.then_some(field))
    .collect()
}

/// A page by a full HTML tree: what a quote may be taken from, without white space.
struct RawPage {
    visible: String,
    strings: Vec<String>,
}

impl RawPage {
    fn new(html: &str) -> Self {
        let tree = Html::parse_document(html);
        let mut visible = String::new();
        let mut strings = Vec::new();
        for node in tree.tree.nodes() {
            match node.value() {
                Node::Text(text) => {
                    let parent = node.parent().and_then(ElementRef::wrap);
                    let inside = parent.map_or("", |parent| parent.value().name());
                    match inside {
                        "script" => {
                            let kind = parent
                                .and_then(|parent| parent.attr("type"))
                                .unwrap_or_default();
                            if kind.contains("json") {
                                strings.extend(json_strings(text));
                            }
                        }
                        "style" | "noscript" | "textarea" | "option" | "iframe" => {}
                        "title" => strings.push(without_space(text)),
                        _ if node.ancestors().filter_map(ElementRef::wrap).any(is_hidden) => {}
                        _ => visible.extend(text.chars().filter(|c| !c.is_whitespace())),
                    }
                }
                Node::Element(element) => {
                    let structured = ["content", "href", "datetime", "src", "alt"];
                    strings.extend(
                        structured
                            .iter()
                            .filter_map(|key| element.attr(key))
                            .map(without_space),
                    );
                }
                _ => {}
            }
        }
        Self { visible, strings }
    }

    fn says(&self, quote: &str) -> bool {
        let quote = without_space(quote);
        !quote.is_empty()
            && (self.visible.contains(&quote)
                || self.strings.iter().any(|text| text.contains(&quote)))
    }
}

/// Not part of what is said: hidden, struck out, or the mark of a footnote.
fn is_hidden(element: ElementRef<'_>) -> bool {
    let value = element.value();
    let style = value.attr("style").map(without_space).unwrap_or_default();
    let is_mark = || {
        let text: String = element.text().collect();
        text.trim().len() <= 4
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || "[]()*†‡, ".contains(c))
    };
    match value.name() {
        "template" | "del" | "s" | "strike" => true,
        "sup" => is_mark(),
        _ => {
            value.attr("hidden").is_some()
                || style.contains("display:none")
                || style.contains("line-through")
        }
    }
}

/// Every string and number literal of a script, decoded; no parser, so that broken blocks count as well.
fn json_strings(script: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = script;
    while let Some(start) = rest.find('"') {
        let body = &rest[start + 1..];
        let mut escaped = false;
        let end = body
            .find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })
            .unwrap_or(body.len());
        let literal: String = body[..end]
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let decoded = serde_json::from_str(&format!("\"{literal}\"")).unwrap_or(literal);
        let plain: String = Html::parse_fragment(&decoded)
            .root_element()
            .text()
            .collect();
        out.push(without_space(&plain));
        rest = body.get(end + 1..).unwrap_or_default();
    }
    out.extend(
        script
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| !number.is_empty())
            .map(str::to_owned),
    );
    out
}

/// Without white space and what nobody sees.
fn without_space(text: &str) -> String {
    let is_seen = |c: &char| {
        !c.is_whitespace()
            && !matches!(
                c,
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
            )
    };
    text.chars().filter(is_seen).collect()
}

/// Letters and digits, lower case.
fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Equal but for case, punctuation, a leading article and a legal form.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    let bare = |name: &str| {
        let name = squeeze(name);
        let name = name.strip_prefix("the").unwrap_or(&name);
        [
            "incorporated",
            "limited",
            "gmbh",
            "corp",
            "inc",
            "llc",
            "ltd",
            "bv",
        ]
        .iter()
        .find_map(|form| name.strip_suffix(form))
        .unwrap_or(name)
        .to_owned()
    };
    bare(one) == bare(other)
}

/// Share at least half of the shorter phrase's words.
fn overlap(one: &str, other: &str) -> bool {
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 2 && !matches!(*word, "and" | "the" | "for"))
            .map(|word| word.to_lowercase().trim_end_matches('s').to_owned())
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let shared = one.intersection(&other).count();
    shared > 0 && 2 * shared >= one.len().min(other.len())
}

fn host(url: &str) -> Option<String> {
    let host = Url::parse(url).ok()?.host_str()?.to_owned();
    Some(host.trim_start_matches("www.").to_owned())
}

fn read(path: &Path, url: Option<Url>) -> anyhow::Result<Page> {
    Ok(Page::new(url, &unpacked(path)?, None))
}
