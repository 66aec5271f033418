//! Whether an answer is the recorded one, by the rules of the recordings' README. Stricter than these: also values
//! that the request did not set are compared, as far as they do not change from run to run.

use serde_json::{json, Map, Value};

/// Not compared by value: the README's list, and what no request set: how a deployment was built and on which machine,
/// and what a list of mail providers says.
const CHANGING: [&str; 29] = [
    "$createdAt",
    "$updatedAt",
    "$sequence",
    "expiresAt",
    "duration",
    "startTime",
    "version",
    "scheduledAt",
    "accessedAt",
    "userAccessedAt",
    "registration",
    "passwordUpdate",
    "invited",
    "joined",
    "deploymentCreatedAt",
    "latestDeploymentCreatedAt",
    "buildLogs",
    "buildDuration",
    "buildSize",
    "sourceSize",
    "totalSize",
    "type",
    "bytesUsed",
    "bytesMax",
    "message",
    "buildSpecification",
    "runtimeSpecification",
    "emailIsCorporate",
    "emailIsDisposable",
];

/// Headers that a function gets whose values change.
const CHANGING_HEADERS: [&str; 7] = [
    "x-appwrite-execution-id",
    "x-appwrite-key",
    "x-appwrite-user-jwt",
    "x-appwrite-jwt",
    "authorization",
    "host",
    "content-length",
];

/// Headers that an executor adds to its request to a function.
const EXECUTORS: [&str; 3] = ["content-length", "content-type", "host"];

/// What the function's own server says of its answer.
const SERVERS_OWN: [&str; 4] = ["connection", "content-length", "date", "server"];

/// What to compare beyond the README's common part.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// `body.message` too.
    pub(super) messages: bool,
    /// The newer server had another stand-in for the executor: of it are the headers of its own requests to functions,
    /// and that each line of a log is JSON.
    pub(super) newer: bool,
}

/// What differs, one line each.
pub(super) fn answers(
    recorded: (&Value, &Value),
    given: (u16, &Value),
    rules: Rules,
) -> Vec<String> {
    let mut differences = Vec::new();
    let (status, body) = recorded;
    if status.as_u64() != Some(given.0.into()) {
        differences.push(format!("status {status} != {}", given.0));
    }
    let (mut body, mut given) = (normal(body), normal(given.1));
    if rules.newer {
        without_executor(&mut body);
        without_executor(&mut given);
    }
    values(&body, &given, "", &mut differences);
    if let (Some(_), Some(_)) = (body.get("code"), body.get("message")) {
        // An error's type is no changing value, other than a deployment's.
        let mut fields = vec!["type"];
        fields.extend(rules.messages.then_some("message"));
        for field in fields {
            if body.get(field) != given.get(field) {
                let given = given.get(field).unwrap_or(&Value::Null);
                differences.push(format!("{field}: {} != {given}", body[field]));
            }
        }
    }
    differences
}

/// Leaves out what is the executor's.
fn without_executor(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), &mut *value) {
                    ("logs", Value::String(text)) => *text = plain_log(text),
                    ("headers", Value::Object(headers)) => {
                        headers.retain(|name, _| !EXECUTORS.contains(&name.as_str()));
                    }
                    _ => without_executor(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(without_executor),
        _ => {}
    }
}

/// A log whose lines may each be `{"message": …}`.
fn plain_log(text: &str) -> String {
    let plain = |line: &str| {
        let json: Option<Value> = serde_json::from_str(line).ok();
        let message = json.as_ref().and_then(|json| json["message"].as_str());
        message.unwrap_or(line).to_owned() + "\n"
    };
    text.lines().map(plain).collect()
}

/// Requests that functions got, compared like answers.
pub(super) fn requests(recorded: &Value, given: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    let (recorded, mut given) = (normal(recorded), normal(given));
    if let Some(headers) = given["headers"].as_object_mut() {
        // The recording is of what the executor was told, before it spoke HTTP.
        headers.retain(|name, _| name != "host" && name != "content-length");
    }
    values(&recorded, &given, "", &mut differences);
    differences
}

