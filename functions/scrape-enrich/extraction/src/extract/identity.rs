//! Whose site this is: the organisation's own structured nodes, its name and its website.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::confidence::name::{META, NODE_OWN, NODE_UNPROVEN, TEXT_AGREED, TEXT_SINGLE};
use super::confidence::WEBSITE;
use super::languages;
use super::names::{self, compact, has_form, is_placeholder, key, same, without_form};
use super::pattern::{any_of, pattern};
use super::site::{Place, Site};
use crate::page::graph::Value;
use crate::page::Zone;
use crate::profile::{Method, Stated};
use crate::slice::cut;

/// How well a name has to fit the domain that one source alone gives.
const SINGLE_FIT: f64 = 0.9;

/// Structured nodes that describe the site's own organisation, best first.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) nodes: Vec<Node>,
    /// The domain or the domain's name speaks for the first node.
    pub(crate) proven: bool,
}

/// A node of a page's graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub(crate) reading: usize,
    pub(crate) index: usize,
}

/// Types of <https://schema.org/Organization> and below that do not end in a word that says so.
const ORGANISATIONS: [&str; 92] = [
    "Organization",
    "Corporation",
    "NGO",
    "Airline",
    "Consortium",
    "Cooperative",
    "FundingScheme",
    "GovernmentOrganization",
    "LibrarySystem",
    "LocalBusiness",
    "MedicalOrganization",
    "NewsMediaOrganization",
    "OnlineBusiness",
    "OnlineStore",
    "PerformingGroup",
    "PoliticalParty",
    "Project",
    "ResearchOrganization",
    "ResearchProject",
    "SportsOrganization",
    "SportsTeam",
    "WorkersUnion",
    "EducationalOrganization",
    "CollegeOrUniversity",
    "School",
    "HighSchool",
    "ElementarySchool",
    "MiddleSchool",
    "Preschool",
    "Hospital",
    "MedicalClinic",
    "Physician",
    "Dentist",
    "Pharmacy",
    "Optician",
    "VeterinaryCare",
    "DiagnosticLab",
    "AnimalShelter",
    "ArchiveOrganization",
    "AutoDealer",
    "AutoRental",
    "AutoRepair",
    "AutoWash",
    "BankOrCreditUnion",
    "InsuranceAgency",
    "AccountingService",
    "AutomatedTeller",
    "ChildCare",
    "DryCleaningOrLaundry",
    "EmploymentAgency",
    "TravelAgency",
    "RealEstateAgent",
    "SelfStorage",
    "RecyclingCenter",
    "ShoppingCenter",
    "Library",
    "RadioStation",
    "TelevisionStation",
    "TouristInformationCenter",
    "InternetCafe",
    "FireStation",
    "PoliceStation",
    "GovernmentOffice",
    "PostOffice",
    "Brewery",
    "Winery",
    "Distillery",
    "Bakery",
    "BarOrPub",
    "CafeOrCoffeeShop",
    "Restaurant",
    "FastFoodRestaurant",
    "IceCreamShop",
    "Hotel",
    "Hostel",
    "Motel",
    "Resort",
    "BedAndBreakfast",
    "Campground",
    "VacationRental",
    "BeautySalon",
    "DaySpa",
    "HairSalon",
    "HealthClub",
    "NailSalon",
    "TattooParlor",
    "ExerciseGym",
    "Electrician",
    "Plumber",
    "Locksmith",
    "Notary",
    "Attorney",
];

fn is_organisation(kind: &str) -> bool {
    ORGANISATIONS.contains(&kind)
        || ["Organization", "Business", "Store", "Contractor", "Company"]
            .iter()
            .any(|ending| kind.ends_with(ending))
        || matches!(
            kind,
            "ProfessionalService"
                | "LegalService"
                | "FinancialService"
                | "EmergencyService"
                | "Brand"
        )
}

/// A node that is a value under one of these names is somebody else, unless the domain says otherwise.
const FOREIGN: [&str; 38] = [
    "affiliation",
    "agent",
    "alumniOf",
    "author",
    "brand",
    "broadcaster",
    "buyer",
    "client",
    "competitor",
    "contributor",
    "creator",
    "customer",
    "department",
    "funder",
    "hiringOrganization",
    "itemReviewed",
    "itemListElement",
    "item",
    "location",
    "manufacturer",
    "memberOf",
    "mentions",
    "offeredBy",
    "organizer",
    "owns",
    "parentOrganization",
    "performer",
    "recognizedBy",
    "review",
    "reviewer",
    "reviews",
    "seller",
    "serviceOperator",
    "sponsor",
    "subOrganization",
    "subjectOf",
    "supplier",
    "worksFor",
];

/// A page that describes more organisations is a directory of others.
const MOST_NODES: usize = 500;

/// A page that describes more websites is a directory of others.
const MOST_WEBSITES: usize = 20;

/// What it costs to judge an organisation by its name and addresses, in steps.
const ORGANISATION: u64 = 50_000;

