//! `appwrite.json`: the one description of databases, tables and functions, in the format of Appwrite's command line
//! tool. Read strictly: what this tool does not know it refuses by name instead of leaving it out of a server.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use anyhow::{ensure, Context};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// The whole file. Tables stand once for each database they are in.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Description {
    /// Read by Appwrite's own tool only: this one takes the project from its options.
    pub project_id: String,
    pub project_name: Option<String>,
    /// Read by Appwrite's own tool only, as `projectId` is.
    pub endpoint: Option<String>,
    #[serde(default)]
    pub functions: Vec<Function>,
    #[serde(rename = "tablesDB")]
    pub databases: Vec<Database>,
    pub tables: Vec<Table>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(rename = "$id")]
    pub id: String,
    pub name: String,
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    #[serde(rename = "$id")]
    pub id: String,
    #[serde(rename = "$permissions")]
    pub permissions: Vec<String>,
    pub database_id: String,
    pub name: String,
    pub enabled: bool,
    pub row_security: bool,
    pub columns: Vec<Column>,
    pub indexes: Vec<Index>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "ColumnFields")]
pub struct Column {
    pub key: String,
    pub kind: Kind,
    pub required: bool,
    pub array: bool,
    /// Null where the column has no default.
    pub default: Value,
}

/// What a column holds. Sizes are characters; a missing bound is the type's own.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Varchar { size: u32 },
    Text,
    MediumText,
    LongText,
    Integer { min: Option<i64>, max: Option<i64> },
    Double { min: Option<f64>, max: Option<f64> },
    Boolean,
    Datetime,
    Enum { elements: Vec<String> },
    Email,
    Ip,
    Url,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    pub key: String,
    #[serde(rename = "type")]
    pub kind: IndexKind,
    pub columns: Vec<String>,
    pub orders: Vec<Order>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IndexKind {
    Key,
    Unique,
    Fulltext,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Order {
    Asc,
    Desc,
}

/// A function's settings. Every one is required: an update that leaves one out resets it on the server.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Function {
    #[serde(rename = "$id", skip_serializing)]
    pub id: String,
    pub name: String,
    /// What is uploaded, relative to the file; the server never sees it.
    #[serde(skip_serializing)]
    pub path: String,
    /// What is left out of the upload, one pattern a line.
    #[serde(skip_serializing)]
    pub ignore: String,
    pub runtime: String,
    pub entrypoint: String,
    pub commands: String,
    pub enabled: bool,
    pub logging: bool,
    pub execute: Vec<String>,
    pub events: Vec<String>,
    pub schedule: String,
    /// Seconds.
    pub timeout: u32,
    pub scopes: Vec<String>,
    pub build_specification: String,
    pub runtime_specification: String,
}

impl Description {
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} is not a valid description", file.display()))
    }

    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let description: Self = serde_json::from_str(text)?;
        description.consistent()?;
        Ok(description)
    }

    /// Only what belongs to one database; an error when the description has no such database.
    pub fn limited_to(mut self, database: &str) -> anyhow::Result<Self> {
        let known: Vec<&str> = self
            .databases
            .iter()
            .map(|known| known.id.as_str())
            .collect();
        ensure!(
            known.contains(&database),
            "the description has no database {database}, only {}",
            known.join(" and ")
        );
        self.databases.retain(|kept| kept.id == database);
        self.tables.retain(|kept| kept.database_id == database);
        Ok(self)
    }

    fn consistent(&self) -> anyhow::Result<()> {
        let mut databases = BTreeSet::new();
        for database in &self.databases {
            ensure!(
                is_id(&database.id),
                "database id {:?} is not an Appwrite id",
                database.id
            );
            ensure!(
                databases.insert(&database.id),
                "database {} is described twice",
                database.id
            );
        }
        let mut tables = BTreeSet::new();
        for table in &self.tables {
            let place = table.place();
            ensure!(
                is_id(&table.id),
                "{place}: the table's id is not an Appwrite id"
            );
            ensure!(
                databases.contains(&table.database_id),
                "{place}: tablesDB does not list this database"
            );
            ensure!(
                tables.insert((&table.database_id, &table.id)),
                "{place} is described twice"
            );
            table.consistent().with_context(|| place)?;
        }
        let mut functions = BTreeSet::new();
        for function in &self.functions {
            ensure!(
                is_id(&function.id),
                "function id {:?} is not an Appwrite id",
                function.id
            );
            ensure!(
                functions.insert(&function.id),
                "function {} is described twice",
                function.id
            );
        }
        Ok(())
    }
}

