//! What a model points at: a quote for a field, which the rules read as if nothing else stood on the site.
//!
//! A model's word counts for nothing. Its quote has to stand on a page, word for word and visible, and then the rules ask
//! of that place what they ask of every other: whose figure it is, of the whole, of what period. So a model can confirm
//! what the rules found or speak against it; it cannot state what they would not.

use serde::{Deserialize, Serialize};

use super::address;
use super::confidence::POINTED;
use super::facts;
use super::identity::Own;
use super::site::{Place, Site};
use super::{read, Profile};
use crate::effort::Effort;
use crate::page::{Block, Page, Span, Zone};
use crate::profile::{Address, Blank, EmployeeCount, Field, Method, Reason, Revenue, Stated};
use crate::slice::cut;

/// Goes up when the same quote is read differently: a stored `promptVersion` is made of it.
pub const READER: u32 = 1;

/// A quote for each field, as a model gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pointers {
    pub revenue: Option<String>,
    pub employee_count: Option<String>,
    pub address: Option<String>,
}

/// What became of each quote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdicts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_count: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Verdict>,
}

/// What became of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It says what the rules found, which is surer now.
    Agreed,
    /// The rules had found nothing, and read a value there.
    Stored,
    /// It says something else than the rules found: the field is blank.
    Disagreed,
    /// Too short, too long or without a figure.
    Unusable,
    /// It does not stand on the pages.
    NotOnPage,
    /// The rules read no value of the organisation's there.
    NotStated,
    /// The rules read several there, or had a reason of their own to leave the field blank.
    Ambiguous,
}

impl Verdicts {
    /// Each quote's.
    pub fn iter(&self) -> impl Iterator<Item = Verdict> {
        [self.revenue, self.employee_count, self.address]
            .into_iter()
            .flatten()
    }
}

/// Bytes of a quote: no sentence that the rules read is longer.
const LONGEST_QUOTE: usize = 600;

/// Characters of a quote; fewer are found everywhere.
const SHORTEST_QUOTE: usize = 8;

/// Places at which a quote is read; what stands on a site more often says nothing of one of them.
const MOST_PLACES: usize = 8;

/// What a byte costs, in steps, while a quote is looked for in it.
const BYTE: u64 = 10;

/// The profile that the rules propose, joined with what a model points at.
pub fn profile(pages: &[Page], pointers: &Pointers) -> (Profile, Verdicts) {
    let mut site = Site::new(pages, Effort::for_site());
    let mut profile = read(&site);
    let verdicts = join_all(&mut site, &mut profile, pointers);
    (profile, verdicts)
}

fn join_all(site: &mut Site<'_>, profile: &mut Profile, pointers: &Pointers) -> Verdicts {
    let name = stated(&profile.name).map(|name| name.value.clone());
    let name = name.as_deref();
    let nowhere = Own {
        nodes: Vec::new(),
        proven: false,
    };
    let address = pointers.address.as_deref().map(|quote| {
        let found = point(
            site,
            quote,
            |site| address::from_text(site, &nowhere, name),
            is_one_place,
        );
        join(&mut profile.address, found, is_one_place)
    });
    let country = stated(&profile.address).and_then(|stated| {
        Some(Stated {
            value: stated.value.country.clone()?,
            confidence: stated.confidence,
            method: stated.method,
            evidence: stated.evidence.clone(),
        })
    });
    let country = country.as_ref().map(|stated| Stated {
        value: stated.value.as_str(),
        confidence: stated.confidence,
        method: stated.method,
        evidence: stated.evidence.clone(),
    });
    let revenue = pointers.revenue.as_deref().map(|quote| {
        let rule = |site: &Site<'_>| facts::revenue(site, name, country.as_ref());
        let found = point(site, quote, rule, Revenue::eq);
        join(&mut profile.revenue, found, Revenue::eq)
    });
    let employee_count = pointers.employee_count.as_deref().map(|quote| {
        let rule = |site: &Site<'_>| facts::employees(site, &nowhere, name);
        let found = point(site, quote, rule, EmployeeCount::eq);
        join(&mut profile.employee_count, found, EmployeeCount::eq)
    });
    Verdicts {
        revenue,
        employee_count,
        address,
    }
}

