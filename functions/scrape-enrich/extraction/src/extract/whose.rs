//! Whose an address is. It has to be said: by the organisation's name, by a label or by the legal heading, right before
//! it. What stands under another name is somebody else's, whoever that is.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::country;
use super::identity::names_own;
use super::languages::{listed, Labels, ALL};
use super::names::{compact, names_form, same, without_form};
use super::pattern::pattern;
use super::postal;
use crate::page::{Block, Span};
use crate::slice::{cut, tail};

/// What says that an address is the organisation's own, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    /// It stands where pages give their own: in the footer, in `<address>`, on the contact page.
    Zone,
    /// Its name or a label.
    Named,
    /// The legal heading.
    Legal,
    /// A label that only one of several places has.
    Seat,
}

struct Patterns {
    address: Regex,
    seat: Regex,
    legal: Regex,
    legal_page: Regex,
    people: Regex,
    beside: HashSet<&'static str>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let all = |pick: fn(&Labels) -> &'static str| {
        let lists = ALL.iter().map(move |language| pick(&language.words.labels));
        lists.flat_map(listed)
    };
    let of = |pick: fn(&Labels) -> &'static str| {
        let mut words: Vec<&str> = all(pick).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.dedup();
        pattern(&format!(r"(?i)\b(?:{})\b", words.join("|")))
    };
    Patterns {
        address: of(|labels| labels.address),
        seat: of(|labels| labels.seat),
        legal: of(|labels| labels.legal),
        legal_page: of(|labels| labels.legal_page),
        people: of(|labels| labels.people),
        beside: all(|labels| labels.beside).collect(),
    }
});

/// What a line, or a part of one between marks, says of an address after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// The organisation's name is its subject.
    Own,
    Label,
    Seat,
    Legal,
    LegalPage,
    /// Another body: its legal form shows that it is one.
    Body,
    /// Telephone, e-mail, floor: what stands in addresses, too.
    Detail,
    Sentence,
    /// A country: the heading of one place of several.
    Place,
    /// What it announces is not known.
    Role,
    Other,
}

/// Where an address stands.
pub(super) struct Standing<'t> {
    pub(super) text: &'t str,
    pub(super) blocks: &'t [Block],
    /// The block in which it begins, and its first byte in the text.
    pub(super) at: usize,
    pub(super) start: usize,
    /// Where the address before it ends.
    pub(super) after: usize,
    /// The headings above it: the nearest, and the nearest of the first level.
    pub(super) headings: [Option<&'t str>; 2],
    /// It is the page that a site begins with.
    pub(super) home: bool,
    /// In an article, which may be about anybody.
    pub(super) article: bool,
    /// The page is a legal notice or one of contacts.
    pub(super) imprint: bool,
    pub(super) contact: bool,
    /// In a footer or `<address>`, and in what frames all pages of a site.
    pub(super) zone: bool,
    pub(super) frame: bool,
    /// One of the last lines of its page.
    pub(super) last: bool,
    /// It has a street.
    pub(super) whole: bool,
    /// Where it ends, and its town.
    pub(super) end: usize,
    /// The site's registrable domain.
    pub(super) domain: Option<&'t str>,
    pub(super) town: &'t str,
}

/// Lines before an address that are looked at, and their bytes.
const LINES: usize = 8;
const BYTES: usize = 500;

