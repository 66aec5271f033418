//! What a handler gets: who calls, rows, clock and ids. Time, randomness and identity enter here and nowhere else.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::failure::{Code, Failure};
use domain::ids::{ExecutionId, UserId};
use domain::rows::Row;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::appwrite::{Appwrite, RowPage};
use crate::caller::Caller;
use crate::config::Config;

/// After this long the platform ends an execution: the `timeout` of every function in `appwrite.json`.
pub const TIMEOUT: Duration = Duration::from_secs(120);

/// A function's work stops this long after the execution began, so long before the platform ends it that a failed job
/// can still be written down.
pub const STOP_AFTER: Duration = Duration::from_secs(TIMEOUT.as_secs() - 20);

/// No request to Appwrite is begun later than this after the execution began.
pub const LAST_WRITE: Duration = Duration::from_secs(TIMEOUT.as_secs() - 5);

/// The context of one execution. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cx {
    pub caller: Caller,
    pub execution: ExecutionId,
    pub config: &'static Config,
    pub rows: Arc<Appwrite>,
    /// Nothing is written; the reply shows what would have been.
    pub dry_run: bool,
    pub(crate) began: Instant,
    pub(crate) notes: Arc<Mutex<Vec<String>>>,
}

impl Cx {
    /// The time to write into rows and to judge them by: the server's, not this host's.
    pub fn now(&self) -> Timestamp {
        self.rows.now()
    }

    /// A new id for a row without a natural key; UUIDv7, so that ids sort by age.
    pub fn new_id<I: From<Uuid>>(&self) -> I {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that makes new ids"
        )]
        Uuid::now_v7().into()
    }

    /// When the work must stop.
    pub fn stop_at(&self) -> Instant {
        self.began + STOP_AFTER
    }

    /// The signed-in user, or the user of the personal access token.
    ///
    /// # Errors
    /// `sign_in_required` where there is none: an event or the cron.
    pub fn user(&self) -> Result<&UserId, Failure> {
        match &self.caller {
            Caller::User(user) | Caller::Token { user, .. } => Ok(user),
            Caller::Event { .. } | Caller::Schedule => Err(Failure::new(
                Code::SignInRequired,
                "Only a signed-in user can do this.",
            )),
        }
    }

    /// A line for the execution's log, written when it ends. Never secrets, tokens, e-mail addresses or page bodies.
    pub fn note(&self, line: impl Into<String>) {
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line.into());
    }

    /// A line for each row of the page that cannot be read.
    pub fn note_unreadable<R: Row>(&self, page: &RowPage<R>) {
        for (id, why) in &page.malformed {
            self.note(format!("row {id} of {} cannot be read: {why}", R::TABLE));
        }
    }
}
