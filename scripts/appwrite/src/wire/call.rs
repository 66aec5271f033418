//! One request, parsed as far as every handler needs it.

use serde_json::{Map, Value};

use crate::options::{Edition, Line};
use crate::wire::actor::Actor;
use crate::wire::error::Error;

#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Which Appwrite is asked.
    pub(crate) edition: Edition,
    pub(crate) method: String,
    /// Path after `/v1/`, split and percent-decoded.
    pub(crate) path: Vec<String>,
    /// Decoded pairs in the order sent; see [`Call::parameter`] and [`Call::parameters`].
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
    pub(crate) actor: Actor,
}

/// Names in lower case, in the order sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Headers(pub(crate) Vec<(String, String)>);

impl Call {
    /// A guest's, as in `GET /users/ada`.
    #[cfg(test)]
    pub(crate) fn asking(asked: &str) -> Self {
        let (method, path) = asked.split_once(" /").unwrap_or_default();
        Self {
            edition: Edition::default(),
            method: method.to_owned(),
            path: path.split('/').map(str::to_owned).collect(),
            query: Vec::new(),
            headers: Headers::default(),
            body: Vec::new(),
            actor: Actor::Guest,
        }
    }

    /// For `match (call.method.as_str(), call.segments().as_slice())`.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// A single query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A list parameter, sent as `name[]=…` or `name[0]=…`.
    pub(crate) fn parameters(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(key, _)| {
                key.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']'))
            })
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The JSON object of the body; an empty body is an empty object. Line 1.9 takes every `{}` inside for `[]`.
    pub(crate) fn json(&self) -> Result<Map<String, Value>, Error> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(mut object)) => {
                if self.edition.line == Line::V1_9 {
                    object.values_mut().for_each(empty_objects_to_arrays);
                }
                Ok(object)
            }
            Ok(_) | Err(_) => Ok(Map::new()),
        }
    }

    /// Whether the answer is asked for in a format that is older than this: `X-Appwrite-Response-Format`.
    pub(crate) fn wants_format_before(&self, version: (u32, u32)) -> bool {
        let format = self.headers.get("x-appwrite-response-format");
        let mut numbers = format
            .unwrap_or_default()
            .split('.')
            .map(|part| part.parse::<u32>().unwrap_or(u32::MAX));
        let asked = numbers.next().zip(numbers.next());
        asked.is_some_and(|asked| asked < version)
    }
}

/// PHP has one word for both.
fn empty_objects_to_arrays(value: &mut Value) {
    match value {
        Value::Object(fields) if fields.is_empty() => *value = Value::Array(Vec::new()),
        Value::Object(fields) => fields.values_mut().for_each(empty_objects_to_arrays),
        Value::Array(list) => list.iter_mut().for_each(empty_objects_to_arrays),
        _ => {}
    }
}

impl Headers {
    /// The first value of a header, by its lower-case name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}
