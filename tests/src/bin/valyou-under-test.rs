//! The tool, built as a binary of this package, so that `cargo test` of this package alone has a fresh one.

use std::process::ExitCode;

fn main() -> ExitCode {
    valyou::main()
}
