//! The one way out to strangers' web servers: a single function connects, and only to what the guard has judged.
//!
//! One hop is one GET to one judged address: no proxy, no cookies, no referer, no redirect followed behind our back.
//! Redirects come back as a URL that is judged anew. Sizes and times are capped, whatever the server does. Which pages
//! are worth reading, and whether robots.txt lets us, is decided in [`crawl`](crate::crawl).

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;

use coding::Plain;
use extraction::links;
use extraction::page::{self, Page};
use media_type::{MediaType, Verdict};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    HeaderMap, HeaderValue, ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION,
    REFRESH,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use tokio::time::{timeout_at, Instant};
use url::Url;

pub use self::failure::FetchFailure;
use crate::guard::{Guard, Target};

pub mod coding;
mod failure;
pub mod media_type;

/// Reads single pages from judged addresses.
#[derive(Debug)]
pub struct Fetcher {
    guard: Guard,
    limits: Limits,
    connections: AtomicUsize,
}

/// What one page may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Redirects followed for one page. Five is what RFC 9309 asks for robots.txt and more than honest sites need.
    pub redirects: usize,
    /// Bytes of a page after decompression; a longer one is read as far as this, and so is its hash. Pages of companies
    /// rarely pass a tenth of it.
    pub page_bytes: usize,
    /// Bytes of a robots.txt after decompression; what is longer is cut here.
    /// <https://www.rfc-editor.org/rfc/rfc9309#section-2.5>
    pub robots_bytes: usize,
    /// From the look-up of the name to the last byte of the body, for each hop.
    pub request_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            redirects: 5,
            page_bytes: page::FETCHED,
            robots_bytes: 500 * 1024,
            request_time: Duration::from_secs(10),
        }
    }
}

/// What one request led to.
pub(crate) enum Hop {
    Moved(Url),
    Arrived(Body),
}

/// A body after decompression.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// What the Content-Type header says.
    pub(crate) charset: Option<String>,
}

/// What is asked for decides what is accepted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Page,
    Robots,
}

/// How site owners see us. robots.txt knows us by the part before the slash.
const USER_AGENT: &str = concat!("ValyouriseBot/", env!("CARGO_PKG_VERSION"));

impl Fetcher {
    pub fn new(guard: Guard, limits: Limits) -> Self {
        Self {
            guard,
            limits,
            connections: AtomicUsize::new(0),
        }
    }

    /// Reads one page, following redirects wherever the guard allows, without asking robots.txt.
    pub async fn page(&self, url: &Url, deadline: Instant) -> Result<Page, FetchFailure> {
        let (url, body) = self.follow(url, Wanted::Page, deadline).await?;
        Ok(Page::new(Some(url), &body.bytes, body.charset.as_deref()))
    }

    /// How many requests have been sent out so far, whatever became of them.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Follows redirects to where they end; returns that address too.
    pub(crate) async fn follow(
        &self,
        url: &Url,
        wanted: Wanted,
        deadline: Instant,
    ) -> Result<(Url, Body), FetchFailure> {
        let mut url = url.clone();
        for redirects in 0..=self.limits.redirects {
            match self.hop(&url, wanted, deadline).await {
                Ok(Hop::Arrived(body)) => return Ok((url, body)),
                Ok(Hop::Moved(next)) => url = next,
                Err(failure) if redirects > 0 => return Err(failure.of_a_redirect()),
                Err(failure) => return Err(failure),
            }
        }
        Err(FetchFailure::TooManyRedirects)
    }

    /// One request to one address, which is judged first.
    pub(crate) async fn hop(
        &self,
        url: &Url,
        wanted: Wanted,
        deadline: Instant,
    ) -> Result<Hop, FetchFailure> {
        let until = deadline.min(Instant::now() + self.limits.request_time);
        let exchange = async {
            let target = self.guard.check(url).await.map_err(FetchFailure::Refused)?;
            let response = self.connect(&target).await?;
            if let Some(next) = redirect(url, response.status(), response.headers())? {
                return Ok(Hop::Moved(next));
            }
            if let Some(next) = refresh(url, response.headers()).filter(|_| wanted == Wanted::Page)
            {
                return Ok(Hop::Moved(next));
            }
            self.body(response, wanted).await.map(Hop::Arrived)
        };
        timeout_at(until, exchange)
            .await
            .unwrap_or(Err(FetchFailure::TooSlow))
    }

