//! One workspace brought to what its rows say: list, recompute, write what differs. Not when and for whom: see the
//! handlers.
//!
//! It goes by the rows as they are now, never by what an event said, so a lost, doubled or late event changes nothing.
//! A row that somebody wrote since it was listed is left alone and everything is listed anew; what is still unsettled
//! after a few rounds is being written by somebody whose own event comes next. A row that cannot be read or written stops
//! no other.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;
use std::sync::Arc;
use std::time::Instant;

use domain::document::{Document, Envelope};
use domain::ids::{derived, ItemId, LogId};
use domain::rows::{ActionStatus, ActivityLog, ItemType, OkrItem, Row};
use domain::time::Timestamp;
use okr::group::WORDS;
use okr::recompute::recompute;
use okr::tree::{Item, Orphan};
use platform::appwrite::{AppwriteError, PatchOutcome, Query, RowPage, StoredRow};
use platform::coalesce::{Flight, SingleFlight};
use platform::scope::Scope;
use platform::{panics, Cx, RowEvent};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use tokio::task::JoinSet;

use crate::cache::{self, CachedState, Fingerprint, Look, LOOK};

/// Items that one list asks for: one more than 5,000, so that a list of 5,000 is known to be all. It is about 1.4 MB and
/// takes Appwrite 0.6 s.
pub(crate) const PAGE: usize = 5_001;

/// PATCHes under way at once. Appwrite's own worker runs as many executions.
const SIDE_BY_SIDE: usize = 8;

/// Lists of one run, the first included.
const ROUNDS: usize = 5;

/// Rows that a log row names; the rest is only counted.
const MOST_LOGGED: usize = 1_000;

/// What a run found and did.
#[derive(Debug, Default)]
pub(crate) struct RunResult {
    pub(crate) items: usize,
    /// Per cent before and after of every row that was wrong and is right, whether this run wrote it or, in the same
    /// moment, another: the echo of this run's first write often writes its last. Of a dry run: that would be right.
    pub(crate) changed: BTreeMap<ItemId, (i64, i64)>,
    /// Rows that this run wrote.
    pub(crate) written: usize,
    pub(crate) orphans: Vec<(ItemId, Orphan)>,
    /// Rows that cannot be read, and why; they count as not there.
    pub(crate) malformed: Vec<(String, String)>,
    /// Wrong rows that cannot be written, and why: somebody has to save them first.
    pub(crate) unwritable: BTreeMap<ItemId, String>,
    /// Rows that are still wrong, because others wrote them or time was over.
    pub(crate) unsettled: usize,
    /// What ended the run early. What it had done by then stands above.
    pub(crate) stopped: Option<AppwriteError>,
}

impl RunResult {
    /// Whether nothing is left that another run could do better.
    pub(crate) fn is_over(&self) -> bool {
        self.unsettled == 0 && self.stopped.is_none()
    }

    /// Others wrote these rows: what they made of them, or that they are gone.
    fn look_again(&mut self, mut gone: HashSet<ItemId>, rows: &[StoredRow<ProgressColumns>]) {
        for stored in rows {
            if !gone.remove(&stored.id) {
                continue;
            }
            if let Some((_, now)) = self.changed.get_mut(&stored.id) {
                *now = stored.row.progress_computed;
            }
        }
        self.changed.retain(|id, _| !gone.contains(id));
    }

    /// Writes rows side by side, as long as there is time and Appwrite answers. Returns those that were not written and
    /// may be another time.
    async fn write(
        &mut self,
        cx: &Cx,
        wrong: Vec<(StoredRow<ProgressColumns>, i64)>,
    ) -> HashSet<ItemId> {
        let mut writing = JoinSet::new();
        let mut left = HashSet::new();
        let mut queue = wrong.into_iter();
        loop {
            while writing.len() < SIDE_BY_SIDE
                && self.stopped.is_none()
                && Instant::now() < cx.stop_at()
            {
                let Some((stored, percent)) = queue.next() else {
                    break;
                };
                let rows = cx.rows.clone();
                writing.spawn(async move {
                    let wanted = ProgressColumns {
                        progress_computed: percent,
                        ..stored.row.clone()
                    };
                    let patched = rows.patch(&stored, &wanted).await;
                    (stored.id, percent, patched)
                });
            }
            match writing.join_next().await {
                Some(Ok((id, percent, Ok(PatchOutcome::Done(_))))) => {
                    self.written += usize::from(!cx.dry_run);
                    if let Some((_, now)) = self.changed.get_mut(&id) {
                        *now = percent;
                    }
                }
                Some(Ok((id, _, Ok(PatchOutcome::Conflict)))) => {
                    left.insert(id);
                }
                Some(Ok((id, _, Err(error)))) if error.is_of_row() => {
                    self.unwritable.insert(id, error.to_string());
                }
                Some(Ok((id, _, Err(error)))) => {
                    left.insert(id);
                    self.stopped.get_or_insert(error);
                }
                Some(Err(panic)) => {
                    self.stopped.get_or_insert(AppwriteError::Unreachable {
                        what: panics::of_task(&panic).to_string(),
                    });
                }
                None => {
                    left.extend(queue.map(|(stored, _)| stored.id));
                    return left;
                }
            }
        }
    }
}

