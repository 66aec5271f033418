//! What the server's clock says, learned from its answers: this host's own may be minutes off, and a guard that is still
//! to come for the server is none at all.
//!
//! An answer's `Date` tells the server's time as a range, because it is cut to whole seconds and was on its way; what the
//! server has just written into `$updatedAt` tells it to the millisecond. Time since is measured with the steady clock,
//! which nobody sets. Where several servers answer and their clocks differ, the slowest one counts.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::DateTime;
use domain::time::Timestamp;

use crate::host::host_time;

/// How long an answer counts, at most twice this: clocks drift and are set.
const REMEMBERED: Duration = Duration::from_secs(60);

/// How much later than a `Date` it may have been when that was sent: it is cut to whole seconds, and servers make it once
/// a second.
const CUT: Duration = Duration::from_secs(2);

/// A host whose own clock jumps by this much was stopped for a while, or set: then the steady clock cannot be trusted.
const JUMP: Duration = Duration::from_secs(1);

/// One server's clock, as far as this process knows it.
#[derive(Debug)]
pub struct Clock {
    /// Where the steady clock begins.
    zero: Instant,
    known: Mutex<Estimate>,
}

#[derive(Debug, Default)]
struct Estimate {
    current: Span,
    before: Span,
    /// This host's time when the steady clock was at zero.
    host: Option<i64>,
}

/// What was learned in a while. Times are the server's when the steady clock was at zero, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    since: Duration,
    /// The server's time is surely not before; the latest that is not after `most`.
    least: Option<i64>,
    /// And the slowest server's surely not after.
    most: Option<i64>,
}

/// A moment on both of this host's clocks.
#[derive(Clone, Copy, Debug)]
struct Moment {
    steady: Duration,
    host: Timestamp,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            zero: Instant::now(),
            known: Mutex::default(),
        }
    }
}

impl Clock {
    /// An answer says when it was made, by its `Date`.
    pub(super) fn dated(&self, date: &str, asked: Instant) {
        let Ok(date) = DateTime::parse_from_rfc2822(date) else {
            return;
        };
        let date = date.timestamp_millis();
        self.learn(date, date + milliseconds(CUT), asked);
    }

    /// A row says when it was written, which was for this answer.
    pub(super) fn written(&self, at: Timestamp, asked: Instant) {
        let at = at.milliseconds();
        self.learn(at, at + 1, asked);
    }

    fn learn(&self, from: i64, to: i64, asked: Instant) {
        let moment = self.moment();
        let asked = asked.saturating_duration_since(self.zero);
        self.known().learn(from, to, asked, moment);
    }

    /// The server's time: this host's, where that can be.
    pub(super) fn now(&self) -> Timestamp {
        let moment = self.moment();
        self.known().now(moment)
    }

    /// How long until this time has surely come for the server.
    pub(super) fn until(&self, time: Timestamp) -> Duration {
        let moment = self.moment();
        let surely = self.known().surely(moment);
        let left = time.milliseconds() - surely;
        Duration::from_millis(left.try_into().unwrap_or_default())
    }

