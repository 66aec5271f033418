//! Every address that must be refused is refused before anything connects, and every harmless one is let through.

use std::collections::HashMap;
use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{bail, ensure, Context};
use scrape_enrich::fetch::{FetchFailure, Fetcher, Limits};
use scrape_enrich::guard::{self, DevelopmentHosts, Guard, Resolver};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use url::Url;

/// One line of ssrf.jsonl: a URL, or an address as a resolver may answer it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    id: String,
    url: Option<String>,
    address: Option<IpAddr>,
    expect: Expect,
    #[serde(default)]
    resolves_to: Vec<IpAddr>,
    redirects_to: Option<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Allow,
    Block,
}

pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let file = folder.join("ssrf.jsonl");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let cases = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<Vec<Case>, _>>()
        .with_context(|| file.display().to_string())?;
    tokio::runtime::Runtime::new()?.block_on(judge(&cases))
}

async fn judge(cases: &[Case]) -> anyhow::Result<()> {
    // Port 80 where this process may have it, so that a loopback case that slipped through would really arrive.
    let bait = match TcpListener::bind("127.0.0.1:80").await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind("127.0.0.1:0").await?,
    };
    let (mut allowed, mut blocked, mut redirects, mut missed) = (0, 0, 0, Vec::new());
    for case in cases {
        for url in case.urls()? {
            let held = match (case.expect, &case.redirects_to) {
                (Expect::Allow, _) => let_through(case, &url).await,
                (Expect::Block, None) => refused_unconnected(case, &url).await,
                (Expect::Block, Some(to)) => {
                    redirects += 1;
                    let_through(case, &url).await && redirect_refused(to).await?
                }
            };
            if !held {
                missed.push(format!("{} {url}", case.id));
            }
        }
        match case.expect {
            Expect::Allow => allowed += 1,
            Expect::Block => blocked += 1,
        }
    }
    let bait_url = format!("http://{}/", bait.local_addr()?);
    if !redirect_refused(&bait_url).await? {
        missed.push(format!("redirect to {bait_url}"));
    }
    let accepts = accepts(&bait).await?;

    println!("ssrf: {allowed} allow cases, {blocked} block cases ({redirects} by redirect)");
    println!("ssrf: missed {}", missed.len());
    println!("ssrf: loopback accepts {accepts}");
    ensure!(missed.is_empty(), "wrongly judged: {}", missed.join(", "));
    ensure!(accepts == 0, "a connection reached loopback");
    ensure!(allowed > 0 && blocked > 0, "no cases");
    Ok(())
}

/// How many connections wait at a listener. One of our own comes last and ends the count.
async fn accepts(listener: &TcpListener) -> anyhow::Result<usize> {
    let own = TcpStream::connect(listener.local_addr()?).await?;
    let mut others = 0;
    while listener.accept().await?.1 != own.local_addr()? {
        others += 1;
    }
    Ok(others)
}

impl Case {
    /// The URL as it stands, or both ways in which an address can be met: as a literal and behind a name.
    fn urls(&self) -> anyhow::Result<Vec<String>> {
        match (&self.url, self.address) {
            (Some(url), None) => Ok(vec![url.clone()]),
            (None, Some(address)) => {
                let literal = match address {
                    IpAddr::V4(address) => format!("http://{address}/"),
                    IpAddr::V6(address) => format!("http://[{address}]/"),
                };
                Ok(vec![literal, "https://behind.example.com/".to_owned()])
            }
            _ => bail!("{}: either url or address", self.id),
        }
    }

    /// A guard for which every name has the answers of this case.
    fn guard(&self, url: &Url) -> Guard {
        let name = url.domain().unwrap_or_default().trim_end_matches('.');
        let answers = self.resolves_to.iter().copied().chain(self.address);
        let answers = HashMap::from([(name.to_owned(), answers.collect())]);
        Guard::new(Resolver::Fixed(answers), DevelopmentHosts::default())
    }
}

async fn let_through(case: &Case, url: &str) -> bool {
    match guard::parse(url) {
        Ok(url) => case.guard(&url).check(&url).await.is_ok(),
        Err(_) => false,
    }
}

/// Runs the whole fetch, which must end in a refusal without having sent a request.
async fn refused_unconnected(case: &Case, url: &str) -> bool {
    let Ok(url) = guard::parse(url) else {
        return true;
    };
    let fetcher = Fetcher::new(case.guard(&url), Limits::default());
    let answer = fetcher.page(&url, soon()).await;
    matches!(answer, Err(FetchFailure::Refused(_))) && fetcher.connections() == 0
}

/// Lets a server of our own, the only one on the allow-list, redirect to the address.
async fn redirect_refused(to: &str) -> anyhow::Result<bool> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let here = listener.local_addr()?;
    let first_hop = Url::parse(&format!("http://{here}/"))?;
    let development = DevelopmentHosts::new(&here.to_string(), &first_hop);
    let fetcher = Fetcher::new(
        Guard::new(Resolver::Fixed(HashMap::new()), development),
        Limits::default(),
    );
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
    let serve = async {
        let (mut stream, _) = listener.accept().await?;
        let _ = stream.read(&mut [0; 4096]).await?;
        stream.write_all(answer.as_bytes()).await
    };
    let (served, page) = tokio::join!(serve, fetcher.page(&first_hop, soon()));
    served?;
    Ok(matches!(page, Err(FetchFailure::RedirectRefused(_))) && fetcher.connections() == 1)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}
