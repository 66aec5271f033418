//! Which rows belong together.

use domain::ids::{OrganizationId, WorkspaceId};

/// A workspace, and the organisation that its rows have to belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Scope {
    pub(crate) organization: OrganizationId,
    pub(crate) workspace: WorkspaceId,
}
