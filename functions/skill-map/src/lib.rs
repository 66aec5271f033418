//! skill-map: who can, who should, who wants, who is free, and why not.
//!
//! - [`routes`]: the ways in; load, decide, save.
//! - [`map`]: what follows from items, and what of it others may see.
//! - [`proposals`]: what a language model may propose for titles that name no skill; [`question`]: how it is asked.
//! - [`suggest`]: who could take an item, and who could not, and why.
//! - [`write`]: what a member writes and confirms.
//! - [`documents`]: what the columns of member_skills hold.
//! - [`matching`], [`outcomes`], [`likeness`], [`vocabulary`], [`words`]: which skills of the closed vocabulary a text names
//!   or asks for.
//!
//! All but the routes and the question are pure.

pub mod documents;
pub mod likeness;
pub mod map;
pub mod matching;
pub mod outcomes;
pub mod proposals;
pub mod question;
mod routes;
pub mod suggest;
pub mod vocabulary;
pub mod words;
pub mod write;

use std::sync::LazyLock;

use domain::rows::TokenScope;
use openruntimes::{Context, Response};
use platform::{OpenTo, Routes};

/// Every way in.
pub static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    let read = OpenTo::UsersAndTokens(TokenScope::Read);
    let write = OpenTo::UsersAndTokens(TokenScope::Write);
    Routes::new("skill-map")
        .post("/", write, routes::refresh_maps)
        .get("/", read, routes::matrix)
        .post("/suggest", read, routes::suggest_members)
        .put("/", write, routes::put)
        .post("/confirm", write, routes::confirm_skills)
        .sweep(routes::sweep)
});

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    platform::serve(context, &ROUTES)
}
