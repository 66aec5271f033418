//! A job of scrape_jobs or reports: pending → running → done | failed.
//!
//! One execution wins the claim with one guarded PATCH. Every later write of it is guarded by the version of its own
//! last write, so an execution that was declared dead and comes back late changes nothing. Events are delivered at most
//! once and processes die, so [`sweep`] runs what was never begun and retries what was left behind.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use tokio::task::JoinSet;

use crate::appwrite::{AppwriteError, Created, Envelope, Page, Patched, Query, Stored};
use crate::cx::{Cx, TIMEOUT};
use crate::failure::{Code, Failure};
use crate::ids::{ExecutionId, OrganizationId, UserId};
use crate::rows::{JobStatus, Report, Row, ScrapeJob};
use crate::time::Timestamp;

/// A pending job older than this was missed by its event.
const MISSED_AFTER: Duration = Duration::from_secs(120);

/// A running job belongs to its execution for this long: the timeout, the 60 s that the function's key outlives it, and
/// half a minute for clocks.
pub const LEASE: Duration = Duration::from_secs(TIMEOUT.as_secs() + 60 + 30);

/// A job is run this often at most.
const ATTEMPTS: u32 = 2;

/// Jobs of one organisation that one sweep takes.
const PER_ORGANIZATION: usize = 5;

/// Jobs that a sweep runs side by side.
const SIDE_BY_SIDE: usize = 4;

/// A sweep begins no job with less time than this left; the next sweep takes it.
const WORTH_STARTING: Duration = Duration::from_secs(30);

/// Open jobs that one organisation may have.
pub const MAX_OPEN: usize = 20;

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

/// What the two job tables have in common. Where a table has no column for the claim, it stands in a JSON column's
/// `meta`.
pub trait JobRow: Row {
    fn status(&self) -> JobStatus;
    fn organization(&self) -> &OrganizationId;
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
}

/// What to do with an unfinished job that a sweep has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    NotYet,
    Run,
    GiveUp,
}

impl<R: JobRow> Job<R> {
    /// Takes a job that was listed as pending, or as running past its lease. None: another execution was quicker.
    pub async fn claim(cx: &Cx, listed: Stored<R>) -> Result<Option<Self>, AppwriteError> {
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
            })),
            Patched::Conflict => Ok(None),
        }
    }

    /// Creates the row already running, so that its create event finds nothing to do. Err: the row that has the id.
    pub async fn create(
        cx: &Cx,
        id: &R::Id,
        mut row: R,
        readers: &[String],
    ) -> Result<Result<Self, Option<Stored<R>>>, AppwriteError> {
        let claim = Self::next_claim(cx, 1);
        row.start(&claim);
        Ok(match cx.rows.create(id, &row, readers).await? {
            Created::New(stored) => Ok(Self {
                cx: cx.clone(),
                stored,
                claim,
            }),
            Created::Taken(there) => Err(there),
        })
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

    /// Ends the job as done, with its result.
    ///
    /// # Errors
    /// `superseded` if the job was cancelled or taken over meanwhile: the result is dropped.
    pub async fn finish(self, fill: impl Fn(&mut R)) -> Result<Stored<R>, Failure> {
        let at = self.cx.now();
        self.write(|row| {
            fill(row);
            row.end(JobStatus::Done, None, at);
        })
        .await
    }

    /// Ends the job as failed, with words that its requester can act on.
    pub async fn fail(self, failure: &Failure) -> Result<Stored<R>, Failure> {
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
        Err(Failure::new(
            Code::Superseded,
            "The job was cancelled or taken over by another run; its row tells how it ended.",
        ))
    }

    fn next_claim(cx: &Cx, attempt: u32) -> Claim {
        Claim {
            function_execution_id: cx.execution.clone(),
            started_at: cx.now(),
            attempt,
        }
    }
}

fn is_held<R: JobRow>(row: &R, claim: &Claim) -> bool {
    row.status() == JobStatus::Running && row.claim().as_ref() == Some(claim)
}

/// Fails an open job as `cancelled`; the caller has checked that its requester asks for it.
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

