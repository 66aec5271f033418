//! What is written for [`accept`]. Every write is guarded, of a fixed id, or of what is there only once: safe to repeat.
//!
//! [`accept`]: crate::accept

use domain::ids::{derived, LogId, MembershipId, TeamId, TeamMembershipId, UserId};
use domain::rows::{ActivityLog, InviteStatus, OrgInvite, WorkspaceMembership};
use domain::time::Timestamp;
use platform::activity::{self, Activity};
use platform::appwrite::{
    AppwriteError, CreateOutcome, JoinedTeam, PatchOutcome, StoredRow, Version,
};
use platform::Cx;

use crate::mark::{mark_id, CompletionRecord, MarkDetail, Rollback};
use crate::state::{Creation, Invite, Membership, Revocation};

/// The invite as it stands now; none if somebody else had changed it.
pub(crate) async fn claim(
    cx: &Cx,
    invite: &Invite<Version>,
    wanted: &OrgInvite,
) -> Result<Option<Invite<Version>>, AppwriteError> {
    let listed = invite.clone().into();
    Ok(match cx.rows.patch(&listed, wanted).await? {
        PatchOutcome::Done(stored) => Some(stored.into()),
        PatchOutcome::Conflict => None,
    })
}

pub(crate) async fn join_team(
    cx: &Cx,
    team: &TeamId,
    user: &UserId,
) -> Result<Creation<TeamMembershipId>, AppwriteError> {
    Ok(match cx.rows.join_team(team, user, "member").await? {
        JoinedTeam::New(membership) => Creation::New(membership),
        JoinedTeam::Taken(Some(there)) => Creation::Found(there),
        JoinedTeam::Taken(None) => Creation::Gone,
    })
}

pub(crate) async fn join_workspace(
    cx: &Cx,
    row: &WorkspaceMembership,
) -> Result<Creation<Timestamp, Membership>, AppwriteError> {
    Ok(match cx.rows.create(&membership_id(row), row, &[]).await? {
        CreateOutcome::New(stored) => Creation::New(stored.created_at),
        CreateOutcome::Taken(Some(there)) => Creation::Found(there.into()),
        CreateOutcome::Taken(None) => Creation::Gone,
    })
}

/// A person has one membership of a workspace.
fn membership_id(row: &WorkspaceMembership) -> MembershipId {
    let organization = row.organization_id.as_ref();
    let parts = [
        organization,
        row.workspace_id.as_ref(),
        row.user_id.as_ref(),
    ];
    derived("membership", &parts).into()
}

/// Revokes an invite and says so in the log.
pub(crate) async fn revoke(
    cx: &Cx,
    invite: &Invite<Version>,
    actor: &str,
) -> Result<Revocation, AppwriteError> {
    let listed: StoredRow<OrgInvite> = invite.clone().into();
    let revoked = OrgInvite {
        status: InviteStatus::Revoked,
        ..listed.row.clone()
    };
    match cx.rows.patch(&listed, &revoked).await {
        Ok(PatchOutcome::Done(_)) => {}
        Ok(PatchOutcome::Conflict) => return Ok(Revocation::Conflict),
        Err(error) if error.is_of_row() => {
            cx.note(format!("invite {} cannot be written: {error}", invite.id));
            return Ok(Revocation::Unwritable);
        }
        Err(error) => return Err(error),
    }
    let activity = Activity {
        organization: &listed.row.organization_id,
        workspace: listed.row.workspace_id.as_ref(),
        item_type: "org_invite",
        action: "invite_revoked",
        actor,
        before: &listed,
        after: &revoked,
    };
    activity::record(cx, activity).await?;
    Ok(Revocation::Done)
}

/// Writes the completion mark, unless it is there; what the one that stands now names, if it names anything. So this is
/// also the look at one that another completion has written since ours began.
pub(crate) async fn mark(
    cx: &Cx,
    invite: &Invite<Version>,
    user: &UserId,
    record: &CompletionRecord,
) -> Result<Option<CompletionRecord>, AppwriteError> {
    let mut before: StoredRow<OrgInvite> = invite.clone().into();
    before.row.status = InviteStatus::Pending;
    before.row.accepted_by_user_id = None;
    before.row.accepted_at = None;
    let activity = Activity {
        organization: &invite.row.organization_id,
        workspace: invite.row.workspace_id.as_ref(),
        item_type: "org_invite",
        action: "invite_accepted",
        actor: user.as_ref(),
        before: &before,
        after: &invite.row,
    };
    let row = activity::row(cx, activity, MarkDetail::new(record));
    let created = cx.rows.create(&mark_id(&invite.id), &row, &[]).await?;
    Ok(match created {
        CreateOutcome::New(_) => Some(record.clone()),
        CreateOutcome::Taken(there) => there.and_then(|there| CompletionRecord::read(&there.row)),
    })
}

/// Deletes exactly these memberships, and the workspace's only as completions create it.
pub(crate) async fn roll_back(
    cx: &Cx,
    team: &TeamId,
    membership: Option<&WorkspaceMembership>,
    rollback: &Rollback,
) -> Result<(), AppwriteError> {
    for membership in &rollback.team {
        cx.rows.leave_team(team, membership).await?;
    }
    let Some(row) = membership.filter(|_| !rollback.workspace.is_empty()) else {
        return Ok(());
    };
    let id = membership_id(row);
    if let Some(there) = cx.rows.find::<WorkspaceMembership>(&id).await? {
        if rollback.workspace.contains(&there.created_at) && there.row == *row {
            cx.rows.delete(&there).await?;
        }
    }
    Ok(())
}

/// Notes in the log, once a day, that the person would like a fresh invite.
pub(crate) async fn request(
    cx: &Cx,
    invite: &Invite<Version>,
    user: &UserId,
) -> Result<(), AppwriteError> {
    let now = cx.now().to_string();
    let day = now.split('T').next().unwrap_or_default();
    let parts = ["invite_requested", invite.id.as_ref(), day];
    let id = LogId::from(derived("log", &parts));
    let row = ActivityLog {
        organization_id: invite.row.organization_id.clone(),
        workspace_id: invite.row.workspace_id.clone(),
        item_type: "org_invite".to_owned(),
        item_id: invite.id.as_ref().to_owned(),
        action_type: "invite_requested".to_owned(),
        actor_user_id: user.as_ref().to_owned(),
        before_json: None,
        after_json: None,
        request_id: cx.execution.clone(),
    };
    cx.rows.create(&id, &row, &[]).await.map(drop)
}
