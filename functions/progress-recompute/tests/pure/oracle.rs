//! What every item should show, worked out a second time from the rules alone: recursive, in exact fractions without
//! bound, slow, and sharing nothing with the code it judges but the words of the columns.

use std::collections::{BTreeMap, BTreeSet};

use num_rational::BigRational;

/// An item as the oracle and the edit scripts know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) parent: Option<String>,
    /// `objective`, `key_result` or `action`.
    pub(crate) kind: &'static str,
    /// `pending`, `work_in_progress` or `done`.
    pub(crate) status: Option<&'static str>,
    pub(crate) points: Option<&'static str>,
    pub(crate) deleted: bool,
}

pub(crate) type Facts = BTreeMap<String, Fact>;

/// Whole per cent of every live item.
pub(crate) fn percents(facts: &Facts) -> BTreeMap<String, i64> {
    let live: Facts = facts
        .iter()
        .filter(|(_, fact)| !fact.deleted)
        .map(|(id, fact)| (id.clone(), fact.clone()))
        .collect();
    let oracle = Oracle::new(&live);
    live.keys()
        .map(|id| (id.clone(), oracle.percent(id)))
        .collect()
}

/// The value of one item before rounding.
pub(crate) fn exact(facts: &Facts, id: &str) -> BigRational {
    Oracle::new(facts).value(id)
}

struct Oracle<'a> {
    live: &'a Facts,
    children: BTreeMap<&'a str, Vec<&'a str>>,
}

pub(crate) fn ratio(part: i64, whole: i64) -> BigRational {
    BigRational::new(part.into(), whole.into())
}

impl<'a> Oracle<'a> {
    fn new(live: &'a Facts) -> Self {
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, fact) in live {
            let Some((parent_id, parent)) = fact
                .parent
                .as_ref()
                .and_then(|parent| live.get_key_value(parent))
            else {
                continue;
            };
            let possible = match fact.kind {
                "action" => parent.kind != "action",
                _ => parent.kind == "objective",
            };
            if possible && !Self::circles(live, id) {
                children.entry(parent_id).or_default().push(id);
            }
        }
        Self { live, children }
    }

    /// Whether the way up from an item comes back to it.
    fn circles(live: &Facts, id: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut at = id;
        while let Some(parent) = live.get(at).and_then(|fact| fact.parent.as_deref()) {
            let Some(above) = live.get(parent) else {
                return false;
            };
            let possible = match live[at].kind {
                "action" => above.kind != "action",
                _ => above.kind == "objective",
            };
            if !possible {
                return false;
            }
            if parent == id {
                return true;
            }
            if !seen.insert(parent) {
                return false;
            }
            at = parent;
        }
        false
    }

    fn children(&self, id: &str, action: bool) -> Vec<&'a str> {
        let all = self.children.get(id).cloned().unwrap_or_default();
        all.into_iter()
            .filter(|child| (self.live[*child].kind == "action") == action)
            .collect()
    }

    fn value(&self, id: &str) -> BigRational {
        if self.live[id].kind == "action" {
            return match self.live[id].status {
                Some("done") => ratio(1, 1),
                Some("work_in_progress") => ratio(1, 2),
                _ => ratio(0, 1),
            };
        }
        let mut means: Vec<BigRational> = self
            .children(id, false)
            .into_iter()
            .map(|child| self.value(child))
            .collect();
        let actions = self.children(id, true);
        if !actions.is_empty() {
            let weights = self.weights(&actions);
            let whole: BigRational = weights.iter().sum();
            let part: BigRational = actions
                .iter()
                .zip(&weights)
                .map(|(action, weight)| self.value(action) * weight)
                .sum();
            means.push(part / whole);
        }
        match means.len() {
            0 => ratio(0, 1),
            count => means.into_iter().sum::<BigRational>() / ratio(count as i64, 1),
        }
    }

    fn weights(&self, actions: &[&str]) -> Vec<BigRational> {
        let sizes: Vec<Option<i64>> = actions
            .iter()
            .map(|action| match self.live[*action].points {
                Some(points)
                    if ["0", "1", "2", "3", "5", "8", "13", "21", "40"].contains(&points) =>
                {
                    points.parse().ok()
                }
                _ => None,
            })
            .collect();
        let mut sized: Vec<i64> = sizes
            .iter()
            .copied()
            .flatten()
            .filter(|size| *size > 0)
            .collect();
        sized.sort_unstable();
        let median = match sized.len() {
            0 => ratio(1, 1),
            count => ratio(sized[(count - 1) / 2] + sized[count / 2], 2),
        };
        let weights: Vec<BigRational> = sizes
            .iter()
            .map(|size| size.map_or(median.clone(), |size| ratio(size, 1)))
            .collect();
        if weights.iter().all(|weight| *weight == ratio(0, 1)) {
            return vec![ratio(1, 1); actions.len()];
        }
        weights
    }

    /// The states of everything at the bottom below an item, or of itself: an action's own, and none of what is empty.
    fn states(&self, id: &str) -> Vec<Option<&'static str>> {
        if self.live[id].kind == "action" {
            return vec![self.live[id].status];
        }
        match self.children.get(id) {
            Some(all) => all.iter().flat_map(|child| self.states(child)).collect(),
            None => vec![None],
        }
    }

    fn percent(&self, id: &str) -> i64 {
        let rounded = (self.value(id) * ratio(100, 1) + ratio(1, 2))
            .floor()
            .to_integer();
        let percent: i64 = rounded.to_string().parse().expect("a whole per cent");
        let states = self.states(id);
        match percent {
            100 if states.iter().any(|state| *state != Some("done")) => 99,
            0 if states
                .iter()
                .any(|state| matches!(state, Some("done" | "work_in_progress"))) =>
            {
                1
            }
            percent => percent,
        }
    }
}
