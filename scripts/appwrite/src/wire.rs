//! What comes in and what goes back, in words: calls and who makes them, answers, refusals, events, and how parameters
//! and queries are read. Nothing here knows what is stored. Bytes become these words in [`crate::server`].

pub(crate) mod actor;
pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod id;
pub(crate) mod parameters;
pub(crate) mod query;
pub(crate) mod socket;
pub(crate) mod value;

pub(crate) use self::actor::{Actor, Scopes};
pub(crate) use self::answer::{Answer, Content, Reply};
pub(crate) use self::call::{Call, Headers};
pub(crate) use self::error::{Error, NO_ROUTE};
pub(crate) use self::parameters::Body;
