//! The function's routes: show an invite, accept it, ask for a fresh one. Load, decide, save.

use domain::ids::{
    derived, InviteId, LogId, MembershipId, OrganizationId, TeamId, UserId, WorkspaceId,
};
use domain::rows::{
    ActivityLog, InviteStatus, OrgInvite, Organization, Workspace, WorkspaceMembership,
    WorkspaceRole,
};
use domain::time::Timestamp;
use domain::token::{self, Secret};
use domain::{Code, Failure};
use platform::access::{self, SignedIn};
use platform::activity::{self, Activity, Change};
use platform::appwrite::{
    AppwriteError, Created, JoinedTeam, Patched, Query, RowPage, Stored, TeamMembership,
};
use platform::{Cx, Reply};
use serde::{Deserialize, Serialize};

use crate::accept::{
    self, Facts, Joined, Made, Membership, Next, Person, Refusal, Revived, Standing,
};
use crate::others;

/// Times that an accept starts over because the invite was changed by others meanwhile.
const TRIES: u32 = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invited {
    token: Secret,
}

/// Where the invite leads, and the role that the person has, or will have, in its workspace.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeadsTo {
    organization_id: OrganizationId,
    workspace_id: Option<WorkspaceId>,
    workspace_role: Option<WorkspaceRole>,
}

impl LeadsTo {
    fn of(invite: &OrgInvite, standing: &Standing) -> Self {
        let has = standing.membership.as_ref();
        let role = has.map_or(invite.workspace_role, |membership| membership.row.role);
        Self {
            organization_id: invite.organization_id.clone(),
            workspace_id: invite.workspace_id.clone(),
            workspace_role: invite.workspace_id.as_ref().map(|_| role),
        }
    }
}

/// What an invite is, before it is accepted.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    #[serde(flatten)]
    leads_to: LeadsTo,
    status: InviteStatus,
    email: String,
    expires_at: Timestamp,
    organization_name: String,
    workspace_name: Option<String>,
}

/// What accepting led to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accepted {
    #[serde(flatten)]
    leads_to: LeadsTo,
    status: InviteStatus,
    /// There was nothing to do any more.
    was_member: bool,
}

/// That the note is there.
#[derive(Debug, Serialize)]
pub(crate) struct Requested {
    requested: bool,
}

/// `POST /preview`: what the invite is, and whether it would let the caller in. Changes nothing.
pub(crate) async fn preview(
    cx: Cx,
    caller: SignedIn,
    request: Invited,
) -> Result<Reply<Preview>, Failure> {
    let person = person(&cx, &caller.user).await?;
    let invite = find(&cx, &request.token, &person).await?;
    let facts = facts(&cx, &invite, &person.user).await?;
    let status = match accept::accept(&invite.id, &invite.row, &person, &facts, cx.now())? {
        Next::Claim => InviteStatus::Pending,
        Next::Complete { .. } | Next::Nothing => InviteStatus::Accepted,
        Next::Close => return Err(Refusal::MembershipEnded.into()),
    };
    Ok(Reply::ok(Preview {
        leads_to: LeadsTo::of(&invite.row, &facts.standing),
        status,
        email: invite.row.email,
        expires_at: invite.row.expires_at,
        organization_name: facts.organization.name,
        workspace_name: facts.workspace.map(|workspace| workspace.name),
    }))
}

/// `POST /`: joins. Safe to repeat: whatever an earlier try left undone is done.
pub(crate) async fn accept(
    cx: Cx,
    caller: SignedIn,
    request: Invited,
) -> Result<Reply<Accepted>, Failure> {
    let person = person(&cx, &caller.user).await?;
    for _ in 0..TRIES {
        let mut invite = find(&cx, &request.token, &person).await?;
        let mut facts = facts(&cx, &invite, &person.user).await?;
        let now = cx.now();
        let mut next = accept::accept(&invite.id, &invite.row, &person, &facts, now)?;
        if next == Next::Claim {
            let wanted = accept::claimed(&invite.row, &person, now);
            match cx.rows.patch(&invite, &wanted).await? {
                Patched::Done(stored) => invite = stored,
                Patched::Conflict => continue,
            }
            // Judged by the row as it stands now, not by the write having been answered with success.
            next = accept::accept(&invite.id, &invite.row, &person, &facts, now)?;
        }
        let was_member = next == Next::Nothing;
        if !finish(&cx, &invite, &person.user, &mut facts, &next).await? {
            return Err(Refusal::MembershipEnded.into());
        }
        return Ok(Reply::ok(Accepted {
            leads_to: LeadsTo::of(&invite.row, &facts.standing),
            status: InviteStatus::Accepted,
            was_member,
        }));
    }
    Err(Failure::new(
        Code::Conflict,
        "The invitation is being changed by others right now. Try again.",
    ))
}

