//! Turnover and head count that a page states of the organisation itself.
//!
//! Most figures on a company's site are somebody else's: the group's, a rival's, the market's, a customer's; or they
//! are a target, a growth, a round of funding, a part of the staff. So a figure counts only in a sentence that speaks
//! of the organisation (by name, as "we", or as a bare line under its own heading) and has none of the words that make
//! it another's.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::identity::{method_of, nodes_of, text_of, Own};
use super::money::{amounts, Amount};
use super::pattern::pattern;
use super::sentences::{names, says_we, sentences, without_name, Found, Sentence};
use super::site::{Place, Site};
use crate::profile::{EmployeeCount, Method, Period, Reason, Revenue, Stated};
use crate::slice::{cut, tail};

/// Confidences are set, not measured: the open pages state too few figures. Structured data is often old; a plain
/// sentence names its year; a rounded count is right only roughly.
const COUNT_NODE: f64 = 0.7;
const COUNT_EXACT: f64 = 0.85;
const COUNT_ROUNDED: f64 = 0.6;
const REVENUE: f64 = 0.8;
/// The currency of a bare `$` comes from the country of the address.
const REVENUE_LOCAL: f64 = 0.6;

/// Bytes before a figure in which the words stand that change its meaning.
const LONGEST_LEAD: usize = 120;

static REVENUE_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:annual |yearly |net |total |quarterly |monthly )?(?:revenues?|turnover|turned over|net sales|sales)\b|\b(?:jahres|netto|gesamt|quartals|monats|konzern)?umsatz(?:erlöse?n?|es)?\b|\bumsätze\b|\bchiffre d[’']affaires\b|\b(?:jaar|netto|kwartaal)?omzet\b",
    )
});

/// Words that make an amount beside "revenue" something else or somebody else's.
static NOT_REVENUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:targets?|goals?|aims?|aiming|plan(?:s|ned|ning)?|expects?|expected|forecasts?|projected|projections?|estimated?|potential|will|would|could|want(?:s)? to|hopes?|by 20\d\d|on track|outlook|guidance|ziele?n?|soll(?:en)?|erwarte[nt]?|plane?[nt]|prognose|bis 20\d\d|wollen|möchten|werden|objectifs?|d[’']ici|prévoit|prévoyons|visons|vise|atteindra|doel|streven|streeft|verwacht(?:en)?|willen|zal|zullen|tegen 20\d\d|raised?|raising|funding|series [a-f]|seed|invest(?:ed|ment|ments|ors?)|valuation|valued|stammkapital|grundkapital|capital social|aandelenkapitaal|finanzierung\w*|levée|lève|financiering|markets?|markt(?:es)?|marché|industry|branche|sector|secteur|competitors?|rivals?|wettbewerber\w*|konkurren\w*|concurrents?|groups?|konzern\w*|gruppe|groupe|groep|parent|holding|muttergesellschaft|mutterkonzern|maison mère|moederbedrijf|moedermaatschappij|customers?|clients?|kunden|klanten|saved?|saves|saving|savings|help(?:s|ed|ing)?|their|lost|losses|additional|extra|incremental|average|averaged?|up to|processed|processes|payments?|transactions?|volume|zahlungsvolumen|assets|premiums?|prämien|donations?|spenden|budget|arr|mrr|recurring|per (?:user|employee|customer|client|head|month per)|acqui(?:red|res|sition)|costs?|ebitda|profits?|gewinn|pipeline|bookings|orders|auftragseingang|auftragsbestand|economy|gross domestic|gdp|worldwide spending|spend|fraud|scams?|subsidiar(?:y|ies)|tochter\w*|filiales?|dochter\w*|division|segment|business unit|sparte|product line|thresholds?|companies with|firms with|businesses with|fines?|penalt(?:y|ies)|budgets?|grant)\b",
    )
});

static GROWTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\bby|\bum|\bmet|(?:augment|progress|hauss|cr[ûuo])\S* (?:\S+ ){0,2}de|\bfrom|\bthan|compared (?:with|to)) (?:(?:about|around|over|more than|almost|nearly|rund|etwa|über|fast|ca\.) )?$",
    )
});

static YEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:19|20)\d\d(?:[/–-]\d\d(?:\d\d)?)?\b"));

static YEARLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:annual(?:ly)?|yearly|per year|a year|per annum|p\.a|last year|fiscal|financial year|fy ?\d{2,4}|jahresumsatz\w*|jährlich\w*|pro jahr|im jahr|geschäftsjahr\w*|annuel(?:le)?|par an|exercice|jaaromzet|jaarlijks\w*|per jaar|boekjaar)\b",
    )
});

static QUARTERLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:q[1-4]|quarter(?:ly)?|quartal\w*|trimestr\w*|kwartaal\w*)\b")
});

static MONTHLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:monthly|per month|a month|monatlich\w*|monats\w*|pro monat|mensuel\w*|par mois|maandelijks\w*|per maand)\b",
    )
});

/// Whether a text has one of the words beside which the figures of a profile stand.
pub(crate) fn speaks_of_figures(text: &str) -> bool {
    REVENUE_WORD.is_match(text) || STAFF_WORD.is_match(text)
}

/// The turnover that the pages state of the organisation, the latest year's.
pub(crate) fn revenue(
    site: &Site<'_>,
    name: Option<&str>,
    country: Option<&Stated<&str>>,
) -> Result<Stated<Revenue>, Reason> {
    let name = name.unwrap_or_default();
    let wanted =
        |text: &str| text.contains(|c: char| c.is_ascii_digit()) && REVENUE_WORD.is_match(text);
    let mut found: Vec<(Option<u32>, Revenue, (Place, bool))> = Vec::new();
    let Found { sentences, all } = sentences(site, wanted);
    for sentence in sentences {
        let share = || share_of_group(&sentence, name).map(|found| (found, sentence.with_before()));
        let own = revenue_in(&sentence, name).map(|found| (found, sentence.place));
        let Some(((amount, year, period), place)) = own.or_else(share) else {
            continue;
        };
        let local = country.and_then(|country| dollars_of(country.value));
        let dollars = cut(sentence.text, amount.start..amount.end).contains('$');
        let Some(currency) = amount.currency.or(local.filter(|_| dollars)) else {
            continue;
        };
        let revenue = Revenue {
            amount: amount.value,
            currency: currency.to_owned(),
            period,
        };
        found.push((year, revenue, (place, amount.currency.is_some())));
    }
    let (revenue, (place, stated)) = latest(found, all)?;
    let confidence = if stated { REVENUE } else { REVENUE_LOCAL };
    let mut stated_value = site.state(revenue, confidence, Method::Text, &[place]);
    if !stated {
        stated_value.evidence.extend(
            country
                .into_iter()
                .flat_map(|country| country.evidence.clone()),
        );
    }
    Ok(stated_value)
}

/// What was said of the latest year, as it was said first: if all sentences were looked at and none says otherwise.
fn latest<T: PartialEq, How>(
    mut found: Vec<(Option<u32>, T, How)>,
    all: bool,
) -> Result<(T, How), Reason> {
    let year = found.iter().map(|(year, ..)| *year).max();
    found.retain(|(of, ..)| Some(*of) == year);
    let mut found = found.into_iter();
    let (_, value, how) = found.next().ok_or(Reason::NotStated)?;
    match all && found.all(|(_, other, _)| other == value) {
        true => Ok((value, how)),
        false => Err(Reason::Ambiguous),
    }
}

/// Countries whose own money is written `$`.
fn dollars_of(country: &str) -> Option<&'static str> {
    match country {
        "US" | "PR" | "EC" => Some("USD"),
        "CA" => Some("CAD"),
        "AU" => Some("AUD"),
        "NZ" => Some("NZD"),
        "SG" => Some("SGD"),
        "HK" => Some("HKD"),
        _ => None,
    }
}

