//! Databases, tables, columns and indexes: how they are described, made and changed, and whether values fit them. Not
//! the rows.

pub(crate) mod catalog;
pub(crate) mod changes;
pub(crate) mod column;
mod columns;
mod databases;
mod indexes;
mod state;
pub(crate) mod structure;
mod tables;

use crate::wire::{Call, Reply};

pub(crate) use self::state::Schema;

pub(crate) fn route(state: &Schema, call: &Call, segments: &[&str]) -> Option<Reply> {
    columns::route(state, call, segments)
        .or_else(|| indexes::route(state, call, segments))
        .or_else(|| tables::route(state, call, segments))
        .or_else(|| databases::route(&state.store, call, segments))
}
