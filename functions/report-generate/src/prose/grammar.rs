//! Reads a sentence by a grammar: everything that it can mean, as claims, or nothing. A word that the grammar does not
//! foresee where it stands makes a sentence unreadable, so what a sentence may be is said here and nowhere else.
//!
//! A grammar is a file in the JSpeech Grammar Format (<https://www.w3.org/TR/jsgf/>): words, `<rules>`, figures such as
//! `<count>`, `[optional]`, `(one | other)`, `repeated*` and `{tags}`. A tag names the claim that is made of the figures
//! in what stands before it. `{about}` and `{actions}` are no claims: those inside share its objective, and its number of
//! actions. Of `{both}` and `{whole}` it counts that they are said.

use serde_json::{Map, Value};

use super::claims::Claim;
use crate::moment::Day;

/// Steps in which a sentence is read: a true one takes some thousand.
const MOST_STEPS: usize = 200_000;

/// Meanings of one sentence that are looked at.
const MOST_MEANINGS: usize = 64;

/// Digits of a number.
const MOST_DIGITS: usize = 9;

/// What is shared by the claims in such a group.
const GROUPS: [(&str, &str); 2] = [(ABOUT, "item"), ("actions", "of")];

/// What is said of one objective, or alike of several.
const ABOUT: &str = "about";

/// The claim that lists objectives.
const ALL: &str = "all_to_decide";

/// Said or not.
const FLAGS: [&str; 2] = ["both", "whole"];

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Number,
    Day,
    Item,
    Person,
}

/// The figures of claims.
const FIGURES: [(&str, Form); 12] = [
    ("count", Form::Number),
    ("day", Form::Day),
    ("days", Form::Number),
    ("done", Form::Number),
    ("high", Form::Number),
    ("item", Form::Item),
    ("low", Form::Number),
    ("of", Form::Number),
    ("percent", Form::Number),
    ("person", Form::Person),
    ("points", Form::Number),
    ("since", Form::Day),
];

/// A piece of a grammar.
#[derive(Debug)]
enum Expansion {
    Word(String),
    Rule(usize),
    Figure(&'static str, Form),
    Sequence(Vec<Self>),
    Choice(Vec<Self>),
    Optional(Box<Self>),
    Repeated(Box<Self>),
    Tagged(Box<Self>, String),
}

/// How a language says claims.
#[derive(Debug)]
pub(crate) struct Grammar {
    rules: Vec<Expansion>,
    /// The rules of a sentence by itself, and of one that points back to what is reached.
    sentence: usize,
    sequel: usize,
    months: &'static [&'static str],
    /// Letters of a month's name that are enough; none where all are needed.
    short: Option<usize>,
    numbers: &'static [(&'static str, u64)],
    /// A day's number is followed by a dot, and so may a month's.
    dotted: bool,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    /// With its digits, since zeros may stand before a month but not before a count.
    Number(u64, String),
    Item(u64),
    Person(u64),
    Sign(char),
}

/// Signs that a sentence may hold. None of them, nor any letter or digit, is anything to Markdown.
const SIGNS: [char; 10] = [',', '.', ';', ':', '%', '(', ')', '-', '–', '—'];

/// What may stand around an objective or a person, and before the s of a possessive.
pub(crate) const QUOTES: [char; 8] = ['“', '”', '„', '"', '‘', '’', '‚', '\''];

/// The s of a possessive.
const POSSESSIVE: &str = "’s";

