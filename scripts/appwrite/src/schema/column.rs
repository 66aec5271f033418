//! A column as it is described: its kind, how wide it is, how it is stored and how it is shown.

use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};

use crate::wire::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Varchar,
    Text,
    Mediumtext,
    Longtext,
    String,
    Enum,
    Url,
    Email,
    Ip,
    Integer,
    Bigint,
    Float,
    Boolean,
    Datetime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Processing,
    Available,
    /// Still there for rows until [`crate::schema::changes`] has taken it away.
    Deleting,
    Failed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Column {
    /// Names the SQLite column.
    pub(crate) number: u32,
    pub(crate) key: String,
    pub(crate) kind: Kind,
    pub(crate) status: Status,
    pub(crate) error: String,
    pub(crate) required: bool,
    pub(crate) array: bool,
    /// Characters of texts, bytes of integers.
    pub(crate) size: u64,
    pub(crate) default: Value,
    /// What rows get that are made without a value, where that is not what `default` says: see [`Column::filling`].
    #[serde(default)]
    pub(crate) kept_default: Option<Value>,
    pub(crate) elements: Vec<String>,
    pub(crate) min: Value,
    pub(crate) max: Value,
    pub(crate) created: String,
    pub(crate) updated: String,
}

/// Where a column is shown: operations differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// The answer to a create, the GET of one column, and columns inside their table.
    Single,
    /// In lists and after changes `encrypt` is null.
    Listed,
}

impl Kind {
    pub(crate) const ALL: [Self; 14] = [
        Self::Varchar,
        Self::Text,
        Self::Mediumtext,
        Self::Longtext,
        Self::String,
        Self::Enum,
        Self::Url,
        Self::Email,
        Self::Ip,
        Self::Integer,
        Self::Bigint,
        Self::Float,
        Self::Boolean,
        Self::Datetime,
    ];

    /// The last part of the route that makes such a column.
    pub(crate) fn route(self) -> &'static str {
        match self {
            Self::Varchar => "varchar",
            Self::Text => "text",
            Self::Mediumtext => "mediumtext",
            Self::Longtext => "longtext",
            Self::String => "string",
            Self::Enum => "enum",
            Self::Url => "url",
            Self::Email => "email",
            Self::Ip => "ip",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
        }
    }

    /// `type` in answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Float => "double",
            Self::Enum | Self::Url | Self::Email | Self::Ip => "string",
            other => other.route(),
        }
    }

    pub(crate) fn is_text(self) -> bool {
        !matches!(
            self,
            Self::Integer | Self::Bigint | Self::Float | Self::Boolean | Self::Datetime
        )
    }

    /// Characters of kinds that are not given a size.
    pub(crate) fn size(self) -> u64 {
        match self {
            Self::Text => 65_535,
            Self::Mediumtext => 16_777_215,
            Self::Longtext => 2_147_483_647,
            Self::Enum => 255,
            Self::Url => 2_000,
            Self::Email => 254,
            Self::Ip => 39,
            Self::Varchar
            | Self::String
            | Self::Integer
            | Self::Bigint
            | Self::Float
            | Self::Boolean
            | Self::Datetime => 0,
        }
    }
}

impl Column {
    /// Name of the SQLite column.
    pub(crate) fn name(&self) -> String {
        format!("c{}", self.number)
    }

    pub(crate) fn is_available(&self) -> bool {
        self.status == Status::Available
    }

    /// Whether rows have it.
    pub(crate) fn exists(&self) -> bool {
        matches!(self.status, Status::Available | Status::Deleting)
    }

    /// What a row gets that is made without a value.
    pub(crate) fn filling(&self) -> &Value {
        self.kept_default.as_ref().unwrap_or(&self.default)
    }

    /// Sets the default as an update does. Its null means "as before" to the library below, which fills the rows: only
    /// a column that becomes required really loses its default (`$default ??=` in `updateAttribute` of
    /// utopia-php/database 6.0.0).
    pub(crate) fn set_default(&mut self, default: Value) {
        let filling = match &default {
            Value::Null if self.required => Value::Null,
            Value::Null => self.filling().clone(),
            other => other.clone(),
        };
        self.kept_default = (filling != default).then_some(filling);
        self.default = default;
    }

