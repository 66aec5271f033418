//! Pages: what they say, where they lead, and the amounts in them.

use domain::document::Envelope;
use extraction::extract::pointed::{self, Pointers, Verdict};
use extraction::extract::Profile;
use extraction::extract::{self, money};
use extraction::links::{refresh, worth_reading};
use extraction::page::Page;
use extraction::profile::{Evidence, Field};
use extraction::proposal::Proposal;
use fastrand::Rng;
use serde::Serialize;
use url::Url;

use super::{alike, must, Target};
use crate::mutate::{self, Matter};
use crate::seeds::{FACTS, JSON, MARKUP, MONEY as AMOUNTS, PAGES, POSTAL};

const WORDS: &[&[&str]] = &[MARKUP, JSON, AMOUNTS, FACTS, POSTAL];

/// Bytes to a proposed profile and its document.
pub(super) const PAGE: Target = Target {
    name: "page",
    cases: 250,
    share: 12,
    input: |random| page(random, 64 * 1024),
    check: check_page,
};

/// Words that a model could quote of a page, beside the page, to a profile.
pub(super) const POINTERS: Target = Target {
    name: "pointers",
    cases: 250,
    share: 4,
    input: |random| page(random, 16 * 1024),
    check: check_pointers,
};

/// Markup to the addresses that are read next.
pub(super) const LINKS: Target = Target {
    name: "links",
    cases: 300,
    share: 2,
    input: |random| page(random, 16 * 1024),
    check: check_links,
};

/// Text to amounts of money.
pub(super) const MONEY: Target = Target {
    name: "money",
    cases: 1_000,
    share: 3,
    input: |random| {
        super::text(
            random,
            &[
                "Unser Umsatz lag 2023 bei über 500 Mio. Euro und 5 euro 50.",
                "a turnover of £9.6 million, USD115m, 3 USD50 cards, €3-5 million",
                "12,5 Millionen d’euros; dreizehn Euro und fünfundvierzig Cent",
                "Rs. 3 crore, CHF 3'200'000.-, half a million dollars, B2B 5 k€",
            ],
            &[AMOUNTS, AMOUNTS, FACTS],
            1_024,
        )
    },
    check: check_money,
};

/// A stretch of what a model is shown as it is or mutated, or any text.
fn quote(random: &mut Rng, shown: &[String]) -> String {
    let text = match shown.len() {
        0 => String::new(),
        count => shown[random.usize(..count)].clone(),
    };
    let marks: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let own = match marks.len() {
        0 => String::new(),
        count => {
            let start = random.usize(..count);
            let end = start + random.usize(1..200).min(count - start);
            let end = marks.get(end).copied().unwrap_or(text.len());
            text[marks[start]..end].to_owned()
        }
    };
    if random.bool() {
        return own;
    }
    let seeds = [own.into_bytes()];
    let matter = Matter {
        seeds: &seeds,
        words: &[AMOUNTS, FACTS, POSTAL],
        longest: 1_024,
    };
    String::from_utf8_lossy(&mutate::input(random, matter)).into_owned()
}

/// A model adds no value that the rules do not read where it stands, and takes none away but by contradiction.
fn check_pointers(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let url = Url::parse("https://www.example.com/").map_err(|error| error.to_string())?;
    let pages = [Page::new(Some(url.clone()), input, None)];
    let shown = pointed::passages(&pages);
    let mut some = || random.bool().then(|| quote(random, &shown));
    let pointers = Pointers {
        revenue: some(),
        employee_count: some(),
        address: some(),
    };
    let rules = extract::profile(&pages);
    let (joined, verdicts) = pointed::profile(&pages, &pointers);
    let asked = [
        &pointers.revenue,
        &pointers.employee_count,
        &pointers.address,
    ];
    let asked = asked.iter().filter(|quote| quote.is_some()).count();
    must(
        verdicts.iter().count() == asked,
        "a quote without a verdict",
    )?;
    must(
        alike(&joined.name, &rules.name)? && alike(&joined.industry, &rules.industry)?,
        "a field that no quote is for has changed",
    )?;
    let fields = [
        (verdicts.revenue, is_kept(&joined.revenue, &rules.revenue)?),
        (
            verdicts.employee_count,
            is_kept(&joined.employee_count, &rules.employee_count)?,
        ),
        (verdicts.address, is_kept(&joined.address, &rules.address)?),
    ];
    for (verdict, is_kept) in fields {
        let may_change = matches!(verdict, Some(Verdict::Stored | Verdict::Disagreed));
        must(
            is_kept || may_change,
            format!("a value that is another one after {verdict:?}"),
        )?;
    }
    // Whatever is stated is proved by the page, as any other value.
    let document = Envelope::new(&Proposal::new(Some(url), &pages, joined));
    let read: Result<Proposal, _> = document.read();
    must(read.is_ok(), "a document that cannot be read")
}

