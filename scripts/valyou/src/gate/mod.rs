//! `valyou gate`: the accuracy and safety gates over the evaluation data. Each gate prints its figures and fails with
//! the first broken promise.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use flate2::read::GzDecoder;

mod appwrite;
pub(crate) mod build;
mod cases;
mod dialects;
mod facts;
mod injection;
mod model;
mod money;
mod pairs;
mod profiles;
mod robots;
mod skills;
mod ssrf;

#[derive(clap::Args)]
pub(crate) struct Gate {
    #[command(subcommand)]
    which: Which,
}

#[derive(Subcommand)]
enum Which {
    /// Profiles of real company pages: values per field, agreement with the truth, quotes that do not stand on the page
    Profiles {
        folder: PathBuf,
        /// List every value that is missing, too
        #[arg(long)]
        errors: bool,
    },
    /// Revenue, head count and customers in sentences full of traps
    Facts { folder: PathBuf },
    /// Pages and sentences whose values are easily taken wrongly: right, false and blank, by kind
    Cases {
        /// Any folder of .jsonl files in their form
        folder: PathBuf,
        /// List every case that is not right
        #[arg(long)]
        errors: bool,
    },
    /// Amounts and currencies
    Money { folder: PathBuf },
    /// robots.txt answers
    Robots { folder: PathBuf },
    /// Skills named by aliases, by titles of items and by titles that name none
    Skills { folder: PathBuf },
    /// Addresses that the page fetcher must refuse or let through
    Ssrf { folder: PathBuf },
    /// Answers of servers that speak OpenAI's chat completions
    Dialects { folder: PathBuf },
    /// Instructions planted in real pages, before a model that follows them all
    Injection { folder: PathBuf },
    /// Quotes that were falsified, or the words on the page, or both: made from the open pages, sentences and cases
    Pairs { folder: PathBuf },
    /// The open pages before a model of your own, on demand: what it proposes and what becomes of it
    Model(model::Asked),
    /// Exchanges recorded with a real Appwrite, asked again of the embedded one
    Appwrite {
        folder: PathBuf,
        /// Write what differs to this file
        #[arg(long)]
        differences: Option<PathBuf>,
    },
    /// The functions as Appwrite builds them: versions, crates and sizes
    Build {
        /// The workspace
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// Where to build; compiled crates are found there again
        #[arg(long, default_value = "target/platform")]
        builds: PathBuf,
        /// Keep each function's stored build in this folder, for `bench cold`
        #[arg(long)]
        keep: Option<PathBuf>,
    },
    #[command(hide = true)]
    Echo(appwrite::echo::Echo),
}

impl Gate {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self.which {
            Which::Profiles { folder, errors } => profiles::run(&folder, errors)?,
            Which::Facts { folder } => facts::run(&folder)?,
            Which::Cases { folder, errors } => cases::run(&folder, errors)?,
            Which::Money { folder } => money::run(&folder)?,
            Which::Robots { folder } => robots::run(&folder)?,
            Which::Skills { folder } => skills::run(&folder)?,
            Which::Ssrf { folder } => ssrf::run(&folder)?,
            Which::Dialects { folder } => dialects::run(&folder)?,
            Which::Injection { folder } => injection::run(&folder)?,
            Which::Pairs { folder } => pairs::run(&folder)?,
            Which::Model(asked) => asked.run()?,
            Which::Appwrite {
                folder,
                differences,
            } => appwrite::run(&folder, differences.as_deref())?,
            Which::Build {
                folder,
                builds,
                keep,
            } => build::run(&folder, &builds, keep.as_deref())?,
            Which::Echo(echo) => echo.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A page as it was collected.
fn unpacked(page: &Path) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    GzDecoder::new(std::fs::File::open(page)?).read_to_end(&mut body)?;
    Ok(body)
}
