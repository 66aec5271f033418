//! progress-recompute: keeps the progress of every item right, whatever happens to the events.
//!
//! - [`handlers`]: the ways in. [`workspace`]: one workspace listed, recomputed, written. [`turns`]: how
//!   events share that. [`memory`]: how an event that changed nothing costs little.
//! - [`recompute`]: what every item should show. Pure.
//! - [`explain`]: why a number is what it is. Pure.
//! - [`tree`], [`group`], [`fraction`]: who counts where, the actions under one item, and the arithmetic. Pure.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod explain;
mod fraction;
mod group;
mod handlers;
pub mod memory;
pub mod recompute;
pub mod tree;
mod turns;
mod workspace;

use openruntimes::{Context, Response};
use shared::rows::TokenScope;
use shared::Routes;

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    shared::serve(context, &routes())
}

/// Every way in.
pub fn routes() -> Routes {
    Routes::new("progress-recompute")
        .post("/", handlers::recompute)
        .with_token(TokenScope::Admin)
        .get("/explain", handlers::explain)
        .with_token(TokenScope::Read)
        .every_event("okr_items", handlers::on_changed)
        .sweep(handlers::sweep)
}
