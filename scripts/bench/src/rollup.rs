//! Progress: how fast the core is, and what an event costs over the wire.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context};
use domain::rows::{ActionStatus, ItemType};
use embedded_appwrite::{Builds, Storage};
use okr::recompute::recompute;
use okr::tree::Item;
use reqwest::Method;
use serde_json::{json, Value};

use world::{Run, Setup, World, DATABASE};

const FUNCTION: &str = "progress-recompute";
const WORKSPACE: &str = "sales";

/// Rows that one bulk create takes.
const BULK: usize = 100;

#[derive(clap::Args)]
pub(crate) struct Rollup {
    /// Sizes of the workspaces whose events are counted over the wire
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000, 5_000])]
    wire: Vec<usize>,
}

impl Rollup {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        println!("pure core, best of 15 runs: what the machine does beside it is not its cost");
        println!(
            "{:>10} {:>12} {:>12} {:>14}",
            "items", "order", "ms", "items/s"
        );
        for count in [1_000, 10_000, 100_000, 1_000_000] {
            for order in [Order::Created, Order::Shuffled] {
                let took = best(&Forest::new(count, order));
                let per_second = count as f64 / took.as_secs_f64();
                let milliseconds = took.as_secs_f64() * 1_000.0;
                println!(
                    "{count:>10} {:>12} {milliseconds:>12.3} {per_second:>14.0}",
                    order.word()
                );
            }
        }
        tokio::runtime::Runtime::new()?.block_on(over_the_wire(&self.wire))
    }
}

/// How items lie in memory: as Appwrite lists them, or at random, where nearly every look at a parent misses the
/// processor's caches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Created,
    Shuffled,
}

impl Order {
    fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Shuffled => "shuffled",
        }
    }
}

/// Items as a workspace has them: an objective for every hundred, nine key results under it, ten actions under each.
struct Forest {
    rows: Vec<(String, Option<String>, ItemType)>,
}

impl Forest {
    fn new(count: usize, order: Order) -> Self {
        let step: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;
        let id =
            |place: usize| uuid::Uuid::from_u128((place as u128).wrapping_mul(step)).to_string();
        let row = |place: usize| {
            let objective = place - place % 100;
            match place % 100 {
                0 => (id(place), (place > 0).then(|| id(0)), ItemType::Objective),
                1..=9 => (id(place), Some(id(objective)), ItemType::KeyResult),
                other => (
                    id(place),
                    Some(id(objective + 1 + other % 9)),
                    ItemType::Action,
                ),
            }
        };
        let mut rows: Vec<_> = (0..count).map(row).collect();
        if order == Order::Shuffled {
            rows.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        }
        Self { rows }
    }

    fn items(&self) -> Vec<Item<'_>> {
        let statuses = [
            ActionStatus::Done,
            ActionStatus::Pending,
            ActionStatus::WorkInProgress,
        ];
        let points = ["1", "2", "3", "5", "8", "?", "13"];
        self.rows
            .iter()
            .enumerate()
            .map(|(place, (id, parent, kind))| {
                let is_action = *kind == ItemType::Action;
                Item {
                    id,
                    parent: parent.as_deref(),
                    kind: *kind,
                    status: is_action.then(|| statuses[place % 3]),
                    points: is_action.then(|| points[place % 7]),
                }
            })
            .collect()
    }
}

fn best(forest: &Forest) -> Duration {
    let items = forest.items();
    let time = |_| {
        let began = Instant::now();
        std::hint::black_box(recompute(std::hint::black_box(&items)));
        began.elapsed()
    };
    (0..15).map(time).min().unwrap_or_default()
}

