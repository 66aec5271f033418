//! From an uploaded workspace to a program, in the steps of the real runtime: unpack, run the function's commands, put
//! what is left below the runtime's own package, compile that, and pack up what is stored.
//!
//! What differs from the real one: the folder of the runtime, which is announced in `VALYOU_RUNTIME`, and the server
//! around the handler, which is [`crate::serve`]. There is no container: commands run as whoever builds.
//!
//! Steps: <https://github.com/open-runtimes/open-runtimes/blob/main/helpers/lifecycle/build.sh>

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use anyhow::{ensure, Context};
use serde::Deserialize;

/// What Appwrite's `rust-1.83` compiles with.
pub const COMPILER: &str = "1.83.0";

/// Names the folder that stands where the image has `/usr/local/server`.
const FOLDER_VARIABLE: &str = "VALYOU_RUNTIME";

const MANIFEST: &str = include_str!("../rust-1.83.toml");
const SERVE: &str = include_str!("serve.rs");
const MAIN: &str =
    "mod serve;\n\nfn main() -> std::process::ExitCode {\n    serve::main(handler::main)\n}\n";

/// The name of the runtime's package, and so of the program.
pub const PROGRAM: &str = "rust_runtime";

/// Packages that only the build itself knows.
const OWN: [&str; 2] = [PROGRAM, "handler"];

/// What to build.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// A `.tar.gz` of the workspace, as Appwrite's command line tool packs it.
    pub archive: &'a Path,
    /// The function's `commands`.
    pub commands: &'a str,
    /// The function's `entrypoint`: a file that the commands leave.
    pub entrypoint: &'a str,
    /// Where to work, emptied first. Compiled crates are found again by a later build in the same folder.
    pub folder: &'a Path,
}

/// What was built.
#[derive(Debug)]
pub struct Built {
    pub program: PathBuf,
    /// What the platform would store and unpack at every cold start: program and staged source, packed.
    pub stored: PathBuf,
    /// Packages whose version is not the one of the uploaded lock, as `name: locked → built`.
    pub moved: Vec<String>,
    /// Every package that is compiled into the program or for it.
    pub packages: BTreeSet<String>,
}

/// The compiler that builds.
#[derive(Clone, Debug)]
pub struct Compiler {
    toolchain: Option<&'static str>,
}

impl Compiler {
    /// The platform's own version, if rustup has it; otherwise whatever builds this tool.
    pub fn nearest() -> Self {
        let own = Self {
            toolchain: Some(COMPILER),
        };
        let is_there = own
            .version()
            .is_ok_and(|version| version.contains(COMPILER));
        match is_there {
            true => own,
            false => Self { toolchain: None },
        }
    }

    /// The platform's own version.
    ///
    /// # Errors
    /// If it is not installed; the message says how to.
    pub fn own() -> anyhow::Result<Self> {
        let nearest = Self::nearest();
        ensure!(
            nearest.toolchain.is_some(),
            "Rust {COMPILER} is not installed: rustup toolchain install {COMPILER} --profile minimal"
        );
        Ok(nearest)
    }

    /// What it says of itself.
    pub fn version(&self) -> anyhow::Result<String> {
        // Asked of rustup, which would otherwise install what is missing.
        if let Some(toolchain) = self.toolchain {
            let installed = output(Command::new("rustup").args(["toolchain", "list"]))?;
            ensure!(
                installed.lines().any(|line| line.starts_with(toolchain)),
                "Rust {toolchain} is not installed"
            );
        }
        Ok(output(self.cargo().arg("--version"))?.trim().to_owned())
    }

    fn cargo(&self) -> Command {
        self.environment("cargo")
    }

    /// A program for which `cargo` is this compiler's.
    fn environment(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        if let Some(toolchain) = self.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        for variable in ["RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_ENCODED_RUSTFLAGS"] {
            command.env_remove(variable);
        }
        command
    }
}

