//! How texts become words that can be compared: folded letters, no filling words, light stems, by language.
//!
//! Stems serve comparison only and need not be words. They are light on purpose: what they do not bring together, the
//! vocabulary's links and its near words do.

use serde::{Deserialize, Serialize};

/// Words of one text that are looked at; what comes after is not read.
pub const MOST_WORDS: usize = 32;

/// Characters of one text that are looked at.
const MOST_CHARACTERS: usize = 1_000;

/// Letters of one word that are looked at: longer than the longest word of the vocabulary.
const LONGEST_WORD: usize = 60;

/// The languages that the vocabulary has labels in. Each has an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    En,
    De,
}

/// Words that say nothing of a skill.
const ENGLISH_FILLING: &[&str] = &[
    "a", "all", "an", "and", "any", "are", "as", "at", "be", "been", "below", "but", "by", "do",
    "every", "for", "from", "has", "have", "how", "if", "in", "into", "is", "it", "its", "no",
    "not", "of", "on", "or", "our", "out", "over", "per", "so", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "those", "to", "too", "up", "was", "we",
    "were", "what", "when", "where", "which", "while", "who", "why", "will", "with", "within",
    "without", "you", "your",
];

const GERMAN_FILLING: &[&str] = &[
    "aber",
    "alle",
    "allen",
    "aller",
    "alles",
    "als",
    "also",
    "am",
    "an",
    "auf",
    "aus",
    "bei",
    "beim",
    "bis",
    "da",
    "damit",
    "das",
    "dass",
    "dem",
    "den",
    "der",
    "des",
    "die",
    "diesem",
    "diesen",
    "dieser",
    "dieses",
    "doch",
    "durch",
    "ein",
    "eine",
    "einem",
    "einen",
    "einer",
    "eines",
    "es",
    "fur",
    "im",
    "in",
    "innerhalb",
    "ins",
    "ist",
    "jede",
    "jeden",
    "jeder",
    "jedes",
    "kein",
    "keine",
    "keinen",
    "mit",
    "nach",
    "nicht",
    "noch",
    "nur",
    "oder",
    "ohne",
    "pro",
    "sich",
    "sie",
    "sind",
    "so",
    "uber",
    "um",
    "und",
    "unser",
    "unsere",
    "unseren",
    "unter",
    "vom",
    "von",
    "vor",
    "was",
    "wenn",
    "werden",
    "wie",
    "wir",
    "wird",
    "zu",
    "zum",
    "zur",
];

/// The language of a text, by its filling words and its letters; English where nothing tells.
pub fn language(text: &str) -> Language {
    let (mut english, mut german) = (0, 0);
    for word in folded(text) {
        english += usize::from(is_filling(&word, Language::En));
        german += usize::from(is_filling(&word, Language::De));
    }
    let is_german = |c: char| "äöüÄÖÜß".contains(c);
    german += usize::from(text.chars().take(MOST_CHARACTERS).any(is_german));
    match german > english {
        true => Language::De,
        false => Language::En,
    }
}

/// The stems of a text in their order, without filling words, at most [`MOST_WORDS`] of them.
pub fn stems(text: &str, language: Language) -> Vec<String> {
    stems_for(language, text, language)
}

/// The same with stems as the index of another language has them.
pub fn stems_for(index: Language, text: &str, language: Language) -> Vec<String> {
    let mut stems = Vec::new();
    for word in folded(text) {
        if stems.len() == MOST_WORDS {
            break;
        }
        if !is_filling(&word, language) {
            stems.push(stem(&word, index));
        }
    }
    stems
}

/// A word of a text by the stems of each language, and whether it says nothing of a skill in the text's language.
#[derive(Clone, Debug)]
pub struct Word {
    pub stems: [String; 2],
    pub is_filling: bool,
}

/// The words of a text in their order, at most [`MOST_WORDS`] of them, for who does not ask which language they are of.
pub fn words(text: &str, language: Language) -> Vec<Word> {
    let words = folded(text).into_iter().take(MOST_WORDS);
    let words = words.map(|word| Word {
        stems: [Language::En, Language::De].map(|language| stem(&word, language)),
        is_filling: is_filling(&word, language),
    });
    words.collect()
}

fn is_filling(word: &str, language: Language) -> bool {
    let filling = match language {
        Language::En => ENGLISH_FILLING,
        Language::De => GERMAN_FILLING,
    };
    filling.binary_search(&word).is_ok()
}

