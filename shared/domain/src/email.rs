//! E-mail addresses made comparable: what two spellings must share to reach the same mailbox for certain.
//!
//! Not a check that an address exists, and no guess at what a provider treats alike: `ada+acme@` and `a.da@` are other
//! people than `ada@`.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Longest address that org_invites keeps, in characters.
const MAX_LENGTH: usize = 320;

/// An address trimmed, in lower case, in Unicode's form NFC, with its domain in ASCII (`xn--…`). Equal means the same
/// person.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NormalizedEmail(String);

impl NormalizedEmail {
    /// None for text that is no address: not exactly one name and one domain around the last `@`, or blanks inside.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().nfc().collect();
        let (name, domain) = text.rsplit_once('@')?;
        let name: String = name.to_lowercase().nfc().collect();
        let domain = idna::domain_to_ascii(domain).ok()?;
        let refused = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        if name.is_empty()
            || domain.is_empty()
            || name.contains(refused)
            || domain.contains(refused)
        {
            return None;
        }
        let email = format!("{name}@{domain}");
        (email.chars().count() <= MAX_LENGTH).then_some(Self(email))
    }

    /// Whether an account can have this address at all: Appwrite takes what PHP's FILTER_VALIDATE_EMAIL does, in which the
    /// name is of ASCII without blanks and the domain has a dot.
    pub fn fits_an_account(&self) -> bool {
        let Some((name, domain)) = self.0.rsplit_once('@') else {
            return false;
        };
        let is_quoted = name.len() > 2 && name.starts_with('"') && name.ends_with('"');
        let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_of_atom);
        let is_label = |label: &str| {
            let is_of_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (1..=63).contains(&label.len())
                && label.bytes().all(is_of_label)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        name.len() <= 64
            && name.is_ascii()
            && (is_quoted || name.split('.').all(is_atom))
            && self.0.len() <= 254
            && domain.contains('.')
            && domain.split('.').all(is_label)
    }
}

/// Characters of a name that needs no quotes (RFC 5322, `atext`).
fn is_of_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

impl AsRef<str> for NormalizedEmail {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Addresses belong into no log, so Debug shows none.
impl fmt::Debug for NormalizedEmail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expect: &str) {
        let found = NormalizedEmail::parse(input);
        assert_eq!(
            found.as_ref().map_or("", AsRef::as_ref),
            expect,
            "{input:?}"
        );
        let again = NormalizedEmail::parse(expect);
        assert_eq!(again, found, "normalising twice is normalising once");
    }

    #[test]
    fn spellings_of_one_address_become_one() {
        check("ada@example.com", "ada@example.com");
        check("  Ada.L@Example.COM\t\n", "ada.l@example.com");
        check("\u{a0}ada@example.com\u{2003}", "ada@example.com");
        check("ADA@EXAMPLE.COM", "ada@example.com");
        check("ÄDA@example.com", "äda@example.com");
        check("A\u{308}da@example.com", "äda@example.com");
        check("jose\u{301}@example.com", "josé@example.com");
        check("anna@bücher.example", "anna@xn--bcher-kva.example");
        check("anna@BU\u{308}CHER.example", "anna@xn--bcher-kva.example");
        check("anna@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example");
        check("anna@bücher。example", "anna@xn--bcher-kva.example");
        check("李@例子.example", "李@xn--fsqu00a.example");
        check("\u{130}nci@example.com", "i\u{307}nci@example.com");
        check("\u{212a}ay@example.com", "kay@example.com");
    }

    #[test]
    fn plus_addresses_and_dots_are_other_people() {
        check("ada+acme@example.com", "ada+acme@example.com");
        check("a.d.a@gmail.com", "a.d.a@gmail.com");
        check("ada@googlemail.com", "ada@googlemail.com");
        check("\"ada\"@example.com", "\"ada\"@example.com");
    }

    #[test]
    fn look_alikes_of_other_scripts_are_other_people() {
        check("\u{430}da@example.com", "\u{430}da@example.com");
        check("ada@ex\u{430}mple.com", "ada@xn--exmple-4nf.com");
        check("\u{ff41}da@example.com", "\u{ff41}da@example.com");
        check("strasse@example.com", "strasse@example.com");
        check("straße@example.com", "straße@example.com");
    }

    #[test]
    fn what_is_no_address_is_nobody() {
        for text in [
            "",
            " ",
            "ada",
            "@example.com",
            "ada@",
            "ada@ ",
            "a da@example.com",
            "ada@exa mple.com",
            "ada@b@example.com",
            "ada\n@example.com",
            "ada\u{0}@example.com",
            "ada@xn--\u{e4}.example",
        ] {
            check(text, "");
        }
        check(&format!("{}@example.com", "a".repeat(400)), "");
    }

    #[test]
    fn an_account_can_have_what_the_server_takes_for_an_address() {
        let check = |input: &str, expect: bool| {
            let email = NormalizedEmail::parse(input).unwrap();
            assert_eq!(email.fits_an_account(), expect, "{input}");
        };
        check("Ada.L+acme@Example.com", true);
        check("anna@bücher.example", true);
        check("o'neil_x@sub.example.co.uk", true);
        check("\"ada\"@example.com", true);
        check("josé@example.com", false);
        check("\u{430}da@example.com", false);
        check("ada@localhost", false);
        check("ada.@example.com", false);
        check(".ada@example.com", false);
        check("a..da@example.com", false);
        check("a,da@example.com", false);
        check("ada@ex_ample.com", false);
        check("ada@example.com.", false);
        check(&format!("{}@example.com", "a".repeat(65)), false);
    }

    #[test]
    fn an_address_does_not_show_itself() {
        let ada = NormalizedEmail::parse("ada@example.com");
        assert_eq!(format!("{ada:?}"), "Some(***)");
    }
}
