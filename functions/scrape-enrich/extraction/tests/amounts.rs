//! Amounts in sentences of languages that the evaluation data has none of: what each says, and in which currency.

use extraction::extract::money::amounts;

/// Of each file's sentences at least so many of a hundred must be read as a whole.
const LEAST: usize = 95;

#[test]
fn amounts_in_spanish_are_read() {
    check("es", include_str!("amounts/es.txt"));
}

#[test]
fn amounts_in_italian_are_read() {
    check("it", include_str!("amounts/it.txt"));
}

#[test]
fn amounts_in_portuguese_are_read() {
    check("pt", include_str!("amounts/pt.txt"));
}

/// Each line is a sentence and, behind a bar, its amounts: the value and the currency, which is open where it is a dash.
#[track_caller]
fn check(language: &str, lines: &str) {
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let (text, expected) = line.split_once('|').expect("a sentence and its amounts");
        let found: Vec<String> = amounts(text)
            .iter()
            .map(|amount| format!("{} {}", amount.value, amount.currency.unwrap_or("-")))
            .collect();
        if found.join(";") != expected {
            wrong.push(format!("{text} {found:?}"));
        }
    }
    let all = lines.lines().count();
    assert_eq!(all, 60, "{language}");
    assert!(
        (all - wrong.len()) * 100 >= LEAST * all,
        "{language}: {wrong:#?}"
    );
}
