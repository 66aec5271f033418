//! The actions directly under one item: how much of them is done, and how much that depends on work nobody has sized.

use domain::rows::ActionStatus;

use crate::fraction::Fraction;

/// What a size can be: the numbers of the story-point scale.
pub(crate) const SIZES: [u64; 9] = [0, 1, 2, 3, 5, 8, 13, 21, 40];

/// The same as the column holds them.
pub const WORDS: [&str; SIZES.len()] = ["0", "1", "2", "3", "5", "8", "13", "21", "40"];

/// The largest size and the smallest; every extreme of a band is reached with these two.
const LARGEST: u64 = SIZES[SIZES.len() - 1];

/// Actions counted by size and state, which is all their progress depends on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Group {
    /// By place in [`SIZES`] and state.
    sized: [[u32; 3]; SIZES.len()],
    /// By state.
    unsized_: [u32; 3],
}

/// A part of a whole, not shortened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) part: u64,
    pub(crate) whole: u64,
}

/// How far an action is: nothing, half, all. The number is in halves.
pub(crate) fn halves(status: Option<ActionStatus>) -> usize {
    match status {
        None | Some(ActionStatus::Pending) => 0,
        Some(ActionStatus::WorkInProgress) => 1,
        Some(ActionStatus::Done) => 2,
    }
}

/// The place in [`SIZES`] of what the column says; none for `?`, `∞`, nothing and what is no size at all.
fn size(points: Option<&str>) -> Option<usize> {
    let points = points?;
    WORDS.iter().position(|size| *size == points)
}

/// Whether story points say how large an action is.
pub fn is_size(points: &str) -> bool {
    size(Some(points)).is_some()
}

impl Group {
    pub(crate) fn add(&mut self, status: Option<ActionStatus>, points: Option<&str>) {
        let counter = match size(points) {
            Some(size) => &mut self.sized[size],
            None => &mut self.unsized_,
        };
        counter[halves(status)] += 1;
    }

    /// The weighted mean of the actions' progress; none if there is no action.
    pub(crate) fn progress(&self) -> Option<Ratio> {
        self.with_weights([self.median_twice(); 3])
    }

    pub(crate) fn is_done(&self) -> bool {
        self.all().all(|counts| counts[0] == 0 && counts[1] == 0)
    }

    pub(crate) fn is_started(&self) -> bool {
        self.all().any(|counts| counts[1] > 0 || counts[2] > 0)
    }

    /// What part of the group an action of these story points makes up.
    pub(crate) fn share(&self, points: Option<&str>) -> Ratio {
        let median = self.median_twice();
        match (self.total_twice(median), size(points)) {
            (0, _) => Ratio {
                part: 1,
                whole: self.all().map(total).sum(),
            },
            (whole, Some(size)) => Ratio {
                part: 2 * SIZES[size],
                whole,
            },
            (whole, None) => Ratio {
                part: median,
                whole,
            },
        }
    }

    pub(crate) fn is_unsized(points: Option<&str>) -> bool {
        size(points).is_none()
    }

    /// The least and the most that the progress can be, whatever the sizes of the unsized turn out to be; none if there
    /// is no action.
    ///
    /// A weighted mean is least when everything below some threshold weighs most and everything above weighs nothing,
    /// and the states give only four thresholds. The sizes that make all weights 0, and so 1, are one of them.
    pub(crate) fn band(&self) -> Option<(Ratio, Ratio)> {
        let lows = (0..=3).filter_map(|heavy| {
            self.with_weights([0, 1, 2].map(|state| if state < heavy { 2 * LARGEST } else { 0 }))
        });
        let highs = (0..=3).filter_map(|heavy| {
            self.with_weights([0, 1, 2].map(|state| if state >= heavy { 2 * LARGEST } else { 0 }))
        });
        Some((lows.min_by(Ratio::compare)?, highs.max_by(Ratio::compare)?))
    }

    /// The group after one unsized action in this state got this size.
    pub(crate) fn after_sizing(&self, halves: usize, size: usize) -> Self {
        let mut sized = *self;
        sized.unsized_[halves] -= 1;
        sized.sized[size][halves] += 1;
        sized
    }

    fn all(&self) -> impl Iterator<Item = &[u32; 3]> {
        self.sized.iter().chain([&self.unsized_])
    }

    /// Twice the median size of the sized actions above 0: the mean of the two middle ones, 1 if there are none.
    fn median_twice(&self) -> u64 {
        let counts = || {
            SIZES
                .iter()
                .zip(&self.sized)
                .skip(1)
                .map(|(size, counts)| (*size, total(counts)))
        };
        let count: u64 = counts().map(|(_, count)| count).sum();
        if count == 0 {
            return 2;
        }
        let at = |place: u64| {
            let mut before = 0;
            let found = counts().find(|(_, count)| {
                before += count;
                place < before
            });
            found.map_or(0, |(size, _)| size)
        };
        at((count - 1) / 2) + at(count / 2)
    }

    /// The mean when unsized actions of each state weigh this (twice); if all weigh 0, all weigh 1.
    fn with_weights(&self, unsized_twice: [u64; 3]) -> Option<Ratio> {
        let mut ratio = Ratio { part: 0, whole: 0 };
        let mut equal = ratio;
        let mut add = |halves: usize, count: u32, weight: u64| {
            let (halves, count) = (halves as u64, u64::from(count));
            ratio.part += halves * count * weight;
            ratio.whole += 2 * count * weight;
            equal.part += halves * count;
            equal.whole += 2 * count;
        };
        for (size, counts) in SIZES.iter().zip(&self.sized) {
            counts
                .iter()
                .enumerate()
                .for_each(|(halves, count)| add(halves, *count, 2 * size));
        }
        for (halves, count) in self.unsized_.iter().enumerate() {
            add(halves, *count, unsized_twice[halves]);
        }
        match (ratio.whole, equal.whole) {
            (_, 0) => None,
            (0, _) => Some(equal),
            _ => Some(ratio),
        }
    }

    fn total_twice(&self, unsized_twice: u64) -> u64 {
        let sized: u64 = SIZES
            .iter()
            .zip(&self.sized)
            .map(|(size, counts)| 2 * size * total(counts))
            .sum();
        sized + unsized_twice * total(&self.unsized_)
    }
}

impl Ratio {
    pub(crate) fn fraction(self) -> Fraction {
        Fraction::of(self.part, self.whole)
    }

    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        let cross = |a: u64, b: u64| u128::from(a) * u128::from(b);
        cross(self.part, other.whole).cmp(&cross(other.part, self.whole))
    }
}

fn total(counts: &[u32; 3]) -> u64 {
    counts.iter().map(|count| u64::from(*count)).sum()
}
