//! Postal addresses in running text: finds them and takes them apart. Whose they are is for [`super::address`].
//!
//! Every form starts from something hard to mistake (a US state with a ZIP code, a British or Dutch postcode, a postal
//! code between a street and a city) and walks from there over commas and line ends.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::country::{self, Format, Streets};
use super::pattern::pattern;
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
    for (anchor, read) in [
        (&*US, american as Reading),
        (&*CANADA, canadian),
        (&*AUSTRALIA, australian),
        (&*BRITAIN, british),
        (&*IRELAND, irish),
        (&*CODE_CITY, continental),
        (&*JAPAN, japanese),
    ] {
        if !effort.spend(text.len(), BYTE) {
            break;
        }
        for captures in anchor.captures_iter(text) {
            if found.len() >= MOST || !effort.spend(1, ANCHOR) {
                break;
            }
            let postal = read(text, breaks, clues, &captures).filter(|postal| {
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

type Reading = fn(&str, &[usize], Clues<'_>, &regex::Captures<'_>) -> Option<Postal>;

/// True where a post code and a town stand, whatever is before them.
pub(crate) fn has_town(text: &str) -> bool {
    CODE_CITY.is_match(text) || US.is_match(text)
}

fn overlaps(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

const STATES: &str = "AL|AK|AZ|AR|CA|CO|CT|DE|DC|D\\.C\\.|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming";

static US: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?P<region>{STATES})\.?(?: ?,| ?-)? ?(?P<code>\d{{5}}(?:-\d{{4}})?)\b"
    ))
});

static US_STATE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^(?:{STATES})$")));

static CANADA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<region>ON|BC|QC|AB|MB|SK|NS|NB|NL|PE|Ontario|British Columbia|Quebec|Québec|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick)\.?\)?(?: ?,)? ?(?P<code>[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)\b",
    )
});

static AUSTRALIA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<region>NSW|VIC|QLD|ACT|TAS|SA|WA|NT|New South Wales|Victoria|Queensland|Tasmania|South Australia|Western Australia)(?: ?,)? ?(?P<code>\d{4})\b",
    )
});

/// <https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom#Formatting>
static BRITAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<code>(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKSTUW]|[A-PR-UWYZ][A-HK-Y]\d[A-Z]) ?\d[ABD-HJLNP-UW-Z]{2})\b",
    )
});

/// <https://en.wikipedia.org/wiki/Postal_addresses_in_the_Republic_of_Ireland#Eircode>
static IRELAND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?P<code>(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4})\b"));

/// A code before the city, as on the continent of Europe; whose it may be is told by [`country::with_post_code`].
static CODE_CITY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[\s,(])(?:(?P<prefix>[A-Z]{1,2})(?: ?[-–—] ?| ))?(?P<code>\d{5}|[1-9]\d{3} ?[A-Z]{2}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4})[ ,]{1,2}(?P<city>(?:’s-|'s-|L’|L')?\p{Lu}[\p{L}.’'-]+)",
    )
});

/// The mark of a post code, the code, the prefecture, the city and the rest, without blanks.
static JAPAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"〒 ?(?P<code>\d{3}-\d{4}) ?(?:[\u{4E00}-\u{9FFF}々]{2,3}[都道府県])(?P<city>[\u{4E00}-\u{9FFF}々]{1,6}?[市区町村])(?P<street>[^\s、。]{2,60})",
    )
});

/// Words that end a street in English; with what may follow: a direction and a unit.
static STREET_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|circle|cir|parkway|pkwy|pky|highway|hwy|terrace|ter|square|sq|broadway|trail|trl|loop|plaza|alley|turnpike|tpke|pike|row|yard|crescent|close|gardens|grove|hill|walk|wharf|quay|mews|rise|view|gate|esplanade|freeway|expressway|route \d+)\b\.?(?:,? (?:north|south|east|west|n\.?e\.?|n\.?w\.?|s\.?e\.?|s\.?w\.?|[nsew]\.?)(?:,| |$))?(?:[ ,]*(?:(?:suite|ste|unit|apt|apartment|room|rm|floor|fl|building|bldg|level|office|no|lot|box)\b\.?[ #:-]*[a-z]?-?\d*[a-z]?\d*\b|#[ ]?[\w-]+|\d{1,3}(?:st|nd|rd|th) (?:floor|fl)\b\.?))*",
    )
});

