//! Code that a call uploads, whole or in parts.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use multer::Multipart;
use serde_json::json;

use crate::wire::{parameters, Body, Call, Error};

/// What a call that uploads code says.
pub(crate) struct Upload {
    pub(crate) entrypoint: Option<String>,
    pub(crate) commands: Option<String>,
    pub(crate) activate: Option<String>,
    pub(crate) file: Option<(String, Vec<u8>)>,
}

/// The part of the file that a call brings, and what it is a part of.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) start: u64,
    pub(crate) bytes: u64,
    pub(crate) whole: u64,
}

impl Upload {
    pub(crate) fn read(call: &Call) -> Result<Self, Error> {
        let content_type = call.headers.get("content-type").unwrap_or_default();
        let mut upload = Self {
            entrypoint: None,
            commands: None,
            activate: None,
            file: None,
        };
        let Ok(boundary) = multer::parse_boundary(content_type) else {
            return Ok(upload);
        };
        let body = call.body.clone();
        let body = futures_util::stream::once(async { Ok::<_, std::convert::Infallible>(body) });
        let mut form = Multipart::new(body, boundary);
        let read = async {
            while let Some(field) = form.next_field().await? {
                let name = field.name().unwrap_or_default().to_owned();
                match (name.as_str(), field.file_name().map(str::to_owned)) {
                    ("code", Some(file)) => {
                        upload.file = Some((file, field.bytes().await?.to_vec()));
                    }
                    ("entrypoint", _) => upload.entrypoint = Some(field.text().await?),
                    ("commands", _) => upload.commands = Some(field.text().await?),
                    ("activate", _) => upload.activate = Some(field.text().await?),
                    _ => {}
                }
            }
            Ok::<_, multer::Error>(())
        };
        tokio::runtime::Handle::current()
            .block_on(read)
            .map_err(|error| Error::argument(error.to_string()))?;
        Ok(upload)
    }
}

impl Upload {
    /// Whether it becomes the active one; not to say so is an error.
    pub(crate) fn activate(&self) -> Result<bool, Error> {
        let mut named = Body::new();
        let sent = self.activate.as_ref().map(|sent| json!(sent));
        named.extend(sent.map(|sent| ("activate".to_owned(), sent)));
        let activate = parameters::loose_boolean(&named, "activate")?;
        activate.ok_or_else(|| parameters::missing("activate"))
    }
}

impl Part {
    /// `bytes 0-5242879/6000000`; without it the file is whole.
    pub(crate) fn of(range: Option<&str>, bytes: u64) -> Result<Self, Error> {
        let Some(range) = range else {
            return Ok(Self {
                start: 0,
                bytes,
                whole: bytes,
            });
        };
        let parsed = || {
            let (span, whole) = range.strip_prefix("bytes ")?.split_once('/')?;
            let (start, end) = span.split_once('-')?;
            let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
            let whole = whole.parse().ok()?;
            (start <= end && end < whole).then_some(Self {
                start,
                bytes,
                whole,
            })
        };
        parsed().ok_or_else(|| {
            Error::new(
                400,
                "storage_invalid_content_range",
                "The content range is invalid. Please check the value of the `Content-Range` header.",
            )
        })
    }
}

pub(crate) fn write(file: &Path, start: u64, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(file)?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[track_caller]
    fn check(range: Option<&str>, expect: Option<(u64, u64)>) {
        let found = Part::of(range, 7);
        assert_eq!(found.ok().map(|part| (part.start, part.whole)), expect);
    }

    #[test]
    fn a_file_comes_whole_or_in_parts() {
        check(None, Some((0, 7)));
        check(Some("bytes 0-6/20"), Some((0, 20)));
        check(Some("bytes 14-19/20"), Some((14, 20)));
        for wrong in ["bytes 6-0/20", "bytes 0-20/20", "0-6/20", "bytes 0-6", ""] {
            check(Some(wrong), None);
        }
    }
}
