//! A small Appwrite client: what the functions need, safe to use by construction.
//!
//! - Rows are read by list, never by GET: a GET can stay stale for a day after somebody's transaction.
//! - A row that exists is changed by a PATCH guarded with the version that was listed ([`Version`]); of any number of
//!   writers one wins. Only columns that differ are sent, and nothing is sent when none does.
//! - A row is created under an id that the caller derives, so that a second try finds the first.
//! - Something is deleted only to take back what was made by mistake: a row as it was listed, one membership by its id.
//! - Every request here is safe to repeat, so all are retried (bounded, with jitter, within the execution's deadline);
//!   where an answer was lost, the row is listed and tells who won.
//!
//! It is not a general SDK: no upsert, no bulk update, no transactions, because the functions must not use them.

mod names;
mod query;
mod send;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use url::Url;
use uuid::Uuid;

pub use self::names::TeamMember;
pub use self::query::Query;
use crate::config::Secret;
use crate::ids::{Id, TeamId, TeamMembershipId, UserId};
use crate::rows::Row;
use crate::time::Timestamp;

/// Rows that one page of [`Appwrite::all`] asks for. Appwrite sets no limit; 500 rows of 36 columns stay under 1 MB.
const PAGE: usize = 500;

/// How far a list's `total` counts: Appwrite's `APP_LIMIT_COUNT`.
pub const MOST_COUNTED: usize = 5_000;

/// How far a server's clock may run before ours.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// One execution's connection to Appwrite: one database, one key, one deadline.
#[derive(Debug)]
pub struct Appwrite {
    http: reqwest::Client,
    endpoint: Url,
    project: String,
    key: Secret,
    database: String,
    deadline: Instant,
    /// Some: nothing is written, changes are collected here instead.
    dry_run: Option<Mutex<Vec<Change>>>,
    calls: AtomicU32,
    written: AtomicU32,
    read: AtomicU64,
}

/// Where and as whom to call.
#[derive(Clone, Debug)]
pub struct Connection {
    pub endpoint: Url,
    pub project: String,
    pub key: Secret,
    pub database: String,
    /// No request is begun after this.
    pub deadline: Instant,
    /// Collect changes instead of writing them.
    pub dry_run: bool,
}

/// A row as the server holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<R: Row> {
    pub id: R::Id,
    pub created_at: Timestamp,
    pub version: Version,
    pub row: R,
}

/// The `$updatedAt` that a row was listed with: the guard of a PATCH.
///
/// Only a listed row has one. It is never empty. Where a key has set one that is still to come, the row is read like any
/// other but never written: Appwrite takes such a guard for none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(Timestamp);

/// Rows of a list, and those whose contents the type refuses.
#[derive(Debug)]
pub struct Page<R: Row> {
    pub rows: Vec<Stored<R>>,
    /// Row ids and why they cannot be read; never silently dropped, the caller reports them.
    pub malformed: Vec<(String, String)>,
    /// Rows that match, on this page or not. Appwrite counts no further than [`MOST_COUNTED`].
    pub total: usize,
    /// The last row's id, readable or not: the next page begins after it.
    pub last: Option<String>,
}

impl<R: Row> Page<R> {
    /// How many rows the page holds, readable or not.
    pub fn size(&self) -> usize {
        self.rows.len() + self.malformed.len()
    }
}

/// What became of a create.
#[derive(Debug)]
pub enum Created<R: Row> {
    New(Stored<R>),
    /// The id, or a unique column, is taken: by this row, if it is the id.
    Taken(Option<Stored<R>>),
}

/// What became of a guarded PATCH.
#[derive(Debug)]
pub enum Patched<R: Row> {
    Done(Stored<R>),
    /// Somebody wrote the row since it was listed; nothing was changed.
    Conflict,
}

/// A change of one row, as dryRun shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub action: &'static str,
    pub table: &'static str,
    pub row_id: String,
    pub data: Map<String, Value>,
}

/// A user's membership of a team.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamMembership {
    #[serde(rename = "$id")]
    pub id: TeamMembershipId,
    pub user_id: String,
    pub confirm: bool,
    pub roles: Vec<String>,
}

