//! Customers that a page names as such: in a sentence that introduces them, in a list or a wall of logos that is
//! announced, in the heading of a case study, or as the company of somebody who is quoted in their own words.
//!
//! A name counts in company: most names of an enumeration have the shape of an organisation's (several words with
//! capitals, a legal form, capitals or figures inside), for single words may as well be sectors, towns or products.
//! Logos are named by the text that stands for them; integrations and press are no customers, and private people are
//! none of anybody's business. All of it follows from the lines and images that the one pass over the page keeps in
//! order; a tree with selectors would repair hostile markup at a cost that has no bound.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::confidence::customers::{INTRODUCED, QUOTED};
use super::identity::names_own;
use super::names::{compact, has_form, key, same, without_form};
use super::pattern::pattern;
use super::sentences::{names, sentences, Sentence};
use super::site::{Place, Site};
use super::trades::{is_business, is_common};
use crate::page::{Block, Document, Span, Zone};
use crate::profile::{Method, Stated};
use crate::slice::cut;

mod patterns;

use patterns::{
    has, without_article, ANNOUNCEMENT, ARE_CUSTOMERS, HAS_ROLE, INTRODUCTION, LEAD, LOGO,
    MAY_INTRODUCE, NO_NAME, NO_PRAISE, PRAISE, ROLE, ROLE_AT, SAYS, STORY,
};

/// More names than this are a list of something else.
const MOST: usize = 40;

/// Places that may name a customer, of each kind; the same one is named again and again.
const MOST_PLACES: usize = 10 * MOST;

/// Bytes of a heading that announces customers, and of a line that is one.
const LONGEST_LINE: usize = 200;

/// Bytes of a line that says who is quoted.
const LONGEST_ATTRIBUTION: usize = 160;

/// What it costs to see whether a line is the name of a company, in steps.
const LINE: u64 = 20_000;

pub(crate) fn customers(site: &Site<'_>, name: Option<&str>) -> Option<Stated<Vec<String>>> {
    let own = name.unwrap_or_default();
    let mut found: Vec<(Place, Place)> = Vec::new();
    found.extend(introduced(site, own));
    found.extend(listed(site));
    found.extend(told_in_stories(site));
    let confidence = if found.is_empty() { QUOTED } else { INTRODUCED };
    found.extend(said(site, own));
    found.extend(quoted(site, own));
    found.truncate(MOST_PLACES);
    let mut kept: Vec<(Place, Place)> = Vec::new();
    let mut known = HashSet::new();
    for (customer, evidence) in found {
        let text = site.text(customer);
        let is_own =
            !own.is_empty() && (same(text, own) || names(text, own) || names_own(own, text));
        let key = key(text);
        let is_known = key.as_ref().is_some_and(|key| known.contains(key));
        if !is_own && !is_known && kept.len() < MOST {
            kept.push((customer, evidence));
            known.extend(key);
        }
    }
    if kept.is_empty() {
        return None;
    }
    let places: Vec<Place> = kept.iter().map(|(_, evidence)| *evidence).collect();
    let names = kept
        .iter()
        .map(|(place, _)| site.text(*place).to_owned())
        .collect();
    Some(site.state(names, confidence, Method::Text, &places))
}

/// `Trusted by teams at Acorn Bank, Oak & Sons and the City of Elm.`, `Acorn Bank and the City of Elm trust us.`
fn introduced(site: &Site<'_>, own: &str) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    let wanted = |text: &str| {
        let may = MAY_INTRODUCE.is_match(text);
        may && (INTRODUCTION.is_match(text) || ARE_CUSTOMERS.is_match(text))
    };
    for sentence in sentences(site, wanted).sentences {
        if sentence.is_quoted() || sentence.block.zone == Zone::Navigation {
            continue;
        }
        if found.len() >= MOST_PLACES {
            break;
        }
        for (start, end) in told(&sentence, own) {
            let place = Place {
                span: sentence.place.span.part(start, end),
                ..sentence.place
            };
            found.push((place, sentence.place));
        }
    }
    found
}

