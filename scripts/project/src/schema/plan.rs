//! What a server lacks, and where it differs, from the description and what was found. Pure: it asks no server and
//! changes nothing. Nothing is ever planned that could lose or lock a row: that is told as drift.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::in_place::{self, differences, Difference, Hurt};
use crate::description::{Column, Database, Description, Index, IndexKind, Table};

/// What to create and to change, in this order, and what a person has to look at.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    pub databases: Vec<DatabaseStep<'a>>,
    pub tables: Vec<TableSteps<'a>>,
    /// What exists, is not as described and stays so, one sentence each with the way out.
    pub drift: Vec<String>,
    /// What exists and is not described. It does no harm.
    pub notes: Vec<String>,
}

/// A database that is missing, or whose settings differ.
#[derive(Debug)]
pub struct DatabaseStep<'a> {
    pub database: &'a Database,
    /// From → to; none when the database is to be created.
    pub settings: Vec<Setting>,
}

/// What one table lacks or has otherwise.
#[derive(Debug)]
pub struct TableSteps<'a> {
    pub table: &'a Table,
    /// The table itself is missing.
    pub create: bool,
    pub settings: Vec<Setting>,
    pub columns: Vec<&'a Column>,
    /// Columns that the server failed to make: they hold nothing, and are deleted and made anew.
    pub anew: Vec<Anew<'a>>,
    pub changes: Vec<ColumnChange<'a>>,
    pub indexes: Vec<&'a Index>,
    /// Columns that the server is still making, as after a run that was interrupted.
    pub unfinished_columns: Vec<&'a Column>,
    /// Indexes likewise.
    pub unfinished_indexes: Vec<&'a Index>,
    /// Columns and indexes that the server is still deleting, and that are to be created when they are gone.
    pub leaving: Vec<String>,
}

/// A column to be made once more.
#[derive(Debug)]
pub struct Anew<'a> {
    pub column: &'a Column,
    /// Why the server failed, in its own words; may be empty.
    pub reason: String,
}

/// A setting to change, in words.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    Name(String),
    /// It decides who may reach the rows.
    Access(String),
}

/// A column that is changed in place, as a whole or not at all.
#[derive(Debug)]
pub struct ColumnChange<'a> {
    pub from: Column,
    pub to: &'a Column,
    /// From → to, one for each respect.
    pub told: Vec<String>,
    /// No row is hurt in these ways; to be asked again when it is done.
    pub(super) hurts: Vec<Hurt>,
}

/// The described databases that exist, with everything in them, and what their rows were asked.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub databases: BTreeMap<String, FoundDatabase>,
    pub answers: Vec<(Question, Fit)>,
    pub locked: Vec<Locked>,
}

/// A row without a value in a column that is required: no update of it is taken.
#[derive(Debug)]
pub(super) struct Locked {
    pub database: String,
    pub table: String,
    pub column: String,
    pub row: String,
}

#[derive(Debug)]
pub(super) struct FoundDatabase {
    pub name: String,
    pub enabled: bool,
    pub tables: BTreeMap<String, FoundTable>,
}

#[derive(Debug)]
pub(super) struct FoundTable {
    pub name: String,
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
    /// It could not be made and holds nothing; with the server's reason.
    Failed(String),
    /// It could not be deleted; likewise.
    Stuck(String),
}

/// Whether any row of a table would be hurt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    pub database: String,
    pub table: String,
    /// As it is on the server.
    pub column: Column,
    pub hurt: Hurt,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fit {
    /// No row is hurt.
    All,
    /// The row with this id is.
    Not(String),
    /// Why nobody can tell.
    Unknown(String),
}

/// What the server has to be asked about its rows before [`plan`] can tell whether a change is harmless.
pub(super) fn questions(description: &Description, found: &Found) -> Vec<Question> {
    let mut questions = Vec::new();
    for table in &description.tables {
        let there = found.table(table).map_or(&[][..], |there| &there.columns);
        for column in &table.columns {
            if let Standing::Made(from) = standing(&column.key, there) {
                questions.extend(
                    hurts(&differences(from, column)).map(|hurt| question(table, from, hurt)),
                );
            }
        }
        // One answer is that of all columns.
        let new = (table.columns.iter()).find(|column| is_new(column, there) && column.required);
        if let (Some(new), Some(_)) = (new, found.table(table)) {
            questions.push(question(table, new, &Hurt::Unset));
        }
    }
    questions
}

