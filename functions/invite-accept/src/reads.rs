//! What is looked up for [`accept`]: the caller, the invite of a token, and what is known of it. Nothing is decided here.
//!
//! [`accept`]: crate::accept

use domain::email::NormalizedEmail;
use domain::ids::{LogId, UserId, WorkspaceId};
use domain::rows::{
    ActivityLog, OrgInvite, Organization, Workspace, WorkspaceMembership, WorkspaceRole,
};
use domain::{Code, Failure};
use platform::access;
use platform::appwrite::{AppwriteError, Query, RowPage, StoredRow, TeamMembership, Version};
use platform::Cx;

use crate::accept::{self, Refusal};
use crate::mark::{mark_id, CompletionRecord, Mark};
use crate::state::{Facts, Invite, Membership, Person};

/// Accepted invites of one person and organisation that are looked at, latest first.
const MOST: usize = 100;

impl From<StoredRow<OrgInvite>> for Invite<Version> {
    fn from(stored: StoredRow<OrgInvite>) -> Self {
        Self {
            id: stored.id,
            created_at: stored.created_at,
            version: stored.version,
            row: stored.row,
        }
    }
}

impl From<Invite<Version>> for StoredRow<OrgInvite> {
    fn from(invite: Invite<Version>) -> Self {
        Self {
            id: invite.id,
            created_at: invite.created_at,
            version: invite.version,
            row: invite.row,
        }
    }
}

impl From<StoredRow<WorkspaceMembership>> for Membership {
    fn from(stored: StoredRow<WorkspaceMembership>) -> Self {
        Self {
            created_at: stored.created_at,
            row: stored.row,
        }
    }
}

/// The caller as a person whose address is proven.
pub(crate) async fn person(cx: &Cx, user: &UserId) -> Result<Person, Failure> {
    let account = cx.rows.account(user).await?;
    let open = account.filter(|account| account.status).ok_or_else(|| {
        Failure::new(
            Code::SignInRequired,
            "The account does not exist any more or is blocked. Sign in with another one.",
        )
    })?;
    Ok(accept::person(user, &open)?)
}

/// The invite whose token has this hash.
pub(crate) async fn invite(cx: &Cx, hash: &str) -> Result<StoredRow<OrgInvite>, Failure> {
    let queries = [Query::equal("inviteTokenHash", [hash]), Query::limit(2)];
    let mut page: RowPage<OrgInvite> = cx.rows.list(&queries).await?;
    cx.note_unreadable(&page);
    // The column is unique; should it ever not be, nobody can say which of two is meant.
    let is_the_one = page.size() == 1;
    let invite = page.rows.pop();
    let invite = invite.filter(|invite| is_the_one && invite.row.invite_token_hash == hash);
    Ok(invite.ok_or(Refusal::NotForYou)?)
}

/// Everything else that the decision needs, for the user who accepts or has accepted.
///
/// Read against the order in which an accept writes, team, workspace, mark: what is found missing after something later
/// was seen was taken away since, not just not created yet.
pub(crate) async fn facts(
    cx: &Cx,
    invite: &Invite<Version>,
    user: &UserId,
) -> Result<Facts, Failure> {
    let row = &invite.row;
    let inviter = &row.invited_by_user_id;
    let mark = mark_id(&invite.id);
    let (organization, workspace, mark, joined_since) = tokio::try_join!(
        cx.rows.find::<Organization>(&row.organization_id),
        workspace(cx, row),
        cx.rows.find::<ActivityLog>(&mark),
        joined_since(cx, invite, user),
    )?;
    let memberships = memberships(cx, row, [user, inviter]).await?;
    let organization = organization.ok_or(Refusal::Gone)?.row;
    if row.workspace_id.is_some() && workspace.is_none() {
        return Err(Refusal::Gone.into());
    }
    let team = &organization.team_id;
    let (own_team, inviter_team) = tokio::try_join!(
        cx.rows.team_memberships(team, user),
        cx.rows.team_memberships(team, inviter),
    )?;
    let administers_workspace = inviter_team.iter().any(|found| found.is_of(inviter))
        && memberships.iter().any(|StoredRow { row, .. }| {
            row.user_id == *inviter && row.active && row.role == WorkspaceRole::Admin
        });
    let is_own = |found: &TeamMembership| found.user_id == user.as_ref();
    let (own_team, unconfirmed): (Vec<_>, Vec<_>) = own_team
        .into_iter()
        .filter(is_own)
        .partition(|found| found.confirm);
    let own_team = own_team.into_iter().next();
    Ok(Facts {
        inviter_may: access::administers(inviter, &inviter_team) || administers_workspace,
        team: own_team.map(|membership| membership.id),
        unconfirmed: unconfirmed.into_iter().map(|found| found.id).collect(),
        membership: own(memberships, user),
        is_marked: mark.is_some(),
        joined_since,
        read_at: cx.now(),
        organization,
        workspace,
    })
}

/// The invite's workspace; none if there is none in the invite's organisation.
async fn workspace(cx: &Cx, invite: &OrgInvite) -> Result<Option<Workspace>, AppwriteError> {
    let Some(id) = &invite.workspace_id else {
        return Ok(None);
    };
    let found = cx.rows.find::<Workspace>(id).await?;
    Ok(found
        .map(|workspace| workspace.row)
        .filter(|workspace| workspace.organization_id == invite.organization_id))
}

