//! Structured data of a page as one graph: JSON-LD blocks however broken, microdata and RDFa Lite.
//!
//! Every string is appended to the page's text and known by its place there. What the nodes mean is for the extractor.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::document::{plain, Span};
use crate::profile::Method;

/// All nodes of a page; an inner node stands behind the one that holds it.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// The first node with anything to say under each `@id`.
    ids: HashMap<String, usize>,
}

#[derive(Debug)]
pub(crate) struct Node {
    /// Without the vocabulary: `Organization`, not `https://schema.org/Organization`.
    pub(crate) types: Vec<String>,
    pub(crate) values: Vec<(String, Value)>,
    /// The node that this one is a value of, and under which name.
    pub(crate) parent: Option<(usize, String)>,
    pub(crate) method: Method,
}

#[derive(Debug)]
pub(crate) enum Value {
    Text(Span),
    Node(usize),
}

impl Graph {
    pub(crate) fn values<'a>(
        &'a self,
        node: usize,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Value> {
        self.nodes[node]
            .values
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// First text under a name.
    pub(crate) fn text(&self, node: usize, name: &str) -> Option<Span> {
        self.values(node, name).find_map(|value| match value {
            Value::Text(span) if span.start < span.end => Some(*span),
            Value::Text(_) | Value::Node(_) => None,
        })
    }

    /// The node that a bare reference means.
    pub(crate) fn by_id(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// Makes references findable once all nodes are read.
    pub(super) fn index(&mut self, text: &str) {
        for (position, node) in self.nodes.iter().enumerate() {
            let id = node.values.iter().find_map(|(key, value)| match value {
                Value::Text(span) if key == "@id" => Some(&text[span.start..span.end]),
                Value::Text(_) | Value::Node(_) => None,
            });
            if let Some(id) = id.filter(|_| node.values.len() > 1) {
                self.ids.entry(id.to_owned()).or_insert(position);
            }
        }
    }

    /// Reads one script block; whatever cannot be read is left out.
    pub(super) fn read_json(&mut self, script: &str, append: &mut impl FnMut(&str) -> Span) {
        for json in parse(script) {
            self.add_json(&json, None, append);
        }
    }

    fn add_json(
        &mut self,
        json: &Json,
        parent: Option<(usize, &str)>,
        append: &mut impl FnMut(&str) -> Span,
    ) {
        match json {
            Json::Array(list) => {
                for entry in list {
                    self.add_json(entry, parent, append);
                }
            }
            Json::Object(map) => {
                let index = self.nodes.len();
                self.nodes.push(Node {
                    types: map.get("@type").map(types).unwrap_or_default(),
                    values: Vec::new(),
                    parent: parent.map(|(node, name)| (node, name.to_owned())),
                    method: Method::JsonLd,
                });
                if let Some((node, name)) = parent {
                    self.nodes[node]
                        .values
                        .push((name.to_owned(), Value::Node(index)));
                }
                for (key, value) in map {
                    match key.as_str() {
                        "@context" | "@type" => {}
                        "@graph" => self.add_json(value, None, append),
                        _ => {
                            let key = key.strip_prefix("schema:").unwrap_or(key);
                            self.add_json(value, Some((index, key)), append);
                        }
                    }
                }
            }
            Json::String(text) => {
                if let Some((node, name)) = parent {
                    let span = append(&plain(text));
                    self.nodes[node]
                        .values
                        .push((name.to_owned(), Value::Text(span)));
                }
            }
            // Only whole numbers: others may be written differently on the page.
            Json::Number(number) if number.is_u64() => {
                if let Some((node, name)) = parent {
                    let span = append(&number.to_string());
                    self.nodes[node]
                        .values
                        .push((name.to_owned(), Value::Text(span)));
                }
            }
            Json::Number(_) | Json::Bool(_) | Json::Null => {}
        }
    }

    pub(super) fn read_items(&mut self, items: Items, append: &mut impl FnMut(&str) -> Span) {
        let base = self.nodes.len();
        for (position, item) in items.items.into_iter().enumerate() {
            let index = base + position;
            if let Some((parent, name)) = &item.parent {
                self.nodes[base + parent]
                    .values
                    .push((name.clone(), Value::Node(index)));
            }
            self.nodes.push(Node {
                types: item.types,
                values: item
                    .values
                    .into_iter()
                    .map(|(name, text)| (name, Value::Text(append(&text))))
                    .collect(),
                parent: item.parent.map(|(parent, name)| (base + parent, name)),
                method: Method::Microdata,
            });
        }
    }
}

fn types(value: &Json) -> Vec<String> {
    match value {
        Json::String(name) => vec![short(name)],
        Json::Array(list) => list.iter().filter_map(Json::as_str).map(short).collect(),
        _ => Vec::new(),
    }
}

fn short(name: &str) -> String {
    name.rsplit(['/', '#', ':'])
        .next()
        .unwrap_or(name)
        .trim()
        .to_owned()
}

/// Every JSON value of a script block: as it is, else mended.
fn parse(script: &str) -> Vec<Json> {
    let script = script.trim().trim_start_matches('\u{feff}');
    if let Ok(json) = serde_json::from_str(script) {
        return vec![json];
    }
    let mended = mend(script);
    serde_json::Deserializer::from_str(&mended)
        .into_iter()
        .map_while(Result::ok)
        .collect()
}

/// Makes JSON of what people paste: comments and CDATA or HTML comment wrappers go, trailing commas go, raw line breaks
/// in strings are escaped, wrong escapes lose their backslash, entities for quotes are decoded, open ends are closed.
fn mend(script: &str) -> String {
    let decoded;
    let script = if script.contains('"') {
        script
    } else {
        decoded = plain(script);
        &decoded
    };
    let mut out = String::with_capacity(script.len());
    let mut closers = Vec::new();
    let mut characters = script.char_indices().peekable();
    while let Some((position, character)) = characters.next() {
        let rest = &script[position..];
        match character {
            '"' => {
                out.push('"');
                let mut ended = false;
                while let Some((_, inner)) = characters.next() {
                    match inner {
                        '"' => {
                            ended = true;
                            break;
                        }
                        '\\' => match characters.peek() {
                            Some((_, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                                out.push('\\');
                                out.extend(characters.next().map(|(_, c)| c));
                            }
                            Some((at, 'u'))
                                if script.as_bytes()[at + 1..]
                                    .iter()
                                    .take(4)
                                    .filter(|b| b.is_ascii_hexdigit())
                                    .count()
                                    == 4 =>
                            {
                                out.push('\\');
                            }
                            _ => {}
                        },
                        c if c.is_control() => out.push(' '),
                        c => out.push(c),
                    }
                }
                if !ended && out.ends_with('\\') {
                    out.pop();
                }
                out.push('"');
            }
            '{' | '[' => {
                closers.push(if character == '{' { '}' } else { ']' });
                out.push(character);
            }
            '}' | ']' => {
                if closers.last() == Some(&character) {
                    closers.pop();
                    drop_trailing_comma(&mut out);
                    out.push(character);
                }
            }
            '/' if rest.starts_with("//") => skip_past(&mut characters, script, position, "\n"),
            '/' if rest.starts_with("/*") => skip_past(&mut characters, script, position, "*/"),
            '<' if rest.starts_with("<!--") => {
                skip_past(&mut characters, script, position + 3, "-")
            }
            // The rest of `-->`, `<![CDATA[`, `]]>` and a final semicolon.
            '<' if rest.starts_with("<![CDATA[") => {
                skip_past(&mut characters, script, position + 8, "[");
            }
            '-' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {}
            '<' | '>' | ';' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    while let Some(closer) = closers.pop() {
        drop_trailing_comma(&mut out);
        out.push(closer);
    }
    out
}

fn drop_trailing_comma(out: &mut String) {
    let length = out.trim_end().len();
    if out[..length].ends_with(',') {
        out.truncate(length - 1);
    }
}

fn skip_past(
    characters: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    script: &str,
    from: usize,
    end: &str,
) {
    let stop = script[from..]
        .find(end)
        .map_or(script.len(), |found| from + found + end.len());
    while characters.next_if(|(at, _)| *at < stop).is_some() {}
}

/// Microdata as the tags go by.
#[derive(Default)]
pub(super) struct Items {
    items: Vec<Item>,
    /// Properties whose text is still being read: item, name, text so far.
    captures: Vec<(usize, String, String)>,
}

struct Item {
    types: Vec<String>,
    values: Vec<(String, String)>,
    parent: Option<(usize, String)>,
}

/// Longer property texts are articles, not facts about a company; the cap keeps nested ones from multiplying.
const LONGEST_PROPERTY: usize = 2_000;

impl Items {
    pub(super) fn begin(&mut self, types: &str, parent: Option<(usize, &str)>) -> usize {
        self.items.push(Item {
            types: types.split_whitespace().map(short).collect(),
            values: Vec::new(),
            parent: parent.map(|(item, name)| (item, name.to_owned())),
        });
        self.items.len() - 1
    }

    pub(super) fn value(&mut self, item: usize, name: &str, text: &str) {
        self.items[item]
            .values
            .push((name.to_owned(), text.to_owned()));
    }

    pub(super) fn capture(&mut self, item: usize, name: &str) {
        self.captures.push((item, name.to_owned(), String::new()));
    }

    pub(super) fn characters(&mut self, text: &str) {
        // Only the innermost few: nesting hundreds of properties is no honest markup.
        for (_, _, sofar) in self.captures.iter_mut().rev().take(8) {
            if sofar.len() < LONGEST_PROPERTY {
                sofar.push_str(text);
            }
        }
    }

    pub(super) fn end_capture(&mut self) {
        if let Some((item, name, text)) = self.captures.pop() {
            if text.len() < LONGEST_PROPERTY {
                self.items[item].values.push((name, text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(script: &str, expect: &[&str]) {
        let read: Vec<String> = parse(script).iter().map(ToString::to_string).collect();
        assert_eq!(read, expect, "{script}");
    }

    #[test]
    fn broken_json_is_mended() {
        check(r#"{"a": 1}"#, &[r#"{"a":1}"#]);
        check(r#"{"a": [1, 2,], }"#, &[r#"{"a":[1,2]}"#]);
        check("{\"a\": \"one\ntwo\t3\"}", &[r#"{"a":"one two 3"}"#]);
        check(r#"{"a": "it\'s"}"#, &[r#"{"a":"it's"}"#]);
        check(r#"/* who */ {"a": "x//y"} // done"#, &[r#"{"a":"x//y"}"#]);
        check(
            r#"//<![CDATA[
            {"a": 1}
            //]]>"#,
            &[r#"{"a":1}"#],
        );
        check(r#"<![CDATA[{"a": "-1"}]]>"#, &[r#"{"a":"-1"}"#]);
        check(r#"<!-- {"a": -1} -->"#, &[r#"{"a":-1}"#]);
        check("{&quot;a&quot;: &quot;b&quot;}", &[r#"{"a":"b"}"#]);
        check(r#"{"a": 1}{"b": 2};"#, &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check(r#"{"a": {"b": "cut of"#, &[r#"{"a":{"b":"cut of"}}"#]);
        check(r#"{"a": "\u00e9\ud83d"#, &[]);
        check("", &[]);
        check("window.data = 1", &[]);
    }
}
