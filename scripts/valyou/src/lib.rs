//! `valyou`: the workspace's one tool. One file for each subcommand, each with one `run`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod enrich;
mod gate;
pub mod host;
pub mod schema;

/// The workspace's tool. Without a subcommand it starts the local development environment.
#[derive(Parser)]
#[command(name = "valyou", version)]
struct Tool {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Propose a company profile from a website or a saved page, without any server
    Enrich(enrich::Enrich),
    /// Plan, apply or check the tables of appwrite.json on an Appwrite server
    Schema(schema::Schema),
    /// Serve one function natively, speaking the Open Runtimes contract
    Host(host::Host),
    /// Measure the functions against the evaluation data and fail where a promise is broken
    Gate(gate::Gate),
}

/// Runs the tool on the process's arguments; exit code 0 done, 1 failed, 2 drift or wrong usage.
pub fn main() -> ExitCode {
    let result = match Tool::parse().command {
        Some(Command::Enrich(command)) => command.run(),
        Some(Command::Schema(command)) => command.run(),
        Some(Command::Host(command)) => command.run(),
        Some(Command::Gate(command)) => command.run(),
        None => Ok(ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("valyou: {error:#}");
        ExitCode::FAILURE
    })
}
