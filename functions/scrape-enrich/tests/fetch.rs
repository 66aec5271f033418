//! The page fetcher over real sockets: servers on loopback that behave and misbehave.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::HashMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use extraction::profile::Reason;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::Compression;
use scrape_enrich::crawl::{read_site, Budget, Site, Skip, Unread};
use scrape_enrich::fetch::{FetchFailure, Fetcher, Limits};
use scrape_enrich::guard::{DevelopmentHosts, Guard, Refusal, Resolver};
use scrape_enrich::reader::Reader;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use url::Url;

/// A web server of one test. It answers each request on its own connection and remembers what it was asked.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

/// What is written to the socket, and what happens then.
enum Answer {
    Close(Vec<u8>),
    /// Keeps the connection open and silent.
    Stall(Vec<u8>),
    /// Writes the second part for as long as somebody reads.
    Endless(Vec<u8>, Vec<u8>),
}

impl Server {
    /// `answer` gets the path that is asked for.
    async fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_on(Ipv4Addr::LOCALHOST.into(), answer)
            .await
            .unwrap()
    }

    async fn start_on(
        ip: IpAddr,
        answer: impl Fn(&str) -> Answer + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((ip, 0)).await?;
        let server = Self {
            address: listener.local_addr()?,
            requests: Arc::default(),
        };
        let (answer, requests) = (Arc::new(answer), server.requests.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), requests.clone()));
            }
        });
        Ok(server)
    }

    fn at(&self, path: &str) -> Url {
        url(&format!("http://{}{path}", self.address))
    }

    /// The same server under a name that only [`fetcher_for`] can resolve.
    fn named(&self, name: &str, path: &str) -> Url {
        url(&format!("http://{name}:{}{path}", self.address.port()))
    }

    /// Heads of all requests; an accepted connection counts even before it says anything.
    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    fn paths(&self) -> Vec<String> {
        let requests = self.requests();
        let path = |head: &String| head.split(' ').nth(1).unwrap_or_default().to_owned();
        requests.iter().map(path).collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: Arc<impl Fn(&str) -> Answer>,
    requests: Arc<Mutex<Vec<String>>>,
) {
    let at = {
        let mut requests = requests.lock().unwrap();
        requests.push(String::new());
        requests.len() - 1
    };
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    requests.lock().unwrap()[at].clone_from(&head);
    match answer(head.split(' ').nth(1).unwrap()) {
        Answer::Close(bytes) => {
            // The reader may hang up first; that is its right.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read_u8().await;
        }
        Answer::Endless(head, again) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(&again).await.is_ok() {}
        }
    }
}

fn reply(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    Answer::Close([head.as_bytes(), body].concat())
}

fn html(body: &str) -> Answer {
    reply(200, "Content-Type: text/html; charset=utf-8\r\n", body)
}

fn redirect(to: &str) -> Answer {
    reply(302, &format!("Location: {to}\r\n"), "")
}

fn missing() -> Answer {
    reply(404, "Content-Type: text/html\r\n", "no")
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// A fetcher that may read these servers, by address and by the names acme.test, www.acme.test, acme.de and other.test;
/// www.acme.de has no address.
fn fetcher_for(servers: &[&Server], limits: Limits) -> Fetcher {
    let names = ["acme.test", "www.acme.test", "acme.de", "other.test"];
    let here = IpAddr::from(Ipv4Addr::LOCALHOST);
    let answers = names.map(|name| (name.to_owned(), vec![here]));
    let mut pairs = Vec::new();
    for server in servers {
        pairs.push(server.address.to_string());
        let known = names.iter().chain(&["www.acme.de"]);
        pairs.extend(known.map(|name| format!("{name}:{}", server.address.port())));
    }
    let development = DevelopmentHosts::new(&pairs.join(","), &url("http://localhost/v1"));
    let resolver = Resolver::Fixed(HashMap::from(answers));
    Fetcher::new(Guard::new(resolver, development), limits)
}

fn fetcher(server: &Server) -> Fetcher {
    fetcher_for(&[server], Limits::default())
}

/// Long enough never to matter.
fn later() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// Reads one page of a server that gives the same answer to everything.
async fn outcome(
    answer: impl Fn() -> Answer + Send + Sync + 'static,
) -> Result<String, FetchFailure> {
    let server = Server::start(move |_| answer()).await;
    let page = fetcher(&server).page(&server.at("/"), later()).await;
    page.map(|page| page.html)
}

#[tokio::test]
async fn a_page_is_decoded_as_its_header_says() {
    let latin = || {
        reply(
            200,
            "Content-Type: text/html; charset=iso-8859-1\r\n",
            b"M\xFCller",
        )
    };
    assert_eq!(outcome(latin).await.unwrap(), "Müller");
    assert_eq!(outcome(|| html("Müller")).await.unwrap(), "Müller");
}

#[tokio::test]
async fn a_request_says_who_we_are_and_nothing_about_anybody_else() {
    let server = Server::start(|path| match path {
        "/" => reply(302, "Location: /b\r\nSet-Cookie: a=b\r\n", ""),
        _ => html("b"),
    })
    .await;
    fetcher(&server)
        .page(&server.at("/"), later())
        .await
        .unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let request = request.to_ascii_lowercase();
        assert!(request.contains("user-agent: valyourisebot/"), "{request}");
        let announced = "accept-encoding: gzip, deflate\r\n";
        assert!(request.contains(announced), "{request}");
        for name in ["cookie", "referer", "authorization"] {
            assert!(!request.contains(name), "{request}");
        }
    }
}