/// Says whose an address is, if it is the organisation's. What follows another address and nothing else is whoever's
/// that one is: `before`.
pub(super) fn whose(
    standing: &Standing<'_>,
    names: &[&str],
    before: Option<Whose>,
) -> Option<Whose> {
    let clauses = clauses_before(standing);
    let of_own = is_of_own(standing, names);
    if clauses.is_empty() && standing.after > 0 {
        return before;
    }
    let mut others = 0;
    let mut body = false;
    let mut nearest = None;
    for (position, clause) in clauses.iter().enumerate() {
        let said = said(clause.text, names, clause.heading, standing.town);
        // What shares a line with an address says whose it is.
        if clause.same_line
            && matches!(
                said,
                Said::Other | Said::Role | Said::Body | Said::Place | Said::Sentence
            )
        {
            let legal = said == Said::Body
                && clauses
                    .get(position + 1)
                    .is_some_and(|above| is_legal(above.text));
            return legal.then_some(Whose::Legal);
        }
        if said != Said::Detail && nearest.is_none() {
            nearest = Some(said);
        }
        let direct = others == 0 && !body;
        match said {
            Said::Detail => {}
            Said::Seat if direct => return of_own.then_some(Whose::Seat),
            Said::Label if direct => return of_own.then_some(Whose::Named),
            Said::Own if direct && standing.whole => return Some(own(&clauses, position)),
            Said::Own if direct => return clause.is_name(names).then_some(Whose::Named),
            Said::Own if !body && clause.is_name(names) => return Some(own(&clauses, position)),
            Said::Legal if standing.whole => return Some(Whose::Legal),
            Said::LegalPage if direct || body && others == 0 => {
                return standing.whole.then_some(Whose::Legal)
            }
            Said::Body if !body => body = true,
            Said::Role => return None,
            Said::Body | Said::Seat | Said::Label | Said::Own => break,
            Said::Place | Said::Sentence => break,
            Said::Other | Said::Legal | Said::LegalPage => others += 1,
        }
        if clause.heading && said == Said::Other || others > 4 {
            break;
        }
    }
    if !standing.whole || matches!(nearest, Some(Said::Body | Said::Role | Said::Place)) || body {
        return None;
    }
    let follows = || named_after(standing, names);
    let quiet = matches!(nearest, None | Some(Said::Sentence));
    // Telephone and e-mail beside it: a block of contacts.
    let first = clauses.first();
    let reached = || {
        let before = first.is_some_and(|first| is_detail(first.text));
        before || quiet && details_after(standing)
    };
    // Its own e-mail address names it wherever that stands.
    let mail = standing.domain.map(|domain| format!("@{domain}"));
    let mailed = || {
        let before = clauses
            .iter()
            .map(|clause| clause.text)
            .take_while(|text| is_detail(text));
        let own = |text: &str| {
            mail.as_ref()
                .is_some_and(|mail| text.to_lowercase().contains(mail))
        };
        before.take(3).any(own) || quiet && lines_after(standing).any(own)
    };
    let placed = standing.zone
        || standing.contact && quiet && !standing.imprint
        || standing.last && reached();
    (of_own && placed || mailed() || standing.last && quiet && follows()).then_some(Whose::Zone)
}

/// Whether what stands here without a name is about the organisation: on a page that speaks for it, or below headings
/// that name it or announce where it is. An article and a section of another title may be about anybody.
fn is_of_own(standing: &Standing<'_>, names: &[&str]) -> bool {
    let own = |heading: &str| {
        let said = said(heading, names, true, standing.town);
        let announces = matches!(
            said,
            Said::Own | Said::Label | Said::Seat | Said::Legal | Said::LegalPage
        );
        announces || names.iter().any(|name| names_own(heading, name))
    };
    let titled = || {
        standing
            .headings
            .iter()
            .flatten()
            .all(|heading| own(heading))
    };
    standing.frame
        || standing.imprint
        || standing.contact
        || !standing.article && (standing.home || titled())
}

fn names_path(url: &url::Url, list: fn(&Labels) -> &'static str) -> bool {
    let path = url.path().to_ascii_lowercase().replace('_', "-");
    let mut words = ALL
        .iter()
        .flat_map(|language| listed(list(&language.words.labels)));
    words.any(|word| path.contains(word))
}

/// A page of contacts, by its internet address.
pub(super) fn is_contact(url: &url::Url) -> bool {
    names_path(url, |labels| labels.contact_paths)
}

