//! What a sentence states of turnover and of head count: an order of roles, the same in all languages.
//!
//! A statement is a subject, a predicate, the whole quantity and when; a label is what is counted, when, and the quantity.
//! Between these parts only what changes nothing may stand, so that a negation, a question, a condition, a part, half a
//! year or somebody else's figure is silent because it does not fit, and not because its word is known.

use std::sync::{LazyLock, OnceLock};

use regex::{Captures, Regex};

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
    /// Said of a day that has passed.
    pub(crate) past: bool,
}

/// A date that covers a year, as it is said of turnover: `in 2024`, `(financial year 2022/23)`, `last year`.
const DATE: &str = "(?: (?:In|For)? Article? (?: (?:Fiscal|YearWord)+ (?:(?:Ended|End) In? Article? (?:Number Month|Month Number? Comma?|Number Month Number)?)? )? Year (?:YearWord|Fiscal)? | LastYear )";

/// A date of any sort, as it is said of head count.
const DAY: &str = "(?: (?:In|For|Ended)? Article? (?:Fiscal|YearWord|Ended|Of)* Number? Month? Number? Comma? Year (?:YearWord|Fiscal)? )";

/// When, or for how long.
const PERIOD: &str = "(?: Open? (?: DATE | (?:In|For)? Article? Ordinal? Quarterly (?:Of|In)? Article? (?:Fiscal|YearWord)* Year? | Yearly | Monthly | In YearWord ) Close? )";

/// A remark that a sentence may begin with, and one between commas. It has no figure of what is asked for in it.
const ASIDE: &str = "[^Comma Semicolon Colon Money Staff We Our Name Minus]";

/// A clause between commas that says more of the subject; what it cost somebody may stand in it.
const RELATIVE: &str = "(?: Comma (?: (?:Article|Opener) ASIDE{1,12} | (?:Which|Article) [^Comma Semicolon Colon Staff We Our Name Minus Revenue TurnOver Team]{1,16} ) Comma )";

/// The organisation itself.
const SUBJECT: &str =
    "(?: (?: (?: Article? Firm? | Company ) Name | We | Our? Company ) RELATIVE? )";

/// Whose turnover it is, before the noun.
const OWNER: &str = "(?: Our | Article? Name Possessive | Our? Company Possessive | Article )";

/// Whose turnover it is, behind the noun.
const OF_OWNER: &str = "(?: (?:Of|Article){0,2} Name | Of? Our? Company Possessive? | At Name )";

/// What stands before figures of the organisation: `Tamarisk in figures:`.
const FIGURES: &str = "(?: (?: Article? Name Figures? | Figures ) Colon )";

const LEAD: &str = "(?: FIGURES | (?: PERIOD | Now ) Comma? | With A_COUNT STAFF PLACES? Comma | Remark Of? Approx? Number Percent Comma | (?:Opener|With) ASIDE{1,12} Comma )*";

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
const REST: &str = "(?P<rest> (?:Comma|Dash|Open) (?: Remark | A_COUNT? OfThem | Including A_COUNT ) Anything* | Open (?:Fiscal|YearWord)* Year Colon? Approx? Money Close Stop* $ | Comma? And NEUTRAL (?:GoOn|Employ|Have|Earn|Had|TurnOver|Be|Work|Reach) Anything* )?";

const VALUE: &str = "(?: (?:Of|In)? Approx? (?P<value>Money) )";
const TURNOVER: &str = "(?: (?:Article|Approx)? (?:Total|Yearly|Quarterly|Monthly)* Revenue (?:Total|Yearly|Quarterly|Monthly)* )";

/// The turnover that a statement of head count goes on with, and the whole of one that a head count follows.
const WITH_TURNOVER: &str = "(?: (?:For|With) TURNOVER NEUTRAL Of? Approx? Money )";
const TURNOVER_FIRST: &str = "(?: TurnOver NEUTRAL Approx? Money | (?:Earn|Have|Had|Reach) NEUTRAL TURNOVER NEUTRAL Of? Approx? Money )";

/// The organisation as the place where people work.
const WORKPLACE: &str = "(?: (?:At|For|In) (?: Article? Name | We | Our? Company ) )";

/// A day on which somebody counted, such as the last of a year.
const COUNTED: &str = "(?: (?: Ended Article? (?:Fiscal|YearWord|Of)* Number? Month? Number? Comma? | (?:In|For|To|Article)? Article? (?: Number Of? Month | Month Number Comma? ) Of? ) Year )";

