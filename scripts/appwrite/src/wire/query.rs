//! The queries of list and bulk calls, read without asking what they are for.

use serde_json::Value;

use crate::wire::call::Call;
use crate::wire::error::Error;
use crate::wire::Body;

/// Most queries in a call and their longest text: `APP_LIMIT_ARRAY_PARAMS_SIZE`, `APP_LIMIT_ARRAY_ELEMENT_SIZE`.
const QUERIES: usize = 100;
const QUERY_LENGTH: usize = 4_096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Equal,
    NotEqual,
    LessThan,
    LessThanEqual,
    GreaterThan,
    GreaterThanEqual,
    Contains,
    ContainsAny,
    ContainsAll,
    NotContains,
    Search,
    NotSearch,
    Between,
    NotBetween,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
    IsNull,
    IsNotNull,
    And,
    Or,
    Select,
    OrderAsc,
    OrderDesc,
    OrderRandom,
    Limit,
    Offset,
    CursorAfter,
    CursorBefore,
}

/// The names on the wire.
const METHODS: &[(&str, Method)] = &[
    ("equal", Method::Equal),
    ("notEqual", Method::NotEqual),
    ("lessThan", Method::LessThan),
    ("lessThanEqual", Method::LessThanEqual),
    ("greaterThan", Method::GreaterThan),
    ("greaterThanEqual", Method::GreaterThanEqual),
    ("contains", Method::Contains),
    ("containsAny", Method::ContainsAny),
    ("containsAll", Method::ContainsAll),
    ("notContains", Method::NotContains),
    ("search", Method::Search),
    ("notSearch", Method::NotSearch),
    ("between", Method::Between),
    ("notBetween", Method::NotBetween),
    ("startsWith", Method::StartsWith),
    ("notStartsWith", Method::NotStartsWith),
    ("endsWith", Method::EndsWith),
    ("notEndsWith", Method::NotEndsWith),
    ("isNull", Method::IsNull),
    ("isNotNull", Method::IsNotNull),
    ("and", Method::And),
    ("or", Method::Or),
    ("select", Method::Select),
    ("orderAsc", Method::OrderAsc),
    ("orderDesc", Method::OrderDesc),
    ("orderRandom", Method::OrderRandom),
    ("limit", Method::Limit),
    ("offset", Method::Offset),
    ("cursorAfter", Method::CursorAfter),
    ("cursorBefore", Method::CursorBefore),
];

impl Method {
    pub(crate) fn name(self) -> &'static str {
        let known = METHODS.iter().find(|(_, method)| *method == self);
        known.map_or("", |(name, _)| name)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) method: Method,
    pub(crate) attribute: String,
    pub(crate) values: Vec<Value>,
    /// Of `and` and `or`.
    pub(crate) inner: Vec<Query>,
}

/// The `queries` parameter of a list call.
pub(crate) fn sent(call: &Call) -> Result<Vec<String>, Error> {
    let queries = call.parameters("queries");
    if queries.is_empty() && call.parameter("queries").is_some() {
        return limited(vec![None]);
    }
    limited(
        queries
            .into_iter()
            .map(|query| Some(query.to_owned()))
            .collect(),
    )
}

/// The `queries` parameter in a body.
pub(crate) fn in_body(body: &Body) -> Result<Vec<String>, Error> {
    match body.get("queries") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => limited(
            list.iter()
                .map(|one| one.as_str().map(str::to_owned))
                .collect(),
        ),
        Some(_) => limited(vec![None]),
    }
}

fn limited(queries: Vec<Option<String>>) -> Result<Vec<String>, Error> {
    let fits = |query: &String| (1..=QUERY_LENGTH).contains(&query.chars().count());
    let count = queries.len();
    queries
        .into_iter()
        .map(|query| query.filter(fits))
        .collect::<Option<Vec<String>>>()
        .filter(|_| count <= QUERIES)
        .ok_or_else(|| {
            Error::argument(format!(
                "Invalid `queries` param: Value must a valid array no longer than {QUERIES} items and Value must be a \
                 valid string and at least 1 chars and no longer than {QUERY_LENGTH} chars"
            ))
        })
}

/// Reads queries without asking which table they are for.
pub(crate) fn parse(texts: &[String]) -> Result<Vec<Query>, Error> {
    texts
        .iter()
        .map(|text| {
            let value: Value = serde_json::from_str(text).map_err(|_| invalid("Syntax error"))?;
            read(&value)
        })
        .collect()
}

fn read(value: &Value) -> Result<Query, Error> {
    let name = value["method"].as_str().unwrap_or_default();
    let known = METHODS.iter().find(|(known, _)| *known == name);
    let (_, method) = known.ok_or_else(|| {
        Error::new(
            400,
            "general_query_invalid",
            format!("Invalid query method: {name}"),
        )
    })?;
    let values = value["values"].as_array().cloned().unwrap_or_default();
    let inner = if matches!(method, Method::And | Method::Or) {
        values.iter().map(read).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    Ok(Query {
        method: *method,
        attribute: value["attribute"].as_str().unwrap_or_default().to_owned(),
        values,
        inner,
    })
}

/// 400 `general_query_invalid`.
pub(crate) fn invalid(message: &str) -> Error {
    Error::new(
        400,
        "general_query_invalid",
        format!("Invalid query: {message}"),
    )
}
