//! What one person may see of a workspace. The only type that reads items for a person: reports, skill maps and prompts
//! are made from a [`View`], never from rows.
//!
//! **Non-interference:** what the reader may not see changes nothing in a view. Declassified on purpose are title, type,
//! progress and parent of items above visible ones, and the progress of visible items with hidden work below. When a
//! visible item that is no action was last written follows from that progress, so a view tells it only to a reader who
//! sees everything.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::ids::{lenient, ItemId, UserId, WorkspaceId};
use domain::privacy::{self, Reader, Sight, Subject};
use domain::rows::{ActionStatus, ItemType, PrivacyMode, Row, Workspace, WorkspaceMembership};
use domain::time::Timestamp;
use domain::Failure;
use serde::{Deserialize, Serialize};

use crate::access::WorkspaceMember;
use crate::appwrite::{AppwriteError, Query, RowPage, StoredRow, TeamMember};
use crate::coalesce::{Flight, SingleFlight};
use crate::cx::Cx;
use crate::scope::Scope;

/// Bytes that one list aims at: Appwrite's server sends at most 12 MiB, and rows differ in size.
const PAGE_BYTES: u64 = 3 * 1024 * 1024;

/// Rows of the first page, before their size is known: 512 characters of title may be 6 kB.
const FIRST_PAGE: usize = 500;

/// Rows of a page at most.
const LARGEST_PAGE: usize = 5_001;

/// Lists begun anew because the last row of a page was deleted meanwhile.
const ROUNDS: usize = 5;

/// Unreadable rows that the log names.
const MOST_NAMED: usize = 100;

/// A workspace as one reader may see it, items in the order of their ids.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub workspace: WorkspaceId,
    pub name: String,
    pub reader: UserId,
    /// The reader sees every live item there is.
    pub everything: bool,
    /// Rows that cannot be read and so are missing; told to a reader who sees everything.
    pub unreadable: usize,
    pub items: Vec<ViewItem>,
    /// The reader, and whoever is named on an item that is seen whole.
    pub people: BTreeMap<UserId, Person>,
}

/// An item as far as the reader may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewItem {
    pub id: ItemId,
    pub kind: ItemType,
    pub title: String,
    /// Whole per cent as stored and shown everywhere.
    pub progress: u8,
    /// As the row names it, seen or not: whoever sees an item sees what it hangs on, unless that is not there.
    pub parent: Option<ItemId>,
    /// None of an outline.
    pub whole: Option<Whole>,
}

/// What an outline leaves out.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    pub owner: Option<UserId>,
    pub assignees: Vec<UserId>,
    pub due: Option<Timestamp>,
    pub status: Option<ActionStatus>,
    pub points: Option<String>,
    pub created: Timestamp,
    /// None where hidden work may have caused the last write.
    pub changed: Option<Timestamp>,
}

/// Somebody named on an item that the reader sees whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id of an account without a name.
    pub name: String,
    /// Takes part in the workspace: an active member of it or an admin of its organisation, confirmed in its team.
    pub active: bool,
}

/// A live row of okr_items, read leniently: an item that counts is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveItem {
    pub id: ItemId,
    pub created: Timestamp,
    pub changed: Timestamp,
    pub columns: Columns,
}

/// The columns that a view is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Columns {
    pub r#type: ItemType,
    pub title: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    pub owner_user_id: Option<UserId>,
    #[serde(deserialize_with = "lenient::ids")]
    pub assignee_user_ids: Vec<UserId>,
    #[serde(deserialize_with = "lenient::id")]
    pub parent_id: Option<ItemId>,
    pub due_date: Option<Timestamp>,
    pub action_status: Option<ActionStatus>,
    pub story_points: Option<String>,
    pub progress_computed: i64,
}

/// What may be as long as a book, so only who asks for one item gets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Description {
    description: Option<String>,
}

impl Row for Description {
    const TABLE: &'static str = Columns::TABLE;
    type Id = ItemId;
}

impl Row for Columns {
    const TABLE: &'static str = "okr_items";
    type Id = ItemId;
}

impl View {
    /// The workspace as the member may see it.
    ///
    /// # Errors
    /// Of Appwrite's only. Rows that cannot be read are told in the log and are missing.
    pub async fn load(cx: &Cx, member: &WorkspaceMember) -> Result<Self, Failure> {
        let memberships = Scope::from(&member.workspace).memberships(cx).await?;
        Self::load_beside(cx, member, &memberships).await
    }