/// The pieces of a sentence; none if there is anything else in it.
pub(crate) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut run = |first: Option<char>, is: fn(&char) -> bool| {
            let mut run: String = first.into_iter().collect();
            run.extend(std::iter::from_fn(|| chars.next_if(is)));
            run
        };
        if c.is_whitespace() {
            continue;
        } else if c.is_ascii_digit() {
            let digits = run(Some(c), char::is_ascii_digit);
            let number = digits.parse().ok().filter(|_| digits.len() <= MOST_DIGITS);
            tokens.push(Token::Number(number?, digits));
        } else if c.is_alphabetic() {
            let word = run(Some(c), |c| c.is_alphanumeric() || *c == '-');
            tokens.push(reference(&word).or_else(|| plain(word))?);
        } else if QUOTES.contains(&c) {
            let word = run(None, |c| c.is_alphanumeric());
            match reference(&word) {
                Some(named) => {
                    chars.next_if(|next| QUOTES.contains(next))?;
                    tokens.push(named);
                }
                None if word == "s" => tokens.push(Token::Word(POSSESSIVE.to_owned())),
                None => return None,
            }
        } else if SIGNS.contains(&c) {
            tokens.push(Token::Sign(c));
        } else {
            return None;
        }
    }
    Some(tokens)
}

/// An objective or a person by their number.
pub(crate) fn reference(word: &str) -> Option<Token> {
    let digits = word.get(1..)?;
    let is_number = digits.chars().all(|c| c.is_ascii_digit()) && !digits.starts_with('0');
    let number = digits
        .parse()
        .ok()
        .filter(|_| is_number && digits.len() < MOST_DIGITS)?;
    match word.chars().next()? {
        'T' => Some(Token::Item(number)),
        'P' => Some(Token::Person(number)),
        _ => None,
    }
}

fn plain(word: String) -> Option<Token> {
    let is_plain = word.chars().all(|c| c.is_alphabetic() || c == '-');
    is_plain.then_some(Token::Word(word))
}

/// What a sentence means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    /// Each of these: a sentence with several meanings is true if all of them are.
    Meanings(Vec<Vec<Claim>>),
    /// Nothing that the grammar knows, or too much.
    Unreadable,
}

impl Grammar {
    /// Everything that the sentence can mean on this day, whose year goes without saying. `is_sequel`: the sentence before
    /// it ends with what is reached.
    pub(crate) fn read(&self, tokens: &[Token], today: Day, is_sequel: bool) -> Reading {
        let mut reader = Reader {
            grammar: self,
            tokens,
            today,
            steps: 0,
            trail: Vec::new(),
            meanings: Vec::new(),
        };
        let sequel = is_sequel.then_some(self.sequel);
        for rule in [self.sentence].into_iter().chain(sequel) {
            let Some(sentence) = self.rules.get(rule) else {
                return Reading::Unreadable;
            };
            reader.follow(sentence, 0, &mut |reader, end| reader.note(end));
        }
        let is_all = reader.steps <= MOST_STEPS && reader.meanings.len() <= MOST_MEANINGS;
        let meanings: Option<Vec<Vec<Claim>>> = reader.meanings.into_iter().collect();
        match meanings {
            Some(meanings) if is_all && !meanings.is_empty() => Reading::Meanings(meanings),
            Some(_) | None => Reading::Unreadable,
        }
    }
}

/// One way through a sentence, and what was found on all of them.
struct Reader<'a> {
    grammar: &'a Grammar,
    tokens: &'a [Token],
    today: Day,
    steps: usize,
    trail: Vec<Mark<'a>>,
    /// None where a figure has no claim, or a claim lacks one: no fault of the sentence, so nothing is let through.
    meanings: Vec<Option<Vec<Claim>>>,
}

#[derive(Clone, Debug)]
enum Mark<'a> {
    Figure(&'static str, Value),
    Begin,
    End(&'a str),
}

type Next<'n, 'a> = &'n mut dyn FnMut(&mut Reader<'a>, usize);

