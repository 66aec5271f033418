//! Runs targets: a fixed number of cases as a test, one case again (`FUZZ_SEED`), or for a time (`FUZZ_MINUTES`).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, Write};
use std::panic::{catch_unwind, set_hook, take_hook, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::seeds::CORPUS;
use crate::targets::{Target, TARGETS};

/// Why a case fails. `Display` of both says where or what, so that equal faults are told once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// Place and words of a panic.
    Panic(String),
    /// What did not hold.
    Broken(String),
}

/// The cases of one target so far.
#[derive(Debug, Default)]
struct Tally {
    cases: u64,
    panics: u64,
    broken: u64,
    /// The first seed of each fault.
    faults: BTreeMap<Fault, u64>,
    slowest: (Duration, u64),
    spent: Duration,
}

/// The input of a case, and what it makes its target do.
struct Case {
    random: Rng,
    input: Vec<u8>,
}

impl Case {
    fn new(target: &Target, seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let input = (target.input)(&mut random);
        Self { random, input }
    }

    fn fault(&self, target: &Target) -> Option<Fault> {
        fault(target, &self.random, &self.input)
    }
}

fn fault(target: &Target, random: &Rng, input: &[u8]) -> Option<Fault> {
    let check = || (target.check)(&mut random.clone(), input);
    quietly(|| match catch_unwind(AssertUnwindSafe(check)) {
        Ok(Ok(())) => None,
        Ok(Err(broken)) => Some(Fault::Broken(broken)),
        Err(_) => Some(Fault::Panic(LAST_PANIC.take().unwrap_or_default())),
    })
}

thread_local! {
    /// Panics of this thread are part of the work.
    static EXPECTED: RefCell<bool> = const { RefCell::new(false) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the panics of the work from the test's output, and remembers the last one.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if EXPECTED.with_borrow(|expected| *expected) {
                let place = panic.location().map(ToString::to_string);
                LAST_PANIC.set(place.or_else(|| Some("unknown place".to_owned())));
            } else {
                usual(panic);
            }
        }));
    });
    EXPECTED.set(true);
    let outcome = work();
    EXPECTED.set(false);
    outcome
}

impl Tally {
    fn add(&mut self, seed: u64, took: Duration, fault: Option<Fault>) {
        self.cases += 1;
        self.spent += took;
        if took > self.slowest.0 {
            self.slowest = (took, seed);
        }
        let Some(fault) = fault else { return };
        match fault {
            Fault::Panic(_) => self.panics += 1,
            Fault::Broken(_) => self.broken += 1,
        }
        self.faults.entry(fault).or_insert(seed);
    }

    /// One line, and some for each kind of fault.
    fn report(&self, target: &Target, first: u64) -> String {
        let Self {
            cases,
            panics,
            broken,
            ..
        } = self;
        let (took, slowest) = self.slowest;
        let mut report = format!(
            "fuzz {:12} {cases:>9} cases, seeds {first}..={}, {panics} panics, {broken} broken; slowest {slowest}: {} ms",
            target.name,
            (first + cases).saturating_sub(1),
            took.as_millis(),
        );
        for (fault, &seed) in &self.faults {
            let case = Case::new(target, seed);
            let least = shrink(target, &case, fault);
            report += &format!(
                "\n  {fault:?}\n    again: {}\n    least: {:?}",
                again(target, seed),
                Shown(&least)
            );
        }
        report
    }
}

/// The command that runs one case again.
fn again(target: &Target, seed: u64) -> String {
    let corpus = CORPUS
        .folder()
        .map_or(String::new(), |folder| format!("FUZZ_CORPUS={folder} "));
    let name = target.name;
    format!("{corpus}FUZZ_SEED={seed} cargo test -p fuzz --test targets {name} -- --nocapture")
}

/// Bytes as a Rust literal.
struct Shown<'a>(&'a [u8]);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match std::str::from_utf8(self.0) {
            Ok(text) => write!(formatter, "{text:?}"),
            Err(_) => write!(formatter, "b\"{}\"", self.0.escape_ascii()),
        }
    }
}

/// Tries in looking for a smaller input with the same fault.
const MOST_TRIES: usize = 2_000;

