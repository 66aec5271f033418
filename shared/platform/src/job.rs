//! A job of scrape_jobs or reports: pending → running → done | failed.
//!
//! One execution wins the claim with one guarded PATCH. Every later write of it is guarded by the version of its own
//! last write, so an execution that was declared dead and comes back late changes nothing. Events are delivered at most
//! once and processes die, so [`sweep`] runs what was never begun and retries what was left behind.
//!
//! An organisation has [`MAX_OPEN`] jobs at most, however many calls come at once and to how many processes: see
//! [`Job::admitted`]. What runs in a process has a [`Slot`] there.

mod call;
mod row;
mod run;
mod slot;
mod sweep;

pub use self::call::{by_its_requester, cancel, on_created, EventOutcome, OfJob, Requester};
pub use self::row::{Claim, JobRow, LEASE};
pub use self::run::{room, Job, JobOutcome};
pub use self::slot::{Slot, MAX_OPEN};
pub use self::sweep::{sweep, Counts};
