//! Evaluation data as it lies in a folder.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The lines of a file, each an object. A field that is null says as little as one that is not there.
pub(crate) fn lines<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    let read = |line: &str| {
        let mut line: Value = serde_json::from_str(line)?;
        if let Some(fields) = line.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        serde_json::from_value(line)
    };
    text.lines()
        .map(|line| read(line).with_context(|| format!("in {}: {line}", path.display())))
        .collect()
}

/// A page that was packed by gzip.
pub(crate) fn unpacked(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut body = Vec::new();
    GzDecoder::new(file)
        .read_to_end(&mut body)
        .with_context(|| format!("cannot unpack {}", path.display()))?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::lines;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Line {
        #[serde(default)]
        names: Vec<String>,
        address: Option<String>,
    }

    #[test]
    fn null_says_as_little_as_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lines.jsonl");
        std::fs::write(&file, "{\"names\": null, \"address\": null}\n{}\n").unwrap();
        let read: Vec<Line> = lines(&file).unwrap();
        assert_eq!(read[0], read[1]);
    }
}
