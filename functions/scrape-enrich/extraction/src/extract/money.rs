//! Amounts of money in English, German, French and Dutch text.
//!
//! Finds numbers and currencies and joins the neighbours. What an amount means is for [`super::facts`].

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

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

/// All amounts of a text, in order.
pub fn amounts(text: &str) -> Vec<Amount> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut position = 0;
    while position < tokens.len() {
        match join(text, &tokens[position..]) {
            Some((amount, used)) => {
                // A scale behind an amount may look like the beginning of a currency: a piece of text is of one amount.
                let beyond = |token: &Token| token.start >= amount.end;
                let rest = tokens.iter().skip(position + used);
                position += used + rest.take_while(|token| !beyond(token)).count();
                found.push(amount);
            }
            None => position += 1,
        }
    }
    found
}

#[derive(Clone, Debug)]
enum Kind {
    Number(f64, Decimals),
    /// The code and a scale written into it (`M€`, `MUSD`).
    Currency(Option<&'static str>, f64),
}

/// Whether a lone separator before three digits made a number whole: `1.234`. A scale word tells otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decimals {
    Sure,
    PointBeforeThree,
}

#[derive(Clone, Debug)]
struct Token {
    start: usize,
    end: usize,
    kind: Kind,
}

fn join(text: &str, tokens: &[Token]) -> Option<(Amount, usize)> {
    let first = tokens.first()?;
    let second = tokens.get(1)?;
    let gap = text.get(first.end..second.start)?;
    match (&first.kind, &second.kind) {
        (Kind::Number(number, decimals), Kind::Currency(currency, prefix)) => {
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
            let mut scale = captures
                .name("scale")
                .map_or(1.0, |word| scale_of(word.as_str()))
                * prefix;
            if scale == 1.0 {
                if let Some((behind, length)) = scale_behind(cut(text, end..)) {
                    scale = behind;
                    end += length;
                }
            }
            let mut value = scaled(*number, *decimals, scale);
            let mut used = 2;
            if let Some((cents, cents_end)) = sub_units(text, end, tokens.get(2), tokens.get(3)) {
                if scale == 1.0 && number.fract() == 0.0 {
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
        (Kind::Currency(currency, prefix), Kind::Number(number, decimals)) => {
            let minus = match gap.trim() {
                "" => 1.0,
                "-" | "−" if !gap.starts_with('-') || gap.len() == 1 => -1.0,
                _ => return None,
            };
            if gap.len() > 3 {
                return None;
            }
            let mut end = second.end;
            let mut scale = *prefix;
            if let Some((behind, length)) = scale_behind(cut(text, end..)) {
                scale *= behind;
                end += length;
            } else if let Some(third) = tokens.get(2) {
                // `€3-5 million` is a span, not three euros.
                let dash = text.get(end..third.start).unwrap_or_default().trim();
                if matches!(third.kind, Kind::Number(..))
                    && matches!(dash, "-" | "–" | "to" | "bis" | "à" | "tot")
                {
                    return None;
                }
            }
            Some((
                Amount {
                    start: first.start,
                    end,
                    value: minus * scaled(*number, *decimals, scale),
                    currency: *currency,
                },
                2,
            ))
        }
        _ => None,
    }
}

fn scaled(number: f64, decimals: Decimals, scale: f64) -> f64 {
    let number = if decimals == Decimals::PointBeforeThree && scale > 1.0 {
        number / 1000.0
    } else {
        number
    };
    // Tenths of a million are exact; the product of two binary fractions need not be.
    let value = number * scale;
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
    let Kind::Number(cents, _) = next.kind else {
        return None;
    };
    let gap = text.get(from..next.start)?;
    let cents_word = CENTS.find(cut(text, next.end..));
    let joined = matches!(gap, " " | " und " | " and " | " et " | " en ");
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

static CENTS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^ ?(?:cents?|centimes?|pence|rappen)\b"));

const SCALES: &str = r"thousand|tausend|tsd\.?|mille|duizend|million(?:en|s)?|mill\.|mio\.?|mln\.?|miljoen|milliards?|milliarden?|mrd\.?|miljard|mds?\.?|billionen|biljoen|billions?|bln\.?|bn\.?|trillions?|lakhs?|crores?";

/// Between a number and the currency behind it.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)^(?:[ -]?(?P<scale>{SCALES}|mn\.?|[mkb]))?(?: ?(?:de|of) |[ -]| d['’])?$"
    ))
});

