//! Panics, as a log may know them: by their place. Their words may quote what a person or a website said, and both the
//! platform and tokio would write these down.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe, Location};
use std::sync::{Mutex, Once, PoisonError};

use domain::failure::{Detail, Failure};
use tokio::task::{try_id, Id, JoinError};

/// Places of panics in tasks that are kept until somebody asks: a task that nobody waits for is not asked about.
const KEPT: usize = 64;

static IN_TASKS: Mutex<VecDeque<(Id, String)>> = Mutex::new(VecDeque::new());

thread_local! {
    static ON_THIS_THREAD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does the work; a panic of it is an inside fault, and leaves nothing but its place.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    listen();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = ON_THIS_THREAD.with(RefCell::take);
        Err(Failure::internal(detail(place)))
    })
}

/// How a task ended that was waited for in vain.
pub fn of_task(error: &JoinError) -> Detail {
    if error.is_cancelled() {
        return Detail::new("a task was cancelled");
    }
    let mut places = in_tasks();
    let found = places.iter().position(|(id, _)| *id == error.id());
    let place = found.and_then(|found| places.remove(found));
    detail(place.map(|(_, place)| place))
}

fn detail(place: Option<String>) -> Detail {
    Detail::place(
        "panicked at",
        place.as_deref().unwrap_or("an unknown place"),
    )
}

fn in_tasks() -> std::sync::MutexGuard<'static, VecDeque<(Id, String)>> {
    IN_TASKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on a panic is kept by its place and told to nobody: what the usual hook prints ends up in an execution's
/// log.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_hook(Box::new(|panic| {
            let Some(place) = panic.location().map(Location::to_string) else {
                return;
            };
            if let Some(task) = try_id() {
                let mut places = in_tasks();
                if places.len() == KEPT {
                    places.pop_front();
                }
                places.push_back((task, place.clone()));
            }
            ON_THIS_THREAD.with(|kept| kept.replace(Some(place)));
        }));
    });
}
