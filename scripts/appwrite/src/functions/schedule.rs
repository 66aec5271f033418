//! What waits for its moment: cron expressions, executions made for later, and how tests make the moment come.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use croner::Cron;
use tokio::sync::{oneshot, watch};

use crate::clock;
use crate::workers::{Open, Workers};

/// Executions that wait for their moment, and how tests make it come.
#[derive(Default)]
pub(crate) struct Schedule {
    by_hand: watch::Sender<bool>,
    waiting: Mutex<Vec<oneshot::Sender<Open>>>,
}

/// A place among those that wait, taken before anybody may say that the moment has come.
pub(crate) struct Moment(oneshot::Receiver<Open>);

impl Schedule {
    /// Whether the time alone starts nothing: neither cron expressions nor executions that wait for their moment.
    pub(crate) fn set_by_hand(&self, on: bool) {
        self.by_hand.send_replace(on);
    }

    pub(crate) fn is_by_hand(&self) -> bool {
        *self.by_hand.borrow()
    }

    /// Takes a place for one that waits.
    pub(crate) fn expect(&self) -> Moment {
        let (due, moment) = oneshot::channel();
        let mut waiting = self.waiting();
        // Those whose time came on its own.
        waiting.retain(|other| !other.is_closed());
        waiting.push(due);
        Moment(moment)
    }

    /// Ends every wait, and counts as open what was waited for: nobody finds nothing left to do before it is done.
    pub(crate) fn come_due(&self, workers: &Arc<Workers>) {
        for due in self.waiting().drain(..) {
            // Nobody waits there any more.
            due.send(workers.open()).ok();
        }
    }

    /// Waits until `rest` is over, or for [`Self::come_due`], which gives what keeps the work open.
    pub(crate) async fn wait(&self, rest: Duration, moment: Moment) -> Option<Open> {
        let by_time = async {
            tokio::time::sleep(rest).await;
            // The sender lives in `self`: waiting cannot fail.
            self.by_hand.subscribe().wait_for(|on| !on).await.ok();
        };
        tokio::select! {
            () = by_time => None,
            open = moment.0 => open.ok(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<oneshot::Sender<Open>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A five-field expression in UTC; nothing when it is none, or can never come true.
pub(crate) fn parse(expression: &str) -> Option<Cron> {
    let cron = Cron::new(expression).parse().ok()?;
    cron.find_next_occurrence(&clock::now(), false).ok()?;
    Some(cron)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(expression: &str, expect: bool) {
        assert_eq!(parse(expression).is_some(), expect, "{expression}");
    }

    #[test]
    fn only_expressions_that_can_come_true_are_taken() {
        check("*/5 * * * *", true);
        check("2-59/5 * * * *", true);
        check("@daily", true);
        check("every minute", false);
        check("0 0 30 2 *", false);
        check("", false);
    }
}
