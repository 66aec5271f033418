//! What a reader may not see changes nothing of their view, and so of nothing that is made of it: reports, boards,
//! explanations, skill maps, prompts.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

#[path = "view/tables.rs"]
mod tables;

use domain::rows::PrivacyMode;
use fastrand::Rng;
use tables::{user, Tables, PEOPLE};

#[test]
fn what_a_reader_may_not_see_changes_nothing_of_their_view() {
    let mut rng = Rng::with_seed(14);
    let mut disturbed = [0; 2];
    for round in 0..10_000 {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let first = Tables::random(&mut rng, mode);
        let reader = user(&mut rng, &PEOPLE);
        let mut second = first.clone();
        disturbed[round % 2] += second.disturb(&mut rng, &reader);
        let (one, two) = (first.view(&reader), second.view(&reader));
        assert_eq!(one, two, "round {round}, {reader}, {mode:?}");
    }
    println!("{disturbed:?} hidden things changed in open workspaces and in reporting lines");
    assert!(disturbed[1] > 10_000, "{disturbed:?}");
}
