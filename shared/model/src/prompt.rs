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

    /// Lower-case hex SHA-256 of the text.
    pub fn hash(&self) -> String {
        sha256(self.text.as_bytes())
    }
}

/// Lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
