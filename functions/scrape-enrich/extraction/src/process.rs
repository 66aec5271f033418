//! A process that reads the pages of one website and can do no harm beyond that.
//!
//! A page is a stranger's text, and one process serves all organisations. The extraction bounds its own work; should a
//! page defeat that, the kernel ends this process where it takes more memory or processor time than any page may, or
//! the job kills it when its time is up. Nothing but that job is lost.
//!
//! On Appwrite the program stands beside the function's own, where `scripts/stage.sh` leaves it. A program that serves
//! functions on a developer's machine is its own: it calls [`answer_if_asked`] first.
//!
//! On standard input comes a request as one line of JSON, `{"bytes": n, "request": …}`, and then n bytes of body. On
//! standard output goes an answer as one line of JSON. The process ends with its input.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::session::{Answer, Request, Session};

/// Of heap and stack together. The pages of a site may have 8 MiB, and what is made of them stays below 64 MiB.
pub const MEMORY: u64 = 128 * 1024 * 1024;

/// Seconds of processor for all pages of a site: many times what the costliest takes.
pub const PROCESSOR: u64 = 15;

/// Bytes of one answer: a profile with its evidence takes a few thousand.
pub const LONGEST_ANSWER: u64 = 4 * 1024 * 1024;

/// The only argument: without it no program takes itself to be asked.
pub const ARGUMENT: &str = "read-pages";

/// What the program is called where Appwrite built it.
const PROGRAM: &str = "read-pages";

/// Stands before the body on the way in.
#[derive(Debug, Serialize, Deserialize)]
pub struct Head {
    pub bytes: usize,
    pub request: Request,
}

/// Comes back on one line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    Answered(Answer),
    /// Where in our own code, never at what text.
    Panicked(String),
}

/// Whether this program answers when it is started with [`ARGUMENT`].
static IS_ASKED_ITSELF: AtomicBool = AtomicBool::new(false);

/// The program to start with [`ARGUMENT`].
///
/// # Errors
/// If there is none; the words are an operator's.
pub fn program() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| format!("no program: {error}"))?;
    if IS_ASKED_ITSELF.load(Ordering::Relaxed) {
        return Ok(own);
    }
    let beside = own.with_file_name(PROGRAM);
    match beside.is_file() {
        true => Ok(beside),
        false => Err(format!(
            "{PROGRAM} is missing beside the function; deploy with the commands of appwrite.json"
        )),
    }
}

/// Answers if this process was started to, and notes otherwise that this program can be.
pub fn answer_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == ARGUMENT) {
        return Some(answer());
    }
    IS_ASKED_ITSELF.store(true, Ordering::Relaxed);
    None
}

/// Answers requests until standard input ends.
pub fn answer() -> ExitCode {
    if limit().is_err() {
        return ExitCode::FAILURE;
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        // Whoever asked has gone if this cannot be written.
        let _ = write(&Reply::Panicked(place.unwrap_or_default()));
        std::process::exit(1)
    }));
    match converse() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn converse() -> std::io::Result<()> {
    let mut input = BufReader::new(std::io::stdin());
    let mut session = Session::default();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let head: Head = serde_json::from_str(&line)?;
        let mut body = vec![0; head.bytes];
        input.read_exact(&mut body)?;
        write(&Reply::Answered(session.answer(head.request, &body)))?;
        line.clear();
    }
    Ok(())
}

fn write(reply: &Reply) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    let mut output = std::io::stdout();
    output.write_all(&line)?;
    output.flush()
}

/// Asks the kernel to end this process beyond [`MEMORY`] and [`PROCESSOR`].
#[cfg(unix)]
fn limit() -> Result<(), nix::Error> {
    use nix::sys::resource::{setrlimit, Resource};
    // Where memory is only reserved it is not counted, so this is what is really had.
    setrlimit(Resource::RLIMIT_DATA, MEMORY, MEMORY)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_CPU, PROCESSOR, PROCESSOR)
}

/// Elsewhere the extraction's own bounds and the job's time are all there is.
#[cfg(not(unix))]
fn limit() -> Result<(), std::io::Error> {
    Ok(())
}
