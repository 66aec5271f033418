//! Streets with their numbers where a post code stands before the town, in the words of each language.
//!
//! A street is read whole or not at all: what stands between its number and the beginning of its line is its name, or
//! a boundary that says where the name begins. A piece of a name would be a false street.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::languages::{listed, Language, ALL};
use super::names::names_form;
use super::pattern::pattern;
use crate::slice::cut;

/// A part of an address between separators, trimmed, with its bytes in the whole text.
pub(super) type Part = Range<usize>;

/// The words of all languages that streets are made of.
struct Index {
    words: HashMap<&'static str, Vec<&'static Language>>,
    first: HashMap<&'static str, Vec<&'static Language>>,
    endings: Vec<(&'static str, &'static Language)>,
    small: HashSet<&'static str>,
    estates: HashMap<&'static str, Vec<&'static Language>>,
    units: HashSet<&'static str>,
    number_signs: HashSet<&'static str>,
    without_number: HashSet<&'static str>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut words: HashMap<_, Vec<_>> = HashMap::new();
    let mut first: HashMap<_, Vec<_>> = HashMap::new();
    let mut estates: HashMap<_, Vec<_>> = HashMap::new();
    let mut endings = Vec::new();
    for language in &ALL {
        let streets = &language.words.streets;
        for word in listed(streets.words) {
            words.entry(word).or_default().push(language);
        }
        for word in listed(streets.first) {
            first.entry(word).or_default().push(language);
        }
        for word in listed(streets.estates) {
            estates.entry(word).or_default().push(language);
        }
        endings.extend(listed(streets.endings).map(|ending| (ending, language)));
    }
    let all = |list: fn(&Language) -> &'static str| {
        let lists = ALL.iter().map(list);
        lists.flat_map(listed).collect::<HashSet<_>>()
    };
    Index {
        words,
        first,
        endings,
        small: all(|language| language.words.streets.small),
        estates,
        units: all(|language| language.words.streets.units),
        number_signs: all(|language| language.words.streets.number_signs),
        without_number: all(|language| language.words.streets.without_number),
    }
});

/// Bytes of a street's name.
const LONGEST: usize = 120;

/// The languages that have a word of a street in this name.
pub(crate) fn streets(street: &str) -> Vec<&'static Language> {
    let lower = cut(street, ..LONGEST).to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == ',')
        .map(|word| word.trim_matches(['.', '-', '(', ')']))
        .filter(|word| !word.is_empty())
        .collect();
    let first = words.first().and_then(|word| INDEX.first.get(word));
    let estate = words.first().filter(|_| words.len() > 1);
    let estate = estate.and_then(|word| INDEX.estates.get(word));
    let first = first.into_iter().chain(estate).flatten().copied();
    let named = words.iter().filter_map(|word| INDEX.words.get(word));
    let named = named.flatten().copied();
    let ended = INDEX.endings.iter().filter_map(|(ending, language)| {
        let mut words = words.iter();
        words
            .any(|word| word.ends_with(ending))
            .then_some(*language)
    });
    let known: Vec<&str> = first
        .chain(named)
        .chain(ended)
        .map(|language| language.words.code)
        .collect();
    ALL.iter()
        .filter(|language| known.contains(&language.words.code))
        .collect()
}

/// The street right before a post code, with the floor or the courtyard behind it.
pub(super) fn before_post_code(text: &str, parts: &[Part]) -> Option<Range<usize>> {
    let end = parts.first()?.end;
    for (at, part) in parts.iter().enumerate().take(4) {
        let piece = cut(text, part.clone());
        if let Some(street) = number_first(text, parts.get(at..)?) {
            return Some(street.start..end);
        }
        let label = behind_label(piece);
        let named = cut(piece, label..);
        if is_number(named) {
            let name = parts.get(at + 1)?;
            let named = cut(text, name.clone());
            let label = behind_label(named);
            let start = label + name_start(without_sign(cut(named, label..)))?;
            return (!streets(cut(named, start..)).is_empty()).then_some(name.start + start..end);
        }
        if let Some(start) = number_last(named) {
            return Some(part.start + label + start..end);
        }
        if is_estate(named) {
            return Some(part.start + label..end);
        }
        if !is_unit(named) {
            return None;
        }
    }
    None
}

/// An estate or a hamlet with its name.
fn is_estate(piece: &str) -> bool {
    let Some((first, _)) = piece.split_once(' ').filter(|_| piece.len() <= LONGEST) else {
        return false;
    };
    let first = first.to_lowercase();
    piece.starts_with(char::is_uppercase) && INDEX.estates.contains_key(first.trim_end_matches('.'))
}

