//! Decides every item's progress from the leaves, in one pass. Never from stored progress: rolling up whole per cents
//! drifts.
//!
//! - An action is 0, 50 or 100 per cent done. It weighs its story points; `?`, `∞` and none weigh the median of the
//!   sized actions above 0 beside it (the mean of the two middle ones; 1 if there is none). If all weigh 0, all weigh 1.
//! - Everything else is the mean of what counts in it: key results and objectives weigh 1 each, and the actions directly
//!   under an objective weigh 1 together. Nothing below: 0.
//! - Whole per cent, half up; but 100 only if everything below is done, which what is empty is not, and 0 only if nothing
//!   is started.

use domain::rows::{ActionStatus, ItemType};

use crate::fraction::{Fraction, Sum};
use crate::group::{self, Group};
use crate::tree::{Item, Orphan, Tree};

/// What the items of a snapshot should show.
#[derive(Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whole per cent, in the order of the items.
    pub percents: Vec<u8>,
    /// Places of items that count nowhere above although they name a parent, in order.
    pub orphans: Vec<(u32, Orphan)>,
}

/// The progress of every item. `items` are the live items of one workspace, each id once, in any order.
pub fn recompute(items: &[Item<'_>]) -> Progress {
    let tree = Tree::new(items);
    let groups = Groups::new(items, &tree);
    let mut percents: Vec<u8> = items.iter().map(of_action).collect();
    for (node, value) in (0..).zip(values(&tree, &groups)) {
        percents[tree.place(node)] = value.percent();
    }
    Progress {
        percents,
        orphans: tree.orphans,
    }
}

/// What an action shows; nodes are worked out from below.
fn of_action(item: &Item<'_>) -> u8 {
    50 * group::halves(item.status) as u8
}

/// How far a node is, and what rounding may not hide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub(crate) fraction: Fraction,
    pub(crate) done: bool,
    pub(crate) started: bool,
}

/// The actions under each node that has any.
pub(crate) struct Groups {
    place: Vec<u32>,
    groups: Vec<Group>,
}

/// What counts in a node while its children are gone through.
#[derive(Clone, Copy, Default)]
struct Open {
    sum: Sum,
    unfinished: bool,
    started: bool,
}

impl Value {
    /// How far an action in this state is.
    pub(crate) fn of_state(status: Option<ActionStatus>) -> Self {
        let halves = group::halves(status);
        Self {
            fraction: Fraction::of(halves as u64, 2),
            done: halves == 2,
            started: halves > 0,
        }
    }

    /// In units of 2⁻⁶³, cut off.
    pub(crate) fn units(&self) -> u64 {
        self.fraction.coarse() as u64
    }

    /// Whole per cent as it is stored.
    pub(crate) fn percent(&self) -> u8 {
        clamp(self.fraction.percent(), self.done, self.started)
    }
}

/// 100 only if everything is done, 0 only if nothing is started.
pub(crate) fn clamp(percent: u8, done: bool, started: bool) -> u8 {
    match percent {
        100 if !done => 99,
        0 if started => 1,
        percent => percent,
    }
}

impl Groups {
    const NONE: u32 = u32::MAX;

    pub(crate) fn new(items: &[Item<'_>], tree: &Tree) -> Self {
        let mut place = vec![Self::NONE; tree.nodes.len()];
        let mut groups: Vec<Group> = Vec::new();
        let actions = items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.kind == ItemType::Action);
        for (action, item) in actions {
            let Some(parent) = tree.parent(action) else {
                continue;
            };
            let place = &mut place[parent as usize];
            if *place == Self::NONE {
                *place = groups.len() as u32;
                groups.push(Group::default());
            }
            groups[*place as usize].add(item.status, item.points);
        }
        Self { place, groups }
    }

    pub(crate) fn of(&self, node: u32) -> Option<&Group> {
        self.groups.get(self.place[node as usize] as usize)
    }
}

/// The value of every node.
pub(crate) fn values(tree: &Tree, groups: &Groups) -> Vec<Value> {
    let nothing = Value {
        fraction: Fraction::ZERO,
        done: false,
        started: false,
    };
    let mut values = vec![nothing; tree.nodes.len()];
    let mut open = vec![Open::default(); tree.nodes.len()];
    for node in &tree.leaves_first {
        let mut below = open[*node as usize];
        if let Some(group) = groups.of(*node) {
            let progress = group.progress();
            below.add(Value {
                fraction: progress.map_or(Fraction::ZERO, group::Ratio::fraction),
                done: group.is_done(),
                started: group.is_started(),
            });
        }
        let fraction = below.sum.mean();
        let value = Value {
            fraction: fraction.unwrap_or(Fraction::ZERO),
            done: fraction.is_some() && !below.unfinished,
            started: below.started,
        };
        values[*node as usize] = value;
        if let Some(parent) = tree.parent(tree.place(*node)) {
            open[parent as usize].add(value);
        }
    }
    values
}

impl Open {
    fn add(&mut self, value: Value) {
        self.sum.add(value.fraction);
        self.unfinished |= !value.done;
        self.started |= value.started;
    }
}
