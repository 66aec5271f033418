//! Pages in, proposed profile out: pure rules over the text and the structured data of an organisation's own pages.
//!
//! No model, no network, no clock. A value without evidence does not leave this module: every quote is proved against
//! the page's text before it does. False values cost more than blanks, so a rule that is not sure stays silent.

use std::sync::LazyLock;

use regex::Regex;

use crate::page::{Block, Document, Page, Span};
use crate::profile::{Address, Blank, Evidence, Field, Method, Profile, Reason, Stated};

mod address;
mod country;
mod customers;
mod facts;
mod identity;
mod industry;
pub mod money;
mod names;
mod postal;
mod sentences;

use names::Domain;

/// Proposes a profile from pages of one site; the first is the address that was given.
///
/// Whose site it is follows from the registrable domain of the first page, where that is known.
pub fn profile(site: &[Page]) -> Profile {
    let site = Site::new(site);
    let reason = site.why_blank();
    if reason == Reason::Parked {
        return blank(reason);
    }
    let own = identity::own_nodes(&site);
    let name = identity::name(&site, &own);
    let known_name = name.as_ref().map(|name| name.value.as_str());
    let address = address::address(&site, &own, known_name);
    let country = address.as_ref().ok().and_then(|stated| {
        Some(Stated {
            value: stated.value.country.as_deref()?,
            confidence: stated.confidence,
            method: stated.method,
            evidence: stated.evidence.clone(),
        })
    });
    let revenue = facts::revenue(&site, known_name, country.as_ref());
    let employees = facts::employees(&site, &own, known_name);
    let industry = industry::industry(&site, &own, known_name);
    let customers = customers::customers(&site, known_name);
    let mut profile = Profile {
        industry: field(industry.ok_or(Reason::NotStated), reason),
        customer_names: field(customers.ok_or(Reason::NotStated), reason),
        website: field(
            identity::website(&site, &own).ok_or(Reason::NotStated),
            reason,
        ),
        revenue: field(revenue, reason),
        employee_count: field(employees, reason),
        address: field(address, reason),
        name: field(name.ok_or(Reason::NotStated), reason),
    };
    site.prove(&mut profile);
    profile
}

/// A profile without any value, all for the same reason.
pub fn blank(reason: Reason) -> Profile {
    Profile {
        name: blank_field(reason),
        industry: blank_field(reason),
        website: blank_field(reason),
        customer_names: blank_field(reason),
        revenue: blank_field(reason),
        employee_count: blank_field(reason),
        address: blank_field(reason),
    }
}

fn blank_field<T>(reason: Reason) -> Field<T> {
    Field::Blank(Blank { blank: reason })
}

/// `reason` says more than "not stated" where the site as a whole says nothing.
fn field<T>(found: Result<Stated<T>, Reason>, reason: Reason) -> Field<T> {
    match found {
        Ok(stated) => Field::Stated(stated),
        Err(Reason::NotStated) => blank_field(reason),
        Err(own) => blank_field(own),
    }
}

/// The pages of one site, read.
pub(crate) struct Site<'a> {
    pub(crate) readings: Vec<Reading<'a>>,
    pub(crate) domain: Option<Domain>,
}

pub(crate) struct Reading<'a> {
    pub(crate) page: &'a Page,
    pub(crate) document: Document,
}

/// A piece of a page's text that a value follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) reading: usize,
    pub(crate) span: Span,
}

impl<'a> Site<'a> {
    fn new(pages: &'a [Page]) -> Self {
        let readings: Vec<_> = pages
            .iter()
            .map(|page| Reading {
                page,
                document: page.document(),
            })
            .collect();
        Self {
            domain: pages
                .first()
                .and_then(|page| page.url.as_ref())
                .and_then(Domain::of),
            readings,
        }
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
        let start = document.text()[..place.span.start].chars().count();
        let quote = document.slice(place.span).to_owned();
        Evidence {
            url: page.url.clone(),
            end: start + quote.chars().count(),
            start,
            quote,
        }
    }

    /// Blanks every value whose evidence does not stand on the page. By construction there is none; this is the proof.
    fn prove(&self, profile: &mut Profile) {
        fn check<T>(field: &mut Field<T>, stands: impl Fn(&Evidence) -> bool) {
            if let Field::Stated(stated) = field {
                if stated.evidence.is_empty() || !stated.evidence.iter().all(stands) {
                    *field = blank_field(Reason::NotStated);
                }
            }
        }
        let stands = |evidence: &Evidence| {
            self.readings.iter().any(|reading| {
                reading.page.url == evidence.url && evidence.stands_in(reading.document.text())
            })
        };
        check(&mut profile.name, stands);
        check(&mut profile.industry, stands);
        check(&mut profile.website, stands);
        check(&mut profile.customer_names, stands);
        check(&mut profile.revenue, stands);
        check(&mut profile.employee_count, stands);
        check::<Address>(&mut profile.address, stands);
    }

    /// Why fields without a value have none: the whole site may be a placeholder or need its scripts to say anything.
    fn why_blank(&self) -> Reason {
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
    identity::pattern(
        r"(?i)\b(?:(?:this |the )?domain(?: name)? (?:\S+ )?(?:is|may be|has been) (?:for sale|parked|registered|available for (?:sale|purchase))|(?:buy|purchase) this domain|domain (?:is )?for sale|parked (?:free|domain)|domain parking|make an offer on this domain|diese domain (?:\S+ )?(?:steht zum verkauf|ist (?:zu verkaufen|geparkt|registriert))|domain (?:zu verkaufen|geparkt)|ce (?:nom de )?domaine est (?:à vendre|réservé|parqué)|(?:dit domein|deze domeinnaam) is (?:te koop|geregistreerd|gereserveerd)|future home of|website coming soon|apache2? (?:ubuntu |debian )?default page|welcome to nginx|default (?:web ?site|plesk) page|site not configured|account suspended|hier entsteht (?:eine|eine neue|in kürze) )",
    )
});