fn values(recorded: &Value, given: &Value, path: &str, differences: &mut Vec<String>) {
    match (recorded, given) {
        (Value::Object(recorded), Value::Object(given)) => {
            let other = is_another_row(recorded, given);
            for key in recorded.keys().filter(|key| !given.contains_key(*key)) {
                differences.push(format!("{path}.{key} is missing"));
            }
            for key in given.keys().filter(|key| !recorded.contains_key(*key)) {
                differences.push(format!("{path}.{key} is not in the recording"));
            }
            for (key, value) in recorded {
                let Some(given) = given.get(key) else {
                    continue;
                };
                let path = format!("{path}.{key}");
                if other || CHANGING.contains(&key.as_str()) {
                    let is_open = other && (value.is_null() || given.is_null());
                    if kind(value) != kind(given) && !is_open {
                        differences.push(format!("{path}: {value:.80} != {given:.80}"));
                    }
                } else if !is_sooner(key, value, given) {
                    values(value, given, &path, differences);
                }
            }
        }
        (Value::Array(recorded), Value::Array(given)) => {
            let is_cut = recorded.iter().any(is_cut);
            if !is_cut && recorded.len() != given.len() {
                let lengths = (recorded.len(), given.len());
                differences.push(format!("{path}: {} != {} entries", lengths.0, lengths.1));
            }
            let whole = recorded.iter().take_while(|value| !self::is_cut(value));
            for (position, (value, given)) in whole.zip(given).enumerate() {
                values(value, given, &format!("{path}[{position}]"), differences);
            }
        }
        // Cut out of the recording: only that there was something is known.
        (Value::String(_), Value::String(_) | Value::Object(_)) if is_cut(recorded) => {}
        _ if kind(recorded) != kind(given) => {
            let (recorded, given) = (short(recorded), short(given));
            differences.push(format!("{path}: {recorded} != {given}"));
        }
        (Value::String(text), Value::String(given)) => {
            if text != given && !is_generated(text) && !is_page(text, given) {
                let (text, given) = (short(recorded), short(&json!(given)));
                differences.push(format!("{path}: {text} != {given}"));
            }
        }
        _ => {
            let equal = match (recorded.as_f64(), given.as_f64()) {
                (Some(recorded), Some(given)) => recorded == given,
                _ => recorded == given,
            };
            if !equal {
                differences.push(format!("{path}: {recorded} != {given}"));
            }
        }
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(160).collect()
}

/// JSON's types; a whole number is a number.
fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// `…(n characters)` stands where the recording cut.
fn is_cut(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("…("))
}

/// What is made up anew in every run: ids, times, secrets and what was cut out.
fn is_generated(text: &str) -> bool {
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    is_hex(text, 20)
        || is_hex(&text.replace('-', ""), 32)
        || text.contains("…(")
        || text.contains("{{")
        || chrono::DateTime::parse_from_rfc3339(text).is_ok()
        // Ids of indexes carry the internal numbers of database and table.
        || text.split_once('_').is_some_and(|(number, _)| number.parse::<u32>().is_ok())
}

/// A page of the server; its looks are not compared.
fn is_page(recorded: &str, given: &str) -> bool {
    recorded.starts_with("<!") && given.starts_with("<!")
}

/// Rows with random ids come in another order when the order is that of the ids, or random.
fn is_another_row(recorded: &Map<String, Value>, given: &Map<String, Value>) -> bool {
    let id = |row: &Map<String, Value>| {
        let id = row.get("$id").and_then(Value::as_str);
        id.filter(|id| id.len() == 36 && is_generated(id))
            .map(str::to_owned)
    };
    matches!((id(recorded), id(given)), (Some(recorded), Some(given)) if recorded != given)
}

/// Columns, indexes and deployments are made by a worker, here sooner.
fn is_sooner(key: &str, recorded: &Value, given: &Value) -> bool {
    key == "status" && recorded == "processing" && (given == "available" || given == "ready")
}

