//! Reports that were tampered with: verify refuses every one, and none that was not.

use std::collections::BTreeMap;

use domain::rows::PrivacyMode;
use fastrand::Rng;
use report_generate::snapshot::Language;
use report_generate::verify::verify;
use serde_json::{json, Value};

use crate::workspace::{edit, random, rounds, WrittenReport, NOW, PEOPLE};

/// A kind of forgery: the text with one place of it made otherwise, if it has such a place.
type Forge = fn(&mut Rng, &str) -> Option<String>;

/// The same of the statements themselves.
type Alter = fn(&mut Rng, &mut Vec<Value>) -> Option<()>;

const KINDS: [(&str, Forge); 17] = [
    ("number", |rng, text| {
        at_one(rng, text, &numbers(text), |rng, number| {
            let number: u64 = number.parse().ok()?;
            Some((number + rng.u64(1..9)).to_string())
        })
    }),
    ("number word", |rng, text| {
        word(
            rng,
            text,
            &[
                ("no ", "one "),
                ("nobody", "somebody"),
                ("Nothing", "One thing"),
                ("There is no", "There is one"),
                ("niemand", "jemand"),
                ("keine", "eine"),
                ("kein ", "ein "),
                ("Nichts", "Eines"),
                ("mean of", "sum of"),
            ],
        )
    }),
    ("plural", |rng, text| {
        word(
            rng,
            text,
            &[
                (" objectives", " objective"),
                (" items", " item"),
                ("actions", "action"),
                (" are ", " is "),
                (" Zielen", " Ziel"),
                ("Aktionen", "Aktion"),
                ("Einträgen", "Eintrag"),
                (" sind ", " ist "),
            ],
        )
    }),
    ("comparison", |rng, text| {
        word(
            rng,
            text,
            &[
                (" more than", " less than"),
                (" less than", " more than"),
                ("as much as", "more than"),
                (" mehr als", " weniger als"),
                (" weniger als", " mehr als"),
                ("so viel wie", "mehr als"),
                ("topmost", "lowest"),
                ("obersten", "untersten"),
            ],
        )
    }),
    ("direction", |rng, text| {
        word(
            rng,
            text,
            &[
                ("| +", "| −"),
                ("| −", "| +"),
                ("From ", "To "),
                ("Von ", "Nach "),
                ("before", "after"),
                ("late by", "early by"),
                ("zu spät", "zu früh"),
                ("\"points\":-", "\"points\":"),
                ("\"change\":-", "\"change\":"),
            ],
        )
    }),
    ("order", |rng, text| {
        let mut lines: Vec<&str> = text.lines().collect();
        let is_item = |line: &str| line.starts_with("- ") || line.starts_with("| ");
        let places: Vec<usize> = (1..lines.len())
            .filter(|n| is_item(lines[*n]) && is_item(lines[n - 1]))
            .collect();
        let place = *pick(rng, &places)?;
        lines.swap(place - 1, place);
        Some(lines.join("\n") + "\n")
    }),
    ("denominator", |rng, text| {
        let of: Vec<(usize, usize)> = numbers(text)
            .into_iter()
            .filter(|(start, _)| {
                text[..*start].ends_with(" of ")
                    || text[..*start].ends_with(" von ")
                    || text[..*start].ends_with("\"of\":")
            })
            .collect();
        at_one(rng, text, &of, |rng, number| {
            let number: u64 = number.parse().ok()?;
            Some((number + rng.u64(1..5)).to_string())
        })
    }),
    ("date", |rng, text| {
        word(
            rng,
            text,
            &[
                (" November", " October"),
                (" October", " September"),
                (" December", " January"),
                (" Nov", " Oct"),
                (" Dec ", " Jan "),
                (". November", ". Oktober"),
                (".12.", ".11."),
                (".11.", ".12."),
                ("2026-12", "2026-11"),
                ("2026-11", "2026-12"),
            ],
        )
    }),
    ("unit", |rng, text| {
        word(
            rng,
            text,
            &[
                (" %", " points"),
                (" points", " %"),
                (" days", " weeks"),
                (" Punkte", " %"),
                (" Tage", " Wochen"),
                (" UTC", " CET"),
                ("Days\":", "Weeks\":"),
            ],
        )
    }),
    ("name", |rng, text| {
        word(
            rng,
            text,
            &[
                ("Ben", "Eve"),
                ("Cleo", "Dee"),
                ("Dee", "Cleo"),
                ("Eve", "Ben"),
                ("Ada", "Ben"),
                ("Gauge", "Denmark"),
                ("Denmark", "Gauge"),
                ("Returns", "Prices"),
                ("Tidewater", "Highwater"),
            ],
        )
    }),
    ("status", |rng, text| {
        word(
            rng,
            text,
            &[
                ("overdue by", "on track for"),
                ("is overdue", "is done"),
                ("on track", "stale"),
                ("stale", "on track"),
                ("not started", "on track"),
                ("at risk", "on track"),
                ("überfällig", "fertig"),
                ("auf Kurs", "Stillstand"),
                ("nicht begonnen", "in Arbeit"),
                ("\"is\":\"overdue\"", "\"is\":\"on_track\""),
                ("not begun", "done"),
            ],
        )
    }),
    ("id", |rng, text| {
        let ids: Vec<(usize, usize)> = text
            .match_indices("\"i")
            .map(|(start, _)| (start + 2, start + 3))
            .filter(|(start, end)| text[*start..*end].chars().all(|c| c.is_ascii_hexdigit()))
            .collect();
        at_one(rng, text, &ids, |_, digit| {
            Some(if digit == "0" { "1" } else { "0" }.to_owned())
        })
    }),
    ("deleted", |rng, text| {
        let lines: Vec<&str> = text.lines().collect();
        let full: Vec<usize> = (0..lines.len()).filter(|n| !lines[*n].is_empty()).collect();
        let place = *pick(rng, &full)?;
        let kept: Vec<&str> = lines
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != place)
            .map(|(_, line)| *line)
            .collect();
        Some(kept.join("\n") + "\n")
    }),
    ("doubled", |rng, text| {
        let mut lines: Vec<&str> = text.lines().collect();
        let full: Vec<usize> = (0..lines.len()).filter(|n| !lines[*n].is_empty()).collect();
        let place = *pick(rng, &full)?;
        lines.insert(place, lines[place]);
        Some(lines.join("\n") + "\n")
    }),
    ("chart line", |rng, text| {
        at_chart_line(rng, text, |rng, line| {
            let lines = match rng.u8(0..3) {
                0 => Vec::new(),
                1 => vec![line, line],
                _ => vec![line, "    a9[\"Ask, 100 %\"]"],
            };
            Some(lines.join("\n"))
        })
    }),
    ("chart label", |rng, text| {
        at_chart_line(rng, text, |rng, line| {
            let letters: Vec<usize> = line
                .char_indices()
                .filter(|(_, c)| c.is_ascii_alphanumeric())
                .map(|(start, _)| start)
                .collect();
            let start = *pick(rng, &letters)?;
            let other = if line[start..].starts_with('7') {
                "3"
            } else {
                "7"
            };
            Some(format!("{}{other}{}", &line[..start], &line[start + 1..]))
        })
    }),
    ("chart link", |rng, text| {
        at_chart_line(rng, text, |rng, line| match line.split_once(" --> ") {
            Some((from, to)) if rng.bool() => Some(format!("    {to} --> {}", from.trim())),
            _ => Some(format!(
                "{line}\n    click a1 href \"https://evil.example\""
            )),
        })
    }),
];

