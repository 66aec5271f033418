//! Customers that a page names as such: in a sentence that introduces them, under a heading that announces them, or as
//! the company of somebody who is quoted in their own words.
//!
//! Logos have no text, integrations and press are no customers, and private people are none of anybody's business.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::identity::names_own;
use super::names::{compact, key, same};
use super::pattern::pattern;
use super::sentences::{names, says_we, sentences};
use super::site::{Place, Site};
use crate::page::{Block, Span, Zone};
use crate::profile::{Method, Stated};
use crate::slice::cut;

/// Confidences are set by the strength of the introduction; the open pages name too few customers to measure.
const INTRODUCED: f64 = 0.8;
const QUOTED: f64 = 0.7;

/// More names than this are a list of something else.
const MOST: usize = 40;

/// Places that may name a customer, of each kind; the same one is named again and again.
const MOST_PLACES: usize = 10 * MOST;

/// Bytes of a heading that announces customers, and of a line that is one.
const LONGEST_LINE: usize = 200;

/// What it costs to see whether a line is the name of a company, in steps.
const LINE: u64 = 20_000;

/// Introductions whose subject is the page itself.
static TRUSTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:trusted by|(?:some of )?our (?:\p{L}+ ){0,2}(?:clients|customers) (?:include|range from|have included)|(?:our|selected|notable) (?:clients|customers):|we(?:[’']ve| have)? (?:had the pleasure of work(?:ed|ing)|work(?:ed)?|work(?:ed)? closely) (?:with|for) (?:clients|customers|companies|brands|organi[sz]ations)(?: such as| like|,? including)|(?:clients|customers) (?:such as|like|including)|zu unseren kunden (?:gehören|zählen)(?: unter anderem| u\. ?a\.)?|(?:unsere kunden|referenzkunden|referenzen|kunden):|kunden wie|(?:parmi )?nos (?:clients|références) ?:|parmi nos clients|ils nous font confiance ?:|tot onze klanten behoren|onze klanten:|klanten (?:zoals|als))[\s:]*",
    )
});

/// Words between the introduction and the first name.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:(?:Fortune \d+|\p{Ll}+)[- ]){0,6}?(?:at|such as|like|including|from|wie|bei|von|comme|telles? que|tels que|zoals|als|bij)[\s:]+|(?:unter anderem|u\. ?a\.|notamment|onder andere|o\.a\.|among others|e\.g\.)[\s:,]+)",
    )
});

static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:(?:some of )?our (?:\p{L}+ )?|selected |featured |a few of our )?(?:clients|customers)|trusted by.{0,40}|(?:clients|customers|companies|brands) (?:who trust us|we work with|we[’']ve worked with)|who we (?:work with|[’']ve worked with)|(?:unsere |ausgewählte )?(?:kunden|referenzen|referenzkunden)|(?:nos |quelques )(?:clients|références)|(?:ils|elles) nous font confiance|(?:onze |enkele )(?:klanten|opdrachtgevers)|referenties)[:.!]?$",
    )
});

static PRAISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:testimonials?|what (?:our |people |they )?(?:clients?|customers?|people|users?|they)?.{0,20}\bsay|(?:customer|client) (?:stories|reviews|success|love)|loved by|trusted by|kundenstimmen|das sagen (?:unsere )?kunden|témoignages?|avis clients|wat (?:onze )?klanten)\b",
    )
});

const ROLES: &str = r"(?i:ceo|cto|cmo|coo|cfo|ciso|cio|cpo|chief \p{L}+(?: \p{L}+)? officer|(?:co-?)?founder|owner|president|(?:vice|svp|evp|vp)(?: president)?|(?:managing |executive |senior |creative |marketing |sales )?director|(?:\p{L}+ ){0,3}manager|head of|(?:managing )?partner|lead|geschäftsführer(?:in)?|leiter(?:in)?|inhaber(?:in)?|directeur|directrice|fondat(?:eur|rice)|eigenaar|oprichter|analyst|engineer|officer|coordinator|specialist)";

/// The last part of `Ada Example, Head of Sales, Acorn Ltd` or `CEO at Acorn`.
static ATTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b{ROLES}\b(?:[^.!?“”]{{0,60}}?)(?:,| at| @| bei| chez| bij|[,]? of) (?P<company>(?:the )?[\p{{Lu}}\d][^,.!?“”]{{1,40}})$"
    ))
});