fn stated<T>(field: &Field<T>) -> Option<&Stated<T>> {
    match field {
        Field::Stated(stated) => Some(stated),
        Field::Blank(_) => None,
    }
}

/// Two addresses of one place: what one says more than the other does not count.
fn is_one_place(one: &Address, other: &Address) -> bool {
    !address::contradict(one, other)
}

/// What the rules read where a quote stands. Where it stands more than once, all places that say something say the same.
fn point<T>(
    site: &mut Site<'_>,
    quote: &str,
    rule: impl Fn(&Site<'_>) -> Result<Stated<T>, Reason>,
    agree: impl Fn(&T, &T) -> bool,
) -> Result<Stated<T>, Verdict> {
    let mut found: Option<Stated<T>> = None;
    let mut why = Verdict::NotStated;
    for place in places(site, quote)? {
        site.focus = Some(place);
        let read = rule(site);
        site.focus = None;
        match (read, &found) {
            (Ok(next), Some(first)) if !agree(&first.value, &next.value) => {
                return Err(Verdict::Ambiguous);
            }
            (Ok(_), Some(_)) => {}
            (Ok(next), None) => found = Some(next),
            (Err(Reason::Ambiguous), _) => why = Verdict::Ambiguous,
            (Err(_), _) => {}
        }
    }
    match found {
        Some(stated) if site.is_whole() => Ok(stated),
        Some(_) => Err(Verdict::Ambiguous),
        None => Err(why),
    }
}

/// Where a quote stands in what a reader sees, between words.
fn places(site: &Site<'_>, quote: &str) -> Result<Vec<Place>, Verdict> {
    let quote = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    let has_figure = quote.chars().any(|c| c.is_ascii_digit());
    if quote.len() > LONGEST_QUOTE || quote.chars().count() < SHORTEST_QUOTE || !has_figure {
        return Err(Verdict::Unusable);
    }
    let mut places = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let visible = page.document.visible();
        if !site.effort.spend(visible.len(), BYTE) {
            return Err(Verdict::Ambiguous);
        }
        for (start, _) in visible.match_indices(&quote) {
            let end = start + quote.len();
            let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let before = cut(visible, ..start).chars().next_back();
            let behind = cut(visible, end..).chars().next();
            let begins = is_inside(quote.chars().next()) && is_inside(before);
            let ends = is_inside(quote.chars().next_back()) && is_inside(behind);
            if begins || ends {
                continue;
            }
            if places.len() == MOST_PLACES {
                return Err(Verdict::Ambiguous);
            }
            let span = Span { start, end };
            places.push(Place { reading, span });
        }
    }
    match places.is_empty() {
        true => Err(Verdict::NotOnPage),
        false => Ok(places),
    }
}

/// Joins what the rules read where a model points with what they read everywhere. Whoever differs makes the field blank.
fn join<T>(
    field: &mut Field<T>,
    pointed: Result<Stated<T>, Verdict>,
    agree: impl Fn(&T, &T) -> bool,
) -> Verdict {
    let pointed = match pointed {
        Ok(pointed) => pointed,
        Err(verdict) => return verdict,
    };
    match field {
        Field::Stated(rules) if agree(&rules.value, &pointed.value) => {
            // Half of the doubt is left.
            rules.confidence = 1.0 - (1.0 - rules.confidence) / 2.0;
            Verdict::Agreed
        }
        Field::Stated(_) => {
            let blank = Reason::Ambiguous;
            *field = Field::Blank(Blank { blank });
            Verdict::Disagreed
        }
        Field::Blank(Blank {
            blank: Reason::NotStated,
        }) => {
            *field = Field::Stated(Stated {
                confidence: pointed.confidence.min(POINTED),
                method: Method::Model,
                ..pointed
            });
            Verdict::Stored
        }
        Field::Blank(_) => Verdict::Ambiguous,
    }
}

