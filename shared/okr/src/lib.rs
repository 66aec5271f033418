//! The arithmetic of progress, over the live items of one workspace. Pure: it reads no row and knows no reader.
//!
//! - [`recompute`]: what every item should show.
//! - [`explain`]: why a number is what it is.
//! - [`forest`]: the same before rounding, for who tells what moved a number.
//! - [`tree`], [`group`], [`fraction`]: who counts where, the actions under one item, and the arithmetic.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod explain;
pub mod forest;
mod fraction;
pub mod group;
pub mod recompute;
pub mod tree;
