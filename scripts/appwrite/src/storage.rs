//! The SQLite file under everything, the records in it, and what lies beside it in the folder. Nothing here knows what
//! the records are about.

mod collation;
pub(crate) mod key;
pub(crate) mod listing;
pub(crate) mod records;
mod store;

pub(crate) use self::collation::{folded, identity, BLIND};
pub(crate) use self::listing::Queries;
pub(crate) use self::records::Kind;
pub(crate) use self::store::Store;
