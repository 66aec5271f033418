//! What a robots.txt lets us read: parser and matcher after RFC 9309 (<https://www.rfc-editor.org/rfc/rfc9309>).
//!
//! Pure: bytes and URL in, yes or no out. Fetching the file, and what a missing file means, is in
//! [`crawl`](crate::crawl). Our own because the crates for it need a newer Rust than ours or are no longer kept; the
//! matcher below walks pattern and path once.

use std::borrow::Cow;
use std::time::Duration;

use encoding_rs::{Encoding, REPLACEMENT};
use url::Url;

/// The product token that site owners address us by.
pub const AGENT: &str = "ValyouriseBot";

/// The rules of one robots.txt that hold for us.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    allow: bool,
    /// In the form that [`normal`] gives, `*` and a last `$` being special.
    pattern: Vec<u8>,
}

impl Robots {
    /// Reads the body of an answer. `charset` is what the Content-Type header says, if anything. The RFC wants UTF-8;
    /// what is marked as another charset is read as such. None for what is no text in it: rules may stand there, and
    /// nobody can tell which.
    pub fn read(body: &[u8], charset: Option<&str>) -> Option<Self> {
        let marked = Encoding::for_bom(body).map(|(encoding, _)| encoding);
        let encoding = marked.or_else(|| Encoding::for_label(charset?.as_bytes()));
        // Patterns are compared octet by octet, so octets beyond ASCII stay as they are.
        let text = match encoding {
            Some(encoding) if encoding == REPLACEMENT => return None,
            Some(encoding) if !encoding.is_ascii_compatible() => {
                Cow::Owned(encoding.decode(body).0.into_owned().into_bytes())
            }
            Some(_) | None => Cow::Borrowed(body),
        };
        (!text.contains(&0)).then(|| Self::parse(&text))
    }

    /// Reads a robots.txt. Whatever cannot be understood is skipped, as the RFC asks.
    pub fn parse(file: &[u8]) -> Self {
        let mut ours = Group::default();
        let mut everyones = Group::default();
        // The group being read is for us, for everyone, for both or for neither.
        let (mut for_us, mut for_everyone) = (false, false);
        let mut in_rules = false;
        for (key, value) in records(file) {
            let key = key.to_ascii_lowercase();
            if key == b"user-agent" {
                if in_rules {
                    (for_us, for_everyone, in_rules) = (false, false, false);
                }
                for_everyone |= value.starts_with(b"*");
                if product(value).eq_ignore_ascii_case(AGENT.as_bytes()) {
                    for_us = true;
                    ours.present = true;
                }
                continue;
            }
            let groups = [(for_us, &mut ours), (for_everyone, &mut everyones)];
            for (_, group) in groups.into_iter().filter(|(meant, _)| *meant) {
                group.read(&key, value);
            }
            in_rules |= matches!(key.as_slice(), b"allow" | b"disallow" | b"crawl-delay");
        }
        if ours.present {
            ours.robots
        } else {
            everyones.robots
        }
    }

    /// For a site without robots.txt.
    pub fn allow_all() -> Self {
        Self::default()
    }

    /// Whether we may read the page: the longest matching pattern decides, Allow where two are as long, and what no
    /// pattern matches is allowed.
    pub fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        let path = match url.query() {
            Some(query) => normal(format!("{}?{query}", url.path()).as_bytes(), Side::Url),
            None => normal(url.path().as_bytes(), Side::Url),
        };
        self.rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }

    /// The pause that the site asks for between two requests.
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }
}

/// All groups of one agent, merged.
#[derive(Default)]
struct Group {
    present: bool,
    robots: Robots,
}

