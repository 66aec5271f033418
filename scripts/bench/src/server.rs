//! A function served as a process of its own, and executions of it. A client takes processor time from what it measures,
//! so this one does as little as it can: one request that is ready, sent again and again.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{ensure, Context};

/// The database of all executions.
pub(super) const DATABASE: &str = "main_dev";

/// Nobody listens there; no execution here makes a request.
const NOWHERE: &str = "http://127.0.0.1:9/v1";

/// Something to measure and what to call it, as `NAME=PATH`.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

impl FromStr for Labelled {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok(Self {
                name: name.to_owned(),
                path: path.into(),
            }),
            _ => Err("write NAME=PATH"),
        }
    }
}

/// A process that serves a function. Dropping it kills it.
pub(super) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Returns when it listens.
    pub(super) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        command
            .env("APPWRITE_FUNCTION_API_ENDPOINT", NOWHERE)
            .env("APPWRITE_FUNCTION_PROJECT_ID", "bench")
            .env("APPWRITE_DATABASE_ID", DATABASE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let child = command.spawn();
        let child = child.with_context(|| format!("{name} cannot be started"))?;
        let mut server = Self {
            child,
            address: String::new(),
        };
        let output = server.child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().strip_prefix("ready on ");
        server.address = address
            .with_context(|| format!("{name} does not say where it listens: {line:?}"))?
            .to_owned();
        Ok(server)
    }

    /// What all threads of the process have had of the processor.
    #[cfg(target_os = "linux")]
    pub(super) fn processor_time(&self) -> anyhow::Result<Duration> {
        let process = nix::unistd::Pid::from_raw(self.child.id().try_into()?);
        Ok(nix::time::clock_getcpuclockid(process)?.now()?.into())
    }

    /// Not every system tells it of another process while that runs.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn processor_time(&self) -> anyhow::Result<Duration> {
        Ok(Duration::ZERO)
    }

    pub(super) fn connect(&self) -> anyhow::Result<Connection> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            answer: Vec::new(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        // What it took of the processor is counted only then.
        self.child.wait().ok();
    }
}

/// What is sent for each execution, logging off.
pub(super) struct Request(Vec<u8>);

impl Request {
    /// With these headers beside those that the platform sends with every execution.
    pub(super) fn new(headers: &[(&str, &str)]) -> Self {
        let mut text = "POST / HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
            x-open-runtimes-logging: disabled\r\nx-appwrite-execution-id: bench\r\n\
            x-appwrite-key: standard_bench\r\ncontent-length: 2\r\n"
            .to_owned();
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += "\r\n{}";
        Self(text.into_bytes())
    }
}

/// One execution after the other.
pub(super) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    /// Returns when all of the answer is there; anything but a 200 is an error.
    pub(super) fn execute(&mut self, request: &Request) -> anyhow::Result<()> {
        self.stream.write_all(&request.0)?;
        self.answer.clear();
        loop {
            let mut part = [0; 4096];
            let length = self.stream.read(&mut part)?;
            ensure!(length > 0, "the function's process hangs up");
            self.answer.extend(part.iter().take(length));
            if let Some(body) = body(&self.answer)? {
                let is_ok = self.answer.starts_with(b"HTTP/1.1 200 ");
                ensure!(
                    is_ok,
                    "the function refuses: {}",
                    String::from_utf8_lossy(body)
                );
                return Ok(());
            }
        }
    }
}

/// The body of an answer that is there as a whole.
fn body(answer: &[u8]) -> anyhow::Result<Option<&[u8]>> {
    const END: &[u8] = b"\r\n\r\n";
    let end = answer.windows(END.len()).position(|window| window == END);
    let Some((head, body)) = end.and_then(|end| answer.split_at_checked(end)) else {
        return Ok(None);
    };
    let body = body.get(END.len()..).unwrap_or_default();
    let length = std::str::from_utf8(head)?
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, length) = length.context("an answer without a length")?;
    let length: usize = length.parse()?;
    Ok((body.len() >= length).then_some(body))
}

/// The middle one of some figures, and what a quarter of them lies below and above.
pub(super) struct Quartiles {
    lower: f64,
    pub(super) median: f64,
    upper: f64,
}

impl Quartiles {
    pub(super) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let last = figures.len().saturating_sub(1);
        let at = |quarters: usize| {
            let place = last * quarters / 4;
            figures.get(place).copied().unwrap_or(f64::NAN)
        };
        Self {
            lower: at(1),
            median: at(2),
            upper: at(3),
        }
    }
}

impl fmt::Display for Quartiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lower,
            median,
            upper,
        } = self;
        write!(formatter, "{median:.3} ({lower:.3}–{upper:.3})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_end() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
        let answer = [head.as_slice(), "{ü}".as_bytes()].concat();
        for length in 0..answer.len() {
            assert_eq!(body(&answer[..length]).unwrap(), None, "{length}");
        }
        assert_eq!(body(&answer).unwrap(), Some("{ü}".as_bytes()));
        assert!(body(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn quartiles_are_figures_that_were_measured() {
        let shown = |figures: &[f64]| Quartiles::of(figures.iter().copied()).to_string();
        assert_eq!(shown(&[5.0, 1.0, 4.0, 2.0, 3.0]), "3.000 (2.000–4.000)");
        assert_eq!(shown(&[7.0]), "7.000 (7.000–7.000)");
    }
}
