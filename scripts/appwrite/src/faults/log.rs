//! What happened in a hostile world, for a test that failed in one.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What happened in a hostile world, in order, which is how it was interleaved; nothing is kept outside of one.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Option<Vec<String>>>);

impl Log {
    /// Keeps what happens from now on.
    pub(crate) fn begin(&self) {
        self.lines().get_or_insert_with(Vec::new);
    }

    pub(crate) fn add(&self, line: impl FnOnce() -> String) {
        if let Some(lines) = self.lines().as_mut() {
            lines.push(line());
        }
    }

    /// What was kept since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut lines = self.lines();
        lines.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn lines(&self) -> MutexGuard<'_, Option<Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