impl<'a> Reader<'a> {
    /// Goes on behind every way in which the expansion can stand here.
    fn follow(&mut self, expansion: &'a Expansion, at: usize, next: Next<'_, 'a>) {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.meanings.len() > MOST_MEANINGS {
            return;
        }
        match expansion {
            Expansion::Word(word) => {
                if self.is_word(word, at) {
                    next(self, at + 1);
                }
            }
            Expansion::Rule(rule) => {
                let grammar = self.grammar;
                if let Some(rule) = grammar.rules.get(*rule) {
                    self.follow(rule, at, next);
                }
            }
            Expansion::Figure(name, form) => {
                for (figure, end) in self.figures(*form, at) {
                    self.marked(Mark::Figure(name, figure), end, next);
                }
            }
            Expansion::Sequence(parts) => self.sequence(parts, at, next),
            Expansion::Choice(choices) => {
                for choice in choices {
                    self.follow(choice, at, next);
                }
            }
            Expansion::Optional(part) => {
                self.follow(part, at, next);
                next(self, at);
            }
            Expansion::Repeated(part) => {
                self.follow(part, at, &mut |reader, end| {
                    if end > at {
                        reader.follow(expansion, end, next);
                    }
                });
                next(self, at);
            }
            Expansion::Tagged(part, tag) => {
                self.trail.push(Mark::Begin);
                self.follow(part, at, &mut |reader, end| {
                    reader.marked(Mark::End(tag), end, next);
                });
                self.trail.pop();
            }
        }
    }

    fn sequence(&mut self, parts: &'a [Expansion], at: usize, next: Next<'_, 'a>) {
        match parts.split_first() {
            None => next(self, at),
            Some((first, rest)) => self.follow(first, at, &mut |reader, end| {
                reader.sequence(rest, end, next);
            }),
        }
    }

    fn marked(&mut self, mark: Mark<'a>, at: usize, next: Next<'_, 'a>) {
        self.trail.push(mark);
        next(self, at);
        self.trail.pop();
    }

    /// Keeps what a way through the whole sentence says.
    fn note(&mut self, end: usize) {
        if end == self.tokens.len() {
            let meaning = claims(&self.trail);
            if !self.meanings.contains(&meaning) {
                self.meanings.push(meaning);
            }
        }
    }

    /// Letters are as the grammar has them, but for the first of a sentence.
    fn is_word(&self, word: &str, at: usize) -> bool {
        let is_first = at == 0 || self.tokens.get(at - 1) == Some(&Token::Sign(':'));
        match self.tokens.get(at) {
            Some(Token::Word(found)) => found == word || is_first && lower_first(found) == *word,
            Some(Token::Sign(sign)) => word.chars().eq([*sign]),
            Some(Token::Number(..) | Token::Item(_) | Token::Person(_)) | None => false,
        }
    }

    /// The figures of this form that can stand here, and where each ends.
    fn figures(&self, form: Form, at: usize) -> Vec<(Value, usize)> {
        let number = |number: u64| vec![(Value::from(number), at + 1)];
        match (form, self.tokens.get(at)) {
            (Form::Number, Some(Token::Number(value, digits))) if *digits == value.to_string() => {
                number(*value)
            }
            (Form::Number, Some(Token::Word(word))) => {
                let word = if at == 0 {
                    lower_first(word)
                } else {
                    word.clone()
                };
                let known = self.grammar.numbers.iter().find(|(name, _)| *name == word);
                known.map_or(Vec::new(), |(_, value)| number(*value))
            }
            (Form::Item, Some(Token::Item(value))) | (Form::Person, Some(Token::Person(value))) => {
                number(*value)
            }
            (Form::Day, Some(_)) => {
                let days = self.grammar.days(&self.tokens[at..], self.today);
                let days = days.into_iter();
                days.map(|(day, length)| (Value::String(day.to_string()), at + length))
                    .collect()
            }
            (Form::Number | Form::Item | Form::Person | Form::Day, _) => Vec::new(),
        }
    }
}

