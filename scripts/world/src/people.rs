//! People of a world: accounts with proven addresses, workspaces and who belongs to them, functions' own domains.

use anyhow::Context;
use platform::appwrite::Appwrite;
use reqwest::Method;
use serde_json::{json, Value};
use url::Url;

use crate::{made, Answer, World, DATABASE, PROJECT};

impl World {
    /// The functions' own client on the world's rows, with the project's key.
    pub fn client(&self) -> anyhow::Result<Appwrite> {
        let server = &self.appwrite;
        project::rows(server.endpoint(), PROJECT, server.key(), DATABASE)
    }

    /// Makes a user whose address, `<id>@example.com`, is verified.
    pub async fn person(&self, id: &str) -> anyhow::Result<()> {
        self.user(id, id).await?;
        let path = format!("/users/{id}/verification");
        let body = json!({"emailVerification": true});
        let answer = self.api(Method::PATCH, &path, Some(body)).await?;
        made(&answer, &format!("the verification of {id}'s address"))
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

    /// Changes columns of a row as the frontend's server would.
    pub async fn change(&self, table: &str, id: &str, data: Value) -> anyhow::Result<()> {
        let path = format!("/tablesdb/{DATABASE}/tables/{table}/rows/{id}");
        let answer = self
            .api(Method::PATCH, &path, Some(json!({"data": data})))
            .await?;
        made(&answer, &format!("the change of {table}/{id}"))
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
            made(&answer, "the removal")?;
        }
        Ok(())
    }

    async fn memberships(&self, organization: &str, user: &str) -> anyhow::Result<Vec<Value>> {
        let query = json!({"method": "equal", "attribute": "userId", "values": [user]}).to_string();
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let path = format!("/teams/team-{organization}/memberships?queries[]={query}");
        let mut body = self.api(Method::GET, &path, None).await?.body;
        let list = body["memberships"].take();
        serde_json::from_value(list).context("no list of memberships")
    }

    /// Lets anybody execute a function, as an operator does who turns personal access tokens on.
    pub async fn open(&self, function: &str) -> anyhow::Result<()> {
        let path = format!("/functions/{function}");
        let mut settings = self.api(Method::GET, &path, None).await?.body;
        settings["execute"] = json!(["any"]);
        let answer = self.api(Method::PUT, &path, Some(settings)).await?;
        made(&answer, "the function's settings")
    }

    /// Calls a function on its own domain, where the platform knows nobody. An empty body is sent as none.
    pub async fn on_domain(
        &self,
        function: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> anyhow::Result<Answer> {
        let mut url = Url::parse(self.appwrite.endpoint())?;
        url.set_path("");
        let url = format!("{}{path}", url.as_str().trim_end_matches('/'));
        let mut request = self
            .http
            .request(method.parse()?, url)
            .header("host", format!("{function}.functions.localhost"))
            .header("content-type", "application/json")
            .body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        // Appwrite's own refusals are pages.
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, body })
    }
}
