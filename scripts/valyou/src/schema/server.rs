//! Reads what a server has and makes what a plan says it lacks. What is missing is decided in `plan`.

use std::time::Duration;

use anyhow::{bail, Context};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use serde_json::{json, Map, Value};

use super::description::{Column, ColumnFields, Description, Function, Index, Kind, Table};
use super::plan::{broken, Found, FoundDatabase, FoundTable, Part, Plan, State, TableSteps};
use super::target::Target;

/// How many tables are read or made side by side: enough to hide the waiting, few for a small server.
const SIDE_BY_SIDE: usize = 4;

/// How long a server may take over the columns or indexes of one table.
const PATIENCE: Duration = Duration::from_secs(180);

/// What became of a function's settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    Created,
    Updated,
    Unchanged,
}

/// Everything in the described databases.
pub(super) async fn read(target: &Target, description: &Description) -> anyhow::Result<Found> {
    let mut found = Found::default();
    for database in target.list("/tablesdb", "databases").await? {
        let id = text(&database, "$id");
        if !description
            .databases
            .iter()
            .any(|described| described.id == id)
        {
            continue;
        }
        let tables = target
            .list(&format!("/tablesdb/{id}/tables"), "tables")
            .await?;
        let tables = stream::iter(tables)
            .map(|table| read_table(target, &id, table))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        found.databases.insert(
            id,
            FoundDatabase {
                enabled: database["enabled"] == true,
                tables,
            },
        );
    }
    Ok(found)
}

async fn read_table(
    target: &Target,
    database: &str,
    table: Value,
) -> anyhow::Result<(String, FoundTable)> {
    let id = text(&table, "$id");
    let path = format!("/tablesdb/{database}/tables/{id}");
    let permissions = table["$permissions"].as_array().into_iter().flatten();
    let found = FoundTable {
        enabled: table["enabled"] == true,
        row_security: table["rowSecurity"] == true,
        permissions: permissions
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        columns: columns(target, &path).await?,
        indexes: indexes(target, &path).await?,
    };
    Ok((id, found))
}

async fn columns(target: &Target, table: &str) -> anyhow::Result<Vec<Part<Column>>> {
    let columns = target.list(&format!("{table}/columns"), "columns").await?;
    Ok(columns
        .into_iter()
        .map(|column| part(column, &ColumnFields::NAMES))
        .collect())
}

async fn indexes(target: &Target, table: &str) -> anyhow::Result<Vec<Part<Index>>> {
    let indexes = target.list(&format!("{table}/indexes"), "indexes").await?;
    let with_orders = indexes.into_iter().map(|mut index| {
        // An index made without orders is ascending.
        if index["orders"].as_array().is_some_and(Vec::is_empty) {
            index["orders"] = index["columns"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|_| "ASC")
                .collect();
        }
        part(index, &["key", "type", "columns", "orders"])
    });
    Ok(with_orders.collect())
}

