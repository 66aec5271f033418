//! Rows: listed in pages, created under an id of the caller's, changed and deleted by guarded writes.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use domain::ids::Id;
use domain::rows::Row;
use domain::{columns, document};
use serde_json::{json, Map, Value};

use super::client::Appwrite;
use super::error::{is_conflict, is_taken, misread, unreadable, AppwriteError};
use super::query::Query;
use super::row::{id_of, CreateOutcome, Guard, PatchOutcome, RowPage, StoredRow, Version};

/// Rows that one page of [`Appwrite::all`] asks for. Appwrite sets no limit; 500 rows of 36 columns stay under 1 MB.
const PAGE: usize = 500;

/// How far a list's `total` counts: Appwrite's `APP_LIMIT_COUNT`.
pub const MOST_COUNTED: usize = 5_000;

/// Ids in one query: of 36 characters each, with quotes and commas, they stay below what Appwrite takes.
const IDS: usize = 100;

/// How long a write waits until the version that guards it has come: what was written within this second is not surely
/// past, and servers' clocks differ a little.
const MOST_WAITED: Duration = Duration::from_secs(3);

impl Appwrite {
    /// One page of rows, of each the columns that its type has.
    pub async fn list<R: Row>(&self, queries: &[Query]) -> Result<RowPage<R>, AppwriteError> {
        let columns = columns::of::<R>();
        let select = (!columns.is_empty()).then(|| Query::select(columns));
        let queries: Vec<Query> = queries.iter().cloned().chain(select).collect();
        let sent = self.get(&self.rows_path(R::TABLE, None), &queries).await?;
        let rows = sent
            .get("rows")
            .and_then(Value::as_array)
            .ok_or_else(|| unreadable("a list without rows"))?;
        let mut page = RowPage {
            rows: Vec::with_capacity(rows.len()),
            malformed: Vec::new(),
            total: sent
                .get("total")
                .and_then(Value::as_u64)
                .unwrap_or_default() as usize,
            last: rows.last().map(|row| id_of(row).to_owned()),
        };
        for value in rows {
            match StoredRow::decode(value) {
                Ok(stored) => page.rows.push(stored),
                Err(why) => page.malformed.push((id_of(value).to_owned(), why)),
            }
        }
        Ok(page)
    }

    /// Every row that matches, oldest first, in pages.
    pub async fn all<R: Row>(&self, queries: &[Query]) -> Result<RowPage<R>, AppwriteError> {
        self.all_by(PAGE, queries).await
    }

    /// The same in pages of this many rows: more where a query selects few columns.
    pub async fn all_by<R: Row>(
        &self,
        page_size: usize,
        queries: &[Query],
    ) -> Result<RowPage<R>, AppwriteError> {
        let mut found = RowPage {
            rows: Vec::new(),
            malformed: Vec::new(),
            total: 0,
            last: None,
        };
        self.each_page(page_size, queries, |page| {
            found.total = found.total.max(page.total);
            found.rows.extend(page.rows);
            found.malformed.extend(page.malformed);
            found.last = page.last;
            ControlFlow::Continue(())
        })
        .await?;
        Ok(found)
    }

    /// Every page of what matches, oldest row first, until `take` breaks off.
    pub async fn each_page<R: Row>(
        &self,
        page_size: usize,
        queries: &[Query],
        mut take: impl FnMut(RowPage<R>) -> ControlFlow<()>,
    ) -> Result<(), AppwriteError> {
        let mut after: Option<String> = None;
        loop {
            let mut paged = queries.to_vec();
            paged.extend([Query::order_asc("$createdAt"), Query::limit(page_size)]);
            paged.extend(after.as_deref().map(Query::cursor_after));
            let page: RowPage<R> = self.list(&paged).await?;
            let is_full = page.size() == page_size;
            after.clone_from(&page.last);
            if take(page).is_break() || !is_full {
                return Ok(());
            }
        }
    }