/// The head count that a statement of turnover goes on with.
const WITH_STAFF: &str = "(?: (?:With|And) A_COUNT STAFF | With Article Praise* (?:HeadCount|Team) Of A_COUNT ANYBODY? )";

const REVENUE_TAIL: &str =
    "(?: Comma? PERIOD | Now | Everywhere | Total | WITH_STAFF )* REST Stop* $";
const COUNT_TAIL: &str = "(?: Comma? (?: Open? DAY Close? | PERIOD | Now | Everywhere | PLACES | Total | WITH_TURNOVER | (?:At|In) Article? Name ) )* REST Stop* $";

static REVENUE: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let after = "TURNOVER NEUTRAL VALUE";
    let first = "VALUE (?:In|Of)? TURNOVER";
    let with_staff = "(?: (?:Have|Employ) A_COUNT ANYBODY And )?";
    let mut sources = Vec::new();
    for object in [after, first] {
        sources.push(format!("LEAD SUBJECT NEUTRAL {with_staff} Have? NEUTRAL (?:Earn|Have|Had|Reach) NEUTRAL {object} REVENUE_TAIL"));
        sources.push(format!("LEAD (?: With A_COUNT STAFF Comma? )? (?:Earn|Had|Reach) SUBJECT NEUTRAL {object} REVENUE_TAIL"));
        sources.push(format!("LEAD (?: SUBJECT NEUTRAL Have | Have SUBJECT ) NEUTRAL {object} NEUTRAL Earn REVENUE_TAIL"));
        sources.push(format!("LEAD (?: Earn A_COUNT STAFF WORKPLACE | (?: Our A_COUNT STAFF | A_COUNT STAFF WORKPLACE ) Earn ) NEUTRAL {object} REVENUE_TAIL"));
        sources.push(format!("LEAD SUBJECT NEUTRAL (?:Have|Employ) NEUTRAL A_COUNT ANYBODY (?: PLACES | Everywhere )* Comma? And NEUTRAL SUBJECT? NEUTRAL (?:Earn|Have|Had|Reach) NEUTRAL {object} REVENUE_TAIL"));
    }
    sources.push(format!(
        "LEAD SUBJECT NEUTRAL Have A_COUNT STAFF And {after} REVENUE_TAIL"
    ));
    for source in [
        "LEAD OWNER? TURNOVER NEUTRAL OF_OWNER? NEUTRAL (?:Be|Reach) NEUTRAL (?:Of|At|To)? VALUE REVENUE_TAIL",
        "LEAD SUBJECT NEUTRAL (?:Have|Employ) NEUTRAL A_COUNT ANYBODY (?: PLACES | Everywhere )* (?:For|With) TURNOVER NEUTRAL VALUE REVENUE_TAIL",
        "LEAD SUBJECT NEUTRAL (?:Have|Employ) NEUTRAL A_COUNT ANYBODY (?: PLACES | Everywhere )* Comma? And NEUTRAL SUBJECT? NEUTRAL TurnOver NEUTRAL VALUE REVENUE_TAIL",
        "FIGURES A_COUNT STAFF (?:Comma|And) VALUE (?:In|Of)? TURNOVER NEUTRAL Stop* $",
        "FIGURES A_COUNT STAFF (?:Comma|And) TURNOVER NEUTRAL (?:Colon|Of)? VALUE NEUTRAL Stop* $",
        "FIGURES VALUE (?:In|Of)? TURNOVER NEUTRAL (?:Comma|And) A_COUNT STAFF NEUTRAL Stop* $",
        "LEAD (?:Be|Reach) OWNER TURNOVER NEUTRAL OF_OWNER? NEUTRAL (?:Of|At|In)? VALUE REVENUE_TAIL",
        "(?: Article? Name Possessive? | Our | Company Possessive? )? Colon? NEUTRAL TURNOVER NEUTRAL OF_OWNER? NEUTRAL (?:Colon|Dash)? VALUE NEUTRAL REST Stop* $",
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
    sources.into_iter().map(Rule::new).collect()
});

/// What one said of the group's turnover in the sentence before.
static SHARE: LazyLock<Rule> =
    LazyLock::new(|| Rule::new("Article? Name Contribute VALUE (?:At|To)? Stop* $".to_owned()));

