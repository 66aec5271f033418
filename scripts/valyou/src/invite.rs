//! `valyou invite`: invites as the frontend's server writes them. The link is shown once and only its hash is stored; no
//! mail is sent.

use std::process::ExitCode;

use anyhow::{bail, ensure, Context};
use clap::{Args, Subcommand, ValueEnum};
use domain::document::may_be_operator;
use domain::email::NormalizedEmail;
use domain::ids::{InviteId, OrganizationId, UserId, WorkspaceId};
use domain::rows::{
    InviteStatus, OrgInvite, Organization, Workspace, WorkspaceMembership, WorkspaceRole,
};
use domain::time::Timestamp;
use domain::token;
use domain::token::Secret;
use platform::access;
use platform::appwrite::{Appwrite, CreateOutcome, PatchOutcome, Query, StoredRow};

use crate::place::{block_on, days, id, new_id, now, random_text, Project};

/// Create, list or revoke.
#[derive(Args)]
pub(crate) struct Invite {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Invite somebody; prints the link, which cannot be shown again
    Create(Create),
    /// Print an organisation's invites
    List(List),
    /// Withdraw a pending invite
    Revoke(Revoke),
}

#[derive(Args)]
struct Create {
    #[command(flatten)]
    project: Project,
    #[arg(long, value_parser = id::<OrganizationId>)]
    organization: OrganizationId,
    /// Without it the invite is to the organisation alone
    #[arg(long, value_parser = id::<WorkspaceId>)]
    workspace: Option<WorkspaceId>,
    #[arg(long)]
    email: String,
    #[arg(long, value_enum, default_value_t = Role::User)]
    role: Role,
    /// Id of the user who invites: an admin of the organisation or of the workspace
    #[arg(long, value_parser = id::<UserId>)]
    invited_by: UserId,
    /// Days until it expires
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// The frontend's page for invites; the token is put behind `#`, which no browser sends to a server
    #[arg(long, default_value = "http://localhost:3000/invite")]
    page: String,
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    project: Project,
    #[arg(long, value_parser = id::<OrganizationId>)]
    organization: OrganizationId,
}

#[derive(Args)]
struct Revoke {
    #[command(flatten)]
    project: Project,
    /// Id of the invite, as `list` prints it
    #[arg(value_parser = id::<InviteId>)]
    id: InviteId,
}

/// What the invited person becomes in the workspace.
#[derive(Clone, Copy, ValueEnum)]
enum Role {
    User,
    Admin,
}

/// An invite to be.
#[derive(Clone, Debug)]
pub struct NewInvite {
    pub organization: OrganizationId,
    pub workspace: Option<WorkspaceId>,
    pub email: String,
    pub role: WorkspaceRole,
    pub invited_by: UserId,
    pub expires_at: Timestamp,
}

/// An invite with the token that is stored nowhere.
#[derive(Clone, Debug)]
pub struct Issued {
    pub id: InviteId,
    pub token: Secret,
}

impl Invite {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(self.verb.run()).map(|()| ExitCode::SUCCESS)
    }
}

impl Verb {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List(list) => list.run().await,
            Self::Revoke(revoke) => {
                let stored = self::revoke(&revoke.project.rows()?, &revoke.id).await?;
                println!("invite {} to {} is revoked", stored.id, stored.row.email);
                Ok(())
            }
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let new = NewInvite {
            organization: self.organization,
            workspace: self.workspace,
            email: self.email,
            role: match self.role {
                Role::User => WorkspaceRole::User,
                Role::Admin => WorkspaceRole::Admin,
            },
            invited_by: self.invited_by,
            expires_at: now().plus(days(self.days)),
        };
        let rows = self.project.rows()?;
        refuse_members(&rows, &new).await?;
        let issued = create(&rows, &new).await?;
        println!(
            "invite {} to {} until {}",
            issued.id, new.email, new.expires_at
        );
        println!("{}#{}", self.page, issued.token.expose());
        println!("The link is shown this once: only its hash is stored.");
        Ok(())
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let query = Query::equal("organizationId", [self.organization.as_ref()]);
        let invites = self.project.rows()?.all::<OrgInvite>(&[query]).await?;
        for StoredRow { id, row, .. } in &invites.rows {
            let workspace = row.workspace_id.as_ref().map_or("-", AsRef::as_ref);
            let status = match row.status {
                InviteStatus::Pending if row.expires_at <= now() => InviteStatus::Expired,
                other => other,
            };
            println!(
                "{id}  {:8}  until {}  {:14}  {workspace}  {}",
                status.word(),
                row.expires_at,
                row.workspace_role.word(),
                row.email
            );
        }
        for (id, why) in &invites.malformed {
            println!("{id}  cannot be read: {why}");
        }
        Ok(())
    }
}

