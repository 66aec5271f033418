//! What the JSON columns hold: documents of ours, each with a name and a version, and which text may be sent at all.
//!
//! A column holds `{"schema": "valyourise/<name>@<version>", "meta": …, …}`: the document's members beside what is to be
//! known of how it was made. A newer version is refused by its name; an older one is read, so what a version adds has a
//! default.
//!
//! Appwrite runs a text that it reads as `{"method": …}` as an operator, in any text column, instead of storing it. What
//! its parser reads so (escapes, numbers, depths, blanks) is its own business, so nothing is decided here by parsing: a
//! text that begins with a brace is not sent, but for the documents that are made here.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// What the names of all schemas begin with.
const PREFIX: &str = "valyourise/";

/// Members that a document cannot have: the first two are the column's own, and Appwrite would run the third.
const RESERVED: [&str; 3] = ["schema", "meta", "method"];

/// The contents of a JSON column, by their name and version.
pub trait Document: Serialize + DeserializeOwned {
    const NAME: &'static str;
    /// Goes up when earlier versions of the code could not read, or would misunderstand, what is written now.
    const VERSION: u32;
}

/// Why a column's text is not the document that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Written by a later version of this bundle, which was deployed for a while.
    #[error("of a version that this deployment does not know ({0})")]
    Newer(String),
    #[error("not readable")]
    Malformed,
}

/// `valyourise/<name>@<version>` of a document.
pub fn schema<D: Document>() -> String {
    format!("{PREFIX}{}@{}", D::NAME, D::VERSION)
}

/// Reads a column's text.
///
/// # Errors
/// For text that no version wrote, and for a version newer than this one.
pub fn read<D: Document>(text: &str) -> Result<D, Unreadable> {
    let mut members: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| Unreadable::Malformed)?;
    let schema = members.remove("schema");
    let schema = schema.as_ref().and_then(Value::as_str).unwrap_or_default();
    let named = schema
        .strip_prefix(PREFIX)
        .and_then(|named| named.split_once('@'));
    let version = match named {
        Some((name, version)) if name == D::NAME => version.parse::<u32>(),
        Some(_) | None => return Err(Unreadable::Malformed),
    };
    match version {
        Ok(version) if (1..=D::VERSION).contains(&version) => {
            members.retain(|name, _| !RESERVED.contains(&name.as_str()));
            serde_json::from_value(Value::Object(members)).map_err(|_| Unreadable::Malformed)
        }
        Ok(version) if version > D::VERSION => Err(Unreadable::Newer(schema.to_owned())),
        Ok(_) | Err(_) => Err(Unreadable::Malformed),
    }
}

/// What a column's text says of how it was made, whatever document it holds.
pub fn meta<M: DeserializeOwned>(text: &str) -> Option<M> {
    #[derive(Deserialize)]
    struct WithMeta<M> {
        meta: M,
    }
    serde_json::from_str(text)
        .ok()
        .map(|made: WithMeta<M>| made.meta)
}

/// A document with its schema, as replies show it.
#[derive(Debug, Serialize)]
pub struct Versioned<D> {
    schema: String,
    #[serde(flatten)]
    document: D,
}

impl<D: Document> Versioned<D> {
    pub fn new(document: D) -> Self {
        Self {
            schema: schema::<D>(),
            document,
        }
    }
}

/// What a JSON column holds: a document that was made here, or whatever text was read there.
///
/// Only what was made here is ever sent. It serialises as an object, which no other column does; that is how [`sendable`]
/// tells it from text.
#[derive(Clone, Debug)]
pub struct Envelope(Contents);

#[derive(Clone, Debug)]
enum Contents {
    Made(Members),
    Read(String),
}

/// The schema and how it was made first, for people who look at the column.
#[derive(Clone, Debug, Serialize)]
struct Members {
    schema: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Value>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl Envelope {
    /// The document as a column holds it. A document is a struct; anything else has no members, and is empty.
    pub fn new<D: Document>(document: &D) -> Self {
        let value = serde_json::to_value(document);
        let mut others = match value {
            Ok(Value::Object(others)) => others,
            Ok(_) | Err(_) => Map::new(),
        };
        others.retain(|name, _| !RESERVED.contains(&name.as_str()));
        Self(Contents::Made(Members {
            schema: schema::<D>().into(),
            meta: None,
            others,
        }))
    }

    /// The same with what is to be known of how it was made. Text that was read stays what it is.
    #[must_use]
    pub fn with_meta(mut self, meta: &impl Serialize) -> Self {
        if let Contents::Made(members) = &mut self.0 {
            members.meta = serde_json::to_value(meta).ok();
        }
        self
    }

    /// The column's text.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Contents::Made(members) => Cow::Owned(members.text()),
            Contents::Read(text) => Cow::Borrowed(text),
        }
    }

    /// The document that the column holds.
    ///
    /// # Errors
    /// See [`read`].
    pub fn read<D: Document>(&self) -> Result<D, Unreadable> {
        read(&self.text())
    }
}

impl Members {
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
            Contents::Made(members) => members.serialize(serializer),
            Contents::Read(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Contents::Read(text)))
    }
}