#[tokio::test]
async fn redirects_are_followed_hop_by_hop_and_no_further_than_five() {
    let server = Server::start(|path| match path.trim_start_matches('/').parse::<u32>() {
        Ok(0) => html("here"),
        Ok(hops) => redirect(&format!("{}", hops - 1)),
        Err(_) => missing(),
    })
    .await;
    let five = fetcher(&server);
    let page = five.page(&server.at("/5"), later()).await.unwrap();
    assert_eq!(page.url, Some(server.at("/0")));
    assert_eq!(five.connections(), 6);
    let six = fetcher(&server);
    let failure = six.page(&server.at("/6"), later()).await.unwrap_err();
    assert_eq!(failure, FetchFailure::TooManyRedirects);
    assert_eq!(six.connections(), 6);
}

#[tokio::test]
async fn a_redirect_to_a_refused_address_reaches_nobody() {
    let bait = Server::start(|_| html("secret")).await;
    let port = bait.address.port();
    for (to, refusal) in [
        (format!("http://127.0.0.1:{port}/"), Refusal::Port),
        (format!("http://[::ffff:127.0.0.1]:{port}/"), Refusal::Port),
        (
            format!("http://u:p@127.0.0.1:{port}/"),
            Refusal::Credentials,
        ),
        ("http://127.1/".to_owned(), Refusal::PrivateAddress),
        ("//169.254.169.254/".to_owned(), Refusal::PrivateAddress),
        ("http://localhost/".to_owned(), Refusal::InternalName),
        ("file:///etc/passwd".to_owned(), Refusal::Scheme),
    ] {
        let location = to.clone();
        let server = Server::start(move |_| redirect(&location)).await;
        let fetcher = fetcher(&server);
        let failure = fetcher.page(&server.at("/"), later()).await.unwrap_err();
        assert_eq!(failure, FetchFailure::RedirectRefused(refusal), "{to}");
        assert_eq!(fetcher.connections(), 1, "{to}");
    }
    assert_eq!(bait.requests().len(), 0);
}

#[tokio::test]
async fn the_connection_goes_to_the_judged_address_and_asks_no_resolver_again() {
    let server = Server::start(|_| html("judged")).await;
    // No resolver but the guard's knows this name: a second look-up anywhere would fail.
    let page = fetcher(&server)
        .page(&server.named("acme.test", "/"), later())
        .await;
    assert_eq!(page.unwrap().html, "judged");
    assert!(server.requests()[0].contains("host: acme.test:"));
}

#[tokio::test]
async fn a_development_host_may_go_by_a_name_of_this_machine() {
    let server = Server::start(|_| html("here")).await;
    let at = server.named("localhost", "/");
    let pair = format!("localhost:{}", server.address.port());
    let development = DevelopmentHosts::new(&pair, &at);
    let guard = Guard::new(Resolver::System, development);
    let page = Fetcher::new(guard, Limits::default())
        .page(&at, later())
        .await;
    assert_eq!(page.unwrap().html, "here");
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    let proxy = Server::start(|_| html("proxy")).await;
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        std::env::set_var(name, proxy.at("/").as_str());
    }
    assert_eq!(outcome(|| html("direct")).await.unwrap(), "direct");
    assert_eq!(proxy.requests().len(), 0);
}

