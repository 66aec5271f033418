//! The cron: completes what a crash left behind, expires what is past its date, revokes what is pending for somebody who is
//! a member already. Harmless, bounded and safe to run at any time and by anybody: it does only what the rows already say.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::document::{Document, Envelope};
use domain::email::NormalizedEmail;
use domain::ids::{derived, LogId, OrganizationId, TeamId, UserId};
use domain::rows::{ActivityLog, InviteStatus, OrgInvite, Organization, WorkspaceMembership};
use domain::Failure;
use platform::activity::SYSTEM;
use platform::appwrite::{Patched, Query, RowPage, Stored};
use platform::sweep::SweepOutcome;
use platform::{panics, Cx};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use crate::accept::{self, Person};
use crate::join;
use crate::others;

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
const LOGGING: Duration = Duration::from_secs(20);

/// What is kept of it for expiring and that: completing is cut off before.
const EXPIRING: Duration = Duration::from_secs(60);

/// What a sweep did.
#[derive(Debug, Serialize)]
pub(crate) struct Counts {
    completed: usize,
    withdrawn: usize,
    expired: usize,
    organizations: usize,
    /// Something is left for the next one.
    more: bool,
}

/// One side of the log row on invites of one organisation that have expired.
#[derive(Debug, Serialize, Deserialize)]
struct ExpiredInvites {
    expired: usize,
}

impl Document for ExpiredInvites {
    const NAME: &'static str = "invites-expired";
    const VERSION: u32 = 1;
}

pub(crate) async fn sweep(cx: Cx) -> Result<SweepOutcome<Counts>, Failure> {
    let mut completed = 0;
    let mut cut_off = false;
    let completing = timeout_at(
        (cx.stop_at() - EXPIRING).into(),
        complete(&cx, &mut completed),
    );
    // However it ends, invites expire.
    let completing = completing.await.unwrap_or_else(|_| {
        cut_off = true;
        cx.note("completing was cut off; the next run goes on".to_owned());
        Ok(())
    });
    let expired = expire(&cx).await;
    let mut withdrawn = 0;
    let withdrawing = timeout_at(
        (cx.stop_at() - LOGGING).into(),
        withdraw(&cx, &mut withdrawn),
    );
    let withdrawing = withdrawing.await.unwrap_or_else(|_| {
        cx.note("revoking was cut off; the next run goes on".to_owned());
        Ok(())
    });
    let summary = Counts {
        completed,
        withdrawn,
        expired: expired.by_organization.values().sum(),
        organizations: expired.by_organization.len(),
        more: expired.more,
    };
    log(&cx, expired.by_organization).await;
    completing.and(withdrawing).map(|()| SweepOutcome {
        is_complete: !cut_off && !expired.more,
        summary,
    })
}

/// Revokes pending invites to where the invited person is a member already, and counts them: kept, they would let in
/// again who is taken out.
async fn withdraw(cx: &Cx, withdrawn: &mut usize) -> Result<(), Failure> {
    let queries = [
        Query::equal("status", ["pending"]),
        Query::greater_than("expiresAt", cx.now().to_string()),
        Query::order_asc("expiresAt"),
    ];
    let mut pages = Pages::new(&queries, PEOPLE);
    let mut teams = BTreeMap::new();
    while let Some(invites) = pages.next(cx).await? {
        // Listed before the memberships: whoever is a member then was invited before, or while they were.
        for (invite, user) in of_members(cx, invites, &mut teams).await? {
            let done = others::withdraw(cx, &invite, SYSTEM).await?;
            cx.note(format!("invite {} of member {user}: {done:?}", invite.id));
            *withdrawn += usize::from(done == Some(true));
        }
    }
    Ok(())
}

