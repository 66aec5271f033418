//! Functions over real HTTP: who may run them, what starts them, what they get to see; and who people are.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod deployments;
mod domain;
mod editions;
mod events;
mod executions;
mod faults;
mod pages;
mod project;
mod strict;
mod teams;
mod world;
