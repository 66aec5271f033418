//! Feeds a stranger's markup to a tokenizer without paying whatever the stranger likes.
//!
//! html5ever compares each attribute of a tag with all before it: one tag with half a million attributes, which fits
//! into a page, would cost hours. Here the price is counted while feeding, and reading stops where it gets too high,
//! where the effort is spent and where the sink has enough; what was read until then stands. What the tokens mean is
//! the sink's business.

use std::cell::Cell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::TokenizerResult;

use crate::effort::Effort;
use crate::slice::floor;

/// Gives all tokens of the markup to the sink and returns it, and whether that was all of the markup. A sink that has
/// enough answers a tag with [`ENOUGH`].
pub(crate) fn tokenize<S: TokenSink>(markup: &str, sink: S, effort: &Effort) -> (S, bool) {
    let watched = Watched {
        sink,
        emitted: Cell::new(0),
    };
    let tokenizer = Tokenizer::new(watched, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut attributes, mut comparisons) = (0, 0);
    let mut rest = markup;
    let mut whole = true;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(floor(rest, PIECE));
        rest = behind;
        let more = parts(piece);
        let compared = more * attributes;
        comparisons += compared;
        attributes += more;
        whole = comparisons <= MOST_COMPARISONS
            && effort.spend(piece.len(), BYTE)
            && effort.spend(compared, COMPARISON);
        if !whole {
            break;
        }
        input.push_back(StrTendril::from_slice(piece));
        // Scripts are not run, so the tokenizer never stops early for one.
        if let TokenizerResult::Script(_) = tokenizer.feed(&input) {
            whole = false;
            break;
        }
        let emitted = tokenizer.sink.emitted.take();
        if emitted > 0 {
            attributes = 0;
        }
        whole = effort.spend(emitted, TOKEN);
        if !whole {
            break;
        }
    }
    tokenizer.end();
    (tokenizer.sink.sink, whole)
}

/// What a sink answers that has read enough: reading ends with this tag. It is no script; the tokenizer only stops for
/// those.
pub(crate) const ENOUGH: TokenSinkResult<()> = TokenSinkResult::Script(());

/// What a byte, a token and the comparison of two attributes cost at most, in steps.
const BYTE: u64 = 20;
const TOKEN: u64 = 300;
const COMPARISON: u64 = 4;

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

/// Counts what came out: while a tag is being read, nothing does.
struct Watched<S> {
    sink: S,
    emitted: Cell<usize>,
}

impl<S: TokenSink> TokenSink for Watched<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        // Errors are told from the middle of a tag, too.
        if !matches!(token, Token::ParseError(_)) {
            self.emitted.set(self.emitted.get() + 1);
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
        let effort = Effort::for_page();
        let (read, _) = tokenize(markup, Read(RefCell::default()), &effort);
        read.0.into_inner()
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
    fn reading_ends_where_the_effort_is_spent_and_says_so() {
        let markup = "<p>a".repeat(10_000);
        let read = |steps| {
            let (read, whole) = tokenize(&markup, Read(RefCell::default()), &Effort::of(steps));
            (read.0.into_inner().len(), whole)
        };
        assert_eq!(read(u64::MAX), (markup.len(), true));
        let (length, whole) = read(2_000_000);
        assert!(!whole && (1..markup.len()).contains(&length));
        assert_eq!(read(0), (0, false));
    }

    #[test]
    fn a_flood_of_attributes_ends_the_reading_in_a_moment() {
        let flood: String = (0..100_000).map(|name| format!("/a{name}=\">\"")).collect();
        assert_eq!(read(&format!("before<p {flood}>after")), "before");
    }
}