    /// Every row that matches and whose column holds one of these ids, those of the first ids first.
    pub async fn of_ids<'a, R: Row, I: Id + 'a>(
        &self,
        column: &str,
        ids: impl IntoIterator<Item = &'a I>,
        queries: &[Query],
    ) -> Result<RowPage<R>, AppwriteError> {
        let ids: Vec<&str> = ids.into_iter().map(AsRef::as_ref).collect();
        let mut found = RowPage {
            rows: Vec::new(),
            malformed: Vec::new(),
            total: 0,
            last: None,
        };
        for ids in ids.chunks(IDS) {
            let mut of_ids = queries.to_vec();
            of_ids.push(Query::equal(column, ids.iter().copied()));
            let page = self.all(&of_ids).await?;
            found.total += page.total;
            found.rows.extend(page.rows);
            found.malformed.extend(page.malformed);
            found.last = page.last.or(found.last);
        }
        Ok(found)
    }

    /// The row of this id, if there is one. A row whose contents the type refuses is an error.
    pub async fn find<R: Row>(&self, id: &R::Id) -> Result<Option<StoredRow<R>>, AppwriteError> {
        let mut page: RowPage<R> = self
            .list(&[Query::equal("$id", [id.as_ref()]), Query::limit(1)])
            .await?;
        match (page.rows.pop(), page.malformed.pop()) {
            (Some(row), _) => Ok(Some(row)),
            (None, None) => Ok(None),
            (None, Some((id, why))) => Err(unreadable(&format!("row {id} of {}: {why}", R::TABLE))),
        }
    }

    /// Creates a row under an id of the caller's. `readers` may read it beside keys: permissions in Appwrite's notation.
    pub async fn create<R: Row>(
        &self,
        id: &R::Id,
        row: &R,
        readers: &[String],
    ) -> Result<CreateOutcome<R>, AppwriteError> {
        let data = sendable(columns_of(row)?)?;
        if self.record("create", R::TABLE, id.as_ref(), &data) {
            return Ok(CreateOutcome::New(self.unwritten(id.clone(), row.clone())));
        }
        let body = json!({"rowId": id.as_ref(), "data": data, "permissions": readers});
        let sent = self
            .send(
                reqwest::Method::POST,
                &self.rows_path(R::TABLE, None),
                Some(&body),
                None,
            )
            .await?;
        match sent.result {
            Ok(value) => Ok(CreateOutcome::New(self.wrote(&value, sent.asked)?)),
            Err(AppwriteError::Refused { kind, .. }) if is_taken(&kind) => {
                let there = self.find::<R>(id).await?;
                Ok(match there {
                    // The first try's answer was lost: what stands there is what we sent.
                    Some(stored) if sent.tries > 1 && stored.row == *row => {
                        self.written.fetch_add(1, Ordering::Relaxed);
                        CreateOutcome::New(stored)
                    }
                    other => CreateOutcome::Taken(other),
                })
            }
            Err(error) => Err(error.naming(&data)),
        }
    }

    /// Changes the columns in which `wanted` differs from the row as it was listed, if nobody wrote it since.
    pub async fn patch<R: Row>(
        &self,
        listed: &StoredRow<R>,
        wanted: &R,
    ) -> Result<PatchOutcome<R>, AppwriteError> {
        let before = document::texts(columns_of(&listed.row)?);
        let mut data = columns_of(wanted)?;
        data.retain(|column, value| before.get(column) != Some(&document::text(value)));
        if data.is_empty() {
            return Ok(PatchOutcome::Done(listed.clone()));
        }
        let data = sendable(data)?;
        self.guardable(listed)?;
        if self.record("update", R::TABLE, listed.id.as_ref(), &data) {
            return Ok(PatchOutcome::Done(StoredRow {
                row: wanted.clone(),
                ..listed.clone()
            }));
        }
        let guard = self.guard(listed).await?;
        let path = self.rows_path(R::TABLE, Some(listed.id.as_ref()));
        let body = json!({"data": data});
        let sent = self
            .send(reqwest::Method::PATCH, &path, Some(&body), Some(guard))
            .await?;
        match sent.result {
            Ok(value) => Ok(PatchOutcome::Done(self.wrote(&value, sent.asked)?)),
            Err(AppwriteError::Refused { kind, .. }) if is_conflict(&kind) => {
                if sent.tries > 1 {
                    // Ours may be the write that made the row newer: its contents tell.
                    if let Some(stored) = self.find::<R>(&listed.id).await? {
                        let there = document::texts(columns_of(&stored.row)?);
                        if data
                            .iter()
                            .all(|(column, value)| there.get(column) == Some(value))
                        {
                            self.written.fetch_add(1, Ordering::Relaxed);
                            return Ok(PatchOutcome::Done(stored));
                        }
                    }
                }
                Ok(PatchOutcome::Conflict)
            }
            Err(AppwriteError::Refused { kind, .. }) if kind == "row_not_found" => {
                Ok(PatchOutcome::Conflict)
            }
            // Also of a column that was not sent, which no longer takes what the row holds there.
            Err(error) => Err(error.naming(&before)),
        }
    }