/// `POST /request`: leaves a note in the log that the person would like a fresh invite, once a day. Sends nothing.
pub(crate) async fn request(
    cx: Cx,
    caller: SignedIn,
    request: Invited,
) -> Result<Reply<Requested>, Failure> {
    let person = person(&cx, &caller.user).await?;
    let invite = find(&cx, &request.token, &person).await?;
    let facts = facts(&cx, &invite, &person.user).await?;
    accept::request(&invite.row, &person, &facts)?;
    let now = cx.now().to_string();
    let day = now.split('T').next().unwrap_or_default();
    let id = LogId::from(derived(
        "log",
        &["invite_requested", invite.id.as_ref(), day],
    ));
    let row = ActivityLog {
        organization_id: invite.row.organization_id.clone(),
        workspace_id: invite.row.workspace_id.clone(),
        item_type: "org_invite".to_owned(),
        item_id: invite.id.as_ref().to_owned(),
        action_type: "invite_requested".to_owned(),
        actor_user_id: person.user.as_ref().to_owned(),
        before_json: None,
        after_json: None,
        request_id: cx.execution.clone(),
    };
    cx.rows.create(&id, &row, &[]).await?;
    Ok(Reply::ok(Requested { requested: true }))
}

/// Makes what an accepted invite still lacks, then the mark, and takes back what turns out to have been made for
/// somebody who was removed. False: the person was removed.
pub(crate) async fn finish(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
    facts: &mut Facts,
    next: &Next,
) -> Result<bool, Failure> {
    let mut made = Made::default();
    let is_member = match next {
        Next::Claim | Next::Nothing => return Ok(true),
        Next::Close => false,
        Next::Complete {
            join_team,
            join_workspace,
        } => {
            (!join_team || joins_team(cx, user, facts, &mut made).await?)
                && (!join_workspace
                    || joins_workspace(cx, invite, user, &mut facts.standing, &mut made).await?)
        }
    };
    others::withdraw_replaced(cx, invite, user).await?;
    let joined = accept::joined(&facts.standing, &made, !is_member);
    // The mark's create is also the look at one that another completion has made since ours began.
    let mut revived = match mark(cx, invite, user, &joined).await? {
        Some(joined) => accept::revived(&made, &joined),
        None => Revived::default(),
    };
    // And of another invite: each looks at the other's mark once its own is there.
    if made != Made::default() {
        for (other, joined) in others::at_once(cx, invite, user).await? {
            let beside = accept::revived_beside(&made, &invite.row, &other, &joined);
            revived.extend(beside);
        }
    }
    if revived.is_nobody() {
        return Ok(is_member);
    }
    take_back(cx, invite, user, &facts.organization.team_id, revived).await?;
    *facts = self::facts(cx, invite, user).await?;
    Ok(accept::complete(&invite.id, &invite.row, &facts.standing).is_ok())
}

/// False: the membership that was in the way is gone, so it was taken away.
async fn joins_team(
    cx: &Cx,
    user: &UserId,
    facts: &mut Facts,
    made: &mut Made,
) -> Result<bool, Failure> {
    let team = &facts.organization.team_id;
    for invitation in &facts.unconfirmed {
        cx.rows.leave_team(team, invitation).await?;
    }
    match cx.rows.join_team(team, user, "member").await? {
        JoinedTeam::New(membership) => made.team = Some(membership),
        JoinedTeam::Taken(Some(there)) => facts.standing.team = Some(there),
        JoinedTeam::Taken(None) => return Ok(false),
    }
    Ok(true)
}

/// False: the membership that was in the way is inactive, or gone.
async fn joins_workspace(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
    standing: &mut Standing,
    made: &mut Made,
) -> Result<bool, Failure> {
    let Some((id, row)) = membership(invite, user) else {
        return Ok(true);
    };
    match cx.rows.create(&id, &row, &[]).await? {
        Created::New(stored) => made.workspace = Some(stored.created_at),
        Created::Taken(Some(there)) => {
            let is_active = there.row.active;
            standing.membership = Some(there.into());
            return Ok(is_active);
        }
        Created::Taken(None) => return Ok(false),
    }
    Ok(true)
}

/// The membership that the invite makes; none for one to the organisation alone.
fn membership(
    invite: &Stored<OrgInvite>,
    user: &UserId,
) -> Option<(MembershipId, WorkspaceMembership)> {
    let organization = &invite.row.organization_id;
    let workspace = invite.row.workspace_id.as_ref()?;
    let parts = [organization.as_ref(), workspace.as_ref(), user.as_ref()];
    let row = WorkspaceMembership {
        organization_id: organization.clone(),
        workspace_id: workspace.clone(),
        user_id: user.clone(),
        role: invite.row.workspace_role,
        manager_user_id: None,
        active: true,
        invited_via_invite_id: Some(invite.id.clone()),
    };
    Some((derived("membership", &parts).into(), row))
}

