//! People: their accounts, and what they are in a team.

use domain::ids::{Id, TeamId, TeamMembershipId, UserId};
use serde::Deserialize;
use serde_json::{json, Map, Value};
use uuid::Uuid;

use super::client::Appwrite;
use super::error::{is_no_membership, misread, AppwriteError};
use super::query::Query;

/// Memberships of one user in one team that are listed.
const PAGE: usize = 500;

/// Characters of values in one query: Appwrite takes 4,096 of the whole.
const QUERY_LENGTH: usize = 3_800;

/// Most values of one query: Appwrite's `APP_LIMIT_ARRAY_PARAMS_SIZE`.
const TOGETHER: usize = 100;

/// A user's membership of a team.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamMembership {
    #[serde(rename = "$id")]
    pub id: TeamMembershipId,
    pub user_id: String,
    pub confirm: bool,
    pub roles: Vec<String>,
}

impl TeamMembership {
    /// Whether it is a confirmed one of this user's; others give no rights.
    pub fn is_of(&self, user: &UserId) -> bool {
        self.confirm && self.user_id == user.as_ref()
    }
}

/// Whether a role in the team makes an admin of its organisation.
pub(crate) fn is_admin(role: &str) -> bool {
    matches!(role, "owner" | "admin")
}

/// What became of making somebody a member of a team.
#[derive(Debug)]
pub enum JoinedTeam {
    /// Made now. A dry run makes none and names the nil UUID.
    New(TeamMembershipId),
    /// There was one already: this one, unless it was taken away the moment after.
    Taken(Option<TeamMembershipId>),
}

/// A user's account.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    #[serde(rename = "$id")]
    pub id: UserId,
    /// Empty for an account without one.
    pub email: String,
    pub email_verification: bool,
    /// False: blocked.
    pub status: bool,
}

/// A member of a team, invited or confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamMember {
    pub user: UserId,
    /// Empty for an account without one.
    pub name: String,
    pub confirmed: bool,
    /// Owner or admin of the team's organisation.
    pub administers: bool,
}