/// It has no value in any row.
fn is_new(column: &Column, there: &[Part<Column>]) -> bool {
    match standing(&column.key, there) {
        Standing::Missing | Standing::Leaving | Standing::Failed(_) => true,
        Standing::Making(_) | Standing::Made(_) | Standing::Foreign(_) | Standing::Stuck(_) => {
            false
        }
    }
}

/// The columns of a table in which every row has to have a value, on the server and as described. An array has one in
/// every row: an empty one where nothing is stored.
pub(super) fn required<'a>(table: &'a Table, found: &Found) -> Vec<&'a Column> {
    let there = found.table(table).map_or(&[][..], |there| &there.columns);
    let is_required = |column: &&Column| {
        let made = standing(&column.key, there);
        column.required && matches!(made, Standing::Made(made) if made.required && !made.array)
    };
    table.columns.iter().filter(is_required).collect()
}

fn question(table: &Table, column: &Column, hurt: &Hurt) -> Question {
    Question {
        database: table.database_id.clone(),
        table: table.id.clone(),
        column: column.clone(),
        hurt: hurt.clone(),
    }
}

/// None where the column cannot be changed anyway.
fn hurts(differences: &[Difference]) -> impl Iterator<Item = &Hurt> {
    let is_refused = |difference: &Difference| matches!(difference, Difference::Refused(_));
    let possible = !differences.iter().any(is_refused);
    differences
        .iter()
        .filter(move |_| possible)
        .flat_map(|difference| match difference {
            Difference::Guarded { hurts, .. } => &hurts[..],
            Difference::Free(_) | Difference::Refused(_) => &[],
        })
}

