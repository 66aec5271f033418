//! A small Appwrite in one process: the part of its HTTP API, its events and its function runs that the bundle uses,
//! on loopback, without Docker. It answers like Appwrite 1.9.6 on MariaDB, its oddities included, or like another
//! [`Edition`], and is not a server to expose: one project, one key, no TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod access;
mod clock;
mod faults;
mod functions;
mod options;
mod people;
mod rows;
mod schema;
mod server;
mod storage;
mod wire;
mod workers;

use access::Access;
use faults::commits::Commits;
use faults::log::Log;
use faults::reads::Stale;
use faults::requests::Faults;
use faults::tables::Races;
use functions::{cron, delivery, deployments, executions, Functions};
use rows::events::Events;
use rows::{transaction, Rows};
use schema::changes::{self, Changes};
use schema::{catalog, Schema};
use server::Server;
use storage::{key, records, Store};
use wire::socket::Socket;
use workers::Workers;

pub use faults::{Disorder, Fault, Nth, Requests, StaleReads, Storm, When};
pub use options::{Builds, Database, Edition, Line, Options, Storage};

/// A running instance. Dropping it stops it too, without waiting for calls in flight.
pub struct EmbeddedAppwrite {
    server: Arc<Server>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
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
        let store = Arc::new(Store::open(
            &options.storage,
            options.edition.database,
            SCHEMAS,
        )?);
        let secret = store.secret()?;
        let key = match &options.storage {
            Storage::Ephemeral | Storage::CopyOf(_) => key::fresh(),
            Storage::Folder(folder) => key::of_folder(folder)?,
        };
        let access = Arc::new(Access {
            project: options.project.clone(),
            key,
            secret,
        });
        let workers = Workers::new();
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
            stale: Stale::new(options.edition.database),
            commits: Commits::default(),
            events,
        };
        let functions = Arc::new(Functions::new(
            Arc::clone(&store),
            Arc::clone(&access),
            Arc::clone(&workers),
            endpoint,
            options,
        )?);
        transaction::resume(&store).map_err(failed)?;
        executions::resume(&functions).map_err(failed)?;
        deployments::resume(&functions).map_err(failed)?;
        let server = Arc::new(Server {
            store,
            access,
            schema,
            rows,
            functions,
            faults: Faults::new(Arc::clone(&log)),
            log,
            workers,
            request_log: AtomicBool::new(false),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let service = server::service(Arc::clone(&server));
        let service = service.into_make_service_with_connect_info::<Socket>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(async {
            // A dropped sender means the same as a sent word.
            stopped.await.ok();
        });
        Ok(Self {
            changes: tokio::spawn(changes::work(
                Arc::clone(&server.store),
                Arc::clone(&server.schema.changes),
                asked,
            )),
            deliveries: tokio::spawn(delivery::deliver(Arc::clone(&server.functions), queue)),
            schedule: tokio::spawn(cron::run(Arc::clone(&server.functions))),
            serving: tokio::spawn(async {
                serving.await.ok();
            }),
            stop: Some(stop),
            server,
        })
    }

    /// `http://127.0.0.1:PORT/v1`
    pub fn endpoint(&self) -> &str {
        &self.server.functions.endpoint
    }

    pub fn project(&self) -> &str {
        &self.server.access.project
    }

    /// The project's API key with all scopes (`X-Appwrite-Key`): another for each folder, where the file `key` holds it,
    /// and for each instance that keeps nothing.
    pub fn key(&self) -> &str {
        &self.server.access.key
    }

    /// Gives a function a ready deployment that runs as a process of the host program, and makes it the active one.
    /// Returns the deployment's id. Fails when there is no such function.
    pub fn activate(&self, function: &str) -> anyhow::Result<String> {
        deployments::deploy(&self.server.functions, function).map_err(failed)
    }

    /// Whether a function has an active deployment that may be run here. Fails when there is no such function.
    pub fn is_deployed(&self, function: &str) -> anyhow::Result<bool> {
        deployments::is_deployed(&self.server.functions, function).map_err(failed)
    }

    /// Runs a function's schedule trigger now, exactly as its cron expression would. Returns the execution's id.
    pub async fn tick(&self, function: &str) -> anyhow::Result<String> {
        executions::scheduled(&self.server.functions, function)
            .await
            .map_err(failed)
    }

    /// Waits until no event is queued or held back, no function is being asked anything, and no call is being answered,
    /// not even one of a function that was killed.
    pub async fn idle(&self) {
        self.server.workers.idle().await;
        while self.server.rows.events.let_go() {
            self.server.workers.idle().await;
        }
        self.server.functions.unstored.clear();
    }

    /// Makes a further key of the project as somebody in the console does, who has a session: on line 2 no key can. The
    /// settings are those of `POST /project/keys`. Returns the secret.
    pub fn add_key(&self, settings: &serde_json::Value) -> anyhow::Result<String> {
        functions::add_key(&self.server.store, settings).map_err(failed)
    }

    /// From now on (or no longer) the time alone starts nothing, for tests: cron expressions run when [`Self::tick`]
    /// says so, executions made for later when [`Self::come_due`] does.
    pub fn set_schedule_by_hand(&self, on: bool) {
        self.server.functions.schedule.set_by_hand(on);
    }

    /// Starts all executions that wait for their moment, as if it had come, for tests; [`Self::idle`] waits for their
    /// end.
    pub fn come_due(&self) {
        self.server
            .functions
            .schedule
            .come_due(&self.server.workers);
    }

    /// Sets the server's clock so many milliseconds ahead of this machine's, or behind it, and with it that of every other
    /// instance of this process; for tests.
    pub fn set_clock(&self, ahead_milliseconds: i64) {
        clock::set_ahead(ahead_milliseconds);
    }

    /// From now on (or no longer) columns and indexes stay as they are answered, `processing` or `deleting`, as while
    /// the real server's worker has not come to them; for tests.
    pub fn hold_changes(&self, on: bool) {
        self.server.schema.changes.hold(on);
    }

    /// Lets the time of all transactions that are open run out now, for tests.
    pub fn expire_transactions(&self) -> anyhow::Result<()> {
        transaction::expire_all(&self.server.store).map_err(failed)
    }

    /// From now on (or no longer) commits stay in flight, as when another session of the database holds a lock that
    /// they need, whether or not anybody still waits for them; for tests.
    pub fn set_commits_held(&self, on: bool) {
        self.server.rows.commits.set_held(on);
    }

    /// Kills a function's process (SIGKILL) in the middle of whatever it does; false when none runs. The next call
    /// starts it anew.
    pub async fn kill_function(&self, function: &str) -> anyhow::Result<bool> {
        self.server.functions.runtime.kill(function).await
    }

    /// Breaks one request that functions make from now on: `Requests::PatchOf("scrape_jobs").nth(2)`, or a mere number
    /// for the n-th of all; replaces an earlier plan.
    pub fn break_request(&self, which: impl Into<Nth>, when: When, fault: Fault) {
        self.server.log.begin();
        self.server.faults.plan(which.into(), when, fault);
    }

    /// Requests of functions go wrong at random from now on, or no longer.
    pub fn set_storm(&self, storm: Option<Storm>) {
        self.server.log.begin();
        self.server.faults.set_storm(storm);
    }

    /// Events go wrong from now on, or no longer; what happens is kept for [`Self::take_log`].
    pub fn set_disorder(&self, disorder: Option<Disorder>) {
        self.server.log.begin();
        self.server.rows.events.set_disorder(disorder);
    }

    /// What happened since the last call, in order: events and what became of them; when each request of a function
    /// came, when it was answered and with what, and what befell it. Kept from the first planned fault, storm or
    /// disorder on.
    pub fn take_log(&self) -> Vec<String> {
        self.server.log.take()
    }

    /// Waits until a request is held by [`Fault::Hold`].
    pub async fn held(&self) {
        self.server.faults.held().await;
    }

    /// Lets the held request go on.
    pub fn let_go(&self) {
        self.server.faults.let_go();
    }

    /// Whether the planned fault is still to come.
    pub fn is_fault_planned(&self) -> bool {
        self.server.faults.is_planned()
    }

    /// From now on (or no longer) every request is told on standard error: method, path, status and milliseconds.
    pub fn set_request_log(&self, on: bool) {
        self.server.request_log.store(on, Ordering::Relaxed);
    }

    /// Sets after how long a caller who waits for an execution is sent away, for tests: 30 s otherwise.
    pub fn set_synchronous_limit(&self, limit: Duration) {
        self.server.functions.set_synchronous_limit(limit);
    }

    /// From now on (or no longer) a GET of a row that a transaction changed or removed answers with the old row until
    /// the row is next written, as the real server's does when somebody reads during the commit; for tests.
    pub fn set_stale_reads(&self, reads: Option<StaleReads>) {
        self.server.rows.stale.set(reads);
    }

    /// From now on (or no longer) a POST of a table first describes it and makes it only when others have asked so many
    /// requests that name it, or nobody has for a second; for tests. As on the real server, others get 409 for it
    /// meanwhile, no rows (404), now and then 500 for the list of tables, and a column that they ask for is `failed` for
    /// good: with two, the second of two clients finds the table taken and loses its first column.
    pub fn set_table_race(&self, requests: Option<usize>) {
        self.server.schema.races.set_race(requests);
    }

    /// From now on (or no longer) the document of each table stays as it was when its newest column was asked for, as
    /// it does in the real server's cache when somebody reads just then; for tests. GET of the table shows the column
    /// `processing` and no index can have it (400 `column_not_available`), although GET of the column says that it is
    /// available, until the table is next written: a PUT with its own values is enough.
    pub fn set_stale_tables(&self, on: bool) {
        self.server.schema.races.set_stale(on);
    }

    /// Lets calls in flight finish (for at most five seconds), then closes the store.
    pub async fn stop(mut self) {
        self.stop.take();
        let grace = Duration::from_secs(5);
        tokio::time::timeout(grace, &mut self.serving).await.ok();
    }
}

impl Drop for EmbeddedAppwrite {
    fn drop(&mut self) {
        self.stop.take();
        // Else the threads that they are on would never end.
        self.server.rows.commits.set_held(false);
        self.server.schema.races.set_race(None);
        self.serving.abort();
        self.changes.abort();
        self.deliveries.abort();
        self.schedule.abort();
        self.server.functions.runtime.stop();
        self.server.store.release();
    }
}

/// What is kept in the store beside its own settings.
const SCHEMAS: &[&str] = &[records::SCHEMA, catalog::SCHEMA, transaction::SCHEMA];

fn failed(error: wire::Error) -> anyhow::Error {
    anyhow::anyhow!("{}", error.inside.unwrap_or(error.message))
}