#[derive(Deserialize)]
struct Listed {
    memberships: Vec<Membership>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Membership {
    user_id: String,
    user_name: String,
    confirm: bool,
    roles: Vec<String>,
}

impl Appwrite {
    /// The user's memberships of a team, confirmed or not; none if the team does not exist.
    pub async fn team_memberships(
        &self,
        team: &TeamId,
        user: &UserId,
    ) -> Result<Vec<TeamMembership>, AppwriteError> {
        let path = ["teams", team.as_ref(), "memberships"];
        let queries = [Query::equal("userId", [user.as_ref()]), Query::limit(PAGE)];
        match self.get(&path, &queries).await {
            Ok(value) => {
                serde_json::from_value(value.get("memberships").cloned().unwrap_or_default())
                    .map_err(misread("memberships"))
            }
            Err(AppwriteError::Refused { kind, .. }) if kind == "team_not_found" => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Those of the users that are members of the team; none if there is no such team.
    pub async fn team_members(
        &self,
        team: &TeamId,
        users: &[UserId],
    ) -> Result<Vec<TeamMember>, AppwriteError> {
        let path = ["teams", team.as_ref(), "memberships"];
        let mut found = Vec::with_capacity(users.len());
        for some in users.chunks(TOGETHER) {
            let queries = [
                Query::equal("userId", some.iter().map(AsRef::as_ref)),
                Query::limit(TOGETHER),
            ];
            let listed: Listed = match self.get(&path, &queries).await {
                Ok(value) => serde_json::from_value(value).map_err(misread("memberships"))?,
                Err(AppwriteError::Refused { kind, .. }) if kind == "team_not_found" => break,
                Err(error) => return Err(error),
            };
            found.extend(listed.memberships.into_iter().filter_map(member));
        }
        Ok(found)
    }

    /// The user's confirmed membership of a team, if there is one.
    async fn confirmed(
        &self,
        team: &TeamId,
        user: &UserId,
    ) -> Result<Option<TeamMembershipId>, AppwriteError> {
        let there = self.team_memberships(team, user).await?;
        let own = there.into_iter().find(|membership| membership.is_of(user));
        Ok(own.map(|membership| membership.id))
    }

    /// Makes the user a confirmed member of the team, unless they are one: an existing member's roles stay.
    /// So do those of an invitation of Appwrite's own that the user has not confirmed: take that back first.
    pub async fn join_team(
        &self,
        team: &TeamId,
        user: &UserId,
        role: &str,
    ) -> Result<JoinedTeam, AppwriteError> {
        let data = Map::from_iter([
            ("userId".to_owned(), json!(user)),
            ("roles".to_owned(), json!([role])),
        ]);
        if self.record("create", "teams/memberships", team.as_ref(), &data) {
            return Ok(JoinedTeam::New(Uuid::nil().into()));
        }
        let path = ["teams", team.as_ref(), "memberships"];
        let body = Value::Object(data);
        let sent = self
            .send(reqwest::Method::POST, &path, Some(&body), None)
            .await?;
        match sent.result {
            Ok(value) => serde_json::from_value::<TeamMembership>(value)
                .map(|membership| JoinedTeam::New(membership.id))
                .map_err(misread("a membership")),
            Err(AppwriteError::Refused { kind, .. }) if kind == "membership_already_confirmed" => {
                Ok(JoinedTeam::Taken(self.confirmed(team, user).await?))
            }
            // Of several at once some are told 500 although one was carried out: what stands there counts.
            Err(AppwriteError::Unreachable { what }) => match self.confirmed(team, user).await? {
                Some(there) => Ok(JoinedTeam::Taken(Some(there))),
                None => Err(AppwriteError::Unreachable { what }),
            },
            Err(error) => Err(error),
        }
    }

    /// Takes this one membership of a team away, unless it is gone already.
    pub async fn leave_team(
        &self,
        team: &TeamId,
        membership: &TeamMembershipId,
    ) -> Result<(), AppwriteError> {
        let id = membership.as_ref();
        if self.record("delete", "teams/memberships", id, &Map::new()) {
            return Ok(());
        }
        let path = ["teams", team.as_ref(), "memberships", id];
        let sent = self
            .send(reqwest::Method::DELETE, &path, None, None)
            .await?;
        match sent.result {
            Err(AppwriteError::Refused { kind, .. }) if is_no_membership(&kind) => Ok(()),
            result => result.map(drop),
        }
    }

    /// The user's account, if there is one.
    pub async fn account(&self, user: &UserId) -> Result<Option<Account>, AppwriteError> {
        match self.get(&["users", user.as_ref()], &[]).await {
            Ok(value) => serde_json::from_value(value)
                .map(Some)
                .map_err(misread("a user")),
            Err(AppwriteError::Refused { kind, .. }) if kind == "user_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The accounts of these addresses, as many as there are.
    pub async fn accounts(&self, emails: &[String]) -> Result<Vec<Account>, AppwriteError> {
        let mut found = Vec::new();
        let mut rest = emails;
        while !rest.is_empty() {
            let mut length = 0;
            let fits = rest.iter().take_while(|email| {
                // With quotes and comma.
                length += email.len() + 3;
                length <= QUERY_LENGTH
            });
            let (now, later) = rest.split_at(fits.count().max(1));
            rest = later;
            let emails = now.iter().map(String::as_str);
            let queries = [Query::equal("email", emails), Query::limit(now.len())];
            let sent = self.get(&["users"], &queries).await?;
            let users = sent.get("users").cloned().unwrap_or_default();
            let accounts: Vec<Account> = serde_json::from_value(users).map_err(misread("users"))?;
            found.extend(accounts);
        }
        Ok(found)
    }
}

fn member(membership: Membership) -> Option<TeamMember> {
    Some(TeamMember {
        user: UserId::parse(&membership.user_id)?,
        name: membership.user_name,
        confirmed: membership.confirm,
        administers: membership.roles.iter().any(|role| is_admin(role)),
    })
}