/// Finds the site's own nodes: those that say so by url or id, or whose name fits the domain, and their namesakes.
pub(crate) fn own_nodes(site: &Site<'_>) -> Own {
    let mut scored: Vec<(f64, Node)> = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let graph = &page.document.graph;
        for (index, node) in graph.nodes.iter().enumerate() {
            if !node.types.iter().any(|kind| is_organisation(kind)) || node.values.is_empty() {
                continue;
            }
            if !site.effort.spend(1, ORGANISATION) {
                break;
            }
            let here = Node { reading, index };
            let name = text_of(site, here, "name")
                .or_else(|| text_of(site, here, "legalName"))
                .map(|place| site.text(place));
            let mut score = 0.0;
            if let Some(domain) = &site.domain {
                let says = |key: &str, speaks: &dyn Fn(&str) -> bool| {
                    let mut texts = graph
                        .values(index, key)
                        .filter_map(|value| page.document.value_text(value));
                    texts.any(|text| speaks(text.trim_matches('"')))
                };
                // Every generator gives everybody an `@id` on the site that it makes; `url` says whose site it is.
                let elsewhere = says("url", &|url| url.contains("//") && !domain.owns(url))
                    && !says("url", &|url| domain.owns(url));
                let on_domain = ["url", "@id", "mainEntityOfPage"]
                    .iter()
                    .any(|key| says(key, &|url| domain.owns(url)));
                score += if on_domain && !elsewhere { 2.0 } else { 0.0 };
                score += name.map_or(0.0, |name| {
                    let fit = domain.fit(name);
                    if fit >= 0.5 {
                        1.0 + fit
                    } else {
                        0.0
                    }
                });
            }
            let mut ancestor = node.parent.as_ref();
            for _ in 0..6 {
                let Some((parent, role)) = ancestor else {
                    break;
                };
                if FOREIGN.contains(&role.as_str()) {
                    score -= 3.0;
                    break;
                }
                if role == "publisher" || role == "copyrightHolder" {
                    score += 0.2;
                }
                ancestor = graph.nodes[*parent].parent.as_ref();
            }
            if node.types.iter().all(|kind| kind == "Brand") {
                score -= 1.0;
            }
            // A node that says more is the better one of equals.
            score += 0.02 * node.values.len().min(20) as f64;
            scored.push((score, here));
        }
    }
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    scored.truncate(MOST_NODES);
    let Some((best, _)) = scored
        .iter()
        .find(|(_, node)| usable_name(site, *node).is_some())
    else {
        // Nodes without a name of their own still may hold the address.
        let nodes = scored
            .iter()
            .filter(|(score, _)| *score >= 2.0)
            .map(|(_, node)| *node)
            .collect();
        return Own {
            nodes,
            proven: true,
        };
    };
    let best = *best;
    if best < 0.0 {
        return Own::default();
    }
    let proven = best >= 2.0;
    if !proven && !site.is_whole() {
        // What was not read may describe the one whose site it is.
        return Own::default();
    }
    let first = scored
        .iter()
        .map(|(_, node)| *node)
        .find(|node| usable_name(site, *node).is_some());
    let mut nodes: Vec<Node> = Vec::new();
    if let Some(first) = first {
        let name = usable_name(site, first).map(|place| site.text(place));
        let id = text_of(site, first, "@id").map(|place| site.text(place));
        nodes.push(first);
        for (score, node) in &scored {
            let namesake = usable_name(site, *node)
                .zip(name)
                .is_some_and(|(place, name)| same(site.text(place), name));
            let twin =
                text_of(site, *node, "@id").map(|place| site.text(place)) == id && id.is_some();
            let nameless = usable_name(site, *node).is_none() && *score >= 2.0;
            if (namesake || twin || nameless) && *score > -2.5 && !nodes.contains(node) {
                nodes.push(*node);
            }
        }
    }
    Own { nodes, proven }
}

/// First text value of a node.
pub(crate) fn text_of(site: &Site<'_>, node: Node, key: &str) -> Option<Place> {
    site.readings[node.reading]
        .document
        .graph
        .text(node.index, key)
        .map(|span| Place {
            reading: node.reading,
            span,
        })
}

/// Every text under a name.
pub(crate) fn texts_of(site: &Site<'_>, node: Node, key: &str) -> Vec<Place> {
    let graph = &site.readings[node.reading].document.graph;
    let texts = graph
        .values(node.index, key)
        .filter_map(|value| match value {
            Value::Text(span) => Some(*span),
            Value::Node(_) => None,
        });
    let reading = node.reading;
    texts.map(|span| Place { reading, span }).collect()
}

/// Inner nodes under a name, each once; a bare reference (`{"@id": …}`) is followed to the node that it names.
pub(crate) fn nodes_of(site: &Site<'_>, node: Node, key: &str) -> Vec<Node> {
    let graph = &site.readings[node.reading].document.graph;
    let mut seen = HashSet::new();
    graph
        .values(node.index, key)
        .filter_map(|value| match value {
            Value::Node(index) => Some(*index),
            Value::Text(_) => None,
        })
        .map(|index| {
            let here = Node {
                reading: node.reading,
                index,
            };
            let bare = graph.nodes[index].values.len() == 1;
            let named = text_of(site, here, "@id")
                .filter(|_| bare)
                .and_then(|id| graph.by_id(site.text(id)));
            Node {
                reading: node.reading,
                index: named.unwrap_or(index),
            }
        })
        .filter(|node| seen.insert(*node))
        .collect()
}

fn usable_name(site: &Site<'_>, node: Node) -> Option<Place> {
    ["name", "legalName"]
        .iter()
        .filter_map(|key| text_of(site, node, key))
        .find(|place| !is_placeholder(site.text(*place)))
}

