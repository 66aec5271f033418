//! What the organisation says that it is: "Acorn is a Bristol agency for …", a description, a title.

use std::sync::LazyLock;

use regex::Regex;

use super::identity::{method_of, text_of, Own};
use super::names::{is_placeholder, same, without_form};
use super::pattern::pattern;
use super::sentences::{names, sentences};
use super::site::{Place, Site};
use crate::page::Zone;
use crate::profile::{Method, Stated};
use crate::slice::cut;

/// Confidences are set by hand from how often the field was right on the open company pages, not measured rule by rule.
const NODE: f64 = 0.9;
const SENTENCE: f64 = 0.7;
const TITLE: f64 = 0.6;

/// What an organisation can be. The last word of the phrase in English, the first in the other languages.
const KINDS: &str = r"(?:company|agency|firm|manufacturer|provider|supplier|university|college|consultancy|studio|retailer|wholesaler|distributor|bank|insurer|school|nonprofit|non-profit|charity|foundation|hospital|clinic|marketplace|platform|software|brand|contractor|builder|publisher|brewery|restaurant|hotel|start-?up|developer|operator|carrier|association|institute|organi[sz]ation|practice|business|service|services|store|shop|maker|producer|broker|recruiter|museum|theat(?:re|er)|library|winery|bakery|dealer|group|solution|tool|app|system|network|law firm)";

/// `is a family-run maker of pumps`: the phrase behind the article.
static IS_A: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:is|are|was founded as) (?:now )?(?:an? |the |one of the )(?P<phrase>(?:[\p{{L}}\d&’'/+,-]+ ){{0,7}}?{KINDS}(?: (?:of|for) (?:[\p{{L}}&’'/-]+(?:, | ))*?[\p{{L}}&’'/-]+?)?)(?:[.,;:!|(]|$| (?:that|which|who|with|based|in|for|from|offering|helping|providing|dedicated|serving|speciali[sz]ing|located|founded|headquartered|since|whose|where|and|to|by|committed|focused|designed|built|used|operating|at|on|as|has|is|located|we|our)\b)"
    ))
});

static IST_EIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:ist|sind) (?:ein(?:e|er der|es der|e der)?|der|die|das) (?:(?:führende[rns]?|international\p{L}*|mittelständisch\p{L}*|inhabergeführt\p{L}*|unabhängig\p{L}*|modern\p{L}*|innovativ\p{L}*|familiengeführt\p{L}*|weltweit|jung\p{L}*) ){0,3}(?P<phrase>(?:\p{L}+-?)*(?:hersteller|anbieter|agentur|unternehmen|dienstleister|händler|beratung|versicherung|bank|hochschule|universität|verlag|werkstatt|betrieb|spezialist|lieferant|verein|stiftung|büro|kanzlei|brauerei|hotel|klinik)\p{L}{0,2}(?: (?:für|von|im bereich|der|des) (?:\p{L}|[ -]){3,50}?)?)(?:[.,;:!|(]| (?:mit|in|aus|und|seit|bei|die|der|das|für)\b|$)",
    )
});

static EST_UN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:est|sommes) (?:une?|le|la|l[’']un des) (?P<phrase>(?:entreprise|société|agence|cabinet|fabricant|fournisseur|éditeur|banque|école|université|association|studio|marque|acteur|spécialiste|prestataire|maison)(?: \p{L}+){0,2}(?: (?:spécialisée? (?:dans|en)|de|d[’']|en|dans) ?(?:\p{L}|[ ’'-]){3,50}?)?)(?:[.,;:!|(]| (?:qui|basée?|située?|depuis|et|pour|avec)\b|$)",
    )
});

static IS_EEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:is|zijn) (?:een|de|het) (?:(?:toonaangevende?|internationale?|onafhankelijke?|innovatieve?|groeiende?|leidende?) ){0,2}(?P<phrase>(?:\p{L}+-?)*(?:leverancier|bedrijf|bureau|fabrikant|aanbieder|producent|dienstverlener|specialist|bank|verzekeraar|school|universiteit|stichting|vereniging|winkel|groothandel|adviesbureau|softwarebedrijf)(?: (?:van|voor|in|op het gebied van) (?:\p{L}|[ -]){3,50}?)?)(?:[.,;:!|(]| (?:met|uit|en|sinds|die|dat|voor|gevestigd)\b|$)",
    )
});

