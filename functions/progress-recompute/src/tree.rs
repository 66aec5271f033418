//! A workspace's items as a forest: who counts where, and in which order. It knows nothing of progress.
//!
//! No recursion and no sorting: linear in the number of items, whatever its shape.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use shared::rows::{ActionStatus, ItemType};

/// What progress follows from: one live item of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub id: &'a str,
    pub parent: Option<&'a str>,
    pub kind: ItemType,
    /// Of actions only; none counts as pending.
    pub status: Option<ActionStatus>,
    /// Story points as the column holds them, of actions only.
    pub points: Option<&'a str>,
}

/// Why an item that names a parent counts nowhere above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Orphan {
    /// The parent is deleted, or belongs to another workspace or organisation, or does not exist.
    ParentNotHere,
    /// Only an objective under an objective, a key result under an objective and an action under either count.
    ImpossibleType,
    /// Following the parents leads back to the item; an item that is its own parent is the shortest such way.
    Cycle,
}

/// Where every item stands. Items are named by their place in the list.
pub(crate) struct Tree {
    /// The parent in which the item counts.
    pub(crate) parent: Vec<Option<u32>>,
    /// Every item, each after all that counts in it.
    pub(crate) leaves_first: Vec<u32>,
    /// In the order of the list.
    pub(crate) orphans: Vec<(u32, Orphan)>,
}

impl Tree {
    /// `items` are the live items of one workspace, each id once, fewer than 2³² of them.
    pub(crate) fn new(items: &[Item<'_>]) -> Self {
        let mut place: HashMap<&str, u32, FxBuildHasher> =
            HashMap::with_capacity_and_hasher(items.len(), FxBuildHasher);
        for (index, item) in items.iter().enumerate() {
            // Actions have no children that count.
            if item.kind != ItemType::Action {
                place.insert(item.id, index as u32);
            }
        }
        let mut tree = Self {
            parent: vec![None; items.len()],
            leaves_first: Vec::with_capacity(items.len()),
            orphans: Vec::new(),
        };
        let mut open_children = vec![0_u32; items.len()];
        let mut actions: Option<std::collections::HashSet<&str, FxBuildHasher>> = None;
        for (index, item) in items.iter().enumerate() {
            let Some(id) = item.parent else { continue };
            let why = match place.get(id) {
                Some(parent) if counts(item.kind, items[*parent as usize].kind) => {
                    tree.parent[index] = Some(*parent);
                    open_children[*parent as usize] += 1;
                    continue;
                }
                Some(_) => Orphan::ImpossibleType,
                None => {
                    let actions = actions.get_or_insert_with(|| {
                        let of_actions = items.iter().filter(|item| item.kind == ItemType::Action);
                        of_actions.map(|item| item.id).collect()
                    });
                    match actions.contains(id) {
                        true => Orphan::ImpossibleType,
                        false => Orphan::ParentNotHere,
                    }
                }
            };
            tree.orphans.push((index as u32, why));
        }
        tree.order(&mut open_children);
        tree
    }

    /// Takes childless items away until none is left. What stays are exactly the items of cycles, for an item has one
    /// parent: nothing counts above a cycle. Each of them is cut off and keeps what hangs on it from outside.
    fn order(&mut self, open_children: &mut [u32]) {
        let childless = (0_u32..)
            .zip(open_children.iter())
            .filter(|(_, open)| **open == 0);
        self.leaves_first.extend(childless.map(|(index, _)| index));
        let mut next = 0;
        while let Some(index) = self.leaves_first.get(next) {
            next += 1;
            if let Some(parent) = self.parent[*index as usize] {
                let open = &mut open_children[parent as usize];
                *open -= 1;
                if *open == 0 {
                    self.leaves_first.push(parent);
                }
            }
        }
        if self.leaves_first.len() < open_children.len() {
            for (index, open) in (0_u32..).zip(open_children.iter()) {
                if *open > 0 {
                    self.parent[index as usize] = None;
                    self.orphans.push((index, Orphan::Cycle));
                    self.leaves_first.push(index);
                }
            }
            self.orphans.sort_unstable();
        }
    }
}

fn counts(child: ItemType, parent: ItemType) -> bool {
    match (child, parent) {
        (ItemType::Objective | ItemType::KeyResult, ItemType::Objective) => true,
        (ItemType::Action, ItemType::Objective | ItemType::KeyResult) => true,
        (ItemType::Objective | ItemType::KeyResult, ItemType::KeyResult) => false,
        (_, ItemType::Action) => false,
    }
}
