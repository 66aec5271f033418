//! The organisation's postal address: from its structured nodes, else from its imprint, else from the part of a page
//! that speaks for the organisation (footer, `<address>`, contact lines).

use std::collections::HashSet;

use super::confidence::address::{IMPRINT, NODE, PLACED, SEAT};
use super::country;
use super::identity::{is_imprint, method_of, nodes_of, text_of, Node, Own};
use super::names::{compact, is_placeholder};
use super::postal::{self, Clues, Postal};
use super::site::{Place, Site};
use super::street;
use super::whose::{is_contact, is_legal_notice, whose, Standing, Whose};
use crate::page::{Block, Span, Zone};
use crate::profile::{Address, Method, Reason, Stated};
use crate::slice::cut;

/// The address, or why there is none.
pub(crate) fn address(
    site: &Site<'_>,
    own: &Own,
    name: Option<&str>,
) -> Result<Stated<Address>, Reason> {
    match from_nodes(site, own) {
        Err(Reason::NotStated) => from_text(site, own, name),
        // The visible text may say which of several is the seat.
        Err(reason) => from_text(site, own, name)
            .ok()
            .filter(|stated| stated.confidence == SEAT)
            .ok_or(reason),
        found => found,
    }
}

/// An address in the visible text, with what speaks for it.
struct Shown {
    places: Vec<Place>,
    value: Address,
    whose: Whose,
}

/// An address that the visible text states.
pub(crate) fn from_text(
    site: &Site<'_>,
    own: &Own,
    name: Option<&str>,
) -> Result<Stated<Address>, Reason> {
    let names = known_names(site, own, name);
    let mut shown: Vec<Shown> = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let document = &page.document;
        let text = document.visible();
        let breaks: Vec<usize> = document.blocks.iter().map(|block| block.span.end).collect();
        let url = page.page.url.as_ref();
        let imprint = is_imprint(url) || url.is_some_and(is_legal_notice);
        let contact = url.is_some_and(is_contact);
        let home = url.is_none_or(|url| url.path() == "/");
        let language = page.language();
        let clues = clues(page.page.url.as_ref(), language.as_deref());
        let found = postal::find(text, &breaks, clues, &site.effort);
        if found.len() >= postal::MOST {
            return Err(Reason::Ambiguous);
        }
        let (mut after, mut before) = (0, None);
        for postal in found {
            let at = breaks.partition_point(|end| *end <= postal.whole.start);
            let Some(block) = document.blocks.get(at) else {
                continue;
            };
            let standing = Standing {
                text,
                blocks: &document.blocks,
                at,
                start: postal.whole.start,
                after,
                headings: headings_above(text, &document.blocks, at),
                home,
                article: block.article,
                imprint,
                contact,
                frame: block.zone != Zone::Body,
                zone: block.address || block.zone == Zone::Footer,
                last: at + LAST >= document.blocks.len(),
                whole: postal.street.is_some(),
                end: postal.whole.end,
                domain: site
                    .domain
                    .as_ref()
                    .map(|domain| domain.registrable.as_str()),
                town: cut(text, postal.city.clone()),
            };
            after = postal.whole.end;
            if !site.effort.spend(1, JUDGEMENT) {
                return Err(Reason::Ambiguous);
            }
            before = whose(&standing, &names, before);
            let span = Span {
                start: postal.whole.start,
                end: postal.whole.end,
            };
            if let Some(whose) = before.filter(|_| site.is_looked_at(reading, span)) {
                shown.push(read(site, reading, postal, whose, clues));
            }
        }
    }
    let strongest = shown.iter().map(|shown| shown.whose).max();
    let strongest = strongest.ok_or(Reason::NotStated)?;
    let all: Vec<&Shown> = shown.iter().collect();
    let only = |some: &[&Shown]| {
        some.windows(2)
            .all(|pair| !contradict(&pair[0].value, &pair[1].value))
    };
    let best: Vec<&Shown> = all
        .iter()
        .copied()
        .filter(|shown| shown.whose == strongest)
        .collect();
    let best = match strongest {
        // The first one below the legal heading is the organisation's.
        Whose::Legal => best.get(..1).unwrap_or_default(),
        _ => best.as_slice(),
    };
    if !only(best) {
        return Err(Reason::Ambiguous);
    }
    let agreed = only(&all);
    // Who else is named where only the place of an address speaks for it, is nobody's.
    let best = if agreed { fullest(&all) } else { fullest(best) };
    let best = best.ok_or(Reason::NotStated)?;
    let (confidence, method) = match (agreed, strongest) {
        (true, Whose::Legal) => (IMPRINT, Method::Imprint),
        (true, _) => (PLACED, Method::Text),
        (false, Whose::Legal) => (SEAT, Method::Imprint),
        (false, _) => (SEAT, Method::Text),
    };
    Ok(site.state(best.value.clone(), confidence, method, &best.places))
}

