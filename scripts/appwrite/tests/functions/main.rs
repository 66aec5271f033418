//! Functions over real HTTP: who may run them, what starts them, what they get to see.

mod domain;
mod events;
mod executions;
mod world;
