//! Every request of every way into progress-recompute goes wrong in every way.

use serde_json::{json, Value};
use tests::faults::{break_every_request, check_ways_in, Recovery, Scenario, State};
use tests::{Reply, World};

use super::{acme, row, FUNCTION};

/// A workspace of the run's own: an objective, a key result below it, and two actions below that.
struct Workspace {
    id: String,
    /// Of the objective, the key result and the action of three points out of four.
    items: [String; 3],
}

impl Workspace {
    async fn new(world: &World, key: &str, status: &str) -> Self {
        world.workspace("acme", key).await.unwrap();
        world
            .workspace_member("acme", key, "bob", "workspace_admin", true)
            .await
            .unwrap();
        let id = |name: &str| format!("{name}-{key}");
        let [o, k, a, b] = ["o", "k", "a", "b"].map(id);
        for line in [
            format!("{o} - O"),
            format!("{k} {o} K"),
            format!("{a} {k} A {status} 3"),
            format!("{b} {k} A pending 1"),
        ] {
            let mut data = row(&line);
            let id = data["$id"].take();
            data.as_object_mut().unwrap().remove("$id");
            data["workspaceId"] = json!(key);
            world
                .row("okr_items", id.as_str().unwrap(), data, &[])
                .await
                .unwrap();
        }
        Self {
            id: key.to_owned(),
            items: [o, k, a],
        }
    }

    /// Whether the three points are counted, everywhere or nowhere yet.
    async fn state(&self, world: &World) -> State {
        let mut shown = Vec::new();
        for id in &self.items {
            let row = world.find("okr_items", id).await.unwrap().unwrap();
            shown.push(row["progressComputed"].as_i64().unwrap());
        }
        match shown[..] {
            [75, 75, 100] => State::Done,
            [0, 0, 0] => State::Untouched,
            _ => panic!("some of it is counted: {shown:?}"),
        }
    }

    /// Every run that repairs something tells of it in a row. What is cut short may tell nothing, and then the next one
    /// tells of the rest.
    async fn check_logged(&self, world: &World, was_cut_short: bool) {
        let of = json!({"method": "equal", "attribute": "itemId", "values": [self.id]});
        let log = world.rows("item_activity_log", &[of]).await.unwrap();
        let logged = log.len();
        assert!(logged == 1 || was_cut_short && logged <= 2, "{log:?}");
    }

    async fn read(&self, world: &World, path: &str, query: Value) -> Option<Reply> {
        let reply = world.call(FUNCTION, "bob", "GET", path, &query).await;
        Some(reply.unwrap())
    }

    fn titles(&self) -> Vec<String> {
        let titles = self.items.iter().map(|id| format!("Item {id}"));
        titles.collect()
    }
}

async fn acme_without_events() -> World {
    let world = acme().await;
    world.appwrite.set_schedule_by_hand(true);
    world.mute(FUNCTION).await.unwrap();
    world
}

/// Somebody finishes an action.
struct ByEvent;

impl Scenario for ByEvent {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "event of okr_items";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again, Recovery::Sweep];
    /// Events of what is prepared would wait behind those that wait.
    const WAITS_ALONE: bool = true;

    async fn world(&self) -> World {
        let world = acme().await;
        world.appwrite.set_schedule_by_hand(true);
        world
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        let workspace = Workspace::new(world, key, "pending").await;
        world.appwrite.idle().await;
        workspace
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let done = json!({"actionStatus": "done"});
        let [_, _, action] = &workspace.items;
        world.change("okr_items", action, done).await.unwrap();
        None
    }

    async fn recover(&self, world: &World, workspace: &Workspace, by: Recovery) -> Option<Reply> {
        match by {
            Recovery::Again => {
                let [_, key_result, _] = &workspace.items;
                let moved = json!({"positionX": 7.5});
                world.change("okr_items", key_result, moved).await.unwrap();
            }
            Recovery::Sweep => tests::sweep(world, FUNCTION).await,
        }
        None
    }

    async fn state(&self, world: &World, workspace: &Workspace, _: bool) -> State {
        workspace.state(world).await
    }

    fn secrets(&self, workspace: &Workspace) -> Vec<String> {
        workspace.titles()
    }
}

/// An event of something that nothing follows from, as a drag on the canvas.
struct ByIdleEvent;

impl Scenario for ByIdleEvent {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "event of okr_items";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];
    const WAITS_ALONE: bool = true;

    async fn world(&self) -> World {
        ByEvent.world().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        let workspace = Workspace::new(world, key, "done").await;
        world.appwrite.idle().await;
        workspace
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let [_, _, action] = &workspace.items;
        let moved = json!({"positionX": 7.5});
        world.change("okr_items", action, moved).await.unwrap();
        None
    }

    async fn recover(&self, world: &World, workspace: &Workspace, _: Recovery) -> Option<Reply> {
        self.start(world, workspace).await
    }

    async fn state(&self, world: &World, workspace: &Workspace, _: bool) -> State {
        workspace.state(world).await
    }

    fn secrets(&self, workspace: &Workspace) -> Vec<String> {
        workspace.titles()
    }
}

/// An admin has a workspace recomputed whose events were lost.
struct ByCall;

