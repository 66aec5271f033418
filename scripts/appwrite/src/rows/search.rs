//! Running a plan of queries on the rows of a table.

use rusqlite::types::Value as Bound;
use rusqlite::{params_from_iter, Connection};

use crate::rows::permissions::Reach;
use crate::rows::plan::{self, Plan, Sql};
use crate::rows::row::{self, Row};
use crate::schema::catalog::Table;
use crate::schema::column::Column;
use crate::wire::Error;

/// How many rows a list has that is not told: `APP_LIMIT_LIST_DEFAULT`.
const DEFAULT_LIMIT: i64 = 25;

/// How far `total` counts: `APP_LIMIT_COUNT`.
const COUNT_LIMIT: i64 = 5_000;

/// The rows that a plan asks for, as far as they may be reached.
pub(crate) fn rows(
    connection: &Connection,
    table: &Table,
    plan: &Plan,
    reach: &Reach,
) -> Result<Vec<Row>, Error> {
    let columns: Vec<&Column> = match &plan.select {
        None => table.available().collect(),
        Some(keys) => {
            let mut columns: Vec<&Column> = Vec::new();
            for column in keys.iter().filter_map(|key| table.column(key)) {
                if !columns.iter().any(|known| known.number == column.number) {
                    columns.push(column);
                }
            }
            columns
        }
    };
    let mut condition = conditions(plan, reach);
    let backwards = plan.cursor.as_ref().is_some_and(|cursor| cursor.before);
    let mut orders: Vec<(String, String, bool)> = plan
        .orders
        .iter()
        .map(|order| {
            (
                order.key.clone(),
                order.column.clone(),
                order.descending != backwards,
            )
        })
        .collect();
    // The order of rows that are equal in all that was asked.
    if !orders
        .iter()
        .any(|(_, column, _)| column == "_sequence" || column == "_id")
    {
        orders.push(("$sequence".to_owned(), "_sequence".to_owned(), backwards));
    }
    if let Some(cursor) = &plan.cursor {
        let found = row::find(connection, table, &cursor.row)?.filter(|row| reach.holds(row));
        let found = found.ok_or_else(|| {
            Error::new(
                400,
                "general_cursor_not_found",
                format!("Row '{}' for the 'cursor' value not found.", cursor.row),
            )
        })?;
        condition = plan::joined(
            vec![condition, after(connection, table, &found, &orders)?],
            " AND ",
        );
    }
    let order = if plan.random {
        "random()".to_owned()
    } else {
        let parts: Vec<String> = orders
            .iter()
            .map(|(_, column, descending)| {
                format!("{column}{}", if *descending { " DESC" } else { "" })
            })
            .collect();
        parts.join(", ")
    };
    let sql = format!(
        "{} WHERE {} ORDER BY {order} LIMIT ? OFFSET ?",
        row::select(table, &columns),
        condition.text
    );
    let mut values = condition.values;
    values.push(Bound::Integer(plan.limit.unwrap_or(DEFAULT_LIMIT)));
    values.push(Bound::Integer(plan.offset.unwrap_or(0)));
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(values), |row| row::decode(row, &columns))?;
    let mut rows: Vec<Row> = found.collect::<Result<_, _>>()?;
    if backwards {
        rows.reverse();
    }
    Ok(rows)
}

fn conditions(plan: &Plan, reach: &Reach) -> Sql {
    let mut parts = plan.filters.clone();
    if let Reach::Rows(wanted) = reach {
        let places = vec!["?"; wanted.len()].join(", ");
        parts.push(Sql {
            text: format!(
                "EXISTS (SELECT 1 FROM json_each(_permissions) WHERE value IN ({places}))"
            ),
            values: wanted.iter().cloned().map(Bound::Text).collect(),
        });
    }
    plan::joined(parts, " AND ")
}

/// What stands after a row in an order: greater in the first column, or equal there and greater in the next.
fn after(
    connection: &Connection,
    table: &Table,
    row: &Row,
    orders: &[(String, String, bool)],
) -> Result<Sql, Error> {
    let mut alternatives = Vec::new();
    let mut equal: Vec<Sql> = Vec::new();
    for (key, column, descending) in orders {
        let sql = format!("SELECT {column} FROM {} WHERE _sequence = ?1", table.rows());
        let value: Bound = connection
            .prepare_cached(&sql)?
            .query_row([row.sequence], |row| row.get(0))?;
        if value == Bound::Null {
            return Err(Error::new(
                400,
                "database_query_order_null",
                format!(
                    "The order column '{key}' had a null value. Cursor pagination requires all rows order column \
                     values are non-null."
                ),
            ));
        }
        let part = |sign: &str| Sql {
            text: format!("{column} {sign} ?"),
            values: vec![value.clone()],
        };
        let mut parts = equal.clone();
        parts.push(part(if *descending { "<" } else { ">" }));
        alternatives.push(plan::joined(parts, " AND "));
        equal.push(part("="));
    }
    Ok(plan::joined(alternatives, " OR "))
}

/// How many rows there are, as far as is counted.
pub(crate) fn count(
    connection: &Connection,
    table: &Table,
    plan: &Plan,
    reach: &Reach,
) -> Result<i64, Error> {
    let condition = conditions(plan, reach);
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {COUNT_LIMIT})",
        table.rows(),
        condition.text
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(condition.values), |row| row.get(0))?)
}
