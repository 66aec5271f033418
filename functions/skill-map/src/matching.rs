//! Which skills a text names: one score between 0 and 1, and one floor below which nothing is said.
//!
//! A text's words are looked up in the index of its language, and with them the words that can stand for them: linked ones
//! of the vocabulary, near ones that begin alike, parts of German compounds. The skills that share most with the text are
//! then compared name by name: what of the name and of the text agrees, against what of them does not, and how much it
//! tells that they agree. A little comes from letters, three in a row, which agree also where words do so in their middle
//! only. Beside names stand outcomes ([`crate::outcomes`]): a skill that a text names and asks for is surer than by either
//! alone. How many words can stand for one, how many skills are looked at and how many are compared, and so the work of one
//! text, is bounded by constants whatever the text holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::likeness::{is_number, share, BEGINNING, COMPOUND};
use crate::outcomes;
use crate::vocabulary::{Index, Skill, Vocabulary};
use crate::words::{stems_for, Language};

/// Below this nothing is said. Of everyday titles that name no skill, nineteen in twenty stay below it (`gates skills`).
pub const FLOOR: f32 = 0.4;

/// Skills that are compared name by name; the vocabulary bounds how many names and words each has.
pub const MOST_COMPARED: usize = 150;

/// Words of the index that stand for one word of the text.
const MOST_MEANT: usize = 16;

// The weights below are the best of some hundred sets tried on half of the aliases of `gates skills`, on its open
// titles and its everyday ones; what letters are worth was chosen on all of its aliases, and its known titles too.

/// How well a word stands for one that it is near to, at the greatest likeness.
const NEAR_STRENGTH: f32 = 0.55;

/// How well the last part of a compound stands for the whole; what stands for the part does so as much less.
const LAST_PART: f32 = 0.6;

/// The same of the first part.
const FIRST_PART: f32 = 0.55;

/// What a word tells that the vocabulary does not have.
const UNKNOWN: f32 = 6.5;

/// What a number tells, as part of what a word as rare would.
const NUMBER: f32 = 0.3;

/// How much of the text's agreeing words counts, and the rest of the name's.
const OF_TEXT: f32 = 0.75;

/// What counts of a name's words that do not agree.
const NAME_ALONE: f32 = 0.8;

/// What counts of the text's words that do not agree.
const TEXT_ALONE: f32 = 0.35;

/// Most of the text's words that do not agree: titles say more than a skill, names of skills do not.
const MOST_ALONE: f32 = 4.0;

/// What must agree to be worth half.
const HALF: f32 = 4.0;

/// What agreement in one word is worth beside agreement in several.
const ONE_WORD: f32 = 0.7;

/// What the order of words is worth.
const ORDER: f32 = 0.05;

/// What agreement with all names of a skill together is worth beside agreement with the best of them.
const TOGETHER: f32 = 0.18;

/// What the likeness of letters is worth beside agreement in words.
const LETTERS: f32 = 0.1;

/// Words have letters in common from this part of them on.
const LEAST_LIKE: f32 = 0.3;

/// Most of a text's weight that all names together are held against.
const MOST_TOGETHER: f32 = 40.0;

/// A word stands for another in the count of agreeing words from this strength on.
const AGREES: f32 = 0.4;

/// What a skill's name is worth beside an outcome that asks for the skill.
const NAME_BESIDE: f32 = 0.5;

/// A skill that a text names or asks for, and how surely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    pub skill: Skill,
    pub score: f32,
}

/// All skills that have to do with a text, and what it cost to find them.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// The surest first; of equals the one with the lower number.
    pub matches: Vec<Match>,
    /// Words of skills that were gone through.
    pub looked_at: usize,
    /// Words of names that were compared, each with all words of the text, of which there are not many.
    pub compared: usize,
}

/// The skills that a text names, the surest first, at most so many.
pub fn matches(
    vocabulary: Vocabulary<'_>,
    text: &str,
    language: Language,
    most: usize,
) -> Vec<Match> {
    let mut matches = ranking(vocabulary, text, language).matches;
    matches.retain(|found| found.score >= FLOOR);
    matches.truncate(most);
    matches
}