static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:suite|ste|unit|apt|apartment|room|rm|floor|fl|building|bldg|level|office|no|lot|p\.?o\.? box|box|stock|etage|bât(?:iment)?|bât\.|piso|planta|bajo|esc|interno|scala|lok|sal)\b|#|\d{1,2} ?º|\d{1,3}(?:st|nd|rd|th) (?:floor|fl)\b|\d+(?:\.|er|e|ème)? (?:og|stock|étage|etage)\b)",
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
        r"(?i)\d|\b(?:house|park|estate|building|buildings|floor|unit|centre|center|court|yard|mill|mills|works|business|tower|hub|studio|studios|suite|office|offices|chambers|hall|barn|farm|exchange|quarter|dock|campus|street|road|lane|avenue|way|drive|place|square|row|close|crescent|gardens|grove|hill|walk|wharf|quay|mews|terrace|gate|st|rd)\b",
    )
});

const COUNTIES: &str = "avon|bedfordshire|berkshire|buckinghamshire|cambridgeshire|cheshire|cornwall|cumbria|derbyshire|devon|dorset|durham|county durham|east sussex|west sussex|sussex|essex|gloucestershire|greater london|greater manchester|hampshire|hants|herefordshire|hertfordshire|herts|isle of wight|kent|lancashire|leicestershire|lincolnshire|merseyside|middlesex|norfolk|north yorkshire|south yorkshire|west yorkshire|east yorkshire|yorkshire|northamptonshire|northumberland|nottinghamshire|oxfordshire|oxon|rutland|shropshire|somerset|staffordshire|suffolk|surrey|tyne and wear|tyne & wear|warwickshire|west midlands|wiltshire|wilts|worcestershire|bucks|berks|cambs|lancs|notts|staffs|northants|co\\. antrim|county antrim|county down|aberdeenshire|fife|lothian|midlothian|lanarkshire|south glamorgan|gwent|gwynedd|powys|dyfed|clwyd";

static COUNTY: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?i)^(?:{COUNTIES})\\.?$")));

/// A name and the number behind it: `Hauptstr. 5a`, `Mill 12/3`, a remark in brackets after it.
static NUMBER_LAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<name>.*[\p{L}.])[ .]?(?P<number>\d{1,4} ?[a-zA-Z]?(?: ?[-–/+] ?\d{1,4} ?[a-zA-Z]?){0,2})(?: ?\([^()]{1,40}\))?$",
    )
});

/// A house number by itself, as behind a comma.
static NUMBER_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\d{1,4} ?[a-zA-Z]?(?: ?[-–/+] ?\d{1,4} ?[a-zA-Z]?){0,2}(?: ?\([^()]{1,40}\))?$")
});

/// A part between separators, trimmed, with its bytes in the whole text.
type Part = Range<usize>;

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
            !inside && matches!(c, ',' | '|' | '•' | '·' | ';')
        })
        .map(|(at, c)| (from + at, from + at + c.len_utf8()))
        .chain(
            window
                .match_indices(" / ")
                .map(|(at, _)| (from + at, from + at + 3)),
        )
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

