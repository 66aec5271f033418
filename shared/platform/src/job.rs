//! A job of scrape_jobs or reports: pending → running → done | failed.
//!
//! One execution wins the claim with one guarded PATCH. Every later write of it is guarded by the version of its own
//! last write, so an execution that was declared dead and comes back late changes nothing. Events are delivered at most
//! once and processes die, so [`sweep`] runs what was never begun and retries what was left behind.
//!
//! An organisation has [`MAX_OPEN`] jobs at most, however many calls come at once and to how many processes: see
//! [`Job::admitted`]. What runs in a process has a [`Slot`] there.

mod slot;
mod sweep;

use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

use domain::document::{self, Document, Envelope};
use domain::ids::{ExecutionId, OrganizationId, UserId, WorkspaceId};
use domain::rows::{JobStatus, Report, Row, ScrapeJob};
use domain::time::Timestamp;
use domain::{Code, Failure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::Instant;

pub use self::slot::Slot;
pub use self::sweep::{sweep, Counts};
use crate::access::{not_archived, Access};
use crate::appwrite::{AppwriteError, Created, Page, Patched, Query, Stored};
use crate::caller::Caller;
use crate::cx::{jitter, Cx, TIMEOUT};
use crate::routes::RowEvent;

/// A running job belongs to its execution for this long: the timeout, the 60 s that the function's key outlives it, and
/// half a minute for clocks.
pub const LEASE: Duration = Duration::from_secs(TIMEOUT.as_secs() + 60 + 30);

/// Open jobs that one organisation may have, previews included.
pub const MAX_OPEN: usize = 20;

/// A job looks this often whether it was cancelled or taken over in another process; in its own it is told.
const LOOK: Duration = Duration::from_secs(3);

/// A new job among too many waits this long for those that came after it to give way: a list and a write of theirs.
const ADMISSION: Duration = Duration::from_secs(10);

/// Pause between two looks at the others while it waits.
const ADMISSION_LOOK: Duration = Duration::from_millis(300);

/// Writes tried against a row that somebody else keeps touching.
const FENCED_TRIES: u32 = 5;

/// Which execution runs a job, since when, for the how many-th time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    pub function_execution_id: ExecutionId,
    pub started_at: Timestamp,
    pub attempt: u32,
}

/// What a JSON column holds while the job runs: the claim in its `meta`, and nothing else yet.
#[derive(Debug, Serialize, Deserialize)]
struct Claimed {}

impl Document for Claimed {
    const NAME: &'static str = "claim";
    const VERSION: u32 = 1;
}

impl Claim {
    fn envelope(&self) -> Envelope {
        Envelope::new(&Claimed {}).with_meta(self)
    }
}

/// What the two job tables have in common. Where a table has no column for the claim, it stands in a JSON column's
/// `meta`.
pub trait JobRow: Row {
    /// What a caller calls it.
    const WHAT: &'static str;
    fn status(&self) -> JobStatus;
    fn organization(&self) -> &OrganizationId;
    /// None of a job for a whole organisation.
    fn workspace(&self) -> Option<&WorkspaceId>;
    fn requested_by(&self) -> &UserId;
    /// The latest claim, if the row records a readable one.
    fn claim(&self) -> Option<Claim>;
    fn start(&mut self, claim: &Claim);
    fn end(&mut self, status: JobStatus, error_message: Option<String>, at: Timestamp);
}

/// A job that this execution holds.
#[derive(Debug)]
pub struct Job<R: JobRow> {
    cx: Cx,
    stored: Stored<R>,
    claim: Claim,
    slot: Slot,
}

/// How the run of a job ended: its row, and why where it failed.
#[derive(Debug)]
pub struct JobOutcome<R: JobRow> {
    pub job: Stored<R>,
    pub failure: Option<Failure>,
}

/// An unfinished job, of which only that it is there counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound = "")]
struct Open<R: JobRow> {
    status: JobStatus,
    #[serde(skip)]
    table: PhantomData<R>,
}

impl<R: JobRow> Row for Open<R> {
    const TABLE: &'static str = R::TABLE;
    type Id = R::Id;
}

