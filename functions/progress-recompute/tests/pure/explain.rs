//! explain: contributions that add up, bands and advice against brute force over every completion of the sizes.

use num_rational::BigRational;
use okr::explain::{explain, Basis, Work};
use okr::recompute::recompute;
use okr::tree::Item;
use serde_json::{json, Value};

use crate::item;
use crate::oracle::{Fact, Facts};

const SIZES: [&str; 9] = ["0", "1", "2", "3", "5", "8", "13", "21", "40"];

fn works(facts: &Facts) -> Vec<Work<'_>> {
    let items: Vec<Item<'_>> = facts.iter().map(|(id, fact)| item(id, fact)).collect();
    let percents = recompute(&items).percents;
    items
        .into_iter()
        .zip(percents)
        .map(|(item, stored)| Work {
            item,
            title: item.id,
            stored,
        })
        .collect()
}

fn explained(facts: &Facts, asked: &str, basis: Basis) -> Value {
    let works = works(facts);
    let place = works.iter().position(|work| work.item.id == asked).unwrap();
    serde_json::to_value(explain(&works, place, basis)).unwrap()
}

/// Lines of `id parent type [status [points]]`.
fn facts(text: &'static str) -> Facts {
    let lines = text.lines().map(str::split_whitespace);
    lines
        .map(|mut words| {
            let (id, parent) = (words.next().unwrap(), words.next().unwrap());
            let kind = match words.next().unwrap() {
                "O" => "objective",
                "K" => "key_result",
                _ => "action",
            };
            let parent = (parent != "-").then(|| parent.to_owned());
            (
                id.to_owned(),
                Fact {
                    parent,
                    kind,
                    status: words.next(),
                    points: words.next(),
                    deleted: false,
                },
            )
        })
        .collect()
}

#[test]
fn contributions_add_up_to_the_number() {
    let facts = facts("o - O\nk o K\na k A done 1\nb k A pending 2\nl o K\nc l A work_in_progress\nd o A done 3\ne o A pending 5");
    let found = explained(&facts, "o", Basis::AllWork);
    assert_eq!(
        found,
        json!({
            "itemId": "o", "title": "o", "type": "objective", "progress": 40, "basis": "all_work", "computed": 40,
            "exact": 40.28, "orphan": null, "further": null, "hidden": null,
            "parts": [
                {"itemId": "l", "title": "l", "type": "key_result", "progress": 50, "share": 33.33, "points": 16.67, "unsized": false},
                {"itemId": "d", "title": "d", "type": "action", "progress": 100, "share": 12.5, "points": 12.5, "unsized": false},
                {"itemId": "k", "title": "k", "type": "key_result", "progress": 33, "share": 33.34, "points": 11.11, "unsized": false},
                {"itemId": "e", "title": "e", "type": "action", "progress": 0, "share": 20.83, "points": 0.0, "unsized": false},
            ],
            "band": {"low": 40, "high": 40, "unsizedActions": 1, "sizeFirst": {"itemId": "c", "title": "c", "width": 0.0, "worstWidth": 0.0}},
        })
    );
    let action = explained(&facts, "c", Basis::AllWork);
    assert_eq!(
        (
            &action["progress"],
            &action["parts"],
            &action["band"]["high"]
        ),
        (&json!(50), &json!([]), &json!(50))
    );
}

#[test]
fn hidden_work_is_one_remainder() {
    // The same visible rows and stored numbers, whatever is hidden below: the same bytes.
    let visible = facts("k - K\na k A done 2\nb k A pending ?");
    let mut works = works(&visible);
    let place = works.iter().position(|work| work.item.id == "k").unwrap();
    works[place].stored = 20;
    let found = serde_json::to_value(explain(&works, place, Basis::VisibleWork)).unwrap();
    assert_eq!(found["hidden"], json!(-30.0));
    for of_all_work in ["computed", "exact", "band"] {
        assert_eq!(found[of_all_work], Value::Null, "{of_all_work}");
    }
}

#[test]
fn a_long_list_of_parts_is_cut_and_added_up() {
    let mut many = facts("k - K");
    for index in 0..250 {
        let status = Some(if index < 120 { "done" } else { "pending" });
        let fact = Fact {
            parent: Some("k".to_owned()),
            kind: "action",
            status,
            points: Some("3"),
            deleted: false,
        };
        many.insert(format!("a{index}"), fact);
    }
    let found = explained(&many, "k", Basis::AllWork);
    assert_eq!(found["parts"].as_array().unwrap().len(), 100);
    assert_eq!(
        (&found["further"], &found["exact"]),
        (&json!({"parts": 150, "points": 8.0}), &json!(48.0))
    );
}

