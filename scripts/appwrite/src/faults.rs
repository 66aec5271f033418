//! What tests want to go wrong: requests of functions, by plan or by storm; events; reads after a commit; tables that
//! several make at once. Whoever serves asks here what is to go wrong, so that this lies below all of them.

pub(crate) mod commits;
pub(crate) mod events;
mod fault;
pub(crate) mod log;
pub(crate) mod reads;
pub(crate) mod requests;
mod storm;
pub(crate) mod tables;

pub use self::events::Disorder;
pub use self::fault::{Fault, Nth, Requests, When};
pub use self::reads::StaleReads;
pub use self::storm::Storm;
