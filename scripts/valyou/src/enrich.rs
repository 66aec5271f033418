use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct Enrich {}

impl Enrich {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        anyhow::bail!("not built yet")
    }
}
