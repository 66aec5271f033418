//! The domain crate of the ValYouRise functions: their vocabulary and their doors.
//!
//! - [`serve`]: the one door. Every function's `main` is `shared::serve(context, routes)`.
//! - [`cx`]: what a handler gets: who calls, rows, clock, ids.
//! - [`job`]: claim, fenced write, finish and fail of scrape_jobs and reports.
//! - [`appwrite`]: the small Appwrite client.
//! - [`access`], [`privacy`]: who may do what, and see what.
//! - [`view`]: the only type that reads items for a person.
//! - [`rows`], [`ids`], [`time`], [`failure`]: the words.
//!
//! It knows no function; it is not an SDK for Appwrite in general.

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
pub mod privacy;
pub mod rows;
pub mod serve;
mod sign_in;
pub mod time;
pub mod token;
pub mod view;

pub use cx::Cx;
pub use failure::{Code, Failure};
pub use serve::{serve, Reply, Routes};
