//! Queries as Appwrite takes them: JSON text `{"method", "attribute", "values"}`.

use serde_json::{json, Value};

/// One query of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Query(Value);

impl Query {
    /// The column holds one of the values.
    pub fn equal<V: Into<Value>>(column: &str, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        Self(json!({"method": "equal", "attribute": column, "values": values}))
    }

    pub fn less_than(column: &str, value: impl Into<Value>) -> Self {
        Self(json!({"method": "lessThan", "attribute": column, "values": [value.into()]}))
    }

    pub fn greater_than(column: &str, value: impl Into<Value>) -> Self {
        Self(json!({"method": "greaterThan", "attribute": column, "values": [value.into()]}))
    }

    /// The column is empty.
    pub fn is_null(column: &str) -> Self {
        Self(json!({"method": "isNull", "attribute": column, "values": []}))
    }

    /// Only these columns; `$id`, `$createdAt` and `$updatedAt` come anyway. Of rows the client asks for what their type
    /// has, see [`Appwrite::list`](super::Appwrite::list).
    pub(super) fn select(columns: &[&str]) -> Self {
        Self(json!({"method": "select", "values": columns}))
    }

    pub fn order_asc(column: &str) -> Self {
        Self(json!({"method": "orderAsc", "attribute": column, "values": []}))
    }

    pub fn order_desc(column: &str) -> Self {
        Self(json!({"method": "orderDesc", "attribute": column, "values": []}))
    }

    pub fn limit(rows: usize) -> Self {
        Self(json!({"method": "limit", "values": [rows]}))
    }

    /// Rows after the row of this id, in the list's order.
    pub fn cursor_after(id: &str) -> Self {
        Self(json!({"method": "cursorAfter", "values": [id]}))
    }

    pub(super) fn to_text(&self) -> String {
        self.0.to_string()
    }
}