/// Builds; everything that the steps print goes to `log`, line by line.
///
/// # Errors
/// If a step fails; what it printed is in the log.
pub fn build(
    order: Order<'_>,
    compiler: &Compiler,
    mut log: impl FnMut(&str),
) -> anyhow::Result<Built> {
    let source = order.folder.join("build");
    let server = order.folder.join("server");
    for folder in [&source, &server] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    unpack(order.archive, &source, &mut log)?;
    let locked = versions(&source.join("Cargo.lock"));
    prepare(&server)?;

    log("Build command execution started.");
    let target = order.folder.join("target");
    let mut commands = compiler.environment("bash");
    commands
        .args(["-c", order.commands])
        .current_dir(&source)
        .env("CARGO_TARGET_DIR", &target)
        .env(FOLDER_VARIABLE, &server);
    run(&mut commands, &mut log).context("the function's commands failed")?;
    ensure!(
        source.join(order.entrypoint).is_file(),
        "the function's commands left no {}, its entrypoint",
        order.entrypoint
    );
    // As the real one does it: whatever begins with a dot stays behind.
    let mut copy = Command::new("bash");
    copy.args(["-c", "cp -r ./* \"$0\""])
        .arg(server.join("src/function"))
        .current_dir(&source);
    run(&mut copy, &mut log).context("the staged source cannot be copied")?;

    log(&format!("Compiling with {}.", compiler.version()?));
    compile(compiler, &server, &target, &mut log)?;
    let program = source.join(PROGRAM);
    std::fs::copy(target.join("release").join(PROGRAM), &program)?;
    let stored = order.folder.join("stored.tar.gz");
    let mut pack = Command::new("tar");
    pack.arg("-czf")
        .arg(&stored)
        .arg("-C")
        .arg(&source)
        .arg(".");
    run(&mut pack, &mut log).context("the build cannot be packed")?;
    Ok(Built {
        program,
        stored,
        moved: moved(&locked?, &versions(&server.join("Cargo.lock"))?),
        packages: packages(compiler, &server)?,
    })
}

/// Unpacks a `.tar.gz` into a folder, which is made.
///
/// # Errors
/// If that fails; what tar says is in the log.
pub fn unpack(archive: &Path, folder: &Path, mut log: impl FnMut(&str)) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(archive).arg("-C").arg(folder);
    run(&mut tar, &mut log).context("the archive cannot be unpacked")
}

/// The runtime's own package around the function's.
fn prepare(server: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(server.join("src/function"))?;
    for (file, text) in [
        ("Cargo.toml", MANIFEST),
        ("src/main.rs", MAIN),
        ("src/serve.rs", SERVE),
    ] {
        std::fs::write(server.join(file), text)?;
    }
    Ok(())
}

/// Without the network where everything is there, as it is once the workspace itself was built.
fn compile(
    compiler: &Compiler,
    server: &Path,
    target: &Path,
    log: &mut impl FnMut(&str),
) -> anyhow::Result<()> {
    let cargo = |offline: &[&str]| {
        let mut cargo = compiler.cargo();
        cargo
            .args(["build", "--release", "--color", "never"])
            .args(offline)
            .env("CARGO_TARGET_DIR", target)
            .current_dir(server);
        cargo
    };
    let mut first = Vec::new();
    let offline = run(&mut cargo(&["--offline"]), &mut |line: &str| {
        first.push(line.to_owned());
    });
    let is_missing = |line: &String| line.contains("--offline") || line.contains("offline mode");
    if offline.is_err() && first.iter().any(is_missing) {
        return run(&mut cargo(&[]), log).context("the function does not compile");
    }
    first.iter().for_each(|line| log(line));
    offline.context("the function does not compile")
}

/// What `cargo` compiles for the program here, by name.
fn packages(compiler: &Compiler, server: &Path) -> anyhow::Result<BTreeSet<String>> {
    let tree = output(
        compiler
            .cargo()
            .args(["tree", "--offline", "--locked", "--edges", "normal,build"])
            .args(["--prefix", "none", "--format", "{p}"])
            .current_dir(server),
    )?;
    let name = |line: &str| line.split(' ').next().map(str::to_owned);
    Ok(tree.lines().filter_map(name).collect())
}