/// A stop behind a long number or a long word ends a sentence; behind `St` or `Blvd` it does not.
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\d{5,}|\b\p{Ll}{6,}|\b(?:Ltd|GmbH|Inc|Limited|Corp|LLC|Co))(?P<stop>\.) ")
});

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = cut(text, range.clone());
    let start = range.start + (part.len() - part.trim_start_matches([' ', '-', '–', ':']).len());
    let end = range.end - (part.len() - part.trim_end_matches([' ', '-', '–', '(']).len());
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
    for part in parts.take(4) {
        let piece = cut(text, part.clone());
        let end = *end.get_or_insert(part.end);
        if UNIT.is_match(piece) && !STREET_END.is_match(piece) {
            continue;
        }
        if let Some((at, _)) = house_number(piece) {
            return Some((part.start + at..end, nearest));
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

fn group(captures: &regex::Captures<'_>, name: &str) -> Range<usize> {
    captures.name(name).map_or(0..0, |found| found.range())
}

fn before_region(
    text: &str,
    breaks: &[usize],
    captures: &regex::Captures<'_>,
    country: &'static str,
) -> Option<Postal> {
    let region = group(captures, "region");
    let postal_code = group(captures, "code");
    let parts = parts_before(text, breaks, region.start);
    let (street, city) = match street_and_city(text, &parts) {
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

fn american(
    text: &str,
    breaks: &[usize],
    _: Clues<'_>,
    captures: &regex::Captures<'_>,
) -> Option<Postal> {
    before_region(text, breaks, captures, "US")
}

fn canadian(
    text: &str,
    breaks: &[usize],
    _: Clues<'_>,
    captures: &regex::Captures<'_>,
) -> Option<Postal> {
    before_region(text, breaks, captures, "CA")
}

fn australian(
    text: &str,
    breaks: &[usize],
    _: Clues<'_>,
    captures: &regex::Captures<'_>,
) -> Option<Postal> {
    before_region(text, breaks, captures, "AU")
}

fn british(
    text: &str,
    breaks: &[usize],
    _: Clues<'_>,
    captures: &regex::Captures<'_>,
) -> Option<Postal> {
    before_code(text, breaks, captures, "GB")
}

/// The same order as in Britain; districts of Dublin have numbers.
fn irish(
    text: &str,
    breaks: &[usize],
    _: Clues<'_>,
    captures: &regex::Captures<'_>,
) -> Option<Postal> {
    before_code(text, breaks, captures, "IE")
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
        let county =
            COUNTY.is_match(piece) || piece.starts_with("Co. ") || piece.starts_with("County ");
        if county || country::code(piece) == Some(country) {
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
            Some(number) if number > 0 && !UNIT.is_match(piece) => {
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

fn japanese(_: &str, _: &[usize], _: Clues<'_>, captures: &regex::Captures<'_>) -> Option<Postal> {
    let street = group(captures, "street");
    let postal_code = group(captures, "code");
    Some(Postal {
        whole: captures.get(0)?.start()..street.end,
        street: Some(street),
        city: group(captures, "city"),
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
    let street = continental_street(text, &parts)?;
    let streets = country::streets(cut(text, street.clone()));
    let line_end = breaks.get(breaks.partition_point(|at| *at <= town.start));
    let line_end = line_end.map_or(text.len(), |end| *end);
    let spoken = clues.language.and_then(country::streets_of);
    let long = match streets.first() {
        Some(_) => streets.iter().any(|streets| streets.long_towns),
        None => spoken.is_none_or(|streets| streets.long_towns),
    };
    let city = town.start..town_end(text, town, line_end, long);
    let after = country_after(text, city.end);
    let named = after
        .map(|(code, _)| code)
        .or_else(|| Some(prefix_country?.code));
    if FORM_ANYWHERE.is_match(cut(text, city.clone())) {
        return None;
    }
    // Four digits may be a year, and with two letters the beginning of a sentence.
    let digits: String = said.chars().take_while(char::is_ascii_digit).collect();
    let year = digits.len() == 4 && matches!(digits.get(..2), Some("19" | "20"));
    let shaped = said.len() > 5;
    let at_home = country::with_post_code(said).any(|format| clues.speak_for(format));
    let home = prefix_country.is_some() || !year && (named.is_some() || shaped || at_home);
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
    streets: &[&Streets],
    clues: Clues<'_>,
) -> Option<&'static str> {
    let spoken = |format: &&Format| {
        let languages = || streets.iter().map(|streets| streets.language);
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
    let home = |streets: &&&Streets| likely.iter().any(|format| format.code == streets.home);
    let homes: Vec<_> = streets.iter().filter(home).collect();
    if let [streets] = homes.as_slice() {
        return Some(streets.home);
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
    const BEGINNINGS: [&str; 18] = [
        "bad", "sankt", "st.", "den", "le", "la", "les", "el", "san", "santa", "santo", "saint",
        "sainte", "nový", "nové", "neu", "alt", "markt",
    ];
    const BETWEEN: [&str; 40] = [
        "am", "an", "auf", "bei", "der", "dem", "den", "de", "del", "della", "di", "do", "da",
        "dos", "la", "le", "les", "lès", "sur", "sous", "en", "im", "in", "i", "ob", "vor", "aan",
        "op", "nad", "pod", "el", "y", "a.", "d.", "i.", "a.d.", "a.m.", "z", "sul", "du",
    ];
    let mut end = first.end.min(line_end);
    let mut joined = BEGINNINGS.contains(&cut(text, first.start..end).to_lowercase().as_str());
    let mut at = end;
    for _ in 0..6 {
        if country_after(text, at).is_some() {
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
        if BETWEEN.contains(&word.to_lowercase().as_str()) && !word.starts_with(char::is_uppercase)
        {
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

/// The street right before a post code, with the floor or the courtyard behind it.
fn continental_street(text: &str, parts: &[Part]) -> Option<Range<usize>> {
    let end = parts.first()?.end;
    for (at, part) in parts.iter().enumerate().take(3) {
        let piece = cut(text, part.clone());
        if let Some(street) = french_street(text, parts.get(at..)?) {
            return Some(street.start..end);
        }
        let label = piece.rfind(": ").map_or(0, |at| at + 2);
        if NUMBER_ALONE.is_match(piece) {
            let name = parts.get(at + 1)?;
            let named = cut(text, name.clone());
            let label = named.rfind(": ").map_or(0, |at| at + 2);
            let start = label + street_name(cut(named, label..))?;
            return (!country::streets(cut(named, start..)).is_empty())
                .then_some(name.start + start..end);
        }
        if let Some(captures) = NUMBER_LAST.captures(cut(piece, label..)) {
            let number: String = captures["number"]
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            let year = number.len() == 4 && matches!(number.get(..2), Some("19" | "20"));
            let start = street_name(captures.name("name")?.as_str()).filter(|_| !year);
            if let Some(start) = start {
                return Some(part.start + label + start..end);
            }
        }
        if !UNIT.is_match(piece) {
            return None;
        }
    }
    None
}

/// Where the name of a street begins in what stands before a house number: at the word that says it is one, or at the
/// first of its capitals and what joins them.
fn street_name(before: &str) -> Option<usize> {
    const BETWEEN: [&str; 38] = [
        "der", "den", "dem", "des", "die", "am", "an", "auf", "im", "in", "zum", "zur", "van",
        "von", "de", "du", "del", "della", "dei", "di", "do", "da", "dos", "das", "la", "le",
        "les", "el", "los", "las", "y", "e", "i", "'t", "ter", "ten", "op", "aan",
    ];
    const BARE: [&str; 9] = [
        "straße", "strasse", "str", "weg", "platz", "allee", "ring", "hof", "park",
    ];
    let words: Vec<(usize, &str)> = before
        .split(' ')
        .map(|word| (word.as_ptr() as usize - before.as_ptr() as usize, word))
        .filter(|(_, word)| !word.is_empty())
        .collect();
    let mut start = None;
    for (position, (at, word)) in words.iter().enumerate().rev().take(7) {
        let capital = word
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c == '’');
        let streets = country::streets(word);
        // In most languages a street begins with what it is.
        let begins = position + 1 < words.len() && streets.iter().any(|streets| streets.long_towns);
        let ordinal = word.len() <= 3
            && word.ends_with('.')
            && word.starts_with(|c: char| c.is_ascii_digit());
        if begins {
            return Some(*at);
        }
        let lower = word.to_lowercase();
        let bare = BARE.contains(&lower.trim_end_matches('.'));
        if !(capital || ordinal || bare || BETWEEN.contains(&lower.as_str())) {
            break;
        }
        if capital && !FORM_ANYWHERE.is_match(word) {
            start = Some(*at);
        } else if FORM_ANYWHERE.is_match(word) {
            break;
        }
        // `Hauptstr.` is a street by itself; `Str.` is not, nor is what `Alte` stands before.
        let whole = position + 1 == words.len()
            && !bare
            && streets.iter().any(|streets| !streets.long_towns);
        if whole {
            let previous = position.checked_sub(1).and_then(|before| words.get(before));
            let joined = previous.is_some_and(|(_, word)| {
                let lower = word.to_lowercase();
                lower.ends_with('e') && word.starts_with(char::is_uppercase) && lower.len() <= 7
                    || BETWEEN.contains(&lower.as_str())
                    || lower.ends_with('-')
            });
            if !joined {
                break;
            }
        }
    }
    start
}

/// True where a text has a company's legal form.
pub(crate) fn names_form(text: &str) -> bool {
    FORM_ANYWHERE.is_match(text)
}

static FORM_ANYWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[ .,])(?:GmbH|AG|KG|UG|SE|OHG|mbH|B\.?V\.?|N\.?V\.?|SARL|SAS|SA|S\.A\.|Srl|SRL|S\.?r\.?l\.?|SpA|S\.p\.A\.|Ltd\.?|Limited|Inc\.?|Corp\.?|Corporation|LLC|LLP|PLC|plc|UG|e\.V\.|e\.K\.|AB|AS|A/S|ApS|s\.r\.o\.|a\.s\.|o\.o\.|Lda\.?|SL|S\.L\.)(?:$|[ ,])",
    )
});

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:tel|telefon|telephone|phone|fon|fax|mail|e-mail|email|mobil|ust|vat|kvk|btw|siret|rcs|p\.? ?iva|partita iva|nif|cif|nip|cvr|org|mva|i[čc]o?|di[čc]|hrb|web|www|kontakt|contact|copyright|cedex)\b",
    )
});

/// `12 rue de la Paix` or `12, rue de la Paix`.
fn french_street(text: &str, parts: &[Part]) -> Option<Range<usize>> {
    static FRENCH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[\s:])(?:(?P<number>\d{1,4}(?: ?(?:bis|ter|[a-d]))?),? )?(?P<word>rue|avenue|av\.|boulevard|bd\.?|place|chemin|quai|allée|allées|impasse|route|cours|square) (?:\p{L}|[ .'’-]|\d){2,50}$",
        )
    });
    let nearest = parts.first()?;
    let captures = FRENCH.captures(cut(text, nearest.clone()))?;
    if let Some(number) = captures.name("number") {
        return Some(nearest.start + number.start()..nearest.end);
    }
    let word = captures.name("word")?;
    let before = parts.get(1)?;
    let number = cut(text, before.clone());
    let numbered = number.len() <= 5 && number.starts_with(|c: char| c.is_ascii_digit());
    (word.start() == 0 && numbered).then_some(before.start..nearest.end)
}

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
    (zip && US_STATE.is_match(region.trim())).then_some("US")
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