fn behind_label(piece: &str) -> usize {
    piece.rfind(": ").map_or(0, |at| at + 2)
}

const NUMBER: &str = r"\d{1,4}(?:,\d)? ?(?:(?:bis|ter|quater|[a-zA-Z])\b)?(?: ?[-–/+] ?(?:\d{1,4} ?(?:[a-zA-Z]\b)?|[A-Za-z]{1,2}\b)){0,3}(?: (?:I{1,3}|IV|hs)\b)?(?: ?\([^()]{1,40}\))?";

/// A number by itself, as behind a comma, or what says that there is none.
fn is_number(piece: &str) -> bool {
    static ALONE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^{NUMBER}$")));
    let lower = cut(piece, ..LONGEST).to_lowercase();
    if INDEX.without_number.contains(lower.trim_end_matches('.')) {
        return true;
    }
    let signs = INDEX.number_signs.iter();
    let mut behind = signs.filter_map(|sign| lower.strip_prefix(sign));
    ALONE.is_match(piece) || behind.any(|number| ALONE.is_match(number.trim_start()))
}

/// Where the street begins in a piece that ends in its number: `Hauptstr. 5a`, `Calle Luna nº 3`, `Calle Luna s/n`.
fn number_last(piece: &str) -> Option<usize> {
    static LAST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"^(?P<name>.*[\p{{L}}.°’\d])[ .]?\b(?P<number>{NUMBER})$"
        ))
    });
    let (before, last) = piece.rsplit_once(' ')?;
    if INDEX
        .without_number
        .contains(last.to_lowercase().trim_end_matches('.'))
    {
        let start = name_start(before)?;
        return (!streets(cut(before, start..)).is_empty()).then_some(start);
    }
    let captures = LAST.captures(without_unit(piece))?;
    let number = captures.name("number")?.as_str();
    let digits = number.chars().take_while(char::is_ascii_digit).count();
    let year = digits == 4 && matches!(number.get(..2), Some("19" | "20"));
    let name = captures.name("name")?.as_str();
    // `Postbus 12`, `nave 4`: no street has such a name.
    let lower = name.to_lowercase();
    let mut words = lower.split(' ');
    let unit = words.next().is_some_and(|word| INDEX.units.contains(word));
    if unit && words.all(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    name_start(without_sign(name)).filter(|_| !year)
}

/// `Meir 14 bus 3` without its last two words.
fn without_unit(piece: &str) -> &str {
    let unit = || {
        let (before, number) = piece.rsplit_once(' ')?;
        let (before, unit) = before.rsplit_once(' ')?;
        let numbered = number.starts_with(|c: char| c.is_ascii_digit());
        let unit = unit.to_lowercase();
        (numbered && INDEX.units.contains(unit.trim_end_matches('.'))).then_some(before)
    };
    unit()
        .filter(|before| before.ends_with(|c: char| c.is_alphanumeric()))
        .unwrap_or(piece)
}

/// `Calle Luna nº` without its last word.
fn without_sign(name: &str) -> &str {
    match name.rsplit_once(' ') {
        Some((before, last)) if is_sign(last) => before.trim_end_matches(','),
        _ => name,
    }
}

fn is_sign(word: &str) -> bool {
    let lower = word.to_lowercase();
    INDEX.number_signs.contains(lower.as_str())
        || INDEX.number_signs.contains(lower.trim_end_matches('.'))
}

/// `12 rue de la Paix`, `12, rue de la Paix` and `3 Grande Rue`.
fn number_first(text: &str, parts: &[Part]) -> Option<Range<usize>> {
    static FIRST: LazyLock<Regex> = LazyLock::new(|| {
        let languages = ALL
            .iter()
            .filter(|language| language.words.streets.number_first);
        let words: Vec<&str> = languages
            .flat_map(|language| listed(language.words.streets.words))
            .collect();
        let words = words.join("|");
        pattern(&format!(
            r"(?i)(?:^|[\s:])(?:(?P<number>\d{{1,4}}(?: ?[-/] ?\d{{1,4}})?(?: ?(?:bis|ter|quater|[a-d]))?),? )?(?P<name>(?:grande?|vieille|petite|basse|haute|neuve)[ -](?:{words})|(?:{words})\.? (?:\p{{L}}|[ .'’-]|\d){{2,50}})$"
        ))
    });
    let nearest = parts.first()?;
    let captures = FIRST.captures(cut(text, nearest.clone()))?;
    if let Some(number) = captures.name("number") {
        return Some(nearest.start + number.start()..nearest.end);
    }
    let name = captures.name("name")?;
    let before = parts.get(1)?;
    let number = cut(text, before.clone());
    let numbered = number.len() <= 8 && number.starts_with(|c: char| c.is_ascii_digit());
    (name.start() == 0 && numbered && is_number(number)).then_some(before.start..nearest.end)
}

