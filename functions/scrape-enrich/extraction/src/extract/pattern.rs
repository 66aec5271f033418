//! Regular expressions of the rules.

use std::cmp::Reverse;

use regex::Regex;

/// A fixed pattern; a mistake in one is a mistake in this program and fails the first test.
pub(crate) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("fixed patterns are well formed")
}

/// Any of some phrases, the longest first, so that none hides another that goes on.
pub(crate) fn any_of(phrases: impl IntoIterator<Item = &'static str>) -> String {
    alternatives(longest_first(phrases.into_iter().collect()))
}

/// Phrases without repetition, the longest first.
pub(crate) fn longest_first(mut phrases: Vec<&'static str>) -> Vec<&'static str> {
    phrases.sort_unstable_by_key(|phrase| (Reverse(phrase.len()), *phrase));
    phrases.dedup();
    phrases
}

/// One function for all callers, for each kind of iterator would bring its own.
fn alternatives(phrases: Vec<&'static str>) -> String {
    let mut all = String::new();
    for phrase in phrases {
        if !all.is_empty() {
            all.push('|');
        }
        all.push_str(&regex::escape(phrase).replace('\'', "['’]"));
    }
    all
}