fn revenue_in(sentence: &Sentence<'_>, name: &str) -> Option<(Amount, Option<u32>, Period)> {
    let text = sentence.text;
    if !REVENUE_WORD.is_match(text) || sentence.is_quoted() {
        return None;
    }
    if !speaks_of_own(sentence, name, starts_as_revenue) {
        return None;
    }
    let others = without_name(text, name);
    if NOT_REVENUE.is_match(&others) {
        return None;
    }
    let words: Vec<_> = REVENUE_WORD.find_iter(text).collect();
    let years = years(text);
    let mut near: Vec<(Amount, Option<u32>)> = amounts(text)
        .into_iter()
        .filter(|amount| amount.value >= 1_000.0)
        .filter(|amount| {
            words.iter().any(|word| {
                let (from, to) = if word.end() <= amount.start {
                    (word.end(), amount.start)
                } else {
                    (amount.end, word.start())
                };
                from <= to && to - from <= 60 && !cut(text, from..to).contains([';', '!', '?'])
            })
        })
        .filter(|amount| !GROWTH.is_match(tail(cut(text, ..amount.start), LONGEST_LEAD)))
        .map(|amount| {
            let year = year_near(&years, amount.start, amount.end);
            (amount, year)
        })
        .collect();
    let latest = near.iter().map(|(_, year)| *year).max()?;
    near.retain(|(_, year)| *year == latest);
    static ROSE_TO: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^ (?:\S+ ){0,3}?(?:to|auf|naar|à) (?:\S+ )?$"));
    let (amount, year) = match near.as_slice() {
        [only] => only.clone(),
        [from, to]
            if text
                .get(from.0.end..to.0.start)
                .is_some_and(|gap| ROSE_TO.is_match(gap)) =>
        {
            to.clone()
        }
        _ => return None,
    };
    let period = if QUARTERLY.is_match(text) {
        Period::Quarter
    } else if MONTHLY.is_match(text) {
        Period::Month
    } else if year.is_some() || YEARLY.is_match(text) {
        Period::Year
    } else {
        return None;
    };
    Some((amount, year, period))
}

/// `Group revenue 2024: €1.3bn. Acorn Ltd contributed €410m.`: the year and the word stand in the sentence before.
fn share_of_group(sentence: &Sentence<'_>, name: &str) -> Option<(Amount, Option<u32>, Period)> {
    static CONTRIBUTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:contributed|accounted for|(?:trug|steuerte)\b.*\bbei|a contribué|droeg\b.*\bbij)\b",
        )
    });
    let before = sentence
        .before
        .filter(|before| REVENUE_WORD.is_match(before))?;
    let text = sentence.text;
    if !names(text, name) || !CONTRIBUTED.is_match(text) || sentence.is_quoted() {
        return None;
    }
    let [amount] = <[Amount; 1]>::try_from(amounts(text)).ok()?;
    let year = cut(YEAR.find(before)?.as_str(), ..4).parse().ok();
    (amount.value >= 1_000.0).then_some((amount, year, Period::Year))
}

/// All years of a text and where they stand.
fn years(text: &str) -> Vec<(Range<usize>, u32)> {
    let years = YEAR.find_iter(text);
    let read = years.filter_map(|year| {
        let first = cut(year.as_str(), ..4).parse().ok()?;
        Some((year.range(), first))
    });
    read.collect()
}

/// The year that belongs to a figure: the nearest one, before it or behind.
fn year_near(years: &[(Range<usize>, u32)], start: usize, end: usize) -> Option<u32> {
    let outside = |year: &Range<usize>| year.end <= start || year.start >= end;
    let years = years.iter().filter(|(year, _)| outside(year));
    let nearest = years.min_by_key(|(year, _)| {
        // `40 in 2021 to 85 in 2024`: the year behind a figure is its own.
        if year.start >= end {
            year.start - end
        } else {
            start - year.end + 8
        }
    });
    nearest.map(|(_, year)| *year)
}

/// A bare line: `Annual revenue: …`, `Umsatz 2023 …`, or the amount itself.
fn starts_as_revenue(text: &str) -> bool {
    let start = REVENUE_WORD
        .find(text)
        .map_or(usize::MAX, |found| found.start());
    let amount = amounts(text)
        .first()
        .map_or(usize::MAX, |amount| amount.start);
    start.min(amount) <= 4
}