/// Brings what functions tell and what is told of them into one form.
fn normal(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with(BOUNDARY) => normal(&parts(text)),
        Value::Array(values) => values.iter().map(normal).collect(),
        Value::Object(fields)
            if fields.contains_key("headers") && fields.contains_key("method") =>
        {
            echo(fields)
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("responseBody" | "body", Value::String(text)) if !is_cut(value) => {
                        serde_json::from_str(text)
                            .map_or_else(|_| value.clone(), |json: Value| normal(&json))
                    }
                    ("responseHeaders", Value::Array(headers)) => {
                        let mut names: Vec<&str> = headers
                            .iter()
                            .filter_map(|header| header["name"].as_str())
                            .filter(|name| !SERVERS_OWN.contains(name))
                            .collect();
                        names.sort_unstable();
                        json!(names)
                    }
                    _ => normal(value),
                };
                (key.clone(), value)
            })
            .collect(),
        _ => value.clone(),
    }
}

/// How the server's boundaries between parts begin.
const BOUNDARY: &str = "-----------------------------";

/// A body of `multipart/form-data` as an object of its parts.
fn parts(text: &str) -> Value {
    let boundary = text.lines().next().unwrap_or_default();
    let part = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let (name, more) = name.split_once('"')?;
        let value = value.strip_suffix("\r\n").unwrap_or(value);
        let value = match more.contains("application/json") {
            true => serde_json::from_str(value).ok()?,
            false => json!(value),
        };
        Some((name.to_owned(), value))
    };
    text.split(boundary).filter_map(part).collect()
}

/// What a function says it got. What else it says is about itself.
fn echo(fields: &Map<String, Value>) -> Value {
    let pairs: Vec<(String, &Value)> = match &fields["headers"] {
        Value::Object(headers) => headers
            .iter()
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect(),
        Value::Array(headers) => headers
            .iter()
            .map(|pair| {
                (
                    pair[0].as_str().unwrap_or_default().to_lowercase(),
                    &pair[1],
                )
            })
            .collect(),
        _ => Vec::new(),
    };
    let mut headers = Map::new();
    for (name, value) in pairs {
        if name.starts_with("x-open-runtimes-") || name == "accept" {
            continue;
        }
        // The version behind it is the server's own.
        let is_appwrite = |agent: &str| agent.starts_with("Appwrite/");
        if name == "user-agent" && value.as_str().is_some_and(is_appwrite) {
            headers.insert(name, json!("Appwrite"));
            continue;
        }
        let is_empty = value.as_str().is_none_or(str::is_empty);
        let value = if CHANGING_HEADERS.contains(&name.as_str()) && !is_empty {
            json!("some")
        } else {
            value.clone()
        };
        headers.insert(name, value);
    }
    let body = match &fields["body"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        body => body.clone(),
    };
    json!({"method": fields["method"], "path": fields["path"], "headers": headers, "body": body})
}

#[cfg(test)]
mod tests {
    use serde_json::{json, Value};

    use super::{answers, Rules};

    #[track_caller]
    fn check(recorded: Value, given: Value, expect: usize) {
        let rules = Rules {
            messages: true,
            newer: false,
        };
        let found = answers((&json!(200), &recorded), (200, &given), rules);
        assert_eq!(found.len(), expect, "{found:?}");
    }

    #[test]
    fn what_changes_from_run_to_run_is_compared_by_type_only() {
        check(json!({"$updatedAt": "a"}), json!({"$updatedAt": "b"}), 0);
        check(json!({"$updatedAt": "a"}), json!({"$updatedAt": 1}), 1);
        check(
            json!({"$id": "6b02a7392776cc1a5181"}),
            json!({"$id": "fca2c53c3f90a66fc515"}),
            0,
        );
        check(json!({"$id": "job1"}), json!({"$id": "job2"}), 1);
    }

    #[test]
    fn keys_types_and_values_are_compared() {
        check(json!({"a": 1}), json!({"a": 1.0}), 0);
        check(json!({"a": 1}), json!({"a": "1"}), 1);
        check(json!({"a": 1}), json!({"a": 1, "b": null}), 1);
        check(
            json!({"rows": ["…(25 entries)"]}),
            json!({"rows": [1, 2]}),
            0,
        );
        check(json!([1]), json!([1, 2]), 1);
    }

    #[test]
    fn an_error_is_its_type() {
        let error =
            |kind: &str, message: &str| json!({"code": 409, "type": kind, "message": message});
        check(error("a", "m"), error("a", "m"), 0);
        check(error("a", "m"), error("b", "m"), 1);
        check(error("a", "m"), error("a", "n"), 1);
    }
}
