//! Regular expressions of the rules.

use std::cmp::Reverse;

use regex::Regex;

/// A fixed pattern; a mistake in one is a mistake in this program and fails the first test.
pub(crate) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("fixed patterns are well formed")
}

/// Any of some phrases, the longest first, so that none hides another that goes on.
pub(crate) fn any_of(phrases: impl IntoIterator<Item = &'static str>) -> String {
    let mut phrases: Vec<&str> = phrases.into_iter().collect();
    phrases.sort_unstable();
    phrases.dedup();
    phrases.sort_by_key(|phrase| Reverse(phrase.len()));
    let escaped = phrases.into_iter().map(regex::escape);
    let escaped: Vec<String> = escaped.map(|phrase| phrase.replace('\'', "['’]")).collect();
    escaped.join("|")
}
