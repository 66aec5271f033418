//! Pieces of text: where they stand, and what they say without markup.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult};

use crate::effort::Effort;
use crate::markup::tokenize;

/// Bytes of a name: of a tag, a property, a type. Nothing that is looked for is half as long; of a longer tag's name
/// the beginning is read, other longer names are those of things unknown.
pub(super) const LONGEST_NAME: usize = 64;

/// Bytes of a document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    /// The part of this span that `start..end`, counted from its own beginning, covers.
    pub(crate) fn part(self, start: usize, end: usize) -> Self {
        Self {
            start: self.start + start,
            end: self.start + end,
        }
    }
}

/// Characters that a reader does not see: where a word may be broken, how letters join, which way they run.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// Decodes HTML character references and drops tags: structured strings are often pasted HTML.
pub(super) fn plain<'m>(markup: &'m str, effort: &Effort) -> Cow<'m, str> {
    struct Characters(RefCell<String>);
    impl TokenSink for Characters {
        type Handle = ();
        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
            if let Token::CharacterTokens(text) = token {
                self.0.borrow_mut().push_str(&text);
            }
            TokenSinkResult::Continue
        }
    }
    if !markup.contains(['&', '<']) {
        return Cow::Borrowed(markup);
    }
    let (characters, _) = tokenize(markup, Characters(RefCell::default()), effort);
    Cow::Owned(characters.0.into_inner())
}