#[tokio::test]
async fn an_ipv6_literal_is_read_where_the_machine_has_one() {
    let Ok(server) = Server::start_on(std::net::Ipv6Addr::LOCALHOST.into(), |_| html("six")).await
    else {
        return;
    };
    let page = fetcher(&server).page(&server.at("/"), later()).await;
    assert_eq!(page.unwrap().html, "six");
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Deflate without zlib's frame, as some servers send it.
fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Headers that say how a body is packed, and the body packed so.
fn packings(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("", body.to_vec()),
        ("Content-Encoding:\r\n", body.to_vec()),
        ("Content-Encoding: identity\r\n", body.to_vec()),
        ("Content-Encoding: gzip\r\n", gzip(body)),
        ("Content-Encoding: x-gzip\r\n", gzip(body)),
        ("Content-Encoding: , GZip ,identity\r\n", gzip(body)),
        ("content-encoding: deflate\r\n", zlib(body)),
        ("Content-Encoding: Deflate\r\n", deflate(body)),
        ("Content-Encoding: gzip, gzip\r\n", gzip(&gzip(body))),
        ("Content-Encoding: deflate,gzip\r\n", gzip(&zlib(body))),
        (
            "Content-Encoding: gzip\r\nContent-Encoding: deflate\r\n",
            deflate(&gzip(body)),
        ),
    ]
}

#[tokio::test]
async fn a_page_is_read_however_it_is_packed() {
    for (packing, body) in packings("kleine Größe".as_bytes()) {
        let headers = format!("Content-Type: text/html;charset=utf-8\r\n{packing}");
        let page = outcome(move || reply(200, &headers, &body)).await;
        assert_eq!(page.as_deref(), Ok("kleine Größe"), "{packing}");
    }
    let packed = gzip(b"by the transfer");
    let head =
        "HTTP/1.1 200 X\r\nContent-Type: text/html\r\nTransfer-Encoding: gzip, chunked\r\n\r\n";
    let size = format!("{:x}\r\n", packed.len());
    let answer = [head.as_bytes(), size.as_bytes(), &packed, b"\r\n0\r\n\r\n"].concat();
    let page = outcome(move || Answer::Close(answer.clone())).await;
    assert_eq!(page.as_deref(), Ok("by the transfer"));
}

#[tokio::test]
async fn a_page_that_is_not_packed_as_its_header_says_is_not_read() {
    let unreadable = Err(FetchFailure::Undecodable);
    for coding in [
        "br",
        "zstd",
        "compress",
        "utf-8",
        "gzip",
        "x-gzip",
        "deflate",
        "identity, br",
        "gzip;q=1",
        "gzip, gzip, gzip, gzip",
    ] {
        let headers = format!("Content-Type: text/html\r\nContent-Encoding: {coding}\r\n");
        let page = outcome(move || reply(200, &headers, "<p>plain</p>")).await;
        assert_eq!(page, unreadable, "{coding}");
    }
    for (packing, mut body) in packings(b"some words that are cut off").split_off(3) {
        body.truncate(body.len() - 4);
        let headers = format!("Content-Type: text/html\r\n{packing}");
        let page = outcome(move || reply(200, &headers, &body)).await;
        assert_eq!(page, Err(FetchFailure::Broken), "{packing}");
    }
}

#[tokio::test]
async fn a_bomb_is_not_read_however_it_is_packed() {
    for (packing, body) in packings(&vec![b' '; 32 * 1024 * 1024]).split_off(3) {
        let headers = format!("Content-Type: text/html\r\n{packing}");
        let page = outcome(move || reply(200, &headers, &body)).await;
        match page {
            Ok(page) => assert_eq!(page.len(), Limits::default().page_bytes, "{packing}"),
            Err(failure) => assert_eq!(failure, FetchFailure::TooLarge, "{packing}"),
        }
    }
    // Nothing, again and again, would never fill a page.
    let head = b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
    let page = outcome(|| Answer::Endless(head.to_vec(), gzip(b"").repeat(100))).await;
    assert_eq!(page, Err(FetchFailure::TooLarge));
}

