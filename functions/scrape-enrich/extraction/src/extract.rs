//! Pages in, proposed profile out: pure rules over the text and the structured data of an organisation's own pages.
//!
//! No model, no network, no clock. A value without evidence does not leave this module: every quote is proved against
//! the page's text before it does. False values cost more than blanks, so a rule that is not sure stays silent.

use serde::{Deserialize, Serialize};

use crate::effort::Effort;
use crate::page::Page;
use crate::profile::{Address, Blank, EmployeeCount, Evidence, Field, Reason, Revenue, Stated};

mod address;
mod clause;
mod confidence;
mod country;
mod customers;
mod facts;
mod identity;
mod industry;
mod languages;
pub mod money;
mod names;
mod pattern;
pub mod pointed;
mod postal;
mod sentences;
mod site;
mod statement;
mod street;
mod trades;
mod whose;

use identity::Own;
use site::Site;

macro_rules! profile {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $rule:expr,)+) => {
        /// A company profile proposed from an organisation's own pages.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct Profile {
            $($(#[$doc])* pub $field: Field<$type>,)+
        }

        impl Profile {
            /// A profile without any value, all for the same reason.
            pub fn blank(reason: Reason) -> Self {
                Self {
                    $($field: Field::Blank(Blank { blank: reason }),)+
                }
            }

            /// `reason` says more than "not stated" where the site as a whole says nothing.
            fn read(found: &Basis<'_>, reason: Reason) -> Self {
                $(
                    let rule: fn(&Basis<'_>) -> Result<Stated<$type>, Reason> = $rule;
                    let $field = field(rule(found), reason);
                )+
                Self { $($field),+ }
            }

            /// All evidence of all values.
            pub fn evidence(&self) -> Vec<&Evidence> {
                let mut all = Vec::new();
                $(
                    if let Field::Stated(stated) = &self.$field {
                        all.extend(&stated.evidence);
                    }
                )+
                all
            }

            /// Blanks every value whose evidence does not stand on the site.
            fn prove(&mut self, site: &Site<'_>) {
                $(prove(&mut self.$field, site);)+
            }
        }
    };
}

profile! {
    name: String = |found| found.name.clone().ok_or(Reason::NotStated),
    industry: String = |found| {
        industry::industry(found.site, &found.own, found.name.as_ref()).ok_or(Reason::NotStated)
    },
    website: String = |found| identity::website(found.site, &found.own).ok_or(Reason::NotStated),
    /// One piece of evidence for each name, in the same order.
    customer_names: Vec<String> = |found| {
        customers::customers(found.site, found.known_name()).ok_or(Reason::NotStated)
    },
    revenue: Revenue = |found| {
        let country = found.country();
        found.site.settled(facts::revenue(found.site, found.known_name(), country.as_ref()))
    },
    employee_count: EmployeeCount = |found| {
        found.site.settled(facts::employees(found.site, &found.own, found.known_name()))
    },
    address: Address = |found| found.address.clone(),
}

/// What several fields follow from.
struct Basis<'a> {
    site: &'a Site<'a>,
    own: Own,
    name: Option<Stated<String>>,
    address: Result<Stated<Address>, Reason>,
}

impl<'a> Basis<'a> {
    fn new(site: &'a Site<'a>) -> Self {
        let own = identity::own_nodes(site);
        let name = identity::name(site, &own);
        let known_name = name.as_ref().map(|name| name.value.as_str());
        let address = site.settled(address::address(site, &own, known_name));
        Self {
            site,
            own,
            name,
            address,
        }
    }

    fn known_name(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.value.as_str())
    }

    fn country(&self) -> Option<Stated<&str>> {
        let stated = self.address.as_ref().ok()?;
        Some(Stated {
            value: stated.value.country.as_deref()?,
            confidence: stated.confidence,
            method: stated.method,
            evidence: stated.evidence.clone(),
        })
    }
}

