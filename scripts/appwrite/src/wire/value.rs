//! Numbers, moments and addresses as Appwrite reads and writes them. Pure.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc};
use serde_json::{json, Value};
use url::Url;

use crate::clock;

/// Largest whole number that is written without an exponent.
const WHOLE: f64 = 1e17;

/// A float as it is answered: whole ones without a fraction.
pub(crate) fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < WHOLE {
        // In range by the test before it.
        json!(number as i64)
    } else {
        json!(number)
    }
}

/// What PHP's `FILTER_VALIDATE_URL` takes: ASCII with a scheme and a host.
pub(crate) fn is_url(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
        && text.contains("://")
        && Url::parse(text).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let special = |byte: u8| b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    !local.is_empty()
        && local.len() <= 64
        && local
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || special(byte))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// Reads a moment as PHP's `DateTime` does, as far as anybody would send one: ISO 8601 in its usual forms (no zone is
/// UTC), e-mail dates, `@seconds` and a few words. The empty text is now: the real server's surprise, kept.
pub(crate) fn date(text: &str) -> Option<DateTime<Utc>> {
    let found = moment(text.trim())?;
    (1000..=9999).contains(&found.year()).then_some(found)
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let midnight = |days: i64| {
        let day = (clock::now() + Duration::days(days)).date_naive();
        day.and_hms_opt(0, 0, 0).map(|time| time.and_utc())
    };
    match text.to_ascii_lowercase().as_str() {
        "" | "now" => return Some(clock::now()),
        "today" | "midnight" => return midnight(0),
        "yesterday" => return midnight(-1),
        "tomorrow" => return midnight(1),
        _ => {}
    }
    if let Some(seconds) = text.strip_prefix('@') {
        return DateTime::from_timestamp(seconds.parse().ok()?, 0);
    }
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.to_utc());
    }
    // A year of more than four digits would be taken by chrono.
    if text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return day.and_hms_opt(0, 0, 0).map(|time| time.and_utc());
    }
    let text = text.replacen(
        ' ',
        "T",
        usize::from(text.as_bytes().get(10) == Some(&b' ')),
    );
    let zoned = text
        .strip_suffix(['Z', 'z'])
        .map(|bare| format!("{bare}+00:00"));
    let zoned = zoned.as_deref().unwrap_or(&text);
    [
        "%Y-%m-%dT%H:%M:%S%.f%:z",
        "%Y-%m-%dT%H:%M:%S%.f%z",
        "%Y-%m-%dT%H:%M%:z",
    ]
    .iter()
    .find_map(|format| DateTime::parse_from_str(zoned, format).ok())
    .map(|date| date.to_utc())
    .or_else(|| {
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
            .map(|time| time.and_utc())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{clock, date, is_email, is_url};

    #[track_caller]
    fn check_date(input: &str, expect: Option<&str>) {
        let found = date(input).map(clock::text);
        assert_eq!(found.as_deref(), expect, "{input}");
    }

    #[test]
    fn dates_are_taken_in_their_usual_forms() {
        let noon = Some("2026-01-02T12:00:00.000+00:00");
        check_date("2026-01-02T12:00:00.000+00:00", noon);
        check_date("2026-01-02T12:00:00Z", noon);
        check_date("2026-01-02T12:00:00", noon);
        check_date("2026-01-02 12:00:00", noon);
        check_date("2026-01-02T14:00:00+02:00", noon);
        check_date("Fri, 02 Jan 2026 12:00:00 GMT", noon);
        check_date("@1767355200", noon);
        check_date("2026-01-02", Some("2026-01-02T00:00:00.000+00:00"));
        check_date(
            "2026-01-02T12:00:00.678901Z",
            Some("2026-01-02T12:00:00.678+00:00"),
        );
        check_date("2026-13-02", None);
        check_date("0000-00-00", None);
        check_date("10000-01-01T00:00:00Z", None);
        check_date("1767355200", None);
        check_date("2026-01-02T12:00:00.000 00:00", None);
        check_date("soonish", None);
    }

    #[test]
    fn the_empty_date_is_now() {
        assert!(date("").is_some_and(|found| found <= clock::now()));
    }

    #[test]
    fn addresses_are_ascii_with_a_host() {
        for good in [
            "http://localhost",
            "ftp://example.com/",
            "https://a:b@example.com:8443/x#y",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "example.com",
            "javascript:alert(1)",
            "https://exämple.de/",
            "not a url",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }

    #[test]
    fn mail_addresses_are_ascii_with_a_domain() {
        assert!(is_email("ada.l+x@mail.example.com"));
        for bad in [
            "ada",
            "ada@local",
            "@example.com",
            "jörg@exämple.de",
            "a..b@example.com",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn whole_floats_are_written_without_a_fraction() {
        assert_eq!(super::number(5.0), json!(5));
        assert_eq!(super::number(1.5e15), json!(1_500_000_000_000_000_i64));
        assert_eq!(super::number(12.5), json!(12.5));
    }
}
