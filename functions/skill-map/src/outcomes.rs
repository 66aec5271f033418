//! Which skills a text asks for by the outcome that it tells: nobody who wants "fewer cancellations" names customer
//! retention.
//!
//! The vocabulary lists by outcome the words in which titles tell it, in each language, and the skills that it asks for.
//! Each word of a text speaks for the outcomes that list it, the more the fewer these are; so do two words in a row, near
//! words and parts of compounds. What all words say of one outcome is added up. How many words can stand for one is bounded
//! by constants, and how many outcomes and skills there are by the vocabulary.

use std::collections::{BTreeMap, BTreeSet};

use crate::likeness::{is_number, share, BEGINNING, COMPOUND};
use crate::vocabulary::{Outcomes, Skill, Vocabulary};
use crate::words::{self, Language};

// The weights below were chosen on titles that the bridge was made with, but with four words in ten of each outcome left
// out, so that a title met about as many as a stranger's does.

/// How much a word that only goes with an outcome says, beside one that names it.
const ACCOMPANYING: f32 = 0.7;

/// How well a word stands for one that it is near to, at the greatest likeness.
const NEAR_STRENGTH: f32 = 0.6;

/// How well the last part of a compound stands for the whole.
const LAST_PART: f32 = 0.75;

/// The same of the first part.
const FIRST_PART: f32 = 0.65;

/// What is left between the parts of a compound.
const JOINTS: [&str; 7] = ["", "s", "n", "en", "es", "er", "e"];

/// What words must say to be worth half: a little more than one that no other outcome has.
const HALF: f32 = 7.0;

/// How much less each further skill of an outcome is worth, so that the second outcome is heard before the last skill of
/// the first.
const FURTHER: f32 = 0.1;

/// Words that a text must have for its outcome to count in full. A shorter one counts as much less as it has fewer: it is
/// more likely a name, or no outcome at all, as "Paint the fence". A German compound counts as two.
const FULL: usize = 6;

/// A word of the text, or two of them in a row as one, by its stems in each language.
type Stems = [String; 2];

/// The skills of the outcomes that a text tells, and how surely, from 0 to 1.
pub fn asked_for(
    vocabulary: Vocabulary<'_>,
    text: &str,
    language: Language,
) -> BTreeMap<Skill, f32> {
    let lists = match language {
        Language::En => [Language::En, Language::De],
        Language::De => [Language::De, Language::En],
    };
    let (words, pairs) = words_and_pairs(text, language);
    let is_compound =
        |stems: &Stems| language == Language::De && stems[Language::De as usize].len() >= COMPOUND;
    let counts = words
        .iter()
        .map(|stems| 1 + usize::from(is_compound(stems)));
    let count = counts.sum::<usize>().min(FULL) as f32 / FULL as f32;
    let words = words
        .iter()
        .map(|stems| spoken_for(vocabulary, lists, stems, true));
    let pairs = pairs
        .iter()
        .map(|stems| spoken_for(vocabulary, lists, stems, false));
    let mut said: BTreeMap<u16, f32> = BTreeMap::new();
    for (outcome, says) in words.chain(pairs).flatten() {
        *said.entry(outcome).or_insert(0.0) += says;
    }
    let mut skills: BTreeMap<Skill, f32> = BTreeMap::new();
    for (outcome, says) in said {
        for (place, skill) in vocabulary.outcomes(language).skills(outcome).enumerate() {
            let worth = count * share(says, HALF) * (1.0 - FURTHER * place as f32);
            raise(&mut skills, skill, worth);
        }
    }
    skills
}

/// The words of a text that say something, each once, and those in a row: with filling words as in "follow up", and without
/// those between them as in "close the books".
fn words_and_pairs(text: &str, language: Language) -> (BTreeSet<Stems>, BTreeSet<Stems>) {
    let all = words::words(text, language);
    let telling: Vec<&words::Word> = all.iter().filter(|word| !word.is_filling).collect();
    let words: BTreeSet<Stems> = telling.iter().map(|word| word.stems.clone()).collect();
    let in_a_row = all.iter().zip(all.iter().skip(1));
    let beside = telling.iter().copied().zip(telling.iter().copied().skip(1));
    let pairs = in_a_row.chain(beside).map(|(one, other)| {
        let [english, german] = &other.stems;
        [
            one.stems[0].clone() + english,
            one.stems[1].clone() + german,
        ]
    });
    let pairs = pairs.filter(|pair| !words.contains(pair)).collect();
    (words, pairs)
}

