//! Asks a language model where the pages state what the profile holds: only for an organisation that has opted in, only
//! where an operator has named a model, never for a preview.
//!
//! The model gives quotes and nothing else; what is made of them is decided in
//! [`extraction::extract::pointed`]. Whatever the model or its server does, the job ends as it would without.

use domain::ids::{OrganizationId, ScrapeJobId};
use domain::rows::{JobStatus, Organization, Row, ScrapeJob};
use extraction::extract::pointed::{self, Pointers, Verdict, Verdicts};
use extraction::proposal::Proposal;
use model::schema::strict;
use model::usage::{configured, deadline, has_room};
use model::{Asked, Consent, Model, NoAnswer, Prompt, Usage};
use platform::Cx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::reader::{Reader, Unreadable};

/// What the model is told. A changed text is the next version's, in a file of its own.
const PROMPT: Prompt = Prompt {
    name: "pointers",
    version: 1,
    text: include_str!("pointers/prompt-1.txt"),
};

/// Jobs of an organisation within a [`DAY`](model::usage::DAY) for which a model is asked: the latest ones beyond it go
/// without. Onboarding takes a handful.
pub const MOST_JOBS_A_DAY: usize = 25;

/// Where the passages state each field.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// The words that state the organisation's own turnover, with amount, currency and year or period, or null.
    revenue: Option<String>,
    /// The words that state how many people the whole organisation employs, or null.
    employee_count: Option<String>,
    /// The words of the organisation's own postal address, from street to country, or null.
    address: Option<String>,
}

/// How a model was asked for a job, and what became of its answer: `meta.model` of the profile.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModelUse {
    #[serde(flatten)]
    pub(crate) usage: Usage,
    proposed: usize,
    agreed: usize,
    stored: usize,
    dropped: usize,
    verdicts: Verdicts,
}

/// A job of which only that it is there counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct AnyJob {
    status: JobStatus,
}

impl Row for AnyJob {
    const TABLE: &'static str = ScrapeJob::TABLE;
    type Id = ScrapeJobId;
}

/// The profile with what a model points at, and how it was asked. None: nobody was to be asked, or nothing is there to
/// ask about.
pub(crate) async fn ask(
    cx: &Cx,
    organization: (&OrganizationId, &Organization),
    source: &Url,
    reader: &mut Reader,
) -> Option<(Option<Proposal>, ModelUse)> {
    let (id, organization) = organization;
    let consent = Consent::of(organization)?;
    let model = configured(cx)?;
    if cx.dry_run {
        return None;
    }
    let mut used = ModelUse::new(model);
    if !has_room::<AnyJob>(cx, id, MOST_JOBS_A_DAY).await? {
        used.usage.end_without(NoAnswer::DayIsFull);
        return Some((None, used));
    }
    let unread = |why: Unreadable| cx.note(why.to_string());
    let passages = reader.passages().await.map_err(unread).ok()?;
    if passages.is_empty() {
        return None;
    }
    let asked = point_at(model, &consent, &passages, deadline(cx)).await;
    let Some(pointers) = used.usage.record(cx, asked) else {
        return Some((None, used));
    };
    let joined = reader.pointed(source.clone(), pointers).await;
    let (proposal, verdicts) = joined.map_err(unread).ok()?;
    used.judge(verdicts);
    Some((Some(proposal), used))
}

/// The shape of the answer, as strict servers take it.
pub fn shape() -> Value {
    strict::<Answer>()
}

/// What a model points at in passages of an organisation's pages.
pub async fn point_at(
    model: &Model,
    consent: &Consent,
    passages: &[String],
    deadline: Instant,
) -> Asked<Pointers> {
    let asked: Asked<Answer> = model.ask(consent, &PROMPT, passages, deadline).await;
    Asked {
        answer: asked.answer.map(|answer| Pointers {
            revenue: answer.revenue,
            employee_count: answer.employee_count,
            address: answer.address,
        }),
        spent: asked.spent,
        unread: asked.unread,
    }
}

impl ModelUse {
    fn new(model: &Model) -> Self {
        let schema = shape().to_string();
        Self {
            usage: Usage::new(model, PROMPT.stamp(&schema, pointed::READER)),
            proposed: 0,
            agreed: 0,
            stored: 0,
            dropped: 0,
            verdicts: Verdicts::default(),
        }
    }

    fn judge(&mut self, verdicts: Verdicts) {
        let count = |wanted: &[Verdict]| {
            let verdicts = verdicts.iter();
            verdicts.filter(|verdict| wanted.contains(verdict)).count()
        };
        self.proposed = verdicts.iter().count();
        self.agreed = count(&[Verdict::Agreed]);
        self.stored = count(&[Verdict::Stored]);
        self.dropped = self.proposed - self.agreed - self.stored;
        self.verdicts = verdicts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every version of the prompt that was ever deployed, and its hash.
    const VERSIONS: [(u32, &str); 1] = [(
        1,
        "8d4d68f89271e5ab6d805b2a1025909d885cd8476a73f45d4666fea778f1011f",
    )];

    #[test]
    fn the_prompts_text_is_that_of_its_version() {
        PROMPT.check_version(&VERSIONS);
    }

    #[test]
    fn the_shape_of_the_answer_is_strict_and_every_field_may_be_null() {
        let schema = shape();
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties.len(), 3);
        for (name, property) in properties {
            assert_eq!(
                property["type"],
                serde_json::json!(["string", "null"]),
                "{name}"
            );
            assert!(property["description"].is_string(), "{name}");
        }
    }
}
