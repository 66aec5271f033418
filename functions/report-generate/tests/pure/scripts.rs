//! Random edits between two reports: what is shown adds up, and both languages say the same.

use domain::rows::PrivacyMode;
use fastrand::Rng;
use report_generate::snapshot::Language;
use report_generate::statements::{Finding, Statement};
use serde_json::Value;

use crate::languages::{check_alike, check_all_told, Fields};
use crate::workspace::{edit, made, random, rounds, NOW, PEOPLE};

/// Every number of a page, in the order in which they stand there.
fn numbers(markdown: &str) -> Vec<&str> {
    let digits = markdown.split(|c: char| !c.is_ascii_digit());
    digits.filter(|digits| !digits.is_empty()).collect()
}

/// A German page without months as numbers, which English has as words: 27. for 27.11. and 27. 2027 for 27.11.2027.
fn without_months(markdown: &str) -> String {
    let mut kept = String::new();
    let mut parts = markdown.split('.').peekable();
    while let Some(part) = parts.next() {
        let is_month = |next: &&str| (1..=2).contains(&next.len()) && next.parse::<u8>().is_ok();
        kept += part;
        kept.push('.');
        if part.ends_with(|c: char| c.is_ascii_digit()) && parts.next_if(is_month).is_some() {
            kept.push(' ');
        }
    }
    kept
}

/// The parts of a whole add up to it as shown.
fn check_sums(findings: &[Finding]) {
    let (mut difference, mut told) = (None, 0);
    let (mut open, mut open_told, mut points, mut points_told) = (None, 0, None, 0);
    for finding in findings {
        match &finding.statement {
            Statement::Difference { before, now, .. } => {
                difference = Some(i64::from(*now) - i64::from(*before));
            }
            Statement::Changed { points, .. } | Statement::Rest { points, .. } => told += points,
            Statement::States {
                of,
                done,
                started,
                pending,
            } => {
                assert_eq!(done + started + pending, *of);
            }
            Statement::Carries {
                open: own,
                of,
                points: own_points,
                of_points,
                overdue,
                soon,
                ..
            } => {
                assert!(overdue + soon <= *own);
                (open, points) = (Some(*of), Some(*of_points));
                open_told += own;
                points_told += own_points;
            }
            Statement::MoreCarry {
                open: own,
                points: own_points,
                ..
            } => {
                open_told += own;
                points_told += own_points;
            }
            Statement::Urgent { .. }
            | Statement::Title { .. }
            | Statement::Verdict { .. }
            | Statement::NoObjective { .. }
            | Statement::MoreUrgent { .. }
            | Statement::Overdue { .. }
            | Statement::Nobodys { .. }
            | Statement::Unsized { .. }
            | Statement::NothingToDecide { .. }
            | Statement::NothingChanged
            | Statement::FirstReport
            | Statement::Objective { .. }
            | Statement::MoreObjectives { .. }
            | Statement::Late { .. }
            | Statement::NothingDue { .. }
            | Statement::Coming { .. }
            | Statement::ComingItem { .. }
            | Statement::MoreComing { .. }
            | Statement::Tree { .. }
            | Statement::Timeline { .. }
            | Statement::MoreAsk { .. }
            | Statement::Ask { .. }
            | Statement::Reading { .. } => {}
        }
    }
    assert_eq!(told, difference.unwrap_or_default());
    assert_eq!(open_told, open.unwrap_or_default());
    assert_eq!(points_told, points.unwrap_or_default());
}

#[test]
fn whatever_was_edited_the_shown_parts_add_up_and_both_languages_say_the_same() {
    let mut rng = Rng::with_seed(16);
    let (mut compared, mut moved, mut both) = (0, 0, 0);
    let mut fields = Fields::new();
    for round in 0..rounds(600) {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let reader = PEOPLE[rng.usize(..5)];
        let mut workspace = random(&mut rng, mode);
        let earlier = workspace.report(reader, NOW, Language::En, None);
        check_sums(&earlier.findings);
        edit(&mut rng, &mut workspace);
        if rng.u8(0..8) == 0 {
            // The reader's sight changes.
            workspace.mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][rng.usize(..2)];
            workspace.members[2].manager_user_id = None;
        }
        let now = NOW + 7 * 86_400;
        let english = workspace.report(reader, now, Language::En, Some(&earlier.snapshot));
        check_sums(&english.findings);
        let mut snapshot = english.snapshot.clone();
        snapshot.language = Language::De;
        let german = made(snapshot);
        assert_eq!(english.findings, german.findings);
        check_alike(&mut rng, &german.snapshot, &german.findings, &mut fields);
        // In the same order, so that no two of them have changed places.
        let in_german = without_months(&german.markdown);
        assert_eq!(
            numbers(&english.markdown),
            numbers(&in_german),
            "{}\n{}",
            english.markdown,
            german.markdown
        );
        let statement =
            |finding: &&Finding| matches!(finding.statement, Statement::Difference { .. });
        if let Some(difference) = english.findings.iter().find(statement) {
            compared += 1;
            let value: Value = serde_json::to_value(difference).unwrap();
            moved += usize::from(value["figures"]["before"] != value["figures"]["now"]);
            both += usize::from(value["figures"]["both"] == true);
        }
    }
    check_all_told(&fields);
    println!("{compared} reports compared, {moved} with a difference, {both} on what was seen both times: all add up");
    assert!(moved * 4 > compared && both > 0);
}
