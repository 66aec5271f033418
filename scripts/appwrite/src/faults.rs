//! Faults on the wire between functions and the server, so that tests make the rare certain: one that is planned for
//! the n-th request of a kind, or those of a storm, which [`crate::storm`] draws. They befall what functions ask, never
//! what people, keys or the tool ask. Events go wrong in [`crate::disorder`], reads in [`crate::stale`].

use std::collections::HashSet;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{watch, Notify};

use crate::access::Asker;
use crate::storm::{Fate, Storm, Storms};
use crate::wire::socket::Socket;
use crate::wire::{Answer, Call, Content, Error, Reply};
use crate::App;

/// How long a request of a storm waits to be overtaken.
const LATE: Duration = Duration::from_millis(200);

/// What stands in the place of an answer that is garbled, as a proxy's page does.
const PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><body>Welcome</body></html>";

/// What comes of an answer that breaks off.
const BEGINNING: &str = "{\"total\":1,\"rows\":[{\"$id\":\"";

/// What goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An answer of this status instead of the real one.
    Answer(u16),
    /// An answer of success that holds a page instead of JSON.
    Garble,
    /// An answer of success that ends in the middle, and the connection with it.
    BreakOff,
    /// The connection is closed without an answer.
    Lose,
    /// The connection is reset (TCP RST) without an answer.
    Reset,
    /// The connection stays open and no answer comes, until whoever asked gives up.
    TimeOut,
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

