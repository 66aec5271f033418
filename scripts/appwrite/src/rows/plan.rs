//! What the queries of a list or bulk call ask of one table, as SQL. Nothing is run here.

use rusqlite::types::Value as Bound;
use serde_json::Value;

use crate::clock;
use crate::schema::catalog::Table;
use crate::schema::column::Kind;
use crate::storage::folded;
use crate::wire::query::{invalid, Method, Query};
use crate::wire::{value, Error};

/// Most values of one query: `APP_DATABASE_QUERY_MAX_VALUES`.
const VALUES: usize = 500;

/// A condition with its bound values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<Bound>,
}

/// What a list of queries asks of one table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// Conditions, all of which must hold.
    pub(crate) filters: Vec<Sql>,
    /// Keys to show; `None` shows all.
    pub(crate) select: Option<Vec<String>>,
    pub(crate) orders: Vec<Order>,
    pub(crate) random: bool,
    pub(crate) limit: Option<i64>,
    pub(crate) offset: Option<i64>,
    pub(crate) cursor: Option<Cursor>,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) key: String,
    /// SQLite column.
    pub(crate) column: String,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    pub(crate) row: String,
    pub(crate) before: bool,
}

impl Plan {
    /// Checks queries against a table.
    pub(crate) fn of(table: &Table, queries: &[Query]) -> Result<Self, Error> {
        let mut plan = Self::default();
        for query in queries {
            match query.method {
                Method::Select => {
                    let mut keys = plan.select.take().unwrap_or_default();
                    for value in &query.values {
                        let key = value.as_str().unwrap_or_default();
                        if key != "*" && key != "$permissions" {
                            attribute(table, key)?;
                        }
                        keys.push(key.to_owned());
                    }
                    plan.select = Some(keys);
                }
                Method::OrderAsc | Method::OrderDesc => {
                    let (column, _) = attribute(table, &query.attribute)?;
                    plan.orders.push(Order {
                        key: query.attribute.clone(),
                        column,
                        descending: query.method == Method::OrderDesc,
                    });
                }
                Method::OrderRandom => plan.random = true,
                // Of two of these the first counts, and the others are checked all the same.
                Method::Limit => {
                    let limit = number(query, "limit", 1)?;
                    plan.limit.get_or_insert(limit);
                }
                Method::Offset => {
                    let offset = number(query, "offset", 0)?;
                    plan.offset.get_or_insert(offset);
                }
                Method::CursorAfter | Method::CursorBefore => {
                    plan.cursor.get_or_insert(Cursor {
                        row: query
                            .values
                            .first()
                            .and_then(Value::as_str)
                            .unwrap_or_default()
                            .to_owned(),
                        before: query.method == Method::CursorBefore,
                    });
                }
                _ => plan.filters.push(filter(table, query)?),
            }
        }
        if plan
            .select
            .as_ref()
            .is_some_and(|keys| keys.iter().any(|key| key == "*"))
        {
            plan.select = None;
        }
        Ok(plan)
    }
}

fn number(query: &Query, name: &str, least: i64) -> Result<i64, Error> {
    let given = query.values.first().and_then(Value::as_i64);
    given.filter(|number| *number >= least).ok_or_else(|| {
        invalid(&format!(
            "Invalid {name}: Value must be a valid range between {least} and 9,223,372,036,854,775,807"
        ))
    })
}

/// What can be asked of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Integer,
    Float,
    Boolean,
    Date,
    Array,
}

/// The SQLite column of a key.
fn attribute(table: &Table, key: &str) -> Result<(String, Shape), Error> {
    let (column, shape) = match key {
        "$id" => ("_id".to_owned(), Shape::Text),
        "$sequence" => ("_sequence".to_owned(), Shape::Integer),
        "$createdAt" => ("_created".to_owned(), Shape::Date),
        "$updatedAt" => ("_updated".to_owned(), Shape::Date),
        _ => {
            let column = table
                .column(key)
                .ok_or_else(|| invalid(&format!("Attribute not found in schema: {key}")))?;
            let shape = match column.kind {
                _ if column.array => Shape::Array,
                Kind::Integer | Kind::Bigint => Shape::Integer,
                Kind::Float => Shape::Float,
                Kind::Boolean => Shape::Boolean,
                Kind::Datetime => Shape::Date,
                _ => Shape::Text,
            };
            (column.name(), shape)
        }
    };
    Ok((column, shape))
}

