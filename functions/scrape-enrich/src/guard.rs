//! Decides which addresses the page fetcher may talk to: public web servers and nothing else.
//!
//! A sourceUrl is typed by a user and redirects are written by strangers, so every address is judged twice: as a URL,
//! and by all the addresses its name resolves to. The verdict is a [`Target`], which only this file can make and which
//! carries the very addresses that were judged: the fetcher connects to those and asks no resolver again. This file
//! opens no connection (except to the system's resolver) and knows nothing of HTTP.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{Ipv4Net, Ipv6Net};
use platform::config::is_loopback;
use url::{Host, ParseError, Url};

/// Judges URLs and the addresses behind them.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    resolver: Resolver,
    development: DevelopmentHosts,
}

/// A URL together with the addresses that were judged for it. Only [`Guard::check`] makes one.
#[derive(Clone, Debug)]
pub struct Target {
    url: Url,
    addresses: Vec<SocketAddr>,
}

/// Why an address is not fetched. `Display` is written for the person who typed it.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("This is not a web address. Enter one such as https://example.com.")]
    NotAUrl,
    #[error("The web address is too long. Enter the address of the home page.")]
    TooLong,
    #[error("Only addresses that begin with http:// or https:// can be read.")]
    Scheme,
    #[error("The web address holds a user name or password. Enter it without them.")]
    Credentials,
    #[error("Only websites on the standard ports (80 and 443) can be read. Enter the address without a port.")]
    Port,
    #[error(
        "The address is a name of an internal network. Enter the address of a public website."
    )]
    InternalName,
    #[error("The address leads into a private network. Enter the address of a public website.")]
    PrivateAddress,
    #[error("No server is known under this name. Check the spelling of the web address.")]
    Unresolved,
}

/// Where the addresses of a name come from.
#[derive(Clone, Debug, Default)]
pub enum Resolver {
    /// The operating system's.
    #[default]
    System,
    /// Fixed answers by lower-case name without trailing dot, for gates and tests; no other name resolves.
    Fixed(HashMap<String, Vec<IpAddr>>),
}

/// Loopback servers that may be read during development: exact `host:port` pairs.
#[derive(Clone, Debug, Default)]
pub struct DevelopmentHosts(Vec<String>);

/// Longer addresses are refused: as many characters as Appwrite keeps in a column for URLs, scrape_jobs.sourceUrl. RFC
/// 9110 asks servers for 8,000 octets, but what people type is far below this.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-4.1>
pub const LONGEST_URL: usize = 2_000;

impl Guard {
    pub fn new(resolver: Resolver, development: DevelopmentHosts) -> Self {
        Self {
            resolver,
            development,
        }
    }

    /// Judges a URL and every address that its host resolves to at this moment.
    pub async fn check(&self, url: &Url) -> Result<Target, Refusal> {
        let (host, port) = host_and_port(url)?;
        if self.development.contains(url, port) {
            let addresses = self.addresses(host.clone(), port).await?;
            // The allow-list opens ports and names of this machine, never a way to other machines.
            if addresses.iter().all(|address| address.ip().is_loopback()) {
                return Ok(Target {
                    url: url.clone(),
                    addresses,
                });
            }
        }
        if !PORTS.contains(&port) {
            return Err(Refusal::Port);
        }
        let rooted;
        let host = match host {
            Host::Domain(name) if !is_public_name(name) => return Err(Refusal::InternalName),
            Host::Domain(name) => {
                // The last dot keeps a resolver from trying the name inside the search domains of this machine.
                rooted = format!("{}.", name.strip_suffix('.').unwrap_or(name));
                Host::Domain(rooted.as_str())
            }
            literal => literal,
        };
        let addresses = self.addresses(host, port).await?;
        // One private answer among public ones is how rebinding begins, so all must be public.
        if !addresses.iter().all(|address| is_public(address.ip())) {
            return Err(Refusal::PrivateAddress);
        }
        Ok(Target {
            url: url.clone(),
            addresses,
        })
    }

