//! Who may do what in an organisation. Keys bypass every permission of Appwrite's, so all checks are here.

use crate::appwrite::{is_admin, Query, Stored, TeamMembership};
use crate::cx::Cx;
use crate::failure::{Code, Failure};
use crate::ids::{OrganizationId, UserId, WorkspaceId};
use crate::rows::{Organization, Workspace, WorkspaceMembership, WorkspaceRole};

/// The organisation, if the user administers it: a confirmed membership of its team as `owner` or `admin`.
///
/// # Errors
/// `not_found` alike for an organisation that does not exist and for one the user does not belong to; `not_allowed` for
/// a member who is no admin; `archived`.
pub async fn organization_admin(
    cx: &Cx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Stored<Organization>, Failure> {
    let Some(stored) = cx.rows.find::<Organization>(organization).await? else {
        return Err(Failure::not_found("organisation"));
    };
    let memberships = cx.rows.team_memberships(&stored.row.team_id, user).await?;
    may_administer(&stored.row, user, &memberships)?;
    Ok(stored)
}

/// Refuses what a user would change of something that is theirs, in an organisation that is archived. For where no role
/// is asked for; an organisation that is gone is not archived.
///
/// # Errors
/// `archived`.
pub async fn not_archived(cx: &Cx, organization: &OrganizationId) -> Result<(), Failure> {
    match cx.rows.find::<Organization>(organization).await? {
        Some(stored) => is_open(&stored.row),
        None => Ok(()),
    }
}

/// What a user is in a workspace whose organisation they belong to.
#[derive(Debug)]
pub struct InWorkspace {
    pub workspace: Stored<Workspace>,
    pub organization_admin: bool,
    /// None without an active membership of the workspace.
    role: Option<WorkspaceRole>,
}

/// The workspace, for a user with an active membership of it or an organisation admin, each with a confirmed membership
/// of the organisation's team.
///
/// # Errors
/// `not_found` alike for a workspace that does not exist and for one the user has nothing to do with; `archived` if the
/// workspace or its organisation is.
pub async fn workspace(
    cx: &Cx,
    workspace: &WorkspaceId,
    user: &UserId,
) -> Result<InWorkspace, Failure> {
    let nothing = || Failure::not_found("workspace");
    let workspace = cx
        .rows
        .find::<Workspace>(workspace)
        .await?
        .ok_or_else(nothing)?;
    let organization = cx
        .rows
        .find::<Organization>(&workspace.row.organization_id)
        .await?;
    let organization = organization.ok_or_else(nothing)?;
    let team = cx
        .rows
        .team_memberships(&organization.row.team_id, user)
        .await?;
    if !team.iter().any(|membership| membership.is_of(user)) {
        return Err(nothing());
    }
    let own = [
        Query::equal("workspaceId", [workspace.id.as_ref()]),
        Query::equal("userId", [user.as_ref()]),
    ];
    let own = cx.rows.all::<WorkspaceMembership>(&own).await?;
    cx.note_unreadable(&own);
    let own = own.rows;
    let organization_admin = administers(user, &team);
    let role = role(
        &workspace,
        user,
        own.iter().map(|membership| &membership.row),
    );
    if role.is_none() && !organization_admin {
        return Err(nothing());
    }
    if workspace.row.archived_at.is_some() || organization.row.archived_at.is_some() {
        return Err(Failure::new(
            Code::Archived,
            "The workspace or its organisation is archived. Restore it first.",
        ));
    }
    Ok(InWorkspace {
        workspace,
        organization_admin,
        role,
    })
}

/// The highest role of the user's active memberships.
fn role<'a>(
    workspace: &Stored<Workspace>,
    user: &UserId,
    memberships: impl Iterator<Item = &'a WorkspaceMembership>,
) -> Option<WorkspaceRole> {
    memberships
        .filter(|membership| {
            membership.active
                && membership.user_id == *user
                && membership.workspace_id == workspace.id
                && membership.organization_id == workspace.row.organization_id
        })
        .map(|membership| membership.role)
        .min()
}

