//! Countries: by the names that pages give them (ISO 3166-1 alpha-2 for names in English, German, French and Dutch), and
//! how addresses are written in those whose languages are read.
//!
//! Post codes follow the address metadata of Google's libaddressinput (<https://chromium-i18n.appspot.com/ssl-address>,
//! Creative Commons Attribution 4.0), value added tax numbers those of the European Commission's VIES.

use std::sync::{LazyLock, OnceLock};

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
    /// What an address is recognised by.
    order: Order,
    pub(crate) house_numbers: HouseNumbers,
}

/// Where the number of a house stands in its street.
pub(crate) enum HouseNumbers {
    First,
    Last,
    /// A building, a floor and a quarter make the street as often as a number does.
    Anywhere,
}

/// Where a post code stands.
enum Order {
    /// Behind the town and one of these regions, patterns apart by `|`.
    Region(&'static str),
    /// Behind the town.
    Last,
    /// Before the town.
    First,
}

const STATES: &str = "AL|AK|AZ|AR|CA|CO|CT|DE|DC|D\\.C\\.|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming";

/// Ceremonial and historic counties of Britain, which stand between the town and the post code.
const COUNTIES: &str = "avon|bedfordshire|berkshire|buckinghamshire|cambridgeshire|cheshire|cornwall|cumbria|derbyshire|devon|dorset|durham|county durham|east sussex|west sussex|sussex|essex|gloucestershire|greater london|greater manchester|hampshire|hants|herefordshire|hertfordshire|herts|isle of wight|kent|lancashire|leicestershire|lincolnshire|merseyside|middlesex|norfolk|north yorkshire|south yorkshire|west yorkshire|east yorkshire|yorkshire|northamptonshire|northumberland|nottinghamshire|oxfordshire|oxon|rutland|shropshire|somerset|staffordshire|suffolk|surrey|tyne and wear|tyne & wear|warwickshire|west midlands|wiltshire|wilts|worcestershire|bucks|berks|cambs|lancs|notts|staffs|northants|co. antrim|county antrim|county down|aberdeenshire|fife|lothian|midlothian|lanarkshire|south glamorgan|gwent|gwynedd|powys|dyfed|clwyd";

const COUNTRIES_READ: usize = 22;

/// A country that is added here is read; its language has to have streets in its file.
static FORMATS: [Format; COUNTRIES_READ] = [
    Format {
        code: "DE",
        post_code: r"\d{5}",
        prefixes: &["D", "DE"],
        languages: &["de"],
        register: r"\bDE ?\d{9}\b|\bHR[AB] ?\d",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "AT",
        post_code: r"\d{4}",
        prefixes: &["A", "AT"],
        languages: &["de"],
        register: r"\bATU ?\d{8}\b|\bFN ?\d{4,6} ?[a-z]\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "CH",
        post_code: r"\d{4}",
        prefixes: &["CH"],
        languages: &["de", "fr", "it"],
        register: r"\bCHE[- ]?\d{3}",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "LU",
        post_code: r"\d{4}",
        prefixes: &["L", "LU"],
        languages: &["fr", "de"],
        register: r"\bLU ?\d{8}\b",
        order: Order::First,
        house_numbers: HouseNumbers::First,
    },
    Format {
        code: "FR",
        post_code: r"\d{5}",
        prefixes: &["F", "FR"],
        languages: &["fr"],
        register: r"\bFR ?[\dA-Z]{2} ?\d{3} ?\d{3} ?\d{3}\b|\bSIRE[NT]\b|\bR\.?C\.?S\b",
        order: Order::First,
        house_numbers: HouseNumbers::First,
    },
    Format {
        code: "BE",
        post_code: r"\d{4}",
        prefixes: &["B", "BE"],
        languages: &["nl", "fr"],
        register: r"\bBE ?[01]\d{3}[. ]?\d{3}[. ]?\d{3}\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "NL",
        post_code: r"[1-9]\d{3} ?[A-Z]{2}",
        prefixes: &["NL"],
        languages: &["nl"],
        register: r"\bNL ?\d{9} ?B ?\d{2}\b|(?i:\bkvk\b)",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "ES",
        post_code: r"\d{5}",
        prefixes: &["E", "ES"],
        languages: &["es"],
        register: r"\bES[- ]?[A-Z]\d{8}\b|\b[CN]\.?I\.?F\b\.?:? ?[A-Z]-?\d{8}\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "IT",
        post_code: r"\d{5}",
        prefixes: &["I", "IT"],
        languages: &["it"],
        register: r"(?i:\bp\.? ?iva\b|\bpartita iva\b)",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "PT",
        post_code: r"\d{4}-\d{3}",
        prefixes: &["P", "PT"],
        languages: &["pt"],
        register: r"\bNIPC\b|\bPT ?\d{9}\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "PL",
        post_code: r"\d{2}-\d{3}",
        prefixes: &["PL"],
        languages: &["pl"],
        register: r"\bNIP\b|\bREGON\b|\bKRS\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "SE",
        post_code: r"\d{3} ?\d{2}",
        prefixes: &["S", "SE"],
        languages: &["sv"],
        register: r"\bSE ?\d{10}01\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "DK",
        post_code: r"\d{4}",
        prefixes: &["DK"],
        languages: &["da"],
        register: r"\bCVR\b|\bDK ?\d{8}\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "NO",
        post_code: r"\d{4}",
        prefixes: &["N", "NO"],
        languages: &["no"],
        register: r"\b\d{3} ?\d{3} ?\d{3} ?MVA\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "CZ",
        post_code: r"\d{3} ?\d{2}",
        prefixes: &["CZ"],
        languages: &["cs"],
        register: r"\bIČO?\b|\bDIČ\b",
        order: Order::First,
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "GB",
        post_code: r"(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKSTUW]|[A-PR-UWYZ][A-HK-Y]\d[A-Z]) ?\d[ABD-HJLNP-UW-Z]{2}",
        prefixes: &[],
        languages: &["en"],
        register: r"\bGB ?\d{3} ?\d{4} ?\d{2}\b",
        order: Order::Last,
        house_numbers: HouseNumbers::First,
    },
    Format {
        code: "IE",
        post_code: r"(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}",
        prefixes: &[],
        languages: &["en"],
        register: r"\bIE ?\d{7}[A-W]",
        order: Order::Last,
        house_numbers: HouseNumbers::First,
    },
    Format {
        code: "US",
        post_code: r"\d{5}(?:-?\d{4})?",
        prefixes: &[],
        languages: &["en"],
        register: r"\bEIN\b:? ?\d{2}-\d{7}",
        order: Order::Region(STATES),
        house_numbers: HouseNumbers::First,
    },
    Format {
        code: "CA",
        post_code: r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d",
        prefixes: &[],
        languages: &["en", "fr"],
        register: r"\b\d{9} ?RT ?\d{4}\b",
        order: Order::Region("ON|BC|QC|AB|MB|SK|NS|NB|NL|PE|Ontario|British Columbia|Quebec|Québec|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick"),
        house_numbers: HouseNumbers::First,
    },
    Format {
        code: "AU",
        post_code: r"\d{4}",
        prefixes: &[],
        languages: &["en"],
        register: r"\bABN\b:? ?\d{2} ?\d{3}",
        order: Order::Region("NSW|VIC|QLD|ACT|TAS|SA|WA|NT|New South Wales|Victoria|Queensland|Tasmania|South Australia|Western Australia"),
        house_numbers: HouseNumbers::First,
    },
    Format {
        code: "BR",
        post_code: r"\d{5}-\d{3}",
        prefixes: &["BR"],
        languages: &["pt"],
        register: r"\bCNPJ\b",
        order: Order::Region("AC|AL|AP|AM|BA|CE|DF|ES|GO|MA|MT|MS|MG|PA|PB|PR|PE|PI|RJ|RN|RS|RO|RR|SC|SP|SE|TO"),
        house_numbers: HouseNumbers::Last,
    },
    Format {
        code: "IN",
        post_code: r"[1-9]\d{2} ?\d{3}",
        prefixes: &[],
        languages: &["en"],
        register: r"\bGSTIN\b",
        order: Order::Region("Maharashtra|Karnataka|Tamil Nadu|Telangana|Gujarat|Delhi|New Delhi|Haryana|Uttar Pradesh|West Bengal|Kerala|Rajasthan|Punjab|Andhra Pradesh|Madhya Pradesh|Goa|Odisha|Bihar|Assam|Chandigarh"),
        house_numbers: HouseNumbers::Anywhere,
    },
];

static POST_CODES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let whole = |format: &Format| pattern(&format!("(?i)^(?:{})$", format.post_code));
    FORMATS.iter().map(whole).collect()
});

