//! A board: every item that its reader may see in one page, and nothing that follows from what they may not see.

use std::collections::{BTreeMap, HashMap};

use domain::ids::{Id, ItemId, LinkId, UserId};
use domain::privacy::{self, Reader, Sight, Subject};
use domain::rows::{
    ActionStatus, ItemType, LinkType, PrivacyMode, Workspace, WorkspaceMembership, WorkspaceRole,
};
use domain::time::Timestamp;
use fastrand::Rng;
use platform::view::{Columns, LiveItem, View};
use progress_recompute::board::{board, Board, ItemPage, LinkRow, Position};

const PEOPLE: [&str; 5] = ["ada", "ben", "cleo", "dee", "eve"];
const STATES: [ActionStatus; 3] = [
    ActionStatus::Pending,
    ActionStatus::WorkInProgress,
    ActionStatus::Done,
];

/// A workspace as its tables hold it.
#[derive(Clone)]
struct Tables {
    mode: PrivacyMode,
    items: Vec<LiveItem>,
    positions: HashMap<ItemId, Position>,
    links: BTreeMap<LinkId, LinkRow>,
}

fn id<I: Id>(text: &str) -> I {
    I::parse(text).unwrap()
}

fn user(rng: &mut Rng, of: &[&str]) -> UserId {
    id(of[rng.usize(..of.len())])
}

fn time(rng: &mut Rng) -> Timestamp {
    let start = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    start.plus(std::time::Duration::from_secs(rng.u64(..10_000_000)))
}

fn position(rng: &mut Rng) -> Position {
    Position {
        sort_order: Some(rng.f64()),
        position_x: rng.bool().then(|| rng.f64()),
        position_y: rng.bool().then(|| rng.f64()),
    }
}

/// Ada administers; Ben manages Cleo, who manages Dee.
fn members() -> Vec<WorkspaceMembership> {
    let member = |user: &&str| WorkspaceMembership {
        organization_id: id("acme"),
        workspace_id: id("sales"),
        user_id: id(user),
        role: match *user {
            "ada" => WorkspaceRole::Admin,
            _ => WorkspaceRole::User,
        },
        manager_user_id: match *user {
            "cleo" => Some(id("ben")),
            "dee" => Some(id("cleo")),
            _ => None,
        },
        active: true,
        invited_via_invite_id: None,
    };
    PEOPLE.iter().map(member).collect()
}

impl Tables {
    fn random(rng: &mut Rng, mode: PrivacyMode) -> Self {
        let mut made = Self {
            mode,
            items: Vec::new(),
            positions: HashMap::new(),
            links: BTreeMap::new(),
        };
        let many = rng.usize(1..40);
        for n in 0..many {
            made.add(rng, &format!("i{n:02}"), &PEOPLE);
        }
        for n in 0..rng.usize(..20) {
            made.link(rng, &format!("l{n:02}"));
        }
        made
    }

    fn add(&mut self, rng: &mut Rng, name: &str, owners: &[&str]) {
        let item: ItemId = id(name);
        let parent = rng.bool().then(|| self.any(rng)).flatten();
        self.positions.insert(item.clone(), position(rng));
        self.items.push(LiveItem {
            id: item,
            created: time(rng),
            changed: time(rng),
            columns: Columns {
                r#type: [ItemType::Objective, ItemType::KeyResult, ItemType::Action]
                    [rng.usize(..3)],
                title: Some(format!("Item {name}")),
                owner_user_id: Some(user(rng, owners)),
                assignee_user_ids: Vec::new(),
                parent_id: parent,
                due_date: rng.bool().then(|| time(rng)),
                action_status: Some(STATES[rng.usize(..3)]),
                story_points: None,
                progress_computed: rng.i64(0..=100),
            },
        });
    }

    fn any(&self, rng: &mut Rng) -> Option<ItemId> {
        let some = (!self.items.is_empty()).then(|| rng.usize(..self.items.len()));
        some.map(|place| self.items[place].id.clone())
    }

    fn link(&mut self, rng: &mut Rng, name: &str) {
        let row = LinkRow {
            from_item_id: self.any(rng),
            to_item_id: self.any(rng),
            link_type: LinkType::ObjectiveRelation,
        };
        self.links.insert(id(name), row);
    }

    fn sight(&self, reader: &UserId) -> HashMap<ItemId, Sight> {
        let subject = |item| subject(item);
        let subjects: Vec<Subject<'_>> = self.items.iter().map(subject).collect();
        let sight = privacy::sight(self.mode, of(reader), &members(), &subjects);
        let ids = self.items.iter().map(|item| item.id.clone());
        ids.zip(sight).collect()
    }

