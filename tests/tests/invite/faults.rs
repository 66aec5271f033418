//! Every request of every way into invite-accept goes wrong in every way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use tests::faults::{break_every_request, check_ways_in, Recovery, Scenario, State, Way};

use super::*;

/// The invited person and their invites.
struct Invited {
    user: String,
    issued: Issued,
    /// Another one to the same workspace, made before, which accepting makes needless.
    older: Issued,
}

impl Invited {
    /// Somebody who belongs to nothing.
    async fn new(world: &World, key: &str, workspace: Option<&str>) -> Self {
        world.person(key).await.unwrap();
        let new = NewInvite {
            workspace: workspace.and_then(Id::parse),
            ..to(key)
        };
        Self {
            user: key.to_owned(),
            older: invite(world, &new).await,
            issued: invite(world, &new).await,
        }
    }

    fn secrets(&self) -> Vec<String> {
        let tokens = [&self.issued.token, &self.older.token];
        tokens.map(|token| token.expose().to_owned()).into()
    }

    /// Whether they have joined, once and by this invite, or have not at all.
    async fn state(&self, world: &World, was_cut_short: bool) -> State {
        let (user, id) = (&self.user, &self.issued.id);
        let invite = row(world, id).await;
        let joined = invite["status"] == "accepted";
        if invite["workspaceId"].is_null() {
            let count = usize::from(joined);
            let roles = world.team_roles("acme", user).await.unwrap();
            assert_eq!(roles, vec![json!(["member"]); count], "{user}");
            assert_eq!(memberships(world, user).await.len(), 0, "{user}");
            assert_eq!(logged(world, id).await.len(), count, "{user}");
        } else {
            check_joined(world, user, id, joined).await;
        }
        let older = row(world, &self.older.id).await;
        let logged = logged(world, &self.older.id).await.len();
        if !joined {
            assert_eq!(invite["status"], "pending");
            assert_eq!((&older["status"], logged), (&json!("pending"), 0));
            return State::Untouched;
        }
        assert_eq!(older["status"], "revoked");
        assert!(logged == 1 || logged == 0 && was_cut_short, "{logged}");
        State::Done
    }
}

/// The invited person clicks.
struct Accept {
    workspace: Option<&'static str>,
}

impl Scenario for Accept {
    type Run = Invited;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again, Recovery::Sweep];

    async fn world(&self) -> World {
        acme().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Invited {
        Invited::new(world, key, self.workspace).await
    }

    async fn start(&self, world: &World, invited: &Invited) -> Option<Reply> {
        Some(accept(world, &invited.user, &invited.issued).await)
    }

    async fn recover(&self, world: &World, invited: &Invited, by: Recovery) -> Option<Reply> {
        match by {
            Recovery::Again => self.start(world, invited).await,
            Recovery::Sweep => {
                sweep(world, FUNCTION).await;
                None
            }
        }
    }

    async fn state(&self, world: &World, invited: &Invited, was_cut_short: bool) -> State {
        invited.state(world, was_cut_short).await
    }

    fn check_answer(&self, _: &Invited, reply: &Reply) {
        let told = (&reply.body["status"], &reply.body["workspaceId"]);
        let expect = (&json!("accepted"), &json!(self.workspace));
        assert_eq!(told, expect, "{}", reply.body);
    }

    /// Whoever is removed is not brought back by any of it.
    async fn afterwards(&self, world: &World, invited: &Invited, state: State) {
        if state != State::Done {
            return;
        }
        let Invited {
            user,
            issued,
            older,
        } = invited;
        assert_eq!(accept(world, user, issued).await.body["wasMember"], true);
        world.leave("acme", user).await.unwrap();
        sweep(world, FUNCTION).await;
        let reply = accept(world, user, issued).await;
        refused(&reply, 403, "membership_ended");
        let reply = accept(world, user, older).await;
        refused(&reply, 410, "invite_revoked");
        let roles = world.team_roles("acme", user).await.unwrap();
        assert!(roles.is_empty(), "{roles:?}");
    }

    fn secrets(&self, invited: &Invited) -> Vec<String> {
        invited.secrets()
    }
}

/// The invited person clicks, and an admin removes them before anybody has completed that.
struct Removed {
    /// Runs in which there was a membership to be taken away.
    removals: Arc<AtomicUsize>,
}