/// Bytes of all passages of a site. A model's question holds no more.
const MOST_PASSAGES: usize = 20 * 1024;

/// Bytes of one passage; the rest of a longer block is no part of it.
const LONGEST_PASSAGE: usize = 1_200;

/// What a model is shown of a site: blocks that a reader sees, those first in which figures and addresses stand. No block
/// stands there twice, and none that is quoted from somebody else.
pub fn passages(pages: &[Page]) -> Vec<String> {
    let site = Site::new(pages, Effort::for_site());
    let mut blocks: Vec<(u8, &str)> = site
        .blocks()
        .filter(|(_, block)| !block.quoted && block.zone != Zone::Navigation)
        .map(|(place, block)| {
            let text = cut(site.text(place), ..LONGEST_PASSAGE);
            (rank(block, text), text)
        })
        .collect();
    // Those of one rank stay in the order of the pages.
    blocks.sort_by_key(|(rank, _)| *rank);
    let mut left = MOST_PASSAGES;
    let mut seen = std::collections::HashSet::new();
    let mut passages = Vec::new();
    for (_, text) in blocks {
        if text.is_empty() || !seen.insert(text) {
            continue;
        }
        let Some(rest) = left.checked_sub(text.len()) else {
            break;
        };
        left = rest;
        passages.push(text.to_owned());
    }
    passages
}

