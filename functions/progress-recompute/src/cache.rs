//! The cache of this process: right states of workspaces, so that an event that changed nothing that counts (a drag on the canvas,
//! the echo of the function's own write) costs one short list instead of all rows.
//!
//! Remembered is a *right* state: the live rows of a full list, each with the per cent that follows from them. Whether
//! the table ever held it does not matter: a table that holds it is right. An event's run then takes a [`Look`]: the rows
//! written last, and how many are live. It shows that the table holds the remembered state, for
//!
//! - a row written since the full list has an `$updatedAt` after the mark less [`OVERLAP`], so it is among those of the
//!   look (where it might not be, the look is worth nothing) and is there as it is remembered;
//! - so every live row is a remembered one, and as many live as are remembered: none is deleted or moved away.
//!
//! Otherwise the run goes on with a full list. Nothing is ever written from the cache, so processes that remember different
//! things cannot undo each other's writes; and the run of the last write of all either finds the table right or makes it
//! so, as without a cache.
//!
//! Two writes hide from a look: one by a key that set an `$updatedAt` long past, and one that became visible later after
//! its `$updatedAt` than [`OVERLAP`]. Each has an event that shows its row, and what an event shows is compared too. Only
//! where another process got that event may this one be deceived, until it forgets ([`EXPIRY`]); and the sweep, which
//! always settles from full lists, is not.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::time::Timestamp;
use platform::appwrite::MOST_COUNTED;
use platform::scope::Scope;

/// Rows of a look: more than one completion, or a few people at work, write within [`OVERLAP`].
pub const LOOK: usize = 32;

/// The longest that a write may take to be seen after the server took its time, with what servers' clocks differ by. A
/// commit of a hundred operations takes 0.2 s; a lock can hold one up.
pub const OVERLAP: Duration = Duration::from_secs(60);

/// When a workspace is forgotten, whatever was seen of it since its full list.
const EXPIRY: Duration = Duration::from_secs(10 * 60);

/// Rows remembered in all, of 8 bytes each; beyond, whole workspaces are forgotten, oldest first. 4 MB.
const MOST: usize = 500_000;

/// What a workspace takes beside its rows, in rows.
const EACH: usize = 40;

/// All of a row that counts, its id included, in 64 bits: two rows of a workspace are taken for the same by accident
/// less than once in 10¹⁵ looks.
pub type Fingerprint = u64;

/// A right state of one workspace.
#[derive(Clone, Debug)]
pub struct CachedState {
    /// The live rows, ascending.
    rows: Arc<[Fingerprint]>,
    /// Time of the newest row that was seen: what is visible later was written after it, less [`OVERLAP`].
    mark: Timestamp,
}

/// What a short list shows.
#[derive(Debug)]
pub struct Look {
    /// The [`LOOK`] live rows with the latest `$updatedAt`, latest first; all, if there are fewer.
    pub rows: Vec<(Fingerprint, Timestamp)>,
    /// How many rows are live.
    pub live: usize,
    /// Our own clock before the list was asked for.
    pub asked: Timestamp,
}

impl CachedState {
    /// The state that a full list shows, with the right per cents; `asked` is our own clock before that list. None of an
    /// empty workspace, which has no mark, and of more rows than Appwrite counts.
    pub fn new(
        rows: impl ExactSizeIterator<Item = (Fingerprint, Timestamp)>,
        asked: Timestamp,
    ) -> Option<Self> {
        if rows.len() > MOST_COUNTED {
            return None;
        }
        let (mut rows, times): (Vec<_>, Vec<_>) = rows.unzip();
        rows.sort_unstable();
        let newest = times.into_iter().max()?;
        Some(Self {
            rows: rows.into(),
            mark: no_later(newest, asked),
        })
    }

    /// How many rows are live.
    pub fn live(&self) -> usize {
        self.rows.len()
    }

    /// Whether a live row is as this.
    pub fn has(&self, row: Fingerprint) -> bool {
        self.rows.binary_search(&row).is_ok()
    }

    /// The same state, seen again; none if the look does not show that the table holds it.
    pub fn seen(&self, look: &Look) -> Option<Self> {
        let oldest = look.rows.last()?.1;
        let all_new_are_there = look.rows.len() < LOOK || oldest <= self.mark.minus(OVERLAP);
        let same = look.live == self.live() && look.rows.iter().all(|(row, _)| self.has(*row));
        (all_new_are_there && same).then(|| Self {
            rows: self.rows.clone(),
            mark: self.mark.max(no_later(look.rows[0].1, look.asked)),
        })
    }
}

/// A key may have written a time that is still to come, which must not hide what is written until then.
fn no_later(newest: Timestamp, asked: Timestamp) -> Timestamp {
    newest.min(asked)
}

#[derive(Default)]
struct Cache {
    workspaces: HashMap<Scope, Entry>,
    size: usize,
}

struct Entry {
    known: CachedState,
    since: Instant,
}

impl Cache {
    fn put(&mut self, scope: &Scope, entry: Entry) {
        self.evict(scope);
        self.size += entry.size();
        self.workspaces.insert(scope.clone(), entry);
        while self.size > MOST {
            let oldest = self.workspaces.iter().min_by_key(|(_, entry)| entry.since);
            let Some(scope) = oldest.map(|(scope, _)| scope.clone()) else {
                return;
            };
            self.evict(&scope);
        }
    }

