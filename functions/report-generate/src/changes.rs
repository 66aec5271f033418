//! What moved the number since the reader's last report: every change of an item, what it is worth, and the remainder,
//! in whole points that add up to the shown difference.
//!
//! Changes are carried out one after another on the items as they were, in a fixed order, and each is worth the
//! difference it makes; so they add up exactly to what all of them make. Where the reader sees only part of the work,
//! that is reckoned on the visible part, and one remainder holds all the rest.

use std::collections::{BTreeMap, HashSet};

use domain::ids::ItemId;
use domain::rows::{ActionStatus, ItemType};
use okr::forest::{Forest, WHOLE};
use okr::tree::Item as Counted;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::snapshot::{Snapshot, Was};

/// Changes that are told one by one, at most.
const MOST_LISTED: usize = 8;

/// Changes that are worked out one by one; more are worked out kind by kind.
const MOST_STEPS: usize = 2_000;

/// A change that is worth less is told together with others of its kind: half a point.
const WORTH_LISTING: i128 = WHOLE as i128 / 200;

/// One point.
const POINT: i128 = WHOLE as i128 / 100;

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Removed,
    Added,
    Moved,
    Reestimated,
    Done,
    Started,
    Reopened,
    /// It was in progress and waits again.
    PutBack,
}

impl What {
    pub const ALL: [Self; 8] = [
        Self::Removed,
        Self::Added,
        Self::Moved,
        Self::Reestimated,
        Self::Done,
        Self::Started,
        Self::Reopened,
        Self::PutBack,
    ];
}

/// What changed, in whole points.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    pub since: Moment,
    /// Only items that the reader saw both times are compared.
    pub both: bool,
    pub before: u8,
    pub now: u8,
    /// Largest first. Their points add up to the difference.
    pub parts: Vec<Part>,
    /// Everything else: hidden work, rounding, and progress that is not computed yet. None where there is nothing.
    pub rest: Option<i64>,
}

/// One change, or several small ones of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub what: What,
    pub items: Vec<ItemId>,
    /// Of a single change.
    pub title: Option<String>,
    /// Story points before and after, of an action that was estimated anew.
    pub sizes: Option<(String, String)>,
    pub points: i64,
}

/// What one change is worth.
#[derive(Clone, Debug)]
struct Step {
    what: What,
    place: usize,
    units: i128,
}

/// An item then and now.
struct Pair {
    then: Option<Was>,
    now: Option<Was>,
}

/// What changed since the report that the snapshot compares with; none without one, or without an objective to compare.
pub fn changes(snapshot: &Snapshot) -> Option<Changes> {
    let before = snapshot.before.as_ref()?;
    let pairs = pairs(snapshot);
    let then: Vec<&Was> = pairs.iter().filter_map(|pair| pair.then.as_ref()).collect();
    let now: Vec<&Was> = pairs.iter().filter_map(|pair| pair.now.as_ref()).collect();
    let (shown_then, shown_now) = (shown(&then)?, shown(&now)?);
    let difference = i64::from(shown_now) - i64::from(shown_then);

    let (steps, total) = steps(&pairs);
    let (mut parts, mut exact) = grouped(&pairs, steps);
    let rest = i128::from(difference) * POINT - total;
    // Who sees everything is told of a remainder only where rounding does not explain it.
    let has_rest = !snapshot.everything || before.both || rest.abs() >= POINT || parts.is_empty();
    if has_rest {
        exact.push(rest);
    }
    let mut points = apportion(difference, &exact);
    let rest = if has_rest { points.pop() } else { None };
    for (part, points) in parts.iter_mut().zip(points) {
        part.points = points;
    }
    let mut parts: Vec<(i128, Part)> = exact.into_iter().zip(parts).collect();
    parts.sort_by_key(|(units, part)| {
        let single = part.title.is_none();
        let most = std::cmp::Reverse((part.points.abs(), units.abs()));
        (most, single, part.what, part.items.first().cloned())
    });
    Some(Changes {
        since: before.at,
        both: before.both,
        before: shown_then,
        now: shown_now,
        parts: parts.into_iter().map(|(_, part)| part).collect(),
        rest: rest.filter(|points| *points != 0),
    })
}