/// The names that a sentence introduces as those of the organisation's customers.
fn told(sentence: &Sentence<'_>, own: &str) -> Vec<(usize, usize)> {
    let text = sentence.text;
    let ours = says_we(text) || names(text, own);
    if sentence.block.article && !ours {
        return Vec::new();
    }
    if let Some(are) = ARE_CUSTOMERS.find(text) {
        let before = cut(text, ..are.start());
        let from = LEAD.find(before).map_or(0, |lead| lead.end());
        let all = cut(before, from..);
        let names = list(all);
        let proper = |name: &str| {
            let words = name.split(' ');
            let mut small = words.filter(|word| word.starts_with(char::is_lowercase));
            small.all(|word| has(|words| words.within, word))
        };
        // They are all that the sentence speaks of.
        let whole = names.last().is_some_and(|(_, end)| *end == all.len())
            && (names.iter()).all(|(start, end)| proper(cut(all, *start..*end)));
        let names = names.into_iter().filter(|_| whole);
        return names
            .map(|(start, end)| (from + start, from + end))
            .collect();
    }
    let Some(lead) = INTRODUCTION.captures(text) else {
        return Vec::new();
    };
    let Some(whole) = lead.get(0) else {
        return Vec::new();
    };
    let before = cut(text, ..whole.start()).trim_end();
    let behind_own = !own.is_empty() && ends_with_name(before, own);
    let possessive =
        before.ends_with(['\'', '’']) || before.ends_with("'s") || before.ends_with("’s");
    let is_theirs = if lead.name("include").is_some() {
        before.is_empty() || behind_own
    } else if lead.name("works").is_some() {
        behind_own
    } else if lead.name("such").is_some() {
        before.is_empty() || behind_own || ours && !possessive
    } else {
        true
    };
    if !is_theirs {
        return Vec::new();
    }
    let mut from = whole.end();
    if let Some(more) = LEAD.find(cut(text, from..)) {
        from += more.end();
    }
    let names = list(cut(text, from..)).into_iter();
    names
        .map(|(start, end)| (from + start, from + end))
        .collect()
}

/// Whether a text ends in the organisation's name, as the owner of what follows or not.
fn ends_with_name(text: &str, own: &str) -> bool {
    let owner = text.trim_end_matches(['\'', '’']);
    let owner = owner
        .strip_suffix("'s")
        .or_else(|| owner.strip_suffix("’s"));
    let own = compact(without_form(own));
    let ends = |text: &str| compact(text).ends_with(&own);
    own.len() >= 2 && (ends(without_form(text)) || owner.is_some_and(ends))
}

/// True when the first person speaks.
fn says_we(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| has(|words| words.we, word) || has(|words| words.we, &first_small(word)))
}

/// A word as it is written within a sentence, where only `I` has a capital.
fn first_small(word: &str) -> String {
    if word.chars().count() > 1 {
        word.to_lowercase()
    } else {
        word.to_owned()
    }
}

/// The names of an enumeration, as long as they are names.
fn list(text: &str) -> Vec<(usize, usize)> {
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
        let and = patterns::and();
        pattern(&format!(r"(?:, | )(?:{and}) |, |; | • | · | / | \| "))
    });
    let end = text.trim_end_matches(['.', '!', ' ', ':']).len();
    let text = cut(text, ..end);
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    let stops = BETWEEN
        .find_iter(text)
        .map(|between| (between.start(), between.end(), between.as_str()));
    for (stop, next, between) in stops.chain([(text.len(), text.len(), "")]) {
        // `Oak & Sons` is one name.
        if between == " & " {
            continue;
        }
        let is_form = is_form(cut(text, start..stop));
        match parts.last_mut() {
            // `Birch, LLP` is one, too.
            Some((_, end)) if is_form => *end = stop,
            _ => parts.push((start, stop)),
        }
        start = next;
    }
    let mut names: Vec<(usize, usize)> = Vec::new();
    for (start, end) in parts {
        if is_company(cut(text, start..end)) {
            names.push((start, end));
            continue;
        }
        // `and Cedar Foods to save time`: the last name ends where the sentence goes on.
        let name = beginning(cut(text, start..end));
        if is_company(cut(text, start..start + name)) {
            names.push((start, start + name));
        }
        break;
    }
    if !are_organisations(names.iter().map(|(start, end)| cut(text, *start..*end))) {
        names.clear();
    }
    names
}

/// A legal form without a name.
fn is_form(text: &str) -> bool {
    without_form(&format!("Acorn {text}")) == "Acorn"
}

/// How much of a text its first words with capitals are.
fn beginning(text: &str) -> usize {
    let mut end = 0;
    let mut start = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end();
        let is_small = has(|words| words.within, bare);
        if bare.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) {
            end = start + bare.len();
        } else if !is_small {
            break;
        }
        start += word.len();
    }
    end
}

