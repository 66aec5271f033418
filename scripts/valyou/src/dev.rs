//! `valyou dev` and `valyou demo`: the whole product on this machine, doing its main job in front of your eyes.

use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, bail, ensure, Context};
use domain::document;
use embedded_appwrite::{Builds, Storage};
use extraction::profile::Field;
use extraction::proposal::Proposal;
use serde_json::{json, Value};

use world::{Setup, World, PROJECT};

/// Where the embedded Appwrite listens unless told otherwise or taken.
const PORT: u16 = 9501;

/// What the build log of an upload says, and an execution of what was built of one.
const NOT_BUILT: &str = "Uploaded code is neither built nor run here, for all of it would run as you. Start the \
                         server with `cargo run -- dev --build-uploads` if you trust what is uploaded, and deploy again.";

/// Start everything, run one enrichment, stay up until Ctrl-C.
#[derive(clap::Args)]
pub(crate) struct Dev {
    /// Port of the embedded Appwrite; another free one is used if it is taken
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Folder that keeps the local data
    #[arg(long, default_value = ".valyou")]
    data: PathBuf,
    /// Keep nothing: data that goes away when it stops
    #[arg(long, conflicts_with = "data")]
    ephemeral: bool,
    /// Build code that is uploaded, by commands of its own that run as you, and serve it; without, its deployments fail
    /// and the functions of this program are served
    #[arg(long)]
    build_uploads: bool,
    /// Tell every request to the embedded Appwrite on standard error
    #[arg(long)]
    requests: bool,
}

impl Default for Dev {
    fn default() -> Self {
        Self {
            port: PORT,
            data: PathBuf::from(".valyou"),
            ephemeral: false,
            build_uploads: false,
            requests: false,
        }
    }
}

impl Dev {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let port = free_or_any(self.port);
        let storage = if self.ephemeral {
            Storage::Ephemeral
        } else {
            writable_or_temporary(&self.data)
        };
        // Goes away with the run where nothing else stays.
        let temporary = tempfile::tempdir()?;
        let builds = match &storage {
            Storage::Folder(folder) => folder.join("builds"),
            Storage::Ephemeral | Storage::CopyOf(_) => temporary.path().to_owned(),
        };
        let builds = if self.build_uploads {
            Builds::Cargo {
                folder: std::path::absolute(builds)?,
            }
        } else {
            Builds::Refused(NOT_BUILT.to_owned())
        };
        runtime()?.block_on(async {
            let world = start(storage, port, builds).await?;
            world.appwrite.set_request_log(self.requests);
            let document = enrich(&world).await?;
            println!("\n{}", crate::enrich::table(&document));
            println!(
                "Appwrite   {}  project {PROJECT}  key {}",
                world.appwrite.endpoint(),
                world.appwrite.key()
            );
            println!("Website    {}", world.site.url());
            println!("Ctrl-C stops everything.");
            tokio::signal::ctrl_c().await?;
            println!("\nStopping.");
            world.appwrite.stop().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// The same on data that goes away; succeeds only if the result is right.
pub(crate) fn demo() -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let world = start(Storage::Ephemeral, 0, Builds::Host).await?;
        let document = enrich(&world).await?;
        println!("\n{}", crate::enrich::table(&document));
        expect(&document, &world.site.url())?;
        crate::demo_progress::show(&world).await?;
        crate::demo_report::show(&world).await?;
        crate::demo_invite::show(&world).await?;
        crate::demo_skills::show(&world).await?;
        crate::demo_model::show(&world).await?;
        world.appwrite.stop().await;
        println!("The demo did what it should.");
        Ok(ExitCode::SUCCESS)
    })
}

async fn start(storage: Storage, port: u16, builds: Builds) -> anyhow::Result<World> {
    println!("Starting the embedded Appwrite, both databases and the functions …");
    let host_program =
        std::env::current_exe().context("this program's own file cannot be found")?;
    let world = World::start(Setup {
        storage,
        port,
        host_program,
        builds,
    })
    .await?;
    world
        .organization("org-tidewater", "Tidewater (demo)", "ada")
        .await?;
    println!("Ready: {}", world.appwrite.endpoint());
    Ok(world)
}

