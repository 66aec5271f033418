//! What a server lacks, and where it differs, from the description and what was found. Pure: it asks no server and
//! changes nothing. Nothing that exists is ever planned to be changed or deleted; it is told as drift instead.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::description::{Column, Database, Description, Index, Kind, Table};

/// What to create, in this order, and what a person has to look at.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    pub databases: Vec<&'a Database>,
    pub tables: Vec<TableSteps<'a>>,
    /// What exists but is not as described, one sentence each.
    pub drift: Vec<String>,
    /// What exists and is not described. It does no harm.
    pub notes: Vec<String>,
}

/// What one table lacks.
#[derive(Debug)]
pub struct TableSteps<'a> {
    pub table: &'a Table,
    /// The table itself is missing.
    pub create: bool,
    pub columns: Vec<&'a Column>,
    pub indexes: Vec<&'a Index>,
    /// Keys of columns and indexes that the server is still making, as after a run that was interrupted.
    pub unfinished: Vec<String>,
}

/// The described databases that exist, with everything in them.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub databases: BTreeMap<String, FoundDatabase>,
}

#[derive(Debug)]
pub(super) struct FoundDatabase {
    pub enabled: bool,
    pub tables: BTreeMap<String, FoundTable>,
}

#[derive(Debug)]
pub(super) struct FoundTable {
    pub enabled: bool,
    pub row_security: bool,
    pub permissions: Vec<String>,
    pub columns: Vec<Part<Column>>,
    pub indexes: Vec<Part<Index>>,
}

/// A column or index of the server.
#[derive(Debug)]
pub(super) struct Part<T> {
    pub key: String,
    /// What it is; only the name of its type where this tool does not know that type.
    pub is: Result<T, String>,
    pub state: State,
}

/// Appwrite makes and removes columns and indexes after its answer.
/// <https://appwrite.io/docs/references/cloud/models/columnString>
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    Available,
    Processing,
    Deleting,
    /// `failed` or `stuck`, with the server's reason.
    Broken(String),
}

pub(super) fn plan<'a>(description: &'a Description, found: &Found) -> Plan<'a> {
    let mut plan = Plan::default();
    for database in &description.databases {
        match found.databases.get(&database.id) {
            None => plan.databases.push(database),
            Some(there) if there.enabled != database.enabled => {
                plan.drift
                    .push(format!("{}: {}", database.id, enabled(there.enabled)));
            }
            Some(_) => {}
        }
    }
    for table in &description.tables {
        let there = found
            .databases
            .get(&table.database_id)
            .and_then(|database| database.tables.get(&table.id));
        plan_table(table, there, &mut plan);
    }
    for (database, there) in &found.databases {
        let described: BTreeSet<&str> = (description.tables.iter())
            .filter(|table| table.database_id == *database)
            .map(|table| table.id.as_str())
            .collect();
        for table in there
            .tables
            .keys()
            .filter(|table| !described.contains(table.as_str()))
        {
            plan.notes
                .push(format!("{database}.{table}: is not described"));
        }
    }
    plan
}

