//! Amounts of money and other numbers in a text.
//!
//! Finds numerals, in digits and words with their scales, and currencies, and joins the neighbours. What an amount means
//! is for [`super::facts`]. Words come from [`super::languages`].

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::languages::{Language, ALL};
use super::pattern::pattern;
use crate::slice::cut;

/// An amount; `start..end` are bytes of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    pub start: usize,
    pub end: usize,
    /// In whole currency units, scale word applied.
    pub value: f64,
    /// ISO 4217; `None` where the words fit several currencies (bare `$`, pound, franc, rupee, peso, krone).
    pub currency: Option<&'static str>,
}

/// A number of a text, with what it counts where that is money.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Figure {
    Amount(Amount),
    Number {
        bytes: Range<usize>,
        value: f64,
        /// Written in words, so that `one` may be an article or a pronoun.
        in_words: bool,
    },
}

/// All amounts of a text in any language, in order.
pub fn amounts(text: &str) -> Vec<Amount> {
    if !CURRENCY_HINT.is_match(text) {
        return Vec::new();
    }
    let figures = joined(text, &ALL).into_iter();
    figures
        .filter_map(|figure| match figure {
            Figure::Amount(amount) => Some(amount),
            Figure::Number { .. } => None,
        })
        .collect()
}

/// All amounts and other numbers of a text in a language, in order.
pub(crate) fn figures(text: &str, language: &'static Language) -> Vec<Figure> {
    joined(text, std::slice::from_ref(language))
}

fn joined(text: &str, languages: &'static [Language]) -> Vec<Figure> {
    let tokens = tokens(text, languages);
    let mut found = Vec::new();
    let mut position = 0;
    while position < tokens.len() {
        match join(text, &tokens[position..], languages) {
            Some((amount, used)) => {
                // A scale behind an amount may look like the beginning of a currency: a piece of text is of one amount.
                let beyond = |token: &Token| token.start >= amount.end;
                let rest = tokens.iter().skip(position + used);
                position += used + rest.take_while(|token| !beyond(token)).count();
                found.push(Figure::Amount(amount));
            }
            None => {
                let token = &tokens[position];
                if let Kind::Number(numeral) = &token.kind {
                    found.push(Figure::Number {
                        bytes: token.start..token.end,
                        value: numeral.value,
                        in_words: numeral.in_words,
                    });
                }
                position += 1;
            }
        }
    }
    found
}

#[derive(Clone, Debug)]
enum Kind {
    Number(Numeral),
    /// The code and a scale written into it (`M€`, `MUSD`).
    Currency(Option<&'static str>, f64),
}

/// A number as it is written.
#[derive(Clone, Debug, PartialEq)]
struct Numeral {
    /// Scale words applied.
    value: f64,
    /// Some scale word belongs to it.
    scaled: bool,
    /// `1.234`: whether the mark is the decimal one or sets thousands apart shows only by the language. What it is where
    /// a scale follows that is no word of its own, such as `1.234 M€`.
    before_scale: f64,
    /// The same where the scale is written into the currency, such as `M€` and `TEUR`: nobody does so whose decimal mark
    /// is a point.
    before_unit: f64,
    in_words: bool,
}

#[derive(Clone, Debug)]
struct Token {
    start: usize,
    end: usize,
    kind: Kind,
}

fn join(text: &str, tokens: &[Token], languages: &'static [Language]) -> Option<(Amount, usize)> {
    let first = tokens.first()?;
    let second = tokens.get(1)?;
    let gap = text.get(first.end..second.start)?;
    match (&first.kind, &second.kind) {
        (Kind::Number(number), Kind::Currency(currency, prefix)) => {
            if gap.len() > 24 {
                return None;
            }
            let captures = BETWEEN.captures(gap)?;
            let glued = !gap.is_empty()
                && cut(text, second.end..).starts_with(|c: char| c.is_ascii_digit())
                && !cut(text, ..first.start).ends_with(['€', '$', '£']);
            if glued {
                // `3 USD50 cards`: the currency belongs to the number behind it.
                return None;
            }
            let mut end = second.end;
            let letter = captures.name("letter");
            let mut scale = letter.map_or(1.0, |letter| letter_scale(letter.as_str())) * prefix;
            if scale == 1.0 && !number.scaled {
                if let Some((behind, length)) = scale_behind(cut(text, end..), languages) {
                    scale = behind;
                    end += length;
                }
            }
            let mut value = scaled(number, *prefix, scale);
            let mut used = 2;
            if let Some((cents, cents_end)) = sub_units(text, end, tokens.get(2), tokens.get(3)) {
                if scale == 1.0 && !number.scaled && number.value.fract() == 0.0 {
                    value += cents / 100.0;
                    end = cents_end;
                    used = 3;
                }
            }
            let start = first.start;
            Some((
                Amount {
                    start,
                    end,
                    value,
                    currency: *currency,
                },
                used,
            ))
        }
        (Kind::Currency(currency, prefix), Kind::Number(number)) => {
            let minus = match gap.trim() {
                "" => 1.0,
                "-" | "−" if !gap.starts_with('-') || gap.len() == 1 => -1.0,
                _ => return None,
            };
            // `EUR one` says nothing that anybody would write.
            if gap.len() > 3 || number.in_words && !number.scaled {
                return None;
            }
            let mut end = second.end;
            let mut scale = *prefix;
            if let Some((behind, length)) =
                scale_behind(cut(text, end..), languages).filter(|_| !number.scaled)
            {
                scale *= behind;
                end += length;
            } else if let Some(third) = tokens.get(2) {
                // `€3-5 million` is a span, not three euros.
                let dash = text.get(end..third.start).unwrap_or_default().trim();
                if matches!(third.kind, Kind::Number(..))
                    && matches!(dash, "-" | "–" | "to" | "bis" | "à" | "tot" | "a" | "até")
                {
                    return None;
                }
            }
            let rupees = cut(text, first.start..first.end).starts_with(['R', 'r']);
            let in_lakhs = number.scaled && LAKHS.is_match(cut(text, second.start..end));
            Some((
                Amount {
                    start: first.start,
                    end,
                    value: minus * scaled(number, *prefix, scale),
                    currency: currency.or(Some("INR").filter(|_| rupees && in_lakhs)),
                },
                2,
            ))
        }
        _ => None,
    }
}

/// Scale words of India.
static LAKHS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:lakhs?|lacs?|crores?|cr)\b"));

