//! How much Rust there is, by package and folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ignore::WalkBuilder;

#[derive(clap::Args)]
pub(crate) struct Lines {
    /// The workspace, also that of another commit
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// Of some files.
#[derive(Clone, Copy, Default)]
struct Count {
    files: usize,
    lines: usize,
    /// Neither blank nor comment nor in a module of unit tests.
    code: usize,
    /// In modules of unit tests, which stand at the end of a file.
    tests: usize,
}

impl Lines {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let mut areas: BTreeMap<String, Count> = BTreeMap::new();
        // What `.gitignore` of this folder leaves out, and nothing else.
        let walk = WalkBuilder::new(&self.folder)
            .parents(false)
            .require_git(false)
            .build();
        for entry in walk {
            let entry = entry?;
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("{} cannot be read", path.display()))?;
                let own = count(&text);
                areas.entry(area(&self.folder, path)).or_default().add(own);
            }
        }
        println!(
            "{:44} {:>6} {:>8} {:>8} {:>11}",
            "area", "files", "lines", "code", "unit tests"
        );
        let mut all = Count::default();
        for (area, count) in areas {
            print(&area, count);
            all.add(count);
        }
        print("all", all);
        Ok(())
    }
}

impl Count {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.lines += other.lines;
        self.code += other.code;
        self.tests += other.tests;
    }
}

fn print(area: &str, count: Count) {
    println!(
        "{area:44} {:>6} {:>8} {:>8} {:>11}",
        count.files, count.lines, count.code, count.tests
    );
}

fn count(text: &str) -> Count {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = |pair: &[&str]| matches!(pair, ["#[cfg(test)]", next] if next.starts_with("mod ") && next.ends_with('{'));
    let end = lines.windows(2).position(begins).unwrap_or(lines.len());
    let is_code = |line: &&&str| !line.is_empty() && !line.starts_with("//");
    Count {
        files: 1,
        lines: lines.len(),
        code: lines.iter().take(end).filter(is_code).count(),
        tests: lines.len() - end,
    }
}

/// The folder of the package that a file belongs to, and the folder in it.
fn area(root: &Path, file: &Path) -> String {
    let package = file
        .ancestors()
        .skip(1)
        .find(|folder| folder.join("Cargo.toml").is_file())
        .unwrap_or(root);
    let inside = file.strip_prefix(package).unwrap_or(file);
    let area = match inside.components().next() {
        Some(folder) if inside.components().count() > 1 => package.join(folder),
        _ => package.to_owned(),
    };
    let area = area.strip_prefix(root).unwrap_or(&area);
    area.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_neither_blank_nor_comment_nor_test() {
        let text =
            "//! What it is.\n\n#[cfg(test)]\nuse x::y;\n\nfn f() {\n    // Why.\n    g();\n}\n\n\
            #[cfg(test)]\nmod tests {\n    fn t() {}\n}\n";
        let Count {
            files,
            lines,
            code,
            tests,
        } = count(text);
        assert_eq!((files, lines, code, tests), (1, 14, 5, 4));
    }

    #[test]
    fn a_file_counts_for_the_package_nearest_to_it() {
        let root = tempfile::tempdir().unwrap();
        let check = |file: &str, expect: &str| {
            assert_eq!(area(root.path(), &root.path().join(file)), expect, "{file}");
        };
        for package in [".", "shared", "shared/okr"] {
            std::fs::create_dir_all(root.path().join(package)).unwrap();
            std::fs::write(root.path().join(package).join("Cargo.toml"), "").unwrap();
        }
        check("shared/src/job/slot.rs", "shared/src");
        check("shared/okr/src/lib.rs", "shared/okr/src");
        check("shared/okr/tests/all.rs", "shared/okr/tests");
        check("shared/build.rs", "shared");
    }
}
