//! Customers that a page names as such: in a sentence that introduces them, in a list that is announced, or as the company
//! of somebody who is quoted in their own words.
//!
//! A name counts in company: most names of an enumeration have the shape of an organisation's (several words with
//! capitals, a legal form, capitals or figures inside), for single words may as well be sectors, towns or products.
//! Logos have no text, integrations and press are no customers, and private people are none of anybody's business.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::confidence::customers::{INTRODUCED, QUOTED};
use super::identity::names_own;
use super::names::{compact, has_form, key, same, without_form};
use super::pattern::pattern;
use super::sentences::{names, says_we, sentences};
use super::site::{Place, Site};
use super::trades::is_common;
use crate::page::{Block, Document, Span, Zone};
use crate::profile::{Method, Stated};
use crate::slice::cut;

/// More names than this are a list of something else.
const MOST: usize = 40;

/// Places that may name a customer, of each kind; the same one is named again and again.
const MOST_PLACES: usize = 10 * MOST;

/// Bytes of a heading that announces customers, and of a line that is one.
const LONGEST_LINE: usize = 200;

/// Bytes of a line that says who is quoted.
const LONGEST_ATTRIBUTION: usize = 160;

/// What it costs to see whether a line is the name of a company, in steps.
const LINE: u64 = 20_000;

/// Introductions of names. Those of the second group may be anybody's unless the sentence says whose.
static INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?P<own>trusted by|(?:some of )?our (?:\p{L}+ ){0,2}(?:clients|customers) (?:include|are|range from|have included)|(?:our|selected|notable) (?:clients|customers):|we(?:[’']ve| have)? (?:had the pleasure of work(?:ed|ing)|work(?:ed)?(?: closely)?) (?:with|for) (?:clients|customers|companies|brands|organi[sz]ations|teams|businesses)(?: such as| like|,? including)|zu unseren (?:\p{L}+ )?kunden (?:gehören|zählen)(?: unter anderem| u\. ?a\.| auch)?|unsere (?:\p{L}+ )?kunden (?:sind|heißen)(?: unter anderem)?|(?:unsere kunden|referenzkunden|referenzen|kunden):|wir arbeiten (?:für|mit) (?:kunden|unternehmen|firmen) wie|(?:parmi|on compte parmi) nos clients(?: figurent| on compte)?(?: notamment)? ?:?|nos (?:clients|références) (?:sont|incluent|comptent|:)|nos (?:clients|références) ?:|ils nous font confiance ?:|nous travaillons (?:avec|pour) des (?:entreprises|clients|marques) (?:comme|tels? que|telles que)|tot onze klanten behoren|onze klanten (?:zijn|:)|onze klanten:|(?:wij|we) werken (?:voor|met) (?:klanten|bedrijven|organisaties|merken) (?:zoals|als)|nuestros clientes (?:son|incluyen)|nuestros clientes ?:|entre nuestros clientes (?:están|se encuentran|figuran|destacan|se cuentan)|confían en nosotros ?:|trabajamos (?:con|para) (?:empresas|clientes|marcas) como|(?:tra|fra) i nostri clienti(?: figurano| ci sono| troviamo| si contano)? ?:?|i nostri clienti (?:sono|includono)|i nostri clienti ?:|(?:lavoriamo|collaboriamo) (?:con|per) (?:aziende|clienti|marchi) come|(?:os )?nossos clientes (?:são|incluem)|(?:os )?nossos clientes ?:|entre os nossos clientes (?:estão|encontram-se|figuram|contam-se)|confiam em nós ?:|trabalhamos (?:com|para) (?:empresas|clientes|marcas) como)|(?P<bare>(?:clients|customers) (?:include|such as|like|including)|(?:has|have) worked (?:with|for) (?:clients|customers|companies|brands|organi[sz]ations|teams|businesses) (?:such as|like|including)|works (?:with|for) (?:clients|customers|companies|brands|organi[sz]ations) (?:such as|like|including)|kunden wie|klanten (?:zoals|als)|clients (?:comme|tels que)|clientes como|clienti come))[\s:]*",
    )
});