pub(crate) fn method_of(site: &Site<'_>, node: Node) -> Method {
    site.readings[node.reading].document.graph.nodes[node.index].method
}

/// The organisation's name, best source first.
pub(crate) fn name(site: &Site<'_>, own: &Own) -> Option<Stated<String>> {
    let from_node = |confidence: f64| {
        let node = *own.nodes.first()?;
        let place = usable_name(site, node)?;
        let value = site
            .text(place)
            .trim_matches([',', ';', '|', '-', ' ', '"'])
            .to_owned();
        Some(site.state(value, confidence, method_of(site, node), &[place]))
    };
    if own.proven {
        if let Some(name) = from_node(NODE_OWN) {
            return Some(name);
        }
    }
    let meta = site
        .readings
        .iter()
        .enumerate()
        .find_map(|(reading, page)| {
            let span = page.document.meta(&[
                "og:site_name",
                "application-name",
                "apple-mobile-web-app-title",
            ])?;
            segment(site, Place { reading, span })
        });
    let fits = |place: &Place| {
        site.domain
            .as_ref()
            .is_none_or(|domain| domain.fit(site.text(*place)) >= 0.5)
    };
    if let Some(place) = meta.filter(fits) {
        return Some(site.state(site.text(place).to_owned(), META, Method::Meta, &[place]));
    }
    let website = site
        .readings
        .iter()
        .enumerate()
        .find_map(|(reading, page)| {
            let graph = &page.document.graph;
            (0..graph.nodes.len())
                .filter(|index| {
                    graph.nodes[*index]
                        .types
                        .iter()
                        .any(|kind| kind == "WebSite")
                })
                .take(MOST_WEBSITES)
                .filter_map(|index| {
                    let place = text_of(site, Node { reading, index }, "name")?;
                    Some((segment(site, place)?, graph.nodes[index].method))
                })
                .find(|(place, _)| fits(place))
        });
    if let Some((place, method)) = website {
        return Some(site.state(site.text(place).to_owned(), META, method, &[place]));
    }
    from_text(site)
        .or_else(|| from_node(NODE_UNPROVEN))
        .or_else(|| {
            let place = meta?;
            Some(site.state(
                site.text(place).to_owned(),
                NODE_UNPROVEN,
                Method::Meta,
                &[place],
            ))
        })
}

/// The name in what a site calls itself: the segment that fits the domain best, where slogans and places are segments,
/// too. What has several and none that fits is no name.
fn segment(site: &Site<'_>, place: Place) -> Option<Place> {
    let text = site.text(place);
    if text.len() > names::LONGEST {
        return None;
    }
    let part = |(start, end): (usize, usize)| Place {
        span: place.span.part(start, end),
        ..place
    };
    let segments: Vec<Place> = segments(text)
        .into_iter()
        .map(part)
        .filter(|place| !is_placeholder(site.text(*place)))
        .collect();
    if let [only] = segments.as_slice() {
        return Some(*only);
    }
    let domain = site.domain.as_ref()?;
    let fit = |place: &Place| domain.fit(site.text(*place));
    let best = segments
        .iter()
        .max_by(|one, other| fit(one).total_cmp(&fit(other)))?;
    (fit(best) >= 0.5).then_some(*best)
}

