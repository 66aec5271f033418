//! report-generate: one honest page on how a workspace stands, for one reader, in which every figure can be proven.
//!
//! - [`routes`]: the ways in; load, decide, save.
//! - [`snapshot`]: what the reader may see, when, and how it was in their last report.
//! - [`facts`], [`changes`]: what follows from that.
//! - [`statements`], [`output`]: what is said of it, typed.
//! - [`markdown`], [`english`], [`german`], [`block`], [`chart`], [`text`]: how it is written.
//! - [`prose`]: what a model has written of it, if each of its words follows from the statements.
//! - [`verify`]: whether a stored report follows from its snapshot.
//!
//! - [`writer`]: asks a model for the verdict's sentences, where that is allowed.
//!
//! All but the routes and the writer are pure.

pub mod block;
pub mod changes;
pub mod chart;
mod english;
pub mod facts;
mod german;
pub mod markdown;
pub mod moment;
pub mod output;
pub mod prose;
mod routes;
pub mod snapshot;
pub mod statements;
pub mod text;
pub mod verify;
pub mod writer;

use std::sync::LazyLock;

use domain::rows::TokenScope;
use openruntimes::{Context, Response};
use platform::{OpenTo, Routes, When};

/// Every way in.
pub static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("report-generate")
        .post(
            "/",
            OpenTo::UsersAndTokens(TokenScope::Write),
            routes::create,
        )
        .post(
            "/verify",
            OpenTo::UsersAndTokens(TokenScope::Read),
            routes::verify,
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
