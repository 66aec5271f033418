//! The cron's work on jobs: runs what was missed, retries what was left behind, gives up what was left behind too often.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use domain::failure::{Code, Failure};
use domain::ids::{derived, OrganizationId};
use domain::rows::{JobStatus, Row};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::row::{JobRow, LEASE};
use super::run::{Job, JobOutcome};
use super::slot::{Slot, MAX_OPEN};
use crate::appwrite::{AppwriteError, PatchOutcome, Query, RowPage, StoredRow};
use crate::cx::Cx;
use crate::sweep::SweepOutcome;

/// A pending job older than this was missed by its event.
const MISSED_AFTER: Duration = Duration::from_secs(120);

/// A job is run this often at most.
const ATTEMPTS: u32 = 2;

/// Jobs of one organisation that one sweep takes.
const PER_ORGANIZATION: usize = 5;

/// Jobs that a sweep runs side by side.
const SIDE_BY_SIDE: usize = 4;

/// Rows of one list, a few hundred bytes each.
const PAGE: usize = 500;

/// Pages that one sweep looks through, oldest first: so many jobs as 500 organisations may have open.
const PAGES: usize = 20;

/// Jobs that it keeps in mind of those, at most [`MAX_OPEN`] of one organisation: more than it has time for.
const KEPT: usize = 500;

/// An unfinished job, of which only whose it is was listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound = "")]
struct UnfinishedJob<R: JobRow> {
    organization_id: OrganizationId,
    #[serde(skip)]
    table: PhantomData<R>,
}

impl<R: JobRow> Row for UnfinishedJob<R> {
    const TABLE: &'static str = R::TABLE;
    type Id = R::Id;
}

/// What to do with an unfinished job that a sweep has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    NotYet,
    Run,
    GiveUp,
}

/// Every organisation in turn, its oldest job first. Harmless, bounded and idempotent, because anyone who may execute a
/// function can ask for it. A job is claimed only when it can begin and there is time for all of it, which is what it
/// `needs`. What was begun before may have brought its process down, so it runs alone, one such job in a sweep.
///
/// # Errors
/// What ended it early, once the jobs under way are over.
pub async fn sweep<R, Run, Running>(
    cx: &Cx,
    needs: Duration,
    run: Run,
) -> Result<SweepOutcome<Counts>, Failure>
where
    R: JobRow,
    Run: Fn(Cx, Job<R>) -> Running,
    Running: Future<Output = Result<JobOutcome<R>, Failure>> + Send + 'static,
{
    let mut sweep = Sweep::new(cx, needs, run);
    let missed = sweep.find("pending", MISSED_AFTER).await?;
    let begun = sweep.find("running", LEASE).await?;
    let left_behind = sweep.give_up(begun).await?;
    // Neither may take the time of the other in every sweep.
    match derived("sweep", &[cx.execution.as_ref()]).as_u128() % 2 {
        0 => {
            sweep.run_alone(left_behind).await?;
            sweep.run_side_by_side(missed).await?;
        }
        _ => {
            sweep.run_side_by_side(missed).await?;
            sweep.run_alone(left_behind).await?;
        }
    }
    Ok(SweepOutcome {
        is_complete: !sweep.counts.left,
        summary: sweep.counts,
    })
}

struct Sweep<'a, R, Run> {
    cx: &'a Cx,
    needs: Duration,
    run: Run,
    /// Jobs of each organisation that this sweep has taken.
    taken: BTreeMap<OrganizationId, usize>,
    counts: Counts,
    table: PhantomData<fn() -> R>,
}

/// What a sweep of jobs did.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    run: usize,
    given_up: usize,
    unreadable: usize,
    unwritable: usize,
    /// Whether the next sweep finds something to do that this one had no time for.
    left: bool,
}

