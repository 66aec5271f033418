//! What comes with a page: robots.txt, types, codings, and addresses that may or may not be asked.

use std::collections::HashMap;
use std::net::IpAddr;

use fastrand::Rng;
use scrape_enrich::fetch::coding::{unpack, Coding};
use scrape_enrich::fetch::media_type::{begins_as_html, MediaType};
use scrape_enrich::guard::{self, DevelopmentHosts, Guard, Resolver, LONGEST_URL};
use scrape_enrich::robots::Robots;
use url::Url;

use super::{must, text, Target};

/// Bytes to rules, and what they allow.
pub(super) const ROBOTS: Target = Target {
    name: "robots",
    cases: 3_000,
    share: 2,
    input: |random| {
        text(
            random,
            &[
                "User-agent: *\nDisallow: /private\nAllow: /private/a*b$\nCrawl-delay: 2.5\n",
                "\u{feff}user-agent:ValyouriseBot/1.0 # us\r\nDisallow : /%7Eada?x=*\r\n\r\nSitemap: /s",
                "User-agent: x\rUser-agent: valyourisebot\rDisallow: /*.pdf$\rAllow: /über%2f",
                "<html>Disallow: /</html>",
            ],
            &[&[
                "User-agent: *", "User-agent: ValyouriseBot", "Disallow: /", "Disallow:", "Allow: /",
                "Crawl-delay: ", "*", "$", "%", "%2A", "%zz", "#", ":", "\n", "\r", "\u{2028}", "\0",
                "/a*a*a*a*a*b", "?", "https://acme.de/",
            ]],
            4_096,
        )
    },
    check: check_robots,
};

/// Header lines to a type, and bodies to whether they are pages.
pub(super) const MEDIA_TYPE: Target = Target {
    name: "media_type",
    cases: 3_000,
    share: 1,
    input: |random| {
        text(
            random,
            &[
                "text/html; charset=\"utf-8\"",
                "text/plain;a=\"x;charset=no,\\\"\";charset=yes, */*\napplication/xml",
                "<?xml version='1.0'?><!-- a --><!DOCTYPE html>",
                " <html lang=de>",
            ],
            &[&[
                "text/html",
                "application/xhtml+xml",
                "charset=",
                "Charset=\"",
                ";",
                ",",
                "\"",
                "\\",
                "=",
                "<!--",
                "-->",
                "<?",
                "?>",
                "<html>",
                "<!doctype html",
                "*/*",
                "/",
                "\n",
            ]],
            1_024,
        )
    },
    check: check_media_type,
};

/// Packed bytes to plain ones.
pub(super) const CODING: Target = Target {
    name: "coding",
    cases: 1_000,
    share: 1,
    input: |random| {
        text(
            random,
            &[
                "User-agent: *\nDisallow: /\n",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ],
            &[&["a", "User-agent", "\0"]],
            4_096,
        )
    },
    check: check_coding,
};

/// What somebody typed to an address and where it would lead.
pub(super) const ADDRESS: Target = Target {
    name: "address",
    cases: 3_000,
    share: 2,
    input: |random| {
        text(
            random,
            &[
                "https://example.com/about?x=1#top",
                "http://[2606:4700::1111]:80/",
                "example.com:443/\u{fc}",
                "http://user:pass@127.1/",
                "http://0x7f.1.2.3/%2e%2e/",
            ],
            &[&[
                "http://",
                "https://",
                "//",
                "\\\\",
                "@",
                ":",
                ":80",
                ":443",
                ":8080",
                "example.com",
                "private.example.org",
                "mixed.example.org",
                "127.0.0.1",
                "0x7f.1",
                "2130706433",
                "[::1]",
                "[::ffff:10.0.0.1]",
                "[64:ff9b::7f00:1]",
                "169.254.169.254",
                "localhost",
                "①②⑦.0.0.1",
                "。",
                ".",
                "..",
                "%31",
                "%00",
                "\u{ad}",
                "\u{200d}",
                "xn--",
                "ß",
                "/",
                "?",
                "#",
                " ",
                "\t",
                "\n",
                "file:",
                "data:",
                "javascript:",
            ]],
            3_000,
        )
    },
    check: check_address,
};

const PATHS: [&str; 5] = [
    "https://acme.de/",
    "https://acme.de/private/ab",
    "https://acme.de/~ada?x=1&y=*",
    "https://acme.de/a.pdf",
    "https://acme.de/%C3%BCber%2f$",
];

