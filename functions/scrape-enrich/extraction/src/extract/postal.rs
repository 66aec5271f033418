//! Postal addresses in running text: finds them and takes them apart. Whose they are is for [`super::address`].
//!
//! Every form starts from something hard to mistake (a US state with a ZIP code, a British or Dutch postcode, a postal
//! code between a street and a city) and walks from there over commas and line ends.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::country::{self, Format, HouseNumbers};
use super::languages::Language;
use super::names::names_form;
use super::pattern::pattern;
use super::street::{self, begins_town, is_unit, joins_town, Part};
use crate::effort::Effort;
use crate::slice::{cut, tail};

/// An address with the bytes of the text that its parts stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Postal {
    pub(crate) whole: Range<usize>,
    /// Only an American address may be without: `Salem, OR 97301`.
    pub(crate) street: Option<Range<usize>>,
    pub(crate) postal_code: Range<usize>,
    pub(crate) city: Range<usize>,
    pub(crate) country: Option<&'static str>,
}

/// What is known of the page that an address stands on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clues<'a> {
    /// The page's language, ISO 639-1.
    pub(crate) language: Option<&'a str>,
    /// The last part of its internet address.
    pub(crate) top_level_domain: Option<&'a str>,
}

impl Clues<'_> {
    /// The page's internet address is that of a country.
    pub(crate) fn names_country(&self) -> bool {
        let top = self.top_level_domain;
        top.is_some_and(|top| top == "uk" || country::code_in_column(top).is_some())
    }

    /// The page is in a language of this country, or has an address there.
    fn speak_for(&self, format: &Format) -> bool {
        let language = self
            .language
            .is_some_and(|language| format.languages.contains(&language));
        language
            || self
                .top_level_domain
                .is_some_and(|top| top == format.top_level_domain())
    }
}

/// All addresses of a text. `breaks` are the bytes where a line ends, ascending.
pub(crate) fn find(text: &str, breaks: &[usize], clues: Clues<'_>, effort: &Effort) -> Vec<Postal> {
    let mut found: Vec<Postal> = Vec::new();
    for (format, anchor) in country::anchors(text) {
        if !effort.spend(text.len(), BYTE) {
            break;
        }
        for captures in anchor.captures_iter(text) {
            if found.len() >= MOST || !effort.spend(1, ANCHOR) {
                break;
            }
            // The beginning of a longer code is another country's.
            let code_end = group(&captures, "code").end;
            let mut behind = cut(text, code_end..).chars();
            if behind.next() == Some('-') && behind.next().is_some_and(|c| c.is_ascii_digit()) {
                continue;
            }
            let postal = match format {
                Some(format) if format.has_regions() => {
                    before_region(text, breaks, &captures, format)
                }
                Some(format) => before_code(text, breaks, &captures, format.code),
                None if captures.name("district").is_some() => japanese(&captures),
                None => continental(text, breaks, clues, &captures),
            };
            let postal = postal.filter(|postal| {
                let long = postal
                    .street
                    .as_ref()
                    .is_some_and(|street| street.len() > 120);
                !long && postal.city.len() <= 40 && !postal.city.is_empty()
            });
            if let Some(postal) = postal {
                if !found
                    .iter()
                    .any(|known| overlaps(&known.whole, &postal.whole))
                {
                    found.push(postal);
                }
            }
        }
    }
    found.sort_by_key(|postal| postal.whole.start);
    found
}

/// A page with more addresses than this is a directory.
pub(crate) const MOST: usize = 200;

/// What it costs to look through a byte of text for one of the forms, in steps.
const BYTE: u64 = 100;

/// What it costs to read what stands before a postal code.
const ANCHOR: u64 = 50_000;

/// True where a post code and a town stand, whatever is before them.
pub(crate) fn has_town(text: &str) -> bool {
    country::anchors(text).any(|(_, anchor)| anchor.is_match(text))
}

fn overlaps(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Words that end a street in English; with what may follow: a direction and a unit.
static STREET_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|circle|cir|parkway|pkwy|pky|highway|hwy|terrace|ter|square|sq|broadway|trail|trl|loop|plaza|alley|turnpike|tpke|pike|row|yard|crescent|close|gardens|grove|hill|walk|wharf|quay|mews|rise|view|gate|esplanade|freeway|expressway|route \d+)\b\.?(?:,? (?:north|south|east|west|n\.?e\.?|n\.?w\.?|s\.?e\.?|s\.?w\.?|[nsew]\.?)(?:,| |$))?(?:[ ,]*(?:(?:suite|ste|unit|apt|apartment|room|rm|floor|fl|building|bldg|level|office|no|lot|box)\b\.?[ #:-]*[a-z]?-?\d*[a-z]?\d*\b|#[ ]?[\w-]+|\d{1,3}(?:st|nd|rd|th) (?:floor|fl)\b\.?))*",
    )
});

