//! The process that reads pages: what it says, and how it ends.

use std::time::Duration;

use extraction::session::Read;
use scrape_enrich::reader::{Reader, Unreadable};
use tests::World;
use url::Url;

use super::{acme, ended, pending, HOST};

const PAGE: &str = "<title>Acorn Pumps</title><a href=/about>About us</a>\
                    <p>Acorn Pumps Ltd employs 84 people in Leeds.</p>";

/// The kernel, or an operator, ends the process that reads the pages of a job: that job fails with words for its
/// requester, and the next one finds everything as it should be.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_reader_is_killed_fails_with_words_and_the_next_is_done() {
    let world = acme().await;
    let mut killed = None;
    for n in 0.. {
        let id = format!("job{n}");
        pending(&world, &id, "ada", &world.site.url()).await;
        let row = tokio::select! {
            () = kill_reader(&world) => {
                killed = Some(ended(&world, &id).await);
                break;
            }
            row = ended(&world, &id) => row,
        };
        // It was too quick to be caught.
        assert_eq!(row["status"], "done", "{row}");
        assert!(n < 50, "no process of a reader was seen");
    }
    let row = killed.unwrap();
    let message = row["errorMessage"].as_str().unwrap();
    assert_eq!(row["status"], "failed", "{row}");
    assert!(message.starts_with("unreadable_page: "), "{message}");
    let logs = world.logs("scrape-enrich").await.unwrap();
    let told = logs.iter().any(|log| log.contains("signal: 9"));
    assert!(told, "{logs:?}");

    pending(&world, "next", "ada", &world.site.url()).await;
    assert_eq!(ended(&world, "next").await["status"], "done");
}

/// Waits for a process that reads pages for this world's function, and kills it.
async fn kill_reader(world: &World) {
    loop {
        let all = std::fs::read_dir("/proc").unwrap();
        let ids = all.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
        for id in ids.filter(reads_pages) {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let parent = stat.split_whitespace().nth(3).unwrap_or_default();
            let environment = std::fs::read(format!("/proc/{parent}/environ")).unwrap_or_default();
            let endpoint = world.appwrite.endpoint();
            if String::from_utf8_lossy(&environment).contains(endpoint) {
                let id = id.to_string();
                let kill = std::process::Command::new("kill")
                    .args(["-9", &id])
                    .status();
                assert!(kill.unwrap().success());
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn reads_pages(process: &u32) -> bool {
    let words = std::fs::read_to_string(format!("/proc/{process}/cmdline"));
    words.is_ok_and(|words| words.contains(extraction::process::ARGUMENT))
}

fn apart() -> Reader {
    Reader::apart(HOST.into())
}

fn url(path: &str) -> Url {
    Url::parse("https://acorn-pumps.example/")
        .unwrap()
        .join(path)
        .unwrap()
}

/// Processes that this one has started to read pages.
fn processes() -> Vec<u32> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let children = tasks.flat_map(|task| {
        let file = task.unwrap().path().join("children");
        let children = std::fs::read_to_string(file).unwrap_or_default();
        let ids = children.split_whitespace().map(|id| id.parse().unwrap());
        ids.collect::<Vec<u32>>()
    });
    children.filter(reads_pages).collect()
}

/// The process of the reader that reads this page next.
async fn started(reader: &mut Reader) -> u32 {
    let before = processes();
    reader.read(&url("/"), PAGE.as_bytes(), None).await.unwrap();
    let mut new = processes();
    new.retain(|id| !before.contains(id));
    assert_eq!(new.len(), 1, "{before:?} {new:?}");
    new[0]
}

async fn is_gone(process: u32) {
    let file = format!("/proc/{process}/stat");
    // One that has ended and was not yet waited for is a zombie.
    while std::fs::read_to_string(&file).is_ok_and(|stat| !stat.contains(") Z ")) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// One after the other: they tell their processes apart by looking at all.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_by_a_process_that_can_harm_nobody() {
    it_says_what_this_process_would_say().await;
    the_kernel_holds_its_limits().await;
    dropped_it_is_gone_whatever_it_does().await;
    its_end_is_told_and_is_nobody_elses().await;
}

async fn it_says_what_this_process_would_say() {
    let mut documents = Vec::new();
    for mut reader in [apart(), Reader::here()] {
        for (path, body, expect) in [
            ("/", PAGE, Read::Kept),
            ("/home", PAGE, Read::Known),
            (
                "/de",
                "<meta http-equiv=refresh content='0; url=/de/'>",
                Read::Signpost(url("/de/")),
            ),
        ] {
            let read = reader.read(&url(path), body.as_bytes(), None).await;
            assert_eq!(read, Ok(expect));
        }
        let links = reader.links().await.unwrap();
        let links: Vec<&str> = links.iter().map(|link| link.url.as_str()).collect();
        assert_eq!(links, ["https://acorn-pumps.example/about"]);
        documents.push(reader.profile(url("/")).await.unwrap());
    }
    assert_eq!(documents[0], documents[1]);
    assert_eq!(documents[0].pages.len(), 1);
}

async fn the_kernel_holds_its_limits() {
    let mut reader = apart();
    let process = started(&mut reader).await;
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    for (name, expect) in [
        ("Max data size", extraction::process::MEMORY),
        ("Max cpu time", extraction::process::PROCESSOR),
    ] {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        let values: Vec<&str> = line[name.len()..].split_whitespace().take(2).collect();
        assert_eq!(values, [expect.to_string(), expect.to_string()], "{name}");
    }
    let secrets = std::fs::read(format!("/proc/{process}/environ")).unwrap();
    assert!(secrets.is_empty());
}

async fn dropped_it_is_gone_whatever_it_does() {
    let mut idle = apart();
    let process = started(&mut idle).await;
    drop(idle);
    is_gone(process).await;

    let mut busy = apart();
    let process = started(&mut busy).await;
    let page = "We employ 84 people. ".repeat(90_000);
    let address = url("/long");
    let reading = busy.read(&address, page.as_bytes(), None);
    // Given up at its first pause, as a job is whose time is up.
    assert!(tokio::time::timeout(Duration::ZERO, reading).await.is_err());
    drop(busy);
    is_gone(process).await;
}

async fn its_end_is_told_and_is_nobody_elses() {
    let mut other = apart();
    started(&mut other).await;

    // More memory than all pages may take together.
    let body = vec![b'x'; usize::try_from(extraction::process::MEMORY).unwrap()];
    let mut reader = apart();
    let ended = reader.read(&url("/"), &body, None).await;
    let Err(Unreadable::Ended(how)) = ended else {
        panic!("{ended:?}");
    };
    assert!(how.contains("signal"), "{how}");
    // It stays ended: no page is left out without a word.
    assert!(reader.read(&url("/"), PAGE.as_bytes(), None).await.is_err());

    assert_eq!(other.links().await.unwrap().len(), 1);
    let there_is_none = Reader::apart("/nowhere/read-pages".into())
        .read(&url("/"), PAGE.as_bytes(), None)
        .await;
    assert!(matches!(there_is_none, Err(Unreadable::Missing(_))));
}