/// The same without the floor.
pub fn ranking(vocabulary: Vocabulary<'_>, text: &str, language: Language) -> Ranking {
    let mut ranking = Ranking::default();
    ranking.add(vocabulary, language, text, language);
    if language == Language::De {
        let german = ranking.matches.len();
        ranking.add(vocabulary, Language::En, text, language);
        let mut place = 0;
        ranking.matches.retain(|found| {
            place += 1;
            place <= german || vocabulary.is_product(found.skill)
        });
    }
    let mut asked_for = outcomes::asked_for(vocabulary, text, language);
    let matches = &mut ranking.matches;
    for found in matches.iter_mut() {
        let asked = asked_for.remove(&found.skill).unwrap_or(0.0);
        let together = 1.0 - (1.0 - asked) * (1.0 - NAME_BESIDE * found.score);
        found.score = found.score.max(together);
    }
    let asked_for = asked_for.into_iter();
    matches.extend(asked_for.map(|(skill, score)| Match { skill, score }));
    matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.skill.cmp(&b.skill)));
    ranking
}

impl Ranking {
    /// Adds what one index knows.
    fn add(&mut self, vocabulary: Vocabulary<'_>, of: Language, text: &str, language: Language) {
        let index = vocabulary.index(of);
        let mut words: Vec<String> = Vec::new();
        for word in stems_for(of, text, language) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let text = Text::new(index, &words, of);
        let mut letters = Letters::new(&words);
        for (skill, shared) in candidates(index, &text, &mut self.looked_at) {
            let score = score(
                index,
                &text,
                &mut letters,
                skill,
                shared,
                &mut self.compared,
            );
            self.matches.push(Match { skill, score });
        }
    }
}

/// A text as the index understands it.
struct Text {
    /// What each of its words tells.
    weights: Vec<f32>,
    /// What all of them tell.
    weight: f32,
    /// As how many words each of its words counts.
    counts: Vec<usize>,
    /// By the words of the index that stand for words of the text: the places of these, and how well.
    places: BTreeMap<u16, Vec<(usize, f32)>>,
}

impl Text {
    fn new(index: Index<'_>, words: &[String], language: Language) -> Self {
        let known: Vec<Option<u16>> = words.iter().map(|word| index.find(word)).collect();
        let weights: Vec<f32> = (words.iter().zip(&known))
            .map(|(word, known)| weight(index, word, *known))
            .collect();
        let meant = words.iter().zip(&known);
        let meant: Vec<Vec<(u16, f32)>> = meant
            .map(|(word, known)| meant_by(index, word, *known, language))
            .collect();
        let mut places: BTreeMap<u16, Vec<(usize, f32)>> = BTreeMap::new();
        for (place, meant) in meant.iter().enumerate() {
            for (word, strength) in meant {
                places.entry(*word).or_default().push((place, *strength));
            }
        }
        let is_compound = |word: &String| language == Language::De && word.len() >= COMPOUND;
        Self {
            counts: words
                .iter()
                .map(|word| 1 + usize::from(is_compound(word)))
                .collect(),
            weight: weights.iter().sum(),
            weights,
            places,
        }
    }

    /// What the text's words tell together, each as far as it is met.
    fn met(&self, met: &[f32]) -> f32 {
        let weights = self.weights.iter().zip(met);
        weights.map(|(weight, met)| weight * met).sum()
    }
}

fn weight(index: Index<'_>, word: &str, known: Option<u16>) -> f32 {
    let known = known.map(|known| index.weight(known));
    match is_number(word) {
        true => NUMBER * known.unwrap_or(0.0),
        false => known.unwrap_or(UNKNOWN),
    }
}

