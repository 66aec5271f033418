//! Points in time as Appwrite stores them: UTC, milliseconds, never the empty string.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time with Appwrite's precision of one millisecond.
///
/// Written as Appwrite answers it (`2026-01-02T03:04:05.678+00:00`), so that what was sent equals what comes back.
/// An empty string, which Appwrite would store as "now", is refused when read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The given time, cut to whole milliseconds. A leap second is the one after it, as Appwrite counts.
    pub fn new(time: DateTime<Utc>) -> Self {
        let whole = DateTime::from_timestamp_millis(time.timestamp_millis());
        Self(whole.unwrap_or(time))
    }

    /// Reads RFC 3339 text. None also for a time whose year in UTC has more or less than four digits, which could not
    /// be written as such text.
    pub fn parse(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        let time = Self::new(time.with_timezone(&Utc));
        (0..=9_999).contains(&time.0.year()).then_some(time)
    }

    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0 - duration)
    }

    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0 + duration)
    }

    /// Milliseconds since 1970.
    pub fn milliseconds(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// None for a time that no calendar has.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(milliseconds).map(Self)
    }

    /// Hour of the day in UTC, 0 to 23.
    pub fn hour(self) -> u32 {
        self.0.hour()
    }

    /// Time from `earlier` to this; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        (self.0 - earlier.0).to_std().unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, false))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom("a date must be ISO 8601 text such as 2026-01-31T12:00:00Z")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expect: Option<&str>) {
        assert_eq!(
            Timestamp::parse(input)
                .map(|time| time.to_string())
                .as_deref(),
            expect
        );
    }

    #[test]
    fn times_are_written_as_appwrite_answers_them() {
        check(
            "2026-01-02T03:04:05.678+00:00",
            Some("2026-01-02T03:04:05.678+00:00"),
        );
        check(
            "2026-01-02T03:04:05Z",
            Some("2026-01-02T03:04:05.000+00:00"),
        );
        check(
            "2026-01-02T03:04:05.678999+02:00",
            Some("2026-01-02T01:04:05.678+00:00"),
        );
        check(
            "1969-12-31T23:59:59.9999Z",
            Some("1969-12-31T23:59:59.999+00:00"),
        );
        check(
            "2016-12-31T23:59:60.5Z",
            Some("2017-01-01T00:00:00.500+00:00"),
        );
        check("9999-12-31T23:59:59-00:01", None);
        check("0000-01-01T00:00:00+00:01", None);
        check("", None);
        check("yesterday", None);
    }
}