fn scaled(number: &Numeral, unit: f64, scale: f64) -> f64 {
    let value = if unit > 1.0 {
        number.before_unit
    } else if scale > 1.0 {
        number.before_scale
    } else {
        number.value
    };
    round(value * scale)
}

/// Tenths of a million are exact; the product of two binary fractions need not be.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// `5 euro 50`, `dreizehn Euro und fünfundvierzig Cent`.
fn sub_units(
    text: &str,
    from: usize,
    next: Option<&Token>,
    after: Option<&Token>,
) -> Option<(f64, usize)> {
    let next = next?;
    let Kind::Number(Numeral { value: cents, .. }) = next.kind else {
        return None;
    };
    let gap = text.get(from..next.start)?;
    let cents_word = CENTS.find(cut(text, next.end..));
    let joined = matches!(
        gap,
        " " | " und " | " and " | " et " | " en " | " y " | " e " | " con " | " com "
    );
    let currency_behind = after.is_some_and(|after| {
        matches!(after.kind, Kind::Currency(..)) && after.start <= next.end + 1
    });
    let two_digits = (10.0..100.0).contains(&cents) && cents.fract() == 0.0;
    match cents_word {
        Some(word) if joined && cents < 100.0 => Some((cents, next.end + word.end())),
        _ if joined && two_digits && !currency_behind => {
            let rest = cut(text, next.end..);
            let mut following = rest.chars();
            let ends = match following.next() {
                None => true,
                Some('.' | ',' | '!' | '?') => {
                    !following.next().is_some_and(|c| c.is_ascii_digit())
                }
                Some(' ') => {
                    !following.next().is_some_and(char::is_alphanumeric)
                        || rest.starts_with(" more")
                }
                Some(_) => false,
            };
            ends.then_some((cents, next.end))
        }
        _ => None,
    }
}

static CENTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^ ?(?:cents?|centimes?|pence|rappen|céntimos?|centavos?|centesimi|cêntimos?|centesimo)\b",
    )
});

/// Between a number and the currency behind it.
static BETWEEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:[ -]?(?P<letter>[mkb]))?(?: ?(?:de|of|di) |[ -]| d['’])?$"));

/// A unit of figures that stand elsewhere: `thousands of euros`, `T€`, `Mio. EUR`, with its currency and its end.
pub(crate) fn scale_of_unit(
    text: &str,
    start: usize,
    language: &Language,
) -> Option<(f64, Option<&'static str>, usize)> {
    let here = |at: usize| {
        let rest = cut(text, at..at + LONGEST_CURRENCY);
        let (currency, prefix, length) = currency(rest)?;
        currency_token(text, at..at + length, currency, prefix)
    };
    if let Some(token) = here(start) {
        let Kind::Currency(currency, prefix) = token.kind else {
            return None;
        };
        if prefix > 1.0 {
            return Some((prefix, currency, token.end));
        }
        let (scale, end) = scale_word(text, token.end, language)?;
        return Some((scale, currency, end));
    }
    let (scale, end) = scale_word(text, start, language)?;
    let rest = cut(text, end..);
    let of = ["of ", "de ", "di ", "d'", "d’", ""].into_iter();
    let mut of =
        of.filter_map(|of| Some(end + 1 + of.len()).filter(|_| cut(rest, 1..).starts_with(of)));
    let currency = of.find_map(|at| here(at).filter(|_| rest.starts_with(' ')));
    match currency.map(|token| (token.kind, token.end)) {
        Some((Kind::Currency(currency, _), end)) => Some((scale, currency, end)),
        _ => Some((scale, None, end)),
    }
}

/// A scale in one letter behind an amount, or a word between `USD` and the end of `45 USD million`.
fn scale_behind(text: &str, languages: &'static [Language]) -> Option<(f64, usize)> {
    let (space, rest) = match text.strip_prefix([' ', '-']) {
        Some(rest) => (1, rest),
        None => (0, text),
    };
    let length = rest.find(|c: char| !c.is_alphanumeric());
    let word = cut(rest, ..length.unwrap_or(rest.len()));
    if matches!(word, "k" | "K" | "m" | "M" | "b" | "B") {
        return Some((letter_scale(word), space + 1));
    }
    let lower = word.to_lowercase();
    let scale = languages
        .iter()
        .find_map(|language| language.scale(&lower))?;
    let stop = usize::from(lower.len() < 5 && cut(rest, word.len()..).starts_with('.'));
    (word.chars().count() > 1).then_some((scale, space + word.len() + stop))
}

fn letter_scale(letter: &str) -> f64 {
    match letter {
        "k" | "K" => 1e3,
        "b" | "B" => 1e9,
        _ => 1e6,
    }
}

fn tokens(text: &str, languages: &'static [Language]) -> Vec<Token> {
    let mut tokens = currencies(text);
    let mut found = Vec::new();
    for numeral in numerals(text, languages) {
        let before = tokens.partition_point(|token| token.start <= numeral.start);
        // `7 Mio. Kč`: a scale is of the number before it; and no number begins inside a currency.
        let inside = |token: &Token| token.end > numeral.start;
        let within = before
            .checked_sub(1)
            .is_some_and(|last| inside(&tokens[last]));
        let reached = tokens
            .get(before)
            .is_some_and(|next| next.start < numeral.end);
        if within || reached && tokens[before].end <= numeral.end {
            continue;
        }
        if reached {
            let next = &mut tokens[before];
            let gap = cut(text, numeral.end..next.end);
            next.start = next.end - gap.trim_start().len();
            if let Kind::Currency(_, prefix) = &mut next.kind {
                *prefix = 1.0;
            }
        }
        found.push(numeral);
    }
    tokens.extend(found);
    tokens.sort_by_key(|token| (token.start, token.end));
    tokens
}

/// Numerals of a text: at every word and number the longest that one of the languages reads there.
fn numerals(text: &str, languages: &'static [Language]) -> Vec<Token> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = NUMERAL.find_at(text, from).map(|found| found.start()) {
        let word_before = cut(text, ..start).ends_with(char::is_alphanumeric);
        let digits = cut(text, start..).starts_with(|c: char| c.is_ascii_digit());
        // `USD115` is money, `B2B` is not: the currency token must end where the digits begin.
        let apart = !word_before || digits && tokens_end_at(text, start);
        let mut best: Option<(usize, Numeral)> = None;
        for language in languages.iter().filter(|_| apart) {
            let read = numeral(text, start, language);
            let longer =
                |(end, _): &(usize, Numeral)| best.as_ref().is_none_or(|best| *end > best.0);
            if let Some(read) = read.filter(longer) {
                best = Some(read);
            }
        }
        from = match best {
            Some((end, numeral)) => {
                found.push(Token {
                    start,
                    end,
                    kind: Kind::Number(numeral),
                });
                end
            }
            None if digits => NUMBER
                .find_at(text, start)
                .map_or(start + 1, |number| number.end()),
            None => {
                let rest = cut(text, start..);
                let word = rest.find(|c: char| !c.is_alphabetic());
                let word = word.unwrap_or(rest.len());
                start + word.max(rest.chars().next().map_or(1, char::len_utf8))
            }
        };
    }
    found
}

/// Where a numeral may begin.
static NUMERAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9]|\p{L}+"));