impl Scenario for ByCall {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "POST /";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again, Recovery::Sweep];

    async fn world(&self) -> World {
        acme_without_events().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::new(world, key, "done").await
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let request = json!({"workspaceId": workspace.id});
        let reply = world.call(FUNCTION, "bob", "POST", "/", &request).await;
        Some(reply.unwrap())
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

    async fn state(&self, world: &World, workspace: &Workspace, was_cut_short: bool) -> State {
        let state = workspace.state(world).await;
        workspace.check_logged(world, was_cut_short).await;
        state
    }

    fn check_answer(&self, _: &Workspace, reply: &Reply) {
        let told = ["items", "unsettled", "unwritableCount"].map(|name| &reply.body[name]);
        let expect = [4, 0, 0].map(Value::from);
        assert_eq!(told, expect.each_ref(), "{}", reply.body);
    }

    fn secrets(&self, workspace: &Workspace) -> Vec<String> {
        workspace.titles()
    }
}

/// The cron finds a workspace whose events were lost.
struct BySweep;

impl Scenario for BySweep {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "sweep";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Sweep];
    const WAITS_ALONE: bool = true;

    async fn world(&self) -> World {
        acme_without_events().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::new(world, key, "done").await
    }

    async fn start(&self, world: &World, _: &Workspace) -> Option<Reply> {
        tests::sweep(world, FUNCTION).await;
        None
    }

    async fn recover(&self, world: &World, workspace: &Workspace, _: Recovery) -> Option<Reply> {
        self.start(world, workspace).await
    }

    async fn state(&self, world: &World, workspace: &Workspace, was_cut_short: bool) -> State {
        let state = workspace.state(world).await;
        workspace.check_logged(world, was_cut_short).await;
        state
    }

    fn secrets(&self, workspace: &Workspace) -> Vec<String> {
        workspace.titles()
    }
}

/// A member looks at an item, which changes nothing: why it shows what it does, or all that there is of it.
struct OfItem<const EXPLAINED: bool>;

impl<const EXPLAINED: bool> Scenario for OfItem<EXPLAINED> {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = if EXPLAINED {
        "GET /explain"
    } else {
        "GET /item"
    };
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme_without_events().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::new(world, key, "done").await
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let path = if EXPLAINED { "/explain" } else { "/item" };
        let query = json!({"itemId": workspace.items[0]});
        workspace.read(world, path, query).await
    }

    async fn recover(&self, world: &World, workspace: &Workspace, _: Recovery) -> Option<Reply> {
        self.start(world, workspace).await
    }

    async fn state(&self, world: &World, workspace: &Workspace, _: bool) -> State {
        assert_eq!(workspace.state(world).await, State::Untouched);
        State::Done
    }

    fn check_answer(&self, workspace: &Workspace, reply: &Reply) {
        let [objective, ..] = &workspace.items;
        assert_eq!(reply.body["itemId"], *objective, "{}", reply.body);
        assert_eq!(reply.body["title"], format!("Item {objective}"));
        if EXPLAINED {
            assert_eq!(reply.body["exact"], 75.0, "{}", reply.body);
        }
    }

    fn secrets(&self, workspace: &Workspace) -> Vec<String> {
        workspace.titles()
    }
}

/// A member loads the board, which changes nothing.
struct Board;

impl Scenario for Board {
    type Run = Workspace;
    const FUNCTION: &'static str = FUNCTION;
    const WAY_IN: &'static str = "GET /items";
    const RECOVERIES: &'static [Recovery] = &[Recovery::Again];

    async fn world(&self) -> World {
        acme_without_events().await
    }

    async fn prepare(&self, world: &World, key: &str) -> Workspace {
        Workspace::new(world, key, "done").await
    }

    async fn start(&self, world: &World, workspace: &Workspace) -> Option<Reply> {
        let query = json!({"workspaceId": workspace.id});
        workspace.read(world, "/items", query).await
    }

    async fn recover(&self, world: &World, workspace: &Workspace, _: Recovery) -> Option<Reply> {
        self.start(world, workspace).await
    }

    async fn state(&self, world: &World, workspace: &Workspace, _: bool) -> State {
        assert_eq!(workspace.state(world).await, State::Untouched);
        State::Done
    }

    fn check_answer(&self, workspace: &Workspace, reply: &Reply) {
        assert_eq!(reply.body["workspaceId"], *workspace.id, "{}", reply.body);
        let items = reply.body["items"].as_array().unwrap();
        assert_eq!((items.len(), &reply.body["next"]), (4, &Value::Null));
    }

    fn secrets(&self, workspace: &Workspace) -> Vec<String> {
        workspace.titles()
    }
}

#[test]
fn every_way_into_the_function_has_a_scenario() {
    let scenarios = [
        ByEvent::WAY_IN,
        ByIdleEvent::WAY_IN,
        ByCall::WAY_IN,
        BySweep::WAY_IN,
        OfItem::<true>::WAY_IN,
        OfItem::<false>::WAY_IN,
        Board::WAY_IN,
    ];
    check_ways_in(FUNCTION, &scenarios);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_action_is_counted_whatever_request_goes_wrong() {
    break_every_request(ByEvent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_changes_nothing_does_so_whatever_request_goes_wrong() {
    break_every_request(ByIdleEvent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_recomputed_by_a_call_whatever_request_goes_wrong() {
    break_every_request(ByCall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_recomputed_by_a_sweep_whatever_request_goes_wrong() {
    break_every_request(BySweep).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_explained_and_shown_whatever_request_goes_wrong() {
    break_every_request(OfItem::<true>).await;
    break_every_request(OfItem::<false>).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_shown_whatever_request_goes_wrong() {
    break_every_request(Board).await;
}
