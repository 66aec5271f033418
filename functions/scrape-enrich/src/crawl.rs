//! Reads the few pages of one website that say who the organisation is.
//!
//! The page the user gave comes first; it alone decides which others are worth reading, one of each kind, all on the
//! same site. robots.txt is obeyed for every request, redirects included. What the pages mean is not this file's
//! business, and how a request is made safe is that of [`fetch`](crate::fetch).

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use public_suffix::{EffectiveTLDProvider, DEFAULT_PROVIDER};
use tokio::time::{sleep_until, Instant};
use url::{Host, Url};

use crate::fetch::{FetchFailure, Fetcher, Hop, Wanted};
use crate::page::Page;
use crate::profile::Reason;
use crate::robots::Robots;

mod links;

pub use links::{refresh, worth_reading, Kind, Link};

/// Reads a website, beginning at the given page. Ends before the deadline and within the budget, whichever is less.
pub async fn read_site(
    start: &Url,
    fetcher: &Fetcher,
    budget: Budget,
    deadline: Instant,
) -> Result<Site, Unread> {
    let mut crawl = Crawl {
        fetcher,
        deadline: deadline.min(Instant::now() + budget.time),
        robots: HashMap::new(),
        last_request: None,
        bytes: 0,
    };
    let (home, first) = crawl.read_home(start).await?;
    let links = worth_reading(&first.html, &home);
    let mut read = HashSet::from([home.clone()]);
    let mut site = Site {
        pages: vec![first],
        skipped: Vec::new(),
    };
    for link in links {
        let spent = site.pages.len() >= budget.pages
            || crawl.bytes >= budget.bytes
            || Instant::now() >= crawl.deadline;
        let outcome = if spent {
            Err(Skip::OverBudget)
        } else {
            let visit = |url: &Url| match url {
                url if !is_same_site(url, &home) => Err(Skip::OtherSite),
                url if read.contains(&plain(url)) => Err(Skip::AlreadyRead),
                _ => Ok(()),
            };
            crawl.read(&link.url, visit).await.map_err(|stop| stop.skip)
        };
        let known = |page: &Page| site.pages.iter().any(|other| other.sha256 == page.sha256);
        match outcome {
            // Some sites answer every address with the same page.
            Ok((_, page)) if known(&page) => site.skip(link.url, Skip::AlreadyRead),
            Ok((url, page)) => {
                read.insert(url);
                site.pages.push(page);
            }
            Err(reason) => site.skip(link.url, reason),
        }
    }
    Ok(site)
}

/// The pages of a website that were read.
#[derive(Debug)]
pub struct Site {
    /// The given page first, then by kind; never empty. Their URLs are those where redirects ended.
    pub pages: Vec<Page>,
    pub skipped: Vec<Skipped>,
}

/// A page that looked worth reading and was not read.
#[derive(Debug, PartialEq, Eq)]
pub struct Skipped {
    pub url: Url,
    pub reason: Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    Robots,
    /// robots.txt itself could not be had, which forbids everything.
    RobotsUnreachable(FetchFailure),
    Failed(FetchFailure),
    /// It redirects to another website.
    OtherSite,
    /// It is a page that was read under another address.
    AlreadyRead,
    OverBudget,
}

/// Why there is not even the given page. `Display` is written for the person who typed its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    Robots,
    /// robots.txt could not be had, which forbids everything.
    RobotsUnreachable(FetchFailure),
    Failed(FetchFailure),
    /// The address redirects to the website of another name, which may be another company's.
    OtherSite {
        from: String,
        to: String,
    },
}

/// What one website may cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// The given page and one of each [`Kind`].
    pub pages: usize,
    /// Bytes of pages after decompression; no page is begun once they are used up. Many times what six ordinary pages
    /// take, and little enough to hold and search in memory.
    pub bytes: usize,
    /// Under half of the 100 seconds after which the function stops itself, so that reading the pages and writing
    /// the profile keep the larger part.
    pub time: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            pages: 1 + links::KINDS.len(),
            bytes: 8 * 1024 * 1024,
            time: Duration::from_secs(45),
        }
    }
}

