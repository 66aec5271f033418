//! `valyou host`: one function served natively. The embedded Appwrite starts one such process for each function.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Context;
use bundle::{Function, FUNCTIONS};
use runtime::serve::{self, Handler, Options};

mod logs;

/// Serve one function natively, speaking the Open Runtimes contract.
///
/// Prints `ready on 127.0.0.1:PORT` when it listens, and ends when its standard input closes, so that a killed parent
/// leaves no orphan behind.
#[derive(clap::Args)]
pub struct Host {
    /// Which function: the name of its folder under functions/
    function: String,

    /// Serve this program, built from an upload, instead of the function as it is linked here
    #[arg(long)]
    program: Option<PathBuf>,

    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, env = serve::PORT, default_value_t = 0)]
    port: u16,

    /// What a caller has to send as `x-open-runtimes-secret`; empty asks for nothing
    #[arg(long, env = serve::SECRET, hide_env_values = true, default_value = "")]
    secret: String,

    /// A JSON object of headers that every request gets, whatever the caller sent
    #[arg(long, env = serve::HEADERS, default_value = "{}")]
    headers: String,

    /// Where log files go when /mnt/logs, which the runtime's logger insists on, cannot be written to; named `logs`
    #[arg(long, env = "OPEN_RUNTIMES_LOGS")]
    logs: Option<PathBuf>,
}

impl Host {
    /// Serves until standard input closes: a function of the bundle, or one of these others.
    pub fn run(self, others: &[Function]) -> anyhow::Result<ExitCode> {
        if let Some(program) = &self.program {
            return self.become_program(program);
        }
        let handler = handler_of(&self.function, others)?;
        logs::prepare(self.logs.as_deref());
        let options = Options {
            port: self.port,
            secret: self.secret,
            headers: self.headers,
        };
        Ok(serve::run(handler, &options)?)
    }

    /// Prepares what the program needs and then is it: killing this process has to kill the program.
    fn become_program(&self, program: &Path) -> anyhow::Result<ExitCode> {
        logs::prepare(self.logs.as_deref());
        let mut command = Command::new(program);
        command
            .env(serve::PORT, self.port.to_string())
            .env(serve::SECRET, &self.secret)
            .env(serve::HEADERS, &self.headers);
        let error = run_instead(&mut command);
        Err(error).with_context(|| format!("{} cannot be started", program.display()))
    }
}

#[cfg(unix)]
fn run_instead(command: &mut Command) -> std::io::Error {
    std::os::unix::process::CommandExt::exec(command)
}

#[cfg(not(unix))]
fn run_instead(command: &mut Command) -> std::io::Error {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

fn handler_of(name: &str, others: &[Function]) -> anyhow::Result<Handler> {
    FUNCTIONS
        .iter()
        .chain(others)
        .find(|function| function.name() == name)
        .map(|function| function.main)
        .with_context(|| {
            let names: Vec<&str> = FUNCTIONS.iter().map(Function::name).collect();
            format!(
                "there is no function {name:?}; there are: {}",
                names.join(", ")
            )
        })
}
