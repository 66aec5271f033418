//! The verdict in a model's words. Each of its sentences is read into claims ([`grammar`]), and each claim has to be one
//! that the statements which the sentence cites hold ([`claims`]). Whatever reads otherwise is not let through, so a model
//! can leave out and arrange, and state nothing.

pub mod claims;
mod grammar;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use self::claims::{Claim, Supports};
use self::grammar::{reference, tokens, Grammar, Reading, Token, QUOTES};
use crate::snapshot::{Language, Snapshot};
use crate::statements::Finding;
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The sentence, counted from 1; none for all of them together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<usize>,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// There are no sentences, or too many.
    Count,
    /// It is longer than the first screen has room for.
    TooLong,
    /// It is none of the sentences that the grammar knows.
    Unreadable,
    /// It claims what none of the statements holds that it cites.
    Unsupported,
    /// What is reached, since when it is more or less, or what needs a decision is not told.
    Incomplete,
}

/// Sentences of a verdict.
pub const MOST_SENTENCES: usize = 3;

/// Words of a verdict as it is shown: those of the rules are hardly more, and the first screen has to stay one.
pub const MOST_WORDS: usize = 50;

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
        let supports = Supports::new(findings);
        let shown = sentences.iter();
        let shown = shown.map(|sentence| show(&sentence.text, language, &supports));
        Some(shown.collect::<Vec<_>>().join(" "))
    }
}

/// A model's sentences as a verdict, each with those statements that it follows from.
///
/// # Errors
/// Why they are none.
pub fn prove(
    snapshot: &Snapshot,
    findings: &[Finding],
    sentences: &[Sentence],
) -> Result<Prose, Vec<Rejection>> {
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
    let prose = Prose::Model { sentences: proven };
    let shown = prose.markdown(snapshot.language, findings);
    let words = shown.iter().flat_map(|shown| shown.split_whitespace());
    match words.count() <= MOST_WORDS {
        true => Ok(prose),
        false => Err(vec![all(Why::TooLong)]),
    }
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
