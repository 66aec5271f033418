//! Decides what comes next for somebody who holds an invite: one look, one write, or the end.
//!
//! [`next`] is asked in a loop. Whoever asks carries out the [`Step`] and puts what came of it into the [`State`], until the
//! answer is an [`Outcome`] or a [`Refusal`]. The state holds what was seen; all that follows from it is decided here.
//!
//! The invite's row going from pending to accepted is the one moment that counts. What follows from it (membership of
//! the team, membership of the workspace, the log row that marks it complete) is created by whoever comes by next until the
//! mark is there, and never after: who was removed since stays removed. Several may do it at once, and nothing keeps one
//! that looked before a removal from creating what is missing after it. So the mark names the memberships that it stands
//! on ([`mark`]), and whoever created another one takes it back.
//!
//! Somebody may hold several invites. One that was made before another took the person in lets nobody in again whom an
//! admin has taken out since: accepting revokes it, and what a crash or a race leaves pending is refused all the same.
//!
//! [`mark`]: crate::mark

use domain::email::NormalizedEmail;
use domain::ids::{TeamId, TeamMembershipId, UserId};
use domain::rows::{InviteStatus, OrgInvite, WorkspaceMembership, WorkspaceRole};
use domain::{Code, Failure};
use platform::appwrite::Account;

use crate::mark::{CompletionRecord, MembershipKeys, Rollback};
use crate::state::{Creation, Facts, Invite, Person, Progress, Purpose, State};

/// Times that an accept claims the invite, should others change it meanwhile.
const CLAIMS: usize = 8;

/// Times that the person's other invites are listed, should others change them meanwhile.
const LISTS: usize = 3;

/// What to do next: one look or one write, whose result is put into the [`State`] by the method named here.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<V> {
    /// Find the invite again by the hash of its token: [`State::found`].
    FindInvite,
    /// [`State::read`].
    ReadFacts,
    /// Write the invite's row as accepted; only if nobody has changed it: [`State::claimed`].
    Claim(OrgInvite),
    /// Delete an invitation of Appwrite's own: [`State::invitation_deleted`].
    DeleteInvitation(TeamId, TeamMembershipId),
    /// Create the membership of the team: [`State::team_joined`].
    JoinTeam(TeamId),
    /// Create the membership of the workspace: [`State::workspace_joined`].
    JoinWorkspace(WorkspaceMembership),
    /// List the person's pending invites in the organisation: [`State::others_listed`].
    ListOthers,
    /// Revoke one of them, which this one has replaced: [`State::other_revoked`].
    RevokeOther(Invite<V>),
    /// Write the completion mark, unless it is there: [`State::marked`].
    Mark(CompletionRecord),
    /// Read the marks of the invites that were open at the same time. Each looks at the other's mark once its own is
    /// there: [`State::compared`].
    ReadOtherMarks,
    /// Delete memberships that this run or another has created: [`State::rolled_back`].
    RollBack {
        team: TeamId,
        /// As completions create it: one that somebody has changed since is in that somebody's hands.
        membership: Option<WorkspaceMembership>,
        rollback: Rollback,
    },
    /// Note in the log that a fresh invite is wanted: [`State::requested`].
    Request,
    Done(Outcome),
}

/// How the invite stands in the end, and what may be shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: InviteStatus,
    /// There was nothing to do any more.
    pub was_complete: bool,
    /// The role that the person has, or will have, in the invite's workspace.
    pub role: Option<WorkspaceRole>,
    pub organization_name: String,
    pub workspace_name: Option<String>,
}

/// Why the invite does not let the person in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    VerifyEmail,
    /// Unknown, or somebody else's: both look the same.
    NotForYou,
    /// The organisation or workspace that it is an invite to does not exist any more.
    Gone,
    Expired,
    Revoked,
    /// Revoked because another one was accepted, and the person is a member.
    NotNeeded,
    Used,
    InviterNotAdmin,
    Archived,
    MembershipEnded,
    /// Others change it all the time.
    Contended,
}

/// The person behind an account.
pub fn person(user: &UserId, account: &Account) -> Result<Person, Refusal> {
    match NormalizedEmail::parse(&account.email) {
        Some(email) if account.email_verification => Ok(Person {
            user: user.clone(),
            email,
        }),
        Some(_) | None => Err(Refusal::VerifyEmail),
    }
}

