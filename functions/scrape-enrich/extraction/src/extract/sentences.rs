//! Sentences of the visible text, each with what it takes to judge of whom it speaks.

use std::sync::LazyLock;

use regex::Regex;

use super::languages::{Phrase, Role, ALL};
use super::names::{compact, without_form};
use super::pattern::pattern;
use super::site::{Place, Site};
use crate::page::{Block, Span};
use crate::slice::cut;

/// Longer ones are lists without punctuation; a figure in them belongs to who knows what.
const LONGEST: usize = 600;

/// A site with more sentences of one sort is about everybody; the first ones speak of the organisation if any do.
const MOST: usize = 400;

/// What a byte costs, in steps, while it is looked at for what a rule wants and cut into sentences.
const BYTE: u64 = 100;

/// What a byte of a sentence costs that a rule then reads closely.
const READ_CLOSELY: u64 = 2_000;

/// Bytes of a heading; longer ones are texts that announce nothing.
const LONGEST_HEADING: usize = 300;

/// Sentences of a site, in order.
pub(crate) struct Found<'a> {
    pub(crate) sentences: Vec<Sentence<'a>>,
    /// None was left out for being one too many.
    pub(crate) all: bool,
}

pub(crate) struct Sentence<'a> {
    pub(crate) place: Place,
    pub(crate) text: &'a str,
    /// The sentence before it in the same block.
    pub(crate) before: Option<&'a str>,
    before_start: usize,
    pub(crate) block: &'a Block,
    /// The nearest heading above, unless the sentence is one.
    pub(crate) heading: Option<&'a str>,
    /// The nearest heading of the first level above, unless the sentence is one.
    title: Option<&'a str>,
    /// Where the label of a row of two cells ends.
    pub(crate) label: Option<usize>,
    on_home_page: bool,
}

/// All sentences of the site's visible text for which `wanted` is true of their block.
pub(crate) fn sentences<'a>(site: &'a Site<'_>, wanted: impl Fn(&str) -> bool) -> Found<'a> {
    let mut found = Found {
        sentences: Vec::new(),
        all: false,
    };
    for (reading, page) in site.readings.iter().enumerate() {
        let mut heading = None;
        let mut title = None;
        let url = page.page.url.as_ref();
        let on_home_page = url.is_some_and(|url| url.path() == "/");
        let blocks = &page.document.blocks;
        let mut position = 0;
        while let Some(block) = blocks.get(position) {
            let mut text = page.document.slice(block.span);
            let mut label = None;
            let value = value_of(blocks, position);
            position += 1;
            if let Some(value) = value {
                let whole = Span {
                    end: value.span.end,
                    ..block.span
                };
                label = Some(text.len());
                text = page.document.slice(whole);
                position += 1;
            }
            if block.heading.is_some() {
                heading = Some(text);
            }
            if block.heading == Some(1) {
                title = Some(text);
            }
            if !site.is_looked_at(reading, block.span) {
                continue;
            }
            if !site.effort.spend(text.len(), BYTE) {
                return found;
            }
            if !wanted(text) {
                continue;
            }
            let mut before = None;
            let mut before_start = block.span.start;
            let cuts = label.map(|_| (0, text.len()));
            let sentences = cuts
                .into_iter()
                .chain(split(text).filter(|_| cuts.is_none()));
            for (start, end) in sentences {
                let sentence = cut(text, start..end);
                let span = block.span.part(start, end);
                if sentence.len() <= LONGEST && site.is_looked_at(reading, span) {
                    let most = found.sentences.len() >= MOST;
                    if most || !site.effort.spend(sentence.len(), READ_CLOSELY) {
                        return found;
                    }
                    found.sentences.push(Sentence {
                        place: Place { reading, span },
                        text: sentence,
                        before,
                        before_start,
                        block,
                        heading: heading.filter(|_| block.heading.is_none()),
                        title: title.filter(|_| block.heading.is_none()),
                        label,
                        on_home_page,
                    });
                }
                before = Some(sentence).filter(|sentence| sentence.len() <= LONGEST);
                before_start = block.span.start + start;
            }
        }
    }
    found.all = true;
    found
}

