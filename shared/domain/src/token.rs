//! The two secrets that people carry: the token of an invite and the personal access token. Only their hashes are
//! stored; this file knows their shape and how they are hashed, not who made them.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

/// Text that must not reach a log.
#[derive(Clone, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// What a personal access token begins with, so that secret scanners and people recognise one.
pub const PERSONAL_PREFIX: &str = "vyr_";

/// 32 random bytes in base64url without padding.
const LENGTH: usize = 43;

/// The hash that org_invites.inviteTokenHash holds for this token, with whatever was copied along with it; none for text
/// that holds no token, or several.
pub fn invite_hash(token: &Secret) -> Option<String> {
    let text = token.expose();
    // Between blanks first; then without them, for mail programs break long links.
    one_token(text).map(hash).or_else(|| {
        let whole: String = text.chars().filter(|c| c.is_ascii_graphic()).collect();
        one_token(&whole).map(hash)
    })
}

/// The one token in a text: behind the `#` or `=` of a link, in quotes or brackets, or alone.
fn one_token(text: &str) -> Option<&str> {
    let mut found = text
        .split(|c: char| !is_of_random(c))
        .filter(|part| is_random(part));
    let token = found.next()?;
    found.all(|other| other == token).then_some(token)
}

/// The hash that pat.patHash holds for this token, its prefix included; none for text that cannot be one.
pub fn personal_hash(token: &Secret) -> Option<String> {
    let random = token.expose().strip_prefix(PERSONAL_PREFIX)?;
    is_random(random).then(|| hash(token.expose()))
}

fn is_random(text: &str) -> bool {
    text.len() == LENGTH && text.chars().all(is_of_random)
}

fn is_of_random(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Lower-case hex SHA-256 of the text as it was handed out.
fn hash(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Secret::new("standard_abc")), "***");
    }

    const RANDOM: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_token_is_stored_as_the_hash_of_its_text() {
        // printf %s AAAA…A (43 times) | sha256sum
        let invite = invite_hash(&Secret::new(RANDOM));
        assert_eq!(invite.as_deref(), Some(EXPECTED));
        let personal = personal_hash(&Secret::new(format!("vyr_{RANDOM}")));
        assert!(personal.is_some_and(|hash| hash != EXPECTED && hash.len() == 64));
    }

    const EXPECTED: &str = "0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a";

    #[test]
    fn what_cannot_be_a_token_has_no_hash() {
        let long = format!("{RANDOM}A");
        let two = format!("{RANDOM} {}", RANDOM.replace('A', "B"));
        for text in ["", "vyr_", &RANDOM[1..], &long, "vyr_AAAA, vyr_AAAA", &two] {
            assert_eq!(invite_hash(&Secret::new(text)), None, "{text}");
            assert_eq!(personal_hash(&Secret::new(text)), None, "{text}");
        }
        assert_eq!(personal_hash(&Secret::new(RANDOM)), None);
        assert_eq!(personal_hash(&Secret::new(format!("VYR_{RANDOM}"))), None);
        assert_eq!(
            invite_hash(&Secret::new(format!("{} ", &RANDOM[1..]))),
            None
        );
    }

    #[test]
    fn an_invites_token_is_cut_out_of_what_was_copied_with_it() {
        let (begin, end) = RANDOM.split_at(20);
        for text in [
            format!(" {RANDOM}\r\n"),
            format!("\u{feff}{RANDOM}\u{200b}"),
            format!("\"{RANDOM}\""),
            format!("<{RANDOM}>"),
            format!("#{RANDOM}"),
            format!("https://app.example/invite#{RANDOM}"),
            format!("<https://app.example/invite?token={RANDOM}&lang=de>."),
            format!("https://app.example/join/#/invite/{RANDOM}"),
            format!("Please open {RANDOM} soon"),
            format!("https://app.example/invite#{begin}\r\n {end}"),
            format!("https://app.example/invite#{begin}\u{ad}{end}"),
            format!("[{RANDOM}]({RANDOM})"),
        ] {
            let found = invite_hash(&Secret::new(text.clone()));
            assert_eq!(found.as_deref(), Some(EXPECTED), "{text}");
        }
    }
}
