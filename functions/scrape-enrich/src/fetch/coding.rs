//! Undoes the codings that a body was sent in: gzip and deflate, as often as they were applied. Pure.
//!
//! reqwest's own decoding is switched off. It knows one coding by its usual spelling and hands every other body over as
//! it came, so that a robots.txt in `x-gzip` would read like one without a rule.
//! <https://www.rfc-editor.org/rfc/rfc9110#section-8.4>

use std::io::{ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use reqwest::header::{HeaderMap, CONTENT_ENCODING, TRANSFER_ENCODING};

use super::failure::FetchFailure;

/// What requests announce. Brotli and zstd are not among them: their windows cost up to 16 MB for each page.
pub(super) const ACCEPTED: &str = "gzip, deflate";

/// A coding that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Gzip,
    Deflate,
}

/// A body is packed once, and twice where a server packs files that lie there packed.
const MOST_CODINGS: usize = 3;

/// What was read of a text that may be longer than wanted.
#[derive(Debug, PartialEq, Eq)]
pub struct Plain {
    pub bytes: Vec<u8>,
    /// False where there is more than was wanted.
    pub whole: bool,
}

/// The codings of a body in the order in which they were applied, those of the transfer last.
///
/// # Errors
/// For a coding that is not known, and for more of them than any honest server applies.
pub(super) fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, FetchFailure> {
    let of_content = headers.get_all(CONTENT_ENCODING).iter();
    let of_transfer = headers.get_all(TRANSFER_ENCODING).iter();
    let mut codings = Vec::new();
    for value in of_content.chain(of_transfer) {
        let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        for name in value.split(',').map(|name| name.trim_matches([' ', '\t'])) {
            match name {
                // The HTTP client has put the chunks together already.
                "" | "identity" | "chunked" => continue,
                "gzip" | "x-gzip" => codings.push(Coding::Gzip),
                "deflate" => codings.push(Coding::Deflate),
                _ => return Err(FetchFailure::Undecodable),
            }
            if codings.len() > MOST_CODINGS {
                return Err(FetchFailure::Undecodable);
            }
        }
    }
    Ok(codings)
}

/// The longest packed form of a text of at most so many bytes. Honest packing never makes a text twice as long, so
/// nothing is lost, and what unpacks to nothing for ever ends here.
pub(super) fn longest_packed(most: usize) -> usize {
    2 * most
}

/// Undoes the codings, last one first. At most `most` bytes come out, and no step between holds more than
/// [`longest_packed`].
///
/// # Errors
/// `Undecodable` for bytes that are not of their coding, `Broken` where they end too early, `TooLarge` where a step
/// between is longer than it may be.
pub fn unpack(packed: Vec<u8>, codings: &[Coding], most: usize) -> Result<Plain, FetchFailure> {
    let mut plain = Plain {
        bytes: packed,
        whole: true,
    };
    for (below, coding) in codings.iter().enumerate().rev() {
        if !plain.whole {
            return Err(FetchFailure::TooLarge);
        }
        let most = if below == 0 {
            most
        } else {
            longest_packed(most)
        };
        plain = match coding {
            Coding::Gzip => gunzip(&plain.bytes, most)?,
            Coding::Deflate => inflate(&plain.bytes, most)?,
        };
    }
    Ok(plain)
}

fn gunzip(packed: &[u8], most: usize) -> Result<Plain, FetchFailure> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed)
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => FetchFailure::Broken,
            _ => FetchFailure::Undecodable,
        })?;
    Ok(cut(bytes, most))
}

/// The coding `deflate` means zlib's format, and the bare stream to some servers.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2>
fn inflate(packed: &[u8], most: usize) -> Result<Plain, FetchFailure> {
    let mut decoder = Decompress::new(is_zlib(packed));
    let mut bytes = Vec::with_capacity(PIECE);
    let mut rest = packed;
    loop {
        let before = decoder.total_in();
        let status = decoder
            .decompress_vec(rest, &mut bytes, FlushDecompress::None)
            .map_err(|_| FetchFailure::Undecodable)?;
        let taken = usize::try_from(decoder.total_in() - before).unwrap_or(rest.len());
        rest = &rest[taken..];
        if status == Status::StreamEnd || bytes.len() > most {
            return Ok(cut(bytes, most));
        }
        if bytes.len() < bytes.capacity() {
            // There was room for more, and nothing came: the end is missing.
            return Err(FetchFailure::Broken);
        }
        bytes.reserve(PIECE);
    }
}

/// Bytes unpacked at once.
const PIECE: usize = 32 * 1024;