fn filter(table: &Table, query: &Query) -> Result<Sql, Error> {
    let name = query.method.name();
    let mut title = name.to_owned();
    title[..1].make_ascii_uppercase();
    if matches!(query.method, Method::And | Method::Or) {
        if query.inner.len() < 2 {
            return Err(invalid(&format!(
                "{title} queries require at least two queries"
            )));
        }
        let parts: Result<Vec<Sql>, Error> = query
            .inner
            .iter()
            .map(|inner| filter(table, inner))
            .collect();
        let word = if query.method == Method::And {
            " AND "
        } else {
            " OR "
        };
        return Ok(joined(parts?, word));
    }
    let (column, shape) = attribute(table, &query.attribute)?;
    let key = &query.attribute;
    if query.values.len() > VALUES {
        return Err(invalid(&format!(
            "Query on attribute has greater than {VALUES} values: {key}"
        )));
    }
    let wanted = match query.method {
        Method::IsNull | Method::IsNotNull => 0..=usize::MAX,
        Method::Equal
        | Method::Contains
        | Method::ContainsAny
        | Method::ContainsAll
        | Method::NotContains => 1..=usize::MAX,
        Method::Between | Method::NotBetween => 2..=2,
        _ => 1..=1,
    };
    if !wanted.contains(&query.values.len()) {
        let words = match (*wanted.start(), *wanted.end()) {
            (2, 2) => "exactly two values",
            (_, usize::MAX) => "at least one value",
            _ => "exactly one value",
        };
        return Err(invalid(&format!("{title} queries require {words}.")));
    }
    let holds = matches!(
        query.method,
        Method::Contains | Method::ContainsAny | Method::ContainsAll | Method::NotContains
    );
    let empty = matches!(query.method, Method::IsNull | Method::IsNotNull);
    if shape == Shape::Array && !holds && !empty {
        return Err(invalid(&format!(
            "Cannot query {name} on attribute \"{key}\" because it is an array."
        )));
    }
    if holds && !matches!(shape, Shape::Array | Shape::Text) {
        return Err(invalid(&format!(
            "Cannot query {name} on attribute \"{key}\" because it is not an array or string."
        )));
    }
    if matches!(query.method, Method::Search | Method::NotSearch) {
        let fulltext = table
            .indexes
            .iter()
            .any(|index| index.kind == "fulltext" && index.columns.contains(key));
        if !fulltext {
            return Err(Error::new(
                400,
                "general_query_invalid",
                format!("Searching by attribute \"{key}\" requires a fulltext index."),
            ));
        }
    }
    if empty {
        let not = if query.method == Method::IsNull {
            ""
        } else {
            "NOT "
        };
        return Ok(Sql {
            text: format!("{column} IS {not}NULL"),
            values: Vec::new(),
        });
    }
    let values: Option<Vec<Bound>> = query
        .values
        .iter()
        .map(|value| bound(shape, key, value))
        .collect();
    let values = values
        .ok_or_else(|| invalid(&format!("Query value is invalid for attribute \"{key}\"")))?;
    Ok(condition(query.method, &column, shape, values))
}

/// A value as it is stored, if it is one for such a column.
fn bound(shape: Shape, key: &str, value: &Value) -> Option<Bound> {
    Some(match shape {
        Shape::Text => Bound::Text(value.as_str()?.to_owned()),
        Shape::Integer if key == "$sequence" => match value {
            Value::String(text) => Bound::Integer(text.parse().ok()?),
            _ => Bound::Integer(value.as_i64()?),
        },
        Shape::Integer => Bound::Integer(value.as_i64()?),
        Shape::Float => Bound::Real(value.as_f64()?),
        Shape::Boolean => Bound::Integer(i64::from(value.as_bool()?)),
        Shape::Date => Bound::Text(clock::text(value::date(value.as_str()?)?)),
        Shape::Array => match value {
            Value::String(text) => Bound::Text(text.clone()),
            Value::Bool(value) => Bound::Integer(i64::from(*value)),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Bound::Integer(number),
                None => Bound::Real(number.as_f64()?),
            },
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        },
    })
}

