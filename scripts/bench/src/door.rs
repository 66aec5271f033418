//! The door: how many executions per second of a route that does nothing, beside a handler that answers a constant.
//! Both are served by the runtime's own server, and both answer the same bytes.

use std::num::NonZeroUsize;
use std::process::{Command, ExitCode};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context};
use domain::rows::{Report, TokenScope};
use domain::Failure;
use openruntimes::{Context as Execution, Response};
use platform::access::SignedIn;
use platform::sweep::SweepOutcome;
use platform::{Cx, OpenTo, Reply, Routes, RowEvent, When};
use runtime::serve::{self, Options};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::build::own_time;
use super::server::{Labelled, Quartiles, Request, Server};

#[derive(clap::Args)]
pub(crate) struct Door {
    /// Builds of this program to measure side by side, as NAME=PROGRAM; without any, this one
    builds: Vec<Labelled>,
    /// Rounds, in each of which everything is measured once
    #[arg(long, default_value = "100")]
    rounds: NonZeroUsize,
    /// Executions of each handler in a round
    #[arg(long, default_value = "1000")]
    executions: NonZeroUsize,
    /// How many wait for an answer at the same time
    #[arg(long, default_value = "20")]
    connections: NonZeroUsize,
    /// Serve one of the handlers, and measure nothing
    #[arg(long, hide = true)]
    serve: Option<Served>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Served {
    Constant,
    Door,
}

impl Door {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let Some(served) = self.serve else {
            self.measure()?;
            return Ok(ExitCode::SUCCESS);
        };
        let handler = match served {
            Served::Constant => constant,
            Served::Door => door,
        };
        Ok(serve::run(handler, &Options::default())?)
    }

    fn measure(&self) -> anyhow::Result<()> {
        let mut builds = self.builds.clone();
        if builds.is_empty() {
            let own = std::env::current_exe();
            builds.push(Labelled {
                name: "this".to_owned(),
                path: own.context("this program's own file cannot be found")?,
            });
            if cfg!(debug_assertions) {
                println!("not a release build: the figures say nothing");
            }
        }
        let mut measured = Vec::new();
        for build in &builds {
            for handler in ["constant", "door"] {
                measured.push(Measured::start(build, handler)?);
            }
        }
        println!(
            "{} rounds of {} executions over {} connections, logging off; medians",
            self.rounds, self.executions, self.connections
        );
        // What is done only once in a process is done before.
        for one in &measured {
            self.round(one)?;
        }
        for round in 0..self.rounds.get() {
            for place in 0..measured.len() {
                // Nothing is always measured after the same.
                let place = (place + round) % measured.len();
                if let Some(one) = measured.get_mut(place) {
                    let round = self.round(one)?;
                    one.rounds.push(round);
                }
            }
        }
        println!(
            "{:10} {:10} {:>12} {:>7} {:>11}   × the constant by time, by CPU: paired (quartiles)",
            "build", "handler", "executions/s", "CPU µs", "not system"
        );
        let mut measured = measured.into_iter();
        while let (Some(constant), Some(door)) = (measured.next(), measured.next()) {
            let first = constant.rounds.clone();
            self.print(constant, &first)?;
            self.print(door, &first)?;
        }
        Ok(())
    }

    fn print(&self, one: Measured, constant: &[Round]) -> anyhow::Result<()> {
        // Known of a process that has ended.
        let before = own_time()?;
        drop(one.server);
        let own = own_time()?.saturating_sub(before).as_secs_f64() * 1e6;
        let executions = self.executions.get() as f64;
        let median =
            |figures: &dyn Fn(&Round) -> f64| Quartiles::of(one.rounds.iter().map(figures)).median;
        let ratio = |of: fn(&Round) -> Duration| {
            let paired = one.rounds.iter().zip(constant);
            Quartiles::of(
                paired.map(|(own, constant)| of(constant).as_secs_f64() / of(own).as_secs_f64()),
            )
        };
        println!(
            "{:10} {:10} {:>12.0} {:>7.1} {:>11.1}   {}, {}",
            one.build,
            one.handler,
            median(&|round| executions / round.time.as_secs_f64()),
            median(&|round| round.processor.as_secs_f64() * 1e6 / executions),
            own / executions / (one.rounds.len() + 1) as f64,
            ratio(|round| round.time),
            ratio(|round| round.processor),
        );
        Ok(())
    }

    fn round(&self, measured: &Measured) -> anyhow::Result<Round> {
        let request = Request::new(&[
            ("x-appwrite-trigger", "http"),
            ("x-appwrite-user-id", "ada"),
            ("x-appwrite-user-jwt", "bench"),
        ]);
        ensure!(
            self.executions.get() % self.connections == 0,
            "the executions cannot be shared out evenly among the connections"
        );
        let many = self.executions.get() / self.connections;
        let connections = (0..self.connections.get()).map(|_| measured.server.connect());
        let connections: Vec<_> = connections.collect::<anyhow::Result<_>>()?;
        let (began, before) = (Instant::now(), measured.server.processor_time()?);
        std::thread::scope(|scope| {
            let running: Vec<_> = connections
                .into_iter()
                .map(|mut connection| {
                    let request = &request;
                    scope.spawn(move || (0..many).try_for_each(|_| connection.execute(request)))
                })
                .collect();
            running.into_iter().try_for_each(|running| {
                let ended = running.join();
                ended.unwrap_or_else(|_| Err(anyhow::anyhow!("a connection's thread panicked")))
            })
        })
        .with_context(|| format!("{} of {}", measured.handler, measured.build))?;
        Ok(Round {
            time: began.elapsed(),
            processor: measured.server.processor_time()?.saturating_sub(before),
        })
    }
}

struct Measured {
    build: String,
    handler: &'static str,
    server: Server,
    rounds: Vec<Round>,
}

/// How long the executions of one round took, and how long the function's process had the processor. Beside others'
/// work only the latter says much.
#[derive(Clone, Copy)]
struct Round {
    time: Duration,
    processor: Duration,
}

impl Measured {
    fn start(build: &Labelled, handler: &'static str) -> anyhow::Result<Self> {
        let mut command = Command::new(&build.path);
        command.args(["door", "--serve", handler]);
        Ok(Self {
            build: build.name.clone(),
            handler,
            server: Server::start(&mut command)?,
            rounds: Vec::new(),
        })
    }
}

fn constant(execution: Execution) -> Response {
    execution.res.json(json!({}), Some(200), None)
}

/// What a function's `main` does.
fn door(execution: Execution) -> Response {
    platform::serve(execution, &ROUTES)
}

/// As many ways in as a function has.
static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("bench")
        .post("/", OpenTo::UsersAndTokens(TokenScope::Write), do_nothing)
        .post(
            "/verify",
            OpenTo::UsersAndTokens(TokenScope::Read),
            do_nothing,
        )
        .post(
            "/cancel",
            OpenTo::UsersAndTokens(TokenScope::Write),
            do_nothing,
        )
        .event(When::Created, on_created)
        .sweep(sweep)
});

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn do_nothing(_: Cx, _: SignedIn, _: Nothing) -> Result<Reply<Nothing>, Failure> {
    Ok(Reply::ok(Nothing {}))
}

async fn on_created(_: Cx, _: RowEvent<Report>) -> Result<Option<Nothing>, Failure> {
    Ok(None)
}

async fn sweep(_: Cx) -> Result<SweepOutcome<Nothing>, Failure> {
    Ok(SweepOutcome {
        summary: Nothing {},
        is_complete: true,
    })
}
