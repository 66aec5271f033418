//! Rows of a world, as the frontend's server writes them.

use std::time::Duration;

use anyhow::{bail, Context};
use domain::time::Timestamp;
use platform::appwrite::Appwrite;
use reqwest::Method;
use serde_json::{json, Value};

use crate::{check, World, DATABASE, PATIENCE, PROJECT};

impl World {
    /// The functions' own client on the world's rows, with the project's key.
    pub fn client(&self) -> anyhow::Result<Appwrite> {
        let server = &self.appwrite;
        project::rows(server.endpoint(), PROJECT, server.key(), DATABASE)
    }

    /// Creates a row as the frontend's server would, unless its id is taken.
    pub async fn row(
        &self,
        table: &str,
        id: &str,
        data: Value,
        permissions: &[String],
    ) -> anyhow::Result<()> {
        let body = json!({"rowId": id, "data": data, "permissions": permissions});
        self.make(&format!("row {id} of {table}"), &rows(table), body)
            .await
    }

    /// The row of this id, read by list.
    pub async fn find(&self, table: &str, id: &str) -> anyhow::Result<Option<Value>> {
        let query = json!({"method": "equal", "attribute": "$id", "values": [id]});
        Ok(self.rows(table, &[query]).await?.into_iter().next())
    }

    /// Rows of a table; Appwrite's default limit of 25 applies unless a query says otherwise.
    pub async fn rows(&self, table: &str, queries: &[Value]) -> anyhow::Result<Vec<Value>> {
        self.list(&rows(table), "rows", queries).await
    }

    /// Changes columns of a row as the frontend's server would.
    pub async fn change(&self, table: &str, id: &str, data: Value) -> anyhow::Result<()> {
        let path = format!("{}/{id}", rows(table));
        let body = json!({"data": data});
        let answer = self.api(Method::PATCH, &path, Some(body)).await?;
        check(&answer, &format!("the change of {table}/{id}"))
    }

    /// Waits until the row satisfies `is_there`; every state it was seen in goes through it.
    pub async fn watch(
        &self,
        table: &str,
        id: &str,
        mut is_there: impl FnMut(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let begun = tokio::time::Instant::now();
        loop {
            if let Some(row) = self.find(table, id).await? {
                if is_there(&row) {
                    return Ok(row);
                }
            }
            if begun.elapsed() > PATIENCE {
                bail!(
                    "row {id} of {table} did not get there within {} s",
                    PATIENCE.as_secs()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Makes a job look an hour old, its lease over: what a sweep takes for missed or left behind.
    pub async fn age(&self, table: &str, id: &str) -> anyhow::Result<()> {
        let row = self
            .find(table, id)
            .await?
            .context("there is no such job")?;
        #[expect(
            clippy::disallowed_methods,
            reason = "a world is its own caller: no cx hands it the time"
        )]
        let long_ago = Timestamp::new(chrono::Utc::now()).minus(Duration::from_secs(3600));
        let mut data = json!({"$createdAt": long_ago});
        // The column that records a job's claim.
        for column in ["prefillJson", "inputSnapshotJson"] {
            let claim: Option<Value> = row[column]
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok());
            if let Some(mut claim) = claim {
                claim["meta"]["startedAt"] = json!(long_ago);
                data[column] = json!(claim.to_string());
            }
        }
        self.change(table, id, data).await
    }
}

/// The path of a table's rows.
fn rows(table: &str) -> String {
    format!("/tablesdb/{DATABASE}/tables/{table}/rows")
}
