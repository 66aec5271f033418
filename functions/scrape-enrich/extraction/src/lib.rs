//! What the pages of an organisation's website say of it: pages in, proposed profile out. Pure, and no function by
//! itself: scrape-enrich fetches the pages.
//!
//! - [`session`]: the pages of one site, from the first to the profile; what a process is asked.
//! - [`process`]: the same in a process of its own, so that no page can harm another organisation's work.
//! - [`extract`], [`page`], [`links`], [`site`]: what pages say, and which others are worth reading.
//! - [`profile`], [`proposal`]: what comes of it, and the document that is kept.

// A computed byte may stand inside a character, and then slicing ends the execution.
#![cfg_attr(not(test), warn(clippy::string_slice))]

mod effort;
pub mod extract;
pub mod links;
mod markup;
pub mod page;
pub mod process;
pub mod profile;
pub mod proposal;
pub mod session;
pub mod site;
mod slice;
