//! One page as it was read: where from, what bytes, what markup.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use sha2::{Digest, Sha256};
use url::Url;

use crate::effort::Effort;
use crate::slice::floor;

mod document;
pub(crate) mod graph;
mod pair;
mod text;

pub use document::Document;
pub(crate) use document::{Block, Zone};
pub(crate) use text::Span;

/// Bytes of a body that the fetcher takes; a page of just this length goes on somewhere.
pub const FETCHED: usize = 2 * 1024 * 1024;

/// Bytes of markup that are read; what stands behind them is as if it were not there. It is more than is fetched, for
/// files may be longer, and text in an old encoding grows while it is decoded.
const LONGEST: usize = 3 * 1024 * 1024;

/// A page of a site, decoded to Unicode, not yet understood.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it was fetched from after redirects; unknown for a file or standard input.
    pub url: Option<Url>,
    /// Its markup, as far as it is read.
    pub html: String,
    /// Lower-case hex SHA-256 of the body as it was received, after transfer decoding.
    pub sha256: String,
    /// There is more of the page than is read.
    cut_short: bool,
}

impl Page {
    /// A page from its body. `charset` is what the Content-Type header says, if anything.
    pub fn new(url: Option<Url>, body: &[u8], charset: Option<&str>) -> Self {
        let (html, whole) = decode(body, charset);
        Self {
            url,
            html,
            cut_short: !whole || body.len() == FETCHED,
            sha256: format!("{:x}", Sha256::digest(body)),
        }
    }

    /// The page read once: its text and what its markup says about parts of it.
    pub fn document(&self) -> Document {
        self.read(&Effort::for_page())
    }

    /// The same as one of several pages that share what they may cost.
    pub(crate) fn read(&self, effort: &Effort) -> Document {
        let mut document = Document::parse(&self.html, effort);
        document.cut_short |= self.cut_short;
        document
    }

    /// The canonical text that evidence points into: visible text, then structured strings (title, meta, JSON-LD,
    /// microdata), entities and JSON escapes decoded, white space collapsed. Offsets are counted in its characters.
    pub fn text(&self) -> String {
        self.document().text().to_owned()
    }
}

/// Byte order mark, then the header's charset, then the markup's own (first 1,024 bytes, as the HTML standard says),
/// then UTF-8 where it is valid and windows-1252 where it is not. A label that nobody knows counts as none. As far as it
/// is read, and whether that is all.
fn decode(body: &[u8], charset: Option<&str>) -> (String, bool) {
    let beginning = body.get(..LONGEST);
    let whole = beginning.is_none();
    let body = beginning.unwrap_or(body);
    let known = |label: &str| Encoding::for_label(label.trim().as_bytes());
    let encoding = charset
        .and_then(known)
        // A label that can be read in single bytes does not stand in UTF-16, whatever it says.
        .or_else(|| Some(known(&declared_charset(body)?)?.output_encoding()))
        .unwrap_or_else(|| match std::str::from_utf8(body) {
            // An error without a length is a last character that was cut off.
            Err(error) if error.error_len().is_some() => WINDOWS_1252,
            _ => UTF_8,
        });
    let mut html = encoding.decode(body).0.into_owned();
    let whole = whole && html.len() <= LONGEST;
    html.truncate(floor(&html, LONGEST));
    html.shrink_to_fit();
    (html, whole)
}

fn declared_charset(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(body.get(..1024).unwrap_or(body)).to_ascii_lowercase();
    let in_xml = head.strip_prefix("<?xml").and_then(|rest| {
        let (marks, _) = rest.split_once("?>")?;
        Some(marks.split_once("encoding=")?.1)
    });
    let after = in_xml.or_else(|| Some(head.split_once("charset=")?.1))?;
    let label: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c))
        .collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_cut_inside_a_character_keeps_its_encoding() {
        let body = "<p>Müller €".as_bytes();
        let (whole, _) = decode(body, None);
        for end in 0..body.len() {
            let (read, _) = decode(&body[..end], None);
            let read = read.trim_end_matches('\u{fffd}');
            assert!(whole.starts_with(read), "{read}");
        }
        assert_eq!(decode(b"M\xfcller", None), ("Müller".to_owned(), true));
    }

    #[test]
    fn a_page_of_the_length_that_is_fetched_goes_on_somewhere() {
        let cut_short = |length| Page::new(None, &vec![b'a'; length], None).cut_short;
        let (less, just, more) = (FETCHED - 1, FETCHED, FETCHED + 1);
        assert_eq!([less, just, more].map(cut_short), [false, true, false]);
    }

    #[test]
    fn a_page_is_read_as_far_as_the_limit_in_every_encoding() {
        let limit = LONGEST;
        for (charset, byte) in [("utf-8", b'a'), ("windows-1252", 0x80), ("utf-16le", b'a')] {
            let page = Page::new(None, &vec![byte; 2 * limit], Some(charset));
            assert!((limit / 3..=limit).contains(&page.html.len()), "{charset}");
            assert!(page.document().cut_short, "{charset}");
        }
    }
}
