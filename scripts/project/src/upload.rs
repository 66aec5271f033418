//! The upload of a function, packed as Appwrite's command line tool packs it: the whole workspace but for what the
//! function's `ignore` and the workspace's `.gitignore` leave out.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use flate2::write::GzEncoder;
use flate2::Compression;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::description::Function;

/// Writes the `.tar.gz` of a function whose description stands in the folder `root`; returns the number of its files.
pub fn pack(root: &Path, function: &Function, archive: &Path) -> anyhow::Result<usize> {
    let files = files(root, function)?;
    let folder = root.join(&function.path);
    let file = File::create(archive)
        .with_context(|| format!("{} cannot be written", archive.display()))?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    for file in &files {
        tar.append_path_with_name(folder.join(file), file)?;
    }
    tar.into_inner()?.finish()?;
    Ok(files.len())
}

/// What belongs to the upload, relative to the function's `path`, in order.
pub fn files(root: &Path, function: &Function) -> anyhow::Result<Vec<PathBuf>> {
    // Patterns are matched from the start of a path: it must not begin in two ways.
    let root = std::fs::canonicalize(root.join(&function.path))?;
    let ignored = ignored(&root, &function.ignore)?;
    let mut files = Vec::new();
    walk(&root, &root, &ignored, &mut files)?;
    files.sort();
    Ok(files)
}

fn ignored(root: &Path, patterns: &str) -> anyhow::Result<Gitignore> {
    let mut ignored = GitignoreBuilder::new(root);
    ignored.add_line(None, ".git")?;
    for pattern in patterns.lines() {
        ignored.add_line(None, pattern)?;
    }
    let file = root.join(".gitignore");
    if file.is_file() {
        if let Some(error) = ignored.add(&file) {
            return Err(error.into());
        }
    }
    Ok(ignored.build()?)
}

fn walk(
    root: &Path,
    folder: &Path,
    ignored: &Gitignore,
    files: &mut Vec<PathBuf>,
) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder);
    for entry in entries.with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        let (path, is_folder) = (entry.path(), entry.file_type()?.is_dir());
        if ignored.matched(&path, is_folder).is_ignore() {
            continue;
        }
        if is_folder {
            walk(root, &path, ignored, files)?;
        } else {
            files.push(path.strip_prefix(root)?.to_owned());
        }
    }
    Ok(())
}
