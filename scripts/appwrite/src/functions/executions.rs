//! Executions: one run of a function each, by a caller, an event or the time. Decides what the function gets to see and
//! what is stored of it; the process is [`crate::functions::runtime`]'s.

mod asked;
mod job;
mod record;
mod route;
mod run;

pub(crate) use self::route::route;
pub(crate) use self::run::{on_domain, on_event, resume, scheduled, DomainRequest};