/// The columns of okr_items that progress follows from. Deleted rows are never listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgressColumns {
    r#type: ItemType,
    parent_id: Option<String>,
    action_status: Option<ActionStatus>,
    story_points: Size,
    pub(crate) progress_computed: i64,
}

impl ProgressColumns {
    pub(crate) fn parent(&self) -> Option<&str> {
        self.parent_id.as_deref().filter(|id| !id.is_empty())
    }
}

/// A listed row as progress follows from it.
pub(crate) fn item(stored: &StoredRow<ProgressColumns>) -> Item<'_> {
    Item {
        id: stored.id.as_ref(),
        parent: stored.row.parent(),
        kind: stored.row.r#type,
        status: stored.row.action_status,
        points: stored.row.story_points.0,
    }
}

/// The live items of a workspace.
#[derive(Debug)]
pub(crate) struct WorkspaceList {
    pub(crate) page: RowPage<ProgressColumns>,
    /// Our own clock before they were asked for.
    asked: Timestamp,
}

/// A size of the scale, or none for everything else. Not the text itself: there are a hundred thousand of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Size(Option<&'static str>);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(Self(text.and_then(|text| {
            WORDS.into_iter().find(|word| *word == text)
        })))
    }
}

/// One side of a log row on what a run repaired.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repaired {
    rows: usize,
    progress_computed: BTreeMap<ItemId, i64>,
}

impl Document for Repaired {
    const NAME: &'static str = "progress";
    const VERSION: u32 = 1;
}

/// What an event says of its row: as it was then, if it was live and said so in full.
pub(crate) type Hint = Option<Fingerprint>;

impl Row for ProgressColumns {
    const TABLE: &'static str = "okr_items";
    type Id = ItemId;
}

/// The live items of the workspace as they are when it is called or later, in lists of [`PAGE`] rows without titles and
/// people. Everybody in this process who wants them at the same time gets the same.
pub(crate) async fn list(cx: &Cx, scope: &Scope) -> Result<Arc<WorkspaceList>, AppwriteError> {
    static LISTS: SingleFlight<Scope, (), Arc<WorkspaceList>> = SingleFlight::new();
    let run = |_| async {
        let asked = cx.now();
        let page = all(cx, scope).await?;
        let listed = Arc::new(WorkspaceList { page, asked });
        Ok((Arc::clone(&listed), Some(listed)))
    };
    match LISTS.take(scope, (), run).await? {
        Flight::Own(listed) | Flight::Joined(listed) => Ok(listed),
    }
}

async fn all(cx: &Cx, scope: &Scope) -> Result<RowPage<ProgressColumns>, AppwriteError> {
    let queries = scope.live();
    let mut rounds = 0;
    loop {
        rounds += 1;
        match cx.rows.all_by(PAGE, &queries).await {
            // The last row of a page was deleted before the next page was asked for.
            Err(error) if error.is_cursor_gone() && rounds < ROUNDS => {}
            result => return result,
        }
    }
}

/// How many items the workspace has if it is as this process remembers it, and all is right; one short list shows
/// it. None if it may not be, or an event told otherwise: then no list was asked for.
pub(crate) async fn as_remembered(
    cx: &Cx,
    scope: &Scope,
    hint: &[Hint],
) -> Result<Option<usize>, AppwriteError> {
    let Some(known) = cache::get(scope) else {
        return Ok(None);
    };
    if !hint.iter().all(|row| row.is_some_and(|row| known.has(row))) {
        return Ok(None);
    }
    let asked = cx.now();
    let mut queries = scope.live();
    queries.extend([Query::order_desc("$updatedAt"), Query::limit(LOOK)]);
    let page: RowPage<ProgressColumns> = cx.rows.list(&queries).await?;
    let rows = page
        .rows
        .iter()
        .map(|stored| fingerprint(stored, stored.row.progress_computed));
    let look = Look {
        rows: rows.collect(),
        live: page.total,
        asked,
    };
    let seen = known.seen(&look).filter(|_| page.malformed.is_empty());
    Ok(seen.map(|seen| {
        cache::refresh(scope, seen);
        known.live()
    }))
}