/// Forgeries of the statements' document that are not made in its text.
const DOCUMENT: [(&str, Alter); 5] = [
    ("order", |rng, statements| {
        let at = rng.usize(1..statements.len());
        (statements[at - 1] != statements[at]).then(|| statements.swap(at - 1, at))
    }),
    ("deleted", |rng, statements| {
        statements.remove(rng.usize(..statements.len()));
        Some(())
    }),
    ("doubled", |rng, statements| {
        let at = rng.usize(..statements.len());
        statements.insert(at, statements[at].clone());
        Some(())
    }),
    ("chart", |rng, statements| {
        let is_drawn = |statement: &&mut Value| {
            let kind = statement["kind"].as_str();
            matches!(kind, Some("tree" | "states" | "timeline"))
        };
        let mut drawn: Vec<&mut Value> = statements.iter_mut().filter(is_drawn).collect();
        let place = rng.usize(..drawn.len().max(1));
        let figures = drawn.get_mut(place)?["figures"].as_object_mut()?;
        let name = figures.keys().nth(rng.usize(..figures.len()))?.clone();
        figures[&name] = match &figures[&name] {
            Value::Array(pieces) => json!(pieces.get(1..)?),
            Value::Bool(is) => json!(!is),
            number => json!(number.as_u64()? + 1),
        };
        Some(())
    }),
    ("id", |rng, statements| {
        let at = rng.usize(..statements.len());
        statements[at]["items"]
            .as_array_mut()?
            .push(json!("i00000000"));
        Some(())
    }),
];

fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> Option<&'a T> {
    (!from.is_empty()).then(|| &from[rng.usize(..from.len())])
}

/// Where numbers stand.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (start, c) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        match found.last_mut() {
            Some((_, end)) if *end == start => *end += 1,
            _ => found.push((start, start + c.len_utf8())),
        }
    }
    found
}

fn at_one(
    rng: &mut Rng,
    text: &str,
    places: &[(usize, usize)],
    change: impl Fn(&mut Rng, &str) -> Option<String>,
) -> Option<String> {
    let (start, end) = *pick(rng, places)?;
    let changed = change(rng, &text[start..end])?;
    Some(format!("{}{changed}{}", &text[..start], &text[end..]))
}

/// With one line of a chart made otherwise, which is what it says or several lines.
fn at_chart_line(
    rng: &mut Rng,
    text: &str,
    change: impl Fn(&mut Rng, &str) -> Option<String>,
) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut inside = false;
    let drawn: Vec<usize> = (0..lines.len())
        .filter(|n| {
            let is_fence = lines[*n].starts_with("```");
            inside ^= is_fence;
            inside && !is_fence
        })
        .collect();
    let place = *pick(rng, &drawn)?;
    let changed = change(rng, &lines[place])?;
    match changed.is_empty() {
        true => drop(lines.remove(place)),
        false => lines[place] = changed,
    }
    Some(lines.join("\n") + "\n")
}