fn random(source: &mut fastrand::Rng) -> Facts {
    let mut facts = Facts::new();
    let fact = |parent: Option<&str>, kind| Fact {
        parent: parent.map(str::to_owned),
        kind,
        status: None,
        points: None,
        deleted: false,
    };
    facts.insert("root".to_owned(), fact(None, "objective"));
    facts.insert("sub".to_owned(), fact(Some("root"), "objective"));
    facts.insert("k1".to_owned(), fact(Some("root"), "key_result"));
    facts.insert("k2".to_owned(), fact(Some("sub"), "key_result"));
    let homes = ["root", "sub", "k1", "k2"];
    let mut unsized_left = source.usize(1..4);
    for index in 0..source.usize(unsized_left..9) {
        let mut action = fact(Some(homes[source.usize(..4)]), "action");
        action.status = Some(["pending", "work_in_progress", "done"][source.usize(..3)]);
        action.points = Some(SIZES[source.usize(..9)]);
        if unsized_left > 0 {
            unsized_left -= 1;
            action.points = [Some("?"), Some("∞"), None][source.usize(..3)];
        }
        facts.insert(format!("a{index}"), action);
    }
    facts
}

#[test]
fn the_band_is_tight_and_the_advice_is_the_best_by_brute_force() {
    let (mut trees, mut completions, mut advised) = (0, 0, 0);
    for seed in 0..60 {
        let facts = random(&mut fastrand::Rng::with_seed(seed));
        let is_open = |fact: &Fact| {
            fact.kind == "action" && !fact.points.is_some_and(|points| SIZES.contains(&points))
        };
        let open: Vec<String> = facts
            .iter()
            .filter(|(_, fact)| is_open(fact))
            .map(|(id, _)| id.clone())
            .collect();
        // Every completion: the sizes chosen, the exact value, the published per cent.
        let all: Vec<(Vec<usize>, BigRational, i64)> = (0..SIZES.len().pow(open.len() as u32))
            .map(|number| {
                let sizes: Vec<usize> = (0..open.len())
                    .map(|place| number / SIZES.len().pow(place as u32) % SIZES.len())
                    .collect();
                let mut complete = facts.clone();
                for (id, size) in open.iter().zip(&sizes) {
                    complete.get_mut(id).unwrap().points = Some(SIZES[*size]);
                }
                let (exact, percent) = (
                    crate::oracle::exact(&complete, "root"),
                    crate::oracle::percents(&complete)["root"],
                );
                (sizes, exact, percent)
            })
            .collect();
        let found = explained(&facts, "root", Basis::AllWork);
        let band = &found["band"];
        let percents = || all.iter().map(|(_, _, percent)| *percent);
        assert_eq!(
            (band["low"].as_i64(), band["high"].as_i64()),
            (percents().min(), percents().max()),
            "seed {seed}"
        );
        let now = found["progress"].as_i64().unwrap();
        assert!(
            band["low"].as_i64().unwrap() <= now && now <= band["high"].as_i64().unwrap(),
            "seed {seed}"
        );

        let worst = |place: usize| {
            let width = |size: usize| {
                let values = || {
                    all.iter()
                        .filter(|(sizes, ..)| sizes[place] == size)
                        .map(|(_, exact, _)| exact.clone())
                };
                values().max().unwrap() - values().min().unwrap()
            };
            (0..SIZES.len()).map(width).max().unwrap()
        };
        let widths: Vec<BigRational> = (0..open.len()).map(worst).collect();
        let best = widths.iter().min().unwrap();
        let advice = band["sizeFirst"]["itemId"].as_str().unwrap();
        let advised_width = &widths[open.iter().position(|id| id == advice).unwrap()];
        assert_eq!(advised_width, best, "seed {seed}: {widths:?}");
        let shown = (band["sizeFirst"]["worstWidth"].as_f64().unwrap() * 100.0).round() as i64;
        let exact: i64 = (best * crate::oracle::ratio(10_000, 1) + crate::oracle::ratio(1, 2))
            .floor()
            .to_integer()
            .to_string()
            .parse()
            .unwrap();
        assert_eq!(shown, exact, "seed {seed}");
        (trees, completions, advised) = (
            trees + 1,
            completions + all.len(),
            advised + usize::from(open.len() > 1),
        );
    }
    println!("{trees} trees, {completions} completions of their sizes, {advised} with a choice of advice");
}