/// How many jobs of the organisation are pending or running, counted to one more than may be.
pub async fn count_open<R: JobRow>(
    cx: &Cx,
    organization: &OrganizationId,
) -> Result<usize, AppwriteError> {
    let page: Page<R> = cx
        .rows
        .list(&[
            Query::equal("organizationId", [organization.as_ref()]),
            Query::equal("status", ["pending", "running"]),
            Query::limit(MAX_OPEN + 1),
        ])
        .await?;
    Ok(page.size())
}

/// Runs what was missed, retries what was left behind, gives up what was left behind too often.
///
/// Every organisation in turn, its oldest job first. Harmless, bounded and idempotent, because anyone who may execute a
/// function can ask for it.
pub async fn sweep<R, Run, Running>(cx: &Cx, run: Run) -> Result<Value, Failure>
where
    R: JobRow,
    Run: Fn(Job<R>) -> Running,
    Running: Future<Output = ()> + Send + 'static,
{
    let now = cx.now();
    let mut open: Page<R> = cx
        .rows
        .all(&[
            Query::equal("status", ["pending"]),
            Query::less_than("$createdAt", now.minus(MISSED_AFTER).to_string()),
        ])
        .await?;
    let running: Page<R> = cx.rows.all(&[Query::equal("status", ["running"])]).await?;
    open.rows.extend(running.rows);
    open.malformed.extend(running.malformed);
    cx.note_unreadable(&open);
    let abandoned = Failure::new(
        Code::Abandoned,
        "The job was started more than once and never finished. Try again later.",
    );
    let due = open
        .rows
        .into_iter()
        .map(|stored| (due(&stored, now), stored))
        .filter(|(due, _)| *due != Due::NotYet);

    let (mut run_again, mut given_up, mut unwritable) = (0, 0, 0);
    let mut stopped = None;
    let mut at_work = JoinSet::new();
    for (due, stored) in in_turn(due.collect()) {
        if Instant::now() + WORTH_STARTING > cx.stop_at() {
            break;
        }
        let claimed = match Job::claim(cx, stored).await {
            Ok(claimed) => claimed,
            Err(error) if error.is_of_row() => {
                unwritable += 1;
                cx.note(format!("a job of {} cannot be claimed: {error}", R::TABLE));
                continue;
            }
            Err(error) => {
                stopped = Some(Failure::from(error));
                break;
            }
        };
        let Some(job) = claimed else {
            continue;
        };
        if due == Due::GiveUp {
            match job.fail(&abandoned).await {
                Ok(_) => given_up += 1,
                Err(failure) if failure.code == Code::Superseded => {}
                Err(failure) => {
                    stopped = Some(failure);
                    break;
                }
            }
            continue;
        }
        run_again += 1;
        if at_work.len() == SIDE_BY_SIDE {
            at_work.join_next().await;
        }
        at_work.spawn(run(job));
    }
    // Whatever stopped the sweep: what is under way goes on to its end.
    while at_work.join_next().await.is_some() {}
    match stopped {
        Some(failure) => Err(failure),
        None => Ok(json!({
            "run": run_again, "givenUp": given_up, "unreadable": open.malformed.len(), "unwritable": unwritable,
        })),
    }
}

fn due<R: JobRow>(stored: &Stored<R>, now: Timestamp) -> Due {
    match stored.row.status() {
        JobStatus::Pending if now.since(stored.created_at) > MISSED_AFTER => Due::Run,
        JobStatus::Running => match stored.row.claim() {
            Some(claim) if now.since(claim.started_at) <= LEASE => Due::NotYet,
            Some(claim) if claim.attempt >= ATTEMPTS => Due::GiveUp,
            Some(_) => Due::Run,
            // Not written by this bundle: its age is all there is to go by.
            None if now.since(stored.created_at) > LEASE => Due::Run,
            None => Due::NotYet,
        },
        JobStatus::Pending | JobStatus::Done | JobStatus::Failed => Due::NotYet,
    }
}

