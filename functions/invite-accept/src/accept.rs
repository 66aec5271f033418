//! Decides who may accept an invite, and what is left to do once it is accepted.
//!
//! The invite's row going from pending to accepted is the one moment that counts. What follows from it (membership of
//! the team, membership of the workspace, the log row that marks it complete) is made by whoever comes by next until the
//! mark is there, and never after: who was removed since stays removed.

use shared::appwrite::Account;
use shared::email::NormalizedEmail;
use shared::ids::{InviteId, UserId};
use shared::rows::{InviteStatus, OrgInvite, Organization, Workspace, WorkspaceMembership};
use shared::time::Timestamp;
use shared::{Code, Failure};

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
}

/// Where the invited person stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// A confirmed member of the organisation's team.
    pub in_team: bool,
    /// Their membership of the invite's workspace, active or not.
    pub membership: Option<WorkspaceMembership>,
    /// The completion mark is there.
    pub marked: bool,
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
    Expired,
    Revoked,
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
                Some(membership) if !membership.active => Err(Refusal::MembershipEnded),
                Some(_) | None => Ok(Next::Claim),
            }
        }
        InviteStatus::Accepted if invite.accepted_by_user_id.as_ref() == Some(&by.user) => {
            not_archived(facts)?;
            complete(id, invite, &facts.standing)
        }
        InviteStatus::Accepted => Err(Refusal::Used),
        InviteStatus::Expired => Err(Refusal::Expired),
        InviteStatus::Revoked => Err(Refusal::Revoked),
    }
}

/// What is left to do for an accepted invite.
pub fn complete(id: &InviteId, invite: &OrgInvite, standing: &Standing) -> Result<Next, Refusal> {
    let membership = standing.membership.as_ref();
    if standing.marked {
        let is_active = membership.is_some_and(|membership| membership.active);
        return if standing.in_team && (invite.workspace_id.is_none() || is_active) {
            Ok(Next::Nothing)
        } else {
            Err(Refusal::MembershipEnded)
        };
    }
    // The team comes first, so a membership that this invite made without one of the team means a removal since.
    let was_removed = membership.is_some_and(|membership| {
        !membership.active
            || (membership.invited_via_invite_id.as_ref() == Some(id) && !standing.in_team)
    });
    if was_removed {
        return Ok(Next::Close);
    }
    Ok(Next::Complete {
        join_team: !standing.in_team,
        join_workspace: invite.workspace_id.is_some() && membership.is_none(),
    })
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
        InviteStatus::Revoked => Err(Refusal::Revoked),
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
            Refusal::Expired => (
                Code::InviteExpired,
                "The invitation has expired. Request a new one.",
            ),
            Refusal::Revoked => (
                Code::InviteRevoked,
                "The invitation was withdrawn. Ask whoever invited you.",
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

    use shared::ids::Id;
    use shared::rows::{PrivacyMode, WorkspaceRole};

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

    fn membership(active: bool, via: Option<&str>) -> WorkspaceMembership {
        WorkspaceMembership {
            organization_id: id("acme"),
            workspace_id: id("sales"),
            user_id: id("ada"),
            role: WorkspaceRole::Admin,
            manager_user_id: None,
            active,
            invited_via_invite_id: via.map(id),
        }
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
            inviter_may: true,
            standing: Standing {
                in_team: false,
                membership: None,
                marked: false,
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
        in_team: bool,
        membership: Option<WorkspaceMembership>,
        expect: Result<Next, Refusal>,
    ) {
        check(
            |invite, facts| {
                *invite = claimed(invite, &ada(), at(0));
                facts.standing = Standing {
                    in_team,
                    membership,
                    marked,
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
        check(|_, facts| facts.standing.in_team = true, Ok(Next::Claim));
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
        for in_team in [false, true] {
            check_accepted(true, in_team, None, Err(Refusal::MembershipEnded));
            check_accepted(
                true,
                in_team,
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
    fn an_invite_to_the_organisation_alone_needs_no_workspace() {
        let check = |marked, in_team, expect| {
            let invite = OrgInvite {
                workspace_id: None,
                ..claimed(&invite(), &ada(), at(0))
            };
            let standing = Standing {
                in_team,
                membership: None,
                marked,
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
