//! Structured data of a page as one graph: JSON-LD blocks however broken, microdata and RDFa Lite.
//!
//! Every string is appended to the page's text and known by its place there. What the nodes mean is for the extractor.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json::{Json, Keep, MOST_VALUES};
use super::repair;
use super::text::{plain, Span, LONGEST_NAME};
use crate::effort::Effort;
use crate::profile::Method;
use crate::slice::cut;

/// Types of one node.
const MOST_TYPES: usize = 8;

/// What a byte of JSON costs to read, and to read once more where it has to be repaired, in steps.
const BYTE: u64 = 30;
const REPAIR: u64 = 60;

/// All nodes of a page; an inner node stands behind the one that holds it.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// The first node with anything to say under each `@id`.
    ids: HashMap<String, usize>,
    /// How many values of scripts were kept.
    kept: Cell<usize>,
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
                Value::Text(span) if key == "@id" => Some(cut(text, span.start..span.end)),
                Value::Text(_) | Value::Node(_) => None,
            });
            if let Some(id) = id.filter(|_| node.values.len() > 1) {
                self.ids.entry(id.to_owned()).or_insert(position);
            }
        }
    }

    /// Reads one script block; whatever cannot be read is left out. False if something was left out for its size.
    pub(super) fn read_json(
        &mut self,
        script: &str,
        effort: &Effort,
        append: &mut impl FnMut(&str) -> Span,
    ) -> bool {
        if !effort.spend(script.len(), BYTE) {
            return false;
        }
        for json in parse(script, &self.kept, effort) {
            self.add_json(&json, None, effort, append);
        }
        self.kept.get() < MOST_VALUES && !effort.is_spent()
    }

    fn add_json(
        &mut self,
        json: &Json,
        parent: Option<(usize, &str)>,
        effort: &Effort,
        append: &mut impl FnMut(&str) -> Span,
    ) {
        let value = match json {
            Json::Nothing => return,
            Json::List(list) => {
                for entry in list {
                    self.add_json(entry, parent, effort, append);
                }
                return;
            }
            Json::Object(properties) => {
                if let Some(inner) = bare_value(properties, parent.map(|(_, name)| name)) {
                    self.add_json(inner, parent, effort, append);
                    return;
                }
                let index = self.nodes.len();
                let types = properties.iter().find(|(key, _)| key == "@type");
                self.nodes.push(Node {
                    types: types.map(|(_, value)| types_of(value)).unwrap_or_default(),
                    values: Vec::new(),
                    parent: parent.map(|(node, name)| (node, name.to_owned())),
                    method: Method::JsonLd,
                });
                if let Some((node, name)) = parent {
                    self.add_value(node, name, Value::Node(index));
                }
                for (key, value) in properties {
                    match key.as_str() {
                        "@context" | "@type" => {}
                        "@graph" => self.add_json(value, None, effort, append),
                        _ => {
                            let key = without_vocabulary(key);
                            self.add_json(value, Some((index, key)), effort, append);
                        }
                    }
                }
                return;
            }
            Json::Text(text) => parent.map(|_| append(unquoted(&plain(text, effort)))),
            Json::Number(number) => parent.map(|_| append(&number.to_string())),
        };
        if let Some(((node, name), span)) = parent.zip(value) {
            self.add_value(node, name, Value::Text(span));
        }
    }

    fn add_value(&mut self, node: usize, name: &str, value: Value) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.values.push((name.to_owned(), value));
        }
    }

    /// False if something was left out for its size.
    pub(super) fn read_items(
        &mut self,
        mut items: Items,
        append: &mut impl FnMut(&str) -> Span,
    ) -> bool {
        items.gather();
        let whole = !items.cut_short;
        let base = self.nodes.len();
        for item in items.items {
            let values = item.values.into_iter();
            self.nodes.push(Node {
                types: item.types,
                values: values
                    .map(|(name, text)| (name, Value::Text(append(&text))))
                    .collect(),
                parent: item.parent.map(|(parent, name)| (base + parent, name)),
                method: Method::Microdata,
            });
        }
        for index in base..self.nodes.len() {
            let parent = self.nodes.get(index).and_then(|node| node.parent.clone());
            if let Some((parent, name)) = parent {
                self.add_value(parent, &name, Value::Node(index));
            }
        }
        whole
    }
}

/// The value that an object only wraps: one with a language or a type, a list or a set, or an address where one is
/// wanted.
fn bare_value<'j>(properties: &'j [(String, Json)], name: Option<&str>) -> Option<&'j Json> {
    let (_, value) = properties
        .iter()
        .find(|(key, _)| matches!(key.as_str(), "@value" | "@list" | "@set"))
        .or_else(|| match properties {
            [only] if only.0 == "@id" && matches!(name, Some("url" | "sameAs")) => Some(only),
            _ => None,
        })?;
    Some(value)
}

