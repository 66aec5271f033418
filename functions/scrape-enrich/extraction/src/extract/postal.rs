//! Postal addresses in running text: finds them and takes them apart. Whose they are is for [`super::address`].
//!
//! Every form starts from something hard to mistake (a US state with a ZIP code, a British or Dutch postcode, a postal
//! code between a street and a city) and walks from there over commas and line ends.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::country;
use super::pattern::pattern;
use crate::effort::Effort;
use crate::slice::{cut, tail};

/// An address with the bytes of the text that its parts stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Postal {
    pub(crate) whole: Range<usize>,
    pub(crate) street: Range<usize>,
    pub(crate) postal_code: Range<usize>,
    pub(crate) city: Range<usize>,
    pub(crate) country: Option<&'static str>,
}

/// All addresses of a text. `breaks` are the bytes where a line ends, ascending.
pub(crate) fn find(text: &str, breaks: &[usize], effort: &Effort) -> Vec<Postal> {
    let mut found: Vec<Postal> = Vec::new();
    for (anchor, read) in [
        (&*US, american as Reading),
        (&*CANADA, canadian),
        (&*AUSTRALIA, australian),
        (&*BRITAIN, british),
        (&*CODE_CITY, continental),
    ] {
        if !effort.spend(text.len(), BYTE) {
            break;
        }
        for captures in anchor.captures_iter(text) {
            if found.len() >= MOST || !effort.spend(1, ANCHOR) {
                break;
            }
            let postal = read(text, breaks, &captures).filter(|postal| {
                postal.street.len() <= 120 && postal.city.len() <= 40 && !postal.city.is_empty()
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

type Reading = fn(&str, &[usize], &regex::Captures<'_>) -> Option<Postal>;

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
        r"\b(?P<region>ON|BC|QC|AB|MB|SK|NS|NB|NL|PE|Ontario|British Columbia|Quebec|Québec|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick)\.?(?: ?,)? ?(?P<code>[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)\b",
    )
});

static AUSTRALIA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<region>NSW|VIC|QLD|ACT|TAS|New South Wales|Victoria|Queensland|Tasmania|South Australia|Western Australia)(?: ?,)? ?(?P<code>\d{4})\b",
    )
});

/// <https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom#Formatting>
static BRITAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<code>(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKSTUW]|[A-PR-UWYZ][A-HK-Y]\d[A-Z]) ?\d[ABD-HJLNP-UW-Z]{2})\b",
    )
});

/// A code before the city: Germany, Austria, Switzerland, France, the Netherlands, Poland and others.
static CODE_CITY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[\s,(])(?:(?P<prefix>D|DE|A|AT|CH|F|FR|B|BE|L|LU|NL|PL|DK|SE|S|I|IT|E|ES)[-–— ])?(?P<code>\d{4} ?[A-Z]{2}|\d{5}|\d{4}|\d{2}-\d{3}|\d{3} \d{2})[ ,]{1,2}(?P<city>(?:’s-|'s-)?\p{Lu}[\p{L}.’'-]+(?:[ /-](?:am|an|auf|bei|der|dem|den|de|la|le|les|lès|sur|sous|en|im|in|ob|vor|aan|op|Bad|St\.?|a\.|d\.|i\.)){0,3}(?:[ /-]\p{Lu}[\p{L}.’'-]+){0,3}(?: \((?:\p{L}|[ ./-]){2,20}\))?)",
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
        r"(?i)^(?:(?:suite|ste|unit|apt|apartment|room|rm|floor|fl|building|bldg|level|office|no|lot|p\.?o\.? box|box|stock|etage)\b|#|\d{1,3}(?:st|nd|rd|th) (?:floor|fl)\b|\d+(?:\.|er|e|ème)? (?:og|stock|étage|etage)\b)",
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

/// Streets of the continent: a word or an ending that says so.
static STREET_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|markt|graben|steig|straat|laan|plein|gracht|kade|dijk|singel|dreef|baan|boulevard|park)\b\.?|\b(?:rue|avenue|av\.|boulevard|bd\.?|place|chemin|quai|allée|allées|impasse|route|cours|square|am|an der|auf der|im|zum|zur|via|viale|piazza|calle|ulica|ul\.|al\.|oude|nieuwe)\b",
    )
});