static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)^(?:[ -]?(?P<word>{SCALES}|mn\.?)|(?P<letter>[mkb])| (?P<apart>m))(?P<next>.?)"
    ))
});

fn scale_behind(text: &str) -> Option<(f64, usize)> {
    let captures = BEHIND.captures(text)?;
    let word = captures
        .name("word")
        .or_else(|| captures.name("letter"))
        .or_else(|| captures.name("apart"))?;
    let next = captures.name("next").map_or("", |next| next.as_str());
    let ends = !next.starts_with(|c: char| c.is_alphanumeric());
    ends.then(|| (scale_of(word.as_str()), word.end()))
}

fn scale_of(word: &str) -> f64 {
    match word.trim_end_matches(['.', ' ']).to_lowercase().as_str() {
        "thousand" | "tausend" | "tsd" | "mille" | "duizend" | "k" => 1e3,
        "lakh" | "lakhs" => 1e5,
        "crore" | "crores" => 1e7,
        "milliard" | "milliards" | "milliarde" | "milliarden" | "mrd" | "miljard" | "md"
        | "mds" | "billion" | "billions" | "bln" | "bn" | "b" => 1e9,
        // German and Dutch count differently from English: their billion is a trillion.
        "billionen" | "biljoen" | "trillion" | "trillions" => 1e12,
        _ => 1e6,
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = currencies(text);
    if tokens.is_empty() {
        return tokens;
    }
    tokens.extend(NUMBER.find_iter(text).filter_map(|found| {
        let word_before = cut(text, ..found.start())
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphabetic());
        let (value, decimals) = number(found.as_str())?;
        // `USD115` is money, `B2B` is not: the currency token must end where the digits begin.
        if word_before && !tokens_end_at(text, found.start()) {
            return None;
        }
        Some(Token {
            start: found.start(),
            end: found.end(),
            kind: Kind::Number(value, decimals),
        })
    }));
    tokens.extend(number_words(text));
    tokens.sort_by_key(|token| (token.start, token.end));
    tokens
}

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

fn number(digits: &str) -> Option<(f64, Decimals)> {
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
    let decimal = match (points, commas) {
        (0, 0) => None,
        (1, 1) | (2.., 1) | (1, 2..) => last,
        (1, 0) | (0, 1) if three_behind && !leading_zero => None,
        (1, 0) | (0, 1) => last,
        _ => None,
    };
    let text = match decimal {
        Some(at) => format!("{}.{}", whole(cut(&plain, ..at)), cut(&plain, at + 1..)),
        None => whole(&plain),
    };
    let doubtful = points == 1 && commas == 0 && three_behind && !leading_zero;
    let decimals = if doubtful {
        Decimals::PointBeforeThree
    } else {
        Decimals::Sure
    };
    text.parse().ok().map(|value| (value, decimals))
}

/// Numbers in words, only where a scale or a currency can follow; up to a hundred and round hundreds.
fn number_words(text: &str) -> Vec<Token> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{L}+"));
    static FRACTION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?P<three>three quarters)|(?P<quarter>(?:a )?quarter)|(?P<half>half(?: a)?)) (?:of a )?(?:million|billion|trillion)\b",
        )
    });
    let mut found: Vec<Token> = WORD
        .find_iter(text)
        .filter_map(|word| {
            let value = word_value(&word.as_str().to_lowercase())?;
            Some(Token {
                start: word.start(),
                end: word.end(),
                kind: Kind::Number(value, Decimals::Sure),
            })
        })
        .collect();
    found.extend(FRACTION.captures_iter(text).filter_map(|captures| {
        let (part, value) = [("three", 0.75), ("quarter", 0.25), ("half", 0.5)]
            .into_iter()
            .find_map(|(name, value)| captures.name(name).map(|part| (part, value)))?;
        Some(Token {
            start: part.start(),
            end: part.end(),
            kind: Kind::Number(value, Decimals::Sure),
        })
    }));
    // `quarante-cinq` and `twenty-five` are one number.
    let mut joined: Vec<Token> = Vec::with_capacity(found.len());
    for token in found {
        if let Some(before) = joined.last_mut() {
            if let (Kind::Number(tens, _), Kind::Number(units, _)) = (&before.kind, &token.kind) {
                if text.get(before.end..token.start) == Some("-")
                    && *tens >= 20.0
                    && tens % 10.0 == 0.0
                    && *units < 20.0
                {
                    before.kind = Kind::Number(tens + units, Decimals::Sure);
                    before.end = token.end;
                    continue;
                }
            }
        }
        joined.push(token);
    }
    joined
}

