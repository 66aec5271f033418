//! Decides who may accept an invite, and what is left to do once it is accepted.
//!
//! The invite's row going from pending to accepted is the one moment that counts. What follows from it (membership of
//! the team, membership of the workspace, the log row that marks it complete) is made by whoever comes by next until the
//! mark is there, and never after: who was removed since stays removed. Several may do it at once, and nothing keeps one
//! that looked before a removal from making what is missing after it. So the mark names the memberships that it stands
//! on, and whoever made another one takes it back.
//!
//! Somebody may hold several invites. One that was made before another took the person in lets nobody in again whom an
//! admin has taken out since: accepting revokes it, and what a crash or a race leaves pending is refused all the same.

use domain::email::NormalizedEmail;
use domain::ids::{InviteId, TeamMembershipId, UserId, WorkspaceId};
use domain::rows::{InviteStatus, OrgInvite, Organization, Workspace, WorkspaceMembership};
use domain::time::Timestamp;
use domain::{Code, Failure};
use platform::appwrite::Account;
use serde::{Deserialize, Serialize};

/// Who asks: a user whose e-mail address is proven to be theirs.
#[derive(Clone, Debug)]
pub struct Person {
    pub user: UserId,
    pub email: NormalizedEmail,
}

/// What is known of an invite beside its own row.
#[derive(Clone, Debug)]
pub struct Facts {
    pub organization: Organization,
    /// None for an invite to the organisation alone.
    pub workspace: Option<Workspace>,
    /// Who invited is still an admin of the organisation, or an active one of the workspace.
    pub inviter_may: bool,
    pub standing: Standing,
    /// Appwrite's own invitations to the team that the person has not accepted. Adding somebody confirms such a one with
    /// the roles that it was given, so it has to go first.
    pub unconfirmed: Vec<TeamMembershipId>,
}

/// Where the invited person stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Their confirmed membership of the organisation's team.
    pub team: Option<TeamMembershipId>,
    /// Their membership of the invite's workspace, active or not.
    pub membership: Option<Membership>,
    /// The completion mark is there.
    pub marked: bool,
    /// The other invites of the organisation that have taken them in, completely, since this one was made.
    pub joined_since: Vec<Option<WorkspaceId>>,
}

/// A membership of a workspace.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Tells it from one of the same id that was deleted.
    pub created_at: Timestamp,
    pub row: WorkspaceMembership,
}

/// The memberships that one completion has made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    pub team: Option<TeamMembershipId>,
    /// By the moment it was created.
    pub workspace: Option<Timestamp>,
}

/// The memberships that the completion mark stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    pub team: Option<Named<TeamMembershipId>>,
    pub workspace: Option<Named<Timestamp>>,
}

/// A membership by what tells it from every other of the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<K> {
    pub key: K,
    /// Made by the very completion that wrote the mark, not found there.
    pub made: bool,
}

/// Memberships that must not stand, because the person was removed before they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revived {
    pub team: Vec<TeamMembershipId>,
    pub workspace: Vec<Timestamp>,
}

/// What to do next for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Take the invite: from pending to accepted.
    Claim,
    /// It is accepted and not complete: make what is missing, then the mark.
    Complete {
        join_team: bool,
        join_workspace: bool,
    },
    /// It is accepted, and the person was removed before the mark was made: make the mark, nothing else.
    Close,
    /// Nothing: it is complete and the person is a member.
    Nothing,
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

/// Whether the invite is for this person. Asked before anything else of it is looked at.
pub fn recognise(invite: &OrgInvite, by: &Person) -> Result<(), Refusal> {
    // Normalised again: whoever wrote the row may have left the domain as it was typed.
    match NormalizedEmail::parse(&invite.normalized_email) {
        Some(invited) if invited == by.email => Ok(()),
        Some(_) | None => Err(Refusal::NotForYou),
    }
}