/// The words of a text in small letters without accents. What is neither letter nor digit separates, but for the signs of
/// `C++`, `C#` and `year's`.
fn folded(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = text.chars().take(MOST_CHARACTERS).peekable();
    while let Some(character) = characters.next() {
        match character {
            '\'' | '’' if !word.is_empty() => {
                // The s of a genitive.
                if characters.peek() == Some(&'s') {
                    characters.next();
                }
            }
            '+' | '#' if !word.is_empty() => word.push(character),
            _ if character.is_alphanumeric() => {
                for small in character.to_lowercase() {
                    fold(small, &mut word);
                }
            }
            _ => end(&mut word, &mut words),
        }
    }
    end(&mut word, &mut words);
    words
}

fn end(word: &mut String, words: &mut Vec<String>) {
    if word.chars().count() > LONGEST_WORD {
        *word = word.chars().take(LONGEST_WORD).collect();
    }
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Writes a small letter without what stands above or below it.
fn fold(letter: char, word: &mut String) {
    word.push(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' => 's',
        'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ß' => return word.push_str("ss"),
        'æ' => return word.push_str("ae"),
        'œ' => return word.push_str("oe"),
        // Marks that stand alone, as decomposed text has them.
        '\u{300}'..='\u{36f}' => return,
        other => other,
    });
}

fn stem(word: &str, language: Language) -> String {
    if !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word.to_owned();
    }
    match language {
        Language::En => english(word),
        Language::De => german(word),
    }
}

fn english(word: &str) -> String {
    let mut stem = word.to_owned();
    let len = stem.len();
    if len > 4 && stem.ends_with("ies") {
        stem.truncate(len - 3);
        stem.push('y');
    } else if len > 3
        && stem.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| stem.ends_with(end))
    {
        stem.truncate(len - 1);
    }
    for end in ["ing", "ed"] {
        let rest = stem
            .strip_suffix(end)
            .filter(|rest| rest.len() > 2 && has_vowel(rest));
        if let Some(rest) = rest {
            let doubled = rest
                .as_bytes()
                .windows(2)
                .last()
                .is_some_and(|two| two[0] == two[1]);
            let keeps = ["ll", "ss", "zz", "ff"]
                .iter()
                .any(|end| rest.ends_with(end));
            let rest = rest.len() - usize::from(doubled && !keeps);
            stem.truncate(rest);
            break;
        }
    }
    if stem.len() > 7 && stem.ends_with("ment") {
        stem.truncate(stem.len() - 4);
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.truncate(stem.len() - 1);
    }
    if stem.len() > 5 {
        // The two spellings of English.
        for (end, other) in [
            ("is", "iz"),
            ("ys", "yz"),
            ("isation", "ization"),
            ("our", "or"),
            ("isator", "izator"),
        ] {
            if let Some(rest) = stem.strip_suffix(end) {
                stem = format!("{rest}{other}");
                break;
            }
        }
    }
    stem
}

fn has_vowel(word: &str) -> bool {
    word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

fn german(word: &str) -> String {
    for end in ["innen", "ern", "en", "em", "er", "es", "e", "n", "s"] {
        if let Some(rest) = word.strip_suffix(end).filter(|rest| rest.len() > 3) {
            return rest.to_owned();
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: Language, text: &str, expect: &str) {
        assert_eq!(stems(text, language).join(" "), expect, "{text}");
    }

    #[test]
    fn filling_words_are_in_the_order_that_they_are_searched_in() {
        assert!(ENGLISH_FILLING.is_sorted() && GERMAN_FILLING.is_sorted());
    }

    #[test]
    fn forms_of_an_english_word_have_one_stem() {
        check(
            Language::En,
            "manage managing manages managed management",
            "manag manag manag manag manag",
        );
        check(
            Language::En,
            "organise, organize; organising",
            "organiz organiz organiz",
        );
        check(
            Language::En,
            "Plan planning the year's policies",
            "plan plan year policy",
        );
        check(Language::En, "C++ and C# on .NET", "c++ c# net");
    }

    #[test]
    fn forms_of_a_german_word_have_one_stem() {
        check(
            Language::De,
            "Lagerbestand Lagerbestände",
            "lagerbestand lagerbestand",
        );
        check(
            Language::De,
            "Prüfung Prüfungen für die Straße",
            "prufung prufung strass",
        );
        check(Language::De, "Kundinnen Kunden", "kund kund");
    }

    #[test]
    fn the_language_is_told_by_filling_words_and_umlauts() {
        for (text, expect) in [
            ("Fill the open positions", Language::En),
            ("Offene Stellen in der Entwicklung besetzen", Language::De),
            ("Umsatz erhöhen", Language::De),
            ("Kubernetes", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(language(text), expect, "{text}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_text_is_read() {
        assert_eq!(
            stems(&"word ".repeat(5_000), Language::En).len(),
            MOST_WORDS
        );
        assert_eq!(
            stems(&"x".repeat(5_000), Language::En)[0].len(),
            LONGEST_WORD
        );
        check(Language::En, &" ".repeat(5_000), "");
    }
}