fn lower_first(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

impl Grammar {
    /// The days that these begin with, and how many pieces each takes.
    fn days(&self, tokens: &[Token], today: Day) -> Vec<(Day, usize)> {
        let (this_year, _, _) = today.date();
        let number = |at: usize, most: usize| match tokens.get(at) {
            Some(Token::Number(value, digits)) if digits.len() <= most => {
                i32::try_from(*value).ok()
            }
            _ => None,
        };
        let year = |at: usize| number(at, 4).filter(|year| *year > 999);
        let month = |at: usize| match tokens.get(at) {
            Some(Token::Word(word)) => self.month(word),
            _ => None,
        };
        let is = |at: usize, sign: char| tokens.get(at) == Some(&Token::Sign(sign));
        let mut found = Vec::new();
        // A day of this year, or with the year that stands here.
        let mut dated =
            |day: Option<i32>, month: Option<i32>, after: usize, year: Option<i32>, end: usize| {
                if let (Some(day), Some(month)) = (day, month) {
                    let in_this_year = Day::of(this_year, month, day).map(|day| (day, after));
                    let in_year = year.and_then(|year| Some((Day::of(year, month, day)?, end)));
                    found.extend(in_this_year.into_iter().chain(in_year));
                }
            };
        if self.dotted {
            if is(1, '.') {
                dated(number(0, 2), month(2), 3, year(3), 4);
                let is_dotted = is(3, '.');
                dated(
                    number(0, 2),
                    number(2, 2),
                    3 + usize::from(is_dotted),
                    year(4).filter(|_| is_dotted),
                    5,
                );
                // The dot may end the sentence instead.
                dated(number(0, 2), number(2, 2).filter(|_| is_dotted), 3, None, 0);
            }
        } else {
            dated(number(0, 2), month(1), 2, year(2), 3);
            let comma = usize::from(is(2, ','));
            dated(number(1, 2), month(0), 2, year(2 + comma), 3 + comma);
        }
        if is(1, '-') && is(3, '-') {
            let day = Day::of(
                year(0).unwrap_or(0),
                number(2, 2).unwrap_or(0),
                number(4, 2).unwrap_or(0),
            );
            found.extend(day.map(|day| (day, 5)));
        }
        found
    }

    /// From 1.
    fn month(&self, word: &str) -> Option<i32> {
        let is = |name: &str| {
            let short = self.short.and_then(|letters| name.get(..letters));
            name == word || short == Some(word)
        };
        let place = self.months.iter().position(|name| is(name))?;
        i32::try_from(place + 1).ok()
    }
}

/// A claim or group with what is said in it.
#[derive(Debug, Default)]
struct Node<'a> {
    tag: &'a str,
    /// Those that are in no claim or group below.
    figures: Vec<(&'static str, Value)>,
    below: Vec<Node<'a>>,
}

/// What a way through a sentence says; none where a figure has no claim or a claim lacks one.
fn claims(trail: &[Mark<'_>]) -> Option<Vec<Claim>> {
    let mut open = vec![Node::default()];
    for mark in trail {
        match mark {
            Mark::Begin => open.push(Node::default()),
            Mark::Figure(name, figure) => open.last_mut()?.figures.push((*name, figure.clone())),
            Mark::End(tag) => {
                let node = Node { tag, ..open.pop()? };
                open.last_mut()?.below.push(node);
            }
        }
    }
    let root = open.pop()?;
    let mut claims = Vec::new();
    // What belongs to no claim nobody has proven.
    let is_sound = root.figures.is_empty() && root.tell(None, &mut claims).is_some();
    (is_sound && !claims.is_empty()).then_some(claims)
}

impl Node<'_> {
    /// Adds what is claimed in it. `shared`: what its group gives to claims that do not say it themselves.
    fn tell(&self, shared: Option<(&str, &[Value])>, claims: &mut Vec<Claim>) -> Option<()> {
        for node in &self.below {
            if FLAGS.contains(&node.tag) {
                continue;
            }
            if let Some((_, name)) = GROUPS.iter().find(|(group, _)| *group == node.tag) {
                let only_shared = node.figures.iter().all(|(figure, _)| figure == name);
                let mut values = Vec::new();
                node.find(name, &mut values);
                // Who names one twice means two.
                let is_once = node.figures.len() <= values.len();
                if !only_shared || !is_once || values.is_empty() {
                    return None;
                }
                node.tell(Some((*name, &values)), claims)?;
                continue;
            }
            node.claim(shared, claims)?;
            node.tell(shared, claims)?;
        }
        Some(())
    }

    fn claim(&self, shared: Option<(&str, &[Value])>, claims: &mut Vec<Claim>) -> Option<()> {
        let mut members = Map::new();
        members.insert("claim".to_owned(), Value::from(self.tag));
        let flags = self.below.iter().filter(|node| FLAGS.contains(&node.tag));
        let flags = flags.map(|flag| (flag.tag, Value::Bool(true)));
        let figures = self.figures.iter();
        let figures = figures.filter(|(name, _)| self.tag != ALL || *name != "item");
        let figures = figures.map(|(name, figure)| (*name, figure.clone()));
        for (name, figure) in figures.chain(flags) {
            if members.insert(name.to_owned(), figure).is_some() {
                return None;
            }
        }
        if self.tag == ALL {
            members.insert("items".to_owned(), Value::Array(self.named()));
        }
        let (name, values) = match shared {
            Some((name, values)) if self.tag != ALL && !members.contains_key(name) => {
                (name, values)
            }
            _ => {
                claims.push(serde_json::from_value(Value::Object(members)).ok()?);
                return Some(());
            }
        };
        for value in values {
            let mut members = members.clone();
            members.insert(name.to_owned(), value.clone());
            claims.push(serde_json::from_value(Value::Object(members)).ok()?);
        }
        Some(())
    }

    /// The objectives that are listed in it, in the order of their numbers; one that is listed twice is there twice.
    fn named(&self) -> Vec<Value> {
        let listed = self.figures.iter().filter(|(name, _)| *name == "item");
        let mut items: Vec<Value> = listed.map(|(_, item)| item.clone()).collect();
        for node in self.below.iter().filter(|node| node.tag == ABOUT) {
            let mut of_one = Vec::new();
            node.find("item", &mut of_one);
            items.extend(of_one);
        }
        items.sort_by_key(Value::as_u64);
        items
    }

    /// Every figure of this name in it and below, once.
    fn find(&self, wanted: &str, found: &mut Vec<Value>) {
        for (_, value) in self.figures.iter().filter(|(name, _)| *name == wanted) {
            if !found.contains(value) {
                found.push(value.clone());
            }
        }
        for node in &self.below {
            node.find(wanted, found);
        }
    }
}

/// What a grammar's file is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lexeme {
    Word(String),
    Rule(String),
    Tag(String),
    Sign(char),
}