/// The second of the two cells of a row, or of a term and its definition, if the first is at this position.
fn value_of(blocks: &[Block], position: usize) -> Option<&Block> {
    let row = blocks.get(position)?.row?;
    let same = |at: usize| blocks.get(at).is_some_and(|block| block.row == Some(row));
    let first = position.checked_sub(1).is_none_or(|before| !same(before));
    let pair = first && same(position + 1) && !same(position + 2);
    pair.then(|| &blocks[position + 1])
}

/// Cuts a block into sentences, one after the other: at a stop before a capital or a digit, unless an abbreviation
/// ends there.
fn split(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    static STOP: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.!?]['”’»)]? +| +\| +"));
    static ABBREVIATION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[\s(])(?:mio|mia|mrd|mln|mld|tys|tis|mil|mill|tsd|ca|rd|rs|fy|approx|aprox|nr|no|inc|ltd|co|corp|bzw|z\.b|u\.a|d\.h|approx|st|dr|prof|mr|mrs|ms|vs|etc|e\.g|i\.e|p\.a|env|bijv|\p{L})\.$",
        )
    });
    let mut start = 0;
    let mut stops = STOP.find_iter(text);
    std::iter::from_fn(move || {
        for stop in stops.by_ref() {
            let next = cut(text, stop.end()..).chars().next();
            // `Staff: 58 | Founded: 2011`: a bar ends a fact and begins what may depend on the fact before it.
            if stop.as_str().starts_with(' ') {
                let sentence = (start, stop.start());
                start = stop.start();
                return Some(sentence);
            }
            let begins = next.is_some_and(|c| !c.is_lowercase());
            let end = stop.start() + 1;
            let upto = cut(text, start..end);
            let last = cut(upto, upto.len().saturating_sub(12)..);
            if begins && !ABBREVIATION.is_match(last) && !is_day(upto, cut(text, stop.end()..)) {
                let sentence = (start, end);
                start = stop.end();
                return Some(sentence);
            }
        }
        let rest = (start, text.len());
        start = text.len();
        (rest.0 < rest.1).then_some(rest)
    })
}

/// `31. Dezember`: the stop behind a number that a month follows makes a day of it.
fn is_day(before: &str, behind: &str) -> bool {
    let digits = before.trim_end_matches('.');
    let number = digits.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_short = (1..=2).contains(&(digits.len() - number.len()));
    is_short && before.ends_with('.') && begins_with_month(behind)
}

/// True where the first word of a text is a month in one of the languages.
pub(crate) fn begins_with_month(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_alphabetic()).next();
    let word = word.unwrap_or_default().to_lowercase();
    let is_month = |phrase: &Phrase| phrase.rest.is_empty() && phrase.roles == [Role::Month];
    ALL.iter()
        .any(|language| language.phrases(&word).iter().any(is_month))
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

    /// Nothing stands beside it in its block.
    pub(crate) fn is_whole_block(&self) -> bool {
        self.place.span == self.block.span
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
        self.heading.is_none_or(|heading| announces(heading, name))
    }

    /// On a page that is about the organisation: its home page, or one whose title is its own.
    pub(crate) fn on_own_page(&self, name: &str) -> bool {
        self.on_home_page || self.title.is_none_or(|title| announces(title, name))
    }
}

fn announces(heading: &str, name: &str) -> bool {
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:about|company|facts|figures|numbers|at a glance|who we are|our (?:story|company|team|history)|profile|overview|investors?|über uns|unternehmen|zahlen|fakten|kennzahlen|wir|chiffres|à propos|qui sommes|entreprise|over ons|cijfers|feiten|bedrijf|quiénes somos|empresa|cifras|datos|chi siamo|azienda|numeri|quem somos|sobre|números|o nas|firma|om oss|om os|företaget|o nás)\b",
        )
    });
    heading.len() <= LONGEST_HEADING && (ABOUT.is_match(heading) || names(heading, name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        let text = "Umsatz: 3 Mio. Euro. Die Acorn Ltd. Group wuchs! 12 Leute. Bei Anna";
        let cut: Vec<&str> = split(text).map(|(a, b)| &text[a..b]).collect();
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
    }
}