/// Recomputes every item of the workspace and writes the rows that differ. What is right then is remembered.
///
/// # Errors
/// Of the first list only; whatever comes after it is in [`RunResult::stopped`].
pub(crate) async fn settle(cx: &Cx, scope: &Scope) -> Result<RunResult, AppwriteError> {
    let mut result = RunResult::default();
    let mut left = HashSet::new();
    let mut known = None;
    for round in 0..ROUNDS {
        let listed = match list(cx, scope).await {
            Ok(listed) => listed,
            Err(error) if round == 0 => return Err(error),
            Err(error) => {
                result.stopped = Some(error);
                break;
            }
        };
        let rows = &listed.page.rows;
        result.malformed.clone_from(&listed.page.malformed);
        result.items = rows.len();
        result.look_again(mem::take(&mut left), rows);
        let mut wrong;
        (wrong, known) = judge(rows, listed.asked, &mut result.orphans);
        drop(listed);
        wrong.retain(|(stored, _)| !result.unwritable.contains_key(&stored.id));
        for (stored, _) in &wrong {
            let before = stored.row.progress_computed;
            let known = result.changed.entry(stored.id.clone());
            known.or_insert((before, before)).1 = before;
        }
        left = result.write(cx, wrong).await;
        result.unsettled = left.len();
        let is_late = Instant::now() >= cx.stop_at();
        if left.is_empty() || is_late || result.stopped.is_some() {
            break;
        }
    }
    let is_repaired = |id: &ItemId, (before, after): (i64, i64)| {
        before != after && !left.contains(id) && !result.unwritable.contains_key(id)
    };
    result.changed.retain(|id, both| is_repaired(id, *both));
    let all_is_right = result.is_over()
        && result.malformed.is_empty()
        && result.unwritable.is_empty()
        && !cx.dry_run;
    if let Some(known) = known.filter(|_| all_is_right) {
        cache::put(scope, known);
    }
    Ok(result)
}

/// One log row for all that a run repaired. A crash between the repair and this loses it: nothing in the repaired
/// rows tells of the repair.
pub(crate) async fn log(
    cx: &Cx,
    scope: &Scope,
    result: &RunResult,
    actor: &str,
) -> Result<(), AppwriteError> {
    if result.changed.is_empty() {
        return Ok(());
    }
    let side = |value: fn(&(i64, i64)) -> i64| {
        let repaired = result.changed.iter().take(MOST_LOGGED);
        let progress_computed = repaired.map(|(id, both)| (id.clone(), value(both)));
        Some(Envelope::new(&Repaired {
            rows: result.changed.len(),
            progress_computed: progress_computed.collect(),
        }))
    };
    let action = "progress_repaired";
    let id = derived(
        "log",
        &[action, scope.workspace.as_ref(), cx.execution.as_ref()],
    );
    let row = ActivityLog {
        organization_id: scope.organization.clone(),
        workspace_id: Some(scope.workspace.clone()),
        item_type: "workspace".to_owned(),
        item_id: scope.workspace.to_string(),
        action_type: action.to_owned(),
        actor_user_id: actor.to_owned(),
        before_json: side(|(before, _)| *before),
        after_json: side(|(_, after)| *after),
        request_id: cx.execution.clone(),
    };
    cx.rows.create(&LogId::from(id), &row, &[]).await.map(drop)
}
/// Whether a row is deleted.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deletion {
    deleted_at: Option<IgnoredAny>,
}

/// What an event tells of its row. Nothing of a row that is gone, or that was not sent as it is listed.
pub(crate) fn hint(event: &RowEvent<OkrItem>) -> Hint {
    let deletion: Deletion = event.payload.read()?;
    if event.action == "delete" || deletion.deleted_at.is_some() {
        return None;
    }
    let row: ProgressColumns = event.payload.read()?;
    Some(fingerprint_of(&event.id, &row, row.progress_computed))
}

fn fingerprint_of(id: &ItemId, row: &ProgressColumns, percent: i64) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    let size = row.story_points.0;
    (
        id,
        row.r#type,
        &row.parent_id,
        row.action_status,
        size,
        percent,
    )
        .hash(&mut hasher);
    hasher.finish()
}

/// A row with this per cent, and when it was last written.
fn fingerprint(stored: &StoredRow<ProgressColumns>, percent: i64) -> (Fingerprint, Timestamp) {
    (
        fingerprint_of(&stored.id, &stored.row, percent),
        stored.version.time(),
    )
}

/// The rows whose stored per cent differs from what it should be, with that; and the state in which none does.
fn judge(
    rows: &[StoredRow<ProgressColumns>],
    asked: Timestamp,
    orphans: &mut Vec<(ItemId, Orphan)>,
) -> (Vec<(StoredRow<ProgressColumns>, i64)>, Option<CachedState>) {
    let items: Vec<Item<'_>> = rows.iter().map(item).collect();
    let progress = recompute(&items);
    *orphans = progress
        .orphans
        .into_iter()
        .map(|(place, why)| (rows[place as usize].id.clone(), why))
        .collect();
    let right = rows.iter().zip(&progress.percents);
    let known = CachedState::new(
        right.map(|(stored, percent)| fingerprint(stored, i64::from(*percent))),
        asked,
    );
    let wanted = progress.percents.into_iter().map(i64::from);
    let wrong = rows
        .iter()
        .zip(wanted)
        .filter(|(stored, wanted)| stored.row.progress_computed != *wanted)
        .map(|(stored, wanted)| (stored.clone(), wanted))
        .collect();
    (wrong, known)
}
