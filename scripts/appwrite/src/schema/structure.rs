//! Whether values fit their columns, and how they are stored: the real server's structure validator. Pure.

use std::net::IpAddr;

use serde_json::{json, Map, Value};

use crate::clock;
use crate::schema::catalog::Table;
use crate::schema::column::{Column, Kind};
use crate::wire::parameters::grouped;
use crate::wire::value::{date, is_email, is_url, number};
use crate::wire::{Body, Error};

pub(crate) const DATE_RULE: &str =
    "Value must be valid date between 1000-01-01 00:00:00 and 9999-12-31 23:59:59.";

/// Longest `text` in bytes: what MariaDB's TEXT holds. The validator of line 1.9 counts characters and lets more
/// through.
const TEXT_BYTES: usize = 65_535;

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
                let inside = format!("{key} holds {TEXT_BYTES} bytes at most");
                let rule =
                    format!("Value must be a valid string no longer than {TEXT_BYTES} bytes");
                let refusal = Refusal {
                    about: "type",
                    rule,
                };
                return Err(Error::unknown(inside).since_2(refused(key, refusal)));
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
