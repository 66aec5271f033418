//! A sentence as the parts that its words play in a language.
//!
//! Every word and sign gets a role: a phrase of the language, a figure, the organisation's name, or
//! [`Unknown`](Role::Unknown). What a sentence states is then a question of the order of its roles, which
//! [`statement`](super::statement) answers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::languages::{Language, Phrase, Role};
use super::money::{figures, scale_of_unit, Amount, Figure};
use super::names::{compact, without_form};
use super::pattern::pattern;
use super::sentences::begins_with_month;
use crate::slice::cut;

/// A sentence in roles.
pub(crate) struct Clause {
    pub(crate) parts: Vec<Part>,
    /// The letters of the roles, one byte for each part.
    pub(crate) roles: String,
}

/// A word, a phrase, a sign or a figure.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) role: Role,
    pub(crate) value: f64,
    /// Of an amount: ISO 4217, where it is known.
    pub(crate) currency: Option<&'static str>,
    pub(crate) bytes: Range<usize>,
}

impl Clause {
    /// The parts of a sentence. `label` is the byte at which a label ends and its value begins.
    pub(crate) fn new(
        text: &str,
        label: Option<usize>,
        name: &str,
        language: &'static Language,
    ) -> Self {
        let mut reader = Reader {
            text,
            language,
            parts: Vec::new(),
        };
        let figures = figures_of(text, label.unwrap_or(0), language);
        let names = occurrences(text, name);
        let (mut figures, mut names) = (figures.iter().peekable(), names.iter().peekable());
        let mut at = 0;
        let mut label = label;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            if label.is_some_and(|label| label <= at) {
                label = None;
                if reader
                    .parts
                    .last()
                    .is_none_or(|part| part.role != Role::Colon)
                {
                    reader.push(Role::Colon, at..at);
                }
            }
            while figures.next_if(|figure| bytes(figure).start < at).is_some() {}
            while names.next_if(|name| name.start < at).is_some() {}
            if c.is_whitespace() {
                at += c.len_utf8();
            } else if let Some(name) = names.next_if(|name| name.start == at) {
                at = reader.name(name);
            } else if let Some(end) = reader.date(at) {
                at = end;
            } else if let Some(figure) = figures.next_if(|figure| bytes(figure).start == at) {
                at = reader.figure(figure);
            } else if c.is_alphabetic() || c == '&' {
                let figure = figures.peek().map(|figure| bytes(figure).start);
                at = reader.words(at, figure.unwrap_or(text.len()));
            } else {
                at = reader.sign(at, c);
            }
        }
        reader.apply_scale_note();
        let parts = reader.parts;
        let roles = parts.iter().map(|part| part.role.letter()).collect();
        Self { parts, roles }
    }

    pub(crate) fn has(&self, role: Role) -> bool {
        self.parts.iter().any(|part| part.role == role)
    }
}

/// The figures of a label and those of its value: none is made of both.
fn figures_of(text: &str, label: usize, language: &'static Language) -> Vec<Figure> {
    let mut found = figures(cut(text, ..label), language);
    let behind = figures(cut(text, label..), language).into_iter();
    found.extend(behind.map(|figure| match figure {
        Figure::Amount(amount) => Figure::Amount(Amount {
            start: amount.start + label,
            end: amount.end + label,
            ..amount
        }),
        Figure::Number {
            bytes,
            value,
            in_words,
        } => Figure::Number {
            bytes: bytes.start + label..bytes.end + label,
            value,
            in_words,
        },
    }));
    found
}

fn bytes(figure: &Figure) -> Range<usize> {
    match figure {
        Figure::Amount(amount) => amount.start..amount.end,
        Figure::Number { bytes, .. } => bytes.clone(),
    }
}