    /// At least one address.
    async fn addresses(&self, host: Host<&str>, port: u16) -> Result<Vec<SocketAddr>, Refusal> {
        let addresses = match host {
            Host::Ipv4(address) => vec![SocketAddr::new(address.into(), port)],
            Host::Ipv6(address) => vec![SocketAddr::new(address.into(), port)],
            Host::Domain(name) => self.resolver.addresses(name, port).await,
        };
        if addresses.is_empty() {
            return Err(Refusal::Unresolved);
        }
        Ok(addresses)
    }
}

impl Target {
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Every address that was judged; never empty.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

/// The URL a user typed; `example.com` means `https://example.com`. What it may lead to is [`Guard::check`]'s question.
pub fn parse(typed: &str) -> Result<Url, Refusal> {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST_URL {
        return Err(Refusal::TooLong);
    }
    let url = match Url::parse(typed) {
        Err(ParseError::RelativeUrlWithoutBase) => Url::parse(&format!("https://{typed}")),
        parsed => parsed,
    }
    .map_err(|_| Refusal::NotAUrl)?;
    host_and_port(&url)?;
    Ok(url)
}

/// What can be said of a URL by its syntax: a web address of sane length without credentials.
fn host_and_port(url: &Url) -> Result<(Host<&str>, u16), Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Scheme);
    }
    // As it is stored: a letter beyond ASCII takes six characters or more.
    if url.as_str().chars().count() > LONGEST_URL {
        return Err(Refusal::TooLong);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Credentials);
    }
    url.host()
        .zip(url.port_or_known_default())
        .ok_or(Refusal::NotAUrl)
}

/// Where public websites live. Other ports belong to databases, mail servers and consoles.
const PORTS: [u16; 2] = [80, 443];

/// Whether a name can belong to the public DNS: at least two labels, and no ending that is reserved for other uses.
fn is_public_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.rsplit_once('.') {
        None => false,
        Some((_, last)) => !INTERNAL_ENDINGS.contains(&last),
    }
}

/// Top-level labels that never lead to a public website, lower-case as the URL parser leaves them.
const INTERNAL_ENDINGS: [&str; 16] = [
    // Special-use names: <https://www.iana.org/assignments/special-use-domain-names>
    "alt",
    "arpa",
    "example",
    "invalid",
    "local",
    "localhost",
    "onion",
    "test",
    // Reserved for private networks: <https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en>
    "internal",
    // Common private endings, never delegated: <https://www.rfc-editor.org/rfc/rfc6762#appendix-G>
    "corp",
    "home",
    "intranet",
    "lan",
    "private",
    // <https://www.icann.org/resources/board-material/resolutions-2018-02-04-en#2.c>
    "mail",
    // The Linux name of loopback beside localhost.
    "localdomain",
];

/// Whether an address is one of the public internet's, where strangers' websites live.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_UNICAST_V6.contains(&address)
                && !NOT_PUBLIC_V6.iter().any(|net| net.contains(&address))
        }
    }
}

/// What the registry does not call globally reachable, and a few more.
/// <https://www.iana.org/assignments/iana-ipv4-special-registry>
const NOT_PUBLIC_V4: [Ipv4Net; 17] = [
    // "This network": <https://www.rfc-editor.org/rfc/rfc791#section-3.2>
    v4([0, 0, 0, 0], 8),
    // Private use: <https://www.rfc-editor.org/rfc/rfc1918>
    v4([10, 0, 0, 0], 8),
    // Shared address space of carriers, also metadata of Alibaba: <https://www.rfc-editor.org/rfc/rfc6598>
    v4([100, 64, 0, 0], 10),
    // Loopback: <https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3>
    v4([127, 0, 0, 0], 8),
    // Azure's host agent, inside a public range: <https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>
    v4([168, 63, 129, 16], 32),
    // Link-local, also metadata of most clouds: <https://www.rfc-editor.org/rfc/rfc3927>
    v4([169, 254, 0, 0], 16),
    // Private use: <https://www.rfc-editor.org/rfc/rfc1918>
    v4([172, 16, 0, 0], 12),
    // IETF protocol assignments, also metadata of Oracle: <https://www.rfc-editor.org/rfc/rfc6890#section-2.1>
    v4([192, 0, 0, 0], 24),
    // Documentation: <https://www.rfc-editor.org/rfc/rfc5737>
    v4([192, 0, 2, 0], 24),
    // Relays from IPv6, given up: <https://www.rfc-editor.org/rfc/rfc7526>
    v4([192, 88, 99, 0], 24),
    // Private use: <https://www.rfc-editor.org/rfc/rfc1918>
    v4([192, 168, 0, 0], 16),
    // Benchmarking: <https://www.rfc-editor.org/rfc/rfc2544>
    v4([198, 18, 0, 0], 15),
    // Documentation: <https://www.rfc-editor.org/rfc/rfc5737>
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    // Multicast: <https://www.rfc-editor.org/rfc/rfc5771>
    v4([224, 0, 0, 0], 4),
    // Reserved: <https://www.rfc-editor.org/rfc/rfc1112#section-4>
    v4([240, 0, 0, 0], 4),
    // Limited broadcast: <https://www.rfc-editor.org/rfc/rfc919>
    v4([255, 255, 255, 255], 32),
];

