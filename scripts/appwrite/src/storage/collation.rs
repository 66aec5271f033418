//! How texts are compared: as the databases below Appwrite do it.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

use crate::options::Database;

/// Name of the collation that text columns and ids are compared with: see [`compare_in`].
pub(crate) const COLLATION: &str = "appwrite";

/// Name of the collation that is [`compare`] on every database.
pub(crate) const BLIND: &str = "blind";

/// The order of texts in this database. PostgreSQL's is that of their bytes (`C.UTF-8`).
pub(crate) fn compare_in(database: Database, left: &str, right: &str) -> Ordering {
    match database {
        Database::MariaDb => compare(left, right),
        Database::PostgreSql => left.cmp(right),
    }
}

/// What an id is told from others by.
pub(crate) fn identity(database: Database, id: &str) -> String {
    match database {
        Database::MariaDb => folded(id),
        Database::PostgreSql => id.to_owned(),
    }
}

/// MariaDB's `utf8mb4_general_ci`: case, accents and trailing blanks do not count.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim_end_matches(' '), right.trim_end_matches(' '));
    if left.is_ascii() && right.is_ascii() {
        let (left, right) = (left.bytes(), right.bytes());
        return left
            .map(|byte| byte.to_ascii_uppercase())
            .cmp(right.map(|byte| byte.to_ascii_uppercase()));
    }
    left.chars().map(fold).cmp(right.chars().map(fold))
}

/// The text as the collation sees it, trailing blanks kept: for prefixes and parts.
pub(crate) fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// One weight for each character: its base letter in upper case. Characters beyond the basic plane are all alike.
fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_uppercase();
    }
    if character > '\u{FFFF}' {
        return char::REPLACEMENT_CHARACTER;
    }
    if character == 'ß' {
        return 'S';
    }
    // Only alphabets: syllables of other scripts would lose their sounds.
    let base = if character < '\u{2000}' {
        character.nfd().next().unwrap_or(character)
    } else {
        character
    };
    let mut upper = base.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => base,
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{self, Equal, Greater, Less};

    use super::Database;

    #[track_caller]
    fn check(left: &str, right: &str, expect: Ordering) {
        assert_eq!(super::compare(left, right), expect);
        assert_eq!(super::compare(right, left), expect.reverse());
    }

    #[test]
    fn texts_are_compared_as_mariadb_does() {
        check("acme", "ACME", Equal);
        check("acme", "acmé", Equal);
        check("acme", "acme  ", Equal);
        check("Straße", "strase", Equal);
        check("😀", "😎", Equal);
        check("acme", " acme", Greater);
        check("acme", "acne", Less);
        check("a_", "ab", Greater);
        check("", "a", Less);
        check("∞", "?", Greater);
        check("각", "가", Greater);
    }

    #[test]
    fn postgresql_tells_texts_apart_that_mariadb_does_not() {
        let equal = |database, left: &str, right: &str| {
            super::compare_in(database, left, right) == Equal
                && super::identity(database, left) == super::identity(database, right)
        };
        for other in ["ACME", "acmé"] {
            assert!(equal(Database::MariaDb, "acme", other), "{other}");
            assert!(!equal(Database::PostgreSql, "acme", other), "{other}");
        }
    }

    #[test]
    fn a_folded_text_keeps_its_length_and_blanks() {
        assert_eq!(super::folded(" Ärger ∞ "), " ARGER ∞ ");
    }
}
