//! Every request of every way into skill-map goes wrong in every way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use serde_json::{json, Value};
use tests::faults::{break_every_request, check_ways_in, Recovery, Scenario, State};
use tests::{Reply, World};

use world::model_server::Turn;

use super::{acme, DEBUG, FUNCTION};

/// A workspace of the run's own, in which Ben has debugged, and an item of Ada's is open.
struct Workspace {
    id: String,
    done: String,
    open: String,
}

impl Workspace {
    async fn new(world: &World, key: &str) -> Self {
        Self::of(world, "acme", key).await
    }

    async fn of(world: &World, organization: &str, key: &str) -> Self {
        world.workspace(organization, key).await.unwrap();
        for (person, role) in [("ada", "workspace_admin"), ("ben", "workspace_user")] {
            world
                .workspace_member(organization, key, person, role, true)
                .await
                .unwrap();
        }
        let made = Self {
            id: key.to_owned(),
            done: format!("done-{key}"),
            open: format!("open-{key}"),
        };
        for (id, owner, status) in [(&made.done, "ben", "done"), (&made.open, "ada", "pending")] {
            let data = json!({
                "organizationId": organization, "workspaceId": key, "type": "action",
                "title": "Debug software of the sensor",
                "ownerUserId": owner, "assigneeUserIds": [], "actionStatus": status, "storyPoints": "5",
                "progressComputed": 0, "sortOrder": 0.0,
            });
            world.row("okr_items", id, data, &[]).await.unwrap();
        }
        made
    }

    async fn refreshed(world: &World, key: &str) -> Self {
        let made = Self::new(world, key).await;
        let reply = made
            .call(world, "ada", "POST", "/", json!({"workspaceId": key}))
            .await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        made
    }

    async fn call(
        &self,
        world: &World,
        user: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Reply {
        world
            .call(FUNCTION, user, method, path, &body)
            .await
            .unwrap()
    }

    async fn rows(&self, world: &World, table: &str) -> Vec<Value> {
        let of = json!({"method": "equal", "attribute": "workspaceId", "values": [self.id]});
        world.rows(table, &[of]).await.unwrap()
    }

    /// A column of somebody's map; one who has two maps has been given them by a fault.
    async fn column(&self, world: &World, user: &str, column: &str) -> String {
        let rows = self.rows(world, "member_skills").await;
        let own: Vec<&Value> = rows.iter().filter(|row| row["userId"] == user).collect();
        assert!(own.len() <= 1, "{own:?}");
        own.first()
            .and_then(|row| row[column].as_str())
            .unwrap_or_default()
            .to_owned()
    }

    /// What a member writes is logged once. What is cut short after the map is written may log nothing, and the next call
    /// finds nothing to do.
    async fn state(&self, world: &World, is_done: bool, was_cut_short: bool) -> State {
        let logged = self.rows(world, "item_activity_log").await.len();
        match is_done {
            true => {
                assert!(
                    logged == 1 || was_cut_short && logged == 0,
                    "{logged} log rows"
                );
                State::Done
            }
            false => {
                assert_eq!(logged, 0);
                State::Untouched
            }
        }
    }
}

async fn acme_by_hand() -> World {
    let world = acme().await;
    world.appwrite.set_schedule_by_hand(true);
    world
}

/// A member writes what they want.
struct Put;

impl Scenario for Put {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "PUT /";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme_by_hand().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::new(world, key).await
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let ask =
            json!({"workspaceId": workspace.id, "want": [{"skill": "Quillwork", "level": 3}]});
        Some(workspace.call(world, "ben", "PUT", "/", ask).await)
    }

    async fn recover(&self, world: &World, workspace: &Workspace, _: Recovery) -> Option<Reply> {
        self.start(world, workspace).await
    }

    async fn state(&self, world: &World, workspace: &Workspace, was_cut_short: bool) -> State {
        let want = workspace.column(world, "ben", "wantJson").await;
        workspace
            .state(world, want.contains("Quillwork"), was_cut_short)
            .await
    }

    fn check_answer(&self, _: &Workspace, reply: &Reply) {
        assert_eq!(
            reply.body["want"][0]["skill"], "Quillwork",
            "{}",
            reply.body
        );
    }

    fn secrets(&self, _: &Workspace) -> Vec<String> {
        vec!["Quillwork".to_owned()]
    }
}

/// A member lets others see what their items say.
struct Confirm;

