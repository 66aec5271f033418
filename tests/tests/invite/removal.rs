//! An admin removes somebody while two completions of one invite are under way: the removal holds.

use std::future::Future;
use std::pin::pin;

use domain::ids::derived;

use super::*;

/// Who completes the invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Click,
    Sweep,
}

/// What an admin takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Removal {
    /// The membership of the team.
    Team,
    /// The membership of the workspace, by making it inactive.
    Deactivate,
    /// The same, by deleting its row.
    Row,
    TeamAndDeactivate,
    TeamAndRow,
}

impl Removal {
    /// All with VALYOU_FULL set, else enough to take away everything there is.
    fn tried() -> &'static [Self] {
        let all = &[
            Self::Team,
            Self::Row,
            Self::TeamAndDeactivate,
            Self::Deactivate,
            Self::TeamAndRow,
        ];
        if is_full() {
            all
        } else {
            &all[..3]
        }
    }

    /// Takes away what is there.
    async fn carry_out(self, world: &World, user: &str) -> Removed {
        let mut removed = Removed::default();
        if !matches!(self, Self::Deactivate | Self::Row) {
            removed.team = !world.team_roles("acme", user).await.unwrap().is_empty();
            world.leave("acme", user).await.unwrap();
        }
        if self == Self::Team {
            return removed;
        }
        for membership in memberships(world, user).await {
            removed.workspace = true;
            let id = membership["$id"].as_str().unwrap();
            if matches!(self, Self::Row | Self::TeamAndRow) {
                delete(world, id).await;
            } else {
                let data = json!({"active": false});
                world
                    .change("workspace_memberships", id, data)
                    .await
                    .unwrap();
            }
        }
        removed
    }
}

/// What there was to be taken away.
#[derive(Clone, Copy, Debug, Default)]
struct Removed {
    team: bool,
    workspace: bool,
}

impl Removed {
    async fn check(self, world: &World, user: &str, round: &str) {
        if self.team {
            let roles = world.team_roles("acme", user).await.unwrap();
            assert!(roles.is_empty(), "back in the team: {round}");
        }
        if self.workspace {
            let memberships = memberships(world, user).await;
            let active = memberships.iter().any(|row| row["active"] == true);
            assert!(!active, "back in the workspace: {round}");
        }
    }
}

async fn delete(world: &World, membership: &str) {
    let path = format!("/tablesdb/{DATABASE}/tables/workspace_memberships/rows/{membership}");
    world.api(Method::DELETE, &path, None).await.unwrap();
}

/// One way in which two completions and a removal can meet.
#[derive(Clone, Copy, Debug)]
struct Meeting {
    /// The one that is held at its nth request.
    first: By,
    /// The one that runs through meanwhile.
    second: By,
    removal: Removal,
    /// Before the second one runs; otherwise after.
    removed_early: bool,
    /// The first one is answered 500 and held when it asks again.
    retried: bool,
}

/// An invite and whose it is.
struct Invited<'a> {
    world: &'a World,
    user: String,
    issued: Issued,
}

impl<'a> Invited<'a> {
    async fn new(world: &'a World, round: &str, workspace: Option<&str>) -> Self {
        let user = derived("user", &[round]).to_string();
        world.person(&user).await.unwrap();
        let new = NewInvite {
            workspace: workspace.and_then(Id::parse),
            ..to(&user)
        };
        let issued = invite(world, &new).await;
        Self {
            world,
            user,
            issued,
        }
    }

    async fn complete(&self, by: By) -> Option<Reply> {
        match by {
            By::Click => Some(accept(self.world, &self.user, &self.issued).await),
            By::Sweep => {
                sweep(self.world, FUNCTION).await;
                None
            }
        }
    }

    /// As a crash right after the claim leaves it.
    async fn claim(&self) {
        let now = after(Duration::ZERO);
        let data = json!({"status": "accepted", "acceptedByUserId": self.user, "acceptedAt": now});
        let id = self.issued.id.as_ref();
        self.world.change("org_invites", id, data).await.unwrap();
    }
}

/// Runs `work` until a request is held; false if it ended without.
async fn until_held<T>(world: &World, work: &mut (impl Future<Output = T> + Unpin)) -> bool {
    tokio::select! {
        () = world.appwrite.held() => true,
        _ = work => false,
    }
}

/// Runs `work` until a request of it has gone wrong, and holds the next one; false if it ended without.
async fn until_struck<T>(world: &World, work: &mut (impl Future<Output = T> + Unpin)) -> bool {
    let struck = async {
        while world.appwrite.is_fault_planned() {
            tokio::task::yield_now().await;
        }
        world.appwrite.break_request(1, When::Before, Fault::Hold);
    };
    tokio::select! {
        () = struck => true,
        _ = work => false,
    }
}