/// Creates a job as the frontend's server would, tells every state it goes through, and reads its result.
async fn enrich(world: &World) -> anyhow::Result<Proposal> {
    let url = world.site.url();
    #[expect(
        clippy::disallowed_methods,
        reason = "the demo is its own caller: no cx hands it ids"
    )]
    let id = uuid::Uuid::now_v7().to_string();
    println!("\nAda asks for a profile from {url}");
    let data = json!({"organizationId": "org-tidewater", "requestedByUserId": "ada", "sourceUrl": url, "status": "pending"});
    world
        .row("scrape_jobs", &id, data, &["read(\"user:ada\")".to_owned()])
        .await?;
    println!("  scrape_jobs/{id}  pending");

    let mut told = false;
    let text = |row: &Value, column: &str| row[column].as_str().unwrap_or("-").to_owned();
    let row = world
        .watch("scrape_jobs", &id, |row| {
            if !told && row["startedAt"].is_string() {
                told = true;
                println!(
                    "  scrape_jobs/{id}  running  since {}  functionExecutionId {}",
                    text(row, "startedAt"),
                    text(row, "functionExecutionId")
                );
            }
            row["finishedAt"].is_string()
        })
        .await?;
    println!(
        "  scrape_jobs/{id}  {}     at {}",
        text(&row, "status"),
        text(&row, "finishedAt")
    );
    ensure!(
        row["status"] == "done",
        "the job failed: {}",
        text(&row, "errorMessage")
    );
    ensure!(
        row["functionExecutionId"].is_string(),
        "the job does not name its execution"
    );
    document::read(&text(&row, "prefillJson")).map_err(|why| anyhow!("prefillJson is {why}"))
}

/// What the demo website says, and nothing else.
fn expect(document: &Proposal, url: &str) -> anyhow::Result<()> {
    let profile = &document.profile;
    is("name", &profile.name, |name| {
        name.starts_with("Tidewater Instruments")
    })?;
    is("website", &profile.website, |website| website == url)?;
    is("address", &profile.address, |address| {
        address.street.as_deref() == Some("14 Cumberland Basin Road")
            && address.postal_code.as_deref() == Some("BS1 6XN")
            && address.city.as_deref() == Some("Bristol")
            && address.country.as_deref() == Some("GB")
    })?;
    is("employees", &profile.employee_count, |count| {
        count.min == Some(84) && count.max == Some(84)
    })?;
    is_or_blank("industry", &profile.industry, |industry| {
        industry.contains("manufacturer") || industry.contains("tide gauge")
    })?;
    is_or_blank("customers", &profile.customer_names, |names| {
        names.iter().all(|name| {
            ["Port of Skagen", "Solway Harbour Trust", "Brine & Sons"].contains(&name.as_str())
        })
    })?;
    is_or_blank("revenue", &profile.revenue, |revenue| {
        revenue.amount == 9_600_000.0 && revenue.currency == "GBP"
    })
}

fn is<T: std::fmt::Debug>(
    what: &str,
    field: &Field<T>,
    right: impl Fn(&T) -> bool,
) -> anyhow::Result<()> {
    match field {
        Field::Stated(stated) => {
            ensure!(right(&stated.value), "{what} is wrong: {:?}", stated.value);
            ensure!(!stated.evidence.is_empty(), "{what} has no quote");
            Ok(())
        }
        Field::Blank(blank) => bail!("{what} is missing: {:?}", blank.blank),
    }
}

fn is_or_blank<T: std::fmt::Debug>(
    what: &str,
    field: &Field<T>,
    right: impl Fn(&T) -> bool,
) -> anyhow::Result<()> {
    match field {
        Field::Stated(_) => is(what, field, right),
        Field::Blank(_) => Ok(()),
    }
}

fn free_or_any(port: u16) -> u16 {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => port,
        Err(_) => {
            println!("Port {port} is taken by another program; a free one is used instead.");
            0
        }
    }
}

fn writable_or_temporary(folder: &Path) -> Storage {
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    match made.and_then(|()| tempfile::tempfile_in(folder).map(drop)) {
        Ok(()) => Storage::Folder(folder.to_owned()),
        Err(error) => {
            println!(
                "{} cannot be written to ({error}); the data of this run is not kept.",
                folder.display()
            );
            Storage::Ephemeral
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Runtime::new()?)
}
