//! The binary; everything is in the library so that the tests can run the very same program.

use std::process::ExitCode;

fn main() -> ExitCode {
    valyou::main()
}