/// A legal notice, by its internet address.
pub(super) fn is_legal_notice(url: &url::Url) -> bool {
    names_path(url, |labels| labels.legal_paths)
}

/// A name right below the legal heading is that of the legal person.
fn own(clauses: &[Clause<'_>], position: usize) -> Whose {
    let above = clauses.get(position + 1);
    match above.is_some_and(|above| is_legal(above.text)) {
        true => Whose::Legal,
        false => Whose::Named,
    }
}

fn is_legal(text: &str) -> bool {
    text.len() <= 120 && (PATTERNS.legal.is_match(text) || PATTERNS.legal_page.is_match(text))
}

fn is_detail(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.contains('@') || digits >= 5 && text.len() <= 60
}

/// The beginnings of the rest of the line behind an address, and of the next one.
fn lines_after<'t>(standing: &Standing<'t>) -> impl Iterator<Item = &'t str> {
    let (text, end) = (standing.text, standing.end);
    let blocks = standing.blocks.iter().skip(standing.at);
    let after = blocks.skip_while(move |block| block.span.end < end).take(2);
    after.map(move |block| {
        let start = block.span.start.max(end);
        cut(text, start..block.span.end.min(start + 80))
    })
}

/// A telephone number or an e-mail address right behind it.
fn details_after(standing: &Standing<'_>) -> bool {
    lines_after(standing).any(is_detail)
}

/// The organisation's name stands in one of the next lines, as in `© Acorn` below an address.
fn named_after(standing: &Standing<'_>, names: &[&str]) -> bool {
    let after = standing.blocks.iter().skip(standing.at + 1).take(6);
    after
        .map(|block| cut(standing.text, block.span.start..block.span.end))
        .filter(|text| text.len() <= 200 && text.contains('©'))
        .any(|text| names.iter().any(|name| names_own(text, name)))
}

struct Clause<'t> {
    text: &'t str,
    same_line: bool,
    heading: bool,
}

impl Clause<'_> {
    /// It is the name and nothing else.
    fn is_name(&self, names: &[&str]) -> bool {
        names
            .iter()
            .any(|name| same(self.text, name) || compact(self.text) == compact(name))
    }
}

/// What stands before an address, nearest first: the rest of its line, then lines, each cut where it is about something
/// else.
fn clauses_before<'t>(standing: &Standing<'t>) -> Vec<Clause<'t>> {
    let mut clauses = Vec::new();
    let from = standing.start.saturating_sub(BYTES).max(standing.after);
    for (back, block) in standing
        .blocks
        .get(..=standing.at)
        .unwrap_or_default()
        .iter()
        .rev()
        .enumerate()
    {
        let Span { start, end } = block.span;
        let end = end.min(standing.start);
        if end <= from || back > LINES {
            break;
        }
        let line = cut(standing.text, start.max(from)..end);
        // An address that could not be read is somebody's, too.
        if back > 0 && postal::has_town(line) {
            break;
        }
        for text in clauses_of(line).into_iter().rev() {
            let same_line = back == 0 && clauses.is_empty();
            let heading = block.heading.is_some();
            clauses.push(Clause {
                text,
                same_line,
                heading,
            });
        }
    }
    clauses
}

/// Cuts a line at marks that separate, and at the ends of sentences.
fn clauses_of(line: &str) -> Vec<&str> {
    static CUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\s*[|•·;—▪►→]\s*| / | [-–] |(?:\p{Ll}{4}|\d{5}|[)])(?P<stop>[.!?])\s")
    });
    let mut clauses = Vec::new();
    let mut start = 0;
    for captures in CUT.captures_iter(line) {
        let (Some(whole), stop) = (captures.get(0), captures.name("stop")) else {
            continue;
        };
        let end = stop.map_or(whole.start(), |stop| stop.end());
        clauses.push(cut(line, start..end));
        start = whole.end();
    }
    clauses.push(cut(line, start..));
    clauses
        .into_iter()
        .map(|clause| clause.trim_matches(|c: char| c.is_whitespace() || ",-–(|•".contains(c)))
        .filter(|clause| clause.contains(char::is_alphanumeric))
        .collect()
}

