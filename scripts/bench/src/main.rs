//! The binary; everything is in the library, so that tests can hold the pages against it.

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    bench::main()
}