/// Who of the users belongs, or belonged, to the invite's workspace.
async fn memberships(
    cx: &Cx,
    invite: &OrgInvite,
    users: [&UserId; 2],
) -> Result<Vec<StoredRow<WorkspaceMembership>>, AppwriteError> {
    let Some(workspace) = &invite.workspace_id else {
        return Ok(Vec::new());
    };
    let page: RowPage<WorkspaceMembership> = cx
        .rows
        .all(&[
            Query::equal("organizationId", [invite.organization_id.as_ref()]),
            Query::equal("workspaceId", [workspace.as_ref()]),
            Query::equal("userId", users.map(AsRef::<str>::as_ref)),
        ])
        .await?;
    match page.malformed.into_iter().next() {
        // It may say that somebody was removed, so nothing is decided without it.
        Some((id, why)) => Err(AppwriteError::Unreadable {
            what: format!("workspace membership {id}: {why}"),
        }),
        None => Ok(page.rows),
    }
}

/// The user's own membership; an active one, should the frontend have left several.
fn own(memberships: Vec<StoredRow<WorkspaceMembership>>, user: &UserId) -> Option<Membership> {
    memberships
        .into_iter()
        .filter(|membership| membership.row.user_id == *user)
        .max_by_key(|membership| membership.row.active)
        .map(Membership::from)
}

/// Where the other invites lead that have taken the person in, completely, since this one was made.
async fn joined_since(
    cx: &Cx,
    invite: &Invite<Version>,
    user: &UserId,
) -> Result<Vec<Option<WorkspaceId>>, AppwriteError> {
    let accepted = accepted(cx, invite, user).await?;
    let marks = marks(cx, &accepted).await?;
    let joined = accepted
        .into_iter()
        .filter(|other| marks.iter().any(|mark| mark.id == mark_id(&other.id)));
    Ok(joined.map(|other| other.row.workspace_id).collect())
}

/// The marks of the other invites that were open at the same time as this one.
pub(crate) async fn other_marks(
    cx: &Cx,
    invite: &Invite<Version>,
    user: &UserId,
) -> Result<Vec<Mark>, AppwriteError> {
    let mut accepted = accepted(cx, invite, user).await?;
    let accepted_at = invite.row.accepted_at;
    accepted.retain(|other| accepted_at.is_some_and(|at| other.created_at <= at));
    let marks = marks(cx, &accepted).await?;
    let records = accepted.into_iter().filter_map(|other| {
        let mark = marks.iter().find(|mark| mark.id == mark_id(&other.id))?;
        Some(Mark {
            workspace: other.row.workspace_id,
            record: CompletionRecord::read(&mark.row)?,
        })
    });
    Ok(records.collect())
}

/// The other invites that this user has accepted since this one was made.
async fn accepted(
    cx: &Cx,
    invite: &Invite<Version>,
    user: &UserId,
) -> Result<Vec<StoredRow<OrgInvite>>, AppwriteError> {
    let queries = [
        Query::equal("organizationId", [invite.row.organization_id.as_ref()]),
        Query::equal("status", ["accepted"]),
        Query::equal("acceptedByUserId", [user.as_ref()]),
        Query::order_desc("acceptedAt"),
        Query::limit(MOST),
    ];
    let mut page: RowPage<OrgInvite> = cx.rows.list(&queries).await?;
    cx.note_unreadable(&page);
    page.rows.retain(|other| {
        let is_since = (other.row.accepted_at).is_some_and(|at| at >= invite.created_at);
        let is_theirs = other.row.accepted_by_user_id.as_ref() == Some(user);
        other.id != invite.id && is_since && is_theirs
    });
    Ok(page.rows)
}

async fn marks(
    cx: &Cx,
    invites: &[StoredRow<OrgInvite>],
) -> Result<Vec<StoredRow<ActivityLog>>, AppwriteError> {
    if invites.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<LogId> = invites.iter().map(|invite| mark_id(&invite.id)).collect();
    let ids = ids.iter().map(AsRef::<str>::as_ref);
    let queries = [Query::equal("$id", ids), Query::limit(MOST)];
    Ok(cx.rows.list(&queries).await?.rows)
}

/// Pending invites of the organisation to the address of this one.
pub(crate) async fn pending(
    cx: &Cx,
    invite: &OrgInvite,
) -> Result<Vec<Invite<Version>>, AppwriteError> {
    // As the frontend may have spelled it, and as it should be.
    let mut spellings = vec![invite.normalized_email.clone()];
    let normalized = NormalizedEmail::parse(&invite.normalized_email);
    spellings.extend(normalized.map(|email| email.as_ref().to_owned()));
    spellings.dedup();
    let queries = [
        Query::equal("organizationId", [invite.organization_id.as_ref()]),
        Query::equal("status", ["pending"]),
        Query::equal("normalizedEmail", spellings),
    ];
    let pending: RowPage<OrgInvite> = cx.rows.all(&queries).await?;
    cx.note_unreadable(&pending);
    Ok(pending.rows.into_iter().map(Invite::from).collect())
}