/// A house number that begins a street: digits alone, perhaps with a letter or a range.
static HOUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[\s:(])(?P<number>(?:[NSEW]\d+ ?[NSEW]?\d* ?)?\d{1,5}[A-Za-z]?(?: ?[-–/] ?\d{1,5}[A-Za-z]?)?),? (?:\p{Lu}|\d{1,3}(?:st|nd|rd|th)\b|de |du |des |la |rue |avenue |av |bd |boulevard |place |chemin |quai |allée |impasse |route |cours )",
    )
});

static BRITISH_PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^the |\d|\b(?:courtyard|stables|barns|granary|mansion|lodge|cottage|manor|chapel|arcade|plaza|wing|block|annexe|warehouse|foundry|forge|brewery|castle|priory|rectory|house|park|estate|building|buildings|floor|unit|centre|center|court|yard|mill|mills|works|business|tower|hub|studio|studios|suite|office|offices|chambers|hall|barn|farm|exchange|quarter|dock|campus|street|road|lane|avenue|way|drive|place|square|row|close|crescent|gardens|grove|hill|walk|wharf|quay|mews|terrace|gate|st|rd)\b",
    )
});

/// The parts before `end`, nearest first: cut at commas and line ends, six parts and 160 bytes back at most.
fn parts_before(text: &str, breaks: &[usize], end: usize) -> Vec<Part> {
    let window = tail(cut(text, ..end), 160);
    let from = end - window.len();
    let first = breaks.partition_point(|at| *at < from);
    let line_ends = breaks.iter().skip(first).take_while(|at| **at < end);
    let mut inside = false;
    let mut cuts: Vec<(usize, usize)> = window
        .char_indices()
        .filter(|(at, c)| {
            // A remark in brackets is one piece.
            inside = match c {
                '(' => cut(window, *at..).contains(')'),
                ')' => false,
                _ => inside,
            };
            let digit = |text: Option<char>| text.is_some_and(|c| c.is_ascii_digit());
            let number = *c == ','
                && digit(cut(window, ..*at).chars().next_back())
                && digit(cut(window, at + 1..).chars().next());
            !inside && !number && matches!(c, ',' | '|' | '•' | '·' | ';')
        })
        .map(|(at, c)| (from + at, from + at + c.len_utf8()))
        .chain(
            window
                .match_indices(" / ")
                .map(|(at, _)| (from + at, from + at + 3)),
        )
        .chain(DASH.captures_iter(window).filter_map(|captures| {
            let dash = captures.name("dash").or_else(|| captures.name("behind"))?;
            Some((from + dash.start(), from + dash.end()))
        }))
        .chain(line_ends.map(|at| (*at, *at)))
        .chain(SENTENCE_END.captures_iter(window).filter_map(|captures| {
            let stop = captures.name("stop")?;
            Some((from + stop.start(), from + stop.end()))
        }))
        .collect();
    cuts.sort_unstable();
    let mut parts = Vec::new();
    let mut stop = end;
    for (cut_start, cut_end) in cuts.into_iter().rev() {
        if cut_end <= stop {
            parts.extend(trimmed(text, cut_end..stop));
            stop = cut_start;
        }
        if parts.len() == 6 {
            return parts;
        }
    }
    // The farthest part is whole only if the window reaches its beginning.
    if from == 0 {
        parts.extend(trimmed(text, 0..stop));
    } else if let Some(space) = cut(text, from..stop).find(' ') {
        parts.extend(trimmed(text, from + space..stop));
    }
    parts
}

/// A dash between words; between two numbers it is a range.
static DASH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[^\d\s](?P<dash> [-–—] )|\d(?P<behind> [-–—] )\D"));

/// A stop behind a long number or a long word ends a sentence; behind `St` or `Blvd` it does not.
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\d{5,}|\b\p{Ll}{6,}|\b(?:Ltd|GmbH|Inc|Limited|Corp|LLC|& Co))(?P<stop>\.) ")
});

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = cut(text, range.clone());
    let start =
        range.start + (part.len() - part.trim_start_matches([' ', '-', '–', ':', '/']).len());
    let end = range.end - (part.len() - part.trim_end_matches([' ', '-', '–', '(', '/']).len());
    (start < end).then_some(start..end)
}

/// Street and city before a state or postcode, in any of: `street, city` · `street / city` · `street city`.
fn street_and_city(text: &str, parts: &[Part]) -> Option<(Range<usize>, Range<usize>)> {
    let nearest = parts.first()?.clone();
    let near = cut(text, nearest.clone());
    if let Some((street_start, _)) = house_number(near) {
        // Both in one part: the city follows the last word that ends a street.
        let street_start = nearest.start + street_start;
        let rest = cut(text, street_start..nearest.end);
        let end = STREET_END.find_iter(rest).last()?.end();
        let end = cut(rest, ..end).trim_end_matches([' ', ',']).len();
        let city = trimmed(text, street_start + end..nearest.end)?;
        return is_city(cut(text, city.clone()))
            .then_some((street_start..street_start + end, city));
    }
    let mut parts = parts.iter().skip(1);
    let mut nearest = nearest;
    if !is_city(near) {
        // What is no town may say where it lies: `Plano, Dallas area`.
        let area = near.len() <= 40
            && near
                .chars()
                .all(|c| c.is_alphabetic() || " .'’-".contains(c));
        nearest = parts.next().filter(|_| area)?.clone();
        if !is_city(cut(text, nearest.clone())) {
            return None;
        }
    }
    let mut end = None;
    let mut parts = parts.take(5).peekable();
    while let Some(part) = parts.next() {
        let piece = cut(text, part.clone());
        let end = *end.get_or_insert(part.end);
        if is_unit(piece) && !STREET_END.is_match(piece) {
            continue;
        }
        if let Some((at, _)) = house_number(piece) {
            let mut start = part.start + at;
            // `Level 3, 120 Collins Street`.
            let unit = |before: &&Part| is_unit(cut(text, (*before).clone()));
            while let Some(before) = parts.next_if(unit).filter(|_| at == 0) {
                start = before.start;
            }
            return Some((start..end, nearest));
        }
        // The street that it crosses.
        if !STREET_END.is_match(piece) {
            return None;
        }
    }
    None
}