/// Lines at the end of a page that stand in its footer, whether or not it is marked as one.
const LAST: usize = 25;

/// What it costs to judge whose an address is, in steps.
const JUDGEMENT: u64 = 100_000;

/// What the organisation is called on its site: by the name that was found, and by its structured data.
fn known_names<'s>(site: &'s Site<'_>, own: &Own, name: Option<&'s str>) -> Vec<&'s str> {
    let mut names: Vec<&str> = name.into_iter().collect();
    for node in own.nodes.iter().take(3).filter(|_| own.proven) {
        let keys = ["name", "legalName", "alternateName"];
        names.extend(
            keys.iter()
                .filter_map(|key| Some(site.text(text_of(site, *node, key)?))),
        );
    }
    names.retain(|name| name.len() <= 200);
    names
}

/// Domains of countries that are used everywhere, and that of a union
/// (<https://developers.google.com/search/docs/specialty/international/managing-multi-regional-sites#generic-domains>).
const GENERIC: [&str; 12] = [
    "eu", "io", "co", "ai", "me", "tv", "cc", "fm", "la", "to", "ws", "gg",
];

fn clues<'u>(url: Option<&'u url::Url>, language: Option<&'u str>) -> Clues<'u> {
    let top = url
        .and_then(url::Url::host_str)
        .and_then(|host| host.rsplit('.').next());
    Clues {
        language,
        top_level_domain: top.filter(|top| top.len() == 2 && !GENERIC.contains(top)),
    }
}

/// The parts of an address as they stand in the text, and the country that the page gives it.
fn read(site: &Site<'_>, reading: usize, postal: Postal, whose: Whose, clues: Clues<'_>) -> Shown {
    let document = &site.readings[reading].document;
    let text = document.visible();
    let part = |range: &std::ops::Range<usize>| cut(text, range.clone()).to_owned();
    let Postal {
        whole,
        street,
        postal_code,
        city,
        country,
    } = postal;
    let place = |range: std::ops::Range<usize>| Place {
        reading,
        span: Span {
            start: range.start,
            end: range.end,
        },
    };
    let mut places = vec![place(whole)];
    let code = part(&postal_code);
    let country = country.map(str::to_owned).or_else(|| {
        let streets = street::streets(
            street
                .as_ref()
                .map_or("", |street| cut(text, street.clone())),
        );
        // A number that only companies of one country have says which it is.
        if !site.effort.spend(text.len(), REGISTER) {
            return None;
        }
        let mut found = country::with_post_code(&code).filter_map(|format| {
            let fits = streets.is_empty()
                || streets
                    .iter()
                    .any(|language| format.languages.contains(&language.words.code));
            Some((format.code, format.register_number(text).filter(|_| fits)?))
        });
        let (code, number) = found.next().filter(|_| !clues.names_country())?;
        if found.next().is_some() {
            return None;
        }
        places.push(place(number));
        Some(code.to_owned())
    });
    Shown {
        value: Address {
            street: street.as_ref().map(part),
            postal_code: Some(code),
            city: Some(part(&city)),
            country,
        },
        places,
        whose,
    }
}

/// What it costs to look through a byte of text for the numbers of registers, in steps.
const REGISTER: u64 = 100;

fn fullest<'a>(some: &[&'a Shown]) -> Option<&'a Shown> {
    // Of several that say as much, the first.
    some.iter().rev().copied().max_by_key(|shown| {
        let street = shown.value.street.as_ref().map_or(0, String::len);
        (parts(&shown.value), shown.whose, street)
    })
}