static COUNTS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let sources = [
        "LEAD SUBJECT NEUTRAL FOUNDED? Employ NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL FOUNDED? Have NEUTRAL COUNT STAFF COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Grow To (?: Article Praise* Team Of )? COUNT STAFF COUNT_TAIL",
        "LEAD SUBJECT (?:Be|Comma) Article (?:Praise|Unknown|Firm){1,3} With COUNT STAFF COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL TURNOVER_FIRST NEUTRAL Comma? And NEUTRAL SUBJECT? NEUTRAL (?:Employ|Have) NEUTRAL COUNT STAFF COUNT_TAIL",
        "(?: Article? Name | We ) ASIDE{1,14} Comma And NEUTRAL (?: We | Article? Name ) NEUTRAL (?:Employ|Have) NEUTRAL COUNT STAFF COUNT_TAIL",
        "SUBJECT Be Article (?:Praise|Unknown){0,3} Firm Opener? (?:In|From|At|To) Article? Unknown{1,2} With COUNT STAFF COUNT_TAIL",
        "LEAD SUBJECT? Start (?:With|Be)? A_COUNT ANYBODY NEUTRAL Comma? And NEUTRAL SUBJECT? NEUTRAL (?:Employ|Have|Be) NEUTRAL COUNT ANYBODY? COUNT_TAIL",
        "LEAD SUBJECT? Start (?:With|Be)? A_COUNT NEUTRAL Comma? And NEUTRAL SUBJECT? NEUTRAL (?:Employ|Have|Be) NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "(?:From|Of) A_COUNT ANYBODY NEUTRAL Comma? SUBJECT NEUTRAL Have? Grow To COUNT ANYBODY? COUNT_TAIL",
        "(?:From|Of) A_COUNT ANYBODY NEUTRAL Comma? Be SUBJECT NEUTRAL To COUNT ANYBODY? Grow COUNT_TAIL",
        "LEAD Earn COUNT STAFF WORKPLACE NEUTRAL TURNOVER NEUTRAL Of? Approx? Money COUNT_TAIL",
        "LEAD COUNT STAFF WORKPLACE Earn NEUTRAL TURNOVER NEUTRAL Of? Approx? Money COUNT_TAIL",
        "FIGURES (?: Approx? Money (?:In|Of)? TURNOVER NEUTRAL (?:Comma|And) )? COUNT STAFF (?: (?:Comma|And) (?: Approx? Money (?:In|Of)? TURNOVER | TURNOVER NEUTRAL (?:Colon|Of)? Approx? Money ) )? NEUTRAL Stop* $",
        "LEAD Work NEUTRAL WORKPLACE NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "(?: Our | Article? Name Possessive )? Team Colon COUNT ANYBODY NEUTRAL Stop* $",
        "LEAD Exist COUNT Of We (?: At (?: Article? Name | Our? Company ) )? COUNT_TAIL",
        "LEAD We Be With COUNT STAFF COUNT_TAIL",
        "LEAD COUNT ANYBODY NEUTRAL Be NEUTRAL (?:At|For) (?: Article? Name | We | Our? Company ) (?:Work|Employ) COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Grow Our? (?:HeadCount|Team) NEUTRAL (?: By? Approx? Number Percent )? (?: From Number ANYBODY? NEUTRAL )? To COUNT ANYBODY? COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Grow From Number NEUTRAL To COUNT STAFF COUNT_TAIL",
        "LEAD (?: SUBJECT Turn | Turn SUBJECT ) NEUTRAL With COUNT STAFF NEUTRAL Approx? Money By COUNT_TAIL",
        "LEAD Article? Name Comma That COUNT STAFF (?: And TURNOVER NEUTRAL Of? Approx? Money )? COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL TURNOVER_FIRST NEUTRAL With Article Praise* (?:HeadCount|Team) Of COUNT ANYBODY? COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL End In? Article? (?:Fiscal|YearWord)* Year With TURNOVER NEUTRAL Of? Approx? Money (?:With|And) COUNT STAFF COUNT_TAIL",
        "LEAD (?: Our | Article? Name Possessive ) COUNT STAFF (?:Be|Have|GoOn|Work|Earn) Anything* $",
        "LEAD OWNER Praise* (?:Team|HeadCount) OF_OWNER? NEUTRAL (?:Consist|Have) NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Have NEUTRAL COUNT STAFF And TURNOVER NEUTRAL Of? Approx? Money Anything* $",
        "LEAD Employ SUBJECT NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD Have SUBJECT NEUTRAL COUNT STAFF COUNT_TAIL",
        "LEAD (?: SUBJECT NEUTRAL Be | Be We ) NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Be NEUTRAL COUNT ANYBODY? Strong COUNT_TAIL",
        "LEAD SUBJECT (?:Be|Comma) NEUTRAL Article Praise* Unknown? Team (?:Of|With|From) COUNT (?: (?:Unknown|Comma|And|Praise|GoOn){0,8} (?:Staff|People) )? (?: In Unknown{1,3} )? COUNT_TAIL",
        "LEAD SUBJECT (?:Be|Comma) NEUTRAL Article Praise* Unknown? Firm (?:Of|With) COUNT ANYBODY COUNT_TAIL",
        "LEAD SUBJECT NEUTRAL Have NEUTRAL Article Praise* (?:Team|HeadCount|Staff) (?:Of|With|From) COUNT ANYBODY? COUNT_TAIL",
        "Article? Praise* (?:Team|HeadCount) (?:Of|With|From) COUNT ANYBODY COUNT_TAIL",
        "OWNER Praise* (?:Team|HeadCount) (?:Of|With|From) COUNT ANYBODY (?:Be|Have|GoOn|Work|Earn|Reach) Anything* $",
        "LEAD OWNER COUNT Strong Praise* (?:Team|HeadCount) (?: (?:Be|Have|GoOn|Work|Earn|Reach) Anything* $ | COUNT_TAIL )",
        "LEAD SUBJECT End In? Article? (?:Fiscal|YearWord)* Year With COUNT ANYBODY COUNT_TAIL",
        "LEAD (?: Article? Name | We ) [^Semicolon]* Staff [^Semicolon]* Semicolon And? Now Comma? Exist COUNT ANYBODY? Stop* $",
        "[^Semicolon]* (?:Staff|People) [^Semicolon]* Semicolon And? (?: Article? Name | We ) Have COUNT OfThem Stop* $",
        "(?: OWNER | Name Colon? )? (?:HeadCount|Total Staff) OF_OWNER? (?: Open? DAY Close? | PERIOD | Everywhere | Total )* (?:Colon|Dash|Be|Of) (?P<count> (?:Over|AtLeast|Approx|UpTo|Under)? (?: Number (?:Dash|To) Number | Number Plus? ) ) (?:People|Staff)? (?: Comma? Open? (?: DAY | Everywhere | Total ) Close? )* Stop* $",
        "(?:Everywhere)? Staff (?: Open? DAY Close? | Everywhere | Total | Open (?:Everywhere|Total) Close )* Colon (?P<count> (?:Over|AtLeast|Approx|UpTo|Under)? Number Plus? ) (?:People|Staff)? (?: Comma? Open? (?: DAY | Everywhere | Total ) Close? )* Stop* $",
        "OWNER? (?:HeadCount|Team) Grow (?: By? Approx? Number Percent? )? (?: (?:From|Of) Number NEUTRAL )? (?:To|For) COUNT ANYBODY? (?: DAY | PERIOD | Now )* Stop* $",
        "LEAD With COUNT STAFF (?: PLACES | Everywhere )* Comma SUBJECT NEUTRAL (?:Be|Have|Earn|GoOn|Employ|TurnOver|End) Anything* $",
        "LEAD With COUNT STAFF (?: PLACES | Everywhere )* Comma? (?:Be|Have|Earn|GoOn|TurnOver|Employ) SUBJECT Anything* $",
        "LEAD SUBJECT NEUTRAL TURNOVER_FIRST NEUTRAL (?:With|And) COUNT STAFF COUNT_TAIL",
        "(?: Approx? Money TURNOVER Comma )? COUNT STAFF (?: Comma Number [^Comma Money Colon]+ )* Colon That Article? Name NEUTRAL Stop* $",
        "LEAD COUNT ANYBODY NEUTRAL Work NEUTRAL (?:At|For) (?: Article? Name | We | Our? Company ) COUNT_TAIL",
        "LEAD (?:At|In) (?: Article? Name | We | Our? Company ) Work NEUTRAL COUNT ANYBODY COUNT_TAIL",
    ];
    let dated = |source: &str| match source.starts_with("LEAD") {
        true => format!("(?: DAY Comma? )? {source}"),
        false => source.to_owned(),
    };
    sources.into_iter().map(dated).map(Rule::new).collect()
});

