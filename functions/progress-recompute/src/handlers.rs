//! The ways in: load, decide, save.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use okr::explain::{explain as explained, Basis, Work};
use okr::tree::Item;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use shared::access;
use shared::activity::SYSTEM;
use shared::appwrite::{Page, Query, Stored};
use shared::caller::RowEvent;
use shared::ids::{derived, lenient, Id, ItemId, OrganizationId, UserId, WorkspaceId};
use shared::privacy::{self, Line, Reader, Sight, Subject};
use shared::rows::{PrivacyMode, Row, Workspace, WorkspaceMembership};
use shared::sweep::Swept;
use shared::{Code, Cx, Failure, Payload, Reply};

use crate::turns::{Turn, Turns};
use crate::workspace::{item, told, Counted, Scope, Settled, Told, PAGE};

/// A workspace is swept if an item of it changed within this time: two runs of the hourly cron, so that one may fail.
const RECENTLY: Duration = Duration::from_secs(2 * 60 * 60);

/// A sweep lists recently changed items for this long; what it has not seen by then, the next one may.
const READING: Duration = Duration::from_secs(30);

/// Orphans, unreadable and unwritable rows that a reply names; all are counted.
const MOST_NAMED: usize = 100;

/// Where an item belongs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Placed {
    organization_id: OrganizationId,
    workspace_id: WorkspaceId,
}

impl Row for Placed {
    const TABLE: &'static str = "okr_items";
    type Id = ItemId;
}

const PLACED: [&str; 2] = ["organizationId", "workspaceId"];

/// Whose an item is. Read as leniently as what progress follows from: a row that counts is explained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whose {
    #[serde(deserialize_with = "lenient::id")]
    owner_user_id: Option<UserId>,
    #[serde(deserialize_with = "lenient::ids")]
    assignee_user_ids: Vec<UserId>,
}

impl Row for Whose {
    const TABLE: &'static str = "okr_items";
    type Id = ItemId;
}

const WHOSE: [&str; 2] = ["ownerUserId", "assigneeUserIds"];

/// What an item is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Titled {
    title: Option<String>,
}

