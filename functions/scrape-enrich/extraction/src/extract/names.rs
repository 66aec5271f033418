//! When two spellings are one name, and how well a name fits an internet domain.

use std::sync::LazyLock;

use public_suffix::{EffectiveTLDProvider, DEFAULT_PROVIDER};
use regex::Regex;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::UnicodeNormalization;
use url::{Host, Url};

use super::languages;
use super::pattern::{longest_first, pattern};
use crate::slice::cut;

/// Lower-case letters and digits only, accents folded: `Kessler Präzision` → `kesslerprazision`.
pub(crate) fn compact(name: &str) -> String {
    fold(name, false)
}

fn fold(name: &str, german: bool) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_lowercase) {
        match character {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'ä' | 'ö' | 'ü' if german => {
                out.extend(character.nfd().next());
                out.push('e');
            }
            _ => out.extend(
                character
                    .nfkd()
                    .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric()),
            ),
        }
    }
    out
}

/// Forms of companies in all languages, as the last words of a name; longest first.
static FORMS: LazyLock<Vec<&str>> =
    LazyLock::new(|| longest_first(languages::names(|words| words.forms).collect()));

/// The name without its legal form: `Easy LMS B.V.` → `Easy LMS`.
pub(crate) fn without_form(name: &str) -> &str {
    let lower = name.to_lowercase();
    if lower.len() != name.len() {
        return name;
    }
    let rests = FORMS.iter().filter_map(|form| {
        let exact = form.contains(char::is_uppercase);
        let rest = if exact { name } else { &lower }.strip_suffix(form)?;
        (rest.ends_with([' ', ',']) && rest.len() > 2).then_some(rest.len())
    });
    match rests.min() {
        Some(rest) => cut(name, ..rest).trim_end_matches([' ', ',']),
        None => name,
    }
}

/// True where a text has a company's legal form.
pub(crate) fn names_form(text: &str) -> bool {
    FORM_ANYWHERE.is_match(text)
}

static FORM_ANYWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[ .,])(?:GmbH|AG|KG|KGaA|UG|SE|OHG|mbH|m\.b\.H\.|GesmbH|Ges\.m\.b\.H\.|GbR|eG|eGmbH|e\.U\.|PartG|PartGmbB|V\.?O\.?F\.?|C\.V\.|BVBA|SPRL|SRL|SNC|S\.n\.c\.|S\.a\.s\.|SASU|EURL|SARLU|S\.A\.S\.|S\.A\.R\.L\.|SCOP|S\.L\.U\.|SLU|S\.A\.U\.|S\. ?Coop\.?|Ltda\.?|S/A|EIRELI|Unipessoal|Sàrl|B\.?V\.?|N\.?V\.?|SARL|SAS|SA|S\.A\.|Srl|SRL|S\.?r\.?l\.?|SpA|S\.p\.A\.|Ltd\.?|Limited|Inc\.?|Corp\.?|Corporation|LLC|LLP|PLC|plc|UG|e\.V\.|e\.K\.|AB|AS|A/S|ApS|s\.r\.o\.|a\.s\.|o\.o\.|Lda\.?|SL|S\.L\.)(?:$|[ ,])",
    )
});

/// True when a name ends in a legal form.
pub(crate) fn has_form(name: &str) -> bool {
    without_form(name).len() < name.len()
}

/// The same name but for spelling, legal form and a leading article.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let one = key(one);
    one.is_some() && one == key(other)
}

/// What all spellings of a name have in common; none for what is no name.
pub(crate) fn key(name: &str) -> Option<String> {
    if name.len() > LONGEST {
        return None;
    }
    let name = without_form(name.trim());
    let name = name
        .strip_prefix("The ")
        .or_else(|| name.strip_prefix("the "))
        .unwrap_or(name);
    Some(compact(&name.replace('&', "and"))).filter(|key| !key.is_empty())
}

/// Bytes of a name: a hundred of the longest characters.
pub(crate) const LONGEST: usize = 400;

/// Bytes of an address that is anybody's.
const LONGEST_ADDRESS: usize = 2_000;

/// An internet domain as evidence of a name.
#[derive(Clone, Debug)]
pub(crate) struct Domain {
    /// `example.co.uk`
    pub(crate) registrable: String,
    /// `example` and, for `shop.example.co.uk`, what else may name the organisation.
    labels: Vec<String>,
}

impl Domain {
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
        let registrable = registrable(url)?;
        let squeeze = |label: &str| label.replace(['-', '.'], "");
        let suffix_start = registrable.find('.').unwrap_or(registrable.len());
        let mut labels = vec![
            squeeze(cut(&registrable, ..suffix_start)),
            squeeze(&registrable),
        ];
        labels.extend(
            cut(&host, ..host.len() - registrable.len())
                .split('.')
                .filter(|label| label.len() > 3)
                .map(squeeze),
        );
        Some(Self {
            registrable,
            labels,
        })
    }

    /// The main part of the domain: `easylms` of `www.easy-lms.com`.
    pub(crate) fn label(&self) -> &str {
        &self.labels[0]
    }

    pub(crate) fn owns(&self, url: &str) -> bool {
        let url = url.trim();
        if url.len() > LONGEST_ADDRESS {
            return false;
        }
        let absolute = if let Some(rest) = url.strip_prefix("//") {
            Url::parse(&format!("https://{rest}"))
        } else if url.contains("://") {
            Url::parse(url)
        } else if url.contains('.') && !url.contains(['@', ' ']) && !url.starts_with(['/', '#']) {
            Url::parse(&format!("https://{url}"))
        } else {
            return false;
        };
        absolute
            .ok()
            .and_then(|url| registrable(&url))
            .is_some_and(|other| other == self.registrable)
    }

    /// 0 (nothing in common) to 1 (the name is the domain). A sub-domain counts for less.
    pub(crate) fn fit(&self, name: &str) -> f64 {
        if name.len() > LONGEST {
            return 0.0;
        }
        self.labels
            .iter()
            .enumerate()
            .map(|(position, label)| {
                let weight = if position < 2 { 1.0 } else { 0.85 };
                weight * fit(name, label)
            })
            .fold(0.0, f64::max)
    }
}

