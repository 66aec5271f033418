//! The verdict in a model's words. Each of its sentences is read into claims ([`grammar`]), and each claim has to be one
//! that the statements which the sentence cites hold ([`claims`]). Whatever reads otherwise is not let through, so a model
//! can leave out and arrange, and state nothing.

pub mod claims;
mod grammar;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::json;

use self::claims::{Claim, Supports};
use self::grammar::{reference, tokens, Grammar, Reading, Token, QUOTES};
use crate::snapshot::{Language, Snapshot};
use crate::statements::{Finding, Statement};
use crate::text::{HEADLINE, NAME};
use crate::{english, german};

/// Whose words the verdict is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Prose {
    /// Those that follow from the statements alone.
    #[default]
    Rules,
    Model {
        sentences: Vec<Sentence>,
    },
}

/// A sentence of a model's, in which T1 and so on stand for objectives and P1 and so on for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    pub text: String,
    /// The places of the statements that it follows from, counted from 1.
    pub cites: Vec<usize>,
}

/// Why a model's words are not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}{why}", .sentence.map(|place| format!("sentence {place} ")).unwrap_or("it ".to_owned()))]
pub struct Rejection {
    /// The sentence, counted from 1; none for all of them together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<usize>,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    #[error("has no sentences, or more than three")]
    Count,
    #[error("is longer than the first screen has room for")]
    TooLong,
    #[error("is none of the sentences that the grammar knows")]
    Unreadable,
    #[error("claims what none of the statements holds that it cites")]
    Unsupported,
    #[error("leaves out what is reached, since when it is more or less, which objectives need a decision, or why the first do")]
    Incomplete,
}

/// Sentences of a verdict.
pub const MOST_SENTENCES: usize = 3;

/// Characters of a sentence, before anything looks at it.
const LONGEST: usize = 400;

/// What is said by whom, and how a change of either is told apart: the version of the grammars, the claims and the rules
/// in this file. Goes up with each.
pub const READER: u32 = 1;

impl Prose {
    pub fn is_rules(&self) -> bool {
        *self == Self::Rules
    }

    /// The verdict as Markdown, if it is in a model's words.
    pub(crate) fn markdown(&self, language: Language, findings: &[Finding]) -> Option<String> {
        let Self::Model { sentences } = self else {
            return None;
        };
        Some(shown(sentences, language, &Supports::new(findings)))
    }
}

/// A model's sentences as a verdict, each with those statements that it follows from. `room`: the words that they may have
/// when titles and names stand in them.
///
/// # Errors
/// Why they are none.
pub fn prove(
    snapshot: &Snapshot,
    findings: &[Finding],
    sentences: &[Sentence],
    room: usize,
) -> Result<Vec<Sentence>, Vec<Rejection>> {
    let all = |why| Rejection {
        sentence: None,
        why,
    };
    if !(1..=MOST_SENTENCES).contains(&sentences.len()) {
        return Err(vec![all(Why::Count)]);
    }
    let supports = Supports::new(findings);
    let (mut proven, mut rejections, mut topics) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = None;
    for (sentence, place) in sentences.iter().zip(1..) {
        match prove_one(snapshot, &supports, sentence, last.take().as_ref()) {
            Ok((sentence, claims)) => {
                topics.extend(claims.iter().filter_map(Claim::topic));
                last = claims.into_iter().last();
                proven.push(sentence);
            }
            Err(why) => rejections.push(Rejection {
                sentence: Some(place),
                why,
            }),
        }
    }
    if !rejections.is_empty() {
        return Err(rejections);
    }
    if !supports.topics.iter().all(|topic| topics.contains(topic)) {
        return Err(vec![all(Why::Incomplete)]);
    }
    let shown = shown(&proven, snapshot.language, &supports);
    match shown.split_whitespace().count() <= room {
        true => Ok(proven),
        false => Err(vec![all(Why::TooLong)]),
    }
}

/// What a model is shown: the language, the day, the words that there is room for, and everything that it can claim,
/// statement by statement. It is made of the statements alone, and holds no word that people have written.
pub fn passages(snapshot: &Snapshot, findings: &[Finding], room: usize) -> Vec<String> {
    let language = match snapshot.language {
        Language::En => "English",
        Language::De => "German",
    };
    let supports = Supports::new(findings);
    let first = json!({"language": language, "today": snapshot.at.day(), "words": room});
    let statements = supports.statements.iter();
    let statements = statements.map(|statement| json!(statement).to_string());
    [first.to_string()].into_iter().chain(statements).collect()
}

/// Whether the report has a verdict at all.
pub fn has_verdict(findings: &[Finding]) -> bool {
    let mut statements = findings.iter().map(|finding| &finding.statement);
    statements.any(|statement| matches!(statement, Statement::Verdict { .. }))
}