impl Row for Titled {
    const TABLE: &'static str = "okr_items";
    type Id = ItemId;
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recompute {
    workspace_id: WorkspaceId,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Explain {
    item_id: ItemId,
}

/// Runs of this process: they settle a workspace and serve all who asked for that before they began.
static RUNS: Turns<Told, Value> = Turns::new();

/// How a run ended.
enum Run {
    Settled(Settled),
    /// Nothing that counts is other than this process remembers; so many items.
    AsRemembered(usize),
}

/// A row of okr_items was written, perhaps by this function itself: then too, for it repairs a lost race.
pub(crate) async fn on_changed(cx: Cx, event: RowEvent, hint: Payload) -> Result<Reply, Failure> {
    let told = told(&event, &hint);
    let Some(scope) = place(&cx, &event, &hint).await? else {
        return Ok(Reply::ok(json!({"ignored": true})));
    };
    if !RUNS.leave(&scope, &told) {
        if let Turn::Own(run) = settle(&cx, &scope, told).await? {
            return ended(&cx, &scope, run);
        }
    }
    cx.note(format!("workspace={} joined the next run", scope.workspace));
    Ok(Reply::ok(
        json!({"workspaceId": scope.workspace, "joined": true}),
    ))
}

/// `POST /`: recomputes a workspace. What a run repairs that others share is logged once, by whoever began it.
pub(crate) async fn recompute(cx: Cx, request: Recompute) -> Result<Reply, Failure> {
    let user = cx.user()?;
    let access = access::workspace(&cx, &request.workspace_id, user).await?;
    access.admin()?;
    let scope = Scope {
        organization: access.workspace.row.organization_id,
        workspace: access.workspace.id,
    };
    // A dry run repairs nothing that another could share; its list it shares all the same.
    let turn = match cx.dry_run {
        true => Turn::Own(Run::Settled(scope.settle(&cx).await?)),
        // It is asked for because what is remembered may be wrong.
        false => settle(&cx, &scope, None).await?,
    };
    match turn {
        Turn::Own(run) => {
            if let Run::Settled(settled) = &run {
                scope.log(&cx, settled, user.as_ref()).await?;
            }
            ended(&cx, &scope, run)
        }
        Turn::Joined(mut shown) => {
            cx.note(format!("workspace={} joined the next run", scope.workspace));
            shown["joined"] = json!(true);
            Ok(Reply::ok(shown))
        }
    }
}

/// Settles the workspace, by a run of its own or by the next one of the same workspace.
async fn settle(cx: &Cx, scope: &Scope, told: Told) -> Result<Turn<Run, Value>, Failure> {
    let run = |told: Vec<Told>| async move {
        if let Some(items) = scope.as_remembered(cx, &told).await? {
            let shown = as_remembered(scope, items);
            return Ok((Run::AsRemembered(items), Some(shown)));
        }
        let settled = scope.settle(cx).await?;
        let shown = settled.is_over().then(|| shown(scope, &settled));
        Ok((Run::Settled(settled), shown))
    };
    RUNS.take(scope, told, run).await
}

/// What a run of one's own found and did.
fn ended(cx: &Cx, scope: &Scope, run: Run) -> Result<Reply, Failure> {
    match run {
        Run::Settled(settled) => {
            note(cx, scope, &settled);
            let shown = shown(scope, &settled);
            match settled.stopped {
                Some(error) => Err(error.into()),
                None => Ok(Reply::ok(shown)),
            }
        }
        Run::AsRemembered(items) => {
            cx.note(format!(
                "workspace={} items={items} all as remembered, bytes={}",
                scope.workspace,
                cx.rows.bytes_read()
            ));
            Ok(Reply::ok(as_remembered(scope, items)))
        }
    }
}

fn as_remembered(scope: &Scope, items: usize) -> Value {
    json!({"workspaceId": scope.workspace, "items": items, "asRemembered": true})
}

/// `GET /explain?itemId=`: why an item's number is what it is, from what the reader may see.
pub(crate) async fn explain(cx: Cx, request: Explain) -> Result<Reply, Failure> {
    let user = cx.user()?;
    let no_item = || Failure::not_found("item");
    let placed = [
        Query::equal("$id", [request.item_id.as_ref()]),
        Query::is_null("deletedAt"),
        Query::select(&PLACED),
    ];
    let found: Page<Placed> = cx.rows.list(&placed).await?;
    let item = found.rows.into_iter().next().ok_or_else(no_item)?;
    let hidden = |failure: Failure| match failure.code {
        Code::NotFound => no_item(),
        _ => failure,
    };
    let access = access::workspace(&cx, &item.row.workspace_id, user)
        .await
        .map_err(hidden)?;
    access.member()?;
    let workspace = &access.workspace;
    let scope = Scope {
        organization: workspace.row.organization_id.clone(),
        workspace: workspace.id.clone(),
    };
    let reader = Reader {
        user,
        organization_admin: access.organization_admin,
    };
    let mode = workspace.row.privacy_mode;
    let memberships = memberships(&cx, &scope).await?;
    let listed = scope.list(&cx).await?;
    for (id, why) in listed.page.malformed.iter().take(MOST_NAMED) {
        cx.note(format!("item {id} cannot be read: {why}"));
    }
    let rows = &listed.page.rows;
    let (basis, sight) = match privacy::sees_everything(mode, reader, &memberships) {
        true => (Basis::AllWork, vec![Sight::Whole; rows.len()]),
        false => {
            let own = of_line(&cx, &scope, &Line::of(reader, &memberships)).await?;
            let sight = sight(mode, reader, &memberships, rows, &own);
            (Basis::VisibleWork, sight)
        }
    };
    let works: Vec<Work<'_>> = rows
        .iter()
        .zip(&sight)
        .filter(|(_, sight)| **sight != Sight::Hidden)
        .map(|(stored, sight)| work(stored, *sight == Sight::Whole))
        .collect();
    let asked = works
        .iter()
        .position(|work| work.item.id == item.id.as_ref())
        .ok_or_else(no_item)?;
    let explanation = explained(&works, asked, basis);
    let titled = scope
        .of_ids::<Titled>(&cx, &explanation.item_ids(), &["title"])
        .await?;
    let titles: HashMap<&str, &str> = titled
        .iter()
        .filter_map(|stored| Some((stored.id.as_ref(), stored.row.title.as_deref()?)))
        .collect();
    let explanation = explanation.with_titles(|id| titles.get(id).copied().unwrap_or_default());
    cx.note(format!(
        "workspace={} items={} bytes={}",
        scope.workspace,
        rows.len(),
        cx.rows.bytes_read()
    ));
    let explanation = serde_json::to_value(explanation);
    Ok(Reply::ok(
        explanation.map_err(|error| Failure::internal(error.into()))?,
    ))
}

/// The live items that are owned by people of the reader's line or assigned to them. The rows are let go page by page.
async fn of_line(cx: &Cx, scope: &Scope, line: &Line<'_>) -> Result<HashSet<ItemId>, Failure> {
    let mut own = HashSet::new();
    let take = |item: Stored<Whose>| {
        if line.has(item.row.owner_user_id.as_ref(), &item.row.assignee_user_ids) {
            own.insert(item.id);
        }
    };
    scope.each(cx, &WHOSE, take).await?;
    Ok(own)
}

/// How much of each row the reader sees, if those of their line are their `own`.
fn sight(
    mode: PrivacyMode,
    reader: Reader<'_>,
    memberships: &[WorkspaceMembership],
    rows: &[Stored<Counted>],
    own: &HashSet<ItemId>,
) -> Vec<Sight> {
    let parents: Vec<Option<ItemId>> = rows
        .iter()
        .map(|stored| stored.row.parent().and_then(ItemId::parse))
        .collect();
    let subjects: Vec<Subject<'_>> = rows
        .iter()
        .zip(&parents)
        .map(|(stored, parent)| Subject {
            id: &stored.id,
            parent: parent.as_ref(),
            owner: own.contains(&stored.id).then_some(reader.user),
            assignees: &[],
            live: true,
        })
        .collect();
    privacy::sight(mode, reader, memberships, &subjects)
}

/// The cron: workspaces with items changed lately, and every workspace once a day.
pub(crate) async fn sweep(cx: Cx) -> Result<Swept, Failure> {
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
    Ok(Swept {
        is_complete: all_listed && swept.swept == swept.due,
        summary: json!(swept),
    })
}

/// What a sweep did.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
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
    let all: Page<Workspace> = cx.rows.all(&[]).await?;
    let of_this_hour = all
        .rows
        .into_iter()
        .filter(|workspace| hour_of(&workspace.id) == now.hour())
        .map(|workspace| Scope {
            organization: workspace.row.organization_id,
            workspace: workspace.id,
        });
    let mut due: BTreeSet<Scope> = of_this_hour.collect();

    let recent = [
        Query::greater_than("$updatedAt", now.minus(RECENTLY).to_string()),
        Query::select(&PLACED),
    ];
    let stop_at = Instant::now() + READING;
    let mut all_listed = true;
    let read = cx.rows.each_page(PAGE, &recent, |page: Page<Placed>| {
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
    let settled = scope.settle(cx).await?;
    note(cx, scope, &settled);
    swept.drifted += usize::from(!settled.changed.is_empty());
    swept.rows_repaired += settled.changed.len();
    swept.unreadable += settled.malformed.len();
    swept.unwritable += settled.unwritable.len();
    scope.log(cx, &settled, SYSTEM).await?;
    match settled.stopped {
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
async fn place(cx: &Cx, event: &RowEvent, hint: &Payload) -> Result<Option<Scope>, Failure> {
    let placed = match hint.read::<Placed>() {
        Some(placed) => Some(placed),
        None => match ItemId::parse(&event.row) {
            Some(id) => {
                let queries = [Query::equal("$id", [id.as_ref()]), Query::select(&PLACED)];
                let found: Page<Placed> = cx.rows.list(&queries).await?;
                found.rows.into_iter().next().map(|stored| stored.row)
            }
            None => None,
        },
    };
    Ok(placed.map(|placed| Scope {
        organization: placed.organization_id,
        workspace: placed.workspace_id,
    }))
}

async fn memberships(cx: &Cx, scope: &Scope) -> Result<Vec<WorkspaceMembership>, Failure> {
    let queries = [
        Query::equal("workspaceId", [scope.workspace.as_ref()]),
        Query::equal("organizationId", [scope.organization.as_ref()]),
    ];
    let page: Page<WorkspaceMembership> = cx.rows.all(&queries).await?;
    Ok(page.rows.into_iter().map(|stored| stored.row).collect())
}

/// What an explanation is made of: of an outline neither state nor size.
fn work(stored: &Stored<Counted>, whole: bool) -> Work<'_> {
    let item = item(stored);
    Work {
        item: Item {
            status: item.status.filter(|_| whole),
            points: item.points.filter(|_| whole),
            ..item
        },
        stored: stored.row.progress_computed.clamp(0, 100) as u8,
    }
}

fn note(cx: &Cx, scope: &Scope, settled: &Settled) {
    cx.note(format!(
        "workspace={} items={} changed={} written={} unsettled={} orphans={} unreadable={} unwritable={} bytes={}",
        scope.workspace,
        settled.items,
        settled.changed.len(),
        settled.written,
        settled.unsettled,
        settled.orphans.len(),
        settled.malformed.len(),
        settled.unwritable.len(),
        cx.rows.bytes_read(),
    ));
    for (id, why) in settled.unwritable.iter().take(MOST_NAMED) {
        cx.note(format!("item {id} cannot be written: {why}"));
    }
}

/// What a run found and did.
fn shown(scope: &Scope, settled: &Settled) -> Value {
    let (orphans, unreadable, unwritable) =
        (&settled.orphans, &settled.malformed, &settled.unwritable);
    json!({
        "workspaceId": scope.workspace,
        "items": settled.items,
        "changed": settled.changed.len(),
        "written": settled.written,
        "unsettled": settled.unsettled,
        "orphanCount": orphans.len(),
        "orphans": named(orphans.iter().map(|(id, why)| (id, why))),
        "unreadableCount": unreadable.len(),
        "unreadable": named(unreadable.iter().map(|(id, why)| (id, why))),
        "unwritableCount": unwritable.len(),
        "unwritable": named(unwritable),
    })
}

fn named(rows: impl IntoIterator<Item = (impl Serialize, impl Serialize)>) -> Vec<Value> {
    let rows = rows.into_iter().take(MOST_NAMED);
    rows.map(|(id, why)| json!({"itemId": id, "why": why}))
        .collect()
}
