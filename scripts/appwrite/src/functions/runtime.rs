//! The processes that functions run in: one for each function, started when first asked, and asked over HTTP as the
//! platform's executor asks a container. A process of an older deployment lives on until its last call is answered. Not
//! what an execution is: see [`crate::functions::executions`].

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use anyhow::Context;
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::options::Options;
use crate::wire::id;

/// How long a process may take to listen.
const START: Duration = Duration::from_secs(30);

/// How long a process whose connection broke is given to turn out dead.
const DYING: Duration = Duration::from_secs(1);

/// Where the runtime's logger writes; inside a container that is the executor's.
const LOGS: &str = "/mnt/logs";

/// Added to a process's environment: a folder for the log files where [`LOGS`] cannot be written to.
const LOGS_VARIABLE: &str = "OPEN_RUNTIMES_LOGS";

/// Has to be named like the last part of [`LOGS`].
const LOGS_FOLDER: &str = "logs";

/// Stored logs and errors keep their last so many characters: `APP_FUNCTION_LOG_LENGTH_LIMIT`.
const LOG_LIMIT: usize = 1_000_000;

/// How the runtime's own headers begin: what the executor tells it, and what a function is never shown.
const CONTROL: &str = "x-open-runtimes-";

/// Those of a caller that take effect on the real platform, whose executor passes them on; it sends its own after them,
/// and the first counts. Of all others this one sees to it that they do not: a log's id becomes the name of a file.
const CALLERS: [&str; 3] = ["timeout", "logging", "secret"];

/// One request to a function.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    /// In the order sent; of a name that comes twice the function sees the last.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) timeout_seconds: u64,
    pub(crate) logging: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    /// Repeats are kept.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) logs: String,
    pub(crate) errors: String,
}

/// How a function is started: `<host program> host <function> --port 0` with this environment, and with `--program`
/// where it was built from an upload.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) function: String,
    /// A process runs one deployment; a newer one replaces it.
    pub(crate) deployment: String,
    /// What was built; none where the host program serves the function itself.
    pub(crate) program: Option<PathBuf>,
    pub(crate) environment: Vec<(String, String)>,
}

pub(crate) struct Runtime {
    program: PathBuf,
    processes: Mutex<Processes>,
    client: reqwest::Client,
    /// Holds a folder [`LOGS_FOLDER`] for the log files of all processes.
    files: tempfile::TempDir,
}

#[derive(Default)]
struct Processes {
    /// The current one of each function.
    current: HashMap<String, Slot>,
    /// Everything that was started; those of older deployments are held by their calls alone.
    started: Vec<Weak<Process>>,
}

/// Held while a process starts, so that calls at the same time start only one.
type Slot = Arc<tokio::sync::Mutex<Option<Arc<Process>>>>;

/// Killed when nobody holds it any more.
struct Process {
    child: tokio::sync::Mutex<Child>,
    function: String,
    deployment: String,
    address: String,
    secret: String,
}

impl Runtime {
    pub(crate) fn new(options: &Options) -> anyhow::Result<Self> {
        let files = tempfile::tempdir()?;
        std::fs::create_dir(files.path().join(LOGS_FOLDER))?;
        Ok(Self {
            program: options.host_program.clone(),
            processes: Mutex::default(),
            client: reqwest::Client::builder()
                .no_proxy()
                .no_gzip()
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
            files,
        })
    }

    /// Asks the function, starting its process first where none runs. An error is one of the executor, not of the
    /// function: the process did not start, or broke off.
    pub(crate) async fn call(&self, start: &Start, request: Request) -> anyhow::Result<Outcome> {
        let begun = Instant::now();
        // Held until the answer is read: an older process lives as long as its calls.
        let (_process, response) = match self.send(start, &request, begun).await {
            // Nobody listens any more: the request was not even begun, so that it can be repeated.
            Err(error) if is_refused(&error) => self.send(start, &request, begun).await?,
            sent => sent?,
        };
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        let body = response.bytes().await?.into();
        let log_id = headers
            .iter()
            .find(|(name, _)| name.strip_prefix(CONTROL) == Some("log-id"))
            .map(|(_, id)| id.clone())
            .unwrap_or_default();
        Ok(Outcome {
            status,
            body,
            logs: self.take_log(&log_id, "logs"),
            errors: self.take_log(&log_id, "errors"),
            headers: headers
                .into_iter()
                .filter(|(name, _)| !name.starts_with(CONTROL))
                .collect(),
        })
    }

