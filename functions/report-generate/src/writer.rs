//! Asks a language model for the verdict's sentences: only for an organisation that has opted in, only where an operator
//! has named a model, never for a preview.
//!
//! The model is shown what the statements let it claim and nothing else, without a word that people have written. What it
//! writes is proven in [`prose`](crate::prose); after two answers that are not, the words of the rules stand. Whatever the
//! model or its server does, the report is done.

use std::collections::BTreeMap;

use domain::rows::{JobStatus, Report, Row};
use model::schema::strict;
use model::usage::{configured, deadline, has_room};
use model::{Consent, Model, NoAnswer, Prompt, Usage};
use platform::access::WorkspaceMember;
use platform::Cx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use crate::markdown::room;
use crate::prose::{has_verdict, passages, prove, Prose, Rejection, Sentence, Why, READER};
use crate::snapshot::Snapshot;
use crate::statements::Finding;

/// What the model is told. A changed text is the next version's, in a file of its own.
const PROMPT: Prompt = Prompt {
    name: "verdict",
    version: 1,
    text: include_str!("writer/prompt-1.txt"),
};

/// Reports of an organisation within a [`DAY`](model::usage::DAY) for which a model is asked: the latest ones beyond it go
/// without. Fifty people who look twice.
pub const MOST_REPORTS_A_DAY: usize = 100;

/// Answers that may be rejected before the words of the rules stand. Each is one question.
pub const MOST_ANSWERS: u32 = 2;

/// The verdict.
#[derive(Debug, Deserialize, JsonSchema)]
struct Answer {
    /// One to three sentences, in the order in which they are read.
    sentences: Vec<Written>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Written {
    /// One sentence, with its full stop.
    text: String,
    /// The numbers of the statements that hold what it claims.
    cites: Vec<usize>,
}

/// How a model was asked for a report, and what became of its sentences: `meta.model` of `outputJson`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModelUse {
    #[serde(flatten)]
    usage: Usage,
    /// Answers that had sentences.
    answers: u32,
    /// Sentences of all of them.
    proposed: usize,
    /// Sentences that the report has.
    kept: usize,
    /// Of sentences, and of answers as a whole.
    rejected: BTreeMap<Why, usize>,
}

/// A report of which only that it is there counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct AnyReport {
    status: JobStatus,
}

impl Row for AnyReport {
    const TABLE: &'static str = Report::TABLE;
    type Id = domain::ids::ReportId;
}

/// The shape of the answer, as strict servers take it.
pub fn shape() -> Value {
    strict::<Answer>()
}

/// The verdict's words, and how a model was asked for them. None: nobody was to be asked, or there is no verdict.
pub(crate) async fn ask(
    cx: &Cx,
    member: &WorkspaceMember,
    snapshot: &Snapshot,
    findings: &[Finding],
) -> Option<(Prose, ModelUse)> {
    let consent = Consent::of(&member.organization)?;
    let model = configured(cx)?;
    if cx.dry_run || !has_verdict(findings) {
        return None;
    }
    let mut used = ModelUse::new(model);
    let organization = &member.workspace.row.organization_id;
    if !has_room::<AnyReport>(cx, organization, MOST_REPORTS_A_DAY).await? {
        used.usage.end_without(NoAnswer::DayIsFull);
        return Some((Prose::Rules, used));
    }
    let room = room(snapshot, findings);
    let mut passages = passages(snapshot, findings, room);
    let deadline = deadline(cx);
    while used.answers < MOST_ANSWERS {
        let asked = model
            .ask::<Answer>(&consent, &PROMPT, &passages, deadline)
            .await;
        let Some(answer) = used.usage.record(cx, asked) else {
            break;
        };
        let sentences: Vec<Sentence> = answer.sentences.into_iter().map(Sentence::from).collect();
        used.answers += 1;
        used.proposed += sentences.len();
        match prove(snapshot, findings, &sentences, room) {
            Ok(sentences) => {
                used.kept = sentences.len();
                return Some((Prose::Model { sentences }, used));
            }
            Err(rejections) => {
                passages.push(rejected(&sentences, &rejections));
                for rejection in rejections {
                    *used.rejected.entry(rejection.why).or_default() += 1;
                }
            }
        }
    }
    Some((Prose::Rules, used))
}

/// What the model is told of the answer that was not taken: its own words, as far as they may be looked at.
fn rejected(sentences: &[Sentence], rejections: &[Rejection]) -> String {
    let told = rejections.iter().map(|rejection| {
        let place = rejection.sentence.and_then(|place| place.checked_sub(1));
        let sentence = place.and_then(|place| sentences.get(place));
        let text = sentence.filter(|_| rejection.why != Why::TooLong);
        json!({"sentence": text.map(|sentence| &sentence.text), "why": rejection.why.to_string()})
    });
    json!({"rejected": told.collect::<Vec<_>>()}).to_string()
}

impl From<Written> for Sentence {
    fn from(written: Written) -> Self {
        Self {
            text: written.text,
            cites: written.cites,
        }
    }
}

impl ModelUse {
    fn new(model: &Model) -> Self {
        let schema = shape().to_string();
        Self {
            usage: Usage::new(model, PROMPT.stamp(&schema, READER)),
            answers: 0,
            proposed: 0,
            kept: 0,
            rejected: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every version of the prompt that was ever deployed, and its hash.
    const VERSIONS: [(u32, &str); 1] = [(
        1,
        "68ff8500795d129a8bc70291bbcd532c9184b8cbb73d3d57113e961475194cbf",
    )];

    #[test]
    fn the_prompts_text_is_that_of_its_version() {
        PROMPT.check_version(&VERSIONS);
    }

    /// Every version of what reads an answer, and the hash of its grammars.
    const READERS: [(u32, &str); 1] = [(
        1,
        "6e0e61e9b6c36da076c1f4a4ba2378e83f807621b2985f687d0831e93ee2c2fe",
    )];

    #[test]
    fn the_grammars_are_those_of_the_readers_version() {
        let grammars = Prompt {
            name: "grammars",
            version: READER,
            text: concat!(
                include_str!("prose/english.jsgf"),
                include_str!("prose/german.jsgf")
            ),
        };
        grammars.check_version(&READERS);
    }
}
