//! What a sentence states of turnover and of head count: an order of roles, the same in all languages.
//!
//! A statement is a subject, a predicate, the whole quantity and when; a label is what is counted, when, and the quantity.
//! Between these parts only what changes nothing may stand, so that a negation, a question, a condition, a part, half a
//! year or somebody else's figure is silent because it does not fit, and not because its word is known.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{Clause, Part};
use super::languages::Role;
use super::pattern::pattern;
use crate::profile::{EmployeeCount, Period};

/// Turnover that a sentence states.
#[derive(Debug)]
pub(crate) struct RevenueStatement {
    pub(crate) amount: f64,
    pub(crate) currency: Option<&'static str>,
    pub(crate) period: Period,
    pub(crate) year: Option<u32>,
    /// Where the amount stands in the sentence.
    pub(crate) bytes: std::ops::Range<usize>,
}

/// Head count that a sentence states.
#[derive(Debug)]
pub(crate) struct CountStatement {
    pub(crate) count: EmployeeCount,
    pub(crate) year: Option<u32>,
    pub(crate) rounded: bool,
}

/// A date that covers a year, as it is said of turnover: `in 2024`, `(financial year 2022/23)`, `last year`.
const DATE: &str = "(?: (?:In|For)? Article? (?: (?:Fiscal|YearWord)+ (?:(?:Ended|End) In? Article? (?:Number Month|Month Number? Comma?|Number Month Number)?)? )? Year (?:YearWord|Fiscal)? | LastYear )";

/// A date of any sort, as it is said of head count.
const DAY: &str = "(?: (?:In|For|Ended)? Article? (?:Fiscal|YearWord|Ended|Of)* Number? Month? Number? Comma? Year (?:YearWord|Fiscal)? )";

/// When, or for how long.
const PERIOD: &str = "(?: Open? (?: DATE | (?:In|For)? Article? Ordinal? Quarterly (?:Of|In)? Article? (?:Fiscal|YearWord)* Year? | Yearly | Monthly | In YearWord ) Close? )";

/// A remark that a sentence may begin with, and one between commas. It has no figure of what is asked for in it.
const ASIDE: &str = "[^Comma Semicolon Colon Money Staff We Our Name Minus]";

/// The organisation itself.
const SUBJECT: &str = "(?: (?: (?: Article? Firm? | Company ) Name | We | Our? Company ) (?: Comma (?:Article|Opener) ASIDE{1,12} Comma )? )";

/// Whose turnover it is, before the noun.
const OWNER: &str = "(?: Our | Article? Name Possessive | Our? Company Possessive | Article )";

/// Whose turnover it is, behind the noun.
const OF_OWNER: &str = "(?: (?:Of|Article){0,2} Name | Of? Our? Company Possessive? | At Name )";

const LEAD: &str = "(?: (?: PERIOD | Now ) Comma? | With A_COUNT STAFF PLACES? Comma | (?:Opener|With) ASIDE{1,12} Comma )*";

/// Words that may stand anywhere in a statement.
const NEUTRAL: &str = "(?: PERIOD | Now | Everywhere | Total )*";

/// A number of people as it is said.
const COUNT: &str = "(?P<count> (?:Over|AtLeast|Under|UpTo|Approx|Total|Approx Total)? (?: Between Number And Number | Number (?:Dash|To|Article) Number | Number Plus? ) )";

/// The same where it is not what is asked for.
const A_COUNT: &str = "(?: (?:Over|AtLeast|Under|UpTo|Approx|Total)? (?: Between Number And Number | Number (?:Dash|To|Article) Number | Number Plus? ) )";

const STAFF: &str = "(?: Of? Praise* Staff (?:Staff)? OnBoard? )";
const ANYBODY: &str = "(?: Of? Praise* (?:Staff|People) OnBoard? )";

/// `Was founded in 1987 and`, before another predicate.
const FOUNDED: &str = "(?: Be (?: Opener ASIDE{0,6} | ASIDE{0,4} Opener ) And Now? )";

/// At all of its places.
const PLACES: &str =
    "(?: (?:At|In) Our? (?:Over|Approx)? Number Praise* Sites (?: And Number Sites )? )";

