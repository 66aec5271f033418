//! The domain crate of the ValYouRise functions: their vocabulary and their doors.
//!
//! - [`serve`]: the one door. Every function's `main` is `shared::serve(context, routes)`.
//! - [`cx`]: what a handler gets: who calls, rows, clock, ids.
//! - [`job`]: claim, fenced write, finish and fail of scrape_jobs and reports. [`sweep`]: the cron's turn.
//! - [`appwrite`]: the small Appwrite client.
//! - [`access`], [`privacy`]: who may do what, and see what.
//! - [`view`]: the only type that reads items for a person.
//! - [`rows`], [`ids`], [`time`], [`failure`]: the words.
//!
//! It knows no function; it is not an SDK for Appwrite in general.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod access;
pub mod activity;
pub mod appwrite;
pub mod caller;
pub mod config;
pub mod cx;
pub mod email;
pub mod failure;
pub mod ids;
pub mod job;
mod panics;
pub mod privacy;
mod request;
pub mod rows;
pub mod serve;
mod sign_in;
pub mod sweep;
pub mod time;
pub mod token;
pub mod view;

pub use cx::Cx;
pub use failure::{Code, Detail, Failure};
pub use request::Payload;
pub use serve::{serve, Reply, Routes};
