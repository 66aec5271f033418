//! Turnover and head count that a page states of the organisation itself.
//!
//! Most figures on a company's site are somebody else's: the group's, a rival's, the market's, a customer's; or they
//! are a target, a growth, a round of funding, a part of the staff. So a figure counts only in a sentence that is a
//! statement from its first word to its last (see [`statement`](super::statement)), where it speaks of the organisation.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::Clause;
use super::confidence::{head_count, revenue as turnover};
use super::identity::{method_of, nodes_of, text_of, texts_of, Node, Own};
use super::languages::{Language, Role, ALL};
use super::pattern::pattern;
use super::sentences::{sentences, Found, Sentence};
use super::site::{Place, Site};
use super::statement::{self, CountStatement, RevenueStatement, MOST_PEOPLE};
use crate::profile::{EmployeeCount, Method, Reason, Revenue, Stated};
use crate::slice::cut;

/// Years after which the head count of a day says nothing of the present, counted from the last that the pages name.
const OLDEST_COUNT: u32 = 2;

/// The least that is a company's turnover, in whole units of any currency.
const LEAST_REVENUE: f64 = 1_000.0;

/// Whether a text has a figure, and one of the words that say what such figures of a profile are about.
pub(crate) fn speaks_of_figures(text: &str) -> bool {
    may_state(text, tells_revenue) || may_state(text, tells_staff)
}

/// The turnover that the pages state of the organisation, the latest year's.
pub(crate) fn revenue(
    site: &Site<'_>,
    name: Option<&str>,
    country: Option<&Stated<&str>>,
) -> Result<Stated<Revenue>, Reason> {
    let name = name.unwrap_or_default();
    let mut found: Vec<(Option<u32>, Revenue, (Place, bool))> = Vec::new();
    let Found { sentences, all } = sentences(site, |text| may_state(text, tells_revenue));
    for sentence in &sentences {
        let Some((statement, place)) = revenue_in(sentence, name) else {
            continue;
        };
        let local = country.and_then(|country| dollars_of(country.value));
        let dollars = cut(sentence.text, statement.bytes.clone()).contains('$');
        let Some(currency) = statement.currency.or(local.filter(|_| dollars)) else {
            continue;
        };
        let revenue = Revenue {
            amount: statement.amount,
            currency: currency.to_owned(),
            period: statement.period,
        };
        let stated = statement.currency.is_some();
        found.push((statement.year, revenue, (place, stated)));
    }
    let (revenue, (place, stated)) = latest(found, all)?;
    let confidence = if stated {
        turnover::STATED
    } else {
        turnover::LOCAL
    };
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

fn revenue_in(sentence: &Sentence<'_>, name: &str) -> Option<(RevenueStatement, Place)> {
    if sentence.is_quoted() {
        return None;
    }
    let (statement, place) = languages_of(sentence.text, tells_revenue).find_map(|language| {
        let clause = Clause::new(sentence.text, sentence.label, name, language);
        if let Some(stated) = statement::revenue(&clause) {
            return speaks_of_own(sentence, name, &clause).then_some((stated, sentence.place));
        }
        let before = Clause::new(sentence.before?, None, name, language);
        let group = before.has(Role::GroupRevenue) && before.has(Role::Money);
        let share = statement::share(&clause, &before).filter(|_| group)?;
        Some((share, sentence.with_before()))
    })?;
    (statement.amount >= LEAST_REVENUE).then_some((statement, place))
}

/// Whether a word says that a sentence may be about turnover.
fn tells_revenue(role: Role) -> bool {
    matches!(
        role,
        Role::Revenue | Role::TurnOver | Role::Turn | Role::Contribute
    )
}

/// Whether a word says that a sentence may be about head count.
fn tells_staff(role: Role) -> bool {
    use Role::{Exist, HeadCount, People, Staff, Strong, Team};
    matches!(role, Exist | HeadCount | People | Staff | Strong | Team)
}

/// The languages in which some word of the text says what it is about.
fn languages_of(text: &str, tells: fn(Role) -> bool) -> impl Iterator<Item = &'static Language> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    ALL.iter().filter(move |language| {
        let phrases = words.iter().flat_map(|word| language.phrases(word));
        let mut telling = phrases.filter(|phrase| phrase.roles.iter().any(|role| tells(*role)));
        // `Revenue 2023: € 5 milioni`: where the label is English, the scale tells.
        let has_scale = || words.iter().any(|word| language.scale(word).is_some());
        telling.any(|phrase| phrase.own || has_scale())
    })
}

/// Whether a text may state a figure of this sort at all: most texts do not.
fn may_state(text: &str, tells: fn(Role) -> bool) -> bool {
    let digits = text.contains(|c: char| c.is_ascii_digit());
    let counts = |language: &Language| {
        let mut words = text.split(|c: char| !c.is_alphabetic());
        words.any(|word| language.number(&word.to_lowercase()).is_some())
    };
    languages_of(text, tells).any(|language| digits || counts(language))
}

/// "The company" and a label are of whom the sentence before is about, where there is one.
fn goes_on_about_own(sentence: &Sentence<'_>, name: &str) -> bool {
    let own = [Role::Name, Role::We, Role::Our, Role::Company, Role::Colon];
    sentence.before.is_none_or(|before| {
        let mut clauses = ALL
            .iter()
            .map(|language| Clause::new(before, None, name, language));
        clauses.any(|clause| own.into_iter().any(|role| clause.has(role)))
    })
}