    fn evict(&mut self, scope: &Scope) {
        if let Some(entry) = self.workspaces.remove(scope) {
            self.size -= entry.size();
        }
    }
}

impl Entry {
    fn size(&self) -> usize {
        self.known.live() + EACH
    }
}

static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);

/// Remembers a state that every row of the workspace was just brought to.
pub(crate) fn put(scope: &Scope, known: CachedState) {
    let since = Instant::now();
    cache().put(scope, Entry { known, since });
}

/// What is remembered of a workspace.
pub(crate) fn get(scope: &Scope) -> Option<CachedState> {
    let cache = cache();
    let entry = cache.workspaces.get(scope)?;
    (entry.since.elapsed() < EXPIRY).then(|| entry.known.clone())
}

/// Remembers that the state was seen again, unless another has taken its place meanwhile.
pub(crate) fn refresh(scope: &Scope, seen: CachedState) {
    if let Some(entry) = cache().workspaces.get_mut(scope) {
        if Arc::ptr_eq(&entry.known.rows, &seen.rows) {
            entry.known = seen;
        }
    }
}

fn cache() -> MutexGuard<'static, Cache> {
    CACHE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::Id;

    fn at(seconds: u64) -> Timestamp {
        let start = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        start.plus(Duration::from_secs(seconds))
    }

    /// Rows 0 to 99, each written at the second of its number; listed at second 100.
    fn known() -> CachedState {
        let rows = (0..100).map(|row| (row, at(row)));
        CachedState::new(rows.collect::<Vec<_>>().into_iter(), at(100)).unwrap()
    }

    /// A look at these rows beside the newest of [`known`], which stay as they were.
    fn look(written: &[(Fingerprint, u64)], live: usize) -> Look {
        let old = (0..100).rev().map(|row| (row, at(row)));
        let old = old.filter(|(row, _)| !written.iter().any(|(other, _)| other == row));
        let mut rows: Vec<_> = written
            .iter()
            .map(|(row, time)| (*row, at(*time)))
            .collect();
        rows.extend(old.take(LOOK - written.len()));
        Look {
            rows,
            live,
            asked: at(1_000),
        }
    }

    fn of_long_ago(mut known: CachedState) -> CachedState {
        known.mark = at(200);
        known
    }

    #[test]
    fn a_look_finds_what_is_remembered_and_nothing_else() {
        let known = of_long_ago(known());
        assert!(known.seen(&look(&[(7, 300)], 100)).is_some(), "a drag");
        assert!(known.seen(&look(&[(777, 300)], 100)).is_none(), "a change");
        assert!(known.seen(&look(&[], 99)).is_none(), "a row is gone");
        assert!(known.seen(&look(&[], 101)).is_none(), "a row of long ago");
        let empty = Look {
            rows: Vec::new(),
            live: 0,
            asked: at(1_000),
        };
        assert!(known.seen(&empty).is_none(), "all rows are gone");
    }

    #[test]
    fn a_look_that_may_not_show_all_that_is_new_is_worth_nothing() {
        // The oldest row of the look is of second 68, and what is new may be of second 40.
        assert!(known().seen(&look(&[], 100)).is_none());
        let drags: Vec<_> = (0..LOOK as u64).map(|row| (row, 400 - row)).collect();
        let known = of_long_ago(known());
        assert!(known.seen(&look(&drags, 100)).is_none());
        let seen = known.seen(&look(&drags[1..], 100)).unwrap();
        // The next look reckons from the latest of these.
        assert_eq!(seen.mark, at(399));
    }

    #[test]
    fn a_time_still_to_come_hides_nothing() {
        let rows = [(1, at(10)), (2, at(5_000))];
        let known = CachedState::new(rows.into_iter(), at(100)).unwrap();
        assert_eq!(known.mark, at(100));
        let seen = known.seen(&Look {
            rows: vec![(2, at(5_000)), (1, at(10))],
            live: 2,
            asked: at(200),
        });
        assert_eq!(seen.unwrap().mark, at(200));
    }

    #[test]
    fn an_empty_workspace_and_one_too_large_to_count_are_not_remembered() {
        let rows = |count: u64| (0..count).map(|row| (row, at(0))).collect::<Vec<_>>();
        let is_known = |count| CachedState::new(rows(count).into_iter(), at(0)).is_some();
        assert_eq!(
            [0, 1, 5_000, 5_001].map(is_known),
            [false, true, true, false]
        );
    }

    #[test]
    fn the_oldest_workspaces_are_forgotten_when_there_is_no_more_room() {
        let mut cache = Cache::default();
        let scope = |number: usize| Scope {
            organization: Id::parse("acme").unwrap(),
            workspace: Id::parse(&format!("w{number}")).unwrap(),
        };
        let start = Instant::now();
        for number in 0..3_000 {
            let rows = [1, 5_000][number % 2];
            let rows = (0..rows).map(|row| (row, at(0))).collect::<Vec<_>>();
            let known = CachedState::new(rows.into_iter(), at(0)).unwrap();
            let since = start + Duration::from_secs(number as u64);
            cache.put(&scope(number), Entry { known, since });
            assert!(cache.size <= MOST);
        }
        let size: usize = cache.workspaces.values().map(Entry::size).sum();
        assert_eq!(cache.size, size);
        assert!(cache.size > MOST - 5_000 - EACH);
        let kept = cache.workspaces.len();
        let mut last = 3_000 - kept..3_000;
        assert!(last.all(|number| cache.workspaces.contains_key(&scope(number))));
    }
}
