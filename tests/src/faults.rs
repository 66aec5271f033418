//! Fault injection: breaks every request that a function makes while it does one thing for somebody, in every way there is,
//! and looks whether what the function promises still holds when that is over.
//!
//! A [`Scenario`] says what the function is asked to do and what must be true afterwards. [`break_every_request`] runs it
//! unbroken, counts the requests, and runs it again for each of them, before and after it was carried out, in every
//! [`Way`]. So a request that a function makes from tomorrow on is broken too, without another test.
//!
//! Requests are broken one at a time, and only those of the execution that the scenario starts: what its writes start in
//! turn, as events do, is a scenario of its own. Several that go wrong at once are `tests/storm.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use domain::Code;
use embedded_appwrite::{Fault, Requests, When};
use futures_util::future::join_all;
use serde_json::{json, Value};
use tokio::task::JoinSet;
use world::{Reply, World};

use crate::check_untold;

/// Worlds side by side, beside those that only wait for a function's client to give up.
const AT_WORK: usize = 3;

/// Requests of one world that wait for that side by side: fewer than Appwrite's worker has executions under way.
const WAITING: usize = 6;

/// Runs in which a request is looked for that was made before, until it is missed.
const TRIES: usize = 3;

/// How a request goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Nobody answers until the function's client gives up waiting.
    TimedOut,
    /// An error of this status.
    Status(u16),
    /// The connection is closed without an answer.
    Lost,
    /// The connection is reset.
    Reset,
    /// The answer ends in the middle.
    BrokenOff,
    /// The answer comes late.
    Late,
    /// An answer of success that is a page.
    Garbled,
    /// The function's process dies.
    Killed,
    /// The execution hangs for so long that others do its work, and goes on when they have.
    Outlived,
}

impl Way {
    /// Every way; the slowest first.
    pub const ALL: [Self; 11] = [
        Self::TimedOut,
        Self::Outlived,
        Self::Killed,
        Self::Garbled,
        Self::Status(500),
        Self::Status(503),
        Self::Status(429),
        Self::Lost,
        Self::Reset,
        Self::BrokenOff,
        Self::Late,
    ];

    /// Those that cut an execution short: it does not come to its end, or not before others have done its work.
    pub const CUT_SHORT: [Self; 3] = [Self::Outlived, Self::Killed, Self::Garbled];

    fn cuts_short(self) -> bool {
        Self::CUT_SHORT.contains(&self)
    }

    fn fault(self, function: &str) -> Fault {
        match self {
            Self::TimedOut => Fault::TimeOut,
            Self::Status(status) => Fault::Answer(status),
            Self::Lost => Fault::Lose,
            Self::Reset => Fault::Reset,
            Self::BrokenOff => Fault::BreakOff,
            Self::Garbled => Fault::Garble,
            Self::Killed => Fault::Kill(function.to_owned()),
            Self::Late | Self::Outlived => Fault::Hold,
        }
    }
}

/// What brings to its end what was cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recovery {
    /// Whoever asked asks again, or the next event comes.
    Again,
    /// Only the cron comes, once it may.
    Sweep,
}

/// How far a run came. There is nothing between these: a scenario fails on what is half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing has happened.
    Untouched,
    /// All that was asked for has happened, once.
    Done,
    /// It has ended without, and says why in documented words.
    Failed,
}