impl Grammar {
    /// Reads a grammar's file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(crate) fn parse(
        text: &str,
        months: &'static [&'static str],
        short: Option<usize>,
        numbers: &'static [(&'static str, u64)],
    ) -> Result<Self, String> {
        let mut bodies: Vec<(String, Vec<Lexeme>)> = Vec::new();
        let lines = text.lines().filter(|line| !line.starts_with("//"));
        // The header names the format, and its grammar.
        let rules: String = lines.skip(2).flat_map(|line| [line, "\n"]).collect();
        let mut lexemes = lexemes(&rules)?.into_iter();
        while let Some(first) = lexemes.next() {
            let (Lexeme::Rule(name), Some(Lexeme::Sign('='))) = (&first, lexemes.next()) else {
                return Err(format!("a rule begins with <name> =, not with {first:?}"));
            };
            let body = lexemes
                .by_ref()
                .take_while(|lexeme| *lexeme != Lexeme::Sign(';'));
            bodies.push((name.clone(), body.collect()));
        }
        let names: Vec<String> = bodies.iter().map(|(name, _)| name.clone()).collect();
        let mut rules = Vec::new();
        for (name, body) in bodies {
            let mut parser = Parser {
                names: &names,
                lexemes: body.into_iter().peekable(),
            };
            let rule = parser.choice().map_err(|why| format!("<{name}>: {why}"))?;
            match parser.lexemes.next() {
                None => rules.push(rule),
                Some(other) => return Err(format!("<{name}>: {other:?} has no beginning")),
            }
        }
        let place = |wanted: &str| {
            let place = names.iter().position(|name| name == wanted);
            place.ok_or_else(|| format!("there is no rule <{wanted}>"))
        };
        Ok(Self {
            sentence: place("sentence")?,
            sequel: place("sequel")?,
            rules,
            months,
            short,
            numbers,
            dotted: short.is_none(),
        })
    }
}

