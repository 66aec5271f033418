//! How much work the reading of a page or a site may be: counted in steps, not timed, so that the same pages end the
//! same way on every machine.
//!
//! A website decides what its pages hold, and no rule knows all that can be written to make it slow. So every loop
//! over something that a page supplies pays for its work before it does it, and stops when nothing is left. What was
//! found by then stands where nothing unread could speak against it; the rest is blank.

use std::cell::Cell;

/// What is left. A step is about a nanosecond of a release build.
#[derive(Debug)]
pub(crate) struct Effort {
    left: Cell<u64>,
}

impl Effort {
    /// For all pages of a site: about a second. The dearest of the open company pages takes an eighth of it, half of
    /// them less than a thirtieth.
    pub(crate) fn for_site() -> Self {
        Self::of(1_000_000_000)
    }

    /// For one page by itself, or its links.
    pub(crate) fn for_page() -> Self {
        Self::of(300_000_000)
    }

    pub(crate) fn of(steps: u64) -> Self {
        let left = Cell::new(steps);
        Self { left }
    }

    /// Pays for work on so many things at so many steps each. False if the work must not be done: too little is left,
    /// and then nothing is.
    pub(crate) fn spend(&self, things: usize, price: u64) -> bool {
        let steps = (things as u64).saturating_mul(price);
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Something was not done.
    pub(crate) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    #[cfg(test)]
    pub(crate) fn left(&self) -> u64 {
        self.left.get()
    }
}
