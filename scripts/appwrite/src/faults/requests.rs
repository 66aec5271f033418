//! Faults on the wire between functions and the server, so that tests make the rare certain: one that is planned for
//! the n-th request of a kind, or those of a storm, which [`crate::faults::storm`] draws. They befall what functions
//! ask, never what people, keys or the tool ask.

use std::collections::HashSet;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{watch, Notify};

use crate::access::Asker;
use crate::faults::fault::{Fault, Nth, When};
use crate::faults::log::Log;
use crate::faults::storm::{Fate, Storm, Storms};
use crate::wire::socket::Socket;
use crate::wire::{Answer, Call, Content, Error, Reply};

/// How long a request of a storm waits to be overtaken.
const LATE: Duration = Duration::from_millis(200);

/// What stands in the place of an answer that is garbled, as a proxy's page does.
const PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><body>Welcome</body></html>";

/// What comes of an answer that breaks off.
const BEGINNING: &str = "{\"total\":1,\"rows\":[{\"$id\":\"";

/// At most one planned fault and one storm.
#[derive(Default)]
pub(crate) struct Faults {
    plan: Mutex<Plan>,
    log: Arc<Log>,
    /// Requests of functions that were begun, which also are their numbers in the log.
    begun: watch::Sender<usize>,
    numbers: AtomicUsize,
    /// Told when a request begins to be held.
    holding: Notify,
    going: Notify,
}

#[derive(Default)]
struct Plan {
    fault: Option<(Nth, When, Fault)>,
    /// Requests of the kind until it strikes.
    left: usize,
    /// The execution that the fault is meant for, once it has asked something.
    execution: Option<String>,
    /// Executions that have asked something since the first fault was planned.
    asked: HashSet<String>,
    is_used: bool,
    storms: Storms,
}

impl Plan {
    /// Whether the planned fault is meant for this request.
    fn is_meant(&mut self, call: &Call, asker: &Asker) -> bool {
        let is_next = self.is_used && self.asked.insert(asker.execution.clone());
        let Some((which, ..)) = &self.fault else {
            return false;
        };
        if let Some(function) = which.function {
            if is_next && self.execution.is_none() && function == asker.function {
                self.execution = Some(asker.execution.clone());
            }
            if self.execution.as_ref() != Some(&asker.execution) {
                return false;
            }
        }
        which.requests.fit(call)
    }
}

impl Faults {
    pub(crate) fn new(log: Arc<Log>) -> Self {
        Self {
            log,
            ..Self::default()
        }
    }

    /// That request from now on goes wrong; replaces what was planned before.
    pub(crate) fn plan(&self, which: Nth, when: When, fault: Fault) {
        let mut plan = self.lock();
        plan.fault = Some((which, when, fault));
        plan.left = which.nth;
        plan.execution = None;
        plan.is_used = true;
    }

    pub(crate) fn set_storm(&self, storm: Option<Storm>) {
        self.lock().storms = Storms::new(storm);
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

    /// What befalls this request: what is planned for it, else what the storm does.
    fn fate(&self, call: &Call, asker: &Asker) -> Option<Fate> {
        let mut plan = self.lock();
        let stormy = plan.storms.fate(call, &asker.function);
        if plan.is_meant(call, asker) {
            plan.left = plan.left.saturating_sub(1);
            if plan.left == 0 {
                let planned = plan.fault.take();
                return planned.map(|(_, when, fault)| Fate::Fault(when, fault));
            }
        }
        stormy
    }

    /// Waits until so many requests have begun, or not much longer.
    async fn overtaken(&self, by: usize) {
        let mut begun = self.begun.subscribe();
        let wanted = *begun.borrow() + by;
        let waiting = begun.wait_for(|begun| *begun >= wanted);
        // Nobody may be there to overtake it.
        tokio::time::timeout(LATE, waiting).await.ok();
    }

    /// Answers what an execution asks, unless a fault befalls it.
    pub(crate) async fn around<F>(
        &self,
        asker: Asker,
        call: Call,
        socket: Option<Socket>,
        answer: impl FnOnce(Call) -> F,
    ) -> End
    where
        F: Future<Output = Reply>,
    {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let told = |what: &str| self.log.add(|| format!("request {number} {what}"));
        let fate = self.fate(&call, &asker);
        told(&format!(
            "of {} {}: {} /{}",
            asker.function,
            asker.execution,
            call.method,
            call.path.join("/")
        ));
        self.begun.send_modify(|begun| *begun += 1);
        let answered = async {
            let reply = answer(call).await;
            told(&format!("is answered {}", status(&reply)));
            reply
        };
        let (when, fault) = match fate {
            None => return End::Reply(answered.await),
            Some(Fate::Fault(when, Fault::Hold)) => {
                let held = async {
                    told("is held");
                    self.holding.notify_one();
                    self.going.notified().await;
                    told("is let go");
                };
                return End::Reply(late(when, answered, held).await);
            }
            Some(Fate::Late(when, by)) => {
                let overtaken = async {
                    told("is late");
                    self.overtaken(by).await;
                };
                return End::Reply(late(when, answered, overtaken).await);
            }
            Some(Fate::Fault(when, fault)) => (when, fault),
        };
        if when == When::After {
            answered.await.ok();
        }
        told(&format!("gets {fault:?} instead"));
        strike(fault, socket).await
    }
}

/// Waits before the request is carried out, or before its answer goes back.
async fn late(
    when: When,
    answered: impl Future<Output = Reply>,
    wait: impl Future<Output = ()>,
) -> Reply {
    match when {
        When::Before => {
            wait.await;
            answered.await
        }
        When::After => {
            let reply = answered.await;
            wait.await;
            reply
        }
    }
}

/// What the sender gets of it.
async fn strike(fault: Fault, socket: Option<Socket>) -> End {
    match fault {
        Fault::Answer(status) => {
            let kind = match status {
                429 => "general_rate_limit_exceeded",
                _ => "general_unknown",
            };
            End::Reply(Err(Error::new(status, kind, "A planned fault.")))
        }
        Fault::Garble => {
            let page = Content::Bytes(PAGE.into());
            End::Reply(Ok(Answer::of_type(200, "text/html; charset=UTF-8", page)))
        }
        Fault::BreakOff => {
            let beginning = Content::Beginning(BEGINNING);
            End::Reply(Ok(Answer::of_type(200, "application/json", beginning)))
        }
        Fault::Kill(function) => End::Kill(function),
        Fault::Reset => {
            if let Some(Err(error)) = socket.map(|socket| socket.reset_at_end()) {
                eprintln!("embedded appwrite: a connection is closed, not reset: {error}");
            }
            End::Cut
        }
        // Whoever gives up ends the connection, and with it this.
        Fault::TimeOut => std::future::pending().await,
        Fault::Lose | Fault::Hold => End::Cut,
    }
}

/// What comes of a request.
pub(crate) enum End {
    Reply(Reply),
    /// The connection ends without an answer.
    Cut,
    /// The process of this function dies, and then the connection ends without an answer.
    Kill(String),
}

fn status(reply: &Reply) -> u16 {
    match reply {
        Ok(answer) => answer.status,
        Err(error) => error.status,
    }
}
