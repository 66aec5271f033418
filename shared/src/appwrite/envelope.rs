//! Which text may be sent. Appwrite runs a text that it reads as `{"method": …}` as an operator, in any text column,
//! instead of storing it. What its parser reads so (escapes, numbers, depths, blanks) is its own business, so nothing is
//! decided here by parsing: a text that begins with a brace is not sent, but for the envelopes that are made here.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::AppwriteError;

/// What a JSON column holds: our own document, which names its schema, or whatever text was read there.
///
/// Only a document that was made here is ever sent. It serialises as an object, which no other column does; that is how
/// [`sendable`] tells it from text.
#[derive(Clone, Debug)]
pub struct Envelope(Held);

#[derive(Clone, Debug)]
enum Held {
    Made(Document),
    Read(String),
}

/// The schema first, for people who look at the column.
#[derive(Clone, Debug, Serialize)]
struct Document {
    schema: Cow<'static, str>,
    #[serde(flatten)]
    body: Map<String, Value>,
}

impl Envelope {
    /// A document of this schema, `valyourise/<name>@<version>`. A member called `method` has no place in it: Appwrite
    /// would run the whole, so it is left out.
    pub fn new(
        schema: &'static str,
        members: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Self {
        let document = Document {
            schema: schema.into(),
            body: Map::new(),
        };
        let empty = Self(Held::Made(document));
        members
            .into_iter()
            .fold(empty, |made, (name, value)| made.with(name, value))
    }

    /// The document with one more member. Text that was read stays what it is.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        if let Held::Made(document) = &mut self.0 {
            if !matches!(name, "schema" | "method") {
                document.body.insert(name.to_owned(), value);
            }
        }
        self
    }

    /// The column's text.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Held::Made(document) => Cow::Owned(document.text()),
            Held::Read(text) => Cow::Borrowed(text),
        }
    }
}

impl Document {
    fn text(&self) -> String {
        let text = serde_json::to_string(self);
        text.expect("names and values that are JSON already have a text")
    }
}

impl PartialEq for Envelope {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Held::Made(document) => document.serialize(serializer),
            Held::Read(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Held::Read(text)))
    }
}

/// Whether Appwrite may take the text for an operator: the first of it that can be seen is a brace. Such a text is none of
/// a person's or a website's values.
pub fn may_be_operator(text: &str) -> bool {
    let can_be_seen = |c: char| c.is_alphanumeric() || c.is_ascii_graphic();
    text.chars().find(|c| can_be_seen(*c)) == Some('{')
}

/// The columns as they are sent, if all of them may be.
pub(super) fn sendable(columns: Map<String, Value>) -> Result<Map<String, Value>, AppwriteError> {
    let refused = |value: &Value| match value {
        Value::String(text) => may_be_operator(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).any(may_be_operator),
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => false,
    };
    match columns.iter().find(|(_, value)| refused(value)) {
        Some((column, _)) => Err(AppwriteError::LooksLikeOperator {
            column: column.clone(),
        }),
        None => Ok(texts(columns)),
    }
}

/// Every column as the server holds it.
pub(super) fn texts(columns: Map<String, Value>) -> Map<String, Value> {
    let texts = columns
        .into_iter()
        .map(|(column, value)| (column, text(&value)));
    texts.collect()
}

/// The value of a column as the server holds it: an envelope's is its text.
pub(super) fn text(value: &Value) -> Value {
    match value {
        Value::Object(body) => {
            let mut body = body.clone();
            let schema = body.remove("schema");
            let schema = schema.as_ref().and_then(Value::as_str).unwrap_or_default();
            let schema = schema.to_owned().into();
            Value::String(Document { schema, body }.text())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_brace_that_is_the_first_to_be_seen_makes_a_text_unusable() {
        for blank in [
            "",
            " ",
            "\t\r\n",
            "\u{b}\u{0}",
            "\u{a0}",
            "\u{feff}",
            "\u{200b}\u{2060}",
            "\u{ad}",
            "\u{85}",
        ] {
            for text in [
                r#"{"method":"toggle"}"#,
                r#"{"\u006dethod":"x"}"#,
                r#"{"n":1e999,"method":"x"}"#,
                "{",
                "{}",
                "{a",
            ] {
                assert!(
                    may_be_operator(&format!("{blank}{text}")),
                    "{blank:?}{text}"
                );
            }
        }
        for text in ["", " ", "Acme {GmbH}", r#"["{"]"#, r#""{""#, "é{", "({"] {
            assert!(!may_be_operator(text), "{text}");
        }
    }

    #[test]
    fn an_envelope_is_sent_as_its_text_and_no_other_text_with_a_brace_is() {
        let made = Envelope::new("valyourise/x@1", [("a", json!("{")), ("method", json!(1))]);
        assert_eq!(made.text(), r#"{"schema":"valyourise/x@1","a":"{"}"#);
        let column = |value: Value| Map::from_iter([("c".to_owned(), value)]);
        let sent = sendable(column(serde_json::to_value(&made).unwrap())).unwrap();
        assert_eq!(sent["c"], made.text().as_ref());

        let read: Envelope = serde_json::from_value(json!(made.text())).unwrap();
        assert_eq!(read, made);
        let copied = sendable(column(serde_json::to_value(&read).unwrap()));
        assert!(copied.is_err(), "what was read may be anybody's");
        assert_eq!(read.clone().with("b", json!(1)), read);
        for text in ["{}", "\u{feff}{\"method\":\"toggle\"}"] {
            assert!(sendable(column(json!(text))).is_err());
            assert!(sendable(column(json!(["a", text]))).is_err());
        }
        assert!(sendable(column(json!(["a", null, 1.5, true]))).is_ok());
    }
}