impl Table {
    /// `database.table`, as messages name it.
    pub fn place(&self) -> String {
        format!("{}.{}", self.database_id, self.id)
    }

    fn consistent(&self) -> anyhow::Result<()> {
        /// Columns that every row has; they may stand in an index.
        const OWN: [&str; 3] = ["$id", "$createdAt", "$updatedAt"];

        let mut columns = BTreeSet::new();
        for column in &self.columns {
            ensure!(
                is_id(&column.key),
                "column key {:?} is not an Appwrite key",
                column.key
            );
            ensure!(
                columns.insert(column.key.as_str()),
                "column {} is described twice",
                column.key
            );
            ensure!(
                takes(&column.kind, &column.default),
                "column {}: the default {} does not fit {}",
                column.key,
                column.default,
                column.kind
            );
        }
        let mut indexes = BTreeSet::new();
        for index in &self.indexes {
            let key = &index.key;
            ensure!(is_id(key), "index key {key:?} is not an Appwrite key");
            ensure!(indexes.insert(key), "index {key} is described twice");
            ensure!(!index.columns.is_empty(), "index {key} has no columns");
            ensure!(
                index.orders.len() == index.columns.len(),
                "index {key} needs one order for each column"
            );
            for column in &index.columns {
                let described = self
                    .columns
                    .iter()
                    .find(|described| described.key == *column);
                ensure!(
                    described.is_some() || OWN.contains(&column.as_str()),
                    "index {key}: the table has no column {column}"
                );
                ensure!(
                    !described.is_some_and(|described| described.array),
                    "index {key}: {column} is an array, which Appwrite cannot index"
                );
            }
        }
        Ok(())
    }
}

/// At most 36 of letters, digits, `.`, `_` and `-`, the first a letter or digit.
fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.len() <= 36
        && text.bytes().all(allowed)
        && text
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_alphanumeric())
}

/// A column as the file and the server write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnFields {
    key: String,
    #[serde(rename = "type")]
    name: String,
    required: bool,
    array: bool,
    /// Written even where there is none: Appwrite's own tool refuses a required column without it.
    default: Value,
    format: Option<String>,
    size: Option<u32>,
    min: Option<Number>,
    max: Option<Number>,
    elements: Option<Vec<String>>,
}

impl ColumnFields {
    /// The names of the fields, for an answer of a server that has others beside them.
    pub(crate) const NAMES: [&str; 10] = [
        "key", "type", "required", "array", "default", "format", "size", "min", "max", "elements",
    ];
}

impl TryFrom<ColumnFields> for Column {
    type Error = String;

    fn try_from(fields: ColumnFields) -> Result<Self, String> {
        let key = &fields.key;
        let format = fields.format.as_deref().unwrap_or_default();
        let kind = match (fields.name.as_str(), format) {
            ("varchar", "") => Kind::Varchar {
                size: fields
                    .size
                    .ok_or_else(|| format!("column {key}: varchar needs a size"))?,
            },
            ("text", "") => Kind::Text,
            ("mediumtext", "") => Kind::MediumText,
            ("longtext", "") => Kind::LongText,
            ("integer", "") => Kind::Integer {
                min: fields
                    .min
                    .as_ref()
                    .and_then(Number::as_i64)
                    .filter(|min| *min != i64::MIN),
                max: fields
                    .max
                    .as_ref()
                    .and_then(Number::as_i64)
                    .filter(|max| *max != i64::MAX),
            },
            ("double", "") => Kind::Double {
                min: fields
                    .min
                    .as_ref()
                    .and_then(Number::as_f64)
                    .filter(|min| *min != f64::MIN),
                max: fields
                    .max
                    .as_ref()
                    .and_then(Number::as_f64)
                    .filter(|max| *max != f64::MAX),
            },
            ("boolean", "") => Kind::Boolean,
            ("datetime", "") => Kind::Datetime,
            ("string", "enum") => match fields.elements {
                Some(elements) if !elements.is_empty() => Kind::Enum { elements },
                _ => return Err(format!("column {key}: an enum needs elements")),
            },
            ("string", "email") => Kind::Email,
            ("string", "ip") => Kind::Ip,
            ("string", "url") => Kind::Url,
            ("string", "") => {
                return Err(format!(
                    "column {key}: Appwrite gave up the type string; use varchar or a text type"
                ))
            }
            (name, "") => {
                return Err(format!(
                    "column {key}: this tool does not know the type {name}"
                ))
            }
            (name, format) => {
                return Err(format!(
                    "column {key}: this tool does not know the type {name} with format {format}"
                ))
            }
        };
        if !fields.default.is_null() && (fields.required || fields.array) {
            return Err(format!(
                "column {key}: Appwrite takes no default for a required column or an array"
            ));
        }
        Ok(Self {
            key: fields.key,
            kind,
            required: fields.required,
            array: fields.array,
            default: fields.default,
        })
    }
}

