//! Reads JSON that is none: what people paste into pages, printed by templates that escape nothing. A member that cannot
//! be read is left out, and those before and behind it stay.
//!
//! Valid JSON never comes here. Quotes of all kinds and none, commas too many and too few, comments, wrappers of CDATA
//! and of HTML, `;` between members and an assignment around the whole are read as what they are meant to be.

use std::cell::Cell;

use super::json::{Json, Keep};
use crate::effort::Effort;
use crate::slice::cut;

/// Objects and lists inside one another; what is deeper says nothing about a company.
const DEEPEST: usize = 60;

/// How far it is looked ahead whether a quote ends its string, in bytes, and what that costs in steps.
const AHEAD: usize = 160;
const LOOK: u64 = 800;

/// All objects and lists of a script, one after the other.
pub(super) fn values(script: &str, kept: &Cell<usize>, effort: &Effort) -> Vec<Json> {
    let mut reader = Reader {
        script,
        at: 0,
        keep: Keep(kept),
        effort,
        depth: 0,
        lists: 0,
        objects: 0,
    };
    let mut values = Vec::new();
    loop {
        reader.skip_blank();
        match reader.peek() {
            None => return values,
            Some('{' | '[') => match reader.value() {
                Json::Nothing => {}
                value => values.push(value),
            },
            Some(_) => reader.step(),
        }
    }
}

struct Reader<'s> {
    script: &'s str,
    at: usize,
    keep: Keep<'s>,
    effort: &'s Effort,
    depth: usize,
    /// How many lists and objects are open.
    lists: usize,
    objects: usize,
}