/// `Cargo.lock`, as far as it is read here.
#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// Versions by name: there may be several.
fn versions(lock: &Path) -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let text =
        std::fs::read_to_string(lock).with_context(|| format!("there is no {}", lock.display()))?;
    let lock: Lock = toml::from_str(&text)?;
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock.package {
        let known = versions.entry(package.name).or_default();
        known.insert(package.version);
    }
    Ok(versions)
}

fn moved(
    locked: &BTreeMap<String, BTreeSet<String>>,
    built: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let nothing = BTreeSet::new();
    let joined = |versions: &BTreeSet<String>| match versions.is_empty() {
        true => "absent".to_owned(),
        false => versions.iter().cloned().collect::<Vec<_>>().join(", "),
    };
    built
        .iter()
        .filter(|(name, _)| !OWN.contains(&name.as_str()))
        .map(|(name, versions)| (name, versions, locked.get(name).unwrap_or(&nothing)))
        .filter(|(_, versions, known)| !versions.is_subset(known))
        .map(|(name, versions, known)| format!("{name}: {} → {}", joined(known), joined(versions)))
        .collect()
}

/// Runs a command and hands on what it prints, both streams in one.
fn run(command: &mut Command, log: &mut impl FnMut(&str)) -> anyhow::Result<()> {
    let name = Path::new(command.get_program()).display().to_string();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{name} cannot be started"))?;
    let (told, lines) = mpsc::channel();
    forward(child.stdout.take(), told.clone());
    forward(child.stderr.take(), told);
    for line in lines {
        log(&line);
    }
    let status = child.wait()?;
    ensure!(status.success(), "{name} ended with {status}");
    Ok(())
}

fn forward(stream: Option<impl Read + Send + 'static>, told: mpsc::Sender<String>) {
    std::thread::spawn(move || {
        let lines = stream
            .into_iter()
            .flat_map(|stream| BufReader::new(stream).lines());
        // Ends with the stream, or when nobody listens any more.
        lines
            .map_while(Result::ok)
            .try_for_each(|line| told.send(line))
    });
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = Path::new(command.get_program()).display().to_string();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{name} cannot be started"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{name} ended with {}: {complaint}",
        output.status
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{moved, MANIFEST};

    #[test]
    fn the_lock_holds_what_the_runtime_itself_depends_on() {
        let dependencies = |manifest: &str| {
            let manifest: toml::Table = toml::from_str(manifest).unwrap();
            manifest["dependencies"].as_table().unwrap().clone()
        };
        let own = dependencies(include_str!("../Cargo.toml"));
        for (name, wanted) in dependencies(MANIFEST) {
            // The one names the staged function, the other stands in the workspace's table.
            if name != "handler" && name != "openruntimes" {
                assert_eq!(own.get(&name), Some(&wanted), "{name} in Cargo.toml");
            }
        }
        assert!(own.contains_key("openruntimes"));
    }

    #[test]
    fn a_version_that_is_not_the_locked_one_is_named() {
        let versions = |pairs: &[(&str, &[&str])]| -> BTreeMap<String, BTreeSet<String>> {
            let owned = |versions: &&[&str]| versions.iter().map(|one| (*one).to_owned()).collect();
            pairs
                .iter()
                .map(|(name, versions)| ((*name).to_owned(), owned(versions)))
                .collect()
        };
        let locked = versions(&[
            ("a", &["1.0.0"]),
            ("b", &["1.0.0", "2.0.0"]),
            ("c", &["3.0.0"]),
        ]);
        let built = versions(&[
            ("a", &["1.0.1"]),
            ("b", &["2.0.0"]),
            ("d", &["0.1.0"]),
            ("handler", &["0.0.0"]),
        ]);
        assert_eq!(
            moved(&locked, &built),
            ["a: 1.0.0 → 1.0.1", "d: absent → 0.1.0"]
        );
    }
}
