//! Which encoding a page is written in: byte order mark, then the Content-Type header, then what the markup says of
//! itself, found as browsers find it (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>),
//! then what the bytes can be.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252, X_USER_DEFINED};

/// How far the markup is looked at. Browsers guess after 1,024 bytes and begin anew when a later tag tells them
/// otherwise; here the tag is found at once.
const LONGEST_HEAD: usize = 64 * 1024;

/// The encoding of a body, and of one that is said to be UTF-8 and cannot be. A label that nobody knows counts as none.
pub(super) fn encoding(body: &[u8], header: Option<&str>) -> &'static Encoding {
    let header = header.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let head = body.get(..LONGEST_HEAD).unwrap_or(body);
    let said = header.or_else(|| prescan(head)).or_else(|| in_xml(head));
    match said {
        None if is_utf8(body) => UTF_8,
        None => WINDOWS_1252,
        Some(said) if said == UTF_8 && !is_utf8(body) && !has_wide_characters(body) => WINDOWS_1252,
        // Nobody writes umlauts in pairs that happen to be UTF-8 from the first to the last.
        Some(said) if said == WINDOWS_1252 && header.is_none() && is_utf8(body) => UTF_8,
        Some(said) => said,
    }
}

/// Valid as far as it goes: a last character may be cut off.
fn is_utf8(body: &[u8]) -> bool {
    std::str::from_utf8(body).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// Some characters of several bytes are valid, so that the rest was broken on its way.
fn has_wide_characters(body: &[u8]) -> bool {
    body.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

/// What the first `<meta>` that names an encoding names, as the standard finds it.
fn prescan(head: &[u8]) -> Option<&'static Encoding> {
    let mut rest = Bytes(head);
    while let Some(start) = rest.0.iter().position(|byte| *byte == b'<') {
        rest.skip(start);
        if rest.begins("<!--") {
            // `<!-->` is a whole comment.
            rest.skip(2);
            rest.skip_past("-->");
        } else if rest.begins("<meta") && matches!(rest.0.get(5), Some(byte) if is_between(*byte)) {
            rest.skip(5);
            let found = meta(&mut rest);
            if found.is_some() {
                return found;
            }
        } else if matches!(rest.0, [b'<', b'a'..=b'z' | b'A'..=b'Z', ..])
            || matches!(rest.0, [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..])
        {
            let end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
            rest.skip(rest.0.iter().position(end).unwrap_or(rest.0.len()));
            while rest.attribute().is_some() {}
        } else if matches!(rest.0, [b'<', b'!' | b'/' | b'?', ..]) {
            rest.skip_past(">");
        } else {
            rest.skip(1);
        }
    }
    None
}

fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'/'
}

/// The encoding that one `<meta>` names, behind its name.
fn meta(rest: &mut Bytes<'_>) -> Option<&'static Encoding> {
    let (mut pragma, mut own, mut of_content) = (false, None, None);
    let mut known = Vec::new();
    while let Some((name, value)) = rest.attribute() {
        // Of several attributes of one name the first counts.
        if known.contains(&name) || known.len() > MOST_ATTRIBUTES {
            continue;
        }
        match name.as_str() {
            "http-equiv" => pragma = value == "content-type",
            "content" => of_content = of_content.or_else(|| in_content(&value)),
            "charset" => own = Some(value.clone()),
            _ => {}
        }
        known.push(name);
    }
    let label = own.or(of_content.filter(|_| pragma))?;
    let encoding = Encoding::for_label(label.trim().as_bytes())?;
    // What could be read up to here does not stand in UTF-16, whatever it says.
    let encoding = encoding.output_encoding();
    Some(if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    })
}

/// Attributes of a `<meta>` that are told apart.
const MOST_ATTRIBUTES: usize = 20;

/// `text/html; charset=…`: <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements>
fn in_content(content: &str) -> Option<String> {
    let mut rest = content;
    loop {
        rest = rest.split_once("charset")?.1;
        if let Some(value) = rest.trim_start().strip_prefix('=') {
            let value = value.trim_start();
            return match value.chars().next()? {
                quote @ ('"' | '\'') => Some(value.split(quote).nth(1)?.to_owned()),
                _ => {
                    let label = value
                        .split(|c: char| c.is_ascii_whitespace() || c == ';')
                        .next()?;
                    Some(label.to_owned())
                }
            };
        }
    }
}

/// `<?xml version="1.0" encoding="…"?>` as the first of all.
fn in_xml(head: &[u8]) -> Option<&'static Encoding> {
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let end = head.iter().position(|byte| *byte == b'>')?;
    let marks = String::from_utf8_lossy(head.get(..end)?).into_owned();
    let value = marks
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value.split(quote).nth(1)?;
    Some(Encoding::for_label(label.as_bytes())?.output_encoding())
}