fn tokens_end_at(text: &str, at: usize) -> bool {
    let before = cut(text, ..at);
    let backwards: String = before.chars().rev().take(4).collect();
    CURRENCY_END.is_match(&backwards) || before.ends_with(['$', '€', '£'])
}

/// A code that ends here, read backwards so that the pattern can be anchored.
static CURRENCY_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:dsu|rue|pbg|yj|ypj|ync|bmr|fhc|dua|dac|dzn|dkh|dgs|kes|kon|kkd|nlp|rni|ypm|ead)",
    )
});

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\b|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?\b|\d{1,3}(?:\.\d{3})+(?:,\d+)?\b|\d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?\b|\d{1,3}(?: \d{3})+(?:[.,]\d+)?\b|\d+(?:[.,]\d+)?",
    )
});

/// Bytes of a number; a longer one is no amount that anybody has.
const LONGEST_NUMBER: usize = 40;

/// Words of a numeral; a longer one is none.
const MOST_WORDS: usize = 12;

/// The numeral that begins at a byte of the text, and where it ends: digits or words, a half, scale words, and again a
/// smaller number with a smaller scale.
fn numeral(text: &str, start: usize, language: &Language) -> Option<(usize, Numeral)> {
    let (mut end, first) = simple(text, start, language)?;
    let (mut whole, mut part) = (0.0, first.value);
    let (mut before_scale, mut before_unit) = (first.before_scale, first.before_unit);
    let mut scaled = false;
    let mut last_scale = f64::INFINITY;
    for _ in 0..MOST_WORDS {
        let mut scale = 1.0;
        let (behind, half) = match half_behind(text, end, language) {
            // `Two and a half million`, but `2 and a half` is left to whoever asks for numbers.
            Some(behind) if !scaled => (behind, 0.5),
            _ => (end, 0.0),
        };
        let mut scale_end = behind;
        while let Some((word, word_end)) = scale_word(text, scale_end, language) {
            // `Lakh crore`, `mil millones`: they multiply each other.
            scale *= word;
            scale_end = word_end;
        }
        if scale_end == behind {
            break;
        }
        if scale >= last_scale {
            return None;
        }
        let number = if scaled { part } else { before_scale };
        whole += round((number + half) * scale);
        (scaled, last_scale, end, part) = (true, scale, scale_end, 0.0);
        if let Some(half_end) = half_behind(text, end, language) {
            // `Un millón y medio`.
            whole += scale / 2.0;
            end = half_end;
            break;
        }
        let next = joined_at(text, end, language).unwrap_or(end + 1);
        match simple(text, next, language) {
            // `Two million five hundred thousand`.
            Some((next_end, next))
                if next.in_words && first.in_words && text.is_char_boundary(end) =>
            {
                if next.value >= scale
                    || next.value < 1.0
                    || cut(text, end..).starts_with(|c: char| c != ' ' && c != '-')
                {
                    break;
                }
                // A number of its own, unless it says how many of the next scale or the last units.
                if scale_word(text, next_end, language).is_none() && scale > 1_000.0 {
                    break;
                }
                (end, part, before_scale) = (next_end, next.value, next.value);
            }
            _ => break,
        }
    }
    let value = whole + part;
    // Halves and fractions are numbers only of a scale.
    let half_alone = first.in_words && value.fract() != 0.0 && !scaled;
    if half_alone
        || value.is_infinite()
        || cut(text, end..).starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    if scaled {
        (before_scale, before_unit) = (value, value);
    }
    Some((
        end,
        Numeral {
            value,
            scaled,
            before_scale,
            before_unit,
            in_words: first.in_words,
        },
    ))
}

