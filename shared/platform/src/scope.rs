//! Which rows belong together.

use domain::ids::{OrganizationId, WorkspaceId};
use domain::rows::{Workspace, WorkspaceMembership};

use crate::appwrite::{AppwriteError, Query, RowPage, StoredRow};
use crate::cx::Cx;

/// A workspace, and the organisation that its rows have to belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    pub organization: OrganizationId,
    pub workspace: WorkspaceId,
}

impl From<&StoredRow<Workspace>> for Scope {
    fn from(workspace: &StoredRow<Workspace>) -> Self {
        Self {
            organization: workspace.row.organization_id.clone(),
            workspace: workspace.id.clone(),
        }
    }
}

impl Scope {
    /// Rows of the workspace.
    pub fn queries(&self) -> Vec<Query> {
        vec![
            Query::equal("workspaceId", [self.workspace.as_ref()]),
            Query::equal("organizationId", [self.organization.as_ref()]),
        ]
    }

    /// Those that are not deleted, in a table whose rows are kept when they are.
    pub fn live(&self) -> Vec<Query> {
        let mut queries = self.queries();
        queries.push(Query::is_null("deletedAt"));
        queries
    }

    /// Who belongs, or belonged, to the workspace. Rows that cannot be read are told in the log and are missing.
    ///
    /// # Errors
    /// Of Appwrite's only.
    pub async fn memberships(&self, cx: &Cx) -> Result<Vec<WorkspaceMembership>, AppwriteError> {
        let page: RowPage<WorkspaceMembership> = cx.rows.all(&self.queries()).await?;
        cx.note_unreadable(&page);
        Ok(page.rows.into_iter().map(|stored| stored.row).collect())
    }
}
