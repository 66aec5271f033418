//! Single cases of values that are easily taken wrongly: pages, each with what a profile of it must say or leave blank.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context};
use base64::prelude::{Engine, BASE64_STANDARD};
use extraction::extract;
use extraction::page::Page;
use serde::Deserialize;
use serde_json::{json, Map, Value};
use url::Url;

use crate::data::lines;
use crate::floors::{CASES, KINDS};

/// A line of a file: a page, or a sentence for a page of an organisation's own.
#[derive(Deserialize)]
struct Line {
    id: String,
    kind: String,
    url: Option<Url>,
    html: Option<String>,
    html_base64: Option<String>,
    org: Option<String>,
    text: Option<String>,
    /// Nothing where the field that the kind asks for is to stay blank.
    #[serde(default)]
    want: Value,
    #[serde(default)]
    forbid: Vec<Forbidden>,
    #[serde(default)]
    guard: bool,
}

/// A value that must not be proposed, whatever else may be.
#[derive(Deserialize)]
struct Forbidden {
    field: String,
    value: Value,
    method: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Right,
    Blank,
    False,
}

#[derive(Default)]
struct Count {
    cases: usize,
    right: usize,
    wrong: usize,
    blank: usize,
    guards: usize,
    kept: usize,
}

impl Count {
    fn add(&mut self, verdict: Verdict, guard: bool) {
        self.cases += 1;
        match verdict {
            Verdict::Right => self.right += 1,
            Verdict::Blank => self.blank += 1,
            Verdict::False => self.wrong += 1,
        }
        self.guards += usize::from(guard);
        self.kept += usize::from(guard && verdict == Verdict::Right);
    }
}

/// Scores every `.jsonl` file of the folder; `errors` lists the cases that are not right.
pub(super) fn run(folder: &Path, errors: bool) -> anyhow::Result<()> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for file in files(folder)? {
        for line in lines::<Line>(&file)? {
            let (verdict, found) = score(&line).with_context(|| line.id.clone())?;
            if errors && verdict != Verdict::Right {
                println!("  {}", shown(&line, verdict, &found));
            }
            for kind in ["all", line.kind.as_str()] {
                let count = counts.entry(kind.to_owned()).or_default();
                count.add(verdict, line.guard);
            }
        }
    }
    let all = counts.remove("all").context("the folder has no case")?;
    for (kind, count) in &counts {
        println!("{kind}: {}", told(count));
    }
    println!("all: {}", told(&all));
    let (most_false, least_right) = CASES;
    ensure!(
        100 * all.wrong <= most_false * all.cases && 100 * all.right >= least_right * all.cases,
        "{} of {} cases have a false value and {} are right; promised are at most {most_false} and at least {least_right} \
         of a hundred",
        all.wrong,
        all.cases,
        all.right
    );
    for (kind, cases, right, wrong) in KINDS {
        let Some(count) = counts.get(kind).filter(|count| count.cases == cases) else {
            continue;
        };
        ensure!(
            count.wrong <= wrong,
            "{kind}: {} cases with a false value, at most {wrong} may be",
            count.wrong
        );
        ensure!(
            count.right >= right,
            "{kind}: {} cases right, at least {right} are promised",
            count.right
        );
    }
    ensure!(
        all.kept == all.guards,
        "{} of {} guards are right, all must be; --errors lists the others",
        all.kept,
        all.guards
    );
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn told(count: &Count) -> String {
    let guards = match count.guards {
        0 => String::new(),
        guards => format!("; {} of {guards} guards right", count.kept),
    };
    format!(
        "{} cases, {} right, {} false, {} blank{guards}",
        count.cases, count.right, count.wrong, count.blank
    )
}

