//! Reads the few pages of one website that say who the organisation is.
//!
//! The page the user gave comes first; it alone decides which others are worth reading, one of each kind, all on the
//! same site. robots.txt is obeyed for every request, redirects included. What the pages mean is not this file's
//! business, and how a request is made safe is that of [`fetch`](crate::fetch).

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use scraper::{Html, Selector};
use tokio::time::{sleep_until, Instant};
use url::{Host, Url};

use crate::fetch::{FetchFailure, Fetcher, Hop, Wanted};
use crate::page::Page;
use crate::profile::Reason;
use crate::robots::Robots;

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
    /// one that cannot be had forbids everything. <https://www.rfc-editor.org/rfc/rfc9309#section-2.3.1>
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
                Ok((_, body)) => Ok(Robots::parse(&body.bytes)),
                Err(FetchFailure::Status(..=499) | FetchFailure::TooManyRedirects) => {
                    Ok(Robots::allow_all())
                }
                Err(failure) => Err(failure),
            };
            self.robots.insert(origin.clone(), robots);
        }
        self.robots[&origin].as_ref().map_err(|&failure| failure)
    }
}

/// Markup longer than this is a page to read, whatever else it asks of a browser.
const LONGEST_SIGNPOST: usize = 4_096;

/// Where a page that is only a signpost sends its readers at once: `<meta http-equiv="refresh" content="0; url=/de/">`.
fn refresh(html: &str, from: &Url) -> Option<Url> {
    if html.len() > LONGEST_SIGNPOST {
        return None;
    }
    let document = Html::parse_document(html);
    let metas = selector("meta[http-equiv='refresh' i][content]");
    let meta = document.select(&metas).next()?;
    let (seconds, target) = meta.attr("content")?.split_once([';', ','])?;
    let (name, target) = target.split_once('=')?;
    if seconds.trim() != "0" || !name.trim().eq_ignore_ascii_case("url") {
        return None;
    }
    let to = plain(&from.join(target.trim().trim_matches(['"', '\''])).ok()?);
    let keeps_encryption = to.scheme() == "https" || from.scheme() == "http";
    (keeps_encryption && to != *from).then_some(to)
}

/// A link of a page that leads to a page worth reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub url: Url,
    pub kind: Kind,
}

/// What a page is for, the most telling first: an imprint names the legal entity and its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Imprint,
    About,
    Contact,
    Customers,
    Careers,
}

const KINDS: [Kind; 5] = [
    Kind::Imprint,
    Kind::About,
    Kind::Contact,
    Kind::Customers,
    Kind::Careers,
];

/// The links of a page worth following, best kind first, one of each kind, all on the page's own site.
pub fn worth_reading(html: &str, base: &Url) -> Vec<Link> {
    let anchors = anchors(html, base);
    let mut chosen: Vec<Link> = Vec::new();
    for kind in KINDS {
        let best = anchors
            .iter()
            .filter(|anchor| !chosen.iter().any(|link| link.url == anchor.url))
            .map(|anchor| (anchor.score(kind), anchor))
            .filter(|&(score, _)| score >= LEAST_SCORE)
            // Of equals the shortest address, then the first on the page.
            .min_by_key(|(score, anchor)| (Reverse(*score), anchor.url.as_str().len()));
        if let Some((_, anchor)) = best {
            let url = anchor.url.clone();
            chosen.push(Link { url, kind });
        }
    }
    chosen
}

/// A link as words: what it says and what its address says.
struct Anchor {
    url: Url,
    text: String,
    /// Directories of the path, and what a query passes instead of them; the last is the page itself.
    segments: Vec<String>,
}

/// Less than the link's words beginning with a phrase, or its page being named by one, is a coincidence.
const LEAST_SCORE: u32 = 2;

/// Links with more words are headlines and teasers.
const LONGEST_TEXT: usize = 6;