#[tokio::test]
async fn a_page_is_read_as_far_as_the_limit_and_no_further() {
    let most = Limits::default().page_bytes;
    for length in [most, most + 1, 2 * most] {
        let page = outcome(move || html(&" ".repeat(length))).await;
        assert_eq!(page.unwrap().len(), most);
    }
}

#[tokio::test]
async fn endless_answers_end() {
    let most = Limits::default().page_bytes;
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n".to_vec();
    let body = [head.as_slice(), b"\r\n"].concat();
    let page = outcome(move || Answer::Endless(body.clone(), vec![b'x'; 4096])).await;
    assert_eq!(page.unwrap().len(), most);
    let page = outcome(move || Answer::Endless(head.clone(), b"X-More: more\r\n".repeat(50))).await;
    assert_eq!(page.unwrap_err(), FetchFailure::Broken);
}

#[tokio::test]
async fn a_refresh_in_the_head_of_an_answer_is_followed_like_one_in_the_page() {
    let server = Server::start(|path| match path {
        "/robots.txt" => missing(),
        "/" => reply(
            200,
            "Content-Type: text/html\r\nRefresh: 0; url=/start\r\n",
            "go on",
        ),
        _ => html("<p>Acme"),
    })
    .await;
    let fetcher = fetcher_for(&[&server], Limits::default());
    let page = fetcher.page(&server.at("/"), later()).await.unwrap();
    assert_eq!(page.url, Some(server.at("/start")));
}

#[tokio::test]
async fn a_server_that_stalls_costs_no_more_than_the_request_or_all_of_the_time() {
    let limits = Limits {
        request_time: Duration::from_millis(100),
        ..Limits::default()
    };
    let silent: &[u8] = b"";
    let half: &[u8] =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nhalf";
    for start in [silent, &half[..20], half] {
        let server = Server::start(move |_| Answer::Stall(start.to_vec())).await;
        let fetcher = fetcher_for(&[&server], limits);
        let failure = fetcher.page(&server.at("/"), later()).await.unwrap_err();
        assert_eq!(failure, FetchFailure::TooSlow);
        let soon = Instant::now() + Duration::from_millis(100);
        let fetcher = fetcher_for(&[&server], Limits::default());
        let failure = fetcher.page(&server.at("/"), soon).await.unwrap_err();
        assert_eq!(failure, FetchFailure::TooSlow);
    }
}

#[tokio::test]
async fn only_pages_are_read() {
    for kind in [
        "text/html",
        "text/html;",
        "Text/HTML ; Charset=\"utf-8\" ; x",
        "text/plain, text/html",
        "text/html, */*",
        "application/xhtml+xml",
        "TEXT/PLAIN; charset=utf-8",
    ] {
        let page = outcome(move || reply(200, &format!("Content-Type: {kind}\r\n"), "ok")).await;
        assert_eq!(page.unwrap(), "ok", "{kind}");
    }
    for kind in [
        "application/pdf",
        "application/octet-stream",
        "application/rss+xml",
        "image/svg+xml",
        "text/html, image/png",
        "multipart/mixed; boundary=\"text/html\"",
    ] {
        let headers = format!("Content-Type: {kind}\r\n");
        let page = outcome(move || reply(200, &headers, "<!DOCTYPE html><p>x")).await;
        assert_eq!(page.unwrap_err(), FetchFailure::NotAPage, "{kind}");
    }
}

#[tokio::test]
async fn where_the_type_does_not_tell_the_beginning_does() {
    let xhtml =
        "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' ''>";
    for headers in [
        "",
        "Content-Type:\r\n",
        "Content-Type: html\r\n",
        "Content-Type: unknown/unknown\r\n",
        "Content-Type: application/xml\r\n",
        "Content-Type: Text/XML; charset=utf-8\r\n",
    ] {
        for body in [xhtml, "<html lang=de>", " <!-- Hi --> <!doctype HTML><p>ok"] {
            let page = outcome(move || reply(200, headers, body)).await;
            assert_eq!(page.as_deref(), Ok(body), "{headers}");
        }
        for body in [
            "ok",
            "%PDF-1.7 <html>",
            "<?xml version='1.0'?><rss><html>",
            "<svg><html>",
            "{\"page\": \"<html>\"}",
        ] {
            let page = outcome(move || reply(200, headers, body)).await;
            assert_eq!(page, Err(FetchFailure::NotAPage), "{headers} {body}");
        }
    }
}

