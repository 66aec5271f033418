//! Values that are orders: the real server runs a JSON object with an operator's name in `method` wherever a value is
//! updated, and does so even when the object is only text in a text column. Pure.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::{json, Value};

use crate::clock;
use crate::schema::column::{Column, Kind};
use crate::schema::structure;
use crate::wire::{value, Body, Error};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operator {
    method: String,
    values: Vec<Value>,
}

/// `Utopia\Database\Operator`: names by the kind of column they work on.
const NUMERIC: &[&str] = &[
    "increment",
    "decrement",
    "multiply",
    "divide",
    "modulo",
    "power",
];
const ARRAY: &[&str] = &[
    "arrayAppend",
    "arrayPrepend",
    "arrayInsert",
    "arrayRemove",
    "arrayUnique",
    "arrayIntersect",
    "arrayDiff",
    "arrayFilter",
];
const TEXT: &[&str] = &["stringConcat", "stringReplace"];
const DATE: &[&str] = &["dateAddDays", "dateSubDays", "dateSetNow"];
const BOOLEAN: &[&str] = &["toggle"];

/// Parts sent data into orders and plain values.
pub(crate) fn split(data: &Body) -> (BTreeMap<String, Operator>, Body) {
    let mut operators = BTreeMap::new();
    let mut plain = Body::new();
    for (key, value) in data {
        match read(value) {
            Some(operator) => {
                operators.insert(key.clone(), operator);
            }
            None => {
                plain.insert(key.clone(), value.clone());
            }
        }
    }
    (operators, plain)
}

/// The operator that a value is.
pub(crate) fn read(value: &Value) -> Option<Operator> {
    let object = match value {
        Value::Object(object) => object.clone(),
        Value::String(text) if text.trim_start().starts_with('{') => {
            serde_json::from_str::<Body>(text).ok()?
        }
        _ => return None,
    };
    let method = object.get("method")?.as_str()?;
    let known = [NUMERIC, ARRAY, TEXT, DATE, BOOLEAN]
        .iter()
        .any(|names| names.contains(&method));
    known.then(|| Operator {
        method: method.to_owned(),
        values: object
            .get("values")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
    })
}

/// Refuses an operator on a column it is not for.
pub(crate) fn fits(column: &Column, operator: &Operator) -> Result<(), Error> {
    let method = operator.method.as_str();
    let (fits, kind) = if NUMERIC.contains(&method) {
        let numeric = matches!(column.kind, Kind::Integer | Kind::Bigint | Kind::Float);
        (numeric && !column.array, "numeric")
    } else if ARRAY.contains(&method) {
        (column.array, "array")
    } else if DATE.contains(&method) {
        (column.kind == Kind::Datetime && !column.array, "datetime")
    } else if BOOLEAN.contains(&method) {
        (column.kind == Kind::Boolean && !column.array, "boolean")
    } else {
        (column.kind.is_text() && !column.array, "string")
    };
    if fits {
        return Ok(());
    }
    Err(structure::invalid(&format!(
        "Cannot apply {method} operator to non-{kind} field '{}'",
        column.key
    )))
}

/// The column's new value.
pub(crate) fn apply(column: &Column, operator: &Operator, current: &Value) -> Result<Value, Error> {
    let first = operator.values.first().cloned().unwrap_or_default();
    let second = operator.values.get(1).cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = || current.as_array().cloned().unwrap_or_default();
    let result = match operator.method.as_str() {
        "stringConcat" => json!(text(current) + &text(&first)),
        "stringReplace" if text(&first).is_empty() => current.clone(),
        "stringReplace" => match current {
            Value::String(current) => json!(current.replace(&text(&first), &text(&second))),
            other => other.clone(),
        },
        "toggle" => json!(!current.as_bool().unwrap_or(false)),
        "dateSetNow" => json!(clock::now_text()),
        "dateAddDays" | "dateSubDays" => {
            let days = first.as_i64().unwrap_or(0);
            let days = if operator.method == "dateSubDays" {
                -days
            } else {
                days
            };
            match current.as_str().and_then(value::date) {
                Some(date) => Duration::try_days(days)
                    .and_then(|days| date.checked_add_signed(days))
                    .map_or(Value::Null, |date| json!(clock::text(date))),
                None => Value::Null,
            }
        }
        "arrayAppend" => json!([list(), operator.values.clone()].concat()),
        "arrayPrepend" => json!([operator.values.clone(), list()].concat()),
        "arrayInsert" => {
            let mut list = list();
            let at = first
                .as_u64()
                .and_then(|at| usize::try_from(at).ok())
                .unwrap_or(0);
            list.insert(at.min(list.len()), second);
            json!(list)
        }
        "arrayRemove" => {
            let mut list = list();
            list.retain(|element| *element != first);
            json!(list)
        }
        "arrayUnique" => {
            let mut unique: Vec<Value> = Vec::new();
            for element in list() {
                if !unique.contains(&element) {
                    unique.push(element);
                }
            }
            json!(unique)
        }
        "arrayIntersect" => {
            let mut list = list();
            list.retain(|element| operator.values.contains(element));
            json!(list)
        }
        "arrayDiff" => {
            let mut list = list();
            list.retain(|element| !operator.values.contains(element));
            json!(list)
        }
        "arrayFilter" => {
            let mut list = list();
            match text(&first).as_str() {
                "equal" => list.retain(|element| *element == second),
                "notEqual" => list.retain(|element| *element != second),
                "isNull" => list.retain(Value::is_null),
                "isNotNull" => list.retain(|element| !element.is_null()),
                _ => {}
            }
            json!(list)
        }
        _ => return numeric(column, operator, current),
    };
    Ok(result)
}

/// The second value is the bound that the result is kept within.
fn numeric(column: &Column, operator: &Operator, current: &Value) -> Result<Value, Error> {
    let value = |position: usize| operator.values.get(position).and_then(Value::as_f64);
    let current = current.as_f64().unwrap_or_default();
    let by = value(0).unwrap_or(1.0);
    let result = match operator.method.as_str() {
        "increment" => current + by,
        "decrement" => current - by,
        "multiply" => current * by,
        "divide" if by != 0.0 => current / by,
        "modulo" if by != 0.0 => current % by,
        "power" => current.powf(by),
        _ => {
            return Err(structure::invalid(&format!(
                "Cannot apply {} operator: {} by zero",
                operator.method, operator.method
            )))
        }
    };
    let result = match (operator.method.as_str(), value(1)) {
        ("decrement" | "divide", Some(least)) => result.max(least),
        (_, Some(most)) => result.min(most),
        (_, None) => result,
    };
    let result = if column.kind == Kind::Float {
        result
    } else {
        result.trunc()
    };
    structure::value(column, &value::number(result)).map_err(|refusal| {
        structure::invalid(&format!("Attribute \"{}\": {}", column.key, refusal.rule))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn objects_and_texts_that_name_an_operator_are_operators() {
        for value in [
            json!({"method": "toggle"}),
            json!("{\"method\": \"stringConcat\", \"values\": [\"x\"]}"),
            json!("  {\"schema\": \"x@1\", \"method\": \"increment\"}"),
        ] {
            assert!(read(&value).is_some(), "{value}");
        }
    }

    #[test]
    fn other_values_are_not() {
        for value in [
            json!({"method": "equal", "values": [1]}),
            json!("[{\"method\": \"increment\"}]"),
            json!("{\"data\": {\"method\": \"increment\"}}"),
            json!("{\"method\": \"increment\""),
            json!("increment"),
            json!(1),
        ] {
            assert!(read(&value).is_none(), "{value}");
        }
    }
}
