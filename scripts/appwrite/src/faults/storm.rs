//! Storms: which requests of functions go wrong, drawn from a seed. How they do is [`crate::faults`]' business.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::faults::fault::{Fault, When};
use crate::wire::Call;

/// How many of 100 requests go which way, before or after they are carried out; the rest is answered as it should be.
///
/// The fate of the n-th request of a kind (its method and path, ids left out) follows from the seed, whatever else is
/// asked in the meantime: a storm can be had again although the interleaving differs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Storm {
    pub seed: u64,
    /// Answered with 500, 503 or 429.
    pub refused: u32,
    /// Closed or reset without an answer.
    pub cut: u32,
    /// Not answered until the function gives up waiting.
    pub timed_out: u32,
    /// Held until some others have overtaken it, or a fifth of a second.
    pub late: u32,
    /// The process of the function that asked dies.
    pub killed: u32,
}

/// What befalls a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    Fault(When, Fault),
    /// So many others go first.
    Late(When, usize),
}

impl Storm {
    /// The fate of the `nth` request of a kind, counted from 0, of this function.
    fn fate(&self, kind: &str, nth: usize, function: &str) -> Option<Fate> {
        let drawn: [u8; 32] =
            Sha256::digest(format!("{} {kind} {nth}", self.seed).as_bytes()).into();
        let [high, low, when, which, ..] = drawn;
        let hit = u32::from(u16::from_be_bytes([high, low])) % 100;
        let when = if when % 2 == 0 {
            When::Before
        } else {
            When::After
        };
        let which = usize::from(which);
        let until_cut = self.refused + self.cut;
        let until_timed_out = until_cut + self.timed_out;
        let until_late = until_timed_out + self.late;
        Some(if hit < self.refused {
            match which % 3 {
                0 => Fate::Fault(when, Fault::Answer(500)),
                1 => Fate::Fault(when, Fault::Answer(503)),
                // Whoever asks too often is turned away at the door.
                _ => Fate::Fault(When::Before, Fault::Answer(429)),
            }
        } else if hit < until_cut {
            Fate::Fault(when, [Fault::Lose, Fault::Reset][which % 2].clone())
        } else if hit < until_timed_out {
            Fate::Fault(when, Fault::TimeOut)
        } else if hit < until_late {
            Fate::Late(when, 1 + which % 3)
        } else if hit < until_late + self.killed {
            Fate::Fault(when, Fault::Kill(function.to_owned()))
        } else {
            return None;
        })
    }
}

/// The storm that there is, if there is one.
#[derive(Default)]
pub(crate) struct Storms {
    storm: Option<Storm>,
    /// How many requests of each kind it has seen.
    seen: HashMap<String, usize>,
}

impl Storms {
    pub(crate) fn new(storm: Option<Storm>) -> Self {
        Self {
            storm,
            seen: HashMap::new(),
        }
    }

    /// What it does to this request of this function.
    pub(crate) fn fate(&mut self, call: &Call, function: &str) -> Option<Fate> {
        let storm = self.storm?;
        let kind = kind(call);
        let fate = storm.fate(&kind, self.seen.get(&kind).copied().unwrap_or(0), function);
        *self.seen.entry(kind).or_default() += 1;
        fate
    }
}

/// Method and path without ids: every second part is one, but for the names of tables.
fn kind(call: &Call) -> String {
    let mut kind = call.method.clone();
    for (position, part) in call.path.iter().enumerate() {
        let is_table = position == 3 && call.path[0] == "tablesdb";
        let part = if position % 2 == 0 || is_table {
            part
        } else {
            "*"
        };
        kind.push('/');
        kind.push_str(part);
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::{kind, Fate, Storm};
    use crate::wire::Call;

    #[test]
    fn ids_do_not_make_a_kind() {
        let kind = |asked| kind(&Call::asking(asked));
        assert_eq!(
            kind("PATCH /tablesdb/main_dev/tables/scrape_jobs/rows/job1"),
            "PATCH/tablesdb/*/tables/scrape_jobs/rows/*"
        );
        assert_eq!(kind("GET /teams/t1/memberships"), "GET/teams/*/memberships");
    }

    #[test]
    fn a_seed_makes_the_same_storm_again_in_about_the_shares_asked_for() {
        let storm = |seed| Storm {
            seed,
            refused: 10,
            cut: 20,
            timed_out: 5,
            late: 15,
            killed: 10,
        };
        let fates = |seed: u64| -> Vec<Option<Fate>> {
            let kinds = ["GET/a", "PATCH/a/*"].iter().cycle();
            kinds
                .take(2000)
                .enumerate()
                .map(|(n, kind)| storm(seed).fate(kind, n / 2, "f"))
                .collect()
        };
        assert_eq!(fates(7), fates(7));
        assert_ne!(fates(7), fates(8));
        let count = fates(7).iter().flatten().count();
        assert!((1100..1300).contains(&count), "{count} of 2000 are struck");
        let late = |fate: &&Fate| matches!(fate, Fate::Late(..));
        let late = fates(7).iter().flatten().filter(late).count();
        assert!((240..360).contains(&late), "{late} of 2000 are late");
        assert!(Storm::default().fate("GET/a", 0, "f").is_none());
    }
}