struct Reader<'a> {
    text: &'a str,
    language: &'static Language,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn push(&mut self, role: Role, bytes: Range<usize>) {
        self.parts.push(Part {
            role,
            value: 0.0,
            currency: None,
            bytes,
        });
    }

    /// A name with the legal form behind it.
    fn name(&mut self, name: &Range<usize>) -> usize {
        let mut end = name.end;
        let behind = cut(self.text, end..);
        if let Some(rest) = behind.strip_prefix(' ') {
            let length = rest.find([' ', ',', ';', ':', '\'', '’', ')']);
            let word = cut(rest, ..length.unwrap_or(rest.len()));
            let called = format!("Name {word}");
            if !word.is_empty() && without_form(&called) == "Name" {
                end += 1 + word.len();
            }
        }
        self.push(Role::Name, name.start..end);
        end
    }

    /// `31.12.2024`: the day, the month and the year, as they are said in words.
    fn date(&mut self, at: usize) -> Option<usize> {
        static DATE: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"^(?:[0-3]?\d)(?P<sign>[./])(?:[0-3]?\d)(?P<again>[./])(?P<year>(?:19|20)\d\d)(?:[^\w.,]|$|[.,](?:\D|$))",
            )
        });
        let before = cut(self.text, ..at).chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || ".,/-".contains(c)) {
            return None;
        }
        let captures = DATE.captures(cut(self.text, at..))?;
        let sign = captures.name("sign")?.as_str();
        let year = captures.name("year")?;
        if captures.name("again")?.as_str() != sign {
            return None;
        }
        let end = at + year.end();
        let value = year.as_str().parse().ok()?;
        for role in [Role::Number, Role::Month, Role::Year] {
            self.push(role, at..end);
        }
        if let Some(part) = self.parts.last_mut() {
            part.value = value;
        }
        Some(end)
    }

    fn figure(&mut self, figure: &Figure) -> usize {
        let bytes = bytes(figure);
        let behind = cut(self.text, bytes.end..);
        // `9M`, `12th`: a number that is part of a word; but `75名`.
        let glued = behind.starts_with(|c: char| c.is_alphanumeric() && !is_han(c));
        match figure {
            Figure::Number {
                in_words: true,
                value,
                ..
            } if *value == 1.0 => {
                return self.words(bytes.start, bytes.end);
            }
            _ if glued => {
                let rest = behind.find(|c: char| !c.is_alphanumeric());
                let end = bytes.end + rest.unwrap_or(behind.len());
                self.push(Role::Unknown, bytes.start..end);
                return end;
            }
            Figure::Amount(amount) => self.parts.push(Part {
                role: Role::Money,
                value: amount.value,
                currency: amount.currency,
                bytes: bytes.clone(),
            }),
            Figure::Number { value, .. } => {
                let digits = cut(self.text, bytes.clone());
                let year = digits.len() == 4 && (1900.0..2100.0).contains(value);
                let role = if year { Role::Year } else { Role::Number };
                self.parts.push(Part {
                    role,
                    value: *value,
                    currency: None,
                    bytes: bytes.clone(),
                });
                // `2022/23`.
                let short = behind.strip_prefix(['/', '–', '-']).unwrap_or_default();
                let digits = short.find(|c: char| !c.is_ascii_digit());
                let digits = digits.unwrap_or(short.len());
                let sign = behind.chars().next().map_or(0, char::len_utf8);
                let next = cut(short, ..digits).parse::<f64>().unwrap_or_default();
                let follows = next == value + 1.0 || next == (value + 1.0) % 100.0;
                if year && matches!(digits, 2 | 4) && follows {
                    return bytes.end + sign + digits;
                }
            }
        }
        bytes.end
    }

    /// The longest phrase of the language that begins at a word, or the word alone as something unknown.
    /// No phrase reaches into the next figure: the last word of `of US$ 5` is none.
    fn words(&mut self, at: usize, figure: usize) -> usize {
        let (mut first, mut first_end) = word(self.text, at);
        // `Collega's`: a plural, where the language has it.
        let mut behind = cut(self.text, first_end..).chars();
        if let (Some(sign @ ('\'' | '’')), Some('s')) = (behind.next(), behind.next()) {
            let plural = format!("{first}'s");
            let ends = behind.next().is_none_or(|c| !c.is_alphanumeric());
            if ends && !self.language.phrases(&plural).is_empty() {
                first = plural;
                first_end += sign.len_utf8() + 1;
            }
        }
        if let Some(year) = self.fiscal_year(&first) {
            self.push(Role::Fiscal, at..first_end);
            self.push(Role::Year, at..first_end);
            if let Some(part) = self.parts.last_mut() {
                part.value = year;
            }
            return first_end;
        }
        if let Some(end) = self.scale_note(&first, first_end) {
            return end;
        }
        for phrase in self.language.phrases(&first) {
            let mut end = first_end;
            let rest = phrase.rest.iter().all(|wanted| {
                let start = next_word(self.text, end);
                let (found, found_end) = word(self.text, start);
                end = found_end;
                found == *wanted
            });
            if rest && (end <= figure || phrase.rest.is_empty()) {
                for role in phrase.roles {
                    self.push(*role, at..end);
                }
                // `ca.`, `p. a.`
                let stop = cut(self.text, end..);
                let short = end - at <= 6 && stop.starts_with('.') && stop.len() > 1;
                return end + usize::from(short);
            }
        }
        let role = match self.language.is_composed(&first, Role::Firm) {
            true => Role::Firm,
            false => Role::Unknown,
        };
        self.push(role, at..first_end);
        first_end
    }

    /// `FY2023`, `FY23`.
    fn fiscal_year(&self, word: &str) -> Option<f64> {
        let digits = word.strip_prefix("fy")?;
        let year: f64 = digits.parse().ok()?;
        match digits.len() {
            2 => Some(2000.0 + year),
            4 => Some(year),
            _ => None,
        }
    }

    /// `In thousands of euros`, `in T€`.
    fn scale_note(&mut self, first: &str, end: usize) -> Option<usize> {
        let is_in = |phrase: &Phrase| phrase.rest.is_empty() && phrase.roles == [Role::In];
        if !self.language.phrases(first).iter().any(is_in) {
            return None;
        }
        self.scale_at(next_word(self.text, end))
    }

    /// `(miles de euros)`: a unit that fills its brackets.
    fn scale_in_brackets(&mut self, start: usize) -> Option<usize> {
        let (_, currency, end) = scale_of_unit(self.text, start, self.language)?;
        let alone = currency.is_some() && cut(self.text, end..).starts_with(')');
        alone.then(|| self.scale_at(start))?
    }

    fn scale_at(&mut self, start: usize) -> Option<usize> {
        let (value, currency, end) = scale_of_unit(self.text, start, self.language)?;
        self.parts.push(Part {
            role: Role::ScaleNote,
            value,
            currency,
            bytes: start..end,
        });
        Some(end)
    }

    /// The figure of a sentence whose scale stands elsewhere, if there is one of each.
    fn apply_scale_note(&mut self) {
        let notes = self
            .parts
            .iter()
            .filter(|part| part.role == Role::ScaleNote);
        let [note] = notes.collect::<Vec<_>>()[..] else {
            return;
        };
        let note = note.clone();
        let is_figure = |part: &&mut Part| matches!(part.role, Role::Money | Role::Number);
        let mut figures = self.parts.iter_mut().filter(is_figure);
        let (Some(figure), None) = (figures.next(), figures.next()) else {
            return;
        };
        let currency = figure.currency.or(note.currency);
        // A figure with a scale word of its own and a note besides says two things.
        if currency.is_some() && figure.value < 1e6 * 1e3 / note.value.min(1e3) {
            figure.role = Role::Money;
            figure.value *= note.value;
            figure.currency = currency;
            let Some(at) = self
                .parts
                .iter()
                .position(|part| part.role == Role::ScaleNote)
            else {
                return;
            };
            let role = |at: Option<usize>| Some(self.parts.get(at?)?.role);
            let opened = role(at.checked_sub(1)) == Some(Role::Open);
            if opened && role(Some(at + 1)) == Some(Role::Close) {
                self.parts.drain(at - 1..=at + 1);
            } else if role(at.checked_sub(1)) == Some(Role::Comma) {
                self.parts.drain(at - 1..=at);
            } else {
                self.parts.remove(at);
            }
        }
    }

    fn sign(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        let next = cut(self.text, end..).chars().next();
        let before = cut(self.text, ..at).chars().next_back();
        let figure_before = self.parts.last().is_some_and(|part| {
            part.bytes.end == at && matches!(part.role, Role::Number | Role::Year | Role::Money)
        });
        // `31. Dezember`: the stop says which day.
        if c == '.' && figure_before && begins_with_month(cut(self.text, end..).trim_start()) {
            return end;
        }
        let role = match c {
            ',' | '、' => Role::Comma,
            ':' | '：' => Role::Colon,
            ';' => Role::Semicolon,
            '(' | '[' | '（' => Role::Open,
            ')' | ']' | '）' => Role::Close,
            '+' if figure_before => Role::Plus,
            '%' => Role::Percent,
            '\'' | '’' => {
                // `Tamarisk's`, `Acorn Pumps’`.
                let (word, word_end) = word(self.text, end);
                let owner = self.parts.last().is_some_and(|part| {
                    part.bytes.end == at && matches!(part.role, Role::Name | Role::Company)
                });
                if owner && word == "s" {
                    self.push(Role::Possessive, at..word_end);
                    return word_end;
                }
                let plural = owner && before == Some('s');
                if plural {
                    Role::Possessive
                } else {
                    Role::Unknown
                }
            }
            '-' | '–' | '—' | '−' => {
                // `75-strong` is one word with its number.
                if figure_before && next.is_some_and(char::is_alphabetic) {
                    let (behind, end) = word(self.text, end);
                    let phrases = self.language.phrases(&format!("-{behind}"));
                    let role = phrases.iter().find(|phrase| phrase.rest.is_empty());
                    let role = role.and_then(|phrase| phrase.roles.first());
                    self.push(role.copied().unwrap_or(Role::Unknown), at..end);
                    return end;
                }
                let spaced = next.is_none_or(char::is_whitespace);
                match spaced || figure_before {
                    true => Role::Dash,
                    false => Role::Minus,
                }
            }
            '.' | '!' => Role::Stop,
            _ => Role::Unknown,
        };
        self.push(role, at..end);
        if role == Role::Open {
            return self.scale_in_brackets(end).unwrap_or(end);
        }
        end
    }
}