/// The outcomes that a word speaks for, and how much: as the best of the listed words that stand for it.
fn spoken_for(
    vocabulary: Vocabulary<'_>,
    lists: [Language; 2],
    stems: &Stems,
    alike: bool,
) -> BTreeMap<u16, f32> {
    let mut spoken_for = BTreeMap::new();
    let listed = lists.into_iter().find_map(|language| {
        let word = vocabulary
            .outcomes(language)
            .find(&stems[language as usize])?;
        Some((language, word))
    });
    if let Some((language, word)) = listed {
        speak(vocabulary.outcomes(language), word, 1.0, &mut spoken_for);
    } else if alike && !is_number(&stems[0]) {
        for language in lists {
            let outcomes = vocabulary.outcomes(language);
            for (word, likeness) in outcomes.near(&stems[language as usize], BEGINNING) {
                speak(outcomes, word, NEAR_STRENGTH * likeness, &mut spoken_for);
            }
        }
        let outcomes = vocabulary.outcomes(Language::De);
        for (word, strength) in parts(outcomes, &stems[Language::De as usize]) {
            speak(outcomes, word, strength, &mut spoken_for);
        }
    }
    spoken_for
}

fn speak(outcomes: Outcomes<'_>, word: u16, strength: f32, spoken_for: &mut BTreeMap<u16, f32>) {
    let of_word = outcomes.of_word(word).count().max(1);
    let weight = (1.0 + outcomes.count() as f32 / of_word as f32).ln();
    for (outcome, names) in outcomes.of_word(word) {
        let says = strength * weight * if names { 1.0 } else { ACCOMPANYING };
        raise(spoken_for, outcome, says);
    }
}

fn raise<K: Ord>(all: &mut BTreeMap<K, f32>, key: K, to: f32) {
    let known = all.entry(key).or_insert(0.0);
    *known = known.max(to);
}

/// The longest listed words that a compound ends and begins with.
fn parts(outcomes: Outcomes<'_>, stem: &str) -> impl Iterator<Item = (u16, f32)> {
    let is_part = |part: &str| part.chars().count() >= BEGINNING;
    let is_compound = stem.len() >= COMPOUND;
    let cuts: Vec<usize> = stem.char_indices().map(|(cut, _)| cut).collect();
    let cuts = cuts
        .iter()
        .filter(|_| is_compound)
        .map(|cut| stem.split_at(*cut));
    let cuts = cuts.filter(|(first, last)| is_part(first) && is_part(last));
    let last = cuts.clone().find_map(|(_, last)| outcomes.find(last));
    let first = cuts.rev().find_map(|(first, _)| {
        let firsts = JOINTS.iter().filter_map(|joint| first.strip_suffix(joint));
        let mut firsts = firsts.filter(|first| is_part(first));
        firsts.find_map(|first| outcomes.find(first))
    });
    let last = last.map(|last| (last, LAST_PART));
    let first = first.map(|first| (first, FIRST_PART));
    last.into_iter().chain(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let vocabulary = Vocabulary::embedded();
        let skills = asked_for(vocabulary, text, words::language(text));
        let surest = skills.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let label = surest.and_then(|(skill, _)| vocabulary.label(skill, Language::En));
        assert_eq!(label.unwrap_or_default(), expect, "{text}");
    }

    #[test]
    fn an_outcome_asks_for_the_same_skill_in_both_languages() {
        for text in [
            "Churn below 2 % a month",
            "Kundenabwanderung unter 2 % im Monat",
            "Churn bei Bestandskunden halbieren",
        ] {
            check(text, "maintain relationship with customers");
        }
    }

    #[test]
    fn two_words_in_a_row_are_one_however_they_are_written() {
        for text in ["Close the books on day three", "close-books"] {
            check(text, "carry out end of day accounts");
        }
        for text in ["Changeover in ten minutes", "Change over in ten minutes"] {
            check(text, "perform fast changeover");
        }
    }

    #[test]
    fn parts_of_a_compound_speak_for_the_whole() {
        check("Kundenbefragungsquoten", "measure customer feedback");
    }

    #[test]
    fn of_words_that_no_outcome_lists_nothing_is_said() {
        for text in ["", "   ", "4711", "zzzz qqqq", "🎉🎉🎉", "the of and"] {
            check(text, "");
        }
    }

    #[test]
    fn a_word_counts_once_however_often_it_is_said() {
        let vocabulary = Vocabulary::embedded();
        let of = |text| asked_for(vocabulary, text, Language::En);
        assert_eq!(of("churn"), of("churn Churn churn"));
    }
}
