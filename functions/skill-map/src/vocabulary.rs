//! The closed vocabulary: the skills of ESCO and of O*NET's technology list, their labels, and an index per language over
//! everything that they are called.
//!
//! `gates vocabulary` makes it; here it is read in place. Nothing is parsed when the function starts, and whatever the
//! bytes are, reading them finds nothing rather than fails.
//!
//! The bytes: eight that name the format, the number of the first product, where each section begins (four bytes each,
//! little-endian as all numbers are), then the sections: labels by language, for each language its words, what is known of
//! each, and the names of each skill, then for each language the words of outcomes, and the skills of each outcome. Names of
//! products are the same in every language and stand in the English index only.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::likeness::{is_number, likeness, BEGINNING, MOST_NEAR, NEAR};
use crate::words::Language;

/// What a vocabulary begins with.
pub const FORMAT: &[u8; 8] = b"VYSKILL2";

/// Bytes before the first section.
pub const HEADER: usize = FORMAT.len() + 4 + 4 * SECTIONS;

/// Texts or records that share one place in a table.
pub const BLOCK: usize = 16;

/// Sections: labels of both languages, then those of the two indexes, then those of the outcomes.
pub const SECTIONS: usize = 2 + 2 * INDEX_SECTIONS + OUTCOME_SECTIONS;

/// Words, what they tell, what stands for them, names of skills.
pub const INDEX_SECTIONS: usize = 4;

/// Words and outcomes of each word by language, and skills of each outcome.
pub const OUTCOME_SECTIONS: usize = 2 * 2 + 1;

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
            words: WordList(self.section(first)),
            weights: self.section(first + 1),
            links: Records(self.section(first + 2)),
            names: Records(self.section(first + 3)),
        }
    }

    pub fn outcomes(self, language: Language) -> Outcomes<'a> {
        let first = 2 + 2 * INDEX_SECTIONS;
        let of_language = first + 2 * language as usize;
        Outcomes {
            words: WordList(self.section(of_language)),
            of_words: Records(self.section(of_language + 1)),
            skills: Records(self.section(first + 4)),
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
    words: WordList<'a>,
    weights: &'a [u8],
    links: Records<'a>,
    names: Records<'a>,
}

impl<'a> Index<'a> {
    pub fn find(self, word: &str) -> Option<u16> {
        self.words.find(word)
    }

    /// Words like this one that begin with as many of its bytes, and how like they are: less than the same.
    pub fn near(
        self,
        word: &str,
        beginning: usize,
    ) -> impl Iterator<Item = (u16, f32)> + use<'a, '_> {
        self.words.near(word, beginning)
    }

    pub fn text(self, word: u16) -> Option<String> {
        self.words.from(usize::from(word)).next()
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

    /// Words that stand for this one, and how well: 255 parts are one. The best first.
    pub fn links(self, word: u16) -> impl Iterator<Item = (u16, u8)> + use<'a> {
        let links = self.links.get(usize::from(word)).unwrap_or_default();
        let links = links.chunks_exact(3);
        links.map(|link| (u16::from_le_bytes([link[0], link[1]]), link[2]))
    }

    /// How many words there are.
    pub fn words(self) -> usize {
        self.words.len()
    }

    /// Everything that the skill is called.
    pub fn names(self, skill: Skill) -> Names<'a> {
        Names(self.names.get(usize::from(skill.0)).unwrap_or_default())
    }

    /// The same of every skill, in the order of their numbers.
    pub fn all(self) -> impl Iterator<Item = (Skill, Names<'a>)> {
        (0..).map(Skill).zip(self.names.all().map(Names))
    }
}

/// The words in which titles of one language tell outcomes, and the skills that each outcome asks for. A word is a stem, or
/// some in a row written as one.
#[derive(Clone, Copy, Debug)]
pub struct Outcomes<'a> {
    words: WordList<'a>,
    of_words: Records<'a>,
    skills: Records<'a>,
}