/// Digits, or number words without a scale.
fn simple(text: &str, start: usize, language: &Language) -> Option<(usize, Numeral)> {
    let rest = text.get(start..)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        let found = NUMBER.find(rest)?;
        let (value, before_scale, before_unit) = number(found.as_str(), language)?;
        let end = start + found.end();
        let mut numeral = Numeral {
            value,
            before_scale,
            before_unit,
            scaled: false,
            in_words: false,
        };
        // `3 hundred`.
        if let Some((hundred, word_end)) = word_at(text, end + 1, language) {
            if hundred == 100.0 && cut(text, end..).starts_with(' ') && value < 100.0 {
                let value = value * 100.0;
                (numeral.value, numeral.before_scale, numeral.before_unit) = (value, value, value);
                return Some((word_end, numeral));
            }
        }
        return Some((end, numeral));
    }
    if let Some((value, length)) = fraction(rest, language) {
        let numeral = Numeral {
            value,
            before_scale: value,
            before_unit: value,
            scaled: false,
            in_words: true,
        };
        return Some((start + length, numeral));
    }
    let (mut value, mut end) = word_at(text, start, language)?;
    for _ in 0..MOST_WORDS {
        let next = joined_at(text, end, language);
        let plain = Some(end + 1).filter(|_| cut(text, end..).starts_with([' ', '-']));
        let read = |at: Option<usize>| {
            let (word, word_end) = word_at(text, at?, language)?;
            Some((composed(value, word)?, word_end))
        };
        let Some((composed, word_end)) = read(plain).or_else(|| read(next)) else {
            break;
        };
        (value, end) = (composed, word_end);
    }
    let numeral = Numeral {
        value,
        before_scale: value,
        before_unit: value,
        scaled: false,
        in_words: true,
    };
    Some((end, numeral))
}

/// Two number words one after the other: `two hundred`, `hundred five`, `twenty five`, `soixante-dix`.
fn composed(value: f64, word: f64) -> Option<f64> {
    let whole = value.fract() == 0.0 && word.fract() == 0.0;
    let last_hundred = value % 100.0;
    let adds = if value > 0.0 && value % 1_000.0 == 0.0 {
        word < 1_000.0
    } else if last_hundred == 0.0 {
        value > 0.0 && word < 100.0
    } else if last_hundred >= 60.0 && last_hundred % 20.0 == 0.0 {
        word < 20.0
    } else {
        last_hundred >= 20.0 && last_hundred % 10.0 == 0.0 && word < 10.0
    };
    match word {
        _ if !whole => None,
        100.0 if (1.0..100.0).contains(&value) => Some(value * 100.0),
        100.0.. if !adds => None,
        _ => adds.then_some(value + word),
    }
}

/// Behind `and` and its like, where a word of a number may go on.
fn joined_at(text: &str, end: usize, language: &Language) -> Option<usize> {
    let rest = cut(text, end..)
        .strip_prefix(' ')
        .or_else(|| cut(text, end..).strip_prefix('-'))?;
    language.words.joins().find_map(|join| {
        let behind = rest.strip_prefix(join)?;
        behind
            .starts_with([' ', '-'])
            .then_some(end + 1 + join.len() + 1)
    })
}

fn half_behind(text: &str, end: usize, language: &Language) -> Option<usize> {
    let at = joined_at(text, end, language)?;
    let rest = text.get(at..)?;
    language.words.halves().find_map(|half| {
        let behind = rest.strip_prefix(half)?;
        (!behind.starts_with(char::is_alphanumeric)).then_some(at + half.len())
    })
}

/// The number word that stands at a byte.
fn word_at(text: &str, start: usize, language: &Language) -> Option<(f64, usize)> {
    let word = word(text, start)?;
    let lower = word.to_lowercase();
    // As a number `cent` is French for a hundred, but without a scale behind it is far more often a coin.
    let coin = matches!(lower.as_str(), "cent" | "cents");
    if coin && scale_word(text, start + word.len(), language).is_none() {
        return None;
    }
    if let Some((first, _)) = lower.split_once('-') {
        let whole = language.number(&lower);
        if let Some(value) = whole {
            return Some((value, start + word.len()));
        }
        let first_length = first.len();
        let value = language.number(first)?;
        return Some((value, start + floor_of(word, first_length)));
    }
    let value = language.number(&lower)?;
    Some((value, start + word.len()))
}

/// Bytes of the beginning of a word that is as long in small letters.
fn floor_of(word: &str, lower: usize) -> usize {
    word.find('-').unwrap_or(lower)
}

/// The letters from a byte on, and one hyphen between letters.
fn word(text: &str, start: usize) -> Option<&str> {
    let rest = text.get(start..)?;
    let inner = |c: char| c.is_alphabetic() || c == '-';
    let length = rest.find(|c: char| !inner(c)).unwrap_or(rest.len());
    let word = cut(rest, ..length).trim_end_matches('-');
    let behind = cut(rest, word.len()..);
    let letters = word.starts_with(char::is_alphabetic) && word.len() <= LONGEST_WORD;
    (letters && !behind.starts_with(char::is_alphanumeric)).then_some(word)
}

