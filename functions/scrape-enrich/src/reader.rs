//! The pages of one website, given to a process that reads them: see [`extraction::process`].

use std::path::{Path, PathBuf};
use std::process::Stdio;

use domain::Detail;
use extraction::extract::pointed::{Pointers, Verdicts};
use extraction::links::Link;
use extraction::process::{self, Head, Reply};
use extraction::proposal::Proposal;
use extraction::session::{Answer, Read, Request, Session};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

/// Websites that are read side by side in this process; each takes a process and, for the most part, waits.
const MOST_AT_ONCE: usize = 16;

/// Pages that are being understood at the same time: the memory of so many is what all others can lose.
const MOST_AT_WORK: usize = 2;

static AT_ONCE: Semaphore = Semaphore::const_new(MOST_AT_ONCE);
static AT_WORK: Semaphore = Semaphore::const_new(MOST_AT_WORK);

/// Reads pages of one website. Dropped, it stops reading at once.
pub struct Reader(Inner);

enum Inner {
    /// Nothing was read yet.
    Unstarted(PathBuf),
    Apart(Box<Apart>),
    /// In this very process; a box, so that no deployed function holds the extraction itself.
    Here(Box<Answering>),
}

type Answering = dyn FnMut(Request, &[u8]) -> Answer + Send;

/// A process that reads.
struct Apart {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _one_of: SemaphorePermit<'static>,
}

/// Why pages cannot be read. The words are for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The deployment is not complete.
    #[error("pages cannot be read: {0}")]
    Missing(String),
    /// The pages took more than pages may, or met a fault of ours.
    #[error("the process that reads pages {0}")]
    Ended(String),
}

impl Reader {
    /// In a process of its own, started with the first page: see [`process::program`].
    ///
    /// # Errors
    /// If there is no such program.
    pub fn new() -> Result<Self, Unreadable> {
        let program = process::program().map_err(Unreadable::Missing)?;
        Ok(Self::apart(program))
    }

    /// The same with a program that answers when it is asked to.
    pub fn apart(program: PathBuf) -> Self {
        Self(Inner::Unstarted(program))
    }

    /// In this process, for tools and tests whose own process is all that a page can harm.
    pub fn here() -> Self {
        let mut session = Session::default();
        Self(Inner::Here(Box::new(move |request, body| {
            session.answer(request, body)
        })))
    }

    /// Reads a page of the site.
    pub async fn read(
        &mut self,
        url: &Url,
        body: &[u8],
        charset: Option<&str>,
    ) -> Result<Read, Unreadable> {
        let request = Request::Page {
            url: url.clone(),
            charset: charset.map(str::to_owned),
        };
        match self.ask(request, body).await? {
            Answer::Page(read) => Ok(read),
            other => Err(unexpected(&other)),
        }
    }

    /// Which other pages the first one leads to.
    pub async fn links(&mut self) -> Result<Vec<Link>, Unreadable> {
        match self.ask(Request::Links, &[]).await? {
            Answer::Links(links) => Ok(links),
            other => Err(unexpected(&other)),
        }
    }

    /// What the pages say.
    pub async fn profile(&mut self, source: Url) -> Result<Proposal, Unreadable> {
        match self.ask(Request::Profile { source }, &[]).await? {
            Answer::Profile(document) => Ok(*document),
            other => Err(unexpected(&other)),
        }
    }

    /// What of the pages a model may be shown.
    pub async fn passages(&mut self) -> Result<Vec<String>, Unreadable> {
        match self.ask(Request::Passages, &[]).await? {
            Answer::Passages(passages) => Ok(passages),
            other => Err(unexpected(&other)),
        }
    }

    /// What the pages say, joined with what a model points at.
    pub async fn pointed(
        &mut self,
        source: Url,
        pointers: Pointers,
    ) -> Result<(Proposal, Verdicts), Unreadable> {
        let request = Request::Pointed { source, pointers };
        match self.ask(request, &[]).await? {
            Answer::Pointed(joined) => Ok(*joined),
            other => Err(unexpected(&other)),
        }
    }

    async fn ask(&mut self, request: Request, body: &[u8]) -> Result<Answer, Unreadable> {
        if let Inner::Unstarted(program) = &self.0 {
            self.0 = Inner::Apart(Box::new(Apart::start(program).await?));
        }
        match &mut self.0 {
            Inner::Here(answer) => Ok(answer(request, body)),
            Inner::Apart(apart) => {
                let _at_work = AT_WORK.acquire().await;
                apart.ask(request, body).await
            }
            Inner::Unstarted(_) => Err(Unreadable::Ended("was not started".to_owned())),
        }
    }
}

impl Apart {
    async fn start(program: &Path) -> Result<Self, Unreadable> {
        let closed = |_| Unreadable::Ended("was not started".to_owned());
        let one_of = AT_ONCE.acquire().await.map_err(closed)?;
        // What stands in our environment is none of a page's business.
        let mut child = Command::new(program)
            .arg(process::ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Unreadable::Missing(error.to_string()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Unreadable::Ended("has no pipes".to_owned()));
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            _one_of: one_of,
        })
    }

    async fn ask(&mut self, request: Request, body: &[u8]) -> Result<Answer, Unreadable> {
        let head = Head {
            bytes: body.len(),
            request,
        };
        match self.exchange(&head, body).await {
            Ok(Reply::Answered(answer)) => Ok(answer),
            Ok(Reply::Panicked(place)) => Err(Unreadable::Ended(format!("panicked at {place}"))),
            // It broke off: how it ended says more than the pipe.
            Err(error) => {
                let _ = self.child.start_kill();
                let ended = self.child.wait().await;
                Err(Unreadable::Ended(match ended {
                    Ok(status) => format!("ended with {status}"),
                    Err(_) => format!("broke off: {}", error.kind()),
                }))
            }
        }
    }

    async fn exchange(&mut self, head: &Head, body: &[u8]) -> std::io::Result<Reply> {
        let mut line = serde_json::to_vec(head)?;
        line.push(b'\n');
        self.input.write_all(&line).await?;
        self.input.write_all(body).await?;
        self.input.flush().await?;
        let mut reply = Vec::new();
        let mut bounded = (&mut self.output).take(process::LONGEST_ANSWER);
        bounded.read_until(b'\n', &mut reply).await?;
        Ok(serde_json::from_slice(&reply)?)
    }
}

/// The words name no text of a page.
fn unexpected(answer: &Answer) -> Unreadable {
    let kind = match answer {
        Answer::Page(_) => "a page",
        Answer::Links(_) => "links",
        Answer::Profile(_) => "a profile",
        Answer::Passages(_) => "passages",
        Answer::Pointed(_) => "a profile and verdicts",
    };
    Unreadable::Ended(format!("answered with {kind}"))
}

impl From<Unreadable> for Detail {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Missing(why) => Self::place("pages cannot be read:", &why),
            Unreadable::Ended(how) => Self::place("the process that reads pages", &how),
        }
    }
}