/// Whether names that are told in one breath are those of organisations: several, most of that shape, and none of them
/// only a sector.
fn are_organisations<'t>(names: impl Iterator<Item = &'t str> + Clone) -> bool {
    let several = names.clone().count();
    let shaped = names.clone().filter(|name| has_shape(name)).count();
    let is_sector = |name: &str| name.split([' ', '-']).all(is_common);
    let mut last_words = HashSet::new();
    let stem = |name: &str| {
        let (stem, last) = name.rsplit_once(' ')?;
        (last.chars().count() == 1).then(|| stem.to_owned())
    };
    // `Company A, Company B`: names of nobody.
    let placeholders = names
        .clone()
        .filter_map(stem)
        .any(|stem| !last_words.insert(stem));
    several > 1 && 2 * shaped >= several && !placeholders && !names.clone().any(is_sector)
}

/// Several words with capitals, a legal form, or a word that is written as none is.
fn has_shape(name: &str) -> bool {
    let is_capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    let capitals = name
        .split([' ', '-'])
        .filter(|word| is_capital(word))
        .count();
    let inner = |word: &str| {
        let mut rest = word.chars().skip(1);
        let mixed = word.chars().any(char::is_lowercase);
        rest.any(|c| c.is_numeric() || mixed && c.is_uppercase() || matches!(c, '.' | '&' | '+'))
    };
    capitals > 1 || has_form(name) || name.split(' ').any(inner)
}

/// Names that are announced: by a heading, or by a line that says no more than whose they are. They are lines, the parts
/// of one line, or what stands for images.
fn listed(site: &Site<'_>) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let document = &page.document;
        let announces = |block: &Block| {
            let text = document.slice(block.span);
            text.len() <= LONGEST_LINE && site.effort.spend(1, LINE) && ANNOUNCEMENT.is_match(text)
        };
        for (position, block) in document.blocks.iter().enumerate() {
            if found.len() >= MOST_PLACES {
                return found;
            }
            let body = !matches!(block.zone, Zone::Navigation | Zone::Footer | Zone::Header);
            if !body || block.article || !announces(block) {
                continue;
            }
            let line = enumeration(document, position);
            let names = if line.is_empty() {
                lines(site, document, position, announces)
            } else {
                line
            };
            let names = names.into_iter().map(|name| {
                let near = name.end - block.span.start <= NEAR;
                let start = if near { block.span.start } else { name.start };
                (name, Span { start, ..name })
            });
            let logos = logos(site, document, position);
            found.extend(names.chain(logos).map(|(name, evidence)| {
                let place = |span| Place { reading, span };
                (place(name), place(evidence))
            }));
        }
    }
    found
}

/// Bytes from what announces names to one of them within which both are one quote.
const NEAR: usize = 400;

/// The line behind an announcement, if it is nothing but names: `Birch Farms · Cedar Foods · Elm Bank`.
fn enumeration(document: &Document, position: usize) -> Vec<Span> {
    let Some(block) = document.blocks.get(position + 1) else {
        return Vec::new();
    };
    let text = document.slice(block.span);
    if block.quoted || block.heading.is_some() || text.len() > LONGEST_ENUMERATION {
        return Vec::new();
    }
    let names = list(text);
    let whole = text.trim_end_matches(['.', ' ']).len();
    let all = names.last().is_some_and(|(_, end)| *end == whole);
    let names = names.into_iter().filter(|_| all);
    names
        .map(|(start, end)| block.span.part(start, end))
        .collect()
}

/// Bytes of a line of names.
const LONGEST_ENUMERATION: usize = 2_000;

/// The lines behind an announcement that are names.
fn lines(
    site: &Site<'_>,
    document: &Document,
    position: usize,
    announces: impl Fn(&Block) -> bool,
) -> Vec<Span> {
    let blocks = &document.blocks;
    let Some(block) = blocks.get(position) else {
        return Vec::new();
    };
    let text = |block: &Block| document.slice(block.span);
    let mut section: Vec<&Block> = blocks[position + 1..]
        .iter()
        .take_while(|other| {
            // A heading below that announces customers itself speaks for what follows it.
            let within =
                |inner| block.heading.is_some_and(|level| inner > level) && !announces(other);
            other.heading.is_none_or(within) && other.zone == block.zone
        })
        .take(MOST + 1)
        .collect();
    let is_name =
        |other: &&Block| !other.quoted && site.effort.spend(1, LINE) && is_company(text(other));
    // A run of names ends where text or another heading begins; of other short lines, few may stand among them.
    let names = section.iter().take_while(|other| is_name(other)).count();
    let plain = section.iter().take(names);
    let plain = plain.filter(|other| other.heading.is_none()).count();
    if plain > 1 {
        let heading = section.iter().position(|other| other.heading.is_some());
        section.truncate(heading.unwrap_or(section.len()).max(plain));
    }
    let names = names.min(section.len());
    let goes_on = section.get(names).is_none_or(|other| is_text(text(other)));
    if block.heading.is_none() || names > 1 && goes_on {
        section.truncate(names);
    }
    let named: Vec<&Block> = section.iter().copied().filter(is_name).collect();
    let too_few = named.len() * 10 < section.len() * 8;
    let all = named.iter().map(|one| text(one));
    if section.len() > MOST || too_few || !are_organisations(all) {
        return Vec::new();
    }
    named.into_iter().map(|block| block.span).collect()
}

