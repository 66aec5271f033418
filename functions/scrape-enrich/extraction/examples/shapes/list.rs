//! Generated pages that cost something: each repeats, until it is full, what some rule looks for or some limit bounds.

/// Where the pages of a shape are said to come from; the first is the home page.
pub(crate) const ADDRESSES: [&str; 6] = [
    "https://www.acme-widgets.de/",
    "https://www.acme-widgets.de/impressum",
    "https://www.acme-widgets.de/about",
    "https://www.acme-widgets.de/contact",
    "https://www.acme-widgets.de/customers",
    "https://www.acme-widgets.de/careers",
];

/// Pages that repeat something until they are full.
pub(crate) struct Shape {
    pub(crate) name: String,
    before: String,
    /// Repeated; `{n}` is the number of the repetition.
    unit: String,
    after: String,
    /// Bytes of a page, at most.
    size: usize,
    /// How many pages a site of it has.
    pages: usize,
}

impl Shape {
    /// The bodies of its pages.
    pub(crate) fn pages(&self) -> Vec<Vec<u8>> {
        vec![self.page(); self.pages]
    }

    fn page(&self) -> Vec<u8> {
        let mut page = self.before.clone().into_bytes();
        let room = self.size.saturating_sub(self.after.len());
        for n in 0.. {
            let unit = self.unit.replace("{n}", &n.to_string());
            if page.len() + unit.len() > room {
                break;
            }
            page.extend_from_slice(unit.as_bytes());
        }
        page.extend_from_slice(self.after.as_bytes());
        page
    }
}

const TITLE: &str = "<title>Acme Widgets</title>";
const JSON: &str = "<title>Acme Widgets</title><script type='application/ld+json'>";
const OWN: &str =
    r#""@type":"Organization","name":"Acme Widgets","url":"https://www.acme-widgets.de/""#;
const ITEM: &str =
    "<title>Acme Widgets</title><div itemscope itemtype='https://schema.org/Organization'>";
const END: &str = "</script>";

/// Blank-separated words that no rule looks for.
const FILLING: &str = "quality pumps and sensors for all the gardens of this wonderful world ";

