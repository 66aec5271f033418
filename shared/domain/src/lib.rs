//! The vocabulary of the ValYouRise functions. Pure: it knows neither server nor network nor clock.
//!
//! - [`rows`], [`columns`]: the eleven tables as types, and the columns that a type asks for.
//! - [`document`]: what the JSON columns hold.
//! - [`ids`], [`time`], [`email`], [`token`]: values that are right once they are there.
//! - [`privacy`]: who may see what.
//! - [`failure`]: the one failure of every function.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod columns;
pub mod document;
pub mod email;
pub mod failure;
pub mod ids;
pub mod privacy;
pub mod rows;
pub mod time;
pub mod token;

pub use failure::{Code, Detail, Failure};
