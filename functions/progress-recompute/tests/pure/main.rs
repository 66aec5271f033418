//! The pure core against tables, an oracle of its own, brute force and a simulated schedule.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

mod converge;
mod explain;
mod oracle;
mod recompute;
mod script;