impl<'a, R, Run, Running> Sweep<'a, R, Run>
where
    R: JobRow,
    Run: Fn(Cx, Job<R>) -> Running,
    Running: Future<Output = Result<JobOutcome<R>, Failure>> + Send + 'static,
{
    fn new(cx: &'a Cx, needs: Duration, run: Run) -> Self {
        Self {
            cx,
            needs,
            run,
            taken: BTreeMap::new(),
            counts: Counts::default(),
            table: PhantomData,
        }
    }

    /// Jobs in this state that were created so long ago, in the order in which organisations take turns. One that was
    /// begun so long ago was created before that.
    async fn find(
        &mut self,
        status: &str,
        age: Duration,
    ) -> Result<Vec<StoredRow<UnfinishedJob<R>>>, AppwriteError> {
        let queries = [
            Query::equal("status", [status]),
            Query::less_than("$createdAt", self.cx.now().minus(age).to_string()),
        ];
        let mut kept = Backlog::default();
        let mut pages = 0;
        let listed = self.cx.rows.each_page(PAGE, &queries, |page| {
            pages += 1;
            self.cx.note_unreadable(&page);
            self.counts.unreadable += page.malformed.len();
            kept.extend(page.rows);
            match pages < PAGES && kept.jobs.len() < KEPT {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        match listed.await {
            // The last job of a page is gone; what comes after it is the next sweep's.
            Err(error) if error.is_cursor_gone() => self.counts.left = true,
            result => result?,
        }
        Ok(in_turn(kept.jobs))
    }

    /// The job as it is now, if it still has to be run or given up.
    async fn look(
        &mut self,
        found: &StoredRow<UnfinishedJob<R>>,
    ) -> Result<Option<(Due, StoredRow<R>)>, AppwriteError> {
        let one = [Query::equal("$id", [found.id.as_ref()]), Query::limit(1)];
        let mut page: RowPage<R> = self.cx.rows.list(&one).await?;
        self.cx.note_unreadable(&page);
        self.counts.unreadable += page.malformed.len();
        let job = page.rows.pop();
        let due = job.map(|job| (due(&job, self.cx.now()), job));
        Ok(due.filter(|(due, _)| *due != Due::NotYet))
    }

    fn may_take(&self, organization: &OrganizationId) -> bool {
        let taken = self.taken.get(organization);
        taken.is_none_or(|taken| *taken < PER_ORGANIZATION)
    }

    fn take(&mut self, organization: &OrganizationId) {
        *self.taken.entry(organization.clone()).or_default() += 1;
    }

    /// Whether there is still so much time; what is not begun for want of it is left.
    fn has_time(&mut self, needs: Duration) -> bool {
        let has_time = Instant::now() + needs <= self.cx.stop_at();
        self.counts.left |= !has_time;
        has_time
    }

    /// Gives up what was begun too often. Returns what may be begun once more, organisations in another order each time.
    async fn give_up(
        &mut self,
        begun: Vec<StoredRow<UnfinishedJob<R>>>,
    ) -> Result<Vec<StoredRow<UnfinishedJob<R>>>, Failure> {
        let mut once_more = Vec::new();
        for found in begun {
            if !self.has_time(Duration::ZERO) {
                break;
            }
            match self.look(&found).await? {
                Some((Due::GiveUp, job)) => self.give_up_one(&job).await?,
                Some((Due::Run, _)) => once_more.push(found),
                Some((Due::NotYet, _)) | None => {}
            }
        }
        once_more.sort_by_cached_key(|found| {
            let organization = found.row.organization_id.as_ref();
            derived("sweep", &[organization, self.cx.execution.as_ref()])
        });
        Ok(once_more)
    }

    async fn give_up_one(&mut self, job: &StoredRow<R>) -> Result<(), AppwriteError> {
        let abandoned = Failure::new(
            Code::Abandoned,
            "The job was started more than once and never finished. Try again later.",
        );
        let mut wanted = job.row.clone();
        wanted.end(
            JobStatus::Failed,
            Some(abandoned.to_string()),
            self.cx.now(),
        );
        match self.cx.rows.patch(job, &wanted).await {
            Ok(PatchOutcome::Done(_)) => self.counts.given_up += 1,
            Ok(PatchOutcome::Conflict) => {}
            Err(error) => self.unwritable(error)?,
        }
        Ok(())
    }

    /// Runs one job that was begun before, with nothing beside it.
    async fn run_alone(
        &mut self,
        left_behind: Vec<StoredRow<UnfinishedJob<R>>>,
    ) -> Result<(), Failure> {
        let mut left_behind = left_behind.into_iter();
        for found in left_behind.by_ref() {
            if !self.has_time(self.needs) {
                break;
            }
            if let Some(job) = self.claim(&found).await? {
                let mut alone = JoinSet::new();
                alone.spawn(self.begin(job));
                alone.join_next().await;
                break;
            }
        }
        self.counts.left |= left_behind.next().is_some();
        Ok(())
    }

    /// Runs jobs that were not begun yet.
    async fn run_side_by_side(
        &mut self,
        missed: Vec<StoredRow<UnfinishedJob<R>>>,
    ) -> Result<(), Failure> {
        let mut at_work = JoinSet::new();
        let mut stopped = Ok(());
        for found in missed {
            while at_work.len() >= SIDE_BY_SIDE {
                at_work.join_next().await;
            }
            if !self.has_time(self.needs) {
                break;
            }
            match self.claim(&found).await {
                Ok(Some(job)) => {
                    at_work.spawn(self.begin(job));
                }
                Ok(None) => {}
                Err(error) => {
                    stopped = Err(error.into());
                    break;
                }
            }
        }
        // Whatever stopped the sweep: what is under way goes on to its end.
        while at_work.join_next().await.is_some() {}
        stopped
    }

    fn begin(&self, job: Job<R>) -> impl Future<Output = ()> + Send + 'static {
        let (cx, id) = (self.cx.clone(), job.id().clone());
        let running = (self.run)(cx.clone(), job);
        async move {
            if let Err(failure) = running.await {
                let id = id.as_ref();
                cx.note(format!("job {id} was not written down: {failure}"));
            }
        }
    }

    /// Takes the job, if it is still to be run, nobody was quicker, and its organisation has not had its share.
    async fn claim(
        &mut self,
        found: &StoredRow<UnfinishedJob<R>>,
    ) -> Result<Option<Job<R>>, AppwriteError> {
        let organization = &found.row.organization_id;
        if !self.may_take(organization) {
            return Ok(None);
        }
        let Some((Due::Run, job)) = self.look(found).await? else {
            return Ok(None);
        };
        let Some(slot) = Slot::take(R::TABLE, organization, Some(&found.id)) else {
            return Ok(None);
        };
        match Job::claim(self.cx, job, slot).await {
            Ok(Some(job)) => {
                self.take(organization);
                self.counts.run += 1;
                Ok(Some(job))
            }
            Ok(None) => Ok(None),
            Err(error) => self.unwritable(error).map(|()| None),
        }
    }

    /// A job that cannot be written keeps the sweep from no other.
    fn unwritable(&mut self, error: AppwriteError) -> Result<(), AppwriteError> {
        if !error.is_of_row() {
            return Err(error);
        }
        self.counts.unwritable += 1;
        self.cx
            .note(format!("a job of {} cannot be written: {error}", R::TABLE));
        Ok(())
    }
}

fn due<R: JobRow>(stored: &StoredRow<R>, now: Timestamp) -> Due {
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

/// The jobs that a sweep keeps in mind.
#[derive(Debug)]
struct Backlog<R: JobRow> {
    jobs: Vec<StoredRow<UnfinishedJob<R>>>,
    of_each: BTreeMap<OrganizationId, usize>,
}

impl<R: JobRow> Default for Backlog<R> {
    fn default() -> Self {
        Self {
            jobs: Vec::new(),
            of_each: BTreeMap::new(),
        }
    }
}

impl<R: JobRow> Backlog<R> {
    fn extend(&mut self, jobs: Vec<StoredRow<UnfinishedJob<R>>>) {
        for job in jobs {
            let kept = self
                .of_each
                .entry(job.row.organization_id.clone())
                .or_default();
            if *kept < MAX_OPEN && self.jobs.len() < KEPT {
                *kept += 1;
                self.jobs.push(job);
            }
        }
    }
}

/// Oldest first within an organisation, organisations taking turns.
fn in_turn<R: JobRow>(
    mut jobs: Vec<StoredRow<UnfinishedJob<R>>>,
) -> Vec<StoredRow<UnfinishedJob<R>>> {
    jobs.sort_by_key(|job| job.created_at);
    let mut next: BTreeMap<OrganizationId, usize> = BTreeMap::new();
    let with_turn = jobs.into_iter().map(|job| {
        let next = next.entry(job.row.organization_id.clone()).or_default();
        *next += 1;
        (*next, job)
    });
    let mut turns: Vec<_> = with_turn.collect();
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, job)| job).collect()
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::{at, stored};
    use super::super::row::Claim;
    use super::*;
    use domain::ids::Id;
    use domain::rows::ScrapeJob;

    fn running(started: i64, attempt: u32) -> StoredRow<ScrapeJob> {
        let mut job = stored("j", "o", -1000, JobStatus::Pending);
        job.row.start(&Claim {
            function_execution_id: Id::parse("e1").unwrap(),
            started_at: at(started),
            attempt,
        });
        job
    }

    fn found(id: &str, organization: &str, created: i64) -> StoredRow<UnfinishedJob<ScrapeJob>> {
        let job = stored(id, organization, created, JobStatus::Pending);
        StoredRow {
            id: job.id,
            created_at: job.created_at,
            version: job.version,
            row: UnfinishedJob {
                organization_id: job.row.organization_id,
                table: PhantomData,
            },
        }
    }

    #[track_caller]
    fn check(job: &StoredRow<ScrapeJob>, expect: Due) {
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
    fn organisations_take_turns_oldest_first() {
        let mut jobs: Vec<_> = (0..4)
            .map(|n| found(&format!("a{n}"), "a", -500 + n))
            .collect();
        jobs.extend([found("b0", "b", -10), found("c0", "c", -900)]);
        jobs.reverse();
        let order: Vec<String> = in_turn(jobs)
            .into_iter()
            .map(|job| job.id.to_string())
            .collect();
        assert_eq!(order, ["c0", "a0", "b0", "a1", "a2", "a3"]);
    }

    #[test]
    fn an_organisation_with_many_jobs_takes_nobody_elses_place() {
        let mut kept = Backlog::default();
        for page in 0..10 {
            kept.extend(
                (0..100)
                    .map(|n| found(&format!("a{page}-{n}"), "a", page))
                    .collect(),
            );
        }
        assert_eq!(kept.jobs.len(), MAX_OPEN);
        for n in 0..2 * KEPT {
            kept.extend(vec![found(&format!("b{n}"), &format!("o{n}"), 20)]);
        }
        assert_eq!(kept.jobs.len(), KEPT);
    }
}
