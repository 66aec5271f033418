//! People of a world: accounts with proven addresses, organisations, workspaces and who belongs to them.

use anyhow::Context;
use reqwest::Method;
use serde_json::{json, Value};

use crate::{check, World};

impl World {
    /// Makes a user, unless it exists.
    pub async fn user(&self, id: &str, name: &str) -> anyhow::Result<()> {
        let email = format!("{id}@example.com");
        let body = json!({"userId": id, "name": name, "email": email, "password": "correct-horse-battery"});
        self.make(&format!("user {id}"), "/users", body).await
    }

    /// Makes a user whose address, `<id>@example.com`, is verified.
    pub async fn person(&self, id: &str) -> anyhow::Result<()> {
        self.user(id, id).await?;
        let path = format!("/users/{id}/verification");
        let body = json!({"emailVerification": true});
        let answer = self.api(Method::PATCH, &path, Some(body)).await?;
        check(&answer, &format!("the verification of {id}'s address"))
    }

    /// Makes an organisation with its team, and its owner a confirmed member of that, unless it exists.
    pub async fn organization(&self, id: &str, name: &str, owner: &str) -> anyhow::Result<()> {
        self.user(owner, owner).await?;
        let team = format!("team-{id}");
        let body = json!({"teamId": team, "name": name});
        self.make(&format!("team {team}"), "/teams", body).await?;
        self.member(id, owner, "owner").await?;
        let data = json!({
            "name": name, "slug": id, "teamId": team, "createdByUserId": owner,
            "defaultPrivacyMode": "option_1", "aiEnrichmentOptIn": false,
        });
        self.row("organizations", id, data, &[]).await
    }

    /// Sets whether an organisation lets a model be asked.
    pub async fn opt_in(&self, organization: &str, opted_in: bool) -> anyhow::Result<()> {
        let data = json!({"aiEnrichmentOptIn": opted_in});
        self.change("organizations", organization, data).await
    }

    /// Makes a user a confirmed member of an organisation's team.
    pub async fn member(&self, organization: &str, user: &str, role: &str) -> anyhow::Result<()> {
        self.user(user, user).await?;
        let path = format!("/teams/team-{organization}/memberships");
        let body = json!({"userId": user, "roles": [role]});
        self.make(&format!("{user}'s membership"), &path, body)
            .await
    }

    /// Makes a workspace of an organisation, unless it exists.
    pub async fn workspace(&self, organization: &str, id: &str) -> anyhow::Result<()> {
        let data = json!({
            "organizationId": organization, "name": id, "slug": id, "privacyMode": "option_1",
            "createdByUserId": "system",
        });
        self.row("workspaces", id, data, &[]).await
    }

    /// Makes a user a member of a workspace; of its organisation's team they are, or are not, a member already.
    pub async fn workspace_member(
        &self,
        organization: &str,
        workspace: &str,
        user: &str,
        role: &str,
        active: bool,
    ) -> anyhow::Result<()> {
        let data = json!({
            "organizationId": organization, "workspaceId": workspace, "userId": user, "role": role, "active": active,
        });
        let id = format!("{workspace}-{user}");
        self.row("workspace_memberships", &id, data, &[]).await
    }

    /// The roles of a user's memberships of an organisation's team, one list for each membership.
    pub async fn team_roles(&self, organization: &str, user: &str) -> anyhow::Result<Vec<Value>> {
        let memberships = self.memberships(organization, user).await?;
        Ok(memberships
            .iter()
            .map(|membership| membership["roles"].clone())
            .collect())
    }

    /// Takes a user out of an organisation's team.
    pub async fn leave(&self, organization: &str, user: &str) -> anyhow::Result<()> {
        for membership in self.memberships(organization, user).await? {
            let id = membership["$id"]
                .as_str()
                .context("a membership without an id")?;
            let path = format!("/teams/team-{organization}/memberships/{id}");
            let answer = self.api(Method::DELETE, &path, None).await?;
            check(&answer, "the removal")?;
        }
        Ok(())
    }

    async fn memberships(&self, organization: &str, user: &str) -> anyhow::Result<Vec<Value>> {
        let query = json!({"method": "equal", "attribute": "userId", "values": [user]});
        let path = format!("/teams/team-{organization}/memberships");
        self.list(&path, "memberships", &[query]).await
    }
}