/// A possible name with what speaks for it.
struct Candidate {
    place: Place,
    /// What its spellings have in common.
    key: Option<String>,
    /// Weight of its best source of each kind.
    sources: HashMap<Source, f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Source {
    Copyright,
    Title,
    Spelled,
    Legal,
}

/// The name as the visible text and the title give it: the copyright line, parts of the title and words that spell the
/// domain, weighed together.
fn from_text(site: &Site<'_>) -> Option<Stated<String>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut add = |place: Place, source: Source, weight: f64| {
        let text = site.text(place);
        if !is_plausible(text) {
            return;
        }
        let key = key(text);
        let mut known = candidates.iter_mut();
        if let Some(known) = known.find(|known| key.is_some() && known.key == key) {
            let sofar = known.sources.entry(source).or_insert(weight);
            *sofar = sofar.max(weight);
            // `Birch & Birch` writes itself so, others write `Birch and Birch` of it.
            if text.contains('&') && !site.text(known.place).contains('&') {
                known.place = place;
            }
        } else if candidates.len() < 60 {
            candidates.push(Candidate {
                place,
                key,
                sources: HashMap::from([(source, weight)]),
            });
        }
    };
    for place in copyright_names(site) {
        add(place, Source::Copyright, 0.6);
    }
    for (place, weight) in title_parts(site) {
        add(place, Source::Title, weight);
    }
    for place in spelled_names(site) {
        add(place, Source::Spelled, 0.5);
    }
    for place in legal_names(site) {
        add(place, Source::Legal, 0.3);
    }
    // What speaks for `Acorn` speaks for `Acorn Pest Control` too, once a title or copyright line says so.
    let spoken = |candidate: &Candidate| {
        let text = site.text(candidate.place);
        let mut sources = candidate.sources.clone();
        if sources.contains_key(&Source::Copyright) || sources.contains_key(&Source::Title) {
            for shorter in &candidates {
                let shorter_text = without_form(site.text(shorter.place));
                if extends(text, shorter_text) && !only_a_section(cut(text, shorter_text.len()..)) {
                    for (source, weight) in &shorter.sources {
                        sources.entry(*source).or_insert(*weight);
                    }
                }
            }
        }
        sources
    };
    let score = |candidate: &Candidate| {
        let text = site.text(candidate.place);
        let fit = site.domain.as_ref().map_or(0.0, |domain| domain.fit(text));
        let sum: f64 = spoken(candidate).values().sum();
        (sum + 1.5 * fit, fit)
    };
    let glued = |candidate: &Candidate| {
        let text = site.text(candidate.place);
        candidates.iter().any(|other| {
            let rest = text.strip_prefix(site.text(other.place));
            rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
                && other.sources.contains_key(&Source::Title)
        })
    };
    let best = candidates
        .iter()
        .filter(|candidate| !glued(candidate))
        .max_by(|one, other| score(one).0.total_cmp(&score(other).0))?;
    let better = better_known(site, &candidates, best);
    let best = better.unwrap_or(best);
    let (_, fit) = score(best);
    let agreed = best.sources.len() > 1;
    // One source alone that is not what the domain spells is as often somebody else.
    let spelled_out = site.domain.as_ref().is_some_and(|domain| {
        names::initials(without_form(site.text(best.place))) == domain.label()
    });
    let sure =
        fit >= SINGLE_FIT || better.is_some() || spelled_out || is_spoken_of(site, best, fit);
    if !sure && spoken(best).len() < 2 {
        return None;
    }
    if fit < 0.5 && !best.sources.contains_key(&Source::Copyright) && !agreed {
        return None;
    }
    // What was not read may name somebody else more often.
    if fit < 0.5 && !site.is_whole() {
        return None;
    }
    let confidence = if fit >= 0.5 && agreed {
        TEXT_AGREED
    } else {
        TEXT_SINGLE
    };
    // The legal notice names the legal person; what else stands on its page does not.
    let on_imprint = is_imprint(site.readings[best.place.reading].page.url.as_ref());
    let method = if on_imprint && best.sources.contains_key(&Source::Legal) {
        Method::Imprint
    } else {
        Method::Text
    };
    let bare = without_form(site.text(best.place)).len();
    let place = Place {
        span: best.place.span.part(0, bare),
        ..best.place
    };
    Some(site.state(site.text(place).to_owned(), confidence, method, &[place]))
}

/// A name that the domain speaks for in part is sure where the site puts its name and its text goes on to use it.
fn is_spoken_of(site: &Site<'_>, candidate: &Candidate, fit: f64) -> bool {
    let placed = candidate.sources.contains_key(&Source::Copyright)
        || candidate.sources.get(&Source::Title) == Some(&LAST_PART);
    let enough = if fit >= NEARLY { 1 } else { 2 };
    let name = without_form(site.text(candidate.place));
    fit >= 0.5 && placed && mentions(site, name) >= enough
}

/// How well a name has to fit the domain so that one mention in the text settles it.
const NEARLY: f64 = 0.75;

/// What it costs to look through a byte of text for a name, in steps.
const LOOK: u64 = 5;

/// How often the text of the site has a name as a word, or words, by themselves: in an address, and in a copyright line,
/// which is a source of its own, it is none.
fn mentions(site: &Site<'_>, name: &str) -> usize {
    let mut count = 0;
    for reading in &site.readings {
        let text = reading.document.visible();
        if name.is_empty() || !site.effort.spend(text.len(), LOOK) {
            break;
        }
        let mentions = text.match_indices(name).filter(|(at, _)| {
            let before = cut(text, ..*at);
            let behind = cut(text, at + name.len()..);
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '@' | '/' | '.' | '-');
            let mut next = behind.chars();
            let goes_on = match next.next() {
                Some('.' | '-' | '/') => next.next().is_some_and(char::is_alphanumeric),
                Some(c) => c.is_alphanumeric() || c == '@',
                None => false,
            };
            let line = cut(before, before.len().saturating_sub(NEAR_MARK)..);
            let owns = behind.trim_start().starts_with('©') || COPYRIGHT.is_match(line);
            !before.ends_with(is_part) && !goes_on && !owns
        });
        count += mentions.take(MOST_MARKS).count();
    }
    count
}

/// Bytes before a name in which the mark of a copyright line stands.
const NEAR_MARK: usize = 40;

