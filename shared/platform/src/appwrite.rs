//! A small Appwrite client: what the functions need, safe to use by construction.
//!
//! - Rows are read by list, never by GET: a GET can stay stale for a day after somebody's transaction.
//! - A row that exists is changed by a PATCH guarded with the version that was listed ([`Version`]); of any number of
//!   writers one wins. A version that is still to come by the server's clock ([`Clock`]) is waited for, never sent. Only columns that differ are sent, and nothing is sent when none does.
//! - A row is created under an id that the caller derives, so that a second try finds the first.
//! - Text that Appwrite may take for an operator is not sent: only a [`document`] begins with a brace.
//! - Something is deleted only to take back what was made by mistake: a row as it was listed, one membership by its id.
//! - Every request here is safe to repeat, so all are retried (bounded, with jitter, within the execution's deadline);
//!   where an answer was lost, the row is listed and tells who won.
//!
//! It is not a general SDK: no upsert, no bulk update, no transactions, because the functions must not use them.

mod clock;
mod names;
mod query;
mod send;

use std::cell::Cell;
use std::iter;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use domain::columns;
use domain::document;
use domain::ids::{Id, TeamId, TeamMembershipId, UserId};
use domain::rows::Row;
use domain::time::Timestamp;
use domain::token::Secret;
use domain::{Code, Detail, Failure};
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use url::Url;
use uuid::Uuid;

pub use self::clock::Clock;
pub use self::names::TeamMember;
pub use self::query::Query;

/// Rows that one page of [`Appwrite::all`] asks for. Appwrite sets no limit; 500 rows of 36 columns stay under 1 MB.
const PAGE: usize = 500;

/// How far a list's `total` counts: Appwrite's `APP_LIMIT_COUNT`.
pub const MOST_COUNTED: usize = 5_000;

/// Ids in one query: of 36 characters each, with quotes and commas, they stay below what Appwrite takes.
const IDS: usize = 100;

/// Characters of values in one query: Appwrite takes 4,096 of the whole.
const QUERY_LENGTH: usize = 3_800;

/// How long a write waits until the version that guards it has come: what was written within this second is not surely
/// past, and servers' clocks differ a little.
const MOST_WAITED: Duration = Duration::from_secs(3);

/// One execution's connection to Appwrite: one database, one key, one deadline.
#[derive(Debug)]
pub struct Appwrite {
    http: reqwest::Client,
    endpoint: Url,
    project: String,
    key: Secret,
    database: String,
    deadline: Instant,
    clock: Arc<Clock>,
    /// Set: nothing is written, changes are collected here instead.
    dry_run: OnceLock<Mutex<Vec<Change>>>,
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
    /// What is known of the server's clock; shared by all connections to it.
    pub clock: Arc<Clock>,
}

/// A row as the server holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<R: Row> {
    pub id: R::Id,
    pub created_at: Timestamp,
    pub version: Version,
    pub row: R,
}

/// The `$updatedAt` that a row was listed with. Only a listed row has one. A key, or another server's clock, may have set
/// one that is still to come: then the row is read like any other, but there is no [`Guard`] for it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(Timestamp);

/// A version that has surely come by the server's clock: what a write is guarded with. Appwrite takes one that is empty or
/// still to come for none at all.
#[derive(Clone, Copy, Debug)]
struct Guard(Timestamp);

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

/// Whether a role in the team makes an admin of its organisation.
pub(crate) fn is_admin(role: &str) -> bool {
    matches!(role, "owner" | "admin")
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
    #[serde(rename = "$id")]
    pub id: UserId,
    /// Empty for an account without one.
    pub email: String,
    pub email_verification: bool,
    /// False: blocked.
    pub status: bool,
}

