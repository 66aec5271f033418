//! Says why an item's progress is what it is: what each part contributes, between which bounds unsized work leaves it,
//! and which item to size first. It says only what follows from the rows it was given and shows whatever they hold: who
//! may see what was decided before.

use domain::rows::ItemType;
use serde::{Serialize, Serializer};

use crate::fraction::{Fraction, Sum};
use crate::group::{halves, Group, Ratio, SIZES};
use crate::recompute::{clamp, values, Groups, Value};
use crate::tree::{Item, Orphan, Tree};

/// Most parts that one explanation lists; the rest is added up.
const MOST_PARTS: usize = 100;

/// One whole in the units of [`Fraction::coarse`].
const ONE: u128 = 1 << 63;

/// An item with what an explanation shows of it.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    pub item: Item<'a>,
    pub title: &'a str,
    /// Whole per cent as the row holds it.
    pub stored: u8,
}

/// Of whose work the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Every live item of the workspace.
    AllWork,
    /// What the reader may see. Items above hold no more than their outline; what is hidden contributes the difference
    /// between the stored progress and what the visible parts contribute.
    VisibleWork,
}

/// Percentage points in hundredths; written as a number with two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(pub i64);

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Below 2⁵³ hundredths the nearest double prints as the two places it came from.
        serializer.serialize_f64(self.0 as f64 / 100.0)
    }
}

/// Why an item's progress is what it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub item_id: String,
    pub title: String,
    pub r#type: ItemType,
    /// Whole per cent as stored and shown everywhere.
    pub progress: u8,
    pub basis: Basis,
    /// What the rows give now; differs from `progress` only until the next recomputation. Not without all work.
    pub computed: Option<u8>,
    /// Before rounding to a whole per cent; the sum of all points. Not without all work.
    pub exact: Option<Points>,
    pub orphan: Option<Orphan>,
    /// What counts in the item, most points first.
    pub parts: Vec<Part>,
    /// Parts that are not listed.
    pub further: Option<Further>,
    /// What hidden work and rounding contribute. Not with all work.
    pub hidden: Option<Points>,
    /// Not without all work: what is hidden may be unsized too.
    pub band: Option<Band>,
}

/// One item's contribution: its share of the whole times its progress.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub item_id: String,
    pub title: String,
    pub r#type: ItemType,
    pub progress: u8,
    pub share: Points,
    pub points: Points,
    /// An action without a size, which weighs the median of its siblings.
    pub r#unsized: bool,
}

#[derive(Debug, Serialize)]
pub struct Further {
    pub parts: usize,
    pub points: Points,
}

/// The least and the most that the progress can be, in whole per cent, whatever the unsized actions turn out to be
/// worth on the scale from 0 to 40.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Band {
    pub low: u8,
    pub high: u8,
    pub unsized_actions: usize,
    pub size_first: Option<SizeFirst>,
}

/// The unsized action that, sized, leaves the narrowest band in the worst case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SizeFirst {
    pub item_id: String,
    pub title: String,
    /// How wide the band is now.
    pub width: Points,
    /// How wide it can still be afterwards.
    pub worst_width: Points,
}

