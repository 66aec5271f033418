//! `valyou pat`: personal access tokens as the frontend's server writes them. The token is shown once and only its hash
//! is stored.

use std::process::ExitCode;

use anyhow::{bail, ensure, Context};
use clap::{Args, Subcommand, ValueEnum};
use domain::ids::{TokenId, UserId};
use domain::rows::{PersonalAccessToken, TokenScope};
use domain::time::Timestamp;
use domain::token;
use domain::token::Secret;
use platform::appwrite::{Appwrite, CreateOutcome, PatchOutcome, Query, StoredRow};

use crate::place::{block_on, days, id, new_id, now, random_text, Project};

/// Create, list or revoke.
#[derive(Args)]
pub(crate) struct Pat {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a token for a user; prints it, it cannot be shown again
    Create(Create),
    /// Print a user's tokens
    List(List),
    /// End a token at once
    Revoke(Revoke),
}

#[derive(Args)]
struct Create {
    #[command(flatten)]
    project: Project,
    /// Id of the user whose rights it has
    #[arg(long, value_parser = id::<UserId>)]
    user: UserId,
    /// What it opens; none includes another
    #[arg(long, value_enum, value_delimiter = ',', required = true)]
    scopes: Vec<Scope>,
    /// What it is for
    #[arg(long)]
    description: String,
    /// Days until it expires
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    project: Project,
    #[arg(long, value_parser = id::<UserId>)]
    user: UserId,
}

#[derive(Args)]
struct Revoke {
    #[command(flatten)]
    project: Project,
    /// Id of the token, as `list` prints it
    #[arg(value_parser = id::<TokenId>)]
    id: TokenId,
}

/// What a token opens.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scope {
    /// Routes that only read
    Read,
    /// Members' changes
    Write,
    /// Admins' routes
    Admin,
}

/// A token to be.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub user: UserId,
    pub scopes: Vec<TokenScope>,
    pub description: String,
    pub expires_at: Timestamp,
}

/// A token's row and the token that is stored nowhere.
#[derive(Clone, Debug)]
pub struct Issued {
    pub id: TokenId,
    pub token: Secret,
}

impl Pat {
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
                println!("token {} of {} is revoked", stored.id, stored.row.user_id);
                Ok(())
            }
        }
    }
}

impl Create {
    async fn run(mut self) -> anyhow::Result<()> {
        self.scopes.sort_by_key(|scope| *scope as u8);
        self.scopes.dedup();
        let scopes = self.scopes.iter().map(|scope| match scope {
            Scope::Read => TokenScope::Read,
            Scope::Write => TokenScope::Write,
            Scope::Admin => TokenScope::Admin,
        });
        let new = NewToken {
            user: self.user,
            scopes: scopes.collect(),
            description: self.description,
            expires_at: now().plus(days(self.days)),
        };
        let issued = create(&self.project.rows()?, &new).await?;
        println!(
            "token {} of {} until {}",
            issued.id, new.user, new.expires_at
        );
        println!("{}", issued.token.expose());
        println!("It is shown this once: only its hash is stored. Send it as the header x-valyourise-pat.");
        Ok(())
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let query = Query::equal("userId", [self.user.as_ref()]);
        let tokens = self
            .project
            .rows()?
            .all::<PersonalAccessToken>(&[query])
            .await?;
        for StoredRow { id, row, .. } in &tokens.rows {
            let state = match row.revoked_at {
                Some(_) => "revoked",
                None if row.expires_at <= now() => "expired",
                None => "open",
            };
            let scopes = row.scopes.iter().flatten().map(|scope| scope.word());
            let last_used = row
                .last_used_at
                .map_or("never".to_owned(), |at| at.to_string());
            println!(
                "{id}  {state:7}  until {}  last used {last_used}  {}  {:?}",
                row.expires_at,
                scopes.collect::<Vec<_>>().join(","),
                row.description
            );
        }
        for (id, why) in &tokens.malformed {
            println!("{id}  cannot be read: {why}");
        }
        Ok(())
    }
}

/// Writes a token's row and returns the token.
///
/// # Errors
/// For a user who does not exist, and for no scope at all.
pub async fn create(rows: &Appwrite, new: &NewToken) -> anyhow::Result<Issued> {
    ensure!(
        !new.scopes.is_empty(),
        "a token without a scope opens nothing"
    );
    let account = rows.account(&new.user).await?;
    let account = account.with_context(|| format!("there is no user {}", new.user))?;
    ensure!(
        account.status,
        "user {} is blocked, so no token of theirs is taken; unblock them first",
        new.user
    );
    let token = Secret::new(format!("{}{}", token::PERSONAL_PREFIX, random_text()?));
    let row = PersonalAccessToken {
        user_id: new.user.clone(),
        pat_hash: token::personal_hash(&token).context("a new token has no hash")?,
        scopes: Some(new.scopes.clone()),
        description: new.description.clone(),
        expires_at: new.expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    let id: TokenId = new_id();
    match rows.create(&id, &row, &[]).await? {
        CreateOutcome::New(_) => Ok(Issued { id, token }),
        CreateOutcome::Taken(_) => bail!("the new token's id is taken; try again"),
    }
}

/// Ends a token; one that is revoked already stays as it is.
///
/// # Errors
/// If there is none.
pub async fn revoke(
    rows: &Appwrite,
    id: &TokenId,
) -> anyhow::Result<StoredRow<PersonalAccessToken>> {
    loop {
        let listed = rows.find::<PersonalAccessToken>(id).await?;
        let listed = listed.with_context(|| format!("there is no token {id}"))?;
        if listed.row.revoked_at.is_some() {
            return Ok(listed);
        }
        let wanted = PersonalAccessToken {
            revoked_at: Some(now()),
            ..listed.row.clone()
        };
        // A use that was noted meanwhile is no reason to let the token live.
        if let PatchOutcome::Done(stored) = rows.patch(&listed, &wanted).await? {
            return Ok(stored);
        }
    }
}
