//! What the handlers of functions work on, and whatever runs one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

use crate::access::Access;
use crate::functions::runtime::Runtime;
use crate::functions::schedule::Schedule;
use crate::options::Options;
use crate::storage::Store;
use crate::workers::Workers;

/// How long a caller waits for an execution: `requestTimeout` in Executions/Create.php.
const SYNCHRONOUS_LIMIT_MILLISECONDS: u64 = 30_000;

pub(crate) struct Functions {
    pub(crate) store: Arc<Store>,
    pub(crate) access: Arc<Access>,
    pub(crate) workers: Arc<Workers>,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) runtime: Runtime,
    /// Held while an upload is built.
    pub(crate) building: tokio::sync::Mutex<()>,
    /// `http://127.0.0.1:PORT/v1`
    pub(crate) endpoint: String,
    pub(crate) options: Options,
    synchronous_limit: AtomicU64,
}

impl Functions {
    pub(crate) fn new(
        store: Arc<Store>,
        access: Arc<Access>,
        workers: Arc<Workers>,
        endpoint: String,
        options: Options,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            store,
            access,
            workers,
            schedule: Arc::default(),
            runtime: Runtime::new(&options)?,
            building: tokio::sync::Mutex::default(),
            endpoint,
            options,
            synchronous_limit: AtomicU64::new(SYNCHRONOUS_LIMIT_MILLISECONDS),
        })
    }

    pub(crate) fn synchronous_limit(&self) -> Duration {
        Duration::from_millis(self.synchronous_limit.load(Ordering::Relaxed))
    }

    pub(crate) fn set_synchronous_limit(&self, limit: Duration) {
        let milliseconds = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        self.synchronous_limit
            .store(milliseconds, Ordering::Relaxed);
    }
}