/// Those of the invites that lead where the owner of the address is an active member, and who that is.
async fn of_members(
    cx: &Cx,
    invites: Vec<Stored<OrgInvite>>,
    teams: &mut BTreeMap<OrganizationId, Option<TeamId>>,
) -> Result<Vec<(Stored<OrgInvite>, UserId)>, Failure> {
    let address = |invite: &Stored<OrgInvite>| NormalizedEmail::parse(&invite.row.normalized_email);
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

/// Completes accepted invites that lack their mark, and counts them.
async fn complete(cx: &Cx, completed: &mut usize) -> Result<(), Failure> {
    let since = cx.now().minus(COMPLETED_FOR).to_string();
    let queries = [
        Query::equal("status", ["accepted"]),
        Query::greater_than("acceptedAt", since),
        Query::order_asc("acceptedAt"),
    ];
    let mut pages = Pages::new(&queries, MARKS);
    while let Some(invites) = pages.next(cx).await? {
        for invite in without_mark(cx, invites).await? {
            match complete_one(cx, &invite).await {
                Ok(()) => *completed += 1,
                Err(failure) => cx.note(format!(
                    "invite {} is not completed: {failure}; {}",
                    invite.id,
                    failure.detail().unwrap_or_default()
                )),
            }
        }
    }
    Ok(())
}

async fn complete_one(cx: &Cx, invite: &Stored<OrgInvite>) -> Result<(), Failure> {
    let Some(user) = &invite.row.accepted_by_user_id else {
        return Ok(());
    };
    let mut facts = join::facts(cx, invite, user).await?;
    let next = accept::complete(&invite.id, &invite.row, &facts.standing)?;
    // Whether they are a member now or were removed: either way it is complete.
    join::finish(cx, invite, user, &mut facts, &next)
        .await
        .map(drop)
}

async fn without_mark(
    cx: &Cx,
    invites: Vec<Stored<OrgInvite>>,
) -> Result<Vec<Stored<OrgInvite>>, Failure> {
    let marks = invites.iter().map(|invite| join::mark_id(&invite.id));
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

#[derive(Debug, Default)]
struct Expired {
    by_organization: BTreeMap<OrganizationId, usize>,
    /// Time ran out, or Appwrite did not answer: the next run goes on.
    more: bool,
}

impl Expired {
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
async fn expire(cx: &Cx) -> Expired {
    let stop_at = cx.stop_at() - LOGGING;
    let queries = [
        Query::equal("status", ["pending"]),
        Query::less_than("expiresAt", cx.now().to_string()),
        Query::order_asc("expiresAt"),
    ];
    let mut pages = Pages::new(&queries, PAGE);
    let mut expired = Expired::default();
    let mut at_work: JoinSet<Result<Option<OrganizationId>, String>> = JoinSet::new();
    loop {
        let invites = match pages.next(cx).await {
            Ok(Some(invites)) => invites,
            Ok(None) => break,
            Err(failure) => {
                expired.count(cx, Err(failure.to_string()));
                break;
            }
        };
        for invite in invites {
            if at_work.len() == SIDE_BY_SIDE {
                if let Some(ended) = at_work.join_next().await {
                    expired.count(
                        cx,
                        ended.unwrap_or_else(|error| Err(panics::of_task(&error).to_string())),
                    );
                }
            }
            expired.more |= Instant::now() >= stop_at;
            if expired.more {
                break;
            }
            at_work.spawn(expire_one(cx.clone(), invite));
        }
        while let Some(ended) = at_work.join_next().await {
            expired.count(
                cx,
                ended.unwrap_or_else(|error| Err(panics::of_task(&error).to_string())),
            );
        }
        if expired.more {
            break;
        }
    }
    expired
}

/// The organisation, if the invite was still pending when it was written.
async fn expire_one(cx: Cx, invite: Stored<OrgInvite>) -> Result<Option<OrganizationId>, String> {
    let wanted = OrgInvite {
        status: InviteStatus::Expired,
        ..invite.row.clone()
    };
    match cx.rows.patch(&invite, &wanted).await {
        Ok(Patched::Done(stored)) => Ok(Some(stored.row.organization_id)),
        Ok(Patched::Conflict) => Ok(None),
        // Readers treat it as expired anyway.
        Err(error) if error.is_of_row() => {
            cx.note(format!("invite {} cannot be written: {error}", invite.id));
            Ok(None)
        }
        Err(error) => Err(error.to_string()),
    }
}

/// One log row for each organisation and run: how many of its invites expired.
async fn log(cx: &Cx, by_organization: BTreeMap<OrganizationId, usize>) {
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
struct Pages<'a> {
    queries: &'a [Query],
    size: usize,
    after: Option<String>,
    ended: bool,
}

impl<'a> Pages<'a> {
    fn new(queries: &'a [Query], size: usize) -> Self {
        Self {
            queries,
            size,
            after: None,
            ended: false,
        }
    }

    async fn next(&mut self, cx: &Cx) -> Result<Option<Vec<Stored<OrgInvite>>>, Failure> {
        if self.ended {
            return Ok(None);
        }
        let mut queries = self.queries.to_vec();
        queries.push(Query::limit(self.size));
        queries.extend(self.after.as_deref().map(Query::cursor_after));
        let page: RowPage<OrgInvite> = cx.rows.list(&queries).await?;
        cx.note_unreadable(&page);
        self.ended = page.size() < self.size;
        self.after = page.last;
        Ok(Some(page.rows))
    }
}