/// Words of a name that are looked at.
const MOST_WORDS: usize = 9;

/// Where the name of a street begins in what stands before its number. In most languages it begins with what it is; else
/// it is all of its line, or what stands behind a legal form, or in a sentence a word that says that it is a street.
fn name_start(before: &str) -> Option<usize> {
    let words: Vec<(usize, &str)> = before
        .split(' ')
        .map(|word| (word.as_ptr() as usize - before.as_ptr() as usize, word))
        .filter(|(_, word)| !word.is_empty())
        .collect();
    let begins = |(position, (_, word)): &(usize, &(usize, &str))| {
        let several = |language: &&Language| language.words.towns.several_words;
        position + 1 < words.len() && streets(word).iter().any(several)
    };
    let mut begun = words.iter().enumerate().filter(begins);
    let first = begun.next();
    // A sentence may have such a word of another language in it: the last is nearest to the number.
    let beginning = first
        .filter(|(position, _)| *position == 0)
        .or_else(|| begun.next_back())
        .or(first);
    if let Some((_, (at, _))) = beginning {
        return Some(*at);
    }
    let mut start = None;
    let mut surely = false;
    for (back, (position, (at, word))) in words.iter().enumerate().rev().enumerate() {
        let lower = word.to_lowercase();
        let bare = lower.trim_end_matches('.');
        if names_form(word) {
            break;
        }
        let mut characters = word.chars();
        let capital = characters
            .next()
            .is_some_and(|c| c.is_uppercase() || matches!(c, '’' | '\''));
        let ordinal = word.len() <= 3
            && word.ends_with('.')
            && word.starts_with(|c: char| c.is_ascii_digit());
        let named = streets(word);
        // `Straße`, `Weg`: a street only with what stands before it.
        let is_bare = is_ending(bare);
        let small = INDEX.small.contains(lower.as_str());
        let number = word.len() <= 4 && word.chars().all(|c| c.is_ascii_digit());
        if back >= MOST_WORDS || !(capital || ordinal || is_bare || small || number) {
            // Prose stands before it.
            return start.filter(|_| surely);
        }
        if capital {
            start = Some(*at);
            surely = INDEX.first.contains_key(bare) || !named.is_empty() && !is_bare;
        }
        // `Hauptstr.` is a street by itself; `Str.` is not, nor is what `Alte` stands before.
        if position + 1 == words.len() && !is_bare && !named.is_empty() {
            let previous = position.checked_sub(1).and_then(|before| words.get(before));
            if !previous.is_some_and(|(_, word)| goes_on(word)) {
                break;
            }
        }
    }
    start
}

/// A word that is an ending of streets and nothing else.
fn is_ending(word: &str) -> bool {
    INDEX.endings.iter().any(|(ending, _)| *ending == word)
}

/// Whether a name goes on behind this word: `Alte`, `Am`, `Hinterm`, `Karl-`.
fn goes_on(word: &str) -> bool {
    let lower = word.to_lowercase();
    let adjective =
        lower.ends_with('e') && word.starts_with(char::is_uppercase) && lower.len() <= 7;
    adjective
        || INDEX.small.contains(lower.as_str())
        || INDEX.first.contains_key(lower.as_str())
        || lower.ends_with('-')
}

/// A floor, a door or a building, which may stand between a number and a town.
pub(super) fn is_unit(piece: &str) -> bool {
    let lower = cut(piece, ..LONGEST).to_lowercase();
    let counted = lower.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_counted = counted.len() < lower.len();
    let counted = counted.trim_start_matches('.');
    if lower.starts_with('#') || is_counted && counted.starts_with(['º', 'ª', '°']) {
        return true;
    }
    let words = lower.split([' ', ':']);
    let mut words = words
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = |word: &str| INDEX.units.contains(word);
    known(first) || is_counted && words.next().is_some_and(known)
}

/// True where the first word of a piece is one of towns that go on: `Bad`, `San`.
pub(super) fn begins_town(word: &str) -> bool {
    let lower = word.to_lowercase();
    in_towns(&lower, |language| language.words.towns.first)
}

/// True for a small word inside a town's name: `am`, `sur`.
pub(super) fn joins_town(word: &str) -> bool {
    in_towns(word, |language| language.words.towns.joins)
}

fn in_towns(word: &str, list: fn(&Language) -> &'static str) -> bool {
    ALL.iter()
        .any(|language| listed(list(language)).any(|known| known == word))
}