    fn board(&self, reader: &UserId, since: Option<Timestamp>, at: Timestamp) -> Board {
        let workspace = Workspace {
            organization_id: id("acme"),
            name: "Sales".to_owned(),
            slug: "sales".to_owned(),
            privacy_mode: self.mode,
            created_by_user_id: id("ada"),
            archived_at: None,
        };
        let sales = id("sales");
        let view = View::new(&sales, &workspace, of(reader), &members(), &self.items, 0);
        let page = ItemPage::of(&view, None);
        let links = self.links.clone().into_iter().collect();
        board(&view, page, since, at, self.positions.clone(), links)
    }
}

fn of(user: &UserId) -> Reader<'_> {
    Reader {
        user,
        organization_admin: false,
    }
}

fn subject(item: &LiveItem) -> Subject<'_> {
    Subject {
        id: &item.id,
        parent: item.columns.parent_id.as_ref(),
        owner: item.columns.owner_user_id.as_ref(),
        assignees: &item.columns.assignee_user_ids,
        live: true,
    }
}

/// Changes positions, dates and states of what the reader does not see whole, hides and adds items of strangers, and makes
/// and breaks links that do not run between two items that are seen whole.
fn disturb(rng: &mut Rng, tables: &mut Tables, reader: &UserId) {
    let sight = tables.sight(reader);
    let strangers: Vec<&str> = ["ada", "eve"]
        .into_iter()
        .filter(|user| *user != reader.as_ref())
        .collect();
    for item in &mut tables.items {
        if sight[&item.id] == Sight::Whole {
            continue;
        }
        item.columns.due_date = Some(time(rng));
        item.columns.action_status = Some(STATES[rng.usize(..3)]);
        item.changed = time(rng);
        item.columns.owner_user_id = Some(user(rng, &strangers));
        tables.positions.insert(item.id.clone(), position(rng));
    }
    tables
        .items
        .retain(|item| sight[&item.id] != Sight::Hidden || rng.bool());
    if sight.values().any(|sight| *sight == Sight::Hidden) {
        tables.add(rng, "hidden", &strangers);
    }
    let is_whole = |id: &Option<ItemId>| {
        id.as_ref()
            .is_some_and(|id| sight.get(id) == Some(&Sight::Whole))
    };
    tables
        .links
        .retain(|_, link| is_whole(&link.from_item_id) && is_whole(&link.to_item_id) || rng.bool());
    for n in 0..10 {
        let name = format!("m{n}");
        tables.link(rng, &name);
        let link = &tables.links[&id::<LinkId>(&name)];
        if is_whole(&link.from_item_id) && is_whole(&link.to_item_id) {
            tables.links.remove(&id::<LinkId>(&name));
        }
    }
    rng.shuffle(&mut tables.items);
}

#[test]
fn what_a_reader_may_not_see_changes_no_byte_of_their_board() {
    let mut rng = Rng::with_seed(14);
    let mut sent = 0;
    for round in 0..4_000 {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let first = Tables::random(&mut rng, mode);
        let reader = user(&mut rng, &PEOPLE);
        let mut second = first.clone();
        disturb(&mut rng, &mut second, &reader);
        let (since, at) = (rng.bool().then(|| time(&mut rng)), time(&mut rng));
        let text = |tables: &Tables| serde_json::to_string(&tables.board(&reader, since, at));
        let (one, two) = (text(&first).unwrap(), text(&second).unwrap());
        assert_eq!(one, two, "round {round}, {reader}, {mode:?}");
        sent += one.len();
    }
    assert!(sent > 0);
}

/// Whoever has what was sent before, and is sent what has changed, knows what there is.
#[test]
fn what_is_sent_and_what_is_named_is_what_the_reader_sees() {
    let mut rng = Rng::with_seed(15);
    for round in 0..1_000 {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let tables = Tables::random(&mut rng, mode);
        let reader = user(&mut rng, &PEOPLE);
        let since = time(&mut rng);
        let board = tables.board(&reader, Some(since), since);
        let sent = board.items.iter().map(|item| &item.item_id);
        let mut ids: Vec<&ItemId> = sent.chain(&board.unchanged).collect();
        ids.sort_unstable();
        let sight = tables.sight(&reader);
        let mut seen: Vec<&ItemId> = sight
            .iter()
            .filter(|(_, sight)| **sight != Sight::Hidden)
            .map(|(id, _)| id)
            .collect();
        seen.sort_unstable();
        assert_eq!(ids, seen, "round {round}");
        for item in &tables.items {
            let is_new = item.changed >= since && sight[&item.id] == Sight::Whole;
            assert!(
                !is_new || !board.unchanged.contains(&item.id),
                "round {round}"
            );
        }
    }
}
