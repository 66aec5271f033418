//! Appwrite's own command line tool, as far as it is installed. It is not run: asked for its version it asks the network
//! for a newer one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::report::Report;

/// The first version that takes all of `appwrite.json`.
const OLDEST: u32 = 25;

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

pub(super) fn look(path: Option<&OsStr>, report: &mut Report) {
    let Some(program) = path.and_then(find) else {
        return report.note("appwrite-cli is not on the PATH: only deploying needs it");
    };
    let place = program.display();
    let Some(version) = version(&program) else {
        return report.note(format!(
            "{place} does not say its version here; `appwrite --version` does: 25 or newer takes all of appwrite.json"
        ));
    };
    let major = version
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    if major.is_some_and(|major: u32| major >= OLDEST) {
        report.ok(format!("appwrite-cli is {version}"));
    } else {
        report.note(format!(
            "appwrite-cli is {version} ({place}): before 25, `push tables --force` DELETES every varchar column with all \
             that is in it, and only then fails (\"Unsupported attribute type: varchar\"): never run it on this project, \
             `valyou schema apply` makes the tables; and 12 leaves specifications out in `push functions`, so that the \
             server takes its own"
        ));
    }
}

fn find(path: &OsStr) -> Option<PathBuf> {
    let names = ["appwrite", "appwrite.cmd", "appwrite.exe"];
    std::env::split_paths(path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

/// Installed by npm it is a link into its package, or on Windows a script beside the folder of all packages.
fn version(program: &Path) -> Option<String> {
    let program = program.canonicalize().ok()?;
    let packages = program.ancestors().skip(1).flat_map(|folder| {
        let beside = folder.join("node_modules/appwrite-cli");
        [folder.to_owned(), beside]
    });
    packages
        .filter_map(|folder| std::fs::read(folder.join("package.json")).ok())
        .filter_map(|text| serde_json::from_slice::<Package>(&text).ok())
        .find(|package| package.name == "appwrite-cli")
        .map(|package| package.version)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::look;
    use crate::doctor::report::Report;

    /// What is told of a PATH that is this folder alone.
    #[track_caller]
    fn check(folder: &Path, expect: &str) {
        let mut report = Report::default();
        look(Some(folder.as_os_str()), &mut report);
        let told = report.to_string();
        assert!(told.starts_with(expect), "{told}\nwanted: {expect}");
    }

    #[test]
    #[cfg(unix)]
    fn its_version_is_read_without_running_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bin");
        let package = folder.path().join("lib/node_modules/appwrite-cli");
        std::fs::create_dir_all(package.join("dist")).unwrap();
        std::fs::create_dir(&path).unwrap();
        check(&path, "note  appwrite-cli is not on the PATH");

        let deletes = |version: &str| {
            let place = path.join("appwrite");
            format!(
                "note  appwrite-cli is {version} ({}): before 25, `push tables --force` DELETES every varchar column with \
                 all that is in it, and only then fails",
                place.display()
            )
        };
        let program = package.join("dist/cli.cjs");
        std::fs::write(&program, "").unwrap();
        std::os::unix::fs::symlink(&program, path.join("appwrite")).unwrap();
        for (version, expect) in [
            ("25.1.0", "ok    appwrite-cli is 25.1.0\n"),
            ("26.0.0-rc.1", "ok    appwrite-cli is 26.0.0-rc.1\n"),
            ("24.1.0", &deletes("24.1.0")),
            ("12.0.1", &deletes("12.0.1")),
        ] {
            let text = format!(r#"{{"name": "appwrite-cli", "version": "{version}"}}"#);
            std::fs::write(package.join("package.json"), text).unwrap();
            check(&path, expect);
        }
        std::fs::remove_file(package.join("package.json")).unwrap();
        let told = format!(
            "note  {}/appwrite does not say its version here",
            path.display()
        );
        check(&path, &told);
    }
}
