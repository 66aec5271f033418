//! The demo of reports: Ada asks for one, and every figure in it is proven.

use anyhow::{ensure, Context};
use serde_json::json;

use world::World;

const WORKSPACE: &str = "ws-tidewater";

/// Writes a report on the demo's workspace, prints its first screen and verifies it. Fails if it does not hold.
pub(crate) async fn show(world: &World) -> anyhow::Result<()> {
    println!("\nAda asks for a report");
    let ask = json!({"workspaceId": WORKSPACE, "type": "okr_summary"});
    let reply = world
        .call("report-generate", "ada", "POST", "/", &ask)
        .await?;
    ensure!(reply.status == 201, "no report: {}", reply.body);
    let markdown = reply.body["markdown"].as_str().context("no Markdown")?;
    // The first screen ends where what changed begins.
    let mut sections = markdown.match_indices("\n## ").map(|(place, _)| place);
    let end = sections.nth(1).context("no second section")?;
    for line in markdown[..end].lines() {
        println!("  {line}");
    }
    println!("  … and {} sections more", sections.count() + 1);
    let check = json!({"reportId": reply.body["reportId"]});
    let verified = world
        .call("report-generate", "ada", "POST", "/verify", &check)
        .await?;
    ensure!(
        verified.body["holds"] == true,
        "the report does not hold: {}",
        verified.body
    );
    println!(
        "  {:28} {} statements follow from the snapshot",
        "She has it verified", verified.body["statements"]
    );
    Ok(())
}