/// Where the street begins in a part, by its house number.
fn house_number(part: &str) -> Option<(usize, usize)> {
    let mut found = HOUSE
        .captures_iter(part)
        .filter_map(|captures| captures.name("number"))
        .filter(|number| {
            // Not the number of a unit (`Suite 105 Springfield`) and not the end of a telephone number.
            let before = cut(part, ..number.start()).trim_end().to_lowercase();
            ![
                "suite",
                "ste",
                "ste.",
                "unit",
                "floor",
                "room",
                "#",
                "box",
                "-",
                "+",
                ")",
                "building",
                "bldg",
                "©",
                "copyright",
            ]
            .iter()
            .any(|word| before.ends_with(word))
        });
    let number = found.next()?;
    Some((number.start(), number.end()))
}

/// Street and town before a region where the number stands behind the name: `Rua do Sol, 5 - Centro, Recife`.
fn street_and_town(text: &str, parts: &[Part]) -> Option<(Range<usize>, Range<usize>)> {
    let town = parts.first()?;
    if !is_city(cut(text, town.clone())) {
        return None;
    }
    // A quarter of the town may stand between them.
    (1..parts.len().min(5)).find_map(|at| {
        let street = street::before_post_code(text, parts.get(at..)?)?;
        let named = !street::streets(cut(text, street.clone())).is_empty();
        named.then(|| (street, town.clone()))
    })
}

/// All of a line before its town, where a street has no form of its own.
fn line_and_town(
    text: &str,
    breaks: &[usize],
    parts: &[Part],
) -> Option<(Range<usize>, Range<usize>)> {
    let (town, rest) = parts.split_first()?;
    let before = breaks.partition_point(|at| *at <= town.start);
    let line = before.checked_sub(1).map_or(0, |last| breaks[last]);
    let rest = rest.iter().take_while(|part| part.start >= line);
    let (first, last) = (rest.clone().last()?, rest.clone().next()?);
    let street = first.start..last.end;
    let said = cut(text, street.clone());
    let has_number = said.contains(|c: char| c.is_ascii_digit());
    (is_city(cut(text, town.clone())) && has_number && !names_form(said))
        .then(|| (street, town.clone()))
}

fn is_city(part: &str) -> bool {
    let words: Vec<&str> = part.split(' ').collect();
    words.len() <= 4
        && part.chars().count() <= 40
        && part.chars().next().is_some_and(char::is_uppercase)
        && !part
            .chars()
            .any(|c| c.is_ascii_digit() || "@:?!|()".contains(c))
        && words.iter().all(|word| {
            word.chars().next().is_some_and(|c| !c.is_lowercase())
                || matches!(
                    *word,
                    "of" | "the"
                        | "de"
                        | "la"
                        | "le"
                        | "on"
                        | "upon"
                        | "in"
                        | "and"
                        | "du"
                        | "el"
                        | "under"
                )
        })
        && !(words.len() == 1 && STREET_END.is_match(part))
}

/// The bytes of a group.
fn group(captures: &regex::Captures<'_>, name: &str) -> Range<usize> {
    captures.name(name).map_or(0..0, |found| found.range())
}

fn before_region(
    text: &str,
    breaks: &[usize],
    captures: &regex::Captures<'_>,
    format: &'static Format,
) -> Option<Postal> {
    let region = group(captures, "region");
    let postal_code = group(captures, "code");
    let country = format.code;
    let parts = parts_before(text, breaks, region.start);
    let found = match format.house_numbers {
        HouseNumbers::First => street_and_city(text, &parts),
        HouseNumbers::Last => street_and_town(text, &parts),
        HouseNumbers::Anywhere => line_and_town(text, breaks, &parts),
    };
    let (street, city) = match found {
        Some((street, city)) => (Some(street), city),
        None => (None, town_alone(text, breaks, &parts, country)?),
    };
    let start = street.as_ref().map_or(city.start, |street| street.start);
    Some(Postal {
        whole: start..postal_code.end,
        street,
        city,
        postal_code,
        country: Some(country),
    })
}