/// True when a sentence is about the organisation: it names it, says "we", or is a bare line at a fitting place.
fn speaks_of_own(sentence: &Sentence<'_>, name: &str, bare_line: impl Fn(&str) -> bool) -> bool {
    if names(sentence.text, name) {
        return true;
    }
    // In an article "we" may be anybody that is quoted or interviewed.
    if sentence.block.article {
        return false;
    }
    (says_we(sentence.text) || bare_line(sentence.text)) && sentence.under_own_heading(name)
}

const STAFF: &str = r"employees|employed people|staff members|staff|team members|teammates|co-?workers|colleagues|full[- ]time employees|mitarbeiter(?:[*:_]?innen)?n?(?: und mitarbeiter(?:innen)?n?)?|mitarbeiterinnen und mitarbeitern?|mitarbeitende[nr]?|beschäftigten?|angestellten?|kolleg(?:en|innen)(?: und kolleg(?:en|innen))?|salariés|salariées|collaborateurs|collaboratrices|employés|employées|medewerkers|werknemers|personeelsleden|collega[’']?s";

/// Words for people in general: staff only behind a word that employs them.
const PEOPLE: &str = r"people|persons|professionals|experts|specialists|engineers|menschen|personen|leute|köpfe|personnes|mensen";

static STAFF_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:{STAFF}|{PEOPLE}|team of|team von|équipe de|head ?count|workforce|belegschaft|mitarbeiterzahl|effectifs?|of them)\b"
    ))
});

const QUANTITY: &str = r"(?P<qualifier>more than|over|at least|upwards of|in excess of|mehr als|über|mindestens|plus de|au moins|meer dan|ruim|fewer than|less than|under|below|weniger als|unter|moins de|minder dan|up to|bis zu|jusqu[’']à|about|around|approximately|approx\.|circa|ca\.|c\.|some|roughly|nearly|almost|close to|rund|etwa|fast|knapp|gut|environ|près de|quelque|ongeveer|zo[’']n|bijna)?\s*(?:(?:between|zwischen|entre|tussen)\s+)?(?P<low>\d{1,3}(?:[,.'’ ]\d{3})+|\d{1,6})(?:\s*(?:-|–|to|and|bis|und|à|et|tot|en)\s*(?P<high>\d{1,3}(?:[,.'’ ]\d{3})+|\d{1,6}))?(?P<plus>\s?\+)?";

/// A number of people who are called staff.
static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?:^|[\s(,;:–-]){QUANTITY}(?: (?:dedicated|talented|skilled|highly|qualified|motivated|engagierten?|qualifizierten?|motivierten?|full[- ]time|permanent|passionate|experienced|loyal|own|eigenen?|fest angestellten?|feste)){{0,2}} (?:{STAFF})\b"
    ))
});

/// A number of people behind a word that makes them staff.
static EMPLOYED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:employ(?:s|ing)?|workforce of|staff of|head ?count of|(?:we are|we’re|we're|is|as) an? (?:\p{{L}}+ ){{0,3}}(?:team|company|firm|boutique|agency|studio|consultancy) of|our (?:\p{{L}}+ )?team of|an? (?:boutique|team|company|firm|agency|studio) of|beschäftig(?:t|en)|team von|(?:unser|ein) team (?:aus|von)|emploie|employons|compte|comptons|une équipe de|notre équipe de|telt|tellen|een team van|ons team van) (?:heute |derzeit |aktuell |now |currently |today |maintenant |aujourd[’']hui |inmiddels )?{QUANTITY}(?: (?P<noun>\p{{L}}+))?"
    ))
});

/// `Head count grew from 40 in 2021 to 85 in 2024`, `Mitarbeiterzahl: 120 (2023)`.
static HEAD_COUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:head ?count|workforce|number of employees|mitarbeiterzahl|belegschaft|effectif|personeelsbestand|aantal medewerkers)\b[^.;]{0,60}",
    )
});

