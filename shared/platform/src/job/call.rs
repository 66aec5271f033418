//! What people and events ask of jobs.

use std::future::Future;

use domain::rows::JobStatus;
use domain::{Code, Failure};
use serde::Serialize;
use serde_json::Value;

use super::row::JobRow;
use super::run::{Job, JobOutcome, FENCED_TRIES};
use super::slot;
use crate::access::{not_archived, Access};
use crate::appwrite::{PatchOutcome, StoredRow};
use crate::caller::Caller;
use crate::cx::Cx;
use crate::routes::RowEvent;

/// The one who requested the job that a request is about, whatever they are in its organisation now.
#[derive(Debug)]
pub struct Requester<R: JobRow> {
    pub job: StoredRow<R>,
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
pub async fn cancel<R: JobRow>(cx: &Cx, mut listed: StoredRow<R>) -> Result<StoredRow<R>, Failure> {
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
        if let PatchOutcome::Done(stored) = cx.rows.patch(&listed, &wanted).await? {
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
