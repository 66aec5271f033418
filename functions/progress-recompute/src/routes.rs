//! The ways in: load, decide, save.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use domain::ids::{derived, ItemId, OrganizationId, UserId, WorkspaceId};
use domain::rows::{OkrItem, Row, Workspace};
use domain::time::Timestamp;
use domain::Failure;
use okr::explain::{explain as explained, Basis, Explanation, Work};
use okr::tree::{Item, Orphan};
use platform::access::{ItemReader, OfItem, OfWorkspace, WorkspaceAdmin, WorkspaceMember};
use platform::activity::SYSTEM;
use platform::appwrite::{Query, RowPage};
use platform::coalesce::{Flight, SingleFlight};
use platform::scope::Scope;
use platform::sweep::SweepOutcome;
use platform::view::{View, ViewItem};
use platform::{Cx, Reply, RowEvent};
use serde::{Deserialize, Serialize};

use crate::board::{board, card, Board, Card, ItemPage, LinkRow, Position};
use crate::workspace::{self, hint, Hint, RunResult};

/// A browser that asks for changes is given so much of the time before once more: what was being written then may have
/// become visible later than its own time says.
const OVERLAP: Duration = Duration::from_secs(10);

/// A workspace is swept if an item of it changed within this time: two runs of the hourly cron, so that one may fail.
const RECENTLY: Duration = Duration::from_secs(2 * 60 * 60);

/// A sweep lists recently changed items for this long; what it has not seen by then, the next one may.
const READING: Duration = Duration::from_secs(30);

/// Orphans, unreadable and unwritable rows that a reply names; all are counted.
const MOST_NAMED: usize = 100;

/// Where an item belongs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemPlace {
    organization_id: OrganizationId,
    workspace_id: WorkspaceId,
}