/// One thing that a function does for somebody.
pub trait Scenario: Send + Sync + 'static {
    /// What one run is about: ids, tokens.
    type Run: Send + Sync;

    const FUNCTION: &'static str;

    /// The way into the function that it takes, as [`check_ways_in`] names it.
    const WAY_IN: &'static str;

    /// What brings it to its end. With each of them every request is broken.
    const RECOVERIES: &'static [Recovery];

    /// The ways that it is tried in; fewer than all only where another scenario has the rest.
    const WAYS: &'static [Way] = &Way::ALL;

    /// Whether a run needs a world of its own while it waits for an answer: it also does what others were prepared for, as
    /// a sweep does, or what it is prepared with has to come to rest.
    const WAITS_ALONE: bool = false;

    /// A world for any number of runs.
    fn world(&self) -> impl Future<Output = World> + Send;

    /// Makes what one run needs, under a key that no other run in this world has.
    fn prepare(&self, world: &World, key: &str) -> impl Future<Output = Self::Run> + Send;

    /// Sets the function going. What the caller is answered; none where nobody waits, as for an event.
    fn start(&self, world: &World, run: &Self::Run) -> impl Future<Output = Option<Reply>> + Send;

    /// Lets happen what happens next. The answer, if somebody asks again.
    fn recover(
        &self,
        world: &World,
        run: &Self::Run,
        by: Recovery,
    ) -> impl Future<Output = Option<Reply>> + Send;

    /// How far the run came. `was_cut_short`: a log row may be missing that nothing else proves, or tell of a part.
    ///
    /// # Panics
    /// Where it is half done, or done twice.
    fn state(
        &self,
        world: &World,
        run: &Self::Run,
        was_cut_short: bool,
    ) -> impl Future<Output = State> + Send;

    /// Looks at an answer of success, where somebody waits for one. Whether it is true is asked of [`Self::state`].
    ///
    /// # Panics
    /// Where it is not what the caller was promised.
    fn check_answer(&self, _run: &Self::Run, _reply: &Reply) {}

    /// What has to hold from then on; asked once what a killed process left has been brought to its end. It may take as long
    /// as the run itself, so the other ways, which end in the same state, do without.
    fn afterwards(
        &self,
        _world: &World,
        _run: &Self::Run,
        _state: State,
    ) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// What no log may hold.
    fn secrets(&self, _run: &Self::Run) -> Vec<String> {
        Vec::new()
    }
}

/// That each way into a function has a scenario: `POST /` and the like, `event of okr_items`, `sweep`.
///
/// # Panics
/// Where one has none, or where there is no such way.
pub fn check_ways_in(function: &str, scenarios: &[&str]) {
    let routes = bundle::routes().find(|routes| routes.function() == function);
    let routes = routes.expect("a function of the bundle");
    let mut ways: BTreeSet<String> = (routes.http().iter())
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    ways.extend((routes.events().iter()).map(|event| format!("event of {}", event.table)));
    ways.extend(routes.has_sweep().then(|| "sweep".to_owned()));
    let scenarios = scenarios.iter().map(|way| (*way).to_owned());
    assert_eq!(
        scenarios.collect::<BTreeSet<_>>(),
        ways,
        "write a scenario for each way into {function}, and name it here"
    );
}

/// How often a request went wrong in each way, by what came after it.
type ByWay = BTreeMap<(Way, Option<Recovery>), usize>;

/// How often requests were broken.
#[derive(Debug, Default)]
pub struct Broken {
    /// Requests of the unbroken run.
    pub requests: usize,
    /// Both before and after they were carried out.
    pub by_way: ByWay,
}

/// Breaks every request of the scenario in every way, and prints how often.
///
/// # Panics
/// Where an invariant does not hold, and where a way broke fewer requests than the unbroken run makes.
pub async fn break_every_request<S: Scenario>(scenario: S) -> Broken {
    let harness = Harness {
        requests: requests(&scenario).await,
        scenario,
    };
    let harness = Arc::new(harness);
    let mut worlds = JoinSet::new();
    for breaks in harness.worlds() {
        let harness = Arc::clone(&harness);
        worlds.spawn(async move { harness.run(&breaks).await });
    }
    let mut broken = Broken {
        requests: harness.requests.len(),
        by_way: ByWay::new(),
    };
    while let Some(ended) = worlds.join_next().await {
        let by_way = ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        for (way, count) in by_way {
            *broken.by_way.entry(way).or_default() += count;
        }
    }
    broken.check(S::WAYS, S::RECOVERIES);
    println!("{}, {}: {broken}", S::FUNCTION, S::WAY_IN);
    broken
}

impl Display for Broken {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let all: usize = self.by_way.values().sum();
        write!(formatter, "{} requests, broken {all} times", self.requests)?;
        for ((way, recovery), count) in &self.by_way {
            match recovery {
                None => write!(formatter, ", {way:?} {count}")?,
                Some(by) => write!(formatter, ", {way:?} then {by:?} {count}")?,
            }
        }
        Ok(())
    }
}

impl Broken {
    /// Whoever breaks nothing proves nothing.
    fn check(&self, ways: &[Way], recoveries: &[Recovery]) {
        assert!(self.requests > 0, "the function has asked nothing");
        for way in ways {
            for recovery in recoveries_of(*way, recoveries) {
                let count = self.by_way.get(&(*way, recovery)).copied();
                let count = count.unwrap_or_default();
                assert!(
                    count >= 2 * self.requests,
                    "{way:?}, {recovery:?}: only {count} times was one of {} requests broken",
                    self.requests
                );
            }
        }
    }
}