    /// SQLite type and collation.
    pub(crate) fn declaration(&self) -> &'static str {
        match self.kind {
            _ if self.array => "TEXT",
            Kind::Integer | Kind::Bigint | Kind::Boolean => "INTEGER",
            Kind::Float => "REAL",
            Kind::Datetime => "TEXT",
            Kind::Varchar
            | Kind::Text
            | Kind::Mediumtext
            | Kind::Longtext
            | Kind::String
            | Kind::Enum
            | Kind::Url
            | Kind::Email
            | Kind::Ip => "TEXT COLLATE appwrite",
        }
    }

    /// Bytes in a row: `getAttributeWidth` of the SQL adapter.
    pub(crate) fn width(&self) -> u64 {
        match self.kind {
            _ if self.array => 20,
            Kind::Text | Kind::Mediumtext | Kind::Longtext => 20,
            // Bytes of the first day: an update of the bounds does not move them.
            Kind::Integer => self.size,
            Kind::Bigint | Kind::Float => 8,
            Kind::Boolean => 1,
            Kind::Datetime => 7,
            Kind::Varchar | Kind::String | Kind::Enum | Kind::Url | Kind::Email | Kind::Ip => {
                match self.size {
                    size if size > 16_381 => 20,
                    size if size > 255 => 4 * size + 2,
                    size => 4 * size + 1,
                }
            }
        }
    }

    /// Its share of an index, in characters, when no length is given.
    pub(crate) fn index_length(&self) -> u64 {
        match self.kind {
            Kind::Float => 2,
            Kind::Integer | Kind::Bigint | Kind::Boolean | Kind::Datetime => 1,
            Kind::Varchar
            | Kind::Text
            | Kind::Mediumtext
            | Kind::Longtext
            | Kind::String
            | Kind::Enum
            | Kind::Url
            | Kind::Email
            | Kind::Ip => self.size,
        }
    }

    pub(crate) fn body(&self, view: View) -> Value {
        self.body_as(self.kind, view)
    }

    /// The answer of the route for `kind`, whatever this column is.
    pub(crate) fn body_as(&self, kind: Kind, view: View) -> Value {
        let mut body = Map::new();
        body.insert("key".to_owned(), json!(self.key));
        body.insert("type".to_owned(), json!(self.kind.name()));
        body.insert("status".to_owned(), json!(self.status));
        body.insert("error".to_owned(), json!(self.error));
        body.insert("required".to_owned(), json!(self.required));
        body.insert("array".to_owned(), json!(self.array));
        body.insert("$createdAt".to_owned(), json!(self.created));
        body.insert("$updatedAt".to_owned(), json!(self.updated));
        match kind {
            Kind::Varchar | Kind::String => {
                body.insert("size".to_owned(), json!(self.size));
            }
            Kind::Integer | Kind::Bigint | Kind::Float => {
                body.insert("min".to_owned(), self.min.clone());
                body.insert("max".to_owned(), self.max.clone());
            }
            Kind::Enum => {
                body.insert("elements".to_owned(), json!(self.elements));
                body.insert("format".to_owned(), json!("enum"));
            }
            Kind::Url | Kind::Email | Kind::Ip => {
                body.insert("format".to_owned(), json!(kind.route()));
            }
            Kind::Datetime => {
                body.insert("format".to_owned(), json!(""));
            }
            Kind::Text | Kind::Mediumtext | Kind::Longtext | Kind::Boolean => {}
        }
        body.insert("default".to_owned(), self.default.clone());
        if matches!(
            kind,
            Kind::Varchar | Kind::String | Kind::Text | Kind::Mediumtext | Kind::Longtext
        ) {
            let encrypt = match view {
                View::Single => Value::Bool(false),
                View::Listed => Value::Null,
            };
            body.insert("encrypt".to_owned(), encrypt);
        }
        Value::Object(body)
    }
}

pub(crate) fn not_available(key: &str) -> Error {
    Error::new(
        400,
        "column_not_available",
        format!("The requested column '{key}' is not yet available. Please try again later."),
    )
}
