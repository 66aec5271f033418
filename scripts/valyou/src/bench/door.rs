//! The door: how many executions per second of a route that does nothing, beside a handler that answers a constant.
//! Both are served by the runtime's own server, and both answer the same bytes.

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{ensure, Context};
use openruntimes::{Context as Execution, Response};
use runtime::serve::{self, Options};
use serde::Deserialize;
use serde_json::json;
use shared::rows::TokenScope;
use shared::sweep::Swept;
use shared::{Cx, Failure, Reply, Routes};

use super::build::processor_time;
use super::server::{Labelled, Quartiles, Request, Server};

#[derive(clap::Args)]
pub(crate) struct Door {
    /// Rounds, in each of which everything is measured once
    #[arg(long, default_value = "100")]
    rounds: NonZeroUsize,
    /// Executions of each handler in a round
    #[arg(long, default_value = "1000")]
    executions: NonZeroUsize,
    /// How many wait for an answer at the same time
    #[arg(long, default_value = "4")]
    connections: NonZeroUsize,
    /// Another build of this tool, as NAME=PROGRAM, whose door is measured in the same rounds
    #[arg(long)]
    beside: Vec<Labelled>,
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
        let own = std::env::current_exe().context("this program's own file cannot be found")?;
        let mut measured = vec![
            Measured::start("constant".to_owned(), &mut serving(&own, "constant"))?,
            Measured::start("door".to_owned(), &mut serving(&own, "door"))?,
        ];
        for beside in &self.beside {
            let name = format!("door of {}", beside.name);
            measured.push(Measured::start(name, &mut serving(&beside.path, "door"))?);
        }
        if cfg!(debug_assertions) {
            println!("not a release build: the figures say nothing");
        }
        println!(
            "{} rounds of {} executions over {} connections, logging off",
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
                    let took = self.round(one)?;
                    one.rates
                        .push(self.executions.get() as f64 / took.as_secs_f64());
                }
            }
        }
        println!(
            "{:24} {:>12} {:>10}   × constant, paired (quartiles)",
            "handler", "executions/s", "CPU µs"
        );
        let mut constant = None;
        for one in measured {
            let rate = Quartiles::of(one.rates.iter().copied()).median;
            let constant = constant.get_or_insert_with(|| one.rates.clone());
            let paired = one.rates.iter().zip(constant.iter());
            let ratio = Quartiles::of(paired.map(|(rate, constant)| rate / constant));
            let before = processor_time()?;
            drop(one.server);
            let took = processor_time()?.saturating_sub(before);
            let executions = self.executions.get() * (self.rounds.get() + 1);
            println!(
                "{:24} {rate:>12.0} {:>10.1}   {ratio}",
                one.name,
                took.as_secs_f64() * 1e6 / executions as f64,
            );
        }
        Ok(())
    }

    /// How long the executions of one round took.
    fn round(&self, measured: &Measured) -> anyhow::Result<Duration> {
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
        let began = Instant::now();
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
        .with_context(|| measured.name.clone())?;
        Ok(began.elapsed())
    }
}

struct Measured {
    name: String,
    server: Server,
    /// Executions per second, round by round.
    rates: Vec<f64>,
}

impl Measured {
    fn start(name: String, command: &mut Command) -> anyhow::Result<Self> {
        let server = Server::start(command).with_context(|| name.clone())?;
        Ok(Self {
            name,
            server,
            rates: Vec::new(),
        })
    }
}

fn serving(program: &Path, handler: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["bench", "door", "--serve", handler]);
    command
}

fn constant(execution: Execution) -> Response {
    execution.res.json(json!({}), Some(200), None)
}

/// What a function's `main` does.
fn door(execution: Execution) -> Response {
    shared::serve(execution, &routes())
}

/// As many ways in as a function has.
fn routes() -> Routes {
    Routes::new("bench")
        .post("/", do_nothing)
        .with_token(TokenScope::Write)
        .post("/verify", do_nothing)
        .with_token(TokenScope::Read)
        .post("/cancel", do_nothing)
        .with_token(TokenScope::Write)
        .event("reports", "create", |_, _| async {
            Ok(Reply::ok(json!({})))
        })
        .sweep(|_| async {
            Ok(Swept {
                summary: json!({}),
                is_complete: true,
            })
        })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn do_nothing(_: Cx, _: Nothing) -> Result<Reply, Failure> {
    Ok(Reply::ok(json!({})))
}