fn said(clause: &str, names: &[&str], heading: bool, town: &str) -> Said {
    let announces = clause.ends_with(':');
    let text = clause.trim_end_matches([':', ' ']);
    if let Some(label) = PATTERNS.seat.find_iter(text).last() {
        if beside(text, &label, names, town) {
            return Said::Seat;
        }
    }
    if owned(text, names) {
        return Said::Own;
    }
    if is_legal(text) && !owned_by_another(text) {
        return if PATTERNS.legal.is_match(text) {
            Said::Legal
        } else {
            Said::LegalPage
        };
    }
    if let Some(label) = PATTERNS.address.find_iter(text).last() {
        if beside(text, &label, names, town) {
            return Said::Label;
        }
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let stands_for = || {
        let (label, person) = text.split_once(": ")?;
        let label = PATTERNS
            .people
            .find(label)
            .filter(|found| found.start() == 0)?;
        (label.end() > 0 && person.len() <= 60 && !names_form(person)).then_some(())
    };
    if text.contains('@')
        || digits >= 5
        || text.starts_with("c/o")
        || text.starts_with(['+', '#'])
        || stands_for().is_some()
    {
        Said::Detail
    } else if names_form(text) {
        Said::Body
    } else if country::code(text).is_some() {
        Said::Place
    } else if announces || text.contains(": ") && !heading {
        Said::Role
    } else if text.ends_with(['.', '!', '?']) || text.split(' ').count() > 9 {
        Said::Sentence
    } else {
        Said::Other
    }
}

/// `Éditeur : OVH SAS` names its own; a heading of the law is followed by nothing, a paragraph or the legal person.
fn owned_by_another(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(label, _)| !is_legal(label))
}

/// What stands on both sides of a label leaves it the organisation's own.
fn beside(text: &str, label: &regex::Match<'_>, names: &[&str], town: &str) -> bool {
    let (before, after) = (cut(text, ..label.start()), cut(text, label.end()..));
    let plain = |text: &str| {
        let word = |word: &str| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            bare.is_empty()
                || PATTERNS.beside.contains(bare.to_lowercase().as_str())
                || town.split(' ').any(|word| word == bare)
                || PATTERNS.address.is_match(bare)
                || PATTERNS.seat.is_match(bare)
        };
        text.split_whitespace().all(word)
    };
    // The number of a register before it is the organisation's, as the sentence is.
    let register = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .any(|digits| digits.len() >= 5)
            && !names_form(text)
    };
    (plain(before) || owned(before, names) || register(before))
        && (plain(after) || owned(after, names))
}

/// The organisation's name is what a text is about: nothing but marks, years and small words beside it.
fn owned(text: &str, names: &[&str]) -> bool {
    let text = tail(text, 300);
    let lower = text.to_lowercase();
    names.iter().any(|name| {
        let bare = without_form(name).to_lowercase();
        if bare.chars().count() < 2 {
            return false;
        }
        if lower.len() == text.len() {
            if let Some(at) = lower.rfind(&bare) {
                let (before, after) = (cut(text, ..at), cut(text, at + bare.len()..));
                let whole = !before.ends_with(char::is_alphanumeric)
                    && !after.starts_with(char::is_alphanumeric);
                if whole {
                    return beside_name(before) && beside_name(after);
                }
            }
        }
        text.len() <= bare.len() + 24 && names_own(text, name)
    })
}