/// A code before the town; whose it may be is told by [`with_post_code`].
static CODE_TOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[\s,(])(?:(?P<prefix>[A-Z]{1,2})(?: ?[-–—] ?| ))?(?P<code>\d{5}|[1-9]\d{3} ?[A-Z]{2}|\d{5}-\d{3}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4})[ ,]{1,2}(?P<city>(?:’s-|'s-|L’|L')?\p{Lu}[\p{L}.’'-]+)",
    )
});

/// The mark of a post code, the code, the prefecture, the city and the rest, without blanks.
static JAPAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"〒 ?(?P<code>\d{3}-\d{4}) ?(?:[\u{4E00}-\u{9FFF}々]{2,3}[都道府県])(?P<district>[\u{4E00}-\u{9FFF}々]{1,6}?[市区町村])(?P<street>[^\s、。]{2,60})",
    )
});

/// What addresses are recognised by, the surest first: a country's region and code, its code alone, and for none a code
/// before a town.
///
/// Only those are built that a text may have: large patterns cost more than a page.
pub(crate) fn anchors(
    text: &str,
) -> impl Iterator<Item = (Option<&'static Format>, &'static Regex)> {
    let (longest, mixed) = code_shapes(text);
    static ANCHORS: [OnceLock<Regex>; COUNTRIES_READ] = [const { OnceLock::new() }; COUNTRIES_READ];
    let own = FORMATS
        .iter()
        .zip(&ANCHORS)
        .filter_map(move |(format, anchor)| {
            let code = format.post_code;
            let may_stand = match code
                .strip_prefix(r"\d{")
                .and_then(|rest| rest.chars().next())
            {
                Some(digits) => longest >= digits.to_digit(10).unwrap_or_default() as usize,
                None if code.starts_with('[') && code.contains(r"\d{3}") => {
                    longest >= SHORTEST_GROUP
                }
                None => mixed,
            };
            if !may_stand {
                return None;
            }
            let source = match format.order {
                Order::Region(regions) => format!(
                    r"\b(?P<region>{regions})\.?\)?(?: ?[,–-])?(?: ?CEP:?)? ?(?P<code>{code})\b"
                ),
                Order::Last => format!(r"\b(?P<code>{code})\b"),
                Order::First => return None,
            };
            Some((Some(format), anchor.get_or_init(|| pattern(&source))))
        });
    let digits = (longest > 1).then_some(&CODE_TOWN).into_iter();
    let marked = text.contains('〒').then_some(&JAPAN).into_iter();
    own.chain(digits.chain(marked).map(|anchor| (None, &**anchor)))
}

