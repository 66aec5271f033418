//! What names a trade: the phrase around the words that say it, which stand in the file of each language.
//!
//! A phrase names a trade if its head is a business of one kind (bakery, law firm, Ingenieurbüro), or a business of any
//! kind beside the field that it works in (moving company, cabinet de conseil), or a maker or seller of something that
//! is named (maker of shelves). Whatever else a company may be, a family business, a Gold Partner, a registered
//! trademark, says nothing of its trade.

use super::languages::{listed, TradeWords, ALL};
use crate::slice::cut;

/// Words of a phrase that are looked at, and bytes of one that is kept.
const MOST_WORDS: usize = 14;
const LONGEST: usize = 90;

/// Bytes in which a word shows what it was joined with: `un’`.
const LONGEST_ELISION: usize = 5;

/// The languages that have words for trades.
pub(super) fn languages() -> impl Iterator<Item = &'static TradeWords> + Clone {
    let all = ALL.iter().map(|language| language.words.trade);
    all.filter(|words| !words.is_a.is_empty())
}

/// English, whose titles name trades as no other language's do.
fn english() -> &'static TradeWords {
    ALL[0].words.trade
}

fn has(list: &'static str, word: &str) -> bool {
    listed(list).any(|entry| entry == word)
}

/// A word of a phrase: where it stands, in lower case, and whether a mark follows that ends the phrase.
struct Word {
    start: usize,
    end: usize,
    lower: String,
    /// Begins with a capital.
    capital: bool,
    comma: bool,
    stop: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let bare = piece.trim_end();
        // `d’avocats` is a preposition and its noun.
        let beginning = cut(bare, ..LONGEST_ELISION).to_lowercase();
        let elided = languages()
            .flat_map(|words| listed(words.elisions))
            .find(|elided| beginning.starts_with(elided));
        let cuts = elided
            .map(|elided| elided.len())
            .filter(|length| *length < bare.len());
        let pieces = [
            cuts.map(|at| (0, at)),
            Some((cuts.unwrap_or(0), bare.len())),
        ];
        for (from, to) in pieces.into_iter().flatten() {
            let part = cut(bare, from..to);
            let word = part.trim_start_matches(['(', '“', '"', '„', '«']);
            let opened = part.len() - word.len();
            let kept = word.trim_end_matches([
                '.', ',', ';', ':', '!', '?', '”', '"', '»', ')', '|', '®', '™',
            ]);
            let marks = cut(word, kept.len()..);
            let bracket = opened > 0 && cut(part, ..opened).contains('(');
            if bracket || kept.is_empty() || matches!(kept, "-" | "–" | "—" | "·" | "•") {
                if let Some(last) = words.last_mut() {
                    let last: &mut Word = last;
                    last.stop = true;
                }
                return words;
            }
            let at = start + from + opened;
            words.push(Word {
                start: at,
                end: at + kept.len(),
                lower: kept.to_lowercase(),
                capital: kept.starts_with(char::is_uppercase),
                comma: marks == ",",
                stop: !marks.is_empty() && marks != "," && !matches!(marks, "®" | "™"),
            });
        }
        start += piece.len();
        if words.len() >= MOST_WORDS {
            break;
        }
    }
    words
}

impl TradeWords {
    /// The phrase that names a trade at the beginning of a text, which stands behind an article or begins a title.
    pub(super) fn trade(&self, text: &str) -> Option<(usize, usize)> {
        let words = words(text);
        let (first, last) = if self.head_first {
            self.behind_head(&words)?
        } else {
            self.before_head(&words)?
        };
        let (start, end) = (words.get(first)?.start, words.get(last)?.end);
        (start < end && (4..=LONGEST).contains(&(end - start))).then_some((start, end))
    }

