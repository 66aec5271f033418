//! What the organisation says that it is: "Acorn is a Leeds bakery", "We are …", a description, a title.
//!
//! Whose trade it is follows from where the phrase stands: right behind the organisation's own name or "we", under its
//! own label, or in the title beside its name. What names a trade is told in [`trades`](super::trades).

use super::confidence::industry::{NODE, SENTENCE, TITLE};
use super::identity::{method_of, text_of, Own};
use super::languages::TradeWords;
use super::names::{compact, is_placeholder, same, without_form};
use super::sentences::{names, sentences};
use super::site::{Place, Site};
use super::trades::{self, languages};
use crate::page::Zone;
use crate::profile::{Evidence, Method, Stated};
use crate::slice::cut;

pub(crate) fn industry(
    site: &Site<'_>,
    own: &Own,
    stated: Option<&Stated<String>>,
) -> Option<Stated<String>> {
    for node in &own.nodes {
        if let Some(place) = text_of(site, *node, "industry") {
            let text = site.text(place);
            if text.len() <= 80 && !is_placeholder(text) && !text.contains("://") {
                return Some(site.state(text.to_owned(), NODE, method_of(site, *node), &[place]));
            }
        }
    }
    let stated = stated?;
    let name = stated.value.as_str();
    from_labels(site, name)
        .or_else(|| from_sentences(site, name))
        .or_else(|| from_descriptions(site, name))
        .or_else(|| from_title(site, name))
        .or_else(|| from_name(stated))
}

/// `Elm Pest Control`, `Elm University`: the name itself says what they are.
fn from_name(name: &Stated<String>) -> Option<Stated<String>> {
    let (start, end) = trades::at_end(without_form(&name.value)).filter(|(start, _)| *start > 0)?;
    let value = cut(&name.value, start..end).to_owned();
    let says = |evidence: &&Evidence| evidence.quote.contains(&value);
    let evidence = name.evidence.iter().find(says)?.clone();
    Some(Stated {
        value,
        confidence: TITLE,
        method: name.method,
        evidence: vec![evidence],
    })
}

/// `Industry: bread ovens`, and the same in a row of two cells, on a page and under a heading of the organisation's own.
fn from_labels(site: &Site<'_>, name: &str) -> Option<Stated<String>> {
    let labelled = |text: &str| {
        let beginning = cut(text, ..LONGEST_LABELLED).to_lowercase();
        languages().any(|of| of.begins_with_label(&beginning))
    };
    let found = sentences(site, labelled).sentences.into_iter();
    let mut own = found.filter(|sentence| {
        let said = !sentence.is_quoted() && !sentence.block.article;
        let shown = sentence.block.zone == Zone::Body && sentence.before.is_none();
        said && shown && sentence.under_own_heading(name) && sentence.on_own_page(name)
    });
    own.find_map(|sentence| {
        let text = sentence.text.trim_end_matches('.');
        let label = sentence.label.or_else(|| text.find(':'))?;
        let is_label = languages().any(|of| of.is_label(cut(text, ..label)));
        let value = cut(text, label..).trim_start_matches([':', ' ']);
        let start = text.len() - value.len();
        let words = value.split_whitespace().count();
        let plain =
            !value.contains(['?', '!', ':', '@', '|']) && value.chars().any(char::is_alphabetic);
        let is_trade = plain && (1..=8).contains(&words) && value.len() <= LONGEST_LABELLED;
        (is_label && start > 0 && is_trade)
            .then(|| site.state(value.to_owned(), SENTENCE, Method::Text, &[sentence.place]))
    })
}

/// Bytes of what stands beside a label.
const LONGEST_LABELLED: usize = 80;