/// Whether a default fits; null is none. Only what this tool can tell: the server knows more of dates and addresses.
fn takes(kind: &Kind, default: &Value) -> bool {
    if default.is_null() {
        return true;
    }
    match kind {
        Kind::Varchar { size } => default
            .as_str()
            .is_some_and(|text| text.chars().count() <= *size as usize),
        Kind::Enum { elements } => default
            .as_str()
            .is_some_and(|text| elements.iter().any(|element| element == text)),
        Kind::Integer { min, max } => default.as_i64().is_some_and(|number| {
            min.is_none_or(|min| min <= number) && max.is_none_or(|max| number <= max)
        }),
        Kind::Double { min, max } => default.as_f64().is_some_and(|number| {
            min.is_none_or(|min| min <= number) && max.is_none_or(|max| number <= max)
        }),
        Kind::Boolean => default.is_boolean(),
        Kind::Text
        | Kind::MediumText
        | Kind::LongText
        | Kind::Datetime
        | Kind::Email
        | Kind::Ip
        | Kind::Url => default.is_string(),
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn bound<T: ToString>(bound: Option<&T>) -> String {
            bound.map(T::to_string).unwrap_or_default()
        }
        match self {
            Self::Varchar { size } => write!(f, "varchar({size})"),
            Self::Text => f.write_str("text"),
            Self::MediumText => f.write_str("mediumtext"),
            Self::LongText => f.write_str("longtext"),
            Self::Integer {
                min: None,
                max: None,
            } => f.write_str("integer"),
            Self::Integer { min, max } => write!(
                f,
                "integer({}..{})",
                bound(min.as_ref()),
                bound(max.as_ref())
            ),
            Self::Double {
                min: None,
                max: None,
            } => f.write_str("double"),
            Self::Double { min, max } => write!(
                f,
                "double({}..{})",
                bound(min.as_ref()),
                bound(max.as_ref())
            ),
            Self::Boolean => f.write_str("boolean"),
            Self::Datetime => f.write_str("datetime"),
            Self::Enum { elements } => write!(f, "enum({})", elements.join("|")),
            Self::Email => f.write_str("email"),
            Self::Ip => f.write_str("ip"),
            Self::Url => f.write_str("url"),
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let array = if self.array { "[]" } else { "" };
        let required = if self.required {
            "required"
        } else {
            "optional"
        };
        write!(f, "{}{array}, {required}", self.kind)?;
        if !self.default.is_null() {
            write!(f, ", default {}", self.default)?;
        }
        Ok(())
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            IndexKind::Key => "key",
            IndexKind::Unique => "unique",
            IndexKind::Fulltext => "fulltext",
        };
        let columns: Vec<String> = (self.columns.iter().zip(&self.orders))
            .map(|(column, order)| match order {
                Order::Asc => format!("{column} ascending"),
                Order::Desc => format!("{column} descending"),
            })
            .collect();
        write!(f, "{kind} on {}", columns.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::{takes, Column, Description};

    /// Reads a description whose second column is `column`; its index is on a column `a`.
    #[track_caller]
    fn check(column: &str, expect: &str) {
        let text = format!(
            r#"{{"projectId": "p", "tablesDB": [{{"$id": "d", "name": "d", "enabled": true}}], "tables": [
                {{"$id": "t", "$permissions": [], "databaseId": "d", "name": "t", "enabled": true, "rowSecurity": false,
                  "columns": [
                    {{"key": "list", "type": "varchar", "size": 9, "required": false, "array": true, "default": null}},
                    {{"required": true, {column}}}
                  ],
                  "indexes": [{{"key": "i", "type": "key", "columns": ["a"], "orders": ["ASC"]}}]}}]}}"#
        );
        let told = match Description::parse(&text) {
            Ok(description) => description.tables[0].columns[1].kind.to_string(),
            Err(error) => format!("{error:#}"),
        };
        assert!(told.starts_with(expect), "{told}\nwanted: {expect}");
    }

    #[test]
    fn a_column_is_read_as_what_it_holds() {
        let cases = [
            (r#""type": "varchar", "size": 36"#, "varchar(36)"),
            (
                r#""type": "integer", "min": 0, "max": 100"#,
                "integer(0..100)",
            ),
            (
                r#""type": "integer", "min": -9223372036854775808"#,
                "integer",
            ),
            (
                r#""type": "double", "min": -1.7976931348623157e+308"#,
                "double",
            ),
            (
                r#""type": "string", "format": "enum", "elements": ["x", "∞"]"#,
                "enum(x|∞)",
            ),
            (r#""type": "string", "format": "url""#, "url"),
            (
                r#""type": "varchar""#,
                "column a: varchar needs a size at line",
            ),
            (
                r#""type": "string", "format": "enum""#,
                "column a: an enum needs elements",
            ),
            (
                r#""type": "string", "size": 9"#,
                "column a: Appwrite gave up the type string",
            ),
            (
                r#""type": "point""#,
                "column a: this tool does not know the type point",
            ),
            (
                r#""type": "text", "sise": 36"#,
                "unknown field `sise`, expected one of",
            ),
        ];
        for (kind, expect) in cases {
            check(
                &format!(r#""key": "a", "array": false, "default": null, {kind}"#),
                expect,
            );
        }
    }

    #[test]
    fn a_default_fits_its_column() {
        let column = |kind: &str, default: &str| {
            let text = format!(
                r#"{{"key": "a", "required": false, "array": false, "default": {default}, {kind}}}"#
            );
            serde_json::from_str::<Column>(&text).unwrap()
        };
        let fits = |kind: &str, default: &str| {
            let column = column(kind, default);
            takes(&column.kind, &column.default)
        };
        let (text, number) = (
            r#""type": "varchar", "size": 2"#,
            r#""type": "integer", "min": 1, "max": 9"#,
        );
        let letters = r#""type": "string", "format": "enum", "elements": ["a"]"#;
        for (kind, default) in [(text, "\"éé\""), (number, "9"), (letters, "\"a\"")] {
            assert!(
                fits(kind, default) && fits(kind, "null"),
                "{kind} {default}"
            );
        }
        for (kind, default) in [
            (text, "\"abc\""),
            (text, "1"),
            (number, "0"),
            (letters, "\"b\""),
        ] {
            assert!(!fits(kind, default), "{kind} {default}");
        }
    }

    #[test]
    fn what_appwrite_or_its_tool_would_refuse_is_refused_by_name() {
        let boolean = r#""type": "boolean""#;
        let cases = [
            (
                r#""key": "a", "array": false"#,
                "missing field `default` at line",
            ),
            (
                r#""key": "a", "array": false, "default": true"#,
                "column a: Appwrite takes no default",
            ),
            (
                r#""key": "list", "array": false, "default": null"#,
                "d.t: column list is described twice",
            ),
            (
                r#""key": "b", "array": false, "default": null"#,
                "d.t: index i: the table has no column a",
            ),
            (
                r#""key": "a", "array": true, "default": null"#,
                "d.t: index i: a is an array",
            ),
            (
                r#""key": "$a", "array": false, "default": null"#,
                "d.t: column key \"$a\" is not an Appwrite key",
            ),
        ];
        for (rest, expect) in cases {
            check(&format!("{boolean}, {rest}"), expect);
        }
    }
}
