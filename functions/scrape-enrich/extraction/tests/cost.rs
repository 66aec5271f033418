//! What a page may cost in memory: every generated shape, as the example `shapes` has them, in a size that a debug
//! build reads quickly. One test, for the peak is that of the whole process.

#[path = "../examples/shapes/list.rs"]
mod list;

use domain::document::{self, Envelope};
use extraction::extract;
use extraction::links::worth_reading;
use extraction::page::Page;
use extraction::proposal::Proposal;
use url::Url;

/// Bytes of each page.
const SIZE: usize = 64 * 1024;

/// KiB that all of them together may take: what they need at a time is little, and what stays is the patterns.
const MOST_MEMORY: u64 = 64 * 1024;

/// Bytes of the document that goes into a row, whatever the pages hold.
const LONGEST_DOCUMENT: usize = 100_000;

#[test]
fn no_shape_of_page_takes_memory_or_leaves_a_long_document() {
    let shapes = list::shapes(SIZE);
    assert!(shapes.len() > 100, "{} shapes", shapes.len());
    let idle = peak();
    for shape in shapes {
        let addresses = list::ADDRESSES.iter().map(|url| Url::parse(url).unwrap());
        let pages: Vec<Page> = shape
            .pages()
            .iter()
            .zip(addresses)
            .map(|(body, url)| Page::new(Some(url), body, None))
            .collect();
        let start = pages[0].url.clone().unwrap();
        let links = worth_reading(&pages[0].html, &start);
        assert!(links.len() <= 5, "{}: {} links", shape.name, links.len());
        let profile = extract::profile(&pages);
        let proposal = Proposal::new(Some(start), &pages, profile);
        let document = Envelope::new(&proposal).text().into_owned();
        assert!(
            document.len() <= LONGEST_DOCUMENT,
            "{}: a document of {} bytes",
            shape.name,
            document.len()
        );
        document::read::<Proposal>(&document)
            .unwrap_or_else(|error| panic!("{}: {error:?}", shape.name));
        let taken = peak() - idle;
        assert!(
            taken <= MOST_MEMORY,
            "after {} at the latest: {taken} KiB",
            shape.name
        );
    }
}

/// KiB of memory that this process had at most. Linux says so; elsewhere nothing is measured.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.map(|peak| peak.trim().trim_end_matches("kB").trim());
    peak.map_or(0, |peak| peak.parse().expect("a number of KiB"))
}