    /// Where the text goes on behind `is a`, if it begins with that.
    pub(super) fn behind_copula<'t>(&self, text: &'t str) -> Option<&'t str> {
        let first = listed(self.is_a);
        first
            .filter_map(|phrase| behind(text, phrase))
            .min_by_key(|rest| rest.len())
    }

    /// The same behind `, a`.
    pub(super) fn behind_article<'t>(&self, text: &'t str) -> Option<&'t str> {
        let first = listed(self.articles);
        first
            .filter_map(|article| behind(text, article))
            .min_by_key(|rest| rest.len())
    }

    /// The same behind `We are a`.
    pub(super) fn behind_we_are<'t>(&self, text: &'t str) -> Option<&'t str> {
        let rest = listed(self.we_are).find_map(|we_are| behind(text, we_are))?;
        self.behind_article(rest)
    }

    /// Whether a text is a label beside which the trade stands.
    pub(super) fn is_label(&self, text: &str) -> bool {
        let label = text.trim_end_matches([' ', ':']);
        label.len() <= LONGEST && has(self.labels, &label.to_lowercase())
    }

    /// Whether a word in a title says that it is about something else than its owner's trade.
    pub(super) fn is_no_title(&self, word: &str) -> bool {
        has(self.no_titles, word)
    }

    /// Whether a text in small letters begins with such a label.
    pub(super) fn begins_with_label(&self, text: &str) -> bool {
        listed(self.labels).any(|label| text.starts_with(label))
    }

    fn is_end(&self, word: &Word) -> bool {
        has(self.ends, &word.lower)
    }

    /// English: the head is the last word before a preposition, a relative clause or a mark.
    fn before_head(&self, words: &[Word]) -> Option<(usize, usize)> {
        let mut length = 0;
        for word in words {
            if self.is_end(word) || has(self.of, &word.lower) {
                break;
            }
            length += 1;
            // `a private, family-run bakery`: the phrase goes on behind an adjective, and ends behind a noun.
            if word.stop || word.comma && self.kind(words, length - 1).is_some() {
                break;
            }
        }
        let first = (0..length).take_while(|at| self.is_aside(words, *at));
        let first = first.count();
        let last = length.checked_sub(1).filter(|last| first <= *last)?;
        match self.kind(words.get(first..)?, last - first)? {
            Kind::Trade => Some((first, last)),
            Kind::Maker => {
                let head = words.get(last)?;
                let of = words.get(last + 1).filter(|_| !head.stop && !head.comma)?;
                let is_of = has(self.of, &of.lower);
                let named = has(self.makers_of, &head.lower);
                let end = self
                    .complement(words, last + 2)
                    .filter(|_| is_of && named)?;
                Some((first, end))
            }
        }
    }

    /// A word before the trade that says nothing of it: praise, whose the company is, where it comes from.
    fn is_aside(&self, words: &[Word], at: usize) -> bool {
        let Some(word) = words.get(at) else {
            return false;
        };
        let last = word.lower.rsplit_once('-').map(|(_, last)| last);
        let praised =
            has(self.praise, &word.lower) || last.is_some_and(|last| has(self.participles, last));
        // `A Leeds bakery`: a name; `AI`, `HR` and `IT` are fields.
        let is_name = word.capital && !self.is_known(&word.lower) && self.kind(words, at).is_none();
        praised && self.kind(words, at).is_none() || is_name
    }

    fn is_known(&self, word: &str) -> bool {
        [self.fields, self.businesses, self.makers]
            .into_iter()
            .any(|list| listed(list).any(|entry| entry.split(' ').any(|part| part == word)))
    }

    /// What the word at a place is, with those before it.
    fn kind(&self, words: &[Word], at: usize) -> Option<Kind> {
        let lower = |back: usize| Some(words.get(at.checked_sub(back)?)?.lower.as_str());
        let head = lower(0)?;
        let pair = lower(1).map(|before| format!("{before} {head}"));
        if has(self.businesses, head)
            || pair
                .as_deref()
                .is_some_and(|pair| has(self.businesses, pair))
        {
            return Some(Kind::Trade);
        }
        if !has(self.makers, head) {
            return None;
        }
        let field = lower(1).is_some_and(|before| {
            let part = before.rsplit('-').next().unwrap_or(before);
            let two = lower(2).map(|first| format!("{first} {before}"));
            let of_two = two.is_some_and(|field| has(self.fields, &field));
            of_two || has(self.fields, before) || has(self.fields, part)
        });
        Some(if field { Kind::Trade } else { Kind::Maker })
    }

    /// The others: the head is the first noun behind the article, what it is of stands behind.
    fn behind_head(&self, words: &[Word]) -> Option<(usize, usize)> {
        let mut at = None;
        for (position, word) in words.iter().enumerate().take(4) {
            if self.is_end(word) || self.begins_of(words, position).is_some() {
                break;
            }
            if self.business(&word.lower) || self.maker(&word.lower) {
                at = Some(position);
                break;
            }
            if word.stop {
                break;
            }
        }
        let at = at?;
        let head = words.get(at)?;
        let goes_on = !head.stop && !head.comma;
        let field = words
            .get(at + 1)
            .filter(|next| goes_on && has(self.fields, &next.lower));
        let last = at + usize::from(field.is_some());
        let whole = words
            .get(last)
            .is_some_and(|word| !word.stop && !word.comma);
        let of = self.begins_of(words, last + 1).filter(|_| whole);
        let complement = of.and_then(|length| self.complement(words, last + 1 + length));
        let named = field.is_some() || self.business(&head.lower);
        // Adjectives stand before the head where it is a word of its own.
        match complement {
            Some(end) => Some((at, end)),
            None => named.then_some((at, last)),
        }
    }

    fn business(&self, word: &str) -> bool {
        listed(self.businesses).any(|business| {
            word == business || self.compounds && business.len() >= 6 && word.ends_with(business)
        }) || self.compounds && {
            let mut heads = listed(self.makers).chain(listed(self.businesses));
            heads.any(|head| {
                let field = word
                    .strip_suffix(head)
                    .map(|field| field.trim_end_matches('-'));
                field.is_some_and(|field| {
                    let bare = field.strip_suffix('s').unwrap_or(field);
                    listed(self.fields).any(|known| {
                        let known = known.strip_suffix('s').unwrap_or(known);
                        known == bare || known == field
                    })
                })
            })
        }
    }

    fn maker(&self, word: &str) -> bool {
        listed(self.makers).any(|maker| {
            word == maker || self.compounds && maker.len() >= 5 && word.ends_with(maker)
        })
    }

    /// How many words from here on say `of`.
    fn begins_of(&self, words: &[Word], at: usize) -> Option<usize> {
        let lengths = listed(self.of).filter_map(|of| {
            let mut length = 0;
            for part in of.split(' ') {
                if words.get(at + length)?.lower != part {
                    return None;
                }
                length += 1;
            }
            Some(length)
        });
        lengths.max()
    }

    /// The last word of what is made, sold or done: `shelves, tables and stools`.
    fn complement(&self, words: &[Word], from: usize) -> Option<usize> {
        let mut first = from;
        while words
            .get(first)
            .is_some_and(|word| has(self.skipped, &word.lower))
        {
            first += 1;
        }
        let begins = words.get(first)?;
        let is_word = begins.lower.starts_with(char::is_alphabetic);
        if !is_word || has(self.vague, &begins.lower) || !self.is_thing(begins) {
            return None;
        }
        let mut last = first;
        while let (Some(word), Some(next)) = (words.get(last), words.get(last + 1)) {
            let further = words
                .get(last + 2)
                .filter(|further| !next.stop && self.is_thing(further));
            let genitive = has(self.genitives, &next.lower);
            let joins = has(self.and, &next.lower) || genitive;
            let ends = self.is_end(next) || !genitive && has(self.of, &next.lower);
            if word.stop || ends || word.comma && !self.lists_on(words, last + 1) {
                break;
            }
            last += match (joins, further) {
                (true, None) => break,
                (true, Some(_)) => 2,
                (false, _) => 1,
            };
        }
        Some(last)
    }

    /// A word that may be made or sold; capitals are names, where nouns have none.
    fn is_thing(&self, word: &Word) -> bool {
        let is_name = self.head_first && !self.compounds && word.capital;
        !is_name && !self.is_end(word)
    }

    /// Whether what stands behind a comma goes on to an `and`, so that both are parts of one enumeration.
    fn lists_on(&self, words: &[Word], from: usize) -> bool {
        let rest = words.get(from..).unwrap_or_default().iter();
        let mut inside = true;
        let mut rest = rest.take_while(|word| {
            let before = inside;
            inside = !word.stop;
            before && !self.is_end(word)
        });
        rest.any(|word| has(self.and, &word.lower))
    }
}

