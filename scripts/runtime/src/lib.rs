//! Appwrite's `rust-1.83` runtime on this machine, without a container: what builds a function from an uploaded
//! workspace, and what serves one.
//!
//! - [`serve`]: the contract between a function and whoever asks it.
//! - [`build`]: from an upload to a program, in the steps of the real runtime.
//!
//! It knows neither Appwrite nor any function.

pub mod build;
pub mod serve;