/// The only block out of which addresses are given to hosts. Everything outside is loopback, local, multicast, an
/// IPv4 address in disguise (mapped, compatible, translated, NAT64) or not given out yet.
/// <https://www.iana.org/assignments/ipv6-unicast-address-assignments>
const GLOBAL_UNICAST_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What is special inside that block. <https://www.iana.org/assignments/iana-ipv6-special-registry>
const NOT_PUBLIC_V6: [Ipv6Net; 4] = [
    // IETF protocol assignments, among them Teredo: <https://www.rfc-editor.org/rfc/rfc2928>
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    // Documentation: <https://www.rfc-editor.org/rfc/rfc3849>
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    // 6to4, an IPv4 address in disguise: <https://www.rfc-editor.org/rfc/rfc3056>
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    // Documentation, though in a block of its own: <https://www.rfc-editor.org/rfc/rfc9637>
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), bits)
}

impl Resolver {
    async fn addresses(&self, name: &str, port: u16) -> Vec<SocketAddr> {
        match self {
            Self::System => match tokio::net::lookup_host((name, port)).await {
                Ok(found) => found.collect(),
                Err(_) => Vec::new(),
            },
            Self::Fixed(answers) => answers
                .get(name.strip_suffix('.').unwrap_or(name))
                .into_iter()
                .flatten()
                .map(|&address| SocketAddr::new(address, port))
                .collect(),
        }
    }
}

impl DevelopmentHosts {
    /// The allow-list of the configuration, `host:port` pairs separated by commas. It counts only beside an Appwrite
    /// endpoint on loopback: a deployment that carries it by mistake gets an empty one.
    pub fn new(list: &str, appwrite_endpoint: &Url) -> Self {
        if !is_loopback(appwrite_endpoint) {
            return Self::default();
        }
        Self(
            list.split(',')
                .map(|pair| pair.trim().to_ascii_lowercase())
                .filter(|pair| !pair.is_empty())
                .collect(),
        )
    }

