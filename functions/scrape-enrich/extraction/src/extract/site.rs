//! The pages of one site, read, and the evidence that values have on them.

use std::sync::LazyLock;

use regex::Regex;

use super::names::Domain;
use super::pattern::pattern;
use crate::effort::Effort;
use crate::page::{Block, Document, Page, Span};
use crate::profile::{Evidence, Method, Reason, Stated};
use crate::slice::cut;

/// The pages of one site, read.
pub(crate) struct Site<'a> {
    pub(crate) readings: Vec<Reading<'a>>,
    pub(crate) domain: Option<Domain>,
    /// What reading the pages may still cost.
    pub(crate) effort: Effort,
    /// Only what touches this place is read: a model points there.
    pub(crate) focus: Option<Place>,
}

pub(crate) struct Reading<'a> {
    pub(crate) page: &'a Page,
    pub(crate) document: Document,
}

impl Reading<'_> {
    /// The language that the page says it is in, ISO 639-1; both Norwegians are one.
    pub(crate) fn language(&self) -> Option<String> {
        static LANGUAGE: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r#"(?i)<html\b[^>]{0,500}?\slang\s*=\s*["']?(?P<language>[a-z]{2,3})\b"#)
        });
        let head = cut(&self.page.html, ..BEGINNING);
        let language = LANGUAGE.captures(head)?["language"].to_ascii_lowercase();
        Some(match language.as_str() {
            "nb" | "nn" => "no".to_owned(),
            _ => language,
        })
    }
}

/// What it costs to look through a byte of text for years, in steps.
const YEARS: u64 = 10;

/// Bytes in which a page begins, its `<html>` among them.
const BEGINNING: usize = 4_000;

/// A piece of a page's text that a value follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) reading: usize,
    pub(crate) span: Span,
}

impl<'a> Site<'a> {
    pub(crate) fn new(pages: &'a [Page], effort: Effort) -> Self {
        let readings: Vec<_> = pages
            .iter()
            .map(|page| Reading {
                page,
                document: page.read(&effort),
            })
            .collect();
        Self {
            effort,
            domain: pages
                .first()
                .and_then(|page| page.url.as_ref())
                .and_then(Domain::of),
            readings,
            focus: None,
        }
    }

    /// Whether a place of a page is to be read at all.
    pub(crate) fn is_looked_at(&self, reading: usize, span: Span) -> bool {
        self.focus.is_none_or(|focus| {
            let touches = span.start < focus.span.end && focus.span.start < span.end;
            focus.reading == reading && touches
        })
    }

    /// Whether everything was read so far. If not, something unread may contradict what was found.
    pub(crate) fn is_whole(&self) -> bool {
        let mut readings = self.readings.iter();
        !self.effort.is_spent() && readings.all(|reading| !reading.document.cut_short)
    }

    /// What pages state more than once counts only if they state one thing, and so only if all of it was read.
    pub(crate) fn settled<T>(&self, found: Result<T, Reason>) -> Result<T, Reason> {
        match found {
            Ok(_) if !self.is_whole() => Err(Reason::Ambiguous),
            found => found,
        }
    }

    /// The latest year that a reader of the pages meets: they are no older.
    pub(crate) fn latest_year(&self) -> Option<u32> {
        let years = |text: &str| {
            let numbers = text.split(|c: char| !c.is_ascii_digit());
            let four = numbers.filter(|digits| digits.len() == 4);
            let years = four.filter_map(|digits| digits.parse().ok());
            years.filter(|year| (1900..2100).contains(year)).max()
        };
        let readings = self.readings.iter();
        let paid = readings.take_while(|reading| {
            let length = reading.document.visible().len();
            self.effort.spend(length, YEARS)
        });
        paid.filter_map(|reading| years(reading.document.visible()))
            .max()
    }

    pub(crate) fn text(&self, place: Place) -> &str {
        self.readings[place.reading].document.slice(place.span)
    }

    /// All visible blocks of all pages.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (Place, &Block)> {
        self.readings
            .iter()
            .enumerate()
            .flat_map(|(reading, Reading { document, .. })| {
                document.blocks.iter().map(move |block| {
                    let span = block.span;
                    (Place { reading, span }, block)
                })
            })
    }

    pub(crate) fn state<T>(
        &self,
        value: T,
        confidence: f64,
        method: Method,
        places: &[Place],
    ) -> Stated<T> {
        Stated {
            value,
            confidence,
            method,
            evidence: places.iter().map(|place| self.evidence(*place)).collect(),
        }
    }

    fn evidence(&self, place: Place) -> Evidence {
        let Reading { page, document } = &self.readings[place.reading];
        let start = cut(document.text(), ..place.span.start).chars().count();
        let quote = document.slice(place.span).to_owned();
        Evidence {
            url: page.url.clone(),
            end: start + quote.chars().count(),
            start,
            quote,
        }
    }

    /// Whether it stands on one of the pages. By construction all does; this is the proof.
    pub(crate) fn stands(&self, evidence: &Evidence) -> bool {
        self.readings.iter().any(|reading| {
            reading.page.url == evidence.url && evidence.stands_in(reading.document.text())
        })
    }

    /// Why fields without a value have none: the whole site may be a placeholder or need its scripts to say anything.
    pub(crate) fn why_blank(&self) -> Reason {
        let states: Vec<Reason> = self
            .readings
            .iter()
            .map(|reading| why_blank(&reading.document))
            .collect();
        match states.as_slice() {
            [Reason::Parked, ..] => Reason::Parked,
            [] => Reason::NotStated,
            _ if states.iter().all(|state| *state == Reason::JsOnly) => Reason::JsOnly,
            _ => Reason::NotStated,
        }
    }
}

/// A page with less visible text than this says nothing by itself.
const NEXT_TO_NOTHING: usize = 200;

/// Placeholders are short; a long page may well write about parked domains.
const LONGEST_PLACEHOLDER: usize = 2_500;

fn why_blank(document: &Document) -> Reason {
    let visible = document.visible();
    let length = visible.chars().count();
    let title = document.title.map_or("", |title| document.slice(title));
    let placeholder =
        length <= LONGEST_PLACEHOLDER && (PARKED.is_match(visible) || PARKED.is_match(title));
    if placeholder {
        Reason::Parked
    } else if length < NEXT_TO_NOTHING && document.scripts > 0 {
        Reason::JsOnly
    } else {
        Reason::NotStated
    }
}

/// What registrars, marketplaces and freshly installed servers show.
static PARKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:this |the )?domain(?: name)? (?:\S+ )?(?:is|may be|has been) (?:for sale|parked|registered|available for (?:sale|purchase))|(?:buy|purchase) this domain|domain (?:is )?for sale|parked (?:free|domain)|domain parking|make an offer on this domain|(?:die|diese) domain (?:\S+ )?(?:steht zum verkauf|ist (?:zu verkaufen|geparkt|registriert))|domain (?:zu verkaufen|geparkt)|ce (?:nom de )?domaine est (?:à vendre|réservé|parqué)|(?:dit domein|deze domeinnaam) is (?:te koop|geregistreerd|gereserveerd)|future home of|website coming soon|apache2? (?:ubuntu |debian )?default page|welcome to nginx|default (?:web ?site|plesk) page|site not configured|account suspended|hier entsteht (?:eine|eine neue|in kürze) )",
    )
});