pub(crate) fn customers(site: &Site<'_>, name: Option<&str>) -> Option<Stated<Vec<String>>> {
    let own = name.unwrap_or_default();
    let mut found: Vec<(Place, Place)> = Vec::new();
    let introduced = introduced(site, own);
    let quoted_only = introduced.is_empty();
    found.extend(introduced);
    found.extend(listed(site));
    let announced = !found.is_empty();
    found.extend(quoted(site));
    found.truncate(MOST_PLACES);
    let mut kept: Vec<(Place, Place)> = Vec::new();
    let mut known = HashSet::new();
    for (customer, evidence) in found {
        let text = site.text(customer);
        let is_own =
            !own.is_empty() && (same(text, own) || names(text, own) || names_own(own, text));
        let key = key(text);
        let is_known = key.as_ref().is_some_and(|key| known.contains(key));
        if !is_own && !is_known && kept.len() < MOST {
            kept.push((customer, evidence));
            known.extend(key);
        }
    }
    if kept.is_empty() {
        return None;
    }
    let confidence = if quoted_only && !announced {
        QUOTED
    } else {
        INTRODUCED
    };
    let places: Vec<Place> = kept.iter().map(|(_, evidence)| *evidence).collect();
    let names = kept
        .iter()
        .map(|(place, _)| site.text(*place).to_owned())
        .collect();
    Some(site.state(names, confidence, Method::Text, &places))
}

/// `Trusted by teams at Acorn Bank, Oak & Sons and the City of Elm.`
fn introduced(site: &Site<'_>, own: &str) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for sentence in sentences(site, |text| TRUSTED.is_match(text)).sentences {
        if sentence.is_quoted() || sentence.block.zone == Zone::Navigation {
            continue;
        }
        let Some(lead) = TRUSTED.find(sentence.text) else {
            continue;
        };
        // `customers such as …` may be anybody's in an article.
        let bare = lead.as_str().to_lowercase().starts_with("c")
            || lead.as_str().to_lowercase().starts_with("k");
        let ours = says_we(sentence.text) || names(sentence.text, own);
        if (bare || sentence.block.article) && !ours {
            continue;
        }
        let mut from = lead.end();
        if let Some(more) = LEAD.find(cut(sentence.text, from..)) {
            from += more.end();
        }
        if found.len() >= MOST_PLACES {
            break;
        }
        for (start, end) in list(cut(sentence.text, from..)) {
            let place = Place {
                span: sentence.place.span.part(from + start, from + end),
                ..sentence.place
            };
            found.push((place, sentence.place));
        }
    }
    found
}

/// The names of an enumeration, as long as they are names.
fn list(text: &str) -> Vec<(usize, usize)> {
    static BETWEEN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:, | )(?:and|und|sowie|et|en|as well as|&) |, |; | • | \| "));
    let end = text.trim_end_matches(['.', '!', ' ', ':']).len();
    let text = cut(text, ..end);
    let mut parts = Vec::new();
    let mut start = 0;
    for between in BETWEEN.find_iter(text) {
        // `Oak & Sons` is one name.
        if between.as_str() == " & " {
            continue;
        }
        parts.push((start, between.start()));
        start = between.end();
    }
    parts.push((start, text.len()));
    let mut names: Vec<(usize, usize)> = parts
        .into_iter()
        .take_while(|(start, end)| is_company(cut(text, *start..*end)))
        .collect();
    // A single "name" is more often a phrase.
    if names.len() == 1 {
        names.clear();
    }
    names
}

/// Short lines under a heading that announces customers.
fn listed(site: &Site<'_>) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let blocks = &page.document.blocks;
        let text = |block: &Block| page.document.slice(block.span);
        let announces = |block: &Block| {
            let text = text(block);
            text.len() <= LONGEST_LINE && site.effort.spend(1, LINE) && HEADING.is_match(text)
        };
        for (position, block) in blocks.iter().enumerate() {
            if found.len() >= MOST_PLACES {
                return found;
            }
            let body = !matches!(block.zone, Zone::Navigation | Zone::Footer | Zone::Header);
            let Some(level) = block.heading.filter(|_| body && announces(block)) else {
                continue;
            };
            let section: Vec<&Block> = blocks[position + 1..]
                .iter()
                .take_while(|other| {
                    // A heading below that announces customers itself speaks for what follows it.
                    let within = |inner| inner > level && !announces(other);
                    other.heading.is_none_or(within) && other.zone == block.zone
                })
                .take(MOST + 1)
                .collect();
            let named: Vec<&Block> = section
                .iter()
                .copied()
                .filter(|other| {
                    !other.quoted && site.effort.spend(1, LINE) && is_company(text(other))
                })
                .collect();
            if named.len() < 2 || section.len() > MOST || named.len() * 10 < section.len() * 8 {
                continue;
            }
            for customer in named {
                let place = Place {
                    reading,
                    span: customer.span,
                };
                let near = customer.span.end - block.span.start <= 400;
                let span = Span {
                    start: if near {
                        block.span.start
                    } else {
                        customer.span.start
                    },
                    end: customer.span.end,
                };
                found.push((place, Place { reading, span }));
            }
        }
    }
    found
}

