//! progress-recompute: keeps the progress of every item right, whatever happens to the events.
//!
//! - [`handlers`]: the ways in. [`workspace`]: one workspace listed, recomputed, written. [`turns`]: how
//!   events share that. [`memory`]: how an event that changed nothing costs little.
//!
//! What every item should show, and why, is decided in [`okr`].

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

mod handlers;
pub mod memory;
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