impl<R: JobRow> Job<R> {
    /// Takes a job that was listed as pending, or as running past its lease. None: another execution was quicker.
    async fn claim(cx: &Cx, listed: Stored<R>, slot: Slot) -> Result<Option<Self>, AppwriteError> {
        let earlier = match listed.row.status() {
            JobStatus::Running => listed.row.claim().map_or(1, |claim| claim.attempt),
            JobStatus::Pending | JobStatus::Done | JobStatus::Failed => 0,
        };
        let claim = Self::next_claim(cx, earlier + 1);
        let mut wanted = listed.row.clone();
        wanted.start(&claim);
        match cx.rows.patch(&listed, &wanted).await? {
            Patched::Done(stored) => Ok(Some(Self {
                cx: cx.clone(),
                stored,
                claim,
                slot,
            })),
            Patched::Conflict => Ok(None),
        }
    }

    /// Creates the row already running, so that its create event finds nothing to do; its requester may read it. Err: the
    /// job that has the id already.
    ///
    /// # Errors
    /// `conflict` if the row is being created right now.
    pub async fn create(
        cx: &Cx,
        id: &R::Id,
        mut row: R,
        slot: Slot,
    ) -> Result<Result<Self, Stored<R>>, Failure> {
        let claim = Self::next_claim(cx, 1);
        row.start(&claim);
        let readers = [format!("read(\"user:{}\")", row.requested_by())];
        match cx.rows.create(id, &row, &readers).await? {
            Created::New(stored) => Ok(Ok(Self {
                cx: cx.clone(),
                stored,
                claim,
                slot,
            })),
            Created::Taken(Some(there)) => Ok(Err(there)),
            Created::Taken(None) => Err(Failure::new(
                Code::Conflict,
                "It is being created right now. Try again.",
            )),
        }
    }

    /// Takes a job that somebody else has just made. None: another execution was quicker, or a sweep takes it later
    /// because its organisation has too many under way here.
    async fn claim_new(cx: &Cx, listed: Stored<R>) -> Result<Option<Self>, AppwriteError> {
        let organization = listed.row.organization();
        let Some(slot) = Slot::take(R::TABLE, organization, Some(&listed.id)) else {
            cx.note(format!(
                "job {} waits for a sweep: its organisation has too many under way",
                listed.id.as_ref()
            ));
            return Ok(None);
        };
        Self::claim(cx, listed, slot).await
    }

    pub fn id(&self) -> &R::Id {
        &self.stored.id
    }

    pub fn row(&self) -> &R {
        &self.stored.row
    }

    pub fn held_by(&self) -> &Claim {
        &self.claim
    }

    /// Whether the organisation may have this new job beside its others.
    ///
    /// Of calls at once each has created its row before it asks, so no number of them is too many to be seen. A job is
    /// let in only when it sees [`MAX_OPEN`] at most, itself included: of those let in, the one that looked last saw all
    /// others, for what is let in stays open until its run has ended. One that sees more and has so many before it in
    /// the order of the list gives way. The others wait for that: the first of that order never have too many before
    /// them, and are let in when those after them have gone. So of any number as many are let in as there is room for.
    ///
    /// # Errors
    /// `too_many_jobs`: it has not begun, and is to be failed.
    pub async fn admitted(&self) -> Result<(), Failure> {
        if self.cx.dry_run {
            return Ok(());
        }
        let until = Instant::now() + ADMISSION;
        loop {
            let page = open::<R>(&self.cx, self.stored.row.organization()).await?;
            let rows = || page.rows.iter().map(|open| &open.id);
            // What is not listed may still have a row, unless all are.
            let without_row = match page.size() <= MAX_OPEN {
                true => self.slot.before(rows().map(AsRef::as_ref)),
                false => 0,
            };
            if page.size() + without_row <= MAX_OPEN {
                return Ok(());
            }
            let place = rows().position(|id| id == self.id());
            let gives_way = place.is_none_or(|before| before + without_row >= MAX_OPEN);
            if gives_way || Instant::now() >= until {
                return Err(too_many());
            }
            tokio::time::sleep(jitter(ADMISSION_LOOK)).await;
        }
    }

