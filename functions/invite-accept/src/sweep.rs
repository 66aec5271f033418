//! What the cron works off: accepted invites without a mark, invites past their date, and invites that are pending for
//! somebody who is a member already. Harmless, bounded and safe to run at any time and by anybody: it does only what the
//! rows already say.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::document::{Document, Envelope};
use domain::email::NormalizedEmail;
use domain::ids::{derived, LogId, OrganizationId, TeamId, UserId};
use domain::rows::{ActivityLog, InviteStatus, OrgInvite, Organization, WorkspaceMembership};
use domain::Failure;
use platform::activity::SYSTEM;
use platform::appwrite::{PatchOutcome, Query, RowPage, StoredRow};
use platform::{panics, Cx};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::mark::mark_id;
use crate::state::{Person, Revocation};
use crate::{accept, writes};

/// Accepted invites without a mark are completed for this long; after that only by the person's own click.
const COMPLETED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Invites whose marks one query asks for: Appwrite takes 4,096 characters.
const MARKS: usize = 100;

/// Pending invites whose people one query asks for.
const PEOPLE: usize = 100;

/// Expired invites of one list.
const PAGE: usize = 500;

/// Writes under way at once.
const SIDE_BY_SIDE: usize = 8;

/// What is kept of the run's time for writing the log rows.
pub(crate) const LOGGING: Duration = Duration::from_secs(20);

/// What is kept of it for expiring and that: completing is cut off before.
pub(crate) const EXPIRING: Duration = Duration::from_secs(60);

/// One side of the log row on invites of one organisation that have expired.
#[derive(Debug, Serialize, Deserialize)]
struct ExpiredInvites {
    expired: usize,
}

impl Document for ExpiredInvites {
    const NAME: &'static str = "invites-expired";
    const VERSION: u32 = 1;
}

/// Revokes pending invites to where the invited person is a member already, and counts them: kept, they would let in
/// again who is taken out.
pub(crate) async fn withdraw(cx: &Cx, withdrawn: &mut usize) -> Result<(), Failure> {
    let queries = [
        Query::equal("status", ["pending"]),
        Query::greater_than("expiresAt", cx.now().to_string()),
        Query::order_asc("expiresAt"),
    ];
    let mut pages = Pages::new(queries, PEOPLE);
    let mut teams = BTreeMap::new();
    while let Some(invites) = pages.next(cx).await? {
        // Listed before the memberships: whoever is a member then was invited before, or while they were.
        for (invite, user) in of_members(cx, invites, &mut teams).await? {
            let id = invite.id.clone();
            let revocation = writes::revoke(cx, &invite.into(), SYSTEM).await?;
            cx.note(format!("invite {id} of member {user}: {revocation:?}"));
            *withdrawn += usize::from(revocation == Revocation::Done);
        }
    }
    Ok(())
}

/// Those of the invites that lead where the owner of the address is an active member, and who that is.
async fn of_members(
    cx: &Cx,
    invites: Vec<StoredRow<OrgInvite>>,
    teams: &mut BTreeMap<OrganizationId, Option<TeamId>>,
) -> Result<Vec<(StoredRow<OrgInvite>, UserId)>, Failure> {
    let address =
        |invite: &StoredRow<OrgInvite>| NormalizedEmail::parse(&invite.row.normalized_email);
    let mut addresses: Vec<String> = invites
        .iter()
        .filter_map(|invite| address(invite).map(|email| email.as_ref().to_owned()))
        .collect();
    addresses.sort();
    addresses.dedup();
    let accounts = cx.rows.accounts(&addresses).await?;
    let owners: Vec<Person> = accounts
        .iter()
        .filter_map(|account| accept::person(&account.id, account).ok())
        .collect();
    let memberships = active_memberships(cx, &owners).await?;
    let mut found = Vec::new();
    for invite in invites {
        let address = address(&invite);
        let Some(owner) = owners
            .iter()
            .find(|owner| Some(&owner.email) == address.as_ref())
        else {
            continue;
        };
        let is_of_workspace = |membership: &WorkspaceMembership| {
            membership.organization_id == invite.row.organization_id
                && Some(&membership.workspace_id) == invite.row.workspace_id.as_ref()
                && membership.user_id == owner.user
        };
        let leads_further =
            invite.row.workspace_id.is_some() && !memberships.iter().any(is_of_workspace);
        if leads_further {
            continue;
        }
        let organization = &invite.row.organization_id;
        if !teams.contains_key(organization) {
            let row = cx.rows.find::<Organization>(organization).await?;
            let team = row.map(|organization| organization.row.team_id);
            teams.insert(organization.clone(), team);
        }
        let Some(Some(team)) = teams.get(organization) else {
            continue;
        };
        let of_team = cx.rows.team_memberships(team, &owner.user).await?;
        if of_team.iter().any(|found| found.is_of(&owner.user)) {
            found.push((invite, owner.user.clone()));
        }
    }
    Ok(found)
}