impl Anchor {
    fn score(&self, kind: Kind) -> u32 {
        let phrases = kind.phrases();
        let text = phrases.iter().map(|phrase| self.text_score(phrase));
        let address = phrases.iter().map(|phrase| self.address_score(phrase));
        text.max().unwrap_or(0) + address.max().unwrap_or(0)
    }

    fn text_score(&self, phrase: &str) -> u32 {
        if self.text == phrase {
            return 3;
        }
        if self.text.split(' ').count() > LONGEST_TEXT {
            return 0;
        }
        match position(&self.text, phrase) {
            Some(0) => 2,
            Some(_) => 1,
            None => 0,
        }
    }

    fn address_score(&self, phrase: &str) -> u32 {
        let Some((page, directories)) = self.segments.split_last() else {
            return 0;
        };
        if page == phrase {
            return 3;
        }
        let near = position(page, phrase).is_some() || directories.iter().any(|one| one == phrase);
        u32::from(near)
    }
}

impl Kind {
    /// What such pages are called in English, German, French and Dutch, as [`words`] leaves it.
    fn phrases(self) -> &'static [&'static str] {
        match self {
            Self::Imprint => &[
                "imprint",
                "legal notice",
                "legal information",
                "impressum",
                "anbieterkennzeichnung",
                "mentions légales",
                "mentions legales",
                "informations légales",
                "colofon",
                "bedrijfsgegevens",
                "juridische informatie",
                "wettelijke vermeldingen",
            ],
            Self::About => &[
                "about us",
                "about",
                "aboutus",
                "who we are",
                "our story",
                "our company",
                "company",
                "company profile",
                "über uns",
                "ueber uns",
                "uber uns",
                "wir über uns",
                "unternehmen",
                "das unternehmen",
                "firma",
                "firmenprofil",
                "wer wir sind",
                "à propos",
                "a propos",
                "qui sommes nous",
                "notre entreprise",
                "notre histoire",
                "l entreprise",
                "la société",
                "over ons",
                "wie zijn wij",
                "wie we zijn",
                "ons bedrijf",
                "ons verhaal",
            ],
            Self::Contact => &[
                "contact us",
                "contact",
                "contactus",
                "contacts",
                "get in touch",
                "kontakt",
                "contactez nous",
                "nous contacter",
                "contacteer ons",
                "neem contact op",
            ],
            Self::Customers => &[
                "our customers",
                "customers",
                "customer stories",
                "our clients",
                "clients",
                "client testimonials",
                "case studies",
                "success stories",
                "references",
                "testimonials",
                "unsere kunden",
                "kunden",
                "referenzen",
                "kundenstimmen",
                "erfolgsgeschichten",
                "nos clients",
                "nos références",
                "références",
                "témoignages",
                "ils nous font confiance",
                "onze klanten",
                "klanten",
                "klantverhalen",
                "klantcases",
                "referenties",
            ],
            Self::Careers => &[
                "careers",
                "career",
                "jobs",
                "join us",
                "join our team",
                "work with us",
                "vacancies",
                "karriere",
                "stellenangebote",
                "offene stellen",
                "carrières",
                "carrieres",
                "carrière",
                "recrutement",
                "nous rejoindre",
                "rejoignez nous",
                "vacatures",
                "werken bij",
            ],
        }
    }
}

/// All links of a page to other pages of its site.
fn anchors(html: &str, base: &Url) -> Vec<Anchor> {
    let document = Html::parse_document(html);
    let stated_base = document
        .select(&selector("base[href]"))
        .find_map(|element| base.join(element.attr("href")?).ok());
    let joined_to = stated_base.as_ref().unwrap_or(base);
    document
        .select(&selector("a[href], area[href]"))
        .filter_map(|element| {
            let mut url = plain(&joined_to.join(element.attr("href")?.trim()).ok()?);
            if base.scheme() == "https" && url.scheme() == "http" {
                // Old links on a page that is served encrypted: so are its neighbours.
                url.set_scheme("https").ok()?;
            }
            let is_web = matches!(url.scheme(), "http" | "https");
            if !is_web || !is_same_site(&url, base) || url == plain(base) || is_file(&url) {
                return None;
            }
            let text = words(&element.text().collect::<String>());
            let said = ["aria-label", "title"]
                .iter()
                .find_map(|name| element.attr(name));
            Some(Anchor {
                segments: segments(&url),
                text: match said {
                    Some(said) if text.is_empty() => words(said),
                    _ => text,
                },
                url,
            })
        })
        .collect()
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("the selectors of this file are valid")
}