/// What accepting the invite means now.
pub fn accept(
    id: &InviteId,
    invite: &OrgInvite,
    by: &Person,
    facts: &Facts,
    now: Timestamp,
) -> Result<Next, Refusal> {
    recognise(invite, by)?;
    match invite.status {
        InviteStatus::Pending if invite.expires_at <= now => Err(Refusal::Expired),
        InviteStatus::Pending => {
            not_archived(facts)?;
            if !facts.inviter_may {
                return Err(Refusal::InviterNotAdmin);
            }
            match &facts.standing.membership {
                Some(membership) if !membership.row.active => Err(Refusal::MembershipEnded),
                _ if facts.standing.was_taken_out(invite) => Err(Refusal::MembershipEnded),
                Some(_) | None => Ok(Next::Claim),
            }
        }
        InviteStatus::Accepted if invite.accepted_by_user_id.as_ref() == Some(&by.user) => {
            not_archived(facts)?;
            complete(id, invite, &facts.standing)
        }
        InviteStatus::Accepted => Err(Refusal::Used),
        InviteStatus::Expired => Err(Refusal::Expired),
        InviteStatus::Revoked => Err(revoked(invite, &facts.standing)),
    }
}

fn revoked(invite: &OrgInvite, standing: &Standing) -> Refusal {
    match standing.is_member(invite) {
        true => Refusal::NotNeeded,
        false => Refusal::Revoked,
    }
}

impl Standing {
    /// Whether they belong where the invite leads.
    pub fn is_member(&self, invite: &OrgInvite) -> bool {
        self.team.is_some() && (invite.workspace_id.is_none() || self.is_active())
    }

    fn is_active(&self) -> bool {
        let membership = self.membership.as_ref();
        membership.is_some_and(|membership| membership.row.active)
    }

    /// Whether another invite has taken them in since this one was made, and somebody has taken them out since that.
    fn was_taken_out(&self, invite: &OrgInvite) -> bool {
        let left_team = !self.joined_since.is_empty() && self.team.is_none();
        let joined_workspace =
            invite.workspace_id.is_some() && self.joined_since.contains(&invite.workspace_id);
        left_team || joined_workspace && !self.is_active()
    }
}

/// Whether accepting `invite` leaves nothing to do for this other one of the same person: it was made before and leads
/// no further.
pub fn replaces(invite: &OrgInvite, other: &OrgInvite, made_at: Timestamp) -> bool {
    let leads_further = other.workspace_id.is_some() && other.workspace_id != invite.workspace_id;
    let is_older = (invite.accepted_at).is_some_and(|accepted_at| made_at <= accepted_at);
    other.status == InviteStatus::Pending && is_older && !leads_further
}

/// The invite as it is when nobody may accept it any more.
pub fn withdrawn(invite: &OrgInvite) -> OrgInvite {
    OrgInvite {
        status: InviteStatus::Revoked,
        ..invite.clone()
    }
}

/// What is left to do for an accepted invite.
pub fn complete(id: &InviteId, invite: &OrgInvite, standing: &Standing) -> Result<Next, Refusal> {
    let membership = standing
        .membership
        .as_ref()
        .map(|membership| &membership.row);
    let in_team = standing.team.is_some();
    if standing.marked {
        return if standing.is_member(invite) {
            Ok(Next::Nothing)
        } else {
            Err(Refusal::MembershipEnded)
        };
    }
    // The team comes first, so a membership that this invite made without one of the team means a removal since.
    let was_removed = membership.is_some_and(|membership| {
        !membership.active || (membership.invited_via_invite_id.as_ref() == Some(id) && !in_team)
    });
    if was_removed || standing.was_taken_out(invite) {
        return Ok(Next::Close);
    }
    Ok(Next::Complete {
        join_team: !in_team,
        join_workspace: invite.workspace_id.is_some() && membership.is_none(),
    })
}

