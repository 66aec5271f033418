//! The shape of an answer, from its Rust type, as strict servers take it.
//!
//! OpenAI's strict rules want every member of an object required, what may be absent nullable, and nothing beside them.
//! They know neither `oneOf` nor formats. <https://platform.openai.com/docs/guides/structured-outputs>

use schemars::generate::SchemaSettings;
use schemars::JsonSchema;
use serde_json::{json, Map, Value};

/// What strict servers refuse or do not need; names and versions are ours.
const LEFT_OUT: [&str; 4] = ["$schema", "default", "format", "title"];

/// The strict JSON schema of a type. Types without references to others become one piece.
pub fn strict<A: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<A>();
    let mut schema = schema.to_value();
    tighten(&mut schema);
    schema
}

/// Makes a schema and those below it strict.
fn tighten(schema: &mut Value) {
    let Value::Object(members) = schema else {
        return;
    };
    members.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
    if let Some(choices) = members.remove("oneOf") {
        members.insert("anyOf".to_owned(), choices);
    }
    if let Some(Value::Object(properties)) = members.get("properties") {
        let names: Vec<Value> = properties.keys().cloned().map(Value::String).collect();
        let required = required(members);
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            for (name, property) in properties.iter_mut() {
                tighten(property);
                if !required.contains(name) {
                    allow_null(property);
                }
            }
        }
        members.insert("required".to_owned(), Value::Array(names));
        members.insert("additionalProperties".to_owned(), json!(false));
    }
    for name in ["items", "anyOf"] {
        match members.get_mut(name) {
            Some(Value::Array(several)) => several.iter_mut().for_each(tighten),
            Some(one) => tighten(one),
            None => {}
        }
    }
}

fn required(members: &Map<String, Value>) -> Vec<String> {
    let names = members.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// What may be absent may be null instead.
fn allow_null(schema: &mut Value) {
    let Value::Object(members) = schema else {
        return;
    };
    match members.get_mut("type") {
        Some(Value::String(one)) if one != "null" => {
            let both = json!([one, "null"]);
            members.insert("type".to_owned(), both);
        }
        Some(Value::Array(several)) if !several.contains(&json!("null")) => {
            several.push(json!("null"));
        }
        Some(_) => {}
        None => {
            let inner = Value::Object(std::mem::take(members));
            members.insert("anyOf".to_owned(), json!([inner, {"type": "null"}]));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// A made answer.
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Example {
        /// A count.
        count: u32,
        word: Option<String>,
        #[serde(default)]
        inner: Vec<Inner>,
        kind: Kind,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Inner {
        text: Option<String>,
    }

    #[derive(Deserialize, JsonSchema)]
    enum Kind {
        /// The first.
        One,
        /// The second.
        Two,
    }

    #[test]
    fn every_member_is_required_and_what_may_be_absent_is_nullable() {
        let schema = strict::<Example>();
        assert_eq!(schema["additionalProperties"], false);
        let mut required = required(schema.as_object().unwrap());
        required.sort();
        assert_eq!(required, ["count", "inner", "kind", "word"]);
        assert_eq!(
            schema["properties"]["word"]["type"],
            json!(["string", "null"])
        );
        assert_eq!(schema["properties"]["count"]["type"], "integer");
        assert_eq!(schema["properties"]["count"]["description"], "A count.");
        let inner = &schema["properties"]["inner"];
        assert_eq!(inner["type"], json!(["array", "null"]));
        assert_eq!(inner["items"]["required"], json!(["text"]));
        assert_eq!(inner["items"]["additionalProperties"], false);
        assert_eq!(schema["properties"]["kind"]["oneOf"], Value::Null);
        for left_out in LEFT_OUT {
            assert!(
                !schema.to_string().contains(&format!("\"{left_out}\"")),
                "{schema}"
            );
        }
    }
}
