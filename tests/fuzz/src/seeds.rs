//! The inputs that mutations begin with, and the tokens that go into them. All were written for this; a folder of saved
//! pages may stand beside them (`FUZZ_CORPUS`).

use std::fs;
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::MultiGzDecoder;

/// Small pages that say something for every field, in every way that is read.
pub static PAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let own: [&[u8]; 5] = [
        include_bytes!("../seeds/about.html"),
        include_bytes!("../seeds/impressum.html"),
        include_bytes!("../seeds/mentions.html"),
        include_bytes!("../seeds/latin.html"),
        include_bytes!("../seeds/bare.html"),
    ];
    let own = own.map(<[u8]>::to_vec).into_iter();
    own.chain(CORPUS.pages()).collect()
});

/// The folder that `FUZZ_CORPUS` names, if any.
pub static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
    Corpus(std::env::var_os("FUZZ_CORPUS").map(|folder| folder.to_string_lossy().into_owned()))
});

/// A folder of saved pages.
#[derive(Debug)]
pub struct Corpus(Option<String>);

impl Corpus {
    pub fn folder(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// All of its .html and .html.gz in the order of their names, so that a seed means the same case again.
    fn pages(&self) -> Vec<Vec<u8>> {
        let Some(folder) = &self.0 else {
            return Vec::new();
        };
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let mut files: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let path = path.to_string_lossy();
                path.ends_with(".html") || path.ends_with(".html.gz")
            })
            .collect();
        files.sort();
        let read = |path| {
            let mut page = Vec::new();
            let mut file = fs::read(path)?;
            if file.starts_with(&[0x1f, 0x8b]) {
                MultiGzDecoder::new(file.as_slice()).read_to_end(&mut page)?;
                file = page;
            }
            Ok::<_, std::io::Error>(file)
        };
        files
            .iter()
            .map(|path| read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
            .collect()
    }
}

/// Lines of text as inputs.
pub fn texts(lines: &[&str]) -> Vec<Vec<u8>> {
    lines.iter().map(|line| line.as_bytes().to_vec()).collect()
}

pub const MARKUP: &[&str] = &[
    "<p>",
    "<br>",
    "</p>",
    "<div>",
    "</div>",
    "<table><tr><th>",
    "<td>",
    "<dl><dt>",
    "<dd>",
    "<h1>",
    "<h2>",
    "<ul><li>",
    "<title>",
    "</title>",
    "<footer>",
    "<nav>",
    "<address>",
    "<blockquote>",
    "<del>",
    "<script>",
    "</script>",
    "<style>",
    "<template>",
    "<textarea>",
    "<noscript>",
    "<svg>",
    "<math>",
    "<plaintext>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "<!doctype html>",
    "<base href=",
    "<meta charset=utf-16>",
    "<meta charset=shift_jis>",
    "<meta name=description content='",
    "<a href='/about'>",
    "<a href=\"//x.example/\u{fc}\">",
    " hidden",
    " style='display:none'",
    " itemscope itemtype=https://schema.org/Organization",
    " itemprop=name",
    " itemref=a",
    " vocab=https://schema.org/ typeof=Organization",
    " property=name",
    "<script type=application/ld+json>",
    "<meta http-equiv=refresh content='0;url=/x'>",
    "&nbsp;",
    "&amp",
    "&#8364;",
    "&#x20ac",
    "&#xD800;",
    "&#0;",
    "&notit;",
    "&",
    "\0",
    "\r\n",
    "\t",
];

pub const JSON: &[&str] = &[
    "{\"@type\":\"Organization\",\"name\":\"",
    "\"@id\":\"#org\"",
    "\"@graph\":[",
    "\"address\":{\"@id\":\"#a\"}",
    "\"numberOfEmployees\":",
    "\"streetAddress\":\"",
    "\"minValue\":",
    "\\u00fc",
    "\\ud83d",
    "\\u0000",
    "\\\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e400",
    "//",
    "/*",
];

pub const MONEY: &[&str] = &[
    "€",
    "EUR",
    "Euro",
    "euros",
    "$",
    "US$",
    "USD",
    "£",
    "GBP",
    "CHF",
    "Fr.",
    "¥",
    "kr",
    "zł",
    "₹",
    "Rs.",
    "M€",
    "k€",
    "MUSD",
    "AU$",
    "million",
    "Mio.",
    "Mrd",
    "Milliarden",
    "bn",
    "m",
    "k",
    "crore",
    "lakh",
    "tausend",
    "mille",
    "miljoen",
    "milliards",
    "billion",
    "d’",
    "de",
    "of",
    "-",
    "–",
    "−",
    "to",
    "bis",
    "à",
    "tot",
    "and",
    "und",
    "cent",
    "Cent",
    "pence",
    "half a million",
    "three quarters of a million",
    "zwölf",
    "fünfundvierzig",
    "dreizehn",
    "twenty-five",
    "deux cents",
    "quatre-vingts",
    "honderd",
    "a hundred",
    "hundert",
    "5",
    "1.234",
    "1,5",
    "12 000",
    "1'000'000",
    "3.5",
    "2023",
    "(",
    ")",
    "%",
    ",",
    ".",
    "ca.",
    "über",
    "about",
    "more than",
];

pub const FACTS: &[&str] = &[
    "We",
    "Our company",
    "Wir",
    "Unser",
    "Nous",
    "Notre",
    "Wij",
    "Ons",
    "Tidewater Instruments",
    "GmbH",
    "Ltd",
    "Inc.",
    "AG",
    "SA",
    "B.V.",
    "employs",
    "employees",
    "beschäftigt",
    "Mitarbeiter",
    "employons",
    "salariés",
    "medewerkers",
    "turnover of",
    "annual revenue was",
    "Umsatz von",
    "Jahresumsatz",
    "chiffre d'affaires",
    "omzet",
    "in 2023",
    "im Geschäftsjahr 2022",
    "per year",
    "pro Monat",
    "quarter",
    "is a leading manufacturer of pumps",
    "ist ein Hersteller für",
    "est une société de",
    "is een leverancier van",
    "Industry:",
    "Branche:",
    "Our customers",
    "Unsere Kunden",
    "not",
    "if",
    "?",
    ". ",
    "! ",
    "z. B.",
    "Dr. ",
    "e.g.",
    "“",
    "”",
    "‘",
    "’",
    "„",
    "«",
    "»",
];

pub const POSTAL: &[&str] = &[
    "12 Quay Street",
    "Straße des 17. Juni 135",
    "Hauptstr. 5a",
    "rue de l'Église",
    "Keizersgracht 241",
    "10623 Berlin",
    "D-10623",
    "75015 Paris",
    "1016 EA Amsterdam",
    "BS1 4DJ",
    "CA 94043",
    "8000 Zürich",
    "Bristol",
    "Deutschland",
    "United Kingdom",
    "USA",
    "France",
    "Nederland",
    "Schweiz",
    "P.O. Box 1",
    "Postfach 10",
    "Impressum",
    "Angaben gemäß § 5 DDG",
    "HRB 12345",
    "USt-IdNr.",
    "Registergericht:",
    "Hosting:",
    "Telefon:",
    ", ",
    "\n",
    "|",
    "·",
];