/// Praise in front of the phrase is not part of what they are.
static PRAISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:leading|premier|trusted|award[- ]winning|top|top-rated|best|world[’']?s?|world[- ]class|largest|first|only|global|leader|full[- ]service|fast(?:est)?[- ]growing|well[- ]known|renowned|innovative|reliable|reputable|number one|#1|proud|privately[- ]held|family[- ]owned|women[- ]owned|new|great|small|of|the|most|a|an) )+",
    )
});

/// `Interior Design Services`, `Data Analytics Agency`: a title that names what the page's owner does.
static TITLE_KIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[\p{L}&’'-]+ ){1,4}(?:company|agency|firm|services?|studio|consultancy|consulting|contractors?|manufacturer|university|software)$",
    )
});

static NO_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:how|what|why|when|which|best|top|guide|vs|versus|review|reviews|choose|choosing|hire|hiring|your|you|our|the|tips|about|customer|contact|in|types|cost|costs|of|terms)\b|\d",
    )
});

pub(crate) fn industry(site: &Site<'_>, own: &Own, name: Option<&str>) -> Option<Stated<String>> {
    for node in &own.nodes {
        if let Some(place) = text_of(site, *node, "industry") {
            let text = site.text(place);
            if text.len() <= 80 && !is_placeholder(text) && !text.contains("://") {
                return Some(site.state(text.to_owned(), NODE, method_of(site, *node), &[place]));
            }
        }
    }
    let name = name?;
    from_sentences(site, name)
        .or_else(|| from_descriptions(site, name))
        .or_else(|| from_title(site, name))
}

fn from_sentences(site: &Site<'_>, name: &str) -> Option<Stated<String>> {
    sentences(site, |text| names(text, name))
        .sentences
        .into_iter()
        .filter(|sentence| !sentence.is_quoted() && sentence.block.zone != Zone::Navigation)
        .find_map(|sentence| {
            let (start, end) = own_kind(sentence.text, name)?;
            let value = cut(sentence.text, start..end).to_owned();
            Some(site.state(value, SENTENCE, Method::Text, &[sentence.place]))
        })
}

/// Bytes of a description that is read; longer ones are no descriptions.
const LONGEST_DESCRIPTION: usize = 2_000;

fn from_descriptions(site: &Site<'_>, name: &str) -> Option<Stated<String>> {
    site.readings
        .iter()
        .enumerate()
        .find_map(|(reading, page)| {
            let span = page.document.meta(&["description", "og:description"])?;
            let place = Place { reading, span };
            let text = Some(site.text(place)).filter(|text| text.len() <= LONGEST_DESCRIPTION)?;
            let (start, end) = own_kind(text, name).or_else(|| we_are(text))?;
            let value = cut(text, start..end).to_owned();
            Some(site.state(value, SENTENCE, Method::Meta, &[place]))
        })
}

/// The phrase of `<name> is a <phrase>`, where the name stands right before the verb.
fn own_kind(text: &str, name: &str) -> Option<(usize, usize)> {
    let bare = without_form(name).to_lowercase();
    let name = name.to_lowercase();
    // Whatever is said, it is not said of the organisation.
    if !text.to_lowercase().contains(&bare) {
        return None;
    }
    [&*IS_A, &*IST_EIN, &*EST_UN, &*IS_EEN]
        .into_iter()
        .find_map(|kind| {
            kind.captures_iter(text).find_map(|captures| {
                let all = captures.get(0)?;
                let before = cut(text, ..all.start()).trim_end();
                let before = before.to_lowercase();
                let behind_name = [&name, &bare].into_iter().any(|name| {
                    before.ends_with(name)
                        || before
                            .trim_end_matches([')', '®', '™', ','])
                            .ends_with(name)
                });
                if !behind_name {
                    return None;
                }
                phrase(text, captures.name("phrase")?.range())
            })
        })
}

