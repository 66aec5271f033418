//! The organisation's postal address: from its structured nodes, else from its imprint, else from the part of a page
//! that speaks for the organisation (footer, `<address>`, contact lines).

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::country;
use super::identity::{is_imprint, method_of, names_own, nodes_of, text_of, Node, Own};
use super::names::{compact, is_placeholder};
use super::pattern::pattern;
use super::postal::{self, Postal};
use super::site::{Place, Site};
use crate::page::{Block, Span, Zone};
use crate::profile::{Address, Method, Reason, Stated};
use crate::slice::{cut, tail};

/// Confidences are set by hand from how often the field was right on the open company pages, not measured rule by rule.
const NODE: f64 = 0.9;
const IMPRINT: f64 = 0.9;
const FOOTER: f64 = 0.8;
/// One of several addresses, taken because the page calls it the seat.
const SEAT: f64 = 0.7;

/// The address, or why there is none.
pub(crate) fn address(
    site: &Site<'_>,
    own: &Own,
    name: Option<&str>,
) -> Result<Stated<Address>, Reason> {
    match from_nodes(site, own) {
        Err(Reason::NotStated) => from_text(site, name),
        // The visible text may say which of several is the seat.
        Err(reason) => from_text(site, name)
            .ok()
            .filter(|stated| stated.confidence == SEAT)
            .ok_or(reason),
        found => found,
    }
}

/// An address in the visible text, with what speaks for it.
struct Shown {
    place: Place,
    postal: Postal,
    value: Address,
    imprint: bool,
    seat: bool,
}

/// An address that the visible text states.
pub(crate) fn from_text(site: &Site<'_>, name: Option<&str>) -> Result<Stated<Address>, Reason> {
    let mut shown: Vec<Shown> = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let document = &page.document;
        let breaks: Vec<usize> = document.blocks.iter().map(|block| block.span.end).collect();
        let imprint_page = is_imprint(page.page.url.as_ref());
        let contact_page = page.page.url.as_ref().is_some_and(is_contact);
        let found = postal::find(document.visible(), &breaks, &site.effort);
        if found.len() >= postal::MOST {
            return Err(Reason::Ambiguous);
        }
        for postal in found {
            let span = Span {
                start: postal.whole.start,
                end: postal.whole.end,
            };
            if !site.is_looked_at(reading, span) {
                continue;
            }
            let at = breaks.partition_point(|end| *end <= postal.whole.start);
            let Some(block) = document.blocks.get(at) else {
                continue;
            };
            let before = context(&document.blocks, at, document.visible(), postal.whole.start);
            let imprint = imprint_page || IMPRINT_LABEL.is_match(before);
            let speaks = imprint
                || contact_page
                || block.address
                || block.zone == Zone::Footer
                || at + 25 >= document.blocks.len()
                || LABEL.is_match(before)
                || name.is_some_and(|name| names_own(before, name));
            if !speaks {
                continue;
            }
            let text =
                |range: &std::ops::Range<usize>| cut(document.visible(), range.clone()).to_owned();
            shown.push(Shown {
                place: Place { reading, span },
                value: Address {
                    street: Some(text(&postal.street)),
                    postal_code: Some(text(&postal.postal_code)),
                    city: Some(text(&postal.city)),
                    country: postal.country.map(str::to_owned),
                },
                imprint,
                seat: SEAT_LABEL.is_match(before),
                postal,
            });
        }
    }
    let first = shown.first().ok_or(Reason::NotStated)?;
    let one_place = |some: &[&Shown]| {
        some.windows(2)
            .all(|pair| !contradict(&pair[0].value, &pair[1].value))
    };
    let all: Vec<&Shown> = shown.iter().collect();
    let imprint: Vec<&Shown> = shown.iter().filter(|shown| shown.imprint).collect();
    let seat: Vec<&Shown> = shown.iter().filter(|shown| shown.seat).collect();
    let (best, confidence, method) = if one_place(&all) {
        let confidence = if first.imprint { IMPRINT } else { FOOTER };
        (fullest(&all), confidence, method(first))
    } else if !seat.is_empty() && one_place(&seat) {
        (fullest(&seat), SEAT, method(seat[0]))
    } else if !imprint.is_empty() && one_place(&imprint) {
        (fullest(&imprint), SEAT, Method::Imprint)
    } else {
        return Err(Reason::Ambiguous);
    };
    let best = best.ok_or(Reason::NotStated)?;
    Ok(site.state(best.value.clone(), confidence, method, &[best.place]))
}

fn fullest<'a>(some: &[&'a Shown]) -> Option<&'a Shown> {
    some.iter()
        .copied()
        .max_by_key(|shown| (parts(&shown.value), shown.postal.street.len()))
}

fn method(shown: &Shown) -> Method {
    if shown.imprint {
        Method::Imprint
    } else {
        Method::Text
    }
}

/// The text right before an address: its own line and up to three before, 160 bytes at most.
fn context<'t>(blocks: &[Block], at: usize, text: &'t str, start: usize) -> &'t str {
    let first = blocks.get(at.saturating_sub(3));
    let first = first.map_or(start, |block| block.span.start);
    tail(cut(text, first..start), 160)
}

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:our address|address:|head ?office|headquarters?|hq|our offices?|main office|visit us|find us|mailing address|postal address|registered (?:office|address)|contact us|get in touch|adresse|anschrift|(?:haupt|firmen)?sitz|kontakt|zentrale|besuchen sie uns|siège(?: social)?|nous (?:contacter|trouver)|bezoekadres|postadres|hoofdkantoor|adres|contactgegevens)\b",
    )
});

