//! The ways in: load, decide, save.

use domain::ids::{OrganizationId, WorkspaceId};
use domain::rows::{InviteStatus, OrgInvite, WorkspaceRole};
use domain::time::Timestamp;
use domain::token::{self, Secret};
use domain::{Code, Failure};
use platform::access::SignedIn;
use platform::appwrite::{StoredRow, Version};
use platform::sweep::SweepOutcome;
use platform::{Cx, Reply};
use serde::{Deserialize, Serialize};
use tokio::time::timeout_at;

use crate::accept::{self, Outcome, Step};
use crate::state::{Person, Purpose, State};
use crate::{reads, sweep, writes};

/// What every route of a person takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteToken {
    token: Secret,
}

/// Where the invite leads, the role that the person has, or will have, in its workspace, and how it stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Destination {
    organization_id: OrganizationId,
    workspace_id: Option<WorkspaceId>,
    workspace_role: Option<WorkspaceRole>,
    status: InviteStatus,
}

impl Destination {
    fn new(invite: &OrgInvite, outcome: &Outcome) -> Self {
        Self {
            organization_id: invite.organization_id.clone(),
            workspace_id: invite.workspace_id.clone(),
            workspace_role: outcome.role,
            status: outcome.status,
        }
    }
}

/// What an invite is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    #[serde(flatten)]
    destination: Destination,
    email: String,
    expires_at: Timestamp,
    organization_name: String,
    workspace_name: Option<String>,
}

/// What accepting led to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Acceptance {
    #[serde(flatten)]
    destination: Destination,
    /// There was nothing to do any more.
    was_member: bool,
}

/// That the note is there.
#[derive(Debug, Serialize)]
pub(crate) struct RequestReceipt {
    requested: bool,
}

/// What a sweep did.
#[derive(Debug, Serialize)]
pub(crate) struct SweepCounts {
    completed: usize,
    withdrawn: usize,
    expired: usize,
    organizations: usize,
    /// Something is left for the next one.
    more: bool,
}

/// `POST /preview`: what the invite is, and whether it would let the caller in. Changes nothing.
pub(crate) async fn preview(
    cx: Cx,
    caller: SignedIn,
    request: InviteToken,
) -> Result<Reply<Preview>, Failure> {
    let mut state = load(&cx, &caller, Purpose::Preview, &request).await?;
    let outcome = run(&cx, &mut state).await?;
    let invite = &state.invite().row;
    Ok(Reply::ok(Preview {
        destination: Destination::new(invite, &outcome),
        email: invite.email.clone(),
        expires_at: invite.expires_at,
        organization_name: outcome.organization_name,
        workspace_name: outcome.workspace_name,
    }))
}

/// `POST /`: joins. Safe to repeat: whatever an earlier try left undone is done.
pub(crate) async fn accept(
    cx: Cx,
    caller: SignedIn,
    request: InviteToken,
) -> Result<Reply<Acceptance>, Failure> {
    let mut state = load(&cx, &caller, Purpose::Accept, &request).await?;
    let outcome = run(&cx, &mut state).await?;
    Ok(Reply::ok(Acceptance {
        destination: Destination::new(&state.invite().row, &outcome),
        was_member: outcome.was_complete,
    }))
}

/// `POST /request`: leaves a note in the log that the person would like a fresh invite, once a day. Sends nothing.
pub(crate) async fn request(
    cx: Cx,
    caller: SignedIn,
    request: InviteToken,
) -> Result<Reply<RequestReceipt>, Failure> {
    let mut state = load(&cx, &caller, Purpose::Request, &request).await?;
    run(&cx, &mut state).await?;
    Ok(Reply::ok(RequestReceipt { requested: true }))
}

/// The cron: completes what a crash left behind, expires what is past its date, revokes what is pending for somebody who is
/// a member already.
pub(crate) async fn sweep(cx: Cx) -> Result<SweepOutcome<SweepCounts>, Failure> {
    let mut completed = 0;
    let mut cut_off = false;
    let completing = timeout_at(
        (cx.stop_at() - sweep::EXPIRING).into(),
        complete(&cx, &mut completed),
    );
    // However it ends, invites expire.
    let completing = completing.await.unwrap_or_else(|_| {
        cut_off = true;
        cx.note("completing was cut off; the next run goes on".to_owned());
        Ok(())
    });
    let expiry = sweep::expire(&cx).await;
    let mut withdrawn = 0;
    let withdrawing = timeout_at(
        (cx.stop_at() - sweep::LOGGING).into(),
        sweep::withdraw(&cx, &mut withdrawn),
    );
    let withdrawing = withdrawing.await.unwrap_or_else(|_| {
        cx.note("revoking was cut off; the next run goes on".to_owned());
        Ok(())
    });
    let summary = SweepCounts {
        completed,
        withdrawn,
        expired: expiry.by_organization.values().sum(),
        organizations: expiry.by_organization.len(),
        more: expiry.more,
    };
    sweep::log(&cx, expiry.by_organization).await;
    completing.and(withdrawing).map(|()| SweepOutcome {
        is_complete: !cut_off && !expiry.more,
        summary,
    })
}