/// Digits of the shortest group of a code that has several.
const SHORTEST_GROUP: usize = 3;

/// The longest run of digits of a text, and whether a digit stands behind a capital.
fn code_shapes(text: &str) -> (usize, bool) {
    let (mut longest, mut run, mut mixed, mut before) = (0, 0, false, b' ');
    for byte in text.bytes() {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        mixed |= run == 1 && before.is_ascii_uppercase();
        longest = longest.max(run);
        before = byte;
    }
    (longest, mixed)
}

/// Whether this is a region of a country.
pub(crate) fn is_region(country: &str, text: &str) -> bool {
    let format = FORMATS.iter().find(|format| format.code == country);
    format.is_some_and(|format| match format.order {
        Order::Region(regions) => regions
            .split('|')
            .any(|region| region.replace('\\', "") == text),
        _ => false,
    })
}

/// A county between the town and the post code, in Britain and Ireland.
pub(crate) fn is_county(text: &str) -> bool {
    let lower = text.trim_end_matches('.').to_lowercase();
    let named = COUNTIES.split('|').any(|county| county == lower);
    named || text.starts_with("Co. ") || text.starts_with("County ")
}

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
    pub(crate) fn has_regions(&self) -> bool {
        matches!(self.order, Order::Region(_))
    }

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