/// How likely a block states one of the fields, the likeliest lowest.
fn rank(block: &Block, text: &str) -> u8 {
    let has_figure = text.chars().any(|c| c.is_ascii_digit());
    match has_figure {
        true if facts::speaks_of_figures(text) => 0,
        true if block.address || block.zone == Zone::Footer => 1,
        true => 2,
        false => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = r#"<title>Acorn Pumps</title><h1>Acorn Pumps</h1>
        <script type="application/ld+json">
        {"@type": "Organization", "name": "Acorn Pumps", "url": "https://acorn-pumps.example/",
         "numberOfEmployees": 50}</script>
        <h2>About us</h2><p>We employ 84 people. In 2023 our revenue was £7 million. In 2024 our revenue was £9 million.</p>
        <p>We employ 84 people, and   have done so for long.</p>
        <p hidden>We employ 84,000 people on the moon.</p>
        <blockquote>We saved 12 hours with Acorn Pumps.</blockquote>
        <h2>Customer story</h2><p>Birch Farms employs 5,000 people. It had sales of £80 million in 2024.</p>
        <footer>Acorn Pumps Ltd, 12 Elm Street, Leeds LS1 4AB</footer>"#;

    fn pages() -> [Page; 1] {
        let url = "https://acorn-pumps.example/".parse().ok();
        [Page::new(url, SITE.as_bytes(), None)]
    }

    /// What becomes of a quote for each field.
    #[track_caller]
    fn check(quote: &str, revenue: Verdict, staff: Verdict, address: Verdict) {
        let quote = Some(quote.to_owned());
        let pointers = Pointers {
            revenue: quote.clone(),
            employee_count: quote.clone(),
            address: quote,
        };
        let (_, verdicts) = profile(&pages(), &pointers);
        let found: Vec<Verdict> = verdicts.iter().collect();
        assert_eq!(found, [revenue, staff, address], "{pointers:?}");
    }

    #[test]
    fn a_quote_is_read_where_it_stands_by_the_rules_themselves() {
        use Verdict::{Agreed, Disagreed, NotOnPage, NotStated, Unusable};
        check(
            "In 2024 our revenue was £9 million.",
            Agreed,
            NotStated,
            NotStated,
        );
        check("our revenue was £9 million", Agreed, NotStated, NotStated);
        // An older year's is not what the rules found.
        check(
            "In 2023 our revenue was £7 million.",
            Disagreed,
            NotStated,
            NotStated,
        );
        // Structured data says fifty.
        check("We employ 84 people", NotStated, Disagreed, NotStated);
        check("12 Elm Street, Leeds LS1 4AB", NotStated, NotStated, Agreed);
        for not_ours in [
            "Birch Farms employs 5,000 people.",
            "sales of £80 million in 2024",
        ] {
            check(not_ours, NotStated, NotStated, NotStated);
        }
        for not_there in [
            "We employ 84,000 people on the moon.",
            "We employ 85 people",
            "ur revenue was £9 million",
            "our revenue was £9 millio",
            "\"numberOfEmployees\": 50",
        ] {
            check(not_there, NotOnPage, NotOnPage, NotOnPage);
        }
        for unusable in ["", "84", "We employ people", &"84 people ".repeat(100)] {
            check(unusable, Unusable, Unusable, Unusable);
        }
    }

    #[test]
    fn who_differs_leaves_a_blank_and_who_agrees_less_doubt() {
        let by_rules = super::super::profile(&pages());
        let at = |revenue: &str| {
            let pointers = Pointers {
                revenue: Some(revenue.to_owned()),
                ..Pointers::default()
            };
            profile(&pages(), &pointers).0
        };
        let mut agreed = at("our revenue was £9 million");
        let (before, after) = (stated(&by_rules.revenue), stated(&agreed.revenue));
        let (before, after) = (before.unwrap().confidence, after.unwrap().confidence);
        assert_eq!(after, 1.0 - (1.0 - before) / 2.0);
        agreed.revenue = by_rules.revenue.clone();
        assert_eq!(agreed, by_rules);
        let blank = Blank {
            blank: Reason::Ambiguous,
        };
        assert_eq!(
            at("our revenue was £7 million").revenue,
            Field::Blank(blank)
        );
        assert_eq!(at("our revenue was £8 million"), by_rules);
    }

    #[test]
    fn a_value_that_only_a_model_points_at_says_so_and_fills_only_what_the_rules_found_nothing_of()
    {
        let pointed = || {
            Ok(Stated {
                value: 84,
                confidence: 0.85,
                method: Method::Text,
                evidence: Vec::new(),
            })
        };
        let mut field = Field::Blank(Blank {
            blank: Reason::NotStated,
        });
        assert_eq!(join(&mut field, pointed(), i32::eq), Verdict::Stored);
        let stored = stated(&field).unwrap();
        assert_eq!(
            (stored.value, stored.confidence, stored.method),
            (84, POINTED, Method::Model)
        );
        for reason in [Reason::Ambiguous, Reason::Parked, Reason::JsOnly] {
            let blank = Field::Blank(Blank { blank: reason });
            let mut field = blank.clone();
            assert_eq!(join(&mut field, pointed(), i32::eq), Verdict::Ambiguous);
            assert_eq!(field, blank);
        }
    }

    #[test]
    fn a_model_is_shown_what_a_reader_sees_figures_first_and_so_much_of_it() {
        let shown = passages(&pages());
        assert!(shown[0].contains("84 people"), "{shown:?}");
        let all = shown.join("\n");
        assert!(all.contains("12 Elm Street"));
        for hidden in ["moon", "numberOfEmployees", "We saved 12 hours"] {
            assert!(!all.contains(hidden), "{all}");
        }
        let long: String = (0..2_000)
            .map(|n| format!("<p>Line {n} of {}", "a ".repeat(n)))
            .collect();
        let long = passages(&[Page::new(None, long.as_bytes(), None)]);
        let bytes: usize = long.iter().map(String::len).sum();
        assert!(
            bytes > MOST_PASSAGES / 2 && bytes <= MOST_PASSAGES,
            "{bytes}"
        );
        assert!(long.iter().all(|passage| passage.len() <= LONGEST_PASSAGE));
    }
}
