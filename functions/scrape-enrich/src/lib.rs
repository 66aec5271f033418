//! scrape-enrich: reads an organisation's own website and proposes a profile with evidence for every value.

pub mod page;
pub mod profile;

pub fn main(context: openruntimes::Context) -> openruntimes::Response {
    context.res.text("", Some(501), None)
}