fn meant_by(
    index: Index<'_>,
    word: &str,
    known: Option<u16>,
    language: Language,
) -> Vec<(u16, f32)> {
    let mut meant: BTreeMap<u16, f32> = BTreeMap::new();
    let mut add = |word: u16, strength: f32| {
        let known = meant.entry(word).or_insert(0.0);
        *known = known.max(strength);
    };
    let links = |word: u16| {
        let links = index.links(word);
        links.map(|(other, strength)| (other, f32::from(strength) / 255.0))
    };
    if let Some(known) = known {
        add(known, 1.0);
        links(known).for_each(|(other, strength)| add(other, strength));
    }
    // A word that is not known may be misspelt anywhere but at its beginning.
    let beginning = if known.is_some() {
        BEGINNING
    } else {
        BEGINNING / 2
    };
    for (other, likeness) in index.near(word, beginning) {
        add(other, NEAR_STRENGTH * likeness);
    }
    if known.is_none() && language == Language::De {
        for (cut, _) in word.char_indices().skip(BEGINNING) {
            let (first, last) = word.split_at(cut);
            if let Some(last) = index
                .find(last)
                .filter(|_| last.chars().count() >= BEGINNING)
            {
                add(last, LAST_PART);
                links(last).for_each(|(other, strength)| add(other, LAST_PART * strength));
            }
            if let Some(first) = index.find(first) {
                add(first, FIRST_PART);
            }
        }
    }
    let mut meant: Vec<(u16, f32)> = meant.into_iter().collect();
    meant.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    meant.truncate(MOST_MEANT);
    meant
}