/// The names of the images behind an announcement, up to the next heading, each with all that stands for its image.
fn logos(site: &Site<'_>, document: &Document, position: usize) -> Vec<(Span, Span)> {
    let Some(block) = document.blocks.get(position) else {
        return Vec::new();
    };
    let mut texts = 0;
    let behind = document.blocks[position + 1..].iter().take(MOST);
    let section = behind.take_while(|other| {
        texts += usize::from(is_text(document.slice(other.span)));
        other.heading.is_none() && other.zone == block.zone && texts <= 1
    });
    let end = position + 1 + section.count();
    let first = document
        .images
        .partition_point(|image| image.behind <= position);
    let rest = document.images.get(first..).unwrap_or_default();
    let wall: Vec<_> = rest
        .iter()
        .take_while(|image| image.behind <= end)
        .take(MOST + 1)
        .map(|image| (image.span, logo(document.slice(image.span))))
        .collect();
    let name = |(span, (start, end, _)): &(Span, (usize, usize, bool))| span.part(*start, *end);
    let named: Vec<_> = wall
        .iter()
        .filter(|image| site.effort.spend(1, LINE) && is_company(document.slice(name(image))))
        .collect();
    let marked = named.iter().filter(|(_, (_, _, is_logo))| *is_logo).count();
    // A text that says of itself that it is a logo's needs no other shape.
    let are_logos = named.len() > 1 && marked == named.len();
    let too_few = named.len() * 10 < wall.len() * 8;
    let all = named.iter().map(|image| document.slice(name(image)));
    if wall.len() > MOST || too_few || !are_logos && !are_organisations(all) {
        return Vec::new();
    }
    let names = named.into_iter();
    names.map(|image| (name(image), image.0)).collect()
}

/// The name in the text that stands for a logo, and whether the text says that it is one.
fn logo(text: &str) -> (usize, usize, bool) {
    let marked = LOGO.captures(text).and_then(|captures| {
        let name = captures
            .name("behind")
            .or_else(|| captures.name("before"))?;
        Some((name.start(), name.end(), true))
    });
    marked.unwrap_or((0, text.len(), false))
}

/// The accounts of one customer each: the heading names it, and the text below goes on to speak of it by that name.
fn told_in_stories(site: &Site<'_>) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let document = &page.document;
        for (position, block) in document.blocks.iter().enumerate() {
            let text = document.slice(block.span);
            let heading = block.heading.is_some() && text.len() <= LONGEST_LINE;
            if !heading || block.zone != Zone::Body || !site.effort.spend(1, LINE) {
                continue;
            }
            let Some(start) = STORY.find(text).map(|story| story.end()) else {
                continue;
            };
            let name = cut(text, start..);
            let below = document.blocks[position + 1..].iter().take(MOST);
            let mut below = below.map(|other| document.slice(other.span));
            let spoken = |other: &str| is_text(other) && names(other, name);
            let is_customer = is_company(name) && has_shape(name) && below.any(spoken);
            if is_customer && found.len() < MOST_PLACES {
                let span = block.span.part(start, text.len());
                let place = |span| Place { reading, span };
                found.push((place(span), place(block.span)));
            }
        }
    }
    found
}

/// Too many words for a name or a label.
fn is_text(line: &str) -> bool {
    line.split_whitespace().nth(8).is_some()
}

/// The companies of people who are quoted within a sentence and speak of the organisation.
fn said(site: &Site<'_>, own: &str) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (place, block) in site.blocks() {
        let text = site.text(place);
        if block.zone == Zone::Navigation
            || text.len() > 4 * LONGEST_LINE
            || !site.effort.spend(text.len(), SAID)
        {
            continue;
        }
        let Some(says) = SAYS.find(text).filter(|_| names(text, own)) else {
            continue;
        };
        let end = cut(text, says.end()..).find(['.', '!', '“', '"', '„']);
        let end = end.map_or(text.len(), |at| says.end() + at);
        let words = cut(text, ..says.start());
        if let Some(company) = company_of(cut(text, says.end()..end)).filter(|_| names(words, own))
        {
            let span = place
                .span
                .part(says.end() + company.0, says.end() + company.1);
            found.push((Place { span, ..place }, place));
        }
        if found.len() >= MOST_PLACES {
            break;
        }
    }
    found
}

