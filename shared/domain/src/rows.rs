//! The eleven tables as types. `appwrite.json` is their description; a test holds the two against each other.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::document::Envelope;
use crate::ids::{
    ExecutionId, Id, InviteId, ItemId, LinkId, LogId, MemberSkillsId, MembershipId, OrganizationId,
    ReportId, ScrapeJobId, TeamId, TokenId, UserId, WorkspaceId,
};
use crate::time::Timestamp;

/// A table's row, without the columns that Appwrite adds.
pub trait Row:
    Serialize + DeserializeOwned + Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static
{
    const TABLE: &'static str;
    type Id: Id;
}

macro_rules! table {
    ($table:literal, $id:ident, $(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),+ }

        impl Row for $name {
            const TABLE: &'static str = $table;
            type Id = $id;
        }
    };
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word of the column, in the order of its description.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word that the column holds.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    )+};
}

macro_rules! sizes {
    ($($name:ident = $table:literal.$column:literal $size:literal)+) => {
        $(pub const $name: usize = $size;)+

        /// Table, column and size of each.
        pub const ALL: &[(&str, &str, usize)] = &[$(($table, $column, $size)),+];
    };
}

/// Most characters that columns of text take.
pub mod size {
    sizes! {
        ORGANIZATION_NAME = "organizations"."name" 255
        INDUSTRY = "organizations"."industry" 255
        WEBSITE = "organizations"."website" 2048
        CUSTOMER_NAME = "organizations"."customerNames" 255
        REVENUE_CURRENCY = "organizations"."revenueCurrency" 16
        ADDRESS_STREET = "organizations"."addressStreet" 255
        ADDRESS_POSTAL_CODE = "organizations"."addressPostalCode" 32
        ADDRESS_CITY = "organizations"."addressCity" 255
        ADDRESS_COUNTRY = "organizations"."addressCountry" 128
        MODEL_USED = "scrape_jobs"."modelUsed" 128
        PROVIDER = "scrape_jobs"."provider" 128
    }
}

words! {
    PrivacyMode { Open = "option_1", ReportingLine = "option_2" }
    RevenuePeriod { Year = "year", Quarter = "quarter", Month = "month" }
    EnrichmentSource { Manual = "manual", Ai = "ai" }
    InviteStatus { Pending = "pending", Accepted = "accepted", Expired = "expired", Revoked = "revoked" }
    WorkspaceRole { Admin = "workspace_admin", User = "workspace_user" }
    ItemType { Objective = "objective", KeyResult = "key_result", Action = "action" }
    ActionStatus { Pending = "pending", WorkInProgress = "work_in_progress", Done = "done" }
    LinkType { ObjectiveRelation = "objective_relation" }
    JobStatus { Pending = "pending", Running = "running", Done = "done", Failed = "failed" }
    ReportType { OkrSummary = "okr_summary" }
    TokenScope { Read = "read", Write = "write", Admin = "admin" }
}

table!("organizations", OrganizationId, Organization {
    name: String,
    slug: String,
    team_id: TeamId,
    created_by_user_id: UserId,
    default_privacy_mode: PrivacyMode,
    industry: Option<String>,
    website: Option<String>,
    customer_names: Option<Vec<String>>,
    /// In whole units of revenue_currency.
    revenue_amount: Option<f64>,
    /// ISO 4217.
    revenue_currency: Option<String>,
    revenue_period: Option<RevenuePeriod>,
    employee_count_min: Option<i64>,
    employee_count_max: Option<i64>,
    address_street: Option<String>,
    address_postal_code: Option<String>,
    address_city: Option<String>,
    /// ISO 3166-1 alpha-2.
    address_country: Option<String>,
    ai_enrichment_opt_in: bool,
    last_enriched_at: Option<Timestamp>,
    last_enrichment_source: Option<EnrichmentSource>,
    archived_at: Option<Timestamp>,
});

