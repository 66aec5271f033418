//! Walks through everything that can come of every step, and judges each by what was seen on the way, not by the machine's
//! own state.

use std::collections::hash_map::DefaultHasher;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use domain::ids::TeamMembershipId;
use domain::rows::{InviteStatus, OrgInvite};
use domain::time::Timestamp;
use invite_accept::accept::{next, Refusal, Step};
use invite_accept::mark::{CompletionRecord, Mark, Rollback};
use invite_accept::state::{Creation, Facts, Membership, Purpose, Revocation, State};

use crate::{accepted, ada, at, facts, id, in_team, invite, invite_of, membership, record, start};

/// One way to a state: the state, and what was seen on the way.
#[derive(Clone, Debug)]
struct Walk {
    state: State<()>,
    purpose: Purpose,
    claims: usize,
    lists: usize,
    /// Anything was written.
    wrote: bool,
    /// The completion mark was seen, or written.
    marked: bool,
    /// Of this invite's own, as this run has seen it, and of others'.
    records: Vec<CompletionRecord>,
    rolled_back: bool,
    /// The latest.
    facts: Option<Facts>,
    team: Option<Creation<TeamMembershipId>>,
    workspace: Option<Creation<Timestamp, Membership>>,
}

impl Walk {
    fn new(purpose: Purpose, row: OrgInvite) -> Self {
        Self {
            state: start(purpose.clone(), row),
            purpose,
            claims: 0,
            lists: 0,
            wrote: false,
            marked: false,
            records: Vec::new(),
            rolled_back: false,
            facts: None,
            team: None,
            workspace: None,
        }
    }

    fn row(&self) -> &OrgInvite {
        &self.state.invite().row
    }

    fn is_theirs(&self) -> bool {
        self.row().status == InviteStatus::Accepted
            && self.row().accepted_by_user_id.as_ref() == Some(self.purpose.user())
    }

    fn is_in_team(&self) -> bool {
        match &self.team {
            Some(Creation::New(_) | Creation::Found(_)) => true,
            Some(Creation::Gone) => false,
            None => (self.facts.as_ref()).is_some_and(|facts| facts.team.is_some()),
        }
    }

    /// Their membership of the workspace: whether it is active, and by which invite; none if there is none.
    fn membership(&self) -> Option<(bool, bool)> {
        let seen = |membership: &Membership| {
            let via = membership.row.invited_via_invite_id.as_ref();
            (membership.row.active, via == Some(&self.state.invite().id))
        };
        match &self.workspace {
            Some(Creation::New(_)) => Some((true, true)),
            Some(Creation::Found(membership)) => Some(seen(membership)),
            Some(Creation::Gone) => None,
            None => (self.facts.as_ref()?.membership.as_ref()).map(seen),
        }
    }

    fn is_member(&self) -> bool {
        let is_active = matches!(self.membership(), Some((true, _)));
        self.is_in_team() && (self.row().workspace_id.is_none() || is_active)
    }

    /// Whether an admin has made them inactive, or has taken them out since another invite took them in.
    fn was_taken_out(&self) -> bool {
        let joined_since = self.facts.as_ref().map(|facts| &facts.joined_since);
        let has_joined = joined_since.is_some_and(|joined| !joined.is_empty());
        let workspace = &self.row().workspace_id;
        let has_joined_here = workspace.is_some()
            && joined_since.is_some_and(|joined_since| joined_since.contains(workspace));
        matches!(self.membership(), Some((false, _)))
            || (has_joined && !self.is_in_team())
            || (has_joined_here && self.membership().is_none())
    }

    /// Whether what was seen can only be so because somebody has taken the person out since the claim.
    fn was_removed(&self) -> bool {
        let is_gone = matches!(self.team, Some(Creation::Gone))
            || matches!(self.workspace, Some(Creation::Gone));
        let has_left_team = matches!(self.membership(), Some((_, true))) && !self.is_in_team();
        is_gone || has_left_team || self.was_taken_out()
    }