fn word(rng: &mut Rng, text: &str, pairs: &[(&str, &str)]) -> Option<String> {
    let there: Vec<&(&str, &str)> = pairs
        .iter()
        .filter(|(from, _)| text.contains(from))
        .collect();
    let (from, to) = pick(rng, &there)?;
    let places: Vec<usize> = text.match_indices(from).map(|(start, _)| start).collect();
    let start = *pick(rng, &places)?;
    Some(format!(
        "{}{to}{}",
        &text[..start],
        &text[start + from.len()..]
    ))
}

fn report(rng: &mut Rng, round: usize) -> WrittenReport {
    let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
    let language = [Language::En, Language::De][rng.usize(..2)];
    let reader = PEOPLE[rng.usize(..5)];
    let mut workspace = random(rng, mode);
    let earlier = workspace.report(reader, NOW, language, None);
    if rng.u8(0..4) == 0 {
        return earlier;
    }
    edit(rng, &mut workspace);
    workspace.report(reader, NOW + 7 * 86_400, language, Some(&earlier.snapshot))
}

#[test]
fn every_forged_report_is_refused_and_every_true_one_holds() {
    let mut rng = Rng::with_seed(17);
    let mut table: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut originals = 0;
    for round in 0..rounds(60) {
        let made = report(&mut rng, round);
        let held = verify(&made.input, &made.output, &made.markdown);
        assert_eq!(held, Ok(made.findings.len()), "{}", made.markdown);
        originals += 1;
        let mut count = |kind, place, accepted: bool| {
            let counts = table.entry((kind, place)).or_default();
            counts.0 += 1;
            counts.1 += usize::from(!accepted);
        };
        for (kind, forge) in KINDS {
            if let Some(forged) =
                forge(&mut rng, &made.markdown).filter(|forged| *forged != made.markdown)
            {
                count(
                    kind,
                    "Markdown",
                    verify(&made.input, &made.output, &forged).is_ok(),
                );
            }
            // Only what is said: which run made it is none of a report's claims.
            let (head, said) = made
                .output
                .split_at(made.output.find("\"statements\"").unwrap());
            let forged = forge(&mut rng, said).map(|forged| format!("{head}{}", forged.trim_end()));
            if let Some(forged) = forged.filter(|forged| *forged != made.output) {
                count(
                    kind,
                    "JSON",
                    verify(&made.input, &forged, &made.markdown).is_ok(),
                );
            }
        }
        for (kind, forge) in DOCUMENT {
            let mut document: Value = serde_json::from_str(&made.output).unwrap();
            if forge(&mut rng, document["statements"].as_array_mut().unwrap()).is_some() {
                count(
                    kind,
                    "JSON",
                    verify(&made.input, &document.to_string(), &made.markdown).is_ok(),
                );
            }
        }
    }
    let all: usize = table.values().map(|(made, _)| made).sum();
    let refused: usize = table.values().map(|(_, refused)| refused).sum();
    for ((kind, place), (made, refused)) in &table {
        println!("{kind:12} {place:9} {refused:6} of {made:6} refused");
    }
    println!(
        "{refused} of {all} forged reports refused, {originals} of {originals} true ones hold"
    );
    assert_eq!(refused, all);
    assert!(all > 10 * originals);
    for (kind, _) in KINDS {
        assert!(
            table.keys().any(|(known, _)| *known == kind),
            "no {kind} was forged"
        );
    }
}

#[test]
fn the_first_thing_that_does_not_hold_is_named() {
    let mut rng = Rng::with_seed(18);
    let made = std::iter::repeat_with(|| report(&mut rng, 0))
        .find(|made| made.findings.len() > 5)
        .unwrap();
    let mut document: Value = serde_json::from_str(&made.output).unwrap();
    document["statements"][1]["figures"]["reached"] = json!(101);
    document["statements"][4] = json!({});
    let doubt = verify(&made.input, &document.to_string(), &made.markdown).unwrap_err();
    assert_eq!(
        doubt.to_string(),
        "Statement 2 (verdict) does not follow from the snapshot."
    );
    let forged = made.markdown.replacen("# ", "#  ", 1);
    let doubt = verify(&made.input, &made.output, &forged).unwrap_err();
    assert_eq!(
        doubt.to_string(),
        "Line 1 of the Markdown is not the rendering of the statements."
    );
    for unreadable in [
        "",
        "{}",
        "null",
        "[]",
        r#"{"schema":"valyourise/snapshot@1"}"#,
    ] {
        assert!(verify(unreadable, &made.output, &made.markdown).is_err());
    }
    let newer = made.input.replace("snapshot@1", "snapshot@2");
    let doubt = verify(&newer, &made.output, &made.markdown).unwrap_err();
    assert!(
        doubt.to_string().contains("valyourise/snapshot@2"),
        "{doubt}"
    );
}
