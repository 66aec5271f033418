//! Whether confidences are true: what is shown as 0.9 has to be right nine times in ten, as far as a sample can tell.

use std::collections::BTreeMap;

use anyhow::ensure;
use extraction::profile::{Method, Stated};

/// How many standard errors the bounds are apart from the share: 95 of 100 such samples have it between them.
const STANDARD_ERRORS: f64 = 1.96;

/// Values by field, method and shown confidence (in hundredths): how many there are and how many of them are right.
#[derive(Default)]
pub(super) struct Calibration {
    counts: BTreeMap<(&'static str, String, u32), (usize, usize)>,
}

impl Calibration {
    pub(super) fn add<T>(&mut self, field: &'static str, stated: &Stated<T>, right: bool) {
        let method = name_of(stated.method);
        let shown = (stated.confidence * 100.0).round() as u32;
        let (all, good) = self.counts.entry((field, method, shown)).or_default();
        *all += 1;
        *good += usize::from(right);
    }

    /// Prints the table, and fails where more is shown than the sample allows.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        println!(
            "\n{:32} shown  right     of  share  95 % interval",
            "confidences"
        );
        let mut by_shown: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        let mut too_high = Vec::new();
        let mut row = |what: &str, shown: u32, all: usize, good: usize| {
            let shown = f64::from(shown) / 100.0;
            let (low, high) = wilson(good, all);
            let share = good as f64 / all as f64;
            println!("  {what:30} {shown:5.2} {good:6} {all:6} {share:6.2}  {low:.2} to {high:.2}");
            if shown > high {
                too_high.push(format!(
                    "{what}: {shown} is shown, {good} of {all} are right"
                ));
            }
        };
        for ((field, method, shown), (all, good)) in &self.counts {
            row(&format!("{field}, {method}"), *shown, *all, *good);
            let sum = by_shown.entry(*shown).or_default();
            (sum.0, sum.1) = (sum.0 + all, sum.1 + good);
        }
        for (shown, (all, good)) in by_shown {
            row("all fields and methods", shown, all, good);
        }
        ensure!(
            too_high.is_empty(),
            "more is shown than the sample allows: {}",
            too_high.join("; ")
        );
        Ok(())
    }
}

fn name_of(method: Method) -> String {
    let name = serde_json::to_value(method).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

/// Between which shares the true one is likely to be (<https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval>).
fn wilson(good: usize, all: usize) -> (f64, f64) {
    let (all, share) = (all as f64, good as f64 / all as f64);
    let square = STANDARD_ERRORS * STANDARD_ERRORS;
    let centre = share + square / (2.0 * all);
    let spread = (share * (1.0 - share) / all + square / (4.0 * all * all)).sqrt();
    let spread = STANDARD_ERRORS * spread;
    let scale = 1.0 + square / all;
    ((centre - spread) / scale, (centre + spread) / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(confidence: f64, good: usize, all: usize) -> anyhow::Result<()> {
        let mut calibration = Calibration::default();
        let stated = Stated {
            value: (),
            confidence,
            method: Method::Text,
            evidence: Vec::new(),
        };
        for at in 0..all {
            calibration.add("name", &stated, at < good);
        }
        calibration.check()
    }

    #[test]
    fn more_than_the_sample_allows_is_too_much_and_a_small_sample_allows_much() {
        assert!(shown(0.9, 90, 100).is_ok());
        assert!(shown(0.9, 80, 100).is_err());
        assert!(shown(0.9, 4, 5).is_ok());
        assert!(shown(0.65, 57, 100).is_ok());
        assert!(shown(0.65, 50, 100).is_err());
        let (low, high) = wilson(10, 10);
        assert!((low - 0.7225).abs() < 0.001 && (high - 1.0).abs() < 1e-9);
    }
}