/// The nearest heading above a block, and the nearest of the first level.
fn headings_above<'t>(text: &'t str, blocks: &[Block], at: usize) -> [Option<&'t str>; 2] {
    let above = blocks.get(..at).unwrap_or_default();
    let above = above.iter().rev().take(MOST_ABOVE);
    let nearest = |level: u8| {
        let mut headings = above
            .clone()
            .filter(|block| block.heading.is_some_and(|own| own <= level));
        let block = headings.next()?;
        Some(cut(text, block.span.start..block.span.end))
    };
    [nearest(6), nearest(1)]
}

/// Lines above an address in which its headings are looked for.
const MOST_ABOVE: usize = 500;

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
    let clues = clues(site.readings[node.reading].page.url.as_ref(), None);
    let postal = postal::find(text, &[], clues, &site.effort)
        .into_iter()
        .next()?;
    let part = |range: std::ops::Range<usize>| Some(cut(text, range).to_owned());
    let value = Address {
        street: postal.street.and_then(part),
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
        let text = site
            .text(place)
            .trim_matches([',', ';', '|', '-', ' ', '"']);
        if text.is_empty() || is_placeholder(text) && !is_code(text) {
            return None;
        }
        places.push(place);
        Some(text.to_owned())
    };
    let street = part("streetAddress");
    let mut postal_code =
        part("postalCode").filter(|code| code.chars().any(|c| c.is_ascii_digit()));
    let mut city = part("addressLocality");
    if street.is_none() && city.is_none() {
        return None;
    }
    let named = nodes_of(site, node, "addressCountry")
        .into_iter()
        .find_map(|node| text_of(site, node, "name"))
        .or_else(|| text_of(site, node, "addressCountry"));
    let country = named.and_then(|place: Place| {
        let code = country::code_in_column(site.text(place).trim_matches(['"', ' ']))?;
        places.push(place);
        Some(code.to_owned())
    });
    let mut country = country.or_else(|| {
        let region = text_of(site, node, "addressRegion")?;
        let code = postal::country_of(site.text(region), postal_code.as_deref()?)?;
        places.push(region);
        Some(code.to_owned())
    });
    // A town that has its country or its post code with it: `Innsbruck, Österreich`, `9400 Rorschach`.
    if let Some((town, rest)) = city.as_deref().and_then(|city| city.rsplit_once(", ")) {
        if let Some(code) = country::code(rest) {
            country.get_or_insert_with(|| code.to_owned());
            city = Some(town.to_owned());
        }
    }
    if let Some((code, town)) = city.as_deref().and_then(code_and_town) {
        if postal_code.as_deref().is_none_or(|known| known == code) {
            (postal_code, city) = (Some(code.to_owned()), Some(town.to_owned()));
        }
    }
    if let Some((prefix, code)) = postal_code.as_deref().and_then(|code| code.split_once('-')) {
        let format = country::with_post_code(code).find(|format| format.prefixes.contains(&prefix));
        if let Some(format) = format {
            country.get_or_insert_with(|| format.code.to_owned());
            postal_code = Some(code.to_owned());
        }
    }
    if country.is_none() {
        let clues = clues(site.readings[node.reading].page.url.as_ref(), None);
        let streets = street.as_deref().map(street::streets).unwrap_or_default();
        let code = postal_code
            .as_deref()
            .filter(|_| !streets.is_empty() || clues.top_level_domain.is_some());
        country = code
            .and_then(|code| postal::country_by_form(code, &streets, clues))
            .map(str::to_owned);
    }
    // A number that lost its first digit, or a telephone number.
    let postal_code = postal_code.filter(|code| {
        country
            .as_deref()
            .is_none_or(|country| country::may_have_post_code(country, code))
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

/// `9400 Rorschach`, as some write into the field for the town.
fn code_and_town(city: &str) -> Option<(&str, &str)> {
    let (code, town) = city.split_once(' ')?;
    let known = code.len() >= 4 && country::with_post_code(code).next().is_some();
    (known && town.chars().next().is_some_and(char::is_uppercase)).then_some((code, town))
}

/// Digits of a length that a postal code has, in one or two groups.
fn is_code(text: &str) -> bool {
    text.len() <= 20
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'))
}
