//! The demo of the opt-in: a scripted model points at words of the website and proposes skills, some rightly and some not,
//! and what becomes of each is told.

use anyhow::{ensure, Context};
use serde_json::{json, Value};

use world::model_server::Turn;
use world::World;

const ORGANIZATION: &str = "org-tidewater";
const WORKSPACE: &str = "tidewater-software";

/// Prints what the model proposed and why it counted or was dropped. Fails if anything false is stored.
pub(crate) async fn show(world: &World) -> anyhow::Result<()> {
    world.opt_in(ORGANIZATION, true).await?;
    point(world).await?;
    propose(world).await?;
    world.opt_in(ORGANIZATION, false).await
}

async fn point(world: &World) -> anyhow::Result<()> {
    let quotes = [
        ("revenue", "In 2024 we turned over £960 million"),
        ("employeeCount", "employs 84 people"),
        ("address", "12 Nowhere Lane, Bristol BS1 6XN"),
    ];
    let said: serde_json::Map<String, Value> = quotes
        .iter()
        .map(|(field, quote)| ((*field).to_owned(), json!(quote)))
        .collect();
    world
        .model
        .always(Turn::Text(Value::from(said).to_string()));
    let request = json!({"organizationId": ORGANIZATION, "sourceUrl": world.site.url()});
    let reply = world.call("scrape-enrich", "ada", "POST", "/", &request);
    let reply = reply.await?;
    let id = reply.body["jobId"].as_str().context("no job")?;
    let row = world.find("scrape_jobs", id).await?.context("no row")?;
    let document = row["prefillJson"].as_str().context("no profile")?;
    let document: Value = serde_json::from_str(document)?;
    let model = &document["meta"]["model"];
    println!("\nTidewater opts in, and a model points at its website");
    for (field, quote) in quotes {
        println!(
            "  {field:14} \"{quote}\": {}",
            word(&model["verdicts"][field])
        );
    }
    println!("  {}", counts(model));
    ensure!(
        model["stored"] == 0 && model["verdicts"]["employeeCount"] == "agreed",
        "the model was believed otherwise: {model}"
    );
    Ok(())
}

async fn propose(world: &World) -> anyhow::Result<()> {
    let title = "Ask Anna";
    let item = json!({
        "organizationId": ORGANIZATION, "workspaceId": WORKSPACE, "type": "action", "title": title,
        "ownerUserId": "emil", "assigneeUserIds": [], "actionStatus": "pending", "storyPoints": "3",
        "progressComputed": 0, "sortOrder": 0.0,
    });
    world.row("okr_items", "act-anna", item, &[]).await?;
    world.appwrite.idle().await;
    let said = [
        "negotiate sales contracts",
        "vibe flummoxing",
        "SKILL_0000209",
    ];
    // Whatever number the title has.
    let titles: Vec<Value> = (1..=2)
        .map(|number| json!({"number": number, "skills": said}))
        .collect();
    let answer = json!({ "titles": titles }).to_string();
    world.model.always(Turn::Text(answer));
    let request = json!({"workspaceId": WORKSPACE});
    let reply = world
        .call("skill-map", "ada", "POST", "/", &request)
        .await?;
    ensure!(reply.status == 200, "no maps: {}", reply.body);
    let rows = world.rows("member_skills", &[]).await?;
    let emil = rows
        .iter()
        .find(|row| row["userId"] == "emil" && row["workspaceId"] == WORKSPACE);
    let should = emil.and_then(|row| row["shouldJson"].as_str());
    let should: Value = serde_json::from_str(should.context("Emil has no map")?)?;
    let model = &should["meta"]["model"];
    println!("It proposes skills for \"{title}\": {}", said.join("; "));
    println!("  {}; {}", counts(model), model["verdicts"]);
    for entry in should["skills"].as_array().into_iter().flatten() {
        if entry["source"] == "model" {
            println!(
                "  for Emil alone: {} by {}",
                word(&entry["skill"]),
                entry["evidence"]
            );
        }
    }
    ensure!(
        model["verdicts"]["not_words"].is_u64() && model["verdicts"]["below_floor"].is_u64(),
        "the model was believed otherwise: {model}"
    );
    Ok(())
}

fn counts(model: &Value) -> String {
    format!(
        "{} proposed, {} stored, {} dropped, {} by {} in {} call",
        model["proposed"],
        model["stored"],
        model["dropped"],
        word(&model["promptVersion"]),
        word(&model["modelUsed"]),
        model["calls"]
    )
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