    async fn send(
        &self,
        start: &Start,
        request: &Request,
        begun: Instant,
    ) -> anyhow::Result<(Arc<Process>, reqwest::Response)> {
        let process = self.process(start).await?;
        let mut message = self.message(&process, request)?;
        // The cold start counts against the timeout, and the header is whole seconds.
        let rest = request
            .timeout_seconds
            .saturating_sub(begun.elapsed().as_secs() + 1)
            .max(1);
        message
            .headers_mut()
            .append("x-open-runtimes-timeout", HeaderValue::from(rest));
        let sent = self.client.execute(message).await;
        if sent.is_err() {
            self.bury(&process).await;
        }
        Ok((process, sent?))
    }

    /// Forgets a process if it is dying, so that the next call does not ask it.
    async fn bury(&self, process: &Arc<Process>) {
        let slot = self.slot(&process.function);
        let mut slot = slot.lock().await;
        if !slot
            .as_ref()
            .is_some_and(|known| Arc::ptr_eq(known, process))
        {
            return;
        }
        let begun = Instant::now();
        loop {
            // Not `wait`, which would first close the pipe whose end tells the process to go.
            let ended = process.child.lock().await.try_wait();
            if !matches!(ended, Ok(None)) {
                slot.take();
                return;
            }
            if begun.elapsed() > DYING {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Kills the function's processes, if any run, and waits until they are gone. The next call starts another.
    pub(crate) async fn kill(&self, function: &str) -> anyhow::Result<bool> {
        let slot = self.slot(function);
        let mut slot = slot.lock().await;
        let running = self.running();
        slot.take();
        let mut any = false;
        for process in running {
            if process.function == function {
                process.child.lock().await.kill().await?;
                any = true;
            }
        }
        Ok(any)
    }

    /// Lets go of all processes and kills them.
    pub(crate) fn stop(&self) {
        for process in self.running() {
            // One that is being waited for is ending.
            if let Ok(mut child) = process.child.try_lock() {
                child.start_kill().ok();
            }
        }
        // One that is just being started goes with the task that starts it.
        self.processes().current.clear();
    }

    fn running(&self) -> Vec<Arc<Process>> {
        let mut processes = self.processes();
        processes
            .started
            .retain(|process| process.strong_count() > 0);
        processes.started.iter().filter_map(Weak::upgrade).collect()
    }

    fn processes(&self) -> MutexGuard<'_, Processes> {
        self.processes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, function: &str) -> Slot {
        let mut processes = self.processes();
        Arc::clone(processes.current.entry(function.to_owned()).or_default())
    }

    /// The function's running process.
    async fn process(&self, start: &Start) -> anyhow::Result<Arc<Process>> {
        let slot = self.slot(&start.function);
        let mut slot = slot.lock().await;
        if let Some(process) = slot.as_ref() {
            let is_running = process.child.lock().await.try_wait()?.is_none();
            if is_running && process.deployment == start.deployment {
                return Ok(Arc::clone(process));
            }
        }
        let process = tokio::time::timeout(START, self.start(start))
            .await
            .map_err(|_| anyhow::anyhow!("Timed out waiting for runtime."))??;
        let process = Arc::new(process);
        self.processes().started.push(Arc::downgrade(&process));
        *slot = Some(Arc::clone(&process));
        Ok(process)
    }

    async fn start(&self, start: &Start) -> anyhow::Result<Process> {
        let secret = id::unique();
        let mut command = Command::new(&self.program);
        command.args(["host", &start.function, "--port", "0"]);
        if let Some(program) = &start.program {
            command.arg("--program").arg(program);
        }
        let mut child = command
            .env_clear()
            .envs(start.environment.iter().cloned())
            .env("OPEN_RUNTIMES_SECRET", &secret)
            .env(LOGS_VARIABLE, self.files.path().join(LOGS_FOLDER))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let stdout = child.stdout.take();
        let stdout = stdout.ok_or_else(|| anyhow::anyhow!("the process has no output"))?;
        let mut lines = BufReader::new(stdout).lines();
        let line = lines.next_line().await?.unwrap_or_default();
        let address = line.strip_prefix("ready on ").ok_or_else(|| {
            anyhow::anyhow!(
                "the process of {} ended before it was ready",
                start.function
            )
        })?;
        let process = Process {
            function: start.function.clone(),
            deployment: start.deployment.clone(),
            address: address.to_owned(),
            secret,
            child: tokio::sync::Mutex::new(child),
        };
        // Whatever else it prints goes where ours goes; unread, it would block the process.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                eprintln!("{line}");
            }
        });
        Ok(process)
    }

    fn message(&self, process: &Process, request: &Request) -> anyhow::Result<reqwest::Request> {
        let Process {
            address, secret, ..
        } = process;
        let slash = if request.path.starts_with('/') {
            ""
        } else {
            "/"
        };
        let url = url::Url::parse(&format!("http://{address}{slash}{}", request.path))?;
        let mut message = reqwest::Request::new(request.method.parse()?, url);
        let headers = message.headers_mut();
        for (name, value) in &request.headers {
            if is_passed_on(name) {
                append(headers, name, value)?;
            }
        }
        if !request.body.is_empty() && !headers.contains_key("content-type") {
            // curl's own default, which the executor sends.
            append(headers, "content-type", "application/x-www-form-urlencoded")?;
        }
        let basic = STANDARD.encode(format!("opr:{secret}"));
        append(headers, "authorization", &format!("Basic {basic}"))?;
        append(headers, "x-open-runtimes-secret", secret)?;
        let logging = if request.logging {
            "enabled"
        } else {
            "disabled"
        };
        append(headers, "x-open-runtimes-logging", logging)?;
        if !request.body.is_empty() {
            *message.body_mut() = Some(request.body.clone().into());
        }
        Ok(message)
    }

    /// Reads a log file of one execution and removes it, as the executor does.
    fn take_log(&self, id: &str, kind: &str) -> String {
        // The id may come from a caller's header: only a plain name is looked for.
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return String::new();
        }
        let name = format!("{id}_{kind}.log");
        [self.files.path().join(LOGS_FOLDER), PathBuf::from(LOGS)]
            .iter()
            .find_map(|folder| {
                let file = folder.join(&name);
                let text = std::fs::read_to_string(&file).ok()?;
                std::fs::remove_file(&file).ok();
                Some(text)
            })
            .map(|text| shortened(messages(&text), kind))
            .unwrap_or_default()
    }
}

