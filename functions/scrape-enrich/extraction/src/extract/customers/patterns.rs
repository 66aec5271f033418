//! The patterns that find customers, made of the words of all languages when a page first needs them.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::languages::{listed, CustomerWords, ALL};
use crate::extract::pattern::{any_of, pattern};

/// Words between `trusted by` and the end of a heading, in bytes: `500 growers worldwide`.
const LONGEST_TAIL: usize = 40;

/// The languages that have words for customers.
fn languages() -> impl Iterator<Item = (&'static CustomerWords, bool)> {
    let all = ALL.iter().map(|language| &language.words);
    let all = all.map(|words| (&words.customers, words.trade.compounds));
    all.filter(|(words, _)| !words.customers.is_empty())
}

/// Any of the phrases of a list.
fn any(list: &'static str) -> String {
    any_of(listed(list))
}

/// Any of the phrases that all languages have in a list.
fn all(of: fn(&CustomerWords) -> &'static str) -> String {
    any_of(languages().flat_map(|(words, _)| listed(of(words))))
}

/// The same with the blank that parts a preposition from its noun: `of `, but `d’`.
fn before_noun(list: &'static str) -> String {
    let phrases = listed(list).map(|phrase| {
        let blank = if phrase.ends_with('\'') { "" } else { " " };
        any(phrase) + blank
    });
    let phrases: Vec<String> = phrases.collect();
    phrases.join("|")
}

/// The pattern of each language that has one, as alternatives.
fn each(of: impl Fn(&CustomerWords, bool) -> Option<String>) -> String {
    let patterns: Vec<String> = languages()
        .filter_map(|(words, compounds)| of(words, compounds))
        .collect();
    patterns.join("|")
}

/// `our largest customers`, in one language.
fn our_customers(words: &CustomerWords) -> String {
    let (our, customers) = (any(words.our), any(words.customers));
    let adjectives = any(words.adjectives);
    format!("(?:{our})(?: (?:{adjectives})){{0,2}} (?:{customers})(?: (?:{adjectives})){{0,2}}")
}

/// Introductions of names: those that say whose they are, `Customers include`, which the page says of its own if a
/// sentence begins with it, `customers such as`, and what somebody does for companies such as these.
pub(super) static INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| {
    let own = each(|words, _| {
        let ours = our_customers(words);
        let [include, introductions, customers] =
            [words.include, words.introductions, words.customers].map(any);
        let [work_with, companies, such_as, adjectives] = [
            words.work_with,
            words.companies,
            words.such_as,
            words.adjectives,
        ]
        .map(any);
        Some(format!(
            "{introductions}|{ours}(?: (?:{include})| ?:)|^(?:(?:{adjectives}) )?(?:{customers}) ?:|\
             (?:{work_with})(?: (?:{adjectives}))?(?: (?:{companies}))?,? (?:{such_as})"
        ))
    });
    let include = each(|words, _| {
        let [customers, include] = [words.customers, words.include].map(any);
        Some(format!("(?:{customers}) (?:{include})"))
    });
    let such_as = each(|words, _| {
        let [customers, such_as] = [words.customers, words.such_as].map(any);
        Some(format!("(?:{customers}),? (?:{such_as})"))
    });
    let works = each(|words, _| {
        let [works, companies, such_as, adjectives] = [
            words.works_with,
            words.companies,
            words.such_as,
            words.adjectives,
        ]
        .map(any);
        Some(format!(
            "(?:{works})(?: (?:{adjectives}))? (?:{companies}),? (?:{such_as})"
        ))
    });
    pattern(&format!(
        r"(?i)\b(?:(?P<own>{own})|(?P<include>{include})|(?P<such>{such_as})|(?P<works>{works}))[\s:,]+"
    ))
});

/// Words between the introduction and the first name.
pub(super) static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    let such_as = all(|words| words.such_as);
    let at = all(|words| words.at);
    let aside = all(|words| words.aside);
    pattern(&format!(
        r"^(?:(?:(?:Fortune \d+|\p{{Ll}}+)[- ]){{0,6}}?(?:{such_as}|{at})[\s:]+|(?:{aside})[\s:,]+)"
    ))
});

/// What says of the names before it that they are customers, at the end of a sentence.
pub(super) static ARE_CUSTOMERS: LazyLock<Regex> = LazyLock::new(|| {
    let are = all(|words| words.are_customers);
    pattern(&format!(r"(?i) (?:{are})[.!…]*$"))
});

/// A line that says nothing but whose names follow.
pub(super) static ANNOUNCEMENT: LazyLock<Regex> = LazyLock::new(|| {
    let ours = each(|words, _| {
        let [include, adjectives, customers] =
            [words.include, words.adjectives, words.customers].map(any);
        let ours = our_customers(words);
        Some(format!(
            "(?:{ours}|(?:(?:{adjectives}) )?(?:{customers}))(?: (?:{include}))?"
        ))
    });
    let introductions = all(|words| words.introductions);
    let announcements = all(|words| words.announcements);
    pattern(&format!(
        r"(?i)^(?:{ours}|(?:{introductions}).{{0,{LONGEST_TAIL}}}|{announcements}) ?[:.!…]*$"
    ))
});

