//! Workspaces to report on, random or made by hand, as their tables hold them.

use domain::document::Envelope;
use domain::ids::{Id, ReportId, UserId};
use domain::privacy::Reader;
use domain::rows::{
    ActionStatus, ItemType, PrivacyMode, Workspace as WorkspaceRow, WorkspaceMembership,
    WorkspaceRole,
};
use domain::time::Timestamp;
use fastrand::Rng;
use okr::recompute::recompute;
use okr::tree::Item;
use platform::appwrite::TeamMember;
use platform::job::Claim;
use platform::view::{Columns, LiveItem, View};
use report_generate::markdown::markdown;
use report_generate::moment::{Moment, DAY};
use report_generate::output::Output;
use report_generate::prose::Prose;
use report_generate::snapshot::{Language, Snapshot, SnapshotDocument};
use report_generate::statements::{statements, Finding};

/// Friday 27 November 2026, 08:00 UTC.
pub(crate) const NOW: i64 = 1_795_766_400;

pub(crate) const STATES: [ActionStatus; 3] = [
    ActionStatus::Pending,
    ActionStatus::WorkInProgress,
    ActionStatus::Done,
];

pub(crate) const SIZES: [Option<&str>; 8] = [
    None,
    Some("?"),
    Some("0"),
    Some("1"),
    Some("3"),
    Some("5"),
    Some("8"),
    Some("21"),
];

/// What the tables hold of one workspace.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub(crate) name: String,
    pub(crate) mode: PrivacyMode,
    pub(crate) members: Vec<WorkspaceMembership>,
    pub(crate) items: Vec<LiveItem>,
    pub(crate) names: Vec<(String, String)>,
}

/// A report as its row holds it.
#[derive(Clone, Debug)]
pub(crate) struct WrittenReport {
    pub(crate) snapshot: Snapshot,
    pub(crate) findings: Vec<Finding>,
    pub(crate) input: String,
    pub(crate) output: String,
    pub(crate) markdown: String,
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    let epoch = Timestamp::parse("1970-01-01T00:00:00Z").unwrap();
    epoch.plus(std::time::Duration::from_secs(seconds.max(0) as u64))
}

impl Workspace {
    /// Open, with these people, each an active member; the first administers it.
    pub(crate) fn new(people: &[&str]) -> Self {
        let mut made = Self {
            name: "Tidewater Sales".to_owned(),
            mode: PrivacyMode::Open,
            members: Vec::new(),
            items: Vec::new(),
            names: Vec::new(),
        };
        for (n, person) in people.iter().enumerate() {
            made.join(person, None, n == 0);
        }
        made
    }

    pub(crate) fn join(&mut self, person: &str, manager: Option<&str>, admin: bool) {
        self.members.push(WorkspaceMembership {
            organization_id: Id::parse("acme").unwrap(),
            workspace_id: Id::parse("sales").unwrap(),
            user_id: Id::parse(person).unwrap(),
            role: if admin {
                WorkspaceRole::Admin
            } else {
                WorkspaceRole::User
            },
            manager_user_id: manager.and_then(Id::parse),
            active: true,
            invited_via_invite_id: None,
        });
        let mut name = person.to_owned();
        name[..1].make_ascii_uppercase();
        self.names.push((person.to_owned(), name));
    }

    /// Adds an item made 30 days ago and touched since; what else there is to it the caller says.
    pub(crate) fn add(
        &mut self,
        kind: ItemType,
        id: &str,
        parent: Option<&str>,
        title: &str,
        owner: &str,
    ) -> &mut LiveItem {
        self.items.push(LiveItem {
            id: Id::parse(id).unwrap(),
            created: at(NOW - 30 * DAY),
            changed: at(NOW - 2 * DAY),
            columns: Columns {
                r#type: kind,
                title: Some(title.to_owned()),
                owner_user_id: Id::parse(owner),
                assignee_user_ids: Vec::new(),
                parent_id: parent.and_then(Id::parse),
                due_date: None,
                action_status: None,
                story_points: None,
                progress_computed: 0,
            },
        });
        self.items.last_mut().unwrap()
    }

