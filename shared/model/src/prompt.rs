//! What a model is told to do: text from a file whose name carries its version.

use sha2::{Digest, Sha256};

/// Instructions for a model. Who changes the text gives it the next version: a test of each user holds the hash of every
/// version, so that a stored `promptVersion` means one text for ever.
#[derive(Clone, Copy, Debug)]
pub struct Prompt {
    pub name: &'static str,
    pub version: u32,
    pub text: &'static str,
}

/// Characters of a hash that tell versions apart.
const SHORT: usize = 12;

impl Prompt {
    /// `name@version-hash` of everything that decides what is made of a page: this text, the shape of the answer, and
    /// the version of the code that reads it.
    pub fn stamp(&self, schema: &str, reader: u32) -> String {
        let all = format!("{}\n{schema}\n{reader}", self.text);
        let hash: String = sha256(all.as_bytes()).chars().take(SHORT).collect();
        format!("{}@{}-{hash}", self.name, self.version)
    }

    /// For a test of each user, who gives every version that was ever deployed with the lower-case hex SHA-256 of its text.
    ///
    /// # Panics
    /// Where this version is none of them, or has another text.
    #[track_caller]
    pub fn check_version(&self, versions: &[(u32, &str)]) {
        let mut versions = versions.iter();
        let known = versions.find(|(version, _)| *version == self.version);
        let hash = known.map(|(_, hash)| *hash);
        assert_eq!(
            hash,
            Some(sha256(self.text.as_bytes()).as_str()),
            "what version {} of {} says never changes: give a new text, in a file of its own, the next version and add it",
            self.version,
            self.name
        );
    }
}

/// Lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: Prompt = Prompt {
        name: "test",
        version: 2,
        text: "abc",
    };

    /// Of `abc`, as FIPS 180-2 gives it.
    const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_version_is_known_by_its_text() {
        PROMPT.check_version(&[(1, "another"), (2, HASH)]);
    }

    #[test]
    #[should_panic(expected = "never changes")]
    fn a_text_that_changes_under_its_version_is_told() {
        PROMPT.check_version(&[(1, HASH), (2, "another")]);
    }

    #[test]
    #[should_panic(expected = "never changes")]
    fn a_version_that_nobody_has_written_down_is_told() {
        PROMPT.check_version(&[(1, HASH)]);
    }
}
