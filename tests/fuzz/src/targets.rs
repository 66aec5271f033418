//! What is fed, and what must hold of every answer.

use fastrand::Rng;
use serde::Serialize;

use crate::mutate::{self, Matter};
use crate::seeds;

mod door;
mod fetched;
mod page;
mod proposal;
mod sentence;
mod words;

/// A reader of strangers' input.
pub struct Target {
    pub name: &'static str,
    /// How many cases each run of the tests takes.
    pub cases: u64,
    /// Its part of a long run's time, in relation to the others.
    pub share: u32,
    /// Makes an input out of nothing but chance.
    pub input: fn(&mut Rng) -> Vec<u8>,
    /// Feeds it. Says what did not hold.
    pub check: fn(&mut Rng, &[u8]) -> Result<(), String>,
}

/// All that there are.
pub static TARGETS: &[Target] = &[
    page::PAGE,
    page::POINTERS,
    page::LINKS,
    page::MONEY,
    fetched::ROBOTS,
    fetched::MEDIA_TYPE,
    fetched::CODING,
    fetched::ADDRESS,
    proposal::DOCUMENT,
    proposal::APPLY,
    sentence::SENTENCE,
    door::DOOR,
    words::EMAIL,
    words::TIME,
    words::IDS,
    words::ROWS,
];

/// The target of that name.
///
/// # Panics
/// If there is none.
pub fn target(name: &str) -> &'static Target {
    let found = TARGETS.iter().find(|target| target.name == name);
    found.unwrap_or_else(|| panic!("there is no target {name}"))
}

/// Says what did not hold.
fn must(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(what.into())
    }
}

/// Whether two things are written alike.
fn alike(one: &impl Serialize, other: &impl Serialize) -> Result<bool, String> {
    let written = |error: serde_json::Error| error.to_string();
    let one = serde_json::to_value(one).map_err(written)?;
    let other = serde_json::to_value(other).map_err(written)?;
    Ok(one == other)
}

/// Text made of lines and tokens.
fn text(random: &mut Rng, lines: &[&str], words: &[&[&str]], longest: usize) -> Vec<u8> {
    let seeds = seeds::texts(lines);
    let matter = Matter {
        seeds: &seeds,
        words,
        longest,
    };
    mutate::input(random, matter)
}