/// True when a statement is about the organisation: it names it, or is said by it where it speaks of itself.
fn speaks_of_own(sentence: &Sentence<'_>, name: &str, clause: &Clause) -> bool {
    if clause.has(Role::Name) {
        return true;
    }
    // In an article "we" may be anybody that is quoted or interviewed.
    let own = !sentence.block.article && sentence.under_own_heading(name);
    let says_we = clause.has(Role::We) || clause.has(Role::Our);
    own && (says_we || sentence.on_own_page(name) && goes_on_about_own(sentence, name))
}

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
    let (mut found, mut past) = (Vec::new(), Vec::new());
    let mut earliest = None;
    let Found { sentences, all } = sentences(site, |text| may_state(text, tells_staff));
    for sentence in &sentences {
        if let Some(CountStatement {
            count,
            year,
            rounded,
            past: of_past,
        }) = count_in(sentence, name)
        {
            let confidence = if rounded {
                head_count::ROUNDED
            } else {
                head_count::EXACT
            };
            let stated = (year, count, (confidence, sentence.place));
            if !of_past {
                found.push(stated);
            } else if year
                >= *earliest
                    .get_or_insert_with(|| site.latest_year().map(|year| year - OLDEST_COUNT))
            {
                past.push(stated);
            }
        }
    }
    if found.is_empty() {
        found = past;
    }
    let (count, (confidence, place)) = latest(found, all)?;
    Ok(site.state(count, confidence, Method::Text, &[place]))
}

fn count_in(sentence: &Sentence<'_>, name: &str) -> Option<CountStatement> {
    if sentence.is_quoted() {
        return None;
    }
    languages_of(sentence.text, tells_staff).find_map(|language| {
        let clause = Clause::new(sentence.text, sentence.label, name, language);
        let stated = statement::count(&clause).or_else(|| {
            let heading = sentence.heading.filter(|_| sentence.is_whole_block())?;
            let announced = Clause::new(heading, None, name, language).has(Role::Figures);
            statement::listed_count(&clause).filter(|_| announced)
        })?;
        speaks_of_own(sentence, name, &clause).then_some(stated)
    })
}

/// Bytes of a structured head count, such as `10,001 - 50,000`.
const LONGEST_COUNT: usize = 40;

fn from_nodes(site: &Site<'_>, own: &Own) -> Option<Stated<EmployeeCount>> {
    own.nodes.iter().find_map(|node| {
        let (count, places) = of_quantity(site, *node)
            .or_else(|| of_texts(site, &texts_of(site, *node, "numberOfEmployees")))?;
        Some(site.state(count, head_count::NODE, method_of(site, *node), &places))
    })
}

/// What quantities under a node say: bounds, or a value. Two of them say between how many, more of them nothing.
fn of_quantity(site: &Site<'_>, node: Node) -> Option<(EmployeeCount, Vec<Place>)> {
    let (mut min, mut max) = (None, None);
    for inner in nodes_of(site, node, "numberOfEmployees")
        .into_iter()
        .take(4)
    {
        let number = |key: &str| {
            let place = text_of(site, inner, key)?;
            let (number, _, exact) = people(site.text(place))?;
            exact.then_some((number, place))
        };
        min = min.or_else(|| number("minValue"));
        max = max.or_else(|| number("maxValue"));
        if min.is_none() && max.is_none() {
            return of_texts(site, &texts_of(site, inner, "value"));
        }
    }
    let (low, high) = (min.map(|(low, _)| low), max.map(|(high, _)| high));
    let places = min.into_iter().chain(max).map(|(_, place)| place).collect();
    Some((bounds(low, high)?, places))
}

/// What one text says, such as `51-200 employees`, or two that are a number each.
fn of_texts(site: &Site<'_>, places: &[Place]) -> Option<(EmployeeCount, Vec<Place>)> {
    let read = |place: &Place| people(site.text(*place));
    let (min, max) = match places {
        [one] => {
            let (low, high, _) = read(one)?;
            (low, high)
        }
        [low, high] => {
            let ((low, _, true), (high, _, true)) = (read(low)?, read(high)?) else {
                return None;
            };
            (low, Some(high))
        }
        _ => return None,
    };
    Some((bounds(Some(min), max)?, places.to_vec()))
}

fn bounds(min: Option<u32>, max: Option<u32>) -> Option<EmployeeCount> {
    let sound = match (min, max) {
        (Some(min), Some(max)) => min <= max,
        (None, None) => false,
        _ => true,
    };
    sound.then_some(EmployeeCount { min, max })
}

/// A number of people or two bounds, with or without a word behind them that says what they are, and whether it is one
/// number.
fn people(text: &str) -> Option<(u32, Option<u32>, bool)> {
    static BAND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?P<low>\d[\d, ]*?)(?: ?(?:-|–|to) ?(?P<high>\d[\d, ]*?)| ?(?P<plus>\+))?(?: (?P<word>\p{L}+))?$",
        )
    });
    let captures = BAND.captures(Some(text).filter(|text| text.len() <= LONGEST_COUNT)?)?;
    if let Some(word) = captures.name("word") {
        languages_of(word.as_str(), |role| {
            matches!(role, Role::People | Role::Staff)
        })
        .next()?;
    }
    let read = |name: &str| -> Option<u32> {
        let digits = captures.name(name)?.as_str().replace([',', ' '], "");
        let number = digits.parse().ok();
        number.filter(|count| (1..=MOST_PEOPLE).contains(count))
    };
    let low = read("low")?;
    if captures.name("plus").is_some() {
        return Some((low, None, false));
    }
    match captures.name("high") {
        Some(_) => Some((low, Some(read("high")?), false)),
        None => Some((low, Some(low), true)),
    }
}