#[tokio::test]
async fn a_charset_that_nobody_knows_leaves_it_to_the_page() {
    let in_meta = b"<meta charset=iso-8859-1>M\xFCller";
    let in_xml = b"<?xml version='1.0' encoding='iso-8859-1'?><html>M\xFCller";
    for label in ["none", "utf8mb4", "x", "utf-8859-1"] {
        for body in [in_meta.as_slice(), in_xml] {
            let headers = format!("Content-Type: text/html; charset={label}\r\n");
            let page = outcome(move || reply(200, &headers, body)).await.unwrap();
            assert!(page.ends_with("Müller"), "{label} {page}");
        }
    }
    let wrong = "<meta charset=utf-16>Müller";
    let page = outcome(move || reply(200, "Content-Type: text/html\r\n", wrong)).await;
    assert_eq!(page.as_deref(), Ok(wrong));
}

#[tokio::test]
async fn a_status_other_than_ok_is_told_apart_from_a_dead_server() {
    for status in [201, 304, 403, 404, 429, 500, 503] {
        let page = outcome(move || reply(status, "Content-Type: text/html\r\n", "x")).await;
        assert_eq!(page.unwrap_err(), FetchFailure::Status(status));
    }
    let broken = outcome(|| Answer::Close(b"SSH-2.0-OpenSSH\r\n".to_vec())).await;
    assert_eq!(broken.unwrap_err(), FetchFailure::Broken);
    let cut = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nhalf";
    let broken = outcome(|| Answer::Close(cut.to_vec())).await;
    assert_eq!(broken.unwrap_err(), FetchFailure::Broken);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = Server {
        address: closed.local_addr().unwrap(),
        requests: Arc::default(),
    };
    drop(closed);
    let page = fetcher(&gone).page(&gone.at("/"), later()).await;
    assert_eq!(page.unwrap_err(), FetchFailure::Unreachable);
}

const HOME: &str =
    "<title>Acme</title><a href='/about'>About us</a><a href='/impressum'>Impressum</a>\
                    <a href='/contact'>Contact</a><a href='/products'>Products</a>";

/// A small site; `robots` answers for its robots.txt.
async fn acme(robots: impl Fn() -> Answer + Send + Sync + 'static) -> Server {
    Server::start(move |path| match path {
        "/robots.txt" => robots(),
        "/" => html(HOME),
        "/about" | "/impressum" | "/contact" | "/products" => html(path),
        _ => missing(),
    })
    .await
}

fn robots(file: &'static str) -> impl Fn() -> Answer + Send + Sync {
    move || reply(200, "Content-Type: text/plain\r\n", file)
}

async fn crawl(server: &Server, start: &Url) -> Result<Site, Unread> {
    read_site(
        start,
        &fetcher(server),
        &mut Reader::here(),
        Budget::default(),
        later(),
    )
    .await
}

fn read(site: &Site) -> Vec<&str> {
    site.pages.iter().map(Url::path).collect()
}

fn skipped(site: &Site) -> Vec<(&str, Skip)> {
    let skipped = site.skipped.iter();
    skipped.map(|skip| (skip.url.path(), skip.reason)).collect()
}

#[tokio::test]
async fn a_site_is_reached_with_www_and_without() {
    let server = acme(missing).await;
    let site = crawl(&server, &server.named("www.acme.de", "/"))
        .await
        .unwrap();
    assert_eq!(site.pages.first(), Some(&server.named("acme.de", "/")));
    // Where neither is known, it is the given one that is not.
    let nobody = crawl(&server, &url("http://www.nobody.de/"))
        .await
        .unwrap_err();
    let unresolved = FetchFailure::Refused(Refusal::Unresolved);
    assert_eq!(nobody, Unread::Failed(unresolved));
    // A page that is not there is not looked for elsewhere.
    let before = server.paths().len();
    let missing = crawl(&server, &server.named("acme.test", "/none")).await;
    assert_eq!(
        missing.unwrap_err(),
        Unread::Failed(FetchFailure::Status(404))
    );
    assert_eq!(server.paths().len(), before + 2);
}