fn recoveries_of(way: Way, recoveries: &[Recovery]) -> Vec<Option<Recovery>> {
    match way.cuts_short() {
        true => recoveries.iter().copied().map(Some).collect(),
        false => vec![None],
    }
}

/// A request as the function makes it when all is well.
#[derive(Clone, Copy, Debug)]
struct Request {
    /// Method and path, with `*` for ids.
    like: &'static str,
    /// Which of those that look the same, counted from 1. Some are made side by side, so the order of all says nothing.
    nth: usize,
}

/// The requests of the execution that the scenario starts, while all goes well.
async fn requests<S: Scenario>(scenario: &S) -> Vec<Request> {
    let world = scenario.world().await;
    // From here on the log is kept.
    world.appwrite.set_storm(None);
    let mut asked = unbroken(scenario, &world, "u0").await;
    // One that is not made each time, as a look at the row when the machine is slow, cannot be looked for.
    let again = unbroken(scenario, &world, "u1").await;
    asked.retain(|like, count| {
        *count = (*count).min(again.get(like).copied().unwrap_or_default());
        *count > 0
    });
    let all = asked.into_iter().flat_map(|(like, count)| {
        // A few dozen words, as long as the tests run.
        let like: &'static str = like.leak();
        (1..=count).map(move |nth| Request { like, nth })
    });
    all.collect()
}

/// One run in which all goes well: what it asks, and how often.
async fn unbroken<S: Scenario>(scenario: &S, world: &World, key: &str) -> BTreeMap<String, usize> {
    let _round = Round(format!("{key}, in which nothing goes wrong"));
    let run = scenario.prepare(world, key).await;
    world.appwrite.idle().await;
    world.appwrite.take_log();
    let answer = scenario.start(world, &run).await;
    world.appwrite.idle().await;
    let log = world.appwrite.take_log();
    check_done(scenario, world, &run, answer.as_ref()).await;
    asked(&log, S::FUNCTION)
}

/// What the first execution of the function in this log has asked, and how often.
fn asked(log: &[String], function: &str) -> BTreeMap<String, usize> {
    let mut first = None;
    let mut asked = BTreeMap::new();
    for line in log {
        // As in `request 7 of scrape-enrich 5f3a: GET /users/ada`.
        let said = line.split_once(" of ").and_then(|(_, said)| {
            let (who, what) = said.split_once(": ")?;
            let (of, execution) = who.split_once(' ')?;
            (of == function).then_some((execution, what))
        });
        if let Some((execution, what)) = said {
            if *first.get_or_insert(execution) == execution {
                *asked.entry(like(what)).or_default() += 1;
            }
        }
    }
    asked
}

/// Method and path without ids: every second part is one, but for the names of tables.
fn like(asked: &str) -> String {
    let (method, path) = asked.split_once(" /").unwrap_or_default();
    let is_of_tables = path.starts_with("tablesdb/");
    let parts = path.split('/').enumerate().map(|(place, part)| {
        let is_id = place % 2 == 1 && !(is_of_tables && place == 3);
        if is_id {
            "*"
        } else {
            part
        }
    });
    format!("{method} /{}", parts.collect::<Vec<_>>().join("/"))
}

/// One request that goes wrong once.
#[derive(Clone, Copy, Debug)]
struct Break {
    way: Way,
    when: When,
    request: Request,
    /// Where the way cuts the execution short.
    recovery: Option<Recovery>,
}

struct Harness<S> {
    scenario: S,
    requests: Vec<Request>,
}

