//! Asks a language model behind any server that speaks OpenAI's chat completions. It knows no function and no page.
//!
//! - [`ask`]: one question, at most four calls, one answer of the caller's own type or the reason why there is none.
//! - [`consent`]: without an organisation that has opted in nothing can be asked.
//! - [`prompt`], [`schema`]: what is asked, and in which shape the answer has to come.
//! - [`usage`]: whose model, how long, how often a day, and what is written down of it.
//! - [`reply`]: what the answers of many servers mean. `request` and `transport`: how a question gets there.
//!
//! Whatever a model says is text that somebody else wrote. Who asks has to prove each of its words before any counts;
//! this crate proves nothing. Only functions that ask compile it.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod ask;
pub mod consent;
pub mod prompt;
pub mod reply;
mod request;
pub mod schema;
mod transport;
pub mod usage;

pub use ask::{Asked, Model, NoAnswer, Spent};
pub use consent::Consent;
pub use prompt::Prompt;
pub use usage::Usage;