/// The heading of an account of one customer: `Case study: Birch Farms`.
pub(super) static STORY: LazyLock<Regex> = LazyLock::new(|| {
    let stories = all(|words| words.stories);
    pattern(&format!(r"(?i)^(?:{stories})(?: ?:| [-–—|]) +"))
});

/// Headings under which customers are quoted.
pub(super) static PRAISE: LazyLock<Regex> = LazyLock::new(|| {
    let praise = all(|words| words.praise);
    pattern(&format!(r"(?i)\b(?:{praise})\b"))
});

/// Headings under which people are quoted who buy nothing.
pub(super) static NO_PRAISE: LazyLock<Regex> = LazyLock::new(|| {
    let others = all(|words| words.others);
    pattern(&format!(r"(?i)\b(?:{others})\b"))
});

/// What somebody may be in a company. In languages that join nouns, a role ends a longer word: `Betriebsleiterin`.
fn roles(words: &CustomerWords, compounds: bool) -> String {
    let inner = if compounds { r"[\p{L}-]*" } else { "" };
    format!(r"(?:[\p{{L}}&-]+ ){{0,3}}{inner}(?:{})\b", any(words.roles))
}

/// `Ada Elm, CEO at Acorn`, `Head of Sales @ Acorn`: whose role it is, the role, and its company. Behind `of` stands the
/// company only for those who head or own all of it.
pub(super) static ROLE_AT: LazyLock<Regex> = LazyLock::new(|| {
    let heads = all(|words| words.heads);
    let article = all(|words| words.article);
    let and = all(|words| words.and);
    let whole = each(|words, _| {
        let (at, of) = (before_noun(words.at), before_noun(words.of));
        Some(format!("{at}|{of}"))
    });
    let part = each(|words, compounds| {
        let (roles, at) = (roles(words, compounds), before_noun(words.at));
        Some(format!("(?i:{roles})[^,.!?“”]{{0,50}}?(?i:,? (?:{at}))"))
    });
    let inside = each(|words, compounds| {
        let (roles, heads) = (roles(words, compounds), any(words.heads));
        let inside = before_noun(words.inside);
        let at = format!("(?i:{roles}|{heads})[^,.!?“”]{{0,50}}?(?i: (?:{inside}))");
        (!inside.is_empty()).then_some(at)
    });
    pattern(&format!(
        r"^(?:(?P<who>[^,–—|]{{3,40}})(?:,| [–—|-]) *)?(?i:(?:{article}) )?(?:(?i:(?P<whole>{heads}))(?: (?:{and}) (?:\p{{Lu}}[\p{{L}}-]*|(?i:{heads})))*(?i:,? (?:{whole})|, )|(?P<inside>{inside})|{part})(?P<company>(?i:(?:{article}) )?[\p{{Lu}}\d].{{1,45}})$"
    ))
});

/// `Ada Elm, Head of Sales, Acorn Ltd`: three parts, the second a role.
pub(super) static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    let heads = all(|words| words.heads);
    let roles = each(|words, compounds| Some(roles(words, compounds)));
    pattern(&format!(r"(?i)\b(?:{heads}|{roles})\b"))
});

/// `“…,” says Ada Elm, CFO of Acorn.`
pub(super) static SAYS: LazyLock<Regex> = LazyLock::new(|| {
    let says = all(|words| words.says);
    pattern(&format!(r"(?i)[”\x22“»’],? ?(?:{says}) "))
});

/// What the text of a logo says beside the name.
pub(super) static LOGO: LazyLock<Regex> = LazyLock::new(|| {
    let of = each(|words, _| Some(before_noun(words.of)));
    pattern(&format!(
        r"(?i)^(?:logo:? (?:{of})?(?P<behind>.+)|(?P<before>.+?)(?:[ ,:-]|’s |'s | [-–|] )logo)$"
    ))
});

/// What stands before the last of several names.
pub(super) fn and() -> String {
    all(|words| words.and)
}

/// What a company's name has not.
pub(super) static NO_NAME: LazyLock<Regex> = LazyLock::new(|| {
    let no_names = all(|words| words.no_names);
    pattern(&format!(
        r"(?i)\b(?:{no_names})\b|[?!“”:{{}}]|\d{{3,}}|@|\.\.\.|…"
    ))
});

/// Whether a list of one of the languages has a word, which may be one of several in its entry.
pub(super) fn has(of: fn(&CustomerWords) -> &'static str, word: &str) -> bool {
    languages().any(|(words, _)| listed(of(words)).any(|known| known == word))
}

/// The name without the article before it, of whatever language.
pub(super) fn without_article(name: &str) -> &str {
    let articles = languages().flat_map(|(words, _)| listed(words.article));
    let mut bare = articles.filter_map(|article| name.strip_prefix(article)?.strip_prefix(' '));
    bare.next().unwrap_or(name)
}