/// Holds the first completion at each of its requests in turn, before and after it is carried out; how many rounds
/// there were, and in how many of them the held one was told that the membership has ended.
async fn meet(world: &World, meeting: Meeting, workspace: Option<&str>) -> (usize, usize) {
    let (mut rounds, mut told) = (0, 0);
    for when in [When::Before, When::After] {
        for nth in 1.. {
            let round = format!("{meeting:?} {when:?} request {nth} of {workspace:?}");
            let invited = Invited::new(world, &round, workspace).await;
            if meeting.first == By::Sweep {
                invited.claim().await;
            }
            let fault = if meeting.retried {
                Fault::Answer(500)
            } else {
                Fault::Hold
            };
            world.appwrite.break_request(nth, when, fault);
            let mut first = pin!(invited.complete(meeting.first));
            if meeting.retried && !until_struck(world, &mut first).await {
                break;
            }
            if !until_held(world, &mut first).await {
                break;
            }
            let user = &invited.user;
            let mut removed = Removed::default();
            if meeting.removed_early {
                removed = meeting.removal.carry_out(world, user).await;
            }
            invited.complete(meeting.second).await;
            if !meeting.removed_early {
                removed = meeting.removal.carry_out(world, user).await;
            }
            world.appwrite.let_go();
            let reply = first.await;
            if !removed.team && !removed.workspace {
                // Nobody was there to be removed yet.
                assert!(
                    meeting.removed_early || meeting.second == By::Sweep,
                    "{round}"
                );
                check_member(world, user, workspace.is_some(), &round).await;
                continue;
            }
            rounds += 1;
            if let Some(reply) = reply {
                let ended = reply.status == 403;
                assert!(ended || reply.status == 200, "{round}: {}", reply.body);
                told += usize::from(ended);
            }
            removed.check(world, user, &round).await;
            // Nor does anybody bring them back who comes later.
            invited.complete(By::Sweep).await;
            let late = invited.complete(By::Click).await.unwrap();
            refused(&late, 403, "membership_ended");
            removed.check(world, user, &round).await;
            assert_eq!(logged(world, &invited.issued.id).await.len(), 1, "{round}");
        }
    }
    (rounds, told)
}

async fn check_member(world: &World, user: &str, of_workspace: bool, round: &str) {
    let roles = world.team_roles("acme", user).await.unwrap();
    assert_eq!(roles.len(), 1, "in the team: {round}");
    let memberships = memberships(world, user).await;
    let active = memberships.iter().filter(|row| row["active"] == true);
    assert_eq!(active.count(), usize::from(of_workspace), "{round}");
}

/// Every removal, before and after the second completion, while `first` is held at any of its requests.
async fn meet_in_every_way(first: By, second: By) {
    let world = acme().await;
    let begun = Instant::now();
    let (mut rounds, mut told) = (0, 0);
    for removed_early in [false, true] {
        let of_workspace = Removal::tried()
            .iter()
            .map(|removal| (*removal, Some("sales")));
        for (removal, workspace) in of_workspace.chain([(Removal::Team, None)]) {
            let meeting = Meeting {
                first,
                second,
                removal,
                removed_early,
                retried: false,
            };
            let found = meet(&world, meeting, workspace).await;
            (rounds, told) = (rounds + found.0, told + found.1);
        }
    }
    println!(
        "{first:?} against {second:?}: {rounds} removals held, {told} of the held were told, in {:?}",
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_between_two_clicks_holds() {
    meet_in_every_way(By::Click, By::Click).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_while_a_click_is_held_and_the_sweep_completes_holds() {
    meet_in_every_way(By::Click, By::Sweep).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_while_the_sweep_is_held_and_a_click_completes_holds() {
    meet_in_every_way(By::Sweep, By::Click).await;
}

/// Of several memberships made at once some are answered 500, carried out or not, and asked for again.
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_before_a_request_is_tried_again_holds() {
    let world = acme().await;
    let mut rounds = 0;
    for removal in [Removal::Team, Removal::TeamAndRow] {
        let meeting = Meeting {
            first: By::Click,
            second: By::Click,
            removal,
            removed_early: false,
            retried: true,
        };
        rounds += meet(&world, meeting, Some("sales")).await.0;
    }
    println!("{rounds} removals held although the request before was tried again");
}

/// The one that was held makes both memberships again, and one of its requests after that goes wrong.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_to_be_taken_back_is_although_requests_go_wrong() {
    let world = acme().await;
    let mut broken = 0;
    for fault in [Fault::Answer(500), Fault::Lose] {
        for when in [When::Before, When::After] {
            for nth in 1.. {
                let round = format!("{fault:?} {when:?} request {nth}");
                let invited = Invited::new(&world, &round, Some("sales")).await;
                let join = Requests::JoinOfTeam.nth(1);
                world
                    .appwrite
                    .break_request(join, When::Before, Fault::Hold);
                let mut first = pin!(invited.complete(By::Click));
                assert!(until_held(&world, &mut first).await, "{round}");
                invited.complete(By::Click).await;
                let removal = Removal::TeamAndRow;
                let removed = removal.carry_out(&world, &invited.user).await;
                assert!(removed.team && removed.workspace, "{round}");
                world.appwrite.break_request(nth, when, fault.clone());
                world.appwrite.let_go();
                refused(&first.await.unwrap(), 403, "membership_ended");
                removed.check(&world, &invited.user, &round).await;
                let left = memberships(&world, &invited.user).await;
                assert!(left.is_empty(), "{round}: {left:?}");
                if world.appwrite.is_fault_planned() {
                    break;
                }
                broken += 1;
            }
        }
    }
    println!("{broken} requests went wrong and all was taken back");
    assert!(broken >= 2 * 2 * 6, "create, mark, take back: {broken}");
}
