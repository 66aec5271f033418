//! What holds of every map and every suggestion, tried on random workspaces. No server, no clock.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod hostile;
mod properties;
mod proposals;
mod workspace;