/// What a title names as the trade of who wrote it: `Pest Control in Leeds`, `Machine Learning Recruiters`, and
/// whether it is a business rather than one of its services.
pub(super) fn titled(text: &str) -> Option<(usize, usize, bool)> {
    let english = english();
    let words = words(text);
    let before = words.iter().position(|word| english.is_end(word));
    let upto = words
        .get(..before.unwrap_or(words.len()))
        .unwrap_or_default();
    let stop = upto
        .iter()
        .position(|word| word.stop)
        .map_or(upto.len(), |at| at + 1);
    let mut named = upto.get(..stop).unwrap_or_default();
    // `… Services Leeds`, `… Services Salem, OR`: a town without a preposition.
    let services =
        |word: &Word| matches!(word.lower.as_str(), "services" | "contractors" | "company");
    if let Some(at) = named
        .iter()
        .position(services)
        .filter(|at| at + 1 < named.len())
    {
        let rest = named.get(at + 1..).unwrap_or_default();
        if rest.iter().all(|word| word.capital) {
            named = named.get(..=at).unwrap_or_default();
        }
    }
    let (first, last) = (named.first()?, named.last()?);
    if named.len() > 6
        || named
            .iter()
            .any(|word| word.lower.contains(char::is_numeric))
    {
        return first_trade(text);
    }
    let whole = cut(text, first.start..last.end).to_lowercase();
    let one = whole.strip_suffix('s').unwrap_or(&whole);
    let behind_word = |list, text: &str| {
        listed(list).any(|known| {
            text.strip_suffix(known)
                .is_some_and(|before| before.is_empty() || before.ends_with(' '))
        })
    };
    if behind_word(english.activities, &whole) || behind_word(english.activities, one) {
        return Some((first.start, last.end, false));
    }
    let many = named.len() > 1 && behind_word(english.people, &whole);
    let kind = english.kind(named, named.len() - 1);
    if many || matches!(kind, Some(Kind::Trade)) && named.len() > 1 {
        return Some((first.start, last.end, !has(english.services, &last.lower)));
    }
    first_trade(text)
}

