//! scrape-enrich: reads an organisation's own website and proposes a profile with evidence for every value.
//!
//! - [`jobs`]: the routes; load, decide, save.
//! - [`crawl`], [`fetch`], [`guard`], [`robots`]: which pages are read, and how without harm.
//! - [`extract`], [`page`]: what they say. Pure.
//! - [`apply`]: what of it goes to the organisation. Pure.
//! - [`profile`]: the document in between.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod apply;
pub mod crawl;
mod effort;
pub mod extract;
pub mod fetch;
pub mod guard;
mod jobs;
mod markup;
pub mod page;
pub mod profile;
pub mod robots;
mod slice;

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
