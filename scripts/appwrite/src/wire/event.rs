//! What is told of a committed write, and by which names it is heard.

use serde_json::Value;

/// Which of a row's two names the operation goes out under (contract §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// `databases.D.tables.T.rows.R.…`
    Tables,
    /// `databases.D.collections.T.documents.R.…`
    Collections,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
    Upsert,
    Delete,
}

/// One committed change of one row.
#[derive(Debug, Clone)]
pub(crate) struct RowEvent {
    pub(crate) database: String,
    pub(crate) table: String,
    pub(crate) row: String,
    pub(crate) action: Action,
    pub(crate) via: Via,
    /// The user whose session or token wrote; nothing for keys.
    pub(crate) user: Option<String>,
    /// What the subscribed functions get as body.
    pub(crate) payload: Value,
}

impl Action {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Upsert => "upsert",
            Self::Delete => "delete",
        }
    }
}

impl RowEvent {
    /// The most specific of its names, which the function is told.
    pub(crate) fn name(&self) -> String {
        self.segments(self.via).join(".")
    }

    fn segments(&self, via: Via) -> [&str; 7] {
        let (table, row) = match via {
            Via::Tables => ("tables", "rows"),
            Via::Collections => ("collections", "documents"),
        };
        [
            "databases",
            &self.database,
            table,
            &self.table,
            row,
            &self.row,
            self.action.name(),
        ]
    }

    /// Whether a subscription names it: by its whole name, without the action, or by table or database alone, with `*`
    /// for any id, and through either of the two namings.
    pub(crate) fn fits(&self, pattern: &str) -> bool {
        let pattern: Vec<&str> = pattern.split('.').collect();
        if ![7, 6, 4, 2].contains(&pattern.len()) {
            return false;
        }
        [Via::Tables, Via::Collections].into_iter().any(|via| {
            let name = self.segments(via);
            pattern.iter().enumerate().all(|(position, part)| {
                let is_id = matches!(position, 1 | 3 | 5);
                *part == name[position] || (is_id && *part == "*")
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Action, RowEvent, Via};

    #[track_caller]
    fn check_fit(pattern: &str, expect: bool) {
        let event = RowEvent {
            database: "main_dev".to_owned(),
            table: "okr_items".to_owned(),
            row: "r1".to_owned(),
            action: Action::Upsert,
            via: Via::Tables,
            user: None,
            payload: json!({}),
        };
        assert_eq!(event.fits(pattern), expect, "{pattern}");
    }

    #[test]
    fn an_event_is_heard_under_all_of_its_names() {
        check_fit("databases.*.tables.okr_items.rows.*", true);
        check_fit("databases.*.collections.okr_items.documents.*", true);
        check_fit("databases.main_dev.tables.*.rows.r1.upsert", true);
        check_fit("databases.*.tables.*", true);
        check_fit("databases.main_dev", true);
        check_fit("databases.*.tables.okr_items.rows.*.create", false);
        check_fit("databases.main_database.tables.okr_items.rows.*", false);
        check_fit("databases.*.tables.okr_items.rows.create", false);
        check_fit("databases.*.tables.okr_items.*.r1", false);
    }
}