impl Scenario for Confirm {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /confirm";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme_by_hand().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::refreshed(world, key).await
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let ask = json!({"workspaceId": workspace.id, "skills": [DEBUG]});
        Some(workspace.call(world, "ben", "POST", "/confirm", ask).await)
    }

    async fn recover(&self, world: &World, workspace: &Workspace, _: Recovery) -> Option<Reply> {
        self.start(world, workspace).await
    }

    async fn state(&self, world: &World, workspace: &Workspace, was_cut_short: bool) -> State {
        let can = workspace.column(world, "ben", "canJson").await;
        assert!(can.contains(&workspace.done), "{can}");
        workspace
            .state(world, can.contains("\"confirmed\":true"), was_cut_short)
            .await
    }
}

/// Maps are made anew by a call or by the cron.
struct Refresh<const BY_CALL: bool>;

impl<const BY_CALL: bool> Scenario for Refresh<BY_CALL> {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = if BY_CALL { "POST /" } else { "sweep" };
    const RECOVERIES: &'static [Recovery] = if BY_CALL {
        &[Recovery::Again, Recovery::Sweep]
    } else {
        &[Recovery::Sweep]
    };
    const WAITS_ALONE: bool = !BY_CALL;

    async fn world(&self) -> World {
        acme_by_hand().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::new(world, key).await
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        match BY_CALL {
            true => {
                let ask = json!({"workspaceId": workspace.id});
                Some(workspace.call(world, "ada", "POST", "/", ask).await)
            }
            false => {
                tests::sweep(world, FUNCTION).await;
                None
            }
        }
    }

    async fn recover(&self, world: &World, workspace: &Workspace, by: Recovery) -> Option<Reply> {
        match by {
            Recovery::Again => self.start(world, workspace).await,
            Recovery::Sweep => {
                tests::sweep(world, FUNCTION).await;
                None
            }
        }
    }

    async fn state(&self, world: &World, workspace: &Workspace, _: bool) -> State {
        assert!(workspace.rows(world, "item_activity_log").await.is_empty());
        self.made(world, workspace).await
    }
}

impl<const BY_CALL: bool> Refresh<BY_CALL> {
    async fn made(&self, world: &World, workspace: &Workspace) -> State {
        let can = workspace
            .column(world, "ben", "canJson")
            .await
            .contains(&workspace.done);
        let should = workspace
            .column(world, "ada", "shouldJson")
            .await
            .contains(&workspace.open);
        match (can, should) {
            (true, true) => State::Done,
            (false, false) => State::Untouched,
            (true, false) | (false, true) => panic!("one of two maps is made"),
        }
    }
}

/// The same where a model is asked: each run has an organisation of its own, which has opted in, and Ben a title that names
/// nothing.
struct RefreshWithModel<const BY_CALL: bool> {
    /// Runs in which what the model proposed is on Ben's map.
    proposed: Arc<AtomicUsize>,
}

impl<const BY_CALL: bool> Scenario for RefreshWithModel<BY_CALL> {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = Refresh::<BY_CALL>::WAY_IN;
    const RECOVERIES: &'static [Recovery] = Refresh::<BY_CALL>::RECOVERIES;
    const WAITS_ALONE: bool = Refresh::<BY_CALL>::WAITS_ALONE;

    async fn world(&self) -> World {
        let world = acme_by_hand().await;
        let says = json!({"titles": [{"number": 1, "skills": ["debug software", "zyx", DEBUG]}]});
        world.model.always(Turn::Text(says.to_string()));
        world
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        let organization = format!("org-{key}");
        world
            .organization(&organization, &organization, "ada")
            .await
            .unwrap();
        world.opt_in(&organization, true).await.unwrap();
        world.member(&organization, "ben", "member").await.unwrap();
        let made = Workspace::of(world, &organization, key).await;
        let quiet = json!({
            "organizationId": organization, "workspaceId": key, "type": "action", "title": "Ask Anna",
            "ownerUserId": "ben", "assigneeUserIds": [], "actionStatus": "pending", "storyPoints": "5",
            "progressComputed": 0, "sortOrder": 0.0,
        });
        let id = format!("quiet-{key}");
        world.row("okr_items", &id, quiet, &[]).await.unwrap();
        made
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        Refresh::<BY_CALL>.start(world, workspace).await
    }

