use std::path::Path;

pub(super) fn run(_folder: &Path) -> anyhow::Result<()> {
    anyhow::bail!("not built yet")
}