/// What goes on about something else.
const REST: &str = "(?P<rest> (?:Comma|Dash|Open) (?: Remark | A_COUNT? OfThem | Including A_COUNT ) Anything* | Comma? And (?:GoOn|Employ|Have|Earn|TurnOver|Be|Work|Reach) Anything* )?";

const VALUE: &str = "(?: (?:Of|In)? Approx? (?P<value>Money) )";
const TURNOVER: &str = "(?: (?:Article|Approx)? (?:Total|Yearly|Quarterly|Monthly)* Revenue (?:Total|Yearly|Quarterly|Monthly)* )";

/// The head count that a statement of turnover goes on with.
const WITH_STAFF: &str = "(?: (?:With|And) A_COUNT STAFF | With Article Praise* (?:HeadCount|Team) Of A_COUNT ANYBODY? )";

const REVENUE_TAIL: &str =
    "(?: Comma? PERIOD | Now | Everywhere | Total | WITH_STAFF )* REST Stop* $";
const COUNT_TAIL: &str = "(?: Comma? (?: Open? DAY Close? | PERIOD | Now | Everywhere | PLACES | Total ) )* REST Stop* $";

static REVENUE: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let after = "TURNOVER NEUTRAL VALUE";
    let first = "VALUE (?:In|Of)? TURNOVER";
    let with_staff = "(?: (?:Have|Employ) A_COUNT ANYBODY And )?";
    let mut sources = Vec::new();
    for object in [after, first] {
        sources.push(format!("LEAD SUBJECT NEUTRAL {with_staff} Have? NEUTRAL (?:Earn|Have|Reach) NEUTRAL {object} REVENUE_TAIL"));
        sources.push(format!("LEAD (?: With A_COUNT STAFF Comma? )? (?:Earn|Reach) SUBJECT NEUTRAL {object} REVENUE_TAIL"));
        sources.push(format!("LEAD (?: SUBJECT NEUTRAL Have | Have SUBJECT ) NEUTRAL {object} NEUTRAL Earn REVENUE_TAIL"));
    }
    sources.push(format!(
        "LEAD SUBJECT NEUTRAL Have A_COUNT STAFF And {after} REVENUE_TAIL"
    ));
    for source in [
        "LEAD OWNER? TURNOVER NEUTRAL OF_OWNER? NEUTRAL (?:Be|Reach) NEUTRAL (?:Of|At)? VALUE REVENUE_TAIL",
        "LEAD (?:Be|Reach) OWNER TURNOVER NEUTRAL OF_OWNER? NEUTRAL (?:Of|At|In)? VALUE REVENUE_TAIL",
        "(?: Article? Name Possessive? | Our | Company Possessive? )? Colon? NEUTRAL TURNOVER NEUTRAL OF_OWNER? NEUTRAL (?:Colon|Dash)? VALUE NEUTRAL Stop* $",
        "VALUE (?:In|Of)? TURNOVER NEUTRAL Stop* $",
        "LEAD SUBJECT NEUTRAL Have? TurnOver NEUTRAL VALUE REVENUE_TAIL",
        "LEAD TurnOver SUBJECT NEUTRAL VALUE REVENUE_TAIL",
        "LEAD (?: SUBJECT Turn | Turn SUBJECT ) NEUTRAL (?: With A_COUNT STAFF )? NEUTRAL VALUE By REVENUE_TAIL",
        "LEAD Article? Name Comma That A_COUNT STAFF And TURNOVER VALUE REVENUE_TAIL",
        "LEAD SUBJECT End In? Article? (?:Fiscal|YearWord)* Year With TURNOVER VALUE REVENUE_TAIL",
        "LEAD SUBJECT Be Article (?:Praise|Unknown|Firm){1,3} With TURNOVER VALUE REVENUE_TAIL",
        "LEAD With TURNOVER NEUTRAL VALUE NEUTRAL Comma SUBJECT NEUTRAL (?:Be|Have|Employ|GoOn) Anything* $",
        "LEAD (?: SUBJECT NEUTRAL Grow OWNER? TURNOVER | OWNER? TURNOVER NEUTRAL OF_OWNER? NEUTRAL Grow ) NEUTRAL (?: By? Approx? Number Percent )? NEUTRAL (?: (?:From|Of) (?:Money|Number) NEUTRAL )? (?:To|For) VALUE REVENUE_TAIL",
        "(?: A_COUNT STAFF Comma )? VALUE TURNOVER (?: Comma Number [^Comma Money Colon]+ )* Colon That Article? Name NEUTRAL Stop* $",
    ] {
        sources.push(source.to_owned());
    }
    sources.iter().map(|source| roles(source)).collect()
});

