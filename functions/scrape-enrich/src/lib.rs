//! scrape-enrich: reads an organisation's own website and proposes a profile with evidence for every value.
//!
//! - [`jobs`]: the routes; load, decide, save.
//! - [`crawl`], [`fetch`], [`guard`], [`robots`]: which pages are read, and how without harm.
//! - [`reader`], and the crate [`extraction`] behind it: what they say, found out in a process of its own.
//! - [`apply`]: what of it goes to the organisation. Pure.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod apply;
pub mod crawl;
pub mod fetch;
pub mod guard;
mod jobs;
pub mod reader;
pub mod robots;

use openruntimes::{Context, Response};
use shared::rows::TokenScope;
use shared::Routes;

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    shared::serve(context, &routes())
}

/// Every way in.
pub fn routes() -> Routes {
    Routes::new("scrape-enrich")
        .post("/", jobs::create)
        .with_token(TokenScope::Admin)
        .post("/apply", jobs::apply_fields)
        .with_token(TokenScope::Admin)
        .post("/cancel", jobs::cancel)
        .with_token(TokenScope::Write)
        .event("scrape_jobs", "create", jobs::on_created)
        .sweep(jobs::sweep)
}