static SEAT_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:head ?office|(?:global |world |corporate |company )?headquarters?|hq|main office|registered (?:office|address)|registered in|hauptsitz|firmensitz|hauptverwaltung|zentrale|siège(?: social)?|hoofdkantoor|hoofdvestiging)\b[^.]{0,60}$",
    )
});

static IMPRINT_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:impressum|imprint|angaben gemäß|anbieterkennzeichnung|diensteanbieter|mentions légales|legal notice|éditeur du site|colofon)\b",
    )
});

fn is_contact(url: &url::Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    ["contact", "kontakt", "anfahrt", "nous-trouver", "find-us"]
        .iter()
        .any(|word| path.contains(word))
}

/// An organisation that states more places in its structured data than this states none as its own.
const MOST: usize = 50;

/// What it costs to read a structured address, in steps.
const NODE_PRICE: u64 = 50_000;

/// A structured address, with the node that states it and where its parts stand.
struct Structured {
    value: Address,
    node: Node,
    places: Vec<Place>,
}

fn from_nodes(site: &Site<'_>, own: &Own) -> Result<Stated<Address>, Reason> {
    let mut found: Vec<Structured> = Vec::new();
    // Many references may lead to one place, and many places to one address.
    let mut seen = HashSet::new();
    for node in &own.nodes {
        let mut holders = vec![*node];
        holders.extend(nodes_of(site, *node, "location"));
        holders.retain(|holder| seen.insert((*holder, "holder")));
        for holder in holders {
            // An address given as one string is read like a line of text.
            if let Some(place) = text_of(site, holder, "address") {
                found.extend(address_line(site, holder, place));
            }
            for inner in nodes_of(site, holder, "address") {
                if seen.insert((inner, "address")) {
                    found.extend(postal_address(site, inner));
                }
                if found.len() > MOST || site.effort.is_spent() {
                    return Err(Reason::Ambiguous);
                }
            }
        }
    }
    // What says more speaks for what says less of the same.
    let Some(best) = found.iter().max_by_key(|found| parts(&found.value)) else {
        return Err(Reason::NotStated);
    };
    if found
        .iter()
        .any(|other| contradict(&other.value, &best.value))
    {
        return Err(Reason::Ambiguous);
    }
    let method = method_of(site, best.node);
    Ok(site.state(best.value.clone(), NODE, method, &best.places))
}

fn parts(address: &Address) -> usize {
    [
        &address.street,
        &address.postal_code,
        &address.city,
        &address.country,
    ]
    .iter()
    .filter(|part| part.is_some())
    .count()
}

/// Whether two addresses cannot be one place's.
pub(crate) fn contradict(one: &Address, other: &Address) -> bool {
    let differ = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => compact(one) != compact(other),
        _ => false,
    };
    differ(&one.postal_code, &other.postal_code) || differ(&one.city, &other.city)
}

/// Bytes of an address that is given as one string.
const LONGEST_LINE: usize = 300;

fn address_line(site: &Site<'_>, node: Node, place: Place) -> Option<Structured> {
    let text = Some(site.text(place)).filter(|text| text.len() <= LONGEST_LINE)?;
    let postal = postal::find(text, &[], &site.effort).into_iter().next()?;
    let part = |range: std::ops::Range<usize>| Some(cut(text, range).to_owned());
    let value = Address {
        street: part(postal.street),
        postal_code: part(postal.postal_code),
        city: part(postal.city),
        country: postal.country.map(str::to_owned),
    };
    let places = vec![place];
    Some(Structured {
        value,
        node,
        places,
    })
}

fn postal_address(site: &Site<'_>, node: Node) -> Option<Structured> {
    if !site.effort.spend(1, NODE_PRICE) {
        return None;
    }
    let mut places = Vec::new();
    let mut part = |key: &str| {
        let place = text_of(site, node, key)?;
        let text = site.text(place).trim_matches([',', ';', '|', '-', ' ']);
        if text.is_empty() || is_placeholder(text) && !is_digits(text) {
            return None;
        }
        places.push(place);
        Some(text.to_owned())
    };
    let street = part("streetAddress");
    let postal_code = part("postalCode").filter(|code| code.chars().any(|c| c.is_ascii_digit()));
    let city = part("addressLocality");
    if street.is_none() && city.is_none() {
        return None;
    }
    let named = nodes_of(site, node, "addressCountry")
        .into_iter()
        .find_map(|node| text_of(site, node, "name"))
        .or_else(|| text_of(site, node, "addressCountry"));
    let country = named.and_then(|place: Place| {
        let code = country::code_in_column(site.text(place))?;
        places.push(place);
        Some(code.to_owned())
    });
    let country = country.or_else(|| {
        let region = text_of(site, node, "addressRegion")?;
        let code = postal::country_of(site.text(region), postal_code.as_deref()?)?;
        places.push(region);
        Some(code.to_owned())
    });
    let value = Address {
        street,
        postal_code,
        city,
        country,
    };
    Some(Structured {
        value,
        node,
        places,
    })
}

/// A number of a length that a postal code has.
fn is_digits(text: &str) -> bool {
    text.len() <= 20 && text.chars().all(|c| c.is_ascii_digit())
}
