//! item_activity_log: one row for every change a function makes to an organisation's data.
//!
//! A row's id is derived from what it records, so that a retry cannot double it.

use domain::document::{Document, Envelope};
use domain::ids::{derived, LogId, OrganizationId, WorkspaceId};
use domain::rows::{ActivityLog, Row};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::appwrite::{AppwriteError, StoredRow};
use crate::cx::Cx;

/// Who is named where no user acted.
pub const SYSTEM: &str = "system";

/// The columns that changed, as they were before or after; and what else the row has to tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change<X> {
    pub columns: Map<String, Value>,
    #[serde(flatten)]
    pub beside: X,
}

impl<X: Serialize + DeserializeOwned> Document for Change<X> {
    const NAME: &'static str = "change";
    const VERSION: u32 = 1;
}

/// What a log row records.
#[derive(Debug)]
pub struct Activity<'a, R: Row> {
    pub organization: &'a OrganizationId,
    pub workspace: Option<&'a WorkspaceId>,
    /// What kind of thing changed, for example `organization`.
    pub item_type: &'a str,
    pub action: &'a str,
    /// A user id, or [`SYSTEM`].
    pub actor: &'a str,
    pub before: &'a StoredRow<R>,
    pub after: &'a R,
}

/// Writes the log row, unless it is there already.
pub async fn record<R: Row>(cx: &Cx, activity: Activity<'_, R>) -> Result<(), AppwriteError> {
    // The version before the change is the change's own: no two changes of a row start from the same one.
    let id = LogId::from(derived(
        "log",
        &[
            activity.action,
            activity.before.id.as_ref(),
            &activity.before.version.to_string(),
        ],
    ));
    let row = row(cx, activity, ());
    cx.rows.create(&id, &row, &[]).await.map(drop)
}

/// The log row, for who writes it under an id whose being there means something; with what it tells beside the columns.
pub fn row<R: Row, X: Serialize + DeserializeOwned>(
    cx: &Cx,
    activity: Activity<'_, R>,
    beside: X,
) -> ActivityLog {
    let before = columns(&activity.before.row);
    let after = columns(activity.after);
    let changed = |side: &Map<String, Value>, other: &Map<String, Value>| -> Map<String, Value> {
        side.iter()
            .filter(|(column, value)| other.get(*column) != Some(value))
            .map(|(column, value)| (column.clone(), value.clone()))
            .collect()
    };
    let before_change = Change {
        columns: changed(&before, &after),
        beside: (),
    };
    let after_change = Change {
        columns: changed(&after, &before),
        beside,
    };
    ActivityLog {
        organization_id: activity.organization.clone(),
        workspace_id: activity.workspace.cloned(),
        item_type: activity.item_type.to_owned(),
        item_id: activity.before.id.as_ref().to_owned(),
        action_type: activity.action.to_owned(),
        actor_user_id: activity.actor.to_owned(),
        before_json: Some(Envelope::new(&before_change)),
        after_json: Some(Envelope::new(&after_change)),
        request_id: cx.execution.clone(),
    }
}

fn columns<R: Row>(row: &R) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => columns,
        Ok(_) | Err(_) => Map::new(),
    }
}
