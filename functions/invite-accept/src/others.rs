//! The other invites of the same person in the same organisation: what they have done already, and that they end once
//! one of them was accepted.

use domain::email::NormalizedEmail;
use domain::ids::{LogId, UserId, WorkspaceId};
use domain::rows::{ActivityLog, OrgInvite};
use domain::Failure;
use platform::activity::{self, Activity};
use platform::appwrite::{AppwriteError, Patched, Query, RowPage, Stored};
use platform::Cx;

use crate::accept::{self, Joined};
use crate::join::{mark_id, named};

/// Accepted invites of one person and organisation that are looked at, latest first.
const MOST: usize = 100;

/// Lists of the pending ones, should somebody change them meanwhile.
const ROUNDS: usize = 3;

/// Where the other invites lead that have taken the person in, completely, since this one was made.
pub(crate) async fn joined_since(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
) -> Result<Vec<Option<WorkspaceId>>, AppwriteError> {
    let accepted = accepted(cx, invite, user).await?;
    let marks = marks(cx, &accepted).await?;
    let joined = accepted
        .into_iter()
        .filter(|other| marks.iter().any(|mark| mark.id == mark_id(&other.id)));
    Ok(joined.map(|other| other.row.workspace_id).collect())
}

/// Other invites that were open at the same time as this one, and what their marks stand on.
pub(crate) async fn at_once(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
) -> Result<Vec<(OrgInvite, Joined)>, AppwriteError> {
    let mut accepted = accepted(cx, invite, user).await?;
    let accepted_at = invite.row.accepted_at;
    accepted.retain(|other| accepted_at.is_some_and(|at| other.created_at <= at));
    let marks = marks(cx, &accepted).await?;
    let joined = accepted.into_iter().filter_map(|other| {
        let mark = marks.iter().find(|mark| mark.id == mark_id(&other.id))?;
        Some((other.row, named(&mark.row)?))
    });
    Ok(joined.collect())
}

/// The other invites that this user has accepted since this one was made.
async fn accepted(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
) -> Result<Vec<Stored<OrgInvite>>, AppwriteError> {
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
    invites: &[Stored<OrgInvite>],
) -> Result<Vec<Stored<ActivityLog>>, AppwriteError> {
    if invites.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<LogId> = invites.iter().map(|invite| mark_id(&invite.id)).collect();
    let ids = ids.iter().map(AsRef::<str>::as_ref);
    let queries = [Query::equal("$id", ids), Query::limit(MOST)];
    Ok(cx.rows.list(&queries).await?.rows)
}

/// Revokes what accepting this invite leaves nothing to do for. One that cannot be written is refused all the same, by
/// [`accept::accept`].
pub(crate) async fn withdraw_replaced(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
) -> Result<(), Failure> {
    // As the frontend may have spelled it, and as it should be.
    let mut spellings = vec![invite.row.normalized_email.clone()];
    let normalized = NormalizedEmail::parse(&invite.row.normalized_email);
    spellings.extend(normalized.map(|email| email.as_ref().to_owned()));
    spellings.dedup();
    let queries = [
        Query::equal("organizationId", [invite.row.organization_id.as_ref()]),
        Query::equal("status", ["pending"]),
        Query::equal("normalizedEmail", spellings),
    ];
    for _ in 0..ROUNDS {
        let pending: RowPage<OrgInvite> = cx.rows.all(&queries).await?;
        cx.note_unreadable(&pending);
        let mut is_settled = true;
        for other in pending.rows {
            let is_same = NormalizedEmail::parse(&other.row.normalized_email)
                == NormalizedEmail::parse(&invite.row.normalized_email);
            // In a dry run this one is pending still.
            let is_other = is_same && other.id != invite.id;
            if is_other && accept::replaces(&invite.row, &other.row, other.created_at) {
                is_settled &= withdraw(cx, &other, user.as_ref()).await?.is_some();
            }
        }
        if is_settled {
            break;
        }
    }
    Ok(())
}

/// Revokes one invite and says so in the log. None: somebody has changed it meanwhile. False: it cannot be written.
pub(crate) async fn withdraw(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    actor: &str,
) -> Result<Option<bool>, Failure> {
    let wanted = accept::withdrawn(&invite.row);
    match cx.rows.patch(invite, &wanted).await {
        Ok(Patched::Done(_)) => {}
        Ok(Patched::Conflict) => return Ok(None),
        Err(error) if error.is_of_row() => {
            cx.note(format!("invite {} cannot be written: {error}", invite.id));
            return Ok(Some(false));
        }
        Err(error) => return Err(error.into()),
    }
    let activity = Activity {
        organization: &invite.row.organization_id,
        workspace: invite.row.workspace_id.as_ref(),
        item_type: "org_invite",
        action: "invite_revoked",
        actor,
        before: invite,
        after: &wanted,
    };
    activity::record(cx, activity).await?;
    Ok(Some(true))
}