/// Leaves out one stretch after another for as long as the fault stays the same.
fn shrink(target: &Target, case: &Case, fault_wanted: &Fault) -> Vec<u8> {
    let mut least = case.input.clone();
    let mut tries = 0;
    let mut length = least.len() / 2;
    while length > 0 {
        let mut at = 0;
        while at < least.len() && tries < MOST_TRIES {
            let end = (at + length).min(least.len());
            let without = [&least[..at], &least[end..]].concat();
            tries += 1;
            if fault(target, &case.random, &without).as_ref() == Some(fault_wanted) {
                least = without;
            } else {
                at = end;
            }
        }
        length /= 2;
    }
    least
}

/// As a test: the target's fixed number of cases, or the one that `FUZZ_SEED` names. Nothing where `FUZZ_MINUTES` asks
/// [`for_minutes`] to do more.
///
/// # Panics
/// Where a case fails.
pub fn cases(target: &Target) {
    if let Some(seed) = number("FUZZ_SEED") {
        let case = Case::new(target, seed);
        println!("fuzz {} seed {seed}: {:?}", target.name, Shown(&case.input));
        // Not caught, so that the usual backtrace shows the way to the fault.
        let held = (target.check)(&mut case.random.clone(), &case.input);
        held.unwrap_or_else(|broken| panic!("{broken}"));
        return;
    }
    if number("FUZZ_MINUTES").is_some() {
        return;
    }
    let mut tally = Tally::default();
    for seed in 0..target.cases {
        let case = Case::new(target, seed);
        tally.add(seed, Duration::ZERO, case.fault(target));
    }
    assert!(tally.faults.is_empty(), "{}", tally.report(target, 0));
}

/// All targets on all processors for `FUZZ_MINUTES`, beginning with the seed `FUZZ_FROM`. The case that each thread is
/// at stands in a file of the folder, for faults that end the whole process.
///
/// # Panics
/// Where a case fails, after the time is over.
pub fn for_minutes(folder: &Path) {
    let Some(minutes) = number("FUZZ_MINUTES") else {
        return;
    };
    let first = number("FUZZ_FROM").unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    let tallies: Vec<_> = TARGETS
        .iter()
        .map(|_| Mutex::new(Tally::default()))
        .collect();
    let next = Mutex::new(vec![first; TARGETS.len()]);
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (tallies, next) = (&tallies, &next);
            scope.spawn(move || {
                let mut at_work = File::create(folder.join(format!("fuzz-{thread}.txt"))).ok();
                while Instant::now() < end {
                    let (index, seed) = take_next(tallies, next);
                    let target = &TARGETS[index];
                    if let Some(file) = &mut at_work {
                        // Only a hint for whoever finds the process dead.
                        let _ = file.rewind();
                        let _ = writeln!(file, "{:40}", format!("{} {seed}", target.name));
                    }
                    let began = Instant::now();
                    let fault = Case::new(target, seed).fault(target);
                    let took = began.elapsed();
                    let mut tally = tallies[index]
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner);
                    tally.add(seed, took, fault);
                }
            });
        }
    });
    let tallies = tallies
        .into_iter()
        .map(|tally| tally.into_inner().unwrap_or_else(PoisonError::into_inner));
    let mut faults = 0;
    for (target, tally) in TARGETS.iter().zip(tallies) {
        println!("{}", tally.report(target, first));
        faults += tally.panics + tally.broken;
    }
    assert_eq!(faults, 0, "cases failed, see above");
}

/// The target that has had the least of its share of the time, and its next seed.
fn take_next(tallies: &[Mutex<Tally>], next: &Mutex<Vec<u64>>) -> (usize, u64) {
    let due = |&index: &usize| {
        let tally = tallies[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        tally.spent / TARGETS[index].share
    };
    let index = (0..TARGETS.len()).min_by_key(due).unwrap_or_default();
    let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
    let seed = next[index];
    next[index] += 1;
    (index, seed)
}

/// A whole number from the environment.
///
/// # Panics
/// Where the variable holds something else.
fn number(name: &str) -> Option<u64> {
    let value = std::env::var_os(name)?;
    let number = value.to_str().and_then(|text| text.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{name} must be a whole number")))
}
