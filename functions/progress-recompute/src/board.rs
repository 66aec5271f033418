//! What a browser gets of a workspace, page by page: items with their dates and positions, and links. Pure.
//!
//! A page holds the items of a range of ids that the reader may see. Those that are as they were at the time from which
//! changes are asked for are only named, so whoever has them all knows what is gone: what is in no page any more is
//! deleted, or no longer theirs to see. Nothing has to be remembered of any reader for that.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::ids::{lenient, ItemId, LinkId, UserId, WorkspaceId};
use domain::rows::{ActionStatus, ItemType, LinkType, OkrItem, OkrLink, Row};
use domain::time::Timestamp;
use platform::view::{Person, View, ViewItem};
use serde::{Deserialize, Serialize};

/// Items of one page.
pub const PAGE: usize = 1_000;

/// Links of one page: people draw a few for an item, and a reply has to stay small.
pub const MOST_LINKS: usize = 5_000;

/// Where an item stands on a board or canvas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    pub sort_order: Option<f64>,
    pub position_x: Option<f64>,
    pub position_y: Option<f64>,
}

impl Row for Position {
    const TABLE: &'static str = OkrItem::TABLE;
    type Id = ItemId;
}

/// A link between two items, as its row has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkRow {
    #[serde(deserialize_with = "lenient::id")]
    pub from_item_id: Option<ItemId>,
    #[serde(deserialize_with = "lenient::id")]
    pub to_item_id: Option<ItemId>,
    pub link_type: LinkType,
}

impl Row for LinkRow {
    const TABLE: &'static str = OkrLink::TABLE;
    type Id = LinkId;
}

/// One page of a workspace as one reader may see it.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    pub workspace_id: WorkspaceId,
    pub workspace_name: String,
    /// From when to ask for changes the next time, once all pages of this time are there.
    pub as_of: Timestamp,
    /// The reader sees every live item there is. Where that has changed, begin without changedSince.
    pub everything: bool,
    pub items: Vec<BoardItem>,
    /// Items that are as they were at changedSince.
    pub unchanged: Vec<ItemId>,
    /// Links that begin at an item of this page, and whose both ends are seen whole.
    pub links: Vec<Link>,
    /// There are more of them than one page shows.
    pub more_links: bool,
    /// Who is named on the items of this page.
    pub people: BTreeMap<UserId, BoardPerson>,
    /// The `after` of the next page; none on the last one.
    pub next: Option<ItemId>,
}

/// An item: an outline has neither owner nor dates, because it only stands above what the reader may see.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BoardItem {
    pub item_id: ItemId,
    pub r#type: ItemType,
    pub title: String,
    /// Whole per cent.
    pub progress: u8,
    pub parent_id: Option<ItemId>,
    pub outline: bool,
    #[serde(flatten)]
    pub whole: Option<BoardWhole>,
}

/// What an outline leaves out.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BoardWhole {
    pub owner_user_id: Option<UserId>,
    pub assignee_user_ids: Vec<UserId>,
    pub due_date: Option<Timestamp>,
    pub action_status: Option<ActionStatus>,
    pub story_points: Option<String>,
    pub created_at: Timestamp,
    /// None where work that the reader may not see may have caused the last write.
    pub updated_at: Option<Timestamp>,
    #[serde(flatten)]
    pub position: Option<Position>,
}

/// One item with all that there is of it.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    #[serde(flatten)]
    pub item: BoardItem,
    /// None of an outline.
    pub description: Option<String>,
}

/// Somebody named on an item.
#[derive(Debug, PartialEq, Serialize)]
pub struct BoardPerson {
    /// The id of an account without a name.
    pub name: String,
    /// Takes part in the workspace.
    pub active: bool,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub link_id: LinkId,
    pub from_item_id: ItemId,
    pub to_item_id: ItemId,
    pub link_type: LinkType,
}

/// The items of one page.
#[derive(Clone, Copy, Debug)]
pub struct ItemPage<'a> {
    pub items: &'a [ViewItem],
    pub is_last: bool,
}

impl<'a> ItemPage<'a> {
    /// Those that come after this id in the order of ids.
    pub fn of(view: &'a View, after: Option<&ItemId>) -> Self {
        let begin = after.map_or(0, |after| {
            view.items.partition_point(|seen| seen.id <= *after)
        });
        let rest = &view.items[begin..];
        Self {
            items: &rest[..rest.len().min(PAGE)],
            is_last: rest.len() <= PAGE,
        }
    }

