//! Feeds mutated input to everything that reads what strangers write, and asks what must always hold.
//!
//! - [`targets`]: what is fed, and what must hold.
//! - [`seeds`]: the inputs that mutations begin with.
//! - [`mutate`]: how one becomes another; each case follows from its seed alone.
//! - [`run`]: a fixed number of cases, one case again, or as many as fit into the time.
//!
//! No coverage guides it: cases are made from the tokens that the readers look for, which a stable compiler can do too.

pub mod mutate;
pub mod run;
pub mod seeds;
pub mod targets;
