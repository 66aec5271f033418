//! What Appwrite's build makes of the functions, on this machine: the same package around the staged function, compiled
//! with the platform's Rust from our lock.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{ensure, Context};
use runtime::build::{build, Built, Compiler, Order};

use project::description::Function;
use project::upload;
use project::Description;

/// The functions that ask a model.
const ASKING: &[&str] = &["report-generate", "scrape-enrich", "skill-map"];

/// Heavy crates, and the functions that may need each.
const HEAVY: [(&str, &[&str]); 3] = [
    ("async-openai", ASKING),
    ("schemars", ASKING),
    ("scraper", &[]),
];

/// Appwrite refuses larger uploads: `_APP_COMPUTE_SIZE_LIMIT`.
const LARGEST_UPLOAD: u64 = 30_000_000;

/// Of what a [`Made`] prints.
pub const HEADINGS: &str = "function                 files    upload    crates   program    stored";

/// Columns of a terminal that a list of crates is wrapped at.
const WIDTH: usize = 100;

/// How the stored build of a function is called in a folder that keeps those of all.
pub const KEPT: &str = ".tar.gz";

pub(super) fn run(root: &Path, folder: &Path, keep: Option<&Path>) -> anyhow::Result<()> {
    let compiler = Compiler::own()?;
    println!("{}", compiler.version()?);
    println!("{HEADINGS}");
    // A folder of its own: parts of it are emptied.
    let folder = std::path::absolute(folder)?.join("rust-1.83");
    let mut all = Vec::new();
    for function in &Description::read(&root.join("appwrite.json"))?.functions {
        let made = make(root, function, &compiler, &folder)?;
        println!("{made}");
        made.expect(function)?;
        if let Some(keep) = keep {
            std::fs::create_dir_all(keep)?;
            let file = keep.join(format!("{}{KEPT}", function.id));
            std::fs::copy(&made.built.stored, file)?;
        }
        all.push(made);
    }
    list_crates(&all);
    Ok(())
}

/// Says what each function compiles, what all of them compile only once.
fn list_crates(all: &[Made]) {
    let mut sets = all.iter().map(|made| &made.built.packages);
    let Some(first) = sets.next() else {
        return;
    };
    let common = sets.fold(first.clone(), |common, packages| &common & packages);
    println!("\ncrates of every function: {}", wrapped(&common));
    for made in all {
        let own = &made.built.packages - &common;
        println!("crates of {} beside them: {}", made.function, wrapped(&own));
    }
}

/// How many, and their names in order, line by line.
fn wrapped(crates: &BTreeSet<String>) -> String {
    let mut text = crates.len().to_string();
    let mut column = WIDTH;
    for name in crates {
        if column + name.len() >= WIDTH {
            text.push_str("\n   ");
            column = 3;
        }
        text.push(' ');
        text.push_str(name);
        column += 1 + name.len();
    }
    text
}

/// A function that was packed and built.
pub struct Made {
    function: String,
    files: usize,
    upload: u64,
    program: u64,
    stored: u64,
    built: Built,
}

/// Packs and builds a function as the platform would.
pub fn make(
    root: &Path,
    function: &Function,
    compiler: &Compiler,
    folder: &Path,
) -> anyhow::Result<Made> {
    std::fs::create_dir_all(folder)?;
    let archive = folder.join("code.tar.gz");
    let files = upload::pack(root, function, &archive)?;
    let order = Order {
        archive: &archive,
        commands: &function.commands,
        entrypoint: &function.entrypoint,
        folder,
    };
    let mut log = Vec::new();
    let built = build(order, compiler, |line| log.push(line.to_owned()))
        .with_context(|| format!("{}\n{} is not built", log.join("\n"), function.id))?;
    Ok(Made {
        function: function.id.clone(),
        files,
        upload: size(&archive)?,
        program: size(&built.program)?,
        stored: size(&built.stored)?,
        built,
    })
}

impl Made {
    fn expect(&self, function: &Function) -> anyhow::Result<()> {
        let id = &function.id;
        ensure!(
            self.built.moved.is_empty(),
            "{id}: versions are not those of Cargo.lock: {}",
            self.built.moved.join("; ")
        );
        ensure!(
            self.upload < LARGEST_UPLOAD,
            "{id}: the upload is too large"
        );
        for (heavy, users) in HEAVY {
            ensure!(
                users.contains(&id.as_str()) || !self.built.packages.contains(heavy),
                "{id}: compiles {heavy}, which it does not use"
            );
        }
        Ok(())
    }
}

impl std::fmt::Display for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:20} {:>9} {:>9} {:>9} {:>9} {:>9}",
            self.function,
            self.files,
            kilobytes(self.upload),
            self.built.packages.len(),
            kilobytes(self.program),
            kilobytes(self.stored)
        )
    }
}

fn size(file: &Path) -> anyhow::Result<u64> {
    Ok(std::fs::metadata(file)
        .with_context(|| format!("there is no {}", file.display()))?
        .len())
}

fn kilobytes(bytes: u64) -> String {
    format!("{} kB", bytes / 1_000)
}
