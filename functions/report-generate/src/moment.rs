//! Seconds and days of a report: whole, in UTC, and numbers in the snapshot.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate};
use domain::time::Timestamp;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// The last second that has a date with a year of four digits.
const LAST: i64 = 253_402_300_799;

/// A second since 1970; what lies before it counts as then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

/// A day since 1970, written as `2026-11-27`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i64);

impl Moment {
    pub fn day(self) -> Day {
        Day(self.0.clamp(0, LAST) / DAY)
    }
}

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        let read = DateTime::parse_from_rfc3339(&time.to_string());
        Self(read.map_or(0, |time| time.timestamp().clamp(0, LAST)))
    }
}

impl Day {
    /// The day of a date, if there is one in the years 1970 to 9999.
    pub fn of(year: i32, month: i32, day: i32) -> Option<Self> {
        let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
        Self::from_date(NaiveDate::from_ymd_opt(year, month, day)?)
    }

    fn from_date(date: NaiveDate) -> Option<Self> {
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        (0..=LAST / DAY).contains(&days).then_some(Self(days))
    }

    /// Days from an earlier day to this one; negative if it is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    pub fn plus(self, days: i64) -> Self {
        Self((self.0 + days).clamp(0, LAST / DAY))
    }

    /// Year, month from 1, day of the month.
    pub fn date(self) -> (i32, usize, u32) {
        let date = DateTime::from_timestamp(self.0 * DAY, 0)
            .map_or(NaiveDate::MIN, |time| time.date_naive());
        (date.year(), date.month() as usize, date.day())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let date = NaiveDate::deserialize(deserializer)?;
        Self::from_date(date)
            .ok_or_else(|| de::Error::custom("a day of the years 1970 to 9999 is expected"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_in_utc_whatever_it_is() {
        let day = |text: &str| {
            Moment::from(Timestamp::parse(text).unwrap())
                .day()
                .to_string()
        };
        assert_eq!(day("2026-11-27T23:59:59+00:00"), "2026-11-27");
        assert_eq!(day("2026-11-27T23:59:59-02:00"), "2026-11-28");
        assert_eq!(day("1901-01-01T00:00:00Z"), "1970-01-01");
        assert_eq!(day("9999-12-31T23:59:59Z"), "9999-12-31");
        assert_eq!(Moment(i64::MAX).day().to_string(), "9999-12-31");
    }
}