    /// The only function that opens connections to strangers.
    async fn connect(&self, target: &Target) -> Result<Response, FetchFailure> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        // A client for each target: its resolver knows the judged addresses and nothing else.
        let client = Client::builder()
            .dns_resolver(Arc::new(Judged(target.addresses().to_vec())))
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            // Whoever else builds this crate's HTTP client with decoding, here it stays switched off.
            .no_gzip()
            .no_deflate()
            .no_brotli()
            .no_zstd()
            .user_agent(USER_AGENT)
            .build()
            .map_err(|_| FetchFailure::Unreachable)?;
        client
            .get(target.url().clone())
            .header(ACCEPT, "text/html, application/xhtml+xml, */*;q=0.5")
            // Some servers answer nobody who does not say it; the language is theirs to choose.
            .header(ACCEPT_LANGUAGE, "*")
            .header(ACCEPT_ENCODING, coding::ACCEPTED)
            .send()
            .await
            .map_err(|error| {
                if error.is_connect() {
                    FetchFailure::Unreachable
                } else {
                    FetchFailure::Broken
                }
            })
    }

    async fn body(&self, response: Response, wanted: Wanted) -> Result<Body, FetchFailure> {
        let status = response.status();
        let is_answer = match wanted {
            // A proxy may have changed what it hands over: it is still what the website says there.
            Wanted::Page => matches!(status.as_u16(), 200 | 203),
            // A file of rules counts however its server calls the success.
            Wanted::Robots => status.is_success(),
        };
        if !is_answer {
            return Err(FetchFailure::Status(status.as_u16()));
        }
        let lines = response.headers().get_all(CONTENT_TYPE).iter();
        let media_type = MediaType::read(lines.map(HeaderValue::as_bytes));
        if wanted == Wanted::Page && media_type.verdict() == Verdict::Other {
            return Err(FetchFailure::NotAPage);
        }
        let codings = coding::codings(response.headers())?;
        let most = match wanted {
            Wanted::Page => self.limits.page_bytes,
            Wanted::Robots => self.limits.robots_bytes,
        };
        let received = if codings.is_empty() {
            receive(response, most).await?
        } else {
            let packed = receive(response, coding::longest_packed(most)).await?;
            if !packed.whole {
                return Err(FetchFailure::TooLarge);
            }
            coding::unpack(packed.bytes, &codings, most)?
        };
        let body = Body {
            bytes: received.bytes,
            charset: media_type.charset().map(str::to_owned),
        };
        if wanted == Wanted::Page
            && media_type.verdict() == Verdict::PerhapsPage
            && !media_type::begins_as_html(&body.bytes, media_type.charset())
        {
            return Err(FetchFailure::NotAPage);
        }
        Ok(body)
    }
}

/// The body as it is sent, as far as it is wanted.
async fn receive(mut response: Response, most: usize) -> Result<Plain, FetchFailure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| FetchFailure::Broken)? {
        let room = most - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            let whole = false;
            return Ok(Plain { bytes, whole });
        }
    }
    let whole = true;
    Ok(Plain { bytes, whole })
}

/// Answers every question with the addresses that the guard has judged, so that a name cannot change its meaning
/// between the judgement and the connection (DNS rebinding).
struct Judged(Vec<SocketAddr>);

impl Resolve for Judged {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// An address as browsers read it: bytes that are no UTF-8 stand for themselves.
fn readable(location: &[u8]) -> String {
    String::from_utf8(location.to_vec()).unwrap_or_else(|_| {
        let byte = |&byte: &u8| match byte {
            ..=0x7f => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        location.iter().map(byte).collect()
    })
}

/// Where a response sends us, if it does.
fn redirect(
    from: &Url,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Url>, FetchFailure> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = headers
        .get(LOCATION)
        .map(|value| readable(value.as_bytes()));
    let to = location
        .and_then(|location| from.join(&location).ok())
        .ok_or(FetchFailure::BrokenRedirect)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(FetchFailure::Downgrade);
    }
    Ok(Some(to))
}

/// Where a `Refresh` header sends us, which says the same as its twin in the markup.
fn refresh(from: &Url, headers: &HeaderMap) -> Option<Url> {
    let value = headers.get(REFRESH)?.to_str().ok()?;
    links::refresh_target(value, from, from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_redirect(
        from: &str,
        status: u16,
        to: &str,
        expect: Result<Option<&str>, FetchFailure>,
    ) {
        let mut headers = HeaderMap::new();
        if !to.is_empty() {
            headers.insert(LOCATION, HeaderValue::from_bytes(to.as_bytes()).unwrap());
        }
        let status = StatusCode::from_u16(status).unwrap();
        let got = redirect(&Url::parse(from).unwrap(), status, &headers);
        assert_eq!(got, expect.map(|to| to.map(|to| Url::parse(to).unwrap())));
    }

    #[test]
    fn a_redirect_is_resolved_and_never_leaves_encryption() {
        let from = "https://acme.de/a/b";
        check_redirect(from, 301, "c", Ok(Some("https://acme.de/a/c")));
        check_redirect(
            from,
            308,
            "//www.acme.de/",
            Ok(Some("https://www.acme.de/")),
        );
        check_redirect(from, 302, "http://acme.de/", Err(FetchFailure::Downgrade));
        check_redirect(from, 302, "", Err(FetchFailure::BrokenRedirect));
        check_redirect(from, 302, "https://[", Err(FetchFailure::BrokenRedirect));
        check_redirect(
            from,
            302,
            "/caf\u{e9}",
            Ok(Some("https://acme.de/caf%C3%A9")),
        );
        check_redirect(from, 200, "c", Ok(None));
        check_redirect(from, 304, "c", Ok(None));
        check_redirect(
            "http://acme.de",
            301,
            "https://acme.de",
            Ok(Some("https://acme.de")),
        );
    }

    #[test]
    fn an_address_in_bytes_that_are_no_text_is_read_byte_by_byte() {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_bytes(b"/caf\xe9").unwrap());
        let got = redirect(
            &Url::parse("https://acme.de/a").unwrap(),
            StatusCode::FOUND,
            &headers,
        );
        assert_eq!(got, Ok(Some(Url::parse("https://acme.de/caf%E9").unwrap())));
    }
}