/// Explains `works[asked]`. `works` are live items of one workspace, each id once.
pub fn explain(works: &[Work<'_>], asked: usize, basis: Basis) -> Explanation {
    let items: Vec<Item<'_>> = works.iter().map(|work| work.item).collect();
    let tree = Tree::new(&items);
    let groups = Groups::new(&items, &tree);
    let values = values(&tree, &groups);
    // An action's own progress is its state, which its stored per cent tells where the state is not to be seen.
    let value = |place: usize| match tree.node(place) {
        Some(node) => values[node as usize],
        None => Value::of_state(works[place].item.status),
    };
    let mut parts = parts(works, &tree, &groups, asked, |place| match basis {
        Basis::AllWork => (value(place).fraction, value(place).percent()),
        Basis::VisibleWork => (
            Fraction::of(u64::from(works[place].stored), 100),
            works[place].stored,
        ),
    });
    let points = |parts: &[Part]| Points(parts.iter().map(|part| part.points.0).sum());
    let all = points(&parts);
    let listed = parts.len().min(MOST_PARTS);
    let further = (parts.len() > listed).then(|| Further {
        parts: parts.len() - listed,
        points: points(&parts[listed..]),
    });
    parts.truncate(listed);

    let (work, value) = (works[asked], value(asked));
    let known = basis == Basis::AllWork;
    Explanation {
        item_id: work.item.id.to_owned(),
        title: work.title.to_owned(),
        r#type: work.item.kind,
        progress: work.stored,
        basis,
        computed: known.then(|| value.percent()),
        exact: known.then(|| Points(value.fraction.hundredths() as i64)),
        orphan: tree
            .orphans
            .iter()
            .find(|(place, _)| *place as usize == asked)
            .map(|(_, why)| *why),
        hidden: (!known && work.item.kind != ItemType::Action)
            .then(|| Points(i64::from(work.stored) * 100 - all.0)),
        parts,
        further,
        band: known.then(|| match tree.node(asked) {
            Some(node) => band(works, &tree, &groups, node, value),
            None => Band {
                low: value.percent(),
                high: value.percent(),
                unsized_actions: 0,
                size_first: None,
            },
        }),
    }
}

fn is_group_member(item: &Item<'_>) -> bool {
    item.kind == ItemType::Action
}

/// What counts directly in the asked item. Points are rounded so that they sum to the rounded whole.
fn parts(
    works: &[Work<'_>],
    tree: &Tree,
    groups: &Groups,
    asked: usize,
    progress: impl Fn(usize) -> (Fraction, u8),
) -> Vec<Part> {
    let Some(asked) = tree.node(asked) else {
        return Vec::new();
    };
    let mut children: Vec<usize> = (0..works.len())
        .filter(|place| tree.parent(*place) == Some(asked))
        .collect();
    children.sort_unstable_by_key(|place| works[*place].item.id);
    let group = groups.of(asked);
    let others = children
        .iter()
        .filter(|place| !is_group_member(&works[**place].item))
        .count();
    let means = (others + usize::from(group.is_some())) as u128;
    let (mut shares, mut sum) = (Rounding::default(), Rounding::default());
    let mut parts: Vec<Part> = children
        .into_iter()
        .map(|place| {
            let work = &works[place];
            let (fraction, percent) = progress(place);
            let share = match group {
                Some(group) if is_group_member(&work.item) => group.share(work.item.points),
                _ => Ratio { part: 1, whole: 1 },
            };
            let of_share =
                |units: u128| units * u128::from(share.part) / u128::from(share.whole) / means;
            Part {
                item_id: work.item.id.to_owned(),
                title: work.title.to_owned(),
                r#type: work.item.kind,
                progress: percent,
                share: shares.next(of_share(ONE)),
                points: sum.next(of_share(fraction.coarse())),
                r#unsized: is_group_member(&work.item) && Group::is_unsized(work.item.points),
            }
        })
        .collect();
    parts.sort_by(|a, b| (b.points, &a.item_id).cmp(&(a.points, &b.item_id)));
    parts
}

/// Rounds one number after the other so that their sum is the rounded sum.
#[derive(Default)]
struct Rounding {
    units: u128,
    shown: i64,
}

impl Rounding {
    fn next(&mut self, units: u128) -> Points {
        self.units += units;
        let before = self.shown;
        // A unit that was cut off earlier must not turn a tie around: up from a little below it.
        self.shown = ((self.units * 10_000 + ONE / 2 + (1 << 24)) >> 63) as i64;
        Points(self.shown - before)
    }
}

fn band(works: &[Work<'_>], tree: &Tree, groups: &Groups, asked: u32, value: Value) -> Band {
    let (bounds, means) = bounds(tree, groups);
    let (low, high) = bounds[asked as usize];
    let width = high.coarse() - low.coarse();

    // What the mean of a node's actions is worth in the asked one; nothing outside of it.
    let mut worth = vec![0_u128; tree.nodes.len()];
    worth[asked as usize] = ONE;
    let mut is_below = vec![false; tree.nodes.len()];
    is_below[asked as usize] = true;
    for node in tree.leaves_first.iter().rev() {
        let parent = tree.parent(tree.place(*node));
        let node = *node as usize;
        if let (Some(parent), false) = (parent, node == asked as usize) {
            is_below[node] = is_below[parent as usize];
            worth[node] = worth[parent as usize];
        }
        worth[node] /= u128::from(means[node].max(1));
    }

    let mut best: Option<(u128, usize)> = None;
    let mut unsized_actions = 0;
    let mut gains = vec![[None; 3]; tree.nodes.len()];
    for (place, work) in works.iter().enumerate() {
        let Some(parent) = tree.parent(place) else {
            continue;
        };
        let is_open = is_group_member(&work.item) && Group::is_unsized(work.item.points);
        let (true, true, Some(group)) = (is_open, is_below[parent as usize], groups.of(parent))
        else {
            continue;
        };
        let parent = parent as usize;
        unsized_actions += 1;
        let state = halves(work.item.status);
        let gain =
            *gains[parent][state].get_or_insert_with(|| (gain(group, state) * worth[parent]) >> 63);
        let rank = |gain: u128, place: usize| (gain, std::cmp::Reverse(works[place].item.id));
        let is_better = best.is_none_or(|(most, other)| rank(gain, place) > rank(most, other));
        if is_better {
            best = Some((gain, place));
        }
    }
    Band {
        low: clamp(low.percent(), value.done, value.started),
        high: clamp(high.percent(), value.done, value.started),
        unsized_actions,
        size_first: best.map(|(gain, place)| SizeFirst {
            item_id: works[place].item.id.to_owned(),
            title: works[place].title.to_owned(),
            width: Rounding::default().next(width),
            worst_width: Rounding::default().next(width.saturating_sub(gain)),
        }),
    }
}

/// The least and most progress of every node, and how many means count in it.
pub(crate) fn bounds(tree: &Tree, groups: &Groups) -> (Vec<(Fraction, Fraction)>, Vec<u32>) {
    let mut bounds = vec![(Fraction::ZERO, Fraction::ZERO); tree.nodes.len()];
    let mut sums = vec![(Sum::default(), Sum::default()); tree.nodes.len()];
    let mut means = vec![0; tree.nodes.len()];
    for node in &tree.leaves_first {
        let (low, high) = &mut sums[*node as usize];
        if let Some((least, most)) = groups.of(*node).and_then(Group::band) {
            low.add(least.fraction());
            high.add(most.fraction());
        }
        means[*node as usize] = low.count();
        let mean = |sum: &Sum| sum.mean().unwrap_or(Fraction::ZERO);
        let both = (mean(low), mean(high));
        bounds[*node as usize] = both;
        if let Some(parent) = tree.parent(tree.place(*node)) {
            let (low, high) = &mut sums[parent as usize];
            low.add(both.0);
            high.add(both.1);
        }
    }
    (bounds, means)
}

/// By how much sizing one unsized action in this state narrows its group's band in the worst case.
fn gain(group: &Group, halves: usize) -> u128 {
    let width = |group: &Group| {
        group.band().map_or(0, |(low, high)| {
            high.fraction().coarse() - low.fraction().coarse()
        })
    };
    let worst = (0..SIZES.len())
        .map(|size| width(&group.after_sizing(halves, size)))
        .max();
    width(group).saturating_sub(worst.unwrap_or_default())
}