/// How a case came out, and the fields that it asks for as they were found.
fn score(line: &Line) -> anyhow::Result<(Verdict, Value)> {
    let want = wanted(line)?;
    let mut page = Page::new(line.url.clone(), &body(line)?, None);
    if page.url.is_none() {
        page.url = page.document().address();
    }
    let profile = serde_json::to_value(extract::profile(&[page]))?;
    let value = |field: &str| profile[field].get("value").filter(|value| !value.is_null());
    let asked = want.iter().map(|(field, want)| {
        let found = value(field);
        match (is_right(want, found), found) {
            (true, _) => Verdict::Right,
            (false, None) => Verdict::Blank,
            (false, Some(_)) => Verdict::False,
        }
    });
    let forbidden = line.forbid.iter().map(|forbidden| {
        let field = &profile[&forbidden.field];
        let method = forbidden.method.as_deref();
        let same = field["value"] == forbidden.value
            && method.is_none_or(|method| field["method"] == method);
        match same {
            true => Verdict::False,
            false => Verdict::Right,
        }
    });
    let verdict = asked.chain(forbidden).max().unwrap_or(Verdict::Right);
    let mut found = Map::new();
    let fields = want.keys();
    for field in fields.chain(line.forbid.iter().map(|forbidden| &forbidden.field)) {
        found.insert(field.clone(), json!(value(field)));
    }
    Ok((verdict, Value::Object(found)))
}

/// The fields that a case asks for. A sentence asks for the one that its kind begins with.
fn wanted(line: &Line) -> anyhow::Result<Map<String, Value>> {
    if line.text.is_none() {
        return Ok(serde_json::from_value(line.want.clone())?);
    }
    let field = match line.kind.split([' ', '-', '_']).next() {
        _ if line.want.is_object() => return Ok(serde_json::from_value(line.want.clone())?),
        Some("revenue") => "revenue",
        Some("head" | "employees" | "staff") => "employeeCount",
        Some("customers") => "customerNames",
        Some(known @ ("name" | "industry" | "address")) => known,
        _ => bail!("the kind does not say which field is asked for"),
    };
    let want = match (field, line.want.as_array().map(Vec::as_slice)) {
        (_, Some([])) => Value::Null,
        ("revenue", Some([amount, currency])) => json!({"amount": amount, "currency": currency}),
        ("employeeCount", Some([min, max])) => json!({"min": min, "max": max}),
        ("employeeCount", None) if line.want.is_number() => {
            json!({"min": line.want, "max": line.want})
        }
        _ => line.want.clone(),
    };
    Ok(Map::from_iter([(field.to_owned(), want)]))
}

fn body(line: &Line) -> anyhow::Result<Vec<u8>> {
    if let Some(html) = &line.html {
        return Ok(html.clone().into_bytes());
    }
    if let Some(body) = &line.html_base64 {
        return Ok(BASE64_STANDARD.decode(body)?);
    }
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let text = line.text.as_deref().context("neither html nor text")?;
    let org = escape(line.org.as_deref().context("a text without its org")?);
    let text = escape(text);
    let html = format!("<!doctype html><title>{org}</title><meta property=og:site_name content=\"{org}\"><h1>{org}</h1><p>{text}</p>");
    Ok(html.into_bytes())
}

/// Whether a value is what is wanted: null for blank, a text or number itself, the parts of an object that are named,
/// all of a list in any order, or one of several under `any` and in the list for a part of an object.
fn is_right(want: &Value, found: Option<&Value>) -> bool {
    let Some(found) = found else {
        let any = want.get("any").and_then(Value::as_array);
        return want.is_null() || any.is_some_and(|any| any.contains(&Value::Null));
    };
    match want {
        Value::Object(want) => match want.get("any") {
            Some(Value::Array(any)) => any.iter().any(|want| is_right(want, Some(found))),
            _ => want.iter().all(|(part, want)| {
                let found = &found[part];
                match want {
                    Value::Array(any) => any.iter().any(|want| same(want, found)),
                    want => same(want, found),
                }
            }),
        },
        Value::Array(want) => found.as_array().is_some_and(|found| {
            found.len() == want.len() && want.iter().all(|want| found.contains(want))
        }),
        want => same(want, found),
    }
}

/// Numbers are compared as numbers: 7 is 7.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() < 0.005,
        _ => one == other,
    }
}

fn shown(line: &Line, verdict: Verdict, found: &Value) -> String {
    let verdict = match verdict {
        Verdict::Right => "right",
        Verdict::Blank => "blank",
        Verdict::False => "false",
    };
    let said = line.text.as_deref().or(line.html.as_deref());
    let body = said.and_then(|said| {
        said.split_once("</h1>")
            .map(|(_, body)| body)
            .or(Some(said))
    });
    let beginning: String = body.unwrap_or_default().chars().take(200).collect();
    format!(
        "{} ({}), {verdict}: {found} where {} is wanted: {beginning}",
        line.id, line.kind, line.want
    )
}
