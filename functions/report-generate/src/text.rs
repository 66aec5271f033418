//! What people have written, made into text that stays text in every renderer of Markdown.
//!
//! Only letters, marks, numbers, punctuation, symbols and blanks come through. What Markdown could take for its own is
//! escaped. What renderers find in finished text, whatever was escaped in its source, is written with characters of the
//! same look: the dot of a domain, the @ of an address, the colon of a scheme, the bar of a table.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

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

/// A task in a chart.
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

/// For charts, whose syntax knows no escape: letters, numbers and blanks only.
pub fn bare(text: &str, limit: Limit) -> String {
    let kept: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    plain(&kept, limit)
}

/// What can be seen of the text, in one line, as long as the limit.
fn plain(text: &str, limit: Limit) -> String {
    let mut seen = String::new();
    let mut marks = 0;
    // Longer than any limit can use: what comes behind is not looked at.
    for c in text.chars().take(10 * limit.characters) {
        let is_mark = c.general_category_group() == GeneralCategoryGroup::Mark;
        marks = if is_mark { marks + 1 } else { 0 };
        match c {
            c if is_blank(c) => seen.push(' '),
            c if is_visible(c) && marks <= MOST_MARKS => seen.push(c),
            _ => {}
        }
    }
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