/// The parts of an address that can name a page.
fn segments(url: &Url) -> Vec<String> {
    let label = url.domain().and_then(|name| name.split('.').next());
    let path = url.path_segments().into_iter().flatten();
    let path = path.map(|segment| match segment.rsplit_once('.') {
        Some((name, _)) => name.to_owned(),
        None => segment.to_owned(),
    });
    let query = url.query_pairs().map(|(_, value)| value.into_owned());
    let said = label
        .map(str::to_owned)
        .into_iter()
        .chain(path)
        .chain(query);
    said.map(|segment| words(&segment))
        .filter(|segment| !segment.is_empty() && segment != "index")
        .collect()
}

/// Endings of what is surely no page.
const FILES: [&str; 16] = [
    "avif", "doc", "docx", "gif", "ics", "jpeg", "jpg", "mp4", "pdf", "png", "pptx", "svg", "vcf",
    "webp", "xml", "zip",
];

fn is_file(url: &Url) -> bool {
    let ending = url.path().rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| FILES.iter().any(|file| ending.eq_ignore_ascii_case(file)))
}

/// Lower-case words with single blanks between them.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Where a phrase stands among words, as whole words.
fn position(words: &str, phrase: &str) -> Option<usize> {
    format!(" {words} ").find(&format!(" {phrase} "))
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
    psl::domain_str(name.strip_suffix('.').unwrap_or(name))
}

