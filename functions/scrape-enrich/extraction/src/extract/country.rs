//! Countries: by the names that pages give them (ISO 3166-1 alpha-2 for names in English, German, French and Dutch), and
//! how addresses are written in those whose languages are read.
//!
//! Post codes follow the address metadata of Google's libaddressinput (<https://chromium-i18n.appspot.com/ssl-address>,
//! Creative Commons Attribution 4.0), value added tax numbers those of the European Commission's VIES.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use crate::slice::cut;

/// Bytes of a country's name and a few more, so that the beginning of something longer is not taken for one.
const LONGEST: usize = 60;

/// The alpha-2 code of a country name or code, if it is one. `US` and `USA` count, `CA` does not: it may be a state.
pub(crate) fn code(name: &str) -> Option<&'static str> {
    let name = cut(name.trim(), ..LONGEST)
        .trim_end_matches('.')
        .to_lowercase();
    COUNTRIES
        .iter()
        .find(|(_, names)| names.split('|').any(|known| known == name))
        .map(|(code, _)| *code)
}

/// The alpha-2 code where the value stands in a country column, so that a bare code is meant as one.
pub(crate) fn code_in_column(name: &str) -> Option<&'static str> {
    code(name).or_else(|| {
        let upper = cut(name.trim(), ..LONGEST).to_ascii_uppercase();
        COUNTRIES
            .iter()
            .find(|(code, _)| *code == upper || (*code == "GB" && upper == "UK"))
            .map(|(code, _)| *code)
    })
}

/// How a country writes addresses, and how a page shows that it is at home there.
pub(crate) struct Format {
    /// ISO 3166-1 alpha-2.
    pub(crate) code: &'static str,
    /// A whole post code.
    post_code: &'static str,
    /// What stands before a post code and a hyphen, on letters from abroad.
    pub(crate) prefixes: &'static [&'static str],
    /// ISO 639-1; the streets of these languages have such addresses.
    pub(crate) languages: &'static [&'static str],
    /// Numbers of a company in a register or for its taxes.
    register: &'static str,
}

