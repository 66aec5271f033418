//! What the answers of OpenAI-compatible servers mean.
//!
//! No two servers answer alike: fields are missing, null, of another type, or others beside them. So only what decides is
//! read, wherever it stands, and nothing that is not needed can make an answer unreadable.

use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Value};

/// What one answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// What the model has written.
    Text(String),
    /// The model will not answer.
    Refusal,
    /// The model was cut off: its words are no whole answer.
    CutOff,
    /// A filter of the server's took the question or the answer out.
    Filtered,
    /// The model has written nothing.
    Empty,
    /// The server says itself that it failed.
    Failed,
    /// Worth another try later: a limit, or a server that is busy.
    Again,
    /// The account has nothing left; another try would end the same.
    QuotaSpent,
    /// The server does not take this parameter of the request.
    ParameterRefused(String),
    /// The server does not take the request, and names no parameter.
    RequestRefused,
    ModelUnknown,
    KeyRefused,
    /// This is no answer of any server that is known.
    Unreadable,
}

/// Parameters that a request may have; a server that refuses one may only mention it.
const PARAMETERS: [&str; 5] = [
    "response_format",
    "json_schema",
    "max_completion_tokens",
    "max_tokens",
    "temperature",
];

/// Ends of an answer that is not whole, in lower case.
const CUT_OFF: [&str; 4] = [
    "length",
    "max_tokens",
    "model_length",
    "insufficient_system_resource",
];

/// Ends of an answer that a filter took out, in lower case.
const FILTERED: [&str; 4] = [
    "content_filter",
    "safety",
    "prohibited_content",
    "recitation",
];

/// Reads an answer.
pub fn read(status: u16, body: &[u8]) -> Reply {
    let value: Option<Value> = serde_json::from_slice(body).ok();
    match (status, value) {
        (200..=299, Some(value)) => completion(&value),
        (200..=299, None) => Reply::Unreadable,
        (_, value) => error(status, &value.unwrap_or_default()),
    }
}

/// Tokens of question and answer, as far as the server counts them.
pub fn tokens(body: &[u8]) -> (u64, u64) {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let count = |name: &str| value["usage"][name].as_u64().unwrap_or_default();
    (count("prompt_tokens"), count("completion_tokens"))
}

fn completion(value: &Value) -> Reply {
    let Some(choice) = value["choices"].as_array() else {
        return match value.get("error") {
            Some(error) if !error.is_null() => Reply::Failed,
            _ => Reply::Unreadable,
        };
    };
    let Some(choice) = choice.first() else {
        return Reply::Empty;
    };
    let message = &choice["message"];
    let content = &message["content"];
    let ended = choice["finish_reason"].as_str().unwrap_or_default();
    let ended = ended.to_ascii_lowercase();
    match content {
        _ if says_something(&message["refusal"]) || has_part(content, "refusal") => Reply::Refusal,
        _ if FILTERED.contains(&ended.as_str()) => Reply::Filtered,
        _ if CUT_OFF.contains(&ended.as_str()) => Reply::CutOff,
        _ if ended == "error" => Reply::Failed,
        Value::String(text) if !text.trim().is_empty() => Reply::Text(text.clone()),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part["text"].as_str());
            let text: String = texts.collect();
            match text.trim().is_empty() {
                true => Reply::Empty,
                false => Reply::Text(text),
            }
        }
        Value::Object(_) => Reply::Text(content.to_string()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Reply::Empty,
    }
}