impl<S: Scenario> Harness<S> {
    /// All that is to be broken, by the world that it is broken in.
    fn worlds(&self) -> Vec<Vec<Break>> {
        let mut all = Vec::new();
        for way in S::WAYS {
            for recovery in recoveries_of(*way, S::RECOVERIES) {
                for when in [When::Before, When::After] {
                    let breaks = self.requests.iter().map(|request| Break {
                        way: *way,
                        when,
                        request: *request,
                        recovery,
                    });
                    all.extend(breaks);
                }
            }
        }
        let (waiting, working): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| one.way == Way::TimedOut);
        let side_by_side = match S::WAITS_ALONE {
            true => 1,
            false => WAITING,
        };
        let each = working.len().div_ceil(AT_WORK).max(1);
        let worlds = waiting.chunks(side_by_side).chain(working.chunks(each));
        worlds.map(<[Break]>::to_vec).collect()
    }

    /// Breaks these requests in a world of their own. How many went wrong, by what the server says.
    async fn run(&self, breaks: &[Break]) -> ByWay {
        let waits = breaks.iter().any(|one| one.way == Way::TimedOut);
        let mut broken = ByWay::new();
        let world = self.scenario.world().await;
        let (mut secrets, mut waiting) = (Vec::new(), Vec::new());
        let mut runs = 0;
        for one in breaks {
            let Break { way, request, .. } = one;
            for tries in 1.. {
                let round = Round(format!("{one:?}"));
                runs += 1;
                let run = self.scenario.prepare(&world, &format!("r{runs}")).await;
                secrets.extend(self.scenario.secrets(&run));
                if !waits {
                    world.appwrite.idle().await;
                }
                let which = Requests::Like(request.like).nth(request.nth);
                let which = which.of_next_execution(S::FUNCTION);
                let fault = way.fault(S::FUNCTION);
                world.appwrite.break_request(which, one.when, fault);
                let mut run = Box::pin(self.bring_to_end(&world, one, run, round));
                tokio::select! {
                    biased;
                    () = until_struck(&world), if waits => waiting.push(run),
                    () = &mut run => {}
                }
                *broken.entry((one.way, one.recovery)).or_default() += struck(&world);
                if !world.appwrite.is_fault_planned() {
                    break;
                }
                assert!(tries < TRIES, "{request:?} is not made any more");
            }
        }
        join_all(waiting).await;
        if waits {
            // Of those that were carried out first it was told only then.
            *broken.entry((Way::TimedOut, None)).or_default() += struck(&world);
        }
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        check_untold(&world, &secrets).await;
        broken
    }

    /// One run whose request goes wrong, until nothing more comes of it.
    async fn bring_to_end(&self, world: &World, one: &Break, run: S::Run, _round: Round) {
        let scenario = &self.scenario;
        let going = async {
            let answer = scenario.start(world, &run).await;
            world.appwrite.idle().await;
            answer
        };
        let mut going = pin!(going);
        if matches!(one.way, Way::Late | Way::Outlived) {
            tokio::select! {
                () = world.appwrite.held() => {}
                answer = &mut going => {
                    return check_done(scenario, world, &run, answer.as_ref()).await;
                }
            }
            if let Some(by) = one.recovery {
                // A process that hangs is replaced: nothing waits for what it has under way.
                let replaced = world.appwrite.activate(S::FUNCTION);
                replaced.expect("a deployment");
                self.recover(world, &run, by).await;
            }
            world.appwrite.let_go();
        }
        let answer = going.await;
        let is_broken = !world.appwrite.is_fault_planned();
        let Some(by) = one.recovery.filter(|_| is_broken) else {
            return check_done(scenario, world, &run, answer.as_ref()).await;
        };
        let is_success = answer.as_ref().is_some_and(|reply| reply.status < 300);
        match &answer {
            Some(reply) if is_success => scenario.check_answer(&run, reply),
            // The platform answers for a process that died.
            Some(reply) if one.way == Way::Killed => assert_eq!(reply.body, Value::Null),
            Some(reply) => check_failure(reply),
            None => {}
        }
        if is_success {
            let state = scenario.state(world, &run, true).await;
            assert_eq!(state, State::Done, "told as done");
        }
        if one.way != Way::Outlived {
            self.recover(world, &run, by).await;
            world.appwrite.idle().await;
        }
        let state = scenario.state(world, &run, true).await;
        match state {
            State::Done => {}
            State::Failed => assert_eq!(one.way, Way::Garbled, "failed"),
            // Whoever was told that it went wrong may ask again; for an event nobody does.
            State::Untouched => assert!(
                by == Recovery::Sweep && answer.is_some(),
                "nothing was done, and nobody will"
            ),
        }
        if one.way == Way::Killed {
            scenario.afterwards(world, &run, state).await;
        }
    }

    async fn recover(&self, world: &World, run: &S::Run, by: Recovery) {
        if let Some(reply) = self.scenario.recover(world, run, by).await {
            check_success(&reply);
            self.scenario.check_answer(run, &reply);
        }
    }
}

