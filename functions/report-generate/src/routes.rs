//! The ways in: load, decide, save.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use shared::access::{self, InWorkspace};
use shared::appwrite::{Envelope, Page, Query, Stored};
use shared::caller::RowEvent;
use shared::ids::{derived, Id, ReportId, UserId, WorkspaceId};
use shared::job::{self, Ended, Job};
use shared::rows::{JobStatus, Report, ReportType, Row, Workspace};
use shared::sweep::Swept;
use shared::time::Timestamp;
use shared::view::View;
use shared::{Code, Cx, Failure, Reply};

use crate::markdown::markdown;
use crate::moment::{Moment, DAY};
use crate::snapshot::{Language, Snapshot};
use crate::statements::{self, statements};
use crate::verify::verify_row;

/// Longest snapshot that is kept: with statements and Markdown it fits into one request of Appwrite's.
const MOST_BYTES: usize = 6 * 1024 * 1024;

/// What a report needs of a sweep's time: a large workspace, read from a slow server, worked out and written down.
const NEEDS: Duration = Duration::from_secs(45);

/// What a report is to tell. Until there is a result it stands in `reports.outputJson`, also of a row that the
/// frontend's server makes: `{"schema": "valyourise/report@1", "request": {…}}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    #[serde(default)]
    language: Language,
}

/// Since when to compare. A report tells how things stand now, so a period that ends otherwise is refused.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    from: Timestamp,
    to: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Create {
    workspace_id: WorkspaceId,
    r#type: ReportType,
    period: Option<Period>,
    #[serde(default)]
    language: Language,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OfReport {
    report_id: ReportId,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Cancel {
    job_id: ReportId,
}

/// A report without its documents, which are large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Listed {
    status: JobStatus,
}

impl Row for Listed {
    const TABLE: &'static str = Report::TABLE;
    type Id = ReportId;
}

/// What a later report needs of an earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Earlier {
    input_snapshot_json: Option<String>,
}

impl Row for Earlier {
    const TABLE: &'static str = Report::TABLE;
    type Id = ReportId;
}

/// `POST /`: creates the report already running and writes it; an open one for the same workspace, reader and period is
/// returned instead of a second one.
pub(crate) async fn create(cx: Cx, request: Create) -> Result<Reply, Failure> {
    let user = cx.user()?.clone();
    let wanted = Wanted {
        period: request.period,
        language: request.language,
    };
    wanted.check(cx.now())?;
    let access = access::workspace(&cx, &request.workspace_id, &user).await?;
    access.member()?;
    let of_reader = of_reader(&request.workspace_id, &user);
    let mut open = of_reader.clone();
    open.push(Query::equal("status", ["pending", "running"]));
    let open: Page<Report> = cx.rows.all(&open).await?;
    cx.note_unreadable(&open);
    let is_same = |job: &&Stored<Report>| {
        Wanted::of(&job.row).is_ok_and(|other| other.period == wanted.period)
    };
    if let Some(same) = open.rows.iter().find(is_same) {
        return Ok(Reply::ok(shown(same)));
    }

    // The id follows from the report before, so that two calls at once agree on one new report.
    let mut latest = of_reader;
    latest.extend([
        Query::select(&["status"]),
        Query::order_desc("$createdAt"),
        Query::limit(1),
    ]);
    let latest: Page<Listed> = cx.rows.list(&latest).await?;
    let workspace = request.workspace_id.as_ref();
    let period = json!(wanted.period).to_string();
    let parts = [
        workspace,
        user.as_ref(),
        &period,
        latest.last.as_deref().unwrap_or_default(),
    ];
    let id = ReportId::from(derived("report", &parts));
    let organization = &access.workspace.row.organization_id;
    let slot = job::room::<Report>(&cx, organization, &id).await?;
    let row = Report {
        organization_id: organization.clone(),
        workspace_id: request.workspace_id.clone(),
        requested_by_user_id: user.clone(),
        r#type: request.r#type,
        status: JobStatus::Pending,
        input_snapshot_json: None,
        output_markdown: None,
        output_json: Some(wanted.envelope()),
        error_message: None,
    };
    let readers = [format!("read(\"user:{user}\")")];
    match Job::create(&cx, &id, row, &readers, slot).await? {
        Ok(job) => {
            let ended = run(&cx, job, Some(access)).await?;
            match ended.failure {
                None => Ok(Reply::created(shown(&ended.job))),
                Some(failure) => Err(failure),
            }
        }
        Err(Some(there)) => Ok(Reply::ok(shown(&there))),
        Err(None) => Err(Failure::new(
            Code::Conflict,
            "The report is being created right now. Try again.",
        )),
    }
}