    /// The same for whoever has listed the workspace's memberships already.
    ///
    /// # Errors
    /// See [`Self::load`].
    pub async fn load_beside(
        cx: &Cx,
        member: &WorkspaceMember,
        memberships: &[WorkspaceMembership],
    ) -> Result<Self, Failure> {
        let reader = Reader {
            user: &member.user,
            organization_admin: member.organization_admin,
        };
        Self::read(cx, &member.workspace, reader, memberships).await
    }

    /// Everything that there is, for what is worked out of all items and shown to nobody as it stands; `user` is who has
    /// asked for it.
    ///
    /// # Errors
    /// See [`Self::load`].
    pub async fn load_everything(
        cx: &Cx,
        workspace: &StoredRow<Workspace>,
        user: &UserId,
        memberships: &[WorkspaceMembership],
    ) -> Result<Self, Failure> {
        let reader = Reader {
            user,
            organization_admin: true,
        };
        Self::read(cx, workspace, reader, memberships).await
    }

    async fn read(
        cx: &Cx,
        workspace: &StoredRow<Workspace>,
        reader: Reader<'_>,
        memberships: &[WorkspaceMembership],
    ) -> Result<Self, Failure> {
        let items = live_items(cx, &Scope::from(workspace)).await?;
        Ok(Self::new(
            &workspace.id,
            &workspace.row,
            reader,
            memberships,
            &items.items,
            items.malformed.len(),
        ))
    }

    /// What is written about an item that the reader sees whole; nothing of any other.
    ///
    /// # Errors
    /// Of Appwrite's only.
    pub async fn description(&self, cx: &Cx, item: &ItemId) -> Result<Option<String>, Failure> {
        let is_whole = |seen: &ViewItem| seen.id == *item && seen.whole.is_some();
        if !self.items.iter().any(is_whole) {
            return Ok(None);
        }
        let stored = cx.rows.find::<Description>(item).await?;
        Ok(stored.and_then(|stored| stored.row.description))
    }

    /// Gives people their names, and finds out who of them takes part.
    ///
    /// # Errors
    /// Of Appwrite's only.
    pub async fn load_people(&mut self, cx: &Cx, member: &WorkspaceMember) -> Result<(), Failure> {
        let people: Vec<UserId> = self.people.keys().cloned().collect();
        let team = cx.rows.team_members(&member.organization.team_id, &people);
        self.introduce(&team.await?);
        Ok(())
    }

    /// The same from what was read. People have neither names nor a place in the team before [`Self::introduce`].
    pub fn new(
        id: &WorkspaceId,
        workspace: &Workspace,
        reader: Reader<'_>,
        memberships: &[WorkspaceMembership],
        items: &[LiveItem],
        unreadable: usize,
    ) -> Self {
        let mode: PrivacyMode = workspace.privacy_mode;
        let subjects: Vec<Subject<'_>> = items
            .iter()
            .map(|item| Subject {
                id: &item.id,
                parent: item.columns.parent_id.as_ref(),
                owner: item.columns.owner_user_id.as_ref(),
                assignees: &item.columns.assignee_user_ids,
                live: true,
            })
            .collect();
        let everything = privacy::sees_everything(mode, reader, memberships);
        let sight = privacy::sight(mode, reader, memberships, &subjects);
        let mut seen: Vec<ViewItem> = items
            .iter()
            .zip(sight)
            .filter_map(|(item, sight)| ViewItem::of(item, sight, everything))
            .collect();
        seen.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let active: HashSet<&UserId> = memberships
            .iter()
            .filter(|membership| membership.active)
            .map(|membership| &membership.user_id)
            .collect();
        let named = seen.iter().filter_map(|seen| seen.whole.as_ref());
        let named = named.flat_map(|whole| whole.owner.iter().chain(&whole.assignees));
        let people: BTreeSet<&UserId> = named.chain([reader.user]).collect();
        let people = people.into_iter().map(|user| {
            let person = Person {
                name: user.to_string(),
                active: active.contains(user),
            };
            (user.clone(), person)
        });
        Self {
            workspace: id.clone(),
            name: workspace.name.clone(),
            reader: reader.user.clone(),
            everything,
            unreadable: if everything { unreadable } else { 0 },
            people: people.collect(),
            items: seen,
        }
    }

