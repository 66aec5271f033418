//! Users, their sessions and tokens, and the teams that they belong to.

mod account;
mod membership;
mod teams;
mod user;
mod users;

use crate::access::Access;
use crate::storage::Store;
use crate::wire::{Call, Reply};

pub(crate) fn route(store: &Store, access: &Access, call: &Call) -> Option<Reply> {
    match call.segments().as_slice() {
        ["users", rest @ ..] => users::route(store, access, call, rest),
        ["teams", rest @ ..] => teams::route(store, call, rest),
        ["account", rest @ ..] => account::route(store, access, call, rest),
        _ => None,
    }
}