/// Words between the introduction and the first name.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:(?:Fortune \d+|\p{Ll}+)[- ]){0,6}?(?:at|such as|like|including|from|wie|bei|von|comme|telles? que|tels que|zoals|als|bij|como|come)[\s:]+|(?:unter anderem|u\. ?a\.|notamment|onder andere|o\.a\.|among others|e\.g\.|entre otros|tra gli altri|entre outros)[\s:,]+)",
    )
});

/// A line that says nothing but whose names follow.
static ANNOUNCEMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:(?:some of )?our (?:\p{L}+ )?|selected |featured |a few of our )?(?:clients|customers)(?: include)?|trusted by.{0,40}|(?:clients|customers|companies|brands) (?:who trust us|we work with|we[’']ve worked with)|who we (?:work with|[’']ve worked with)|(?:unsere |ausgewählte )?(?:kunden|referenzen|referenzkunden)|sie vertrauen uns|(?:nos |quelques )(?:clients|références)|(?:ils|elles) nous font confiance|(?:onze |enkele )(?:klanten|opdrachtgevers)|referenties|zij vertrouwen op ons|(?:nuestros |algunos )clientes|confían en nosotros|(?:i nostri |alcuni )clienti|hanno scelto noi|(?:os )?nossos clientes|(?:alguns )clientes|confiam em nós)(?: at)?[:.!…]*$",
    )
});

static PRAISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:testimonials?|what (?:our |people |they )?(?:clients?|customers?|people|users?|they)?.{0,20}\bsay|(?:customer|client) (?:stories|reviews|success|love)|loved by|trusted by|kundenstimmen|das sagen (?:unsere )?kunden|témoignages?|avis clients|wat (?:onze )?klanten|testimonios|opiniones de (?:nuestros )?clientes|dicono di noi|testimonianze|depoimentos|testemunhos)\b",
    )
});

/// Headings under which people are quoted who buy nothing.
static NO_PRAISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:investors?|investoren|investisseurs|investeerders|inversores|investitori|investidores|board|advisor[sy]?|beirat|team|press|presse|pers|prensa|stampa|imprensa|careers?|karriere|jobs|partners?|partner|partenaires|socios|news)\b",
    )
});

/// What somebody may be in a company. Behind `of` stands the company only for those who are of all of it.
const WHOLE: &str = r"(?:(?:co-?)?ceo|cto|cmo|coo|cfo|ciso|cio|cpo|chief \p{L}+(?: \p{L}+)? officer|(?:co-?)?founder|owner|president|managing director|managing partner|general manager|geschäftsführer(?:in)?|inhaber(?:in)?|gérante?|fondat(?:eur|rice)|directeur général|eigenaar|oprichter|directrice générale|directora? general|fundadora?|dueñ[oa]|fondatore|fondatrice|titolare|proprietari[oa]|amministratore delegato|diretora? geral|sócio)";
const ROLES: &str = r"(?:(?:vice|svp|evp|vp)(?: president)?|(?:\p{L}+ ){0,3}(?:director|manager|analyst|engineer|officer|coordinator|specialist|lead)|head|(?:senior )?partner|leiter(?:in)?|directeur|directrice|responsable|hoofd|jefe|jefa|direttore|direttrice|responsabile|diretora?|gerente)";

/// `Ada Elm, CEO at Acorn`, `Head of Sales @ Acorn`: whose role it is, the role, and its company.
static ROLE_AT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(?:(?P<who>[^,–—|]{{3,40}})(?:,| [–—|-]) *)?(?:the )?(?:(?i:(?P<whole>{WHOLE}))(?: (?:&|and|und|et|y|e) (?:[\p{{Lu}}][\p{{L}}-]*|(?i:{WHOLE})))*(?i:,? at| @| bei| der| von| chez| de| bij| van| of|,? en| di| da| do|,)|(?i:{ROLES})[^,.!?“”]{{0,50}}?(?i:,? at| @| bei| chez| bij)) (?P<company>(?:the |der |die |la )?[\p{{Lu}}\d].{{1,45}})$"
    ))
});