#[tokio::test]
async fn the_given_page_and_those_worth_reading_are_read_once_each() {
    let server = acme(missing).await;
    let site = crawl(&server, &server.at("/#top")).await.unwrap();
    assert_eq!(read(&site), ["/", "/impressum", "/about", "/contact"]);
    assert_eq!(skipped(&site), []);
    let expect = ["/robots.txt", "/", "/impressum", "/about", "/contact"];
    assert_eq!(server.paths(), expect);
}

#[tokio::test]
async fn what_robots_txt_forbids_is_never_asked_for() {
    let server = acme(robots("User-agent: *\nDisallow: /about")).await;
    let site = crawl(&server, &server.at("/")).await.unwrap();
    assert_eq!(read(&site), ["/", "/impressum", "/contact"]);
    assert_eq!(skipped(&site), [("/about", Skip::Robots)]);
    assert!(!server.paths().contains(&"/about".to_owned()));

    let server = acme(robots("User-agent: valyourisebot\nDisallow: /")).await;
    let unread = crawl(&server, &server.at("/")).await.unwrap_err();
    assert_eq!(unread, Unread::Robots);
    assert_eq!(unread.reason(), Reason::Robots);
    assert_eq!(server.paths(), ["/robots.txt"]);
}

#[tokio::test]
async fn a_robots_txt_that_cannot_be_had_forbids_everything() {
    let server = acme(|| reply(503, "", "")).await;
    let unread = crawl(&server, &server.at("/")).await.unwrap_err();
    assert_eq!(unread, Unread::RobotsUnreachable(FetchFailure::Status(503)));
    assert_eq!(unread.reason(), Reason::FetchFailed);
    assert_eq!(server.paths(), ["/robots.txt"]);

    let server = acme(|| Answer::Stall(Vec::new())).await;
    let limits = Limits {
        request_time: Duration::from_millis(100),
        ..Limits::default()
    };
    let fetcher = fetcher_for(&[&server], limits);
    let unread = read_site(
        &server.at("/"),
        &fetcher,
        &mut Reader::here(),
        Budget::default(),
        later(),
    )
    .await;
    assert_eq!(unread.unwrap_err(), Unread::Failed(FetchFailure::TooSlow));
    assert_eq!(server.paths(), ["/robots.txt"]);
}

const CLOSED: &str = "User-agent: *\nDisallow: /\n";

/// A website whose robots.txt has these headers and this body; returns why nothing of it was read.
async fn closed_by(status: u16, headers: &str, body: Vec<u8>) -> Unread {
    let headers = headers.to_owned();
    let server = acme(move || reply(status, &headers, &body)).await;
    let unread = crawl(&server, &server.at("/")).await.unwrap_err();
    assert_eq!(server.paths(), ["/robots.txt"]);
    unread
}

#[tokio::test]
async fn a_robots_txt_is_obeyed_however_it_is_packed_and_called() {
    for (packing, body) in packings(CLOSED.as_bytes()) {
        for kind in [
            "",
            "Content-Type: text/html\r\n",
            "Content-Type: image/png\r\n",
        ] {
            let unread = closed_by(200, &format!("{kind}{packing}"), body.clone()).await;
            assert_eq!(unread, Unread::Robots, "{kind}{packing}");
        }
    }
    for status in [201, 203, 206] {
        let unread = closed_by(status, "", CLOSED.into()).await;
        assert_eq!(unread, Unread::Robots, "{status}");
    }
    let little = CLOSED.encode_utf16().flat_map(u16::to_le_bytes);
    let little: Vec<u8> = little.collect();
    let big: Vec<u8> = CLOSED.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (headers, body) in [
        ("", [b"\xEF\xBB\xBF", CLOSED.as_bytes()].concat()),
        ("", [b"\xFF\xFE", little.as_slice()].concat()),
        ("", [b"\xFE\xFF", big.as_slice()].concat()),
        ("Content-Type: text/plain; charset=UTF-16\r\n", little),
        ("Content-Type: text/plain; charset=utf-16be\r\n", big),
        ("Content-Type: text/plain; charset=none\r\n", CLOSED.into()),
    ] {
        assert_eq!(
            closed_by(200, headers, body).await,
            Unread::Robots,
            "{headers}"
        );
    }
}

