//! Everything that a report is made of, and nothing else: what the reader's View held, when, and how it was when the
//! same reader last had a report. Kept with the report, so that every figure can be computed again.

use std::collections::{BTreeMap, HashMap};

use domain::document::{self, Document, Unreadable};
use domain::ids::{ItemId, ReportId, UserId, WorkspaceId};
use domain::rows::{ActionStatus, ItemType};
use okr::tree::Item as Counted;
use platform::view::{View, ViewItem};
use serde::{Deserialize, Serialize};

use crate::moment::{Moment, DAY};

/// Days that a first report looks back.
pub const FIRST_PERIOD: i64 = 7;

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    De,
}

/// Items are named by their place in [`Self::items`], people by theirs in [`Self::people`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    pub at: Moment,
    /// Where the period begins.
    pub from: Moment,
    pub language: Language,
    pub workspace_id: WorkspaceId,
    pub workspace: String,
    pub reader: UserId,
    /// The reader sees every live item there is.
    pub everything: bool,
    /// Rows that could not be read and so are missing.
    pub unreadable: usize,
    pub people: Vec<Person>,
    /// In the order of their ids.
    pub items: Vec<Item>,
    pub before: Option<Before>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    /// Takes part in the workspace.
    pub active: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: ItemId,
    pub r#type: ItemType,
    pub title: String,
    pub progress: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// It names a parent that is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
    /// None of an outline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Whole>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    pub created: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Moment>,
}

/// How things stood in the reader's last report, told by what has changed since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Before {
    pub report: ReportId,
    pub at: Moment,
    /// The reader's sight has changed since: only items that the reader saw both times are compared.
    pub both: bool,
    /// Places of items that are not compared, because they were not there or not seen.
    pub new: Vec<usize>,
    /// Items that were otherwise.
    pub changed: Vec<Was>,
    /// Items that are no longer there.
    pub gone: Vec<Was>,
}

/// An item as it was: what progress follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Was {
    pub id: ItemId,
    pub r#type: ItemType,
    pub title: String,
    pub progress: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
}

/// What `reports.inputSnapshotJson` holds of a report that is done. A change of what figures are computed from is a new
/// version.
#[derive(Debug, Serialize, Deserialize)]
pub struct SnapshotDocument {
    pub snapshot: Snapshot,
}

impl Document for SnapshotDocument {
    const NAME: &'static str = "snapshot";
    const VERSION: u32 = 1;
}

impl Snapshot {
    /// What the view holds at this moment, compared with the reader's earlier report.
    pub fn new(
        view: &View,
        at: Moment,
        from: Option<Moment>,
        language: Language,
        earlier: Option<(ReportId, Snapshot)>,
    ) -> Self {
        let place: HashMap<&ItemId, usize> = (view.items.iter().enumerate())
            .map(|(place, seen)| (&seen.id, place))
            .collect();
        let person: BTreeMap<&UserId, usize> = view.people.keys().zip(0..).collect();
        let items = view.items.iter();
        let items: Vec<Item> = items.map(|seen| item(seen, &place, &person)).collect();
        let before = earlier.map(|(report, earlier)| compare(report, &earlier, &items, view));
        let since = before.as_ref().map(|before| before.at);
        let week = Moment(at.0 - FIRST_PERIOD * DAY);
        Self {
            at,
            from: from.or(since).unwrap_or(week),
            language,
            workspace_id: view.workspace.clone(),
            workspace: view.name.clone(),
            reader: view.reader.clone(),
            everything: view.everything,
            unreadable: view.unreadable,
            people: (view.people.iter())
                .map(|(id, person)| Person {
                    id: id.clone(),
                    name: person.name.clone(),
                    active: person.active,
                })
                .collect(),
            items,
            before,
        }
    }

