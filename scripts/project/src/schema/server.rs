//! Reads what a server has, makes what a plan says it lacks and changes what it says differs. What that is, is decided
//! in `plan`.

use std::time::Duration;

use anyhow::{bail, Context};
use futures_util::stream::{self, FuturesUnordered, StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use serde_json::{json, Map, Value};

use super::in_place::{differences, too_many, unknown, Hurt};
use super::plan::{
    failed, given, refusal, required, stuck, ColumnChange, Fit, Found, FoundDatabase, FoundTable,
    Locked, Part, Plan, Question, State, TableSteps,
};
use crate::description::{Column, ColumnFields, Description, Function, Index, Kind, Table};
use crate::target::{Failure, Target};

/// How many tables are read or made side by side: enough to hide the waiting, few for a small server.
const SIDE_BY_SIDE: usize = 4;

/// How long a server may take over the columns or indexes of one table.
const PATIENCE: Duration = Duration::from_secs(180);

/// Most rows that are looked through to find one that a change would hurt.
const MOST_ROWS: usize = 20_000;

/// Most rows of one answer, and most bytes of texts in it: a server of Appwrite's own image answers 12 MiB at most.
const PAGE_ROWS: usize = 500;
const PAGE_BYTES: usize = 4 << 20;

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
                name: text(&database, "name"),
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
        name: text(&table, "name"),
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
        "failed" => State::Failed(text(&answer, "error")),
        "stuck" => State::Stuck(text(&answer, "error")),
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

/// All that a server says of what is in these databases, without times and without its own numbers: what two servers
/// that hold the same say alike.
pub async fn inventory(target: &Target, databases: &[&str]) -> anyhow::Result<Value> {
    let mut all = Map::new();
    for database in databases {
        let path = format!("/tablesdb/{database}");
        all.insert((*database).to_owned(), target.get(&path).await?);
        for table in target.list(&format!("{path}/tables"), "tables").await? {
            let place = format!("{database}.{}", text(&table, "$id"));
            let path = format!("{path}/tables/{}", text(&table, "$id"));
            for part in ["columns", "indexes"] {
                let list = target.list(&format!("{path}/{part}"), part).await?;
                all.insert(format!("{place} {part}"), Value::Array(list));
            }
            all.insert(place, table);
        }
    }
    let mut all = Value::Object(all);
    forget_own(&mut all);
    Ok(all)
}

fn forget_own(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "$createdAt" && name != "$updatedAt");
            // The id of an index begins with the numbers of its database and table.
            if fields.contains_key("orders") {
                fields.remove("$id");
            }
            fields.values_mut().for_each(forget_own);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_own),
        _ => {}
    }
}

/// Looks for a row that is hurt, in no more than [`MOST_ROWS`] of them. By list: a GET can be stale.
pub(super) async fn ask(target: &Target, question: &Question) -> anyhow::Result<Fit> {
    let Question {
        database,
        table,
        column,
        hurt,
    } = question;
    let path = format!("/tablesdb/{database}/tables/{table}/rows");
    let (limit, seen) = match hurt {
        // Any row will do, and it does not have the column yet.
        Hurt::Unset => (1, "$id"),
        _ => (page_rows(column), column.key.as_str()),
    };
    let mut left = MOST_ROWS;
    for filters in hurt.queries(column) {
        let mut after: Option<String> = None;
        loop {
            let mut queries = filters.clone();
            queries.push(json!({"method": "select", "values": [seen]}));
            queries.push(json!({"method": "limit", "values": [limit]}));
            let cursor = |id| json!({"method": "cursorAfter", "values": [id]});
            queries.extend(after.take().map(cursor));
            let page = match target.rows(&path, &queries).await {
                Ok(Some(page)) => page,
                Ok(None) => bail!("GET {path}: the answer holds no list of rows"),
                Err(failure) => {
                    let reason = untold(&failure).ok_or(failure)?;
                    return Ok(Fit::Unknown(reason.to_owned()));
                }
            };
            if let Some(row) = page.iter().find(|row| hurt.is_by(&row[&column.key])) {
                return Ok(Fit::Not(text(row, "$id")));
            }
            if page.len() < limit {
                break;
            }
            left = left.saturating_sub(page.len());
            if left == 0 {
                return Ok(Fit::Unknown(too_many(MOST_ROWS)));
            }
            after = page.last().map(|row| text(row, "$id"));
        }
    }
    Ok(Fit::All)
}