    /// Gives people their names; who is not confirmed in the team takes no part.
    pub fn introduce(&mut self, team: &[TeamMember]) {
        let mut known: HashMap<&UserId, (&str, bool)> = HashMap::new();
        for member in team {
            let (name, administers) = known.entry(&member.user).or_insert(("", false));
            if !member.name.trim().is_empty() {
                *name = &member.name;
            }
            *administers |= member.confirmed && member.administers;
        }
        let confirmed: HashSet<&UserId> = team
            .iter()
            .filter(|member| member.confirmed)
            .map(|member| &member.user)
            .collect();
        for (user, person) in &mut self.people {
            let (name, administers) = known.get(user).copied().unwrap_or_default();
            if !name.is_empty() {
                name.clone_into(&mut person.name);
            }
            person.active = confirmed.contains(user) && (person.active || administers);
        }
    }
}

impl ViewItem {
    fn of(item: &LiveItem, sight: Sight, everything: bool) -> Option<Self> {
        let columns = &item.columns;
        let whole = match sight {
            Sight::Hidden => return None,
            Sight::Outline => None,
            Sight::Whole => Some(Whole {
                owner: columns.owner_user_id.clone(),
                assignees: columns.assignee_user_ids.clone(),
                due: columns.due_date,
                status: columns.action_status,
                points: columns.story_points.clone(),
                created: item.created,
                changed: (everything || columns.r#type == ItemType::Action).then_some(item.changed),
            }),
        };
        Some(Self {
            id: item.id.clone(),
            kind: columns.r#type,
            title: columns.title.clone().unwrap_or_default(),
            progress: columns.progress_computed.clamp(0, 100) as u8,
            parent: columns.parent_id.clone(),
            whole,
        })
    }
}

impl From<StoredRow<Columns>> for LiveItem {
    fn from(stored: StoredRow<Columns>) -> Self {
        Self {
            id: stored.id,
            created: stored.created_at,
            changed: stored.version.time(),
            columns: stored.row,
        }
    }
}

/// The live items of a workspace, and the rows that cannot be read.
struct LiveItems {
    items: Vec<LiveItem>,
    malformed: Malformed,
}

/// The live items as they are when it is called or later. All readers in this process who want them at the same time get
/// the same list.
async fn live_items(cx: &Cx, scope: &Scope) -> Result<Arc<LiveItems>, Failure> {
    static LISTS: SingleFlight<Scope, (), Arc<LiveItems>> = SingleFlight::new();
    let list = |_| async {
        let mut rounds = 0;
        loop {
            rounds += 1;
            match pages(cx, scope).await {
                Err(error) if error.is_cursor_gone() && rounds < ROUNDS => {}
                result => {
                    let (items, malformed) = result?;
                    let listed = Arc::new(LiveItems { items, malformed });
                    return Ok::<_, Failure>((Arc::clone(&listed), Some(listed)));
                }
            }
        }
    };
    let listed = match LISTS.take(scope, (), list).await? {
        Flight::Own(listed) | Flight::Joined(listed) => listed,
    };
    for (id, why) in listed.malformed.iter().take(MOST_NAMED) {
        cx.note(format!("item {id} cannot be read: {why}"));
    }
    Ok(listed)
}

type Malformed = Vec<(String, String)>;

/// Page after page, each as many rows as fit by the size of those before.
async fn pages(cx: &Cx, scope: &Scope) -> Result<(Vec<LiveItem>, Malformed), AppwriteError> {
    let (mut items, mut malformed) = (Vec::new(), Malformed::new());
    let mut size = FIRST_PAGE;
    let mut after: Option<String> = None;
    let before = cx.rows.bytes_read();
    loop {
        let mut queries = scope.live();
        queries.extend([Query::order_asc("$createdAt"), Query::limit(size)]);
        queries.extend(after.as_deref().map(Query::cursor_after));
        let page: RowPage<Columns> = cx.rows.list(&queries).await?;
        let is_full = page.size() == size;
        after = page.last;
        items.extend(page.rows.into_iter().map(LiveItem::from));
        malformed.extend(page.malformed);
        if !is_full {
            return Ok((items, malformed));
        }
        // Other reports of the same execution may read meanwhile; that makes pages smaller, never larger.
        let rows = (items.len() + malformed.len()) as u64;
        let bytes = (cx.rows.bytes_read() - before).max(1);
        size = (PAGE_BYTES * rows / bytes).clamp(1, LARGEST_PAGE as u64) as usize;
    }
}
