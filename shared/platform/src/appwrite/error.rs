//! What can go wrong between us and Appwrite, and which of it is no fault at all.

use domain::{Code, Detail, Failure};
use serde_json::{Map, Value};

/// What can go wrong between us and Appwrite.
#[derive(Debug, thiserror::Error)]
pub enum AppwriteError {
    /// It answered with an error; `kind` is the error's `type`, the only thing to match on. Its `message` may quote what a
    /// row holds: it is for the eyes of who holds the key, never for a log.
    #[error("Appwrite answered {status} {kind}{}", about(.column))]
    Refused {
        status: u16,
        kind: String,
        message: String,
        /// The column that it is about, where the message names one.
        column: Option<String>,
    },
    /// No usable answer after every try.
    #[error("Appwrite is out of reach: {what}")]
    Unreachable { what: String },
    #[error("the execution's time is over")]
    Deadline,
    /// An answer that is not what the API promises.
    #[error("Appwrite's answer cannot be read: {what}")]
    Unreadable { what: String },
    #[error("{column} begins with {{, and Appwrite may run such a text instead of storing it")]
    LooksLikeOperator { column: String },
    #[error("row {id} has an $updatedAt that is still to come, so it cannot be written safely; save it once without one")]
    Unguarded { id: String },
}

fn about(column: &Option<String>) -> String {
    let about = column.as_deref().map(|column| format!(" about {column}"));
    about.unwrap_or_default()
}

impl AppwriteError {
    /// Whether it is about this one row: another may well be written.
    pub fn is_of_row(&self) -> bool {
        match self {
            // Also of a column that was not sent, which no longer takes what the row holds there.
            Self::Refused { kind, .. } => {
                matches!(
                    kind.as_str(),
                    "row_invalid_structure" | "document_invalid_structure"
                )
            }
            Self::LooksLikeOperator { .. } | Self::Unguarded { .. } => true,
            Self::Unreachable { .. } | Self::Deadline | Self::Unreadable { .. } => false,
        }
    }

    /// With the column that a refusal is about, if it names one of these.
    pub(super) fn naming(self, columns: &Map<String, Value>) -> Self {
        match self {
            Self::Refused {
                status,
                kind,
                message,
                ..
            } => Self::Refused {
                column: columns
                    .keys()
                    .find(|name| message.contains(&format!("\"{name}\"")))
                    .cloned(),
                status,
                kind,
                message,
            },
            other => other,
        }
    }

    /// Whether a page could not be listed because the last row of the one before it is gone.
    pub fn is_cursor_gone(&self) -> bool {
        matches!(self, Self::Refused { kind, .. } if kind == "general_cursor_not_found")
    }
}

impl From<AppwriteError> for Detail {
    fn from(error: AppwriteError) -> Self {
        Self::place("no success:", &error.to_string())
    }
}

impl From<AppwriteError> for Failure {
    fn from(error: AppwriteError) -> Self {
        match &error {
            AppwriteError::Deadline => Self::new(
                Code::TimedOut,
                "The work did not fit into the function's time. Try again.",
            ),
            AppwriteError::Unreachable { .. } => Self::new(
                Code::Unavailable,
                "Appwrite did not answer. Nothing was lost; try again in a minute.",
            )
            .with_detail(error.into()),
            AppwriteError::Refused { kind, .. } if kind == "general_unauthorized_scope" => Self::new(
                Code::NotConfigured,
                "The function lacks a permission on the server. An operator finds the missing scope in its log.",
            )
            .with_detail(error.into()),
            AppwriteError::Unguarded { .. } => Self::new(
                Code::Unavailable,
                "What is to be changed carries a time that is still to come, and nothing is changed before it. Try again \
                 in a minute.",
            )
            .with_detail(error.into()),
            AppwriteError::Refused { .. }
            | AppwriteError::Unreadable { .. }
            | AppwriteError::LooksLikeOperator { .. } => Self::internal(error.into()),
        }
    }
}

/// An answer of another shape. A parser's words may quote a person's name or address, so only its place is kept.
pub(super) fn misread(what: &'static str) -> impl Fn(serde_json::Error) -> AppwriteError {
    move |error| unreadable(&format!("{what}: {}", Detail::from(error)))
}

pub(super) fn unreadable(what: &str) -> AppwriteError {
    AppwriteError::Unreadable {
        what: what.to_owned(),
    }
}

/// Appwrite 1.9 says `row_already_exists` for ids and unique columns alike; 2.x tells them apart.
pub(super) fn is_taken(kind: &str) -> bool {
    matches!(
        kind,
        "row_already_exists" | "document_already_exists" | "row_unique_constraint_violation"
    )
}

pub(super) fn is_conflict(kind: &str) -> bool {
    matches!(kind, "row_update_conflict" | "document_update_conflict")
}

pub(super) fn is_no_membership(kind: &str) -> bool {
    matches!(
        kind,
        "membership_not_found" | "team_invite_not_found" | "team_not_found" | "user_not_found"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_tells_its_kind_and_the_column_and_not_its_words() {
        let refused = AppwriteError::Refused {
            status: 400,
            kind: "row_invalid_structure".to_owned(),
            message: r#"Attribute "email" has invalid value ada@example.com"#.to_owned(),
            column: None,
        };
        let columns = Map::from_iter([("email".to_owned(), json!("ada@example.com"))]);
        let told = refused.naming(&columns).to_string();
        assert_eq!(
            told,
            "Appwrite answered 400 row_invalid_structure about email"
        );
    }
}