/// How many people were employed on a day: the past says it only of a day on which somebody counted.
static PAST_COUNTS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let sources = [
        "COUNTED Comma? (?: SUBJECT NEUTRAL Had | Had SUBJECT ) NEUTRAL COUNT STAFF COUNT_TAIL",
        "COUNTED Comma? (?: SUBJECT NEUTRAL (?:Employed|Staff) | (?:Employed|Staff) SUBJECT ) NEUTRAL COUNT ANYBODY COUNT_TAIL",
        "SUBJECT NEUTRAL Had NEUTRAL COUNT STAFF Comma? COUNTED COUNT_TAIL",
        "SUBJECT Had COUNTED COUNT STAFF COUNT_TAIL",
        "SUBJECT (?:Employed|Staff) COUNTED COUNT ANYBODY COUNT_TAIL",
        "SUBJECT NEUTRAL Employed NEUTRAL COUNT ANYBODY Comma? COUNTED COUNT_TAIL",
    ];
    sources
        .into_iter()
        .map(str::to_owned)
        .map(Rule::new)
        .collect()
});

/// People in a list of figures of the organisation: `132 employees`.
static LISTED: LazyLock<Rule> =
    LazyLock::new(|| Rule::new("COUNT STAFF (?:Everywhere|Now)* Stop* $".to_owned()));