/// `We are a …` in a description, which speaks for the site as a whole.
fn we_are(text: &str) -> Option<(usize, usize)> {
    static WE_ARE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^(?:we (?:are|[’']re)|wir sind|nous sommes|wij zijn|we zijn)\b")
    });
    if !WE_ARE.is_match(text) {
        return None;
    }
    [&*IS_A, &*IST_EIN, &*EST_UN, &*IS_EEN]
        .into_iter()
        .find_map(|kind| {
            let captures = kind.captures(text)?;
            if captures.get(0)?.start() > 12 {
                return None;
            }
            phrase(text, captures.name("phrase")?.range())
        })
}

fn phrase(text: &str, range: std::ops::Range<usize>) -> Option<(usize, usize)> {
    let whole = cut(text, range.clone());
    let start = range.start + PRAISE.find(whole).map_or(0, |praise| praise.end());
    let kept = cut(text, start..range.end).trim_end();
    let words = kept.split_whitespace().count();
    let vague = words < 2
        && matches!(
            kept.to_lowercase().as_str(),
            "company"
                | "service"
                | "services"
                | "business"
                | "brand"
                | "group"
                | "organization"
                | "organisation"
                | "tool"
                | "system"
                | "solution"
                | "provider"
                | "platform"
                | "shop"
                | "store"
                | "unternehmen"
                | "entreprise"
                | "bedrijf"
                | "app"
                | "network"
        );
    // `a private, non-profit, …` goes on behind what looks like its end.
    let adjective = kept.contains(", ") && kept.to_lowercase().ends_with("profit");
    (!adjective && kept.len() >= 4 && kept.len() <= 90 && !vague)
        .then_some((start, start + kept.len()))
}

/// `… Services` says what a site does only on its home page; elsewhere it is one of many services.
static ONLY_AT_HOME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:services?|consulting|software)$"));

/// The title of the given page, where it names a kind of business beside the organisation.
fn from_title(site: &Site<'_>, name: &str) -> Option<Stated<String>> {
    static SEPARATOR: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\s*[|•·»«]\s*|\s+[-–—]+\s+|:\s+"));
    let page = site.readings.first()?;
    let title = page.document.title?;
    let text = page.document.slice(title);
    let mut parts = Vec::new();
    let mut start = 0;
    for stop in SEPARATOR.find_iter(text) {
        parts.push((start, stop.start()));
        start = stop.end();
    }
    parts.push((start, text.len()));
    // Only beside the organisation's own name: an article's title names its subject.
    if !parts
        .iter()
        .any(|(start, end)| same(cut(text, *start..*end), name))
    {
        return None;
    }
    let home = page.page.url.as_ref().is_some_and(|url| url.path() == "/");
    let (start, end) = parts.into_iter().find(|(start, end)| {
        let part = cut(text, *start..*end);
        (home || !ONLY_AT_HOME.is_match(part))
            && TITLE_KIND.is_match(part)
            && !NO_TITLE.is_match(part)
            && !names(part, name)
    })?;
    let place = Place {
        reading: 0,
        span: title.part(start, end),
    };
    Some(site.state(
        cut(text, start..end).to_owned(),
        TITLE,
        Method::Meta,
        &[place],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let found = own_kind(text, "Acorn").or_else(|| we_are(text));
        let shown = found.map_or("-", |(start, end)| &text[start..end]);
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn the_phrase_behind_the_own_name() {
        check(
            "Acorn is a leading supplier of garden tools based in Elm.",
            "supplier of garden tools",
        );
        check(
            "Founded in 1990, Acorn is an independent software company.",
            "independent software company",
        );
        check(
            "Die Acorn GmbH ist ein Hersteller von Pumpen mit Sitz in Ulm.",
            "-",
        );
        check(
            "Acorn ist ein führender Hersteller von Pumpen mit Sitz in Ulm.",
            "Hersteller von Pumpen",
        );
        check(
            "Acorn est une agence de communication basée à Lyon.",
            "agence de communication",
        );
        check(
            "Acorn is een leverancier van verpakkingen uit Breda.",
            "leverancier van verpakkingen",
        );
        check("We are a family-run bakery in Elm.", "family-run bakery");
        check("Our rival Birch is a software company, Acorn is not.", "-");
        check("Acorn is the best.", "-");
    }
}