    pub(crate) fn action(
        &mut self,
        id: &str,
        parent: &str,
        title: &str,
        owner: &str,
        status: ActionStatus,
        points: Option<&str>,
    ) -> &mut LiveItem {
        let item = self.add(ItemType::Action, id, Some(parent), title, owner);
        item.columns.action_status = Some(status);
        item.columns.story_points = points.map(str::to_owned);
        item
    }

    pub(crate) fn find(&mut self, id: &str) -> &mut LiveItem {
        self.items
            .iter_mut()
            .find(|item| item.id.as_ref() == id)
            .unwrap()
    }

    /// Stores the progress that the rows give.
    pub(crate) fn compute(&mut self) -> &mut Self {
        let counted: Vec<Item<'_>> = self
            .items
            .iter()
            .map(|item| Item {
                id: item.id.as_ref(),
                parent: item.columns.parent_id.as_ref().map(AsRef::as_ref),
                kind: item.columns.r#type,
                status: item.columns.action_status,
                points: item.columns.story_points.as_deref(),
            })
            .collect();
        let percents = recompute(&counted).percents;
        for (item, percent) in self.items.iter_mut().zip(percents) {
            item.columns.progress_computed = i64::from(percent);
        }
        self
    }

    pub(crate) fn view(&self, reader: &str) -> View {
        let row = WorkspaceRow {
            organization_id: Id::parse("acme").unwrap(),
            name: self.name.clone(),
            slug: "sales".to_owned(),
            privacy_mode: self.mode,
            created_by_user_id: Id::parse("ada").unwrap(),
            archived_at: None,
        };
        let user: UserId = Id::parse(reader).unwrap();
        let reader = Reader {
            user: &user,
            organization_admin: false,
        };
        let id = Id::parse("sales").unwrap();
        let mut view = View::new(&id, &row, reader, &self.members, &self.items, 0);
        let team: Vec<TeamMember> = self
            .names
            .iter()
            .map(|(user, name)| TeamMember {
                user: Id::parse(user).unwrap(),
                name: name.clone(),
                confirmed: true,
                administers: false,
            })
            .collect();
        view.introduce(&team);
        view
    }

    pub(crate) fn report(
        &self,
        reader: &str,
        now: i64,
        language: Language,
        earlier: Option<&Snapshot>,
    ) -> WrittenReport {
        let earlier = earlier.map(|earlier| (ReportId::parse("before").unwrap(), earlier.clone()));
        let view = self.view(reader);
        made(Snapshot::new(&view, Moment(now), None, language, earlier))
    }
}

/// The report of a snapshot that was stored and read again.
pub(crate) fn made(snapshot: Snapshot) -> WrittenReport {
    let claim = Claim {
        function_execution_id: Id::parse("execution1").unwrap(),
        started_at: at(NOW),
        attempt: 1,
    };
    let text = |document: Envelope| document.with_meta(&claim).text().into_owned();
    let input = text(Envelope::new(&SnapshotDocument { snapshot }));
    let snapshot = Snapshot::read(&input).unwrap();
    let findings = statements(&snapshot);
    WrittenReport {
        output: text(Envelope::new(&Output::new(
            &snapshot,
            &findings,
            &Prose::Rules,
        ))),
        markdown: markdown(&snapshot, &findings, &Prose::Rules),
        input,
        findings,
        snapshot,
    }
}

pub(crate) const PEOPLE: [&str; 6] = ["ada", "ben", "cleo", "dee", "eve", "fay"];

