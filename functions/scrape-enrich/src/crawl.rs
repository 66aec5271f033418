//! Reads the few pages of one website that say who the organisation is.
//!
//! The page the user gave comes first; it alone decides which others are worth reading, one of each kind, all on the
//! same site. robots.txt is obeyed for every request, redirects included. What the pages mean is not this file's
//! business, and how a request is made safe is that of [`fetch`](crate::fetch).

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use extraction::links::KINDS;
use extraction::profile::Reason;
use extraction::session::Read;
use extraction::site::{is_same_name, is_same_site, plain, site_of};
use tokio::time::{sleep_until, Instant};
use url::Url;

use crate::fetch::{FetchFailure, Fetcher, Hop, Wanted};
use crate::guard::Refusal;
use crate::reader::{Reader, Unreadable};
use crate::robots::Robots;

/// Reads a website, beginning at the given page. Ends before the deadline and within the budget, whichever is less.
pub async fn read_site(
    start: &Url,
    fetcher: &Fetcher,
    reader: &mut Reader,
    budget: Budget,
    deadline: Instant,
) -> Result<Site, Unread> {
    let mut crawl = Crawl {
        fetcher,
        reader,
        deadline: deadline.min(Instant::now() + budget.time),
        robots: HashMap::new(),
        last_request: None,
        bytes: 0,
    };
    let home = crawl.read_home(start).await?;
    let links = crawl.reader.links().await.map_err(Unread::Unreadable)?;
    let mut read = HashSet::from([home.clone()]);
    let mut site = Site {
        pages: vec![home.clone()],
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
            match crawl.read(&link.url, visit).await {
                Ok(read) => Ok(read),
                Err(Stop::Skipped { skip, .. }) => Err(skip),
                Err(Stop::Unreadable(why)) => return Err(Unread::Unreadable(why)),
            }
        };
        match outcome {
            Ok((url, true)) => {
                read.insert(url.clone());
                site.pages.push(url);
            }
            Ok((_, false)) => site.skip(link.url, Skip::AlreadyRead),
            Err(reason) => site.skip(link.url, reason),
        }
    }
    Ok(site)
}

/// What was read of a website; what stands there is the reader's.
#[derive(Debug)]
pub struct Site {
    /// Where redirects ended: the given page first, then by kind; never empty.
    pub pages: Vec<Url>,
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

/// Why there is not even the given page. The words are for the person who typed its address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error("The website's robots.txt asks programs not to read this page. Allow ValyouriseBot there, enter another page, or fill in the profile by hand.")]
    Robots,
    /// robots.txt could not be had, which forbids everything.
    #[error("The website's robots.txt, which says what programs may read, cannot be had. {0}")]
    RobotsUnreachable(FetchFailure),
    #[error("{0}")]
    Failed(FetchFailure),
    /// The address redirects to the website of another name, which may be another company's.
    #[error(
        "{from} leads to another website, {to}. Enter that address if it is your organisation's."
    )]
    OtherSite { from: String, to: String },
    /// Its pages took more than pages may, or met a fault of ours.
    #[error("The website's pages take more memory or time to read than pages may. Enter the address of its imprint or about page, or fill in the profile by hand.")]
    Unreadable(Unreadable),
}

/// What one website may cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// The given page and one of each kind.
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
            pages: 1 + KINDS.len(),
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
    reader: &'a mut Reader,
    deadline: Instant,
    /// By origin.
    robots: HashMap<String, Result<Robots, FetchFailure>>,
    last_request: Option<Instant>,
    /// Of all pages read so far.
    bytes: usize,
}

/// The same address with `www.` before its name, or without: many websites answer to one of the two.
fn twin(url: &Url) -> Option<Url> {
    let name = url.domain()?;
    let bare = name.strip_prefix("www.");
    let other = bare.map_or_else(|| format!("www.{name}"), str::to_owned);
    let site = site_of(url);
    let mut twin = url.clone();
    twin.set_host(Some(&other)).ok()?;
    (site == name || bare == Some(&site)).then_some(twin)
}