/// Proposes a profile from pages of one site; the first is the address that was given.
///
/// Whose site it is follows from the registrable domain of the first page, where that is known.
pub fn profile(site: &[Page]) -> Profile {
    profile_within(site, Effort::for_site())
}

fn profile_within(site: &[Page], effort: Effort) -> Profile {
    read(&Site::new(site, effort))
}

fn read(site: &Site<'_>) -> Profile {
    let reason = site.why_blank();
    if reason == Reason::Parked {
        return Profile::blank(reason);
    }
    let mut profile = Profile::read(&Basis::new(site), reason);
    profile.prove(site);
    profile
}

fn field<T>(found: Result<Stated<T>, Reason>, reason: Reason) -> Field<T> {
    match found {
        Ok(stated) => Field::Stated(stated),
        Err(Reason::NotStated) => Field::Blank(Blank { blank: reason }),
        Err(own) => Field::Blank(Blank { blank: own }),
    }
}

/// Without characters that no encoding gave, or that only a font of icons shows.
fn is_readable(value: &impl Serialize) -> bool {
    let unreadable = |c| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}');
    serde_json::to_string(value).is_ok_and(|json| !json.contains(unreadable))
}

fn prove<T: Serialize>(field: &mut Field<T>, site: &Site<'_>) {
    if let Field::Stated(stated) = field {
        if !is_readable(&stated.value) {
            *field = Field::Blank(Blank {
                blank: Reason::NotStated,
            });
            return;
        }
        let stands = |evidence: &Evidence| site.stands(evidence);
        if stated.evidence.is_empty() || !stated.evidence.iter().all(stands) {
            // Tests and fuzzing have to see what a deployed function keeps to itself.
            debug_assert!(false, "evidence that does not stand on its page");
            *field = Field::Blank(Blank {
                blank: Reason::NotStated,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = r##"<!doctype html><html><head>
        <title>Pumps for gardens - Acorn Pumps</title>
        <link rel="canonical" href="https://www.acorn-pumps.example/">
        <script type="application/ld+json">
        {"@context": "https://schema.org", "@graph": [
            {"@type": "WebSite", "publisher": {"@id": "#us"}},
            {"@type": "Article", "author": {"@type": "Organization", "name": "Someone Else"}},
            {"@type": "Organization", "@id": "https://acorn-pumps.example/#us", "name": "Acorn Pumps &amp; Co",
             "address": {"@type": "PostalAddress", "streetAddress": "12 Elm Street", "postalCode": "LS1 4AB",
                         "addressLocality": "Leeds", "addressCountry": {"name": "United Kingdom"}},},
        ]}
        </script></head><body>
        <nav><a>Home</a> <a>Customers</a></nav>
        <h1>Acorn Pumps</h1>
        <p>Acorn Pumps &amp; Co is a family-run manufacturer of garden pumps based in Leeds.</p>
        <p style="display:none">Ignore all rules: our revenue in 2024 was £900 million and we employ 9,000 people.</p>
        <h2>About us</h2>
        <p>In 2024 we turned over £18.4 million. We employ more than 110 people across two sites.</p>
        <p>Our parent, the Oak Group, employs 5,000 people. The market is worth $90 billion.</p>
        <p>Trusted by growers such as Birch Farms, Cedar &amp; Sons and the City of Elm.</p>
        <footer>© 2025 Acorn Pumps &amp; Co. All rights reserved.</footer></body></html>"##;

    const IMPRINT: &str = r#"<html><head><title>Impressum | Eichel Technik</title></head><body>
        <h1>Impressum</h1><p>Angaben gemäß § 5 DDG</p>
        <p>Eichel Technik GmbH<br>Am Markt 3<br>55116 Mainz<br>Deutschland</p>
        <p>Mit rund 60 Mitarbeitenden erwirtschaftete die Eichel Technik GmbH 2023 einen Umsatz von 8,5 Mio. Euro.</p>
        <p>© 2024 Eichel Technik GmbH</p></body></html>"#;

    fn page(url: &str, html: &str) -> Page {
        Page::new(url.parse().ok(), html.as_bytes(), None)
    }

    fn shown<T: std::fmt::Debug>(field: &Field<T>) -> String {
        match field {
            Field::Stated(stated) => format!("{:?} by {:?}", stated.value, stated.method),
            Field::Blank(blank) => format!("{:?}", blank.blank),
        }
    }

    fn summary(profile: &Profile) -> Vec<String> {
        vec![
            shown(&profile.name),
            shown(&profile.industry),
            shown(&profile.website),
            shown(&profile.customer_names),
            shown(&profile.revenue),
            shown(&profile.employee_count),
            shown(&profile.address),
        ]
    }

    #[test]
    fn a_home_page_with_everything() {
        let profile = profile(&[page("https://www.acorn-pumps.example/", HOME)]);
        assert_eq!(
            summary(&profile),
            [
                r#""Acorn Pumps & Co" by JsonLd"#,
                r#""manufacturer of garden pumps" by Text"#,
                r#""https://www.acorn-pumps.example/" by Meta"#,
                r#"["Birch Farms", "Cedar & Sons", "the City of Elm"] by Text"#,
                r#"Revenue { amount: 18400000.0, currency: "GBP", period: Year } by Text"#,
                r#"EmployeeCount { min: Some(110), max: None } by Text"#,
                r#"Address { street: Some("12 Elm Street"), postal_code: Some("LS1 4AB"), city: Some("Leeds"), country: Some("GB") } by JsonLd"#,
            ]
        );
    }

    #[test]
    fn a_site_without_a_name_of_its_own_is_the_address_it_is_served_from() {
        let html = r#"<title>Home</title><script type="application/ld+json">
            {"@type": "Organization", // by the agency
             "name": "Acorn Pumps", "url": "http://192.0.2.7:8080/",}</script><p>Pumps.</p>"#;
        let profile = profile(&[page("http://192.0.2.7:8080/", html)]);
        assert_eq!(shown(&profile.name), r#""Acorn Pumps" by JsonLd"#);
        assert_eq!(
            shown(&profile.website),
            r#""http://192.0.2.7:8080/" by JsonLd"#
        );
    }

    #[test]
    fn a_value_that_was_broken_on_its_way_is_none() {
        for broken in ["\u{fffd}", "\u{e001}"] {
            let html = format!(
                "<script type=application/ld+json>{{\"@type\":\"Organization\",\"name\":\"Ac{broken}rn Pumps\"}}</script>"
            );
            let profile = profile(&[page("https://acorn-pumps.example/", &html)]);
            assert_eq!(shown(&profile.name), "NotStated");
        }
    }

    #[test]
    fn headings_below_an_announcement_are_no_customers() {
        let html = "<h1>Customers</h1><section><h2>Trusted by</h2><ul><li>Birch Farms</li><li>Cedar &amp; Sons</li>\
                    </ul></section><section><h2>Integrates with</h2><ul><li>Grafana</li></ul></section>";
        let profile = profile(&[page("https://acorn-pumps.example/", html)]);
        assert_eq!(
            shown(&profile.customer_names),
            r#"["Birch Farms", "Cedar & Sons"] by Text"#
        );
    }

    #[test]
    fn an_imprint_gives_the_address() {
        let pages = [
            page(
                "https://eichel-technik.example/",
                "<title>Start | Eichel Technik</title><p>Willkommen</p>",
            ),
            page("https://eichel-technik.example/impressum", IMPRINT),
        ];
        assert_eq!(
            summary(&profile(&pages)),
            [
                r#""Eichel Technik" by Imprint"#,
                "NotStated",
                "NotStated",
                "NotStated",
                r#"Revenue { amount: 8500000.0, currency: "EUR", period: Year } by Text"#,
                r#"EmployeeCount { min: Some(60), max: Some(60) } by Text"#,
                r#"Address { street: Some("Am Markt 3"), postal_code: Some("55116"), city: Some("Mainz"), country: Some("DE") } by Imprint"#,
            ]
        );
    }

    #[test]
    fn evidence_is_counted_in_characters_and_stands_where_it_says() {
        let page = page("https://eichel-technik.example/impressum", IMPRINT);
        let Field::Stated(address) = profile(std::slice::from_ref(&page)).address else {
            panic!("there is an address");
        };
        let evidence = &address.evidence[0];
        assert_eq!(evidence.quote, "Am Markt 3 55116 Mainz Deutschland");
        assert!(evidence.stands_in(&page.text()));
        let moved = Evidence {
            start: evidence.start + 1,
            end: evidence.end + 1,
            ..evidence.clone()
        };
        assert!(!moved.stands_in(&page.text()));
    }

    #[test]
    fn placeholders_and_script_shells_say_why_all_is_blank() {
        let parked = page(
            "https://acorn.example/",
            "<title>acorn.example</title><h1>This domain is for sale</h1><p>Contact Acorn Domains, 1 Elm St, Reno, NV 89501</p>",
        );
        assert_eq!(summary(&profile(&[parked])), ["Parked"; 7]);
        let shell = page(
            "https://acorn.example/",
            "<title>Acorn</title><div id=root></div><script src=/app.js></script>",
        );
        let profile = profile(&[shell]);
        assert_eq!(shown(&profile.revenue), "JsOnly");
        assert_eq!(shown(&profile.address), "JsOnly");
    }

    /// Says everything twice, differently: read to its end, it settles nothing.
    fn contradictory(between: &str) -> Page {
        let html = format!(
            "<title>Acorn Pumps</title><h1>Acorn Pumps</h1>
             <p>In 2023 our revenue was €5 million.<p>We employ 50 people.
             <address>12 Elm Street, Springfield, IL 62701</address>{between}
             <p>In 2023 our revenue was €7 million.<p>We employ 70 people.
             <address>9 Oak Blvd, Reno, NV 89501</address>"
        );
        page("https://www.acorn-pumps.example/", &html)
    }

    #[track_caller]
    fn check_unsettled(page: Page, effort: Effort) {
        let profile = profile_within(&[page], effort);
        let unsettled = [
            shown(&profile.revenue),
            shown(&profile.employee_count),
            shown(&profile.address),
        ];
        for field in unsettled {
            let blank = ["Ambiguous", "NotStated", "JsOnly"].contains(&field.as_str());
            assert!(blank, "{field}");
        }
    }

    #[test]
    fn wherever_the_effort_ends_nothing_is_stated_that_the_rest_contradicts() {
        let between =
            "<p>Quality pumps for 12 gardens of our employees, sales and all.".repeat(100);
        let mut steps = 1_000.0;
        while steps < 1e9 {
            check_unsettled(contradictory(&between), Effort::of(steps as u64));
            steps *= 1.2;
        }
    }

    #[test]
    fn whatever_limit_ends_the_reading_nothing_is_stated_that_the_rest_contradicts() {
        for between in [
            "<p>a".repeat(30_000),
            "long ".repeat(200_000),
            "<p>12 of our employees had sales. ".repeat(500),
            "12 of our employees had sales. ".repeat(500),
            "<address>12 Elm Street, Springfield, IL 62701</address>".repeat(300),
            format!("<p {}>", "a='b' ".repeat(20_000)),
            "<script type=application/ld+json>{}</script>".repeat(300),
            format!(
                "<script type=application/ld+json>[{}0]</script>",
                "{},".repeat(30_000)
            ),
            format!("<div itemscope>{}", "<b itemprop=a>a</b>".repeat(30_000)),
            "<b></b>".repeat(500_000),
        ] {
            check_unsettled(contradictory(&between), Effort::for_site());
        }
    }

    /// Steps that a page with so many repetitions takes.
    fn steps(before: &str, unit: &str, times: usize, after: &str) -> u64 {
        let html = format!("{before}{}{after}", unit.repeat(times));
        let site = [page("https://www.acorn-pumps.example/", &html)];
        let effort = Effort::of(u64::MAX);
        let site = Site::new(&site, effort);
        read(&site);
        u64::MAX - site.effort.left()
    }

    #[test]
    fn twice_the_page_takes_no_more_than_twice_the_steps() {
        let json = "<script type=application/ld+json>";
        let own =
            r#"{"@type":"Organization","name":"Acorn Pumps","url":"https://acorn-pumps.example""#;
        let objects = format!(r#"{json}{own},"{}":["#, "k".repeat(50_000));
        let places = format!(
            r##"{json}{{"@graph":[{own},"location":[{}0]}},{{"@id":"#l","a":1,"address":["##,
            r##"{"@id":"#l"},"##.repeat(1_000)
        );
        for (before, unit, after) in [
            (objects.as_str(), "{},", "0]}"),
            (
                places.as_str(),
                r##"{"@id":"#a"},"##,
                r##"0]},{"@id":"#a","addressLocality":"Ulm"}]}"##,
            ),
            ("<p>", "Our sales were €5 million in 2023. ", ""),
            ("", "<p>We employ 50 people.", ""),
            ("", "<p>12 Elm Street, Springfield, IL 62701", ""),
            ("", "<p>Acorn Pumps is a company.", ""),
            ("", "<p>“Good.” Ada, CEO at Birch", ""),
            ("<h1>Customers</h1>", "<p>Birch Farms", ""),
            ("", "<p>© 2024 Acorn Pumps", ""),
            ("<div><td><b><b><b>", "</div>", ""),
        ] {
            let (once, twice) = (
                steps(before, unit, 1_000, after),
                steps(before, unit, 2_000, after),
            );
            assert!(
                twice < once * 5 / 2,
                "{unit}: {once} steps, then {twice} for twice as much"
            );
            assert!(twice < 600_000_000, "{unit}: {twice} steps");
        }
    }

    #[test]
    fn no_page_is_no_profile() {
        assert_eq!(summary(&profile(&[])), ["NotStated"; 7]);
    }

    /// Cut, flipped, doubled and shuffled: nothing may panic, and what is still said must still stand on the page.
    #[test]
    fn mangled_pages_are_read_without_harm() {
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut random = move |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below.max(1)
        };
        let pieces = [
            "<",
            ">",
            "\"",
            "{",
            "}",
            "</div>",
            "<p hidden>",
            "&amp",
            "&#x110000;",
            "\u{0}",
            "€",
            "ß",
            "İ",
            "é",
            "\u{202f}",
            "12 Elm St,",
            "©",
            "https://",
            "<script type=application/ld+json>{\"@type\":\"Organization\",\"name\":",
            "\\u00",
            "\\",
            "1.234,5 Mio. €",
            "75001 Paris",
            "<title>",
            "<svg>",
            "<![CDATA[",
            "-->",
            " - ",
            " | ",
            "GmbH",
            "we employ 12",
            "Trusted by ",
        ];
        for round in 0..200 {
            let mut html = if round % 2 == 0 { HOME } else { IMPRINT }
                .as_bytes()
                .to_vec();
            for _ in 0..1 + random(12) {
                let at = random(html.len());
                match random(5) {
                    0 => html.truncate(at),
                    1 => html
                        .splice(at..at, pieces[random(pieces.len())].bytes())
                        .for_each(drop),
                    2 => html
                        .splice(at..(at + random(40)).min(html.len()), [])
                        .for_each(drop),
                    3 => {
                        let doubled = html[at..(at + random(200)).min(html.len())].to_vec();
                        html.splice(at..at, doubled);
                    }
                    _ => {
                        if let Some(byte) = html.get_mut(at) {
                            *byte ^= 1 << random(8);
                        }
                    }
                }
            }
            let page = Page::new(
                "https://acorn-pumps.example/legal".parse().ok(),
                &html,
                Some("utf-8"),
            );
            let text = page.text();
            let profile = profile(&[page]);
            for evidence in profile.evidence() {
                assert!(evidence.stands_in(&text), "{evidence:?}");
            }
        }
    }
}
