//! One table for each rule: what comes next, and how it ends.

use domain::rows::{InviteStatus, OrgInvite, WorkspaceMembership, WorkspaceRole};
use invite_accept::accept::{next, person, Outcome, Refusal, Step};
use invite_accept::mark::{CompletionRecord, Rollback};
use invite_accept::state::{Creation, Facts, Invite, Membership, Purpose, Revocation, State};
use platform::appwrite::Account;

use crate::{accepted, ada, at, facts, id, in_team, invite, invite_of, membership, record, start};

/// Times that an accept claims the invite.
const CLAIMS: usize = 8;

/// Times that the other invites are listed.
const LISTS: usize = 3;

fn names(team: Option<(&str, bool)>, workspace: Option<(u64, bool)>) -> Step<()> {
    Step::Mark(record(team, workspace))
}

/// What comes next once the facts are read.
fn first(purpose: Purpose, row: OrgInvite, facts: Facts) -> Result<Step<()>, Refusal> {
    let mut state = start(purpose, row);
    if let Step::ReadFacts = next(&state)? {
        state.read(facts);
    }
    next(&state)
}

#[track_caller]
fn check(change: impl FnOnce(&mut OrgInvite, &mut Facts), expect: Result<(), Refusal>) {
    let (mut invite, mut facts) = (invite(), facts());
    change(&mut invite, &mut facts);
    let claim = Step::Claim(OrgInvite {
        accepted_at: Some(at(99)),
        ..accepted(invite.clone(), "ada")
    });
    let found = first(Purpose::Accept(ada()), invite.clone(), facts.clone());
    assert_eq!(found, expect.map(|()| claim));
    // The preview says the same, of every invite that is not accepted.
    let shown = first(Purpose::Preview(ada()), invite, facts);
    match (shown, expect) {
        (Ok(Step::Done(outcome)), Ok(())) => {
            assert_eq!(outcome.status, InviteStatus::Pending);
        }
        (shown, expect) => assert_eq!(shown.err(), expect.err()),
    }
}

/// The steps of a run that nobody disturbs, after the facts are read, and how it ends.
fn steps(
    purpose: Purpose,
    row: OrgInvite,
    facts: Facts,
) -> (Vec<Step<()>>, Result<Outcome, Refusal>) {
    let mut state = start(purpose, row);
    let mut steps = Vec::new();
    loop {
        let step = match next(&state) {
            Ok(Step::Done(outcome)) => return (steps, Ok(outcome)),
            Ok(step) => step,
            Err(refusal) => return (steps, Err(refusal)),
        };
        match &step {
            Step::ReadFacts => {
                state.read(facts.clone());
                continue;
            }
            Step::Claim(row) => state.claimed(Some(invite_of("i1", row.clone()))),
            Step::DeleteInvitation(_, invitation) => state.invitation_deleted(invitation),
            Step::JoinTeam(_) => state.team_joined(Creation::New(id("m2"))),
            Step::JoinWorkspace(_) => state.workspace_joined(Creation::New(at(20))),
            Step::ListOthers => state.others_listed(Vec::new()),
            Step::Mark(record) => state.marked(Some(record.clone())),
            Step::ReadOtherMarks => state.compared(Vec::new()),
            Step::Request => state.requested(),
            Step::FindInvite | Step::RevokeOther(_) | Step::RollBack { .. } => {
                panic!("somebody has disturbed: {step:?}")
            }
            Step::Done(_) => {}
        }
        steps.push(step);
        assert!(steps.len() < 100, "has no end: {steps:?}");
    }
}

/// An accepted invite, asked about by the click of the one who accepted it and by the sweep.
#[track_caller]
fn check_accepted(facts: &Facts, expect: &[Step<()>], is_member: bool) {
    let row = OrgInvite {
        // Neither counts once the invite is accepted.
        expires_at: at(0),
        ..accepted(invite(), "ada")
    };
    let facts = Facts {
        inviter_may: false,
        ..facts.clone()
    };
    let ask = |purpose| steps(purpose, row.clone(), facts.clone());
    let (found, end) = ask(Purpose::Accept(ada()));
    assert_eq!(found, expect);
    let ended = Err(Refusal::MembershipEnded);
    let was_complete = end.map(|outcome| outcome.was_complete);
    let complete = Ok(facts.is_marked);
    assert_eq!(was_complete, if is_member { complete } else { ended });
    let (found, end) = ask(Purpose::Complete(id("ada")));
    assert_eq!(found, expect);
    assert!(end.is_ok(), "for the sweep it is complete either way");
    let (found, end) = ask(Purpose::Preview(ada()));
    assert_eq!(found, [], "looking changes nothing");
    let status = end.map(|outcome| outcome.status);
    assert_eq!(
        status,
        if is_member {
            Ok(InviteStatus::Accepted)
        } else {
            Err(Refusal::MembershipEnded)
        }
    );
}

