//! Appwrite's own clients, as they come from npm, against the embedded Appwrite: the command line tool and the SDKs for
//! servers and browsers. What they send is theirs; only what comes back is ours.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use embedded_appwrite::{Builds, EmbeddedAppwrite, Options, Storage};
use project::upload;
use project::{schema, Description, Target};
use reqwest::Method;
use serde_json::{json, Value};
use tests::{world, DATABASE};
use tokio::process::Command;

const TOOL: &str = env!("CARGO_BIN_EXE_valyou-under-test");
const PROJECT: &str = "live";

/// Installs the clients once; nothing where there is no Node, which is said.
fn clients() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let run = |program: &str, arguments: &[&str], folder: &Path| {
                let mut command = std::process::Command::new(program);
                command.args(arguments).current_dir(folder).output()
            };
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("clients");
            std::fs::create_dir_all(&folder).unwrap();
            if run("node", &["--version"], &folder).is_err() {
                // Past the harness, which keeps what a test prints to itself.
                let told = b"skipped: Node is not on this machine\n";
                std::io::stderr().write_all(told).unwrap();
                return None;
            }
            let source = workspace().join("tests/clients");
            let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json")).ok();
            // What npm writes last.
            let installed = folder.join("node_modules/.package-lock.json");
            if !installed.is_file() || lock(&folder) != lock(&source) {
                for file in ["package.json", "package-lock.json", ".npmrc"] {
                    std::fs::copy(source.join(file), folder.join(file)).unwrap();
                }
                let installed = run("npm", &["ci"], &folder).unwrap();
                assert!(installed.status.success(), "npm ci failed: {installed:?}");
            }
            std::fs::copy(source.join("sdks.mjs"), folder.join("sdks.mjs")).unwrap();
            Some(folder)
        })
        .as_deref()
}

fn workspace() -> PathBuf {
    std::fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
}

#[tokio::test]
async fn the_sdks_for_servers_and_browsers_work_unmodified() {
    let Some(clients) = clients() else { return };
    let world = world(TOOL).await;
    let output = Command::new("node")
        .arg("sdks.mjs")
        .args([world.appwrite.endpoint(), world.appwrite.project()])
        .args([world.appwrite.key(), DATABASE, &world.site.url()])
        .current_dir(clients)
        .output()
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{complaint}");
    assert_eq!(told.lines().count(), 10, "{told}");
}

/// A project to deploy to, and a checkout to deploy from.
struct Deployment {
    appwrite: EmbeddedAppwrite,
    data: tempfile::TempDir,
    checkout: tempfile::TempDir,
    home: tempfile::TempDir,
    clients: &'static Path,
}

impl Deployment {
    async fn new(clients: &'static Path, builds: Builds) -> Self {
        let temporary = || tempfile::tempdir().unwrap();
        let (data, checkout, home) = (temporary(), temporary(), temporary());
        let appwrite = EmbeddedAppwrite::start(Options {
            storage: Storage::Folder(data.path().to_owned()),
            edition: world::edition().unwrap(),
            port: 0,
            project: PROJECT.to_owned(),
            host_program: TOOL.into(),
            builds,
            environment: Vec::new(),
        })
        .await
        .unwrap();
        appwrite.set_schedule_by_hand(true);
        for entry in [
            "Cargo.toml",
            "Cargo.lock",
            "LICENSE",
            "appwrite.json",
            ".gitignore",
            ".env.example",
            "shared",
            "functions",
            "scripts/stage.sh",
        ] {
            copy(&workspace().join(entry), &checkout.path().join(entry));
        }
        // What must never leave a machine.
        std::fs::write(
            checkout.path().join(".env"),
            "APPWRITE_DATABASE_ID=main_dev\n",
        )
        .unwrap();
        Self {
            appwrite,
            data,
            checkout,
            home,
            clients,
        }
    }

    /// Appwrite's command line tool, in the checkout.
    async fn appwrite(&self, arguments: &[&str]) -> String {
        let program = self.clients.join("node_modules/.bin/appwrite");
        let mut command = Command::new(program);
        // Its settings go to the home folder.
        command.args(arguments).env("HOME", self.home.path());
        self.run(command).await
    }

    async fn run(&self, mut command: Command) -> String {
        command
            .current_dir(self.checkout.path())
            .stdin(std::process::Stdio::null());
        let output = command.output().await.unwrap();
        let told = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .concat();
        assert!(output.status.success(), "{command:?}\n{told}");
        told
    }

    /// The commands of the operators' page, word for word, in a shell that knows `appwrite` and this tool.
    async fn deploy(&self) -> String {
        let page = std::fs::read_to_string(workspace().join("scripts/README.md")).unwrap();
        let (_, section) = page.split_once("\n## Deploy\n").unwrap();
        let (_, block) = section.split_once("```sh\n").unwrap();
        let (block, _) = block.split_once("```").unwrap();
        let block = block
            .replace("https://HOST/v1", self.appwrite.endpoint())
            .replace("=ID", &format!("={PROJECT}"))
            .replace("=KEY", &format!("={}", self.appwrite.key()));
        let programs = self.home.path().join("bin");
        std::fs::create_dir_all(&programs).unwrap();
        let cargo = programs.join("cargo");
        std::fs::write(&cargo, format!("#!/bin/sh\nshift 3\nexec {TOOL} \"$@\"\n")).unwrap();
        std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = [programs, self.clients.join("node_modules/.bin")];
        let before = std::env::var_os("PATH").unwrap();
        let path = path.into_iter().chain(std::env::split_paths(&before));
        let mut command = Command::new("bash");
        command
            .args(["-euxc", &block])
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", self.home.path());
        self.run(command).await
    }