/// An order of roles. Its pattern is built when a sentence has all roles that it cannot be without.
struct Rule {
    source: String,
    needs: Vec<char>,
    pattern: OnceLock<Regex>,
}

impl Rule {
    fn new(source: String) -> Self {
        Self {
            needs: needed(&source),
            source,
            pattern: OnceLock::new(),
        }
    }

    fn captures<'r>(&self, roles: &'r str) -> Option<Captures<'r>> {
        if !self.needs.iter().all(|role| roles.contains(*role)) {
            return None;
        }
        let pattern = self.pattern.get_or_init(|| self::roles(&self.source));
        pattern.captures(roles)
    }
}

/// The letters of the roles that stand in an order once at least: outside brackets, and not marked as optional.
fn needed(source: &str) -> Vec<char> {
    let mut needed = Vec::new();
    let mut depth = 0_usize;
    let mut pieces = words(source).peekable();
    while let Some(piece) = pieces.next() {
        let opened = piece.matches(['(', '[']).count();
        let closed = piece.matches([')', ']']).count();
        depth = (depth + opened).saturating_sub(closed);
        let optional = pieces
            .peek()
            .is_some_and(|next| next.starts_with(['?', '*', '{']));
        if let Some(role) = Role::named(piece).filter(|_| depth == 0 && !optional) {
            needed.push(role.letter());
        }
    }
    needed
}

/// The pattern of an order of roles: their names become letters, and the names of other pieces what these are.
fn roles(source: &str) -> Regex {
    const PIECES: [(&str, &str); 27] = [
        ("WITH_TURNOVER", WITH_TURNOVER),
        ("TURNOVER_FIRST", TURNOVER_FIRST),
        ("WORKPLACE", WORKPLACE),
        ("COUNTED", COUNTED),
        ("RELATIVE", RELATIVE),
        ("FIGURES", FIGURES),
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
    let stated = |rules: &'static [Rule]| {
        let mut rules = rules.iter();
        rules.find_map(|rule| rule.captures(&clause.roles))
    };
    let (captures, past) = match stated(&COUNTS) {
        Some(captures) => (captures, false),
        None => (stated(&PAST_COUNTS)?, true),
    };
    counted(clause, &captures, past)
}

/// The head count that one of the figures in a list is.
pub(crate) fn listed_count(clause: &Clause) -> Option<CountStatement> {
    counted(clause, &LISTED.captures(&clause.roles)?, false)
}

fn counted(clause: &Clause, captures: &Captures<'_>, past: bool) -> Option<CountStatement> {
    let said = &clause.parts[captures.name("count")?.range()];
    let end = captures
        .name("rest")
        .map_or(clause.parts.len(), |rest| rest.start());
    let rounded = said.iter().any(|part| part.role == Role::Approx);
    Some(CountStatement {
        count: quantity(said)?,
        year: year(&clause.parts[..end]),
        rounded,
        past,
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
