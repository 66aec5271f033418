//! The demo's second part: an action is set to done, and its key result and objective follow, with the reason.

use anyhow::{ensure, Context};
use serde_json::{json, Value};

use world::World;

const ORGANIZATION: &str = "org-tidewater";
const WORKSPACE: &str = "ws-tidewater";

/// Makes a small workspace in the demo's organisation, completes an action and tells what follows from it. Fails if the
/// numbers are not the right ones.
pub(crate) async fn show(world: &World) -> anyhow::Result<()> {
    make(world).await?;
    // The data may be kept from an earlier run.
    set(world, "pending").await?;
    println!("\nAda finishes \"Test the gauge at sea\"");
    let before = [
        progress(world, "kr-launch").await?,
        progress(world, "obj-launch").await?,
    ];
    set(world, "done").await?;
    for ((id, title), before) in [
        ("kr-launch", "Gauge on sale"),
        ("obj-launch", "Launch the new gauge"),
    ]
    .into_iter()
    .zip(before)
    {
        println!(
            "  {title:<24} {before:>3} % -> {:>3} %",
            progress(world, id).await?
        );
    }
    ensure!(before == [18, 9], "progress was {before:?} before");
    ensure!(
        progress(world, "kr-launch").await? == 67,
        "the key result did not follow"
    );
    ensure!(
        progress(world, "obj-launch").await? == 33,
        "the objective did not follow"
    );
    for item in ["obj-launch", "kr-launch"] {
        let request = json!({"method": "GET", "path": format!("/explain?itemId={item}")});
        let reply = world
            .call_with("progress-recompute", Some("ada"), request)
            .await?;
        ensure!(reply.status == 200, "no explanation: {}", reply.body);
        print(&reply.body);
    }
    Ok(())
}

/// Sets the action's state as the frontend's server would, and waits for what follows.
async fn set(world: &World, status: &str) -> anyhow::Result<()> {
    let data = json!({"actionStatus": status});
    world.change("okr_items", "act-test", data).await?;
    world.appwrite.idle().await;
    Ok(())
}

async fn make(world: &World) -> anyhow::Result<()> {
    let workspace = json!({
        "organizationId": ORGANIZATION, "name": "Product", "slug": "product", "privacyMode": "option_2",
        "createdByUserId": "ada",
    });
    world.row("workspaces", WORKSPACE, workspace, &[]).await?;
    let membership = json!({
        "organizationId": ORGANIZATION, "workspaceId": WORKSPACE, "userId": "ada", "role": "workspace_admin",
        "managerUserId": null, "active": true,
    });
    world
        .row("workspace_memberships", "wsm-ada", membership, &[])
        .await?;
    let items = [
        (
            "obj-launch",
            None,
            "objective",
            "Launch the new gauge",
            None,
            None,
        ),
        (
            "kr-launch",
            Some("obj-launch"),
            "key_result",
            "Gauge on sale",
            None,
            None,
        ),
        (
            "kr-press",
            Some("obj-launch"),
            "key_result",
            "Ten articles about it",
            None,
            None,
        ),
        (
            "act-build",
            Some("kr-launch"),
            "action",
            "Build three samples",
            Some("done"),
            Some("3"),
        ),
        (
            "act-test",
            Some("kr-launch"),
            "action",
            "Test the gauge at sea",
            Some("pending"),
            Some("8"),
        ),
        (
            "act-price",
            Some("kr-launch"),
            "action",
            "Find the price",
            Some("pending"),
            Some("?"),
        ),
        (
            "act-list",
            Some("kr-press"),
            "action",
            "List the magazines",
            Some("pending"),
            Some("2"),
        ),
    ];
    for (id, parent, kind, title, status, points) in items {
        let item = json!({
            "organizationId": ORGANIZATION, "workspaceId": WORKSPACE, "type": kind, "title": title, "ownerUserId": "ada",
            "assigneeUserIds": [], "parentId": parent, "actionStatus": status, "storyPoints": points,
            "progressComputed": 0, "sortOrder": 0,
        });
        world.row("okr_items", id, item, &[]).await?;
    }
    Ok(())
}

async fn progress(world: &World, id: &str) -> anyhow::Result<i64> {
    let row = world
        .find("okr_items", id)
        .await?
        .with_context(|| format!("there is no item {id}"))?;
    row["progressComputed"].as_i64().context("no progress")
}

fn print(explanation: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    println!(
        "  Why is \"{}\" at {} %?",
        text(&explanation["title"]),
        explanation["progress"]
    );
    for part in explanation["parts"].as_array().into_iter().flatten() {
        println!(
            "    {:>6.2} = {:>6.2} % of the whole at {:>3} %  {}{}",
            part["points"].as_f64().unwrap_or_default(),
            part["share"].as_f64().unwrap_or_default(),
            part["progress"],
            text(&part["title"]),
            if part["unsized"] == true {
                "  (no size: weighs the median)"
            } else {
                ""
            },
        );
    }
    let band = &explanation["band"];
    println!(
        "    Depending on what is not sized yet it is between {} and {} %",
        band["low"], band["high"]
    );
    if band["sizeFirst"].is_object() {
        println!("    Size first: {}", text(&band["sizeFirst"]["title"]));
    }
}