/// Whether Appwrite may take the text for an operator: the first of it that can be seen is a brace. Such a text is none of
/// a person's or a website's values.
pub fn may_be_operator(text: &str) -> bool {
    let can_be_seen = |c: char| c.is_alphanumeric() || c.is_ascii_graphic();
    text.chars().find(|c| can_be_seen(*c)) == Some('{')
}

/// The columns as they are sent, if all of them may be.
///
/// # Errors
/// The name of a column whose text Appwrite may take for an operator.
pub fn sendable(columns: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let refused = |value: &Value| match value {
        Value::String(text) => may_be_operator(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).any(may_be_operator),
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => false,
    };
    match columns.iter().find(|(_, value)| refused(value)) {
        Some((column, _)) => Err(column.clone()),
        None => Ok(texts(columns)),
    }
}

/// Every column as the server holds it.
pub fn texts(columns: Map<String, Value>) -> Map<String, Value> {
    let texts = columns
        .into_iter()
        .map(|(column, value)| (column, text(&value)));
    texts.collect()
}

/// The value of a column as the server holds it: a document's is its text.
pub fn text(value: &Value) -> Value {
    match value {
        Value::Object(body) => {
            let schema = body.get("schema").and_then(Value::as_str);
            // The others stay in their order: what was sent is compared with what stands there.
            let mut others = body.clone();
            others.retain(|name, _| name != "schema" && name != "meta");
            let members = Members {
                schema: schema.unwrap_or_default().to_owned().into(),
                meta: body.get("meta").cloned(),
                others,
            };
            Value::String(members.text())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_sent_as_it_reads() {
        let others = json!({"zeta": 1, "alpha": 2, "mu": 3});
        let made = |meta: bool| {
            Envelope(Contents::Made(Members {
                schema: "valyourise/example@1".into(),
                meta: meta.then(|| json!({"b": 1, "a": 2})),
                others: others.as_object().unwrap().clone(),
            }))
        };
        for made in [made(true), made(false)] {
            let sent = text(&serde_json::to_value(&made).unwrap());
            assert_eq!(sent, json!(made.text()));
        }
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Example {
        a: String,
        #[serde(default)]
        method: u8,
    }

    impl Document for Example {
        const NAME: &'static str = "example";
        const VERSION: u32 = 2;
    }

    #[track_caller]
    fn check(text: &str, expect: Result<&str, Unreadable>) {
        let found: Result<Example, Unreadable> = read(text);
        assert_eq!(
            found.map(|found| found.a).as_deref(),
            expect.as_deref(),
            "{text}"
        );
    }

    #[test]
    fn a_document_is_read_by_its_name_and_version() {
        let newer = |schema: &str| Err(Unreadable::Newer(schema.to_owned()));
        check(r#"{"schema":"valyourise/example@2","a":"x"}"#, Ok("x"));
        check(
            r#"{"schema":"valyourise/example@1","meta":{"n":1},"a":"x"}"#,
            Ok("x"),
        );
        check(
            r#"{"schema":"valyourise/example@3","b":1}"#,
            newer("valyourise/example@3"),
        );
        for text in [
            "not JSON",
            "[]",
            r#"{"a":"x"}"#,
            r#"{"schema":"valyourise/other@2","a":"x"}"#,
            r#"{"schema":"valyourise/example@0","a":"x"}"#,
            r#"{"schema":"valyourise/example@-1","a":"x"}"#,
            r#"{"schema":"valyourise/example","a":"x"}"#,
            r#"{"schema":"example@2","a":"x"}"#,
            r#"{"schema":"valyourise/example@2","a":"x","b":1}"#,
            r#"{"schema":"valyourise/example@2"}"#,
        ] {
            check(text, Err(Unreadable::Malformed));
        }
    }

    #[test]
    fn what_is_to_be_known_of_a_document_is_read_whatever_it_is() {
        let made = Envelope::new(&Example::default()).with_meta(&json!({"attempt": 2}));
        assert_eq!(meta(&made.text()), Some(json!({"attempt": 2})));
        assert_eq!(made.read(), Ok(Example::default()));
        assert_eq!(meta::<Value>("{}"), None);
        assert_eq!(meta::<Value>("{"), None);
    }

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
    fn a_document_is_sent_as_its_text_and_no_other_text_with_a_brace_is() {
        let made = Envelope::new(&Example {
            a: "{".to_owned(),
            method: 1,
        });
        assert_eq!(made.text(), r#"{"schema":"valyourise/example@2","a":"{"}"#);
        let column = |value: Value| Map::from_iter([("c".to_owned(), value)]);
        let sent = sendable(column(serde_json::to_value(&made).unwrap())).unwrap();
        assert_eq!(sent["c"], made.text().as_ref());

        let read: Envelope = serde_json::from_value(json!(made.text())).unwrap();
        assert_eq!(read, made);
        let copied = sendable(column(serde_json::to_value(&read).unwrap()));
        assert!(copied.is_err(), "what was read may be anybody's");
        assert_eq!(read.clone().with_meta(&1), read);
        for text in ["{}", "\u{feff}{\"method\":\"toggle\"}"] {
            assert!(sendable(column(json!(text))).is_err());
            assert!(sendable(column(json!(["a", text]))).is_err());
        }
        assert!(sendable(column(json!(["a", null, 1.5, true]))).is_ok());
    }
}