fn plan_table<'a>(table: &'a Table, there: Option<&FoundTable>, plan: &mut Plan<'a>) {
    let place = table.place();
    let mut steps = TableSteps {
        table,
        create: there.is_none(),
        columns: Vec::new(),
        indexes: Vec::new(),
        unfinished: Vec::new(),
    };
    if let Some(there) = there {
        if there.row_security != table.row_security {
            plan.drift.push(format!(
                "{place}: row security is {}, described as {}",
                on(there.row_security),
                on(table.row_security)
            ));
        }
        if there.permissions != table.permissions {
            plan.drift.push(format!(
                "{place}: has the permissions {:?}, described as {:?}",
                there.permissions, table.permissions
            ));
        }
        if there.enabled != table.enabled {
            plan.drift
                .push(format!("{place}: {}", enabled(there.enabled)));
        }
    }

    let columns = there.map_or(&[][..], |there| &there.columns);
    for column in &table.columns {
        match standing(column, &column.key, columns, column_differences) {
            Standing::Missing => steps.columns.push(column),
            Standing::Unfinished => steps.unfinished.push(column.key.clone()),
            Standing::Made(differences) => {
                plan.drifted(format!("{place}.{}", column.key), differences)
            }
        }
    }
    for extra in columns
        .iter()
        .filter(|extra| !table.columns.iter().any(|column| column.key == extra.key))
    {
        let place = format!("{place}.{}", extra.key);
        if extra.is.as_ref().is_ok_and(|column| column.required) {
            let differences = vec![
                "is not described but required, so rows cannot be created without it".to_owned(),
            ];
            plan.drifted(place, differences);
        } else {
            plan.notes.push(format!("{place}: is not described"));
        }
    }

    let indexes = there.map_or(&[][..], |there| &there.indexes);
    for index in &table.indexes {
        match standing(index, &index.key, indexes, index_differences) {
            Standing::Missing => steps.indexes.push(index),
            Standing::Unfinished => steps.unfinished.push(index.key.clone()),
            Standing::Made(differences) => {
                plan.drifted(format!("{place} index {}", index.key), differences)
            }
        }
    }
    for extra in indexes
        .iter()
        .filter(|extra| !table.indexes.iter().any(|index| index.key == extra.key))
    {
        plan.notes
            .push(format!("{place} index {}: is not described", extra.key));
    }

    if !steps.is_empty() {
        plan.tables.push(steps);
    }
}

enum Standing {
    Missing,
    Unfinished,
    /// It is there; what about it is not as described.
    Made(Vec<String>),
}

fn standing<T>(
    described: &T,
    key: &str,
    parts: &[Part<T>],
    differences: fn(described: &T, found: &T) -> Vec<String>,
) -> Standing
where
    T: fmt::Display,
{
    let Some(part) = parts.iter().find(|part| part.key == key) else {
        return Standing::Missing;
    };
    let mut told = match &part.is {
        Ok(found) => differences(described, found),
        Err(kind) => vec![format!("is {kind}, described as {described}")],
    };
    match &part.state {
        State::Available => {}
        State::Processing if told.is_empty() => return Standing::Unfinished,
        State::Processing => {}
        State::Deleting => told.push("is being deleted; run this again when it is gone".to_owned()),
        State::Broken(reason) => told.push(broken(reason)),
    }
    Standing::Made(told)
}

/// What to do about a column or index that Appwrite gave up making.
pub(super) fn broken(reason: &str) -> String {
    let reason = if reason.is_empty() {
        "without a reason"
    } else {
        reason
    };
    format!("Appwrite could not make it ({reason}); mend the cause, delete it on the server and run this again")
}

fn column_differences(described: &Column, found: &Column) -> Vec<String> {
    let mut differences = Vec::new();
    if !same_kind(&described.kind, &found.kind) {
        differences.push(format!(
            "is {}, described as {}",
            found.kind, described.kind
        ));
    }
    if described.array != found.array {
        differences.push(format!(
            "is {}, described as {}",
            array(found.array),
            array(described.array)
        ));
    }
    if described.required != found.required {
        differences.push(format!(
            "is {}, described as {}",
            required(found.required),
            required(described.required)
        ));
    }
    if described.default != found.default {
        differences.push(format!(
            "has the default {}, described as {}",
            found.default, described.default
        ));
    }
    differences
}

/// The order of an enum's elements means nothing.
fn same_kind(one: &Kind, other: &Kind) -> bool {
    match (one, other) {
        (Kind::Enum { elements: one }, Kind::Enum { elements: other }) => {
            one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
        }
        _ => one == other,
    }
}

fn index_differences(described: &Index, found: &Index) -> Vec<String> {
    if described == found {
        return Vec::new();
    }
    vec![format!("is {found}, described as {described}")]
}

fn on(on: bool) -> &'static str {
    if on {
        "on"
    } else {
        "off"
    }
}

fn enabled(enabled: bool) -> &'static str {
    if enabled {
        "is enabled, described as disabled"
    } else {
        "is disabled, described as enabled"
    }
}