fn word_value(word: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 66] = [
        ("one", 1.0),
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
        ("six", 6.0),
        ("seven", 7.0),
        ("eight", 8.0),
        ("nine", 9.0),
        ("ten", 10.0),
        ("eleven", 11.0),
        ("twelve", 12.0),
        ("thirteen", 13.0),
        ("fifteen", 15.0),
        ("ein", 1.0),
        ("eine", 1.0),
        ("einen", 1.0),
        ("zwei", 2.0),
        ("drei", 3.0),
        ("vier", 4.0),
        ("fünf", 5.0),
        ("sechs", 6.0),
        ("sieben", 7.0),
        ("acht", 8.0),
        ("neun", 9.0),
        ("zehn", 10.0),
        ("elf", 11.0),
        ("zwölf", 12.0),
        ("dreizehn", 13.0),
        ("vierzehn", 14.0),
        ("fünfzehn", 15.0),
        ("sechzehn", 16.0),
        ("un", 1.0),
        ("une", 1.0),
        ("deux", 2.0),
        ("trois", 3.0),
        ("quatre", 4.0),
        ("cinq", 5.0),
        ("sept", 7.0),
        ("huit", 8.0),
        ("neuf", 9.0),
        ("dix", 10.0),
        ("onze", 11.0),
        ("douze", 12.0),
        ("treize", 13.0),
        ("quatorze", 14.0),
        ("quinze", 15.0),
        ("seize", 16.0),
        ("een", 1.0),
        ("één", 1.0),
        ("twee", 2.0),
        ("drie", 3.0),
        ("vijf", 5.0),
        ("zes", 6.0),
        ("zeven", 7.0),
        ("negen", 9.0),
        ("tien", 10.0),
        ("twaalf", 12.0),
        ("dertien", 13.0),
        ("veertien", 14.0),
        ("vijftien", 15.0),
        ("zestien", 16.0),
        ("cent", 100.0),
        ("hundred", 100.0),
        ("hundert", 100.0),
        ("honderd", 100.0),
    ];
    const TENS: [(&str, f64); 28] = [
        ("twenty", 20.0),
        ("thirty", 30.0),
        ("forty", 40.0),
        ("fifty", 50.0),
        ("sixty", 60.0),
        ("seventy", 70.0),
        ("eighty", 80.0),
        ("ninety", 90.0),
        ("zwanzig", 20.0),
        ("dreißig", 30.0),
        ("vierzig", 40.0),
        ("fünfzig", 50.0),
        ("sechzig", 60.0),
        ("siebzig", 70.0),
        ("achtzig", 80.0),
        ("neunzig", 90.0),
        ("vingt", 20.0),
        ("trente", 30.0),
        ("quarante", 40.0),
        ("cinquante", 50.0),
        ("soixante", 60.0),
        ("twintig", 20.0),
        ("dertig", 30.0),
        ("veertig", 40.0),
        ("vijftig", 50.0),
        ("zestig", 60.0),
        ("zeventig", 70.0),
        ("tachtig", 80.0),
    ];
    let look = |table: &[(&str, f64)], word: &str| {
        table
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, value)| *value)
    };
    // As a number `cent` is French for a hundred, but it is far more often a coin.
    if word == "cent" {
        return None;
    }
    if let Some(value) = look(&UNITS, word).or_else(|| look(&TENS, word)) {
        return Some(value);
    }
    for (tens, value) in TENS {
        if let Some(units) = word.strip_suffix(tens) {
            let units = units
                .strip_suffix("und")
                .or_else(|| units.strip_suffix("en"))?;
            return look(&UNITS, units.trim_end_matches('ë')).map(|units| units + value);
        }
    }
    for hundred in ["hundert", "honderd"] {
        if let Some(units) = word.strip_suffix(hundred) {
            return look(&UNITS, units).map(|units| units * 100.0);
        }
    }
    None
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
        CURRENCY.iter().find_map(|(currency, words)| {
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
        Some(word) => scale_of(word),
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

/// Each currency by itself: which of them it is is known without groups, which are dear.
static CURRENCY: LazyLock<Vec<(Option<&str>, Regex)>> = LazyLock::new(|| {
    let currencies = CURRENCIES.iter();
    currencies
        .map(|(code, words)| (*code, pattern(&format!("^(?:{words})"))))
        .collect()
});

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
        r"(?i:us|u\.s\.?|usd) ?\$|\$ ?(?i:usd?|u\.s\.)|(?i:usd)|(?i:us|u\.s\.|american|united states) (?i:dollars?)|(?i:(?:us|amerikanische[nr]?|amerikaanse)[ -]dollars?)|(?i:dollars? (?:américains?|us|des états-unis))",
    ),
    (
        Some("CAD"),
        r"(?i:cad|can|ca|c) ?\$|\$ ?(?i:cad|can|ca|c)\b|CAD|cad|(?i:canadian dollars?|kanadische[nr]? dollars?|canadese dollars?|dollars? canadiens?)",
    ),
    (
        Some("HKD"),
        r"(?i:hkd?) ?\$|\$ ?(?i:hkd?)\b|(?i:hkd)|(?i:hong kong dollars?|hongkong[ -]dollars?|dollars? de hong kong)",
    ),
    (
        Some("AUD"),
        r"A\$|(?i:aud?) ?\$|\$ ?(?i:aud?)\b|(?i:aud)|(?i:australian dollars?|australische[nr]? dollars?|dollars? australiens?)",
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
        r"(?i:mex|mxn?) ?\$|(?i:mxn)|(?i:mexican pesos?|mexikanische[nr]? pesos?|pesos mexicains|mexicaanse pesos?)",
    ),
    (
        Some("BRL"),
        r"R\$|(?i:brl)|(?i:brazilian reals?|brazilian reais|reais)",
    ),
    (
        Some("GBP"),
        r"£|(?i:gbp)|(?i:british pounds?|pounds? sterling|sterling|britische[nr]? pfund|pfund sterling|livres? sterling|britse pond(?:en)?|pond sterling)",
    ),
    (Some("EUR"), r"€|(?i:eur)\b|(?i:euros?)\b|EUR"),
    (
        Some("JPY"),
        r"(?i:jpy)|(?i:(?:japanese |japanische[nr]? |japanse )?yens?)(?: japonais)?|円",
    ),
    (
        Some("CNY"),
        r"(?i:cny|rmb)|(?i:(?:chinese |chinesische[nr]? )?(?:yuans?|renminbi)|kuai)|元|人民币",
    ),
    (
        Some("CHF"),
        r"(?i:chf|sfr\.?)|(?i:swiss francs?|schweizer franken|franken|francs? suisses?|zwitserse franks?)",
    ),
    (
        Some("INR"),
        r"₹|(?i:inr)|(?i:indian rupees?|indische[nr]? rupien?|roupies? indiennes?|indiase roepies?)",
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
        r"(?i:sek)|(?i:swedish kron(?:a|or|er)|schwedische[nr]? kronen?|couronnes? suédoises?|zweedse kro(?:on|nen))",
    ),
    (
        Some("NOK"),
        r"(?i:nok)|(?i:norwegian kron(?:e|er|or)|norwegische[nr]? kronen?|couronnes? norvégiennes?|noorse kro(?:on|nen))",
    ),
    (
        Some("DKK"),
        r"(?i:dkk)|(?i:danish kron(?:e|er)|dänische[nr]? kronen?|couronnes? danoises?|deense kro(?:on|nen))",
    ),
    (Some("ISK"), r"ISK|(?i:icelandic kr[oó]n[au]r?)"),
    (
        Some("PLN"),
        r"(?i:pln)|(?i:(?:polish )?z[lł]oty(?:s|ch)?)|zł",
    ),
    (
        Some("CZK"),
        r"(?i:czk)|Kč|(?i:czech (?:koruna|crown)s?|tschechische[nr]? kronen?|couronnes? tchèques?)",
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
        r"₽|(?i:rub)\b|(?i:(?:russian )?roubles?|(?:russian )?rubles?|(?:russische )?rubel|roubles? russes?)",
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
    (Some("ARS"), r"ARS|(?i:argentin(?:e|ian) pesos?)"),
    (Some("CLP"), r"CLP|(?i:chilean pesos?)"),
    (Some("COP"), r"COP|(?i:colombian pesos?)"),
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
    (Some("ESP"), r"ESP|(?i:(?:spanish )?pesetas?)"),
    // Words that several countries share: the amount is known, the currency is not.
    (
        None,
        r"\$|¥|(?i:dollars?|pounds?|pfund|livres?|ponden|francs?|rupees?|rupien|roupies?|pesos?|kron(?:a|er|or|en|e)|couronnes?|crowns?|dirhams?|riyals?|dinars?|shillings?|liras?)",
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