static OF_THEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:has|have|accounts for) (?P<low>\d{1,3}(?:[,.]\d{3})+|\d{1,6}) of (?:them|these)\b",
    )
});

/// Words that make a number of people something else than the organisation's staff.
static NOT_STAFF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:competitors?|rivals?|wettbewerber\w*|konkurren\w*|concurrents?|groups?|konzern\w*|gruppe|groupe|groep|parent|holding|muttergesellschaft|maison mère|moederbedrijf|customers?|clients?|kunden\w*|klanten|companies|businesses|organi[sz]ations|firms|unternehmen mit|entreprises|bedrijven|industry|sector|branche|secteur|market|markt|marché|new|additional|neue[nr]?|zusätzliche[nr]?|nouveaux|nieuwe|hired?|hiring|hires|recruit\w*|train(?:s|ed|ing)|laid off|layoffs?|lay off|cut|jobs?|arbeitsplätze|emplois|banen|former|ehemalige|temporary|had|started with|began with|hatte[n]?|begann\w*|avait|avions|begonnen|will|would|plans?|planned|expects?|target|goal|by 20\d\d|bis 20\d\d|wollen|d[’']ici|their|suppliers?|partners?|lieferanten|fournisseurs|leveranciers|acqui(?:red|res|sition)|survey(?:ed)?|respondents|befragt\w*|users?|students?|for teams|pro mitarbeiter|per employee|subsidiar(?:y|ies)|tochter\w*|filiale|dochter\w*|division|department|abteilung|minimum of|maximum)\b",
    )
});

/// One place of several.
static ONE_SITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:at|in|from|on) (?:our|the|its|this) (?:\S+ ){0,4}(?:site|plant|office|factory|location|warehouse|campus|branch|headquarters|facility)\b|(?:am|vom|beim) (?:\S+ )?(?:standort|werk|hauptsitz|sitz)\b|im werk\b|in der (?:\S+ )?(?:niederlassung|filiale)|(?:sur le|de notre) site\b|à l[’']usine|dans notre usine|(?:op|in) (?:de|onze) (?:\S+ )?(?:vestiging|locatie|fabriek)\b)",
    )
});

/// Numbers behind these are a part of the staff.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:including|of whom|of which|among them|darunter|davon|dont|waarvan|waaronder|another|plus|and)\s*$",
    )
});

/// The head count that the pages state of the organisation: structured, else the latest sentence.
pub(crate) fn employees(
    site: &Site<'_>,
    own: &Own,
    name: Option<&str>,
) -> Result<Stated<EmployeeCount>, Reason> {
    if let Some(stated) = from_nodes(site, own) {
        return Ok(stated);
    }
    let name = name.unwrap_or_default();
    let wanted =
        |text: &str| text.contains(|c: char| c.is_ascii_digit()) && STAFF_WORD.is_match(text);
    let mut found = Vec::new();
    let Found { sentences, all } = sentences(site, wanted);
    for sentence in sentences {
        if let Some((year, count, confidence)) = count_in(&sentence, name) {
            found.push((year, count, (confidence, sentence.place)));
        }
    }
    let (count, (confidence, place)) = latest(found, all)?;
    Ok(site.state(count, confidence, Method::Text, &[place]))
}

fn count_in(sentence: &Sentence<'_>, name: &str) -> Option<(Option<u32>, EmployeeCount, f64)> {
    if sentence.is_quoted() {
        return None;
    }
    let whole = sentence.text;
    let mut results = Vec::new();
    let mut clause_before = sentence.before;
    for clause in whole.split("; ") {
        let others = without_name(clause, name);
        let own = names(clause, name) || clause.len() == whole.len();
        if own && speaks_of_own(sentence, name, starts_as_count) && !ONE_SITE.is_match(clause) {
            if !NOT_STAFF.is_match(&others) {
                results.extend(counts(clause));
            }
            // `The group employs 900 people; we have 80 of them.`
            if let Some(captures) = OF_THEM.captures(clause) {
                if clause_before.is_some_and(|before| STAFF_WORD.is_match(before)) {
                    results.extend(
                        quantity(&captures).map(|(count, confidence)| (None, count, confidence)),
                    );
                }
            }
        }
        clause_before = Some(clause);
    }
    let latest = results.iter().map(|(year, ..)| *year).max()?;
    results.retain(|(year, ..)| *year == latest);
    match results.as_slice() {
        [only] => Some(only.clone()),
        [first, rest @ ..] if rest.iter().all(|other| other.1 == first.1) => Some(first.clone()),
        _ => None,
    }
}