    /// Does the work of the job within the execution's time, unless it is cancelled or taken over meanwhile: then the
    /// work is dropped where it is.
    ///
    /// # Errors
    /// `timed_out` in these words, `superseded`, or that of the work.
    pub async fn while_held<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
        too_long: &str,
    ) -> Result<T, Failure> {
        let lost = async {
            match self.cx.dry_run {
                // A dry run has no row that tells.
                true => std::future::pending().await,
                false => self.lost().await,
            }
        };
        let work = async {
            tokio::select! {
                biased;
                result = work => result,
                () = lost => Err(superseded()),
            }
        };
        let stop_at = Instant::from_std(self.cx.stop_at());
        let ended = tokio::time::timeout_at(stop_at, work).await;
        ended.unwrap_or_else(|_| Err(Failure::new(Code::TimedOut, too_long)))
    }

    /// Writes down how the work ended: what is to be filled in, or why it failed.
    ///
    /// # Errors
    /// `superseded`, of the work too: then the row is another's. And whatever keeps the row from being written.
    pub async fn end(
        self,
        outcome: Result<impl Fn(&mut R), Failure>,
    ) -> Result<JobOutcome<R>, Failure> {
        match outcome {
            Ok(fill) => Ok(JobOutcome {
                job: self.finish(fill).await?,
                failure: None,
            }),
            Err(failure) if failure.code == Code::Superseded => Err(failure),
            Err(failure) => {
                if let Some(detail) = failure.detail() {
                    self.cx
                        .note(format!("job {} failed: {detail}", self.id().as_ref()));
                }
                Ok(JobOutcome {
                    job: self.fail(&failure).await?,
                    failure: Some(failure),
                })
            }
        }
    }

    /// Waits until the row says that this execution does not hold the job any more.
    async fn lost(&self) {
        loop {
            self.slot.told(LOOK).await;
            match self.cx.rows.find::<R>(self.id()).await {
                Ok(Some(stored)) if is_held(&stored.row, &self.claim) => {}
                Ok(Some(_) | None) => return,
                // No answer is no news.
                Err(_) => {}
            }
        }
    }

    /// Ends the job as done, with its result.
    ///
    /// # Errors
    /// `superseded` if the job was cancelled or taken over meanwhile: the result is dropped.
    async fn finish(self, fill: impl Fn(&mut R)) -> Result<Stored<R>, Failure> {
        let at = self.cx.now();
        self.write(|row| {
            fill(row);
            row.end(JobStatus::Done, None, at);
        })
        .await
    }

    /// Ends the job as failed, with words that its requester can act on.
    async fn fail(self, failure: &Failure) -> Result<Stored<R>, Failure> {
        let at = self.cx.now();
        let message = failure.to_string();
        self.write(|row| row.end(JobStatus::Failed, Some(message.clone()), at))
            .await
    }

    async fn write(self, change: impl Fn(&mut R)) -> Result<Stored<R>, Failure> {
        let mut listed = self.stored;
        for _ in 0..FENCED_TRIES {
            let mut wanted = listed.row.clone();
            change(&mut wanted);
            match self.cx.rows.patch(&listed, &wanted).await? {
                Patched::Done(stored) => return Ok(stored),
                Patched::Conflict => {}
            }
            match self.cx.rows.find::<R>(&listed.id).await? {
                // Somebody touched another column: the job is still ours.
                Some(stored) if is_held(&stored.row, &self.claim) => listed = stored,
                Some(_) | None => break,
            }
        }
        Err(superseded())
    }

    fn next_claim(cx: &Cx, attempt: u32) -> Claim {
        Claim {
            function_execution_id: cx.execution.clone(),
            started_at: cx.now(),
            attempt,
        }
    }
}

fn superseded() -> Failure {
    Failure::new(
        Code::Superseded,
        "The job was cancelled or taken over by another run; its row tells how it ended.",
    )
}

fn too_many() -> Failure {
    Failure::new(
        Code::TooManyJobs,
        format!("The organisation has {MAX_OPEN} unfinished jobs and previews. Wait for them or cancel some."),
    )
}

fn is_held<R: JobRow>(row: &R, claim: &Claim) -> bool {
    row.status() == JobStatus::Running && row.claim().as_ref() == Some(claim)
}

/// The one who requested the job that a request is about, whatever they are in its organisation now.
#[derive(Debug)]
pub struct Requester<R: JobRow> {
    pub job: Stored<R>,
}

/// A request about a job.
pub trait OfJob<R: JobRow>: Sync {
    fn job(&self) -> &R::Id;
}

impl<R: JobRow, Request: OfJob<R>> Access<Request> for Requester<R> {
    const WHO: &'static str = "the one who requested it";

    async fn check(cx: &Cx, request: &Request) -> Result<Self, Failure> {
        let user = cx.user()?;
        let listed = cx.rows.find::<R>(request.job()).await?;
        // Whose it is comes first: of somebody else's nothing is told, also not that its organisation is archived.
        let own = listed.filter(|job| job.row.requested_by() == user);
        let job = own.ok_or_else(|| Failure::not_found(R::WHAT))?;
        not_archived(cx, job.row.organization(), job.row.workspace()).await?;
        Ok(Self { job })
    }
}