fn required(required: bool) -> &'static str {
    if required {
        "required"
    } else {
        "optional"
    }
}

fn array(array: bool) -> &'static str {
    if array {
        "an array"
    } else {
        "a single value"
    }
}

impl Plan<'_> {
    /// Nothing is missing; there may be drift.
    pub fn is_complete(&self) -> bool {
        self.databases.is_empty() && self.tables.is_empty()
    }

    /// How many databases, tables, columns and indexes are to be created.
    pub fn missing(&self) -> usize {
        let of_tables = self
            .tables
            .iter()
            .map(|steps| usize::from(steps.create) + steps.columns.len() + steps.indexes.len());
        self.databases.len() + of_tables.sum::<usize>()
    }

    fn drifted(&mut self, place: String, differences: Vec<String>) {
        self.drift.extend(
            differences
                .into_iter()
                .map(|difference| format!("{place}: {difference}")),
        );
    }
}

impl TableSteps<'_> {
    fn is_empty(&self) -> bool {
        !self.create
            && self.columns.is_empty()
            && self.indexes.is_empty()
            && self.unfinished.is_empty()
    }
}

impl fmt::Display for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_complete() {
            writeln!(f, "nothing to do")?;
        }
        for database in &self.databases {
            writeln!(f, "create the database {}", database.id)?;
        }
        for steps in &self.tables {
            let place = steps.table.place();
            if steps.create {
                let security = if steps.table.row_security {
                    " with row security"
                } else {
                    ""
                };
                writeln!(f, "create the table {place}{security}")?;
            }
            for column in &steps.columns {
                writeln!(f, "create the column {place}.{} {column}", column.key)?;
            }
            for index in &steps.indexes {
                writeln!(f, "create the index {place} {} {index}", index.key)?;
            }
            for key in &steps.unfinished {
                writeln!(
                    f,
                    "wait for {place}.{key}, which the server is still making"
                )?;
            }
        }
        for drift in &self.drift {
            writeln!(f, "drift: {drift}")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::description::{Description, IndexKind};
    use super::{plan, Found, FoundDatabase, FoundTable, Kind, Part, State};

    const DESCRIBED: &str = r#"{"projectId": "p",
        "tablesDB": [{"$id": "d", "name": "d", "enabled": true}],
        "tables": [{"$id": "t", "$permissions": [], "databaseId": "d", "name": "t", "enabled": true, "rowSecurity": true,
            "columns": [
                {"key": "a", "type": "varchar", "size": 36, "required": true, "array": false, "default": null},
                {"key": "b", "type": "string", "format": "enum", "elements": ["x", "y"], "required": false, "array": false, "default": "x"}],
            "indexes": [{"key": "i", "type": "unique", "columns": ["a", "b"], "orders": ["ASC", "DESC"]}]}]}"#;

    /// The server as described.
    fn as_described(description: &Description) -> Found {
        let table = &description.tables[0];
        let found = FoundTable {
            enabled: true,
            row_security: true,
            permissions: Vec::new(),
            columns: table
                .columns
                .iter()
                .map(|column| part(&column.key, column))
                .collect(),
            indexes: table
                .indexes
                .iter()
                .map(|index| part(&index.key, index))
                .collect(),
        };
        let tables = [("t".to_owned(), found)].into();
        Found {
            databases: [(
                "d".to_owned(),
                FoundDatabase {
                    enabled: true,
                    tables,
                },
            )]
            .into(),
        }
    }

    fn part<T: Clone>(key: &str, is: &T) -> Part<T> {
        Part {
            key: key.to_owned(),
            is: Ok(is.clone()),
            state: State::Available,
        }
    }

    fn column(table: &mut FoundTable, position: usize) -> &mut super::Column {
        table.columns[position].is.as_mut().unwrap()
    }

    /// `change` is done to a server as described; `expect` is the plan that follows.
    #[track_caller]
    fn check(change: impl FnOnce(&mut FoundTable), expect: &str) {
        let description = Description::parse(DESCRIBED).unwrap();
        let mut found = as_described(&description);
        change(
            found
                .databases
                .get_mut("d")
                .unwrap()
                .tables
                .get_mut("t")
                .unwrap(),
        );
        assert_eq!(plan(&description, &found).to_string().trim_end(), expect);
    }

    #[test]
    fn a_server_as_described_leaves_nothing_to_do() {
        check(|_| {}, "nothing to do");
    }

    #[test]
    fn an_empty_server_gets_everything_in_order() {
        let description = Description::parse(DESCRIBED).unwrap();
        let expect = "create the database d\n\
                      create the table d.t with row security\n\
                      create the column d.t.a varchar(36), required\n\
                      create the column d.t.b enum(x|y), optional, default \"x\"\n\
                      create the index d.t i unique on a ascending, b descending\n";
        assert_eq!(plan(&description, &Found::default()).to_string(), expect);
    }

    #[test]
    fn what_an_interrupted_run_left_out_is_made_up_for() {
        check(
            |table| {
                table.columns.remove(1);
                table.indexes.clear();
            },
            "create the column d.t.b enum(x|y), optional, default \"x\"\n\
             create the index d.t i unique on a ascending, b descending",
        );
        check(
            |table| table.indexes[0].state = State::Processing,
            "wait for d.t.i, which the server is still making",
        );
    }

    #[test]
    fn what_is_there_but_not_as_described_is_drift_and_never_a_step() {
        check(
            |table| column(table, 0).kind = Kind::Varchar { size: 64 },
            "nothing to do\ndrift: d.t.a: is varchar(64), described as varchar(36)",
        );
        check(
            |table| {
                column(table, 1).kind = Kind::Enum {
                    elements: vec!["x".to_owned()],
                }
            },
            "nothing to do\ndrift: d.t.b: is enum(x), described as enum(x|y)",
        );
        check(
            |table| {
                column(table, 0).required = false;
                column(table, 0).array = true;
            },
            "nothing to do\n\
             drift: d.t.a: is an array, described as a single value\n\
             drift: d.t.a: is optional, described as required",
        );
        check(
            |table| column(table, 1).default = serde_json::Value::Null,
            "nothing to do\ndrift: d.t.b: has the default null, described as \"x\"",
        );
        check(
            |table| table.columns[0].is = Err("point".to_owned()),
            "nothing to do\ndrift: d.t.a: is point, described as varchar(36), required",
        );
        check(
            |table| table.indexes[0].is.as_mut().unwrap().kind = IndexKind::Key,
            "nothing to do\n\
             drift: d.t index i: is key on a ascending, b descending, described as unique on a ascending, b descending",
        );
        check(
            |table| {
                table.row_security = false;
                table.permissions = vec!["read(\"any\")".to_owned()];
            },
            "nothing to do\n\
             drift: d.t: row security is off, described as on\n\
             drift: d.t: has the permissions [\"read(\\\"any\\\")\"], described as []",
        );
        check(
            |table| table.columns[0].state = State::Broken("Row width limit reached".to_owned()),
            "nothing to do\n\
             drift: d.t.a: Appwrite could not make it (Row width limit reached); mend the cause, delete it on the \
             server and run this again",
        );
    }

    #[test]
    fn the_order_of_an_enum_means_nothing() {
        let elements = ["y", "x"].map(str::to_owned).to_vec();
        check(
            |table| column(table, 1).kind = Kind::Enum { elements },
            "nothing to do",
        );
    }

    #[test]
    fn what_is_not_described_is_a_note_unless_it_stops_creates() {
        check(
            |table| {
                let mut extra = table.columns[1].is.clone().unwrap();
                extra.key = "c".to_owned();
                table.columns.push(part("c", &extra));
                extra.required = true;
                table.columns.push(part("e", &extra));
            },
            "nothing to do\n\
             drift: d.t.e: is not described but required, so rows cannot be created without it\n\
             note: d.t.c: is not described",
        );
        let mut description = Description::parse(DESCRIBED).unwrap();
        let found = as_described(&description);
        description.tables.clear();
        assert_eq!(
            plan(&description, &found).to_string(),
            "nothing to do\nnote: d.t: is not described\n"
        );
    }
}
