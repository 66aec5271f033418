//! `appwrite push tables` and `valyou schema` make the same of one file. The former is replayed as recorded, from a fresh
//! project and then after edits of the file; the latter is run.

use anyhow::{ensure, Context};
use embedded_appwrite::Edition;
use project::{schema, Description, Target};
use serde_json::{json, Value};
use world::echo::Host;

use super::player::{server, Player, Server, PROJECT};
use super::preparation::Preparation;
use super::recording::{text, Exchange};

/// The recording.
pub(super) const FILE: &str = "cli-push";

const DATABASES: [&str; 2] = ["main_database", "main_dev"];

/// What was found equal, in words.
pub(super) async fn compare(
    host: &Host,
    preparation: Option<&Preparation>,
    tables: &Value,
    exchanges: &[Exchange],
) -> anyhow::Result<String> {
    let none = Preparation::default();
    let mut player = Player::start(
        host,
        Server::default(),
        preparation.unwrap_or(&none),
        tables,
    )
    .await?;
    let pushed = Target::new(player.appwrite.endpoint(), PROJECT, player.appwrite.key())?;
    let ours = server(host, Edition::default()).await?;
    let applied = Target::new(ours.endpoint(), PROJECT, ours.key())?;

    let first = description(tables, exchanges);
    let again = text(&exchanges[0].request, "path");
    let again = exchanges
        .iter()
        .skip(1)
        .position(|exchange| text(&exchange.request, "path") == again);
    let again = 1 + again.context("the recording holds one push only")?;
    let functions = exchanges
        .iter()
        .position(|exchange| text(&exchange.request, "path").starts_with("/v1/functions"));
    let functions = functions.context("the recording ends with the tables")?;

    for (position, exchange) in exchanges[..again].iter().enumerate() {
        player.exchange(FILE, position, exchange).await?;
    }
    let described = Description::parse(&first.to_string())?;
    nothing_to_do(&pushed, &described).await?;
    schema::apply(&applied, &described).await?;
    same(&pushed, &applied).await.context("the first push")?;

    for (position, exchange) in exchanges.iter().enumerate().take(functions).skip(again) {
        player.exchange(FILE, position, exchange).await?;
    }
    let described = Description::parse(&edited(first)?.to_string())?;
    nothing_to_do(&pushed, &described).await?;
    let report = schema::apply(&applied, &described).await?;
    ensure!(
        (report.created, report.changed, report.drift.len()) == (2, 2, 1),
        "the edits: {report:?}"
    );
    // The one thing that is left to a person.
    let index = "/tablesdb/main_dev/tables/workspaces/indexes/organizationId_slug_unique";
    applied.delete(index).await?;
    let report = schema::apply(&applied, &described).await?;
    ensure!(report.drift.is_empty(), "the index: {report:?}");
    same(&pushed, &applied).await.context("the second push")?;
    Ok(format!(
        "pushed and applied: {} tables are equal, and again after five edits",
        described.tables.len()
    ))
}

/// What was pushed: of the file, the tables that the recording makes.
fn description(tables: &Value, exchanges: &[Exchange]) -> Value {
    let made = |table: &Value| {
        let path = format!("/v1/tablesdb/{}/tables", text(table, "databaseId"));
        exchanges.iter().any(|exchange| {
            let request = &exchange.request;
            text(request, "method") == "POST"
                && text(request, "path") == path
                && request["body"]["tableId"] == table["$id"]
        })
    };
    let mut description = tables.clone();
    if let Some(tables) = description["tables"].as_array_mut() {
        tables.retain(made);
    }
    description
}

/// The edits between the two pushes, as their requests tell them.
fn edited(mut description: Value) -> anyhow::Result<Value> {
    let tables = description["tables"].as_array_mut().context("no tables")?;
    for table in tables
        .iter_mut()
        .filter(|table| table["databaseId"] == "main_dev")
    {
        if table["$id"] == "workspaces" {
            table["indexes"][0]["orders"] = json!(["ASC", "DESC"]);
            continue;
        }
        let columns = table["columns"].as_array_mut().context("no columns")?;
        for column in columns.iter_mut() {
            match text(column, "key") {
                "scopes" => column["elements"] = json!(["read", "write", "admin", "owner"]),
                "description" => column["size"] = json!(600),
                _ => {}
            }
        }
        columns.push(json!({"key": "note", "type": "text", "required": false, "array": false, "default": null}));
        let indexes = table["indexes"].as_array_mut().context("no indexes")?;
        indexes.push(
            json!({"key": "expiresAt", "type": "key", "columns": ["expiresAt"], "orders": ["ASC"]}),
        );
    }
    Ok(description)
}

async fn nothing_to_do(target: &Target, description: &Description) -> anyhow::Result<()> {
    let plan = schema::plan(target, description).await?.to_string();
    ensure!(
        plan == "nothing to do\n",
        "after a push of the same file:\n{plan}"
    );
    Ok(())
}

async fn same(one: &Target, other: &Target) -> anyhow::Result<()> {
    let one = schema::inventory(one, &DATABASES).await?;
    let other = schema::inventory(other, &DATABASES).await?;
    ensure!(one == other, "made otherwise:\n{one:#}\n{other:#}");
    Ok(())
}