/// A country that is added here is read; its language has to have streets below.
pub(crate) const FORMATS: [Format; 20] = [
    Format {
        code: "DE",
        post_code: r"\d{5}",
        prefixes: &["D", "DE"],
        languages: &["de"],
        register: r"\bDE ?\d{9}\b|\bHR[AB] ?\d",
    },
    Format {
        code: "AT",
        post_code: r"\d{4}",
        prefixes: &["A", "AT"],
        languages: &["de"],
        register: r"\bATU ?\d{8}\b|\bFN ?\d{4,6} ?[a-z]\b",
    },
    Format {
        code: "CH",
        post_code: r"\d{4}",
        prefixes: &["CH"],
        languages: &["de", "fr", "it"],
        register: r"\bCHE[- ]?\d{3}",
    },
    Format {
        code: "LU",
        post_code: r"\d{4}",
        prefixes: &["L", "LU"],
        languages: &["fr", "de"],
        register: r"\bLU ?\d{8}\b",
    },
    Format {
        code: "FR",
        post_code: r"\d{5}",
        prefixes: &["F", "FR"],
        languages: &["fr"],
        register: r"\bFR ?[\dA-Z]{2} ?\d{3} ?\d{3} ?\d{3}\b|\bSIRE[NT]\b|\bR\.?C\.?S\b",
    },
    Format {
        code: "BE",
        post_code: r"\d{4}",
        prefixes: &["B", "BE"],
        languages: &["nl", "fr"],
        register: r"\bBE ?[01]\d{3}[. ]?\d{3}[. ]?\d{3}\b",
    },
    Format {
        code: "NL",
        post_code: r"[1-9]\d{3} ?[A-Z]{2}",
        prefixes: &["NL"],
        languages: &["nl"],
        register: r"\bNL ?\d{9} ?B ?\d{2}\b|(?i:\bkvk\b)",
    },
    Format {
        code: "ES",
        post_code: r"\d{5}",
        prefixes: &["E", "ES"],
        languages: &["es"],
        register: r"\bES[- ]?[A-Z]\d{8}\b|\b[CN]\.?I\.?F\b\.?:? ?[A-Z]-?\d{8}\b",
    },
    Format {
        code: "IT",
        post_code: r"\d{5}",
        prefixes: &["I", "IT"],
        languages: &["it"],
        register: r"(?i:\bp\.? ?iva\b|\bpartita iva\b)",
    },
    Format {
        code: "PT",
        post_code: r"\d{4}-\d{3}",
        prefixes: &["P", "PT"],
        languages: &["pt"],
        register: r"\bNIPC\b|\bPT ?\d{9}\b",
    },
    Format {
        code: "PL",
        post_code: r"\d{2}-\d{3}",
        prefixes: &["PL"],
        languages: &["pl"],
        register: r"\bNIP\b|\bREGON\b|\bKRS\b",
    },
    Format {
        code: "SE",
        post_code: r"\d{3} ?\d{2}",
        prefixes: &["S", "SE"],
        languages: &["sv"],
        register: r"\bSE ?\d{10}01\b",
    },
    Format {
        code: "DK",
        post_code: r"\d{4}",
        prefixes: &["DK"],
        languages: &["da"],
        register: r"\bCVR\b|\bDK ?\d{8}\b",
    },
    Format {
        code: "NO",
        post_code: r"\d{4}",
        prefixes: &["N", "NO"],
        languages: &["no"],
        register: r"\b\d{3} ?\d{3} ?\d{3} ?MVA\b",
    },
    Format {
        code: "CZ",
        post_code: r"\d{3} ?\d{2}",
        prefixes: &["CZ"],
        languages: &["cs"],
        register: r"\bIČO?\b|\bDIČ\b",
    },
    Format {
        code: "GB",
        post_code: r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
        prefixes: &[],
        languages: &["en"],
        register: r"\bGB ?\d{3} ?\d{4} ?\d{2}\b",
    },
    Format {
        code: "IE",
        post_code: r"(?:[A-Z]\d{2}|D6W) ?[A-Z\d]{4}",
        prefixes: &[],
        languages: &["en"],
        register: r"\bIE ?\d{7}[A-W]",
    },
    Format {
        code: "US",
        post_code: r"\d{5}(?:-?\d{4})?",
        prefixes: &[],
        languages: &["en"],
        register: r"\bEIN\b:? ?\d{2}-\d{7}",
    },
    Format {
        code: "CA",
        post_code: r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
        prefixes: &[],
        languages: &["en", "fr"],
        register: r"\b\d{9} ?RT ?\d{4}\b",
    },
    Format {
        code: "AU",
        post_code: r"\d{4}",
        prefixes: &[],
        languages: &["en"],
        register: r"\bABN\b:? ?\d{2} ?\d{3}",
    },
];

static POST_CODES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let whole = |format: &Format| pattern(&format!("(?i)^(?:{})$", format.post_code));
    FORMATS.iter().map(whole).collect()
});

/// The countries whose post codes look like this one.
pub(crate) fn with_post_code(code: &str) -> impl Iterator<Item = &'static Format> + '_ {
    let formats = FORMATS.iter().zip(POST_CODES.iter());
    formats
        .filter(|(_, whole)| whole.is_match(code))
        .map(|(format, _)| format)
}

/// False if a country is known to write its post codes otherwise.
pub(crate) fn may_have_post_code(country: &str, code: &str) -> bool {
    FORMATS.iter().all(|format| format.code != country)
        || with_post_code(code).any(|format| format.code == country)
}

impl Format {
    /// Where a text gives a number that companies of this country have.
    pub(crate) fn register_number(&self, text: &str) -> Option<std::ops::Range<usize>> {
        pattern(self.register).find(text).map(|found| found.range())
    }

    /// The last part of the country's internet addresses.
    pub(crate) fn top_level_domain(&self) -> String {
        match self.code {
            "GB" => "uk".to_owned(),
            code => code.to_ascii_lowercase(),
        }
    }
}

