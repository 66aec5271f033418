//! Ids: what is one, and one that nobody has.

use rand::Rng;

/// Longest id and key: `Database::MAX_UID_DEFAULT_LENGTH` on SQL adapters.
pub(crate) const LENGTH: usize = 36;

/// What `unique()` stands for: 20 hex digits, as Appwrite's own.
pub(crate) fn unique() -> String {
    let number: u128 = rand::thread_rng().gen();
    format!("{number:032x}")[..20].to_owned()
}

pub(crate) fn is_valid(id: &str) -> bool {
    is_key(id, LENGTH)
}

/// Whether a text of at most so many characters is one that may be an id or a key.
pub(crate) fn is_key(id: &str, longest: usize) -> bool {
    let special = |byte: u8| matches!(byte, b'.' | b'-' | b'_');
    !id.is_empty()
        && id.len() <= longest
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || special(byte))
        && !id.bytes().next().is_some_and(special)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn ids_are_short_and_plain() {
        for good in ["a", "A.b-c_d", "0", &"x".repeat(36)] {
            assert!(is_valid(good), "{good}");
        }
        for bad in [
            "",
            "_a",
            "-a",
            ".a",
            "a b",
            "ä",
            "unique()",
            &"x".repeat(37),
        ] {
            assert!(!is_valid(bad), "{bad}");
        }
    }
}
