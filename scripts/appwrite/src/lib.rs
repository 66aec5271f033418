//! A small Appwrite in one process: the part of its HTTP API, its events and its function runs that the bundle uses,
//! on loopback, without Docker. It answers like Appwrite 1.9.6 on MariaDB, its oddities included, and is not a server
//! to expose: one project, one key, no TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod access;
mod account;
mod clock;
mod deployments;
mod domain;
mod events;
mod executions;
mod faults;
mod functions;
mod health;
mod hosts;
mod http;
mod multipart;
mod options;
mod outside;
mod project;
mod rows;
mod rules;
mod runtime;
mod schedule;
mod schema;
mod storage;
mod teams;
mod users;
mod variables;
mod wire;
mod workers;

use access::Access;
use faults::commits::Commits;
use faults::log::Log;
use faults::reads::Stale;
use faults::requests::Faults;
use faults::tables::Races;
use rows::events::Events;
use rows::{transaction, Rows};
use schema::changes::{self, Changes};
use schema::{catalog, Schema};
use storage::{key, records, Store};

pub use faults::{Disorder, Fault, Nth, Requests, StaleReads, Storm, When};
pub use options::{Builds, Options, Storage};

/// A running instance. Dropping it stops it too, without waiting for calls in flight.
pub struct EmbeddedAppwrite {
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    changes: JoinHandle<()>,
    deliveries: JoinHandle<()>,
    schedule: JoinHandle<()>,
}

