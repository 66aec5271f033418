//! The program that scrape-enrich starts for each website; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    extraction::process::answer()
}