/// The longest pause between two pages. Crawl-delay is no part of RFC 9309 and meant for crawlers that read whole
/// sites; a handful of pages, one after the other, at this distance is less than a visitor asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

struct Crawl<'a> {
    fetcher: &'a Fetcher,
    deadline: Instant,
    /// By origin.
    robots: HashMap<String, Result<Robots, FetchFailure>>,
    last_request: Option<Instant>,
    /// Of all pages read so far.
    bytes: usize,
}

/// Where and why a chain of redirects ended without a page.
struct Stop {
    at: Url,
    skip: Skip,
}

impl Crawl<'_> {
    /// The given page. Its redirects are followed within the site, and to the same name under another ending
    /// (acme.de to acme.com): that is how companies move. Any other site may be a buyer's, a registrar's or a
    /// stranger's, so there the user is asked.
    async fn read_home(&mut self, start: &Url) -> Result<(Url, Page), Unread> {
        let visit = |url: &Url| {
            if is_same_site(url, start) || is_same_name(url, start) {
                Ok(())
            } else {
                Err(Skip::OtherSite)
            }
        };
        let read = self.read(start, visit).await;
        read.map_err(|Stop { at, skip }| match skip {
            Skip::Robots => Unread::Robots,
            Skip::RobotsUnreachable(failure) => Unread::RobotsUnreachable(failure),
            Skip::Failed(failure) => Unread::Failed(failure),
            Skip::OtherSite | Skip::AlreadyRead | Skip::OverBudget => Unread::OtherSite {
                from: site_of(start),
                to: site_of(&at),
            },
        })
    }

    /// One page and where its redirects ended. `visit` and robots.txt are asked before each request.
    async fn read(
        &mut self,
        url: &Url,
        visit: impl Fn(&Url) -> Result<(), Skip>,
    ) -> Result<(Url, Page), Stop> {
        let mut at = plain(url);
        for redirects in 0..=self.fetcher.limits().redirects {
            let hop = match visit(&at) {
                Ok(()) => self.hop(&at).await,
                Err(skip) => Err(skip),
            };
            match hop {
                Ok(Hop::Arrived(body)) => {
                    self.bytes += body.bytes.len();
                    let page = Page::new(Some(at.clone()), &body.bytes, body.charset.as_deref());
                    match refresh(&page.html, &at) {
                        Some(next) => at = next,
                        None => return Ok((at, page)),
                    }
                }
                Ok(Hop::Moved(next)) => at = plain(&next),
                Err(Skip::Failed(failure)) if redirects > 0 => {
                    let skip = Skip::Failed(failure.of_a_redirect());
                    return Err(Stop { at, skip });
                }
                Err(skip) => return Err(Stop { at, skip }),
            }
        }
        let skip = Skip::Failed(FetchFailure::TooManyRedirects);
        Err(Stop { at, skip })
    }

    /// One request, if robots.txt allows it, at the pace it asks for.
    async fn hop(&mut self, url: &Url) -> Result<Hop, Skip> {
        let deadline = self.deadline;
        let robots = self.robots(url).await.map_err(|failure| match failure {
            // The whole server is out of reach, not only this file.
            FetchFailure::Refused(_)
            | FetchFailure::Unreachable
            | FetchFailure::Broken
            | FetchFailure::TooSlow => Skip::Failed(failure),
            failure => Skip::RobotsUnreachable(failure),
        })?;
        if !robots.allows(url) {
            return Err(Skip::Robots);
        }
        let pause = robots.crawl_delay().unwrap_or_default().min(LONGEST_PAUSE);
        if let Some(last) = self.last_request {
            sleep_until(deadline.min(last + pause)).await;
        }
        self.last_request = Some(Instant::now());
        let hop = self.fetcher.hop(url, Wanted::Page, deadline).await;
        hop.map_err(Skip::Failed)
    }

    /// The robots.txt of the URL's origin, fetched once. None (any 4xx, or redirects without end) allows everything,
    /// one that cannot be had or read forbids everything. <https://www.rfc-editor.org/rfc/rfc9309#section-2.3.1>
    async fn robots(&mut self, url: &Url) -> Result<&Robots, FetchFailure> {
        let origin = url.origin().ascii_serialization();
        if !self.robots.contains_key(&origin) {
            let mut file = url.clone();
            file.set_path("/robots.txt");
            file.set_query(None);
            let answer = self
                .fetcher
                .follow(&file, Wanted::Robots, self.deadline)
                .await;
            let robots = match answer {
                Ok((_, body)) => Robots::read(&body.bytes, body.charset.as_deref())
                    .ok_or(FetchFailure::Undecodable),
                Err(FetchFailure::Status(400..=499) | FetchFailure::TooManyRedirects) => {
                    Ok(Robots::allow_all())
                }
                Err(failure) => Err(failure),
            };
            self.robots.insert(origin.clone(), robots);
        }
        self.robots[&origin].as_ref().map_err(|&failure| failure)
    }
}