async fn active_memberships(
    cx: &Cx,
    owners: &[Person],
) -> Result<Vec<WorkspaceMembership>, Failure> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let users = owners.iter().map(|owner| owner.user.as_ref());
    let queries = [
        Query::equal("userId", users),
        Query::equal("active", [true]),
    ];
    let page: RowPage<WorkspaceMembership> = cx.rows.all(&queries).await?;
    cx.note_unreadable(&page);
    Ok(page.rows.into_iter().map(|stored| stored.row).collect())
}

/// Accepted invites that may lack their mark, oldest first.
pub(crate) fn accepted(cx: &Cx) -> Pages {
    let since = cx.now().minus(COMPLETED_FOR).to_string();
    let queries = [
        Query::equal("status", ["accepted"]),
        Query::greater_than("acceptedAt", since),
        Query::order_asc("acceptedAt"),
    ];
    Pages::new(queries, MARKS)
}

/// Those of a page that lack it.
pub(crate) async fn without_mark(
    cx: &Cx,
    invites: Vec<StoredRow<OrgInvite>>,
) -> Result<Vec<StoredRow<OrgInvite>>, Failure> {
    let marks = invites.iter().map(|invite| mark_id(&invite.id));
    let marks: Vec<LogId> = marks.collect();
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let ids = marks.iter().map(AsRef::<str>::as_ref);
    let there: RowPage<ActivityLog> = cx
        .rows
        .list(&[Query::equal("$id", ids), Query::limit(MARKS)])
        .await?;
    let is_marked = |mark: &LogId| there.rows.iter().any(|row| row.id == *mark);
    let missing = invites.into_iter().zip(&marks);
    Ok(missing
        .filter(|(_, mark)| !is_marked(mark))
        .map(|(invite, _)| invite)
        .collect())
}

/// How many invites of which organisation have expired.
#[derive(Debug, Default)]
pub(crate) struct Expiry {
    pub(crate) by_organization: BTreeMap<OrganizationId, usize>,
    /// Time ran out, or Appwrite did not answer: the next run goes on.
    pub(crate) more: bool,
}

impl Expiry {
    fn count(&mut self, cx: &Cx, ended: Result<Option<OrganizationId>, String>) {
        match ended {
            Ok(Some(organization)) => *self.by_organization.entry(organization).or_default() += 1,
            Ok(None) => {}
            Err(why) => {
                // Once is enough: the others will fail for the same reason.
                if !self.more {
                    cx.note(format!("expiring stops: {why}"));
                }
                self.more = true;
            }
        }
    }
}