/// The mean of what the topmost objectives show, half up; none without one.
pub(crate) fn mean(percents: impl Iterator<Item = u8>) -> Option<u8> {
    let (sum, count) = percents.fold((0, 0), |(sum, count), percent| {
        (sum + u64::from(percent), count + 1)
    });
    (count > 0).then(|| ((2 * sum + count) / (2 * count)) as u8)
}

fn shown(items: &[&Was]) -> Option<u8> {
    let forest = Forest::new(&counted(items));
    let roots = roots(items, &forest);
    mean(roots.map(|place| items[place].progress))
}

fn roots<'a>(items: &'a [&Was], forest: &'a Forest) -> impl Iterator<Item = usize> + 'a {
    let is_root = |place: &usize| {
        items[*place].r#type == ItemType::Objective && forest.parents[*place].is_none()
    };
    (0..items.len()).filter(is_root)
}

fn counted<'a>(items: &[&'a Was]) -> Vec<Counted<'a>> {
    items
        .iter()
        .map(|item| Counted {
            id: item.id.as_ref(),
            parent: item.parent.as_ref().map(AsRef::as_ref),
            kind: item.r#type,
            status: item.status,
            points: item.points.as_deref(),
        })
        .collect()
}

/// What is compared, in the order of ids.
fn pairs(snapshot: &Snapshot) -> Vec<Pair> {
    let Some(before) = &snapshot.before else {
        return Vec::new();
    };
    let items = &snapshot.items;
    let new: HashSet<usize> = before.new.iter().copied().collect();
    let changed: BTreeMap<&ItemId, &Was> =
        before.changed.iter().map(|was| (&was.id, was)).collect();
    let mut pairs: BTreeMap<&ItemId, Pair> = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        let mut is = item.was(items);
        if before.both {
            if new.contains(&place) {
                continue;
            }
            let is_compared = item.parent.is_some_and(|parent| !new.contains(&parent));
            is.parent = is.parent.filter(|_| is_compared);
        }
        let then = match changed.get(&item.id) {
            _ if new.contains(&place) => None,
            Some(was) => Some((*was).clone()),
            None => Some(is.clone()),
        };
        let now = Some(is);
        pairs.insert(&item.id, Pair { then, now });
    }
    for was in &before.gone {
        let then = Some(was.clone());
        pairs.insert(&was.id, Pair { then, now: None });
    }
    pairs.into_values().collect()
}

/// What happened to an item, in the order in which it is carried out.
fn happened(pair: &Pair) -> Vec<What> {
    let (then, now) = match (&pair.then, &pair.now) {
        (Some(then), Some(now)) => (then, now),
        (Some(_), None) => return vec![What::Removed],
        (None, Some(_)) => return vec![What::Added],
        (None, None) => return Vec::new(),
    };
    let mut found = Vec::new();
    if then.parent != now.parent || then.r#type != now.r#type {
        found.push(What::Moved);
    }
    if now.r#type == ItemType::Action {
        if then.points != now.points {
            found.push(What::Reestimated);
        }
        found.extend(of_state(then.status, now.status));
    }
    found
}

fn of_state(then: Option<ActionStatus>, now: Option<ActionStatus>) -> Option<What> {
    use ActionStatus::{Done, Pending, WorkInProgress};
    match (then.unwrap_or(Pending), now.unwrap_or(Pending)) {
        (Pending, Pending) | (WorkInProgress, WorkInProgress) | (Done, Done) => None,
        (Pending | WorkInProgress, Done) => Some(What::Done),
        (Pending, WorkInProgress) => Some(What::Started),
        (Done, Pending | WorkInProgress) => Some(What::Reopened),
        (WorkInProgress, Pending) => Some(What::PutBack),
    }
}

