//! Asks a language model which skills a member's titles need: only for an organisation that has opted in, only where an
//! operator has named a model, never for a preview.
//!
//! What is made of the answer is decided in [`proposals`](crate::proposals). Whatever the model or its server does, the
//! maps are made as they would be without.

use domain::document::Envelope;
use domain::ids::{derived, ItemId, LogId, MemberSkillsId};
use domain::rows::{ActivityLog, Organization, Row};
use model::usage::{configured, deadline};
use model::{Asked, Consent, Model, Usage};
use platform::activity::{Change, SYSTEM};
use platform::appwrite::{AppwriteError, CreateOutcome, Query, RowPage};
use platform::caller::Caller;
use platform::scope::Scope;
use platform::Cx;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use tokio::time::Instant;

use crate::proposals::{passages, stamp, Answer, PROMPT};

/// Questions of an organisation on one day of the server's, which begins at midnight UTC.
pub const MOST_QUESTIONS_A_DAY: usize = 25;

/// Questions of one call: whoever asks for the maps waits for them.
const MOST_IN_A_CALL: usize = 5;

/// Questions of one sweep, if there is time for so many.
const MOST_IN_A_SWEEP: usize = 50;

/// What the log calls a question.
const ACTION: &str = "model_asked";

/// The questions of one execution.
pub(crate) struct Questions {
    model: Option<&'static Model>,
    /// All of them end by then.
    until: Instant,
    left: usize,
}

/// That an organisation lets a model be asked, and which.
pub(crate) struct Permission {
    model: &'static Model,
    consent: Consent,
}

/// What came of a question.
pub(crate) struct Answered {
    pub(crate) usage: Usage,
    /// None without one.
    pub(crate) answer: Option<Answer>,
}

/// A row of the log of which only that it is there counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnyEntry {
    item_id: String,
}

impl Row for AnyEntry {
    const TABLE: &'static str = ActivityLog::TABLE;
    type Id = LogId;
}

/// What the log tells of a question: which model was sent how many titles, and none of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    titles: usize,
    provider: String,
    model_used: String,
    prompt_version: String,
}

impl Questions {
    pub(crate) fn new(cx: &Cx) -> Self {
        Self {
            model: configured(cx),
            until: deadline(cx),
            left: match cx.caller {
                _ if cx.dry_run => 0,
                Caller::Schedule => MOST_IN_A_SWEEP,
                Caller::User(_) | Caller::Token { .. } | Caller::Event { .. } => MOST_IN_A_CALL,
            },
        }
    }

    /// Whether another one may be asked.
    pub(crate) fn are_left(&self) -> bool {
        self.left > 0 && Instant::now() < self.until
    }

    /// Whether what a model says counts for this organisation.
    pub(crate) fn permitted(&self, organization: &Organization) -> Option<Permission> {
        Some(Permission {
            consent: Consent::of(organization)?,
            model: self.model?,
        })
    }

    /// Asks about titles of one member's. None: there is no room for another question, and nobody was asked.
    pub(crate) async fn ask(
        &mut self,
        cx: &Cx,
        permission: &Permission,
        scope: &Scope,
        map: &MemberSkillsId,
        titles: &[(ItemId, String)],
    ) -> Result<Option<Answered>, AppwriteError> {
        if !self.are_left() {
            return Ok(None);
        }
        self.left -= 1;
        let Permission { model, consent } = permission;
        let mut usage = Usage::new(model, stamp());
        let sent = Sent {
            titles: titles.len(),
            provider: usage.provider.clone(),
            model_used: usage.model_used.clone(),
            prompt_version: usage.prompt_version.clone(),
        };
        if !has_room(cx, scope, map, sent).await? {
            cx.note("the organisation has had as many questions to the model as it may today");
            return Ok(None);
        }
        let passages = passages(titles);
        let asked: Asked<Answer> = model.ask(consent, &PROMPT, &passages, self.until).await;
        let answer = usage.record(cx, asked);
        Ok(Some(Answered { usage, answer }))
    }
}

/// Takes one of the organisation's questions of the day. Each has a row of its own, made before it is asked: so they are
/// counted whatever becomes of processes, and two never take the same.
async fn has_room(
    cx: &Cx,
    scope: &Scope,
    map: &MemberSkillsId,
    sent: Sent,
) -> Result<bool, AppwriteError> {
    let day: String = cx
        .now()
        .to_string()
        .chars()
        .take("2026-11-27".len())
        .collect();
    let ids: Vec<LogId> = (0..MOST_QUESTIONS_A_DAY)
        .map(|number| {
            let parts = [scope.organization.as_ref(), &day, &number.to_string()];
            LogId::from(derived(ACTION, &parts))
        })
        .collect();
    let queries = [
        Query::equal("$id", ids.iter().map(AsRef::as_ref)),
        Query::limit(MOST_QUESTIONS_A_DAY),
    ];
    let taken: RowPage<AnyEntry> = cx.rows.list(&queries).await?;
    let row = ActivityLog {
        organization_id: scope.organization.clone(),
        workspace_id: Some(scope.workspace.clone()),
        item_type: "member_skills".to_owned(),
        item_id: map.as_ref().to_owned(),
        action_type: ACTION.to_owned(),
        actor_user_id: cx.user().map_or(SYSTEM, AsRef::as_ref).to_owned(),
        before_json: None,
        after_json: Some(Envelope::new(&Change {
            columns: Map::new(),
            beside: sent,
        })),
        request_id: cx.execution.clone(),
    };
    for id in ids {
        let is_taken = taken.rows.iter().any(|entry| entry.id == id);
        if !is_taken && matches!(cx.rows.create(&id, &row, &[]).await?, CreateOutcome::New(_)) {
            return Ok(true);
        }
    }
    Ok(false)
}