/// Writes an invite and returns its token.
///
/// # Errors
/// For an address that is none or that no account can have, an organisation or workspace that is not there or archived, and
/// an inviter who may not.
pub async fn create(rows: &Appwrite, new: &NewInvite) -> anyhow::Result<Issued> {
    let normalized = NormalizedEmail::parse(&new.email)
        .with_context(|| format!("{:?} is no e-mail address", new.email))?;
    ensure!(
        normalized.fits_an_account() && !may_be_operator(normalized.as_ref()),
        "no account can have the address {:?}, so nobody could accept the invite: before the @ Appwrite takes ASCII \
         letters, digits and marks only, behind it a domain with a dot",
        new.email
    );
    check(rows, new).await?;
    let token = Secret::new(random_text()?);
    let row = OrgInvite {
        organization_id: new.organization.clone(),
        email: new.email.trim().to_owned(),
        normalized_email: normalized.as_ref().to_owned(),
        invite_token_hash: token::invite_hash(&token).context("a new token has no hash")?,
        status: InviteStatus::Pending,
        workspace_role: new.role,
        workspace_id: new.workspace.clone(),
        invited_by_user_id: new.invited_by.clone(),
        expires_at: new.expires_at,
        accepted_by_user_id: None,
        accepted_at: None,
    };
    let id: InviteId = new_id();
    match rows.create(&id, &row, &[]).await? {
        CreateOutcome::New(_) => Ok(Issued { id, token }),
        CreateOutcome::Taken(_) => bail!("the new invite's id or hash is taken; try again"),
    }
}

async fn check(rows: &Appwrite, new: &NewInvite) -> anyhow::Result<()> {
    let organization = rows.find::<Organization>(&new.organization).await?;
    let organization = organization
        .filter(|organization| organization.row.archived_at.is_none())
        .with_context(|| {
            format!(
                "there is no organisation {}, or it is archived",
                new.organization
            )
        })?;
    let team = rows
        .team_memberships(&organization.row.team_id, &new.invited_by)
        .await?;
    let mut may = access::administers(&new.invited_by, &team);
    if let Some(id) = &new.workspace {
        let workspace = rows.find::<Workspace>(id).await?;
        workspace
            .filter(|workspace| {
                workspace.row.organization_id == new.organization
                    && workspace.row.archived_at.is_none()
            })
            .with_context(|| {
                format!("the organisation has no workspace {id}, or it is archived")
            })?;
        let memberships = rows
            .all::<WorkspaceMembership>(&[
                Query::equal("workspaceId", [id.as_ref()]),
                Query::equal("userId", [new.invited_by.as_ref()]),
            ])
            .await?;
        may |= team
            .iter()
            .any(|membership| membership.is_of(&new.invited_by))
            && memberships
                .rows
                .iter()
                .any(|stored| stored.row.active && stored.row.role == WorkspaceRole::Admin);
    }
    ensure!(
        may,
        "{} is neither an admin of the organisation nor of the workspace, so nobody could accept the invite",
        new.invited_by
    );
    Ok(())
}

/// An invite would be in vain: a member needs none, and who was made inactive is not let in by it.
async fn refuse_members(rows: &Appwrite, new: &NewInvite) -> anyhow::Result<()> {
    let Some(email) = NormalizedEmail::parse(&new.email) else {
        return Ok(());
    };
    let Some(organization) = rows.find::<Organization>(&new.organization).await? else {
        return Ok(());
    };
    let accounts = rows.accounts(&[email.as_ref().to_owned()]).await?;
    let owner = accounts
        .iter()
        .find(|account| NormalizedEmail::parse(&account.email).as_ref() == Some(&email));
    let Some(owner) = owner else {
        return Ok(());
    };
    let user = &owner.id;
    let team = &organization.row.team_id;
    let of_team = rows.team_memberships(team, user).await?;
    let in_team = of_team.iter().any(|membership| membership.is_of(user));
    let Some(workspace) = &new.workspace else {
        ensure!(
            !in_team,
            "{:?} is a member of the organisation already, as user {user}",
            new.email
        );
        return Ok(());
    };
    let memberships = rows
        .all::<WorkspaceMembership>(&[
            Query::equal("organizationId", [new.organization.as_ref()]),
            Query::equal("workspaceId", [workspace.as_ref()]),
            Query::equal("userId", [user.as_ref()]),
        ])
        .await?;
    let is_active = memberships.rows.iter().any(|stored| stored.row.active);
    ensure!(
        is_active || memberships.rows.is_empty(),
        "{:?} was made inactive in workspace {workspace}, as user {user}; no invite changes that: make them active again",
        new.email
    );
    ensure!(
        !(is_active && in_team),
        "{:?} is a member of workspace {workspace} already, as user {user}",
        new.email
    );
    Ok(())
}

/// Withdraws a pending invite; one that is revoked already stays so.
///
/// # Errors
/// If there is none, and if it was accepted or has expired.
pub async fn revoke(rows: &Appwrite, id: &InviteId) -> anyhow::Result<StoredRow<OrgInvite>> {
    loop {
        let listed = rows.find::<OrgInvite>(id).await?;
        let listed = listed.with_context(|| format!("there is no invite {id}"))?;
        match listed.row.status {
            InviteStatus::Pending => {}
            InviteStatus::Revoked => return Ok(listed),
            InviteStatus::Accepted => bail!("the invite was accepted; remove the member instead"),
            InviteStatus::Expired => bail!("the invite has expired; nobody can accept it"),
        }
        let wanted = OrgInvite {
            status: InviteStatus::Revoked,
            ..listed.row.clone()
        };
        // Somebody else's change is looked at before ours is tried again.
        if let PatchOutcome::Done(stored) = rows.patch(&listed, &wanted).await? {
            return Ok(stored);
        }
    }
}