impl Row for ItemPlace {
    const TABLE: &'static str = "okr_items";
    type Id = ItemId;
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recompute {
    workspace_id: WorkspaceId,
}

impl OfWorkspace for Recompute {
    fn workspace(&self) -> &WorkspaceId {
        &self.workspace_id
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OneItem {
    item_id: ItemId,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ListItems {
    workspace_id: WorkspaceId,
    /// The `asOf` of what the caller has.
    changed_since: Option<Timestamp>,
    /// The `next` of the page before.
    after: Option<ItemId>,
}

impl OfWorkspace for ListItems {
    fn workspace(&self) -> &WorkspaceId {
        &self.workspace_id
    }
}

impl OfItem for OneItem {
    fn item(&self) -> &ItemId {
        &self.item_id
    }
}

/// What became of a workspace that was to be recomputed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecomputeOutcome {
    workspace_id: WorkspaceId,
    /// It shared the run of another call.
    #[serde(skip_serializing_if = "Option::is_none")]
    joined: Option<bool>,
    /// Nothing that counts is other than this process remembers, so nothing was listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_remembered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<usize>,
    #[serde(flatten)]
    run: Option<RunCounts>,
}

/// What a run found and did.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RunCounts {
    changed: usize,
    written: usize,
    unsettled: usize,
    orphan_count: usize,
    orphans: Vec<ItemNote<Orphan>>,
    unreadable_count: usize,
    unreadable: Vec<ItemNote<String>>,
    unwritable_count: usize,
    unwritable: Vec<ItemNote<String>>,
}

/// An item that something is to be said of.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemNote<W> {
    item_id: String,
    why: W,
}

/// Runs of this process: they settle a workspace and serve all who asked for that before they began.
static RUNS: SingleFlight<Scope, Hint, RecomputeOutcome> = SingleFlight::new();

/// How a run ended.
enum Run {
    RecomputeOutcome(RunResult),
    /// Nothing that counts is other than this process remembers; so many items.
    AsRemembered(usize),
}

/// A row of okr_items was written, perhaps by this function itself: then too, for it repairs a lost race.
pub(crate) async fn on_written(
    cx: Cx,
    event: RowEvent<OkrItem>,
) -> Result<Option<RecomputeOutcome>, Failure> {
    let hint = hint(&event);
    let Some(scope) = place(&cx, &event).await? else {
        return Ok(None);
    };
    if !RUNS.leave(&scope, &hint) {
        if let Flight::Own(run) = settle(&cx, &scope, hint).await? {
            return ended(&cx, &scope, run).map(Some);
        }
    }
    cx.note(format!("workspace={} joined the next run", scope.workspace));
    Ok(Some(RecomputeOutcome {
        joined: Some(true),
        ..RecomputeOutcome::of(&scope)
    }))
}

/// `POST /`: recomputes a workspace. What a run repairs that others share is logged once, by whoever began it.
pub(crate) async fn recompute(
    cx: Cx,
    admin: WorkspaceAdmin,
    _request: Recompute,
) -> Result<Reply<RecomputeOutcome>, Failure> {
    let scope = Scope::from(&admin.workspace);
    // A dry run repairs nothing that another could share; its list it shares all the same.
    let flight = match cx.dry_run {
        true => Flight::Own(Run::RecomputeOutcome(workspace::settle(&cx, &scope).await?)),
        // It is asked for because what is remembered may be wrong.
        false => settle(&cx, &scope, None).await?,
    };
    match flight {
        Flight::Own(run) => {
            if let Run::RecomputeOutcome(result) = &run {
                workspace::log(&cx, &scope, result, admin.user.as_ref()).await?;
            }
            ended(&cx, &scope, run).map(Reply::ok)
        }
        Flight::Joined(recomputed) => {
            cx.note(format!("workspace={} joined the next run", scope.workspace));
            Ok(Reply::ok(RecomputeOutcome {
                joined: Some(true),
                ..recomputed
            }))
        }
    }
}

/// Settles the workspace, by a run of its own or by the next one of the same workspace.
async fn settle(
    cx: &Cx,
    scope: &Scope,
    hint: Hint,
) -> Result<Flight<Run, RecomputeOutcome>, Failure> {
    let run = |hint: Vec<Hint>| async move {
        if let Some(items) = workspace::as_remembered(cx, scope, &hint).await? {
            let recomputed = RecomputeOutcome::as_remembered(scope, items);
            return Ok((Run::AsRemembered(items), Some(recomputed)));
        }
        let result = workspace::settle(cx, scope).await?;
        let recomputed = result
            .is_over()
            .then(|| RecomputeOutcome::of_result(scope, &result));
        Ok((Run::RecomputeOutcome(result), recomputed))
    };
    RUNS.take(scope, hint, run).await
}

/// What a run of one's own found and did.
fn ended(cx: &Cx, scope: &Scope, run: Run) -> Result<RecomputeOutcome, Failure> {
    match run {
        Run::RecomputeOutcome(result) => {
            note(cx, scope, &result);
            let recomputed = RecomputeOutcome::of_result(scope, &result);
            match result.stopped {
                Some(error) => Err(error.into()),
                None => Ok(recomputed),
            }
        }
        Run::AsRemembered(items) => {
            cx.note(format!(
                "workspace={} items={items} all as remembered, bytes={}",
                scope.workspace,
                cx.rows.bytes_read()
            ));
            Ok(RecomputeOutcome::as_remembered(scope, items))
        }
    }
}

/// `GET /explain?itemId=`: why an item's number is what it is, from what the reader may see.
pub(crate) async fn explain(
    cx: Cx,
    reader: ItemReader,
    request: OneItem,
) -> Result<Reply<Explanation>, Failure> {
    let view = View::load(&cx, &reader.0).await?;
    cx.note(format!(
        "workspace={} items={} bytes={}",
        view.workspace,
        view.items.len(),
        cx.rows.bytes_read()
    ));
    let works: Vec<Work<'_>> = view.items.iter().map(work).collect();
    let asked = view
        .items
        .iter()
        .position(|seen| seen.id == request.item_id);
    let asked = asked.ok_or_else(|| Failure::not_found("item"))?;
    let basis = match view.everything {
        true => Basis::AllWork,
        false => Basis::VisibleWork,
    };
    Ok(Reply::ok(explained(&works, asked, basis)))
}

/// What an explanation is made of: of an outline neither state nor size.
fn work(seen: &ViewItem) -> Work<'_> {
    let whole = seen.whole.as_ref();
    Work {
        item: Item {
            id: seen.id.as_ref(),
            parent: seen.parent.as_ref().map(AsRef::as_ref),
            kind: seen.kind,
            status: whole.and_then(|whole| whole.status),
            points: whole.and_then(|whole| whole.points.as_deref()),
        },
        title: &seen.title,
        stored: seen.progress,
    }
}