impl Scenario for Removed {
    type Run = Invited;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again, Recovery::Sweep];
    /// Else the click completes itself.
    const WAYS: &'static [Way] = &Way::CUT_SHORT;

    async fn world(&self) -> World {
        acme().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Invited {
        Invited::new(world, key, Some("sales")).await
    }

    async fn start(&self, world: &World, invited: &Invited) -> Option<Reply> {
        Some(accept(world, &invited.user, &invited.issued).await)
    }

    async fn recover(&self, world: &World, invited: &Invited, by: Recovery) -> Option<Reply> {
        let user = &invited.user;
        let membership = memberships(world, user).await.pop();
        if let Some(membership) = &membership {
            self.removals.fetch_add(1, Ordering::Relaxed);
            let inactive = json!({"active": false});
            let id = membership["$id"].as_str().unwrap();
            world
                .change("workspace_memberships", id, inactive)
                .await
                .unwrap();
            world.leave("acme", user).await.unwrap();
        }
        for _ in 0..2 {
            match by {
                Recovery::Again => {
                    let reply = accept(world, user, &invited.issued).await;
                    match membership {
                        Some(_) => refused(&reply, 403, "membership_ended"),
                        None => assert_eq!(reply.status, 200, "{}", reply.body),
                    }
                }
                Recovery::Sweep => sweep(world, FUNCTION).await,
            }
        }
        None
    }

    async fn state(&self, world: &World, invited: &Invited, was_cut_short: bool) -> State {
        let memberships = memberships(world, &invited.user).await;
        if memberships
            .iter()
            .all(|membership| membership["active"] == true)
        {
            return invited.state(world, was_cut_short).await;
        }
        assert_eq!(memberships.len(), 1, "{memberships:?}");
        let roles = world.team_roles("acme", &invited.user).await.unwrap();
        assert!(roles.is_empty(), "{roles:?}");
        assert_eq!(logged(world, &invited.issued.id).await.len(), 1);
        State::Done
    }

    fn check_answer(&self, _: &Invited, reply: &Reply) {
        assert_eq!(reply.body["status"], "accepted", "{}", reply.body);
    }

    fn secrets(&self, invited: &Invited) -> Vec<String> {
        invited.secrets()
    }
}

/// The invited person looks at the invite, which changes nothing.
struct Preview;

impl Scenario for Preview {
    type Run = Invited;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /preview";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Invited {
        Invited::new(world, key, Some("sales")).await
    }

    async fn start(&self, world: &World, invited: &Invited) -> Option<Reply> {
        let token = invited.issued.token.expose();
        Some(call(world, &invited.user, "/preview", token).await)
    }

    async fn recover(&self, world: &World, invited: &Invited, _: Recovery) -> Option<Reply> {
        self.start(world, invited).await
    }

    async fn state(&self, world: &World, invited: &Invited, was_cut_short: bool) -> State {
        let state = invited.state(world, was_cut_short).await;
        assert_eq!(state, State::Untouched, "looking changes nothing");
        State::Done
    }

    fn check_answer(&self, _: &Invited, reply: &Reply) {
        assert_eq!(reply.body["status"], "pending", "{}", reply.body);
    }

    fn secrets(&self, invited: &Invited) -> Vec<String> {
        invited.secrets()
    }
}

/// The invited person asks for a fresh invite.
struct Request;

impl Scenario for Request {
    type Run = Invited;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /request";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Invited {
        Invited::new(world, key, Some("sales")).await
    }

    async fn start(&self, world: &World, invited: &Invited) -> Option<Reply> {
        let token = invited.issued.token.expose();
        Some(call(world, &invited.user, "/request", token).await)
    }

    async fn recover(&self, world: &World, invited: &Invited, _: Recovery) -> Option<Reply> {
        self.start(world, invited).await
    }

    async fn state(&self, world: &World, invited: &Invited, _: bool) -> State {
        assert_eq!(row(world, &invited.issued.id).await["status"], "pending");
        let log = logged(world, &invited.issued.id).await;
        match &log[..] {
            [] => State::Untouched,
            [row] => {
                assert_eq!(row["actionType"], "invite_requested");
                State::Done
            }
            _ => panic!("asked more than once: {log:?}"),
        }
    }

    fn check_answer(&self, _: &Invited, reply: &Reply) {
        assert_eq!(reply.body, json!({"requested": true}));
    }

    fn secrets(&self, invited: &Invited) -> Vec<String> {
        invited.secrets()
    }
}