/// Reads one column or index; `names` are the fields of it that a description has, too.
fn part<T: DeserializeOwned>(answer: Value, names: &[&str]) -> Part<T> {
    let state = match answer["status"].as_str().unwrap_or_default() {
        "available" => State::Available,
        "deleting" => State::Deleting,
        "failed" | "stuck" => State::Broken(text(&answer, "error")),
        _ => State::Processing,
    };
    let key = text(&answer, "key");
    let format = answer["format"]
        .as_str()
        .filter(|format| !format.is_empty());
    let kind = format.map_or_else(|| text(&answer, "type"), str::to_owned);
    let described: Map<String, Value> = (answer.as_object().into_iter().flatten())
        .filter(|(name, _)| names.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Part {
        key,
        is: serde_json::from_value(Value::Object(described)).map_err(|_| kind),
        state,
    }
}

/// Makes what the plan lists. What is made before a failure stays; the next run goes on from there.
pub(super) async fn make(target: &Target, plan: &Plan<'_>) -> anyhow::Result<()> {
    for database in &plan.databases {
        let body =
            json!({"databaseId": database.id, "name": database.name, "enabled": database.enabled});
        target.create("/tablesdb", &body).await?;
    }
    stream::iter(&plan.tables)
        .map(Ok::<_, anyhow::Error>)
        .try_for_each_concurrent(SIDE_BY_SIDE, |steps| async move {
            make_table(target, steps)
                .await
                .with_context(|| steps.table.place())
        })
        .await
}

async fn make_table(target: &Target, steps: &TableSteps<'_>) -> anyhow::Result<()> {
    let table = steps.table;
    let path = format!("/tablesdb/{}/tables/{}", table.database_id, table.id);
    if steps.create {
        create_table(target, table).await?;
    }
    // One by one: in one call with the table, Appwrite 1.9 refuses varchar and text.
    for column in &steps.columns {
        let (route, body) = creation(column);
        let done = target
            .create(&format!("{path}/columns/{route}"), &body)
            .await;
        done.with_context(|| format!("cannot create the column {}", column.key))?;
    }
    // An index needs its columns, also those that an earlier run made or failed to make.
    let keys: Vec<&str> = table
        .columns
        .iter()
        .map(|column| column.key.as_str())
        .collect();
    settle(|| columns(target, &path), &keys).await?;
    for index in &steps.indexes {
        let body = json!({"key": index.key, "type": index.kind, "columns": index.columns, "orders": index.orders});
        let done = target.create(&format!("{path}/indexes"), &body).await;
        done.with_context(|| format!("cannot create the index {}", index.key))?;
    }
    if !steps.indexes.is_empty() || !steps.unfinished.is_empty() {
        let keys: Vec<&str> = table
            .indexes
            .iter()
            .map(|index| index.key.as_str())
            .collect();
        settle(|| indexes(target, &path), &keys).await?;
    }
    Ok(())
}

async fn create_table(target: &Target, table: &Table) -> anyhow::Result<()> {
    let body = json!({
        "tableId": table.id,
        "name": table.name,
        "permissions": table.permissions,
        "rowSecurity": table.row_security,
        "enabled": table.enabled,
    });
    Ok(target
        .create(&format!("/tablesdb/{}/tables", table.database_id), &body)
        .await?)
}

/// The route of a column's type and the body that makes it.
fn creation(column: &Column) -> (&'static str, Value) {
    let mut body = Map::new();
    let route = match &column.kind {
        Kind::Varchar { size } => {
            body.insert("size".to_owned(), json!(size));
            "varchar"
        }
        Kind::Text => "text",
        Kind::MediumText => "mediumtext",
        Kind::LongText => "longtext",
        Kind::Integer { min, max } => {
            body.extend(bounds(min, max));
            "integer"
        }
        Kind::Double { min, max } => {
            body.extend(bounds(min, max));
            "float"
        }
        Kind::Boolean => "boolean",
        Kind::Datetime => "datetime",
        Kind::Enum { elements } => {
            body.insert("elements".to_owned(), json!(elements));
            "enum"
        }
        Kind::Email => "email",
        Kind::Ip => "ip",
        Kind::Url => "url",
    };
    body.insert("key".to_owned(), json!(column.key));
    body.insert("required".to_owned(), json!(column.required));
    body.insert("array".to_owned(), json!(column.array));
    if !column.default.is_null() {
        body.insert("default".to_owned(), column.default.clone());
    }
    (route, Value::Object(body))
}

fn bounds<T: Copy + Into<Value>>(
    min: &Option<T>,
    max: &Option<T>,
) -> impl Iterator<Item = (String, Value)> {
    let bounds = [("min", *min), ("max", *max)];
    bounds
        .into_iter()
        .filter_map(|(name, bound)| bound.map(|bound| (name.to_owned(), bound.into())))
}

/// Waits until the server has made all of `keys`.
async fn settle<T, F>(list: impl Fn() -> F, keys: &[&str]) -> anyhow::Result<()>
where
    F: std::future::Future<Output = anyhow::Result<Vec<Part<T>>>>,
{
    let began = std::time::Instant::now();
    let mut pause = Duration::from_millis(50);
    loop {
        let parts = list().await?;
        let mut waiting = Vec::new();
        for key in keys {
            match parts
                .iter()
                .find(|part| part.key == *key)
                .map(|part| &part.state)
            {
                Some(State::Available) => {}
                Some(State::Broken(reason)) => bail!("{key}: {}", broken(reason)),
                Some(State::Processing | State::Deleting) | None => waiting.push(*key),
            }
        }
        if waiting.is_empty() {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            bail!(
                "{} not ready after {} s; check that the server's databases worker runs, then run this again",
                waiting.join(", "),
                PATIENCE.as_secs()
            );
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Creates a function or brings its settings to those described. All of them are sent: an update resets what it does
/// not name.
pub(super) async fn make_function(target: &Target, function: &Function) -> anyhow::Result<Change> {
    let path = format!("/functions/{}", function.id);
    let mut settings = serde_json::to_value(function)?;
    match target.get(&path).await {
        Ok(there) => {
            if there["runtime"] != settings["runtime"] {
                bail!(
                    "{}: it runs on {}, which cannot be changed to {}; delete it first",
                    function.id,
                    there["runtime"],
                    settings["runtime"]
                );
            }
            let described = settings.as_object().into_iter().flatten();
            if described
                .into_iter()
                .all(|(name, value)| there[name.as_str()] == *value)
            {
                return Ok(Change::Unchanged);
            }
            target.put(&path, &settings).await?;
            Ok(Change::Updated)
        }
        Err(failure) if failure.kind() == "function_not_found" => {
            settings["functionId"] = json!(function.id);
            target.create("/functions", &settings).await?;
            Ok(Change::Created)
        }
        Err(failure) => Err(failure.into()),
    }
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_default().to_owned()
}