    /// Reads what `reports.inputSnapshotJson` holds. Whatever it holds, no place in it points outside.
    ///
    /// # Errors
    /// For what no version has written, and for a newer version.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let held: SnapshotDocument = document::read(text)?;
        match held.snapshot.is_sound() {
            true => Ok(held.snapshot),
            false => Err(Unreadable::Malformed),
        }
    }

    fn is_sound(&self) -> bool {
        let is_item = |place: &usize| *place < self.items.len();
        let is_person = |place: &usize| *place < self.people.len();
        let ascends = self.items.windows(2).all(|two| two[0].id < two[1].id);
        let items = self.items.iter().all(|item| {
            let whole = item.whole.as_ref();
            item.progress <= 100
                && item.parent.iter().all(is_item)
                && whole
                    .is_none_or(|whole| whole.owner.iter().chain(&whole.assignees).all(is_person))
        });
        let before = self
            .before
            .as_ref()
            .is_none_or(|before| before.new.iter().all(is_item));
        ascends && items && before
    }

    /// What progress follows from, of every item.
    pub fn counted(&self) -> Vec<Counted<'_>> {
        self.items
            .iter()
            .map(|item| {
                let whole = item.whole.as_ref();
                let parent = item.parent.map(|place| self.items[place].id.as_ref());
                Counted {
                    id: item.id.as_ref(),
                    parent,
                    kind: item.r#type,
                    status: whole.and_then(|whole| whole.status),
                    points: whole.and_then(|whole| whole.points.as_deref()),
                }
            })
            .collect()
    }
}

impl Item {
    /// The item in the words of an earlier state.
    pub(crate) fn was(&self, items: &[Self]) -> Was {
        let whole = self.whole.as_ref();
        Was {
            id: self.id.clone(),
            r#type: self.r#type,
            title: self.title.clone(),
            progress: self.progress,
            parent: self.parent.map(|place| items[place].id.clone()),
            status: whole.and_then(|whole| whole.status),
            points: whole.and_then(|whole| whole.points.clone()),
        }
    }
}

fn item(
    seen: &ViewItem,
    place: &HashMap<&ItemId, usize>,
    person: &BTreeMap<&UserId, usize>,
) -> Item {
    let parent = seen.parent.as_ref();
    let found = parent.and_then(|parent| place.get(parent)).copied();
    let is_known = |user: &UserId| person.get(user).copied();
    Item {
        id: seen.id.clone(),
        r#type: seen.kind,
        title: seen.title.clone(),
        progress: seen.progress,
        parent: found,
        lost: parent.is_some() && found.is_none(),
        whole: seen.whole.as_ref().map(|whole| Whole {
            owner: whole.owner.as_ref().and_then(is_known),
            assignees: whole.assignees.iter().filter_map(is_known).collect(),
            due: whole.due.map(Moment::from),
            status: whole.status,
            points: whole.points.clone(),
            created: whole.created.into(),
            changed: whole.changed.map(Moment::from),
        }),
    }
}

/// How the items of now stood then. Whoever sees everything both times sees what was added and removed; for anybody
/// else what was there and not seen, or is seen more or less of, means that their sight has changed.
fn compare(report: ReportId, earlier: &Snapshot, items: &[Item], view: &View) -> Before {
    let then: HashMap<&ItemId, &Item> = earlier.items.iter().map(|item| (&item.id, item)).collect();
    let now: HashMap<&ItemId, &Item> = items.iter().map(|item| (&item.id, item)).collect();
    let all = earlier.everything && view.everything;
    let is_alike = |was: &Item, is: &Item| was.whole.is_some() == is.whole.is_some();
    let is_as_seen = |item: &Item| match then.get(&item.id) {
        Some(was) => is_alike(was, item),
        // An outline does not tell its age.
        None => (item.whole.as_ref()).is_some_and(|whole| whole.created >= earlier.at),
    };
    let both = !all && (earlier.everything != view.everything || !items.iter().all(is_as_seen));
    // Of what is no action progress does not follow from what an outline leaves out.
    let is_compared = |item: &Item| {
        let was = then.get(&item.id);
        was.is_some_and(|was| item.r#type != ItemType::Action || is_alike(was, item))
    };
    let changed = earlier.items.iter().filter_map(|item| {
        let is = now.get(&item.id).filter(|is| is_compared(is))?;
        let (mut was, is) = (item.was(&earlier.items), is.was(items));
        if both {
            let is_known = |id: &ItemId| now.contains_key(id);
            was.parent = was.parent.filter(is_known);
        }
        was.title.clone_from(&is.title);
        (was != is).then_some(was)
    });
    let gone = earlier.items.iter();
    let gone = gone.filter(|item| !both && !now.contains_key(&item.id));
    Before {
        report,
        at: earlier.at,
        both,
        new: (0..items.len())
            .filter(|place| !is_compared(&items[*place]))
            .collect(),
        changed: changed.collect(),
        gone: gone.map(|item| item.was(&earlier.items)).collect(),
    }
}
