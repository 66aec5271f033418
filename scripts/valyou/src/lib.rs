//! `valyou`: the tool that a person runs. One file for each subcommand, each with one `run`.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use platform::appwrite::AppwriteError;
use world::host::Host;

mod demo_invite;
mod demo_model;
mod demo_progress;
mod demo_report;
mod demo_skills;
mod dev;
mod doctor;
mod enrich;
pub mod invite;
mod invoke;
pub mod pat;
mod place;
mod schema;
mod vars;
mod verify;

/// The workspace's tool. Without a subcommand it starts the local development environment.
#[derive(Parser)]
#[command(name = "valyou", version)]
struct Tool {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the embedded Appwrite, a demo website and the functions, run one enrichment, stay up until Ctrl-C
    Dev(dev::Dev),
    /// The same on data that goes away; exit code 0 only if the result is right
    Demo,
    /// Propose a company profile from a website or a saved page, without any server
    Enrich(enrich::Enrich),
    /// Compute a stored report again from its snapshot, without any server; exit code 2 if it does not hold
    Verify(verify::Verify),
    /// Invite somebody, list invites, withdraw one
    Invite(invite::Invite),
    /// Make a personal access token, list them, revoke one
    Pat(pat::Pat),
    /// Plan, apply or check the tables of appwrite.json on an Appwrite server
    Schema(schema::Schema),
    /// Set the functions' variables on an Appwrite server from a file, or check them
    Vars(vars::Vars),
    /// Look over a project on an Appwrite server and say what is wrong with it
    Doctor(doctor::Doctor),
    /// Serve one function natively, speaking the Open Runtimes contract
    Host(Host),
    /// Run a function once, on any Appwrite server, and show what came of it
    Invoke(invoke::Invoke),
}

/// Runs the tool on the process's arguments; exit code 0 done, 1 failed, 2 drift or wrong usage.
pub fn main() -> ExitCode {
    main_with(&[])
}

/// The same where `valyou host` also serves functions that are no part of the bundle.
pub fn main_with(others: &[bundle::Function]) -> ExitCode {
    if let Some(ended) = extraction::process::answer_if_asked() {
        return ended;
    }
    let result = match Tool::parse().command {
        None => dev::Dev::default().run(),
        Some(Command::Dev(command)) => command.run(),
        Some(Command::Demo) => dev::demo(),
        Some(Command::Enrich(command)) => command.run(),
        Some(Command::Verify(command)) => command.run(),
        Some(Command::Invite(command)) => command.run(),
        Some(Command::Pat(command)) => command.run(),
        Some(Command::Schema(command)) => command.run(),
        Some(Command::Vars(command)) => command.run(),
        Some(Command::Doctor(command)) => command.run(),
        Some(Command::Host(command)) => command.run(others),
        Some(Command::Invoke(command)) => command.run(),
    };
    result.unwrap_or_else(|error| {
        eprintln!("valyou: {error:#}");
        // Kept out of every log, but whoever runs the tool has the key.
        if let Some(AppwriteError::Refused { message, .. }) = error.downcast_ref() {
            eprintln!("valyou: {message}");
        }
        ExitCode::FAILURE
    })
}

/// The words that it takes.
pub fn command() -> clap::Command {
    Tool::command()
}