/// Removes exactly these memberships, and the workspace's only as completions make it: one that somebody changed since
/// is in that somebody's hands.
async fn take_back(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
    team: &TeamId,
    revived: Revived,
) -> Result<(), Failure> {
    for membership in &revived.team {
        cx.rows.leave_team(team, membership).await?;
    }
    let Some((id, row)) = membership(invite, user).filter(|_| !revived.workspace.is_empty()) else {
        return Ok(());
    };
    if let Some(there) = cx.rows.find::<WorkspaceMembership>(&id).await? {
        if revived.workspace.contains(&there.created_at) && there.row == row {
            cx.rows.delete(&there).await?;
        }
    }
    Ok(())
}

/// The completion mark is a log row of this id.
pub(crate) fn mark_id(invite: &InviteId) -> LogId {
    derived("log", &[invite.as_ref(), "accepted"]).into()
}

/// Makes the mark, unless it is there; what the one that stands now stands on, if it says so.
async fn mark(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
    joined: &Joined,
) -> Result<Option<Joined>, Failure> {
    let mut before = invite.clone();
    before.row.status = InviteStatus::Pending;
    before.row.accepted_by_user_id = None;
    before.row.accepted_at = None;
    let activity = Activity {
        organization: &invite.row.organization_id,
        workspace: invite.row.workspace_id.as_ref(),
        item_type: "org_invite",
        action: "invite_accepted",
        actor: user.as_ref(),
        before: &before,
        after: &invite.row,
    };
    let row = activity::row(cx, activity, Beside::of(joined));
    Ok(
        match cx.rows.create(&mark_id(&invite.id), &row, &[]).await? {
            Created::New(_) => Some(joined.clone()),
            Created::Taken(there) => there.and_then(|there| named(&there.row)),
        },
    )
}

/// What a mark tells beside the changed columns: the memberships that it stands on. One that does not is an earlier
/// version's word: nobody is judged by it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Beside {
    #[serde(skip_serializing_if = "Option::is_none")]
    joined: Option<Joined>,
}

impl Beside {
    fn of(joined: &Joined) -> Self {
        Self {
            joined: Some(joined.clone()),
        }
    }
}

/// The memberships that a mark names.
pub(crate) fn named(mark: &ActivityLog) -> Option<Joined> {
    let change: Change<Beside> = mark.after_json.as_ref()?.read().ok()?;
    change.beside.joined
}

/// The caller as a person whose address is proven.
async fn person(cx: &Cx, user: &UserId) -> Result<Person, Failure> {
    let account = cx.rows.account(user).await?;
    let open = account.filter(|account| account.status).ok_or_else(|| {
        Failure::new(
            Code::SignInRequired,
            "The account does not exist any more or is blocked. Sign in with another one.",
        )
    })?;
    Ok(accept::person(user, &open)?)
}

/// The invite of the token, if it is this person's.
async fn find(cx: &Cx, token: &Secret, by: &Person) -> Result<Stored<OrgInvite>, Failure> {
    let hash = token::invite_hash(token).ok_or_else(|| {
        Failure::new(
            Code::InvalidRequest,
            "This is not a whole invitation link. Open the link in the invitation again, or copy all of it: behind # \
             there are 43 letters, digits, dashes and underscores.",
        )
    })?;
    let mut page: RowPage<OrgInvite> = cx
        .rows
        .list(&[
            Query::equal("inviteTokenHash", [hash.as_str()]),
            Query::limit(2),
        ])
        .await?;
    cx.note_unreadable(&page);
    // The column is unique; should it ever not be, nobody can say which of two is meant.
    let is_the_one = page.size() == 1;
    let invite = page
        .rows
        .pop()
        .filter(|invite| is_the_one && invite.row.invite_token_hash == hash)
        .ok_or(Refusal::NotForYou)?;
    accept::recognise(&invite.row, by)?;
    Ok(invite)
}

