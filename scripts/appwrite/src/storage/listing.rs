//! The `queries` of list calls over records, answered in memory: there are few of them. Rows have a plan of their
//! own: see [`crate::rows`].

use std::cmp::Ordering;

use chrono::DateTime;
use serde_json::{json, Value};

use crate::options::Database;
use crate::storage::{collation, folded, records};
use crate::wire::query::{self, Method, Query};
use crate::wire::{Answer, Call, Error, Reply};

/// Entries in a page when nothing is asked for: `APP_LIMIT_LIST_DEFAULT`.
const LIMIT: usize = 25;

/// What the queries of one kind of list may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queries {
    /// Besides [`COMMON`]: `ALLOWED_ATTRIBUTES` of Appwrite/Utopia/Database/Validator/Queries.
    pub(crate) attributes: &'static [&'static str],
    /// Whether `select` is one.
    pub(crate) select: bool,
}

/// What the queries of every list may name.
const COMMON: [&str; 4] = ["$id", "$createdAt", "$updatedAt", "$sequence"];

impl Queries {
    /// Those of most lists, which know no `select`.
    pub(crate) const fn of(attributes: &'static [&'static str]) -> Self {
        Self {
            attributes,
            select: false,
        }
    }

    fn check(&self, query: &Query) -> Result<(), Error> {
        match query.method {
            Method::And | Method::Or => query.inner.iter().try_for_each(|inner| self.check(inner)),
            Method::Select if !self.select => Err(refused("Invalid query method: select")),
            Method::Select
            | Method::OrderRandom
            | Method::Limit
            | Method::Offset
            | Method::CursorAfter
            | Method::CursorBefore => Ok(()),
            _ if self.knows(&query.attribute) => Ok(()),
            _ => Err(refused(&format!(
                "Invalid query: Attribute not found in schema: {}",
                query.attribute
            ))),
        }
    }

    fn knows(&self, attribute: &str) -> bool {
        COMMON.contains(&attribute) || self.attributes.contains(&attribute)
    }
}

/// These lists check their queries as they check any parameter.
fn refused(why: &str) -> Error {
    Error::argument(format!("Invalid `queries` param: {why}"))
}

/// Answers a list with the page that the call asks for.
pub(crate) fn answer(call: &Call, name: &str, known: Queries, records: Vec<Value>) -> Reply {
    answer_shown(call, name, known, records, |record| Ok(record.clone()))
}

/// As [`answer`] does, each record as it is to be seen; queries are about what is stored.
pub(crate) fn answer_shown(
    call: &Call,
    name: &str,
    known: Queries,
    records: Vec<Value>,
    shown: impl Fn(&Value) -> Result<Value, Error>,
) -> Reply {
    let (total, page) = page(call, known, records)?;
    let page: Vec<Value> = page.iter().map(shown).collect::<Result<_, _>>()?;
    Ok(Answer::json(200, json!({"total": total, name: page})))
}

/// How many records fit the call's queries, and the page of them that it asks for.
fn page(call: &Call, known: Queries, records: Vec<Value>) -> Result<(usize, Vec<Value>), Error> {
    let queries = query::parse(&query::sent(call)?)?;
    queries.iter().try_for_each(|query| known.check(query))?;
    let database = call.edition.database;
    let mut found: Vec<Value> = records
        .into_iter()
        .filter(|record| queries.iter().all(|query| fits(record, query, database)))
        .collect();
    let total = found.len();
    let orders = |query: &&Query| matches!(query.method, Method::OrderAsc | Method::OrderDesc);
    found.sort_by(|left, right| {
        queries
            .iter()
            .filter(orders)
            .map(|order| {
                let (left, right) = (&left[&order.attribute], &right[&order.attribute]);
                let ordering = compare(left, right, database);
                if order.method == Method::OrderDesc {
                    ordering.reverse()
                } else {
                    ordering
                }
            })
            .fold(Ordering::Equal, Ordering::then)
    });
    // Of two the first counts.
    let number = |method| {
        let query = queries.iter().find(|query| query.method == method)?;
        usize::try_from(query.values.first()?.as_u64()?).ok()
    };
    let limit = number(Method::Limit).unwrap_or(LIMIT);
    let found = match after_cursor(&queries, &found)? {
        Some((from, Method::CursorBefore)) => {
            let first = from.saturating_sub(limit);
            found[first..from].to_vec()
        }
        Some((at, _)) => found.into_iter().skip(at + 1).take(limit).collect(),
        None => {
            let offset = number(Method::Offset).unwrap_or(0);
            found.into_iter().skip(offset).take(limit).collect()
        }
    };
    Ok((total, found))
}

