//! How one input becomes another: splices, repeats, flips, and the tokens that readers look for in places where they do
//! not belong.

use std::ops::Range;

use fastrand::Rng;
use serde_json::{Map, Value};

/// What a target's inputs are made of.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    pub seeds: &'a [Vec<u8>],
    /// Tokens that the target knows.
    pub words: &'a [&'a [&'a str]],
    /// Bytes of the longest input.
    pub longest: usize,
}

/// Most mutations of one input.
const MOST_STEPS: usize = 12;

/// One in so many inputs has no seed and is a row of tokens.
const FROM_NOTHING: usize = 12;

/// One in so many long seeds is taken whole; of the others a window is enough and quicker.
const WHOLE: usize = 24;

/// Bytes of the longest window.
const WINDOW: usize = 8 * 1024;

/// The input of one case.
pub fn input(random: &mut Rng, matter: Matter<'_>) -> Vec<u8> {
    let mut input = if random.usize(..FROM_NOTHING) == 0 {
        row_of_words(random, matter)
    } else {
        seed_window(random, matter).to_vec()
    };
    let steps = 1 + random.usize(..MOST_STEPS).min(random.usize(..MOST_STEPS));
    for _ in 0..steps {
        step(random, &mut input, matter);
        input.truncate(matter.longest);
    }
    input
}

/// A seed, or a stretch of a long one. Empty where there are none.
fn seed_window<'a>(random: &mut Rng, matter: Matter<'a>) -> &'a [u8] {
    if matter.seeds.is_empty() {
        return b"";
    }
    let seed: &Vec<u8> = pick(random, matter.seeds);
    if seed.len() <= WINDOW || random.usize(..WHOLE) == 0 {
        return seed;
    }
    let length = random.usize(1..=WINDOW);
    let start = random.usize(..=seed.len() - length);
    &seed[start..start + length]
}

fn row_of_words(random: &mut Rng, matter: Matter<'_>) -> Vec<u8> {
    let mut row = String::new();
    for _ in 0..random.usize(1..60) {
        row += word(random, matter);
        row += ["", " ", " ", "\n"][random.usize(..4)];
    }
    row.into_bytes()
}

fn word<'a>(random: &mut Rng, matter: Matter<'a>) -> &'a str {
    let words: &&[&str] = pick(random, matter.words);
    let word: &&str = pick(random, words);
    word
}

fn pick<'a, T>(random: &mut Rng, list: &'a [T]) -> &'a T {
    &list[random.usize(..list.len())]
}

/// Before a digit, each of these puts the bytes counted back from it into the middle of a letter.
const WIDE: &[&str] = &[
    "ü",
    "ß",
    "é",
    "€",
    "£",
    "–",
    "“",
    "中",
    "名",
    "\u{a0}",
    "\u{202f}",
    "\u{feff}",
    "\u{200d}",
    "😀",
    "👩‍💻",
    "e\u{301}",
    "İ",
    "ſ",
    "K",
    "Ａ",
    "５",
    "٣",
    "\u{10ffff}",
    "\u{fffd}",
];

/// Numbers at the edges of what their readers can hold.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "00",
    "1e999",
    "1.234.567,89",
    "1,234,567.89",
    "1'234",
    "12 345",
    "999999999999999999999",
    "4294967296",
    "-9223372036854775808",
    "0.1",
    ".5",
    "5.",
    "1.000",
    "2024",
    "NaN",
    "∞",
];

fn step(random: &mut Rng, input: &mut Vec<u8>, matter: Matter<'_>) {
    match random.usize(..16) {
        0 | 1 => {
            let word = word(random, matter);
            insert(random, input, word);
        }
        2 => {
            let range = token(random, input);
            input.splice(range, word(random, matter).bytes());
        }
        3 => {
            input.drain(range(random, input));
        }
        4 => {
            let range = range(random, input);
            let most = matter.longest / range.len().max(1);
            let again = input[range.clone()].repeat(random.usize(1..=most.clamp(1, 300)));
            input.splice(range, again);
        }
        5 => {
            let other = seed_window(random, matter);
            let taken = &other[range(random, other)];
            input.splice(range(random, input), taken.iter().copied());
        }
        6 => {
            if let Some(byte) = choose(random, input) {
                input[byte] ^= 1 << random.u8(..8);
            }
        }
        7 => {
            let at = random.usize(..=input.len());
            let noise: Vec<u8> = (0..random.usize(1..6)).map(|_| random.u8(..)).collect();
            input.splice(at..at, noise);
        }
        8 | 9 => {
            let digits = places(input, |pair| {
                !pair[0].is_ascii_digit() && pair[1].is_ascii_digit()
            });
            if !digits.is_empty() {
                let at = *pick(random, &digits);
                // With or without what parts the number from the word before.
                let from = at - usize::from(random.bool());
                input.splice(from..at, pick(random, WIDE).bytes());
            }
        }
        10 => {
            let marks = places(input, |pair| matches!(pair[1], b'&' | b'<' | b'"' | b'>'));
            if !marks.is_empty() {
                let at = *pick(random, &marks);
                let end = (at + random.usize(..8)).min(input.len());
                input.drain(at..end);
            }
        }
        11 => recode(random, input),
        12 => {
            let (one, other) = (range(random, input), range(random, input));
            let taken = input[one].to_vec();
            input.splice(other, taken);
        }
        13 => {
            let range = range(random, input);
            let text = String::from_utf8_lossy(&input[range.clone()]);
            let text = if random.bool() {
                text.to_uppercase()
            } else {
                text.to_lowercase()
            };
            input.splice(range, text.into_bytes());
        }
        14 => {
            let digits = places(input, |pair| pair[1].is_ascii_digit());
            if !digits.is_empty() {
                let at = *pick(random, &digits);
                let rest = input[at..].iter();
                let length = rest.take_while(|byte| byte.is_ascii_digit()).count();
                input.splice(at..at + length, pick(random, NUMBERS).bytes());
            }
        }
        _ => {
            let letter: &&str = pick(random, WIDE);
            insert(random, input, letter);
        }
    }
}

