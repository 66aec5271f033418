//! One project of an Appwrite server, from outside and with its key: what `appwrite.json` describes, and what brings the
//! server to it. Whoever works on a project does it by this crate: the tool, the worlds of the tests, the gates.
//!
//! - [`Client`]: its API, as anybody; [`Target`]: with the key, asked again and explained; [`rows`]: the functions' own.
//! - [`Description`]: the file.
//! - [`schema`]: databases, tables, columns, indexes and functions.
//! - [`vars`]: the functions' variables.
//! - [`upload`]: what a function is built from, packed.
//!
//! It starts nothing, prints nothing and knows no function.

mod client;
pub mod description;
pub mod schema;
mod target;
pub mod upload;
pub mod vars;

pub use self::client::{rows, Answer, Client, Credential, Request};
pub use self::description::Description;
pub use self::target::{Failure, Target};
