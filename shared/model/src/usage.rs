//! What is alike wherever a function asks: the operator's model, how long an answer may take, how many questions an
//! organisation has a day, and what is written down of it.

use std::sync::OnceLock;
use std::time::Duration;

use domain::ids::OrganizationId;
use domain::rows::{size, Row};
use platform::appwrite::{Query, RowPage};
use platform::job::Claim;
use platform::Cx;
use serde::Serialize;
use tokio::time::Instant;

use crate::ask::{Asked, Model, NoAnswer, Spent};

/// How far back an organisation's questions count.
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a model's answer may take. Who waits for the function is cut off after 30 s anyway.
const PATIENCE: Duration = Duration::from_secs(40);

/// What is left of the execution's time for reading the answer and writing the result down.
const RESERVE: Duration = Duration::from_secs(15);

/// How a model was asked, and why it did not answer: stored beside what came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    pub provider: String,
    pub model_used: String,
    pub prompt_version: String,
    #[serde(flatten)]
    pub spent: Spent,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_answer: Option<NoAnswer>,
    /// What its code means and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Usage {
    pub fn new(model: &Model, prompt_version: String) -> Self {
        Self {
            provider: model.provider().chars().take(size::PROVIDER).collect(),
            model_used: model.name().chars().take(size::MODEL_USED).collect(),
            prompt_version,
            spent: Spent::default(),
            no_answer: None,
            reason: None,
        }
    }

    /// Adds what a question has cost and, without an answer, why. The log tells of a reply that cannot be read.
    pub fn record<A>(&mut self, cx: &Cx, asked: Asked<A>) -> Option<A> {
        self.spent.calls += asked.spent.calls;
        self.spent.prompt_tokens += asked.spent.prompt_tokens;
        self.spent.completion_tokens += asked.spent.completion_tokens;
        if let Some(unread) = asked.unread {
            cx.note(format!("the model's reply cannot be read: {unread}"));
        }
        asked.answer.map_err(|why| self.end_without(why)).ok()
    }

    /// There is no answer, and there will be none.
    pub fn end_without(&mut self, why: NoAnswer) {
        self.reason = Some(why.to_string());
        self.no_answer = Some(why);
    }
}

/// How a job was done that may ask: the `meta` of its document.
#[derive(Debug, Serialize)]
pub struct Meta<'a, M> {
    #[serde(flatten)]
    pub claim: &'a Claim,
    /// None where nobody was to be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<&'a M>,
}

/// The model that the operator has named; what it is known to take is known to the whole process.
pub fn configured(cx: &Cx) -> Option<&'static Model> {
    static MODEL: OnceLock<Model> = OnceLock::new();
    let server = cx.config.model.as_ref()?;
    Some(MODEL.get_or_init(|| Model::new(server.clone())))
}

/// Until when an answer is waited for.
pub fn deadline(cx: &Cx) -> Instant {
    let now = Instant::now();
    let stop_at = Instant::from_std(cx.stop_at());
    let deadline = stop_at.checked_sub(RESERVE).unwrap_or(now);
    deadline.min(now + PATIENCE)
}

/// Whether the organisation's rows of a [`DAY`] in this table are so many at most. Each stands for a question: counting
/// rows holds whatever becomes of processes, and of jobs that failed. None where they cannot be counted.
pub async fn has_room<R: Row>(cx: &Cx, organization: &OrganizationId, most: usize) -> Option<bool> {
    let queries = [
        Query::equal("organizationId", [organization.as_ref()]),
        Query::greater_than("$createdAt", cx.now().minus(DAY).to_string()),
        Query::limit(most + 1),
    ];
    let page: Result<RowPage<R>, _> = cx.rows.list(&queries).await;
    Some(page.ok()?.size() <= most)
}
