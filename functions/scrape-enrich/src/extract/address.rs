//! The organisation's postal address.

use super::country;
use super::identity::{method_of, nodes_of, text_of, Node, Own};
use super::names::{compact, is_placeholder};
use super::{Place, Site};
use crate::profile::{Address, Reason, Stated};

/// Confidences are shares of right values measured per rule on the open company pages, rounded down to a twentieth.
const NODE: f64 = 0.9;

/// The address, or why there is none.
pub(crate) fn address(site: &Site<'_>, own: &Own) -> Result<Stated<Address>, Reason> {
    from_nodes(site, own)
}

fn from_nodes(site: &Site<'_>, own: &Own) -> Result<Stated<Address>, Reason> {
    let mut found: Vec<Stated<Address>> = Vec::new();
    for node in &own.nodes {
        let mut holders = vec![*node];
        holders.extend(nodes_of(site, *node, "location"));
        for holder in holders {
            for inner in nodes_of(site, holder, "address") {
                if let Some(stated) = postal_address(site, inner) {
                    found.push(stated);
                }
            }
        }
    }
    // What says more speaks for what says less of the same.
    let Some(best) = found
        .iter()
        .max_by_key(|stated| parts(&stated.value))
        .cloned()
    else {
        return Err(Reason::NotStated);
    };
    if found
        .iter()
        .any(|other| contradict(&other.value, &best.value))
    {
        return Err(Reason::Ambiguous);
    }
    Ok(best)
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

fn contradict(one: &Address, other: &Address) -> bool {
    let differ = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => compact(one) != compact(other),
        _ => false,
    };
    differ(&one.postal_code, &other.postal_code) || differ(&one.city, &other.city)
}

fn postal_address(site: &Site<'_>, node: Node) -> Option<Stated<Address>> {
    let mut places = Vec::new();
    let mut part = |key: &str| {
        let place = text_of(site, node, key)?;
        let text = site.text(place).trim_matches([',', ';', '|', '-', ' ']);
        if text.is_empty() || is_placeholder(text) && !text.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        places.push(place);
        Some(text.to_owned())
    };
    let street = part("streetAddress");
    let postal_code = part("postalCode").filter(|code| code.chars().any(|c| c.is_ascii_digit()));
    let city = part("addressLocality");
    let named = nodes_of(site, node, "addressCountry")
        .into_iter()
        .find_map(|node| text_of(site, node, "name"))
        .or_else(|| text_of(site, node, "addressCountry"));
    let country = named.and_then(|place: Place| {
        let code = country::code_in_column(site.text(place))?;
        places.push(place);
        Some(code.to_owned())
    });
    if street.is_none() && city.is_none() {
        return None;
    }
    let value = Address {
        street,
        postal_code,
        city,
        country,
    };
    Some(site.state(value, NODE, method_of(site, node), &places))
}