/// How a language names streets. All in lower case, without the stop of an abbreviation.
pub(crate) struct Streets {
    /// ISO 639-1.
    pub(crate) language: &'static str,
    /// The country that such a street is in if its post code fits and nothing says otherwise.
    pub(crate) home: &'static str,
    /// Words of a street's name.
    words: &'static [&'static str],
    /// First words of a street's name.
    first: &'static [&'static str],
    /// Endings of words.
    endings: &'static [&'static str],
    /// A town's name may be several words, with nothing between them.
    pub(crate) long_towns: bool,
}

const STREETS: [Streets; 11] = [
    Streets {
        language: "de",
        home: "DE",
        words: &["hof", "tor", "wall", "berg", "str"],
        first: &[
            "am", "an", "auf", "im", "zum", "zur", "unter", "hinter", "beim", "alte", "alter",
            "neue", "neuer",
        ],
        endings: &[
            "straße", "strasse", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer",
            "chaussee", "markt", "graben", "steig", "stieg", "pfad", "park", "kamp", "twiete",
        ],
        long_towns: false,
    },
    Streets {
        language: "fr",
        home: "FR",
        words: &[
            "rue",
            "avenue",
            "av",
            "boulevard",
            "bd",
            "bld",
            "blvd",
            "place",
            "pl",
            "chemin",
            "quai",
            "allée",
            "allées",
            "impasse",
            "route",
            "cours",
            "square",
            "passage",
            "faubourg",
            "esplanade",
            "rond-point",
        ],
        first: &[],
        endings: &[],
        long_towns: true,
    },
    Streets {
        language: "nl",
        home: "NL",
        words: &[],
        first: &["oude", "nieuwe"],
        endings: &[
            "straat",
            "laan",
            "plein",
            "gracht",
            "kade",
            "dijk",
            "singel",
            "dreef",
            "baan",
            "weg",
            "steenweg",
            "markt",
            "hof",
            "park",
            "boulevard",
        ],
        long_towns: false,
    },
    Streets {
        language: "es",
        home: "",
        words: &[
            "calle",
            "c/",
            "avenida",
            "avda",
            "av",
            "plaza",
            "pza",
            "paseo",
            "carretera",
            "ctra",
            "camino",
            "ronda",
            "travesía",
            "rambla",
            "carrer",
            "polígono",
        ],
        first: &[],
        endings: &[],
        long_towns: true,
    },
    Streets {
        language: "it",
        home: "IT",
        words: &[
            "via",
            "viale",
            "v.le",
            "piazza",
            "p.zza",
            "piazzale",
            "corso",
            "largo",
            "vicolo",
            "strada",
            "contrada",
            "località",
        ],
        first: &[],
        endings: &[],
        long_towns: true,
    },
    Streets {
        language: "pt",
        home: "PT",
        words: &[
            "rua", "r", "avenida", "av", "praça", "largo", "travessa", "estrada", "alameda",
            "rotunda",
        ],
        first: &[],
        endings: &[],
        long_towns: true,
    },
    Streets {
        language: "pl",
        home: "PL",
        words: &[
            "ul", "ulica", "al", "aleja", "aleje", "pl", "plac", "os", "osiedle",
        ],
        first: &[],
        endings: &[],
        long_towns: true,
    },
    Streets {
        language: "sv",
        home: "SE",
        words: &[],
        first: &[],
        endings: &[
            "gatan", "vägen", "gränd", "torget", "stigen", "allén", "backen", "kajen", "torg",
        ],
        long_towns: false,
    },
    Streets {
        language: "da",
        home: "DK",
        words: &[],
        first: &[],
        endings: &[
            "gade",
            "vej",
            "allé",
            "plads",
            "stræde",
            "torv",
            "vænget",
            "boulevard",
        ],
        long_towns: false,
    },
    Streets {
        language: "no",
        home: "NO",
        words: &[],
        first: &[],
        endings: &[
            "gate", "gata", "veien", "vegen", "vei", "veg", "plass", "brygge", "bryggen", "torg",
            "torget",
        ],
        long_towns: false,
    },
    Streets {
        language: "cs",
        home: "CZ",
        words: &["ulice", "ul", "náměstí", "nám", "třída", "tř", "nábřeží"],
        first: &[],
        endings: &[],
        long_towns: true,
    },
];

