//! What the rules know of languages: one file of words each, and no rule in them.
//!
//! A word says what part it can play in a statement, and a rule is an order of such parts, the same in all languages.
//! Beside these stand the words for trades, for customers and in names, of which the rules make their patterns when a
//! page first needs them. A new language is one file and its line in [`ALL`].

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::slice::cut;

mod cs;
mod da;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod ja;
mod nl;
mod no;
mod pl;
mod pt;
mod sv;
mod words;

pub(crate) use words::{listed, CustomerWords, Labels, NameWords, Role, TradeWords, Words};

/// What all languages have in a list of words in and around names.
pub(crate) fn names(of: fn(&NameWords) -> &'static str) -> impl Iterator<Item = &'static str> {
    ALL.iter()
        .flat_map(move |language| listed(of(language.words.names)))
}

/// The languages in the order in which a word that several of them have is looked up.
pub(crate) static ALL: [Language; 13] = [
    Language::new(&en::WORDS),
    Language::new(&de::WORDS),
    Language::new(&fr::WORDS),
    Language::new(&nl::WORDS),
    Language::new(&es::WORDS),
    Language::new(&it::WORDS),
    Language::new(&pt::WORDS),
    Language::new(&pl::WORDS),
    Language::new(&sv::WORDS),
    Language::new(&da::WORDS),
    Language::new(&no::WORDS),
    Language::new(&cs::WORDS),
    Language::new(&ja::WORDS),
];

/// Words of English that pages in every language have in their labels.
const INTERNATIONAL: [(&[Role], &str); 4] = [
    (&[Role::Quarterly], "q1|q2|q3|q4"),
    (&[Role::Revenue], "revenue|revenues|turnover|sales"),
    (
        &[Role::Yearly, Role::Revenue],
        "annual revenue|annual turnover|annual sales",
    ),
    (&[Role::Staff], "employees"),
];

/// A language. Its words are sorted when a text first needs them.
pub(crate) struct Language {
    pub(crate) words: &'static Words,
    index: OnceLock<Index>,
}

/// Bytes of the shortest number that is composed to one word, such as `ventidue`.
const SHORTEST_COMPOUND: usize = 6;

/// Letters of the shortest first part of a composed noun, and bytes of the shortest that it ends in.
const SHORTEST_PART: usize = 3;
const SHORTEST_END: usize = 5;

/// What a language's words are, by themselves and as the first of several.
struct Index {
    /// Phrases by their first word, the longest first.
    phrases: HashMap<&'static str, Vec<Phrase>>,
    scales: HashMap<&'static str, f64>,
    numbers: HashMap<&'static str, f64>,
    hundreds: Vec<&'static str>,
    /// Twenty to ninety.
    tens: Vec<(&'static str, f64)>,
}

pub(crate) struct Phrase {
    /// The words behind the first.
    pub(crate) rest: Vec<&'static str>,
    pub(crate) roles: &'static [Role],
    /// It is of this language, and not of labels in all of them.
    pub(crate) own: bool,
}

impl Language {
    const fn new(words: &'static Words) -> Self {
        let index = OnceLock::new();
        Self { words, index }
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self.words))
    }

    /// The phrases that begin with a word.
    pub(crate) fn phrases(&self, first: &str) -> &[Phrase] {
        let phrases = self.index().phrases.get(first);
        phrases.map_or(&[], Vec::as_slice)
    }

    /// Whether a word is one of the phrases with a role, or is composed and ends in one.
    pub(crate) fn is_composed(&self, word: &str, role: Role) -> bool {
        let is_of_role = |phrase: &Phrase| phrase.rest.is_empty() && phrase.roles == [role];
        let ends = word.char_indices().map(|(at, _)| cut(word, at..));
        let mut ends = ends
            .skip(SHORTEST_PART)
            .take_while(|end| end.len() >= SHORTEST_END);
        self.words.composes && ends.any(|end| self.phrases(end).iter().any(is_of_role))
    }

    /// What is known of the language of this code (ISO 639-1).
    pub(crate) fn of(code: &str) -> Option<&'static Self> {
        ALL.iter().find(|language| language.words.code == code)
    }

    /// What a scale word multiplies by.
    pub(crate) fn scale(&self, word: &str) -> Option<f64> {
        self.index().scales.get(word).copied()
    }

    /// The value of a number that is one word, be it composed as in German and Italian.
    pub(crate) fn number(&self, word: &str) -> Option<f64> {
        let index = self.index();
        let known = |word: &str| index.numbers.get(word).copied();
        let thousands = || {
            let mut words = self.words.scales.iter().filter(|(_, scale)| *scale == 1e3);
            words.find_map(|(known, _)| {
                let (before, behind) = word.split_once(known).filter(|_| known.len() > 3)?;
                let before = self.below_thousand(before).filter(|value| *value < 1e3)?;
                let behind = match behind {
                    "" => 0.0,
                    behind => self.below_thousand(behind).filter(|value| *value < 1e3)?,
                };
                Some(before * 1e3 + behind)
            })
        };
        let long = word.len() >= SHORTEST_COMPOUND;
        known(word)
            .or_else(|| long.then(thousands)?)
            .or_else(|| self.below_thousand(word))
    }

    fn below_thousand(&self, word: &str) -> Option<f64> {
        let index = self.index();
        let known = |word: &str| index.numbers.get(word).copied();
        known(word).or_else(|| {
            let below = |value: f64| value < 100.0;
            if word.len() < SHORTEST_COMPOUND {
                return None;
            }
            let mut words = index.hundreds.iter();
            if let Some((hundreds, rest)) = words.find_map(|known| word.split_once(known)) {
                let hundreds = match hundreds {
                    "" => 1.0,
                    hundreds => known(hundreds).filter(|value| *value < 10.0)?,
                };
                let rest = match self.without_join(rest) {
                    "" => 0.0,
                    rest => self.below_hundred(rest).filter(|value| below(*value))?,
                };
                return Some(hundreds * 100.0 + rest);
            }
            self.below_hundred(word)
        })
    }

    fn without_join<'w>(&self, word: &'w str) -> &'w str {
        let mut joins = self.words.joins();
        joins
            .find_map(|join| word.strip_prefix(join))
            .unwrap_or(word)
    }

    /// `Vierundzwanzig`, `quarantacinque`.
    fn below_hundred(&self, word: &str) -> Option<f64> {
        let numbers = &self.index().numbers;
        let known = |word: &str| numbers.get(word).copied();
        let unit = |word: &str| {
            known(word).filter(|value| (1.0..10.0).contains(value) && value.fract() == 0.0)
        };
        if let Some(value) = known(word) {
            return Some(value);
        }
        let tens = self.index().tens.iter();
        let mut joins = self.words.joins();
        let mut tens = tens;
        tens.find_map(|(ten, value)| {
            if let Some(units) = word.strip_suffix(ten) {
                let units = joins.find_map(|join| units.strip_suffix(join))?;
                return unit(units).map(|unit| unit + value);
            }
            // `Trentuno`: the last vowel goes before another.
            let short = ten.strip_suffix(['a', 'i']);
            let mut beginnings = [Some(*ten), short].into_iter().flatten();
            let units = beginnings.find_map(|ten| unit(word.strip_prefix(ten)?))?;
            Some(value + units)
        })
    }
}

