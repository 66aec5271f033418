//! The API key that a server is started with: made at random, once for a folder, and kept there in a file that only its
//! owner can read. Keys that are made through the API are [`crate::functions`]'s.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;

use crate::wire::id;

/// The file in the folder of the data.
const FILE: &str = "key";

/// How keys begin, as Appwrite's own.
const PREFIX: &str = "standard_";

/// Permissions of everybody but the owner.
const OTHERS: u32 = 0o077;

/// A key that nobody knows.
pub(crate) fn fresh() -> String {
    let random: String = (0..4).map(|_| id::unique()).collect();
    format!("{PREFIX}{random}")
}

/// The key of a folder, made where there is none. One that others could have read is replaced.
pub(crate) fn of_folder(folder: &Path) -> anyhow::Result<String> {
    let file = folder.join(FILE);
    let refused = || format!("the key in {} is not to be had", file.display());
    if let Some(key) = known(&file).with_context(refused)? {
        return Ok(key);
    }
    let key = fresh();
    // Made for its owner alone, and in its place only when it is whole.
    let mut made = tempfile::NamedTempFile::new_in(folder).with_context(refused)?;
    made.write_all(format!("{key}\n").as_bytes())
        .with_context(refused)?;
    made.persist(&file).with_context(refused)?;
    Ok(key)
}

fn known(file: &Path) -> io::Result<Option<String>> {
    let mut opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_private = opened.metadata()?.permissions().mode() & OTHERS == 0;
    let mut text = String::new();
    opened.read_to_string(&mut text)?;
    let key = text.trim();
    let is_key = key.starts_with(PREFIX) && key.len() == fresh().len();
    Ok((is_private && is_key).then(|| key.to_owned()))
}

/// Makes a file for its owner alone, or takes it from everybody else.
pub(crate) fn private(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    let mode = 0o600;
    let mut options = File::options();
    let opened = options.create(true).append(true).mode(mode).open(file)?;
    if opened.metadata()?.permissions().mode() & OTHERS != 0 {
        fs::set_permissions(file, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{of_folder, FILE};

    #[test]
    fn a_folder_keeps_its_key_for_its_owner_alone() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [one, two] = folders
            .each_ref()
            .map(|folder| of_folder(folder.path()).unwrap());
        assert_ne!(one, two);
        let file = folders[0].path().join(FILE);
        let mode = |file| fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file), 0o600);
        assert_eq!(fs::read_to_string(&file).unwrap().trim(), one);
        assert_eq!(of_folder(folders[0].path()).unwrap(), one);
        assert_eq!(fs::read_dir(folders[0].path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_that_others_could_read_or_that_is_none_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let first = of_folder(folder.path()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let second = of_folder(folder.path()).unwrap();
        assert_ne!(first, second);
        for wrong in ["", "local-development-key\n", "standard_\n"] {
            fs::write(&file, wrong).unwrap();
            assert!(of_folder(folder.path()).unwrap().len() > 80, "{wrong}");
        }
    }
}
