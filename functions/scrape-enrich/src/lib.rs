//! scrape-enrich: reads an organisation's own website and proposes a profile with evidence for every value.

pub mod fetch;
pub mod guard;
pub mod page;
pub mod profile;
pub mod robots;

pub fn main(context: openruntimes::Context) -> openruntimes::Response {
    context.res.text("", Some(501), None)
}
