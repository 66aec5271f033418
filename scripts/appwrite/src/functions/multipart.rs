//! Executions as `multipart/form-data`: how an answer of a function that is no text gets through the executions API.

use serde_json::Value;

use crate::wire::{id, Answer, Content, Headers};

/// Whether the caller asks for it: the first of the kinds named that is known decides.
pub(crate) fn is_accepted(headers: &Headers) -> bool {
    let accept = headers.get("accept").unwrap_or_default();
    let starts = |kind: &str, names: [&str; 2]| names.iter().any(|name| kind.starts_with(name));
    accept
        .split(", ")
        .find_map(|kind| {
            if starts(kind, ["application/json", "application/*"]) {
                return Some(false);
            }
            starts(kind, ["multipart/form-data", "multipart/*"]).then_some(true)
        })
        .unwrap_or(false)
}

/// The fields of an execution, with the bytes that the function answered.
pub(crate) fn answer(status: u16, execution: &Value, response: &[u8]) -> Answer {
    let boundary = format!("{}{}", "-".repeat(29), &id::unique()[..13]);
    let mut body = Vec::new();
    for (name, value) in execution.as_object().into_iter().flatten() {
        let (kind, value) = match value {
            _ if name == "responseBody" => ("", response.to_vec()),
            Value::Null => ("", Vec::new()),
            Value::String(text) => ("", text.clone().into_bytes()),
            Value::Bool(_) | Value::Number(_) => ("", value.to_string().into_bytes()),
            Value::Array(_) | Value::Object(_) => (
                "Content-Type: application/json\r\n",
                value.to_string().into_bytes(),
            ),
        };
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{kind}\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(value);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    let content_type = format!("multipart/form-data; boundary={boundary}");
    Answer::of_type(status, &content_type, Content::Bytes(body))
}

#[cfg(test)]
mod tests {
    use super::is_accepted;
    use crate::wire::Headers;

    #[track_caller]
    fn check(accept: &str, expect: bool) {
        let headers = Headers(vec![("accept".to_owned(), accept.to_owned())]);
        assert_eq!(is_accepted(&headers), expect, "{accept}");
    }

    #[test]
    fn the_first_known_kind_decides() {
        check("multipart/form-data", true);
        check("multipart/*, application/json", true);
        check("application/json, multipart/form-data", false);
        check("text/html, application/*", false);
        check("*/*", false);
        check("", false);
    }
}