/// The companies of people whose words stand right before their name.
fn quoted(site: &Site<'_>) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let blocks = &page.document.blocks;
        let text = |block: &Block| page.document.slice(block.span);
        let mut praise = false;
        for (position, block) in blocks.iter().enumerate() {
            let line = text(block);
            if found.len() >= MOST_PLACES || !site.effort.spend(1, LINE) {
                return found;
            }
            if block.heading.is_some() {
                praise = line.len() <= LONGEST_LINE && PRAISE.is_match(line);
            }
            let is_long = line.len() > 4 * 140 || line.chars().count() > 140;
            if is_long || block.article && !praise {
                continue;
            }
            let Some(company) = ATTRIBUTION
                .captures(line)
                .and_then(|captures| captures.name("company"))
            else {
                continue;
            };
            let words = blocks[position.saturating_sub(4)..position]
                .iter()
                .any(|before| {
                    let said = text(before);
                    before.quoted
                        || said.starts_with(['“', '"', '„', '«'])
                        || said.ends_with(['”', '"'])
                });
            if !(words || praise) || !is_company(company.as_str()) {
                continue;
            }
            let place = Place {
                reading,
                span: block.span.part(company.start(), company.end()),
            };
            found.push((
                place,
                Place {
                    reading,
                    span: block.span,
                },
            ));
        }
    }
    found
}

/// A proper name of an organisation, not a phrase, a link or a department.
fn is_company(text: &str) -> bool {
    static GENERIC: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:companies|teams|brands|experts|saying|businesses|customers|clients|users|people|professionals|leaders|leading|startups|enterprises|organi[sz]ations|agencies|firms|thousands|millions|hundreds|over|more|many|others|all|our|your|you|we|us|read|learn|view|see|show|get|book|contact|download|watch|case stud(?:y|ies)|stories|story|next|previous|menu|close|about|services?|solutions|pricing|blog|login|worldwide|around|across|marketing|sales|operations|engineering|human resources|finance|information technology|customer service|customer success|product|growth|strategy|unternehmen|kunden|mehr|weitere|andere|viele|entreprises|autres|plus|bedrijven|meer|andere|industr(?:y|ies)|market|homeowners|families|parents|students|patients|testimonials?|reviews?|stars?)\b|[?!“”:{}]|\d{3,}|@|\.\.\.|…",
        )
    });
    if text.len() > LONGEST_LINE {
        return false;
    }
    let text = text.trim();
    let bare = text
        .strip_prefix("the ")
        .or_else(|| text.strip_prefix("der "))
        .or_else(|| text.strip_prefix("die "))
        .or_else(|| text.strip_prefix("la "))
        .or_else(|| text.strip_prefix("de "))
        .unwrap_or(text);
    let words = bare.split_whitespace().count();
    (1..=6).contains(&words)
        && bare.chars().count() <= 50
        && compact(bare).len() >= 2
        && bare
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        && bare.chars().any(char::is_alphabetic)
        && !GENERIC.is_match(bare)
        && bare
            .split_whitespace()
            .filter(|word| word.chars().next().is_some_and(char::is_lowercase))
            .count()
            <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let names: Vec<&str> = list(text).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(names, expect, "{text}");
    }

    #[test]
    fn an_enumeration_ends_where_the_names_end() {
        check(
            "Acorn Bank, Oak & Sons and the City of Elm.",
            &["Acorn Bank", "Oak & Sons", "the City of Elm"],
        );
        check(
            "Acorn, Birch, Cedar and many more",
            &["Acorn", "Birch", "Cedar"],
        );
        check("10,000+ companies worldwide", &[]);
        check("Fortune 500 companies", &[]);
        check("Acorn since we began in spring", &[]);
    }
}
