//! What a body is, by its Content-Type header and, where that does not say, by how the body begins. Pure.

use encoding_rs::{Encoding, WINDOWS_1252};

/// What the Content-Type header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaType {
    /// Type and subtype in lower case; empty if the server does not say.
    essence: String,
    charset: Option<String>,
}

/// Whether a body is a page, as far as its header tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Page,
    /// Only if [`begins_as_html`].
    PerhapsPage,
    Other,
}

impl MediaType {
    /// Reads the values of all Content-Type header lines. Of several types the last one that can be understood counts,
    /// as in browsers. <https://fetch.spec.whatwg.org/#concept-header-extract-mime-type>
    pub fn read<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut read = Self::default();
        for line in lines {
            let line = String::from_utf8_lossy(line).to_ascii_lowercase();
            for value in split(&line, ',') {
                let mut parts = split(value, ';');
                let essence = parts.next().unwrap_or_default().trim();
                if !is_essence(essence) {
                    continue;
                }
                let charset = parts.find_map(charset);
                if charset.is_some() || essence != read.essence {
                    read.charset = charset;
                }
                essence.clone_into(&mut read.essence);
            }
        }
        read
    }

    /// The label of the charset in lower case, whether there is such a charset or not.
    pub fn charset(&self) -> Option<&str> {
        self.charset.as_deref()
    }

    /// Whether a body of this type is a page.
    pub fn verdict(&self) -> Verdict {
        match self.essence.as_str() {
            "text/html" | "application/xhtml+xml" | "text/plain" => Verdict::Page,
            // Types that say nothing (<https://mimesniff.spec.whatwg.org/#determining-the-computed-mime-type-of-a-resource>),
            // and XML, which may be XHTML.
            "" | "unknown/unknown" | "application/unknown" | "application/xml" | "text/xml" => {
                Verdict::PerhapsPage
            }
            _ => Verdict::Other,
        }
    }
}

/// How far a document's first tag is looked for.
const PROLOGUE: usize = 4_096;

/// Whether the first that stands in a text, but for comments and XML's own marks, is the beginning of an HTML document.
pub fn begins_as_html(body: &[u8], charset: Option<&str>) -> bool {
    let head = &body[..body.len().min(PROLOGUE)];
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    let encoding = marked.or_else(|| Encoding::for_label(charset?.as_bytes()));
    let (head, ..) = encoding.unwrap_or(WINDOWS_1252).decode(head);
    let head = head.to_ascii_lowercase();
    let mut rest = head.trim_ascii_start();
    while let Some((inside, end)) = aside(rest) {
        match inside.split_once(end) {
            Some((_, after)) => rest = after.trim_ascii_start(),
            None => return false,
        }
    }
    FIRST_TAGS.iter().any(|tag| {
        rest.strip_prefix(tag)
            .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_whitespace() || c == '>'))
    })
}

/// What documents begin with that browsers take for HTML where nobody says what they are.
/// <https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type>
const FIRST_TAGS: [&str; 18] = [
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<meta",
    "<link",
];

/// What follows the opening of a comment or of a processing instruction, and what ends it.
fn aside(text: &str) -> Option<(&str, &'static str)> {
    let of = |start, end| Some((text.strip_prefix(start)?, end));
    of("<!--", "-->").or_else(|| of("<?", "?>"))
}

/// Two names around a slash.
fn is_essence(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    text.split_once('/')
        .is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// The value of a parameter named charset.
fn charset(parameter: &str) -> Option<String> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.replace('\\', "");
    let value = value.trim().trim_matches(['"', '\'', ' ']);
    (name.trim() == "charset" && !value.is_empty()).then(|| value.to_owned())
}

/// The parts between separators that stand outside of quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let plain = !std::mem::take(&mut escaped);
        match c {
            '\\' if quoted && plain => escaped = true,
            '"' if plain => quoted = !quoted,
            _ => {}
        }
        c == separator && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], essence: &str, charset: Option<&str>) {
        let got = MediaType::read(lines.iter().map(|line| line.as_bytes()));
        let expect = (essence, charset);
        assert_eq!((got.essence.as_str(), got.charset()), expect, "{lines:?}");
    }

    #[test]
    fn type_and_charset_are_read_whatever_stands_around_them() {
        check(&[], "", None);
        check(&[""], "", None);
        check(&["html"], "", None);
        check(&["*/*"], "", None);
        check(&["text/html"], "text/html", None);
        check(
            &["Text/HTML; Charset=\"UTF-8\""],
            "text/html",
            Some("utf-8"),
        );
        check(
            &["text/html ;charset = 'Latin1' ;x"],
            "text/html",
            Some("latin1"),
        );
        check(
            &["text/html;a=\"x;charset=no,\\\"\";charset=yes"],
            "text/html",
            Some("yes"),
        );
        check(&["text/html; charset=\"utf-8"], "text/html", Some("utf-8"));
        check(&["text/html;charset=a;charset=b"], "text/html", Some("a"));
        check(&["text/html;"], "text/html", None);
        check(&["text/html; charset="], "text/html", None);
    }

    #[test]
    fn of_several_types_the_last_one_understood_counts() {
        check(&["text/plain, text/html"], "text/html", None);
        check(&["text/html;charset=a, text/html"], "text/html", Some("a"));
        check(
            &["text/html;charset=a", "text/html;charset=b"],
            "text/html",
            Some("b"),
        );
        check(&["text/plain;charset=a, text/html"], "text/html", None);
        check(&["text/html;charset=a,,*/*"], "text/html", Some("a"));
    }

    #[track_caller]
    fn check_begin(body: &[u8], charset: Option<&str>, expect: bool) {
        let shown = String::from_utf8_lossy(body);
        assert_eq!(begins_as_html(body, charset), expect, "{shown}");
    }

    #[test]
    fn a_page_is_known_by_its_beginning() {
        for page in [
            "<!DOCTYPE html>",
            "<!doctype HTML PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">",
            "\u{FEFF}\r\n<html lang='de'>",
            "<!-- x --><Title>Acorn</title>",
            "<head\n>",
            "<body class=x>",
            "<meta charset=utf-8>",
            "<p>Acorn",
            "<?xml version=\"1.0\"?><!-- <svg> --><?x?>\n<html\n",
        ] {
            check_begin(page.as_bytes(), None, true);
        }
        let wide: Vec<u8> = "<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check_begin(&wide, Some("utf-16"), true);
        check_begin(&[b"\xFF\xFE", wide.as_slice()].concat(), None, true);
        check_begin(&wide, None, false);
    }

    #[test]
    fn what_begins_otherwise_is_no_page() {
        for other in [
            "",
            "%PDF-1.7 <html>",
            "<html",
            "<htmlx>",
            "<!doctype svg>",
            "<?xml version=\"1.0\"?><rss>",
            "<?xml <html>",
            "<!-- <html>",
            "text <html>",
            "{\"a\": \"<html>\"}",
        ] {
            check_begin(other.as_bytes(), None, false);
        }
        let far = format!("<!--{}--><html>", " ".repeat(PROLOGUE));
        check_begin(far.as_bytes(), None, false);
    }
}
