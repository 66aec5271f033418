//! The one failure of every function and its table of status and code.

use std::fmt;

use serde_json::error::Category;
use serde_json::{json, Value};

use crate::ids::ExecutionId;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $status:literal $code:literal),+ $(,)?) => {
        /// What can go wrong, as the caller sees it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            /// Every code, for the table in functions/README.md.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// HTTP status, always 4xx or 5xx.
            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status),+ }
            }

            /// The word that stands in `error.code` and at the head of a job's errorMessage.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code),+ }
            }
        }
    };
}

codes! {
    /// The body is not what the route takes.
    InvalidRequest = 400 "invalid_request",
    /// Nobody is signed in.
    SignInRequired = 401 "sign_in_required",
    /// The personal access token opens nothing.
    TokenRefused = 401 "token_refused",
    /// The caller is known and may not do this.
    NotAllowed = 403 "not_allowed",
    /// The organisation or workspace is archived.
    Archived = 403 "archived",
    /// The account's e-mail address is not verified.
    VerifyEmail = 403 "verify_email",
    /// Who invited may not invite any more.
    InviterNotAdmin = 403 "inviter_not_admin",
    /// The user was a member and is not any more.
    MembershipEnded = 403 "membership_ended",
    /// No such invite, or one for somebody else.
    InviteNotForYou = 404 "invite_not_for_you",
    /// No such row, or none that the caller may know of.
    NotFound = 404 "not_found",
    UnknownRoute = 404 "unknown_route",
    WrongMethod = 405 "wrong_method",
    /// The row is not in a state that allows this.
    Conflict = 409 "conflict",
    /// The job was cancelled by its requester.
    Cancelled = 409 "cancelled",
    /// Another execution finished or took over the job.
    Superseded = 409 "superseded",
    /// Somebody has joined by this invite.
    InviteUsed = 409 "invite_used",
    InviteExpired = 410 "invite_expired",
    InviteRevoked = 410 "invite_revoked",
    /// More than a request may hold.
    TooLarge = 413 "too_large",
    /// The website's address is one we do not fetch.
    AddressRefused = 422 "address_refused",
    /// robots.txt asks us not to read the page.
    RobotsRefused = 422 "robots_refused",
    /// The website did not answer with a page.
    FetchFailed = 422 "fetch_failed",
    /// The website's pages take more memory or time than pages may.
    UnreadablePage = 422 "unreadable_page",
    /// More open jobs than one organisation may have.
    TooManyJobs = 429 "too_many_jobs",
    /// The work did not fit into the function's time.
    TimedOut = 504 "timed_out",
    /// A run of the job ended without finishing it, more than once.
    Abandoned = 500 "abandoned",
    /// The deployment lacks a variable or a scope.
    NotConfigured = 500 "not_configured",
    /// Appwrite did not answer as it should.
    Unavailable = 503 "unavailable",
    Internal = 500 "internal",
}

/// Why a call or a job failed: a code, words for the caller, and inside detail for the log only.
#[derive(Debug)]
pub struct Failure {
    pub code: Code,
    /// What happened and what to do, for the caller's eyes.
    pub message: String,
    detail: Option<Detail>,
}

/// Inside detail for the log, one line: this code's own words, and of a foreign error its kind and place. Such an error's
/// words may quote what a person or a website said, so there is no way from them to here.
#[derive(Debug)]
pub struct Detail(String);

impl Detail {
    pub fn new(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// What happened, and where in the code or to which process: never text that somebody else wrote.
    pub fn place(what: &'static str, place: &str) -> Self {
        Self(format!("{what} {place}"))
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<serde_json::Error> for Detail {
    fn from(error: serde_json::Error) -> Self {
        let kind = match error.classify() {
            Category::Io => "JSON cannot be read or written",
            Category::Syntax => "this is not JSON",
            Category::Eof => "the JSON ends too early",
            Category::Data => "the JSON is of another shape",
        };
        // A value that never was text has no lines.
        match (error.line(), error.column()) {
            (0, _) => Self::new(kind),
            (line, column) => Self(format!("{kind}, line {line} column {column}")),
        }
    }
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: None,
        }
    }

    /// The same answer for a row that is absent and for one that the caller may not know of.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("There is no such {what}, or you have no access to it. Check the id and who you are signed in as."),
        )
    }

    /// An inside fault: the caller learns only that it is ours.
    pub fn internal(detail: Detail) -> Self {
        Self::new(
            Code::Internal,
            "Something went wrong on our side. Try again; if it stays, report the executionId.",
        )
        .with_detail(detail)
    }

    pub fn with_detail(mut self, detail: Detail) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Inside detail, one line, for the log.
    pub fn detail(&self) -> Option<String> {
        self.detail.as_ref().map(ToString::to_string)
    }

    pub fn body(&self, execution: Option<&ExecutionId>) -> Value {
        json!({"error": {"code": self.code.as_str(), "message": self.message, "executionId": execution}})
    }
}

/// As a job's errorMessage holds it: the code, a colon, what to do.
impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.as_str(), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_never_a_success_and_no_code_is_used_twice() {
        for code in Code::ALL {
            assert!((400..600).contains(&code.status()), "{code:?}");
            assert_eq!(
                Code::ALL
                    .iter()
                    .filter(|other| other.as_str() == code.as_str())
                    .count(),
                1
            );
        }
    }
}