impl Group {
    fn read(&mut self, key: &[u8], value: &[u8]) {
        match key {
            // An empty pattern matches nothing.
            b"allow" | b"disallow" if !value.is_empty() => self.robots.rules.push(Rule {
                allow: key == b"allow",
                pattern: normal(value, Side::Pattern),
            }),
            b"crawl-delay" if self.robots.crawl_delay.is_none() => {
                self.robots.crawl_delay = std::str::from_utf8(value)
                    .ok()
                    .and_then(|seconds| seconds.parse().ok())
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            }
            _ => {}
        }
    }
}

/// The `key: value` lines without comments and blanks around.
fn records(file: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    file.strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(file)
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .filter_map(|line| {
            let line = line.split(|&byte| byte == b'#').next().unwrap_or_default();
            let colon = line.iter().position(|&byte| byte == b':')?;
            let (key, value) = line.split_at(colon);
            Some((key.trim_ascii(), value[1..].trim_ascii()))
        })
}

/// The name part of a user-agent line: "ValyouriseBot/1.0" means ValyouriseBot.
fn product(value: &[u8]) -> &[u8] {
    let end = value
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
    &value[..end.unwrap_or(value.len())]
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Pattern,
    Url,
}

/// One spelling for each octet, so that octets can be compared: an escape is undone where the octet needs none, and
/// made where it needs one; hex digits are upper-case. In a URL `*` and `$` are octets like any other and are escaped,
/// because in a pattern they are special and only `%2A` and `%24` mean the octets.
/// <https://www.rfc-editor.org/rfc/rfc9309#section-2.2.2>
fn normal(text: &[u8], side: Side) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%').then(|| escape(after)).flatten();
        let (octet, plain) = match escaped {
            Some(octet) => (octet, is_unreserved(octet)),
            None => {
                let special = side == Side::Url && matches!(byte, b'*' | b'$');
                (byte, is_unreserved(byte) || is_reserved(byte) && !special)
            }
        };
        rest = if escaped.is_some() {
            &after[2..]
        } else {
            after
        };
        if plain {
            out.push(octet);
        } else {
            out.extend(format!("%{octet:02X}").bytes());
        }
    }
    out
}