/// What one said of the group's turnover in the sentence before.
static SHARE: LazyLock<Regex> =
    LazyLock::new(|| roles("Article? Name Contribute VALUE (?:At|To)? Stop* $"));

static COUNTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        "LEAD SUBJECT NEUTRAL FOUNDED? Employ NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL FOUNDED? Have NEUTRAL COUNT STAFF COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Grow To (?: Article Praise* Team Of )? COUNT STAFF COUNT_TAIL",
        "LEAD SUBJECT (?:Be|Comma) Article (?:Praise|Unknown|Firm){1,3} With COUNT STAFF COUNT_TAIL",
        "LEAD Exist COUNT Of We (?: At (?: Article? Name | Our? Company ) )? COUNT_TAIL",
        "LEAD We Be With COUNT STAFF COUNT_TAIL",
        "LEAD COUNT ANYBODY NEUTRAL Be NEUTRAL (?:At|For) (?: Article? Name | We | Our? Company ) (?:Work|Employ) COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Grow Our? (?:HeadCount|Team) NEUTRAL (?: By? Approx? Number Percent )? (?: From Number ANYBODY? NEUTRAL )? To COUNT ANYBODY? COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Grow From Number NEUTRAL To COUNT STAFF COUNT_TAIL",
        "LEAD (?: SUBJECT Turn | Turn SUBJECT ) NEUTRAL With COUNT STAFF NEUTRAL Approx? Money By COUNT_TAIL",
        "LEAD Article? Name Comma That COUNT STAFF (?: And TURNOVER NEUTRAL Of? Approx? Money )? COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL (?: TurnOver NEUTRAL Approx? Money | (?:Earn|Have) NEUTRAL TURNOVER NEUTRAL Of? Approx? Money ) NEUTRAL With Article Praise* (?:HeadCount|Team) Of COUNT ANYBODY? COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL End In? Article? (?:Fiscal|YearWord)* Year With TURNOVER NEUTRAL Of? Approx? Money (?:With|And) COUNT STAFF COUNT_TAIL",
        "LEAD (?: Our | Article? Name Possessive ) COUNT STAFF (?:Be|Have|GoOn|Work|Earn) Anything* $",
        "LEAD OWNER Praise* (?:Team|HeadCount) OF_OWNER? NEUTRAL (?:Consist|Have) NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Have NEUTRAL COUNT STAFF And TURNOVER NEUTRAL Of? Approx? Money Anything* $",
        "LEAD Employ SUBJECT NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD Have SUBJECT NEUTRAL COUNT STAFF COUNT_TAIL",
        "LEAD (?: SUBJECT NEUTRAL Be | Be We ) NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Be NEUTRAL COUNT ANYBODY? Strong COUNT_TAIL",
        "LEAD SUBJECT (?:Be|Comma) NEUTRAL Article Praise* Unknown? Team (?:Of|With) COUNT (?: (?:Unknown|Comma|And|Praise){0,8} (?:Staff|People) )? (?: In Unknown{1,3} )? COUNT_TAIL",
        "LEAD SUBJECT (?:Be|Comma) NEUTRAL Article Praise* Unknown? Firm (?:Of|With) COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Have NEUTRAL Article Praise* (?:Team|HeadCount|Staff) (?:Of|With) COUNT ANYBODY? COUNT_TAIL",
        "Article? Praise* (?:Team|HeadCount) (?:Of|With) COUNT ANYBODY COUNT_TAIL",
        "OWNER Praise* (?:Team|HeadCount) (?:Of|With) COUNT ANYBODY (?:Be|Have|GoOn|Work|Earn|Reach) Anything* $",
        "LEAD OWNER COUNT Strong Praise* (?:Team|HeadCount) (?: (?:Be|Have|GoOn|Work|Earn|Reach) Anything* $ | COUNT_TAIL )",
        "LEAD SUBJECT End In? Article? (?:Fiscal|YearWord)* Year With COUNT ANYBODY COUNT_TAIL",
        "LEAD (?: Article? Name | We ) [^Semicolon]* Staff [^Semicolon]* Semicolon And? Now Comma? Exist COUNT ANYBODY? Stop* $",
        "[^Semicolon]* (?:Staff|People) [^Semicolon]* Semicolon And? (?: Article? Name | We ) Have COUNT OfThem Stop* $",
        "(?: OWNER | Name Colon? )? (?:HeadCount|Total Staff) OF_OWNER? (?: Open? DAY Close? | PERIOD | Everywhere | Total )* (?:Colon|Dash|Be|Of) (?P<count> (?:Over|AtLeast|Approx)? Number Plus? ) (?:People|Staff)? (?: Comma? Open? (?: DAY | Everywhere | Total ) Close? )* Stop* $",
        "(?:Everywhere)? Staff (?: Open? DAY Close? | Everywhere | Total | Open (?:Everywhere|Total) Close )* Colon (?P<count> (?:Over|AtLeast|Approx)? Number Plus? ) (?:People|Staff)? (?: Comma? Open? (?: DAY | Everywhere | Total ) Close? )* Stop* $",
        "OWNER? (?:HeadCount|Team) Grow (?: By? Approx? Number Percent? )? (?: (?:From|Of) Number NEUTRAL )? (?:To|For) COUNT ANYBODY? (?: DAY | PERIOD | Now )* Stop* $",
        "LEAD With COUNT STAFF (?: PLACES | Everywhere )* Comma SUBJECT NEUTRAL (?:Be|Have|Earn|GoOn|Employ|TurnOver|End) Anything* $",
        "LEAD With COUNT STAFF (?: PLACES | Everywhere )* Comma? (?:Be|Have|Earn|GoOn|TurnOver|Employ) SUBJECT Anything* $",
        "LEAD SUBJECT NEUTRAL (?: TurnOver NEUTRAL Approx? Money | (?:Earn|Have) NEUTRAL TURNOVER NEUTRAL Of? Approx? Money ) NEUTRAL (?:With|And) COUNT STAFF COUNT_TAIL",
        "(?: Approx? Money TURNOVER Comma )? COUNT STAFF (?: Comma Number [^Comma Money Colon]+ )* Colon That Article? Name NEUTRAL Stop* $",
        "LEAD COUNT ANYBODY NEUTRAL Work NEUTRAL (?:At|For) (?: Article? Name | We | Our? Company ) COUNT_TAIL",
        "LEAD (?:At|In) (?: Article? Name | We | Our? Company ) Work NEUTRAL COUNT ANYBODY COUNT_TAIL",
    ]
    .iter()
    .map(|source| roles(source))
    .collect()
});

