//! The one place where time comes from, and how Appwrite writes it.

use chrono::{DateTime, SecondsFormat, Utc};

#[expect(clippy::disallowed_methods, reason = "this is the clock's one home")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// `2026-01-02T03:04:05.678+00:00`, as in every answer.
pub(crate) fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, false)
}

/// The present moment as text.
pub(crate) fn now_text() -> String {
    text(now())
}
