//! What a report says, without any server: random workspaces, hostile titles, forged reports, and pages to read.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod hostile;
mod interference;
mod languages;
mod mutants;
mod pages;
mod prose;
mod scripts;
mod titles;
mod workspace;