/// What a byte costs in which somebody may say something, in steps.
const SAID: u64 = 100;

/// The company of somebody whose name and role a line tells.
fn company_of(line: &str) -> Option<(usize, usize)> {
    let line = line.trim_end();
    if line.len() > LONGEST_ATTRIBUTION || !HAS_ROLE.is_match(line) {
        return None;
    }
    // `…, Birch Legal, LLP`: the form is part of the name.
    let (stem, last) = line.rsplit_once(", ").unwrap_or(("", line));
    let form = !stem.is_empty() && is_form(last);
    let stem = if form { stem } else { line };
    let is_person = |text: &str| {
        let words = text.split_whitespace();
        let capital =
            |word: &str| word.starts_with(char::is_uppercase) || has(|words| words.within, word);
        (1..=5).contains(&words.clone().count()) && words.clone().all(capital)
    };
    let at = ROLE_AT.captures(stem).filter(|captures| {
        captures
            .name("who")
            .is_none_or(|who| is_person(who.as_str()))
    });
    // `director en Soria` may be in a town, `directora de Panadería Soria` is in a business.
    let at = at.filter(|captures| {
        let business = |name: &str| {
            let several = name.contains(' ') && !name.contains(',');
            several && (has_form(name) || name.split([' ', '-']).any(is_business))
        };
        let company = captures.name("company");
        captures.name("inside").is_none()
            || company.is_some_and(|company| business(company.as_str()))
    });
    let company = match at.and_then(|captures| captures.name("company")) {
        Some(company) => (company.start(), company.end()),
        None => {
            let (before, company) = stem.rsplit_once(", ")?;
            let mut parts = before.split([',', '–', '—', '|']).map(str::trim);
            let card = |part: &str| is_role(part) || is_person(part);
            if !parts.clone().any(is_role) || !parts.all(card) {
                return None;
            }
            (stem.len() - company.len(), stem.len())
        }
    };
    let name = cut(stem, company.0..company.1);
    let end = if form { line.len() } else { company.1 };
    let whole = form || !is_department(name);
    (is_company(name) && whole).then_some((company.0, end))
}

/// Nothing but what somebody is: it begins with that, or all its words have capitals, as on a card.
fn is_role(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_title = words.all(|word| {
        let small = has(|words| words.within, word) || has(|words| words.and, word);
        word.starts_with(|c: char| c.is_uppercase()) || small || word == "for"
    });
    ROLE.find(text)
        .is_some_and(|role| is_title || cut(text, ..role.start()).trim().is_empty())
}

/// The last word of what is a part of a company, not one.
fn is_department(name: &str) -> bool {
    let last = name.rsplit([' ', '-']).next().unwrap_or(name);
    has(|words| words.departments, &last.to_lowercase())
}

/// The companies of people whose words stand right before their name.
fn quoted(site: &Site<'_>, own: &str) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let document = &page.document;
        let blocks = &document.blocks;
        let mut praise = false;
        let mut elsewhere = false;
        for (position, block) in blocks.iter().enumerate() {
            let line = document.slice(block.span);
            if found.len() >= MOST_PLACES || !site.effort.spend(1, LINE) {
                return found;
            }
            if block.heading.is_some() {
                let short = line.len() <= LONGEST_LINE;
                praise = short && PRAISE.is_match(line);
                elsewhere = short && !praise && NO_PRAISE.is_match(line);
            }
            if elsewhere {
                continue;
            }
            let Some((start, end)) = company_of(line) else {
                continue;
            };
            if !praise && !follows_words(document, position, own) {
                continue;
            }
            let place = Place {
                reading,
                span: block.span.part(start, end),
            };
            let span = block.span;
            found.push((place, Place { reading, span }));
        }
    }
    found
}

/// Whether somebody's words stand in one of the few blocks before: in quotes, or in the first person of somebody who
/// calls the organisation by its name. An article quotes whom it likes, so there they have to name it, too.
fn follows_words(document: &Document, position: usize, own: &str) -> bool {
    let before = position.saturating_sub(4)..position;
    let blocks = document.blocks.get(before).unwrap_or_default();
    blocks.iter().any(|before| {
        let said = document.slice(before.span);
        let quoted = before.quoted
            || said.starts_with(['“', '"', '„', '«'])
            || said.ends_with(['”', '"', '»']);
        let short = said.len() <= LONGEST_WORDS;
        let named = short && names(said, own);
        let first_person = named && is_text(said) && says_we(said);
        (quoted || first_person) && (named || !before.article)
    })
}