/// Everything else that the decision needs, for the user who accepts or has accepted.
///
/// Read against the order in which an accept writes, team, workspace, mark: what is found missing after something later
/// was seen was taken away since, not just not made yet.
pub(crate) async fn facts(
    cx: &Cx,
    invite: &Stored<OrgInvite>,
    user: &UserId,
) -> Result<Facts, Failure> {
    let row = &invite.row;
    let inviter = &row.invited_by_user_id;
    let mark = mark_id(&invite.id);
    let (organization, workspace, mark, joined_since) = tokio::try_join!(
        cx.rows.find::<Organization>(&row.organization_id),
        workspace(cx, row),
        cx.rows.find::<ActivityLog>(&mark),
        others::joined_since(cx, invite, user),
    )?;
    let memberships = memberships(cx, row, [user, inviter]).await?;
    let organization = organization.ok_or(Refusal::Gone)?.row;
    if row.workspace_id.is_some() && workspace.is_none() {
        return Err(Refusal::Gone.into());
    }
    let team = &organization.team_id;
    let (own_team, inviter_team) = tokio::try_join!(
        cx.rows.team_memberships(team, user),
        cx.rows.team_memberships(team, inviter),
    )?;
    let administers_workspace = inviter_team.iter().any(|found| found.is_of(inviter))
        && memberships.iter().any(|Stored { row, .. }| {
            row.user_id == *inviter && row.active && row.role == WorkspaceRole::Admin
        });
    let is_own = |found: &TeamMembership| found.user_id == user.as_ref();
    let (own_team, unconfirmed): (Vec<_>, Vec<_>) = own_team
        .into_iter()
        .filter(is_own)
        .partition(|found| found.confirm);
    let own_team = own_team.into_iter().next();
    Ok(Facts {
        inviter_may: access::administers(inviter, &inviter_team) || administers_workspace,
        standing: Standing {
            team: own_team.map(|membership| membership.id),
            membership: own(memberships, user),
            marked: mark.is_some(),
            joined_since,
        },
        unconfirmed: unconfirmed.into_iter().map(|found| found.id).collect(),
        organization,
        workspace,
    })
}

/// The invite's workspace; none if there is none in the invite's organisation.
async fn workspace(cx: &Cx, invite: &OrgInvite) -> Result<Option<Workspace>, AppwriteError> {
    let Some(id) = &invite.workspace_id else {
        return Ok(None);
    };
    let found = cx.rows.find::<Workspace>(id).await?;
    Ok(found
        .map(|workspace| workspace.row)
        .filter(|workspace| workspace.organization_id == invite.organization_id))
}

/// Who of the users belongs, or belonged, to the invite's workspace.
async fn memberships(
    cx: &Cx,
    invite: &OrgInvite,
    users: [&UserId; 2],
) -> Result<Vec<Stored<WorkspaceMembership>>, AppwriteError> {
    let Some(workspace) = &invite.workspace_id else {
        return Ok(Vec::new());
    };
    let page: RowPage<WorkspaceMembership> = cx
        .rows
        .all(&[
            Query::equal("organizationId", [invite.organization_id.as_ref()]),
            Query::equal("workspaceId", [workspace.as_ref()]),
            Query::equal("userId", users.map(AsRef::<str>::as_ref)),
        ])
        .await?;
    match page.malformed.into_iter().next() {
        // It may say that somebody was removed, so nothing is decided without it.
        Some((id, why)) => Err(AppwriteError::Unreadable {
            what: format!("workspace membership {id}: {why}"),
        }),
        None => Ok(page.rows),
    }
}

/// The user's own membership; an active one, should the frontend have left several.
fn own(memberships: Vec<Stored<WorkspaceMembership>>, user: &UserId) -> Option<Membership> {
    memberships
        .into_iter()
        .filter(|membership| membership.row.user_id == *user)
        .max_by_key(|membership| membership.row.active)
        .map(Membership::from)
}

impl From<Stored<WorkspaceMembership>> for Membership {
    fn from(stored: Stored<WorkspaceMembership>) -> Self {
        Self {
            created_at: stored.created_at,
            row: stored.row,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::document::Envelope;
    use domain::ids::Id;
    use serde_json::{json, Map};

    use super::*;
    use crate::accept::Named;

    #[test]
    fn a_mark_names_what_it_stands_on_and_an_older_one_nothing() {
        let mark = |after| ActivityLog {
            organization_id: Id::parse("acme").unwrap(),
            workspace_id: None,
            item_type: "org_invite".to_owned(),
            item_id: "i1".to_owned(),
            action_type: "invite_accepted".to_owned(),
            actor_user_id: "ada".to_owned(),
            before_json: None,
            after_json: Some(after),
            request_id: Id::parse("e1").unwrap(),
        };
        let mark_of = |beside| {
            let columns = Map::from_iter([("status".to_owned(), json!("accepted"))]);
            mark(Envelope::new(&Change { columns, beside }))
        };
        assert_eq!(named(&mark_of(Beside::default())), None);
        let team = Id::parse("m1").map(|key| Named { key, made: true });
        let created_at = Timestamp::parse("2026-01-01T12:00:00.123Z");
        let workspace = created_at.map(|key| Named { key, made: false });
        let joined = Joined { team, workspace };
        let made = mark_of(Beside::of(&joined));
        let text = made.after_json.as_ref().unwrap().text();
        assert!(
            text.contains(r#""columns":{"status":"accepted"}"#),
            "{text}"
        );
        assert_eq!(named(&made), Some(joined));
    }
}