/// Completes accepted invites that lack their mark, and counts them.
async fn complete(cx: &Cx, completed: &mut usize) -> Result<(), Failure> {
    let mut pages = sweep::accepted(cx);
    while let Some(invites) = pages.next(cx).await? {
        for invite in sweep::without_mark(cx, invites).await? {
            let id = invite.id.clone();
            match complete_one(cx, invite).await {
                Ok(()) => *completed += 1,
                Err(failure) => cx.note(format!(
                    "invite {id} is not completed: {failure}; {}",
                    failure.detail().unwrap_or_default()
                )),
            }
        }
    }
    Ok(())
}

async fn complete_one(cx: &Cx, invite: StoredRow<OrgInvite>) -> Result<(), Failure> {
    let Some(user) = invite.row.accepted_by_user_id.clone() else {
        return Ok(());
    };
    let mut state = State::new(Purpose::Complete(user), invite.into());
    // Whether they are a member now or were removed: either way it is complete.
    run(cx, &mut state).await.map(drop)
}

/// The caller, and the invite of their token.
async fn load(
    cx: &Cx,
    caller: &SignedIn,
    purpose: impl FnOnce(Person) -> Purpose,
    request: &InviteToken,
) -> Result<State<Version>, Failure> {
    let person = reads::person(cx, &caller.user).await?;
    let hash = token::invite_hash(&request.token).ok_or_else(|| {
        Failure::new(
            Code::InvalidRequest,
            "This is not a whole invitation link. Open the link in the invitation again, or copy all of it: behind # \
             there are 43 letters, digits, dashes and underscores.",
        )
    })?;
    let invite = reads::invite(cx, &hash).await?;
    Ok(State::new(purpose(person), invite.into()))
}

/// Asks what comes next and carries it out, one step after the other, until there is an end.
async fn run(cx: &Cx, state: &mut State<Version>) -> Result<Outcome, Failure> {
    loop {
        let step = accept::next(state)?;
        let (invite, user) = (state.invite(), state.user());
        match step {
            Step::FindInvite => {
                let found = reads::invite(cx, &invite.row.invite_token_hash).await?;
                state.found(found.into());
            }
            Step::ReadFacts => {
                let facts = reads::facts(cx, invite, user).await?;
                state.read(facts);
            }
            Step::Claim(wanted) => {
                let claimed = writes::claim(cx, invite, &wanted).await?;
                state.claimed(claimed);
            }
            Step::DeleteInvitation(team, invitation) => {
                cx.rows.leave_team(&team, &invitation).await?;
                state.invitation_deleted(&invitation);
            }
            Step::JoinTeam(team) => {
                let creation = writes::join_team(cx, &team, user).await?;
                state.team_joined(creation);
            }
            Step::JoinWorkspace(membership) => {
                let creation = writes::join_workspace(cx, &membership).await?;
                state.workspace_joined(creation);
            }
            Step::ListOthers => {
                let pending = reads::pending(cx, &invite.row).await?;
                state.others_listed(pending);
            }
            Step::RevokeOther(other) => {
                let revocation = writes::revoke(cx, &other, user.as_ref()).await?;
                state.other_revoked(&other.id, revocation);
            }
            Step::Mark(record) => {
                let record = writes::mark(cx, invite, user, &record).await?;
                state.marked(record);
            }
            Step::ReadOtherMarks => {
                let marks = reads::other_marks(cx, invite, user).await?;
                state.compared(marks);
            }
            Step::RollBack {
                team,
                membership,
                rollback,
            } => {
                writes::roll_back(cx, &team, membership.as_ref(), &rollback).await?;
                state.rolled_back();
            }
            Step::Request => {
                writes::request(cx, invite, user).await?;
                state.requested();
            }
            Step::Done(outcome) => return Ok(outcome),
        }
    }
}
