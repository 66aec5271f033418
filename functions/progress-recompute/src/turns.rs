//! Events of one workspace share runs: one run at a time in this process, and all events that come while it is under way
//! are settled by the next one. Other processes know nothing of it, and nothing has to: it saves lists, it proves
//! nothing.
//!
//! It loses no event: whoever joins a run was there before its list was asked for, so the list shows what the event was
//! about. A burst of events, or the echoes of a run's own writes, costs two lists or three instead of one each.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use shared::appwrite::AppwriteError;
use shared::Cx;
use tokio::sync::watch;

use crate::workspace::{Scope, Settled, Told};

/// What became of an event.
pub(crate) enum Run {
    Own(Settled),
    /// Nothing that counts is other than this process remembers; so many items.
    AsRemembered(usize),
    /// Settled by a run that began after the event and is over.
    Joined,
}

/// Runs of one workspace.
#[derive(Default)]
struct Line {
    /// Held by the run under way.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// The run that has not asked for its list yet.
    next: Option<Next>,
    /// Runs that wait or are under way.
    runs: usize,
}

/// A run that can be joined.
struct Next {
    /// In the end, whether it settled everything.
    over: watch::Receiver<Option<bool>>,
    /// What the events tell that have joined it.
    told: Vec<Told>,
}

static LINES: LazyLock<Mutex<HashMap<Scope, Line>>> = LazyLock::new(Mutex::default);

/// Settles the workspace, by a run of its own or by the next one of the same workspace.
pub(crate) async fn settle(cx: &Cx, scope: &Scope, told: Told) -> Result<Run, AppwriteError> {
    if let Some(mut next) = join(scope, told) {
        // Without an answer that run failed.
        if next
            .wait_for(Option::is_some)
            .await
            .is_ok_and(|over| *over == Some(true))
        {
            return Ok(Run::Joined);
        }
    }
    let (over, next) = watch::channel(None);
    let own = Own::new(scope, next);
    let turn = own.turn.lock().await;
    // From here on an event may be too late for the list.
    let mut all_told = own.close();
    all_told.push(told);
    if let Some(items) = scope.as_remembered(cx, &all_told).await? {
        over.send_replace(Some(true));
        return Ok(Run::AsRemembered(items));
    }
    let settled = scope.settle(cx).await?;
    drop(turn);
    over.send_replace(Some(settled.is_over()));
    Ok(Run::Own(settled))
}

/// The end of the run that this event has joined, if there is one to join.
fn join(scope: &Scope, told: Told) -> Option<watch::Receiver<Option<bool>>> {
    let mut lines = lines();
    let next = lines.get_mut(scope)?.next.as_mut()?;
    next.told.push(told);
    Some(next.over.clone())
}

/// A run's place in its line, given up however the run ends.
struct Own<'a> {
    scope: &'a Scope,
    turn: Arc<tokio::sync::Mutex<()>>,
    next: watch::Receiver<Option<bool>>,
}

impl<'a> Own<'a> {
    fn new(scope: &'a Scope, next: watch::Receiver<Option<bool>>) -> Self {
        let mut lines = lines();
        let line = lines.entry(scope.clone()).or_default();
        line.runs += 1;
        line.next.get_or_insert_with(|| Next {
            over: next.clone(),
            told: Vec::new(),
        });
        let turn = line.turn.clone();
        Self { scope, turn, next }
    }

    /// Nobody joins this run any more. What those told who did.
    fn close(&self) -> Vec<Told> {
        let mut lines = lines();
        let next = lines
            .get_mut(self.scope)
            .and_then(|line| line.next.take_if(|next| next.over.same_channel(&self.next)));
        next.map(|next| next.told).unwrap_or_default()
    }
}

impl Drop for Own<'_> {
    fn drop(&mut self) {
        self.close();
        let mut lines = lines();
        if let Some(line) = lines.get_mut(self.scope) {
            line.runs -= 1;
            if line.runs == 0 {
                lines.remove(self.scope);
            }
        }
    }
}

fn lines() -> MutexGuard<'static, HashMap<Scope, Line>> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner)
}