/// What the mark of a completion stands on: what it made and what it found; for somebody who was removed, only what it
/// found.
pub fn joined(standing: &Standing, made: &Made, was_removed: bool) -> Joined {
    let made = match was_removed {
        true => &Made::default(),
        false => made,
    };
    let found = standing.membership.as_ref();
    Joined {
        team: named(made.team.as_ref(), standing.team.as_ref()),
        workspace: named(
            made.workspace.as_ref(),
            found.map(|membership| &membership.created_at),
        ),
    }
}

fn named<K: Clone>(made: Option<&K>, found: Option<&K>) -> Option<Named<K>> {
    let name = |key: &K, made| Named {
        key: key.clone(),
        made,
    };
    let made = made.map(|key| name(key, true));
    made.or_else(|| found.map(|key| name(key, false)))
}

/// What a completion has to take back, by the mark that stands in the end, its own or another's.
///
/// A person has one membership at a time. If this completion made one and the mark names another, or none, there was a
/// removal between the two, or before both: neither of what completions made may stand. What the other completion found
/// there may: an admin can have made it.
pub fn revived(made: &Made, mark: &Joined) -> Revived {
    Revived {
        team: too_many(made.team.as_ref(), mark.team.as_ref()),
        workspace: too_many(made.workspace.as_ref(), mark.workspace.as_ref()),
    }
}

/// The same by the mark of another invite that was open at the same time. With the membership of the team goes that of a
/// workspace that only this invite leads to: it was made later still.
pub fn revived_beside(
    made: &Made,
    invite: &OrgInvite,
    other: &OrgInvite,
    mark: &Joined,
) -> Revived {
    if invite.workspace_id == other.workspace_id {
        return revived(made, mark);
    }
    let team = too_many(made.team.as_ref(), mark.team.as_ref());
    let workspace = made.workspace.filter(|_| !team.is_empty());
    Revived {
        team,
        workspace: workspace.into_iter().collect(),
    }
}

fn too_many<K: Clone + PartialEq>(made: Option<&K>, named: Option<&Named<K>>) -> Vec<K> {
    let Some(made) = made else {
        return Vec::new();
    };
    let other = match named {
        Some(named) if named.key == *made => return Vec::new(),
        Some(named) if named.made => Some(&named.key),
        Some(_) | None => None,
    };
    std::iter::once(made).chain(other).cloned().collect()
}

impl Revived {
    /// What the marks of several invites say, together.
    pub fn extend(&mut self, other: Self) {
        self.team.extend(other.team);
        self.workspace.extend(other.workspace);
    }

    pub fn is_nobody(&self) -> bool {
        self.team.is_empty() && self.workspace.is_empty()
    }
}

/// The invite as the claim leaves it.
pub fn claimed(invite: &OrgInvite, by: &Person, now: Timestamp) -> OrgInvite {
    OrgInvite {
        status: InviteStatus::Accepted,
        accepted_by_user_id: Some(by.user.clone()),
        accepted_at: Some(now),
        ..invite.clone()
    }
}