/// `GET /items?workspaceId=`: the workspace for a board or a chart, as the member may see it.
pub(crate) async fn items(
    cx: Cx,
    member: WorkspaceMember,
    request: ListItems,
) -> Result<Reply<Board>, Failure> {
    let as_of = cx.now().minus(OVERLAP);
    let mut view = View::load(&cx, &member).await?;
    let live = Scope::from(&member.workspace).live();
    let people: BTreeSet<UserId> = ItemPage::of(&view, request.after.as_ref())
        .people()
        .into_iter()
        .cloned()
        .collect();
    view.people.retain(|user, _| people.contains(user));
    view.load_people(&cx, &member).await?;
    let page = ItemPage::of(&view, request.after.as_ref());
    let since = request.changed_since;
    let (positions, links) = tokio::try_join!(
        cx.rows
            .of_ids::<Position, _>("$id", page.changed(&view, since), &live),
        cx.rows
            .of_ids::<LinkRow, _>("fromItemId", page.whole(), &live),
    )?;
    cx.note_unreadable(&positions);
    cx.note_unreadable(&links);
    cx.note(format!(
        "workspace={} items={} of {} links={} bytes={}",
        view.workspace,
        page.items.len(),
        view.items.len(),
        links.rows.len(),
        cx.rows.bytes_read()
    ));
    let positions = positions
        .rows
        .into_iter()
        .map(|stored| (stored.id, stored.row));
    let links = links.rows.into_iter().map(|stored| (stored.id, stored.row));
    let board = board(
        &view,
        page,
        since,
        as_of,
        positions.collect(),
        links.collect(),
    );
    Ok(Reply::ok(board))
}

/// `GET /item?itemId=`: one item with its description.
pub(crate) async fn item(
    cx: Cx,
    reader: ItemReader,
    request: OneItem,
) -> Result<Reply<Card>, Failure> {
    let view = View::load(&cx, &reader.0).await?;
    let seen = view.items.iter().find(|seen| seen.id == request.item_id);
    let seen = seen.ok_or_else(|| Failure::not_found("item"))?;
    let position = async {
        match &seen.whole {
            Some(_) => Ok(cx.rows.find::<Position>(&seen.id).await?),
            None => Ok(None),
        }
    };
    let (position, description) = tokio::try_join!(position, view.description(&cx, &seen.id))?;
    Ok(Reply::ok(card(
        seen,
        position.map(|stored| stored.row),
        description,
    )))
}

/// The cron: workspaces with items changed lately, and every workspace once a day.
pub(crate) async fn sweep(cx: Cx) -> Result<SweepOutcome<Counts>, Failure> {
    // Another order in every run: what one run has no time for is not always the same.
    let (due, all_listed) = due(&cx).await?;
    let mut due: Vec<Scope> = due.into_iter().collect();
    due.sort_by_cached_key(|scope| {
        derived("sweep", &[scope.workspace.as_ref(), cx.execution.as_ref()])
    });
    let mut swept = Counts {
        due: due.len(),
        ..Counts::default()
    };
    for scope in &due {
        if Instant::now() >= cx.stop_at() {
            break;
        }
        if let Err(failure) = repair(&cx, scope, &mut swept).await {
            swept.failed += 1;
            cx.note(format!(
                "workspace {} was not swept: {failure}",
                scope.workspace
            ));
        }
    }
    Ok(SweepOutcome {
        is_complete: all_listed && swept.swept == swept.due,
        summary: swept,
    })
}

/// What a sweep did.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    due: usize,
    swept: usize,
    failed: usize,
    drifted: usize,
    rows_repaired: usize,
    unreadable: usize,
    unwritable: usize,
}

/// The workspaces of this run, and whether those are all that are due.
async fn due(cx: &Cx) -> Result<(BTreeSet<Scope>, bool), Failure> {
    let now = cx.now();
    let all: RowPage<Workspace> = cx.rows.all(&[]).await?;
    let of_this_hour = all
        .rows
        .into_iter()
        .filter(|workspace| hour_of(&workspace.id) == now.hour())
        .map(|workspace| Scope::from(&workspace));
    let mut due: BTreeSet<Scope> = of_this_hour.collect();

    let recent = [Query::greater_than(
        "$updatedAt",
        now.minus(RECENTLY).to_string(),
    )];
    let stop_at = Instant::now() + READING;
    let mut all_listed = true;
    let read = cx
        .rows
        .each_page(workspace::PAGE, &recent, |page: RowPage<ItemPlace>| {
            due.extend(page.rows.into_iter().map(|item| Scope {
                organization: item.row.organization_id,
                workspace: item.row.workspace_id,
            }));
            match Instant::now() < stop_at {
                true => ControlFlow::Continue(()),
                false => {
                    all_listed = false;
                    ControlFlow::Break(())
                }
            }
        });
    match read.await {
        // The last row of a page was deleted meanwhile; its event, and the next run, see to the rest.
        Err(error) if error.is_cursor_gone() => {
            all_listed = false;
            cx.note("not all recent items were listed".to_owned());
        }
        result => result?,
    }
    Ok((due, all_listed))
}

