//! OpenAI's own client from npm judges the shapes that a model is asked for: it finds nothing to make stricter.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use model::schema::strict;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::Name;

/// What an answer can be made of.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its shape counts")]
struct Everything {
    /// A count.
    count: u32,
    share: Option<f64>,
    kind: Kind,
    maybe: Option<Kind>,
    #[serde(default)]
    parts: Vec<Part>,
    words: Option<Vec<String>>,
    part: Option<Part>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its shape counts")]
struct Part {
    text: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
enum Kind {
    /// The first.
    One,
    /// The second.
    Two,
}

/// The client, installed once; nothing where there is no Node.
fn client() -> Option<PathBuf> {
    let run = |program: &str, arguments: &[&str], folder: &Path| {
        Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .output()
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("openai");
    std::fs::create_dir_all(&folder).unwrap();
    if run("node", &["--version"], &folder).is_err() {
        return None;
    }
    // What npm writes last.
    if !folder.join("node_modules/.package-lock.json").is_file() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("openai");
        for file in ["package.json", "package-lock.json", ".npmrc", "strict.mjs"] {
            std::fs::copy(source.join(file), folder.join(file)).unwrap();
        }
        let installed = run("npm", &["ci", "--ignore-scripts"], &folder).unwrap();
        assert!(installed.status.success(), "npm ci failed: {installed:?}");
    }
    Some(folder)
}

#[test]
fn openais_own_client_makes_no_shape_stricter() {
    let Some(folder) = client() else {
        // Past the harness, which keeps what a test prints to itself.
        let told = b"skipped: Node is not on this machine\n";
        std::io::stderr().write_all(told).unwrap();
        return;
    };
    let schemas = [
        strict::<Name>(),
        strict::<Everything>(),
        scrape_enrich::pointers::shape(),
        report_generate::writer::shape(),
        skill_map::proposals::shape(),
    ];
    let file = folder.join("schemas.json");
    std::fs::write(&file, serde_json::to_vec(&schemas).unwrap()).unwrap();
    let mut node = Command::new("node");
    let judged = node
        .arg("strict.mjs")
        .arg(&file)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(judged.status.success(), "{judged:?}");
    let judged: Vec<Value> = serde_json::from_slice(&judged.stdout).unwrap();
    assert_eq!(judged, schemas);
}