/// Whether two sites differ only in their ending: acme.de and acme.com.
fn is_same_name(one: &Url, other: &Url) -> bool {
    let name = |url| {
        let domain = registrable(url)?;
        domain.strip_suffix(psl::suffix_str(domain)?)
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

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[track_caller]
    fn check(links: &[(&str, &str)], expect: &[&str]) {
        let html: String = links
            .iter()
            .map(|(href, text)| format!("<li><a href='{href}'>{text}</a></li>"))
            .collect();
        let got = worth_reading(&html, &url("https://www.acme.de/start"));
        let got: Vec<String> = got
            .iter()
            .map(|link| format!("{:?} {}", link.kind, link.url))
            .collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn one_page_of_each_kind_is_chosen_the_most_telling_first() {
        check(
            &[
                ("/", "Home"),
                ("/jobs", "Careers"),
                ("/customers", "Our customers"),
                ("/contact-us/", "Contact us"),
                ("/about", "About Acme"),
                ("/imprint", "Imprint"),
            ],
            &[
                "Imprint https://www.acme.de/imprint",
                "About https://www.acme.de/about",
                "Contact https://www.acme.de/contact-us/",
                "Customers https://www.acme.de/customers",
                "Careers https://www.acme.de/jobs",
            ],
        );
    }

    #[test]
    fn german_french_and_dutch_names_are_known() {
        check(
            &[
                ("/de/unternehmen.html", "Über uns"),
                ("/kunden", "Referenzen"),
                ("/karriere", "Karriere bei Acme"),
                ("/impressum", "Impressum &amp; Datenschutz"),
                ("?page=kontakt", "Schreiben Sie uns"),
            ],
            &[
                "Imprint https://www.acme.de/impressum",
                "About https://www.acme.de/de/unternehmen.html",
                "Contact https://www.acme.de/start?page=kontakt",
                "Customers https://www.acme.de/kunden",
                "Careers https://www.acme.de/karriere",
            ],
        );
        check(
            &[
                ("/a", "Qui sommes-nous ?"),
                ("/b", "Nous contacter"),
                ("/c", "Mentions légales"),
                ("/d", "Nos clients"),
                ("/e", "Nous rejoindre"),
            ],
            &[
                "Imprint https://www.acme.de/c",
                "About https://www.acme.de/a",
                "Contact https://www.acme.de/b",
                "Customers https://www.acme.de/d",
                "Careers https://www.acme.de/e",
            ],
        );
        check(
            &[
                ("/1", "Over ons"),
                ("/2", "Neem contact op"),
                ("/3", "Colofon"),
                ("/4", "Onze klanten"),
                ("/5", "Werken bij Acme"),
            ],
            &[
                "Imprint https://www.acme.de/3",
                "About https://www.acme.de/1",
                "Contact https://www.acme.de/2",
                "Customers https://www.acme.de/4",
                "Careers https://www.acme.de/5",
            ],
        );
    }

    #[test]
    fn the_page_itself_beats_pages_beneath_it() {
        check(
            &[
                ("/about/website", "About this website"),
                ("/about/", "Our data"),
                ("/about/history", "History"),
                ("/about/", "About us"),
            ],
            &["About https://www.acme.de/about/"],
        );
    }

    #[test]
    fn coincidences_are_not_followed() {
        check(
            &[
                ("/blog/learn", "Read more about microlearning"),
                ("/blog/42", "Improving customer experience"),
                ("/legal/privacy", "Privacy policy"),
                ("/x", "About the many reasons why this winter was cold"),
                ("/about.pdf", "About us"),
                ("mailto:a@acme.de", "Contact"),
                ("javascript:void(0)", "Contact"),
                ("#contact", "Contact"),
                ("/start#contact", "Contact"),
            ],
            &[],
        );
    }

    #[test]
    fn links_stay_on_the_registrable_domain() {
        check(
            &[
                ("https://jobs.acme.de/", "Open positions"),
                ("https://acme.com/about", "About us"),
                ("https://acme.de.evil.com/contact", "Contact"),
                ("http://acme.de/impressum", "Impressum"),
            ],
            &[
                "Imprint https://acme.de/impressum",
                "Careers https://jobs.acme.de/",
            ],
        );
        let html = "<a href='https://other.github.io/about'>About</a>";
        assert_eq!(worth_reading(html, &url("https://acme.github.io")), []);
    }

    #[test]
    fn a_stated_base_and_spoken_labels_count() {
        let html = "<base href='/en/'><a href='about'><img src=x></a>\
                    <a href='c' aria-label='Contact us'><svg></svg></a>";
        let got = worth_reading(html, &url("https://acme.de"));
        let got: Vec<&str> = got.iter().map(|link| link.url.as_str()).collect();
        assert_eq!(got, ["https://acme.de/en/about", "https://acme.de/en/c"]);
    }

    #[track_caller]
    fn check_refresh(html: &str, expect: Option<&str>) {
        let got = refresh(html, &url("https://acme.de/"));
        assert_eq!(got, expect.map(url), "{html}");
    }

    #[test]
    fn a_signpost_is_followed_and_a_page_that_reloads_is_not() {
        let to = |content| format!("<META HTTP-EQUIV='Refresh' CONTENT=\"{content}\">");
        check_refresh(&to("0; URL='/de/'"), Some("https://acme.de/de/"));
        check_refresh(
            &to("0;url=https://www.acme.de"),
            Some("https://www.acme.de/"),
        );
        check_refresh(&to("0;url=http://acme.de/a"), None);
        check_refresh(&to("0; url=/"), None);
        check_refresh(&to("30; url=/de/"), None);
        check_refresh(&to("0"), None);
        let page = "x".repeat(LONGEST_SIGNPOST);
        check_refresh(&(to("0; url=/de/") + &page), None);
    }

    #[track_caller]
    fn check_same(one: &str, other: &str, site: bool, name: bool) {
        let (one, other) = (url(one), url(other));
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
