//! What goes back when a call is refused: Appwrite's `{"message","code","type","version"}`.

use serde_json::{json, Value};

use crate::options::Line;

/// `type` of a path that leads nowhere; the only error answered with a page.
pub(crate) const NO_ROUTE: &str = "general_route_not_found";

#[derive(Debug, Clone)]
pub(crate) struct Error {
    /// HTTP status, also `code` in the body.
    pub(crate) status: u16,
    /// Appwrite's `type`, such as `row_not_found`.
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    /// What really happened, for standard error only.
    pub(crate) inside: Option<String>,
    /// What line 2 says instead.
    pub(crate) newer: Option<Box<Error>>,
}

impl Error {
    pub(crate) fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
            inside: None,
            newer: None,
        }
    }

    /// 400 `general_argument_invalid`: a parameter was missing or malformed.
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(400, "general_argument_invalid", message)
    }

    /// 404 of a row, table, database and so on: `kind` is the type, `what` the word in the message.
    pub(crate) fn missing(kind: &'static str, what: &str, id: &str) -> Self {
        Self::new(
            404,
            kind,
            format!("{what} with the requested ID '{id}' could not be found."),
        )
    }

    /// 404 of users, functions and the like, whose message does not tell the id.
    pub(crate) fn not_found(kind: &'static str, what: &str) -> Self {
        Self::new(
            404,
            kind,
            format!("{what} with the requested ID could not be found."),
        )
    }

    /// 501: Appwrite can, this server cannot.
    pub(crate) fn not_here(message: impl Into<String>) -> Self {
        Self::new(501, "general_not_implemented", message)
    }

    /// 404 [`NO_ROUTE`].
    pub(crate) fn no_route() -> Self {
        Self::new(
            404,
            NO_ROUTE,
            "The requested route was not found. Please refer to the API docs and try again.",
        )
    }

    /// 500 `general_unknown`: ours, or a failure of the real one that is imitated.
    pub(crate) fn unknown(inside: impl Into<String>) -> Self {
        Self {
            inside: Some(inside.into()),
            ..Self::new(500, "general_unknown", "Server Error")
        }
    }

    /// Line 2 refuses the same in these words.
    pub(crate) fn since_2(self, newer: Self) -> Self {
        Self {
            newer: Some(Box::new(newer)),
            ..self
        }
    }

    /// As this line says it.
    pub(crate) fn on(self, line: Line) -> Self {
        match (line, self.newer) {
            (Line::V2, Some(newer)) => *newer,
            (_, newer) => Self { newer, ..self },
        }
    }

    pub(crate) fn body(&self, line: Line) -> Value {
        let version = line.version();
        json!({"message": self.message, "code": self.status, "type": self.kind, "version": version})
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::unknown(error.to_string())
    }
}
