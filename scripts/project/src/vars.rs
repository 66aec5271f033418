//! Sets the functions' variables on an Appwrite server, and tells whether they are set. It never deletes one and never
//! shows a secret. Which variables there are stands in `platform::config`; what runs already keeps those that it was
//! started with.

use anyhow::{bail, Context};
use platform::config::Variable;
use serde_json::{json, Value};

pub use self::file::{read, Values};
pub use self::plan::{refuse, Found, FoundVariable, Plan};
use self::plan::{Deed, Step};
use crate::description::Description;
use crate::schema::make_function;
use crate::target::Target;

mod file;
mod plan;

/// Sets these values on the functions that need them, and creates functions that are missing.
///
/// # Errors
/// Names everything that is missing or misspelt in the values at once, then without having written anything.
pub async fn push<'a>(
    target: &Target,
    description: &'a Description,
    variables: &'a [Variable],
    values: &'a Values,
) -> anyhow::Result<Plan<'a>> {
    refuse(description, variables, values)?;
    let plan = plan(target, description, variables, values).await?;
    make(target, &plan).await?;
    Ok(plan)
}

/// What the server's functions lack of these values. Writes nothing.
pub async fn plan<'a>(
    target: &Target,
    description: &'a Description,
    variables: &'a [Variable],
    values: &'a Values,
) -> anyhow::Result<Plan<'a>> {
    let mut founds = Vec::new();
    for function in &description.functions {
        founds.push((function, found(target, &function.id).await?));
    }
    Ok(plan::plan(variables, values, &founds))
}

/// A function as it is on the server.
pub async fn found(target: &Target, function: &str) -> anyhow::Result<Option<Found>> {
    let path = format!("/functions/{function}");
    let settings = match target.get(&path).await {
        Ok(settings) => settings,
        Err(failure) if failure.kind() == "function_not_found" => return Ok(None),
        Err(failure) => return Err(failure.into()),
    };
    Ok(Some(Found {
        variables: list(target, &format!("{path}/variables")).await?,
        settings,
    }))
}

/// The variables that all functions of the project get.
pub async fn of_project(target: &Target) -> anyhow::Result<Vec<FoundVariable>> {
    list(target, "/project/variables").await
}

async fn list(target: &Target, path: &str) -> anyhow::Result<Vec<FoundVariable>> {
    let variables = target.list(path, "variables").await?;
    let variables = variables.iter().map(|variable| {
        let text = |name: &str| variable[name].as_str().unwrap_or_default().to_owned();
        FoundVariable {
            id: text("$id"),
            name: text("key"),
            value: (variable["secret"] != json!(true)).then(|| text("value")),
        }
    });
    Ok(variables.collect())
}

/// Does what is planned. What is done before a failure stays; the next run goes on from there.
pub async fn make(target: &Target, plan: &Plan<'_>) -> anyhow::Result<()> {
    for steps in &plan.functions {
        let id = &steps.function.id;
        if steps.create {
            make_function(target, steps.function).await?;
        }
        for step in &steps.variables {
            let done = set(target, id, step).await;
            done.with_context(|| format!("{id}: {} cannot be set", step.variable.name))?;
        }
    }
    Ok(())
}

async fn set(target: &Target, function: &str, step: &Step<'_>) -> anyhow::Result<()> {
    let place = format!("/functions/{function}/variables");
    let name = step.variable.name;
    let variable = match &step.deed {
        Deed::Change { variable, .. } | Deed::Hide { variable } | Deed::Rewrite { variable } => {
            variable.clone()
        }
        Deed::Create => {
            let mut body = body(step);
            body["variableId"] = json!("unique()");
            body["secret"] = json!(step.variable.secret);
            if target.create(&place, &body).await? {
                return Ok(());
            }
            // Somebody else has set it meanwhile, to this or to another value.
            let there = list(target, &place).await?;
            let Some(there) = there.into_iter().find(|there| there.name == name) else {
                bail!("it was there and is gone again; run this again");
            };
            if plan::deed(step.variable, step.value.expose(), Some(&there)).is_none() {
                return Ok(());
            }
            there.id
        }
    };
    target
        .put(&format!("{place}/{variable}"), &body(step))
        .await?;
    Ok(())
}

/// Whether it is secret is said only where it is to be: what is left out stays, and Appwrite refuses to make a secret
/// open again.
fn body(step: &Step<'_>) -> Value {
    let mut body = json!({"key": step.variable.name, "value": step.value.expose()});
    if step.variable.secret {
        body["secret"] = json!(true);
    }
    body
}
