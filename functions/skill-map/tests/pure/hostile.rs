//! Columns as nobody should have written them.

use domain::document::{self, Document, Envelope, Unreadable};
use domain::rows::PrivacyMode;
use fastrand::Rng;
use serde_json::{json, Value};
use skill_map::documents::{left_out, read, Can, Constraints, Level, Should, Want, MOST_ENTRIES};
use skill_map::map::{refresh, show, skills_of, works, Looks, Member, OwnTerms, Skills};
use skill_map::vocabulary::Vocabulary;
use skill_map::words::Language;

use crate::workspace::{now, random, rounds, skills, user};

/// Any JSON.
fn any(rng: &mut Rng, depth: u8) -> Value {
    match rng.u8(0..if depth == 0 { 7 } else { 10 }) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => json!(rng.i64(..)),
        3 => json!(rng.f64() * 1e300),
        4 => json!("SKILL_0000209"),
        5 => json!("SKILL_9999999"),
        6 => json!("{\"method\":\"toggle\"}\u{0}\u{feff}".repeat(rng.usize(0..4))),
        7 => (0..rng.usize(0..4)).map(|_| any(rng, depth - 1)).collect(),
        8 => json!({"skill": any(rng, 0), "level": any(rng, 0), "source": "statement"}),
        _ => json!({"kind": any(rng, 0), "from": any(rng, 0), "method": any(rng, depth - 1)}),
    }
}

#[test]
fn any_json_in_a_list_is_kept_through_a_run() {
    let mut rng = Rng::with_seed(5);
    let mut kept = 0;
    for _ in 0..rounds(400) {
        let made = random(&mut rng, PrivacyMode::Open);
        let view = made.view(None);
        let works = works(&view, now());
        let skills = skills(&view, &OwnTerms::default());
        let entries: Vec<Value> = (0..rng.usize(0..9)).map(|_| any(&mut rng, 3)).collect();
        let text = json!({"schema": document::schema::<Can>(), "skills": entries, "colour": any(&mut rng, 2)}).to_string();
        let can: Can = document::read(&text).unwrap();
        kept += left_out(&can.skills);
        let (after, _) = refresh(
            &can,
            &Should::default(),
            &user("ada"),
            &works,
            &skills,
            &Skills::new(),
        );
        let after: Value = serde_json::from_str(&Envelope::new(&after).text()).unwrap();
        let before: Value = serde_json::from_str(&Envelope::new(&can).text()).unwrap();
        assert_eq!(after["colour"], before["colour"]);
        let listed = after["skills"].as_array().unwrap();
        for entry in before["skills"].as_array().unwrap() {
            assert!(listed.contains(entry), "{entry}");
        }
    }
    assert!(kept > 200, "{kept}");
}

#[test]
fn what_is_no_document_of_ours_is_refused_and_a_newer_one_by_its_name() {
    #[track_caller]
    fn check<D: Document + std::fmt::Debug>() {
        let newer = document::schema::<D>().replace("@1", "@2");
        let text = json!({"schema": newer}).to_string();
        assert_eq!(
            document::read::<D>(&text).unwrap_err(),
            Unreadable::Newer(newer)
        );
        for text in [
            "",
            "null",
            "[]",
            "{}",
            "{\"skills\":[]}",
            "{\"schema\":\"valyourise/report@1\"}",
            "\u{0}",
        ] {
            assert_eq!(
                document::read::<D>(text).unwrap_err(),
                Unreadable::Malformed,
                "{text}"
            );
        }
        let not_a_list =
            json!({"schema": document::schema::<D>(), "skills": 7, "constraints": 7}).to_string();
        assert_eq!(
            document::read::<D>(&not_a_list).unwrap_err(),
            Unreadable::Malformed
        );
    }
    check::<Can>();
    check::<Should>();
    check::<Want>();
    check::<Constraints>();
}

#[test]
fn of_ten_thousand_entries_some_count_and_all_are_kept() {
    let entry =
        |n: usize| json!({"skill": format!("term {n}"), "level": 1 + n % 5, "source": "statement"});
    let entries: Vec<Value> = (0..10_000).map(entry).collect();
    let text = json!({"schema": document::schema::<Can>(), "skills": entries}).to_string();
    let can: Can = document::read(&text).unwrap();
    assert_eq!(read(&can.skills).count(), MOST_ENTRIES);
    let (after, _) = refresh(
        &can,
        &Should::default(),
        &user("ada"),
        &[],
        &Skills::new(),
        &Skills::new(),
    );
    assert_eq!(after, can);
    let member = Member {
        can,
        ..Member::default()
    };
    let shown = show(&member, &[], Looks::Oneself, Language::De);
    assert_eq!(
        (shown.can.len(), shown.unreadable),
        (MOST_ENTRIES, Some(10_000 - MOST_ENTRIES))
    );
}

#[test]
fn a_text_of_any_kind_asks_for_few_skills_of_the_vocabulary() {
    let mut rng = Rng::with_seed(9);
    let letters: Vec<char> =
        "aeinrstuüß +#'’{}\\\"\u{0}\u{200b}😀0123456789 SKILL_manage Software Kunden"
            .chars()
            .collect();
    for _ in 0..rounds(60) {
        let length = [0, 1, 40, 5_000][rng.usize(..4)];
        let text: String = (0..length)
            .map(|_| letters[rng.usize(..letters.len())])
            .collect();
        let found = skills_of(&text, &OwnTerms::default());
        assert!(found.len() <= 3);
        for term in found {
            assert!(!term.label(Language::En).is_empty());
        }
    }
    assert!(Vocabulary::embedded().size() > 19_000);
    assert_eq!(Level::new(0), None);
    assert_eq!(Level::new(6), None);
}
