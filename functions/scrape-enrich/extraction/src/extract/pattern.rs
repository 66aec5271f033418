//! Regular expressions of the rules.

use regex::Regex;

/// A fixed pattern; a mistake in one is a mistake in this program and fails the first test.
pub(crate) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("fixed patterns are well formed")
}
