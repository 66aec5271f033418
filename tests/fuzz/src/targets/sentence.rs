//! What a model writes of a report, and what a forger could put in its place.

use std::sync::LazyLock;

use fastrand::Rng;
use report_generate::prose::claims::Supports;
use report_generate::prose::{prove_one, Sentence};
use report_generate::snapshot::Snapshot;
use report_generate::statements::statements;
use serde_json::json;

use super::{must, text, Target};

/// A sentence to what it claims.
pub(super) const SENTENCE: Target = Target {
    name: "sentence",
    cases: 3_000,
    share: 1,
    input: |random| {
        text(
            random,
            &[
                "25 % is reached, and 1 of 2 objectives needs a decision: T1 is overdue by 4 days.",
                "The workspace stands at 25 %; T1 (50 %, due 23 November, P1) is 4 days overdue.",
                "Most urgent is T1, which belongs to P1 and was due on 2026-11-23.",
                "None of the 2 objectives needs a decision, but 1 of 1 open actions has no size.",
                "T1 and T2 need a decision. 25 % sind erreicht, und 1 von 2 Zielen braucht eine Entscheidung.",
            ],
            &[&[
                "T1", "T2", "P1", "“T1”", "T0", "one", "two", "25", "%", "of", "and", "but", "not", "is", "are", ",", ":", ";", ".",
                "(", ")", "-", "–", "’s", "overdue", "by", "days", "at", "since", "November", "2026-11-23", "objectives", "need",
                "a decision", "only", "the", "reached", "stands", "**", "[x](y)", "<b>", "\u{202e}", "\u{a0}",
            ]],
            512,
        )
    },
    check: check_sentence,
};

/// A report with an objective that is overdue.
static REPORT: LazyLock<(Snapshot, Supports)> = LazyLock::new(|| {
    let (now, day) = (1_795_766_400, 86_400);
    let objective = |id: &str, progress: u8, due: i64| {
        json!({
            "id": id, "type": "objective", "title": id, "progress": progress,
            "whole": {"owner": 0, "due": now + due * day, "created": now - 30 * day, "changed": now},
        })
    };
    let action = json!({
        "id": "o3", "type": "action", "title": "o3", "progress": 0, "parent": 0,
        "whole": {"status": "pending", "created": now - day},
    });
    let snapshot = json!({
        "schema": "valyourise/snapshot@1",
        "snapshot": {
            "at": now, "from": now - 7 * day, "language": "en", "workspaceId": "w1", "workspace": "w1", "reader": "ada",
            "everything": true, "unreadable": 0, "people": [{"id": "ada", "name": "Ada", "active": true}],
            "items": [objective("o1", 50, -4), objective("o2", 0, 300), action], "before": null,
        },
    });
    let snapshot = Snapshot::read(&snapshot.to_string()).expect("a snapshot");
    let supports = Supports::new(&statements(&snapshot));
    (snapshot, supports)
});

fn check_sentence(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    let (snapshot, supports) = &*REPORT;
    let sentence = Sentence {
        text: String::from_utf8_lossy(input).into_owned(),
        cites: (0..40).collect(),
    };
    let Ok((proven, claims)) = prove_one(snapshot, supports, &sentence, None) else {
        return Ok(());
    };
    must(!claims.is_empty(), "a sentence that claims nothing")?;
    let held = |place: &usize| supports.statements.iter().any(|held| held.place == *place);
    must(proven.cites.iter().all(held), "a citation of nothing")?;
    let is_plain = |c: char| c.is_alphanumeric() || " ,.;:%()-–—“”„\"‘’‚'".contains(c);
    must(
        proven.text.chars().all(is_plain),
        "something that Markdown knows",
    )?;
    let again = prove_one(snapshot, supports, &proven, None);
    must(again == Ok((proven, claims)), "it is not proven again")
}
