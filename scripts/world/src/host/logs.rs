//! The folder of the runtime's logger. Its path is fixed, and what it holds can be read in no other way; in a container
//! it is simply there, on a developer's machine only root can make it. So a process that cannot write to it gets its
//! own view of the file system, in which a folder of its own stands there. Nothing outside the process changes.

use std::path::Path;

use anyhow::Context;

/// Logger::end in <https://github.com/open-runtimes/types-for-rust>.
const FOLDER: &str = "/mnt/logs";

/// Sees to it that logs can be written, or says how. To be called before any thread is started.
pub(super) fn prepare(substitute: Option<&Path>) {
    let Err(error) = write_to(Path::new(FOLDER)) else {
        return;
    };
    let result = match substitute {
        Some(substitute) => stand_in(substitute),
        None => Err(error.into()),
    };
    if let Err(error) = result {
        eprintln!(
            "the logs of executions are lost: {FOLDER} cannot be written to ({error:#}). \
             Make it once with: sudo install -d -m 777 {FOLDER}"
        );
    }
}

fn write_to(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    tempfile::tempfile_in(folder).map(|_| ())
}

/// Shows `substitute` to this process in place of the fixed folder. User namespaces allow that to anyone, where the
/// system has not turned them off.
#[cfg(target_os = "linux")]
fn stand_in(substitute: &Path) -> anyhow::Result<()> {
    use nix::mount::{mount, MsFlags};
    use nix::sched::{unshare, CloneFlags};
    use nix::unistd::{getgid, getuid};

    let (user, group) = (getuid(), getgid());
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS).context("no namespace")?;
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    std::fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
    let folder = Path::new(FOLDER);
    let (substitute, target) = match (folder.parent(), substitute.parent()) {
        // Where the folder itself is missing, only its parent can be stood in for.
        (Some(target), Some(parent)) if !folder.is_dir() => (parent, target),
        _ => (substitute, folder),
    };
    let none = None::<&str>;
    mount(Some(substitute), target, none, MsFlags::MS_BIND, none).context("no mount")?;
    write_to(folder).context("the stand-in cannot be written to")
}

#[cfg(not(target_os = "linux"))]
fn stand_in(_substitute: &Path) -> anyhow::Result<()> {
    Err(anyhow::anyhow!("only root can make it")).context("no stand-in on this system")
}