/// `http://schema.org/name`, `schema:name` → `name`.
fn without_vocabulary(key: &str) -> &str {
    let address = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"));
    let address = address.map(|address| address.strip_prefix("www.").unwrap_or(address));
    address
        .and_then(|address| address.strip_prefix("schema.org/"))
        .or_else(|| key.strip_prefix("schema:"))
        .unwrap_or(key)
}

/// Without the quotes that a template printed into the value.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inside = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    inside('"', '"')
        .or_else(|| inside('“', '”'))
        .filter(|inner| !inner.contains(['"', '“', '”']))
        .map_or(text, str::trim)
}

fn types_of(value: &Json) -> Vec<String> {
    let (one, list) = match value {
        Json::Text(_) => (Some(value), [].as_slice()),
        Json::List(list) => (None, list.as_slice()),
        Json::Object(_) | Json::Number(_) | Json::Nothing => (None, [].as_slice()),
    };
    let names = one.into_iter().chain(list).filter_map(|value| match value {
        Json::Text(name) => Some(name.as_str()),
        _ => None,
    });
    types(names)
}

/// The types that can be known ones, without their vocabulary.
fn types<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let short = |name: &'n str| name.rsplit(['/', '#', ':']).next().unwrap_or(name).trim();
    let short = names.map(short).filter(|name| name.len() <= LONGEST_NAME);
    short.take(MOST_TYPES).map(str::to_owned).collect()
}

/// The largest number up to which all whole ones can be told apart as they are read.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Every JSON value of a script block: as it is, else repaired. `kept` counts the values of the page so far.
fn parse(script: &str, kept: &Cell<usize>, effort: &Effort) -> Vec<Json> {
    let script = script.trim().trim_start_matches('\u{feff}');
    let before = kept.get();
    let mut reader = serde_json::Deserializer::from_str(script);
    let value = Limited(Keep(kept)).deserialize(&mut reader);
    if let Ok(json) = value.and_then(|json| reader.end().map(|()| json)) {
        return vec![json];
    }
    kept.set(before);
    if !effort.spend(script.len(), REPAIR) {
        return Vec::new();
    }
    let decoded;
    let script = if script.contains(['"', '\'']) {
        script
    } else {
        decoded = plain(script, effort);
        &decoded
    };
    repair::values(script, kept, effort)
}

/// Reads a JSON value and leaves out, wherever it stands in it, what a page may not have so many or so long of.
#[derive(Clone, Copy)]
struct Limited<'k>(Keep<'k>);