/// Chinese characters, which follow a number without a space.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9fff}')
}

fn next_word(text: &str, at: usize) -> usize {
    let rest = cut(text, at..);
    at + rest.len() - rest.trim_start().len()
}

/// The word that begins at a byte in small letters, and where it ends. An apostrophe belongs to it (`we're`, `d'`), and
/// so does the feminine ending that German sets apart by a sign.
fn word(text: &str, at: usize) -> (String, usize) {
    let rest = cut(text, at..);
    let letters = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric());
        end.unwrap_or(text.len())
    };
    if rest.starts_with(['&', 'º']) {
        return ("&".to_owned(), at + 1);
    }
    let mut end = letters(rest);
    let mut found = cut(rest, ..end).to_lowercase();
    loop {
        let behind = cut(rest, end..);
        let mut signs = behind.chars();
        let sign = signs.next();
        let next = signs.next();
        let feminine = [
            "*innen", ":innen", "_innen", "/innen", "/-innen", "-innen", "(innen)", "*in",
        ];
        if let Some(ending) = feminine.iter().find(|ending| behind.starts_with(**ending)) {
            end += ending.len();
            return (found, at + end);
        }
        match sign {
            Some('\'' | '’') if !found.is_empty() => {
                let length = sign.map_or(1, char::len_utf8);
                let tail = cut(rest, end + length..);
                let tail = cut(tail, ..letters(tail)).to_lowercase();
                match tail.as_str() {
                    "s" => return (found, at + end),
                    "re" | "ve" | "m" | "ll" | "n" => {
                        found = format!("{found}'{tail}");
                        end += length + tail.len();
                        return (found, at + end);
                    }
                    _ => {
                        found.push('\'');
                        return (found, at + end + length);
                    }
                }
            }
            Some('-') if next.is_some_and(char::is_alphabetic) => {
                let tail = cut(rest, end + 1..);
                let length = letters(tail);
                found = format!("{found}-{}", cut(tail, ..length).to_lowercase());
                end += 1 + length;
            }
            _ => return (found, at + end),
        }
    }
}

/// Where the name stands in a text, word for word, with or without its legal form.
fn occurrences(text: &str, name: &str) -> Vec<Range<usize>> {
    let bare = without_form(name);
    let wanted: Vec<String> = pieces(bare).map(|(_, word)| word).collect();
    if wanted.iter().map(String::len).sum::<usize>() < 2 {
        return Vec::new();
    }
    let have: Vec<_> = pieces(text).collect();
    let runs = have.windows(wanted.len());
    runs.filter(|run| run.iter().map(|(_, word)| word).eq(&wanted))
        .filter_map(|run| Some(run.first()?.0.start..run.last()?.0.end))
        .collect()
}

fn pieces(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || loop {
        let rest = cut(text, at..);
        let start = at + rest.find(char::is_alphanumeric)?;
        let length = cut(text, start..).find(|c: char| !c.is_alphanumeric() && c != '\u{ad}');
        at = length.map_or(text.len(), |length| start + length);
        let word = compact(cut(text, start..at));
        if !word.is_empty() {
            return Some((start..at, word));
        }
    })
}
