//! What is known of an invite, and what one run has done about it so far. Pure.
//!
//! Every result of a step is put in as it was seen; what follows from it is decided in [`accept`].
//!
//! [`accept`]: crate::accept

use domain::email::NormalizedEmail;
use domain::ids::{InviteId, TeamMembershipId, UserId, WorkspaceId};
use domain::rows::{OrgInvite, Organization, Workspace, WorkspaceMembership};
use domain::time::Timestamp;

use crate::mark::{CompletionRecord, Mark, MembershipKeys};

/// Who asks: a user whose e-mail address is proven to be theirs.
#[derive(Clone, Debug)]
pub struct Person {
    pub user: UserId,
    pub email: NormalizedEmail,
}

/// What is asked for, and by whom.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// To see what accepting would do. Nothing is written.
    Preview(Person),
    Accept(Person),
    /// To have a fresh invite in the place of this one.
    Request(Person),
    /// To finish what an accept by this user has left undone; the sweep asks.
    Complete(UserId),
}

/// An invite as it was listed. `V` is what a write of it is guarded with: nothing is decided by that.
#[derive(Clone, Debug, PartialEq)]
pub struct Invite<V> {
    pub id: InviteId,
    pub created_at: Timestamp,
    pub version: V,
    pub row: OrgInvite,
}

/// What is known of an invite beside its own row, and of the invited person.
#[derive(Clone, Debug)]
pub struct Facts {
    pub organization: Organization,
    /// None for an invite to the organisation alone.
    pub workspace: Option<Workspace>,
    /// Who invited is still an admin of the organisation, or an active one of the workspace.
    pub inviter_may: bool,
    /// The person's confirmed membership of the organisation's team.
    pub team: Option<TeamMembershipId>,
    /// Appwrite's own invitations to the team that the person has not accepted. Adding somebody confirms such a one with
    /// the roles that it was given, so it has to go first.
    pub unconfirmed: Vec<TeamMembershipId>,
    /// The person's membership of the invite's workspace, active or not.
    pub membership: Option<Membership>,
    /// The completion mark is there.
    pub is_marked: bool,
    /// Where the organisation's other invites lead that have taken the person in, completely, since this one was made.
    pub joined_since: Vec<Option<WorkspaceId>>,
    /// When all this was read.
    pub read_at: Timestamp,
}

/// A membership of a workspace.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Tells it from one of the same id that was deleted.
    pub created_at: Timestamp,
    pub row: WorkspaceMembership,
}

/// What became of creating a membership.
#[derive(Clone, Debug)]
pub enum Creation<N, F = N> {
    New(N),
    /// There was one already.
    Found(F),
    /// There was one, and it was gone at the next look: it was taken away.
    Gone,
}

/// What became of revoking an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    Done,
    /// Somebody has changed the invite meanwhile.
    Conflict,
    /// Appwrite refuses to write this row. While it is pending, [`next`] refuses it all the same.
    Unwritable,
}

/// All that the next step follows from.
#[derive(Clone, Debug)]
pub struct State<V> {
    pub(crate) purpose: Purpose,
    pub(crate) invite: Invite<V>,
    /// How often this run has claimed it.
    pub(crate) claims: usize,
    /// The invite was changed by others since it was listed.
    pub(crate) is_stale: bool,
    /// None until they are read, and when they have to be read again.
    pub(crate) facts: Option<Facts>,
    /// What became of creating the membership of the team.
    pub(crate) team: Option<Creation<TeamMembershipId>>,
    /// What became of creating the membership of the workspace.
    pub(crate) membership: Option<Creation<Timestamp, Membership>>,
    pub(crate) others: OtherInvites<V>,
    pub(crate) progress: Progress,
}

/// The same person's other pending invites.
#[derive(Clone, Debug)]
pub(crate) struct OtherInvites<V> {
    /// Those of the latest list that are still to be looked at.
    pub(crate) pending: Vec<Invite<V>>,
    /// How often they were listed.
    pub(crate) lists: usize,
    /// One of the latest list was changed by others before it could be revoked.
    pub(crate) has_conflict: bool,
}

/// How far the work on an accepted invite, or the request for a fresh one, has come in this run.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    Begun,
    /// The completion mark was written, by this run or another one, and names this. Nothing is created any more.
    Marked(Vec<Mark>),
    /// The marks of the invites that were open at the same time are known, too.
    Compared(Vec<Mark>),
    RolledBack,
    Requested,
}

impl Purpose {
    pub fn user(&self) -> &UserId {
        match self {
            Self::Preview(person) | Self::Accept(person) | Self::Request(person) => &person.user,
            Self::Complete(user) => user,
        }
    }

    /// Who holds the link. Nobody, if the sweep asks.
    pub(crate) fn person(&self) -> Option<&Person> {
        match self {
            Self::Preview(person) | Self::Accept(person) | Self::Request(person) => Some(person),
            Self::Complete(_) => None,
        }
    }
}

