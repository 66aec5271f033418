//! The step machine against tables, and against everything that can come of every step.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

mod accept;
mod walk;

use std::time::Duration;

use domain::email::NormalizedEmail;
use domain::ids::{Id, TeamMembershipId};
use domain::rows::{
    InviteStatus, OrgInvite, Organization, PrivacyMode, Workspace, WorkspaceMembership,
    WorkspaceRole,
};
use domain::time::Timestamp;
use invite_accept::mark::{CompletionRecord, RecordEntry};
use invite_accept::state::{Facts, Invite, Membership, Person, Purpose, State};
use serde_json::json;

fn at(seconds: u64) -> Timestamp {
    let base = Timestamp::parse("2026-01-01T12:00:00Z").unwrap();
    base.plus(Duration::from_secs(seconds))
}

fn id<I: Id>(text: &str) -> I {
    I::parse(text).unwrap()
}

fn ada() -> Person {
    Person {
        user: id("ada"),
        email: NormalizedEmail::parse("ada@example.com").unwrap(),
    }
}

fn invite() -> OrgInvite {
    OrgInvite {
        organization_id: id("acme"),
        email: "Ada@Example.com".to_owned(),
        normalized_email: "ada@example.com".to_owned(),
        invite_token_hash: "0".repeat(64),
        status: InviteStatus::Pending,
        workspace_role: WorkspaceRole::User,
        workspace_id: Some(id("sales")),
        invited_by_user_id: id("bob"),
        expires_at: at(100),
        accepted_by_user_id: None,
        accepted_at: None,
    }
}

fn membership(active: bool, via: Option<&str>) -> Membership {
    Membership {
        created_at: at(10),
        row: WorkspaceMembership {
            organization_id: id("acme"),
            workspace_id: id("sales"),
            user_id: id("ada"),
            role: WorkspaceRole::Admin,
            manager_user_id: None,
            active,
            invited_via_invite_id: via.map(id),
        },
    }
}

fn in_team(is: bool) -> Option<TeamMembershipId> {
    is.then(|| id("m1"))
}

fn organization() -> Organization {
    let row = json!({
        "name": "Acme", "slug": "acme", "teamId": "team", "createdByUserId": "bob", "defaultPrivacyMode": "option_1",
        "aiEnrichmentOptIn": false,
    });
    serde_json::from_value(row).unwrap()
}

fn facts() -> Facts {
    Facts {
        organization: organization(),
        workspace: Some(Workspace {
            organization_id: id("acme"),
            name: "Sales".to_owned(),
            slug: "sales".to_owned(),
            privacy_mode: PrivacyMode::Open,
            created_by_user_id: id("bob"),
            archived_at: None,
        }),
        inviter_may: true,
        team: None,
        unconfirmed: Vec::new(),
        membership: None,
        is_marked: false,
        joined_since: Vec::new(),
        read_at: at(99),
    }
}

fn invite_of(name: &str, row: OrgInvite) -> Invite<()> {
    Invite {
        id: id(name),
        created_at: at(0),
        version: (),
        row,
    }
}

fn accepted(invite: OrgInvite, user: &str) -> OrgInvite {
    OrgInvite {
        status: InviteStatus::Accepted,
        accepted_by_user_id: Some(id(user)),
        accepted_at: Some(at(50)),
        ..invite
    }
}

fn start(purpose: Purpose, row: OrgInvite) -> State<()> {
    State::new(purpose, invite_of("i1", row))
}

fn record(team: Option<(&str, bool)>, workspace: Option<(u64, bool)>) -> CompletionRecord {
    CompletionRecord {
        team: team.map(|(key, made)| RecordEntry { key: id(key), made }),
        workspace: workspace.map(|(key, made)| RecordEntry { key: at(key), made }),
    }
}
