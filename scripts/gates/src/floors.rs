//! What is promised of every gate that measures shares: a little beside what was measured when it was written down. The
//! other gates promise that nothing at all is wrong.
//!
//! Shares hold for other data of the kind, too. To change a floor, run the gate and write its figure down here.

use anyhow::ensure;

/// Of a hundred values that are to be found the least that are right, and of a hundred that are stated the most that are
/// wrong.
pub(crate) struct Floor {
    right: usize,
    wrong: usize,
}

/// Values as they were found.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) blank: usize,
}

impl Floor {
    pub(crate) const fn new(right: usize, wrong: usize) -> Self {
        Self { right, wrong }
    }

    /// # Errors
    /// Where the promise is broken.
    pub(crate) fn check(&self, what: &str, count: &Count) -> anyhow::Result<()> {
        let stated = count.right + count.wrong;
        let all = stated + count.blank;
        ensure!(
            count.right * 100 >= self.right * all,
            "{what}: {} of {all} values are right, {} of a hundred are promised",
            count.right,
            self.right
        );
        ensure!(
            count.wrong * 100 <= self.wrong * stated,
            "{what}: {} of {stated} stated values are wrong, {} of a hundred are allowed",
            count.wrong,
            self.wrong
        );
        Ok(())
    }
}

/// `gates profiles`: at least so many of a hundred pages whose structured data names an organisation must have a name.
pub(crate) const NAMED: usize = 80;

/// `gates profiles`: by setting, truth and field.
pub(crate) const PROFILES: [(&str, Floor); 21] = [
    ("as collected, structured truth: name", Floor::new(98, 1)),
    ("as collected, structured truth: website", Floor::new(97, 0)),
    ("as collected, structured truth: street", Floor::new(87, 0)),
    (
        "as collected, structured truth: postalCode",
        Floor::new(82, 0),
    ),
    ("as collected, structured truth: city", Floor::new(87, 0)),
    ("as collected, structured truth: country", Floor::new(82, 0)),
    (
        "as collected, structured truth: employees",
        Floor::new(97, 0),
    ),
    ("text only, structured truth: name", Floor::new(95, 4)),
    ("text only, structured truth: street", Floor::new(60, 15)),
    ("text only, structured truth: postalCode", Floor::new(69, 0)),
    ("text only, structured truth: city", Floor::new(72, 0)),
    ("text only, gold: name", Floor::new(95, 4)),
    ("text only, gold: address, whole", Floor::new(76, 0)),
    ("text only, gold: postal code", Floor::new(76, 0)),
    ("text only, gold: industry", Floor::new(50, 0)),
    ("text only, gold: customers, each found", Floor::new(97, 0)),
    ("text only, gold: customers, each stated", Floor::new(65, 0)),
    (
        "text only, gold: not on the page: address",
        Floor::new(0, 0),
    ),
    (
        "text only, gold: not on the page: customerNames",
        Floor::new(0, 0),
    ),
    (
        "text only, gold: not on the page: employees",
        Floor::new(0, 0),
    ),
    (
        "text only, gold: not on the page: revenue",
        Floor::new(0, 0),
    ),
];

/// `gates facts`.
pub(crate) const REVENUE: Floor = Floor::new(88, 0);
pub(crate) const EMPLOYEES: Floor = Floor::new(95, 0);
pub(crate) const CUSTOMERS: Floor = Floor::new(90, 0);

/// `gates money`: of a hundred sentences the least that are read exactly as the specification says, by file.
pub(crate) const MONEY: [(&str, usize); 2] = [("money.jsonl", 94), ("money_ambiguous.jsonl", 96)];

/// `gates cases`: of a hundred cases of any set the most with a false value, and the least that are right.
pub(crate) const CASES: (usize, usize) = (3, 75);

/// `gates cases`: what was measured, by kind: `(kind, cases, least right, most false)`. A kind of another number of cases
/// is another set, which is only told of.
pub(crate) const KINDS: [(&str, usize, usize, usize); 26] = [
    ("B3", 4, 4, 0),
    ("B4", 2, 2, 0),
    ("B5", 6, 6, 0),
    ("B6", 7, 7, 0),
    ("E1", 5, 5, 0),
    ("E2", 3, 3, 0),
    ("E3", 3, 3, 0),
    ("K10", 4, 3, 1),
    ("K13", 2, 2, 0),
    ("K3", 5, 5, 0),
    ("K4", 3, 3, 0),
    ("K5", 1, 1, 0),
    ("K6", 3, 3, 0),
    ("K7", 7, 7, 0),
    ("K8", 7, 7, 0),
    ("K9", 8, 8, 0),
    ("R1", 4, 4, 0),
    ("R2", 2, 2, 0),
    ("R3", 4, 4, 0),
    ("R4", 3, 3, 0),
    ("R5", 2, 2, 0),
    ("R6", 1, 1, 0),
    ("R7", 4, 4, 0),
    ("head count trap", 16, 16, 0),
    ("revenue trap", 24, 24, 0),
    ("revenue unit", 9, 9, 0),
];

/// `gates skills`: least parts of aliases found first, among the first five, and least mean of one through the place.
pub(crate) const ALIASES: (f64, f64, f64) = (0.90, 0.965, 0.93);

/// `gates skills`: least parts of titles with a right skill among the first five, in English and German, with the bridge.
pub(crate) const TITLES: [(&str, f64, f64); 3] = [
    ("open", 0.95, 0.85),
    ("blind", 0.45, 0.60),
    ("fresh", 0.32, 0.32),
];

/// `gates skills`: least part of everyday and senseless titles of which nothing is said.
pub(crate) const SILENT: f64 = 0.95;