static NUMBER_LAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<street>\p{Lu}[\p{L}\d.’'/ -]{2,60}?[ .]\d{1,4} ?[a-zA-Z]?(?: ?[-–/+] ?\d{1,4} ?[a-zA-Z]?)?)$",
    )
});

/// A part between separators, trimmed, with its bytes in the whole text.
type Part = Range<usize>;

/// The parts before `end`, nearest first: cut at commas and line ends, six parts and 160 bytes back at most.
fn parts_before(text: &str, breaks: &[usize], end: usize) -> Vec<Part> {
    let window = tail(cut(text, ..end), 160);
    let from = end - window.len();
    let first = breaks.partition_point(|at| *at < from);
    let line_ends = breaks.iter().skip(first).take_while(|at| **at < end);
    let mut cuts: Vec<(usize, usize)> = window
        .char_indices()
        .filter(|(_, c)| matches!(c, ',' | '|' | '•' | '·' | ';'))
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
static SENTENCE_END: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\d{5,}|\b\p{Ll}{6,}|\b(?:Ltd|GmbH|Inc|Limited))(?P<stop>\.) "));

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = cut(text, range.clone());
    let start = range.start + (part.len() - part.trim_start_matches([' ', '-', '–', ':']).len());
    let end = range.end - (part.len() - part.trim_end_matches([' ', '-', '–']).len());
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
    if !is_city(near) {
        return None;
    }
    let mut end = None;
    for part in parts.iter().skip(1).take(4) {
        let piece = cut(text, part.clone());
        let end = *end.get_or_insert(part.end);
        if UNIT.is_match(piece) && !STREET_END.is_match(piece) {
            continue;
        }
        if let Some((at, _)) = house_number(piece) {
            return Some((part.start + at..end, nearest));
        }
        return None;
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
                "suite", "ste", "ste.", "unit", "floor", "room", "#", "box", "-", "+", ")",
                "building", "bldg",
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
    let (street, city) = street_and_city(text, &parts)?;
    Some(Postal {
        whole: street.start..postal_code.end,
        street,
        city,
        postal_code,
        country: Some(country),
    })
}

fn american(text: &str, breaks: &[usize], captures: &regex::Captures<'_>) -> Option<Postal> {
    before_region(text, breaks, captures, "US")
}

fn canadian(text: &str, breaks: &[usize], captures: &regex::Captures<'_>) -> Option<Postal> {
    before_region(text, breaks, captures, "CA")
}

fn australian(text: &str, breaks: &[usize], captures: &regex::Captures<'_>) -> Option<Postal> {
    before_region(text, breaks, captures, "AU")
}

fn british(text: &str, breaks: &[usize], captures: &regex::Captures<'_>) -> Option<Postal> {
    let postal_code = group(captures, "code");
    let parts = parts_before(text, breaks, postal_code.start);
    let mut rest = parts.as_slice();
    while let Some(first) = rest.first() {
        let piece = cut(text, first.clone());
        if COUNTY.is_match(piece) || country::code(piece) == Some("GB") {
            rest = &rest[1..];
        } else {
            break;
        }
    }
    let nearest = rest.first()?.clone();
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
        // `Registered office: 12 High Street` begins behind the label.
        if let Some(colon) = piece.rfind(": ") {
            start = Some(part.start + colon + 2);
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
        street: start..street_end,
        city,
        postal_code,
        country: Some("GB"),
    })
}