fn join_team() -> Step<()> {
    Step::JoinTeam(id("team"))
}

fn join_workspace() -> Step<()> {
    let row = membership(true, Some("i1")).row;
    Step::JoinWorkspace(WorkspaceMembership {
        role: WorkspaceRole::User,
        ..row
    })
}

#[test]
fn the_invited_person_takes_a_pending_invite() {
    check(|_, _| {}, Ok(()));
    check(|invite, _| invite.workspace_id = None, Ok(()));
    check(|_, facts| facts.team = in_team(true), Ok(()));
    check(
        |_, facts| facts.membership = Some(membership(true, None)),
        Ok(()),
    );
}

#[test]
fn an_accept_goes_from_the_claim_to_the_mark_in_one_order() {
    let facts = Facts {
        unconfirmed: vec![id("m8"), id("m9")],
        ..facts()
    };
    let (found, end) = steps(Purpose::Accept(ada()), invite(), facts);
    let claimed = OrgInvite {
        accepted_at: Some(at(99)),
        ..accepted(invite(), "ada")
    };
    assert_eq!(
        found,
        [
            Step::Claim(claimed),
            Step::DeleteInvitation(id("team"), id("m8")),
            Step::DeleteInvitation(id("team"), id("m9")),
            join_team(),
            join_workspace(),
            Step::ListOthers,
            names(Some(("m2", true)), Some((20, true))),
            Step::ReadOtherMarks,
        ]
    );
    let outcome = Outcome {
        status: InviteStatus::Accepted,
        was_complete: false,
        role: Some(WorkspaceRole::User),
        organization_name: "Acme".to_owned(),
        workspace_name: Some("Sales".to_owned()),
    };
    assert_eq!(end, Ok(outcome));
}

#[test]
fn anybody_else_gets_the_same_answer_whatever_the_state() {
    let purposes = [Purpose::Preview, Purpose::Accept, Purpose::Request];
    let check = |row: &OrgInvite, is_for_ada: bool| {
        for purpose in purposes {
            // Before anything else of it is looked at.
            let found = next(&start(purpose(ada()), row.clone()));
            let expect = if is_for_ada {
                Ok(Step::ReadFacts)
            } else {
                Err(Refusal::NotForYou)
            };
            assert_eq!(found, expect, "{row:?}");
        }
    };
    for status in [
        InviteStatus::Pending,
        InviteStatus::Accepted,
        InviteStatus::Expired,
        InviteStatus::Revoked,
    ] {
        for (email, is_for_ada) in [
            ("ada@example.com", true),
            (" ADA@EXAMPLE.COM ", true),
            ("eve@example.com", false),
            ("ada+1@example.com", false),
            ("", false),
        ] {
            let row = OrgInvite {
                status,
                normalized_email: email.to_owned(),
                expires_at: at(0),
                ..invite()
            };
            check(&row, is_for_ada);
            check(&accepted(row, "ada"), is_for_ada);
        }
    }
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
        |invite, _| *invite = accepted(invite.clone(), "ada2"),
        Err(Refusal::Used),
    );
    check(
        |_, facts| facts.inviter_may = false,
        Err(Refusal::InviterNotAdmin),
    );
    let archive = |facts: &mut Facts| facts.organization.archived_at = Some(at(0));
    check(|_, facts| archive(facts), Err(Refusal::Archived));
    check(
        |_, facts| facts.workspace.as_mut().unwrap().archived_at = Some(at(0)),
        Err(Refusal::Archived),
    );
    check(
        |invite, facts| {
            *invite = accepted(invite.clone(), "ada");
            archive(facts);
        },
        Err(Refusal::Archived),
    );
    check(
        |_, facts| facts.membership = Some(membership(false, None)),
        Err(Refusal::MembershipEnded),
    );
}