/// The languages that have a word of a street in this name.
pub(crate) fn streets(street: &str) -> Vec<&'static Streets> {
    let lower = cut(street, ..LONGEST * 2).to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == ',')
        .map(|word| word.trim_matches(['.', '-', '(', ')']))
        .filter(|word| !word.is_empty())
        .collect();
    let speaks = |streets: &&Streets| {
        let named = |word: &&str| {
            streets.words.contains(word) || streets.endings.iter().any(|end| word.ends_with(end))
        };
        words.iter().any(named)
            || words
                .first()
                .is_some_and(|first| streets.first.contains(first))
    };
    STREETS.iter().filter(speaks).collect()
}

/// What is known of the streets of a language.
pub(crate) fn streets_of(language: &str) -> Option<&'static Streets> {
    STREETS.iter().find(|streets| streets.language == language)
}

const COUNTRIES: [(&str, &str); 110] = [
    ("AE", "united arab emirates|uae|u.a.e|are|vereinigte arabische emirate|émirats arabes unis|verenigde arabische emiraten"),
    ("AL", "albania|albanien|albanie|albanië"),
    ("AM", "armenia|armenien|arménie"),
    ("AR", "argentina|argentinien|argentine|argentinië|arg"),
    ("AT", "austria|österreich|autriche|oostenrijk|aut"),
    ("AU", "australia|australien|australie|australië|aus"),
    ("AZ", "azerbaijan|aserbaidschan"),
    ("BA", "bosnia and herzegovina|bosnien und herzegowina"),
    ("BD", "bangladesh|bangladesch|bgd"),
    ("BE", "belgium|belgien|belgique|belgië|bel"),
    ("BG", "bulgaria|bulgarien|bulgarie|bulgarije|bgr"),
    ("BH", "bahrain"),
    ("BO", "bolivia|bolivien|bolivie"),
    ("BR", "brazil|brasilien|brésil|brazilië|brasil|bra"),
    ("BY", "belarus|weißrussland"),
    ("CA", "canada|kanada|can"),
    ("CH", "switzerland|schweiz|suisse|zwitserland|svizzera|che"),
    ("CL", "chile|chili|chl"),
    ("CM", "cameroon|kamerun|cameroun"),
    ("CN", "china|chine|people's republic of china|p.r. china|chn"),
    ("CO", "colombia|kolumbien|colombie|col"),
    ("CR", "costa rica"),
    ("CY", "cyprus|zypern|chypre|cyp"),
    ("CZ", "czech republic|czechia|tschechien|tschechische republik|république tchèque|tchéquie|tsjechië|česká republika|cze"),
    ("DE", "germany|deutschland|allemagne|duitsland|deu|ger"),
    ("DK", "denmark|dänemark|danemark|denemarken|danmark|dnk"),
    ("DO", "dominican republic"),
    ("DZ", "algeria|algerien|algérie"),
    ("EC", "ecuador"),
    ("EE", "estonia|estland|estonie|eesti|est"),
    ("EG", "egypt|ägypten|égypte|egypte|egy"),
    ("ES", "spain|spanien|espagne|spanje|españa|esp"),
    ("ET", "ethiopia"),
    ("FI", "finland|finnland|finlande|suomi|fin"),
    ("FR", "france|frankreich|frankrijk|fra"),
    ("GB", "united kingdom|uk|u.k|great britain|england|scotland|wales|northern ireland|vereinigtes königreich|großbritannien|royaume-uni|verenigd koninkrijk|gbr"),
    ("GE", "republic of georgia|georgien|géorgie"),
    ("GH", "ghana"),
    ("GR", "greece|griechenland|grèce|griekenland|grc"),
    ("GT", "guatemala"),
    ("HK", "hong kong|hongkong|hkg"),
    ("HR", "croatia|kroatien|croatie|kroatië|hrvatska|hrv"),
    ("HU", "hungary|ungarn|hongrie|hongarije|magyarország|hun"),
    ("ID", "indonesia|indonesien|indonésie|indonesië"),
    ("IE", "ireland|irland|irlande|ierland|republic of ireland|irl"),
    ("IL", "israel|israël|isr"),
    ("IN", "india|indien|inde"),
    ("IQ", "iraq"),
    ("IR", "iran"),
    ("IS", "iceland|island|islande|ijsland|ísland"),
    ("IT", "italy|italien|italie|italië|italia|ita"),
    ("JM", "jamaica"),
    ("JO", "jordan"),
    ("JP", "japan|japon|jpn"),
    ("KE", "kenya|kenia"),
    ("KH", "cambodia"),
    ("KR", "south korea|korea|republic of korea|südkorea|corée du sud|zuid-korea|kor"),
    ("KW", "kuwait"),
    ("KZ", "kazakhstan|kasachstan"),
    ("LB", "lebanon"),
    ("LI", "liechtenstein"),
    ("LK", "sri lanka"),
    ("LT", "lithuania|litauen|lituanie|litouwen|lietuva|ltu"),
    ("LU", "luxembourg|luxemburg|lux"),
    ("LV", "latvia|lettland|lettonie|letland|latvija|lva"),
    ("MA", "morocco|marokko|maroc"),
    ("MC", "monaco"),
    ("MD", "moldova|moldau"),
    ("ME", "montenegro"),
    ("MK", "north macedonia|nordmazedonien"),
    ("MT", "malta|malte|mlt"),
    ("MU", "mauritius"),
    ("MX", "mexico|mexiko|mexique|méxico|mex"),
    ("MY", "malaysia|mys"),
    ("NG", "nigeria|nga"),
    ("NL", "netherlands|the netherlands|niederlande|pays-bas|nederland|holland|nld"),
    ("NO", "norway|norwegen|norvège|noorwegen|norge|nor"),
    ("NP", "nepal"),
    ("NZ", "new zealand|neuseeland|nouvelle-zélande|nieuw-zeeland|nzl"),
    ("OM", "oman"),
    ("PA", "panama"),
    ("PE", "peru|pérou"),
    ("PH", "philippines|philippinen|phl"),
    ("PK", "pakistan|pak"),
    ("PL", "poland|polen|pologne|polska|pol"),
    ("PR", "puerto rico"),
    ("PT", "portugal|prt"),
    ("PY", "paraguay"),
    ("QA", "qatar|katar"),
    ("RO", "romania|rumänien|roumanie|roemenië|românia|rou"),
    ("RS", "serbia|serbien|serbie|servië|srb"),
    ("RU", "russia|russian federation|russland|russie|rusland|rus"),
    ("SA", "saudi arabia|saudi-arabien|arabie saoudite|ksa|sau"),
    ("SE", "sweden|schweden|suède|zweden|sverige|swe"),
    ("SG", "singapore|singapur|singapour|sgp"),
    ("SI", "slovenia|slowenien|slovénie|slovenië|slovenija|svn"),
    ("SK", "slovakia|slowakei|slovaquie|slowakije|slovensko|svk"),
    ("TH", "thailand|thaïlande|tha"),
    ("TN", "tunisia|tunesien|tunisie"),
    ("TR", "turkey|türkei|turquie|turkije|türkiye|turkiye|tur"),
    ("TW", "taiwan|twn"),
    ("TZ", "tanzania"),
    ("UA", "ukraine|oekraïne|ukr"),
    ("UG", "uganda"),
    ("US", "united states|united states of america|usa|u.s.a|u.s|us|vereinigte staaten|états-unis|verenigde staten"),
    ("UY", "uruguay|ury"),
    ("UZ", "uzbekistan"),
    ("VE", "venezuela"),
    ("VN", "vietnam|viet nam|vnm"),
    ("ZA", "south africa|südafrika|afrique du sud|zuid-afrika|zaf"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_four_languages_and_codes_are_known() {
        for (name, expect) in [
            ("The Netherlands", Some("NL")),
            ("Österreich", Some("AT")),
            ("Allemagne", Some("DE")),
            ("U.S.A.", Some("US")),
            ("England", Some("GB")),
            ("CA", None),
            ("Atlantis", None),
        ] {
            assert_eq!(code(name), expect, "{name}");
        }
        assert_eq!(code_in_column("ca"), Some("CA"));
        assert_eq!(code_in_column("UK"), Some("GB"));
    }
}