/// Whether a field has the value that it had, or none as before.
fn is_kept<T: Serialize>(joined: &Field<T>, rules: &Field<T>) -> Result<bool, String> {
    match (joined, rules) {
        (Field::Stated(joined), Field::Stated(rules)) => alike(&joined.value, &rules.value),
        (Field::Blank(_), Field::Blank(_)) => Ok(true),
        (Field::Stated(_), Field::Blank(_)) | (Field::Blank(_), Field::Stated(_)) => Ok(false),
    }
}

fn page(random: &mut Rng, longest: usize) -> Vec<u8> {
    let matter = Matter {
        seeds: &PAGES,
        words: WORDS,
        longest,
    };
    mutate::input(random, matter)
}

const CHARSETS: [&str; 12] = [
    "utf-8",
    "UTF8",
    "iso-8859-1",
    "windows-1252",
    "utf-16le",
    "utf-16be",
    "shift_jis",
    "gb18030",
    "iso-2022-jp",
    "iso-2022-kr",
    "x-user-defined",
    "nonsense",
];

const ADDRESSES: [&str; 6] = [
    "https://www.tidewater.example.com/about",
    "https://nordlicht.example.com/impressum",
    "http://etoile.example.com/a/b?c=d",
    "https://acme.co.uk/",
    "http://93.184.216.34/",
    "https://xn--bcher-kva.example.org/%FC",
];

fn address(random: &mut Rng) -> Url {
    let address = ADDRESSES[random.usize(..ADDRESSES.len())];
    Url::parse(address).expect("an address of the list")
}

fn check_page(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let site = site(random, input);
    let texts: Vec<String> = site.iter().map(Page::text).collect();
    for (page, text) in site.iter().zip(&texts) {
        let document = page.document();
        must(document.text() == text, "another text the second time")?;
        let mut spans = document.spans();
        must(
            spans.all(|span| text.get(span).is_some()),
            "a span that is none of the text's",
        )?;
        let address = document.address();
        must(
            address.is_none_or(|url| matches!(url.scheme(), "http" | "https")),
            "an address of another scheme",
        )?;
    }
    let profile = extract::profile(&site);
    check_profile(&profile, |evidence| {
        let mut pages = site.iter().zip(&texts);
        pages.any(|(page, text)| page.url == evidence.url && evidence.stands_in(text))
    })?;
    let proposal = Proposal::new(site[0].url.clone(), &site, profile);
    must(
        Envelope::new(&proposal).read().as_ref() == Ok(&proposal),
        "a document that is another one when read again",
    )?;
    // Twice the work, so not each time.
    must(
        random.u8(..4) != 0 || extract::profile(&site) == proposal.profile,
        "another profile the second time",
    )
}