/// What the copyright line or the domain says better than the name that was found: the name without the town or the
/// trade behind it, the words of which it is the initials, the name without `.com`, the one that the text uses where
/// the copyright line has the legal person's, or the longer one that alone is used.
fn better_known<'c>(
    site: &Site<'_>,
    candidates: &'c [Candidate],
    best: &Candidate,
) -> Option<&'c Candidate> {
    let domain = site.domain.as_ref()?;
    let text = site.text(best.place);
    let initials =
        |candidate: &Candidate| names::initials(without_form(site.text(candidate.place)));
    candidates.iter().find(|other| {
        let said = site.text(other.place);
        let owner = other.sources.contains_key(&Source::Copyright);
        let words = said.split_whitespace().count();
        // One word more is the rest of a name, several are a trade.
        let more = text.split_whitespace().count() - words.min(text.split_whitespace().count());
        let shorter = extends(text, said)
            && !best.sources.contains_key(&Source::Copyright)
            && compact(without_form(said)) == domain.label()
            && (owner || words > 1 && more > 1)
            && !is_used_only_in(site, said, text);
        let spelled_out = owner
            && words > 2
            && initials(other).starts_with(domain.label())
            && domain.label().len() > 2
            && compact(text).starts_with(domain.label());
        let named = other.sources.contains_key(&Source::Title);
        let bare = compact(text) == compact(&domain.registrable)
            && compact(said) == domain.label()
            && (named || words > 1 || is_coined(said));
        let legal_only = !best.sources.contains_key(&Source::Title)
            && !best.sources.contains_key(&Source::Spelled)
            && has_form(text);
        let used = legal_only
            && named
            && extends(text, said)
            && domain.fit(said) >= NEARLY
            && mentions(site, without_form(text)) == 0
            && mentions(site, said) > SEVERAL;
        let longer = other.sources.get(&Source::Title) == Some(&LAST_PART)
            && extends(said, text)
            && is_used_only_in(site, text, said);
        shorter || spelled_out || bare || used || longer
    })
}

/// Whether the text uses a name only as the beginning of a longer one.
fn is_used_only_in(site: &Site<'_>, name: &str, longer: &str) -> bool {
    let uses = mentions(site, longer);
    uses >= SEVERAL && mentions(site, without_form(name)) == uses
}

/// A word that is no common one: `dbSeer`, not `Headphones`.
fn is_coined(name: &str) -> bool {
    name.chars()
        .skip(1)
        .any(|c| c.is_uppercase() || c.is_numeric())
        && name.chars().any(char::is_lowercase)
}

/// Mentions of a name that are no accident.
const SEVERAL: usize = 2;

/// The longer name begins with the words of the shorter one and has one to three more.
fn extends(longer: &str, shorter: &str) -> bool {
    let (longer, shorter) = (without_form(longer), without_form(shorter));
    let words = |name: &str| name.split_whitespace().count();
    longer.len() > shorter.len()
        && longer.is_char_boundary(shorter.len())
        && cut(longer, ..shorter.len()).eq_ignore_ascii_case(shorter)
        && cut(longer, shorter.len()..).starts_with(' ')
        && words(longer) <= words(shorter) + 3
}

/// `Acorn Blog` and `Acorn US` are parts of a site, not names.
fn only_a_section(rest: &str) -> bool {
    rest.split_whitespace().all(|word| {
        let word = compact(word);
        word.len() <= 2
            || languages::names(|words| words.sections).any(|section| compact(section) == word)
    })
}

fn is_plausible(name: &str) -> bool {
    if name.len() > names::LONGEST {
        return false;
    }
    let words = name.split_whitespace().count();
    (1..=7).contains(&words)
        && name.chars().count() <= 60
        && compact(name).len() >= 2
        && name.chars().next().is_some_and(|c| c.is_alphanumeric())
        && !is_placeholder(name)
        && !NOT_A_NAME.is_match(name)
}

static NOT_A_NAME: LazyLock<Regex> = LazyLock::new(|| {
    let rights = any_of(languages::names(|words| words.rights));
    pattern(&format!(
        r"(?i)\b({rights}|privacy|cookies?|terms|powered by|trademarks?|policy|sitemap|registered|copyright|this (?:site|page|website)|website|the (?:author|owner)s?|subsidiar|affiliates|inhalte?|respective|unless|when|which|its)\b|^\d+$|[!?]",
    ))
});

static COPYRIGHT: LazyLock<Regex> = LazyLock::new(|| {
    let until = any_of(languages::names(|words| words.until));
    pattern(&format!(
        r"(?i)(?:©|\(c\)|\bcopyright\b(?:[\s,:]*(?:©|\(c\)|by\b|(?:19|20)\d\d)))(?:[\s,:©]|\(c\)|\bcopyright\b|\bby\b|(?:19|20)\d\d(?:\s*[-–—/]\s*(?:(?:19|20)?\d\d\b|(?:{until})\b))?|[-–—|•·])*",
    ))
});

/// Where a name in a copyright line ends.
static AFTER_NAME: LazyLock<Regex> = LazyLock::new(|| {
    let rights = any_of(languages::names(|words| words.rights));
    let notes = any_of(languages::names(|words| words.notes));
    pattern(&format!(
        r"(?i)\s*(?:[|•·®™©/(]|\s京ICP|,?\s*(?:19|20)\d\d|\s[-–—]\s|[.,;:]?\s*(?:{rights}|all content)|[.,;:]\s+(?:a|an|all|the|terms|privacy|built|website|site|designed|made|registered|and its|or its|vat|company|ust)\b|\s(?:and|or) (?:its|affiliates|respective)|\s(?:is|are) (?:a|an|the|registered)\b|[.]\s|[.,;:]?$|\s(?:{notes})\b)",
    ))
});

/// Pages repeat their copyright line a few times at most; more are a flood.
const MOST_MARKS: usize = 100;

/// Bytes behind a copyright mark in which the name ends.
const LONGEST_LINE: usize = 400;

/// What it costs to look through a byte of text for a mark or for words that spell the domain, in steps.
const BYTE: u64 = 60;