/// What became of a job that somebody else has made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventOutcome<I> {
    job_id: I,
    status: JobStatus,
    /// Whether this execution has run it.
    claimed: bool,
}

/// A job's row was created by the frontend's server: runs it, if it is pending still.
///
/// # Errors
/// Whatever keeps the row from being read or written.
pub async fn on_created<R, Running>(
    cx: Cx,
    event: RowEvent<R>,
    run: impl FnOnce(Cx, Job<R>) -> Running,
) -> Result<Option<EventOutcome<R::Id>>, Failure>
where
    R: JobRow,
    Running: Future<Output = Result<JobOutcome<R>, Failure>>,
{
    let Some(listed) = cx.rows.find::<R>(&event.id).await? else {
        return Ok(None);
    };
    let mut heard = EventOutcome {
        job_id: event.id,
        status: listed.row.status(),
        claimed: false,
    };
    if heard.status == JobStatus::Pending {
        if let Some(job) = Job::claim_new(&cx, listed).await? {
            let ended = run(cx, job).await?;
            heard.status = ended.job.row.status();
            heard.claimed = true;
        }
    }
    Ok(Some(heard))
}

/// Fails an open job as `cancelled`; only its [`Requester`] may ask for that.
///
/// # Errors
/// `conflict` if the job has ended already.
pub async fn cancel<R: JobRow>(cx: &Cx, mut listed: Stored<R>) -> Result<Stored<R>, Failure> {
    let cancelled = Failure::new(
        Code::Cancelled,
        "The job was cancelled. Start a new one when you need it.",
    );
    for _ in 0..FENCED_TRIES {
        match listed.row.status() {
            JobStatus::Pending | JobStatus::Running => {}
            JobStatus::Failed if is_cancelled(&listed.row, &cancelled) => return Ok(listed),
            JobStatus::Done | JobStatus::Failed => {
                return Err(Failure::new(
                    Code::Conflict,
                    "The job has ended already; there is nothing to cancel.",
                ))
            }
        }
        let mut wanted = listed.row.clone();
        wanted.end(JobStatus::Failed, Some(cancelled.to_string()), cx.now());
        if let Patched::Done(stored) = cx.rows.patch(&listed, &wanted).await? {
            if !cx.dry_run {
                slot::tell(R::TABLE, stored.row.organization(), &stored.id);
            }
            return Ok(stored);
        }
        listed = cx
            .rows
            .find::<R>(&listed.id)
            .await?
            .ok_or_else(|| Failure::not_found("job"))?;
    }
    Err(Failure::new(
        Code::Conflict,
        "The job is being changed right now. Try again.",
    ))
}

fn is_cancelled<R: JobRow>(row: &R, cancelled: &Failure) -> bool {
    let text = cancelled.to_string();
    serde_json::to_value(row)
        .is_ok_and(|row| row.get("errorMessage").and_then(Value::as_str) == Some(&text))
}

/// A slot for a job that is to be made under this id, or for a preview of it, if the organisation has room for one more.
///
/// # Errors
/// `too_many_jobs`: nothing was made.
pub async fn room<R: JobRow>(
    cx: &Cx,
    organization: &OrganizationId,
    id: &R::Id,
) -> Result<Slot, Failure> {
    let job = (!cx.dry_run).then_some(id);
    let slot = Slot::take(R::TABLE, organization, job).ok_or_else(too_many)?;
    let page = open::<R>(cx, organization).await?;
    let rows = page.rows.iter().map(|open| open.id.as_ref());
    match page.size() + slot.before(rows) < MAX_OPEN {
        true => Ok(slot),
        false => Err(too_many()),
    }
}

/// Whether the user whose event tells of a job is the one that it names.
///
/// # Errors
/// `not_allowed`
pub fn by_its_requester<R: JobRow>(cx: &Cx, row: &R) -> Result<(), Failure> {
    match &cx.caller {
        Caller::Event { by: Some(user), .. } if user != row.requested_by() => Err(Failure::new(
            Code::NotAllowed,
            "The job was created by somebody else than the user it names as its requester.",
        )),
        _ => Ok(()),
    }
}

