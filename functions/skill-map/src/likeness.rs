//! How alike words are that are not the same, and what part of two things agrees: what names and outcomes both go by.

/// Words that begin alike which are looked at for one word.
pub const MOST_NEAR: usize = 1_000;

/// Letters with which near words and parts of compounds begin at least.
pub const BEGINNING: usize = 4;

/// Words are near from this likeness on.
pub const NEAR: f32 = 0.75;

/// A German word of so many letters is a compound, and says as much as two words.
pub const COMPOUND: usize = 2 * BEGINNING;

pub fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// How much of two words is their common beginning and, beside it, their common end, on the average.
pub fn likeness(one: &[u8], other: &[u8]) -> f32 {
    let shorter = one.len().min(other.len());
    let same = |(a, b): &(&u8, &u8)| a == b;
    let begin = one.iter().zip(other).take_while(same).count();
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(same)
        .count();
    let common = begin + end.min(shorter - begin);
    (common as f32 / one.len() as f32 + common as f32 / other.len() as f32) / 2.0
}

/// What part is of part and rest.
pub fn share(part: f32, rest: f32) -> f32 {
    match part > 0.0 {
        true => part / (part + rest),
        false => 0.0,
    }
}