/// The same text in another encoding, rightly or wrongly.
fn recode(random: &mut Rng, input: &mut Vec<u8>) {
    let text = || String::from_utf8_lossy(input);
    let recoded: Vec<u8> = match random.usize(..8) {
        0 => text().encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => [b"\xFF\xFE".to_vec()]
            .into_iter()
            .flatten()
            .chain(text().encode_utf16().flat_map(u16::to_le_bytes))
            .collect(),
        2 => b"\xFE\xFF"
            .iter()
            .copied()
            .chain(text().encode_utf16().flat_map(u16::to_be_bytes))
            .collect(),
        3 => [b"\xEF\xBB\xBF", input.as_slice()].concat(),
        // UTF-8 taken for Latin-1, as happens to pages that were copied around.
        4 | 5 => {
            let taken: String = input.iter().map(|&byte| char::from(byte)).collect();
            taken.into_bytes()
        }
        _ => {
            let narrow = text()
                .chars()
                .map(|c| u8::try_from(c).unwrap_or(b'?'))
                .collect();
            narrow
        }
    };
    *input = recoded;
}

fn insert(random: &mut Rng, input: &mut Vec<u8>, text: &str) {
    let at = random.usize(..=input.len());
    input.splice(at..at, text.bytes());
}

/// A stretch of the input, short ones more often than long ones.
fn range(random: &mut Rng, input: &[u8]) -> Range<usize> {
    let most = input.len() >> random.usize(..8);
    let length = random.usize(..=most);
    let start = random.usize(..=input.len() - length);
    start..start + length
}

/// A word or number of the input, if there is one where it is looked for.
fn token(random: &mut Rng, input: &[u8]) -> Range<usize> {
    let at = random.usize(..=input.len());
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let start = at - input[..at].iter().rev().take_while(is_part).count();
    let end = at + input[at..].iter().take_while(is_part).count();
    start..end
}

fn choose(random: &mut Rng, input: &[u8]) -> Option<usize> {
    (!input.is_empty()).then(|| random.usize(..input.len()))
}

/// Where the second of two neighbouring bytes stands, for all that the question holds for.
fn places(input: &[u8], holds: impl Fn(&[u8]) -> bool) -> Vec<usize> {
    let pairs = input.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| holds(pair))
        .map(|(at, _)| at + 1)
        .collect()
}

/// Changes values, names and the shape of a JSON document that stays one.
pub fn json(random: &mut Rng, document: &mut Value, matter: Matter<'_>) {
    for _ in 0..=random.usize(..4) {
        json_step(random, document, matter);
    }
}

fn json_step(random: &mut Rng, value: &mut Value, matter: Matter<'_>) {
    match value {
        Value::Object(fields) if !fields.is_empty() && random.usize(..8) != 0 => {
            let at = random.usize(..fields.len());
            let Some(name) = fields.keys().nth(at).cloned() else {
                return;
            };
            match random.usize(..12) {
                0 => {
                    fields.remove(&name);
                }
                1 => {
                    fields.insert(word(random, matter).to_owned(), Value::Null);
                }
                _ => json_step(random, &mut fields[&name], matter),
            }
        }
        Value::Array(items) if !items.is_empty() && random.usize(..8) != 0 => {
            let at = random.usize(..items.len());
            match random.usize(..8) {
                0 => {
                    items.remove(at);
                }
                1 => items.push(items[at].clone()),
                _ => json_step(random, &mut items[at], matter),
            }
        }
        Value::String(text) if random.bool() => {
            let mut bytes = std::mem::take(text).into_bytes();
            step(random, &mut bytes, matter);
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
        _ => *value = any(random, matter),
    }
}

fn any(random: &mut Rng, matter: Matter<'_>) -> Value {
    match random.usize(..9) {
        0 => Value::Null,
        1 => Value::Bool(random.bool()),
        2 => Value::from(random.i64(..) >> random.u32(..64)),
        3 => Value::from(random.f64() * 10_f64.powi(random.i32(-20..20))),
        4 => Value::Array(Vec::new()),
        5 => Value::Object(Map::new()),
        6 => Value::from(*pick(random, NUMBERS)),
        7 => Value::from(word(random, matter).repeat(random.usize(..100))),
        _ => Value::from(word(random, matter)),
    }
}
