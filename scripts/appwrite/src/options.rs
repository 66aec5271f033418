//! How an instance is started.

use std::path::PathBuf;

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

/// How to start an instance.
#[derive(Debug, Clone)]
pub struct Options {
    pub storage: Storage,
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