/// What comes next.
pub fn next<V: Clone>(state: &State<V>) -> Result<Step<V>, Refusal> {
    let is_open = state.is_stale || state.invite.row.status == InviteStatus::Pending;
    if is_open && state.claims == CLAIMS {
        return Err(Refusal::Contended);
    }
    if state.is_stale {
        return Ok(Step::FindInvite);
    }
    // Before anything else of it is looked at.
    if let Some(person) = state.purpose.person() {
        recognise(&state.invite.row, person)?;
    }
    let Some(facts) = &state.facts else {
        return Ok(Step::ReadFacts);
    };
    match (&state.progress, &state.purpose) {
        // Whatever has happened to the organisation meanwhile, the mark is there.
        (Progress::RolledBack, _) => end(state, facts, is_member(state, facts), false),
        (_, Purpose::Preview(person)) => preview(state, facts, person),
        (_, Purpose::Accept(person)) => accept(state, facts, person),
        (_, Purpose::Request(_)) => request(state, facts),
        (_, Purpose::Complete(_)) => complete(state, facts),
    }
}

/// Whether the invite is for this person.
fn recognise(invite: &OrgInvite, person: &Person) -> Result<(), Refusal> {
    // Normalised again: whoever wrote the row may have left the domain as it was typed.
    match NormalizedEmail::parse(&invite.normalized_email) {
        Some(invited) if invited == person.email => Ok(()),
        Some(_) | None => Err(Refusal::NotForYou),
    }
}

fn accept<V: Clone>(state: &State<V>, facts: &Facts, person: &Person) -> Result<Step<V>, Refusal> {
    let invite = &state.invite.row;
    match invite.status {
        InviteStatus::Pending if invite.expires_at <= facts.read_at => Err(Refusal::Expired),
        InviteStatus::Pending => {
            not_archived(facts)?;
            if !facts.inviter_may {
                return Err(Refusal::InviterNotAdmin);
            }
            if state.is_inactive(facts) || was_taken_out(state, facts) {
                return Err(Refusal::MembershipEnded);
            }
            Ok(Step::Claim(OrgInvite {
                status: InviteStatus::Accepted,
                accepted_by_user_id: Some(person.user.clone()),
                accepted_at: Some(facts.read_at),
                ..invite.clone()
            }))
        }
        InviteStatus::Accepted if invite.accepted_by_user_id.as_ref() == Some(&person.user) => {
            not_archived(facts)?;
            complete(state, facts)
        }
        InviteStatus::Accepted => Err(Refusal::Used),
        InviteStatus::Expired => Err(Refusal::Expired),
        InviteStatus::Revoked => Err(revoked(state, facts)),
    }
}

/// What accepting would come to, without a step of it.
fn preview<V: Clone>(state: &State<V>, facts: &Facts, person: &Person) -> Result<Step<V>, Refusal> {
    accept(state, facts, person)?;
    let status = state.invite.row.status;
    let is_open = status == InviteStatus::Pending;
    match !is_open && !facts.is_marked && was_removed(state, facts) {
        true => Err(Refusal::MembershipEnded),
        false => Ok(Step::Done(outcome(state, facts, status, facts.is_marked))),
    }
}

fn request<V>(state: &State<V>, facts: &Facts) -> Result<Step<V>, Refusal> {
    let status = state.invite.row.status;
    let is_noted = matches!(state.progress, Progress::Requested);
    match status {
        InviteStatus::Pending | InviteStatus::Expired if is_noted => {
            Ok(Step::Done(outcome(state, facts, status, false)))
        }
        InviteStatus::Pending | InviteStatus::Expired => {
            not_archived(facts).map(|()| Step::Request)
        }
        InviteStatus::Accepted => Err(Refusal::Used),
        InviteStatus::Revoked => Err(revoked(state, facts)),
    }
}