/// Where the record of the cursor stands.
fn after_cursor(queries: &[Query], found: &[Value]) -> Result<Option<(usize, Method)>, Error> {
    let cursor = queries
        .iter()
        .find(|query| matches!(query.method, Method::CursorAfter | Method::CursorBefore));
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let id = cursor
        .values
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    found
        .iter()
        .position(|record| records::id(record) == id)
        .map(|at| Some((at, cursor.method)))
        .ok_or_else(|| {
            Error::new(
                400,
                "general_cursor_not_found",
                format!("The cursor is invalid. Record '{id}' for the 'cursor' value not found."),
            )
        })
}

/// Whether a record passes one filter; everything that is no filter passes.
fn fits(record: &Value, query: &Query, database: Database) -> bool {
    let value = &record[&query.attribute];
    let equal = |left: &Value, right: &Value| {
        !left.is_null() && compare(left, right, database) == Ordering::Equal
    };
    let is = |value: &Value, wanted: &Value, orderings: &[Ordering]| {
        !value.is_null() && orderings.contains(&compare(value, wanted, database))
    };
    let any = |test: &dyn Fn(&Value) -> bool| query.values.iter().any(test);
    let text = |value: &Value| folded(value.as_str().unwrap_or_default());
    let held = |wanted: &Value| match value {
        Value::Array(list) => list.iter().any(|one| equal(one, wanted)),
        other => text(other).contains(&text(wanted)),
    };
    match query.method {
        Method::Equal => any(&|wanted| equal(value, wanted)),
        Method::NotEqual => !value.is_null() && !any(&|wanted| equal(value, wanted)),
        Method::LessThan => any(&|wanted| is(value, wanted, &[Ordering::Less])),
        Method::LessThanEqual => {
            any(&|wanted| is(value, wanted, &[Ordering::Less, Ordering::Equal]))
        }
        Method::GreaterThan => any(&|wanted| is(value, wanted, &[Ordering::Greater])),
        Method::GreaterThanEqual => {
            any(&|wanted| is(value, wanted, &[Ordering::Greater, Ordering::Equal]))
        }
        Method::Between | Method::NotBetween => {
            let inside = match query.values.as_slice() {
                [least, most] => {
                    is(value, least, &[Ordering::Greater, Ordering::Equal])
                        && is(value, most, &[Ordering::Less, Ordering::Equal])
                }
                _ => false,
            };
            inside == (query.method == Method::Between)
        }
        Method::Contains | Method::ContainsAny | Method::Search => any(&held),
        Method::ContainsAll => query.values.iter().all(held),
        Method::NotContains | Method::NotSearch => !any(&held),
        Method::StartsWith => any(&|wanted| text(value).starts_with(&text(wanted))),
        Method::NotStartsWith => !any(&|wanted| text(value).starts_with(&text(wanted))),
        Method::EndsWith => any(&|wanted| text(value).ends_with(&text(wanted))),
        Method::NotEndsWith => !any(&|wanted| text(value).ends_with(&text(wanted))),
        Method::IsNull => value.is_null(),
        Method::IsNotNull => !value.is_null(),
        Method::And => query
            .inner
            .iter()
            .all(|inner| fits(record, inner, database)),
        Method::Or => query
            .inner
            .iter()
            .any(|inner| fits(record, inner, database)),
        Method::Select
        | Method::OrderAsc
        | Method::OrderDesc
        | Method::OrderRandom
        | Method::Limit
        | Method::Offset
        | Method::CursorAfter
        | Method::CursorBefore => true,
    }
}

/// Numbers by size, times by moment, other text as the database does; nothing comes first.
fn compare(left: &Value, right: &Value, database: Database) -> Ordering {
    match (left, right) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => left
            .as_f64()
            .partial_cmp(&right.as_f64())
            .unwrap_or(Ordering::Equal),
        _ => {
            let plain = |value: &Value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let (left, right) = (plain(left), plain(right));
            match (
                DateTime::parse_from_rfc3339(&left),
                DateTime::parse_from_rfc3339(&right),
            ) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                _ => collation::compare_in(database, &left, &right),
            }
        }
    }
}