impl<'a> Outcomes<'a> {
    pub fn find(self, word: &str) -> Option<u16> {
        self.words.find(word)
    }

    /// Words like this one that begin with as many of its bytes, and how like they are: less than the same.
    pub fn near(
        self,
        word: &str,
        beginning: usize,
    ) -> impl Iterator<Item = (u16, f32)> + use<'a, '_> {
        self.words.near(word, beginning)
    }

    /// How many outcomes there are.
    pub fn count(self) -> usize {
        self.skills.len()
    }

    /// The outcomes that a word speaks of, in their order, and whether it names each of them or only goes with it.
    pub fn of_word(self, word: u16) -> impl Iterator<Item = (u16, bool)> + use<'a> {
        let mut rest = self.of_words.get(usize::from(word)).unwrap_or_default();
        let mut outcome = 0;
        std::iter::from_fn(move || {
            let number = take_number(&mut rest)?;
            outcome += number >> 1;
            Some((u16::try_from(outcome).ok()?, number & 1 == 1))
        })
    }

    /// The skills that an outcome asks for, the surest first.
    pub fn skills(self, outcome: u16) -> impl Iterator<Item = Skill> + use<'a> {
        let skills = self.skills.get(usize::from(outcome)).unwrap_or_default();
        let skills = skills.chunks_exact(2);
        skills.map(|skill| Skill(u16::from_le_bytes([skill[0], skill[1]])))
    }
}

/// Everything that a skill is called: the words of all names, then each name as places among them.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a>(&'a [u8]);

impl<'a> Names<'a> {
    /// The words of all names, each once, in their order.
    pub fn words(self) -> Words<'a> {
        let mut rest = self.0;
        let left = take_number(&mut rest).unwrap_or(0);
        Words {
            rest,
            left,
            word: 0,
        }
    }

    /// The words of all names, and each name as places among them.
    pub fn read(self) -> (Vec<u16>, impl Iterator<Item = &'a [u8]>) {
        let mut words = self.words();
        let all: Vec<u16> = words.by_ref().collect();
        let mut rest = words.rest;
        let names = std::iter::from_fn(move || {
            let length = usize::from(*rest.first()?);
            let name = rest.get(1..1 + length)?;
            rest = rest.get(1 + length..)?;
            Some(name)
        });
        (all, names)
    }
}

/// Words as what lies between them.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    rest: &'a [u8],
    left: u32,
    word: u32,
}

impl Iterator for Words<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        self.left = self.left.checked_sub(1)?;
        self.word += take_number(&mut self.rest)?;
        u16::try_from(self.word).ok()
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
        let is_there = place < self.len();
        let begin = u32_at(self.0, 4 + 4 * (place / BLOCK)).filter(|_| is_there)?;
        let mut rest = self.0.get(begin as usize..)?;
        for _ in 0..place % BLOCK {
            let length = usize::from(*rest.first()?);
            rest = rest.get(1 + length..)?;
        }
        let length = usize::from(*rest.first()?);
        std::str::from_utf8(rest.get(1..1 + length)?).ok()
    }
}

/// Words in their order, each after how many bytes it begins with as the one before it in the same block does, and how many
/// follow: how many words, where each block of them begins, then the blocks.
#[derive(Clone, Copy, Debug)]
struct WordList<'a>(&'a [u8]);

impl<'a> WordList<'a> {
    fn len(self) -> usize {
        u32_at(self.0, 0).unwrap_or(0) as usize
    }