/// Why a chain of redirects ended without a page, and where.
enum Stop {
    Skipped { at: Url, skip: Skip },
    Unreadable(Unreadable),
}

impl Crawl<'_> {
    /// The given page. Its redirects are followed within the site, and to the same name under another ending
    /// (acme.de to acme.com): that is how companies move. Any other site may be a buyer's, a registrar's or a
    /// stranger's, so there the user is asked.
    async fn read_home(&mut self, start: &Url) -> Result<Url, Unread> {
        let visit = |url: &Url| {
            if is_same_site(url, start) || is_same_name(url, start) {
                Ok(())
            } else {
                Err(Skip::OtherSite)
            }
        };
        let mut outcome = self.read(start, visit).await;
        if let (Err(Stop::Skipped { skip, .. }), Some(twin)) = (&outcome, twin(start)) {
            let nowhere = Skip::Failed(FetchFailure::Refused(Refusal::Unresolved));
            if *skip == nowhere || *skip == Skip::Failed(FetchFailure::Unreachable) {
                // What that one says only counts if it is a page.
                outcome = match self.read(&twin, visit).await {
                    Err(Stop::Skipped { .. }) => outcome,
                    read => read,
                };
            }
        }
        let (at, skip) = match outcome {
            Ok((home, _)) => return Ok(home),
            Err(Stop::Skipped { at, skip }) => (at, skip),
            Err(Stop::Unreadable(why)) => return Err(Unread::Unreadable(why)),
        };
        Err(match skip {
            Skip::Robots => Unread::Robots,
            Skip::RobotsUnreachable(failure) => Unread::RobotsUnreachable(failure),
            Skip::Failed(failure) => Unread::Failed(failure),
            Skip::OtherSite | Skip::AlreadyRead | Skip::OverBudget => Unread::OtherSite {
                from: site_of(start),
                to: site_of(&at),
            },
        })
    }

    /// Reads one page. Where its redirects ended, and whether it is one that was not read before. `visit` and robots.txt
    /// are asked before each request.
    async fn read(
        &mut self,
        url: &Url,
        visit: impl Fn(&Url) -> Result<(), Skip>,
    ) -> Result<(Url, bool), Stop> {
        let mut at = plain(url);
        for redirects in 0..=self.fetcher.limits().redirects {
            let hop = match visit(&at) {
                Ok(()) => self.hop(&at).await,
                Err(skip) => Err(skip),
            };
            match hop {
                Ok(Hop::Arrived(body)) => {
                    self.bytes += body.bytes.len();
                    let charset = body.charset.as_deref();
                    let read = self.reader.read(&at, &body.bytes, charset).await;
                    match read.map_err(Stop::Unreadable)? {
                        Read::Signpost(next) => at = next,
                        Read::Kept => return Ok((at, true)),
                        Read::Known => return Ok((at, false)),
                    }
                }
                Ok(Hop::Moved(next)) => at = plain(&next),
                Err(Skip::Failed(failure)) if redirects > 0 => {
                    let skip = Skip::Failed(failure.of_a_redirect());
                    return Err(Stop::Skipped { at, skip });
                }
                Err(skip) => return Err(Stop::Skipped { at, skip }),
            }
        }
        let skip = Skip::Failed(FetchFailure::TooManyRedirects);
        Err(Stop::Skipped { at, skip })
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

impl Unread {
    /// What every blank field of the profile says.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Robots => Reason::Robots,
            Self::RobotsUnreachable(_)
            | Self::Failed(_)
            | Self::OtherSite { .. }
            | Self::Unreadable(_) => Reason::FetchFailed,
        }
    }
}

impl Site {
    fn skip(&mut self, url: Url, reason: Skip) {
        self.skipped.push(Skipped { url, reason });
    }
}