/// A bare line: `With 40 employees in Turku …`. A label with a number (`Employees: 51-200`) is a directory's, too.
fn starts_as_count(text: &str) -> bool {
    static START: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:with|mit|avec|met|head ?count (?:grew|rose|is|was|of)|mitarbeiterzahl|our workforce)\b",
        )
    });
    START.is_match(text)
}

fn counts(clause: &str) -> Vec<(Option<u32>, EmployeeCount, f64)> {
    let years = years(clause);
    let mut found: Vec<(usize, Option<u32>, EmployeeCount, f64)> = Vec::new();
    let mut add = |captures: &Captures<'_>| {
        let Some(low) = captures.name("low") else {
            return;
        };
        let start = captures
            .name("qualifier")
            .map_or(low.start(), |word| word.start());
        if PART.is_match(tail(cut(clause, ..start), LONGEST_LEAD))
            && found.iter().any(|(at, ..)| *at < start)
        {
            return;
        }
        if found.iter().any(|(at, ..)| *at == low.start()) {
            return;
        }
        if let Some((count, confidence)) = quantity(captures) {
            let end = captures.name("high").map_or(low.end(), |high| high.end());
            found.push((
                low.start(),
                year_near(&years, low.start(), end),
                count,
                confidence,
            ));
        }
    };
    for captures in COUNT.captures_iter(clause) {
        add(&captures);
    }
    for captures in EMPLOYED.captures_iter(clause) {
        let noun = captures
            .name("noun")
            .map(|noun| noun.as_str().to_lowercase());
        // `compte 35 salariés` counts people, `compte 3 agences` does not.
        let verb = captures
            .get(0)
            .map(|all| all.as_str().to_lowercase())
            .unwrap_or_default();
        let needs_noun = ["compt", "telt", "tellen", "employ", "emploie", "beschäftig"]
            .iter()
            .any(|start| verb.starts_with(start));
        static PERSON: LazyLock<Regex> =
            LazyLock::new(|| pattern(&format!("(?i)^(?:{STAFF}|{PEOPLE})$")));
        if !needs_noun || noun.is_some_and(|noun| PERSON.is_match(&noun)) {
            add(&captures);
        }
    }
    if found.is_empty() {
        if let Some(head_count) = HEAD_COUNT.find(clause) {
            found.extend(dated_numbers(
                clause,
                head_count.end().min(clause.len()),
                head_count.start(),
            ));
        }
    }
    found
        .into_iter()
        .map(|(_, year, count, confidence)| (year, count, confidence))
        .collect()
}

/// `from 40 in 2021 to 85 in 2024`: numbers that each have a year behind them.
fn dated_numbers(
    clause: &str,
    end: usize,
    start: usize,
) -> Vec<(usize, Option<u32>, EmployeeCount, f64)> {
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?P<low>\d{1,3}(?:[,.]\d{3})+|\d{1,6}) ?(?:\(|in |im jahr |en |ende |fin )?(?P<year>(?:19|20)\d\d)\b",
        )
    });
    DATED
        .captures_iter(cut(clause, start..end))
        .filter_map(|captures| {
            let year = captures.name("year")?.as_str().parse().ok();
            let (count, confidence) = quantity(&captures)?;
            Some((
                start + captures.name("low")?.start(),
                year,
                count,
                confidence,
            ))
        })
        .collect()
}

