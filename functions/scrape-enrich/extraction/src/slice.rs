//! Parts of a text by computed bytes, without panics: a border inside a character moves to where the character begins,
//! one behind the end moves to the end. `clippy::string_slice` keeps the rest of the crate from slicing by itself.

use std::ops::{Bound, RangeBounds};

/// The part of the text between two bytes; nothing where the end comes before the start.
pub(crate) fn cut(text: &str, bytes: impl RangeBounds<usize>) -> &str {
    let start = match bytes.start_bound() {
        Bound::Included(&start) => start,
        Bound::Excluded(&before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match bytes.end_bound() {
        Bound::Included(&last) => last.saturating_add(1),
        Bound::Excluded(&end) => end,
        Bound::Unbounded => text.len(),
    };
    text.get(floor(text, start)..floor(text, end))
        .unwrap_or_default()
}

/// The last of a text, no more than so many bytes.
pub(crate) fn tail(text: &str, bytes: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    cut(text, start..)
}

/// The last border between characters that is not behind `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_inside_characters_are_moved_and_none_panics() {
        let text = "aé€𝄞";
        for start in 0..text.len() + 3 {
            assert!(text.starts_with(cut(text, ..start)));
            assert!(text.ends_with(cut(text, start..)));
            assert!(tail(text, start).len() <= start);
            for end in 0..text.len() + 3 {
                let found = cut(text, start..end);
                assert!(text.contains(found) && found.len() <= end.saturating_sub(start) + 3);
            }
        }
        assert_eq!(cut(text, 2..=5), "é€");
        assert_eq!(cut(text, 1..usize::MAX), "é€𝄞");
        assert_eq!(tail(text, 6), "𝄞");
        assert_eq!(tail(text, 7), "€𝄞");
    }
}
