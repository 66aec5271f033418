//! A workspace as its tables hold it, at random, and everything in it that one reader may not see made different.

use std::collections::HashMap;
use std::time::Duration;

use domain::ids::{Id, ItemId, UserId};
use domain::privacy::{self, Reader, Sight, Subject};
use domain::rows::{
    ActionStatus, ItemType, PrivacyMode, Workspace, WorkspaceMembership, WorkspaceRole,
};
use domain::time::Timestamp;
use fastrand::Rng;
use platform::view::{Columns, LiveItem, View};

pub(crate) const PEOPLE: [&str; 5] = ["ada", "ben", "cleo", "dee", "eve"];

const STATES: [ActionStatus; 3] = [
    ActionStatus::Pending,
    ActionStatus::WorkInProgress,
    ActionStatus::Done,
];

const TYPES: [ItemType; 3] = [ItemType::Objective, ItemType::KeyResult, ItemType::Action];

#[derive(Clone)]
pub(crate) struct Tables {
    pub(crate) mode: PrivacyMode,
    pub(crate) items: Vec<LiveItem>,
}

pub(crate) fn id<I: Id>(text: &str) -> I {
    I::parse(text).unwrap()
}

pub(crate) fn user(rng: &mut Rng, of: &[&str]) -> UserId {
    id(of[rng.usize(..of.len())])
}

pub(crate) fn time(rng: &mut Rng) -> Timestamp {
    let start = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    start.plus(Duration::from_secs(rng.u64(..10_000_000)))
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
    pub(crate) fn random(rng: &mut Rng, mode: PrivacyMode) -> Self {
        let mut made = Self {
            mode,
            items: Vec::new(),
        };
        for n in 0..rng.usize(1..40) {
            made.add(rng, &format!("i{n:02}"), &PEOPLE);
        }
        made
    }

    fn add(&mut self, rng: &mut Rng, name: &str, owners: &[&str]) {
        let parent = rng.bool().then(|| self.any(rng)).flatten();
        let item = LiveItem {
            id: id(name),
            created: time(rng),
            changed: time(rng),
            columns: Columns {
                r#type: TYPES[rng.usize(..3)],
                title: Some(format!("Item {name}")),
                owner_user_id: Some(user(rng, owners)),
                assignee_user_ids: Vec::new(),
                parent_id: parent,
                due_date: rng.bool().then(|| time(rng)),
                action_status: Some(STATES[rng.usize(..3)]),
                story_points: None,
                progress_computed: rng.i64(0..=100),
            },
        };
        self.items.push(item);
    }

    pub(crate) fn any(&self, rng: &mut Rng) -> Option<ItemId> {
        let some = (!self.items.is_empty()).then(|| rng.usize(..self.items.len()));
        some.map(|place| self.items[place].id.clone())
    }

    pub(crate) fn sight(&self, reader: &UserId) -> HashMap<ItemId, Sight> {
        let subjects: Vec<Subject<'_>> = self.items.iter().map(subject).collect();
        let sight = privacy::sight(self.mode, of(reader), &members(), &subjects);
        let ids = self.items.iter().map(|item| item.id.clone());
        ids.zip(sight).collect()
    }

    pub(crate) fn view(&self, reader: &UserId) -> View {
        let workspace = Workspace {
            organization_id: id("acme"),
            name: "Sales".to_owned(),
            slug: "sales".to_owned(),
            privacy_mode: self.mode,
            created_by_user_id: id("ada"),
            archived_at: None,
        };
        let sales = id("sales");
        View::new(&sales, &workspace, of(reader), &members(), &self.items, 0)
    }

    /// Changes dates, states and owners of what the reader does not see whole, titles and progress of what they do not see
    /// at all, and hides and adds items of strangers. What is no action may have been written because of hidden work.
    /// Returns how many things it has changed.
    pub(crate) fn disturb(&mut self, rng: &mut Rng, reader: &UserId) -> usize {
        let sight = self.sight(reader);
        let strangers: Vec<&str> = ["ada", "eve"]
            .into_iter()
            .filter(|user| *user != reader.as_ref())
            .collect();
        let everything = self.view(reader).everything;
        let mut changed = 0;
        for item in &mut self.items {
            if sight[&item.id] == Sight::Whole {
                if !everything && item.columns.r#type != ItemType::Action {
                    item.changed = time(rng);
                    changed += 1;
                }
                continue;
            }
            changed += 1;
            if sight[&item.id] == Sight::Hidden {
                item.columns.title = Some(format!("Secret {}", rng.u32(..)));
                item.columns.progress_computed = rng.i64(0..=100);
            }
            item.columns.due_date = Some(time(rng));
            item.columns.action_status = Some(STATES[rng.usize(..3)]);
            item.changed = time(rng);
            item.created = time(rng);
            item.columns.owner_user_id = Some(user(rng, &strangers));
        }
        self.items
            .retain(|item| sight[&item.id] != Sight::Hidden || rng.bool());
        if sight.values().any(|sight| *sight == Sight::Hidden) {
            self.add(rng, "hidden", &strangers);
            changed += 1;
        }
        rng.shuffle(&mut self.items);
        changed
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
