//! The one place where time comes from, and how Appwrite writes it.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// Milliseconds by which the clock is ahead of this machine's.
static AHEAD: AtomicI64 = AtomicI64::new(0);

#[expect(clippy::disallowed_methods, reason = "this is the clock's one home")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now() + TimeDelta::milliseconds(AHEAD.load(Ordering::Relaxed))
}

/// Sets the clock of all instances of this process ahead of this machine's, or behind it.
pub(crate) fn set_ahead(milliseconds: i64) {
    AHEAD.store(milliseconds, Ordering::Relaxed);
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, as the header `Date` says it.
pub(crate) fn http_date() -> String {
    now().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `2026-01-02T03:04:05.678+00:00`, as in every answer.
pub(crate) fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, false)
}

/// The present moment as text.
pub(crate) fn now_text() -> String {
    text(now())
}