    async fn recover(&self, world: &World, workspace: &Workspace, by: Recovery) -> Option<Reply> {
        Refresh::<BY_CALL>.recover(world, workspace, by).await
    }

    /// The maps are made with or without what a model proposed. A question whose answer was lost is asked once more.
    async fn state(&self, world: &World, workspace: &Workspace, was_cut_short: bool) -> State {
        let log = workspace.rows(world, "item_activity_log").await;
        assert!(log.len() <= 1 + usize::from(was_cut_short), "{log:?}");
        assert!(log.iter().all(|row| row["actionType"] == "model_asked"));
        let should = workspace.column(world, "ben", "shouldJson").await;
        if should.contains("\"source\":\"model\"") {
            assert!(should.contains(DEBUG), "{should}");
            self.proposed.fetch_add(1, Ordering::Relaxed);
        }
        Refresh::<BY_CALL>.made(world, workspace).await
    }

    fn secrets(&self, _: &Workspace) -> Vec<String> {
        vec!["Ask Anna".to_owned(), "zyx".to_owned()]
    }
}

/// A member looks at the matrix, or at who could take an item, which changes nothing.
struct Look<const MATRIX: bool>;

impl<const MATRIX: bool> Scenario for Look<MATRIX> {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = if MATRIX { "GET /" } else { "POST /suggest" };
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme_by_hand().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::refreshed(world, key).await
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let reply = match MATRIX {
            true => {
                workspace
                    .call(
                        world,
                        "ben",
                        "GET",
                        "/",
                        json!({"workspaceId": workspace.id}),
                    )
                    .await
            }
            false => {
                workspace
                    .call(
                        world,
                        "ben",
                        "POST",
                        "/suggest",
                        json!({"itemId": workspace.open}),
                    )
                    .await
            }
        };
        Some(reply)
    }

    async fn recover(&self, world: &World, workspace: &Workspace, _: Recovery) -> Option<Reply> {
        self.start(world, workspace).await
    }

    async fn state(&self, world: &World, workspace: &Workspace, _: bool) -> State {
        assert_eq!(workspace.rows(world, "member_skills").await.len(), 2);
        assert!(workspace.rows(world, "item_activity_log").await.is_empty());
        State::Done
    }

    fn check_answer(&self, _: &Workspace, reply: &Reply) {
        match MATRIX {
            true => assert_eq!(
                reply.body["members"].as_array().map(Vec::len),
                Some(2),
                "{}",
                reply.body
            ),
            false => assert_eq!(reply.body["suggested"][0]["user"], "ben", "{}", reply.body),
        }
    }
}

#[test]
fn every_way_into_the_function_has_a_scenario() {
    let scenarios = [
        Put::WAY_IN,
        Confirm::WAY_IN,
        Refresh::<true>::WAY_IN,
        Refresh::<false>::WAY_IN,
        Look::<true>::WAY_IN,
        Look::<false>::WAY_IN,
    ];
    check_ways_in(FUNCTION, &scenarios);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_writes_stands_once_whatever_request_goes_wrong() {
    break_every_request(Put).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_confirms_is_confirmed_whatever_request_goes_wrong() {
    break_every_request(Confirm).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maps_are_made_by_a_call_whatever_request_goes_wrong() {
    break_every_request(Refresh::<true>).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maps_are_made_by_a_sweep_whatever_request_goes_wrong() {
    break_every_request(Refresh::<false>).await;
}

/// Runs of which a model proposed something, and all that came to an end.
async fn break_every_request_with_model<const BY_CALL: bool>() {
    let proposed = Arc::new(AtomicUsize::new(0));
    let scenario = RefreshWithModel::<BY_CALL> {
        proposed: Arc::clone(&proposed),
    };
    let broken = break_every_request(scenario).await;
    let all: usize = broken.by_way.values().sum();
    let proposed = proposed.load(Ordering::Relaxed);
    println!("what a model proposed is on the map after {proposed} of {all}");
    assert!(2 * proposed > all, "{proposed} of {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn maps_are_made_by_a_call_that_asks_a_model_whatever_request_goes_wrong() {
    break_every_request_with_model::<true>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maps_are_made_by_a_sweep_that_asks_a_model_whatever_request_goes_wrong() {
    break_every_request_with_model::<false>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_and_a_suggestion_are_shown_whatever_request_goes_wrong() {
    break_every_request(Look::<true>).await;
    break_every_request(Look::<false>).await;
}
