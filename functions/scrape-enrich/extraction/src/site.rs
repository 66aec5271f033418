//! Which addresses belong to one website. Pure.

use public_suffix::{EffectiveTLDProvider, DEFAULT_PROVIDER};
use url::{Host, Url};

/// Without the part that never reaches a server.
pub fn plain(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

/// Whether both are on one site.
pub fn is_same_site(one: &Url, other: &Url) -> bool {
    site_of(one) == site_of(other)
}

/// The registrable domain (public suffix list), or the host and port where there is none.
pub fn site_of(url: &Url) -> String {
    match (url.host(), registrable(url)) {
        (_, Some(domain)) => domain.to_owned(),
        (Some(Host::Domain(name)), None) => name.to_owned(),
        (Some(host), None) => format!("{host}:{}", url.port_or_known_default().unwrap_or(0)),
        (None, None) => String::new(),
    }
}

fn registrable(url: &Url) -> Option<&str> {
    let name = url.domain()?;
    let name = name.strip_suffix('.').unwrap_or(name);
    DEFAULT_PROVIDER.effective_tld_plus_one(name).ok()
}

/// Whether two sites differ only in their ending: acme.de and acme.com.
pub fn is_same_name(one: &Url, other: &Url) -> bool {
    let name = |url| {
        let domain = registrable(url)?;
        domain.strip_suffix(DEFAULT_PROVIDER.public_suffix(domain))
    };
    matches!((name(one), name(other)), (Some(one), Some(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_same(one: &str, other: &str, site: bool, name: bool) {
        let (one, other) = (Url::parse(one).unwrap(), Url::parse(other).unwrap());
        let got = (is_same_site(&one, &other), is_same_name(&one, &other));
        assert_eq!(got, (site, name), "{one} {other}");
    }

    #[test]
    fn sites_are_told_apart_by_registrable_domain() {
        check_same("https://acme.de", "http://www.acme.de./x", true, true);
        check_same("https://acme.de", "https://shop.acme.co.uk", false, true);
        check_same("https://acme.de", "https://acme-group.de", false, false);
        check_same("https://a.github.io", "https://b.github.io", false, false);
        check_same("http://127.0.0.1:81", "http://127.0.0.1:82", false, false);
        check_same("http://[::1]:81", "http://[::1]:81/x", true, false);
    }
}