fn condition(method: Method, column: &str, shape: Shape, mut values: Vec<Bound>) -> Sql {
    let simple = |text: String, values: Vec<Bound>| Sql { text, values };
    let fold = |values: Vec<Bound>| -> Vec<Bound> {
        values
            .into_iter()
            .map(|value| match value {
                Bound::Text(text) => Bound::Text(folded(&text)),
                other => other,
            })
            .collect()
    };
    let each = |part: String, values: Vec<Bound>, word: &str| {
        let parts = values
            .into_iter()
            .map(|value| simple(part.clone(), vec![value]));
        joined(parts.collect(), word)
    };
    match method {
        Method::Equal => {
            let places = vec!["?"; values.len()].join(", ");
            simple(format!("{column} IN ({places})"), values)
        }
        Method::NotEqual => simple(format!("{column} <> ?"), values),
        Method::LessThan => simple(format!("{column} < ?"), values),
        Method::LessThanEqual => simple(format!("{column} <= ?"), values),
        Method::GreaterThan => simple(format!("{column} > ?"), values),
        Method::GreaterThanEqual => simple(format!("{column} >= ?"), values),
        Method::Between => simple(format!("{column} BETWEEN ? AND ?"), values),
        Method::NotBetween => simple(format!("{column} NOT BETWEEN ? AND ?"), values),
        Method::StartsWith | Method::NotStartsWith => {
            values = fold(values);
            values.extend(values.clone());
            let not = if method == Method::StartsWith {
                "="
            } else {
                "<>"
            };
            simple(
                format!("substr(folded({column}), 1, length(?)) {not} ?"),
                values,
            )
        }
        Method::EndsWith | Method::NotEndsWith => {
            values = fold(values);
            values.extend(values.clone());
            let not = if method == Method::EndsWith {
                "="
            } else {
                "<>"
            };
            simple(
                format!("substr(folded({column}), -length(?)) {not} ?"),
                values,
            )
        }
        Method::Search | Method::NotSearch => {
            let words = fold(values).into_iter().flat_map(|value| match value {
                Bound::Text(text) => text
                    .split(|character: char| !character.is_alphanumeric())
                    .filter(|word| !word.is_empty())
                    .map(|word| Bound::Text(word.to_owned()))
                    .collect(),
                other => vec![other],
            });
            let found = each(
                format!("instr(folded({column}), ?) > 0"),
                words.collect(),
                " AND ",
            );
            if method == Method::Search {
                found
            } else {
                simple(format!("NOT {}", found.text), found.values)
            }
        }
        _ if shape == Shape::Array => {
            let word = if method == Method::ContainsAll {
                " AND "
            } else {
                " OR "
            };
            let one = format!("EXISTS (SELECT 1 FROM json_each({column}) WHERE value = ?)");
            let found = each(one, values, word);
            if method == Method::NotContains {
                simple(format!("NOT {}", found.text), found.values)
            } else {
                found
            }
        }
        Method::NotContains => each(
            format!("instr(folded({column}), ?) = 0"),
            fold(values),
            " AND ",
        ),
        Method::ContainsAll => each(
            format!("instr(folded({column}), ?) > 0"),
            fold(values),
            " AND ",
        ),
        _ => each(
            format!("instr(folded({column}), ?) > 0"),
            fold(values),
            " OR ",
        ),
    }
}

/// Several conditions as one, in brackets.
pub(crate) fn joined(parts: Vec<Sql>, word: &str) -> Sql {
    if parts.is_empty() {
        return Sql {
            text: "1".to_owned(),
            values: Vec::new(),
        };
    }
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    let text = format!("({})", texts.join(word));
    Sql {
        text,
        values: parts.into_iter().flat_map(|part| part.values).collect(),
    }
}