#[test]
fn an_accepted_invite_is_completed_where_it_was_left() {
    let check = |is_in_team, membership, expect: &[Step<()>]| {
        let facts = Facts {
            team: in_team(is_in_team),
            membership,
            ..facts()
        };
        check_accepted(&facts, expect, true);
    };
    let others = || Step::ListOthers;
    check(
        false,
        None,
        &[
            join_team(),
            join_workspace(),
            others(),
            names(Some(("m2", true)), Some((20, true))),
            Step::ReadOtherMarks,
        ],
    );
    check(
        true,
        None,
        &[
            join_workspace(),
            others(),
            names(Some(("m1", false)), Some((20, true))),
            Step::ReadOtherMarks,
        ],
    );
    check(
        true,
        Some(membership(true, Some("i1"))),
        &[others(), names(Some(("m1", false)), Some((10, false)))],
    );
    check(
        false,
        Some(membership(true, None)),
        &[
            join_team(),
            others(),
            names(Some(("m2", true)), Some((10, false))),
            Step::ReadOtherMarks,
        ],
    );
}

#[test]
fn who_was_removed_is_not_brought_back() {
    let check = |is_marked, is_in_team, membership: Option<Membership>, is_member| {
        let created_at = membership.as_ref().map(|_| (10, false));
        let facts = Facts {
            team: in_team(is_in_team),
            membership,
            is_marked,
            ..facts()
        };
        let mark = names(is_in_team.then_some(("m1", false)), created_at);
        let steps = [Step::ListOthers, mark];
        check_accepted(&facts, if is_marked { &[] } else { &steps }, is_member);
    };
    let via = |active| Some(membership(active, Some("i1")));
    check(false, true, via(false), false);
    check(false, false, Some(membership(false, None)), false);
    check(false, false, via(true), false);
    for is_in_team in [false, true] {
        check(true, is_in_team, None, false);
        check(true, is_in_team, via(false), false);
    }
    check(true, false, via(true), false);
    check(true, true, via(true), true);
}

/// A membership that was in the way of creating one, and then gone or inactive, was taken away.
#[test]
fn who_is_removed_while_memberships_are_created_is_not_brought_back() {
    let removal = |team: Creation<_>, workspace: Option<Creation<_, _>>, mark: Step<()>| {
        let mut state = start(Purpose::Accept(ada()), accepted(invite(), "ada"));
        state.read(facts());
        assert_eq!(next(&state), Ok(join_team()));
        state.team_joined(team);
        if let Some(workspace) = workspace {
            assert_eq!(next(&state), Ok(join_workspace()));
            state.workspace_joined(workspace);
        }
        assert_eq!(next(&state), Ok(Step::ListOthers));
        state.others_listed(Vec::new());
        assert_eq!(next(&state), Ok(mark));
        state
    };
    let end = |mut state: State<()>, record: CompletionRecord| {
        state.marked(Some(record));
        assert_eq!(next(&state), Err(Refusal::MembershipEnded));
    };
    let state = removal(Creation::Gone, None, names(None, None));
    end(state, CompletionRecord::default());
    let found = || Creation::Found(id("m3"));
    let mark = names(Some(("m3", false)), None);
    removal(found(), Some(Creation::Gone), mark);
    let inactive = Creation::Found(membership(false, Some("i1")));
    let mark = names(Some(("m3", false)), Some((10, false)));
    removal(found(), Some(inactive), mark);
    // What it has created itself by then is not named, so it is taken back.
    let new = Creation::New(id("m2"));
    let mut state = removal(new, Some(Creation::Gone), names(None, None));
    state.marked(Some(CompletionRecord::default()));
    assert_eq!(next(&state), Ok(Step::ReadOtherMarks));
    state.compared(Vec::new());
    let rollback = Rollback {
        team: vec![id("m2")],
        workspace: Vec::new(),
    };
    match next(&state) {
        Ok(Step::RollBack {
            rollback: found, ..
        }) => assert_eq!(found, rollback),
        other => panic!("{other:?}"),
    }
    state.rolled_back();
    assert_eq!(next(&state), Ok(Step::ReadFacts));
    state.read(facts());
    assert_eq!(next(&state), Err(Refusal::MembershipEnded));
}

#[test]
fn a_member_created_by_a_completion_at_the_same_time_is_a_member() {
    let mut state = start(Purpose::Accept(ada()), accepted(invite(), "ada"));
    state.read(facts());
    state.team_joined(Creation::New(id("m2")));
    let found = Membership {
        created_at: at(30),
        ..membership(true, Some("i1"))
    };
    state.workspace_joined(Creation::Found(found));
    state.others_listed(Vec::new());
    let mark = names(Some(("m2", true)), Some((30, false)));
    assert_eq!(next(&state), Ok(mark));
}