/// What is left to do for an accepted invite.
fn complete<V: Clone>(state: &State<V>, facts: &Facts) -> Result<Step<V>, Refusal> {
    if facts.is_marked {
        return end(state, facts, is_member(state, facts), true);
    }
    let is_removed = was_removed(state, facts);
    match &state.progress {
        Progress::Begun => {
            let join = match is_removed {
                true => None,
                false => join(state, facts),
            };
            let step = join.or_else(|| revoke_others(state));
            Ok(step.unwrap_or_else(|| Step::Mark(record(state, facts, is_removed))))
        }
        Progress::Marked(_) if !state.created().is_empty() => Ok(Step::ReadOtherMarks),
        Progress::Marked(marks) | Progress::Compared(marks) => {
            let workspace = state.invite.row.workspace_id.as_ref();
            let rollback = Rollback::new(&state.created(), workspace, marks);
            if rollback.is_empty() {
                return end(state, facts, !is_removed, false);
            }
            Ok(Step::RollBack {
                team: facts.organization.team_id.clone(),
                membership: new_membership(state),
                rollback,
            })
        }
        Progress::RolledBack | Progress::Requested => {
            end(state, facts, is_member(state, facts), false)
        }
    }
}

/// The membership that is missing: of the team before that of the workspace. So one of the workspace that this invite has
/// created, without one of the team, means a removal since.
fn join<V>(state: &State<V>, facts: &Facts) -> Option<Step<V>> {
    let team = &facts.organization.team_id;
    if state.is_in_team(facts) {
        let is_there = state.membership.is_some() || facts.membership.is_some();
        let membership = new_membership(state).filter(|_| !is_there);
        return membership.map(Step::JoinWorkspace);
    }
    Some(match facts.unconfirmed.first() {
        Some(invitation) => Step::DeleteInvitation(team.clone(), invitation.clone()),
        None => Step::JoinTeam(team.clone()),
    })
}

/// The next step towards revoking what accepting this invite leaves nothing to do for.
fn revoke_others<V: Clone>(state: &State<V>) -> Option<Step<V>> {
    let others = &state.others;
    let is_replaced = |other: &&Invite<V>| replaces(&state.invite, other);
    match others.pending.iter().find(is_replaced) {
        Some(other) => Some(Step::RevokeOther(other.clone())),
        None if others.lists == 0 => Some(Step::ListOthers),
        None if others.has_conflict && others.lists < LISTS => Some(Step::ListOthers),
        None => None,
    }
}

/// Whether accepting `invite` leaves nothing to do for this other one: it is the same person's, was made before and leads
/// no further.
fn replaces<V>(invite: &Invite<V>, other: &Invite<V>) -> bool {
    let email = |invite: &Invite<V>| NormalizedEmail::parse(&invite.row.normalized_email);
    // In a dry run this one is pending still.
    let is_other = other.id != invite.id && email(other) == email(invite);
    let workspace = &other.row.workspace_id;
    let leads_further = workspace.is_some() && *workspace != invite.row.workspace_id;
    let accepted_at = invite.row.accepted_at;
    let is_older = accepted_at.is_some_and(|accepted_at| other.created_at <= accepted_at);
    other.row.status == InviteStatus::Pending && is_other && is_older && !leads_further
}

fn revoked<V>(state: &State<V>, facts: &Facts) -> Refusal {
    match is_member(state, facts) {
        true => Refusal::NotNeeded,
        false => Refusal::Revoked,
    }
}

fn not_archived(facts: &Facts) -> Result<(), Refusal> {
    let workspace = facts.workspace.as_ref();
    let archived = workspace.and_then(|workspace| workspace.archived_at);
    if facts.organization.archived_at.or(archived).is_some() {
        return Err(Refusal::Archived);
    }
    Ok(())
}

/// Whether they belong where the invite leads.
fn is_member<V>(state: &State<V>, facts: &Facts) -> bool {
    state.is_in_team(facts) && (state.invite.row.workspace_id.is_none() || state.is_active(facts))
}

/// Whether another invite has taken them in since this one was made, and somebody has taken them out since that.
fn was_taken_out<V>(state: &State<V>, facts: &Facts) -> bool {
    let workspace = &state.invite.row.workspace_id;
    let left_team = !facts.joined_since.is_empty() && !state.is_in_team(facts);
    let joined_workspace = workspace.is_some() && facts.joined_since.contains(workspace);
    left_team || joined_workspace && !state.is_active(facts)
}

/// Whether somebody has taken them out since the invite was accepted.
fn was_removed<V>(state: &State<V>, facts: &Facts) -> bool {
    let was_gone = matches!(state.team, Some(Creation::Gone))
        || matches!(state.membership, Some(Creation::Gone));
    let found = state.found_in_workspace(facts);
    let via = found.and_then(|found| found.row.invited_via_invite_id.as_ref());
    let left_team = via == Some(&state.invite.id) && !state.is_in_team(facts);
    was_gone || state.is_inactive(facts) || left_team || was_taken_out(state, facts)
}