    /// Whether a mark names another membership than this run has created, or none.
    fn has_surplus(&self) -> bool {
        self.records.iter().any(|record| {
            let team = record.team.as_ref().map(|entry| &entry.key);
            matches!(&self.team, Some(Creation::New(own)) if team != Some(own))
        })
    }

    /// Everything that may come of a step, as far as the machine can tell one thing from another.
    fn after(&self, step: &Step<()>) -> Vec<Self> {
        let mut wrote = self.clone();
        wrote.wrote |= !matches!(
            step,
            Step::FindInvite | Step::ReadFacts | Step::ListOthers | Step::ReadOtherMarks
        );
        let put = |put: &dyn Fn(&mut Self)| {
            let mut walk = wrote.clone();
            put(&mut walk);
            walk
        };
        match step {
            Step::FindInvite => every_invite()
                .into_iter()
                .map(|row| put(&|walk| walk.state.found(invite_of("i1", row.clone()))))
                .collect(),
            Step::ReadFacts => {
                // Every one at first; later one in so many, or there would be millions of ways.
                let is_first = self.claims == 0 && !self.rolled_back;
                let some = if is_first { 1 } else { 29 };
                let facts = every_facts(self.row()).into_iter().step_by(some);
                // Nobody deletes a mark. If somebody did after all, this run's own counts.
                let facts =
                    facts.filter(|facts| facts.is_marked || !self.marked || self.rolled_back);
                facts
                    .map(|facts| {
                        put(&|walk| {
                            walk.marked |= facts.is_marked;
                            walk.facts = Some(facts.clone());
                            walk.state.read(facts.clone());
                        })
                    })
                    .collect()
            }
            Step::Claim(row) => [Some(row.clone()), Some(invite()), None]
                .into_iter()
                .map(|row| {
                    put(&|walk| {
                        walk.claims += 1;
                        let invite = row.clone().map(|row| invite_of("i1", row));
                        walk.state.claimed(invite);
                    })
                })
                .collect(),
            Step::DeleteInvitation(_, invitation) => {
                vec![put(&|walk| walk.state.invitation_deleted(invitation))]
            }
            Step::JoinTeam(_) => [
                Creation::New(id("m2")),
                Creation::Found(id("m3")),
                Creation::Gone,
            ]
            .into_iter()
            .map(|creation| {
                put(&|walk| {
                    walk.team = Some(creation.clone());
                    walk.state.team_joined(creation.clone());
                })
            })
            .collect(),
            Step::JoinWorkspace(_) => [
                Creation::New(at(20)),
                Creation::Found(membership(true, Some("i1"))),
                Creation::Found(membership(true, None)),
                Creation::Found(membership(false, Some("i1"))),
                Creation::Gone,
            ]
            .into_iter()
            .map(|creation| {
                put(&|walk| {
                    walk.workspace = Some(creation.clone());
                    walk.state.workspace_joined(creation.clone());
                })
            })
            .collect(),
            Step::ListOthers => {
                let others = vec![invite_of("i2", invite()), invite_of("i3", invite())];
                [Vec::new(), others]
                    .into_iter()
                    .map(|others| {
                        put(&|walk| {
                            walk.lists += 1;
                            walk.state.others_listed(others.clone());
                        })
                    })
                    .collect()
            }
            Step::RevokeOther(other) => [
                Revocation::Done,
                Revocation::Conflict,
                Revocation::Unwritable,
            ]
            .into_iter()
            .map(|revocation| put(&|walk| walk.state.other_revoked(&other.id, revocation)))
            .collect(),
            Step::Mark(own) => [
                Some(own.clone()),
                None,
                Some(CompletionRecord::default()),
                Some(record(Some(("m1", true)), Some((10, true)))),
                Some(record(Some(("m1", false)), Some((20, false)))),
            ]
            .into_iter()
            .map(|record| {
                put(&|walk| {
                    walk.marked = true;
                    walk.records.extend(record.clone());
                    walk.state.marked(record.clone());
                })
            })
            .collect(),
            Step::ReadOtherMarks => [None, Some(record(Some(("m1", true)), None))]
                .into_iter()
                .map(|record| {
                    put(&|walk| {
                        walk.records.extend(record.clone());
                        let mark = record.clone().map(|record| Mark {
                            workspace: None,
                            record,
                        });
                        walk.state.compared(mark.into_iter().collect());
                    })
                })
                .collect(),
            Step::RollBack { .. } => vec![put(&|walk| {
                walk.rolled_back = true;
                (walk.team, walk.workspace) = (None, None);
                walk.records.clear();
                walk.state.rolled_back();
            })],
            Step::Request => vec![put(&|walk| walk.state.requested())],
            Step::Done(_) => Vec::new(),
        }
    }

