//! progress-recompute: keeps the progress of every item right, whatever happens to the events.
//!
//! - [`routes`]: the ways in; load, decide, save.
//! - [`board`]: what a browser gets of a workspace. Pure.
//! - [`workspace`]: one workspace listed, recomputed, written. [`cache`]: how an event that changed nothing costs little.
//!
//! What every item should show, and why, is decided in [`okr`].

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod board;
pub mod cache;
mod routes;
mod workspace;

use std::sync::LazyLock;

use domain::rows::TokenScope;
use openruntimes::{Context, Response};
use platform::{OpenTo, Routes, When};

/// Every way in.
pub static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("progress-recompute")
        .post(
            "/",
            OpenTo::UsersAndTokens(TokenScope::Admin),
            routes::recompute,
        )
        .get(
            "/explain",
            OpenTo::UsersAndTokens(TokenScope::Read),
            routes::explain,
        )
        .get(
            "/items",
            OpenTo::UsersAndTokens(TokenScope::Read),
            routes::items,
        )
        .get(
            "/item",
            OpenTo::UsersAndTokens(TokenScope::Read),
            routes::item,
        )
        .event(When::Written, routes::on_written)
        .sweep(routes::sweep)
});

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    platform::serve(context, &ROUTES)
}