/// A reports row was created by the frontend's server.
pub(crate) async fn on_created(cx: Cx, event: RowEvent) -> Result<Reply, Failure> {
    let ignored = || Ok(Reply::ok(json!({"ignored": true})));
    let Some(id) = ReportId::parse(&event.row) else {
        return ignored();
    };
    let Some(listed) = cx.rows.find::<Report>(&id).await? else {
        return ignored();
    };
    if listed.row.status != JobStatus::Pending {
        return Ok(Reply::ok(
            json!({"reportId": id, "status": listed.row.status}),
        ));
    }
    let Some(job) = Job::claim_new(&cx, listed).await? else {
        return Ok(Reply::ok(json!({"reportId": id, "claimed": false})));
    };
    let ended = run(&cx, job, None).await?;
    Ok(Reply::ok(
        json!({"reportId": id, "status": ended.job.row.status}),
    ))
}

/// The cron.
pub(crate) async fn sweep(cx: Cx) -> Result<Swept, Failure> {
    let inner = cx.clone();
    job::sweep(&cx, NEEDS, move |job| {
        let cx = inner.clone();
        async move {
            if let Err(failure) = run(&cx, job, None).await {
                cx.note(format!("a swept report was not written down: {failure}"));
            }
        }
    })
    .await
}

/// `POST /cancel`: the requester gives an open report up, also one who has left since.
pub(crate) async fn cancel(cx: Cx, request: Cancel) -> Result<Reply, Failure> {
    let own = own(&cx, &request.job_id).await?;
    let job = job::cancel(&cx, own).await?;
    Ok(Reply::ok(shown(&job)))
}

/// `POST /verify`: computes a stored report again from its snapshot.
pub(crate) async fn verify(cx: Cx, request: OfReport) -> Result<Reply, Failure> {
    let own = own(&cx, &request.report_id).await?;
    if own.row.status != JobStatus::Done {
        return Err(Failure::new(
            Code::Conflict,
            "There is nothing to verify: only a report that is done says anything.",
        ));
    }
    let verified = verify_row(&own.row);
    Ok(Reply::ok(match verified {
        Ok(statements) => json!({"reportId": own.id, "holds": true, "statements": statements}),
        Err(doubt) => json!({"reportId": own.id, "holds": false, "doubt": doubt.to_string()}),
    }))
}

/// The caller's own report, in a workspace and organisation that are not archived.
async fn own(cx: &Cx, id: &ReportId) -> Result<Stored<Report>, Failure> {
    let user = cx.user()?;
    let listed = cx.rows.find::<Report>(id).await?;
    // Whose it is comes first: of somebody else's report nothing is told, also not that its organisation is archived.
    let own = listed.filter(|report| report.row.requested_by_user_id == *user);
    let own = own.ok_or_else(|| Failure::not_found("report"))?;
    access::not_archived(cx, &own.row.organization_id).await?;
    let workspace = cx.rows.find::<Workspace>(&own.row.workspace_id).await?;
    match workspace.and_then(|workspace| workspace.row.archived_at) {
        None => Ok(own),
        Some(_) => Err(Failure::new(
            Code::Archived,
            "The workspace is archived. Restore it first.",
        )),
    }
}

/// A report's documents.
struct Written {
    items: usize,
    snapshot: Envelope,
    output: Envelope,
    markdown: String,
}

/// Writes a claimed report within the execution's time, or until it is cancelled. `access` is that of the call that has
/// made it, which is one among others that came at once; without it the rights that the requester had when the row was
/// made are checked again.
async fn run(
    cx: &Cx,
    job: Job<Report>,
    access: Option<InWorkspace>,
) -> Result<Ended<Report>, Failure> {
    let work = async {
        let access = match access {
            Some(access) => {
                job.admitted().await?;
                access
            }
            None => requester_may(cx, job.row()).await?,
        };
        write(cx, &job, &access).await
    };
    let written = job.while_held(work, "The workspace took too long to read. Try again.");
    let outcome = written.await.map(|written| {
        move |row: &mut Report| {
            row.input_snapshot_json = Some(written.snapshot.clone());
            row.output_json = Some(written.output.clone());
            row.output_markdown = Some(written.markdown.clone());
        }
    });
    job.end(outcome).await
}

