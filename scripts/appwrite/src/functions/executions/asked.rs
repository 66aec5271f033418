//! What the body of a createExecution asks for.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::clock;
use crate::options::Line;
use crate::wire::{parameters, Body, Error};

/// Longest body and path of an execution: Executions/Create.php.
const BODY_LENGTH: usize = 10_485_760;
const PATH_LENGTH: usize = 2_048;

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];

/// Most names and bytes of an execution's headers: Functions/Validator/Headers.php.
const HEADERS: usize = 100;
const HEADERS_BYTES: usize = 16_384;

/// What the body of a createExecution asks for.
pub(crate) struct Asked {
    pub(crate) body: String,
    pub(crate) background: bool,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) scheduled_at: Option<DateTime<Utc>>,
}

impl Asked {
    pub(crate) fn read(body: &Body, line: Line) -> Result<Self, Error> {
        let text = match parameters::sent(body, "body") {
            None => String::new(),
            Some(Value::String(text)) if text.chars().count() <= BODY_LENGTH => text.clone(),
            Some(_) => {
                return Err(Error::argument(format!(
                    "Invalid `body` param: Value must be a valid string and no longer than {BODY_LENGTH} chars"
                )))
            }
        };
        let path = parameters::optional_text(body, "path", PATH_LENGTH)?;
        let method = match parameters::sent(body, "method") {
            None => "POST",
            Some(method) => method
                .as_str()
                .filter(|method| METHODS.contains(method))
                .ok_or_else(|| {
                    let methods = METHODS.join(", ");
                    Error::argument(format!(
                        "Invalid `method` param: Value must be one of ({methods})"
                    ))
                })?,
        };
        let background = parameters::loose_boolean(body, "async")?.unwrap_or(false);
        let scheduled_at = parameters::sent(body, "scheduledAt")
            .map(|moment| moment_of(moment, background))
            .transpose()?;
        Ok(Self {
            body: text,
            background,
            method: method.to_owned(),
            path: path.unwrap_or_else(|| "/".to_owned()),
            headers: headers_of(body, line)?,
            scheduled_at,
        })
    }
}

fn moment_of(moment: &Value, background: bool) -> Result<DateTime<Utc>, Error> {
    let refused = |message| Error::new(400, "general_bad_request", message);
    if !background {
        return Err(refused(
            "Scheduled executions must run asynchronously. Set scheduledAt to a future date, or set async to true.",
        ));
    }
    let earliest = clock::now() + Duration::from_secs(60);
    DateTime::parse_from_rfc3339(moment.as_str().unwrap_or_default())
        .ok()
        .map(|moment| moment.with_timezone(&Utc))
        .filter(|moment| *moment >= earliest && moment.timestamp() % 60 == 0)
        .ok_or_else(|| {
            refused("Execution schedule must be a valid date, and at least 1 minute from now")
        })
}

/// The check is for lower case only, so `X-Appwrite-Event` passes; and what fails is a 500 whose type is the message.
fn headers_of(body: &Body, line: Line) -> Result<Vec<(String, String)>, Error> {
    const REFUSAL: &str =
        "Invalid headers: Alphanumeric characters or hyphens only, cannot start with \
                           \"x-appwrite\", maximum 100 keys, and total size 16384.";
    let parsed = match parameters::sent(body, "headers") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(headers) if line == Line::V2 && !headers.is_object() => {
            return Err(parameters::invalid(
                "headers",
                "Value must be a valid JSON object",
            ));
        }
        Some(headers) => headers.clone(),
        None => Value::Null,
    };
    let headers: Vec<(String, String)> = parsed
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            (name.clone(), value)
        })
        .collect();
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    let named_well = |name: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !name.is_empty()
            && name.bytes().all(inner)
            && !name.starts_with('-')
            && !name.ends_with('-')
            && !name.starts_with("x-appwrite-")
    };
    if headers.len() > HEADERS
        || bytes >= HEADERS_BYTES
        || !headers.iter().all(|(name, _)| named_well(name))
    {
        return Err(Error::new(500, REFUSAL, "Server Error"));
    }
    Ok(headers)
}
