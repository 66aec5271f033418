//! scrape-enrich: reads an organisation's own website and proposes a profile with evidence for every value.

pub mod page;
pub mod profile;