    #[track_caller]
    fn check(&self, is_so: bool, what: &str) {
        assert!(is_so, "{what}: {self:#?}");
    }

    fn check_step(&self, step: &Step<()>) {
        match step {
            Step::Claim(_) => {
                self.check(self.row().status == InviteStatus::Pending, "claims twice");
                let may = matches!(self.purpose, Purpose::Accept(_));
                self.check(may, "claims what was only looked at");
                self.check(!self.was_taken_out(), "lets in again who was taken out");
            }
            Step::DeleteInvitation(..) | Step::JoinTeam(_) => {
                self.check_creation();
                self.check(!self.is_in_team(), "joins a team twice");
            }
            Step::JoinWorkspace(_) => {
                self.check_creation();
                self.check(self.is_in_team(), "the team comes first");
                let is_new = self.membership().is_none() && self.row().workspace_id.is_some();
                self.check(is_new, "joins a workspace twice, or none");
            }
            Step::ListOthers | Step::RevokeOther(_) => {
                self.check(self.is_theirs(), "replaces others before the claim");
                self.check(!self.marked, "replaces others after the mark");
            }
            Step::Mark(_) => {
                self.check(
                    self.is_theirs() && !self.marked,
                    "marks too early, or twice",
                );
                self.check(self.lists > 0, "marks before others are replaced");
                let is_done = self.is_member() || self.was_removed();
                self.check(is_done, "marks what is not complete");
            }
            Step::ReadOtherMarks => self.check(self.marked, "compares before the mark"),
            Step::RollBack { rollback, .. } => {
                self.check(self.marked, "takes back before the mark");
                self.check(self.has_own(rollback), "takes back none of its own");
            }
            Step::Request => {
                let is_asked = matches!(self.purpose, Purpose::Request(_));
                self.check(is_asked, "asks for a fresh invite unasked");
            }
            Step::Done(_) => match self.purpose {
                Purpose::Accept(_) => {
                    self.check(self.is_member() && self.marked, "tells a stranger: joined");
                    self.check(!self.has_surplus(), "leaves what must not stand");
                }
                Purpose::Complete(_) => {
                    self.check(self.marked, "leaves it incomplete");
                    self.check(!self.has_surplus(), "leaves what must not stand");
                }
                Purpose::Preview(_) => self.check(!self.wrote, "writes in a preview"),
                Purpose::Request(_) => self.check(self.wrote, "asks for nothing"),
            },
            Step::FindInvite | Step::ReadFacts => {}
        }
    }

    fn check_creation(&self) {
        self.check(!self.marked, "creates after the mark");
        self.check(self.is_theirs(), "creates before the claim");
        self.check(!self.was_removed(), "brings back who was removed");
    }

    fn has_own(&self, rollback: &Rollback) -> bool {
        let is_own = match &self.team {
            Some(Creation::New(own)) => rollback.team.contains(own),
            Some(Creation::Found(_) | Creation::Gone) | None => false,
        };
        let is_own_here = match &self.workspace {
            Some(Creation::New(own)) => rollback.workspace.contains(own),
            Some(Creation::Found(_) | Creation::Gone) | None => false,
        };
        is_own || is_own_here
    }