    fn contains(&self, url: &Url, port: u16) -> bool {
        let host = url.host_str().unwrap_or_default();
        self.0
            .iter()
            .any(|pair| pair.rsplit_once(':') == Some((host, &port.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(answers: &[&str]) -> Guard {
        let answers = answers.iter().map(|ip| ip.parse().unwrap()).collect();
        let resolver = Resolver::Fixed(HashMap::from([("example.com".to_owned(), answers)]));
        Guard::new(resolver, DevelopmentHosts::default())
    }

    fn verdict(guard: &Guard, typed: &str) -> Result<Vec<String>, Refusal> {
        let url = parse(typed)?;
        let check = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(guard.check(&url));
        check.map(|target| {
            let addresses = target.addresses().iter();
            addresses.map(ToString::to_string).collect()
        })
    }

    #[track_caller]
    fn check(typed: &str, expect: Result<&str, Refusal>) {
        let got = verdict(&guard(&["8.8.8.8"]), typed);
        assert_eq!(got, expect.map(|one| vec![one.to_owned()]), "{typed}");
    }

    #[test]
    fn a_target_carries_the_addresses_that_were_judged() {
        check("https://example.com/a", Ok("8.8.8.8:443"));
        check("http://EXAMPLE.com.", Ok("8.8.8.8:80"));
        check("http://example.com:443", Ok("8.8.8.8:443"));
        check("http://8.8.4.4", Ok("8.8.4.4:80"));
        check("http://[2606:4700::1111]/", Ok("[2606:4700::1111]:80"));
    }

    #[test]
    fn an_address_without_a_scheme_is_read_as_https() {
        check("example.com/about", Ok("8.8.8.8:443"));
        check("  example.com ", Ok("8.8.8.8:443"));
    }

    #[test]
    fn what_is_not_a_plain_public_web_address_is_refused() {
        check("", Err(Refusal::NotAUrl));
        check("https://", Err(Refusal::NotAUrl));
        check("http://1.2.3.256", Err(Refusal::NotAUrl));
        check("http://exa mple.com", Err(Refusal::NotAUrl));
        check("ftp://example.com", Err(Refusal::Scheme));
        check("data:text/html,x", Err(Refusal::Scheme));
        check("http://ada@example.com", Err(Refusal::Credentials));
        check("http://:x@example.com", Err(Refusal::Credentials));
        check("http://example.com:8080", Err(Refusal::Port));
        check("http://intranet", Err(Refusal::InternalName));
        check("http://wiki.Local.", Err(Refusal::InternalName));
        check("http://router.home.arpa", Err(Refusal::InternalName));
        check("http://example.org", Err(Refusal::Unresolved));
        check(
            &format!("http://example.com/{}", "a".repeat(LONGEST_URL)),
            Err(Refusal::TooLong),
        );
    }

    #[test]
    fn every_spelling_of_a_private_literal_is_refused() {
        for host in [
            "127.1",
            "0x7f.1",
            "017700000001",
            "2130706433",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "１２７.0.0.1",
            "①27.0.0.1",
            "[::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
        ] {
            check(&format!("http://{host}/"), Err(Refusal::PrivateAddress));
        }
    }

    #[test]
    fn one_private_answer_among_public_ones_refuses_the_name() {
        let got = verdict(&guard(&["8.8.8.8", "10.0.0.1"]), "https://example.com");
        assert_eq!(got, Err(Refusal::PrivateAddress));
        let got = verdict(&guard(&["8.8.8.8", "::1"]), "https://example.com");
        assert_eq!(got, Err(Refusal::PrivateAddress));
    }

    #[track_caller]
    fn check_development(list: &str, endpoint: &str, typed: &str, expect: Option<Refusal>) {
        let development = DevelopmentHosts::new(list, &Url::parse(endpoint).unwrap());
        let resolver = Resolver::Fixed(HashMap::from([
            ("site.test".to_owned(), vec!["127.0.0.1".parse().unwrap()]),
            ("away.test".to_owned(), vec!["10.0.0.1".parse().unwrap()]),
        ]));
        let got = verdict(&Guard::new(resolver, development), typed);
        assert_eq!(got.err(), expect, "{list} {endpoint} {typed}");
    }

    #[test]
    fn development_hosts_are_exact_pairs_on_loopback() {
        let list = "127.0.0.1:8080, site.test:9000,[::1]:7000,away.test:80";
        let here = "http://localhost:9501/v1";
        check_development(list, here, "http://127.0.0.1:8080/x", None);
        check_development(list, here, "http://site.test:9000/", None);
        check_development(list, here, "http://[::1]:7000/", None);
        check_development(list, here, "http://127.0.0.1:8081/", Some(Refusal::Port));
        check_development(list, here, "http://127.0.0.2:8080/", Some(Refusal::Port));
        check_development(list, here, "http://away.test/", Some(Refusal::InternalName));
    }

    #[test]
    fn development_hosts_count_only_beside_an_appwrite_on_loopback() {
        let typed = "http://127.0.0.1:80/";
        let list = "127.0.0.1:80";
        for endpoint in [
            "http://127.0.0.1:9501/v1",
            "http://[::1]/v1",
            "http://a.localhost/v1",
        ] {
            check_development(list, endpoint, typed, None);
        }
        for endpoint in [
            "https://cloud.appwrite.io/v1",
            "http://localhost.example.com/v1",
            "http://10.0.0.1/v1",
        ] {
            check_development(list, endpoint, typed, Some(Refusal::PrivateAddress));
        }
    }
}
