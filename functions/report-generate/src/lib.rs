//! report-generate: one honest page on how a workspace stands, for one reader, in which every figure can be proven.
//!
//! - [`routes`]: the ways in; load, decide, save.
//! - [`snapshot`]: what the reader may see, when, and how it was in their last report.
//! - [`facts`], [`changes`]: what follows from that.
//! - [`statements`]: what is said of it, typed.
//! - [`markdown`], [`english`], [`german`], [`text`]: how it is written.
//! - [`verify`]: whether a stored report follows from its snapshot.
//!
//! All but the routes are pure.

pub mod changes;
mod english;
pub mod facts;
mod german;
pub mod markdown;
pub mod moment;
mod routes;
pub mod snapshot;
pub mod statements;
pub mod text;
pub mod verify;

use openruntimes::{Context, Response};
use shared::rows::TokenScope;
use shared::Routes;

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    shared::serve(context, &routes())
}

/// Every way in.
pub fn routes() -> Routes {
    Routes::new("report-generate")
        .post("/", routes::create)
        .with_token(TokenScope::Write)
        .post("/verify", routes::verify)
        .with_token(TokenScope::Read)
        .post("/cancel", routes::cancel)
        .with_token(TokenScope::Write)
        .event("reports", "create", routes::on_created)
        .sweep(routes::sweep)
}
