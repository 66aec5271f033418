//! Planned faults on the wire between a function and the server, so that tests make the rare certain. It breaks what
//! functions ask, never what people, keys or the tool ask.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::error::Error;
use crate::http::{Call, Reply};
use crate::App;

/// What goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An answer of this status instead of the real one, of type `general_unknown`.
    Answer(u16),
    /// The connection ends without an answer.
    Lose,
    /// The process of this function dies (SIGKILL).
    Kill(String),
    /// Nothing happens until [`crate::EmbeddedAppwrite::let_go`]; then it goes on as if nothing had been.
    Hold,
}

/// Whether the request is carried out before it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It is not carried out.
    Before,
    /// It is carried out, only its sender never learns of it.
    After,
}

/// At most one planned fault.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    plan: Mutex<Plan>,
    /// Told when a request begins to be held.
    holding: Notify,
    going: Notify,
}

#[derive(Debug, Default)]
struct Plan {
    fault: Option<(When, Fault)>,
    /// Requests of functions until it strikes.
    left: usize,
}

impl Faults {
    /// The `nth` request of functions from now on goes wrong, counted from 1; replaces what was planned before.
    pub(crate) fn plan(&self, nth: usize, when: When, fault: Fault) {
        *self.lock() = Plan {
            fault: Some((when, fault)),
            left: nth,
        };
    }

    /// Whether the planned fault is still to come.
    pub(crate) fn is_planned(&self) -> bool {
        self.lock().fault.is_some()
    }

    /// Waits until a request is held.
    pub(crate) async fn held(&self) {
        self.holding.notified().await;
    }

    /// Lets the request go that is held.
    pub(crate) fn let_go(&self) {
        self.going.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn due(&self, call: &Call) -> Option<(When, Fault)> {
        if !is_of_function(call) {
            return None;
        }
        let mut plan = self.lock();
        plan.left = plan.left.saturating_sub(1);
        if plan.left > 0 {
            return None;
        }
        plan.fault.take()
    }
}

fn is_of_function(call: &Call) -> bool {
    let key = call.headers.get("x-appwrite-key").unwrap_or_default();
    key.starts_with("ephemeral_")
}

/// Answers a call, unless a fault is planned for it. `None`: the connection must end without an answer.
pub(crate) async fn around<F>(
    app: &Arc<App>,
    call: Call,
    answer: impl FnOnce(Arc<App>, Call) -> F,
) -> Option<Reply>
where
    F: std::future::Future<Output = Reply>,
{
    let asked = is_of_function(&call).then(|| format!("{} /{}", call.method, call.path.join("/")));
    let told = |what: &str| {
        if let Some(asked) = &asked {
            app.log.add(|| format!("{asked} {what}"));
        }
    };
    let Some((when, fault)) = app.faults.due(&call) else {
        let reply = answer(Arc::clone(app), call).await;
        told(&status(&reply).to_string());
        return Some(reply);
    };
    let wait = || async {
        told("is held");
        app.faults.holding.notify_one();
        app.faults.going.notified().await;
    };
    match (fault, when) {
        (Fault::Hold, When::Before) => {
            wait().await;
            let reply = answer(Arc::clone(app), call).await;
            told(&status(&reply).to_string());
            Some(reply)
        }
        (Fault::Hold, When::After) => {
            let reply = answer(Arc::clone(app), call).await;
            wait().await;
            told(&status(&reply).to_string());
            Some(reply)
        }
        (fault, when) => {
            if when == When::After {
                let reply = answer(Arc::clone(app), call).await;
                told(&format!("{}, then {fault:?}", status(&reply)));
            } else {
                told(&format!("{fault:?} instead"));
            }
            strike(app, fault).await
        }
    }
}

/// What the sender gets of it.
async fn strike(app: &App, fault: Fault) -> Option<Reply> {
    match fault {
        Fault::Answer(status) => Some(Err(Error::new(
            status,
            "general_unknown",
            "A planned fault.",
        ))),
        Fault::Kill(function) => {
            if let Err(error) = app.runtime.kill(&function).await {
                eprintln!("embedded appwrite: {function} was not killed: {error}");
            }
            None
        }
        Fault::Lose | Fault::Hold => None,
    }
}

fn status(reply: &Reply) -> u16 {
    match reply {
        Ok(answer) => answer.status,
        Err(error) => error.status,
    }
}
