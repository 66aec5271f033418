//! From a committed write towards whoever subscribed to it. Delivery is at most once, like the real one's.

use std::sync::Arc;

use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};

use crate::faults::events::{Disorder, Disorderly};
use crate::faults::log::Log;
use crate::wire::event::RowEvent;
use crate::workers::{Open, Workers};

/// The sending end, for whoever writes.
pub(crate) struct Events {
    queue: UnboundedSender<(RowEvent, Open)>,
    workers: Arc<Workers>,
    disorderly: Disorderly,
    log: Arc<Log>,
}

pub(crate) type Queue = UnboundedReceiver<(RowEvent, Open)>;

impl Events {
    pub(crate) fn new(workers: Arc<Workers>, log: Arc<Log>) -> (Self, Queue) {
        let (queue, receiver) = unbounded_channel();
        let disorderly = Disorderly::default();
        let events = Self {
            queue,
            workers,
            disorderly,
            log,
        };
        (events, receiver)
    }

    /// To be called after the write is committed.
    pub(crate) fn publish(&self, event: RowEvent) {
        for event in self.disorderly.pass(event, &self.log) {
            self.send(event);
        }
    }

    pub(crate) fn set_disorder(&self, disorder: Option<Disorder>) {
        self.disorderly.set(disorder);
    }

    /// Sends what is held back; false when nothing is.
    pub(crate) fn let_go(&self) -> bool {
        let held = self.disorderly.let_go(&self.log);
        let any = !held.is_empty();
        for event in held {
            self.send(event);
        }
        any
    }

    fn send(&self, event: RowEvent) {
        // The receiver is gone only while the instance stops.
        self.queue.send((event, self.workers.open())).ok();
    }
}
