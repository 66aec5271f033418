//! Who is calling, told from the headers that the platform sets.
//!
//! `x-appwrite-trigger` decides first: callers can send `x-appwrite-event` themselves on an HTTP call, and anyone who
//! may execute a function can make a scheduled execution, so "schedule" proves nothing and is only ever allowed to do
//! harmless, bounded, idempotent work.

use std::collections::HashMap;

use domain::failure::{Code, Failure};
use domain::ids::{Id, UserId};
use domain::rows::TokenScope;
use domain::token::Secret;

/// The header of a personal access token. `authorization` never arrives: the platform replaces it.
pub const TOKEN_HEADER: &str = "x-valyourise-pat";

/// The origin of one execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A signed-in user through the executions API.
    User(UserId),
    /// A user's program, by a personal access token that was found good.
    Token {
        user: UserId,
        scopes: Vec<TokenScope>,
    },
    /// A row was written. `by` is the user who wrote it, none for an API key or a function.
    Event {
        event: EventName,
        by: Option<UserId>,
    },
    /// The cron, or somebody who says so.
    Schedule,
}

/// Who a request says it is, before anything is looked up.
#[derive(Debug)]
pub(crate) enum Credentials {
    /// The platform vouches for it.
    Caller(Caller),
    /// A personal access token; worth nothing until it is looked up.
    Token(Secret),
}

/// Which row an event is about, by the name of the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventName {
    pub database: String,
    pub table: String,
    pub row: String,
    pub action: String,
}

impl Caller {
    /// One word for the log.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Token { .. } => "token",
            Self::Event { .. } => "event",
            Self::Schedule => "schedule",
        }
    }
}

impl Credentials {
    /// Reads a request's headers (lower-case names).
    ///
    /// # Errors
    /// `sign_in_required` for an HTTP call with neither user nor token; `invalid_request` for one with both, and for a
    /// trigger or event nobody sends.
    pub(crate) fn from_headers(headers: &HashMap<String, String>) -> Result<Self, Failure> {
        let header = |name: &str| headers.get(name).map_or("", |value| value.trim());
        let user = || UserId::parse(header("x-appwrite-user-id"));
        match header("x-appwrite-trigger") {
            "schedule" => Ok(Self::Caller(Caller::Schedule)),
            "event" => Ok(Self::Caller(Caller::Event {
                event: EventName::parse(header("x-appwrite-event")).ok_or_else(|| {
                    Failure::new(Code::InvalidRequest, "The event is not one about a row.")
                })?,
                by: user(),
            })),
            "http" => match (user(), header(TOKEN_HEADER)) {
                (Some(user), "") => Ok(Self::Caller(Caller::User(user))),
                (None, "") => Err(Failure::new(
                    Code::SignInRequired,
                    "Sign in and call the function as that user.",
                )),
                (None, token) => Ok(Self::Token(Secret::new(token))),
                (Some(_), _) => Err(Failure::new(
                    Code::InvalidRequest,
                    "The call comes from a signed-in user and carries a personal access token. Send one of the two.",
                )),
            },
            _ => Err(Failure::new(
                Code::InvalidRequest,
                "The call does not say what triggered it. Call the function through Appwrite.",
            )),
        }
    }

    /// One word for the log.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Caller(caller) => caller.kind(),
            Self::Token(_) => "token",
        }
    }
}

impl EventName {
    /// Reads `databases.D.tables.T.rows.R.ACTION` and its mirrored spellings by position.
    fn parse(name: &str) -> Option<Self> {
        let segments: Vec<&str> = name.split('.').collect();
        match segments.as_slice() {
            ["databases" | "tablesdb", database, "tables" | "collections", table, "rows" | "documents", row, action] => {
                Some(Self {
                    database: (*database).to_owned(),
                    table: (*table).to_owned(),
                    row: (*row).to_owned(),
                    action: (*action).to_owned(),
                })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn caller(pairs: &[(&str, &str)]) -> Result<Caller, Code> {
        match Credentials::from_headers(&headers(pairs)) {
            Ok(Credentials::Caller(caller)) => Ok(caller),
            Ok(Credentials::Token(_)) => panic!("nobody sent a token"),
            Err(failure) => Err(failure.code),
        }
    }

    #[test]
    fn both_spellings_of_a_row_event_are_read() {
        let expect = EventName {
            database: "main_dev".to_owned(),
            table: "scrape_jobs".to_owned(),
            row: "j1".to_owned(),
            action: "create".to_owned(),
        };
        for name in [
            "databases.main_dev.tables.scrape_jobs.rows.j1.create",
            "databases.main_dev.collections.scrape_jobs.documents.j1.create",
            "tablesdb.main_dev.tables.scrape_jobs.rows.j1.create",
        ] {
            let found = caller(&[("x-appwrite-trigger", "event"), ("x-appwrite-event", name)]);
            let expect = Caller::Event {
                event: expect.clone(),
                by: None,
            };
            assert_eq!(found, Ok(expect));
        }
    }

    #[test]
    fn an_http_call_that_names_an_event_is_still_an_http_call() {
        let found = caller(&[
            ("x-appwrite-trigger", "http"),
            (
                "x-appwrite-event",
                "databases.main_dev.tables.scrape_jobs.rows.j1.create",
            ),
            ("x-appwrite-user-id", "ada"),
        ]);
        assert_eq!(found, Ok(Caller::User(UserId::parse("ada").unwrap())));
    }

    #[test]
    fn nobody_is_not_a_user() {
        for user in ["", " ", "not an id"] {
            let found = caller(&[("x-appwrite-trigger", "http"), ("x-appwrite-user-id", user)]);
            assert_eq!(found, Err(Code::SignInRequired));
        }
        assert_eq!(caller(&[]), Err(Code::InvalidRequest));
    }

    #[test]
    fn a_token_counts_on_an_http_call_without_a_user_only() {
        let presented = |trigger: &str, user: &str| {
            Credentials::from_headers(&headers(&[
                ("x-appwrite-trigger", trigger),
                ("x-appwrite-user-id", user),
                (TOKEN_HEADER, "vyr_x"),
            ]))
        };
        assert!(matches!(presented("http", ""), Ok(Credentials::Token(_))));
        assert_eq!(
            presented("http", "ada").unwrap_err().code,
            Code::InvalidRequest
        );
        let cron = presented("schedule", "");
        assert!(matches!(cron, Ok(Credentials::Caller(Caller::Schedule))));
        let shown = format!("{:?}", presented("http", ""));
        assert!(!shown.contains("vyr_x"), "{shown}");
    }
}
