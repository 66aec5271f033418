//! How many jobs of one organisation this process has under way, previews too, which leave no row.
//!
//! A slot is taken before a job is made or claimed, and given back when its run has stopped, however it ends; so a
//! cancelled job counts until then. Other processes know nothing of it: what they have under way stands in the rows.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::ids::{Id, OrganizationId};
use tokio::sync::Notify;

/// Open jobs that one organisation may have, previews included.
pub const MAX_OPEN: usize = 20;

/// A place among the jobs that an organisation may have under way; free again when it is dropped.
#[derive(Debug)]
pub struct Slot {
    of: Of,
    /// None: a preview.
    job: Option<String>,
    told: Arc<Notify>,
}

/// Jobs of one table and organisation.
type Of = (&'static str, OrganizationId);

struct Run {
    job: Option<String>,
    told: Arc<Notify>,
}

/// In the order in which the slots were taken.
static UNDER_WAY: LazyLock<Mutex<HashMap<Of, Vec<Run>>>> = LazyLock::new(Mutex::default);

impl Slot {
    /// None if the organisation has [`MAX_OPEN`] jobs and previews under way here. A job that has a slot shares it.
    pub(super) fn take<I: Id>(
        table: &'static str,
        organization: &OrganizationId,
        job: Option<&I>,
    ) -> Option<Self> {
        let job = job.map(|id| id.as_ref().to_owned());
        let of = (table, organization.clone());
        let mut under_way = under_way();
        let runs = under_way.entry(of.clone()).or_default();
        let shares = job.is_some() && runs.iter().any(|run| run.job == job);
        if !shares && count(runs, |_| true) >= MAX_OPEN {
            return None;
        }
        let told = Arc::new(Notify::new());
        runs.push(Run {
            job: job.clone(),
            told: told.clone(),
        });
        Some(Self { of, job, told })
    }

    /// How many jobs and previews came before this slot and stand in none of these rows.
    pub(super) fn before<'a>(&self, rows: impl Iterator<Item = &'a str>) -> usize {
        let rows: HashSet<&str> = rows.collect();
        let under_way = under_way();
        let runs = under_way.get(&self.of).map_or(&[][..], Vec::as_slice);
        let own = runs
            .iter()
            .position(|run| Arc::ptr_eq(&run.told, &self.told));
        count(&runs[..own.unwrap_or(runs.len())], |job| {
            !rows.contains(job) && self.job.as_deref() != Some(job)
        })
    }

    /// Waits for [`tell`], so long at most.
    pub(super) async fn told(&self, longest: Duration) {
        // Which of both it was makes no difference.
        tokio::time::timeout(longest, self.told.notified())
            .await
            .ok();
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut under_way = under_way();
        if let Some(runs) = under_way.get_mut(&self.of) {
            runs.retain(|run| !Arc::ptr_eq(&run.told, &self.told));
            if runs.is_empty() {
                under_way.remove(&self.of);
            }
        }
    }
}

/// Tells whoever runs this job here that its row was changed.
pub(super) fn tell<I: Id>(table: &'static str, organization: &OrganizationId, job: &I) {
    let under_way = under_way();
    let runs = under_way.get(&(table, organization.clone()));
    for run in runs.into_iter().flatten() {
        if run.job.as_deref() == Some(job.as_ref()) {
            run.told.notify_one();
        }
    }
}

/// Previews, and jobs that count, each once.
fn count(runs: &[Run], counts: impl Fn(&str) -> bool) -> usize {
    let jobs = runs.iter().filter_map(|run| run.job.as_deref());
    let jobs: HashSet<&str> = jobs.filter(|job| counts(job)).collect();
    let previews = runs.iter().filter(|run| run.job.is_none()).count();
    jobs.len() + previews
}

fn under_way() -> MutexGuard<'static, HashMap<Of, Vec<Run>>> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::ScrapeJobId;

    /// Tests of one process share its slots, so each has an organisation of its own.
    fn take(organization: &str, job: Option<&str>) -> Option<Slot> {
        let job = job.map(|id| ScrapeJobId::parse(id).unwrap());
        let organization = Id::parse(organization).unwrap();
        Slot::take("scrape_jobs", &organization, job.as_ref())
    }

    #[test]
    fn jobs_and_previews_count_until_they_have_stopped() {
        let mut slots: Vec<Slot> = (0..MAX_OPEN)
            .map(|n| take("full", (n % 2 == 0).then_some(&*format!("j{n}"))).unwrap())
            .collect();
        for job in [None, Some("another")] {
            assert!(take("full", job).is_none());
            assert!(take("empty", job).is_some());
        }
        // A second call for a job that is under way is answered with that job.
        assert!(take("full", Some("j0")).is_some());
        for stopped in [0, 1] {
            slots.remove(stopped);
            slots.push(take("full", None).unwrap());
            assert!(take("full", None).is_none());
        }
    }

    #[test]
    fn only_what_came_before_and_stands_in_no_row_is_added_to_the_rows() {
        let first = [None, Some("j1"), Some("j1"), Some("j2")];
        let first = first.map(|job| take("counted", job).unwrap());
        let own = take("counted", Some("j3")).unwrap();
        let later = take("counted", None);
        let before = |rows: &[&str]| own.before(rows.iter().copied());
        assert_eq!(before(&[]), 3);
        assert_eq!(before(&["j1", "j3", "j9"]), 2);
        drop((first, later));
        assert_eq!(before(&[]), 0);
    }

    #[tokio::test]
    async fn who_runs_a_job_is_told_of_it_also_before_they_listen() {
        let own = take("told", Some("j1")).unwrap();
        let id = |text: &str| ScrapeJobId::parse(text).unwrap();
        tell("scrape_jobs", &own.of.1, &id("j2"));
        tell("scrape_jobs", &own.of.1, &id("j1"));
        own.told(Duration::MAX).await;
    }
}
