//! A small Appwrite client: what the functions need, safe to use by construction.
//!
//! - Rows are read by list, never by GET: a GET can stay stale for a day after somebody's transaction.
//! - A row that exists is changed by a PATCH guarded with the version that was listed ([`Version`]); of any number of
//!   writers one wins. A version that is still to come by the server's clock ([`Clock`]) is waited for, never sent. Only columns that differ are sent, and nothing is sent when none does.
//! - A row is created under an id that the caller derives, so that a second try finds the first.
//! - Text that Appwrite may take for an operator is not sent: only a [`document`] begins with a brace.
//! - Something is deleted only to take back what was made by mistake: a row as it was listed, one membership by its id.
//! - Every request here is safe to repeat, so all are retried (bounded, with jitter, within the execution's deadline);
//!   where an answer was lost, the row is listed and tells who won.
//!
//! It is not a general SDK: no upsert, no bulk update, no transactions, because the functions must not use them.

mod client;
mod clock;
mod error;
mod people;
mod query;
mod row;
mod rows;

pub use self::client::{Appwrite, Connection};
pub use self::clock::Clock;
pub use self::error::AppwriteError;
pub(crate) use self::people::is_admin;
pub use self::people::{Account, JoinedTeam, TeamMember, TeamMembership};
pub use self::query::Query;
pub use self::row::{Change, CreateOutcome, PatchOutcome, RowPage, StoredRow, Version};
pub use self::rows::MOST_COUNTED;