fn continental(text: &str, breaks: &[usize], captures: &regex::Captures<'_>) -> Option<Postal> {
    let code = group(captures, "code");
    let prefix = captures.name("prefix");
    let mut city = group(captures, "city");
    // A city does not run over the end of its line, nor into the next label or country.
    if let Some(end) = breaks.get(breaks.partition_point(|at| *at < code.end)) {
        if *end <= city.start {
            let next = breaks.get(breaks.partition_point(|at| *at <= city.start));
            city.end = city.end.min(next.copied().unwrap_or(city.end));
        } else {
            city.end = city.end.min(*end);
        }
    }
    let mut country = None;
    let words: Vec<(usize, &str)> = cut(text, city.clone()).match_indices(' ').collect();
    for (at, _) in words {
        let rest = cut(text, city.start + at + 1..city.end);
        let named = country::code(rest);
        if named.is_some() || LABEL.is_match(rest) {
            country = named;
            city.end = city.start + at;
            break;
        }
    }
    city = trimmed(text, city)?;
    let mut whole_end = city.end;
    if country.is_none() {
        if let Some((code, end)) = country_after(text, city.end) {
            country = Some(code);
            whole_end = end;
        }
    }
    let before = prefix.map_or(code.start, |prefix| prefix.start());
    let parts = parts_before(text, breaks, before);
    let nearest = parts.first()?.clone();
    let near = cut(text, nearest.clone());
    let digits = cut(text, code.clone())
        .chars()
        .filter(char::is_ascii_digit)
        .count();
    let dutch = cut(text, code.clone()).ends_with(|c: char| c.is_ascii_uppercase());
    let street = french_street(text, &parts).or_else(|| {
        let label = near.rfind(": ").map_or(0, |at| at + 2);
        let name = NUMBER_LAST.captures(cut(near, label..))?.name("street")?;
        let mut start = nearest.start + label;
        // A company's name on the same line ends with its legal form.
        if let Some(form) = FORM.find_iter(name.as_str()).last() {
            start += form.end();
        }
        Some(start..nearest.end)
    })?;
    let street_text = cut(text, street.clone());
    let word = STREET_WORD.is_match(street_text);
    let prefix_country = prefix.and_then(|prefix| match prefix.as_str() {
        "D" | "DE" => Some("DE"),
        "A" | "AT" => Some("AT"),
        "CH" => Some("CH"),
        "F" | "FR" => Some("FR"),
        "B" | "BE" => Some("BE"),
        "L" | "LU" => Some("LU"),
        "NL" => Some("NL"),
        "PL" => Some("PL"),
        "DK" => Some("DK"),
        "S" | "SE" => Some("SE"),
        "I" | "IT" => Some("IT"),
        "E" | "ES" => Some("ES"),
        _ => None,
    });
    let country = country.or(prefix_country);
    if !(word || dutch || country.is_some()) {
        return None;
    }
    let lower = street_text.to_lowercase();
    let german = ["straße", "strasse", "str."]
        .iter()
        .any(|end| lower.contains(end));
    let country = country.or(match (dutch, digits) {
        (true, _) => Some("NL"),
        (false, 5) if german => Some("DE"),
        (false, 5) if lower.contains("rue ") => Some("FR"),
        _ => None,
    });
    Some(Postal {
        whole: street.start..whole_end,
        street,
        city,
        postal_code: code,
        country,
    })
}

static FORM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:GmbH(?: & Co\. KG(?:aA)?)?|AG|KG|UG|SE|OHG|e\.V\.|e\.K\.|B\.?V\.?|N\.?V\.?|SARL|SAS|S\.A\.)\s+",
    )
});

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:tel|telefon|telephone|phone|fon|fax|mail|e-mail|email|mobil|ust|vat|kvk|btw|siret|rcs|hrb|web|www|kontakt|contact|copyright|cedex)\b",
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
        let shown: Vec<String> = find(&text, &breaks, &Effort::for_page())
            .into_iter()
            .map(|postal| {
                format!(
                    "{}|{}|{}|{}",
                    &text[postal.street],
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
        check("Section 12, 2019 Annual Report", "");
        check("Wir haben 12 Filialen, 10000 Kunden", "");
    }
}