pub(super) fn plan<'a>(description: &'a Description, found: &Found) -> Plan<'a> {
    let mut plan = Plan::default();
    for database in &description.databases {
        let settings = match found.databases.get(&database.id) {
            None => Vec::new(),
            Some(there) => {
                let settings = database_settings(database, there);
                if settings.is_empty() {
                    continue;
                }
                settings
            }
        };
        plan.databases.push(DatabaseStep { database, settings });
    }
    for table in &description.tables {
        plan_table(table, found, &mut plan);
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

fn database_settings(database: &Database, there: &FoundDatabase) -> Vec<Setting> {
    let mut settings = Vec::new();
    settings.extend(name(&there.name, &database.name));
    settings.extend(enabled(there.enabled, database.enabled));
    settings
}

fn table_settings(table: &Table, there: &FoundTable) -> Vec<Setting> {
    let mut settings = Vec::new();
    settings.extend(name(&there.name, &table.name));
    settings.extend(enabled(there.enabled, table.enabled));
    if there.row_security != table.row_security {
        settings.push(Setting::Access(if table.row_security {
            "row security off → on: what single rows permit counts, too".to_owned()
        } else {
            "row security on → off: what single rows permit counts no longer".to_owned()
        }));
    }
    let (from, to) = (single(&there.permissions), single(&table.permissions));
    for gone in from.difference(&to) {
        settings.push(Setting::Access(format!("takes {gone} away")));
    }
    for new in to.difference(&from) {
        settings.push(Setting::Access(format!("gives {new}")));
    }
    settings
}

fn name(from: &str, to: &str) -> Option<Setting> {
    (from != to).then(|| Setting::Name(format!("name {from:?} → {to:?}")))
}

fn enabled(from: bool, to: bool) -> Option<Setting> {
    let told = if to {
        "disabled → enabled: users reach it again"
    } else {
        "enabled → disabled: users no longer reach it, keys do"
    };
    (from != to).then(|| Setting::Access(told.to_owned()))
}

/// `write` stands for three: `Permission::aggregate` of Appwrite takes it apart.
fn single(permissions: &[String]) -> BTreeSet<String> {
    let parts = |permission: &String| match permission.strip_prefix("write(") {
        Some(role) => ["create", "update", "delete"]
            .map(|deed| format!("{deed}({role}"))
            .to_vec(),
        None => vec![permission.clone()],
    };
    permissions.iter().flat_map(parts).collect()
}

fn plan_table<'a>(table: &'a Table, found: &Found, plan: &mut Plan<'a>) {
    let place = table.place();
    let there = found.table(table);
    let mut steps = TableSteps {
        table,
        create: there.is_none(),
        settings: there.map_or_else(Vec::new, |there| table_settings(table, there)),
        columns: Vec::new(),
        anew: Vec::new(),
        changes: Vec::new(),
        indexes: Vec::new(),
        unfinished_columns: Vec::new(),
        unfinished_indexes: Vec::new(),
        leaving: Vec::new(),
    };

    let columns = there.map_or(&[][..], |there| &there.columns);
    let mut unmade = Vec::new();
    for column in &table.columns {
        let key = &column.key;
        let place = format!("{place}.{key}");
        if there.is_some() && is_new(column, columns) {
            if let Some(why) = locks(table, column, &found.answers) {
                plan.drifted(&place, [format!("create {column}: {why}")]);
                unmade.push(key);
                continue;
            }
        }
        match standing(key, columns) {
            Standing::Missing => steps.columns.push(column),
            Standing::Leaving => {
                steps.leaving.push(place);
                steps.columns.push(column);
            }
            Standing::Making(from) if differences(from, column).is_empty() => {
                steps.unfinished_columns.push(column);
            }
            Standing::Making(from) => {
                plan.drift.push(still_making(&place, from, column));
                unmade.push(key);
            }
            Standing::Made(from) => {
                let differences = differences(from, column);
                match judge(table, column, from, differences, &found.answers) {
                    Ok(change) => steps.changes.extend(change),
                    Err(drift) => plan.drifted(&place, drift),
                }
            }
            Standing::Foreign(kind) => {
                plan.drifted(&place, [in_place::other_type(kind, column)]);
            }
            Standing::Failed(reason) => steps.anew.push(Anew {
                column,
                reason: reason.to_owned(),
            }),
            Standing::Stuck(reason) => {
                plan.drifted(&place, [stuck(reason)]);
                unmade.push(key);
            }
        }
    }
    for locked in found.locked.iter().filter(|locked| locked.is_in(table)) {
        let place = format!("{place}.{}", locked.column);
        let why = format!(
            "row {} has no value although the column is required, so no update of it is taken; give such rows one",
            locked.row
        );
        plan.drifted(&place, [why]);
    }
    let is_unmade = |key: &String| unmade.contains(&key);
    for extra in columns
        .iter()
        .filter(|extra| !table.columns.iter().any(|column| column.key == extra.key))
    {
        let place = format!("{place}.{}", extra.key);
        if extra.is.as_ref().is_ok_and(|column| column.required) {
            let why = "is not described but required, so rows cannot be created without it; describe it, or make it \
                       optional by hand";
            plan.drifted(&place, [why.to_owned()]);
        } else {
            plan.notes.push(format!("{place}: is not described"));
        }
    }

    let indexes = there.map_or(&[][..], |there| &there.indexes);
    for index in &table.indexes {
        let key = &index.key;
        let place = format!("{place} index {key}");
        match standing(key, indexes) {
            Standing::Missing | Standing::Leaving if index.columns.iter().any(is_unmade) => {
                let why = "waits for its columns; run this again when they are made";
                plan.drifted(&place, [why.to_owned()]);
            }
            Standing::Missing => steps.indexes.push(index),
            Standing::Leaving => {
                steps.leaving.push(place);
                steps.indexes.push(index);
            }
            Standing::Made(from) if from == index => {}
            Standing::Making(from) if from == index => steps.unfinished_indexes.push(index),
            Standing::Making(from) => plan.drift.push(still_making(&place, from, index)),
            Standing::Made(from) => {
                let why = other_index(&from.to_string(), Some(from.kind), index);
                plan.drifted(&place, [why]);
            }
            Standing::Foreign(kind) => plan.drifted(&place, [other_index(kind, None, index)]),
            Standing::Failed(reason) => plan.drifted(&place, [failed(reason)]),
            Standing::Stuck(reason) => plan.drifted(&place, [stuck(reason)]),
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

/// The change that makes a column as described, if there is anything to change; otherwise why it is not made.
fn judge<'a>(
    table: &Table,
    to: &'a Column,
    from: &Column,
    differences: Vec<Difference>,
    answers: &[(Question, Fit)],
) -> Result<Option<ColumnChange<'a>>, Vec<String>> {
    let asked: Vec<Hurt> = hurts(&differences).cloned().collect();
    let (mut told, mut refused) = (Vec::new(), Vec::new());
    for difference in differences {
        match difference {
            Difference::Free(what) => told.push(what),
            Difference::Refused(why) => refused.push(why),
            Difference::Guarded { told: what, hurts } => {
                let whys: Vec<String> = (hurts.iter())
                    .filter(|hurt| asked.contains(hurt))
                    .filter_map(|hurt| {
                        let question = question(table, from, hurt);
                        let answer = answers.iter().find(|(asked, _)| *asked == question);
                        refusal(hurt, answer.map(|(_, fit)| fit))
                    })
                    .collect();
                if whys.is_empty() {
                    told.push(what);
                } else {
                    refused.extend(whys.iter().map(|why| format!("{what}: {why}")));
                }
            }
        }
    }
    if refused.is_empty() {
        return Ok((!told.is_empty()).then(|| ColumnChange {
            from: from.clone(),
            to,
            told,
            hurts: asked,
        }));
    }
    // Half a change would leave a column that is neither the one nor the other.
    refused.extend((told.iter()).map(|told| format!("{told}: waits until the rest can be done")));
    Err(refused)
}

/// Why a new column is not made, unless no row is locked by it.
fn locks(table: &Table, column: &Column, answers: &[(Question, Fit)]) -> Option<String> {
    if !column.required {
        return None;
    }
    let is_asked = |question: &Question| {
        (question.database == table.database_id && question.table == table.id)
            && question.hurt == Hurt::Unset
    };
    let answer = answers.iter().find(|(question, _)| is_asked(question));
    refusal(&Hurt::Unset, answer.map(|(_, fit)| fit))
}

/// Why a change is not made, unless no row is hurt in this way.
pub(super) fn refusal(hurt: &Hurt, answer: Option<&Fit>) -> Option<String> {
    match answer {
        Some(Fit::All) => None,
        Some(Fit::Not(row)) => Some(hurt.refusal(row)),
        Some(Fit::Unknown(reason)) => Some(in_place::unknown(reason)),
        None => Some(in_place::unknown("the rows were not asked")),
    }
}

/// How a described column or index stands on the server.
enum Standing<'f, T> {
    Missing,
    Making(&'f T),
    Made(&'f T),
    Leaving,
    /// Of a type that this tool does not know.
    Foreign(&'f str),
    Failed(&'f str),
    Stuck(&'f str),
}

fn standing<'f, T>(key: &str, parts: &'f [Part<T>]) -> Standing<'f, T> {
    let Some(part) = parts.iter().find(|part| part.key == key) else {
        return Standing::Missing;
    };
    match (&part.state, &part.is) {
        (State::Deleting, _) => Standing::Leaving,
        (State::Failed(reason), _) => Standing::Failed(reason),
        (State::Stuck(reason), _) => Standing::Stuck(reason),
        (State::Processing | State::Available, Err(kind)) => Standing::Foreign(kind),
        (State::Processing, Ok(found)) => Standing::Making(found),
        (State::Available, Ok(found)) => Standing::Made(found),
    }
}

fn still_making(place: &str, from: &impl fmt::Display, to: &impl fmt::Display) -> String {
    format!(
        "{place}: is {from} and still being made, described as {to}; run this again when it is made"
    )
}

/// What to do about what Appwrite gave up making.
pub(super) fn failed(reason: &str) -> String {
    format!(
        "Appwrite could not make it ({}); mend the cause, delete it on the server and run this again",
        given(reason)
    )
}

/// What to do about what Appwrite gave up deleting.
pub(super) fn stuck(reason: &str) -> String {
    format!(
        "Appwrite could not delete it ({}); mend the cause, delete it once more and run this again",
        given(reason)
    )
}

/// The server's reason, if it gave one.
pub(super) fn given(reason: &str) -> &str {
    match reason {
        "" => "without a reason",
        reason => reason,
    }
}

/// What to do about an index that is another one. Deleting and making it anew would lose no row, but for the time
/// between, which is long on a large table, nothing would do its work: so that is left to a person, and there is a way
/// without such a time.
fn other_index(found: &str, kind: Option<IndexKind>, described: &Index) -> String {
    let meanwhile = match kind {
        Some(IndexKind::Unique) => "rows can be stored that clash, and then it cannot be made anew",
        Some(IndexKind::Fulltext) => "searches by it are refused",
        Some(IndexKind::Key) | None => "queries that need it are slow",
    };
    format!(
        "is {found}, described as {described}: Appwrite cannot change an index in place; describe it under another \
         key, apply, and delete {} by hand once the new one is there; or delete it by hand and apply again: no row is \
         lost, but meanwhile {meanwhile}",
        described.key
    )
}

impl Question {
    /// It is the first that a table is asked.
    pub(super) fn is_of_new_column(&self) -> bool {
        self.hurt == Hurt::Unset
    }
}

impl Locked {
    fn is_in(&self, table: &Table) -> bool {
        self.database == table.database_id && self.table == table.id
    }
}

impl Found {
    pub(super) fn table(&self, table: &Table) -> Option<&FoundTable> {
        self.databases
            .get(&table.database_id)?
            .tables
            .get(&table.id)
    }
}

impl Plan<'_> {
    /// Nothing is missing or to be changed; there may be drift.
    pub fn is_complete(&self) -> bool {
        self.databases.is_empty() && self.tables.is_empty()
    }

    /// How many databases, tables, columns and indexes are to be created.
    pub fn missing(&self) -> usize {
        let databases = self.databases.iter().filter(|step| step.is_missing());
        let of_tables = self.tables.iter().map(|steps| {
            usize::from(steps.create) + steps.new_columns().count() + steps.indexes.len()
        });
        databases.count() + of_tables.sum::<usize>()
    }

    /// How many databases, tables and columns are to be changed.
    pub fn differing(&self) -> usize {
        let databases = self.databases.iter().filter(|step| !step.is_missing());
        let of_tables = self
            .tables
            .iter()
            .map(|steps| usize::from(!steps.settings.is_empty()) + steps.changes.len());
        databases.count() + of_tables.sum::<usize>()
    }

    fn drifted(&mut self, place: &str, whys: impl IntoIterator<Item = String>) {
        let drift = whys.into_iter().map(|why| format!("{place}: {why}"));
        self.drift.extend(drift);
    }
}

impl DatabaseStep<'_> {
    pub(super) fn is_missing(&self) -> bool {
        self.settings.is_empty()
    }
}

impl<'a> TableSteps<'a> {
    /// The columns to be created.
    pub(super) fn new_columns(&self) -> impl Iterator<Item = &'a Column> + use<'a, '_> {
        let anew = self.anew.iter().map(|anew| anew.column);
        anew.chain(self.columns.iter().copied())
    }

    fn is_empty(&self) -> bool {
        !self.create
            && self.settings.is_empty()
            && self.columns.is_empty()
            && self.anew.is_empty()
            && self.changes.is_empty()
            && self.indexes.is_empty()
            && self.unfinished_columns.is_empty()
            && self.unfinished_indexes.is_empty()
    }
}