/// The town of an address that has no street: alone on its line.
fn town_alone(text: &str, breaks: &[usize], parts: &[Part], country: &str) -> Option<Part> {
    let town = parts.first()?;
    let line = breaks.get(..breaks.partition_point(|at| *at <= town.start))?;
    let begins = line.last().map_or(0, |end| *end);
    let alone = cut(text, begins..town.start).trim().is_empty();
    (country == "US" && alone && is_city(cut(text, town.clone()))).then(|| town.clone())
}

fn before_code(
    text: &str,
    breaks: &[usize],
    captures: &regex::Captures<'_>,
    country: &'static str,
) -> Option<Postal> {
    let postal_code = group(captures, "code");
    let parts = parts_before(text, breaks, postal_code.start);
    let mut rest = parts.as_slice();
    while let Some(first) = rest.first() {
        let piece = cut(text, first.clone());
        if country::is_county(piece) || country::code(piece) == Some(country) {
            rest = &rest[1..];
        } else {
            break;
        }
    }
    let mut nearest = rest.first()?.clone();
    if country == "IE" {
        let near = cut(text, nearest.clone());
        let town = near.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
        nearest.end = nearest.start + town.len();
    }
    let near = cut(text, nearest.clone());
    let (street_end, city, at) = if is_city(near) {
        (rest.get(1)?.end, nearest, 1)
    } else {
        let end = STREET_END.find_iter(near).last()?.end();
        let end = cut(near, ..end).trim_end_matches([' ', ',']).len();
        let city = trimmed(text, nearest.start + end..nearest.end)?;
        let city_text = cut(text, city.clone());
        if !is_city(city_text) {
            return None;
        }
        (nearest.start + end, city, 0)
    };
    let mut start = None;
    let mut skipped = 0;
    for part in rest[at..].iter().take(4) {
        let piece = cut(text, part.clone());
        // Another sentence, or the number of a register.
        let register = piece
            .split(|c: char| !c.is_ascii_digit())
            .any(|digits| digits.len() > 5);
        if piece.len() > 60 || register || start.is_some() && piece.ends_with('.') {
            break;
        }
        if !BRITISH_PART.is_match(piece) {
            // A district between street and city: `80 Hill Street, Southside, Bath`.
            if start.is_none() && is_city(piece) && at + skipped < rest.len() {
                skipped += 1;
                if skipped == 1 {
                    continue;
                }
            }
            break;
        }
        // `Registered office: 12 High Street` begins behind the label, and so does what an office is at.
        let label = piece.rfind(": ").map(|colon| colon + 2);
        if let Some(label) = label.or_else(|| Some(AT.find_iter(piece).last()?.end())) {
            start = Some(part.start + label);
            break;
        }
        let number = house_number(piece).map(|(number, _)| number);
        match number {
            Some(number) if number > 0 && !is_unit(piece) => {
                start = Some(part.start + number);
                break;
            }
            _ => start = Some(part.start),
        }
    }
    let start = start.filter(|start| *start < street_end)?;
    if !BRITISH_PART.is_match(cut(text, start..street_end)) {
        return None;
    }
    Some(Postal {
        whole: start..postal_code.end,
        street: Some(start..street_end),
        city,
        postal_code,
        country: Some(country),
    })
}

/// Where something is, in a sentence.
static AT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:office|offices|address|headquarters|hq|us|located|based|situated)(?: is| are)? at ",
    )
});

fn japanese(captures: &regex::Captures<'_>) -> Option<Postal> {
    let street = group(captures, "street");
    let postal_code = group(captures, "code");
    Some(Postal {
        whole: captures.get(0)?.start()..street.end,
        street: Some(street),
        city: group(captures, "district"),
        postal_code,
        country: Some("JP"),
    })
}

fn continental(
    text: &str,
    breaks: &[usize],
    clues: Clues<'_>,
    captures: &regex::Captures<'_>,
) -> Option<Postal> {
    let code = group(captures, "code");
    let town = group(captures, "city");
    let said = cut(text, code.clone());
    let prefix = captures.name("prefix");
    let prefix_country = prefix.and_then(|prefix| {
        let known = country::with_post_code(said);
        known
            .into_iter()
            .find(|format| format.prefixes.contains(&prefix.as_str()))
    });
    let before = prefix
        .filter(|_| prefix_country.is_some())
        .map_or(code.start, |prefix| prefix.start());
    let parts = parts_before(text, breaks, before);
    let street = street::before_post_code(text, &parts)?;
    let streets = street::streets(cut(text, street.clone()));
    let line_end = breaks.get(breaks.partition_point(|at| *at <= town.start));
    let line_end = line_end.map_or(text.len(), |end| *end);
    let spoken = clues.language.and_then(Language::of);
    let several = |language: &Language| language.words.towns.several_words;
    let long = match streets.first() {
        Some(_) => streets.iter().any(|language| several(language)),
        None => spoken.is_none_or(several),
    };
    let city = town.start..town_end(text, town, line_end, long);
    let after = country_after(text, city.end);
    // `Ciudad de México`.
    let of_town = || country::code(cut(text, city.clone()).rsplit(' ').next()?);
    let named = after
        .map(|(code, _)| code)
        .or_else(|| Some(prefix_country?.code))
        .or_else(of_town);
    if names_form(cut(text, city.clone())) {
        return None;
    }
    // Four digits may be a year, and with two letters the beginning of a sentence.
    let digits: String = said.chars().take_while(char::is_ascii_digit).collect();
    let year = digits.len() == 4 && matches!(digits.get(..2), Some("19" | "20"));
    let shaped = said.len() > 5;
    let at_home = country::with_post_code(said).any(|format| clues.speak_for(format));
    // A year's digits are a code where the page speaks the language of the country that stands behind the town.
    let named_at_home = after.is_some_and(|(code, _)| {
        let mut formats = country::with_post_code(said);
        formats.any(|format| format.code == code && clues.speak_for(format))
    });
    let home = prefix_country.is_some()
        || named_at_home
        || !year && (named.is_some() || shaped || at_home);
    if streets.is_empty() && !home {
        return None;
    }
    Some(Postal {
        whole: street.start..after.map_or(city.end, |(_, end)| end),
        country: named.or_else(|| country_by_form(said, &streets, clues)),
        street: Some(street),
        city,
        postal_code: code,
    })
}