#[tokio::test]
async fn a_robots_txt_that_cannot_be_decoded_forbids_everything() {
    let undecodable = Unread::RobotsUnreachable(FetchFailure::Undecodable);
    for coding in [
        "br",
        "zstd",
        "gzip",
        "x-gzip",
        "deflate",
        "gzip, br",
        "gzip gzip",
        "gzip;q=1",
        "gzip, gzip, gzip, gzip",
    ] {
        let headers = format!("Content-Encoding: {coding}\r\n");
        let unread = closed_by(200, &headers, CLOSED.into()).await;
        assert_eq!(unread, undecodable, "{coding}");
    }
    let wide: Vec<u8> = CLOSED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wider: Vec<u8> = CLOSED
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    for (headers, body) in [
        ("", wide),
        ("", [b"\xFF\xFE\0\0", wider.as_slice()].concat()),
        ("", gzip(CLOSED.as_bytes())),
        (
            "Content-Type: text/plain; charset=iso-2022-kr\r\n",
            CLOSED.into(),
        ),
    ] {
        assert_eq!(
            closed_by(200, headers, body).await,
            undecodable,
            "{headers}"
        );
    }
    assert_eq!(undecodable.reason(), Reason::FetchFailed);
    let words = undecodable.to_string();
    assert!(
        words.contains("robots.txt") && words.contains("encoding"),
        "{words}"
    );
    for (packing, mut body) in packings(CLOSED.as_bytes()).split_off(3) {
        body.truncate(body.len() - 4);
        let unread = closed_by(200, packing, body).await;
        assert_eq!(unread, Unread::Failed(FetchFailure::Broken), "{packing}");
    }
}

#[tokio::test]
async fn only_a_robots_txt_that_is_missing_allows_everything() {
    for status in [400, 401, 403, 404, 410, 429, 451, 499] {
        let server = acme(move || reply(status, "", CLOSED)).await;
        let site = crawl(&server, &server.at("/")).await.unwrap();
        assert_eq!(read(&site)[0], "/", "{status}");
    }
    for status in [300, 304, 305, 399, 500, 503, 599] {
        let unread = closed_by(status, "", CLOSED.into()).await;
        let expect = Unread::RobotsUnreachable(FetchFailure::Status(status));
        assert_eq!(unread, expect);
    }
}

#[tokio::test]
async fn a_packed_robots_txt_longer_than_we_read_counts_as_far_as_we_read_it() {
    let long = format!(
        "User-agent: *\nDisallow: /about\n{}",
        " ".repeat(8 * 1024 * 1024)
    );
    for (packing, body) in packings(long.as_bytes()).split_off(3) {
        let server = acme(move || reply(200, packing, &body)).await;
        let site = crawl(&server, &server.at("/")).await.unwrap();
        assert_eq!(skipped(&site), [("/about", Skip::Robots)], "{packing}");
    }
}

#[tokio::test]
async fn a_robots_txt_longer_than_we_read_counts_as_far_as_we_read_it() {
    let long = || {
        let file = format!(
            "User-agent: *\nDisallow: /about\n{}",
            "# filler\n".repeat(100_000)
        );
        reply(200, "Content-Type: text/plain\r\n", file)
    };
    let server = acme(long).await;
    let site = crawl(&server, &server.at("/")).await.unwrap();
    assert_eq!(skipped(&site), [("/about", Skip::Robots)]);
}

#[tokio::test]
async fn robots_txt_holds_for_where_a_redirect_leads() {
    let server = Server::start(|path| match path {
        "/robots.txt" => robots("User-agent: *\nDisallow: /private")(),
        "/" => html("<a href='/about'>About us</a>"),
        "/about" => redirect("/private/about"),
        _ => html("private"),
    })
    .await;
    let site = crawl(&server, &server.at("/")).await.unwrap();
    assert_eq!(skipped(&site), [("/about", Skip::Robots)]);
    assert_eq!(server.paths(), ["/robots.txt", "/", "/about"]);
}