impl EmbeddedAppwrite {
    /// Starts serving. Fails with a clear message when the port is taken, or the folder cannot be written to or
    /// belongs to another running instance.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}"))?;
        let endpoint = format!("http://{}/v1", listener.local_addr()?);
        let store = Arc::new(Store::open(&options.storage, SCHEMAS)?);
        let secret = store.secret()?;
        let key = match &options.storage {
            Storage::Ephemeral => key::fresh(),
            Storage::Folder(folder) => key::of_folder(folder)?,
        };
        let access = Access {
            project: options.project.clone(),
            key,
            secret,
        };
        let workers = workers::Workers::new();
        let log = Arc::new(Log::default());
        let (events, queue) = Events::new(Arc::clone(&workers), Arc::clone(&log));
        let (changes, asked) = Changes::new();
        let schema = Arc::new(Schema {
            store: Arc::clone(&store),
            changes: Arc::new(changes),
            races: Races::default(),
        });
        let rows = Rows {
            store: Arc::clone(&store),
            schema: Arc::clone(&schema),
            stale: Stale::default(),
            commits: Commits::default(),
            events,
        };
        let runtime = runtime::Runtime::new(&options)?;
        let app = Arc::new_cyclic(|this| App {
            store,
            schema,
            rows,
            faults: Faults::new(Arc::clone(&log)),
            log,
            schedule: Arc::default(),
            workers,
            runtime,
            building: tokio::sync::Mutex::default(),
            endpoint,
            access,
            options,
            request_log: AtomicBool::new(false),
            synchronous_limit: AtomicU64::new(SYNCHRONOUS_LIMIT_MILLISECONDS),
            this: Weak::clone(this),
        });
        transaction::resume(&app.store).map_err(failed)?;
        executions::resume(&app).map_err(failed)?;
        deployments::resume(&app).map_err(failed)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = http::service(Arc::clone(&app));
        let service = service.into_make_service_with_connect_info::<wire::socket::Socket>();
        let server = axum::serve(listener, service).with_graceful_shutdown(async {
            // A dropped sender means the same as a sent word.
            stopped.await.ok();
        });
        Ok(Self {
            changes: tokio::spawn(changes::work(
                Arc::clone(&app.store),
                Arc::clone(&app.schema.changes),
                asked,
            )),
            deliveries: tokio::spawn(events::deliver(Arc::clone(&app), queue)),
            schedule: tokio::spawn(schedule::run(Arc::clone(&app))),
            server: tokio::spawn(async {
                server.await.ok();
            }),
            stop: Some(stop),
            app,
        })
    }

    /// `http://127.0.0.1:PORT/v1`
    pub fn endpoint(&self) -> &str {
        &self.app.endpoint
    }

    pub fn project(&self) -> &str {
        &self.app.access.project
    }

    /// The project's API key with all scopes (`X-Appwrite-Key`): another for each folder, where the file `key` holds it,
    /// and for each instance that keeps nothing.
    pub fn key(&self) -> &str {
        &self.app.access.key
    }

    /// Gives a function a ready deployment that runs as a process of the host program, and makes it the active one.
    /// Returns the deployment's id. Fails when there is no such function.
    pub fn activate(&self, function: &str) -> anyhow::Result<String> {
        deployments::deploy(&self.app, function).map_err(failed)
    }

    /// Whether a function has an active deployment that may be run here. Fails when there is no such function.
    pub fn is_deployed(&self, function: &str) -> anyhow::Result<bool> {
        functions::is_deployed(&self.app, function).map_err(failed)
    }

    /// Runs a function's schedule trigger now, exactly as its cron expression would. Returns the execution's id.
    pub async fn tick(&self, function: &str) -> anyhow::Result<String> {
        executions::scheduled(&self.app, function)
            .await
            .map_err(failed)
    }

    /// Waits until no event is queued or held back, no function is being asked anything, and no call is being answered,
    /// not even one of a function that was killed.
    pub async fn idle(&self) {
        self.app.workers.idle().await;
        while self.app.rows.events.let_go() {
            self.app.workers.idle().await;
        }
    }

    /// From now on (or no longer) the time alone starts nothing, for tests: cron expressions run when [`Self::tick`]
    /// says so, executions made for later when [`Self::come_due`] does.
    pub fn set_schedule_by_hand(&self, on: bool) {
        self.app.schedule.set_by_hand(on);
    }

    /// Starts all executions that wait for their moment, as if it had come, for tests; [`Self::idle`] waits for their
    /// end.
    pub fn come_due(&self) {
        self.app.schedule.come_due(&self.app.workers);
    }

    /// Sets the server's clock so many milliseconds ahead of this machine's, or behind it, and with it that of every other
    /// instance of this process; for tests.
    pub fn set_clock(&self, ahead_milliseconds: i64) {
        clock::set_ahead(ahead_milliseconds);
    }

    /// From now on (or no longer) columns and indexes stay as they are answered, `processing` or `deleting`, as while
    /// the real server's worker has not come to them; for tests.
    pub fn hold_changes(&self, on: bool) {
        self.app.schema.changes.hold(on);
    }

    /// Lets the time of all transactions that are open run out now, for tests.
    pub fn expire_transactions(&self) -> anyhow::Result<()> {
        transaction::expire_all(&self.app.store).map_err(failed)
    }

    /// From now on (or no longer) commits stay in flight, as when another session of the database holds a lock that
    /// they need, whether or not anybody still waits for them; for tests.
    pub fn set_commits_held(&self, on: bool) {
        self.app.rows.commits.set_held(on);
    }

    /// Kills a function's process (SIGKILL) in the middle of whatever it does; false when none runs. The next call
    /// starts it anew.
    pub async fn kill_function(&self, function: &str) -> anyhow::Result<bool> {
        self.app.runtime.kill(function).await
    }

    /// Breaks one request that functions make from now on: `Requests::PatchOf("scrape_jobs").nth(2)`, or a mere number
    /// for the n-th of all; replaces an earlier plan.
    pub fn break_request(&self, which: impl Into<Nth>, when: When, fault: Fault) {
        self.app.log.begin();
        self.app.faults.plan(which.into(), when, fault);
    }

    /// Requests of functions go wrong at random from now on, or no longer.
    pub fn set_storm(&self, storm: Option<Storm>) {
        self.app.log.begin();
        self.app.faults.set_storm(storm);
    }

    /// Events go wrong from now on, or no longer; what happens is kept for [`Self::take_log`].
    pub fn set_disorder(&self, disorder: Option<Disorder>) {
        self.app.log.begin();
        self.app.rows.events.set_disorder(disorder);
    }

    /// What happened since the last call, in order: events and what became of them; when each request of a function
    /// came, when it was answered and with what, and what befell it. Kept from the first planned fault, storm or
    /// disorder on.
    pub fn take_log(&self) -> Vec<String> {
        self.app.log.take()
    }

    /// Waits until a request is held by [`Fault::Hold`].
    pub async fn held(&self) {
        self.app.faults.held().await;
    }

    /// Lets the held request go on.
    pub fn let_go(&self) {
        self.app.faults.let_go();
    }

    /// Whether the planned fault is still to come.
    pub fn is_fault_planned(&self) -> bool {
        self.app.faults.is_planned()
    }

    /// From now on (or no longer) every request is told on standard error: method, path, status and milliseconds.
    pub fn set_request_log(&self, on: bool) {
        self.app.request_log.store(on, Ordering::Relaxed);
    }

    /// Sets after how long a caller who waits for an execution is sent away, for tests: 30 s otherwise.
    pub fn set_synchronous_limit(&self, limit: Duration) {
        let milliseconds = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let known = &self.app.synchronous_limit;
        known.store(milliseconds, Ordering::Relaxed);
    }

    /// From now on (or no longer) a GET of a row that a transaction changed or removed answers with the old row until
    /// the row is next written, as the real server's does when somebody reads during the commit; for tests.
    pub fn set_stale_reads(&self, reads: Option<StaleReads>) {
        self.app.rows.stale.set(reads);
    }

    /// From now on (or no longer) a POST of a table first describes it and makes it only when others have asked so many
    /// requests that name it, or nobody has for a second; for tests. As on the real server, others get 409 for it
    /// meanwhile, no rows (404), now and then 500 for the list of tables, and a column that they ask for is `failed` for
    /// good: with two, the second of two clients finds the table taken and loses its first column.
    pub fn set_table_race(&self, requests: Option<usize>) {
        self.app.schema.races.set_race(requests);
    }

    /// From now on (or no longer) the document of each table stays as it was when its newest column was asked for, as
    /// it does in the real server's cache when somebody reads just then; for tests. GET of the table shows the column
    /// `processing` and no index can have it (400 `column_not_available`), although GET of the column says that it is
    /// available, until the table is next written: a PUT with its own values is enough.
    pub fn set_stale_tables(&self, on: bool) {
        self.app.schema.races.set_stale(on);
    }

    /// Lets calls in flight finish (for at most five seconds), then closes the store.
    pub async fn stop(mut self) {
        self.stop.take();
        let grace = Duration::from_secs(5);
        tokio::time::timeout(grace, &mut self.server).await.ok();
    }
}