/// The pattern of an order of roles: their names become letters, and the names of other pieces what these are.
fn roles(source: &str) -> Regex {
    const PIECES: [(&str, &str); 21] = [
        ("WITH_STAFF", WITH_STAFF),
        ("FOUNDED", FOUNDED),
        ("REVENUE_TAIL", REVENUE_TAIL),
        ("COUNT_TAIL", COUNT_TAIL),
        ("REST", REST),
        ("TURNOVER", TURNOVER),
        ("VALUE", VALUE),
        ("PLACES", PLACES),
        ("ANYBODY", ANYBODY),
        ("STAFF", STAFF),
        ("A_COUNT", A_COUNT),
        ("COUNT", COUNT),
        ("LEAD", LEAD),
        ("NEUTRAL", NEUTRAL),
        ("SUBJECT", SUBJECT),
        ("OF_OWNER", OF_OWNER),
        ("OWNER", OWNER),
        ("PERIOD", PERIOD),
        ("DATE", DATE),
        ("DAY", DAY),
        ("ASIDE", ASIDE),
    ];
    let mut written = String::from("^");
    let mut rest = source.to_owned();
    // Pieces are made of pieces, four deep at most.
    for _ in 0..6 {
        let mut next = String::new();
        for word in words(&rest) {
            let piece = PIECES.iter().find(|(name, _)| *name == word);
            next.push_str(piece.map_or(word, |(_, piece)| piece));
        }
        rest = next;
    }
    // Letters of roles are ASCII: classes of all of Unicode would be large.
    let rest = rest.replace("[^", "[!-~&&[^").replace(']', "]]");
    for word in words(&rest) {
        match Role::named(word) {
            None if word == "Anything" => written.push_str("[!-~]"),
            Some(role) => written.push_str(&regex::escape(&role.letter().to_string())),
            None => written.push_str(&word.replace(' ', "")),
        }
    }
    pattern(&written)
}

