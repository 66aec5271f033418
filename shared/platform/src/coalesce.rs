//! Single flight: whoever wants the same at the same time shares it. One run of a key at a time in this process, and all
//! who come while it is under way are served by the next one. Other processes know nothing of it, and nothing has to: it
//! saves lists and memory, it proves nothing.
//!
//! It loses nothing: whoever joins a run was there before it began, so what it lists shows what they came for. A burst of
//! events, or the echoes of a run's own writes, costs two lists or three instead of one each.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Who may wait for one run without needing its result. Each holds one of the eight executions that the platform's worker
/// has under way at once, and one is enough to try again where the run fails.
const WAITING: usize = 2;

/// Runs of one kind, by key. Those who join a run tell it a `J`; of what it made they get an `S`.
pub struct SingleFlight<K, J, S>(Mutex<BTreeMap<K, Queue<J, S>>>);

/// What became of somebody who wanted a run.
pub enum Flight<O, S> {
    Own(O),
    /// Served by a run that began after they came and is over.
    Joined(S),
}

/// Runs of one key.
struct Queue<J, S> {
    /// Held by the run under way.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// The run that has not asked for its list yet.
    next: Option<Next<J, S>>,
    /// Runs that wait or are under way.
    runs: usize,
}

/// A run that can be joined.
struct Next<J, S> {
    /// In the end, what it made, if that serves others.
    over: watch::Receiver<Option<S>>,
    joined: Vec<J>,
}

impl<K, J, S> Default for SingleFlight<K, J, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, J, S> SingleFlight<K, J, S> {
    pub const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }
}

impl<K: Ord + Clone, J: Clone + Default, S: Clone> SingleFlight<K, J, S> {
    /// Runs, or joins the next run of the same key. `run` gets what those told who joined it, and makes something of
    /// its own and what serves them; without that, and where it fails, they run themselves.
    pub async fn take<O, E, Running>(
        &self,
        key: &K,
        mut told: J,
        run: impl FnOnce(Vec<J>) -> Running,
    ) -> Result<Flight<O, S>, E>
    where
        Running: Future<Output = Result<(O, Option<S>), E>>,
    {
        if let Some(mut next) = self.join(key, &told) {
            // Without an answer that run failed.
            if let Ok(over) = next.wait_for(Option::is_some).await {
                if let Some(made) = over.clone() {
                    return Ok(Flight::Joined(made));
                }
            }
            // Also for those who did not wait, of whom nothing is known any more.
            told = J::default();
        }
        let (over, next) = watch::channel(None);
        let own = Own::new(self, key, next);
        let turn = own.turn.lock().await;
        // From here on somebody may come too late for the list.
        let mut all_told = own.close();
        all_told.push(told);
        let (made, shared) = run(all_told).await?;
        drop(turn);
        if shared.is_some() {
            over.send_replace(shared);
        }
        Ok(Flight::Own(made))
    }

    /// Whether the next run serves this without anybody waiting for it: others wait for it already.
    pub fn leave(&self, key: &K, told: &J) -> bool {
        let mut lines = self.lines();
        let next = lines.get_mut(key).and_then(|line| line.next.as_mut());
        match next {
            Some(next) if next.joined.len() >= WAITING => {
                next.joined.push(told.clone());
                true
            }
            Some(_) | None => false,
        }
    }

    /// The end of the run that was joined, if there is one to join.
    fn join(&self, key: &K, told: &J) -> Option<watch::Receiver<Option<S>>> {
        let mut lines = self.lines();
        let next = lines.get_mut(key)?.next.as_mut()?;
        next.joined.push(told.clone());
        Some(next.over.clone())
    }
}

impl<K: Ord + Clone, J, S> SingleFlight<K, J, S> {
    fn lines(&self) -> MutexGuard<'_, BTreeMap<K, Queue<J, S>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run's place in its line, given up however the run ends.
struct Own<'a, K: Ord + Clone, J, S> {
    flights: &'a SingleFlight<K, J, S>,
    key: &'a K,
    turn: Arc<tokio::sync::Mutex<()>>,
    next: watch::Receiver<Option<S>>,
}