fn lexemes(text: &str) -> Result<Vec<Lexeme>, String> {
    let mut lexemes = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut until = |end: char| {
            let inside: String = chars.by_ref().take_while(|c| *c != end).collect();
            inside
        };
        match c {
            c if c.is_whitespace() => {}
            '<' => lexemes.push(Lexeme::Rule(until('>'))),
            '{' => lexemes.push(Lexeme::Tag(until('}'))),
            '"' => lexemes.push(Lexeme::Word(until('"'))),
            '=' | ';' | '|' | '(' | ')' | '[' | ']' | '*' => lexemes.push(Lexeme::Sign(c)),
            c if c.is_alphabetic() || c == '’' => {
                let mut word = String::from(c);
                let is = |c: &char| c.is_alphabetic() || *c == '-';
                word.extend(std::iter::from_fn(|| chars.next_if(is)));
                lexemes.push(Lexeme::Word(word));
            }
            other => return Err(format!("{other:?} is no part of a grammar: quote it")),
        }
    }
    Ok(lexemes)
}

struct Parser<'a> {
    names: &'a [String],
    lexemes: std::iter::Peekable<std::vec::IntoIter<Lexeme>>,
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Expansion, String> {
        let mut choices = vec![self.sequence()?];
        while self.lexemes.next_if_eq(&Lexeme::Sign('|')).is_some() {
            choices.push(self.sequence()?);
        }
        Ok(one_or(choices, Expansion::Choice))
    }

    fn sequence(&mut self) -> Result<Expansion, String> {
        let mut parts = Vec::new();
        while let Some(part) = self.part()? {
            parts.push(part);
        }
        match parts.is_empty() {
            true => Err("an alternative is empty".to_owned()),
            false => Ok(one_or(parts, Expansion::Sequence)),
        }
    }

    fn part(&mut self) -> Result<Option<Expansion>, String> {
        let is_end = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Sign('|' | ')' | ']'));
        let Some(first) = self.lexemes.next_if(|lexeme| !is_end(lexeme)) else {
            return Ok(None);
        };
        let mut part = match first {
            Lexeme::Word(word) => Expansion::Word(word),
            Lexeme::Rule(name) => self.named(&name)?,
            Lexeme::Sign('(') => self.closed(')')?,
            Lexeme::Sign('[') => Expansion::Optional(Box::new(self.closed(']')?)),
            other @ (Lexeme::Tag(_) | Lexeme::Sign(_)) => {
                return Err(format!("{other:?} has nothing before it"))
            }
        };
        loop {
            let is_more = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Tag(_) | Lexeme::Sign('*'));
            part = match self.lexemes.next_if(is_more) {
                Some(Lexeme::Tag(tag)) => Expansion::Tagged(Box::new(part), tag),
                Some(_) => Expansion::Repeated(Box::new(part)),
                None => return Ok(Some(part)),
            };
        }
    }

    fn closed(&mut self, end: char) -> Result<Expansion, String> {
        let inside = self.choice()?;
        match self.lexemes.next_if_eq(&Lexeme::Sign(end)) {
            Some(_) => Ok(inside),
            None => Err(format!("a {end} is missing")),
        }
    }

    fn named(&self, name: &str) -> Result<Expansion, String> {
        if let Some(rule) = self.names.iter().position(|known| known == name) {
            return Ok(Expansion::Rule(rule));
        }
        let figure = FIGURES.iter().find(|(figure, _)| *figure == name);
        let (name, form) = figure.ok_or_else(|| format!("there is no rule or figure <{name}>"))?;
        Ok(Expansion::Figure(name, *form))
    }
}

