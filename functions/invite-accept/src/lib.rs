//! invite-accept: lets the invited person, and nobody else, join an organisation and a workspace, once.
//!
//! - [`routes`]: the ways in; load, decide, save.
//! - [`accept`]: who may, and what comes next, step by step. Pure.
//! - [`state`]: what that follows from. Pure.
//! - [`mark`]: which memberships the completion mark stands on, and which must not stand beside it. Pure.
//! - [`reads`], [`writes`]: how a step is carried out.
//! - [`sweep`]: what the cron completes, expires and revokes.
//!
//! It sends no mail and makes no tokens: who invites does both.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod accept;
pub mod mark;
mod reads;
mod routes;
pub mod state;
mod sweep;
mod writes;

use std::sync::LazyLock;

use openruntimes::{Context, Response};
use platform::{OpenTo, Routes};

/// Every way in. None takes a personal access token: an invite is for a person.
pub static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("invite-accept")
        .post("/", OpenTo::Users, routes::accept)
        .post("/preview", OpenTo::Users, routes::preview)
        .post("/request", OpenTo::Users, routes::request)
        .sweep(routes::sweep)
});

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    platform::serve(context, &ROUTES)
}
