//! What people have written, made into text that stays text in every renderer of Markdown.
//!
//! Only letters, marks, numbers, punctuation, symbols and blanks come through. What Markdown could take for its own is
//! escaped. What renderers find in finished text, whatever was escaped in its source, is written with characters of the
//! same look: the dot of a domain, the @ of an address, the colon of a scheme, the bar of a table.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Marks on one letter: more pile up over the lines around.
const MOST_MARKS: usize = 3;

/// How much of a text is shown. What is cut off is marked with `…`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub characters: usize,
    pub words: usize,
}

/// A title on the first screen.
pub const HEADLINE: Limit = Limit {
    characters: 48,
    words: 5,
};

/// A title in a table or list.
pub const LINE: Limit = Limit {
    characters: 90,
    words: 20,
};

/// The name of a person.
pub const NAME: Limit = Limit {
    characters: 40,
    words: 3,
};

/// A title in a chart.
pub const TASK: Limit = Limit {
    characters: 30,
    words: 6,
};

/// The text, inert; empty if nothing of it can be shown.
pub fn inert(text: &str, limit: Limit) -> String {
    let plain: Vec<char> = plain(text, limit).chars().collect();
    let mut shown = String::with_capacity(plain.len());
    for (place, c) in plain.iter().enumerate() {
        let next = plain.get(place + 1);
        match c {
            '.' if next.is_some_and(|next| !next.is_whitespace() && !next.is_ascii_digit()) => {
                shown.push('\u{2024}');
            }
            '@' => shown.push('\u{FF20}'),
            // A table takes the backslash away before the cell is read.
            '|' => shown.push('\u{FF5C}'),
            ':' if next.is_some_and(|next| *next == '/') => shown.push('\u{FF1A}'),
            c if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '%' | '/' | '\'' | '?') => {
                shown.extend(['\\', *c]);
            }
            c => shown.push(*c),
        }
    }
    shown
}

/// The text as the label of a chart, whose syntax knows no escape; empty if nothing of it can be shown. A label is made of
/// letters with their marks, digits and single blanks. Between two digits there may be a point or a comma, between two
/// letters or digits a hyphen or an apostrophe. Everything else is a blank.
pub fn label(text: &str, limit: Limit) -> String {
    let seen: Vec<char> = seen(text, limit).chars().collect();
    let is_between = |place: usize, is: fn(char) -> bool| {
        let before = place.checked_sub(1).map(|before| seen[before]);
        let after = seen.get(place + 1).copied();
        before.is_some_and(is) && after.is_some_and(is)
    };
    let mut admitted = String::with_capacity(seen.len());
    for (place, c) in seen.iter().enumerate() {
        let is_admitted = match c {
            c if is_letter_or_digit(*c) => true,
            '.' | ',' => is_between(place, is_digit),
            '-' | '\'' | '’' => is_between(place, is_letter_or_digit),
            c if is_mark(*c) => admitted.ends_with(|c| is_letter_or_digit(c) || is_mark(c)),
            _ => false,
        };
        admitted.push(if is_admitted { *c } else { ' ' });
    }
    let label = cut(&admitted, limit);
    match label.strip_suffix('…') {
        // What it is cut off before stands between two no more.
        Some(first) => {
            first
                .trim_end_matches(['.', ',', '-', '\'', '’'])
                .to_owned()
                + "…"
        }
        None => label,
    }
}

/// What can be seen of the text, in one line, as long as the limit.
fn plain(text: &str, limit: Limit) -> String {
    cut(&seen(text, limit), limit)
}

/// What can be seen of the text.
fn seen(text: &str, limit: Limit) -> String {
    let mut seen = String::new();
    let mut marks = 0;
    // Longer than any limit can use: what comes behind is not looked at.
    for c in text.chars().take(10 * limit.characters) {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        match c {
            c if is_blank(c) => seen.push(' '),
            c if is_visible(c) && marks <= MOST_MARKS => seen.push(c),
            _ => {}
        }
    }
    seen
}

