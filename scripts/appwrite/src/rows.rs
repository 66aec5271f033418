//! Rows: reading, writing and finding them, permissions, transactions, and the routes of databases under both of their
//! names.

mod bulk;
mod change;
mod commit;
pub(crate) mod events;
mod naming;
mod operation;
mod operators;
mod overlay;
mod permissions;
mod plan;
mod routes;
mod row;
mod search;
mod single;
mod staging;
mod state;
pub(crate) mod transaction;
mod transactions;

pub(crate) use self::routes::route;
pub(crate) use self::state::Rows;
