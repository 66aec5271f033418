//! What came with a call: bounded before a byte of it is looked at, and parsed straight into what the route takes, so
//! that no more is held of it than that.

use std::fmt;
use std::marker::PhantomData;

use domain::failure::{Code, Failure};
use openruntimes::ContextRequest;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Error, IntoDeserializer, MapAccess};
use serde::Deserializer;
use serde_json::error::Category;
use serde_json::Value;

/// Most bytes of a call, its body and its query together.
const LARGEST: usize = 256 * 1024;

/// Most values in a body: one of two bytes may take half a kilobyte once it is parsed.
const MOST_VALUES: usize = 10_000;

/// Taken off every request before the route sees it.
const DRY_RUN: &str = "dryRun";

/// A call's body, or its query, unread.
pub struct Input {
    is_get: bool,
    body: Vec<u8>,
    query: Vec<(String, String)>,
}

/// The row as an event carries it, unread: of any size, because rows are.
pub struct Payload(Vec<u8>);

impl fmt::Debug for Payload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Payload of {} bytes", self.0.len())
    }
}

impl Payload {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What of the row `T` names; none if that cannot be read. The rest is passed over, not kept.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.0).ok()
    }
}

impl Input {
    /// # Errors
    /// `too_large`
    pub(crate) fn bounded(request: &ContextRequest) -> Result<Self, Failure> {
        let body = request.body_binary();
        if body.len() + request.query_string.len() > LARGEST {
            return Err(too_large(format!(
                "The request is larger than {} KiB. Send less at a time.",
                LARGEST / 1024
            )));
        }
        let query = request.query.iter();
        Ok(Self {
            is_get: request.method == "GET",
            body,
            query: query
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        })
    }

    /// What the route takes, and whether it is a dry run.
    ///
    /// # Errors
    /// `invalid_request`, in words that may quote the caller's own data: for the caller's eyes only.
    pub(crate) fn read<B: DeserializeOwned>(self) -> Result<(bool, B), Failure> {
        // The platform keeps paths with their queries for days, so what a route takes may not stand there.
        if !self.is_get && !self.query.is_empty() {
            return Err(invalid(
                "Parameters in the URL are not taken. Send them as a JSON body.",
            ));
        }
        match self.body.as_slice() {
            [] if self.is_get => {
                let query = self.query.into_iter();
                let query = query.map(|(name, value)| (name, Value::String(value)));
                let request = serde_json::from_value(Value::Object(query.collect()));
                request.map(|request| (false, request)).map_err(misfit)
            }
            [] => read(b"{}"),
            body => read(body),
        }
    }
}

fn read<B: DeserializeOwned>(body: &[u8]) -> Result<(bool, B), Failure> {
    if values_in(body) > MOST_VALUES {
        return Err(too_large(format!(
            "The request holds more than {MOST_VALUES} values. Send less at a time."
        )));
    }
    let mut dry_run = None;
    let visitor = Visitor {
        dry_run: &mut dry_run,
        request: PhantomData,
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    let request = json.deserialize_map(visitor);
    match request.and_then(|request| json.end().map(|()| request)) {
        Ok(request) => Ok((dry_run.unwrap_or(false), request)),
        Err(error) if error.classify() != Category::Data => {
            Err(invalid(format!("The body is not JSON: {error}.")))
        }
        // Whatever else it is would be quoted whole.
        Err(_) if !is_object(body) => Err(invalid("The body must be a JSON object.")),
        Err(error) => Err(misfit(error)),
    }
}

fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{")
}

/// How many values the JSON text holds at most, without parsing it.
fn values_in(json: &[u8]) -> usize {
    let (mut values, mut in_text, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => values += 1,
            _ => {}
        }
    }
    values
}

/// Hands an object to `B` without its `dryRun`.
struct Visitor<'a, B> {
    dry_run: &'a mut Option<bool>,
    request: PhantomData<B>,
}

impl<'de, B: DeserializeOwned> serde::de::Visitor<'de> for Visitor<'_, B> {
    type Value = B;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<B, A::Error> {
        let fields = Fields {
            map,
            dry_run: self.dry_run,
        };
        B::deserialize(MapAccessDeserializer::new(fields))
    }
}

struct Fields<'a, A> {
    map: A,
    dry_run: &'a mut Option<bool>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.map.next_key::<String>()? {
            if name != DRY_RUN {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
            let said = self.map.next_value::<bool>();
            let said = said.map_err(|_| A::Error::custom("dryRun is true or false"))?;
            if self.dry_run.replace(said).is_some() {
                return Err(A::Error::duplicate_field(DRY_RUN));
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

fn misfit(error: serde_json::Error) -> Failure {
    invalid(format!("The request is not understood: {error}."))
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new(Code::InvalidRequest, message)
}

fn too_large(message: String) -> Failure {
    Failure::new(Code::TooLarge, message)
}