/// The cron finds one invite of each kind that it has to do with.
struct Sweep;

struct Found {
    organization: String,
    /// Accepted, and nothing made of it.
    claimed: Invited,
    /// Past its date.
    past: InviteId,
    /// To somebody who is a member already.
    needless: InviteId,
}

impl Scenario for Sweep {
    type Run = Found;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "sweep";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Sweep];
    const WAITS_ALONE: bool = true;

    async fn world(&self) -> World {
        let world = acme().await;
        world.appwrite.set_schedule_by_hand(true);
        world
    }

    async fn prepare(&self, world: &World, key: &str) -> Found {
        // Expired invites are counted for an organisation.
        world.organization(key, key, "bob").await.unwrap();
        let past = NewInvite {
            organization: Id::parse(key).unwrap(),
            workspace: None,
            expires_at: after(Duration::ZERO),
            ..to("nobody")
        };
        let past = invite(world, &past).await.id;

        let member = format!("m-{key}");
        world.person(&member).await.unwrap();
        world.member("acme", &member, "member").await.unwrap();
        world
            .workspace_member("acme", "sales", &member, "workspace_user", true)
            .await
            .unwrap();
        let needless = invite(world, &to(&member)).await.id;

        let claimed = Invited::new(world, &format!("c-{key}"), Some("sales")).await;
        let now = after(Duration::ZERO);
        let data =
            json!({"status": "accepted", "acceptedByUserId": claimed.user, "acceptedAt": now});
        let id = claimed.issued.id.as_ref();
        world.change("org_invites", id, data).await.unwrap();
        Found {
            organization: key.to_owned(),
            claimed,
            past,
            needless,
        }
    }

    async fn start(&self, world: &World, _: &Found) -> Option<Reply> {
        sweep(world, FUNCTION).await;
        None
    }

    async fn recover(&self, world: &World, _: &Found, _: Recovery) -> Option<Reply> {
        sweep(world, FUNCTION).await;
        None
    }

    async fn state(&self, world: &World, found: &Found, was_cut_short: bool) -> State {
        let state = found.claimed.state(world, was_cut_short).await;
        assert_eq!(state, State::Done);
        assert_eq!(row(world, &found.past).await["status"], "expired");
        assert_eq!(row(world, &found.needless).await["status"], "revoked");
        let of = json!({"method": "equal", "attribute": "itemId", "values": [found.organization]});
        let expired = world.rows("item_activity_log", &[of]).await.unwrap();
        let revoked = logged(world, &found.needless).await;
        for log in [expired, revoked] {
            assert!(log.len() == 1 || log.is_empty() && was_cut_short, "{log:?}");
        }
        State::Done
    }

    fn secrets(&self, found: &Found) -> Vec<String> {
        found.claimed.secrets()
    }
}

#[test]
fn every_way_into_the_function_has_a_scenario() {
    let scenarios = [
        Accept::WAY_IN,
        Removed::WAY_IN,
        Preview::WAY_IN,
        Request::WAY_IN,
        Sweep::WAY_IN,
    ];
    check_ways_in(FUNCTION, &scenarios);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accept_to_a_workspace_joins_once_whatever_request_goes_wrong() {
    let workspace = Some("sales");
    break_every_request(Accept { workspace }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accept_to_an_organisation_joins_once_whatever_request_goes_wrong() {
    break_every_request(Accept { workspace: None }).await;
}

/// Killed, garbled or hung, then removed before anybody has completed it: the mark is made, the person is not brought
/// back.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_before_the_completion_is_not_brought_back_by_it() {
    let removals = Arc::new(AtomicUsize::new(0));
    let scenario = Removed {
        removals: Arc::clone(&removals),
    };
    let broken = break_every_request(scenario).await;
    let removals = removals.load(Ordering::Relaxed);
    // In each way by click and by sweep: after the membership, the mark and the looks at other invites before either.
    assert!(removals >= Way::CUT_SHORT.len() * 2 * 4, "{removals}");
    println!("{removals} removals held, {} requests", broken.requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_changes_nothing_whatever_request_goes_wrong() {
    break_every_request(Preview).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_invite_is_asked_for_once_whatever_request_goes_wrong() {
    break_every_request(Request).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_of_invites_comes_to_its_end_whatever_request_goes_wrong() {
    break_every_request(Sweep).await;
}