impl<'a, K: Ord + Clone, J, S> Own<'a, K, J, S> {
    fn new(
        flights: &'a SingleFlight<K, J, S>,
        key: &'a K,
        next: watch::Receiver<Option<S>>,
    ) -> Self {
        let mut lines = flights.lines();
        let line = lines.entry(key.clone()).or_insert_with(|| Queue {
            turn: Arc::default(),
            next: None,
            runs: 0,
        });
        line.runs += 1;
        line.next.get_or_insert_with(|| Next {
            over: next.clone(),
            joined: Vec::new(),
        });
        let turn = line.turn.clone();
        Self {
            flights,
            key,
            turn,
            next,
        }
    }

    /// Nobody joins this run any more. What those told who did.
    fn close(&self) -> Vec<J> {
        let mut lines = self.flights.lines();
        let next = lines
            .get_mut(self.key)
            .and_then(|line| line.next.take_if(|next| next.over.same_channel(&self.next)));
        next.map(|next| next.joined).unwrap_or_default()
    }
}

impl<K: Ord + Clone, J, S> Drop for Own<'_, K, J, S> {
    fn drop(&mut self) {
        self.close();
        let mut lines = self.flights.lines();
        if let Some(line) = lines.get_mut(self.key) {
            line.runs -= 1;
            if line.runs == 0 {
                lines.remove(self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets everybody who can go on do so.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    /// So many come while a run is under way, which ends when the sender says so; how each was served, and what each of the
    /// runs was told.
    async fn come(
        flights: &'static SingleFlight<&'static str, u32, u32>,
        key: &'static str,
        many: u32,
        serves: bool,
    ) -> (Vec<bool>, Vec<usize>) {
        let runs: Arc<Mutex<Vec<usize>>> = Arc::default();
        let (go, going) = watch::channel(false);
        let come = |told: u32| {
            let (runs, mut going) = (runs.clone(), going.clone());
            tokio::spawn(async move {
                let run = |told: Vec<u32>| async move {
                    runs.lock().unwrap().push(told.len());
                    going.wait_for(|go| *go).await.unwrap();
                    Ok::<_, ()>(((), serves.then_some(7)))
                };
                let flight = flights.take(&key, told, run).await.unwrap();
                matches!(flight, Flight::Own(()))
            })
        };
        let first = come(0);
        settle().await;
        let others: Vec<_> = (1..=many).map(come).collect();
        settle().await;
        go.send_replace(true);
        let mut own = vec![first.await.unwrap()];
        for other in others {
            own.push(other.await.unwrap());
        }
        let told = runs.lock().unwrap().clone();
        (own, told)
    }

    #[tokio::test]
    async fn all_who_come_during_a_run_share_the_next_one() {
        static FLIGHTS: SingleFlight<&str, u32, u32> = SingleFlight::new();
        let (own, told) = come(&FLIGHTS, "shared", 7, true).await;
        assert_eq!(own.iter().filter(|own| **own).count(), 2);
        assert_eq!(told, [1, 7]);
        assert!(FLIGHTS.lines().is_empty());
    }

    #[tokio::test]
    async fn a_run_that_serves_nobody_is_repeated_by_those_who_waited_for_it() {
        static FLIGHTS: SingleFlight<&str, u32, u32> = SingleFlight::new();
        let (own, told) = come(&FLIGHTS, "repeated", 3, false).await;
        assert_eq!(own, [true; 4]);
        assert_eq!(told.len(), 4);
        assert!(FLIGHTS.lines().is_empty());
    }

    #[tokio::test]
    async fn only_a_few_wait_for_a_run_whose_result_they_do_not_need() {
        static FLIGHTS: SingleFlight<&str, u32, u32> = SingleFlight::new();
        let key = "left";
        let (over, next) = watch::channel(None);
        let own = Own::new(&FLIGHTS, &key, next);
        let left =
            (0..5).map(|told| FLIGHTS.leave(&key, &told) || FLIGHTS.join(&key, &told).is_none());
        assert_eq!(left.filter(|left| *left).count(), 5 - WAITING);
        assert_eq!(own.close().len(), 5, "all of them are told of");
        assert!(!FLIGHTS.leave(&key, &9), "this one comes too late");
        drop(over);
    }
}