/// `Ada Elm, Head of Sales, Acorn Ltd`: three parts, the second a role.
static ROLE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)\b(?:{WHOLE}|{ROLES})\b")));

/// `“…,” says Ada Elm, CFO of Acorn.`
static SAYS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[”\x22“»’],? (?:says|said|explains|adds|sagt|so|erklärt|berichtet|explique|dit|affirme|raconte|zegt|vertelt|aldus|dice|afirma|explica|spiega|racconta|afferma|diz|conta) ",
    )
});

pub(crate) fn customers(site: &Site<'_>, name: Option<&str>) -> Option<Stated<Vec<String>>> {
    let own = name.unwrap_or_default();
    let mut found: Vec<(Place, Place)> = Vec::new();
    found.extend(introduced(site, own));
    found.extend(listed(site));
    let confidence = if found.is_empty() { QUOTED } else { INTRODUCED };
    found.extend(said(site, own));
    found.extend(quoted(site, own));
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
    for sentence in sentences(site, |text| INTRODUCTION.is_match(text)).sentences {
        if sentence.is_quoted() || sentence.block.zone == Zone::Navigation {
            continue;
        }
        let Some(lead) = INTRODUCTION.captures(sentence.text) else {
            continue;
        };
        let Some(whole) = lead.get(0) else {
            continue;
        };
        // `customers such as …` may be anybody's; a sentence that begins with them is the page's own.
        let bare = lead.name("bare").is_some() && whole.start() > 0;
        let ours = says_we(sentence.text) || names(sentence.text, own);
        if (bare || sentence.block.article) && !ours {
            continue;
        }
        let mut from = whole.end();
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
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?:, | )(?:and|und|sowie|et|en|as well as|&|y|e|ed) |, |; | • | \| ")
    });
    let end = text.trim_end_matches(['.', '!', ' ', ':']).len();
    let text = cut(text, ..end);
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    let stops = BETWEEN
        .find_iter(text)
        .map(|between| (between.start(), between.end(), between.as_str()));
    for (stop, next, between) in stops.chain([(text.len(), text.len(), "")]) {
        // `Oak & Sons` is one name.
        if between == " & " {
            continue;
        }
        let is_form = is_form(cut(text, start..stop));
        match parts.last_mut() {
            // `Birch, LLP` is one, too.
            Some((_, end)) if is_form => *end = stop,
            _ => parts.push((start, stop)),
        }
        start = next;
    }
    let mut names: Vec<(usize, usize)> = Vec::new();
    for (start, end) in parts {
        if is_company(cut(text, start..end)) {
            names.push((start, end));
            continue;
        }
        // `and Cedar Foods to save time`: the last name ends where the sentence goes on.
        let name = beginning(cut(text, start..end));
        if is_company(cut(text, start..start + name)) {
            names.push((start, start + name));
        }
        break;
    }
    if !are_organisations(names.iter().map(|(start, end)| cut(text, *start..*end))) {
        names.clear();
    }
    names
}

/// A legal form without a name.
fn is_form(text: &str) -> bool {
    without_form(&format!("Acorn {text}")) == "Acorn"
}

/// How much of a text its first words with capitals are.
fn beginning(text: &str) -> usize {
    let mut end = 0;
    let mut start = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end();
        let is_small = matches!(
            bare,
            "of" | "the" | "&" | "de" | "der" | "des" | "du" | "la" | "van" | "di" | "do" | "da"
        );
        if bare.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) {
            end = start + bare.len();
        } else if !is_small {
            break;
        }
        start += word.len();
    }
    end
}

/// Whether names that are told in one breath are those of organisations: several, most of that shape, and none of them
/// only a sector.
fn are_organisations<'t>(names: impl Iterator<Item = &'t str> + Clone) -> bool {
    let several = names.clone().count();
    let shaped = names.clone().filter(|name| has_shape(name)).count();
    let is_sector = |name: &str| name.split([' ', '-']).all(is_common);
    let mut last_words = HashSet::new();
    let stem = |name: &str| {
        let (stem, last) = name.rsplit_once(' ')?;
        (last.chars().count() == 1).then(|| stem.to_owned())
    };
    // `Company A, Company B`: names of nobody.
    let placeholders = names
        .clone()
        .filter_map(stem)
        .any(|stem| !last_words.insert(stem));
    several > 1 && 2 * shaped >= several && !placeholders && !names.clone().any(is_sector)
}

