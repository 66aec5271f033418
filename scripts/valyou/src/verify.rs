//! `valyou verify`: computes a stored report again from its snapshot, without any server.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{bail, Context};
use report_generate::verify::{verify, verify_row};
use serde::Deserialize;
use serde_json::Value;

#[derive(clap::Args)]
pub(crate) struct Verify {
    /// A row of reports as JSON, or {"snapshot", "output", "markdown"} as its columns hold them; `-` for standard input
    file: PathBuf,
}

/// A report's documents by themselves: text as the columns hold it, or the JSON that the text holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Documents {
    snapshot: Value,
    output: Value,
    markdown: String,
}

impl Verify {
    /// Exit code 0 if the report holds, 2 if it does not.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut text = String::new();
        if self.file.as_os_str() == "-" {
            std::io::stdin().read_to_string(&mut text)?;
        } else {
            text = std::fs::read_to_string(&self.file)
                .with_context(|| format!("{} cannot be read", self.file.display()))?;
        }
        let value: Value = serde_json::from_str(&text).context("the file is not JSON")?;
        let verified = match value.get("inputSnapshotJson") {
            Some(_) => {
                let row = serde_json::from_value(value).context("the file is no row of reports")?;
                verify_row(&row)
            }
            None if value.is_object() => {
                let documents: Documents = serde_json::from_value(value).context(
                    "the file is neither a row of reports nor snapshot, output and markdown",
                )?;
                let text = |value: Value| match value {
                    Value::String(text) => text,
                    value => value.to_string(),
                };
                verify(
                    &text(documents.snapshot),
                    &text(documents.output),
                    &documents.markdown,
                )
            }
            None => bail!("the file has to hold a JSON object"),
        };
        Ok(match verified {
            Ok(statements) => {
                println!("all {statements} statements follow from the snapshot, and the Markdown is their rendering");
                ExitCode::SUCCESS
            }
            Err(doubt) => {
                println!("{doubt}");
                ExitCode::from(2)
            }
        })
    }
}