fn copyright_names(site: &Site<'_>) -> Vec<Place> {
    let mut found = Vec::new();
    let marked = site
        .blocks()
        .filter(|(place, _)| {
            let text = site.text(*place);
            site.effort.spend(text.len(), BYTE) && COPYRIGHT.is_match(text)
        })
        .take(MOST_MARKS);
    for (place, block) in marked {
        let text = site.text(place);
        for mark in COPYRIGHT.find_iter(text).take(3) {
            let rest = cut(text, mark.end()..mark.end() + LONGEST_LINE);
            let end = name_end(rest);
            let end = site
                .domain
                .as_ref()
                .and_then(|domain| glued_name(cut(rest, ..end), domain.label()))
                .unwrap_or(end);
            if end > 0 {
                found.push(Place {
                    span: block.span.part(mark.end(), mark.end() + end),
                    ..place
                });
            } else if mark.start() > 0 {
                // `Name © 2024`
                let before = cut(text, ..mark.start()).trim_end();
                let start = before
                    .rfind(['|', '•', '·', '.', '©', '/'])
                    .map_or(0, |at| {
                        at + cut(before, at..).chars().next().map_or(1, char::len_utf8)
                    });
                let start =
                    start + (cut(before, start..).len() - cut(before, start..).trim_start().len());
                found.push(Place {
                    span: block.span.part(start, before.len()),
                    ..place
                });
            }
        }
    }
    found
}

/// Length of the name that spells the domain where the next sentence begins without a blank: `AcornMade with care`.
fn glued_name(text: &str, label: &str) -> Option<usize> {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let (next, after) = *letters.peek()?;
        if letter.is_lowercase() && after.is_uppercase() && compact(cut(text, ..next)) == label {
            return Some(next);
        }
        if at > label.len() * 4 {
            break;
        }
    }
    None
}

/// Length of the name at the start of a text, a legal form with its dots included.
fn name_end(text: &str) -> usize {
    // Nothing that belongs to a name follows its legal form.
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:[^\s|•·]+ ){1,5}?(?:GmbH|AG|BV|B\.V\.|LLC|Ltd\.?|Inc\.?|Corp\.?|PLC|plc|SAS|SARL)(?: |$)",
        )
    });
    if let Some(formed) = FORM.find(text) {
        let name = formed.as_str().trim_end();
        if !cut(text, name.len()..).starts_with(" & Co")
            && AFTER_NAME
                .find(name)
                .is_none_or(|stop| stop.end() >= name.len())
        {
            return name.len();
        }
    }
    let Some(stop) = AFTER_NAME.find(text) else {
        return text.trim_end().len();
    };
    let name = cut(text, ..stop.start()).trim_end();
    // The dot of `Inc.` does not end the name.
    if stop.as_str().starts_with(['.', ',']) {
        let dotted = cut(text, ..stop.start() + 1);
        if has_form(dotted) && !has_form(name) && dotted.len() < text.len() {
            return dotted.len();
        }
    }
    name.len()
}

/// The segments of a title, and of a name with slogans: bytes of each that is not empty.
fn segments(text: &str) -> Vec<(usize, usize)> {
    static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\s*[|•·»«‹›]\s*|\s+[-–—:~]+\s+|:\s+|\s::\s|\s+[-–—]+$|^[-–—]+\s+")
    });
    let mut parts = Vec::new();
    let mut start = 0;
    for stop in SEPARATOR.find_iter(text) {
        parts.push((start, stop.start()));
        start = stop.end();
    }
    parts.push((start, text.len()));
    parts.retain(|(start, end)| !cut(text, *start..*end).trim().is_empty());
    parts
}

/// What the last of several parts of a title weighs.
const LAST_PART: f64 = 0.4;

/// Length of the part of a title without the section of the site that it ends with.
fn without_section(part: &str) -> usize {
    let mut spaces = part.match_indices(' ').map(|(at, _)| at);
    let section = spaces.find(|at| only_a_section(cut(part, at + 1..)));
    section.unwrap_or(part.len())
}

fn title_parts(site: &Site<'_>) -> Vec<(Place, f64)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        if let Some(span) = page.document.title {
            let text = page.document.slice(span);
            let parts = segments(text);
            let last = parts.len().saturating_sub(1);
            for (position, (start, end)) in parts.into_iter().enumerate() {
                // Sites put their name last, sometimes first.
                let is_last = position == last && last > 0;
                let weight = match position {
                    _ if is_last => LAST_PART,
                    0 if last > 0 => 0.25,
                    _ => 0.15,
                };
                // Some programs write the name twice.
                let (half, rest) = (start + (end - start) / 2, cut(text, start..end));
                let twice = rest.len() > 7 && cut(text, start..half) == cut(text, half..end);
                let part = span.part(start, if twice { half } else { end });
                found.push((
                    Place {
                        reading,
                        span: part,
                    },
                    weight,
                ));
                // `Acorn Blog` speaks for Acorn.
                let name = without_section(rest);
                if name < rest.len() && !twice {
                    let span = span.part(start, start + name);
                    found.push((Place { reading, span }, weight));
                }
                // `All about pumps- Acorn`
                let glued = rest.rfind("- ").map(|at| at + 2);
                let glued = glued.filter(|at| cut(rest, *at..).starts_with(char::is_uppercase));
                if let Some(at) = glued.filter(|_| position == last) {
                    let span = span.part(start + at, end);
                    found.push((Place { reading, span }, LAST_PART));
                }
            }
        }
    }
    found
}