fn one_or(mut several: Vec<Expansion>, all: fn(Vec<Expansion>) -> Expansion) -> Expansion {
    match several.len() {
        1 => several.remove(0),
        _ => all(several),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::english::MONTHS;

    fn parse(text: &str) -> Result<Grammar, String> {
        Grammar::parse(text, &MONTHS, Some(3), &[("two", 2)])
    }

    fn grammar(rules: &str) -> Grammar {
        let sequel = "<sequel> = (that is <percent>) {reached};";
        parse(&format!("#JSGF V1.0;\ngrammar test;\n{rules}\n{sequel}")).unwrap()
    }

    #[track_caller]
    fn check(grammar: &Grammar, text: &str, expect: &[&[Claim]]) {
        let today = Day::of(2026, 11, 27).unwrap();
        let tokens = tokens(text).unwrap();
        let expect = match expect {
            [] => Reading::Unreadable,
            some => Reading::Meanings(some.iter().map(|meaning| meaning.to_vec()).collect()),
        };
        assert_eq!(grammar.read(&tokens, today, false), expect, "{text}");
    }

    #[test]
    fn a_sentence_is_words_figures_and_signs_and_nothing_else() {
        let check = |text: &str, expect: &str| {
            let found = tokens(text).map(|tokens| {
                let tokens = tokens.iter().map(|token| match token {
                    Token::Word(word) => word.clone(),
                    Token::Number(number, _) => number.to_string(),
                    Token::Item(item) => format!("<{item}>"),
                    Token::Person(person) => format!("<<{person}>>"),
                    Token::Sign(sign) => sign.to_string(),
                });
                tokens.collect::<Vec<_>>().join(" ")
            });
            assert_eq!(found.as_deref().unwrap_or("none"), expect, "{text}");
        };
        check("“T1” (47%), P2’s.", "<1> ( 47 % ) , <<2>> ’s .");
        check("nobody's re-sized\n T12", "nobody ’s re-sized <12>");
        for none in [
            "T1 *x*",
            "“x”",
            "“T1",
            "T1x",
            "T0x",
            "x1",
            "1x½",
            "<b>",
            "[T1](x)",
            "`T1`",
            "\u{202E}T1",
            "T1!",
            "1234567890",
            "a_b",
            "−5",
            "‰",
        ] {
            check(none, "none");
        }
        check("T0 T01", "none");
    }

    #[test]
    fn figures_belong_to_the_claim_that_they_stand_in() {
        let text = "<sentence> = (<count> of <of> {need_decision} | ((<count> of <of>) {need_decision} [(as seen) {whole}])) \".\";";
        // A tag is that of the one piece before it.
        check(&grammar(text), "2 of 5.", &[]);
        let text = "<sentence> = <part> (and <part>)* \".\"; <part> = (<count> of <of> [(as seen) {whole}]) {need_decision};";
        let need = |count, of, whole| Claim::NeedDecision { count, of, whole };
        let grammar = grammar(text);
        check(&grammar, "Two of 5.", &[&[need(2, 5, false)]]);
        check(
            &grammar,
            "2 of 5 as seen and 1 of 3.",
            &[&[need(2, 5, true), need(1, 3, false)]],
        );
        for unreadable in [
            "02 of 5.",
            "2 of 5",
            "2 of 5 of 6.",
            "2 of T1.",
            "2 OF 5.",
            "2 of 5 and.",
            "2 of 5..",
        ] {
            check(&grammar, unreadable, &[]);
        }
    }

    #[test]
    fn objectives_are_shared_in_what_is_said_of_them_and_nobody_is_named_twice() {
        let text = "<sentence> = (<item> [and <item>] (is | are) overdue {overdue} [and <percent> {progress}]) {about} \".\";";
        let grammar = grammar(text);
        let overdue = |item| Claim::Overdue { item, days: None };
        check(&grammar, "T1 is overdue.", &[&[overdue(1)]]);
        check(
            &grammar,
            "T2 and T1 are overdue.",
            &[&[overdue(2), overdue(1)]],
        );
        let progress = Claim::Progress {
            item: 1,
            percent: 5,
        };
        check(&grammar, "T1 is overdue and 5.", &[&[overdue(1), progress]]);
        check(&grammar, "T1 and T1 are overdue.", &[]);
    }

    #[test]
    fn a_sentence_with_two_meanings_has_both() {
        let text = "<sentence> = (<item> is overdue {overdue} | <item> (is overdue) {at_risk}) {about} \".\";";
        let both: [&[Claim]; 2] = [
            &[Claim::Overdue {
                item: 1,
                days: None,
            }],
            &[Claim::AtRisk { item: 1 }],
        ];
        check(&grammar(text), "T1 is overdue.", &both);
    }

    #[test]
    fn a_day_without_a_year_is_of_this_year() {
        let grammar = grammar("<sentence> = (as on <since>) {same} \".\";");
        let same = |year, month, day| Claim::Same {
            since: Day::of(year, month, day).unwrap(),
            both: false,
        };
        for text in [
            "6 November",
            "November 6",
            "6 Nov",
            "6 November 2026",
            "Nov 6, 2026",
            "2026-11-06",
        ] {
            check(&grammar, &format!("As on {text}."), &[&[same(2026, 11, 6)]]);
        }
        check(&grammar, "As on 6 January 2025.", &[&[same(2025, 1, 6)]]);
        for text in [
            "31 November",
            "6 Novem",
            "0 May",
            "6 May 26",
            "2026-13-01",
            "2026-1-1-1",
            "6.11.",
        ] {
            check(&grammar, &format!("As on {text}."), &[]);
        }
    }

    #[test]
    fn what_takes_too_many_steps_is_unreadable() {
        let many = "[two] ".repeat(40);
        let grammar = grammar(&format!(
            "<sentence> = {many} {many} (as on <since>) {{same}} \".\";"
        ));
        check(&grammar, &"two ".repeat(20), &[]);
    }

    #[test]
    fn a_fault_in_a_grammar_is_told_with_its_rule() {
        let fault =
            |rules: &str| parse(&format!("#JSGF V1.0;\ngrammar test;\n{rules}")).unwrap_err();
        assert_eq!(fault("<a> = b <c>;"), "<a>: there is no rule or figure <c>");
        assert_eq!(fault("<a> = (b;"), "<a>: a ) is missing");
        assert_eq!(fault("<a> = b | ;"), "<a>: an alternative is empty");
        assert_eq!(fault("<a> = b;"), "there is no rule <sentence>");
        assert_eq!(
            fault("<a> = b + c;"),
            "'+' is no part of a grammar: quote it"
        );
    }

    /// Neither language says what the other cannot, and there is nothing that none can say.
    #[test]
    fn both_grammars_have_words_for_every_claim() {
        let tags = |text: &str| -> BTreeSet<String> {
            let tags = text
                .split('{')
                .skip(1)
                .filter_map(|tag| tag.split_once('}'));
            tags.map(|(tag, _)| tag.to_owned()).collect()
        };
        let english = tags(include_str!("english.jsgf"));
        assert_eq!(english, tags(include_str!("german.jsgf")));
        let unknown = serde_json::json!({"claim": "none"});
        let names = serde_json::from_value::<Claim>(unknown)
            .unwrap_err()
            .to_string();
        let names = names.split('`').skip(3).step_by(2).map(str::to_owned);
        let others = GROUPS
            .iter()
            .map(|(group, _)| *group)
            .chain(FLAGS)
            .map(str::to_owned);
        let all: BTreeSet<String> = names.chain(others).collect();
        assert_eq!(english, all);
    }
}