/// Bytes of somebody's words; longer ones are an article.
const LONGEST_WORDS: usize = 2_000;

/// A proper name of an organisation, not a phrase, a link or a department.
fn is_company(text: &str) -> bool {
    if text.len() > LONGEST_LINE {
        return false;
    }
    let text = text.trim();
    let bare = without_article(text);
    let words = bare.split_whitespace().count();
    (1..=6).contains(&words)
        && bare.chars().count() <= 50
        && compact(bare).len() >= 2
        && bare
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        && bare.chars().any(char::is_alphabetic)
        // `NEXT` is a name, `Next` a button.
        && (!NO_NAME.is_match(bare) || words == 1 && bare.len() > 2 && bare.chars().all(char::is_uppercase))
        && bare
            .split_whitespace()
            .filter(|word| word.chars().next().is_some_and(char::is_lowercase))
            .count()
            <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let names: Vec<&str> = list(text).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(names, expect, "{text}");
    }

    #[test]
    fn an_enumeration_ends_where_the_names_end() {
        check(
            "Acorn Bank, Oak & Sons and the City of Elm.",
            &["Acorn Bank", "Oak & Sons", "the City of Elm"],
        );
        check(
            "Acorn AG, BirchSoft, Cedar and many more",
            &["Acorn AG", "BirchSoft", "Cedar"],
        );
        check(
            "Acorn Bank, Birch Legal, LLP and Cedar Foods to save time",
            &["Acorn Bank", "Birch Legal, LLP", "Cedar Foods"],
        );
        check("10,000+ companies worldwide", &[]);
        check("Fortune 500 companies", &[]);
        check("Acorn since we began in spring", &[]);
    }

    #[test]
    fn sectors_towns_and_placeholders_are_no_names() {
        for nothing in [
            "Bakeries, Breweries and Banks",
            "Retail, Energy and Finance",
            "Real Estate, Health Care and the Public Sector",
            "Bäckereien, Museen und Banken",
            "Boulangeries, Musées et Banques",
            "Ulm, Elm und Oslo",
            "SME, NGO and Big Accounts",
            "Firm A, Firm B and Firm C",
        ] {
            check(nothing, &[]);
        }
    }

    #[track_caller]
    fn check_line(line: &str, expect: &str) {
        let found = company_of(line).map_or("-", |(start, end)| &line[start..end]);
        assert_eq!(found, expect, "{line}");
    }

    #[test]
    fn who_is_quoted_tells_the_company() {
        check_line("Ada Elm, CEO at Birch Farms", "Birch Farms");
        check_line("Ada Elm, CFO of Birch Farms", "Birch Farms");
        check_line("CEO @ Birch", "Birch");
        check_line("Senior Team Lead, Customer Service, Birch", "Birch");
        check_line("Head of Crops, NEXT", "NEXT");
        check_line("Managing Director of Birch Partners", "Birch Partners");
        check_line("Ada Elm, Head of Sales, Birch Ltd", "Birch Ltd");
        check_line("Ada Elm, Senior Partner, Birch Law, LLP", "Birch Law, LLP");
        check_line(
            "Ada Elm – Director of Privacy, the Birch Group",
            "the Birch Group",
        );
        check_line("Ada Ulme, Geschäftsführerin der Birke GmbH", "Birke GmbH");
        check_line("Ada Elm, directrice générale chez Hêtre SA", "Hêtre SA");
        check_line("Ada Elm, titolare di Betulla Srl", "Betulla Srl");
    }

    #[test]
    fn jobs_headlines_and_people_are_no_companies() {
        check_line("Ada Elm, Senior Director, Regional Partner Programs", "-");
        check_line("Ada Elm, Head of Customer Success", "-");
        check_line("Ada Elm, VP, Product Marketing", "-");
        check_line("Birch owner sold shares in last week of Cedar sale", "-");
        check_line("The president of Birch spoke at length, Cedar said", "-");
        check_line("Ada Elm, York", "-");
        check_line("Ada Elm", "-");
    }

    #[track_caller]
    fn check_page(body: &str, expect: &[&str]) {
        let html = format!("<title>Acorn</title><h1>Acorn</h1>{body}");
        let pages = [crate::page::Page::new(None, html.as_bytes(), None)];
        let site = Site::new(&pages, crate::effort::Effort::for_site());
        let found = customers(&site, Some("Acorn")).map(|stated| stated.value);
        assert_eq!(found.unwrap_or_default(), expect, "{body}");
    }

    #[test]
    fn customers_are_introduced_in_seven_languages() {
        let both = &["Birch Farms", "Cedar Foods"];
        for sentence in [
            "Customers include Birch Farms and Cedar Foods.",
            "Our customers are Birch Farms and Cedar Foods.",
            "Acorn has worked with brands like Birch Farms and Cedar Foods since 2010.",
            "Unsere Kunden sind Birch Farms und Cedar Foods.",
            "Zu unseren Kunden zählen unter anderem Birch Farms und Cedar Foods.",
            "Parmi nos clients figurent Birch Farms et Cedar Foods.",
            "Nos clients : Birch Farms, Cedar Foods.",
            "Tot onze klanten behoren Birch Farms en Cedar Foods.",
            "Entre nuestros clientes están Birch Farms y Cedar Foods.",
            "Tra i nostri clienti figurano Birch Farms e Cedar Foods.",
            "Entre os nossos clientes estão Birch Farms e Cedar Foods.",
        ] {
            check_page(&format!("<p>{sentence}</p>"), both);
        }
        check_page(
            "<p>Retailers with customers like Birch Farms and Cedar Foods grew.",
            &[],
        );
        check_page("<p>We integrate with Birch Farms and Cedar Foods.", &[]);
    }

    #[test]
    fn customers_are_listed_below_what_announces_them() {
        let both = &["Birch Farms", "Cedar Foods"];
        for announcement in [
            "<p>Trusted by growers at",
            "<h3>Nuestros clientes</h3>",
            "<div>Sie vertrauen uns:</div>",
        ] {
            check_page(
                &format!("{announcement}<ul><li>Birch Farms<li>Cedar Foods</ul><p>Read on here to see what the two of them made of it."),
                both,
            );
        }
        check_page(
            "<h2>Our clients</h2><ul><li>Retail<li>Energy<li>Finance</ul>",
            &[],
        );
        check_page("<h2>Our clients</h2><ul><li>Ulm<li>Oslo</ul>", &[]);
    }

    #[test]
    fn logos_are_named_by_the_text_that_stands_for_them() {
        let both = &["Birch Farms", "Cedar"];
        let wall = |announcement: &str, texts: &[&str]| {
            let images = texts.iter().map(|text| format!("<img alt='{text}'>"));
            let images: String = images.collect();
            format!("<section><h2>{announcement}</h2><div>{images}</div></section><h2>More</h2><img alt='Elm Fair logo'>")
        };
        check_page(
            &wall("Our customers", &["Birch Farms logo", "Logo of Cedar"]),
            both,
        );
        check_page(
            &wall("Unsere Kunden", &["Logo Birch Farms", "Cedar-Logo"]),
            both,
        );
        check_page(
            &wall("Nos clients", &["Birch Farms", "Cedar Foods"]),
            &["Birch Farms", "Cedar Foods"],
        );
        check_page(
            "<p>They trust us:<ul><li><a href=/1><img alt='Birch Farms'></a><li><a href=/2><img alt='Cedar Foods'></a></ul>",
            &["Birch Farms", "Cedar Foods"],
        );
        for others in ["Our partners", "As seen in", "Integrations", "Awards"] {
            check_page(&wall(others, &["Birch Farms logo", "Cedar logo"]), &[]);
        }
        for sectors in [
            &["Retail", "Energy", "Finance"],
            &["Client logo", "Client logo", "Client logo"],
            &["a field of green wheat", "Cedar", "two cows"],
        ] {
            check_page(&wall("Our customers", sectors), &[]);
        }
        check_page(
            "<h2>Our customers</h2><div hidden><img alt='Birch Farms logo'><img alt='Cedar logo'></div>",
            &[],
        );
    }

    #[test]
    fn names_stand_before_what_says_that_they_are_customers_and_beside_a_label() {
        let both = &["Birch Farms", "Cedar Foods"];
        for body in [
            "<p>Birch Farms and Cedar Foods are among our customers.",
            "<p>Birch Farms und Cedar Foods gehören zu unseren Kunden.",
            "<p>Birch Farms et Cedar Foods nous font confiance.",
            "<p>Birch Farms en Cedar Foods behoren tot onze klanten.",
            "<p>Birch Farms y Cedar Foods confían en nosotros.",
            "<p>Birch Farms e Cedar Foods si affidano a noi.",
            "<p>Birch Farms e Cedar Foods confiam em nós.",
            "<table><tr><th>Clients<td>Birch Farms, Cedar Foods</table>",
            "<dl><dt>Referenzen<dd>Birch Farms, Cedar Foods</dl>",
            "<h2>Our largest clients</h2><p>Birch Farms · Cedar Foods",
            "<h2>Nos clients</h2><ul><li>Birch Farms<li>Cedar Foods</ul><h2>Our work</h2><ul><li>Oak Doors<li>Elm Doors</ul>",
        ] {
            check_page(body, both);
        }
        for body in [
            "<p>Birch Farms and Cedar Foods trust us to say no.",
            "<p>The owners of Birch Farms and Cedar Foods trust us.",
            "<table><tr><th>Suppliers<td>Birch Farms, Cedar Foods</table>",
        ] {
            check_page(body, &[]);
        }
    }

    #[test]
    fn customers_of_others_are_not_told_as_the_own() {
        for body in [
            "<p>Our rivals' customers include Birch Farms and Cedar Foods.",
            "<p>Before that our founder has worked with companies like Birch Farms and Cedar Foods.",
            "<p>We would like to win customers. Elm’s clients include Birch Farms and Cedar Foods.",
            "<p>Our future customers include Birch Farms and Cedar Foods.",
        ] {
            check_page(body, &[]);
        }
        check_page(
            "<p>Acorn’s customers include Birch Farms and Cedar Foods.",
            &["Birch Farms", "Cedar Foods"],
        );
    }

    #[test]
    fn the_heading_of_a_case_study_names_a_customer_of_whom_the_text_speaks() {
        let story = |heading: &str| {
            format!("<h2>{heading}</h2><p>Last year Birch Farms had to sow all its fields within nine days.")
        };
        check_page(&story("Case study: Birch Farms"), &["Birch Farms"]);
        check_page(&story("Fallstudie – Birch Farms"), &["Birch Farms"]);
        check_page(&story("Case study: Sowing Made Simple"), &[]);
        check_page(&story("Field study: Birch Farms"), &[]);
    }

    #[test]
    fn roles_are_known_in_seven_languages_and_towns_are_no_companies() {
        check_line("Ada Olm, planner bij Birk Zorg", "Birk Zorg");
        check_line("Ada Ulme, Betriebsleiterin bei Birke", "Birke");
        check_line("Ada Olmo, gerente de Panadería Abedul", "Panadería Abedul");
        check_line(
            "Ada Olmo, jefa de compras en Bodega Abedul",
            "Bodega Abedul",
        );
        check_line("Ada Olmo, jefa de compras en Castilla Vieja", "-");
        check_line(
            "Ada Ulmo, diretora de compras na Adega Bétula",
            "Adega Bétula",
        );
        check_line("Ada Orme, responsable achats au sein de Bouleau", "Bouleau");
        check_line(
            "Ada Ulmo, diretora de operações da Transportes Bétula",
            "Transportes Bétula",
        );
        check_line(
            "Ada Ulme, Einkaufsleiterin der Brauerei Birkenau",
            "Brauerei Birkenau",
        );
        check_line("Ada Ulme, Leiterin der Werkstatt", "-");
        check_line("Ada Orme, directrice de la Communication", "-");
        check_line("Ada Elm, journalist at Birch News", "-");
        check_line("Ada Elm, student at Birch College", "-");
    }

    #[test]
    fn people_who_praise_speak_for_their_companies_and_others_do_not() {
        let birch = &["Birch Farms"];
        check_page(
            "<p>“Acorn saved us weeks,” says Ada Elm, owner of Birch Farms.",
            birch,
        );
        check_page(
            "<p>„Acorn hilft uns“, sagt Ada Ulme, Inhaberin von Birch Farms.",
            birch,
        );
        check_page(
            "<p>“The market is growing,” says Ada Elm, owner of Birch Farms.",
            &[],
        );
        check_page(
            "<blockquote>“So good.”</blockquote><p>Ada Elm, Buyer and owner of Birch Farms",
            &[],
        );
        check_page(
            "<blockquote>“So good.”</blockquote><p>Ada Elm, owner of Birch Farms",
            birch,
        );
        let article = "<article><blockquote>“So good.”</blockquote><p>Ada Elm, owner of Birch Farms</article>";
        check_page(article, &[]);
        check_page(&article.replace("So good", "Acorn is so good"), birch);
        check_page("<p>We use Acorn for all that grows on our own fields.<p>Ada Elm<p>Owner of Birch Farms", birch);
        check_page("<p>Ada is good at all that grows on fields, and at sums.<p>Ada Elm<p>Owner of Birch Farms", &[]);
        check_page("<h2>Our investors</h2><blockquote>“So good.”</blockquote><p>Ada Elm, partner at Birch Farms", &[]);
    }
}