/// What has not been cut short is done without anybody's help, and its caller is told so.
async fn check_done<S: Scenario>(
    scenario: &S,
    world: &World,
    run: &S::Run,
    answer: Option<&Reply>,
) {
    if let Some(reply) = answer {
        check_success(reply);
        scenario.check_answer(run, reply);
    }
    let was_cut_short = false;
    let state = scenario.state(world, run, was_cut_short).await;
    assert_eq!(state, State::Done);
}

#[track_caller]
fn check_success(reply: &Reply) {
    assert!(reply.status < 300, "{} {}", reply.body, reply.errors);
}

/// A failure is one that the README lists.
#[track_caller]
fn check_failure(reply: &Reply) {
    let error = &reply.body["error"];
    let known = Code::ALL.iter().find(|code| error["code"] == code.as_str());
    let status = known.map(|code| code.status());
    assert_eq!(
        status,
        Some(reply.status),
        "{} {}",
        reply.body,
        reply.errors
    );
    let message = error["message"].as_str();
    assert!(
        message.is_some_and(|message| !message.is_empty()),
        "{error}"
    );
    assert_eq!(error["executionId"], json!(reply.execution), "{error}");
}

/// Whether a job's errorMessage begins with a code that the README lists.
pub fn is_documented(message: &str) -> bool {
    let code = message.split_once(": ").map(|(code, _)| code);
    Code::ALL.iter().any(|known| Some(known.as_str()) == code)
}

async fn until_struck(world: &World) {
    while world.appwrite.is_fault_planned() {
        tokio::task::yield_now().await;
    }
}

/// Requests that went wrong since this was last asked, as the server's log tells.
fn struck(world: &World) -> usize {
    let log = world.appwrite.take_log();
    let requests = log.iter().filter(|line| line.starts_with("request "));
    let went_wrong = |line: &&String| line.contains(" gets ") || line.ends_with(" is held");
    requests.filter(went_wrong).count()
}

/// Tells where a check failed.
struct Round(String);

impl Drop for Round {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in the run of {}", self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Does not compile when the server learns a fault that no way stands for.
    fn of(fault: &Fault) -> Way {
        match fault {
            Fault::Answer(status) => Way::Status(*status),
            Fault::Garble => Way::Garbled,
            Fault::BreakOff => Way::BrokenOff,
            Fault::Lose => Way::Lost,
            Fault::Reset => Way::Reset,
            Fault::TimeOut => Way::TimedOut,
            Fault::Kill(_) => Way::Killed,
            Fault::Hold => Way::Late,
        }
    }

    #[test]
    fn every_fault_of_the_server_is_a_way() {
        for way in Way::ALL {
            let expect = match way {
                Way::Outlived => Way::Late,
                way => way,
            };
            assert_eq!(of(&way.fault("f")), expect);
        }
    }

    #[test]
    fn of_a_log_the_requests_of_the_first_execution_count_by_their_shape() {
        let log = [
            "event databases.x.tables.y.rows.z.create",
            "request 1 of f e1: GET /tablesdb/main_dev/tables/org_invites/rows",
            "request 2 of g e0: GET /users/ada",
            "request 1 is answered 200",
            "request 3 of f e1: PATCH /tablesdb/main_dev/tables/org_invites/rows/i1",
            "request 4 of f e2: GET /users/ada",
            "request 5 of f e1: PATCH /tablesdb/main_dev/tables/org_invites/rows/i2",
            "request 6 of f e1: GET /teams/t1/memberships",
        ];
        let asked = asked(&log.map(str::to_owned), "f");
        let asked: Vec<(&str, usize)> = asked.iter().map(|(like, n)| (&**like, *n)).collect();
        let rows = "/tablesdb/*/tables/org_invites/rows";
        let expect = [
            (format!("GET {rows}"), 1),
            ("GET /teams/*/memberships".to_owned(), 1),
            (format!("PATCH {rows}/*"), 2),
        ];
        let expect: Vec<(&str, usize)> = expect.iter().map(|(like, n)| (&**like, *n)).collect();
        assert_eq!(asked, expect);
    }

    #[test]
    #[should_panic(expected = "only 3 times was one of 2 requests broken")]
    fn whoever_breaks_too_little_fails() {
        let by_way = [((Way::Lost, None), 3)].into();
        let broken = Broken {
            requests: 2,
            by_way,
        };
        broken.check(&[Way::Lost], &[]);
    }

    #[test]
    #[should_panic(expected = "the function has asked nothing")]
    fn whoever_breaks_nothing_fails() {
        Broken::default().check(&Way::ALL, &[Recovery::Again]);
    }
}