/// Bytes of a number in one word, such as `fünfhundertsiebenundvierzig`.
const LONGEST_WORD: usize = 60;

/// The scale word behind a number, with its stop.
fn scale_word(text: &str, end: usize, language: &Language) -> Option<(f64, usize)> {
    let rest = cut(text, end..);
    let space = usize::from(rest.starts_with([' ', '-']));
    let start = end + space;
    let rest = cut(text, start..);
    let length = rest
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(rest.len());
    let word = cut(rest, ..length);
    if word.chars().count() < 2 && word.is_ascii() || word.len() > LONGEST_WORD {
        return None;
    }
    let scale = language.scale(&word.to_lowercase())?;
    let behind = cut(rest, length..);
    if behind.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let stop = usize::from(length < 5 && behind.starts_with('.'));
    Some((scale, start + length + stop))
}

/// A part of a scale that is said before it, such as `half a million`, and its bytes.
fn fraction(text: &str, language: &Language) -> Option<(f64, usize)> {
    let mut fractions = language.words.fractions.iter();
    fractions.find_map(|(said, value)| {
        let beginning = text.get(..said.len())?;
        let (scale, _) = scale_word(text, said.len(), language)?;
        let whole = text.as_bytes().get(said.len()) == Some(&b' ') && scale >= 1e6;
        (beginning.eq_ignore_ascii_case(said) && whole).then_some((*value, said.len()))
    })
}

/// What digits say: by themselves, before a scale, and before a scale that is written into the currency.
fn number(digits: &str, language: &Language) -> Option<(f64, f64, f64)> {
    if digits.len() > LONGEST_NUMBER {
        return None;
    }
    let points = digits.matches('.').count();
    let commas = digits.matches(',').count();
    let plain: String = digits
        .chars()
        .filter(|c| !matches!(c, ' ' | '\'' | '’'))
        .collect();
    let last = plain.rfind(['.', ',']);
    let three_behind = last.is_some_and(|at| plain.len() - at == 4);
    let leading_zero = plain.starts_with('0');
    let whole = |text: &str| text.replace(['.', ','], "");
    let doubtful = points + commas == 1 && three_behind && !leading_zero;
    let decimal = match (points, commas) {
        (0, 0) => None,
        (1, 1) | (2.., 1) | (1, 2..) | (1, 0) | (0, 1) => last,
        _ => None,
    };
    let read = |decimal: Option<usize>| {
        let text = match decimal {
            Some(at) => format!("{}.{}", whole(cut(&plain, ..at)), cut(&plain, at + 1..)),
            None => whole(&plain),
        };
        text.parse::<f64>().ok()
    };
    if !doubtful {
        let value = read(decimal)?;
        return Some((value, value, value));
    }
    // One mark before three digits: by itself it sets thousands apart, before a scale it is what the language has it for.
    let is_decimal = language.words.point == (points == 1);
    let before_scale = read(decimal.filter(|_| is_decimal))?;
    let before_unit = read(decimal.filter(|_| commas == 1))?;
    Some((read(None)?, before_scale, before_unit))
}

/// All currencies of a text.
fn currencies(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(hint) = CURRENCY_HINT.find_at(text, from) {
        let start = hint.start();
        let rest = cut(text, start..start + LONGEST_CURRENCY);
        // A text with many signs and words is searched once, not once for each: the hint tells where they begin.
        from = match currency(rest) {
            Some((currency, scale, length)) => {
                found.extend(currency_token(text, start..start + length, currency, scale));
                start + length
            }
            None => start + rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    found
}

/// The currency that a text begins with, the scale before it and the bytes of both: the first of the table that fits.
fn currency(text: &str) -> Option<(Option<&'static str>, Option<&str>, usize)> {
    let scale = SCALE_BEFORE.find(text).map(|scale| scale.as_str());
    [scale, None].into_iter().find_map(|scale| {
        let before = scale.map_or(0, str::len);
        let rest = cut(text, before..);
        let mut currencies = CURRENCIES.iter().zip(&CURRENCY);
        currencies.find_map(|((currency, words), built)| {
            let words = built.get_or_init(|| pattern(&format!("^(?:{words})")));
            let length = words.find(rest)?.end();
            Some((*currency, scale, before + length))
        })
    })
}

fn currency_token(
    text: &str,
    whole: Range<usize>,
    currency: Option<&'static str>,
    scale: Option<&str>,
) -> Option<Token> {
    let found = cut(text, whole.clone());
    let letter_before = cut(text, ..whole.start).ends_with(char::is_alphabetic);
    let letter_after = cut(text, whole.end..).starts_with(char::is_alphabetic);
    if found.starts_with(char::is_alphabetic) && letter_before {
        return None;
    }
    if letter_after && found.ends_with(char::is_alphabetic) {
        return None;
    }
    let factor = match scale {
        Some("T") => 1e3,
        Some(letter) if letter.len() == 1 => letter_scale(letter),
        Some(word) if word.starts_with("Mio") => 1e6,
        Some(_) => 1e9,
        None => 1.0,
    };
    // `a $30 fee` is not Australian.
    let article = if scale.is_none() && found.starts_with("a ") {
        2
    } else {
        0
    };
    Some(Token {
        start: whole.start + article,
        end: whole.end,
        kind: Kind::Currency(currency, factor),
    })
}

/// Bytes of the longest currency and the letter behind it.
const LONGEST_CURRENCY: usize = 60;

const SCALE: &str = r"Mio\.? ?|Mrd\.? ?|Md |[mMkKT]";

static SCALE_BEFORE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^(?:{SCALE})")));

/// Each currency by itself: which of them it is is known without groups, which are dear. One is built when a text may
/// have it and none before it fits.
static CURRENCY: [OnceLock<Regex>; CURRENCIES.len()] =
    [const { OnceLock::new() }; CURRENCIES.len()];

/// Where a currency may begin. Without word boundaries the quick engine runs on text of every language; what it finds
/// too much is no currency for [`currency`] either.
static CURRENCY_HINT: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<String> = CURRENCIES
        .iter()
        .map(|(_, words)| words.replace(r"\b", ""))
        .collect();
    pattern(&format!("(?:{SCALE})?(?:{})", words.join("|")))
});

