//! `gates`: what is promised of the functions, measured against the evaluation data. Each gate prints its figures and
//! fails with the first broken promise.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod appwrite;
pub mod build;
mod calibration;
mod cases;
mod data;
mod dialects;
mod facts;
mod floors;
mod injection;
mod model;
mod money;
mod pairs;
mod profiles;
mod robots;
mod skills;
mod ssrf;
mod vocabulary;

/// Measure the functions against the evaluation data and fail where a promise is broken.
#[derive(Parser)]
#[command(name = "gates", version)]
struct Gates {
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
        /// Answers of a newer server to the same questions, asked of line 2
        #[arg(long)]
        newer: Option<PathBuf>,
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
    /// Write the vocabulary that skill-map is compiled with, from a folder with skills.csv and labels_de.json
    Vocabulary {
        folder: PathBuf,
        /// The workspace
        #[arg(long, default_value = ".")]
        workspace: PathBuf,
    },
}

/// Runs the gate that the process's arguments name.
///
/// # Errors
/// The first promise that is broken.
pub fn main() -> anyhow::Result<ExitCode> {
    if let Some(ended) = extraction::process::answer_if_asked() {
        return Ok(ended);
    }
    world::echo::serve_if_asked()?;
    Gates::parse().which.run()?;
    Ok(ExitCode::SUCCESS)
}

/// The words that it takes.
pub fn command() -> clap::Command {
    Gates::command()
}

impl Which {
    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Profiles { folder, errors } => profiles::run(&folder, errors),
            Self::Facts { folder } => facts::run(&folder),
            Self::Cases { folder, errors } => cases::run(&folder, errors),
            Self::Money { folder } => money::run(&folder),
            Self::Robots { folder } => robots::run(&folder),
            Self::Skills { folder } => skills::run(&folder),
            Self::Ssrf { folder } => ssrf::run(&folder),
            Self::Dialects { folder } => dialects::run(&folder),
            Self::Injection { folder } => injection::run(&folder),
            Self::Pairs { folder } => pairs::run(&folder),
            Self::Model(asked) => asked.run(),
            Self::Appwrite {
                folder,
                newer,
                differences,
            } => appwrite::run(&folder, newer.as_deref(), differences.as_deref()),
            Self::Build {
                folder,
                builds,
                keep,
            } => build::run(&folder, &builds, keep.as_deref()),
            Self::Vocabulary { folder, workspace } => vocabulary::write(&folder, &workspace),
        }
    }
}
