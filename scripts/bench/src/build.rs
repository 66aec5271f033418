//! What a deployment costs: each function built from nothing, as the platform builds it at every push.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::ensure;
use nix::sys::resource::{getrusage, UsageWho};
use nix::sys::time::TimeVal;
use runtime::build::Compiler;

use gates::build::{make, HEADINGS};
use project::Description;

#[derive(clap::Args)]
pub(crate) struct Build {
    /// Only these functions
    functions: Vec<String>,
    /// The workspace
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

impl Build {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let compiler = Compiler::own()?;
        println!("{}, nothing compiled before", compiler.version()?);
        println!("{HEADINGS} {:>8} {:>8}", "CPU s", "wall s");
        let description = Description::read(&self.folder.join("appwrite.json"))?;
        for function in &self.functions {
            let is_known = description
                .functions
                .iter()
                .any(|known| known.id == *function);
            ensure!(is_known, "appwrite.json has no function {function}");
        }
        for function in &description.functions {
            if !self.functions.is_empty() && !self.functions.contains(&function.id) {
                continue;
            }
            let folder = tempfile::tempdir()?;
            let (began, before) = (Instant::now(), processor_time()?);
            let made = make(&self.folder, function, &compiler, folder.path())?;
            let took = processor_time()?.saturating_sub(before);
            println!(
                "{made} {:>8.0} {:>8.0}",
                took.as_secs_f64(),
                began.elapsed().as_secs_f64()
            );
        }
        Ok(())
    }
}

/// Of all processes that this one started and that have ended.
pub(super) fn processor_time() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

/// Of this, what was not spent in the system.
pub(super) fn own_time() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(duration(usage.user_time()))
}

fn duration(time: TimeVal) -> Duration {
    let microseconds = time.tv_sec() * 1_000_000 + time.tv_usec();
    Duration::from_micros(microseconds.unsigned_abs())
}
