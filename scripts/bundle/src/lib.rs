//! Every function of the bundle. The host, the tests, doctor and the tables walk over this list, which is made of the
//! dependencies in this crate's Cargo.toml.

use openruntimes::{Context, Response};
use platform::Routes;

/// What the platform calls, and the ways in.
#[derive(Clone, Copy)]
pub struct Function {
    pub main: fn(Context) -> Response,
    pub routes: fn() -> &'static Routes,
}

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

/// The ways into every function.
pub fn routes() -> impl Iterator<Item = &'static Routes> {
    FUNCTIONS.iter().map(|function| (function.routes)())
}

impl Function {
    pub fn name(&self) -> &'static str {
        (self.routes)().function()
    }
}
