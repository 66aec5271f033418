//! Which names this server answers to: those of this machine, and the domains of its functions. A page in a browser
//! whose name was made to lead here asks under that name, and nothing else tells it from a program of this machine.

use axum::extract::Request;
use axum::http::{header, HeaderValue};
use url::{Host, Url};

use crate::functions::rules;
use crate::storage::Store;
use crate::wire::Error;

/// What a request is for, by the name that it was asked under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Api,
    /// The function whose domain it is.
    Function(String),
}

/// Refuses a request that was asked under a name of somebody else, before anything of it is looked at. The port does not
/// count: a forwarded one is another, and nobody else has a name that leads nowhere but here.
pub(crate) fn asked(store: &Store, endpoint: &str, request: &Request) -> Result<Asked, Error> {
    let named = named(request).ok_or_else(|| refused(endpoint))?;
    let function = named
        .domain()
        .and_then(|domain| rules::function_of(store, domain));
    match function {
        Some(function) => Ok(Asked::Function(function)),
        None if is_local(&named) => Ok(Asked::Api),
        None => Err(refused(endpoint)),
    }
}

/// Whether a page of this origin may ask: one that this machine serves, as platforms named `localhost` always may.
pub(crate) fn is_local_page(origin: &HeaderValue) -> bool {
    let origin = origin.to_str().ok();
    let origin = origin.and_then(|origin| Url::parse(origin).ok());
    origin.is_some_and(|origin| is_local(&origin))
}

/// Whether a name can lead nowhere but to this machine.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The one name and port that a request gives; nothing when it gives none, two, or more than that.
fn named(request: &Request) -> Option<Url> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let is_one = hosts.next().is_none();
    let authority = request.uri().authority();
    let is_same = authority.is_none_or(|authority| authority.as_str() == host);
    let url = Url::parse(&format!("http://{host}")).ok()?;
    // What a host cannot have would be something else in a URL.
    let is_plain = !host.contains(['@', '/', '\\', '?', '#']);
    (is_one && is_same && is_plain).then_some(url)
}

fn refused(endpoint: &str) -> Error {
    Error::new(
        401,
        "general_access_forbidden",
        format!(
            "Router protection does not allow accessing Appwrite over this domain. The embedded Appwrite answers to \
             localhost and loopback addresses only, and to the domains of its functions: ask {endpoint}, or make a rule \
             for the domain."
        ),
    )
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;

    use super::{is_local, named};

    #[track_caller]
    fn check(uri: &str, hosts: &[&str], expect: Option<(&str, bool)>) {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header("host", *host);
        }
        let url = named(&request.body(Body::empty()).unwrap());
        let found = url.as_ref().map(|url| (url.as_str(), is_local(url)));
        assert_eq!(found, expect, "{uri} {hosts:?}");
    }

    #[test]
    fn only_names_that_lead_to_this_machine_are_local() {
        for (host, expect) in [
            ("localhost:9501", true),
            ("LocalHost:9501", true),
            ("app.localhost:9501", true),
            ("127.0.0.1:9501", true),
            ("127.9.9.9:9501", true),
            ("[::1]:9501", true),
            ("evil.example:9501", false),
            ("localhost.evil.example:9501", false),
            ("localhost.:9501", false),
            ("notlocalhost:9501", false),
            ("0.0.0.0:9501", false),
            ("192.168.1.7:9501", false),
            ("[::]:9501", false),
        ] {
            let url = format!("http://{}/", host.to_lowercase());
            check("/v1/users", &[host], Some((&url, expect)));
        }
    }

    #[test]
    fn a_request_gives_one_plain_name() {
        check("/", &[], None);
        check("/", &["localhost:9501", "evil.example"], None);
        check("http://evil.example/", &["localhost:9501"], None);
        let same = Some(("http://localhost:9501/", true));
        check("http://localhost:9501/v1", &["localhost:9501"], same);
        for host in [
            "evil.example@localhost:9501",
            "localhost:9501/evil.example",
            "localhost:9501?",
            "localhost:x",
            "",
        ] {
            check("/", &[host], None);
        }
    }
}
