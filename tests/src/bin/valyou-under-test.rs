//! The tool, built as a binary of this package, so that `cargo test` of this package alone has a fresh one. It also
//! serves the function that goes wrong when it is told to.

use std::process::ExitCode;

fn main() -> ExitCode {
    valyou::main_with(&[tests::faulty::FUNCTION])
}