/// The input as one page, sometimes as several pages of one site.
fn site(random: &mut Rng, input: &[u8]) -> Vec<Page> {
    let charset = (random.u8(..3) == 0).then(|| CHARSETS[random.usize(..CHARSETS.len())]);
    let url = (random.u8(..16) != 0).then(|| address(random));
    let count = if random.u8(..4) == 0 { 3 } else { 1 };
    let length = input.len().div_ceil(count).max(1);
    let mut parts: Vec<&[u8]> = input.chunks(length).collect();
    parts.resize(count, b"");
    let pages = parts.into_iter().enumerate().map(|(number, body)| {
        let url = url.clone().map(|mut url| {
            url.set_query((number > 0).then(|| number.to_string()).as_deref());
            url
        });
        Page::new(url, body, charset)
    });
    pages.collect()
}

fn check_profile(profile: &Profile, stands: impl Fn(&Evidence) -> bool) -> Result<(), String> {
    check_field("name", &profile.name, &stands)?;
    check_field("industry", &profile.industry, &stands)?;
    check_field("website", &profile.website, &stands)?;
    check_field("customers", &profile.customer_names, &stands)?;
    check_field("revenue", &profile.revenue, &stands)?;
    check_field("employees", &profile.employee_count, &stands)?;
    check_field("address", &profile.address, &stands)?;
    if let Field::Stated(name) = &profile.name {
        must(!name.value.trim().is_empty(), "an empty name")?;
    }
    if let Field::Stated(names) = &profile.customer_names {
        must(
            names.value.len() == names.evidence.len(),
            "customers without evidence of their own",
        )?;
    }
    if let Field::Stated(revenue) = &profile.revenue {
        let (amount, currency) = (revenue.value.amount, &revenue.value.currency);
        must(amount.is_finite(), "an endless revenue")?;
        must(
            currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase()),
            "a currency that is none",
        )?;
    }
    if let Field::Stated(count) = &profile.employee_count {
        let (min, max) = (count.value.min, count.value.max);
        must(min.or(max).is_some(), "a head count of nothing")?;
        must(
            min.zip(max).is_none_or(|(min, max)| min <= max),
            "a head count upside down",
        )?;
    }
    if let Field::Stated(address) = &profile.address {
        let address = &address.value;
        must(
            address.street.is_some() || address.city.is_some(),
            "an address of nothing",
        )?;
        let country = address.country.as_deref();
        must(
            country.is_none_or(|country| country.len() == 2),
            "a country that is none",
        )?;
    }
    Ok(())
}

fn check_field<T>(
    name: &str,
    field: &Field<T>,
    stands: impl Fn(&Evidence) -> bool,
) -> Result<(), String> {
    let Field::Stated(stated) = field else {
        return Ok(());
    };
    let said = |what: &str| format!("{name}: {what}");
    must(
        (0.0..=1.0).contains(&stated.confidence),
        said("a confidence that is none"),
    )?;
    must(!stated.evidence.is_empty(), said("no evidence"))?;
    must(
        stated.evidence.iter().all(stands),
        said("evidence that does not stand on its page"),
    )
}

fn check_links(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let base = address(random);
    let page = Page::new(Some(base.clone()), input, None);
    let links = worth_reading(&page.html, &base);
    for (at, link) in links.iter().enumerate() {
        must(
            matches!(link.url.scheme(), "http" | "https"),
            "a link of another scheme",
        )?;
        must(
            link.url.fragment().is_none(),
            "a link into the middle of a page",
        )?;
        let mut before = links[..at].iter();
        must(
            before.all(|other| other.kind != link.kind && other.url != link.url),
            "a link twice",
        )?;
    }
    if let Some(next) = refresh(&page.html, &base) {
        must(
            base.scheme() == "http" || next.scheme() == "https",
            "a signpost out of encryption",
        )?;
        must(next != base, "a signpost to itself")?;
    }
    Ok(())
}

fn check_money(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input);
    let mut last = 0;
    for amount in money::amounts(&text) {
        let quote = text.get(amount.start..amount.end);
        must(
            quote.is_some_and(|quote| !quote.is_empty()),
            "an amount that is no piece of the text",
        )?;
        must(amount.start >= last, "amounts out of order")?;
        last = amount.end;
        must(amount.value.is_finite(), "an endless amount")?;
    }
    Ok(())
}
