//! Planned faults on the wire between a function and the server, so that tests make the rare certain. It breaks what
//! functions ask, never what people, keys or the tool ask.

use std::sync::{Arc, Mutex, PoisonError};

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
pub(crate) struct Faults(Mutex<Plan>);

#[derive(Debug, Default)]
struct Plan {
    fault: Option<(When, Fault)>,
    /// Requests of functions until it strikes.
    left: usize,
}

impl Faults {
    /// The `nth` request of functions from now on goes wrong, counted from 1; replaces what was planned before.
    pub(crate) fn plan(&self, nth: usize, when: When, fault: Fault) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Plan {
            fault: Some((when, fault)),
            left: nth,
        };
    }

    /// Whether the planned fault is still to come.
    pub(crate) fn is_planned(&self) -> bool {
        let plan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plan.fault.is_some()
    }

    fn due(&self, call: &Call) -> Option<(When, Fault)> {
        let key = call.headers.get("x-appwrite-key")?;
        if !key.starts_with("ephemeral_") {
            return None;
        }
        let mut plan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plan.left = plan.left.saturating_sub(1);
        if plan.left > 0 {
            return None;
        }
        plan.fault.take()
    }
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
    let Some((when, fault)) = app.faults.due(&call) else {
        return Some(answer(Arc::clone(app), call).await);
    };
    if when == When::After {
        answer(Arc::clone(app), call).await.ok();
    }
    match fault {
        Fault::Answer(status) => Some(Err(Error::new(
            status,
            "general_unknown",
            "A planned fault.",
        ))),
        Fault::Lose => None,
        Fault::Kill(function) => {
            if let Err(error) = app.runtime.kill(&function).await {
                eprintln!("embedded appwrite: {function} was not killed: {error}");
            }
            None
        }
    }
}
