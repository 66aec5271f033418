//! What may go wrong with a request that functions make, and with which: the words in which tests ask for it.

use crate::wire::Call;

/// What goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An answer of this status instead of the real one.
    Answer(u16),
    /// An answer of success that holds a page instead of JSON.
    Garble,
    /// An answer of success that ends in the middle, and the connection with it.
    BreakOff,
    /// The connection is closed without an answer.
    Lose,
    /// The connection is reset (TCP RST) without an answer.
    Reset,
    /// The connection stays open and no answer comes, until whoever asked gives up.
    TimeOut,
    /// The process of this function dies (SIGKILL).
    Kill(String),
    /// Nothing happens until [`crate::EmbeddedAppwrite::let_go`]; then it goes on as if nothing had been.
    Hold,
}

/// Whether the request is carried out before it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It is not carried out.
    Before,
    /// It is carried out, only its sender never learns of it.
    After,
}

/// A kind of request that functions make; where it names a table, that of any database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    Any,
    /// Lists of rows of a table.
    ListOf(&'static str),
    CreateOf(&'static str),
    PatchOf(&'static str),
    /// Lists of a team's memberships.
    ListOfMembers,
    /// Additions to a team.
    JoinOfTeam,
    /// Reads of a user's account.
    ReadOfAccount,
    /// Method and path as in `PATCH /tablesdb/*/transactions/*`; `*` stands for any one part.
    Like(&'static str),
}

/// The request that a fault is planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nth {
    pub(crate) requests: Requests,
    /// Counted from 1.
    pub(crate) nth: usize,
    /// The function whose next execution is meant; all requests of all executions where there is none.
    pub(crate) function: Option<&'static str>,
}

impl Nth {
    /// Only that of the function's next execution: the first that has asked nothing yet. What others ask in the meantime,
    /// as executions do that an event of it starts, is not counted.
    #[must_use]
    pub fn of_next_execution(self, function: &'static str) -> Self {
        Self {
            function: Some(function),
            ..self
        }
    }
}

impl Requests {
    /// The `nth` of them from now on, counted from 1.
    pub fn nth(self, nth: usize) -> Nth {
        Nth {
            requests: self,
            nth,
            function: None,
        }
    }

    pub(crate) fn fit(self, call: &Call) -> bool {
        let rows = |method, table, more: &str| {
            is_like(
                &format!("{method} /tablesdb/*/tables/{table}/rows{more}"),
                call,
            )
        };
        match self {
            Self::Any => true,
            Self::ListOf(table) => rows("GET", table, ""),
            Self::CreateOf(table) => rows("POST", table, ""),
            Self::PatchOf(table) => rows("PATCH", table, "/*"),
            Self::ListOfMembers => is_like("GET /teams/*/memberships", call),
            Self::JoinOfTeam => is_like("POST /teams/*/memberships", call),
            Self::ReadOfAccount => is_like("GET /users/*", call),
            Self::Like(pattern) => is_like(pattern, call),
        }
    }
}

/// Of all requests.
impl From<usize> for Nth {
    fn from(nth: usize) -> Self {
        Requests::Any.nth(nth)
    }
}

fn is_like(pattern: &str, call: &Call) -> bool {
    let Some((method, path)) = pattern.split_once(" /") else {
        return false;
    };
    let parts: Vec<&str> = path.split('/').collect();
    method == call.method
        && parts.len() == call.path.len()
        && parts
            .iter()
            .zip(&call.path)
            .all(|(part, given)| *part == "*" || part == given)
}

#[cfg(test)]
mod tests {
    use super::Requests;
    use crate::wire::Call;

    #[track_caller]
    fn check(requests: Requests, asked: &str, expect: bool) {
        assert_eq!(requests.fit(&Call::asking(asked)), expect, "{asked}");
    }

    #[test]
    fn a_kind_of_request_is_its_method_and_the_shape_of_its_path() {
        let rows = "/tablesdb/main_dev/tables/scrape_jobs/rows";
        check(
            Requests::ListOf("scrape_jobs"),
            &format!("GET {rows}"),
            true,
        );
        check(
            Requests::ListOf("scrape_jobs"),
            &format!("GET {rows}/job1"),
            false,
        );
        check(
            Requests::ListOf("org_invites"),
            &format!("GET {rows}"),
            false,
        );
        check(
            Requests::CreateOf("scrape_jobs"),
            &format!("POST {rows}"),
            true,
        );
        check(
            Requests::PatchOf("scrape_jobs"),
            &format!("PATCH {rows}/job1"),
            true,
        );
        check(
            Requests::PatchOf("scrape_jobs"),
            &format!("PATCH {rows}"),
            false,
        );
        check(Requests::ListOfMembers, "GET /teams/t1/memberships", true);
        check(Requests::JoinOfTeam, "POST /teams/t1/memberships", true);
        check(Requests::ReadOfAccount, "GET /users/ada", true);
        check(Requests::ReadOfAccount, "GET /users/ada/sessions", false);
        check(
            Requests::Like("PATCH /tablesdb/*/transactions/*"),
            "PATCH /tablesdb/x/transactions/y",
            true,
        );
        check(Requests::Any, "DELETE /users/ada", true);
    }
}