fn from_sentences(site: &Site<'_>, name: &str) -> Option<Stated<String>> {
    let begins_with_we = |text: &str| languages().any(|of| of.behind_we_are(text).is_some());
    sentences(site, |text| names(text, name) || begins_with_we(text))
        .sentences
        .into_iter()
        .filter(|sentence| !sentence.is_quoted() && sentence.block.zone != Zone::Navigation)
        .find_map(|sentence| {
            // Whoever calls the organisation by its name and says "we" is somebody else.
            let first = sentence.before.is_none() && !sentence.block.article;
            let we = || we_are(sentence.text).filter(|_| first && !names(sentence.text, name));
            let (start, end) = own_kind(sentence.text, name).or_else(we)?;
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

/// The phrase of `<name> is a <phrase>` and `<name>, a <phrase>`, where the name stands right before.
fn own_kind(text: &str, name: &str) -> Option<(usize, usize)> {
    let phrase = |rest: &str, language: &TradeWords, of: fn(&TradeWords, &str) -> Option<usize>| {
        let start = text.len() - rest.len() + of(language, rest)?;
        let (from, to) = language.trade(cut(text, start..))?;
        Some((start + from, start + to))
    };
    let is_a =
        |language: &TradeWords, rest: &str| Some(rest.len() - language.behind_copula(rest)?.len());
    let apposition = |language: &TradeWords, rest: &str| {
        let behind = rest.strip_prefix(',')?.trim_start();
        Some(rest.len() - language.behind_article(behind)?.len())
    };
    behind_name(text, name).find_map(|rest| {
        languages()
            .find_map(|language| phrase(rest, language, is_a))
            .or_else(|| languages().find_map(|language| phrase(rest, language, apposition)))
    })
}

/// What follows the organisation's name, wherever it stands in a text, with or without its legal form.
fn behind_name<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let wanted: Vec<String> = words(without_form(name))
        .map(|(_, word)| compact(word))
        .collect();
    let have: Vec<(usize, String)> = words(text)
        .map(|(end, word)| (end, compact(word)))
        .collect();
    let length = wanted.len();
    let mut ends = Vec::new();
    if wanted.iter().map(String::len).sum::<usize>() >= 2 {
        for (at, run) in have.windows(length).enumerate() {
            if run.iter().map(|(_, word)| word).eq(&wanted) {
                ends.extend(have.get(at + length - 1).map(|(end, _)| *end));
            }
        }
    }
    ends.into_iter().map(move |end| {
        let rest = cut(text, end..).trim_start_matches([')', '®', '™', '”', '“', '"']);
        let rest = if rest.starts_with(',') {
            rest
        } else {
            rest.trim_start()
        };
        // `Acorn GmbH & Co. KG ist …`
        let form = rest
            .find([',', '('])
            .unwrap_or(rest.len())
            .min(LONGEST_FORM);
        let mut forms = cut(rest, ..form).match_indices(' ').map(|(at, _)| at);
        let form =
            forms.rfind(|at| without_form(&format!("Acorn {}", cut(rest, ..*at))) == "Acorn");
        cut(rest, form.unwrap_or(0)..).trim_start()
    })
}

/// Bytes of a legal form.
const LONGEST_FORM: usize = 30;

/// The words of a text with where they end.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let pieces = text.split(|c: char| !c.is_alphanumeric());
    let mut start = 0;
    pieces.filter_map(move |word| {
        let end = start + word.len();
        start = end + cut(text, end..).chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((end, word))
    })
}

/// `We are a …` at the beginning of what speaks for the site.
fn we_are(text: &str) -> Option<(usize, usize)> {
    languages().find_map(|language| {
        let rest = language.behind_we_are(text)?;
        let start = text.len() - rest.len();
        let (from, to) = language.trade(rest)?;
        Some((start + from, start + to))
    })
}

/// The title of the given page, where it names a trade beside the organisation.
fn from_title(site: &Site<'_>, name: &str) -> Option<Stated<String>> {
    let page = site.readings.first()?;
    let title = page.document.title?;
    let text = page.document.slice(title);
    let parts: Vec<(usize, usize)> = parts(text).collect();
    // Only beside the organisation's own name: an article's title names its subject.
    let is_own = |part: &str| same(part, name) || part.starts_with(name);
    if !parts
        .iter()
        .any(|(start, end)| is_own(cut(text, *start..*end)))
    {
        return None;
    }
    // Deeper pages are about one of several things that they do.
    let segments = page.page.url.as_ref().and_then(|url| url.path_segments());
    let near = segments.is_none_or(|segments| segments.filter(|one| !one.is_empty()).count() <= 1);
    let (start, end) = parts.into_iter().find_map(|(start, end)| {
        // `Acorn Pest Control Services in Leeds`
        let part = cut(text, start..end);
        let behind_own = behind_name(part, name).find(|rest| !rest.is_empty());
        let rest = behind_own.filter(|_| !same(part, name)).unwrap_or(part);
        let (from, to, is_business) = trades::titled(rest)?;
        let words = cut(rest, from..to).split(|c: char| !c.is_alphanumeric());
        let mut words = words.map(str::to_lowercase);
        let about = words.any(|word| languages().any(|of| of.is_no_title(&word)));
        let own = !about && (near || is_business) && !names(cut(rest, from..to), name);
        let start = end - rest.len();
        own.then_some((start + from, start + to))
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

/// The parts of a title between its separators.
fn parts(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = cut(text, start..);
        if rest.is_empty() {
            return None;
        }
        let between = rest.char_indices().find_map(|(at, c)| {
            let behind = cut(rest, at + c.len_utf8()..);
            let apart = cut(rest, ..at).ends_with(' ') && behind.starts_with(' ');
            let parts = matches!(c, '|' | '•' | '·' | '»' | '«')
                || matches!(c, '-' | '–' | '—') && apart
                || c == ':' && behind.starts_with(' ');
            parts.then_some((at, at + c.len_utf8()))
        });
        let (end, next) = between.unwrap_or((rest.len(), rest.len()));
        let part = cut(rest, ..end);
        let from = start + part.len() - part.trim_start().len();
        let to = start + part.trim_end().len();
        start += next;
        Some((from.min(to), to))
    })
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
            "software company",
        );
        check(
            "Die Acorn GmbH ist ein Hersteller von Pumpen mit Sitz in Ulm.",
            "Hersteller von Pumpen",
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
        check("We are a family-run bakery in Elm.", "bakery");
        check("Our rival Birch is a software company, Acorn is not.", "-");
        check("Acorn is the best.", "-");
    }

    #[test]
    fn a_phrase_that_names_no_trade_is_none() {
        for nothing in [
            "Acorn is a registered trademark of the Birch Foundation.",
            "Acorn is a carbon-neutral company.",
            "Acorn is a fully remote business with a big heart.",
            "Acorn is an equal opportunity employer.",
            "Acorn is a family business in its second generation.",
            "Acorn is a certified Cedar Silver Partner company.",
            "Acorn is a limited company registered in Wales.",
            "Acorn is a great tool for parents.",
            "Acorn is a member of Birch, a software company.",
            "Acorn is the company of choice.",
            "Acorn is the best.",
            "Acorn ist ein Familienunternehmen aus Ulm.",
            "Acorn ist eine eingetragene Marke der Birke GmbH.",
            "Acorn ist ein Traditionsbetrieb.",
            "Acorn est une entreprise familiale depuis 1950.",
            "Acorn est une société de droit français.",
            "Acorn est une filiale de la société Hêtre.",
            "Acorn is een familiebedrijf uit Breda.",
            "Acorn es una empresa familiar.",
            "Acorn è un’azienda giovane.",
            "Acorn é uma empresa de Lisboa.",
        ] {
            check(nothing, "-");
        }
    }

    #[test]
    fn trades_are_named_whole_in_every_language() {
        check(
            "Acorn is a maker of boats, oars and sails from Elm.",
            "maker of boats, oars and sails",
        );
        check(
            "Acorn, the leading supplier of roof tiles, is from Elm.",
            "supplier of roof tiles",
        );
        check(
            "Acorn Ltd is a private, family-run removal company.",
            "removal company",
        );
        check("Acorn (Elm) is one of the top video game developers.", "-");
        check(
            "We’re a plumbing and heating firm from Elm.",
            "plumbing and heating firm",
        );
        check("Wir sind eine Druckerei.", "Druckerei");
        check(
            "Wir sind ein junges Planungsbüro für Brunnenbau in Ulm.",
            "Planungsbüro für Brunnenbau",
        );
        check(
            "Die Acorn GmbH & Co. KG ist ein modernes Softwareunternehmen.",
            "Softwareunternehmen",
        );
        check(
            "Acorn, ein Anbieter von Fahrradtaschen und Körben, wächst.",
            "Anbieter von Fahrradtaschen und Körben",
        );
        check(
            "Nous sommes un cabinet d’avocats à Lyon.",
            "cabinet d’avocats",
        );
        check(
            "Acorn est un fabricant de bateaux et de voiles.",
            "fabricant de bateaux et de voiles",
        );
        check(
            "Acorn est une entreprise spécialisée dans le transport de vin.",
            "entreprise spécialisée dans le transport de vin",
        );
        check("Wij zijn een drukkerij uit Breda.", "drukkerij");
        check(
            "Acorn is een fabrikant van zeilen en touwen.",
            "fabrikant van zeilen en touwen",
        );
        check(
            "Somos una empresa de mudanzas con sede en Lugo.",
            "empresa de mudanzas",
        );
        check("Acorn es una cadena de panaderías.", "cadena de panaderías");
        check(
            "Siamo un’azienda specializzata in arredi per negozi.",
            "azienda specializzata in arredi",
        );
        check(
            "Acorn è un produttore di barche a vela.",
            "produttore di barche",
        );
        check("Somos uma fábrica de barcos em Faro.", "fábrica de barcos");
        check("Acorn é uma padaria.", "padaria");
    }

    #[track_caller]
    fn check_title(title: &str, path: &str, expect: &str) {
        let html = format!("<title>{title}</title><p>Hello.");
        let url = format!("https://acorn.example{path}").parse().ok();
        let pages = [crate::page::Page::new(url, html.as_bytes(), None)];
        let site = Site::new(&pages, crate::effort::Effort::for_site());
        let found = from_title(&site, "Acorn");
        assert_eq!(
            found.as_ref().map_or("-", |stated| &stated.value),
            expect,
            "{title}"
        );
    }

    #[track_caller]
    fn check_page(body: &str, expect: &str) {
        let html = format!("<title>Acorn</title><h1>Acorn</h1>{body}");
        let url = "https://acorn.example/".parse().ok();
        let pages = [crate::page::Page::new(url, html.as_bytes(), None)];
        let site = Site::new(&pages, crate::effort::Effort::for_site());
        let found = from_labels(&site, "Acorn");
        let shown = found.as_ref().map_or("-", |stated| &stated.value);
        assert_eq!(shown, expect, "{body}");
    }

    #[test]
    fn a_label_of_the_own_page_says_the_trade() {
        for body in [
            "<p>Industry: boat building",
            "<h2>Facts and figures</h2><dl><dt>Founded<dd>1990<dt>Branche<dd>boat building</dl>",
            "<h2>About Acorn</h2><table><tr><th>Secteur d’activité<td>boat building</table>",
        ] {
            check_page(body, "boat building");
        }
        for body in [
            "<h2>Birch Farms</h2><dl><dt>Industry<dd>Farming<dt>Founded<dd>1990</dl>",
            "<article><h2>At a glance</h2><p>Industry: farming</article>",
            "<p>Sector retail grew.",
            "<p>Industry: who would have thought that so many words could follow it?",
            "<blockquote>Industry: farming</blockquote>",
        ] {
            check_page(body, "-");
        }
    }

    #[test]
    fn where_a_business_is_from_and_whose_it_is_are_no_part_of_its_trade() {
        check("Acorn is a Leeds bakery.", "bakery");
        check(
            "Acorn is an employee-owned, Elm-based hydrographic survey company.",
            "hydrographic survey company",
        );
        check(
            "Acorn is a third-generation, independent maker of boats.",
            "maker of boats",
        );
        check("We are an AI company from Elm.", "AI company");
        check(
            "Acorn is a Python and AI training company.",
            "AI training company",
        );
        check("Acorn is an early-stage startup.", "-");
        check("Acorn is a door-to-door service.", "-");
        check("Somos un equipo de profesionales apasionados.", "-");
        check("Acorn est une filiale de banques et de mutuelles.", "-");
    }

    #[test]
    fn a_title_names_the_trade_beside_the_own_name() {
        check_title("Window Cleaning in Elm | Acorn", "/", "Window Cleaning");
        check_title("Acorn - Boat Rentals", "/", "Boat Rentals");
        check_title(
            "Acorn: Marine Insurance Brokers for sailors",
            "/x/y",
            "Marine Insurance Brokers",
        );
        check_title(
            "Marine Insurance Brokerage | Acorn",
            "/x/y",
            "Marine Insurance Brokerage",
        );
        check_title("Roof Repair Services | Acorn", "/services/roofs", "-");
        check_title(
            "Roof Repair Services | Acorn",
            "/roofs",
            "Roof Repair Services",
        );
        check_title(
            "Acorn | Ingenieurbüro für Tunnelbau",
            "/",
            "Ingenieurbüro für Tunnelbau",
        );
        check_title("Fabrique de voiles – Acorn", "/", "Fabrique de voiles");
        check_title("Envie de voiles – Acorn", "/", "-");
        check_title("Imprimerie à Lyon – Acorn", "/", "Imprimerie");
        check_title("Best Window Cleaning in Elm | Acorn", "/", "-");
        check_title("Window Cleaning in Elm", "/", "-");
        check_title("About us | Acorn", "/", "-");
        check_title(
            "Acorn Roof Repair Services in Elm",
            "/",
            "Roof Repair Services",
        );
        check_title(
            "Roof Repair Services Elmont, OR | Acorn",
            "/",
            "Roof Repair Services",
        );
        check_title("Marine charting software | Acorn", "/products/charts", "-");
        check_title(
            "Marine navigation and payroll software | Acorn",
            "/products/x",
            "Marine navigation and payroll software",
        );
    }

    #[test]
    fn a_name_may_say_the_trade_itself() {
        let of = |name: &str| {
            let quote = name.to_owned();
            let evidence = Evidence {
                url: None,
                end: quote.len(),
                start: 0,
                quote,
            };
            let stated = Stated {
                value: name.to_owned(),
                confidence: 0.9,
                method: Method::Text,
                evidence: vec![evidence],
            };
            from_name(&stated).map_or("-".to_owned(), |found| found.value)
        };
        assert_eq!(of("Elm Window Cleaning Ltd"), "Window Cleaning");
        assert_eq!(of("Elm University"), "University");
        assert_eq!(of("Brauerei Ulme GmbH"), "-");
        assert_eq!(of("Window Cleaning"), "-");
        assert_eq!(of("Elm Group"), "-");
        assert_eq!(of("Elm Food Bank"), "-");
    }
}
