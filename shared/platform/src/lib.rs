//! What the ValYouRise functions stand on. It knows no function; it is not an SDK for Appwrite in general.
//!
//! - [`serve`]: the one door. Every function's `main` is `platform::serve(context, &ROUTES)`.
//! - [`routes`]: the ways into a function, with who may take them. [`access`]: who that is.
//! - [`cx`]: what a handler gets: who calls, rows, clock, ids.
//! - [`view`]: the only type that reads items for a person.
//! - [`job`]: claim, fenced write, finish and fail of scrape_jobs and reports. [`sweep`]: the cron's turn.
//! - [`appwrite`]: the small Appwrite client. [`coalesce`]: several who want the same at once.
//! - [`activity`]: the audit log. [`scope`]: which rows belong together.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod access;
pub mod activity;
pub mod appwrite;
pub mod caller;
pub mod coalesce;
pub mod config;
pub mod cx;
mod host;
pub mod job;
pub mod panics;
mod request;
pub mod routes;
pub mod scope;
pub mod serve;
mod sign_in;
pub mod sweep;
pub mod view;

pub use cx::Cx;
pub use request::Payload;
pub use routes::{OpenTo, Reply, Routes, RowEvent, When};
pub use serve::serve;
