//! scrape-enrich: reads an organisation's own website and proposes a profile with evidence for every value.
//!
//! - [`routes`]: the ways in; load, decide, save.
//! - [`crawl`], [`fetch`], [`guard`], [`robots`]: which pages are read, and how without harm.
//! - [`reader`], and the crate [`extraction`] behind it: what they say, found out in a process of its own.
//! - [`pointers`]: asks a language model where the pages state it, for who has opted in.
//! - [`apply`]: what of it goes to the organisation. Pure.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod apply;
pub mod crawl;
pub mod fetch;
pub mod guard;
pub mod pointers;
pub mod reader;
pub mod robots;
mod routes;

use std::sync::LazyLock;

use domain::rows::TokenScope;
use openruntimes::{Context, Response};
use platform::{OpenTo, Routes, When};

/// Every way in.
pub static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("scrape-enrich")
        .post(
            "/",
            OpenTo::UsersAndTokens(TokenScope::Admin),
            routes::create,
        )
        .post(
            "/apply",
            OpenTo::UsersAndTokens(TokenScope::Admin),
            routes::apply_fields,
        )
        .post(
            "/cancel",
            OpenTo::UsersAndTokens(TokenScope::Write),
            routes::cancel,
        )
        .event(When::Created, routes::on_created)
        .sweep(routes::sweep)
});

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    platform::serve(context, &ROUTES)
}
