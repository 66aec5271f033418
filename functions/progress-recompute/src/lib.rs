//! progress-recompute: keeps the progress of every item right, whatever happens to the events.
//!
//! - [`recompute`]: what every item should show. Pure.
//! - [`explain`]: why a number is what it is. Pure.
//! - [`tree`], [`group`], [`fraction`]: who counts where, the actions under one item, and the arithmetic. Pure.

pub mod explain;
mod fraction;
mod group;
pub mod recompute;
pub mod tree;
