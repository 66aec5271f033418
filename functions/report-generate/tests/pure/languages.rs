//! Whether both languages say the same of a statement: a figure is altered, and either both pages change or none does.
//! So what each of them takes of a statement is compared field by field, words as well as numbers, whatever the words are.

use std::collections::BTreeMap;

use fastrand::Rng;
use report_generate::markdown::markdown;
use report_generate::prose::Prose;
use report_generate::snapshot::{Language, Snapshot};
use report_generate::statements::{Finding, Statement};
use serde_json::{json, Value};

/// Figures altered in each report.
const ALTERED: usize = 12;

/// How often each field of each kind of statement was altered, and how often both languages said so.
pub(crate) type Fields = BTreeMap<String, (usize, usize)>;

/// Alters some figures of a report and compares what becomes of its pages.
pub(crate) fn check_alike(
    rng: &mut Rng,
    snapshot: &Snapshot,
    findings: &[Finding],
    fields: &mut Fields,
) {
    let pages = [Language::En, Language::De].map(|language| Snapshot {
        language,
        ..snapshot.clone()
    });
    for _ in 0..ALTERED {
        let statement = &findings[rng.usize(..findings.len())].statement;
        let Some((field, altered)) = alter(rng, statement) else {
            continue;
        };
        let change = |page: &Snapshot| (said(page, statement), said(page, &altered));
        let [english, german] = pages.each_ref().map(change);
        let is_told = english.0 != english.1;
        assert_eq!(
            is_told,
            german.0 != german.1,
            "{field} is told in one language only\n{statement:?}\n{altered:?}\n{}\n{}\n{}\n{}",
            english.0,
            english.1,
            german.0,
            german.1
        );
        let counts = fields.entry(field).or_default();
        counts.0 += 1;
        counts.1 += usize::from(is_told);
    }
}

/// Every field is told in both languages.
pub(crate) fn check_all_told(fields: &Fields) {
    for (field, (altered, told)) in fields {
        println!("{field:40} {told:6} of {altered:6} told");
    }
    let untold = fields.iter().filter(|(_, (_, told))| *told == 0);
    let untold: Vec<&str> = untold.map(|(field, _)| field.as_str()).collect();
    assert!(untold.is_empty(), "{untold:?}");
}

fn said(page: &Snapshot, statement: &Statement) -> String {
    let finding = Finding {
        statement: statement.clone(),
        items: Vec::new(),
        formula: "",
    };
    markdown(page, &[finding], &Prose::Rules)
}

/// The statement with one figure made otherwise, and which; nothing where that makes no statement.
fn alter(rng: &mut Rng, statement: &Statement) -> Option<(String, Statement)> {
    let mut value = serde_json::to_value(statement).unwrap();
    let mut places = Vec::new();
    find(&value["figures"], "", &mut places);
    let place = places.get(rng.usize(..places.len().max(1)))?.clone();
    let figure = value.pointer_mut(&format!("/figures{place}"))?;
    let others = others(figure);
    *figure = others[rng.usize(..others.len())].clone();
    let altered: Statement = serde_json::from_value(value.clone()).ok()?;
    // A place in a list is none of its own.
    let parts = place
        .split('/')
        .filter(|part| part.parse::<usize>().is_err());
    let field = parts.collect::<Vec<_>>().join("/");
    let kind = value["kind"].as_str()?;
    (altered != *statement).then(|| (format!("{kind} {field}"), altered))
}

/// Where figures stand, those of lists and structures too.
fn find(value: &Value, place: &str, places: &mut Vec<String>) {
    let mut inside = |name: String, value: &Value| {
        let place = format!("{place}/{name}");
        places.push(place.clone());
        find(value, &place, places);
    };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                inside(name.clone(), value);
            }
        }
        Value::Array(values) => {
            for (n, value) in values.iter().enumerate() {
                inside(n.to_string(), value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What else could stand in a figure's place. What does not fit its type makes no statement.
fn others(figure: &Value) -> Vec<Value> {
    match figure {
        Value::Null => vec![
            json!("Q"),
            json!("2027-03-04"),
            json!(3),
            json!(["1", "2"]),
            json!({"done": 1, "of": 4}),
            json!({"more": 1, "of": 4}),
            json!({"points": 2, "since": "2026-11-01", "both": false}),
            json!({"title": "Q", "objective": "R", "low": 4, "high": 77}),
        ],
        Value::Bool(is) => vec![json!(!is)],
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            vec![
                json!(number + 1),
                json!(number + 61),
                json!(0),
                json!(1),
                json!(-number),
                Value::Null,
            ]
        }
        Value::String(text) => vec![
            json!(format!("Q {text}")),
            json!(""),
            json!("2026-12-24"),
            json!("2027-03-04"),
            json!("done"),
            json!("moved"),
            json!("added"),
            json!("on_track"),
            Value::Null,
        ],
        Value::Array(values) => {
            let mut doubled = values.clone();
            doubled.extend(values.first().cloned());
            vec![
                json!(doubled),
                json!(values.get(1..).unwrap_or_default()),
                Value::Null,
            ]
        }
        Value::Object(_) => vec![
            json!({"is": "closed"}),
            json!({"is": "overdue", "days": 3}),
            json!({"is": "at_risk", "ends": null}),
            json!({"is": "at_risk", "ends": "2027-03-04"}),
            json!({"is": "stale", "since": "2026-10-11"}),
            json!({"is": "unsized", "low": 4, "high": 77}),
            json!({"is": "on_track"}),
            json!({"is": "not_started"}),
            json!({"is": "outlined"}),
            Value::Null,
        ],
    }
}