impl Index {
    fn new(words: &'static Words) -> Self {
        let mut phrases: HashMap<&'static str, Vec<Phrase>> = HashMap::new();
        let own = words.roles.iter().map(|entry| (entry, true));
        let international = INTERNATIONAL.iter().map(|entry| (entry, false));
        for ((roles, list), own) in own.chain(international) {
            for phrase in list.split('|') {
                let mut pieces = phrase.split(' ');
                if let Some(first) = pieces.next() {
                    let rest = pieces.collect();
                    phrases
                        .entry(first)
                        .or_default()
                        .push(Phrase { rest, roles, own });
                }
            }
        }
        for phrases in phrases.values_mut() {
            phrases.sort_by_key(|phrase| Reverse(phrase.rest.len()));
        }
        let of = |values: Range<f64>| {
            let numbers = words.numbers.iter().copied();
            numbers.filter(move |(_, value)| values.contains(value) && value % 10.0 == 0.0)
        };
        Self {
            phrases,
            scales: words.scales.iter().copied().collect(),
            numbers: words.numbers.iter().copied().collect(),
            hundreds: of(100.0..101.0).map(|(word, _)| word).collect(),
            tens: of(20.0..91.0).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_language_stands_twice_so_that_every_entry_counts() {
        for (position, language) in ALL.iter().enumerate() {
            let lists = language.words.roles.iter().map(|(_, list)| *list);
            let mut words: Vec<&str> = lists.flat_map(|list| list.split('|')).collect();
            words.sort_unstable();
            let twice = words.windows(2).filter(|pair| pair[0] == pair[1]);
            let twice: Vec<&str> = twice.map(|pair| pair[0]).collect();
            assert!(twice.is_empty(), "language {position}: {twice:?}");
        }
    }

    #[test]
    fn every_role_has_a_letter_of_its_own() {
        let mut letters: Vec<char> = Role::ALL.iter().map(|role| role.letter()).collect();
        letters.sort_unstable();
        let all = letters.len();
        letters.dedup();
        assert_eq!(letters.len(), all);
        assert!(letters.iter().all(char::is_ascii_graphic));
    }

    #[test]
    fn numbers_of_one_word_are_composed() {
        let value = |position: usize, word: &str| ALL[position].number(word);
        assert_eq!(value(1, "fünfhundertsiebenundvierzig"), Some(547.0));
        assert_eq!(value(1, "zweitausend"), Some(2_000.0));
        assert_eq!(value(3, "vijfentwintig"), Some(25.0));
        assert_eq!(value(5, "trentunomila"), Some(31_000.0));
        assert_eq!(value(0, "someone"), None);
        assert_eq!(value(1, "verhundertfacht"), None);
    }
}
