//! Who the people of a team are: their names and standing, for many at once.

use domain::ids::{Id, TeamId, UserId};
use serde::Deserialize;

use super::{is_admin, misread, Appwrite, AppwriteError, Query};

/// Most values of one query: Appwrite's `APP_LIMIT_ARRAY_PARAMS_SIZE`.
const TOGETHER: usize = 100;

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
}

fn member(membership: Membership) -> Option<TeamMember> {
    Some(TeamMember {
        user: UserId::parse(&membership.user_id)?,
        name: membership.user_name,
        confirmed: membership.confirm,
        administers: membership.roles.iter().any(|role| is_admin(role)),
    })
}