    /// The words from this place on.
    fn from(self, place: usize) -> impl Iterator<Item = String> + use<'a> {
        let is_there = place < self.len();
        let begin = u32_at(self.0, 4 + 4 * (place / BLOCK)).filter(|_| is_there);
        let mut rest = begin
            .and_then(|begin| self.0.get(begin as usize..))
            .unwrap_or_default();
        let mut word = Vec::new();
        let words = std::iter::from_fn(move || {
            let [shared, own] = rest.first_chunk()?.map(usize::from);
            word.truncate(shared);
            word.extend(rest.get(2..2 + own)?);
            rest = rest.get(2 + own..)?;
            String::from_utf8(word.clone()).ok()
        });
        words.skip(place % BLOCK)
    }

    fn find(self, word: &str) -> Option<u16> {
        let place = self.search(word);
        let found = self.from(place).next().as_deref() == Some(word);
        found.then(|| u16::try_from(place).ok()).flatten()
    }

    fn near(self, word: &str, beginning: usize) -> impl Iterator<Item = (u16, f32)> + use<'a, '_> {
        let with = word.get(..beginning);
        let with = with.filter(|_| !is_number(word) && word.len() > BEGINNING);
        let words = with.into_iter().flat_map(move |with| {
            let first = self.search(with);
            let words = self.from(first).take(MOST_NEAR).zip(first..);
            words.take_while(move |(other, _)| other.starts_with(with))
        });
        words.filter_map(move |(other, place)| {
            let likeness = likeness(word.as_bytes(), other.as_bytes());
            let is_near = (NEAR..1.0).contains(&likeness);
            Some((u16::try_from(place).ok()?, likeness)).filter(|_| is_near)
        })
    }

    /// The place of the first word that is not before this one.
    fn search(self, word: &str) -> usize {
        let (mut low, mut high) = (0, self.len().div_ceil(BLOCK));
        while low < high {
            let middle = (low + high) / 2;
            match self.from(middle * BLOCK).next() {
                Some(first) if first.as_str() < word => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        let begin = low.saturating_sub(1) * BLOCK;
        let before = self
            .from(begin)
            .take(BLOCK)
            .take_while(|other| other.as_str() < word);
        begin + before.count()
    }
}

/// Bytes by number, each after its length, in blocks like texts.
#[derive(Clone, Copy, Debug)]
struct Records<'a>(&'a [u8]);

impl<'a> Records<'a> {
    fn len(self) -> usize {
        u32_at(self.0, 0).unwrap_or(0) as usize
    }

    fn get(self, place: usize) -> Option<&'a [u8]> {
        let is_there = place < self.len();
        let begin = u32_at(self.0, 4 + 4 * (place / BLOCK)).filter(|_| is_there)?;
        let mut rest = self.0.get(begin as usize..)?;
        for _ in 0..place % BLOCK {
            let length = take_number(&mut rest)? as usize;
            rest = rest.get(length..)?;
        }
        let length = take_number(&mut rest)? as usize;
        rest.get(..length)
    }
}

impl<'a> Records<'a> {
    /// Every record, in their order.
    fn all(self) -> impl Iterator<Item = &'a [u8]> {
        let begin = u32_at(self.0, 4).unwrap_or(0) as usize;
        let mut rest = self.0.get(begin..).unwrap_or_default();
        let records = std::iter::from_fn(move || {
            let length = take_number(&mut rest)? as usize;
            let record = rest.get(..length)?;
            rest = rest.get(length..)?;
            Some(record)
        });
        records.take(self.len())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_where_it_stands() {
        for language in [Language::En, Language::De] {
            let index = Vocabulary::embedded().index(language);
            assert!(index.words() > 1_000);
            for word in 0..index.words() as u16 {
                let text = index.text(word).unwrap();
                assert_eq!(index.find(&text), Some(word), "{text}");
            }
        }
    }

    #[test]
    fn every_outcome_asks_for_skills_that_there_are() {
        let vocabulary = Vocabulary::embedded();
        let outcomes = vocabulary.outcomes(Language::En);
        assert!(outcomes.count() > 100);
        for outcome in 0..outcomes.count() as u16 {
            assert!(outcomes.skills(outcome).count() > 0);
            assert!(outcomes.skills(outcome).all(|skill| vocabulary.has(skill)));
        }
    }
}
