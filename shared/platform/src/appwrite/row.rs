//! A row as the server holds it, and what became of reading or writing one.

use std::cell::Cell;
use std::fmt;
use std::iter;

use domain::ids::Id;
use domain::rows::Row;
use domain::time::Timestamp;
use serde::de::value::MapDeserializer;
use serde::Serialize;
use serde_json::{Map, Value};

/// A row as the server holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow<R: Row> {
    pub id: R::Id,
    pub created_at: Timestamp,
    pub version: Version,
    pub row: R,
}

/// The `$updatedAt` that a row was listed with. Only a listed row has one. A key, or another server's clock, may have set
/// one that is still to come: then the row is read like any other, but there is no [`Guard`] for it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(pub(super) Timestamp);

/// A version that has surely come by the server's clock: what a write is guarded with. Appwrite takes one that is empty or
/// still to come for none at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard(pub(super) Timestamp);

/// Rows of a list, and those whose contents the type refuses.
#[derive(Debug)]
pub struct RowPage<R: Row> {
    pub rows: Vec<StoredRow<R>>,
    /// Row ids and why they cannot be read; never silently dropped, the caller reports them.
    pub malformed: Vec<(String, String)>,
    /// Rows that match, on this page or not. Appwrite counts no further than [`MOST_COUNTED`].
    pub total: usize,
    /// The last row's id, readable or not: the next page begins after it.
    pub last: Option<String>,
}

impl<R: Row> RowPage<R> {
    /// How many rows the page holds, readable or not.
    pub fn size(&self) -> usize {
        self.rows.len() + self.malformed.len()
    }
}

/// What became of a create.
#[derive(Debug)]
pub enum CreateOutcome<R: Row> {
    New(StoredRow<R>),
    /// The id, or a unique column, is taken: by this row, if it is the id.
    Taken(Option<StoredRow<R>>),
}

/// What became of a guarded PATCH.
#[derive(Debug)]
pub enum PatchOutcome<R: Row> {
    Done(StoredRow<R>),
    /// Somebody wrote the row since it was listed; nothing was changed.
    Conflict,
}

/// A change of one row, as dryRun shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub action: &'static str,
    pub table: &'static str,
    pub row_id: String,
    pub data: Map<String, Value>,
}

impl<R: Row> StoredRow<R> {
    /// What is wrong with it is told by the column alone: a parser's words quote what it holds.
    pub(super) fn decode(value: &Value) -> Result<Self, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let time =
            |name: &str| Timestamp::parse(text(name)).ok_or_else(|| format!("{name} is no date"));
        let columns = value.as_object().ok_or("it is no object")?;
        let at = Cell::new(None);
        let columns = columns.iter().map(|(name, value)| {
            at.set(Some(name));
            (name.as_str(), value)
        });
        // Asked for one more, it is through with all that there are.
        let columns = columns.chain(iter::from_fn(|| {
            at.set(None);
            None
        }));
        let row = R::deserialize(MapDeserializer::new(columns));
        let row = row.map_err(|_: serde_json::Error| match at.get() {
            Some(column) => format!("{column} holds what it should not"),
            None => "a column is missing".to_owned(),
        })?;
        Ok(Self {
            id: R::Id::parse(text("$id")).ok_or("$id is not an id")?,
            created_at: time("$createdAt")?,
            version: Version::listed(time("$updatedAt")?),
            row,
        })
    }
}

impl Version {
    pub(crate) fn listed(at: Timestamp) -> Self {
        Self(at)
    }

    /// When the row was last written, by the server's clock; a key may have written another time.
    pub fn time(self) -> Timestamp {
        self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

pub(super) fn id_of(row: &Value) -> &str {
    row.get("$id").and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::rows::OrgInvite;
    use serde_json::json;

    use super::*;

    /// A row with one column that holds this.
    fn invite(column: &str, value: Value) -> Value {
        let mut row = json!({
            "$id": "i1", "$createdAt": "2026-01-01T12:00:00Z", "$updatedAt": "2026-01-01T12:00:00Z",
            "organizationId": "acme", "email": "a", "normalizedEmail": "a", "inviteTokenHash": "a",
            "status": "pending", "workspaceRole": "workspace_user", "invitedByUserId": "bob",
            "expiresAt": "2026-01-01T12:00:00Z",
        });
        row[column] = value;
        row
    }

    #[test]
    fn a_row_that_cannot_be_read_tells_its_column_and_not_what_it_holds() {
        let secret = "ada@example.com";
        for column in ["status", "workspaceId", "expiresAt", "acceptedByUserId"] {
            let why = StoredRow::<OrgInvite>::decode(&invite(column, json!(secret))).unwrap_err();
            assert_eq!(why, format!("{column} holds what it should not"));
        }
        let mut row = invite("status", json!("pending"));
        assert!(StoredRow::<OrgInvite>::decode(&row).is_ok());
        row.as_object_mut().unwrap().remove("status");
        let why = StoredRow::<OrgInvite>::decode(&row).unwrap_err();
        assert_eq!(why, "a column is missing");
    }
}