table!("org_invites", InviteId, OrgInvite {
    organization_id: OrganizationId,
    email: String,
    normalized_email: String,
    /// Lower-case hex SHA-256 of the token.
    invite_token_hash: String,
    status: InviteStatus,
    workspace_role: WorkspaceRole,
    workspace_id: Option<WorkspaceId>,
    invited_by_user_id: UserId,
    expires_at: Timestamp,
    accepted_by_user_id: Option<UserId>,
    accepted_at: Option<Timestamp>,
});

table!("workspaces", WorkspaceId, Workspace {
    organization_id: OrganizationId,
    name: String,
    slug: String,
    privacy_mode: PrivacyMode,
    created_by_user_id: UserId,
    archived_at: Option<Timestamp>,
});

table!("workspace_memberships", MembershipId, WorkspaceMembership {
    organization_id: OrganizationId,
    workspace_id: WorkspaceId,
    user_id: UserId,
    role: WorkspaceRole,
    manager_user_id: Option<UserId>,
    active: bool,
    invited_via_invite_id: Option<InviteId>,
});

table!("okr_items", ItemId, OkrItem {
    organization_id: OrganizationId,
    workspace_id: WorkspaceId,
    r#type: ItemType,
    title: String,
    description: Option<String>,
    owner_user_id: UserId,
    assignee_user_ids: Option<Vec<UserId>>,
    parent_id: Option<ItemId>,
    due_date: Option<Timestamp>,
    action_status: Option<ActionStatus>,
    /// 0, 1, 2, 3, 5, 8, 13, 21, 40, ? or ∞.
    story_points: Option<String>,
    /// Whole per cent, 0 to 100.
    progress_computed: i64,
    sort_order: f64,
    position_x: Option<f64>,
    position_y: Option<f64>,
    deleted_at: Option<Timestamp>,
    deleted_by_user_id: Option<UserId>,
});

table!("okr_links", LinkId, OkrLink {
    organization_id: OrganizationId,
    workspace_id: WorkspaceId,
    from_item_id: ItemId,
    to_item_id: ItemId,
    link_type: LinkType,
    deleted_at: Option<Timestamp>,
});

table!("item_activity_log", LogId, ActivityLog {
    organization_id: OrganizationId,
    workspace_id: Option<WorkspaceId>,
    item_type: String,
    item_id: String,
    action_type: String,
    /// A user, or `system`.
    actor_user_id: String,
    before_json: Option<Envelope>,
    after_json: Option<Envelope>,
    request_id: ExecutionId,
});

table!("scrape_jobs", ScrapeJobId, ScrapeJob {
    organization_id: OrganizationId,
    requested_by_user_id: UserId,
    source_url: String,
    status: JobStatus,
    input_json: Option<Envelope>,
    prefill_json: Option<Envelope>,
    error_message: Option<String>,
    function_execution_id: Option<ExecutionId>,
    model_used: Option<String>,
    provider: Option<String>,
    prompt_version: Option<String>,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
});

table!("reports", ReportId, Report {
    organization_id: OrganizationId,
    workspace_id: WorkspaceId,
    requested_by_user_id: UserId,
    r#type: ReportType,
    status: JobStatus,
    input_snapshot_json: Option<Envelope>,
    output_markdown: Option<String>,
    output_json: Option<Envelope>,
    error_message: Option<String>,
});

table!("member_skills", MemberSkillsId, MemberSkills {
    organization_id: OrganizationId,
    workspace_id: WorkspaceId,
    user_id: UserId,
    can_json: Option<Envelope>,
    should_json: Option<Envelope>,
    want_json: Option<Envelope>,
    constraints_json: Option<Envelope>,
    updated_by_user_id: UserId,
});

table!("pat", TokenId, PersonalAccessToken {
    user_id: UserId,
    /// Lower-case hex SHA-256 of the token.
    pat_hash: String,
    scopes: Option<Vec<TokenScope>>,
    description: String,
    expires_at: Timestamp,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
});
