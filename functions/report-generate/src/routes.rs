//! The ways in: load, decide, save.

use std::time::Duration;

use domain::document::{Document, Envelope};
use domain::ids::{derived, ReportId, UserId, WorkspaceId};
use domain::rows::{JobStatus, Report, ReportType, Row};
use domain::time::Timestamp;
use domain::{Code, Failure};
use model::usage::Meta;
use platform::access::{OfWorkspace, WorkspaceMember};
use platform::appwrite::{Query, RowPage, StoredRow};
use platform::job::{self, Counts, EventOutcome, Job, JobOutcome, OfJob, Requester};
use platform::sweep::SweepOutcome;
use platform::view::View;
use platform::{panics, Cx, Reply, RowEvent};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinError;

use crate::markdown::markdown;
use crate::moment::{Moment, DAY};
use crate::output::Output;
use crate::prose::Prose;
use crate::snapshot::{Language, Snapshot, SnapshotDocument};
use crate::statements::statements;
use crate::verify::verify_row;
use crate::writer;

/// Longest snapshot that is kept: with statements and Markdown it fits into one request of Appwrite's.
const MOST_BYTES: usize = 6 * 1024 * 1024;

/// What a report needs of a sweep's time: a large workspace, read from a slow server, worked out and written down.
const NEEDS: Duration = Duration::from_secs(45);

/// What a report is to tell. Until there is a result it stands in `reports.outputJson`, also of a row that the
/// frontend's server makes: `{"schema": "valyourise/report@1", "request": {…}}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReportRequest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    #[serde(default)]
    language: Language,
}

/// The column of a report that is not written yet.
#[derive(Debug, Serialize, Deserialize)]
struct RequestColumn {
    request: Option<ReportRequest>,
}