impl<'de> DeserializeSeed<'de> for Limited<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Limited<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Nothing)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Nothing)
    }

    /// `84.0` is a whole number, however it is written.
    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        let is_whole = number.fract() == 0.0 && (0.0..=MOST_EXACT).contains(&number);
        if !is_whole {
            return Ok(Json::Nothing);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and within the bounds"
        )]
        let number = number as u64;
        Ok(self.0.one(Json::Number(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(self.0.one(Json::Number(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(self.0.one(Json::Text(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while !self.0.is_full() {
            match entries.next_element_seed(self)? {
                Some(Json::Nothing) => {}
                Some(value) => list.push(value),
                None => return Ok(self.0.one(Json::List(list))),
            }
        }
        while entries.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut properties: Vec<(String, Json)> = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            if self.0.room(&properties, &key).is_none() {
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = entries.next_value_seed(self)?;
            self.0.property(&mut properties, key, value);
        }
        Ok(self.0.one(Json::Object(properties)))
    }
}

/// Microdata as the tags go by.
#[derive(Default)]
pub(super) struct Items {
    items: Vec<Item>,
    /// How many items and values were kept, and the bytes of the values.
    kept: usize,
    bytes: usize,
    /// Something was left out for its size.
    cut_short: bool,
    /// Properties whose text is still being read: item, name, text so far.
    captures: Vec<(usize, String, String)>,
    /// Properties outside of every item, under the ids of the elements around them: items of their own until one that
    /// refers to such an id takes them.
    loose: Vec<(Vec<String>, usize)>,
}

struct Item {
    types: Vec<String>,
    values: Vec<(String, String)>,
    parent: Option<(usize, String)>,
    /// Ids of elements elsewhere that hold properties of this item.
    refers: Vec<String>,
}

/// Groups of properties outside of items, and ids that one item refers to.
const MOST_LOOSE: usize = 200;
const MOST_REFERENCES: usize = 10;

/// Longer property texts are articles, not facts about a company; the cap keeps nested ones from multiplying.
const LONGEST_PROPERTY: usize = 2_000;

/// Bytes of all property texts of a page, for text counts once for every property that it stands in.
const LONGEST_PROPERTIES: usize = 1_000_000;

impl Items {
    /// Begins an item, if there may be one more.
    pub(super) fn begin(
        &mut self,
        names: &str,
        refers: &str,
        parent: Option<(usize, &str)>,
    ) -> Option<usize> {
        if !self.keep(0) {
            return None;
        }
        let refers = refers
            .split_whitespace()
            .filter(|id| id.len() <= LONGEST_NAME);
        self.items.push(Item {
            types: types(names.split_whitespace()),
            values: Vec::new(),
            parent: parent.map(|(item, name)| (item, name.to_owned())),
            refers: refers.take(MOST_REFERENCES).map(str::to_owned).collect(),
        });
        Some(self.items.len() - 1)
    }

    /// The item of properties that stand inside elements of these ids and in no item.
    pub(super) fn loose(&mut self, ids: Vec<String>) -> Option<usize> {
        let known = self.loose.last().filter(|(known, _)| *known == ids);
        if let Some((_, item)) = known {
            return Some(*item);
        }
        if ids.is_empty() || self.loose.len() >= MOST_LOOSE {
            return None;
        }
        let item = self.begin("", "", None)?;
        self.loose.push((ids, item));
        Some(item)
    }

    /// Gives every item the properties that it refers to. What nobody refers to belongs to nothing.
    fn gather(&mut self) {
        for (ids, from) in std::mem::take(&mut self.loose) {
            let refers = |item: &Item| item.refers.iter().any(|id| ids.contains(id));
            // An item that stands inside of what it refers to would hold itself.
            let to = self
                .items
                .iter()
                .position(refers)
                .filter(|to| !self.is_within(*to, from));
            let values = self
                .items
                .get_mut(from)
                .map(|item| std::mem::take(&mut item.values));
            if let Some(item) = to.and_then(|to| self.items.get_mut(to)) {
                item.values.extend(values.unwrap_or_default());
            }
            for item in &mut self.items {
                let inside = item.parent.take();
                item.parent = match inside {
                    Some((parent, name)) if parent == from => to.map(|to| (to, name)),
                    other => other,
                };
            }
        }
    }

    fn is_within(&self, item: usize, outer: usize) -> bool {
        let parent = |item: &usize| {
            let parent = self.items.get(*item)?.parent.as_ref();
            parent.map(|(parent, _)| *parent)
        };
        std::iter::successors(Some(item), parent)
            .take(self.items.len())
            .any(|one| one == outer)
    }

    pub(super) fn value(&mut self, item: usize, name: &str, text: &str) {
        if !self.keep(text.len()) {
            return;
        }
        if let Some(item) = self.items.get_mut(item) {
            item.values.push((name.to_owned(), text.to_owned()));
        }
    }

    fn keep(&mut self, bytes: usize) -> bool {
        let fits = self.kept < MOST_VALUES && self.bytes + bytes <= LONGEST_PROPERTIES;
        if fits {
            self.kept += 1;
            self.bytes += bytes;
        }
        self.cut_short |= !fits;
        fits
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
                self.value(item, &name, &text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::json::MOST_PROPERTIES;

    /// As JSON again, with null for what says nothing.
    fn shown(json: &Json) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        match json {
            Json::Nothing => "null".to_owned(),
            Json::Text(value) => text(value),
            Json::Number(number) => number.to_string(),
            Json::List(list) => {
                format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(","))
            }
            Json::Object(properties) => {
                let shown = properties
                    .iter()
                    .map(|(key, value)| format!("{}:{}", text(key), shown(value)));
                format!("{{{}}}", shown.collect::<Vec<_>>().join(","))
            }
        }
    }

    #[track_caller]
    fn check(script: &str, expect: &[&str]) {
        let read = parse(script, &Cell::new(0), &Effort::for_page());
        let read: Vec<String> = read.iter().map(shown).collect();
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
        check(r#"<!-- {"a": -1} -->"#, &["{}"]);
        check("{&quot;a&quot;: &quot;b&quot;}", &[r#"{"a":"b"}"#]);
        check(r#"{"a": 1}{"b": 2};"#, &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check(r#"{"a": {"b": "cut of"#, &[r#"{"a":{"b":"cut of"}}"#]);
        check(r#"{"a": "\u00e9\ud83d"#, &[r#"{"a":"é"}"#]);
        check("", &[]);
        check("window.data = 1", &[]);
    }

    #[test]
    fn a_broken_member_is_left_out_and_the_others_stay() {
        let whole = r#"{"before":"one","after":"two"}"#;
        for broken in [
            r#""x": ,"#,
            r#""x": 1e999,"#,
            r#""x": NaN,"#,
            r#""x": undefined,"#,
            r#""x": +1.2, "y": .5, "z": 012,"#,
            r#""x": new Date(),"#,
            r#""x","#,
            r#",,"#,
            r#";"#,
            r#""x": "no end, "#,
        ] {
            check(
                &format!(r#"{{"before": "one", {broken} "after": "two"}}"#),
                &[whole],
            );
        }
        for written in [
            r#"{before: 'one', after: 'two'}"#,
            r#"{'before': "one"; 'after': "two";}"#,
            r#"{“before”: “one”, “after”: “two”}"#,
            r#"{"before": "one" "after": "two"}"#,
            "{\"before\": \"one\"\n\"after\": \"two\"}",
            r#"var data = {"before": "one", "after": "two"};"#,
            r#"{"before": "one", /* x */ "after": "two", // y
            }"#,
        ] {
            check(written, &[whole]);
        }
        check(
            r#"{"a": "they say "well", and "so on"", "b": ["x "y" z", "it's"],}"#,
            &[r#"{"a":"they say \"well\", and \"so on\"","b":["x \"y\" z","it's"]}"#],
        );
        check(
            r#"{"a": "\ud83d x \ud83d\ude00", "b": 1,}"#,
            &[r#"{"a":" x 😀","b":1}"#],
        );
        check(r#"[{"a": 1}, {"b": 2"#, &[r#"[{"a":1},{"b":2}]"#]);
        check(r#"{"a": [{"b": 1], "c": 2}"#, &[r#"{"a":[{"b":1}],"c":2}"#]);
        check(r#"{"a": 84.0}"#, &[r#"{"a":84}"#]);
        check(r#"{"a": 84.5}"#, &[r#"{"a":null}"#]);
    }

    #[test]
    fn forms_of_json_ld_that_say_the_same_are_read_the_same() {
        let name = |json: &str| {
            let mut text = String::new();
            let mut graph = Graph::default();
            let mut append = |value: &str| {
                let start = text.len();
                text.push_str(value);
                Span {
                    start,
                    end: text.len(),
                }
            };
            graph.read_json(json, &Effort::for_page(), &mut append);
            let said = |key| {
                graph
                    .text(0, key)
                    .map(|span| text[span.start..span.end].to_owned())
            };
            (graph.nodes[0].types.join(" "), said("name"), said("url"))
        };
        let said = |text: &str| Some(text.to_owned());
        let expect = (
            "Organization".to_owned(),
            said("Elm Mill"),
            said("https://elm.example/"),
        );
        for json in [
            r#"{"@type":"Organization","name":"Elm Mill","url":"https://elm.example/"}"#,
            r#"{"@type":"Organization","name":{"@value":"Elm Mill","@language":"en"},"url":{"@id":"https://elm.example/"}}"#,
            r#"{"@type":["https://schema.org/Organization"],"https://schema.org/name":[{"@value":"Elm Mill"}],"http://www.schema.org/url":"https://elm.example/"}"#,
            r#"{"@type":"schema:Organization","schema:name":{"@list":["Elm Mill"]},"schema:url":"https://elm.example/"}"#,
            r#"{"@type":"Organization","name":"\"Elm Mill\"","url":" https://elm.example/ "}"#,
        ] {
            assert_eq!(name(json), expect, "{json}");
        }
    }

    #[test]
    fn what_a_page_has_too_many_or_too_long_of_is_left_out() {
        let read = |script: &str| {
            let kept = Cell::new(0);
            let values = parse(script, &kept, &Effort::for_page());
            let shown: Vec<String> = values.iter().map(shown).collect();
            (shown.concat(), kept.get())
        };
        let long = "k".repeat(LONGEST_NAME + 1);
        let script = format!(r#"{{"{long}":[{{}},{{}}],"a":1,"a":2}}"#);
        assert_eq!(read(&script), (r#"{"a":2}"#.to_owned(), 3));
        for unit in ["{}", "[]", "\"\"", "1", "{\"a\":[[1]]}"] {
            let many = format!("{unit},").repeat(2 * MOST_VALUES);
            let (shown, kept) = read(&format!("[{many}{unit}]"));
            assert_eq!(kept, MOST_VALUES, "{unit}");
            assert!(shown.len() <= many.len() / 2 + 20, "{unit}");
        }
        let many: String = (0..1_000).map(|n| format!(r#""k{n}":1,"#)).collect();
        let (_, kept) = read(&format!(r#"{{{many}"name":"Acorn"}}"#));
        assert_eq!(kept, MOST_PROPERTIES + 1);
        assert_eq!(read(&"[0] ".repeat(100_000)).1, MOST_VALUES);
    }
}