fn quantity(captures: &Captures<'_>) -> Option<(EmployeeCount, f64)> {
    let number = |name: &str| -> Option<u32> {
        let digits: String = captures
            .name(name)?
            .as_str()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    };
    let low = number("low").filter(|count| (1..=3_000_000).contains(count))?;
    // A bare year beside a word for staff is a year.
    let bare_year = captures
        .name("low")
        .is_some_and(|low| low.as_str().len() == 4)
        && (1900..2100).contains(&low);
    if bare_year {
        return None;
    }
    if let Some(high) = number("high") {
        let count = EmployeeCount {
            min: Some(low),
            max: Some(high),
        };
        return (low < high && high <= 3_000_000).then_some((count, COUNT_EXACT));
    }
    let qualifier = captures
        .name("qualifier")
        .map(|word| word.as_str().to_lowercase())
        .unwrap_or_default();
    let exactly = |confidence| {
        let count = EmployeeCount {
            min: Some(low),
            max: Some(low),
        };
        (count, confidence)
    };
    let at_least = EmployeeCount {
        min: Some(low),
        max: None,
    };
    let at_most = |max| EmployeeCount {
        min: None,
        max: Some(max),
    };
    Some(match qualifier.as_str() {
        _ if captures.name("plus").is_some() => (at_least, COUNT_EXACT),
        "" => exactly(COUNT_EXACT),
        "more than" | "over" | "upwards of" | "in excess of" | "mehr als" | "über" | "plus de"
        | "meer dan" | "ruim" | "at least" | "mindestens" | "au moins" => (at_least, COUNT_EXACT),
        "fewer than" | "less than" | "under" | "below" | "weniger als" | "unter" | "moins de"
        | "minder dan" => (at_most(low.saturating_sub(1)), COUNT_EXACT),
        "up to" | "bis zu" | "jusqu'à" | "jusqu’à" => (at_most(low), COUNT_EXACT),
        _ => exactly(COUNT_ROUNDED),
    })
}

/// Bytes of a structured head count, such as `10,001 - 50,000`.
const LONGEST_COUNT: usize = 40;

fn from_nodes(site: &Site<'_>, own: &Own) -> Option<Stated<EmployeeCount>> {
    own.nodes.iter().find_map(|node| {
        let mut places = Vec::new();
        let mut number = |place: Option<Place>| -> Option<u32> {
            let place = place?;
            let text = Some(site.text(place)).filter(|text| text.len() <= LONGEST_COUNT)?;
            let value = text.replace([',', ' '], "").parse().ok();
            places.extend(value.map(|_: u32| place));
            value.filter(|count| (1..=3_000_000).contains(count))
        };
        let (mut min, mut max) = (None, None);
        // Two of them say between how many, more of them nothing.
        for inner in nodes_of(site, *node, "numberOfEmployees")
            .into_iter()
            .take(4)
        {
            min = min.or_else(|| number(text_of(site, inner, "minValue")));
            max = max.or_else(|| number(text_of(site, inner, "maxValue")));
            if min.is_none() && max.is_none() {
                min = number(text_of(site, inner, "value"));
                max = min;
            }
        }
        if let Some(place) = text_of(site, *node, "numberOfEmployees") {
            static BAND: LazyLock<Regex> = LazyLock::new(|| {
                pattern(r"^(?P<low>\d[\d,]*)(?: ?(?:-|–|to) ?(?P<high>\d[\d,]*)| ?(?P<plus>\+))?$")
            });
            let text = Some(site.text(place)).filter(|text| text.len() <= LONGEST_COUNT)?;
            let captures = BAND.captures(text)?;
            let read = |name: &str| -> Option<u32> {
                captures.name(name)?.as_str().replace(',', "").parse().ok()
            };
            min = read("low");
            max = if captures.name("plus").is_some() {
                None
            } else {
                read("high").or(min)
            };
            places.push(place);
        }
        let sound = match (min, max) {
            (Some(min), Some(max)) => min <= max && max <= 3_000_000,
            (None, None) => false,
            _ => true,
        };
        sound.then(|| {
            site.state(
                EmployeeCount { min, max },
                COUNT_NODE,
                method_of(site, *node),
                &places,
            )
        })
    })
}