/// Codes and words; specific ones stand before the ones that they contain. Obsolete money is still money in a text.
const CURRENCIES: [(Option<&str>, &str); 56] = [
    (
        Some("USD"),
        r"(?i:dólar(?:es)? (?:estadounidenses?|americanos?)|dollar[oi] (?:statunitensi|americani|usa)|dólar(?:es)? norte-americanos?|us-dollars?)|(?i:us|u\.s\.?|usd) ?\$|\$ ?(?i:usd?|u\.s\.)|(?i:usd)|(?i:us|u\.s\.|american|united states) (?i:dollars?)|(?i:(?:us|amerikanische[nr]?|amerikaanse)[ -]dollars?)|(?i:dollars? (?:américains?|us|des états-unis))",
    ),
    (
        Some("CAD"),
        r"(?i:dólar(?:es)? canadienses?|dollar[oi] canades[ei])|(?i:cad|can|ca|c) ?\$|\$ ?(?i:cad|can|ca|c)\b|CAD|cad|(?i:canadian dollars?|kanadische[nr]? dollars?|canadese dollars?|dollars? canadiens?)",
    ),
    (
        Some("HKD"),
        r"(?i:dólar(?:es)? de hong kong|dollar[oi] di hong kong)|(?i:hkd?) ?\$|\$ ?(?i:hkd?)\b|(?i:hkd)|(?i:hong kong dollars?|hongkong[ -]dollars?|dollars? de hong kong)",
    ),
    (
        Some("AUD"),
        r"(?i:dólar(?:es)? australianos?|dollar[oi] australian[oi])|A\$|(?i:aud?) ?\$|\$ ?(?i:aud?)\b|(?i:aud)|(?i:australian dollars?|australische[nr]? dollars?|dollars? australiens?)",
    ),
    (
        Some("NZD"),
        r"(?i:nzd?) ?\$|(?i:nzd)|(?i:new zealand dollars?|neuseeländische[nr]? dollars?|nieuw-zeelandse dollars?|dollars? néo-zélandais)",
    ),
    (
        Some("SGD"),
        r"S\$|(?i:sgd?) ?\$|(?i:sgd)|(?i:singapore dollars?|singapur-dollars?|singaporese dollars?)",
    ),
    (
        Some("TWD"),
        r"(?i:nt|twd) ?\$|TWD|(?i:(?:new )?taiwan dollars?)",
    ),
    (
        Some("MXN"),
        r"(?i:pesos? mexicanos?|pesos? messican[oi])|(?i:mex|mxn?) ?\$|(?i:mxn)|(?i:mexican pesos?|mexikanische[nr]? pesos?|pesos mexicains|mexicaanse pesos?)",
    ),
    (
        Some("BRL"),
        r"(?i:reales brasileños|reais brasileiros|real brasiliano|reais|real brasileiro)|R\$|(?i:brl)|(?i:brazilian reals?|brazilian reais|reais)",
    ),
    (
        Some("GBP"),
        r"(?i:libras? esterlinas?|sterlin[ae](?: britanniche)?|libras? britânicas?|libras? británicas?)|£|(?i:gbp)|(?i:british pounds?|pounds? sterling|sterling|britische[nr]? pfund|pfund sterling|livres? sterling|britse pond(?:en)?|pond sterling)",
    ),
    (Some("EUR"), r"€|(?i:eur)\b|(?i:euros?)\b|EUR"),
    (
        Some("JPY"),
        r"(?i:yenes(?: japoneses)?|yen giapponesi|ienes?)|(?i:jpy)|(?i:(?:japanese |japanische[nr]? |japanse )?yens?)(?: japonais)?|円",
    ),
    (
        Some("CNY"),
        r"(?i:yuanes?|yuan cinesi|iuanes?)|(?i:cny|rmb)|(?i:(?:chinese |chinesische[nr]? )?(?:yuans?|renminbi)|kuai)|元|人民币",
    ),
    (
        Some("CHF"),
        r"(?i:francos? suizos?|franch?[io] svizzer[io]|francos? suíços?)|(?i:chf|sfr\.?)|(?i:swiss francs?|schweizer franken|franken|francs? suisses?|zwitserse franks?)",
    ),
    (
        Some("INR"),
        r"(?i:rupias? indias?|rupie indiane|rupias? indianas?)|₹|(?i:inr)|(?i:indian rupees?|indische[nr]? rupien?|roupies? indiennes?|indiase roepies?)",
    ),
    (Some("LKR"), r"(?i:lkr|sri lankan rupees?)"),
    (
        Some("PKR"),
        r"(?i:pkr|pakistani? rupees?|pakistanische[nr]? rupien?|roupies? pakistanaises?)",
    ),
    (
        Some("KRW"),
        r"₩|(?i:krw)|(?i:(?:south )?korean won|südkoreanische[nr]? won)",
    ),
    (
        Some("SEK"),
        r"(?i:coronas? suecas?|coron[ae] svedes[ei]|coroas? suecas?|svenska kronor)|(?i:sek)|(?i:swedish kron(?:a|or|er)|schwedische[nr]? kronen?|couronnes? suédoises?|zweedse kro(?:on|nen))",
    ),
    (
        Some("NOK"),
        r"(?i:coronas? noruegas?|coron[ae] norvegesi|coroas? norueguesas?|norske kroner)|(?i:nok)|(?i:norwegian kron(?:e|er|or)|norwegische[nr]? kronen?|couronnes? norvégiennes?|noorse kro(?:on|nen))",
    ),
    (
        Some("DKK"),
        r"(?i:coronas? danesas?|coron[ae] danesi|coroas? dinamarquesas?|danske kroner)|(?i:dkk)|(?i:danish kron(?:e|er)|dänische[nr]? kronen?|couronnes? danoises?|deense kro(?:on|nen))",
    ),
    (Some("ISK"), r"ISK|(?i:icelandic kr[oó]n[au]r?)"),
    (
        Some("PLN"),
        r"(?i:zlotys? polacos|zloty polacchi|złotych|złote)|(?i:pln)|(?i:(?:polish )?z[lł]oty(?:s|ch)?)|zł",
    ),
    (
        Some("CZK"),
        r"(?i:coronas? checas?|coron[ae] ceche|coroas? checas?|korun(?:a|y)? českých)|(?i:czk)|Kč|(?i:czech (?:koruna|crown)s?|tschechische[nr]? kronen?|couronnes? tchèques?)",
    ),
    (Some("HUF"), r"(?i:huf)|(?i:(?:hungarian )?forints?)"),
    (Some("RON"), r"RON|(?i:romanian le[iu])"),
    (Some("BGN"), r"BGN|(?i:bulgarian le(?:v|va))"),
    (
        Some("TRY"),
        r"₺|TRY|(?i:turkish liras?|türkische[nr]? lira|livres? turques?|turkse lira)",
    ),
    (
        Some("RUB"),
        r"(?i:rublos?|rubli(?: russi)?)|₽|(?i:rub)\b|(?i:(?:russian )?roubles?|(?:russian )?rubles?|(?:russische )?rubel|roubles? russes?)",
    ),
    (Some("UAH"), r"₴|(?i:uah)|(?i:hryvnias?)"),
    (
        Some("ILS"),
        r"₪|ILS|NIS|(?i:(?:israeli )?(?:new )?she[kq]els?)",
    ),
    (
        Some("ZAR"),
        r"(?i:zar)|(?i:(?:south african )rands?|südafrikanische[nr]? rand)",
    ),
    (Some("THB"), r"฿|(?i:thb)|(?i:(?:thai )?bahts?)"),
    (Some("IDR"), r"(?i:idr)|(?i:(?:indonesian )?rupiahs?)"),
    (Some("MYR"), r"(?i:myr)|(?i:(?:malaysian )?ringgits?)"),
    (Some("PHP"), r"₱|PHP|(?i:philippine pesos?)"),
    (Some("VND"), r"₫|(?i:vnd)|(?i:vietnamese dong)"),
    (Some("AED"), r"(?i:aed)|(?i:(?:uae|emirati) dirhams?)"),
    (Some("SAR"), r"SAR|(?i:saudi riyals?)"),
    (Some("NGN"), r"₦|NGN|(?i:(?:nigerian )?nairas?)"),
    (Some("KES"), r"KES|(?i:kenyan shillings?)"),
    (Some("CRC"), r"₡|CRC"),
    (Some("GEL"), r"₾|GEL|(?i:georgian laris?)"),
    (Some("LAK"), r"₭|LAK|(?i:lao(?:tian)? kips?)"),
    (
        Some("KHR"),
        r"៛|KHR|(?i:cambodian riels?|kambodschanische[nr]? riel)",
    ),
    (Some("KZT"), r"₸|KZT"),
    (
        Some("ARS"),
        r"(?i:pesos? argentinos?|pesos? argentin[oi]|pesos argentins?)|ARS|(?i:argentin(?:e|ian) pesos?)",
    ),
    (
        Some("CLP"),
        r"(?i:pesos? chilenos?)|CLP|(?i:chilean pesos?)",
    ),
    (
        Some("COP"),
        r"(?i:pesos? colombianos?)|COP|(?i:colombian pesos?)",
    ),
    (
        Some("FIM"),
        r"FIM|(?i:finnish mark(?:ka)?s?|finnische[nr]? mark|marks? finlandais)",
    ),
    (
        Some("NLG"),
        r"NLG|(?i:dutch guilders?|(?:niederländische[nr]? |nederlandse )?gulden|florins? (?:hollandais|néerlandais))",
    ),
    (
        Some("DEM"),
        r"DEM|DM|(?i:deutsche marks?|d-mark|deutschmarks?)",
    ),
    (
        Some("FRF"),
        r"FRF|(?i:french francs?|französische[nr]? franc|francs? français)",
    ),
    (Some("ESP"), r"(?i:pesetas?)|ESP|(?i:(?:spanish )?pesetas?)"),
    // Words that several countries share: the amount is known, the currency is not.
    (
        None,
        r"(?i:dólar(?:es)?|dollar[oi]|libras?|franc(?:os?|o|hi)|coronas?|corone|coroas?|rupias?|rupie|kr\b)|\bRs\.?|\$|¥|(?i:dollars?|pounds?|pfund|livres?|ponden|francs?|rupees?|rupien|roupies?|pesos?|kron(?:a|er|or|en|e)|couronnes?|crowns?|dirhams?|riyals?|dinars?|shillings?|liras?)",
    ),
    (Some("XOF"), r"XOF|(?i:cfa francs?|francs? cfa)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, f64, Option<&str>)]) {
        let found: Vec<_> = amounts(text)
            .into_iter()
            .map(|amount| {
                (
                    &text[amount.start..amount.end],
                    amount.value,
                    amount.currency,
                )
            })
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn scales_and_separators_of_four_languages() {
        check("worth $3.5 million today", &[("$3.5 million", 3.5e6, None)]);
        check(
            "EUR 1,250,000.50 net",
            &[("EUR 1,250,000.50", 1_250_000.5, Some("EUR"))],
        );
        check(
            "ein Umsatz von 41,7 Mio. Euro",
            &[("41,7 Mio. Euro", 41.7e6, Some("EUR"))],
        );
        check("1,2 Mrd. €", &[("1,2 Mrd. €", 1.2e9, Some("EUR"))]);
        check("6,3 M€ en 2020", &[("6,3 M€", 6.3e6, Some("EUR"))]);
        check(
            "12 milliards d'euros",
            &[("12 milliards d'euros", 12e9, Some("EUR"))],
        );
        check("7 miljoen euro", &[("7 miljoen euro", 7e6, Some("EUR"))]);
        check("CHF 1'500'000", &[("CHF 1'500'000", 1.5e6, Some("CHF"))]);
        check(
            "150 000 € de capital",
            &[("150 000 €", 150_000.0, Some("EUR"))],
        );
        check(
            "£2bn and 900k USD",
            &[("£2bn", 2e9, Some("GBP")), ("900k USD", 900e3, Some("USD"))],
        );
        check("45 USD million", &[("45 USD million", 45e6, Some("USD"))]);
        check("MEUR 18", &[("MEUR 18", 18e6, Some("EUR"))]);
    }

    #[test]
    fn words_and_cents() {
        check(
            "eight million yen",
            &[("eight million yen", 8e6, Some("JPY"))],
        );
        check("achtzehnhundert", &[]);
        check(
            "siebenundzwanzig Euro und zehn Cent",
            &[("siebenundzwanzig Euro und zehn Cent", 27.1, Some("EUR"))],
        );
        check("4 euro 20", &[("4 euro 20", 4.2, Some("EUR"))]);
        check(
            "half a million pounds sterling",
            &[("half a million pounds sterling", 5e5, Some("GBP"))],
        );
        check(
            "a quarter million dollars",
            &[("a quarter million dollars", 25e4, None)],
        );
        check(
            "three quarters of a billion dollars",
            &[("three quarters of a billion dollars", 75e7, None)],
        );
        check(
            "three quarters billion dollars",
            &[("three quarters billion dollars", 75e7, None)],
        );
    }

    #[test]
    fn letters_of_any_width_may_stand_before_a_number() {
        let letters = ["", "a", "ü", "€", "𝄞", " "];
        for one in letters {
            for two in letters {
                for three in letters {
                    for four in letters {
                        let text = format!("{one}{two}{three}{four}5 Mio. {four}{three}€{one}");
                        for amount in amounts(&text) {
                            assert!(text.get(amount.start..amount.end).is_some(), "{text}");
                        }
                    }
                }
            }
        }
        check("ein Umsatz von über500 Mio. Euro", &[]);
        check("über USD500", &[("USD500", 500.0, Some("USD"))]);
    }

    #[test]
    fn a_piece_of_text_is_of_one_amount() {
        let words = [
            "5", "€", "£", "Mio", "M€", "Eur", "un", "hundert", " ", "50", "cent", "k",
        ];
        for one in words {
            for two in words {
                for three in words {
                    for four in words {
                        for text in [
                            format!("£5{one}{two}{three}{four}"),
                            format!("$hundert {one}{two} {three}{four}"),
                        ] {
                            let mut last = 0;
                            for amount in amounts(&text) {
                                assert!(amount.start >= last, "{text}: {amount:?}");
                                last = amount.end;
                            }
                        }
                    }
                }
            }
        }
        check("£5Mio Eur un", &[("£5Mio", 5e6, Some("GBP"))]);
    }

    #[test]
    fn currencies_are_told_apart_beside_letters_of_every_language() {
        check("12 € für Käufer", &[("12 €", 12.0, Some("EUR"))]);
        check("100 $ côté", &[("100 $", 100.0, None)]);
        check("5 eurüber 3 eur", &[("3 eur", 3.0, Some("EUR"))]);
        check("ca. 7 Mio. Kč", &[("7 Mio. Kč", 7e6, Some("CZK"))]);
        check("9 Sekunden à 4 zł", &[("4 zł", 4.0, Some("PLN"))]);
    }

    #[test]
    fn a_number_without_end_is_no_amount() {
        check(&format!("€ {}", "1".repeat(400)), &[]);
        let amounts = amounts(&"twenty-five € é, ".repeat(20_000));
        assert_eq!(amounts.len(), 20_000);
    }

    #[test]
    fn a_shared_currency_word_stays_open() {
        check("a $30 million round", &[("$30 million", 30e6, None)]);
        check("40 pounds", &[("40 pounds", 40.0, None)]);
        check(
            "A$5m or C$6m",
            &[("A$5m", 5e6, Some("AUD")), ("C$6m", 6e6, Some("CAD"))],
        );
    }

    #[test]
    fn what_is_no_amount_stays_out() {
        check("in 2024 with 12 people, B2B, 5 m long, 30 %", &[]);
        check("€3-5 million", &[]);
        check("Europe 2020", &[]);
    }
}
