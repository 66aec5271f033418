//! A workspace's items as a forest: who counts where, and in which order. It knows nothing of progress.
//!
//! No recursion and no sorting: linear in the number of items, whatever its shape.

use std::collections::{HashMap, HashSet};

use domain::ids::MAX_LENGTH;
use domain::rows::{ActionStatus, ItemType};
use rustc_hash::FxBuildHasher;

/// What progress follows from: one live item of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// As long as Appwrite lets an id be, at most.
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

/// Where every item stands. Items are named by their place in the list; those that can have something below them,
/// which are all but actions, are also numbered among themselves: nodes.
pub(crate) struct Tree {
    /// Places of the nodes, ascending.
    pub(crate) nodes: Vec<u32>,
    /// By place: the node in which the item counts, or [`NOWHERE`].
    parent: Vec<u32>,
    /// Every node, each after all nodes that count in it.
    pub(crate) leaves_first: Vec<u32>,
    /// In the order of the list.
    pub(crate) orphans: Vec<(u32, Orphan)>,
}

const NOWHERE: u32 = u32::MAX;

impl Tree {
    /// `items` are the live items of one workspace, each id once, fewer than 2³² of them.
    pub(crate) fn new(items: &[Item<'_>]) -> Self {
        let nodes: Vec<u32> = (0_u32..)
            .zip(items)
            .filter(|(_, item)| item.kind != ItemType::Action)
            .map(|(place, _)| place)
            .collect();
        let mut tree = Self {
            parent: named_parents(items, &nodes),
            leaves_first: Vec::with_capacity(nodes.len()),
            orphans: Vec::new(),
            nodes,
        };
        let mut open_children = vec![0_u32; tree.nodes.len()];
        let mut actions: Option<HashSet<&str, FxBuildHasher>> = None;
        for (place, item) in items.iter().enumerate() {
            let Some(id) = item.parent else { continue };
            let why = match tree.parent(place) {
                // Most items are actions, and no node refuses one: its kind need not be looked up.
                Some(_) if item.kind == ItemType::Action => continue,
                Some(node) if counts(item.kind, items[tree.place(node)].kind) => {
                    open_children[node as usize] += 1;
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
            tree.parent[place] = NOWHERE;
            tree.orphans.push((place as u32, why));
        }
        tree.order(&mut open_children);
        tree
    }

    /// The place of a node.
    pub(crate) fn place(&self, node: u32) -> usize {
        self.nodes[node as usize] as usize
    }

    /// The number of the item at this place; none for an action.
    pub(crate) fn node(&self, place: usize) -> Option<u32> {
        let found = self.nodes.binary_search(&(place as u32));
        found.ok().map(|node| node as u32)
    }

    /// The node in which the item at this place counts.
    pub(crate) fn parent(&self, place: usize) -> Option<u32> {
        Some(self.parent[place]).filter(|node| *node != NOWHERE)
    }

    /// Takes childless nodes away until none is left. What stays are exactly the items of cycles, for an item has one
    /// parent: nothing counts above a cycle. Each of them is cut off and keeps what hangs on it from outside.
    fn order(&mut self, open_children: &mut [u32]) {
        let childless = (0_u32..)
            .zip(open_children.iter())
            .filter(|(_, open)| **open == 0);
        self.leaves_first.extend(childless.map(|(node, _)| node));
        let mut next = 0;
        while let Some(node) = self.leaves_first.get(next) {
            next += 1;
            if let Some(parent) = self.parent(self.place(*node)) {
                let open = &mut open_children[parent as usize];
                *open -= 1;
                if *open == 0 {
                    self.leaves_first.push(parent);
                }
            }
        }
        if self.leaves_first.len() < open_children.len() {
            for (node, _) in (0_u32..)
                .zip(open_children.iter())
                .filter(|(_, open)| **open > 0)
            {
                let place = self.place(node);
                self.parent[place] = NOWHERE;
                self.orphans.push((place as u32, Orphan::Cycle));
                self.leaves_first.push(node);
            }
            self.orphans.sort_unstable();
        }
    }
}

/// For every item the node that it names as its parent, whether or not it counts there, or [`NOWHERE`].
///
/// Texts lie anywhere in memory. Read one by one, between look-ups, each would be waited for; read [`TOGETHER`], the
/// processor fetches many at a time: in random order that takes half the time.
fn named_parents(items: &[Item<'_>], nodes: &[u32]) -> Vec<u32> {
    let mut numbers: HashMap<Name, u32, FxBuildHasher> =
        HashMap::with_capacity_and_hasher(nodes.len(), FxBuildHasher);
    numbers.extend((0..).zip(nodes).map(|(node, place)| {
        let id = items[*place as usize].id;
        (name_of(id), node)
    }));
    numbers.remove(&NOBODY);
    let mut names = [NOBODY; TOGETHER];
    let mut parents = Vec::with_capacity(items.len());
    for some in items.chunks(TOGETHER) {
        for (name, item) in names.iter_mut().zip(some) {
            *name = item.parent.map_or(NOBODY, name_of);
        }
        let found = names[..some.len()].iter().map(|name| numbers.get(name));
        parents.extend(found.map(|node| node.copied().unwrap_or(NOWHERE)));
    }
    parents
}

/// An id in its own bytes, filled up with one that no text holds: to compare it, nobody has to go where its text lies.
type Name = [u8; MAX_LENGTH];

/// The name of no id, and of what is longer than an id can be.
const NOBODY: Name = [u8::MAX; MAX_LENGTH];

/// Names that are read before the first of them is looked up.
const TOGETHER: usize = 64;

fn name_of(id: &str) -> Name {
    Name::try_from(id.as_bytes()).unwrap_or_else(|_| short(id.as_bytes()))
}

/// Apart from the usual case of a UUID, which is as long as an id can be and so copied as a few words.
#[cold]
fn short(id: &[u8]) -> Name {
    let mut name = NOBODY;
    if let Some(start) = name.get_mut(..id.len()) {
        start.copy_from_slice(id);
    }
    name
}

fn counts(child: ItemType, parent: ItemType) -> bool {
    match (child, parent) {
        (ItemType::Objective | ItemType::KeyResult, ItemType::Objective) => true,
        (ItemType::Action, ItemType::Objective | ItemType::KeyResult) => true,
        (ItemType::Objective | ItemType::KeyResult, ItemType::KeyResult) => false,
        (_, ItemType::Action) => false,
    }
}