impl Setting {
    fn write(&self, f: &mut fmt::Formatter<'_>, kind: &str, place: &str) -> fmt::Result {
        match self {
            Self::Name(told) => writeln!(f, "change the {kind} {place}: {told}"),
            Self::Access(told) => writeln!(f, "change who may reach the {kind} {place}: {told}"),
        }
    }
}

impl fmt::Display for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_complete() {
            writeln!(f, "nothing to do")?;
        }
        for step in &self.databases {
            let id = &step.database.id;
            if step.is_missing() {
                writeln!(f, "create the database {id}")?;
            }
            for setting in &step.settings {
                setting.write(f, "database", id)?;
            }
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
            for setting in &steps.settings {
                setting.write(f, "table", &place)?;
            }
            for place in &steps.leaving {
                writeln!(f, "wait until the server has deleted {place}")?;
            }
            for column in &steps.columns {
                writeln!(f, "create the column {place}.{} {column}", column.key)?;
            }
            for Anew { column, reason } in &steps.anew {
                let key = &column.key;
                writeln!(
                    f,
                    "make the column {place}.{key} anew {column}: it holds nothing, Appwrite could not make it ({})",
                    given(reason)
                )?;
            }
            for change in &steps.changes {
                for told in &change.told {
                    writeln!(f, "change the column {place}.{}: {told}", change.to.key)?;
                }
            }
            for index in &steps.indexes {
                writeln!(f, "create the index {place} {} {index}", index.key)?;
            }
            let columns = steps.unfinished_columns.iter().map(|column| &column.key);
            let indexes = steps.unfinished_indexes.iter().map(|index| &index.key);
            for key in columns.chain(indexes) {
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
    use super::{
        plan, questions, required, Fit, Found, FoundDatabase, FoundTable, Hurt, Locked, Part, State,
    };
    use crate::description::{Column, Kind};
    use crate::description::{Description, IndexKind};

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
            name: "t".to_owned(),
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
                    name: "d".to_owned(),
                    enabled: true,
                    tables,
                },
            )]
            .into(),
            ..Found::default()
        }
    }

    fn part<T: Clone>(key: &str, is: &T) -> Part<T> {
        Part {
            key: key.to_owned(),
            is: Ok(is.clone()),
            state: State::Available,
        }
    }

    fn found_table(found: &mut Found) -> &mut FoundTable {
        let database = found.databases.get_mut("d").unwrap();
        database.tables.get_mut("t").unwrap()
    }

    fn column(table: &mut FoundTable, position: usize) -> &mut Column {
        table.columns[position].is.as_mut().unwrap()
    }

    /// `change` is done to a server as described; `expect` is the plan that follows.
    #[track_caller]
    fn check(change: impl FnOnce(&mut FoundTable), expect: &str) {
        let description = Description::parse(DESCRIBED).unwrap();
        let mut found = as_described(&description);
        change(found_table(&mut found));
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
        check(
            |table| {
                table.columns[1].state = State::Deleting;
                table.indexes[0].state = State::Deleting;
            },
            "wait until the server has deleted d.t.b\n\
             wait until the server has deleted d.t index i\n\
             create the column d.t.b enum(x|y), optional, default \"x\"\n\
             create the index d.t i unique on a ascending, b descending",
        );
    }

    #[test]
    fn what_no_row_minds_is_changed_in_place() {
        check(
            |table| column(table, 0).kind = Kind::Varchar { size: 9 },
            "change the column d.t.a: varchar(9) → varchar(36)",
        );
        check(
            |table| {
                column(table, 1).default = "y".into();
                column(table, 1).required = true;
            },
            "change the column d.t.b: required → optional\n\
             change the column d.t.b: default \"y\" → \"x\"",
        );
    }

    #[test]
    fn who_may_reach_a_table_is_changed_in_plain_sight() {
        check(
            |table| {
                table.name = "old".to_owned();
                table.enabled = false;
                table.row_security = false;
                table.permissions = vec!["read(\"any\")".to_owned()];
            },
            "change the table d.t: name \"old\" → \"t\"\n\
             change who may reach the table d.t: disabled → enabled: users reach it again\n\
             change who may reach the table d.t: row security off → on: what single rows permit counts, too\n\
             change who may reach the table d.t: takes read(\"any\") away",
        );
        let text = DESCRIBED.replacen("[]", r#"["write(\"users\")", "read(\"users\")"]"#, 1);
        let description = Description::parse(&text).unwrap();
        let mut found = as_described(&description);
        let told = |found: &Found| plan(&description, found).to_string();
        found.databases.get_mut("d").unwrap().name = "old".to_owned();
        assert_eq!(
            told(&found),
            "change the database d: name \"old\" → \"d\"\n\
             change who may reach the table d.t: gives create(\"users\")\n\
             change who may reach the table d.t: gives delete(\"users\")\n\
             change who may reach the table d.t: gives read(\"users\")\n\
             change who may reach the table d.t: gives update(\"users\")\n"
        );
        // The server takes `write` apart and has an order of its own.
        found.databases.get_mut("d").unwrap().name = "d".to_owned();
        found_table(&mut found).permissions = ["update", "read", "create", "delete"]
            .map(|deed| format!("{deed}(\"users\")"))
            .to_vec();
        assert_eq!(told(&found), "nothing to do\n");
    }

    #[test]
    fn what_would_hurt_a_row_is_asked_and_changed_only_if_it_does_not() {
        let description = Description::parse(DESCRIBED).unwrap();
        let mut found = as_described(&description);
        let table = found_table(&mut found);
        column(table, 0).kind = Kind::Varchar { size: 64 };
        column(table, 0).required = false;
        let asked = questions(&description, &found);
        let hurts: Vec<&Hurt> = asked.iter().map(|question| &question.hurt).collect();
        assert_eq!(hurts, [&Hurt::Longer(36), &Hurt::Empty]);

        let mut told = |fits: [Fit; 2]| {
            found.answers = asked.iter().cloned().zip(fits).collect();
            plan(&description, &found).to_string()
        };
        assert_eq!(
            told([Fit::All, Fit::All]),
            "change the column d.t.a: varchar(64) → varchar(36)\n\
             change the column d.t.a: optional → required\n"
        );
        assert_eq!(
            told([Fit::All, Fit::Not("r1".to_owned())]),
            "nothing to do\n\
             drift: d.t.a: optional → required: row r1 has no value and could no longer be updated; give such rows \
             one, then run this again\n\
             drift: d.t.a: varchar(64) → varchar(36): waits until the rest can be done\n"
        );
        assert_eq!(
            told([Fit::Unknown("the key lacks a scope".to_owned()), Fit::All]),
            "nothing to do\n\
             drift: d.t.a: varchar(64) → varchar(36): cannot tell whether a row would be hurt: the key lacks a scope\n\
             drift: d.t.a: optional → required: waits until the rest can be done\n"
        );
    }

    #[test]
    fn no_row_is_asked_about_a_column_that_cannot_be_changed_anyway() {
        let description = Description::parse(DESCRIBED).unwrap();
        let mut found = as_described(&description);
        let table = found_table(&mut found);
        column(table, 1).kind = Kind::Enum {
            elements: ["x", "y", "z"].map(str::to_owned).to_vec(),
        };
        assert_eq!(questions(&description, &found).len(), 1);
        let table = found_table(&mut found);
        column(table, 1).array = true;
        assert!(questions(&description, &found).is_empty());
    }

    #[test]
    fn what_appwrite_cannot_change_is_drift_with_a_way_out() {
        check(
            |table| column(table, 0).array = true,
            "nothing to do\n\
             drift: d.t.a: is varchar(36)[], required, described as varchar(36), required: Appwrite cannot change a \
             column's type in place; make another column instead: describe one under another key, apply, copy the \
             values, let the program use it, then delete this one by hand",
        );
        check(
            |table| table.columns[0].is = Err("point".to_owned()),
            "nothing to do\n\
             drift: d.t.a: is point, described as varchar(36), required: Appwrite cannot change a column's type in \
             place; make another column instead: describe one under another key, apply, copy the values, let the \
             program use it, then delete this one by hand",
        );
        let index = "drift: d.t index i: is {} on a ascending, b descending, described as unique on a ascending, b \
                     descending: Appwrite cannot change an index in place; describe it under another key, apply, and \
                     delete i by hand once the new one is there; or delete it by hand and apply again: no row is \
                     lost, but meanwhile";
        for (kind, name, meanwhile) in [
            (IndexKind::Key, "key", "queries that need it are slow"),
            (
                IndexKind::Fulltext,
                "fulltext",
                "searches by it are refused",
            ),
        ] {
            check(
                |table| table.indexes[0].is.as_mut().unwrap().kind = kind,
                &format!("nothing to do\n{} {meanwhile}", index.replace("{}", name)),
            );
        }
        check(
            |table| {
                table.columns[0].state = State::Stuck(String::new());
                table.indexes.clear();
            },
            "nothing to do\n\
             drift: d.t.a: Appwrite could not delete it (without a reason); mend the cause, delete it once more and \
             run this again\n\
             drift: d.t index i: waits for its columns; run this again when they are made",
        );
        check(
            |table| table.indexes[0].state = State::Failed("Duplicate".to_owned()),
            "nothing to do\n\
             drift: d.t index i: Appwrite could not make it (Duplicate); mend the cause, delete it on the server and \
             run this again",
        );
        check(
            |table| {
                table.columns[0].state = State::Processing;
                column(table, 0).kind = Kind::Varchar { size: 64 };
            },
            "nothing to do\n\
             drift: d.t.a: is varchar(64), required and still being made, described as varchar(36), required; run \
             this again when it is made",
        );
    }

    #[test]
    fn a_column_that_could_not_be_made_is_made_anew() {
        check(
            |table| {
                table.columns[1].state = State::Failed("Collection not found".to_owned());
                table.indexes.clear();
            },
            "make the column d.t.b anew enum(x|y), optional, default \"x\": it holds nothing, Appwrite could not make it \
             (Collection not found)\n\
             create the index d.t i unique on a ascending, b descending",
        );
    }

    #[test]
    fn a_required_column_is_new_to_an_empty_table_only() {
        let description = Description::parse(DESCRIBED).unwrap();
        for failed in [true, false] {
            let mut found = as_described(&description);
            let table = found_table(&mut found);
            if failed {
                table.columns[0].state = State::Failed(String::new());
            } else {
                table.columns.remove(0);
            }
            table.indexes.clear();
            let asked = questions(&description, &found);
            let hurts: Vec<&Hurt> = asked.iter().map(|question| &question.hurt).collect();
            assert_eq!(hurts, [&Hurt::Unset]);

            let mut told = |fit: Fit| {
                found.answers = asked.iter().cloned().zip([fit]).collect();
                plan(&description, &found).to_string()
            };
            let made = told(Fit::All);
            let anew = "make the column d.t.a anew varchar(36), required: it holds nothing, Appwrite could not make it \
                        (without a reason)\n";
            let create = "create the column d.t.a varchar(36), required\n";
            assert!(
                made.starts_with(if failed { anew } else { create }),
                "{made}"
            );
            assert_eq!(
                told(Fit::Not("r1".to_owned())),
                "nothing to do\n\
                 drift: d.t.a: create varchar(36), required: row r1 would have no value and could no longer be updated; \
                 describe the column as optional and apply, give every row a value, then describe it as required and \
                 apply again\n\
                 drift: d.t index i: waits for its columns; run this again when they are made\n"
            );
            let unknown = told(Fit::Unknown("the key lacks a scope".to_owned()));
            let expect = "nothing to do\n\
                          drift: d.t.a: create varchar(36), required: cannot tell whether a row would be hurt: the key \
                          lacks a scope\n";
            assert!(unknown.starts_with(expect), "{unknown}");
        }
        // An optional one minds no row, and a table that is to be created has none.
        let mut found = as_described(&description);
        found_table(&mut found).columns.remove(1);
        assert!(questions(&description, &found).is_empty());
        assert!(questions(&description, &Found::default()).is_empty());
    }

    #[test]
    fn a_row_that_is_locked_already_is_told() {
        let description = Description::parse(DESCRIBED).unwrap();
        let mut found = as_described(&description);
        let of: Vec<&str> = (required(&description.tables[0], &found).iter())
            .map(|column| column.key.as_str())
            .collect();
        assert_eq!(of, ["a"]);
        found.locked = vec![Locked {
            database: "d".to_owned(),
            table: "t".to_owned(),
            column: "a".to_owned(),
            row: "r1".to_owned(),
        }];
        assert_eq!(
            plan(&description, &found).to_string(),
            "nothing to do\n\
             drift: d.t.a: row r1 has no value although the column is required, so no update of it is taken; give such \
             rows one\n"
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
             drift: d.t.e: is not described but required, so rows cannot be created without it; describe it, or make \
             it optional by hand\n\
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