/// A kind of request that functions make; where it names a table, that of any database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    Any,
    /// Lists of rows of a table.
    ListOf(&'static str),
    CreateOf(&'static str),
    PatchOf(&'static str),
    /// Lists of a team's memberships.
    ListOfMembers,
    /// Additions to a team.
    JoinOfTeam,
    /// Reads of a user's account.
    ReadOfAccount,
    /// Method and path as in `PATCH /tablesdb/*/transactions/*`; `*` stands for any one part.
    Like(&'static str),
}

/// The request that a fault is planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nth {
    requests: Requests,
    /// Counted from 1.
    nth: usize,
    /// The function whose next execution is meant; all requests of all executions where there is none.
    function: Option<&'static str>,
}

impl Nth {
    /// Only that of the function's next execution: the first that has asked nothing yet. What others ask in the meantime,
    /// as executions do that an event of it starts, is not counted.
    #[must_use]
    pub fn of_next_execution(self, function: &'static str) -> Self {
        Self {
            function: Some(function),
            ..self
        }
    }
}

impl Requests {
    /// The `nth` of them from now on, counted from 1.
    pub fn nth(self, nth: usize) -> Nth {
        Nth {
            requests: self,
            nth,
            function: None,
        }
    }

    fn fit(self, call: &Call) -> bool {
        let rows = |method, table, more: &str| {
            is_like(
                &format!("{method} /tablesdb/*/tables/{table}/rows{more}"),
                call,
            )
        };
        match self {
            Self::Any => true,
            Self::ListOf(table) => rows("GET", table, ""),
            Self::CreateOf(table) => rows("POST", table, ""),
            Self::PatchOf(table) => rows("PATCH", table, "/*"),
            Self::ListOfMembers => is_like("GET /teams/*/memberships", call),
            Self::JoinOfTeam => is_like("POST /teams/*/memberships", call),
            Self::ReadOfAccount => is_like("GET /users/*", call),
            Self::Like(pattern) => is_like(pattern, call),
        }
    }
}

/// Of all requests.
impl From<usize> for Nth {
    fn from(nth: usize) -> Self {
        Requests::Any.nth(nth)
    }
}

fn is_like(pattern: &str, call: &Call) -> bool {
    let Some((method, path)) = pattern.split_once(" /") else {
        return false;
    };
    let parts: Vec<&str> = path.split('/').collect();
    method == call.method
        && parts.len() == call.path.len()
        && parts
            .iter()
            .zip(&call.path)
            .all(|(part, given)| *part == "*" || part == given)
}

/// At most one planned fault and one storm.
#[derive(Default)]
pub(crate) struct Faults {
    plan: Mutex<Plan>,
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
}

/// Answers a call, unless a fault befalls it. `None`: the connection must end without an answer.
pub(crate) async fn around<F>(
    app: &Arc<App>,
    call: Call,
    socket: Option<Socket>,
    answer: impl FnOnce(Arc<App>, Call) -> F,
) -> Option<Reply>
where
    F: Future<Output = Reply>,
{
    let Some(asker) = app.access.asker(&call.headers) else {
        return Some(answer(Arc::clone(app), call).await);
    };
    let faults = &app.faults;
    let number = faults.numbers.fetch_add(1, Ordering::Relaxed) + 1;
    let told = |what: &str| app.log.add(|| format!("request {number} {what}"));
    let fate = faults.fate(&call, &asker);
    told(&format!(
        "of {} {}: {} /{}",
        asker.function,
        asker.execution,
        call.method,
        call.path.join("/")
    ));
    faults.begun.send_modify(|begun| *begun += 1);
    let answered = async {
        let reply = answer(Arc::clone(app), call).await;
        told(&format!("is answered {}", status(&reply)));
        reply
    };
    let (when, fault) = match fate {
        None => return Some(answered.await),
        Some(Fate::Fault(when, Fault::Hold)) => {
            return Some(
                late(when, answered, async {
                    told("is held");
                    faults.holding.notify_one();
                    faults.going.notified().await;
                    told("is let go");
                })
                .await,
            );
        }
        Some(Fate::Late(when, by)) => {
            return Some(
                late(when, answered, async {
                    told("is late");
                    faults.overtaken(by).await;
                })
                .await,
            );
        }
        Some(Fate::Fault(when, fault)) => (when, fault),
    };
    if when == When::After {
        answered.await.ok();
    }
    told(&format!("gets {fault:?} instead"));
    strike(app, fault, socket).await
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
async fn strike(app: &App, fault: Fault, socket: Option<Socket>) -> Option<Reply> {
    match fault {
        Fault::Answer(status) => {
            let kind = match status {
                429 => "general_rate_limit_exceeded",
                _ => "general_unknown",
            };
            return Some(Err(Error::new(status, kind, "A planned fault.")));
        }
        Fault::Garble => return Some(Ok(page())),
        Fault::BreakOff => {
            return Some(Ok(Answer {
                status: 200,
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body: Content::Beginning(BEGINNING),
            }));
        }
        Fault::Kill(function) => {
            if let Err(error) = app.runtime.kill(&function).await {
                eprintln!("embedded appwrite: {function} was not killed: {error}");
            }
        }
        Fault::Reset => {
            if let Some(Err(error)) = socket.map(|socket| socket.reset_at_end()) {
                eprintln!("embedded appwrite: a connection is closed, not reset: {error}");
            }
        }
        // Whoever gives up ends the connection, and with it this.
        Fault::TimeOut => std::future::pending().await,
        Fault::Lose | Fault::Hold => {}
    }
    None
}

fn page() -> Answer {
    Answer {
        status: 200,
        headers: vec![(
            "content-type".to_owned(),
            "text/html; charset=UTF-8".to_owned(),
        )],
        body: Content::Bytes(PAGE.into()),
    }
}

fn status(reply: &Reply) -> u16 {
    match reply {
        Ok(answer) => answer.status,
        Err(error) => error.status,
    }
}

#[cfg(test)]
mod tests {
    use super::Requests;
    use crate::wire::Call;

    #[track_caller]
    fn check(requests: Requests, asked: &str, expect: bool) {
        assert_eq!(requests.fit(&Call::asking(asked)), expect, "{asked}");
    }

    #[test]
    fn a_kind_of_request_is_its_method_and_the_shape_of_its_path() {
        let rows = "/tablesdb/main_dev/tables/scrape_jobs/rows";
        check(
            Requests::ListOf("scrape_jobs"),
            &format!("GET {rows}"),
            true,
        );
        check(
            Requests::ListOf("scrape_jobs"),
            &format!("GET {rows}/job1"),
            false,
        );
        check(
            Requests::ListOf("org_invites"),
            &format!("GET {rows}"),
            false,
        );
        check(
            Requests::CreateOf("scrape_jobs"),
            &format!("POST {rows}"),
            true,
        );
        check(
            Requests::PatchOf("scrape_jobs"),
            &format!("PATCH {rows}/job1"),
            true,
        );
        check(
            Requests::PatchOf("scrape_jobs"),
            &format!("PATCH {rows}"),
            false,
        );
        check(Requests::ListOfMembers, "GET /teams/t1/memberships", true);
        check(Requests::JoinOfTeam, "POST /teams/t1/memberships", true);
        check(Requests::ReadOfAccount, "GET /users/ada", true);
        check(Requests::ReadOfAccount, "GET /users/ada/sessions", false);
        check(
            Requests::Like("PATCH /tablesdb/*/transactions/*"),
            "PATCH /tablesdb/x/transactions/y",
            true,
        );
        check(Requests::Any, "DELETE /users/ada", true);
    }
}