    /// What the first commands of the section come to, for a test of the last.
    async fn set_up(&self) {
        let endpoint = self.appwrite.endpoint().to_owned();
        let told = [
            "client",
            "--endpoint",
            &endpoint,
            "--project-id",
            PROJECT,
            "--key",
            self.appwrite.key(),
        ];
        self.appwrite(&told).await;
        let target = Target::new(&endpoint, PROJECT, self.appwrite.key()).unwrap();
        let description = self.description();
        schema::apply_functions(&target, &description)
            .await
            .unwrap();
    }

    async fn push(&self, functions: &[&str]) -> String {
        let mut arguments = vec!["push", "functions", "--force"];
        match functions {
            [] => arguments.push("--all"),
            [function, ..] => arguments.extend(["--function-id", function]),
        }
        self.appwrite(&arguments).await
    }

    async fn get(&self, path: &str) -> Value {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}{path}", self.appwrite.endpoint());
        let request = client.request(Method::GET, url);
        let request = request.header("x-appwrite-project", PROJECT);
        let request = request.header("x-appwrite-key", self.appwrite.key());
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.json().await.unwrap()
    }

    /// The active deployment of a function.
    async fn active(&self, function: &str) -> Value {
        let id = self.get(&format!("/functions/{function}")).await["deploymentId"].clone();
        let id = id.as_str().unwrap();
        self.get(&format!("/functions/{function}/deployments/{id}"))
            .await
    }

    /// The files of an upload, as they lie with the server.
    async fn uploaded(&self, deployment: &Value) -> BTreeSet<String> {
        let id = deployment["$id"].as_str().unwrap();
        let archive = self
            .data
            .path()
            .join(format!("deployments/{id}/code.tar.gz"));
        let mut command = Command::new("tar");
        command.arg("-tzf").arg(archive);
        let listed = self.run(command).await;
        let files = listed.lines().filter(|line| !line.ends_with('/'));
        files
            .map(|file| file.trim_start_matches("./").to_owned())
            .collect()
    }

    fn description(&self) -> Description {
        Description::read(&self.checkout.path().join("appwrite.json")).unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in std::fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
        return;
    }
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::copy(from, to).unwrap();
}

#[tokio::test]
async fn the_command_line_tool_deploys_every_function_with_its_settings() {
    let Some(clients) = clients() else { return };
    let live = Deployment::new(clients, Builds::Host).await;
    let told = live.deploy().await;
    assert!(told.contains("Successfully pushed 5 functions"), "{told}");
    assert!(told.contains("all is well"), "{told}");
    for function in &live.description().functions {
        let there = live.get(&format!("/functions/{}", function.id)).await;
        let described = serde_json::to_value(function).unwrap();
        for (name, value) in described.as_object().unwrap() {
            // This version of Appwrite's tool sends none, and the server takes its largest.
            if !name.ends_with("Specification") {
                assert_eq!(there[name], *value, "{}: {name}", function.id);
            }
        }
        let deployment = live.active(&function.id).await;
        assert_eq!(deployment["type"], "cli");
        assert_eq!(deployment["status"], "ready");
        let packed = upload::files(live.checkout.path(), function).unwrap();
        let packed: BTreeSet<String> = packed
            .iter()
            .map(|file| file.to_str().unwrap().to_owned())
            .collect();
        assert_eq!(live.uploaded(&deployment).await, packed, "{}", function.id);
        assert!(!packed.contains(".env"));
    }

    let before = live.active("invite-accept").await;
    live.push(&["invite-accept"]).await;
    let after = live.active("invite-accept").await;
    assert_ne!(before["$id"], after["$id"]);
}

#[tokio::test]
async fn what_the_command_line_tool_uploads_is_built_and_answers() {
    let Some(clients) = clients() else { return };
    // Where `gates build --builds target/tmp/builds` finds again what is compiled here.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("builds/rust-1.83");
    let live = Deployment::new(clients, Builds::Cargo { folder }).await;
    live.set_up().await;
    live.push(&["invite-accept"]).await;
    let deployment = live.active("invite-accept").await;
    assert_eq!(deployment["status"], "ready", "{}", deployment["buildLogs"]);
    assert_ne!(deployment["buildSize"], 0);

    // By the program that was built, not by the one that the tests were built with.
    let id = deployment["$id"].as_str().unwrap();
    let program = live
        .data
        .path()
        .join(format!("deployments/{id}/built/rust_runtime"));
    assert!(program.is_file());
    let run = live
        .appwrite(&[
            "functions",
            "create-execution",
            "--function-id",
            "invite-accept",
            "--xpath",
            "/preview",
            "--method",
            "POST",
            "--body",
            "{}",
            "--json",
        ])
        .await;
    let run: Value = serde_json::from_str(&run).unwrap();
    assert_eq!(run["deploymentId"], deployment["$id"]);
    assert_eq!(run["responseStatusCode"], 401);
    let body: Value = serde_json::from_str(run["responseBody"].as_str().unwrap()).unwrap();
    assert_eq!(body["error"]["code"], "sign_in_required");
    let listed = live
        .appwrite(&[
            "functions",
            "list-executions",
            "--function-id",
            "invite-accept",
            "--json",
        ])
        .await;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["executions"][0]["$id"], run["$id"]);

    // Code that does not compile leaves the deployment before it in place.
    let file = live
        .checkout
        .path()
        .join("functions/invite-accept/src/lib.rs");
    std::fs::write(file, "pub fn main() { nonsense }").unwrap();
    live.push(&["invite-accept"]).await;
    let all = live.get("/functions/invite-accept/deployments").await;
    let failed = &all["deployments"][1];
    assert_eq!(failed["status"], json!("failed"));
    assert!(failed["buildLogs"].as_str().unwrap().contains("nonsense"));
    assert_eq!(live.active("invite-accept").await["$id"], deployment["$id"]);
}