/// Why rows could not be looked at, where that is no failure.
fn untold(failure: &Failure) -> Option<&'static str> {
    match failure.kind() {
        "general_unauthorized_scope" => Some("the key lacks the scope rows.read; give it that"),
        "database_timeout" => {
            Some("the server takes too long over it; run this again when it is less busy")
        }
        _ => None,
    }
}

/// Rows that no update is taken of, one for each table: they lack a value that they have to have. A key that may not read
/// rows finds none.
pub(super) async fn locked(
    target: &Target,
    description: &Description,
    found: &Found,
) -> anyhow::Result<Vec<Locked>> {
    let mut waiting = description.tables.iter();
    let mut at_work = FuturesUnordered::new();
    let mut locked = Vec::new();
    loop {
        while at_work.len() < SIDE_BY_SIDE {
            let Some(table) = waiting.next() else {
                break;
            };
            let columns = required(table, found);
            if !columns.is_empty() {
                at_work.push(locked_in(target, table, columns));
            }
        }
        match at_work.next().await {
            Some(row) => locked.extend(row?),
            None => return Ok(locked),
        }
    }
}

async fn locked_in(
    target: &Target,
    table: &Table,
    columns: Vec<&Column>,
) -> anyhow::Result<Option<Locked>> {
    /// Columns of one question: a query has 4,096 characters.
    const AT_ONCE: usize = 20;

    let path = format!("{}/rows", path(table));
    for columns in columns.chunks(AT_ONCE) {
        let is_null =
            |column: &&Column| json!({"method": "isNull", "attribute": column.key, "values": []});
        let any = match columns {
            [column] => is_null(column),
            columns => {
                let any: Vec<Value> = columns.iter().map(is_null).collect();
                json!({"method": "or", "values": any})
            }
        };
        let keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
        let queries = [
            any,
            json!({"method": "select", "values": keys}),
            json!({"method": "limit", "values": [1]}),
        ];
        let rows = match target.rows(&path, &queries).await {
            Ok(rows) => rows.unwrap_or_default(),
            Err(failure) if untold(&failure).is_some() => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let Some(row) = rows.first() else {
            continue;
        };
        if let Some(key) = keys.into_iter().find(|key| row[*key].is_null()) {
            return Ok(Some(Locked {
                database: table.database_id.clone(),
                table: table.id.clone(),
                column: key.to_owned(),
                row: text(row, "$id"),
            }));
        }
    }
    Ok(None)
}

fn path(table: &Table) -> String {
    format!("/tablesdb/{}/tables/{}", table.database_id, table.id)
}

/// Arrays may hold any number of elements: 20 are thought of.
fn page_rows(column: &Column) -> usize {
    let characters = match &column.kind {
        Kind::Varchar { size } => *size as usize,
        Kind::Text | Kind::MediumText | Kind::LongText if column.array => 65_535,
        _ => 64,
    };
    let elements = if column.array { 20 } else { 1 };
    (PAGE_BYTES / (4 * characters * elements)).clamp(1, PAGE_ROWS)
}

/// Makes and changes what the plan lists. What is done before a failure stays; the next run goes on from there.
/// Creates what is missing and changes what differs by this plan; what is done before a failure stays.
pub async fn make(target: &Target, plan: &Plan<'_>) -> anyhow::Result<()> {
    for step in &plan.databases {
        let database = step.database;
        let mut body = json!({"name": database.name, "enabled": database.enabled});
        if step.is_missing() {
            body["databaseId"] = json!(database.id);
            target.create("/tablesdb", &body).await?;
        } else {
            target
                .put(&format!("/tablesdb/{}", database.id), &body)
                .await?;
        }
    }
    // After a failure no table is begun, but those under way are brought to their end: a change is not left without the
    // look at the rows after it.
    let mut waiting = plan.tables.iter();
    let mut at_work = FuturesUnordered::new();
    let mut failures = Vec::new();
    loop {
        while failures.is_empty() && at_work.len() < SIDE_BY_SIDE {
            let Some(steps) = waiting.next() else {
                break;
            };
            at_work.push(async move {
                let made = make_table(target, steps).await;
                made.with_context(|| steps.table.place())
            });
        }
        match at_work.next().await {
            Some(Ok(())) => {}
            Some(Err(failure)) => failures.push(format!("{failure:#}")),
            None => break,
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    bail!(failures.join("; "))
}

async fn make_table(target: &Target, steps: &TableSteps<'_>) -> anyhow::Result<()> {
    let table = steps.table;
    let path = path(table);
    let mut settings = json!({
        "name": table.name,
        "permissions": table.permissions,
        "rowSecurity": table.row_security,
        "enabled": table.enabled,
    });
    let mut is_ours = false;
    if steps.create {
        settings["tableId"] = json!(table.id);
        let tables = format!("/tablesdb/{}/tables", table.database_id);
        is_ours = target.create(&tables, &settings).await?;
    } else if !steps.settings.is_empty() {
        // All of them: an update resets what it does not name.
        target.put(&path, &settings).await?;
    }
    if !is_ours && steps.new_columns().next().is_some() {
        exists(target, &table.database_id, &table.id).await?;
    }
    if !steps.leaving.is_empty() {
        gone(|| columns(target, &path)).await?;
        gone(|| indexes(target, &path)).await?;
    }
    let made = make_columns(target, steps, is_ours).await;
    // Also after a failure: a column may be there, and only the answer lost.
    let looked = leave_no_row_locked(target, steps, is_ours).await;
    match (made, looked) {
        (Ok(()), looked) => looked?,
        (made, Ok(())) => made?,
        (Err(made), Err(looked)) => {
            let (made, looked) = (format!("{made:#}"), format!("{looked:#}"));
            // A server that is gone is gone for both.
            bail!(if made.ends_with(&looked) {
                made
            } else {
                format!("{made}; {looked}")
            });
        }
    }
    for index in &steps.indexes {
        let done = create_index(target, table, index).await;
        done.with_context(|| format!("cannot create the index {}", index.key))?;
    }
    let made = steps.indexes.iter().chain(&steps.unfinished_indexes);
    let keys: Vec<&str> = made.map(|index| index.key.as_str()).collect();
    match settle(|| indexes(target, &path), &keys).await?.first() {
        None => Ok(()),
        Some((key, reason)) => bail!("{key}: {}", failed(reason)),
    }
}

/// Waits until a table that somebody else is making is there. Appwrite describes a table before it makes it, and what is
/// asked for in between fails for good.
pub(super) async fn exists(target: &Target, database: &str, table: &str) -> anyhow::Result<()> {
    let path = format!("/tablesdb/{database}/tables/{table}/rows");
    let mut waiting = Waiting::default();
    loop {
        let limit = json!({"method": "limit", "values": [1]});
        let Err(failure) = target.rows(&path, &[limit]).await else {
            return Ok(());
        };
        if untold(&failure).is_some() {
            return Ok(());
        }
        if !failure.is_of_appwrite() {
            return Err(failure.into());
        }
        let what = || format!("the table {database}.{table} ({failure})");
        waiting.on(what).await?;
    }
}

async fn make_columns(
    target: &Target,
    steps: &TableSteps<'_>,
    is_ours: bool,
) -> anyhow::Result<()> {
    let table = steps.table;
    let path = path(table);
    let required = steps.new_columns().find(|column| column.required);
    if let (Some(column), false) = (required, is_ours) {
        let refused = refuse_hurt(target, table, column, &[Hurt::Unset]).await;
        refused.with_context(|| format!("cannot create the column {}", column.key))?;
    }
    let anew: Vec<&Column> = steps.anew.iter().map(|anew| anew.column).collect();
    delete_failed(target, table, &anew).await?;
    // One by one: in one call with the table, Appwrite 1.9 refuses varchar and text.
    for column in steps.new_columns() {
        create_column(target, table, column).await?;
    }
    for change in &steps.changes {
        let done = change_column(target, table, change).await;
        done.with_context(|| format!("cannot change the column {}", change.to.key))?;
    }
    let made: Vec<&Column> = (steps.new_columns())
        .chain(steps.unfinished_columns.iter().copied())
        .collect();
    let keys: Vec<&str> = made.iter().map(|column| column.key.as_str()).collect();
    let failures = settle(|| columns(target, &path), &keys).await?;
    if failures.is_empty() {
        return Ok(());
    }
    // Once more: somebody else may have asked for it before there was a table.
    let is_failed = |column: &&&Column| failures.iter().any(|(key, _)| *key == column.key);
    let again: Vec<&Column> = made.iter().filter(is_failed).copied().collect();
    delete_failed(target, table, &again).await?;
    for column in &again {
        create_column(target, table, column).await?;
    }
    refuse_failed(&settle(|| columns(target, &path), &keys).await?)
}

fn refuse_failed(columns: &[(String, String)]) -> anyhow::Result<()> {
    match columns.first() {
        None => Ok(()),
        Some((key, reason)) => bail!(
            "the column {key}: Appwrite could not make it ({}), also when asked again; mend the cause, then run this \
             again",
            given(reason)
        ),
    }
}

async fn create_column(target: &Target, table: &Table, column: &Column) -> anyhow::Result<()> {
    let (route, body) = creation(column);
    let path = format!("{}/columns/{route}", path(table));
    let done = target.create(&path, &body).await;
    done.with_context(|| format!("cannot create the column {}", column.key))?;
    Ok(())
}

/// Deletes columns that Appwrite failed to make, and nothing else: whether they still are what they were is asked
/// immediately before.
async fn delete_failed(target: &Target, table: &Table, failed: &[&Column]) -> anyhow::Result<()> {
    let path = path(table);
    for column in failed {
        let there = columns(target, &path).await?;
        let is_failed =
            |part: &Part<Column>| part.key == column.key && matches!(part.state, State::Failed(_));
        if there.iter().any(is_failed) {
            let deleted = target
                .delete(&format!("{path}/columns/{}", column.key))
                .await;
            deleted.with_context(|| {
                format!(
                    "cannot delete the column {}, which could not be made",
                    column.key
                )
            })?;
        }
    }
    if !failed.is_empty() {
        gone(|| columns(target, &path)).await?;
    }
    Ok(())
}

/// A row that came in while a required column was being made has no value in it, and no update of it would be taken any
/// more: as long as there is one, the column is optional.
async fn leave_no_row_locked(
    target: &Target,
    steps: &TableSteps<'_>,
    is_ours: bool,
) -> anyhow::Result<()> {
    let table = steps.table;
    let path = path(table);
    let new = steps
        .new_columns()
        .chain(steps.unfinished_columns.iter().copied());
    let new: Vec<&Column> = new.filter(|column| column.required).collect();
    if new.is_empty() {
        return Ok(());
    }
    let mut made = Vec::new();
    until_done(
        || columns(target, &path),
        |parts| {
            let ours =
                (parts.iter()).filter(|part| new.iter().any(|column| column.key == part.key));
            let (ready, waiting): (Vec<_>, Vec<_>) =
                ours.partition(|part| !matches!(part.state, State::Processing));
            let ready = ready.iter().filter(|part| part.state == State::Available);
            made = ready.map(|part| part.key.clone()).collect();
            Ok(waiting.iter().map(|part| part.key.clone()).collect())
        },
    )
    .await?;
    let made = new.iter().filter(|column| made.contains(&column.key));
    let Some(first) = made.clone().next() else {
        return Ok(());
    };
    // Most tables are empty, and then one answer is enough.
    match ask(target, &question(table, first, Hurt::Unset)).await? {
        Fit::All => return Ok(()),
        // Nobody else knows yet of a table that this run has made.
        Fit::Unknown(_) if is_ours => return Ok(()),
        Fit::Unknown(reason) => bail!(unknown(&reason)),
        Fit::Not(_) => {}
    }
    let mut whys = Vec::new();
    for column in made {
        let key = &column.key;
        let why = match ask(target, &question(table, column, Hurt::Empty)).await {
            Ok(Fit::All) => continue,
            Ok(Fit::Unknown(reason)) => unknown(&reason),
            Ok(Fit::Not(row)) => {
                let optional = Column {
                    required: false,
                    ..(*column).clone()
                };
                let hurt = Hurt::Empty.refusal(&row);
                match alter(target, table, &optional, Tries::Many).await {
                    Ok(()) => format!("it is optional: {hurt}"),
                    Err(failure) => format!("{hurt}; it could not be made optional: {failure:#}"),
                }
            }
            Err(failure) => format!("{failure:#}"),
        };
        whys.push(format!("{key}: {why}"));
    }
    if whys.is_empty() {
        return Ok(());
    }
    bail!(whys.join("; "))
}

/// Creates an index. The server may say for ever that a column is not available which it lists as such: it keeps a
/// document of the table that is out of date, and forgets it when the table is written.
async fn create_index(target: &Target, table: &Table, index: &Index) -> anyhow::Result<()> {
    let path = path(table);
    let indexes = format!("{path}/indexes");
    let body = json!({"key": index.key, "type": index.kind, "columns": index.columns, "orders": index.orders});
    match target.create(&indexes, &body).await {
        Err(failure) if failure.kind() == "column_not_available" => {}
        done => {
            done?;
            return Ok(());
        }
    }
    let keys: Vec<&str> = index.columns.iter().map(String::as_str).collect();
    refuse_failed(&settle(|| columns(target, &path), &keys).await?)?;
    write_as_it_is(target, table).await?;
    let done = target.create(&indexes, &body).await;
    done.context(
        "the server lists every column of it as available, and goes on after the table was written anew; restart the \
         server with an empty cache, then run this again",
    )?;
    Ok(())
}

/// Writes a table with its own values, as they are listed: single tables come from the cache.
async fn write_as_it_is(target: &Target, table: &Table) -> anyhow::Result<()> {
    let tables = format!("/tablesdb/{}/tables", table.database_id);
    let listed = target.list(&tables, "tables").await?;
    let Some(there) = listed.iter().find(|listed| listed["$id"] == *table.id) else {
        bail!("the table is gone; run this again");
    };
    let itself = json!({
        "name": there["name"],
        "permissions": there["$permissions"],
        "rowSecurity": there["rowSecurity"],
        "enabled": there["enabled"],
    });
    target.put(&path(table), &itself).await?;
    Ok(())
}

/// Changes a column, unless a row is hurt: asked once more before, because the plan may be old by now, and after, so
/// that a row which came in between is not left behind. Also after a change that failed: it may be done, and only the
/// answer lost.
async fn change_column(
    target: &Target,
    table: &Table,
    change: &ColumnChange<'_>,
) -> anyhow::Result<()> {
    let ColumnChange { from, hurts, .. } = change;
    refuse_hurt(target, table, from, hurts).await?;
    let done = alter(target, table, change.to, Tries::One).await;
    let Err(hurt) = refuse_hurt(target, table, from, hurts).await else {
        return done;
    };
    let back = alter(target, table, from, Tries::Many).await;
    back.with_context(|| format!("{hurt:#}; it could not be changed back"))?;
    Err(hurt.context("it is as before"))
}

async fn refuse_hurt(
    target: &Target,
    table: &Table,
    column: &Column,
    hurts: &[Hurt],
) -> anyhow::Result<()> {
    for hurt in hurts {
        let question = question(table, column, hurt.clone());
        if let Some(why) = refusal(hurt, Some(&ask(target, &question).await?)) {
            bail!(why);
        }
    }
    Ok(())
}

fn question(table: &Table, column: &Column, hurt: Hurt) -> Question {
    Question {
        database: table.database_id.clone(),
        table: table.id.clone(),
        column: column.clone(),
        hurt,
    }
}

/// Whether a change is sent again where the answer may have been lost. It may where nobody else's can be undone by that.
#[derive(Clone, Copy)]
enum Tries {
    One,
    Many,
}

/// Sends all that a column is: an update takes what is left out for null, for "as before" or for wrong.
async fn alter(
    target: &Target,
    table: &Table,
    column: &Column,
    tries: Tries,
) -> anyhow::Result<()> {
    let (route, mut body) = fields(&column.kind);
    body.insert("required".to_owned(), json!(column.required));
    body.insert("default".to_owned(), column.default.clone());
    // A bound that is not sent stays.
    let widest = match &column.kind {
        Kind::Integer { .. } => Some((json!(i64::MIN), json!(i64::MAX))),
        Kind::Double { .. } => Some((json!(f64::MIN), json!(f64::MAX))),
        _ => None,
    };
    if let Some((min, max)) = widest {
        body.entry("min").or_insert(min);
        body.entry("max").or_insert(max);
    }
    let path = format!("{}/columns/{route}/{}", path(table), column.key);
    let body = Value::Object(body);
    let answer = match tries {
        Tries::One => target.patch(&path, &body).await?,
        Tries::Many => target.patch_surely(&path, &body).await?,
    };
    // Some updates are answered with 200 and not done.
    match part(answer, &ColumnFields::NAMES).is {
        Ok(made) if differences(&made, column).is_empty() => Ok(()),
        Ok(made) => bail!("PATCH {path}: the server answered that it is {made} now, not {column}"),
        Err(kind) => bail!("PATCH {path}: the server answered with a column of type {kind}"),
    }
}

/// The route of a column's type and the body that makes it.
fn creation(column: &Column) -> (&'static str, Value) {
    let (route, mut body) = fields(&column.kind);
    body.insert("key".to_owned(), json!(column.key));
    body.insert("required".to_owned(), json!(column.required));
    body.insert("array".to_owned(), json!(column.array));
    if !column.default.is_null() {
        body.insert("default".to_owned(), column.default.clone());
    }
    (route, Value::Object(body))
}

/// The route of a type, and what bodies say of the type.
fn fields(kind: &Kind) -> (&'static str, Map<String, Value>) {
    let mut body = Map::new();
    let route = match kind {
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
    (route, body)
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

/// Waits until the server has made all of `keys`, or failed to: those that it could not make, with its reason.
async fn settle<T, F>(list: impl Fn() -> F, keys: &[&str]) -> anyhow::Result<Vec<(String, String)>>
where
    F: std::future::Future<Output = anyhow::Result<Vec<Part<T>>>>,
{
    let mut failures = Vec::new();
    if keys.is_empty() {
        return Ok(failures);
    }
    until_done(list, |parts| {
        let mut waiting = Vec::new();
        failures.clear();
        for key in keys {
            match parts
                .iter()
                .find(|part| part.key == *key)
                .map(|part| &part.state)
            {
                Some(State::Available) => {}
                Some(State::Failed(reason)) => failures.push(((*key).to_owned(), reason.clone())),
                Some(State::Stuck(reason)) => bail!("{key}: {}", stuck(reason)),
                Some(State::Processing | State::Deleting) | None => {
                    waiting.push((*key).to_owned());
                }
            }
        }
        Ok(waiting)
    })
    .await?;
    Ok(failures)
}

/// Waits until the server has deleted whatever it is deleting.
async fn gone<T, F>(list: impl Fn() -> F) -> anyhow::Result<()>
where
    F: std::future::Future<Output = anyhow::Result<Vec<Part<T>>>>,
{
    until_done(list, |parts| {
        let leaving = parts.iter().filter(|part| part.state == State::Deleting);
        Ok(leaving.map(|part| part.key.clone()).collect())
    })
    .await
}

/// Lists again and again until nothing is `waiting`.
async fn until_done<T, F>(
    list: impl Fn() -> F,
    mut waiting: impl FnMut(&[Part<T>]) -> anyhow::Result<Vec<String>>,
) -> anyhow::Result<()>
where
    F: std::future::Future<Output = anyhow::Result<Vec<Part<T>>>>,
{
    let mut patience = Waiting::default();
    loop {
        let left = waiting(&list().await?)?;
        if left.is_empty() {
            return Ok(());
        }
        patience.on(|| left.join(", ")).await?;
    }
}

/// The time that the server is given for what it does after its answer.
struct Waiting {
    began: std::time::Instant,
    pause: Duration,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            began: std::time::Instant::now(),
            pause: Duration::from_millis(50),
        }
    }
}

impl Waiting {
    /// A pause, each longer than the one before, until [`PATIENCE`] is at an end.
    async fn on(&mut self, what: impl FnOnce() -> String) -> anyhow::Result<()> {
        if self.began.elapsed() > PATIENCE {
            bail!(
                "{} not ready after {} s; check that the server's databases worker runs, then run this again",
                what(),
                PATIENCE.as_secs()
            );
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(Duration::from_secs(2));
        Ok(())
    }
}

/// Creates a function or brings its settings to those described. All of them are sent: an update resets what it does
/// not name.
pub(crate) async fn make_function(target: &Target, function: &Function) -> anyhow::Result<Change> {
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