/// Some objectives with key results and actions, some of them not where they belong, over six people of whom one is
/// inactive. Ben manages Cleo, who manages Dee.
pub(crate) fn random(rng: &mut Rng, mode: PrivacyMode) -> Workspace {
    let mut made = Workspace::new(&PEOPLE[..1]);
    made.mode = mode;
    for (person, manager) in [
        ("ben", None),
        ("cleo", Some("ben")),
        ("dee", Some("cleo")),
        ("eve", None),
        ("fay", None),
    ] {
        made.join(person, manager, false);
    }
    made.members[5].active = false;
    for _ in 0..rng.usize(0..24) {
        add_random(rng, &mut made);
    }
    made.compute();
    made
}

pub(crate) fn add_random(rng: &mut Rng, made: &mut Workspace) {
    let id = format!("i{:08x}", rng.u32(..));
    let kind = match (made.items.len(), rng.u8(0..10)) {
        (0, _) | (_, 0..=1) => ItemType::Objective,
        (_, 2..=4) => ItemType::KeyResult,
        _ => ItemType::Action,
    };
    let parent = match rng.u8(0..12) {
        0 => None,
        1 => Some("gone".to_owned()),
        _ if made.items.is_empty() => None,
        _ => Some(made.items[rng.usize(..made.items.len())].id.to_string()),
    };
    let parent = parent.filter(|_| kind != ItemType::Objective || rng.u8(0..4) == 0);
    let words = [
        "Gauge", "Denmark", "Returns", "Prices", "Dealers", "Sea", "Manual", "Stand",
    ];
    let title = format!("{} {}", words[rng.usize(..words.len())], rng.u8(..));
    let owner = PEOPLE[rng.usize(..PEOPLE.len())];
    let created = NOW - rng.i64(0..120) * DAY - rng.i64(0..DAY);
    let item = made.add(kind, &id, parent.as_deref(), &title, owner);
    item.created = at(created);
    item.changed = at(rng.i64(created..=NOW));
    if rng.bool() {
        item.columns.due_date = Some(at(NOW + rng.i64(-30..60) * DAY));
    }
    if rng.u8(0..3) == 0 {
        item.columns.assignee_user_ids =
            vec![Id::parse(PEOPLE[rng.usize(..PEOPLE.len())]).unwrap()];
    }
    if kind == ItemType::Action {
        item.columns.action_status = Some(STATES[rng.usize(..3)]);
        item.columns.story_points = SIZES[rng.usize(..SIZES.len())].map(str::to_owned);
    }
}

/// Edits as people make them between two reports.
pub(crate) fn edit(rng: &mut Rng, made: &mut Workspace) {
    for _ in 0..rng.usize(0..8) {
        if made.items.is_empty() || rng.u8(0..5) == 0 {
            add_random(rng, made);
            let item = made.items.last_mut().unwrap();
            // Made after the earlier report.
            item.created = at(NOW + rng.i64(0..7 * DAY));
            item.changed = item.created;
            continue;
        }
        let place = rng.usize(..made.items.len());
        let other = made.items[rng.usize(..made.items.len())].id.clone();
        let item = &mut made.items[place];
        item.changed = at(NOW + rng.i64(0..7 * DAY));
        match rng.u8(0..7) {
            0 => {
                made.items.remove(place);
            }
            1 => item.columns.parent_id = Some(other),
            2 => item.columns.story_points = SIZES[rng.usize(..SIZES.len())].map(str::to_owned),
            3 => item.columns.title = Some(format!("Renamed {}", rng.u8(..))),
            4 => item.columns.due_date = Some(at(NOW + rng.i64(-5..40) * DAY)),
            _ if item.columns.r#type == ItemType::Action => {
                item.columns.action_status = Some(STATES[rng.usize(..3)]);
            }
            _ => {}
        }
    }
    made.compute();
}

/// How many rounds a property is tried: the small number, or what the variable says.
pub(crate) fn rounds(few: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a test runs is its caller's to say"
    )]
    let asked = std::env::var("REPORT_ROUNDS").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(few)
}
