//! item_activity_log: one row for every change a function makes to an organisation's data.
//!
//! A row's id is derived from what it records, so that a retry cannot double it.

use serde_json::{Map, Value};

use crate::appwrite::{AppwriteError, Envelope, Stored};
use crate::cx::Cx;
use crate::ids::{derived, LogId, OrganizationId, WorkspaceId};
use crate::rows::{ActivityLog, Row};

/// Who is named where no user acted.
pub const SYSTEM: &str = "system";

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
    pub before: &'a Stored<R>,
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
    cx.rows.create(&id, &row(cx, activity), &[]).await.map(drop)
}

/// The log row, for who writes it under an id whose being there means something.
pub fn row<R: Row>(cx: &Cx, activity: Activity<'_, R>) -> ActivityLog {
    let before = columns(&activity.before.row);
    let after = columns(activity.after);
    let changed = |side: &Map<String, Value>, other: &Map<String, Value>| {
        let columns: Map<String, Value> = side
            .iter()
            .filter(|(column, value)| other.get(*column) != Some(value))
            .map(|(column, value)| (column.clone(), value.clone()))
            .collect();
        let members = [("columns", Value::Object(columns))];
        Some(Envelope::new("valyourise/change@1", members))
    };
    ActivityLog {
        organization_id: activity.organization.clone(),
        workspace_id: activity.workspace.cloned(),
        item_type: activity.item_type.to_owned(),
        item_id: activity.before.id.as_ref().to_owned(),
        action_type: activity.action.to_owned(),
        actor_user_id: activity.actor.to_owned(),
        before_json: changed(&before, &after),
        after_json: changed(&after, &before),
        request_id: cx.execution.clone(),
    }
}

fn columns<R: Row>(row: &R) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => columns,
        Ok(_) | Err(_) => Map::new(),
    }
}