/// What was seen and done.
impl<V> State<V> {
    pub fn new(purpose: Purpose, invite: Invite<V>) -> Self {
        Self {
            purpose,
            invite,
            claims: 0,
            is_stale: false,
            facts: None,
            team: None,
            membership: None,
            others: OtherInvites {
                pending: Vec::new(),
                lists: 0,
                has_conflict: false,
            },
            progress: Progress::Begun,
        }
    }

    pub fn invite(&self) -> &Invite<V> {
        &self.invite
    }

    /// The invited person's user.
    pub fn user(&self) -> &UserId {
        self.purpose.user()
    }

    pub fn found(&mut self, invite: Invite<V>) {
        self.invite = invite;
        self.is_stale = false;
    }

    pub fn read(&mut self, facts: Facts) {
        self.facts = Some(facts);
    }

    /// The row as it stands now; none if somebody else had changed it. It is judged anew, not by the write having been
    /// answered with success.
    pub fn claimed(&mut self, invite: Option<Invite<V>>) {
        self.claims += 1;
        match invite {
            Some(invite) => self.invite = invite,
            None => {
                self.is_stale = true;
                self.facts = None;
            }
        }
    }

    pub fn invitation_deleted(&mut self, invitation: &TeamMembershipId) {
        if let Some(facts) = &mut self.facts {
            facts.unconfirmed.retain(|other| other != invitation);
        }
    }

    pub fn team_joined(&mut self, creation: Creation<TeamMembershipId>) {
        self.team = Some(creation);
    }

    pub fn workspace_joined(&mut self, creation: Creation<Timestamp, Membership>) {
        self.membership = Some(creation);
    }

    pub fn others_listed(&mut self, pending: Vec<Invite<V>>) {
        self.others = OtherInvites {
            pending,
            lists: self.others.lists + 1,
            has_conflict: false,
        };
    }

    pub fn other_revoked(&mut self, other: &InviteId, revocation: Revocation) {
        self.others.pending.retain(|pending| pending.id != *other);
        self.others.has_conflict |= revocation == Revocation::Conflict;
    }

    /// By this run, or another one before: what the mark that stands now names, if it names anything.
    pub fn marked(&mut self, record: Option<CompletionRecord>) {
        let workspace = self.invite.row.workspace_id.clone();
        let mark = record.map(|record| Mark { workspace, record });
        self.progress = Progress::Marked(mark.into_iter().collect());
    }

    pub fn compared(&mut self, others: Vec<Mark>) {
        if let Progress::Marked(marks) = &mut self.progress {
            let mut marks = std::mem::take(marks);
            marks.extend(others);
            self.progress = Progress::Compared(marks);
        }
    }

    pub fn rolled_back(&mut self) {
        self.team = None;
        self.membership = None;
        self.facts = None;
        self.progress = Progress::RolledBack;
    }

    pub fn requested(&mut self) {
        self.progress = Progress::Requested;
    }
}

/// What is to be read from it.
impl<V> State<V> {
    /// What this run has created.
    pub(crate) fn created(&self) -> MembershipKeys {
        let team = match &self.team {
            Some(Creation::New(membership)) => Some(membership.clone()),
            Some(Creation::Found(_) | Creation::Gone) | None => None,
        };
        let workspace = match &self.membership {
            Some(Creation::New(created_at)) => Some(*created_at),
            Some(Creation::Found(_) | Creation::Gone) | None => None,
        };
        MembershipKeys { team, workspace }
    }

    /// Their membership of the team, as it was found at the latest look.
    pub(crate) fn found_in_team<'a>(&'a self, facts: &'a Facts) -> Option<&'a TeamMembershipId> {
        match &self.team {
            Some(Creation::Found(membership)) => Some(membership),
            Some(Creation::New(_) | Creation::Gone) | None => facts.team.as_ref(),
        }
    }

    /// Their membership of the workspace, as it was found at the latest look.
    pub(crate) fn found_in_workspace<'a>(&'a self, facts: &'a Facts) -> Option<&'a Membership> {
        match &self.membership {
            Some(Creation::Found(membership)) => Some(membership),
            Some(Creation::New(_) | Creation::Gone) | None => facts.membership.as_ref(),
        }
    }

    pub(crate) fn is_in_team(&self, facts: &Facts) -> bool {
        self.created().team.is_some() || self.found_in_team(facts).is_some()
    }

    pub(crate) fn is_active(&self, facts: &Facts) -> bool {
        let found = self.found_in_workspace(facts);
        self.created().workspace.is_some() || found.is_some_and(|found| found.row.active)
    }

    pub(crate) fn is_inactive(&self, facts: &Facts) -> bool {
        self.found_in_workspace(facts)
            .is_some_and(|found| !found.row.active)
    }
}
