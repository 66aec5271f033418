//! Which links of a page lead to the pages that say who the organisation is. Pure: markup in, addresses out.
//!
//! A link is judged by its words and by its address, in English, German, French and Dutch. It reads tokens and builds
//! no tree: which element stands in which does not matter to a link.

use std::cell::RefCell;
use std::cmp::Reverse;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::effort::Effort;
use crate::markup::tokenize;
use crate::site::{plain, site_of};
use crate::slice::cut;

/// A link of a page that leads to a page worth reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub url: Url,
    pub kind: Kind,
}

/// What a page is for, the most telling first: an imprint names the legal entity and its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Imprint,
    About,
    Contact,
    Customers,
    Careers,
}

pub const KINDS: [Kind; 5] = [
    Kind::Imprint,
    Kind::About,
    Kind::Contact,
    Kind::Customers,
    Kind::Careers,
];

/// The links of a page worth following, best kind first, one of each kind, all on the page's own site.
pub fn worth_reading(html: &str, page: &Url) -> Vec<Link> {
    let markup = Markup::read(html);
    let base = markup.base.and_then(|base| page.join(&base).ok());
    let base = base.as_ref().unwrap_or(page);
    let site = site_of(page);
    // Only numbers are kept of a link; its address is put together again if it is chosen.
    let mut candidates: Vec<Vec<Candidate>> = KINDS.map(|_| Vec::new()).into();
    for (position, link) in markup.links.iter().enumerate() {
        let Some(anchor) = Anchor::of(link, base, page, &site) else {
            continue;
        };
        for (kind, candidates) in KINDS.iter().zip(&mut candidates) {
            let score = anchor.score(*kind);
            if score >= LEAST_SCORE {
                let length = anchor.url.as_str().len();
                candidates.push((Reverse(score), length, position));
            }
        }
    }
    let mut chosen: Vec<Link> = Vec::new();
    for (kind, mut candidates) in KINDS.into_iter().zip(candidates) {
        candidates.sort_unstable();
        let mut urls = candidates.into_iter().filter_map(|(_, _, position)| {
            let link = markup.links.get(position)?;
            Some(Anchor::of(link, base, page, &site)?.url)
        });
        let url = urls.find(|url| !chosen.iter().any(|link| link.url == *url));
        chosen.extend(url.map(|url| Link { url, kind }));
    }
    chosen
}

/// Of equal scores the shortest address, then the first on the page.
type Candidate = (Reverse<u32>, usize, usize);

/// Markup longer than this is a page to read, whatever else it asks of a browser.
const LONGEST_SIGNPOST: usize = 4_096;

/// Where a page that is only a signpost sends its readers: `<meta http-equiv="refresh" content="0; url=/de/">`.
pub fn refresh(html: &str, from: &Url) -> Option<Url> {
    if html.len() > LONGEST_SIGNPOST {
        return None;
    }
    let markup = Markup::read(html);
    let base = markup.base.and_then(|base| from.join(&base).ok());
    refresh_target(&markup.refresh?, base.as_ref().unwrap_or(from), from)
}

/// Seconds that a signpost may show before it sends its readers on; a page that shows longer is there to be read.
const LONGEST_SIGHT: u32 = 5;