async fn repair(cx: &Cx, scope: &Scope, swept: &mut Counts) -> Result<(), Failure> {
    let result = workspace::settle(cx, scope).await?;
    note(cx, scope, &result);
    swept.drifted += usize::from(!result.changed.is_empty());
    swept.rows_repaired += result.changed.len();
    swept.unreadable += result.malformed.len();
    swept.unwritable += result.unwritable.len();
    workspace::log(cx, scope, &result, SYSTEM).await?;
    match result.stopped {
        Some(error) => Err(error.into()),
        None => {
            swept.swept += 1;
            Ok(())
        }
    }
}

/// The hour of the day in which a workspace is swept, whatever happened to it.
fn hour_of(workspace: &WorkspaceId) -> u32 {
    (derived("sweep", &[workspace.as_ref()]).as_u128() % 24) as u32
}

/// The workspace that an event is about: the hint says, and only where it does not, the row. The rows listed there are
/// what counts, so a wrong hint does no harm.
async fn place(cx: &Cx, event: &RowEvent<OkrItem>) -> Result<Option<Scope>, Failure> {
    let placed = match event.payload.read::<ItemPlace>() {
        Some(placed) => Some(placed),
        None => {
            let queries = [Query::equal("$id", [event.id.as_ref()])];
            let found: RowPage<ItemPlace> = cx.rows.list(&queries).await?;
            found.rows.into_iter().next().map(|stored| stored.row)
        }
    };
    Ok(placed.map(|placed| Scope {
        organization: placed.organization_id,
        workspace: placed.workspace_id,
    }))
}

fn note(cx: &Cx, scope: &Scope, result: &RunResult) {
    cx.note(format!(
        "workspace={} items={} changed={} written={} unsettled={} orphans={} unreadable={} unwritable={} bytes={}",
        scope.workspace,
        result.items,
        result.changed.len(),
        result.written,
        result.unsettled,
        result.orphans.len(),
        result.malformed.len(),
        result.unwritable.len(),
        cx.rows.bytes_read(),
    ));
    for (id, why) in result.unwritable.iter().take(MOST_NAMED) {
        cx.note(format!("item {id} cannot be written: {why}"));
    }
}

impl RecomputeOutcome {
    fn of(scope: &Scope) -> Self {
        Self {
            workspace_id: scope.workspace.clone(),
            joined: None,
            as_remembered: None,
            items: None,
            run: None,
        }
    }

    fn as_remembered(scope: &Scope, items: usize) -> Self {
        Self {
            as_remembered: Some(true),
            items: Some(items),
            ..Self::of(scope)
        }
    }

    fn of_result(scope: &Scope, result: &RunResult) -> Self {
        let (orphans, unreadable, unwritable) =
            (&result.orphans, &result.malformed, &result.unwritable);
        Self {
            items: Some(result.items),
            run: Some(RunCounts {
                changed: result.changed.len(),
                written: result.written,
                unsettled: result.unsettled,
                orphan_count: orphans.len(),
                orphans: named(orphans.iter().map(|(id, why)| (id.as_ref(), *why))),
                unreadable_count: unreadable.len(),
                unreadable: named(unreadable.iter().map(|(id, why)| (id, why.clone()))),
                unwritable_count: unwritable.len(),
                unwritable: named(
                    unwritable
                        .iter()
                        .map(|(id, why)| (id.as_ref(), why.clone())),
                ),
            }),
            ..Self::of(scope)
        }
    }
}

fn named<W>(rows: impl Iterator<Item = (impl Into<String>, W)>) -> Vec<ItemNote<W>> {
    let rows = rows.take(MOST_NAMED);
    rows.map(|(id, why)| ItemNote {
        item_id: id.into(),
        why,
    })
    .collect()
}