fn says_something(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn has_part(content: &Value, kind: &str) -> bool {
    let parts = content.as_array();
    parts.is_some_and(|parts| parts.iter().any(|part| part["type"] == kind))
}

fn error(status: u16, value: &Value) -> Reply {
    // Some put it into a list.
    let value = match value {
        Value::Array(several) => several.first().unwrap_or(&Value::Null),
        other => other,
    };
    let error = match &value["error"] {
        Value::Null => value,
        error => error,
    };
    let code = error["code"].as_str().unwrap_or_default();
    match status {
        _ if code == "content_filter" => Reply::Filtered,
        402 => Reply::QuotaSpent,
        429 if code == "insufficient_quota" => Reply::QuotaSpent,
        401 | 403 => Reply::KeyRefused,
        404 => Reply::ModelUnknown,
        _ if code == "model_not_found" => Reply::ModelUnknown,
        400 | 422 => match parameter(value, error) {
            Some(parameter) => Reply::ParameterRefused(parameter),
            None => Reply::RequestRefused,
        },
        408 | 409 | 425 | 429 | 500..=599 => Reply::Again,
        405..=499 => Reply::RequestRefused,
        _ => Reply::Unreadable,
    }
}

/// The parameter that is refused: as the server names it, else the first that its words mention.
fn parameter(value: &Value, error: &Value) -> Option<String> {
    let first = |path: &str| {
        let name = path.split(['.', '[']).next().unwrap_or_default();
        (!name.is_empty()).then(|| name.to_owned())
    };
    if let Some(named) = error["param"].as_str().and_then(first) {
        return Some(named);
    }
    let details = [&value["detail"], &error["message"]["detail"]];
    let located = details.into_iter().find_map(|detail| {
        let path = detail.as_array()?.first()?["loc"].as_array()?;
        let names = path.iter().filter_map(Value::as_str);
        names.into_iter().find(|name| *name != "body")
    });
    if let Some(located) = located {
        return Some(located.to_owned());
    }
    let words = match error {
        Value::String(words) => words.clone(),
        other => other["message"].as_str().unwrap_or_default().to_owned(),
    };
    let mentioned = PARAMETERS
        .iter()
        .filter_map(|name| Some((words.find(name)?, *name)));
    mentioned.min().map(|(_, name)| name.to_owned())
}

/// Objects that are tried in a text, before it counts as nonsense.
const MOST_OBJECTS: usize = 16;

/// What became of a text that was to be an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnAnswer {
    /// It is the shape that was asked for, not an answer of it.
    Schema,
    Nonsense,
}

/// The answer in a text: the text itself, or the first object in it that is one. Models think aloud before it and put
/// fences around it. An object counts only if it has at least one of the members that were asked for.
///
/// # Errors
/// If there is none.
pub fn answer<A: DeserializeOwned>(text: &str, schema: &Value) -> Result<A, NotAnAnswer> {
    let mut why = NotAnAnswer::Nonsense;
    // What is thought aloud is no answer.
    let text = text
        .rsplit_once("</think>")
        .map_or(text, |(_, after)| after);
    let starts = text.match_indices('{').map(|(start, _)| start);
    let mut behind = 0;
    for start in starts.take(MOST_OBJECTS) {
        // Inside one that was read already.
        if start < behind {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let mut objects = Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(object)) = objects.next() else {
            continue;
        };
        behind = start + objects.byte_offset();
        if is_schema(&object) || is_schema(&object["schema"]) {
            why = NotAnAnswer::Schema;
            continue;
        }
        let known = |name: &String| schema["properties"].get(name).is_some();
        let members = object.as_object();
        if !members.is_some_and(|members| members.keys().any(known)) {
            continue;
        }
        if let Ok(answer) = serde_json::from_value(object) {
            return Ok(answer);
        }
    }
    Err(why)
}

fn is_schema(object: &Value) -> bool {
    object["properties"].is_object()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Named {
        name: Option<String>,
    }

    #[track_caller]
    fn check(text: &str, expect: Result<Option<&str>, NotAnAnswer>) {
        let schema =
            json!({"type": "object", "properties": {"name": {"type": ["string", "null"]}}});
        let found: Result<Named, _> = answer(text, &schema);
        let expect = expect.map(|name| Named {
            name: name.map(str::to_owned),
        });
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn an_answer_is_found_in_what_is_written_around_it() {
        check(r#"{"name":"Acme"}"#, Ok(Some("Acme")));
        check("{\"name\": null}", Ok(None));
        check("```json\n{\"name\":\"Acme\"}\n```", Ok(Some("Acme")));
        check(
            "Sure! {braces} {\"name\":\"Acme\"} Anything else?",
            Ok(Some("Acme")),
        );
        check(
            "<think>{\"name\":\"Thought\"}</think>{\"name\":\"Acme\"}",
            Ok(Some("Acme")),
        );
        check(r#"{"name":"Acme","website":"x"}"#, Ok(Some("Acme")));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for nonsense in [
            "",
            "I would say Acme.",
            "{}",
            "[]",
            r#"{"title":"Acme"}"#,
            r#"{"name":5}"#,
            r#"{"name":"Ac"#,
            r#"{"answer":{"name":"Acme"}}"#,
        ] {
            check(nonsense, Err(NotAnAnswer::Nonsense));
        }
        for schema in [
            r#"{"type":"object","properties":{"name":{"type":"string"}}}"#,
            r#"{"name":"pointers","schema":{"properties":{"name":{"type":"string"}}}}"#,
        ] {
            check(schema, Err(NotAnAnswer::Schema));
        }
        check(&"{".repeat(100_000), Err(NotAnAnswer::Nonsense));
    }
}