#[test]
fn an_older_invite_lets_nobody_in_again() {
    let sales = || Some(id("sales"));
    let active = || Some(membership(true, None));
    let ended = Err(Refusal::MembershipEnded);
    for (joined_since, is_in_team, membership, expect) in [
        // By another invite to the same workspace.
        (vec![sales()], true, active(), Ok(())),
        (vec![sales()], true, None, ended),
        (vec![sales()], false, None, ended),
        (vec![sales()], false, active(), ended),
        // By one to the organisation, or to another workspace of it.
        (vec![None], true, None, Ok(())),
        (vec![Some(id("other"))], true, None, Ok(())),
        (vec![None], false, None, ended),
        (vec![Some(id("other"))], false, active(), ended),
    ] {
        let facts = Facts {
            team: in_team(is_in_team),
            membership,
            joined_since,
            ..facts()
        };
        check(|_, old| *old = facts.clone(), expect);
        // Nor does one that was accepted at the same time and is completed only now.
        let accepted = accepted(invite(), "ada");
        let (found, end) = steps(Purpose::Accept(ada()), accepted, facts.clone());
        assert_eq!(end.is_err(), expect.is_err(), "{facts:?}");
        let creates = |step: &Step<()>| matches!(step, Step::JoinTeam(_) | Step::JoinWorkspace(_));
        assert!(expect.is_ok() || !found.iter().any(creates), "{found:?}");
    }
}