/// Where the words of a refresh lead, read as browsers do: `0;url=/de/`, `0, /de/`, `0.5 url='/de/'`.
/// <https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps>
pub fn refresh_target(content: &str, base: &Url, from: &Url) -> Option<Url> {
    let content = content.trim_start();
    let digits = content.trim_start_matches(|c: char| c.is_ascii_digit());
    let seconds = cut(content, ..content.len() - digits.len());
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let is_number = !seconds.is_empty() || rest.len() < digits.len();
    let late = !seconds.is_empty()
        && seconds
            .parse()
            .map_or(true, |seconds: u32| seconds > LONGEST_SIGHT);
    let separated = rest.starts_with(|c: char| c == ';' || c == ',' || c.is_ascii_whitespace());
    if !is_number || late || !separated {
        return None;
    }
    let rest = rest.trim_start();
    let target = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start();
    let named = target
        .get(..3)
        .filter(|name| name.eq_ignore_ascii_case("url"));
    let named = named.and_then(|name| cut(target, name.len()..).trim_start().strip_prefix('='));
    let target = named.unwrap_or(target).trim();
    let target = match target.chars().next()? {
        quote @ ('"' | '\'') => target.split(quote).nth(1)?,
        _ => target,
    };
    let to = plain(&base.join(target).ok()?);
    let keeps_encryption = to.scheme() == "https" || from.scheme() == "http";
    (keeps_encryption && to != plain(from)).then_some(to)
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
    /// A link that leads to another page of the site, if this one does.
    fn of(link: &Written, base: &Url, page: &Url, site: &str) -> Option<Self> {
        let mut url = plain(&base.join(link.href.trim()).ok()?);
        if page.scheme() == "https" && url.scheme() == "http" {
            // Old links on a page that is served encrypted: so are its neighbours.
            url.set_scheme("https").ok()?;
        }
        let is_web = matches!(url.scheme(), "http" | "https");
        if !is_web || site_of(&url) != site || url == plain(page) || is_file(&url) {
            return None;
        }
        let text = words(&link.text);
        Some(Self {
            segments: segments(&url),
            text: if text.is_empty() {
                words(&link.label)
            } else {
                text
            },
            url,
        })
    }

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

/// What the markup says about ways out of the page.
#[derive(Default)]
struct Markup {
    base: Option<String>,
    /// The content of the first meta refresh.
    refresh: Option<String>,
    links: Vec<Written>,
    /// Whether the last link is still open.
    inside: bool,
    /// For readers whose browser runs no scripts, which is not how a page is meant.
    unscripted: bool,
}

/// A link as it is written.
struct Written {
    href: String,
    label: String,
    text: String,
}

/// Bytes of a link's text that are kept; [`LONGEST_TEXT`] words are shorter.
const KEPT_TEXT: usize = 200;

/// Bytes of an address as it is written; a longer one could not be stored as the address of a page either.
const LONGEST_ADDRESS: usize = 2_000;

/// Links of a page that are looked at, the first ones. The open company pages have up to a quarter of it.
const MOST_LINKS: usize = 4_000;

impl Markup {
    fn read(html: &str) -> Self {
        let effort = Effort::for_page();
        let (sink, _) = tokenize(html, Sink(RefCell::default()), &effort);
        sink.0.into_inner()
    }

    fn open(&mut self, tag: &Tag) {
        let attribute = |name: &str| {
            let mut attributes = tag.attrs.iter();
            let found = attributes.find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| &*attribute.value)
        };
        let address = |name: &str| {
            let written = attribute(name).filter(|value| value.len() <= LONGEST_ADDRESS);
            written.map(str::to_owned)
        };
        match &*tag.name {
            "a" | "area" => {
                let href = address("href").filter(|_| self.links.len() < MOST_LINKS);
                self.inside = href.is_some();
                self.links.extend(href.map(|href| {
                    let label = attribute("aria-label").or_else(|| attribute("title"));
                    Written {
                        href,
                        label: cut(label.unwrap_or_default(), ..KEPT_TEXT).to_owned(),
                        text: String::new(),
                    }
                }));
            }
            "base" if self.base.is_none() => self.base = address("href"),
            "noscript" => self.unscripted = true,
            "meta" if self.refresh.is_none() && !self.unscripted => {
                let is_refresh = |value: &str| value.trim().eq_ignore_ascii_case("refresh");
                if attribute("http-equiv").is_some_and(is_refresh) {
                    self.refresh = address("content");
                }
            }
            // Elements part words that stand in them.
            _ => self.text(" "),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(link) = self.links.last_mut().filter(|_| self.inside) {
            if link.text.len() < KEPT_TEXT {
                link.text.push_str(text);
            }
        }
    }
}

struct Sink(RefCell<Markup>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut markup = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                markup.open(&tag);
                // What these hold is no markup.
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "iframe" | "noembed" | "noframes" | "xmp" => {
                        TokenSinkResult::RawData(RawKind::Rawtext)
                    }
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    "plaintext" => TokenSinkResult::Plaintext,
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) if &*tag.name == "a" => markup.inside = false,
            Token::TagToken(tag) if &*tag.name == "noscript" => markup.unscripted = false,
            Token::TagToken(_) => markup.text(" "),
            Token::CharacterTokens(text) => markup.text(&text),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
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
    let mut found = words.match_indices(phrase).map(|(at, _)| at);
    found.find(|at| {
        let (before, behind) = (cut(words, ..*at), cut(words, at + phrase.len()..));
        (before.is_empty() || before.ends_with(' '))
            && (behind.is_empty() || behind.starts_with(' '))
    })
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
    fn links_in_scripts_comments_and_text_areas_are_none() {
        let link = "<a href='/about'>About us</a>";
        for (before, after) in [
            ("<script>", "</script>"),
            ("<!--", "-->"),
            ("<textarea>", ""),
        ] {
            let html = format!("{before}{link}{after}");
            assert_eq!(worth_reading(&html, &url("https://acme.de")), [], "{html}");
        }
    }

    #[test]
    fn hostile_markup_is_read_in_a_moment() {
        for unit in [
            "<div>",
            "<a href=/about><b>",
            "<a href=/about",
            "<p a=",
            "<table><td>",
        ] {
            let html = unit.repeat(50_000);
            assert!(worth_reading(&html, &url("https://acme.de")).len() <= 1);
        }
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
        for content in [
            "2;URL=/de/",
            "0;/de/",
            "0, /de/",
            "0 url=/de/",
            "0.0;url=/de/",
            ".5; url=/de/",
            " 0;url = '/de/' x",
            "0;;/de/",
        ] {
            let expect = if content == "0;;/de/" {
                "https://acme.de/;/de/"
            } else {
                "https://acme.de/de/"
            };
            check_refresh(&to(content), Some(expect));
        }
        for content in [
            "x; url=/de/",
            "; url=/de/",
            "6; url=/de/",
            "99999999999; url=/de/",
            "0url=/de/",
            "0;",
        ] {
            check_refresh(&to(content), None);
        }
        let based = format!("<base href='/en/'>{}", to("0;url=de"));
        check_refresh(&based, Some("https://acme.de/en/de"));
        let unscripted = format!("<noscript>{}</noscript><p>Acme", to("0;url=/de/"));
        check_refresh(&unscripted, None);
        check_refresh(&to("0;url=http://acme.de/a"), None);
        check_refresh(&to("0; url=/"), None);
        check_refresh(&to("30; url=/de/"), None);
        check_refresh(&to("0"), None);
        let page = "x".repeat(LONGEST_SIGNPOST);
        check_refresh(&(to("0; url=/de/") + &page), None);
    }
}
