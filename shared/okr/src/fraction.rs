//! A progress between nothing and everything: the number that means of means are made of. Not a general number type.
//!
//! Exact fractions grow without bound on the way up a deep tree and floating point depends on the order of adding up,
//! so a [`Fraction`] knows two things about the true value `x`, both of them the same in whatever order children come:
//!
//! - where it lies: `floor ≤ x < floor + slack` in units of 2⁻⁹⁶, or `x = floor` when the slack is 0. A mean of exact
//!   fractions that divides without remainder is exact; otherwise each level of the tree adds one unit of slack.
//! - what it is modulo the prime 2⁶¹ − 1, exactly. Denominators are far below the prime, so the inverse always exists.
//!
//! Rounding to a whole per cent asks on which side of a tie `x` lies. Away from ties the floor answers. Where a tie
//! falls into the slack, the residue tells whether `x` is the tie itself; if it is not, `x` is taken for less than it.
//! The result is that of exact arithmetic for every value whose denominator is below 2⁶⁰ in trees up to a million
//! levels deep: such a value is either the tie or further from it than the slack. Beyond that it is still the same for
//! everyone, at worst one per cent off where exact arithmetic would be within 2⁻⁷⁵ of a tie without being it.

/// Units of one whole: 2⁹⁶.
const ONE: u128 = 1 << 96;

/// 2⁶¹ − 1.
const PRIME: u64 = (1 << 61) - 1;

/// A progress from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    floor: u128,
    slack: u32,
    residue: u64,
}

/// Fractions being added up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    floor: u128,
    slack: u32,
    residue: u64,
    count: u32,
}

impl Fraction {
    pub(crate) const ZERO: Self = Self {
        floor: 0,
        slack: 0,
        residue: 0,
    };

    /// `part / whole`, where `part ≤ whole < 2³²` and the whole is not 0.
    pub(crate) fn of(part: u64, whole: u64) -> Self {
        let units = u128::from(part) << 96;
        let (floor, rest) = (units / u128::from(whole), units % u128::from(whole));
        Self {
            floor,
            slack: u32::from(rest != 0),
            residue: multiply(part, inverse(whole)),
        }
    }

    /// Whole per cent, half up.
    pub(crate) fn percent(self) -> u8 {
        self.rounded(100) as u8
    }

    /// Hundredths of a per cent, half up.
    pub(crate) fn hundredths(self) -> u64 {
        self.rounded(10_000)
    }

    /// In units of 2⁻⁶³, cut off.
    pub(crate) fn coarse(self) -> u128 {
        self.floor >> 33
    }

    /// The nearest of `0/steps, 1/steps, …`, half up.
    fn rounded(self, steps: u64) -> u64 {
        let above = |units: u128| (u128::from(steps) * units + ONE / 2) >> 96;
        let low = above(self.floor);
        if self.slack == 0 {
            return low as u64;
        }
        // The true value lies below the upper end: a tie that is the end itself is not reached.
        let end = u128::from(steps) * (self.floor + u128::from(self.slack)) + ONE / 2;
        let high = (end - 1) >> 96;
        if low == high {
            return low as u64;
        }
        let tie = high as u64 * 2 - 1;
        if multiply(self.residue, 2 * steps) == tie {
            high as u64
        } else {
            low as u64
        }
    }
}

impl Sum {
    pub(crate) fn add(&mut self, fraction: Fraction) {
        self.floor += fraction.floor;
        self.slack = self.slack.max(fraction.slack);
        self.residue = (self.residue + fraction.residue) % PRIME;
        self.count += 1;
    }

    /// How many were added.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// The mean; none of nothing.
    pub(crate) fn mean(&self) -> Option<Fraction> {
        if self.count == 0 {
            return None;
        }
        let count = u128::from(self.count);
        let (floor, rest) = (self.floor / count, self.floor % count);
        Some(Fraction {
            floor,
            slack: self.slack + u32::from(rest != 0),
            residue: multiply(self.residue, inverse(u64::from(self.count))),
        })
    }
}

fn multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    // 2⁶¹ is 1 modulo the prime, so the upper bits are added to the lower ones.
    let folded = (product & u128::from(PRIME)) as u64 + (product >> 61) as u64;
    folded % PRIME
}

/// The inverse modulo the prime of a number below it that is not 0: Euclid's algorithm.
fn inverse(number: u64) -> u64 {
    if number == 1 {
        return 1;
    }
    let (mut remainder, mut next) = (PRIME as i64, number as i64);
    let (mut factor, mut next_factor) = (0_i64, 1_i64);
    while next != 0 {
        let quotient = remainder / next;
        (remainder, next) = (next, remainder - quotient * next);
        (factor, next_factor) = (next_factor, factor - quotient * next_factor);
    }
    factor.rem_euclid(PRIME as i64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(fractions: &[Fraction]) -> Fraction {
        let mut sum = Sum::default();
        fractions.iter().for_each(|fraction| sum.add(*fraction));
        sum.mean().unwrap()
    }

    #[test]
    fn an_inverse_undoes_its_number() {
        for number in [1, 2, 3, 7, 40, 80, 1_000_003, u64::from(u32::MAX)] {
            assert_eq!(multiply(number, inverse(number)), 1, "{number}");
        }
    }

    #[test]
    fn per_cents_are_rounded_half_up() {
        for (part, whole, expect) in [
            (0, 1, 0),
            (1, 1, 100),
            (1, 2, 50),
            (1, 8, 13),
            (1, 200, 1),
            (1, 201, 0),
            (1, 3, 33),
            (2, 3, 67),
            (199, 200, 100),
            (7, 200, 4),
        ] {
            assert_eq!(
                Fraction::of(part, whole).percent(),
                expect,
                "{part}/{whole}"
            );
        }
    }

    #[test]
    fn a_tie_made_of_thirds_is_still_a_tie() {
        // (1/6 + 1/12 + 1/8) / 3 = 1/8 = 12.5 per cent.
        let tie = mean(&[Fraction::of(1, 6), Fraction::of(1, 12), Fraction::of(1, 8)]);
        assert_ne!(tie.slack, 0);
        assert_eq!(tie.percent(), 13);
        // The same a hair lower, out of the reach of double precision.
        let mut hair = Fraction::of(0, 1);
        for _ in 0..14 {
            hair = mean(&[
                hair, tie, tie, tie, tie, tie, tie, tie, tie, tie, tie, tie, tie, tie, tie, tie,
            ]);
        }
        assert_eq!(hair.percent(), 12);
    }

    #[test]
    fn order_does_not_matter() {
        let parts: Vec<Fraction> = (1..200)
            .map(|whole| Fraction::of(whole / 3, whole))
            .collect();
        let reversed: Vec<Fraction> = parts.iter().rev().copied().collect();
        assert_eq!(mean(&parts), mean(&reversed));
    }
}