    /// Deletes the row if nobody wrote it since it was listed; false if somebody did. One that is gone is deleted.
    pub async fn delete<R: Row>(&self, listed: &StoredRow<R>) -> Result<bool, AppwriteError> {
        let id = listed.id.as_ref();
        self.guardable(listed)?;
        if self.record("delete", R::TABLE, id, &Map::new()) {
            return Ok(true);
        }
        let guard = self.guard(listed).await?;
        let path = self.rows_path(R::TABLE, Some(id));
        let sent = self
            .send(reqwest::Method::DELETE, &path, None, Some(guard))
            .await?;
        match sent.result {
            Ok(_) => {
                self.written.fetch_add(1, Ordering::Relaxed);
                Ok(true)
            }
            Err(AppwriteError::Refused { kind, .. }) if is_conflict(&kind) => Ok(false),
            Err(AppwriteError::Refused { kind, .. }) if kind == "row_not_found" => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Whether a write of this row can be guarded now or in a moment.
    fn guardable<R: Row>(&self, listed: &StoredRow<R>) -> Result<(), AppwriteError> {
        match self.clock.until(listed.version.0) > MOST_WAITED {
            true => Err(AppwriteError::Unguarded {
                id: listed.id.as_ref().to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// The guard of this row's writes, as soon as it is one.
    async fn guard<R: Row>(&self, listed: &StoredRow<R>) -> Result<Guard, AppwriteError> {
        let begun = Instant::now();
        loop {
            let left = self.clock.until(listed.version.0);
            if left.is_zero() {
                return Ok(Guard(listed.version.0));
            }
            // While one waits, a slower server may have answered.
            let waited = begun.elapsed() + left;
            if waited > MOST_WAITED || Instant::now() + left > self.deadline {
                return Err(AppwriteError::Unguarded {
                    id: listed.id.as_ref().to_owned(),
                });
            }
            tokio::time::sleep(left).await;
        }
    }

    /// A row that was written for this answer.
    fn wrote<R: Row>(&self, value: &Value, asked: Instant) -> Result<StoredRow<R>, AppwriteError> {
        self.written.fetch_add(1, Ordering::Relaxed);
        let stored: StoredRow<R> = StoredRow::decode(value).map_err(|why| unreadable(&why))?;
        self.clock.written(stored.version.0, asked);
        Ok(stored)
    }

    fn unwritten<R: Row>(&self, id: R::Id, row: R) -> StoredRow<R> {
        let now = self.now();
        StoredRow {
            id,
            created_at: now,
            version: Version::listed(now),
            row,
        }
    }

    fn rows_path<'a>(&'a self, table: &'a str, row: Option<&'a str>) -> Vec<&'a str> {
        let mut path = vec!["tablesdb", self.database.as_str(), "tables", table, "rows"];
        path.extend(row);
        path
    }
}

fn columns_of<R: Row>(row: &R) -> Result<Map<String, Value>, AppwriteError> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => Ok(columns),
        Ok(_) => Err(unreadable("a row type that is no struct")),
        Err(error) => Err(misread("a row")(error)),
    }
}

fn sendable(columns: Map<String, Value>) -> Result<Map<String, Value>, AppwriteError> {
    document::sendable(columns).map_err(|column| AppwriteError::LooksLikeOperator { column })
}
