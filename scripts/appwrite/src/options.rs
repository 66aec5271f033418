//! How an instance is started.

use std::path::PathBuf;
use std::str::FromStr;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In a temporary folder that goes away with the instance.
    Ephemeral,
    /// As [`Self::Ephemeral`], and begins with a copy of what another instance keeps in this folder, but for its key and
    /// uploaded code.
    CopyOf(PathBuf),
    /// In this folder, made if missing; survives restarts and kills. One running instance per folder.
    Folder(PathBuf),
}

/// What becomes of code that is uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Builds {
    /// Nothing is compiled: the host program serves what it calls by the function's name.
    Host,
    /// Nothing of it is run, neither its commands nor a program that was built before: the deployment fails, or else the
    /// execution, and says this.
    Refused(String),
    /// It is built as Appwrite builds it, one upload at a time, in this folder, where compiled crates are kept.
    Cargo { folder: PathBuf },
}

/// A release line of Appwrite: what is answered like which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Line {
    /// As a genuine 1.9.6 was recorded.
    #[default]
    V1_9,
    /// As the sources of August 2026 were, from which 2.0 came. What is not known of them is answered as 1.9 does.
    V2,
}

/// The database below: it decides which texts are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Database {
    /// Keys and ids are blind to case, accents and blanks behind, and an upsert overwrites the row it clashes with.
    #[default]
    MariaDb,
    /// Keys and ids are the same only byte for byte, and an upsert that clashes is refused.
    PostgreSql,
}

/// Which Appwrite is answered like: `1.9`, `2`, `1.9-postgresql` or `2-postgresql`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Edition {
    pub line: Line,
    pub database: Database,
}

impl Line {
    /// What the server says of itself.
    pub(crate) fn version(self) -> &'static str {
        match self {
            Self::V1_9 => "1.9.6",
            Self::V2 => "2.0.0",
        }
    }
}

impl Database {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MariaDb => "mariadb",
            Self::PostgreSql => "postgresql",
        }
    }
}

impl FromStr for Edition {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (line, database) = match text.strip_suffix("-postgresql") {
            Some(line) => (line, Database::PostgreSql),
            None => (text, Database::MariaDb),
        };
        let line = match line {
            "1.9" => Line::V1_9,
            "2" => Line::V2,
            _ => anyhow::bail!(
                "{text:?} is no Appwrite that is known here; say 1.9, 2, 1.9-postgresql or 2-postgresql"
            ),
        };
        Ok(Self { line, database })
    }
}

/// How to start an instance.
#[derive(Debug, Clone)]
pub struct Options {
    pub storage: Storage,
    pub edition: Edition,
    /// TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Id of the one project (`X-Appwrite-Project`).
    pub project: String,
    /// The program that serves functions, started as `<program> host FUNCTION --port N`, and with `--program FILE` to
    /// serve one that was built from an upload.
    pub host_program: PathBuf,
    pub builds: Builds,
    /// Variables added to the environment of the function processes.
    pub environment: Vec<(String, String)>,
}
