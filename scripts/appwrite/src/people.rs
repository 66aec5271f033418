//! Users, their sessions and tokens, and the teams that they belong to.

mod account;
mod membership;
mod routes;
mod teams;
mod user;
mod users;

pub(crate) use self::routes::route;
