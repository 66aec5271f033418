//! One request, parsed as far as every handler needs it.

use serde_json::{Map, Value};

use crate::wire::actor::Actor;
use crate::wire::error::Error;

#[derive(Debug, Clone)]
pub(crate) struct Call {
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

    /// The JSON object of the body; an empty body is an empty object.
    pub(crate) fn json(&self) -> Result<Map<String, Value>, Error> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) | Err(_) => Ok(Map::new()),
        }
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
