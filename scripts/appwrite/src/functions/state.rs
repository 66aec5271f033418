//! What the handlers of functions work on, and whatever runs one.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::access::Access;
use crate::functions::runtime::Runtime;
use crate::functions::schedule::Schedule;
use crate::options::Options;
use crate::storage::Store;
use crate::workers::Workers;

/// How long a caller waits for an execution: `requestTimeout` in Executions/Create.php.
const SYNCHRONOUS_LIMIT_MILLISECONDS: u64 = 30_000;

/// What a worker has still to store: the first who asks for one does not find it, and by then it is there. A real worker
/// takes some hundredths of a second.
#[derive(Default)]
pub(crate) struct Unstored(Mutex<VecDeque<String>>);

/// Executions that a worker can be behind with; those before are there.
const UNSTORED: usize = 1_000;

impl Unstored {
    pub(crate) fn add(&self, id: &str) {
        let mut ids = self.ids();
        ids.push_back(id.to_owned());
        if ids.len() > UNSTORED {
            ids.pop_front();
        }
    }

    /// Whether it was to be stored still; it is no more.
    pub(crate) fn take(&self, id: &str) -> bool {
        let mut ids = self.ids();
        let at = ids.iter().position(|known| known == id);
        at.is_some_and(|at| ids.remove(at).is_some())
    }

    /// The worker has done its work.
    pub(crate) fn clear(&self) {
        self.ids().clear();
    }

    fn ids(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
    /// Executions that were answered and that nobody has asked for since, on line 2.
    pub(crate) unstored: Unstored,
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
            unstored: Unstored::default(),
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
