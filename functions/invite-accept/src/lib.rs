//! invite-accept: lets the invited person, and nobody else, join an organisation and a workspace, once.
//!
//! - [`accept`]: who may, and what is left to do. Pure.
//! - [`join`]: the routes; load, decide, save.
//! - [`others`]: the same person's other invites, which end with the first that is accepted.
//! - [`sweep`]: the cron: expires what is past its date, completes what a crash left behind, revokes what a member needs no
//!   more.
//!
//! It sends no mail and makes no tokens: who invites does both.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod accept;
mod join;
mod others;
mod sweep;

use std::sync::LazyLock;

use openruntimes::{Context, Response};
use platform::{OpenTo, Routes};

/// Every way in. None takes a personal access token: an invite is for a person.
pub static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("invite-accept")
        .post("/", OpenTo::Users, join::accept)
        .post("/preview", OpenTo::Users, join::preview)
        .post("/request", OpenTo::Users, join::request)
        .sweep(sweep::sweep)
});

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    platform::serve(context, &ROUTES)
}
