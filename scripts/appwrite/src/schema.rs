//! Databases, tables, columns and indexes: how they are described, made and changed, and whether values fit them. Not
//! the rows.

pub(crate) mod catalog;
pub(crate) mod changes;
pub(crate) mod column;
mod columns;
mod databases;
mod indexes;
mod routes;
mod state;
pub(crate) mod structure;
mod tables;

pub(crate) use self::routes::route;
pub(crate) use self::state::Schema;
