//! The routes of everything but rows, below the name of a database.

use crate::schema::state::Schema;
use crate::schema::{columns, databases, indexes, tables};
use crate::wire::{Call, Reply};

pub(crate) fn route(state: &Schema, call: &Call, segments: &[&str]) -> Option<Reply> {
    columns::route(state, call, segments)
        .or_else(|| indexes::route(state, call, segments))
        .or_else(|| tables::route(state, call, segments))
        .or_else(|| databases::route(&state.store, call, segments))
}
