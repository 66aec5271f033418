//! How many background runs there are at a time, and when there is nothing left to do.

use std::sync::Arc;

use tokio::sync::{watch, OwnedSemaphorePermit, Semaphore};

/// Runs at the same time in a self-hosted installation: `_APP_WORKER_MAX_COROUTINES`.
const CONCURRENT: usize = 8;

pub(crate) struct Workers {
    turns: Arc<Semaphore>,
    open: watch::Sender<usize>,
}

/// Work that is queued or under way; dropped when done.
pub(crate) struct Open(Arc<Workers>);

impl Workers {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            turns: Arc::new(Semaphore::new(CONCURRENT)),
            open: watch::Sender::new(0),
        })
    }

    /// Counts a piece of work as open from now on.
    pub(crate) fn open(self: &Arc<Self>) -> Open {
        self.open.send_modify(|count| *count += 1);
        Open(Arc::clone(self))
    }

    /// Waits for one of the places.
    pub(crate) async fn turn(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed")
    }

    /// Waits until no work is open.
    pub(crate) async fn idle(&self) {
        // The sender lives in `self`: waiting cannot fail.
        self.open
            .subscribe()
            .wait_for(|count| *count == 0)
            .await
            .ok();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.send_modify(|count| *count -= 1);
    }
}
