//! Random workspaces with maps of their members, as their tables hold them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use domain::ids::{Id, ItemId, UserId};
use domain::privacy::Reader;
use domain::rows::{
    ActionStatus, ItemType, PrivacyMode, Workspace as WorkspaceRow, WorkspaceMembership,
    WorkspaceRole,
};
use domain::time::Timestamp;
use fastrand::Rng;
use platform::view::{Columns, LiveItem, View};
use serde_json::json;
use skill_map::documents::{Constraint, Entry, Level, SkillEntry, Source, Term};
use skill_map::map::{
    self, coverage, or_proposed, refresh, show, silent, skills_of, works, Looks, Member, OwnTerms,
    Skills,
};
use skill_map::proposals::Memory;
use skill_map::suggest::{suggest, Candidate, Question, Suggestion};
use skill_map::words::Language;

pub(crate) const PEOPLE: [&str; 6] = ["ada", "ben", "cleo", "dee", "eve", "fay"];

const DAY: u64 = 24 * 60 * 60;

/// Some name skills, some the organisation's own, some nothing.
const TITLES: [&str; 12] = [
    "Debug software of the gauge",
    "Run all services in Kubernetes by June",
    "Migrate existing data to PostgreSQL",
    "Recruit employees for the new line",
    "Manage budgets of the department",
    "Lagerbestand um 15 % senken",
    "Perform software unit testing",
    "Zephyr boards for every dealer",
    "Monday",
    "Ask Anna",
    "Operate forklift",
    "",
];

pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-11-27T08:00:00Z").unwrap()
}

/// What the tables hold of one workspace.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub(crate) mode: PrivacyMode,
    pub(crate) memberships: Vec<WorkspaceMembership>,
    pub(crate) items: Vec<LiveItem>,
    pub(crate) members: BTreeMap<UserId, Member>,
    /// What a model has proposed to members.
    pub(crate) memories: BTreeMap<UserId, Memory>,
}

pub(crate) fn user(id: &str) -> UserId {
    Id::parse(id).unwrap()
}

pub(crate) fn random(rng: &mut Rng, mode: PrivacyMode) -> Workspace {
    let mut made = Workspace {
        mode,
        memberships: Vec::new(),
        items: Vec::new(),
        members: BTreeMap::new(),
        memories: BTreeMap::new(),
    };
    // Ben manages Cleo, who manages Dee; Fay is inactive.
    for (place, person) in PEOPLE.into_iter().enumerate() {
        let manager = [None, None, Some("ben"), Some("cleo"), None, None][place];
        made.join(person, manager, place == 0, person != "fay");
        let member = member(rng);
        made.members.insert(user(person), member);
    }
    for number in 0..rng.usize(1..14) {
        let owner = PEOPLE[rng.usize(..PEOPLE.len())];
        let item = item(rng, &format!("i{number}"), owner);
        made.items.push(item);
    }
    made
}

pub(crate) fn item(rng: &mut Rng, id: &str, owner: &str) -> LiveItem {
    let kind = [
        ItemType::Objective,
        ItemType::KeyResult,
        ItemType::Action,
        ItemType::Action,
    ][rng.usize(..4)];
    let changed = now().minus(Duration::from_secs(rng.u64(0..800) * DAY));
    let assignees = (rng.u8(0..3) == 0).then(|| user(PEOPLE[rng.usize(..PEOPLE.len())]));
    LiveItem {
        id: Id::parse(id).unwrap(),
        created: changed.minus(Duration::from_secs(DAY)),
        changed,
        columns: Columns {
            r#type: kind,
            title: Some(TITLES[rng.usize(..TITLES.len())].to_owned()),
            owner_user_id: Some(user(owner)),
            assignee_user_ids: assignees.into_iter().collect(),
            parent_id: None,
            due_date: rng
                .bool()
                .then(|| now().plus(Duration::from_secs(rng.u64(0..40) * DAY))),
            action_status: (kind == ItemType::Action).then(|| {
                [
                    ActionStatus::Pending,
                    ActionStatus::WorkInProgress,
                    ActionStatus::Done,
                ][rng.usize(..3)]
            }),
            story_points: [None, Some("?"), Some("0"), Some("3"), Some("8"), Some("40")]
                [rng.usize(..6)]
            .map(str::to_owned),
            progress_computed: [0, 50, 100][rng.usize(..3)],
        },
    }
}

pub(crate) fn skill(rng: &mut Rng) -> Term {
    let terms = [
        "SKILL_0000209",
        "SKILL_0012356",
        "SKILL_0000114",
        "SKILL_0002970",
        "Zephyr boards",
        "Tea",
    ];
    Term::parse(terms[rng.usize(..terms.len())]).unwrap()
}

pub(crate) fn stated(rng: &mut Rng) -> SkillEntry {
    SkillEntry {
        skill: skill(rng),
        level: Level::new(rng.u8(1..=5)).unwrap(),
        source: Source::Statement,
        evidence: Vec::new(),
        confirmed: false,
    }
}

pub(crate) fn constraint(rng: &mut Rng) -> Constraint {
    let days = |days| Duration::from_secs(days * DAY);
    match rng.u8(0..5) {
        0 => Constraint::Away {
            from: now().minus(days(rng.u64(0..9))),
            to: now().plus(days(rng.u64(0..60))),
        },
        1 => Constraint::MostPoints {
            points: rng.u32(0..30),
        },
        2 => Constraint::NotWithSkill { skill: skill(rng) },
        3 => Constraint::NotWithItem {
            item: Id::parse(&format!("i{}", rng.u8(0..10))).unwrap(),
        },
        _ => Constraint::OnlyWith {
            users: vec![user(PEOPLE[rng.usize(..PEOPLE.len())])],
        },
    }
}