/// Turns pending invites past their date into expired ones, oldest first, until there are none or time is up. What was
/// done is counted whatever happens, so that it is logged.
pub(crate) async fn expire(cx: &Cx) -> Expiry {
    let stop_at = cx.stop_at() - LOGGING;
    let queries = [
        Query::equal("status", ["pending"]),
        Query::less_than("expiresAt", cx.now().to_string()),
        Query::order_asc("expiresAt"),
    ];
    let mut pages = Pages::new(queries, PAGE);
    let mut expiry = Expiry::default();
    let mut at_work: JoinSet<Result<Option<OrganizationId>, String>> = JoinSet::new();
    loop {
        let invites = match pages.next(cx).await {
            Ok(Some(invites)) => invites,
            Ok(None) => break,
            Err(failure) => {
                expiry.count(cx, Err(failure.to_string()));
                break;
            }
        };
        for invite in invites {
            if at_work.len() == SIDE_BY_SIDE {
                if let Some(ended) = at_work.join_next().await {
                    expiry.count(
                        cx,
                        ended.unwrap_or_else(|error| Err(panics::of_task(&error).to_string())),
                    );
                }
            }
            expiry.more |= Instant::now() >= stop_at;
            if expiry.more {
                break;
            }
            at_work.spawn(expire_one(cx.clone(), invite));
        }
        while let Some(ended) = at_work.join_next().await {
            expiry.count(
                cx,
                ended.unwrap_or_else(|error| Err(panics::of_task(&error).to_string())),
            );
        }
        if expiry.more {
            break;
        }
    }
    expiry
}

/// The organisation, if the invite was still pending when it was written.
async fn expire_one(
    cx: Cx,
    invite: StoredRow<OrgInvite>,
) -> Result<Option<OrganizationId>, String> {
    let wanted = OrgInvite {
        status: InviteStatus::Expired,
        ..invite.row.clone()
    };
    match cx.rows.patch(&invite, &wanted).await {
        Ok(PatchOutcome::Done(stored)) => Ok(Some(stored.row.organization_id)),
        Ok(PatchOutcome::Conflict) => Ok(None),
        // Readers treat it as expired anyway.
        Err(error) if error.is_of_row() => {
            cx.note(format!("invite {} cannot be written: {error}", invite.id));
            Ok(None)
        }
        Err(error) => Err(error.to_string()),
    }
}

/// One log row for each organisation and run: how many of its invites expired.
pub(crate) async fn log(cx: &Cx, by_organization: BTreeMap<OrganizationId, usize>) {
    let mut at_work = JoinSet::new();
    for (organization, expired) in by_organization {
        if at_work.len() == SIDE_BY_SIDE {
            at_work.join_next().await;
        }
        let cx = cx.clone();
        at_work.spawn(async move {
            let parts = [
                "invites_expired",
                organization.as_ref(),
                cx.execution.as_ref(),
            ];
            let id = LogId::from(derived("log", &parts));
            let counted = Envelope::new(&ExpiredInvites { expired });
            let row = ActivityLog {
                item_type: "organization".to_owned(),
                item_id: organization.as_ref().to_owned(),
                organization_id: organization,
                workspace_id: None,
                action_type: "invites_expired".to_owned(),
                actor_user_id: SYSTEM.to_owned(),
                before_json: None,
                after_json: Some(counted),
                request_id: cx.execution.clone(),
            };
            if let Err(error) = cx.rows.create(&id, &row, &[]).await {
                cx.note(format!("the log row of {} is lost: {error}", row.item_id));
            }
        });
    }
    while at_work.join_next().await.is_some() {}
}

/// Invites that match, in pages.
#[derive(Debug)]
pub(crate) struct Pages {
    queries: Vec<Query>,
    size: usize,
    after: Option<String>,
    ended: bool,
}

impl Pages {
    fn new(queries: impl Into<Vec<Query>>, size: usize) -> Self {
        Self {
            queries: queries.into(),
            size,
            after: None,
            ended: false,
        }
    }

    pub(crate) async fn next(
        &mut self,
        cx: &Cx,
    ) -> Result<Option<Vec<StoredRow<OrgInvite>>>, Failure> {
        if self.ended {
            return Ok(None);
        }
        let mut queries = self.queries.clone();
        queries.push(Query::limit(self.size));
        queries.extend(self.after.as_deref().map(Query::cursor_after));
        let page: RowPage<OrgInvite> = cx.rows.list(&queries).await?;
        cx.note_unreadable(&page);
        self.ended = page.size() < self.size;
        self.after = page.last;
        Ok(Some(page.rows))
    }
}
