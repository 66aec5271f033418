//! Commits that stay in flight.

use tokio::sync::watch;

/// How tests keep commits in flight, as behind a lock that somebody else holds.
#[derive(Default)]
pub(crate) struct Commits(watch::Sender<bool>);

impl Commits {
    pub(crate) fn set_held(&self, on: bool) {
        self.0.send_replace(on);
    }

    /// Waits, on a thread that may, until commits go on.
    pub(crate) fn pass(&self) {
        let mut held = self.0.subscribe();
        // The sender lives in `self`: waiting cannot fail.
        let waiting = held.wait_for(|held| !held);
        tokio::runtime::Handle::current().block_on(waiting).ok();
    }
}