/// Whether the person may ask for a fresh invite in the place of this one.
pub fn request(invite: &OrgInvite, by: &Person, facts: &Facts) -> Result<(), Refusal> {
    recognise(invite, by)?;
    match invite.status {
        InviteStatus::Pending | InviteStatus::Expired => not_archived(facts),
        InviteStatus::Accepted => Err(Refusal::Used),
        InviteStatus::Revoked => Err(revoked(invite, &facts.standing)),
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
        };
        Self::new(code, message)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::ids::Id;
    use domain::rows::{PrivacyMode, WorkspaceRole};

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        let base = Timestamp::parse("2026-01-01T12:00:00Z").unwrap();
        base.plus(Duration::from_secs(seconds))
    }

    fn id<I: Id>(text: &str) -> I {
        I::parse(text).unwrap()
    }

    fn ada() -> Person {
        Person {
            user: id("ada"),
            email: NormalizedEmail::parse("ada@example.com").unwrap(),
        }
    }

    fn invite() -> OrgInvite {
        OrgInvite {
            organization_id: id("acme"),
            email: "Ada@Example.com".to_owned(),
            normalized_email: "ada@example.com".to_owned(),
            invite_token_hash: "0".repeat(64),
            status: InviteStatus::Pending,
            workspace_role: WorkspaceRole::User,
            workspace_id: Some(id("sales")),
            invited_by_user_id: id("bob"),
            expires_at: at(100),
            accepted_by_user_id: None,
            accepted_at: None,
        }
    }

    fn membership(active: bool, via: Option<&str>) -> Membership {
        Membership {
            created_at: at(10),
            row: WorkspaceMembership {
                organization_id: id("acme"),
                workspace_id: id("sales"),
                user_id: id("ada"),
                role: WorkspaceRole::Admin,
                manager_user_id: None,
                active,
                invited_via_invite_id: via.map(id),
            },
        }
    }

    fn in_team(is: bool) -> Option<TeamMembershipId> {
        is.then(|| id("m1"))
    }

    fn facts() -> Facts {
        Facts {
            organization: Organization {
                name: "Acme".to_owned(),
                slug: "acme".to_owned(),
                team_id: id("team"),
                created_by_user_id: id("bob"),
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
                archived_at: None,
            },
            workspace: Some(Workspace {
                organization_id: id("acme"),
                name: "Sales".to_owned(),
                slug: "sales".to_owned(),
                privacy_mode: PrivacyMode::Open,
                created_by_user_id: id("bob"),
                archived_at: None,
            }),
            unconfirmed: Vec::new(),
            inviter_may: true,
            standing: Standing {
                team: None,
                membership: None,
                marked: false,
                joined_since: Vec::new(),
            },
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut OrgInvite, &mut Facts), expect: Result<Next, Refusal>) {
        let (mut invite, mut facts) = (invite(), facts());
        change(&mut invite, &mut facts);
        assert_eq!(accept(&id("i1"), &invite, &ada(), &facts, at(99)), expect);
    }

    #[track_caller]
    fn check_accepted(
        marked: bool,
        is_in_team: bool,
        membership: Option<Membership>,
        expect: Result<Next, Refusal>,
    ) {
        check(
            |invite, facts| {
                *invite = claimed(invite, &ada(), at(0));
                facts.standing = Standing {
                    team: in_team(is_in_team),
                    membership,
                    marked,
                    joined_since: Vec::new(),
                };
                // Neither counts once the invite is accepted.
                invite.expires_at = at(0);
                facts.inviter_may = false;
            },
            expect,
        );
    }

    #[test]
    fn the_invited_person_takes_a_pending_invite() {
        check(|_, _| {}, Ok(Next::Claim));
        check(|invite, _| invite.workspace_id = None, Ok(Next::Claim));
        check(
            |_, facts| facts.standing.team = in_team(true),
            Ok(Next::Claim),
        );
        check(
            |_, facts| facts.standing.membership = Some(membership(true, None)),
            Ok(Next::Claim),
        );
    }

    #[test]
    fn anybody_else_gets_the_same_answer_whatever_the_state() {
        for status in [
            InviteStatus::Pending,
            InviteStatus::Accepted,
            InviteStatus::Expired,
            InviteStatus::Revoked,
        ] {
            check(
                |invite, facts| {
                    invite.status = status;
                    invite.normalized_email = "eve@example.com".to_owned();
                    facts.organization.archived_at = Some(at(0));
                    facts.inviter_may = false;
                },
                Err(Refusal::NotForYou),
            );
        }
        check(
            |invite, _| invite.normalized_email = "ada+1@example.com".to_owned(),
            Err(Refusal::NotForYou),
        );
        check(
            |invite, _| invite.normalized_email = String::new(),
            Err(Refusal::NotForYou),
        );
        check(
            |invite, _| invite.normalized_email = " ADA@EXAMPLE.COM ".to_owned(),
            Ok(Next::Claim),
        );
    }

    #[test]
    fn an_invite_ends_at_its_expiry_swept_or_not() {
        check(
            |invite, _| invite.expires_at = at(99),
            Err(Refusal::Expired),
        );
        check(|invite, _| invite.expires_at = at(0), Err(Refusal::Expired));
        check(
            |invite, _| invite.status = InviteStatus::Expired,
            Err(Refusal::Expired),
        );
    }

    #[test]
    fn each_other_state_is_refused_by_its_name() {
        check(
            |invite, _| invite.status = InviteStatus::Revoked,
            Err(Refusal::Revoked),
        );
        check(
            |invite, _| invite.status = InviteStatus::Accepted,
            Err(Refusal::Used),
        );
        check(
            |invite, _| {
                invite.status = InviteStatus::Accepted;
                invite.accepted_by_user_id = Some(id("ada2"));
            },
            Err(Refusal::Used),
        );
        check(
            |_, facts| facts.inviter_may = false,
            Err(Refusal::InviterNotAdmin),
        );
        check(
            |_, facts| facts.organization.archived_at = Some(at(0)),
            Err(Refusal::Archived),
        );
        check(
            |_, facts| facts.workspace.as_mut().unwrap().archived_at = Some(at(0)),
            Err(Refusal::Archived),
        );
        check(
            |_, facts| facts.standing.membership = Some(membership(false, None)),
            Err(Refusal::MembershipEnded),
        );
    }

    #[test]
    fn an_accepted_invite_is_completed_where_it_was_left() {
        let complete = |join_team, join_workspace| {
            Ok(Next::Complete {
                join_team,
                join_workspace,
            })
        };
        check_accepted(false, false, None, complete(true, true));
        check_accepted(false, true, None, complete(false, true));
        check_accepted(
            false,
            true,
            Some(membership(true, Some("i1"))),
            complete(false, false),
        );
        check_accepted(
            false,
            false,
            Some(membership(true, None)),
            complete(true, false),
        );
    }

    #[test]
    fn who_was_removed_is_not_brought_back() {
        check_accepted(
            false,
            true,
            Some(membership(false, Some("i1"))),
            Ok(Next::Close),
        );
        check_accepted(false, false, Some(membership(false, None)), Ok(Next::Close));
        check_accepted(
            false,
            false,
            Some(membership(true, Some("i1"))),
            Ok(Next::Close),
        );
        for is_in_team in [false, true] {
            check_accepted(true, is_in_team, None, Err(Refusal::MembershipEnded));
            check_accepted(
                true,
                is_in_team,
                Some(membership(false, Some("i1"))),
                Err(Refusal::MembershipEnded),
            );
        }
        check_accepted(
            true,
            false,
            Some(membership(true, Some("i1"))),
            Err(Refusal::MembershipEnded),
        );
        check_accepted(
            true,
            true,
            Some(membership(true, Some("i1"))),
            Ok(Next::Nothing),
        );
    }

    #[test]
    fn an_older_invite_lets_nobody_in_again() {
        let sales = || Some(id("sales"));
        let active = || Some(membership(true, None));
        let claim = Ok(Next::Claim);
        let ended = Err(Refusal::MembershipEnded);
        for (joined_since, is_in_team, membership, expect) in [
            // By another invite to the same workspace.
            (vec![sales()], true, active(), claim.clone()),
            (vec![sales()], true, None, ended.clone()),
            (vec![sales()], false, None, ended.clone()),
            (vec![sales()], false, active(), ended.clone()),
            // By one to the organisation, or to another workspace of it.
            (vec![None], true, None, claim.clone()),
            (vec![Some(id("other"))], true, None, claim),
            (vec![None], false, None, ended.clone()),
            (vec![Some(id("other"))], false, active(), ended),
        ] {
            let standing = Standing {
                team: in_team(is_in_team),
                membership,
                marked: false,
                joined_since,
            };
            check(|_, facts| facts.standing = standing.clone(), expect.clone());
            // Nor does one that was accepted at the same time and is completed only now.
            let accepted = claimed(&invite(), &ada(), at(0));
            let is_closed = complete(&id("i1"), &accepted, &standing) == Ok(Next::Close);
            assert_eq!(is_closed, expect.is_err(), "{standing:?}");
        }
    }

    #[test]
    fn accepting_replaces_what_was_made_before_and_leads_no_further() {
        let check = |of: Option<&str>, other: Option<&str>, made_at, expect| {
            let to = |workspace: Option<&str>| OrgInvite {
                workspace_id: workspace.map(id),
                ..invite()
            };
            let accepted = claimed(&to(of), &ada(), at(50));
            assert_eq!(replaces(&accepted, &to(other), at(made_at)), expect);
            assert!(
                !replaces(&to(of), &to(other), at(made_at)),
                "not yet accepted"
            );
            let used = claimed(&to(other), &ada(), at(0));
            assert!(!replaces(&accepted, &used, at(made_at)));
        };
        check(Some("sales"), Some("sales"), 50, true);
        check(Some("sales"), Some("sales"), 51, false);
        check(Some("sales"), Some("other"), 0, false);
        check(Some("sales"), None, 0, true);
        check(None, None, 0, true);
        check(None, Some("sales"), 0, false);
    }

    #[test]
    fn a_member_is_told_that_a_revoked_invite_is_not_needed() {
        let revoked = |is_in_team, membership, expect| {
            check(
                |invite, facts| {
                    invite.status = InviteStatus::Revoked;
                    facts.standing.team = in_team(is_in_team);
                    facts.standing.membership = membership;
                },
                Err(expect),
            );
        };
        revoked(true, Some(membership(true, None)), Refusal::NotNeeded);
        revoked(true, Some(membership(false, None)), Refusal::Revoked);
        revoked(false, Some(membership(true, None)), Refusal::Revoked);
        revoked(true, None, Refusal::Revoked);
    }

    #[test]
    fn the_mark_names_what_was_made_or_found() {
        let standing = |team, membership| Standing {
            team,
            membership,
            marked: false,
            joined_since: Vec::new(),
        };
        let made = Made {
            team: Some(id("m2")),
            workspace: Some(at(20)),
        };
        let names = |found: Joined, team: Option<(&str, bool)>, workspace: Option<(u64, bool)>| {
            let team = team.map(|(key, made)| Named { key: id(key), made });
            let workspace = workspace.map(|(key, made)| Named { key: at(key), made });
            assert_eq!(found, Joined { team, workspace });
        };
        let none = standing(None, None);
        let found = standing(in_team(true), Some(membership(true, None)));
        names(
            joined(&none, &made, false),
            Some(("m2", true)),
            Some((20, true)),
        );
        names(
            joined(&found, &Made::default(), false),
            Some(("m1", false)),
            Some((10, false)),
        );
        names(joined(&none, &made, true), None, None);
        names(
            joined(&found, &made, true),
            Some(("m1", false)),
            Some((10, false)),
        );
    }

    #[test]
    fn what_was_made_beside_the_mark_is_taken_back() {
        let check = |made: Option<&str>, named: Option<(&str, bool)>, expect: &[&str]| {
            let team = |key: &str| id::<TeamMembershipId>(key);
            let made = Made {
                team: made.map(team),
                workspace: None,
            };
            let named = named.map(|(key, made)| Named {
                key: team(key),
                made,
            });
            let mark = Joined {
                team: named,
                workspace: None,
            };
            let found = revived(&made, &mark);
            let expect: Vec<TeamMembershipId> = expect.iter().copied().map(team).collect();
            assert_eq!(found.team, expect);
            assert_eq!(found.is_nobody(), expect.is_empty());
        };
        // Made nothing, or what the mark stands on.
        check(None, None, &[]);
        check(None, Some(("m1", true)), &[]);
        check(Some("m1"), Some(("m1", true)), &[]);
        check(Some("m1"), Some(("m1", false)), &[]);
        // Made after somebody's removal, or for somebody who was found removed.
        check(Some("m2"), Some(("m1", false)), &["m2"]);
        check(Some("m2"), None, &["m2"]);
        // Two completions made one each: whichever came later came after a removal.
        check(Some("m2"), Some(("m1", true)), &["m2", "m1"]);
    }

    #[test]
    fn beside_another_workspaces_invite_only_the_team_tells_of_a_removal() {
        let made = Made {
            team: Some(id("m2")),
            workspace: Some(at(20)),
        };
        let to = |workspace: Option<&str>| OrgInvite {
            workspace_id: workspace.map(id),
            ..invite()
        };
        let check = |other, team: &str, workspace: Option<u64>, expect: (usize, usize)| {
            let mark = Joined {
                team: Some(Named {
                    key: id(team),
                    made: true,
                }),
                workspace: workspace.map(|key| Named {
                    key: at(key),
                    made: true,
                }),
            };
            let found = revived_beside(&made, &to(Some("sales")), &to(other), &mark);
            assert_eq!((found.team.len(), found.workspace.len()), expect);
        };
        for other in [Some("other"), None] {
            check(other, "m2", Some(10), (0, 0));
            check(other, "m2", None, (0, 0));
            check(other, "m1", Some(10), (2, 1));
            check(other, "m1", None, (2, 1));
        }
        check(Some("sales"), "m2", Some(20), (0, 0));
        check(Some("sales"), "m1", Some(20), (2, 0));
        check(Some("sales"), "m1", Some(10), (2, 2));
    }

    #[test]
    fn an_invite_to_the_organisation_alone_needs_no_workspace() {
        let check = |marked, is_in_team, expect| {
            let invite = OrgInvite {
                workspace_id: None,
                ..claimed(&invite(), &ada(), at(0))
            };
            let standing = Standing {
                team: in_team(is_in_team),
                membership: None,
                marked,
                joined_since: Vec::new(),
            };
            assert_eq!(complete(&id("i1"), &invite, &standing), expect);
        };
        check(
            false,
            false,
            Ok(Next::Complete {
                join_team: true,
                join_workspace: false,
            }),
        );
        check(
            false,
            true,
            Ok(Next::Complete {
                join_team: false,
                join_workspace: false,
            }),
        );
        check(true, true, Ok(Next::Nothing));
        check(true, false, Err(Refusal::MembershipEnded));
    }

    #[test]
    fn a_fresh_invite_is_asked_for_while_the_old_one_is_open_or_expired() {
        let check = |status, expect| {
            let invite = OrgInvite { status, ..invite() };
            assert_eq!(request(&invite, &ada(), &facts()), expect);
        };
        check(InviteStatus::Pending, Ok(()));
        check(InviteStatus::Expired, Ok(()));
        check(InviteStatus::Accepted, Err(Refusal::Used));
        check(InviteStatus::Revoked, Err(Refusal::Revoked));
        let mut archived = facts();
        archived.organization.archived_at = Some(at(0));
        assert_eq!(
            request(&invite(), &ada(), &archived),
            Err(Refusal::Archived)
        );
    }

    #[test]
    fn an_address_counts_only_when_it_is_verified() {
        let check = |email: &str, email_verification, expect: Result<&str, Refusal>| {
            let account = Account {
                id: id("ada"),
                email: email.to_owned(),
                email_verification,
                status: true,
            };
            let found = person(&id("ada"), &account).map(|person| person.email.as_ref().to_owned());
            assert_eq!(found, expect.map(str::to_owned));
        };
        check("Ada@Example.com", true, Ok("ada@example.com"));
        check("ada@example.com", false, Err(Refusal::VerifyEmail));
        check("", true, Err(Refusal::VerifyEmail));
    }
}