/// A text cut where names begin and end.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let first = rest.chars().next()?;
        let end = rest.find(|c: char| inside(c) != inside(first));
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        Some(word)
    })
}

/// The turnover that a sentence states.
pub(crate) fn revenue(clause: &Clause) -> Option<RevenueStatement> {
    let about = [Role::Revenue, Role::TurnOver, Role::Turn];
    if !clause.has(Role::Money) || !about.into_iter().any(|role| clause.has(role)) {
        return None;
    }
    let captures = REVENUE
        .iter()
        .find_map(|rule| rule.captures(&clause.roles))?;
    let amount = clause.parts.get(captures.name("value")?.start())?;
    let end = captures
        .name("rest")
        .map_or(clause.parts.len(), |rest| rest.start());
    let said = &clause.parts[..end];
    Some(RevenueStatement {
        amount: amount.value,
        currency: amount.currency,
        period: period(said)?,
        year: year(said),
        bytes: amount.bytes.clone(),
    })
}

/// The share of the group's turnover, of which the sentence before speaks.
pub(crate) fn share(clause: &Clause, before: &Clause) -> Option<RevenueStatement> {
    let captures = SHARE.captures(&clause.roles)?;
    let amount = clause.parts.get(captures.name("value")?.start())?;
    Some(RevenueStatement {
        amount: amount.value,
        currency: amount.currency,
        period: Period::Year,
        year: Some(year(&before.parts)?),
        bytes: amount.bytes.clone(),
    })
}

fn period(said: &[Part]) -> Option<Period> {
    let has = |role: Role| said.iter().any(|part| part.role == role);
    let yearly = has(Role::Yearly) || has(Role::LastYear) || has(Role::YearWord);
    match (has(Role::Quarterly), has(Role::Monthly)) {
        (true, false) if !yearly => Some(Period::Quarter),
        (false, true) if !yearly => Some(Period::Month),
        (false, false) if yearly || has(Role::Year) => Some(Period::Year),
        _ => None,
    }
}

fn year(said: &[Part]) -> Option<u32> {
    let years = said.iter().filter(|part| part.role == Role::Year);
    years.map(|part| part.value as u32).max()
}

/// The head count that a sentence states.
pub(crate) fn count(clause: &Clause) -> Option<CountStatement> {
    if !clause.has(Role::Number) {
        return None;
    }
    let captures = COUNTS
        .iter()
        .find_map(|rule| rule.captures(&clause.roles))?;
    let said = &clause.parts[captures.name("count")?.range()];
    let end = captures
        .name("rest")
        .map_or(clause.parts.len(), |rest| rest.start());
    let rounded = said.iter().any(|part| part.role == Role::Approx);
    Some(CountStatement {
        count: quantity(said)?,
        year: year(&clause.parts[..end]),
        rounded,
    })
}

/// More people than anybody employs.
pub(crate) const MOST_PEOPLE: u32 = 3_000_000;

fn quantity(said: &[Part]) -> Option<EmployeeCount> {
    let numbers = said.iter().filter(|part| part.role == Role::Number);
    let numbers: Vec<f64> = numbers.map(|part| part.value).collect();
    let sound =
        |number: &f64| (1.0..=f64::from(MOST_PEOPLE)).contains(number) && number.fract() == 0.0;
    if !numbers.iter().all(sound) {
        return None;
    }
    let has = |role: Role| said.iter().any(|part| part.role == role);
    let (min, max) = match numbers[..] {
        [low, high] if low < high => (Some(low), Some(high)),
        [low] if has(Role::Plus) || has(Role::Over) || has(Role::AtLeast) => (Some(low), None),
        [high] if has(Role::Under) => (None, Some(high - 1.0)),
        [high] if has(Role::UpTo) => (None, Some(high)),
        [number] => (Some(number), Some(number)),
        _ => return None,
    };
    let whole = |number: f64| number as u32;
    Some(EmployeeCount {
        min: min.map(whole),
        max: max.map(whole),
    })
}
