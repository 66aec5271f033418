//! Whether values fit their columns, and how they are stored: the real server's structure validator. Pure.

use std::net::IpAddr;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc};
use serde_json::{json, Map, Value};
use url::Url;

use crate::catalog::{Column, Kind, Table};
use crate::clock;
use crate::error::Error;
use crate::parameters::{grouped, Body};

pub(crate) const DATE_RULE: &str =
    "Value must be valid date between 1000-01-01 00:00:00 and 9999-12-31 23:59:59.";

/// Longest `text` in bytes: what MariaDB's TEXT holds. The validator counts characters and lets more through.
const TEXT_BYTES: usize = 65_535;

/// Largest whole number that is written without an exponent.
const WHOLE: f64 = 1e17;

/// What is asked of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Every required column has to be there.
    Whole,
    /// Only what is sent counts.
    Partial,
}

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `type` or `format`, as the message says it.
    pub(crate) about: &'static str,
    pub(crate) rule: String,
}

/// Checks data (without `$` keys) and gives it as it is stored.
pub(crate) fn check(table: &Table, data: &Body, mode: Mode) -> Result<Body, Error> {
    for column in table.available().filter(|column| column.required) {
        let absent = match data.get(&column.key) {
            Some(value) => value.is_null(),
            None => mode == Mode::Whole,
        };
        if absent {
            return Err(invalid(&format!(
                "Missing required attribute \"{}\"",
                column.key
            )));
        }
    }
    if let Some(key) = data.keys().find(|key| table.column(key).is_none()) {
        return Err(invalid(&format!("Unknown attribute: \"{key}\"")));
    }
    let mut checked = Map::new();
    for (key, value) in data {
        if let Some(column) = table.column(key) {
            checked.insert(key.clone(), whole_value(column, value)?);
        }
    }
    Ok(checked)
}

/// 400 `row_invalid_structure`.
pub(crate) fn invalid(rule: &str) -> Error {
    Error::new(
        400,
        "row_invalid_structure",
        format!("Invalid document structure: {rule}"),
    )
}

/// An array with all its elements, or a single value.
fn whole_value(column: &Column, given: &Value) -> Result<Value, Error> {
    let key = &column.key;
    let refused = |name: &str, refusal: Refusal| {
        let Refusal { about, rule } = refusal;
        invalid(&format!("Attribute \"{name}\" has invalid {about}. {rule}"))
    };
    match given {
        Value::Null if column.array => Ok(json!([])),
        Value::Null => Ok(Value::Null),
        Value::Array(list) if column.array => {
            let elements: Result<Vec<Value>, Error> = list
                .iter()
                .enumerate()
                .map(|(position, element)| match element {
                    Value::Null if !column.required => Ok(Value::Null),
                    element => value(column, element)
                        .map_err(|refusal| refused(&format!("{key}['{position}']"), refusal)),
                })
                .collect();
            Ok(Value::Array(elements?))
        }
        _ if column.array => Err(invalid(&format!("Attribute \"{key}\" must be an array"))),
        given => {
            let stored = value(column, given).map_err(|refusal| refused(key, refusal))?;
            let too_long = column.kind == Kind::Text
                && stored.as_str().is_some_and(|text| text.len() > TEXT_BYTES);
            if too_long {
                return Err(Error::unknown(format!(
                    "{key} holds {TEXT_BYTES} bytes at most"
                )));
            }
            Ok(stored)
        }
    }
}

/// Checks one value that is not null and gives it as it is stored.
pub(crate) fn value(column: &Column, given: &Value) -> Result<Value, Refusal> {
    let refuse = |about: &'static str, rule: &str| {
        Err(Refusal {
            about,
            rule: rule.to_owned(),
        })
    };
    match column.kind {
        Kind::Varchar | Kind::Text | Kind::Mediumtext | Kind::Longtext | Kind::String => {
            text(column, given, "type").map(|text| json!(text))
        }
        Kind::Enum => {
            let text = text(column, given, "format")?;
            if column.elements.iter().any(|element| element == text) {
                Ok(json!(text))
            } else {
                refuse(
                    "format",
                    &format!("Value must be one of ({})", column.elements.join(", ")),
                )
            }
        }
        Kind::Url => match text(column, given, "format")? {
            text if is_url(text) => Ok(json!(text)),
            _ => refuse("format", "Value must be a valid URL"),
        },
        Kind::Email => match text(column, given, "format")? {
            text if is_email(text) => Ok(json!(text)),
            _ => refuse("format", "Value must be a valid email address"),
        },
        Kind::Ip => match text(column, given, "format")? {
            text if text.parse::<IpAddr>().is_ok() => Ok(json!(text)),
            _ => refuse("format", "Value must be a valid IP address"),
        },
        Kind::Integer | Kind::Bigint => {
            let narrow = column.kind == Kind::Integer && column.width() == 4 && !column.array;
            let number = given
                .as_i64()
                .filter(|number| !narrow || i32::try_from(*number).is_ok());
            let Some(number) = number else {
                let rule = if narrow {
                    "Value must be a valid signed 32-bit integer between -2,147,483,648 and 2,147,483,647"
                } else {
                    "Value must be a valid signed 64-bit integer between -9,223,372,036,854,775,808 and \
                     9,223,372,036,854,775,808"
                };
                return refuse("format", rule);
            };
            let (min, max) = (column.min.as_i64(), column.max.as_i64());
            let (min, max) = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
            if (min..=max).contains(&number) {
                Ok(json!(number))
            } else {
                let (min, max) = (grouped(min), grouped(max));
                refuse(
                    "format",
                    &format!("Value must be a valid range between {min} and {max}"),
                )
            }
        }
        Kind::Float => {
            let Some(given) = given.as_f64() else {
                return refuse("format", "Value must be a valid float");
            };
            let (min, max) = (column.min.as_f64(), column.max.as_f64());
            let (min, max) = (min.unwrap_or(f64::MIN), max.unwrap_or(f64::MAX));
            if (min..=max).contains(&given) {
                Ok(number(given))
            } else {
                refuse(
                    "format",
                    &format!("Value must be a valid range between {min} and {max}"),
                )
            }
        }
        Kind::Boolean => match given {
            Value::Bool(given) => Ok(json!(given)),
            _ => refuse("type", "Value must be a valid boolean"),
        },
        Kind::Datetime => match given.as_str().and_then(date) {
            Some(date) => Ok(json!(clock::text(date))),
            None => refuse("type", DATE_RULE),
        },
    }
}

fn text<'a>(column: &Column, given: &'a Value, about: &'static str) -> Result<&'a str, Refusal> {
    let fits = |text: &&str| {
        text.len() as u64 <= column.size || text.chars().count() as u64 <= column.size
    };
    given.as_str().filter(fits).ok_or_else(|| Refusal {
        about,
        rule: format!(
            "Value must be a valid string and no longer than {} chars",
            column.size
        ),
    })
}

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
fn is_url(text: &str) -> bool {
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