async fn over_the_wire(sizes: &[usize]) -> anyhow::Result<()> {
    println!("\none event over the wire, own echoes included, one after the other in one process");
    println!(
        "{:>10} {:>12} {:>11} {:>7} {:>8} {:>12} {:>9}",
        "items", "event", "executions", "calls", "written", "bytes read", "ms"
    );
    for size in sizes {
        let host_program =
            std::env::current_exe().context("this program's own file cannot be found")?;
        let world = World::start(Setup {
            storage: Storage::Ephemeral,
            port: 0,
            host_program,
            builds: Builds::Host,
        })
        .await?;
        let action = fill(&world, *size).await?;
        // The first event finds a process that remembers nothing; the others are what one costs from then on.
        for (event, change) in [
            ("first drag", json!({"positionX": 3.5})),
            ("drag", json!({"positionX": 4.5})),
            ("completion", json!({"actionStatus": "done"})),
        ] {
            let before = world.runs(FUNCTION, &HashSet::new()).await?.0;
            let began = Instant::now();
            let path = format!("/tablesdb/{DATABASE}/tables/okr_items/rows/{action}");
            let answer = world
                .api(Method::PATCH, &path, Some(json!({"data": change})))
                .await?;
            ensure!(
                answer.status == 200,
                "{event}: {} {}",
                answer.status,
                answer.body
            );
            world.appwrite.idle().await;
            let took = began.elapsed();
            let (_, runs) = world.runs(FUNCTION, &before).await?;
            let sum = |of: fn(&Run) -> u64| runs.iter().map(of).sum::<u64>();
            println!(
                "{size:>10} {event:>12} {:>11} {:>7} {:>8} {:>12} {:>9}",
                runs.len(),
                sum(|run| run.calls),
                sum(|run| run.written),
                sum(|run| run.bytes),
                took.as_millis()
            );
        }
        world.appwrite.stop().await;
    }
    Ok(())
}

/// Makes a workspace at rest of this many items whose progress is right, and names an action of it that is not done.
async fn fill(world: &World, count: usize) -> anyhow::Result<String> {
    let path = format!("/functions/{FUNCTION}");
    let mut settings = world.api(Method::GET, &path, None).await?.body;
    world.mute(FUNCTION).await?;
    world.organization("acme", "Acme", "ada").await?;
    let workspace = json!({
        "organizationId": "acme", "name": "Sales", "slug": "sales", "privacyMode": "option_1", "createdByUserId": "ada",
    });
    world.row("workspaces", WORKSPACE, workspace, &[]).await?;
    let forest = Forest::new(count, Order::Created);
    let items = forest.items();
    let rows: Vec<Value> = items
        .iter()
        .zip(recompute(&items).percents)
        .map(|(item, percent)| row(item, percent))
        .collect();
    let path = format!("/tablesdb/{DATABASE}/tables/okr_items/rows");
    for rows in rows.chunks(BULK) {
        let answer = world
            .api(Method::POST, &path, Some(json!({"rows": rows})))
            .await?;
        ensure!(
            answer.status == 201,
            "bulk create: {} {}",
            answer.status,
            answer.body
        );
    }
    world.appwrite.idle().await;
    settings["events"] = json!([format!("databases.{DATABASE}.tables.okr_items.rows.*")]);
    let answer = world
        .api(
            Method::PUT,
            &format!("/functions/{FUNCTION}"),
            Some(settings),
        )
        .await?;
    ensure!(
        answer.status == 200,
        "events: {} {}",
        answer.status,
        answer.body
    );
    let pending = items
        .iter()
        .find(|item| item.status == Some(ActionStatus::Pending) && item.points == Some("13"));
    Ok(pending.context("an action that is not done")?.id.to_owned())
}

fn row(item: &Item<'_>, percent: u8) -> Value {
    json!({
        "$id": item.id, "organizationId": "acme", "workspaceId": WORKSPACE, "type": item.kind,
        "title": format!("Item {}", item.id), "description": "A few words about what is meant, as people write them.",
        "ownerUserId": "ada", "assigneeUserIds": ["ada"], "parentId": item.parent, "actionStatus": item.status,
        "storyPoints": item.points, "progressComputed": percent, "sortOrder": 1.0, "positionX": 120.0, "positionY": 80.0,
        "$updatedAt": "2025-01-01T00:00:00.000+00:00",
    })
}