/// <https://www.rfc-editor.org/rfc/rfc1950#section-2.2>
fn is_zlib(packed: &[u8]) -> bool {
    const DEFLATE: u8 = 8;
    match packed {
        [method, flags, ..] => {
            method & 0x0f == DEFLATE && u16::from_be_bytes([*method, *flags]) % 31 == 0
        }
        _ => false,
    }
}

fn cut(mut bytes: Vec<u8>, most: usize) -> Plain {
    let whole = bytes.len() <= most;
    bytes.truncate(most);
    Plain { bytes, whole }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use flate2::Compression;

    use super::*;

    #[track_caller]
    fn check_names(lines: &[&str], expect: Option<&[Coding]>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(CONTENT_ENCODING, line.parse().unwrap());
        }
        assert_eq!(codings(&headers).ok().as_deref(), expect, "{lines:?}");
    }

    #[test]
    fn codings_go_by_their_registered_names_and_nothing_else_does() {
        use Coding::{Deflate, Gzip};
        check_names(&[], Some(&[]));
        check_names(&["", " , identity,"], Some(&[]));
        check_names(&["gzip"], Some(&[Gzip]));
        check_names(&["X-GZip"], Some(&[Gzip]));
        check_names(&["deflate,\tGZIP"], Some(&[Deflate, Gzip]));
        check_names(&["gzip", "gzip"], Some(&[Gzip, Gzip]));
        check_names(&["gzip, gzip, gzip, gzip"], None);
        for unknown in ["br", "zstd", "compress", "gzip;q=1", "gzip gzip", "utf-8"] {
            check_names(&[unknown], None);
            check_names(&["gzip", unknown], None);
        }
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn raw(text: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    type Packing = (Coding, fn(&[u8]) -> Vec<u8>);
    const PACKINGS: [Packing; 3] = [
        (Coding::Gzip, gzip),
        (Coding::Deflate, zlib),
        (Coding::Deflate, raw),
    ];

    #[test]
    fn every_coding_gives_back_what_was_packed() {
        let texts = [b"".to_vec(), b"a".to_vec(), b"<p>\xC3\xBC".repeat(30_000)];
        for text in texts {
            for (coding, pack) in PACKINGS {
                let got = unpack(pack(&text), &[coding], 1 << 20).unwrap();
                assert!(got.whole && got.bytes == text, "{coding:?}");
                for (again, pack_again) in PACKINGS {
                    let twice = pack_again(&pack(&text));
                    let got = unpack(twice, &[coding, again], 1 << 20).unwrap();
                    assert!(got.whole && got.bytes == text, "{coding:?} {again:?}");
                }
            }
        }
        let members = [gzip(b"one "), gzip(b""), gzip(b"two")].concat();
        let got = unpack(members, &[Coding::Gzip], 100).unwrap();
        assert_eq!(got.bytes, b"one two");
    }

    #[test]
    fn a_body_that_ends_too_early_is_told_from_one_that_is_not_packed() {
        let text = b"some words that are not all the same".repeat(100);
        for (coding, pack) in PACKINGS {
            let packed = pack(&text);
            for end in 0..packed.len() {
                let got = unpack(packed[..end].to_vec(), &[coding], 1 << 20);
                assert_eq!(got, Err(FetchFailure::Broken), "{coding:?} {end}");
            }
            let plain = b"User-agent: *\nDisallow: /\n".to_vec();
            let got = unpack(plain, &[coding], 1 << 20);
            assert_eq!(got, Err(FetchFailure::Undecodable), "{coding:?}");
        }
    }

    #[test]
    fn no_step_holds_more_than_it_may() {
        let spaces = vec![b' '; 16 << 20];
        for (coding, pack) in PACKINGS {
            let bomb = pack(&spaces);
            let got = unpack(bomb.clone(), &[coding], 1_000).unwrap();
            assert!(!got.whole && got.bytes.len() == 1_000, "{coding:?}");
            for (again, pack_again) in PACKINGS {
                let codings = [coding, again];
                let got = unpack(pack_again(&bomb), &codings, 1_000);
                assert_eq!(got, Err(FetchFailure::TooLarge), "{codings:?}");
            }
            // Nothing, packed a million times, comes out as nothing.
            let nothing = pack(b"").repeat(1_000_000);
            let got = unpack(gzip(&nothing), &[coding, Coding::Gzip], 1_000);
            assert_eq!(got, Err(FetchFailure::TooLarge), "{coding:?}");
        }
        let exactly = unpack(gzip(&spaces[..1_000]), &[Coding::Gzip], 1_000).unwrap();
        assert!(exactly.whole && exactly.bytes.len() == 1_000);
    }
}
