//! Functions: their settings, code, domains and processes, and each of their runs, by a caller, an event or the time.

pub(crate) mod cron;
pub(crate) mod delivery;
pub(crate) mod deployments;
mod environment;
pub(crate) mod executions;
mod function;
mod multipart;
mod project;
mod routes;
pub(crate) mod rules;
mod runtime;
mod schedule;
mod scopes;
mod settings;
mod state;
mod subscriptions;
mod variables;

pub(crate) use self::routes::route;
pub(crate) use self::state::Functions;