/// The organisation's unfinished jobs, oldest first, listed to one more than may be.
async fn open<R: JobRow>(
    cx: &Cx,
    organization: &OrganizationId,
) -> Result<Page<Open<R>>, AppwriteError> {
    let queries = [
        Query::equal("organizationId", [organization.as_ref()]),
        Query::equal("status", ["pending", "running"]),
        Query::order_asc("$createdAt"),
        Query::limit(MAX_OPEN + 1),
    ];
    cx.rows.list(&queries).await
}

/// The claim that a JSON column of this bundle records.
fn claim_in(column: Option<&Envelope>) -> Option<Claim> {
    document::meta(&column?.text())
}

impl JobRow for ScrapeJob {
    const WHAT: &'static str = "job";

    fn status(&self) -> JobStatus {
        self.status
    }

    fn organization(&self) -> &OrganizationId {
        &self.organization_id
    }

    fn workspace(&self) -> Option<&WorkspaceId> {
        None
    }

    fn requested_by(&self) -> &UserId {
        &self.requested_by_user_id
    }

    fn claim(&self) -> Option<Claim> {
        claim_in(self.prefill_json.as_ref())
    }

    fn start(&mut self, claim: &Claim) {
        self.status = JobStatus::Running;
        self.function_execution_id = Some(claim.function_execution_id.clone());
        self.started_at = Some(claim.started_at);
        self.finished_at = None;
        self.error_message = None;
        self.prefill_json = Some(claim.envelope());
    }

    fn end(&mut self, status: JobStatus, error_message: Option<String>, at: Timestamp) {
        self.status = status;
        self.error_message = error_message;
        self.finished_at = Some(at);
    }
}

impl JobRow for Report {
    const WHAT: &'static str = "report";

    fn status(&self) -> JobStatus {
        self.status
    }

    fn organization(&self) -> &OrganizationId {
        &self.organization_id
    }

    fn workspace(&self) -> Option<&WorkspaceId> {
        Some(&self.workspace_id)
    }

    fn requested_by(&self) -> &UserId {
        &self.requested_by_user_id
    }

    fn claim(&self) -> Option<Claim> {
        claim_in(self.input_snapshot_json.as_ref())
    }

    fn start(&mut self, claim: &Claim) {
        self.status = JobStatus::Running;
        self.error_message = None;
        self.input_snapshot_json = Some(claim.envelope());
    }

    fn end(&mut self, status: JobStatus, error_message: Option<String>, _at: Timestamp) {
        self.status = status;
        self.error_message = error_message;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appwrite::Version;
    use domain::ids::{Id, ScrapeJobId};

    pub(super) fn at(seconds: i64) -> Timestamp {
        let base = Timestamp::parse("2026-01-01T12:00:00Z").unwrap();
        let span = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            base.minus(span)
        } else {
            base.plus(span)
        }
    }

    pub(super) fn stored(
        id: &str,
        organization: &str,
        created: i64,
        status: JobStatus,
    ) -> Stored<ScrapeJob> {
        Stored {
            id: ScrapeJobId::parse(id).unwrap(),
            created_at: at(created),
            version: Version::listed(at(created)),
            row: ScrapeJob {
                organization_id: Id::parse(organization).unwrap(),
                requested_by_user_id: Id::parse("ada").unwrap(),
                source_url: "https://example.com/".to_owned(),
                status,
                input_json: None,
                prefill_json: None,
                error_message: None,
                function_execution_id: None,
                model_used: None,
                provider: None,
                prompt_version: None,
                started_at: None,
                finished_at: None,
            },
        }
    }

    #[test]
    fn both_job_tables_record_a_claim_that_is_read_back() {
        let claim = Claim {
            function_execution_id: Id::parse("e1").unwrap(),
            started_at: at(0),
            attempt: 2,
        };
        let mut job = stored("j", "o", 0, JobStatus::Pending).row;
        job.start(&claim);
        assert_eq!(job.claim().as_ref(), Some(&claim));
        let mut report = Report {
            organization_id: Id::parse("o").unwrap(),
            workspace_id: Id::parse("w").unwrap(),
            requested_by_user_id: Id::parse("ada").unwrap(),
            r#type: domain::rows::ReportType::OkrSummary,
            status: JobStatus::Pending,
            input_snapshot_json: None,
            output_markdown: None,
            output_json: None,
            error_message: None,
        };
        report.start(&claim);
        assert_eq!(report.claim(), Some(claim));
    }
}
