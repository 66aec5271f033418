//! Sentences of the visible text, each with what it takes to judge of whom it speaks.

use std::sync::LazyLock;

use regex::Regex;

use super::identity::pattern;
use super::names::{compact, without_form};
use super::{Place, Site};
use crate::page::{Block, Span};

/// Longer ones are lists without punctuation; a figure in them belongs to who knows what.
const LONGEST: usize = 600;

/// A site with more sentences of one sort is about everybody; the first ones speak of the organisation if any do.
const MOST: usize = 400;

pub(crate) struct Sentence<'a> {
    pub(crate) place: Place,
    pub(crate) text: &'a str,
    /// The sentence before it in the same block.
    pub(crate) before: Option<&'a str>,
    before_start: usize,
    pub(crate) block: &'a Block,
    /// The nearest heading above, unless the sentence is one.
    pub(crate) heading: Option<&'a str>,
}

/// All sentences of the site's visible text for which `wanted` is true of their block.
pub(crate) fn sentences<'a>(
    site: &'a Site<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Sentence<'a>> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let mut heading = None;
        for block in &page.document.blocks {
            let text = page.document.slice(block.span);
            if block.heading.is_some() {
                heading = Some(text);
            }
            if found.len() >= MOST {
                return found;
            }
            if !wanted(text) {
                continue;
            }
            let mut before = None;
            let mut before_start = block.span.start;
            for (start, end) in split(text) {
                let sentence = &text[start..end];
                if sentence.len() <= LONGEST {
                    found.push(Sentence {
                        place: Place {
                            reading,
                            span: Span {
                                start: block.span.start + start,
                                end: block.span.start + end,
                            },
                        },
                        text: sentence,
                        before,
                        before_start,
                        block,
                        heading: heading.filter(|_| block.heading.is_none()),
                    });
                }
                before = Some(sentence);
                before_start = block.span.start + start;
            }
        }
    }
    found
}

/// Cuts a block into sentences: at a stop before a capital or a digit, unless an abbreviation ends there.
fn split(text: &str) -> Vec<(usize, usize)> {
    static STOP: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.!?]['”’»)]? +"));
    static ABBREVIATION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[\s(])(?:mio|mrd|tsd|ca|rd|nr|no|inc|ltd|co|corp|bzw|z\.b|u\.a|d\.h|approx|st|dr|prof|mr|mrs|ms|vs|etc|e\.g|i\.e|p\.a|env|bijv|\p{L})\.$",
        )
    });
    let mut sentences = Vec::new();
    let mut start = 0;
    for stop in STOP.find_iter(text) {
        let next = text[stop.end()..].chars().next();
        let begins = next.is_some_and(|c| !c.is_lowercase());
        let upto = &text[start..stop.start() + 1];
        let tail = &upto[floor(upto, upto.len().saturating_sub(12))..];
        if begins && !ABBREVIATION.is_match(tail) {
            sentences.push((start, stop.start() + 1));
            start = stop.end();
        }
    }
    if start < text.len() {
        sentences.push((start, text.len()));
    }
    sentences
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl Sentence<'_> {
    /// This sentence and the one before it, which stands right in front.
    pub(crate) fn with_before(&self) -> Place {
        Place {
            span: Span {
                start: self.before_start,
                ..self.place.span
            },
            ..self.place
        }
    }

    /// Said by somebody else: a testimonial or a quotation.
    pub(crate) fn is_quoted(&self) -> bool {
        self.block.quoted
            || self
                .text
                .trim_start()
                .starts_with(['“', '”', '„', '«', '"', '‘'])
    }

    /// Under a heading that announces the organisation itself, or under none.
    pub(crate) fn under_own_heading(&self, name: &str) -> bool {
        static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:about|company|facts|figures|numbers|at a glance|who we are|our (?:story|company|team|history)|profile|overview|investors?|über uns|unternehmen|zahlen|fakten|kennzahlen|wir|chiffres|à propos|qui sommes|entreprise|over ons|cijfers|feiten|bedrijf)\b",
            )
        });
        self.heading
            .is_none_or(|heading| ABOUT.is_match(heading) || names(heading, name))
    }
}

/// True when the text has the name in it, word for word, with or without its legal form.
pub(crate) fn names(text: &str, name: &str) -> bool {
    let bare = without_form(name);
    let wanted: Vec<String> = words(bare);
    if wanted.iter().map(String::len).sum::<usize>() < 2 {
        return false;
    }
    let have = words(text);
    have.windows(wanted.len())
        .any(|run| run == wanted.as_slice())
}

fn words(text: &str) -> Vec<String> {
    text.replace("'s", "")
        .replace("’s", "")
        .split(|c: char| !c.is_alphanumeric() && c != '\u{ad}')
        .map(compact)
        .filter(|word| !word.is_empty())
        .collect()
}

/// True when the writer speaks of the organisation as "we".
pub(crate) fn says_we(text: &str) -> bool {
    static WE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:we|we’re|we're|our|us|ours|wir|uns|unser|unsere[mnrs]?|nous|notre|nos|wij|we|ons|onze)\b",
        )
    });
    WE.is_match(text)
}

/// The text without the organisation's own name, so that a word of the name (`Group`) is not taken for somebody else.
pub(crate) fn without_name(text: &str, name: &str) -> String {
    let bare = without_form(name);
    if bare.is_empty() {
        return text.to_owned();
    }
    text.replace(name, " ").replace(bare, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        let text = "Umsatz: 3 Mio. Euro. Die Acorn Ltd. Group wuchs! 12 Leute. Bei Anna";
        let cut: Vec<&str> = split(text).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(
            cut,
            [
                "Umsatz: 3 Mio. Euro.",
                "Die Acorn Ltd. Group wuchs!",
                "12 Leute.",
                "Bei Anna"
            ]
        );
    }

    #[test]
    fn a_name_is_found_word_for_word() {
        assert!(names(
            "In 2020 Acorn Pumps’s sales rose",
            "Acorn Pumps GmbH"
        ));
        assert!(!names("a million acorns", "Ion"));
        assert!(!says_we("The west wing"));
        assert!(says_we("Wir sind 30"));
    }
}