impl InWorkspace {
    /// # Errors
    /// `not_allowed` without an active membership of the workspace.
    pub fn member(&self) -> Result<(), Failure> {
        match self.role {
            Some(WorkspaceRole::Admin | WorkspaceRole::User) => Ok(()),
            None => Err(Failure::new(
                Code::NotAllowed,
                "Only active members of the workspace can do this. Join it first.",
            )),
        }
    }

    /// # Errors
    /// `not_allowed` for anybody but admins of the workspace and of its organisation.
    pub fn admin(&self) -> Result<(), Failure> {
        match self.role {
            Some(WorkspaceRole::Admin) => Ok(()),
            _ if self.organization_admin => Ok(()),
            Some(WorkspaceRole::User) | None => Err(Failure::new(
                Code::NotAllowed,
                "Only an admin of the workspace or of its organisation can do this. Ask one of them.",
            )),
        }
    }
}

/// Whether one of the memberships makes the user an admin of the team's organisation.
pub fn administers(user: &UserId, memberships: &[TeamMembership]) -> bool {
    memberships.iter().any(|membership| {
        membership.is_of(user) && membership.roles.iter().any(|role| is_admin(role))
    })
}

fn may_administer(
    organization: &Organization,
    user: &UserId,
    memberships: &[TeamMembership],
) -> Result<(), Failure> {
    if !memberships.iter().any(|membership| membership.is_of(user)) {
        return Err(Failure::not_found("organisation"));
    }
    if !administers(user, memberships) {
        return Err(Failure::new(
            Code::NotAllowed,
            "Only an owner or admin of the organisation can do this. Ask one of them.",
        ));
    }
    is_open(organization)
}

fn is_open(organization: &Organization) -> Result<(), Failure> {
    match organization.archived_at {
        None => Ok(()),
        Some(_) => Err(Failure::new(
            Code::Archived,
            "The organisation is archived. Restore it before you change anything.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::rows::PrivacyMode;
    use crate::time::Timestamp;

    fn organization(archived: bool) -> Organization {
        Organization {
            name: "Acme".to_owned(),
            slug: "acme".to_owned(),
            team_id: Id::parse("team").unwrap(),
            created_by_user_id: Id::parse("ada").unwrap(),
            default_privacy_mode: PrivacyMode::Open,
            industry: None,
            website: None,
            customer_names: None,
            revenue_amount: None,
            revenue_currency: None,
            revenue_period: None,
            employee_count_min: None,
            employee_count_max: None,
            address_street: None,
            address_postal_code: None,
            address_city: None,
            address_country: None,
            ai_enrichment_opt_in: false,
            last_enriched_at: None,
            last_enrichment_source: None,
            archived_at: archived.then(|| Timestamp::parse("2026-01-01T00:00:00Z").unwrap()),
        }
    }

    #[track_caller]
    fn check(memberships: &[(&str, bool, &[&str])], archived: bool, expect: Result<(), Code>) {
        let memberships: Vec<TeamMembership> = memberships
            .iter()
            .map(|(user, confirm, roles)| TeamMembership {
                id: Id::parse("m1").unwrap(),
                user_id: (*user).to_owned(),
                confirm: *confirm,
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            })
            .collect();
        let user = UserId::parse("ada").unwrap();
        let found = may_administer(&organization(archived), &user, &memberships);
        assert_eq!(found.map_err(|failure| failure.code), expect);
    }

    #[test]
    fn only_a_confirmed_owner_or_admin_administers() {
        check(&[("ada", true, &["owner"])], false, Ok(()));
        check(&[("ada", true, &["member", "admin"])], false, Ok(()));
        check(&[("ada", true, &["member"])], false, Err(Code::NotAllowed));
        check(&[("ada", false, &["owner"])], false, Err(Code::NotFound));
        check(&[("bob", true, &["owner"])], false, Err(Code::NotFound));
        check(&[], false, Err(Code::NotFound));
        check(&[("ada", true, &["owner"])], true, Err(Code::Archived));
        check(&[], true, Err(Code::NotFound));
    }
}