fn member(rng: &mut Rng) -> Member {
    let mut made = Member::default();
    for _ in 0..rng.usize(0..3) {
        made.can.skills.push(Entry::Read(stated(rng)));
        made.want.skills.push(Entry::Read(stated(rng)));
    }
    if rng.u8(0..3) == 0 {
        made.constraints
            .constraints
            .push(Entry::Read(constraint(rng)));
    }
    if rng.bool() {
        made.can
            .skills
            .push(Entry::Kept(json!({"skill": "?", "level": rng.u32(..)})));
    }
    made
}

impl Workspace {
    pub(crate) fn join(&mut self, person: &str, manager: Option<&str>, admin: bool, active: bool) {
        self.memberships.push(WorkspaceMembership {
            organization_id: Id::parse("acme").unwrap(),
            workspace_id: Id::parse("sales").unwrap(),
            user_id: user(person),
            role: if admin {
                WorkspaceRole::Admin
            } else {
                WorkspaceRole::User
            },
            manager_user_id: manager.and_then(Id::parse),
            active,
            invited_via_invite_id: None,
        });
    }

    /// What a reader sees; nobody stands for who sees everything.
    pub(crate) fn view(&self, reader: Option<&UserId>) -> View {
        let row = WorkspaceRow {
            organization_id: Id::parse("acme").unwrap(),
            name: "Sales".to_owned(),
            slug: "sales".to_owned(),
            privacy_mode: self.mode,
            created_by_user_id: user("ada"),
            archived_at: None,
        };
        let nobody = user("nobody");
        let who = Reader {
            user: reader.unwrap_or(&nobody),
            organization_admin: reader.is_none(),
        };
        View::new(
            &Id::parse("sales").unwrap(),
            &row,
            who,
            &self.memberships,
            &self.items,
            0,
        )
    }

    pub(crate) fn own_terms(&self) -> OwnTerms {
        OwnTerms::of(self.members.values().flat_map(Member::told))
    }

    /// The nightly run.
    pub(crate) fn refresh(&mut self) {
        let view = self.view(None);
        let works = works(&view, now());
        let skills = skills(&view, &self.own_terms());
        let silent = silent(&view, &skills);
        for (user, member) in &mut self.members {
            let memory = self.memories.get(user);
            let proposed = memory.map(|memory| memory.skills(&silent));
            let proposed = proposed.unwrap_or_default();
            (member.can, member.should) = refresh(
                &member.can,
                &member.should,
                user,
                &works,
                &skills,
                &proposed,
            );
        }
    }

    /// Everything that a reader gets, as bytes: the matrix and a suggestion for each item that they see whole.
    pub(crate) fn told(&self, reader: &str) -> String {
        let reader = user(reader);
        let view = self.view(Some(&reader));
        let works = works(&view, now());
        let maps: BTreeMap<&UserId, _> = self
            .members
            .iter()
            .map(|(user, member)| {
                let looks = if *user == reader {
                    Looks::Oneself
                } else {
                    Looks::Member
                };
                (user, show(member, &works, looks, Language::En))
            })
            .collect();
        let coverage = coverage(
            maps.iter().map(|(user, map)| (*user, map)),
            &works,
            Language::En,
        );
        let suggestions: Vec<Suggestion> = works
            .iter()
            .map(|work| self.suggest(&reader, &work.item))
            .collect();
        json!({"maps": maps, "coverage": coverage, "suggestions": suggestions}).to_string()
    }

    pub(crate) fn suggest(&self, reader: &UserId, item: &ItemId) -> Suggestion {
        let view = self.view(Some(reader));
        let works = works(&view, now());
        let seen = view.items.iter().find(|seen| seen.id == *item).unwrap();
        let whole = seen.whole.as_ref().unwrap();
        let needs = of_title(&seen.title, &self.own_terms());
        let needs = or_proposed(&needs, &self.members[reader], item);
        let people: BTreeSet<UserId> = whole
            .owner
            .iter()
            .chain(&whole.assignees)
            .cloned()
            .collect();
        let candidates: Vec<Candidate> = self
            .memberships
            .iter()
            .map(|membership| Candidate {
                user: membership.user_id.clone(),
                name: membership.user_id.to_string(),
                active: membership.active,
                member: self
                    .members
                    .get(&membership.user_id)
                    .cloned()
                    .unwrap_or_default(),
            })
            .collect();
        let question = Question {
            item,
            needs: &needs,
            people: &people,
            due: whole.due,
            now: now(),
            works: &works,
            reader,
            language: Language::En,
        };
        suggest(&question, &candidates)
    }
}

pub(crate) fn skills(view: &View, own: &OwnTerms) -> Skills {
    let found = view
        .items
        .iter()
        .map(|seen| (seen.id.clone(), of_title(&seen.title, own)));
    let found: Skills = found.collect();
    found
}

/// What a title asks for: the vocabulary's skills are looked for once in a test run.
fn of_title(title: &str, own: &OwnTerms) -> Vec<Term> {
    static KNOWN: LazyLock<Mutex<BTreeMap<String, Vec<Term>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap();
    let of_vocabulary = known
        .entry(title.to_owned())
        .or_insert_with(|| skills_of(title, &OwnTerms::default()));
    map::with_own(title, own, of_vocabulary.clone())
}

pub(crate) fn rounds(few: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a test runs is its caller's to say"
    )]
    let asked = std::env::var("SKILL_ROUNDS").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(few)
}
