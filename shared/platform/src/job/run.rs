//! One run of a job: claimed, held, ended.

use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

use domain::ids::OrganizationId;
use domain::rows::{JobStatus, Row};
use domain::{Code, Failure};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::row::{is_held, Claim, JobRow};
use super::slot::{Slot, MAX_OPEN};
use crate::appwrite::{AppwriteError, CreateOutcome, PatchOutcome, Query, RowPage, StoredRow};
use crate::cx::Cx;
use crate::host::jitter;

/// A job looks this often whether it was cancelled or taken over in another process; in its own it is told.
const LOOK: Duration = Duration::from_secs(3);

/// A new job among too many waits this long for those that came after it to give way: a list and a write of theirs.
const ADMISSION: Duration = Duration::from_secs(10);

/// Pause between two looks at the others while it waits.
const ADMISSION_LOOK: Duration = Duration::from_millis(300);

/// Writes tried against a row that somebody else keeps touching.
pub(super) const FENCED_TRIES: u32 = 5;

/// A job that this execution holds.
#[derive(Debug)]
pub struct Job<R: JobRow> {
    cx: Cx,
    stored: StoredRow<R>,
    claim: Claim,
    slot: Slot,
}

/// How the run of a job ended: its row, and why where it failed.
#[derive(Debug)]
pub struct JobOutcome<R: JobRow> {
    pub job: StoredRow<R>,
    pub failure: Option<Failure>,
}

impl<R: JobRow> JobOutcome<R> {
    /// The job, for who has waited for it to be done.
    ///
    /// # Errors
    /// Why it failed.
    pub fn done(self) -> Result<StoredRow<R>, Failure> {
        self.failure.map_or(Ok(self.job), Err)
    }
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
    pub(super) async fn claim(
        cx: &Cx,
        listed: StoredRow<R>,
        slot: Slot,
    ) -> Result<Option<Self>, AppwriteError> {
        let earlier = match listed.row.status() {
            JobStatus::Running => listed.row.claim().map_or(1, |claim| claim.attempt),
            JobStatus::Pending | JobStatus::Done | JobStatus::Failed => 0,
        };
        let claim = Self::next_claim(cx, earlier + 1);
        let mut wanted = listed.row.clone();
        wanted.start(&claim);
        match cx.rows.patch(&listed, &wanted).await? {
            PatchOutcome::Done(stored) => Ok(Some(Self {
                cx: cx.clone(),
                stored,
                claim,
                slot,
            })),
            PatchOutcome::Conflict => Ok(None),
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
    ) -> Result<Result<Self, StoredRow<R>>, Failure> {
        let claim = Self::next_claim(cx, 1);
        row.start(&claim);
        let readers = [format!("read(\"user:{}\")", row.requested_by())];
        match cx.rows.create(id, &row, &readers).await? {
            CreateOutcome::New(stored) => Ok(Ok(Self {
                cx: cx.clone(),
                stored,
                claim,
                slot,
            })),
            CreateOutcome::Taken(Some(there)) => Ok(Err(there)),
            CreateOutcome::Taken(None) => Err(Failure::new(
                Code::Conflict,
                "It is being created right now. Try again.",
            )),
        }
    }

    /// Takes a job that somebody else has just made. None: another execution was quicker, or a sweep takes it later
    /// because its organisation has too many under way here.
    pub(super) async fn claim_new(
        cx: &Cx,
        listed: StoredRow<R>,
    ) -> Result<Option<Self>, AppwriteError> {
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
    async fn finish(self, fill: impl Fn(&mut R)) -> Result<StoredRow<R>, Failure> {
        let at = self.cx.now();
        self.write(|row| {
            fill(row);
            row.end(JobStatus::Done, None, at);
        })
        .await
    }

    /// Ends the job as failed, with words that its requester can act on.
    async fn fail(self, failure: &Failure) -> Result<StoredRow<R>, Failure> {
        let at = self.cx.now();
        let message = failure.to_string();
        self.write(|row| row.end(JobStatus::Failed, Some(message.clone()), at))
            .await
    }

    async fn write(self, change: impl Fn(&mut R)) -> Result<StoredRow<R>, Failure> {
        let mut listed = self.stored;
        for _ in 0..FENCED_TRIES {
            let mut wanted = listed.row.clone();
            change(&mut wanted);
            match self.cx.rows.patch(&listed, &wanted).await? {
                PatchOutcome::Done(stored) => return Ok(stored),
                PatchOutcome::Conflict => {}
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

/// The organisation's unfinished jobs, oldest first, listed to one more than may be.
async fn open<R: JobRow>(
    cx: &Cx,
    organization: &OrganizationId,
) -> Result<RowPage<Open<R>>, AppwriteError> {
    let queries = [
        Query::equal("organizationId", [organization.as_ref()]),
        Query::equal("status", ["pending", "running"]),
        Query::order_asc("$createdAt"),
        Query::limit(MAX_OPEN + 1),
    ];
    cx.rows.list(&queries).await
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