/// The country that a post code, the words of the street and the page make the only one.
pub(crate) fn country_by_form(
    code: &str,
    streets: &[&Language],
    clues: Clues<'_>,
) -> Option<&'static str> {
    let of_page = |language: &&&Language| clues.language == Some(language.words.code);
    let of_page: Vec<&Language> = streets.iter().filter(of_page).copied().collect();
    let streets = match of_page.is_empty() {
        true => streets,
        false => &of_page,
    };
    let spoken = |format: &&Format| {
        let languages = || streets.iter().map(|language| language.words.code);
        streets.is_empty() || languages().any(|language| format.languages.contains(&language))
    };
    let likely: Vec<&Format> = country::with_post_code(code).filter(spoken).collect();
    let only = |some: Vec<&&'static Format>| match some.as_slice() {
        [format] => Some(format.code),
        _ => None,
    };
    if let Some(top) = clues.top_level_domain {
        let at = |format: &&&'static Format| format.top_level_domain() == top;
        if let Some(code) = only(likely.iter().filter(at).collect()) {
            return Some(code);
        }
        // A page from another country speaks for none of these.
        if clues.names_country() {
            return None;
        }
    }
    let homes = streets.iter().map(|language| language.words.streets.home);
    let homes: Vec<_> = homes
        .filter(|home| likely.iter().any(|format| format.code == *home))
        .collect();
    if let [home] = homes.as_slice() {
        return Some(home);
    }
    let language = |format: &&&'static Format| {
        clues
            .language
            .is_some_and(|language| format.languages.contains(&language))
    };
    only(likely.iter().filter(language).collect()).or_else(|| only(likely.iter().collect()))
}

/// Where a town's name ends: its words stand on one line, and a country or a label is none of them.
fn town_end(text: &str, first: Range<usize>, line_end: usize, long: bool) -> usize {
    let mut end = first.end.min(line_end);
    let mut joined = begins_town(cut(text, first.start..end));
    let mut at = end;
    for _ in 0..6 {
        if !joined && country_after(text, at).is_some() {
            break;
        }
        let rest = cut(text, at..line_end);
        let Some(next) = rest.strip_prefix(' ').or_else(|| rest.strip_prefix('/')) else {
            break;
        };
        if LABEL.is_match(next) {
            break;
        }
        let length = next
            .find([' ', ',', ';', '/', '|', '(', ')'])
            .unwrap_or(next.len());
        let word = cut(next, ..length);
        let bare = word.trim_end_matches(['.', ':']);
        at = line_end - next.len() + length;
        if joins_town(word) {
            joined = true;
            continue;
        }
        // `Aarhus C`: a part of a Danish town.
        let district =
            (1..=2).contains(&bare.len()) && bare.chars().all(|c| c.is_ascii_uppercase());
        let name = bare.chars().next().is_some_and(char::is_uppercase)
            && bare
                .chars()
                .all(|c| c.is_alphabetic() || ".'’-".contains(c));
        // `Milano MI`: the province.
        if long && district {
            break;
        }
        if !name || word.ends_with(':') || !(joined || long || district && rest.starts_with(' ')) {
            break;
        }
        end = at;
        joined = false;
        if word.ends_with('.') && bare.len() > 2 {
            break;
        }
    }
    // `Frankfurt (Oder)`; but where towns have long names, as in Spain and Italy, the province stands in brackets.
    let rest = cut(text, end..line_end);
    if let Some((inside, _)) = Some(rest)
        .filter(|_| !long)
        .and_then(|rest| rest.strip_prefix(" ("))
        .and_then(|rest| rest.split_once(')'))
    {
        let name = (3..=20).contains(&inside.len())
            && inside
                .chars()
                .all(|c| c.is_alphabetic() || " ./-".contains(c));
        if name && country::code(inside).is_none() {
            return end + inside.len() + 3;
        }
    }
    let town = cut(text, first.start..end);
    first.start + town.trim_end_matches(['.', ',', '-', '’']).len()
}

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:tel|telefon|telephone|phone|fon|fax|mail|e-mail|email|mobil|ust|vat|kvk|btw|siret|rcs|p\.? ?iva|partita iva|nif|cif|nip|cvr|org|mva|i[čc]o?|di[čc]|hrb|web|www|kontakt|contact|copyright|cedex)\b",
    )
});