    /// The items that the reader sees whole and that have changed since.
    pub fn changed(
        self,
        view: &'a View,
        since: Option<Timestamp>,
    ) -> impl Iterator<Item = &'a ItemId> {
        self.items
            .iter()
            .filter(move |seen| seen.whole.is_some() && !is_unchanged(view, seen, since))
            .map(|seen| &seen.id)
    }

    /// The items that the reader sees whole.
    pub fn whole(self) -> impl Iterator<Item = &'a ItemId> {
        let whole = self.items.iter().filter(|seen| seen.whole.is_some());
        whole.map(|seen| &seen.id)
    }

    /// The people named on the items.
    pub fn people(self) -> BTreeSet<&'a UserId> {
        let whole = self.items.iter().filter_map(|seen| seen.whole.as_ref());
        whole
            .flat_map(|whole| whole.owner.iter().chain(&whole.assignees))
            .collect()
    }
}

/// Whether the reader has it already. Of a reader who does not see everything nobody knows what they saw then, and what
/// their sight follows from leaves no time on an item; so they get all that they may see.
fn is_unchanged(view: &View, seen: &ViewItem, since: Option<Timestamp>) -> bool {
    let changed = seen.whole.as_ref().and_then(|whole| whole.changed);
    match (since, changed) {
        (Some(since), Some(changed)) => view.everything && changed < since,
        (None, _) | (_, None) => false,
    }
}

/// The page as the reader gets it. Of positions and links only those count that are of what the view holds whole.
pub fn board(
    view: &View,
    page: ItemPage<'_>,
    since: Option<Timestamp>,
    as_of: Timestamp,
    mut positions: HashMap<ItemId, Position>,
    links: Vec<(LinkId, LinkRow)>,
) -> Board {
    let (mut items, mut unchanged) = (Vec::new(), Vec::new());
    for seen in page.items {
        match is_unchanged(view, seen, since) {
            true => unchanged.push(seen.id.clone()),
            false => items.push(item(seen, positions.remove(&seen.id))),
        }
    }
    let begin: HashSet<&ItemId> = page.whole().collect();
    let is_whole = |id: &ItemId| {
        let place = view.items.binary_search_by(|seen| seen.id.cmp(id));
        place.is_ok_and(|place| view.items[place].whole.is_some())
    };
    let mut links: Vec<Link> = links
        .into_iter()
        .filter_map(|(id, row)| {
            Some(Link {
                link_id: id,
                from_item_id: row.from_item_id.filter(|from| begin.contains(from))?,
                to_item_id: row.to_item_id.filter(is_whole)?,
                link_type: row.link_type,
            })
        })
        .collect();
    links.sort_unstable_by(|a, b| a.link_id.cmp(&b.link_id));
    // Counted after what is not seen is out: that must not decide what is shown.
    let more_links = links.len() > MOST_LINKS;
    links.truncate(MOST_LINKS);
    let people = page.people().into_iter().filter_map(|user| {
        let person = view.people.get(user)?;
        Some((user.clone(), BoardPerson::from(person)))
    });
    Board {
        workspace_id: view.workspace.clone(),
        workspace_name: view.name.clone(),
        as_of,
        everything: view.everything,
        people: people.collect(),
        items,
        unchanged,
        links,
        more_links,
        next: match page.items.last() {
            Some(last) if !page.is_last => Some(last.id.clone()),
            Some(_) | None => None,
        },
    }
}

/// One item as the reader gets it.
pub fn card(seen: &ViewItem, position: Option<Position>, description: Option<String>) -> Card {
    Card {
        item: item(seen, position),
        description,
    }
}

fn item(seen: &ViewItem, position: Option<Position>) -> BoardItem {
    BoardItem {
        item_id: seen.id.clone(),
        r#type: seen.kind,
        title: seen.title.clone(),
        progress: seen.progress,
        parent_id: seen.parent.clone(),
        outline: seen.whole.is_none(),
        whole: seen.whole.as_ref().map(|whole| BoardWhole {
            owner_user_id: whole.owner.clone(),
            assignee_user_ids: whole.assignees.clone(),
            due_date: whole.due,
            action_status: whole.status,
            story_points: whole.points.clone(),
            created_at: whole.created,
            updated_at: whole.changed,
            position,
        }),
    }
}

impl From<&Person> for BoardPerson {
    fn from(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            active: person.active,
        }
    }
}