/// All shapes, with pages of so many bytes.
pub(crate) fn shapes(size: usize) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let mut add = |name: &str, before: &str, unit: &str, after: &str| {
        shapes.push(Shape {
            name: name.to_owned(),
            before: before.to_owned(),
            unit: unit.to_owned(),
            after: after.to_owned(),
            size,
            pages: 1,
        });
    };
    let long = |letter: &str, length: usize| letter.repeat(length);

    // Markup: nesting, names, attributes.
    add("markup: div nested", TITLE, "<div>", "");
    add("markup: b nested", TITLE, "<b>", "");
    add("markup: b and div nested", TITLE, "<b><div>", "");
    add("markup: p unclosed", TITLE, "<p>a", "");
    add("markup: li unclosed", TITLE, "<li>a", "");
    add("markup: td unclosed", TITLE, "<td>a", "");
    add("markup: option unclosed", TITLE, "<select><option>a", "");
    add("markup: stray ends", TITLE, "</div>", "");
    add(
        "markup: ends that search the stack",
        &format!("<div><td>{}", "<b>".repeat(505)),
        "</div>",
        "",
    );
    add(
        "markup: ends of p that search the stack",
        &format!("<p><table><td>{}", "<i>".repeat(505)),
        "</p>",
        "",
    );
    add(
        "markup: starts that imply ends",
        &format!("<li>{}", "<i>".repeat(500)),
        "<li>",
        "",
    );
    add("markup: line breaks", TITLE, "<br>", "");
    add("markup: line breaks with text", TITLE, "a<br>", "");
    add("markup: many names", TITLE, "<x{n}></x{n}>", "");
    add("markup: many names unclosed", TITLE, "<x{n}>", "");
    add(
        "markup: one long name, then breaks",
        &format!("<{}>", long("a", size / 2)),
        "<br>",
        "",
    );
    add(
        "markup: long names",
        TITLE,
        &format!("<{}>", long("a", 10_000)),
        "",
    );
    add("markup: one enormous name", "<", "a", ">");
    add(
        "markup: attributes of one tag",
        "<p ",
        "a{n} ",
        ">We employ 12 people.</p>",
    );
    add(
        "markup: attributes with values",
        "<p ",
        "a{n}='{n}' ",
        ">a</p>",
    );
    add(
        "markup: tags with many attributes",
        TITLE,
        &format!(
            "<p {}>a",
            (0..80).map(|n| format!("a{n} ")).collect::<String>()
        ),
        "",
    );
    add("markup: one enormous attribute", "<p title='", "a", "'>a");
    add("markup: classes", "<div class='", "a{n} ", "'>a</div>");
    add("markup: styles", "<div style='", "a:b;", "'>a</div>");
    add(
        "markup: hidden",
        TITLE,
        "<p style='display : none'>a</p>",
        "",
    );
    add("markup: one comment", "<!--", " a=b -", "-->");
    add("markup: comments", TITLE, "<!--a-->", "");
    add("markup: scripts", TITLE, "<script>a</script>", "");
    add("markup: one script", "<script>", "a=1;", END);
    add("markup: styles and titles", "", "<style>a</style>", "");
    add("markup: titles", "", "<title>Acme {n}</title>", "");
    add(
        "markup: one title",
        "<title>",
        "Acme Widgets | ",
        "</title>",
    );
    add(
        "markup: one title of parts",
        "<title>",
        "Ac{n} - ",
        "</title>",
    );
    add("markup: svg", "<svg>", "<g><title>a</title>", "</svg>");
    add("markup: entities", "<p>", "&amp;", "");
    add("markup: numbered entities", "<p>", "&#x20ac;", "");
    add("markup: long entities", "<p>", "&NotEqualTilde;", "");
    add("markup: broken entities", "<p>", "&amp", "");
    add("markup: ampersands", "<p>", "&", "");
    add("markup: less-than signs", "<p>", "< ", "");
    add("markup: blanks", "<p>", " ", "a");
    add("markup: line ends", "<p>", "\r\n", "a");
    add("markup: null characters", "<p>", "\0", "a");
    add("markup: cdata", "<svg>", "<![CDATA[a]]>", "");
    add("markup: doctypes", "", "<!doctype html>", "");
    add("markup: plaintext", "<plaintext>", "<p>", "");
    add(
        "markup: tables",
        "<table>",
        "<tr><td>Umsatz<td>{n} Mio. €",
        "</table>",
    );
    add("markup: tables nested", TITLE, "<table><tr><td>a", "");
    add(
        "markup: definition lists",
        "<dl>",
        "<dt>Mitarbeiter<dd>{n}",
        "</dl>",
    );
    add("markup: headings", TITLE, "<h2>About us {n}</h2>", "");
    add(
        "markup: one heading",
        "<h2>",
        "about us ",
        "</h2><p>We employ 12 people.",
    );
    add(
        "markup: one heading above sentences",
        &format!("<h2>{}</h2>", "über uns ".repeat(size / 20)),
        "<p>Wir beschäftigen 12 Mitarbeiter.",
        "",
    );

    // Meta, links.
    add(
        "meta: descriptions",
        TITLE,
        "<meta name=description content='Acme Widgets is a company'>",
        "",
    );
    add(
        "meta: names and properties",
        TITLE,
        "<meta name=a{n} property=b{n} content=c>",
        "",
    );
    add(
        "meta: one description",
        "<meta name=description content='",
        "Acme Widgets is a ",
        "'>",
    );
    add(
        "meta: one site name",
        "<meta property='og:site_name' content='",
        "Acme ",
        "'>",
    );
    add(
        "meta: long keys",
        TITLE,
        &format!("<meta name='{}' content=a>", long("k", 5_000)),
        "",
    );
    add(
        "meta: one canonical address",
        "<link rel=canonical href='https://www.acme-widgets.de/",
        "a/",
        "'>",
    );
    add(
        "links: to one page",
        TITLE,
        "<a href=/about>About us</a>",
        "",
    );
    add(
        "links: to many pages",
        TITLE,
        "<a href=/about/{n}>About us</a>",
        "",
    );
    add(
        "links: a long base",
        &format!("<base href='/{}'>", long("b", size / 2)),
        "<a href=x>About us</a>",
        "",
    );
    add(
        "links: a base of 60 kB",
        &format!("<base href='/{}'>", long("b", size / 30)),
        "<a href=about>x</a>",
        "",
    );
    add(
        "links: long addresses",
        TITLE,
        &format!("<a href='/about/{}'>About</a>", long("a/", 2_000)),
        "",
    );
    add("links: one long address", "<a href='/", "about/", "'>a</a>");
    add(
        "links: one long query",
        "<a href='/?",
        "a=about&",
        "'>a</a>",
    );
    add(
        "links: long texts",
        TITLE,
        &format!("<a href=/a>{}</a>", "about us ".repeat(500)),
        "",
    );
    add(
        "links: long labels",
        TITLE,
        &format!("<a href=/a aria-label='{}'></a>", "about us ".repeat(500)),
        "",
    );
    add(
        "links: other sites",
        TITLE,
        "<a href=https://a{n}.de/>a</a>",
        "",
    );
    add("links: empty", TITLE, "<a href>", "");

    // JSON-LD.
    add(
        "json: long key, many elements",
        &format!("{JSON}{{\"{}\":[", long("k", size / 20)),
        "{},",
        &format!("{{}}]}}{END}"),
    );
    add(
        "json: long key of 1 MB",
        &format!("{JSON}{{\"{}\":[", long("k", size / 2)),
        "{},",
        &format!("{{}}]}}{END}"),
    );
    add(
        "json: long keys",
        &format!("{JSON}{{{OWN}"),
        &format!(",\"{}{{n}}\":\"a\"", long("k", 2_000)),
        &format!("}}{END}"),
    );
    add(
        "json: many keys",
        &format!("{JSON}{{{OWN}"),
        ",\"k{n}\":\"a\"",
        &format!("}}{END}"),
    );
    add(
        "json: one key again and again",
        &format!("{JSON}{{{OWN}"),
        ",\"name\":\"Acme\"",
        &format!("}}{END}"),
    );
    add(
        "json: zeros",
        &format!("{JSON}{{{OWN},\"a\":["),
        "0,",
        &format!("0]}}{END}"),
    );
    add(
        "json: zeros nobody holds",
        &format!("{JSON}["),
        "0,",
        &format!("0]{END}"),
    );
    add(
        "json: empty strings",
        &format!("{JSON}{{{OWN},\"a\":["),
        "\"\",",
        &format!("\"\"]}}{END}"),
    );
    add(
        "json: empty arrays",
        &format!("{JSON}{{{OWN},\"a\":["),
        "[],",
        &format!("[]]}}{END}"),
    );
    add(
        "json: empty objects",
        &format!("{JSON}{{{OWN},\"a\":["),
        "{},",
        &format!("{{}}]}}{END}"),
    );
    add("json: nested arrays", JSON, "[", END);
    add("json: nested objects", JSON, "{\"a\":", END);
    add(
        "json: nested up to the limit, often",
        &format!("{JSON}["),
        &format!(
            "{}{},",
            "{\"a\":".repeat(120),
            "0".to_owned() + &"}".repeat(120)
        ),
        &format!("0]{END}"),
    );
    add(
        "json: many organisations",
        &format!("{JSON}["),
        "{\"@type\":\"Organization\",\"name\":\"Acme Widgets\"},",
        &format!("{{}}]{END}"),
    );
    add(
        "json: many organisations of different names",
        &format!("{JSON}["),
        "{\"@type\":\"Organization\",\"name\":\"Acme Widgets {n} GmbH & Co. KG\",\"url\":\"https://www.acme-widgets.de/{n}\"},",
        &format!("{{}}]{END}"),
    );
    add(
        "json: organisations with long names",
        &format!("{JSON}["),
        &format!(
            "{{\"@type\":\"Organization\",\"name\":\"{}\"}},",
            "Äcme Widgets ".repeat(300)
        ),
        &format!("{{}}]{END}"),
    );
    add(
        "json: organisations with one identifier",
        &format!("{JSON}["),
        "{\"@type\":\"Organization\",\"name\":\"Acme Widgets\",\"@id\":\"https://www.acme-widgets.de/\"},",
        &format!("{{}}]{END}"),
    );
    add(
        "json: many types",
        &format!("{JSON}{{\"@type\":["),
        "\"Organization\",",
        &format!("\"A\"],\"name\":\"Acme Widgets\"}}{END}"),
    );
    add(
        "json: many addresses",
        &format!("{JSON}{{{OWN},\"address\":["),
        "{\"@type\":\"PostalAddress\",\"streetAddress\":\"Am Markt {n}\",\"addressLocality\":\"Mainz\"},",
        &format!("{{}}]}}{END}"),
    );
    add(
        "json: many addresses as text",
        &format!("{JSON}{{{OWN},\"address\":["),
        "\"Am Markt {n}, 55116 Mainz\",",
        &format!("\"\"]}}{END}"),
    );
    let address = r##"{"@id":"#a","@type":"PostalAddress","streetAddress":"Am Markt 3","postalCode":"55116","addressLocality":"Mainz"}"##;
    add(
        "json: references to one address",
        &format!("{JSON}{{\"@graph\":[{address},{{{OWN},\"address\":["),
        "{\"@id\":\"#a\"},",
        &format!("{{}}]}}]}}{END}"),
    );
    let half = |unit: &str| unit.repeat(size / 2 / unit.len() - 10);
    add(
        "json: references times references",
        &format!(
            "{JSON}{{\"@graph\":[{address},{{\"@id\":\"#l\",\"@type\":\"Place\",\"address\":[{}{{}}]}},{{{OWN},\"location\":[",
            half("{\"@id\":\"#a\"},")
        ),
        "{\"@id\":\"#l\"},",
        &format!("{{}}]}}]}}{END}"),
    );
    add(
        "json: references times references behind text",
        &format!(
            "<p>{}</p>{JSON}{{\"@graph\":[{address},{{\"@id\":\"#l\",\"@type\":\"Place\",\"address\":[{}{{}}]}},{{{OWN},\"location\":[",
            "ä ".repeat(size / 8),
            "{\"@id\":\"#a\"},".repeat(size / 100)
        ),
        "{\"@id\":\"#l\"},",
        &format!("{{}}]}}]}}{END}"),
    );
    add(
        "json: a chain of identifiers",
        &format!("{JSON}{{\"@graph\":[{{{OWN},\"location\":{{\"@id\":\"#0\"}}}}"),
        ",{\"@id\":\"#{n}\",\"address\":{\"@id\":\"#{n}1\"},\"location\":{\"@id\":\"#{n}0\"}}",
        &format!("]}}{END}"),
    );
    add(
        "json: a cycle of identifiers",
        &format!("{JSON}{{\"@graph\":[{{{OWN},\"@id\":\"#a\",\"location\":["),
        "{\"@id\":\"#a\"},",
        &format!("{{}}]}}]}}{END}"),
    );
    add(
        "json: a long identifier, many references",
        &format!(
            "{JSON}{{\"@graph\":[{{{OWN},\"@id\":\"{}\",\"location\":[",
            long("i", size / 10)
        ),
        "{\"@id\":\"i\"},",
        &format!("{{}}]}}]}}{END}"),
    );
    add(
        "json: head counts",
        &format!("{JSON}{{{OWN},\"numberOfEmployees\":["),
        "{\"minValue\":{n},\"maxValue\":5},",
        &format!("{{}}]}}{END}"),
    );
    add(
        "json: a number of 1 MB",
        &format!("{JSON}{{{OWN},\"numberOfEmployees\":"),
        "1",
        &format!("}}{END}"),
    );
    add(
        "json: a head count of digits",
        &format!("{JSON}{{{OWN},\"numberOfEmployees\":\""),
        "1,",
        &format!("\"}}{END}"),
    );
    add(
        "json: one enormous string",
        &format!("{JSON}{{{OWN},\"description\":\""),
        "a ",
        &format!("\"}}{END}"),
    );
    add(
        "json: one enormous industry",
        &format!("{JSON}{{{OWN},\"industry\":\""),
        "Pumpen ",
        &format!("\"}}{END}"),
    );
    add(
        "json: markup in strings",
        &format!("{JSON}{{{OWN},\"a\":["),
        "\"<b>a</b> &amp; b\",",
        &format!("\"\"]}}{END}"),
    );
    add(
        "json: attributes in strings",
        &format!("{JSON}{{{OWN},\"a\":["),
        &format!(
            "\"<p {}>\",",
            (0..3_000).map(|n| format!("a{n} ")).collect::<String>()
        ),
        &format!("\"\"]}}{END}"),
    );
    add(
        "json: escapes",
        &format!("{JSON}{{{OWN},\"a\":\""),
        "\\u00e9",
        &format!("\"}}{END}"),
    );
    add(
        "json: broken, mended",
        &format!("{JSON}{{{OWN},\"a\":["),
        "\"a\n\",",
        &format!("]}},}}{END}"),
    );
    add("json: broken brackets", JSON, "[}{]", END);
    add("json: many values", JSON, "{\"a\":1}", END);
    add("json: many numbers", JSON, "1 ", END);
    add(
        "json: many scripts",
        TITLE,
        "<script type='application/ld+json'>{\"@type\":\"Organization\",\"name\":\"Acme\"}</script>",
        "",
    );
    add("json: comments", JSON, "/* a */", &format!("{{}}{END}"));
    add(
        "json: open quotes and entities",
        JSON,
        "&quot;a&quot;:",
        END,
    );

    // Microdata.
    add(
        "microdata: items nested",
        TITLE,
        "<div itemscope itemprop=a>",
        "",
    );
    add(
        "microdata: properties nested",
        ITEM,
        "<b itemprop=name>a",
        "",
    );
    add(
        "microdata: properties",
        ITEM,
        "<b itemprop=name>Acme</b>",
        "</div>",
    );
    add(
        "microdata: properties around text",
        &format!("{ITEM}{}", "<b itemprop=name>".repeat(8)),
        "a<i></i>",
        "",
    );
    add(
        "microdata: values",
        ITEM,
        "<meta itemprop=name content=Acme>",
        "</div>",
    );
    add(
        "microdata: a long property",
        &format!("{ITEM}<i itemprop='{}'>", long("p", size / 2)),
        "<br itemprop=a content=b>",
        "",
    );
    add(
        "microdata: long properties",
        ITEM,
        &format!("<i itemprop='{}'>a</i>", long("p", 3_000)),
        "",
    );
    add(
        "microdata: many types",
        "<div itemscope itemtype='",
        "Organization ",
        "'><b itemprop=name>Acme Widgets</b>",
    );
    add(
        "microdata: organisations",
        TITLE,
        "<div itemscope itemtype='https://schema.org/Organization'><b itemprop=name>Acme Widgets</b></div>",
        "",
    );
    add(
        "microdata: rdfa",
        TITLE,
        "<div vocab='https://schema.org/' typeof=Organization><b property=name>Acme Widgets</b></div>",
        "",
    );

    // Sentences: every rule in every language, each in blocks of its own and all in one block.
    for (name, sentence) in [
        (
            "revenue, English",
            "In the financial year 2024/25 we had a turnover of £9.6 million. ",
        ),
        (
            "revenue, German",
            "Unser Umsatz lag 2023 bei über 500 Mio. Euro. ",
        ),
        (
            "revenue, French",
            "Notre chiffre d’affaires était de 12 milliards d'euros en 2023. ",
        ),
        (
            "revenue, Dutch",
            "Onze omzet bedroeg 7 miljoen euro in 2023. ",
        ),
        (
            "revenue of a share",
            "Group revenue 2024: €1.3bn. Acme Widgets contributed €410m. ",
        ),
        (
            "revenue of growth",
            "Unser Umsatz stieg 2023 um 5 Mio. € auf 50 Mio. €. ",
        ),
        ("staff, English", "Today we employ about 110 people. "),
        (
            "staff, German",
            "Wir beschäftigen heute rund 60 Mitarbeitende. ",
        ),
        ("staff, French", "Nous comptons aujourd’hui 35 salariés. "),
        ("staff, Dutch", "Wij tellen ongeveer 35 medewerkers. "),
        (
            "head count by year",
            "Our head count grew from 40 in 2021 to 85 in 2024. ",
        ),
        (
            "customers, English",
            "Trusted by teams at Acorn Bank, Oak & Sons and the City of Elm. ",
        ),
        (
            "customers, German",
            "Zu unseren Kunden gehören Acorn Bank, Oak und Elm. ",
        ),
        (
            "customers, French",
            "Parmi nos clients Acorn Bank, Oak et Elm. ",
        ),
        (
            "customers, Dutch",
            "Tot onze klanten behoren Acorn Bank, Oak en Elm. ",
        ),
        (
            "what it is, English",
            "Acme Widgets is a family-run manufacturer of garden pumps based in Leeds. ",
        ),
        (
            "what it is, German",
            "Acme Widgets ist ein führender Hersteller von Pumpen für die Gärten. ",
        ),
        (
            "what it is, French",
            "Acme Widgets est une société spécialisée dans les pompes. ",
        ),
        (
            "what it is, Dutch",
            "Acme Widgets is een leverancier van pompen uit Breda. ",
        ),
        (
            "address, American",
            "12 Elm Street, Suite 4B, Springfield, IL 62701. ",
        ),
        (
            "address, Canadian",
            "55 King Street West, Toronto, ON M5H 1A1. ",
        ),
        ("address, Australian", "55 King Street, Sydney, NSW 2000. "),
        (
            "address, British",
            "Unit 4, Mill Park, Station Road, Leeds, West Yorkshire LS1 4AB. ",
        ),
        (
            "address, German",
            "Straße am Markt 3, 55116 Mainz, Deutschland. ",
        ),
        (
            "address, French",
            "12, rue de la Paix, 75002 Paris, France. ",
        ),
        (
            "address, Dutch",
            "Oude Gracht 48, 3511 AB Utrecht, The Netherlands. ",
        ),
        (
            "postal codes",
            "55116 Mainz 75002 Paris é LS1 4AB CA 90210 ",
        ),
        (
            "copyright",
            "© 2024 Acme Widgets GmbH. All rights reserved. ",
        ),
        ("copyright marks", "©©© "),
        (
            "attributions",
            "“Great.” Ada Müller, Head of Sales, Acorn Ltd ",
        ),
        ("the own name", "Acme Widgets "),
        (
            "the domain spelled",
            "Acme-Widgets ACME WIDGETS acme widgets ",
        ),
        ("numbers and currencies", "é 12 € 13 $ 14 GBP 15 Mio. CHF "),
        ("currencies", "€ $ £ USD EUR Kč zł ₹ é "),
        ("numbers", "1 2 3 4 5 6 é 7 8 9 "),
        (
            "number words",
            "siebenundzwanzig quarante-cinq twenty-five één ",
        ),
        ("years", "2023 2024 2025 umsatz € "),
        ("abbreviations", "A. B. C. 12 employees é. "),
        ("parked", "this domain x is for sale é "),
        ("multi-byte text", "日本語のテキスト 社員 円 "),
        ("accents", "é à ü ß ñ œ "),
        ("bidirectional", "\u{202e}abc\u{202c}\u{200b}\u{200f}12 € "),
        ("combining", "e\u{301}a\u{308} "),
        ("filling", FILLING),
    ] {
        add(
            &format!("text: {name}, one block"),
            &format!("{TITLE}<p>"),
            sentence,
            "",
        );

        add(
            &format!("text: {name}, lines"),
            TITLE,
            &format!("<p>{}", sentence.trim()),
            "",
        );

        let about = 580usize.saturating_sub(sentence.len()) / FILLING.len();
        let stretched = format!(
            "{} {}.",
            sentence.trim_end_matches(['.', ' ']),
            FILLING.repeat(about)
        );
        add(
            &format!("text: {name}, long"),
            TITLE,
            &format!("<p>{stretched}"),
            "",
        );
    }
    add("text: one enormous word", "<p>", "a", "");
    add("text: one enormous word of accents", "<p>", "é", "");
    add("text: one enormous number", "<p>Umsatz 2023: ", "1", " €");
    add("text: one number of points", "<p>Umsatz 2023: ", "1.", " €");
    add(
        "text: one number of groups",
        "<p>Umsatz 2023: 1",
        " 000",
        " €",
    );
    add("text: capital words", "<p>Trusted by ", "Acorn{n}, ", "");
    add(
        "text: customers in a list",
        "<h2>Our customers</h2><ul>",
        "<li>Acorn {n}",
        "</ul>",
    );
    add(
        "text: headings of customers",
        TITLE,
        "<h2>Our customers</h2><p>Acorn {n}<p>Birch {n}",
        "",
    );
    add(
        "text: headings below headings",
        "<h1>Our customers</h1>",
        "<h6>Acorn {n}</h6>",
        "",
    );
    add(
        "text: footer lines",
        "<footer>",
        "<p>Acorn {n} GmbH",
        "</footer>",
    );
    add(
        "text: copyright lines",
        "<footer>",
        "<p>© Acorn {n} GmbH",
        "</footer>",
    );
    add(
        "text: one copyright line",
        "<footer>© 2024 ",
        "Acorn GmbH ",
        "</footer>",
    );
    add("text: invalid bytes", "<p>", "a\u{fffd}", "");

    // Several such pages in one site.
    let mut site = |name: &str, before: &str, unit: &str, after: &str| {
        shapes.push(Shape {
            name: name.to_owned(),
            before: before.to_owned(),
            unit: unit.to_owned(),
            after: after.to_owned(),
            size,
            pages: 4,
        });
    };
    site("site: line breaks", TITLE, "a<br>", "");
    site("site: tags", TITLE, "<p><b>é</b>", "");
    site(
        "site: revenue",
        TITLE,
        "<p>Unser Umsatz lag 2023 bei über 500 Mio. Euro.",
        "",
    );
    site(
        "site: revenue in one block",
        TITLE,
        "Unser Umsatz lag 2023 bei über 500 Mio. Euro. ",
        "",
    );
    site("site: accents", TITLE, "é à ü ß ñ œ 12 ", "");
    site(
        "site: organisations",
        JSON,
        "{\"@type\":\"Organization\",\"name\":\"Acme Widgets\",\"@id\":\"https://www.acme-widgets.de/\"}",
        END,
    );
    site(
        "site: empty objects",
        &format!("{JSON}["),
        "{},",
        &format!("{{}}]{END}"),
    );
    site(
        "site: addresses",
        TITLE,
        "<p>Straße am Markt 3, 55116 Mainz, Deutschland.",
        "",
    );
    site(
        "site: customers",
        TITLE,
        "<p>“Schön.” Ada Müller, Head of Sales, Acorn {n}",
        "",
    );
    site(
        "site: microdata",
        ITEM,
        "<b itemprop=name>Acme Widgets</b>",
        "",
    );
    shapes
}