/// The registrable domain of a URL; of an address without a name, the address.
fn registrable(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let domain = DEFAULT_PROVIDER.effective_tld_plus_one(&name);
            domain.ok().map(str::to_owned)
        }
        address @ (Host::Ipv4(_) | Host::Ipv6(_)) => Some(address.to_string()),
    }
}

fn fit(name: &str, label: &str) -> f64 {
    let bare = without_form(name);
    let forms = [
        fold(bare, false),
        fold(bare, true),
        fold(name, false),
        fold(bare.strip_prefix("The ").unwrap_or(bare), false),
        fold(&bare.replace('&', "and"), false),
        // `Springfield, IL`
        bare.rsplit_once(", ")
            .filter(|(_, state)| state.len() == 2 && state.chars().all(char::is_uppercase))
            .map_or_else(String::new, |(town, _)| fold(town, false)),
    ];
    let best = forms
        .iter()
        .filter(|form| !form.is_empty())
        .map(|form| {
            if form == label {
                1.0
            } else if form.len() >= 4 && label.contains(form.as_str()) {
                0.6 + 0.35 * form.len() as f64 / label.len() as f64
            } else if label.len() >= 4 && form.contains(label)
                || label.len() == 3 && form.starts_with(label)
            {
                0.75 + 0.2 * label.len() as f64 / form.len() as f64
            } else {
                let shared = form
                    .bytes()
                    .zip(label.bytes())
                    .take_while(|(a, b)| a == b)
                    .count();
                if shared >= 5 {
                    0.4 + 0.4 * shared as f64 / form.len().max(label.len()) as f64
                } else {
                    0.0
                }
            }
        })
        .fold(0.0, f64::max);
    best.max(acronym_fit(bare, label))
        .max(abridged_fit(bare, label))
}

/// `National Pump Council` and `nationalcouncil`: some of the words, the first among them, are the label.
fn abridged_fit(name: &str, label: &str) -> f64 {
    let (mut rest, mut used) = (label, 0);
    for (position, word) in name.split_whitespace().enumerate() {
        let word = compact(word);
        match rest.strip_prefix(word.as_str()) {
            Some(behind) if !word.is_empty() => (rest, used) = (behind, used + 1),
            _ if position == 0 => return 0.0,
            _ => {}
        }
    }
    if used > 1 && rest.is_empty() {
        0.85
    } else {
        0.0
    }
}

/// `Digital Preservation Coalition` and `dpconline`: the initials open the label, or are all of it.
fn acronym_fit(name: &str, label: &str) -> f64 {
    let initials = initials(name);
    if initials.chars().count() < 3 {
        0.0
    } else if initials == label {
        0.85
    } else if label.starts_with(&initials) {
        0.6
    } else {
        0.0
    }
}

/// The first letters of the words that begin with a capital, in lower case.
pub(crate) fn initials(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Words that stand where a name should be.
pub(crate) fn is_placeholder(name: &str) -> bool {
    let name = name.trim();
    if name.len() > LONGEST || name.chars().count() > 100 {
        return true;
    }
    let (bare, lower) = (compact(name), name.to_lowercase());
    bare.is_empty()
        || languages::names(|words| words.placeholders).any(|word| word == bare)
        || [
            "{{",
            "}}",
            "%",
            "lorem ipsum",
            "http:",
            "https:",
            "[",
            "yourcompany",
        ]
        .iter()
        .any(|mark| lower.contains(mark))
        || bare.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_do_not_belong_to_a_name() {
        assert_eq!(without_form("Easy Peas B.V."), "Easy Peas");
        assert_eq!(without_form("Muster GmbH & Co. KG"), "Muster");
        assert_eq!(without_form("Gmbh"), "Gmbh");
        assert_eq!(without_form("Prosus"), "Prosus");
        assert_eq!(without_form("Bellota, S.L."), "Bellota");
        assert_eq!(without_form("Ghianda SpA"), "Ghianda");
        assert_eq!(without_form("Elm Day Spa"), "Elm Day Spa");
        assert_eq!(without_form("Bolota, Lda."), "Bolota");
        assert!(same("The Pump House Ltd", "PUMP-HOUSE"));
        assert!(!same("Pump House", "Pump Housing"));
    }

    #[track_caller]
    fn check(url: &str, name: &str, expect: std::ops::RangeInclusive<f64>) {
        let fit = Domain::of(&Url::parse(url).unwrap()).unwrap().fit(name);
        assert!(expect.contains(&fit), "{url} {name}: {fit}");
    }

    #[test]
    fn a_name_fits_its_domain() {
        check(
            "https://www.pump-house.co.uk/x",
            "Pump House Ltd",
            1.0..=1.0,
        );
        check(
            "https://kessler-praezision.de",
            "Kessler Präzision GmbH",
            1.0..=1.0,
        );
        check("https://getacorn.io", "Acorn", 0.7..=0.95);
        check("https://acorn.io", "Acorn Analytics", 0.8..=0.95);
        check("https://npconline.org", "National Pump Council", 0.6..=0.6);
        check("https://lamps.example.com", "Lamps", 0.8..=0.9);
        check("https://pumpcouncil.org", "Pump House Council", 0.85..=0.85);
        check("https://acorn.io", "Walnut", 0.0..=0.0);
    }
}