/// Oldest first within an organisation, at most [`PER_ORGANIZATION`] of each, organisations taking turns.
fn in_turn<R: JobRow>(mut jobs: Vec<(Due, Stored<R>)>) -> Vec<(Due, Stored<R>)> {
    jobs.sort_by_key(|(_, stored)| stored.created_at);
    let mut taken: BTreeMap<OrganizationId, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, (Due, Stored<R>))> = Vec::new();
    for job in jobs {
        let turn = taken.entry(job.1.row.organization().clone()).or_default();
        if *turn < PER_ORGANIZATION {
            turns.push((*turn, job));
            *turn += 1;
        }
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, job)| job).collect()
}

/// The `meta` of a JSON column of this bundle, if it holds a claim.
fn claim_in(json: Option<&Envelope>) -> Option<Claim> {
    let value: Value = serde_json::from_str(&json?.text()).ok()?;
    serde_json::from_value(value.get("meta")?.clone()).ok()
}

impl JobRow for ScrapeJob {
    fn status(&self) -> JobStatus {
        self.status
    }

    fn organization(&self) -> &OrganizationId {
        &self.organization_id
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
        self.prefill_json = Some(Envelope::new(
            "valyourise/profile@1",
            [("meta", json!(claim))],
        ));
    }

    fn end(&mut self, status: JobStatus, error_message: Option<String>, at: Timestamp) {
        self.status = status;
        self.error_message = error_message;
        self.finished_at = Some(at);
    }
}

impl JobRow for Report {
    fn status(&self) -> JobStatus {
        self.status
    }

    fn organization(&self) -> &OrganizationId {
        &self.organization_id
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
        self.input_snapshot_json = Some(Envelope::new(
            "valyourise/snapshot@1",
            [("meta", json!(claim))],
        ));
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
    use crate::ids::{Id, ScrapeJobId};

    fn at(seconds: i64) -> Timestamp {
        let base = Timestamp::parse("2026-01-01T12:00:00Z").unwrap();
        let span = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            base.minus(span)
        } else {
            base.plus(span)
        }
    }

    fn stored(id: &str, organization: &str, created: i64, status: JobStatus) -> Stored<ScrapeJob> {
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

    fn running(started: i64, attempt: u32) -> Stored<ScrapeJob> {
        let mut job = stored("j", "o", -1000, JobStatus::Pending);
        job.row.start(&Claim {
            function_execution_id: Id::parse("e1").unwrap(),
            started_at: at(started),
            attempt,
        });
        job
    }

    #[track_caller]
    fn check(job: &Stored<ScrapeJob>, expect: Due) {
        assert_eq!(due(job, at(0)), expect);
    }

    #[test]
    fn a_pending_job_is_due_once_its_event_is_surely_lost() {
        check(&stored("j", "o", -119, JobStatus::Pending), Due::NotYet);
        check(&stored("j", "o", -121, JobStatus::Pending), Due::Run);
    }

    #[test]
    fn a_running_job_is_retried_once_past_its_lease_and_then_given_up() {
        check(&running(-209, 1), Due::NotYet);
        check(&running(-211, 1), Due::Run);
        check(&running(-209, 2), Due::NotYet);
        check(&running(-211, 2), Due::GiveUp);
    }

    #[test]
    fn a_running_job_without_a_claim_is_judged_by_its_age() {
        check(&stored("j", "o", -100, JobStatus::Running), Due::NotYet);
        check(&stored("j", "o", -300, JobStatus::Running), Due::Run);
    }

    #[test]
    fn an_ended_job_is_left_alone() {
        check(&stored("j", "o", -9999, JobStatus::Done), Due::NotYet);
        check(&stored("j", "o", -9999, JobStatus::Failed), Due::NotYet);
    }

    #[test]
    fn organisations_take_turns_oldest_first_and_five_at_most() {
        let mut jobs: Vec<_> = (0..7)
            .map(|n| {
                (
                    Due::Run,
                    stored(&format!("a{n}"), "a", -500 + n, JobStatus::Pending),
                )
            })
            .collect();
        jobs.push((Due::Run, stored("b0", "b", -10, JobStatus::Pending)));
        jobs.reverse();
        let order: Vec<String> = in_turn(jobs)
            .into_iter()
            .map(|(_, job)| job.id.to_string())
            .collect();
        assert_eq!(order, ["a0", "b0", "a1", "a2", "a3", "a4"]);
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
            r#type: crate::rows::ReportType::OkrSummary,
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