/// Runs of up to five words that spell the domain when written together.
fn spelled_names(site: &Site<'_>) -> Vec<Place> {
    let Some(domain) = &site.domain else {
        return Vec::new();
    };
    let label = domain.label();
    let mut found = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for (place, block) in site.blocks() {
        let text = site.text(place);
        if found.len() >= MOST_MARKS || !site.effort.spend(text.len(), BYTE) {
            break;
        }
        let words: Vec<(usize, &str)> = text
            .split(' ')
            .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
            .collect();
        for (position, (start, first)) in words.iter().enumerate() {
            if !first.chars().next().is_some_and(char::is_alphanumeric) {
                continue;
            }
            let mut spelled = String::new();
            for (at, word) in words[position..].iter().take(5) {
                let bare = word
                    .trim_end_matches(|c: char| !c.is_alphanumeric())
                    .trim_end_matches("'s")
                    .trim_end_matches("’s");
                spelled.push_str(&compact(bare));
                if !label.starts_with(&spelled) {
                    break;
                }
                if spelled == label && label.len() > 2 {
                    let end = at + bare.len();
                    let surface = cut(text, *start..end);
                    let capital = surface.chars().next().is_some_and(char::is_uppercase);
                    let proper = capital
                        || !surface.contains(' ') && surface.chars().any(char::is_uppercase);
                    if proper && !surface.contains('@') && seen.insert(surface.to_owned()) {
                        found.push(Place {
                            span: block.span.part(*start, end),
                            ..place
                        });
                    }
                }
                if bare.len() < word.len() && !matches!(cut(word, bare.len()..), "." | "&") {
                    break;
                }
            }
        }
    }
    found
}

/// Short lines of the footer or of an imprint that end in a legal form.
fn legal_names(site: &Site<'_>) -> Vec<Place> {
    site.blocks()
        .filter(|(place, block)| {
            let text = site.text(*place);
            (block.zone == Zone::Footer
                || is_imprint(site.readings[place.reading].page.url.as_ref()))
                && text.len() <= 80
                && has_form(text)
        })
        .map(|(place, _)| place)
        .take(5)
        .collect()
}

/// A page whose address says that it is the legal notice.
pub(crate) fn is_imprint(url: Option<&Url>) -> bool {
    url.is_some_and(|url| {
        let path = url.path().to_ascii_lowercase();
        languages::names(|words| words.imprint).any(|word| path.contains(word))
    })
}

/// Bytes of an address that the organisation's row can hold.
const LONGEST_WEBSITE: usize = 2_000;

/// The site's own address on the web.
pub(crate) fn website(site: &Site<'_>, own: &Own) -> Option<Stated<String>> {
    let absolute = |place: Place| {
        let text = Some(site.text(place)).filter(|text| text.len() <= LONGEST_WEBSITE)?;
        let url = Url::parse(text).ok()?;
        let own = match &site.domain {
            Some(domain) => domain.owns(url.as_str()),
            None => own.proven,
        };
        let host = url.host_str()?;
        (matches!(url.scheme(), "http" | "https") && own && host.contains('.')).then_some(url)
    };
    for node in &own.nodes {
        if let Some(place) = text_of(site, *node, "url") {
            if absolute(place).is_some() {
                let value = site.text(place).to_owned();
                return Some(site.state(value, WEBSITE, method_of(site, *node), &[place]));
            }
        }
    }
    let (reading, page) = site.readings.iter().enumerate().next()?;
    let document = &page.document;
    let span = document
        .canonical
        .filter(|span| span.end - span.start <= LONGEST_WEBSITE)
        .filter(|span| Url::parse(document.slice(*span)).is_ok())
        .or_else(|| document.meta(&["og:url"]))?;
    let place = Place { reading, span };
    let url = absolute(place)?;
    let home = url.join("/").ok()?.to_string();
    Some(site.state(home, WEBSITE, Method::Meta, &[place]))
}

/// True when a text names the organisation.
pub(crate) fn names_own(text: &str, name: &str) -> bool {
    let name = compact(without_form(name));
    name.len() >= 3 && compact(text).contains(&name)
}

#[cfg(test)]
mod tests {
    use crate::extract::profile;
    use crate::page::Page;
    use crate::profile::{Field, Method};

    /// The name of a page as it is proposed, with how it was found; `-` if none is.
    #[track_caller]
    fn check(url: &str, html: &str, expect: &str) {
        let page = Page::new(url.parse().ok(), html.as_bytes(), None);
        let shown = match profile(&[page]).name {
            Field::Stated(name) if name.method == Method::Imprint => {
                format!("{} (imprint)", name.value)
            }
            Field::Stated(name) => name.value,
            Field::Blank(_) => "-".to_owned(),
        };
        assert_eq!(shown, expect, "{html}");
    }

    const SITE: &str = "https://www.larkspur.example/page";

    #[test]
    fn a_site_name_with_slogans_is_cut_to_the_segment_that_fits_the_domain() {
        for site in [
            "Kitchens | Devon | Larkspur",
            "Larkspur ·",
            "Larkspur –",
            "| Larkspur",
            "Larkspur: made to last",
            "Made to last « Larkspur",
        ] {
            let html = format!("<title>Start</title><meta property=og:site_name content='{site}'>");
            check(SITE, &html, "Larkspur");
        }
    }