/// Several words with capitals, a legal form, or a word that is written as none is.
fn has_shape(name: &str) -> bool {
    let is_capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    let capitals = name
        .split([' ', '-'])
        .filter(|word| is_capital(word))
        .count();
    let inner = |word: &str| {
        let mut rest = word.chars().skip(1);
        let mixed = word.chars().any(char::is_lowercase);
        rest.any(|c| c.is_numeric() || mixed && c.is_uppercase() || matches!(c, '.' | '&' | '+'))
    };
    capitals > 1 || has_form(name) || name.split(' ').any(inner)
}

/// Lines that are announced: by a heading, or by a line that says no more than whose they are.
fn listed(site: &Site<'_>) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let document = &page.document;
        let blocks = &document.blocks;
        let text = |block: &Block| document.slice(block.span);
        let announces = |block: &Block| {
            let text = text(block);
            text.len() <= LONGEST_LINE && site.effort.spend(1, LINE) && ANNOUNCEMENT.is_match(text)
        };
        for (position, block) in blocks.iter().enumerate() {
            if found.len() >= MOST_PLACES {
                return found;
            }
            let body = !matches!(block.zone, Zone::Navigation | Zone::Footer | Zone::Header);
            if !body || block.article || !announces(block) {
                continue;
            }
            let mut section: Vec<&Block> = blocks[position + 1..]
                .iter()
                .take_while(|other| {
                    // A heading below that announces customers itself speaks for what follows it.
                    let within = |inner| {
                        block.heading.is_some_and(|level| inner > level) && !announces(other)
                    };
                    other.heading.is_none_or(within) && other.zone == block.zone
                })
                .take(MOST + 1)
                .collect();
            let is_name = |other: &&Block| {
                !other.quoted && site.effort.spend(1, LINE) && is_company(text(other))
            };
            // A run of names ends where text begins; of other short lines, few may stand among them.
            let names = section.iter().take_while(|other| is_name(other)).count();
            let goes_on = section.get(names).is_none_or(|other| is_text(text(other)));
            if block.heading.is_none() || names > 1 && goes_on {
                section.truncate(names);
            }
            let named: Vec<&Block> = section.iter().copied().filter(is_name).collect();
            let too_few = named.len() * 10 < section.len() * 8;
            if section.len() > MOST
                || too_few
                || !are_organisations(named.iter().map(|one| text(one)))
            {
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

/// Too many words for a name or a label.
fn is_text(line: &str) -> bool {
    line.split_whitespace().nth(8).is_some()
}

/// The companies of people who are quoted within a sentence and speak of the organisation.
fn said(site: &Site<'_>, own: &str) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (place, block) in site.blocks() {
        let text = site.text(place);
        if block.zone == Zone::Navigation
            || text.len() > 4 * LONGEST_LINE
            || !site.effort.spend(text.len(), SAID)
        {
            continue;
        }
        let Some(says) = SAYS.find(text).filter(|_| names(text, own)) else {
            continue;
        };
        let end = cut(text, says.end()..).find(['.', '!', '“', '"', '„']);
        let end = end.map_or(text.len(), |at| says.end() + at);
        let words = cut(text, ..says.start());
        if let Some(company) = company_of(cut(text, says.end()..end)).filter(|_| names(words, own))
        {
            let span = place
                .span
                .part(says.end() + company.0, says.end() + company.1);
            found.push((Place { span, ..place }, place));
        }
        if found.len() >= MOST_PLACES {
            break;
        }
    }
    found
}

/// What a byte costs in which somebody may say something, in steps.
const SAID: u64 = 100;

/// The company of somebody whose name and role a line tells.
fn company_of(line: &str) -> Option<(usize, usize)> {
    let line = line.trim_end();
    if line.len() > LONGEST_ATTRIBUTION {
        return None;
    }
    // `…, Birch Legal, LLP`: the form is part of the name.
    let (stem, last) = line.rsplit_once(", ").unwrap_or(("", line));
    let form = !stem.is_empty() && is_form(last);
    let stem = if form { stem } else { line };
    let is_person = |text: &str| {
        let words = text.split_whitespace();
        let capital = |word: &str| {
            word.starts_with(char::is_uppercase) || matches!(word, "de" | "van" | "von" | "der")
        };
        (1..=5).contains(&words.clone().count()) && words.clone().all(capital)
    };
    let at = ROLE_AT.captures(stem).filter(|captures| {
        captures
            .name("who")
            .is_none_or(|who| is_person(who.as_str()))
    });
    let company = match at.and_then(|captures| captures.name("company")) {
        Some(company) => (company.start(), company.end()),
        None => {
            let (before, company) = stem.rsplit_once(", ")?;
            let mut parts = before.split([',', '–', '—', '|']).map(str::trim);
            let card = |part: &str| is_role(part) || is_person(part);
            if !parts.clone().any(is_role) || !parts.all(card) {
                return None;
            }
            (stem.len() - company.len(), stem.len())
        }
    };
    let name = cut(stem, company.0..company.1);
    let end = if form { line.len() } else { company.1 };
    let whole = form || !is_department(name);
    (is_company(name) && whole).then_some((company.0, end))
}

/// Nothing but what somebody is: it begins with that, or all its words have capitals, as on a card.
fn is_role(text: &str) -> bool {
    let small = "of, and, &, for, the, und, für, der, des, et, de, du, en, van, y, e, di, da, do";
    let mut words = text.split_whitespace();
    let is_title = words.all(|word| {
        word.starts_with(|c: char| c.is_uppercase()) || small.split(", ").any(|one| one == word)
    });
    ROLE.find(text)
        .is_some_and(|role| is_title || cut(text, ..role.start()).trim().is_empty())
}

/// The last word of what is a part of a company, not one.
fn is_department(name: &str) -> bool {
    let last = name
        .rsplit([' ', '-'])
        .next()
        .unwrap_or(name)
        .to_lowercase();
    "academy, accounts, acquisition, administration, affairs, alliances, analytics, communications, compliance, content, cybersecurity, data, delivery, \
     design, development, digital, division, e-commerce, ecommerce, education, enablement, engagement, engineering, experience, finance, growth, hr, \
     infrastructure, innovation, insights, intelligence, it, learning, legal, logistics, management, marketing, office, officer, operations, partnerships, \
     people, planning, privacy, procurement, product, products, program, programme, programmes, programs, projects, quality, relations, research, \
     resources, risk, safety, sales, science, security, service, services, strategy, success, support, systems, talent, team, technology, \
     training, transformation, department, abteilung, vertrieb, einkauf, entwicklung, personal, ventes, commercial, achats, verkoop, inkoop, \
     ventas, compras, vendite, acquisti, vendas"
        .split(", ")
        .any(|department| department.trim() == last)
}

/// The companies of people whose words stand right before their name.
fn quoted(site: &Site<'_>, own: &str) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    for (reading, page) in site.readings.iter().enumerate() {
        let document = &page.document;
        let blocks = &document.blocks;
        let mut praise = false;
        let mut elsewhere = false;
        for (position, block) in blocks.iter().enumerate() {
            let line = document.slice(block.span);
            if found.len() >= MOST_PLACES || !site.effort.spend(1, LINE) {
                return found;
            }
            if block.heading.is_some() {
                let short = line.len() <= LONGEST_LINE;
                praise = short && PRAISE.is_match(line);
                elsewhere = short && !praise && NO_PRAISE.is_match(line);
            }
            if elsewhere {
                continue;
            }
            let Some((start, end)) = company_of(line) else {
                continue;
            };
            if !praise && !follows_words(document, position, own) {
                continue;
            }
            let place = Place {
                reading,
                span: block.span.part(start, end),
            };
            let span = block.span;
            found.push((place, Place { reading, span }));
        }
    }
    found
}

/// Whether somebody's words stand in one of the few blocks before: in quotes, or in the first person of somebody who
/// calls the organisation by its name. An article quotes whom it likes, so there they have to name it, too.
fn follows_words(document: &Document, position: usize, own: &str) -> bool {
    let before = position.saturating_sub(4)..position;
    let blocks = document.blocks.get(before).unwrap_or_default();
    blocks.iter().any(|before| {
        let said = document.slice(before.span);
        let quoted = before.quoted
            || said.starts_with(['“', '"', '„', '«'])
            || said.ends_with(['”', '"', '»']);
        let short = said.len() <= LONGEST_WORDS;
        let named = short && names(said, own);
        let first_person = named && is_text(said) && (says_we(said) || says_i(said));
        (quoted || first_person) && (named || !before.article)
    })
}

/// Bytes of somebody's words; longer ones are an article.
const LONGEST_WORDS: usize = 2_000;

fn says_i(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        matches!(
            word,
            "I" | "my" | "My" | "ich" | "Ich" | "je" | "Je" | "mijn" | "ik" | "Ik"
        )
    })
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
        // `NEXT` is a name, `Next` a button.
        && (!GENERIC.is_match(bare) || words == 1 && bare.len() > 2 && bare.chars().all(char::is_uppercase))
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
            "Acorn AG, BirchSoft, Cedar and many more",
            &["Acorn AG", "BirchSoft", "Cedar"],
        );
        check(
            "Acorn Bank, Birch Legal, LLP and Cedar Foods to save time",
            &["Acorn Bank", "Birch Legal, LLP", "Cedar Foods"],
        );
        check("10,000+ companies worldwide", &[]);
        check("Fortune 500 companies", &[]);
        check("Acorn since we began in spring", &[]);
    }

    #[test]
    fn sectors_towns_and_placeholders_are_no_names() {
        for nothing in [
            "Bakeries, Breweries and Banks",
            "Retail, Energy and Finance",
            "Real Estate, Health Care and the Public Sector",
            "Bäckereien, Museen und Banken",
            "Boulangeries, Musées et Banques",
            "Ulm, Elm und Oslo",
            "SME, NGO and Big Accounts",
            "Firm A, Firm B and Firm C",
        ] {
            check(nothing, &[]);
        }
    }

    #[track_caller]
    fn check_line(line: &str, expect: &str) {
        let found = company_of(line).map_or("-", |(start, end)| &line[start..end]);
        assert_eq!(found, expect, "{line}");
    }

    #[test]
    fn who_is_quoted_tells_the_company() {
        check_line("Ada Elm, CEO at Birch Farms", "Birch Farms");
        check_line("Ada Elm, CFO of Birch Farms", "Birch Farms");
        check_line("CEO @ Birch", "Birch");
        check_line("Senior Team Lead, Customer Service, Birch", "Birch");
        check_line("Head of Crops, NEXT", "NEXT");
        check_line("Managing Director of Birch Partners", "Birch Partners");
        check_line("Ada Elm, Head of Sales, Birch Ltd", "Birch Ltd");
        check_line("Ada Elm, Senior Partner, Birch Law, LLP", "Birch Law, LLP");
        check_line(
            "Ada Elm – Director of Privacy, the Birch Group",
            "the Birch Group",
        );
        check_line("Ada Ulme, Geschäftsführerin der Birke GmbH", "Birke GmbH");
        check_line("Ada Elm, directrice générale chez Hêtre SA", "Hêtre SA");
        check_line("Ada Elm, titolare di Betulla Srl", "Betulla Srl");
    }

    #[test]
    fn jobs_headlines_and_people_are_no_companies() {
        check_line("Ada Elm, Senior Director, Regional Partner Programs", "-");
        check_line("Ada Elm, Head of Customer Success", "-");
        check_line("Ada Elm, VP, Product Marketing", "-");
        check_line("Birch owner sold shares in last week of Cedar sale", "-");
        check_line("The president of Birch spoke at length, Cedar said", "-");
        check_line("Ada Elm, York", "-");
        check_line("Ada Elm", "-");
    }

    #[track_caller]
    fn check_page(body: &str, expect: &[&str]) {
        let html = format!("<title>Acorn</title><h1>Acorn</h1>{body}");
        let pages = [crate::page::Page::new(None, html.as_bytes(), None)];
        let site = Site::new(&pages, crate::effort::Effort::for_site());
        let found = customers(&site, Some("Acorn")).map(|stated| stated.value);
        assert_eq!(found.unwrap_or_default(), expect, "{body}");
    }

    #[test]
    fn customers_are_introduced_in_seven_languages() {
        let both = &["Birch Farms", "Cedar Foods"];
        for sentence in [
            "Customers include Birch Farms and Cedar Foods.",
            "Our customers are Birch Farms and Cedar Foods.",
            "Acorn has worked with brands like Birch Farms and Cedar Foods since 2010.",
            "Unsere Kunden sind Birch Farms und Cedar Foods.",
            "Zu unseren Kunden zählen unter anderem Birch Farms und Cedar Foods.",
            "Parmi nos clients figurent Birch Farms et Cedar Foods.",
            "Nos clients : Birch Farms, Cedar Foods.",
            "Tot onze klanten behoren Birch Farms en Cedar Foods.",
            "Entre nuestros clientes están Birch Farms y Cedar Foods.",
            "Tra i nostri clienti figurano Birch Farms e Cedar Foods.",
            "Entre os nossos clientes estão Birch Farms e Cedar Foods.",
        ] {
            check_page(&format!("<p>{sentence}</p>"), both);
        }
        check_page(
            "<p>Retailers with customers like Birch Farms and Cedar Foods grew.",
            &[],
        );
        check_page("<p>We integrate with Birch Farms and Cedar Foods.", &[]);
    }

    #[test]
    fn customers_are_listed_below_what_announces_them() {
        let both = &["Birch Farms", "Cedar Foods"];
        for announcement in [
            "<p>Trusted by growers at",
            "<h3>Nuestros clientes</h3>",
            "<div>Sie vertrauen uns:</div>",
        ] {
            check_page(
                &format!("{announcement}<ul><li>Birch Farms<li>Cedar Foods</ul><p>Read on here to see what the two of them made of it."),
                both,
            );
        }
        check_page(
            "<h2>Our clients</h2><ul><li>Retail<li>Energy<li>Finance</ul>",
            &[],
        );
        check_page("<h2>Our clients</h2><ul><li>Ulm<li>Oslo</ul>", &[]);
    }

    #[test]
    fn people_who_praise_speak_for_their_companies_and_others_do_not() {
        let birch = &["Birch Farms"];
        check_page(
            "<p>“Acorn saved us weeks,” says Ada Elm, owner of Birch Farms.",
            birch,
        );
        check_page(
            "<p>„Acorn hilft uns“, sagt Ada Ulme, Inhaberin von Birch Farms.",
            birch,
        );
        check_page(
            "<p>“The market is growing,” says Ada Elm, owner of Birch Farms.",
            &[],
        );
        check_page(
            "<blockquote>“So good.”</blockquote><p>Ada Elm, Buyer and owner of Birch Farms",
            &[],
        );
        check_page(
            "<blockquote>“So good.”</blockquote><p>Ada Elm, owner of Birch Farms",
            birch,
        );
        let article = "<article><blockquote>“So good.”</blockquote><p>Ada Elm, owner of Birch Farms</article>";
        check_page(article, &[]);
        check_page(&article.replace("So good", "Acorn is so good"), birch);
        check_page("<p>We use Acorn for all that grows on our own fields.<p>Ada Elm<p>Owner of Birch Farms", birch);
        check_page("<p>Ada is good at all that grows on fields, and at sums.<p>Ada Elm<p>Owner of Birch Farms", &[]);
        check_page("<h2>Our investors</h2><blockquote>“So good.”</blockquote><p>Ada Elm, partner at Birch Farms", &[]);
    }
}