/// What can go wrong between us and Appwrite.
#[derive(Debug)]
pub enum AppwriteError {
    /// It answered with an error; `kind` is the error's `type`, the only thing to match on. Its `message` may quote what a
    /// row holds: it is for the eyes of who holds the key, never for a log.
    Refused {
        status: u16,
        kind: String,
        message: String,
        /// The column that it is about, where the message names one.
        column: Option<String>,
    },
    /// No usable answer after every try.
    Unreachable { what: String },
    /// The execution's time is over.
    Deadline,
    /// An answer that is not what the API promises.
    Unreadable { what: String },
    /// A text that Appwrite may run as an operator instead of storing it.
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

    /// With the column that a refusal is about, if it names one of these.
    fn naming(self, columns: &Map<String, Value>) -> Self {
        match self {
            Self::Refused {
                status,
                kind,
                message,
                ..
            } => Self::Refused {
                column: columns
                    .keys()
                    .find(|name| message.contains(&format!("\"{name}\"")))
                    .cloned(),
                status,
                kind,
                message,
            },
            other => other,
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
                column,
                ..
            } => {
                let about = column.as_deref().map(|column| format!(" about {column}"));
                let about = about.unwrap_or_default();
                write!(formatter, "Appwrite answered {status} {kind}{about}")
            }
            Self::Unreachable { what } => write!(formatter, "Appwrite is out of reach: {what}"),
            Self::Deadline => formatter.write_str("the execution's time is over"),
            Self::Unreadable { what } => {
                write!(formatter, "Appwrite's answer cannot be read: {what}")
            }
            Self::LooksLikeOperator { column } => {
                write!(formatter, "{column} begins with {{, and Appwrite may run such a text instead of storing it")
            }
            Self::Unguarded { id } => {
                write!(formatter, "row {id} has an $updatedAt that is still to come, so it cannot be written safely; save it once without one")
            }
        }
    }
}

impl std::error::Error for AppwriteError {}

impl From<AppwriteError> for Detail {
    fn from(error: AppwriteError) -> Self {
        Self::place("no success:", &error.to_string())
    }
}

impl From<AppwriteError> for Failure {
    fn from(error: AppwriteError) -> Self {
        match &error {
            AppwriteError::Deadline => Self::new(
                Code::TimedOut,
                "The work did not fit into the function's time. Try again.",
            ),
            AppwriteError::Unreachable { .. } => Self::new(
                Code::Unavailable,
                "Appwrite did not answer. Nothing was lost; try again in a minute.",
            )
            .with_detail(error.into()),
            AppwriteError::Refused { kind, .. } if kind == "general_unauthorized_scope" => Self::new(
                Code::NotConfigured,
                "The function lacks a permission on the server. An operator finds the missing scope in its log.",
            )
            .with_detail(error.into()),
            AppwriteError::Unguarded { .. } => Self::new(
                Code::Unavailable,
                "What is to be changed carries a time that is still to come, and nothing is changed before it. Try again \
                 in a minute.",
            )
            .with_detail(error.into()),
            AppwriteError::Refused { .. }
            | AppwriteError::Unreadable { .. }
            | AppwriteError::LooksLikeOperator { .. } => Self::internal(error.into()),
        }
    }
}

impl Appwrite {
    pub fn new(http: reqwest::Client, connection: Connection) -> Self {
        Self {
            http,
            endpoint: connection.endpoint,
            project: connection.project,
            key: connection.key,
            database: connection.database,
            deadline: connection.deadline,
            clock: connection.clock,
            dry_run: OnceLock::new(),
            calls: AtomicU32::new(0),
            written: AtomicU32::new(0),
            read: AtomicU64::new(0),
        }
    }

    /// From now on nothing is written; what would have been is collected.
    pub(crate) fn begin_dry_run(&self) {
        self.dry_run.get_or_init(Mutex::default);
    }

