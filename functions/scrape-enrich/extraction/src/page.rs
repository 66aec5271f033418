//! One page as it was read: where from, what bytes, what markup.

use sha2::{Digest, Sha256};
use url::Url;

use crate::effort::Effort;
use crate::slice::floor;
use charset::encoding;

mod charset;
mod document;
pub(crate) mod graph;
mod json;
mod repair;
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

/// The markup of a body, as far as it is read, and whether that is all.
fn decode(body: &[u8], charset: Option<&str>) -> (String, bool) {
    let beginning = body.get(..LONGEST);
    let whole = beginning.is_none();
    let body = beginning.unwrap_or(body);
    // A byte order mark says more than anybody.
    let mut html = encoding(body, charset).decode(body).0.into_owned();
    let whole = whole && html.len() <= LONGEST;
    html.truncate(floor(&html, LONGEST));
    html.shrink_to_fit();
    (html, whole)
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
