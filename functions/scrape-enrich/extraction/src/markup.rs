//! Feeds a stranger's markup to a tokenizer without paying whatever the stranger likes.
//!
//! html5ever compares each attribute of a tag with all before it: one tag with half a million attributes, which fits
//! into a page, would cost hours. Here the price is counted while feeding, and reading stops where it gets too high;
//! what was read until then stands. What the tokens mean is the sink's business.

use std::cell::Cell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Gives all tokens of the markup to the sink and returns it.
pub(crate) fn tokenize<S: TokenSink>(markup: &str, sink: S) -> S {
    let watched = Watched {
        sink,
        emitted: Cell::new(false),
    };
    let tokenizer = Tokenizer::new(watched, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut attributes, mut comparisons) = (0, 0);
    let mut rest = markup;
    while !rest.is_empty() {
        let piece;
        (piece, rest) = rest.split_at(boundary(rest, PIECE));
        let more = parts(piece);
        comparisons += more * attributes;
        attributes += more;
        if comparisons > MOST_COMPARISONS {
            break;
        }
        input.push_back(StrTendril::from_slice(piece));
        // Scripts are not run, so the tokenizer never stops early for one.
        let _ = tokenizer.feed(&input);
        if tokenizer.sink.emitted.take() {
            attributes = 0;
        }
    }
    tokenizer.end();
    tokenizer.sink.sink
}

/// Bytes fed at once.
const PIECE: usize = 1_024;

/// A fraction of a second. Ordinary markup stays far below; a single comment of 50 kB
/// or a picture of 500 kB written into an attribute comes near.
const MOST_COMPARISONS: usize = 40_000_000;

/// No fewer than the attributes that can begin in the text: each follows a blank, a slash or the end of a quoted value.
/// <https://html.spec.whatwg.org/multipage/parsing.html#before-attribute-name-state>
fn parts(text: &str) -> usize {
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
    let bytes = text.as_bytes().windows(2);
    bytes
        .filter(|pair| is_between(&pair[0]) && !is_between(&pair[1]))
        .count()
        + 1
}

/// The last character boundary at or before `at`, or the end.
fn boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// Notes whether anything came out: while a tag is being read, nothing does.
struct Watched<S> {
    sink: S,
    emitted: Cell<bool>,
}

impl<S: TokenSink> TokenSink for Watched<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        // Errors are told from the middle of a tag, too.
        if !matches!(token, Token::ParseError(_)) {
            self.emitted.set(true);
        }
        self.sink.process_token(token, line)
    }

    fn end(&self) {
        self.sink.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.sink
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Names of tags, and text.
    struct Read(RefCell<String>);

    impl TokenSink for Read {
        type Handle = ();

        fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
            match token {
                Token::TagToken(tag) => self.0.borrow_mut().push_str(&format!("<{}>", tag.name)),
                Token::CharacterTokens(text) => self.0.borrow_mut().push_str(&text),
                _ => {}
            }
            TokenSinkResult::Continue
        }
    }

    fn read(markup: &str) -> String {
        tokenize(markup, Read(RefCell::default())).0.into_inner()
    }

    #[test]
    fn pieces_do_not_show() {
        let text = "ü&amp;€".repeat(1_000);
        assert_eq!(read(&text), text.replace("&amp;", "&"));
        let attributes = " class=\"a b\" href='/x'".repeat(100);
        let markup = format!("<p{attributes}>").repeat(20);
        assert_eq!(read(&markup), "<p>".repeat(20));
        let line = "iVBORw0K".repeat(8) + "/";
        let picture = format!(
            "<img src='data:image/png;base64,{}'>after",
            line.repeat(6_000)
        );
        assert_eq!(read(&picture), "<img>after");
    }

    #[test]
    fn indented_markup_of_any_length_is_read_to_its_end() {
        let line = format!("<p\n{0}class='a'\n{0}id='b'>\n{0}", " ".repeat(60));
        assert!(read(&(line.repeat(8_000) + "after")).ends_with("after"));
    }

    #[test]
    fn a_flood_of_attributes_ends_the_reading_in_a_moment() {
        let flood: String = (0..100_000).map(|name| format!("/a{name}=\">\"")).collect();
        assert_eq!(read(&format!("before<p {flood}>after")), "before");
    }
}
