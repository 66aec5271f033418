//! What the two job tables have in common: whose a job is, what state it is in, and which execution holds it.

use std::time::Duration;

use domain::document::{self, Document, Envelope};
use domain::ids::{ExecutionId, OrganizationId, UserId, WorkspaceId};
use domain::rows::{JobStatus, Report, Row, ScrapeJob};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cx::TIMEOUT;

/// A running job belongs to its execution for this long: the timeout, the 60 s that the function's key outlives it, and
/// half a minute for clocks.
pub const LEASE: Duration = Duration::from_secs(TIMEOUT.as_secs() + 60 + 30);

/// Which execution runs a job, since when, for the how many-th time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    pub function_execution_id: ExecutionId,
    pub started_at: Timestamp,
    pub attempt: u32,
}

/// What a JSON column holds while the job runs: the claim in its `meta`, and nothing else yet.
#[derive(Debug, Serialize, Deserialize)]
struct Claimed {}

impl Document for Claimed {
    const NAME: &'static str = "claim";
    const VERSION: u32 = 1;
}

impl Claim {
    fn envelope(&self) -> Envelope {
        Envelope::new(&Claimed {}).with_meta(self)
    }
}

/// What the two job tables have in common. Where a table has no column for the claim, it stands in a JSON column's
/// `meta`.
pub trait JobRow: Row {
    /// What a caller calls it.
    const WHAT: &'static str;
    fn status(&self) -> JobStatus;
    fn organization(&self) -> &OrganizationId;
    /// None of a job for a whole organisation.
    fn workspace(&self) -> Option<&WorkspaceId>;
    fn requested_by(&self) -> &UserId;
    /// The latest claim, if the row records a readable one.
    fn claim(&self) -> Option<Claim>;
    fn start(&mut self, claim: &Claim);
    fn end(&mut self, status: JobStatus, error_message: Option<String>, at: Timestamp);
}

pub(super) fn is_held<R: JobRow>(row: &R, claim: &Claim) -> bool {
    row.status() == JobStatus::Running && row.claim().as_ref() == Some(claim)
}

/// The claim that a JSON column of this bundle records.
fn claim_in(column: Option<&Envelope>) -> Option<Claim> {
    document::meta(&column?.text())
}

impl JobRow for ScrapeJob {
    const WHAT: &'static str = "job";

    fn status(&self) -> JobStatus {
        self.status
    }

    fn organization(&self) -> &OrganizationId {
        &self.organization_id
    }

    fn workspace(&self) -> Option<&WorkspaceId> {
        None
    }

    fn requested_by(&self) -> &UserId {
        &self.requested_by_user_id
    }

    fn claim(&self) -> Option<Claim> {
        claim_in(self.prefill_json.as_ref())
    }

    fn start(&mut self, claim: &Claim) {
        self.status = JobStatus::Running;
        self.function_execution_id = Some(claim.function_execution_id.clone());
        self.started_at = Some(claim.started_at);
        self.finished_at = None;
        self.error_message = None;
        self.prefill_json = Some(claim.envelope());
    }

    fn end(&mut self, status: JobStatus, error_message: Option<String>, at: Timestamp) {
        self.status = status;
        self.error_message = error_message;
        self.finished_at = Some(at);
    }
}

impl JobRow for Report {
    const WHAT: &'static str = "report";

    fn status(&self) -> JobStatus {
        self.status
    }

    fn organization(&self) -> &OrganizationId {
        &self.organization_id
    }

    fn workspace(&self) -> Option<&WorkspaceId> {
        Some(&self.workspace_id)
    }

    fn requested_by(&self) -> &UserId {
        &self.requested_by_user_id
    }

    fn claim(&self) -> Option<Claim> {
        claim_in(self.input_snapshot_json.as_ref())
    }

    fn start(&mut self, claim: &Claim) {
        self.status = JobStatus::Running;
        self.error_message = None;
        self.input_snapshot_json = Some(claim.envelope());
    }

    fn end(&mut self, status: JobStatus, error_message: Option<String>, _at: Timestamp) {
        self.status = status;
        self.error_message = error_message;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::appwrite::{StoredRow, Version};
    use domain::ids::{Id, ScrapeJobId};

    pub(in crate::job) fn at(seconds: i64) -> Timestamp {
        let base = Timestamp::parse("2026-01-01T12:00:00Z").unwrap();
        let span = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            base.minus(span)
        } else {
            base.plus(span)
        }
    }

    pub(in crate::job) fn stored(
        id: &str,
        organization: &str,
        created: i64,
        status: JobStatus,
    ) -> StoredRow<ScrapeJob> {
        StoredRow {
            id: ScrapeJobId::parse(id).unwrap(),
            created_at: at(created),
            version: Version::listed(at(created)),
            row: ScrapeJob {
                organization_id: Id::parse(organization).unwrap(),
                requested_by_user_id: Id::parse("ada").unwrap(),
                source_url: "https://example.com/".to_owned(),
                status,
                input_json: None,
                prefill_json: None,
                error_message: None,
                function_execution_id: None,
                model_used: None,
                provider: None,
                prompt_version: None,
                started_at: None,
                finished_at: None,
            },
        }
    }

    #[test]
    fn both_job_tables_record_a_claim_that_is_read_back() {
        let claim = Claim {
            function_execution_id: Id::parse("e1").unwrap(),
            started_at: at(0),
            attempt: 2,
        };
        let mut job = stored("j", "o", 0, JobStatus::Pending).row;
        job.start(&claim);
        assert_eq!(job.claim().as_ref(), Some(&claim));
        let mut report = Report {
            organization_id: Id::parse("o").unwrap(),
            workspace_id: Id::parse("w").unwrap(),
            requested_by_user_id: Id::parse("ada").unwrap(),
            r#type: domain::rows::ReportType::OkrSummary,
            status: JobStatus::Pending,
            input_snapshot_json: None,
            output_markdown: None,
            output_json: None,
            error_message: None,
        };
        report.start(&claim);
        assert_eq!(report.claim(), Some(claim));
    }
}