/// Whether accepting an invite revokes this other one.
fn is_replaced(accepted: OrgInvite, other: &Invite<()>) -> bool {
    let mut state = start(Purpose::Complete(id("ada")), accepted);
    state.read(Facts {
        team: in_team(true),
        membership: Some(membership(true, None)),
        ..facts()
    });
    assert_eq!(next(&state), Ok(Step::ListOthers));
    state.others_listed(vec![other.clone()]);
    match next(&state) {
        Ok(Step::RevokeOther(found)) => found == *other,
        Ok(Step::Mark(_)) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn accepting_replaces_what_was_made_before_and_leads_no_further() {
    let check = |of: Option<&str>, other: Option<&str>, made_at, expect| {
        let to = |workspace: Option<&str>| OrgInvite {
            workspace_id: workspace.map(id),
            ..invite()
        };
        let of = || accepted(to(of), "ada");
        let made = |row| Invite {
            created_at: at(made_at),
            ..invite_of("i2", row)
        };
        let addressed = |email: &str| {
            made(OrgInvite {
                normalized_email: email.to_owned(),
                ..to(other)
            })
        };
        assert_eq!(is_replaced(of(), &made(to(other))), expect);
        assert_eq!(is_replaced(of(), &addressed(" Ada@EXAMPLE.com")), expect);
        assert!(!is_replaced(of(), &addressed("eve@example.com")));
        assert!(!is_replaced(of(), &made(accepted(to(other), "ada"))));
        let unknown_when = OrgInvite {
            accepted_at: None,
            ..of()
        };
        assert!(!is_replaced(unknown_when, &made(to(other))));
        let itself = Invite {
            id: id("i1"),
            ..made(to(other))
        };
        assert!(!is_replaced(of(), &itself), "in a dry run");
    };
    check(Some("sales"), Some("sales"), 50, true);
    check(Some("sales"), Some("sales"), 51, false);
    check(Some("sales"), Some("other"), 0, false);
    check(Some("sales"), None, 0, true);
    check(None, None, 0, true);
    check(None, Some("sales"), 0, false);
}

#[test]
fn other_invites_are_revoked_one_by_one_and_listed_again_after_a_conflict() {
    let begin = || {
        let mut state = start(Purpose::Complete(id("ada")), accepted(invite(), "ada"));
        state.read(Facts {
            team: in_team(true),
            membership: Some(membership(true, None)),
            ..facts()
        });
        state
    };
    let mut state = begin();
    let further = || {
        let other = Some(id("other"));
        let row = OrgInvite {
            workspace_id: other,
            ..invite()
        };
        invite_of("further", row)
    };
    let older = |name: &str| invite_of(name, invite());
    let revoke = |state: &mut State<()>, name: &str, revocation| {
        assert_eq!(next(state), Ok(Step::RevokeOther(older(name))));
        state.other_revoked(&id(name), revocation);
    };
    for list in 1..=LISTS {
        assert_eq!(next(&state), Ok(Step::ListOthers), "list {list}");
        state.others_listed(vec![older("a"), further(), older("b"), older("c")]);
        revoke(&mut state, "a", Revocation::Done);
        revoke(&mut state, "b", Revocation::Conflict);
        revoke(&mut state, "c", Revocation::Unwritable);
    }
    assert!(matches!(next(&state), Ok(Step::Mark(_))));
    // Without a conflict one list is enough.
    let mut state = begin();
    state.others_listed(vec![older("a")]);
    revoke(&mut state, "a", Revocation::Unwritable);
    assert!(matches!(next(&state), Ok(Step::Mark(_))));
}

#[test]
fn a_member_is_told_that_a_revoked_invite_is_not_needed() {
    let revoked = |is_in_team, membership: Option<Membership>, expect| {
        let facts = Facts {
            team: in_team(is_in_team),
            membership,
            ..facts()
        };
        let row = OrgInvite {
            status: InviteStatus::Revoked,
            ..invite()
        };
        for purpose in [Purpose::Preview, Purpose::Accept, Purpose::Request] {
            let found = first(purpose(ada()), row.clone(), facts.clone());
            assert_eq!(found, Err(expect));
        }
    };
    revoked(true, Some(membership(true, None)), Refusal::NotNeeded);
    revoked(true, Some(membership(false, None)), Refusal::Revoked);
    revoked(false, Some(membership(true, None)), Refusal::Revoked);
    revoked(true, None, Refusal::Revoked);
}

#[test]
fn an_invite_to_the_organisation_alone_needs_no_workspace() {
    let check = |is_marked, is_in_team, expect: &[Step<()>], is_member| {
        let row = OrgInvite {
            workspace_id: None,
            ..accepted(invite(), "ada")
        };
        let facts = Facts {
            workspace: None,
            team: in_team(is_in_team),
            is_marked,
            ..facts()
        };
        let (found, end) = steps(Purpose::Accept(ada()), row, facts);
        assert_eq!(found, expect);
        let role = end.map(|outcome| outcome.role);
        let ended = Err(Refusal::MembershipEnded);
        assert_eq!(role, if is_member { Ok(None) } else { ended });
    };
    let created = names(Some(("m2", true)), None);
    check(
        false,
        false,
        &[join_team(), Step::ListOthers, created, Step::ReadOtherMarks],
        true,
    );
    let found = names(Some(("m1", false)), None);
    check(false, true, &[Step::ListOthers, found], true);
    check(true, true, &[], true);
    check(true, false, &[], false);
}

#[test]
fn an_invite_that_others_change_is_found_again_so_many_times() {
    let mut state = start(Purpose::Accept(ada()), invite());
    for claim in 1..=CLAIMS {
        state.read(facts());
        assert!(matches!(next(&state), Ok(Step::Claim(_))));
        let before = state.clone();
        state.claimed(None);
        if claim < CLAIMS {
            assert_eq!(next(&state), Ok(Step::FindInvite));
            state.found(invite_of("i1", invite()));
            assert_eq!(next(&state), Ok(Step::ReadFacts));
        }
        // The row as it stands now is what counts, whatever the write was answered with.
        let mut revoked = before;
        let row = OrgInvite {
            status: InviteStatus::Revoked,
            ..invite()
        };
        revoked.claimed(Some(invite_of("i1", row)));
        assert_eq!(next(&revoked), Err(Refusal::Revoked));
    }
    assert_eq!(next(&state), Err(Refusal::Contended));
}

#[test]
fn a_fresh_invite_is_asked_for_while_the_old_one_is_open_or_expired() {
    let check = |status, facts: Facts, expect: Result<(), Refusal>| {
        let row = OrgInvite { status, ..invite() };
        let (found, end) = steps(Purpose::Request(ada()), row, facts);
        let once = expect.map_or(0, |()| 1);
        assert_eq!(found, vec![Step::Request; once]);
        assert_eq!(end.map(drop), expect);
    };
    check(InviteStatus::Pending, facts(), Ok(()));
    check(InviteStatus::Expired, facts(), Ok(()));
    check(InviteStatus::Accepted, facts(), Err(Refusal::Used));
    check(InviteStatus::Revoked, facts(), Err(Refusal::Revoked));
    let mut archived = facts();
    archived.organization.archived_at = Some(at(0));
    for status in [InviteStatus::Pending, InviteStatus::Expired] {
        check(status, archived.clone(), Err(Refusal::Archived));
    }
    // Who invited and who was removed do not matter: an admin decides on the fresh one.
    let removed = Facts {
        inviter_may: false,
        membership: Some(membership(false, None)),
        ..facts()
    };
    check(InviteStatus::Pending, removed, Ok(()));
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
