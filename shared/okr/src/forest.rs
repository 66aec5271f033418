//! Where every item counts and how far it is, before anything is rounded: for who tells what moved a number, and by how
//! much.

use domain::rows::ItemType;

use crate::explain::bounds;
use crate::recompute::{clamp, values, Groups, Value};
use crate::tree::{Item, Orphan, Tree};

/// Everything that counts, in the units of [`Forest::units`].
pub const WHOLE: u64 = 1 << 63;

/// The items of a snapshot as a forest. Everything is in the order of the items, which are named by their place.
#[derive(Debug)]
pub struct Forest {
    /// The item in which each counts.
    pub parents: Vec<Option<usize>>,
    /// How far each item is, cut off at a unit; [`WHOLE`] is all of it.
    pub units: Vec<u64>,
    /// Items that count nowhere above although they name a parent.
    pub orphans: Vec<(usize, Orphan)>,
    /// Every item but actions, each after all that count in it.
    pub leaves_first: Vec<usize>,
}

impl Forest {
    /// `items` are the live items of one workspace, each id once, in any order.
    pub fn new(items: &[Item<'_>]) -> Self {
        let tree = Tree::new(items);
        let values = values(&tree, &Groups::new(items, &tree));
        let mut units: Vec<u64> = items.iter().map(|item| of_action(item).units()).collect();
        for (node, value) in (0..).zip(&values) {
            units[tree.place(node)] = value.units();
        }
        let parent = |place| tree.parent(place).map(|node| tree.place(node));
        Self {
            parents: (0..items.len()).map(parent).collect(),
            units,
            orphans: tree
                .orphans
                .iter()
                .map(|(place, why)| (*place as usize, *why))
                .collect(),
            leaves_first: tree
                .leaves_first
                .iter()
                .map(|node| tree.place(*node))
                .collect(),
        }
    }
}

/// The least and the most that each item can show, in whole per cent, whatever unsized work turns out to be worth. An
/// action is what it is.
pub fn bands(items: &[Item<'_>]) -> Vec<(u8, u8)> {
    let tree = Tree::new(items);
    let groups = Groups::new(items, &tree);
    let (bounds, _) = bounds(&tree, &groups);
    let values = values(&tree, &groups);
    let mut bands: Vec<(u8, u8)> = items
        .iter()
        .map(|item| of_action(item).percent())
        .map(|percent| (percent, percent))
        .collect();
    for (node, (value, (low, high))) in (0..).zip(values.iter().zip(bounds)) {
        let shown = |percent| clamp(percent, value.done, value.started);
        bands[tree.place(node)] = (shown(low.percent()), shown(high.percent()));
    }
    bands
}

/// An action's own state; nothing for what is none.
fn of_action(item: &Item<'_>) -> Value {
    match item.kind {
        ItemType::Action => Value::of_state(item.status),
        ItemType::Objective | ItemType::KeyResult => Value::of_state(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recompute::recompute;
    use domain::rows::ActionStatus;

    fn item<'a>(id: &'a str, parent: Option<&'a str>, kind: ItemType) -> Item<'a> {
        Item {
            id,
            parent,
            kind,
            status: None,
            points: None,
        }
    }

    #[test]
    fn a_forest_tells_the_exact_value_of_what_is_shown_rounded() {
        let mut items = [
            item("top", None, ItemType::Objective),
            item("one", Some("top"), ItemType::KeyResult),
            item("two", Some("top"), ItemType::KeyResult),
            item("three", Some("top"), ItemType::KeyResult),
            item("done", Some("one"), ItemType::Action),
            item("lost", Some("gone"), ItemType::Action),
        ];
        items[4].status = Some(ActionStatus::Done);
        let forest = Forest::new(&items);
        assert_eq!(
            forest.parents,
            [None, Some(0), Some(0), Some(0), Some(1), None]
        );
        assert_eq!(forest.units[0], WHOLE / 3);
        assert_eq!(forest.units[1], WHOLE);
        assert_eq!(forest.orphans, [(5, Orphan::ParentNotHere)]);
        assert_eq!(forest.leaves_first.last(), Some(&0));
        let shown = recompute(&items).percents;
        assert_eq!(shown[0], 33);
        assert_eq!(bands(&items)[0], (33, 33));
    }
}
