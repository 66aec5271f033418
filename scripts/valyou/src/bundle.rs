//! The upload of a function, packed as Appwrite's command line tool packs it: the whole workspace but for what the
//! function's `ignore` and the workspace's `.gitignore` leave out.

use std::fs::File;
use std::path::Path;

use anyhow::Context;
use flate2::write::GzEncoder;
use flate2::Compression;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::schema::description::Function;

/// Writes the `.tar.gz` of a function whose description stands in the folder `root`; returns the number of its files.
pub(crate) fn pack(root: &Path, function: &Function, archive: &Path) -> anyhow::Result<usize> {
    // Patterns are matched from the start of a path: it must not begin in two ways.
    let root = std::fs::canonicalize(root.join(&function.path))?;
    let ignored = ignored(&root, &function.ignore)?;
    let file = File::create(archive)
        .with_context(|| format!("{} cannot be written", archive.display()))?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    let mut files = 0;
    append(&root, &root, &ignored, &mut tar, &mut files)?;
    tar.into_inner()?.finish()?;
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

fn append(
    root: &Path,
    folder: &Path,
    ignored: &Gitignore,
    tar: &mut tar::Builder<GzEncoder<File>>,
    files: &mut usize,
) -> anyhow::Result<()> {
    let mut entries = std::fs::read_dir(folder)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, is_folder) = (entry.path(), entry.file_type()?.is_dir());
        if ignored.matched(&path, is_folder).is_ignore() {
            continue;
        }
        if is_folder {
            append(root, &path, ignored, tar, files)?;
        } else {
            tar.append_path_with_name(&path, path.strip_prefix(root)?)?;
            *files += 1;
        }
    }
    Ok(())
}
