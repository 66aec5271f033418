//! One page as it was read: where from, what bytes, what markup.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use sha2::{Digest, Sha256};
use url::Url;

mod document;
pub(crate) mod graph;

pub use document::Document;
pub(crate) use document::{Block, Span, Zone};

/// A page of a site, decoded to Unicode, not yet understood.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it was fetched from after redirects; unknown for a file or standard input.
    pub url: Option<Url>,
    pub html: String,
    /// Lower-case hex SHA-256 of the body as it was received, after transfer decoding.
    pub sha256: String,
}

impl Page {
    /// A page from its body. `charset` is what the Content-Type header says, if anything.
    pub fn new(url: Option<Url>, body: &[u8], charset: Option<&str>) -> Self {
        Self {
            url,
            html: decode(body, charset),
            sha256: format!("{:x}", Sha256::digest(body)),
        }
    }

    /// The page read once: its text and what its markup says about parts of it.
    pub fn document(&self) -> Document {
        Document::parse(&self.html)
    }

    /// The canonical text that evidence points into: visible text, then structured strings (title, meta, JSON-LD,
    /// microdata), entities and JSON escapes decoded, white space collapsed. Offsets are counted in its characters.
    pub fn text(&self) -> String {
        self.document().text().to_owned()
    }
}

/// Byte order mark, then the header's charset, then the markup's own (first 1,024 bytes, as the HTML standard says),
/// then UTF-8 where it is valid and windows-1252 where it is not. A label that nobody knows counts as none.
fn decode(body: &[u8], charset: Option<&str>) -> String {
    let known = |label: &str| Encoding::for_label(label.trim().as_bytes());
    let encoding = charset
        .and_then(known)
        // A label that can be read in single bytes does not stand in UTF-16, whatever it says.
        .or_else(|| Some(known(&declared_charset(body)?)?.output_encoding()))
        .unwrap_or(if std::str::from_utf8(body).is_ok() {
            UTF_8
        } else {
            WINDOWS_1252
        });
    encoding.decode(body).0.into_owned()
}

fn declared_charset(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&body[..body.len().min(1024)]).to_ascii_lowercase();
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
