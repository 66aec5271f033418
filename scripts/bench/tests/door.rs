//! The benchmark of the door, by its program.

use std::process::Command;

/// The benchmark asks as a signed-in user, needs no Appwrite, and takes nothing but a 200 for an answer.
#[test]
fn the_door_can_be_measured() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["door", "--rounds", "2"])
        .args(["--executions", "8", "--connections", "4"])
        .output()
        .unwrap();
    let (said, failed) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{failed}");
    for handler in ["constant", "door"] {
        let words = |line: &str| line.split_whitespace().nth(1) == Some(handler);
        assert!(said.lines().any(words), "{handler}: {said}");
    }
}