/// Words beside a name that do not make it another's: small ones, numbers, a legal form, a label.
fn beside_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let small = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.is_empty()
            || bare.chars().all(|c| c.is_ascii_digit())
            || PATTERNS.beside.contains(bare.to_lowercase().as_str())
            || names_form(word)
            || PATTERNS.address.is_match(bare)
            || PATTERNS.seat.is_match(bare)
    };
    let rest = words.iter().filter(|word| !small(word)).count();
    // `& Daughters Corp.`: a name that goes on to its legal form.
    rest == 0 || rest <= 3 && words.last().is_some_and(|last| names_form(last))
}

#[cfg(test)]
mod tests {
    use crate::extract::profile;
    use crate::page::Page;
    use crate::profile::{Field, Reason};

    /// The address on a page of Larkspur, as it is proposed.
    fn address(path: &str, body: &str) -> String {
        let html = format!("<title>Page | Larkspur</title>{body}<footer>© 2025 Larkspur</footer>");
        let url = format!("https://www.larkspur.example/{path}");
        let page = Page::new(url.parse().ok(), html.as_bytes(), None);
        match profile(&[page]).address {
            Field::Stated(stated) => {
                let address = stated.value;
                let parts = [
                    address.street,
                    address.postal_code,
                    address.city,
                    address.country,
                ];
                parts.map(|part| part.unwrap_or("-".to_owned())).join("|")
            }
            Field::Blank(blank) if blank.blank == Reason::Ambiguous => "ambiguous".to_owned(),
            Field::Blank(_) => "-".to_owned(),
        }
    }

    #[track_caller]
    fn check(path: &str, body: &str, expect: &str) {
        assert_eq!(address(path, body), expect, "{body}");
    }

    #[test]
    fn an_address_under_another_name_is_nobodys_we_know() {
        for line in [
            "Amtsgericht Kiel, Deliusstraße 22, 24114 Kiel",
            "Hoster: Violet Cloud SE, Nordring 9, 24105 Kiel",
            "Zuständige Kammer:<br>Handelskammer Nord<br>Bergstr. 2<br>24103 Kiel",
            "Haftpflicht<br>Violet Versicherung AG<br>Domstr. 1<br>24103 Kiel",
            "Hébergeur : Violet Cloud SAS, 2 rue Basse, 35000 Rennes, France",
            "Our distributor in Spain: Violeta SL, Calle Luna 3, 28013 Madrid, Spain",
            "See us at the Spring Fair, Messeplatz 1, 4005 Basel, Switzerland",
            "Policies are issued by Violet Insurance Company, 9 Elm Street, Albany, NY 12207.",
            "Data protection officer:<br>Dr. Ada Moss<br>Weserstr. 3<br>28195 Bremen",
            "A client of Larkspur: Violet Ltd, 5 Oak Road, York YO1 7HH",
            "Violet Gardens<br>Score: 4.1<br>9021 E Depot Rd<br>Elmira, OH 45810<br>Open",
        ] {
            for path in ["impressum", "kontakt", "page"] {
                check(
                    path,
                    &format!("<h1>Larkspur</h1><p>Hello.</p><p>{line}</p>"),
                    "-",
                );
            }
        }
    }

    #[test]
    fn what_stands_below_somebody_elses_heading_is_theirs() {
        let place = "<dl><dt>Location</dt><dd>2 Mill Bank, Bath BA1 1AA</dd></dl>";
        for body in [
            format!("<article><h1>Oak Mill saves time</h1>{place}</article>"),
            format!("<main><h1>Oak Mill saves time</h1>{place}</main>"),
            format!("<h1>Stories</h1><h2>Oak Mill</h2>{place}"),
            format!("<article><h3>At a glance</h3>{place}</article>"),
        ] {
            check("stories/oak", &body, "-");
        }
        for body in [
            format!("<h1>Find us</h1>{place}"),
            format!("<h1>About Larkspur</h1>{place}"),
            format!("<h1>Stories</h1><h2>Larkspur in Bath</h2><footer>{place}</footer>"),
            "<article><h1>Oak Mill saves time</h1><p>Larkspur Ltd<br>2 Mill Bank<br>Bath BA1 1AA</article>".to_owned(),
        ] {
            check("stories/oak", &body, "2 Mill Bank|BA1 1AA|Bath|GB");
        }
    }

