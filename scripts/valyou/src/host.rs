use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Host {}

impl Host {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        anyhow::bail!("not built yet")
    }
}