fn check_robots(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let charset = [
        None,
        None,
        Some("utf-8"),
        Some("utf-16le"),
        Some("iso-2022-jp"),
        Some("?"),
    ];
    let Some(robots) = Robots::read(input, charset[random.usize(..charset.len())]) else {
        return Ok(());
    };
    let at = |address: &str| Url::parse(address).map_err(|error| error.to_string());
    let own = String::from_utf8_lossy(input).replace(['\r', '\n'], "");
    let own = at(&format!("https://acme.de/{own}"))?;
    for url in PATHS.iter().map(|path| at(path)).chain([Ok(own)]) {
        let url = url?;
        must(
            robots.allows(&url) == robots.clone().allows(&url),
            "another answer the second time",
        )?;
    }
    must(
        robots.allows(&at("https://acme.de/robots.txt")?),
        "rules that forbid to read themselves",
    )?;
    must(
        robots
            .crawl_delay()
            .is_none_or(|pause| pause.as_secs_f64() >= 0.0),
        "a pause of less than nothing",
    )?;
    // A rule that allows nothing more stands after all others, for us and for everyone.
    let closed = b"\nUser-agent: *\nUser-agent: ValyouriseBot\nDisallow: /*\n";
    let shorter = Robots::parse(&[b"User-agent: other\nAllow: /\n".as_slice(), closed].concat());
    must(
        !shorter.allows(&at(PATHS[1])?),
        "a closed site that is open",
    )?;
    let plain = Robots::parse(input);
    let ends: Vec<u8> = input
        .iter()
        .flat_map(|byte| {
            if *byte == b'\n' {
                b"\r\n".to_vec()
            } else {
                vec![*byte]
            }
        })
        .collect();
    must(
        Robots::parse(&ends) == plain,
        "line ends that change the rules",
    )
}

fn check_media_type(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let lines = || input.split(|byte| *byte == b'\n');
    let read = MediaType::read(lines());
    must(
        read == MediaType::read(lines()),
        "another type the second time",
    )?;
    must(
        read.charset().is_none_or(|label| !label.is_empty()),
        "an empty charset",
    )?;
    let charset = if random.bool() { read.charset() } else { None };
    let page = begins_as_html(input, charset);
    let text = String::from_utf8_lossy(input)
        .to_ascii_lowercase()
        .replace('\0', "");
    let could_be = text.contains("<html") || text.contains("<!doctype html");
    must(
        !page || could_be || charset.is_some(),
        "a page that is none",
    )
}

fn check_coding(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let most = random.usize(..8_192);
    let count = random.usize(1..=3);
    let codings: Vec<Coding> = (0..count)
        .map(|_| {
            if random.bool() {
                Coding::Gzip
            } else {
                Coding::Deflate
            }
        })
        .collect();
    let mut packed = input.to_vec();
    for coding in &codings {
        packed = pack(random, *coding, &packed)?;
    }
    let plain = unpack(packed.clone(), &codings, input.len())
        .map_err(|failure| format!("packed and not unpacked: {failure:?}"));
    // Packing makes short texts longer, and what is far longer than wanted is not held.
    if input.len() > 100 {
        let plain = plain?;
        must(plain.whole && plain.bytes == input, "another text unpacked")?;
    }
    for _ in 0..random.usize(..4) {
        let at = random.usize(..packed.len());
        packed[at] ^= 1 << random.u8(..8);
    }
    packed.truncate(random.usize(..=packed.len()));
    match unpack(packed, &codings, most) {
        Ok(plain) => must(plain.bytes.len() <= most, "more than was wanted"),
        Err(_) => Ok(()),
    }
}

fn pack(random: &mut Rng, coding: Coding, plain: &[u8]) -> Result<Vec<u8>, String> {
    use flate2::bufread::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use flate2::Compression;
    use std::io::Read;

    let level = Compression::new(random.u32(..10));
    let mut packed = Vec::new();
    let done = match coding {
        Coding::Gzip => GzEncoder::new(plain, level).read_to_end(&mut packed),
        Coding::Deflate if random.bool() => {
            DeflateEncoder::new(plain, level).read_to_end(&mut packed)
        }
        Coding::Deflate => ZlibEncoder::new(plain, level).read_to_end(&mut packed),
    };
    done.map_err(|error| error.to_string())?;
    Ok(packed)
}

fn check_address(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    let typed = String::from_utf8_lossy(input);
    let Ok(url) = guard::parse(&typed) else {
        return Ok(());
    };
    let address = url.as_str();
    must(
        address.is_ascii() && address.len() <= LONGEST_URL,
        "an address that no column takes",
    )?;
    must(
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none(),
        "an address that is more than one",
    )?;
    must(
        guard::parse(address).as_ref() == Ok(&url),
        "an address that is another one when read again",
    )?;
    let judged = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| error.to_string())?
        .block_on(guard().check(&url));
    let Ok(target) = judged else {
        return Ok(());
    };
    for address in target.addresses() {
        must(matches!(address.port(), 80 | 443), "another port")?;
        must(
            is_plainly_public(address.ip()),
            "an address of this network",
        )?;
    }
    Ok(())
}

fn guard() -> Guard {
    let answer = |ips: &[&str]| ips.iter().filter_map(|ip| ip.parse().ok()).collect();
    let names = HashMap::from([
        ("example.com".to_owned(), answer(&["8.8.8.8"])),
        ("private.example.org".to_owned(), answer(&["10.0.0.1"])),
        (
            "mixed.example.org".to_owned(),
            answer(&["8.8.8.8", "127.0.0.1"]),
        ),
        ("localhost".to_owned(), answer(&["127.0.0.1"])),
    ]);
    Guard::new(Resolver::Fixed(names), DevelopmentHosts::default())
}

/// Another list than the guard's: the standard library's.
fn is_plainly_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            !(ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation())
        }
        // Given out to hosts at all, and no address of the other kind in disguise.
        IpAddr::V6(ip) => ip.segments()[0] >> 13 == 1 && ip.to_ipv4().is_none(),
    }
}