    /// The server's time, as far as its answers tell it; this host's before the first one.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// One page of rows, of each the columns that its type has.
    pub async fn list<R: Row>(&self, queries: &[Query]) -> Result<Page<R>, AppwriteError> {
        let columns = columns::of::<R>();
        let select = (!columns.is_empty()).then(|| Query::select(columns));
        let queries: Vec<Query> = queries.iter().cloned().chain(select).collect();
        let sent = self.get(&self.rows_path(R::TABLE, None), &queries).await?;
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

    /// Every row that matches and whose column holds one of these ids, those of the first ids first.
    pub async fn of_ids<'a, R: Row, I: Id + 'a>(
        &self,
        column: &str,
        ids: impl IntoIterator<Item = &'a I>,
        queries: &[Query],
    ) -> Result<Page<R>, AppwriteError> {
        let ids: Vec<&str> = ids.into_iter().map(AsRef::as_ref).collect();
        let mut found = Page {
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
        let data = sendable(columns_of(row)?)?;
        if self.record("create", R::TABLE, id.as_ref(), &data) {
            return Ok(Created::New(self.unwritten(id.clone(), row.clone())));
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
            Ok(value) => Ok(Created::New(self.wrote(&value, sent.asked)?)),
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
            Err(error) => Err(error.naming(&data)),
        }
    }

    /// Changes the columns in which `wanted` differs from the row as it was listed, if nobody wrote it since.
    pub async fn patch<R: Row>(
        &self,
        listed: &Stored<R>,
        wanted: &R,
    ) -> Result<Patched<R>, AppwriteError> {
        let before = document::texts(columns_of(&listed.row)?);
        let mut data = columns_of(wanted)?;
        data.retain(|column, value| before.get(column) != Some(&document::text(value)));
        if data.is_empty() {
            return Ok(Patched::Done(listed.clone()));
        }
        let data = sendable(data)?;
        self.guardable(listed)?;
        if self.record("update", R::TABLE, listed.id.as_ref(), &data) {
            return Ok(Patched::Done(Stored {
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
            Ok(value) => Ok(Patched::Done(self.wrote(&value, sent.asked)?)),
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
                            return Ok(Patched::Done(stored));
                        }
                    }
                }
                Ok(Patched::Conflict)
            }
            Err(AppwriteError::Refused { kind, .. }) if kind == "row_not_found" => {
                Ok(Patched::Conflict)
            }
            // Also of a column that was not sent, which no longer takes what the row holds there.
            Err(error) => Err(error.naming(&before)),
        }
    }

    /// Deletes the row if nobody wrote it since it was listed; false if somebody did. One that is gone is deleted.
    pub async fn delete<R: Row>(&self, listed: &Stored<R>) -> Result<bool, AppwriteError> {
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
                    .map_err(misread("memberships"))
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
                .map_err(misread("a membership")),
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
                .map_err(misread("a user")),
            Err(AppwriteError::Refused { kind, .. }) if kind == "user_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The accounts of these addresses, as many as there are.
    pub async fn accounts(&self, emails: &[String]) -> Result<Vec<Account>, AppwriteError> {
        let mut found = Vec::new();
        let mut rest = emails;
        while !rest.is_empty() {
            let mut length = 0;
            let fits = rest.iter().take_while(|email| {
                // With quotes and comma.
                length += email.len() + 3;
                length <= QUERY_LENGTH
            });
            let (now, later) = rest.split_at(fits.count().max(1));
            rest = later;
            let emails = now.iter().map(String::as_str);
            let queries = [Query::equal("email", emails), Query::limit(now.len())];
            let sent = self.get(&["users"], &queries).await?;
            let users = sent.get("users").cloned().unwrap_or_default();
            let accounts: Vec<Account> = serde_json::from_value(users).map_err(misread("users"))?;
            found.extend(accounts);
        }
        Ok(found)
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
        let changes = self.dry_run.get()?;
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
        let Some(changes) = self.dry_run.get() else {
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

    /// Whether a write of this row can be guarded now or in a moment.
    fn guardable<R: Row>(&self, listed: &Stored<R>) -> Result<(), AppwriteError> {
        match self.clock.until(listed.version.0) > MOST_WAITED {
            true => Err(AppwriteError::Unguarded {
                id: listed.id.as_ref().to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// The guard of this row's writes, as soon as it is one.
    async fn guard<R: Row>(&self, listed: &Stored<R>) -> Result<Guard, AppwriteError> {
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
    fn wrote<R: Row>(&self, value: &Value, asked: Instant) -> Result<Stored<R>, AppwriteError> {
        self.written.fetch_add(1, Ordering::Relaxed);
        let stored: Stored<R> = Stored::decode(value).map_err(|why| unreadable(&why))?;
        self.clock.written(stored.version.0, asked);
        Ok(stored)
    }

    fn unwritten<R: Row>(&self, id: R::Id, row: R) -> Stored<R> {
        let now = self.now();
        Stored {
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

impl<R: Row> Stored<R> {
    /// What is wrong with it is told by the column alone: a parser's words quote what it holds.
    fn decode(value: &Value) -> Result<Self, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let time =
            |name: &str| Timestamp::parse(text(name)).ok_or_else(|| format!("{name} is no date"));
        let columns = value.as_object().ok_or("it is no object")?;
        let at = Cell::new(None);
        let columns = columns.iter().map(|(name, value)| {
            at.set(Some(name));
            (name.as_str(), value)
        });
        // Asked for one more, it is through with all that there are.
        let columns = columns.chain(iter::from_fn(|| {
            at.set(None);
            None
        }));
        let row = R::deserialize(MapDeserializer::new(columns));
        let row = row.map_err(|_: serde_json::Error| match at.get() {
            Some(column) => format!("{column} holds what it should not"),
            None => "a column is missing".to_owned(),
        })?;
        Ok(Self {
            id: R::Id::parse(text("$id")).ok_or("$id is not an id")?,
            created_at: time("$createdAt")?,
            version: Version::listed(time("$updatedAt")?),
            row,
        })
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

fn id_of(row: &Value) -> &str {
    row.get("$id").and_then(Value::as_str).unwrap_or_default()
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

/// An answer of another shape. A parser's words may quote a person's name or address, so only its place is kept.
fn misread(what: &'static str) -> impl Fn(serde_json::Error) -> AppwriteError {
    move |error| unreadable(&format!("{what}: {}", Detail::from(error)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rows::OrgInvite;

    /// A row with one column that holds this.
    fn invite(column: &str, value: Value) -> Value {
        let mut row = json!({
            "$id": "i1", "$createdAt": "2026-01-01T12:00:00Z", "$updatedAt": "2026-01-01T12:00:00Z",
            "organizationId": "acme", "email": "a", "normalizedEmail": "a", "inviteTokenHash": "a",
            "status": "pending", "workspaceRole": "workspace_user", "invitedByUserId": "bob",
            "expiresAt": "2026-01-01T12:00:00Z",
        });
        row[column] = value;
        row
    }

    #[test]
    fn a_row_that_cannot_be_read_tells_its_column_and_not_what_it_holds() {
        let secret = "ada@example.com";
        for column in ["status", "workspaceId", "expiresAt", "acceptedByUserId"] {
            let why = Stored::<OrgInvite>::decode(&invite(column, json!(secret))).unwrap_err();
            assert_eq!(why, format!("{column} holds what it should not"));
        }
        let mut row = invite("status", json!("pending"));
        assert!(Stored::<OrgInvite>::decode(&row).is_ok());
        row.as_object_mut().unwrap().remove("status");
        let why = Stored::<OrgInvite>::decode(&row).unwrap_err();
        assert_eq!(why, "a column is missing");
    }

    #[test]
    fn a_refusal_tells_its_kind_and_the_column_and_not_its_words() {
        let refused = AppwriteError::Refused {
            status: 400,
            kind: "row_invalid_structure".to_owned(),
            message: r#"Attribute "email" has invalid value ada@example.com"#.to_owned(),
            column: None,
        };
        let columns = Map::from_iter([("email".to_owned(), json!("ada@example.com"))]);
        let told = refused.naming(&columns).to_string();
        assert_eq!(
            told,
            "Appwrite answered 400 row_invalid_structure about email"
        );
    }
}
