//! Who may do what in an organisation. Keys bypass every permission of Appwrite's, so all checks are here.

use std::future::Future;

use domain::ids::{ItemId, OrganizationId, UserId, WorkspaceId};
use domain::rows::{OkrItem, Organization, Row, Workspace, WorkspaceMembership, WorkspaceRole};
use domain::{Code, Failure};
use serde::{Deserialize, Serialize};

use crate::appwrite::{is_admin, Query, StoredRow, TeamMembership};
use crate::cx::Cx;

/// Who may take a route with this request: checked by the door before the handler runs, which gets what was found out.
/// So there is no handler that has not said who may.
pub trait Access<Request>: Sized + Send + 'static {
    /// Who that is, for tables of routes.
    const WHO: &'static str;

    /// # Errors
    /// Why the caller may not. Of what they may not know of it says what is said of things that do not exist.
    fn check(cx: &Cx, request: &Request) -> impl Future<Output = Result<Self, Failure>> + Send;
}

/// A request about an organisation.
pub trait OfOrganization: Sync {
    fn organization(&self) -> &OrganizationId;
}

/// A request about a workspace.
pub trait OfWorkspace: Sync {
    fn workspace(&self) -> &WorkspaceId;
}

/// A request about an item.
pub trait OfItem: Sync {
    fn item(&self) -> &ItemId;
}

/// Anybody who is signed in; the handler decides by what the request shows.
#[derive(Debug)]
pub struct SignedIn {
    pub user: UserId,
}

impl<R: Sync> Access<R> for SignedIn {
    const WHO: &'static str = "signed-in user";

    async fn check(cx: &Cx, _request: &R) -> Result<Self, Failure> {
        let user = cx.user()?.clone();
        Ok(Self { user })
    }
}

/// An admin of the organisation: a confirmed membership of its team as `owner` or `admin`.
#[derive(Debug)]
pub struct OrganizationAdmin {
    pub user: UserId,
    pub organization: StoredRow<Organization>,
}

impl<R: OfOrganization> Access<R> for OrganizationAdmin {
    const WHO: &'static str = "organisation admin";

    async fn check(cx: &Cx, request: &R) -> Result<Self, Failure> {
        Self::of(cx, request.organization(), cx.user()?).await
    }
}

impl OrganizationAdmin {
    /// The same of any user.
    ///
    /// # Errors
    /// `not_found` alike for an organisation that does not exist and for one the user does not belong to; `not_allowed`
    /// for a member who is no admin; `archived`.
    pub async fn of(
        cx: &Cx,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Self, Failure> {
        let Some(stored) = cx.rows.find::<Organization>(organization).await? else {
            return Err(Failure::not_found("organisation"));
        };
        let memberships = cx.rows.team_memberships(&stored.row.team_id, user).await?;
        may_administer(&stored.row, user, &memberships)?;
        Ok(Self {
            user: user.clone(),
            organization: stored,
        })
    }
}

/// Refuses what a user would change of something that is theirs, in an organisation or workspace that is archived. For
/// where no role is asked for; what is gone is not archived.
///
/// # Errors
/// `archived`.
pub async fn not_archived(
    cx: &Cx,
    organization: &OrganizationId,
    workspace: Option<&WorkspaceId>,
) -> Result<(), Failure> {
    if let Some(stored) = cx.rows.find::<Organization>(organization).await? {
        is_open(&stored.row)?;
    }
    let Some(workspace) = workspace else {
        return Ok(());
    };
    let workspace = cx.rows.find::<Workspace>(workspace).await?;
    match workspace.and_then(|workspace| workspace.row.archived_at) {
        None => Ok(()),
        Some(_) => Err(Failure::new(
            Code::Archived,
            "The workspace is archived. Restore it first.",
        )),
    }
}

const MEMBER: &str = "active member of the workspace";

/// An active member of the workspace.
#[derive(Debug)]
pub struct WorkspaceMember {
    pub user: UserId,
    pub workspace: StoredRow<Workspace>,
    /// The workspace's.
    pub organization: Organization,
    pub organization_admin: bool,
}

impl<R: OfWorkspace> Access<R> for WorkspaceMember {
    const WHO: &'static str = MEMBER;

