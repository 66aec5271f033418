//! The closed vocabulary: the skills of ESCO and of O*NET's technology list, their labels, and an index per language over
//! everything that they are called.
//!
//! `valyou skills build` makes it; here it is read in place. Nothing is parsed when the function starts, and whatever the
//! bytes are, reading them finds nothing rather than fails.
//!
//! The bytes: eight that name the format, the number of the first product, where each section begins (four bytes each,
//! little-endian as all numbers are), then the sections: labels by language, and for each language its words, what is
//! known of each, and the names of each skill. Names of products are the same in every language and stand in the English
//! index only.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::Language;

/// What a vocabulary begins with.
pub const FORMAT: &[u8; 8] = b"VYSKILL1";

/// Bytes before the first section.
pub const HEADER: usize = FORMAT.len() + 4 + 4 * SECTIONS;

/// Texts or records that share one place in a table.
pub const BLOCK: usize = 16;

/// Sections: labels of both languages, then those of the two indexes.
pub const SECTIONS: usize = 2 + 2 * INDEX_SECTIONS;

/// Words, what they tell, what is known of them, names of skills.
pub const INDEX_SECTIONS: usize = 4;

/// Parts that a weight of one is kept in.
pub const WEIGHT_PARTS: f32 = 256.0;

/// What a skill's id begins with: the number of the skill follows, in seven digits.
const PREFIX: &str = "SKILL_";

const DIGITS: usize = 7;

/// What is compiled into this function.
static BYTES: &[u8] = include_bytes!("../vocabulary/vocabulary.bin");

/// A skill of the vocabulary by its number. Only [`Vocabulary::skill`] says whether there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Skill(pub u16);

impl Skill {
    /// Reads `SKILL_0000001`.
    pub fn parse(id: &str) -> Option<Self> {
        let number = id.strip_prefix(PREFIX)?;
        let is_number = number.len() == DIGITS && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| number.parse().ok().map(Self)).flatten()
    }
}

/// Whether a text has the form of an id, of whatever length and letters: such a text is never somebody's own word.
pub fn is_id(text: &str) -> bool {
    let prefix = text.get(..PREFIX.len());
    let number = text.get(PREFIX.len()..).unwrap_or_default();
    prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX))
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Skill {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{:0width$}", self.0, width = DIGITS)
    }
}

impl Serialize for Skill {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Skill {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        let skill = Self::parse(&id).filter(|skill| Vocabulary::embedded().has(*skill));
        skill.ok_or_else(|| {
            D::Error::custom("a skill's id is one of the vocabulary's, such as SKILL_0000209")
        })
    }
}

/// A vocabulary in its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a>(&'a [u8]);

impl Vocabulary<'static> {
    /// The vocabulary of this function.
    pub fn embedded() -> Self {
        Self(BYTES)
    }
}

impl<'a> Vocabulary<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// One more than the highest number of a skill.
    pub fn size(self) -> usize {
        Texts(self.section(0)).len()
    }

    /// Whether the skill is to know a product, as O*NET's list names them.
    pub fn is_product(self, skill: Skill) -> bool {
        u32_at(self.0, FORMAT.len()).is_some_and(|first| u32::from(skill.0) >= first)
    }

    pub fn has(self, skill: Skill) -> bool {
        self.label(skill, Language::En).is_some()
    }

    /// What the skill is called, in English where it has no name in the language.
    pub fn label(self, skill: Skill, language: Language) -> Option<&'a str> {
        let labels = |section| {
            Texts(self.section(section))
                .get(usize::from(skill.0))
                .filter(|label| !label.is_empty())
        };
        match language {
            Language::En => labels(0),
            Language::De => labels(1).or_else(|| labels(0)),
        }
    }

    pub fn index(self, language: Language) -> Index<'a> {
        let first = 2 + INDEX_SECTIONS * language as usize;
        Index {
            words: Texts(self.section(first)),
            weights: self.section(first + 1),
            records: Records(self.section(first + 2)),
            names: Records(self.section(first + 3)),
        }
    }

    fn section(self, section: usize) -> &'a [u8] {
        let place = FORMAT.len() + 4 + 4 * section;
        let begin = u32_at(self.0, place).unwrap_or(0) as usize;
        let end = match section + 1 < SECTIONS {
            true => u32_at(self.0, place + 4).unwrap_or(0) as usize,
            false => self.0.len(),
        };
        match self.0.starts_with(FORMAT) {
            true => self.0.get(begin..end).unwrap_or_default(),
            false => &[],
        }
    }
}

/// What the skills are called in one language, by words.
#[derive(Clone, Copy, Debug)]
pub struct Index<'a> {
    words: Texts<'a>,
    weights: &'a [u8],
    records: Records<'a>,
    names: Records<'a>,
}

/// What is known of a word.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    links: &'a [u8],
    skills: &'a [u8],
}

impl<'a> Index<'a> {
    pub fn find(self, word: &str) -> Option<u16> {
        let place = self.words.search(word);
        let found = self.words.get(place) == Some(word);
        found.then(|| u16::try_from(place).ok()).flatten()
    }