impl<'s> Reader<'s> {
    fn rest(&self) -> &'s str {
        cut(self.script, self.at..)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn step(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    /// White space, comments and the marks that wrap scripts for old browsers.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches(is_blank).len();
            let comment = |start: &str, end: &str| {
                let inside = cut(rest, blank..).strip_prefix(start)?;
                let length = inside.find(end).map_or(inside.len(), |at| at + end.len());
                Some(blank + start.len() + length)
            };
            let mark = |mark: &str| {
                Some(blank + mark.len()).filter(|_| cut(rest, blank..).starts_with(mark))
            };
            let skipped = comment("//", "\n")
                .filter(|_| !cut(rest, blank..).starts_with("//<![CDATA["))
                .or_else(|| comment("/*", "*/"))
                .or_else(|| mark("//"))
                .or_else(|| mark("<!--"))
                .or_else(|| mark("-->"))
                .or_else(|| mark("<![CDATA["))
                .or_else(|| mark("]]>"));
            self.at += skipped.unwrap_or(blank);
            if skipped.is_none() {
                return;
            }
        }
    }

    fn value(&mut self) -> Json {
        match self.peek() {
            Some('{') if self.depth < DEEPEST => self.within(Self::object),
            Some('[') if self.depth < DEEPEST => self.within(Self::list),
            Some('{' | '[') => {
                self.step();
                Json::Nothing
            }
            Some(quote) if ends_of(quote).is_some() => match self.string(quote, true) {
                Some(text) => self.keep.one(Json::Text(text)),
                None => Json::Nothing,
            },
            _ => self.bare(),
        }
    }

    fn within(&mut self, read: fn(&mut Self) -> Json) -> Json {
        self.step();
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// What stands behind `{`.
    fn object(&mut self) -> Json {
        self.objects += 1;
        let mut properties = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                None => break,
                Some('}') => {
                    self.step();
                    break;
                }
                // The bracket of a list around this object, which nobody closed.
                Some(']') if self.lists > 0 => break,
                Some(',' | ';' | ']') => self.step(),
                Some(_) => {
                    let before = self.at;
                    if let Some((key, value)) = self.member() {
                        self.keep.property(&mut properties, key, value);
                    }
                    if self.at == before {
                        self.step();
                    }
                }
            }
        }
        self.objects -= 1;
        self.keep.one(Json::Object(properties))
    }

    fn member(&mut self) -> Option<(String, Json)> {
        let key = match self.peek()? {
            quote if ends_of(quote).is_some() => self.string(quote, false)?,
            _ => {
                let rest = self.rest();
                let end = rest.find(|c: char| !(c.is_alphanumeric() || "@_$.:-/#".contains(c)));
                // A bare key ends at its last colon: `schema:name:` names `schema:name`.
                let word = cut(rest, ..end.unwrap_or(rest.len()));
                let key = word.trim_end_matches(':').to_owned();
                let colon = word.find(':').filter(|_| !word.ends_with(':'));
                let key = colon.map_or(key.clone(), |colon| cut(&key, ..colon).to_owned());
                self.at += key.len();
                key
            }
        };
        self.skip_blank();
        if self.peek() != Some(':') {
            return None;
        }
        self.step();
        self.skip_blank();
        match self.peek() {
            None | Some(',' | ';' | '}' | ']') => None,
            Some(_) => match self.value() {
                Json::Nothing => None,
                value => Some((key, value)),
            },
        }
    }

    /// What stands behind `[`.
    fn list(&mut self) -> Json {
        self.lists += 1;
        let mut list = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                None => break,
                Some(']') => {
                    self.step();
                    break;
                }
                Some('}') if self.objects > 0 => break,
                Some(',' | ';' | '}' | ':') => self.step(),
                Some(_) => {
                    let before = self.at;
                    match self.value() {
                        Json::Nothing => {}
                        value => list.push(value),
                    }
                    if self.at == before {
                        self.step();
                    }
                }
            }
        }
        self.lists -= 1;
        self.keep.one(Json::List(list))
    }

    /// A word or a number without quotes; only whole numbers say something.
    fn bare(&mut self) -> Json {
        let rest = self.rest();
        let end = rest.find(|c: char| ",;}]\n\"".contains(c));
        let word = cut(rest, ..end.unwrap_or(rest.len()));
        self.at += word.len();
        let word = word.trim();
        let is_whole = word.bytes().all(|byte| byte.is_ascii_digit());
        match word.parse() {
            Ok(number) if is_whole && !(word.len() > 1 && word.starts_with('0')) => {
                self.keep.one(Json::Number(number))
            }
            _ => Json::Nothing,
        }
    }

    /// A string from its opening quote on; none where its end is missing and the next member begins inside.
    fn string(&mut self, quote: char, is_value: bool) -> Option<String> {
        let ends = ends_of(quote).unwrap_or_default();
        self.step();
        let mut text = String::new();
        // The last quote that did not end the string: where it stands and how much was read before it.
        let mut inner: Option<(usize, usize)> = None;
        while let Some(next) = self.peek() {
            match next {
                '\\' => {
                    self.step();
                    self.escape(&mut text);
                    continue;
                }
                end if ends.contains(end) => {
                    if !is_value || self.ends_here(end) {
                        self.step();
                        return Some(text);
                    }
                    let begins_key =
                        cut(self.rest(), end.len_utf8()..).trim_start_matches(is_blank);
                    if let (Some((at, length)), true) = (inner, begins_key.starts_with(':')) {
                        if cut(&text, ..length).trim_end().ends_with(',') && self.at - at < AHEAD {
                            self.at = at;
                            return None;
                        }
                    }
                    inner = Some((self.at, text.len()));
                    text.push(end);
                }
                control if control.is_control() => text.push(' '),
                other => text.push(other),
            }
            self.step();
        }
        Some(text)
    }

    /// Whether the quote at this place ends a value: behind it stands what may follow one.
    fn ends_here(&self, quote: char) -> bool {
        if !self.effort.spend(1, LOOK) {
            return true;
        }
        let ahead = cut(self.rest(), quote.len_utf8()..);
        let ahead = cut(ahead, ..AHEAD).trim_start_matches(is_blank);
        let Some(next) = ahead.chars().next() else {
            return true;
        };
        let behind = cut(ahead, next.len_utf8()..).trim_start_matches(is_blank);
        match next {
            '}' | ']' | ';' => true,
            ',' if behind.starts_with(['}', ']', ',', ';', '{', '[']) || behind.is_empty() => true,
            // In a list any value may follow, in an object only a key.
            ',' if self.lists > 0 && behind.starts_with(['"', '\'']) => true,
            '/' | ',' if [ahead, behind].iter().any(|text| is_comment(text)) => true,
            ',' => begins_with_key(behind),
            _ => ends_of(next).is_some() && begins_with_key(ahead),
        }
    }

    /// What a backslash, already read, makes of what follows it.
    fn escape(&mut self, text: &mut String) {
        let Some(escaped) = self.peek() else {
            return;
        };
        self.step();
        match escaped {
            'n' | 'r' | 't' | 'b' | 'f' => text.push(' '),
            'u' => {
                let Some(unit) = self.unit() else {
                    text.push('u');
                    return;
                };
                self.at += 4;
                let low = self.rest().strip_prefix("\\u").and_then(hexadecimal);
                let pair = low.map(|low| [unit, low]);
                let units = pair.filter(|[high, _]| (0xd800..0xdc00).contains(high));
                let one = char::from_u32(u32::from(unit));
                // Half of a pair is nothing.
                let both = units.and_then(|units| char::decode_utf16(units).next()?.ok());
                if both.is_some() {
                    self.at += 6;
                }
                text.extend(both.or(one));
            }
            other => text.push(other),
        }
    }

    fn unit(&self) -> Option<u16> {
        hexadecimal(self.rest())
    }
}

fn hexadecimal(text: &str) -> Option<u16> {
    let digits = text.get(..4)?;
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16)
        .ok()
        .filter(|_| is_hexadecimal)
}

fn is_comment(text: &str) -> bool {
    text.starts_with("//") || text.starts_with("/*")
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The quotes that may end what this one begins.
fn ends_of(quote: char) -> Option<&'static str> {
    match quote {
        '"' => Some("\""),
        '\'' => Some("'"),
        '`' => Some("`"),
        '“' | '”' | '„' | '‟' | '″' => Some("“”‟″\""),
        '‘' | '’' | '‚' => Some("‘’'"),
        '«' | '»' => Some("«»"),
        _ => None,
    }
}

/// Whether a text begins with a key and its colon, or with one whose colon is missing.
fn begins_with_key(text: &str) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    let (behind, quoted) = match ends_of(first) {
        Some(ends) => {
            let inside = characters.as_str();
            let Some(end) = inside.find(|c| ends.contains(c)) else {
                return false;
            };
            let behind = cut(inside, end..);
            let quote = behind.chars().next().map_or(0, char::len_utf8);
            (cut(behind, quote..), true)
        }
        None => {
            let is_key = |c: char| c.is_alphanumeric() || "@_$".contains(c);
            (text.trim_start_matches(is_key), false)
        }
    };
    let next = behind.trim_start_matches(is_blank);
    behind.len() < text.len()
        && (next.starts_with(':') || quoted && next.starts_with([',', '}', ']']))
}
