//! A small Appwrite in one process: the part of its HTTP API, its events and its function runs that the bundle uses,
//! on loopback, without Docker. It answers like Appwrite 1.9.6 on MariaDB, its oddities included, and is not a server
//! to expose: one project, one key, no TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod auth;
mod bulk;
mod catalog;
mod changes;
mod clock;
mod columns;
mod databases;
mod error;
mod events;
mod http;
mod indexes;
mod operators;
mod parameters;
mod permissions;
mod query;
mod records;
mod row;
mod rows;
mod store;
mod structure;
mod tables;
mod tablesdb;
mod token;
mod transactions;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In a temporary folder that goes away with the instance.
    Ephemeral,
    /// In this folder, made if missing; survives restarts and kills. One running instance per folder.
    Folder(PathBuf),
}

/// How to start an instance.
#[derive(Debug, Clone)]
pub struct Options {
    pub storage: Storage,
    /// TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Id of the one project (`X-Appwrite-Project`).
    pub project: String,
    /// The project's API key with all scopes (`X-Appwrite-Key`).
    pub key: String,
    /// The program that serves functions, started as `<program> host FUNCTION --port N`.
    pub host_program: PathBuf,
    /// Variables added to the environment of the function processes.
    pub environment: Vec<(String, String)>,
}

/// A running instance. Dropping it stops it too, without waiting for calls in flight.
pub struct EmbeddedAppwrite {
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    changes: JoinHandle<()>,
    deliveries: JoinHandle<()>,
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
        let store = store::Store::open(&options.storage)?;
        let secret = store.secret()?;
        let (events, queue) = events::Events::new();
        let (changes, asked) = changes::Changes::new();
        let app = Arc::new(App {
            store,
            changes,
            events,
            endpoint,
            secret,
            options,
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let server =
            axum::serve(listener, http::service(Arc::clone(&app))).with_graceful_shutdown(async {
                // A dropped sender means the same as a sent word.
                stopped.await.ok();
            });
        Ok(Self {
            changes: tokio::spawn(changes::work(Arc::clone(&app), asked)),
            deliveries: tokio::spawn(events::deliver(Arc::clone(&app), queue)),
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
        &self.app.options.project
    }

    pub fn key(&self) -> &str {
        &self.app.options.key
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
        self.server.abort();
        self.changes.abort();
        self.deliveries.abort();
    }
}

/// What every handler works on.
pub(crate) struct App {
    pub(crate) store: store::Store,
    pub(crate) changes: changes::Changes,
    pub(crate) events: events::Events,
    /// `http://127.0.0.1:PORT/v1`
    pub(crate) endpoint: String,
    /// Signs the tokens of users and executions; the same for the life of the folder.
    pub(crate) secret: String,
    pub(crate) options: Options,
}