/// Loads what the reader may see and says what follows from it.
async fn write(cx: &Cx, job: &Job<Report>, access: &InWorkspace) -> Result<Written, Failure> {
    let (id, row) = (job.id().clone(), job.row());
    let wanted = Wanted::of(row)?;
    let now = cx.now();
    wanted.check(now)?;
    let user = row.requested_by_user_id.clone();
    let earlier = earlier(cx, &row.workspace_id, &user, wanted.period).await?;
    let view = View::load(cx, access, &user).await?;
    let claim = job.held_by().clone();
    let written = tokio::task::spawn_blocking(move || {
        let from = wanted.period.map(|period| period.from.into());
        let snapshot = Snapshot::new(&view, now.into(), from, wanted.language, earlier);
        let stated = statements(&snapshot);
        Written {
            items: snapshot.items.len(),
            markdown: markdown(&snapshot, &stated),
            output: statements::envelope(&snapshot, &stated, &claim),
            snapshot: snapshot.envelope(&claim),
        }
    });
    let written = written
        .await
        .map_err(|error| Failure::internal(error.into()))?;
    let (size, output) = (written.snapshot.text().len(), written.output.text().len());
    cx.note(format!(
        "report {id} items={} snapshot={size} output={output} markdown={} bytes",
        written.items,
        written.markdown.len(),
    ));
    match size <= MOST_BYTES {
        true => Ok(written),
        false => Err(Failure::new(
            Code::TooLarge,
            "The workspace holds more than one report can keep. Delete what is not needed any more, or split it.",
        )),
    }
}

async fn requester_may(cx: &Cx, report: &Report) -> Result<InWorkspace, Failure> {
    job::by_its_requester(cx, report)?;
    let access = access::workspace(cx, &report.workspace_id, &report.requested_by_user_id).await?;
    access.member()?;
    match access.workspace.row.organization_id == report.organization_id {
        true => Ok(access),
        false => Err(Failure::not_found("workspace")),
    }
}

/// The reader's last report of the workspace that is done, before the period if one is given.
async fn earlier(
    cx: &Cx,
    workspace: &WorkspaceId,
    reader: &UserId,
    period: Option<Period>,
) -> Result<Option<(ReportId, Snapshot)>, Failure> {
    let mut queries = of_reader(workspace, reader);
    queries.extend([
        Query::equal("status", ["done"]),
        Query::select(&["inputSnapshotJson"]),
        Query::order_desc("$createdAt"),
        Query::limit(1),
    ]);
    queries.extend(period.map(|period| Query::less_than("$createdAt", period.from.to_string())));
    let mut found: Page<Earlier> = cx.rows.list(&queries).await?;
    let Some(stored) = found.rows.pop() else {
        return Ok(None);
    };
    let text = stored.row.input_snapshot_json.unwrap_or_default();
    match Snapshot::read(&text) {
        Ok(snapshot) if snapshot.reader == *reader && snapshot.workspace_id == *workspace => {
            Ok(Some((stored.id, snapshot)))
        }
        Ok(_) => Ok(None),
        Err(why) => {
            cx.note(format!(
                "report {} is not compared with: {why:?}",
                stored.id
            ));
            Ok(None)
        }
    }
}

fn of_reader(workspace: &WorkspaceId, reader: &UserId) -> Vec<Query> {
    vec![
        Query::equal("workspaceId", [workspace.as_ref()]),
        Query::equal("requestedByUserId", [reader.as_ref()]),
    ]
}

impl Wanted {
    /// What an open row asks for; nothing in particular where it says nothing.
    fn of(report: &Report) -> Result<Self, Failure> {
        let Some(text) = &report.output_json else {
            return Ok(Self::default());
        };
        // Its words are not repeated: they may be anything that somebody wrote there.
        let refused = |_| {
            Failure::new(
                Code::InvalidRequest,
                "What outputJson asks for is not understood. It takes language (en or de) and period {from, to}.",
            )
        };
        let value: Value = serde_json::from_str(&text.text()).map_err(refused)?;
        match value.get("request") {
            Some(request) => Self::deserialize(request).map_err(refused),
            None => Ok(Self::default()),
        }
    }

    fn envelope(&self) -> Envelope {
        Envelope::new(statements::SCHEMA, [("request", json!(self))])
    }

    fn check(&self, now: Timestamp) -> Result<(), Failure> {
        let Some(period) = self.period else {
            return Ok(());
        };
        let refused = |message| Err(Failure::new(Code::InvalidRequest, message));
        let (from, to): (Moment, Moment) = (period.from.into(), period.to.into());
        let now = Moment::from(now);
        if from >= to || from >= now {
            return refused("The period has to begin before it ends, and in the past.");
        }
        if (to.0 - now.0).abs() > DAY {
            return refused(
                "A report tells how things stand now. Let the period end today, or leave it out.",
            );
        }
        Ok(())
    }
}

/// A report as replies show it.
fn shown(report: &Stored<Report>) -> Value {
    json!({
        "reportId": report.id,
        "status": report.row.status,
        "errorMessage": report.row.error_message,
        "markdown": report.row.output_markdown,
    })
}