    #[test]
    fn a_name_that_the_text_goes_on_to_use_is_sure() {
        let page = |title: &str, body: &str, footer: &str| {
            format!("<title>{title}</title><p>{body}</p><footer><p>{footer}</p></footer>")
        };
        let often = "Ask Larkspur. Larkspur helps. Why Larkspur? Because Larkspur is good.";
        let never = "Ask us. We help. Why us? Because we are good.";
        let url = "https://www.larkspurnet.example/tips";
        check(url, &page("Tips", often, "© 2025 Larkspur"), "Larkspur");
        check(url, &page("Tips", never, "© 2025 Larkspur"), "-");
        check(
            url,
            &page(
                "Tips for hedges- Larkspur",
                often,
                "© 2025 Larkspur Networking Corp.",
            ),
            "Larkspur",
        );
        check(
            "https://larkspur.example/tips",
            &page("Tips | Larkspur Blog", often, "© 2025 Larkspur Payroll LLC"),
            "Larkspur",
        );
        check(
            "https://larkspur.example/tips",
            &page(
                "Tips",
                "Ask LarkSpur.",
                "© Copyright 2025 - LarkSpur.example",
            ),
            "LarkSpur",
        );
        check(
            "https://hedges.example/tips",
            &page(
                "Tips",
                "Hedges grow. All Hedges do.",
                "© 2025 Hedges.example",
            ),
            "Hedges.example",
        );
        check(
            "https://larkspur.example/tips",
            &page(
                "Tips | Larkspur Bros",
                "Ask Larkspur Bros. Larkspur Bros help.",
                "Larkspur © 2025",
            ),
            "Larkspur Bros",
        );
        check(
            "https://larkspurgroup.example/tips",
            &page(
                "Tips – Larkspur Garden Group",
                "The Larkspur Garden Group helps. Ask the Larkspur Garden Group.",
                "x",
            ),
            "Larkspur Garden Group",
        );
        check(
            "https://larkspurgroup.example/tips",
            &page(
                "Tips – Violet Garden Group",
                "The Violet Garden Group helps. Ask the Violet Garden Group.",
                "x",
            ),
            "-",
        );
    }

    #[test]
    fn a_copyright_line_ends_where_the_name_does() {
        for line in [
            "© 2025 <span>Larkspur</span><span>Built by hand.</span>",
            "© <b>Larkspur</b><i>Since 1990</i>",
            "Copyright © 2019 Larkspur 版权所有 京ICP备11111111号",
            "(c) 2020-2024 Larkspur. All rights reserved.",
            "Copyright by Larkspur",
        ] {
            let html = format!("<title>Start</title><footer><p>{line}</p></footer>");
            check(SITE, &html, "Larkspur");
        }
        let html = "<title>Tips</title><p>The book lacks copyright pages in the middle of it.</p>";
        check("https://notes.larkspur.example/", html, "-");
        check(
            "https://larkspur.example/",
            "<title>x</title><p>© 2021 Violet Web</p>",
            "-",
        );
    }

    #[test]
    fn an_imprint_is_the_method_for_the_legal_person_only() {
        let page = |line: &str| {
            format!(
                "<title>Impressum | Larkspur</title><h1>Impressum</h1><p>Angaben gemäß § 5 DDG</p>
                 <p>{line}<br>Gartenweg 2<br>24103 Kiel</p><footer>© 2025 Larkspur</footer>"
            )
        };
        let url = "https://www.larkspur.example/impressum";
        check(url, &page("Larkspur GmbH"), "Larkspur (imprint)");
        check(url, &page("Violetta Handels GmbH"), "Larkspur");
    }

    #[test]
    fn towns_and_trades_behind_a_name_are_none_of_it() {
        check(
            "https://larkspurvelo.example/k",
            "<title>Contact | Larkspur Velo Gent</title><footer>© 2025 Larkspur Velo</footer>",
            "Larkspur Velo",
        );
        check(
            "https://larkspurtiles.example/k",
            "<title>Floors | Larkspur Tiles Slate Masters</title><p>Ask Larkspur Tiles today.</p>",
            "Larkspur Tiles",
        );
        check(
            "https://www.lims.example/en",
            "<title>Open day - LIMS Graz</title><footer>© Larkspur Institute for Marine Studies</footer>",
            "Larkspur Institute for Marine Studies",
        );
        check(
            "https://larkspurtea.example/",
            "<title>Teas | Larkspur TeaLarkspur Tea</title>",
            "Larkspur Tea",
        );
    }

    #[test]
    fn an_id_on_the_site_proves_nothing_for_a_node_whose_url_is_elsewhere() {
        let node = |url: &str| {
            format!(
                r#"<script type="application/ld+json">{{"@graph": [
                {{"@type": "Organization", "@id": "https://larkspur.example/#a", "name": "Larkspur"}},
                {{"@type": "Organization", "@id": "https://larkspur.example/#b", "name": "Violet Web",
                  "url": "{url}", "telephone": "1", "logo": "x", "description": "y", "email": "z"}}]}}</script>"#
            )
        };
        for url in [
            "https://violet-web.example",
            "//violet-web.example/",
            "http://a.example/b",
        ] {
            check("https://larkspur.example/", &node(url), "Larkspur");
        }
    }
}