    fn check_refusal(&self, refusal: Refusal) {
        if refusal == Refusal::MembershipEnded {
            let has_ended = self.was_removed() || !self.is_member();
            self.check(has_ended, "tells a member: ended");
            self.check(!self.has_surplus(), "leaves what must not stand");
        } else {
            self.check(!self.is_theirs() || !self.wrote || self.claims > 0, "stops");
        }
    }
}

/// How many steps the longest way from here to the end has. A way that comes back to where it was has no end.
fn longest(walk: &Walk, known: &mut HashMap<u64, Option<usize>>) -> usize {
    let mut hasher = DefaultHasher::new();
    format!("{walk:?}").hash(&mut hasher);
    let key = hasher.finish();
    if let Some(known) = known.get(&key) {
        return known.unwrap_or_else(|| panic!("comes back to where it was: {walk:#?}"));
    }
    known.insert(key, None);
    walk.check(walk.claims <= 8 && walk.lists <= 3, "goes on without end");
    let after = match next(&walk.state) {
        Ok(step) => {
            walk.check_step(&step);
            walk.after(&step)
        }
        Err(refusal) => {
            walk.check_refusal(refusal);
            Vec::new()
        }
    };
    let steps = after.iter().map(|walk| longest(walk, known) + 1);
    let steps = steps.max().unwrap_or(0);
    known.insert(key, Some(steps));
    steps
}

fn every_invite() -> Vec<OrgInvite> {
    let with = |status| OrgInvite { status, ..invite() };
    let to_organization = OrgInvite {
        workspace_id: None,
        ..invite()
    };
    vec![
        invite(),
        accepted(invite(), "ada"),
        accepted(invite(), "eve"),
        with(InviteStatus::Expired),
        with(InviteStatus::Revoked),
        accepted(to_organization.clone(), "ada"),
        to_organization,
    ]
}

fn every_facts(invite: &OrgInvite) -> Vec<Facts> {
    let mut memberships = vec![
        None,
        Some(membership(true, None)),
        Some(membership(true, Some("i1"))),
        Some(membership(false, Some("i1"))),
    ];
    if invite.workspace_id.is_none() {
        memberships.truncate(1);
    }
    let mut every = Vec::new();
    for is_in_team in [false, true] {
        for membership in &memberships {
            for is_marked in [false, true] {
                for joined_since in [vec![], vec![Some(id("sales"))], vec![None]] {
                    for (is_archived, inviter_may) in [(false, true), (true, true), (false, false)]
                    {
                        let mut facts = Facts {
                            team: in_team(is_in_team),
                            unconfirmed: vec![id("m9")],
                            membership: membership.clone(),
                            is_marked,
                            joined_since: joined_since.clone(),
                            inviter_may,
                            ..facts()
                        };
                        facts.organization.archived_at = is_archived.then(|| at(0));
                        every.push(facts);
                    }
                }
            }
        }
    }
    every
}

#[test]
fn from_every_state_the_machine_ends_and_creates_nothing_after_the_mark() {
    let mut known = HashMap::new();
    let mut most = 0;
    for row in every_invite() {
        let mut purposes = vec![
            Purpose::Preview(ada()),
            Purpose::Accept(ada()),
            Purpose::Request(ada()),
        ];
        // The sweep lists what is accepted.
        purposes.extend(row.accepted_by_user_id.clone().map(Purpose::Complete));
        for purpose in purposes {
            let walk = Walk::new(purpose, row.clone());
            most = most.max(longest(&walk, &mut known));
        }
    }
    println!("{} ways, at most {most} steps", known.len());
    // Eight claims, with a look at the facts before each and at the invite between them.
    let to_claim = 3 * 8 - 1;
    // What is missing; three lists with two invites each; the mark.
    let to_mark = 3 + 3 * 3 + 1;
    // The other marks, taking back, a last look.
    assert_eq!(most, to_claim + to_mark + 3);
}