    fn moment(&self) -> Moment {
        Moment {
            steady: self.zero.elapsed(),
            host: host_time(),
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Estimate> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Estimate {
    /// Some moment between asking and now the server's time was between `from` and `to`.
    fn learn(&mut self, from: i64, to: i64, asked: Duration, now: Moment) {
        let host = now.host.milliseconds() - milliseconds(now.steady);
        let jumped = self.host.replace(host);
        if jumped.is_some_and(|before| (host - before).abs() > milliseconds(JUMP)) {
            (self.current, self.before) = (Span::default(), Span::default());
        }
        if now.steady.saturating_sub(self.current.since) > REMEMBERED {
            self.before = self.current;
            self.current = Span {
                since: now.steady,
                ..Span::default()
            };
        }
        // The steady clock is cut to milliseconds too.
        let least = from - milliseconds(now.steady) - 1;
        let most = to - milliseconds(asked);
        let span = &mut self.current;
        span.most = Some(span.most.map_or(most, |known| known.min(most)));
        let known = span.least.filter(|known| Some(*known) <= span.most);
        span.least = known.max(Some(least).filter(|least| Some(*least) <= span.most));
    }

    /// The range of the slowest server's time at the steady clock's zero; none before the first answer.
    fn range(&self) -> Option<(i64, i64)> {
        let spans = [self.before, self.current];
        let most = spans.iter().filter_map(|span| span.most).min()?;
        let least = spans.iter().filter_map(|span| span.least);
        // What one span knows the other may have disproved.
        let least = least.filter(|least| *least <= most).max()?;
        Some((least, most))
    }

    fn now(&self, moment: Moment) -> Timestamp {
        let steady = milliseconds(moment.steady);
        let clamped = self.range().and_then(|(least, most)| {
            let host = moment.host.milliseconds();
            Timestamp::from_milliseconds(host.clamp(least + steady, most + steady))
        });
        clamped.unwrap_or(moment.host)
    }

    /// The server's time is surely not before this. Without any answer that tells it there is only this host's.
    fn surely(&self, moment: Moment) -> i64 {
        match self.range() {
            Some((least, _)) => least + milliseconds(moment.steady),
            None => moment.host.milliseconds(),
        }
    }
}

fn milliseconds(span: Duration) -> i64 {
    span.as_millis().try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of the steady clock, and this host's clock so many seconds ahead of it.
    fn at(steady: u64, host: i64) -> Moment {
        let steady = Duration::from_secs(steady);
        let host = Timestamp::from_milliseconds(milliseconds(steady) + host * 1000);
        Moment {
            steady,
            host: host.unwrap(),
        }
    }

    /// A server whose clock is so many seconds ahead of the steady one answers, a `Date` cut to seconds.
    fn dated(known: &mut Estimate, now: Moment, ahead: i64) {
        let date = milliseconds(now.steady) + ahead * 1000;
        known.learn(date, date + milliseconds(CUT), now.steady, now);
    }

    /// The server's time by this: how far ahead of the steady clock it surely is, and how far it is taken to be.
    #[track_caller]
    fn check(known: &Estimate, now: Moment, surely: i64, taken: i64) {
        let ahead = |time: i64| (time - milliseconds(now.steady)) as f64 / 1000.0;
        assert_eq!(ahead(known.surely(now)).round() as i64, surely, "{known:?}");
        let found = ahead(known.now(now).milliseconds());
        assert_eq!(found.round() as i64, taken, "{known:?}");
    }

    #[test]
    fn before_the_first_answer_there_is_only_this_hosts_clock() {
        check(&Estimate::default(), at(5, 7), 7, 7);
    }

    #[test]
    fn a_host_whose_clock_may_be_right_is_believed_and_any_other_is_not() {
        for (host, taken) in [(0, 0), (1, 1), (2, 2), (90, 2), (-90, 0)] {
            let mut known = Estimate::default();
            dated(&mut known, at(5, host), 0);
            check(&known, at(20, host), 0, taken);
        }
    }

    #[test]
    fn what_was_just_written_tells_more_than_a_date() {
        let mut known = Estimate::default();
        dated(&mut known, at(5, 90), 0);
        let now = at(6, 90);
        known.learn(7_000, 7_001, now.steady, now);
        check(&known, at(20, 90), 1, 1);
    }

    #[test]
    fn of_servers_whose_clocks_differ_the_slowest_counts() {
        for order in [[0, 50, 0], [50, 0, 50], [0, 50, 50], [50, 50, 0]] {
            let mut known = Estimate::default();
            for (second, ahead) in order.into_iter().enumerate() {
                dated(&mut known, at(second as u64, 25), ahead);
            }
            check(&known, at(10, 25), 0, 2);
            // Not for a minute only: the other's answers do not make it forgotten at once.
            dated(&mut known, at(62, 25), 50);
            check(&known, at(63, 25), 0, 2);
        }
    }

    #[test]
    fn a_clock_that_was_set_is_followed_after_two_minutes_and_a_stopped_host_at_once() {
        let mut known = Estimate::default();
        dated(&mut known, at(5, 0), 0);
        for second in [70, 140] {
            dated(&mut known, at(second, 0), 30);
        }
        check(&known, at(141, 0), 30, 30);
        // While a machine sleeps its steady clock stands still.
        dated(&mut known, at(150, 3600), 3600);
        check(&known, at(151, 3600), 3600, 3600);
    }
}