#[tokio::test]
async fn a_site_may_move_within_its_name_but_not_to_another() {
    let server = Server::start(|path| match path {
        "/robots.txt" => missing(),
        "/" => html("home"),
        to => redirect(&to.replacen("/to/", "http://", 1)),
    })
    .await;
    let port = server.address.port();
    for (to, stays) in [
        ("www.acme.test", true),
        ("acme.de", true),
        ("other.test", false),
    ] {
        let start = server.named("acme.test", &format!("/to/{to}:{port}/"));
        match crawl(&server, &start).await {
            Ok(site) => {
                assert!(stays, "{to}");
                assert_eq!(site.pages[0], server.named(to, "/"));
            }
            Err(unread) => {
                assert!(!stays, "{to}");
                let (from, to) = ("acme.test".to_owned(), to.to_owned());
                assert_eq!(unread, Unread::OtherSite { from, to });
                let words = "acme.test leads to another website, other.test.";
                assert!(unread.to_string().starts_with(words), "{unread}");
            }
        }
    }
}

#[tokio::test]
async fn a_signpost_leads_to_the_page_behind_it() {
    let server = Server::start(|path| match path {
        "/robots.txt" => robots("User-agent: *\nDisallow: /secret")(),
        "/" => html("<meta http-equiv=refresh content='0; url=/de/'>"),
        "/away" => html("<meta http-equiv=refresh content='0; url=/secret'>"),
        _ => html("welcome"),
    })
    .await;
    let site = crawl(&server, &server.at("/")).await.unwrap();
    assert_eq!(read(&site), ["/de/"]);
    let unread = crawl(&server, &server.at("/away")).await.unwrap_err();
    assert_eq!(unread, Unread::Robots);
}

#[tokio::test]
async fn a_link_that_leads_to_another_site_is_not_followed() {
    let other = Server::start(|_| html("other")).await;
    let away = other.named("other.test", "/about").to_string();
    let server = Server::start(move |path| match path {
        "/robots.txt" => missing(),
        "/" => html("<a href='/about'>About us</a>"),
        _ => redirect(&away),
    })
    .await;
    let fetcher = fetcher_for(&[&server, &other], Limits::default());
    let start = server.named("acme.test", "/");
    let site = read_site(
        &start,
        &fetcher,
        &mut Reader::here(),
        Budget::default(),
        later(),
    )
    .await
    .unwrap();
    assert_eq!(skipped(&site), [("/about", Skip::OtherSite)]);
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn a_page_under_two_addresses_is_kept_once() {
    let server = Server::start(|path| match path {
        "/robots.txt" => missing(),
        "/contact" => redirect("/"),
        _ => html(HOME),
    })
    .await;
    let site = crawl(&server, &server.at("/")).await.unwrap();
    assert_eq!(read(&site), ["/"]);
    let expect = ["/impressum", "/about", "/contact"].map(|path| (path, Skip::AlreadyRead));
    assert_eq!(skipped(&site), expect);
}

#[tokio::test]
async fn the_budget_ends_the_reading_and_keeps_what_was_read() {
    let server = acme(missing).await;
    let spent = ["/about", "/contact"].map(|path| (path, Skip::OverBudget));
    let home_and_one = HOME.len() + 1;
    for budget in [
        Budget {
            pages: 2,
            ..Budget::default()
        },
        Budget {
            bytes: home_and_one,
            ..Budget::default()
        },
    ] {
        let fetcher = fetcher(&server);
        let site = read_site(
            &server.at("/"),
            &fetcher,
            &mut Reader::here(),
            budget,
            later(),
        )
        .await
        .unwrap();
        assert_eq!(read(&site), ["/", "/impressum"]);
        assert_eq!(skipped(&site), spent);
    }
}

#[tokio::test]
async fn the_deadline_ends_the_reading_and_keeps_what_was_read() {
    let server = Server::start(|path| match path {
        "/robots.txt" => missing(),
        "/" => html(HOME),
        _ => Answer::Stall(Vec::new()),
    })
    .await;
    let soon = Instant::now() + Duration::from_millis(500);
    let site = read_site(
        &server.at("/"),
        &fetcher(&server),
        &mut Reader::here(),
        Budget::default(),
        soon,
    )
    .await;
    let site = site.unwrap();
    assert_eq!(read(&site), ["/"]);
    let slow = ("/impressum", Skip::Failed(FetchFailure::TooSlow));
    let spent = ["/about", "/contact"].map(|path| (path, Skip::OverBudget));
    assert_eq!(skipped(&site), [slow, spent[0], spent[1]]);
}