/// Whether a header of a caller goes to the function.
fn is_passed_on(name: &str) -> bool {
    let name = name.to_lowercase();
    name.strip_prefix(CONTROL)
        .is_none_or(|control| CALLERS.contains(&control))
}

fn is_refused(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<reqwest::Error>()
        .is_some_and(reqwest::Error::is_connect)
}

/// Content-Length and Transfer-Encoding are the client's own business.
fn append(headers: &mut HeaderMap, name: &str, value: &str) -> anyhow::Result<()> {
    match name.to_lowercase().as_str() {
        "content-length" => Ok(()),
        "transfer-encoding" => anyhow::bail!("the executor cannot send chunked bodies"),
        "host" => {
            headers.insert("host", HeaderValue::from_str(value)?);
            Ok(())
        }
        name => {
            headers.append(name.parse::<HeaderName>()?, HeaderValue::from_str(value)?);
            Ok(())
        }
    }
}

/// A log file holds one JSON object a line; an execution shows their messages.
fn messages(file: &str) -> String {
    file.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|entry| format!("{}\n", entry["message"].as_str().unwrap_or_default()))
        .collect()
}

fn shortened(text: String, kind: &str) -> String {
    if text.len() <= LOG_LIMIT {
        return text;
    }
    let mut kind = kind.to_owned();
    kind[..1].make_ascii_uppercase();
    let warning =
        format!("[WARNING] {kind} truncated. The output exceeded {LOG_LIMIT} characters.\n");
    let mut from = text.len() - (LOG_LIMIT - warning.len());
    while !text.is_char_boundary(from) {
        from += 1;
    }
    warning + &text[from..]
}