    /// The words that begin so, in their order, at most so many.
    pub fn beginning(
        self,
        with: &str,
        most: usize,
    ) -> impl Iterator<Item = (u16, &'a str)> + use<'a, '_> {
        let first = self.words.search(with);
        let words = self.words.from(first).take(most).zip(first..);
        let words = words.take_while(move |(word, _)| word.starts_with(with));
        words.filter_map(|(word, place)| Some((u16::try_from(place).ok()?, word)))
    }

    pub fn text(self, word: u16) -> Option<&'a str> {
        self.words.get(usize::from(word))
    }

    /// How much a word tells: the rarer it is in the names of skills, the more.
    pub fn weight(self, word: u16) -> f32 {
        let place = 2 * usize::from(word);
        let parts = self
            .weights
            .get(place..place + 2)
            .and_then(|parts| parts.try_into().ok());
        f32::from(parts.map_or(0, u16::from_le_bytes)) / WEIGHT_PARTS
    }

    pub fn word(self, word: u16) -> Option<Word<'a>> {
        let mut record = self.records.get(usize::from(word))?;
        let links = 3 * take_number(&mut record)? as usize;
        Some(Word {
            links: record.get(..links)?,
            skills: record.get(links..)?,
        })
    }

    /// Everything that the skill is called, each name as its words.
    pub fn names(self, skill: Skill) -> impl Iterator<Item = Name<'a>> {
        let mut record = self.names.get(usize::from(skill.0)).unwrap_or_default();
        std::iter::from_fn(move || {
            let length = usize::from(*record.first()?);
            let name = record.get(1..1 + 2 * length)?;
            record = record.get(1 + 2 * length..)?;
            Some(Name(name))
        })
    }
}

impl<'a> Word<'a> {
    /// Words that stand for this one, and how well: 255 parts are one. The best first.
    pub fn links(self) -> impl Iterator<Item = (u16, u8)> + use<'a> {
        let links = self.links.chunks_exact(3);
        links.map(|link| (u16::from_le_bytes([link[0], link[1]]), link[2]))
    }

    /// The skills that have the word in a name, in the order of their numbers.
    pub fn skills(self) -> impl Iterator<Item = Skill> + use<'a> {
        let mut rest = self.skills;
        let mut number = 0;
        std::iter::from_fn(move || {
            number += take_number(&mut rest)?;
            u16::try_from(number).ok().map(Skill)
        })
    }
}

/// A name of a skill as its words.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a>(&'a [u8]);

impl<'a> Name<'a> {
    pub fn words(self) -> impl Iterator<Item = u16> + use<'a> {
        self.0
            .chunks_exact(2)
            .map(|two| u16::from_le_bytes([two[0], two[1]]))
    }
}

/// Texts, each after its length: how many, where each block of them begins, then the blocks.
#[derive(Clone, Copy, Debug)]
struct Texts<'a>(&'a [u8]);

impl<'a> Texts<'a> {
    fn len(self) -> usize {
        u32_at(self.0, 0).unwrap_or(0) as usize
    }

    fn get(self, place: usize) -> Option<&'a str> {
        self.from(place).next()
    }

    /// The texts from this place on.
    fn from(self, place: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        let is_there = place < self.len();
        let begin = u32_at(self.0, 4 + 4 * (place / BLOCK)).filter(|_| is_there);
        let mut rest = begin
            .and_then(|begin| self.0.get(begin as usize..))
            .unwrap_or_default();
        let texts = std::iter::from_fn(move || {
            let length = usize::from(*rest.first()?);
            let text = rest.get(1..1 + length)?;
            rest = rest.get(1 + length..)?;
            std::str::from_utf8(text).ok()
        });
        texts.skip(place % BLOCK)
    }

    /// The place of the first text that is not before this one, of texts in their order.
    fn search(self, text: &str) -> usize {
        let (mut low, mut high) = (0, self.len().div_ceil(BLOCK));
        while low < high {
            let middle = (low + high) / 2;
            match self.get(middle * BLOCK) {
                Some(first) if first < text => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        let begin = low.saturating_sub(1) * BLOCK;
        let before = self
            .from(begin)
            .take(BLOCK)
            .take_while(|other| *other < text);
        begin + before.count()
    }
}

/// Bytes by number, each after its length, in blocks like texts.
#[derive(Clone, Copy, Debug)]
struct Records<'a>(&'a [u8]);

impl<'a> Records<'a> {
    fn get(self, place: usize) -> Option<&'a [u8]> {
        let count = u32_at(self.0, 0)? as usize;
        let begin = u32_at(self.0, 4 + 4 * (place / BLOCK)).filter(|_| place < count)?;
        let mut rest = self.0.get(begin as usize..)?;
        for _ in 0..place % BLOCK {
            let length = take_number(&mut rest)? as usize;
            rest = rest.get(length..)?;
        }
        let length = take_number(&mut rest)? as usize;
        rest.get(..length)
    }
}

fn u32_at(bytes: &[u8], place: usize) -> Option<u32> {
    let bytes = bytes.get(place..place + 4)?;
    bytes.try_into().ok().map(u32::from_le_bytes)
}

/// A number in groups of seven bits, the lowest first; all but the last have the highest bit set.
fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    for shift in [0, 7, 14, 21] {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