impl Drop for EmbeddedAppwrite {
    fn drop(&mut self) {
        self.stop.take();
        // Else the threads that they are on would never end.
        self.app.rows.commits.set_held(false);
        self.app.schema.races.set_race(None);
        self.server.abort();
        self.changes.abort();
        self.deliveries.abort();
        self.schedule.abort();
        self.app.runtime.stop();
        self.app.store.release();
    }
}

/// What is kept in the store beside its own settings.
const SCHEMAS: &[&str] = &[records::SCHEMA, catalog::SCHEMA, transaction::SCHEMA];

/// How long a caller waits for an execution: `requestTimeout` in Executions/Create.php.
const SYNCHRONOUS_LIMIT_MILLISECONDS: u64 = 30_000;

fn failed(error: wire::Error) -> anyhow::Error {
    anyhow::anyhow!("{}", error.inside.unwrap_or(error.message))
}

/// What every handler works on.
pub(crate) struct App {
    pub(crate) store: Arc<Store>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) rows: Rows,
    pub(crate) faults: Faults,
    pub(crate) log: Arc<Log>,
    pub(crate) schedule: Arc<schedule::Schedule>,
    pub(crate) workers: Arc<workers::Workers>,
    pub(crate) runtime: runtime::Runtime,
    /// Held while an upload is built.
    pub(crate) building: tokio::sync::Mutex<()>,
    /// `http://127.0.0.1:PORT/v1`
    pub(crate) endpoint: String,
    pub(crate) access: Access,
    pub(crate) options: Options,
    /// Whether every request is told on standard error.
    pub(crate) request_log: AtomicBool,
    synchronous_limit: AtomicU64,
    this: Weak<App>,
}

impl App {
    /// For work that outlives the call.
    pub(crate) fn arc(&self) -> Arc<Self> {
        self.this
            .upgrade()
            .expect("whoever holds a reference keeps it alive")
    }

    pub(crate) fn synchronous_limit(&self) -> Duration {
        Duration::from_millis(self.synchronous_limit.load(Ordering::Relaxed))
    }
}
