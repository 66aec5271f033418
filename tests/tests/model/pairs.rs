//! Quotes that were falsified: each is a true one with one thing changed. None may state anything.

use std::collections::BTreeMap;

use extraction::extract::pointed::{self, Pointers, Verdict};
use extraction::page::Page;
use extraction::profile::Field;

/// Sentences of made companies. `{n}` stands for the figure, `{y}` for the year, `{o}` for the organisation.
const REVENUE: [&str; 6] = [
    "In {y} {o} turned over £{n}.4 million.",
    "{o} had annual revenue of $US {n}.4 million in {y}.",
    "Our revenue in {y} was €{n} million.",
    "We turned over £{n} million in {y}.",
    "Im Jahr {y} erzielte die {o} einen Umsatz von {n},4 Mio. Euro.",
    "En {y}, notre chiffre d’affaires était de {n} millions d’euros.",
];

const STAFF: [&str; 6] = [
    "In {y} {o} employs {n} people.",
    "We employ {n} people.",
    "{o} has {n} employees.",
    "Our team of {n} employees works in two halls.",
    "Wir beschäftigen {n} Mitarbeitende.",
    "Notre équipe compte {n} salariés.",
];

const NAMES: [&str; 4] = [
    "Acorn Pumps",
    "Eichel Technik",
    "Northfield Looms",
    "Verre Clair",
];

/// What is changed in a quote, and how: text and what stands there instead.
const CHANGES: [(&str, &[(&str, &str)]); 8] = [
    (
        "number",
        &[
            ("{n}", "{m}"),
            ("{n}", "1{n}"),
            ("{n}", "{n}0"),
            ("{n}", "-{n}"),
        ],
    ),
    (
        "number word",
        &[
            ("{n}", "ninety-three"),
            ("{n}", "dreiundneunzig"),
            ("{n}", "dozens of"),
        ],
    ),
    (
        "scale",
        &[
            ("million", "billion"),
            ("million", "thousand"),
            ("Mio.", "Mrd."),
            ("millions", "milliards"),
            ("people", "hundred people"),
            ("employees", "thousand employees"),
            ("Mitarbeitende", "Tausend Mitarbeitende"),
            ("salariés", "milliers de salariés"),
        ],
    ),
    (
        "currency",
        &[
            ("£", "€"),
            ("€", "$"),
            ("$US", "€"),
            ("Euro", "Franken"),
            ("d’euros", "de francs"),
        ],
    ),
    (
        "sign",
        &[
            ("turned over £", "turned over minus £"),
            ("£{n}", "(£{n})"),
            ("€{n}", "−€{n}"),
            ("von {n}", "von −{n}"),
            ("de {n}", "de moins {n}"),
        ],
    ),
    (
        "period",
        &[
            ("{y}", "Q1 {y}"),
            ("{y}", "May {y}"),
            ("annual", "quarterly"),
            ("annual", "monthly"),
        ],
    ),
    (
        "negation",
        &[
            (" employ ", " do not employ "),
            (" employs ", " never employs "),
            (" has ", " has not "),
            (" had ", " never had "),
            (" was ", " was not "),
            (" turned ", " never turned "),
            ("beschäftigen", "beschäftigen keine"),
            ("erzielte", "erzielte nie"),
            ("compte", "ne compte pas"),
            ("était", "n’était pas"),
            (" works ", " no longer works "),
        ],
    ),
    (
        "company",
        &[
            ("{o}", "Acorn Group"),
            ("{o}", "Our customer"),
            ("Our", "Their"),
            ("We", "They"),
            ("Wir", "Sie"),
            ("notre", "leur"),
            ("Notre", "Leur"),
        ],
    ),
];

/// The year that the sentences speak of.
const YEAR: u32 = 2024;

/// A year beside the one that is said.
const YEARS: [&str; 3] = ["2019", "2020", "2031"];

fn filled(sentence: &str, name: &str, figure: usize, year: u32) -> String {
    let text = sentence.replace("{n}", &figure.to_string());
    let text = text.replace("{m}", &(figure + 7).to_string());
    text.replace("{y}", &year.to_string()).replace("{o}", name)
}

/// The same with each change that can be made to it, by kind.
fn falsified(sentence: &str, name: &str, figure: usize) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (kind, changes) in CHANGES {
        for (what, instead) in changes {
            if sentence.contains(what) {
                let changed = sentence.replacen(what, instead, 1);
                all.push((kind, filled(&changed, name, figure, YEAR)));
            }
        }
    }
    for other in YEARS.iter().filter(|_| sentence.contains("{y}")) {
        all.push((
            "year",
            filled(&sentence.replace("{y}", other), name, figure, YEAR),
        ));
    }
    all
}

fn page(name: &str, sentence: &str) -> Page {
    let html = format!(
        "<title>{name}</title><h1>{name}</h1><h2>About us</h2><p>{name} makes things.</p><p>{sentence}</p>\
         <p>We have been at home in this valley for a long time.</p><footer>© {name}</footer>"
    );
    Page::new(
        "https://www.example.com/".parse().ok(),
        html.as_bytes(),
        None,
    )
}

/// What becomes of a quote on a page, and whether the profile states the field that it is for.
fn point(page: &Page, quote: &str, of_revenue: bool) -> (Verdict, bool) {
    let quote = Some(quote.to_owned());
    let mut pointers = Pointers::default();
    match of_revenue {
        true => pointers.revenue = quote,
        false => pointers.employee_count = quote,
    }
    let (profile, verdicts) = pointed::profile(std::slice::from_ref(page), &pointers);
    let stated = match of_revenue {
        true => matches!(profile.revenue, Field::Stated(_)),
        false => matches!(profile.employee_count, Field::Stated(_)),
    };
    let verdict = verdicts.iter().next();
    (verdict.expect("one quote has one verdict"), stated)
}

#[test]
fn no_falsified_quote_states_anything_and_every_true_one_is_found() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut agreed, mut silent) = (0, 0);
    for figure in 20..60 {
        let name = NAMES[figure % NAMES.len()];
        for (sentences, of_revenue) in [(REVENUE, true), (STAFF, false)] {
            for sentence in sentences {
                let truth = filled(sentence, name, figure, YEAR);
                let true_page = page(name, &truth);
                // Where the rules read the sentence a model is believed, else it is not.
                match point(&true_page, &truth, of_revenue) {
                    (Verdict::Agreed, true) => agreed += 1,
                    (Verdict::NotStated, false) => silent += 1,
                    other => panic!("{truth}: {other:?}"),
                }
                for (kind, quote) in falsified(sentence, name, figure) {
                    let pairs = [(&true_page, &quote), (&page(name, &quote), &truth)];
                    for (page, quote) in pairs {
                        let (verdict, _) = point(page, quote, of_revenue);
                        let is_dropped = [Verdict::NotOnPage, Verdict::Unusable].contains(&verdict);
                        assert!(is_dropped, "{kind}: {quote} for {truth}: {verdict:?}");
                        *counts.entry(kind).or_default() += 1;
                    }
                }
            }
        }
    }
    println!("true quotes: {agreed} agreed, {silent} not read by the rules; falsified, none stored: {counts:?}");
    assert!(agreed > 300, "{agreed}");
    assert!(counts.values().sum::<usize>() >= 10_000, "{counts:?}");
}
