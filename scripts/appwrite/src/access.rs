//! Who is calling: from the headers of a call to the actor that it is made by, and the tokens that say so. Not what the
//! actor may do with a thing: that is asked where it is done.

mod caller;
mod token;

pub(crate) use self::caller::{secret_hash, Access, Asker};