/// Bytes that are still to be looked at.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn skip(&mut self, bytes: usize) {
        self.0 = self.0.get(bytes..).unwrap_or_default();
    }

    fn begins(&self, with: &str) -> bool {
        let beginning = self.0.get(..with.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(with.as_bytes()))
    }

    fn skip_past(&mut self, end: &str) {
        let mut windows = self.0.windows(end.len());
        let found = windows.position(|window| window == end.as_bytes());
        self.skip(found.map_or(self.0.len(), |at| at + end.len()));
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn skip_while(&mut self, of: impl Fn(u8) -> bool) {
        let end = self.0.iter().position(|byte| !of(*byte));
        self.skip(end.unwrap_or(self.0.len()));
    }

    fn take_until(&mut self, ends: impl Fn(u8) -> bool) -> String {
        let end = self
            .0
            .iter()
            .position(|byte| ends(*byte))
            .unwrap_or(self.0.len());
        let taken = self.0.get(..end).unwrap_or_default();
        let taken = String::from_utf8_lossy(taken).to_ascii_lowercase();
        self.skip(end);
        taken
    }

    /// The next attribute of the tag, in lower case; none at its end.
    fn attribute(&mut self) -> Option<(String, String)> {
        self.skip_while(is_between);
        if self.0.first().is_none_or(|byte| *byte == b'>') {
            return None;
        }
        let name_begins = usize::from(self.0.first() == Some(&b'='));
        let equals = |byte: u8| byte == b'=';
        let mut name = String::new();
        if name_begins == 1 {
            name.push('=');
            self.skip(1);
        }
        name += &self.take_until(|byte| is_between(byte) || equals(byte) || byte == b'>');
        self.skip_while(|byte| byte.is_ascii_whitespace());
        if self.0.first() != Some(&b'=') {
            return Some((name, String::new()));
        }
        self.skip(1);
        self.skip_while(|byte| byte.is_ascii_whitespace());
        let value = match self.0.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let quote = *quote;
                self.skip(1);
                let value = self.take_until(|byte| byte == quote);
                self.next();
                value
            }
            _ => self.take_until(|byte| byte.is_ascii_whitespace() || byte == b'>'),
        };
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GBK, SHIFT_JIS, UTF_16LE, WINDOWS_1251};

    use super::*;

    #[track_caller]
    fn check(body: impl AsRef<[u8]>, header: Option<&str>, expect: &'static Encoding) {
        let body = body.as_ref();
        let shown = String::from_utf8_lossy(body.get(..200).unwrap_or(body)).into_owned();
        assert_eq!(encoding(body, header), expect, "{shown}");
    }

    #[test]
    fn an_encoding_is_what_a_meta_element_names_and_nothing_else() {
        for said in [
            "<meta charset=windows-1251>",
            "<META CharSet = 'Windows-1251' />",
            "<meta/charset=\"cp1251\">",
            "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>",
            "<meta content='text/html;charset = \"cp1251\"' http-equiv=\"content-type\">",
        ] {
            check(format!("<html>{said}\u{e9}"), None, WINDOWS_1251);
        }
        for other in [
            "<meta name=description content='we like charset=windows-1251'>",
            "<meta content='text/html; charset=windows-1251'>",
            "<!-- <meta charset=windows-1251> -->",
            "<script charset=windows-1251 src=x></script>",
            "<p title='<meta charset=windows-1251>'>",
            "<metacharset=windows-1251>",
            "</meta charset=windows-1251>",
            "<meta charset=nobody-knows-it>",
            "<meta data-charset=windows-1251>",
            "charset=windows-1251",
            "<?php charset=windows-1251 ?>",
        ] {
            check(format!("{other}\u{e9}"), None, UTF_8);
            let both = format!("{other}<meta charset=gbk>\u{e9}");
            check(both, None, GBK);
        }
        check("<!--><meta charset=gbk>", None, GBK);
    }

    #[test]
    fn a_meta_element_counts_however_late_it_stands() {
        let comment = format!("<!--{}-->", "-".repeat(5_000));
        check(
            format!("{comment}<meta charset=shift_jis>"),
            None,
            SHIFT_JIS,
        );
        let far = " ".repeat(LONGEST_HEAD);
        check(format!("{far}<meta charset=shift_jis>"), None, UTF_8);
    }

    #[test]
    fn labels_that_cannot_be_true_are_not_taken_at_their_word() {
        check("<meta charset=utf-16>\u{e9}", None, UTF_8);
        check(b"<meta charset=x-user-defined>\xe9.", None, WINDOWS_1252);
        check("<meta charset=x-user-defined>\u{e9}", None, UTF_8);
        check(b"<meta charset=utf-8>M\xfcller", None, WINDOWS_1252);
        check(b"<meta charset=utf-8>M\xfcller \xc3\xa9", None, UTF_8);
        check("<meta charset=latin1>\u{e9}", None, UTF_8);
        check(b"<meta charset=latin1>\xe9.", None, WINDOWS_1252);
    }

    #[test]
    fn the_header_comes_first_and_the_bytes_last() {
        check("<meta charset=gbk>", Some("windows-1251"), WINDOWS_1251);
        check("<meta charset=gbk>", Some("nonsense"), GBK);
        check("\u{e9}", Some("latin1"), WINDOWS_1252);
        check("a\0", Some("utf-16le"), UTF_16LE);
        check(
            "<?xml version='1.0' encoding='shift_jis'?><html>",
            None,
            SHIFT_JIS,
        );
        check("<?xml version='1.0'?><html encoding='gbk'>", None, UTF_8);
        check(b"\xe9.", None, WINDOWS_1252);
    }
}