impl TeamMembership {
    /// Whether it is a confirmed one of this user's; others give no rights.
    pub fn is_of(&self, user: &UserId) -> bool {
        self.confirm && self.user_id == user.as_ref()
    }
}

/// What became of making somebody a member of a team.
#[derive(Debug)]
pub enum JoinedTeam {
    /// Made now. A dry run makes none and names the nil UUID.
    New(TeamMembershipId),
    /// There was one already: this one, unless it was taken away the moment after.
    Taken(Option<TeamMembershipId>),
}

/// A user's account.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Empty for an account without one.
    pub email: String,
    pub email_verification: bool,
    /// False: blocked.
    pub status: bool,
}

/// What can go wrong between us and Appwrite.
#[derive(Debug)]
pub enum AppwriteError {
    /// It answered with an error; `kind` is the error's `type`, the only thing to match on.
    Refused {
        status: u16,
        kind: String,
        message: String,
    },
    /// No usable answer after every try.
    Unreachable { what: String },
    /// The execution's time is over.
    Deadline,
    /// An answer that is not what the API promises.
    Unreadable { what: String },
    /// A text that Appwrite would run as an operator instead of storing it.
    LooksLikeOperator { column: String },
    /// A row whose `$updatedAt` is still to come, so that no write of it can be guarded.
    Unguarded { id: String },
}

impl AppwriteError {
    /// Whether it is about this one row: another may well be written.
    pub fn is_of_row(&self) -> bool {
        match self {
            // Also of a column that was not sent, which no longer takes what the row holds there.
            Self::Refused { kind, .. } => {
                matches!(
                    kind.as_str(),
                    "row_invalid_structure" | "document_invalid_structure"
                )
            }
            Self::LooksLikeOperator { .. } | Self::Unguarded { .. } => true,
            Self::Unreachable { .. } | Self::Deadline | Self::Unreadable { .. } => false,
        }
    }

    /// Whether a page could not be listed because the last row of the one before it is gone.
    pub fn is_cursor_gone(&self) -> bool {
        matches!(self, Self::Refused { kind, .. } if kind == "general_cursor_not_found")
    }
}

impl std::fmt::Display for AppwriteError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused {
                status,
                kind,
                message,
            } => write!(formatter, "Appwrite answered {status} {kind}: {message}"),
            Self::Unreachable { what } => write!(formatter, "Appwrite is out of reach: {what}"),
            Self::Deadline => formatter.write_str("the execution's time is over"),
            Self::Unreadable { what } => {
                write!(formatter, "Appwrite's answer cannot be read: {what}")
            }
            Self::LooksLikeOperator { column } => {
                write!(formatter, "{column} holds a JSON object with a top-level \"method\", which Appwrite would run")
            }
            Self::Unguarded { id } => {
                write!(formatter, "row {id} has an $updatedAt that is still to come, so it cannot be written safely; save it once without one")
            }
        }
    }
}

impl std::error::Error for AppwriteError {}

impl Appwrite {
    pub fn new(http: reqwest::Client, connection: Connection) -> Self {
        Self {
            http,
            endpoint: connection.endpoint,
            project: connection.project,
            key: connection.key,
            database: connection.database,
            deadline: connection.deadline,
            dry_run: connection.dry_run.then(Mutex::default),
            calls: AtomicU32::new(0),
            written: AtomicU32::new(0),
            read: AtomicU64::new(0),
        }
    }

    /// One page of rows.
    pub async fn list<R: Row>(&self, queries: &[Query]) -> Result<Page<R>, AppwriteError> {
        let sent = self.get(&self.rows_path(R::TABLE, None), queries).await?;
        let rows = sent
            .get("rows")
            .and_then(Value::as_array)
            .ok_or_else(|| unreadable("a list without rows"))?;
        let mut page = Page {
            rows: Vec::with_capacity(rows.len()),
            malformed: Vec::new(),
            total: sent
                .get("total")
                .and_then(Value::as_u64)
                .unwrap_or_default() as usize,
            last: rows.last().map(|row| id_of(row).to_owned()),
        };
        for value in rows {
            match Stored::decode(value) {
                Ok(stored) => page.rows.push(stored),
                Err(why) => page.malformed.push((id_of(value).to_owned(), why)),
            }
        }
        Ok(page)
    }