/// The skills that share most with the text, and how much, in the order of their numbers.
fn candidates(index: Index<'_>, text: &Text, looked_at: &mut usize) -> Vec<(Skill, f32)> {
    // By the words of the index: where in the list below it is told what they stand for.
    let mut listed = vec![0_u16; index.words()];
    let mut meanings: Vec<&[(usize, f32)]> = vec![&[]];
    for (word, places) in &text.places {
        if let Some(listed) = listed.get_mut(usize::from(*word)) {
            *listed = meanings.len() as u16;
            meanings.push(places);
        }
    }
    let mut found = Vec::new();
    let mut met = vec![0.0_f32; text.weights.len()];
    for (skill, names) in index.all() {
        let mut is_met = false;
        for word in names.words() {
            *looked_at += 1;
            let listed = listed.get(usize::from(word)).copied().unwrap_or(0);
            for (place, strength) in meanings[usize::from(listed)] {
                // A word counts once: as the best of those that stand for it.
                met[*place] = met[*place].max(*strength);
                is_met = true;
            }
        }
        if is_met {
            found.push((skill, text.met(&met)));
            met.fill(0.0);
        }
    }
    if found.len() > MOST_COMPARED {
        let by_share = |a: &(Skill, f32), b: &(Skill, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        found.select_nth_unstable_by(MOST_COMPARED, by_share);
        found.truncate(MOST_COMPARED);
        found.sort_unstable_by_key(|(skill, _)| *skill);
    }
    found
}

/// The letters of a text's words, three in a row, as what the names of a skill are compared with.
struct Letters {
    /// How many threes each word of the text has.
    counts: Vec<usize>,
    /// By threes: the places of the words that have them.
    places: BTreeMap<[u8; 3], Vec<usize>>,
    /// By words of the index that were compared: how like each word of the text is.
    likenesses: BTreeMap<u16, Vec<f32>>,
}

impl Letters {
    fn new(words: &[String]) -> Self {
        let mut counts = Vec::new();
        let mut places: BTreeMap<[u8; 3], Vec<usize>> = BTreeMap::new();
        for (place, word) in words.iter().enumerate() {
            let threes = threes(word);
            counts.push(threes.len());
            for three in threes {
                places.entry(three).or_default().push(place);
            }
        }
        Self {
            counts,
            places,
            likenesses: BTreeMap::new(),
        }
    }

    /// How like each word of the text is to this one of the index: the part of their threes that both have.
    fn likenesses(&mut self, index: Index<'_>, word: u16) -> &[f32] {
        let Self {
            counts,
            places,
            likenesses,
        } = self;
        likenesses.entry(word).or_insert_with(|| {
            let threes = threes(&index.text(word).unwrap_or_default());
            let mut common = vec![0_usize; counts.len()];
            for place in threes
                .iter()
                .filter_map(|three| places.get(three))
                .flatten()
            {
                common[*place] += 1;
            }
            let likenesses = common.iter().zip(counts.iter()).map(|(common, count)| {
                let likeness = 2.0 * *common as f32 / (count + threes.len()) as f32;
                match likeness >= LEAST_LIKE {
                    true => likeness,
                    false => 0.0,
                }
            });
            likenesses.collect()
        })
    }
}

/// Three bytes in a row, each once, with a blank before the word and after it.
fn threes(word: &str) -> BTreeSet<[u8; 3]> {
    let word = format!(" {word} ");
    let threes = word.as_bytes().windows(3);
    threes.map(|three| [three[0], three[1], three[2]]).collect()
}

/// How well one skill fits: the best of its names by words and by letters, and a little of all of them together.
fn score(
    index: Index<'_>,
    text: &Text,
    letters: &mut Letters,
    skill: Skill,
    shared: f32,
    steps: &mut usize,
) -> f32 {
    let (mut best, mut best_alike) = (0.0_f32, 0.0_f32);
    let mut met = vec![0.0_f32; text.weights.len()];
    let mut alike = met.clone();
    let (words, names) = index.names(skill).read();
    for name in names {
        met.fill(0.0);
        alike.fill(0.0);
        let mut name_alike = 0.0;
        let (mut name_weight, mut name_agrees, mut surely) = (0.0, 0.0, 0.0);
        let (mut pairs, mut in_order, mut before) = (0_u16, 0_u16, None);
        for word in name
            .iter()
            .filter_map(|place| words.get(usize::from(*place)))
        {
            *steps += 1;
            let weight = index.weight(*word);
            let mut strongest = None;
            for (place, strength) in text.places.get(word).into_iter().flatten() {
                met[*place] = met[*place].max(*strength);
                if strongest.is_none_or(|(_, known)| *strength > known) {
                    strongest = Some((*place, *strength));
                }
            }
            let mut likest = 0.0_f32;
            for (alike, likeness) in alike.iter_mut().zip(letters.likenesses(index, *word)) {
                *alike = alike.max(*likeness);
                likest = likest.max(*likeness);
            }
            name_weight += weight;
            name_alike += weight * likest;
            if let Some((place, strength)) = strongest {
                name_agrees += weight * strength;
                surely += weight * strength * strength;
                if let Some(before) = before {
                    pairs += 1;
                    in_order += u16::from(place > before && place - before <= 2);
                }
                before = Some(place);
            }
        }
        let text_agrees = text.met(&met);
        let text_alike = text.met(&alike);
        let agrees = OF_TEXT * text_agrees + (1.0 - OF_TEXT) * name_agrees;
        let alone = NAME_ALONE * (name_weight - name_agrees)
            + TEXT_ALONE * (text.weight - text_agrees).min(MOST_ALONE);
        let order = match pairs {
            0 => 1.0,
            pairs => f32::from(in_order) / f32::from(pairs),
        };
        let words = met
            .iter()
            .zip(&text.counts)
            .filter(|(met, _)| **met > AGREES);
        let words: usize = words.map(|(_, count)| count).sum();
        let words = if words == 1 { ONE_WORD } else { 1.0 };
        best = best.max(
            share(agrees, alone) * share(surely, HALF) * (1.0 - ORDER + ORDER * order) * words,
        );
        let unlike = name_weight - name_alike + text.weight - text_alike;
        best_alike =
            best_alike.max(share(text_alike + name_alike, unlike) * share(text_alike, HALF));
    }
    let together =
        share(shared, (text.weight.min(MOST_TOGETHER) - shared).max(0.0)) * share(shared, HALF);
    let by_words = (1.0 - TOGETHER) * best + TOGETHER * together;
    (1.0 - LETTERS) * by_words + LETTERS * best_alike
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: Language, text: &str, expect: &str) {
        let vocabulary = Vocabulary::embedded();
        let found = matches(vocabulary, text, language, 5);
        let labels = found
            .iter()
            .filter_map(|found| vocabulary.label(found.skill, Language::En));
        let labels: Vec<&str> = labels.collect();
        match expect {
            "" => assert!(labels.is_empty(), "{text}: {labels:?}"),
            _ => assert!(labels.contains(&expect), "{text}: {labels:?}"),
        }
    }

    #[test]
    fn a_skill_is_found_by_what_it_is_called() {
        check(Language::En, "debug software", "debug software");
        check(Language::En, "Debugging of software", "debug software");
        check(
            Language::En,
            "Run all services in Kubernetes by June",
            "Kubernetes",
        );
        check(
            Language::De,
            "Funkgeräte bedienen",
            "operate radio equipment",
        );
    }

    #[test]
    fn of_what_names_no_skill_nothing_is_said() {
        for text in [
            "",
            "   ",
            "42",
            "Monday",
            "asdf jkl",
            "🎉🎉🎉",
            "the of and",
            "Ask Anna about Tuesday",
        ] {
            check(Language::En, text, "");
        }
        check(Language::De, "Peter antworten", "");
    }

    /// In the names of any one skill.
    const MOST_WORDS_OF_A_SKILL: usize = 400;

    #[test]
    fn the_work_of_a_text_is_bounded_whatever_it_holds() {
        let vocabulary = Vocabulary::embedded();
        // Those that stand in most names.
        let common = "use manage perform ensure operate maintain control provide develop machine design product production \
                      data monitor plan apply oversee procedure health prepare food maintenance assess service create \
                      supervise quality system equipment software safety";
        let looked_at = |language| ranking(vocabulary, "Monday", language).looked_at;
        assert!(looked_at(Language::De) < 200_000);
        let common = format!("{common} ").repeat(40);
        let long = "x".repeat(5_000);
        let compound = "kunden".repeat(800);
        let signs = "+#'’".repeat(1_200);
        // A German text is looked up in both indexes.
        let indexes = 2;
        let outcomes = vocabulary.outcomes(Language::En);
        let asked_for =
            (0..outcomes.count()).map(|outcome| outcomes.skills(outcome as u16).count());
        let asked_for: usize = asked_for.sum();
        for text in [
            &common,
            &long,
            &compound,
            &signs,
            "ß",
            "\u{0}{\"method\":\"x\"}",
        ]
        .map(AsRef::as_ref)
        {
            for language in [Language::En, Language::De] {
                let text: &str = text;
                let ranking = ranking(vocabulary, text, language);
                assert_eq!(ranking.looked_at, looked_at(language));
                assert!(ranking.matches.len() <= indexes * MOST_COMPARED + asked_for);
                assert!(ranking.compared <= indexes * MOST_COMPARED * MOST_WORDS_OF_A_SKILL);
                let in_order = ranking.matches.is_sorted_by(|a, b| a.score >= b.score);
                let of_vocabulary = ranking
                    .matches
                    .iter()
                    .all(|found| vocabulary.has(found.skill));
                let between = ranking
                    .matches
                    .iter()
                    .all(|found| (0.0..=1.0).contains(&found.score));
                assert!(in_order && of_vocabulary && between);
            }
        }
    }

    #[test]
    fn a_word_is_like_those_that_share_letters_in_their_middle() {
        let index = Vocabulary::embedded().index(Language::En);
        let mut letters = Letters::new(&["hypersecurity".to_owned()]);
        let mut likeness = |word| letters.likenesses(index, index.find(word).unwrap())[0];
        assert!(likeness("security") > likeness("hyperbaric"));
        assert_eq!(likeness("plan"), 0.0);
    }

    #[test]
    fn a_vocabulary_that_is_cut_off_anywhere_finds_less_and_fails_nowhere() {
        let bytes = Vocabulary::embedded().bytes();
        for part in 0..200 {
            let cut = Vocabulary::new(&bytes[..bytes.len() * part / 200]);
            ranking(
                cut,
                "manage the customers' data with software",
                Language::En,
            );
            cut.label(Skill(209), Language::De);
        }
    }
}
