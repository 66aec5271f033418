//! JSON values as far as a page may have them: what they can say, how many there may be and of what length.

use std::cell::Cell;

use super::text::LONGEST_NAME;

/// Values of a page, inner nodes among them. The open company pages have up to a twentieth of it.
pub(super) const MOST_VALUES: usize = 20_000;

/// Properties of one node; the richest type of schema.org has fewer.
pub(super) const MOST_PROPERTIES: usize = 200;

/// A JSON value as far as it can say something: whole numbers and strings, in lists and objects.
#[derive(Debug)]
pub(super) enum Json {
    /// True, false, null and numbers that may be written differently on the page.
    Nothing,
    Text(String),
    Number(u64),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Counts the values of a page and leaves out what there may not be so many or so long of.
#[derive(Clone, Copy)]
pub(super) struct Keep<'k>(pub(super) &'k Cell<usize>);

impl Keep<'_> {
    pub(super) fn is_full(self) -> bool {
        self.0.get() >= MOST_VALUES
    }

    pub(super) fn one(self, value: Json) -> Json {
        if self.is_full() {
            return Json::Nothing;
        }
        self.0.set(self.0.get() + 1);
        value
    }

    /// Whether one more property may be kept under this name: where, if it has been given before.
    pub(super) fn room(self, properties: &[(String, Json)], key: &str) -> Option<Option<usize>> {
        let known = properties.iter().position(|(other, _)| other == key);
        let unknown = key.len() > LONGEST_NAME || properties.len() >= MOST_PROPERTIES;
        (!self.is_full() && (known.is_some() || !unknown)).then_some(known)
    }

    /// Of a name that is given twice the later value counts.
    pub(super) fn property(self, properties: &mut Vec<(String, Json)>, key: String, value: Json) {
        let Some(known) = self.room(properties, &key) else {
            return;
        };
        match known.and_then(|position| properties.get_mut(position)) {
            Some((_, other)) => *other = value,
            None => properties.push((key, value)),
        }
    }
}