    async fn check(cx: &Cx, request: &R) -> Result<Self, Failure> {
        Self::of(cx, request.workspace(), cx.user()?).await
    }
}

impl WorkspaceMember {
    /// The same of any user.
    ///
    /// # Errors
    /// `not_found` alike for a workspace that does not exist and for one the user has nothing to do with; `not_allowed`
    /// for an admin of the organisation who is no active member; `archived` if the workspace or its organisation is.
    pub async fn of(cx: &Cx, workspace: &WorkspaceId, user: &UserId) -> Result<Self, Failure> {
        let place = place(cx, workspace, user).await?;
        match place.role {
            Some(WorkspaceRole::Admin | WorkspaceRole::User) => Ok(Self {
                user: user.clone(),
                workspace: place.workspace,
                organization: place.organization,
                organization_admin: place.organization_admin,
            }),
            None => Err(Failure::new(
                Code::NotAllowed,
                "Only active members of the workspace can do this. Join it first.",
            )),
        }
    }
}

/// An active member of the workspace that a live item stands in. How much of the item they may see, the view tells.
#[derive(Debug)]
pub struct ItemReader(pub WorkspaceMember);

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemPlace {
    workspace_id: WorkspaceId,
}

impl Row for ItemPlace {
    const TABLE: &'static str = OkrItem::TABLE;
    type Id = ItemId;
}

impl<R: OfItem> Access<R> for ItemReader {
    const WHO: &'static str = MEMBER;

    async fn check(cx: &Cx, request: &R) -> Result<Self, Failure> {
        let no_item = || Failure::not_found("item");
        let live = [
            Query::equal("$id", [request.item().as_ref()]),
            Query::is_null("deletedAt"),
        ];
        let found = cx.rows.list::<ItemPlace>(&live).await?;
        let item = found.rows.into_iter().next().ok_or_else(no_item)?;
        match WorkspaceMember::of(cx, &item.row.workspace_id, cx.user()?).await {
            Ok(member) => Ok(Self(member)),
            Err(failure) if failure.code == Code::NotFound => Err(no_item()),
            Err(failure) => Err(failure),
        }
    }
}

/// An admin of the workspace or of its organisation.
#[derive(Debug)]
pub struct WorkspaceAdmin {
    pub user: UserId,
    pub workspace: StoredRow<Workspace>,
}

impl<R: OfWorkspace> Access<R> for WorkspaceAdmin {
    const WHO: &'static str = "workspace admin or organisation admin";

    async fn check(cx: &Cx, request: &R) -> Result<Self, Failure> {
        let user = cx.user()?;
        let place = place(cx, request.workspace(), user).await?;
        match place.role {
            _ if place.organization_admin => {}
            Some(WorkspaceRole::Admin) => {}
            Some(WorkspaceRole::User) | None => {
                return Err(Failure::new(
                    Code::NotAllowed,
                    "Only an admin of the workspace or of its organisation can do this. Ask one of them.",
                ))
            }
        }
        Ok(Self {
            user: user.clone(),
            workspace: place.workspace,
        })
    }
}

/// What a user is in a workspace whose organisation they belong to.
struct Place {
    workspace: StoredRow<Workspace>,
    organization: Organization,
    organization_admin: bool,
    /// None without an active membership of the workspace.
    role: Option<WorkspaceRole>,
}

/// The workspace, if the user is somebody in it.
///
/// # Errors
/// `not_found` alike for a workspace that does not exist and for one the user has nothing to do with; `archived` if the
/// workspace or its organisation is.
async fn place(cx: &Cx, workspace: &WorkspaceId, user: &UserId) -> Result<Place, Failure> {
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
    Ok(Place {
        workspace,
        organization: organization.row,
        organization_admin,
        role,
    })
}

/// The highest role of the user's active memberships.
fn role<'a>(
    workspace: &StoredRow<Workspace>,
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
    use domain::ids::Id;
    use serde_json::json;

    fn organization(archived: bool) -> Organization {
        let row = json!({
            "name": "Acme", "slug": "acme", "teamId": "team", "createdByUserId": "ada", "defaultPrivacyMode": "option_1",
            "aiEnrichmentOptIn": false, "archivedAt": archived.then_some("2026-01-01T00:00:00Z"),
        });
        serde_json::from_value(row).unwrap()
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