impl Document for RequestColumn {
    const NAME: &'static str = Output::NAME;
    const VERSION: u32 = Output::VERSION;
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

impl OfWorkspace for Create {
    fn workspace(&self) -> &WorkspaceId {
        &self.workspace_id
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Verify {
    report_id: ReportId,
}

impl OfJob<Report> for Verify {
    fn job(&self) -> &ReportId {
        &self.report_id
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Cancel {
    job_id: ReportId,
}

impl OfJob<Report> for Cancel {
    fn job(&self) -> &ReportId {
        &self.job_id
    }
}

/// A report as replies show it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownReport {
    report_id: ReportId,
    status: JobStatus,
    error_message: Option<String>,
    markdown: Option<String>,
}

impl From<StoredRow<Report>> for ShownReport {
    fn from(report: StoredRow<Report>) -> Self {
        Self {
            report_id: report.id,
            status: report.row.status,
            error_message: report.row.error_message,
            markdown: report.row.output_markdown,
        }
    }
}

/// Whether a stored report follows from its snapshot.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verification {
    report_id: ReportId,
    holds: bool,
    /// How many statements hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    statements: Option<usize>,
    /// The first thing that does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<String>,
}

/// A report without its documents, which are large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ReportState {
    status: JobStatus,
}

impl Row for ReportState {
    const TABLE: &'static str = Report::TABLE;
    type Id = ReportId;
}

/// What a later report needs of an earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EarlierReport {
    input_snapshot_json: Option<String>,
}

impl Row for EarlierReport {
    const TABLE: &'static str = Report::TABLE;
    type Id = ReportId;
}

/// `POST /`: creates the report already running and writes it; an open one for the same workspace, reader and period is
/// returned instead of a second one.
pub(crate) async fn create(
    cx: Cx,
    member: WorkspaceMember,
    request: Create,
) -> Result<Reply<ShownReport>, Failure> {
    let wanted = ReportRequest {
        period: request.period,
        language: request.language,
    };
    wanted.check(cx.now())?;
    let of_reader = of_reader(&member.workspace.id, &member.user);
    let mut open = of_reader.clone();
    open.push(Query::equal("status", ["pending", "running"]));
    let open: RowPage<Report> = cx.rows.all(&open).await?;
    cx.note_unreadable(&open);
    let is_same = |job: &StoredRow<Report>| {
        ReportRequest::of(&job.row).is_ok_and(|other| other.period == wanted.period)
    };
    if let Some(same) = open.rows.into_iter().find(is_same) {
        return Ok(Reply::ok(same.into()));
    }

    // The id follows from the report before, so that two calls at once agree on one new report.
    let mut latest = of_reader;
    latest.extend([Query::order_desc("$createdAt"), Query::limit(1)]);
    let latest: RowPage<ReportState> = cx.rows.list(&latest).await?;
    let period = json!(wanted.period).to_string();
    let parts = [
        member.workspace.id.as_ref(),
        member.user.as_ref(),
        &period,
        latest.last.as_deref().unwrap_or_default(),
    ];
    let id = ReportId::from(derived("report", &parts));
    let organization = &member.workspace.row.organization_id;
    let slot = job::room::<Report>(&cx, organization, &id).await?;
    let row = Report {
        organization_id: organization.clone(),
        workspace_id: member.workspace.id.clone(),
        requested_by_user_id: member.user.clone(),
        r#type: request.r#type,
        status: JobStatus::Pending,
        input_snapshot_json: None,
        output_markdown: None,
        output_json: Some(wanted.envelope()),
        error_message: None,
    };
    match Job::create(&cx, &id, row, slot).await? {
        Ok(job) => {
            let job = run(&cx, job, Some(member)).await?.done()?;
            Ok(Reply::created(job.into()))
        }
        Err(there) => Ok(Reply::ok(there.into())),
    }
}

/// A reports row was created by the frontend's server.
pub(crate) async fn on_created(
    cx: Cx,
    event: RowEvent<Report>,
) -> Result<Option<EventOutcome<ReportId>>, Failure> {
    job::on_created(cx, event, run_later).await
}

/// The cron.
pub(crate) async fn sweep(cx: Cx) -> Result<SweepOutcome<Counts>, Failure> {
    job::sweep(&cx, NEEDS, run_later).await
}

/// `POST /cancel`: the requester gives an open report up, also one who has left since.
pub(crate) async fn cancel(
    cx: Cx,
    requester: Requester<Report>,
    _request: Cancel,
) -> Result<Reply<ShownReport>, Failure> {
    let job = job::cancel(&cx, requester.job).await?;
    Ok(Reply::ok(job.into()))
}

/// `POST /verify`: computes a stored report again from its snapshot.
pub(crate) async fn verify(
    _cx: Cx,
    requester: Requester<Report>,
    request: Verify,
) -> Result<Reply<Verification>, Failure> {
    let report = requester.job.row;
    if report.status != JobStatus::Done {
        return Err(Failure::new(
            Code::Conflict,
            "There is nothing to verify: only a report that is done says anything.",
        ));
    }
    let verified = verify_row(&report);
    Ok(Reply::ok(Verification {
        report_id: request.report_id,
        holds: verified.is_ok(),
        statements: verified.as_ref().ok().copied(),
        doubt: verified.err().map(|doubt| doubt.to_string()),
    }))
}

/// A report's documents.
struct Written {
    snapshot: Envelope,
    output: Envelope,
    markdown: String,
}

async fn run_later(cx: Cx, job: Job<Report>) -> Result<JobOutcome<Report>, Failure> {
    run(&cx, job, None).await
}

/// Writes a claimed report within the execution's time, or until it is cancelled. `member` is who has made it by a call,
/// one among others that came at once; without it the rights that the requester had when the row was made are checked
/// again.
async fn run(
    cx: &Cx,
    job: Job<Report>,
    member: Option<WorkspaceMember>,
) -> Result<JobOutcome<Report>, Failure> {
    let work = async {
        let member = match member {
            Some(member) => {
                job.admitted().await?;
                member
            }
            None => requester_may(cx, job.row()).await?,
        };
        write(cx, &job, &member).await
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
async fn write(cx: &Cx, job: &Job<Report>, member: &WorkspaceMember) -> Result<Written, Failure> {
    let id = job.id().clone();
    let wanted = ReportRequest::of(job.row())?;
    let now = cx.now();
    wanted.check(now)?;
    let earlier = earlier(cx, member, wanted.period).await?;
    let mut view = View::load(cx, member).await?;
    view.load_people(cx, member).await?;
    let claim = job.held_by().clone();
    let made_by = claim.clone();
    let made = tokio::task::spawn_blocking(move || {
        let from = wanted.period.map(|period| period.from.into());
        let snapshot = Snapshot::new(&view, now.into(), from, wanted.language, earlier);
        let document = SnapshotDocument { snapshot };
        let kept = Envelope::new(&document).with_meta(&made_by);
        let size = kept.text().len();
        (
            statements(&document.snapshot),
            document.snapshot,
            kept,
            size,
        )
    });
    let (findings, snapshot, kept, size) = made.await.map_err(panicked)?;
    if size > MOST_BYTES {
        return Err(Failure::new(
            Code::TooLarge,
            "The workspace holds more than one report can keep. Delete what is not needed any more, or split it.",
        ));
    }
    let items = snapshot.items.len();
    let asked = writer::ask(cx, member, &snapshot, &findings).await;
    let (prose, model) = asked.map_or((Prose::Rules, None), |(prose, model)| (prose, Some(model)));
    let written = tokio::task::spawn_blocking(move || {
        let meta = Meta {
            claim: &claim,
            model: model.as_ref(),
        };
        Written {
            snapshot: kept,
            output: Envelope::new(&Output::new(&snapshot, &findings, &prose)).with_meta(&meta),
            markdown: markdown(&snapshot, &findings, &prose),
        }
    });
    let written = written.await.map_err(panicked)?;
    let (output, markdown) = (written.output.text().len(), written.markdown.len());
    cx.note(format!(
        "report {id} items={items} snapshot={size} output={output} markdown={markdown} bytes"
    ));
    Ok(written)
}

fn panicked(error: JoinError) -> Failure {
    Failure::internal(panics::of_task(&error))
}

async fn requester_may(cx: &Cx, report: &Report) -> Result<WorkspaceMember, Failure> {
    job::by_its_requester(cx, report)?;
    let requester = &report.requested_by_user_id;
    let member = WorkspaceMember::of(cx, &report.workspace_id, requester).await?;
    match member.workspace.row.organization_id == report.organization_id {
        true => Ok(member),
        false => Err(Failure::not_found("workspace")),
    }
}

/// The reader's last report of the workspace that is done, before the period if one is given.
async fn earlier(
    cx: &Cx,
    member: &WorkspaceMember,
    period: Option<Period>,
) -> Result<Option<(ReportId, Snapshot)>, Failure> {
    let (workspace, reader) = (&member.workspace.id, &member.user);
    let mut queries = of_reader(workspace, reader);
    queries.extend([
        Query::equal("status", ["done"]),
        Query::order_desc("$createdAt"),
        Query::limit(1),
    ]);
    queries.extend(period.map(|period| Query::less_than("$createdAt", period.from.to_string())));
    let mut found: RowPage<EarlierReport> = cx.rows.list(&queries).await?;
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
            cx.note(format!("report {} is not compared with: {why}", stored.id));
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

impl ReportRequest {
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
        let asked: RequestColumn = serde_json::from_str(&text.text()).map_err(refused)?;
        Ok(asked.request.unwrap_or_default())
    }

    fn envelope(&self) -> Envelope {
        Envelope::new(&RequestColumn {
            request: Some(self.clone()),
        })
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