/// One sentence with those of the statements it cites that it follows from, and what it claims. `last`: what the sentence
/// before it claims last, which it may point back to.
///
/// # Errors
/// Why it is not let through.
pub fn prove_one(
    snapshot: &Snapshot,
    supports: &Supports,
    sentence: &Sentence,
    last: Option<&Claim>,
) -> Result<(Sentence, Vec<Claim>), Why> {
    if sentence.text.chars().count() > LONGEST {
        return Err(Why::TooLong);
    }
    let tokens = tokens(&sentence.text).ok_or(Why::Unreadable)?;
    let is_sequel = matches!(last, Some(Claim::Reached { .. }));
    let reading = grammar(snapshot.language).read(&tokens, snapshot.at.day(), is_sequel);
    let Reading::Meanings(meanings) = reading else {
        return Err(Why::Unreadable);
    };
    let cited = |place: &usize| sentence.cites.contains(place);
    let mut cites = Vec::new();
    for claim in meanings.iter().flatten() {
        let statements = supports.statements.iter();
        let holding = statements.filter(|statement| statement.claims.contains(claim));
        let holding: Vec<usize> = holding.map(|holding| holding.place).filter(cited).collect();
        if holding.is_empty() {
            return Err(Why::Unsupported);
        }
        cites.extend(holding);
    }
    cites.sort_unstable();
    cites.dedup();
    let text = sentence.text.split_whitespace();
    let sentence = Sentence {
        text: text.collect::<Vec<_>>().join(" "),
        cites,
    };
    Ok((sentence, meanings.into_iter().flatten().collect()))
}

/// Numbers that are written as words.
const ENGLISH_NUMBERS: [(&str, u64); 12] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

const GERMAN_NUMBERS: [(&str, u64); 17] = [
    ("ein", 1),
    ("eine", 1),
    ("einem", 1),
    ("einen", 1),
    ("einer", 1),
    ("eines", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwölf", 12),
];

/// Letters of an English month that are enough.
const SHORT_MONTH: usize = 3;

fn grammar(language: Language) -> &'static Grammar {
    static ENGLISH: LazyLock<Grammar> = LazyLock::new(|| {
        let text = include_str!("prose/english.jsgf");
        let short = Some(SHORT_MONTH);
        let grammar = Grammar::parse(text, &english::MONTHS, short, &ENGLISH_NUMBERS);
        grammar.expect("a file of this crate, which the tests read")
    });
    static GERMAN: LazyLock<Grammar> = LazyLock::new(|| {
        let text = include_str!("prose/german.jsgf");
        let grammar = Grammar::parse(text, &german::MONTHS, None, &GERMAN_NUMBERS);
        grammar.expect("a file of this crate, which the tests read")
    });
    match language {
        Language::En => &ENGLISH,
        Language::De => &GERMAN,
    }
}

fn shown(sentences: &[Sentence], language: Language, supports: &Supports) -> String {
    let shown = sentences.iter();
    let shown = shown.map(|sentence| show(&sentence.text, language, supports));
    shown.collect::<Vec<_>>().join(" ")
}

/// A sentence with titles and names in it, which are as inert as elsewhere. All else in it are words and signs that the
/// grammar knows.
fn show(text: &str, language: Language, supports: &Supports) -> String {
    let mut shown = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            shown.push(c);
            continue;
        }
        let mut word = String::from(c);
        word.extend(std::iter::from_fn(|| {
            chars.next_if(|c| c.is_alphanumeric())
        }));
        let Some(named) = reference(&word).and_then(|token| named(&token, language, supports))
        else {
            shown += &word;
            continue;
        };
        // Its quotation marks are ours.
        let is_quoted = shown.ends_with(QUOTES) && chars.peek().is_some_and(|c| QUOTES.contains(c));
        if is_quoted {
            shown.pop();
            chars.next();
        }
        shown += &named;
    }
    shown
}

fn named(token: &Token, language: Language, supports: &Supports) -> Option<String> {
    let of = |names: &[String], number: u64| {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        names.get(place).cloned()
    };
    match (token, language) {
        (Token::Item(number), Language::En) => {
            of(&supports.titles, *number).map(|title| english::quoted(&title, HEADLINE))
        }
        (Token::Item(number), Language::De) => {
            of(&supports.titles, *number).map(|title| german::quoted(&title, HEADLINE))
        }
        (Token::Person(number), Language::En) => {
            of(&supports.people, *number).map(|name| english::name(&name, NAME))
        }
        (Token::Person(number), Language::De) => {
            of(&supports.people, *number).map(|name| german::name(&name, NAME))
        }
        (Token::Word(_) | Token::Number(..) | Token::Sign(_), Language::En | Language::De) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Day;

    /// What the model is told to write is what the grammars read.
    #[test]
    fn the_words_that_a_model_is_told_are_read() {
        let prompt = include_str!("writer/prompt-1.txt");
        let (_, table) = prompt.split_once("claim | English | German\n").unwrap();
        let today = Day::of(2026, 11, 27).unwrap();
        let mut read = 0;
        for row in table.lines() {
            let cells: Vec<&str> = row.split(" | ").collect();
            for (language, cell) in [(Language::En, cells[1]), (Language::De, cells[2])] {
                // Words left out are said in another row.
                for words in cell.split("; ").filter(|words| !words.contains('…')) {
                    let tokens = tokens(&format!("{words}.")).unwrap();
                    let reading = grammar(language).read(&tokens, today, false);
                    assert_ne!(reading, Reading::Unreadable, "{words}");
                    read += 1;
                }
            }
        }
        assert!(read > 70, "{read}");
    }

    #[test]
    fn what_is_wrong_with_a_verdict_is_told_in_words() {
        let told = |sentence, why| Rejection { sentence, why }.to_string();
        assert_eq!(
            told(Some(2), Why::Unreadable),
            "sentence 2 is none of the sentences that the grammar knows"
        );
        assert_eq!(
            told(None, Why::Count),
            "it has no sentences, or more than three"
        );
    }
}