/// The trade that a name ends with.
pub(super) fn at_end(name: &str) -> Option<(usize, usize)> {
    let lower = name.to_lowercase();
    let lists = languages().flat_map(|words| listed(words.activities).chain(listed(words.named)));
    let ends = lists.filter(|known| {
        let before = lower.strip_suffix(known);
        before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
    });
    let longest = ends.map(str::len).max()?;
    let fits = lower.len() == name.len();
    fits.then(|| (name.len() - longest, name.len()))
}

/// A title in a language whose heads come first begins with one.
fn first_trade(text: &str) -> Option<(usize, usize, bool)> {
    let mut languages = languages().filter(|language| language.head_first);
    languages.find_map(|language| {
        let (start, end) = language.trade(text).filter(|(start, _)| *start == 0)?;
        Some((start, end, true))
    })
}

/// Whether a word is one for a business or its field.
pub(super) fn is_business(word: &str) -> bool {
    let lower = word.to_lowercase();
    languages().any(|language| {
        let lists = [language.businesses, language.makers, language.fields];
        lists.into_iter().any(|list| has(list, &lower))
    })
}

/// Whether a word is one for a trade or a business of any kind, in one of the languages: with nothing else it names no
/// business of its own.
pub(super) fn is_common(word: &str) -> bool {
    let lower = word.to_lowercase();
    let one = lower.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let one = one.or_else(|| lower.strip_suffix('s').map(str::to_owned));
    let known = |word: &str| {
        languages().any(|language| {
            let lists = [
                language.fields,
                language.businesses,
                language.makers,
                language.sectors,
            ];
            lists.into_iter().any(|list| has(list, word))
        })
    };
    known(&lower) || one.is_some_and(|one| known(&one))
}

enum Kind {
    Trade,
    /// A trade only with what it is of.
    Maker,
}

/// What follows a phrase at the beginning of a text, whatever the case.
fn behind<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let beginning = text.get(..phrase.len())?;
    let rest = cut(text, phrase.len()..);
    let ends = phrase.ends_with(['’', '\'']) || rest.starts_with(char::is_whitespace);
    (beginning.to_lowercase() == phrase && ends).then(|| rest.trim_start())
}
