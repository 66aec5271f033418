//! What the handlers of rows work on.

use std::sync::Arc;

use crate::faults::commits::Commits;
use crate::faults::reads::Stale;
use crate::rows::events::Events;
use crate::rows::row::Row;
use crate::schema::Schema;
use crate::storage::Store;

/// Scopes, any of which is enough.
pub(crate) const READ: &[&str] = &["rows.read", "documents.read"];
pub(crate) const WRITE: &[&str] = &["rows.write", "documents.write"];

/// Database and table of a path.
pub(crate) type Place<'a> = (&'a str, &'a str);

pub(crate) struct Rows {
    pub(crate) store: Arc<Store>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) stale: Stale<Row>,
    pub(crate) commits: Commits,
    pub(crate) events: Events,
}