/// The octet that two hex digits stand for.
fn escape(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// <https://www.rfc-editor.org/rfc/rfc3986#section-2.3>
fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

/// <https://www.rfc-editor.org/rfc/rfc3986#section-2.2>
fn is_reserved(octet: u8) -> bool {
    b":/?#[]@!$&'()*+,;=".contains(&octet)
}

/// Whether a pattern matches a beginning of the path, or all of it if the pattern ends with `$`.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|&byte| byte == b'*');
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let mut last: Option<&[u8]> = None;
    for piece in pieces {
        // The earliest place is the best one for every piece but the last of an anchored pattern.
        if let Some(middle) = last.replace(piece) {
            match find(rest, middle) {
                Some(at) => rest = &rest[at + middle.len()..],
                None => return false,
            }
        }
    }
    match (last, to_the_end) {
        (None, true) => rest.is_empty(),
        (None, false) => true,
        (Some(piece), true) => rest.ends_with(piece),
        (Some(piece), false) => find(rest, piece).is_some(),
    }
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    if piece.is_empty() {
        return Some(0);
    }
    text.windows(piece.len()).position(|window| window == piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, path: &str, expect: bool) {
        let url = Url::parse("https://example.com").unwrap().join(path);
        let got = Robots::parse(file.as_bytes()).allows(&url.unwrap());
        assert_eq!(got, expect, "{path} under {file:?}");
    }

    #[test]
    fn what_nothing_forbids_is_allowed() {
        check("", "/", true);
        check("User-agent: *\nDisallow:", "/", true);
        check("User-agent: other\nDisallow: /", "/", true);
        check("Disallow: /", "/", true);
        check("<html>no robots here</html>", "/", true);
    }

    #[test]
    fn the_longest_pattern_decides_and_allow_wins_a_tie() {
        let file = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /same\nDisallow: /same";
        check(file, "/a", false);
        check(file, "/a/b", true);
        check(file, "/a/b/c/d", false);
        check(file, "/same", true);
        check("User-agent: *\nDisallow: /\nAllow: /$", "/", true);
    }

    #[test]
    fn our_own_groups_are_merged_and_stand_above_those_for_everyone() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: valyourisebot/9\nDisallow: /a\n\n\
                    User-agent: x\nUser-agent: VALYOURISEBOT\nDisallow: /b";
        check(file, "/", true);
        check(file, "/a", false);
        check(file, "/b", false);
        check(
            "User-agent: *\nDisallow: /\nUser-agent: ValyouriseBot",
            "/",
            true,
        );
        check("User-agent: ValyouriseBotanist\nDisallow: /", "/", true);
        check(
            "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: *\nDisallow: /c",
            "/c",
            false,
        );
    }

    #[test]
    fn foreign_lines_do_not_part_a_group() {
        let file = "User-agent: ValyouriseBot\nSitemap: https://example.com/s\nnoise\nUser-agent: x\nDisallow: /a";
        check(file, "/a", false);
    }

    #[test]
    fn stars_and_anchors_match_as_they_should() {
        let file = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a*b*c\nDisallow: *secret\nDisallow: /end$\nDisallow: /x*x$";
        check(file, "/files/one.pdf", false);
        check(file, "/files/one.pdf?x", true);
        check(file, "/one.pdf/two.pdf", false);
        check(file, "/a1b2c3", false);
        check(file, "/a1c2b3", true);
        check(file, "/deep/secret", false);
        check(file, "/end", false);
        check(file, "/ending", true);
        check(file, "/x", true);
        check(file, "/xx", false);
    }

    #[test]
    fn escapes_are_compared_by_what_they_mean() {
        let file = "User-agent: *\nDisallow: /%7Eada\nDisallow: /über\nDisallow: /a%2fb\nDisallow: /star%2A\nDisallow: /price$x\nDisallow: /%zz";
        check(file, "/~ada", false);
        check(file, "/%7eada", false);
        check(file, "/%C3%BCber", false);
        check(file, "/über", false);
        check(file, "/a/b", true);
        check(file, "/a%2Fb", false);
        check(file, "/star*", false);
        check(file, "/start", true);
        check(file, "/%zz", false);
    }

    #[test]
    fn queries_belong_to_the_path() {
        let file = "User-agent: *\nDisallow: /*?print=";
        check(file, "/a?print=1", false);
        check(file, "/a?x=1", true);
    }

    #[test]
    fn marks_line_ends_and_comments_are_understood() {
        check(
            "\u{FEFF}User-agent: * # all\r\nDisallow : /a # why\r\n",
            "/a",
            false,
        );
        check("user-agent:*\rdisallow:/a", "/a", false);
        check("User-agent: *\n\n\nDisallow: /a", "/a", false);
    }

    #[test]
    fn the_file_itself_may_always_be_read() {
        check("User-agent: *\nDisallow: /", "/robots.txt", true);
    }

    #[track_caller]
    fn check_delay(file: &str, expect: Option<f64>) {
        let got = Robots::parse(file.as_bytes()).crawl_delay();
        assert_eq!(got, expect.map(Duration::from_secs_f64), "{file:?}");
    }

    #[test]
    fn the_crawl_delay_of_our_group_is_read() {
        check_delay("User-agent: *\nCrawl-delay: 2.5", Some(2.5));
        check_delay("User-agent: x\nCrawl-delay: 2", None);
        check_delay("User-agent: *\nCrawl-delay: soon", None);
        check_delay("User-agent: *\nCrawl-delay: -1", None);
        check_delay("User-agent: *\nCrawl-delay: 1e300", None);
    }

    #[test]
    fn a_hostile_file_is_judged_in_a_moment() {
        let stars = "a*".repeat(2_000);
        let file = format!(
            "User-agent: *\n{}",
            format!("Disallow: /{stars}b\n").repeat(100)
        );
        check(&file, &format!("/{}", "a".repeat(2_000)), true);
    }
}
