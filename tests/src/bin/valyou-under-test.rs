//! The tool, built as a binary of this package, so that `cargo test` of this package alone has a fresh one. It also
//! serves the function that goes wrong when it is told to, and the one that tells what it got.

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    world::echo::serve_if_asked()?;
    Ok(valyou::main_with(&[tests::faulty::FUNCTION]))
}
