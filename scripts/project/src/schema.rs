//! Brings the databases of an Appwrite server to what `appwrite.json` describes. It creates what is missing and changes in
//! place what Appwrite can change in place, where no row is hurt by it. It deletes nothing but columns that Appwrite failed
//! to make, which hold nothing; what stays different is told as drift, with the way out. Safe to run at any time, twice,
//! two at once, and again after a run that was cut off. Functions are deployed with Appwrite's own command line tool.

pub use self::plan::Plan;
pub(crate) use self::server::make_function;
pub use self::server::{inventory, make, Change};
use crate::description::Description;
use crate::target::Target;

mod in_place;
mod plan;
mod server;

/// How a server stands after `apply`.
#[derive(Debug, Default)]
pub struct Report {
    /// Databases, tables, columns and indexes that were missing and are there now.
    pub created: usize,
    /// Databases, tables and columns that differed and are as described now.
    pub changed: usize,
    /// What is there but not as described, one sentence each.
    pub drift: Vec<String>,
    /// What is there and not described.
    pub notes: Vec<String>,
}

/// What the server lacks of the description and where it differs, functions aside. Writes nothing.
pub async fn plan<'a>(target: &Target, description: &'a Description) -> anyhow::Result<Plan<'a>> {
    let mut found = server::read(target, description).await?;
    for question in plan::questions(description, &found) {
        if question.is_of_new_column() {
            server::exists(target, &question.database, &question.table).await?;
        }
        let answer = server::ask(target, &question).await?;
        found.answers.push((question, answer));
    }
    found.locked = server::locked(target, description, &found).await?;
    Ok(plan::plan(description, &found))
}

/// Creates what the server lacks of the description and changes what can be changed in place, functions aside.
pub async fn apply(target: &Target, description: &Description) -> anyhow::Result<Report> {
    let plan = plan(target, description).await?;
    make(target, &plan).await?;
    Ok(Report {
        created: plan.missing(),
        changed: plan.differing(),
        drift: plan.drift,
        notes: plan.notes,
    })
}

/// Creates the described functions or brings their settings to those described; their ids with what became of them.
/// Code and variables are not touched.
pub async fn apply_functions(
    target: &Target,
    description: &Description,
) -> anyhow::Result<Vec<(String, Change)>> {
    let mut changes = Vec::new();
    for function in &description.functions {
        changes.push((function.id.clone(), make_function(target, function).await?));
    }
    Ok(changes)
}