    #[test]
    fn who_stands_for_the_organisation_may_stand_between_its_name_and_its_address() {
        for person in [
            "Inhaber: Ada Moss",
            "Gérante : Ada Moss",
            "Managing director: Ada Moss",
        ] {
            let body = format!(
                "<h1>Impressum</h1><p>Larkspur<br>{person}<br>Seestr. 5<br>10115 Berlin</p>"
            );
            check("impressum", &body, "Seestr. 5|10115|Berlin|DE");
        }
        let host = "<h1>Impressum</h1><p>Larkspur<br>Hoster: Violet Cloud<br>Seestr. 5<br>10115 Berlin</p>";
        check("impressum", host, "-");
    }

    #[test]
    fn an_address_that_says_whose_it_is_counts_beside_any_other() {
        let other = "<p>Violet Cloud GmbH<br>Nordring 9<br>24105 Kiel</p>";
        for (line, expect) in [
            (
                "Larkspur<br>Seestr. 5<br>10115 Berlin",
                "Seestr. 5|10115|Berlin|DE",
            ),
            (
                "Larkspur GmbH, Seestr. 5, 10115 Berlin",
                "Seestr. 5|10115|Berlin|DE",
            ),
            (
                "Anschrift: Seestr. 5, 10115 Berlin",
                "Seestr. 5|10115|Berlin|DE",
            ),
            (
                "Sitz der Larkspur GmbH:<br>Seestr. 5<br>10115 Berlin",
                "Seestr. 5|10115|Berlin|DE",
            ),
            (
                "Le siège social est situé au 7 rue Basse 35000 Rennes.",
                "7 rue Basse|35000|Rennes|FR",
            ),
            (
                "Larkspur Inc.<br>9 Elm Street<br>Salem, OR 97301",
                "9 Elm Street|97301|Salem|US",
            ),
            ("Larkspur<br>Salem, OR 97301", "-|97301|Salem|US"),
        ] {
            for body in [
                format!("<p>{line}</p>{other}"),
                format!("{other}<p>{line}</p>"),
            ] {
                check("kontakt", &body, expect);
            }
        }
    }

    #[test]
    fn the_first_address_below_the_legal_heading_is_that_of_the_legal_person() {
        for heading in [
            "Angaben gemäß § 5 DDG",
            "Anbieter",
            "Medieninhaber",
            "Éditeur du site",
        ] {
            let body = format!(
                "<h1>Rechtliches</h1><p>{heading}</p><p>Violetta Moos<br>Seestr. 5<br>10115 Berlin</p>
                 <p>Zuständig<br>Amt Nord<br>Domplatz 1<br>50667 Köln</p>"
            );
            check("impressum", &body, "Seestr. 5|10115|Berlin|DE");
        }
        // One that cannot be read is the first, too.
        check(
            "impressum",
            "<h1>Impressum</h1><p>Larkspur<br>Am Wasserturm<br>24103 Kiel</p><p>Presse: Ada Moss<br>Seestr. 5<br>10115 Berlin</p>",
            "-",
        );
    }

    #[test]
    fn of_several_places_only_a_label_says_which_is_the_seat() {
        let places = "Larkspur<br>1 Elm Road, Salem, OR 97301<br><br>Larkspur<br>9 Hall Parkway, Eugene, OR 97401";
        check("contact", &format!("<p>{places}</p>"), "ambiguous");
        for label in [
            "Headquarters",
            "Head office",
            "Eugene (HQ)",
            "Our registered office",
        ] {
            let body = format!("<p>{places}<br>{label}: 7 Birch Way, Bend, OR 97701</p>")
                .replace("Eugene (HQ)", "Bend (HQ)");
            check("contact", &body, "7 Birch Way|97701|Bend|US");
        }
    }
}