    /// Every row that matches, oldest first, in pages.
    pub async fn all<R: Row>(&self, queries: &[Query]) -> Result<Page<R>, AppwriteError> {
        self.all_by(PAGE, queries).await
    }

    /// The same in pages of this many rows: more where a query selects few columns.
    pub async fn all_by<R: Row>(
        &self,
        page_size: usize,
        queries: &[Query],
    ) -> Result<Page<R>, AppwriteError> {
        let mut found = Page {
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
        mut take: impl FnMut(Page<R>) -> ControlFlow<()>,
    ) -> Result<(), AppwriteError> {
        let mut after: Option<String> = None;
        loop {
            let mut paged = queries.to_vec();
            paged.extend([Query::order_asc("$createdAt"), Query::limit(page_size)]);
            paged.extend(after.as_deref().map(Query::cursor_after));
            let page: Page<R> = self.list(&paged).await?;
            let is_full = page.size() == page_size;
            after.clone_from(&page.last);
            if take(page).is_break() || !is_full {
                return Ok(());
            }
        }
    }

    /// The row of this id, if there is one. A row whose contents the type refuses is an error.
    pub async fn find<R: Row>(&self, id: &R::Id) -> Result<Option<Stored<R>>, AppwriteError> {
        let mut page: Page<R> = self
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
    ) -> Result<Created<R>, AppwriteError> {
        let data = columns(row)?;
        refuse_operators(&data)?;
        if self.record("create", R::TABLE, id.as_ref(), &data) {
            return Ok(Created::New(Stored::unwritten(id.clone(), row.clone())));
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
            Ok(value) => {
                self.written.fetch_add(1, Ordering::Relaxed);
                Ok(Created::New(decoded(&value)?))
            }
            Err(AppwriteError::Refused { kind, .. }) if is_taken(&kind) => {
                let there = self.find::<R>(id).await?;
                Ok(match there {
                    // The first try's answer was lost: what stands there is what we sent.
                    Some(stored) if sent.tries > 1 && stored.row == *row => {
                        self.written.fetch_add(1, Ordering::Relaxed);
                        Created::New(stored)
                    }
                    other => Created::Taken(other),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Changes the columns in which `wanted` differs from the row as it was listed, if nobody wrote it since.
    pub async fn patch<R: Row>(
        &self,
        listed: &Stored<R>,
        wanted: &R,
    ) -> Result<Patched<R>, AppwriteError> {
        let before = columns(&listed.row)?;
        let mut data = columns(wanted)?;
        data.retain(|column, value| before.get(column) != Some(value));
        if data.is_empty() {
            return Ok(Patched::Done(listed.clone()));
        }
        refuse_operators(&data)?;
        listed.guarded()?;
        if self.record("update", R::TABLE, listed.id.as_ref(), &data) {
            return Ok(Patched::Done(Stored {
                row: wanted.clone(),
                ..listed.clone()
            }));
        }
        let path = self.rows_path(R::TABLE, Some(listed.id.as_ref()));
        let body = json!({"data": data});
        let sent = self
            .send(
                reqwest::Method::PATCH,
                &path,
                Some(&body),
                Some(&listed.version),
            )
            .await?;
        match sent.result {
            Ok(value) => {
                self.written.fetch_add(1, Ordering::Relaxed);
                Ok(Patched::Done(decoded(&value)?))
            }
            Err(AppwriteError::Refused { kind, .. }) if is_conflict(&kind) => {
                if sent.tries > 1 {
                    // Ours may be the write that made the row newer: its contents tell.
                    if let Some(stored) = self.find::<R>(&listed.id).await? {
                        let there = columns(&stored.row)?;
                        if data
                            .iter()
                            .all(|(column, value)| there.get(column) == Some(value))
                        {
                            self.written.fetch_add(1, Ordering::Relaxed);
                            return Ok(Patched::Done(stored));
                        }
                    }
                }
                Ok(Patched::Conflict)
            }
            Err(AppwriteError::Refused { kind, .. }) if kind == "row_not_found" => {
                Ok(Patched::Conflict)
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes the row if nobody wrote it since it was listed; false if somebody did. One that is gone is deleted.
    pub async fn delete<R: Row>(&self, listed: &Stored<R>) -> Result<bool, AppwriteError> {
        let id = listed.id.as_ref();
        listed.guarded()?;
        if self.record("delete", R::TABLE, id, &Map::new()) {
            return Ok(true);
        }
        let path = self.rows_path(R::TABLE, Some(id));
        let guard = Some(&listed.version);
        let sent = self
            .send(reqwest::Method::DELETE, &path, None, guard)
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

    /// The user's memberships of a team, confirmed or not; none if the team does not exist.
    pub async fn team_memberships(
        &self,
        team: &TeamId,
        user: &UserId,
    ) -> Result<Vec<TeamMembership>, AppwriteError> {
        let path = ["teams", team.as_ref(), "memberships"];
        let queries = [Query::equal("userId", [user.as_ref()]), Query::limit(PAGE)];
        match self.get(&path, &queries).await {
            Ok(value) => {
                serde_json::from_value(value.get("memberships").cloned().unwrap_or_default())
                    .map_err(|error| unreadable(&format!("memberships: {error}")))
            }
            Err(AppwriteError::Refused { kind, .. }) if kind == "team_not_found" => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The user's confirmed membership of a team, if there is one.
    async fn confirmed(
        &self,
        team: &TeamId,
        user: &UserId,
    ) -> Result<Option<TeamMembershipId>, AppwriteError> {
        let there = self.team_memberships(team, user).await?;
        let own = there.into_iter().find(|membership| membership.is_of(user));
        Ok(own.map(|membership| membership.id))
    }

    /// Makes the user a confirmed member of the team, unless they are one: an existing member's roles stay.
    /// So do those of an invitation of Appwrite's own that the user has not confirmed: take that back first.
    pub async fn join_team(
        &self,
        team: &TeamId,
        user: &UserId,
        role: &str,
    ) -> Result<JoinedTeam, AppwriteError> {
        let data = Map::from_iter([
            ("userId".to_owned(), json!(user)),
            ("roles".to_owned(), json!([role])),
        ]);
        if self.record("create", "teams/memberships", team.as_ref(), &data) {
            return Ok(JoinedTeam::New(Uuid::nil().into()));
        }
        let path = ["teams", team.as_ref(), "memberships"];
        let body = Value::Object(data);
        let sent = self
            .send(reqwest::Method::POST, &path, Some(&body), None)
            .await?;
        match sent.result {
            Ok(value) => serde_json::from_value::<TeamMembership>(value)
                .map(|membership| JoinedTeam::New(membership.id))
                .map_err(|error| unreadable(&format!("a membership: {error}"))),
            Err(AppwriteError::Refused { kind, .. }) if kind == "membership_already_confirmed" => {
                Ok(JoinedTeam::Taken(self.confirmed(team, user).await?))
            }
            // Of several at once some are told 500 although one was carried out: what stands there counts.
            Err(AppwriteError::Unreachable { what }) => match self.confirmed(team, user).await? {
                Some(there) => Ok(JoinedTeam::Taken(Some(there))),
                None => Err(AppwriteError::Unreachable { what }),
            },
            Err(error) => Err(error),
        }
    }

    /// Takes this one membership of a team away, unless it is gone already.
    pub async fn leave_team(
        &self,
        team: &TeamId,
        membership: &TeamMembershipId,
    ) -> Result<(), AppwriteError> {
        let id = membership.as_ref();
        if self.record("delete", "teams/memberships", id, &Map::new()) {
            return Ok(());
        }
        let path = ["teams", team.as_ref(), "memberships", id];
        let sent = self
            .send(reqwest::Method::DELETE, &path, None, None)
            .await?;
        match sent.result {
            Err(AppwriteError::Refused { kind, .. }) if is_no_membership(&kind) => Ok(()),
            result => result.map(drop),
        }
    }

    /// The user's account, if there is one.
    pub async fn account(&self, user: &UserId) -> Result<Option<Account>, AppwriteError> {
        match self.get(&["users", user.as_ref()], &[]).await {
            Ok(value) => serde_json::from_value(value)
                .map(Some)
                .map_err(|error| unreadable(&format!("a user: {error}"))),
            Err(AppwriteError::Refused { kind, .. }) if kind == "user_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Requests sent so far, retries included.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Rows written so far.
    pub fn written(&self) -> u32 {
        self.written.load(Ordering::Relaxed)
    }

    /// Bytes of the answers that came back so far.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// What a dry run would have written, in order; none outside of a dry run.
    pub fn changes(&self) -> Option<Vec<Change>> {
        let changes = self.dry_run.as_ref()?;
        Some(
            changes
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        )
    }

    fn record(
        &self,
        action: &'static str,
        table: &'static str,
        id: &str,
        data: &Map<String, Value>,
    ) -> bool {
        let Some(changes) = &self.dry_run else {
            return false;
        };
        changes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Change {
                action,
                table,
                row_id: id.to_owned(),
                data: data.clone(),
            });
        true
    }

    fn rows_path<'a>(&'a self, table: &'a str, row: Option<&'a str>) -> Vec<&'a str> {
        let mut path = vec!["tablesdb", self.database.as_str(), "tables", table, "rows"];
        path.extend(row);
        path
    }
}

impl<R: Row> Stored<R> {
    fn decode(value: &Value) -> Result<Self, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let time =
            |name: &str| Timestamp::parse(text(name)).ok_or_else(|| format!("{name} is no date"));
        Ok(Self {
            id: R::Id::parse(text("$id")).ok_or("$id is not an id")?,
            created_at: time("$createdAt")?,
            version: Version::listed(time("$updatedAt")?),
            row: serde_json::from_value(value.clone()).map_err(|error| error.to_string())?,
        })
    }

    /// Whether a write of this row can be guarded.
    fn guarded(&self) -> Result<(), AppwriteError> {
        match self.version.0.since(Timestamp::system()) > CLOCK_SKEW {
            true => Err(AppwriteError::Unguarded {
                id: self.id.as_ref().to_owned(),
            }),
            false => Ok(()),
        }
    }

    fn unwritten(id: R::Id, row: R) -> Self {
        let now = Timestamp::system();
        Self {
            id,
            created_at: now,
            version: Version::listed(now),
            row,
        }
    }
}

impl Version {
    pub(crate) fn listed(at: Timestamp) -> Self {
        Self(at)
    }

    /// When the row was last written, by the server's clock; a key may have written another time.
    pub fn time(self) -> Timestamp {
        self.0
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

fn decoded<R: Row>(value: &Value) -> Result<Stored<R>, AppwriteError> {
    Stored::decode(value).map_err(|why| unreadable(&why))
}

fn id_of(row: &Value) -> &str {
    row.get("$id").and_then(Value::as_str).unwrap_or_default()
}

fn columns<R: Row>(row: &R) -> Result<Map<String, Value>, AppwriteError> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => Ok(columns),
        Ok(_) => Err(unreadable("a row type that is no struct")),
        Err(error) => Err(unreadable(&error.to_string())),
    }
}

fn unreadable(what: &str) -> AppwriteError {
    AppwriteError::Unreadable {
        what: what.to_owned(),
    }
}

/// Appwrite 1.9 says `row_already_exists` for ids and unique columns alike; 2.x tells them apart.
fn is_taken(kind: &str) -> bool {
    matches!(
        kind,
        "row_already_exists" | "document_already_exists" | "row_unique_constraint_violation"
    )
}

fn is_conflict(kind: &str) -> bool {
    matches!(kind, "row_update_conflict" | "document_update_conflict")
}

fn is_no_membership(kind: &str) -> bool {
    matches!(
        kind,
        "membership_not_found" | "team_invite_not_found" | "team_not_found" | "user_not_found"
    )
}

/// Appwrite runs any text that parses to an object with a top-level `method` naming an operator, in every text column,
/// instead of storing it. Which names are operators changes with its version, so any `method` is refused.
fn refuse_operators(data: &Map<String, Value>) -> Result<(), AppwriteError> {
    let is_operator = |text: &str| {
        text.contains("method")
            && serde_json::from_str::<Value>(text).is_ok_and(|value| value.get("method").is_some())
    };
    let hijacked = |value: &Value| match value {
        Value::String(text) => is_operator(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).any(is_operator),
        _ => false,
    };
    match data.iter().find(|(_, value)| hijacked(value)) {
        Some((column, _)) => Err(AppwriteError::LooksLikeOperator {
            column: column.clone(),
        }),
        None => Ok(()),
    }
}
