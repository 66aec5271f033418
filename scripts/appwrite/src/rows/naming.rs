//! The two namings of databases: `/tablesdb` with tables, columns and rows, and the older `/databases` with collections,
//! attributes and documents, which says the same in other words.

use serde_json::{Map, Value};

use crate::wire::{Answer, Call, Content, Error};

/// Words of a path.
pub(crate) const SEGMENTS: &[(&str, &str)] = &[
    ("collections", "tables"),
    ("attributes", "columns"),
    ("documents", "rows"),
];

/// Names in bodies, old and new.
const NAMES: &[(&str, &str)] = &[
    ("collectionId", "tableId"),
    ("documentId", "rowId"),
    ("documentSecurity", "rowSecurity"),
    ("attributes", "columns"),
    ("collections", "tables"),
    ("documents", "rows"),
    ("$collectionId", "$tableId"),
];

/// Error types, old and new.
const KINDS: &[(&str, &str)] = &[
    ("collection_already_exists", "table_already_exists"),
    ("collection_not_found", "table_not_found"),
    ("attribute_already_exists", "column_already_exists"),
    (
        "attribute_default_unsupported",
        "column_default_unsupported",
    ),
    ("attribute_invalid_resize", "column_invalid_resize"),
    ("attribute_limit_exceeded", "column_limit_exceeded"),
    ("attribute_not_available", "column_not_available"),
    ("attribute_not_found", "column_not_found"),
    ("attribute_type_invalid", "column_type_invalid"),
    ("attribute_unknown", "column_unknown"),
    ("attribute_value_invalid", "column_value_invalid"),
    ("document_already_exists", "row_already_exists"),
    ("document_delete_restricted", "row_delete_restricted"),
    ("document_invalid_structure", "row_invalid_structure"),
    ("document_missing_data", "row_missing_data"),
    ("document_missing_payload", "row_missing_payload"),
    ("document_not_found", "row_not_found"),
    (
        "document_unique_constraint_violation",
        "row_unique_constraint_violation",
    ),
    ("document_update_conflict", "row_update_conflict"),
    ("index_already_exists", "column_index_already_exists"),
    ("index_invalid", "column_index_invalid"),
    ("index_limit_exceeded", "column_index_limit_exceeded"),
    ("index_not_found", "column_index_not_found"),
];

/// Whether a call uses the older names.
pub(crate) fn is_older(call: &Call) -> bool {
    call.path.first().is_some_and(|first| first == "databases")
}

/// A row as the writer's call would show it: events carry what the writer was answered.
pub(crate) fn as_answered(call: &Call, row: Value) -> Value {
    let mut row = if is_older(call) {
        older_value(row, 2)
    } else {
        row
    };
    if wants_numbers(call) {
        number_sequence(&mut row);
    }
    row
}

/// Before 1.9.0 `$sequence` was a number, and still is for clients that ask for an older format.
fn wants_numbers(call: &Call) -> bool {
    call.wants_format_before((1, 9))
}

/// The answer in the format that the client asks for.
pub(crate) fn formatted(call: &Call, mut answer: Answer) -> Answer {
    if let (true, Content::Json(body)) = (wants_numbers(call), &mut answer.body) {
        number_sequence(body);
        for name in ["rows", "documents"] {
            let rows = body.get_mut(name).and_then(Value::as_array_mut);
            rows.into_iter().flatten().for_each(number_sequence);
        }
    }
    answer
}

fn number_sequence(row: &mut Value) {
    let number = row["$sequence"]
        .as_str()
        .and_then(|text| text.parse::<i64>().ok());
    if let (Some(number), Value::Object(row)) = (number, row) {
        row.insert("$sequence".to_owned(), number.into());
    }
}

pub(crate) fn newer<'a>(words: &'static [(&'static str, &'static str)], word: &'a str) -> &'a str {
    let known = words.iter().find(|(old, _)| *old == word);
    known.map_or(word, |(_, new)| new)
}

fn older<'a>(words: &'static [(&'static str, &'static str)], word: &'a str) -> &'a str {
    let known = words.iter().find(|(_, new)| *new == word);
    known.map_or(word, |(old, _)| old)
}

pub(crate) fn renamed_body(body: &[u8]) -> Vec<u8> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => {
            let renamed: Map<String, Value> = object
                .into_iter()
                .map(|(name, value)| (newer(NAMES, &name).to_owned(), value))
                .collect();
            Value::Object(renamed).to_string().into_bytes()
        }
        Ok(_) | Err(_) => body.to_vec(),
    }
}

pub(crate) fn older_answer(mut answer: Answer) -> Answer {
    if let Content::Json(body) = answer.body {
        answer.body = Content::Json(older_value(body, 0));
    }
    answer
}

/// Renames in the body, in the entries of its lists, and in theirs; never inside a row's values.
fn older_value(value: Value, depth: usize) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .map(|(name, value)| {
                    let value = if matches!(value, Value::Array(_)) && depth < 2 {
                        older_value(value, depth)
                    } else {
                        value
                    };
                    (older(NAMES, &name).to_owned(), value)
                })
                .collect(),
        ),
        Value::Array(list) => list
            .into_iter()
            .map(|entry| older_value(entry, depth + 1))
            .collect(),
        other => other,
    }
}

/// The same refusal in the older words.
pub(crate) fn older_error(mut error: Error) -> Error {
    error.newer = error.newer.map(|newer| Box::new(older_error(*newer)));
    let known = KINDS.iter().find(|(_, new)| *new == error.kind);
    let Some((kind, _)) = known else {
        return error;
    };
    let message = error
        .message
        .replacen("Row with", "Document with", 1)
        .replacen(
            "Row violates a unique column",
            "Document violates a unique attribute",
            1,
        )
        .replacen("Table with", "Collection with", 1)
        .replacen("table with", "collection with", 1)
        .replacen("Column with", "Attribute with", 1)
        .replacen("Remote row", "Remote document", 1);
    Error {
        kind,
        message,
        ..error
    }
}