/// The membership of the workspace that a completion creates; none for an invite to the organisation alone.
fn new_membership<V>(state: &State<V>) -> Option<WorkspaceMembership> {
    let invite = &state.invite.row;
    let workspace = invite.workspace_id.clone();
    workspace.map(|workspace_id| WorkspaceMembership {
        organization_id: invite.organization_id.clone(),
        workspace_id,
        user_id: state.user().clone(),
        role: invite.workspace_role,
        manager_user_id: None,
        active: true,
        invited_via_invite_id: Some(state.invite.id.clone()),
    })
}

/// What the mark names: for somebody who was removed only what was found, so that what was created is taken back.
fn record<V>(state: &State<V>, facts: &Facts, is_removed: bool) -> CompletionRecord {
    let found = MembershipKeys {
        team: state.found_in_team(facts).cloned(),
        workspace: state
            .found_in_workspace(facts)
            .map(|found| found.created_at),
    };
    let created = match is_removed {
        true => MembershipKeys::default(),
        false => state.created(),
    };
    CompletionRecord::new(&created, &found)
}

/// The end of an accept. The person is told where they are no member; for the sweep it is complete either way.
fn end<V>(
    state: &State<V>,
    facts: &Facts,
    is_member: bool,
    was_complete: bool,
) -> Result<Step<V>, Refusal> {
    match state.purpose {
        Purpose::Complete(_) => {}
        Purpose::Preview(_) | Purpose::Accept(_) | Purpose::Request(_) if is_member => {}
        Purpose::Preview(_) | Purpose::Accept(_) | Purpose::Request(_) => {
            return Err(Refusal::MembershipEnded);
        }
    }
    let outcome = outcome(state, facts, InviteStatus::Accepted, was_complete);
    Ok(Step::Done(outcome))
}

fn outcome<V>(
    state: &State<V>,
    facts: &Facts,
    status: InviteStatus,
    was_complete: bool,
) -> Outcome {
    let invite = &state.invite.row;
    let found = state.found_in_workspace(facts);
    let role = found.map_or(invite.workspace_role, |found| found.row.role);
    let workspace = facts.workspace.as_ref();
    Outcome {
        status,
        was_complete,
        role: invite.workspace_id.as_ref().map(|_| role),
        organization_name: facts.organization.name.clone(),
        workspace_name: workspace.map(|workspace| workspace.name.clone()),
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = match refusal {
            Refusal::VerifyEmail => (
                Code::VerifyEmail,
                "Verify the e-mail address of your account first, then open the invitation again.",
            ),
            Refusal::NotForYou => (
                Code::InviteNotForYou,
                "This link is not valid for the account you are signed in with. Sign in with the invited address or ask \
                 for a new invitation.",
            ),
            Refusal::Gone => (
                Code::NotFound,
                "What the invitation was to does not exist any more. Ask whoever invited you.",
            ),
            Refusal::Expired => (
                Code::InviteExpired,
                "The invitation has expired. Request a new one.",
            ),
            Refusal::Revoked => (
                Code::InviteRevoked,
                "The invitation was withdrawn. Ask whoever invited you.",
            ),
            Refusal::NotNeeded => (
                Code::InviteRevoked,
                "The invitation is not needed any more: you are a member already. Open the organisation; there is nothing to \
                 accept.",
            ),
            Refusal::Used => (
                Code::InviteUsed,
                "The invitation was used already. Sign in with the account that accepted it, or ask for a new one.",
            ),
            Refusal::InviterNotAdmin => (
                Code::InviterNotAdmin,
                "Whoever invited you may not invite any more. Ask an admin of the organisation for a new invitation.",
            ),
            Refusal::Archived => (
                Code::Archived,
                "The organisation or workspace is archived. Ask an admin of the organisation to restore it.",
            ),
            Refusal::MembershipEnded => (
                Code::MembershipEnded,
                "Your membership was ended after you had joined. Ask an admin to make you a member again.",
            ),
            Refusal::Contended => (
                Code::Conflict,
                "The invitation is being changed by others right now. Try again.",
            ),
        };
        Self::new(code, message)
    }
}
