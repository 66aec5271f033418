//! `valyou dev` as a developer starts it: a process of its own that can be killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `valyou dev` on a folder. Dropping it kills it (SIGKILL).
pub struct Development {
    pub process: Child,
    pub endpoint: String,
    pub project: String,
    pub key: String,
}

impl Development {
    /// Waits until it says where it is. `program` is `env!("CARGO_BIN_EXE_valyou-under-test")`.
    pub fn start(program: &str, folder: &Path) -> Self {
        let mut process = Command::new(program)
            .args(["dev", "--port", "0", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the tool starts");
        let output = process.stdout.take().expect("it prints");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let told = lines
            .find(|line| line.starts_with("Appwrite "))
            .expect("it says where it is");
        // It goes on talking, and must find somebody listening.
        std::thread::spawn(move || lines.for_each(drop));
        let words: Vec<&str> = told.split_whitespace().collect();
        let ["Appwrite", endpoint, "project", project, "key", key] = words[..] else {
            panic!("it does not say where it is: {told}");
        };
        Self {
            process,
            endpoint: endpoint.to_owned(),
            project: project.to_owned(),
            key: key.to_owned(),
        }
    }
}

impl Drop for Development {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