/// The item after this happened to it.
fn after(current: Option<Was>, what: What, pair: &Pair) -> Option<Was> {
    let now = pair.now.clone();
    match (current, now) {
        (Some(mut item), Some(now)) => {
            match what {
                What::Moved => (item.parent, item.r#type) = (now.parent, now.r#type),
                What::Reestimated => item.points = now.points,
                What::Done | What::Started | What::Reopened | What::PutBack => {
                    item.status = now.status;
                }
                What::Added | What::Removed => {}
            }
            Some(item)
        }
        (_, now) => now,
    }
}

/// What every change is worth, and all of them together.
fn steps(pairs: &[Pair]) -> (Vec<Step>, i128) {
    let mut due: Vec<(What, usize)> = Vec::new();
    for (place, pair) in pairs.iter().enumerate() {
        due.extend(happened(pair).into_iter().map(|what| (what, place)));
    }
    due.sort_unstable();
    let one_by_one = due.len() <= MOST_STEPS;
    let mut state: Vec<Option<Was>> = pairs.iter().map(|pair| pair.then.clone()).collect();
    let first = worth(&state);
    let mut last = first;
    let mut steps = Vec::with_capacity(due.len());
    for (n, (what, place)) in due.iter().enumerate() {
        state[*place] = after(state[*place].take(), *what, &pairs[*place]);
        let ends_kind = due.get(n + 1).is_none_or(|(next, _)| next != what);
        let now = match one_by_one || ends_kind {
            true => worth(&state),
            false => last,
        };
        steps.push(Step {
            what: *what,
            place: *place,
            units: now - last,
        });
        last = now;
    }
    (steps, last - first)
}

/// The mean of the topmost objectives before any rounding.
fn worth(state: &[Option<Was>]) -> i128 {
    let items: Vec<&Was> = state.iter().flatten().collect();
    let forest = Forest::new(&counted(&items));
    let (sum, count) = roots(&items, &forest).fold((0, 0), |(sum, count), place| {
        (sum + i128::from(forest.units[place]), count + 1)
    });
    if count == 0 {
        0
    } else {
        sum / count
    }
}

/// The largest changes one by one, the others by kind; with what each is worth.
fn grouped(pairs: &[Pair], mut steps: Vec<Step>) -> (Vec<Part>, Vec<i128>) {
    let one_by_one = steps.len() <= MOST_STEPS;
    steps.sort_by_key(|step| (std::cmp::Reverse(step.units.abs()), step.what, step.place));
    let large = steps.iter().take(MOST_LISTED);
    let listed = large
        .take_while(|step| one_by_one && step.units.abs() >= WORTH_LISTING)
        .count();
    let small = steps.split_off(listed);
    let of = |place: usize| pairs[place].now.as_ref().or(pairs[place].then.as_ref());
    let id = |step: &Step| of(step.place).map(|item| item.id.clone());
    let mut parts: Vec<(Part, i128)> = steps
        .iter()
        .map(|step| {
            let part = Part {
                what: step.what,
                items: id(step).into_iter().collect(),
                title: of(step.place).map(|item| item.title.clone()),
                sizes: sizes(step, &pairs[step.place]),
                points: 0,
            };
            (part, step.units)
        })
        .collect();
    for what in What::ALL {
        let of_kind: Vec<&Step> = small.iter().filter(|step| step.what == what).collect();
        if of_kind.is_empty() {
            continue;
        }
        let mut items: Vec<ItemId> = of_kind.iter().filter_map(|step| id(step)).collect();
        items.sort_unstable();
        let part = Part {
            what,
            items,
            title: None,
            sizes: None,
            points: 0,
        };
        parts.push((part, of_kind.iter().map(|step| step.units).sum()));
    }
    parts.into_iter().unzip()
}

fn sizes(step: &Step, pair: &Pair) -> Option<(String, String)> {
    let points = |item: &Option<Was>| {
        let points = item.as_ref().and_then(|item| item.points.clone());
        points.unwrap_or_else(|| "?".to_owned())
    };
    (step.what == What::Reestimated).then(|| (points(&pair.then), points(&pair.now)))
}

/// Whole points for each, which add up to the total: rounded down, and those with the largest remainders up.
fn apportion(total: i64, exact: &[i128]) -> Vec<i64> {
    let mut points: Vec<i64> = exact
        .iter()
        .map(|units| units.div_euclid(POINT) as i64)
        .collect();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(exact[*place].rem_euclid(POINT)));
    let mut left = total - points.iter().sum::<i64>();
    for place in order {
        if left <= 0 {
            break;
        }
        points[place] += 1;
        left -= 1;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_whole_and_add_up() {
        let thirds = [POINT / 3, POINT / 3, POINT / 3 + 1];
        assert_eq!(apportion(1, &thirds), [0, 0, 1]);
        assert_eq!(apportion(2, &thirds), [1, 0, 1]);
        assert_eq!(apportion(0, &[POINT * 3 / 10, -POINT / 5]), [0, 0]);
        assert_eq!(apportion(-1, &[-POINT / 2, -POINT / 2]), [0, -1]);
        assert!(apportion(0, &[]).is_empty());
    }
}
