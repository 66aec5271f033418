//! The cron's work, whoever asks for it: anybody who may execute a function can have its schedule trigger.
//!
//! So of one function one sweep runs at a time in this process, and one that went to its end has done what another would
//! do right after it. What failed, was cut off or was left for want of time is not done: the next one does it at once.
//! Another process, as while a deployment is being switched, knows nothing of it; sweeps are safe to run side by side.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::failure::Failure;
use serde_json::{json, Value};

use crate::cx::Cx;

/// A sweep has nothing to do this long after the beginning of one that went to its end. Little enough below the five
/// minutes of the shortest cron that one which comes late does not take the next one's turn.
const AGAIN_AFTER: Duration = Duration::from_secs(3 * 60);

/// What a sweep did.
#[derive(Debug)]
pub struct SweepOutcome<T> {
    /// Counts, for the log and the answer.
    pub summary: T,
    /// Whether nothing was left for want of time or of an answer.
    pub is_complete: bool,
}

/// Why a sweep has nothing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SkipReason {
    UnderWay,
    JustSwept,
}

impl SkipReason {
    const fn word(self) -> &'static str {
        match self {
            Self::UnderWay => "under_way",
            Self::JustSwept => "just_swept",
        }
    }
}

/// The sweeps of one function in this process.
#[derive(Clone, Copy, Debug, Default)]
struct Sweeps {
    under_way: bool,
    /// When the last one began that went to its end.
    done: Option<Instant>,
}

static SWEEPS: LazyLock<Mutex<HashMap<&'static str, Sweeps>>> = LazyLock::new(Mutex::default);

/// Sweeps, unless another sweep of the function has just done so or is doing it.
pub(crate) async fn sweep(
    cx: &Cx,
    function: &'static str,
    work: impl Future<Output = Result<SweepOutcome<Value>, Failure>>,
) -> Result<Value, Failure> {
    let turn = match Turn::take(function, Instant::now()) {
        Ok(turn) => turn,
        Err(why) => {
            cx.note(format!("sweep skipped: {}", why.word()));
            return Ok(json!({"skipped": why.word()}));
        }
    };
    let swept = work.await?;
    turn.end(swept.is_complete);
    cx.note(format!("sweep {}", swept.summary));
    Ok(swept.summary)
}

/// The one sweep under way, until it is dropped, however it ends.
#[derive(Debug)]
struct Turn {
    function: &'static str,
    began: Instant,
}

impl Turn {
    fn take(function: &'static str, now: Instant) -> Result<Self, SkipReason> {
        let mut sweeps = sweeps();
        let own = sweeps.entry(function).or_default();
        if own.under_way {
            return Err(SkipReason::UnderWay);
        }
        let is_new = |done: Instant| now.saturating_duration_since(done) < AGAIN_AFTER;
        if own.done.is_some_and(is_new) {
            return Err(SkipReason::JustSwept);
        }
        own.under_way = true;
        Ok(Self {
            function,
            began: now,
        })
    }

    fn end(self, is_complete: bool) {
        if is_complete {
            sweeps().entry(self.function).or_default().done = Some(self.began);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        sweeps().entry(self.function).or_default().under_way = false;
    }
}

fn sweeps() -> MutexGuard<'static, HashMap<&'static str, Sweeps>> {
    SWEEPS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tests of one process share its sweeps, so each has a function of its own.
    #[track_caller]
    fn check(function: &'static str, now: Instant, expect: SkipReason) {
        assert_eq!(Turn::take(function, now).map(drop), Err(expect));
    }

    #[test]
    fn one_sweep_of_a_function_runs_at_a_time() {
        let now = Instant::now();
        let turn = Turn::take("one", now).unwrap();
        check("one", now + AGAIN_AFTER * 9, SkipReason::UnderWay);
        drop(Turn::take("another", now).unwrap());
        drop(turn);
        drop(Turn::take("one", now).unwrap());
    }

    #[test]
    fn what_was_swept_minutes_ago_is_not_swept_again() {
        let began = Instant::now();
        Turn::take("swept", began).unwrap().end(true);
        check("swept", began, SkipReason::JustSwept);
        check("swept", began + AGAIN_AFTER / 2, SkipReason::JustSwept);
        drop(Turn::take("swept", began + AGAIN_AFTER).unwrap());
    }

    #[test]
    fn what_a_sweep_has_left_is_swept_at_once() {
        let began = Instant::now();
        Turn::take("left", began).unwrap().end(false);
        drop(Turn::take("left", began).unwrap());
        Turn::take("left", began).unwrap().end(true);
        check("left", began, SkipReason::JustSwept);
    }

    #[test]
    fn the_cron_itself_is_never_taken_for_a_repetition() {
        let shortest = Duration::from_secs(5 * 60);
        assert!(AGAIN_AFTER <= shortest - Duration::from_secs(60));
    }
}