/// Without the part that never reaches a server.
fn plain(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

fn is_same_site(one: &Url, other: &Url) -> bool {
    site_of(one) == site_of(other)
}

/// The registrable domain (public suffix list), or the host and port where there is none.
fn site_of(url: &Url) -> String {
    match (url.host(), registrable(url)) {
        (_, Some(domain)) => domain.to_owned(),
        (Some(Host::Domain(name)), None) => name.to_owned(),
        (Some(host), None) => format!("{host}:{}", url.port_or_known_default().unwrap_or(0)),
        (None, None) => String::new(),
    }
}

fn registrable(url: &Url) -> Option<&str> {
    let name = url.domain()?;
    let name = name.strip_suffix('.').unwrap_or(name);
    DEFAULT_PROVIDER.effective_tld_plus_one(name).ok()
}

/// Whether two sites differ only in their ending: acme.de and acme.com.
fn is_same_name(one: &Url, other: &Url) -> bool {
    let name = |url| {
        let domain = registrable(url)?;
        domain.strip_suffix(DEFAULT_PROVIDER.public_suffix(domain))
    };
    matches!((name(one), name(other)), (Some(one), Some(other)) if one == other)
}

impl Unread {
    /// What every blank field of the profile says.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Robots => Reason::Robots,
            Self::RobotsUnreachable(_) | Self::Failed(_) | Self::OtherSite { .. } => {
                Reason::FetchFailed
            }
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Robots => f.write_str(
                "The website's robots.txt asks programs not to read this page. Allow ValyouriseBot there, enter another page, or fill in the profile by hand.",
            ),
            Self::RobotsUnreachable(failure) => write!(
                f,
                "The website's robots.txt, which says what programs may read, cannot be had. {failure}"
            ),
            Self::Failed(failure) => failure.fmt(f),
            Self::OtherSite { from, to } => write!(
                f,
                "{from} leads to another website, {to}. Enter that address if it is your organisation's."
            ),
        }
    }
}

impl std::error::Error for Unread {}

impl Site {
    fn skip(&mut self, url: Url, reason: Skip) {
        self.skipped.push(Skipped { url, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_same(one: &str, other: &str, site: bool, name: bool) {
        let (one, other) = (Url::parse(one).unwrap(), Url::parse(other).unwrap());
        let got = (is_same_site(&one, &other), is_same_name(&one, &other));
        assert_eq!(got, (site, name), "{one} {other}");
    }

    #[test]
    fn sites_are_told_apart_by_registrable_domain() {
        check_same("https://acme.de", "http://www.acme.de./x", true, true);
        check_same("https://acme.de", "https://shop.acme.co.uk", false, true);
        check_same("https://acme.de", "https://acme-group.de", false, false);
        check_same("https://a.github.io", "https://b.github.io", false, false);
        check_same("http://127.0.0.1:81", "http://127.0.0.1:82", false, false);
        check_same("http://[::1]:81", "http://[::1]:81/x", true, false);
    }
}