/// A country name right behind the city.
fn country_after(text: &str, from: usize) -> Option<(&'static str, usize)> {
    let rest = cut(text, from..);
    let skipped = rest.len()
        - rest
            .trim_start_matches([' ', ',', '(', '-', '–', '/', '|', '•'])
            .len();
    if skipped == 0 || skipped > 4 {
        return None;
    }
    let start = from + skipped;
    let mut end = start;
    let mut best = None;
    for word in cut(text, start..).split(' ').take(4) {
        end += word.len();
        let name = cut(text, start..end).trim_end_matches([',', '.', ')', ';']);
        if name.chars().next().is_some_and(char::is_uppercase) || name.starts_with("the ") {
            if let Some(code) = country::code(name) {
                best = Some((code, start + name.len()));
            }
        }
        end += 1;
        if end > text.len() {
            break;
        }
    }
    best
}

/// The country that a region and a code make unmistakable.
pub(crate) fn country_of(region: &str, code: &str) -> Option<&'static str> {
    let zip = code.len() >= 5 && code.bytes().take(5).all(|b| b.is_ascii_digit());
    (zip && country::is_region("US", region.trim())).then_some("US")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines are joined as the page text joins them; the parts are shown with `|` between.
    #[track_caller]
    fn check(lines: &str, expect: &str) {
        let text = lines.replace('\n', " ");
        let breaks: Vec<usize> = lines.match_indices('\n').map(|(at, _)| at).collect();
        let shown: Vec<String> = find(&text, &breaks, Clues::default(), &Effort::for_page())
            .into_iter()
            .map(|postal| {
                format!(
                    "{}|{}|{}|{}",
                    postal.street.map_or("-", |street| &text[street]),
                    &text[postal.postal_code],
                    &text[postal.city],
                    postal.country.unwrap_or("-")
                )
            })
            .collect();
        assert_eq!(shown.join(" + "), expect, "{lines}");
    }

    #[test]
    fn american_addresses() {
        check(
            "Acorn Inc.\n12 Elm Street\nSpringfield, IL 62701",
            "12 Elm Street|62701|Springfield|US",
        );
        check(
            "12 Elm St., Suite 4B, New Haven, CT 06510-1234",
            "12 Elm St., Suite 4B|06510-1234|New Haven|US",
        );
        check(
            "Visit us: 4410 N 3rd Ave Ste 9 Queen City, AZ 85142",
            "4410 N 3rd Ave Ste 9|85142|Queen City|US",
        );
        check(
            "Call 800-555-0199 or write to 9 Oak Blvd, Reno, Nevada 89501.",
            "9 Oak Blvd|89501|Reno|US",
        );
        check("In 2019 CA 90210 was a show", "");
        check(
            "Toronto: 55 King Street West, Toronto, ON M5H 1A1",
            "55 King Street West|M5H 1A1|Toronto|CA",
        );
    }

    #[test]
    fn british_addresses() {
        check(
            "Unit 4, Mill Park, Station Road, Leeds, West Yorkshire LS1 4AB",
            "Unit 4, Mill Park, Station Road|LS1 4AB|Leeds|GB",
        );
        check(
            "Registered office: 12 High Street London EC1A 1BB",
            "12 High Street|EC1A 1BB|London|GB",
        );
        check(
            "Acorn Ltd\n2nd Floor, 80-90 Hill Street\nBath\nBA1 1AA",
            "2nd Floor, 80-90 Hill Street|BA1 1AA|Bath|GB",
        );
        check(
            "80–90 Hill Street, Southside, Bath, BA1 1AA",
            "80–90 Hill Street, Southside|BA1 1AA|Bath|GB",
        );
        check(
            "Company number 08812345. Unit 2, Hill House, Bath BA1 1AA",
            "Unit 2, Hill House|BA1 1AA|Bath|GB",
        );
        check(
            "Acorn, No. 11223344.\nUnit 2, Hill House, Bath BA1 1AA",
            "Unit 2, Hill House|BA1 1AA|Bath|GB",
        );
        check("York: 7 Mill Square / Elm / YO1 7AA\nLondon: 8 - 9 Ash Street / Northside / London / N1 4NE", "7 Mill Square|YO1 7AA|Elm|GB + 8 - 9 Ash Street / Northside|N1 4NE|London|GB");
        check(
            "16 Mill Square, The Moors, YO1 7HS.\n90 Ash Street, London, N1 4NE.",
            "16 Mill Square|YO1 7HS|The Moors|GB + 90 Ash Street|N1 4NE|London|GB",
        );
        check("company number 08812345, VAT GB 123 4567 89", "");
    }

    #[test]
    fn streets_of_each_language_are_read_with_their_numbers() {
        for (address, expect) in [
            (
                "Müllerstr. 12-14, 24103 Kiel",
                "Müllerstr. 12-14|24103|Kiel|DE",
            ),
            ("Kieler Str. 3b, 24103 Kiel", "Kieler Str. 3b|24103|Kiel|DE"),
            (
                "Lindenhof Weg 3, 24103 Kiel",
                "Lindenhof Weg 3|24103|Kiel|DE",
            ),
            (
                "Sie finden uns in der Gartenstraße 5, 24103 Kiel",
                "Gartenstraße 5|24103|Kiel|DE",
            ),
            (
                "Birkenweg 4 (Hof, 2. Tor)\n24103 Kiel",
                "Birkenweg 4 (Hof, 2. Tor)|24103|Kiel|DE",
            ),
            (
                "Birkenweg 4\n24103 Kiel Postfach",
                "Birkenweg 4|24103|Kiel|DE",
            ),
            (
                "Am Hang 4, 61348 Bad Homburg",
                "Am Hang 4|61348|Bad Homburg|DE",
            ),
            (
                "Ringstr. 4, 15230 Frankfurt (Oder)",
                "Ringstr. 4|15230|Frankfurt (Oder)|DE",
            ),
            ("14 av. Hoche\n75008 Paris", "14 av. Hoche|75008|Paris|FR"),
            (
                "3 bd. Victor, 59000 Lille Cedex 9",
                "3 bd. Victor|59000|Lille|FR",
            ),
            (
                "Via Garibaldi, 12\n35100 Padova (PD)",
                "Via Garibaldi, 12|35100|Padova|IT",
            ),
            (
                "Calle Luna, 3\n28013 Madrid, Spain",
                "Calle Luna, 3|28013|Madrid|ES",
            ),
            (
                "Rua da Prata 8, 1100-420 Lisboa",
                "Rua da Prata 8|1100-420|Lisboa|PT",
            ),
            (
                "ul. Krótka 8/3, 31-042 Kraków",
                "ul. Krótka 8/3|31-042|Kraków|PL",
            ),
            (
                "Drottninggatan 8\n111 51 Stockholm",
                "Drottninggatan 8|111 51|Stockholm|SE",
            ),
            (
                "Vestergade 8, 8000 Aarhus C",
                "Vestergade 8|8000|Aarhus C|DK",
            ),
            ("Storgata 8, 5003 Bergen", "Storgata 8|5003|Bergen|NO"),
            ("Kerkstraat 8, 9000 Gent", "Kerkstraat 8|9000|Gent|BE"),
            (
                "Kerkstraat 8\n1017 GC Amsterdam",
                "Kerkstraat 8|1017 GC|Amsterdam|NL",
            ),
            (
                "náměstí Míru 8, 602 00 Brno",
                "náměstí Míru 8|602 00|Brno|CZ",
            ),
            (
                "12 Main Street, Dublin 2, D02 X285",
                "12 Main Street|D02 X285|Dublin|IE",
            ),
            ("9 Hay Street, Perth WA 6000", "9 Hay Street|6000|Perth|AU"),
            (
                "9 rue Sherbrooke, Montréal (Québec) H3A 1B9",
                "9 rue Sherbrooke|H3A 1B9|Montréal|CA",
            ),
        ] {
            check(address, expect);
        }
    }

    #[test]
    fn a_street_is_read_whole_or_not_at_all() {
        for (address, expect) in [
            (
                "Hinterm Deich 7\n26603 Aurich",
                "Hinterm Deich 7|26603|Aurich|DE",
            ),
            (
                "Via delle Ginestre 8\n01100 Viterbo (VT)",
                "Via delle Ginestre 8|01100|Viterbo|IT",
            ),
            (
                "Calle 5 Poniente 41\n72000 Puebla, México",
                "Calle 5 Poniente 41|72000|Puebla|MX",
            ),
            (
                "Plein 1945 nr. 8, 1251 MA Laren",
                "Plein 1945 nr. 8|1251 MA|Laren|NL",
            ),
            ("Z.I. Sud, strada 18, 07100 Sassari", ""),
            ("unsere Filiale bei Moos Elm 5, 2019 Kiel", ""),
        ] {
            check(address, expect);
        }
    }

    #[test]
    fn numbers_are_signed_ranged_left_out_and_followed_by_units() {
        for (address, expect) in [
            (
                "Calle Luna nº 45, 3ª planta, 28001 Madrid",
                "Calle Luna nº 45, 3ª planta|28001|Madrid|ES",
            ),
            (
                "Avda. del Sol s/n, 18001 Granada, España",
                "Avda. del Sol s/n|18001|Granada|ES",
            ),
            (
                "Carretera de Elche, km 12,5\n03008 Alicante",
                "Carretera de Elche, km 12,5|03008|Alicante|ES",
            ),
            (
                "Polígono Industrial Las Eras, nave 12\n41500 Utrera, España",
                "Polígono Industrial Las Eras, nave 12|41500|Utrera|ES",
            ),
            (
                "Avenida da Paz, n.º 110, 2.º Esq.\n4050-262 Porto",
                "Avenida da Paz, n.º 110, 2.º Esq.|4050-262|Porto|PT",
            ),
            (
                "Via Roma, 7/A, 20121 Milano MI, Italia",
                "Via Roma, 7/A|20121|Milano|IT",
            ),
            (
                "Loc. Pian dei Lecci snc, 53041 Asciano (SI)",
                "Loc. Pian dei Lecci snc|53041|Asciano|IT",
            ),
            (
                "12 bis, rue du Moulin\n75011 Paris",
                "12 bis, rue du Moulin|75011|Paris|FR",
            ),
            (
                "3 Grande Rue, 25000 Besançon",
                "3 Grande Rue|25000|Besançon|FR",
            ),
            (
                "5 place du Marché, BP 40012, 59000 Lille Cedex",
                "5 place du Marché, BP 40012|59000|Lille|FR",
            ),
            (
                "Lieu-dit Le Chêne, 24200 Sarlat-la-Canéda, France",
                "Lieu-dit Le Chêne|24200|Sarlat-la-Canéda|FR",
            ),
            (
                "Keizersgracht 12-B, 1015 CJ Amsterdam",
                "Keizersgracht 12-B|1015 CJ|Amsterdam|NL",
            ),
            (
                "Kerkstraat 14 bus 3\n9000 Gent",
                "Kerkstraat 14 bus 3|9000|Gent|BE",
            ),
            (
                "Level 3, 12 Elm Street, Melbourne VIC 3000",
                "Level 3, 12 Elm Street|3000|Melbourne|AU",
            ),
            // A box is no street.
            ("Postbus 123, 3500 AC Utrecht", ""),
            ("Postfach 10 20 30, 70015 Stuttgart", ""),
        ] {
            check(address, expect);
        }
    }

    #[test]
    fn regions_stand_between_town_and_code_where_they_are_written() {
        for (address, expect) in [
            (
                "Rua das Acácias, 300 - Centro\nCuritiba - PR, 80020-000",
                "Rua das Acácias, 300|80020-000|Curitiba|BR",
            ),
            (
                "Rua Bela 12, sala 3, Centro, Curitiba/PR - CEP 80020-000",
                "Rua Bela 12, sala 3|80020-000|Curitiba|BR",
            ),
            (
                "Rua Bela, 12\n60165-080 Fortaleza – CE\nBrasil",
                "Rua Bela, 12|60165-080|Fortaleza|BR",
            ),
            (
                "Office - 9, Elm Arcade, Aundh, Pune, Maharashtra 411007",
                "Office - 9, Elm Arcade, Aundh|411007|Pune|IN",
            ),
            (
                "Main Street, Adare, Co. Limerick, V94 X2Y3",
                "Main Street|V94 X2Y3|Adare|IE",
            ),
        ] {
            check(address, expect);
        }
    }

    #[test]
    fn dates_and_copyright_lines_are_no_addresses() {
        for text in [
            "July 4, 2021\nBy Ada Sweden",
            "May 12, 2023\nContact US",
            "NOVEMBER 9 2023 IT How clouds work",
            "Copyright 1998 - 2025 AB Verlag GmbH",
            "Im Jahr 2023 10000 Kunden",
            "Seite 12, 2019 Bericht",
            "Tel. 0221 4567 50667 Köln",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn continental_addresses() {
        check(
            "Muster GmbH\nHauptstraße 12a\n10115 Berlin",
            "Hauptstraße 12a|10115|Berlin|DE",
        );
        check(
            "Muster GmbH, Am Markt 3, D-55116 Mainz Telefon 06131",
            "Am Markt 3|55116|Mainz|DE",
        );
        check(
            "Bahnhofstrasse 5, 8001 Zürich, Schweiz",
            "Bahnhofstrasse 5|8001|Zürich|CH",
        );
        check(
            "Mariahilfer Straße 8\nA-1070 Wien",
            "Mariahilfer Straße 8|1070|Wien|AT",
        );
        check(
            "12, rue des Lilas, 75011 Paris",
            "12, rue des Lilas|75011|Paris|FR",
        );
        check(
            "Oude Gracht 48, 3511 AB Utrecht, The Netherlands",
            "Oude Gracht 48|3511 AB|Utrecht|NL",
        );
        check(
            "Polna 16, 80-123 Gdynia, Poland",
            "Polna 16|80-123|Gdynia|PL",
        );
        check(
            "Calle del Pozo, 6\n10600 Plasencia (Cáceres)",
            "Calle del Pozo, 6|10600|Plasencia|ES",
        );
        check(
            "Via del Pozzo 6, 28100 Novara (Piemonte)",
            "Via del Pozzo 6|28100|Novara|IT",
        );
        check(
            "Lindenstraße 6, 15230 Frankfurt (Oder)",
            "Lindenstraße 6|15230|Frankfurt (Oder)|DE",
        );
        check("Section 12, 2019 Annual Report", "");
        check("Wir haben 12 Filialen, 10000 Kunden", "");
    }
}
