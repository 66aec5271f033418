//! The patterns that find customers, made of the words of all languages when a page first needs them.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::languages::{listed, CustomerWords, ALL};
use crate::extract::pattern::{any_of, pattern};

/// Words between `trusted by` and the end of a heading, in bytes: `500 growers worldwide`.
const LONGEST_TAIL: usize = 40;

/// The words for customers of each language that has any.
fn languages() -> impl Iterator<Item = &'static CustomerWords> {
    let all = ALL.iter().map(|language| language.words.customers);
    all.filter(|words| !words.customers.is_empty())
}

/// Any of the phrases of a list.
fn any(list: &'static str) -> String {
    any_of(listed(list))
}

/// Any of the phrases that all languages have in a list.
fn all(of: fn(&CustomerWords) -> &'static str) -> String {
    any_of(languages().flat_map(|words| listed(of(words))))
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

/// The pattern of each language, as alternatives.
fn each(of: impl Fn(&CustomerWords) -> String) -> String {
    let patterns: Vec<String> = languages().map(of).collect();
    patterns.join("|")
}

/// `our largest customers`, in one language.
fn our_customers(words: &CustomerWords) -> String {
    let (our, customers) = (any(words.our), any(words.customers));
    let adjectives = any(words.adjectives);
    format!("(?:{our})(?: (?:{adjectives})){{0,2}} (?:{customers})(?: (?:{adjectives})){{0,2}}")
}

/// Whether a text may introduce names: a glance that spares most of a page a closer look.
pub(super) static MAY_INTRODUCE: LazyLock<Regex> = LazyLock::new(|| {
    let of = |words: &'static CustomerWords| {
        let lists = [
            words.customers,
            words.introductions,
            words.work_with,
            words.works_with,
            words.are_customers,
        ];
        lists.into_iter().flat_map(listed)
    };
    let phrases = any_of(languages().flat_map(of));
    pattern(&format!(r"(?i)(?:{phrases})"))
});

/// Introductions of names: those that say whose they are, `Customers include`, which the page says of its own if a
/// sentence begins with it, `customers such as`, and what somebody does for companies such as these.
pub(super) static INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| {
    let own = each(|words| {
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
        format!(
            "{introductions}|{ours}(?: (?:{include})| ?:)|^(?:(?:{adjectives}) )?(?:{customers}) ?:|\
             (?:{work_with})(?: (?:{adjectives}))?(?: (?:{companies}))?,? (?:{such_as})"
        )
    });
    let include = each(|words| {
        let [customers, include] = [words.customers, words.include].map(any);
        format!("(?:{customers}) (?:{include})")
    });
    let such_as = each(|words| {
        let [customers, such_as] = [words.customers, words.such_as].map(any);
        format!("(?:{customers}),? (?:{such_as})")
    });
    let works = each(|words| {
        let [works, companies, such_as, adjectives] = [
            words.works_with,
            words.companies,
            words.such_as,
            words.adjectives,
        ]
        .map(any);
        format!("(?:{works})(?: (?:{adjectives}))? (?:{companies}),? (?:{such_as})")
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
    let ours = each(|words| {
        let [include, adjectives, customers] =
            [words.include, words.adjectives, words.customers].map(any);
        let ours = our_customers(words);
        format!("(?:{ours}|(?:(?:{adjectives}) )?(?:{customers}))(?: (?:{include}))?")
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

/// What somebody may be in a company, behind up to three words more. In languages that join nouns, a role ends a longer
/// word: `Betriebsleiterin`.
fn roles() -> String {
    let of = |joined: bool| {
        let languages = ALL.iter().map(|language| &language.words);
        let languages = languages.filter(|words| words.composes == joined);
        any_of(languages.flat_map(|words| listed(words.customers.roles)))
    };
    let (joined, apart) = (of(true), of(false));
    format!(r"(?:[^\s,.!?]+ ){{0,3}}(?:{apart}|[^\s,.!?]*?(?:{joined}))\b")
}

/// Any of the prepositions that all languages have in a list, with the blank behind.
fn all_before_noun(of: fn(&CustomerWords) -> &'static str) -> String {
    let lists = languages().map(of);
    let lists = lists.filter(|list| !list.is_empty());
    let each: Vec<String> = lists.map(before_noun).collect();
    each.join("|")
}

/// Whether a text may say what somebody is in a company: a glance that spares most lines of a page a closer look.
pub(super) static HAS_ROLE: LazyLock<Regex> = LazyLock::new(|| {
    let heads = all(|words| words.heads);
    let roles = all(|words| words.roles);
    pattern(&format!(r"(?i)(?:{heads}|{roles})"))
});

/// `Ada Elm, CEO at Acorn`, `Head of Sales @ Acorn`: whose role it is, the role, and its company. Behind `of` stands the
/// company only for those who head or own all of it.
pub(super) static ROLE_AT: LazyLock<Regex> = LazyLock::new(|| {
    let heads = all(|words| words.heads);
    let article = all(|words| words.article);
    let and = all(|words| words.and);
    let roles = roles();
    let at = all_before_noun(|words| words.at);
    let of = all_before_noun(|words| words.of);
    let inside = all_before_noun(|words| words.inside);
    let more = r"[^,.!?“”]{0,50}?";
    pattern(&format!(
        r"^(?:(?P<who>[^,–—|]{{3,40}})(?:,| [–—|-]) *)?(?i:(?:{article}) )?(?:(?i:(?P<whole>{heads}))(?: (?:{and}) (?:\p{{Lu}}[\p{{L}}-]*|(?i:{heads})))*(?i:,? (?:{at}|{of})|, )|(?i:{roles}){more}(?i:,? (?:{at}))|(?i:{roles}|{heads}){more}(?i: (?P<inside>{inside})))(?P<company>(?i:(?:{article}) )?[\p{{Lu}}\d].{{1,45}})$"
    ))
});

/// `Ada Elm, Head of Sales, Acorn Ltd`: three parts, the second a role.
pub(super) static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    let heads = all(|words| words.heads);
    let roles = roles();
    pattern(&format!(r"(?i)\b(?:{heads}|{roles})\b"))
});

/// `“…,” says Ada Elm, CFO of Acorn.`
pub(super) static SAYS: LazyLock<Regex> = LazyLock::new(|| {
    let says = all(|words| words.says);
    pattern(&format!(r"(?i)[”\x22“»’],? ?(?:{says}) "))
});

/// What the text of a logo says beside the name.
pub(super) static LOGO: LazyLock<Regex> = LazyLock::new(|| {
    let of = all_before_noun(|words| words.of);
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
    languages().any(|words| listed(of(words)).any(|known| known == word))
}

/// The name without the article before it, of whatever language.
pub(super) fn without_article(name: &str) -> &str {
    let articles = languages().flat_map(|words| listed(words.article));
    let mut bare = articles.filter_map(|article| name.strip_prefix(article)?.strip_prefix(' '));
    bare.next().unwrap_or(name)
}