/// In single blanks, as long as the limit.
fn cut(seen: &str, limit: Limit) -> String {
    let words: Vec<&str> = seen.split_whitespace().collect();
    let mut short = words[..words.len().min(limit.words)].join(" ");
    let is_cut = words.len() > limit.words || short.chars().count() > limit.characters;
    if is_cut {
        short = short.chars().take(limit.characters - 1).collect();
        short.truncate(short.trim_end().len());
        short.push('…');
    }
    short
}

fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

fn is_digit(c: char) -> bool {
    c.general_category() == GeneralCategory::DecimalNumber
}

fn is_letter_or_digit(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Letter || is_digit(c)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn is_visible(c: char) -> bool {
    use GeneralCategoryGroup::{Letter, Mark, Number, Other, Punctuation, Separator, Symbol};
    match c.general_category_group() {
        Letter | Mark | Number | Punctuation | Symbol => !is_filler(c),
        Other | Separator => false,
    }
}

/// Letters, marks and symbols that nobody sees: fillers, joiners and variation selectors.
fn is_filler(c: char) -> bool {
    matches!(
        c,
        '\u{034F}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFA0}'
            | '\u{E0100}'..='\u{E01EF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(inert(text, LINE), expect);
    }

    #[test]
    fn ordinary_titles_stay_as_they_are() {
        check("Öffne den dänischen Markt", "Öffne den dänischen Markt");
        check("3.5 % more, why? A/B", "3.5 % more, why? A/B");
        check("日本で売る 🚀", "日本で売る 🚀");
    }

    #[test]
    fn nothing_is_left_to_markdown() {
        check("<b>*x*</b>", "\\<b\\>\\*x\\*\\</b\\>");
        check("[a](b) | `c`", "\\[a\\]\\(b\\) ｜ \\`c\\`");
        check("http://a.example", "http：//a․example");
        check("ada@example.com", "ada＠example․com");
        check("a\n# b\r\n\t- c", "a \\# b \\- c");
    }

    #[test]
    fn a_label_is_letters_and_digits_and_little_else() {
        let check = |text: &str, expect: &str| assert_eq!(label(text, LINE), expect, "{text:?}");
        check(
            "Öffne den 2-ten Markt für 3.5 Mio",
            "Öffne den 2-ten Markt für 3.5 Mio",
        );
        check("हिन्दी, e\u{301}té, l’été", "हिन्दी e\u{301}té l’été");
        check("1. \u{301}x -- y- (z) a.b", "1 x y z a b");
        check("a\"]; b --> c", "a b c");
        check("%%{init: {}}%% <b> `x` $$y$$ #35;", "init b x y 35");
        // What is not seen does not bring two marks together.
        check("a-\u{3164}-b 1.\u{115F}.2", "a b 1 2");
        check("🚀 ½ “”", "");
        assert_eq!(label(&"ab ".repeat(100), TASK), "ab ab ab ab ab ab…");
        assert_eq!(label(&"a-".repeat(100), TASK), "a-".repeat(14) + "a…",);
    }

    #[test]
    fn what_cannot_be_seen_is_not_there() {
        check("a\u{202E}b\u{200B}c\u{2066}d\u{FEFF}e\u{AD}f", "abcdef");
        check("\u{3164}\u{115F}\u{2800}\u{E0001}", "");
        check(
            &format!("a{}", "\u{0301}".repeat(50)),
            "a\u{0301}\u{0301}\u{0301}",
        );
    }

    #[test]
    fn long_titles_are_cut_and_say_so() {
        let shown = inert(&"ab ".repeat(10_000), LINE);
        assert_eq!(shown.split(' ').count(), 20);
        assert!(shown.ends_with('…'), "{shown}");
        assert_eq!(inert(&"x".repeat(10_000), NAME).chars().count(), 40);
    }
}
